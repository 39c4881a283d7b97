/* The evidence reports as pages: what was tested, what was found, how strong it is, what it does
 * not show, and how to repeat it. No verdict, no verdict colour. */
#ifndef URNA_REPORT_EVIDENCE_REPORT_H
#define URNA_REPORT_EVIDENCE_REPORT_H

#include "evidence/forensics.h"
#include "evidence/load.h"
#include "evidence/quickcount.h"
#include "base/json_out.h"
#include "report/html.h"

struct urna_evidence_context {
    enum urna_lang lang;
    const char *command; /* the command line to repeat it */
    const char *version;
    int64_t now;
    const struct urna_load *input;
};

/* File hashes are written as sha256sum prints them: lower case. */
void urna_evidence_json_sha256(struct urna_json *j, const char *key, const uint8_t digest[URNA_HASH_LEN]);

/* Is the whole-percent test of a report "flagged": adjusted bound below 1 %? */
bool urna_integer_is_flagged(const struct urna_integer *r);
/* Is a permutation result: p of at most 5 %, and more than shuffling gives? */
bool urna_permutation_is_flagged(const struct urna_permutation *p);

void urna_forensics_page(struct urna_html *h, const struct urna_evidence_context *c,
                         const struct urna_stations *s, const struct urna_forensics_options *o,
                         const struct urna_forensics *f);
void urna_forensics_json(struct urna_json *j, const struct urna_evidence_context *c,
                         const struct urna_stations *s, const struct urna_forensics_options *o,
                         const struct urna_forensics *f);

/* A quick count: estimates (random sample), or only lower bounds (any other set of stations). */
struct urna_quickcount_line {
    const char *name;
    struct urna_estimate e;         /* not for bounds */
    double announced;               /* 0..1; negative: not announced */
    struct urna_comparison compare; /* if announced */
    uint64_t votes;                 /* in hand */
};
struct urna_quickcount_stratum {
    const char *name;
    size_t all, drawn, in_hand;
};
struct urna_quickcount {
    bool is_random;
    const char *frame; /* file name of the list */
    uint8_t frame_sha256[URNA_HASH_LEN];
    const char *seed, *sampler;
    size_t stations, drawn, in_hand, outside; /* outside: in hand but not drawn, left out */
    double level;
    struct urna_quickcount_line *line;
    size_t n_lines;
    struct urna_quickcount_stratum *stratum;
    size_t n_strata;
    const char *const *missing; /* names of drawn stations without a result */
    size_t n_missing;
};
void urna_quickcount_page(struct urna_html *h, const struct urna_evidence_context *c,
                          const struct urna_quickcount *q);
void urna_quickcount_json(struct urna_json *j, const struct urna_evidence_context *c,
                          const struct urna_quickcount *q);

#endif
