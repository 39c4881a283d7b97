#ifndef URNA_TESTS_GROUP_TEST_H
#define URNA_TESTS_GROUP_TEST_H

#include "../base/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/secret.h"
#include "group/group_impl.h"

static inline const struct urna_group *group_named(const char *name)
{
    const struct urna_group *G = urna_group_find(name, strlen(name));
    assert_non_null(G);
    return G;
}

static const char *const all_groups[] = {"ristretto255", "eg4096",     "eg3072",    "toy-7-16",
                                         "toy-16-32",    "toy-16-48",  "toy-24-64", "toy-32-96",
                                         "toy-32-128",   "toy-48-192", "toy-64-256"};
#define N_GROUPS (sizeof all_groups / sizeof all_groups[0])

static inline void random_scalar(const struct urna_group *G, urna_scalar *x)
{
    urna_secret_scalar s;
    urna_secret_random(G, &s);
    urna_secret_declassify(x, &s);
}

static inline void random_element(const struct urna_group *G, urna_element *x)
{
    urna_scalar e;
    random_scalar(G, &e);
    urna_fixed_exp_vartime(urna_fixed_generator(G), x, &e, 1);
}

/* Scalars where carries and windows go wrong first: 0, 1, 2, q-1, q-2, powers of two, runs of ones.
 */
static inline size_t edge_scalars(const struct urna_group *G, urna_scalar *out, size_t max)
{
    size_t n = 0;
    urna_scalar one, x;
    urna_scalar_from_u64(G, &one, 1);
    urna_scalar_from_u64(G, &out[n++], 0);
    urna_scalar_from_u64(G, &out[n++], 1);
    urna_scalar_from_u64(G, &out[n++], 2);
    urna_scalar_sub(G, &out[n++], &out[0], &one);
    urna_scalar_sub(G, &out[n++], &out[0], &out[2]);
    x = one;
    for (unsigned bit = 1; bit < 256 && n + 2 < max; bit++) {
        urna_scalar_add(G, &x, &x, &x);
        if (bit % 17 != 0 && bit % 64 > 1 && bit % 64 < 62)
            continue;
        out[n++] = x;
        urna_scalar_sub(G, &out[n++], &x, &one);
    }
    return n;
}

#endif
