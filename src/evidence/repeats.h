/* Repeats: protocols that look copied or invented, each against a permutation of the same numbers.
 *
 *   duplicates  two stations with the same list, ballots and votes for everybody
 *   strings     neighbours in the list (same district) with the same share to 0.1 point
 *   Kireev      a district where a party has exactly one or exactly two votes in many stations and
 *               hardly ever none (more than 20, more than 20, fewer than 10)
 *   digits      second and last digits; off by default (see urna_digits_run) */
#ifndef URNA_EVIDENCE_REPEATS_H
#define URNA_EVIDENCE_REPEATS_H

#include "evidence/stations.h"

/* observed against the same statistic after shuffling; p = (1 + as many or more) / (1 + shuffles):
 * never smaller than 1 / (1 + shuffles), by nature. */
struct urna_permutation {
    size_t observed, shuffles;
    double mean; /* of the shuffles */
    double p;
};

struct urna_pair {
    size_t a, b; /* rows */
};
struct urna_duplicates {
    struct urna_permutation all; /* pairs of equal protocols, at least `least` ballots each */
    struct urna_pair *pair;      /* the first of them, in order of rows */
    size_t n_pairs;
    unsigned least;
};
#define URNA_MAX_PAIRS 100
/* Shuffled: each column for itself within the region. */
void urna_duplicates_run(struct urna_duplicates *out, const struct urna_stations *s,
                         size_t shuffles, const char *seed);
void urna_duplicates_free(struct urna_duplicates *d);

struct urna_strings_found {
    struct urna_permutation neighbours; /* pairs of neighbours with equal share */
    size_t longest, at;                 /* longest string: stations, first row */
};
/* Shuffled: the order of stations within each district. Stations with fewer than 100 ballots are
 * passed over (small numbers repeat by themselves). */
void urna_neighbours_run(struct urna_strings_found *out, const struct urna_stations *s,
                         size_t shuffles, const char *seed);

struct urna_kireev_hit {
    uint32_t district;
    unsigned candidate;
    size_t stations, none, one, two;
    /* If every ballot of the district were for the party with the district's chance: how likely are
     * so few stations without a vote (exact). Real districts are less even than that, which makes
     * more zeros, not fewer. */
    double p;
};
struct urna_kireev {
    struct urna_permutation hits;
    struct urna_kireev_hit *hit;
    size_t n;
};
/* Shuffled: a party's votes over the stations of the region. */
void urna_kireev_run(struct urna_kireev *out, const struct urna_stations *s, size_t shuffles,
                     const char *seed);
void urna_kireev_free(struct urna_kireev *k);

/* Digits of votes for each candidate (counts of 100 and more). Second digits: mean against 4.187
 * (Benford's law); last digits: chi-squared against uniform. They can't tell a clean election from
 * a falsified one: Deckert, Myagkov and Ordeshook (2011) found them no better than a toss of a
 * coin. So they are never run unless asked for, and never reach the head of a report. */
struct urna_digits {
    size_t n;
    double second_mean, second_expected, second_z;
    double last_chi2, last_p; /* 9 degrees of freedom */
};
void urna_digits_run(struct urna_digits *out, const struct urna_stations *s, unsigned candidate);

#endif
