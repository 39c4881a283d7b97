/* The verification report of golden records: well-formed in every state and language, nothing that
 * runs or loads, no result where there must be none, and nothing from a record that is not escaped.
 */
#include "../log/log_testing.h"
#include "page_testing.h"

#include "hash/sha256.h"
#include "log/tile.h"
#include "report/html.h"
#include "report/look.h"
#include "report/verdict.h"
#include "report/verdict_view.h"

/* ---- pages of records ---- */

struct shown {
    struct urna_verdict v;
    struct urna_trust trust;
    struct urna_buf page;
};

static bool has(struct shown *s, const char *text)
{
    return strstr(urna_buf_cstr(&s->page), text) != NULL;
}

static void expect(struct shown *s, const char *text)
{
    if (!has(s, text))
        fail_msg("the page does not say: %s", text);
}

static void expect_not(struct shown *s, const char *text)
{
    if (has(s, text))
        fail_msg("the page says: %s", text);
}

static void verify(struct shown *s, const char *path, const char *trust)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf text = {0};
    struct urna_verify_options o = {.threads = 2};
    *s = (struct shown){0};
    if (trust) {
        char *trust_path = data_path(trust);
        assert_int_equal(urna_file_read(&text, trust_path, 1 << 20, NULL, &err), URNA_OK);
        assert_int_equal(urna_trust_read(&s->trust, urna_buf_view(&text), &err), URNA_OK);
        o.trust = &s->trust;
        urna_buf_free(&text);
        free(trust_path);
    }
    if (urna_verify(&s->v, path, &o, &err) != URNA_OK)
        fail_msg("%s: %s", path, err.msg);
}

static void write_page(struct shown *s, enum urna_lang lang, const char *trust)
{
    static const uint8_t digest[32] = {1, 2, 3};
    const struct urna_verdict_page p = {.lang = lang,
                                        .record = "a record's <folder>",
                                        .trust_name = trust,
                                        .trust_sha256 = trust ? digest : NULL,
                                        .version = "1.2.3",
                                        .when = 1716876720};
    urna_buf_reset(&s->page);
    urna_verdict_html(&s->page, &s->v, &p);
    check_well_formed(urna_buf_cstr(&s->page));
    check_language(urna_buf_cstr(&s->page), lang);
    expect(s, urna_look_css_sha256);
    expect(s, "default-src 'none'");
    expect_not(s, "<script");
    expect_not(s, "style=\"");
    expect_not(s, "http://");
    expect_not(s, "https://");
    expect_not(s, "\xef\xbf\xbd"); /* a place of markup that nothing filled */
    for (const char *x = urna_buf_cstr(&s->page); (x = strchr(x, '{')) != NULL; x++)
        if (x[1] >= '1' && x[1] <= '9' && x[2] == '}') /* or of text */
            fail_msg("not filled: %.40s", x);
}

/* Every language has the sentences of the page, with all places filled. */
static void write_pages(struct shown *s, const char *trust)
{
    for (int lang = URNA_N_LANGS; lang-- > 0;) /* English last: the tests read that one */
        write_page(s, (enum urna_lang)lang, trust);
}

static void drop(struct shown *s)
{
    urna_verdict_free(&s->v);
    urna_trust_free(&s->trust);
    urna_buf_free(&s->page);
}

static void open_golden(struct shown *s, const char *name, const char *trust)
{
    char file[200];
    snprintf(file, sizeof file, "records/%s.tar.zst", name);
    char *path = data_path(file);
    verify(s, path, trust);
    write_pages(s, trust);
    free(path);
}

static void open_damaged(struct shown *s, const char *name, const char *trust)
{
    char inside[200];
    char *folder = new_folder();
    snprintf(inside, sizeof inside, "%s/", name);
    unpack_golden("records/damaged.tar.zst", inside, folder);
    verify(s, folder, trust);
    write_pages(s, trust);
    drop_folder(folder);
}

/* Nothing that could be taken for a result. */
static void expect_no_result(struct shown *s)
{
    expect_not(s, "class=\"v good\"");
    expect_not(s, "id=\"result\"");
    expect_not(s, "id=\"seats\"");
    expect_not(s, "class=\"bar\"");
    expect_not(s, "<li class=\"on\">");
}

static void final_record(void **state)
{
    (void)state;
    struct shown s;
    open_golden(&s, "rist-full", "records/trust/rist-full.trust");
    expect(&s, "<title>Final: TEST full, verification report</title>");
    expect(&s, "class=\"v good\"");
    expect(&s, "<p class=\"test\"><strong>Test election.</strong>");
    expect(&s, "Checked 28 May 2024, 06:12 UTC");
    expect(&s, "Void entries: 22");
    expect(&s, "Totals of as few as 3 people may be published.");
    expect(&s, "<h2 id=\"h-repeat\"><b>8</b>Repeat it</h2>");
    expect(&s,
           "urna verify &#39;a record&#39;\\&#39;&#39;s &lt;folder&gt;&#39; <span>--trust</span> ");
    expect(&s, "0102030000000000"); /* of the trust file */
    drop(&s);
}

/* The numbers of the page are those of expected.json. */
static void numbers_are_the_records(void **state)
{
    (void)state;
    struct shown s;
    char row[200];
    open_golden(&s, "rist-small", "records/trust/rist-small.trust");
    json_t *all = load_vectors("records/expected.json");
    json_t *x = json_object_get(json_object_get(all, "records"), "rist-small");
    assert_string_equal(json_string_value(json_object_get(x, "answer")), "final");
    json_t *totals = json_array_get(json_object_get(x, "totals"), 0);
    assert_true(json_array_size(totals) > 1);
    for (size_t i = 0; i < json_array_size(totals); i++) {
        snprintf(row, sizeof row, "</th><td class=\"n\">%lld</td><td class=\"n\">",
                 (long long)json_integer_value(json_array_get(totals, i)));
        expect(&s, row);
    }
    snprintf(row, sizeof row, "<dt>Ballots counted</dt><dd>%lld</dd>",
             (long long)json_integer_value(json_array_get(json_object_get(x, "counted"), 0)));
    expect(&s, row);
    expect(&s, json_string_value(json_object_get(x, "countset")));
    json_decref(all);
    drop(&s);
}

static void as_found_is_never_green(void **state)
{
    (void)state;
    struct shown s;
    open_golden(&s, "rist-full", NULL);
    expect(&s, "<title>As found: ");
    expect(&s, "Not checked: that this is the election you mean.");
    expect(&s, "<span>--as-found</span> <span>--report</span> out.html");
    expect_not(&s, "class=\"v good\"");
    expect_not(&s, "class=\"t good\"");
    expect_not(&s, "word good");
    drop(&s);
}

static void lower_than_asked(void **state)
{
    (void)state;
    struct shown s;
    open_damaged(&s, "witness.count", "records/trust/rist-base.trust");
    assert_int_equal(s.v.answer, URNA_WITNESSED);
    expect(&s, "class=\"v wait\"");
    expect(&s, "Your trust file asks for <em>final</em>; that is not reached.");
    expect(&s, "Have not signed the result: ");
    expect(&s, "Silence is not an objection, and not consent.");
    drop(&s);
}

static void no_result_yet(void **state)
{
    (void)state;
    struct shown s;
    open_golden(&s, "rist-open", "records/trust/rist-open.trust");
    expect(&s, "<title>Consistent: ");
    expect(&s, "class=\"v calm\"");
    expect(&s, "No result is accepted in this log.");
    expect_not(&s, "class=\"bar\"");
    drop(&s);
}

static void witnesses_have_times_and_checks(void **state)
{
    (void)state;
    struct shown s;
    open_golden(&s, "rist-full", "records/trust/rist-full.trust");
    const struct urna_verdict_witness *w = &s.v.witness[0];
    assert_string_equal(w->name, "w1");
    assert_int_equal(w->countset_time, 1800101200); /* in an anchor, before the result was there */
    assert_int_equal(w->result_time, 1800106200);
    assert_int_equal(s.v.witness[1].own_answer, -1);
    assert_null(s.v.witness[1].software);
    expect(&s, "Times: 16 January 2027, UTC, by the witnesses’ own clocks.");
    expect(&s, "</svg>12:06</span>");
    expect(&s, "</svg>13:30</span>");
    expect(&s, "<td>consistent, <bdi>urna-test/1</bdi></td>");
    expect(&s, "<td>no verdict in the log</td>");
    expect(&s, ", entry 104</td>"); /* the seal */
    write_page(&s, URNA_ES, NULL);
    expect(&s, "Horas: 16 de enero de 2027, UTC");
    s.v.witness[0].countset_time -= 86400; /* not all of one day */
    write_page(&s, URNA_EN, NULL);
    expect(&s, "Times are in UTC, by the witnesses’ own clocks.");
    expect(&s, "</svg>15 January 2027, 12:06</span>");
    s.v.witness[0].software = "<b>";
    write_page(&s, URNA_EN, NULL);
    expect(&s, "<bdi>&lt;b&gt;</bdi>");
    drop(&s);
}

static void a_witness_can_accuse_the_board(void **state)
{
    (void)state;
    struct shown s;
    open_damaged(&s, "verdict.ok", "records/trust/rist-base.trust");
    expect(&s, "</svg>an anchor was withheld</span>, <bdi>urna-test/1</bdi></td>");
    drop(&s);
}

/* The first thing that a report says of a result that is not proved. */
static void unproved_result_comes_first(void **state)
{
    (void)state;
    struct shown s;
    open_damaged(&s, "result.totals", "records/trust/rist-base.trust");
    const char *page = urna_buf_cstr(&s.page);
    const char *unproved =
        strstr(page, "The record states a result that it does not prove (entry ");
    const char *word = strstr(page, "id=\"word\"");
    assert_non_null(unproved);
    assert_non_null(word);
    assert_true(unproved < word);
    expect_not(&s, "class=\"v good\"");
    drop(&s);
}

static void changed_after_signing(void **state)
{
    (void)state;
    struct shown s;
    char leaf[65];
    open_damaged(&s, "tree.byte", "records/trust/rist-base.trust");
    struct urna_fault_view f;
    urna_fault_view(&f, &s.v);
    assert_true(f.changed);
    assert_int_equal(f.entry, f.main->first);
    assert_string_equal(f.bundle, "tile/entries/000.p/46");
    assert_int_equal(f.more, 0);
    expect(&s, "<title>Not valid: TEST base, verification report</title>");
    expect(&s, "class=\"v loud\"");
    expect(&s, "This copy of the record was changed after it was signed.");
    expect(&s, "<p class=\"test\">");
    urna_hex(leaf, f.main->expected, 32);
    expect(&s, leaf);
    expect_no_result(&s);
    drop(&s);
}

/* Who does not know the log's key cannot say what the log signed. */
static void changed_needs_a_key(void **state)
{
    (void)state;
    struct shown s;
    open_damaged(&s, "tree.byte", NULL);
    struct urna_fault_view f;
    urna_fault_view(&f, &s.v);
    assert_false(f.changed);
    expect(&s, "This is not a valid record of the election.");
    expect_not(&s, "after it was signed");
    expect_not(&s, "TEST base");
    expect_no_result(&s);
    drop(&s);
}

static void other_invalid_records(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
    } record[] = {
        {"tree.tile-byte", "<code>tile/0/000.p/46</code>"},
        {"tree.swapped", "class=\"card bad\""},
        {"note.logsig", "signature on the checkpoint does not verify"},
        {"note.origin", "class=\"card bad\""},
        {"note.crlf", "class=\"card bad\""},
        {"note.cosig-broken", "by a known witness does not verify"},
        {"anchor.fork", "two faces"},
        {"manifest.changed", "class=\"card bad\""},
    };
    for (size_t i = 0; i < sizeof record / sizeof *record; i++) {
        struct shown s;
        open_damaged(&s, record[i].name, "records/trust/rist-base.trust");
        assert_int_equal(s.v.answer, URNA_INVALID);
        expect(&s, "<title>Not valid: ");
        expect(&s, record[i].text);
        expect_no_result(&s);
        drop(&s);
    }
}

static void incomplete_records(void **state)
{
    (void)state;
    static const char *const name[] = {"tree.bundle-missing", "tree.truncated",
                                       "tree.checkpoint-missing", "tree.tile-missing"};
    static const char *const file[] = {"tile/entries/000.p/46", "tile/entries/000.p/46",
                                       "checkpoint", "tile/0/000.p/46"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        struct shown s;
        open_damaged(&s, name[i], "records/trust/rist-base.trust");
        assert_int_equal(s.v.answer, URNA_INCOMPLETE);
        expect(&s, "<title>Incomplete: ");
        expect(&s, file[i]);
        expect_no_result(&s);
        drop(&s);
    }
}

/* ---- what is hostile ---- */

static const char attack[] =
    "</title></bdi><script>alert(1)</script><img src=x onerror=\"y\">'&{1m}";

static void poison(struct urna_titles *t)
{
    for (uint32_t i = 0; i < t->n; i++)
        t->v[i].text = attack;
}

static void poison_manifest(struct urna_manifest *m)
{
    poison(&m->title);
    for (uint32_t i = 0; i < m->n_contests; i++) {
        poison(&m->contests[i].title);
        for (uint32_t o = 0; o < m->contests[i].n_options; o++)
            poison(&m->contests[i].options[o].title);
    }
    m->origin = attack;
    m->group = attack;
}

/* The judge would let none of this through (an origin is a name); the page must not rely on it. */
static void hostile_texts_are_escaped(void **state)
{
    (void)state;
    struct shown s;
    open_golden(&s, "rist-full", "records/trust/rist-full.trust");
    struct urna_judge *J = urna_follow_judge(s.v.follow);
    poison_manifest(&urna_judge_context(J)->m);
    for (size_t i = 0; i < s.v.n_witness; i++)
        s.v.witness[i].name = s.v.witness[i].bloc = attack;
    s.v.witness[0].result = false;
    write_pages(&s, attack);
    check_no_name_in_attributes(urna_buf_cstr(&s.page));
    expect(&s, "&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(&s, "<title>Final: &lt;/title&gt;");
    drop(&s);
}

static void hostile_faults_are_escaped(void **state)
{
    (void)state;
    struct shown s;
    open_damaged(&s, "tree.byte", "records/trust/rist-base.trust");
    assert_non_null(s.v.manifest);
    poison_manifest(&s.v.manifest->m);
    s.v.faults[0].state = URNA_RECORD_INVALID;
    s.v.faults[0].has_hashes = false;
    snprintf(s.v.faults[0].file, sizeof s.v.faults[0].file, "%s", attack);
    snprintf(s.v.faults[0].text, sizeof s.v.faults[0].text, "%s", attack);
    write_pages(&s, attack);
    expect(&s, "&lt;script&gt;alert(1)&lt;/script&gt;");
    s.v.n_faults = 0;
    snprintf(s.v.why, sizeof s.v.why, "%s", attack);
    write_pages(&s, attack);
    expect(&s, "What does not hold: <bdi lang=\"en\">&lt;/title&gt;");
    drop(&s);
}

/* ---- the text of the same verdict ---- */

static void read_text(struct urna_buf *out, const struct urna_verdict *v)
{
    char line[1000];
    FILE *f = tmpfile();
    assert_non_null(f);
    urna_verdict_text(f, v, "demo.trust", false);
    rewind(f);
    while (fgets(line, sizeof line, f)) {
        size_t columns = 0;
        for (const char *p = line; *p && *p != '\n'; p++)
            columns += ((unsigned char)*p & 0xc0) != 0x80;
        if (columns > 80)
            fail_msg("wider than 80 columns: %s", line);
        urna_buf_str(out, line);
    }
    fclose(f);
}

static void text_fits_and_names_one_fault(void **state)
{
    (void)state;
    struct shown s;
    struct urna_buf text = {0};
    open_damaged(&s, "tree.byte", "records/trust/rist-base.trust");
    read_text(&text, &s.v);
    assert_non_null(strstr(urna_buf_cstr(&text), "NOT VALID  TEST base (TEST ELECTION)\n"));
    assert_non_null(strstr((const char *)text.p, "a ballot; tile/entries/000.p/46, place 27\n"));
    assert_null(strstr((const char *)text.p, "checkpoint"));
    urna_buf_reset(&text);
    drop(&s);
    open_golden(&s, "rist-full", "records/trust/rist-full.trust");
    read_text(&text, &s.v);
    assert_non_null(strstr(urna_buf_cstr(&text), "findings      28\n"));
    const char *most = strstr((const char *)text.p, "\n  stork "); /* in the order of votes */
    const char *least = strstr((const char *)text.p, "\n  flax ");
    assert_non_null(most);
    assert_non_null(least);
    assert_true(most < least);
    urna_buf_free(&text);
    drop(&s);
}

static void expect_text(struct shown *s, const char *words)
{
    struct urna_buf text = {0}, flat = {0};
    read_text(&text, &s->v);
    for (const char *p = urna_buf_cstr(&text); *p; p++) { /* wherever the lines are broken */
        bool space = *p == ' ' || *p == '\n';
        if (!space || (flat.len && flat.p[flat.len - 1] != ' '))
            urna_buf_printf(&flat, "%c", space ? ' ' : *p);
    }
    if (!strstr(urna_buf_cstr(&flat), words))
        fail_msg("not in the text: %s\n%s", words, urna_buf_cstr(&text));
    urna_buf_free(&text);
    urna_buf_free(&flat);
}

static void text_says_who_signed_and_who_is_missing(void **state)
{
    (void)state;
    struct shown s;
    open_golden(&s, "rist-full", "records/trust/rist-full.trust");
    expect_text(&s, "Your trust file asks for final: reached.");
    drop(&s);
    open_damaged(&s, "witness.count", "records/trust/rist-base.trust");
    for (size_t i = 0; i < s.v.n_witness; i++)
        assert_false(s.v.witness[i].result);
    s.v.witness[0].bloc = "press";
    s.v.witness[0].name = "press-1";
    for (size_t i = 1; i < s.v.n_witness; i++) {
        s.v.witness[i].bloc = "lists";
        s.v.witness[i].result = i > 1;
    }
    s.v.witness[1].name = "lists-1";
    expect_text(&s, "Your trust file asks for final. Missing in bloc press: press-1. "
                    "Missing in bloc lists: lists-1.");
    s.v.answer = URNA_FINAL; /* nobody of the press: not all blocs */
    s.v.reached = true;
    expect_text(&s, "The witnesses that your trust file asks for signed it.");
    s.v.witness[0].result = true;
    expect_text(&s,
                "Witnesses from all 2 blocs signed it. Your trust file asks for final: reached.");
    drop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(final_record),
        cmocka_unit_test(numbers_are_the_records),
        cmocka_unit_test(as_found_is_never_green),
        cmocka_unit_test(lower_than_asked),
        cmocka_unit_test(no_result_yet),
        cmocka_unit_test(witnesses_have_times_and_checks),
        cmocka_unit_test(a_witness_can_accuse_the_board),
        cmocka_unit_test(unproved_result_comes_first),
        cmocka_unit_test(changed_after_signing),
        cmocka_unit_test(changed_needs_a_key),
        cmocka_unit_test(other_invalid_records),
        cmocka_unit_test(incomplete_records),
        cmocka_unit_test(hostile_texts_are_escaped),
        cmocka_unit_test(hostile_faults_are_escaped),
        cmocka_unit_test(text_fits_and_names_one_fault),
        cmocka_unit_test(text_says_who_signed_and_who_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
