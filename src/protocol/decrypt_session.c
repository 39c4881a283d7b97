/* A session is (count set, present, attempt, block); its nonces are drawn once, are in the file
 * before the commitment is said, and leave it in the replacement that brings the answer
 * (invariants 5 and 6 of protocol/guardian.h). */
#include "protocol/decrypt_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/ct.h"
#include "base/secret.h"
#include "proof/eg_hash.h"

size_t session_fields(const struct urna_decrypt_session *s)
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

enum urna_status session_check(const struct urna_guardian *g, const struct urna_decrypt_session *s,
                               struct urna_error *err)
{
    enum urna_status st = guardian_usable(g, err);
    if (st != URNA_OK)
        return st;
    if (g->stage != URNA_GUARDIAN_OPEN)
        return urna_refuse(err, "E15", "this guardian has not seen voting opened under its keys");
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

void session_name(uint8_t out[32], const struct urna_decrypt_session *s)
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

void session_input(uint8_t out[32], const struct urna_guardian *g,
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

enum urna_status session_find(struct urna_guardian *g, const struct urna_decrypt_session *s,
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
            g->sessions[i].scalars.len != session_fields(s) * g->lq)
            return urna_refuse(err, "E10", "this session is under way with other sums");
        *out = &g->sessions[i];
    }
    return URNA_OK;
}

enum urna_status session_countset(struct urna_guardian *g, const uint8_t countset[32], bool *fresh,
                                  struct urna_error *err)
{
    *fresh = !g->has_countset;
    if (g->has_countset && memcmp(g->countset, countset, 32) != 0)
        return urna_refuse(
            err, "E10",
            "this guardian has named another count set for this election, and decrypts "
            "no second one");
    g->has_countset = 1;
    memcpy(g->countset, countset, 32);
    return URNA_OK;
}

enum urna_status session_under_way(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                   bool answered_too, struct guardian_session **mine,
                                   struct urna_error *err)
{
    bool fresh;
    enum urna_status st = session_check(g, s, err);
    if (st == URNA_OK)
        st = session_find(g, s, mine, err);
    if (st == URNA_OK && !g->has_countset)
        st = urna_refuse(err, "E17", "this guardian has made no commitment");
    if (st == URNA_OK)
        st = session_countset(g, s->countset, &fresh, err);
    if (st == URNA_OK && !*mine)
        st = urna_refuse(err, "E17", "this guardian has made no commitment in this session");
    if (st == URNA_OK && (*mine)->stage == SESSION_ANSWERED && !answered_too)
        st = urna_refuse(err, "E17",
                         "this session has been answered; its shares cannot be made again");
    return st;
}

enum urna_status urna_decrypt_seal(struct urna_guardian *g, const uint8_t countset[32],
                                   struct urna_error *err)
{
    bool fresh;
    enum urna_status st = guardian_usable(g, err);
    if (st == URNA_OK && g->stage != URNA_GUARDIAN_OPEN)
        st = urna_refuse(err, "E15", "this guardian has not seen voting opened under its keys");
    if (st == URNA_OK)
        st = session_countset(g, countset, &fresh, err);
    if (st == URNA_OK && fresh)
        st = guardian_save(g, err);
    return st;
}

/* --- the values of a session --- */

void partials_free(struct partials *p)
{
    free(p->M);
    free(p->a);
    free(p->b);
    urna_secret_free(p->u);
}

void session_scalar(const struct urna_guardian *g, urna_secret_scalar *x, const uint8_t *p)
{
    if (!urna_secret_decode(g->G, x, p))
        urna_wipe(x, sizeof *x); /* cannot be: the file is authenticated */
}

void partials_make(struct partials *p, const struct urna_guardian *g,
                   const struct urna_decrypt_session *s, const struct guardian_session *mine)
{
    p->n = session_fields(s);
    p->M = urna_xcalloc(p->n, sizeof *p->M);
    p->a = urna_xcalloc(p->n, sizeof *p->a);
    p->b = urna_xcalloc(p->n, sizeof *p->b);
    p->u = urna_secret_alloc(p->n * sizeof *p->u);
    urna_secret_scalar *z = urna_secret_alloc(p->n * sizeof *z);
    for (size_t f = 0; f < p->n; f++) {
        session_scalar(g, &p->u[f], mine->scalars.p + f * g->lq);
        session_scalar(g, &z[f], g->z.p);
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

void session_commit_hash(uint8_t d[32], const struct urna_guardian *g,
                         const struct urna_decrypt_session *s, uint32_t group, uint32_t field,
                         uint32_t i, const urna_element *M, const urna_element *a,
                         const urna_element *b)
{
    const struct urna_sum_group *x = &s->groups[group];
    urna_hash_decrypt_commit(d, g->G, g->h_e, x->contest, field + 1, i, &x->A[field], &x->B[field],
                             a, b, M, s->present, s->n_present);
}

void session_fill(struct urna_session *out, const struct urna_guardian *g,
                  const struct urna_decrypt_session *s, struct urna_arena *a)
{
    out->as = urna_guardian_id(g);
    memcpy(out->countset, s->countset, 32);
    out->present = urna_arena_copy(a, s->present, s->n_present * sizeof *s->present);
    out->n_present = s->n_present;
    out->attempt = s->attempt;
    out->block = s->block;
}

bool session_is(const struct urna_guardian *g, const struct urna_decrypt_session *s, uint32_t i,
                const struct urna_session *o)
{
    return strcmp(o->as, g->m->guardians[i - 1].id) == 0 &&
           memcmp(o->countset, s->countset, 32) == 0 && o->attempt == s->attempt &&
           o->block == s->block && o->n_present == s->n_present &&
           memcmp(o->present, s->present, s->n_present * sizeof *s->present) == 0;
}
