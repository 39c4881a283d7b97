#include "evidence/totals.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SURE 9 /* decimal digits of agreement */

static void start(struct urna_totals *t, size_t n)
{
    t->block = urna_xcalloc(n + 1, sizeof *t->block);
    t->all = urna_xcalloc(n + 1, sizeof *t->all);
    t->first = urna_xcalloc(n + 1, sizeof *t->first);
}

static uint64_t sum(uint64_t a, uint64_t b)
{
    return a == URNA_UNKNOWN || b == URNA_UNKNOWN || a + b > INT64_MAX ? URNA_UNKNOWN : a + b;
}

/* Do all numbers that both sides know agree, and are they large enough to leave no doubt? */
static bool agrees(const uint64_t *v, const uint64_t *total, size_t n)
{
    double digits = 0;
    for (size_t i = 0; i < n; i++) {
        if (v[i] == URNA_UNKNOWN || total[i] == URNA_UNKNOWN)
            continue;
        if (v[i] != total[i])
            return false;
        digits += log10(1 + (double)v[i]);
    }
    return digits >= SURE;
}

static void say(char *text, size_t cap, uint64_t n, const char *which)
{
    snprintf(text, cap,
             "this row is the sum of %llu %s: a total? Say so in the map: total = COLUMN : "
             "PATTERN, or skip = COLUMN : PATTERN",
             (unsigned long long)n, which);
}

static void new_block(struct urna_totals *t, size_t n)
{
    memset(t->block, 0, n * sizeof *t->block);
    t->n_block = t->rows_block = 0;
}

bool urna_totals_look(struct urna_totals *t, char *text, size_t cap, const struct urna_row *r,
                      size_t n)
{
    if (!t->block)
        start(t, n);
    bool of_block = t->n_block >= 2 && agrees(r->v, t->block, n),
         of_all = !of_block && t->n_all >= 2 && agrees(r->v, t->all, n);
    if (of_block || of_all) {
        say(text, cap, of_block ? t->rows_block : t->rows_all,
            of_block ? "rows above it, and is not counted"
                     : "stations above it, and is not counted");
        new_block(t, n);
        return !r->is_total;
    }
    if (r->is_total) {
        new_block(t, n);
        return false;
    }
    if (t->rows_all == 0) {
        memcpy(t->first, r->v, n * sizeof *r->v);
        t->first_line = r->line;
    }
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        any = any || (r->v[i] != 0 && r->v[i] != URNA_UNKNOWN);
        t->block[i] = sum(t->block[i], r->v[i]);
        t->all[i] = sum(t->all[i], r->v[i]);
    }
    t->rows_block++;
    t->rows_all++;
    t->n_block += any;
    t->n_all += any;
    return false;
}

bool urna_totals_end(const struct urna_totals *t, char *text, size_t cap, uint64_t *line, size_t n)
{
    if (!t->block || t->n_all < 3)
        return false;
    uint64_t *rest = urna_xcalloc(n + 1, sizeof *rest);
    for (size_t i = 0; i < n; i++) {
        bool known =
            t->all[i] != URNA_UNKNOWN && t->first[i] != URNA_UNKNOWN && t->first[i] <= t->all[i];
        rest[i] = known ? t->all[i] - t->first[i] : URNA_UNKNOWN;
    }
    bool hit = agrees(t->first, rest, n);
    free(rest);
    *line = t->first_line;
    if (hit)
        say(text, cap, t->rows_all - 1, "rows below it, and was counted as a station");
    return hit;
}

void urna_totals_free(struct urna_totals *t)
{
    free(t->block);
    free(t->all);
    free(t->first);
    *t = (struct urna_totals){0};
}
