#include "evidence/contradict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/encoding.h"
#include "evidence/keys.h"

/* ---- find ---- */

static int by_votes(const void *x, const void *y)
{
    const struct urna_contradiction_row *a = x, *b = y;
    if (a->votes != b->votes)
        return a->votes > b->votes ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static bool find_region(uint32_t *out, const struct urna_protocols *p, const char *region)
{
    for (size_t i = 0; i < p->n_regions; i++) {
        if (strcmp(p->region_name[i], region) == 0) {
            *out = (uint32_t)i;
            return true;
        }
    }
    return false;
}

static enum urna_status check_no_duplicates(const struct urna_contradiction *c, const char *file,
                                            enum urna_status fault, struct urna_error *err)
{
    struct urna_keys keys = {0};
    enum urna_status st = URNA_OK;
    for (size_t i = 0; i < c->n && st == URNA_OK; i++) {
        bool is_new;
        urna_keys_add(&keys, c->row[i].station, strlen(c->row[i].station), &is_new);
        if (is_new)
            continue;
        urna_error_where(err, file);
        st = urna_fail(err, fault,
                       "station %.100s stands twice (line %llu): it would be counted twice",
                       c->row[i].station, (unsigned long long)c->row[i].line);
    }
    urna_keys_free(&keys);
    return st;
}

enum urna_status urna_contradiction_find(struct urna_contradiction *c,
                                         const struct urna_protocols *p, size_t series,
                                         const char *region, uint64_t official,
                                         struct urna_error *err)
{
    memset(c, 0, sizeof *c);
    uint32_t g = 0;
    if (series >= p->n_series)
        return urna_fail(err, URNA_INPUT, "no such number");
    if (region && !find_region(&g, p, region))
        return urna_fail(err, URNA_INPUT, "no station is in a region called \"%.100s\"", region);
    c->title = p->title;
    c->file = p->file;
    c->source = "";
    c->number = p->series[series].name;
    c->region = region;
    c->official = official;
    memcpy(c->sha256, p->sha256, sizeof c->sha256);
    c->row = urna_xcalloc(p->n + 1, sizeof *c->row);
    for (size_t i = 0; i < p->n; i++) {
        if ((region && p->region[i] != g) || p->series[series].v[i] == URNA_UNKNOWN)
            continue;
        c->row[c->n++] =
            (struct urna_contradiction_row){p->station[i], p->series[series].v[i], p->line[i]};
    }
    enum urna_status st = check_no_duplicates(c, p->file, URNA_INPUT, err);
    if (st != URNA_OK)
        return st;
    qsort(c->row, c->n, sizeof *c->row, by_votes);
    size_t k = 0;
    while (k < c->n && c->sum <= official)
        if (__builtin_add_overflow(c->sum, c->row[k++].votes, &c->sum))
            return urna_fail(err, URNA_INPUT, "the sum is beyond 2^64");
    if (c->sum <= official) {
        c->n = 0;
        return URNA_FALSE;
    }
    c->n = k;
    return URNA_OK;
}

void urna_contradiction_free(struct urna_contradiction *c)
{
    free(c->row);
    urna_arena_free(&c->arena);
    memset(c, 0, sizeof *c);
}

/* ---- write ---- */

static void write_text(struct urna_buf *out, const char *s)
{
    for (; *s; s++) {
        unsigned char b = (unsigned char)*s;
        if (b < 0x20 || b == 0x7F || b == '%')
            urna_buf_printf(out, "%%%02X", b);
        else
            urna_buf_u8(out, b);
    }
    urna_buf_str(out, "\n");
}

static void write_line(struct urna_buf *out, const char *key, const char *text)
{
    urna_buf_str(out, key);
    write_text(out, text);
}

void urna_contradiction_write(struct urna_buf *out, const struct urna_contradiction *c)
{
    urna_buf_str(out, "urna-contradiction-1\n");
    write_line(out, "title ", c->title);
    write_line(out, "number ", c->number);
    if (c->region)
        write_line(out, "scope region ", c->region);
    else
        urna_buf_str(out, "scope all\n");
    urna_buf_printf(out, "official %llu\n", (unsigned long long)c->official);
    write_line(out, "source ", c->source);
    urna_buf_str(out, "input ");
    for (size_t i = 0; i < sizeof c->sha256; i++)
        urna_buf_printf(out, "%02x", c->sha256[i]); /* as sha256sum prints it */
    const char *base = strrchr(c->file, '/');
    write_line(out, " ", base ? base + 1 : c->file);
    urna_buf_printf(out, "rows %zu\n", c->n);
    for (size_t i = 0; i < c->n; i++) {
        urna_buf_printf(out, "row %llu %llu ", (unsigned long long)c->row[i].votes,
                        (unsigned long long)c->row[i].line);
        write_text(out, c->row[i].station);
    }
    urna_buf_printf(out, "sum %llu\n", (unsigned long long)c->sum);
}

/* ---- read ---- */

struct reader {
    struct urna_contradiction *c;
    struct urna_error *err;
    const char *name, *p, *end; /* p: the next line */
    const char *s, *e;          /* what is left of the current line */
    int64_t line;
};

static enum urna_status fail(struct reader *r, const char *what)
{
    if (r->err)
        r->err->offset = r->line;
    urna_error_where(r->err, r->name);
    return urna_fail(r->err, URNA_INPUT, "%s", what);
}

static enum urna_status next_line(struct reader *r, const char *key)
{
    r->line++;
    const char *nl = r->p < r->end ? memchr(r->p, '\n', (size_t)(r->end - r->p)) : NULL;
    size_t n = strlen(key);
    if (!nl || (size_t)(nl - r->p) < n || memcmp(r->p, key, n) != 0) {
        char what[80];
        snprintf(what, sizeof what, "expected a line \"%s...\"", key);
        return fail(r, what);
    }
    r->s = r->p + n;
    r->e = nl;
    r->p = nl + 1;
    return URNA_OK;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The rest of the line as text; one spelling only. */
static enum urna_status take_text(const char **out, struct reader *r)
{
    size_t len = (size_t)(r->e - r->s), n = 0;
    char *t = urna_arena_alloc(&r->c->arena, len + 1, 1);
    for (; r->s < r->e; r->s++) {
        unsigned char b = (unsigned char)*r->s;
        if (b == '%') {
            int hi = r->e - r->s > 2 ? hex_digit(r->s[1]) : -1,
                lo = hi >= 0 ? hex_digit(r->s[2]) : -1;
            if (hi < 0 || lo < 0)
                return fail(r, "a bad %XX");
            b = (unsigned char)(hi * 16 + lo);
            if (b == 0 || (b >= 0x20 && b != 0x7F && b != '%'))
                return fail(r, "a bad %XX");
            r->s += 2;
        } else if (b < 0x20 || b == 0x7F) {
            return fail(r, "a control character");
        }
        t[n++] = (char)b;
    }
    bool nul;
    if (urna_utf8_valid_prefix((const uint8_t *)t, n, &nul) != n)
        return fail(r, "not UTF-8");
    *out = t;
    return URNA_OK;
}

static enum urna_status take_number(uint64_t *out, struct reader *r, char stop)
{
    const char *s = r->s;
    while (r->s < r->e && *r->s >= '0' && *r->s <= '9')
        r->s++;
    if (!urna_parse_u64(out, s, (size_t)(r->s - s), INT64_MAX))
        return fail(r, "expected a whole number");
    if (stop ? r->s == r->e || *r->s++ != stop : r->s != r->e)
        return fail(r, "the line does not have the right parts");
    return URNA_OK;
}

static enum urna_status read_scope(struct reader *r)
{
    enum urna_status st = next_line(r, "scope ");
    if (st != URNA_OK)
        return st;
    if (r->e - r->s == 3 && memcmp(r->s, "all", 3) == 0)
        return URNA_OK;
    if (r->e - r->s < 7 || memcmp(r->s, "region ", 7) != 0)
        return fail(r, "a scope is all, or region NAME");
    r->s += 7;
    return take_text(&r->c->region, r);
}

static enum urna_status read_head(struct reader *r)
{
    struct urna_contradiction *c = r->c;
    enum urna_status st = next_line(r, "urna-contradiction-1");
    if (st == URNA_OK && r->s != r->e)
        st = fail(r, "expected a line \"urna-contradiction-1\"");
    if (st == URNA_OK && (st = next_line(r, "title ")) == URNA_OK)
        st = take_text(&c->title, r);
    if (st == URNA_OK && (st = next_line(r, "number ")) == URNA_OK)
        st = take_text(&c->number, r);
    if (st == URNA_OK)
        st = read_scope(r);
    if (st == URNA_OK && (st = next_line(r, "official ")) == URNA_OK)
        st = take_number(&c->official, r, 0);
    if (st == URNA_OK && (st = next_line(r, "source ")) == URNA_OK)
        st = take_text(&c->source, r);
    if (st == URNA_OK)
        st = next_line(r, "input ");
    if (st == URNA_OK) {
        if (r->e - r->s < 65 || !urna_unhex_any(c->sha256, sizeof c->sha256, r->s, 64) ||
            r->s[64] != ' ')
            return fail(r, "expected the SHA-256 of the table and its name");
        r->s += 65;
        st = take_text(&c->file, r);
    }
    return st;
}

static enum urna_status read_rows(struct reader *r)
{
    struct urna_contradiction *c = r->c;
    uint64_t n;
    enum urna_status st = next_line(r, "rows ");
    if (st == URNA_OK)
        st = take_number(&n, r, 0);
    if (st != URNA_OK)
        return st;
    if (n == 0 || n > (uint64_t)(r->end - r->p) / 8) /* a row has at least 8 bytes */
        return fail(r, "the file does not have so many rows");
    c->row = urna_xcalloc((size_t)n, sizeof *c->row);
    for (; c->n < n; c->n++) {
        struct urna_contradiction_row *row = &c->row[c->n];
        st = next_line(r, "row ");
        if (st == URNA_OK)
            st = take_number(&row->votes, r, ' ');
        if (st == URNA_OK)
            st = take_number(&row->line, r, ' ');
        if (st == URNA_OK)
            st = take_text(&row->station, r);
        if (st != URNA_OK)
            return st;
    }
    return URNA_OK;
}

enum urna_status urna_contradiction_read(struct urna_contradiction *c, struct urna_view text,
                                         const char *name, struct urna_error *err)
{
    memset(c, 0, sizeof *c);
    struct reader r = {.c = c, .err = err, .name = name, .p = (const char *)text.p};
    r.end = text.len ? r.p + text.len : r.p;
    enum urna_status st = read_head(&r);
    if (st == URNA_OK)
        st = read_rows(&r);
    if (st == URNA_OK && (st = next_line(&r, "sum ")) == URNA_OK)
        st = take_number(&c->sum, &r, 0);
    if (st == URNA_OK && r.p != r.end) {
        r.line++;
        st = fail(&r, "something stands behind the end");
    }
    return st;
}

/* ---- check ---- */

static enum urna_status wrong(struct urna_error *err, const char *fmt, ...) URNA_PRINTF(2, 3);

static enum urna_status wrong(struct urna_error *err, const char *fmt, ...)
{
    char msg[300];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    return urna_fail(err, URNA_FALSE, "%s", msg);
}

enum urna_status urna_contradiction_check(const struct urna_contradiction *c,
                                          struct urna_error *err)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (i > 0 && c->row[i].votes > c->row[i - 1].votes)
            return wrong(err, "the rows are not in order (row %zu)", i + 1);
        if (sum > c->official)
            return wrong(err, "row %zu is one too many: the rows before it suffice", i + 1);
        if (__builtin_add_overflow(sum, c->row[i].votes, &sum))
            return wrong(err, "the sum is beyond 2^64");
    }
    if (sum != c->sum)
        return wrong(err, "the rows add up to %llu, not to %llu", (unsigned long long)sum,
                     (unsigned long long)c->sum);
    if (sum <= c->official)
        return wrong(err, "%llu is not more than the official %llu", (unsigned long long)sum,
                     (unsigned long long)c->official);
    return check_no_duplicates(c, "", URNA_FALSE, err);
}

enum urna_status urna_contradiction_check_table(const struct urna_contradiction *c,
                                                const struct urna_protocols *p,
                                                struct urna_error *err)
{
    struct urna_contradiction again;
    if (memcmp(c->sha256, p->sha256, sizeof c->sha256) != 0)
        return wrong(err, "this is not the table that the proof names (its SHA-256 differs)");
    enum urna_status st = urna_contradiction_find(&again, p, urna_protocols_find(p, c->number),
                                                  c->region, c->official, err);
    if (st == URNA_OK && (again.n != c->n || again.sum != c->sum))
        st = wrong(err, "the table gives %zu rows with the sum %llu", again.n,
                   (unsigned long long)again.sum);
    for (size_t i = 0; st == URNA_OK && i < c->n; i++)
        if (c->row[i].votes != again.row[i].votes || c->row[i].line != again.row[i].line ||
            strcmp(c->row[i].station, again.row[i].station) != 0)
            st = wrong(err, "row %zu is not what the table has", i + 1);
    urna_contradiction_free(&again);
    return st;
}
