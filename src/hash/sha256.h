/* SHA-256 and HMAC-SHA-256 (OpenSSL). Values, no allocation; states may be copied. */
#ifndef URNA_HASH_SHA256_H
#define URNA_HASH_SHA256_H

#include "base/bytes.h"

#define URNA_HASH_LEN 32

struct urna_sha256 {
    uint64_t opaque[16]; /* holds OpenSSL's SHA256_CTX (112 bytes, checked in sha256.c) */
};
void urna_sha256_init(struct urna_sha256 *s);
void urna_sha256_add(struct urna_sha256 *s, const void *p, size_t len);
void urna_sha256_end(struct urna_sha256 *s, uint8_t out[URNA_HASH_LEN]); /* wipes s */
void urna_sha256(uint8_t out[URNA_HASH_LEN], const void *p, size_t len);

/* HMAC with a 32-byte key (RFC 2104). */
struct urna_hmac {
    struct urna_sha256 inner, outer;
};
void urna_hmac_init(struct urna_hmac *h, const uint8_t key[32]);
void urna_hmac_add(struct urna_hmac *h, const void *p, size_t len);
void urna_hmac_end(struct urna_hmac *h, uint8_t out[URNA_HASH_LEN]); /* wipes h */

#endif
