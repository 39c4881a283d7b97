/* Seats: the law's vectors, every small case against a slow and simple allocation, and the edges.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "rules/seats.h"

#define MAX_LISTS 16

static struct urna_view word(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    assert_non_null(s);
    return urna_view_str(s);
}

static uint64_t number(const json_t *j)
{
    assert_true(json_is_integer(j));
    return (uint64_t)json_integer_value(j);
}

static void check_case(const json_t *c)
{
    struct urna_seats_rule r;
    assert_true(urna_seats_method_parse(&r.method, word(c, "method")));
    assert_true(urna_seats_base_parse(&r.base, word(c, "base")));
    assert_true(urna_seats_ties_parse(&r.ties, word(c, "ties")));
    r.n = (uint32_t)number(json_object_get(c, "n"));
    r.num = number(json_array_get(json_object_get(c, "threshold"), 0));
    r.den = number(json_array_get(json_object_get(c, "threshold"), 1));
    const json_t *v = json_object_get(c, "votes"), *e = json_object_get(c, "expect");
    size_t n = json_array_size(v);
    assert_in_range(n, 1, MAX_LISTS);
    uint64_t votes[MAX_LISTS];
    uint32_t seats[MAX_LISTS];
    for (size_t i = 0; i < n; i++)
        votes[i] = number(json_array_get(v, i));
    bool tie;
    assert_int_equal(urna_seats_allocate(&r, votes, n, seats, &tie), URNA_OK);
    assert_int_equal(json_array_size(json_object_get(e, "seats")), n);
    for (size_t i = 0; i < n; i++)
        if (seats[i] != number(json_array_get(json_object_get(e, "seats"), i)))
            fail_msg("%s: list %zu has %u seats", json_string_value(json_object_get(c, "case")), i,
                     seats[i]);
    assert_int_equal(tie, number(json_object_get(e, "tie")));
}

static void seats_vectors_of_the_law(void **state)
{
    (void)state;
    json_error_t je;
    json_t *j =
        json_load_file(URNA_TEST_DATA "/election/law-vectors.json", JSON_REJECT_DUPLICATES, &je);
    assert_non_null(j);
    const json_t *cases = json_object_get(json_object_get(j, "seats"), "cases");
    assert_int_equal(json_array_size(cases), 34);
    for (size_t i = 0; i < json_array_size(cases); i++)
        check_case(json_array_get(cases, i));
    json_decref(j);
}

/* Seat by seat, as a textbook does it; ties by list order. div5: the divisors times 5. */
static void slow_divisors(enum urna_seats_method m, uint32_t n, const uint64_t *v, size_t lists,
                          uint32_t *out)
{
    memset(out, 0, lists * sizeof *out);
    while (n-- > 0) {
        size_t best = lists;
        uint64_t best_d = 1;
        for (size_t i = 0; i < lists; i++) {
            uint64_t d = m == URNA_SEATS_DHONDT ? 5 * (out[i] + 1u) : 5 * (2u * out[i] + 1u);
            if (m == URNA_SEATS_SAINTELAGUE_MOD && out[i] == 0)
                d = 7;
            if (v[i] == 0)
                continue;
            if (best == lists || v[i] * best_d > v[best] * d) {
                best = i;
                best_d = d;
            }
        }
        out[best]++;
    }
}

/* All vote vectors of three lists below a bound, n up to 12: the shortcut over certain seats must
 * never show. A tie (ties error) must leave each list the minimum over all orders of the lists. */
static void seats_divisors_equal_the_slow_way(void **state)
{
    (void)state;
    static const size_t order[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                       {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (unsigned m = URNA_SEATS_DHONDT; m < URNA_SEATS_METHODS; m++)
        for (uint32_t n = 1; n <= 12; n++)
            for (unsigned code = 1; code < 12 * 12 * 12; code++) {
                uint64_t v[3] = {code % 12, code / 12 % 12, code / 144};
                uint32_t least[3] = {99, 99, 99}, most[3] = {0, 0, 0}, got[3], slow[3];
                for (size_t o = 0; o < 6; o++) {
                    uint64_t w[3] = {v[order[o][0]], v[order[o][1]], v[order[o][2]]};
                    slow_divisors((enum urna_seats_method)m, n, w, 3, slow);
                    for (size_t k = 0; k < 3; k++) {
                        if (slow[k] < least[order[o][k]])
                            least[order[o][k]] = slow[k];
                        if (slow[k] > most[order[o][k]])
                            most[order[o][k]] = slow[k];
                    }
                }
                struct urna_seats_rule r = {
                    (enum urna_seats_method)m, URNA_SEATS_QUALIFIED, n, 0, 1,
                    URNA_SEATS_TIES_ERROR};
                bool tie;
                assert_int_equal(urna_seats_allocate(&r, v, 3, got, &tie), URNA_OK);
                assert_memory_equal(got, least, sizeof got);
                assert_int_equal(tie, memcmp(least, most, sizeof least) != 0);
                r.ties = URNA_SEATS_TIES_ORDER;
                slow_divisors(r.method, n, v, 3, slow);
                assert_int_equal(urna_seats_allocate(&r, v, 3, got, &tie), URNA_OK);
                assert_memory_equal(got, slow, sizeof got);
                assert_false(tie);
            }
}

static void seats_largest_numbers_stay_exact_and_fast(void **state)
{
    (void)state;
    uint64_t v[2] = {URNA_SEATS_MAX_VOTES - 1, URNA_SEATS_MAX_VOTES - 2};
    uint32_t s[2];
    bool tie;
    for (unsigned m = 0; m < URNA_SEATS_METHODS; m++) {
        struct urna_seats_rule r = {
            (enum urna_seats_method)m, URNA_SEATS_QUALIFIED, UINT32_MAX, 0, 1,
            URNA_SEATS_TIES_ERROR};
        assert_int_equal(urna_seats_allocate(&r, v, 2, s, &tie), URNA_OK);
        assert_false(tie);
        assert_int_equal(s[0], (1u << 31)); /* the odd seat goes to the one vote more */
        assert_int_equal(s[1], (1u << 31) - 1);
    }
}

static void seats_outside_the_bounds_refused(void **state)
{
    (void)state;
    uint64_t v[1] = {10};
    uint32_t s[1] = {7};
    bool tie = true;
    struct urna_seats_rule good = {URNA_SEATS_HARE, URNA_SEATS_ALL, 1, 0, 1, URNA_SEATS_TIES_ERROR},
                           r;
    assert_int_equal(urna_seats_allocate(&good, v, 1, s, &tie), URNA_OK);
    assert_int_equal(s[0], 1);
    r = good;
    r.n = 0;
    assert_int_equal(urna_seats_allocate(&r, v, 1, s, &tie), URNA_INPUT);
    assert_int_equal(s[0], 0);
    r = good;
    r.den = 0;
    assert_int_equal(urna_seats_allocate(&r, v, 1, s, &tie), URNA_INPUT);
    v[0] = URNA_SEATS_MAX_VOTES;
    assert_int_equal(urna_seats_allocate(&good, v, 1, s, &tie), URNA_INPUT);
    static uint64_t many[4096];
    static uint32_t many_seats[4096];
    for (size_t i = 0; i < 4096; i++)
        many[i] = URNA_SEATS_MAX_VOTES - 1;
    assert_int_equal(urna_seats_allocate(&good, many, 4096, many_seats, &tie),
                     URNA_INPUT); /* 2^65 */
    assert_int_equal(urna_seats_allocate(&good, v, 0, s, &tie),
                     URNA_OK); /* no lists: a seat nobody takes */
    assert_true(tie);
}

static void seats_words_are_those_of_the_manifest(void **state)
{
    (void)state;
    enum urna_seats_method m;
    for (unsigned i = 0; i < URNA_SEATS_METHODS; i++) {
        assert_true(urna_seats_method_parse(
            &m, urna_view_str(urna_seats_method_name((enum urna_seats_method)i))));
        assert_int_equal(m, i);
    }
    assert_false(urna_seats_method_parse(&m, urna_view_str("Hare")));
    assert_false(urna_seats_method_parse(&m, urna_view_str("")));
    assert_string_equal(urna_seats_base_name(URNA_SEATS_ALL), "all");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seats_vectors_of_the_law),
        cmocka_unit_test(seats_divisors_equal_the_slow_way),
        cmocka_unit_test(seats_largest_numbers_stay_exact_and_fast),
        cmocka_unit_test(seats_outside_the_bounds_refused),
        cmocka_unit_test(seats_words_are_those_of_the_manifest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
