#include "evidence/compare.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/keys.h"

struct comparer {
    struct urna_comparison *c;
    const char *const *numbers; /* to compare; all if none */
    size_t n_numbers;
    struct urna_keys keys; /* official stations */
    size_t *row_of;        /* official row of each key */
    struct {
        uint32_t copy; /* + 1; 0: none yet */
        bool conflict;
        size_t row;
    } * first; /* of each key: the first copy that has it */
};

static void index_official(struct comparer *k)
{
    const struct urna_protocols *p = k->c->official;
    k->row_of = urna_xcalloc(p->n + 1, sizeof *k->row_of);
    k->first = urna_xcalloc(p->n + 1, sizeof *k->first);
    for (size_t i = 0; i < p->n; i++) {
        bool is_new;
        size_t key = urna_keys_add(&k->keys, p->station[i], strlen(p->station[i]), &is_new);
        if (is_new)
            k->row_of[key] = i;
        else
            k->c->official_repeated++;
    }
}

static void add_difference(struct urna_comparison *c, struct urna_difference d)
{
    if (c->n_differences == c->cap_differences) {
        c->cap_differences = c->cap_differences ? 2 * c->cap_differences : 64;
        c->difference = urna_xrealloc(c->difference, c->cap_differences, sizeof *c->difference);
    }
    c->difference[c->n_differences++] = d;
}

static void add_absent(struct urna_comparison *c, uint32_t copy, size_t row)
{
    if (c->n_absent == c->cap_absent) {
        c->cap_absent = c->cap_absent ? 2 * c->cap_absent : 64;
        c->absent = urna_xrealloc(c->absent, c->cap_absent, sizeof *c->absent);
    }
    c->absent[c->n_absent++] = (struct urna_absent){copy, row};
}

static bool is_wanted(const struct comparer *k, const char *name)
{
    for (size_t i = 0; i < k->n_numbers; i++)
        if (strcmp(k->numbers[i], name) == 0)
            return true;
    return k->n_numbers == 0;
}

/* Do two copies contradict each other about this row? Compared by name. */
static bool rows_conflict(const struct comparer *k, const struct urna_protocols *a, size_t i,
                          const struct urna_protocols *b, size_t j)
{
    for (size_t s = 0; s < a->n_series; s++) {
        size_t t = urna_protocols_find(b, a->series[s].name);
        if (t == URNA_NO_INDEX || !is_wanted(k, a->series[s].name))
            continue;
        uint64_t x = a->series[s].v[i], y = b->series[t].v[j];
        if (x != y && x != URNA_UNKNOWN && y != URNA_UNKNOWN)
            return true;
    }
    return false;
}

static void note_station(struct comparer *k, size_t key, uint32_t copy, size_t row)
{
    struct urna_comparison *c = k->c;
    if (k->first[key].copy == 0) {
        k->first[key].copy = copy + 1;
        k->first[key].row = row;
        c->stations++;
    } else if (!k->first[key].conflict && rows_conflict(k, c->copy[k->first[key].copy - 1].p,
                                                        k->first[key].row, c->copy[copy].p, row)) {
        k->first[key].conflict = true;
        c->conflicts++;
    }
}

static void compare_row(struct comparer *k, uint32_t copy, size_t key, size_t row,
                        const size_t *common)
{
    struct urna_comparison *c = k->c;
    const struct urna_protocols *o = c->official, *p = c->copy[copy].p;
    size_t at = k->row_of[key], before = c->n_differences;
    for (size_t s = 0; s < o->n_series; s++) {
        if (common[s] == URNA_NO_INDEX)
            continue;
        uint64_t x = o->series[s].v[at], y = p->series[common[s]].v[row];
        if (x == URNA_UNKNOWN || y == URNA_UNKNOWN)
            continue;
        c->series[s].compared++;
        if (x == y)
            continue;
        c->series[s].differing++;
        if (x > y)
            c->series[s].more += x - y;
        else
            c->series[s].less += y - x;
        add_difference(c, (struct urna_difference){copy, (uint32_t)s, at, row, x, y});
    }
    c->copy[copy].matched++;
    if (c->n_differences == before)
        c->copy[copy].identical++;
    else
        c->copy[copy].differing++;
    note_station(k, key, copy, row);
}

static enum urna_status compare_copy(struct comparer *k, uint32_t copy, struct urna_error *err)
{
    struct urna_compare_copy *out = &k->c->copy[copy];
    const struct urna_protocols *o = k->c->official, *p = out->p;
    size_t *common = urna_xcalloc(o->n_series + 1, sizeof *common);
    for (size_t s = 0; s < o->n_series; s++) {
        const char *name = o->series[s].name;
        common[s] = is_wanted(k, name) ? urna_protocols_find(p, name) : URNA_NO_INDEX;
        out->n_common += common[s] != URNA_NO_INDEX;
    }
    struct urna_keys seen = {0};
    for (size_t i = 0; i < p->n && out->n_common > 0; i++) {
        size_t len = strlen(p->station[i]);
        bool is_new = true;
        if (p->n_duplicates > 0)
            urna_keys_add(&seen, p->station[i], len, &is_new);
        if (!is_new) {
            out->repeated++;
            continue;
        }
        size_t key = urna_keys_find(&k->keys, p->station[i], len);
        if (key != SIZE_MAX) {
            compare_row(k, copy, key, i, common);
        } else {
            out->unknown++;
            add_absent(k->c, copy, i);
        }
    }
    urna_keys_free(&seen);
    free(common);
    if (out->n_common > 0)
        return URNA_OK;
    urna_error_where(err, p->file);
    return urna_fail(err, URNA_INPUT,
                     "no number has the same name in both tables (give the candidates the same "
                     "names in both maps)");
}

/* Official rows that no copy has come first in the list. */
static void add_missing(struct comparer *k)
{
    struct urna_comparison *c = k->c;
    struct urna_absent *unknown = c->absent;
    size_t n = c->n_absent;
    c->absent = NULL;
    c->n_absent = c->cap_absent = 0;
    for (size_t key = 0; key < k->keys.n; key++)
        if (k->first[key].copy == 0)
            add_absent(c, UINT32_MAX, k->row_of[key]);
    for (size_t i = 0; i < n; i++)
        add_absent(c, unknown[i].copy, unknown[i].row);
    free(unknown);
}

enum urna_status urna_compare(struct urna_comparison *c, const struct urna_protocols *official,
                              const struct urna_protocols *copies, size_t n_copies,
                              const char *const *numbers, size_t n_numbers, struct urna_error *err)
{
    memset(c, 0, sizeof *c);
    struct comparer k = {.c = c, .numbers = numbers, .n_numbers = n_numbers};
    c->official = official;
    c->n_copies = n_copies;
    c->copy = urna_xcalloc(n_copies + 1, sizeof *c->copy);
    c->series = urna_xcalloc(official->n_series + 1, sizeof *c->series);
    index_official(&k);
    enum urna_status st = URNA_OK;
    for (uint32_t i = 0; i < n_copies && st == URNA_OK; i++) {
        c->copy[i].p = &copies[i];
        st = compare_copy(&k, i, err);
    }
    if (st == URNA_OK)
        add_missing(&k);
    urna_keys_free(&k.keys);
    free(k.row_of);
    free(k.first);
    if (st == URNA_OK && (c->n_differences > 0 || c->conflicts > 0))
        st = URNA_FALSE;
    return st;
}

void urna_comparison_free(struct urna_comparison *c)
{
    free(c->copy);
    free(c->series);
    free(c->difference);
    free(c->absent);
    memset(c, 0, sizeof *c);
}

/* ---- CSV ---- */

/* A field for every spreadsheet: quoted if needed, and never a formula. */
static void write_field(struct urna_buf *out, const char *s)
{
    bool formula = *s && strchr("=+-@\t\r", *s) != NULL;
    if (!formula && !strpbrk(s, ",\"\r\n")) {
        urna_buf_str(out, s);
        return;
    }
    urna_buf_str(out, formula ? "\"'" : "\"");
    for (; *s; s++) {
        if (*s == '"')
            urna_buf_char(out, '"');
        urna_buf_char(out, *s);
    }
    urna_buf_char(out, '"');
}

void urna_comparison_differences(struct urna_buf *out, const struct urna_comparison *c)
{
    urna_buf_str(
        out, "station,region,number,official,copy,difference,copy_file,official_line,copy_line\n");
    for (size_t i = 0; i < c->n_differences; i++) {
        const struct urna_difference *d = &c->difference[i];
        const struct urna_protocols *o = c->official, *p = c->copy[d->copy].p;
        write_field(out, o->station[d->official_row]);
        urna_buf_char(out, ',');
        write_field(out, o->region_name[o->region[d->official_row]]);
        urna_buf_char(out, ',');
        write_field(out, o->series[d->series].name);
        urna_buf_printf(out, ",%llu,%llu,%lld,", (unsigned long long)d->official,
                        (unsigned long long)d->observed,
                        (long long)((int64_t)d->official - (int64_t)d->observed));
        write_field(out, p->file);
        urna_buf_printf(out, ",%llu,%llu\n", (unsigned long long)o->line[d->official_row],
                        (unsigned long long)p->line[d->copy_row]);
    }
}

void urna_comparison_absent(struct urna_buf *out, const struct urna_comparison *c)
{
    urna_buf_str(out, "station,region,is_in,line\n");
    for (size_t i = 0; i < c->n_absent; i++) {
        const struct urna_absent *a = &c->absent[i];
        const struct urna_protocols *p = a->copy == UINT32_MAX ? c->official : c->copy[a->copy].p;
        write_field(out, p->station[a->row]);
        urna_buf_char(out, ',');
        write_field(out, p->region_name[p->region[a->row]]);
        urna_buf_char(out, ',');
        write_field(out, p->file);
        urna_buf_printf(out, ",%llu\n", (unsigned long long)p->line[a->row]);
    }
}
