/* Compare: an official table against any number of observers' copies, station by station, number by
 * number. Says what was compared, what differs and by how much, and what nobody has; never more. */
#ifndef URNA_EVIDENCE_COMPARE_H
#define URNA_EVIDENCE_COMPARE_H

#include "evidence/protocols.h"

struct urna_compare_copy {
    const struct urna_protocols *p;
    size_t matched;   /* rows whose station is in the official table */
    size_t identical; /* of those: every number that both know is equal */
    size_t differing; /* of those: at least one is not */
    size_t unknown;   /* stations that the official table does not have */
    size_t repeated;  /* rows whose station was in this copy already; the first row counts */
    size_t n_common;  /* numbers (series) that both tables have */
};
struct urna_difference {
    uint32_t copy, series; /* series of the official table */
    size_t official_row, copy_row;
    uint64_t official, observed;
};
struct urna_compare_series {
    uint64_t compared, differing; /* pairs of cells, over all copies */
    uint64_t more,
        less; /* sum of (official - observed) where it is positive; of the rest, negated */
};
struct urna_absent {
    uint32_t copy; /* UINT32_MAX: an official row that no copy has */
    size_t row;
};

struct urna_comparison {
    const struct urna_protocols *official;
    struct urna_compare_copy *copy;
    size_t n_copies;
    struct urna_compare_series *series; /* like official->series */
    struct urna_difference *difference; /* by copy, then as the rows stand there */
    size_t n_differences, cap_differences;
    struct urna_absent
        *absent; /* official rows without a copy first, then copies' unknown stations */
    size_t n_absent, cap_absent;
    size_t stations;  /* official stations that at least one copy has */
    size_t conflicts; /* of those: two copies contradict each other */
    size_t official_repeated;
};

/* Series are matched by name; only those in ${numbers}, or all if n_numbers = 0. URNA_INPUT if a
 * copy has none in common with the official table; URNA_FALSE if anything differs; URNA_OK if all
 * that both have is equal. Everything is borrowed from the tables. */
enum urna_status urna_compare(struct urna_comparison *c, const struct urna_protocols *official,
                              const struct urna_protocols *copies, size_t n_copies,
                              const char *const *numbers, size_t n_numbers,
                              struct urna_error *err) URNA_MUST_USE;
void urna_comparison_free(struct urna_comparison *c);

/* CSV with a header row, for publication: every difference; every station without a counterpart. */
void urna_comparison_differences(struct urna_buf *out, const struct urna_comparison *c);
void urna_comparison_absent(struct urna_buf *out, const struct urna_comparison *c);

#endif
