/* The ballot nonce encrypted to the ballot-data key (section 3.3.4; domains 22, 23). For vectors
 * and records of other systems: ballots of this program carry none. */
#ifndef URNA_PROOF_BALLOT_NONCE_H
#define URNA_PROOF_BALLOT_NONCE_H

#include "proof/eg_hash.h"

struct urna_ballot_nonce {
    urna_element c0;
    uint8_t c1[32];
    urna_scalar c, v;
};

/* 22, eq. (35); beta is secret */
void urna_hash_nonce_key(uint8_t h[32], const struct urna_group *G, const uint8_t h_i[32],
                         const urna_element *alpha, const urna_element *beta);
/* 23, eq. (38) */
void urna_hash_nonce_challenge(const struct urna_group *G, urna_scalar *c, const uint8_t h_i[32],
                               const urna_element *a, const urna_element *c0, const uint8_t c1[32]);
/* xi_hat, u: NULL, or given (known answers) */
void urna_nonce_encrypt(const struct urna_group *G, const struct urna_fixed *Kh,
                        const uint8_t h_i[32], const uint8_t xi_b[32],
                        const urna_secret_scalar *xi_hat, const urna_secret_scalar *u,
                        struct urna_ballot_nonce *out);
bool urna_nonce_proof_check(const struct urna_group *G, const uint8_t h_i[32],
                            const struct urna_ballot_nonce *x) URNA_MUST_USE;
/* With beta = C0^(secret of Kh). */
void urna_nonce_open(const struct urna_group *G, const uint8_t h_i[32],
                     const struct urna_ballot_nonce *x, const urna_element *beta, uint8_t xi_b[32]);

#endif
