#include "test.h"
#include "base/bytes.h"

static void view_equality(void **state)
{
    (void)state;
    assert_true(urna_view_eq(urna_view(NULL, 0), urna_view_str("")));
    assert_true(urna_view_eq_str(urna_view_str("abc"), "abc"));
    assert_false(urna_view_eq_str(urna_view_str("abc"), "abd"));
    assert_false(urna_view_eq_str(urna_view_str("abc"), "ab"));
    assert_false(urna_view_eq(urna_view("a\0b", 3), urna_view("a\0c", 3)));
}

static void buf_numbers_are_big_endian(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    urna_buf_u8(&b, 0x01);
    urna_buf_be16(&b, 0x0203);
    urna_buf_be32(&b, 0x04050607);
    urna_buf_be64(&b, 0x08090A0B0C0D0E0Fu);
    assert_int_equal(b.len, 15);
    for (uint8_t i = 0; i < 15; i++)
        assert_int_equal(b.p[i], i + 1);
    assert_int_equal(urna_get_be32(b.p + 3), 0x04050607);
    assert_true(urna_get_be64(b.p + 7) == 0x08090A0B0C0D0E0Fu);
    urna_buf_free(&b);
    assert_null(b.p);
    assert_int_equal(b.len + b.cap, 0);
}

static void buf_grows_and_is_reused(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    for (unsigned i = 0; i < 5000; i++)
        urna_buf_printf(&b, "%u,", i % 10);
    assert_int_equal(b.len, 10000);
    for (unsigned i = 0; i < 5000; i++)
        assert_int_equal(b.p[2 * i], '0' + (int)(i % 10));
    const uint8_t *before = b.p;
    urna_buf_reset(&b);
    assert_int_equal(b.len, 0);
    assert_string_equal(urna_buf_cstr(&b), "");
    urna_buf_str(&b, "urna");
    urna_buf_char(&b, '!');
    urna_buf_add(&b, NULL, 0);
    assert_ptr_equal(b.p, before);
    assert_string_equal(urna_buf_cstr(&b), "urna!");
    assert_int_equal(urna_buf_view(&b).len, 5);
    urna_buf_free(&b);
    assert_string_equal(urna_buf_cstr(&b), ""); /* an empty buffer too is a string */
    urna_buf_free(&b);
}

static void hex_is_upper_case_both_ways(void **state)
{
    (void)state;
    const uint8_t in[] = {0x00, 0x0F, 0xA5, 0xFF};
    char text[9];
    uint8_t out[4];
    urna_hex(text, in, 4);
    assert_string_equal(text, "000FA5FF");
    assert_true(urna_unhex(out, 4, text, 8));
    assert_memory_equal(in, out, 4);
    assert_false(urna_unhex(out, 4, "000fa5ff", 8));
    assert_false(urna_unhex(out, 4, "000FA5Ff", 8));
    memset(out, 1, 4);
    assert_true(urna_unhex_any(out, 4, "000fA5fF", 8));
    assert_memory_equal(in, out, 4);

    struct urna_buf b = {0};
    urna_buf_hex(&b, in, 4);
    assert_string_equal(urna_buf_cstr(&b), "000FA5FF");
    urna_buf_free(&b);
}

static void unhex_every_wrong_character_and_length_refused(void **state)
{
    (void)state;
    uint8_t out[2];
    char s[4] = {'0', '0', '0', '0'};
    for (int c = 0; c < 256; c++) {
        s[3] = (char)c;
        bool upper = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
        bool lower = c >= 'a' && c <= 'f';
        assert_int_equal(urna_unhex(out, 2, s, 4), upper);
        assert_int_equal(urna_unhex_any(out, 2, s, 4), upper || lower);
    }
    assert_false(urna_unhex(out, 2, "0000", 3));
    assert_false(urna_unhex(out, 1, "0000", 4));
    assert_false(urna_unhex(out, 2, "00", 2));
    assert_true(urna_unhex(out, 0, "", 0));
}

/* RFC 4648, section 10 */
static void base64_rfc4648_vectors(void **state)
{
    (void)state;
    static const char *const v[][2] = {{"", ""},
                                       {"f", "Zg=="},
                                       {"fo", "Zm8="},
                                       {"foo", "Zm9v"},
                                       {"foob", "Zm9vYg=="},
                                       {"fooba", "Zm9vYmE="},
                                       {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < 7; i++) {
        struct urna_buf b = {0}, back = {0};
        urna_base64(&b, (const uint8_t *)v[i][0], strlen(v[i][0]));
        assert_string_equal(urna_buf_cstr(&b), v[i][1]);
        assert_true(urna_unbase64(&back, v[i][1], strlen(v[i][1])));
        assert_string_equal(urna_buf_cstr(&back), v[i][0]);
        urna_buf_free(&b);
        urna_buf_free(&back);
    }
}

static void base64_all_lengths_come_back(void **state)
{
    (void)state;
    uint8_t in[256];
    for (size_t i = 0; i < 256; i++)
        in[i] = (uint8_t)(i * 167 + 13);
    for (size_t n = 0; n <= 256; n++) {
        struct urna_buf b = {0}, back = {0};
        urna_base64(&b, in, n);
        assert_int_equal(b.len, (n + 2) / 3 * 4);
        assert_true(urna_unbase64(&back, urna_buf_cstr(&b), b.len));
        assert_true(urna_view_eq(urna_buf_view(&back), urna_view(in, n)));
        urna_buf_free(&b);
        urna_buf_free(&back);
    }
}

static void unbase64_other_spellings_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "Z",
        "Zg",
        "Zg=",
        "Zh==" /* unused bits */,
        "Zm9=" /* unused bits */,
        "Zg==Zg==",
        "Z===",
        "====",
        "Zg=A",
        "Zm9v\n",
        " Zm9v",
        "Zm9v ===",
        "Zm-_",
        "Zm9vYg==\n",
        "=m9v",
        "Zm=v",
        "Zm\0v",
        "Zm9\xC3v",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct urna_buf b = {0};
        urna_buf_str(&b, "kept");
        size_t len = strlen(bad[i]);
        assert_false(urna_unbase64(&b, bad[i], len == 2 && bad[i][1] == 'm' ? 4 : len));
        assert_string_equal(urna_buf_cstr(&b), "kept");
        urna_buf_free(&b);
    }
}

static bool parse(const char *s, uint64_t max, uint64_t *x)
{
    return urna_parse_u64(x, s, strlen(s), max);
}

static void parse_u64_one_spelling_and_limits(void **state)
{
    (void)state;
    uint64_t x = 7;
    assert_true(parse("0", 0, &x) && x == 0);
    assert_true(parse("18446744073709551615", UINT64_MAX, &x) && x == UINT64_MAX);
    assert_true(parse("6723", 6723, &x) && x == 6723);
    x = 7;
    static const char *const bad[] = {"",
                                      "00",
                                      "01",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1,0",
                                      "0x10",
                                      "1e3",
                                      "6724",
                                      "18446744073709551616",
                                      "99999999999999999999",
                                      "100000000000000000000",
                                      "٣"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(parse(bad[i], strcmp(bad[i], "6724") == 0 ? 6723 : UINT64_MAX, &x));
    assert_int_equal(x, 7);
    assert_true(urna_parse_u64(&x, "12x", 2, 99) && x == 12); /* the length counts, not a NUL */
}

/* Every scalar value, encoded by the plain definition, is read back; surrogates are not. */
static void utf8_every_scalar_value(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++) {
        uint8_t s[4];
        size_t n, i = 0;
        if (c < 0x80) {
            n = 1;
            s[0] = (uint8_t)c;
        } else if (c < 0x800) {
            n = 2;
            s[0] = (uint8_t)(0xC0 | c >> 6);
        } else if (c < 0x10000) {
            n = 3;
            s[0] = (uint8_t)(0xE0 | c >> 12);
        } else {
            n = 4;
            s[0] = (uint8_t)(0xF0 | c >> 18);
        }
        for (size_t k = 1; k < n; k++)
            s[k] = (uint8_t)(0x80 | (c >> 6 * (n - 1 - k) & 63));
        uint32_t got = 0;
        bool surrogate = c >= 0xD800 && c < 0xE000;
        if (urna_utf8_next(s, n, &i, &got) == surrogate || (!surrogate && (got != c || i != n)))
            fail_msg("U+%04X", (unsigned)c);
        i = 0;
        if (n > 1 && urna_utf8_next(s, n - 1, &i, &got)) /* cut off */
            fail_msg("U+%04X cut", (unsigned)c);
    }
}

static void utf8_bad_sequences_refused_without_moving(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80",
                                      "\xBF",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xC2",
                                      "\xC2\x41",
                                      "\xC2\xC0",
                                      "\xE0\x80\x80",
                                      "\xE0\x9F\xBF",
                                      "\xED\xA0\x80",
                                      "\xED\xBF\xBF",
                                      "\xE2\x82\x41",
                                      "\xF0\x80\x80\x80",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xF8\x88\x80\x80\x80",
                                      "\xFE",
                                      "\xFF"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        size_t i = 0;
        uint32_t c;
        assert_false(urna_utf8_next((const uint8_t *)bad[k], strlen(bad[k]), &i, &c));
        assert_int_equal(i, 0);
    }
    size_t i = 3;
    uint32_t c;
    assert_false(urna_utf8_next((const uint8_t *)"abc", 3, &i, &c)); /* at the end */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(view_equality),
        cmocka_unit_test(buf_numbers_are_big_endian),
        cmocka_unit_test(buf_grows_and_is_reused),
        cmocka_unit_test(hex_is_upper_case_both_ways),
        cmocka_unit_test(unhex_every_wrong_character_and_length_refused),
        cmocka_unit_test(base64_rfc4648_vectors),
        cmocka_unit_test(base64_all_lengths_come_back),
        cmocka_unit_test(unbase64_other_spellings_refused),
        cmocka_unit_test(parse_u64_one_spelling_and_limits),
        cmocka_unit_test(utf8_every_scalar_value),
        cmocka_unit_test(utf8_bad_sequences_refused_without_moving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
