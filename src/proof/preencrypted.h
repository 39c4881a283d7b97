/* Hashes and short codes of pre-encrypted ballots (section 4; domains 40-45): for vectors and
 * records of other systems. Chaining of their codes is in chaining.h. */
#ifndef URNA_PROOF_PREENCRYPTED_H
#define URNA_PROOF_PREENCRYPTED_H

#include "proof/eg_hash.h"

/* 45, eq. (121): nonce of entry k of vector j of contest i; secret */
void urna_hash_vector_nonce(const struct urna_group *G, urna_secret_scalar *xi,
                            const uint8_t h_i[32], uint32_t i, uint32_t j, uint32_t k,
                            const uint8_t xi_b[32]);
/* 40, eq. (113), (114) */
void urna_hash_selection(uint8_t psi[32], const struct urna_group *G, const uint8_t h_i[32],
                         const urna_element *alpha, const urna_element *beta, size_t m);
/* 41, eq. (115), over n = m + L selection hashes in any order. False (and chi zero) if two are
 * equal. */
bool urna_hash_contest_pre(uint8_t chi[32], const uint8_t h_i[32], uint32_t ind_c,
                           const uint8_t (*psi)[32], size_t n) URNA_MUST_USE;
/* 42, eq. (116) */
void urna_hash_confirmation_pre(uint8_t h_c[32], const uint8_t h_i[32], const uint8_t (*chi)[32],
                                size_t n, const uint8_t b_c[36]);
/* 43, eq. (119) */
void urna_hash_device_pre(uint8_t h_di[32], const uint8_t h_e[32], struct urna_view s_device);

/* Hash trimming: the predefined functions 1..8. */
enum urna_trimming {
    URNA_OMEGA_TWO_HEX = 1,      /* last byte, 2 hexadecimal digits */
    URNA_OMEGA_FOUR_HEX = 2,     /* last two bytes */
    URNA_OMEGA_LETTER_DIGIT = 3, /* A0..Z5 */
    URNA_OMEGA_DIGIT_LETTER = 4, /* 0A..9V */
    URNA_OMEGA_0_255 = 5,
    URNA_OMEGA_1_256 = 6,
    URNA_OMEGA_100_355 = 7,
    URNA_OMEGA_101_356 = 8,
};
#define URNA_SHORT_CODE_MAX 5 /* with its NUL */
/* False for a function that is not one of the eight. */
bool urna_short_code(char out[URNA_SHORT_CODE_MAX], enum urna_trimming omega,
                     const uint8_t psi[32]) URNA_MUST_USE;

#endif
