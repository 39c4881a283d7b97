/* Opening a table: what separates its cells, what its columns are called. */
#include "evidence/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/rows.h"

#define CHUNK ((size_t)256 << 10) /* hashed at once */

/* ---- errors ---- */

void urna_table_place(const struct urna_table *t, size_t field, struct urna_error *err)
{
    if (!err || err->where[0])
        return;
    size_t n = strlen(t->name), room = sizeof err->where - 48;
    snprintf(err->where, sizeof err->where, "%s:%llu:%zu", n > room ? t->name + n - room : t->name,
             (unsigned long long)t->line, field + 1);
}

enum urna_status urna_table_fail(const struct urna_table *t, size_t field, struct urna_error *err,
                                 enum urna_status status, const char *fmt, ...)
{
    char msg[sizeof err->msg];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    urna_table_place(t, field, err);
    return urna_fail(err, status, "%s", msg);
}

static bool row_is_empty(const struct urna_table *t)
{
    for (size_t i = 0; i < t->cells.n; i++)
        if (urna_cell(&t->cells, i).len > 0)
            return false;
    return true;
}

enum urna_status urna_table_next(struct urna_table *t, bool *end, struct urna_error *err)
{
    enum urna_status st;
    do {
        st = urna_rows_next(t, end, err);
    } while (st == URNA_OK && !*end && row_is_empty(t));
    if (st != URNA_OK || *end)
        t->cells.n = 0;
    return st;
}

/* ---- opening ---- */

/* The separator that stands most often outside quotes in line ${row} that is not empty. */
static char recognise_separator(const uint8_t *p, size_t len, uint32_t row)
{
    static const char candidates[] = ",;\t|";
    size_t count[4] = {0};
    bool quoted = false, empty = true;
    uint32_t at = 1;
    for (size_t i = 0; i < len; i++) {
        if (p[i] == '"')
            quoted = !quoted;
        bool ends = !quoted && (p[i] == '\n' || p[i] == '\r');
        if (ends && !empty && at++ == row)
            break;
        if (ends) {
            empty = true;
            memset(count, 0, sizeof count);
            continue;
        }
        empty = false;
        for (size_t k = 0; !quoted && k < 4; k++)
            count[k] += p[i] == (uint8_t)candidates[k];
    }
    size_t best = 0;
    for (size_t k = 1; k < 4; k++)
        if (count[k] > count[best])
            best = k;
    return candidates[best];
}

/* Excel's first line "sep=;" says the separator and is no row. */
static bool take_sep_line(struct urna_table *t)
{
    const uint8_t *p = t->text.buf;
    if (t->text.end < 6 || memcmp(p, "sep=", 4) != 0 || (p[5] != '\n' && p[5] != '\r'))
        return false;
    urna_rows_begin(t, (char)p[4], 6, p[5] == '\r');
    t->next_line = 2;
    return true;
}

static void add_names(struct urna_table *t, bool last)
{
    struct urna_view *cell = urna_xcalloc(t->cells.n + 1, sizeof *cell);
    for (size_t i = 0; i < t->cells.n; i++)
        cell[i] = urna_table_cell(t, i);
    urna_header_add(&t->header, cell, t->cells.n, last);
    free(cell);
}

static enum urna_status read_header(struct urna_table *t, struct urna_error *err)
{
    uint32_t first = t->options.header_row ? t->options.header_row : 1,
             last = first + (t->options.header_rows ? t->options.header_rows - 1 : 0);
    if (t->options.headless)
        return URNA_OK;
    for (uint32_t row = 1; row <= last; row++) {
        bool end = false;
        enum urna_status st = urna_table_next(t, &end, err);
        if (st != URNA_OK)
            return st;
        if (end)
            return urna_table_fail(t, 0, err, URNA_INPUT,
                                   "there is no row %u with the names of the columns", row);
        if (row >= first)
            add_names(t, row == last);
    }
    urna_header_end(&t->header);
    return URNA_OK;
}

static enum urna_status open_table(struct urna_table **out, const char *path,
                                   struct urna_view bytes, const char *name,
                                   const struct urna_table_options *options, struct urna_error *err)
{
    struct urna_table *t = urna_xcalloc(1, sizeof *t);
    *out = NULL;
    t->name = urna_xstrdup(name);
    t->line = t->next_line = 1;
    if (options)
        t->options = *options;
    enum urna_status st = urna_text_open(&t->text, path, bytes, t->name, &t->options, err);
    if (st != URNA_OK)
        urna_table_place(t, 0, err);
    if (st == URNA_OK) {
        uint32_t row = t->options.header_row ? t->options.header_row : 1;
        if (!take_sep_line(t))
            urna_rows_begin(t,
                            t->options.separator
                                ? t->options.separator
                                : recognise_separator(t->text.buf, t->text.end, row),
                            0, false);
        st = read_header(t, err);
    }
    if (st != URNA_OK) {
        urna_table_close(t);
        return st;
    }
    *out = t;
    return URNA_OK;
}

enum urna_status urna_table_open(struct urna_table **out, const char *path,
                                 const struct urna_table_options *options, struct urna_error *err)
{
    return open_table(out, path, urna_view(NULL, 0), path, options, err);
}

enum urna_status urna_table_open_memory(struct urna_table **out, struct urna_view bytes,
                                        const char *name, const struct urna_table_options *options,
                                        struct urna_error *err)
{
    return open_table(out, NULL, bytes, name, options, err);
}

void urna_table_close(struct urna_table *t)
{
    if (!t)
        return;
    urna_header_free(&t->header);
    urna_rows_free(t);
    urna_text_close(&t->text);
    free(t->name);
    free(t);
}

/* ---- looking at it ---- */

const char *urna_table_name(const struct urna_table *t)
{
    return t->name;
}

enum urna_encoding urna_table_encoding(const struct urna_table *t)
{
    return t->text.encoding;
}

char urna_table_separator(const struct urna_table *t)
{
    return t->breaks.separator;
}

size_t urna_table_n_columns(const struct urna_table *t)
{
    return t->header.n;
}

const char *urna_table_column(const struct urna_table *t, size_t i)
{
    return t->header.name[i];
}

size_t urna_table_n_cells(const struct urna_table *t)
{
    return t->cells.n;
}

struct urna_view urna_table_cell(const struct urna_table *t, size_t i)
{
    return urna_cell(&t->cells, i);
}

const struct urna_cells *urna_table_cells(const struct urna_table *t)
{
    return &t->cells;
}

uint64_t urna_table_line(const struct urna_table *t)
{
    return t->line;
}

uint64_t urna_table_bytes(const struct urna_table *t)
{
    return t->text.bytes;
}

enum urna_status urna_table_hash_file(uint8_t out[URNA_HASH_LEN], const char *path,
                                      struct urna_error *err)
{
    FILE *f = fopen(path, "rbe");
    if (!f)
        return urna_fail_errno(err, "open");
    struct urna_sha256 h;
    urna_sha256_init(&h);
    uint8_t *buf = urna_xmalloc(CHUNK);
    size_t n;
    while ((n = fread(buf, 1, CHUNK, f)) > 0)
        urna_sha256_add(&h, buf, n);
    bool bad = ferror(f);
    free(buf);
    fclose(f);
    urna_sha256_end(&h, out);
    return bad ? urna_fail_errno(err, "read") : URNA_OK;
}
