/* A record on disk: a folder (or .tar.zst) with nothing but `checkpoint`, `tile/...`, `body/...`
 * (C2SP tlog-tiles; election.md section 10a). Reading believes nothing: leaves are hashed here,
 * hash tiles only compared. */
#ifndef URNA_LOG_RECORD_H
#define URNA_LOG_RECORD_H

#include "log/merkle.h"
#include "log/note.h"

/* What reading the files says before any entry is judged. */
enum urna_record_state {
    URNA_RECORD_WHOLE,
    URNA_RECORD_INCOMPLETE, /* the checkpoint, a tile or a bundle that its size requires is missing
                               or ends early */
    URNA_RECORD_INVALID, /* extension lines, surplus bytes, a hash tile that differs, a partial tile
                            that is no prefix, ... */
};
struct urna_record_fault {
    enum urna_record_state state;
    char file[300];
    char text[300];
    uint64_t first, last; /* entries concerned; first > last: none */
    uint8_t expected[32], found[32];
    bool has_hashes;
};

struct urna_record;
/* path: a folder or a .tar.zst (unpacked, checked, into a private temporary file without a name). A
 * name that has no place in a record, a symlink, an archive beyond its limits: URNA_INPUT. A
 * missing or malformed checkpoint is no error here but a fault. */
enum urna_status urna_record_open(struct urna_record **out, const char *path,
                                  struct urna_error *err) URNA_MUST_USE;
void urna_record_free(struct urna_record *r);

/* Has somebody written to the folder since it was opened? What was read then may be of two states. An
 * archive never changes: it was unpacked. */
bool urna_record_changed(const struct urna_record *r) URNA_MUST_USE;

/* NULL if there is no readable checkpoint. */
const struct urna_checkpoint *urna_record_checkpoint(const struct urna_record *r);
const struct urna_record_fault *urna_record_faults(const struct urna_record *r, size_t *n);

/* Hash every leaf and compare every hash tile and every partial tile that lies there; fills faults;
 * tree: gets the leaf hashes (may be NULL); those that it has already, from an earlier scan, must
 * come out the same: the record changed meanwhile otherwise, URNA_SYSTEM. Calls leaf() for each
 * leaf in order with its bytes (borrowed during the call); may be NULL. A leaf() that returns false stops
 * (URNA_FALSE). Bundles are read in order, `threads` only for hashing. If the record is incomplete,
 * the leaves that are there before the first gap are delivered and the rest is a fault. */
enum urna_status urna_record_scan(struct urna_record *r, struct urna_tree *tree, unsigned threads,
                                  bool (*leaf)(void *ctx, uint64_t index, struct urna_view bytes),
                                  void *ctx, struct urna_error *err) URNA_MUST_USE;
/* Random access: append leaf i to out. (A small cache of bundles is kept; not thread-safe.) */
enum urna_status urna_record_leaf(struct urna_record *r, uint64_t i, struct urna_buf *out,
                                  struct urna_error *err) URNA_MUST_USE;
/* body/<HASH>: *there = false if missing or if its bytes do not have that hash or size. max: limit
 * in bytes. */
enum urna_status urna_record_body(struct urna_record *r, const uint8_t sha256[32], uint64_t size,
                                  struct urna_buf *out, bool *there,
                                  struct urna_error *err) URNA_MUST_USE;

/* ---- writing ---- */
struct urna_writer;
/* Open a folder record for appending (or start one in an empty or missing folder). Reads what is
 * there and checks that it hangs together (the checkpoint's signature is the caller's to check).
 * Only one writer at a time: a second one is URNA_INPUT. */
enum urna_status urna_writer_open(struct urna_writer **out, const char *folder, const char *origin,
                                  const uint8_t log_pk[32], struct urna_error *err) URNA_MUST_USE;
void urna_writer_free(struct urna_writer *w);
/* Remove what a writer that was killed in the middle of a file left behind: its temporary name has
 * no place in a record, so without this the folder could not be read. urna_writer_open does it too.
 * Nothing happens if the folder is not there, or while another program is writing to it. */
enum urna_status urna_writer_clear(const char *folder, struct urna_error *err) URNA_MUST_USE;
/* Leaves, the pending ones among them; of these, how many lie under the checkpoint. */
uint64_t urna_writer_size(const struct urna_writer *w);
uint64_t urna_writer_committed(const struct urna_writer *w);
/* With the pending leaves; older sizes are at hand. */
const struct urna_tree *urna_writer_tree(const struct urna_writer *w);
/* The current one; NULL before the first commit. Valid until the next commit or cosign. */
const struct urna_checkpoint *urna_writer_checkpoint(const struct urna_writer *w);
/* Add a leaf (<= 65,535 bytes) to the pending ones. */
enum urna_status urna_writer_leaf(struct urna_writer *w, struct urna_view leaf,
                                  struct urna_error *err) URNA_MUST_USE;
/* Store an out-of-line body, durably, under its hash. */
enum urna_status urna_writer_body(struct urna_writer *w, struct urna_view body,
                                  struct urna_error *err) URNA_MUST_USE;
/* Make the pending leaves durable: bundles and tiles of the new size first, each fsynced, then the
 * checkpoint signed with the log's seed, replaced atomically. After a crash at any point the old
 * checkpoint with its tiles is whole. Partial tiles go once the full tile is there (C2SP: they are
 * owed to whoever holds an older checkpoint until then). Nothing pending: nothing happens. */
enum urna_status urna_writer_commit(struct urna_writer *w, const uint8_t log_seed[32],
                                    struct urna_error *err) URNA_MUST_USE;
/* Replace the checkpoint file by the same text with these additional signature lines merged in (a
 * line of a key that is already there is replaced by the newer). Lines of the log's own key must
 * verify; others are the caller's to check. */
enum urna_status urna_writer_cosign(struct urna_writer *w, struct urna_view lines,
                                    struct urna_error *err) URNA_MUST_USE;

/* Pack a folder record as a new file .tar.zst (one that exists is URNA_INPUT): ascending names, fixed owner/mode/time, deterministic. Partial
 * tiles that a wider one there repeats and that the checkpoint does not need are left out. progress: a bar on a terminal. */
enum urna_status urna_record_export(const char *folder, const char *archive, bool progress,
                                    struct urna_error *err) URNA_MUST_USE;

#endif
