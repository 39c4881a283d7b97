#include "proof/contest_data.h"

#include <stdlib.h>

#include "base/secret.h"
#include "proof/hash_impl.h"

static size_t data_len(uint32_t blocks)
{
    return 32 * (size_t)blocks;
}

void urna_hash_data_nonce(const struct urna_group *G, urna_secret_scalar *xi, const uint8_t h_i[32],
                          uint32_t ind_c, const uint8_t xi_b[32])
{
    urna_hash_secret_nonce(G, xi, h_i, 0x25, &ind_c, 1, xi_b);
}

void urna_hash_data_key(uint8_t h[32], const struct urna_group *G, const uint8_t h_i[32],
                        uint32_t ind_c, const urna_element *alpha, const urna_element *beta)
{
    struct urna_h s;
    urna_h_begin(&s, h_i, 0x26);
    urna_h_u32(&s, ind_c);
    urna_h_element(&s, G, alpha);
    urna_h_element(&s, G, beta);
    urna_h_end(&s, h);
}

void urna_hash_data_challenge(const struct urna_group *G, urna_scalar *c, const uint8_t h_i[32],
                              uint32_t ind_c, const urna_element *a, const urna_element *c0,
                              const uint8_t *c1, uint32_t blocks)
{
    struct urna_h h;
    urna_h_begin(&h, h_i, 0x27);
    urna_h_u32(&h, ind_c);
    urna_h_element(&h, G, a);
    urna_h_element(&h, G, c0);
    urna_h_bytes(&h, c1, data_len(blocks));
    urna_h_end_q(&h, G, c);
}

/* C0, C1, C2 */
static void add_ciphertext(struct urna_h *h, const struct urna_group *G,
                           const struct urna_contest_data *data)
{
    urna_h_element(h, G, &data->c0);
    urna_h_bytes(h, data->c1, data_len(data->blocks));
    urna_h_scalar(h, G, &data->c);
    urna_h_scalar(h, G, &data->v);
}

void urna_hash_data_commit(uint8_t d[32], const struct urna_group *G, const uint8_t h_i[32],
                           uint32_t ind_c, uint32_t i, const struct urna_contest_data *data,
                           const urna_element *a_i, const urna_element *b_i,
                           const urna_element *m_i, const uint32_t *U, size_t n_U)
{
    struct urna_h h;
    urna_h_begin(&h, h_i, 0x32);
    urna_h_u32(&h, ind_c);
    urna_h_u32(&h, i);
    add_ciphertext(&h, G, data);
    urna_h_element(&h, G, a_i);
    urna_h_element(&h, G, b_i);
    urna_h_element(&h, G, m_i);
    urna_hash_set(&h, U, n_U);
    urna_h_end(&h, d);
}

void urna_hash_data_decrypt_challenge(const struct urna_group *G, urna_scalar *c,
                                      const uint8_t h_i[32], uint32_t ind_c,
                                      const struct urna_contest_data *data, const urna_element *a,
                                      const urna_element *b, const urna_element *beta)
{
    struct urna_h h;
    urna_h_begin(&h, h_i, 0x33);
    urna_h_u32(&h, ind_c);
    add_ciphertext(&h, G, data);
    urna_h_element(&h, G, a);
    urna_h_element(&h, G, b);
    urna_h_element(&h, G, beta);
    urna_h_end_q(&h, G, c);
}

static void apply_pad(const struct urna_group *G, const uint8_t h_i[32], uint32_t ind_c,
                      const urna_element *c0, const urna_element *beta, const uint8_t *in,
                      uint32_t blocks, uint8_t *out)
{
    const size_t len = data_len(blocks);
    uint8_t key[32], *pad = urna_xmalloc(len + 1);
    urna_hash_data_key(key, G, h_i, ind_c, c0, beta);
    urna_kdf_data(pad, key, ind_c, blocks);
    for (size_t i = 0; i < len; i++)
        out[i] = in[i] ^ pad[i];
    urna_wipe(key, sizeof key);
    urna_wipe(pad, len);
    free(pad);
}

void urna_data_encrypt(const struct urna_group *G, const struct urna_fixed *Kh,
                       const uint8_t h_i[32], uint32_t ind_c, const urna_secret_scalar *xi,
                       const urna_secret_scalar *u, const uint8_t *text, uint32_t blocks,
                       struct urna_contest_data *data, uint8_t *c1)
{
    urna_element beta, a;
    urna_fixed_exp_secret(urna_fixed_generator(G), &data->c0, xi, 1);
    urna_fixed_exp_secret(Kh, &beta, xi, 1);
    apply_pad(G, h_i, ind_c, &data->c0, &beta, text, blocks, c1);
    urna_wipe(&beta, sizeof beta);
    data->c1 = c1;
    data->blocks = blocks;

    urna_secret_scalar commit;
    urna_schnorr_commit(G, &commit, u, &a);
    urna_hash_data_challenge(G, &data->c, h_i, ind_c, &a, &data->c0, c1, blocks);
    urna_schnorr_respond(G, &data->v, &commit, &data->c, xi);
    urna_secret_wipe(&commit);
}

bool urna_data_proof_check(const struct urna_group *G, const uint8_t h_i[32], uint32_t ind_c,
                           const struct urna_contest_data *data)
{
    const struct urna_fixed *g = urna_fixed_generator(G);
    urna_element a;
    urna_scalar c;
    urna_dual_exp_vartime(G, &a, &g, &data->v, &data->c0, &data->c, 1);
    urna_hash_data_challenge(G, &c, h_i, ind_c, &a, &data->c0, data->c1, data->blocks);
    return urna_scalar_eq(&c, &data->c);
}

void urna_data_open(const struct urna_group *G, const uint8_t h_i[32], uint32_t ind_c,
                    const struct urna_contest_data *data, const urna_element *beta, uint8_t *text)
{
    apply_pad(G, h_i, ind_c, &data->c0, beta, data->c1, data->blocks, text);
}

bool urna_data_decryption_check(const struct urna_group *G, const struct urna_fixed *Kh,
                                const uint8_t h_i[32], uint32_t ind_c,
                                const struct urna_contest_data *data, const urna_element *beta,
                                const urna_scalar *c, const urna_scalar *v)
{
    const struct urna_fixed *g = urna_fixed_generator(G);
    const urna_element pair[2] = {data->c0, *beta};
    const urna_scalar powers[2] = {*v, *c};
    urna_element a, b;
    urna_scalar again;
    urna_dual_exp_vartime(G, &a, &g, v, urna_fixed_base(Kh), c, 1);
    urna_multi_exp_vartime(G, &b, pair, powers, 2);
    urna_hash_data_decrypt_challenge(G, &again, h_i, ind_c, data, &a, &b, beta);
    return urna_scalar_eq(&again, c);
}

void urna_data_encode(const struct urna_group *G, struct urna_buf *out,
                      const struct urna_contest_data *data)
{
    uint8_t bytes[URNA_LP_MAX];
    urna_element_encode(G, bytes, &data->c0);
    urna_buf_add(out, bytes, urna_group_lp(G));
    urna_buf_add(out, data->c1, data_len(data->blocks));
    urna_scalar_encode(G, bytes, &data->c);
    urna_buf_add(out, bytes, urna_group_lq(G));
    urna_scalar_encode(G, bytes, &data->v);
    urna_buf_add(out, bytes, urna_group_lq(G));
}
