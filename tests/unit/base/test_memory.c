/* Errors, arena, secrets. */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/secret.h"

static void fail_fills_and_keeps_the_place(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(err.entry, -1);
    memcpy(err.rule, "E11", 4);
    err.entry = 5312;
    err.offset = 17;
    urna_error_where(&err, "entries/020");
    urna_error_where(&err, "somewhere else");
    assert_int_equal(urna_fail(&err, URNA_FALSE, "%d is not %s", 3, "four"), URNA_FALSE);
    assert_int_equal(err.status, URNA_FALSE);
    assert_string_equal(err.msg, "3 is not four");
    assert_string_equal(err.where, "entries/020");
    assert_string_equal(err.rule, "E11");
    assert_int_equal(err.entry, 5312);
    assert_int_equal(err.offset, 17);

    /* its own text may be wrapped */
    assert_int_equal(urna_fail(&err, URNA_INPUT, "ballot: %s", err.msg), URNA_INPUT);
    assert_string_equal(err.msg, "ballot: 3 is not four");
    assert_int_equal(urna_fail(NULL, URNA_INPUT, "nobody asks"), URNA_INPUT);
    urna_error_where(NULL, "nowhere");
}

static void fail_errno_names_the_reason(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    errno = EIO;
    assert_int_equal(urna_fail_errno(&err, "read"), URNA_SYSTEM);
    assert_string_equal(err.msg, "read: Input/output error");
    assert_int_equal(errno, EIO);
}

static void long_texts_are_cut_not_overrun(void **state)
{
    (void)state;
    char text[2000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    text[sizeof text - 2] = 'z';
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_fail(&err, URNA_INPUT, "%s", text), URNA_INPUT);
    assert_int_equal(strlen(err.msg), sizeof err.msg - 1);
    urna_error_where(&err, text);
    assert_int_equal(strlen(err.where), sizeof err.where - 1);
    assert_int_equal(err.where[0], '.');
    assert_int_equal(err.where[sizeof err.where - 2], 'z'); /* the end is kept */
    errno = ENOENT;
    assert_int_equal(urna_fail_errno(&err, "%s", text), URNA_SYSTEM);
    assert_int_equal(strlen(err.msg), sizeof err.msg - 1);
}

static void overflowing_size_ends_with_exit_code_3(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(STDERR_FILENO);
        void *p = urna_xrealloc(NULL, SIZE_MAX / 2, 3);
        _exit(p ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), URNA_SYSTEM);
}

static void zero_sizes_give_memory(void **state)
{
    (void)state;
    void *a = urna_xmalloc(0), *b = urna_xcalloc(0, 8), *c = urna_xrealloc(NULL, 0, 8);
    char *d = urna_xstrdup("urna");
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(c);
    assert_string_equal(d, "urna");
    free(a);
    free(b);
    free(c);
    free(d);
}

static void arena_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct urna_arena a = {.block_size = 256};
    uint8_t *got[200];
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < 200; i++) {
            got[i] = urna_arena_alloc(&a, i, 3); /* up to 597 bytes: larger than a block */
            assert_int_equal((uintptr_t)got[i] % 16, 0);
            for (size_t k = 0; k < 3 * i; k++)
                assert_int_equal(got[i][k], 0);
            memset(got[i], (int)i, 3 * i);
        }
        for (size_t i = 0; i < 200; i++)
            for (size_t k = 0; k < 3 * i; k++)
                assert_int_equal(got[i][k], i);
        urna_arena_reset(&a);
    }
    assert_non_null(a.head);
    urna_arena_free(&a);
    assert_null(a.head);
    urna_arena_free(&a);
}

static void arena_copies(void **state)
{
    (void)state;
    struct urna_arena a = {0};
    urna_arena_reset(&a);
    assert_memory_equal(urna_arena_copy(&a, "abc", 3), "abc", 3);
    assert_non_null(urna_arena_copy(&a, NULL, 0));
    assert_string_equal(urna_arena_strndup(&a, "election", 5), "elect");
    assert_string_equal(urna_arena_strndup(&a, NULL, 0), "");
    uint64_t *n = URNA_NEW(&a, uint64_t, 4);
    assert_true(n[0] == 0 && n[3] == 0);
    urna_arena_free(&a);
}

static void secrets_are_zeroed_aligned_wiped(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_secret_init(&err), URNA_OK);
    assert_int_equal(urna_secret_init(&err), URNA_OK);
    for (size_t size = 0; size < 70; size++) {
        uint8_t *p = urna_secret_alloc(size);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        urna_secret_free(p);
    }
    urna_secret_free(NULL);
    uint8_t key[32], zero[32] = {0};
    memset(key, 0xA5, sizeof key);
    urna_wipe(key, sizeof key);
    assert_memory_equal(key, zero, sizeof key);
    assert_true(urna_ct_equal(key, zero, 32));
    key[31] = 1;
    assert_false(urna_ct_equal(key, zero, 32));
    assert_true(urna_ct_equal(key, zero, 31));
}

static void random_differs_and_stays_below(void **state)
{
    (void)state;
    uint8_t a[32] = {0}, b[32] = {0};
    urna_random(a, sizeof a);
    urna_random(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    unsigned seen = 0;
    for (int i = 0; i < 1000; i++) {
        uint32_t x = urna_random_below(5);
        assert_true(x < 5);
        seen |= 1u << x;
    }
    assert_int_equal(seen, 31);
    assert_int_equal(urna_random_below(1), 0);
}

static void clocks_run_forward(void **state)
{
    (void)state;
    int64_t a = urna_mono_ms(), now = urna_now();
    usleep(3000);
    assert_true(urna_mono_ms() > a);
    assert_true(now > 1700000000); /* later than November 2023 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_fills_and_keeps_the_place),
        cmocka_unit_test(fail_errno_names_the_reason),
        cmocka_unit_test(long_texts_are_cut_not_overrun),
        cmocka_unit_test(overflowing_size_ends_with_exit_code_3),
        cmocka_unit_test(zero_sizes_give_memory),
        cmocka_unit_test(arena_is_zeroed_aligned_and_apart),
        cmocka_unit_test(arena_copies),
        cmocka_unit_test(secrets_are_zeroed_aligned_wiped),
        cmocka_unit_test(random_differs_and_stays_below),
        cmocka_unit_test(clocks_run_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
