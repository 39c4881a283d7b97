/* Folders: made, listed, removed, copied. */
#include "base/file_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 16u
#define COPY_CHUNK 65536u

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
                s = file_fail(err, copy, "mkdir");
            else if (!urna_is_folder(copy))
                s = file_refuse(err, copy, "exists and is not a folder");
        }
        *at = keep;
    }
    free(copy);
    return s;
}

/* ---- what is in them ---- */

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
        if (errno != ENOENT) /* else it went away after it was seen */
            s = file_fail(w->err, name, "stat");
    } else if (S_ISREG(st.st_mode)) {
        if (w->out->n < w->max) {
            add_name(w->out, name);
            return URNA_OK;
        }
        s = urna_fail(w->err, URNA_INPUT, "more than the %zu files that are allowed here", w->max);
        urna_error_where(w->err, w->root);
    } else if (!S_ISDIR(st.st_mode)) {
        s = file_refuse(w->err, name,
                        S_ISLNK(st.st_mode) ? "a symbolic link: not followed" : "not a file");
    } else if (depth + 1 > MAX_DEPTH) {
        s = file_refuse(w->err, name, "folders are nested too deep");
    } else if (++w->folders > 1024 && w->folders > w->max) {
        s = file_refuse(w->err, w->root, "too many folders");
    } else if ((fd = openat(dir, base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0) {
        if (errno != ENOENT)
            s = file_fail(w->err, name, "open");
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
        enum urna_status s = file_fail(w->err, prefix, "opendir");
        close(fd);
        return s;
    }
    enum urna_status s = URNA_OK;
    while (s == URNA_OK) {
        errno = 0;
        struct dirent *e = readdir(d);
        if (!e && errno != 0)
            s = file_fail(w->err, prefix, "readdir");
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
        return file_refuse(err, root, "no such folder");
    if (fd < 0 && errno == ENOTDIR)
        return file_refuse(err, root, "not a folder");
    if (fd < 0)
        return file_fail(err, root, "open");
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
        return file_refuse(err, root, "will not be removed");
    if (nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return file_fail(err, root, "remove");
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
            s = file_fail(err, from, "read");
        else if (n > 0 && !file_write_all(out, tmp, (size_t)n))
            s = file_fail(err, to, "write");
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
        return file_fail(err, from, "open");
    enum urna_status s = URNA_OK;
    int out = -1;
    if (fstat(in, &st) != 0)
        s = file_fail(err, from, "stat");
    else if ((out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                         st.st_mode & 0777)) < 0)
        s = file_fail(err, to, "open");
    else
        s = copy_fd(in, out, from, to, err);
    if (out >= 0 && close(out) != 0 && s == URNA_OK)
        s = file_fail(err, to, "close");
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
        char *dir = file_folder_of(dst);
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
