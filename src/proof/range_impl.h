/* The general form of a range proof: (alpha, beta) = (g^xi, K^(xi+value)) with value in
 * low..low+count-1. The ballot proofs of domain 24 and the relations of domain 50 are cases of it.
 * Private to this room and its tests. */
#ifndef URNA_PROOF_RANGE_IMPL_H
#define URNA_PROOF_RANGE_IMPL_H

#include "proof/eg_hash.h"

/* What stands in the challenge before the ciphertext. */
struct range_head {
    uint8_t domain;
    unsigned n; /* of prefix */
    uint32_t prefix[2];
};
struct range_task {
    struct range_head head;
    uint32_t low, count; /* count >= 1 */
    const urna_element *alpha, *beta;
    const urna_scalar *c, *v; /* count each */
    /* NULL, or: alpha and beta are of candidates, and *member becomes whether both are members. */
    bool *member;
};

struct range_head urna_range_head(uint32_t ind_c, uint32_t ind_o);

bool urna_range_tasks_check(const struct urna_group *G, const struct urna_fixed *g,
                            const struct urna_fixed *K, const uint8_t h_i[32],
                            const struct range_task *task, size_t n, bool *ok) URNA_MUST_USE;

/* u and fake: count scalars each, fresh and secret; fake of the real branch is not used. */
void urna_range_prove_with(const struct urna_group *G, const struct urna_fixed *g,
                           const struct urna_fixed *K, const uint8_t h_i[32],
                           struct range_head head, uint32_t low, uint32_t count,
                           const urna_element *alpha, const urna_element *beta,
                           const urna_secret_scalar *xi, uint32_t value,
                           const urna_secret_scalar *u, const urna_secret_scalar *fake,
                           urna_scalar *c, urna_scalar *v);
/* The same with randomness drawn here. */
void urna_range_prove_task(const struct urna_group *G, const struct urna_fixed *g,
                           const struct urna_fixed *K, const uint8_t h_i[32],
                           struct range_head head, uint32_t low, uint32_t count,
                           const urna_element *alpha, const urna_element *beta,
                           const urna_secret_scalar *xi, uint32_t value, urna_scalar *c,
                           urna_scalar *v);

#endif
