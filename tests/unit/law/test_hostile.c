/* What only a hostile role would write: it is named by the right rule, and costs no more than its
 * bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <cmocka.h>

#include "log/note.h"
#include "proof/ed25519.h"
#include "support/election.h"
#include "support/refused.h"

/* A bound of 2^32 - 1 has 2^32 pairs: that number must not wrap to none. */
static void largest_limit_wants_all_its_pairs(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "ristretto255", 1);
    s.contests = 1;
    s.style_has[0] = 1;
    s.limit[0] = s.option_limit[0] = UINT32_MAX;
    struct ve *t = ve_voting(&s);
    uint8_t g[URNA_LP_MAX], key[1][32];
    urna_element_encode(t->P->G, g, urna_fixed_base(t->P->g));
    struct urna_ballot_field field[VE_OPTIONS] = {0};
    for (uint32_t f = 0; f < s.options[0]; f++)
        field[f].a = field[f].b = g;
    struct urna_ballot_contest c = {.i = 1, .fields = field, .n_fields = s.options[0]};
    struct urna_body b = {.kind = URNA_BALLOT};
    b.ballot = (struct urna_ballot){.keys = key,
                                    .n_keys = 1,
                                    .style = t->m.styles[0].id,
                                    .device = t->m.devices[0].id,
                                    .serial = 1,
                                    .contests = &c,
                                    .n_contests = 1};
    memcpy(key[0], t->voter[0].pk[0], 32);
    struct urna_ruling r;
    refused(ve_try_body(t, &b, 0, NULL, 0, &r), &r, "V6.E");
    ve_free(t);
}

/* Three keys are the keys of no row, whatever the proofs; an unknown device comes before. */
static void three_keys_are_of_no_row(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "ristretto255", 2);
    struct ve *t = ve_voting(&s);
    struct urna_booth booth;
    struct urna_openings *o;
    struct urna_body b = {.kind = URNA_BALLOT};
    struct urna_ruling r;
    ve_booth(t, &booth);
    static const uint32_t none[VE_CONTESTS][VE_OPTIONS];
    ve_ballot(t, &b.ballot, 0, 1, none, &booth, &o);
    uint8_t keys[3][32];
    for (int i = 0; i < 3; i++)
        memcpy(keys[i], t->voter[i].pk[0], 32);
    b.ballot.keys = keys;
    b.ballot.n_keys = 3;
    refused(ve_try_body(t, &b, 0, NULL, 0, &r), &r, "E1");
    b.ballot.n_keys = 2;
    refused(ve_try_body(t, &b, 0, NULL, 0, &r), &r, "E1");
    b.ballot.n_keys = 3;
    b.ballot.device = "nowhere";
    refused(ve_try_body(t, &b, 0, NULL, 0, &r), &r, "E1");
    assert_non_null(strstr(r.reason, "device"));
    urna_openings_free(o);
    ve_free(t);
}

/* A manifest of 2 MB that claims 20,000 guardians, all needed: n k elements would be 200 GB. */
static void many_guardians_cost_no_more_than_their_lines(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "ristretto255", 3);
    struct ve *t = ve_begin(&s);
    struct urna_manifest m = t->m;
    enum { MANY = 20000 };
    struct urna_role *g = URNA_NEW(&t->a, struct urna_role, MANY);
    char(*id)[16] = urna_arena_alloc(&t->a, MANY, sizeof *id);
    for (uint32_t i = 0; i < MANY; i++) {
        uint8_t seed[32] = {(uint8_t)i, (uint8_t)(i >> 8), 7};
        snprintf(id[i], sizeof id[i], "many%u", i);
        g[i] = (struct urna_role){.id = id[i], .bloc = "x"};
        urna_ed25519_public(g[i].key, seed);
    }
    m.guardians = g;
    m.n = m.k = m.n_guardians = MANY;
    struct urna_body b = {.kind = URNA_MANIFEST, .manifest = m};
    struct urna_buf body = {0};
    struct urna_sig sig[VE_SIGNERS];
    struct urna_ruling r;
    urna_body_write(&body, &b, 0, 0);
    uint32_t n = ve_sign(t, URNA_MANIFEST, urna_buf_view(&body), -1, t->commission, m.n_commission,
                         t->phi, sig);
    struct rlimit old, small = {(rlim_t)8 << 30, (rlim_t)8 << 30};
    assert_int_equal(getrlimit(RLIMIT_DATA, &old), 0);
    small.rlim_max = old.rlim_max;
#ifndef __SANITIZE_ADDRESS__ /* its shadow alone is larger */
    assert_int_equal(setrlimit(RLIMIT_DATA, &small), 0);
#else
    (void)small;
#endif
    struct urna_follow *f = urna_follow_new(NULL, 1, NULL, NULL);
    assert_true(ve_put(f, URNA_MANIFEST, urna_buf_view(&body), sig, n, &r));
    urna_follow_free(f);
    assert_int_equal(setrlimit(RLIMIT_DATA, &old), 0);
    urna_buf_free(&body);
    ve_free(t);
}

struct bare {
    struct urna_follow *f;
    bool accepted;
};

static bool add_without_body(void *ctx, struct urna_view leaf)
{
    struct bare *x = ctx;
    bool done;
    struct urna_ruling r;
    urna_follow_add(x->f, leaf, urna_view(NULL, 0), NULL, &done, &x->accepted, &r);
    return done;
}

/* Section 3: a missing out-of-line body is only named; but named it is. */
static void missing_attachment_is_named(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "ristretto255", 4);
    struct ve *t = ve_begin(&s);
    struct urna_view body = urna_view("photo", 5);
    struct urna_sig sig[VE_SIGNERS];
    struct bare x = {.f = t->f};
    struct urna_error err = URNA_ERROR_INIT;
    size_t before, after;
    (void)urna_judge_findings(t->J, &before);
    uint32_t n = ve_sign(t, URNA_ATTACHMENT, body, -1, &t->observer, 1, t->phi, sig);
    assert_int_equal(urna_entry_leaves(URNA_ATTACHMENT, sig, n, body, add_without_body, &x, &err),
                     URNA_OK);
    assert_true(x.accepted);
    const struct urna_finding *f = urna_judge_findings(t->J, &after);
    assert_int_equal(after, before + 1);
    assert_false(f[before].grave);
    assert_non_null(strstr(f[before].text, "not in the record"));
    ve_free(t);
}

/* Two faces signed by a quorum prove a fork, also in an anchor that is void because somebody put a
 * signature on its envelope (section 3: void anchors of good schema included). */
static void signed_anchor_still_proves_a_fork(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "ristretto255", 5);
    s.witnesses = 3;
    struct ve *t = ve_voting(&s);
    struct urna_anchor_sig line[VE_WITNESSES];
    struct urna_body b = {.kind = URNA_ANCHOR, .anchor = {.size = 3, .cosigs = line}};
    struct urna_buf text = {0};
    struct urna_ruling r;
    urna_checkpoint_text(&text, t->m.origin, b.anchor.size, b.anchor.root); /* a root of zeros */
    for (uint32_t w = 0; w < s.witnesses; w++) {
        struct urna_anchor_sig *x = &line[b.anchor.n_cosigs++];
        *x = (struct urna_anchor_sig){.as = t->m.witnesses[w].id, .time = 1000};
        urna_cosignature_sign(x->sig, t->key[t->full[w]].seed, x->time, urna_buf_view(&text));
    }
    refused(ve_try_body(t, &b, -1, &t->observer, 1, &r), &r, "E12");
    urna_follow_end(t->f);
    size_t n, grave = 0;
    const struct urna_finding *f = urna_judge_findings(t->J, &n);
    for (size_t i = 0; i < n; i++)
        grave += f[i].grave && strstr(f[i].text, "fork") != NULL;
    assert_int_equal(grave, 1);
    urna_buf_free(&text);
    ve_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signed_anchor_still_proves_a_fork),
        cmocka_unit_test(largest_limit_wants_all_its_pairs),
        cmocka_unit_test(three_keys_are_of_no_row),
        cmocka_unit_test(many_guardians_cost_no_more_than_their_lines),
        cmocka_unit_test(missing_attachment_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
