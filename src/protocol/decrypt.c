/* One guardian's decryption. A session is (count set, present, attempt, block); its nonces are
 * drawn once, are in the file before the commitment is said, and leave it in the replacement that
 * brings the answer (invariants 5 and 6 of protocol/guardian.h). */
#include "protocol/decrypt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ct.h"
#include "base/secret.h"
#include "proof/eg_hash.h"
#include "protocol/guardian_internal.h"

static enum urna_status refuse(struct urna_error *err, const char *rule, const char *what)
{
    if (err && !err->rule[0])
        snprintf(err->rule, sizeof err->rule, "%s", rule);
    return urna_fail(err, URNA_FALSE, "%s", what);
}

/* --- the session --- */

static size_t count_fields(const struct urna_decrypt_session *s)
{
    size_t n = 0;
    for (uint32_t i = 0; i < s->n_groups; i++)
        n += s->groups[i].n_fields;
    return n;
}

static enum urna_status check_present(const struct urna_guardian *g,
                                      const struct urna_decrypt_session *s, struct urna_error *err)
{
    bool me = false;
    if (s->n_present < g->m->k || s->n_present > g->m->n)
        return urna_fail(err, URNA_INPUT, "%u guardians present; at least %u of %u are needed",
                         s->n_present, g->m->k, g->m->n);
    for (uint32_t j = 0; j < s->n_present; j++) {
        uint32_t i = s->present[j];
        if (i < 1 || i > g->m->n || (j > 0 && i <= s->present[j - 1]))
            return urna_fail(err, URNA_INPUT,
                             "the guardians present are not ascending numbers from 1 to %u",
                             g->m->n);
        me |= i == g->index;
    }
    if (!me)
        return urna_fail(err, URNA_INPUT, "this guardian (number %u) is not among those present",
                         g->index);
    return URNA_OK;
}

static enum urna_status check_session(const struct urna_guardian *g,
                                      const struct urna_decrypt_session *s, struct urna_error *err)
{
    enum urna_status st = guardian_usable(g, err);
    if (st != URNA_OK)
        return st;
    if (g->stage != URNA_GUARDIAN_OPEN)
        return refuse(err, "E15", "this guardian has not seen voting opened under its keys");
    if (memcmp(s->h_e, g->h_e, 32) != 0)
        return urna_fail(err, URNA_INPUT, "the session is of other keys than this guardian's");
    if (s->attempt < 1 || s->attempt > URNA_INT_MAX || s->block < 1 || s->block > URNA_INT_MAX ||
        s->n_groups < 1)
        return urna_fail(err, URNA_INPUT,
                         "a session has an attempt, a block and at least one group");
    for (uint32_t i = 0; i < s->n_groups; i++) {
        const struct urna_sum_group *x = &s->groups[i];
        if (x->contest < 1 || x->contest > g->m->n_contests ||
            x->n_fields != g->m->contests[x->contest - 1].n_options)
            return urna_fail(err, URNA_INPUT, "a group has other fields than its contest");
    }
    return check_present(g, s, err);
}

static void add_u32(struct urna_sha256 *h, uint32_t x)
{
    uint8_t b[4];
    urna_be32(b, x);
    urna_sha256_add(h, b, 4);
}

static void add_u64(struct urna_sha256 *h, uint64_t x)
{
    uint8_t b[8];
    urna_be64(b, x);
    urna_sha256_add(h, b, 8);
}

static void add_element(struct urna_sha256 *h, const struct urna_guardian *g, const urna_element *x)
{
    uint8_t b[URNA_LP_MAX];
    urna_element_encode(g->G, b, x);
    urna_sha256_add(h, b, g->lp);
}

static void session_name(uint8_t out[32], const struct urna_decrypt_session *s)
{
    struct urna_sha256 h;
    urna_sha256_init(&h);
    urna_sha256_add(&h, s->countset, 32);
    add_u32(&h, s->n_present);
    for (uint32_t j = 0; j < s->n_present; j++)
        add_u32(&h, s->present[j]);
    add_u64(&h, s->attempt);
    add_u64(&h, s->block);
    urna_sha256_end(&h, out);
}

static void session_input(uint8_t out[32], const struct urna_guardian *g,
                          const struct urna_decrypt_session *s)
{
    struct urna_sha256 h;
    urna_sha256_init(&h);
    add_u32(&h, s->n_groups);
    for (uint32_t i = 0; i < s->n_groups; i++) {
        add_u32(&h, s->groups[i].contest);
        add_u32(&h, s->groups[i].n_fields);
        for (uint32_t f = 0; f < s->groups[i].n_fields; f++) {
            add_element(&h, g, &s->groups[i].A[f]);
            add_element(&h, g, &s->groups[i].B[f]);
        }
    }
    urna_sha256_end(&h, out);
}

/* The session of the state, or *out = NULL; URNA_FALSE if the same session is asked about other
 * sums. */
static enum urna_status session_find(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                     struct guardian_session **out, struct urna_error *err)
{
    uint8_t name[32], input[32];
    *out = NULL;
    session_name(name, s);
    session_input(input, g, s);
    for (uint32_t i = 0; i < g->n_sessions; i++) {
        if (memcmp(g->sessions[i].name, name, 32) != 0)
            continue;
        if (memcmp(g->sessions[i].input, input, 32) != 0 ||
            g->sessions[i].scalars.len != count_fields(s) * g->lq)
            return refuse(err, "E10", "this session is under way with other sums");
        *out = &g->sessions[i];
    }
    return URNA_OK;
}

/* In memory only: the caller saves. */
static enum urna_status countset_name(struct urna_guardian *g, const uint8_t countset[32],
                                      bool *fresh, struct urna_error *err)
{
    *fresh = !g->has_countset;
    if (g->has_countset && memcmp(g->countset, countset, 32) != 0)
        return refuse(err, "E10",
                      "this guardian has named another count set for this election, and decrypts "
                      "no second one");
    g->has_countset = 1;
    memcpy(g->countset, countset, 32);
    return URNA_OK;
}

enum urna_status urna_decrypt_seal(struct urna_guardian *g, const uint8_t countset[32],
                                   struct urna_error *err)
{
    bool fresh;
    enum urna_status st = guardian_usable(g, err);
    if (st == URNA_OK && g->stage != URNA_GUARDIAN_OPEN)
        st = refuse(err, "E15", "this guardian has not seen voting opened under its keys");
    if (st == URNA_OK)
        st = countset_name(g, countset, &fresh, err);
    if (st == URNA_OK && fresh)
        st = guardian_save(g, err);
    return st;
}

/* --- the values of a session --- */

/* M = A^z, a = g^u, b = A^u of every field, in order. Owner: caller. */
struct partials {
    size_t n;
    urna_element *M, *a, *b;
    urna_secret_scalar *u; /* guarded */
};

static void partials_free(struct partials *p)
{
    free(p->M);
    free(p->a);
    free(p->b);
    urna_secret_free(p->u);
}

static void scalar_open(const struct urna_guardian *g, urna_secret_scalar *x, const uint8_t *p)
{
    if (!urna_secret_decode(g->G, x, p))
        urna_wipe(x, sizeof *x); /* cannot be: the file is authenticated */
}

static void partials_make(struct partials *p, const struct urna_guardian *g,
                          const struct urna_decrypt_session *s, const struct guardian_session *mine)
{
    p->n = count_fields(s);
    p->M = urna_xcalloc(p->n, sizeof *p->M);
    p->a = urna_xcalloc(p->n, sizeof *p->a);
    p->b = urna_xcalloc(p->n, sizeof *p->b);
    p->u = urna_secret_alloc(p->n * sizeof *p->u);
    urna_secret_scalar *z = urna_secret_alloc(p->n * sizeof *z);
    for (size_t f = 0; f < p->n; f++) {
        scalar_open(g, &p->u[f], mine->scalars.p + f * g->lq);
        scalar_open(g, &z[f], g->z.p);
    }
    size_t at = 0;
    for (uint32_t i = 0; i < s->n_groups; i++) {
        const struct urna_sum_group *x = &s->groups[i];
        urna_exp_secret(g->G, p->M + at, x->A, z + at, x->n_fields);
        urna_exp_secret(g->G, p->b + at, x->A, p->u + at, x->n_fields);
        at += x->n_fields;
    }
    urna_fixed_exp_secret(urna_fixed_generator(g->G), p->a, p->u, p->n);
    URNA_PUBLIC(p->M, p->n * sizeof *p->M);
    URNA_PUBLIC(p->a, p->n * sizeof *p->a);
    URNA_PUBLIC(p->b, p->n * sizeof *p->b);
    urna_secret_free(z);
}

static void commit_hash(uint8_t d[32], const struct urna_guardian *g,
                        const struct urna_decrypt_session *s, uint32_t group, uint32_t field,
                        uint32_t i, const urna_element *M, const urna_element *a,
                        const urna_element *b)
{
    const struct urna_sum_group *x = &s->groups[group];
    urna_hash_decrypt_commit(d, g->G, g->h_e, x->contest, field + 1, i, &x->A[field], &x->B[field],
                             a, b, M, s->present, s->n_present);
}

static void fill_session(struct urna_session *out, const struct urna_guardian *g,
                         const struct urna_decrypt_session *s, struct urna_arena *a)
{
    out->as = urna_guardian_id(g);
    memcpy(out->countset, s->countset, 32);
    out->present = urna_arena_copy(a, s->present, s->n_present * sizeof *s->present);
    out->n_present = s->n_present;
    out->attempt = s->attempt;
    out->block = s->block;
}

static bool session_is(const struct urna_guardian *g, const struct urna_decrypt_session *s,
                       uint32_t i, const struct urna_session *o)
{
    return strcmp(o->as, g->m->guardians[i - 1].id) == 0 &&
           memcmp(o->countset, s->countset, 32) == 0 && o->attempt == s->attempt &&
           o->block == s->block && o->n_present == s->n_present &&
           memcmp(o->present, s->present, s->n_present * sizeof *s->present) == 0;
}

/* --- commit --- */

static void session_draw(struct urna_guardian *g, const struct urna_decrypt_session *s)
{
    g->sessions = urna_xrealloc(g->sessions, (size_t)g->n_sessions + 1, sizeof *g->sessions);
    struct guardian_session *n = &g->sessions[g->n_sessions++];
    urna_secret_scalar *u = urna_secret_alloc(sizeof *u);
    size_t fields = count_fields(s);
    memset(n, 0, sizeof *n);
    session_name(n->name, s);
    session_input(n->input, g, s);
    n->stage = SESSION_COMMITTED;
    urna_secret_bytes_new(&n->scalars, fields * g->lq);
    for (size_t f = 0; f < fields; f++) {
        urna_secret_random(g->G, u);
        urna_secret_encode(g->G, n->scalars.p + f * g->lq, u);
    }
    urna_secret_free(u);
}

static void make_commit(const struct urna_guardian *g, const struct urna_decrypt_session *s,
                        const struct partials *p, struct urna_buf *out)
{
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_DECRYPT_COMMIT};
    struct urna_decrypt_commit *c = &b.decrypt_commit;
    size_t at = 0;
    fill_session(&c->s, g, s, &a);
    c->n_d = s->n_groups;
    c->d = URNA_NEW(&a, struct urna_commit_row, c->n_d);
    for (uint32_t i = 0; i < c->n_d; i++) {
        c->d[i].n = s->groups[i].n_fields;
        c->d[i].d = urna_arena_alloc(&a, c->d[i].n, 32);
        for (uint32_t f = 0; f < c->d[i].n; f++, at++)
            commit_hash(c->d[i].d[f], g, s, i, f, g->index, &p->M[at], &p->a[at], &p->b[at]);
    }
    urna_body_write(out, &b, g->lp, g->lq);
    urna_arena_free(&a);
}

enum urna_status urna_decrypt_commit(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                     struct urna_buf *body, struct urna_error *err)
{
    struct guardian_session *mine;
    struct partials p = {0};
    bool fresh = false;
    enum urna_status st = check_session(g, s, err);
    if (st == URNA_OK)
        st = session_find(g, s, &mine, err);
    if (st == URNA_OK && mine && mine->stage == SESSION_ANSWERED)
        st = refuse(err, "E17",
                    "this session has been answered; its commitment cannot be made again");
    if (st == URNA_OK && !mine && g->n_sessions >= URNA_SESSIONS_MAX)
        st = refuse(err, "E17", "too many sessions");
    if (st == URNA_OK)
        st = countset_name(g, s->countset, &fresh, err);
    if (st != URNA_OK)
        return st;
    if (!mine) {
        session_draw(g, s);
        mine = &g->sessions[g->n_sessions - 1];
        fresh = true;
    }
    if (fresh && (st = guardian_save(g, err)) != URNA_OK)
        return st;
    partials_make(&p, g, s, mine);
    make_commit(g, s, &p, body);
    partials_free(&p);
    return URNA_OK;
}

/* --- reveal --- */

static enum urna_status check_commits(const struct urna_guardian *g,
                                      const struct urna_decrypt_session *s,
                                      const struct urna_decrypt_commit *const *others,
                                      struct urna_error *err)
{
    for (uint32_t j = 0; j < s->n_present; j++) {
        const struct urna_decrypt_commit *o = others[j];
        if (!o)
            return refuse(err, "E17", "not all commitments of the session are there");
        bool ok = session_is(g, s, s->present[j], &o->s) && o->n_d == s->n_groups;
        for (uint32_t i = 0; ok && i < s->n_groups; i++)
            ok = o->d[i].n == s->groups[i].n_fields;
        if (!ok)
            return refuse(err, "E17", "a commitment is of another session or shape");
    }
    return URNA_OK;
}

/* All d of the session in order; ${mine} is checked against this guardian's own values. */
static bool hash_commits(uint8_t out[32], const struct urna_guardian *g,
                         const struct urna_decrypt_session *s,
                         const struct urna_decrypt_commit *const *others, const struct partials *p)
{
    struct urna_sha256 h;
    bool own = true;
    urna_sha256_init(&h);
    for (uint32_t j = 0; j < s->n_present; j++) {
        size_t at = 0;
        for (uint32_t i = 0; i < s->n_groups; i++)
            for (uint32_t f = 0; f < s->groups[i].n_fields; f++, at++) {
                uint8_t d[32];
                urna_sha256_add(&h, others[j]->d[i].d[f], 32);
                if (s->present[j] != g->index)
                    continue;
                commit_hash(d, g, s, i, f, g->index, &p->M[at], &p->a[at], &p->b[at]);
                own = own && memcmp(d, others[j]->d[i].d[f], 32) == 0;
            }
    }
    urna_sha256_end(&h, out);
    return own;
}

static const uint8_t *put_element(const struct urna_guardian *g, struct urna_arena *a,
                                  const urna_element *x)
{
    uint8_t *p = urna_arena_alloc(a, 1, g->lp);
    urna_element_encode(g->G, p, x);
    return p;
}

static void make_reveal(const struct urna_guardian *g, const struct urna_decrypt_session *s,
                        const struct partials *p, struct urna_buf *out)
{
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_DECRYPT_REVEAL};
    struct urna_decrypt_reveal *r = &b.decrypt_reveal;
    size_t at = 0;
    fill_session(&r->s, g, s, &a);
    r->n_shares = s->n_groups;
    r->shares = URNA_NEW(&a, struct urna_share_row, r->n_shares);
    for (uint32_t i = 0; i < r->n_shares; i++) {
        r->shares[i].n = s->groups[i].n_fields;
        r->shares[i].v = URNA_NEW(&a, struct urna_decrypt_share, r->shares[i].n);
        for (uint32_t f = 0; f < r->shares[i].n; f++, at++) {
            r->shares[i].v[f].m = put_element(g, &a, &p->M[at]);
            r->shares[i].v[f].a = put_element(g, &a, &p->a[at]);
            r->shares[i].v[f].b = put_element(g, &a, &p->b[at]);
        }
    }
    urna_body_write(out, &b, g->lp, g->lq);
    urna_arena_free(&a);
}

/* The session under way in the state: there, not answered, of the one count set. */
static enum urna_status under_way(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                  bool answered_too, struct guardian_session **mine,
                                  struct urna_error *err)
{
    bool fresh;
    enum urna_status st = check_session(g, s, err);
    if (st == URNA_OK)
        st = session_find(g, s, mine, err);
    if (st == URNA_OK && !g->has_countset)
        st = refuse(err, "E17", "this guardian has made no commitment");
    if (st == URNA_OK)
        st = countset_name(g, s->countset, &fresh, err);
    if (st == URNA_OK && !*mine)
        st = refuse(err, "E17", "this guardian has made no commitment in this session");
    if (st == URNA_OK && (*mine)->stage == SESSION_ANSWERED && !answered_too)
        st = refuse(err, "E17", "this session has been answered; its shares cannot be made again");
    return st;
}

enum urna_status urna_decrypt_reveal(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                     const struct urna_decrypt_commit *const *others,
                                     struct urna_buf *body, struct urna_error *err)
{
    struct guardian_session *mine;
    struct partials p = {0};
    uint8_t all[32];
    enum urna_status st = under_way(g, s, false, &mine, err);
    if (st == URNA_OK)
        st = check_commits(g, s, others, err);
    if (st != URNA_OK)
        return st;
    partials_make(&p, g, s, mine);
    if (!hash_commits(all, g, s, others, &p)) {
        st = refuse(err, "E17", "the log holds another commitment in this guardian's name");
    } else if (mine->stage == SESSION_REVEALED) {
        if (memcmp(mine->commits, all, 32) != 0)
            st = refuse(err, "E17",
                        "the log shows other commitments of this session than before (two faces)");
    } else {
        memcpy(mine->commits, all, 32);
        mine->stage = SESSION_REVEALED;
        st = guardian_save(g, err);
    }
    if (st == URNA_OK)
        make_reveal(g, s, &p, body);
    partials_free(&p);
    return st;
}

/* --- respond --- */

/* All reveals decoded: present[j]'s field f at [j * n + f]. */
struct revealed {
    size_t n;
    urna_element *M, *a, *b;
};

static void revealed_free(struct revealed *r)
{
    free(r->M);
    free(r->a);
    free(r->b);
}

static enum urna_status revealed_read(struct revealed *r, const struct urna_guardian *g,
                                      const struct urna_decrypt_session *s,
                                      const struct urna_decrypt_reveal *const *others,
                                      struct urna_error *err)
{
    r->n = count_fields(s);
    r->M = urna_xcalloc(r->n * s->n_present, sizeof *r->M);
    r->a = urna_xcalloc(r->n * s->n_present, sizeof *r->a);
    r->b = urna_xcalloc(r->n * s->n_present, sizeof *r->b);
    size_t at = 0;
    for (uint32_t j = 0; j < s->n_present; j++) {
        const struct urna_decrypt_reveal *o = others[j];
        if (!o)
            return refuse(err, "E17", "not all shares of the session are there");
        if (!session_is(g, s, s->present[j], &o->s) || o->n_shares != s->n_groups)
            return refuse(err, "E17", "a share is of another session or shape");
        for (uint32_t i = 0; i < s->n_groups; i++) {
            if (o->shares[i].n != s->groups[i].n_fields)
                return refuse(err, "E17", "a share is of another session or shape");
            for (uint32_t f = 0; f < s->groups[i].n_fields; f++, at++) {
                const struct urna_decrypt_share *x = &o->shares[i].v[f];
                if (!urna_element_decode(g->G, &r->M[at], x->m) ||
                    !urna_element_decode(g->G, &r->a[at], x->a) ||
                    !urna_element_decode(g->G, &r->b[at], x->b))
                    return refuse(err, "E12", "a share is not an element of the group");
            }
        }
    }
    return URNA_OK;
}

/* The commitments that these reveals open, hashed as check_commits hashed the ones of the log. */
static void hash_reveals(uint8_t out[32], const struct urna_guardian *g,
                         const struct urna_decrypt_session *s, const struct revealed *r)
{
    struct urna_sha256 h;
    size_t at = 0;
    urna_sha256_init(&h);
    for (uint32_t j = 0; j < s->n_present; j++)
        for (uint32_t i = 0; i < s->n_groups; i++)
            for (uint32_t f = 0; f < s->groups[i].n_fields; f++, at++) {
                uint8_t d[32];
                commit_hash(d, g, s, i, f, s->present[j], &r->M[at], &r->a[at], &r->b[at]);
                urna_sha256_add(&h, d, 32);
            }
    urna_sha256_end(&h, out);
}

/* c of one field from everybody's values: made here, never taken from anybody. */
static void challenge(urna_scalar *c, const struct urna_guardian *g,
                      const struct urna_decrypt_session *s, uint32_t group, uint32_t field,
                      size_t at, const struct revealed *r, const urna_scalar *w)
{
    const struct urna_sum_group *x = &s->groups[group];
    urna_element M, a, b, *Ms = urna_xcalloc(s->n_present, sizeof *Ms);
    urna_element_identity(g->G, &a);
    urna_element_identity(g->G, &b);
    for (uint32_t j = 0; j < s->n_present; j++) {
        Ms[j] = r->M[j * r->n + at];
        urna_element_mul(g->G, &a, &a, &r->a[j * r->n + at]);
        urna_element_mul(g->G, &b, &b, &r->b[j * r->n + at]);
    }
    urna_multi_exp_vartime(g->G, &M, Ms, w, s->n_present);
    urna_hash_decrypt_challenge(g->G, c, g->h_e, x->contest, field + 1, &x->A[field], &x->B[field],
                                &a, &b, &M);
    free(Ms);
}

/* v = u - c w z of every field, as public bytes. */
static void answer(struct urna_secret_bytes *out, const struct urna_guardian *g,
                   const struct urna_decrypt_session *s, const struct guardian_session *mine,
                   const struct revealed *r)
{
    urna_scalar *w = urna_xcalloc(s->n_present, sizeof *w), own = {{0}}, c, pub;
    urna_secret_scalar *x = urna_secret_alloc(3 * sizeof *x);
    size_t at = 0;
    for (uint32_t j = 0; j < s->n_present; j++) {
        urna_lagrange(g->G, &w[j], s->present[j], s->present, s->n_present);
        if (s->present[j] == g->index)
            own = w[j];
    }
    scalar_open(g, &x[0], g->z.p);
    urna_secret_bytes_new(out, r->n * g->lq);
    for (uint32_t i = 0; i < s->n_groups; i++)
        for (uint32_t f = 0; f < s->groups[i].n_fields; f++, at++) {
            challenge(&c, g, s, i, f, at, r, w);
            urna_scalar_mul(g->G, &c, &c, &own);
            urna_secret_from_public(&x[1], &c);
            urna_secret_mul(g->G, &x[1], &x[1], &x[0]);
            scalar_open(g, &x[2], mine->scalars.p + at * g->lq);
            urna_secret_sub(g->G, &x[2], &x[2], &x[1]);
            urna_secret_declassify(&pub, &x[2]);
            urna_scalar_encode(g->G, out->p + at * g->lq, &pub);
        }
    urna_secret_free(x);
    free(w);
}

static void make_respond(const struct urna_guardian *g, const struct urna_decrypt_session *s,
                         const struct guardian_session *mine, struct urna_buf *out)
{
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_DECRYPT_RESPOND};
    struct urna_decrypt_respond *r = &b.decrypt_respond;
    size_t at = 0;
    fill_session(&r->s, g, s, &a);
    r->n_v = s->n_groups;
    r->v = URNA_NEW(&a, struct urna_respond_row, r->n_v);
    for (uint32_t i = 0; i < r->n_v; i++) {
        r->v[i].n = s->groups[i].n_fields;
        r->v[i].v = URNA_NEW(&a, const uint8_t *, r->v[i].n);
        for (uint32_t f = 0; f < r->v[i].n; f++, at++)
            r->v[i].v[f] = mine->scalars.p + at * g->lq;
    }
    urna_body_write(out, &b, g->lp, g->lq);
    urna_arena_free(&a);
}

/* Own values among the reveals are compared too: they stand in the hash of commitments, and the own
 * commitment was compared. */
static enum urna_status answer_once(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                    struct guardian_session *mine, const struct revealed *r,
                                    struct urna_error *err)
{
    struct urna_secret_bytes v;
    uint8_t all[32];
    hash_reveals(all, g, s, r);
    if (memcmp(all, mine->commits, 32) != 0)
        return refuse(err, "E17", "a share does not match its commitment");
    if (mine->stage == SESSION_ANSWERED)
        return URNA_OK;
    answer(&v, g, s, mine, r);
    urna_secret_bytes_free(&mine->scalars); /* the nonces */
    mine->scalars = v;
    mine->stage = SESSION_ANSWERED;
    return guardian_save(g, err);
}

enum urna_status urna_decrypt_respond(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                      const struct urna_decrypt_reveal *const *others,
                                      struct urna_buf *body, struct urna_error *err)
{
    struct guardian_session *mine;
    struct revealed r = {0};
    enum urna_status st = under_way(g, s, true, &mine, err);
    if (st == URNA_OK && mine->stage == SESSION_COMMITTED)
        st = refuse(err, "E17", "this guardian has not revealed its shares of this session");
    if (st != URNA_OK)
        return st;
    st = revealed_read(&r, g, s, others, err);
    if (st == URNA_OK)
        st = answer_once(g, s, mine, &r, err);
    if (st == URNA_OK)
        make_respond(g, s, mine, body);
    revealed_free(&r);
    return st;
}
