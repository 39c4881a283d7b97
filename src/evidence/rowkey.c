#include "evidence/rowkey.h"

#include <stdlib.h>
#include <string.h>

void urna_rowkey_init(struct urna_rowkey *k, const struct urna_bound_key *bound)
{
    memset(k, 0, sizeof *k);
    k->bound = bound;
    k->is_cell = bound->n == 1 && bound->part->ref->n_steps == 0;
    k->column = k->is_cell ? bound->part->column : 0;
    k->cap = k->cap_seen = 64;
    k->text = urna_xmalloc(k->cap);
    k->seen = urna_xmalloc(k->cap_seen);
    k->seen_len = urna_xcalloc(bound->n + 1, sizeof *k->seen_len);
}

void urna_rowkey_free(struct urna_rowkey *k)
{
    free(k->text);
    free(k->seen);
    free(k->seen_len);
}

/* ---- one part ---- */

static struct urna_view without_zeros(struct urna_view v)
{
    while (v.len > 1 && *v.p == '0') {
        v.p++;
        v.len--;
    }
    return v;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static struct urna_view piece(struct urna_view v, char sep, uint32_t k)
{
    for (; k > 1; k--) {
        const uint8_t *s = v.len ? memchr(v.p, sep, v.len) : NULL;
        if (!s)
            return urna_view(v.p, 0);
        v = urna_view(s + 1, v.len - (size_t)(s + 1 - v.p));
    }
    const uint8_t *s = v.len ? memchr(v.p, sep, v.len) : NULL;
    return s ? urna_view(v.p, (size_t)(s - v.p)) : v;
}

/* false: the step does not fit what is there ("12a" is no number). */
static bool take_step(struct urna_view *v, const struct urna_colmap_step *s)
{
    switch (s->kind) {
    case URNA_STEP_PART:
        *v = urna_text_trim_cell(piece(*v, s->sep, s->arg));
        return true;
    case URNA_STEP_NUMBER:
        for (size_t i = 0; i < v->len; i++)
            if (!is_digit(v->p[i]))
                return false;
        *v = without_zeros(*v);
        return true;
    case URNA_STEP_DIGITS: {
        size_t i = 0, k;
        while (i < v->len && !is_digit(v->p[i]))
            i++;
        for (k = i; k < v->len && is_digit(v->p[k]); k++)
            continue;
        *v = without_zeros(urna_view(v->p + i, k - i));
        return true;
    }
    case URNA_STEP_LOWER: /* done when the key is written */
    case URNA_STEP_OPTIONAL:
        return true;
    }
    return true;
}

static bool take_steps(struct urna_view *v, const struct urna_colmap_ref *ref)
{
    for (unsigned i = 0; i < ref->n_steps; i++)
        if (!take_step(v, &ref->step[i]))
            return false;
    return true;
}

static inline bool value(struct urna_view *v, const struct urna_bound_part *p,
                         const struct urna_cells *cells)
{
    *v = urna_text_trim_cell(urna_cell(cells, p->column));
    return p->ref->n_steps == 0 || take_steps(v, p->ref);
}

bool urna_rowkey_value(struct urna_view *v, const struct urna_bound_part *p,
                       const struct urna_cells *cells)
{
    return value(v, p, cells);
}

/* ---- parts joined ---- */

/* A part of a key of several parts: "/" and "\" get a backslash, so that no two keys are one. The
 * end of what was written; at most twice the length of v. */
static char *write_part(char *out, struct urna_view v, bool several, bool lower)
{
    for (size_t i = 0; i < v.len; i++) {
        uint8_t c = v.p[i];
        if (several && (c == '/' || c == '\\'))
            *out++ = '\\';
        *out++ = (char)(lower && c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return out;
}

/* Room for the parts from ${first} behind ${used} bytes. */
static void make_room(struct urna_rowkey *k, const struct urna_cells *cells, size_t first,
                      size_t used)
{
    size_t need = used;
    for (size_t i = first; i < k->bound->n; i++)
        need += 2 * urna_cell(cells, k->bound->part[i].column).len + 1;
    if (need <= k->cap)
        return;
    k->cap = 2 * need;
    k->text = urna_xrealloc(k->text, k->cap, 1);
}

/* Are all cells but the last what they were? */
static bool is_kept(const struct urna_rowkey *k, const struct urna_cells *cells)
{
    const uint8_t *seen = k->seen;
    if (k->kept == 0)
        return false;
    for (size_t i = 0; i + 1 < k->bound->n; i++) {
        struct urna_view v = urna_cell(cells, k->bound->part[i].column);
        if (v.len != k->seen_len[i] || memcmp(v.p, seen, v.len) != 0)
            return false;
        seen += v.len;
    }
    return true;
}

static void keep(struct urna_rowkey *k, const struct urna_cells *cells, size_t len, bool any)
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < k->bound->n; i++) {
        struct urna_view v = urna_cell(cells, k->bound->part[i].column);
        if (n + v.len > k->cap_seen) {
            k->cap_seen = 2 * (n + v.len);
            k->seen = urna_xrealloc(k->seen, k->cap_seen, 1);
        }
        memcpy(k->seen + n, v.p, v.len);
        k->seen_len[i] = v.len;
        n += v.len;
    }
    k->kept = len;
    k->any = any;
}

size_t urna_rowkey_join(struct urna_view *out, struct urna_rowkey *k,
                        const struct urna_cells *cells)
{
    size_t bad = SIZE_MAX, n = k->bound->n;
    if (!is_kept(k, cells))
        k->kept = 0;
    bool any = k->kept && k->any;
    size_t i = k->kept ? n - 1 : 0;
    make_room(k, cells, i, k->kept);
    char *end = k->text + k->kept;
    for (; i < n; i++) {
        const struct urna_bound_part *part = &k->bound->part[i];
        struct urna_view v;
        bool ok = value(&v, part, cells) && (v.len > 0 || part->optional);
        if (!ok && bad == SIZE_MAX)
            bad = i;
        end = write_part(end, v, n > 1, part->lower);
        any = any || v.len > 0;
        if (i + 1 < n)
            *end++ = '/';
        if (i + 2 == n && bad == SIZE_MAX)
            keep(k, cells, (size_t)(end - k->text), any);
    }
    *out = urna_view(k->text, (size_t)(end - k->text));
    return any || bad != SIZE_MAX ? bad : 0;
}
