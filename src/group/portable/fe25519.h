/* Numbers mod 2^255 - 19 in five limbs of 51 bits, products in 128 bits. Private to this folder.
 *
 * Bounds: "tight" limbs are below 2^51 + 2^13 (what mul, sqr and carry give). add does not carry;
 * sub adds 4p and wants its second operand below 2^53 - 76, sub8 adds 8p for one below 2^54 - 152.
 * mul and sqr take limbs whose bounds multiply to at most 2^108.5: then five products times 19 stay
 * below 2^115, and the carries of 51 bits fit 64. */
#ifndef URNA_GROUP_PORTABLE_FE25519_H
#define URNA_GROUP_PORTABLE_FE25519_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

__extension__ typedef unsigned __int128 fe_wide;

#define FE_MASK (((uint64_t)1 << 51) - 1)

struct fe {
    uint64_t v[5];
};

static inline void fe_zero(struct fe *h)
{
    memset(h, 0, sizeof *h);
}

static inline void fe_one(struct fe *h)
{
    memset(h, 0, sizeof *h);
    h->v[0] = 1;
}

static inline void fe_add(struct fe *h, const struct fe *f, const struct fe *g)
{
    for (int i = 0; i < 5; i++)
        h->v[i] = f->v[i] + g->v[i];
}

static inline void fe_sub(struct fe *h, const struct fe *f, const struct fe *g)
{
    h->v[0] = f->v[0] + 0x1fffffffffffb4 - g->v[0];
    for (int i = 1; i < 5; i++)
        h->v[i] = f->v[i] + 0x1ffffffffffffc - g->v[i];
}

static inline void fe_sub8(struct fe *h, const struct fe *f, const struct fe *g)
{
    h->v[0] = f->v[0] + 0x3fffffffffff68 - g->v[0];
    for (int i = 1; i < 5; i++)
        h->v[i] = f->v[i] + 0x3ffffffffffff8 - g->v[i];
}

static inline void fe_carry_wide(struct fe *h, fe_wide r0, fe_wide r1, fe_wide r2, fe_wide r3,
                                 fe_wide r4)
{
    r1 += (uint64_t)(r0 >> 51);
    r2 += (uint64_t)(r1 >> 51);
    r3 += (uint64_t)(r2 >> 51);
    r4 += (uint64_t)(r3 >> 51);
    uint64_t h0 = ((uint64_t)r0 & FE_MASK) + 19 * (uint64_t)(r4 >> 51);
    h->v[1] = ((uint64_t)r1 & FE_MASK) + (h0 >> 51);
    h->v[0] = h0 & FE_MASK;
    h->v[2] = (uint64_t)r2 & FE_MASK;
    h->v[3] = (uint64_t)r3 & FE_MASK;
    h->v[4] = (uint64_t)r4 & FE_MASK;
}

static inline void fe_mul(struct fe *h, const struct fe *f, const struct fe *g)
{
    const uint64_t f0 = f->v[0], f1 = f->v[1], f2 = f->v[2], f3 = f->v[3], f4 = f->v[4];
    const uint64_t g0 = g->v[0], g1 = g->v[1], g2 = g->v[2], g3 = g->v[3], g4 = g->v[4];
    const uint64_t f1_19 = 19 * f1, f2_19 = 19 * f2, f3_19 = 19 * f3, f4_19 = 19 * f4;
    fe_carry_wide(h,
                  (fe_wide)f0 * g0 + (fe_wide)f1_19 * g4 + (fe_wide)f2_19 * g3 +
                      (fe_wide)f3_19 * g2 + (fe_wide)f4_19 * g1,
                  (fe_wide)f0 * g1 + (fe_wide)f1 * g0 + (fe_wide)f2_19 * g4 + (fe_wide)f3_19 * g3 +
                      (fe_wide)f4_19 * g2,
                  (fe_wide)f0 * g2 + (fe_wide)f1 * g1 + (fe_wide)f2 * g0 + (fe_wide)f3_19 * g4 +
                      (fe_wide)f4_19 * g3,
                  (fe_wide)f0 * g3 + (fe_wide)f1 * g2 + (fe_wide)f2 * g1 + (fe_wide)f3 * g0 +
                      (fe_wide)f4_19 * g4,
                  (fe_wide)f0 * g4 + (fe_wide)f1 * g3 + (fe_wide)f2 * g2 + (fe_wide)f3 * g1 +
                      (fe_wide)f4 * g0);
}

static inline void fe_sqr(struct fe *h, const struct fe *f)
{
    const uint64_t f0 = f->v[0], f1 = f->v[1], f2 = f->v[2], f3 = f->v[3], f4 = f->v[4];
    const uint64_t f0_2 = 2 * f0, f1_2 = 2 * f1, f1_38 = 38 * f1, f2_38 = 38 * f2, f3_38 = 38 * f3,
                   f3_19 = 19 * f3, f4_19 = 19 * f4;
    fe_carry_wide(h, (fe_wide)f0 * f0 + (fe_wide)f1_38 * f4 + (fe_wide)f2_38 * f3,
                  (fe_wide)f0_2 * f1 + (fe_wide)f2_38 * f4 + (fe_wide)f3_19 * f3,
                  (fe_wide)f0_2 * f2 + (fe_wide)f1 * f1 + (fe_wide)f3_38 * f4,
                  (fe_wide)f0_2 * f3 + (fe_wide)f1_2 * f2 + (fe_wide)f4_19 * f4,
                  (fe_wide)f0_2 * f4 + (fe_wide)f1_2 * f3 + (fe_wide)f2 * f2);
}

static inline void fe_sqr_n(struct fe *h, const struct fe *f, int n)
{
    fe_sqr(h, f);
    while (--n > 0)
        fe_sqr(h, h);
}

/* 0 - f; f tight. */
static inline void fe_neg(struct fe *h, const struct fe *f)
{
    struct fe zero;
    fe_zero(&zero);
    fe_sub(h, &zero, f);
}

static inline void fe_from_bytes(struct fe *h, const uint8_t s[32])
{
    uint64_t w[4];
    for (int i = 0; i < 4; i++) {
        w[i] = 0;
        for (int j = 7; j >= 0; j--)
            w[i] = w[i] << 8 | s[8 * i + j];
    }
    h->v[0] = w[0] & FE_MASK;
    h->v[1] = (w[0] >> 51 | w[1] << 13) & FE_MASK;
    h->v[2] = (w[1] >> 38 | w[2] << 26) & FE_MASK;
    h->v[3] = (w[2] >> 25 | w[3] << 39) & FE_MASK;
    h->v[4] = w[3] >> 12 & FE_MASK;
}

/* The one representative below 2^255 - 19, for limbs of any size. */
static inline void fe_to_bytes(uint8_t s[32], const struct fe *f)
{
    uint64_t t[5];
    memcpy(t, f->v, sizeof t);
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < 4; i++) {
            t[i + 1] += t[i] >> 51;
            t[i] &= FE_MASK;
        }
        t[0] += 19 * (t[4] >> 51);
        t[4] &= FE_MASK;
    }
    /* t < 2^255 + 19 * something small: t + 19 reaches 2^255 exactly if t >= p. */
    uint64_t q = (t[0] + 19) >> 51;
    for (int i = 1; i < 5; i++)
        q = (t[i] + q) >> 51;
    t[0] += 19 * q;
    for (int i = 0; i < 4; i++) {
        t[i + 1] += t[i] >> 51;
        t[i] &= FE_MASK;
    }
    t[4] &= FE_MASK;
    const uint64_t w[4] = {t[0] | t[1] << 51, t[1] >> 13 | t[2] << 38, t[2] >> 26 | t[3] << 25,
                           t[3] >> 39 | t[4] << 12};
    for (int i = 0; i < 32; i++)
        s[i] = (uint8_t)(w[i / 8] >> (8 * (i % 8)));
}

static inline bool fe_is_negative(const struct fe *f)
{
    uint8_t s[32];
    fe_to_bytes(s, f);
    return (s[0] & 1) != 0;
}

static inline bool fe_eq(const struct fe *f, const struct fe *g)
{
    uint8_t a[32], b[32];
    fe_to_bytes(a, f);
    fe_to_bytes(b, g);
    return memcmp(a, b, 32) == 0;
}

static inline bool fe_is_zero(const struct fe *f)
{
    struct fe zero;
    fe_zero(&zero);
    return fe_eq(f, &zero);
}

/* f^((p-5)/8) = f^(2^252 - 3) */
static inline void fe_pow22523(struct fe *h, const struct fe *f)
{
    struct fe a, b, c;
    fe_sqr(&a, f);       /* 2 */
    fe_sqr_n(&b, &a, 2); /* 8 */
    fe_mul(&b, &b, f);   /* 9 */
    fe_mul(&a, &a, &b);  /* 11 */
    fe_sqr(&a, &a);      /* 22 */
    fe_mul(&a, &a, &b);  /* 2^5 - 1 */
    fe_sqr_n(&b, &a, 5);
    fe_mul(&a, &b, &a); /* 2^10 - 1 */
    fe_sqr_n(&b, &a, 10);
    fe_mul(&b, &b, &a); /* 2^20 - 1 */
    fe_sqr_n(&c, &b, 20);
    fe_mul(&b, &c, &b); /* 2^40 - 1 */
    fe_sqr_n(&b, &b, 10);
    fe_mul(&a, &b, &a); /* 2^50 - 1 */
    fe_sqr_n(&b, &a, 50);
    fe_mul(&b, &b, &a); /* 2^100 - 1 */
    fe_sqr_n(&c, &b, 100);
    fe_mul(&b, &c, &b); /* 2^200 - 1 */
    fe_sqr_n(&b, &b, 50);
    fe_mul(&a, &b, &a); /* 2^250 - 1 */
    fe_sqr_n(&a, &a, 2);
    fe_mul(h, &a, f); /* 2^252 - 3 */
}

/* 1/f; 0 for 0. p - 2 = 8 (2^252 - 3) + 3. */
static inline void fe_invert(struct fe *h, const struct fe *f)
{
    struct fe a, cube;
    fe_sqr(&cube, f);
    fe_mul(&cube, &cube, f);
    fe_pow22523(&a, f);
    fe_sqr_n(&a, &a, 3);
    fe_mul(h, &a, &cube);
}

#endif
