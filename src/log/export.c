/* Packing a record as .tar.zst: the same files give the same bytes (with the same version of zstd).
 */
#include "base/term.h"
#include "log/record_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#define BLOCK 512
#define TAR_UNIT 10240 /* tars are padded to this, as other programs do it */
#define LEVEL 9
#define WINDOW_LOG 23 /* what readers allow */
#define RATIO_MAX 200

struct output {
    FILE *f;
    ZSTD_CCtx *z;
    uint64_t written; /* bytes of the tar */
    uint8_t buf[1u << 16];
    struct urna_error *err;
    bool progress;
};

static enum urna_status compress(struct output *o, const void *p, size_t len, ZSTD_EndDirective end)
{
    ZSTD_inBuffer in = {p, len, 0};
    size_t left;
    do {
        ZSTD_outBuffer out = {o->buf, sizeof o->buf, 0};
        left = ZSTD_compressStream2(o->z, &out, &in, end);
        if (ZSTD_isError(left))
            return urna_fail(o->err, URNA_SYSTEM, "zstd: %s", ZSTD_getErrorName(left));
        if (fwrite(o->buf, 1, out.pos, o->f) != out.pos)
            return urna_fail_errno(o->err, "cannot write the archive");
    } while (in.pos < in.size || (end == ZSTD_e_end && left > 0));
    o->written += len;
    return URNA_OK;
}

/* ---- what goes in ---- */

/* Does a wider file at the same place repeat this tile, and does the checkpoint not need it? */
static enum urna_status is_redundant(const struct urna_record *r, const struct urna_tile_file *f,
                                     bool *redundant, struct urna_error *err)
{
    struct urna_place p = urna_record_place(r, f->tile.level, f->tile.index);
    const struct urna_tile_file *wide = &r->tile[p.first + p.n - 1];
    *redundant = false;
    if (!r->has_checkpoint || f == wide ||
        f->tile.width == urna_tile_width(f->tile.level, f->tile.index, r->checkpoint.size))
        return URNA_OK;
    struct urna_buf a = {0}, b = {0};
    struct urna_view narrow, all;
    bool long_a, long_b = false;
    enum urna_status st = urna_files_read(&r->files, f->file, URNA_BUNDLE_MAX(URNA_TILE_WIDTH), &a,
                                          &narrow, &long_a, err);
    if (st == URNA_OK)
        st = urna_files_read(&r->files, wide->file, URNA_BUNDLE_MAX(URNA_TILE_WIDTH), &b, &all,
                             &long_b, err);
    if (st == URNA_OK && !long_a && !long_b)
        *redundant =
            narrow.len <= all.len && (narrow.len == 0 || memcmp(narrow.p, all.p, narrow.len) == 0);
    urna_buf_free(&a);
    urna_buf_free(&b);
    return st;
}

/* keep[i]: file i goes into the archive. */
static enum urna_status choose_files(const struct urna_record *r, bool *keep,
                                     struct urna_error *err)
{
    enum urna_status st = URNA_OK;
    for (size_t i = 0; i < urna_files_count(&r->files); i++)
        keep[i] = true;
    for (size_t i = 0; st == URNA_OK && i < r->n_tile; i++) {
        bool redundant;
        st = is_redundant(r, &r->tile[i], &redundant, err);
        if (st == URNA_OK && redundant)
            keep[r->tile[i].file] = false;
    }
    return st;
}

static uint64_t padded(uint64_t len, uint64_t unit)
{
    return (len + unit - 1) / unit * unit;
}

/* Sizes of the files, and of the tar. */
static enum urna_status measure(const struct urna_record *r, const bool *keep, uint64_t *size,
                                uint64_t *total, struct urna_error *err)
{
    *total = 2 * BLOCK;
    for (size_t i = 0; i < urna_files_count(&r->files); i++) {
        struct stat info;
        char *path = urna_path(r->files.folder, urna_files_name(&r->files, i));
        bool ok = stat(path, &info) == 0;
        enum urna_status st = ok ? URNA_OK : urna_fail_errno(err, "cannot read %s", path);
        free(path);
        if (!ok)
            return st;
        size[i] = (uint64_t)info.st_size;
        if (keep[i])
            *total += BLOCK + padded(size[i], BLOCK);
    }
    *total = padded(*total, TAR_UNIT);
    return URNA_OK;
}

/* ---- writing ---- */

static enum urna_status pack_file(struct output *o, const struct urna_record *r, size_t i,
                                  uint64_t size, struct urna_buf *buf)
{
    uint8_t block[BLOCK], zero[BLOCK] = {0};
    const char *name = urna_files_name(&r->files, i);
    struct urna_view content;
    bool too_long;
    if (!urna_tar_header(block, name, size))
        return urna_fail(o->err, URNA_INPUT, "%s is too long for an archive", name);
    enum urna_status st =
        urna_files_read(&r->files, i, (size_t)size, buf, &content, &too_long, o->err);
    if (st == URNA_OK && (too_long || content.len != size))
        st = urna_fail(o->err, URNA_SYSTEM, "%s changed while it was packed", name);
    if (st == URNA_OK)
        st = compress(o, block, BLOCK, ZSTD_e_continue);
    if (st == URNA_OK)
        st = compress(o, content.p, content.len, ZSTD_e_continue);
    if (st == URNA_OK)
        st = compress(o, zero, (size_t)(padded(size, BLOCK) - size), ZSTD_e_continue);
    return st;
}

static enum urna_status pack(struct output *o, const struct urna_record *r, const bool *keep,
                             const uint64_t *size, uint64_t total)
{
    if (ZSTD_isError(ZSTD_CCtx_setParameter(o->z, ZSTD_c_compressionLevel, LEVEL)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(o->z, ZSTD_c_windowLog, WINDOW_LOG)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(o->z, ZSTD_c_checksumFlag, 1)) ||
        ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(o->z, total)))
        return urna_fail(o->err, URNA_SYSTEM, "zstd refuses its parameters");
    struct urna_buf buf = {0};
    enum urna_status st = URNA_OK;
    size_t n = urna_files_count(&r->files);
    struct urna_progress bar;
    if (o->progress)
        urna_progress_start(&bar, "files", n);
    for (size_t i = 0; st == URNA_OK && i < n; i++) {
        if (keep[i])
            st = pack_file(o, r, i, size[i], &buf);
        if (o->progress)
            urna_progress_at(&bar, i + 1);
    }
    if (o->progress)
        urna_progress_end(&bar);
    urna_buf_free(&buf);
    uint8_t zero[BLOCK] = {0};
    while (st == URNA_OK && o->written < total)
        st = compress(o, zero, BLOCK, ZSTD_e_continue);
    return st == URNA_OK ? compress(o, NULL, 0, ZSTD_e_end) : st;
}

/* No archive that a reader would refuse. */
static enum urna_status finish(struct output *o, uint64_t total)
{
    if (fflush(o->f) != 0)
        return urna_fail_errno(o->err, "cannot write the archive");
    off_t packed = ftello(o->f);
    if (packed <= 0 || padded(total, RATIO_MAX) / RATIO_MAX > (uint64_t)packed)
        return urna_fail(
            o->err, URNA_INPUT,
            "the record compresses so well (over 200:1) that readers would refuse the archive");
    return URNA_OK;
}

/* Into the open file `fd`, which is closed. */
static enum urna_status write_file(int fd, const struct urna_record *r, const bool *keep,
                                   bool progress, struct urna_error *err)
{
    uint64_t total, *size = urna_xcalloc(urna_files_count(&r->files) + 1, sizeof *size);
    struct output *o = urna_xcalloc(1, sizeof *o);
    o->err = err;
    o->progress = progress;
    o->f = fdopen(fd, "wb");
    o->z = ZSTD_createCCtx();
    enum urna_status st =
        o->f && o->z ? URNA_OK : urna_fail(err, URNA_SYSTEM, "cannot start packing");
    if (st == URNA_OK)
        st = measure(r, keep, size, &total, err);
    if (st == URNA_OK)
        st = pack(o, r, keep, size, total);
    if (st == URNA_OK)
        st = finish(o, total);
    if (o->f == NULL)
        close(fd);
    else if (fclose(o->f) != 0 && st == URNA_OK)
        st = urna_fail_errno(err, "cannot write the archive");
    ZSTD_freeCCtx(o->z);
    free(o);
    free(size);
    return st;
}

/* Beside the place where it belongs, and moved there when it is whole. */
static enum urna_status write_archive(const struct urna_record *r, const char *path,
                                      const bool *keep, bool progress, struct urna_error *err)
{
    struct urna_outfile f;
    enum urna_status st = urna_outfile_open(&f, path, 0644, err);
    if (st != URNA_OK)
        return st;
    int fd = fcntl(f.fd, F_DUPFD_CLOEXEC, 0); /* write_file closes what it writes to */
    st = fd >= 0 ? write_file(fd, r, keep, progress, err)
                 : urna_fail_errno(err, "cannot write %s", path);
    if (st == URNA_OK && urna_record_changed(r))
        st = urna_fail(err, URNA_SYSTEM, "the record changed while it was packed: pack it again");
    if (st == URNA_OK)
        st = urna_outfile_finish(&f, true, err);
    urna_outfile_close(&f);
    return st;
}

enum urna_status urna_record_export(const char *folder, const char *archive, bool progress,
                                    struct urna_error *err)
{
    if (!urna_is_folder(folder))
        return urna_fail(err, URNA_INPUT, "%s is not a folder", folder);
    struct urna_record *r;
    enum urna_status st = urna_record_open(&r, folder, err);
    if (st != URNA_OK)
        return st;
    bool *keep = urna_xcalloc(urna_files_count(&r->files) + 1, sizeof *keep);
    st = choose_files(r, keep, err);
    if (st == URNA_OK)
        st = write_archive(r, archive, keep, progress, err);
    free(keep);
    urna_record_free(r);
    return st;
}
