/* Tables, packed or not. What is read is valid UTF-8 without NUL, lines go up, and the same rows
 * written with every field in quotes are read again as they were. */
#include "fuzz.h"

#include "base/secret.h"
#include "evidence/encoding.h"

#define UNPACKED_MAX (1u << 22)

static void write_cell(struct urna_buf *out, struct urna_view c, bool first)
{
    urna_buf_str(out, first ? "\"" : ",\"");
    for (size_t i = 0; i < c.len; i++) {
        if (c.p[i] == '"')
            urna_buf_u8(out, '"');
        urna_buf_u8(out, c.p[i]);
    }
    urna_buf_u8(out, '"');
}

/* The rows as one text; again is the same with quotes. Returns false at an error. */
static bool read_rows(struct urna_buf *plain, struct urna_buf *again, struct urna_view bytes,
                      const struct urna_table_options *o)
{
    struct urna_table *t;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_table_open_memory(&t, bytes, "fuzz", o, &err) != URNA_OK) {
        MUST(err.status != URNA_OK && err.where[0] && err.msg[0]);
        return false;
    }
    urna_buf_str(again, "sep=,\n\"x\"\n"); /* the header is not compared: its names are trimmed */
    uint64_t line = 0;
    for (;;) {
        bool end, nul;
        if (urna_table_next(t, &end, &err) != URNA_OK) {
            MUST(err.status != URNA_OK && err.where[0] && err.msg[0]);
            urna_table_close(t);
            return false;
        }
        if (end)
            break;
        MUST(urna_table_line(t) > line);
        line = urna_table_line(t);
        size_t n = urna_table_n_cells(t);
        MUST(n > 0 && n <= URNA_TABLE_MAX_COLUMNS);
        for (size_t i = 0; i < n; i++) {
            struct urna_view c = urna_table_cell(t, i);
            MUST(urna_utf8_valid_prefix(c.p, c.len, &nul) == c.len);
            urna_buf_add(plain, c.p, c.len);
            urna_buf_u8(plain, 0);
            write_cell(again, c, i == 0);
            struct urna_number_style seen = {0}, style = {0};
            uint64_t x;
            enum urna_number_result r = urna_number_count(&x, &seen, c, style);
            MUST((r != URNA_NUMBER_OK && r != URNA_NUMBER_UNSURE) || x <= INT64_MAX);
            struct urna_decimal d;
            MUST(urna_number_decimal(&d, c, style) != URNA_NUMBER_OK || d.places <= 12);
        }
        urna_buf_u8(plain, 0xFF);
        urna_buf_str(again, "\n");
    }
    urna_table_close(t);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_buf plain = {0}, again = {0}, plain2 = {0}, again2 = {0};
    struct urna_table_options o = {.max_bytes = UNPACKED_MAX};
    if (read_rows(&plain, &again, urna_view(data, size), &o)) {
        struct urna_table_options utf8 = {.encoding = URNA_UTF8};
        MUST(read_rows(&plain2, &again2, urna_buf_view(&again), &utf8));
        MUST(urna_view_eq(urna_buf_view(&plain), urna_buf_view(&plain2)));
    }
    urna_buf_free(&plain);
    urna_buf_free(&again);
    urna_buf_free(&plain2);
    urna_buf_free(&again2);
    return 0;
}
