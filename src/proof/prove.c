#include "proof/prove.h"

#include <stdlib.h>
#include <string.h>

#include "base/ct.h"
#include "base/secret.h"
#include "proof/hash_impl.h"
#include "proof/range_impl.h"

static urna_secret_scalar *new_secrets(size_t n)
{
    return urna_xcalloc(n, sizeof(urna_secret_scalar));
}

static void free_secrets(urna_secret_scalar *s, size_t n)
{
    urna_wipe(s, n * sizeof *s);
    free(s);
}

/* 1 if a == b, without a branch. */
static uint64_t equal_flag(uint32_t a, uint32_t b)
{
    uint64_t x = a ^ b;
    return (x - 1) >> 63;
}

static void secret_from_u32(const struct urna_group *G, urna_secret_scalar *out, uint32_t x)
{
    uint8_t be[32] = {0};
    urna_be32(be + 28, x);
    urna_secret_from_hash(G, out, be);
    urna_wipe(be, sizeof be);
}

void urna_schnorr_commit(const struct urna_group *G, urna_secret_scalar *nonce,
                         const urna_secret_scalar *u, urna_element *a)
{
    if (u != NULL)
        *nonce = *u;
    else
        urna_secret_random(G, nonce);
    urna_fixed_exp_secret(urna_fixed_generator(G), a, nonce, 1);
    URNA_PUBLIC(a, sizeof *a);
}

void urna_schnorr_respond(const struct urna_group *G, urna_scalar *v,
                          const urna_secret_scalar *nonce, const urna_scalar *c,
                          const urna_secret_scalar *x)
{
    urna_secret_scalar t;
    urna_secret_from_public(&t, c);
    urna_secret_mul(G, &t, &t, x);
    urna_secret_sub(G, &t, nonce, &t);
    urna_secret_declassify(v, &t);
    urna_secret_wipe(&t);
}

void urna_range_prove_with(const struct urna_group *G, const struct urna_fixed *g,
                           const struct urna_fixed *K, const uint8_t h_i[32],
                           struct range_head head, uint32_t low, uint32_t count,
                           const urna_element *alpha, const urna_element *beta,
                           const urna_secret_scalar *xi, uint32_t value,
                           const urna_secret_scalar *u, const urna_secret_scalar *fake,
                           urna_scalar *c, urna_scalar *v)
{
    urna_secret_scalar l, d, sum, cj;
    struct urna_h h;
    secret_from_u32(G, &l, value);
    memset(&sum, 0, sizeof sum);
    urna_h_begin(&h, h_i, head.domain);
    for (unsigned i = 0; i < head.n; i++)
        urna_h_u32(&h, head.prefix[i]);
    urna_h_element(&h, G, alpha);
    urna_h_element(&h, G, beta);
    for (uint32_t j = 0; j < count; j++) {
        /* t_j = u_j + (l - j) c_j: for the real branch that is u_j, so no branch is special. */
        urna_element a, b;
        secret_from_u32(G, &d, low + j);
        urna_secret_sub(G, &d, &l, &d);
        urna_secret_mul(G, &d, &d, &fake[j]);
        urna_secret_add(G, &d, &d, &u[j]);
        urna_fixed_exp_secret(g, &a, &u[j], 1);
        urna_fixed_exp_secret(K, &b, &d, 1);
        URNA_PUBLIC(&a, sizeof a);
        URNA_PUBLIC(&b, sizeof b);
        urna_h_element(&h, G, &a);
        urna_h_element(&h, G, &b);
        urna_secret_add(G, &sum, &sum, &fake[j]);
    }
    urna_scalar challenge;
    urna_h_end_q(&h, G, &challenge);
    /* The real c_j = c - (sum of the others) = (c - sum of all fakes) + its own fake. */
    urna_secret_from_public(&d, &challenge);
    urna_secret_sub(G, &sum, &d, &sum);
    for (uint32_t j = 0; j < count; j++) {
        urna_secret_add(G, &cj, &sum, &fake[j]);
        urna_secret_select(&cj, equal_flag(low + j, value), &cj, &fake[j]);
        urna_secret_declassify(&c[j], &cj);
        urna_schnorr_respond(G, &v[j], &u[j], &c[j], xi);
    }
    urna_secret_wipe(&l);
    urna_secret_wipe(&d);
    urna_secret_wipe(&sum);
    urna_secret_wipe(&cj);
}

void urna_range_prove_task(const struct urna_group *G, const struct urna_fixed *g,
                           const struct urna_fixed *K, const uint8_t h_i[32],
                           struct range_head head, uint32_t low, uint32_t count,
                           const urna_element *alpha, const urna_element *beta,
                           const urna_secret_scalar *xi, uint32_t value, urna_scalar *c,
                           urna_scalar *v)
{
    urna_secret_scalar *random = new_secrets(2 * (size_t)count);
    for (size_t j = 0; j < 2 * (size_t)count; j++)
        urna_secret_random(G, &random[j]);
    urna_range_prove_with(G, g, K, h_i, head, low, count, alpha, beta, xi, value, random,
                          random + count, c, v);
    free_secrets(random, 2 * (size_t)count);
}

void urna_range_prove(const struct urna_group *G, const struct urna_fixed *g,
                      const struct urna_fixed *K, const uint8_t h_i[32], uint32_t ind_c,
                      uint32_t ind_o, uint32_t bound, const urna_element *alpha,
                      const urna_element *beta, const urna_secret_scalar *xi, uint32_t value,
                      urna_scalar *c, urna_scalar *v)
{
    urna_range_prove_task(G, g, K, h_i, urna_range_head(ind_c, ind_o), 0, bound + 1, alpha, beta,
                          xi, value, c, v);
}

void urna_guardian_prove(const struct urna_group *G, const uint8_t h_p[32], bool data_keys,
                         uint32_t i, const urna_secret_scalar *a, const urna_element *K, uint32_t k,
                         const urna_secret_scalar *zeta, const urna_element *kappa,
                         const urna_secret_scalar *u, urna_scalar *c, urna_scalar *v)
{
    const size_t n = (size_t)k + 1;
    urna_secret_scalar *own = new_secrets(n);
    urna_element *commit = urna_xcalloc(n, sizeof *commit);
    for (size_t j = 0; j < n; j++)
        urna_schnorr_commit(G, &own[j], u != NULL ? &u[j] : NULL, &commit[j]);
    urna_hash_guardian_challenge(G, c, h_p, data_keys, i, K, k, kappa, commit);
    for (uint32_t j = 0; j < k; j++)
        urna_schnorr_respond(G, &v[j], &own[j], c, &a[j]);
    urna_schnorr_respond(G, &v[k], &own[k], c, zeta);
    free(commit);
    free_secrets(own, n);
}

/* C1 = plain xor the two keys of the pad; works both ways. */
static void share_pad(const struct urna_group *G, uint8_t out[64], const uint8_t in[64],
                      const uint8_t h_p[32], uint32_t i, uint32_t l, const urna_element *kappa_l,
                      const urna_element *c0, const urna_element *beta)
{
    uint8_t key[32], pad[64];
    urna_hash_share_key(key, G, h_p, i, l, kappa_l, c0, beta);
    urna_kdf_share(pad, key, i, l);
    for (size_t j = 0; j < 64; j++)
        out[j] = in[j] ^ pad[j];
    urna_wipe(key, sizeof key);
    urna_wipe(pad, sizeof pad);
}

void urna_share_encrypt(const struct urna_group *G, const uint8_t h_p[32], uint32_t i, uint32_t l,
                        const urna_element *kappa_l, const urna_secret_scalar *p,
                        const urna_secret_scalar *ph, const urna_secret_scalar *xi,
                        const urna_secret_scalar *u, urna_element *c0, uint8_t c1[64],
                        urna_scalar *c, urna_scalar *v)
{
    urna_secret_scalar nonce, commit;
    urna_element beta, gamma;
    uint8_t plain[64] = {0};
    const size_t lq = urna_group_lq(G);
    if (xi != NULL)
        nonce = *xi;
    else
        urna_secret_random_nonzero(G, &nonce);
    urna_fixed_exp_secret(urna_fixed_generator(G), c0, &nonce, 1);
    URNA_PUBLIC(c0, sizeof *c0);
    urna_exp_secret(G, &beta, kappa_l, &nonce, 1);
    urna_secret_encode(G, plain + 32 - lq, p);
    urna_secret_encode(G, plain + 64 - lq, ph);
    share_pad(G, c1, plain, h_p, i, l, kappa_l, c0, &beta);
    URNA_PUBLIC(c1, 64);
    urna_schnorr_commit(G, &commit, u, &gamma);
    urna_hash_share_challenge(G, c, h_p, i, l, &gamma, c0, c1);
    urna_schnorr_respond(G, v, &commit, c, &nonce);
    urna_secret_wipe(&nonce);
    urna_secret_wipe(&commit);
    urna_wipe(&beta, sizeof beta);
    urna_wipe(plain, sizeof plain);
}

/* 32 bytes big endian < q; every byte is looked at. */
static bool decode_32(const struct urna_group *G, urna_secret_scalar *out, const uint8_t in[32])
{
    const size_t lq = urna_group_lq(G);
    uint8_t high = 0;
    for (size_t j = 0; j < 32 - lq; j++)
        high |= in[j];
    bool below = urna_secret_decode(G, out, in + 32 - lq);
    URNA_PUBLIC(&high, sizeof high); /* whether a share is in range is public */
    return below && high == 0;
}

bool urna_share_decrypt(const struct urna_group *G, const uint8_t h_p[32], uint32_t i, uint32_t l,
                        const urna_element *kappa_l, const urna_secret_scalar *zeta_l,
                        const urna_element *c0, const uint8_t c1[64], urna_secret_scalar *p,
                        urna_secret_scalar *ph)
{
    urna_element beta;
    uint8_t plain[64];
    urna_exp_secret(G, &beta, c0, zeta_l, 1);
    share_pad(G, plain, c1, h_p, i, l, kappa_l, c0, &beta);
    bool first = decode_32(G, p, plain);
    bool second = decode_32(G, ph, plain + 32);
    urna_wipe(&beta, sizeof beta);
    urna_wipe(plain, sizeof plain);
    if (first && second)
        return true;
    urna_secret_wipe(p);
    urna_secret_wipe(ph);
    return false;
}
