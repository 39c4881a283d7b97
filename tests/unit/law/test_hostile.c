/* What only a hostile role would write: it is named by the right rule, and costs no more than its bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "election.h"

static struct ve *voting(const struct ve_shape *s)
{
    struct ve *t = ve_begin(s);
    ve_ceremony(t, VE_GOOD);
    ve_roll(t);
    ve_open(t);
    return t;
}

/* A bound of 2^32 - 1 has 2^32 pairs: that number must not wrap to none. */
static void largest_limit_wants_all_its_pairs(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "ristretto255", 1);
    s.contests = 1;
    s.style_has[0] = 1;
    s.limit[0] = s.option_limit[0] = UINT32_MAX;
    struct ve *t = voting(&s);
    uint8_t g[URNA_LP_MAX], key[1][32];
    urna_element_encode(t->P->G, g, urna_fixed_base(t->P->g));
    struct urna_ballot_field field[VE_OPTIONS] = {0};
    for (uint32_t f = 0; f < s.options[0]; f++)
        field[f].a = field[f].b = g;
    struct urna_ballot_contest c = {.i = 1, .fields = field, .n_fields = s.options[0]};
    struct urna_body b = {.kind = URNA_BALLOT};
    b.ballot = (struct urna_ballot){.keys = key, .n_keys = 1, .style = t->m.styles[0].id, .device = t->m.devices[0].id, .serial = 1,
                                    .contests = &c, .n_contests = 1};
    memcpy(key[0], t->voter[0].pk[0], 32);
    struct urna_ruling r;
    assert_false(ve_try_body(t, &b, 0, NULL, 0, &r));
    assert_string_equal(r.rule, "V6.E");
    ve_free(t);
}

/* Three keys are the keys of no row, whatever the proofs; an unknown device comes before. */
static void three_keys_are_of_no_row(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "ristretto255", 2);
    struct ve *t = voting(&s);
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
    assert_false(ve_try_body(t, &b, 0, NULL, 0, &r));
    assert_string_equal(r.rule, "E1");
    b.ballot.n_keys = 2;
    assert_false(ve_try_body(t, &b, 0, NULL, 0, &r));
    assert_string_equal(r.rule, "E1");
    b.ballot.n_keys = 3;
    b.ballot.device = "nowhere";
    assert_false(ve_try_body(t, &b, 0, NULL, 0, &r));
    assert_string_equal(r.rule, "E1");
    assert_non_null(strstr(r.reason, "device"));
    urna_openings_free(o);
    ve_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(largest_limit_wants_all_its_pairs),
        cmocka_unit_test(three_keys_are_of_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
