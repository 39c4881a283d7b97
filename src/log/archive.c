/* Reading .tar.zst within limits (election.md section 10a): one frame that states its size, a
 * window of at most 8 MiB, at most 200 bytes for each byte of the archive. */
#include "log/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#define WINDOW_LOG_MAX 23
#define RATIO_MAX 200
#define HEAD_MAX 18 /* the longest frame header */

static enum urna_status refuse(struct urna_error *err, const char *what)
{
    return urna_fail(err, URNA_INPUT, "archive: %s", what);
}

/* A file that nobody else can open and that is gone when it is closed. */
static int private_file(void)
{
    const char *dir = getenv("TMPDIR");
    if (dir == NULL || *dir == '\0')
        dir = "/tmp";
    int fd = open(dir, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    char *name = urna_path(dir, "urna-XXXXXX");
    fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    free(name);
    return fd;
}

/* The place is reserved, not just promised: a full disk shows here and not as a signal at a write.
 */
static enum urna_status map_private(struct urna_archive *a, size_t len, struct urna_error *err)
{
    int fd = private_file();
    if (fd < 0)
        return urna_fail_errno(err, "cannot make a temporary file");
    errno = posix_fallocate(fd, 0, (off_t)len);
    void *map =
        errno == 0 ? mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    enum urna_status st =
        map == MAP_FAILED ? urna_fail_errno(err, "cannot unpack %zu bytes", len) : URNA_OK;
    close(fd);
    if (st == URNA_OK) {
        a->map = map;
        a->len = len;
    }
    return st;
}

/* What the frame says of itself, before anything is unpacked. */
static enum urna_status read_head(size_t *len, FILE *f, uint64_t packed, struct urna_error *err)
{
    uint8_t head[HEAD_MAX];
    size_t n = fread(head, 1, sizeof head, f);
    if (ferror(f) || fseeko(f, 0, SEEK_SET) != 0)
        return urna_fail_errno(err, "cannot read the archive");
    if (n < 4 || memcmp(head, "\x28\xB5\x2F\xFD", 4) != 0)
        return refuse(err, "neither a folder nor a zstd archive");
    unsigned long long size = ZSTD_getFrameContentSize(head, n);
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
        return refuse(err, "the zstd frame does not state its size");
    if (size / RATIO_MAX + (size % RATIO_MAX != 0) > packed || size > SIZE_MAX / 2)
        return refuse(err, "it unpacks to more than 200 times its size");
    if (size == 0)
        return refuse(err, "it is empty");
    *len = (size_t)size;
    return URNA_OK;
}

static enum urna_status unpack(struct urna_archive *a, FILE *f, ZSTD_DStream *z,
                               struct urna_error *err)
{
    static const size_t chunk = 1u << 17;
    uint8_t *buf = urna_xmalloc(chunk);
    ZSTD_outBuffer out = {a->map, a->len, 0};
    size_t left = 1; /* 0: the frame is complete */
    enum urna_status st = URNA_OK;
    while (st == URNA_OK) {
        ZSTD_inBuffer in = {buf, fread(buf, 1, chunk, f), 0};
        if (in.size == 0)
            break;
        while (st == URNA_OK && in.pos < in.size) {
            size_t before = in.pos + out.pos;
            left = left ? ZSTD_decompressStream(z, &out, &in) : 1;
            if (ZSTD_isError(left))
                st = urna_fail(err, URNA_INPUT, "archive: %s", ZSTD_getErrorName(left));
            else if (in.pos + out.pos == before)
                st = refuse(err, "bytes behind the end");
        }
    }
    free(buf);
    if (st == URNA_OK && ferror(f))
        st = urna_fail_errno(err, "cannot read the archive");
    if (st == URNA_OK && (left != 0 || out.pos != a->len))
        st = refuse(err, "it ends early");
    return st;
}

static enum urna_status open_file(struct urna_archive *a, FILE *f, struct urna_error *err)
{
    struct stat info;
    size_t len;
    if (fstat(fileno(f), &info) != 0)
        return urna_fail_errno(err, "cannot read the archive");
    if (!S_ISREG(info.st_mode))
        return refuse(err, "neither a folder nor a regular file");
    enum urna_status st = read_head(&len, f, (uint64_t)info.st_size, err);
    if (st == URNA_OK)
        st = map_private(a, len, err);
    if (st != URNA_OK)
        return st;
    ZSTD_DStream *z = ZSTD_createDStream();
    if (z == NULL)
        return urna_fail(err, URNA_SYSTEM, "cannot start zstd");
    if (ZSTD_isError(ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)))
        st = urna_fail(err, URNA_SYSTEM, "cannot set the limit of zstd's window");
    if (st == URNA_OK)
        st = unpack(a, f, z, err);
    ZSTD_freeDStream(z);
    if (st == URNA_OK)
        st = urna_tar_read(&a->tar, urna_view(a->map, a->len), err);
    return st;
}

enum urna_status urna_archive_open(struct urna_archive *a, const char *path, struct urna_error *err)
{
    memset(a, 0, sizeof *a);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not make us wait */
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return urna_fail(err, URNA_INPUT, "no such record: %s", path);
    FILE *f = fd >= 0 ? fdopen(fd, "rb") : NULL;
    if (f == NULL) {
        enum urna_status failed = urna_fail_errno(err, "cannot open %s", path);
        if (fd >= 0)
            close(fd);
        return failed;
    }
    enum urna_status st = open_file(a, f, err);
    fclose(f);
    if (st != URNA_OK)
        urna_archive_close(a);
    return st;
}

void urna_archive_close(struct urna_archive *a)
{
    urna_tar_free(&a->tar);
    if (a->map)
        munmap(a->map, a->len);
    memset(a, 0, sizeof *a);
}
