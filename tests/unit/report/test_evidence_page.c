/* The evidence reports: well-formed in every language, in the language they say, and nothing from a
 * table that is not escaped, whatever stations, regions and candidates are called. */
#include "../log/log_testing.h"
#include "page_testing.h"

#include "report/evidence_report.h"

static const char attack[] = "</title></bdi><script>alert(1)</script><img src=x onerror=y>'&{1m}";
static const char arabic[] = "\xd9\x85\xd8\xb1\xd9\x83\xd8\xb2 1"; /* written from the right */

static void check_page(struct urna_html *h, enum urna_lang lang)
{
    const char *page = urna_buf_cstr(&h->out);
    check_well_formed(page);
    check_language(page, lang);
    check_no_name_in_attributes(page);
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "<img"));
    assert_null(strstr(page, "style=\""));
    assert_null(strstr(page, "://"));
    assert_null(strstr(page, "\xef\xbf\xbd")); /* a place that nothing filled */
    urna_html_free(h);
}

/* Enough stations for every section; the last rows have cells that are no numbers. */
static void write_table(const char *folder)
{
    struct urna_buf b = {0};
    urna_buf_printf(&b, "station,region,registered,issued,valid,invalid,%s,%s\n", attack, arabic);
    for (unsigned i = 0; i < 400; i++) {
        unsigned voters = 400 + i * 37 % 900, issued = voters * (40 + i * 7 % 50) / 100;
        unsigned invalid = 3 + i % 5, valid = issued - invalid, first = valid * (30 + i % 41) / 100;
        urna_buf_printf(&b, "%s %u,%s %u,%u,%u,%u,%u,%u,%u\n", i % 2 ? attack : arabic, i, attack,
                        i / 40, voters, issued, valid, invalid, first, valid - first);
    }
    urna_buf_printf(&b, "x,y,%s,1,1,1,1,1\n", attack);
    put_file(folder, "table.csv", b.p, b.len);
    urna_buf_free(&b);
}

static struct urna_evidence_context context(const struct urna_load *l, enum urna_lang lang)
{
    return (struct urna_evidence_context){
        .lang = lang, .command = attack, .version = "1.2.3", .now = 1716876720, .input = l};
}

static void forensics_of_hostile_names(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_stations s = {0};
    struct urna_forensics f;
    const struct urna_forensics_options o = {.integer = {.seed = "1", .saw = true, .threads = 2},
                                             .shuffles = 19,
                                             .controls = 2,
                                             .digits = true,
                                             .seed = "<1>"};
    char *folder = new_folder(), path[300];
    write_table(folder);
    snprintf(path, sizeof path, "%s/table.csv", folder);
    struct urna_load l = {.path = path};
    if (urna_stations_load(&s, &l, &err) != URNA_OK)
        fail_msg("%s: %s", err.where, err.msg);
    assert_int_equal(l.faults, 1);
    snprintf(l.title, sizeof l.title, "%s", attack);
    urna_forensics_run(&f, &s, &o);
    for (int lang = 0; lang < URNA_N_LANGS; lang++) {
        struct urna_html h = {0};
        const struct urna_evidence_context c = context(&l, (enum urna_lang)lang);
        urna_forensics_page(&h, &c, &s, &o, &f);
        assert_non_null(strstr(urna_buf_cstr(&h.out), "&lt;script&gt;alert(1)"));
        check_page(&h, (enum urna_lang)lang);
    }
    urna_forensics_free(&f);
    urna_stations_free(&s);
    drop_folder(folder);
}

static void quick_counts_of_hostile_names(void **state)
{
    (void)state;
    struct urna_load l = {.path = attack, .map = attack};
    struct urna_quickcount_line line[2] = {
        {.name = attack,
         .e = {.n = 10, .share = 0.51, .low = 0.46, .high = 0.56, .df = 9, .design_effect = 3},
         .announced = 0.34,
         .compare = {.announced = 0.34, .t = -7.9, .p = 1e-5},
         .votes = 51000},
        {.name = arabic, .e = {.n = 10, .share = 0.4, .low = 0.3, .high = 0.5}, .announced = -1}};
    struct urna_quickcount_stratum stratum = {attack, 100, 20, 10};
    struct urna_quickcount q = {.is_random = true,
                                .frame = attack,
                                .seed = attack,
                                .sampler = "C: consistent sampler, Rivest",
                                .stations = 100,
                                .drawn = 20,
                                .in_hand = 10,
                                .level = 0.95,
                                .line = line,
                                .n_lines = 2,
                                .stratum = &stratum,
                                .n_strata = 1,
                                .n_missing = 10};
    for (int i = 0; i < 2 * URNA_N_LANGS; i++) {
        struct urna_html h = {0};
        const struct urna_evidence_context c = context(&l, (enum urna_lang)(i / 2));
        q.is_random = i % 2;
        urna_quickcount_page(&h, &c, &q);
        assert_non_null(strstr(urna_buf_cstr(&h.out), "<bdi>&lt;/title&gt;"));
        check_page(&h, c.lang);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forensics_of_hostile_names),
        cmocka_unit_test(quick_counts_of_hostile_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
