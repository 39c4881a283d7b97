/* Sealed files: every byte counts, purposes do not mix, limits hold before work is done, one
 * process at a time. */
#include "testing.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "protocol/sealed.h"

static const char secret[] = "the secret of the guardian";
#define SECRET urna_view(secret, sizeof secret - 1)

static struct urna_buf sealed(const char *purpose)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf b = {0};
    assert_ok(urna_seal(&b, purpose, test_pass, &urna_seal_cost_least, SECRET, &err), err);
    return b;
}

static void seal_round_trip(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf b = sealed("guardian");
    struct urna_secret_bytes s;
    assert_ok(urna_unseal(&s, urna_buf_view(&b), "guardian", test_pass, &err), err);
    assert_int_equal(s.len, sizeof secret - 1);
    assert_memory_equal(s.p, secret, s.len);
    urna_secret_bytes_free(&s);
    /* the text of the secret stands nowhere in the file, and two seals differ */
    assert_null(memmem(b.p, b.len, secret, sizeof secret - 1));
    struct urna_buf c = sealed("guardian");
    assert_false(urna_view_eq(urna_buf_view(&b), urna_buf_view(&c)));
    urna_buf_free(&b);
    urna_buf_free(&c);
    /* nothing at all is a secret too */
    b = (struct urna_buf){0};
    assert_ok(urna_seal(&b, "role", test_pass, NULL, urna_view("", 0), &err), err);
    assert_non_null(memmem(b.p, b.len, "argon2id 2 65536 ", 17));
    assert_ok(urna_unseal(&s, urna_buf_view(&b), "role", test_pass, &err), err);
    assert_int_equal(s.len, 0);
    urna_secret_bytes_free(&s);
    urna_buf_free(&b);
}

static void seal_every_byte_changed_refused(void **state)
{
    (void)state;
    struct urna_buf b = sealed("guardian");
    struct urna_secret_bytes s;
    size_t tried = 0;
    for (size_t i = 0; i < b.len; i++)
        for (int how = 0; how < 2; how++) {
            struct urna_error err = URNA_ERROR_INIT;
            uint8_t was = b.p[i];
            b.p[i] = (uint8_t)(how ? was ^ 0x20 : was + 1);
            /* a changed cost may ask for seconds: those digits are tested below */
            bool cost =
                i > 30 && i < 50 && b.p[i] >= '0' && b.p[i] <= '9' && was >= '0' && was <= '9';
            if (!cost) {
                assert_int_equal(urna_unseal(&s, urna_buf_view(&b), "guardian", test_pass, &err),
                                 URNA_INPUT);
                assert_null(s.p);
                assert_true(err.msg[0] != 0);
                tried++;
            }
            b.p[i] = was;
        }
    assert_true(tried > 2 * b.len - 20);
    urna_buf_free(&b);
}

static void seal_every_length_refused(void **state)
{
    (void)state;
    struct urna_buf b = sealed("guardian");
    struct urna_secret_bytes s;
    for (size_t len = 0; len < b.len; len++) {
        struct urna_error err = URNA_ERROR_INIT;
        assert_int_equal(urna_unseal(&s, urna_view(b.p, len), "guardian", test_pass, &err),
                         URNA_INPUT);
    }
    struct urna_error err = URNA_ERROR_INIT;
    urna_buf_char(&b, '\n');
    assert_status(URNA_INPUT, urna_unseal(&s, urna_buf_view(&b), "guardian", test_pass, &err), err);
    urna_buf_free(&b);
}

static void seal_purpose_and_passphrase_are_bound(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf b = sealed("guardian"), c = {0};
    struct urna_secret_bytes s;
    assert_status(URNA_INPUT, urna_unseal(&s, urna_buf_view(&b), "role", test_pass, &err), err);
    assert_non_null(strstr(err.msg, "\"guardian\""));
    /* the word changed in the file too: authenticated */
    urna_buf_str(&c, "urna-sealed-1\npurpose role\n");
    uint8_t *rest = memmem(b.p, b.len, "argon2id", 8);
    urna_buf_add(&c, rest, b.len - (size_t)(rest - b.p));
    assert_status(URNA_INPUT, urna_unseal(&s, urna_buf_view(&c), "role", test_pass, &err), err);
    assert_string_equal(err.msg, "wrong passphrase, or the sealed file is damaged");
    assert_status(
        URNA_INPUT,
        urna_unseal(&s, urna_buf_view(&b), "guardian", urna_view_str("correct horsf"), &err), err);
    assert_string_equal(err.msg, "wrong passphrase, or the sealed file is damaged");
    assert_status(URNA_INPUT,
                  urna_unseal(&s, urna_buf_view(&b), "guardian", urna_view_str(""), &err), err);
    assert_status(URNA_INPUT, urna_seal(&c, "guardian", urna_view_str(""), NULL, SECRET, &err),
                  err);
    assert_status(URNA_INPUT, urna_seal(&c, "Guardian", test_pass, NULL, SECRET, &err), err);
    assert_status(URNA_INPUT, urna_seal(&c, "", test_pass, NULL, SECRET, &err), err);
    urna_buf_free(&b);
    urna_buf_free(&c);
}

/* A hostile file may not make its reader work or allocate. */
static void seal_costs_outside_limits_refused_at_once(void **state)
{
    (void)state;
    static const char *const costs[] = {
        "0 8192",          "17 8192", "1 8191",  "1 1048577", "4294967295 4294967295",
        "4294967296 8192", "01 8192", "1 08192", "-1 8192",   "1 18446744073709551616",
        "1  8192",         " 1 8192"};
    struct urna_secret_bytes s;
    clock_t start = clock();
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++) {
        struct urna_error err = URNA_ERROR_INIT;
        struct urna_buf b = {0};
        urna_buf_printf(&b,
                        "urna-sealed-1\npurpose guardian\nargon2id %s %032d\nnonce "
                        "%048d\nAAAAAAAAAAAAAAAAAAAAAAAA\n",
                        costs[i], 0, 0);
        assert_int_equal(urna_unseal(&s, urna_buf_view(&b), "guardian", test_pass, &err),
                         URNA_INPUT);
        urna_buf_free(&b);
    }
    assert_true(clock() - start < CLOCKS_PER_SEC / 2);
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf b = {0};
    struct urna_seal_cost weak = {1, 1024};
    assert_status(URNA_INPUT, urna_seal(&b, "guardian", test_pass, &weak, SECRET, &err), err);
}

static void sealed_file_is_private_and_not_overwritten(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    const char *path = test_path("one");
    struct urna_secret_bytes s;
    struct stat info;
    assert_ok(urna_sealed_create(path, "role", test_pass, &urna_seal_cost_least, SECRET, &err),
              err);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_status(URNA_INPUT,
                  urna_sealed_create(path, "role", test_pass, &urna_seal_cost_least,
                                     urna_view_str("other"), &err),
                  err);
    assert_ok(urna_sealed_read(&s, path, "role", test_pass, &err), err);
    assert_memory_equal(s.p, secret, s.len);
    urna_secret_bytes_free(&s);
    assert_status(URNA_INPUT, urna_sealed_read(&s, test_path("none"), "role", test_pass, &err),
                  err);
}

static void sealer_saves_and_holds_the_file(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    char *path = urna_xstrdup(test_path("state"));
    struct urna_sealer *one, *two;
    struct urna_secret_bytes s;
    struct urna_buf first = {0}, second = {0};
    assert_ok(
        urna_sealer_create(&one, path, "guardian", test_pass, &urna_seal_cost_least, SECRET, &err),
        err);
    assert_status(URNA_SYSTEM, urna_sealer_open(&two, &s, path, "guardian", test_pass, &err), err);
    assert_non_null(strstr(err.msg, "another process"));
    assert_ok(urna_file_read(&first, path, 10000, NULL, &err), err);
    assert_ok(urna_sealer_save(one, SECRET, &err), err);
    assert_ok(urna_file_read(&second, path, 10000, NULL, &err), err);
    assert_int_equal(first.len, second.len); /* same secret, other nonce */
    assert_memory_not_equal(first.p, second.p, first.len);
    assert_ok(urna_sealer_save(one, urna_view_str("later"), &err), err);
    urna_sealer_free(one);
    assert_ok(urna_sealer_open(&two, &s, path, "guardian", test_pass, &err), err);
    assert_int_equal(s.len, 5);
    assert_memory_equal(s.p, "later", 5);
    urna_secret_bytes_free(&s);
    urna_sealer_free(two);
    assert_status(URNA_INPUT,
                  urna_sealer_open(&two, &s, path, "guardian", urna_view_str("x"), &err), err);
    assert_null(two);
    assert_ok(urna_sealer_open(&two, &s, path, "guardian", test_pass, &err),
              err); /* the lock went with the refusal */
    urna_secret_bytes_free(&s);
    urna_sealer_free(two);
    urna_sealer_free(NULL);
    urna_buf_free(&first);
    urna_buf_free(&second);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seal_round_trip),
        cmocka_unit_test(seal_every_byte_changed_refused),
        cmocka_unit_test(seal_every_length_refused),
        cmocka_unit_test(seal_purpose_and_passphrase_are_bound),
        cmocka_unit_test(seal_costs_outside_limits_refused_at_once),
        cmocka_unit_test(sealed_file_is_private_and_not_overwritten),
        cmocka_unit_test(sealer_saves_and_holds_the_file),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    test_folder_remove();
    return failed;
}
