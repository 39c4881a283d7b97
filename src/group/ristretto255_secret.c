/* Scalars and secret exponents of ristretto255: libsodium, constant time. Its scalar
 * multiplications return -1 when the *result* is the identity (after writing 32 zero bytes, which
 * are its encoding); an exponent of zero or an identity base are ordinary here. */
#include "group/ristretto_impl.h"

#include <string.h>
#include <sodium.h>

#include "base/secret.h"

/* --- scalars --- */

/* Limbs of a scalar as the 32 little-endian bytes that libsodium wants, and back. */
static void scalar_bytes(uint8_t out[32], const uint64_t v[4])
{
    for (size_t i = 0; i < 32; i++)
        out[i] = (uint8_t)(v[i / 8] >> (8 * (i % 8)));
}

static void scalar_limbs(uint64_t out[4], const uint8_t in[32])
{
    for (size_t i = 0; i < 4; i++) {
        uint64_t x = 0;
        for (size_t j = 8; j-- > 0;)
            x = x << 8 | in[8 * i + j];
        out[i] = x;
    }
}

static void scalar_op(void (*op)(unsigned char *, const unsigned char *, const unsigned char *),
                      uint64_t *out, const uint64_t *a, const uint64_t *b)
{
    uint8_t ab[32], bb[32], r[32];
    scalar_bytes(ab, a);
    scalar_bytes(bb, b);
    op(r, ab, bb);
    scalar_limbs(out, r);
    urna_wipe(ab, sizeof ab);
    urna_wipe(bb, sizeof bb);
    urna_wipe(r, sizeof r);
}

void ristretto_scalar_add(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                          const uint64_t *b)
{
    (void)G;
    scalar_op(crypto_core_ristretto255_scalar_add, out, a, b);
}

void ristretto_scalar_sub(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                          const uint64_t *b)
{
    (void)G;
    scalar_op(crypto_core_ristretto255_scalar_sub, out, a, b);
}

void ristretto_scalar_mul(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                          const uint64_t *b)
{
    (void)G;
    scalar_op(crypto_core_ristretto255_scalar_mul, out, a, b);
}

void ristretto_scalar_reduce(const struct urna_group *G, uint64_t *out, const uint64_t in[4])
{
    (void)G;
    uint8_t wide[64] = {0}, r[32];
    scalar_bytes(wide, in);
    crypto_core_ristretto255_scalar_reduce(r, wide);
    scalar_limbs(out, r);
    urna_wipe(wide, sizeof wide);
    urna_wipe(r, sizeof r);
}

/* --- powers --- */

/* out = base^e; base NULL: the generator. */
static void power(urna_element *out, const uint8_t *base, const uint64_t e[4])
{
    uint8_t eb[32], r[32] = {0};
    scalar_bytes(eb, e);
    /* -1 means no more than that the result is the identity: bases are members by construction. */
    int is_identity = base == NULL ? crypto_scalarmult_ristretto255_base(r, eb)
                                   : crypto_scalarmult_ristretto255(r, eb, base);
    (void)is_identity;
    set_bytes(out, r);
    urna_wipe(eb, sizeof eb);
    urna_wipe(r, sizeof r);
}

void ristretto_exp_secret(const struct urna_group *G, urna_element *out, const urna_element *base,
                          const urna_secret_scalar *e, size_t n)
{
    (void)G;
    for (size_t i = 0; i < n; i++) {
        uint8_t room[32];
        power(&out[i], bytes_of(&base[i], room), e[i].secret);
    }
}

void ristretto_fixed_exp_secret(const struct urna_fixed *F, urna_element *out,
                                const urna_secret_scalar *e, size_t n)
{
    uint8_t room[32];
    const uint8_t *base = bytes_of(&F->base, room);
    if (memcmp(base, urna_ristretto_generator, 32) == 0)
        base = NULL;
    for (size_t i = 0; i < n; i++)
        power(&out[i], base, e[i].secret);
}
