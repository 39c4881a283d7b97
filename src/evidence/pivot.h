/* Pivot: tables with a row for each station and candidate, turned into one row a station.
 *
 *   pivot      = CANDIDATE : VOTES
 *   parts      = MODE                   rows that differ in these are added up
 *   absent     = zero                   who is not listed at a station has no votes
 *   registered = ELECTORS               a column: the same in all rows of a station
 *   invalid    = "Blank", "Void"        not a column: names in the column CANDIDATE
 *   candidates = *                      all other names
 *
 * Memory: what the table says of the stations, not the table. A number that stands twice, and one
 * that differs from row to row of a station, is a fault of the later row and unknown. Without
 * `absent`, who is not listed is unknown. */
#ifndef URNA_EVIDENCE_PIVOT_H
#define URNA_EVIDENCE_PIVOT_H

#include "evidence/protocols.h"

/* urna_protocols_scan for a map with a pivot. A row's line is the first of its station; stations
 * come in the order of their first rows. */
enum urna_status urna_pivot_scan(struct urna_scan *s, struct urna_table *t,
                                 const struct urna_colmap *map,
                                 struct urna_error *err) URNA_MUST_USE;

#endif
