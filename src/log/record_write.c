/* Appending to a record in a folder.
 *
 * Invariants:
 *  1. At every moment the folder holds every bundle and tile that the checkpoint in it requires,
 * whole: files are only replaced atomically, and nothing that a checkpoint requires is removed
 * before a later checkpoint is durable and the full tile, which repeats it, lies there.
 *  2. A checkpoint is signed only when every file that it requires is durable, and its signature
 * leaves this process only through the checkpoint file.
 *  3. Files that reach beyond the checkpoint are what an interrupted commit left: no signature ever
 * covered them. They are removed, durably, before anything else is written, for what comes now may
 * differ from them, and a partial tile that is no prefix would make the record invalid.
 *  4. Two writers never have the same folder open.
 *  5. A partial tile is removed only when the full tile and the checkpoint over it are durable. */
#include "log/record_internal.h"

#include "log/note_internal.h"
#include "proof/ed25519.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_MODE 0644
#define FOLDER_MODE 0755
#define BODY_MAX (UINT64_C(1) << 26)

long urna_writer_crash_step = -1;

struct urna_writer {
    char *folder;
    int lock; /* the open folder; -1: none */
    struct urna_vkey log;
    struct urna_tree *tree; /* of everything, the pending leaves too */
    uint64_t committed;
    struct urna_buf tail;    /* the bytes of the last, partial bundle under the checkpoint */
    struct urna_buf pending; /* leaves behind `committed`, in the form of bundles */
    struct urna_names stray; /* invariant 3 */
    bool has_checkpoint;
    struct urna_checkpoint checkpoint;
};

/* Before each step that changes the folder. */
static void step(void)
{
    if (urna_writer_crash_step >= 0 && urna_writer_crash_step-- == 0)
        _exit(77);
}

/* --- durable folders and files -------------------------------------------------------------------
 */

static enum urna_status sync_folder(const char *path, struct urna_error *err)
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
            st = urna_mkdirs(path, FOLDER_MODE, err);
            path[parent] = '\0';
            if (st == URNA_OK)
                st = sync_folder(path, err);
            path[parent] = '/';
        }
        path[i] = '/';
        parent = i;
    }
    return st;
}

static enum urna_status put(const struct urna_writer *w, const char *name, const void *p,
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
    return put(w, name, content->p, content->len, err);
}

/* Durably, so that it cannot come back after a power cut. */
static enum urna_status remove_file(const char *folder, const char *name, struct urna_error *err)
{
    char *path = urna_path(folder, name);
    step();
    enum urna_status st = URNA_OK;
    if (unlink(path) != 0 && errno != ENOENT)
        st = urna_fail_errno(err, "cannot remove %s", path);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    if (st == URNA_OK)
        st = sync_folder(path, err);
    free(path);
    return st;
}

/* --- opening -------------------------------------------------------------------------------------
 */

/* The folder, without slashes at the end: paths below it are cut at its length. */
static enum urna_status open_folder(struct urna_writer *w, const char *folder,
                                    struct urna_error *err)
{
    w->folder = urna_xstrdup(folder);
    for (size_t n = strlen(folder); n > 1 && folder[n - 1] == '/'; n--)
        w->folder[n - 1] = '\0';
    if (!urna_is_folder(w->folder)) {
        char *parent = urna_path(w->folder, "..");
        enum urna_status st = urna_mkdirs(w->folder, FOLDER_MODE, err);
        if (st == URNA_OK)
            st = sync_folder(parent, err);
        free(parent);
        if (st != URNA_OK)
            return st;
    }
    w->lock = open(w->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (w->lock < 0)
        return urna_fail_errno(err, "cannot open the folder %s", w->folder);
    if (flock(w->lock, LOCK_EX | LOCK_NB) == 0)
        return URNA_OK;
    return errno == EWOULDBLOCK
               ? urna_fail(err, URNA_INPUT, "another program is writing to %s", w->folder)
               : urna_fail_errno(err, "cannot lock the folder %s", w->folder);
}

/* base/file.h leaves these when the process is killed while it writes. */
static bool is_leftover(const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    return strncmp(base, ".urna-", 6) == 0 && strlen(base) == 12;
}

static enum urna_status remove_leftovers(const char *folder, struct urna_error *err)
{
    struct urna_names names;
    enum urna_status st = urna_list_files(&names, folder, URNA_FILES_MAX, err);
    if (st != URNA_OK)
        return st;
    for (size_t i = 0; st == URNA_OK && i < names.n; i++)
        if (is_leftover(names.name[i]))
            st = remove_file(folder, names.name[i], err);
    urna_names_free(&names);
    return st;
}

enum urna_status urna_writer_clear(const char *folder, struct urna_error *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return URNA_OK;
    if (fd < 0)
        return urna_fail_errno(err, "cannot open the folder %s", folder);
    enum urna_status st = URNA_OK;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        st = remove_leftovers(folder, err);
    close(fd);
    return st;
}

/* Only a missing checkpoint is no fault: then there is nothing yet (or what a first commit left).
 */
static enum urna_status check_faults(struct urna_writer *w, const struct urna_record *r,
                                     struct urna_error *err)
{
    size_t n, file;
    const struct urna_record_fault *f = urna_record_faults(r, &n);
    bool begun = urna_files_find(&r->files, "checkpoint", &file);
    if (n > 0 && (begun || n > 1)) {
        urna_error_where(err, w->folder);
        return urna_fail(err, URNA_INPUT, "the record cannot be continued: %.200s: %.200s",
                         f[begun ? 0 : 1].file, f[begun ? 0 : 1].text);
    }
    if (begun && strcmp(r->checkpoint.origin, w->log.name) != 0)
        return urna_fail(err, URNA_INPUT, "the record in %s belongs to the log %s", w->folder,
                         r->checkpoint.origin);
    return URNA_OK;
}

static void add_stray(struct urna_names *names, const char *name)
{
    if (names->n == names->cap) {
        names->cap = names->cap ? 2 * names->cap : 16;
        names->name = urna_xrealloc(names->name, names->cap, sizeof *names->name);
    }
    names->name[names->n++] = urna_xstrdup(name);
}

/* What reaches beyond the checkpoint. If the checkpoint itself needs such a file (its own partial
 * tile is gone), the log has grown elsewhere and was signed there: going on from here would fork
 * it. */
static enum urna_status find_strays(struct urna_writer *w, const struct urna_record *r,
                                    struct urna_error *err)
{
    for (size_t i = 0; i < r->n_tile; i++) {
        const struct urna_tile *t = &r->tile[i].tile;
        unsigned need = urna_tile_width(t->level, t->index, r->checkpoint.size);
        if (t->width <= need)
            continue;
        if (urna_record_choose(r, urna_record_place(r, t->level, t->index), need) == &r->tile[i])
            return urna_fail(
                err, URNA_INPUT,
                "the record in %s is an older state of a longer log: it cannot be continued",
                w->folder);
        add_stray(&w->stray, urna_files_name(&r->files, r->tile[i].file));
    }
    return URNA_OK;
}

static enum urna_status read_tail(struct urna_writer *w, struct urna_record *r,
                                  struct urna_error *err)
{
    enum urna_status st = URNA_OK;
    struct urna_buf leaf = {0};
    for (uint64_t i = w->committed - w->committed % URNA_TILE_WIDTH;
         st == URNA_OK && i < w->committed; i++) {
        urna_buf_reset(&leaf);
        st = urna_record_leaf(r, i, &leaf, err);
        if (st == URNA_OK)
            urna_bundle_add(&w->tail, urna_buf_view(&leaf));
    }
    urna_buf_free(&leaf);
    return st;
}

static enum urna_status read_record(struct urna_writer *w, struct urna_error *err)
{
    struct urna_record *r;
    enum urna_status st = urna_record_open(&r, w->folder, err);
    if (st != URNA_OK)
        return st;
    st = urna_record_scan(r, w->tree, 0, NULL, NULL, err);
    if (st == URNA_OK)
        st = check_faults(w, r, err);
    if (st == URNA_OK)
        st = find_strays(w, r, err);
    w->committed = urna_tree_size(w->tree);
    if (st == URNA_OK)
        st = read_tail(w, r, err);
    if (st == URNA_OK && r->has_checkpoint) { /* takes it over */
        w->checkpoint = r->checkpoint;
        w->has_checkpoint = true;
        memset(&r->checkpoint, 0, sizeof r->checkpoint);
        r->has_checkpoint = false;
    }
    urna_record_free(r);
    return st;
}

enum urna_status urna_writer_open(struct urna_writer **out, const char *folder, const char *origin,
                                  const uint8_t log_pk[32], struct urna_error *err)
{
    *out = NULL;
    if (!urna_note_name_ok(urna_view_str(origin)))
        return urna_fail(err, URNA_INPUT, "the log's origin is not a name");
    struct urna_writer *w = urna_xcalloc(1, sizeof *w);
    w->lock = -1;
    w->tree = urna_tree_new();
    urna_vkey_make(&w->log, origin, URNA_KEY_ED25519, log_pk);
    enum urna_status st = open_folder(w, folder, err);
    if (st == URNA_OK)
        st = remove_leftovers(w->folder, err);
    if (st == URNA_OK)
        st = read_record(w, err);
    if (st == URNA_OK)
        *out = w;
    else
        urna_writer_free(w);
    return st;
}

void urna_writer_free(struct urna_writer *w)
{
    if (w == NULL)
        return;
    if (w->lock >= 0)
        close(w->lock);
    urna_tree_free(w->tree);
    urna_buf_free(&w->tail);
    urna_buf_free(&w->pending);
    urna_names_free(&w->stray);
    urna_checkpoint_free(&w->checkpoint);
    free(w->folder);
    free(w);
}

uint64_t urna_writer_size(const struct urna_writer *w)
{
    return urna_tree_size(w->tree);
}

uint64_t urna_writer_committed(const struct urna_writer *w)
{
    return w->committed;
}

const struct urna_tree *urna_writer_tree(const struct urna_writer *w)
{
    return w->tree;
}

const struct urna_checkpoint *urna_writer_checkpoint(const struct urna_writer *w)
{
    return w->has_checkpoint ? &w->checkpoint : NULL;
}

/* --- appending -----------------------------------------------------------------------------------
 */

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
    return put(w, name, body.p, body.len, err);
}

/* Everything that reached beyond the checkpoint goes first (invariant 3). */
static enum urna_status remove_strays(struct urna_writer *w, struct urna_error *err)
{
    for (size_t i = 0; i < w->stray.n; i++) {
        enum urna_status st = remove_file(w->folder, w->stray.name[i], err);
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

/* Write a note, and read it as everybody will. */
static enum urna_status put_checkpoint(struct urna_writer *w, struct urna_view note,
                                       struct urna_error *err)
{
    struct urna_checkpoint c;
    enum urna_status st = urna_checkpoint_read(&c, note, err);
    if (st != URNA_OK)
        return st;
    st = put(w, "checkpoint", note.p, note.len, err);
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
    enum urna_status st = put_checkpoint(w, urna_buf_view(&note), err);
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

/* --- cosignatures --------------------------------------------------------------------------------
 */

static bool same_key(const struct urna_note_sig *a, const struct urna_note_sig *b)
{
    return memcmp(a->id, b->id, 4) == 0 && strcmp(a->name, b->name) == 0;
}

/* The last line of a's key among the new ones, or a itself. */
static const struct urna_note_sig *newest(const struct urna_note_sig *a,
                                          const struct urna_checkpoint *more)
{
    const struct urna_note_sig *s = a;
    for (size_t i = 0; i < more->n_sig; i++)
        if (same_key(&more->sig[i], a))
            s = &more->sig[i];
    return s;
}

static bool is_known(const struct urna_note_sig *s, const struct urna_note_sig *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (same_key(&list[i], s))
            return true;
    return false;
}

static void merge(struct urna_buf *note, const struct urna_checkpoint *old,
                  const struct urna_checkpoint *more)
{
    urna_buf_add(note, old->text.p, old->text.len);
    urna_buf_char(note, '\n');
    for (size_t i = 0; i < old->n_sig; i++)
        if (!is_known(&old->sig[i], old->sig, i))
            urna_note_sig_write(note, newest(&old->sig[i], more));
    for (size_t i = 0; i < more->n_sig; i++)
        if (!is_known(&more->sig[i], old->sig, old->n_sig) &&
            !is_known(&more->sig[i], more->sig, i))
            urna_note_sig_write(note, newest(&more->sig[i], more));
}

enum urna_status urna_writer_cosign(struct urna_writer *w, struct urna_view lines,
                                    struct urna_error *err)
{
    if (!w->has_checkpoint)
        return urna_fail(err, URNA_INPUT, "there is no checkpoint yet");
    if (lines.len == 0)
        return URNA_OK;
    struct urna_buf note = {0};
    struct urna_checkpoint more;
    urna_buf_add(&note, w->checkpoint.text.p, w->checkpoint.text.len);
    urna_buf_char(&note, '\n');
    urna_buf_add(&note, lines.p, lines.len);
    enum urna_status st = urna_checkpoint_read(&more, urna_buf_view(&note), err);
    for (size_t i = 0; st == URNA_OK && i < more.n_sig; i++)
        if (urna_note_sig_by(&more.sig[i], &w->log) &&
            !urna_note_sig_check(&more.sig[i], &w->log, more.text, NULL))
            st = urna_fail(err, URNA_INPUT, "a line of the log's own key does not verify");
    if (st == URNA_OK) {
        urna_buf_reset(&note);
        merge(&note, &w->checkpoint, &more);
        st = put_checkpoint(w, urna_buf_view(&note), err);
    }
    urna_checkpoint_free(&more);
    urna_buf_free(&note);
    return st;
}
