/* Files. Invariants:
 *  1. A name holds its old content or its new content, never a part of either.
 *  2. What urna_file_write or urna_file_create reported as written survives a power cut.
 *  3. No temporary file stays behind when a call returns, nor when a signal that can be caught ends
 *     the program (only when it is killed). */
#include "base/file_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"

enum urna_status file_fail(struct urna_error *err, const char *path, const char *call)
{
    enum urna_status s = urna_fail_errno(err, "%s", call);
    urna_error_where(err, path);
    return s;
}

enum urna_status file_refuse(struct urna_error *err, const char *path, const char *msg)
{
    enum urna_status s = urna_fail(err, URNA_INPUT, "%s", msg);
    urna_error_where(err, path);
    return s;
}

char *urna_path(const char *dir, const char *name)
{
    size_t n = strlen(dir), m = strlen(name);
    bool slash = n > 0 && dir[n - 1] != '/';
    char *out = urna_xmalloc(n + slash + m + 1);
    memcpy(out, dir, n);
    if (slash)
        out[n] = '/';
    memcpy(out + n + slash, name, m + 1);
    return out;
}

bool urna_file_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

bool urna_is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* ---- reading ---- */

static enum urna_status too_long(struct urna_error *err, const char *path, size_t max)
{
    enum urna_status s =
        urna_fail(err, URNA_INPUT, "longer than the %zu bytes that are allowed here", max);
    urna_error_where(err, path);
    return s;
}

/* Straight into the buffer: what is read may be secret, and its owner wipes it there. The size is
 * only a hint: the file may grow while it is read, so the limit holds on what arrives. */
static enum urna_status read_fd(struct urna_buf *out, int fd, size_t size, const char *path,
                                size_t max, struct urna_error *err)
{
    size_t got = 0;
    for (;;) {
        /* One byte more than there should be: the end is seen without moving what is there. */
        size_t more = got < size ? size - got + 1 : out->cap - out->len;
        if (more == 0)
            more = 4096;
        ssize_t n = read(fd, urna_buf_room(out, more), more);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return file_fail(err, path, "read");
        if ((size_t)n > max - got)
            return too_long(err, path, max);
        if (n == 0)
            return URNA_OK;
        out->len += (size_t)n;
        got += (size_t)n;
    }
}

/* O_NONBLOCK: a FIFO in place of a file must not make the program wait. */
enum urna_status urna_file_read(struct urna_buf *out, const char *path, size_t max, bool *missing,
                                struct urna_error *err)
{
    if (missing)
        *missing = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        if (missing)
            *missing = true;
        return file_refuse(err, path, "no such file");
    }
    if (fd < 0)
        return file_fail(err, path, "open");

    struct stat st;
    size_t before = out->len;
    enum urna_status s = URNA_OK;
    if (fstat(fd, &st) != 0)
        s = file_fail(err, path, "stat");
    else if (!S_ISREG(st.st_mode))
        s = file_refuse(err, path, S_ISDIR(st.st_mode) ? "a folder, not a file" : "not a file");
    else if (st.st_size < 0 || (uint64_t)st.st_size > max)
        s = too_long(err, path, max);
    else
        s = read_fd(out, fd, (size_t)st.st_size, path, max, err);
    if (s != URNA_OK) {
        if (out->cap > before)
            urna_wipe(out->p + before, out->cap - before);
        out->len = before;
    }
    close(fd);
    return s;
}

/* ---- writing ---- */

bool file_write_all(int fd, const uint8_t *p, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, p, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        p += n;
        len -= (size_t)n;
    }
    return true;
}

/* The folder that holds ${path}; owned by the caller. */
char *file_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return urna_xstrdup(".");
    size_t n = slash == path ? 1 : (size_t)(slash - path);
    char *dir = urna_xmalloc(n + 1);
    memcpy(dir, path, n);
    dir[n] = '\0';
    return dir;
}

/* A rename is durable once its folder is; some file systems have no fsync for folders (EINVAL). */
static bool sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0 || errno == EINVAL;
    int saved = errno;
    close(fd);
    errno = saved;
    return ok;
}

/* Move into place, only if the name is free. FAT has no hard links, old network mounts have no
 * RENAME_NOREPLACE: one of the two is there. */
static bool move_new(const char *tmp, const char *path)
{
    if (renameat2(AT_FDCWD, tmp, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (link(tmp, path) != 0)
        return false;
    unlink(tmp);
    return true;
}

/* Names of temporary files that are being written, for whoever is told to end now. Slots are
 * lock-free atomics, so a signal handler may read them. */
#define UNFINISHED_MAX 16
static char *_Atomic tmp_name[UNFINISHED_MAX];

static void tmp_note(char *name)
{
    char *none = NULL;
    for (size_t i = 0; i < UNFINISHED_MAX; i++, none = NULL)
        if (atomic_compare_exchange_strong(&tmp_name[i], &none, name))
            return;
}

static void tmp_done(char *name)
{
    for (size_t i = 0; i < UNFINISHED_MAX; i++) {
        char *same = name;
        if (atomic_compare_exchange_strong(&tmp_name[i], &same, NULL))
            return;
    }
}

bool urna_file_is_unfinished(const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    return strncmp(base, ".urna-", 6) == 0 && strlen(base) == 12;
}

void urna_file_remove_unfinished(void)
{
    for (size_t i = 0; i < UNFINISHED_MAX; i++) {
        const char *name = atomic_load(&tmp_name[i]);
        if (name)
            unlink(name);
    }
}

/* Signals wait until the file that is there is noted, too. */
static bool open_noted(struct urna_outfile *f)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    f->fd = mkostemp(f->tmp, O_CLOEXEC);
    int saved = errno;
    if (f->fd >= 0)
        tmp_note(f->tmp);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = saved;
    return f->fd >= 0;
}

enum urna_status urna_outfile_open(struct urna_outfile *f, const char *path, unsigned mode,
                                   struct urna_error *err)
{
    *f = (struct urna_outfile){.path = urna_xstrdup(path), .dir = file_folder_of(path)};
    f->tmp = urna_path(f->dir, ".urna-XXXXXX");
    if (!open_noted(f)) {
        enum urna_status s = errno == ENOENT || errno == ENOTDIR
                                 ? file_refuse(err, path, "no such folder")
                                 : file_fail(err, path, "open");
        urna_outfile_close(f);
        return s;
    }
    if (fchmod(f->fd, (mode_t)mode) == 0)
        return URNA_OK;
    enum urna_status s = file_fail(err, path, "chmod");
    urna_outfile_close(f);
    return s;
}

enum urna_status urna_outfile_finish(struct urna_outfile *f, bool only_new, struct urna_error *err)
{
    const char *call = fsync(f->fd) == 0 ? NULL : "fsync";
    int saved = errno;
    if (close(f->fd) != 0 && !call)
        call = "close";
    else
        errno = saved;
    f->fd = -1;
    if (!call && !(only_new ? move_new(f->tmp, f->path) : rename(f->tmp, f->path) == 0))
        call = "rename";
    if (call)
        return only_new && errno == EEXIST
                   ? file_refuse(err, f->path, "exists already: not overwritten")
                   : file_fail(err, f->path, call);
    tmp_done(f->tmp);
    free(f->tmp);
    f->tmp = NULL;
    return sync_folder(f->dir) ? URNA_OK : file_fail(err, f->path, "fsync");
}

void urna_outfile_close(struct urna_outfile *f)
{
    if (f->fd >= 0)
        close(f->fd);
    if (f->tmp) {
        unlink(f->tmp);
        tmp_done(f->tmp);
    }
    free(f->tmp);
    free(f->dir);
    free(f->path);
    *f = (struct urna_outfile){.fd = -1};
}

static enum urna_status replace(const char *path, const void *p, size_t len, unsigned mode,
                                bool only_new, struct urna_error *err)
{
    struct urna_outfile f;
    enum urna_status s = urna_outfile_open(&f, path, mode, err);
    if (s != URNA_OK)
        return s;
    s = file_write_all(f.fd, p, len) ? urna_outfile_finish(&f, only_new, err)
                                     : file_fail(err, path, "write");
    urna_outfile_close(&f);
    return s;
}

/* Replacing by rename would turn a device or a link into a file: only files are replaced. */
enum urna_status urna_file_write(const char *path, const void *p, size_t len, unsigned mode,
                                 struct urna_error *err)
{
    struct stat st;
    if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return file_refuse(err, path, "exists and is not a file: not overwritten");
    return replace(path, p, len, mode, false, err);
}

enum urna_status urna_file_create(const char *path, const void *p, size_t len, unsigned mode,
                                  struct urna_error *err)
{
    if (urna_file_exists(path))
        return file_refuse(err, path, "exists already: not overwritten");
    return replace(path, p, len, mode, true, err);
}

enum urna_status urna_sync_folder(const char *path, struct urna_error *err)
{
    return sync_folder(path) ? URNA_OK : file_fail(err, path, "fsync");
}
