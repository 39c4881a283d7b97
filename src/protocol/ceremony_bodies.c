/* What a guardian draws, and the bodies that are made of it. Everything that is drawn is in the
 * file before the first byte of it is said (invariant 1 of protocol/guardian.h). */
#include "protocol/ceremony_internal.h"

#include <string.h>

#include "base/ct.h"
#include "base/secret.h"
#include "model/entry.h"
#include "proof/prove.h"
#include "protocol/put.h"

/* --- secrets --- */

urna_secret_scalar *ceremony_secrets(const struct urna_guardian *g)
{
    size_t n = 2 * (size_t)g->m->k + 1;
    urna_secret_scalar *x = urna_secret_alloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        if (!urna_secret_decode(g->G, &x[i], g->secrets.p + i * g->lq))
            urna_wipe(&x[i], sizeof x[i]); /* cannot be: the file is authenticated, and was written
                                              by secrets_draw */
    return x;
}

void ceremony_draw(struct urna_guardian *g)
{
    size_t k = g->m->k, n = 2 * k + 1;
    urna_secret_scalar *x = urna_secret_alloc(sizeof *x);
    urna_secret_bytes_new(&g->secrets, n * g->lq);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || i == k || i == 2 * k)
            urna_secret_random_nonzero(g->G, x);
        else
            urna_secret_random(g->G, x);
        urna_secret_encode(g->G, g->secrets.p + i * g->lq, x);
    }
    urna_secret_free(x);
}

void polynomial_at(const struct urna_group *G, urna_secret_scalar *out, const urna_secret_scalar *a,
                   uint32_t k, uint32_t l)
{
    urna_scalar pub;
    urna_secret_scalar x;
    urna_scalar_from_u64(G, &pub, l);
    urna_secret_from_public(&x, &pub);
    *out = a[k - 1];
    for (uint32_t j = k - 1; j-- > 0;) {
        urna_secret_mul(G, out, out, &x);
        urna_secret_add(G, out, out, &a[j]);
    }
}

void ceremony_forget(struct urna_guardian *g)
{
    urna_secret_bytes_free(&g->secrets);
    urna_secret_bytes_free(&g->keys_body);
    urna_secret_bytes_free(&g->shares_body);
    urna_secret_bytes_free(&g->complaint_body);
    urna_secret_bytes_free(&g->z);
    memset(g->commits_seen, 0, 32);
    memset(g->h_g, 0, 32);
    memset(g->h_e, 0, 32);
}

void ceremony_keep(struct urna_secret_bytes *to, const struct urna_buf *b)
{
    urna_secret_bytes_new(to, b->len);
    memcpy(to->p, b->p, b->len);
}

/* --- bodies --- */

void ceremony_write(const struct urna_guardian *g, struct urna_buf *out, const struct urna_body *b)
{
    urna_body_write(out, b, g->lp, g->lq);
}

static void put_proof(const struct urna_guardian *g, struct urna_arena *a, struct urna_key_proof *p,
                      const urna_scalar *c, const urna_scalar *v)
{
    p->n_v = g->m->k + 1;
    p->c = urna_put_scalar(g->G, a, c);
    p->v = URNA_NEW(a, const uint8_t *, p->n_v);
    for (uint32_t j = 0; j < p->n_v; j++)
        p->v[j] = urna_put_scalar(g->G, a, &v[j]);
}

void ceremony_make_keys(struct urna_guardian *g, struct urna_buf *out)
{
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_GUARDIAN_KEYS};
    struct urna_guardian_keys *y = &b.guardian_keys;
    uint32_t k = g->m->k;
    urna_secret_scalar *x = ceremony_secrets(g);
    urna_element *K = URNA_NEW(&a, urna_element, 2 * (size_t)k + 1);
    urna_scalar c, *v = URNA_NEW(&a, urna_scalar, (size_t)k + 1);
    urna_fixed_exp_secret(urna_fixed_generator(g->G), K, x, 2 * (size_t)k + 1);
    URNA_PUBLIC(K, (2 * (size_t)k + 1) * sizeof *K);
    y->as = urna_guardian_id(g);
    y->attempt = g->attempt;
    urna_random(y->nonce, 32);
    URNA_PUBLIC(y->nonce, 32);
    y->n_k = y->n_kh = k;
    y->k = URNA_NEW(&a, const uint8_t *, k);
    y->kh = URNA_NEW(&a, const uint8_t *, k);
    for (uint32_t j = 0; j < k; j++) {
        y->k[j] = urna_put_element(g->G, &a, &K[j]);
        y->kh[j] = urna_put_element(g->G, &a, &K[k + j]);
    }
    y->kappa = urna_put_element(g->G, &a, &K[2 * (size_t)k]);
    urna_guardian_prove(g->G, g->h_p, false, g->index, x, K, k, &x[2 * (size_t)k],
                        &K[2 * (size_t)k], NULL, &c, v);
    put_proof(g, &a, &y->proof, &c, v);
    urna_guardian_prove(g->G, g->h_p, true, g->index, x + k, K + k, k, &x[2 * (size_t)k],
                        &K[2 * (size_t)k], NULL, &c, v);
    put_proof(g, &a, &y->proofh, &c, v);
    ceremony_write(g, out, &b);
    urna_secret_free(x);
    urna_arena_free(&a);
}

void ceremony_make_shares(struct urna_guardian *g, const struct joint *j, struct urna_buf *out)
{
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_GUARDIAN_SHARES};
    struct urna_guardian_shares *s = &b.guardian_shares;
    uint32_t k = g->m->k;
    urna_secret_scalar *x = ceremony_secrets(g), *p = urna_secret_alloc(2 * sizeof *p);
    s->as = urna_guardian_id(g);
    s->attempt = g->attempt;
    s->to = URNA_NEW(&a, struct urna_share, g->m->n);
    for (uint32_t l = 1; l <= g->m->n; l++) {
        if (l == g->index)
            continue;
        struct urna_share *t = &s->to[s->n_to++];
        urna_element c0;
        urna_scalar c, v;
        polynomial_at(g->G, &p[0], x, k, l);
        polynomial_at(g->G, &p[1], x + k, k, l);
        urna_share_encrypt(g->G, g->h_p, g->index, l, &j->kappa[l - 1], &p[0], &p[1], NULL, NULL,
                           &c0, t->c1, &c, &v);
        t->i = l;
        t->c0 = urna_put_element(g->G, &a, &c0);
        t->c = urna_put_scalar(g->G, &a, &c);
        t->v = urna_put_scalar(g->G, &a, &v);
    }
    ceremony_write(g, out, &b);
    urna_secret_free(x);
    urna_secret_free(p);
    urna_arena_free(&a);
}

void ceremony_make_commit(const struct urna_guardian *g, struct urna_buf *out)
{
    struct urna_body b = {.kind = URNA_GUARDIAN_COMMIT};
    b.guardian_commit.as = urna_guardian_id(g);
    b.guardian_commit.attempt = g->attempt;
    urna_guardian_commit_hash(b.guardian_commit.hash, g->phi, g->index,
                              urna_view(g->keys_body.p, g->keys_body.len));
    ceremony_write(g, out, &b);
}

void ceremony_make_confirm(const struct urna_guardian *g, struct urna_buf *out)
{
    struct urna_body b = {.kind = URNA_GUARDIAN_CONFIRM};
    b.guardian_confirm.as = urna_guardian_id(g);
    b.guardian_confirm.attempt = g->attempt;
    memcpy(b.guardian_confirm.hg, g->h_g, 32);
    memcpy(b.guardian_confirm.he, g->h_e, 32);
    ceremony_write(g, out, &b);
}

void ceremony_make_complaint(const struct urna_guardian *g, uint32_t against,
                             const urna_secret_scalar *zeta, struct urna_buf *out)
{
    struct urna_body b = {.kind = URNA_GUARDIAN_COMPLAINT};
    uint8_t z[URNA_LQ_MAX];
    b.guardian_complaint.as = urna_guardian_id(g);
    b.guardian_complaint.attempt = g->attempt;
    b.guardian_complaint.against = g->m->guardians[against - 1].id;
    if (zeta) {
        urna_secret_encode(g->G, z, zeta);
        URNA_PUBLIC(z, g->lq); /* said in the open: the attempt is over */
        b.guardian_complaint.zeta = z;
    }
    ceremony_write(g, out, &b);
    urna_wipe(z, sizeof z);
}
