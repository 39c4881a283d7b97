#include "evidence/colmap_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum urna_status urna_map_fail(const struct urna_map_reader *r, const char *fmt, ...)
{
    char msg[sizeof r->err->msg];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    if (r->err && !r->err->where[0])
        snprintf(r->err->where, sizeof r->err->where, "%.200s:%u", r->m->file, r->line);
    return urna_fail(r->err, URNA_INPUT, "%s", msg);
}

/* An array in the arena with room for one more element: doubled whenever n is a power of two. */
void *urna_map_grown(struct urna_arena *a, void *old, size_t n, size_t size)
{
    if (n > 0 && (n & (n - 1)) != 0)
        return old;
    void *p = urna_arena_alloc(a, n ? 2 * n : 1, size);
    if (n > 0)
        memcpy(p, old, n * size);
    return p;
}
/* ---- words ---- */

void urna_map_skip_spaces(struct urna_map_reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t'))
        r->p++;
}

bool urna_map_accept(struct urna_map_reader *r, char c)
{
    urna_map_skip_spaces(r);
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

bool urna_map_at_end(struct urna_map_reader *r)
{
    urna_map_skip_spaces(r);
    return r->p == r->end;
}

/* "text with ""quotes""" */
static enum urna_status read_quoted(const char **out, struct urna_map_reader *r)
{
    char *s = urna_arena_alloc(&r->m->arena, (size_t)(r->end - r->p) + 1, 1);
    size_t n = 0;
    for (r->p++;; r->p++) {
        if (r->p == r->end)
            return urna_map_fail(r, "a quote that is never closed");
        if (*r->p == '"') {
            if (r->p + 1 == r->end || r->p[1] != '"')
                break;
            r->p++;
        }
        s[n++] = *r->p;
    }
    r->p++;
    *out = s;
    return URNA_OK;
}

/* Quoted, or bare up to one of ${stop} with the spaces around it removed; never empty if bare. */
enum urna_status urna_map_read_name(const char **out, struct urna_map_reader *r, const char *stop)
{
    urna_map_skip_spaces(r);
    if (r->p < r->end && *r->p == '"')
        return read_quoted(out, r);
    const char *s = r->p;
    while (r->p < r->end && !strchr(stop, *r->p))
        r->p++;
    const char *e = r->p;
    while (e > s && (e[-1] == ' ' || e[-1] == '\t'))
        e--;
    if (e == s)
        return urna_map_fail(r, "a name is missing here");
    *out = urna_arena_strndup(&r->m->arena, s, (size_t)(e - s));
    return URNA_OK;
}

enum urna_status urna_map_want_end(struct urna_map_reader *r)
{
    if (urna_map_at_end(r))
        return URNA_OK;
    return urna_map_fail(r, "cannot read this from here: %.*s",
                         r->end - r->p < 60 ? (int)(r->end - r->p) : 60,
                         r->p); /* the line has no NUL */
}

/* ---- columns ---- */

static bool has_star(const char *s)
{
    for (; *s; s++) {
        if (*s == '\\' && s[1])
            s++;
        else if (*s == '*')
            return true;
    }
    return false;
}

bool urna_colmap_fits(const char *pattern, const char *text, size_t len)
{
    const char *p = pattern, *star = NULL, *e = text + len, *retry = text;
    while (text < e || *p) {
        if (*p == '*') {
            star = ++p;
            retry = text;
            continue;
        }
        if (text < e && *p) {
            const char *literal = *p == '\\' && p[1] ? p + 1 : p;
            if (*literal == *text) {
                p = literal + 1;
                text++;
                continue;
            }
        }
        if (!star || retry == e)
            return false;
        p = star;
        text = ++retry;
    }
    return true;
}

static enum urna_status read_step(struct urna_colmap_step *s, struct urna_map_reader *r)
{
    const char *word, *sep;
    enum urna_status st = urna_map_read_name(&word, r, " \t,|:");
    if (st != URNA_OK)
        return st;
    if (strcmp(word, "number") == 0) {
        s->kind = URNA_STEP_NUMBER;
    } else if (strcmp(word, "digits") == 0) {
        s->kind = URNA_STEP_DIGITS;
    } else if (strcmp(word, "lower") == 0) {
        s->kind = URNA_STEP_LOWER;
    } else if (strcmp(word, "optional") == 0) {
        s->kind = URNA_STEP_OPTIONAL;
    } else if (strcmp(word, "part") == 0) {
        s->kind = URNA_STEP_PART;
        st = urna_map_read_name(&sep, r, " \t");
        if (st != URNA_OK)
            return st;
        if (strlen(sep) != 1)
            return urna_map_fail(r, "part: the separator is one character");
        s->sep = sep[0];
        urna_map_skip_spaces(r);
        const char *d = r->p;
        while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
            r->p++;
        uint64_t n;
        if (!urna_parse_u64(&n, d, (size_t)(r->p - d), 1000) || n == 0)
            return urna_map_fail(r, "part: the number of the piece is 1 to 1000");
        s->arg = (uint32_t)n;
    } else {
        return urna_map_fail(
            r, "no step \"%.40s\"; steps are number, digits, lower, optional, part SEPARATOR N",
            word);
    }
    return URNA_OK;
}

enum urna_status urna_map_read_ref(struct urna_colmap_ref *out, struct urna_map_reader *r,
                                   const char *stop)
{
    memset(out, 0, sizeof *out);
    out->line = r->line;
    enum urna_status st = urna_map_read_name(&out->pattern, r, stop);
    if (st != URNA_OK)
        return st;
    out->glob = has_star(out->pattern);
    while (urna_map_accept(r, '|')) {
        if (out->n_steps == URNA_COLMAP_MAX_STEPS)
            return urna_map_fail(r, "more than %d steps", URNA_COLMAP_MAX_STEPS);
        st = read_step(&out->step[out->n_steps++], r);
        if (st != URNA_OK)
            return st;
    }
    return URNA_OK;
}

/* Names between commas; a list may stand on several lines with the same key. */
enum urna_status urna_map_read_refs(struct urna_colmap_refs *out, struct urna_map_reader *r)
{
    do {
        struct urna_colmap_ref ref;
        enum urna_status st = urna_map_read_ref(&ref, r, ",|");
        if (st != URNA_OK)
            return st;
        URNA_MAP_GROW(r, out->ref, out->n);
        out->ref[out->n++] = ref;
    } while (urna_map_accept(r, ','));
    return urna_map_want_end(r);
}
