/* Files. Invariants:
 *  1. A name holds its old content or its new content, never a part of either.
 *  2. What urna_file_write or urna_file_create reported as written survives a power cut.
 *  3. No temporary file stays behind when a call returns, nor when a signal that can be caught ends
 *     the program (only when it is killed). */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"

#define MAX_DEPTH 16u
#define COPY_CHUNK 65536u

static enum urna_status fail_at(struct urna_error *err, const char *path, const char *call)
{
    enum urna_status s = urna_fail_errno(err, "%s", call);
    urna_error_where(err, path);
    return s;
}

static enum urna_status bad_input(struct urna_error *err, const char *path, const char *msg)
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
            return fail_at(err, path, "read");
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
        return bad_input(err, path, "no such file");
    }
    if (fd < 0)
        return fail_at(err, path, "open");

    struct stat st;
    size_t before = out->len;
    enum urna_status s = URNA_OK;
    if (fstat(fd, &st) != 0)
        s = fail_at(err, path, "stat");
    else if (!S_ISREG(st.st_mode))
        s = bad_input(err, path, S_ISDIR(st.st_mode) ? "a folder, not a file" : "not a file");
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

static bool write_all(int fd, const uint8_t *p, size_t len)
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
static char *folder_of(const char *path)
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

void urna_file_remove_unfinished(void)
{
    for (size_t i = 0; i < UNFINISHED_MAX; i++) {
        const char *name = atomic_load(&tmp_name[i]);
        if (name)
            unlink(name);
    }
}

enum urna_status urna_outfile_open(struct urna_outfile *f, const char *path, unsigned mode,
                                   struct urna_error *err)
{
    *f = (struct urna_outfile){.path = urna_xstrdup(path), .dir = folder_of(path)};
    f->tmp = urna_path(f->dir, ".urna-XXXXXX");
    f->fd = mkostemp(f->tmp, O_CLOEXEC);
    if (f->fd < 0) {
        enum urna_status s = errno == ENOENT || errno == ENOTDIR
                                 ? bad_input(err, path, "no such folder")
                                 : fail_at(err, path, "open");
        urna_outfile_close(f);
        return s;
    }
    tmp_note(f->tmp);
    if (fchmod(f->fd, (mode_t)mode) == 0)
        return URNA_OK;
    enum urna_status s = fail_at(err, path, "chmod");
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
                   ? bad_input(err, f->path, "exists already: not overwritten")
                   : fail_at(err, f->path, call);
    tmp_done(f->tmp);
    free(f->tmp);
    f->tmp = NULL;
    return sync_folder(f->dir) ? URNA_OK : fail_at(err, f->path, "fsync");
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
    s = write_all(f.fd, p, len) ? urna_outfile_finish(&f, only_new, err)
                                : fail_at(err, path, "write");
    urna_outfile_close(&f);
    return s;
}

/* Replacing by rename would turn a device or a link into a file: only files are replaced. */
enum urna_status urna_file_write(const char *path, const void *p, size_t len, unsigned mode,
                                 struct urna_error *err)
{
    struct stat st;
    if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return bad_input(err, path, "exists and is not a file: not overwritten");
    return replace(path, p, len, mode, false, err);
}

enum urna_status urna_file_create(const char *path, const void *p, size_t len, unsigned mode,
                                  struct urna_error *err)
{
    if (urna_file_exists(path))
        return bad_input(err, path, "exists already: not overwritten");
    return replace(path, p, len, mode, true, err);
}

enum urna_status urna_mkdirs(const char *path, unsigned mode, struct urna_error *err)
{
    char *copy = urna_xstrdup(path);
    enum urna_status s = URNA_OK;
    for (char *at = copy; s == URNA_OK && *at;) {
        at += strspn(at, "/");
        at += strcspn(at, "/");
        char keep = *at;
        *at = '\0';
        if (copy[0] && mkdir(copy, (mode_t)mode) != 0) {
            if (errno != EEXIST)
                s = fail_at(err, copy, "mkdir");
            else if (!urna_is_folder(copy))
                s = bad_input(err, copy, "exists and is not a folder");
        }
        *at = keep;
    }
    free(copy);
    return s;
}

/* ---- folders ---- */

struct walk {
    struct urna_names *out;
    size_t max, folders;
    const char *root;
    struct urna_error *err;
};

static void add_name(struct urna_names *out, char *name)
{
    if (out->n == out->cap) {
        out->cap = out->cap ? out->cap * 2 : 64;
        out->name = urna_xrealloc(out->name, out->cap, sizeof *out->name);
    }
    out->name[out->n++] = name;
}

static enum urna_status walk_folder(struct walk *w, int fd, const char *prefix, unsigned depth);

/* One entry of a folder; takes ${name} (relative to the root). */
static enum urna_status walk_entry(struct walk *w, int dir, const char *base, char *name,
                                   unsigned depth)
{
    struct stat st;
    enum urna_status s = URNA_OK;
    int fd;
    if (fstatat(dir, base, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        s = fail_at(w->err, name, "stat");
    } else if (S_ISREG(st.st_mode)) {
        if (w->out->n < w->max) {
            add_name(w->out, name);
            return URNA_OK;
        }
        s = urna_fail(w->err, URNA_INPUT, "more than the %zu files that are allowed here", w->max);
        urna_error_where(w->err, w->root);
    } else if (!S_ISDIR(st.st_mode)) {
        s = bad_input(w->err, name,
                      S_ISLNK(st.st_mode) ? "a symbolic link: not followed" : "not a file");
    } else if (depth + 1 > MAX_DEPTH) {
        s = bad_input(w->err, name, "folders are nested too deep");
    } else if (++w->folders > 1024 && w->folders > w->max) {
        s = bad_input(w->err, w->root, "too many folders");
    } else if ((fd = openat(dir, base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0) {
        s = fail_at(w->err, name, "open");
    } else {
        s = walk_folder(w, fd, name, depth + 1);
    }
    free(name);
    return s;
}

/* Takes ${fd}. */
static enum urna_status walk_folder(struct walk *w, int fd, const char *prefix, unsigned depth)
{
    DIR *d = fdopendir(fd);
    if (!d) {
        enum urna_status s = fail_at(w->err, prefix, "opendir");
        close(fd);
        return s;
    }
    enum urna_status s = URNA_OK;
    while (s == URNA_OK) {
        errno = 0;
        struct dirent *e = readdir(d);
        if (!e && errno != 0)
            s = fail_at(w->err, prefix, "readdir");
        if (!e)
            break;
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            s = walk_entry(w, dirfd(d), e->d_name, urna_path(prefix, e->d_name), depth);
    }
    closedir(d);
    return s;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

enum urna_status urna_list_files(struct urna_names *out, const char *root, size_t max,
                                 struct urna_error *err)
{
    *out = (struct urna_names){0};
    int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return bad_input(err, root, "no such folder");
    if (fd < 0 && errno == ENOTDIR)
        return bad_input(err, root, "not a folder");
    if (fd < 0)
        return fail_at(err, root, "open");
    struct walk w = {.out = out, .max = max, .root = root, .err = err};
    enum urna_status s = walk_folder(&w, fd, "", 0);
    if (s != URNA_OK)
        urna_names_free(out);
    else if (out->n > 1)
        qsort(out->name, out->n, sizeof *out->name, by_bytes);
    return s;
}

void urna_names_free(struct urna_names *n)
{
    for (size_t i = 0; i < n->n; i++)
        free(n->name[i]);
    free(n->name);
    *n = (struct urna_names){0};
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

/* FTW_PHYS: links are removed, not followed. A tree that is not there is removed already. */
enum urna_status urna_remove_tree(const char *root, struct urna_error *err)
{
    if (root[0] == '\0' || strspn(root, "/.") == strlen(root))
        return bad_input(err, root, "will not be removed");
    if (nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return fail_at(err, root, "remove");
    return URNA_OK;
}

static enum urna_status copy_fd(int in, int out, const char *from, const char *to,
                                struct urna_error *err)
{
    uint8_t *tmp = urna_xmalloc(COPY_CHUNK);
    enum urna_status s = URNA_OK;
    while (s == URNA_OK) {
        ssize_t n = read(in, tmp, COPY_CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            s = fail_at(err, from, "read");
        else if (n > 0 && !write_all(out, tmp, (size_t)n))
            s = fail_at(err, to, "write");
        if (n <= 0)
            break;
    }
    free(tmp);
    return s;
}

static enum urna_status copy_file(const char *from, const char *to, struct urna_error *err)
{
    struct stat st;
    int in = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (in < 0)
        return fail_at(err, from, "open");
    enum urna_status s = URNA_OK;
    int out = -1;
    if (fstat(in, &st) != 0)
        s = fail_at(err, from, "stat");
    else if ((out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                         st.st_mode & 0777)) < 0)
        s = fail_at(err, to, "open");
    else
        s = copy_fd(in, out, from, to, err);
    if (out >= 0 && close(out) != 0 && s == URNA_OK)
        s = fail_at(err, to, "close");
    close(in);
    return s;
}

enum urna_status urna_copy_tree(const char *from, const char *to, struct urna_error *err)
{
    struct urna_names names;
    enum urna_status s = urna_list_files(&names, from, SIZE_MAX, err);
    if (s == URNA_OK)
        s = urna_mkdirs(to, 0755, err);
    for (size_t i = 0; s == URNA_OK && i < names.n; i++) {
        char *src = urna_path(from, names.name[i]), *dst = urna_path(to, names.name[i]);
        char *dir = folder_of(dst);
        s = urna_mkdirs(dir, 0755, err);
        if (s == URNA_OK)
            s = copy_file(src, dst, err);
        free(dir);
        free(dst);
        free(src);
    }
    urna_names_free(&names);
    return s;
}
