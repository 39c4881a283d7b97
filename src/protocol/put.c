#include "protocol/put.h"

const uint8_t *urna_put_element(const struct urna_group *G, struct urna_arena *a,
                                const urna_element *x)
{
    uint8_t *p = urna_arena_alloc(a, 1, urna_group_lp(G));
    urna_element_encode(G, p, x);
    return p;
}

const uint8_t *urna_put_scalar(const struct urna_group *G, struct urna_arena *a,
                               const urna_scalar *x)
{
    uint8_t *p = urna_arena_alloc(a, 1, urna_group_lq(G));
    urna_scalar_encode(G, p, x);
    return p;
}

const uint8_t **urna_put_scalars(const struct urna_group *G, struct urna_arena *a,
                                 const urna_scalar *x, uint32_t n)
{
    const uint8_t **list = URNA_NEW(a, const uint8_t *, n);
    for (uint32_t i = 0; i < n; i++)
        list[i] = urna_put_scalar(G, a, &x[i]);
    return list;
}
