#include "cli/judged.h"

#include <stdlib.h>
#include <string.h>

#include "cli/common.h"
#include "model/roll.h"

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
        if (!urna_cli_fingerprint(r->phi, r->fingerprint))
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
    enum urna_status st = urna_record_scan(r->v.record, urna_follow_tree(r->v.follow), 1, each_leaf,
                                           &x, err); /* the tree: what was judged */
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

void urna_cli_roll_root(uint8_t out[32], const struct urna_cli_record *r)
{
    struct urna_merkle tree = {0};
    struct urna_buf leaf = {0};
    size_t n;
    const struct urna_row *row = urna_judge_rows(r->J, &n);
    for (size_t i = 0; i < n; i++) {
        uint8_t hash[32];
        struct urna_roll_row v = {.keys = row[i].key,
                                  .n_keys = row[i].n_keys,
                                  .weight = row[i].weight,
                                  .reg = row[i].reg};
        urna_buf_reset(&leaf);
        urna_roll_leaf(&leaf, &v, row[i].style + 1, row[i].leaf + 1);
        urna_merkle_leaf(hash, leaf.p, leaf.len);
        urna_merkle_add(&tree, hash);
    }
    urna_merkle_root(&tree, out);
    urna_buf_free(&leaf);
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
            urna_error_rule(err, r.rule);
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
