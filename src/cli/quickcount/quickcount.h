/* What the verbs of urna quickcount share: the list and the sample drawn from it. */
#ifndef URNA_CLI_QUICKCOUNT_QUICKCOUNT_H
#define URNA_CLI_QUICKCOUNT_QUICKCOUNT_H

#include "cli/options.h"
#include "evidence/load.h"
#include "evidence/protocols.h"
#include "evidence/quickcount.h"

struct urna_drawing {
    const char *frame, *map, *strata, *seed, *sampler;
    const char *earlier, *earlier_map, *earlier_candidate; /* Neyman's sizes */
    uint64_t size;
    struct urna_protocols p;
    struct urna_frame f;
    struct urna_drawn drawn;
    enum urna_sampler kind;
    uint8_t earlier_sha256[URNA_HASH_LEN];
    uint64_t *spread; /* by stratum; NULL: proportional sizes */
    char *leader;     /* whose votes the spread is of */
};

void urna_drawing_free(struct urna_drawing *d);
/* Are the options of the drawing such as can be? Exit code or URNA_GO_ON. */
int urna_drawing_usage(const struct urna_drawing *d, const char *name);
/* Read the list and draw; everything about the sample follows from the files and the options. */
enum urna_status urna_drawing_draw(struct urna_drawing *d, struct urna_error *err) URNA_MUST_USE;
const char *urna_drawing_stratum(const struct urna_drawing *d, size_t h);
const char *urna_drawing_sampler(enum urna_sampler kind);

#define URNA_DRAWING_OPTIONS(d)                                                                    \
    {"size", "N", "stations to draw", .number = &(d).size, .min = 2, .max = 10000000},             \
        {"seed", "TEXT", "public: dice thrown after the list was fixed", .string = &(d).seed},     \
        {"sampler", "A|B|C", "way of drawing; default A", .string = &(d).sampler},                 \
        {"strata", "region|district", "draw within each; default: no strata",                      \
         .string = &(d).strata},                                                                   \
        {"earlier", "FILE", "an earlier election: more stations where they differed more",         \
         .string = &(d).earlier},                                                                  \
        {"earlier-map", "FILE", "its column map", .string = &(d).earlier_map},                     \
        {"earlier-candidate", "NAME", "whose votes (* is any text); default: most votes",          \
         .string = &(d).earlier_candidate},                                                        \
    {                                                                                              \
        "map", "FILE", "column map, or the name of a ready-made one", .string = &(d).map           \
    }

/* Shares are of the votes for all candidates: what is announced as a share nearly always is. */
double urna_valid_votes(const struct urna_stations *s, size_t row);

int urna_quickcount_sample_cmd(int argc, char **argv);
int urna_quickcount_estimate_cmd(int argc, char **argv);
int urna_quickcount_simulate_cmd(int argc, char **argv);

#endif
