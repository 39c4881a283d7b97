/* Every value of the specification's vector file, computed anew: each "random" value is
 * SHA-256("urna-eg21-vectors/" || tag), mod q for scalars, so a whole election follows from its
 * tags. Skipped where the file is absent. */
#include "vectors.h"

#include <gmp.h>

#include "group/group_impl.h"
#include "proof/ballot_nonce.h"
#include "proof/chaining.h"
#include "proof/check.h"
#include "proof/contest_data.h"
#include "proof/preencrypted.h"
#include "proof/prove.h"
#include "proof/range_impl.h"

#define MAX_N 5
#define MAX_FIELDS 3
#define CONTESTS 2
#define BALLOTS 3

struct election {
    struct vectors *v;
    const json_t *j;
    const struct urna_group *G;
    uint32_t n, k;
    const struct urna_fixed *g;
    struct urna_fixed *K, *Kh;
    urna_element k_ij[MAX_N * MAX_N], kh_ij[MAX_N * MAX_N], kappa[MAX_N];
    urna_secret_scalar a[MAX_N][MAX_N], ah[MAX_N][MAX_N], zeta[MAX_N];
    urna_secret_scalar z[MAX_N], zh[MAX_N]; /* of guardian i + 1 */
    uint8_t h_p[32], h_b[32], h_e[32];
};

static void tag_bytes(uint8_t out[32], const char *tag)
{
    char text[128];
    int n = snprintf(text, sizeof text, "urna-eg21-vectors/%s", tag);
    urna_sha256(out, text, (size_t)n);
}

__attribute__((format(printf, 3, 4))) static void
draw(const struct urna_group *G, urna_secret_scalar *out, const char *fmt, ...)
{
    char tag[96];
    uint8_t h[32];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(tag, sizeof tag, fmt, ap);
    va_end(ap);
    tag_bytes(h, tag);
    urna_secret_from_hash(G, out, h);
}

/* The file prints only some parts of some elections. */
static const json_t *opt(const json_t *o, const char *key)
{
    return json_object_get(o, key);
}

static void eq_hash_opt(struct vectors *v, const json_t *o, const char *key, const uint8_t h[32])
{
    if (opt(o, key) != NULL)
        eq_hash(v, opt(o, key), h);
}

static void eq_secrets(struct vectors *v, const struct urna_group *G, const json_t *array,
                       const urna_secret_scalar *x, size_t n)
{
    assert_int_equal(json_array_size(array), n);
    for (size_t i = 0; i < n; i++)
        eq_secret(v, G, json_array_get(array, i), &x[i]);
}

static void eq_scalars(struct vectors *v, const struct urna_group *G, const json_t *array,
                       const urna_scalar *x, size_t n)
{
    assert_int_equal(json_array_size(array), n);
    for (size_t i = 0; i < n; i++)
        eq_scalar(v, G, json_array_get(array, i), &x[i]);
}

static void eq_elements(struct vectors *v, const struct urna_group *G, const json_t *array,
                        const urna_element *x, size_t n)
{
    assert_int_equal(json_array_size(array), n);
    for (size_t i = 0; i < n; i++)
        eq_element(v, G, json_array_get(array, i), &x[i]);
}

static void guardians(struct election *e)
{
    const struct urna_group *G = e->G;
    urna_element K, Kh;
    urna_element_identity(G, &K);
    urna_element_identity(G, &Kh);
    for (uint32_t i = 0; i < e->n; i++) {
        urna_secret_scalar u[MAX_N + 1], uh[MAX_N + 1];
        urna_scalar c, ch, v[MAX_N + 1], vh[MAX_N + 1];
        for (uint32_t j = 0; j < e->k; j++) {
            draw(G, &e->a[i][j], "a%u,%u", i + 1, j);
            draw(G, &e->ah[i][j], "ah%u,%u", i + 1, j);
        }
        draw(G, &e->zeta[i], "zeta%u", i + 1);
        for (uint32_t j = 0; j <= e->k; j++) {
            draw(G, &u[j], "vote/u%u,%u", i + 1, j);
            draw(G, &uh[j], "data/u%u,%u", i + 1, j);
        }
        urna_element *Ki = &e->k_ij[i * e->k], *Khi = &e->kh_ij[i * e->k];
        urna_fixed_exp_secret(e->g, Ki, e->a[i], e->k);
        urna_fixed_exp_secret(e->g, Khi, e->ah[i], e->k);
        urna_fixed_exp_secret(e->g, &e->kappa[i], &e->zeta[i], 1);
        urna_element_mul(G, &K, &K, &Ki[0]);
        urna_element_mul(G, &Kh, &Kh, &Khi[0]);
        urna_guardian_prove(G, e->h_p, false, i + 1, e->a[i], Ki, e->k, &e->zeta[i], &e->kappa[i],
                            u, &c, v);
        urna_guardian_prove(G, e->h_p, true, i + 1, e->ah[i], Khi, e->k, &e->zeta[i], &e->kappa[i],
                            uh, &ch, vh);
        assert_true(
            urna_guardian_proof_check(G, e->h_p, false, i + 1, Ki, e->k, &e->kappa[i], &c, v));
        assert_true(
            urna_guardian_proof_check(G, e->h_p, true, i + 1, Khi, e->k, &e->kappa[i], &ch, vh));
        const json_t *p = i == 0 ? opt(e->j, "guardian1") : NULL;
        if (p == NULL)
            continue;
        eq_int(e->v, at(p, "i"), 1);
        eq_secrets(e->v, G, at(p, "a"), e->a[i], e->k);
        eq_secrets(e->v, G, at(p, "a_hat"), e->ah[i], e->k);
        eq_secret(e->v, G, at(p, "zeta"), &e->zeta[i]);
        eq_secrets(e->v, G, at(p, "u"), u, e->k + 1);
        eq_secrets(e->v, G, at(p, "u_hat"), uh, e->k + 1);
        eq_elements(e->v, G, at(p, "K_1j"), Ki, e->k);
        eq_elements(e->v, G, at(p, "K_hat_1j"), Khi, e->k);
        eq_element(e->v, G, at(p, "kappa"), &e->kappa[i]);
        eq_scalar(e->v, G, at(p, "c"), &c);
        eq_scalar(e->v, G, at(p, "c_hat"), &ch);
        eq_scalars(e->v, G, at(p, "v"), v, e->k + 1);
        eq_scalars(e->v, G, at(p, "v_hat"), vh, e->k + 1);
    }
    eq_element(e->v, G, at(e->j, "K"), &K);
    eq_element(e->v, G, at(e->j, "K_hat"), &Kh);
    e->K = urna_fixed_new(G, &K);
    e->Kh = urna_fixed_new(G, &Kh);
    uint8_t h_g[32];
    urna_hash_guardian_record(h_g, G, e->h_b, &K, &Kh, e->k_ij, e->kh_ij, e->kappa, e->n, e->k);
    eq_hash(e->v, at(e->j, "H_G"), h_g);
    urna_hash_extended(e->h_e, G, e->h_b, &K, &Kh);
    eq_hash(e->v, at(e->j, "H_E"), e->h_e);
}

static void shares(struct election *e)
{
    const struct urna_group *G = e->G;
    for (uint32_t l = 1; l <= e->n; l++) {
        secret_u32(G, &e->z[l - 1], 0);
        secret_u32(G, &e->zh[l - 1], 0);
        for (uint32_t i = 0; i < e->n; i++) {
            urna_secret_scalar p, ph;
            urna_element left, right;
            polynomial_at(G, &p, e->a[i], e->k, l);
            polynomial_at(G, &ph, e->ah[i], e->k, l);
            urna_secret_add(G, &e->z[l - 1], &e->z[l - 1], &p);
            urna_secret_add(G, &e->zh[l - 1], &e->zh[l - 1], &ph);
            urna_fixed_exp_secret(e->g, &left, &p, 1);
            urna_commitment_at(G, &right, &e->k_ij[i * e->k], e->k, l);
            assert_true(urna_element_eq(G, &left, &right));
        }
        char key[8];
        snprintf(key, sizeof key, "%u", l);
        if (opt(e->j, "z") != NULL) {
            eq_secret(e->v, G, at(at(e->j, "z"), key), &e->z[l - 1]);
            eq_secret(e->v, G, at(at(e->j, "z_hat"), key), &e->zh[l - 1]);
        }
    }
    const json_t *s = opt(e->j, "share_1_to_2");
    if (s == NULL)
        return;
    urna_secret_scalar p, ph, xi, u, p2, ph2;
    urna_element c0, beta;
    urna_scalar c, v;
    uint8_t c1[64], key[32], pad[64];
    draw(G, &xi, "share/xi");
    draw(G, &u, "share/u");
    polynomial_at(G, &p, e->a[0], e->k, 2);
    polynomial_at(G, &ph, e->ah[0], e->k, 2);
    urna_share_encrypt(G, e->h_p, 1, 2, &e->kappa[1], &p, &ph, &xi, &u, &c0, c1, &c, &v);
    eq_secret(e->v, G, at(s, "xi"), &xi);
    eq_secret(e->v, G, at(s, "u"), &u);
    eq_secret(e->v, G, at(s, "P1(2)"), &p);
    eq_secret(e->v, G, at(s, "P1hat(2)"), &ph);
    urna_exp_secret(G, &beta, &e->kappa[1], &xi, 1);
    urna_hash_share_key(key, G, e->h_p, 1, 2, &e->kappa[1], &c0, &beta);
    urna_kdf_share(pad, key, 1, 2);
    eq_hash(e->v, at(s, "k_1,2"), key);
    eq_hash(e->v, at(s, "k_1,2,1"), pad);
    eq_hash(e->v, at(s, "k_1,2,2"), pad + 32);
    eq_element(e->v, G, at(s, "C0"), &c0);
    eq_bytes(e->v, at(s, "C1"), c1, 64);
    eq_scalar(e->v, G, at(s, "c"), &c);
    eq_scalar(e->v, G, at(s, "v"), &v);
    assert_true(urna_share_proof_check(G, e->h_p, 1, 2, &c0, c1, &c, &v));
    assert_true(urna_share_decrypt(G, e->h_p, 1, 2, &e->kappa[1], &e->zeta[1], &c0, c1, &p2, &ph2));
    assert_memory_equal(&p, &p2, sizeof p);
    assert_memory_equal(&ph, &ph2, sizeof ph);
}

/* A range proof with the nonces of its tag, compared with the printed one. */
static void range(struct election *e, const uint8_t h_i[32], uint32_t ind_c, uint32_t ind_o,
                  uint32_t bound, const urna_element *alpha, const urna_element *beta,
                  const urna_secret_scalar *xi, uint32_t value, const char *tag, const json_t *p)
{
    const struct urna_group *G = e->G;
    urna_secret_scalar u[4], fake[4];
    urna_scalar c[4], v[4];
    for (uint32_t t = 0; t <= bound; t++) {
        draw(G, &u[t], "%s/u%u", tag, t);
        draw(G, &fake[t], "%s/c%u", tag, t);
    }
    urna_range_prove_with(G, e->g, e->K, h_i, urna_range_head(ind_c, ind_o), 0, bound + 1, alpha,
                          beta, xi, value, u, fake, c, v);
    const struct urna_range_statement s = {ind_c, ind_o, bound, *alpha, *beta, c, v};
    bool ok;
    assert_true(urna_range_check(G, e->g, e->K, h_i, &s, 1, &ok));
    if (p == NULL)
        return;
    eq_secrets(e->v, G, at(p, "u"), u, bound + 1);
    eq_scalars(e->v, G, at(p, "c"), c, bound + 1);
    eq_scalars(e->v, G, at(p, "v"), v, bound + 1);
    if (opt(p, "challenge_sum") != NULL) {
        urna_scalar sum = c[0];
        for (uint32_t t = 1; t <= bound; t++)
            urna_scalar_add(G, &sum, &sum, &c[t]);
        eq_scalar(e->v, G, at(p, "challenge_sum"), &sum);
    }
    eq_int(e->v, at(p, "B1_len"),
           (ind_o != 0 ? 9 : 5) + (2 * (uint64_t)bound + 4) * urna_group_lp(G));
}

static const uint32_t fields_of[CONTESTS] = {2, 3}, option_limit[CONTESTS] = {1, 2},
                      selection_limit[CONTESTS] = {1, 3};
static const uint32_t votes[BALLOTS][CONTESTS][MAX_FIELDS] = {
    {{1, 0, 0}, {2, 0, 1}}, {{0, 1, 0}, {0, 2, 0}}, {{0, 0, 0}, {0, 0, 0}}};

static void contest_data(struct election *e, const uint8_t h_i[32], const uint8_t xi_b[32],
                         uint32_t ballot, const json_t *p, struct urna_buf *encoded)
{
    const struct urna_group *G = e->G;
    uint8_t text[64] = "write-in: Ada Lovelace\x80", c1[64], again[64], key[32];
    urna_secret_scalar xi, u;
    struct urna_contest_data d;
    urna_element beta;
    urna_hash_data_nonce(G, &xi, h_i, 2, xi_b);
    draw(G, &u, "b%u/cd/u", ballot);
    urna_data_encrypt(G, e->Kh, h_i, 2, &xi, &u, text, 2, &d, c1);
    assert_true(urna_data_proof_check(G, h_i, 2, &d));
    urna_fixed_exp_secret(e->Kh, &beta, &xi, 1);
    urna_data_open(G, h_i, 2, &d, &beta, again);
    assert_memory_equal(again, text, 64);
    urna_data_encode(G, encoded, &d);
    if (p == NULL)
        return;
    urna_hash_data_key(key, G, h_i, 2, &d.c0, &beta);
    eq_bytes(e->v, at(p, "D"), text, 64);
    eq_int(e->v, at(p, "b"), 2);
    eq_secret(e->v, G, at(p, "xi"), &xi);
    eq_hash(e->v, at(p, "h"), key);
    eq_element(e->v, G, at(p, "C0"), &d.c0);
    eq_bytes(e->v, at(p, "C1"), c1, 64);
    eq_secret(e->v, G, at(p, "u"), &u);
    eq_scalar(e->v, G, at(p, "c"), &d.c);
    eq_scalar(e->v, G, at(p, "v"), &d.v);
}

static void nonce_encryption(struct election *e, const uint8_t h_i[32], const uint8_t xi_b[32],
                             uint32_t ballot, const json_t *p)
{
    const struct urna_group *G = e->G;
    urna_secret_scalar xi, u;
    struct urna_ballot_nonce x;
    urna_element beta;
    uint8_t key[32], pad[32], again[32];
    draw(G, &xi, "b%u/xihat", ballot);
    draw(G, &u, "b%u/xihat/u", ballot);
    urna_nonce_encrypt(G, e->Kh, h_i, xi_b, &xi, &u, &x);
    assert_true(urna_nonce_proof_check(G, h_i, &x));
    urna_fixed_exp_secret(e->Kh, &beta, &xi, 1);
    urna_nonce_open(G, h_i, &x, &beta, again);
    assert_memory_equal(again, xi_b, 32);
    urna_hash_nonce_key(key, G, h_i, &x.c0, &beta);
    urna_kdf_nonce(pad, key);
    eq_secret(e->v, G, at(p, "xi_hat"), &xi);
    eq_hash(e->v, at(p, "h"), key);
    eq_hash(e->v, at(p, "k1"), pad);
    eq_element(e->v, G, at(p, "C0"), &x.c0);
    eq_bytes(e->v, at(p, "C1"), x.c1, 32);
    eq_secret(e->v, G, at(p, "u"), &u);
    eq_scalar(e->v, G, at(p, "c"), &x.c);
    eq_scalar(e->v, G, at(p, "v"), &x.v);
}

/* One ballot: encrypt, prove, hash; multiply into the sums if it is cast. */
static void ballot(struct election *e, uint32_t index, const json_t *p, const uint8_t h_di[32],
                   uint8_t last[32], urna_element A[CONTESTS][MAX_FIELDS],
                   urna_element B[CONTESTS][MAX_FIELDS])
{
    const struct urna_group *G = e->G;
    const bool cast = index < 2;
    uint8_t id_b[32], xi_b[32], h_i[32], chi[CONTESTS][32], b_c[36], h_c[32];
    char tag[64];
    snprintf(tag, sizeof tag, "idB%u", index);
    tag_bytes(id_b, tag);
    snprintf(tag, sizeof tag, "xiB%u", index);
    tag_bytes(xi_b, tag);
    urna_hash_identifier(h_i, e->h_e, id_b);
    for (uint32_t i = 0; i < CONTESTS; i++) {
        const json_t *pc = p == NULL ? NULL : json_array_get(at(p, "contests"), i);
        urna_element alpha[MAX_FIELDS], beta[MAX_FIELDS], alphas, betas;
        urna_secret_scalar sum;
        uint32_t total = 0;
        secret_u32(G, &sum, 0);
        urna_element_identity(G, &alphas);
        urna_element_identity(G, &betas);
        for (uint32_t f = 0; f < fields_of[i]; f++) {
            const json_t *ps = pc == NULL ? NULL : json_array_get(at(pc, "selections"), f);
            urna_secret_scalar xi, t;
            const uint32_t value = votes[index][i][f];
            urna_hash_selection_nonce(G, &xi, h_i, i + 1, f + 1, xi_b);
            secret_u32(G, &t, value);
            urna_secret_add(G, &t, &t, &xi);
            urna_fixed_exp_secret(e->g, &alpha[f], &xi, 1);
            urna_fixed_exp_secret(e->K, &beta[f], &t, 1);
            if (ps != NULL) {
                eq_int(e->v, at(ps, "j"), f + 1);
                eq_int(e->v, at(ps, "sigma"), value);
                eq_int(e->v, at(ps, "R"), option_limit[i]);
                eq_secret(e->v, G, at(ps, "xi_ij"), &xi);
                eq_element(e->v, G, at(ps, "alpha"), &alpha[f]);
                eq_element(e->v, G, at(ps, "beta"), &beta[f]);
            }
            snprintf(tag, sizeof tag, "b%u/c%u/o%u", index, i + 1, f + 1);
            range(e, h_i, i + 1, f + 1, option_limit[i], &alpha[f], &beta[f], &xi, value, tag, ps);
            urna_element_mul(G, &alphas, &alphas, &alpha[f]);
            urna_element_mul(G, &betas, &betas, &beta[f]);
            urna_secret_add(G, &sum, &sum, &xi);
            total += value;
            if (cast) {
                urna_element_mul(G, &A[i][f], &A[i][f], &alpha[f]);
                urna_element_mul(G, &B[i][f], &B[i][f], &beta[f]);
            }
        }
        const json_t *pl = pc == NULL ? NULL : at(pc, "limit_proof");
        snprintf(tag, sizeof tag, "b%u/c%u/limit", index, i + 1);
        range(e, h_i, i + 1, 0, selection_limit[i], &alphas, &betas, &sum, total, tag, pl);
        struct urna_buf data = {0};
        if (i == 1)
            contest_data(e, h_i, xi_b, index, pc == NULL ? NULL : at(pc, "contest_data"), &data);
        urna_hash_contest(chi[i], G, h_i, i + 1, alpha, beta, fields_of[i], urna_buf_view(&data));
        urna_buf_free(&data);
        if (pc != NULL) {
            eq_int(e->v, at(pc, "i"), i + 1);
            eq_int(e->v, at(pl, "L"), selection_limit[i]);
            eq_secret(e->v, G, at(pl, "xi"), &sum);
            eq_element(e->v, G, at(pl, "alpha_bar"), &alphas);
            eq_element(e->v, G, at(pl, "beta_bar"), &betas);
            eq_hash(e->v, at(pc, "chi"), chi[i]);
        }
    }
    urna_chaining_simple(b_c, last);
    urna_hash_confirmation(h_c, h_i, (const uint8_t(*)[32])chi, CONTESTS, b_c);
    memcpy(last, h_c, 32);
    if (p == NULL)
        return;
    nonce_encryption(e, h_i, xi_b, index, at(p, "nonce_enc"));
    eq_text(e->v, at(p, "status"), cast ? "cast" : "challenged");
    eq_hash(e->v, at(p, "id_B"), id_b);
    eq_hash(e->v, at(p, "xi_B"), xi_b);
    eq_hash(e->v, at(p, "H_I"), h_i);
    eq_bytes(e->v, at(p, "B_C"), b_c, 36);
    eq_hash(e->v, at(p, "H_C"), h_c);
    urna_chaining_none(b_c, h_di);
    urna_hash_confirmation(h_c, h_i, (const uint8_t(*)[32])chi, CONTESTS, b_c);
    eq_hash(e->v, at(p, "H_C_if_no_chaining"), h_c);
}

static void decrypt_field(struct election *e, const uint32_t *U, size_t n_U, uint32_t i, uint32_t f,
                          const urna_element *A, const urna_element *B, const json_t *p)
{
    const struct urna_group *G = e->G;
    urna_element M_i[MAX_N], a_i[MAX_N], b_i[MAX_N], S_i, M, T, a, b, x;
    urna_scalar w[MAX_N], c, c_i, v, v_i[MAX_N], zero;
    urna_secret_scalar u[MAX_N], t;
    char key[8];
    urna_element_identity(G, &M);
    urna_element_identity(G, &a);
    urna_element_identity(G, &b);
    for (size_t s = 0; s < n_U; s++) {
        const uint32_t l = U[s];
        urna_exp_secret(G, &M_i[s], A, &e->z[l - 1], 1);
        urna_lagrange(G, &w[s], l, U, n_U);
        urna_exp_vartime(G, &x, &M_i[s], &w[s], 1);
        urna_element_mul(G, &M, &M, &x);
        draw(G, &u[s], "dec/%u,%u/u%u", i, f, l);
        urna_fixed_exp_secret(e->g, &a_i[s], &u[s], 1);
        urna_exp_secret(G, &b_i[s], A, &u[s], 1);
        urna_element_mul(G, &a, &a, &a_i[s]);
        urna_element_mul(G, &b, &b, &b_i[s]);
    }
    urna_element_div(G, &T, B, &M);
    urna_hash_decrypt_challenge(G, &c, e->h_e, i, f, A, B, &a, &b, &M);
    urna_scalar_from_u64(G, &zero, 0);
    v = zero;
    for (size_t s = 0; s < n_U; s++) {
        const uint32_t l = U[s];
        uint8_t d[32];
        snprintf(key, sizeof key, "%u", l);
        urna_hash_decrypt_commit(d, G, e->h_e, i, f, l, A, B, &a_i[s], &b_i[s], &M_i[s], U, n_U);
        urna_scalar_mul(G, &c_i, &c, &w[s]);
        urna_secret_from_public(&t, &c_i);
        urna_secret_mul(G, &t, &t, &e->z[l - 1]);
        urna_secret_sub(G, &t, &u[s], &t);
        urna_secret_declassify(&v_i[s], &t);
        urna_scalar_add(G, &v, &v, &v_i[s]);
        urna_element_identity(G, &S_i);
        for (uint32_t j = 0; j < e->n; j++) {
            urna_commitment_at(G, &x, &e->k_ij[j * e->k], e->k, l);
            urna_element_mul(G, &S_i, &S_i, &x);
        }
        assert_true(urna_partial_check(G, &S_i, A, &M_i[s], &a_i[s], &b_i[s], &c_i, &v_i[s]));
        urna_scalar wrong;
        urna_scalar_from_u64(G, &wrong, 1);
        urna_scalar_add(G, &wrong, &wrong, &v_i[s]);
        assert_false(urna_partial_check(G, &S_i, A, &M_i[s], &a_i[s], &b_i[s], &c_i, &wrong));
        eq_secret(e->v, G, at(at(p, "u_i"), key), &u[s]);
        eq_hash(e->v, at(at(p, "d_i"), key), d);
        eq_scalar(e->v, G, at(at(p, "v_i"), key), &v_i[s]);
    }
    uint64_t tally = 0;
    for (uint32_t k = 0; k < 2; k++)
        tally += votes[k][i - 1][f - 1];
    eq_int(e->v, at(p, "contest"), i);
    eq_int(e->v, at(p, "option"), f);
    eq_element(e->v, G, at(p, "A"), A);
    eq_element(e->v, G, at(p, "B"), B);
    eq_int(e->v, at(p, "t"), tally);
    eq_element(e->v, G, at(p, "T"), &T);
    eq_element(e->v, G, at(p, "M"), &M);
    eq_scalar(e->v, G, at(p, "c"), &c);
    eq_scalar(e->v, G, at(p, "v"), &v);
    assert_true(urna_tally_check(G, e->K, e->h_e, i, f, A, B, tally, &c, &v));
    assert_false(urna_tally_check(G, e->K, e->h_e, i, f, A, B, tally + 1, &c, &v));
    assert_false(urna_tally_check(G, e->K, e->h_e, i, f + 1, A, B, tally, &c, &v));
}

static void whole_election(struct vectors *v, const char *key, const char *group, uint32_t n,
                           uint32_t k, const uint32_t *U, size_t n_U)
{
    static struct election e;
    memset(&e, 0, sizeof e);
    e.v = v;
    e.j = at(v->root, key);
    e.n = n;
    e.k = k;
    e.G = group_named(group);
    e.g = urna_fixed_generator(e.G);
    remark(v, at(e.j, "group"));
    eq_int(v, at(e.j, "n"), n);
    eq_int(v, at(e.j, "k"), k);
    const char *manifest =
        json_string_value(at(at(v->root, "standard_n3_k2_U13"), "manifest_utf8"));
    if (opt(e.j, "manifest_utf8") != NULL)
        eq_text(v, opt(e.j, "manifest_utf8"), manifest);
    urna_hash_parameters(e.h_p, e.G, n, k);
    urna_hash_base(e.h_b, e.h_p, urna_view_str(manifest));
    eq_hash(v, at(e.j, "H_P"), e.h_p);
    eq_hash(v, at(e.j, "H_B"), e.h_b);
    guardians(&e);
    shares(&e);

    const json_t *pU = at(e.j, "U"), *pw = at(e.j, "lagrange_w");
    assert_int_equal(json_array_size(pU), n_U);
    for (size_t i = 0; i < n_U; i++) {
        urna_scalar w;
        char name[8];
        snprintf(name, sizeof name, "%u", U[i]);
        urna_lagrange(e.G, &w, U[i], U, n_U);
        eq_int(v, json_array_get(pU, i), U[i]);
        eq_scalar(v, e.G, at(pw, name), &w);
    }

    static const char device[] = "urna test device 1";
    uint8_t h_di[32], b_c0[36], b_c_close[36], closing[32], last[32];
    urna_hash_device(h_di, e.h_e, urna_view_str(device));
    urna_chaining_simple(b_c0, h_di);
    urna_chain_start(last, URNA_CHAIN_ORDINARY, e.h_e, b_c0);
    if (opt(e.j, "S_device") != NULL)
        eq_text(v, opt(e.j, "S_device"), device);
    eq_hash_opt(v, e.j, "H_DI", h_di);
    eq_hash_opt(v, e.j, "chain_H0", last);

    if (opt(e.j, "tally") != NULL) {
        urna_element A[CONTESTS][MAX_FIELDS], B[CONTESTS][MAX_FIELDS];
        for (int i = 0; i < CONTESTS; i++)
            for (int f = 0; f < MAX_FIELDS; f++) {
                urna_element_identity(e.G, &A[i][f]);
                urna_element_identity(e.G, &B[i][f]);
            }
        for (uint32_t i = 0; i < BALLOTS; i++)
            ballot(&e, i,
                   opt(e.j, "ballots") == NULL ? NULL : json_array_get(opt(e.j, "ballots"), i),
                   h_di, last, A, B);
        urna_chain_close(b_c_close, closing, URNA_CHAIN_ORDINARY, e.h_e, last, b_c0);
        if (opt(e.j, "chain_B_C_close") != NULL)
            eq_bytes(v, opt(e.j, "chain_B_C_close"), b_c_close, 36);
        eq_hash(v, at(e.j, "chain_closing_hash"), closing);
        size_t row = 0;
        for (uint32_t i = 0; i < CONTESTS; i++)
            for (uint32_t f = 0; f < fields_of[i]; f++)
                decrypt_field(&e, U, n_U, i + 1, f + 1, &A[i][f], &B[i][f],
                              json_array_get(at(e.j, "tally"), row++));
    }
    urna_fixed_free(e.K);
    urna_fixed_free(e.Kh);
}

static const char *our_name(const char *name)
{
    if (strcmp(name, "standard-4096") == 0)
        return "eg4096";
    return strcmp(name, "reduced-3072") == 0 ? "eg3072" : name;
}

/* p, q, r, g: r = (p - 1) / q and g = 2^r by GMP, and everything prime. */
static void parameters(struct vectors *v)
{
    const char *name;
    json_t *p;
    json_object_foreach(at(v->root, "parameters"), name, p)
    {
        const struct urna_group *G = group_named(our_name(name));
        uint8_t b[URNA_LP_MAX], all[2 * URNA_LP_MAX + URNA_LQ_MAX];
        urna_element gen;
        mpz_t mp, mq, mr, mg, half;
        mpz_inits(mp, mq, mr, mg, half, NULL);
        eq_int(v, at(p, "lp"), urna_group_lp(G));
        eq_int(v, at(p, "lq"), urna_group_lq(G));
        assert_int_equal(mpz_set_str(mp, json_string_value(at(p, "p")), 16), 0);
        assert_int_equal(mpz_set_str(mq, json_string_value(at(p, "q")), 16), 0);
        mpz_sub_ui(mr, mp, 1);
        assert_true(mpz_divisible_p(mr, mq));
        mpz_divexact(mr, mr, mq);
        char *text = mpz_get_str(NULL, -16, mr);
        eq_text(v, at(p, "r"), text);
        free(text);
        mpz_set_ui(mg, 2);
        mpz_powm(mg, mg, mr, mp);
        assert_true(mpz_cmp_ui(mg, 1) != 0);
        mpz_fdiv_q_2exp(half, mr, 1);
        assert_true(mpz_probab_prime_p(mp, 12) != 0 && mpz_probab_prime_p(mq, 20) != 0 &&
                    mpz_probab_prime_p(half, 12) != 0);
        memset(b, 0, sizeof b);
        size_t len = (mpz_sizeinbase(mg, 2) + 7) / 8;
        mpz_export(b + urna_group_lp(G) - len, NULL, 1, 1, 1, 0, mg);
        eq_bytes(v, at(p, "g"), b, urna_group_lp(G));
        urna_element_generator(G, &gen);
        urna_element_encode(G, all, &gen);
        assert_memory_equal(all, b, urna_group_lp(G));
        /* p and q of the program: the numbers that H_P is made of. */
        urna_limbs_to_be(b, urna_group_lq(G), G->q);
        eq_bytes(v, at(p, "q"), b, urna_group_lq(G));
        uint8_t ver[32], want[32], have[32];
        struct urna_h h;
        urna_group_ver(G, ver);
        assert_true(
            urna_unhex(b, urna_group_lp(G), json_string_value(at(p, "p")), 2 * urna_group_lp(G)));
        urna_h_begin(&h, ver, 0);
        urna_h_bytes(&h, b, urna_group_lp(G));
        urna_limbs_to_be(b, urna_group_lq(G), G->q);
        urna_h_bytes(&h, b, urna_group_lq(G));
        urna_h_bytes(&h, all, urna_group_lp(G));
        urna_h_u32(&h, 5);
        urna_h_u32(&h, 3);
        urna_h_end(&h, want);
        urna_hash_parameters(have, G, 5, 3);
        assert_memory_equal(have, want, 32);
        mark(v, at(p, "p"));
        v->reproduced++;
        mpz_clears(mp, mq, mr, mg, half, NULL);
    }
    json_object_foreach(at(v->root, "H_P"), name, p)
    {
        char group[32];
        unsigned n, k;
        uint8_t h[32];
        assert_int_equal(sscanf(name, "%31s n=%u k=%u", group, &n, &k), 3);
        urna_hash_parameters(h, group_named(our_name(group)), n, k);
        eq_hash(v, p, h);
    }
    uint8_t ver20[32] = "v2.0.0", h20[32];
    struct urna_h h;
    urna_h_begin(&h, ver20, 0);
    urna_h_group(&h, group_named("eg4096"));
    urna_h_end(&h, h20);
    eq_hash(v, at(v->root, "H_P_v2.0.0_standard"), h20);
}

static void hashes_and_encodings(struct vectors *v)
{
    const struct urna_group *G = group_named("eg4096"), *toy = group_named("toy-16-48");
    size_t i;
    json_t *p;
    json_array_foreach(at(v->root, "H_and_Hq"), i, p)
    {
        urna_scalar s;
        remark(v, at(p, "what"));
        if (opt(p, "value") != NULL) {
            uint8_t value[32];
            in_bytes(v, at(p, "value"), value, 32);
            urna_scalar_from_hash(G, &s, value);
            eq_scalar(v, G, at(p, "mod_q"), &s);
            continue;
        }
        uint8_t key[32], msg[64], out[32];
        size_t len = strlen(json_string_value(at(p, "B1"))) / 2;
        struct urna_h h;
        assert_true(len >= 1 && len <= sizeof msg);
        in_bytes(v, at(p, "B0"), key, 32);
        in_bytes(v, at(p, "B1"), msg, len);
        urna_h_begin(&h, key, msg[0]);
        urna_h_bytes(&h, msg + 1, len - 1);
        urna_h_end(&h, out);
        eq_hash(v, at(p, "H"), out);
        urna_scalar_from_hash(G, &s, out);
        eq_scalar(v, G, at(p, "Hq_std"), &s);
        urna_scalar_from_hash(toy, &s, out);
        eq_scalar(v, toy, at(p, "H mod q (toy-16-48)"), &s);
    }
    const json_t *e = at(v->root, "encodings");
    uint8_t b[512];
    urna_be32(b, 5);
    eq_bytes(v, at(e, "b(5,4)"), b, 4);
    const uint64_t number[64] = {8572345};
    urna_limbs_to_be(b, 512, number);
    eq_bytes(v, at(e, "b(8572345,512)_tail"), b + 506, 6);
    urna_scalar zero, one;
    urna_scalar_from_u64(G, &zero, 0);
    urna_scalar_from_u64(G, &one, 1);
    urna_scalar_sub(G, &zero, &zero, &one);
    eq_scalar(v, G, at(e, "b(q-1,32)"), &zero);
    urna_group_ver(G, b);
    eq_hash(v, at(e, "ver"), b);
    eq_bytes(v, at(e, "pk_vote"), (const uint8_t *)"pk_vote", 7);
    eq_bytes(v, at(e, "pk_data"), (const uint8_t *)"pk_data", 7);
    eq_bytes(v, at(e, "ElectionGuard"), (const uint8_t *)"ElectionGuard", 13);
    json_array_foreach(at(v->root, "lagrange_examples"), i, p)
    {
        uint32_t U[8];
        size_t n = json_array_size(at(p, "U")), s;
        for (s = 0; s < n; s++)
            U[s] = in_int(v, json_array_get(at(p, "U"), s));
        for (s = 0; s < n; s++) {
            char key[8];
            urna_scalar w;
            snprintf(key, sizeof key, "%u", U[s]);
            urna_lagrange(G, &w, U[s], U, n);
            eq_scalar(v, G, at(at(p, "w"), key), &w);
        }
    }
}

static void preencrypted(struct vectors *v)
{
    const json_t *p = at(v->root, "preencrypted_reduced");
    const struct urna_group *G = group_named("eg3072");
    uint8_t h_e[32], id_b[32], xi_b[32], h_i[32], psi[3][32], chi[1][32], h_di[32], b_c[36],
        h_c[32];
    urna_secret_scalar s;
    urna_element K;
    for (uint8_t i = 0; i < 32; i++)
        h_e[i] = i;
    draw(G, &s, "pre/s");
    urna_fixed_exp_secret(urna_fixed_generator(G), &K, &s, 1);
    struct urna_fixed *FK = urna_fixed_new(G, &K);
    tag_bytes(id_b, "pre/idB");
    tag_bytes(xi_b, "pre/xiB");
    urna_hash_identifier(h_i, h_e, id_b);
    remark(v, at(p, "group"));
    eq_hash(v, at(p, "H_E"), h_e);
    eq_secret(v, G, at(p, "s"), &s);
    eq_element(v, G, at(p, "K"), &K);
    eq_hash(v, at(p, "id_B"), id_b);
    eq_hash(v, at(p, "xi_B"), xi_b);
    eq_hash(v, at(p, "H_I"), h_i);
    eq_int(v, at(p, "m"), 2);
    eq_int(v, at(p, "L"), 1);
    for (uint32_t j = 1; j <= 3; j++) {
        urna_element alpha[2], beta[2];
        for (uint32_t k = 1; k <= 2; k++) {
            urna_secret_scalar xi, one;
            urna_hash_vector_nonce(G, &xi, h_i, 1, j, k, xi_b);
            urna_fixed_exp_secret(urna_fixed_generator(G), &alpha[k - 1], &xi, 1);
            secret_u32(G, &one, j == k);
            urna_secret_add(G, &xi, &xi, &one);
            urna_fixed_exp_secret(FK, &beta[k - 1], &xi, 1);
        }
        urna_hash_selection(psi[j - 1], G, h_i, alpha, beta, 2);
        eq_hash(v, json_array_get(at(p, "psi_1..m+L (unsorted)"), j - 1), psi[j - 1]);
        char code[URNA_SHORT_CODE_MAX];
        assert_true(urna_short_code(code, URNA_OMEGA_TWO_HEX, psi[j - 1]));
        eq_text(v, json_array_get(at(p, "short_codes_Omega1"), j - 1), code);
    }
    assert_true(urna_hash_contest_pre(chi[0], h_i, 1, (const uint8_t(*)[32])psi, 3));
    eq_hash(v, at(p, "chi_1"), chi[0]);
    urna_hash_device_pre(h_di, h_e, urna_view_str(in_text(v, at(p, "S_device"))));
    eq_hash(v, at(p, "H_DI(0x43)"), h_di);
    urna_chaining_none(b_c, h_di);
    urna_hash_confirmation_pre(h_c, h_i, (const uint8_t(*)[32])chi, 1, b_c);
    eq_hash(v, at(p, "H_C"), h_c);
    urna_fixed_free(FK);
}

static void ristretto(struct vectors *v)
{
    const json_t *p = at(v->root, "ristretto255_urna_proposal"), *q;
    const struct urna_group *G = group_named("ristretto255");
    struct election e = {.v = v, .G = G, .g = urna_fixed_generator(G)};
    uint8_t b[32], h_i[32], id_b[32], xi_b[32], chi[1][32], b_c[36], h_di[32];
    urna_secret_scalar s, sh, zeta, u[2];
    urna_element K, Kh, kappa, gen, alpha[2], beta[2];
    urna_scalar c, vv[2];
    remark(v, at(p, "_about"));
    urna_group_ver(G, b);
    eq_hash(v, at(p, "ver"), b);
    urna_limbs_to_be(b, 32, G->q);
    eq_hash(v, at(p, "ell"), b);
    urna_element_generator(G, &gen);
    eq_element(v, G, at(p, "G"), &gen);
    urna_hash_parameters(e.h_p, G, 5, 3);
    eq_hash(v, at(p, "H_P n=5 k=3"), e.h_p);
    eq_int(v, at(p, "B1_len_HP"), 1 + 12 + 3 * 32 + 8);
    draw(G, &s, "r255/s");
    draw(G, &sh, "r255/sh");
    urna_fixed_exp_secret(e.g, &K, &s, 1);
    urna_fixed_exp_secret(e.g, &Kh, &sh, 1);
    eq_secret(v, G, at(p, "s"), &s);
    eq_secret(v, G, at(p, "s_hat"), &sh);
    eq_element(v, G, at(p, "K"), &K);
    eq_element(v, G, at(p, "K_hat"), &Kh);
    urna_hash_base(e.h_b, e.h_p, urna_view_str(in_text(v, at(p, "manifest"))));
    eq_hash(v, at(p, "H_B"), e.h_b);
    urna_hash_extended(e.h_e, G, e.h_b, &K, &Kh);
    eq_hash(v, at(p, "H_E"), e.h_e);
    tag_bytes(id_b, "r255/idB");
    tag_bytes(xi_b, "r255/xiB");
    urna_hash_identifier(h_i, e.h_e, id_b);
    eq_hash(v, at(p, "id_B"), id_b);
    eq_hash(v, at(p, "xi_B"), xi_b);
    eq_hash(v, at(p, "H_I"), h_i);
    e.K = urna_fixed_new(G, &K);

    q = at(p, "schnorr_pk_vote_k1");
    draw(G, &zeta, "r255/zeta");
    draw(G, &u[0], "r255/u0");
    draw(G, &u[1], "r255/u1");
    urna_fixed_exp_secret(e.g, &kappa, &zeta, 1);
    urna_guardian_prove(G, e.h_p, false, 1, &s, &K, 1, &zeta, &kappa, u, &c, vv);
    eq_secret(v, G, at(q, "zeta"), &zeta);
    eq_element(v, G, at(q, "kappa"), &kappa);
    eq_secrets(v, G, at(q, "u"), u, 2);
    eq_scalar(v, G, at(q, "c"), &c);
    eq_scalars(v, G, at(q, "v"), vv, 2);

    for (uint32_t j = 1; j <= 2; j++) {
        const uint32_t value = j == 1;
        urna_secret_scalar xi, t, nonce[2], fake[2];
        urna_scalar pc[2], pv[2];
        q = json_array_get(at(p, "selections_contest1"), j - 1);
        urna_hash_selection_nonce(G, &xi, h_i, 1, j, xi_b);
        secret_u32(G, &t, value);
        urna_secret_add(G, &t, &t, &xi);
        urna_fixed_exp_secret(e.g, &alpha[j - 1], &xi, 1);
        urna_fixed_exp_secret(e.K, &beta[j - 1], &t, 1);
        for (uint32_t k = 0; k < 2; k++) {
            draw(G, &nonce[k], "r255/u%u,%u", j, k);
            draw(G, &fake[k], "r255/c%u,%u", j, k);
        }
        urna_range_prove_with(G, e.g, e.K, h_i, urna_range_head(1, j), 0, 2, &alpha[j - 1],
                              &beta[j - 1], &xi, value, nonce, fake, pc, pv);
        eq_int(v, at(q, "j"), j);
        eq_int(v, at(q, "sigma"), value);
        eq_secret(v, G, at(q, "xi"), &xi);
        eq_element(v, G, at(q, "alpha"), &alpha[j - 1]);
        eq_element(v, G, at(q, "beta"), &beta[j - 1]);
        eq_secrets(v, G, at(q, "u"), nonce, 2);
        eq_scalars(v, G, at(q, "c"), pc, 2);
        eq_scalars(v, G, at(q, "v"), pv, 2);
    }
    urna_hash_contest(chi[0], G, h_i, 1, alpha, beta, 2, urna_view(NULL, 0));
    eq_hash(v, at(p, "chi_1"), chi[0]);
    urna_hash_device(h_di, e.h_e, urna_view_str(in_text(v, at(p, "S_device"))));
    eq_hash(v, at(p, "H_DI"), h_di);
    urna_chaining_none(b_c, h_di);
    urna_hash_confirmation(b, h_i, (const uint8_t(*)[32])chi, 1, b_c);
    eq_hash(v, at(p, "H_C_no_chaining"), b);
    urna_fixed_free(e.K);
}

static void every_value_of_the_vector_file(void **state)
{
    (void)state;
    struct vectors v;
    if (!vectors_load_shared(&v, "eg21-vectors.json")) {
        print_message("# eg21-vectors.json is not here (URNA_SHARED): skipped\n");
        skip();
    }
    static const uint32_t U1[] = {1}, U13[] = {1, 3}, U123[] = {1, 2, 3}, U245[] = {2, 4, 5};
    remark(&v, at(v.root, "_about"));
    parameters(&v);
    hashes_and_encodings(&v);
    whole_election(&v, "standard_n3_k2_U13", "eg4096", 3, 2, U13, 2);
    whole_election(&v, "standard_n1_k1", "eg4096", 1, 1, U1, 1);
    whole_election(&v, "reduced_n3_k3_U123", "eg3072", 3, 3, U123, 3);
    whole_election(&v, "toy_64_256_n5_k3_U245", "toy-64-256", 5, 3, U245, 3);
    preencrypted(&v);
    ristretto(&v);
    vectors_end(&v, "eg21-vectors.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_value_of_the_vector_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
