/* Hash inputs that several files of this room share, and the general form of a range proof. Private
 * to this room. */
#ifndef URNA_PROOF_HASH_IMPL_H
#define URNA_PROOF_HASH_IMPL_H

#include "proof/eg_hash.h"

/* Nonces derived from the secret ballot nonce: 21 (i, j), 25 (i), 45 (i, j, k). */
void urna_hash_secret_nonce(const struct urna_group *G, urna_secret_scalar *xi,
                            const uint8_t h_i[32], uint8_t domain, const uint32_t *index, size_t n,
                            const uint8_t xi_b[32]);
/* 29, 42: confirmation code */
void urna_hash_code(uint8_t h_c[32], uint8_t domain, const uint8_t h_i[32],
                    const uint8_t (*chi)[32], size_t n, const uint8_t b_c[36]);
/* 2A, 43 */
void urna_hash_device_in(uint8_t h_di[32], uint8_t domain, const uint8_t h_e[32],
                         struct urna_view s_device);
/* #U, j_1, .. */
void urna_hash_set(struct urna_h *h, const uint32_t *U, size_t n);
/* 10; commit: k + 1 elements */
void urna_hash_guardian_challenge(const struct urna_group *G, urna_scalar *c, const uint8_t h_p[32],
                                  bool data_keys, uint32_t i, const urna_element *K, uint32_t k,
                                  const urna_element *kappa, const urna_element *commit);
/* 12 */
void urna_hash_share_challenge(const struct urna_group *G, urna_scalar *c, const uint8_t h_p[32],
                               uint32_t i, uint32_t l, const urna_element *gamma,
                               const urna_element *c0, const uint8_t c1[64]);

/* Schnorr in two steps: nonce = u, or drawn if NULL, and a = g^nonce; then v = nonce - c x. prove.c
 */
void urna_schnorr_commit(const struct urna_group *G, urna_secret_scalar *nonce,
                         const urna_secret_scalar *u, urna_element *a);
void urna_schnorr_respond(const struct urna_group *G, urna_scalar *v,
                          const urna_secret_scalar *nonce, const urna_scalar *c,
                          const urna_secret_scalar *x);

#endif
