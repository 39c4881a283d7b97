#include <stdlib.h>
#include <string.h>

#include "evidence/encoding.h"
#include "evidence/guess_sample.h"

#define ROWS 80u

/* What one row looks like. */
struct shape {
    size_t cells, filled, numbers;
    bool repeats, gaps; /* two cells alike; an empty one before the last that is not */
};

static bool is_number(struct urna_view cell)
{
    struct urna_number_style seen = {0}, none = {0};
    struct urna_decimal d;
    uint64_t x;
    enum urna_number_result r = urna_number_count(&x, &seen, cell, none);
    return r == URNA_NUMBER_OK || r == URNA_NUMBER_UNSURE ||
           urna_number_decimal(&d, cell, none) == URNA_NUMBER_OK;
}

static struct shape shape_of(const struct urna_table *t)
{
    struct shape s = {.cells = urna_table_n_cells(t)};
    size_t last = 0;
    struct urna_keys seen = {0};
    for (size_t i = 0; i < s.cells; i++) {
        struct urna_view cell = urna_text_trim(urna_table_cell(t, i));
        if (cell.len == 0)
            continue;
        bool is_new;
        urna_keys_add(&seen, (const char *)cell.p, cell.len, &is_new);
        s.repeats = s.repeats || !is_new;
        s.gaps = s.gaps || i > last;
        last = i + 1;
        s.filled++;
        s.numbers += is_number(cell);
    }
    urna_keys_free(&seen);
    return s;
}

/* The first rows, split at ${separator}. */
static size_t read_shapes(struct shape *out, const char *path, const struct urna_table_options *o,
                          char separator)
{
    struct urna_table_options raw = *o;
    struct urna_table *t;
    size_t n = 0;
    raw.separator = separator;
    raw.headless = true;
    if (urna_table_open(&t, path, &raw, NULL) != URNA_OK)
        return 0;
    bool end = false;
    while (n < ROWS && urna_table_next(t, &end, NULL) == URNA_OK && !end)
        out[n++] = shape_of(t);
    urna_table_close(t);
    return n;
}

/* The number of cells that most rows have. */
static size_t usual_cells(const struct shape *s, size_t n, size_t *rows)
{
    size_t best = 0;
    *rows = 0;
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        for (size_t k = 0; k < n; k++)
            same += s[k].cells == s[i].cells;
        if (same > *rows || (same == *rows && s[i].cells > best)) {
            *rows = same;
            best = s[i].cells;
        }
    }
    return best;
}

static int by_size(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

/* How many numbers a usual row has: the middle one. */
static size_t usual_numbers(const struct shape *s, size_t n, size_t cells)
{
    size_t numbers[ROWS], k = 0;
    for (size_t i = 0; i < n; i++)
        if (s[i].cells == cells)
            numbers[k++] = s[i].numbers;
    qsort(numbers, k, sizeof *numbers, by_size);
    return k ? numbers[k / 2] : 0;
}

/* The first row of numbers is data; the names are right above it, over as many rows as are needed
 * so that none is missing or stands twice. */
static void find_header(struct urna_table_options *o, const struct shape *s, size_t n, size_t cells)
{
    size_t numbers = usual_numbers(s, n, cells), data = 0;
    while (data < n && (s[data].cells != cells || 2 * s[data].numbers < numbers))
        data++;
    if (numbers == 0 || data == 0 || data == n)
        return;
    size_t first = data - 1;
    while (first > 0 && data - first < 4 && (s[first].gaps || s[first].repeats) &&
           s[first - 1].cells == cells && s[first - 1].filled >= 2)
        first--;
    o->header_row = (uint32_t)first + 1;
    o->header_rows = (uint32_t)(data - first);
}

void urna_guess_layout(struct urna_table_options *o, const char *path)
{
    static const char separators[] = ",;\t|";
    struct shape shapes[4][ROWS];
    size_t n[4], best = 0, most_rows = 0, most_cells = 0;
    for (size_t k = 0; k < 4; k++) {
        size_t rows;
        n[k] = read_shapes(shapes[k], path, o, separators[k]);
        size_t cells = usual_cells(shapes[k], n[k], &rows);
        if (cells < 2 || 2 * rows < n[k])
            continue;
        /* Every separator that fits most rows: the one with more cells, if it fits nearly as many.
         */
        if (most_rows == 0 || (cells > most_cells && 5 * rows >= 4 * most_rows) ||
            5 * most_rows < 4 * rows) {
            best = k;
            most_rows = rows;
            most_cells = cells;
        }
    }
    if (most_rows == 0)
        return;
    o->separator = separators[best];
    find_header(o, shapes[best], n[best], most_cells);
}
