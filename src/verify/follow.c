#include "verify/follow.h"

#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "base/term.h"

enum { BATCH = 1024, BATCH_BYTES = 4 << 20 };

/* What waits in a batch: an entry with room for its phase 1, or a stray part. */
struct item {
    bool stray;
    struct urna_stray s;
    struct urna_entry e;
    struct urna_alone a;
};

/* Leaves that came through urna_follow_add: their bytes are kept for the count. */
struct kept {
    uint64_t index;
    uint8_t *p;
    size_t len;
};

struct urna_follow {
    struct urna_record *r;
    unsigned threads;
    urna_follow_fn *fn;
    void *ctx;
    struct urna_tree *tree;
    struct urna_judge *J;
    struct urna_assembler *as;
    struct urna_view out_body;       /* of the leaf being added */
    bool adding;
    const struct urna_alone *given;  /* its phase 1, if somebody has asked already */
    uint64_t next;             /* index of the next leaf */

    struct urna_arena arena; /* of the batch */
    struct item *item;
    size_t n_items, cap_items, bytes;
    struct urna_arena *scratch; /* one a worker */
    struct urna_checks *checks;
    unsigned workers;

    struct kept *kept;
    size_t n_kept, cap_kept;
    struct urna_buf leaf; /* for reading again */
    struct urna_progress progress;
    bool show, changed; /* changed: what was read again is not what was hashed */
};

/* --- reading again ---------------------------------------------------------------------------------- */

static bool read_leaf(struct urna_follow *f, uint64_t index, struct urna_buf *out)
{
    size_t lo = 0, hi = f->n_kept;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (f->kept[mid].index == index) {
            urna_buf_add(out, f->kept[mid].p, f->kept[mid].len);
            return true;
        }
        if (f->kept[mid].index < index)
            lo = mid + 1;
        else
            hi = mid;
    }
    struct urna_error err = URNA_ERROR_INIT;
    size_t before = out->len;
    uint8_t h[32];
    if (!f->r || urna_record_leaf(f->r, index, out, &err) != URNA_OK)
        return false;
    urna_merkle_leaf(h, out->p + before, out->len - before);
    if (index < urna_tree_size(f->tree) && memcmp(h, urna_tree_leaf(f->tree, index), 32) == 0)
        return true;
    f->changed = true;
    return false;
}

/* The body behind the first line feed of the leaf, or of the parts before it. */
static bool body_again(void *ctx, uint64_t index, uint32_t parts, struct urna_buf *out)
{
    struct urna_follow *f = ctx;
    for (uint64_t i = parts ? index - parts : index; i < index + (parts == 0); i++) {
        urna_buf_reset(&f->leaf);
        if (!read_leaf(f, i, &f->leaf))
            return false;
        const uint8_t *nl = memchr(f->leaf.p, '\n', f->leaf.len);
        if (!nl)
            return false;
        urna_buf_add(out, nl + 1, f->leaf.len - (size_t)(nl + 1 - f->leaf.p));
    }
    return true;
}

static bool fetch_body(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out)
{
    struct urna_follow *f = ctx;
    if (f->adding && f->out_body.len == size) { /* an empty one is one, too */
        uint8_t h[32];
        urna_sha256(h, f->out_body.p, f->out_body.len);
        if (memcmp(h, sha256, 32) == 0) {
            urna_buf_add(out, f->out_body.p, f->out_body.len);
            return true;
        }
    }
    struct urna_error err = URNA_ERROR_INIT;
    bool there = false;
    return f->r && urna_record_body(f->r, sha256, size, out, &there, &err) == URNA_OK && there;
}

/* --- life ------------------------------------------------------------------------------------------- */

struct urna_follow *urna_follow_new(struct urna_record *r, unsigned threads, urna_follow_fn *fn, void *ctx)
{
    struct urna_follow *f = urna_xcalloc(1, sizeof *f);
    f->r = r;
    f->fn = fn;
    f->ctx = ctx;
    f->workers = f->threads = threads ? threads : urna_cores();
    f->tree = urna_tree_new();
    f->J = urna_judge_new(f->tree, body_again, f, f->threads);
    f->as = urna_assembler_new(fetch_body, f);
    f->scratch = urna_xcalloc(f->workers, sizeof *f->scratch);
    f->checks = urna_xcalloc(f->workers, sizeof *f->checks);
    return f;
}

void urna_follow_free(struct urna_follow *f)
{
    if (!f)
        return;
    urna_judge_free(f->J);
    urna_assembler_free(f->as);
    urna_tree_free(f->tree);
    for (unsigned i = 0; i < f->workers; i++)
        urna_arena_free(&f->scratch[i]);
    free(f->scratch);
    free(f->checks);
    urna_arena_free(&f->arena);
    free(f->item);
    for (size_t i = 0; i < f->n_kept; i++)
        free(f->kept[i].p);
    free(f->kept);
    urna_buf_free(&f->leaf);
    free(f);
}

struct urna_judge *urna_follow_judge(struct urna_follow *f) { return f->J; }
struct urna_tree *urna_follow_tree(struct urna_follow *f) { return f->tree; }

/* --- batches ---------------------------------------------------------------------------------------- */

static struct item *add_item(struct urna_follow *f)
{
    if (f->n_items == f->cap_items) {
        f->cap_items = f->cap_items ? 2 * f->cap_items : 256;
        f->item = urna_xrealloc(f->item, f->cap_items, sizeof *f->item);
    }
    struct item *x = &f->item[f->n_items++];
    memset(x, 0, sizeof *x);
    return x;
}

static void judge_one(void *ctx, size_t i, unsigned worker)
{
    struct urna_follow *f = ctx;
    struct item *x = &f->item[i];
    const struct urna_context *P = urna_judge_context(f->J);
    if (x->stray)
        return;
    if (f->given) {
        x->a = *f->given;
        x->a.line_ok = NULL;
        if (f->given->n_lines > 0) {
            x->a.line_ok = urna_xcalloc(f->given->n_lines, sizeof *x->a.line_ok);
            memcpy(x->a.line_ok, f->given->line_ok, f->given->n_lines * sizeof *x->a.line_ok);
        }
        return;
    }
    if (P)
        urna_judge_alone(P, &x->e, &x->a, &f->scratch[worker], &f->checks[worker]);
}

static void flush(struct urna_follow *f)
{
    size_t from = 0;
    if (f->n_items > 0 && urna_judge_entries(f->J) == 0 && !f->item[0].stray) {
        /* The manifest makes the context that phase 1 of all others needs. */
        struct urna_ruling r;
        bool ok = urna_judge_fold(f->J, &f->item[0].e, NULL, &r);
        if (f->fn)
            f->fn(f->ctx, &f->item[0].e, ok, &r);
        from = 1;
    }
    if (urna_judge_context(f->J)) {
        urna_parallel(f->threads, f->n_items, judge_one, f);
        for (unsigned i = 0; i < f->workers; i++) {
            urna_checks_add(urna_judge_checks(f->J), &f->checks[i]);
            memset(&f->checks[i], 0, sizeof f->checks[i]);
        }
        for (size_t i = from; i < f->n_items; i++) {
            struct item *x = &f->item[i];
            struct urna_ruling r;
            if (x->stray) {
                urna_judge_stray(f->J, &x->s);
                continue;
            }
            bool ok = urna_judge_fold(f->J, &x->e, &x->a, &r);
            if (f->fn)
                f->fn(f->ctx, &x->e, ok, &r);
        }
    }
    for (size_t i = 0; i < f->n_items; i++)
        urna_alone_free(&f->item[i].a);
    f->n_items = f->bytes = 0;
    urna_arena_reset(&f->arena);
}

/* Phase 1 of what follows needs what these two change. */
static bool ends_batch(const struct urna_entry *e)
{
    return !e->bad_form && (e->kind == URNA_MANIFEST || e->kind == URNA_OPEN);
}

static void take_strays(struct urna_follow *f, const struct urna_stray *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct item *x = add_item(f);
        x->stray = true;
        x->s = s[i];
        x->s.reason = urna_arena_strndup(&f->arena, s[i].reason, strlen(s[i].reason));
    }
}

/* Returns true if an entry was completed: then a batch that is full must be flushed before the next leaf. */
static bool take_leaf(struct urna_follow *f, uint64_t index, struct urna_view bytes)
{
    struct urna_entry e;
    const struct urna_stray *s;
    size_t n;
    bool whole = urna_assembler_leaf(f->as, index, bytes, &e, &s, &n);
    take_strays(f, s, n);
    if (!whole)
        return false;
    struct item *x = add_item(f);
    struct urna_view body = e.body;
    f->bytes += body.len + bytes.len;
    if (f->bytes >= BATCH_BYTES) /* the last of its batch, and perhaps hundreds of megabytes: the assembler's copy will do */
        e.body = urna_view(NULL, 0);
    urna_entry_copy(&x->e, &e, &f->arena);
    if (e.body.len == 0)
        x->e.body = body;
    return true;
}

static bool scan_leaf(void *ctx, uint64_t index, struct urna_view bytes)
{
    struct urna_follow *f = ctx;
    bool whole = take_leaf(f, index, bytes);
    bool first = urna_judge_entries(f->J) == 0;
    if (f->n_items >= BATCH || f->bytes >= BATCH_BYTES || (whole && (first || ends_batch(&f->item[f->n_items - 1].e)))) {
        flush(f);
        if (f->show)
            urna_progress_at(&f->progress, index + 1);
    }
    f->next = index + 1;
    return true;
}

bool urna_follow_changed(const struct urna_follow *f)
{
    return f->changed;
}

enum urna_status urna_follow_record(struct urna_follow *f, bool progress, struct urna_error *err)
{
    enum urna_status st = urna_record_scan(f->r, f->tree, f->threads, NULL, NULL, err);
    if (st != URNA_OK)
        return st;
    size_t n;
    const struct urna_record_fault *fault = urna_record_faults(f->r, &n);
    for (size_t i = 0; i < n; i++)
        if (fault[i].state == URNA_RECORD_INVALID)
            return URNA_FALSE;
    f->show = progress;
    if (progress)
        urna_progress_start(&f->progress, "entries", urna_tree_size(f->tree));
    uint64_t size = urna_tree_size(f->tree);
    st = urna_record_scan(f->r, f->tree, f->threads, scan_leaf, f, err);
    if (st == URNA_OK && urna_tree_size(f->tree) != size)
        st = urna_fail(err, URNA_SYSTEM, "the record grew while it was read");
    flush(f);
    if (progress)
        urna_progress_end(&f->progress);
    return st;
}

void urna_follow_end(struct urna_follow *f)
{
    const struct urna_stray *s;
    size_t n;
    urna_assembler_end(f->as, &s, &n);
    take_strays(f, s, n);
    flush(f);
    urna_judge_end(f->J);
}

/* --- appending ---------------------------------------------------------------------------------------- */

static void keep(struct urna_follow *f, struct urna_view leaf)
{
    if (f->n_kept == f->cap_kept) {
        f->cap_kept = f->cap_kept ? 2 * f->cap_kept : 256;
        f->kept = urna_xrealloc(f->kept, f->cap_kept, sizeof *f->kept);
    }
    struct kept *k = &f->kept[f->n_kept++];
    k->index = f->next;
    k->len = leaf.len;
    k->p = urna_xmalloc(leaf.len + 1);
    if (leaf.len > 0)
        memcpy(k->p, leaf.p, leaf.len);
}

static bool push_leaf(struct urna_follow *f, struct urna_view leaf)
{
    uint8_t h[32];
    urna_merkle_leaf(h, leaf.p, leaf.len);
    urna_tree_add(f->tree, h);
    keep(f, leaf);
    return take_leaf(f, f->next++, leaf);
}

struct last {
    bool accepted;
    struct urna_ruling r;
};

static void note_last(void *ctx, const struct urna_entry *e, bool accepted, const struct urna_ruling *r)
{
    (void)e;
    struct last *l = ctx;
    l->accepted = accepted;
    l->r = *r;
}

void urna_follow_add(struct urna_follow *f, struct urna_view leaf, struct urna_view out_body, const struct urna_alone *alone,
                     bool *done, bool *accepted, struct urna_ruling *ruling)
{
    struct last l = {false, {"", ""}};
    urna_follow_fn *fn = f->fn;
    void *ctx = f->ctx;
    f->out_body = out_body;
    f->adding = true;
    *done = push_leaf(f, leaf);
    f->fn = note_last;
    f->ctx = &l;
    f->given = alone;
    if (*done)
        flush(f);
    f->given = NULL;
    f->fn = fn;
    f->ctx = ctx;
    f->out_body = urna_view(NULL, 0);
    f->adding = false;
    *accepted = l.accepted;
    *ruling = l.r;
}
