/* UTF-16 and zip64: what spreadsheets call "Unicode text", and archives of more than 4 GiB or of
 * programs that prepare for them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "evidence/table.h"

static char *read_all(const void *p, size_t len)
{
    struct urna_table *t = NULL;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf out = {0};
    enum urna_status st = urna_table_open_memory(&t, urna_view(p, len), "t", NULL, &err);
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

static void gives(const struct urna_buf *b, const char *want)
{
    char *got = read_all(b->p, b->len);
    assert_string_equal(got, want);
    free(got);
}

static void refuses(const struct urna_buf *b, const char *want)
{
    char *got = read_all(b->p, b->len);
    if (!strstr(got, want))
        fail_msg("\"%s\" is not in \"%s\"", want, got);
    free(got);
}

/* ---- UTF-16 ---- */

static void unit(struct urna_buf *b, uint32_t c, bool big)
{
    urna_buf_u8(b, (uint8_t)(big ? c >> 8 : c));
    urna_buf_u8(b, (uint8_t)(big ? c : c >> 8));
}

static void wide(struct urna_buf *b, const char *text, bool big)
{
    size_t len = strlen(text), i = 0;
    uint32_t c;
    if (b->len == 0)
        unit(b, 0xFEFF, big);
    while (i < len && urna_utf8_next((const uint8_t *)text, len, &i, &c)) {
        if (c > 0xFFFF) {
            unit(b, 0xD800 + ((c - 0x10000) >> 10), big);
            c = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        unit(b, c, big);
    }
}

static void utf16_reads_as_the_same_text_in_utf8(void **state)
{
    (void)state;
    for (unsigned big = 0; big < 2; big++) {
        struct urna_buf b = {0};
        wide(&b, "регион\tn\r\nМінск, \U0001F5F3\t12 345\r\n\"a\tb\"\t\u20AC\r\n", big);
        gives(&b, "регион|n\nМінск, \U0001F5F3|12 345\na\tb|\u20AC\n");
        urna_buf_free(&b);
    }
}

static void utf16_over_chunk_borders_is_whole(void **state)
{
    (void)state;
    struct urna_buf b = {0}, text = {0};
    urna_buf_str(&text, "name\tn\n");
    for (unsigned i = 0; i < 40000; i++)
        urna_buf_printf(&text, "%.*sж\U0001F5F3\u20AC\t%u\n", (int)(i % 7), "abcdefg", i);
    wide(&b, urna_buf_cstr(&text), false);
    char *got = read_all(b.p, b.len), *want = read_all(text.p, text.len);
    assert_string_equal(got, want);
    free(got);
    free(want);
    urna_buf_free(&text);
    urna_buf_free(&b);
}

static void damaged_utf16_is_named_by_line_and_field(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    wide(&b, "a\tb\n1\tx", false);
    unit(&b, 0xD83D, false);
    wide(&b, "y\n", false);
    refuses(&b, "!2 t:2:2: half a character");
    b.len = 0;
    wide(&b, "a\tb\n", true);
    unit(&b, 0xDC00, true);
    wide(&b, "y\t1\n", true);
    refuses(&b, "!2 t:2:1: half a character");
    b.len = 0;
    wide(&b, "a\tb\n1\t2\n", false);
    b.len--;
    refuses(&b, "cut off in the middle of a character");
    b.len = 0;
    wide(&b, "a\tb\n1\t2", false);
    unit(&b, 0xD83D, false);
    refuses(&b, "cut off in the middle of a character");
    b.len = 0;
    wide(&b, "a\tb\n1\t2\n", false);
    unit(&b, 0, false);
    refuses(&b, "!2 t:3:1: a NUL byte");
    urna_buf_free(&b);
    static const uint8_t little[] = {0xFF, 0xFE}, half[] = {0xFF};
    struct urna_buf mark = {0};
    urna_buf_add(&mark, little, sizeof little);
    refuses(&mark, "the file is empty");
    mark.len = 0;
    urna_buf_add(&mark, half, sizeof half);
    refuses(&mark, "not UTF-8");
    mark.len = 0;
    urna_buf_add(&mark, "a\0,\0b\0\n\0", 8);
    refuses(&mark, "UTF-16 without its byte order mark");
    urna_buf_free(&mark);
}

/* ---- zip64 ---- */

static void le(struct urna_buf *b, uint64_t x, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        urna_buf_u8(b, (uint8_t)(x >> 8 * i));
}

static const char text[] = "a,b\n1,2\n3,4\n";
static const char rows[] = "a|b\n1|2\n3|4\n";

/* One stored member whose three sizes stand in the zip64 field as far as ${wide_mask} says (1:
 * unpacked, 2: packed, 4: place). Returns where the directory is. */
static size_t make_zip64(struct urna_buf *b, const void *data, size_t len, unsigned wide_mask,
                         bool wide_end)
{
    uint32_t crc = (uint32_t)crc32_z(0, data, len);
    unsigned n = (wide_mask & 1) + (wide_mask >> 1 & 1) + (wide_mask >> 2 & 1);
    b->len = 0;
    size_t dir = 0;
    for (unsigned central = 0; central < 2; central++) {
        if (central)
            dir = b->len;
        le(b, central ? 0x02014B50 : 0x04034B50, 4);
        le(b, 45, central ? 4 : 2);
        le(b, 0, 8);
        le(b, crc, 4);
        le(b, wide_mask & 2 ? UINT32_MAX : len, 4);
        le(b, wide_mask & 1 ? UINT32_MAX : len, 4);
        le(b, 5, 2);
        le(b, central ? 4 + 8 * n + 5 : 0, 2);
        if (central) {
            le(b, 0, 8);
            le(b, 0, 2);
            le(b, wide_mask & 4 ? UINT32_MAX : 0, 4);
        }
        urna_buf_str(b, "t.csv");
        if (!central) {
            urna_buf_add(b, data, len);
            continue;
        }
        le(b, 0x5455, 2); /* another program's field goes first */
        le(b, 1, 2);
        le(b, 0, 1);
        le(b, 1, 2);
        le(b, 8 * n, 2);
        if (wide_mask & 1)
            le(b, len, 8);
        if (wide_mask & 2)
            le(b, len, 8);
        if (wide_mask & 4)
            le(b, 0, 8);
    }
    size_t end64 = b->len;
    if (wide_end) {
        le(b, 0x06064B50, 4);
        le(b, 44, 8);
        le(b, 45, 2);
        le(b, 45, 2);
        le(b, 0, 8);
        le(b, 1, 8);
        le(b, 1, 8);
        le(b, end64 - dir, 8);
        le(b, dir, 8);
        le(b, 0x07064B50, 4);
        le(b, 0, 4);
        le(b, end64, 8);
        le(b, 1, 4);
    }
    le(b, 0x06054B50, 4);
    le(b, 0, 4);
    le(b, wide_end ? UINT16_MAX : 1, 2);
    le(b, wide_end ? UINT16_MAX : 1, 2);
    le(b, wide_end ? UINT32_MAX : end64 - dir, 4);
    le(b, wide_end ? UINT32_MAX : dir, 4);
    le(b, 0, 2);
    return dir;
}

static void zip64_read_whatever_is_wide(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    for (unsigned mask = 0; mask < 8; mask++)
        for (unsigned end = 0; end < 2; end++) {
            make_zip64(&b, text, strlen(text), mask, end);
            gives(&b, rows);
            size_t whole = b.len;
            for (b.len = 4; b.len < whole; b.len++)
                refuses(&b, "!2 t");
        }
    urna_buf_free(&b);
}

static void zip64_every_byte_changed_is_the_same_or_refused(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    make_zip64(&b, text, strlen(text), 7, true);
    for (size_t i = 0; i < b.len; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            b.p[i] ^= (uint8_t)(1u << bit);
            char *got = read_all(b.p, b.len);
            if (strcmp(got, rows) != 0 && !strchr(got, '!'))
                fail_msg("byte %zu bit %u: %s", i, bit, got);
            free(got);
            b.p[i] ^= (uint8_t)(1u << bit);
        }
    urna_buf_free(&b);
}

/* Each 64-bit number of the archive set to values that overflow sums or lie beyond the file. */
static void zip64_hostile_sizes_refused(void **state)
{
    (void)state;
    static const uint64_t hostile[] = {UINT64_MAX,        UINT64_MAX - 7, INT64_MAX,
                                       UINT64_C(1) << 63, UINT32_MAX,     1000};
    struct urna_buf b = {0};
    size_t dir = make_zip64(&b, text, strlen(text), 7, true), end64 = b.len - 22 - 20 - 56;
    const size_t at[] = {dir + 46 + 5 + 5 + 4,
                         dir + 46 + 5 + 5 + 12,
                         dir + 46 + 5 + 5 + 20,
                         end64 + 24,
                         end64 + 32,
                         end64 + 40,
                         end64 + 48,
                         end64 + 56 + 8};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++)
        for (size_t k = 0; k < sizeof hostile / sizeof hostile[0]; k++) {
            uint8_t keep[8];
            memcpy(keep, b.p + at[i], 8);
            for (unsigned j = 0; j < 8; j++)
                b.p[at[i] + j] = (uint8_t)(hostile[k] >> 8 * j);
            refuses(&b, "!2 ");
            memcpy(b.p + at[i], keep, 8);
        }
    gives(&b, rows);
    b.p[dir + 46 + 5 + 5] = 2; /* no zip64 field */
    refuses(&b, "lacks the zip64 field");
    b.p[dir + 46 + 5 + 5] = 1;
    b.p[dir + 46 + 5 + 5 + 2] = 23; /* too short for three numbers */
    refuses(&b, "the zip64 field of the zip member is damaged");
    urna_buf_free(&b);
}

/* A count that really lies beyond 4 GiB: a sparse file, nothing of which is read but the member. */
static void zip64_member_beyond_four_gib_read(void **state)
{
    (void)state;
    char path[] = "/tmp/urna-zip64-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    const uint64_t far = (UINT64_C(5) << 30) + 17;
    struct urna_buf b = {0};
    size_t dir = make_zip64(&b, text, strlen(text), 7, true), end64 = b.len - 22 - 20 - 56;
    const struct {
        size_t at;
        uint64_t x;
    } moved[] = {
        {dir + 46 + 5 + 5 + 20, far}, {end64 + 48, far + dir}, {end64 + 56 + 8, far + end64}};
    for (size_t i = 0; i < 3; i++)
        for (unsigned j = 0; j < 8; j++)
            b.p[moved[i].at + j] = (uint8_t)(moved[i].x >> 8 * j);
    assert_int_equal(pwrite(fd, b.p, b.len, (off_t)far), (ssize_t)b.len);
    assert_int_equal(pwrite(fd, "PK\3\4", 4, 0), 4);
    close(fd);
    struct urna_table *t;
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status st = urna_table_open(&t, path, NULL, &err);
    unlink(path);
    if (st != URNA_OK)
        fail_msg("%s: %s", err.where, err.msg);
    bool end = false;
    size_t n = 0;
    while (urna_table_next(t, &end, &err) == URNA_OK && !end)
        n++;
    assert_true(end);
    assert_int_equal(n, 2);
    urna_table_close(t);
    urna_buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf16_reads_as_the_same_text_in_utf8),
        cmocka_unit_test(utf16_over_chunk_borders_is_whole),
        cmocka_unit_test(damaged_utf16_is_named_by_line_and_field),
        cmocka_unit_test(zip64_read_whatever_is_wide),
        cmocka_unit_test(zip64_every_byte_changed_is_the_same_or_refused),
        cmocka_unit_test(zip64_hostile_sizes_refused),
        cmocka_unit_test(zip64_member_beyond_four_gib_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
