/* The verdict on a record: a deterministic function of its bytes and the reader's trust (election.md sections 3, 4). */
#ifndef URNA_VERIFY_VERIFY_H
#define URNA_VERIFY_VERIFY_H

#include "log/trust.h"
#include "verify/traces.h"

enum urna_answer { URNA_INVALID, URNA_INCOMPLETE, URNA_CONSISTENT, URNA_COMPUTED, URNA_WITNESSED, URNA_FINAL };
extern const char *const urna_answer_name[];

struct urna_verify_options {
    const struct urna_trust *trust; /* one of: trust, fingerprint, or neither (as found) */
    const uint8_t *fingerprint;     /* 32 bytes */
    unsigned threads;
    bool progress;
};

/* Somebody whose signatures count for the reader. */
struct urna_verdict_witness {
    const char *name;          /* local name of the trust file, or id of the manifest */
    const char *bloc;          /* group of the trust file, or bloc of the manifest; NULL if none */
    bool countset, result;     /* full cosignature over a tree that contains it */
    bool head;                 /* its line on this checkpoint verifies */
    uint64_t head_time;        /* of that line; 0 without one */
    uint64_t countset_time, result_time; /* its own clock, when it first signed such a tree; 0 if it did not */
    int own_answer;            /* of its last verdict entry (urna_verdict_answers); -1: none */
    const char *software;      /* named there; NULL if none */
};

struct urna_verdict {
    enum urna_answer answer;
    enum urna_level asked;
    bool as_found, reached;
    char why[400];             /* first reason of invalid or incomplete; empty otherwise */
    struct urna_record_fault *faults;
    size_t n_faults;
    bool judged;               /* entries were judged: the tree holds, and it is the election meant */
    uint64_t size;             /* of the checkpoint; 0 if there is none */
    struct urna_verdict_witness *witness;
    size_t n_witness;
    bool signed_tree;          /* the log's line on the checkpoint verifies, and every other one by a known key */
    struct urna_context *manifest; /* the tree doesn't hold, but the first leaves are the manifest that the reader means: its titles, for
                                    * display only */
    struct urna_traces traces; /* of witnesses of the manifest */
    struct urna_follow *follow; /* owns the judge: everything else about the election */
    struct urna_record *record;
    struct urna_arena arena;
    int64_t ms;
};

/* path: folder or .tar.zst. URNA_INPUT/URNA_SYSTEM only if the record cannot be read at all; any verdict is URNA_OK here.
 * A folder that is written to meanwhile: the verdict is of one of its states, or URNA_SYSTEM says so after several tries. */
enum urna_status urna_verify(struct urna_verdict *v, const char *path, const struct urna_verify_options *o, struct urna_error *err) URNA_MUST_USE;
void urna_verdict_free(struct urna_verdict *v);
/* The election that the record is of, for titles and fingerprint; NULL if that is not known, or if it is not the one that was meant. */
const struct urna_context *urna_verdict_context(const struct urna_verdict *v);
/* 0 the level asked for is reached, 1 it is not, 2 incomplete. */
int urna_verdict_exit(const struct urna_verdict *v);

#endif
