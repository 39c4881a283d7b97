/* Scalars, and powers of secret exponents, in the groups mod p: constant time. mpn_sec_* for
 * products, mpn_addmul_1 over all limbs and mpn_cnd_sub_n for the reduction, tables scanned whole.
 */
#include "group/modp_impl.h"

#include "base/secret.h"

#define SECRET_WINDOW 4 /* bits; two for each window of the same table */

static_assert(FIXED_WINDOW == 2 * SECRET_WINDOW, "secret digits are halves of public ones");

/* --- scalars --- */

void modp_scalar_add(const struct urna_group *G, uint64_t *out, const uint64_t *a,
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

void modp_scalar_sub(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                     const uint64_t *b)
{
    const struct modp *m = G->modp;
    mp_limb_t diff[4] = {0};
    mp_limb_t borrow = mpn_sub_n(diff, a, b, m->nq);
    mpn_cnd_add_n(borrow, diff, diff, m->q, m->nq);
    memcpy(out, diff, sizeof diff);
    urna_wipe(diff, sizeof diff);
}

void modp_scalar_mul(const struct urna_group *G, uint64_t *out, const uint64_t *a,
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

void modp_scalar_reduce(const struct urna_group *G, uint64_t *out, const uint64_t in[4])
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

void modp_exp_secret(const struct urna_group *G, urna_element *out, const urna_element *base,
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
                              modp_digit(e[i].secret, w * WINDOW, WINDOW));
            sec_mul(m, &s, s.acc, s.acc, s.row);
        }
        modp_store(m, &out[i], s.acc);
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

void modp_fixed_exp_secret(const struct urna_fixed *F, urna_element *out,
                           const urna_secret_scalar *e, size_t n)
{
    const struct modp *m = F->G->modp;
    const size_t limbs = (size_t)m->n;
    struct sec_room s;
    for (size_t i = 0; i < n; i++) {
        mpn_copyi(s.acc, m->one, m->n);
        for (unsigned w = 0; w < modp_windows(m); w++) {
            const mp_limb_t *rows = modp_fixed_row(F, w, 0);
            unsigned pos = w * FIXED_WINDOW;
            /* The low half digit is among rows 0..15, the high one among rows 0, 16, .. 240. */
            select_row(s.row, rows, limbs, limbs, modp_digit(e[i].secret, pos, SECRET_WINDOW));
            sec_mul(m, &s, s.acc, s.acc, s.row);
            select_row(s.row, rows, limbs, limbs << SECRET_WINDOW,
                       modp_digit(e[i].secret, pos + SECRET_WINDOW, SECRET_WINDOW));
            sec_mul(m, &s, s.acc, s.acc, s.row);
        }
        modp_store(m, &out[i], s.acc);
    }
    urna_wipe(&s, sizeof s);
}
