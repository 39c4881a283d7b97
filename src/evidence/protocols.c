/* Loading all protocols of a table. */
#include "evidence/protocols.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/keys.h"

struct loader {
    struct urna_protocols *p;
    size_t cap;
    struct urna_keys stations, regions, districts;
    struct urna_view last_region, last_district; /* most rows have the region of the row before */
    uint32_t last_region_index, last_district_index;
};

static enum urna_status begin(struct urna_scan *s, struct urna_error *err)
{
    (void)err;
    struct loader *l = s->ctx;
    struct urna_protocols *p = l->p;
    p->n_series = s->n_series;
    p->n_quantities = s->n_quantities;
    p->series = URNA_NEW(&p->arena, struct urna_series, s->n_series + 1);
    p->leader = URNA_NO_INDEX;
    for (size_t i = 0; i < s->n_series; i++) {
        p->series[i].name =
            urna_arena_strndup(&p->arena, s->series[i].name, strlen(s->series[i].name));
        p->series[i].is_candidate = s->series[i].is_candidate;
        if (p->leader == URNA_NO_INDEX && s->map->leader && p->series[i].is_candidate &&
            urna_colmap_fits(s->map->leader, p->series[i].name, strlen(p->series[i].name)))
            p->leader = i;
    }
    p->title = urna_arena_strndup(&p->arena, s->map->title, strlen(s->map->title));
    p->file =
        urna_arena_strndup(&p->arena, urna_table_name(s->table), strlen(urna_table_name(s->table)));
    return URNA_OK;
}

static void make_room(struct loader *l)
{
    struct urna_protocols *p = l->p;
    if (p->n < l->cap)
        return;
    l->cap = l->cap ? 2 * l->cap : 1024;
    p->station = urna_xrealloc(p->station, l->cap, sizeof *p->station);
    p->region = urna_xrealloc(p->region, l->cap, sizeof *p->region);
    p->district = urna_xrealloc(p->district, l->cap, sizeof *p->district);
    p->url = urna_xrealloc(p->url, l->cap, sizeof *p->url);
    p->line = urna_xrealloc(p->line, l->cap, sizeof *p->line);
    for (size_t i = 0; i < p->n_series; i++)
        p->series[i].v = urna_xrealloc(p->series[i].v, l->cap, sizeof *p->series[i].v);
}

static uint32_t name_index(struct urna_keys *k, struct urna_view *last, uint32_t *last_index,
                           struct urna_view name)
{
    if (!last->p || !urna_view_eq(*last, name)) {
        *last_index = (uint32_t)urna_keys_add(k, (const char *)name.p, name.len, NULL);
        *last = urna_view(k->key[*last_index], name.len);
    }
    return *last_index;
}

static enum urna_status take_row(struct urna_scan *s, const struct urna_station *r,
                                 struct urna_error *err)
{
    struct loader *l = s->ctx;
    struct urna_protocols *p = l->p;
    if (r->is_total) {
        p->n_totals++;
        return URNA_OK;
    }
    if (p->n == URNA_KEYS_MAX)
        return urna_fail(err, URNA_INPUT, "more than %zu rows", URNA_KEYS_MAX);
    make_room(l);
    bool is_new;
    size_t k = urna_keys_add(&l->stations, (const char *)r->station.p, r->station.len, &is_new),
           row = p->n++;
    p->n_duplicates += !is_new;
    p->station[row] = l->stations.key[k];
    p->region[row] = name_index(&l->regions, &l->last_region, &l->last_region_index, r->region);
    p->district[row] =
        name_index(&l->districts, &l->last_district, &l->last_district_index, r->district);
    p->url[row] =
        r->url.len ? urna_arena_strndup(&p->arena, (const char *)r->url.p, r->url.len) : "";
    p->line[row] = r->line;
    for (size_t i = 0; i < p->n_series; i++)
        p->series[i].v[row] = r->v[i];
    return URNA_OK;
}

static void keep_names(const char ***out, size_t *n, struct urna_protocols *p,
                       const struct urna_keys *k)
{
    *out = URNA_NEW(&p->arena, const char *, k->n + 1);
    *n = k->n;
    for (size_t i = 0; i < k->n; i++)
        (*out)[i] = urna_arena_strndup(&p->arena, k->key[i], strlen(k->key[i]));
}

/* The texts of the stations live in the keys' arena: it is kept, the rest of the keys is not. */
static void adopt_stations(struct urna_protocols *p, struct urna_keys *k)
{
    p->stations = k->arena;
    memset(&k->arena, 0, sizeof k->arena);
}

enum urna_status urna_protocols_load_table(struct urna_protocols *out, struct urna_table *t,
                                           const struct urna_colmap *map, struct urna_error *err)
{
    memset(out, 0, sizeof *out);
    struct loader l = {.p = out};
    struct urna_scan s = {.ctx = &l, .begin = begin, .row = take_row};
    enum urna_status st = urna_protocols_scan(&s, t, map, err);
    keep_names(&out->region_name, &out->n_regions, out, &l.regions);
    keep_names(&out->district_name, &out->n_districts, out, &l.districts);
    adopt_stations(out, &l.stations);
    urna_keys_free(&l.stations);
    urna_keys_free(&l.regions);
    urna_keys_free(&l.districts);
    return st;
}

enum urna_status urna_protocols_load(struct urna_protocols *out, const char *path,
                                     const struct urna_colmap *map, struct urna_error *err)
{
    struct urna_table *t = NULL;
    struct urna_colmap chosen = {0};
    memset(out, 0, sizeof *out);
    bool guessed;
    enum urna_status st = URNA_OK;
    if (!map)
        st = urna_colmap_choose_file(&chosen, NULL, NULL, &guessed, path, NULL, err);
    if (!map)
        map = &chosen;
    if (st == URNA_OK)
        st = urna_table_open(&t, path, &map->table, err);
    if (st == URNA_OK)
        st = urna_protocols_load_table(out, t, map, err);
    urna_table_close(t);
    urna_colmap_free(&chosen);
    if (st == URNA_OK)
        st = urna_table_hash_file(out->sha256, path, err);
    return st;
}

void urna_protocols_free(struct urna_protocols *p)
{
    free(p->station);
    free(p->region);
    free(p->district);
    free(p->url);
    free(p->line);
    for (size_t i = 0; i < p->n_series; i++)
        free(p->series[i].v);
    urna_arena_free(&p->stations);
    urna_arena_free(&p->arena);
    memset(p, 0, sizeof *p);
}

size_t urna_protocols_find(const struct urna_protocols *p, const char *name)
{
    for (size_t i = 0; i < p->n_series; i++)
        if (strcmp(p->series[i].name, name) == 0)
            return i;
    return URNA_NO_INDEX;
}

uint64_t urna_protocols_candidates(const struct urna_protocols *p, size_t row)
{
    uint64_t sum = 0;
    for (size_t i = p->n_quantities; i < p->n_series; i++) {
        uint64_t x = p->series[i].v[row];
        if (x == URNA_UNKNOWN || __builtin_add_overflow(sum, x, &sum) || sum > INT64_MAX)
            return URNA_UNKNOWN;
    }
    return sum;
}

bool urna_protocols_sum(uint64_t *sum, size_t *unknown, const struct urna_protocols *p,
                        size_t series)
{
    size_t missing = 0;
    *sum = 0;
    for (size_t i = 0; i < p->n; i++) {
        uint64_t x = p->series[series].v[i];
        if (x == URNA_UNKNOWN)
            missing++;
        else if (__builtin_add_overflow(*sum, x, sum))
            return false;
    }
    if (unknown)
        *unknown = missing;
    return true;
}
