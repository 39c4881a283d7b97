#include "test.h"

#include <jansson.h>
#include <math.h>

#include "base/json_out.h"

static void all_kinds_of_values_in_one_line(void **state)
{
    (void)state;
    struct urna_json j = {0};
    urna_json_open(&j, NULL, '{');
    urna_json_str(&j, "name", "Дзяржава");
    urna_json_open(&j, "list", '[');
    urna_json_u64(&j, NULL, UINT64_MAX);
    urna_json_i64(&j, NULL, INT64_MIN);
    urna_json_open(&j, NULL, '{');
    urna_json_close(&j, '}');
    urna_json_open(&j, NULL, '[');
    urna_json_close(&j, ']');
    urna_json_null(&j, NULL);
    urna_json_close(&j, ']');
    urna_json_bool(&j, "yes", true);
    urna_json_bool(&j, "no", false);
    urna_json_hex(&j, "hash", (const uint8_t *)"\x0A\xFF", 2);
    urna_json_double(&j, "half", 0.5);
    urna_json_double(&j, "nan", NAN);
    urna_json_double(&j, "inf", -INFINITY);
    urna_json_close(&j, '}');
    assert_string_equal(urna_buf_cstr(&j.out),
                        "{\"name\":\"Дзяржава\",\"list\":[18446744073709551615,"
                        "-9223372036854775808,{},[],null],\"yes\":true,\"no\":false,"
                        "\"hash\":\"0AFF\",\"half\":0.5,\"nan\":null,\"inf\":null}");
    urna_json_free(&j);
    assert_null(j.out.p);
}

/* What we write, a strict reader reads back to the same characters. */
static void strings_survive_a_strict_reader(void **state)
{
    (void)state;
    char text[3 * 256];
    size_t len = 0;
    for (unsigned c = 1; c < 256; c++) { /* jansson's plain strings end at NUL */
        if (c < 0x80) {
            text[len++] = (char)c;
        } else {
            text[len++] = (char)(0xC0 | c >> 6);
            text[len++] = (char)(0x80 | (c & 63));
        }
    }
    struct urna_json j = {0};
    urna_json_open(&j, NULL, '[');
    urna_json_strn(&j, NULL, text, len);
    urna_json_close(&j, ']');
    json_error_t e;
    json_t *root = json_loadb((const char *)j.out.p, j.out.len, JSON_REJECT_DUPLICATES, &e);
    assert_non_null(root);
    json_t *s = json_array_get(root, 0);
    assert_int_equal(json_string_length(s), len);
    assert_memory_equal(json_string_value(s), text, len);
    for (size_t i = 0; i < j.out.len; i++) /* and nothing in it acts on a terminal */
        assert_true(j.out.p[i] >= 0x20 && j.out.p[i] != 0x7F);
    json_decref(root);
    urna_json_free(&j);
}

static void bad_utf8_and_nul_are_made_safe(void **state)
{
    (void)state;
    struct urna_json j = {0};
    urna_json_strn(&j, NULL, "a\xFF\xC3(\0\"\\", 7);
    assert_string_equal(urna_buf_cstr(&j.out), "\"a\uFFFD\uFFFD(\\u0000\\\"\\\\\"");
    urna_json_free(&j);
}

static void doubles_come_back_exactly(void **state)
{
    (void)state;
    static const double v[] = {0.1, 1.0 / 3, 1e300, -5e-324, 66.6, 123456789012345680.0};
    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++) {
        struct urna_json j = {0};
        urna_json_open(&j, NULL, '[');
        urna_json_double(&j, NULL, v[i]);
        urna_json_close(&j, ']');
        json_error_t e;
        json_t *root = json_loadb((const char *)j.out.p, j.out.len, 0, &e);
        assert_non_null(root);
        double back = json_number_value(json_array_get(root, 0));
        assert_memory_equal(&back, &v[i], sizeof back);
        json_decref(root);
        urna_json_free(&j);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kinds_of_values_in_one_line),
        cmocka_unit_test(strings_survive_a_strict_reader),
        cmocka_unit_test(bad_utf8_and_nul_are_made_safe),
        cmocka_unit_test(doubles_come_back_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
