#include "evidence/rows.h"

#include <stdlib.h>
#include <string.h>

void urna_rows_begin(struct urna_table *t, char separator, size_t at, bool skip_lf)
{
    urna_breaks_init(&t->breaks, separator, at);
    urna_breaks_scan(&t->breaks, t->text.buf, t->text.end);
    t->used = (struct urna_breaks_used){.next = 1};
    t->at = at;
    t->skip_lf = skip_lf;
}

void urna_rows_free(struct urna_table *t)
{
    urna_breaks_free(&t->breaks);
    free(t->before);
    free(t->behind);
    free(t->doubled);
}

/* ---- breaks and the buffer ---- */

/* Breaks before `at` are used. */
static void catch_up(struct urna_table *t)
{
    const struct urna_breaks *b = &t->breaks;
    struct urna_breaks_used *u = &t->used;
    while (u->next < b->n && b->at[u->next] < t->at)
        u->next++;
    while (u->line < b->n_lines && b->line[u->line] < u->next)
        u->line++;
    while (u->quote < b->n_quotes && b->quote[u->quote] < t->at)
        u->quote++;
}

static enum urna_status fill(struct urna_table *t, struct urna_error *err)
{
    catch_up(t);
    enum urna_status st = urna_text_more(&t->text, t->row, err);
    urna_breaks_drop(&t->breaks, &t->used, t->row);
    t->used = (struct urna_breaks_used){.next = 1};
    t->at -= t->row;
    t->row = 0;
    if (st != URNA_OK)
        urna_table_place(t, t->cells.n, err);
    else
        urna_breaks_scan(&t->breaks, t->text.buf, t->text.end);
    return st;
}

/* ---- rows without quotes ---- */

/* Does a quoted cell begin before ${place}? */
static bool quote_before(const struct urna_table *t, size_t place)
{
    return t->used.quote < t->breaks.n_quotes && t->breaks.quote[t->used.quote] < place;
}

static bool take_plain_row(struct urna_table *t)
{
    const struct urna_breaks *b = &t->breaks;
    size_t first = t->used.next;
    if (t->used.line == b->n_lines)
        return false;
    size_t last = b->line[t->used.line], end = b->at[last];
    if (quote_before(t, end) || t->text.bad <= end || last - first >= URNA_TABLE_MAX_COLUMNS)
        return false;
    t->cells = (struct urna_cells){t->text.buf, b->at + first - 1, b->at + first, last - first + 1};
    t->used.next = last + 1;
    t->used.line++;
    t->at = end + 1;
    t->skip_lf = t->text.buf[end] == '\r';
    t->next_line++;
    return true;
}

/* Could the row that begins here be plain once more is read? */
static bool may_be_plain(const struct urna_table *t)
{
    return t->used.line == t->breaks.n_lines && !quote_before(t, t->text.end) &&
           t->text.bad == SIZE_MAX && !t->text.at_eof &&
           t->breaks.n - t->used.next < URNA_TABLE_MAX_COLUMNS;
}

/* ---- all rows, cell by cell ---- */

/* Room for n more cells. */
static void make_cells(struct urna_table *t, size_t n)
{
    if (t->cells.n + n <= t->cap_cells)
        return;
    t->cap_cells = 2 * (t->cells.n + n);
    t->before = urna_xrealloc(t->before, t->cap_cells, sizeof *t->before);
    t->behind = urna_xrealloc(t->behind, t->cap_cells, sizeof *t->behind);
    t->doubled = urna_xrealloc(t->doubled, t->cap_cells, sizeof *t->doubled);
}

static enum urna_status add_cell(struct urna_table *t, size_t end, struct urna_error *err)
{
    size_t i = t->cells.n;
    if (i == URNA_TABLE_MAX_COLUMNS)
        return urna_table_fail(t, i, err, URNA_INPUT, "more than %u fields in a row",
                               URNA_TABLE_MAX_COLUMNS);
    make_cells(t, 1);
    t->before[i] = (uint32_t)t->start - 1;
    t->behind[i] = (uint32_t)end;
    t->doubled[i] = t->now_doubled;
    t->any_doubled = t->any_doubled || t->now_doubled;
    t->now_doubled = false;
    t->cells.n++;
    t->state = URNA_FIELD_START;
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

/* The first break at or behind place i of the row; ${end} if there is none. */
static size_t find_break(struct urna_table *t, size_t i, size_t end)
{
    t->at = t->row + i;
    catch_up(t);
    return t->used.next < t->breaks.n ? t->breaks.at[t->used.next] - t->row : end;
}

static bool is_break(const struct urna_table *t, uint8_t c)
{
    return c == (uint8_t)t->breaks.separator || c == '\n' || c == '\r';
}

/* If no more quotes come, a cell and all that follow to the end of the row, which is returned; 0
 * otherwise. i: where the cell begins. */
static size_t take_plain_rest(struct urna_table *t, size_t i)
{
    const struct urna_breaks *b = &t->breaks;
    t->at = t->row + i;
    catch_up(t);
    size_t n = t->cells.n, k = t->used.next;
    if (t->used.line == b->n_lines)
        return 0;
    size_t last = b->line[t->used.line];
    if (quote_before(t, b->at[last]) || n + (last - k) >= URNA_TABLE_MAX_COLUMNS)
        return 0;
    make_cells(t, last - k + 1);
    for (; k <= last; k++, n++) {
        t->before[n] = (uint32_t)i - 1;
        i = b->at[k] - t->row + 1;
        t->behind[n] = (uint32_t)i - 1;
        t->doubled[n] = false;
    }
    t->cells.n = n;
    return i;
}

/* Split from `at` to the end of the row or of the buffer. *done: the row is complete. */
static enum urna_status split(struct urna_table *t, bool *done, struct urna_error *err)
{
    const uint8_t *base = t->text.buf + t->row;
    size_t i = t->at - t->row, end = t->text.end - t->row, rest;
    enum urna_status st = URNA_OK;
    *done = false;
    while (st == URNA_OK && !*done && i < end) {
        switch (t->state) {
        case URNA_FIELD_START:
            rest = take_plain_rest(t, i);
            if (rest > 0) {
                i = rest;
                *done = true;
                break;
            }
            t->state = base[i] == '"' ? URNA_QUOTED : URNA_PLAIN;
            i += t->state == URNA_QUOTED;
            t->start = i;
            break;
        case URNA_PLAIN:
            i = find_break(t, i, end);
            if (i == end)
                break;
            st = add_cell(t, i, err);
            *done = base[i] != (uint8_t)t->breaks.separator;
            i++;
            break;
        case URNA_QUOTED: {
            const uint8_t *q = memchr(base + i, '"', end - i);
            i = q ? (size_t)(q - base) : end;
            if (q) {
                t->quoted_end = i++;
                t->state = URNA_QUOTE;
            }
            break;
        }
        case URNA_QUOTE:
            if (base[i] == '"') {
                t->now_doubled = true;
                t->state = URNA_QUOTED;
                i++;
            } else {
                count_lines(t, t->start, t->quoted_end);
                t->state = URNA_QUOTED_END;
            }
            break;
        case URNA_QUOTED_END:
            if (is_break(t, base[i])) {
                st = add_cell(t, t->quoted_end, err);
                *done = base[i] != (uint8_t)t->breaks.separator;
            } else if (base[i] != ' ') {
                st = urna_table_fail(t, t->cells.n, err, URNA_INPUT, "text behind a closing quote");
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
    case URNA_QUOTED:
        return urna_table_fail(t, t->cells.n, err, URNA_INPUT, "a quote that is never closed");
    case URNA_QUOTE:
    case URNA_QUOTED_END:
        return add_cell(t, t->quoted_end, err);
    case URNA_FIELD_START: /* behind a separator */
        t->start = here;
        return add_cell(t, here, err);
    case URNA_PLAIN:
        return add_cell(t, here, err);
    }
    return URNA_OK;
}

static void undouble(struct urna_table *t, size_t cell)
{
    uint8_t *p = t->text.buf + t->row;
    uint32_t n = t->before[cell] + 1;
    for (size_t i = n; i < t->behind[cell]; i++) {
        p[n++] = p[i];
        if (p[i] == '"')
            i++;
    }
    t->behind[cell] = n;
}

/* The field in which the byte at `bad` stands, and what it is. */
static enum urna_status fail_bad(const struct urna_table *t, struct urna_error *err)
{
    size_t k = 0;
    while (k < t->cells.n && t->row + t->behind[k] <= t->text.bad)
        k++;
    urna_table_place(t, k, err);
    return urna_text_fail_bad(&t->text, err);
}

static enum urna_status take_any_row(struct urna_table *t, struct urna_error *err)
{
    enum urna_status st;
    bool done;
    t->any_doubled = t->now_doubled = false;
    t->state = URNA_FIELD_START;
    for (;;) {
        st = split(t, &done, err);
        if (st != URNA_OK || done)
            break;
        if (t->text.at_eof) {
            if (t->text.bad == SIZE_MAX)
                st = finish_last_row(t, err);
            break;
        }
        st = fill(t, err);
        if (st != URNA_OK)
            break;
    }
    if (st != URNA_OK)
        return st;
    if (t->text.bad < t->at)
        return fail_bad(t, err);
    if (done) {
        t->skip_lf = t->text.buf[t->at - 1] == '\r';
        t->next_line++;
    }
    for (size_t i = 0; t->any_doubled && i < t->cells.n; i++)
        if (t->doubled[i])
            undouble(t, i);
    t->cells.base = t->text.buf + t->row;
    t->cells.before = t->before;
    t->cells.behind = t->behind;
    catch_up(t);
    return URNA_OK;
}

/* ---- rows ---- */

/* The first byte of the next row, if there is one. */
static enum urna_status begin_row(struct urna_table *t, bool *end, struct urna_error *err)
{
    t->cells.n = 0;
    t->line = t->next_line;
    t->row = t->at;
    for (;;) {
        if (t->row == t->text.end && !t->text.at_eof) {
            enum urna_status st = fill(t, err);
            if (st != URNA_OK)
                return st;
        } else if (t->row < t->text.end && t->skip_lf && t->text.buf[t->row] == '\n') {
            t->row = ++t->at;
            t->skip_lf = false;
            catch_up(t);
        } else {
            break;
        }
    }
    t->skip_lf = false;
    *end = t->row == t->text.end;
    return URNA_OK;
}

enum urna_status urna_rows_next(struct urna_table *t, bool *end, struct urna_error *err)
{
    enum urna_status st = begin_row(t, end, err);
    if (st != URNA_OK)
        return st;
    if (*end)
        return t->text.bad == SIZE_MAX ? URNA_OK : fail_bad(t, err);
    while (!take_plain_row(t)) {
        if (!may_be_plain(t))
            return take_any_row(t, err);
        t->cells.n = t->breaks.n - t->used.next; /* for a message */
        st = fill(t, err);
        if (st != URNA_OK)
            return st;
        t->cells.n = 0;
    }
    return URNA_OK;
}
