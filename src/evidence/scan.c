/* Scanning a table through a column map, one row at a time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/encoding.h"
#include "evidence/lanes.h"
#include "evidence/pivot.h"
#include "evidence/rowkey.h"
#include "evidence/totals.h"

struct scanner {
    struct urna_scan *s;
    struct urna_table *t;
    const struct urna_cells *cells; /* of the current row */
    const struct urna_colmap *m;
    struct urna_binding b;
    struct urna_number_style seen; /* what the numbers show about separators so far */
    struct urna_rowkey station, region, district, url, name, part;
    struct urna_totals totals;
    struct urna_station row; /* the current one; this and ${text} stand here because the compiler is
                            told to zero what stands in a function */
    char text[200];
    uint64_t *v;
    struct urna_decimal *percent;
    /* The first "1,000" for each mark, in case nothing ever shows what the mark means. */
    struct {
        uint64_t line;
        size_t field;
    } unsure[2]; /* '.', ',' */
};

/* ---- faults ---- */

static enum urna_status fault(struct scanner *c, enum urna_fault_kind kind, uint64_t line,
                              size_t field, const char *text, struct urna_error *err)
{
    const char *column = field >= 1 && field <= urna_table_n_columns(c->t)
                             ? urna_table_column(c->t, field - 1)
                             : NULL;
    if (c->s->fault) {
        struct urna_fault f = {kind, line, field, column, text};
        return c->s->fault(c->s, &f, err);
    }
    if (err && !err->where[0])
        snprintf(err->where, sizeof err->where, "%.200s:%llu:%zu", urna_table_name(c->t),
                 (unsigned long long)line, field ? field : 1);
    return column ? urna_fail(err, URNA_INPUT, "column \"%.100s\": %s", column, text)
                  : urna_fail(err, URNA_INPUT, "%s", text);
}

static enum urna_status cell_fault(struct scanner *c, enum urna_fault_kind kind, size_t column,
                                   const char *why, struct urna_error *err)
{
    char text[200];
    struct urna_view cell = urna_cell(c->cells, column);
    int len = cell.len < 60 ? (int)cell.len : 60;
    while (len > 0 && (size_t)len < cell.len && (cell.p[len] & 0xC0) == 0x80)
        len--; /* cut between characters */
    snprintf(text, sizeof text, "\"%.*s\"%s %s", len, (const char *)cell.p,
             (size_t)len < cell.len ? "..." : "", why);
    return fault(c, kind, urna_table_line(c->t), column + 1, text, err);
}

/* ---- numbers ---- */

/* Is the cell one of the texts that the map explains? */
static bool fits_text(const struct urna_colmap_refs *texts, struct urna_view cell)
{
    struct urna_view v = urna_text_trim(cell);
    for (size_t i = 0; i < texts->n; i++)
        if (urna_colmap_fits(texts->ref[i].pattern, (const char *)v.p, v.len))
            return true;
    return false;
}

/* Neither a number nor explained. Texts like "-" or "illegible" need a word in the map. */
static enum urna_status bad_number(struct scanner *c, size_t column, struct urna_error *err)
{
    struct urna_view v = urna_cell(c->cells, column);
    for (size_t i = 0; i < v.len; i++)
        if (v.p[i] >= '0' && v.p[i] <= '9')
            return cell_fault(c, URNA_FAULT_NUMBER, column, "is no whole number", err);
    return cell_fault(c, URNA_FAULT_NUMBER, column,
                      "is no whole number; if it means none, or not known, say so in the map: "
                      "zero = TEXT, or unknown = TEXT",
                      err);
}

/* A cell that is not just a few digits. */
static enum urna_status read_odd_number(uint64_t *out, struct scanner *c, size_t column,
                                        struct urna_error *err)
{
    *out = URNA_UNKNOWN;
    enum urna_number_result r =
        urna_number_count(out, &c->seen, urna_cell(c->cells, column), c->m->style);
    if (r == URNA_NUMBER_EMPTY || r == URNA_NUMBER_BAD) {
        *out = fits_text(&c->m->zero, urna_cell(c->cells, column)) ? 0 : URNA_UNKNOWN;
        if (*out == 0 || fits_text(&c->m->unknown, urna_cell(c->cells, column)))
            return URNA_OK;
    }
    switch (r) {
    case URNA_NUMBER_OK:
    case URNA_NUMBER_EMPTY:
        return URNA_OK;
    case URNA_NUMBER_UNSURE: {
        struct urna_view v = urna_cell(c->cells, column);
        size_t k = memchr(v.p, ',', v.len) ? 1 : 0;
        if (c->unsure[k].line == 0) {
            c->unsure[k].line = urna_table_line(c->t);
            c->unsure[k].field = column + 1;
        }
        return URNA_OK;
    }
    case URNA_NUMBER_TOO_LARGE:
        *out = URNA_UNKNOWN;
        return cell_fault(c, URNA_FAULT_TOO_LARGE, column, "is too large", err);
    case URNA_NUMBER_BAD:
        break;
    }
    *out = URNA_UNKNOWN;
    return bad_number(c, column, err);
}

static inline bool read_digits(uint64_t *out, struct urna_view cell)
{
    _Static_assert(URNA_TABLE_SLACK >= 8, "urna_lanes_digits may read 8 bytes of any cell");
    return urna_lanes_digits(out, cell.p, cell.len);
}

static enum urna_status read_number(uint64_t *out, struct scanner *c, size_t column,
                                    struct urna_error *err)
{
    return read_digits(out, urna_cell(c->cells, column)) ? URNA_OK
                                                         : read_odd_number(out, c, column, err);
}

/* The sum of its columns; unknown if one is empty. */
static enum urna_status read_series(struct scanner *c, size_t s, struct urna_error *err)
{
    uint64_t sum = 0, x;
    bool unknown = false;
    for (size_t j = 0; j < c->b.n_columns[s]; j++) {
        enum urna_status st = read_number(&x, c, c->b.columns[s][j], err);
        if (st != URNA_OK)
            return st;
        if (x == URNA_UNKNOWN) {
            unknown = true;
        } else if (!unknown && (__builtin_add_overflow(sum, x, &sum) || sum > INT64_MAX)) {
            unknown = true;
            st = cell_fault(c, URNA_FAULT_TOO_LARGE, c->b.columns[s][j], "makes the sum too large",
                            err);
            if (st != URNA_OK)
                return st;
        }
    }
    c->v[s] = unknown ? URNA_UNKNOWN : sum;
    return URNA_OK;
}

/* Nearly all cells are a few digits, and too many of them for a sum to overflow do not exist. */
static enum urna_status read_all_series(struct scanner *c, struct urna_error *err)
{
    _Static_assert(URNA_TABLE_MAX_COLUMNS <= INT64_MAX / 100000000, "8 digits each");
    const struct urna_bound_cell *k = c->b.cell, *end = k + c->b.n_cells;
    const struct urna_cells cells = *c->cells; /* copies: nothing that is stored can change them */
    uint64_t *v = c->v, x;
    memset(v, 0, c->b.n_series * sizeof *v);
    while (k < end) {
        size_t s = k->series;
        if (read_digits(&x, urna_cell(&cells, k->column))) {
            v[s] += x;
            k++;
            continue;
        }
        enum urna_status st = read_series(c, s, err);
        if (st != URNA_OK)
            return st;
        while (k < end && k->series == s)
            k++;
    }
    return URNA_OK;
}

static enum urna_status read_percents(struct scanner *c, struct urna_error *err)
{
    for (size_t i = 0; i < c->m->n_percents; i++) {
        size_t col = c->b.percent[i].column;
        enum urna_number_result r =
            urna_number_decimal(&c->percent[i], urna_cell(c->cells, col), c->m->style);
        if (r == URNA_NUMBER_OK)
            continue;
        c->percent[i].places = URNA_PERCENT_EMPTY;
        if (r == URNA_NUMBER_EMPTY)
            continue;
        enum urna_status st = cell_fault(c, URNA_FAULT_NUMBER, col, "is no percentage", err);
        if (st != URNA_OK)
            return st;
    }
    return URNA_OK;
}

/* ---- rows ---- */

static inline bool fits_any(const struct scanner *c, const struct urna_bound_filter *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct urna_view v;
        bool ok = urna_rowkey_value(&v, &f[i].part, c->cells);
        if (ok && urna_colmap_fits(f[i].pattern, (const char *)v.p, v.len))
            return true;
    }
    return false;
}

static enum urna_status fail_fields(struct scanner *c, struct urna_error *err)
{
    char text[160];
    size_t n = c->cells->n, want = urna_table_n_columns(c->t);
    snprintf(text, sizeof text, "%zu fields instead of %zu: the row is left out%s", n, want,
             n > want ? " (columns without a name?)" : "");
    return fault(c, URNA_FAULT_FIELDS, urna_table_line(c->t), n < want ? n : want + 1, text, err);
}

/* As many fields as columns; more may follow if they are empty. */
static bool fields_fit(const struct scanner *c)
{
    size_t n = c->cells->n, want = urna_table_n_columns(c->t);
    for (size_t i = want; i < n; i++)
        if (urna_cell(c->cells, i).len > 0)
            return false;
    return n >= want;
}

/* false: the row has no key, which is a fault, and is left out. */
static bool take_keys(struct scanner *c, enum urna_status *st, struct urna_error *err)
{
    struct urna_station *r = &c->row;
    size_t bad = urna_rowkey_make(&r->station, &c->station, c->cells);
    if (bad != SIZE_MAX && !r->is_total) {
        *st = cell_fault(c, URNA_FAULT_KEY, c->b.station.part[bad].column,
                         "is no name of a station", err);
        return false;
    }
    urna_rowkey_make(&r->region, &c->region, c->cells);
    urna_rowkey_make(&r->district, &c->district, c->cells);
    urna_rowkey_make(&r->url, &c->url, c->cells);
    if (c->b.name.n == 0)
        return true;
    urna_rowkey_make(&r->part, &c->part, c->cells);
    bad = urna_rowkey_make(&r->name, &c->name, c->cells);
    if (bad != SIZE_MAX)
        *st = cell_fault(c, URNA_FAULT_KEY, c->b.name.part[bad].column, "is nobody's name", err);
    return bad == SIZE_MAX;
}

static enum urna_status do_row(struct scanner *c, struct urna_error *err)
{
    enum urna_status st = URNA_OK;
    if (!fields_fit(c))
        return fail_fields(c, err);
    if ((c->m->n_onlys && !fits_any(c, c->b.only, c->m->n_onlys)) ||
        fits_any(c, c->b.skip, c->m->n_skips))
        return URNA_OK;
    c->row.line = urna_table_line(c->t);
    c->row.is_total = fits_any(c, c->b.total, c->m->n_totals);
    if (!take_keys(c, &st, err))
        return st;
    st = read_all_series(c, err);
    if (st == URNA_OK)
        st = read_percents(c, err);
    if (st != URNA_OK)
        return st;
    if (c->b.name.n == 0) {
        uint64_t line;
        enum urna_totals_hit hit =
            urna_totals_look(&c->totals, c->text, sizeof c->text, &line, &c->row, c->s->n_series);
        if (hit != URNA_TOTALS_NONE)
            st = fault(c, URNA_FAULT_TOTAL, line, 0, c->text, err);
        if (st != URNA_OK || hit == URNA_TOTALS_THIS)
            return st;
    }
    c->s->rows++;
    return c->s->row(c->s, &c->row, err);
}

/* At the end of the file the meaning of every separator must be settled. */
static enum urna_status settle_separators(struct scanner *c, struct urna_error *err)
{
    static const char marks[2] = {'.', ','};
    for (size_t k = 0; k < 2; k++) {
        char text[200];
        if (c->unsure[k].line == 0 ||
            (c->seen.thousands == marks[k] && c->seen.decimal != marks[k]))
            continue;
        snprintf(text, sizeof text,
                 "it cannot be told whether \"%c\" separates thousands or decimals here; say it in "
                 "the map "
                 "(thousands = %s or decimal = %s)",
                 marks[k], k ? "comma" : "point", k ? "comma" : "point");
        enum urna_status st =
            fault(c, URNA_FAULT_NUMBER, c->unsure[k].line, c->unsure[k].field, text, err);
        if (st != URNA_OK)
            return st;
    }
    return URNA_OK;
}

static void start_keys(struct scanner *c)
{
    urna_rowkey_init(&c->station, &c->b.station);
    urna_rowkey_init(&c->region, &c->b.region);
    urna_rowkey_init(&c->district, &c->b.district);
    urna_rowkey_init(&c->url, &c->b.url);
    urna_rowkey_init(&c->name, &c->b.name);
    urna_rowkey_init(&c->part, &c->b.parts);
}

static void free_keys(struct scanner *c)
{
    urna_rowkey_free(&c->station);
    urna_rowkey_free(&c->region);
    urna_rowkey_free(&c->district);
    urna_rowkey_free(&c->url);
    urna_rowkey_free(&c->name);
    urna_rowkey_free(&c->part);
}

static enum urna_status scan(struct scanner *c, struct urna_error *err)
{
    enum urna_status st = urna_binding_make(&c->b, c->m, c->t, err);
    if (st != URNA_OK)
        return st;
    struct urna_scan *s = c->s;
    s->map = c->m;
    s->table = c->t;
    s->series = c->b.series;
    s->n_series = c->b.n_series;
    s->n_quantities = c->b.n_quantities;
    s->rows = 0;
    start_keys(c);
    c->v = urna_xcalloc(s->n_series + 1, sizeof *c->v);
    c->percent = urna_xcalloc(c->m->n_percents + 1, sizeof *c->percent);
    c->row.v = c->v;
    c->row.percent = c->percent;
    if (s->begin)
        st = s->begin(s, err);
    while (st == URNA_OK) {
        bool end;
        st = urna_table_next(c->t, &end, err);
        if (st != URNA_OK)
            break;
        if (end)
            return settle_separators(c, err);
        st = do_row(c, err);
    }
    return st;
}

enum urna_status urna_protocols_scan(struct urna_scan *s, struct urna_table *t,
                                     const struct urna_colmap *map, struct urna_error *err)
{
    if (map->pivot_votes.n > 0)
        return urna_pivot_scan(s, t, map, err);
    struct scanner c = {.s = s, .t = t, .cells = urna_table_cells(t), .m = map};
    enum urna_status st = scan(&c, err);
    urna_binding_free(&c.b);
    free_keys(&c);
    urna_totals_free(&c.totals);
    free(c.v);
    free(c.percent);
    s->series = NULL;
    return st;
}
