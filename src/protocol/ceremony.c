/* One guardian's ceremony. What is said next is a function of the sealed state and of the log;
 * everything that is drawn is in the file before the first byte of it is said (invariant 1 of
 * protocol/guardian.h). */
#include "protocol/ceremony.h"

#include <stdio.h>
#include <string.h>

#include "base/ct.h"
#include "base/secret.h"
#include "model/entry.h"
#include "proof/check.h"
#include "proof/prove.h"
#include "protocol/guardian_internal.h"
#include "protocol/joint.h"

static const uint8_t zeros[32];

static enum urna_status refuse(struct urna_error *err, const char *rule, const char *id,
                               const char *what)
{
    if (err && !err->rule[0])
        snprintf(err->rule, sizeof err->rule, "%s", rule);
    return urna_fail(err, URNA_FALSE, "%s: %s", id, what);
}

/* --- secrets --- */

/* The coefficients and zeta as scalars, in one guarded block: a[k], ah[k], zeta. */
static urna_secret_scalar *secrets_open(const struct urna_guardian *g)
{
    size_t n = 2 * (size_t)g->m->k + 1;
    urna_secret_scalar *x = urna_secret_alloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        if (!urna_secret_decode(g->G, &x[i], g->secrets.p + i * g->lq))
            urna_wipe(&x[i], sizeof x[i]); /* cannot be: the file is authenticated, and was written
                                              by secrets_draw */
    return x;
}

static void secrets_draw(struct urna_guardian *g)
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

/* P(l) = a_0 + a_1 l + ... by Horner; l is public. */
static void polynomial_at(const struct urna_group *G, urna_secret_scalar *out,
                          const urna_secret_scalar *a, uint32_t k, uint32_t l)
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

/* Everything secret, and everything said, of the attempt so far. */
static void forget(struct urna_guardian *g)
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

static void keep(struct urna_secret_bytes *to, const struct urna_buf *b)
{
    urna_secret_bytes_new(to, b->len);
    memcpy(to->p, b->p, b->len);
}

/* --- bodies --- */

static void write_body(const struct urna_guardian *g, struct urna_buf *out,
                       const struct urna_body *b)
{
    urna_body_write(out, b, g->lp, g->lq);
}

static const uint8_t *put_element(const struct urna_guardian *g, struct urna_arena *a,
                                  const urna_element *x)
{
    uint8_t *p = urna_arena_alloc(a, 1, g->lp);
    urna_element_encode(g->G, p, x);
    return p;
}

static const uint8_t *put_scalar(const struct urna_guardian *g, struct urna_arena *a,
                                 const urna_scalar *x)
{
    uint8_t *p = urna_arena_alloc(a, 1, g->lq);
    urna_scalar_encode(g->G, p, x);
    return p;
}

static void put_proof(const struct urna_guardian *g, struct urna_arena *a, struct urna_key_proof *p,
                      const urna_scalar *c, const urna_scalar *v)
{
    p->n_v = g->m->k + 1;
    p->c = put_scalar(g, a, c);
    p->v = URNA_NEW(a, const uint8_t *, p->n_v);
    for (uint32_t j = 0; j < p->n_v; j++)
        p->v[j] = put_scalar(g, a, &v[j]);
}

/* guardian.keys from freshly drawn secrets, with its proofs. */
static void make_keys(struct urna_guardian *g, struct urna_buf *out)
{
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_GUARDIAN_KEYS};
    struct urna_guardian_keys *y = &b.guardian_keys;
    uint32_t k = g->m->k;
    urna_secret_scalar *x = secrets_open(g);
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
        y->k[j] = put_element(g, &a, &K[j]);
        y->kh[j] = put_element(g, &a, &K[k + j]);
    }
    y->kappa = put_element(g, &a, &K[2 * (size_t)k]);
    urna_guardian_prove(g->G, g->h_p, false, g->index, x, K, k, &x[2 * (size_t)k],
                        &K[2 * (size_t)k], NULL, &c, v);
    put_proof(g, &a, &y->proof, &c, v);
    urna_guardian_prove(g->G, g->h_p, true, g->index, x + k, K + k, k, &x[2 * (size_t)k],
                        &K[2 * (size_t)k], NULL, &c, v);
    put_proof(g, &a, &y->proofh, &c, v);
    write_body(g, out, &b);
    urna_secret_free(x);
    urna_arena_free(&a);
}

static void make_shares(struct urna_guardian *g, const struct joint *j, struct urna_buf *out)
{
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_GUARDIAN_SHARES};
    struct urna_guardian_shares *s = &b.guardian_shares;
    uint32_t k = g->m->k;
    urna_secret_scalar *x = secrets_open(g), *p = urna_secret_alloc(2 * sizeof *p);
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
        t->c0 = put_element(g, &a, &c0);
        t->c = put_scalar(g, &a, &c);
        t->v = put_scalar(g, &a, &v);
    }
    write_body(g, out, &b);
    urna_secret_free(x);
    urna_secret_free(p);
    urna_arena_free(&a);
}

static void make_commit(const struct urna_guardian *g, struct urna_buf *out)
{
    struct urna_body b = {.kind = URNA_GUARDIAN_COMMIT};
    b.guardian_commit.as = urna_guardian_id(g);
    b.guardian_commit.attempt = g->attempt;
    urna_guardian_commit_hash(b.guardian_commit.hash, g->phi, g->index,
                              urna_view(g->keys_body.p, g->keys_body.len));
    write_body(g, out, &b);
}

static void make_confirm(const struct urna_guardian *g, struct urna_buf *out)
{
    struct urna_body b = {.kind = URNA_GUARDIAN_CONFIRM};
    b.guardian_confirm.as = urna_guardian_id(g);
    b.guardian_confirm.attempt = g->attempt;
    memcpy(b.guardian_confirm.hg, g->h_g, 32);
    memcpy(b.guardian_confirm.he, g->h_e, 32);
    write_body(g, out, &b);
}

static void make_complaint(const struct urna_guardian *g, uint32_t against,
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
    write_body(g, out, &b);
    urna_wipe(z, sizeof z);
}

/* --- what the log says --- */

/* Is the entry of guardian i (from 1) really of this guardian and attempt? */
static bool is_of(const struct urna_guardian *g, uint32_t i, const char *as, uint32_t attempt)
{
    return strcmp(as, g->m->guardians[i - 1].id) == 0 && attempt == g->attempt;
}

static enum urna_status check_places(const struct urna_guardian *g, const struct urna_ceremony *c,
                                     struct urna_error *err)
{
    for (uint32_t i = 1; i <= g->m->n; i++) {
        const struct urna_guardian_commit *o = c->commit[i - 1];
        const struct urna_guardian_keys *y = c->keys[i - 1];
        const struct urna_guardian_shares *s = c->shares ? c->shares[i - 1] : NULL;
        if ((o && !is_of(g, i, o->as, o->attempt)) || (y && !is_of(g, i, y->as, y->attempt)) ||
            (s && !is_of(g, i, s->as, s->attempt)))
            return refuse(err, "E14", g->m->guardians[i - 1].id,
                          "an entry of another guardian or attempt");
    }
    return URNA_OK;
}

/* Index of the first missing one of n pointers, 0 if none. */
static uint32_t missing(const void *const *p, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!p[i])
            return i + 1;
    return 0;
}

static void hash_commits(uint8_t out[32], const struct urna_guardian *g,
                         const struct urna_ceremony *c)
{
    struct urna_sha256 h;
    urna_sha256_init(&h);
    for (uint32_t i = 0; i < g->m->n; i++)
        urna_sha256_add(&h, c->commit[i]->hash, 32);
    urna_sha256_end(&h, out);
}

/* Every keys body against its commitment (which is settled since this guardian said its keys, so
 * the keys are too). The body is written again: write(read(x)) = x. */
static enum urna_status check_committed(const struct urna_guardian *g,
                                        const struct urna_ceremony *c, struct urna_error *err)
{
    struct urna_buf body = {0};
    uint8_t commit[32];
    enum urna_status st = URNA_OK;
    for (uint32_t i = 1; i <= g->m->n && st == URNA_OK; i++) {
        const struct urna_guardian_keys *y = c->keys[i - 1];
        /* the writer goes by these counts; a body with others is refused before it is written */
        if (y->n_k != g->m->k || y->n_kh != g->m->k || y->proof.n_v != g->m->k + 1 ||
            y->proofh.n_v != g->m->k + 1) {
            st = refuse(err, "V2", y->as, "not k commitments and k + 1 responses");
            break;
        }
        struct urna_body b = {.kind = URNA_GUARDIAN_KEYS};
        b.guardian_keys = *y;
        urna_buf_reset(&body);
        write_body(g, &body, &b);
        urna_guardian_commit_hash(commit, g->phi, i, urna_buf_view(&body));
        if (memcmp(commit, c->commit[i - 1]->hash, 32) != 0)
            st = refuse(err, "E14", y->as, "the keys are not the ones committed to");
    }
    urna_buf_free(&body);
    return st;
}

/* Seen once, the same for ever: remember ${now} in ${seen}, or compare. */
static enum urna_status same_as_seen(uint8_t seen[32], const uint8_t now[32], bool *fresh,
                                     struct urna_error *err)
{
    *fresh = memcmp(seen, zeros, 32) == 0;
    if (*fresh)
        memcpy(seen, now, 32);
    else if (memcmp(seen, now, 32) != 0)
        return refuse(err, "E14", "the log",
                      "shows other entries of this attempt than before (two faces)");
    return URNA_OK;
}

/* --- receiving shares --- */

static bool shares_shape(const struct urna_guardian *g, uint32_t from,
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
        return refuse(err, "E12", s->as, "C0 is not an element of the group");
    if (!urna_scalar_decode(g->G, &c, t->c) || !urna_scalar_decode(g->G, &v, t->v) ||
        !urna_share_proof_check(g->G, g->h_p, i, g->index, &c0, t->c1, &c, &v))
        return refuse(err, "E14", s->as, "the proof of the share does not hold");
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

static enum urna_status end_attempt(struct urna_guardian *g, uint32_t against,
                                    const urna_secret_scalar *zeta, struct urna_error *err)
{
    struct urna_buf b = {0};
    make_complaint(g, against, zeta, &b);
    forget(g);
    keep(&g->complaint_body, &b);
    g->stage = URNA_GUARDIAN_COMPLAINED;
    urna_wipe(b.p, b.len); /* zeta is published only once the state is durable */
    urna_buf_free(&b);
    return guardian_save(g, err);
}

/* All shares are in: confirm, or complain. The polynomials and zeta go with the same replacement of
 * the file. */
static enum urna_status conclude(struct urna_guardian *g, const struct joint *j,
                                 const struct urna_ceremony *c, struct urna_error *err)
{
    struct urna_joint_keys pub;
    uint32_t liar = 0;
    urna_secret_scalar *x = secrets_open(g), *sum = urna_secret_alloc(2 * sizeof *sum);
    enum urna_status st = receive_all(g, j, c, x, sum, &liar, err);
    if (st == URNA_OK && liar) {
        st = end_attempt(g, liar, &x[2 * (size_t)g->m->k], err);
    } else if (st == URNA_OK && (st = joint_close(&pub, j, g->h_p, g->phi, err)) == URNA_OK) {
        forget(g);
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

/* --- the machine --- */

static enum urna_status begin(struct urna_guardian *g, uint32_t attempt, struct urna_error *err)
{
    struct urna_buf b = {0};
    forget(g);
    g->attempt = attempt;
    g->stage = URNA_GUARDIAN_CEREMONY;
    secrets_draw(g);
    make_keys(g, &b);
    keep(&g->keys_body, &b);
    urna_buf_free(&b);
    return guardian_save(g, err);
}

/* What the log holds in this guardian's name must be what it said. */
static enum urna_status own_entries(const struct urna_guardian *g, const struct urna_ceremony *c,
                                    struct urna_error *err)
{
    uint8_t commit[32];
    uint32_t at = g->index - 1;
    bool same = true;
    struct urna_buf b = {0};
    urna_guardian_commit_hash(commit, g->phi, g->index,
                              urna_view(g->keys_body.p, g->keys_body.len));
    if (c->commit[at])
        same = memcmp(commit, c->commit[at]->hash, 32) == 0;
    const struct urna_guardian_shares *s = c->shares ? c->shares[at] : NULL;
    if (same && s) {
        struct urna_body whole = {.kind = URNA_GUARDIAN_SHARES};
        whole.guardian_shares = *s;
        write_body(g, &b, &whole);
        same = urna_view_eq(urna_buf_view(&b), urna_view(g->shares_body.p, g->shares_body.len));
    }
    urna_buf_free(&b);
    return same ? URNA_OK
                : refuse(err, "E14", urna_guardian_id(g),
                         "the log holds another entry in this guardian's name");
}

static void say(enum urna_kind *kind, struct urna_buf *body, enum urna_kind k,
                const struct urna_secret_bytes *b)
{
    *kind = k;
    urna_buf_add(body, b->p, b->len);
}

/* From accepted keys on: shares, then the conclusion. */
static enum urna_status after_keys(struct urna_guardian *g, const struct urna_ceremony *c,
                                   enum urna_kind *kind, struct urna_buf *body, uint32_t *wait,
                                   struct urna_error *err)
{
    struct joint j = {0};
    uint32_t n = g->m->n;
    enum urna_status st = check_committed(g, c, err);
    if (st != URNA_OK)
        return st;
    bool none = n > 1 && !c->shares;
    bool made = g->shares_body.len != 0;
    if (n > 1 && made && (none || !c->shares[g->index - 1])) {
        say(kind, body, URNA_GUARDIAN_SHARES, &g->shares_body);
        return URNA_OK;
    }
    if (n > 1 && made && (*wait = missing((const void *const *)c->shares, n)) != 0)
        return URNA_OK;
    for (uint32_t i = 1; made && i <= n; i++)
        if (!shares_shape(g, i, c->shares[i - 1]))
            return refuse(err, "E14", c->shares[i - 1]->as,
                          "not one share for every other guardian");
    st = joint_read(&j, g->G, n, g->m->k, g->h_p, c->keys, err);
    if (st != URNA_OK)
        return st;
    if (n > 1 && !made) {
        struct urna_buf b = {0};
        make_shares(g, &j, &b);
        keep(&g->shares_body, &b);
        urna_buf_free(&b);
        st = guardian_save(g, err);
        if (st == URNA_OK)
            say(kind, body, URNA_GUARDIAN_SHARES, &g->shares_body);
    } else {
        st = conclude(g, &j, c, err);
        if (st == URNA_OK && g->stage == URNA_GUARDIAN_COMPLAINED) {
            say(kind, body, URNA_GUARDIAN_COMPLAINT, &g->complaint_body);
        } else if (st == URNA_OK) {
            *kind = URNA_GUARDIAN_CONFIRM;
            make_confirm(g, body);
        }
    }
    joint_free(&j);
    return st;
}

static enum urna_status in_ceremony(struct urna_guardian *g, const struct urna_ceremony *c,
                                    enum urna_kind *kind, struct urna_buf *body, uint32_t *wait,
                                    struct urna_error *err)
{
    uint32_t n = g->m->n;
    uint8_t seen[32];
    bool fresh = false;
    enum urna_status st = check_places(g, c, err);
    if (st == URNA_OK)
        st = own_entries(g, c, err);
    if (st != URNA_OK)
        return st;
    if (!c->commit[g->index - 1]) {
        *kind = URNA_GUARDIAN_COMMIT;
        make_commit(g, body);
        return URNA_OK;
    }
    if ((*wait = missing((const void *const *)c->commit, n)) != 0)
        return URNA_OK;
    hash_commits(seen, g, c);
    st = same_as_seen(g->commits_seen, seen, &fresh, err);
    if (st == URNA_OK && fresh)
        st = guardian_save(g, err);
    if (st != URNA_OK)
        return st;
    if (!c->keys[g->index - 1]) {
        say(kind, body, URNA_GUARDIAN_KEYS, &g->keys_body);
        return URNA_OK;
    }
    if ((*wait = missing((const void *const *)c->keys, n)) != 0)
        return URNA_OK;
    return after_keys(g, c, kind, body, wait, err);
}

static enum urna_status said_all(struct urna_guardian *g, const struct urna_ceremony *c,
                                 enum urna_kind *kind, struct urna_buf *body, uint32_t *wait,
                                 struct urna_error *err)
{
    const struct urna_guardian_confirm *own = c->confirm ? c->confirm[g->index - 1] : NULL;
    if (!own) {
        *kind = URNA_GUARDIAN_CONFIRM;
        make_confirm(g, body);
        return URNA_OK;
    }
    if (!is_of(g, g->index, own->as, own->attempt) || memcmp(own->hg, g->h_g, 32) != 0 ||
        memcmp(own->he, g->h_e, 32) != 0)
        return refuse(err, "E14", urna_guardian_id(g),
                      "the log holds another confirmation in this guardian's name");
    *wait = missing((const void *const *)c->confirm, g->m->n);
    return URNA_OK;
}

enum urna_status urna_ceremony_next(struct urna_guardian *g, const struct urna_ceremony *c,
                                    enum urna_kind *kind, struct urna_buf *body,
                                    uint32_t *waiting_for, struct urna_error *err)
{
    uint32_t wait = 0;
    *kind = URNA_KIND_UNKNOWN;
    if (waiting_for)
        *waiting_for = 0;
    enum urna_status st = guardian_usable(g, err);
    if (st != URNA_OK)
        return st;
    if (c->attempt < 1 || !c->commit || !c->keys)
        return urna_fail(err, URNA_INPUT, "not the state of a ceremony");
    if (g->stage == URNA_GUARDIAN_OPEN)
        return c->attempt == g->attempt
                   ? URNA_OK
                   : urna_fail(err, URNA_FALSE, "voting is open: the ceremony is over for ever");
    if (c->attempt < g->attempt)
        return urna_fail(err, URNA_FALSE, "attempt %u is over; this guardian is in attempt %u",
                         c->attempt, g->attempt);
    if (c->attempt > g->attempt || g->stage == URNA_GUARDIAN_NEW)
        st = begin(g, c->attempt, err);
    if (st != URNA_OK)
        return st;
    if (g->stage == URNA_GUARDIAN_COMPLAINED)
        say(kind, body, URNA_GUARDIAN_COMPLAINT, &g->complaint_body);
    else if (g->stage == URNA_GUARDIAN_CONFIRMED)
        st = said_all(g, c, kind, body, &wait, err);
    else
        st = in_ceremony(g, c, kind, body, &wait, err);
    if (waiting_for)
        *waiting_for = wait;
    return st;
}

enum urna_status urna_ceremony_complain(struct urna_guardian *g, uint32_t attempt, uint32_t against,
                                        struct urna_buf *body, struct urna_error *err)
{
    enum urna_status st = guardian_usable(g, err);
    if (st != URNA_OK)
        return st;
    if (attempt < 1 || against < 1 || against > g->m->n || against == g->index)
        return urna_fail(err, URNA_INPUT,
                         "a complaint is against another guardian, in an attempt from 1 on");
    if (g->stage == URNA_GUARDIAN_OPEN)
        return urna_fail(err, URNA_FALSE, "voting is open: the ceremony is over for ever");
    if (attempt < g->attempt)
        return urna_fail(err, URNA_FALSE, "attempt %u is over; this guardian is in attempt %u",
                         attempt, g->attempt);
    if (attempt > g->attempt || g->stage != URNA_GUARDIAN_COMPLAINED) {
        g->attempt = attempt;
        st = end_attempt(g, against, NULL, err);
    }
    if (st == URNA_OK)
        urna_buf_add(body, g->complaint_body.p, g->complaint_body.len);
    return st;
}

enum urna_status urna_ceremony_opened(struct urna_guardian *g, const struct urna_open *o,
                                      struct urna_error *err)
{
    enum urna_status st = guardian_usable(g, err);
    if (st != URNA_OK)
        return st;
    bool confirmed = g->stage == URNA_GUARDIAN_CONFIRMED || g->stage == URNA_GUARDIAN_OPEN;
    if (!confirmed || o->attempt != g->attempt || memcmp(o->hg, g->h_g, 32) != 0 ||
        memcmp(o->he, g->h_e, 32) != 0)
        return refuse(err, "E15", urna_guardian_id(g),
                      "`open` does not name the keys that this guardian confirmed");
    if (g->stage == URNA_GUARDIAN_OPEN)
        return URNA_OK;
    g->stage = URNA_GUARDIAN_OPEN;
    return guardian_save(g, err);
}
