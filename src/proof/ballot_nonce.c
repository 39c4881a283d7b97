#include "proof/ballot_nonce.h"

#include "base/secret.h"
#include "proof/hash_impl.h"

void urna_hash_nonce_key(uint8_t h[32], const struct urna_group *G, const uint8_t h_i[32],
                         const urna_element *alpha, const urna_element *beta)
{
    struct urna_h s;
    urna_h_begin(&s, h_i, 0x22);
    urna_h_element(&s, G, alpha);
    urna_h_element(&s, G, beta);
    urna_h_end(&s, h);
}

void urna_hash_nonce_challenge(const struct urna_group *G, urna_scalar *c, const uint8_t h_i[32],
                               const urna_element *a, const urna_element *c0, const uint8_t c1[32])
{
    struct urna_h h;
    urna_h_begin(&h, h_i, 0x23);
    urna_h_element(&h, G, a);
    urna_h_element(&h, G, c0);
    urna_h_bytes(&h, c1, 32);
    urna_h_end_q(&h, G, c);
}

static void apply_pad(const struct urna_group *G, const uint8_t h_i[32], const urna_element *c0,
                      const urna_element *beta, const uint8_t in[32], uint8_t out[32])
{
    uint8_t key[32], pad[32];
    urna_hash_nonce_key(key, G, h_i, c0, beta);
    urna_kdf_nonce(pad, key);
    for (size_t i = 0; i < 32; i++)
        out[i] = in[i] ^ pad[i];
    urna_wipe(key, sizeof key);
    urna_wipe(pad, sizeof pad);
}

void urna_nonce_encrypt(const struct urna_group *G, const struct urna_fixed *Kh,
                        const uint8_t h_i[32], const uint8_t xi_b[32],
                        const urna_secret_scalar *xi_hat, const urna_secret_scalar *u,
                        struct urna_ballot_nonce *out)
{
    urna_secret_scalar xi, commit;
    urna_element beta, a;
    if (xi_hat != NULL)
        xi = *xi_hat;
    else
        urna_secret_random_nonzero(G, &xi);
    urna_fixed_exp_secret(urna_fixed_generator(G), &out->c0, &xi, 1);
    urna_fixed_exp_secret(Kh, &beta, &xi, 1);
    apply_pad(G, h_i, &out->c0, &beta, xi_b, out->c1);
    urna_schnorr_commit(G, &commit, u, &a);
    urna_hash_nonce_challenge(G, &out->c, h_i, &a, &out->c0, out->c1);
    urna_schnorr_respond(G, &out->v, &commit, &out->c, &xi);
    urna_secret_wipe(&xi);
    urna_secret_wipe(&commit);
    urna_wipe(&beta, sizeof beta);
}

bool urna_nonce_proof_check(const struct urna_group *G, const uint8_t h_i[32],
                            const struct urna_ballot_nonce *x)
{
    const struct urna_fixed *g = urna_fixed_generator(G);
    urna_element a;
    urna_scalar c;
    urna_dual_exp_vartime(G, &a, &g, &x->v, &x->c0, &x->c, 1);
    urna_hash_nonce_challenge(G, &c, h_i, &a, &x->c0, x->c1);
    return urna_scalar_eq(&c, &x->c);
}

void urna_nonce_open(const struct urna_group *G, const uint8_t h_i[32],
                     const struct urna_ballot_nonce *x, const urna_element *beta, uint8_t xi_b[32])
{
    apply_pad(G, h_i, &x->c0, beta, x->c1, xi_b);
}
