#include "proof/eg_hash.h"

#include <string.h>

#include "base/secret.h"
#include "proof/hash_impl.h"

void urna_hash_parameters(uint8_t h_p[32], const struct urna_group *G, uint32_t n, uint32_t k)
{
    uint8_t ver[32];
    struct urna_h h;
    urna_group_ver(G, ver);
    urna_h_begin(&h, ver, 0x00);
    urna_h_group(&h, G);
    urna_h_u32(&h, n);
    urna_h_u32(&h, k);
    urna_h_end(&h, h_p);
}

void urna_hash_base(uint8_t h_b[32], const uint8_t h_p[32], struct urna_view manifest)
{
    struct urna_h h;
    urna_h_begin(&h, h_p, 0x01);
    urna_h_u32(&h, (uint32_t)manifest.len);
    urna_h_bytes(&h, manifest.p, manifest.len);
    urna_h_end(&h, h_b);
}

static void add_elements(struct urna_h *h, const struct urna_group *G, const urna_element *x,
                         size_t n)
{
    for (size_t i = 0; i < n; i++)
        urna_h_element(h, G, &x[i]);
}

void urna_hash_guardian_record(uint8_t h_g[32], const struct urna_group *G, const uint8_t h_b[32],
                               const urna_element *K, const urna_element *Kh,
                               const urna_element *k_ij, const urna_element *kh_ij,
                               const urna_element *kappa, uint32_t n, uint32_t k)
{
    struct urna_h h;
    urna_h_begin(&h, h_b, 0x13);
    urna_h_element(&h, G, K);
    urna_h_element(&h, G, Kh);
    add_elements(&h, G, k_ij, (size_t)n * k);
    add_elements(&h, G, kh_ij, (size_t)n * k);
    add_elements(&h, G, kappa, n);
    urna_h_end(&h, h_g);
}

void urna_hash_extended(uint8_t h_e[32], const struct urna_group *G, const uint8_t h_b[32],
                        const urna_element *K, const urna_element *Kh)
{
    struct urna_h h;
    urna_h_begin(&h, h_b, 0x14);
    urna_h_element(&h, G, K);
    urna_h_element(&h, G, Kh);
    urna_h_end(&h, h_e);
}

void urna_hash_identifier(uint8_t h_i[32], const uint8_t h_e[32], const uint8_t id_b[32])
{
    struct urna_h h;
    urna_h_begin(&h, h_e, 0x20);
    urna_h_bytes(&h, id_b, 32);
    urna_h_end(&h, h_i);
}

void urna_hash_ballot_id(uint8_t id_b[32], const uint8_t h_e[32], const uint8_t pk_1[32],
                         const uint8_t rho[32])
{
    struct urna_h h;
    urna_h_begin(&h, h_e, 0x51);
    urna_h_bytes(&h, pk_1, 32);
    urna_h_bytes(&h, rho, 32);
    urna_h_end(&h, id_b);
}

void urna_hash_selection_nonce(const struct urna_group *G, urna_secret_scalar *xi,
                               const uint8_t h_i[32], uint32_t i, uint32_t j,
                               const uint8_t xi_b[32])
{
    const uint32_t index[2] = {i, j};
    urna_hash_secret_nonce(G, xi, h_i, 0x21, index, 2, xi_b);
}

void urna_hash_contest(uint8_t chi[32], const struct urna_group *G, const uint8_t h_i[32],
                       uint32_t ind_c, const urna_element *alpha, const urna_element *beta,
                       size_t m, struct urna_view data)
{
    struct urna_h h;
    urna_h_begin(&h, h_i, 0x28);
    urna_h_u32(&h, ind_c);
    for (size_t j = 0; j < m; j++) {
        urna_h_element(&h, G, &alpha[j]);
        urna_h_element(&h, G, &beta[j]);
    }
    urna_h_bytes(&h, data.p, data.len);
    urna_h_end(&h, chi);
}

void urna_hash_confirmation(uint8_t h_c[32], const uint8_t h_i[32], const uint8_t (*chi)[32],
                            size_t n, const uint8_t b_c[36])
{
    urna_hash_code(h_c, 0x29, h_i, chi, n, b_c);
}

void urna_hash_device(uint8_t h_di[32], const uint8_t h_e[32], struct urna_view s_device)
{
    urna_hash_device_in(h_di, 0x2A, h_e, s_device);
}

void urna_chaining_none(uint8_t b_c[36], const uint8_t h_di[32])
{
    memset(b_c, 0, 4);
    memcpy(b_c + 4, h_di, 32);
}

void urna_hash_decrypt_commit(uint8_t d[32], const struct urna_group *G, const uint8_t h_e[32],
                              uint32_t ind_c, uint32_t ind_o, uint32_t i, const urna_element *A,
                              const urna_element *B, const urna_element *a_i,
                              const urna_element *b_i, const urna_element *M_i, const uint32_t *U,
                              size_t n_U)
{
    struct urna_h h;
    urna_h_begin(&h, h_e, 0x30);
    urna_h_u32(&h, ind_c);
    urna_h_u32(&h, ind_o);
    urna_h_u32(&h, i);
    urna_h_element(&h, G, A);
    urna_h_element(&h, G, B);
    urna_h_element(&h, G, a_i);
    urna_h_element(&h, G, b_i);
    urna_h_element(&h, G, M_i);
    urna_hash_set(&h, U, n_U);
    urna_h_end(&h, d);
}

void urna_hash_decrypt_challenge(const struct urna_group *G, urna_scalar *c, const uint8_t h_e[32],
                                 uint32_t ind_c, uint32_t ind_o, const urna_element *A,
                                 const urna_element *B, const urna_element *a,
                                 const urna_element *b, const urna_element *M)
{
    struct urna_h h;
    urna_h_begin(&h, h_e, 0x31);
    urna_h_u32(&h, ind_c);
    urna_h_u32(&h, ind_o);
    urna_h_element(&h, G, A);
    urna_h_element(&h, G, B);
    urna_h_element(&h, G, a);
    urna_h_element(&h, G, b);
    urna_h_element(&h, G, M);
    urna_h_end_q(&h, G, c);
}

void urna_hash_share_key(uint8_t k[32], const struct urna_group *G, const uint8_t h_p[32],
                         uint32_t i, uint32_t l, const urna_element *kappa_l,
                         const urna_element *alpha, const urna_element *beta)
{
    struct urna_h h;
    urna_h_begin(&h, h_p, 0x11);
    urna_h_u32(&h, i);
    urna_h_u32(&h, l);
    urna_h_element(&h, G, kappa_l);
    urna_h_element(&h, G, alpha);
    urna_h_element(&h, G, beta);
    urna_h_end(&h, k);
}

/* --- hash_impl.h --- */

void urna_hash_secret_nonce(const struct urna_group *G, urna_secret_scalar *xi,
                            const uint8_t h_i[32], uint8_t domain, const uint32_t *index, size_t n,
                            const uint8_t xi_b[32])
{
    struct urna_h h;
    uint8_t digest[32];
    urna_h_begin(&h, h_i, domain);
    for (size_t i = 0; i < n; i++)
        urna_h_u32(&h, index[i]);
    urna_h_bytes(&h, xi_b, 32);
    urna_h_end(&h, digest);
    urna_secret_from_hash(G, xi, digest);
    urna_wipe(digest, sizeof digest);
}

void urna_hash_code(uint8_t h_c[32], uint8_t domain, const uint8_t h_i[32],
                    const uint8_t (*chi)[32], size_t n, const uint8_t b_c[36])
{
    struct urna_h h;
    urna_h_begin(&h, h_i, domain);
    for (size_t i = 0; i < n; i++)
        urna_h_bytes(&h, chi[i], 32);
    urna_h_bytes(&h, b_c, 36);
    urna_h_end(&h, h_c);
}

void urna_hash_device_in(uint8_t h_di[32], uint8_t domain, const uint8_t h_e[32],
                         struct urna_view s_device)
{
    struct urna_h h;
    urna_h_begin(&h, h_e, domain);
    urna_h_u32(&h, (uint32_t)s_device.len);
    urna_h_bytes(&h, s_device.p, s_device.len);
    urna_h_end(&h, h_di);
}

void urna_hash_set(struct urna_h *h, const uint32_t *U, size_t n)
{
    urna_h_u32(h, (uint32_t)n);
    for (size_t i = 0; i < n; i++)
        urna_h_u32(h, U[i]);
}

void urna_hash_guardian_challenge(const struct urna_group *G, urna_scalar *c, const uint8_t h_p[32],
                                  bool data_keys, uint32_t i, const urna_element *K, uint32_t k,
                                  const urna_element *kappa, const urna_element *commit)
{
    struct urna_h h;
    urna_h_begin(&h, h_p, 0x10);
    urna_h_str(&h, data_keys ? "pk_data" : "pk_vote");
    urna_h_u32(&h, i);
    add_elements(&h, G, K, k);
    urna_h_element(&h, G, kappa);
    add_elements(&h, G, commit, (size_t)k + 1);
    urna_h_end_q(&h, G, c);
}

void urna_hash_share_challenge(const struct urna_group *G, urna_scalar *c, const uint8_t h_p[32],
                               uint32_t i, uint32_t l, const urna_element *gamma,
                               const urna_element *c0, const uint8_t c1[64])
{
    struct urna_h h;
    urna_h_begin(&h, h_p, 0x12);
    urna_h_u32(&h, i);
    urna_h_u32(&h, l);
    urna_h_element(&h, G, gamma);
    urna_h_element(&h, G, c0);
    urna_h_bytes(&h, c1, 64);
    urna_h_end_q(&h, G, c);
}
