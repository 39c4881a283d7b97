#include "verify/append.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/pool.h"

struct urna_append {
    struct urna_record *record; /* what was there when it was opened; NULL for a new one */
    struct urna_follow *follow;
    struct urna_writer *writer;
    char origin[URNA_NAME_MAX + 1];
    uint8_t log_pk[32];
    char *folder;
    bool spoiled; /* the fold has seen an entry that is not in the log */
};

void urna_append_free(struct urna_append *a)
{
    if (!a)
        return;
    urna_writer_free(a->writer);
    urna_follow_free(a->follow);
    urna_record_free(a->record);
    free(a->folder);
    free(a);
}

static enum urna_status read_record(struct urna_append *a, unsigned threads, struct urna_error *err)
{
    char *cp = urna_path(a->folder, "checkpoint");
    bool there = urna_file_exists(cp);
    free(cp);
    if (there) {
        enum urna_status st = urna_writer_clear(a->folder, err);
        if (st == URNA_OK)
            st = urna_record_open(&a->record, a->folder, err);
        if (st != URNA_OK)
            return st;
    }
    a->follow = urna_follow_new(a->record, threads, NULL, NULL);
    if (!there)
        return URNA_OK;
    enum urna_status st = urna_follow_record(a->follow, false, err);
    size_t n;
    const struct urna_record_fault *f = urna_record_faults(a->record, &n);
    if (st == URNA_OK && n == 0)
        return URNA_OK;
    return n > 0 ? urna_fail(err, URNA_FALSE, "%s: %s", f[0].file, f[0].text) : st;
}

static enum urna_status open_writer(struct urna_append *a, struct urna_error *err)
{
    const struct urna_checkpoint *c = a->record ? urna_record_checkpoint(a->record) : NULL;
    struct urna_vkey log;
    urna_vkey_make(&log, a->origin, URNA_KEY_ED25519, a->log_pk);
    bool signed_by_log = false;
    for (size_t i = 0; c && i < c->n_sig; i++) {
        uint64_t time;
        if (urna_note_sig_by(&c->sig[i], &log))
            signed_by_log = urna_note_sig_check(&c->sig[i], &log, c->text, &time);
    }
    if (c && (!signed_by_log || strcmp(c->origin, a->origin) != 0))
        return urna_fail(err, URNA_FALSE, "the checkpoint is not signed by the log %s", a->origin);
    return urna_writer_open(&a->writer, a->folder, a->origin, a->log_pk, err);
}

enum urna_status urna_append_open(struct urna_append **out, const char *folder, const char *origin, const uint8_t log_pk[32],
                                  unsigned threads, struct urna_error *err)
{
    struct urna_append *a = urna_xcalloc(1, sizeof *a);
    a->folder = urna_xstrdup(folder);
    snprintf(a->origin, sizeof a->origin, "%s", origin);
    memcpy(a->log_pk, log_pk, 32);
    enum urna_status st = read_record(a, threads, err);
    if (st == URNA_OK)
        st = open_writer(a, err);
    if (st != URNA_OK) {
        urna_append_free(a);
        return st;
    }
    *out = a;
    return URNA_OK;
}

enum urna_status urna_append_reopen(struct urna_append **out, const char *folder, unsigned threads, struct urna_error *err)
{
    struct urna_append *a = urna_xcalloc(1, sizeof *a);
    a->folder = urna_xstrdup(folder);
    enum urna_status st = read_record(a, threads, err);
    const struct urna_context *P = st == URNA_OK ? urna_judge_context(urna_follow_judge(a->follow)) : NULL;
    if (st == URNA_OK && !P)
        st = urna_fail(err, a->record ? URNA_FALSE : URNA_INPUT, "%s holds no record with an acceptable manifest", folder);
    if (st == URNA_OK && P) {
        snprintf(a->origin, sizeof a->origin, "%s", P->m.origin);
        memcpy(a->log_pk, P->m.log_key, 32);
        st = open_writer(a, err);
    }
    if (st != URNA_OK) {
        urna_append_free(a);
        return st;
    }
    *out = a;
    return URNA_OK;
}

struct urna_judge *urna_append_judge(struct urna_append *a) { return urna_follow_judge(a->follow); }
struct urna_tree *urna_append_tree(struct urna_append *a) { return urna_follow_tree(a->follow); }
const char *urna_append_origin(const struct urna_append *a) { return a->origin; }
const uint8_t *urna_append_log_key(const struct urna_append *a) { return a->log_pk; }

/* --- one entry ------------------------------------------------------------------------------------------ */

struct leaves {
    struct urna_buf bytes;
    size_t end[URNA_PARTS_MAX + 1];
    size_t n;
};

static bool take_leaf(void *ctx, struct urna_view leaf)
{
    struct leaves *l = ctx;
    if (l->n > URNA_PARTS_MAX)
        return false;
    urna_buf_add(&l->bytes, leaf.p, leaf.len);
    l->end[l->n++] = l->bytes.len;
    return true;
}

static enum urna_status refuse(struct urna_error *err, const struct urna_ruling *r)
{
    if (err)
        snprintf(err->rule, sizeof err->rule, "%s", r->rule);
    return urna_fail(err, URNA_FALSE, "refused by rule %s (%s): %s", r->rule, urna_rule_section(r->rule), r->reason);
}

/* Phase 1, and whatever phase 2 can say without changing anything. The manifest is for the fold to decide. */
static enum urna_status ask(struct urna_append *a, const struct urna_entry *e, struct urna_alone *alone, struct urna_checks *n,
                            struct urna_error *err)
{
    struct urna_judge *J = urna_append_judge(a);
    struct urna_arena scratch = {0};
    struct urna_ruling r;
    urna_judge_alone(urna_judge_context(J), e, alone, &scratch, n);
    urna_arena_free(&scratch);
    return urna_judge_would_take(J, e, alone, &r) ? URNA_OK : refuse(err, &r);
}

/* A new log takes only the manifest that names it. */
static enum urna_status check_names_this_log(const struct urna_append *a, const struct urna_entry *e, struct urna_error *err)
{
    struct urna_ruling r;
    if (e->kind != URNA_MANIFEST)
        return urna_fail(err, URNA_FALSE, "the first entry of a log is a manifest");
    struct urna_context *P = urna_context_from_manifest(e->body, &r);
    if (!P)
        return refuse(err, &r);
    bool mine = strcmp(P->m.origin, a->origin) == 0 && memcmp(P->m.log_key, a->log_pk, 32) == 0;
    urna_context_free(P);
    return mine ? URNA_OK : urna_fail(err, URNA_FALSE, "the manifest names another log or log key");
}

/* Into the tree and before the judge, then to the writer. */
static enum urna_status append_asked(struct urna_append *a, const struct urna_entry *e, const struct urna_alone *alone, struct urna_error *err)
{
    struct leaves *l = urna_xcalloc(1, sizeof *l);
    enum urna_status st = urna_entry_leaves(e->kind, e->sigs, e->n_sigs, e->body, take_leaf, l, err);
    struct urna_ruling r = {"", ""};
    bool done = false, accepted = false;
    for (size_t i = 0, from = 0; st == URNA_OK && i < l->n; from = l->end[i++]) {
        struct urna_view out = i + 1 == l->n && urna_kind_out_of_line(e->kind) ? e->body : urna_view(NULL, 0);
        urna_follow_add(a->follow, urna_view(l->bytes.p + from, l->end[i] - from), out, alone, &done, &accepted, &r);
    }
    if (st == URNA_OK && !accepted) {
        a->spoiled = true;
        st = refuse(err, &r);
    }
    if (st == URNA_OK && urna_kind_out_of_line(e->kind))
        st = urna_writer_body(a->writer, e->body, err);
    for (size_t i = 0, from = 0; st == URNA_OK && i < l->n; from = l->end[i++])
        st = urna_writer_leaf(a->writer, urna_view(l->bytes.p + from, l->end[i] - from), err);
    urna_buf_free(&l->bytes);
    free(l);
    return st;
}

static enum urna_status check_not_spoiled(const struct urna_append *a, struct urna_error *err)
{
    return a->spoiled ? urna_fail(err, URNA_FALSE, "an entry was refused before: open the record again") : URNA_OK;
}

enum urna_status urna_append_entry(struct urna_append *a, struct urna_view file, uint64_t *index, struct urna_error *err)
{
    struct urna_arena arena = {0};
    struct urna_entry e;
    struct urna_alone alone = {0};
    bool first = urna_judge_entries(urna_append_judge(a)) == 0;
    enum urna_status st = check_not_spoiled(a, err);
    if (st == URNA_OK)
        st = urna_entry_file_read(&e, file, &arena, err);
    if (st == URNA_OK)
        st = first ? check_names_this_log(a, &e, err) : ask(a, &e, &alone, urna_judge_checks(urna_append_judge(a)), err);
    if (st == URNA_OK)
        st = append_asked(a, &e, first ? NULL : &alone, err);
    if (st == URNA_OK && index)
        *index = urna_tree_size(urna_append_tree(a)) - 1;
    urna_alone_free(&alone);
    urna_arena_free(&arena);
    return st;
}

/* --- many ------------------------------------------------------------------------------------------------- */

struct many {
    struct urna_append *a;
    const struct urna_view *file;
    struct urna_entry *e;
    struct urna_arena *arena;
    struct urna_alone *alone;
    struct urna_checks *checks;
    bool *ok;
};

static void ask_one(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    struct many *m = ctx;
    struct urna_error err = URNA_ERROR_INIT;
    m->ok[i] = urna_entry_file_read(&m->e[i], m->file[i], &m->arena[i], &err) == URNA_OK &&
               (m->e[i].kind == URNA_BALLOT || m->e[i].kind == URNA_CHALLENGE) && ask(m->a, &m->e[i], &m->alone[i], &m->checks[i], &err) == URNA_OK;
}

enum urna_status urna_append_many(struct urna_append *a, const struct urna_view *file, size_t n, bool *taken, struct urna_error *err)
{
    enum urna_status st = check_not_spoiled(a, err);
    if (st == URNA_OK && !urna_judge_context(urna_append_judge(a)))
        st = urna_fail(err, URNA_FALSE, "the first entry of a log is a manifest");
    if (st != URNA_OK)
        return st;
    struct many m = {a, file, urna_xcalloc(n + 1, sizeof *m.e), urna_xcalloc(n + 1, sizeof *m.arena), urna_xcalloc(n + 1, sizeof *m.alone), urna_xcalloc(n + 1, sizeof *m.checks),
                     taken};
    urna_parallel(0, n, ask_one, &m);
    for (size_t i = 0; i < n; i++) {
        struct urna_ruling r;
        urna_checks_add(urna_judge_checks(urna_append_judge(a)), &m.checks[i]);
        /* Asked again, since an equal one may have gone in just before. */
        taken[i] = st == URNA_OK && taken[i] && urna_judge_would_take(urna_append_judge(a), &m.e[i], &m.alone[i], &r);
        if (taken[i])
            st = append_asked(a, &m.e[i], &m.alone[i], err);
    }
    for (size_t i = 0; i < n; i++) {
        urna_alone_free(&m.alone[i]);
        urna_arena_free(&m.arena[i]);
    }
    free(m.e);
    free(m.arena);
    free(m.alone);
    free(m.checks);
    return st;
}

enum urna_status urna_append_commit(struct urna_append *a, const uint8_t log_seed[32], struct urna_error *err)
{
    return urna_writer_commit(a->writer, log_seed, err);
}

enum urna_status urna_append_cosign(struct urna_append *a, struct urna_view lines, struct urna_error *err)
{
    return urna_writer_cosign(a->writer, lines, err);
}
