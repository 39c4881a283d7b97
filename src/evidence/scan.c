/* Scanning a table through a column map, one row at a time. */
#include "evidence/binding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/encoding.h"
#include "evidence/lanes.h"
#include "evidence/pivot.h"
#include "evidence/totals.h"

/* A key of the current row; the memory is kept from row to row. */
struct key {
    char *p;
    size_t cap;
};

struct scanner {
    struct urna_scan *s;
    struct urna_table *t;
    const struct urna_colmap *m;
    struct urna_binding b;
    struct urna_number_style seen; /* what the numbers show about separators so far */
    struct key station, region, district, url, name, part;
    struct urna_totals totals;
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
    struct urna_view cell = urna_table_cell(c->t, column);
    int len = cell.len < 60 ? (int)cell.len : 60;
    while (len > 0 && (size_t)len < cell.len && (cell.p[len] & 0xC0) == 0x80)
        len--; /* cut between characters */
    snprintf(text, sizeof text, "\"%.*s\"%s %s", len, (const char *)cell.p,
             (size_t)len < cell.len ? "..." : "", why);
    return fault(c, kind, urna_table_line(c->t), column + 1, text, err);
}

/* ---- keys ---- */

/* Nearly all cells have nothing to trim. */
static struct urna_view trim(struct urna_view v)
{
    if (v.len == 0 || (*v.p > ' ' && *v.p < 0x80 && v.p[v.len - 1] > ' ' && v.p[v.len - 1] < 0x80))
        return v;
    return urna_text_trim(v);
}

static struct urna_view without_zeros(struct urna_view v)
{
    while (v.len > 1 && *v.p == '0') {
        v.p++;
        v.len--;
    }
    return v;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static struct urna_view piece(struct urna_view v, char sep, uint32_t k)
{
    for (; k > 1; k--) {
        const uint8_t *s = v.len ? memchr(v.p, sep, v.len) : NULL;
        if (!s)
            return urna_view(v.p, 0);
        v = urna_view(s + 1, v.len - (size_t)(s + 1 - v.p));
    }
    const uint8_t *s = v.len ? memchr(v.p, sep, v.len) : NULL;
    return s ? urna_view(v.p, (size_t)(s - v.p)) : v;
}

/* false: the step does not fit what is there ("12a" is no number). */
static bool take_step(struct urna_view *v, const struct urna_colmap_step *s)
{
    switch (s->kind) {
    case URNA_STEP_PART:
        *v = trim(piece(*v, s->sep, s->arg));
        return true;
    case URNA_STEP_NUMBER:
        for (size_t i = 0; i < v->len; i++)
            if (!is_digit(v->p[i]))
                return false;
        *v = without_zeros(*v);
        return true;
    case URNA_STEP_DIGITS: {
        size_t i = 0, k;
        while (i < v->len && !is_digit(v->p[i]))
            i++;
        for (k = i; k < v->len && is_digit(v->p[k]); k++)
            continue;
        *v = without_zeros(urna_view(v->p + i, k - i));
        return true;
    }
    case URNA_STEP_LOWER: /* done when the key is written */
    case URNA_STEP_OPTIONAL:
        return true;
    }
    return true;
}

static bool cell_value(struct urna_view *v, const struct scanner *c,
                       const struct urna_bound_part *p)
{
    *v = trim(urna_table_cell(c->t, p->column));
    for (unsigned i = 0; i < p->ref->n_steps; i++)
        if (!take_step(v, &p->ref->step[i]))
            return false;
    return true;
}

/* A part of a key of several parts: "/" and "\" get a backslash, so that no two keys are one. The
 * end of what was written; at most twice the length of v. */
static char *write_part(char *out, struct urna_view v, bool several, bool lower)
{
    bool plain = !lower && (!several || v.len == 0 ||
                            (!memchr(v.p, '/', v.len) && !memchr(v.p, '\\', v.len)));
    if (plain)
        return mempcpy(out, v.p, v.len);
    for (size_t i = 0; i < v.len; i++) {
        uint8_t ch = v.p[i];
        if (several && (ch == '/' || ch == '\\'))
            *out++ = '\\';
        *out++ = (char)(lower && ch >= 'A' && ch <= 'Z' ? ch + 32 : ch);
    }
    return out;
}

static void make_room(struct key *out, const struct scanner *c, const struct urna_bound_key *k)
{
    size_t need = 1;
    for (size_t i = 0; i < k->n; i++)
        need += 2 * urna_table_cell(c->t, k->part[i].column).len + 1;
    if (need <= out->cap)
        return;
    out->cap = 2 * need;
    out->p = urna_xrealloc(out->p, out->cap, 1);
}

/* The part that is empty or does not fit, or SIZE_MAX. */
static size_t make_key(struct key *out, const struct scanner *c, const struct urna_bound_key *k)
{
    size_t bad = SIZE_MAX;
    bool any = false;
    make_room(out, c, k);
    char *end = out->p;
    for (size_t i = 0; i < k->n; i++) {
        const struct urna_bound_part *part = &k->part[i];
        struct urna_view v;
        bool ok = cell_value(&v, c, part) && (v.len > 0 || part->optional);
        if (!ok && bad == SIZE_MAX)
            bad = i;
        any = any || v.len > 0;
        if (i > 0)
            *end++ = '/';
        end = write_part(end, v, k->n > 1, part->lower);
    }
    *end = 0;
    return any || bad != SIZE_MAX ? bad : 0;
}

/* ---- numbers ---- */

/* Is the cell one of the texts that the map explains? */
static bool fits_text(const struct urna_colmap_refs *texts, struct urna_view cell)
{
    struct urna_view v = trim(cell);
    for (size_t i = 0; i < texts->n; i++)
        if (urna_colmap_fits(texts->ref[i].pattern, (const char *)v.p, v.len))
            return true;
    return false;
}

/* Neither a number nor explained. Texts like "-" or "illegible" need a word in the map. */
static enum urna_status bad_number(struct scanner *c, size_t column, struct urna_error *err)
{
    struct urna_view v = urna_table_cell(c->t, column);
    for (size_t i = 0; i < v.len; i++)
        if (is_digit(v.p[i]))
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
        urna_number_count(out, &c->seen, urna_table_cell(c->t, column), c->m->style);
    if (r == URNA_NUMBER_EMPTY || r == URNA_NUMBER_BAD) {
        *out = fits_text(&c->m->zero, urna_table_cell(c->t, column)) ? 0 : URNA_UNKNOWN;
        if (*out == 0 || fits_text(&c->m->unknown, urna_table_cell(c->t, column)))
            return URNA_OK;
    }
    switch (r) {
    case URNA_NUMBER_OK:
    case URNA_NUMBER_EMPTY:
        return URNA_OK;
    case URNA_NUMBER_UNSURE: {
        struct urna_view v = urna_table_cell(c->t, column);
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

static inline bool read_digits(uint64_t *out, const struct scanner *c, size_t column)
{
    _Static_assert(URNA_TABLE_SLACK >= 8, "urna_lanes_digits may read 8 bytes of any cell");
    struct urna_view v = urna_table_cell(c->t, column);
    return urna_lanes_digits(out, v.p, v.len);
}

static enum urna_status read_number(uint64_t *out, struct scanner *c, size_t column,
                                    struct urna_error *err)
{
    return read_digits(out, c, column) ? URNA_OK : read_odd_number(out, c, column, err);
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

/* Nearly all numbers are one cell of a few digits. */
static enum urna_status read_all_series(struct scanner *c, struct urna_error *err)
{
    enum urna_status st = URNA_OK;
    for (size_t s = 0; s < c->b.n_series && st == URNA_OK; s++)
        if (c->b.n_columns[s] != 1 || !read_digits(&c->v[s], c, c->b.columns[s][0]))
            st = read_series(c, s, err);
    return st;
}

static enum urna_status read_percents(struct scanner *c, struct urna_error *err)
{
    for (size_t i = 0; i < c->m->n_percents; i++) {
        size_t col = c->b.percent[i].column;
        enum urna_number_result r =
            urna_number_decimal(&c->percent[i], urna_table_cell(c->t, col), c->m->style);
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

static bool fits_any(const struct scanner *c, const struct urna_bound_filter *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct urna_view v;
        bool ok = cell_value(&v, c, &f[i].part);
        if (ok && urna_colmap_fits(f[i].pattern, (const char *)v.p, v.len))
            return true;
    }
    return false;
}

static enum urna_status fail_fields(struct scanner *c, struct urna_error *err)
{
    char text[160];
    size_t n = urna_table_n_cells(c->t), want = urna_table_n_columns(c->t);
    snprintf(text, sizeof text, "%zu fields instead of %zu: the row is left out%s", n, want,
             n > want ? " (columns without a name?)" : "");
    return fault(c, URNA_FAULT_FIELDS, urna_table_line(c->t), n < want ? n : want + 1, text, err);
}

/* As many fields as columns; more may follow if they are empty. */
static bool fields_fit(const struct scanner *c)
{
    size_t n = urna_table_n_cells(c->t), want = urna_table_n_columns(c->t);
    for (size_t i = want; i < n; i++)
        if (urna_table_cell(c->t, i).len > 0)
            return false;
    return n >= want;
}

static enum urna_status do_row(struct scanner *c, struct urna_error *err)
{
    if (!fields_fit(c))
        return fail_fields(c, err);
    if ((c->m->n_onlys && !fits_any(c, c->b.only, c->m->n_onlys)) ||
        fits_any(c, c->b.skip, c->m->n_skips))
        return URNA_OK;
    struct urna_row row = {.line = urna_table_line(c->t), .v = c->v, .percent = c->percent};
    row.is_total = fits_any(c, c->b.total, c->m->n_totals);
    size_t bad = make_key(&c->station, c, &c->b.station);
    if (bad != SIZE_MAX && !row.is_total)
        return cell_fault(c, URNA_FAULT_KEY, c->b.station.part[bad].column,
                          "is no name of a station", err);
    make_key(&c->region, c, &c->b.region);
    make_key(&c->district, c, &c->b.district);
    make_key(&c->url, c, &c->b.url);
    if (c->b.name.n > 0) {
        make_key(&c->part, c, &c->b.parts);
        bad = make_key(&c->name, c, &c->b.name);
        if (bad != SIZE_MAX)
            return cell_fault(c, URNA_FAULT_KEY, c->b.name.part[bad].column, "is nobody's name",
                              err);
    }
    enum urna_status st = read_all_series(c, err);
    if (st == URNA_OK)
        st = read_percents(c, err);
    if (st != URNA_OK)
        return st;
    row.station = c->station.p;
    row.region = c->region.p;
    row.district = c->district.p;
    row.url = c->url.p;
    row.name = c->name.p;
    row.part = c->part.p;
    if (c->b.name.n == 0) {
        char text[200];
        if (urna_totals_look(&c->totals, text, sizeof text, &row, c->s->n_series))
            return fault(c, URNA_FAULT_TOTAL, row.line, 0, text, err);
    }
    c->s->rows++;
    return c->s->row(c->s, &row, err);
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
    c->v = urna_xcalloc(s->n_series + 1, sizeof *c->v);
    c->percent = urna_xcalloc(c->m->n_percents + 1, sizeof *c->percent);
    if (s->begin)
        st = s->begin(s, err);
    while (st == URNA_OK) {
        bool end;
        st = urna_table_next(c->t, &end, err);
        if (st != URNA_OK)
            break;
        if (end) {
            st = settle_separators(c, err);
            char text[200];
            uint64_t line;
            if (st == URNA_OK && urna_totals_end(&c->totals, text, sizeof text, &line, s->n_series))
                st = fault(c, URNA_FAULT_TOTAL, line, 0, text, err);
            return st;
        }
        st = do_row(c, err);
    }
    return st;
}

enum urna_status urna_protocols_scan(struct urna_scan *s, struct urna_table *t,
                                     const struct urna_colmap *map, struct urna_error *err)
{
    if (map->pivot_votes.n > 0)
        return urna_pivot_scan(s, t, map, err);
    struct scanner c = {.s = s, .t = t, .m = map};
    enum urna_status st = scan(&c, err);
    urna_binding_free(&c.b);
    free(c.station.p);
    free(c.region.p);
    free(c.district.p);
    free(c.url.p);
    free(c.name.p);
    free(c.part.p);
    urna_totals_free(&c.totals);
    free(c.v);
    free(c.percent);
    s->series = NULL;
    return st;
}
