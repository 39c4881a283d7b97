/* Totals among the stations: a row that is, number by number, the sum of rows before it. Counted as
 * a station it would double everything, and "the stations already exceed the official total" would
 * be said of a table that only contains its own total. So such a row is never taken in silence: the
 * map has to say what it is (total = COLUMN : PATTERN, or skip).
 *
 * What is compared: the row with the sum of the rows since the last total, and of all stations so
 * far; and rows where a block begins (the first three, and those behind a total) with the sum of
 * the rows below them. Chance makes such a row less than once in a billion: it must agree in
 * numbers whose digits make that many. */
#ifndef URNA_EVIDENCE_TOTALS_H
#define URNA_EVIDENCE_TOTALS_H

#include "evidence/protocols.h"

/* A row that may be the total of those below it. */
struct urna_totals_above {
    bool open;
    uint64_t *v, *left; /* its numbers, and what the rows since have left of them (or unknown) */
    uint64_t line, rows, n;
};
#define URNA_TOTALS_ABOVE 3u

struct urna_totals {
    uint64_t *block, *before, *none; /* sums by series, of this block and of those before; zeros */
    uint64_t n_block, n_all;         /* stations in them that are not all zero */
    uint64_t rows_block, rows_all;
    struct urna_totals_above above[URNA_TOTALS_ABOVE];
    unsigned n_open;
    bool begins; /* a total was right above: the next row begins a block */
};

enum urna_totals_hit {
    URNA_TOTALS_NONE,
    URNA_TOTALS_THIS,   /* this row looks like a total: it is not to be counted */
    URNA_TOTALS_EARLIER /* an earlier one does, and was counted; this one is a station */
};
/* Every row goes through here. ${text} says of what ${line} is the total. Rows that the map calls
 * totals are never reported. */
enum urna_totals_hit urna_totals_look(struct urna_totals *t, char *text, size_t cap, uint64_t *line,
                                      const struct urna_station *r, size_t n_series);
void urna_totals_free(struct urna_totals *t);

#endif
