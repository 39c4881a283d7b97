#include "test.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/pool.h"

#define N 10000

struct seen {
    atomic_uint times[N];
    unsigned threads;
    atomic_uint bad_worker;
};

static void visit(void *ctx, size_t i, unsigned worker)
{
    struct seen *s = ctx;
    atomic_fetch_add(&s->times[i], 1);
    if (worker >= s->threads)
        atomic_fetch_add(&s->bad_worker, 1);
}

static void every_index_once_for_any_number_of_threads(void **state)
{
    (void)state;
    static const unsigned threads[] = {1, 2, 3, 7, 64, 256};
    for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
        struct seen *s = calloc(1, sizeof *s);
        assert_non_null(s);
        s->threads = threads[t];
        urna_parallel(threads[t], N, visit, s);
        for (size_t i = 0; i < N; i++)
            assert_int_equal(atomic_load(&s->times[i]), 1);
        assert_int_equal(atomic_load(&s->bad_worker), 0);
        free(s);
    }
}

static void add_plain(void *ctx, size_t i, unsigned worker)
{
    uint64_t *sums = ctx; /* one a worker: no locks, and all is seen after the call */
    sums[worker] += i;
}

static void few_or_no_indices(void **state)
{
    (void)state;
    uint64_t sums[256] = {0};
    urna_parallel(8, 0, add_plain, sums);
    urna_parallel(0, 1, add_plain, sums);
    urna_parallel(100000, 3, add_plain, sums);
    uint64_t total = 0;
    for (size_t i = 0; i < 256; i++)
        total += sums[i];
    assert_int_equal(total, 0 + 0 + 1 + 2);
    urna_parallel(4, 1000, add_plain, sums);
    total = 0;
    for (size_t i = 0; i < 256; i++)
        total += sums[i];
    assert_int_equal(total, 3 + 999 * 500);
}

static void environment_sets_the_number_of_cores(void **state)
{
    (void)state;
    unsetenv("URNA_THREADS");
    unsigned cores = urna_cores();
    assert_true(cores >= 1 && cores <= 256);
    setenv("URNA_THREADS", "5", 1);
    assert_int_equal(urna_cores(), 5);
    static const char *const bad[] = {"", "0", "-1", "257", "two", "2 ", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        setenv("URNA_THREADS", bad[i], 1);
        assert_int_equal(urna_cores(), cores);
    }
    unsetenv("URNA_THREADS");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_index_once_for_any_number_of_threads),
        cmocka_unit_test(few_or_no_indices),
        cmocka_unit_test(environment_sets_the_number_of_cores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
