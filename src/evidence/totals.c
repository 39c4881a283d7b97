#include "evidence/totals.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SURE 9 /* decimal digits of agreement */

static void start(struct urna_totals *t, size_t n)
{
    t->block = urna_xcalloc(n + 1, sizeof *t->block);
    t->before = urna_xcalloc(n + 1, sizeof *t->before);
    t->none = urna_xcalloc(n + 1, sizeof *t->none);
    t->first = urna_xcalloc(n + 1, sizeof *t->first);
}

/* Known numbers are < 2^63 and URNA_UNKNOWN is all ones: where the highest bit of either or of the
 * sum is set, the sum is unknown. */
static inline uint64_t sum(uint64_t a, uint64_t b)
{
    uint64_t s = a + b;
    return s | (0 - ((a | b | s) >> 63));
}

static bool is_sure(const uint64_t *v, const uint64_t *a, const uint64_t *b, size_t n)
{
    double digits = 0;
    for (size_t i = 0; i < n; i++)
        if (v[i] != URNA_UNKNOWN && sum(a[i], b[i]) != URNA_UNKNOWN)
            digits += log10(1 + (double)v[i]);
    return digits >= SURE;
}

/* Do all numbers that both sides know agree, and are they large enough to leave no doubt? The one
 * side is v, the other a + b. */
static inline bool agrees(const uint64_t *v, const uint64_t *a, const uint64_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t total = sum(a[i], b[i]);
        if (v[i] != total && v[i] != URNA_UNKNOWN && total != URNA_UNKNOWN)
            return false;
    }
    return is_sure(v, a, b, n);
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
    for (size_t i = 0; i < n; i++) {
        t->before[i] = sum(t->before[i], t->block[i]);
        t->block[i] = 0;
    }
    t->n_block = t->rows_block = 0;
}

bool urna_totals_look(struct urna_totals *t, char *text, size_t cap, const struct urna_row *r,
                      size_t n)
{
    if (!t->block)
        start(t, n);
    bool of_block = t->n_block >= 2 && agrees(r->v, t->none, t->block, n),
         of_all = !of_block && t->n_all >= 2 && agrees(r->v, t->before, t->block, n);
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
    const uint64_t *v = r->v;
    uint64_t *block = t->block, seen = 0;
    for (size_t i = 0; i < n; i++) {
        seen |= (v[i] + 1) >> 1; /* 0 only if v is 0 or unknown */
        block[i] = sum(block[i], v[i]);
    }
    bool any = seen != 0;
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
        uint64_t all = sum(t->before[i], t->block[i]), first = t->first[i];
        bool known = all != URNA_UNKNOWN && first != URNA_UNKNOWN && first <= all;
        rest[i] = known ? all - first : URNA_UNKNOWN;
    }
    bool hit = agrees(t->first, t->none, rest, n);
    free(rest);
    *line = t->first_line;
    if (hit)
        say(text, cap, t->rows_all - 1, "rows below it, and was counted as a station");
    return hit;
}

void urna_totals_free(struct urna_totals *t)
{
    free(t->block);
    free(t->before);
    free(t->none);
    free(t->first);
    *t = (struct urna_totals){0};
}
