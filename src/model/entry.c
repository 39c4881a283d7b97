/* Envelopes, signed messages, and the way from an entry to its leaves or its file. */
#include "model/envelope.h"

#include <stdlib.h>
#include <string.h>

#define STUB_SIZE_MAX URNA_INT_MAX

static void signature(struct urna_codec *c, struct urna_sig *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_codec_key(c, "by");
    urna_codec_id(c, &x->by);
    urna_codec_key(c, "sig");
    urna_codec_hex(c, x->sig, sizeof x->sig);
    urna_codec_close(c);
}

static void signatures(struct urna_codec *c, struct urna_envelope *e)
{
    urna_codec_key(c, "sigs");
    URNA_CODEC_ARRAY(c, e->sigs, e->n_sigs, signature, NULL);
    if (!c->reading || c->failed)
        return;
    if (e->n_sigs > (e->is_part ? 0 : URNA_SIGS_MAX))
        urna_codec_fault(c, "too many signatures");
    for (uint32_t i = 1; !c->failed && i < e->n_sigs; i++)
        if (strcmp(e->sigs[i - 1].by, e->sigs[i].by) >= 0)
            urna_codec_fault(c, "signatures not strictly ascending by signer");
}

void urna_describe_envelope(struct urna_codec *c, struct urna_envelope *e)
{
    urna_codec_open(c);
    urna_codec_key(c, "kind");
    urna_codec_id(c, &e->kind);
    if (c->failed)
        return;
    e->is_part = strcmp(e->kind, "part") == 0;
    if (e->is_part) {
        urna_codec_key(c, "i");
        urna_codec_u32(c, &e->i, 1, URNA_PARTS_MAX);
        urna_codec_key(c, "n");
        urna_codec_u32(c, &e->n, e->i < 2 ? 2 : e->i, URNA_PARTS_MAX);
    } else if (urna_codec_maybe(c, "parts", e->parts > 0)) {
        urna_codec_u32(c, &e->parts, 2, URNA_PARTS_MAX);
    } else if (urna_codec_maybe(c, "out", e->out)) {
        uint32_t one = 1;
        urna_codec_u32(c, &one, 1, 1);
        e->out = true;
    }
    signatures(c, e);
    urna_codec_close(c);
}

void urna_describe_stub(struct urna_codec *c, struct urna_stub *s)
{
    urna_codec_open(c);
    urna_codec_key(c, "sha256");
    urna_codec_hex(c, s->sha256, sizeof s->sha256);
    urna_codec_key(c, "size");
    urna_codec_u64(c, &s->size, 0, STUB_SIZE_MAX);
    urna_codec_close(c);
}

bool urna_split_leaf(struct urna_view leaf, struct urna_view *head, struct urna_view *body)
{
    const uint8_t *lf = leaf.len > 0 ? memchr(leaf.p, '\n', leaf.len) : NULL;
    if (lf == NULL)
        return false;
    size_t at = (size_t)(lf - leaf.p);
    *head = urna_view(leaf.p, at);
    *body = urna_view(lf + 1, leaf.len - at - 1);
    return true;
}

void urna_entry_copy(struct urna_entry *out, const struct urna_entry *in, struct urna_arena *a)
{
    *out = *in;
    if (in->kind_name != NULL)
        out->kind_name = urna_arena_strndup(a, in->kind_name, strlen(in->kind_name));
    out->sigs = URNA_NEW(a, struct urna_sig, in->n_sigs);
    for (uint32_t i = 0; i < in->n_sigs; i++) {
        out->sigs[i] = in->sigs[i];
        out->sigs[i].by = urna_arena_strndup(a, in->sigs[i].by, strlen(in->sigs[i].by));
    }
    if (in->body.len > 0)
        out->body = urna_view(urna_arena_copy(a, in->body.p, in->body.len), in->body.len);
}

/* --- what is signed ------------------------------------------------------------------------------
 */

/* label || 00 || phi */
static void begin_message(struct urna_buf *out, const char *label, const uint8_t phi[32])
{
    urna_buf_str(out, label);
    urna_buf_u8(out, 0);
    urna_buf_add(out, phi, 32);
}

/* b(|s|,1) || s; an identifier has at most 64 bytes. */
static void add_short(struct urna_buf *out, const char *s)
{
    urna_buf_u8(out, (uint8_t)strlen(s));
    urna_buf_str(out, s);
}

void urna_signed_message(struct urna_buf *out, const uint8_t phi[32], const char *kind,
                         const char *by, uint64_t body_size, const uint8_t e[32])
{
    begin_message(out, "urna-entry-v1", phi);
    add_short(out, kind);
    add_short(out, by);
    urna_buf_be64(out, body_size);
    urna_buf_add(out, e, 32);
}

void urna_promise_message(struct urna_buf *out, const char *label, const uint8_t phi[32],
                          const char *kind, const uint8_t e[32], uint64_t time)
{
    begin_message(out, label, phi);
    add_short(out, kind);
    urna_buf_add(out, e, 32);
    urna_buf_be64(out, time);
}

void urna_guardian_commit_hash(uint8_t out[32], const uint8_t phi[32], uint32_t i,
                               struct urna_view keys_body)
{
    struct urna_buf m = {0};
    begin_message(&m, "urna-commit-v1", phi);
    urna_buf_be32(&m, i);
    urna_buf_add(&m, keys_body.p, keys_body.len);
    urna_sha256(out, m.p, m.len);
    urna_buf_free(&m);
}

/* --- leaves --------------------------------------------------------------------------------------
 */

static int by_signer(const void *x, const void *y)
{
    return strcmp(((const struct urna_sig *)x)->by, ((const struct urna_sig *)y)->by);
}

static struct urna_sig *sorted(const struct urna_sig *sigs, uint32_t n, struct urna_arena *a)
{
    struct urna_sig *s = URNA_NEW(a, struct urna_sig, n);
    if (n > 0) {
        memcpy(s, sigs, n * sizeof *s);
        qsort(s, n, sizeof *s, by_signer);
    }
    return s;
}

/* What the reader would refuse is not written: too many signers, one of them twice, a name that is
 * no identifier. */
static enum urna_status check_envelope(struct urna_view head, struct urna_arena *a,
                                       struct urna_error *err)
{
    struct urna_envelope e = {0};
    struct urna_codec c = urna_codec_reader(head, a);
    urna_describe_envelope(&c, &e);
    return urna_codec_done(&c) ? URNA_OK : urna_fail(err, URNA_INPUT, "envelope: %s", c.reason);
}

static void begin_leaf(struct urna_buf *leaf, struct urna_envelope *e)
{
    urna_buf_reset(leaf);
    struct urna_codec c = urna_codec_writer(leaf);
    urna_describe_envelope(&c, e);
    urna_buf_char(leaf, '\n');
}

struct emitter {
    bool (*emit)(void *ctx, struct urna_view leaf);
    void *ctx;
};

static enum urna_status hand_over(const struct emitter *to, const struct urna_buf *leaf,
                                  struct urna_error *err)
{
    return to->emit(to->ctx, urna_buf_view(leaf))
               ? URNA_OK
               : urna_fail(err, URNA_FALSE, "the leaf was not taken");
}

static enum urna_status emit_parts(const struct emitter *to, struct urna_buf *leaf, uint32_t n,
                                   struct urna_view body, struct urna_error *err)
{
    for (uint32_t i = 1; i <= n; i++) {
        struct urna_envelope part = {.kind = "part", .i = i, .n = n};
        size_t from = (size_t)(i - 1) * URNA_PART_SIZE;
        size_t len = i < n ? URNA_PART_SIZE : body.len - from;
        begin_leaf(leaf, &part);
        urna_buf_add(leaf, body.p + from, len);
        enum urna_status st = hand_over(to, leaf, err);
        if (st != URNA_OK)
            return st;
    }
    return URNA_OK;
}

/* The form that the length and the kind demand; false if there is none. */
static bool choose_form(struct urna_envelope *e, enum urna_kind kind, size_t len)
{
    if (urna_kind_out_of_line(kind)) {
        e->out = true;
        return len <= URNA_OUT_MAX;
    }
    if (len > URNA_PART_SIZE) {
        if (len > (size_t)URNA_PART_SIZE * URNA_PARTS_MAX)
            return false;
        e->parts = (uint32_t)((len + URNA_PART_SIZE - 1) / URNA_PART_SIZE);
    }
    return true;
}

static enum urna_status emit_entry(struct urna_envelope *e, struct urna_view body,
                                   const struct emitter *to, struct urna_buf *leaf,
                                   struct urna_arena *a, struct urna_error *err)
{
    begin_leaf(leaf, e);
    enum urna_status st = check_envelope(urna_view(leaf->p, leaf->len - 1), a, err);
    if (st == URNA_OK && e->parts > 0) {
        st = emit_parts(to, leaf, e->parts, body, err);
        begin_leaf(leaf, e);
    }
    if (st != URNA_OK)
        return st;
    if (e->parts > 0 || e->out) {
        struct urna_stub stub = {.size = body.len};
        struct urna_codec c = urna_codec_writer(leaf);
        urna_sha256(stub.sha256, body.p, body.len);
        urna_describe_stub(&c, &stub);
    } else {
        urna_buf_add(leaf, body.p, body.len);
    }
    /* Never over URNA_LEAF_MAX: 24 signatures of the longest ids take less than 5,200 bytes. */
    return hand_over(to, leaf, err);
}

enum urna_status urna_entry_leaves(enum urna_kind kind, const struct urna_sig *sigs,
                                   uint32_t n_sigs, struct urna_view body,
                                   bool (*emit)(void *ctx, struct urna_view leaf), void *ctx,
                                   struct urna_error *err)
{
    struct urna_arena a = {0};
    struct urna_buf leaf = {0};
    struct emitter to = {emit, ctx};
    struct urna_envelope e = {.kind = urna_kind_name(kind), .n_sigs = n_sigs};
    enum urna_status st;
    e.sigs = sorted(sigs, n_sigs, &a);
    if (choose_form(&e, kind, body.len))
        st = emit_entry(&e, body, &to, &leaf, &a, err);
    else
        st = urna_fail(err, URNA_INPUT, "a body of %zu bytes has no place in a log", body.len);
    urna_buf_free(&leaf);
    urna_arena_free(&a);
    return st;
}

/* --- files ---------------------------------------------------------------------------------------
 */

enum urna_status urna_entry_file_read(struct urna_entry *out, struct urna_view file,
                                      struct urna_arena *a, struct urna_error *err)
{
    struct urna_envelope e = {0};
    struct urna_view head, body;
    *out = (struct urna_entry){0};
    if (!urna_split_leaf(file, &head, &body))
        return urna_fail(err, URNA_INPUT, "not an entry: no line feed after the envelope");
    struct urna_codec c = urna_codec_reader(head, a);
    urna_describe_envelope(&c, &e);
    if (!urna_codec_done(&c)) {
        if (err != NULL && err->offset < 0)
            err->offset = (int64_t)c.at;
        return urna_fail(err, URNA_INPUT, "not an entry: envelope at byte %zu: %s", c.at, c.reason);
    }
    enum urna_kind kind = urna_kind_find(e.kind);
    struct urna_envelope form = {0};
    if (kind == URNA_KIND_UNKNOWN)
        return urna_fail(err, URNA_INPUT, "an entry of the unknown kind %s", e.kind);
    if (e.parts > 0 || e.out)
        return urna_fail(err, URNA_INPUT, "a leaf of a log, not a whole entry");
    if (!choose_form(&form, kind, body.len))
        return urna_fail(err, URNA_INPUT, "a body of %zu bytes has no place in a log", body.len);
    *out = (struct urna_entry){.kind = kind,
                               .kind_name = e.kind,
                               .sigs = e.sigs,
                               .n_sigs = e.n_sigs,
                               .out = form.out,
                               .body_size = body.len};
    urna_sha256(out->e, body.p, body.len);
    out->body = urna_view(urna_arena_copy(a, body.p, body.len), body.len);
    return URNA_OK;
}

void urna_entry_file_write(struct urna_buf *out, enum urna_kind kind, const struct urna_sig *sigs,
                           uint32_t n_sigs, struct urna_view body)
{
    struct urna_arena a = {0};
    struct urna_envelope e = {.kind = urna_kind_name(kind), .n_sigs = n_sigs};
    struct urna_codec c = urna_codec_writer(out);
    e.sigs = sorted(sigs, n_sigs, &a);
    urna_describe_envelope(&c, &e);
    urna_buf_char(out, '\n');
    urna_buf_add(out, body.p, body.len);
    urna_arena_free(&a);
}
