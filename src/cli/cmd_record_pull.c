/* urna record pull: take over a newer copy of a record.
 *
 * What comes is copied aside first and compared with what was judged, so that a stick or a mirror
 * that changes meanwhile does no harm. Then its new files are moved into place, the checkpoint
 * last: at any moment the copy here is what it was, or the new one. Nothing that lies here is
 * replaced by what is worse. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli/cmd_record.h"
#include "log/files.h"

struct pull {
    struct urna_cli_record there, here;
    const char *from;
    char *to, *aside; /* without slashes at the end */
    int lock_to, lock_aside;
    struct urna_files files; /* aside */
    size_t checkpoint;       /* among them */
    struct urna_buf kept;    /* where the old checkpoint is now, if it had to go */
};

/* A copy may only grow: the tree that is here must be the beginning of the one that comes. */
static enum urna_status must_continue(struct pull *p, struct urna_error *err)
{
    uint8_t mine[32], theirs[32];
    enum urna_status st = urna_cli_record_open(&p->here, err);
    if (st != URNA_OK)
        return st;
    uint64_t size = p->here.v.size;
    if (size > p->there.v.size)
        return urna_fail(err, URNA_FALSE,
                         "your copy has %llu leaves, the other only %llu: nothing to take over",
                         (unsigned long long)size, (unsigned long long)p->there.v.size);
    if (!urna_tree_root(urna_follow_tree(p->here.v.follow), size, mine) ||
        !urna_tree_root(urna_follow_tree(p->there.v.follow), size, theirs) ||
        memcmp(mine, theirs, 32) != 0) {
        char a[65], b[65];
        urna_hex(a, mine, 32);
        urna_hex(b, theirs, 32);
        return urna_fail(err, URNA_FALSE,
                         "FORK: at size %llu your copy has root %s, the other one %s. Keep both "
                         "copies: they are evidence",
                         (unsigned long long)size, a, b);
    }
    return URNA_OK;
}

static enum urna_status lock_folder(int *lock, const char *folder, int flags,
                                    struct urna_error *err)
{
    *lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
    enum urna_status st = URNA_OK;
    if (*lock < 0)
        st = urna_fail_errno(err, "cannot open the folder");
    else if (flock(*lock, LOCK_EX | LOCK_NB) != 0)
        st = errno == EWOULDBLOCK ? urna_fail(err, URNA_INPUT, "another program is writing to it")
                                  : urna_fail_errno(err, "cannot lock the folder");
    if (st != URNA_OK)
        urna_error_where(err, folder);
    return st;
}

/* --- aside --------------------------------------------------------------- */

static char *folder_of(const char *path)
{
    char *folder = urna_xstrdup(path);
    *strrchr(folder, '/') = '\0';
    return folder;
}

static enum urna_status copy_file(const struct urna_files *f, size_t i, const char *to,
                                  struct urna_error *err)
{
    struct urna_buf buf = {0};
    struct urna_view bytes;
    bool too_long = false;
    char *path = urna_path(to, urna_files_name(f, i)), *folder = folder_of(path);
    enum urna_status st = urna_files_read(f, i, URNA_OUT_MAX, &buf, &bytes, &too_long, err);
    if (st == URNA_OK && too_long)
        st = urna_fail(err, URNA_INPUT, "%s is too long for a record", urna_files_name(f, i));
    if (st == URNA_OK)
        st = urna_mkdirs(folder, 0755, err);
    if (st == URNA_OK)
        st = urna_file_write(path, bytes.p, bytes.len, 0644, err);
    free(folder);
    free(path);
    urna_buf_free(&buf);
    return st;
}

static enum urna_status copy_all(const char *from, const char *to, struct urna_error *err)
{
    struct urna_files f = {0};
    struct urna_progress p;
    enum urna_status st = urna_files_open(&f, from, err);
    urna_progress_start(&p, "files", st == URNA_OK ? urna_files_count(&f) : 0);
    for (size_t i = 0; st == URNA_OK && i < urna_files_count(&f); i++) {
        st = copy_file(&f, i, to, err);
        urna_progress_at(&p, i + 1);
    }
    urna_progress_end(&p);
    urna_files_close(&f);
    return st;
}

/* The folder beside, empty: what an earlier run that was killed left there goes. */
static enum urna_status make_aside(struct pull *p, struct urna_error *err)
{
    struct urna_names left = {0};
    enum urna_status st = urna_mkdirs(p->aside, 0755, err);
    if (st == URNA_OK)
        st = lock_folder(&p->lock_aside, p->aside, O_NOFOLLOW, err);
    if (st == URNA_OK)
        st = urna_list_files(&left, p->aside, URNA_FILES_MAX, err);
    for (size_t i = 0; st == URNA_OK && i < left.n; i++) {
        char *path = urna_path(p->aside, left.name[i]);
        if (unlink(path) != 0)
            st = urna_fail_errno(err, "%s: remove", path);
        free(path);
    }
    urna_names_free(&left);
    return st;
}

/* Are the bytes that lie aside the ones that were judged? */
static enum urna_status check_aside(struct pull *p, struct urna_error *err)
{
    struct urna_record *r = NULL;
    struct urna_tree *tree = urna_tree_new();
    uint8_t judged[32], copied[32];
    size_t faults = 0;
    enum urna_status st = urna_record_open(&r, p->aside, err);
    if (st == URNA_OK)
        st = urna_record_scan(r, tree, 0, NULL, NULL, err);
    if (st == URNA_OK)
        urna_record_faults(r, &faults);
    if (st == URNA_OK &&
        (faults > 0 || urna_tree_size(tree) != p->there.v.size ||
         !urna_tree_root(tree, p->there.v.size, copied) ||
         !urna_tree_root(urna_follow_tree(p->there.v.follow), p->there.v.size, judged) ||
         memcmp(copied, judged, 32) != 0))
        st = urna_fail(err, URNA_SYSTEM, "the record changed while it was copied: pull again");
    urna_tree_free(tree);
    urna_record_free(r);
    return st;
}

/* --- into place ---------------------------------------------------------- */

static bool is_good_body(const char *path, const char *name)
{
    struct urna_buf bytes = {0};
    uint8_t hash[32], wanted[32];
    bool good = urna_unhex(wanted, 32, name, strlen(name)) &&
                urna_file_read(&bytes, path, URNA_OUT_MAX, NULL, NULL) == URNA_OK;
    if (good)
        urna_sha256(hash, bytes.p, bytes.len);
    urna_buf_free(&bytes);
    return good && memcmp(hash, wanted, 32) == 0;
}

/* What lies here was judged with its tree; only a body may be damaged without that. */
static bool is_wanted(const char *path, const char *name)
{
    if (!urna_file_exists(path))
        return true;
    return strncmp(name, "body/", 5) == 0 && !is_good_body(path, name + 5);
}

static enum urna_status move_one(const struct pull *p, const char *name, struct urna_error *err)
{
    char *from = urna_path(p->aside, name), *path = urna_path(p->to, name);
    char *folder = folder_of(path);
    enum urna_status st = URNA_OK;
    if (is_wanted(path, name)) {
        st = urna_mkdirs(folder, 0755, err);
        if (st == URNA_OK && rename(from, path) != 0)
            st = urna_fail_errno(err, "%s: rename", path);
        /* the folder, and those above it that may be new */
        while (st == URNA_OK && strlen(folder) >= strlen(p->to)) {
            st = urna_sync_folder(folder, err);
            char *slash = strrchr(folder, '/');
            *(slash ? slash : folder) = '\0';
        }
    }
    free(folder);
    free(path);
    free(from);
    return st;
}

/* The lines of witnesses under ${more} that verify and whose keys have none under ${old}. */
static void add_lines(struct urna_buf *note, const struct urna_manifest *m,
                      const struct urna_checkpoint *old, const struct urna_checkpoint *more)
{
    size_t room = URNA_NOTE_MAX_SIGS - old->n_sig;
    for (uint32_t w = 0; w < m->n_witnesses; w++)
        for (int head = 0; head < 2; head++) {
            const struct urna_cosigner *c = head ? &m->witnesses[w].head : &m->witnesses[w].full;
            const struct urna_note_sig *line = NULL;
            struct urna_vkey k;
            uint64_t time;
            bool has = false;
            urna_vkey_make(&k, c->name, URNA_KEY_COSIGNATURE, c->key);
            for (size_t i = 0; i < old->n_sig; i++)
                has = has || urna_note_sig_by(&old->sig[i], &k);
            for (size_t i = 0; i < more->n_sig && !has; i++)
                if (urna_note_sig_check(&more->sig[i], &k, old->text, &time))
                    line = &more->sig[i];
            if (line && room-- > 0)
                urna_note_line(note, &k, line->blob.p, line->blob.len);
        }
}

static bool has_witnesses(const struct urna_checkpoint *c, const struct urna_vkey *log)
{
    for (size_t i = 0; i < c->n_sig; i++)
        if (!urna_note_sig_by(&c->sig[i], log))
            return true;
    return false;
}

/* What witnesses signed at an older size is evidence, and lies beside the copy from now on. */
static enum urna_status keep_old(struct pull *p, struct urna_view note, struct urna_error *err)
{
    struct urna_vkey log;
    const struct urna_context *P = p->here.P;
    const struct urna_checkpoint *old = urna_record_checkpoint(p->here.v.record);
    urna_vkey_make(&log, P->m.origin, URNA_KEY_ED25519, P->m.log_key);
    if (!has_witnesses(old, &log))
        return URNA_OK;
    urna_buf_printf(&p->kept, "%s.checkpoint-%llu", p->to, (unsigned long long)old->size);
    const char *path = urna_buf_cstr(&p->kept);
    return urna_file_exists(path) ? URNA_OK : urna_cli_write(path, note, 0644, err);
}

static enum urna_status put_checkpoint(struct pull *p, struct urna_error *err)
{
    struct urna_buf mine = {0}, buf = {0};
    struct urna_view theirs;
    struct urna_checkpoint more = {0};
    bool too_long;
    char *path = urna_path(p->to, "checkpoint");
    enum urna_status st = urna_cli_read(&mine, path, URNA_NOTE_MAX, err);
    if (st == URNA_OK)
        st =
            urna_files_read(&p->files, p->checkpoint, URNA_NOTE_MAX, &buf, &theirs, &too_long, err);
    if (st == URNA_OK)
        st = urna_checkpoint_read(&more, theirs, err);
    if (st == URNA_OK && p->here.v.size == p->there.v.size) {
        add_lines(&mine, &p->here.P->m, urna_record_checkpoint(p->here.v.record), &more);
        st = urna_file_write(path, mine.p, mine.len, 0644, err);
    } else if (st == URNA_OK) {
        st = keep_old(p, urna_buf_view(&mine), err);
        if (st == URNA_OK)
            st = urna_file_write(path, theirs.p, theirs.len, 0644, err);
    }
    urna_checkpoint_free(&more);
    urna_buf_free(&mine);
    urna_buf_free(&buf);
    free(path);
    return st;
}

/* A first copy appears at once, whole. */
static enum urna_status place_all(const struct pull *p, struct urna_error *err)
{
    struct urna_buf up = {0};
    urna_buf_printf(&up, "%s/..", p->to);
    enum urna_status st = URNA_OK;
    if (renameat2(AT_FDCWD, p->aside, AT_FDCWD, p->to, RENAME_NOREPLACE) != 0 &&
        (errno == EEXIST || rename(p->aside, p->to) != 0))
        st = urna_fail_errno(err, "%s: rename", p->to);
    if (st == URNA_OK)
        st = urna_sync_folder(urna_buf_cstr(&up), err);
    urna_buf_free(&up);
    return st;
}

static enum urna_status grow(struct pull *p, struct urna_error *err)
{
    enum urna_status st = lock_folder(&p->lock_to, p->to, 0, err);
    if (st == URNA_OK && p->here.open && urna_record_changed(p->here.v.record)) {
        st = urna_fail(err, URNA_SYSTEM, "changed while the other copy was judged: pull again");
        urna_error_where(err, p->to);
    }
    for (size_t i = 0; st == URNA_OK && i < urna_files_count(&p->files); i++)
        if (i != p->checkpoint)
            st = move_one(p, urna_files_name(&p->files, i), err);
    if (st == URNA_OK)
        st = p->here.open ? put_checkpoint(p, err) : move_one(p, "checkpoint", err);
    return st;
}

/* --- the command --------------------------------------------------------- */

static enum urna_status take_over(struct pull *p, struct urna_error *err)
{
    char *checkpoint = urna_path(p->to, "checkpoint");
    enum urna_status st = urna_cli_record_open(&p->there, err);
    if (st == URNA_OK && urna_file_exists(checkpoint))
        st = must_continue(p, err);
    if (st == URNA_OK)
        st = make_aside(p, err);
    if (st == URNA_OK)
        st = copy_all(p->from, p->aside, err);
    if (st == URNA_OK)
        st = check_aside(p, err);
    if (st == URNA_OK)
        st = urna_files_open(&p->files, p->aside, err);
    if (st == URNA_OK && !urna_files_find(&p->files, "checkpoint", &p->checkpoint))
        st = urna_fail(err, URNA_SYSTEM, "the record changed while it was copied: pull again");
    if (st == URNA_OK)
        st = urna_file_exists(p->to) ? grow(p, err) : place_all(p, err);
    if (p->lock_aside >= 0 && urna_is_folder(p->aside)) {
        enum urna_status gone = urna_remove_tree(p->aside, NULL);
        (void)gone; /* the next run clears it */
    }
    free(checkpoint);
    return st;
}

static enum urna_status work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                             struct urna_error *err)
{
    struct pull *p = ctx;
    struct urna_buf aside = {0};
    p->there.path = p->from = args->arg[0];
    p->to = urna_xstrdup(args->arg[1]);
    for (size_t n = strlen(p->to); n > 1 && p->to[n - 1] == '/'; n--)
        p->to[n - 1] = '\0';
    urna_buf_printf(&aside, "%s.urna-incoming", p->to);
    p->aside = urna_xstrdup(urna_buf_cstr(&aside));
    p->here.path = p->to;
    enum urna_status st =
        strstr(p->from, "://")
            ? urna_fail(err, URNA_INPUT,
                        "a URL can't be fetched from here: mount or copy the record first")
            : take_over(p, err);
    if (st == URNA_OK) {
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "the copy has %llu leaves",
                       (unsigned long long)p->there.v.size);
        urna_tell_u64(s, "size", p->there.v.size);
        urna_tell_str(s, "folder", p->to);
        if (p->kept.len > 0)
            urna_tell_str(s, "kept", urna_buf_cstr(&p->kept));
    }
    urna_files_close(&p->files);
    urna_cli_record_close(&p->here);
    urna_cli_record_close(&p->there);
    if (p->lock_to >= 0)
        close(p->lock_to);
    if (p->lock_aside >= 0)
        close(p->lock_aside);
    urna_buf_free(&p->kept);
    urna_buf_free(&aside);
    free(p->to);
    free(p->aside);
    return st;
}

int urna_cmd_record_pull(int argc, char **argv)
{
    struct pull p = {.there.trust_needed = true, .lock_to = -1, .lock_aside = -1};
    const struct urna_option options[] = {URNA_TRUST_OPTIONS(p.there), {0}};
    const struct urna_command command = {
        .name = "urna record pull",
        .title = "take over a newer copy of a record",
        .usage = "urna record pull FROM FOLDER --trust FILE",
        .text = "FROM is a folder (a USB stick, a mirror that is mounted) or a .tar.zst; it does "
                "not fetch from a URL. It is judged first, and taken "
                "only if it continues the copy in FOLDER, if there is one: two copies that do not "
                "continue each other are a fork, and stay as they "
                "are. What witnesses signed of the older copy is kept beside it, as "
                "FOLDER.checkpoint-SIZE.",
        .options = options,
        .args_min = 2,
        .args_max = 2,
        .holds = "taken over",
        .fails = "it is not valid, older, or a fork",
    };
    return urna_cli_run(&command, argc, argv, work, &p);
}
