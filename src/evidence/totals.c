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
    for (size_t k = 0; k < URNA_TOTALS_ABOVE; k++) {
        t->above[k].v = urna_xcalloc(n + 1, sizeof *t->above[k].v);
        t->above[k].left = urna_xcalloc(n + 1, sizeof *t->above[k].left);
    }
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

/* ---- totals above their rows ---- */

/* Take the station off what is left; false: there is not so much. */
static bool take_off(struct urna_totals_above *a, const uint64_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (a->left[i] == URNA_UNKNOWN)
            continue;
        if (v[i] != URNA_UNKNOWN && v[i] > a->left[i])
            return false;
        a->left[i] = v[i] == URNA_UNKNOWN ? URNA_UNKNOWN : a->left[i] - v[i];
    }
    return true;
}

static bool nothing_left(const struct urna_totals_above *a, size_t n)
{
    double digits = 0;
    for (size_t i = 0; i < n; i++) {
        if (a->left[i] == URNA_UNKNOWN)
            continue;
        if (a->left[i] != 0)
            return false;
        digits += log10(1 + (double)a->v[i]);
    }
    return digits >= SURE;
}

/* Is the station the last of a block whose total stands above it? */
static bool completes(struct urna_totals *t, char *text, size_t cap, uint64_t *line,
                      const struct urna_station *r, bool any, size_t n)
{
    bool hit = false;
    for (size_t k = 0; k < URNA_TOTALS_ABOVE && !hit; k++) {
        struct urna_totals_above *a = &t->above[k];
        if (!a->open)
            continue;
        a->open = take_off(a, r->v, n);
        a->rows++;
        a->n += any;
        hit = a->open && a->n >= 2 && nothing_left(a, n);
        if (hit) {
            a->open = false;
            t->begins = true;
            *line = a->line;
            say(text, cap, a->rows, "rows below it, and was counted as a station");
        }
        t->n_open -= !a->open;
    }
    return hit;
}

/* The row may be the total of those that follow. */
static void open_above(struct urna_totals *t, const struct urna_station *r, size_t n)
{
    for (size_t k = 0; k < URNA_TOTALS_ABOVE; k++) {
        struct urna_totals_above *a = &t->above[k];
        if (a->open)
            continue;
        memcpy(a->v, r->v, n * sizeof *r->v);
        memcpy(a->left, r->v, n * sizeof *r->v);
        a->open = true;
        a->line = r->line;
        a->rows = a->n = 0;
        t->n_open++;
        return;
    }
}

/* ---- every row ---- */

static bool add_up(struct urna_totals *t, const uint64_t *v, size_t n)
{
    uint64_t *block = t->block, seen = 0;
    for (size_t i = 0; i < n; i++) {
        seen |= (v[i] + 1) >> 1; /* 0 only if v is 0 or unknown */
        block[i] = sum(block[i], v[i]);
    }
    t->rows_block++;
    t->rows_all++;
    t->n_block += seen != 0;
    t->n_all += seen != 0;
    return seen != 0;
}

enum urna_totals_hit urna_totals_look(struct urna_totals *t, char *text, size_t cap, uint64_t *line,
                                      const struct urna_station *r, size_t n)
{
    if (!t->block)
        start(t, n);
    bool of_block = t->n_block >= 2 && agrees(r->v, t->none, t->block, n),
         of_all = !of_block && t->n_all >= 2 && agrees(r->v, t->before, t->block, n);
    if (of_block || of_all) {
        say(text, cap, of_block ? t->rows_block : t->rows_all,
            of_block ? "rows above it, and is not counted"
                     : "stations above it, and is not counted");
        *line = r->line;
    }
    if (of_block || of_all || r->is_total) {
        new_block(t, n);
        t->begins = true;
        return r->is_total ? URNA_TOTALS_NONE : URNA_TOTALS_THIS;
    }
    bool begins = t->begins || t->rows_all < URNA_TOTALS_ABOVE, any = add_up(t, r->v, n);
    t->begins = false;
    bool hit = t->n_open > 0 && completes(t, text, cap, line, r, any, n);
    if (begins)
        open_above(t, r, n);
    return hit ? URNA_TOTALS_EARLIER : URNA_TOTALS_NONE;
}

void urna_totals_free(struct urna_totals *t)
{
    for (size_t k = 0; k < URNA_TOTALS_ABOVE; k++) {
        free(t->above[k].v);
        free(t->above[k].left);
    }
    free(t->block);
    free(t->before);
    free(t->none);
    *t = (struct urna_totals){0};
}
