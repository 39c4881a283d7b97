/* Contest data: hashed ElGamal to the ballot-data key, its proof, and its verifiable decryption
 * (sections 3.3.10 and 3.6.5; domains 25, 26, 27, 32, 33). For the specification's vectors and
 * records of other systems: elections of this program have no contest data. C1 has 32 * blocks
 * bytes, 1 <= blocks < 2^24. */
#ifndef URNA_PROOF_CONTEST_DATA_H
#define URNA_PROOF_CONTEST_DATA_H

#include "proof/eg_hash.h"

struct urna_contest_data {
    urna_element c0;
    const uint8_t *c1;
    uint32_t blocks;
    urna_scalar c, v; /* C2 */
};

/* 25, eq. (64); secret */
void urna_hash_data_nonce(const struct urna_group *G, urna_secret_scalar *xi, const uint8_t h_i[32],
                          uint32_t ind_c, const uint8_t xi_b[32]);
/* 26, eq. (65): the key of the pad; beta may be secret */
void urna_hash_data_key(uint8_t h[32], const struct urna_group *G, const uint8_t h_i[32],
                        uint32_t ind_c, const urna_element *alpha, const urna_element *beta);
/* 27, eq. (69): a, C0, C1 */
void urna_hash_data_challenge(const struct urna_group *G, urna_scalar *c, const uint8_t h_i[32],
                              uint32_t ind_c, const urna_element *a, const urna_element *c0,
                              const uint8_t *c1, uint32_t blocks);
/* 32, eq. (99); keyed with H_I */
void urna_hash_data_commit(uint8_t d[32], const struct urna_group *G, const uint8_t h_i[32],
                           uint32_t ind_c, uint32_t i, const struct urna_contest_data *data,
                           const urna_element *a_i, const urna_element *b_i,
                           const urna_element *m_i, const uint32_t *U, size_t n_U);
/* 33, eq. (101) */
void urna_hash_data_decrypt_challenge(const struct urna_group *G, urna_scalar *c,
                                      const uint8_t h_i[32], uint32_t ind_c,
                                      const struct urna_contest_data *data, const urna_element *a,
                                      const urna_element *b, const urna_element *beta);

/* text: 32 * blocks bytes; c1: room for as many, may be text; data->c1 becomes c1. u: NULL, or
 * given (known answers). */
void urna_data_encrypt(const struct urna_group *G, const struct urna_fixed *Kh,
                       const uint8_t h_i[32], uint32_t ind_c, const urna_secret_scalar *xi,
                       const urna_secret_scalar *u, const uint8_t *text, uint32_t blocks,
                       struct urna_contest_data *data, uint8_t *c1);
bool urna_data_proof_check(const struct urna_group *G, const uint8_t h_i[32], uint32_t ind_c,
                           const struct urna_contest_data *data) URNA_MUST_USE;
/* With beta = C0^(secret of Kh) = Kh^xi. text may be C1. */
void urna_data_open(const struct urna_group *G, const uint8_t h_i[32], uint32_t ind_c,
                    const struct urna_contest_data *data, const urna_element *beta, uint8_t *text);
/* Verification 12.A and B: that beta is C0^(secret of Kh). */
bool urna_data_decryption_check(const struct urna_group *G, const struct urna_fixed *Kh,
                                const uint8_t h_i[32], uint32_t ind_c,
                                const struct urna_contest_data *data, const urna_element *beta,
                                const urna_scalar *c, const urna_scalar *v) URNA_MUST_USE;
/* C0 || C1 || c || v, as the contest hash (28) wants it; appended. */
void urna_data_encode(const struct urna_group *G, struct urna_buf *out,
                      const struct urna_contest_data *data);

#endif
