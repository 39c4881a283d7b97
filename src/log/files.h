/* Where the files of a record lie: in a folder, or in an archive. */
#ifndef URNA_LOG_FILES_H
#define URNA_LOG_FILES_H

#include "base/file.h"

#define URNA_FILES_MAX (1u << 22) /* names of one record: enough for 500 million entries */

/* ---- the tar of an archive, as bytes ---- */
struct urna_tar_file {
    char *name;
    size_t offset, len;
};
struct urna_tar {
    struct urna_tar_file *file;
    size_t n, cap;
};
/* Plain ustar: regular files only, names strictly ascending by bytes, two empty blocks and nothing
 * but zeros at the end. */
enum urna_status urna_tar_read(struct urna_tar *out, struct urna_view tar,
                               struct urna_error *err) URNA_MUST_USE;
void urna_tar_free(struct urna_tar *t);
/* The header block of a regular file; the name must fit (100 bytes), the size 8 GiB. */
bool urna_tar_header(uint8_t block[512], const char *name, uint64_t len) URNA_MUST_USE;

/* A .tar.zst unpacked into a private file without a name (so nothing is left behind, whatever
 * happens), mapped. */
struct urna_archive {
    uint8_t *map;
    size_t len;
    struct urna_tar tar;
};
enum urna_status urna_archive_open(struct urna_archive *a, const char *path,
                                   struct urna_error *err) URNA_MUST_USE;
void urna_archive_close(struct urna_archive *a);

/* ---- either ---- */
struct urna_files {
    char *folder; /* NULL: the archive */
    struct urna_names names;
    struct urna_archive archive;
};
enum urna_status urna_files_open(struct urna_files *f, const char *path,
                                 struct urna_error *err) URNA_MUST_USE;
void urna_files_close(struct urna_files *f);
size_t urna_files_count(const struct urna_files *f);
const char *urna_files_name(const struct urna_files *f, size_t i); /* ascending */
bool urna_files_find(const struct urna_files *f, const char *name, size_t *i) URNA_MUST_USE;
/* A hash over the names in a folder and what the system says of each file (which one it is, its
 * length, when it was written): another one if anything was written in between. */
void urna_files_state(const struct urna_files *f, uint8_t state[32]);

/* The content of file i: *view borrows from the archive, or from *buf (reset first). *too_long: it
 * has more than max bytes, and *view is empty. */
enum urna_status urna_files_read(const struct urna_files *f, size_t i, size_t max,
                                 struct urna_buf *buf, struct urna_view *view, bool *too_long,
                                 struct urna_error *err) URNA_MUST_USE;

#endif
