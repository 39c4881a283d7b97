/* Column maps, protocols, and the three questions asked of them: check, compare, contradict. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "evidence/check.h"
#include "evidence/compare.h"
#include "evidence/contradict.h"
#include "evidence/signature.h"
#include "proof/ed25519.h"
#include "shared.h"

#define HEAD "urna-map-1\n"
#define BASE HEAD "station = s\nregistered = r\nvalid = v\ncandidates = \"c *\"\n"

static struct urna_error err;

static enum urna_status parse(struct urna_colmap *m, const char *text)
{
    err = (struct urna_error)URNA_ERROR_INIT;
    return urna_colmap_parse(m, urna_view_str(text), "m.map", &err);
}

static enum urna_status load(struct urna_protocols *p, const char *map, const char *csv)
{
    struct urna_colmap m;
    struct urna_table *t = NULL;
    memset(p, 0, sizeof *p);
    enum urna_status st = parse(&m, map);
    if (st == URNA_OK)
        st = urna_table_open_memory(&t, urna_view_str(csv), "t.csv", &m.table, &err);
    if (st == URNA_OK)
        st = urna_protocols_load_table(p, t, &m, &err);
    urna_table_close(t);
    urna_colmap_free(&m);
    return st;
}

static void load_refuses(const char *map, const char *csv, const char *where, const char *msg)
{
    struct urna_protocols p;
    assert_int_equal(load(&p, map, csv), URNA_INPUT);
    if (strcmp(err.where, where) != 0 || !strstr(err.msg, msg))
        fail_msg("%s: %s", err.where, err.msg);
    urna_protocols_free(&p);
}

/* ---- maps ---- */

static void map_faults_named_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *msg;
    } cases[] = {
        {"", "m.map:0", "begins with the line urna-map-1"},
        {"urna-map-2\n", "m.map:1", "begins with the line urna-map-1"},
        {HEAD "valid = v\n", "m.map:2", "no station"},
        {HEAD "what = v\n", "m.map:2", "no key \"what\""},
        {HEAD "station s\n", "m.map:2", "a line is: key = value"},
        {HEAD "station =\n", "m.map:2", "a name is missing"},
        {HEAD "station = \"s\n", "m.map:2", "a quote that is never closed"},
        {HEAD "station = \"s\" x\n", "m.map:2", "cannot read this from here"},
        {HEAD "station = s | upper\n", "m.map:2", "no step \"upper\""},
        {HEAD "station = s | part . 0\n", "m.map:2", "part"},
        {HEAD "valid = a\nvalid = b\n", "m.map:3", "is there already, in line 2"},
        {HEAD "candidate = a\n", "m.map:2", "no key"},
        {HEAD "candidate candidates = a\n", "m.map:2", "cannot be called"},
        {HEAD "rule = a\n", "m.map:2", "a rule is"},
        {HEAD "rule = a < b\n", "m.map:2", "a rule is"},
        {HEAD "rule = 99999999999999999999 = b\n", "m.map:2", "no whole number"},
        {HEAD "percent x = a\n", "m.map:2", "a percentage is"},
        {HEAD "total = a\n", "m.map:2", "a filter is"},
        {HEAD "encoding = koi8\n", "m.map:2", "no such encoding"},
        {HEAD "separator = dot\n", "m.map:2", "no such mark"},
        {HEAD "decimal = comma\nthousands = comma\n", "m.map:3", "the same mark"},
        {HEAD "header = 0\n", "m.map:2", "header is the number"},
        {HEAD "\xFF\n", "m.map:0", "UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct urna_colmap m;
        assert_int_equal(parse(&m, cases[i].text), URNA_INPUT);
        if (strcmp(err.where, cases[i].where) != 0 || !strstr(err.msg, cases[i].msg))
            fail_msg("case %zu: %s: %s", i, err.where, err.msg);
        urna_colmap_free(&m);
    }
}

static void patterns_fit(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool fits;
    } cases[] = {
        {"a", "a", true},        {"a", "ab", false},         {"*", "", true},
        {"*", "abc", true},      {"a*c", "abbc", true},      {"a*c", "abbcd", false},
        {"*b*", "abc", true},    {"a*b*c", "aXbYbZc", true}, {"", "", true},
        {"", "a", false},        {"\\*", "*", true},         {"\\*", "a", false},
        {"1.*", "1. X", true},   {"1.*", "11. X", false},    {"**a", "bba", true},
        {"*aab", "aaaab", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (urna_colmap_fits(cases[i].pattern, cases[i].text, strlen(cases[i].text)) !=
            cases[i].fits)
            fail_msg("\"%s\" and \"%s\"", cases[i].pattern, cases[i].text);
}

static void ready_maps_read_and_fit_themselves(void **state)
{
    (void)state;
    assert_true(urna_colmap_n_ready >= 10);
    for (size_t i = 0; i < urna_colmap_n_ready; i++) {
        struct urna_colmap m;
        err = (struct urna_error)URNA_ERROR_INIT;
        if (urna_colmap_read(&m, urna_colmap_ready[i].name, &err) != URNA_OK)
            fail_msg("%s: %s", err.where, err.msg);
        assert_true(m.n_rules > 0 || strstr(urna_colmap_ready[i].name, "mdn"));
        assert_true(*m.title);
        urna_colmap_free(&m);
    }
}

static void missing_column_lists_those_that_exist(void **state)
{
    (void)state;
    load_refuses(BASE, "s,r,value,c A\n1,2,3,4\n", "m.map:4",
                 "no column \"v\"; columns: s, r, value, c A");
    assert_string_equal(err.rule, "columns");
    load_refuses(BASE, "s,r,v,v,c A\n1,2,3,3,4\n", "m.map:4",
                 "no column \"v\"; columns: s, r, v (1), v (2), c A");
    load_refuses(BASE "rule = cast <= r\n", "s,r,v,c A\n1,2,3,4\n", "m.map:6",
                 "\"cast\" is no number of this map");
}

static void guess_finds_what_adds_up(void **state)
{
    (void)state;
    static const char csv[] =
        "Регион;Номер УИК;Число избирателей, внесенных в список;Действительных;Недействительных;"
        "Иванов;Петрова;Сумма проверки\n"
        "А;1;100;60;2;40;20;7\nА;2;200;90;1;30;60;9\nБ;1;50;11;0;10;1;3\n";
    struct urna_table *t;
    struct urna_colmap m;
    bool guessed;
    struct urna_buf text = {0};
    err = (struct urna_error)URNA_ERROR_INIT;
    assert_int_equal(urna_table_open_memory(&t, urna_view_str(csv), "t.csv", NULL, &err), URNA_OK);
    assert_int_equal(urna_colmap_choose(&m, &text, NULL, &guessed, t, &err), URNA_OK);
    urna_table_close(t);
    urna_colmap_free(&m);
    assert_true(guessed);
    struct urna_protocols p;
    if (load(&p, urna_buf_cstr(&text), csv) != URNA_OK)
        fail_msg("%s: %s", err.where, err.msg);
    assert_int_equal(p.n, 3);
    assert_int_equal(p.n_series - p.n_quantities, 2);
    assert_string_equal(p.series[p.n_quantities].name, "Иванов");
    assert_string_equal(p.station[2], "Б/1");
    size_t registered = urna_protocols_find(&p, "registered"),
           invalid = urna_protocols_find(&p, "invalid");
    assert_int_equal(p.series[registered].v[1], 200);
    assert_int_equal(p.series[invalid].v[0], 2);
    urna_protocols_free(&p);
    urna_buf_free(&text);
}

/* ---- rows ---- */

static void keys_steps_and_unknowns(void **state)
{
    (void)state;
    struct urna_protocols p;
    static const char map[] =
        HEAD "station = code | part . 1 | number, code | part . 2, n | digits\n"
             "region = reg\nvalid = v, w\ncandidate A = a\nskip = reg : \"test*\"\n";
    assert_int_equal(load(&p, map,
                          "code,n,reg,v,w,a\n007.x,УИК №0592,North,1,2,3\n8.a/b,1,\"So,uth\",\"1 "
                          "000\",,0\n9.c,3,test 1,1,1,1\n"),
                     URNA_OK);
    assert_int_equal(p.n, 2);
    assert_string_equal(p.station[0], "7/x/592");
    assert_string_equal(p.station[1], "8/a\\/b/1");
    assert_string_equal(p.region_name[p.region[1]], "So,uth");
    assert_int_equal(p.series[0].v[0], 3);
    assert_true(p.series[0].v[1] == URNA_UNKNOWN); /* an empty cell is never a zero */
    assert_int_equal(p.line[1], 3);
    urna_protocols_free(&p);
}

static void bad_rows_are_errors_with_line_and_field(void **state)
{
    (void)state;
    load_refuses(BASE, "s,r,v,c A\n1,2,3,4\n2,2,x3,4\n", "t.csv:3:3",
                 "column \"v\": \"x3\" is no whole number");
    load_refuses(BASE, "s,r,v,c A\n1,2,-3,4\n", "t.csv:2:3", "no whole number");
    load_refuses(BASE, "s,r,v,c A\n1,2,3\n", "t.csv:2:3", "3 fields instead of 4");
    load_refuses(BASE, "s,r,v,c A\n1,2,3,4,5\n", "t.csv:2:5", "5 fields instead of 4");
    load_refuses(BASE, "s,r,v,c A\n,2,3,4\n", "t.csv:2:1", "no name of a station");
    load_refuses(BASE, "s,r,v,c A\n1,99999999999999999999,3,4\n", "t.csv:2:2", "too large");
    load_refuses(HEAD "station = s\nvalid = v, w\n", "s,v,w\n1,9223372036854775807,1\n",
                 "t.csv:2:3", "makes the sum too large");
}

static void doubtful_thousands_need_proof(void **state)
{
    (void)state;
    struct urna_protocols p;
    load_refuses(BASE, "s;r;v;c A\n1;2.000;1;1\n2;5.000;1;1\n", "t.csv:2:2",
                 "cannot be told whether \".\"");
    assert_int_equal(load(&p, BASE, "s;r;v;c A\n1;2.000;1;1\n2;5.123;1;1\n"), URNA_OK);
    assert_int_equal(p.series[0].v[0], 2000); /* 5.123 can only be 5123 */
    urna_protocols_free(&p);
    assert_int_equal(load(&p, BASE "decimal = point\n", "s;r;v;c A\n1;2.000;1;1\n"), URNA_OK);
    assert_int_equal(p.series[0].v[0], 2);
    urna_protocols_free(&p);
    assert_int_equal(load(&p, BASE "thousands = point\n", "s;r;v;c A\n1;2.000;1;1\n"), URNA_OK);
    assert_int_equal(p.series[0].v[0], 2000);
    urna_protocols_free(&p);
    load_refuses(BASE, "s;r;v;c A\n1;2.000;1;1\n2;5.123;1;1\n3;4.0;1;1\n", "t.csv:2:2",
                 "cannot be told");
}

/* ---- check ---- */

struct found {
    unsigned n[URNA_CHECK_KINDS];
    char text[4096];
};

static enum urna_status note(struct urna_check *c, const struct urna_finding *f,
                             struct urna_error *e)
{
    (void)e;
    struct found *out = c->ctx;
    out->n[f->kind]++;
    size_t n = strlen(out->text);
    snprintf(out->text + n, sizeof out->text - n, "%llu: %s\n", (unsigned long long)f->line,
             f->text);
    return URNA_OK;
}

static enum urna_status check(struct urna_check *c, struct found *f, const char *map,
                              const char *csv, const char *totals)
{
    struct urna_colmap m;
    struct urna_table *t;
    memset(f, 0, sizeof *f);
    *c = (struct urna_check){.ctx = f, .finding = note};
    assert_int_equal(parse(&m, map), URNA_OK);
    assert_int_equal(urna_table_open_memory(&t, urna_view_str(csv), "t.csv", &m.table, &err),
                     URNA_OK);
    if (totals)
        assert_int_equal(
            urna_table_open_memory(&c->totals, urna_view_str(totals), "totals", NULL, &err),
            URNA_OK);
    enum urna_status st = urna_check_run(c, t, &m, &err);
    urna_table_close(c->totals);
    urna_table_close(t);
    urna_colmap_free(&m);
    return st;
}

#define CHECK_MAP BASE "region = g\nrule = candidates = valid\nrule = valid + 2 <= registered - 1\n"

static void check_finds_each_fault_once(void **state)
{
    (void)state;
    struct urna_check c;
    struct found f;
    assert_int_equal(
        check(&c, &f, CHECK_MAP, "s,g,r,v,c A,c B\n1,x,10,5,2,3\n2,x,10,7,3,4\n", NULL), URNA_OK);
    assert_int_equal(c.rule[0].checked, 2);
    assert_int_equal(*c.series[1].v, 12);
    urna_check_free(&c);
    assert_int_equal(
        check(&c, &f, CHECK_MAP,
              "s,g,r,v,c A,c "
              "B\n1,x,10,5,2,4\n1,x,10,8,4,4\n3,x,10,,1,1\n4,x,1o,5,2,3\n5,x\n,x,1,1,1,0\n",
              NULL),
        URNA_FALSE);
    assert_int_equal(f.n[URNA_CHECK_RULE], 2);
    assert_int_equal(f.n[URNA_CHECK_DUPLICATE], 1);
    assert_int_equal(f.n[URNA_CHECK_CELL], 3);
    assert_non_null(strstr(f.text, "2: candidates = valid does not hold: 6, 5; difference 1\n"));
    assert_non_null(
        strstr(f.text, "3: valid + 2 <= registered - 1 does not hold: 10, 9; difference 1\n"));
    assert_non_null(strstr(f.text, "3: this station is in line 2 already\n"));
    assert_non_null(strstr(f.text, "5: column \"r\": \"1o\" is no whole number\n"));
    assert_int_equal(c.rule[0].unknown, 1); /* not checked is not the same as holds */
    assert_int_equal(c.unknown[1], 1);
    urna_check_free(&c);
}

static void check_compares_totals(void **state)
{
    (void)state;
    struct urna_check c;
    struct found f;
    static const char map[] = CHECK_MAP "total = s : all\n";
    static const char csv[] =
        "s,g,r,v,c A,c "
        "B\n1,x,10,5,2,3\n2,y,20,7,3,4\nall,x,10,5,2,3\nall,y,20,8,4,4\nall,,30,12,5,7\n";
    assert_int_equal(check(&c, &f, map, csv, NULL), URNA_FALSE);
    assert_int_equal(f.n[URNA_CHECK_TOTAL], 2);
    assert_int_equal(c.totals_compared, 12);
    assert_int_equal(c.total_rows, 3);
    assert_non_null(
        strstr(f.text, "5: total of y, valid: stated 8, the stations give 7; difference 1\n"));
    urna_check_free(&c);
    static const char rows[] = "s,g,r,v,c A,c B\n1,x,10,5,2,3\n2,y,20,7,3,4\n";
    assert_int_equal(check(&c, &f, CHECK_MAP, rows, "region,valid,c A\n*,12,5\nx,5,3\n"),
                     URNA_FALSE);
    assert_string_equal(f.text,
                        "3: total of x, c A: stated 3, the stations give 2; difference 1\n");
    urna_check_free(&c);
    assert_int_equal(check(&c, &f, CHECK_MAP, rows, "region,valid\nz,12\n"), URNA_INPUT);
    urna_check_free(&c);
    assert_int_equal(check(&c, &f, CHECK_MAP, rows, "region,turnout\nx,12\n"), URNA_INPUT);
    urna_check_free(&c);
}

static void check_percentages_as_printed(void **state)
{
    (void)state;
    struct urna_check c;
    struct found f;
    static const char map[] = BASE "percent turnout = \"t %\" : valid / registered\n";
    assert_int_equal(
        check(&c, &f, map,
              "s;r;v;t %;c A\n1;3;1;33,33;1\n2;3;2;66,7 %;2\n3;8;1;12.5;1\n4;8;1;13;1\n5;8;1;;1\n",
              NULL),
        URNA_OK);
    assert_int_equal(c.percents, 4);
    urna_check_free(&c);
    assert_int_equal(check(&c, &f, map, "s;r;v;t %;c A\n1;3;1;33,34;1\n2;3;2;66;2\n", NULL),
                     URNA_FALSE);
    assert_int_equal(f.n[URNA_CHECK_PERCENT], 2);
    assert_non_null(strstr(f.text, "turnout is printed as 33.34 %, but 1 of 3 is 33.333 %"));
    urna_check_free(&c);
}

static void percent_first_totals(void **state)
{
    (void)state;
    struct urna_percent_first p;
    static const uint64_t cne[] = {5150092, 4445978, 462704}, sheets[] = {7156462, 3241461, 261205};
    assert_true(urna_percent_first(&p, cne, 3));
    assert_int_equal(p.places, 1);
    assert_int_equal(p.free_counts, 2);
    assert_int_equal(p.total, 10058774);
    assert_true(fabs(p.log10_chance + 8.005) < 0.001); /* (1000 / 10,058,774)^2 */
    assert_false(urna_percent_first(&p, sheets, 3));
    static const uint64_t small[] = {512, 488}; /* of 1000: every count is such a share */
    assert_false(urna_percent_first(&p, small, 2));
    static const uint64_t one[] = {1000000};
    assert_false(urna_percent_first(&p, one, 1));
    static const uint64_t off[] = {5150093, 4445977, 462704};
    assert_false(urna_percent_first(&p, off, 3));
}

/* ---- compare ---- */

static void compare_counts_what_differs(void **state)
{
    (void)state;
    struct urna_protocols o, copies[2];
    struct urna_comparison c;
    static const char map[] = HEAD "station = s\ncandidate A = a\ncandidate B = b\n";
    assert_int_equal(load(&o, map, "s,a,b\n1,10,20\n2,11,21\n3,12,22\n4,13,\n"), URNA_OK);
    assert_int_equal(load(&copies[0], map, "s,a,b\n2,11,21\n1,10,25\n9,1,1\n4,13,7\n2,5,5\n"),
                     URNA_OK);
    assert_int_equal(load(&copies[1], HEAD "station = s\ncandidate B = b\n", "s,b\n1,26\n"),
                     URNA_OK);
    assert_int_equal(urna_compare(&c, &o, copies, 2, NULL, 0, &err), URNA_FALSE);
    assert_int_equal(c.copy[0].matched, 3);
    assert_int_equal(c.copy[0].identical, 2); /* an empty official cell differs from nothing */
    assert_int_equal(c.copy[0].differing, 1);
    assert_int_equal(c.copy[0].unknown, 1);
    assert_int_equal(c.copy[0].repeated, 1);
    assert_int_equal(c.n_differences, 2);
    assert_int_equal(c.difference[0].official, 20);
    assert_int_equal(c.difference[0].observed, 25);
    assert_int_equal(c.series[1].less, 11);
    assert_int_equal(c.series[1].compared, 3);
    assert_int_equal(c.stations, 3);
    assert_int_equal(c.conflicts, 1);
    assert_int_equal(c.n_absent, 2);
    assert_int_equal(c.absent[0].row, 2);
    assert_true(c.absent[0].copy == UINT32_MAX);
    struct urna_buf csv = {0};
    urna_comparison_differences(&csv, &c);
    assert_non_null(strstr(urna_buf_cstr(&csv), "\n1,,B,20,25,-5,t.csv,2,3\n"));
    urna_buf_free(&csv);
    urna_comparison_free(&c);
    static const char *const only[] = {"A"};
    assert_int_equal(urna_compare(&c, &o, copies, 1, only, 1, &err), URNA_OK);
    urna_comparison_free(&c);
    err = (struct urna_error)URNA_ERROR_INIT;
    assert_int_equal(urna_compare(&c, &o, copies, 2, only, 1, &err), URNA_INPUT);
    assert_non_null(strstr(err.msg, "no number has the same name"));
    urna_comparison_free(&c);
    urna_protocols_free(&o);
    urna_protocols_free(&copies[0]);
    urna_protocols_free(&copies[1]);
}

static void compare_csv_has_no_formulas(void **state)
{
    (void)state;
    struct urna_protocols o, copy;
    struct urna_comparison c;
    static const char map[] = HEAD "station = s\ncandidate A = a\n";
    assert_int_equal(load(&o, map, "s,a\n\"=cmd(\"\"x\"\")\",1\n"), URNA_OK);
    assert_int_equal(load(&copy, map, "s,a\n\"=cmd(\"\"x\"\")\",2\n"), URNA_OK);
    assert_int_equal(urna_compare(&c, &o, &copy, 1, NULL, 0, &err), URNA_FALSE);
    struct urna_buf csv = {0};
    urna_comparison_differences(&csv, &c);
    assert_non_null(strstr(urna_buf_cstr(&csv), "\n\"'=cmd(\"\"x\"\")\",,A,1,2,-1,"));
    urna_buf_free(&csv);
    urna_comparison_free(&c);
    urna_protocols_free(&o);
    urna_protocols_free(&copy);
}

/* ---- contradict ---- */

#define SHEETS "s,g,a\n1,x,5\n2,x,9\n3,y,7\n4,y,9\n5,x,0\n6,y,\n"
static const char sheet_map[] = HEAD "title = T 100%\nstation = s\nregion = g\ncandidate A = a\n";

/* Every subset of the stations: none that is smaller exceeds the total. */
static void contradiction_is_smallest(void **state)
{
    (void)state;
    struct urna_protocols p;
    struct urna_contradiction c;
    static const uint64_t v[5] = {5, 9, 7, 9, 0};
    assert_int_equal(load(&p, sheet_map, SHEETS), URNA_OK);
    for (uint64_t official = 0; official <= 32; official++) {
        unsigned least = 99;
        for (unsigned set = 0; set < 32; set++) {
            uint64_t sum = 0;
            unsigned n = 0;
            for (unsigned i = 0; i < 5; i++)
                if (set >> i & 1) {
                    sum += v[i];
                    n++;
                }
            if (sum > official && n < least)
                least = n;
        }
        enum urna_status st = urna_contradiction_find(&c, &p, 0, NULL, official, &err);
        assert_int_equal(st, least == 99 ? URNA_FALSE : URNA_OK);
        if (st == URNA_OK) {
            assert_int_equal(c.n, least);
            assert_int_equal(urna_contradiction_check(&c, &err), URNA_OK);
        } else {
            assert_int_equal(c.sum, 30);
        }
        urna_contradiction_free(&c);
    }
    assert_int_equal(urna_contradiction_find(&c, &p, 0, "y", 15, &err), URNA_OK);
    assert_int_equal(c.sum, 16);
    urna_contradiction_free(&c);
    assert_int_equal(urna_contradiction_find(&c, &p, 0, "z", 15, &err), URNA_INPUT);
    urna_contradiction_free(&c);
    urna_protocols_free(&p);
    assert_int_equal(load(&p, sheet_map, "s,g,a\n1,x,5\n1,x,5\n"), URNA_OK);
    err = (struct urna_error)URNA_ERROR_INIT;
    assert_int_equal(urna_contradiction_find(&c, &p, 0, NULL, 7, &err),
                     URNA_INPUT); /* 5 + 5 is no proof */
    assert_non_null(strstr(err.msg, "stands twice"));
    urna_contradiction_free(&c);
    urna_protocols_free(&p);
}

static void proof_reads_back_and_every_change_is_seen(void **state)
{
    (void)state;
    struct urna_protocols p;
    struct urna_contradiction c, again;
    struct urna_buf text = {0}, copy = {0};
    assert_int_equal(load(&p, sheet_map, SHEETS), URNA_OK);
    assert_int_equal(urna_contradiction_find(&c, &p, 0, NULL, 20, &err), URNA_OK);
    c.source = "CNE\n2";
    urna_contradiction_write(&text, &c);
    assert_int_equal(urna_contradiction_read(&again, urna_buf_view(&text), "p", &err), URNA_OK);
    assert_int_equal(urna_contradiction_check(&again, &err), URNA_OK);
    assert_int_equal(urna_contradiction_check_table(&again, &p, &err), URNA_OK);
    assert_string_equal(again.source, "CNE\n2");
    assert_string_equal(again.title, "T 100%");
    urna_contradiction_write(&copy, &again);
    assert_true(urna_view_eq(urna_buf_view(&text), urna_buf_view(&copy)));
    urna_contradiction_free(&again);
    size_t unseen = 0, free_text = 0;
    for (size_t i = 0; i < text.len; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            text.p[i] ^= (uint8_t)(1u << bit);
            enum urna_status st = urna_contradiction_read(&again, urna_buf_view(&text), "p", NULL);
            if (st == URNA_OK)
                st = urna_contradiction_check(&again, NULL);
            if (st == URNA_OK)
                st = urna_contradiction_check_table(&again, &p, NULL);
            if (st == URNA_OK) { /* then only what the numbers do not depend on has changed */
                free_text += strcmp(again.title, c.title) != 0 ||
                             strcmp(again.source, c.source) != 0 ||
                             strcmp(again.file, c.file) != 0 || again.official != c.official;
                unseen++;
            }
            urna_contradiction_free(&again);
            text.p[i] ^= (uint8_t)(1u << bit);
        }
    assert_int_equal(unseen, free_text);
    for (size_t cut = 0; cut < text.len; cut++) {
        assert_int_equal(urna_contradiction_read(&again, urna_view(text.p, cut), "p", NULL),
                         URNA_INPUT);
        urna_contradiction_free(&again);
    }
    urna_buf_free(&text);
    urna_buf_free(&copy);
    urna_contradiction_free(&c);
    urna_protocols_free(&p);
}

static void proof_lies_refused(void **state)
{
    (void)state;
    static const char head[] =
        "urna-contradiction-1\ntitle T\nnumber A\nscope all\nofficial 10\nsource S\n"
        "input 0000000000000000000000000000000000000000000000000000000000000000 f\n";
    static const struct {
        const char *rest;
        enum urna_status want;
        const char *msg;
    } cases[] = {
        {"rows 2\nrow 9 1 a\nrow 2 2 b\nsum 11\n", URNA_OK, ""},
        {"rows 2\nrow 9 1 a\nrow 2 2 a\nsum 11\n", URNA_FALSE, "stands twice"},
        {"rows 2\nrow 2 1 a\nrow 9 2 b\nsum 11\n", URNA_FALSE, "not in order"},
        {"rows 3\nrow 9 1 a\nrow 2 2 b\nrow 1 3 c\nsum 12\n", URNA_FALSE, "one too many"},
        {"rows 2\nrow 9 1 a\nrow 2 2 b\nsum 12\n", URNA_FALSE, "add up to 11"},
        {"rows 2\nrow 9 1 a\nrow 1 2 b\nsum 10\n", URNA_FALSE, "not more than"},
        {"rows 3\nrow 9 1 a\nrow 2 2 b\nsum 11\n", URNA_INPUT, "expected a line \"row ...\""},
        {"rows 99999999\nrow 9 1 a\nsum 11\n", URNA_INPUT, "so many rows"},
        {"rows 2\nrow 09 1 a\nrow 2 2 b\nsum 11\n", URNA_INPUT, "expected a whole number"},
        {"rows 1\nrow 11 1 a%4\nsum 11\n", URNA_INPUT, "a bad %XX"},
        {"rows 1\nrow 11 1 a%41\nsum 11\n", URNA_INPUT, "a bad %XX"},
        {"rows 1\nrow 11 1 a\nsum 11\n\n", URNA_INPUT, "behind the end"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct urna_buf b = {0};
        struct urna_contradiction c;
        urna_buf_str(&b, head);
        urna_buf_str(&b, cases[i].rest);
        err = (struct urna_error)URNA_ERROR_INIT;
        enum urna_status st = urna_contradiction_read(&c, urna_buf_view(&b), "p", &err);
        if (st == URNA_OK)
            st = urna_contradiction_check(&c, &err);
        if (st != cases[i].want || !strstr(err.msg, cases[i].msg))
            fail_msg("case %zu: %d %s", i, (int)st, err.msg);
        urna_contradiction_free(&c);
        urna_buf_free(&b);
    }
}

/* ---- signatures ---- */

static void signature_every_byte_counts(void **state)
{
    (void)state;
    uint8_t seed[32] = {1}, file[32] = {2}, other[32] = {3};
    struct urna_signature s, r;
    struct urna_buf b = {0};
    assert_int_equal(urna_signature_make(&s, file, "Збор №5", seed, &err), URNA_OK);
    urna_signature_write(&b, &s);
    assert_int_equal(urna_signature_read(&r, urna_buf_view(&b), "s", &err), URNA_OK);
    assert_int_equal(urna_signature_check(&r, file, &err), URNA_OK);
    assert_int_equal(urna_signature_check(&r, other, &err), URNA_FALSE);
    for (size_t i = 0; i < b.len; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            b.p[i] ^= (uint8_t)(1u << bit);
            enum urna_status st = urna_signature_read(&r, urna_buf_view(&b), "s", NULL);
            if (st == URNA_OK && urna_signature_check(&r, file, NULL) == URNA_OK)
                fail_msg("byte %zu bit %u does not count", i, bit);
            b.p[i] ^= (uint8_t)(1u << bit);
        }
    urna_buf_free(&b);
    assert_int_equal(urna_signature_make(&s, file, "", seed, &err), URNA_INPUT);
    assert_int_equal(urna_signature_make(&s, file, "a\nb", seed, &err), URNA_INPUT);
}

/* ---- the shared data ---- */

static bool load_shared(struct urna_protocols *p, const char *name)
{
    char path[4096];
    err = (struct urna_error)URNA_ERROR_INIT;
    if (access(urna_shared_path(path, sizeof path, name), R_OK) != 0) {
        fprintf(stderr, "# skipped: no %s\n", name);
        return false;
    }
    if (urna_protocols_load(p, path, NULL, &err) != URNA_OK)
        fail_msg("%s: %s", err.where, err.msg);
    return true;
}

static void venezuela_contradicts_the_second_bulletin(void **state)
{
    (void)state;
    struct urna_protocols p;
    struct urna_contradiction c;
    if (!load_shared(&p, "data/venezuela-2024/actas_comando.csv.gz"))
        skip();
    uint64_t sum;
    size_t g = urna_protocols_find(&p, "Gonzalez"), unknown;
    assert_int_equal(p.n, 24532);
    assert_int_equal(p.n_duplicates, 0);
    assert_true(urna_protocols_sum(&sum, &unknown, &p, g));
    assert_int_equal(sum, 7156462);
    assert_int_equal(unknown, 0);
    assert_int_equal(urna_contradiction_find(&c, &p, g, NULL, 5326104, &err), URNA_OK);
    assert_true(c.sum > 5326104 && c.sum - c.row[c.n - 1].votes <= 5326104);
    assert_int_equal(urna_contradiction_check(&c, &err), URNA_OK);
    assert_int_equal(urna_contradiction_check_table(&c, &p, &err), URNA_OK);
    urna_contradiction_free(&c);
    assert_int_equal(urna_contradiction_find(&c, &p, g, NULL, 7156462, &err), URNA_FALSE);
    urna_contradiction_free(&c);
    urna_protocols_free(&p);
}

static void venezuela_two_tabulations_differ_in_four_stations(void **state)
{
    (void)state;
    struct urna_protocols a, b;
    struct urna_comparison c;
    static const char *const main_two[] = {"Gonzalez", "Maduro"};
    if (!load_shared(&a, "data/venezuela-2024/actas_comando.csv.gz") ||
        !load_shared(&b, "data/venezuela-2024/actas_mdn.csv.gz"))
        skip();
    assert_int_equal(b.n, 21952);
    assert_int_equal(urna_compare(&c, &a, &b, 1, main_two, 2, &err), URNA_FALSE);
    assert_int_equal(c.copy[0].matched, 21924);
    assert_int_equal(c.copy[0].identical, 21920);
    assert_int_equal(c.n_differences, 4);
    static const char *const stations[4] = {"70301020/1", "70908043/1", "110202070/1",
                                            "190601010/1"};
    for (size_t i = 0; i < 4; i++) {
        bool listed = false;
        for (size_t k = 0; k < 4; k++)
            listed = listed || strcmp(a.station[c.difference[i].official_row], stations[k]) == 0;
        assert_true(listed);
    }
    assert_int_equal(c.copy[0].unknown, 28);
    assert_int_equal(c.n_absent, 2608 + 28);
    urna_comparison_free(&c);
    assert_int_equal(urna_compare(&c, &a, &b, 1, NULL, 0, &err), URNA_FALSE);
    assert_int_equal(c.copy[0].identical, 21917);
    urna_comparison_free(&c);
    urna_protocols_free(&a);
    urna_protocols_free(&b);
}

static void russia_eight_years_read(void **state)
{
    (void)state;
    static const struct {
        unsigned year;
        size_t stations;
    } years[] = {{2004, 95779}, {2007, 96193}, {2008, 96612}, {2011, 95225},
                 {2012, 95415}, {2016, 96871}, {2018, 97699}, {2021, 96325}};
    for (size_t i = 0; i < 8; i++) {
        struct urna_protocols p;
        char name[64];
        snprintf(name, sizeof name, "data/russia/%u.csv.zip", years[i].year);
        if (!load_shared(&p, name))
            skip();
        snprintf(name, sizeof name, "Russia %u, polling stations", years[i].year);
        assert_string_equal(p.title, name); /* each year gets its own map */
        assert_int_equal(p.n, years[i].stations);
        assert_int_equal(p.n_duplicates, 0);
        assert_true(p.leader != URNA_NO_INDEX);
        uint64_t registered, valid, invalid, votes = 0, x;
        assert_true(
            urna_protocols_sum(&registered, NULL, &p, urna_protocols_find(&p, "registered")));
        assert_true(urna_protocols_sum(&valid, NULL, &p, urna_protocols_find(&p, "valid")));
        assert_true(urna_protocols_sum(&invalid, NULL, &p, urna_protocols_find(&p, "invalid")));
        for (size_t s = p.n_quantities; s < p.n_series; s++) {
            assert_true(urna_protocols_sum(&x, NULL, &p, s));
            votes += x;
        }
        assert_int_equal(votes, valid);
        if (years[i].year == 2018) {
            assert_true(urna_protocols_sum(&x, NULL, &p, p.leader));
            assert_int_equal(registered, 109008428);
            double share = 100 * (double)x / (double)(valid + invalid);
            double turnout = 100 * (double)(valid + invalid) / (double)registered;
            assert_true(fabs(share - 76.6941) < 0.0001);
            assert_true(turnout > 67.4 && turnout < 67.6);
        }
        urna_protocols_free(&p);
    }
}

static int start(void **state)
{
    (void)state;
    return urna_secret_init(NULL) == URNA_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(map_faults_named_by_line),
        cmocka_unit_test(patterns_fit),
        cmocka_unit_test(ready_maps_read_and_fit_themselves),
        cmocka_unit_test(missing_column_lists_those_that_exist),
        cmocka_unit_test(guess_finds_what_adds_up),
        cmocka_unit_test(keys_steps_and_unknowns),
        cmocka_unit_test(bad_rows_are_errors_with_line_and_field),
        cmocka_unit_test(doubtful_thousands_need_proof),
        cmocka_unit_test(check_finds_each_fault_once),
        cmocka_unit_test(check_compares_totals),
        cmocka_unit_test(check_percentages_as_printed),
        cmocka_unit_test(percent_first_totals),
        cmocka_unit_test(compare_counts_what_differs),
        cmocka_unit_test(compare_csv_has_no_formulas),
        cmocka_unit_test(contradiction_is_smallest),
        cmocka_unit_test(proof_reads_back_and_every_change_is_seen),
        cmocka_unit_test(proof_lies_refused),
        cmocka_unit_test(signature_every_byte_counts),
        cmocka_unit_test(venezuela_contradicts_the_second_bulletin),
        cmocka_unit_test(venezuela_two_tabulations_differ_in_four_stations),
        cmocka_unit_test(russia_eight_years_read),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
