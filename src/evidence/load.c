#include "evidence/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE SIZE_MAX
#define LARGEST (UINT32_MAX - 1)

struct loading {
    struct urna_stations *out;
    struct urna_load *l;
    size_t registered, issued, valid, invalid, box; /* series, or NONE */
    uint32_t *votes;
    unsigned n_candidates;
};

static size_t find(const struct urna_scan *s, const char *name)
{
    for (size_t i = 0; i < s->n_quantities; i++) {
        if (strcmp(s->series[i].name, name) == 0)
            return i;
    }
    return NONE;
}

static enum urna_status choose_leader(struct loading *c, const struct urna_scan *s,
                                      struct urna_error *err)
{
    const char *pattern = c->l->leader ? c->l->leader : s->map->leader;
    if (!pattern)
        return URNA_OK;
    size_t found = 0;
    for (unsigned i = 0; i < c->n_candidates; i++) {
        const char *name = c->out->candidate[i];
        if (urna_colmap_fits(pattern, name, strlen(name))) {
            c->out->leading = i;
            found++;
        }
    }
    if (found != 1)
        return urna_fail(err, URNA_INPUT,
                         "the leader \"%.100s\" fits %zu candidates; it must fit one", pattern,
                         found);
    return URNA_OK;
}

static enum urna_status begin(struct urna_scan *s, struct urna_error *err)
{
    struct loading *c = s->ctx;
    c->registered = find(s, "registered");
    c->issued = find(s, "issued");
    c->valid = find(s, "valid");
    c->invalid = find(s, "invalid");
    c->box = find(s, "box");
    size_t n = s->n_series - s->n_quantities;
    if (n == 0)
        return urna_fail(err, URNA_INPUT, "the map names no candidate");
    if (n > 1000)
        return urna_fail(err, URNA_INPUT, "%zu candidates are too many", n);
    const char **names = urna_xcalloc(n, sizeof *names);
    for (size_t i = 0; i < n; i++)
        names[i] = s->series[s->n_quantities + i].name;
    urna_stations_init(c->out, names, (unsigned)n, 0);
    free(names);
    c->n_candidates = (unsigned)n;
    c->votes = urna_xcalloc(n, sizeof *c->votes);
    c->l->has_voters = c->registered != NONE;
    c->l->given_is_received = c->issued == NONE;
    c->l->received_from = c->valid != NONE && c->invalid != NONE ? "valid + invalid"
                          : c->box != NONE                       ? "box"
                                                                 : "candidates";
    return choose_leader(c, s, err);
}

/* Unknown numbers are larger than any that is allowed. */
static uint64_t number(const struct urna_station *r, size_t series)
{
    return series == NONE ? 0 : r->v[series];
}

static uint64_t sum(uint64_t a, uint64_t b)
{
    return a > LARGEST || b > LARGEST ? URNA_UNKNOWN : a + b;
}

static enum urna_status row(struct urna_scan *s, const struct urna_station *r,
                            struct urna_error *err)
{
    (void)err;
    struct loading *c = s->ctx;
    if (r->is_total) {
        c->l->totals++;
        return URNA_OK;
    }
    c->l->rows++;
    uint64_t all = 0;
    for (unsigned i = 0; i < c->n_candidates; i++) {
        uint64_t v = r->v[s->n_quantities + i];
        all = sum(all, v);
        c->votes[i] = (uint32_t)v;
    }
    uint64_t received = all;
    if (c->valid != NONE && c->invalid != NONE)
        received = sum(number(r, c->valid), number(r, c->invalid));
    else if (c->box != NONE)
        received = number(r, c->box);
    uint64_t voters = number(r, c->registered),
             given = c->issued == NONE ? received : number(r, c->issued);
    if (all > LARGEST || received > LARGEST || voters > LARGEST || given > LARGEST) {
        c->l->left_out++;
        return URNA_OK;
    }
    urna_stations_add(c->out, (uint32_t)voters, (uint32_t)given, (uint32_t)received, c->votes,
                      r->region, r->district, r->station);
    return URNA_OK;
}

static enum urna_status fault(struct urna_scan *s, const struct urna_fault *f,
                              struct urna_error *err)
{
    (void)err;
    struct loading *c = s->ctx;
    if (c->l->faults++ == 0) {
        struct urna_error first = URNA_ERROR_INIT;
        snprintf(first.where, sizeof first.where, "%.180s:%llu:%zu", urna_table_name(s->table),
                 (unsigned long long)f->line, f->field);
        snprintf(first.msg, sizeof first.msg, "%s%.100s%s%.300s", f->column ? "column \"" : "",
                 f->column ? f->column : "", f->column ? "\": " : "", f->text);
        first.status = URNA_INPUT;
        c->l->first_fault = first;
    }
    if (f->kind == URNA_FAULT_FIELDS || f->kind == URNA_FAULT_KEY || f->kind == URNA_FAULT_TOTAL)
        c->l->left_out++; /* the others come again as a row with an unknown number */
    return URNA_OK;
}

static enum urna_status scan(struct urna_stations *out, struct urna_load *l, struct urna_table *t,
                             const struct urna_colmap *map, struct urna_error *err)
{
    struct loading c = {.out = out, .l = l};
    struct urna_scan s = {.ctx = &c, .begin = begin, .row = row, .fault = fault};
    enum urna_status rc = urna_protocols_scan(&s, t, map, err);
    free(c.votes);
    if (rc == URNA_OK && out->n == 0)
        rc = urna_fail(err, URNA_INPUT, "no row has all the numbers that are needed");
    if (rc == URNA_OK && !l->leader && !map->leader)
        urna_stations_find_leader(out);
    return rc;
}

enum urna_status urna_stations_load(struct urna_stations *out, struct urna_load *l,
                                    struct urna_error *err)
{
    *out = (struct urna_stations){0};
    struct urna_colmap map = {0};
    struct urna_table *table = NULL;
    const char *chosen = NULL;
    enum urna_status rc = l->map ? urna_colmap_read(&map, l->map, err) : URNA_OK;
    if (rc == URNA_OK && !l->map)
        rc = urna_colmap_choose_file(&map, NULL, &chosen, &l->guessed, l->path, NULL, err);
    if (rc == URNA_OK)
        rc = urna_table_open(&table, l->path, &map.table, err);
    if (rc == URNA_OK)
        rc = urna_table_hash_file(l->sha256, l->path, err);
    if (rc == URNA_OK) {
        /* The columns of this table fit a map made for another election: that is not its title. */
        snprintf(l->title, sizeof l->title, "%.199s", !chosen && map.title ? map.title : "");
        if (chosen)
            l->map = chosen;
        rc = scan(out, l, table, &map, err);
    }
    urna_table_close(table);
    urna_colmap_free(&map);
    urna_error_where(rc == URNA_OK ? NULL : err, l->path);
    return rc;
}
