/* Making proofs: knows secrets, constant time in them. The twins of check.h. */
#ifndef URNA_PROOF_PROVE_H
#define URNA_PROOF_PROVE_H

#include "proof/eg_hash.h"

/* Range proof that (alpha, beta) = (g^xi, K^(xi+value)) with value in 0..bound; c, v: bound + 1 scalars out.
 * All branches do the same work; which one is real is selected without a branch. value is secret and must be <= bound. */
void urna_range_prove(const struct urna_group *G, const struct urna_fixed *g, const struct urna_fixed *K,
                      const uint8_t h_i[32], uint32_t ind_c, uint32_t ind_o, uint32_t bound,
                      const urna_element *alpha, const urna_element *beta, const urna_secret_scalar *xi,
                      uint32_t value, urna_scalar *c, urna_scalar *v);

/* Guardian key proof: a: k secrets of the coefficients, zeta; K, kappa their public twins; u: NULL (drawn) or k+1 given nonces
 * (known answers). c one scalar, v k+1. */
void urna_guardian_prove(const struct urna_group *G, const uint8_t h_p[32], bool data_keys, uint32_t i,
                         const urna_secret_scalar *a, const urna_element *K, uint32_t k,
                         const urna_secret_scalar *zeta, const urna_element *kappa,
                         const urna_secret_scalar *u, urna_scalar *c, urna_scalar *v);

/* Encrypt the two shares P_i(l), Ph_i(l) to kappa_l with a proof (eq. (14)-(22)). xi, u: NULL, or given (known answers). */
void urna_share_encrypt(const struct urna_group *G, const uint8_t h_p[32], uint32_t i, uint32_t l,
                        const urna_element *kappa_l, const urna_secret_scalar *p, const urna_secret_scalar *ph,
                        const urna_secret_scalar *xi, const urna_secret_scalar *u, urna_element *c0,
                        uint8_t c1[64], urna_scalar *c, urna_scalar *v);
/* Decrypt: beta = C0^zeta_l. False if either value is >= q (then p, ph are zero). c0 is a checked element (T3). */
bool urna_share_decrypt(const struct urna_group *G, const uint8_t h_p[32], uint32_t i, uint32_t l,
                        const urna_element *kappa_l, const urna_secret_scalar *zeta_l, const urna_element *c0,
                        const uint8_t c1[64], urna_secret_scalar *p, urna_secret_scalar *ph) URNA_MUST_USE;

#endif
