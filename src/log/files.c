/* The files of a record, whether they lie in a folder or in an archive. */
#include "log/files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "hash/sha256.h"

enum urna_status urna_files_open(struct urna_files *f, const char *path, struct urna_error *err)
{
    memset(f, 0, sizeof *f);
    if (!urna_is_folder(path))
        return urna_archive_open(&f->archive, path, err);
    f->folder = urna_xstrdup(path);
    enum urna_status st = urna_list_files(&f->names, path, URNA_FILES_MAX, err);
    if (st != URNA_OK)
        urna_files_close(f);
    return st;
}

void urna_files_close(struct urna_files *f)
{
    free(f->folder);
    urna_names_free(&f->names);
    urna_archive_close(&f->archive);
    memset(f, 0, sizeof *f);
}

size_t urna_files_count(const struct urna_files *f)
{
    return f->folder ? f->names.n : f->archive.tar.n;
}

const char *urna_files_name(const struct urna_files *f, size_t i)
{
    return f->folder ? f->names.name[i] : f->archive.tar.file[i].name;
}

bool urna_files_find(const struct urna_files *f, const char *name, size_t *i)
{
    size_t lo = 0, hi = urna_files_count(f);
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = strcmp(urna_files_name(f, mid), name);
        if (c == 0) {
            *i = mid;
            return true;
        }
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

void urna_files_state(const struct urna_files *f, uint8_t state[32])
{
    struct urna_buf all = {0};
    for (size_t i = 0; f->folder && i < f->names.n; i++) {
        struct stat st;
        char *path = urna_path(f->folder, f->names.name[i]);
        if (lstat(path, &st) != 0)
            memset(&st, 0, sizeof st);
        free(path);
        urna_buf_str(&all, f->names.name[i]);
        urna_buf_u8(&all, 0);
        urna_buf_be64(&all, (uint64_t)st.st_ino);
        urna_buf_be64(&all, (uint64_t)st.st_size);
        urna_buf_be64(&all, (uint64_t)st.st_mtim.tv_sec);
        urna_buf_be64(&all, (uint64_t)st.st_mtim.tv_nsec);
        urna_buf_be64(&all, (uint64_t)st.st_ctim.tv_sec);
        urna_buf_be64(&all, (uint64_t)st.st_ctim.tv_nsec);
        if (all.len > 1u << 16) { /* hash what there is and go on behind it */
            urna_sha256(state, all.p, all.len);
            urna_buf_reset(&all);
            urna_buf_add(&all, state, 32);
        }
    }
    urna_sha256(state, all.p, all.len);
    urna_buf_free(&all);
}

enum urna_status urna_files_read(const struct urna_files *f, size_t i, size_t max,
                                 struct urna_buf *buf, struct urna_view *view, bool *too_long,
                                 struct urna_error *err)
{
    *view = urna_view(NULL, 0);
    *too_long = false;
    if (!f->folder) {
        const struct urna_tar_file *file = &f->archive.tar.file[i];
        *too_long = file->len > max;
        if (!*too_long)
            *view = urna_view(f->archive.map + file->offset, file->len);
        return URNA_OK;
    }
    struct urna_error ignored = URNA_ERROR_INIT;
    bool missing = false;
    char *path = urna_path(f->folder, f->names.name[i]);
    urna_buf_reset(buf);
    enum urna_status st = urna_file_read(buf, path, max, &missing, &ignored);
    free(path);
    if (st == URNA_OK) {
        *view = urna_buf_view(buf);
    } else if (st == URNA_INPUT && !missing) {
        /* It was listed as a regular file, so its length is what was refused. */
        *too_long = true;
        st = URNA_OK;
    } else if (missing) {
        st = urna_fail(err, URNA_INPUT, "%s has disappeared while the record was read",
                       f->names.name[i]);
    } else if (err) {
        *err = ignored;
    }
    return st;
}
