/* The fast paths of reading tables against slow ones: rows split byte by byte, cells read by the
 * careful reader of numbers, rows read each in a table of its own. Cells are hostile and random,
 * from a seed that a failure names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "evidence/protocols.h"

static uint64_t seed;

static uint32_t below(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

static const char *const cells[] = {
    "",
    "0",
    "7",
    "42",
    "123",
    "4567",
    "12345",
    "9999999",
    "99999999",
    "123456789",
    "0012",
    "-",
    "1 234",
    "1\xC2\xA0"
    "234",
    "1\xE2\x80\xAF"
    "234",
    "1,234",
    "1.234",
    "1,000",
    "1.000",
    "12.0",
    "12,00",
    "1.5",
    "-3",
    "+4",
    "1e3",
    " 5 ",
    "\t6",
    "7\t",
    "\xC2\xA0"
    "8",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999",
    "a",
    "я",
    "Минск",
    "Минск\xC2\xA0",
    "УИК №0592",
    "x/y",
    "a\\b",
    "ABC",
    "5\" wide",
    "say \"no\"",
    "line\nbreak",
    "a,b;c\td|e",
    "/1",
    "1:",
    "::::::::",
    "4 ",
    "4_",
    "12%",
    "3'456",
    "Республика Адыгея (Адыгея), which is longer than what is looked at in one go, 64 bytes",
};
#define N_CELLS (sizeof cells / sizeof cells[0])

static struct urna_view any_cell(void)
{
    static const char numbers[] = "8316402957";
    if (below(3) == 0)
        return urna_view_str(cells[below(N_CELLS)]);
    return urna_view(numbers + below(5), 1 + below(4));
}

static void write_cell(struct urna_buf *out, struct urna_view c, char separator)
{
    bool quoted = below(9) == 0 || memchr(c.p, separator, c.len) || memchr(c.p, '\n', c.len) ||
                  (c.len > 0 && c.p[0] == '"');
    if (!quoted) {
        urna_buf_add(out, c.p, c.len);
        return;
    }
    urna_buf_char(out, '"');
    for (size_t i = 0; i < c.len; i++) {
        if (c.p[i] == '"')
            urna_buf_char(out, '"');
        urna_buf_u8(out, c.p[i]);
    }
    urna_buf_str(out, below(9) == 0 ? "\" " : "\"");
}

static void write_break(struct urna_buf *out)
{
    static const char *const breaks[] = {"\n", "\r\n", "\r", "\n\n", "\r\n\r\n"};
    urna_buf_str(out, breaks[below(20) ? below(3) : below(5)]);
}

/* ---- rows ---- */

/* All cells as "a|b|\n", as the reader must see them: what was written. */
static void write_rows(struct urna_buf *csv, struct urna_buf *want, size_t rows, char separator)
{
    urna_buf_str(csv, "x");
    write_break(csv);
    for (size_t r = 0; r < rows; r++) {
        unsigned n = 2 + below(30);
        for (unsigned i = 0; i < n; i++) {
            struct urna_view c = i == 0 ? urna_view_str("k") : any_cell();
            if (i > 0)
                urna_buf_char(csv, separator);
            write_cell(csv, c, separator);
            urna_buf_add(want, c.p, c.len);
            urna_buf_char(want, '|');
        }
        urna_buf_char(want, '\n');
        if (r + 1 < rows || below(2))
            write_break(csv);
    }
}

static void read_rows(struct urna_buf *got, const struct urna_buf *csv, char separator)
{
    struct urna_table *t;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_table_options o = {.encoding = URNA_UTF8, .separator = separator};
    assert_int_equal(urna_table_open_memory(&t, urna_buf_view(csv), "t", &o, &err), URNA_OK);
    for (;;) {
        bool end;
        if (urna_table_next(t, &end, &err) != URNA_OK)
            fail_msg("%s: %s", err.where, err.msg);
        if (end)
            break;
        for (size_t i = 0; i < urna_table_n_cells(t); i++) {
            struct urna_view c = urna_table_cell(t, i);
            urna_buf_add(got, c.p, c.len);
            urna_buf_char(got, '|');
        }
        urna_buf_char(got, '\n');
    }
    urna_table_close(t);
}

static void rows_are_read_as_they_were_written(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 1500; round++) {
        struct urna_buf csv = {0}, want = {0}, got = {0};
        char separator = ",;\t|"[round % 4];
        seed = round;
        write_rows(&csv, &want, round % 300 == 0 ? 6000 : 1 + below(12), separator);
        read_rows(&got, &csv, separator);
        if (!urna_view_eq(urna_buf_view(&got), urna_buf_view(&want)))
            fail_msg("seed %u: other cells than were written", round);
        urna_buf_free(&csv);
        urna_buf_free(&want);
        urna_buf_free(&got);
    }
}

/* ---- keys and numbers ---- */

static const char map_text[] = "urna-map-1\n"
                               "station = a, b | lower, c | optional\n"
                               "region = a\n"
                               "district = b, a | optional\n"
                               "url = c\n"
                               "thousands = comma\n"
                               "registered = d\n"
                               "box = d, e, f\n"
                               "candidate A = e\n"
                               "candidate B = f\n";
#define COLUMNS 6

static void note(struct urna_buf *out, struct urna_view v)
{
    urna_buf_add(out, v.p, v.len);
    urna_buf_char(out, '|');
}

/* What is said of one row, its line left out. */
static enum urna_status row(struct urna_scan *s, const struct urna_station *r,
                            struct urna_error *err)
{
    (void)err;
    note(s->ctx, r->station);
    note(s->ctx, r->region);
    note(s->ctx, r->district);
    note(s->ctx, r->url);
    for (size_t i = 0; i < s->n_series; i++)
        urna_buf_printf(s->ctx, "%lld|", (long long)r->v[i]);
    urna_buf_char(s->ctx, '\n');
    return URNA_OK;
}

static enum urna_status fault(struct urna_scan *s, const struct urna_fault *f,
                              struct urna_error *err)
{
    (void)err;
    if (f->kind != URNA_FAULT_TOTAL) /* which is about all rows */
        urna_buf_printf(s->ctx, "%d %zu %s %s\n", (int)f->kind, f->field, f->column, f->text);
    return URNA_OK;
}

static void scan(struct urna_buf *out, struct urna_view csv, const struct urna_colmap *m)
{
    struct urna_table *t;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_table_options o = {.encoding = URNA_UTF8, .separator = ','};
    struct urna_scan s = {.ctx = out, .row = row, .fault = fault};
    assert_int_equal(urna_table_open_memory(&t, csv, "t", &o, &err), URNA_OK);
    if (urna_protocols_scan(&s, t, m, &err) != URNA_OK)
        fail_msg("%s: %s", err.where, err.msg);
    urna_table_close(t);
}

/* Rows whose first cells often are those of the row before. */
static void write_row(struct urna_buf *out, struct urna_view kept[2])
{
    for (unsigned i = 0; i < COLUMNS; i++) {
        if (i < 2 && below(3) == 0)
            kept[i] = any_cell();
        if (i > 0)
            urna_buf_char(out, ',');
        write_cell(out, i < 2 ? kept[i] : any_cell(), ',');
    }
    urna_buf_char(out, '\n');
}

/* What one row leaves behind must not change the next: each in a table of its own says the same. */
static void rows_say_the_same_alone(void **state)
{
    (void)state;
    static const char header[] = "a,b,c,d,e,f\n";
    struct urna_colmap m;
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_colmap_parse(&m, urna_view_str(map_text), "map", &err), URNA_OK);
    for (unsigned round = 0; round < 400; round++) {
        struct urna_buf all = {0}, together = {0}, alone = {0};
        struct urna_view kept[2] = {{0}};
        seed = round;
        kept[0] = any_cell();
        kept[1] = any_cell();
        urna_buf_str(&all, header);
        for (unsigned r = 1 + below(30); r > 0; r--) {
            struct urna_buf one = {0};
            urna_buf_str(&one, header);
            write_row(&one, kept);
            urna_buf_add(&all, one.p + sizeof header - 1, one.len - sizeof header + 1);
            scan(&alone, urna_buf_view(&one), &m);
            urna_buf_free(&one);
        }
        scan(&together, urna_buf_view(&all), &m);
        if (!urna_view_eq(urna_buf_view(&together), urna_buf_view(&alone)))
            fail_msg("seed %u\n--- together\n%s--- alone\n%s", round, urna_buf_cstr(&together),
                     urna_buf_cstr(&alone));
        urna_buf_free(&all);
        urna_buf_free(&together);
        urna_buf_free(&alone);
    }
    urna_colmap_free(&m);
}

static enum urna_status first_number(struct urna_scan *s, const struct urna_station *r,
                                     struct urna_error *err)
{
    (void)err;
    *(uint64_t *)s->ctx = r->v[0];
    return URNA_OK;
}

static enum urna_status pass(struct urna_scan *s, const struct urna_fault *f,
                             struct urna_error *err)
{
    (void)s;
    (void)f;
    (void)err;
    return URNA_OK;
}

/* One to twelve bytes, mostly digits. */
static void numbers_are_those_of_the_careful_reader(void **state)
{
    (void)state;
    static const char bytes[] = "0123456789012345678901234567890123456789 .,'-+/:ax";
    struct urna_colmap m;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_number_style style = {.decimal = '.', .thousands = ' '};
    assert_int_equal(urna_colmap_parse(&m,
                                       urna_view_str("urna-map-1\nstation = a\nregistered = b\n"
                                                     "candidates = c\ndecimal = point\n"
                                                     "thousands = space\n"),
                                       "map", &err),
                     URNA_OK);
    seed = 11;
    for (unsigned round = 0; round < 20000; round++) {
        char csv[64] = "a;b;c\nk;";
        size_t at = strlen(csv), len = 1 + below(12);
        for (size_t i = 0; i < len; i++)
            csv[at + i] = bytes[below(sizeof bytes - 1)];
        struct urna_number_style seen = {0};
        uint64_t want, got = 1;
        if (urna_number_count(&want, &seen, urna_view(csv + at, len), style) != URNA_NUMBER_OK)
            want = URNA_UNKNOWN;
        memcpy(csv + at + len, ";1\n", 3);
        struct urna_table *t;
        struct urna_table_options o = {.encoding = URNA_UTF8, .separator = ';'};
        struct urna_scan s = {.ctx = &got, .row = first_number, .fault = pass};
        assert_int_equal(urna_table_open_memory(&t, urna_view_str(csv), "t", &o, &err), URNA_OK);
        assert_int_equal(urna_protocols_scan(&s, t, &m, &err), URNA_OK);
        urna_table_close(t);
        if (got != want)
            fail_msg("%s: %llu, not %llu", csv, (unsigned long long)got, (unsigned long long)want);
    }
    urna_colmap_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_as_they_were_written),
        cmocka_unit_test(rows_say_the_same_alone),
        cmocka_unit_test(numbers_are_those_of_the_careful_reader),
    };
    return urna_secret_init(NULL) == URNA_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
