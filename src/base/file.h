/* Files: whole reads with a limit, durable whole writes, folders. */
#ifndef URNA_BASE_FILE_H
#define URNA_BASE_FILE_H

#include "base/bytes.h"

/* Append the content of ${path} to ${out}. A file longer than ${max} bytes, or one that is not a
 * regular file, is URNA_INPUT; a missing one is URNA_INPUT with *missing set (if not NULL). "-" is
 * an ordinary name here. */
enum urna_status urna_file_read(struct urna_buf *out, const char *path, size_t max, bool *missing,
                                struct urna_error *err) URNA_MUST_USE;

/* Durable replacement: write to a temporary name in the same folder, fsync, rename, fsync the
 * folder. The old content stays whole until the new one is. mode e.g. 0644, 0600. */
enum urna_status urna_file_write(const char *path, const void *p, size_t len, unsigned mode,
                                 struct urna_error *err) URNA_MUST_USE;

/* As urna_file_write, but refuses (URNA_INPUT) if ${path} exists: for secrets and records. */
enum urna_status urna_file_create(const char *path, const void *p, size_t len, unsigned mode,
                                  struct urna_error *err) URNA_MUST_USE;

/* The same for what is written piece by piece: write to fd, then finish. Close in any case: what
 * was not finished leaves nothing behind. */
struct urna_outfile {
    char *path, *dir, *tmp;
    int fd;
};
enum urna_status urna_outfile_open(struct urna_outfile *f, const char *path, unsigned mode,
                                   struct urna_error *err) URNA_MUST_USE;
enum urna_status urna_outfile_finish(struct urna_outfile *f, bool only_new,
                                     struct urna_error *err) URNA_MUST_USE;
void urna_outfile_close(struct urna_outfile *f);

/* Is this the temporary name of a file that is being written (or was, when somebody was killed)? */
bool urna_file_is_unfinished(const char *name) URNA_MUST_USE;

/* Make the names in a folder durable. */
enum urna_status urna_sync_folder(const char *path, struct urna_error *err) URNA_MUST_USE;

/* For a signal handler that is about to end the program: remove what is being written. */
void urna_file_remove_unfinished(void);

bool urna_file_exists(const char *path);
bool urna_is_folder(const char *path);
enum urna_status urna_mkdirs(const char *path, unsigned mode, struct urna_error *err) URNA_MUST_USE;

/* Every regular file below ${root}, as names relative to it, sorted bytewise; symbolic links and
 * special files are URNA_INPUT, as are more than ${max} files or folders nested deeper than 16. */
struct urna_names {
    char **name;
    size_t n, cap;
};
enum urna_status urna_list_files(struct urna_names *out, const char *root, size_t max,
                                 struct urna_error *err) URNA_MUST_USE;
void urna_names_free(struct urna_names *n);

/* Remove a tree that this program made (tests, the demo, unpacked archives). */
enum urna_status urna_remove_tree(const char *root, struct urna_error *err) URNA_MUST_USE;
/* Copy the regular files below from to ${to}. */
enum urna_status urna_copy_tree(const char *from, const char *to,
                                struct urna_error *err) URNA_MUST_USE;

/* Join with '/', result owned by the caller (free). */
char *urna_path(const char *dir, const char *name);

#endif
