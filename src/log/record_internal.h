/* An open record, as record_read.c, record_scan.c and record_write.c see it. */
#ifndef URNA_LOG_RECORD_INTERNAL_H
#define URNA_LOG_RECORD_INTERNAL_H

#include "log/files.h"
#include "log/record.h"
#include "log/tile.h"

#define URNA_BUNDLE_MAX(width) ((size_t)(width) * (2 + URNA_LEAF_MAX)) /* bytes of a bundle */

/* A tile or bundle that lies there. */
struct urna_tile_file {
    struct urna_tile tile;
    size_t file; /* in files */
    bool seen;   /* by the scan */
};
struct urna_bundle {
    uint64_t index;
    unsigned need; /* entries that the checkpoint's size requires of it */
    struct urna_buf bytes;
    struct urna_view at[URNA_TILE_WIDTH]; /* borrows from bytes or from the archive */
    size_t n;
};
struct urna_record {
    struct urna_files files;
    struct urna_tile_file *tile; /* sorted: bundles first, then level by level */
    size_t n_tile;
    bool has_checkpoint;
    struct urna_checkpoint checkpoint;
    uint8_t state[32]; /* of the folder when it was opened */
    struct urna_record_fault *fault;
    size_t n_fault, n_fault_open; /* all; those that opening found */
    struct urna_bundle *cache;    /* for urna_record_leaf */
    unsigned n_cached, next_cached;
};

/* The files at one place of the tree, narrow to wide: tile[first], ..., tile[first + n - 1]. */
struct urna_place {
    size_t first, n;
};
struct urna_place urna_record_place(const struct urna_record *r, int level, uint64_t index);
/* Which of them has the need hashes or entries that this size requires: the partial one of that
 * width, else the full one. NULL: missing. */
struct urna_tile_file *urna_record_choose(const struct urna_record *r, struct urna_place p,
                                          unsigned need);

/* Add a fault about `file`; kept as long as there is room for its state. The pointer is for filling
 * in more. */
struct urna_record_fault *urna_record_add_fault(struct urna_record *r, enum urna_record_state state,
                                                const char *file, const char *fmt, ...)
    URNA_PRINTF(4, 5);

/* For tests of what a crash leaves behind: the process ends at once before this durable step of a
 * writer (0: the first that comes). -1: never. */
extern long urna_writer_crash_step;

#endif
