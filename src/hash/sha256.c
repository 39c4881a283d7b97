/* SHA-256 on OpenSSL's low-level calls: the state is a plain value that can be copied, which makes
 * a keyed HMAC state cost nothing to reuse. The calls are marked deprecated in OpenSSL 3 for their
 * style, not for their safety; only this file knows them. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "base/secret.h"
#include "hash/sha256.h"

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct urna_sha256), "SHA256_CTX fits");
_Static_assert(_Alignof(SHA256_CTX) <= _Alignof(struct urna_sha256), "SHA256_CTX is aligned");
_Static_assert(SHA256_DIGEST_LENGTH == URNA_HASH_LEN, "32 bytes");

static SHA256_CTX *ctx(struct urna_sha256 *s)
{
    return (SHA256_CTX *)(void *)s->opaque;
}

void urna_sha256_init(struct urna_sha256 *s)
{
    SHA256_Init(ctx(s));
}

void urna_sha256_add(struct urna_sha256 *s, const void *p, size_t len)
{
    if (len > 0)
        SHA256_Update(ctx(s), p, len);
}

void urna_sha256_end(struct urna_sha256 *s, uint8_t out[URNA_HASH_LEN])
{
    SHA256_Final(out, ctx(s));
    urna_wipe(s, sizeof *s);
}

void urna_sha256(uint8_t out[URNA_HASH_LEN], const void *p, size_t len)
{
    struct urna_sha256 s;
    urna_sha256_init(&s);
    urna_sha256_add(&s, p, len);
    urna_sha256_end(&s, out);
}

static void init_padded(struct urna_sha256 *s, const uint8_t key[32], uint8_t pad)
{
    uint8_t block[SHA256_CBLOCK];
    for (size_t i = 0; i < sizeof block; i++)
        block[i] = (uint8_t)((i < 32 ? key[i] : 0) ^ pad);
    urna_sha256_init(s);
    urna_sha256_add(s, block, sizeof block);
    urna_wipe(block, sizeof block);
}

void urna_hmac_init(struct urna_hmac *h, const uint8_t key[32])
{
    init_padded(&h->inner, key, 0x36);
    init_padded(&h->outer, key, 0x5C);
}

void urna_hmac_add(struct urna_hmac *h, const void *p, size_t len)
{
    urna_sha256_add(&h->inner, p, len);
}

void urna_hmac_end(struct urna_hmac *h, uint8_t out[URNA_HASH_LEN])
{
    uint8_t inner[URNA_HASH_LEN];
    urna_sha256_end(&h->inner, inner);
    urna_sha256_add(&h->outer, inner, sizeof inner);
    urna_sha256_end(&h->outer, out);
    urna_wipe(inner, sizeof inner);
}
