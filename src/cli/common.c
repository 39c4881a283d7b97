#include "cli/common.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/roll.h"

/* --- the answer ---------------------------------------------------------- */

void urna_tell_begin(struct urna_tell *s, const struct urna_args *args)
{
    *s = (struct urna_tell){.json = args->json};
    if (s->json)
        urna_json_open(&s->j, NULL, '{');
}

void urna_tell_head(struct urna_tell *s, enum urna_sign sign, enum urna_tone tone, const char *fmt,
                    ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (s->json) {
        urna_json_str(&s->j, "says", text);
        return;
    }
    urna_term_tone(stdout, tone);
    fputs(urna_term_sign(sign), stdout);
    urna_term_end(stdout);
    fputc(' ', stdout);
    urna_print_safe(stdout, text, strlen(text));
    fputc('\n', stdout);
}

void urna_tell_strn(struct urna_tell *s, const char *key, const char *value, size_t len)
{
    if (s->json) {
        urna_json_strn(&s->j, key, value, len);
        return;
    }
    char label[64];
    snprintf(label, sizeof label, "%s", key);
    for (char *c = label; *c; c++)
        if (*c == '_')
            *c = ' ';
    printf("  %-13s ", label);
    urna_print_safe(stdout, value, len);
    putchar('\n');
}

void urna_tell_str(struct urna_tell *s, const char *key, const char *value)
{
    urna_tell_strn(s, key, value, strlen(value));
}

void urna_tell_u64(struct urna_tell *s, const char *key, uint64_t value)
{
    char text[28];
    if (s->json)
        urna_json_u64(&s->j, key, value);
    else
        urna_tell_str(s, key, urna_number(text, value));
}

void urna_tell_hex(struct urna_tell *s, const char *key, const uint8_t *p, size_t len)
{
    char *hex = urna_xmalloc(2 * len + 1);
    urna_hex(hex, p, len);
    urna_tell_str(s, key, hex);
    free(hex);
}

void urna_tell_time(struct urna_tell *s, const char *key, uint64_t unix_seconds)
{
    char text[40];
    if (s->json)
        urna_json_u64(&s->j, key, unix_seconds);
    else
        urna_tell_str(s, key, urna_time_text(text, (int64_t)unix_seconds));
}

void urna_tell_note(const struct urna_tell *s, const char *fmt, ...)
{
    char text[1200];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (!s->json)
        urna_print_wrapped(stdout, 2, text);
}

int urna_tell_end(struct urna_tell *s, int rc)
{
    if (s->json) {
        urna_json_close(&s->j, '}');
        fwrite(s->j.out.p, 1, s->j.out.len, stdout);
        putchar('\n');
    }
    urna_json_free(&s->j);
    return rc;
}

/* --- small things -------------------------------------------------------- */

enum urna_status urna_cli_read(struct urna_buf *out, const char *path, size_t max,
                               struct urna_error *err)
{
    bool missing = false;
    enum urna_status st = urna_file_read(out, path, max, &missing, err);
    if (st != URNA_OK)
        urna_error_where(err, path);
    return st;
}

enum urna_status urna_cli_write(const char *path, struct urna_view bytes, unsigned mode,
                                struct urna_error *err)
{
    enum urna_status st = urna_file_create(path, bytes.p, bytes.len, mode, err);
    if (st != URNA_OK)
        urna_error_where(err, path);
    return st;
}

enum urna_status urna_cli_free_name(const char *path, struct urna_error *err)
{
    if (!urna_file_exists(path))
        return URNA_OK;
    urna_error_where(err, path);
    return urna_fail(err, URNA_INPUT, "exists already, and is not overwritten");
}

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int64_t days_of(int64_t y, unsigned m, unsigned d)
{
    y -= m <= 2;
    int64_t era = y / 400;
    unsigned yoe = (unsigned)(y - era * 400), doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    return era * 146097 + (int64_t)(yoe * 365 + yoe / 4 - yoe / 100 + doy) - 719468;
}

bool urna_cli_time(uint64_t *out, const char *text)
{
    size_t len = strlen(text);
    if (urna_parse_u64(out, text, len, URNA_INT_MAX))
        return true;
    static const char shape[] = "dddd-dd-ddTdd:dd:ddZ";
    static const unsigned last[13] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned x[6] = {0};
    if (len != sizeof shape - 1)
        return false;
    for (size_t i = 0, field = 0; i < len; i++) {
        if (shape[i] != 'd') {
            if (text[i] != shape[i])
                return false;
            field++;
        } else if (text[i] < '0' || text[i] > '9') {
            return false;
        } else {
            x[field] = 10 * x[field] + (unsigned)(text[i] - '0');
        }
    }
    bool leap = (x[0] % 4 == 0 && x[0] % 100 != 0) || x[0] % 400 == 0;
    if (x[0] < 1970 || x[1] < 1 || x[1] > 12 || x[2] < 1 || x[2] > last[x[1]] ||
        (x[1] == 2 && x[2] == 29 && !leap) || x[3] > 23 || x[4] > 59 || x[5] > 59)
        return false;
    *out = (uint64_t)days_of(x[0], x[1], x[2]) * 86400 + (uint64_t)x[3] * 3600 +
           (uint64_t)x[4] * 60 + x[5];
    return true;
}

size_t urna_cli_split(char *text, char sep, char **piece, size_t max)
{
    size_t n = 0;
    for (char *p = text; p; n++) {
        char *end = strchr(p, sep);
        if (n == max)
            return max + 1;
        piece[n] = p;
        if (end)
            *end++ = '\0';
        p = end;
    }
    return n;
}

const char *urna_cli_title(const struct urna_titles *t, const char *otherwise)
{
    for (uint32_t i = 0; i < t->n; i++)
        if (strcmp(t->v[i].lang, "en") == 0)
            return t->v[i].text;
    return t->n ? t->v[0].text : otherwise;
}

/* --- a record ------------------------------------------------------------ */

static enum urna_status read_trust(struct urna_cli_record *r, struct urna_verify_options *o,
                                   struct urna_error *err)
{
    if (r->trust_path && r->fingerprint)
        return urna_fail(err, URNA_INPUT, "only one of --trust and --fingerprint");
    if (r->trust_path) {
        struct urna_buf text = {0};
        enum urna_status st = urna_cli_read(&text, r->trust_path, 1 << 20, err);
        if (st == URNA_OK)
            st = urna_trust_read(&r->trust, urna_buf_view(&text), err);
        urna_buf_free(&text);
        if (st != URNA_OK) {
            urna_error_where(err, r->trust_path);
            return st;
        }
        r->has_trust = true;
        o->trust = &r->trust;
        return URNA_OK;
    }
    if (r->fingerprint) {
        if (!urna_unhex_any(r->phi, 32, r->fingerprint, strlen(r->fingerprint)))
            return urna_fail(err, URNA_INPUT, "--fingerprint wants all 64 hexadecimal digits");
        o->fingerprint = r->phi;
        return URNA_OK;
    }
    if (r->trust_needed)
        return urna_fail(err, URNA_INPUT,
                         "no trust file: a record that vouches for itself proves nothing. Give "
                         "--trust FILE (or --fingerprint HEX) from "
                         "someone you trust, not from the record's source");
    return URNA_OK;
}

enum urna_status urna_cli_record_open(struct urna_cli_record *r, struct urna_error *err)
{
    struct urna_verify_options o = {.progress = true};
    enum urna_status st = read_trust(r, &o, err);
    if (st != URNA_OK)
        return st;
    st = urna_verify(&r->v, r->path, &o, err);
    if (st != URNA_OK) {
        urna_error_where(err, r->path);
        return st;
    }
    r->open = true;
    if (r->v.answer == URNA_INVALID || r->v.answer == URNA_INCOMPLETE) {
        urna_error_where(err, r->path);
        return urna_fail(err, r->v.answer == URNA_INVALID ? URNA_FALSE : URNA_INPUT, "%s: %s",
                         r->v.answer == URNA_INVALID ? "the record is not valid"
                                                     : "the record is incomplete",
                         r->v.why);
    }
    r->J = urna_follow_judge(r->v.follow);
    r->P = urna_judge_context(r->J);
    return URNA_OK;
}

void urna_cli_record_close(struct urna_cli_record *r)
{
    if (r->open)
        urna_verdict_free(&r->v);
    if (r->has_trust)
        urna_trust_free(&r->trust);
    r->open = r->has_trust = false;
    r->J = NULL;
    r->P = NULL;
}

bool urna_cli_quorum_on_countset(const struct urna_cli_record *r)
{
    if (!r->has_trust || r->trust.quorum < 0)
        return r->has_trust;
    bool *have = urna_xcalloc(r->trust.n_node + 1, sizeof *have);
    size_t w = 0;
    for (size_t i = 0; i < r->trust.n_node; i++)
        if (!r->trust.node[i].is_group)
            have[i] = r->v.witness[w++].countset;
    bool ok = urna_trust_satisfied(&r->trust, have);
    free(have);
    return ok;
}

/* --- entries again ------------------------------------------------------- */

struct each {
    const struct urna_cli_record *r;
    struct urna_assembler *as;
    const struct urna_void *voids;
    size_t n_voids, at;
    bool (*fn)(void *ctx, const struct urna_entry *e, const struct urna_void *v);
    void *ctx;
    bool stopped; /* by fn */
};

static bool fetch(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out)
{
    struct each *x = ctx;
    struct urna_error err = URNA_ERROR_INIT;
    bool there = false;
    return urna_record_body(x->r->v.record, sha256, size, out, &there, &err) == URNA_OK && there;
}

static bool each_leaf(void *ctx, uint64_t index, struct urna_view bytes)
{
    struct each *x = ctx;
    struct urna_entry e;
    const struct urna_stray *strays;
    size_t n;
    if (!urna_assembler_leaf(x->as, index, bytes, &e, &strays, &n))
        return true;
    /* the list of void entries ascends as the log does */
    while (x->at < x->n_voids && x->voids[x->at].index < e.index)
        x->at++;
    const struct urna_void *v =
        x->at < x->n_voids && x->voids[x->at].index == e.index ? &x->voids[x->at] : NULL;
    x->stopped = !x->fn(x->ctx, &e, v);
    return !x->stopped;
}

enum urna_status urna_cli_each(const struct urna_cli_record *r,
                               bool (*fn)(void *ctx, const struct urna_entry *e,
                                          const struct urna_void *v),
                               void *ctx, struct urna_error *err)
{
    struct each x = {.r = r, .fn = fn, .ctx = ctx};
    x.voids = urna_judge_voids(r->J, &x.n_voids);
    x.as = urna_assembler_new(fetch, &x);
    enum urna_status st = urna_record_scan(r->v.record, NULL, 1, each_leaf, &x, err);
    urna_assembler_free(x.as);
    return x.stopped ? URNA_OK : st; /* who has seen enough is no fault */
}

struct collect {
    struct urna_cli_entries *out;
    const struct urna_context *P;
    uint64_t mask;
    struct urna_arena *a;
};

static bool collect_one(void *ctx, const struct urna_entry *e, const struct urna_void *v)
{
    struct collect *c = ctx;
    if (v || e->bad_form || e->absent || e->kind >= URNA_KIND_COUNT || !(c->mask >> e->kind & 1))
        return true;
    struct urna_cli_entries *l = c->out;
    if (l->n == l->cap) {
        size_t cap = l->cap ? 2 * l->cap : 32;
        struct urna_cli_entry *bigger = URNA_NEW(c->a, struct urna_cli_entry, cap);
        if (l->n)
            memcpy(bigger, l->v, l->n * sizeof *bigger);
        l->v = bigger;
        l->cap = cap;
    }
    struct urna_cli_entry *x = &l->v[l->n];
    struct urna_error err = URNA_ERROR_INIT;
    urna_entry_copy(&x->e, e, c->a);
    if (urna_body_read(&x->b, x->e.kind, x->e.body, c->P->lp, c->P->lq, c->a, &err) == URNA_OK) {
        x->b.kind = x->e.kind;
        l->n++;
    }
    return true;
}

enum urna_status urna_cli_accepted(struct urna_cli_entries *out, const struct urna_cli_record *r,
                                   uint64_t mask, struct urna_arena *a, struct urna_error *err)
{
    struct collect c = {out, r->P, mask, a};
    *out = (struct urna_cli_entries){0};
    return urna_cli_each(r, collect_one, &c, err);
}

/* --- the election of an argument ----------------------------------------- */

static bool is_record(const char *path)
{
    size_t n = strlen(path);
    static const char end[] = ".tar.zst";
    return urna_is_folder(path) ||
           (n > sizeof end - 1 && strcmp(path + n - (sizeof end - 1), end) == 0);
}

static enum urna_status manifest_open(struct urna_cli_election *x, const char *path,
                                      struct urna_error *err)
{
    struct urna_buf file = {0};
    struct urna_arena a = {0};
    struct urna_entry e = {0};
    struct urna_ruling r;
    enum urna_status st = urna_cli_read(&file, path, URNA_OUT_MAX, err);
    struct urna_view body = urna_buf_view(&file);
    static const char entry[] = "{\"kind\":";
    if (st == URNA_OK && body.len > sizeof entry && memcmp(body.p, entry, sizeof entry - 1) == 0) {
        st = urna_entry_file_read(&e, body, &a, err);
        if (st == URNA_OK && e.kind != URNA_MANIFEST)
            st = urna_fail(err, URNA_INPUT, "an entry of kind %s, not a manifest",
                           urna_kind_name(e.kind));
        body = e.body;
    }
    if (st == URNA_OK) {
        x->own = urna_context_from_manifest(body, &r);
        if (!x->own) {
            snprintf(err->rule, sizeof err->rule, "%s", r.rule);
            st = urna_fail(err, URNA_INPUT, "not an acceptable manifest: rule %s: %s", r.rule,
                           r.reason);
        }
        x->P = x->own;
    }
    if (st != URNA_OK)
        urna_error_where(err, path);
    urna_arena_free(&a);
    urna_buf_free(&file);
    return st;
}

enum urna_status urna_cli_election_open(struct urna_cli_election *x, const char *path,
                                        struct urna_error *err)
{
    *x = (struct urna_cli_election){.record.path = path};
    if (!is_record(path))
        return manifest_open(x, path, err);
    enum urna_status st = urna_cli_record_open(&x->record, err);
    x->P = x->record.P;
    return st;
}

void urna_cli_election_close(struct urna_cli_election *x)
{
    urna_cli_record_close(&x->record);
    urna_context_free(x->own);
    x->own = NULL;
    x->P = NULL;
}

/* --- roles --------------------------------------------------------------- */

enum urna_status urna_cli_role(struct urna_role_key *out, const struct urna_context *P,
                               const char *key_file, enum urna_role_type type,
                               const char *pass_file, struct urna_error *err)
{
    static const char *const word[] = {"member of the commission", "guardian", "registrar",
                                       "witness", "observer"};
    struct urna_secret_bytes pass = {0};
    memset(out, 0, sizeof *out);
    enum urna_status st = urna_cli_pass(&pass, pass_file, key_file, false, err);
    if (st == URNA_OK)
        st = urna_role_load(out, key_file,
                            type == URNA_R_WITNESS ? URNA_SEAL_WITNESS : URNA_SEAL_ROLE,
                            urna_pass_view(&pass), err);
    urna_secret_bytes_free(&pass);
    if (st != URNA_OK) {
        urna_error_where(err, key_file);
        return st;
    }
    for (uint32_t i = 0; i < P->n_signers; i++)
        if (P->signer[i].type == type && memcmp(P->signer[i].key, out->public, 32) == 0) {
            snprintf(out->name, sizeof out->name, "%s", P->signer[i].id);
            return URNA_OK;
        }
    urna_role_wipe(out);
    urna_error_where(err, key_file);
    return urna_fail(err, URNA_FALSE, "this key is no %s of this election%s", word[type],
                     type == URNA_R_WITNESS ? " (entries and verdicts are signed with the full key)"
                                            : "");
}

enum urna_status urna_cli_entry_write(struct urna_tell *s, const char *path, enum urna_kind kind,
                                      struct urna_view body, const struct urna_role_key *role,
                                      const uint8_t phi[32], struct urna_error *err)
{
    struct urna_buf file = {0};
    uint8_t e[32];
    enum urna_status st = urna_entry_make(&file, kind, body, role, phi, err);
    if (st == URNA_OK)
        st = urna_cli_write(path, urna_buf_view(&file), 0644, err);
    urna_buf_free(&file);
    if (st != URNA_OK)
        return st;
    urna_sha256(e, body.p, body.len);
    if (role)
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "%s, signed by %s", urna_kind_name(kind),
                       role->name);
    else
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "%s (nobody signs this kind)",
                       urna_kind_name(kind));
    urna_tell_str(s, "kind", urna_kind_name(kind));
    urna_tell_str(s, "file", path);
    urna_tell_hex(s, "entry", e, 32);
    return URNA_OK;
}

void urna_cli_roll_root(uint8_t out[32], const struct urna_cli_record *r)
{
    struct urna_merkle tree = {0};
    struct urna_buf leaf = {0};
    size_t n;
    const struct urna_row *row = urna_judge_rows(r->J, &n);
    for (size_t i = 0; i < n; i++) {
        uint8_t keys[2][32], hash[32];
        memcpy(keys, row[i].key, sizeof keys);
        struct urna_roll_row v = {.keys = keys,
                                  .n_keys = row[i].n_keys,
                                  .weight = row[i].weight,
                                  .reg = row[i].has_reg ? row[i].reg : NULL};
        urna_buf_reset(&leaf);
        urna_roll_leaf(&leaf, &v, row[i].style + 1, row[i].leaf + 1);
        urna_merkle_leaf(hash, leaf.p, leaf.len);
        urna_merkle_add(&tree, hash);
    }
    urna_merkle_root(&tree, out);
    urna_buf_free(&leaf);
}
