/* Decryption: any k guardians find the plain counts, a second count set is refused for ever, no
 * session is answered twice, and nobody answers before everything is there and matches. */
#include "testing.h"

#include "base/file.h"
#include "base/secret.h"
#include "proof/check.h"
#include "protocol/guardian_internal.h"
#include "protocol/voter.h"

#define BALLOTS 12

/* A count: ballots, their sums, the plain numbers. */
struct count {
    struct election e;
    urna_element A[CONTESTS + 1][3], B[CONTESTS + 1][3];
    uint64_t plain[CONTESTS + 1][3], bound[CONTESTS + 1];
    struct urna_sum_group groups[CONTESTS + 1];
    uint8_t countset[32];
    struct urna_dlog *dlog;
    urna_element S[GUARDIANS_MAX];
};

static void add_ballot(struct count *c, uint32_t x)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct election *e = &c->e;
    struct urna_voter v;
    struct urna_openings *o;
    struct urna_ballot b;
    uint32_t first[3] = {0}, second[2] = {x % 3, (x / 3) % 2};
    const uint32_t *values[2] = {first, second};
    bool both = x % 4 != 3;
    if (x % 5 != 4)
        first[x % 3] = 1;
    urna_voter_new(&v, e->phi, 1);
    struct urna_choice choice = {.style = both ? "both" : "first",
                                 .device = "online",
                                 .keys = &v.pk[0][0],
                                 .n_keys = 1,
                                 .serial = 1,
                                 .values = values};
    assert_ok(urna_ballot_encrypt(&b, &o, &e->booth, &choice, &e->a, &err), err);
    for (uint32_t i = 0; i < b.n_contests; i++)
        for (uint32_t f = 0; f < b.contests[i].n_fields; f++) {
            urna_element y;
            assert_true(urna_element_decode(e->G, &y, b.contests[i].fields[f].a));
            urna_element_mul(e->G, &c->A[i][f], &c->A[i][f], &y);
            assert_true(urna_element_decode(e->G, &y, b.contests[i].fields[f].b));
            urna_element_mul(e->G, &c->B[i][f], &c->B[i][f], &y);
            c->plain[i][f] += values[i][f];
        }
    urna_openings_free(o);
}

/* Groups 1 and 2: the contests; group 3: contest 2 again with no ballots (the product that is the
 * identity). */
static void count_new(struct count *c, const char *group, uint32_t n, uint32_t k, uint32_t ballots)
{
    struct urna_error err = URNA_ERROR_INIT;
    memset(c, 0, sizeof *c);
    election_new(&c->e, group, n, k);
    election_open(&c->e);
    for (int i = 0; i <= CONTESTS; i++)
        for (int f = 0; f < 3; f++) {
            urna_element_identity(c->e.G, &c->A[i][f]);
            urna_element_identity(c->e.G, &c->B[i][f]);
        }
    for (uint32_t x = 0; x < ballots; x++)
        add_ballot(c, x);
    for (uint32_t i = 0; i <= CONTESTS; i++) {
        uint32_t contest = i < CONTESTS ? i + 1 : CONTESTS;
        c->groups[i] = (struct urna_sum_group){contest, c->e.m.contests[contest - 1].n_options,
                                               c->A[i], c->B[i]};
        c->bound[i] =
            i < CONTESTS ? (uint64_t)ballots * c->e.m.contests[contest - 1].option_limit : 0;
    }
    urna_random(c->countset, 32);
    c->dlog = urna_dlog_new(c->e.G, &c->e.joint.K, 2 * (uint64_t)ballots, 8);
    assert_ok(urna_guardian_share_keys(c->S, c->e.G, n, k, c->e.keys, &err), err);
}

static void count_free(struct count *c)
{
    urna_dlog_free(c->dlog);
    election_free(&c->e);
}

static struct urna_decrypt_session session(const struct count *c, const uint32_t *present,
                                           uint32_t n, uint32_t attempt)
{
    struct urna_decrypt_session s = {.present = present,
                                     .n_present = n,
                                     .attempt = attempt,
                                     .block = 1,
                                     .groups = c->groups,
                                     .n_groups = CONTESTS + 1};
    memcpy(s.countset, c->countset, 32);
    memcpy(s.h_e, c->e.joint.h_e, 32);
    return s;
}

/* What the guardians said in one session, as the log has it. */
struct said {
    const struct urna_decrypt_commit *commit[GUARDIANS_MAX];
    const struct urna_decrypt_reveal *reveal[GUARDIANS_MAX];
    const struct urna_decrypt_respond *respond[GUARDIANS_MAX];
};

static struct urna_guardian *guardian(struct count *c, const struct urna_decrypt_session *s,
                                      uint32_t j)
{
    return c->e.g[s->present[j] - 1];
}

static const struct guardian_session *newest(const struct urna_guardian *g)
{
    assert_true(g->n_sessions > 0);
    return &g->sessions[g->n_sessions - 1];
}

static enum urna_status ask(struct count *c, const struct urna_decrypt_session *s,
                            const struct said *t, uint32_t j, enum urna_kind kind,
                            struct urna_buf *b, struct urna_error *err)
{
    struct urna_guardian *g = guardian(c, s, j);
    switch ((int)kind) {
    case URNA_DECRYPT_COMMIT:
        return urna_decrypt_commit(g, s, b, err);
    case URNA_DECRYPT_REVEAL:
        return urna_decrypt_reveal(g, s, t->commit, b, err);
    default:
        return urna_decrypt_respond(g, s, t->reveal, b, err);
    }
}

/* Ask twice, the second time after the file was closed and opened: the same bytes (invariant 1),
 * and the stage was durable. */
static const struct urna_body *say(struct count *c, const struct urna_decrypt_session *s,
                                   const struct said *t, uint32_t j, enum urna_kind kind,
                                   enum session_stage stage)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf b = {0}, again = {0};
    struct urna_body *body = URNA_NEW(&c->e.a, struct urna_body, 1);
    assert_ok(ask(c, s, t, j, kind, &b, &err), err);
    election_reopen(&c->e, s->present[j]);
    assert_int_equal(newest(guardian(c, s, j))->stage, stage);
    assert_ok(ask(c, s, t, j, kind, &again, &err), err);
    assert_true(urna_view_eq(urna_buf_view(&b), urna_buf_view(&again)));
    election_read(&c->e, body, kind, urna_buf_view(&b));
    urna_buf_free(&b);
    urna_buf_free(&again);
    return body;
}

static void say_commit(struct count *c, const struct urna_decrypt_session *s, struct said *t,
                       uint32_t j)
{
    t->commit[j] = &say(c, s, t, j, URNA_DECRYPT_COMMIT, SESSION_COMMITTED)->decrypt_commit;
}

static void say_reveal(struct count *c, const struct urna_decrypt_session *s, struct said *t,
                       uint32_t j)
{
    t->reveal[j] = &say(c, s, t, j, URNA_DECRYPT_REVEAL, SESSION_REVEALED)->decrypt_reveal;
}

static void say_respond(struct count *c, const struct urna_decrypt_session *s, struct said *t,
                        uint32_t j)
{
    t->respond[j] = &say(c, s, t, j, URNA_DECRYPT_RESPOND, SESSION_ANSWERED)->decrypt_respond;
}

static void say_all(struct count *c, const struct urna_decrypt_session *s, struct said *t)
{
    memset(t, 0, sizeof *t);
    for (uint32_t j = 0; j < s->n_present; j++)
        say_commit(c, s, t, j);
    for (uint32_t j = 0; j < s->n_present; j++)
        say_reveal(c, s, t, j);
    for (uint32_t j = 0; j < s->n_present; j++)
        say_respond(c, s, t, j);
}

static enum urna_status combine(struct count *c, const struct urna_decrypt_session *s,
                                const struct said *t, struct urna_tally *tally, uint32_t *culprit,
                                struct urna_error *err)
{
    struct urna_combine x = {.G = c->e.G,
                             .K = c->e.K,
                             .dlog = c->dlog,
                             .S = c->S,
                             .n = c->e.m.n,
                             .session = s,
                             .first_group = 1,
                             .bound = c->bound,
                             .reveal = t->reveal,
                             .respond = t->respond};
    return urna_combine_tallies(tally, &x, &c->e.a, culprit, err);
}

/* The tally as anybody checks it, from its bytes. */
static void check_tally(struct count *c, uint32_t group, const struct urna_tally *t)
{
    assert_int_equal(t->group, group + 1);
    assert_int_equal(t->contest, c->groups[group].contest);
    assert_int_equal(t->n_fields, c->groups[group].n_fields);
    assert_memory_equal(t->countset, c->countset, 32);
    for (uint32_t f = 0; f < t->n_fields; f++) {
        urna_element A, B;
        urna_scalar ch, v;
        assert_int_equal(t->fields[f].t, c->plain[group][f]);
        assert_true(urna_element_decode(c->e.G, &A, t->fields[f].a));
        assert_true(urna_element_decode(c->e.G, &B, t->fields[f].b));
        assert_true(urna_element_eq(c->e.G, &A, &c->A[group][f]));
        assert_true(urna_scalar_decode(c->e.G, &ch, t->fields[f].c));
        assert_true(urna_scalar_decode(c->e.G, &v, t->fields[f].v));
        assert_true(urna_tally_check(c->e.G, c->e.K, c->e.joint.h_e, t->contest, f + 1, &A, &B,
                                     t->fields[f].t, &ch, &v));
        assert_false(urna_tally_check(c->e.G, c->e.K, c->e.joint.h_e, t->contest, f + 1, &A, &B,
                                      t->fields[f].t + 1, &ch, &v));
    }
}

static void count_with(struct count *c, const uint32_t *present, uint32_t n, uint32_t attempt)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_decrypt_session s = session(c, present, n, attempt);
    struct urna_tally tally[CONTESTS + 1];
    struct said t;
    uint32_t culprit;
    say_all(c, &s, &t);
    assert_ok(combine(c, &s, &t, tally, &culprit, &err), err);
    for (uint32_t i = 0; i <= CONTESTS; i++)
        check_tally(c, i, &tally[i]);
}

/* Every set of at least k guardians. */
static void any_quorum(const char *group, uint32_t n, uint32_t k, uint32_t ballots)
{
    struct count c;
    unsigned sets = 0;
    count_new(&c, group, n, k, ballots);
    for (uint32_t mask = 1; mask < 1u << n; mask++) {
        uint32_t present[GUARDIANS_MAX], m = 0;
        for (uint32_t i = 0; i < n; i++)
            if (mask >> i & 1)
                present[m++] = i + 1;
        if (m >= k) {
            count_with(&c, present, m, 1);
            sets++;
        }
    }
    assert_true(sets >= 1);
    count_free(&c);
}

static void decrypt_any_quorum_ristretto255(void **state)
{
    (void)state;
    any_quorum("ristretto255", 1, 1, BALLOTS);
    any_quorum("ristretto255", 3, 2, BALLOTS);
    any_quorum("ristretto255", 5, 3, BALLOTS);
}

static void decrypt_any_quorum_toy_64_256(void **state)
{
    (void)state;
    any_quorum("toy-64-256", 1, 1, BALLOTS);
    any_quorum("toy-64-256", 3, 2, BALLOTS);
    any_quorum("toy-64-256", 5, 3, BALLOTS);
}

static void decrypt_eg4096(void **state)
{
    (void)state;
    any_quorum("eg4096", 2, 2, 4);
}

/* --- refusals --- */

static const uint32_t one_two[2] = {1, 2}, one_three[2] = {1, 3};

static void decrypt_second_countset_refused_for_ever(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct count c;
    struct urna_buf b = {0};
    struct said t = {0};
    count_new(&c, "ristretto255", 3, 2, 3);
    assert_null(urna_guardian_countset(c.e.g[0]));
    struct urna_decrypt_session s = session(&c, one_two, 2, 1), other = s;
    other.countset[9] ^= 1;
    say_commit(&c, &s, &t, 0);
    assert_memory_equal(urna_guardian_countset(c.e.g[0]), c.countset, 32);
    for (int round = 0; round < 2; round++) {
        other.attempt = 1 + (uint32_t)round;
        assert_status(URNA_FALSE, urna_decrypt_commit(c.e.g[0], &other, &b, &err), err);
        assert_string_equal(err.rule, "E10");
        assert_status(URNA_FALSE, urna_decrypt_seal(c.e.g[0], other.countset, &err), err);
        assert_status(URNA_FALSE, urna_decrypt_reveal(c.e.g[0], &other, t.commit, &b, &err), err);
        assert_status(URNA_FALSE, urna_decrypt_respond(c.e.g[0], &other, t.reveal, &b, &err), err);
        assert_int_equal(b.len, 0);
        election_reopen(&c.e, 1);
    }
    /* another guardian may be first told of the other one, and then it is that guardian who refuses
     * ours */
    assert_ok(urna_decrypt_seal(c.e.g[1], other.countset, &err), err);
    assert_ok(urna_decrypt_seal(c.e.g[1], other.countset, &err), err);
    election_reopen(&c.e, 2);
    assert_status(URNA_FALSE, urna_decrypt_commit(c.e.g[1], &s, &b, &err), err);
    /* the same count set with other guardians goes on */
    struct urna_decrypt_session with_three = session(&c, one_three, 2, 1);
    assert_ok(urna_decrypt_commit(c.e.g[0], &with_three, &b, &err), err);
    urna_buf_free(&b);
    count_free(&c);
}

/* The state names the count set in the file before a share exists: a file that cannot be written
 * means no commitment. */
static void decrypt_unsaved_says_nothing(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct count c;
    struct urna_buf b = {0};
    count_new(&c, "ristretto255", 3, 2, 1);
    struct urna_decrypt_session s = session(&c, one_two, 2, 1);
    /* a folder in the file's place: the replacement fails */
    assert_int_equal(remove(c.e.path[0]), 0);
    assert_ok(urna_mkdirs(c.e.path[0], 0700, &err), err);
    assert_status(URNA_SYSTEM, urna_decrypt_commit(c.e.g[0], &s, &b, &err), err);
    assert_int_equal(b.len, 0);
    assert_status(URNA_SYSTEM, urna_decrypt_commit(c.e.g[0], &s, &b, &err), err);
    assert_status(URNA_SYSTEM, urna_decrypt_seal(c.e.g[0], s.countset, &err), err);
    assert_int_equal(b.len, 0);
    assert_ok(urna_remove_tree(c.e.path[0], &err), err);
    count_free(&c);
}

static void decrypt_bad_sessions_refused(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct count c;
    struct urna_buf b = {0};
    count_new(&c, "ristretto255", 3, 2, 1);
    static const struct {
        uint32_t n, present[4];
    } bad[] = {{0, {0}},    {1, {1}},    {2, {0, 1}},    {2, {1, 4}},       {2, {1, 1}},
               {2, {2, 1}}, {2, {2, 3}}, {3, {1, 2, 2}}, {4, {1, 2, 3, 4}}, {3, {0, 1, 2}}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct urna_decrypt_session s = session(&c, bad[i].present, bad[i].n, 1);
        assert_status(URNA_INPUT, urna_decrypt_commit(c.e.g[0], &s, &b, &err), err);
    }
    struct urna_decrypt_session s = session(&c, one_two, 2, 0);
    assert_status(URNA_INPUT, urna_decrypt_commit(c.e.g[0], &s, &b, &err), err);
    s = session(&c, one_two, 2, 1);
    s.block = 0;
    assert_status(URNA_INPUT, urna_decrypt_commit(c.e.g[0], &s, &b, &err), err);
    s = session(&c, one_two, 2, 1);
    s.n_groups = 0;
    assert_status(URNA_INPUT, urna_decrypt_commit(c.e.g[0], &s, &b, &err), err);
    s = session(&c, one_two, 2, 1);
    s.h_e[0] ^= 1;
    assert_status(URNA_INPUT, urna_decrypt_commit(c.e.g[0], &s, &b, &err), err);
    struct urna_sum_group groups[1] = {c.groups[0]};
    s = session(&c, one_two, 2, 1);
    s.groups = groups;
    s.n_groups = 1;
    groups[0].n_fields = 2;
    assert_status(URNA_INPUT, urna_decrypt_commit(c.e.g[0], &s, &b, &err), err);
    groups[0].n_fields = 3;
    groups[0].contest = 3;
    assert_status(URNA_INPUT, urna_decrypt_commit(c.e.g[0], &s, &b, &err), err);
    groups[0].contest = 0;
    assert_status(URNA_INPUT, urna_decrypt_commit(c.e.g[0], &s, &b, &err), err);
    assert_null(urna_guardian_countset(c.e.g[0])); /* nothing was named on the way */
    assert_int_equal(b.len, 0);
    count_free(&c);
    /* before `open` */
    struct election e;
    election_new(&e, "ristretto255", 1, 1);
    election_run(&e);
    static const uint32_t one[1] = {1};
    struct urna_decrypt_session early = {.present = one, .n_present = 1, .attempt = 1, .block = 1};
    assert_status(URNA_FALSE, urna_decrypt_commit(e.g[0], &early, &b, &err), err);
    assert_string_equal(err.rule, "E15");
    assert_status(URNA_FALSE, urna_decrypt_seal(e.g[0], early.countset, &err), err);
    election_free(&e);
}

static void decrypt_order_and_matching(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct count c;
    struct urna_buf b = {0};
    struct said t = {0};
    count_new(&c, "ristretto255", 3, 2, 2);
    struct urna_decrypt_session s = session(&c, one_two, 2, 1);
    assert_status(URNA_FALSE, urna_decrypt_reveal(c.e.g[0], &s, t.commit, &b, &err),
                  err); /* no commitment yet */
    say_commit(&c, &s, &t, 0);
    assert_status(URNA_FALSE, urna_decrypt_reveal(c.e.g[0], &s, t.commit, &b, &err),
                  err); /* not all (T28) */
    assert_status(URNA_FALSE, urna_decrypt_respond(c.e.g[0], &s, t.reveal, &b, &err), err);
    say_commit(&c, &s, &t, 1);
    /* other sums under the same session: refused (the same u would answer for two statements) */
    struct urna_sum_group moved[3] = {c.groups[0], c.groups[2], c.groups[1]};
    struct urna_decrypt_session other = s;
    other.groups = moved;
    assert_status(URNA_FALSE, urna_decrypt_commit(c.e.g[0], &other, &b, &err), err);
    assert_string_equal(err.rule, "E10");
    struct urna_sum_group changed[3] = {c.groups[0], c.groups[1], c.groups[2]};
    changed[0].B = c.groups[0].A; /* B alone is another statement too */
    other.groups = changed;
    assert_status(URNA_FALSE, urna_decrypt_commit(c.e.g[0], &other, &b, &err), err);
    /* the same sums in another block are another session, with nonces of its own */
    struct said v = {0};
    other = s;
    other.block = 2;
    say_commit(&c, &other, &v, 0);
    assert_memory_not_equal(v.commit[0]->d[0].d[0], t.commit[0]->d[0].d[0], 32);
    assert_int_equal(c.e.g[0]->n_sessions, 2);
    other = s;
    other.n_groups = 2;
    assert_status(URNA_FALSE, urna_decrypt_commit(c.e.g[0], &other, &b, &err), err);
    /* commitments of another session or shape */
    struct said u = t;
    struct urna_body *x = body_copy(&c.e, URNA_DECRYPT_COMMIT, t.commit[1]);
    u.commit[1] = &x->decrypt_commit;
    x->decrypt_commit.s.attempt = 2;
    assert_status(URNA_FALSE, urna_decrypt_reveal(c.e.g[0], &s, u.commit, &b, &err), err);
    x->decrypt_commit.s.attempt = 1;
    x->decrypt_commit.n_d = 2;
    assert_status(URNA_FALSE, urna_decrypt_reveal(c.e.g[0], &s, u.commit, &b, &err), err);
    x->decrypt_commit.n_d = 3;
    x->decrypt_commit.d[0].n = 2;
    assert_status(URNA_FALSE, urna_decrypt_reveal(c.e.g[0], &s, u.commit, &b, &err), err);
    u.commit[1] = t.commit[0];
    assert_status(URNA_FALSE, urna_decrypt_reveal(c.e.g[0], &s, u.commit, &b, &err), err);
    /* another commitment in its own name */
    x = body_copy(&c.e, URNA_DECRYPT_COMMIT, t.commit[0]);
    x->decrypt_commit.d[1].d[0][0] ^= 1;
    u.commit[0] = &x->decrypt_commit;
    u.commit[1] = t.commit[1];
    assert_status(URNA_FALSE, urna_decrypt_reveal(c.e.g[0], &s, u.commit, &b, &err), err);
    assert_non_null(strstr(err.msg, "in this guardian's name"));
    assert_int_equal(b.len, 0);
    struct urna_buf first = {0};
    assert_ok(urna_decrypt_reveal(c.e.g[0], &s, t.commit, &first, &err), err);
    struct urna_body *mine = URNA_NEW(&c.e.a, struct urna_body, 1);
    election_read(&c.e, mine, URNA_DECRYPT_REVEAL, urna_buf_view(&first));
    t.reveal[0] = &mine->decrypt_reveal;
    urna_buf_free(&first);
    /* the commitments are settled for this guardian now: another face is refused */
    x = body_copy(&c.e, URNA_DECRYPT_COMMIT, t.commit[1]);
    x->decrypt_commit.d[1].d[0][0] ^= 1;
    u.commit[0] = t.commit[0];
    u.commit[1] = &x->decrypt_commit;
    assert_status(URNA_FALSE, urna_decrypt_reveal(c.e.g[0], &s, u.commit, &b, &err), err);
    assert_non_null(strstr(err.msg, "two faces"));
    assert_status(URNA_FALSE, urna_decrypt_respond(c.e.g[0], &s, t.reveal, &b, &err),
                  err); /* not all revealed */
    say_reveal(&c, &s, &t, 1);
    assert_int_equal(b.len, 0);
    count_free(&c);
}

static void decrypt_second_answer_refused(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct count c;
    struct urna_buf b = {0};
    struct said t = {0};
    count_new(&c, "ristretto255", 3, 2, 2);
    struct urna_decrypt_session s = session(&c, one_two, 2, 1);
    say_commit(&c, &s, &t, 0);
    say_commit(&c, &s, &t, 1);
    say_reveal(&c, &s, &t, 0);
    say_reveal(&c, &s, &t, 1);
    /* a share that does not match its commitment, in every field and place */
    for (uint32_t i = 0; i < 3; i++)
        for (uint32_t f = 0; f < c.groups[i].n_fields; f++)
            for (int part = 0; part < 3; part++) {
                struct said u = t;
                struct urna_body *x = body_copy(&c.e, URNA_DECRYPT_REVEAL, t.reveal[1]);
                struct urna_decrypt_share *y = &x->decrypt_reveal.shares[i].v[f];
                const uint8_t *wrong = t.reveal[0]->shares[0].v[0].a;
                *(part == 0 ? &y->m : part == 1 ? &y->a : &y->b) = wrong;
                u.reveal[1] = &x->decrypt_reveal;
                assert_status(URNA_FALSE, urna_decrypt_respond(c.e.g[0], &s, u.reveal, &b, &err),
                              err);
                assert_non_null(strstr(err.msg, "does not match"));
            }
    struct said u = t;
    struct urna_body *x = body_copy(&c.e, URNA_DECRYPT_REVEAL, t.reveal[1]);
    uint8_t none[32];
    memset(none, 0xFF, 32);
    x->decrypt_reveal.shares[0].v[0].m = none; /* T31: membership first */
    u.reveal[1] = &x->decrypt_reveal;
    assert_status(URNA_FALSE, urna_decrypt_respond(c.e.g[0], &s, u.reveal, &b, &err), err);
    assert_string_equal(err.rule, "E12");
    assert_int_equal(b.len, 0);
    assert_int_equal(c.e.g[0]->sessions[0].stage, SESSION_REVEALED);
    uint8_t nonce[32];
    memcpy(nonce, c.e.g[0]->sessions[0].scalars.p, 32);
    say_respond(&c, &s, &t, 0);
    /* the nonces are gone, in memory and in the file (which was opened again) */
    assert_int_equal(c.e.g[0]->sessions[0].stage, SESSION_ANSWERED);
    assert_null(
        memmem(c.e.g[0]->sessions[0].scalars.p, c.e.g[0]->sessions[0].scalars.len, nonce, 32));
    /* other reveals: another challenge; never (T27) */
    u = t;
    x = body_copy(&c.e, URNA_DECRYPT_REVEAL, t.reveal[1]);
    x->decrypt_reveal.shares[0].v[0].a = t.reveal[0]->shares[0].v[0].a;
    u.reveal[1] = &x->decrypt_reveal;
    assert_status(URNA_FALSE, urna_decrypt_respond(c.e.g[0], &s, u.reveal, &b, &err), err);
    assert_status(URNA_FALSE, urna_decrypt_commit(c.e.g[0], &s, &b, &err), err);
    assert_status(URNA_FALSE, urna_decrypt_reveal(c.e.g[0], &s, t.commit, &b, &err), err);
    assert_int_equal(b.len, 0);
    /* the next attempt has other nonces */
    struct said v = {0};
    struct urna_decrypt_session next = session(&c, one_two, 2, 2);
    say_commit(&c, &next, &v, 0);
    assert_memory_not_equal(v.commit[0]->d[0].d[0], t.commit[0]->d[0].d[0], 32);
    count_free(&c);
}

/* --- combining --- */

static void combine_names_the_culprit(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct count c;
    struct urna_tally tally[3];
    struct said t, u;
    uint32_t culprit;
    count_new(&c, "ristretto255", 3, 2, 5);
    struct urna_decrypt_session s = session(&c, one_three, 2, 1);
    say_all(&c, &s, &t);
    for (uint32_t i = 0; i < 3; i++)
        for (uint32_t f = 0; f < c.groups[i].n_fields; f++) {
            struct urna_body *x = body_copy(&c.e, URNA_DECRYPT_RESPOND, t.respond[1]);
            x->decrypt_respond.v[i].v[f] = t.respond[0]->v[i].v[f];
            u = t;
            u.respond[1] = &x->decrypt_respond;
            assert_status(URNA_FALSE, combine(&c, &s, &u, tally, &culprit, &err), err);
            assert_int_equal(culprit, 3);
        }
    struct urna_body *x = body_copy(&c.e, URNA_DECRYPT_REVEAL, t.reveal[0]);
    x->decrypt_reveal.shares[0].v[1].m = x->decrypt_reveal.shares[0].v[0].m;
    u = t;
    u.reveal[0] = &x->decrypt_reveal;
    assert_status(URNA_FALSE, combine(&c, &s, &u, tally, &culprit, &err), err);
    assert_int_equal(culprit, 1);
    u = t;
    u.reveal[1] = NULL;
    assert_status(URNA_FALSE, combine(&c, &s, &u, tally, &culprit, &err), err);
    assert_int_equal(culprit, 3);
    uint8_t none[32];
    memset(none, 0xFF, 32);
    x = body_copy(&c.e, URNA_DECRYPT_RESPOND, t.respond[0]);
    x->decrypt_respond.v[2].v[0] = none;
    u = t;
    u.respond[0] = &x->decrypt_respond;
    assert_status(URNA_FALSE, combine(&c, &s, &u, tally, &culprit, &err), err);
    assert_int_equal(culprit, 1);
    /* a bound that the votes do not fit in */
    uint64_t was = c.bound[0];
    c.bound[0] = 0;
    assert_status(URNA_FALSE, combine(&c, &s, &t, tally, &culprit, &err), err);
    assert_int_equal(culprit, 0);
    c.bound[0] = was;
    static const uint32_t bad[2] = {3, 1};
    s.present = bad;
    assert_status(URNA_INPUT, combine(&c, &s, &t, tally, &culprit, &err), err);
    count_free(&c);
}

static void dlog_finds_every_value(void **state)
{
    (void)state;
    static const char *const names[] = {"ristretto255", "toy-64-256", "toy-48-192", "eg4096"};
    for (int i = 0; i < 4; i++) {
        const struct urna_group *G = urna_group_find(names[i], strlen(names[i]));
        urna_element K, x;
        urna_scalar e;
        urna_secret_scalar s;
        uint64_t t, bound = i == 3 ? 50 : 1000;
        urna_secret_random_nonzero(G, &s);
        urna_fixed_exp_secret(urna_fixed_generator(G), &K, &s, 1);
        for (uint64_t values = 1; values <= 1000; values *= 30) {
            struct urna_dlog *d = urna_dlog_new(G, &K, bound, values);
            urna_element_identity(G, &x);
            for (uint64_t want = 0; want <= bound; want++) {
                assert_true(urna_dlog_find(d, &x, bound, &t));
                assert_int_equal(t, want);
                if (want > 0)
                    assert_false(urna_dlog_find(d, &x, want - 1, &t)); /* the bound is exact */
                urna_element_mul(G, &x, &x, &K);
            }
            assert_false(urna_dlog_find(d, &x, bound, &t));
            urna_dlog_free(d);
        }
        if (i == 3)
            continue;
        struct urna_dlog *d = urna_dlog_new(G, &K, 10000000, 1);
        urna_scalar_from_u64(G, &e, 9999999);
        urna_exp_vartime(G, &x, &K, &e, 1);
        assert_true(urna_dlog_find(d, &x, 10000000, &t));
        assert_int_equal(t, 9999999);
        urna_dlog_free(d);
    }
    urna_dlog_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decrypt_any_quorum_ristretto255),
        cmocka_unit_test(decrypt_any_quorum_toy_64_256),
        cmocka_unit_test(decrypt_eg4096),
        cmocka_unit_test(decrypt_second_countset_refused_for_ever),
        cmocka_unit_test(decrypt_unsaved_says_nothing),
        cmocka_unit_test(decrypt_bad_sessions_refused),
        cmocka_unit_test(decrypt_order_and_matching),
        cmocka_unit_test(decrypt_second_answer_refused),
        cmocka_unit_test(combine_names_the_culprit),
        cmocka_unit_test(dlog_finds_every_value),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    test_folder_remove();
    return failed;
}
