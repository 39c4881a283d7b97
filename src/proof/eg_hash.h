/* The hashes of ElectionGuard 2.1 as functions of typed values (docs/protocol.md, table of domain bytes).
 * One place for the order of every hash input. */
#ifndef URNA_PROOF_EG_HASH_H
#define URNA_PROOF_EG_HASH_H

#include "group/group.h"

/* 00, eq. (4) */
void urna_hash_parameters(uint8_t h_p[32], const struct urna_group *G, uint32_t n, uint32_t k);
/* 01, eq. (5): over the exact bytes of the manifest */
void urna_hash_base(uint8_t h_b[32], const uint8_t h_p[32], struct urna_view manifest);
/* 13, eq. (27). k_ij, kh_ij: n*k elements, guardian by guardian; kappa: n. */
void urna_hash_guardian_record(uint8_t h_g[32], const struct urna_group *G, const uint8_t h_b[32],
                               const urna_element *K, const urna_element *Kh, const urna_element *k_ij,
                               const urna_element *kh_ij, const urna_element *kappa, uint32_t n, uint32_t k);
/* 14, eq. (30) */
void urna_hash_extended(uint8_t h_e[32], const struct urna_group *G, const uint8_t h_b[32],
                        const urna_element *K, const urna_element *Kh);
/* 20, eq. (32) */
void urna_hash_identifier(uint8_t h_i[32], const uint8_t h_e[32], const uint8_t id_b[32]);
/* 51 (election.md section 5): id_B from the voter's first key and rho */
void urna_hash_ballot_id(uint8_t id_b[32], const uint8_t h_e[32], const uint8_t pk_1[32], const uint8_t rho[32]);
/* 21, eq. (33): the nonce of a field; secret */
void urna_hash_selection_nonce(const struct urna_group *G, urna_secret_scalar *xi, const uint8_t h_i[32],
                               uint32_t i, uint32_t j, const uint8_t xi_b[32]);
/* 28, eq. (70): alpha/beta interleaved by field. data = {C0 bytes, C1, c, v} already encoded, or empty. */
void urna_hash_contest(uint8_t chi[32], const struct urna_group *G, const uint8_t h_i[32], uint32_t ind_c,
                       const urna_element *alpha, const urna_element *beta, size_t m, struct urna_view data);
/* 29, eq. (71) */
void urna_hash_confirmation(uint8_t h_c[32], const uint8_t h_i[32], const uint8_t (*chi)[32], size_t n,
                            const uint8_t b_c[36]);
/* 2A, eq. (72) */
void urna_hash_device(uint8_t h_di[32], const uint8_t h_e[32], struct urna_view s_device);
/* B_C of mode none: 00000000 || H_DI */
void urna_chaining_none(uint8_t b_c[36], const uint8_t h_di[32]);
/* 30, eq. (88): a guardian's commitment for one field of a tally */
void urna_hash_decrypt_commit(uint8_t d[32], const struct urna_group *G, const uint8_t h_e[32], uint32_t ind_c,
                              uint32_t ind_o, uint32_t i, const urna_element *A, const urna_element *B,
                              const urna_element *a_i, const urna_element *b_i, const urna_element *M_i,
                              const uint32_t *U, size_t n_U);
/* 31, eq. (90) */
void urna_hash_decrypt_challenge(const struct urna_group *G, urna_scalar *c, const uint8_t h_e[32], uint32_t ind_c,
                                 uint32_t ind_o, const urna_element *A, const urna_element *B,
                                 const urna_element *a, const urna_element *b, const urna_element *M);
/* 11, eq. (16): the key of an encrypted share; beta is secret */
void urna_hash_share_key(uint8_t k[32], const struct urna_group *G, const uint8_t h_p[32], uint32_t i, uint32_t l,
                         const urna_element *kappa_l, const urna_element *alpha, const urna_element *beta);

#endif
