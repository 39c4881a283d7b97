/* Phase 1 of the judge: v(entry) from the context and the entry alone (election.md section 3). Pure: any order, any thread. */
#ifndef URNA_RULES_ALONE_H
#define URNA_RULES_ALONE_H

#include "rules/context.h"

/* What phase 2 needs of an entry that phase 1 has read. Small for ballots, since there are many of them. */
struct urna_alone {
    bool ok;
    struct urna_ruling why;     /* if not ok */
    /* A ballot whose form and voters' signatures are good, whatever its proofs: it can still be called superseded. */
    bool ballot_signed, ballot_read;
    uint8_t keys[2][32], rho[32];
    uint32_t n_keys, style, serial; /* style 0-based */
    /* anchors: which lines verify (n_lines entries, malloc'd, owned by whoever holds this struct) */
    bool *line_ok;
    uint32_t n_lines;
};
void urna_alone_free(struct urna_alone *a);

/* scratch: reset before return. Not for the manifest (urna_context_new). */
void urna_judge_alone(const struct urna_context *P, const struct urna_entry *e, struct urna_alone *out,
                      struct urna_arena *scratch, struct urna_checks *n);

/* --- shared by the files of phase 1 ---------------------------------------------------------------- */
struct urna_alone_job {
    const struct urna_context *P;
    const struct urna_entry *e;
    const struct urna_body *b;
    struct urna_alone *out;
    struct urna_arena *a;
    struct urna_checks *n;
};
/* Decode, or rule E12. */
bool urna_alone_element(struct urna_alone_job *j, urna_element *out, const uint8_t *bytes);
bool urna_alone_scalar(struct urna_alone_job *j, urna_scalar *out, const uint8_t *bytes);
bool urna_alone_scalars(struct urna_alone_job *j, urna_scalar **out, const uint8_t *const *bytes, uint32_t n);

bool urna_alone_keys(struct urna_alone_job *j);      /* guardian.keys: V2 */
bool urna_alone_shares(struct urna_alone_job *j);    /* guardian.shares: V2 */
bool urna_alone_ballot(struct urna_alone_job *j);    /* E1 (device, serial), V6', V6, V7, V8, E3 */
bool urna_alone_challenge(struct urna_alone_job *j); /* E8: V13, V14 */
bool urna_alone_tally(struct urna_alone_job *j);     /* V11, V10 */

#endif
