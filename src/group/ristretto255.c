/* ristretto255 (RFC 9496) over libsodium. An element is its canonical encoding, kept in the first
 * 32 bytes of urna_element; all other bytes are zero.
 *
 * libsodium's scalar multiplications return -1 when the *result* is the identity (after writing 32
 * zero bytes, which are its encoding); an exponent of zero or an identity base are ordinary here.
 */
#include "group/group_impl.h"
#include "group/ristretto_decode.h"

#include <string.h>
#include <sodium.h>

#include "base/secret.h"

static const uint8_t generator_bytes[32] = {
    0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9, 0x61, 0xc5, 0x00, 0x51, 0x5f,
    0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82, 0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76};

static const uint8_t *bytes_of(const urna_element *x)
{
    return (const uint8_t *)x->v;
}

static void set_bytes(urna_element *out, const uint8_t in[32])
{
    memcpy(out->v, in, 32);
    memset((uint8_t *)out->v + 32, 0, sizeof out->v - 32);
}

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

bool urna_ristretto_canonical(const uint8_t in[32])
{
    /* Below 2^255 - 19, with bit 255 clear: subtract the prime and look at the borrow. */
    uint32_t borrow = 0;
    for (size_t i = 0; i < 32; i++) {
        uint32_t prime_byte = i == 0 ? 0xed : i == 31 ? 0x7f : 0xff;
        borrow = ((uint32_t)in[i] - prime_byte - borrow) >> 31;
    }
    return borrow == 1 && (in[0] & 1) == 0;
}

bool urna_ristretto_valid(const uint8_t in[32])
{
    /* libsodium 1.0.18 ignores bit 255, so our own test comes first. */
    return urna_ristretto_canonical(in) && crypto_core_ristretto255_is_valid_point(in) == 1;
}

static bool decode_batch(const struct urna_group *G, urna_element *out, bool *ok,
                         const uint8_t *const *in, size_t n)
{
    (void)G;
    bool all = true;
    for (size_t i = 0; i < n; i++) {
        ok[i] = urna_ristretto_valid(in[i]);
        if (ok[i])
            set_bytes(&out[i], in[i]);
        else
            memset(&out[i], 0, sizeof out[i]);
        all = all && ok[i];
    }
    return all;
}

static bool decode_known(const struct urna_group *G, urna_element *out, const uint8_t *in)
{
    (void)G;
    if (!urna_ristretto_canonical(in))
        return false;
    set_bytes(out, in);
    return true;
}

static void encode(const struct urna_group *G, uint8_t *out, const urna_element *x)
{
    (void)G;
    memcpy(out, x->v, 32);
}

static void identity(const struct urna_group *G, urna_element *out)
{
    (void)G;
    memset(out, 0, sizeof *out);
}

static void generator(const struct urna_group *G, urna_element *out)
{
    (void)G;
    set_bytes(out, generator_bytes);
}

static bool eq(const struct urna_group *G, const urna_element *a, const urna_element *b)
{
    (void)G;
    return memcmp(a->v, b->v, 32) == 0;
}

static void mul(const struct urna_group *G, urna_element *out, const urna_element *a,
                const urna_element *b)
{
    (void)G;
    uint8_t r[32] = {0};
    (void)crypto_core_ristretto255_add(r, bytes_of(a), bytes_of(b));
    set_bytes(out, r);
}

static void divide(const struct urna_group *G, urna_element *out, const urna_element *a,
                   const urna_element *b)
{
    (void)G;
    uint8_t r[32] = {0};
    (void)crypto_core_ristretto255_sub(r, bytes_of(a), bytes_of(b));
    set_bytes(out, r);
}

static void h_group(struct urna_h *h, const struct urna_group *G)
{
    uint8_t b[32];
    urna_h_str(h, "ristretto255");
    memset(b, 0xff, sizeof b);
    b[0] = 0x7f;
    b[31] = 0xed;
    urna_h_bytes(h, b, sizeof b); /* 2^255 - 19, big endian */
    urna_limbs_to_be(b, sizeof b, G->q);
    urna_h_bytes(h, b, sizeof b);
    urna_h_bytes(h, generator_bytes, sizeof generator_bytes);
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

static void scalar_add(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                       const uint64_t *b)
{
    (void)G;
    scalar_op(crypto_core_ristretto255_scalar_add, out, a, b);
}

static void scalar_sub(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                       const uint64_t *b)
{
    (void)G;
    scalar_op(crypto_core_ristretto255_scalar_sub, out, a, b);
}

static void scalar_mul(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                       const uint64_t *b)
{
    (void)G;
    scalar_op(crypto_core_ristretto255_scalar_mul, out, a, b);
}

static void scalar_reduce(const struct urna_group *G, uint64_t *out, const uint64_t in[4])
{
    (void)G;
    uint8_t wide[64] = {0}, r[32];
    scalar_bytes(wide, in);
    crypto_core_ristretto255_scalar_reduce(r, wide);
    scalar_limbs(out, r);
    urna_wipe(wide, sizeof wide);
    urna_wipe(r, sizeof r);
}

/* out = base^e; base NULL: the generator. Constant time in e. */
static void power(urna_element *out, const urna_element *base, const uint64_t e[4])
{
    uint8_t eb[32], r[32] = {0};
    scalar_bytes(eb, e);
    /* -1 means no more than that the result is the identity: bases are members by construction. */
    int is_identity = base == NULL ? crypto_scalarmult_ristretto255_base(r, eb)
                                   : crypto_scalarmult_ristretto255(r, eb, bytes_of(base));
    (void)is_identity;
    set_bytes(out, r);
    urna_wipe(eb, sizeof eb);
    urna_wipe(r, sizeof r);
}

static const urna_element *base_or_null(const struct urna_fixed *F)
{
    return memcmp(F->base.v, generator_bytes, 32) == 0 ? NULL : &F->base;
}

static void *fixed_new(const struct urna_group *G, const urna_element *base)
{
    (void)G;
    (void)base;
    return NULL;
}

static void fixed_free(void *table)
{
    (void)table;
}

static void exp_vartime(const struct urna_group *G, urna_element *out, const urna_element *base,
                        const urna_scalar *e, size_t n)
{
    (void)G;
    for (size_t i = 0; i < n; i++)
        power(&out[i], &base[i], e[i].v);
}

static void fixed_exp_vartime(const struct urna_fixed *F, urna_element *out, const urna_scalar *e,
                              size_t n)
{
    for (size_t i = 0; i < n; i++)
        power(&out[i], base_or_null(F), e[i].v);
}

static void dual_exp_vartime(const struct urna_group *G, urna_element *out,
                             const struct urna_fixed *const *F, const urna_scalar *e,
                             const urna_element *base, const urna_scalar *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        urna_element a, b;
        power(&a, base_or_null(F[i]), e[i].v);
        power(&b, &base[i], f[i].v);
        mul(G, &out[i], &a, &b);
    }
}

static void multi_exp_vartime(const struct urna_group *G, urna_element *out,
                              const urna_element *base, const urna_scalar *e, size_t n)
{
    urna_element r, t;
    identity(G, &r);
    for (size_t i = 0; i < n; i++) {
        power(&t, &base[i], e[i].v);
        mul(G, &r, &r, &t);
    }
    *out = r;
}

static void exp_secret(const struct urna_group *G, urna_element *out, const urna_element *base,
                       const urna_secret_scalar *e, size_t n)
{
    (void)G;
    for (size_t i = 0; i < n; i++)
        power(&out[i], &base[i], e[i].secret);
}

static void fixed_exp_secret(const struct urna_fixed *F, urna_element *out,
                             const urna_secret_scalar *e, size_t n)
{
    for (size_t i = 0; i < n; i++)
        power(&out[i], base_or_null(F), e[i].secret);
}

const struct group_ops urna_ristretto255_ops = {
    .decode_batch = decode_batch,
    .decode_known = decode_known,
    .encode = encode,
    .identity = identity,
    .generator = generator,
    .eq = eq,
    .mul = mul,
    .div = divide,
    .h_group = h_group,
    .scalar_add = scalar_add,
    .scalar_sub = scalar_sub,
    .scalar_mul = scalar_mul,
    .scalar_reduce = scalar_reduce,
    .fixed_new = fixed_new,
    .fixed_free = fixed_free,
    .exp_vartime = exp_vartime,
    .fixed_exp_vartime = fixed_exp_vartime,
    .dual_exp_vartime = dual_exp_vartime,
    .multi_exp_vartime = multi_exp_vartime,
    .exp_secret = exp_secret,
    .fixed_exp_secret = fixed_exp_secret,
};

void urna_ristretto255_setup(struct urna_group *G)
{
    static const char ver[] = "v2.1.0+ristretto255";
    *G = (struct urna_group){
        .name = "ristretto255",
        .ops = &urna_ristretto255_ops,
        .lp = 32,
        .lq = 32,
        /* 2^252 + 27742317777372353535851937790883648493 */
        .q = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000},
    };
    memcpy(G->ver, ver, sizeof ver - 1);
}
