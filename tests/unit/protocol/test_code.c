/* Codes on voters' letters: the law's vectors, and every single and double error. */
#include "testing.h"

#include "base/secret.h"
#include "proof/credential.h"
#include "protocol/code.h"

static void code_vectors_of_the_law(void **state)
{
    (void)state;
    json_t *j = vectors("election-vectors.json"), *list = json_object_get(j, "codes"), *v;
    size_t i;
    assert_int_equal(json_array_size(list), 8);
    json_array_foreach(list, i, v)
    {
        struct urna_error err = URNA_ERROR_INIT;
        uint8_t random[16], read[16], phi[32], want[32], sk[32], pk[32];
        char code[URNA_CODE_TEXT];
        bytes_of(random, 16, v, "random");
        bytes_of(phi, 32, v, "phi");
        urna_code_write(code, random);
        assert_string_equal(code, text_of(v, "code"));
        assert_int_equal(urna_code_read(read, code, strlen(code), NULL), URNA_OK);
        assert_memory_equal(read, random, 16);
        assert_ok(urna_code_key(sk, random, phi, (unsigned)number_of(v, "factor"), &err), err);
        bytes_of(want, 32, v, "sk_le");
        assert_memory_equal(sk, want, 32);
        assert_true(urna_credential_public(pk, sk));
        bytes_of(want, 32, v, "pk");
        assert_memory_equal(pk, want, 32);
    }
    json_decref(j);
}

static void code_check_vectors_of_the_law(void **state)
{
    (void)state;
    json_t *j = vectors("law-vectors.json"), *v;
    json_t *list = json_object_get(json_object_get(j, "code_check"), "cases");
    size_t i, located = 0;
    assert_int_equal(json_array_size(list), 43);
    json_array_foreach(list, i, v)
    {
        const char *text = text_of(v, "text");
        const json_t *want = json_object_get(v, "expect");
        struct urna_code_hint hint;
        uint8_t read[16], random[16], zero[16] = {0};
        enum urna_status st = urna_code_read(read, text, strlen(text), &hint);
        assert_int_equal(st == URNA_OK, number_of(want, "accept"));
        assert_int_equal(st == URNA_OK, hint.fault == URNA_CODE_GOOD);
        if (st == URNA_OK) {
            char code[URNA_CODE_TEXT];
            bytes_of(random, 16, want, "random");
            assert_memory_equal(read, random, 16);
            urna_code_write(code, read);
            assert_string_equal(code, text_of(want, "code"));
        } else {
            assert_memory_equal(read, zero, 16);
        }
        if (json_object_get(want, "wrong_at")) {
            assert_int_equal(hint.fault, URNA_CODE_CHECK);
            assert_int_equal(hint.at, number_of(want, "wrong_at"));
            assert_int_equal(hint.right, text_of(want, "right_is")[0]);
            located++;
        }
    }
    assert_int_equal(located, 9);
    json_decref(j);
}

static void strip(char *code)
{
    char *to = code;
    for (const char *p = code; *p; p++)
        if (*p != '-')
            *to++ = *p;
    *to = 0;
}

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void code_every_single_error_located(void **state)
{
    (void)state;
    uint8_t random[16], read[16];
    char code[URNA_CODE_TEXT];
    struct urna_code_hint hint;
    urna_random(random, 16);
    urna_code_write(code, random);
    strip(code);
    for (uint32_t at = 1; at <= URNA_CODE_LEN; at++)
        for (unsigned d = 0; d < 32; d++) {
            char was = code[at - 1];
            if (digits[d] == was)
                continue;
            code[at - 1] = digits[d];
            assert_int_equal(urna_code_read(read, code, URNA_CODE_LEN, &hint), URNA_FALSE);
            assert_int_equal(hint.at, at);
            assert_int_equal(hint.right, was);
            code[at - 1] = was;
        }
}

static void code_every_double_error_and_swap_refused(void **state)
{
    (void)state;
    uint8_t random[16], read[16];
    char code[URNA_CODE_TEXT];
    urna_random(random, 16);
    urna_code_write(code, random);
    strip(code);
    for (unsigned a = 0; a < URNA_CODE_LEN; a++)
        for (unsigned b = a + 1; b < URNA_CODE_LEN; b++) {
            char was_a = code[a], was_b = code[b];
            for (unsigned d = 0; d < 32 * 32; d += 7) {
                code[a] = digits[d / 32];
                code[b] = digits[d % 32];
                if (code[a] == was_a && code[b] == was_b)
                    continue;
                assert_int_equal(urna_code_read(read, code, URNA_CODE_LEN, NULL), URNA_FALSE);
            }
            code[a] = was_b;
            code[b] = was_a;
            if (was_a != was_b)
                assert_int_equal(urna_code_read(read, code, URNA_CODE_LEN, NULL), URNA_FALSE);
            code[a] = was_a;
            code[b] = was_b;
        }
}

static void code_round_trips_and_bad_characters(void **state)
{
    (void)state;
    uint8_t random[16], read[16];
    char code[URNA_CODE_TEXT];
    struct urna_code_hint hint;
    for (int i = 0; i < 2000; i++) {
        urna_random(random, 16);
        urna_code_write(code, random);
        assert_int_equal(strlen(code), URNA_CODE_TEXT - 1);
        assert_int_equal(urna_code_read(read, code, strlen(code), &hint), URNA_OK);
        assert_memory_equal(read, random, 16);
    }
    strip(code);
    for (unsigned c = 0; c < 256; c++) { /* exactly: digits, letters but U, and what is dropped */
        code[5] = (char)c;
        enum urna_status st = urna_code_read(read, code, URNA_CODE_LEN, &hint);
        bool separator = c == '-' || c == ' ' || (c >= 9 && c <= 13);
        bool digit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z' && c != 'U') ||
                     (c >= 'a' && c <= 'z' && c != 'u');
        if (separator)
            assert_true(st == URNA_FALSE && hint.fault == URNA_CODE_LENGTH && hint.at == 27);
        else if (!digit)
            assert_true(st == URNA_FALSE && hint.fault == URNA_CODE_CHARACTER && hint.at == 6);
        else
            assert_true(st == URNA_OK || (hint.fault == URNA_CODE_CHECK && hint.at == 6));
    }
    struct urna_error err = URNA_ERROR_INIT;
    uint8_t sk[32], phi[32] = {0};
    assert_status(URNA_INPUT, urna_code_key(sk, random, phi, 3, &err), err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_vectors_of_the_law),
        cmocka_unit_test(code_check_vectors_of_the_law),
        cmocka_unit_test(code_every_single_error_located),
        cmocka_unit_test(code_every_double_error_and_swap_refused),
        cmocka_unit_test(code_round_trips_and_bad_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
