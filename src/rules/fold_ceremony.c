/* E14, E15: the guardians' ceremony and the opening (election.md sections 4 and 9). */
#include <stdlib.h>
#include <string.h>

#include "proof/check.h"
#include "proof/prove.h"
#include "rules/judge_internal.h"

enum { KAPPA_LQ_MIN = 6 }; /* in toy groups below 48 bits honest keys collide (protocol.md, V2) */

void urna_ceremony_reset(struct urna_judge *J, uint32_t attempt)
{
    uint32_t n = J->P->m.n;
    struct urna_ceremony_state *c = &J->c;
    if (!c->commit) {
        c->commit = URNA_NEW(&J->arena, const struct urna_guardian_commit *, n);
        c->confirm = URNA_NEW(&J->arena, const struct urna_guardian_confirm *, n);
        c->keys = URNA_NEW(&J->arena, const struct urna_guardian_keys *, n);
        c->shares = URNA_NEW(&J->arena, const struct urna_guardian_shares *, n);
        c->k_ij = URNA_NEW(&J->arena, urna_element *, n);
        c->kh_ij = URNA_NEW(&J->arena, urna_element *, n);
        c->kappa = URNA_NEW(&J->arena, urna_element, n);
    }
    for (uint32_t i = 0; i < n; i++) {
        c->commit[i] = NULL;
        c->confirm[i] = NULL;
        c->keys[i] = NULL;
        c->shares[i] = NULL;
    }
    c->attempt = attempt;
    c->n_commits = c->n_keys = c->n_shares = c->n_confirms = 0;
    c->joint_ok = false;
}

static bool this_attempt(const struct urna_judge *J, uint64_t attempt, struct urna_ruling *r)
{
    return attempt == J->c.attempt || urna_rule(r, "E14", "attempt %llu, while attempt %u runs", (unsigned long long)attempt, J->c.attempt);
}

static bool fold_commit(struct urna_judge *J, const struct urna_entry *e, const struct urna_guardian_commit *v, uint32_t g,
                        struct urna_ruling *r)
{
    struct urna_ceremony_state *c = &J->c;
    if (!this_attempt(J, v->attempt, r))
        return false;
    if (c->commit[g])
        return urna_rule(r, "E14", "%s has committed already in this attempt", v->as);
    c->commit[g] = &urna_judge_keep(J, e)->guardian_commit;
    c->n_commits++;
    return true;
}

/* Phase 1 has decoded these bytes already, so that decoding cannot fail here. */
static bool decode_all(const struct urna_group *G, urna_element *out, const uint8_t *const *in, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!urna_element_decode(G, &out[i], in[i]))
            return false;
    return true;
}

/* K, Kh, H_G, H_E once all keys are in (V3, V4). */
static void join_keys(struct urna_judge *J)
{
    const struct urna_context *P = J->P;
    struct urna_ceremony_state *c = &J->c;
    uint32_t n = P->m.n, k = P->m.k;
    urna_element_identity(P->G, &c->K);
    urna_element_identity(P->G, &c->Kh);
    urna_element *k_ij = urna_xcalloc((size_t)n * k, sizeof *k_ij), *kh_ij = urna_xcalloc((size_t)n * k, sizeof *kh_ij);
    for (uint32_t i = 0; i < n; i++) {
        urna_element_mul(P->G, &c->K, &c->K, &c->k_ij[i][0]);
        urna_element_mul(P->G, &c->Kh, &c->Kh, &c->kh_ij[i][0]);
        memcpy(&k_ij[(size_t)i * k], c->k_ij[i], k * sizeof *k_ij);
        memcpy(&kh_ij[(size_t)i * k], c->kh_ij[i], k * sizeof *kh_ij);
    }
    urna_hash_guardian_record(c->h_g, P->G, P->phi, &c->K, &c->Kh, k_ij, kh_ij, c->kappa, n, k);
    free(k_ij);
    free(kh_ij);
    urna_hash_extended(c->h_e, P->G, P->phi, &c->K, &c->Kh);
    c->joint_ok = !urna_element_is_identity(P->G, &c->K) && !urna_element_is_identity(P->G, &c->Kh) &&
                  !urna_element_eq(P->G, &c->K, &c->Kh);
}

static bool fold_keys(struct urna_judge *J, const struct urna_entry *e, const struct urna_guardian_keys *v, uint32_t g,
                      struct urna_ruling *r)
{
    const struct urna_context *P = J->P;
    struct urna_ceremony_state *c = &J->c;
    uint32_t k = P->m.k;
    if (!this_attempt(J, v->attempt, r))
        return false;
    if (c->n_commits < P->m.n)
        return urna_rule(r, "E14", "not every guardian has committed yet");
    if (c->keys[g])
        return urna_rule(r, "E14", "%s has published keys already in this attempt", v->as);
    uint8_t hash[32];
    urna_guardian_commit_hash(hash, P->phi, g + 1, e->body);
    if (memcmp(hash, c->commit[g]->hash, 32) != 0)
        return urna_rule(r, "E14", "the keys of %s are not those that it committed to", v->as);
    urna_element kappa;
    if (!urna_element_decode(P->G, &kappa, v->kappa))
        return urna_rule(r, "E12", "kappa is no element");
    for (uint32_t i = 0; i < P->m.n && P->lq >= KAPPA_LQ_MIN; i++)
        if (c->keys[i] && urna_element_eq(P->G, &kappa, &c->kappa[i]))
            return urna_rule(r, "E14", "two guardians have one kappa (V2)");
    c->k_ij[g] = URNA_NEW(&J->arena, urna_element, k);
    c->kh_ij[g] = URNA_NEW(&J->arena, urna_element, k);
    if (!decode_all(P->G, c->k_ij[g], v->k, k) || !decode_all(P->G, c->kh_ij[g], v->kh, k))
        return urna_rule(r, "E12", "a key is no element");
    c->kappa[g] = kappa;
    c->keys[g] = &urna_judge_keep(J, e)->guardian_keys;
    if (++c->n_keys == P->m.n)
        join_keys(J);
    return true;
}

static bool fold_shares(struct urna_judge *J, const struct urna_entry *e, const struct urna_guardian_shares *v, uint32_t g,
                        struct urna_ruling *r)
{
    struct urna_ceremony_state *c = &J->c;
    if (!this_attempt(J, v->attempt, r))
        return false;
    if (J->P->m.n == 1)
        return urna_rule(r, "E14", "a single guardian has nobody to share with");
    if (c->n_keys < J->P->m.n)
        return urna_rule(r, "E14", "not every guardian has published its keys yet");
    if (c->shares[g])
        return urna_rule(r, "E14", "%s has shared already in this attempt", v->as);
    c->shares[g] = &urna_judge_keep(J, e)->guardian_shares;
    c->n_shares++;
    return true;
}

/* The judge opens the accused share with the complainant's published zeta and says who lied. */
static void say_who_lied(struct urna_judge *J, int64_t index, const struct urna_guardian_complaint *v, uint32_t g, uint32_t accused)
{
    const struct urna_context *P = J->P;
    const struct urna_share *s = NULL;
    for (uint32_t i = 0; i < J->c.shares[accused]->n_to; i++)
        if (J->c.shares[accused]->to[i].i == g + 1)
            s = &J->c.shares[accused]->to[i];
    urna_secret_scalar zeta, p, ph;
    urna_element c0;
    bool good = false;
    if (s && urna_secret_decode(P->G, &zeta, v->zeta) && urna_element_decode(P->G, &c0, s->c0) &&
        urna_share_decrypt(P->G, P->h_p, accused + 1, g + 1, &J->c.kappa[g], &zeta, &c0, s->c1, &p, &ph)) {
        urna_scalar x[2];
        urna_element want[2], got[2];
        urna_secret_declassify(&x[0], &p);
        urna_secret_declassify(&x[1], &ph);
        urna_commitment_at(P->G, &want[0], J->c.k_ij[accused], P->m.k, g + 1);
        urna_commitment_at(P->G, &want[1], J->c.kh_ij[accused], P->m.k, g + 1);
        urna_fixed_exp_vartime(P->g, got, x, 2);
        good = urna_element_eq(P->G, &want[0], &got[0]) && urna_element_eq(P->G, &want[1], &got[1]);
    }
    urna_judge_finding(J, index, false,
                       good ? urna_judge_text(J, "attempt %u: %s accused %s falsely: the share is right", J->c.attempt, v->as, v->against)
                            : urna_judge_text(J, "attempt %u: %s sent %s a wrong share", J->c.attempt, v->against, v->as));
}

static bool fold_complaint(struct urna_judge *J, const struct urna_entry *e, const struct urna_guardian_complaint *v, uint32_t g,
                           struct urna_ruling *r)
{
    const struct urna_context *P = J->P;
    struct urna_ceremony_state *c = &J->c;
    if (!this_attempt(J, v->attempt, r))
        return false;
    int64_t accused = urna_context_guardian(P, v->against);
    if (accused < 0 || (uint32_t)accused == g)
        return urna_rule(r, "E14", "a complaint is against another guardian");
    if (v->zeta) {
        urna_scalar zeta;
        urna_element kappa;
        if (!c->shares[accused] || !c->keys[g])
            return urna_rule(r, "E14", "the shares of %s are not in yet", v->against);
        if (c->confirm[g])
            return urna_rule(r, "E14", "%s has confirmed: it cannot complain with zeta", v->as);
        if (!urna_scalar_decode(P->G, &zeta, v->zeta))
            return urna_rule(r, "E12", "zeta is not below the order of the group");
        urna_fixed_exp_vartime(P->g, &kappa, &zeta, 1);
        if (!urna_element_eq(P->G, &kappa, &c->kappa[g]))
            return urna_rule(r, "E14", "zeta does not belong to the kappa of %s", v->as);
        say_who_lied(J, (int64_t)e->index, v, g, (uint32_t)accused);
    } else {
        urna_judge_finding(J, (int64_t)e->index, false,
                           urna_judge_text(J, "attempt %u was ended by %s, complaining of %s without opening a share", c->attempt, v->as, v->against));
    }
    urna_ceremony_reset(J, c->attempt + 1);
    return true;
}

static bool fold_confirm(struct urna_judge *J, const struct urna_entry *e, const struct urna_guardian_confirm *v, uint32_t g,
                         struct urna_ruling *r)
{
    struct urna_ceremony_state *c = &J->c;
    uint32_t n = J->P->m.n;
    if (!this_attempt(J, v->attempt, r))
        return false;
    if (c->n_keys < n || (n > 1 && c->n_shares < n))
        return urna_rule(r, "E14", "not all %s are in yet", n > 1 ? "shares" : "keys");
    if (c->confirm[g])
        return urna_rule(r, "E14", "%s has confirmed already", v->as);
    if (!c->joint_ok)
        return urna_rule(r, "E14", "a joint key is the identity, or both are equal (V3.C)");
    if (memcmp(v->hg, c->h_g, 32) != 0 || memcmp(v->he, c->h_e, 32) != 0)
        return urna_rule(r, "E14", "H_G or H_E is not that of the record");
    c->confirm[g] = &urna_judge_keep(J, e)->guardian_confirm;
    c->n_confirms++;
    return true;
}

bool urna_fold_ceremony(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r)
{
    const struct urna_body *b = urna_judge_read(J, e);
    uint32_t g = (uint32_t)urna_context_guardian(J->P, e->sigs[0].by);
    if (e->kind == URNA_GUARDIAN_COMMIT)
        return fold_commit(J, e, &b->guardian_commit, g, r);
    if (e->kind == URNA_GUARDIAN_KEYS)
        return fold_keys(J, e, &b->guardian_keys, g, r);
    if (e->kind == URNA_GUARDIAN_SHARES)
        return fold_shares(J, e, &b->guardian_shares, g, r);
    if (e->kind == URNA_GUARDIAN_COMPLAINT)
        return fold_complaint(J, e, &b->guardian_complaint, g, r);
    return fold_confirm(J, e, &b->guardian_confirm, g, r);
}

/* g^(z_i) = prod_m (prod_j K_jm)^(i^m): products over guardians first, which costs n k powers and not n^2 k. */
static void make_share_keys(struct urna_judge *J)
{
    const struct urna_context *P = J->P;
    uint32_t n = P->m.n, k = P->m.k;
    urna_element *all = urna_xcalloc(k, sizeof *all);
    for (uint32_t m = 0; m < k; m++) {
        urna_element_identity(P->G, &all[m]);
        for (uint32_t j = 0; j < n; j++)
            urna_element_mul(P->G, &all[m], &all[m], &J->c.k_ij[j][m]);
    }
    J->share_key = URNA_NEW(&J->arena, urna_element, n);
    for (uint32_t i = 0; i < n; i++)
        urna_commitment_at(P->G, &J->share_key[i], all, k, i + 1);
    free(all);
}

bool urna_fold_open(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r)
{
    struct urna_context *P = J->P;
    const struct urna_open *v = &urna_judge_read(J, e)->open;
    const struct urna_ceremony_state *c = &J->c;
    if (v->attempt != c->attempt)
        return urna_rule(r, "E15", "attempt %llu, while attempt %u is the current one", (unsigned long long)v->attempt, c->attempt);
    if (c->n_confirms < P->m.n)
        return urna_rule(r, "E15", "%u of %u guardians have confirmed", c->n_confirms, P->m.n);
    if (P->m.n_witnesses > 0 && !urna_policy_satisfied(J->witness_bloc, J->witness_accepted, P->m.n_witnesses))
        return urna_rule(r, "E15", "the witnesses that have accepted do not satisfy the anchor policy");
    if (!J->have_close)
        return urna_rule(r, "E15", "there is no accepted roll.close");
    if (v->count != J->roll_count || memcmp(v->root, J->roll_root, 32) != 0)
        return urna_rule(r, "E15", "count or root is not that of the last roll.close");
    urna_element K, Kh;
    if (!urna_element_decode(P->G, &K, v->k) || !urna_element_decode(P->G, &Kh, v->kh) ||
        !urna_element_eq(P->G, &K, &c->K) || !urna_element_eq(P->G, &Kh, &c->Kh))
        return urna_rule(r, "E15", "the joint keys are not those of the ceremony");
    if (memcmp(v->hg, c->h_g, 32) != 0 || memcmp(v->he, c->h_e, 32) != 0)
        return urna_rule(r, "E15", "H_G or H_E is not that of the ceremony");
    urna_context_open(P, c->h_e, &c->K, &c->Kh);
    make_share_keys(J);
    urna_rolls_free(J);
    J->phase = URNA_VOTING;
    return true;
}
