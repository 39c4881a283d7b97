/* Whole elections of random shapes: the decrypted totals are the plain count, and void entries
 * change nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/election.h"

/* Every failure says the group and the seed. */
static void random_elections_are_counted(const char *group, uint64_t first, unsigned n,
                                         enum ve_ceremony how)
{
    for (uint64_t seed = first; seed < first + n; seed++) {
        struct ve_shape s;
        ve_random_shape(&s, group, seed);
        if (how != VE_GOOD && s.n == 1)
            s.n = 2;
        struct ve *t = ve_hold(&s, how);
        size_t n_voids;
        (void)urna_judge_voids(t->J, &n_voids);
        if (!ve_counts_agree(t, t->J) || n_voids > 0)
            fail_msg("group %s, seed %llu: %zu void entries", group, (unsigned long long)seed,
                     n_voids);
        ve_free(t);
    }
}

static void random_elections_ristretto255(void **state)
{
    (void)state;
    random_elections_are_counted("ristretto255", 1000, 40, VE_GOOD);
}

static void random_elections_toy_64_256(void **state)
{
    (void)state;
    random_elections_are_counted("toy-64-256", 2000, 20, VE_GOOD);
}

static void random_election_eg4096(void **state)
{
    (void)state;
    random_elections_are_counted("eg4096", 3000, 1, VE_GOOD);
}

static void second_attempt_after_a_lost_machine(void **state)
{
    (void)state;
    random_elections_are_counted("ristretto255", 4000, 3, VE_LOST);
}

static void second_attempt_after_a_wrong_share(void **state)
{
    (void)state;
    random_elections_are_counted("ristretto255", 5000, 3, VE_WRONG_SHARE);
    random_elections_are_counted("toy-64-256", 5100, 2, VE_WRONG_SHARE);
}

static void second_attempt_after_a_false_complaint(void **state)
{
    (void)state;
    random_elections_are_counted("ristretto255", 6000, 3, VE_FALSE_COMPLAINT);
}

/* --- a void entry anywhere ----------------------------------------------- */

enum {
    JUNK,
    UNKNOWN_KIND,
    PART,
    REPEATED,
    SPOILED_SIGNATURE,
    DAMAGED,
    RELABELLED,
    TOO_EARLY,
    WRONG_SIGNER,
    FALSE_ANCHOR,
    INSERTIONS
};

static size_t first_of(const struct ve *t, enum urna_kind kind)
{
    size_t i = 0;
    while (i < t->n && t->entry[i].kind != kind)
        i++;
    return i;
}

static void put_leaf(struct urna_follow *f, const void *p, size_t len)
{
    bool done, accepted;
    struct urna_ruling r;
    urna_follow_add(f, urna_view(p, len), urna_view(NULL, 0), NULL, &done, &accepted, &r);
    assert_false(done && accepted);
}

static void put_void(struct urna_follow *f, enum urna_kind kind, struct urna_view body,
                     const struct urna_sig *sig, uint32_t n)
{
    struct urna_ruling r;
    if (ve_put(f, kind, body, sig, n, &r))
        fail_msg("a %s that should be void is accepted", urna_kind_name(kind));
    assert_true(r.rule[0] != 0);
}

static bool is_drawn(const struct ve *t, size_t i)
{
    return i > 0 &&
           t->entry[i].kind != URNA_ANCHOR; /* anchors are made anew: an old one is another entry */
}

/* Put one void entry where entry ${at} would come. False: this kind of thing has no place there. */
static bool insert(struct ve *t, struct urna_follow *f, size_t at, uint32_t what)
{
    size_t i = ve_random(t, (uint32_t)t->n);
    const struct ve_entry *e = &t->entry[i];
    struct urna_buf body = {0};
    struct urna_sig sig[VE_SIGNERS];
    bool done = true;
    memcpy(sig, e->sig, sizeof sig);
    urna_buf_add(&body, e->body.p, e->body.len);
    switch (what) {
    case JUNK: {
        uint8_t junk[200];
        size_t len = ve_random(t, sizeof junk);
        for (size_t x = 0; x < len; x++)
            junk[x] = (uint8_t)ve_random(t, 256);
        put_leaf(f, junk, len);
        break;
    }
    case UNKNOWN_KIND:
        put_leaf(f, "{\"kind\":\"exclude\",\"sigs\":[]}\n{\"as\":\"c0\"}", 41);
        break;
    case PART: {
        urna_buf_reset(&body);
        urna_buf_str(&body, "{\"kind\":\"part\",\"i\":1,\"n\":2,\"sigs\":[]}\n");
        for (int x = 0; x < 60000; x++)
            urna_buf_char(&body, 'x');
        put_leaf(f, body.p, body.len);
        break;
    }
    case REPEATED:
        done = is_drawn(t, i) && i < at;
        if (done)
            put_void(f, e->kind, urna_buf_view(&body), sig, e->n_sigs);
        break;
    case SPOILED_SIGNATURE:
        done = is_drawn(t, i) && e->n_sigs > 0;
        if (done) {
            sig[ve_random(t, e->n_sigs)].sig[ve_random(t, 64)] ^= (uint8_t)(1u << ve_random(t, 8));
            put_void(f, e->kind, urna_buf_view(&body), sig, e->n_sigs);
        }
        break;
    case DAMAGED:
        done = is_drawn(t, i);
        if (done) {
            size_t x;
            do
                x = ve_random(t, (uint32_t)body.len);
            while (body.p[x] < '0' || body.p[x] > '9');
            body.p[x] = (uint8_t)('0' + ((uint32_t)(body.p[x] - '0') + 1 + ve_random(t, 9)) % 10);
            put_void(f, e->kind, urna_buf_view(&body), sig, e->n_sigs);
        }
        break;
    case RELABELLED: { /* signed as another kind [A6]; a kind that nobody signs and that reads the
                          same bytes does not exist */
        uint32_t drawn = ve_random(t, URNA_KIND_COUNT);
        enum urna_kind other = (enum urna_kind)drawn;
        done = is_drawn(t, i) && other != e->kind && !urna_kind_out_of_line(other);
        if (done)
            put_void(f, other, urna_buf_view(&body), sig, e->n_sigs);
        break;
    }
    case TOO_EARLY:
        done = (e->kind == URNA_BALLOT || e->kind == URNA_CHALLENGE)
                   ? at <= first_of(t, URNA_OPEN)
                   : i > first_of(t, URNA_COUNTSET) && is_drawn(t, i) &&
                         at <= first_of(t, URNA_COUNTSET);
        if (done)
            put_void(f, e->kind, urna_buf_view(&body), sig, e->n_sigs);
        break;
    case WRONG_SIGNER:
        done = is_drawn(t, i);
        if (done) {
            uint32_t n =
                ve_sign(t, e->kind, urna_buf_view(&body), -1, &t->observer, 1, t->phi, sig);
            put_void(f, e->kind, urna_buf_view(&body), sig, n);
        }
        break;
    default: { /* true signatures of a witness over another log's tree, and its line under another's
                  name */
        done = t->s.witnesses > 0;
        if (done) {
            struct urna_body a = {.kind = URNA_ANCHOR};
            struct urna_anchor_sig line = {.as = "w0", .time = 1000};
            a.anchor =
                (struct urna_anchor){.size = 1 + ve_random(t, 5), .cosigs = &line, .n_cosigs = 1};
            urna_buf_reset(&body);
            urna_body_write(&body, &a, 32, 32);
            put_void(f, URNA_ANCHOR, urna_buf_view(&body), NULL, 0);
        }
        break;
    }
    }
    urna_buf_free(&body);
    return done;
}

static void void_entries_change_no_outcome(const char *group, uint64_t first, unsigned elections,
                                           unsigned rounds)
{
    uint32_t kinds = 0;
    for (uint64_t seed = first; seed < first + elections; seed++) {
        struct ve_shape s;
        ve_random_shape(&s, group, seed);
        struct ve *t = ve_hold(&s, VE_GOOD);
        for (unsigned round = 0; round < rounds; round++) {
            struct urna_follow *f = urna_follow_new(NULL, 1, NULL, NULL);
            struct urna_ruling r;
            unsigned many = round % 3 == 0 ? 12 : 1; /* one, or a shower */
            size_t inserted = 0, n_voids, at[12];
            for (unsigned x = 0; x < many; x++)
                at[x] = 1 + ve_random(t, (uint32_t)t->n);
            for (size_t i = 0; i <= t->n; i++) {
                for (unsigned x = 0; x < many; x++)
                    for (int tries = 0; at[x] == i && tries < 30; tries++) {
                        uint32_t what = (round + x + (uint32_t)tries) % INSERTIONS;
                        if (!insert(t, f, i, what))
                            continue;
                        kinds |= 1u << what;
                        inserted++;
                        break;
                    }
                if (i < t->n && !ve_replay(t, f, i, &r))
                    fail_msg("group %s, seed %llu, round %u: honest %s refused: %s %s", group,
                             (unsigned long long)seed, round, urna_kind_name(t->entry[i].kind),
                             r.rule, r.reason);
            }
            urna_follow_end(f);
            struct urna_judge *J = urna_follow_judge(f);
            (void)urna_judge_voids(J, &n_voids);
            if (inserted == 0 || n_voids != inserted)
                fail_msg("group %s, seed %llu, round %u: %zu void entries for %zu inserted", group,
                         (unsigned long long)seed, round, n_voids, inserted);
            assert_memory_equal(urna_judge_countset_hash(J), urna_judge_countset_hash(t->J), 32);
            if (!ve_counts_agree(t, J))
                fail_msg("another outcome");
            urna_follow_free(f);
        }
        ve_free(t);
    }
    /* Every kind of insertion had its turn somewhere; false anchors need witnesses. */
    assert_int_equal(kinds | 1u << FALSE_ANCHOR, (1u << INSERTIONS) - 1);
}

static void void_entries_anywhere_change_no_outcome(void **state)
{
    (void)state;
    void_entries_change_no_outcome("ristretto255", 7000, 4, 30);
    void_entries_change_no_outcome("toy-64-256", 7100, 3, 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_elections_ristretto255),
        cmocka_unit_test(random_elections_toy_64_256),
        cmocka_unit_test(random_election_eg4096),
        cmocka_unit_test(second_attempt_after_a_lost_machine),
        cmocka_unit_test(second_attempt_after_a_wrong_share),
        cmocka_unit_test(second_attempt_after_a_false_complaint),
        cmocka_unit_test(void_entries_anywhere_change_no_outcome),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
