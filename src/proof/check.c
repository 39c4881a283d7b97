#include "proof/check.h"

#include <stdlib.h>

#include "proof/hash_impl.h"

/* out = g^v x^c for the generator g */
static void schnorr_commitment(const struct urna_group *G, urna_element *out, const urna_element *x,
                               const urna_scalar *c, const urna_scalar *v)
{
    const struct urna_fixed *g = urna_fixed_generator(G);
    urna_dual_exp_vartime(G, out, &g, v, x, c, 1);
}

bool urna_guardian_proof_check(const struct urna_group *G, const uint8_t h_p[32], bool data_keys,
                               uint32_t i, const urna_element *K, uint32_t k,
                               const urna_element *kappa, const urna_scalar *c,
                               const urna_scalar *v)
{
    urna_element *commit = urna_xcalloc((size_t)k + 1, sizeof *commit);
    for (uint32_t j = 0; j < k; j++)
        schnorr_commitment(G, &commit[j], &K[j], c, &v[j]);
    schnorr_commitment(G, &commit[k], kappa, c, &v[k]);
    urna_scalar again;
    urna_hash_guardian_challenge(G, &again, h_p, data_keys, i, K, k, kappa, commit);
    free(commit);
    return urna_scalar_eq(&again, c);
}

bool urna_share_proof_check(const struct urna_group *G, const uint8_t h_p[32], uint32_t i,
                            uint32_t l, const urna_element *c0, const uint8_t c1[64],
                            const urna_scalar *c, const urna_scalar *v)
{
    urna_element gamma;
    urna_scalar again;
    schnorr_commitment(G, &gamma, c0, c, v);
    urna_hash_share_challenge(G, &again, h_p, i, l, &gamma, c0, c1);
    return urna_scalar_eq(&again, c);
}

void urna_commitment_at(const struct urna_group *G, urna_element *out, const urna_element *K,
                        uint32_t k, uint32_t l)
{
    urna_scalar *e = urna_xcalloc((size_t)k + 1, sizeof *e), sl;
    urna_scalar_from_u64(G, &sl, l);
    urna_scalar_from_u64(G, &e[0], 1);
    for (uint32_t j = 1; j < k; j++)
        urna_scalar_mul(G, &e[j], &e[j - 1], &sl);
    urna_multi_exp_vartime(G, out, K, e, k);
    free(e);
}

/* out = x^v y^c */
static void two_powers(const struct urna_group *G, urna_element *out, const urna_element *x,
                       const urna_scalar *v, const urna_element *y, const urna_scalar *c)
{
    const urna_element base[2] = {*x, *y};
    const urna_scalar e[2] = {*v, *c};
    urna_multi_exp_vartime(G, out, base, e, 2);
}

bool urna_tally_check(const struct urna_group *G, const struct urna_fixed *K, const uint8_t h_e[32],
                      uint32_t ind_c, uint32_t ind_o, const urna_element *A, const urna_element *B,
                      uint64_t t, const urna_scalar *c, const urna_scalar *v)
{
    urna_element M, a, b, x;
    urna_scalar s;
    urna_scalar_from_u64(G, &s, t);
    urna_fixed_exp_vartime(K, &x, &s, 1);
    urna_element_div(G, &M, B, &x);
    urna_fixed_exp_vartime(urna_fixed_generator(G), &a, v, 1);
    urna_fixed_exp_vartime(K, &x, c, 1);
    urna_element_mul(G, &a, &a, &x);
    two_powers(G, &b, A, v, &M, c);
    urna_hash_decrypt_challenge(G, &s, h_e, ind_c, ind_o, A, B, &a, &b, &M);
    return urna_scalar_eq(&s, c);
}

bool urna_partial_check(const struct urna_group *G, const urna_element *S_i, const urna_element *A,
                        const urna_element *M_i, const urna_element *a_i, const urna_element *b_i,
                        const urna_scalar *c_i, const urna_scalar *v_i)
{
    urna_element a, b;
    schnorr_commitment(G, &a, S_i, c_i, v_i);
    two_powers(G, &b, A, v_i, M_i, c_i);
    return urna_element_eq(G, &a, a_i) && urna_element_eq(G, &b, b_i);
}
