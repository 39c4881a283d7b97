/* What the judge says, in four languages: every row is whole, and every text is put together again
 * from its values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/reasons.h"
#include "report/verdict_words.h"

static bool has_place(const char *s, char digit)
{
    for (; (s = strchr(s, '{')) != NULL; s++)
        if (s[1] == digit)
            return true;
    return false;
}

/* A value may be left out only where it stands twice in English ("byte 7: ballot at byte 7"). */
static void check_row(const struct urna_reason *r)
{
    for (int lang = 0; lang < URNA_N_LANGS; lang++) {
        unsigned missing = 0;
        assert_non_null(r->text[lang]);
        assert_true(strlen(r->text[lang]) > 0);
        if (r->text[lang][strlen(r->text[lang]) - 1] == '.')
            fail_msg("ends with a dot: %s", r->text[lang]);
        for (char digit = '1'; digit <= '9'; digit++) {
            bool in_english = has_place(r->text[URNA_EN], digit);
            if (has_place(r->text[lang], digit) && !in_english)
                fail_msg("a place that the English text does not have: %s", r->text[lang]);
            missing += in_english && !has_place(r->text[lang], digit);
        }
        bool twice = strstr(r->text[URNA_EN], " at byte ") != NULL;
        if (missing > (twice ? 1 : 0))
            fail_msg("a place is missing: %s", r->text[lang]);
    }
}

static void rows_are_whole(void **state)
{
    (void)state;
    size_t n = 0;
    for (const struct urna_reason *r = urna_reasons_of_rules; r->text[0]; r++, n++)
        check_row(r);
    for (const struct urna_reason *r = urna_reasons_of_forms; r->text[0]; r++, n++)
        check_row(r);
    for (const struct urna_reason *r = urna_reasons_of_tables; r->text[0]; r++, n++)
        check_row(r);
    assert_true(n > 200);
}

static void check(enum urna_lang lang, const char *english, const char *want)
{
    struct urna_buf b = {0};
    assert_true(urna_reason_say(&b, lang, english));
    assert_string_equal(urna_buf_cstr(&b), want);
    urna_buf_free(&b);
}

static void values_stand_in_their_places(void **state)
{
    (void)state;
    check(URNA_RU, "contest 1, option 12: the proof does not hold",
          "вопрос 1, вариант 12: доказательство неверно");
    check(URNA_ES, "{1i} is no registrar", "{1i} no es registrador"); /* no place in a value */
    check(URNA_EN, "the anchor's root is not that of this log at size 7431",
          "the anchor's root is not that of this log at size 7,431");
    check(URNA_BE, "attempt 2: g1 sent g3 a wrong share",
          "спроба 2: g1 даслаў няправільную долю, атрымальнік g3");
    check(URNA_ES, "The checkpoint is of another log.", "el punto de control es de otro registro");
    check(URNA_ES, "only 3 rows of cell a-b, style x, weight 1: fewer than m_roll = 20",
          "celda a-b, tipo de papeleta x, peso 1: solo 3 filas, menos que m_roll = 20");
}

static void texts_inside_texts_are_translated(void **state)
{
    (void)state;
    check(URNA_RU,
          "a result that the record does not prove (E12): body, byte 1204: result at byte 1204: "
          "default written out",
          "результат, которого запись не доказывает (E12): содержимое записи result, байт "
          "1\xe2\x80\xaf"
          "204: записано значение, которое должно опускаться");
    check(URNA_BE,
          "The log does not begin with an acceptable manifest (E13: two options with the id a).",
          "журнал не пачынаецца з прымальнага маніфеста (E13: два варыянты з імем a)");
}

static void any_text_stands_in_quotes(void **state)
{
    (void)state;
    check(URNA_ES, "\"a <b> {1} \" is no whole number\" is no whole number",
          "«a <b> {1} \" is no whole number» no es un número entero");
    check(URNA_RU, "\"12 345 678...\"... is too large", "«12 345 678...…» слишком большое число");
}

static void what_is_not_known_stays_english(void **state)
{
    (void)state;
    static const char *const text[] = {"", "no such text", "body, byte 7: no such text",
                                       "contest x, option 2: the proof does not hold",
                                       ("checkpoint: checkpoint: checkpoint: checkpoint: "
                                        "checkpoint: checkpoint: checkpoint: ends early")};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct urna_buf b = {0};
        assert_false(urna_reason_say(&b, URNA_BE, text[i]));
        assert_string_equal(urna_buf_cstr(&b), text[i]);
        urna_buf_free(&b);
    }
}

static void words_of_the_verdict_are_whole(void **state)
{
    (void)state;
    for (int w = 0; w < W_COUNT; w++) {
        const char *english = urna_verdict_word(URNA_EN, (enum urna_verdict_word)w);
        for (int lang = 0; lang < URNA_N_LANGS; lang++) {
            const char *s = urna_verdict_word((enum urna_lang)lang, (enum urna_verdict_word)w);
            assert_non_null(s);
            assert_true(strlen(s) > 0);
            for (char digit = '1'; digit <= '9'; digit++)
                if (has_place(s, digit) != has_place(english, digit))
                    fail_msg("other places than in English: %s", s);
        }
    }
}

/* test_reasons LANG: each line of stdin in that language; for tests/tools/test_reasons.py. */
static int filter(const char *name)
{
    enum urna_lang lang;
    char line[2000];
    if (!urna_lang_parse(&lang, name))
        return 2;
    while (fgets(line, sizeof line, stdin)) {
        struct urna_buf b = {0};
        line[strcspn(line, "\n")] = 0;
        bool known = urna_reason_say(&b, lang, line);
        printf("%s\t%s\n", known ? "ok" : "unknown", urna_buf_cstr(&b));
        urna_buf_free(&b);
    }
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_whole),
        cmocka_unit_test(values_stand_in_their_places),
        cmocka_unit_test(texts_inside_texts_are_translated),
        cmocka_unit_test(any_text_stands_in_quotes),
        cmocka_unit_test(what_is_not_known_stays_english),
        cmocka_unit_test(words_of_the_verdict_are_whole),
    };
    if (argc == 2)
        return filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
