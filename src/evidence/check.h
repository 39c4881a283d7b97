/* Check: the arithmetic inside one table of protocols. No statistics: a rule holds for a row or it
 * does not; a total is the sum of its stations or it is not. */
#ifndef URNA_EVIDENCE_CHECK_H
#define URNA_EVIDENCE_CHECK_H

#include "evidence/protocols.h"

enum urna_check_kind {
    URNA_CHECK_CELL,      /* what could not be read: fields, cells, stations without a name */
    URNA_CHECK_RULE,      /* a balance equation of the map */
    URNA_CHECK_DUPLICATE, /* a station that was there before */
    URNA_CHECK_PERCENT,   /* a printed percentage that its counts do not give */
    URNA_CHECK_TOTAL,     /* a stated total that is not the sum of its stations */
    URNA_CHECK_KINDS,
};

struct urna_finding {
    enum urna_check_kind kind;
    uint64_t line;
    size_t field; /* from 1, or 0 */
    const char *station;
    const char *text; /* one sentence; until the callback returns */
};

struct urna_rule_count {
    const char *text;
    uint64_t checked, broken, unknown; /* unknown: a number is missing in the row */
    int64_t most;                      /* largest |left - right| of a broken row, with its sign */
    uint64_t most_line;
};

struct urna_check {
    /* in */
    struct urna_table *totals; /* stated totals: first column region ("" or "*": all), others named
                                  like the numbers of the map; or NULL */
    void *ctx;
    enum urna_status (*finding)(struct urna_check *c, const struct urna_finding *f,
                                struct urna_error *err);
    /* out; owned, urna_check_free */
    struct urna_arena arena;
    uint64_t rows, total_rows, found[URNA_CHECK_KINDS];
    struct urna_rule_count *rule;
    size_t n_rules;
    struct urna_series
        *series;       /* v: one value, the sum over all stations; URNA_UNKNOWN if too large */
    uint64_t *unknown; /* per series: rows without the number */
    size_t n_series, n_quantities;
    uint64_t percents, totals_compared;
};
/* URNA_FALSE if there are findings (all have been told to the callback). */
enum urna_status urna_check_run(struct urna_check *c, struct urna_table *t,
                                const struct urna_colmap *map,
                                struct urna_error *err) URNA_MUST_USE;
void urna_check_free(struct urna_check *c);

/* ---- totals made from percentages ----
 *
 * Are these counts what one gets by rounding shares with few decimals of their sum? A count of a
 * real vote hits such a number with chance about 10^(places + 2) / total. The last count follows
 * from the others and is not free. */
struct urna_percent_first {
    unsigned places;     /* decimals of the shares, 0 to 2: the fewest that fit all counts */
    size_t free_counts;  /* n - 1 */
    double log10_chance; /* of all free counts hitting, if their residues are uniform */
    uint64_t total;
};
/* false: not all counts are such numbers, or the total is too small to tell (chance > 1/1000). */
bool urna_percent_first(struct urna_percent_first *out, const uint64_t *counts, size_t n);

#endif
