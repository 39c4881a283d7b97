/* Simulated elections: honest ones as negative controls, and ones with a known fault as positive
 * controls. A test that flags honest elections, or misses what was put in, is seen to do so. */
#ifndef URNA_EVIDENCE_SIMULATE_H
#define URNA_EVIDENCE_SIMULATE_H

#include "evidence/stations.h"

struct urna_faults {
    double rounded; /* share of stations whose turnout is made a whole percent: ballots are added */
    double stuffed; /* share of stations where ballots for the leader are added */
};

/* A country of its own: n stations in 40 regions, each of about ten districts; people differ
 * between regions, districts and stations; turnout and share are independent of whole percents. */
void urna_simulate_country(struct urna_stations *out, size_t n, const char *seed,
                           const struct urna_faults *faults);

/* As ${like}, without what honest counting can't do: each station keeps its list and its place; its
 * turnout and share are moved by a normal step of two points, so that nothing is left of whole
 * percents, and then ballots and votes are drawn. Candidates: the leader and all others. */
void urna_simulate_like(struct urna_stations *out, const struct urna_stations *like,
                        const char *seed);

/* Run the integer test on ${runs} elections like ${like}: its z by stations, three tests each. */
struct urna_control {
    size_t runs;
    double mean_z[3], sd_z[3];
    size_t flagged[3]; /* bound below 1 % */
};
void urna_control_run(struct urna_control *out, const struct urna_stations *like, size_t runs,
                      const char *seed);

#endif
