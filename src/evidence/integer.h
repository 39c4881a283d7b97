/* Whole percents: are there more stations with a turnout or a share within 0.05 of a whole percent
 * than counting people explains?
 *
 * Model: in every station the ballots are drawn anew in thought, each for the leader with the
 * chance the station reported (binomial); turnout likewise, independently. The chance that a
 * station then comes near a whole percent is a sum of binomial terms, so the expected number, its
 * variance and the tail are computed, not simulated. Definition of what is counted: Kobak,
 * Shpilkin, Pshenichnikov, Annals of Applied Statistics 10(1), 2016. */
#ifndef URNA_EVIDENCE_INTEGER_H
#define URNA_EVIDENCE_INTEGER_H

#include "evidence/stations.h"

enum urna_integer_test { URNA_EITHER, URNA_RESULT, URNA_TURNOUT, URNA_N_TESTS };
enum urna_integer_weight {
    URNA_BY_STATIONS,
    URNA_BY_VOTERS,
    URNA_BY_GIVEN,
    URNA_BY_LEADER,
    URNA_N_WEIGHTS
};

struct urna_integer_options {
    bool compat;      /* compare in floating point exactly as the published program does */
    unsigned draws;   /* > 0: also the published quantile, by this many draws */
    const char *seed; /* of the draws */
    bool exact_tail;  /* also the tail of the whole country by convolution (about a second) */
    bool saw;         /* also the histograms in steps of 0.1 point with what chance expects */
    unsigned threads; /* 0: all cores */
};

struct urna_integer_cell {
    double observed, mean, sd; /* weighted numbers of stations */
    double d, z;               /* observed - mean; in standard deviations */
    double q999;               /* 99.9 % point of the draws less mean; NAN without draws */
    /* By stations only: upper bounds of P(at least as many), log10. bound: Chernoff, rigorous;
     * saddle: lattice saddlepoint, an approximation. NAN for other weights. */
    double log10_bound, log10_saddle;
    double log10_exact; /* only with exact_tail */
};

struct urna_integer_region {
    uint32_t region; /* index into stations->regions */
    size_t stations, observed;
    double mean, sd;
    double p; /* exact: P(at least as many) by convolution */
    double q; /* Benjamini-Hochberg over the regions that have stations */
};

/* Stations by tenths of a point, step k holding (k - 0.5)/10 to (k + 0.5)/10 percent: observed, and
 * what the model expects, with its variance. */
#define URNA_SAW_STEPS 1001
struct urna_saw {
    double observed[URNA_SAW_STEPS], mean[URNA_SAW_STEPS], var[URNA_SAW_STEPS];
};

struct urna_integer {
    size_t used, without_ballots, small, high_turnout, high_share; /* why a row was left out */
    struct urna_integer_cell cell[URNA_N_TESTS][URNA_N_WEIGHTS];
    double holm[URNA_N_TESTS]; /* adjusted bounds of the three tests by stations */
    struct urna_integer_region *region;
    size_t n_regions;
    struct urna_saw *saw; /* [0] share, [1] turnout; NULL unless asked for */
};

/* Needs voters, given, received and leader. Memory: a few numbers a station beside the table. */
void urna_integer_run(struct urna_integer *out, const struct urna_stations *s,
                      const struct urna_integer_options *o);
void urna_integer_free(struct urna_integer *r);

/* Is k of n within 0.05 of a whole percent: 20 |100 k - r n| <= n for some whole r? compat asks it
 * as the published program does, in floating point; the two differ on exact edges. n >= 1. */
bool urna_integer_hit(uint32_t k, uint32_t n, bool compat);
/* The chance of that for a binomial number of n with chance k/n. */
double urna_integer_chance(uint32_t k, uint32_t n, bool compat);

#endif
