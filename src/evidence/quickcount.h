/* Quick count: what a random sample of polling stations says about the whole.
 *
 * A station is a cluster of voters who resemble each other, so the error comes from the differences
 * between stations, not from the number of voters. The estimator is the combined ratio estimator
 * with finite-population correction; the interval uses Student's t. A set of stations that was not
 * drawn at random gives no estimate at all, whatever its size: only lower bounds. */
#ifndef URNA_EVIDENCE_QUICKCOUNT_H
#define URNA_EVIDENCE_QUICKCOUNT_H

#include "evidence/chance.h"
#include "evidence/sample.h"

/* ---- drawing ---- */

enum urna_sampler { URNA_SAMPLER_RIVEST, URNA_SAMPLER_CRYPTORANDOM, URNA_SAMPLER_CONSISTENT };
bool urna_sampler_parse(enum urna_sampler *out,
                        const char *letter) URNA_MUST_USE; /* "A", "B", "C" */

/* The list the sample is drawn from. Stations are sorted by name (bytes) within their stratum
 * before drawing, so that the order of the file does not matter. */
struct urna_frame {
    size_t n;
    const char *const *station; /* names; no two alike */
    const uint32_t *stratum;    /* into stratum_name; NULL: one stratum without a name */
    const char *const *stratum_name;
    size_t n_strata;
    const uint64_t *spread; /* by stratum (urna_quickcount_spread), or NULL: sizes as the strata */
};

/* How much the stations of a stratum differed in an earlier election: the standard deviation of
 * e = y - R x (y votes of x for somebody, R the share in the whole country), in thousandths of a
 * vote, rounded down. In whole numbers throughout, so that everybody gets the same:
 *
 *   d = X y - Y x;  floor(sqrt((n sum d^2 - (sum d)^2) / (n (n - 1)) * 10^6 / X^2))
 *
 * with every division rounded down. y <= x < 2^32. ${bad} (may be NULL): of an error, the stratum
 * that has fewer than two stations. URNA_INPUT also if the numbers are too large for 128 bits. */
enum urna_status urna_quickcount_spread(uint64_t *out, size_t *bad, const uint32_t *y,
                                        const uint32_t *x, const uint32_t *stratum, size_t n,
                                        size_t n_strata, struct urna_error *err) URNA_MUST_USE;

/* Sizes for the strata, by largest remainders (of equals the first), at least two of each:
 * proportional to N[h], or with ${spread} to N[h] spread[h] (Neyman), where a stratum that would
 * need more stations than it has is taken whole and the others share the rest. */
enum urna_status urna_quickcount_allocate(size_t *take, const size_t *N, const uint64_t *spread,
                                          size_t n_strata, size_t size,
                                          struct urna_error *err) URNA_MUST_USE;

struct urna_drawn {
    size_t *station; /* rows of the frame, in the order of strata and of drawing */
    size_t n;
    size_t *N, *take; /* by stratum: stations in the frame, stations drawn */
    size_t n_strata;
};

/* Sizes by urna_quickcount_allocate; at least two of each stratum (all, where it has fewer),
 * because one station shows no variation. The seed of a stratum is SEED "/" NAME; of the only one,
 * SEED itself. URNA_INPUT: repeated names, more asked for than there are, or fewer than two a
 * stratum. */
enum urna_status urna_quickcount_draw(struct urna_drawn *out, const struct urna_frame *f,
                                      size_t size, const char *seed, enum urna_sampler sampler,
                                      struct urna_error *err) URNA_MUST_USE;
void urna_drawn_free(struct urna_drawn *d);

/* ---- estimating ---- */

/* One station of the sample: y votes for somebody (or the difference of two) out of x. */
struct urna_cluster {
    uint32_t stratum;
    double y, x;
};

struct urna_estimate {
    size_t n;               /* stations */
    double x;               /* votes in them */
    double share;           /* estimate, 0..1 (a margin: -1..1) */
    double se, df;          /* standard error, degrees of freedom */
    double low, high, half; /* interval at the level asked for */
    double voters_half;     /* what the textbook formula for voters would claim: wrong here */
    double
        design_effect; /* variance against a simple random sample of as many voters; 0: no sample */
};

/* N[h]: stations of stratum h in the whole; X: votes in the whole if known, else 0 (used only for
 * voters_half). URNA_INPUT if a stratum that has stations has fewer than two in the sample, or if
 * there are no votes. */
enum urna_status urna_quickcount_estimate(struct urna_estimate *out, const struct urna_cluster *c,
                                          size_t n, const size_t *N, size_t n_strata, double X,
                                          double level, struct urna_error *err) URNA_MUST_USE;

/* The announced share against the estimate: how many standard errors apart, and the chance of being
 * at least so far apart if the announced share were right. */
struct urna_comparison {
    double announced, difference, t, p;
    bool inside;
};
struct urna_comparison urna_quickcount_compare(const struct urna_estimate *e, double announced);

/* ---- simulating: is the interval honest? ---- */

struct urna_coverage {
    size_t size, repetitions;
    double true_share;
    double empirical_half;             /* the level-quantile of |estimate - truth| */
    double ratio_half, ratio_coverage; /* mean half width; share of intervals that hold the truth */
    double voters_half, voters_coverage; /* the same for the textbook formula */
    double design_effect;                /* mean */
};
/* Draw ${repetitions} simple random samples of ${size} of the n stations with votes y of x. */
enum urna_status urna_quickcount_simulate(struct urna_coverage *out, const double *y,
                                          const double *x, size_t n, size_t size,
                                          size_t repetitions, double level, const char *seed,
                                          struct urna_error *err) URNA_MUST_USE;

#endif
