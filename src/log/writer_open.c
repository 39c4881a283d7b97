/* Opening a record for appending: the lock, what crashes left, and what is there. Invariants:
 * record_write.c. */
#include "log/writer_internal.h"

#include "log/note_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* The folder, without slashes at the end: paths below it are cut at its length. */
static enum urna_status open_folder(struct urna_writer *w, const char *folder,
                                    struct urna_error *err)
{
    w->folder = urna_xstrdup(folder);
    for (size_t n = strlen(folder); n > 1 && folder[n - 1] == '/'; n--)
        w->folder[n - 1] = '\0';
    if (!urna_is_folder(w->folder)) {
        char *parent = urna_path(w->folder, "..");
        enum urna_status st = urna_mkdirs(w->folder, URNA_FOLDER_MODE, err);
        if (st == URNA_OK)
            st = urna_writer_sync(parent, err);
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

/* What a kill in the middle of a file left. */
static enum urna_status remove_leftovers(const char *folder, struct urna_error *err)
{
    struct urna_names names;
    enum urna_status st = urna_list_files(&names, folder, URNA_FILES_MAX, err);
    if (st != URNA_OK)
        return st;
    for (size_t i = 0; st == URNA_OK && i < names.n; i++)
        if (urna_file_is_unfinished(names.name[i]))
            st = urna_writer_remove(folder, names.name[i], err);
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
