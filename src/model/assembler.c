/* From leaves to entries. Invariants:
 * 1. The parts held are parts 1..held of one body, in leaves that follow each other without a gap,
 *    every one of them full but for the last of all.
 * 2. Each part is reported exactly once: as one of entry->parts, or as a stray.
 * 3. Nothing larger than 4,096 parts is ever held. */
#include "model/envelope.h"

#include <stdlib.h>
#include <string.h>

#define KEPT_MAX (1u << 20) /* room for chunks that is not given back: rolls are rare and large */

static const char orphan[] = "part that no entry follows";

struct urna_assembler {
    bool (*fetch)(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out);
    void *ctx;
    struct urna_arena arena;
    struct urna_buf chunks;  /* the bytes of the parts held, or of the last entry in parts */
    struct urna_buf fetched; /* the last body from beside the log */
    uint64_t first;          /* index of the first part held */
    uint32_t held, of;       /* parts held, of how many */
    struct urna_stray *strays;
    size_t n_strays, cap_strays;
};

struct urna_assembler *urna_assembler_new(bool (*fetch)(void *ctx, const uint8_t sha256[32],
                                                        uint64_t size, struct urna_buf *out),
                                          void *ctx)
{
    struct urna_assembler *s = urna_xcalloc(1, sizeof *s);
    s->fetch = fetch;
    s->ctx = ctx;
    return s;
}

void urna_assembler_free(struct urna_assembler *s)
{
    if (s == NULL)
        return;
    urna_arena_free(&s->arena);
    urna_buf_free(&s->chunks);
    urna_buf_free(&s->fetched);
    free(s->strays);
    free(s);
}

static void stray(struct urna_assembler *s, uint64_t index, const char *reason)
{
    if (s->n_strays == s->cap_strays) {
        s->cap_strays = s->cap_strays == 0 ? 16 : 2 * s->cap_strays;
        s->strays = urna_xrealloc(s->strays, s->cap_strays, sizeof *s->strays);
    }
    s->strays[s->n_strays++] = (struct urna_stray){index, reason};
}

static void drop_held(struct urna_assembler *s)
{
    for (uint32_t i = 0; i < s->held; i++)
        stray(s, s->first + i, orphan);
    s->held = 0;
    urna_buf_reset(&s->chunks);
}

/* A part: it goes on where the parts held end, or begins a new run, or is void at once. */
static void take_part(struct urna_assembler *s, uint64_t index, const struct urna_envelope *e,
                      struct urna_view chunk)
{
    bool last = e->i == e->n;
    if (s->held > 0 && (e->i != s->held + 1 || e->n != s->of || index != s->first + s->held))
        drop_held(s);
    if (chunk.len > URNA_PART_SIZE || chunk.len == 0 || (!last && chunk.len < URNA_PART_SIZE)) {
        drop_held(s);
        stray(s, index, "part of a wrong size");
        return;
    }
    if (e->i != s->held + 1) {
        stray(s, index, orphan);
        return;
    }
    if (s->held == 0)
        s->first = index;
    s->of = e->n;
    s->held++;
    urna_buf_add(&s->chunks, chunk.p, chunk.len);
}

/* Each of the three forms: NULL and the body filled in, or why it does not hold. */
static const char *in_line(struct urna_assembler *s, struct urna_entry *out, struct urna_view body)
{
    if (urna_kind_out_of_line(out->kind))
        return "a body of this kind stands out of line";
    if (body.len > URNA_PART_SIZE)
        return "a body over 60,000 bytes stands in parts";
    out->body = urna_view(urna_arena_copy(&s->arena, body.p, body.len), body.len);
    out->body_size = body.len;
    urna_sha256(out->e, body.p, body.len);
    return NULL;
}

static const char *read_stub(struct urna_assembler *s, struct urna_view text,
                             struct urna_stub *stub)
{
    struct urna_codec c = urna_codec_reader(text, &s->arena);
    urna_describe_stub(&c, stub);
    return urna_codec_done(&c) ? NULL : c.reason;
}

static const char *in_parts(struct urna_assembler *s, struct urna_entry *out,
                            const struct urna_envelope *e, struct urna_view text)
{
    struct urna_stub stub = {0};
    const char *reason = read_stub(s, text, &stub);
    if (reason != NULL)
        return reason;
    if (urna_kind_out_of_line(out->kind))
        return "a body of this kind stands out of line";
    if (s->held != e->parts || s->of != e->parts || out->index != s->first + s->held)
        return "its parts do not stand before it";
    urna_sha256(out->e, s->chunks.p, s->chunks.len);
    if (stub.size != s->chunks.len || memcmp(stub.sha256, out->e, 32) != 0)
        return "its parts have another size or hash";
    out->parts = e->parts;
    out->body = urna_buf_view(&s->chunks);
    out->body_size = stub.size;
    return NULL;
}

/* The bytes beside the log count only if they are what the stub says. */
static bool fetch_body(struct urna_assembler *s, const struct urna_stub *stub)
{
    uint8_t hash[32];
    urna_buf_reset(&s->fetched);
    if (s->fetch == NULL || !s->fetch(s->ctx, stub->sha256, stub->size, &s->fetched) ||
        s->fetched.len != stub->size)
        return false;
    urna_sha256(hash, s->fetched.p, s->fetched.len);
    return memcmp(hash, stub->sha256, 32) == 0;
}

static const char *out_of_line(struct urna_assembler *s, struct urna_entry *out,
                               struct urna_view text)
{
    struct urna_stub stub = {0};
    const char *reason = read_stub(s, text, &stub);
    if (reason != NULL)
        return reason;
    if (!urna_kind_out_of_line(out->kind) && out->kind != URNA_KIND_UNKNOWN)
        return "a body of this kind does not stand out of line";
    if (stub.size > URNA_OUT_MAX)
        return "a body over 2^26 bytes";
    out->out = true;
    out->body_size = stub.size;
    memcpy(out->e, stub.sha256, 32);
    out->absent = out->kind == URNA_KIND_UNKNOWN || !fetch_body(s, &stub);
    if (!out->absent)
        out->body = urna_buf_view(&s->fetched);
    return NULL;
}

static void take_entry(struct urna_assembler *s, struct urna_entry *out,
                       const struct urna_envelope *e, struct urna_view text)
{
    out->kind = urna_kind_find(e->kind);
    out->kind_name = e->kind;
    out->sigs = e->sigs;
    out->n_sigs = e->n_sigs;
    if (e->parts > 0)
        out->reason = in_parts(s, out, e, text);
    else if (e->out)
        out->reason = out_of_line(s, out, text);
    else
        out->reason = in_line(s, out, text);
    out->bad_form = out->reason != NULL;
    if (out->parts > 0)
        s->held = 0; /* they are the entry's; the bytes stay until the next call */
    else
        drop_held(s);
}

bool urna_assembler_leaf(struct urna_assembler *s, uint64_t index, struct urna_view leaf,
                         struct urna_entry *entry, const struct urna_stray **strays,
                         size_t *n_strays)
{
    struct urna_envelope e = {0};
    struct urna_view head = {0}, text = {0};
    const char *reason = NULL;
    urna_arena_reset(&s->arena);
    s->n_strays = 0;
    if (s->held == 0 && s->chunks.cap > KEPT_MAX)
        urna_buf_free(&s->chunks);
    else if (s->held == 0)
        urna_buf_reset(&s->chunks);
    *entry = (struct urna_entry){.index = index, .kind_name = ""};
    if (leaf.len > URNA_LEAF_MAX) {
        reason = "leaf longer than 65,535 bytes";
    } else if (!urna_split_leaf(leaf, &head, &text)) {
        reason = "no line feed after the envelope";
    } else {
        struct urna_codec c = urna_codec_reader(head, &s->arena);
        urna_describe_envelope(&c, &e);
        if (!urna_codec_done(&c))
            reason = c.reason;
    }
    if (reason != NULL) {
        entry->bad_form = true;
        entry->reason = reason;
        drop_held(s);
    } else if (e.is_part) {
        take_part(s, index, &e, text);
    } else {
        take_entry(s, entry, &e, text);
    }
    *strays = s->strays;
    *n_strays = s->n_strays;
    return reason != NULL || !e.is_part;
}

void urna_assembler_end(struct urna_assembler *s, const struct urna_stray **strays,
                        size_t *n_strays)
{
    s->n_strays = 0;
    drop_held(s);
    *strays = s->strays;
    *n_strays = s->n_strays;
}
