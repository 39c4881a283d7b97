#include "protocol/joint.h"

#include <stdlib.h>
#include <string.h>

#include "proof/check.h"

bool scalars_decode(const struct urna_group *G, urna_scalar *out, const uint8_t *const *in,
                    uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!urna_scalar_decode(G, &out[i], in[i]))
            return false;
    return true;
}

static bool elements_decode(const struct urna_group *G, urna_element *out, const uint8_t *const *in,
                            uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!urna_element_decode(G, &out[i], in[i]))
            return false;
    return true;
}

static bool proof_holds(const struct joint *j, const uint8_t h_p[32], bool data_keys, uint32_t i,
                        const struct urna_key_proof *p)
{
    const urna_element *K = (data_keys ? j->Kh : j->K) + (size_t)i * j->k;
    urna_scalar c, *v = urna_xcalloc(j->k + 1, sizeof *v);
    bool ok = urna_scalar_decode(j->G, &c, p->c) && scalars_decode(j->G, v, p->v, j->k + 1) &&
              urna_guardian_proof_check(j->G, h_p, data_keys, i + 1, K, j->k, &j->kappa[i], &c, v);
    free(v);
    return ok;
}

/* Guardian i, counted from 0. */
static enum urna_status one(struct joint *j, uint32_t i, const uint8_t h_p[32],
                            const struct urna_guardian_keys *b, struct urna_error *err)
{
    urna_element *K = j->K + (size_t)i * j->k, *Kh = j->Kh + (size_t)i * j->k;
    if (b->n_k != j->k || b->n_kh != j->k || b->proof.n_v != j->k + 1 || b->proofh.n_v != j->k + 1)
        return urna_refuse(err, "V2", "guardian %u: not k commitments and k + 1 responses", i + 1);
    if (!elements_decode(j->G, K, b->k, j->k) || !elements_decode(j->G, Kh, b->kh, j->k) ||
        !urna_element_decode(j->G, &j->kappa[i], b->kappa))
        return urna_refuse(err, "V2.A", "guardian %u: a key is not an element of the group", i + 1);
    if (urna_element_is_identity(j->G, K) || urna_element_is_identity(j->G, Kh) ||
        urna_element_is_identity(j->G, &j->kappa[i]))
        return urna_refuse(err, "V2", "guardian %u: a key is the identity", i + 1);
    if (!proof_holds(j, h_p, false, i, &b->proof) || !proof_holds(j, h_p, true, i, &b->proofh))
        return urna_refuse(err, "V2.C", "guardian %u: the proof of the keys does not hold", i + 1);
    /* with fewer than 48 bits honest keys collide */
    for (uint32_t o = 0; o < i && urna_group_lq(j->G) >= 6; o++)
        if (urna_element_eq(j->G, &j->kappa[i], &j->kappa[o]))
            return urna_refuse(err, "V2",
                               "guardian %u: the communication key is another guardian's", i + 1);
    return URNA_OK;
}

enum urna_status joint_read(struct joint *j, const struct urna_group *G, uint32_t n, uint32_t k,
                            const uint8_t h_p[32], const struct urna_guardian_keys *const *keys,
                            struct urna_error *err)
{
    *j = (struct joint){.G = G, .n = n, .k = k};
    j->K = urna_xcalloc((size_t)n * k, sizeof *j->K);
    j->Kh = urna_xcalloc((size_t)n * k, sizeof *j->Kh);
    j->kappa = urna_xcalloc(n, sizeof *j->kappa);
    for (uint32_t i = 0; i < n; i++) {
        enum urna_status st = keys[i] ? one(j, i, h_p, keys[i], err)
                                      : urna_refuse(err, "V2", "guardian %u: no keys", i + 1);
        if (st != URNA_OK) {
            joint_free(j);
            return st;
        }
    }
    return URNA_OK;
}

void joint_free(struct joint *j)
{
    free(j->K);
    free(j->Kh);
    free(j->kappa);
    *j = (struct joint){0};
}

enum urna_status joint_close(struct urna_joint_keys *out, const struct joint *j,
                             const uint8_t h_p[32], const uint8_t phi[32], struct urna_error *err)
{
    urna_element_identity(j->G, &out->K);
    urna_element_identity(j->G, &out->Kh);
    for (uint32_t i = 0; i < j->n; i++) {
        urna_element_mul(j->G, &out->K, &out->K, &j->K[(size_t)i * j->k]);
        urna_element_mul(j->G, &out->Kh, &out->Kh, &j->Kh[(size_t)i * j->k]);
    }
    memcpy(out->h_p, h_p, 32);
    urna_hash_guardian_record(out->h_g, j->G, phi, &out->K, &out->Kh, j->K, j->Kh, j->kappa, j->n,
                              j->k);
    urna_hash_extended(out->h_e, j->G, phi, &out->K, &out->Kh);
    if (urna_element_is_identity(j->G, &out->K) || urna_element_is_identity(j->G, &out->Kh) ||
        urna_element_eq(j->G, &out->K, &out->Kh))
        return urna_refuse(err, "V3.C", "a joint key is the identity, or both are equal");
    return URNA_OK;
}

enum urna_status urna_joint_keys(struct urna_joint_keys *out, const struct urna_group *G,
                                 uint32_t n, uint32_t k, const uint8_t phi[32],
                                 const struct urna_guardian_keys *const *keys,
                                 struct urna_error *err)
{
    struct joint j;
    uint8_t h_p[32];
    memset(out, 0, sizeof *out);
    if (k < 1 || k > n)
        return urna_fail(err, URNA_INPUT, "not a quorum: %u of %u", k, n);
    urna_hash_parameters(h_p, G, n, k);
    enum urna_status st = joint_read(&j, G, n, k, h_p, keys, err);
    if (st == URNA_OK)
        st = joint_close(out, &j, h_p, phi, err);
    joint_free(&j);
    return st;
}

enum urna_status urna_guardian_share_keys(urna_element *S, const struct urna_group *G, uint32_t n,
                                          uint32_t k, const struct urna_guardian_keys *const *keys,
                                          struct urna_error *err)
{
    struct joint j;
    uint8_t h_p[32];
    if (k < 1 || k > n)
        return urna_fail(err, URNA_INPUT, "not a quorum: %u of %u", k, n);
    urna_hash_parameters(h_p, G, n, k);
    enum urna_status st = joint_read(&j, G, n, k, h_p, keys, err);
    if (st != URNA_OK)
        return st;
    /* prod_i prod_j K_ij^(l^j) = prod_j (prod_i K_ij)^(l^j): one commitment of the sum of all
     * polynomials */
    urna_element *sum = urna_xcalloc(k, sizeof *sum);
    for (uint32_t c = 0; c < k; c++) {
        urna_element_identity(G, &sum[c]);
        for (uint32_t i = 0; i < n; i++)
            urna_element_mul(G, &sum[c], &sum[c], &j.K[(size_t)i * k + c]);
    }
    for (uint32_t l = 1; l <= n; l++)
        urna_commitment_at(G, &S[l - 1], sum, k, l);
    free(sum);
    joint_free(&j);
    return URNA_OK;
}
