/* Tables, row by row. A row is split where it lies in the text's buffer. When the buffer ends
 * inside a row, its beginning moves to the front, more is read behind it, and splitting goes on
 * where it stopped: no byte is looked at twice.
 *
 * Invariants:
 *   T1  row <= at <= end; [row, at) is the part of the current row that is split already.
 *   T2  cells are offsets from the row's beginning, so that moving the row does not change them. */
#include "evidence/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/header.h"
#include "evidence/lanes.h"
#include "evidence/text.h"

#define CHUNK ((size_t)256 << 10) /* hashed at once */

struct cell {
    uint32_t start, len; /* a row is no longer than URNA_TABLE_MAX_ROW and what was read at once */
    bool doubled;        /* has "" inside, to be made " */
};

/* Where splitting stands. */
enum state { FIELD_START, PLAIN, QUOTED, QUOTE_IN_QUOTED, AFTER_QUOTED };

struct urna_table {
    char *name;
    struct urna_text text;
    struct urna_table_options options;
    char separator;
    bool skip_lf; /* the last row ended in CR: an LF right after it belongs to it */

    size_t row, at;
    struct cell *cells;
    size_t n_cells, cap_cells;
    enum state state;
    size_t start;      /* of the cell being split, from the row's beginning */
    size_t quoted_end; /* of a quoted cell */
    bool doubled;
    bool any_doubled; /* in this row */
    uint8_t special[256];

    struct urna_header header; /* the names of the columns */
    uint64_t line, next_line;
};

/* ---- errors ---- */

static void place(const struct urna_table *t, size_t field, struct urna_error *err)
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
    place(t, field, err);
    return urna_fail(err, status, "%s", msg);
}

static enum urna_status fill(struct urna_table *t, struct urna_error *err)
{
    enum urna_status st = urna_text_more(&t->text, t->row, err);
    t->at -= t->row;
    t->row = 0;
    if (st != URNA_OK)
        place(t, t->n_cells, err);
    return st;
}

/* ---- splitting ---- */

/* Is there room for n more cells? */
static bool make_cells(struct urna_table *t, size_t n)
{
    if (t->n_cells + n > URNA_TABLE_MAX_COLUMNS)
        return false;
    if (t->n_cells + n > t->cap_cells) {
        t->cap_cells = 2 * t->cap_cells + n;
        t->cells = urna_xrealloc(t->cells, t->cap_cells, sizeof *t->cells);
    }
    return true;
}

static enum urna_status add_cell(struct urna_table *t, size_t len, struct urna_error *err)
{
    if (!make_cells(t, 1))
        return urna_table_fail(t, t->n_cells, err, URNA_INPUT, "more than %u fields in a row",
                               URNA_TABLE_MAX_COLUMNS);
    t->cells[t->n_cells++] = (struct cell){(uint32_t)t->start, (uint32_t)len, t->doubled};
    t->any_doubled = t->any_doubled || t->doubled;
    t->doubled = false;
    t->state = FIELD_START;
    return URNA_OK;
}

static void count_lines(struct urna_table *t, size_t from, size_t to)
{
    const uint8_t *p = t->text.buf + t->row + from, *e = t->text.buf + t->row + to;
    while ((p = memchr(p, '\n', (size_t)(e - p))) != NULL) {
        t->next_line++;
        p++;
    }
}

/* From inside a cell without quotes: split as long as there are no quotes and 64 bytes lie ahead.
 * Returns how far that went. */
static size_t split_plain(struct urna_table *t, const uint8_t *base, size_t i, size_t end,
                          bool *done)
{
    const uint8_t separator = (uint8_t)t->separator;
    size_t start = t->start;
    while (end - i >= URNA_LANES && make_cells(t, URNA_LANES)) {
        struct cell *c = t->cells + t->n_cells;
        uint64_t hits = urna_lanes_breaks(base + i, t->separator);
        for (; hits; hits &= hits - 1) {
            size_t at = i + (unsigned)__builtin_ctzll(hits);
            *c++ = (struct cell){(uint32_t)start, (uint32_t)(at - start), false};
            start = at + 1;
            *done = base[at] != separator;
            if (*done || start == end || base[start] == '"') {
                t->n_cells = (size_t)(c - t->cells);
                t->state = FIELD_START;
                return start;
            }
        }
        t->n_cells = (size_t)(c - t->cells);
        i += URNA_LANES;
    }
    t->start = start;
    return i;
}

/* Split from `at` to the end of the row or of the buffer. *done: the row is complete. */
static enum urna_status split(struct urna_table *t, bool *done, struct urna_error *err)
{
    const uint8_t *base = t->text.buf + t->row;
    size_t i = t->at - t->row, end = t->text.end - t->row;
    enum urna_status st = URNA_OK;
    *done = false;
    while (st == URNA_OK && !*done && i < end) {
        switch (t->state) {
        case FIELD_START:
            t->start = i;
            if (base[i] == '"') {
                t->state = QUOTED;
                t->start = ++i;
                break;
            }
            t->state = PLAIN;
            break;
        case PLAIN:
            i = split_plain(t, base, i, end, done);
            if (*done || t->state != PLAIN)
                break;
            while (i < end && !t->special[base[i]])
                i++;
            if (i == end)
                break;
            st = add_cell(t, i - t->start, err);
            *done = base[i] != (uint8_t)t->separator;
            i++;
            break;
        case QUOTED: {
            const uint8_t *q = memchr(base + i, '"', end - i);
            i = q ? (size_t)(q - base) : end;
            if (q) {
                t->quoted_end = i++;
                t->state = QUOTE_IN_QUOTED;
            }
            break;
        }
        case QUOTE_IN_QUOTED:
            if (base[i] == '"') {
                t->doubled = true;
                t->state = QUOTED;
                i++;
            } else {
                count_lines(t, t->start, t->quoted_end);
                t->state = AFTER_QUOTED;
            }
            break;
        case AFTER_QUOTED:
            if (t->special[base[i]]) {
                st = add_cell(t, t->quoted_end - t->start, err);
                *done = base[i] != (uint8_t)t->separator;
            } else if (base[i] != ' ') {
                st = urna_table_fail(t, t->n_cells, err, URNA_INPUT, "text behind a closing quote");
            }
            i++;
            break;
        }
    }
    t->at = t->row + i;
    return st;
}

/* The file ends without a line break: the last cell ends here. */
static enum urna_status finish_last_row(struct urna_table *t, struct urna_error *err)
{
    size_t here = t->at - t->row;
    switch (t->state) {
    case QUOTED:
        return urna_table_fail(t, t->n_cells, err, URNA_INPUT, "a quote that is never closed");
    case QUOTE_IN_QUOTED:
    case AFTER_QUOTED:
        return add_cell(t, t->quoted_end - t->start, err);
    case PLAIN:
        return add_cell(t, here - t->start, err);
    case FIELD_START: /* behind a separator */
        t->start = here;
        return add_cell(t, 0, err);
    }
    return URNA_OK;
}

static void undouble(struct urna_table *t, struct cell *c)
{
    uint8_t *p = t->text.buf + t->row + c->start;
    uint32_t n = 0;
    for (size_t i = 0; i < c->len; i++) {
        p[n++] = p[i];
        if (p[i] == '"')
            i++;
    }
    c->len = n;
}

static enum urna_status begin_row(struct urna_table *t, bool *end, struct urna_error *err)
{
    t->n_cells = 0;
    t->any_doubled = false;
    t->state = FIELD_START;
    t->row = t->at;
    t->line = t->next_line;
    *end = false;
    for (;;) {
        if (t->row == t->text.end && !t->text.at_eof) {
            enum urna_status st = fill(t, err);
            if (st != URNA_OK)
                return st;
            continue;
        }
        if (t->row < t->text.end && t->skip_lf && t->text.buf[t->row] == '\n')
            t->row = ++t->at;
        else
            break;
        t->skip_lf = false;
    }
    t->skip_lf = false;
    if (t->row == t->text.end)
        *end = true;
    return URNA_OK;
}

/* One row, empty or not. */
static enum urna_status read_row(struct urna_table *t, bool *end, struct urna_error *err)
{
    enum urna_status st = begin_row(t, end, err);
    bool done = false;
    while (st == URNA_OK && !*end && !done) {
        st = split(t, &done, err);
        if (st != URNA_OK || done)
            break;
        if (t->text.at_eof) {
            if (t->text.bad == SIZE_MAX)
                st = finish_last_row(t, err);
            break;
        }
        st = fill(t, err);
    }
    if (st != URNA_OK)
        return st;
    if (t->text.bad < t->at || (*end && t->text.bad != SIZE_MAX)) {
        size_t k = 0; /* the field in which the byte stands */
        while (k < t->n_cells && t->row + t->cells[k].start + t->cells[k].len <= t->text.bad)
            k++;
        place(t, k, err);
        return urna_text_fail_bad(&t->text, err);
    }
    if (done) {
        t->skip_lf = t->text.buf[t->at - 1] == '\r';
        t->next_line++;
    }
    for (size_t i = 0; t->any_doubled && i < t->n_cells; i++)
        if (t->cells[i].doubled)
            undouble(t, &t->cells[i]);
    return URNA_OK;
}

static bool row_is_empty(const struct urna_table *t)
{
    for (size_t i = 0; i < t->n_cells; i++)
        if (t->cells[i].len > 0)
            return false;
    return true;
}

enum urna_status urna_table_next(struct urna_table *t, bool *end, struct urna_error *err)
{
    enum urna_status st;
    do {
        st = read_row(t, end, err);
    } while (st == URNA_OK && !*end && row_is_empty(t));
    if (st != URNA_OK || *end)
        t->n_cells = 0;
    return st;
}

/* ---- opening ---- */

static void set_separator(struct urna_table *t, char sep)
{
    t->separator = sep;
    memset(t->special, 0, sizeof t->special);
    t->special[(uint8_t)sep] = 1;
    t->special['\n'] = 1;
    t->special['\r'] = 1;
}

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
    if (t->text.end < 6 || memcmp(t->text.buf, "sep=", 4) != 0 ||
        (t->text.buf[5] != '\n' && t->text.buf[5] != '\r'))
        return false;
    set_separator(t, (char)t->text.buf[4]);
    t->skip_lf = t->text.buf[5] == '\r';
    t->at = 6;
    t->next_line = 2;
    return true;
}

static void add_names(struct urna_table *t, bool last)
{
    struct urna_view *cell = urna_xcalloc(t->n_cells + 1, sizeof *cell);
    for (size_t i = 0; i < t->n_cells; i++)
        cell[i] = urna_table_cell(t, i);
    urna_header_add(&t->header, cell, t->n_cells, last);
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
        place(t, 0, err);
    if (st == URNA_OK) {
        if (!take_sep_line(t))
            set_separator(
                t, t->options.separator
                       ? t->options.separator
                       : recognise_separator(t->text.buf, t->text.end,
                                             t->options.header_row ? t->options.header_row : 1));
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
    free(t->cells);
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
    return t->separator;
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
    return t->n_cells;
}

struct urna_view urna_table_cell(const struct urna_table *t, size_t i)
{
    return urna_view(t->text.buf + t->row + t->cells[i].start, t->cells[i].len);
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
