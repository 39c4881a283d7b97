/* Attacks on the core, mounted for real in the middle of an election that then goes on and must end
 * with the plain count. docs/traps.md says which trap of the law each is, and which traps are shown
 * by golden records and other tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/secret.h"
#include "support/election.h"
#include "support/refused.h"
#include "group/modp_params.h"
#include "proof/prove.h"
#include "protocol/decrypt.h"

static struct ve *small(const char *group, uint64_t seed)
{
    struct ve_shape s;
    ve_small_shape(&s, group, seed);
    return ve_voting(&s);
}

/* Everybody votes, the election is counted by guardians 1 and 3 (1, if there is one), and ends with
 * the plain count. */
static void finish(struct ve *t)
{
    static const uint32_t two[] = {1, 3};
    for (uint32_t i = 0; i < t->s.voters; i++)
        ve_vote(t, i, t->s.revote ? 9 : 1, NULL);
    ve_close(t);
    ve_seal(t);
    ve_decrypt(t, two, t->s.n == 1 ? 1 : 2, 1);
    ve_result(t);
    assert_true(ve_counts_agree(t, t->J));
    ve_free(t);
}

/* --- ballots by one's own hand ------------------------------------------- */

static void prime_of(const char *name, size_t lp, uint64_t p[64])
{
    uint8_t b[URNA_LP_MAX];
    for (size_t j = 0; j < MODP_SETS; j++)
        if (strcmp(urna_modp_params[j].name, name) == 0) {
            assert_true(urna_unhex(b, lp, urna_modp_params[j].p, 2 * lp));
            memset(p, 0, 64 * sizeof *p);
            for (size_t i = 0; i < lp; i++)
                p[i / 8] |= (uint64_t)b[lp - 1 - i] << (8 * (i % 8));
            return;
        }
    fail();
}

/* p - x in the group's own representation. */
static void negate(const struct ve *t, urna_element *x)
{
    uint64_t p[64], borrow = 0;
    prime_of(t->s.group, t->P->lp, p);
    for (size_t j = 0; j < 64; j++) {
        const uint64_t d = p[j] - x->v[j] - borrow;
        borrow = ((~p[j] & x->v[j]) | (~(p[j] ^ x->v[j]) & d)) >> 63;
        x->v[j] = d;
    }
}

static const uint8_t *element_bytes(struct ve *t, const urna_element *x)
{
    uint8_t *p = urna_arena_alloc(&t->a, 1, t->P->lp);
    urna_element_encode(t->P->G, p, x);
    return p;
}

static const uint8_t *scalar_bytes(struct ve *t, const urna_scalar *x)
{
    uint8_t *p = urna_arena_alloc(&t->a, 1, t->P->lq);
    urna_scalar_encode(t->P->G, p, x);
    return p;
}

static void range_bytes(struct ve *t, struct urna_range *out, const urna_scalar *c,
                        const urna_scalar *v, uint32_t n)
{
    *out = (struct urna_range){URNA_NEW(&t->a, const uint8_t *, n), n,
                               URNA_NEW(&t->a, const uint8_t *, n), n};
    for (uint32_t j = 0; j < n; j++) {
        out->c[j] = scalar_bytes(t, &c[j]);
        out->v[j] = scalar_bytes(t, &v[j]);
    }
}

enum forgery { HONEST, NEGATED, EXTRA_PAIR, WEAK };

struct forged {
    urna_secret_scalar xi;
    urna_element alpha, beta;
    urna_scalar c[8], v[8];
    uint32_t pairs;
};

static void random_scalar(const struct ve *t, urna_scalar *x)
{
    urna_secret_scalar s;
    urna_secret_random_nonzero(t->P->G, &s);
    urna_secret_declassify(x, &s);
}

/* a_j, b_j that the verifier will compute from c_j, v_j; then the challenge over them. */
static void challenge_of(const struct ve *t, const uint8_t h_i[32], uint32_t ind_c, uint32_t ind_o,
                         const struct forged *f, uint32_t bound, urna_scalar *c)
{
    const struct urna_group *G = t->P->G;
    struct urna_h h;
    urna_h_begin(&h, h_i, 0x24);
    urna_h_u32(&h, ind_c);
    if (ind_o)
        urna_h_u32(&h, ind_o);
    urna_h_element(&h, G, &f->alpha);
    urna_h_element(&h, G, &f->beta);
    for (uint32_t j = 0; j <= bound; j++) {
        urna_element a, b, x;
        urna_scalar w;
        urna_fixed_exp_vartime(t->P->g, &a, &f->v[j], 1);
        urna_exp_vartime(G, &x, &f->alpha, &f->c[j], 1);
        urna_element_mul(G, &a, &a, &x);
        urna_scalar_from_u64(G, &w, j);
        urna_scalar_mul(G, &w, &w, &f->c[j]);
        urna_scalar_sub(G, &w, &f->v[j], &w);
        urna_fixed_exp_vartime(t->P->fixed_K, &b, &w, 1);
        urna_exp_vartime(G, &x, &f->beta, &f->c[j], 1);
        urna_element_mul(G, &b, &b, &x);
        urna_h_element(&h, G, &a);
        urna_h_element(&h, G, &b);
    }
    urna_h_end_q(&h, G, c);
}

/* One ciphertext and its proof. Asserts that the attack is one: that what is missing in a careless
 * verifier would accept it. */
static void forge(struct ve *t, struct forged *f, const uint8_t h_i[32], uint32_t ind_c,
                  uint32_t ind_o, uint32_t bound, uint64_t value, enum forgery how)
{
    const struct urna_group *G = t->P->G;
    urna_scalar x, e;
    f->pairs = bound + 1;
    urna_secret_declassify(&x, &f->xi);
    urna_scalar_from_u64(G, &e, value);
    urna_scalar_add(G, &e, &e, &x);
    urna_fixed_exp_vartime(t->P->g, &f->alpha, &x, 1);
    urna_fixed_exp_vartime(t->P->fixed_K, &f->beta, &e, 1);
    if (how == NEGATED) {
        /* beta = -K^(xi+value): every equation holds as soon as all challenges are even. */
        negate(t, &f->beta);
        bool even;
        do {
            urna_range_prove(G, t->P->g, t->P->fixed_K, h_i, ind_c, ind_o, bound, &f->alpha,
                             &f->beta, &f->xi, (uint32_t)value, f->c, f->v);
            even = true;
            for (uint32_t j = 0; j <= bound; j++)
                even &= (f->c[j].v[0] & 1) == 0;
        } while (!even);
        struct urna_range_statement s = {ind_c, ind_o, bound, f->alpha, f->beta, f->c, f->v};
        bool ok;
        assert_true(urna_range_check(G, t->P->g, t->P->fixed_K, h_i, &s, 1, &ok));
    } else if (how == EXTRA_PAIR) {
        /* All branches simulated; one pair more absorbs the difference in a sum over the whole
         * array. */
        urna_scalar c, sum;
        urna_scalar_from_u64(G, &sum, 0);
        for (uint32_t j = 0; j <= bound; j++) {
            random_scalar(t, &f->c[j]);
            random_scalar(t, &f->v[j]);
            urna_scalar_add(G, &sum, &sum, &f->c[j]);
        }
        challenge_of(t, h_i, ind_c, ind_o, f, bound, &c);
        urna_scalar_sub(G, &f->c[bound + 1], &c, &sum);
        random_scalar(t, &f->v[bound + 1]);
        f->pairs = bound + 2;
        urna_scalar_add(G, &sum, &sum, &f->c[bound + 1]);
        assert_true(urna_scalar_eq(&sum, &c));
    } else
        urna_range_prove(G, t->P->g, t->P->fixed_K, h_i, ind_c, ind_o, bound, &f->alpha, &f->beta,
                         &f->xi, (uint32_t)value, f->c, f->v);
}

/* A 0/1 proof made before its statement: with a challenge that hashes the commitments only, take
 * c_1 = 0 and let the plaintext be what the challenge makes it. */
static void forge_weak(struct ve *t, struct forged *f, const uint8_t h_i[32], uint32_t ind_c,
                       uint32_t ind_o)
{
    const struct urna_group *G = t->P->G;
    urna_scalar x0, p0, y0, x1, c, sigma, xi, w;
    urna_element a[2], b[2], left, right;
    struct urna_h h;
    random_scalar(t, &x0);
    random_scalar(t, &p0);
    random_scalar(t, &x1);
    urna_scalar_add(G, &y0, &x0, &p0);
    urna_fixed_exp_vartime(t->P->g, &a[0], &x0, 1);
    urna_fixed_exp_vartime(t->P->fixed_K, &b[0], &y0, 1);
    urna_fixed_exp_vartime(t->P->g, &a[1], &x1, 1);
    urna_fixed_exp_vartime(t->P->fixed_K, &b[1], &x1, 1);
    urna_h_begin(&h, h_i, 0x24);
    urna_h_u32(&h, ind_c);
    urna_h_u32(&h, ind_o);
    for (int j = 0; j < 2; j++) {
        urna_h_element(&h, G, &a[j]);
        urna_h_element(&h, G, &b[j]);
    }
    urna_h_end_q(&h, G, &c);
    urna_scalar_inv_vartime(G, &sigma, &c);
    urna_scalar_mul(G, &sigma, &sigma, &p0); /* the "vote": some huge number */
    urna_secret_declassify(&xi, &f->xi);
    f->pairs = 2;
    f->c[0] = c;
    urna_scalar_from_u64(G, &f->c[1], 0);
    urna_scalar_mul(G, &w, &xi, &c);
    urna_scalar_sub(G, &f->v[0], &x0, &w);
    f->v[1] = x1;
    urna_fixed_exp_vartime(t->P->g, &f->alpha, &xi, 1);
    urna_scalar_add(G, &w, &xi, &sigma);
    urna_fixed_exp_vartime(t->P->fixed_K, &f->beta, &w, 1);
    /* What the careless verifier computes: the same a_0, b_0, and with c_1 = 0 the same a_1, b_1.
     */
    urna_fixed_exp_vartime(t->P->g, &left, &f->v[0], 1);
    urna_exp_vartime(G, &right, &f->alpha, &c, 1);
    urna_element_mul(G, &left, &left, &right);
    assert_true(urna_element_eq(G, &left, &a[0]));
    urna_fixed_exp_vartime(t->P->fixed_K, &left, &f->v[0], 1);
    urna_exp_vartime(G, &right, &f->beta, &c, 1);
    urna_element_mul(G, &left, &left, &right);
    assert_true(urna_element_eq(G, &left, &b[0]));
    urna_scalar_from_u64(G, &w, 1);
    assert_false(urna_scalar_eq(&sigma, &w));
    assert_false(urna_scalar_is_zero(&sigma));
}

/* A ballot of the small shape's first contest (3 options, 0/1, limit 1) with option 1 forged,
 * everything else in order; the code is that of the ciphertexts and the voter signs. */
static void try_forged(struct ve *t, uint32_t voter, enum forgery field, enum forgery limit,
                       const char *rule)
{
    const struct urna_context *P = t->P;
    struct urna_booth booth;
    struct urna_openings *o;
    struct urna_body b = {.kind = URNA_BALLOT};
    uint32_t value[VE_CONTESTS][VE_OPTIONS] = {{0}};
    ve_booth(t, &booth);
    ve_ballot(t, &b.ballot, voter, 1, (const uint32_t(*)[VE_OPTIONS])value, &booth, &o);
    urna_openings_free(o);
    uint8_t id[32], h_i[32];
    urna_hash_ballot_id(id, P->h_e, t->voter[voter].pk[0], b.ballot.rho);
    urna_hash_identifier(h_i, P->h_e, id);
    struct urna_ballot_contest *c = &b.ballot.contests[0];
    struct forged f[3], sum;
    urna_secret_from_public(&sum.xi, &(urna_scalar){{0}});
    for (uint32_t j = 0; j < 3; j++) {
        urna_secret_random_nonzero(P->G, &f[j].xi);
        if (j == 0 && field == WEAK)
            forge_weak(t, &f[j], h_i, 1, 1);
        else
            forge(t, &f[j], h_i, 1, j + 1, 1, j == 0 && field == EXTRA_PAIR ? 1000 : 0,
                  j == 0 ? field : HONEST);
        urna_secret_add(P->G, &sum.xi, &sum.xi, &f[j].xi);
        c->fields[j].a = element_bytes(t, &f[j].alpha);
        c->fields[j].b = element_bytes(t, &f[j].beta);
        range_bytes(t, &c->fields[j].proof, f[j].c, f[j].v, f[j].pairs);
    }
    forge(t, &sum, h_i, 1, 0, 1, limit == EXTRA_PAIR ? 1000 : 0, limit);
    range_bytes(t, &c->limit, sum.c, sum.v, sum.pairs);
    /* chi of the second contest as the device has made it. */
    uint8_t chi[2][32], b_c[36];
    for (uint32_t x = 0; x < 2; x++) {
        urna_element alpha[3], beta[3];
        for (uint32_t j = 0; j < b.ballot.contests[x].n_fields; j++)
            if (x == 0) {
                alpha[j] = f[j].alpha;
                beta[j] = f[j].beta;
            } else
                assert_true(
                    urna_element_decode(P->G, &alpha[j], b.ballot.contests[x].fields[j].a) &&
                    urna_element_decode(P->G, &beta[j], b.ballot.contests[x].fields[j].b));
        urna_hash_contest(chi[x], P->G, h_i, x + 1, alpha, beta, b.ballot.contests[x].n_fields,
                          urna_view(NULL, 0));
    }
    urna_chaining_none(b_c, P->h_di[0]);
    urna_hash_confirmation(b.ballot.code, h_i, (const uint8_t(*)[32])chi, 2, b_c);
    struct urna_ruling r;
    bool ok = ve_try_body(t, &b, (int)voter, NULL, 0, &r);
    if (rule)
        refused(ok, &r, rule);
    else if (!ok)
        fail_msg("an honest ballot made by hand is refused: %s %s", r.rule, r.reason);
}

/* The forger's tools make good ballots when nothing is forged: what is refused below is the
 * forgery. */
static void forged_ballots_without_forgery_are_good(void **state)
{
    (void)state;
    struct ve *t = small("ristretto255", 1);
    try_forged(t, 0, HONEST, HONEST, NULL);
    finish(t); /* voter 0 votes again, with a higher serial */
}

static void t1_negated_beta(void **state)
{
    (void)state;
    static const char *const groups[] = {"toy-64-256", "eg4096"};
    for (int i = 0; i < 2; i++) {
        struct ve_shape s;
        ve_small_shape(&s, groups[i], 2);
        s.n = s.k = 1;
        struct ve *t = ve_voting(&s);
        try_forged(t, 0, NEGATED, HONEST, "E12");
        finish(t);
    }
}

static void t5_extra_pair(void **state)
{
    (void)state;
    struct ve *t = small("ristretto255", 3);
    try_forged(t, 0, EXTRA_PAIR, HONEST, "V6.E"); /* 1000 votes in a 0/1 field */
    try_forged(t, 1, HONEST, EXTRA_PAIR, "V7.E");
    finish(t);
}

static void t7_statement_chosen_afterwards(void **state)
{
    (void)state;
    static const char *const groups[] = {"ristretto255", "toy-64-256"};
    for (int i = 0; i < 2; i++) {
        struct ve *t = small(groups[i], 4);
        try_forged(t, 0, WEAK, HONEST, "V6.D");
        finish(t);
    }
}

/* A device that believes in another manifest makes perfect proofs for its own limits. */
static void t6_limits_of_the_ballots_own(void **state)
{
    (void)state;
    struct ve *t = small("ristretto255", 5);
    struct urna_manifest m = t->P->m;
    struct urna_contest own[2] = {m.contests[0], m.contests[1]};
    struct urna_booth booth;
    struct urna_openings *o;
    struct urna_ruling r;
    ve_booth(t, &booth);
    booth.m = &m;
    m.contests = own;
    for (int x = 0; x < 2; x++) {
        struct urna_body b = {.kind = URNA_BALLOT};
        uint32_t value[VE_CONTESTS][VE_OPTIONS] = {{0}};
        value[0][0] = x == 0 ? 2 : 1;
        value[0][1] = x == 0 ? 0 : 1;
        own[0].option_limit = x == 0 ? 2 : 1;
        own[0].limit = 2;
        ve_ballot(t, &b.ballot, 0, 1, (const uint32_t(*)[VE_OPTIONS])value, &booth, &o);
        urna_openings_free(o);
        refused(ve_try_body(t, &b, 0, NULL, 0, &r), &r, x == 0 ? "V6.E" : "V7.E");
    }
    finish(t);
}

/* --- copies, identifiers, challenges ------------------------------------- */

static void t18_copied_ballot(void **state)
{
    (void)state;
    struct ve *t = small("ristretto255", 6);
    struct urna_arena a = {0};
    struct urna_body b;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_ruling r;
    size_t at = ve_vote(t, 0, 1, NULL);
    assert_int_equal(urna_body_read(&b, URNA_BALLOT, urna_buf_view(&t->entry[at].body), t->P->lp,
                                    t->P->lq, &a, &err),
                     URNA_OK);
    b.kind = URNA_BALLOT;
    /* The victim's ballot with the thief's key, and with the thief's signature only. */
    memcpy(b.ballot.keys[0], t->voter[1].pk[0], 32);
    refused(ve_try_body(t, &b, 1, NULL, 0, &r), &r, "V6.D");
    memcpy(b.ballot.keys[0], t->voter[0].pk[0], 32);
    b.ballot.serial = 2;
    refused(ve_try_body(t, &b, 1, NULL, 0, &r), &r, "E3");
    urna_arena_free(&a);
    finish(t);
}

static bool has_finding(struct ve *t, const char *text)
{
    size_t n;
    const struct urna_finding *f = urna_judge_findings(t->J, &n);
    for (size_t i = 0; i < n; i++)
        if (strstr(f[i].text, text))
            return true;
    return false;
}

/* One identifier for two ballots: of one credential it is a finding; of two credentials it can't
 * be, since the key is in it. */
static void t19_clash(void **state)
{
    (void)state;
    struct ve *t = small("ristretto255", 7);
    uint8_t rho[32], id[2][32];
    urna_random(rho, 32);
    t->rho = rho;
    ve_vote(t, 0, 1, NULL);
    ve_vote(t, 0, 2, NULL);
    ve_vote(t, 1, 1, NULL);
    t->rho = NULL;
    urna_hash_ballot_id(id[0], t->P->h_e, t->voter[0].pk[0], rho);
    urna_hash_ballot_id(id[1], t->P->h_e, t->voter[1].pk[0], rho);
    assert_memory_not_equal(id[0], id[1], 32);
    ve_close(t);
    ve_seal(t);
    assert_true(has_finding(t, "two ballots have one identifier"));
    static const uint32_t present[] = {1, 3};
    ve_decrypt(t, present, 2, 1);
    ve_result(t);
    assert_true(ve_counts_agree(t, t->J));
    ve_free(t);
}

/* A challenge with the identifier of the victim's ballot, made before it, does not stand in its
 * way. */
static void a1_challenge_with_the_victims_identifier(void **state)
{
    (void)state;
    struct ve *t = small("ristretto255", 8);
    struct urna_booth booth;
    struct urna_openings *o;
    struct urna_ballot b;
    struct urna_body c = {.kind = URNA_CHALLENGE};
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_ruling r;
    uint32_t value[VE_CONTESTS][VE_OPTIONS] = {{1}};
    uint8_t rho[32];
    urna_random(rho, 32);
    t->rho = rho;
    ve_booth(t, &booth);
    ve_ballot(t, &b, 0, 1, (const uint32_t(*)[VE_OPTIONS])value, &booth, &o);
    assert_int_equal(urna_encrypted_open(&c.challenge, o, &booth, &b, &t->a, &err), URNA_OK);
    urna_openings_free(o);
    assert_true(ve_try_body(t, &c, -1, NULL, 0, &r));
    size_t at = ve_vote(t, 0, 1, NULL);
    t->rho = NULL;
    /* The same ballot without its signature is void, and no challenge either. */
    refused(ve_put(t->f, URNA_BALLOT, urna_buf_view(&t->entry[at].body), NULL, 0, &r), &r, "E3");
    refused(ve_put(t->f, URNA_CHALLENGE, urna_buf_view(&t->entry[at].body), NULL, 0, &r), &r,
            "E12");
    ve_close(t);
    ve_seal(t);
    static const uint32_t present[] = {1, 2};
    ve_decrypt(t, present, 2, 1);
    ve_result(t);
    assert_true(ve_counts_agree(t, t->J));
    ve_free(t);
}

/* --- guardians ----------------------------------------------------------- */

/* -g^xi as C0 of a share: raised to zeta it would tell one bit of it. */
static void t3_negated_share(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "toy-64-256", 9);
    struct ve *t = ve_begin(&s);
    struct ve_evil x;
    struct urna_ruling r;
    ve_guardians(t);
    ve_evil_keys(t, &x, 1, 1);
    struct urna_buf body = {0};
    struct urna_body commit = {.kind = URNA_GUARDIAN_COMMIT,
                               .guardian_commit = {.as = "g0", .attempt = 1}};
    urna_body_write(&body, &x.keys, t->P->lp, t->P->lq);
    urna_guardian_commit_hash(commit.guardian_commit.hash, t->phi, 1, urna_buf_view(&body));
    urna_buf_free(&body);
    assert_true(ve_try_body(t, &commit, -1, t->guardian, 1, &r));
    ve_ask(t, 1);
    assert_true(ve_try_body(t, &x.keys, -1, t->guardian, 1, &r));
    ve_ask(t, 1);
    ve_evil_shares(t, &x, 0);
    struct urna_share *to = &x.shares.guardian_shares.to[0];
    urna_scalar xi, u, c, v, w;
    urna_element c0, gamma;
    do {
        struct urna_h h;
        random_scalar(t, &xi);
        random_scalar(t, &u);
        urna_fixed_exp_vartime(t->P->g, &c0, &xi, 1);
        urna_fixed_exp_vartime(t->P->g, &gamma, &u, 1);
        negate(t, &c0);
        urna_h_begin(&h, t->P->h_p, 0x12);
        urna_h_u32(&h, 1);
        urna_h_u32(&h, to->i);
        urna_h_element(&h, t->P->G, &gamma);
        urna_h_element(&h, t->P->G, &c0);
        urna_h_bytes(&h, to->c1, 64);
        urna_h_end_q(&h, t->P->G, &c);
    } while (c.v[0] & 1);
    urna_scalar_mul(t->P->G, &w, &c, &xi);
    urna_scalar_sub(t->P->G, &v, &u, &w);
    assert_true(urna_share_proof_check(t->P->G, t->P->h_p, 1, to->i, &c0, to->c1, &c,
                                       &v)); /* the proof does not notice */
    struct urna_share honest = *to;
    to->c0 = element_bytes(t, &c0);
    to->c = scalar_bytes(t, &c);
    to->v = scalar_bytes(t, &v);
    refused(ve_try_body(t, &x.shares, -1, t->guardian, 1, &r), &r, "E12");
    *to = honest;
    assert_true(ve_try_body(t, &x.shares, -1, t->guardian, 1, &r));
    ve_free(t);
}

/* Keys and their proofs copied from another election with the same n, k and index: the proofs hold,
 * since they do not know the manifest. The copier does not know the secrets. */
static void t33_replayed_key_proofs(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "ristretto255", 10);
    struct ve *other = ve_begin(&s);
    ve_ceremony(other, VE_GOOD);
    size_t commit = 0, keys = 0;
    for (size_t i = 0; i < other->n; i++) {
        bool mine =
            other->entry[i].n_signers == 1 && other->entry[i].signer[0] == other->guardian[0];
        if (mine && other->entry[i].kind == URNA_GUARDIAN_COMMIT)
            commit = i;
        if (mine && other->entry[i].kind == URNA_GUARDIAN_KEYS)
            keys = i;
    }
    assert_true(commit > 0 && keys > commit);
    struct ve *t = ve_begin_with(&s, other);
    struct urna_ruling r;
    ve_guardians(t);
    assert_memory_not_equal(t->phi, other->phi, 32);
    refused(ve_replay(other, t->f, commit, &r), &r,
            "E12"); /* the signature is over the fingerprint */
    ve_ask(t, 1);
    /* Signed anew by the same person, the old commitment does not fit; a new one does, and so do
     * the keys. */
    assert_true(ve_try(t, URNA_GUARDIAN_COMMIT, urna_buf_view(&other->entry[commit].body), -1,
                       t->guardian, 1, &r));
    refused(ve_try(t, URNA_GUARDIAN_KEYS, urna_buf_view(&other->entry[keys].body), -1, t->guardian,
                   1, &r),
            &r, "E14");
    ve_free(t);

    t = ve_begin_with(&s, other);
    struct urna_body c = {.kind = URNA_GUARDIAN_COMMIT,
                          .guardian_commit = {.as = "g0", .attempt = 1}};
    urna_guardian_commit_hash(c.guardian_commit.hash, t->phi, 1,
                              urna_buf_view(&other->entry[keys].body));
    ve_guardians(t);
    assert_true(ve_try_body(t, &c, -1, t->guardian, 1, &r));
    ve_ask(t, 1);
    assert_true(ve_try(t, URNA_GUARDIAN_KEYS, urna_buf_view(&other->entry[keys].body), -1,
                       t->guardian, 1, &r));
    ve_ask(t, 1);
    struct ve_evil x;
    ve_evil_keys(t, &x, 1, 1); /* shares of some polynomial of one's own */
    ve_evil_shares(t, &x, 0);
    assert_true(ve_try_body(t, &x.shares, -1, t->guardian, 1, &r));
    struct urna_ceremony_view v;
    do
        urna_judge_ceremony(t->J, &v);
    while (v.attempt == 1 && ve_ask(t, 1));
    assert_int_equal(v.attempt, 2);
    assert_true(has_finding(t, "g0 sent g1 a wrong share"));
    while (ve_ask(t, 0)) /* the second attempt, with the person's own keys */
        continue;
    ve_roll(t);
    ve_open(t);
    finish(t);
    ve_free(other);
}

/* The same guardian's shares in another's name, and two guardians with exchanged keys. */
static void swapped_guardians(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "ristretto255", 11);
    struct ve *t = ve_begin(&s);
    struct ve_evil x[2];
    struct urna_ruling r;
    ve_guardians(t);
    for (uint32_t i = 0; i < 2; i++) {
        struct urna_buf body = {0};
        ve_evil_keys(t, &x[i], i + 1, 1);
        x[i].keys.guardian_keys.as = i == 0 ? "g1" : "g0"; /* proofs made for the other index */
        urna_body_write(&body, &x[i].keys, t->P->lp, t->P->lq);
        struct urna_body c = {.kind = URNA_GUARDIAN_COMMIT,
                              .guardian_commit = {.as = x[i].keys.guardian_keys.as, .attempt = 1}};
        urna_guardian_commit_hash(c.guardian_commit.hash, t->phi, 2 - i, urna_buf_view(&body));
        assert_true(ve_try_body(t, &c, -1, &t->guardian[1 - i], 1, &r));
        urna_buf_free(&body);
    }
    struct urna_body c = {.kind = URNA_GUARDIAN_COMMIT,
                          .guardian_commit = {.as = "g2", .attempt = 1}};
    assert_true(ve_try_body(t, &c, -1, &t->guardian[2], 1, &r));
    for (uint32_t i = 0; i < 2; i++)
        refused(ve_try_body(t, &x[i].keys, -1, &t->guardian[1 - i], 1, &r), &r, "V2.C");
    /* One signs what names the other. */
    x[0].keys.guardian_keys.as = "g0";
    refused(ve_try_body(t, &x[0].keys, -1, &t->guardian[1], 1, &r), &r, "E11");
    ve_free(t);
}

/* A share -A^z, committed to: equations (94), (95) hold in half of all runs, membership says no in
 * all. */
static void t31_negated_partial(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "toy-64-256", 12);
    s.n = s.k = 1;
    struct ve *t = ve_voting(&s);
    for (uint32_t i = 0; i < s.voters; i++)
        ve_vote(t, i, 1, NULL);
    ve_close(t);
    ve_seal(t);
    static const uint32_t present[] = {1};
    ve_decrypt(t, present, 1, 1);
    struct urna_session_view v;
    urna_judge_session(t->J, 0, &v);
    struct urna_body reveal = {.kind = URNA_DECRYPT_REVEAL, .decrypt_reveal = *v.reveal[0]},
                     commit = {.kind = URNA_DECRYPT_COMMIT, .decrypt_commit = *v.commit[0]};
    reveal.decrypt_reveal.s.attempt = commit.decrypt_commit.s.attempt = 2;
    size_t n;
    const struct urna_tally_group *g = urna_judge_groups(t->J, &n);
    urna_element M, a, b;
    struct urna_decrypt_share *share = &reveal.decrypt_reveal.shares[0].v[0];
    assert_true(urna_element_decode(t->P->G, &M, share->m) &&
                urna_element_decode(t->P->G, &a, share->a) &&
                urna_element_decode(t->P->G, &b, share->b));
    negate(t, &M);
    const uint8_t *honest = share->m;
    share->m = element_bytes(t, &M);
    struct urna_ruling r;
    for (int x = 0; x < 2; x++) { /* the second time round with the honest share: it was the share,
                                     and nothing else */
        struct urna_commit_row *row = &commit.decrypt_commit.d[0];
        commit.decrypt_commit.s.attempt = reveal.decrypt_reveal.s.attempt = 2 + (uint64_t)x;
        if (x == 1) {
            share->m = honest;
            negate(t, &M);
        }
        urna_hash_decrypt_commit(row->d[0], t->P->G, t->P->h_e, g[0].contest, 1, 1, &g[0].A[0],
                                 &g[0].B[0], &a, &b, &M, present, 1);
        assert_true(ve_try_body(t, &commit, -1, t->guardian, 1, &r));
        bool ok = ve_try_body(t, &reveal, -1, t->guardian, 1, &r);
        if (x == 0)
            refused(ok, &r, "E12");
        else
            assert_true(ok);
    }
    ve_result(t);
    assert_true(ve_counts_agree(t, t->J));
    ve_free(t);
}

/* t + q is a number for JSON in this group, and K^(t+q) = K^t. */
static void t13_tally_plus_q(void **state)
{
    (void)state;
    struct ve *t = small("toy-48-192", 13);
    for (uint32_t i = 0; i < t->s.voters; i++)
        ve_vote(t, i, 1, NULL);
    ve_close(t);
    ve_seal(t);
    static const uint32_t present[] = {2, 3};
    ve_decrypt(t, present, 2, 1);
    size_t at = 0;
    while (t->entry[at].kind != URNA_TALLY)
        at++;
    struct urna_arena a = {0};
    struct urna_body b;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_ruling r;
    assert_int_equal(urna_body_read(&b, URNA_TALLY, urna_buf_view(&t->entry[at].body), t->P->lp,
                                    t->P->lq, &a, &err),
                     URNA_OK);
    b.kind = URNA_TALLY;
    struct urna_tally_field *f = &b.tally.fields[0];
    urna_element A, B;
    urna_scalar c, v;
    f->t += 0xFFFFFFFFFFC5;
    assert_true(urna_element_decode(t->P->G, &A, f->a) && urna_element_decode(t->P->G, &B, f->b) &&
                urna_scalar_decode(t->P->G, &c, f->c) && urna_scalar_decode(t->P->G, &v, f->v));
    assert_true(urna_tally_check(t->P->G, t->P->fixed_K, t->P->h_e, b.tally.contest, 1, &A, &B,
                                 f->t, &c, &v)); /* the proof does not notice */
    refused(ve_try_body(t, &b, -1, NULL, 0, &r), &r, "V10");
    ve_result(t);
    assert_true(ve_counts_agree(t, t->J));
    urna_arena_free(&a);
    ve_free(t);
}

/* Two faces: the board shows one guardian the record without one ballot. The difference of the two
 * sums would be that vote. */
static void a8_two_faces(void **state)
{
    (void)state;
    struct ve *t = small("ristretto255", 14);
    size_t victim = 0;
    for (uint32_t i = 0; i < t->s.voters; i++) {
        size_t at = ve_vote(t, i, 1, NULL);
        if (i == 3)
            victim = at;
    }
    ve_close(t);
    ve_seal(t);
    struct urna_follow *face = urna_follow_new(NULL, 1, NULL, NULL);
    struct urna_ruling r;
    for (size_t i = 0; i < t->n; i++)
        if (i != victim && t->entry[i].kind != URNA_COUNTSET)
            assert_true(ve_replay(t, face, i, &r));
    struct urna_judge *J = urna_follow_judge(face);
    const struct urna_buf *second = urna_judge_countset_body(J);
    assert_non_null(second);
    assert_true(ve_put(face, URNA_COUNTSET, urna_buf_view(second), NULL, 0, &r));
    assert_memory_not_equal(urna_judge_countset_hash(J), urna_judge_countset_hash(t->J), 32);

    struct urna_sum_group sums[2][16];
    size_t n[2];
    struct urna_judge *of[2] = {t->J, J};
    for (int x = 0; x < 2; x++) {
        const struct urna_tally_group *g = urna_judge_groups(of[x], &n[x]);
        assert_in_range(n[x], 1, 16);
        for (size_t i = 0; i < n[x]; i++)
            sums[x][i] = (struct urna_sum_group){g[i].contest, g[i].n_fields, g[i].A, g[i].B};
    }
    /* What is at stake: the sums of the first option differ by exactly the victim's ciphertext. */
    struct urna_arena a = {0};
    struct urna_body ballot;
    struct urna_error err = URNA_ERROR_INIT;
    urna_element product[2], alpha;
    for (int x = 0; x < 2; x++) {
        urna_element_identity(t->P->G, &product[x]);
        for (size_t i = 0; i < n[x]; i++)
            if (sums[x][i].contest == 1)
                urna_element_mul(t->P->G, &product[x], &product[x], &sums[x][i].A[0]);
    }
    assert_int_equal(urna_body_read(&ballot, URNA_BALLOT, urna_buf_view(&t->entry[victim].body),
                                    t->P->lp, t->P->lq, &a, &err),
                     URNA_OK);
    assert_true(urna_element_decode(t->P->G, &alpha, ballot.ballot.contests[0].fields[0].a));
    urna_element_mul(t->P->G, &product[1], &product[1], &alpha);
    assert_true(urna_element_eq(t->P->G, &product[0], &product[1]));
    urna_arena_free(&a);

    static const uint32_t present[] = {1, 2};
    struct urna_buf body = {0};
    struct urna_decrypt_session s[2];
    for (int x = 0; x < 2; x++) {
        s[x] = (struct urna_decrypt_session){.present = present,
                                             .n_present = 2,
                                             .attempt = 1 + (uint64_t)x,
                                             .block = 1,
                                             .groups = sums[x],
                                             .n_groups = (uint32_t)n[x]};
        memcpy(s[x].countset, urna_judge_countset_hash(of[x]), 32);
        memcpy(s[x].h_e, t->P->h_e, 32);
    }
    assert_int_equal(urna_decrypt_commit(t->g[0], &s[0], &body, &err), URNA_OK);
    urna_buf_reset(&body);
    assert_int_equal(urna_decrypt_commit(t->g[0], &s[1], &body, &err), URNA_FALSE);
    assert_string_equal(err.rule, "E10");
    assert_int_equal(body.len, 0);
    /* And the first face refuses a guardian's word for the second. */
    struct urna_body c = {.kind = URNA_DECRYPT_COMMIT};
    struct urna_commit_row rows[16];
    uint8_t d[16][4][32] = {{{0}}};
    uint32_t both[] = {1, 2};
    c.decrypt_commit = (struct urna_decrypt_commit){
        .s = {.as = "g0", .present = both, .n_present = 2, .attempt = 1, .block = 1},
        .d = rows,
        .n_d = (uint32_t)n[0]};
    for (size_t i = 0; i < n[0]; i++)
        rows[i] = (struct urna_commit_row){d[i], sums[0][i].n_fields};
    memcpy(c.decrypt_commit.s.countset, s[1].countset, 32);
    refused(ve_try_body(t, &c, -1, t->guardian, 1, &r), &r, "E10");
    urna_buf_free(&body);
    urna_follow_free(face);
    ve_free(t);
}

/* --- other elections ----------------------------------------------------- */

static void nothing_is_accepted(struct ve *t, const struct ve *other, const char *when)
{
    struct urna_ruling r;
    for (size_t i = 0; i < other->n; i++) {
        const struct ve_entry *e = &other->entry[i];
        if (ve_put(t->f, e->kind, urna_buf_view(&e->body), e->sig, e->n_sigs, &r))
            fail_msg("%s: a %s of another election is accepted", when, urna_kind_name(e->kind));
    }
}

/* A rehearsal with the same people, keys, rolls and votes: nothing of it is accepted in the
 * election, in any phase. */
static void a6_entries_of_another_election(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "ristretto255", 15);
    struct ve *other = ve_hold(&s, VE_GOOD);
    struct ve *t = ve_begin_with(&s, other);
    nothing_is_accepted(t, other, "setup");
    ve_ceremony(t, VE_GOOD);
    ve_roll(t);
    ve_open(t);
    nothing_is_accepted(t, other, "voting");
    for (uint32_t i = 0; i < s.voters; i++)
        ve_vote(t, i, 1, NULL);
    ve_close(t);
    ve_seal(t);
    nothing_is_accepted(t, other, "counted");
    static const uint32_t present[] = {1, 2, 3};
    ve_decrypt(t, present, 3, 1);
    ve_result(t);
    nothing_is_accepted(t, other, "the end");
    assert_true(ve_counts_agree(t, t->J));
    ve_free(other);
    ve_free(t);
}

/* --- small classes ------------------------------------------------------- */

/* A contest that one voter has, and weights by which a total spells every vote: refused by the
 * roll, or kept secret. */
static void a9_single_votes(void **state)
{
    (void)state;
    for (int allowed = 0; allowed < 2; allowed++)
        for (int x = 0; x < 2; x++) {
            struct ve_shape s;
            struct urna_ruling r;
            ve_small_shape(&s, "ristretto255", 16);
            s.styles = 2;
            s.style_has[0] = 1;
            s.style_has[1] = 3;
            s.weights = 3;
            s.weight[1] = 1000;
            s.weight[2] = 1000000;
            s.all_may_be_small = allowed;
            struct ve *t = ve_begin(&s);
            for (uint32_t i = 0; i < s.voters; i++) {
                t->voter[i].style = x == 0 && i == 2;
                t->voter[i].weight = x == 1 && i < 2 ? s.weight[1 + i] : 1;
            }
            ve_ceremony(t, VE_GOOD);
            bool ok = ve_roll_try(t, &r);
            if (!allowed) {
                refused(ok, &r, "E0");
                ve_free(t);
                continue;
            }
            ve_open(t);
            for (uint32_t i = 0; i < s.voters; i++)
                ve_vote(t, i, 1, NULL);
            ve_close(t);
            ve_seal(t);
            size_t n;
            const struct urna_tally_group *g = urna_judge_groups(t->J, &n);
            for (size_t i = 0; i < n; i++)
                assert_true(g[i].n >= s.m_root && g[i].weight == 1);
            static const uint32_t present[] = {1, 2};
            ve_decrypt(t, present, 2, 1);
            ve_result(t);
            assert_true(ve_counts_agree(t, t->J));
            const struct urna_result *res = urna_judge_result(t->J);
            assert_int_equal(res->contests[0].secret, x == 0 ? 0 : 2);
            assert_int_equal(res->contests[1].secret, x == 0 ? 1 : 0);
            ve_free(t);
        }
}

static void t15_toy_group_in_earnest(void **state)
{
    (void)state;
    static const char *const groups[] = {"toy-64-256", "eg3072", "ristretto255"};
    for (int i = 0; i < 3; i++) {
        struct ve_shape s;
        ve_small_shape(&s, groups[i], 17);
        struct ve *t = ve_begin(&s);
        struct urna_body b = {.kind = URNA_MANIFEST, .manifest = t->m};
        struct urna_buf body = {0};
        struct urna_ruling r;
        b.manifest.test = 0;
        b.manifest.delta = 4800;
        b.manifest.t_seal = b.manifest.t_close + 4800 + 3600;
        urna_body_write(&body, &b, 0, 0);
        struct urna_context *P = urna_context_from_manifest(urna_buf_view(&body), &r);
        if (i < 2) {
            assert_null(P);
            assert_string_equal(r.rule, "E13");
            assert_non_null(strstr(r.reason, "for tests only"));
        } else
            assert_non_null(P);
        urna_context_free(P);
        urna_buf_free(&body);
        ve_free(t);
    }
}

/* A signature under one of two keys is not a vote [A4]. */
static void a4_one_registrar_alone(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "ristretto255", 18);
    s.two_keys = true;
    struct ve *t = ve_voting(&s);
    struct urna_booth booth;
    struct urna_openings *o;
    struct urna_body b = {.kind = URNA_BALLOT};
    struct urna_buf body = {0};
    struct urna_sig sig[VE_SIGNERS];
    struct urna_ruling r;
    uint32_t value[VE_CONTESTS][VE_OPTIONS] = {{1}};
    ve_booth(t, &booth);
    ve_ballot(t, &b.ballot, 0, 1, (const uint32_t(*)[VE_OPTIONS])value, &booth, &o);
    urna_openings_free(o);
    urna_body_write(&body, &b, t->P->lp, t->P->lq);
    ve_sign(t, URNA_BALLOT, urna_buf_view(&body), 0, NULL, 0, t->phi, sig);
    refused(ve_put(t->f, URNA_BALLOT, urna_buf_view(&body), sig, 1, &r), &r, "E3");
    memcpy(sig[1].sig, sig[0].sig, 64); /* the one key for both */
    refused(ve_put(t->f, URNA_BALLOT, urna_buf_view(&body), sig, 2, &r), &r, "E3");
    /* A ballot that names one key only. */
    b.ballot.n_keys = 1;
    urna_buf_reset(&body);
    urna_body_write(&body, &b, t->P->lp, t->P->lq);
    ve_sign(t, URNA_BALLOT, urna_buf_view(&body), 0, NULL, 0, t->phi, sig);
    refused(ve_put(t->f, URNA_BALLOT, urna_buf_view(&body), sig, 1, &r), &r, "E1");
    urna_buf_free(&body);
    finish(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forged_ballots_without_forgery_are_good),
        cmocka_unit_test(t1_negated_beta),
        cmocka_unit_test(t3_negated_share),
        cmocka_unit_test(t5_extra_pair),
        cmocka_unit_test(t6_limits_of_the_ballots_own),
        cmocka_unit_test(t7_statement_chosen_afterwards),
        cmocka_unit_test(t13_tally_plus_q),
        cmocka_unit_test(t15_toy_group_in_earnest),
        cmocka_unit_test(t18_copied_ballot),
        cmocka_unit_test(t19_clash),
        cmocka_unit_test(t31_negated_partial),
        cmocka_unit_test(t33_replayed_key_proofs),
        cmocka_unit_test(swapped_guardians),
        cmocka_unit_test(a1_challenge_with_the_victims_identifier),
        cmocka_unit_test(a4_one_registrar_alone),
        cmocka_unit_test(a6_entries_of_another_election),
        cmocka_unit_test(a8_two_faces),
        cmocka_unit_test(a9_single_votes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
