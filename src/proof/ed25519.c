/* libsodium 1.0.18's crypto_sign_verify_detached refuses S >= l, R and A of small order and A not
 * canonical, and compares encode([S]B - [k]A) with R byte by byte, so R is canonical whenever it
 * accepts. It does not look for torsion in A: that is urna_ed25519_key_valid's task.
 *
 * Its own subgroup test (crypto_core_ed25519_is_valid_point) looks only at the x coordinate of
 * [l]A, so it takes a point with a component of order 2 for one of prime order; see key_valid
 * below. */
#include "proof/ed25519.h"

#include <string.h>
#include <sodium.h>

#include "base/secret.h"

/* 1/8 mod l, little endian */
static const uint8_t inverse_of_8[32] = {
    0x79, 0x2f, 0xdc, 0xe2, 0x29, 0xe5, 0x06, 0x61, 0xd0, 0xda, 0x1c, 0x7d, 0xb3, 0x9d, 0xd3, 0x07,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x06};

/* y < 2^255 - 19 (bit 255 is the sign of x). */
static bool canonical_y(const uint8_t in[32])
{
    uint32_t borrow = 0;
    for (size_t i = 0; i < 32; i++) {
        uint32_t prime = i == 0 ? 0xed : i == 31 ? 0x7f : 0xff;
        uint32_t byte = i == 31 ? in[i] & 0x7f : in[i];
        borrow = (byte - prime - borrow) >> 31;
    }
    return borrow == 1;
}

static bool is_identity(const uint8_t in[32])
{
    static const uint8_t one[32] = {1};
    return memcmp(in, one, 31) == 0 && (in[31] & 0x7f) == 0;
}

bool urna_ed25519_key_valid(const uint8_t pk[32])
{
    if (!canonical_y(pk) || is_identity(pk))
        return false;
    /* [8]A has no torsion left; [1/8] of it is A's part of prime order, which must be all of A. */
    uint8_t a[32], part[32];
    memcpy(a, pk, 32);
    for (int i = 0; i < 3; i++)
        if (crypto_core_ed25519_add(a, a, a) != 0)
            return false;
    if (crypto_scalarmult_ed25519_noclamp(part, inverse_of_8, a) != 0)
        return false;
    return memcmp(part, pk, 32) == 0;
}

bool urna_ed25519_check(const uint8_t pk[32], const uint8_t *msg, size_t len, const uint8_t sig[64])
{
    return canonical_y(pk) && canonical_y(sig) && !is_identity(sig) &&
           crypto_sign_verify_detached(sig, msg, len, pk) == 0;
}

void urna_ed25519_public(uint8_t pk[32], const uint8_t seed[32])
{
    uint8_t sk[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(pk, sk, seed);
    urna_wipe(sk, sizeof sk);
}

void urna_ed25519_sign(uint8_t sig[64], const uint8_t seed[32], const uint8_t *msg, size_t len)
{
    uint8_t sk[crypto_sign_SECRETKEYBYTES], pk[32];
    crypto_sign_seed_keypair(pk, sk, seed);
    crypto_sign_detached(sig, NULL, msg, len, sk);
    urna_wipe(sk, sizeof sk);
}
