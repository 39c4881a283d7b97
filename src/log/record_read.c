/* Opening a record, and random access to its entries and bodies. */
#include "log/record_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define FAULTS_MAX 200 /* of either state: a hostile record could have millions */
#define CACHED 4       /* bundles */
#define BODY_MAX (UINT64_C(1) << 26)

/* ---- faults ---- */

struct urna_record_fault *urna_record_add_fault(struct urna_record *r, enum urna_record_state state,
                                                const char *file, const char *fmt, ...)
{
    static _Thread_local struct urna_record_fault beyond; /* filled in, never shown */
    size_t same = 0;
    for (size_t i = 0; i < r->n_fault; i++)
        same += r->fault[i].state == state;
    struct urna_record_fault *f = &beyond;
    if (same < FAULTS_MAX) {
        r->fault = urna_xrealloc(r->fault, r->n_fault + 1, sizeof *r->fault);
        f = &r->fault[r->n_fault++];
    }
    *f = (struct urna_record_fault){.state = state, .first = 1, .last = 0};
    snprintf(f->file, sizeof f->file, "%s", file);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(f->text, sizeof f->text, fmt, ap);
    va_end(ap);
    return f;
}

const struct urna_record_fault *urna_record_faults(const struct urna_record *r, size_t *n)
{
    *n = r->n_fault;
    return r->fault;
}

/* ---- opening ---- */

static bool is_body_name(const char *name)
{
    uint8_t hash[32];
    return strncmp(name, "body/", 5) == 0 && urna_unhex(hash, 32, name + 5, strlen(name + 5));
}

static int by_place(const void *a, const void *b)
{
    return urna_tile_compare(&((const struct urna_tile_file *)a)->tile,
                             &((const struct urna_tile_file *)b)->tile);
}

static enum urna_status read_names(struct urna_record *r, struct urna_error *err)
{
    size_t n = urna_files_count(&r->files);
    r->tile = urna_xcalloc(n + 1, sizeof *r->tile);
    for (size_t i = 0; i < n; i++) {
        const char *name = urna_files_name(&r->files, i);
        struct urna_tile t;
        if (urna_tile_parse(&t, urna_view_str(name)))
            r->tile[r->n_tile++] = (struct urna_tile_file){.tile = t, .file = i};
        else if (strcmp(name, "checkpoint") != 0 && !is_body_name(name)) {
            urna_error_where(err, name);
            return urna_fail(err, URNA_INPUT,
                             urna_file_is_unfinished(name)
                                 ? "somebody writes to this record, or was killed while writing "
                                   "(then urna record append clears it)"
                                 : "a file that has no place in a record: remove it, or "
                                   "copy the record without it");
        }
    }
    qsort(r->tile, r->n_tile, sizeof *r->tile, by_place);
    return URNA_OK;
}

/* Where reading a note stopped at its very end, there is too little of it and not something wrong.
 */
static enum urna_status read_checkpoint(struct urna_record *r, struct urna_error *err)
{
    struct urna_buf buf = {0};
    struct urna_view note;
    size_t i;
    bool too_long;
    if (!urna_files_find(&r->files, "checkpoint", &i)) {
        urna_record_add_fault(r, URNA_RECORD_INCOMPLETE, "checkpoint", "missing");
        return URNA_OK;
    }
    enum urna_status st = urna_files_read(&r->files, i, URNA_NOTE_MAX, &buf, &note, &too_long, err);
    if (st == URNA_OK && too_long) {
        urna_record_add_fault(r, URNA_RECORD_INVALID, "checkpoint", "longer than %d bytes",
                              URNA_NOTE_MAX);
    } else if (st == URNA_OK) {
        struct urna_error why = URNA_ERROR_INIT;
        r->has_checkpoint = urna_checkpoint_read(&r->checkpoint, note, &why) == URNA_OK;
        bool early = why.status == URNA_INPUT && why.offset == (int64_t)note.len;
        if (!r->has_checkpoint)
            urna_record_add_fault(r, early ? URNA_RECORD_INCOMPLETE : URNA_RECORD_INVALID,
                                  "checkpoint", "%.250s", why.msg);
    }
    urna_buf_free(&buf);
    return st;
}

static bool has_unfinished(const struct urna_files *f)
{
    for (size_t i = 0; f->folder && i < urna_files_count(f); i++)
        if (urna_file_is_unfinished(urna_files_name(f, i)))
            return true;
    return false;
}

/* A file that is being written has its name for some milliseconds: wait for that. */
static enum urna_status open_files(struct urna_files *f, const char *path, struct urna_error *err)
{
    enum urna_status st = urna_files_open(f, path, err);
    for (int i = 0; i < 20 && st == URNA_OK && has_unfinished(f); i++) {
        urna_files_close(f);
        urna_sleep_ms(10);
        st = urna_files_open(f, path, err);
    }
    return st;
}

enum urna_status urna_record_open(struct urna_record **out, const char *path,
                                  struct urna_error *err)
{
    *out = NULL;
    struct urna_record *r = urna_xcalloc(1, sizeof *r);
    enum urna_status st = open_files(&r->files, path, err);
    if (st == URNA_OK)
        urna_files_state(&r->files, r->state);
    if (st == URNA_OK)
        st = read_names(r, err);
    if (st == URNA_OK)
        st = read_checkpoint(r, err);
    if (st != URNA_OK) {
        urna_record_free(r);
        return st;
    }
    r->n_fault_open = r->n_fault;
    *out = r;
    return URNA_OK;
}

void urna_record_free(struct urna_record *r)
{
    if (r == NULL)
        return;
    for (unsigned i = 0; i < r->n_cached; i++)
        urna_buf_free(&r->cache[i].bytes);
    free(r->cache);
    free(r->fault);
    free(r->tile);
    urna_checkpoint_free(&r->checkpoint);
    urna_files_close(&r->files);
    free(r);
}

bool urna_record_changed(const struct urna_record *r)
{
    struct urna_files now;
    uint8_t state[32];
    if (!r->files.folder)
        return false;
    if (urna_files_open(&now, r->files.folder, NULL) != URNA_OK)
        return true;
    urna_files_state(&now, state);
    urna_files_close(&now);
    return memcmp(state, r->state, 32) != 0;
}

const struct urna_checkpoint *urna_record_checkpoint(const struct urna_record *r)
{
    return r->has_checkpoint ? &r->checkpoint : NULL;
}

/* ---- random access ---- */

struct urna_place urna_record_place(const struct urna_record *r, int level, uint64_t index)
{
    struct urna_tile first = {level, index, 0};
    size_t lo = 0, hi = r->n_tile;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (urna_tile_compare(&r->tile[mid].tile, &first) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    struct urna_place p = {lo, 0};
    while (lo + p.n < r->n_tile && r->tile[lo + p.n].tile.level == level &&
           r->tile[lo + p.n].tile.index == index)
        p.n++;
    return p;
}

struct urna_tile_file *urna_record_choose(const struct urna_record *r, struct urna_place p,
                                          unsigned need)
{
    for (size_t i = p.first; need > 0 && i < p.first + p.n; i++)
        if (r->tile[i].tile.width == need || r->tile[i].tile.width == URNA_TILE_WIDTH)
            return &r->tile[i];
    return NULL;
}

static enum urna_status load_bundle(struct urna_record *r, struct urna_bundle *b, uint64_t index,
                                    struct urna_error *err)
{
    b->n = 0;
    b->index = index;
    b->need = urna_tile_width(URNA_ENTRIES, index, r->checkpoint.size);
    const struct urna_tile_file *f =
        urna_record_choose(r, urna_record_place(r, URNA_ENTRIES, index), b->need);
    if (f == NULL)
        return urna_fail(err, URNA_INPUT, "the bundle of this entry is missing");
    struct urna_view bytes;
    bool too_long;
    size_t used;
    enum urna_status st = urna_files_read(&r->files, f->file, URNA_BUNDLE_MAX(f->tile.width),
                                          &b->bytes, &bytes, &too_long, err);
    if (st == URNA_OK)
        b->n = urna_bundle_read(b->at, b->need, bytes, &used);
    return st;
}

/* The bundle from the cache, or in place of the one that came first. */
static enum urna_status cached_bundle(struct urna_record *r, struct urna_bundle **out,
                                      uint64_t index, struct urna_error *err)
{
    for (unsigned i = 0; i < r->n_cached; i++) {
        *out = &r->cache[i];
        if (r->cache[i].index == index && r->cache[i].n > 0)
            return URNA_OK;
    }
    if (r->cache == NULL)
        r->cache = urna_xcalloc(CACHED, sizeof *r->cache);
    *out = &r->cache[r->next_cached];
    r->next_cached = (r->next_cached + 1) % CACHED;
    if (r->n_cached < CACHED)
        r->n_cached++;
    return load_bundle(r, *out, index, err);
}

enum urna_status urna_record_leaf(struct urna_record *r, uint64_t i, struct urna_buf *out,
                                  struct urna_error *err)
{
    if (err)
        err->entry = i <= INT64_MAX ? (int64_t)i : -1;
    if (!r->has_checkpoint || i >= r->checkpoint.size)
        return urna_fail(err, URNA_INPUT, "the record has no such entry");
    struct urna_bundle *b;
    enum urna_status st = cached_bundle(r, &b, i / URNA_TILE_WIDTH, err);
    if (st != URNA_OK)
        return st;
    if (i % URNA_TILE_WIDTH >= b->n)
        return urna_fail(err, URNA_INPUT, "the bundle of this entry ends before it");
    struct urna_view leaf = b->at[i % URNA_TILE_WIDTH];
    urna_buf_add(out, leaf.p, leaf.len);
    if (err)
        err->entry = -1;
    return URNA_OK;
}

enum urna_status urna_record_body(struct urna_record *r, const uint8_t sha256[32], uint64_t size,
                                  struct urna_buf *out, bool *there, struct urna_error *err)
{
    char name[5 + 65] = "body/";
    urna_hex(name + 5, sha256, 32);
    *there = false;
    size_t i;
    if (size > BODY_MAX || !urna_files_find(&r->files, name, &i))
        return URNA_OK;
    struct urna_buf buf = {0};
    struct urna_view body;
    bool too_long;
    enum urna_status st = urna_files_read(&r->files, i, (size_t)size, &buf, &body, &too_long, err);
    if (st == URNA_OK && !too_long && body.len == size) {
        uint8_t hash[32];
        urna_sha256(hash, body.p, body.len);
        *there = memcmp(hash, sha256, 32) == 0;
        if (*there)
            urna_buf_add(out, body.p, body.len);
    }
    urna_buf_free(&buf);
    return st;
}
