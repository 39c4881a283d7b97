/* Shared by the files of the groups mod p: numbers of n limbs in Montgomery form, and how they are
 * multiplied. Private to this room.
 *
 * modp.c         elements: reading, writing, products; the parameters
 * modp_public.c  powers of public exponents: variable time
 * modp_secret.c  scalars, and powers of secret exponents: constant time
 *
 * An element is x * R mod p, R = 2^(64 n), n limbs, < p; limbs above n are zero. */
#ifndef URNA_GROUP_MODP_IMPL_H
#define URNA_GROUP_MODP_IMPL_H

#include "group/group_impl.h"

#include <assert.h>
#include <string.h>
#include <gmp.h>

#define NMAX 64         /* limbs of the largest p */
#define SEC_SCRATCH 256 /* limbs; mpn_sec_*_itch is compared with it at start */
#define SCALAR_SCRATCH 64
#define WINDOW 5       /* bits, variable bases */
#define FIXED_WINDOW 8 /* bits, tables of fixed bases */
#define FIXED_ROWS (1 << FIXED_WINDOW)

static_assert(sizeof(mp_limb_t) == sizeof(uint64_t) && GMP_NAIL_BITS == 0, "64-bit limbs");
static_assert(NMAX * 8 == URNA_LP_MAX && sizeof(urna_element) == NMAX * 8, "element size");

struct modp {
    mp_size_t n, nq; /* limbs of p and q */
    unsigned q_bits; /* q = 2^q_bits - q_gap in every set */
    uint64_t q_gap;
    mp_limb_t p[NMAX];
    mp_limb_t q[4];
    mp_limb_t p_inv;     /* -1/p mod 2^64 */
    mp_limb_t one[NMAX]; /* R mod p */
    mp_limb_t r2[NMAX];  /* R^2 mod p */
    mp_limb_t g[NMAX];   /* the generator, in Montgomery form */
    uint8_t p_be[URNA_LP_MAX], q_be[URNA_LQ_MAX], g_be[URNA_LP_MAX];
};

/* t: 2n limbs, destroyed. out = t / R mod p, < p, for t < p * R. Same steps for all values. */
static inline void redc(const struct modp *m, mp_limb_t *out, mp_limb_t *t)
{
    const mp_size_t n = m->n;
    mp_limb_t reduced[NMAX];
    for (mp_size_t i = 0; i < n; i++)
        t[i] = mpn_addmul_1(t + i, m->p, n, t[i] * m->p_inv);
    mp_limb_t carry = mpn_add_n(t + n, t + n, t, n);
    mp_limb_t borrow = mpn_sub_n(reduced, t + n, m->p, n);
    mpn_copyi(out, t + n, n);
    mpn_cnd_sub_n(carry | (borrow ^ 1), out, out, m->p, n);
}

static inline void mont_mul(const struct modp *m, mp_limb_t *out, const mp_limb_t *a,
                            const mp_limb_t *b)
{
    mp_limb_t t[2 * NMAX];
    mpn_mul_n(t, a, b, m->n);
    redc(m, out, t);
}

static inline void mont_sqr(const struct modp *m, mp_limb_t *out, const mp_limb_t *a)
{
    mp_limb_t t[2 * NMAX];
    mpn_sqr(t, a, m->n);
    redc(m, out, t);
}

static inline void modp_store(const struct modp *m, urna_element *out, const mp_limb_t *x)
{
    mpn_copyi(out->v, x, m->n);
    memset(out->v + m->n, 0, sizeof out->v - (size_t)m->n * sizeof out->v[0]);
}

/* Bits pos .. pos+width-1 of a scalar; pos < 256. */
static inline unsigned modp_digit(const uint64_t e[4], unsigned pos, unsigned width)
{
    uint64_t x = e[pos / 64] >> (pos % 64);
    if (pos % 64 + width > 64 && pos / 64 < 3)
        x |= e[pos / 64 + 1] << (64 - pos % 64);
    return (unsigned)(x & ((1U << width) - 1));
}

static inline unsigned modp_windows(const struct modp *m)
{
    return (m->q_bits + FIXED_WINDOW - 1) / FIXED_WINDOW;
}

/* Row d of window i of a fixed base: base^(d * 2^(8 i)). */
static inline const mp_limb_t *modp_fixed_row(const struct urna_fixed *F, unsigned window,
                                              unsigned d)
{
    const mp_limb_t *table = F->table;
    return table + ((size_t)window * FIXED_ROWS + d) * (size_t)F->G->modp->n;
}

/* modp_public.c and modp_secret.c: rows of the table of functions (group_impl.h). */
void modp_fixed_new(struct urna_fixed *F);
void modp_fixed_free(void *table);
void modp_exp_vartime(const struct urna_group *G, urna_element *out, const urna_element *base,
                      const urna_scalar *e, size_t n);
void modp_fixed_exp_vartime(const struct urna_fixed *F, urna_element *out, const urna_scalar *e,
                            size_t n);
void modp_dual_exp_vartime(const struct urna_group *G, urna_element *out, bool *member,
                           const struct urna_fixed *const *F, const urna_scalar *e,
                           const urna_element *base, const urna_scalar *f, size_t n);
void modp_multi_exp_vartime(const struct urna_group *G, urna_element *out, const urna_element *base,
                            const urna_scalar *e, size_t n);
void modp_scalar_add(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                     const uint64_t *b);
void modp_scalar_sub(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                     const uint64_t *b);
void modp_scalar_mul(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                     const uint64_t *b);
void modp_scalar_reduce(const struct urna_group *G, uint64_t *out, const uint64_t in[4]);
void modp_exp_secret(const struct urna_group *G, urna_element *out, const urna_element *base,
                     const urna_secret_scalar *e, size_t n);
void modp_fixed_exp_secret(const struct urna_fixed *F, urna_element *out,
                           const urna_secret_scalar *e, size_t n);

#endif
