#include "evidence/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/keys.h"

__extension__ typedef __int128 i128;
__extension__ typedef unsigned __int128 u128;

#define CANDIDATES SIZE_MAX /* a term that is the sum of all candidates */
#define CONSTANT (SIZE_MAX - 1)

struct term {
    size_t series;
    uint64_t constant;
    bool minus, right;
};

struct total_row {
    size_t region; /* of the keys, or SIZE_MAX: everything */
    uint64_t line;
    const char *label;
    uint64_t *v;
};

struct checker {
    struct urna_check *c;
    const struct urna_colmap *map;
    struct term **terms;
    size_t (*percent)[2]; /* numerator, denominator */
    struct urna_keys stations, regions;
    struct urna_view last_region; /* most rows have the region of the row before */
    size_t last_region_index;
    struct urna_buf station; /* of a finding */
    uint64_t *first_line;    /* of each station */
    size_t cap_lines;
    u128 *sum;          /* [region * n_series + series] */
    bool *lacks;        /* the same: some station has no such number */
    bool left_out;      /* a row could not be read at all */
    size_t cap_regions; /* in regions */
    struct total_row *total;
    size_t n_totals, cap_totals;
};

static enum urna_status tell(struct checker *k, enum urna_check_kind kind, uint64_t line,
                             size_t field, const char *station, const char *text,
                             struct urna_error *err)
{
    struct urna_finding f = {kind, line, field, station, text};
    k->c->found[kind]++;
    return k->c->finding ? k->c->finding(k->c, &f, err) : URNA_OK;
}

static enum urna_status tell_row(struct checker *k, enum urna_check_kind kind,
                                 const struct urna_station *r, const char *text,
                                 struct urna_error *err)
{
    urna_buf_reset(&k->station);
    urna_buf_add(&k->station, r->station.p, r->station.len);
    return tell(k, kind, r->line, 0, urna_buf_cstr(&k->station), text, err);
}

/* ---- before the first row ---- */

static size_t find_series(const struct urna_scan *s, const char *name)
{
    if (strcmp(name, "candidates") == 0)
        return CANDIDATES;
    for (size_t i = 0; i < s->n_series; i++)
        if (strcmp(s->series[i].name, name) == 0)
            return i;
    return CANDIDATES; /* cannot be: the binding has checked every name */
}

static void prepare_rules(struct checker *k, const struct urna_scan *s)
{
    struct urna_check *c = k->c;
    c->n_rules = s->map->n_rules;
    c->rule = URNA_NEW(&c->arena, struct urna_rule_count, c->n_rules + 1);
    k->terms = URNA_NEW(&c->arena, struct term *, c->n_rules + 1);
    for (size_t i = 0; i < c->n_rules; i++) {
        const struct urna_colmap_rule *r = &s->map->rule[i];
        c->rule[i].text = urna_arena_strndup(&c->arena, r->text, strlen(r->text));
        k->terms[i] = URNA_NEW(&c->arena, struct term, r->n_terms + 1);
        for (size_t j = 0; j < r->n_terms; j++) {
            const struct urna_colmap_term *t = &r->term[j];
            k->terms[i][j] = (struct term){t->name ? find_series(s, t->name) : CONSTANT,
                                           t->constant, t->minus, t->right};
        }
    }
    k->percent = urna_arena_alloc(&c->arena, s->map->n_percents + 1, sizeof *k->percent);
    for (size_t i = 0; i < s->map->n_percents; i++) {
        k->percent[i][0] = find_series(s, s->map->percent[i].numerator);
        k->percent[i][1] = find_series(s, s->map->percent[i].denominator);
    }
}

static enum urna_status begin(struct urna_scan *s, struct urna_error *err)
{
    struct checker *k = s->ctx;
    struct urna_check *c = k->c;
    if (s->n_series == 0) {
        if (err)
            snprintf(err->rule, sizeof err->rule, "columns");
        urna_error_where(err, urna_table_name(s->table));
        return urna_fail(
            err, URNA_INPUT,
            "the map names no numbers; which columns are they? (valid = COLUMN, candidates "
            "= COLUMN, ...; docs/evidence.md)");
    }
    c->n_series = s->n_series;
    c->n_quantities = s->n_quantities;
    c->series = URNA_NEW(&c->arena, struct urna_series, s->n_series + 1);
    c->unknown = URNA_NEW(&c->arena, uint64_t, s->n_series + 1);
    for (size_t i = 0; i < s->n_series; i++) {
        c->series[i].name =
            urna_arena_strndup(&c->arena, s->series[i].name, strlen(s->series[i].name));
        c->series[i].is_candidate = s->series[i].is_candidate;
        c->series[i].v = URNA_NEW(&c->arena, uint64_t, 1);
    }
    prepare_rules(k, s);
    return URNA_OK;
}

/* ---- a row ---- */

static bool value_of(i128 *out, const struct checker *k, size_t series, const uint64_t *v)
{
    const struct urna_check *c = k->c;
    *out = 0;
    if (series != CANDIDATES) {
        *out = v[series];
        return v[series] != URNA_UNKNOWN;
    }
    for (size_t i = c->n_quantities; i < c->n_series; i++) {
        if (v[i] == URNA_UNKNOWN)
            return false;
        *out += v[i];
    }
    return true;
}

/* ${left} and ${right} of rule i; false: a number is missing. */
static bool sides(i128 *left, i128 *right, const struct checker *k, size_t i, const uint64_t *v)
{
    *left = *right = 0;
    for (size_t j = 0; j < k->map->rule[i].n_terms; j++) {
        const struct term *t = &k->terms[i][j];
        i128 x = t->constant;
        if (t->series != CONSTANT && !value_of(&x, k, t->series, v))
            return false;
        *(t->right ? right : left) += t->minus ? -x : x;
    }
    return true;
}

static const char *number(char *buf, size_t size, i128 x)
{
    bool minus = x < 0;
    u128 u = minus ? -(u128)x : (u128)x;
    char *p = buf + size;
    *--p = 0;
    do {
        *--p = (char)('0' + (int)(u % 10));
        u /= 10;
    } while (u > 0 && p > buf + 1);
    if (minus)
        *--p = '-';
    return p;
}

static int64_t clamp(i128 x)
{
    return x > INT64_MAX ? INT64_MAX : x < -INT64_MAX ? -INT64_MAX : (int64_t)x;
}

static enum urna_status check_rules(struct checker *k, const struct urna_station *r,
                                    struct urna_error *err)
{
    for (size_t i = 0; i < k->c->n_rules; i++) {
        struct urna_rule_count *n = &k->c->rule[i];
        enum urna_colmap_relation rel = k->map->rule[i].relation;
        i128 left, right;
        if (!sides(&left, &right, k, i, r->v)) {
            n->unknown++;
            continue;
        }
        n->checked++;
        if (left == right || (rel == URNA_REL_LE && left < right) ||
            (rel == URNA_REL_GE && left > right))
            continue;
        int64_t d = clamp(left - right);
        if (n->broken++ == 0 || llabs(d) > llabs(n->most)) {
            n->most = d;
            n->most_line = r->line;
        }
        char text[400], a[48], b[48], e[48];
        snprintf(text, sizeof text, "%.200s does not hold: %s, %s; difference %s", n->text,
                 number(a, sizeof a, left), number(b, sizeof b, right),
                 number(e, sizeof e, left - right));
        enum urna_status st = tell_row(k, URNA_CHECK_RULE, r, text, err);
        if (st != URNA_OK)
            return st;
    }
    return URNA_OK;
}

/* Printed to `places` decimals: |printed - 100 num / den| <= half a unit of the last one. */
static bool percent_fits(struct urna_decimal d, u128 num, u128 den)
{
    u128 scale = 100;
    for (unsigned i = 0; i < d.places; i++)
        scale *= 10;
    u128 printed = d.digits * den, real = num * scale; /* < 2^60 * 2^63, < 2^63 * 2^47 */
    u128 diff = printed > real ? printed - real : real - printed;
    return 2 * diff <= den;
}

static enum urna_status check_percents(struct checker *k, const struct urna_station *r,
                                       struct urna_error *err)
{
    for (size_t i = 0; i < k->map->n_percents; i++) {
        const struct urna_colmap_percent *p = &k->map->percent[i];
        i128 num, den;
        if (r->percent[i].places == URNA_PERCENT_EMPTY ||
            !value_of(&num, k, k->percent[i][0], r->v) ||
            !value_of(&den, k, k->percent[i][1], r->v) || den == 0 || num > INT64_MAX ||
            den > INT64_MAX)
            continue;
        k->c->percents++;
        if (percent_fits(r->percent[i], (u128)num, (u128)den))
            continue;
        char text[300], a[48], b[48];
        double printed = (double)r->percent[i].digits / pow(10, r->percent[i].places);
        snprintf(text, sizeof text, "%.80s is printed as %.*f %%, but %s of %s is %.*f %%", p->name,
                 (int)r->percent[i].places, printed, number(a, sizeof a, num),
                 number(b, sizeof b, den), (int)r->percent[i].places + 1,
                 100.0 * (double)num / (double)den);
        enum urna_status st = tell_row(k, URNA_CHECK_PERCENT, r, text, err);
        if (st != URNA_OK)
            return st;
    }
    return URNA_OK;
}

static enum urna_status check_duplicate(struct checker *k, const struct urna_station *r,
                                        struct urna_error *err)
{
    bool is_new;
    if (k->stations.n == URNA_KEYS_MAX)
        return urna_fail(err, URNA_INPUT, "more than %zu stations", URNA_KEYS_MAX);
    size_t i = urna_keys_add(&k->stations, (const char *)r->station.p, r->station.len, &is_new);
    if (is_new) {
        if (i == k->cap_lines) {
            k->cap_lines = k->cap_lines ? 2 * k->cap_lines : 1024;
            k->first_line = urna_xrealloc(k->first_line, k->cap_lines, sizeof *k->first_line);
        }
        k->first_line[i] = r->line;
        return URNA_OK;
    }
    char text[100];
    snprintf(text, sizeof text, "this station is in line %llu already",
             (unsigned long long)k->first_line[i]);
    return tell_row(k, URNA_CHECK_DUPLICATE, r, text, err);
}

static size_t region_of(struct checker *k, const struct urna_station *r)
{
    if (!k->last_region.p || !urna_view_eq(k->last_region, r->region)) {
        size_t g = urna_keys_add(&k->regions, (const char *)r->region.p, r->region.len, NULL);
        k->last_region_index = g;
        k->last_region = urna_view(k->regions.key[g], r->region.len);
    }
    return k->last_region_index;
}

static void add_up(struct checker *k, const struct urna_station *r)
{
    size_t n = k->c->n_series, g = region_of(k, r);
    if (g >= k->cap_regions) {
        size_t cap = k->cap_regions ? 2 * k->cap_regions : 64;
        k->sum = urna_xrealloc(k->sum, cap * (n + 1), sizeof *k->sum);
        memset(k->sum + k->cap_regions * n, 0, (cap - k->cap_regions) * n * sizeof *k->sum);
        k->lacks = urna_xrealloc(k->lacks, cap * (n + 1), sizeof *k->lacks);
        memset(k->lacks + k->cap_regions * n, 0, (cap - k->cap_regions) * n * sizeof *k->lacks);
        k->cap_regions = cap;
    }
    for (size_t i = 0; i < n; i++) {
        if (r->v[i] == URNA_UNKNOWN) {
            k->c->unknown[i]++;
            k->lacks[g * n + i] = true;
        } else {
            k->sum[g * n + i] += r->v[i];
        }
    }
}

static void keep_total(struct checker *k, struct urna_view region, uint64_t line, const uint64_t *v)
{
    if (k->n_totals == k->cap_totals) {
        k->cap_totals = k->cap_totals ? 2 * k->cap_totals : 16;
        k->total = urna_xrealloc(k->total, k->cap_totals, sizeof *k->total);
    }
    struct total_row *t = &k->total[k->n_totals++];
    t->label = urna_arena_strndup(&k->c->arena, (const char *)region.p, region.len);
    t->line = line;
    t->v = urna_arena_copy(&k->c->arena, v, k->c->n_series * sizeof *v);
}

static enum urna_status row(struct urna_scan *s, const struct urna_station *r,
                            struct urna_error *err)
{
    struct checker *k = s->ctx;
    if (r->is_total) {
        k->c->total_rows++;
        keep_total(k, r->region, r->line, r->v);
    } else {
        k->c->rows++;
        add_up(k, r);
    }
    enum urna_status st = r->is_total ? URNA_OK : check_duplicate(k, r, err);
    if (st == URNA_OK)
        st = check_rules(k, r, err);
    return st == URNA_OK ? check_percents(k, r, err) : st;
}

static enum urna_status fault(struct urna_scan *s, const struct urna_fault *f,
                              struct urna_error *err)
{
    char text[400];
    snprintf(text, sizeof text, "%s%.120s%s%.220s", f->column ? "column \"" : "",
             f->column ? f->column : "", f->column ? "\": " : "", f->text);
    if (f->kind == URNA_FAULT_FIELDS || f->kind == URNA_FAULT_KEY)
        ((struct checker *)s->ctx)->left_out = true;
    return tell(s->ctx, URNA_CHECK_CELL, f->line, f->field, "", text, err);
}

/* ---- totals ---- */

static enum urna_status read_totals(struct checker *k, struct urna_table *t, struct urna_error *err)
{
    size_t n = urna_table_n_columns(t), ns = k->c->n_series;
    size_t *series = URNA_NEW(&k->c->arena, size_t, n + 1);
    uint64_t *v = URNA_NEW(&k->c->arena, uint64_t, ns + 1);
    for (size_t i = 1; i < n; i++) {
        for (series[i] = 0; series[i] < ns; series[i]++)
            if (strcmp(k->c->series[series[i]].name, urna_table_column(t, i)) == 0)
                break;
        if (series[i] == ns)
            return urna_table_fail(t, i, err, URNA_INPUT, "\"%.80s\" is no number of the map",
                                   urna_table_column(t, i));
    }
    for (;;) {
        bool end;
        enum urna_status st = urna_table_next(t, &end, err);
        if (st != URNA_OK || end)
            return st;
        if (urna_table_n_cells(t) != n)
            return urna_table_fail(t, 0, err, URNA_INPUT, "%zu fields instead of %zu",
                                   urna_table_n_cells(t), n);
        for (size_t i = 0; i < ns; i++)
            v[i] = URNA_UNKNOWN;
        for (size_t i = 1; i < n; i++) {
            struct urna_number_style seen = {0};
            enum urna_number_result r =
                urna_number_count(&v[series[i]], &seen, urna_table_cell(t, i), k->map->style);
            if (r == URNA_NUMBER_EMPTY)
                v[series[i]] = URNA_UNKNOWN;
            else if (r != URNA_NUMBER_OK)
                return urna_table_fail(t, i, err, URNA_INPUT, "no whole number, or not to be told");
        }
        struct urna_view region = urna_table_cell(t, 0);
        if (urna_view_eq_str(region, "*"))
            region.len = 0;
        if (region.len > 0 &&
            urna_keys_find(&k->regions, (const char *)region.p, region.len) == SIZE_MAX)
            return urna_table_fail(t, 0, err, URNA_INPUT, "no station is in a region of this name");
        keep_total(k, region, urna_table_line(t), v);
    }
}

static u128 sum_of(const struct checker *k, size_t region, size_t series)
{
    size_t n = k->c->n_series;
    u128 sum = 0;
    if (region != SIZE_MAX)
        return k->sum[region * n + series];
    for (size_t g = 0; g < k->regions.n; g++)
        sum += k->sum[g * n + series];
    return sum;
}

/* Does a station of the region (SIZE_MAX: of any) lack the number? */
static bool is_partial(const struct checker *k, size_t region, size_t series)
{
    size_t n = k->c->n_series;
    bool any = k->left_out;
    if (region != SIZE_MAX && !any)
        return k->lacks[region * n + series];
    for (size_t g = 0; g < k->regions.n; g++)
        any = any || k->lacks[g * n + series];
    return any;
}

static enum urna_status compare_totals(struct checker *k, struct urna_error *err)
{
    for (size_t i = 0; i < k->n_totals; i++) {
        struct total_row *t = &k->total[i];
        size_t g = *t->label ? urna_keys_find(&k->regions, t->label, strlen(t->label)) : SIZE_MAX;
        for (size_t s = 0; s < k->c->n_series; s++) {
            if (t->v[s] == URNA_UNKNOWN)
                continue;
            u128 sum = sum_of(k, g, s);
            bool partial = is_partial(k, g, s);
            if (partial && sum <= t->v[s])
                continue; /* what is missing may be the difference */
            k->c->totals_compared++;
            if (sum == t->v[s])
                continue;
            char text[400], a[48], b[48], c[48];
            snprintf(text, sizeof text,
                     "total of %.80s, %.80s: stated %s, the stations give %s; difference %s",
                     g == SIZE_MAX ? "all stations" : t->label, k->c->series[s].name,
                     number(a, sizeof a, t->v[s]), number(b, sizeof b, (i128)sum),
                     number(c, sizeof c, (i128)t->v[s] - (i128)sum));
            enum urna_status st = tell(k, URNA_CHECK_TOTAL, t->line, 0, t->label, text, err);
            if (st != URNA_OK)
                return st;
        }
    }
    return URNA_OK;
}

static void keep_sums(struct checker *k)
{
    for (size_t s = 0; s < k->c->n_series; s++) {
        u128 sum = sum_of(k, SIZE_MAX, s);
        *k->c->series[s].v = sum > INT64_MAX ? URNA_UNKNOWN : (uint64_t)sum;
    }
}

enum urna_status urna_check_run(struct urna_check *c, struct urna_table *t,
                                const struct urna_colmap *map, struct urna_error *err)
{
    struct checker k = {.c = c, .map = map};
    struct urna_scan s = {.ctx = &k, .begin = begin, .row = row, .fault = fault};
    enum urna_status st = urna_protocols_scan(&s, t, map, err);
    if (st == URNA_OK)
        keep_sums(&k);
    if (st == URNA_OK && c->totals)
        st = read_totals(&k, c->totals, err);
    if (st == URNA_OK)
        st = compare_totals(&k, err);
    urna_keys_free(&k.stations);
    urna_keys_free(&k.regions);
    urna_buf_free(&k.station);
    free(k.first_line);
    free(k.sum);
    free(k.lacks);
    free(k.total);
    for (size_t i = 0; i < URNA_CHECK_KINDS && st == URNA_OK; i++)
        if (c->found[i] > 0)
            st = URNA_FALSE;
    return st;
}

void urna_check_free(struct urna_check *c)
{
    urna_arena_free(&c->arena);
}
