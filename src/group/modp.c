/* Groups of order q mod p (ElectionGuard's own): GMP's mpn functions on fixed numbers of limbs.
 *
 * An element is x * R mod p, R = 2^(64 n) (Montgomery form), n limbs, < p; limbs above n are zero.
 * Secret exponents: mpn_sec_* for products, mpn_addmul_1 over all limbs and mpn_cnd_sub_n for the
 * reduction, tables scanned whole. Public ones: mpn_mul_n, mpn_sqr, table look-ups. */
#include "group/group_impl.h"
#include "group/modp_params.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <gmp.h>

#include "base/secret.h"

#define NMAX 64         /* limbs of the largest p */
#define SEC_SCRATCH 256 /* limbs; mpn_sec_*_itch is compared with it at start */
#define SCALAR_SCRATCH 64
#define CHAIN_WINDOW 4  /* bits, several exponents of one base */
#define PRODUCT_BASES 4 /* that share one chain of squarings */
#define WINDOW 5        /* bits, variable bases */
#define FIXED_WINDOW 8  /* bits, tables of fixed bases */
#define FIXED_ROWS (1 << FIXED_WINDOW)
#define SECRET_WINDOW 4 /* bits; two for each window of the same table */

static_assert(sizeof(mp_limb_t) == sizeof(uint64_t) && GMP_NAIL_BITS == 0, "64-bit limbs");
static_assert(NMAX * 8 == URNA_LP_MAX && sizeof(urna_element) == NMAX * 8, "element size");
static_assert(FIXED_WINDOW == 2 * SECRET_WINDOW, "secret digits are halves of public ones");

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

static struct modp sets[MODP_SETS];

/* t: 2n limbs, destroyed. out = t / R mod p, < p, for t < p * R. Same steps for all values. */
static void redc(const struct modp *m, mp_limb_t *out, mp_limb_t *t)
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

static void mont_mul(const struct modp *m, mp_limb_t *out, const mp_limb_t *a, const mp_limb_t *b)
{
    mp_limb_t t[2 * NMAX];
    mpn_mul_n(t, a, b, m->n);
    redc(m, out, t);
}

static void mont_sqr(const struct modp *m, mp_limb_t *out, const mp_limb_t *a)
{
    mp_limb_t t[2 * NMAX];
    mpn_sqr(t, a, m->n);
    redc(m, out, t);
}

/* Room for the secret functions: one struct, wiped once at the end of an exponentiation. */
struct sec_room {
    mp_limb_t t[2 * NMAX];
    mp_limb_t row[NMAX];
    mp_limb_t acc[NMAX];
    mp_limb_t scratch[SEC_SCRATCH];
};

static void sec_mul(const struct modp *m, struct sec_room *s, mp_limb_t *out, const mp_limb_t *a,
                    const mp_limb_t *b)
{
    mpn_sec_mul(s->t, a, m->n, b, m->n, s->scratch);
    redc(m, out, s->t);
}

static void sec_sqr(const struct modp *m, struct sec_room *s, mp_limb_t *out, const mp_limb_t *a)
{
    mpn_sec_sqr(s->t, a, m->n, s->scratch);
    redc(m, out, s->t);
}

static void store(const struct modp *m, urna_element *out, const mp_limb_t *x)
{
    mpn_copyi(out->v, x, m->n);
    memset(out->v + m->n, 0, sizeof out->v - (size_t)m->n * sizeof out->v[0]);
}

/* --- elements --- */

/* x^q = 1, tested as x^(2^q_bits) = x^q_gap; x is not 0. */
static bool has_order_q(const struct modp *m, const mp_limb_t *x)
{
    mp_limb_t chain[NMAX], gap[NMAX];
    mpn_copyi(chain, x, m->n);
    mpn_copyi(gap, m->one, m->n);
    for (unsigned i = 0; i < m->q_bits; i++) {
        if (i < 64 && (m->q_gap >> i & 1) != 0)
            mont_mul(m, gap, gap, chain);
        mont_sqr(m, chain, chain);
    }
    return mpn_cmp(chain, gap, m->n) == 0;
}

/* 0 < x < p; zero would satisfy 0 = 0 in has_order_q. */
static bool decode_range(const struct urna_group *G, mp_limb_t *x, const uint8_t *in)
{
    const struct modp *m = G->modp;
    urna_limbs_from_be(x, (size_t)m->n, in, G->lp);
    if (mpn_zero_p(x, m->n) || mpn_cmp(x, m->p, m->n) >= 0)
        return false;
    mont_mul(m, x, x, m->r2);
    return true;
}

static bool decode_one(const struct urna_group *G, urna_element *out, const uint8_t *in)
{
    mp_limb_t x[NMAX];
    if (!decode_range(G, x, in) || !has_order_q(G->modp, x))
        return false;
    store(G->modp, out, x);
    return true;
}

static bool decode_known(const struct urna_group *G, urna_element *out, const uint8_t *in)
{
    mp_limb_t x[NMAX];
    if (!decode_range(G, x, in))
        return false;
    store(G->modp, out, x);
    return true;
}

static bool decode_batch(const struct urna_group *G, urna_element *out, bool *ok,
                         const uint8_t *const *in, size_t n)
{
    bool all = true;
    for (size_t i = 0; i < n; i++) {
        ok[i] = decode_one(G, &out[i], in[i]);
        if (!ok[i])
            store(G->modp, &out[i], G->modp->one);
        all = all && ok[i];
    }
    return all;
}

static void encode(const struct urna_group *G, uint8_t *out, const urna_element *x)
{
    const struct modp *m = G->modp;
    mp_limb_t t[2 * NMAX] = {0}, r[NMAX];
    mpn_copyi(t, x->v, m->n);
    redc(m, r, t);
    urna_limbs_to_be(out, G->lp, r);
}

static void identity(const struct urna_group *G, urna_element *out)
{
    store(G->modp, out, G->modp->one);
}

static void generator(const struct urna_group *G, urna_element *out)
{
    store(G->modp, out, G->modp->g);
}

static bool eq(const struct urna_group *G, const urna_element *a, const urna_element *b)
{
    return mpn_cmp(a->v, b->v, G->modp->n) == 0;
}

static void mul(const struct urna_group *G, urna_element *out, const urna_element *a,
                const urna_element *b)
{
    mp_limb_t r[NMAX];
    mont_mul(G->modp, r, a->v, b->v);
    store(G->modp, out, r);
}

static void divide(const struct urna_group *G, urna_element *out, const urna_element *a,
                   const urna_element *b)
{
    /* 1/b = b^(q-1) would cost a power; the extended gcd is some forty times faster. mpn_gcdext
     * destroys its inputs and may leave a cofactor of either sign. */
    const struct modp *m = G->modp;
    mp_limb_t u[NMAX + 1], v[NMAX + 1], gcd[NMAX + 1], s[NMAX + 1] = {0}, r[NMAX];
    mp_size_t un = m->n, sn = 0;
    mpn_copyi(u, b->v, m->n);
    mpn_copyi(v, m->p, m->n);
    while (u[un - 1] == 0)
        un--;
    /* gcdext wants its first operand to be the longer one: 1 = s * (b + p) + ... mod p. */
    mp_limb_t carry = mpn_add_n(u, b->v, m->p, m->n);
    u[m->n] = carry;
    un = m->n + (carry != 0);
    (void)mpn_gcdext(gcd, s, &sn, u, un, v, m->n);
    mp_size_t len = sn < 0 ? -sn : sn;
    memset(s + len, 0, (size_t)(NMAX + 1 - len) * sizeof s[0]);
    if (sn < 0)
        mpn_sub_n(s, m->p, s, m->n);
    /* b is b' R, so s = b'^-1 R^-1: two factors R^2 bring it to Montgomery form. */
    mont_mul(m, r, s, m->r2);
    mont_mul(m, r, r, m->r2);
    mont_mul(m, r, r, a->v);
    store(m, out, r);
}

static void h_group(struct urna_h *h, const struct urna_group *G)
{
    urna_h_bytes(h, G->modp->p_be, G->lp);
    urna_h_bytes(h, G->modp->q_be, G->lq);
    urna_h_bytes(h, G->modp->g_be, G->lp);
}

/* --- scalars: constant time --- */

static void scalar_add(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                       const uint64_t *b)
{
    const struct modp *m = G->modp;
    mp_limb_t sum[4] = {0}, reduced[4];
    mp_limb_t carry = mpn_add_n(sum, a, b, m->nq);
    mp_limb_t borrow = mpn_sub_n(reduced, sum, m->q, m->nq);
    mpn_cnd_sub_n(carry | (borrow ^ 1), sum, sum, m->q, m->nq);
    memcpy(out, sum, sizeof sum);
    urna_wipe(sum, sizeof sum);
    urna_wipe(reduced, sizeof reduced);
}

static void scalar_sub(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                       const uint64_t *b)
{
    const struct modp *m = G->modp;
    mp_limb_t diff[4] = {0};
    mp_limb_t borrow = mpn_sub_n(diff, a, b, m->nq);
    mpn_cnd_add_n(borrow, diff, diff, m->q, m->nq);
    memcpy(out, diff, sizeof diff);
    urna_wipe(diff, sizeof diff);
}

static void scalar_mul(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                       const uint64_t *b)
{
    const struct modp *m = G->modp;
    mp_limb_t t[8] = {0}, scratch[SCALAR_SCRATCH];
    mpn_sec_mul(t, a, m->nq, b, m->nq, scratch);
    mpn_sec_div_r(t, 2 * m->nq, m->q, m->nq, scratch);
    memset(out, 0, 4 * sizeof out[0]);
    mpn_copyi(out, t, m->nq);
    urna_wipe(t, sizeof t);
    urna_wipe(scratch, sizeof scratch);
}

static void scalar_reduce(const struct urna_group *G, uint64_t *out, const uint64_t in[4])
{
    const struct modp *m = G->modp;
    mp_limb_t t[4], scratch[SCALAR_SCRATCH];
    memcpy(t, in, sizeof t);
    mpn_sec_div_r(t, 4, m->q, m->nq, scratch);
    memset(out, 0, 4 * sizeof out[0]);
    mpn_copyi(out, t, m->nq);
    urna_wipe(t, sizeof t);
    urna_wipe(scratch, sizeof scratch);
}

/* --- powers --- */

/* Bits pos .. pos+width-1 of a scalar; pos < 256. */
static unsigned digit(const uint64_t e[4], unsigned pos, unsigned width)
{
    uint64_t x = e[pos / 64] >> (pos % 64);
    if (pos % 64 + width > 64 && pos / 64 < 3)
        x |= e[pos / 64 + 1] << (64 - pos % 64);
    return (unsigned)(x & ((1U << width) - 1));
}

/* Sliding windows over odd powers; variable time. */
static void power(const struct modp *m, mp_limb_t *out, const mp_limb_t *base, const uint64_t e[4])
{
    mp_limb_t odd[1 << (WINDOW - 1)][NMAX], square[NMAX], r[NMAX];
    mpn_copyi(odd[0], base, m->n);
    mont_sqr(m, square, base);
    for (int i = 1; i < 1 << (WINDOW - 1); i++)
        mont_mul(m, odd[i], odd[i - 1], square);
    bool started = false;
    int i = (int)m->q_bits - 1;
    mpn_copyi(r, m->one, m->n);
    while (i >= 0) {
        if (digit(e, (unsigned)i, 1) == 0) {
            if (started)
                mont_sqr(m, r, r);
            i--;
            continue;
        }
        int low = i - WINDOW + 1 < 0 ? 0 : i - WINDOW + 1;
        while (digit(e, (unsigned)low, 1) == 0)
            low++;
        if (started)
            for (int j = low; j <= i; j++)
                mont_sqr(m, r, r);
        unsigned d = digit(e, (unsigned)low, (unsigned)(i - low + 1));
        if (started)
            mont_mul(m, r, r, odd[d / 2]);
        else
            mpn_copyi(r, odd[d / 2], m->n);
        started = true;
        i = low - 1;
    }
    mpn_copyi(out, r, m->n);
}

/* The squares x^(2^(4 i)) of one base, for several exponents and for its order (Yao). */
struct chain {
    mp_limb_t at[256 / CHAIN_WINDOW][NMAX];
    bool member; /* x^q = 1 */
};

static void chain_start(const struct modp *m, struct chain *c, const mp_limb_t *base)
{
    mp_limb_t x[NMAX], gap[NMAX];
    mpn_copyi(x, base, m->n);
    mpn_copyi(gap, m->one, m->n);
    for (unsigned i = 0; i < m->q_bits; i++) {
        if (i % CHAIN_WINDOW == 0)
            mpn_copyi(c->at[i / CHAIN_WINDOW], x, m->n);
        if (i < 64 && (m->q_gap >> i & 1) != 0)
            mont_mul(m, gap, gap, x);
        mont_sqr(m, x, x);
    }
    /* x^q = 1 <=> x^(2^q_bits) = x^q_gap, and both are here. */
    c->member = mpn_cmp(x, gap, m->n) == 0;
}

/* base^e: the product of at[i]^(digit i), gathered by digit: bucket d holds those with digit d, and
 * prod bucket[d]^d is the product of all suffix products. */
static void chain_power(const struct modp *m, const struct chain *c, mp_limb_t *out,
                        const uint64_t e[4])
{
    mp_limb_t bucket[1 << CHAIN_WINDOW][NMAX], suffix[NMAX], r[NMAX];
    bool used[1 << CHAIN_WINDOW] = {false};
    for (unsigned i = 0; i * CHAIN_WINDOW < m->q_bits; i++) {
        const unsigned d = digit(e, i * CHAIN_WINDOW, CHAIN_WINDOW);
        if (used[d])
            mont_mul(m, bucket[d], bucket[d], c->at[i]);
        else if (d != 0)
            mpn_copyi(bucket[d], c->at[i], m->n);
        used[d] = d != 0;
    }
    bool started = false;
    mpn_copyi(r, m->one, m->n);
    for (unsigned d = (1 << CHAIN_WINDOW) - 1; d > 0; d--) {
        if (used[d] && started)
            mont_mul(m, suffix, suffix, bucket[d]);
        else if (used[d])
            mpn_copyi(suffix, bucket[d], m->n);
        started = started || used[d];
        if (started)
            mont_mul(m, r, r, suffix);
    }
    mpn_copyi(out, r, m->n);
}

static unsigned windows(const struct modp *m)
{
    return (m->q_bits + FIXED_WINDOW - 1) / FIXED_WINDOW;
}

/* Row d of window i is base^(d * 2^(8 i)): 256 rows of n limbs for each of at most 32 windows, 4
 * MiB for the standard parameters. */
static void fixed_new(struct urna_fixed *F)
{
    const struct modp *m = F->G->modp;
    const size_t n = (size_t)m->n;
    mp_limb_t *table = urna_xmalloc(windows(m) * FIXED_ROWS * n * sizeof *table);
    mp_limb_t unit[NMAX];
    mpn_copyi(unit, F->base.v, m->n);
    for (unsigned i = 0; i < windows(m); i++) {
        mp_limb_t *rows = table + (size_t)i * FIXED_ROWS * n;
        mpn_copyi(rows, m->one, m->n);
        for (size_t d = 1; d < FIXED_ROWS; d++)
            mont_mul(m, rows + d * n, rows + (d - 1) * n, unit);
        mont_mul(m, unit, rows + (FIXED_ROWS - 1) * n, unit);
    }
    F->table = table;
}

static void fixed_free(void *table)
{
    free(table);
}

static const mp_limb_t *fixed_row(const struct urna_fixed *F, unsigned window, unsigned d)
{
    const mp_limb_t *table = F->table;
    return table + ((size_t)window * FIXED_ROWS + d) * (size_t)F->G->modp->n;
}

/* acc *= F^e */
static void fixed_multiply(const struct urna_fixed *F, mp_limb_t *acc, const uint64_t e[4])
{
    const struct modp *m = F->G->modp;
    for (unsigned i = 0; i < windows(m); i++) {
        unsigned d = digit(e, i * FIXED_WINDOW, FIXED_WINDOW);
        if (d != 0)
            mont_mul(m, acc, acc, fixed_row(F, i, d));
    }
}

static void exp_vartime(const struct urna_group *G, urna_element *out, const urna_element *base,
                        const urna_scalar *e, size_t n)
{
    mp_limb_t r[NMAX];
    for (size_t i = 0; i < n; i++) {
        power(G->modp, r, base[i].v, e[i].v);
        store(G->modp, &out[i], r);
    }
}

static void fixed_exp_vartime(const struct urna_fixed *F, urna_element *out, const urna_scalar *e,
                              size_t n)
{
    const struct modp *m = F->G->modp;
    mp_limb_t r[NMAX];
    for (size_t i = 0; i < n; i++) {
        mpn_copyi(r, m->one, m->n);
        fixed_multiply(F, r, e[i].v);
        store(m, &out[i], r);
    }
}

static void dual_exp_vartime(const struct urna_group *G, urna_element *out, bool *member,
                             const struct urna_fixed *const *F, const urna_scalar *e,
                             const urna_element *base, const urna_scalar *f, size_t n)
{
    const struct modp *m = G->modp;
    const size_t size = (size_t)m->n * sizeof(mp_limb_t);
    mp_limb_t r[NMAX], x[NMAX];
    struct chain chain;
    for (size_t i = 0, run; i < n; i += run) {
        mpn_copyi(x, base[i].v, m->n); /* out may be base */
        run = 1;
        while (i + run < n && memcmp(base[i + run].v, x, size) == 0)
            run++;
        const bool shared = run > 1 || member != NULL;
        if (shared)
            chain_start(m, &chain, x);
        for (size_t k = i; k < i + run; k++) {
            if (shared)
                chain_power(m, &chain, r, f[k].v);
            else
                power(m, r, x, f[k].v);
            fixed_multiply(F[k], r, e[k].v);
            store(m, &out[k], r);
            if (member != NULL)
                member[k] = chain.member;
        }
    }
}

/* Fixed windows of several bases over one chain of squarings. */
static void multi_exp_vartime(const struct urna_group *G, urna_element *out,
                              const urna_element *base, const urna_scalar *e, size_t n)
{
    const struct modp *m = G->modp;
    mp_limb_t acc[NMAX], r[NMAX], row[PRODUCT_BASES][1 << CHAIN_WINDOW][NMAX];
    mpn_copyi(acc, m->one, m->n);
    for (size_t done = 0; done < n;) {
        const size_t k = n - done < PRODUCT_BASES ? n - done : PRODUCT_BASES;
        for (size_t b = 0; b < k; b++) {
            mpn_copyi(row[b][1], base[done + b].v, m->n);
            for (unsigned d = 2; d < 1 << CHAIN_WINDOW; d++)
                mont_mul(m, row[b][d], row[b][d - 1], row[b][1]);
        }
        mpn_copyi(r, m->one, m->n);
        bool started = false;
        for (unsigned i = (m->q_bits + CHAIN_WINDOW - 1) / CHAIN_WINDOW; i-- > 0;) {
            for (unsigned j = 0; j < CHAIN_WINDOW && started; j++)
                mont_sqr(m, r, r);
            for (size_t b = 0; b < k; b++) {
                const unsigned d = digit(e[done + b].v, i * CHAIN_WINDOW, CHAIN_WINDOW);
                if (d == 0)
                    continue;
                mont_mul(m, r, r, row[b][d]);
                started = true;
            }
        }
        mont_mul(m, acc, acc, r);
        done += k;
    }
    store(m, out, acc);
}

static void exp_secret(const struct urna_group *G, urna_element *out, const urna_element *base,
                       const urna_secret_scalar *e, size_t n)
{
    const struct modp *m = G->modp;
    const size_t limbs = (size_t)m->n;
    const unsigned digits = (m->q_bits + WINDOW - 1) / WINDOW;
    mp_limb_t table[(1 << WINDOW) * NMAX];
    struct sec_room s;
    for (size_t i = 0; i < n; i++) {
        mpn_copyi(table, m->one, m->n);
        mpn_copyi(table + limbs, base[i].v, m->n);
        for (size_t d = 2; d < 1 << WINDOW; d++)
            sec_mul(m, &s, table + d * limbs, table + (d - 1) * limbs, base[i].v);
        mpn_copyi(s.acc, m->one, m->n);
        for (unsigned w = digits; w-- > 0;) {
            for (int j = 0; j < WINDOW; j++)
                sec_sqr(m, &s, s.acc, s.acc);
            mpn_sec_tabselect(s.row, table, m->n, 1 << WINDOW,
                              digit(e[i].secret, w * WINDOW, WINDOW));
            sec_mul(m, &s, s.acc, s.acc, s.row);
        }
        store(m, &out[i], s.acc);
    }
    urna_wipe(&s, sizeof s);
}

/* out = row d of rows that stand stride limbs apart, reading all 16. */
static void select_row(mp_limb_t *out, const mp_limb_t *rows, size_t n, size_t stride, uint64_t d)
{
    for (size_t j = 0; j < n; j++)
        out[j] = 0;
    for (uint64_t k = 0; k < 1 << SECRET_WINDOW; k++) {
        /* All ones if k == d: the only k for which (k ^ d) - 1 borrows. */
        uint64_t mask = 0 - (((k ^ d) - 1) >> 63);
        __asm__("" : "+r"(mask));
        for (size_t j = 0; j < n; j++)
            out[j] |= rows[k * stride + j] & mask;
    }
}

static void fixed_exp_secret(const struct urna_fixed *F, urna_element *out,
                             const urna_secret_scalar *e, size_t n)
{
    const struct modp *m = F->G->modp;
    const size_t limbs = (size_t)m->n;
    struct sec_room s;
    for (size_t i = 0; i < n; i++) {
        mpn_copyi(s.acc, m->one, m->n);
        for (unsigned w = 0; w < windows(m); w++) {
            const mp_limb_t *rows = fixed_row(F, w, 0);
            unsigned pos = w * FIXED_WINDOW;
            /* The low half digit is among rows 0..15, the high one among rows 0, 16, .. 240. */
            select_row(s.row, rows, limbs, limbs, digit(e[i].secret, pos, SECRET_WINDOW));
            sec_mul(m, &s, s.acc, s.acc, s.row);
            select_row(s.row, rows, limbs, limbs << SECRET_WINDOW,
                       digit(e[i].secret, pos + SECRET_WINDOW, SECRET_WINDOW));
            sec_mul(m, &s, s.acc, s.acc, s.row);
        }
        store(m, &out[i], s.acc);
    }
    urna_wipe(&s, sizeof s);
}

const struct group_ops urna_modp_ops = {
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

static mp_size_t limbs_for(size_t bytes)
{
    return (mp_size_t)((bytes + 7) / 8);
}

static void from_hex(uint8_t *out, size_t len, const char *hex)
{
    if (!urna_unhex(out, len, hex, strlen(hex)))
        abort();
}

void urna_modp_setup(struct urna_group *G, unsigned set)
{
    const struct modp_params *params = &urna_modp_params[set];
    struct modp *m = &sets[set];
    static const char ver[] = "v2.1.0";
    *G = (struct urna_group){.name = params->name,
                             .ops = &urna_modp_ops,
                             .test_only = params->test_only,
                             .lp = params->lp,
                             .lq = params->lq,
                             .modp = m};
    memcpy(G->ver, ver, sizeof ver - 1);

    m->n = limbs_for(params->lp);
    m->nq = limbs_for(params->lq);
    from_hex(m->p_be, params->lp, params->p);
    from_hex(m->q_be, params->lq, params->q);
    from_hex(m->g_be, params->lp, params->g);
    urna_limbs_from_be(m->p, NMAX, m->p_be, params->lp);
    urna_limbs_from_be(m->q, 4, m->q_be, params->lq);
    memcpy(G->q, m->q, sizeof G->q);
    m->q_bits = (unsigned)mpn_sizeinbase(m->q, m->nq, 2);
    m->q_gap = 0 - m->q[0];
    if (m->q_bits % 64 != 0)
        m->q_gap &= ((uint64_t)1 << (m->q_bits % 64)) - 1;

    /* Newton: each step doubles the number of right bits of 1/p mod 2^64, from 3. */
    mp_limb_t inv = m->p[0];
    for (int i = 0; i < 5; i++)
        inv *= 2 - m->p[0] * inv;
    m->p_inv = 0 - inv;

    mp_limb_t power_of_two[2 * NMAX + 1] = {0}, quotient[NMAX + 2];
    power_of_two[m->n] = 1;
    mpn_tdiv_qr(quotient, m->one, 0, power_of_two, m->n + 1, m->p, m->n);
    power_of_two[m->n] = 0;
    power_of_two[2 * m->n] = 1;
    mpn_tdiv_qr(quotient, m->r2, 0, power_of_two, 2 * m->n + 1, m->p, m->n);

    mp_limb_t g[NMAX];
    urna_limbs_from_be(g, NMAX, m->g_be, params->lp);
    mont_mul(m, m->g, g, m->r2);

    if (mpn_sec_mul_itch(m->n, m->n) > SEC_SCRATCH || mpn_sec_sqr_itch(m->n) > SEC_SCRATCH ||
        mpn_sec_mul_itch(m->nq, m->nq) > SCALAR_SCRATCH ||
        mpn_sec_div_r_itch(8, m->nq) > SCALAR_SCRATCH)
        abort();
}
