/* Checking proofs: public data only, variable time. Every function recomputes the challenge from the statement
 * and compares. The functions over many items keep a batch of powers together for the backend. */
#ifndef URNA_PROOF_CHECK_H
#define URNA_PROOF_CHECK_H

#include "proof/eg_hash.h"

/* Ballot range proof, domain 24 (sections 3.3.7, 3.3.8; eq. (41), (50), (59), (62)).
 * ind_o = 0: the contest limit proof, whose challenge has no option index. c, v: bound + 1 scalars each. */
struct urna_range_statement {
    uint32_t ind_c, ind_o, bound;
    urna_element alpha, beta;
    const urna_scalar *c, *v;
};
/* ok[i] for each statement; returns true if all hold. gK: {table of g, table of K}. */
bool urna_range_check(const struct urna_group *G, const struct urna_fixed *g, const struct urna_fixed *K,
                      const uint8_t h_i[32], const struct urna_range_statement *s, size_t n, bool *ok) URNA_MUST_USE;

/* The same where alpha and beta are still to be tested (Verifications 6.A and 7.A with the proof, in one
 * pass). member[i]: both are members; ok[i]: member[i] and the proof holds. */
struct urna_range_candidate {
    uint32_t ind_c, ind_o, bound;
    urna_candidate alpha, beta;
    const urna_scalar *c, *v;
};
bool urna_range_check_candidates(const struct urna_group *G, const struct urna_fixed *g,
                                 const struct urna_fixed *K, const uint8_t h_i[32],
                                 const struct urna_range_candidate *s, size_t n, bool *member,
                                 bool *ok) URNA_MUST_USE;

/* Guardian key proof, domain 10, eq. (10)-(13). data_keys: "pk_data" instead of "pk_vote". K: k elements; v: k+1. */
bool urna_guardian_proof_check(const struct urna_group *G, const uint8_t h_p[32], bool data_keys, uint32_t i,
                               const urna_element *K, uint32_t k, const urna_element *kappa,
                               const urna_scalar *c, const urna_scalar *v) URNA_MUST_USE;

/* Proof of an encrypted share, domain 12, eq. (21), (22). */
bool urna_share_proof_check(const struct urna_group *G, const uint8_t h_p[32], uint32_t i, uint32_t l,
                            const urna_element *c0, const uint8_t c1[64], const urna_scalar *c,
                            const urna_scalar *v) URNA_MUST_USE;
/* prod_j K_j^(l^j): g to the power of guardian's polynomial at l, from its commitments (eq. (28), (29)). */
void urna_commitment_at(const struct urna_group *G, urna_element *out, const urna_element *K, uint32_t k, uint32_t l);

/* Decryption of one field of a tally, domain 31, eq. (90)-(92): M = B / K^t, a = g^v K^c, b = A^v M^c.
 * The caller has checked 0 <= t <= bound. */
bool urna_tally_check(const struct urna_group *G, const struct urna_fixed *K, const uint8_t h_e[32],
                      uint32_t ind_c, uint32_t ind_o, const urna_element *A, const urna_element *B, uint64_t t,
                      const urna_scalar *c, const urna_scalar *v) URNA_MUST_USE;

/* One guardian's answer, eq. (94), (95): a_i = g^v S_i^c_i and b_i = A^v M_i^c_i, S_i = g^(z_i) as made by
 * urna_commitment_at over all guardians (product), c_i = c * w_i. */
bool urna_partial_check(const struct urna_group *G, const urna_element *S_i, const urna_element *A,
                        const urna_element *M_i, const urna_element *a_i, const urna_element *b_i,
                        const urna_scalar *c_i, const urna_scalar *v_i) URNA_MUST_USE;

#endif
