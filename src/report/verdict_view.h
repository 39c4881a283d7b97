/* Inside the report room: what the text and the page say of a verdict, worked out once. */
#ifndef URNA_REPORT_VERDICT_VIEW_H
#define URNA_REPORT_VERDICT_VIEW_H

#include "log/tile.h"
#include "verify/verify.h"

/* Why a record is invalid: one fault, not the stack of its consequences. */
struct urna_fault_view {
    const struct urna_record_fault *main; /* the most specific one; NULL: no file is at fault */
    const struct urna_record_fault *root; /* the checkpoint's own, if it is another; else NULL */
    size_t more;                          /* files beyond these that disagree */
    /* Exactly one entry is not the one that the log signed: the hash tiles still lead to the root
     * under a signature that holds, and they agree with every other entry. Then: */
    bool changed;
    uint64_t entry;
    char bundle[URNA_TILE_PATH_MAX]; /* where it lies */
    unsigned place;                  /* in there, from 0 */
    const char *kind;                /* what it says it is, or NULL; static */
};
void urna_fault_view(struct urna_fault_view *out, const struct urna_verdict *v);

/* How many of each: for sentences, tables and JSON alike. */
struct urna_verdict_counts {
    uint64_t ballots, by[5], rows; /* by: enum urna_ballot_state */
    bool sealed;
    uint64_t voids;    /* live ones */
    uint64_t findings; /* of the judge */
    uint64_t silent;   /* witnesses that have not signed an accepted result */
    uint64_t countset_by, result_by, head_by; /* witnesses */
    uint64_t proofs;
};
void urna_verdict_count(struct urna_verdict_counts *out, const struct urna_verdict *v);

/* Are the guardians not those of an official election (election.md section 9)? */
bool urna_guardians_unofficial(const struct urna_manifest *m);

/* Seats of that contest (1-based) in a result, or NULL. */
const struct urna_result_seats *urna_result_seats_of(const struct urna_result *r, uint32_t contest);

/* Options of a contest (of the manifest, from 0) in the order of votes; equal ones stay in the
 * order of the manifest. n_totals of them, in the arena. */
struct urna_option_votes {
    uint32_t option;
    uint64_t votes;
};
struct urna_option_votes *urna_options_by_votes(struct urna_arena *a,
                                                const struct urna_result_contest *x);

/* The last void `result`, if none was accepted: every report must begin with it. NULL otherwise. */
const struct urna_void *urna_unproved_result(const struct urna_verdict *v);

#endif
