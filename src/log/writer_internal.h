/* A writer, as record_write.c, writer_open.c and writer_cosign.c see it. The invariants stand in
 * record_write.c. */
#ifndef URNA_LOG_WRITER_INTERNAL_H
#define URNA_LOG_WRITER_INTERNAL_H

#include "log/record_internal.h"

#define URNA_FOLDER_MODE 0755

struct urna_writer {
    char *folder;
    int lock; /* the open folder; -1: none */
    struct urna_vkey log;
    struct urna_tree *tree; /* of everything, the pending leaves too */
    uint64_t committed;
    struct urna_buf tail;    /* the bytes of the last, partial bundle under the checkpoint */
    struct urna_buf pending; /* leaves behind `committed`, in the form of bundles */
    struct urna_names stray; /* invariant 3 */
    bool has_checkpoint;
    struct urna_checkpoint checkpoint;
};

/* Make a folder's names durable. */
enum urna_status urna_writer_sync(const char *path, struct urna_error *err) URNA_MUST_USE;
/* Write a file of the record durably, with the folders that it needs. */
enum urna_status urna_writer_put(const struct urna_writer *w, const char *name, const void *p,
                                 size_t len, struct urna_error *err) URNA_MUST_USE;
/* Remove a file below `folder` durably, so that it cannot come back after a power cut. */
enum urna_status urna_writer_remove(const char *folder, const char *name,
                                    struct urna_error *err) URNA_MUST_USE;
/* Write a note as the checkpoint, and read it as everybody will. */
enum urna_status urna_writer_put_checkpoint(struct urna_writer *w, struct urna_view note,
                                            struct urna_error *err) URNA_MUST_USE;

#endif
