/* The shares of the others: they fit the commitments, or one of them is a lie that can be proved.
 */
#include "protocol/ceremony_internal.h"

#include <string.h>

#include "base/ct.h"
#include "base/secret.h"
#include "proof/check.h"
#include "proof/prove.h"

bool ceremony_shares_shape(const struct urna_guardian *g, uint32_t from,
                           const struct urna_guardian_shares *s)
{
    uint32_t at = 0;
    if (s->n_to != g->m->n - 1)
        return false;
    for (uint32_t l = 1; l <= g->m->n; l++)
        if (l != from && s->to[at++].i != l)
            return false;
    return true;
}

/* g^x = prod K_j^(l^j)? The comparison is public: both sides are. */
static bool share_fits(const struct urna_guardian *g, const urna_secret_scalar *x,
                       const urna_element *K)
{
    urna_element have, want;
    urna_fixed_exp_secret(urna_fixed_generator(g->G), &have, x, 1);
    URNA_PUBLIC(&have, sizeof have);
    urna_commitment_at(g->G, &want, K, g->m->k, g->index);
    return urna_element_eq(g->G, &have, &want);
}

/* The share of guardian i for this one. *good = false: a lie that a complaint with zeta proves. p:
 * 2 scalars. */
static enum urna_status receive(const struct urna_guardian *g, const struct joint *j, uint32_t i,
                                const struct urna_guardian_shares *s,
                                const urna_secret_scalar *zeta, urna_secret_scalar *p, bool *good,
                                struct urna_error *err)
{
    const struct urna_share *t = &s->to[g->index - (g->index > i ? 2 : 1)];
    urna_element c0;
    urna_scalar c, v;
    /* C0 is a member before anything is done with it (T3); a bad proof was void in phase 1 */
    if (!urna_element_decode(g->G, &c0, t->c0))
        return urna_refuse(err, "E12", "%s: C0 is not an element of the group", s->as);
    if (!urna_scalar_decode(g->G, &c, t->c) || !urna_scalar_decode(g->G, &v, t->v) ||
        !urna_share_proof_check(g->G, g->h_p, i, g->index, &c0, t->c1, &c, &v))
        return urna_refuse(err, "E14", "%s: the proof of the share does not hold", s->as);
    *good = urna_share_decrypt(g->G, g->h_p, i, g->index, &j->kappa[g->index - 1], zeta, &c0, t->c1,
                               &p[0], &p[1]) &&
            share_fits(g, &p[0], j->K + (size_t)(i - 1) * j->k) &&
            share_fits(g, &p[1], j->Kh + (size_t)(i - 1) * j->k);
    return URNA_OK;
}

/* All shares: sum 2 scalars; *liar = 0, or the first guardian whose share is false. */
static enum urna_status receive_all(const struct urna_guardian *g, const struct joint *j,
                                    const struct urna_ceremony *c, const urna_secret_scalar *x,
                                    urna_secret_scalar *sum, uint32_t *liar, struct urna_error *err)
{
    uint32_t k = g->m->k;
    urna_secret_scalar *p = urna_secret_alloc(2 * sizeof *p);
    enum urna_status st = URNA_OK;
    *liar = 0;
    polynomial_at(g->G, &sum[0], x, k, g->index);
    polynomial_at(g->G, &sum[1], x + k, k, g->index);
    for (uint32_t i = 1; i <= g->m->n && st == URNA_OK && *liar == 0; i++) {
        bool good = false;
        if (i == g->index)
            continue;
        st = receive(g, j, i, c->shares[i - 1], &x[2 * (size_t)k], p, &good, err);
        if (st == URNA_OK && !good)
            *liar = i;
        urna_secret_add(g->G, &sum[0], &sum[0], &p[0]);
        urna_secret_add(g->G, &sum[1], &sum[1], &p[1]);
    }
    urna_secret_free(p);
    return st;
}

enum urna_status ceremony_end_attempt(struct urna_guardian *g, uint32_t against,
                                      const urna_secret_scalar *zeta, struct urna_error *err)
{
    struct urna_buf b = {0};
    ceremony_make_complaint(g, against, zeta, &b);
    ceremony_forget(g);
    ceremony_keep(&g->complaint_body, &b);
    g->stage = URNA_GUARDIAN_COMPLAINED;
    urna_wipe(b.p, b.len); /* zeta is published only once the state is durable */
    urna_buf_free(&b);
    return guardian_save(g, err);
}

enum urna_status ceremony_conclude(struct urna_guardian *g, const struct joint *j,
                                   const struct urna_ceremony *c, struct urna_error *err)
{
    struct urna_joint_keys pub;
    uint32_t liar = 0;
    urna_secret_scalar *x = ceremony_secrets(g), *sum = urna_secret_alloc(2 * sizeof *sum);
    enum urna_status st = receive_all(g, j, c, x, sum, &liar, err);
    if (st == URNA_OK && liar) {
        st = ceremony_end_attempt(g, liar, &x[2 * (size_t)g->m->k], err);
    } else if (st == URNA_OK && (st = joint_close(&pub, j, g->h_p, g->phi, err)) == URNA_OK) {
        ceremony_forget(g);
        urna_secret_bytes_new(&g->z, 2 * g->lq);
        urna_secret_encode(g->G, g->z.p, &sum[0]);
        urna_secret_encode(g->G, g->z.p + g->lq, &sum[1]);
        memcpy(g->h_g, pub.h_g, 32);
        memcpy(g->h_e, pub.h_e, 32);
        g->stage = URNA_GUARDIAN_CONFIRMED;
        st = guardian_save(g, err);
    }
    urna_secret_free(x);
    urna_secret_free(sum);
    return st;
}
