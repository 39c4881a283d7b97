/* The grammar, in both directions. Invariants:
 * 1. Reading: at <= in.len always; every byte is looked at only after that test.
 * 2. The writer and the reader go through the same calls in the same order, and each call accepts
 *    exactly the bytes that its other half makes; so write(read(x)) = x needs no second pass.
 * 3. After a fault, at stays where the fault is and nothing more is read, written or allocated. */
#include "model/codec.h"

#include <string.h>

#define DEPTH_MAX 8
#define INT_DIGITS_MAX 16 /* of 2^53-1 = 9007199254740991 */
#define ID_MAX 64
#define NAME_MAX_LEN 255

struct urna_codec urna_codec_reader(struct urna_view in, struct urna_arena *a)
{
    return (struct urna_codec){.reading = true, .in = in, .arena = a, .first = true};
}

struct urna_codec urna_codec_writer(struct urna_buf *out)
{
    return (struct urna_codec){.out = out, .first = true};
}

void urna_codec_fault(struct urna_codec *c, const char *reason)
{
    if (!c->failed) {
        c->failed = true;
        c->reason = reason;
    }
}

bool urna_codec_done(struct urna_codec *c)
{
    if (c->reading && !c->failed && c->at != c->in.len) {
        urna_codec_fault(c, "bytes after the end");
    }
    return !c->failed;
}

/* --- single characters ---------------------------------------------------------------------------
 */

static bool next_is(const struct urna_codec *c, char ch)
{
    return c->at < c->in.len && c->in.p[c->at] == (uint8_t)ch;
}

static void expect(struct urna_codec *c, char ch, const char *reason)
{
    if (next_is(c, ch)) {
        c->at++;
    } else {
        urna_codec_fault(c, c->at == c->in.len ? "ends early" : reason);
    }
}

static void enter(struct urna_codec *c)
{
    if (++c->depth > DEPTH_MAX) {
        urna_codec_fault(c, "nested too deeply");
    }
}

/* --- objects ---------------------------------------------------------------------------------- */

void urna_codec_open(struct urna_codec *c)
{
    if (c->failed) {
        return;
    }
    if (c->reading) {
        expect(c, '{', "not an object");
    } else {
        urna_buf_char(c->out, '{');
    }
    enter(c);
    c->first = true;
}

void urna_codec_close(struct urna_codec *c)
{
    if (c->failed) {
        return;
    }
    if (c->reading) {
        expect(c, '}', "not the end of the object: a key that has no place here");
    } else {
        urna_buf_char(c->out, '}');
    }
    c->depth--;
    c->first = false;
}

/* The length of `,"key":` if it stands at c->at, else 0. */
static size_t key_here(const struct urna_codec *c, const char *key)
{
    size_t i = c->at, len = strlen(key), comma = c->first ? 0 : 1;
    if (c->in.len - i < comma + len + 3) {
        return 0;
    }
    const uint8_t *p = c->in.p + i;
    if ((comma != 0 && p[0] != ',') || p[comma] != '"' || memcmp(p + comma + 1, key, len) != 0 ||
        p[comma + 1 + len] != '"' || p[comma + 2 + len] != ':') {
        return 0;
    }
    return comma + len + 3;
}

static void write_key(struct urna_codec *c, const char *key)
{
    if (!c->first) {
        urna_buf_char(c->out, ',');
    }
    urna_buf_char(c->out, '"');
    urna_buf_str(c->out, key);
    urna_buf_str(c->out, "\":");
    c->first = false;
}

bool urna_codec_maybe(struct urna_codec *c, const char *key, bool present)
{
    if (c->failed) {
        return false;
    }
    if (!c->reading) {
        if (present) {
            write_key(c, key);
        }
        return present;
    }
    size_t len = key_here(c, key);
    if (len == 0) {
        return false;
    }
    c->at += len;
    c->first = false;
    return true;
}

void urna_codec_key(struct urna_codec *c, const char *key)
{
    if (!urna_codec_maybe(c, key, true)) {
        urna_codec_fault(c, c->at == c->in.len ? "ends early" : "not the key that stands here");
    }
}

/* --- integers --------------------------------------------------------------------------------- */

static uint64_t read_int(struct urna_codec *c)
{
    size_t n = 0;
    uint64_t x = 0;
    while (c->at + n < c->in.len && c->in.p[c->at + n] >= '0' && c->in.p[c->at + n] <= '9') {
        if (n == INT_DIGITS_MAX) {
            urna_codec_fault(c, "number too large");
            return 0;
        }
        x = x * 10 + (uint64_t)(c->in.p[c->at + n] - '0');
        n++;
    }
    if (n == 0) {
        urna_codec_fault(c, "not an integer");
    } else if (n > 1 && c->in.p[c->at] == '0') {
        urna_codec_fault(c, "number with a leading zero");
    } else if (x > URNA_INT_MAX) {
        urna_codec_fault(c, "number too large");
    } else {
        c->at += n;
        return x;
    }
    return 0;
}

void urna_codec_u64(struct urna_codec *c, uint64_t *x, uint64_t min, uint64_t max)
{
    if (c->failed) {
        return;
    }
    if (!c->reading) {
        urna_buf_printf(c->out, "%llu", (unsigned long long)*x);
        return;
    }
    size_t start = c->at;
    uint64_t v = read_int(c);
    if (!c->failed && (v < min || v > max)) {
        c->at = start;
        urna_codec_fault(c, "number out of range");
    }
    *x = c->failed ? 0 : v;
}

void urna_codec_u32(struct urna_codec *c, uint32_t *x, uint32_t min, uint32_t max)
{
    uint64_t v = *x;
    urna_codec_u64(c, &v, min, max);
    *x = (uint32_t)v;
}

void urna_codec_u64_default(struct urna_codec *c, const char *key, uint64_t *x, uint64_t min,
                            uint64_t max, uint64_t def)
{
    if (!urna_codec_maybe(c, key, *x != def)) {
        if (c->reading) {
            *x = def;
        }
        return;
    }
    size_t start = c->at;
    urna_codec_u64(c, x, min, max);
    if (c->reading && !c->failed && *x == def) {
        c->at = start;
        urna_codec_fault(c, "default written out");
    }
}

void urna_codec_u32_default(struct urna_codec *c, const char *key, uint32_t *x, uint32_t min,
                            uint32_t max, uint32_t def)
{
    uint64_t v = *x;
    urna_codec_u64_default(c, key, &v, min, max, def);
    *x = (uint32_t)v;
}

/* --- strings ---------------------------------------------------------------------------------- */

/* U+0000-001F, 007F-009F, the line separators, the byte order mark, bidirectional controls and
 * noncharacters; surrogates are no UTF-8 and do not come so far. */
static bool is_forbidden(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || cp == 0x2028 || cp == 0x2029 ||
           cp == 0xFEFF || cp == 0x061C || cp == 0x200E || cp == 0x200F ||
           (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) ||
           (cp >= 0xFDD0 && cp <= 0xFDEF) || (cp & 0xFFFE) == 0xFFFE;
}

/* Check the string whose first quote is at c->at and set *end to its last quote; true if it holds.
 */
static bool scan_string(struct urna_codec *c, size_t *end)
{
    size_t i = c->at;
    if (!next_is(c, '"')) {
        urna_codec_fault(c, c->at == c->in.len ? "ends early" : "not a string");
        return false;
    }
    for (i++; i < c->in.len && c->in.p[i] != '"';) {
        uint8_t b = c->in.p[i];
        size_t at = i;
        uint32_t cp = b;
        if (b == '\\') {
            i++;
            if (i == c->in.len || (c->in.p[i] != '"' && c->in.p[i] != '\\')) {
                c->at = at;
                urna_codec_fault(c, "an escape that is none of the two");
                return false;
            }
            i++;
            continue;
        }
        if (b < 0x80) {
            i++;
        } else if (!urna_utf8_next(c->in.p, c->in.len, &i, &cp)) {
            c->at = at;
            urna_codec_fault(c, "not UTF-8");
            return false;
        }
        if (is_forbidden(cp)) {
            c->at = at;
            urna_codec_fault(c, "a character that no text may hold");
            return false;
        }
    }
    if (i == c->in.len) {
        urna_codec_fault(c, "string without an end");
        return false;
    }
    *end = i;
    return true;
}

static void write_string(struct urna_codec *c, const char *s)
{
    urna_buf_char(c->out, '"');
    for (; *s != '\0'; s++) {
        if (*s == '"' || *s == '\\') {
            urna_buf_char(c->out, '\\');
        }
        urna_buf_char(c->out, *s);
    }
    urna_buf_char(c->out, '"');
}

void urna_codec_text(struct urna_codec *c, const char **s)
{
    size_t end;
    if (c->failed) {
        return;
    }
    if (!c->reading) {
        write_string(c, *s);
        return;
    }
    if (!scan_string(c, &end)) {
        return;
    }
    char *t = URNA_NEW(c->arena, char, end - c->at);
    size_t n = 0;
    for (size_t i = c->at + 1; i < end; i++) {
        if (c->in.p[i] == '\\') {
            i++;
        }
        t[n++] = (char)c->in.p[i];
    }
    t[n] = '\0';
    *s = t;
    c->at = end + 1;
}

/* A string without escapes: its bytes, or an empty view after a fault. */
static struct urna_view plain_string(struct urna_codec *c, size_t *end)
{
    if (!scan_string(c, end)) {
        return urna_view(NULL, 0);
    }
    return urna_view(c->in.p + c->at + 1, *end - c->at - 1);
}

static bool is_identifier(struct urna_view v)
{
    if (v.len == 0 || v.len > ID_MAX) {
        return false;
    }
    for (size_t i = 0; i < v.len; i++) {
        uint8_t b = v.p[i];
        bool alnum = (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9');
        if (!alnum && (i == 0 || (b != '.' && b != '-'))) {
            return false;
        }
    }
    return true;
}

static bool is_name(struct urna_view v)
{
    if (v.len == 0 || v.len > NAME_MAX_LEN) {
        return false;
    }
    for (size_t i = 0; i < v.len; i++) {
        uint8_t b = v.p[i];
        if (b < 0x21 || b > 0x7E || b == '"' || b == '\\') {
            return false;
        }
    }
    return true;
}

static void classed(struct urna_codec *c, const char **s, bool (*is)(struct urna_view),
                    const char *reason)
{
    size_t end;
    if (c->failed) {
        return;
    }
    if (!c->reading) {
        write_string(c, *s);
        return;
    }
    struct urna_view v = plain_string(c, &end);
    if (c->failed) {
        return;
    }
    if (!is(v)) {
        urna_codec_fault(c, reason);
        return;
    }
    *s = urna_arena_strndup(c->arena, (const char *)v.p, v.len);
    c->at = end + 1;
}

void urna_codec_id(struct urna_codec *c, const char **s)
{
    classed(c, s, is_identifier, "not an identifier");
}

void urna_codec_name(struct urna_codec *c, const char **s)
{
    classed(c, s, is_name, "not a name");
}

void urna_codec_word(struct urna_codec *c, const char *const *words, uint32_t n, uint32_t *which)
{
    size_t end;
    if (c->failed) {
        return;
    }
    if (!c->reading) {
        write_string(c, words[*which]);
        return;
    }
    struct urna_view v = plain_string(c, &end);
    for (uint32_t i = 0; !c->failed && i < n; i++) {
        if (urna_view_eq_str(v, words[i])) {
            *which = i;
            c->at = end + 1;
            return;
        }
    }
    urna_codec_fault(c, "not one of the words that may stand here");
}

/* --- hex -------------------------------------------------------------------------------------- */

void urna_codec_hex(struct urna_codec *c, uint8_t *p, size_t len)
{
    if (c->failed) {
        return;
    }
    if (!c->reading) {
        urna_buf_char(c->out, '"');
        urna_buf_hex(c->out, p, len);
        urna_buf_char(c->out, '"');
        return;
    }
    if (c->in.len - c->at < 2 * len + 2) {
        urna_codec_fault(c, "ends early, or hex of another length");
        return;
    }
    const char *s = (const char *)c->in.p + c->at;
    if (s[0] != '"' || s[1 + 2 * len] != '"' || !urna_unhex(p, len, s + 1, 2 * len)) {
        urna_codec_fault(c, "not hex in capitals of the right length");
        return;
    }
    c->at += 2 * len + 2;
}

void urna_codec_hexp(struct urna_codec *c, const uint8_t **p, size_t len)
{
    if (c->failed) {
        return;
    }
    if (!c->reading) {
        urna_buf_char(c->out, '"');
        urna_buf_hex(c->out, *p, len);
        urna_buf_char(c->out, '"');
        return;
    }
    /* Not before the length is known to be there: memory follows the input. */
    if (c->in.len - c->at < 2 * len + 2) {
        urna_codec_fault(c, "ends early, or hex of another length");
        return;
    }
    uint8_t *bytes = URNA_NEW(c->arena, uint8_t, len);
    urna_codec_hex(c, bytes, len);
    *p = bytes;
}

/* --- arrays ----------------------------------------------------------------------------------- */

void urna_codec_begin(struct urna_codec *c)
{
    if (c->failed) {
        return;
    }
    if (c->reading) {
        expect(c, '[', "not an array");
    } else {
        urna_buf_char(c->out, '[');
    }
    enter(c);
}

static bool more_to_read(struct urna_codec *c, uint32_t i)
{
    if (next_is(c, ']')) {
        c->at++;
        return false;
    }
    if (i > 0) {
        expect(c, ',', "not the next element, nor the end of the array");
    }
    if (i == UINT32_MAX) {
        urna_codec_fault(c, "too many elements");
    }
    return !c->failed;
}

bool urna_codec_more(struct urna_codec *c, uint32_t *i, uint32_t n)
{
    if (c->failed) {
        return false;
    }
    if (c->reading) {
        if (more_to_read(c, *i)) {
            return true;
        }
    } else if (*i < n) {
        if (*i > 0) {
            urna_buf_char(c->out, ',');
        }
        return true;
    } else {
        urna_buf_char(c->out, ']');
    }
    c->depth--;
    return false;
}

void *urna_codec_grow(struct urna_codec *c, void *array, uint32_t n, size_t size)
{
    /* Full exactly when n is a power of two (or none yet): double. */
    if ((n & (n - 1)) != 0) {
        return array;
    }
    uint8_t *bigger = urna_arena_alloc(c->arena, n == 0 ? 1 : 2 * (size_t)n, size);
    if (n > 0) {
        memcpy(bigger, array, n * size);
    }
    return bigger;
}
