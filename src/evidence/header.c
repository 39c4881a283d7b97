#include "evidence/header.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/encoding.h"
#include "evidence/keys.h"

#define SPREAD_MAX 200u /* bytes of a cell that speaks for others: it is copied to each */

static void make_room(struct urna_header *h, size_t n)
{
    if (n <= h->n)
        return;
    h->part = urna_xrealloc(h->part, n, sizeof *h->part);
    h->begins = urna_xrealloc(h->begins, n, sizeof *h->begins);
    memset(h->part + h->n, 0, (n - h->n) * sizeof *h->part);
    memset(h->begins + h->n, 0, (n - h->n) * sizeof *h->begins);
    h->n = n;
}

/* At most SPREAD_MAX bytes, cut between characters. */
static struct urna_view shortened(struct urna_view v)
{
    if (v.len <= SPREAD_MAX)
        return v;
    v.len = SPREAD_MAX;
    while (v.len > 0 && (v.p[v.len] & 0xC0) == 0x80)
        v.len--;
    return v;
}

static void add_part(struct urna_buf *name, struct urna_view v)
{
    if (v.len == 0)
        return;
    urna_buf_str(name, name->len ? " / " : "");
    urna_buf_add(name, v.p, v.len);
}

void urna_header_add(struct urna_header *h, const struct urna_view *cell, size_t n, bool last)
{
    make_room(h, n);
    struct urna_view spread = {0};
    for (size_t i = 0; i < h->n; i++) {
        struct urna_view own = i < n ? urna_text_trim(cell[i]) : urna_view(NULL, 0);
        if (last) {
            add_part(&h->part[i], own);
            continue;
        }
        if (own.len > 0 || h->begins[i])
            spread = shortened(own);
        h->begins[i] = h->begins[i] || own.len > 0;
        add_part(&h->part[i], spread);
    }
}

static char *unnamed(size_t column)
{
    struct urna_buf b = {0};
    urna_buf_printf(&b, "column %zu", column + 1);
    char *s = urna_xstrdup(urna_buf_cstr(&b));
    urna_buf_free(&b);
    return s;
}

/* "NAME (1)", "NAME (2)" for columns that share a name. */
static void tell_apart(struct urna_header *h)
{
    struct urna_keys keys = {0};
    size_t *count = urna_xcalloc(h->n + 1, sizeof *count),
           *turn = urna_xcalloc(h->n + 1, sizeof *turn);
    for (size_t i = 0; i < h->n; i++)
        count[urna_keys_add(&keys, h->name[i], strlen(h->name[i]), NULL)]++;
    for (size_t i = 0; i < h->n; i++) {
        size_t k = urna_keys_find(&keys, h->name[i], strlen(h->name[i]));
        if (count[k] < 2)
            continue;
        struct urna_buf b = {0};
        urna_buf_printf(&b, "%s (%zu)", h->name[i], ++turn[k]);
        free(h->name[i]);
        h->name[i] = urna_xstrdup(urna_buf_cstr(&b));
        urna_buf_free(&b);
    }
    free(count);
    free(turn);
    urna_keys_free(&keys);
}

void urna_header_end(struct urna_header *h)
{
    size_t n = h->n;
    while (n > 0 && h->part[n - 1].len == 0)
        urna_buf_free(&h->part[--n]);
    h->name = urna_xcalloc(n + 1, sizeof *h->name);
    for (size_t i = 0; i < n; i++) {
        h->name[i] = h->part[i].len ? urna_xstrdup(urna_buf_cstr(&h->part[i])) : unnamed(i);
        urna_buf_free(&h->part[i]);
    }
    h->n = n;
    free(h->part);
    free(h->begins);
    h->part = NULL;
    h->begins = NULL;
    tell_apart(h);
}

void urna_header_free(struct urna_header *h)
{
    for (size_t i = 0; i < h->n; i++) {
        if (h->part)
            urna_buf_free(&h->part[i]);
        if (h->name)
            free(h->name[i]);
    }
    free(h->name);
    free(h->part);
    free(h->begins);
    *h = (struct urna_header){0};
}
