/* Reading a whole record: every entry is hashed, every hash tile and every partial tile that lies
 * there is compared with what was hashed, and the root with the checkpoint's.
 *
 * Invariants:
 *  1. Entries are delivered in order, without a gap, and only those that the checkpoint's size
 * covers.
 *  2. While `gap` is false, level[l] holds the hashes of the tile that is being filled at level l,
 * all computed from entries; higher levels and the root need every entry, so behind a gap only
 * level 0 is compared.
 *  3. Work is bounded by the files that are there, whatever size the checkpoint states. */
#include "log/record_internal.h"

#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

#define BATCH 16               /* bundles that are hashed together */
#define BATCH_BYTES (4u << 20) /* and about how many bytes */

struct hashed_bundle {
    struct urna_bundle b;
    bool whole; /* has all b.need entries */
    uint8_t hash[URNA_TILE_WIDTH][32];
    uint8_t root[32]; /* of a full one */
};
struct level {
    uint8_t hash[URNA_TILE_WIDTH][32];
    unsigned n;
    uint64_t index;
};
struct scan {
    struct urna_record *r;
    struct urna_tree *tree;
    unsigned threads;
    bool (*leaf)(void *ctx, uint64_t index, struct urna_view bytes);
    void *ctx;
    struct urna_error *err;
    uint64_t size, n_bundles, next; /* next: the bundle that comes now */
    bool gap;
    struct level level[URNA_TILE_LEVELS];
    struct urna_merkle full; /* over the roots of full bundles */
    uint8_t rest[32];        /* root of the last, partial bundle */
    bool has_rest;
    struct urna_buf wide, narrow; /* for comparing files */
    struct hashed_bundle *batch;
};

static const char *file_name(const struct scan *s, const struct urna_tile_file *f)
{
    return urna_files_name(&s->r->files, f->file);
}

/* ---- comparing the files at one place ---- */

static size_t file_max(const struct urna_tile *t)
{
    return t->level == URNA_ENTRIES ? URNA_BUNDLE_MAX(t->width) : 32 * (size_t)t->width;
}

/* Longer than its width? For a bundle only counting tells. */
static bool has_surplus(const struct urna_tile *t, struct urna_view content)
{
    struct urna_view at[URNA_TILE_WIDTH];
    size_t used;
    if (t->level != URNA_ENTRIES)
        return content.len > file_max(t);
    return urna_bundle_read(at, t->width, content, &used) == t->width && used < content.len;
}

/* *surplus: it is longer than its width (which is reported once). */
static enum urna_status read_tile(struct scan *s, struct urna_tile_file *f, struct urna_buf *buf,
                                  struct urna_view *content, bool *surplus)
{
    bool again = f->seen;
    f->seen = true;
    enum urna_status st =
        urna_files_read(&s->r->files, f->file, file_max(&f->tile), buf, content, surplus, s->err);
    *surplus = *surplus || has_surplus(&f->tile, *content);
    if (st == URNA_OK && *surplus && !again)
        urna_record_add_fault(s->r, URNA_RECORD_INVALID, file_name(s, f),
                              "longer than its width of %u", f->tile.width);
    return st;
}

/* Does a hash tile say what the entries say? If not: which hashes, and so which entries? */
static bool check_hashes(struct scan *s, const struct urna_tile_file *f, struct urna_view content,
                         struct urna_view computed)
{
    size_t n = (content.len < computed.len ? content.len : computed.len) / 32, first = n, last = 0;
    for (size_t j = 0; j < n; j++) {
        if (memcmp(content.p + 32 * j, computed.p + 32 * j, 32) != 0) {
            first = first < n ? first : j;
            last = j;
        }
    }
    if (first == n)
        return true;
    unsigned shift = 8 * (unsigned)f->tile.level;
    uint64_t base = f->tile.index * URNA_TILE_WIDTH;
    uint64_t from = (base + first) << shift, to = ((base + last + 1) << shift) - 1;
    struct urna_record_fault *fault = urna_record_add_fault(
        s->r, URNA_RECORD_INVALID, file_name(s, f),
        f->tile.level == 0
            ? "the hash of entry %llu is not the one of the entry that lies there"
            : "the hash from entry %llu on is not the one over the entries that lie there",
        (unsigned long long)from);
    fault->first = from;
    fault->last = to;
    memcpy(fault->expected, content.p + 32 * first, 32);
    memcpy(fault->found, computed.p + 32 * first, 32);
    fault->has_hashes = true;
    return false;
}

static void check_start(struct scan *s, const struct urna_tile_file *f, struct urna_view content,
                        const struct urna_tile_file *wide, struct urna_view wide_content)
{
    size_t n = content.len < wide_content.len ? content.len : wide_content.len;
    if (n > 0 && memcmp(content.p, wide_content.p, n) != 0)
        urna_record_add_fault(s->r, URNA_RECORD_INVALID, file_name(s, f),
                              "differs from %s where both reach", file_name(s, wide));
}

/* All files at a place: none is longer than its width, each agrees with the widest and, hash tiles,
 * with what was computed; the hash tile that the size requires (need > 0) is there. */
static enum urna_status check_place(struct scan *s, int level, uint64_t index, unsigned need,
                                    struct urna_view computed)
{
    struct urna_place p = urna_record_place(s->r, level, index);
    const struct urna_tile_file *required = urna_record_choose(s->r, p, need);
    if (need > 0 && required == NULL) {
        char path[URNA_TILE_PATH_MAX];
        urna_tile_path(path, &(struct urna_tile){level, index, need});
        urna_record_add_fault(s->r, URNA_RECORD_INCOMPLETE, path, "missing");
    }
    const struct urna_tile_file *widest = NULL;
    struct urna_view wide = {NULL, 0};
    for (size_t i = p.first + p.n; i-- > p.first;) {
        struct urna_tile_file *f = &s->r->tile[i];
        struct urna_view content;
        bool surplus;
        enum urna_status st = read_tile(s, f, widest ? &s->narrow : &s->wide, &content, &surplus);
        if (st != URNA_OK)
            return st;
        bool agrees = check_hashes(s, f, content, computed);
        if (f == required && !surplus && content.len < 32 * (size_t)need)
            urna_record_add_fault(s->r, URNA_RECORD_INCOMPLETE, file_name(s, f), "ends early");
        if (widest && agrees) /* one fault a file is enough */
            check_start(s, f, content, widest, wide);
        if (!widest) {
            widest = f;
            wide = content;
        }
    }
    return URNA_OK;
}

/* ---- bundles: read, hash ---- */

static void missing_entries(struct scan *s, const char *file, uint64_t first, uint64_t last,
                            const char *what)
{
    struct urna_record_fault *f = urna_record_add_fault(
        s->r, URNA_RECORD_INCOMPLETE, file, "%s: entries %llu to %llu are not there", what,
        (unsigned long long)first, (unsigned long long)last);
    f->first = first;
    f->last = last;
}

/* Bundles from `from` up to `to` are not there. */
static void missing_bundles(struct scan *s, uint64_t from, uint64_t to)
{
    char path[URNA_TILE_PATH_MAX];
    unsigned need = urna_tile_width(URNA_ENTRIES, from, s->size);
    urna_tile_path(path, &(struct urna_tile){URNA_ENTRIES, from, need});
    uint64_t first = from * URNA_TILE_WIDTH;
    uint64_t last = to < s->n_bundles ? to * URNA_TILE_WIDTH - 1 : s->size - 1;
    missing_entries(s, path, first, last, "missing");
}

/* Read the bundle that the size requires. Others at its place are compared at the end. */
static enum urna_status read_bundle(struct scan *s, struct hashed_bundle *h,
                                    struct urna_tile_file *f)
{
    struct urna_view content;
    size_t used;
    bool surplus;
    enum urna_status st = read_tile(s, f, &h->b.bytes, &content, &surplus);
    if (st != URNA_OK)
        return st;
    h->b.n = urna_bundle_read(h->b.at, h->b.need, content, &used);
    h->whole = h->b.n == h->b.need;
    if (!h->whole) {
        uint64_t first = h->b.index * URNA_TILE_WIDTH;
        missing_entries(s, file_name(s, f), first + h->b.n, first + h->b.need - 1, "ends early");
    }
    return st;
}

static void hash_bundle(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    struct hashed_bundle *h = &((struct scan *)ctx)->batch[i];
    for (size_t j = 0; j < h->b.n; j++)
        urna_merkle_leaf(h->hash[j], h->b.at[j].p, h->b.at[j].len);
    urna_merkle_tree(h->root, (const uint8_t(*)[32])h->hash, h->b.n);
}

/* ---- the fold over bundles ---- */

/* A tile at this level is complete, or the log ends in it. */
static enum urna_status end_tile(struct scan *s, unsigned l)
{
    struct level *v = &s->level[l];
    return check_place(s, (int)l, v->index, v->n, urna_view(v->hash, 32 * (size_t)v->n));
}

static enum urna_status add_hash(struct scan *s, unsigned l, const uint8_t hash[32])
{
    struct level *v = &s->level[l];
    memcpy(v->hash[v->n++], hash, 32);
    if (v->n < URNA_TILE_WIDTH || l + 1 == URNA_TILE_LEVELS)
        return URNA_OK;
    uint8_t root[32];
    enum urna_status st = end_tile(s, l);
    urna_merkle_tree(root, (const uint8_t(*)[32])v->hash, v->n);
    v->n = 0;
    v->index++;
    return st == URNA_OK ? add_hash(s, l + 1, root) : st;
}

/* A hash that the tree has already must be this one. */
static enum urna_status add_to_tree(struct scan *s, uint64_t index, const uint8_t hash[32])
{
    if (index >= urna_tree_size(s->tree))
        urna_tree_add(s->tree, hash);
    else if (memcmp(urna_tree_leaf(s->tree, index), hash, 32) != 0)
        return urna_fail(s->err, URNA_SYSTEM, "the record changed while it was read");
    return URNA_OK;
}

/* Entries go out until the first gap. */
static enum urna_status deliver(struct scan *s, const struct hashed_bundle *h)
{
    for (size_t j = 0; j < h->b.n && !s->gap; j++) {
        uint64_t index = h->b.index * URNA_TILE_WIDTH + j;
        enum urna_status st = s->tree ? add_to_tree(s, index, h->hash[j]) : URNA_OK;
        if (st != URNA_OK)
            return st;
        if (s->leaf && !s->leaf(s->ctx, index, h->b.at[j]))
            return URNA_FALSE;
    }
    return URNA_OK;
}

static enum urna_status fold_bundle(struct scan *s, const struct hashed_bundle *h)
{
    enum urna_status st = deliver(s, h);
    if (st != URNA_OK)
        return st;
    s->gap = s->gap || !h->whole;
    st = check_place(s, 0, h->b.index, h->b.need, urna_view(h->hash, 32 * h->b.n));
    if (st != URNA_OK || s->gap)
        return st;
    if (h->b.need < URNA_TILE_WIDTH) {
        memcpy(s->rest, h->root, 32);
        s->has_rest = true;
        return URNA_OK;
    }
    urna_merkle_add(&s->full, h->root);
    return add_hash(s, 1, h->root);
}

static enum urna_status end_batch(struct scan *s, size_t n)
{
    urna_parallel(s->threads, n, hash_bundle, s);
    enum urna_status st = URNA_OK;
    for (size_t i = 0; i < n && st == URNA_OK; i++) {
        /* Bundles that are missing before this one: the gap begins there. */
        s->gap = s->gap || s->batch[i].b.index != s->next;
        s->next = s->batch[i].b.index + 1;
        st = fold_bundle(s, &s->batch[i]);
    }
    for (size_t i = 0; i < n; i++) /* large ones in many slots would add up */
        if (s->batch[i].b.bytes.cap > BATCH_BYTES / BATCH)
            urna_buf_free(&s->batch[i].b.bytes);
    return st;
}

/* Go through the bundles that are there, place by place; those that the size does not reach come
 * later. */
static enum urna_status scan_bundles(struct scan *s)
{
    enum urna_status st = URNA_OK;
    size_t n = 0, bytes = 0;
    uint64_t expected = 0;
    for (size_t i = 0;
         st == URNA_OK && i < s->r->n_tile && s->r->tile[i].tile.level == URNA_ENTRIES;) {
        uint64_t index = s->r->tile[i].tile.index;
        if (index >= s->n_bundles)
            break;
        struct hashed_bundle *h = &s->batch[n];
        h->b.index = index;
        h->b.need = urna_tile_width(URNA_ENTRIES, index, s->size);
        struct urna_place place = urna_record_place(s->r, URNA_ENTRIES, index);
        i = place.first + place.n;
        struct urna_tile_file *f = urna_record_choose(s->r, place, h->b.need);
        if (f == NULL)
            continue;
        if (index > expected)
            missing_bundles(s, expected, index);
        expected = index + 1;
        st = read_bundle(s, h, f);
        bytes += h->b.bytes.len;
        if (st == URNA_OK && (++n == BATCH || bytes > BATCH_BYTES)) {
            st = end_batch(s, n);
            n = bytes = 0;
        }
    }
    if (st == URNA_OK)
        st = end_batch(s, n);
    if (st == URNA_OK && expected < s->n_bundles) {
        s->gap = true;
        missing_bundles(s, expected, s->n_bundles);
    }
    return st;
}

/* ---- the end ---- */

static void fold_root(const struct scan *s, uint8_t root[32])
{
    if (!s->has_rest) {
        urna_merkle_root(&s->full, root);
        return;
    }
    memcpy(root, s->rest, 32);
    for (int i = __builtin_popcountll(s->full.n); i-- > 0;)
        urna_merkle_node(root, s->full.stack[i], root);
}

/* The root that the level-0 tiles claim; false if one of them is not there. */
static bool claimed_root(struct scan *s, uint8_t root[32])
{
    struct urna_merkle m = {0};
    for (uint64_t i = 0; i < s->n_bundles; i++) {
        unsigned need = urna_tile_width(0, i, s->size);
        struct urna_tile_file *f = urna_record_choose(s->r, urna_record_place(s->r, 0, i), need);
        struct urna_view content = {NULL, 0};
        bool too_long;
        if (f == NULL ||
            urna_files_read(&s->r->files, f->file, file_max(&f->tile), &s->wide, &content,
                            &too_long, NULL) != URNA_OK ||
            content.len < 32 * (size_t)need)
            return false;
        for (size_t j = 0; j < need; j++)
            urna_merkle_add(&m, content.p + 32 * j);
    }
    urna_merkle_root(&m, root);
    return true;
}

/* Which entries were changed since the log signed? The hash tiles know, if they are the signed
 * ones. */
static void check_root(struct scan *s)
{
    const uint8_t *signed_root = s->r->checkpoint.root;
    uint8_t root[32], claimed[32];
    fold_root(s, root);
    if (memcmp(root, signed_root, 32) == 0)
        return;
    const struct urna_record_fault *tile = NULL;
    for (size_t i = s->r->n_fault_open; i < s->r->n_fault && tile == NULL; i++)
        if (s->r->fault[i].has_hashes)
            tile = &s->r->fault[i];
    bool entries_changed =
        tile && claimed_root(s, claimed) && memcmp(claimed, signed_root, 32) == 0;
    uint64_t first = 1, last = 0;
    if (entries_changed) {
        first = tile->first;
        last = tile->last;
    }
    struct urna_record_fault *f = urna_record_add_fault(
        s->r, URNA_RECORD_INVALID, "checkpoint",
        entries_changed ? "the root over the entries is not the checkpoint's; the hash tiles are "
                          "those that were signed: entry %llu "
                          "was changed afterwards"
                        : "the root over the entries is not the checkpoint's",
        (unsigned long long)first);
    f->first = first;
    f->last = last;
    memcpy(f->expected, signed_root, 32);
    memcpy(f->found, root, 32);
    f->has_hashes = true;
}

/* Files that the fold has not met: beyond the checkpoint, or behind a gap. */
static enum urna_status check_unseen(struct scan *s)
{
    enum urna_status st = URNA_OK;
    for (size_t i = 0; st == URNA_OK && i < s->r->n_tile; i++)
        if (!s->r->tile[i].seen)
            st = check_place(s, s->r->tile[i].tile.level, s->r->tile[i].tile.index, 0,
                             urna_view(NULL, 0));
    return st;
}

static enum urna_status run(struct scan *s)
{
    enum urna_status st = scan_bundles(s);
    for (unsigned l = 1; st == URNA_OK && !s->gap && l < URNA_TILE_LEVELS; l++)
        if (s->level[l].n > 0)
            st = end_tile(s, l);
    if (st == URNA_OK && !s->gap)
        check_root(s);
    return st == URNA_OK ? check_unseen(s) : st;
}

enum urna_status urna_record_scan(struct urna_record *r, struct urna_tree *tree, unsigned threads,
                                  bool (*leaf)(void *ctx, uint64_t index, struct urna_view bytes),
                                  void *ctx, struct urna_error *err)
{
    r->n_fault = r->n_fault_open;
    for (size_t i = 0; i < r->n_tile; i++)
        r->tile[i].seen = false;
    struct scan *s = urna_xcalloc(1, sizeof *s);
    *s = (struct scan){
        .r = r, .tree = tree, .threads = threads, .leaf = leaf, .ctx = ctx, .err = err};
    s->gap = !r->has_checkpoint;
    s->size = r->checkpoint.size;
    s->n_bundles = s->size / URNA_TILE_WIDTH + (s->size % URNA_TILE_WIDTH != 0);
    s->batch = urna_xcalloc(BATCH, sizeof *s->batch);
    enum urna_status st = run(s);
    for (size_t i = 0; i < BATCH; i++)
        urna_buf_free(&s->batch[i].b.bytes);
    free(s->batch);
    urna_buf_free(&s->wide);
    urna_buf_free(&s->narrow);
    free(s);
    return st;
}
