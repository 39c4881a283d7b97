/* From names of columns to numbers of columns. */
#include "evidence/binding.h"

#include <stdio.h>
#include <string.h>

/* The columns that exist, as many as a message holds. */
static enum urna_status fail_missing(const struct urna_table *t, const struct urna_colmap *m,
                                     const struct urna_colmap_ref *ref, const char *what,
                                     struct urna_error *err)
{
    char list[400] = "";
    size_t n = 0, total = urna_table_n_columns(t);
    for (size_t i = 0; i < total; i++) {
        const char *c = urna_table_column(t, i);
        char rest[32];
        snprintf(rest, sizeof rest, " and %zu more", total - i);
        if (n + strlen(c) + sizeof rest + 3 > sizeof list) {
            snprintf(list + n, sizeof list - n, "%s", rest);
            break;
        }
        n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", i ? ", " : "", c);
    }
    if (err) {
        snprintf(err->rule, sizeof err->rule, "columns");
        if (!err->where[0])
            snprintf(err->where, sizeof err->where, "%.200s:%u", m->file, ref->line);
    }
    return urna_fail(err, URNA_INPUT, "%s \"%.60s\"; columns: %s", what, ref->pattern, list);
}

/* All columns that fit, in the table's order. */
static size_t find_columns(size_t **out, struct urna_arena *a, const struct urna_colmap_ref *ref,
                           const struct urna_table *t)
{
    size_t n = 0, total = urna_table_n_columns(t);
    for (unsigned pass = 0; pass < 2; pass++) {
        size_t k = 0;
        for (size_t i = 0; i < total; i++) {
            const char *c = urna_table_column(t, i);
            if (!urna_colmap_fits(ref->pattern, c, strlen(c)))
                continue;
            if (pass == 1)
                (*out)[k] = i;
            k++;
        }
        n = k;
        if (pass == 0)
            *out = URNA_NEW(a, size_t, n + 1);
    }
    return n;
}

static enum urna_status bind_one(struct urna_bound_part *out, struct urna_binding *b,
                                 const struct urna_colmap *m, const struct urna_colmap_ref *ref,
                                 const struct urna_table *t, struct urna_error *err)
{
    size_t *col, n = find_columns(&col, &b->arena, ref, t);
    if (n == 0)
        return fail_missing(t, m, ref, "no column", err);
    if (n > 1)
        return fail_missing(t, m, ref, "more than one column is called", err);
    out->column = col[0];
    out->ref = ref;
    for (unsigned i = 0; i < ref->n_steps; i++) {
        out->optional = out->optional || ref->step[i].kind == URNA_STEP_OPTIONAL;
        out->lower = out->lower || ref->step[i].kind == URNA_STEP_LOWER;
    }
    b->n_used++;
    return URNA_OK;
}

static enum urna_status bind_key(struct urna_bound_key *out, struct urna_binding *b,
                                 const struct urna_colmap *m, const struct urna_colmap_refs *refs,
                                 const struct urna_table *t, struct urna_error *err)
{
    out->part = URNA_NEW(&b->arena, struct urna_bound_part, refs->n + 1);
    out->n = refs->n;
    for (size_t i = 0; i < refs->n; i++) {
        enum urna_status st = bind_one(&out->part[i], b, m, &refs->ref[i], t, err);
        if (st != URNA_OK)
            return st;
    }
    return URNA_OK;
}

/* A quantity is the sum of its columns; each name must fit at least one, none is counted twice. */
static enum urna_status bind_quantity(struct urna_binding *b, const struct urna_colmap *m,
                                      const struct urna_colmap_quantity *q, bool candidate,
                                      const struct urna_table *t, struct urna_error *err)
{
    size_t total = urna_table_n_columns(t), n = 0;
    bool *taken = URNA_NEW(&b->arena, bool, total + 1);
    for (size_t i = 0; i < q->columns.n; i++) {
        const struct urna_colmap_ref *ref = &q->columns.ref[i];
        size_t *col, k = find_columns(&col, &b->arena, ref, t);
        if (k == 0)
            return fail_missing(t, m, ref, "no column", err);
        if (k > 1 && !ref->glob)
            return fail_missing(t, m, ref, "more than one column is called", err);
        for (size_t j = 0; j < k; j++) {
            n += !taken[col[j]];
            taken[col[j]] = true;
        }
    }
    size_t *all = URNA_NEW(&b->arena, size_t, n + 1), k = 0;
    for (size_t i = 0; i < total; i++)
        if (taken[i])
            all[k++] = i;
    b->series[b->n_series].name = q->name;
    b->series[b->n_series].is_candidate = candidate;
    b->columns[b->n_series] = all;
    b->n_columns[b->n_series++] = n;
    b->n_used += n;
    return URNA_OK;
}

/* Every column that fits is a candidate of its own, unless something else uses it already. */
static enum urna_status bind_candidate_patterns(struct urna_binding *b, const struct urna_colmap *m,
                                                const struct urna_table *t, struct urna_error *err)
{
    size_t total = urna_table_n_columns(t);
    bool *used = URNA_NEW(&b->arena, bool, total + 1), *fits = URNA_NEW(&b->arena, bool, total + 1);
    for (size_t s = 0; s < b->n_series; s++)
        for (size_t j = 0; j < b->n_columns[s]; j++)
            used[b->columns[s][j]] = true;
    for (size_t i = 0; i < m->candidates.n; i++) {
        size_t *col, k = find_columns(&col, &b->arena, &m->candidates.ref[i], t);
        if (k == 0)
            return fail_missing(t, m, &m->candidates.ref[i], "no column", err);
        for (size_t j = 0; j < k; j++)
            fits[col[j]] = true;
    }
    for (size_t i = 0; i < total; i++) {
        if (!fits[i] || used[i])
            continue;
        const char *name = urna_table_column(t, i);
        for (size_t s = 0; s < b->n_series; s++)
            if (strcmp(b->series[s].name, name) == 0)
                return fail_missing(t, m, &m->candidates.ref[0],
                                    "two numbers would have the same name: see", err);
        size_t *one = URNA_NEW(&b->arena, size_t, 1);
        *one = i;
        b->series[b->n_series].name = urna_arena_strndup(&b->arena, name, strlen(name));
        b->series[b->n_series].is_candidate = true;
        b->columns[b->n_series] = one;
        b->n_columns[b->n_series++] = 1;
        b->n_used++;
    }
    return URNA_OK;
}

static void list_cells(struct urna_binding *b)
{
    size_t n = 0;
    for (size_t s = 0; s < b->n_series; s++)
        n += b->n_columns[s];
    b->cell = URNA_NEW(&b->arena, struct urna_bound_cell, n + 1);
    for (size_t s = 0; s < b->n_series; s++)
        for (size_t j = 0; j < b->n_columns[s]; j++)
            b->cell[b->n_cells++] =
                (struct urna_bound_cell){(uint32_t)b->columns[s][j], (uint32_t)s};
}

static enum urna_status bind_numbers(struct urna_binding *b, const struct urna_colmap *m,
                                     const struct urna_table *t, struct urna_error *err)
{
    size_t most = m->n_quantities + m->n_candidates + urna_table_n_columns(t) + 1;
    enum urna_status st = URNA_OK;
    b->series = URNA_NEW(&b->arena, struct urna_series, most);
    b->columns = URNA_NEW(&b->arena, size_t *, most);
    b->n_columns = URNA_NEW(&b->arena, size_t, most);
    for (size_t i = 0; i < m->n_quantities && st == URNA_OK; i++)
        st = bind_quantity(b, m, &m->quantity[i], false, t, err);
    b->n_quantities = b->n_series;
    for (size_t i = 0; i < m->n_candidates && st == URNA_OK; i++)
        st = bind_quantity(b, m, &m->candidate[i], true, t, err);
    if (st == URNA_OK)
        st = bind_candidate_patterns(b, m, t, err);
    list_cells(b);
    return st;
}

static enum urna_status bind_filters(struct urna_bound_filter **out, struct urna_binding *b,
                                     const struct urna_colmap *m,
                                     const struct urna_colmap_filter *f, size_t n,
                                     const struct urna_table *t, struct urna_error *err)
{
    *out = URNA_NEW(&b->arena, struct urna_bound_filter, n + 1);
    for (size_t i = 0; i < n; i++) {
        (*out)[i].pattern = f[i].pattern;
        enum urna_status st = bind_one(&(*out)[i].part, b, m, &f[i].column, t, err);
        if (st != URNA_OK)
            return st;
    }
    return URNA_OK;
}

/* Names in rules and percentages must be numbers of the map. */
static bool is_known(const struct urna_series *series, size_t n, const char *name)
{
    if (strcmp(name, "candidates") == 0)
        return true;
    for (size_t s = 0; s < n; s++)
        if (strcmp(series[s].name, name) == 0)
            return true;
    return false;
}

static enum urna_status fail_unknown(const struct urna_colmap *m, unsigned line, const char *name,
                                     struct urna_error *err)
{
    if (err && !err->where[0])
        snprintf(err->where, sizeof err->where, "%.200s:%u", m->file, line);
    return urna_fail(err, URNA_INPUT, "\"%.80s\" is no number of this map", name);
}

enum urna_status urna_binding_check_names(const struct urna_series *series, size_t n,
                                          const struct urna_colmap *m, struct urna_error *err)
{
    for (size_t i = 0; i < m->n_rules; i++)
        for (size_t k = 0; k < m->rule[i].n_terms; k++)
            if (m->rule[i].term[k].name && !is_known(series, n, m->rule[i].term[k].name))
                return fail_unknown(m, m->rule[i].line, m->rule[i].term[k].name, err);
    for (size_t i = 0; i < m->n_percents; i++) {
        const struct urna_colmap_percent *p = &m->percent[i];
        if (!is_known(series, n, p->numerator))
            return fail_unknown(m, p->line, p->numerator, err);
        if (!is_known(series, n, p->denominator))
            return fail_unknown(m, p->line, p->denominator, err);
    }
    return URNA_OK;
}

enum urna_status urna_binding_make(struct urna_binding *b, const struct urna_colmap *m,
                                   const struct urna_table *t, struct urna_error *err)
{
    memset(b, 0, sizeof *b);
    enum urna_status st = bind_key(&b->station, b, m, &m->station, t, err);
    if (st == URNA_OK)
        st = bind_key(&b->region, b, m, &m->region, t, err);
    if (st == URNA_OK)
        st = bind_key(&b->district, b, m, &m->district, t, err);
    if (st == URNA_OK)
        st = bind_key(&b->url, b, m, &m->url, t, err);
    if (st == URNA_OK)
        st = bind_key(&b->name, b, m, &m->pivot_name, t, err);
    if (st == URNA_OK)
        st = bind_key(&b->parts, b, m, &m->parts, t, err);
    if (st == URNA_OK)
        st = bind_numbers(b, m, t, err);
    b->percent = URNA_NEW(&b->arena, struct urna_bound_part, m->n_percents + 1);
    for (size_t i = 0; i < m->n_percents && st == URNA_OK; i++)
        st = bind_one(&b->percent[i], b, m, &m->percent[i].column, t, err);
    if (st == URNA_OK)
        st = bind_filters(&b->total, b, m, m->total, m->n_totals, t, err);
    if (st == URNA_OK)
        st = bind_filters(&b->skip, b, m, m->skip, m->n_skips, t, err);
    if (st == URNA_OK)
        st = bind_filters(&b->only, b, m, m->only, m->n_onlys, t, err);
    if (st == URNA_OK)
        st = urna_binding_check_names(b->series, b->n_series, m, err);
    return st;
}

void urna_binding_free(struct urna_binding *b)
{
    urna_arena_free(&b->arena);
    memset(b, 0, sizeof *b);
}
