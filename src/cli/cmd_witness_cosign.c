/* urna witness cosign: a witness that works with files (election.md sections 7, 8).
 *
 * The state folder holds `last`, the largest tree ever signed, and a note for every signature
 * given. What is signed is durable there before the signature leaves: a witness that forgets could
 * sign two faces of one log. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cmd_witness.h"
#include "rules/alone.h"

struct request {
    struct urna_cli_record record;
    const char *key, *state, *out, *time, *pass_file;
    struct urna_strings known, received;
    struct urna_cli_witness w;
    struct urna_cosigs seen; /* own ones and those of --known */
    int lock;
    uint64_t now;
};

static enum urna_status lock_state(struct request *q, struct urna_error *err)
{
    enum urna_status st = urna_mkdirs(q->state, 0700, err);
    if (st != URNA_OK)
        return st;
    char *path = urna_path(q->state, "lock");
    q->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (q->lock < 0)
        st = urna_fail_errno(err, "%s: open", path);
    else if (flock(q->lock, LOCK_EX | LOCK_NB) != 0)
        st = errno == EWOULDBLOCK
                 ? urna_fail(err, URNA_INPUT, "another process is signing with this state")
                 : urna_fail_errno(err, "%s: flock", path);
    free(path);
    if (st != URNA_OK)
        urna_error_where(err, q->state);
    return st;
}

/* The checkpoint that was read, its lines, and perhaps one more. */
static void write_note(struct urna_buf *out, const struct urna_checkpoint *c,
                       const struct urna_buf *line)
{
    urna_buf_add(out, c->text.p, c->text.len);
    urna_buf_char(out, '\n');
    for (size_t i = 0; i < c->n_sig; i++) {
        struct urna_vkey k = {0};
        snprintf(k.name, sizeof k.name, "%s", c->sig[i].name);
        memcpy(k.id, c->sig[i].id, 4);
        urna_note_line(out, &k, c->sig[i].blob.p, c->sig[i].blob.len);
    }
    if (line)
        urna_buf_add(out, line->p, line->len);
}

/* --- forks --------------------------------------------------------------- */

static enum urna_status keep_file(const struct request *q, const char *name, struct urna_view bytes,
                                  struct urna_error *err)
{
    char *path = urna_path(q->state, name);
    enum urna_status st = urna_file_write(path, bytes.p, bytes.len, 0644, err);
    free(path);
    return st;
}

/* Both checkpoints stay, whatever else happens; nothing is signed. A root in each name: a third face
 * does not take the place of the second. */
static enum urna_status fork_found(const struct request *q, struct urna_view signed_note,
                                   uint64_t size, const uint8_t mine[32], const uint8_t theirs[32],
                                   struct urna_error *err)
{
    struct urna_buf shown = {0}, name = {0};
    char a[65], b[65];
    urna_hex(a, mine, 32);
    urna_hex(b, theirs, 32);
    const struct urna_checkpoint *c = urna_record_checkpoint(q->record.v.record);
    write_note(&shown, c, NULL);
    urna_buf_printf(&name, "fork-%llu-signed-%.8s.note", (unsigned long long)size, a);
    enum urna_status st = keep_file(q, urna_buf_cstr(&name), signed_note, err);
    urna_buf_reset(&name);
    urna_buf_printf(&name, "fork-%llu-shown-%.8s.note", (unsigned long long)size, b);
    if (st == URNA_OK)
        st = keep_file(q, urna_buf_cstr(&name), urna_buf_view(&shown), err);
    urna_buf_free(&shown);
    urna_buf_free(&name);
    if (st != URNA_OK)
        return st;
    return urna_fail(err, URNA_FALSE,
                     "FORK: this log showed two faces. At size %llu the root that was signed is "
                     "%s, the record shown now has %s. Nothing is signed. Both "
                     "checkpoints lie in the state folder (fork-...): publish them",
                     (unsigned long long)size, a, b);
}

/* The tree of a note must be the beginning of this one. */
static enum urna_status check_consistent(const struct request *q,
                                         const struct urna_checkpoint *last, struct urna_view note,
                                         struct urna_error *err)
{
    uint8_t root[32];
    const struct urna_tree *tree = urna_follow_tree(q->record.v.follow);
    if (last->size > q->record.v.size)
        return urna_fail(
            err, URNA_FALSE,
            "the record has %llu leaves, but you signed %llu already: get a newer copy",
            (unsigned long long)q->record.v.size, (unsigned long long)last->size);
    if (!urna_tree_root(tree, last->size, root) || memcmp(root, last->root, 32) != 0)
        return fork_found(q, note, last->size, last->root, root, err);
    return URNA_OK;
}

static enum urna_status check_last(struct request *q, struct urna_error *err)
{
    struct urna_buf note = {0};
    struct urna_checkpoint last = {0};
    char *path = urna_path(q->state, "last");
    enum urna_status st = URNA_OK;
    if (urna_file_exists(path)) {
        st = urna_cli_read(&note, path, URNA_NOTE_MAX, err);
        if (st == URNA_OK)
            st = urna_checkpoint_read(&last, urna_buf_view(&note), err);
        if (st == URNA_OK && strcmp(last.origin, q->record.P->m.origin) != 0)
            st = urna_fail(err, URNA_INPUT, "this state is of another log");
        if (st == URNA_OK)
            st = check_consistent(q, &last, urna_buf_view(&note), err);
        if (st != URNA_OK)
            urna_error_where(err, path);
    }
    urna_checkpoint_free(&last);
    urna_buf_free(&note);
    free(path);
    return st;
}

/* --- what is known of signatures given ----------------------------------- */

static enum urna_status read_seen(struct request *q, struct urna_error *err)
{
    struct urna_names names = {0};
    enum urna_status st = urna_list_files(&names, q->state, 1 << 20, err);
    for (size_t i = 0; st == URNA_OK && i < names.n; i++)
        if (strncmp(names.name[i], "cosigned-", 9) == 0) {
            char *path = urna_path(q->state, names.name[i]);
            st = urna_cosigs_read(&q->seen, &q->record.P->m, path, err);
            free(path);
        }
    urna_names_free(&names);
    for (size_t i = 0; st == URNA_OK && i < q->known.n; i++)
        st = urna_cosigs_read(&q->seen, &q->record.P->m, q->known.s[i], err);
    return st;
}

static enum urna_status check_seen(struct request *q, struct urna_error *err)
{
    const struct urna_tree *tree = urna_follow_tree(q->record.v.follow);
    for (size_t i = 0; i < q->seen.n; i++) {
        const struct urna_cosig *c = &q->seen.v[i];
        uint8_t root[32];
        if (c->witness == q->w.index && c->head == q->w.head && c->time > q->now)
            return urna_fail(err, URNA_INPUT, "you have signed with a later time than this one");
        if (c->size > q->record.v.size || !urna_tree_root(tree, c->size, root) ||
            memcmp(root, c->root, 32) == 0)
            continue;
        struct urna_buf note = {0};
        urna_checkpoint_text(&note, q->record.P->m.origin, c->size, c->root);
        urna_buf_char(&note, '\n');
        urna_buf_add(&note, c->line.p, c->line.len);
        enum urna_status st = fork_found(q, urna_buf_view(&note), c->size, c->root, root, err);
        urna_buf_free(&note);
        return st;
    }
    return URNA_OK;
}

/* --- what a full witness does not sign ----------------------------------- */

/* s_w(T) from the anchors up to the seal. */
static uint64_t anchored(const struct urna_cli_entries *anchors, const struct urna_manifest *m,
                         uint32_t w, uint64_t T, uint64_t seal)
{
    uint64_t s = 0;
    for (size_t i = 0; i < anchors->n && anchors->v[i].e.index <= seal; i++) {
        const struct urna_anchor *a = &anchors->v[i].b.anchor;
        for (uint32_t x = 0; x < a->n_cosigs; x++)
            if (strcmp(a->cosigs[x].as, m->witnesses[w].id) == 0 && a->cosigs[x].time <= T &&
                a->size > s)
                s = a->size;
    }
    return s;
}

/* A board that withholds anchors moves the cut; its witnesses stop it (section 7). */
static enum urna_status check_anchors(const struct request *q, uint64_t seal, uint64_t cut,
                                      struct urna_error *err)
{
    const struct urna_manifest *m = &q->record.P->m;
    struct urna_arena a = {0};
    struct urna_cli_entries anchors;
    uint64_t T = m->t_close + m->delta;
    enum urna_status st =
        urna_cli_accepted(&anchors, &q->record, URNA_KIND_BIT(URNA_ANCHOR), &a, err);
    for (size_t i = 0; st == URNA_OK && i < q->seen.n; i++) {
        const struct urna_cosig *c = &q->seen.v[i];
        if (c->time <= T && c->size > cut && c->size > anchored(&anchors, m, c->witness, T, seal))
            st = urna_fail(err, URNA_FALSE,
                           "anchor-withheld: %s signed size %llu in time, and no anchor before the "
                           "seal says so; the cut is %llu. Not signed: urna witness "
                           "verdict --answer anchor-withheld",
                           m->witnesses[c->witness].id, (unsigned long long)c->size,
                           (unsigned long long)cut);
    }
    urna_arena_free(&a);
    return st;
}

struct taken {
    bool good; /* ok, and E1 */
    uint8_t pk[32];
};

/* Does this witness's own judge find the ballot ok with E1? */
static enum urna_status judge_ballot(struct taken *out, uint8_t e_out[32], const struct request *q,
                                     const char *path, struct urna_error *err)
{
    struct urna_buf file = {0};
    struct urna_arena a = {0}, scratch = {0};
    struct urna_entry e;
    struct urna_alone alone = {0};
    struct urna_checks n = {0};
    *out = (struct taken){0};
    enum urna_status st = urna_cli_read(&file, path, URNA_OUT_MAX, err);
    if (st == URNA_OK)
        st = urna_entry_file_read(&e, urna_buf_view(&file), &a, err);
    if (st == URNA_OK && e.kind != URNA_BALLOT)
        st = urna_fail(err, URNA_INPUT, "not a ballot");
    if (st == URNA_OK) {
        size_t n_rows;
        urna_judge_alone(q->record.P, &e, &alone, &scratch, &n);
        const struct urna_row *rows = urna_judge_rows(q->record.J, &n_rows);
        int64_t row = alone.ok ? urna_judge_find_row(q->record.J, alone.keys[0]) : -1;
        out->good = row >= 0 && rows[row].style == alone.style &&
                    rows[row].n_keys == alone.n_keys &&
                    (alone.n_keys < 2 || memcmp(rows[row].key[1], alone.keys[1], 32) == 0);
        memcpy(out->pk, alone.keys[0], 32);
        memcpy(e_out, e.e, 32);
    } else {
        urna_error_where(err, path);
    }
    urna_alone_free(&alone);
    urna_arena_free(&scratch);
    urna_arena_free(&a);
    urna_buf_free(&file);
    return st;
}

static bool in_time(const struct request *q, const uint8_t e[32], uint64_t cut)
{
    size_t n;
    const struct urna_ballot_rec *b = urna_judge_ballots(q->record.J, &n);
    for (size_t i = 0; i < n; i++)
        if (b[i].index < cut && b[i].state != URNA_B_VOID && memcmp(b[i].e, e, 32) == 0)
            return true;
    return false;
}

/* More than ballot_max of one credential need not be logged. */
static bool within_max(const struct taken *t, size_t i, uint64_t max)
{
    uint64_t n = 0;
    for (size_t j = 0; j <= i; j++)
        n += t[j].good && memcmp(t[j].pk, t[i].pk, 32) == 0;
    return n <= max;
}

static enum urna_status check_received(const struct request *q, uint64_t cut,
                                       struct urna_error *err)
{
    struct taken *t = urna_xcalloc(q->received.n + 1, sizeof *t);
    enum urna_status st = URNA_OK;
    for (size_t i = 0; st == URNA_OK && i < q->received.n; i++) {
        uint8_t e[32];
        st = judge_ballot(&t[i], e, q, q->received.s[i], err);
        if (st == URNA_OK && t[i].good && within_max(t, i, q->record.P->m.ballot_max) &&
            !in_time(q, e, cut)) {
            char hex[65];
            urna_hex(hex, e, 32);
            st = urna_fail(err, URNA_FALSE,
                           "ballot-withheld: the good ballot %s that you received and forwarded is "
                           "not in the log in time. Not signed: urna witness verdict "
                           "--answer ballot-withheld",
                           hex);
        }
    }
    free(t);
    return st;
}

static enum urna_status check_countset(const struct request *q, struct urna_error *err)
{
    uint64_t at, seal, cut;
    if (q->w.head || !urna_judge_countset_at(q->record.J, &at) ||
        !urna_judge_seal(q->record.J, &seal, &cut))
        return URNA_OK;
    enum urna_status st = check_anchors(q, seal, cut, err);
    return st == URNA_OK ? check_received(q, cut, err) : st;
}

/* --- signing ------------------------------------------------------------- */

static enum urna_status choose_time(struct request *q, struct urna_error *err)
{
    q->now = (uint64_t)urna_now();
    if (!q->time)
        return URNA_OK;
    if (!q->record.P->m.test)
        return urna_fail(
            err, URNA_INPUT,
            "--time is for test elections only: a witness's clock is what the others rely on");
    if (!urna_cli_time(&q->now, q->time) || q->now == 0)
        return urna_fail(err, URNA_INPUT,
                         "--time: a time is 2026-05-01T08:00:00Z or a number of Unix seconds");
    return URNA_OK;
}

static enum urna_status sign(struct urna_tell *s, struct request *q, struct urna_error *err)
{
    const struct urna_checkpoint *c = urna_record_checkpoint(q->record.v.record);
    struct urna_vkey k;
    struct urna_buf line = {0}, note = {0}, last = {0}, name = {0};
    uint8_t blob[72];
    urna_vkey_make(&k, q->w.key.name, URNA_KEY_COSIGNATURE, q->w.key.public);
    urna_be64(blob, q->now);
    urna_cosignature_sign(blob + 8, q->w.key.seed, q->now, c->text);
    urna_note_line(&line, &k, blob, sizeof blob);
    urna_buf_add(&note, c->text.p, c->text.len);
    urna_buf_char(&note, '\n');
    urna_buf_add(&note, line.p, line.len);
    write_note(&last, c, NULL);
    urna_buf_printf(&name, "cosigned-%llu-%llu-%s.note", (unsigned long long)c->size,
                    (unsigned long long)q->now, q->w.head ? "head" : "full");
    enum urna_status st = keep_file(q, "last", urna_buf_view(&last), err);
    if (st == URNA_OK)
        st = keep_file(q, urna_buf_cstr(&name), urna_buf_view(&note), err);
    if (st == URNA_OK)
        st = urna_cli_write(q->out, urna_buf_view(&note), 0644, err);
    if (st == URNA_OK) {
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "%s signed size %llu (%s)",
                       q->record.P->m.witnesses[q->w.index].id, (unsigned long long)c->size,
                       q->w.head ? "head: the log only grew"
                                 : "full: every byte is here and was judged");
        urna_tell_str(s, "file", q->out);
        urna_tell_u64(s, "size", c->size);
        urna_tell_hex(s, "root", c->root, 32);
        urna_tell_time(s, "time", q->now);
        if (!q->w.head)
            urna_tell_str(s, "judge", urna_answer_name[q->record.v.answer]);
    }
    urna_buf_free(&line);
    urna_buf_free(&note);
    urna_buf_free(&last);
    urna_buf_free(&name);
    return st;
}

static enum urna_status cosign(struct urna_tell *s, struct request *q, struct urna_error *err)
{
    enum urna_status st = urna_cli_record_open(&q->record, err);
    if (st == URNA_OK)
        st = urna_cli_witness_load(&q->w, q->record.P, q->key, q->pass_file, err);
    if (st == URNA_OK)
        st = lock_state(q, err);
    if (st == URNA_OK)
        st = choose_time(q, err);
    if (st == URNA_OK)
        st = check_last(q, err);
    if (st == URNA_OK)
        st = read_seen(q, err);
    if (st == URNA_OK)
        st = check_seen(q, err);
    if (st == URNA_OK)
        st = check_countset(q, err);
    return st == URNA_OK ? sign(s, q, err) : st;
}

int urna_cmd_witness_cosign(int argc, char **argv)
{
    struct request q = {.record.trust_needed = true, .lock = -1};
    const struct urna_option options[] = {
        {"key", "FILE", "your sealed head or full key", .string = &q.key, .required = true},
        {"state", "FOLDER", "what you signed before", .string = &q.state, .required = true},
        {"out", "FILE", "the note: the checkpoint's text and your line", .string = &q.out,
         .required = true, .new_file = true},
        {"known", "NOTE",
         "a cosignature of another witness that was handed to the board in time; several times",
         .list = &q.known},
        {"received", "ENTRY",
         "a ballot that you received before the close and forwarded; several times",
         .list = &q.received},
        {"time", "TIME", "instead of now (test elections)", .string = &q.time},
        URNA_TRUST_OPTIONS(q.record),
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna witness cosign",
        .title = "check a record and sign what it is now",
        .usage = "urna witness cosign RECORD --trust FILE --key FILE --state FOLDER --out NOTE",
        .text = "With the full key: every byte is here, your own judge has read it, and no anchor "
                "or ballot that you know of was withheld. With the head "
                "key: the log only grew. A log that shows you two faces is never signed; both "
                "checkpoints are kept.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "signed",
        .fails = "not signed, and why",
    };
    struct urna_args args;
    struct urna_tell s;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc == URNA_GO_ON) {
        struct urna_error err = URNA_ERROR_INIT;
        q.record.path = args.arg[0];
        urna_tell_begin(&s, &args);
        enum urna_status st = cosign(&s, &q, &err);
        if (st == URNA_OK) {
            rc = urna_tell_end(&s, URNA_OK);
        } else {
            urna_json_free(&s.j);
            rc = urna_report_error(command.name, &err);
        }
    }
    urna_role_wipe(&q.w.key);
    urna_cosigs_free(&q.seen);
    urna_strings_free(&q.known);
    urna_strings_free(&q.received);
    urna_cli_record_close(&q.record);
    if (q.lock >= 0)
        close(q.lock);
    return rc;
}
