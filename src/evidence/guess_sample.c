#include "evidence/guess_sample.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/encoding.h"

#define ROWS 200u
#define LEAST_ROWS 20u
#define CELLS ((size_t)2 << 20) /* of the sample: fewer rows where there are very many columns */

static uint64_t hash(struct urna_view v)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325); /* FNV-1a: only compared with each other */
    for (size_t i = 0; i < v.len; i++)
        h = (h ^ v.p[i]) * UINT64_C(0x100000001B3);
    return h;
}

/* "-", "n/a", "нет": somebody's way to leave a number out. */
static bool is_placeholder(struct urna_view v)
{
    for (size_t i = 0; i < v.len; i++)
        if (v.p[i] >= '0' && v.p[i] <= '9')
            return false;
    return v.len <= 12;
}

static void look_at_cell(struct urna_guess_sample *s, size_t at, size_t column,
                         struct urna_view cell)
{
    struct urna_guess_column *c = &s->column[column];
    struct urna_number_style seen = {0}, none = {0};
    struct urna_view text = urna_text_trim(cell);
    uint64_t x = URNA_UNKNOWN;
    enum urna_number_result r = urna_number_count(&x, &seen, cell, none);
    bool number = r == URNA_NUMBER_OK || r == URNA_NUMBER_UNSURE;
    s->v[at] = number ? x : URNA_UNKNOWN;
    s->text[at] = hash(text);
    if (number)
        c->numbers++;
    else if (r == URNA_NUMBER_EMPTY)
        c->empty++;
    else if (!is_placeholder(text))
        c->texts++;
    else
        c->texts += c->numbers == 0; /* words, until the first number comes */
    if (c->long_word != URNA_LONG_NONE && c->values.n < URNA_GUESS_VALUES && text.len > 0)
        urna_keys_add(&c->values, (const char *)text.p, text.len, NULL);
}

static uint64_t largest(const struct urna_guess_sample *s, size_t row)
{
    uint64_t most = 0;
    for (size_t i = 0; i < s->n_columns; i++) {
        uint64_t x = s->v[row * s->n_columns + i];
        if (x != URNA_UNKNOWN && !s->column[i].code && x > most)
            most = x;
    }
    return most;
}

/* A cell of the row with the word for a total: its column and how many bytes the word has. */
static size_t total_word(const struct urna_table *t, size_t *column)
{
    for (size_t i = 0; i < urna_table_n_cells(t) && i < 16; i++) {
        size_t n = urna_word_is_total(urna_text_trim(urna_table_cell(t, i)));
        if (n > 0) {
            *column = i;
            return n;
        }
    }
    return 0;
}

/* Rows with such a word are kept aside until it is known how large the others are. */
struct aside {
    size_t row, column;
    char *begins;
};

static void add_total(struct urna_guess_sample *s, const struct aside *a)
{
    s->total_rows++;
    for (size_t i = 0; i < s->n_totals; i++)
        if (s->total[i].column == a->column && strcmp(s->total[i].begins, a->begins) == 0)
            return;
    if (s->n_totals < URNA_GUESS_TOTALS)
        s->total[s->n_totals++] = (struct urna_guess_total){a->column, urna_xstrdup(a->begins)};
}

/* A total is larger than every station; take such rows out of the sample. */
static void settle_totals(struct urna_guess_sample *s, struct aside *aside, size_t n)
{
    uint64_t most = 0;
    for (size_t r = 0, k = 0; r < s->n_rows; r++) {
        if (k < n && aside[k].row == r) {
            k++;
            continue;
        }
        uint64_t x = largest(s, r);
        most = x > most ? x : most;
    }
    size_t kept = 0;
    for (size_t r = 0, k = 0; r < s->n_rows; r++) {
        bool out = false;
        if (k < n && aside[k].row == r) {
            out = largest(s, r) > most;
            if (out)
                add_total(s, &aside[k]);
            k++;
        }
        if (out)
            continue;
        memmove(s->v + kept * s->n_columns, s->v + r * s->n_columns, s->n_columns * sizeof *s->v);
        memmove(s->text + kept * s->n_columns, s->text + r * s->n_columns,
                s->n_columns * sizeof *s->text);
        kept++;
    }
    s->n_rows = kept;
}

static void prepare(struct urna_guess_sample *s, size_t rows)
{
    s->v = urna_xcalloc(s->n_columns * rows + 1, sizeof *s->v);
    s->text = urna_xcalloc(s->n_columns * rows + 1, sizeof *s->text);
    s->column = urna_xcalloc(s->n_columns + 1, sizeof *s->column);
    for (size_t i = 0; i < s->n_columns; i++) {
        s->column[i].word = urna_word_of(urna_table_column(s->t, i));
        s->column[i].long_word = urna_long_word_of(urna_table_column(s->t, i));
        s->column[i].code = urna_word_is_code(urna_table_column(s->t, i));
    }
}

enum urna_status urna_guess_take(struct urna_guess_sample *s, struct urna_table *t,
                                 struct urna_error *err)
{
    *s = (struct urna_guess_sample){.t = t, .n_columns = urna_table_n_columns(t)};
    size_t rows = CELLS / (s->n_columns + 1), n_aside = 0;
    rows = rows > ROWS ? ROWS : rows < LEAST_ROWS ? LEAST_ROWS : rows;
    prepare(s, rows);
    struct aside *aside = urna_xcalloc(rows + 1, sizeof *aside);
    enum urna_status st = URNA_OK;
    while (s->n_rows < rows) {
        bool end;
        st = urna_table_next(t, &end, err);
        if (st != URNA_OK || end)
            break;
        if (urna_table_n_cells(t) < s->n_columns)
            continue;
        for (size_t i = 0; i < s->n_columns; i++)
            look_at_cell(s, s->n_rows * s->n_columns + i, i, urna_table_cell(t, i));
        size_t column, len = total_word(t, &column);
        if (len > 0 && column < s->n_columns) {
            struct urna_view cell = urna_text_trim(urna_table_cell(t, column));
            char *begins = urna_xcalloc(len + 1, 1);
            memcpy(begins, cell.p, len);
            aside[n_aside++] = (struct aside){s->n_rows, column, begins};
        }
        s->n_rows++;
    }
    settle_totals(s, aside, n_aside);
    for (size_t i = 0; i < n_aside; i++)
        free(aside[i].begins);
    free(aside);
    for (size_t i = 0; i < s->n_columns; i++)
        s->column[i].numeric = s->column[i].numbers > 4 * s->column[i].texts;
    return st;
}

void urna_guess_free(struct urna_guess_sample *s)
{
    for (size_t i = 0; s->column && i < s->n_columns; i++)
        urna_keys_free(&s->column[i].values);
    for (size_t i = 0; i < s->n_totals; i++)
        free(s->total[i].begins);
    free(s->column);
    free(s->v);
    free(s->text);
    *s = (struct urna_guess_sample){0};
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

size_t urna_guess_distinct(const struct urna_guess_sample *s, const size_t *column, size_t n)
{
    uint64_t *h = urna_xcalloc(s->n_rows + 1, sizeof *h);
    for (size_t r = 0; r < s->n_rows; r++)
        for (size_t i = 0; i < n; i++)
            h[r] = (h[r] ^ s->text[r * s->n_columns + column[i]]) * UINT64_C(0x9E3779B97F4A7C15);
    qsort(h, s->n_rows, sizeof *h, by_number);
    size_t distinct = s->n_rows > 0;
    for (size_t r = 1; r < s->n_rows; r++)
        distinct += h[r] != h[r - 1];
    free(h);
    return distinct;
}
