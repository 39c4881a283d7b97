/* Shapes: what turnout and share look like over all stations. Pictures and descriptions, no
 * verdicts: every one of them has other explanations, and the report prints them.
 *
 *   fingerprint  stations by turnout and share (Klimek, Yegorov, Hanel, Thurner, PNAS 2012)
 *   bell         stations and votes by turnout, in whole points
 *   Klimek       the five numbers of the same paper's model that come from the data directly
 *   Shpilkin     votes for the leader beyond a constant ratio to all others; a band, never a number
 *   Sobyanin     slope of votes per voter on turnout, for each candidate, within districts */
#ifndef URNA_EVIDENCE_SHAPE_H
#define URNA_EVIDENCE_SHAPE_H

#include "evidence/stations.h"

/* ---- fingerprint and bell ---- */

#define URNA_PRINT_SIDE 201 /* cells of half a point, centred on 0, 0.5, ..., 100 */
#define URNA_BELL 101       /* whole points: 60 holds 60.00 to 60.99; 100 holds 100 and more */

struct urna_shape {
    size_t used;    /* stations with voters and ballots */
    uint32_t *cell; /* [share * URNA_PRINT_SIDE + turnout] */
    uint32_t most;  /* in one cell */
    uint64_t stations[URNA_BELL], leader[URNA_BELL], others[URNA_BELL]; /* by turnout */
    double median_turnout, median_share;                                /* percent */
    size_t both_high; /* stations with turnout and share of 90% or more */
    uint64_t both_high_voters;
    uint64_t voters, given, received, votes; /* sums; votes for the leader */
};
void urna_shape_run(struct urna_shape *out, const struct urna_stations *s);
void urna_shape_free(struct urna_shape *p);

/* ---- Klimek ---- */

/* tau, nu: first maximum above 0.3 of the density (Gaussian kernel, Scott's width, grid of 0.001)
 * of turnout and share. sigma_tau: root mean square of t - tau where t < tau and v < nu; sigma_nu:
 * of v - nu where v < nu; theta: root of the root mean square of v - nu where v > nu, as the
 * published program has it. The fractions of stations with stuffing (f_i, f_e) are parameters of a
 * model of one homogeneous country, not counts; they are not fitted here. NAN where nothing is to
 * be averaged. */
struct urna_klimek {
    double tau, nu, sigma_tau, sigma_nu, theta;
};
void urna_klimek_run(struct urna_klimek *out, const struct urna_stations *s);

/* ---- Shpilkin ---- */

/* k = L / O over the turnout points core - window .. core; excess = sum over points > core of
 * max(0, L - k O). */
struct urna_shpilkin {
    unsigned core, window;
    double ratio, excess;
};
#define URNA_SHPILKIN_BAND 21 /* core - 3 .. core + 3, windows 3, 5, 8 */
struct urna_shpilkin_band {
    bool detected;             /* the core was found here, not given */
    struct urna_shpilkin main; /* window 5 */
    struct urna_shpilkin band[URNA_SHPILKIN_BAND];
    double low, high;      /* of all of them */
    double turnout, share; /* what would be left, by main */
};
/* core 0: the turnout point with most votes for the others (mean of three). It fails where the
 * clean part is small; the band shows how much depends on it. */
void urna_shpilkin_run(struct urna_shpilkin_band *out, const struct urna_shape *p, unsigned core);

/* ---- Sobyanin ---- */

struct urna_slope {
    double share;                           /* of all ballots received */
    double slope, low, high;                /* over the whole country; 95 % */
    double within, within_low, within_high; /* within districts (fixed effects) */
};
/* One entry a candidate; intervals allow for correlation within districts (or within regions if
 * there are fewer than ten districts). */
void urna_sobyanin_run(struct urna_slope *out, const struct urna_stations *s);

#endif
