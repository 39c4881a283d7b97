/* What witnesses left in a log, for people to read: when each first signed the count set and the result, and the verdict that it
 * entered last. No answer depends on it: a time is the witness's own word, and so is a verdict. */
#ifndef URNA_VERIFY_TRACES_H
#define URNA_VERIFY_TRACES_H

#include "verify/follow.h"

struct urna_trace {
    uint64_t countset_time, result_time; /* of the first accepted anchor with its full key over a tree that contains it; 0: none */
    int answer;                          /* of its last verdict entry about this log (urna_verdict_answers); -1: none */
    const char *software;                /* as it names itself there; lives as long as the traces */
};

struct urna_traces {
    struct urna_follow *follow; /* set before the first entry */
    struct urna_arena arena;
    struct urna_trace *witness; /* of the manifest's witnesses, in their order; NULL before a manifest */
    uint64_t seal_time;         /* the latest time in the sealing anchor; 0: no anchor seals */
};

/* The callback of a follow (follow.h), ctx: the traces. */
void urna_traces_entry(void *ctx, const struct urna_entry *e, bool accepted, const struct urna_ruling *r);
void urna_traces_free(struct urna_traces *t);

#endif
