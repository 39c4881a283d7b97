/* Appending to a record in a folder.
 *
 * Invariants:
 *  1. At every moment the folder holds every bundle and tile that the checkpoint in it requires,
 * whole: files are only replaced atomically, and nothing that a checkpoint requires is removed
 * before a later checkpoint is durable and the full tile, which repeats it, lies there.
 *  2. A checkpoint is signed only when every file that it requires is durable, and its signature
 * leaves this process only through the checkpoint file.
 *  3. Files that reach beyond the checkpoint are what an interrupted commit left: no signature ever
 *     covered them. They are removed, durably, before anything else is written, for what comes now
 * may differ from them, and a partial tile that is no prefix would make the record invalid.
 *  4. Two writers never have the same folder open.
 *  5. A partial tile is removed only when the full tile and the checkpoint over it are durable. */
#include "log/writer_internal.h"

#include "log/note_internal.h"
#include "proof/ed25519.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MODE 0644
#define BODY_MAX (UINT64_C(1) << 26)

long urna_writer_crash_step = -1;

/* Before each step that changes the folder. */
static void step(void)
{
    if (urna_writer_crash_step >= 0 && urna_writer_crash_step-- == 0)
        _exit(77);
}

/* ---- durable folders and files ---- */

enum urna_status urna_writer_sync(const char *path, struct urna_error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL); /* some file systems cannot */
    enum urna_status st =
        ok ? URNA_OK : urna_fail_errno(err, "cannot make the folder %s durable", path);
    if (fd >= 0)
        close(fd);
    return st;
}

/* Make the folders between `root` and the file at `path` (which begins with root); a new one is
 * durable in its parent. */
static enum urna_status make_folders(char *path, size_t root_len, struct urna_error *err)
{
    enum urna_status st = URNA_OK;
    size_t parent = root_len;
    for (size_t i = root_len + 1; st == URNA_OK && path[i] != '\0'; i++) {
        if (path[i] != '/')
            continue;
        path[i] = '\0';
        if (!urna_is_folder(path)) {
            step();
            st = urna_mkdirs(path, URNA_FOLDER_MODE, err);
            path[parent] = '\0';
            if (st == URNA_OK)
                st = urna_writer_sync(path, err);
            path[parent] = '/';
        }
        path[i] = '/';
        parent = i;
    }
    return st;
}

enum urna_status urna_writer_put(const struct urna_writer *w, const char *name, const void *p,
                                 size_t len, struct urna_error *err)
{
    char *path = urna_path(w->folder, name);
    enum urna_status st = make_folders(path, strlen(w->folder), err);
    if (st == URNA_OK) {
        step();
        st = urna_file_write(path, p, len, FILE_MODE, err);
    }
    free(path);
    return st;
}

static enum urna_status put_tile(const struct urna_writer *w, const struct urna_tile *t,
                                 const struct urna_buf *content, struct urna_error *err)
{
    char name[URNA_TILE_PATH_MAX];
    urna_tile_path(name, t);
    return urna_writer_put(w, name, content->p, content->len, err);
}

enum urna_status urna_writer_remove(const char *folder, const char *name, struct urna_error *err)
{
    char *path = urna_path(folder, name);
    step();
    enum urna_status st = URNA_OK;
    if (unlink(path) != 0 && errno != ENOENT)
        st = urna_fail_errno(err, "cannot remove %s", path);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    if (st == URNA_OK)
        st = urna_writer_sync(path, err);
    free(path);
    return st;
}

/* ---- appending ---- */

enum urna_status urna_writer_leaf(struct urna_writer *w, struct urna_view leaf,
                                  struct urna_error *err)
{
    if (leaf.len > URNA_LEAF_MAX)
        return urna_fail(err, URNA_INPUT, "an entry of %zu bytes: more than %d", leaf.len,
                         URNA_LEAF_MAX);
    uint8_t hash[32];
    urna_merkle_leaf(hash, leaf.p, leaf.len);
    urna_tree_add(w->tree, hash);
    urna_bundle_add(&w->pending, leaf);
    return URNA_OK;
}

enum urna_status urna_writer_body(struct urna_writer *w, struct urna_view body,
                                  struct urna_error *err)
{
    if (body.len > BODY_MAX)
        return urna_fail(err, URNA_INPUT, "a body of %zu bytes: more than %llu", body.len,
                         (unsigned long long)BODY_MAX);
    uint8_t hash[32];
    char name[5 + 65] = "body/";
    urna_sha256(hash, body.p, body.len);
    urna_hex(name + 5, hash, 32);
    return urna_writer_put(w, name, body.p, body.len, err);
}

/* Everything that reached beyond the checkpoint goes first (invariant 3). */
static enum urna_status remove_strays(struct urna_writer *w, struct urna_error *err)
{
    for (size_t i = 0; i < w->stray.n; i++) {
        enum urna_status st = urna_writer_remove(w->folder, w->stray.name[i], err);
        if (st != URNA_OK)
            return st;
    }
    urna_names_free(&w->stray);
    return URNA_OK;
}

/* Bundles from the one that the old size ends in; `tail` gets the bytes of the new last one. */
static enum urna_status write_bundles(const struct urna_writer *w, struct urna_buf *tail,
                                      struct urna_error *err)
{
    struct urna_view rest = urna_buf_view(&w->pending), leaf;
    uint64_t size = urna_tree_size(w->tree);
    urna_buf_add(tail, w->tail.p, w->tail.len);
    for (uint64_t i = w->committed; i < size; i++) {
        size_t used;
        if (urna_bundle_read(&leaf, 1, rest, &used) != 1)
            return urna_fail(err, URNA_SYSTEM, "pending entry %llu is not there",
                             (unsigned long long)i);
        urna_buf_add(tail, rest.p, used);
        rest = urna_view_skip(rest, used);
        unsigned width = (unsigned)(i % URNA_TILE_WIDTH) + 1;
        if (width < URNA_TILE_WIDTH && i + 1 < size)
            continue;
        struct urna_tile t = {URNA_ENTRIES, i / URNA_TILE_WIDTH, width};
        enum urna_status st = put_tile(w, &t, tail, err);
        if (st != URNA_OK)
            return st;
        if (width == URNA_TILE_WIDTH)
            urna_buf_reset(tail);
    }
    return URNA_OK;
}

/* The tiles of one level that have a hash which the old size did not have. */
static enum urna_status write_level(const struct urna_writer *w, unsigned level,
                                    struct urna_error *err)
{
    uint64_t old = w->committed >> 8 * level, n = urna_tree_size(w->tree) >> 8 * level;
    struct urna_buf content = {0};
    enum urna_status st = URNA_OK;
    for (uint64_t tile = old / URNA_TILE_WIDTH;
         st == URNA_OK && n > old && tile * URNA_TILE_WIDTH < n; tile++) {
        unsigned width = urna_tile_width((int)level, tile, urna_tree_size(w->tree));
        urna_buf_reset(&content);
        for (unsigned j = 0; j < width; j++)
            urna_buf_add(&content, urna_tree_node(w->tree, 8 * level, tile * URNA_TILE_WIDTH + j),
                         32);
        st = put_tile(w, &(struct urna_tile){(int)level, tile, width}, &content, err);
    }
    urna_buf_free(&content);
    return st;
}

enum urna_status urna_writer_put_checkpoint(struct urna_writer *w, struct urna_view note,
                                            struct urna_error *err)
{
    struct urna_checkpoint c;
    enum urna_status st = urna_checkpoint_read(&c, note, err);
    if (st != URNA_OK)
        return st;
    st = urna_writer_put(w, "checkpoint", note.p, note.len, err);
    if (st != URNA_OK) {
        urna_checkpoint_free(&c);
        return st;
    }
    urna_checkpoint_free(&w->checkpoint);
    w->checkpoint = c;
    w->has_checkpoint = true;
    return URNA_OK;
}

static enum urna_status sign_checkpoint(struct urna_writer *w, const uint8_t seed[32],
                                        struct urna_error *err)
{
    struct urna_buf note = {0};
    uint64_t size = urna_tree_size(w->tree);
    uint8_t root[32], sig[64];
    if (!urna_tree_root(w->tree, size, root))
        return urna_fail(err, URNA_SYSTEM, "the tree has no root");
    urna_checkpoint_text(&note, w->log.name, size, root);
    urna_ed25519_sign(sig, seed, note.p, note.len);
    urna_buf_char(&note, '\n');
    urna_note_line(&note, &w->log, sig, sizeof sig);
    enum urna_status st = urna_writer_put_checkpoint(w, urna_buf_view(&note), err);
    urna_buf_free(&note);
    return st;
}

/* The partial tiles of a place that is full now. That they cannot be removed, or come back after a
 * power cut, does no harm: they are prefixes. */
static void remove_partials(const struct urna_writer *w, int level, uint64_t old)
{
    unsigned shift = level == URNA_ENTRIES ? 0 : 8 * (unsigned)level;
    uint64_t tile = (old >> shift) / URNA_TILE_WIDTH;
    if (urna_tile_width(level, tile, w->committed) < URNA_TILE_WIDTH)
        return;
    char name[URNA_TILE_PATH_MAX];
    urna_tile_path(name, &(struct urna_tile){level, tile, 1}); /* ends in ".p/1" */
    name[strlen(name) - 2] = '\0';
    char *path = urna_path(w->folder, name);
    step();
    enum urna_status st = urna_remove_tree(path, NULL);
    (void)st;
    free(path);
}

enum urna_status urna_writer_commit(struct urna_writer *w, const uint8_t log_seed[32],
                                    struct urna_error *err)
{
    uint64_t old = w->committed, size = urna_tree_size(w->tree);
    if (w->has_checkpoint && old == size)
        return URNA_OK;
    uint8_t pk[32];
    urna_ed25519_public(pk, log_seed);
    if (memcmp(pk, w->log.pk, 32) != 0)
        return urna_fail(err, URNA_INPUT, "this is not the secret key of the log %s", w->log.name);
    struct urna_buf tail = {0};
    enum urna_status st = remove_strays(w, err);
    if (st == URNA_OK)
        st = write_bundles(w, &tail, err);
    for (unsigned level = 0; st == URNA_OK && level < URNA_TILE_LEVELS; level++)
        st = write_level(w, level, err);
    if (st == URNA_OK)
        st = sign_checkpoint(w, log_seed, err);
    if (st != URNA_OK) {
        urna_buf_free(&tail);
        return st;
    }
    w->committed = size;
    urna_buf_free(&w->tail);
    w->tail = tail;
    urna_buf_reset(&w->pending);
    for (int level = URNA_ENTRIES; level < URNA_TILE_LEVELS; level++)
        remove_partials(w, level, old);
    return URNA_OK;
}
