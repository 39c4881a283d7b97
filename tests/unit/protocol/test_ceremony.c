/* Ceremonies: every proof checked again by proof/check.h, the shares against the public keys, liars
 * named, nothing said twice differently, nothing secret left. */
#include "testing.h"

#include "base/file.h"
#include "base/secret.h"
#include "model/entry.h"
#include "proof/check.h"
#include "proof/prove.h"
#include "protocol/guardian_internal.h"

/* --- what a stranger can check --- */

static urna_element element(const struct election *e, const uint8_t *p)
{
    urna_element x;
    assert_true(urna_element_decode(e->G, &x, p));
    return x;
}

static urna_scalar scalar(const struct election *e, const uint8_t *p)
{
    urna_scalar x;
    assert_true(urna_scalar_decode(e->G, &x, p));
    return x;
}

static void check_key_proof(const struct election *e, uint32_t i, bool data_keys)
{
    const struct urna_guardian_keys *y = e->keys[i - 1];
    const struct urna_key_proof *p = data_keys ? &y->proofh : &y->proof;
    urna_element K[GUARDIANS_MAX], kappa = element(e, y->kappa);
    urna_scalar c = scalar(e, p->c), v[GUARDIANS_MAX + 1];
    for (uint32_t j = 0; j < e->m.k; j++)
        K[j] = element(e, data_keys ? y->kh[j] : y->k[j]);
    for (uint32_t j = 0; j <= e->m.k; j++)
        v[j] = scalar(e, p->v[j]);
    assert_true(urna_guardian_proof_check(e->G, e->h_p, data_keys, i, K, e->m.k, &kappa, &c, v));
    urna_scalar one;
    urna_scalar_from_u64(e->G, &one, 1);
    urna_scalar_add(e->G, &v[0], &v[0], &one);
    assert_false(urna_guardian_proof_check(e->G, e->h_p, data_keys, i, K, e->m.k, &kappa, &c, v));
}

static void check_share_proofs(const struct election *e, uint32_t i)
{
    const struct urna_guardian_shares *s = e->shares[i - 1];
    uint32_t at = 0;
    assert_int_equal(s->n_to, e->m.n - 1);
    for (uint32_t l = 1; l <= e->m.n; l++) {
        if (l == i)
            continue;
        const struct urna_share *t = &s->to[at++];
        urna_element c0 = element(e, t->c0);
        urna_scalar c = scalar(e, t->c), v = scalar(e, t->v);
        assert_int_equal(t->i, l);
        assert_true(urna_share_proof_check(e->G, e->h_p, i, l, &c0, t->c1, &c, &v));
        assert_false(urna_share_proof_check(e->G, e->h_p, l, i, &c0, t->c1, &c, &v));
    }
}

/* g^z_l is what the public keys say, and any k of the z make the secret behind K (in the exponent:
 * nobody makes s). */
static void check_result(struct election *e)
{
    struct urna_error err = URNA_ERROR_INIT;
    urna_element S[GUARDIANS_MAX], product;
    assert_ok(urna_guardian_share_keys(S, e->G, e->m.n, e->m.k, e->keys, &err), err);
    for (uint32_t l = 1; l <= e->m.n; l++) {
        urna_secret_scalar z;
        urna_element gz;
        assert_true(urna_secret_decode(e->G, &z, e->g[l - 1]->z.p));
        urna_fixed_exp_secret(urna_fixed_generator(e->G), &gz, &z, 1);
        assert_true(urna_element_eq(e->G, &gz, &S[l - 1]));
    }
    for (uint32_t first = 1; first + e->m.k - 1 <= e->m.n; first++) {
        uint32_t U[GUARDIANS_MAX];
        urna_scalar w[GUARDIANS_MAX];
        for (uint32_t j = 0; j < e->m.k; j++)
            U[j] = first + j;
        for (uint32_t j = 0; j < e->m.k; j++)
            urna_lagrange(e->G, &w[j], U[j], U, e->m.k);
        urna_multi_exp_vartime(e->G, &product, S + first - 1, w, e->m.k);
        assert_true(urna_element_eq(e->G, &product, &e->joint.K));
    }
}

static void check_commitments(const struct election *e)
{
    for (uint32_t i = 1; i <= e->m.n; i++) {
        struct urna_body b = {.kind = URNA_GUARDIAN_KEYS};
        struct urna_buf body = {0};
        uint8_t hash[32];
        b.guardian_keys = *e->keys[i - 1];
        urna_body_write(&body, &b, e->lp, e->lq);
        urna_guardian_commit_hash(hash, e->phi, i, urna_buf_view(&body));
        assert_memory_equal(hash, e->commit[i - 1]->hash, 32);
        urna_buf_free(&body);
    }
}

/* Invariant 3: only z, z-hat are left, and no coefficient stands anywhere in the open state. */
static void check_nothing_left(const struct election *e)
{
    for (uint32_t i = 0; i < e->m.n; i++) {
        assert_int_equal(e->g[i]->secrets.len, 0);
        assert_null(e->g[i]->secrets.p);
        assert_int_equal(e->g[i]->keys_body.len, 0);
        assert_int_equal(e->g[i]->shares_body.len, 0);
        assert_int_equal(e->g[i]->complaint_body.len, 0);
        assert_int_equal(e->g[i]->z.len, 2 * e->lq);
    }
}

static void whole(const char *group, uint32_t n, uint32_t k)
{
    struct election e;
    election_new(&e, group, n, k);
    election_open(&e);
    check_commitments(&e);
    for (uint32_t i = 1; i <= n; i++) {
        check_key_proof(&e, i, false);
        check_key_proof(&e, i, true);
        if (n > 1)
            check_share_proofs(&e, i);
        else
            assert_null(e.shares[0]); /* n = 1: no share messages */
        assert_int_equal(urna_guardian_stage(e.g[i - 1]), URNA_GUARDIAN_OPEN);
    }
    check_result(&e);
    check_nothing_left(&e);
    election_free(&e);
}

static void ceremony_ristretto255(void **state)
{
    (void)state;
    whole("ristretto255", 1, 1);
    whole("ristretto255", 3, 2);
    whole("ristretto255", 5, 3);
    whole("ristretto255", 3, 3);
    whole("ristretto255", 3, 1);
}

static void ceremony_toy_64_256(void **state)
{
    (void)state;
    whole("toy-64-256", 1, 1);
    whole("toy-64-256", 3, 2);
    whole("toy-64-256", 5, 3);
}

static void ceremony_eg4096(void **state)
{
    (void)state;
    whole("eg4096", 3, 2);
}

/* --- the state survives everything, and never says two things --- */

static void ceremony_reopened_between_all_steps(void **state)
{
    (void)state;
    struct election e;
    election_new(&e, "ristretto255", 3, 2);
    for (int round = 0; round < 10; round++)
        for (uint32_t i = 1; i <= 3; i++) {
            election_reopen(&e, i);
            election_ask(&e, i);
        }
    election_open(&e);
    check_result(&e);
    election_free(&e);
}

static void ceremony_state_file_is_of_one_election(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct election e;
    struct urna_guardian *g;
    uint8_t other[32] = {7};
    election_new(&e, "ristretto255", 3, 2);
    election_ask(&e, 1);
    assert_status(URNA_SYSTEM, urna_guardian_open(&g, e.path[0], test_pass, &e.m, e.phi, &err),
                  err); /* invariant 7 */
    urna_guardian_close(e.g[0]);
    e.g[0] = NULL;
    assert_status(URNA_INPUT, urna_guardian_open(&g, e.path[0], test_pass, &e.m, other, &err), err);
    assert_non_null(strstr(err.msg, "another election"));
    assert_status(URNA_INPUT,
                  urna_guardian_open(&g, e.path[0], urna_view_str("wrong"), &e.m, e.phi, &err),
                  err);
    assert_null(g);
    assert_status(URNA_INPUT,
                  urna_guardian_create(&g, e.path[0], test_pass, &urna_seal_cost_least, &e.m, e.phi,
                                       "guardian.1", &err),
                  err);
    assert_status(URNA_INPUT,
                  urna_guardian_create(&g, test_path("new"), test_pass, &urna_seal_cost_least, &e.m,
                                       e.phi, "guardian.9", &err),
                  err);
    assert_false(urna_file_exists(test_path("new")));
    e.m.k = 3;
    assert_status(URNA_INPUT, urna_guardian_open(&g, e.path[0], test_pass, &e.m, e.phi, &err), err);
    e.m.k = 2;
    e.m.guardians[0].id = "somebody";
    assert_status(URNA_INPUT, urna_guardian_open(&g, e.path[0], test_pass, &e.m, e.phi, &err), err);
    election_free(&e);
}

/* Asks once and wants a refusal. */
static void refused(struct election *e, uint32_t i, const char *why)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_ceremony view = election_view(e);
    struct urna_buf body = {0};
    enum urna_kind kind;
    assert_status(URNA_FALSE, urna_ceremony_next(e->g[i - 1], &view, &kind, &body, NULL, &err),
                  err);
    assert_int_equal(body.len, 0);
    assert_int_equal(kind, URNA_KIND_UNKNOWN);
    if (!strstr(err.msg, why))
        fail_msg("refused because: %s", err.msg);
    urna_buf_free(&body);
}

static void step_all(struct election *e)
{
    for (uint32_t i = 1; i <= e->m.n; i++)
        election_ask(e, i);
}

static void ceremony_two_faces_refused(void **state)
{
    (void)state;
    struct election e;
    election_new(&e, "ristretto255", 3, 2);
    step_all(&e);
    struct urna_guardian_commit other = *e.commit[0];
    const struct urna_guardian_commit *was = e.commit[0];
    other.hash[0] ^= 1;
    e.commit[0] = &other; /* somebody signed in its name */
    refused(&e, 1, "another entry in this guardian's name");
    e.commit[0] = was;
    step_all(&e); /* keys are said: the commitments are settled now */
    e.commit[0] = &other;
    refused(&e, 2, "two faces");
    e.commit[0] = was;
    /* other keys than committed */
    struct urna_guardian_keys keys = *e.keys[0];
    const struct urna_guardian_keys *good = e.keys[0];
    keys.nonce[3] ^= 1;
    e.keys[0] = &keys;
    refused(&e, 2, "not the ones committed to");
    e.keys[0] = good;
    step_all(&e); /* shares */
    /* another share in its name */
    struct urna_guardian_shares shares = *e.shares[1];
    const struct urna_guardian_shares *mine = e.shares[1];
    shares.to = body_copy(&e, URNA_GUARDIAN_SHARES, mine)->guardian_shares.to;
    shares.to[0].c1[5] ^= 1;
    e.shares[1] = &shares;
    refused(&e, 2, "another entry in this guardian's name");
    refused(&e, 1, "the proof of the share does not hold"); /* which phase 1 says too */
    e.shares[1] = mine;
    /* an entry that stands at another guardian's place */
    e.shares[1] = e.shares[2];
    refused(&e, 1, "another guardian or attempt");
    e.shares[1] = mine;
    election_open(&e);
    election_free(&e);
}

/* Keys with a wrong proof, or that are no elements, were void in phase 1; the guardian does not go
 * on with them either. */
static void ceremony_bad_keys_refused(void **state)
{
    (void)state;
    struct election e;
    for (int what = 0; what < 4; what++) {
        election_new(&e, "ristretto255", 3, 2);
        step_all(&e);
        step_all(&e);
        struct urna_body *b = body_copy(&e, URNA_GUARDIAN_KEYS, e.keys[2]);
        struct urna_guardian_keys *y = &b->guardian_keys;
        uint8_t bad[32] = {0};
        if (what == 0)
            y->proof.v[1] = e.keys[0]->proof.v[1];
        else if (what == 1)
            y->proofh.c = e.keys[0]->proofh.c;
        else if (what == 2)
            y->kh[1] = memset(bad, 0xFF, 32);
        else
            y->k[0] = bad; /* the identity */
        struct urna_buf body = {0};
        struct urna_guardian_commit c = *e.commit[2];
        urna_body_write(&body, b, e.lp, e.lq);
        urna_guardian_commit_hash(c.hash, e.phi, 3, urna_buf_view(&body));
        urna_buf_free(&body);
        /* guardian 1 sees the commitment to the bad keys from the start */
        urna_guardian_close(e.g[0]);
        assert_int_equal(remove(e.path[0]), 0);
        struct urna_error err = URNA_ERROR_INIT;
        assert_ok(urna_guardian_create(&e.g[0], e.path[0], test_pass, &urna_seal_cost_least, &e.m,
                                       e.phi, "guardian.1", &err),
                  err);
        e.commit[0] = NULL;
        e.keys[0] = NULL;
        e.commit[2] = &c;
        e.keys[2] = y;
        assert_int_equal(election_ask(&e, 1), URNA_GUARDIAN_COMMIT);
        assert_int_equal(election_ask(&e, 1), URNA_GUARDIAN_KEYS);
        refused(&e, 1, what == 2 ? "not an element" : what == 3 ? "identity" : "proof of the keys");
        election_free(&e);
    }
}

/* --- a wrong share --- */

/* The two shares i -> l as they are, read with the receiver's own zeta. */
static void true_shares(const struct election *e, uint32_t i, uint32_t l,
                        const struct urna_share *t, urna_secret_scalar *p, urna_secret_scalar *ph)
{
    urna_secret_scalar zeta;
    urna_element kappa = element(e, e->keys[l - 1]->kappa), c0 = element(e, t->c0);
    assert_true(
        urna_secret_decode(e->G, &zeta, e->g[l - 1]->secrets.p + 2 * (size_t)e->m.k * e->lq));
    assert_true(urna_share_decrypt(e->G, e->h_p, i, l, &kappa, &zeta, &c0, t->c1, p, ph));
}

enum lie { LIE_BOTH, LIE_VOTE, LIE_DATA };

/* Replace the share i -> l in the log by an encryption of other values, with a good proof: what a
 * liar would send. The liar's own state is not asked any more. */
static void lie(struct election *e, uint32_t i, uint32_t l, enum lie what)
{
    struct urna_body *b = body_copy(e, URNA_GUARDIAN_SHARES, e->shares[i - 1]);
    struct urna_share *t = &b->guardian_shares.to[l - (l > i ? 2 : 1)];
    urna_element kappa = element(e, e->keys[l - 1]->kappa), c0;
    urna_secret_scalar p, ph;
    urna_scalar c, v;
    uint8_t *c0_bytes = urna_arena_alloc(&e->a, 1, e->lp),
            *c_bytes = urna_arena_alloc(&e->a, 1, e->lq);
    uint8_t *v_bytes = urna_arena_alloc(&e->a, 1, e->lq);
    assert_int_equal(t->i, l);
    true_shares(e, i, l, t, &p, &ph);
    if (what != LIE_DATA)
        urna_secret_random(e->G, &p);
    if (what != LIE_VOTE)
        urna_secret_random(e->G, &ph);
    urna_share_encrypt(e->G, e->h_p, i, l, &kappa, &p, &ph, NULL, NULL, &c0, t->c1, &c, &v);
    urna_element_encode(e->G, c0_bytes, &c0);
    urna_scalar_encode(e->G, c_bytes, &c);
    urna_scalar_encode(e->G, v_bytes, &v);
    t->c0 = c0_bytes;
    t->c = c_bytes;
    t->v = v_bytes;
    e->shares[i - 1] = &b->guardian_shares;
    check_share_proofs(e, i);
}

/* What the judge does with a complaint: g^zeta = kappa, decrypt, compare. True if the accused lied.
 */
static bool judge_complaint(const struct election *e, uint32_t from, uint32_t against)
{
    urna_secret_scalar zeta, p, ph;
    urna_element kappa = element(e, e->keys[from - 1]->kappa), have, want, K[GUARDIANS_MAX];
    const struct urna_share *t = &e->shares[against - 1]->to[from - (from > against ? 2 : 1)];
    urna_element c0 = element(e, t->c0);
    assert_non_null(e->complaint->zeta);
    assert_true(urna_secret_decode(e->G, &zeta, e->complaint->zeta));
    urna_fixed_exp_secret(urna_fixed_generator(e->G), &have, &zeta, 1);
    assert_true(urna_element_eq(e->G, &have, &kappa));
    if (!urna_share_decrypt(e->G, e->h_p, against, from, &kappa, &zeta, &c0, t->c1, &p, &ph))
        return true;
    for (uint32_t j = 0; j < e->m.k; j++)
        K[j] = element(e, e->keys[against - 1]->k[j]);
    urna_fixed_exp_secret(urna_fixed_generator(e->G), &have, &p, 1);
    urna_commitment_at(e->G, &want, K, e->m.k, from);
    return !urna_element_eq(e->G, &have, &want);
}

static void next_attempt(struct election *e)
{
    e->attempt++;
    e->complaint = NULL;
    memset(e->commit, 0, sizeof e->commit);
    memset(e->keys, 0, sizeof e->keys);
    memset(e->shares, 0, sizeof e->shares);
    memset(e->confirm, 0, sizeof e->confirm);
}

static void ceremony_wrong_share_ends_in_a_complaint_that_names_the_liar(void **state)
{
    (void)state;
    struct election e;
    static const char *const groups[] = {"ristretto255", "toy-64-256"};
    for (int i = 0; i < 2; i++) {
        election_new(&e, groups[i], 3, 2);
        step_all(&e);
        step_all(&e);
        step_all(&e);
        lie(&e, 2, 3, LIE_BOTH);
        assert_int_equal(election_ask(&e, 1), URNA_GUARDIAN_CONFIRM); /* its own shares are good */
        assert_int_equal(election_ask(&e, 3), URNA_GUARDIAN_COMPLAINT);
        assert_string_equal(e.complaint->as, "guardian.3");
        assert_string_equal(e.complaint->against, "guardian.2");
        assert_true(judge_complaint(&e, 3, 2));
        assert_int_equal(urna_guardian_stage(e.g[2]), URNA_GUARDIAN_COMPLAINED);
        assert_int_equal(e.g[2]->secrets.len, 0); /* zeta is public now, nothing else is left */
        assert_int_equal(e.g[2]->z.len, 0);
        assert_int_equal(election_ask(&e, 3),
                         URNA_GUARDIAN_COMPLAINT); /* and it stays with its word */
        /* everything new in the next attempt; the old one is over */
        uint8_t old_kappa[URNA_LP_MAX];
        memcpy(old_kappa, e.keys[0]->kappa, e.lp);
        next_attempt(&e);
        election_open(&e);
        assert_memory_not_equal(old_kappa, e.keys[0]->kappa, e.lp);
        check_result(&e);
        e.attempt = 1;
        struct urna_error err = URNA_ERROR_INIT;
        struct urna_ceremony view = election_view(&e);
        struct urna_buf body = {0};
        enum urna_kind kind;
        assert_status(URNA_FALSE, urna_ceremony_next(e.g[0], &view, &kind, &body, NULL, &err), err);
        e.attempt = 3; /* invariant 4 */
        view = election_view(&e);
        assert_status(URNA_FALSE, urna_ceremony_next(e.g[0], &view, &kind, &body, NULL, &err), err);
        assert_non_null(strstr(err.msg, "over for ever"));
        assert_status(URNA_FALSE, urna_ceremony_complain(e.g[0], 3, 2, &body, &err), err);
        assert_int_equal(body.len, 0);
        election_free(&e);
    }
}

/* One wrong half is enough, whichever. */
static void ceremony_half_a_lie_is_a_lie(void **state)
{
    (void)state;
    for (enum lie what = LIE_VOTE; what <= LIE_DATA; what++) {
        struct election e;
        election_new(&e, "ristretto255", 3, 2);
        step_all(&e);
        step_all(&e);
        step_all(&e);
        lie(&e, 1, 2, what);
        assert_int_equal(election_ask(&e, 2), URNA_GUARDIAN_COMPLAINT);
        assert_string_equal(e.complaint->against, "guardian.1");
        election_free(&e);
    }
}

/* --- keys that are good one by one --- */

/* guardian.keys of two colluding guardians, made by hand: secrets a, a-hat, zeta of each (k = 1).
 */
static void collude(struct election *e, const urna_secret_scalar (*x)[3])
{
    for (uint32_t i = 1; i <= 2; i++) {
        struct urna_body *b = URNA_NEW(&e->a, struct urna_body, 1);
        struct urna_guardian_keys *y = &b->guardian_keys;
        urna_element K[3];
        uint8_t *p[3];
        urna_fixed_exp_secret(urna_fixed_generator(e->G), K, x[i - 1], 3);
        for (int j = 0; j < 3; j++) {
            p[j] = urna_arena_alloc(&e->a, 1, e->lp);
            urna_element_encode(e->G, p[j], &K[j]);
        }
        y->n_k = y->n_kh = 1;
        y->k = urna_arena_copy(&e->a, &p[0], sizeof p[0]);
        y->kh = urna_arena_copy(&e->a, &p[1], sizeof p[1]);
        y->kappa = p[2];
        for (int j = 0; j < 2; j++) {
            struct urna_key_proof *r = j ? &y->proofh : &y->proof;
            urna_scalar c, v[2];
            urna_guardian_prove(e->G, e->h_p, j == 1, i, &x[i - 1][j], &K[j], 1, &x[i - 1][2],
                                &K[2], NULL, &c, v);
            uint8_t *bytes = urna_arena_alloc(&e->a, 3, e->lq);
            urna_scalar_encode(e->G, bytes, &c);
            urna_scalar_encode(e->G, bytes + e->lq, &v[0]);
            urna_scalar_encode(e->G, bytes + 2 * e->lq, &v[1]);
            r->c = bytes;
            r->n_v = 2;
            r->v = URNA_NEW(&e->a, const uint8_t *, 2);
            r->v[0] = bytes + e->lq;
            r->v[1] = bytes + 2 * e->lq;
        }
        e->keys[i - 1] = y;
    }
}

static void joint_keys_of_colluding_guardians_refused(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_joint_keys joint;
    urna_secret_scalar x[2][3], zero, sum;
    struct election e;
    election_new(&e, "ristretto255", 2, 1);
    memset(&zero, 0, sizeof zero);
    for (int what = 0; what < 5; what++) {
        for (int i = 0; i < 6; i++)
            urna_secret_random_nonzero(e.G, &x[i / 3][i % 3]);
        if (what == 1) /* the same communication key */
            x[1][2] = x[0][2];
        if (what == 2) /* K = 1 (T4) */
            urna_secret_sub(e.G, &x[1][0], &zero, &x[0][0]);
        if (what == 3) /* K-hat = 1 */
            urna_secret_sub(e.G, &x[1][1], &zero, &x[0][1]);
        if (what == 4) { /* K = K-hat */
            urna_secret_add(e.G, &sum, &x[0][0], &x[1][0]);
            urna_secret_sub(e.G, &x[1][1], &sum, &x[0][1]);
        }
        collude(&e, (const urna_secret_scalar(*)[3])x);
        assert_status(what ? URNA_FALSE : URNA_OK,
                      urna_joint_keys(&joint, e.G, 2, 1, e.phi, e.keys, &err), err);
        if (what)
            assert_string_equal(err.rule, what == 1 ? "V2" : "V3.C");
    }
    election_free(&e);
}

static void ceremony_complaint_without_zeta_ends_the_attempt(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct election e;
    struct urna_buf body = {0}, again = {0};
    election_new(&e, "ristretto255", 3, 2);
    step_all(&e);
    assert_status(URNA_INPUT, urna_ceremony_complain(e.g[0], 1, 1, &body, &err), err); /* itself */
    assert_status(URNA_INPUT, urna_ceremony_complain(e.g[0], 1, 4, &body, &err), err);
    assert_status(URNA_INPUT, urna_ceremony_complain(e.g[0], 1, 0, &body, &err), err);
    assert_ok(urna_ceremony_complain(e.g[0], 1, 3, &body, &err), err);
    election_reopen(&e, 1);
    assert_ok(urna_ceremony_complain(e.g[0], 1, 2, &again, &err), err); /* the first word stays */
    assert_true(urna_view_eq(urna_buf_view(&body), urna_buf_view(&again)));
    assert_string_equal(urna_buf_cstr(&body),
                        "{\"as\":\"guardian.1\",\"attempt\":1,\"against\":\"guardian.3\"}");
    assert_int_equal(e.g[0]->secrets.len, 0);
    next_attempt(&e);
    election_run(&e);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(urna_guardian_stage(e.g[i]), URNA_GUARDIAN_CONFIRMED);
    e.attempt = 1; /* an older attempt is never answered (invariant 2) */
    refused(&e, 1, "attempt 1 is over");
    e.attempt = 2;
    /* also after the confirmation, until `open`; and it takes z with it */
    urna_buf_reset(&body);
    assert_ok(urna_ceremony_complain(e.g[1], 2, 1, &body, &err), err);
    assert_int_equal(e.g[1]->z.len, 0);
    next_attempt(&e);
    election_open(&e);
    check_result(&e);
    urna_buf_free(&body);
    urna_buf_free(&again);
    election_free(&e);
}

static void ceremony_open_must_name_the_confirmed_keys(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct election e;
    struct urna_open o = {.attempt = 1};
    election_new(&e, "ristretto255", 3, 2);
    assert_status(URNA_FALSE, urna_ceremony_opened(e.g[0], &o, &err), err);
    election_run(&e);
    memcpy(o.hg, e.confirm[0]->hg, 32);
    memcpy(o.he, e.confirm[0]->he, 32);
    for (int what = 0; what < 3; what++) {
        struct urna_open bad = o;
        bad.attempt += what == 0;
        bad.hg[0] ^= what == 1;
        bad.he[31] ^= what == 2;
        assert_status(URNA_FALSE, urna_ceremony_opened(e.g[0], &bad, &err), err);
        assert_string_equal(err.rule, "E15");
    }
    assert_ok(urna_ceremony_opened(e.g[0], &o, &err), err);
    assert_ok(urna_ceremony_opened(e.g[0], &o, &err), err);
    election_reopen(&e, 1);
    assert_int_equal(urna_guardian_stage(e.g[0]), URNA_GUARDIAN_OPEN);
    election_free(&e);
}

/* --- a disk that refuses --- */

/* Invariant 1: if the state cannot be saved, nothing is said, and the handle is dead. */
static void ceremony_unsaved_state_says_nothing(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct election e;
    struct urna_buf body = {0};
    enum urna_kind kind;
    char *folder = urna_xstrdup(test_path("gone"));
    char *path = urna_path(folder, "guardian");
    struct urna_guardian *g;
    election_new(&e, "ristretto255", 1, 1);
    assert_ok(urna_mkdirs(folder, 0700, &err), err);
    assert_ok(urna_guardian_create(&g, path, test_pass, &urna_seal_cost_least, &e.m, e.phi,
                                   "guardian.1", &err),
              err);
    assert_ok(urna_remove_tree(folder, &err), err);
    struct urna_ceremony view = election_view(&e);
    for (int i = 0; i < 2; i++) {
        assert_status(URNA_SYSTEM, urna_ceremony_next(g, &view, &kind, &body, NULL, &err), err);
        assert_int_equal(body.len, 0);
        assert_int_equal(kind, URNA_KIND_UNKNOWN);
    }
    assert_non_null(strstr(err.msg, "open its file again"));
    assert_status(URNA_SYSTEM, urna_ceremony_complain(g, 1, 1, &body, &err), err);
    urna_guardian_close(g);
    free(folder);
    free(path);
    urna_buf_free(&body);
    election_free(&e);
}

/* --- known answers --- */

static void commit_hash_vectors_of_the_law(void **state)
{
    (void)state;
    json_t *j = vectors("law-vectors.json"), *v;
    json_t *list = json_object_get(json_object_get(j, "guardian_commit"), "cases");
    size_t i;
    assert_int_equal(json_array_size(list), 2);
    json_array_foreach(list, i, v)
    {
        uint8_t phi[32], want[32], got[32];
        bytes_of(phi, 32, v, "phi");
        bytes_of(want, 32, json_object_get(v, "expect"), "hash");
        urna_guardian_commit_hash(got, phi, (uint32_t)number_of(v, "i"),
                                  urna_view_str(text_of(v, "body")));
        assert_memory_equal(got, want, 32);
    }
    json_decref(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ceremony_ristretto255),
        cmocka_unit_test(ceremony_toy_64_256),
        cmocka_unit_test(ceremony_eg4096),
        cmocka_unit_test(ceremony_reopened_between_all_steps),
        cmocka_unit_test(ceremony_state_file_is_of_one_election),
        cmocka_unit_test(ceremony_two_faces_refused),
        cmocka_unit_test(ceremony_bad_keys_refused),
        cmocka_unit_test(ceremony_wrong_share_ends_in_a_complaint_that_names_the_liar),
        cmocka_unit_test(ceremony_half_a_lie_is_a_lie),
        cmocka_unit_test(joint_keys_of_colluding_guardians_refused),
        cmocka_unit_test(ceremony_complaint_without_zeta_ends_the_attempt),
        cmocka_unit_test(ceremony_open_must_name_the_confirmed_keys),
        cmocka_unit_test(ceremony_unsaved_state_says_nothing),
        cmocka_unit_test(commit_hash_vectors_of_the_law),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    test_folder_remove();
    return failed;
}
