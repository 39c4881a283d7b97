#include "evidence/pivot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/binding.h"
#include "evidence/keys.h"
#include "evidence/totals.h"

/* What one row says: whose number, and which part of it. */
struct entry {
    uint32_t station, name, part;
    uint64_t v, line;
};

struct station {
    uint64_t line;
    const char *key, *region, *district, *url;
    bool is_total;
    uint64_t *column; /* the numbers that are columns of the long table */
};

/* A number of the map: a column of the long table, or the sum of names. */
struct number {
    const char *name;
    size_t column; /* index among the inner numbers, or NONE */
    uint32_t *names;
    size_t n_names;
};
#define NONE SIZE_MAX

struct pivot {
    struct urna_scan *out;
    const struct urna_colmap *map;
    struct urna_table *t;
    struct urna_arena arena;
    struct urna_keys stations, names, parts, places;
    struct station *station;
    size_t cap_stations;
    struct entry *entry;
    size_t n_entries, cap_entries;
    size_t n_columns; /* quantities that are columns */
    struct urna_colmap_quantity *column;
    struct number *number;
    size_t n_numbers, n_quantities;
    struct urna_series *series;
    bool *used; /* names that a number has */
    size_t votes_field;
};

/* ---- which quantities are columns? ---- */

static size_t fitting(const struct urna_table *t, const struct urna_colmap_ref *ref)
{
    size_t n = 0;
    for (size_t i = 0; i < urna_table_n_columns(t); i++) {
        const char *c = urna_table_column(t, i);
        n += urna_colmap_fits(ref->pattern, c, strlen(c));
    }
    return n;
}

static bool is_column(const struct pivot *p, const struct urna_colmap_quantity *q)
{
    bool all = q->columns.n > 0;
    for (size_t i = 0; i < q->columns.n; i++)
        all = all && fitting(p->t, &q->columns.ref[i]) > 0;
    return all;
}

/* The map for the long table: its keys and filters, the votes, and the quantities that it has. */
static struct urna_colmap long_map(struct pivot *p)
{
    struct urna_colmap m = *p->map;
    struct urna_colmap_quantity *q =
        URNA_NEW(&p->arena, struct urna_colmap_quantity, p->map->n_quantities + 1);
    q[0] =
        (struct urna_colmap_quantity){"votes", p->map->pivot_votes, p->map->pivot_votes.ref->line};
    for (size_t i = 0; i < p->map->n_quantities; i++)
        if (is_column(p, &p->map->quantity[i]))
            q[++p->n_columns] = p->map->quantity[i];
    p->column = q + 1;
    m.quantity = q;
    m.n_quantities = p->n_columns + 1;
    m.n_candidates = m.candidates.n = m.n_rules = m.pivot_votes.n = 0;
    return m;
}

/* ---- reading ---- */

static enum urna_status report(struct pivot *p, enum urna_fault_kind kind, uint64_t line,
                               const char *text, struct urna_error *err)
{
    struct urna_fault f = {kind, line, p->votes_field + 1, urna_table_column(p->t, p->votes_field),
                           text};
    if (p->out->fault)
        return p->out->fault(p->out, &f, err);
    if (err && !err->where[0])
        snprintf(err->where, sizeof err->where, "%.200s:%llu:%zu", urna_table_name(p->t),
                 (unsigned long long)line, f.field);
    return urna_fail(err, URNA_INPUT, "column \"%.100s\": %s", f.column, text);
}

static enum urna_status forward(struct urna_scan *inner, const struct urna_fault *f,
                                struct urna_error *err)
{
    struct pivot *p = inner->ctx;
    return p->out->fault(p->out, f, err);
}

static struct station *station_of(struct pivot *p, size_t *at, const struct urna_station *r)
{
    /* A total and a station of the same key are two things. */
    struct urna_buf key = {0};
    urna_buf_char(&key, r->is_total ? 'T' : 'S');
    urna_buf_add(&key, r->station.p, r->station.len);
    urna_buf_u8(&key, 1);
    if (r->is_total)
        urna_buf_add(&key, r->region.p, r->region.len);
    bool is_new;
    *at = urna_keys_add(&p->stations, (const char *)key.p, key.len, &is_new);
    urna_buf_free(&key);
    if (*at >= p->cap_stations) {
        p->cap_stations = p->cap_stations ? 2 * p->cap_stations : 1024;
        p->station = urna_xrealloc(p->station, p->cap_stations, sizeof *p->station);
    }
    struct station *s = &p->station[*at];
    if (!is_new)
        return s;
    /* Regions repeat: each text is kept once. */
    const struct urna_view *place[4] = {&r->station, &r->region, &r->district, &r->url};
    const char *text[4];
    for (size_t i = 0; i < 4; i++) {
        size_t k = urna_keys_add(&p->places, (const char *)place[i]->p, place[i]->len, NULL);
        text[i] = p->places.key[k];
    }
    *s = (struct station){r->line,
                          text[0],
                          text[1],
                          text[2],
                          text[3],
                          r->is_total,
                          URNA_NEW(&p->arena, uint64_t, p->n_columns + 1)};
    for (size_t i = 0; i < p->n_columns; i++)
        s->column[i] = r->v[i + 1];
    return s;
}

/* A column of a station says the same in all its rows, or nothing. */
static enum urna_status compare_columns(struct pivot *p, struct station *s,
                                        const struct urna_station *r, struct urna_error *err)
{
    enum urna_status st = URNA_OK;
    for (size_t i = 0; i < p->n_columns && st == URNA_OK; i++) {
        uint64_t v = r->v[i + 1];
        if (v == s->column[i] || v == URNA_UNKNOWN)
            continue;
        if (s->column[i] == URNA_UNKNOWN && s->line != r->line) {
            s->column[i] = v;
            continue;
        }
        char text[200];
        snprintf(text, sizeof text, "%.60s is %llu here, but %llu in line %llu of the same station",
                 p->column[i].name, (unsigned long long)v, (unsigned long long)s->column[i],
                 (unsigned long long)s->line);
        st = report(p, URNA_FAULT_NUMBER, r->line, text, err);
    }
    return st;
}

static enum urna_status take_row(struct urna_scan *inner, const struct urna_station *r,
                                 struct urna_error *err)
{
    struct pivot *p = inner->ctx;
    size_t at;
    struct station *s = station_of(p, &at, r);
    enum urna_status st = compare_columns(p, s, r, err);
    size_t name = urna_keys_add(&p->names, (const char *)r->name.p, r->name.len, NULL),
           part = urna_keys_add(&p->parts, (const char *)r->part.p, r->part.len, NULL);
    if (p->names.n > URNA_TABLE_MAX_COLUMNS)
        return urna_fail(err, URNA_INPUT, "more than %u names of candidates: is this their column?",
                         URNA_TABLE_MAX_COLUMNS);
    if (at >= UINT32_MAX || part >= UINT32_MAX)
        return urna_fail(err, URNA_INPUT, "more stations than can be counted");
    if (p->n_entries == p->cap_entries) {
        p->cap_entries = p->cap_entries ? 2 * p->cap_entries : 4096;
        p->entry = urna_xrealloc(p->entry, p->cap_entries, sizeof *p->entry);
    }
    p->entry[p->n_entries++] =
        (struct entry){(uint32_t)at, (uint32_t)name, (uint32_t)part, r->v[0], r->line};
    return st;
}

/* ---- one number for each station and name ---- */

static int by_place(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->station != y->station)
        return x->station < y->station ? -1 : 1;
    if (x->name != y->name)
        return x->name < y->name ? -1 : 1;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

/* Parts are added; a part that stands twice is a fault, and the number unknown. */
static enum urna_status add_parts(struct pivot *p, struct urna_error *err)
{
    enum urna_status st = URNA_OK;
    size_t n = 0;
    if (p->n_entries > 0)
        qsort(p->entry, p->n_entries, sizeof *p->entry, by_place);
    for (size_t i = 0; i < p->n_entries && st == URNA_OK; i++) {
        const struct entry *e = &p->entry[i];
        struct entry *to = n > 0 ? &p->entry[n - 1] : NULL;
        if (!to || to->station != e->station || to->name != e->name) {
            p->entry[n++] = *e;
            continue;
        }
        if (e->part == to->part) {
            char text[300];
            snprintf(text, sizeof text,
                     "\"%.80s\" stands twice for this station, in line %llu too; if they are parts "
                     "of one number, name the column in which they differ: parts = COLUMN",
                     p->names.key[e->name], (unsigned long long)to->line);
            st = report(p, URNA_FAULT_NUMBER, e->line, text, err);
            to->v = URNA_UNKNOWN;
        }
        bool known = to->v != URNA_UNKNOWN && e->v != URNA_UNKNOWN && to->v + e->v <= INT64_MAX;
        to->v = known ? to->v + e->v : URNA_UNKNOWN;
        to->part = e->part;
        to->line = e->line;
    }
    p->n_entries = n;
    return st;
}

/* ---- the numbers ---- */

static enum urna_status fail_names(const struct pivot *p, const struct urna_colmap_ref *ref,
                                   struct urna_error *err)
{
    char list[300] = "";
    size_t n = 0;
    for (size_t i = 0; i < p->names.n && n + strlen(p->names.key[i]) + 6 < sizeof list; i++)
        n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", i ? ", " : "", p->names.key[i]);
    if (err) {
        snprintf(err->rule, sizeof err->rule, "columns");
        if (!err->where[0])
            snprintf(err->where, sizeof err->where, "%.200s:%u", p->map->file, ref->line);
    }
    return urna_fail(
        err, URNA_INPUT, "no column and no name in \"%.40s\" is \"%.60s\"; names: %s%s",
        p->map->pivot_name.ref->pattern, ref->pattern, list, n < sizeof list - 60 ? "" : ", ...");
}

/* All names that fit one of the patterns; each pattern must fit one. */
static enum urna_status find_names(struct number *out, struct pivot *p,
                                   const struct urna_colmap_refs *refs, struct urna_error *err)
{
    bool *hit = URNA_NEW(&p->arena, bool, p->names.n + 1);
    for (size_t i = 0; i < refs->n; i++) {
        bool any = false;
        for (size_t k = 0; k < p->names.n; k++)
            if (urna_colmap_fits(refs->ref[i].pattern, p->names.key[k], strlen(p->names.key[k])))
                hit[k] = any = true;
        if (!any)
            return fail_names(p, &refs->ref[i], err);
    }
    out->names = URNA_NEW(&p->arena, uint32_t, p->names.n + 1);
    for (size_t k = 0; k < p->names.n; k++)
        if (hit[k])
            out->names[out->n_names++] = (uint32_t)k;
    return URNA_OK;
}

static void use_names(struct pivot *p, const struct number *x)
{
    for (size_t k = 0; k < x->n_names; k++)
        p->used[x->names[k]] = true;
}

static enum urna_status add_quantities(struct pivot *p, struct urna_error *err)
{
    size_t column = 0;
    for (size_t i = 0; i < p->map->n_quantities + p->map->n_candidates; i++) {
        bool candidate = i >= p->map->n_quantities;
        const struct urna_colmap_quantity *q =
            candidate ? &p->map->candidate[i - p->map->n_quantities] : &p->map->quantity[i];
        struct number *x = &p->number[p->n_numbers++];
        *x = (struct number){.name = q->name, .column = NONE};
        if (!candidate && is_column(p, q)) {
            x->column = column++;
            continue;
        }
        enum urna_status st = find_names(x, p, &q->columns, err);
        if (st != URNA_OK)
            return st;
        use_names(p, x);
    }
    return URNA_OK;
}

/* Every other name that fits is a candidate of its own. */
static enum urna_status add_candidates(struct pivot *p, struct urna_error *err)
{
    struct number all = {.name = "", .column = NONE};
    enum urna_status st = find_names(&all, p, &p->map->candidates, err);
    for (size_t k = 0; k < all.n_names && st == URNA_OK; k++) {
        if (p->used[all.names[k]])
            continue;
        struct number *x = &p->number[p->n_numbers];
        *x = (struct number){.name = p->names.key[all.names[k]],
                             .column = NONE,
                             .names = &all.names[k],
                             .n_names = 1};
        for (size_t i = 0; i < p->n_numbers; i++)
            if (strcmp(p->number[i].name, x->name) == 0)
                return urna_fail(err, URNA_INPUT,
                                 "the candidate \"%.80s\" is called like a number of the map",
                                 x->name);
        p->n_numbers++;
    }
    return st;
}

static enum urna_status make_numbers(struct pivot *p, struct urna_error *err)
{
    size_t most = p->map->n_quantities + p->map->n_candidates + p->names.n;
    p->number = URNA_NEW(&p->arena, struct number, most + 1);
    p->series = URNA_NEW(&p->arena, struct urna_series, most + 1);
    p->used = URNA_NEW(&p->arena, bool, p->names.n + 1);
    p->n_quantities = p->map->n_quantities;
    enum urna_status st = add_quantities(p, err);
    if (st == URNA_OK)
        st = add_candidates(p, err);
    for (size_t i = 0; i < p->n_numbers; i++) {
        p->series[i].name = p->number[i].name;
        p->series[i].is_candidate = i >= p->n_quantities;
    }
    if (st == URNA_OK)
        st = urna_binding_check_names(p->series, p->n_numbers, p->map, err);
    return st;
}

/* ---- the rows ---- */

static uint64_t value(const struct number *x, const struct station *s, const uint64_t *by_name)
{
    if (x->column != NONE)
        return s->column[x->column];
    uint64_t sum = 0;
    for (size_t k = 0; k < x->n_names; k++) {
        uint64_t v = by_name[x->names[k]];
        if (v == URNA_UNKNOWN || sum + v > INT64_MAX)
            return URNA_UNKNOWN;
        sum += v;
    }
    return sum;
}

static enum urna_status give(struct pivot *p, struct urna_totals *totals,
                             const struct urna_station *r, struct urna_error *err)
{
    char text[200];
    uint64_t line;
    enum urna_totals_hit hit = urna_totals_look(totals, text, sizeof text, &line, r, p->n_numbers);
    enum urna_status st =
        hit != URNA_TOTALS_NONE ? report(p, URNA_FAULT_TOTAL, line, text, err) : URNA_OK;
    if (st != URNA_OK || hit == URNA_TOTALS_THIS)
        return st;
    p->out->rows++;
    return p->out->row(p->out, r, err);
}

static enum urna_status give_rows(struct pivot *p, struct urna_error *err)
{
    const uint64_t absent = p->map->absent_zero ? 0 : URNA_UNKNOWN;
    uint64_t *by_name = urna_xcalloc(p->names.n + 1, sizeof *by_name),
             *v = urna_xcalloc(p->n_numbers + 1, sizeof *v);
    struct urna_totals totals = {0};
    enum urna_status st = URNA_OK;
    for (size_t i = 0; i < p->names.n; i++)
        by_name[i] = absent;
    for (size_t at = 0, e = 0; at < p->stations.n && st == URNA_OK; at++) {
        const struct station *s = &p->station[at];
        size_t from = e;
        for (; e < p->n_entries && p->entry[e].station == at; e++)
            by_name[p->entry[e].name] = p->entry[e].v;
        for (size_t i = 0; i < p->n_numbers; i++)
            v[i] = value(&p->number[i], s, by_name);
        for (size_t i = from; i < e; i++)
            by_name[p->entry[i].name] = absent;
        const struct urna_station r = {.station = urna_view_str(s->key),
                                       .region = urna_view_str(s->region),
                                       .district = urna_view_str(s->district),
                                       .url = urna_view_str(s->url),
                                       .line = s->line,
                                       .is_total = s->is_total,
                                       .v = v};
        st = give(p, &totals, &r, err);
    }
    urna_totals_free(&totals);
    free(by_name);
    free(v);
    return st;
}

static enum urna_status pivot(struct pivot *p, struct urna_error *err)
{
    struct urna_colmap inner = long_map(p);
    struct urna_scan *s = p->out;
    struct urna_scan scan = {.ctx = p, .row = take_row, .fault = s->fault ? forward : NULL};
    s->map = p->map;
    s->table = p->t;
    s->rows = 0;
    for (size_t i = 0; i < urna_table_n_columns(p->t); i++)
        if (urna_colmap_fits(p->map->pivot_votes.ref->pattern, urna_table_column(p->t, i),
                             strlen(urna_table_column(p->t, i))))
            p->votes_field = i;
    enum urna_status st = urna_protocols_scan(&scan, p->t, &inner, err);
    if (st == URNA_OK)
        st = add_parts(p, err);
    if (st == URNA_OK)
        st = make_numbers(p, err);
    if (st != URNA_OK)
        return st;
    s->series = p->series;
    s->n_series = p->n_numbers;
    s->n_quantities = p->n_quantities;
    if (s->begin)
        st = s->begin(s, err);
    return st == URNA_OK ? give_rows(p, err) : st;
}

enum urna_status urna_pivot_scan(struct urna_scan *s, struct urna_table *t,
                                 const struct urna_colmap *map, struct urna_error *err)
{
    struct pivot p = {.out = s, .map = map, .t = t};
    enum urna_status st = pivot(&p, err);
    urna_keys_free(&p.stations);
    urna_keys_free(&p.names);
    urna_keys_free(&p.parts);
    urna_keys_free(&p.places);
    urna_arena_free(&p.arena);
    free(p.station);
    free(p.entry);
    s->series = NULL;
    return st;
}
