/* The table reader: what spreadsheets write, what archives contain, and what must be refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "evidence/encoding.h"
#include "evidence/lanes_avx2.h"
#include "evidence/table.h"

/* All cells as "a|b|c\n", or the error as "!where: msg". */
static char *read_all(const void *p, size_t len, const struct urna_table_options *o)
{
    struct urna_table *t = NULL;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf out = {0};
    enum urna_status st = urna_table_open_memory(&t, urna_view(p, len), "t.csv", o, &err);
    for (size_t i = 0; st == URNA_OK && i < urna_table_n_columns(t); i++)
        urna_buf_printf(&out, "%s%s", i ? "|" : "", urna_table_column(t, i));
    bool end = false;
    while (st == URNA_OK) {
        urna_buf_str(&out, "\n");
        st = urna_table_next(t, &end, &err);
        if (st != URNA_OK || end)
            break;
        for (size_t i = 0; i < urna_table_n_cells(t); i++) {
            struct urna_view c = urna_table_cell(t, i);
            urna_buf_str(&out, i ? "|" : "");
            urna_buf_add(&out, c.p, c.len);
        }
    }
    if (st != URNA_OK)
        urna_buf_printf(&out, "!%d %s: %s", (int)st, err.where, err.msg);
    urna_table_close(t);
    char *s = urna_xstrdup(urna_buf_cstr(&out));
    urna_buf_free(&out);
    return s;
}

static void gives(const char *text, const char *want)
{
    char *got = read_all(text, strlen(text), NULL);
    assert_string_equal(got, want);
    free(got);
}

static void refuses_bytes(const void *p, size_t len, const char *want)
{
    char *got = read_all(p, len, NULL);
    if (!strstr(got, want))
        fail_msg("\"%s\" is not in \"%s\"", want, got);
    free(got);
}

static void refuses(const char *text, const char *want)
{
    refuses_bytes(text, strlen(text), want);
}

static void csv_forms_of_spreadsheets_read(void **state)
{
    (void)state;
    gives("a,b\n1,2\n", "a|b\n1|2\n");
    gives("a,b\r\n1,2\r\n", "a|b\n1|2\n");
    gives("a,b\r1,2\r3,4", "a|b\n1|2\n3|4\n");
    gives("a;b;c\n1,5;2;3\n", "a|b|c\n1,5|2|3\n");
    gives("a\tb\n1\t2", "a|b\n1|2\n");
    gives("sep=;\r\na;b\r\n1;2\r\n", "a|b\n1|2\n");
    gives("\xEF\xBB\xBF"
          "a,b\n1,2\n",
          "a|b\n1|2\n");
    gives(" a , b \n 1 ,2\n", "a|b\n 1 |2\n");
    gives("a,b\n\n\n1,2\n,\n\n3,4\n\n", "a|b\n1|2\n3|4\n");
    gives("a,b\n1,\n,2\n", "a|b\n1|\n|2\n");
    gives("a,b\n1,", "a|b\n1|\n");
    gives("a,b\n1,2,3\n4\n", "a|b\n1|2|3\n4\n");
}

static void quoted_fields_read(void **state)
{
    (void)state;
    gives("a,b\n\"x,y\",\"say \"\"no\"\"\"\n", "a|b\nx,y|say \"no\"\n");
    gives("a,b\n\"\",\"\"\"\"\n", "a|b\n|\"\n");
    gives("a,b\n\"line\nbreak\",2\n", "a|b\nline\nbreak|2\n");
    gives("a,b\nit's 5\" wide,2\n", "a|b\nit's 5\" wide|2\n");
    gives("a,b\n\"1\" ,2\n", "a|b\n1|2\n");
    gives("\"a;1\",b\n\"1\",2", "a;1|b\n1|2\n");
    refuses("a,b\n\"x\"y,2\n", "!2 t.csv:2:1: text behind a closing quote");
    refuses("a,b\n1,\"x\n\n", "!2 t.csv:2:2: a quote that is never closed");
}

static void lines_count_breaks_inside_quotes(void **state)
{
    (void)state;
    refuses("a,b\n\"1\n\n2\",3\n4,\"5\"6\n", "t.csv:5:2:");
}

/* Rows of every length around the size of a chunk: no byte is lost where the buffer is refilled. */
static void rows_over_chunk_borders_are_whole(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    urna_buf_str(&b, "name,n\n");
    unsigned rows = 60000;
    for (unsigned i = 0; i < rows; i++)
        urna_buf_printf(
            &b, i % 3 ? "Минск %u \xE2\x82\xAC,%u\n" : "\"Минск \"\"%u\"\"\r\n\",%u\r\n", i, i * 7);
    struct urna_table *t;
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_table_open_memory(&t, urna_buf_view(&b), "m", NULL, &err), URNA_OK);
    for (unsigned i = 0; i < rows; i++) {
        char want[64], number[16];
        bool end;
        assert_int_equal(urna_table_next(t, &end, &err), URNA_OK);
        assert_false(end);
        assert_int_equal(urna_table_n_cells(t), 2);
        snprintf(want, sizeof want, i % 3 ? "Минск %u \xE2\x82\xAC" : "Минск \"%u\"\r\n", i);
        snprintf(number, sizeof number, "%u", i * 7);
        assert_true(urna_view_eq_str(urna_table_cell(t, 0), want));
        assert_true(urna_view_eq_str(urna_table_cell(t, 1), number));
    }
    bool end;
    assert_int_equal(urna_table_next(t, &end, &err), URNA_OK);
    assert_true(end);
    urna_table_close(t);
    urna_buf_free(&b);
}

static void encodings_recognised_and_converted(void **state)
{
    (void)state;
    gives("\xF0\xE5\xE3\xE8\xEE\xED;n\n\xCC\xE8\xED\xF1\xEA;1\n", "регион|n\nМинск|1\n"); /* 1251 */
    gives("regi\xF3n;n\nLe\xF3n ;1\nM\xE1laga;2\n", "región|n\nLeón |1\nMálaga|2\n");     /* 1252 */
    gives("рэгіён,n\nМінск,1\n", "рэгіён|n\nМінск|1\n");
    struct urna_table_options o = {.encoding = URNA_WINDOWS_1252};
    char *got = read_all("a,b\n\x80,\xE9\n", 8, &o);
    assert_string_equal(got, "a|b\n\xE2\x82\xAC|é\n");
    free(got);
    refuses("a,b\n1,\xFF\n", "not UTF-8, and not to be told");
    got = read_all("a,b\n1,\x81\n", 8, &o);
    assert_non_null(strstr(got, "!2 t.csv:2:2: byte 0x81 means nothing in windows-1252"));
    free(got);
    refuses_bytes("a,b\n1,\0002\n", 9, "!2 t.csv:2:2: a NUL byte");
}

/* The fast check of UTF-8 and the strict decoder say the same, whatever stands where. */
static void utf8_fast_check_equals_the_decoder(void **state)
{
    (void)state;
    static const uint8_t edges[] = {0x00, 0x01, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xD0,
                                    0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF, 0x9F, 0xA0};
    uint32_t seed = 1;
    for (unsigned round = 0; round < 300000; round++) {
        uint8_t b[80]; /* more than are looked at at once */
        for (size_t i = 0; i < sizeof b;
             i += 2) { /* mostly pairs, so that the fast paths are taken */
            b[i] = 0xD0;
            b[i + 1] = 0x9C;
        }
        for (unsigned k = 0; k < 3; k++) {
            seed = seed * 1664525u + 1013904223u;
            b[(seed >> 8) % sizeof b] = edges[(seed >> 16) % sizeof edges];
        }
        size_t slow = 0;
        uint32_t cp = 1;
        for (size_t i = 0; i < sizeof b && urna_utf8_next(b, sizeof b, &i, &cp) && cp != 0;)
            slow = i;
        bool nul;
        assert_int_equal(urna_utf8_valid_prefix(b, sizeof b, &nul), slow);
    }
}

/* One byte at a time, as the words of lanes.h say it. */
static void check_breaks(const uint8_t p[URNA_LANES], char separator)
{
    uint64_t breaks = 0, lines = 0, quotes = 0, got_lines, got_quotes;
    for (unsigned i = 0; i < URNA_LANES; i++) {
        uint64_t bit = (uint64_t)1 << i;
        lines |= p[i] == '\n' || p[i] == '\r' ? bit : 0;
        breaks |= p[i] == (uint8_t)separator ? bit : 0;
        quotes |= p[i] == '"' ? bit : 0;
    }
    breaks |= lines;
    assert_true(urna_lanes_breaks(&got_lines, &got_quotes, p, separator) == breaks);
    assert_true(got_lines == lines && got_quotes == quotes);
    assert_true(urna_lanes_breaks_portable(&got_lines, &got_quotes, p, separator) == breaks);
    assert_true(got_lines == lines && got_quotes == quotes);
#ifdef URNA_LANES_AVX2
    if (!urna_lanes_have_avx2())
        return;
    assert_true(urna_lanes_breaks_avx2(&got_lines, &got_quotes, p, separator) == breaks);
    assert_true(got_lines == lines && got_quotes == quotes);
#endif
}

static void check_text(const uint8_t p[URNA_LANES])
{
    size_t i = 0;
    while (i < URNA_LANES) {
        bool pair = p[i] >= 0xC2 && p[i] <= 0xDF;
        if (pair && i + 1 == URNA_LANES)
            break;
        if (pair ? p[i + 1] < 0x80 || p[i + 1] > 0xBF : p[i] == 0 || p[i] > 0x7F)
            break;
        i += pair ? 2 : 1;
    }
    size_t want = i == URNA_LANES || (i + 1 == URNA_LANES && p[i] >= 0xC2 && p[i] <= 0xDF) ? i : 0;
    assert_int_equal(urna_lanes_text(p), want);
    assert_int_equal(urna_lanes_text_portable(p), want);
#ifdef URNA_LANES_AVX2
    if (urna_lanes_have_avx2())
        assert_int_equal(urna_lanes_text_avx2(p), want);
#endif
}

static void check_lanes(const uint8_t p[URNA_LANES], char separator)
{
    check_breaks(p, separator);
    check_text(p);
}

static void lanes_of_all_kinds_agree_with_single_bytes(void **state)
{
    (void)state;
    static const char separators[] = ",;\t|";
    uint8_t p[URNA_LANES];
    for (unsigned byte = 0; byte < 256; byte++) { /* every byte beside every other */
        for (unsigned other = 0; other < 256; other++) {
            for (unsigned i = 0; i < URNA_LANES; i++)
                p[i] = (uint8_t)((i * 2654435761u >> 7 & 1) != 0 ? byte : other);
            check_lanes(p, separators[byte % 4]);
        }
    }
    uint32_t seed = 7;
    for (unsigned round = 0; round < 20000; round++) {
        for (unsigned i = 0; i < URNA_LANES; i++) {
            seed = seed * 1664525u + 1013904223u;
            p[i] = (uint8_t)(seed >> 24);
        }
        check_lanes(p, separators[round % 4]);
        for (unsigned i = 0; i < URNA_LANES; i += 2) { /* letters of two bytes, one place wrong */
            p[i] = (uint8_t)(0xC2 + p[i] % 30);
            p[i + 1] = (uint8_t)(0x80 | (p[i + 1] & 0x3F));
        }
        check_lanes(p, separators[round % 4]);
        memmove(p, p + 1, URNA_LANES - 1); /* the last pair is cut */
        p[0] = 'a';
        p[URNA_LANES - 1] = 0xC3;
        check_lanes(p, separators[round % 4]);
        p[seed % URNA_LANES] = (uint8_t)(seed >> 16);
        check_lanes(p, separators[round % 4]);
    }
}

static void digits_read_at_once_as_one_by_one(void **state)
{
    (void)state;
    uint64_t x;
    for (unsigned len = 0; len <= 9; len++) {
        for (unsigned at = 0; at < 8; at++) {
            for (unsigned byte = 0; byte < 256; byte++) {
                uint8_t p[16] = "98765432/:0a1b2";
                uint64_t want = 0;
                bool ok = len >= 1 && len <= 8;
                p[at] = (uint8_t)byte;
                for (unsigned i = 0; i < len; i++) {
                    ok = ok && p[i] >= '0' && p[i] <= '9';
                    want = want * 10 + (uint64_t)(p[i] - '0');
                }
                assert_int_equal(urna_lanes_digits(&x, p, len), ok);
                if (ok)
                    assert_true(x == want);
            }
        }
    }
}

/* Wherever a quote, a break or the end falls among the 64 bytes that are split at once. */
static void cells_at_every_distance_split_alike(void **state)
{
    (void)state;
    for (unsigned pad = 0; pad < 140; pad++) {
        struct urna_buf in = {0};
        for (unsigned i = 0; i < pad; i++)
            urna_buf_char(&in, i % 7 == 3 ? ',' : 'x');
        urna_buf_str(&in, ",\"a,\n\"\"b\",c\"d,,e\r\n1,\"\"\n2,\"q\"");
        struct urna_table *t;
        struct urna_error err = URNA_ERROR_INIT;
        struct urna_table_options o = {.separator = ','};
        assert_int_equal(urna_table_open_memory(&t, urna_buf_view(&in), "t", &o, &err), URNA_OK);
        size_t n = urna_table_n_columns(t), k = (pad + 3) / 7;
        assert_int_equal(n, k + 5);
        assert_string_equal(urna_table_column(t, k + 1), "a,\n\"b");
        assert_string_equal(urna_table_column(t, k + 2), "c\"d");
        char unnamed[32];
        snprintf(unnamed, sizeof unnamed, "column %zu", k + 4);
        assert_string_equal(urna_table_column(t, k + 3), unnamed);
        assert_string_equal(urna_table_column(t, k + 4), "e");
        for (unsigned row = 1; row <= 3; row++) {
            bool end;
            assert_int_equal(urna_table_next(t, &end, &err), URNA_OK);
            assert_int_equal(end, row == 3);
            if (row == 3)
                break;
            assert_int_equal(urna_table_n_cells(t), 2);
            assert_int_equal(urna_table_line(t), row + 2);
            assert_int_equal(urna_table_cell(t, 1).len, row - 1);
        }
        urna_table_close(t);
        urna_buf_free(&in);
    }
}

static void late_bad_byte_named_by_line_and_field(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    urna_buf_str(&b, "name,n\n");
    for (unsigned i = 0; i < 100000; i++)
        urna_buf_str(&b, "Minsk,12\n");
    urna_buf_str(&b, "Minsk,1\xFE\n");
    char *got = read_all(b.p, b.len, NULL);
    assert_non_null(strstr(got, "!2 t.csv:100002:2: byte 0xFE is not UTF-8"));
    free(got);
    urna_buf_free(&b);
}

static void cut_character_at_the_end_refused(void **state)
{
    (void)state;
    struct urna_table_options o = {.encoding = URNA_UTF8};
    char *got = read_all("a,b\n1,\xD0", 7, &o);
    if (!strstr(got, "!2 t.csv:2:2: byte 0xD0 is not UTF-8"))
        fail_msg("%s", got);
    free(got);
}

static void limits_of_tables_refused(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    for (unsigned i = 0; i <= URNA_TABLE_MAX_COLUMNS; i++)
        urna_buf_str(&b, "x,");
    refuses_bytes(b.p, b.len, "more than 65536 fields");
    urna_buf_reset(&b);
    urna_buf_str(&b, "a,b\n\"");
    for (size_t i = 0; i < URNA_TABLE_MAX_ROW / 16 + 100000; i++)
        urna_buf_str(&b, "0123456789abcde\n");
    refuses_bytes(b.p, b.len, "!2 t.csv:2:1: a row of more than 64 MiB");
    urna_buf_free(&b);
    refuses("", "the file is empty");
    struct urna_table_options o = {.header_row = 3}, small = {.max_bytes = 10};
    char *got = read_all("a,b\n1,2\n", 8, &o);
    assert_non_null(strstr(got, "there is no row 3"));
    free(got);
    got = read_all("a,b\n1,2\n3,4\n", 12, &small);
    assert_non_null(strstr(got, "more than 10 bytes"));
    free(got);
}

static void thousands_of_columns_read(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    for (unsigned row = 0; row < 3; row++)
        for (unsigned i = 0; i < 20000; i++)
            urna_buf_printf(&b, "%u%s", row * 20000 + i, i == 19999 ? "\n" : ";");
    struct urna_table *t;
    struct urna_error err = URNA_ERROR_INIT;
    bool end;
    assert_int_equal(urna_table_open_memory(&t, urna_buf_view(&b), "m", NULL, &err), URNA_OK);
    assert_int_equal(urna_table_n_columns(t), 20000);
    assert_int_equal(urna_table_next(t, &end, &err), URNA_OK);
    assert_true(urna_view_eq_str(urna_table_cell(t, 19999), "39999"));
    urna_table_close(t);
    urna_buf_free(&b);
}

/* ---- archives ---- */

static void deflate_to(struct urna_buf *out, const void *p, size_t len, int window_bits)
{
    z_stream z = {0};
    uint8_t buf[4096];
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    void *q;
    memcpy(&q, &p, sizeof q);
    z.next_in = q;
    z.avail_in = (uInt)len;
    int r;
    do {
        z.next_out = buf;
        z.avail_out = sizeof buf;
        r = deflate(&z, Z_FINISH);
        urna_buf_add(out, buf, sizeof buf - z.avail_out);
    } while (r == Z_OK);
    assert_int_equal(r, Z_STREAM_END);
    deflateEnd(&z);
}

static void gzip_members_read_damage_refused(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    deflate_to(&b, "a,b\n1,2\n", 8, MAX_WBITS + 16);
    size_t one = b.len;
    deflate_to(&b, "3,4\n", 4, MAX_WBITS + 16);
    urna_buf_add(&b, "\0\0\0", 3);
    char *got = read_all(b.p, b.len, NULL);
    assert_string_equal(got, "a|b\n1|2\n3|4\n");
    free(got);
    for (size_t cut = 2; cut < one; cut++) /* every cut is told, none gives a shorter table */
        refuses_bytes(b.p, cut, "!2 t.csv");
    b.p[one - 6] ^= 1; /* the checksum */
    refuses_bytes(b.p, b.len, "the packed data is damaged");
    urna_buf_free(&b);
}

static void bomb_refused(void **state)
{
    (void)state;
    struct urna_buf b = {0}, zeros = {0};
    uint8_t spaces[1 << 16];
    memset(spaces, ' ', sizeof spaces);
    urna_buf_str(&zeros, "a,b\n");
    for (unsigned i = 0; i < 1600; i++) {
        urna_buf_add(&zeros, spaces, sizeof spaces);
        urna_buf_str(&zeros, ",1\n");
    }
    deflate_to(&b, zeros.p, zeros.len, MAX_WBITS + 16);
    assert_true(zeros.len / b.len > URNA_TABLE_MAX_RATIO);
    struct urna_table *t;
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status st = urna_table_open_memory(&t, urna_buf_view(&b), "bomb", NULL, &err);
    bool end = false;
    while (st == URNA_OK && !end)
        st = urna_table_next(t, &end, &err);
    assert_int_equal(st, URNA_INPUT);
    assert_non_null(strstr(err.msg, "times its size"));
    urna_table_close(t);
    urna_buf_free(&b);
    urna_buf_free(&zeros);
}

static void le(struct urna_buf *b, uint64_t x, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        urna_buf_u8(b, (uint8_t)(i < 8 ? x >> 8 * i : 0));
}

struct zip {
    struct urna_buf file, directory;
    unsigned n;
};

static void zip_add(struct zip *z, const char *name, const char *text, bool deflated)
{
    struct urna_buf data = {0};
    uint32_t crc = (uint32_t)crc32_z(0, (const uint8_t *)text, strlen(text)),
             at = (uint32_t)z->file.len;
    if (deflated)
        deflate_to(&data, text, strlen(text), -MAX_WBITS);
    else
        urna_buf_str(&data, text);
    for (unsigned central = 0; central < 2; central++) {
        struct urna_buf *b = central ? &z->directory : &z->file;
        le(b, central ? 0x02014B50 : 0x04034B50, 4);
        le(b, 20, central ? 4 : 2);
        le(b, 0, 2);
        le(b, deflated ? 8 : 0, 2);
        le(b, 0, 4);
        le(b, crc, 4);
        le(b, data.len, 4);
        le(b, strlen(text), 4);
        le(b, strlen(name), 2);
        le(b, 0, 2);
        if (central) {
            le(b, 0, 10);
            le(b, at, 4);
        }
        urna_buf_str(b, name);
    }
    urna_buf_add(&z->file, data.p, data.len);
    urna_buf_free(&data);
    z->n++;
}

static void zip_end(struct zip *z)
{
    size_t at = z->file.len;
    urna_buf_add(&z->file, z->directory.p, z->directory.len);
    le(&z->file, 0x06054B50, 4);
    le(&z->file, 0, 4);
    le(&z->file, z->n, 2);
    le(&z->file, z->n, 2);
    le(&z->file, z->directory.len, 4);
    le(&z->file, at, 4);
    le(&z->file, 0, 2);
    urna_buf_free(&z->directory);
}

static void zip_members_read(void **state)
{
    (void)state;
    for (unsigned deflated = 0; deflated < 2; deflated++) {
        struct zip z = {0};
        zip_add(&z, "readme.md", "hello", false);
        zip_add(&z, "t.csv", "a,b\n1,2\n", deflated);
        zip_end(&z);
        char *got = read_all(z.file.p, z.file.len, NULL);
        assert_string_equal(got, "a|b\n1|2\n");
        free(got);
        for (size_t cut = 4; cut < z.file.len; cut++)
            refuses_bytes(z.file.p, cut, "!2 t.csv");
        urna_buf_free(&z.file);
    }
    struct zip z = {0};
    zip_add(&z, "one.csv", "a,b\n1,2\n", true);
    zip_add(&z, "two.csv", "a,b\n3,4\n", true);
    zip_end(&z);
    refuses_bytes(
        z.file.p, z.file.len,
        "several tables, say which (member = NAME in the map, or --member): one.csv, two.csv");
    struct urna_table_options o = {.member = "two.csv"}, none = {.member = "x"};
    char *got = read_all(z.file.p, z.file.len, &o);
    assert_string_equal(got, "a|b\n3|4\n");
    free(got);
    got = read_all(z.file.p, z.file.len, &none);
    assert_non_null(strstr(got, "no member x; it has: one.csv, two.csv"));
    free(got);
    urna_buf_free(&z.file);
}

/* Every byte of an archive changed: the same rows or an error, never other rows. */
static void zip_every_byte_changed_is_the_same_or_refused(void **state)
{
    (void)state;
    for (unsigned deflated = 0; deflated < 2; deflated++) {
        struct zip z = {0};
        zip_add(&z, "t.csv", "a,b\n1,2\n3,4\n5,6\n", deflated);
        zip_end(&z);
        for (size_t i = 0; i < z.file.len; i++)
            for (unsigned bit = 0; bit < 8; bit++) {
                z.file.p[i] ^= (uint8_t)(1u << bit);
                char *got = read_all(z.file.p, z.file.len, NULL);
                bool same = strcmp(got, "a|b\n1|2\n3|4\n5|6\n") == 0;
                if (!same && !strchr(got, '!'))
                    fail_msg("byte %zu bit %u: %s", i, bit, got);
                free(got);
                z.file.p[i] ^= (uint8_t)(1u << bit);
            }
        urna_buf_free(&z.file);
    }
}

static void zip_hostile_sizes_refused(void **state)
{
    (void)state;
    struct zip z = {0};
    zip_add(&z, "t.csv", "a,b\n1,2\n", true);
    zip_end(&z);
    size_t end = z.file.len - 22, dir = end - 46 - 5;
    static const struct {
        size_t from_dir, len;
        const char *want;
    } fields[] = {{20, 4, "t.csv"}, {24, 4, "t.csv"}, {42, 4, "t.csv"}, {28, 2, "damaged"}};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        uint8_t keep[4];
        memcpy(keep, z.file.p + dir + fields[i].from_dir, 4);
        memset(z.file.p + dir + fields[i].from_dir, 0xFE, fields[i].len);
        refuses_bytes(z.file.p, z.file.len, "!2 ");
        memset(z.file.p + dir + fields[i].from_dir, 0xFF, fields[i].len);
        refuses_bytes(z.file.p, z.file.len, "!2 ");
        memcpy(z.file.p + dir + fields[i].from_dir, keep, 4);
    }
    memset(z.file.p + end + 12, 0xFE, 4);
    refuses_bytes(z.file.p, z.file.len, "impossible place or size");
    urna_buf_free(&z.file);
}

static void other_formats_named(void **state)
{
    (void)state;
    refuses_bytes("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "an old spreadsheet");
    refuses("%PDF-1.4", "a PDF");
    refuses_bytes("\x28\xB5\x2F\xFD\x00", 5, "zstd");
    struct zip z = {0};
    zip_add(&z, "[Content_Types].xml", "<x/>", false);
    zip_end(&z);
    refuses_bytes(z.file.p, z.file.len, "a spreadsheet (xlsx)");
    urna_buf_free(&z.file);
}

/* ---- numbers ---- */

static void count_is(const char *cell, char thousands, char decimal, enum urna_number_result want,
                     uint64_t value)
{
    struct urna_number_style style = {.decimal = decimal, .thousands = thousands}, seen = {0};
    uint64_t x = 0;
    enum urna_number_result r = urna_number_count(&x, &seen, urna_view_str(cell), style);
    if (r != want || ((r == URNA_NUMBER_OK || r == URNA_NUMBER_UNSURE) && x != value))
        fail_msg("\"%s\": result %d, value %llu", cell, (int)r, (unsigned long long)x);
}

static void counts_as_spreadsheets_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        char thousands, decimal;
        enum urna_number_result want;
        uint64_t value;
    } cases[] = {
        {"0", 0, 0, URNA_NUMBER_OK, 0},
        {"0012", 0, 0, URNA_NUMBER_OK, 12},
        {" 12 ", 0, 0, URNA_NUMBER_OK, 12},
        {"1 234", 0, 0, URNA_NUMBER_OK, 1234},
        {"1\xC2\xA0"
         "234\xC2\xA0"
         "567",
         0, 0, URNA_NUMBER_OK, 1234567},
        {"1\xE2\x80\xAF"
         "234",
         0, 0, URNA_NUMBER_OK, 1234},
        {"1'234", 0, 0, URNA_NUMBER_OK, 1234},
        {"1,234", 0, 0, URNA_NUMBER_OK, 1234},
        {"1.234", 0, 0, URNA_NUMBER_OK, 1234},
        {"1.234.567", 0, 0, URNA_NUMBER_OK, 1234567},
        {"1,234.00", 0, 0, URNA_NUMBER_OK, 1234},
        {"1.234,0", 0, 0, URNA_NUMBER_OK, 1234},
        {"1 234,00", 0, 0, URNA_NUMBER_OK, 1234},
        {"12.0", 0, 0, URNA_NUMBER_OK, 12},
        {"12,00", 0, 0, URNA_NUMBER_OK, 12},
        {"0.000", 0, 0, URNA_NUMBER_OK, 0},
        {"1,000", 0, 0, URNA_NUMBER_UNSURE, 1000},
        {"1,000", ',', 0, URNA_NUMBER_OK, 1000},
        {"1,000", 0, ',', URNA_NUMBER_OK, 1},
        {"1.234", 0, '.', URNA_NUMBER_BAD, 0},
        {"1,234", '.', 0, URNA_NUMBER_BAD, 0},
        {"", 0, 0, URNA_NUMBER_EMPTY, 0},
        {"  ", 0, 0, URNA_NUMBER_EMPTY, 0},
        {"-1", 0, 0, URNA_NUMBER_BAD, 0},
        {"+1", 0, 0, URNA_NUMBER_BAD, 0},
        {"12.5", 0, 0, URNA_NUMBER_BAD, 0},
        {"1 23", 0, 0, URNA_NUMBER_BAD, 0},
        {"1234 567", 0, 0, URNA_NUMBER_BAD, 0},
        {"1,23,456", 0, 0, URNA_NUMBER_OK, 123456}, /* lakhs */
        {"12,34,56,789", 0, 0, URNA_NUMBER_OK, 123456789},
        {"1,23,456", 0, ',', URNA_NUMBER_BAD, 0},
        {"123,45,678", 0, 0, URNA_NUMBER_BAD, 0},
        {"1,2,345", 0, 0, URNA_NUMBER_BAD, 0},
        {"1.23.456", 0, 0, URNA_NUMBER_BAD, 0},
        {"١٢٣", 0, 0, URNA_NUMBER_OK, 123},
        {"۱٬۲۳۴", 0, 0, URNA_NUMBER_OK, 1234},
        {"१,२३,४५६", 0, 0, URNA_NUMBER_OK, 123456},
        {"১২", 0, 0, URNA_NUMBER_OK, 12},
        {"\xEF\xBB\xBF"
         "12\xE2\x80\x8B",
         0, 0, URNA_NUMBER_OK, 12},
        {"٣x", 0, 0, URNA_NUMBER_BAD, 0},
        {"1.234,567.0", 0, 0, URNA_NUMBER_BAD, 0},
        {"1..2", 0, 0, URNA_NUMBER_BAD, 0},
        {"12x", 0, 0, URNA_NUMBER_BAD, 0},
        {"1e3", 0, 0, URNA_NUMBER_BAD, 0},
        {"0x10", 0, 0, URNA_NUMBER_BAD, 0},
        {"12%", 0, 0, URNA_NUMBER_BAD, 0},
        {"1.", 0, 0, URNA_NUMBER_BAD, 0},
        {"9223372036854775807", 0, 0, URNA_NUMBER_OK, INT64_MAX},
        {"9223372036854775808", 0, 0, URNA_NUMBER_TOO_LARGE, 0},
        {"99999999999999999999999", 0, 0, URNA_NUMBER_TOO_LARGE, 0},
        {"9 223 372 036 854 775 808", 0, 0, URNA_NUMBER_TOO_LARGE, 0},
        {"9 999 999 999 999 999 999 999", 0, 0, URNA_NUMBER_TOO_LARGE, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        count_is(cases[i].cell, cases[i].thousands, cases[i].decimal, cases[i].want,
                 cases[i].value);
}

static void percentages_read_exactly(void **state)
{
    (void)state;
    struct urna_decimal d;
    struct urna_number_style none = {0};
    assert_int_equal(urna_number_decimal(&d, urna_view_str("51,20 %"), none), URNA_NUMBER_OK);
    assert_int_equal(d.digits, 5120);
    assert_int_equal(d.places, 2);
    assert_int_equal(urna_number_decimal(&d, urna_view_str("7"), none), URNA_NUMBER_OK);
    assert_int_equal(d.places, 0);
    assert_int_equal(urna_number_decimal(&d, urna_view_str(""), none), URNA_NUMBER_EMPTY);
    assert_int_equal(urna_number_decimal(&d, urna_view_str("%"), none), URNA_NUMBER_BAD);
    assert_int_equal(urna_number_decimal(&d, urna_view_str("1.2.3"), none), URNA_NUMBER_BAD);
    assert_int_equal(urna_number_decimal(&d, urna_view_str(".5"), none), URNA_NUMBER_BAD);
    assert_int_equal(urna_number_decimal(&d, urna_view_str("0.1234567890123"), none),
                     URNA_NUMBER_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_forms_of_spreadsheets_read),
        cmocka_unit_test(quoted_fields_read),
        cmocka_unit_test(lines_count_breaks_inside_quotes),
        cmocka_unit_test(rows_over_chunk_borders_are_whole),
        cmocka_unit_test(encodings_recognised_and_converted),
        cmocka_unit_test(lanes_of_all_kinds_agree_with_single_bytes),
        cmocka_unit_test(digits_read_at_once_as_one_by_one),
        cmocka_unit_test(cells_at_every_distance_split_alike),
        cmocka_unit_test(utf8_fast_check_equals_the_decoder),
        cmocka_unit_test(late_bad_byte_named_by_line_and_field),
        cmocka_unit_test(cut_character_at_the_end_refused),
        cmocka_unit_test(limits_of_tables_refused),
        cmocka_unit_test(thousands_of_columns_read),
        cmocka_unit_test(gzip_members_read_damage_refused),
        cmocka_unit_test(bomb_refused),
        cmocka_unit_test(zip_members_read),
        cmocka_unit_test(zip_every_byte_changed_is_the_same_or_refused),
        cmocka_unit_test(zip_hostile_sizes_refused),
        cmocka_unit_test(other_formats_named),
        cmocka_unit_test(counts_as_spreadsheets_write_them),
        cmocka_unit_test(percentages_read_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
