/* Anchor policy, cut and seal: who must have signed, and what that says about time (election.md section 7). Pure. */
#ifndef URNA_RULES_POLICY_H
#define URNA_RULES_POLICY_H

#include "base/bytes.h"

/* bloc[i]: bloc of witness i, n witnesses of the manifest. have[i]: it is there. A majority of the witnesses in each of at least
 * floor(b/2)+1 of the b blocs that have witnesses. No witnesses: false. */
bool urna_policy_satisfied(const char *const *bloc, const bool *have, uint32_t n) URNA_MUST_USE;

/* One cosignature in an accepted anchor. */
struct urna_cosigned {
    uint32_t witness;
    uint64_t size, time;
    uint64_t index; /* of the anchor's entry */
};
/* s_w(T) for every witness, over the cosignatures given (those of anchors accepted up to the seal). */
void urna_cosigned_sizes(uint64_t *s, uint32_t n, const struct urna_cosigned *c, size_t n_c, uint64_t T);
/* cut(T): the largest s for which {w accepted : s_w(T) >= s} satisfies the policy; 0 if none. accepted[i]: has an `accept` before `open`. */
uint64_t urna_cut(const char *const *bloc, const bool *accepted, uint32_t n, const struct urna_cosigned *c, size_t n_c, uint64_t T);

#endif
