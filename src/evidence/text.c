#include "evidence/text.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/encoding.h"
#include "evidence/source.h"

#define CHUNK ((size_t)256 << 10)

enum urna_status urna_text_fail_bad(const struct urna_text *t, struct urna_error *err)
{
    uint8_t b = t->bad < t->end ? t->buf[t->bad] : 0;
    if (t->bad_is_nul)
        return urna_fail(
            err, URNA_INPUT,
            "a NUL byte: this is no text, or UTF-16 without its byte order mark; save it as "
            "UTF-8");
    if (urna_source_is_utf16(t->source))
        return urna_fail(err, URNA_INPUT, "half a character: this UTF-16 is damaged");
    if (t->encoding == URNA_UTF8)
        return urna_fail(
            err, URNA_INPUT,
            "byte 0x%02X is not UTF-8; if the file is in another encoding, say which in the "
            "map (encoding = windows-1252, ...)",
            b);
    return urna_fail(err, URNA_INPUT, "byte 0x%02X means nothing in %s", b,
                     urna_encoding_name(t->encoding));
}

static enum urna_status make_room(struct urna_text *t, size_t from, struct urna_error *err)
{
    size_t used = t->end - from;
    if (from > 0) {
        memmove(t->buf, t->buf + from, used);
        t->end = used;
        if (t->bad != SIZE_MAX)
            t->bad -= from;
    }
    if (used > URNA_TABLE_MAX_ROW)
        return urna_fail(err, URNA_INPUT,
                         "a row of more than %zu MiB: a quote that is never closed?",
                         URNA_TABLE_MAX_ROW >> 20);
    size_t want = used + 3 * CHUNK + sizeof t->tail + URNA_TABLE_SLACK;
    if (t->cap < want) {
        t->cap = want * 2;
        t->buf = urna_xrealloc(t->buf, t->cap, 1);
    }
    return URNA_OK;
}

static void mark_bad(struct urna_text *t, size_t at, bool nul)
{
    if (t->bad == SIZE_MAX) {
        t->bad = at;
        t->bad_is_nul = nul;
    }
}

/* Take n fresh bytes of UTF-8 that stand behind `end`, keeping back a character that is cut. */
static void take_utf8(struct urna_text *t, size_t n)
{
    const uint8_t *p = t->buf + t->end;
    bool nul;
    size_t ok = urna_utf8_valid_prefix(p, n, &nul);
    if (ok < n && !nul && !t->at_eof && urna_utf8_is_cut(p + ok, n - ok)) {
        t->tail_len = n - ok;
        memcpy(t->tail, p + ok, t->tail_len);
        n = ok;
    } else if (ok < n) {
        mark_bad(t, t->end + ok, nul);
    }
    t->end += n;
}

/* Take n fresh bytes from `raw`, in the encoding of the file. */
static void take_converted(struct urna_text *t, size_t n)
{
    size_t bad;
    t->end += urna_encoding_to_utf8(t->buf + t->end, t->raw, n, t->encoding, &bad);
    if (bad < n) {
        mark_bad(t, t->end, t->raw[bad] == 0);
        t->buf[t->end++] = t->raw[bad]; /* shown in the message */
        t->at_eof = true;
    }
}

static enum urna_status read_bytes(struct urna_text *t, uint8_t *to, size_t room, size_t *n,
                                   struct urna_error *err)
{
    enum urna_status st = urna_source_read(t->source, to, room, n, err);
    if (st != URNA_OK)
        urna_error_where(err, t->name);
    else
        t->bytes += *n;
    return st;
}

enum urna_status urna_text_more(struct urna_text *t, size_t from, struct urna_error *err)
{
    enum urna_status st = make_room(t, from, err);
    if (st != URNA_OK)
        return st;
    bool utf8 = t->encoding == URNA_UTF8;
    size_t kept = t->tail_len, n;
    memcpy(t->buf + t->end, t->tail, kept);
    t->tail_len = 0;
    st = read_bytes(t, utf8 ? t->buf + t->end + kept : t->raw, CHUNK, &n, err);
    if (st != URNA_OK)
        return st;
    t->at_eof = n == 0;
    if (utf8)
        take_utf8(t, kept + n);
    else
        take_converted(t, n);
    return URNA_OK;
}

/* ---- opening ---- */

/* Read the beginning as raw bytes, decide the encoding, and convert. */
static enum urna_status begin(struct urna_text *t, enum urna_encoding encoding,
                              struct urna_error *err)
{
    enum urna_status st = make_room(t, 0, err);
    size_t n = 0, k = 1;
    while (st == URNA_OK && n < CHUNK && k > 0) {
        st = read_bytes(t, t->raw + n, CHUNK - n, &k, err);
        n += st == URNA_OK ? k : 0;
    }
    if (st != URNA_OK)
        return st;
    t->at_eof = k == 0;
    if (n == 0)
        return urna_fail(err, URNA_INPUT, "the file is empty");
    size_t bom = n >= 3 && memcmp(t->raw, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    t->encoding = bom || urna_source_is_utf16(t->source) ? URNA_UTF8 : encoding;
    if (t->encoding == URNA_ENCODING_AUTO)
        t->encoding = urna_encoding_recognise(t->raw, n);
    if (t->encoding == URNA_ENCODING_AUTO)
        return urna_fail(err, URNA_INPUT,
                         "not UTF-8, and not to be told what else; say it in the map (encoding = "
                         "windows-1252, ...)");
    if (t->encoding == URNA_UTF8) {
        memcpy(t->buf, t->raw + bom, n - bom);
        take_utf8(t, n - bom);
    } else {
        take_converted(t, n);
    }
    return URNA_OK;
}

enum urna_status urna_text_open(struct urna_text *t, const char *path, struct urna_view memory,
                                const char *name, const struct urna_table_options *options,
                                struct urna_error *err)
{
    memset(t, 0, sizeof *t);
    t->name = name;
    t->bad = SIZE_MAX;
    t->raw = urna_xmalloc(CHUNK);
    enum urna_status st =
        urna_source_open(&t->source, path, memory, options->member, options->max_bytes, err);
    if (st != URNA_OK) {
        urna_error_where(err, name);
        return st;
    }
    return begin(t, options->encoding, err);
}

void urna_text_close(struct urna_text *t)
{
    urna_source_close(t->source);
    free(t->buf);
    free(t->raw);
}
