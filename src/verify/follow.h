/* Following a log: leaves in, judged entries out. The one road by which entries reach the judge, for who verifies a record and for
 * who appends to one. Phase 1 runs on all cores over a batch of entries; phase 2 folds them in order. Memory: one batch, and what
 * set-level rules need (judge.h). */
#ifndef URNA_VERIFY_FOLLOW_H
#define URNA_VERIFY_FOLLOW_H

#include "log/record.h"
#include "rules/judge.h"

struct urna_follow;

/* Called in order for every entry after it was judged (may be NULL). */
typedef void urna_follow_fn(void *ctx, const struct urna_entry *e, bool accepted, const struct urna_ruling *r);

/* r: the record read from (out-of-line bodies, and ballots again for the count), or NULL if everything comes through
 * urna_follow_add. Not owned. */
struct urna_follow *urna_follow_new(struct urna_record *r, unsigned threads, urna_follow_fn *fn, void *ctx);
void urna_follow_free(struct urna_follow *f);
struct urna_judge *urna_follow_judge(struct urna_follow *f);
struct urna_tree *urna_follow_tree(struct urna_follow *f);

/* Read the whole record: first all hashes (tree, tiles, root), and if the tree holds (or only ends early), every entry. Faults of the
 * files stay in the record. Returns URNA_FALSE if the tree does not hold: nothing was judged then. */
enum urna_status urna_follow_record(struct urna_follow *f, bool progress, struct urna_error *err) URNA_MUST_USE;

/* One more leaf, at the end of the tree. body: out-of-line body that belongs to it, or empty. alone: what phase 1 has said of the entry
 * that this leaf completes, if it was asked already (its line_ok is copied), or NULL. Judged at once if it completes an entry: *done; then
 * *accepted and *ruling speak of it. The bytes are kept (ballots are read again for the count). */
void urna_follow_add(struct urna_follow *f, struct urna_view leaf, struct urna_view out_body, const struct urna_alone *alone,
                     bool *done, bool *accepted, struct urna_ruling *ruling);
/* Was something read again, and not what had been hashed? Then whatever was judged is of no record. */
bool urna_follow_changed(const struct urna_follow *f) URNA_MUST_USE;
/* The end of the log as it is now: stray parts, forks. Once, when verifying. */
void urna_follow_end(struct urna_follow *f);

#endif
