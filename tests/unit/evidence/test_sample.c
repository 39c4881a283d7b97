/* The samplers against the vectors of their authors (skipped where the shared data is absent). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "evidence/sample.h"
#include "shared.h"

static json_t *vectors;

static int load(void **state)
{
    (void)state;
    vectors = urna_shared_json("data/audit-vectors/prng.json");
    return 0;
}

static int unload(void **state)
{
    (void)state;
    json_decref(vectors);
    return 0;
}

static json_t *section(const char *name)
{
    if (!vectors)
        skip();
    json_t *s = json_object_get(vectors, name);
    assert_non_null(s);
    return s;
}

static void rivest_colorado(void **state)
{
    (void)state;
    json_t *v = section("colorado_rivest_sampler"), *first = json_object_get(v, "first47");
    size_t n = json_array_size(first);
    uint64_t out[64], hashes;
    assert_int_equal(n, 47);
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_sample_rivest(out, &hashes, n,
                                        json_string_value(json_object_get(v, "seed")), 1, 876,
                                        false, &err),
                     URNA_OK);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(out[i], json_integer_value(json_array_get(first, i)));
    assert_int_equal(hashes, 48);
}

static void cryptorandom_stream(void **state)
{
    (void)state;
    json_t *v = section("cryptorandom");
    const char *seed = json_string_value(json_object_get(v, "seed"));
    struct urna_cryptorandom r;
    urna_cryptorandom_init(&r, seed);
    size_t i;
    json_t *x;
    json_array_foreach(json_object_get(v, "outputs_hex"), i, x)
    {
        uint8_t out[32], expected[32];
        urna_cryptorandom_next(&r, out);
        assert_true(urna_unhex_any(expected, 32, json_string_value(x), json_string_length(x)));
        assert_memory_equal(out, expected, 32);
    }
    urna_cryptorandom_init(&r, seed);
    json_array_foreach(json_object_get(v, "random"), i, x)
    {
        assert_true(urna_cryptorandom_fraction(&r) == json_real_value(x));
    }
}

static void cryptorandom_integers(void **state)
{
    (void)state;
    json_t *v = section("cryptorandom"), *x;
    const char *seed = json_string_value(json_object_get(v, "seed"));
    struct urna_cryptorandom r;
    size_t i;
    urna_cryptorandom_init(&r, seed);
    json_array_foreach(json_object_get(v, "randint(0,5)x3"), i, x)
    {
        assert_int_equal(urna_cryptorandom_below(&r, 5), json_integer_value(x));
    }
    uint64_t out[10];
    struct urna_error err = URNA_ERROR_INIT;
    urna_cryptorandom_init(&r, seed);
    assert_int_equal(urna_cryptorandom_sample(out, 10, 1000, &r, &err), URNA_OK);
    json_array_foreach(json_object_get(v, "sample_by_index(1000,10)"), i, x)
    {
        assert_int_equal(out[i], json_integer_value(x));
    }
}

static void tickets_known_values(void **state)
{
    (void)state;
    json_t *v = section("rivest_consistent_sampler");
    char digits[URNA_TICKET_DIGITS];
    urna_ticket_digits(digits, "abc", 3);
    assert_string_equal(digits, json_string_value(json_object_get(v, "sha256_uniform('abc')")) + 2);
    struct urna_buf b = {0};
    urna_ticket_first(&b, "01382438112797316654", "AB-130");
    assert_string_equal(
        urna_buf_cstr(&b),
        json_string_value(json_object_get(v, "first_fraction('AB-130','01382438112797316654')")));
    urna_buf_reset(&b);
    urna_ticket_next(&b, "0.25471");
    assert_string_equal(urna_buf_cstr(&b),
                        json_string_value(json_object_get(v, "next_fraction('0.25471')")));
    urna_buf_reset(&b);
    urna_ticket_next(&b, "0.99925");
    assert_true(strncmp(urna_buf_cstr(&b), "0.999", 5) == 0);
    assert_true(strcmp(urna_buf_cstr(&b), "0.99925") > 0);
    urna_buf_free(&b);
}

static void tickets_arlo_draw(void **state)
{
    (void)state;
    json_t *v = json_object_get(section("rivest_consistent_sampler"), "arlo_test_draw_sample");
    char *ids[100];
    for (uint64_t p = 1; p <= 4; p++) {
        for (uint64_t n = 1; n <= 25; n++) {
            struct urna_buf b = {0};
            char batch[16];
            snprintf(batch, sizeof batch, "pct %d", (int)p);
            urna_python_pair(&b, batch, n);
            ids[(p - 1) * 25 + n - 1] = urna_xstrdup(urna_buf_cstr(&b));
            urna_buf_free(&b);
        }
    }
    struct urna_ticket t[20];
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_sample_consistent(t, 20, json_string_value(json_object_get(v, "seed")),
                                            (const char *const *)ids, 100, true, 18, &err),
                     URNA_OK);
    size_t i;
    json_t *x;
    json_array_foreach(json_object_get(v, "tickets"), i, x)
    {
        json_t *id = json_array_get(x, 1);
        assert_string_equal(t[i].number, json_string_value(json_array_get(x, 0)));
        struct urna_buf b = {0};
        urna_python_pair(&b, json_string_value(json_array_get(id, 0)),
                         (uint64_t)json_integer_value(json_array_get(id, 1)));
        assert_string_equal(ids[t[i].item], urna_buf_cstr(&b));
        urna_buf_free(&b);
        assert_int_equal(t[i].generation, json_integer_value(json_array_get(x, 2)));
    }
    urna_tickets_free(t, 20);
    for (i = 0; i < 100; i++)
        free(ids[i]);
}

static void python_repr_of_names(void **state)
{
    (void)state;
    static const char *const pair[][2] = {
        {"O'Brien pct", "\"O'Brien pct\""},
        {"a\"b'c", "'a\"b\\'c'"},
        {"Гродно №5", "'Гродно №5'"},
        {"a\\b\n\t\x01", "'a\\\\b\\n\\t\\x01'"},
        {"\xc2\xa0\xe2\x80\x8b\xf3\xb0\x80\x80", "'\\xa0\\u200b\\U000f0000'"},
        {"", "''"},
    };
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
        struct urna_buf b = {0};
        urna_python_repr(&b, pair[i][0], strlen(pair[i][0]));
        assert_string_equal(urna_buf_cstr(&b), pair[i][1]);
        urna_buf_free(&b);
    }
    json_t *traps = json_object_get(section("rivest_consistent_sampler"), "python_repr_traps");
    json_t *arlo = json_object_get(section("rivest_consistent_sampler"), "arlo_test_draw_sample");
    const char *key;
    json_t *x;
    size_t n = 0;
    json_object_foreach(traps, key, x)
    {
        struct urna_buf b = {0};
        urna_ticket_first(&b, json_string_value(json_object_get(arlo, "seed")), key);
        n += strcmp(urna_buf_cstr(&b), json_string_value(x)) == 0;
        urna_buf_free(&b);
    }
    assert_int_equal(n, 4);
}

static void all_items_without_replacement(void **state)
{
    (void)state;
    const char *const ids[] = {"a", "b", "c", "d", "e"};
    struct urna_ticket t[6];
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_sample_consistent(t, 5, "seed", ids, 5, false, 18, &err), URNA_OK);
    unsigned seen = 0;
    for (size_t i = 0; i < 5; i++) {
        seen |= 1u << t[i].item;
        assert_true(i == 0 || strcmp(t[i - 1].number, t[i].number) < 0);
    }
    assert_int_equal(seen, 31);
    urna_tickets_free(t, 5);
    assert_int_equal(urna_sample_consistent(t, 6, "seed", ids, 5, false, 18, &err), URNA_INPUT);
    uint64_t out[6];
    assert_int_equal(urna_sample_rivest(out, NULL, 6, "seed", 1, 5, false, &err), URNA_INPUT);
    assert_int_equal(urna_sample_rivest(out, NULL, 5, "seed", 1, 5, false, &err), URNA_OK);
    struct urna_cryptorandom r;
    urna_cryptorandom_init(&r, "seed");
    assert_int_equal(urna_cryptorandom_sample(out, 6, 5, &r, &err), URNA_INPUT);
}

static void what_a_sample_can_tell(void **state)
{
    (void)state;
    /* 10 of 100 altered, 5 drawn: C(90,5)/C(100,5) */
    assert_true(urna_miss_chance(100, 10, 5) > 0.58375 && urna_miss_chance(100, 10, 5) < 0.58376);
    assert_true(urna_miss_chance(100, 0, 5) == 1 && urna_miss_chance(100, 96, 5) == 0);
    uint64_t q = urna_zero_bound(5767, 90, 0.05);
    assert_true(urna_miss_chance(5767, q, 90) > 0.05 && urna_miss_chance(5767, q + 1, 90) <= 0.05);
    assert_int_equal(urna_zero_bound(100, 100, 0.05), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rivest_colorado),
        cmocka_unit_test(cryptorandom_stream),
        cmocka_unit_test(cryptorandom_integers),
        cmocka_unit_test(tickets_known_values),
        cmocka_unit_test(tickets_arlo_draw),
        cmocka_unit_test(python_repr_of_names),
        cmocka_unit_test(all_items_without_replacement),
        cmocka_unit_test(what_a_sample_can_tell),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
