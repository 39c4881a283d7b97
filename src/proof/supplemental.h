/* Relation proofs of supplemental fields (docs/protocol.md, section 8.2; domain 50): that an
 * indicator agrees with the selections, as a range proof on a linear combination X of the contest's
 * ciphertexts. For records of other systems and the specification's vectors.
 *
 *   D (undervote difference)  X = S + D + L*O          in {L}
 *   U (undervote indicator)   X = S + (L+1)*U + L*O    in {L .. 2L}
 *   N (null indicator)        X = S + (L+1)*(N+O)      in {1 .. L+1}
 * and, keeping domain 24, the limit proof of a contest that declares O: X = S + L*O in {0 .. L}.
 * S is the product of the option fields and W; O is the identity pair where it is not declared. */
#ifndef URNA_PROOF_SUPPLEMENTAL_H
#define URNA_PROOF_SUPPLEMENTAL_H

#include "proof/eg_hash.h"

enum urna_relation {
    URNA_RELATION_DIFFERENCE = 1,
    URNA_RELATION_UNDERVOTE = 2,
    URNA_RELATION_NULL = 3
};

/* One ciphertext. */
struct urna_pair {
    urna_element alpha, beta;
};

/* X for the relation: sum = S, over = O or NULL, field = the D, U or N ciphertext. */
void urna_relation_combine(const struct urna_group *G, enum urna_relation rel, uint32_t limit,
                           const struct urna_pair *sum, const struct urna_pair *over,
                           const struct urna_pair *field, struct urna_pair *out);
/* X = S + L*O for the limit proof. */
void urna_limit_combine(const struct urna_group *G, uint32_t limit, const struct urna_pair *sum,
                        const struct urna_pair *over, struct urna_pair *out);
/* The same combinations of nonces; secret. over may be NULL. */
void urna_relation_nonce(const struct urna_group *G, enum urna_relation rel, uint32_t limit,
                         const urna_secret_scalar *sum, const urna_secret_scalar *over,
                         const urna_secret_scalar *field, urna_secret_scalar *out);
void urna_limit_nonce(const struct urna_group *G, uint32_t limit, const urna_secret_scalar *sum,
                      const urna_secret_scalar *over, urna_secret_scalar *out);

/* How many (c, v) pairs the proof has: 1, L+1, L+1. */
uint32_t urna_relation_pairs(enum urna_relation rel, uint32_t limit);
bool urna_relation_check(const struct urna_group *G, const struct urna_fixed *g,
                         const struct urna_fixed *K, const uint8_t h_i[32], uint32_t ind_c,
                         enum urna_relation rel, uint32_t limit, const struct urna_pair *x,
                         const urna_scalar *c, const urna_scalar *v) URNA_MUST_USE;
/* value: the plain value of X, which must be in the relation's set. */
void urna_relation_prove(const struct urna_group *G, const struct urna_fixed *g,
                         const struct urna_fixed *K, const uint8_t h_i[32], uint32_t ind_c,
                         enum urna_relation rel, uint32_t limit, const struct urna_pair *x,
                         const urna_secret_scalar *nonce, uint32_t value, urna_scalar *c,
                         urna_scalar *v);
/* Section 8.1 in clear, for opened ballots: the value that D, U or N must have. */
uint64_t urna_relation_value(enum urna_relation rel, uint64_t limit, uint64_t sum, uint64_t over);

#endif
