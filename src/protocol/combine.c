#include "protocol/combine.h"

#include <stdlib.h>
#include <string.h>

#include "proof/check.h"
#include "protocol/joint.h"
#include "protocol/put.h"

/* --- discrete logarithms --- */

#define TABLE_MAX (1ULL << 20)

/* Baby steps K^0 .. K^(m-1) by the first bytes of their encoding; open addressing, never more than
 * half full. */
struct urna_dlog {
    const struct urna_group *G;
    urna_element K, giant; /* giant = K^-m */
    uint64_t m, mask;
    uint64_t *keys;
    uint32_t *steps; /* j + 1; 0 = free */
};

static uint64_t key_of(const struct urna_group *G, const urna_element *x)
{
    uint8_t b[URNA_LP_MAX];
    uint64_t k = 0;
    size_t lp = urna_group_lp(G);
    urna_element_encode(G, b, x);
    for (size_t i = 0; i < 8 && i < lp; i++)
        k = k << 8 |
            b[lp > 24 ? 8 + i
                      : i]; /* not the first: in the modular groups leading bytes may be zeros */
    return k * 0x9E3779B97F4A7C15ULL; /* 2^64 / golden ratio: spreads short encodings */
}

static uint64_t root_up(uint64_t x)
{
    uint64_t r = 0;
    for (uint64_t b = 1ULL << 31; b; b >>= 1)
        if ((r + b) * (r + b) <= x)
            r += b;
    return r * r < x ? r + 1 : r;
}

struct urna_dlog *urna_dlog_new(const struct urna_group *G, const urna_element *K, uint64_t bound,
                                uint64_t values)
{
    struct urna_dlog *d = urna_xcalloc(1, sizeof *d);
    uint64_t work = bound >= TABLE_MAX * TABLE_MAX / (values ? values : 1)
                        ? TABLE_MAX * TABLE_MAX
                        : (bound + 1) * (values ? values : 1);
    d->G = G;
    d->K = *K;
    d->m = root_up(work);
    if (d->m > TABLE_MAX)
        d->m = TABLE_MAX;
    if (d->m > bound + 1)
        d->m = bound + 1;
    uint64_t size = 2;
    while (size < 2 * d->m)
        size *= 2;
    d->mask = size - 1;
    d->keys = urna_xcalloc(size, sizeof *d->keys);
    d->steps = urna_xcalloc(size, sizeof *d->steps);
    urna_element x;
    urna_element_identity(G, &x);
    for (uint64_t j = 0; j < d->m; j++) {
        uint64_t k = key_of(G, &x), at = k >> 20 & d->mask;
        while (d->steps[at])
            at = (at + 1) & d->mask;
        d->keys[at] = k;
        d->steps[at] = (uint32_t)j + 1;
        urna_element_mul(G, &x, &x, K);
    }
    urna_element one;
    urna_element_identity(G, &one);
    urna_element_div(G, &d->giant, &one, &x);
    return d;
}

static bool is_power(const struct urna_dlog *d, uint64_t t, const urna_element *T)
{
    urna_scalar e;
    urna_element x;
    urna_scalar_from_u64(d->G, &e, t);
    urna_exp_vartime(d->G, &x, &d->K, &e, 1);
    return urna_element_eq(d->G, &x, T);
}

bool urna_dlog_find(const struct urna_dlog *d, const urna_element *T, uint64_t bound, uint64_t *t)
{
    urna_element x = *T;
    for (uint64_t i = 0; i * d->m <= bound; i++) {
        uint64_t k = key_of(d->G, &x);
        for (uint64_t at = k >> 20 & d->mask; d->steps[at]; at = (at + 1) & d->mask) {
            uint64_t found = i * d->m + d->steps[at] - 1;
            if (d->keys[at] == k && found <= bound && is_power(d, found, T)) {
                *t = found;
                return true;
            }
        }
        urna_element_mul(d->G, &x, &x, &d->giant);
    }
    *t = 0;
    return false;
}

void urna_dlog_free(struct urna_dlog *d)
{
    if (!d)
        return;
    free(d->keys);
    free(d->steps);
    free(d);
}

/* --- tallies --- */

/* One guardian's values of one field. */
struct part {
    urna_element M, a, b;
    urna_scalar v;
};

static enum urna_status accuse(struct urna_error *err, uint32_t *culprit, uint32_t i,
                               const char *what)
{
    if (culprit)
        *culprit = i;
    return urna_refuse(err, "E17", "guardian %u: %s", i, what);
}

static bool shape_fits(const struct urna_combine *c, uint32_t j)
{
    const struct urna_decrypt_reveal *r = c->reveal[j];
    const struct urna_decrypt_respond *v = c->respond[j];
    if (!r || !v || r->n_shares != c->session->n_groups || v->n_v != c->session->n_groups)
        return false;
    for (uint32_t i = 0; i < c->session->n_groups; i++)
        if (r->shares[i].n != c->session->groups[i].n_fields ||
            v->v[i].n != c->session->groups[i].n_fields)
            return false;
    return true;
}

static bool part_read(struct part *p, const struct urna_combine *c, uint32_t j, uint32_t group,
                      uint32_t field)
{
    const struct urna_decrypt_share *s = &c->reveal[j]->shares[group].v[field];
    return urna_element_decode(c->G, &p->M, s->m) && urna_element_decode(c->G, &p->a, s->a) &&
           urna_element_decode(c->G, &p->b, s->b) &&
           urna_scalar_decode(c->G, &p->v, c->respond[j]->v[group].v[field]);
}

/* M, a, b and the challenge of the field; then (94), (95) for each guardian. */
static enum urna_status field_check(urna_scalar *ch, urna_element *M, const struct urna_combine *c,
                                    uint32_t group, uint32_t field, const struct part *p,
                                    const urna_scalar *w, uint32_t *culprit, struct urna_error *err)
{
    const struct urna_decrypt_session *s = c->session;
    const struct urna_sum_group *g = &s->groups[group];
    urna_element a, b, *Ms = urna_xcalloc(s->n_present, sizeof *Ms);
    urna_element_identity(c->G, &a);
    urna_element_identity(c->G, &b);
    for (uint32_t j = 0; j < s->n_present; j++) {
        Ms[j] = p[j].M;
        urna_element_mul(c->G, &a, &a, &p[j].a);
        urna_element_mul(c->G, &b, &b, &p[j].b);
    }
    urna_multi_exp_vartime(c->G, M, Ms, w, s->n_present);
    free(Ms);
    urna_hash_decrypt_challenge(c->G, ch, s->h_e, g->contest, field + 1, &g->A[field], &g->B[field],
                                &a, &b, M);
    for (uint32_t j = 0; j < s->n_present; j++) {
        urna_scalar cj;
        urna_scalar_mul(c->G, &cj, ch, &w[j]);
        if (!urna_partial_check(c->G, &c->S[s->present[j] - 1], &g->A[field], &p[j].M, &p[j].a,
                                &p[j].b, &cj, &p[j].v))
            return accuse(err, culprit, s->present[j], "its answer does not hold");
    }
    return URNA_OK;
}

static enum urna_status field_tally(struct urna_tally_field *out, const struct urna_combine *c,
                                    uint32_t group, uint32_t field, struct part *p,
                                    const urna_scalar *w, struct urna_arena *arena,
                                    uint32_t *culprit, struct urna_error *err)
{
    const struct urna_decrypt_session *s = c->session;
    const struct urna_sum_group *g = &s->groups[group];
    urna_element M, T;
    urna_scalar ch, v;
    for (uint32_t j = 0; j < s->n_present; j++)
        if (!part_read(&p[j], c, j, group, field))
            return accuse(err, culprit, s->present[j], "a value is not of the group");
    enum urna_status st = field_check(&ch, &M, c, group, field, p, w, culprit, err);
    if (st != URNA_OK)
        return st;
    v = p[0].v;
    for (uint32_t j = 1; j < s->n_present; j++)
        urna_scalar_add(c->G, &v, &v, &p[j].v);
    urna_element_div(c->G, &T, &g->B[field], &M);
    if (!urna_dlog_find(c->dlog, &T, c->bound[group], &out->t))
        return urna_fail(err, URNA_FALSE,
                         "group %u, field %u: no number of votes up to the bound fits",
                         c->first_group + group, field + 1);
    if (!urna_tally_check(c->G, c->K, s->h_e, g->contest, field + 1, &g->A[field], &g->B[field],
                          out->t, &ch, &v))
        return urna_fail(err, URNA_FALSE, "group %u, field %u: the combined proof does not hold",
                         c->first_group + group, field + 1);
    out->a = urna_put_element(c->G, arena, &g->A[field]);
    out->b = urna_put_element(c->G, arena, &g->B[field]);
    out->c = urna_put_scalar(c->G, arena, &ch);
    out->v = urna_put_scalar(c->G, arena, &v);
    return URNA_OK;
}

static enum urna_status check_input(const struct urna_combine *c, uint32_t *culprit,
                                    struct urna_error *err)
{
    const struct urna_decrypt_session *s = c->session;
    if (s->n_present < 1 || c->first_group < 1)
        return urna_fail(err, URNA_INPUT, "not a session");
    for (uint32_t j = 0; j < s->n_present; j++) {
        if (s->present[j] < 1 || s->present[j] > c->n ||
            (j > 0 && s->present[j] <= s->present[j - 1]))
            return urna_fail(err, URNA_INPUT,
                             "the guardians present are not ascending numbers from 1 to %u", c->n);
        if (!shape_fits(c, j))
            return accuse(err, culprit, s->present[j],
                          "its entries are missing or of another shape");
    }
    return URNA_OK;
}

enum urna_status urna_combine_tallies(struct urna_tally *t, const struct urna_combine *c,
                                      struct urna_arena *a, uint32_t *culprit,
                                      struct urna_error *err)
{
    const struct urna_decrypt_session *s = c->session;
    if (culprit)
        *culprit = 0;
    enum urna_status st = check_input(c, culprit, err);
    if (st != URNA_OK)
        return st;
    urna_scalar *w = urna_xcalloc(s->n_present, sizeof *w);
    struct part *p = urna_xcalloc(s->n_present, sizeof *p);
    for (uint32_t j = 0; j < s->n_present; j++)
        urna_lagrange(c->G, &w[j], s->present[j], s->present, s->n_present);
    for (uint32_t i = 0; i < s->n_groups && st == URNA_OK; i++) {
        memcpy(t[i].countset, s->countset, 32);
        t[i].contest = s->groups[i].contest;
        t[i].group = c->first_group + i;
        t[i].n_fields = s->groups[i].n_fields;
        t[i].fields = URNA_NEW(a, struct urna_tally_field, t[i].n_fields);
        for (uint32_t f = 0; f < t[i].n_fields && st == URNA_OK; f++)
            st = field_tally(&t[i].fields[f], c, i, f, p, w, a, culprit, err);
    }
    free(w);
    free(p);
    return st;
}
