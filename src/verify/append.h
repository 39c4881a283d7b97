/* Appending to a record that rests in a folder: what a board does, without a network. The judge has read everything that is
 * there; what it would refuse is not appended; what is appended is durable and under a new signed checkpoint before the call
 * returns (log/record.h). */
#ifndef URNA_VERIFY_APPEND_H
#define URNA_VERIFY_APPEND_H

#include "verify/follow.h"

struct urna_append;

/* Open a record (or start one: then the first entry appended must be a manifest whose origin and log key are these) and judge what is
 * there. URNA_FALSE if what is there does not hold together or is of another log. */
enum urna_status urna_append_open(struct urna_append **out, const char *folder, const char *origin, const uint8_t log_pk[32],
                                  unsigned threads, struct urna_error *err) URNA_MUST_USE;
/* The same for a record that exists, with origin and log key taken from its own manifest (for who appends nothing, or holds the log key). */
enum urna_status urna_append_reopen(struct urna_append **out, const char *folder, unsigned threads, struct urna_error *err) URNA_MUST_USE;
void urna_append_free(struct urna_append *a);
struct urna_judge *urna_append_judge(struct urna_append *a);
struct urna_tree *urna_append_tree(struct urna_append *a);
const char *urna_append_origin(const struct urna_append *a);
const uint8_t *urna_append_log_key(const struct urna_append *a);

/* Judge one entry (given as an entry file: envelope LF body) and, if it is accepted, make it pending. URNA_FALSE with err->rule if it is
 * not: then nothing is pending of it, and the state of the judge is as before (the entry is put before the judge only after phase 1 and,
 * for ballots, E1 have been asked; a kind whose acceptance needs the fold is refused with its rule and leaves a void entry only in
 * memory: the caller must free and reopen). *index (may be NULL): log index. */
enum urna_status urna_append_entry(struct urna_append *a, struct urna_view file, uint64_t *index, struct urna_error *err) URNA_MUST_USE;
/* Many ballots or challenges at once, phase 1 on all cores. taken[i]: accepted and pending. */
enum urna_status urna_append_many(struct urna_append *a, const struct urna_view *file, size_t n, bool *taken, struct urna_error *err) URNA_MUST_USE;
/* Make everything pending durable under a checkpoint signed with the log's seed. */
enum urna_status urna_append_commit(struct urna_append *a, const uint8_t log_seed[32], struct urna_error *err) URNA_MUST_USE;
/* Merge cosignature lines into the checkpoint file. */
enum urna_status urna_append_cosign(struct urna_append *a, struct urna_view lines, struct urna_error *err) URNA_MUST_USE;

#endif
