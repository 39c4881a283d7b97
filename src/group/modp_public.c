/* Powers of public exponents in the groups mod p: variable time. mpn_mul_n, mpn_sqr, table
 * look-ups. */
#include "group/modp_impl.h"

#include <stdlib.h>

#define CHAIN_WINDOW 4  /* bits, several exponents of one base */
#define PRODUCT_BASES 4 /* that share one chain of squarings */

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
        if (modp_digit(e, (unsigned)i, 1) == 0) {
            if (started)
                mont_sqr(m, r, r);
            i--;
            continue;
        }
        int low = i - WINDOW + 1 < 0 ? 0 : i - WINDOW + 1;
        while (modp_digit(e, (unsigned)low, 1) == 0)
            low++;
        if (started)
            for (int j = low; j <= i; j++)
                mont_sqr(m, r, r);
        unsigned d = modp_digit(e, (unsigned)low, (unsigned)(i - low + 1));
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
        const unsigned d = modp_digit(e, i * CHAIN_WINDOW, CHAIN_WINDOW);
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

/* --- fixed bases --- */

/* 256 rows of n limbs for each of at most 32 windows, 4
 * MiB for the standard parameters. */
void modp_fixed_new(struct urna_fixed *F)
{
    const struct modp *m = F->G->modp;
    const size_t n = (size_t)m->n;
    mp_limb_t *table = urna_xmalloc(modp_windows(m) * FIXED_ROWS * n * sizeof *table);
    mp_limb_t unit[NMAX];
    mpn_copyi(unit, F->base.v, m->n);
    for (unsigned i = 0; i < modp_windows(m); i++) {
        mp_limb_t *rows = table + (size_t)i * FIXED_ROWS * n;
        mpn_copyi(rows, m->one, m->n);
        for (size_t d = 1; d < FIXED_ROWS; d++)
            mont_mul(m, rows + d * n, rows + (d - 1) * n, unit);
        mont_mul(m, unit, rows + (FIXED_ROWS - 1) * n, unit);
    }
    F->table = table;
}

void modp_fixed_free(void *table)
{
    free(table);
}

/* acc *= F^e */
static void fixed_multiply(const struct urna_fixed *F, mp_limb_t *acc, const uint64_t e[4])
{
    const struct modp *m = F->G->modp;
    for (unsigned i = 0; i < modp_windows(m); i++) {
        unsigned d = modp_digit(e, i * FIXED_WINDOW, FIXED_WINDOW);
        if (d != 0)
            mont_mul(m, acc, acc, modp_fixed_row(F, i, d));
    }
}

void modp_exp_vartime(const struct urna_group *G, urna_element *out, const urna_element *base,
                      const urna_scalar *e, size_t n)
{
    mp_limb_t r[NMAX];
    for (size_t i = 0; i < n; i++) {
        power(G->modp, r, base[i].v, e[i].v);
        modp_store(G->modp, &out[i], r);
    }
}

void modp_fixed_exp_vartime(const struct urna_fixed *F, urna_element *out, const urna_scalar *e,
                            size_t n)
{
    const struct modp *m = F->G->modp;
    mp_limb_t r[NMAX];
    for (size_t i = 0; i < n; i++) {
        mpn_copyi(r, m->one, m->n);
        fixed_multiply(F, r, e[i].v);
        modp_store(m, &out[i], r);
    }
}

void modp_dual_exp_vartime(const struct urna_group *G, urna_element *out, bool *member,
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
            modp_store(m, &out[k], r);
            if (member != NULL)
                member[k] = chain.member;
        }
    }
}

/* Fixed windows of several bases over one chain of squarings. */
void modp_multi_exp_vartime(const struct urna_group *G, urna_element *out, const urna_element *base,
                            const urna_scalar *e, size_t n)
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
                const unsigned d = modp_digit(e[done + b].v, i * CHAIN_WINDOW, CHAIN_WINDOW);
                if (d == 0)
                    continue;
                mont_mul(m, r, r, row[b][d]);
                started = true;
            }
        }
        mont_mul(m, acc, acc, r);
        done += k;
    }
    modp_store(m, out, acc);
}
