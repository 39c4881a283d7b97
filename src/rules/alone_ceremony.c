/* Phase 1 of the ceremony's proofs: verification 2, with its additions (protocol.md section 15). */
#include <string.h>

#include "proof/check.h"
#include "rules/alone.h"

static bool elements(struct urna_alone_job *j, urna_element **out, const uint8_t *const *bytes, uint32_t n)
{
    *out = URNA_NEW(j->a, urna_element, n);
    for (uint32_t i = 0; i < n; i++)
        if (!urna_alone_element(j, &(*out)[i], bytes[i]))
            return false;
    return true;
}

bool urna_alone_keys(struct urna_alone_job *j)
{
    const struct urna_context *P = j->P;
    const struct urna_guardian_keys *v = &j->b->guardian_keys;
    struct urna_ruling *why = &j->out->why;
    uint32_t k = P->m.k;
    if (v->n_k != k || v->n_kh != k)
        return urna_rule(why, "E12", "exactly k = %u commitments are required", k);
    if (v->proof.n_v != k + 1 || v->proofh.n_v != k + 1)
        return urna_rule(why, "E12", "exactly k + 1 = %u responses are required", k + 1);
    urna_element *K, *Kh, kappa;
    urna_scalar c, ch, *r, *rh;
    if (!elements(j, &K, v->k, k) || !elements(j, &Kh, v->kh, k) || !urna_alone_element(j, &kappa, v->kappa) ||
        !urna_alone_scalar(j, &c, v->proof.c) || !urna_alone_scalars(j, &r, v->proof.v, k + 1) ||
        !urna_alone_scalar(j, &ch, v->proofh.c) || !urna_alone_scalars(j, &rh, v->proofh.v, k + 1))
        return false;
    if (urna_element_is_identity(P->G, &K[0]) || urna_element_is_identity(P->G, &Kh[0]) ||
        urna_element_is_identity(P->G, &kappa))
        return urna_rule(why, "V2", "a key of guardian %s is the identity", v->as);
    uint32_t i = (uint32_t)urna_context_guardian(P, v->as) + 1;
    j->n->guardian_proofs += 2;
    if (!urna_guardian_proof_check(P->G, P->h_p, false, i, K, k, &kappa, &c, r))
        return urna_rule(why, "V2.C", "the proof of the vote keys of guardian %s does not hold", v->as);
    if (!urna_guardian_proof_check(P->G, P->h_p, true, i, Kh, k, &kappa, &ch, rh))
        return urna_rule(why, "V2.C", "the proof of the data keys of guardian %s does not hold", v->as);
    return true;
}

bool urna_alone_shares(struct urna_alone_job *j)
{
    const struct urna_context *P = j->P;
    const struct urna_guardian_shares *v = &j->b->guardian_shares;
    struct urna_ruling *why = &j->out->why;
    uint32_t self = (uint32_t)urna_context_guardian(P, v->as) + 1;
    urna_element *c0 = URNA_NEW(j->a, urna_element, v->n_to);
    urna_scalar *c = URNA_NEW(j->a, urna_scalar, v->n_to), *r = URNA_NEW(j->a, urna_scalar, v->n_to);
    for (uint32_t i = 0; i < v->n_to; i++)
        if (!urna_alone_element(j, &c0[i], v->to[i].c0) || !urna_alone_scalar(j, &c[i], v->to[i].c) ||
            !urna_alone_scalar(j, &r[i], v->to[i].v))
            return false;
    if (v->n_to != P->m.n - 1)
        return urna_rule(why, "E14", "one share for every other guardian is required");
    for (uint32_t i = 0; i < v->n_to; i++) {
        uint32_t l = i + 1 < self ? i + 1 : i + 2;
        if (v->to[i].i != l)
            return urna_rule(why, "E14", "one share for every other guardian, ascending, is required");
        j->n->share_proofs++;
        if (!urna_share_proof_check(P->G, P->h_p, self, l, &c0[i], v->to[i].c1, &c[i], &r[i]))
            return urna_rule(why, "E14", "the proof of the share for guardian %u does not hold (V2)", l);
    }
    return true;
}
