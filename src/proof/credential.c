#include "proof/credential.h"

#include <string.h>
#include <sodium.h>

#include "base/ct.h"
#include "base/secret.h"
#include "group/group.h"
#include "group/ristretto_decode.h"

/* l, little endian */
static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                  0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                  0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/* Below l, in constant time (the answer is not secret). */
static bool scalar_canonical(const uint8_t s[32])
{
    uint32_t borrow = 0;
    for (size_t i = 0; i < 32; i++)
        borrow = ((uint32_t)s[i] - order[i] - borrow) >> 31;
    URNA_PUBLIC(&borrow, sizeof borrow);
    return borrow == 1;
}

bool urna_credential_key_valid(const uint8_t pk[32])
{
    return urna_ristretto_valid(pk) && !sodium_is_zero(pk, 32);
}

static void challenge(uint8_t c[32], const uint8_t r[32], const uint8_t pk[32], const uint8_t *msg,
                      size_t len)
{
    static const char context[] = "FROST-RISTRETTO255-SHA512-v1chal";
    crypto_hash_sha512_state h;
    uint8_t digest[64];
    crypto_hash_sha512_init(&h);
    crypto_hash_sha512_update(&h, (const uint8_t *)context, sizeof context - 1);
    crypto_hash_sha512_update(&h, r, 32);
    crypto_hash_sha512_update(&h, pk, 32);
    crypto_hash_sha512_update(&h, msg, len);
    crypto_hash_sha512_final(&h, digest);
    crypto_core_ristretto255_scalar_reduce(c, digest);
}

static void reversed(uint8_t out[32], const uint8_t in[32])
{
    for (size_t i = 0; i < 32; i++)
        out[i] = in[31 - i];
}

bool urna_credential_check(const uint8_t pk[32], const uint8_t *msg, size_t len,
                           const uint8_t sig[64])
{
    static const char group[] = "ristretto255";
    const struct urna_group *G = urna_group_find(group, sizeof group - 1);
    const struct urna_fixed *g = urna_fixed_generator(G);
    uint8_t little[32], big[32];
    urna_element key, r;
    urna_scalar z, c, zero;
    reversed(big, sig + 32);
    if (!urna_scalar_decode(G, &z, big) || !urna_element_decode(G, &key, pk) ||
        urna_element_is_identity(G, &key) || sodium_is_zero(sig, 32))
        return false;
    challenge(little, sig, pk, msg, len);
    reversed(big, little);
    if (!urna_scalar_decode(G, &c, big))
        return false;
    urna_scalar_from_u64(G, &zero, 0);
    urna_scalar_sub(G, &c, &zero, &c);
    /* R = z B - c PK, compared as bytes: so R is a canonical encoding whenever this holds. */
    urna_dual_exp_vartime(G, &r, &g, &z, &key, &c, 1);
    urna_element_encode(G, big, &r);
    return memcmp(big, sig, 32) == 0;
}

bool urna_credential_public(uint8_t pk[32], const uint8_t sk[32])
{
    bool good = scalar_canonical(sk) && crypto_scalarmult_ristretto255_base(pk, sk) == 0;
    URNA_PUBLIC(pk, 32);
    URNA_PUBLIC(&good, sizeof good);
    if (!good) {
        memset(pk, 0, 32);
        return false;
    }
    return true;
}

bool urna_credential_sign_with(uint8_t sig[64], const uint8_t sk[32], const uint8_t random[32],
                               const uint8_t *msg, size_t len)
{
    static const char context[] = "urna-cred-nonce-v1";
    crypto_hash_sha512_state h;
    uint8_t pk[32], wide[64], k[32], c[32], ck[32];
    memset(sig, 0, 64);
    if (!urna_credential_public(pk, sk))
        return false;
    crypto_hash_sha512_init(&h);
    crypto_hash_sha512_update(&h, (const uint8_t *)context, sizeof context - 1);
    crypto_hash_sha512_update(&h, sk, 32);
    crypto_hash_sha512_update(&h, random, 32);
    crypto_hash_sha512_update(&h, msg, len);
    crypto_hash_sha512_final(&h, wide);
    crypto_core_ristretto255_scalar_reduce(k, wide);
    bool good = crypto_scalarmult_ristretto255_base(sig, k) == 0;
    URNA_PUBLIC(sig, 32);
    URNA_PUBLIC(&good, sizeof good);
    if (good) {
        challenge(c, sig, pk, msg, len);
        crypto_core_ristretto255_scalar_mul(ck, c, sk);
        crypto_core_ristretto255_scalar_add(sig + 32, k, ck);
        URNA_PUBLIC(sig + 32, 32);
    }
    urna_wipe(&h, sizeof h);
    urna_wipe(wide, sizeof wide);
    urna_wipe(k, sizeof k);
    urna_wipe(ck, sizeof ck);
    return good;
}

bool urna_credential_sign(uint8_t sig[64], const uint8_t sk[32], const uint8_t *msg, size_t len)
{
    uint8_t random[32];
    urna_random(random, sizeof random);
    bool good = urna_credential_sign_with(sig, sk, random, msg, len);
    urna_wipe(random, sizeof random);
    return good;
}
