/* Groups of order q mod p (ElectionGuard's own): GMP's mpn functions on fixed numbers of limbs.
 * Here: elements and parameters; powers are in modp_public.c and modp_secret.c. */
#include "group/modp_impl.h"
#include "group/modp_params.h"

#include <stdlib.h>

static struct modp sets[MODP_SETS];

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
    modp_store(G->modp, out, x);
    return true;
}

static bool modp_decode_known(const struct urna_group *G, urna_element *out, const uint8_t *in)
{
    mp_limb_t x[NMAX];
    if (!decode_range(G, x, in))
        return false;
    modp_store(G->modp, out, x);
    return true;
}

static bool modp_decode_batch(const struct urna_group *G, urna_element *out, bool *ok,
                              const uint8_t *const *in, size_t n)
{
    bool all = true;
    for (size_t i = 0; i < n; i++) {
        ok[i] = decode_one(G, &out[i], in[i]);
        if (!ok[i])
            modp_store(G->modp, &out[i], G->modp->one);
        all = all && ok[i];
    }
    return all;
}

static void modp_encode(const struct urna_group *G, uint8_t *out, const urna_element *x)
{
    const struct modp *m = G->modp;
    mp_limb_t t[2 * NMAX] = {0}, r[NMAX];
    mpn_copyi(t, x->v, m->n);
    redc(m, r, t);
    urna_limbs_to_be(out, G->lp, r);
}

static void modp_identity(const struct urna_group *G, urna_element *out)
{
    modp_store(G->modp, out, G->modp->one);
}

static void modp_generator(const struct urna_group *G, urna_element *out)
{
    modp_store(G->modp, out, G->modp->g);
}

static bool modp_eq(const struct urna_group *G, const urna_element *a, const urna_element *b)
{
    return mpn_cmp(a->v, b->v, G->modp->n) == 0;
}

static void modp_mul(const struct urna_group *G, urna_element *out, const urna_element *a,
                     const urna_element *b)
{
    mp_limb_t r[NMAX];
    mont_mul(G->modp, r, a->v, b->v);
    modp_store(G->modp, out, r);
}

static void modp_div(const struct urna_group *G, urna_element *out, const urna_element *a,
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
    modp_store(m, out, r);
}

static void modp_h_group(struct urna_h *h, const struct urna_group *G)
{
    urna_h_bytes(h, G->modp->p_be, G->lp);
    urna_h_bytes(h, G->modp->q_be, G->lq);
    urna_h_bytes(h, G->modp->g_be, G->lp);
}

const struct group_ops urna_modp_ops = GROUP_OPS(modp);

/* --- parameters --- */

static mp_size_t limbs_for(size_t bytes)
{
    return (mp_size_t)((bytes + 7) / 8);
}

static void from_hex(uint8_t *out, size_t len, const char *hex)
{
    if (!urna_unhex(out, len, hex, strlen(hex)))
        abort();
}

static void read_params(struct modp *m, const struct modp_params *params)
{
    m->n = limbs_for(params->lp);
    m->nq = limbs_for(params->lq);
    from_hex(m->p_be, params->lp, params->p);
    from_hex(m->q_be, params->lq, params->q);
    from_hex(m->g_be, params->lp, params->g);
    urna_limbs_from_be(m->p, NMAX, m->p_be, params->lp);
    urna_limbs_from_be(m->q, 4, m->q_be, params->lq);
    m->q_bits = (unsigned)mpn_sizeinbase(m->q, m->nq, 2);
    m->q_gap = 0 - m->q[0];
    if (m->q_bits % 64 != 0)
        m->q_gap &= ((uint64_t)1 << (m->q_bits % 64)) - 1;
}

/* What Montgomery's form needs: -1/p mod 2^64, R and R^2 mod p; and the generator in it. */
static void prepare_montgomery(struct modp *m, size_t lp)
{
    /* Newton: each step doubles the number of right bits of 1/p mod 2^64, from 3. */
    mp_limb_t inv = m->p[0];
    for (int i = 0; i < 5; i++)
        inv *= 2 - m->p[0] * inv;
    m->p_inv = 0 - inv;

    mp_limb_t power_of_two[2 * NMAX + 1] = {0}, quotient[NMAX + 2], g[NMAX];
    power_of_two[m->n] = 1;
    mpn_tdiv_qr(quotient, m->one, 0, power_of_two, m->n + 1, m->p, m->n);
    power_of_two[m->n] = 0;
    power_of_two[2 * m->n] = 1;
    mpn_tdiv_qr(quotient, m->r2, 0, power_of_two, 2 * m->n + 1, m->p, m->n);
    urna_limbs_from_be(g, NMAX, m->g_be, lp);
    mont_mul(m, m->g, g, m->r2);
}

/* GMP's secret functions get room of fixed size: is it enough for this GMP? */
static void check_scratch(const struct modp *m)
{
    if (mpn_sec_mul_itch(m->n, m->n) > SEC_SCRATCH || mpn_sec_sqr_itch(m->n) > SEC_SCRATCH ||
        mpn_sec_mul_itch(m->nq, m->nq) > SCALAR_SCRATCH ||
        mpn_sec_div_r_itch(8, m->nq) > SCALAR_SCRATCH)
        abort();
}

void urna_modp_setup(struct urna_group *G, unsigned set)
{
    const struct modp_params *params = &urna_modp_params[set];
    struct modp *m = &sets[set];
    static const char ver[] = "v2.1.0";
    read_params(m, params);
    prepare_montgomery(m, params->lp);
    check_scratch(m);
    *G = (struct urna_group){.name = params->name,
                             .ops = &urna_modp_ops,
                             .test_only = params->test_only,
                             .lp = params->lp,
                             .lq = params->lq,
                             .modp = m};
    memcpy(G->ver, ver, sizeof ver - 1);
    memcpy(G->q, m->q, sizeof G->q);
}
