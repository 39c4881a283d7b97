/* Finding items by their hash. */
#include "test.h"

#include <stdlib.h>

#include "base/index.h"

struct item {
    uint32_t before;
    uint8_t hash[32];
    uint32_t after;
};

/* Not random, but as far apart as hashes; the first eight bytes are those that the index goes by.
 */
static void make_hash(uint8_t out[32], uint64_t i)
{
    uint64_t x = (i + 1) * 0x9E3779B97F4A7C15u;
    memset(out, 0, 32);
    memcpy(out, &x, sizeof x);
    memcpy(out + 24, &i, sizeof i);
}

static struct urna_hashes hashes(const struct item *v)
{
    return (struct urna_hashes){v->hash, sizeof *v};
}

static void empty_index_finds_nothing(void **state)
{
    (void)state;
    struct urna_index x = {0};
    uint8_t hash[32] = {0};
    uint32_t at = 7;
    assert_false(urna_index_find(&x, (struct urna_hashes){NULL, 32}, hash, &at));
    urna_index_free(&x);
}

/* Every item is found under its number while the array grows and moves; nothing else is. */
static void items_are_found_while_the_array_grows(void **state)
{
    (void)state;
    enum { N = 3000 };
    struct urna_index x = {0};
    struct item *v = NULL;
    for (uint32_t i = 0; i < N; i++) {
        struct item *moved = urna_xmalloc((i + 1) * sizeof *v);
        if (i > 0)
            memcpy(moved, v, i * sizeof *v);
        free(v);
        v = moved;
        v[i] = (struct item){.before = UINT32_MAX, .after = UINT32_MAX};
        make_hash(v[i].hash, i);
        urna_index_add(&x, hashes(v), i);
        for (uint32_t step = 0; step < 3; step++) {
            uint32_t at, j = (uint32_t)((uint64_t)i * step / 2);
            uint8_t other[32];
            assert_true(urna_index_find(&x, hashes(v), v[j].hash, &at));
            assert_int_equal(at, j);
            make_hash(other, i + 1 + step);
            assert_false(urna_index_find(&x, hashes(v), other, &at));
        }
    }
    assert_int_equal(x.n, N);
    assert_true(4 * x.n <= 3 * x.cap);
    urna_index_free(&x);
    free(v);
}

/* All in one place of the table, the last one, so that the search wraps around. */
static void equal_first_bytes_are_told_apart(void **state)
{
    (void)state;
    static struct item v[40];
    struct urna_index x = {0};
    for (uint32_t i = 0; i < 40; i++) {
        memset(v[i].hash, 0xFF, 32);
        v[i].hash[31] = (uint8_t)i;
        urna_index_add(&x, hashes(v), i);
    }
    for (uint32_t i = 0; i < 41; i++) {
        uint32_t at;
        uint8_t hash[32];
        memset(hash, 0xFF, 32);
        hash[31] = (uint8_t)i;
        assert_int_equal(urna_index_find(&x, hashes(v), hash, &at), i < 40);
        if (i < 40)
            assert_int_equal(at, i);
    }
    urna_index_free(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_index_finds_nothing),
        cmocka_unit_test(items_are_found_while_the_array_grows),
        cmocka_unit_test(equal_first_bytes_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
