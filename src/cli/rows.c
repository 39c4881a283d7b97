#include "cli/rows.h"

#include <stdlib.h>
#include <string.h>

#define BOM "\xEF\xBB\xBF"
enum { COLUMNS_MAX = 16, FILE_MAX_BYTES = 1 << 28 };

void urna_csv_free(struct urna_csv *c)
{
    if (c->text)
        urna_wipe(c->text, c->text_len);
    free(c->text);
    free(c->cell);
    free(c->column);
    *c = (struct urna_csv){0};
}

const char *urna_csv_at(const struct urna_csv *c, size_t row, const char *column)
{
    for (size_t i = 0; i < c->n_columns; i++)
        if (strcmp(c->column[i], column) == 0)
            return c->cell[row * c->n_columns + i];
    return NULL;
}

static enum urna_status read_lines(struct urna_csv *c, struct urna_error *err)
{
    char *piece[COLUMNS_MAX], *next;
    size_t cap = 0;
    int64_t at = 0;
    char *line = c->text + (strncmp(c->text, BOM, 3) == 0 ? 3 : 0); /* spreadsheets write one */
    for (; *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next)
            *next++ = '\0';
        at++;
        size_t len = strlen(line);
        if (len && line[len - 1] == '\r')
            line[--len] = '\0';
        if (len == 0)
            continue;
        err->offset = at;
        if (strchr(line, '"'))
            return urna_fail(err, URNA_INPUT, "quotation marks have no place in this list");
        size_t n = urna_cli_split(line, ',', piece, COLUMNS_MAX);
        if (n > COLUMNS_MAX)
            return urna_fail(err, URNA_INPUT, "more than %d columns", COLUMNS_MAX);
        if (!c->column) {
            c->n_columns = n;
            c->column = urna_xcalloc(n, sizeof *c->column);
            memcpy(c->column, piece, n * sizeof *piece);
            continue;
        }
        if (n != c->n_columns)
            return urna_fail(err, URNA_INPUT, "%zu fields, but the heading names %zu", n,
                             c->n_columns);
        if (c->n_rows == cap) {
            cap = cap ? 2 * cap : 64;
            c->cell = urna_xrealloc(c->cell, cap * n, sizeof *c->cell);
        }
        memcpy(c->cell + c->n_rows++ * n, piece, n * sizeof *piece);
    }
    err->offset = -1;
    return c->column ? URNA_OK : urna_fail(err, URNA_INPUT, "an empty list, without a heading");
}

enum urna_status urna_csv_read(struct urna_csv *out, const char *path, struct urna_error *err)
{
    struct urna_buf file = {0};
    *out = (struct urna_csv){0};
    enum urna_status st = urna_cli_read(&file, path, FILE_MAX_BYTES, err);
    if (st == URNA_OK && file.p && memchr(file.p, 0, file.len))
        st = urna_fail(err, URNA_INPUT, "not a text: it holds a zero byte");
    if (st == URNA_OK) {
        out->text = urna_xstrdup(urna_buf_cstr(&file));
        out->text_len = file.len;
        st = read_lines(out, err);
    }
    if (file.p)
        urna_wipe(file.p, file.cap);
    urna_buf_free(&file);
    if (st != URNA_OK) {
        urna_error_where(err, path);
        urna_csv_free(out);
    }
    return st;
}
