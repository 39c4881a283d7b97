/* Totals among the stations: a row that is, number by number, the sum of rows before it. Counted as
 * a station it would double everything, and "the stations already exceed the official total" would
 * be said of a table that only contains its own total. So such a row is never taken in silence: the
 * map has to say what it is (total = COLUMN : PATTERN, or skip).
 *
 * What is compared: the row with the sum of the rows since the last total, and of all stations so
 * far; at the end the first row with the sum of all others. Chance makes such a row less than once
 * in a billion: it must agree in numbers whose digits make that many. */
#ifndef URNA_EVIDENCE_TOTALS_H
#define URNA_EVIDENCE_TOTALS_H

#include "evidence/protocols.h"

struct urna_totals {
    /* Sums by series, URNA_UNKNOWN where a number lacks or is too large: of the rows since the last
     * total, and of those before them; zeros; and the first row. */
    uint64_t *block, *before, *none, *first;
    uint64_t n_block, n_all; /* stations in them that are not all zero */
    uint64_t rows_block, rows_all, first_line;
};

/* Every row goes through here. true: it looks like a total, ${text} says of what; the row is then
 * not counted. Rows that the map calls totals are never reported. */
bool urna_totals_look(struct urna_totals *t, char *text, size_t cap, const struct urna_row *r,
                      size_t n_series);
/* After the last row: is the first the sum of all others? */
bool urna_totals_end(const struct urna_totals *t, char *text, size_t cap, uint64_t *line,
                     size_t n_series);
void urna_totals_free(struct urna_totals *t);

#endif
