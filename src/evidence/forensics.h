/* Forensics: all tests of one table of stations, with the list of tests fixed before the numbers
 * are seen. Nothing here gives a verdict on an election. */
#ifndef URNA_EVIDENCE_FORENSICS_H
#define URNA_EVIDENCE_FORENSICS_H

#include "evidence/integer.h"
#include "evidence/repeats.h"
#include "evidence/shape.h"
#include "evidence/simulate.h"

struct urna_forensics_options {
    struct urna_integer_options integer;
    size_t shuffles; /* of the permutation tests */
    size_t controls; /* simulated honest elections */
    unsigned core;   /* of Shpilkin's reconstruction, in percent; 0: found */
    bool digits;     /* run the digit tests too */
    const char *seed;
};

struct urna_forensics {
    struct urna_shape shape;
    bool has_turnout; /* without voters only the share is tested, and most is left out */
    struct urna_integer integer;
    struct urna_klimek klimek;
    struct urna_shpilkin_band shpilkin;
    struct urna_slope *slope; /* one a candidate */
    struct urna_duplicates duplicates;
    struct urna_strings_found neighbours;
    struct urna_kireev kireev;
    struct urna_control control;
    struct urna_digits *digits; /* one a candidate, or NULL */
};

void urna_forensics_run(struct urna_forensics *out, const struct urna_stations *s,
                        const struct urna_forensics_options *o);
void urna_forensics_free(struct urna_forensics *f);

#endif
