/* H of ElectionGuard 2.1 (section 5): HMAC-SHA-256 with a 32-byte key over one domain byte and
 * items of fixed or prefixed length. H_q = H as a number mod q is made in group/
 * (urna_scalar_from_hash). */
#ifndef URNA_HASH_EG_H_H
#define URNA_HASH_EG_H_H

#include "hash/sha256.h"

struct urna_h {
    struct urna_hmac mac;
};
void urna_h_begin(struct urna_h *h, const uint8_t key[32], uint8_t domain);
void urna_h_u32(struct urna_h *h, uint32_t x);
void urna_h_bytes(struct urna_h *h, const void *p, size_t len);
void urna_h_str(struct urna_h *h, const char *s); /* raw bytes, no length */
void urna_h_end(struct urna_h *h, uint8_t out[32]);

/* Key derivation in counter mode, SP 800-108 as used by the specification: three uses with
 * different widths of counter and length (eq. (17), (36), (66)). share: k_b = HMAC(key, b ‖
 * "share_enc_keys" ‖ 00 ‖ "share_encrypt" ‖ i(4) ‖ l(4) ‖ 0200), b = 1, 2 nonce: k_1 = HMAC(key, 01
 * ‖ "ballot_nonce" ‖ 00 ‖ "ballot_nonce_encrypt" ‖ 0100) data:  k_i = HMAC(key, b(i,4) ‖
 * "data_enc_keys" ‖ 00 ‖ "contest_data" ‖ ind_c(4) ‖ b(256*blocks,4)) */
void urna_kdf_share(uint8_t out[64], const uint8_t key[32], uint32_t i, uint32_t l);
void urna_kdf_nonce(uint8_t out[32], const uint8_t key[32]);
void urna_kdf_data(uint8_t *out, const uint8_t key[32], uint32_t ind_c, uint32_t blocks);

#endif
