/* The page builder: escaping, structure, numbers in four languages, the policy in the head. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hash/sha256.h"
#include "report/html.h"
#include "report/evidence_words.h"
#include "report/look.h"

static bool has(struct urna_html *h, const char *s)
{
    return strstr(urna_buf_cstr(&h->out), s) != NULL;
}

static void text_is_escaped(void **state)
{
    (void)state;
    struct urna_html h = {0};
    urna_html_text(&h, "<b title=\"x\" id='y'>&\x01\x7f\xff\xc0\xafz");
    assert_string_equal(urna_buf_cstr(&h.out),
                        "&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt;&amp;"
                        "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
    urna_html_free(&h);
}

static void record_is_isolated(void **state)
{
    (void)state;
    struct urna_html h = {0};
    const char s[] = "</bdi><script>\xe2\x80\xae";
    urna_html_record(&h, s, sizeof s - 1, "be");
    assert_string_equal(urna_buf_cstr(&h.out),
                        "<bdi lang=\"be\">&lt;/bdi&gt;&lt;script&gt;\xe2\x80\xae</bdi>");
    urna_html_free(&h);
}

static void template_places_in_any_order(void **state)
{
    (void)state;
    struct urna_html h = {0};
    URNA_HTML_FILL(&h, "<em>{2}</em> {1b} {3c} {4h} {5m} {6} {x} {0} {", "a<", "b&", "c", "d",
                   "<i>e</i>");
    assert_string_equal(
        urna_buf_cstr(&h.out),
        "<em>b&amp;</em> <bdi>a&lt;</bdi> <code>c</code> <code class=\"hash\">d</code> <i>e</i> "
        "\xef\xbf\xbd {x} {0} {");
    urna_html_free(&h);
}

static void argument_with_places_is_not_expanded(void **state)
{
    (void)state;
    struct urna_html h = {0};
    URNA_HTML_FILL(&h, "{1}{2}", "{2m}", "<x>");
    assert_string_equal(urna_buf_cstr(&h.out), "{2m}&lt;x&gt;");
    urna_html_free(&h);
}

static void policy_names_the_style(void **state)
{
    (void)state;
    uint8_t digest[32];
    urna_sha256(digest, urna_look_css, urna_look_css_len);
    struct urna_buf b64 = {0};
    urna_base64(&b64, digest, sizeof digest);
    assert_string_equal(urna_buf_cstr(&b64), urna_look_css_sha256);
    assert_true(urna_look_css_len <= 12000); /* the budget of the house style */
    urna_buf_free(&b64);
}

static void page_has_structure_and_nothing_that_runs(void **state)
{
    (void)state;
    struct urna_html h = {0};
    const struct urna_html_head head = {.lang = URNA_RU,
                                        .title = "Окончательно: <x>",
                                        .kind = "Отчёт",
                                        .when = "сегодня",
                                        .skip = "К ответу",
                                        .test = "<strong>Пробное.</strong>",
                                        .heading = "Рада <script>alert(1)</script>",
                                        .heading_lang = "be",
                                        .images = true};
    urna_html_begin(&h, &head);
    urna_html_verdict(&h, URNA_HTML_LOUD, URNA_ICON_NO, "Not valid", "Use no number.", NULL);
    const struct urna_html_rung rungs[] = {{true, "consistent", "yes"}, {false, "final", "no"}};
    urna_html_ladder(&h, rungs, 2);
    const uint8_t digest[32] = {0x62, 0x0e, 0xf0, 0x2b};
    urna_html_fingerprint(&h, "Fingerprint", digest, NULL);
    const struct urna_html_entry toc[] = {{"result", "Result"}, {"proof", "Proof"}};
    urna_html_toc(&h, "Contents", toc, 2);
    urna_html_section(&h, "result", "Result");
    const struct urna_html_column columns[] = {
        {"List", URNA_COL_TEXT}, {"Votes", URNA_COL_NUMBER}, {NULL, URNA_COL_BAR}};
    urna_html_table(&h, "Votes", columns, 3, true);
    urna_html_group(&h, "First");
    urna_html_row(&h, false);
    urna_html_th_record(&h, "A", "Liste \"1\"", 9, NULL);
    urna_html_td_num(&h, "7", true);
    urna_html_td_bar(&h, 120);
    urna_html_group(&h, "Second");
    urna_html_row(&h, true);
    urna_html_th(&h, NULL, "B", false);
    urna_html_td_status(&h, URNA_HTML_GOOD, URNA_ICON_OK, "holds");
    urna_html_td(&h, "");
    urna_html_total(&h);
    urna_html_row(&h, false);
    urna_html_th(&h, NULL, "All", false);
    urna_html_td(&h, "");
    urna_html_td(&h, "");
    urna_html_table_close(&h);
    urna_html_section_close(&h);
    urna_html_section(&h, "proof", "Proof");
    urna_html_two(&h, URNA_ICON_OK, "Proved");
    urna_html_two_next(&h, URNA_ICON_NONE, "Not proved");
    urna_html_two_close(&h);
    urna_html_figure(&h, true, "Picture", 100, 50, "A dot");
    urna_svg_circle(&h, "a1", 1, 2.25, -0.01);
    const uint8_t level[6] = {0, 15, 1, 2, 3, 4};
    urna_svg_density(&h, 0, 0, 10, 10, level, 3, 2);
    urna_html_figure_close(&h, NULL);
    urna_html_section_close(&h);
    const char *const foot[] = {"End."};
    urna_html_end(&h, foot, 1);

    assert_true(has(&h, "<html lang=\"ru\">"));
    assert_true(has(&h, "default-src 'none'; style-src 'sha256-"));
    assert_true(has(&h, "img-src data:;"));
    assert_true(has(&h, "<span>620E</span><span>F02B</span>"));
    assert_true(has(&h, "<li class=\"off\">"));
    assert_true(has(&h, "<h2 id=\"h-proof\"><b>2</b>Proof</h2>"));
    assert_true(has(&h, "<rect width=\"100.00\""));
    assert_true(has(&h, "<tbody><tr><th class=\"g\" colspan=\"3\""));
    assert_true(has(&h, "</tr></tbody>\n<tbody><tr><th class=\"g\""));
    assert_true(has(&h, "</tbody>\n<tfoot>\n<tr>"));
    assert_true(has(&h, "cx=\"1\" cy=\"2.2\" r=\"0\""));
    assert_true(has(&h, "data:image/png;base64,iVBORw0KGgo"));
    assert_false(has(&h, "<script"));
    assert_false(has(&h, "style=\""));
    assert_false(has(&h, "http://"));
    assert_false(has(&h, "https://"));
    urna_html_free(&h);
}

static void numbers_in_four_languages(void **state)
{
    (void)state;
    char b[URNA_SAY_MAX];
    assert_string_equal(urna_say_u64(b, URNA_EN, 6723), "6,723");
    assert_string_equal(urna_say_u64(b, URNA_BE, 6723), "6\xe2\x80\xaf"
                                                        "723");
    assert_string_equal(urna_say_u64(b, URNA_ES, 6723), "6723");
    assert_string_equal(urna_say_u64(b, URNA_ES, 80904), "80\xe2\x80\xaf"
                                                         "904");
    assert_string_equal(urna_say_u64(b, URNA_EN, UINT64_MAX), "18,446,744,073,709,551,615");
    assert_string_equal(urna_say_i64(b, URNA_EN, INT64_MIN), "\xe2\x88\x92"
                                                             "9,223,372,036,854,775,808");
    assert_string_equal(urna_say_signed(b, URNA_RU, 94), "+94");
    assert_string_equal(urna_say_signed(b, URNA_RU, 0), "0");
    assert_string_equal(urna_say_share(b, URNA_EN, 2358, 6723, 2), "35.07%");
    assert_string_equal(urna_say_share(b, URNA_RU, 2358, 6723, 2), "35,07\xc2\xa0%");
    assert_string_equal(urna_say_share(b, URNA_EN, 1, 8, 1), "12.5%");
    assert_string_equal(urna_say_share(b, URNA_EN, 1, 8, 0), "13%"); /* half up */
    assert_string_equal(urna_say_share(b, URNA_EN, 0, 7, 2), "0.00%");
    assert_string_equal(urna_say_share(b, URNA_EN, 7, 7, 1), "100.0%");
    assert_string_equal(urna_say_share(b, URNA_EN, 1, 3000, 2), "0.03%");
    assert_string_equal(urna_say_share(b, URNA_EN, 1, 0, 2), "\xe2\x80\x93");
    assert_string_equal(urna_say_decimal(b, URNA_EN, -1708.84, 1), "\xe2\x88\x92"
                                                                   "1,708.8");
    assert_string_equal(urna_say_decimal(b, URNA_EN, -0.001, 1), "0.0");
    assert_string_equal(urna_say_signed_decimal(b, URNA_ES, 94.8, 1), "+94,8");
    assert_string_equal(urna_say_time(b, URNA_EN, 1716876720), "28 May 2024, 06:12 UTC");
    assert_string_equal(urna_say_time(b, URNA_ES, 1716876720), "28 de mayo de 2024, 06:12 UTC");
    assert_string_equal(urna_say_time(b, URNA_BE, 1716876720), "28 мая 2024, 06:12 UTC");
}

/* Every sentence in every language, with the same places as the English one. */
static void sentences_are_whole_in_four_languages(void **state)
{
    (void)state;
    for (int w = 0; w < W_COUNT; w++) {
        const char *english = urna_evidence_word(URNA_EN, (enum urna_evidence_word)w);
        for (int lang = 0; lang < URNA_N_LANGS; lang++) {
            const char *s = urna_evidence_word((enum urna_lang)lang, (enum urna_evidence_word)w);
            assert_non_null(s);
            assert_true(strlen(s) > 0);
            for (char digit = '1'; digit <= '9'; digit++) {
                const char place[3] = {'{', digit, 0};
                assert_int_equal(strstr(s, place) != NULL, strstr(english, place) != NULL);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(record_is_isolated),
        cmocka_unit_test(template_places_in_any_order),
        cmocka_unit_test(argument_with_places_is_not_expanded),
        cmocka_unit_test(policy_names_the_style),
        cmocka_unit_test(page_has_structure_and_nothing_that_runs),
        cmocka_unit_test(numbers_in_four_languages),
        cmocka_unit_test(sentences_are_whole_in_four_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
