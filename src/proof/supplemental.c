#include "proof/supplemental.h"

#include "proof/range_impl.h"

/* How often O and the field enter X. */
static void coefficients(enum urna_relation rel, uint32_t limit, uint64_t *over, uint64_t *field)
{
    *over = rel == URNA_RELATION_NULL ? (uint64_t)limit + 1 : limit;
    *field = rel == URNA_RELATION_DIFFERENCE ? 1 : (uint64_t)limit + 1;
}

static uint32_t lowest(enum urna_relation rel, uint32_t limit)
{
    return rel == URNA_RELATION_NULL ? 1 : limit;
}

static void add_multiple(const struct urna_group *G, struct urna_pair *x,
                         const struct urna_pair *term, uint64_t times)
{
    urna_scalar e;
    urna_element power[2];
    const urna_element base[2] = {term->alpha, term->beta};
    urna_scalar_from_u64(G, &e, times);
    const urna_scalar both[2] = {e, e};
    urna_exp_vartime(G, power, base, both, 2);
    urna_element_mul(G, &x->alpha, &x->alpha, &power[0]);
    urna_element_mul(G, &x->beta, &x->beta, &power[1]);
}

static void add_secret_multiple(const struct urna_group *G, urna_secret_scalar *x,
                                const urna_secret_scalar *term, uint64_t times)
{
    urna_scalar e;
    urna_secret_scalar t;
    urna_scalar_from_u64(G, &e, times);
    urna_secret_from_public(&t, &e);
    urna_secret_mul(G, &t, &t, term);
    urna_secret_add(G, x, x, &t);
    urna_secret_wipe(&t);
}

void urna_relation_combine(const struct urna_group *G, enum urna_relation rel, uint32_t limit,
                           const struct urna_pair *sum, const struct urna_pair *over,
                           const struct urna_pair *field, struct urna_pair *out)
{
    uint64_t times_over, times_field;
    coefficients(rel, limit, &times_over, &times_field);
    struct urna_pair x = *sum;
    if (over != NULL)
        add_multiple(G, &x, over, times_over);
    add_multiple(G, &x, field, times_field);
    *out = x;
}

void urna_limit_combine(const struct urna_group *G, uint32_t limit, const struct urna_pair *sum,
                        const struct urna_pair *over, struct urna_pair *out)
{
    struct urna_pair x = *sum;
    add_multiple(G, &x, over, limit);
    *out = x;
}

void urna_relation_nonce(const struct urna_group *G, enum urna_relation rel, uint32_t limit,
                         const urna_secret_scalar *sum, const urna_secret_scalar *over,
                         const urna_secret_scalar *field, urna_secret_scalar *out)
{
    uint64_t times_over, times_field;
    coefficients(rel, limit, &times_over, &times_field);
    urna_secret_scalar x = *sum;
    if (over != NULL)
        add_secret_multiple(G, &x, over, times_over);
    add_secret_multiple(G, &x, field, times_field);
    *out = x;
    urna_secret_wipe(&x);
}

void urna_limit_nonce(const struct urna_group *G, uint32_t limit, const urna_secret_scalar *sum,
                      const urna_secret_scalar *over, urna_secret_scalar *out)
{
    urna_secret_scalar x = *sum;
    add_secret_multiple(G, &x, over, limit);
    *out = x;
    urna_secret_wipe(&x);
}

uint32_t urna_relation_pairs(enum urna_relation rel, uint32_t limit)
{
    return rel == URNA_RELATION_DIFFERENCE ? 1 : limit + 1;
}

static struct range_head relation_head(uint32_t ind_c, enum urna_relation rel)
{
    struct range_head head = {0x50, 2, {ind_c, (uint32_t)rel}};
    return head;
}

bool urna_relation_check(const struct urna_group *G, const struct urna_fixed *g,
                         const struct urna_fixed *K, const uint8_t h_i[32], uint32_t ind_c,
                         enum urna_relation rel, uint32_t limit, const struct urna_pair *x,
                         const urna_scalar *c, const urna_scalar *v)
{
    const struct range_task task = {relation_head(ind_c, rel),
                                    lowest(rel, limit),
                                    urna_relation_pairs(rel, limit),
                                    &x->alpha,
                                    &x->beta,
                                    c,
                                    v,
                                    NULL};
    bool ok;
    return urna_range_tasks_check(G, g, K, h_i, &task, 1, &ok);
}

void urna_relation_prove(const struct urna_group *G, const struct urna_fixed *g,
                         const struct urna_fixed *K, const uint8_t h_i[32], uint32_t ind_c,
                         enum urna_relation rel, uint32_t limit, const struct urna_pair *x,
                         const urna_secret_scalar *nonce, uint32_t value, urna_scalar *c,
                         urna_scalar *v)
{
    urna_range_prove_task(G, g, K, h_i, relation_head(ind_c, rel), lowest(rel, limit),
                          urna_relation_pairs(rel, limit), &x->alpha, &x->beta, nonce, value, c, v);
}

uint64_t urna_relation_value(enum urna_relation rel, uint64_t limit, uint64_t sum, uint64_t over)
{
    switch (rel) {
    case URNA_RELATION_DIFFERENCE:
        return over != 0 ? 0 : limit - sum;
    case URNA_RELATION_UNDERVOTE:
        return over == 0 && sum < limit;
    case URNA_RELATION_NULL:
        return over == 0 && sum == 0;
    }
    return UINT64_MAX;
}
