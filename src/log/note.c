/* Checkpoints: signed notes of three lines (C2SP signed-note and tlog-checkpoint). */
#include "log/note_internal.h"

#include <stdlib.h>
#include <string.h>

#define EM_DASH "\xE2\x80\x94" /* U+2014, begins every signature line */
#define SIG_MIN 5              /* key ID and at least one byte */

/* Where reading is: the offset of a fault is the number of bytes read so far, and the length of the
 * note if it ends where more had to come. */
struct reader {
    struct urna_view note, rest;
    struct urna_error *err;
};

static enum urna_status fault(const struct reader *r, enum urna_status status, size_t offset,
                              const char *what)
{
    if (r->err)
        r->err->offset = (int64_t)offset;
    return urna_fail(r->err, status, "checkpoint: %s", what);
}

static enum urna_status bad(const struct reader *r, const char *what)
{
    return fault(r, URNA_INPUT, r->note.len - r->rest.len, what);
}

static enum urna_status ends_early(const struct reader *r)
{
    return fault(r, URNA_INPUT, r->note.len, "ends early");
}

/* UTF-8 without control characters. */
static bool text_ok(struct urna_view line)
{
    for (size_t i = 0; i < line.len;) {
        uint32_t cp;
        if (!urna_utf8_next(line.p, line.len, &i, &cp) || cp < 0x20)
            return false;
    }
    return true;
}

/* Exactly 32 bytes in canonical base64. */
static bool read_root(uint8_t root[32], struct urna_view line)
{
    struct urna_buf b = {0};
    bool ok = urna_unbase64(&b, (const char *)line.p, line.len) && b.len == 32;
    if (ok)
        memcpy(root, b.p, 32);
    urna_buf_free(&b);
    return ok;
}

static enum urna_status read_text(struct urna_checkpoint *c, struct reader *r)
{
    struct urna_view rest = r->rest, line;
    if (!urna_line_next(&line, &rest))
        return ends_early(r);
    if (!urna_note_name_ok(line))
        return bad(r, "the origin is not a name");
    urna_note_name_copy(c->origin, line);
    r->rest = rest;
    if (!urna_line_next(&line, &rest))
        return ends_early(r);
    if (!urna_parse_u64(&c->size, (const char *)line.p, line.len, INT64_MAX))
        return bad(r, "the tree size is not a decimal number without leading zero");
    r->rest = rest;
    if (!urna_line_next(&line, &rest))
        return ends_early(r);
    if (!read_root(c->root, line))
        return bad(r, "the root is not 32 bytes in base64");
    r->rest = rest;
    return URNA_OK;
}

/* "— name base64": the blob is appended to c->storage, and blob.len says how long it is. */
static bool read_sig_line(struct urna_note_sig *s, struct urna_buf *storage, struct urna_view line)
{
    size_t dash = sizeof EM_DASH - 1, start = storage->len;
    if (line.len < dash + 1 || memcmp(line.p, EM_DASH " ", dash + 1) != 0)
        return false;
    line = urna_view_skip(line, dash + 1);
    size_t space = urna_view_find(line, ' ');
    struct urna_view name = urna_view(line.p, space);
    if (space == line.len || !urna_note_name_ok(name))
        return false;
    line = urna_view_skip(line, space + 1);
    if (!urna_unbase64(storage, (const char *)line.p, line.len) || storage->len - start < SIG_MIN)
        return false;
    urna_note_name_copy(s->name, name);
    memcpy(s->id, storage->p + start, 4);
    s->blob.len = storage->len - start;
    return true;
}

static enum urna_status read_sigs(struct urna_checkpoint *c, struct reader *r)
{
    if (r->rest.len == 0)
        return ends_early(r);
    c->sig = urna_xcalloc(URNA_NOTE_MAX_SIGS, sizeof *c->sig);
    while (r->rest.len > 0) {
        struct urna_view line, rest = r->rest;
        if (!urna_line_next(&line, &rest))
            return ends_early(r);
        if (c->n_sig == URNA_NOTE_MAX_SIGS)
            return bad(r, "too many signature lines");
        if (!read_sig_line(&c->sig[c->n_sig], &c->storage, line))
            return bad(r, "a line behind the text is not a signature");
        c->n_sig++;
        r->rest = rest;
    }
    return URNA_OK;
}

static enum urna_status read_note(struct urna_checkpoint *c, struct reader *r)
{
    enum urna_status st = read_text(c, r);
    if (st != URNA_OK)
        return st;
    size_t text_len = r->note.len - r->rest.len;
    struct urna_view line, rest = r->rest;
    if (!urna_line_next(&line, &rest))
        return ends_early(r);
    if (line.len != 0)
        return fault(r, text_ok(line) ? URNA_FALSE : URNA_INPUT, text_len,
                     "a fourth line of text: extension lines are not allowed");
    r->rest = rest;
    urna_buf_add(&c->storage, r->note.p, text_len);
    st = read_sigs(c, r);
    if (st != URNA_OK)
        return st;

    /* The storage has stopped moving: now the views can point into it. */
    c->text = urna_view(c->storage.p, text_len);
    size_t at = text_len;
    for (size_t i = 0; i < c->n_sig; i++) {
        size_t len = c->sig[i].blob.len;
        c->sig[i].blob = urna_view(c->storage.p + at + 4, len - 4);
        at += len;
    }
    return URNA_OK;
}

enum urna_status urna_checkpoint_read(struct urna_checkpoint *c, struct urna_view note,
                                      struct urna_error *err)
{
    memset(c, 0, sizeof *c);
    struct reader r = {note, note, err};
    if (note.len == 0)
        return ends_early(&r);
    if (note.len > URNA_NOTE_MAX)
        return urna_fail(err, URNA_INPUT, "checkpoint: longer than %d bytes", URNA_NOTE_MAX);
    enum urna_status st = read_note(c, &r);
    if (st != URNA_OK)
        urna_checkpoint_free(c);
    return st;
}

void urna_checkpoint_free(struct urna_checkpoint *c)
{
    free(c->sig);
    urna_buf_free(&c->storage);
    memset(c, 0, sizeof *c);
}

void urna_checkpoint_text(struct urna_buf *out, const char *origin, uint64_t size,
                          const uint8_t root[32])
{
    urna_buf_printf(out, "%s\n%llu\n", origin, (unsigned long long)size);
    urna_base64(out, root, 32);
    urna_buf_char(out, '\n');
}

static void write_line(struct urna_buf *out, const char *name, const uint8_t id[4],
                       struct urna_view blob)
{
    struct urna_buf raw = {0};
    urna_buf_add(&raw, id, 4);
    urna_buf_add(&raw, blob.p, blob.len);
    urna_buf_printf(out, EM_DASH " %s ", name);
    urna_base64(out, raw.p, raw.len);
    urna_buf_char(out, '\n');
    urna_buf_free(&raw);
}

void urna_note_line(struct urna_buf *out, const struct urna_vkey *k, const uint8_t *blob,
                    size_t len)
{
    write_line(out, k->name, k->id, urna_view(blob, len));
}

void urna_note_sig_write(struct urna_buf *out, const struct urna_note_sig *s)
{
    write_line(out, s->name, s->id, s->blob);
}
