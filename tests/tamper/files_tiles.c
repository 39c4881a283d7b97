/* Hash tiles, bundles of entries, bodies: every hash, every entry, every length. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "log/tile.h"

static const char unneeded[] = "less of an earlier partial tile, which this checkpoint does not "
                               "need, is still a beginning of the wider one";

/* Bytes [from, to) replaced. */
static void splice(struct urna_buf *out, const struct urna_buf *in, size_t from, size_t to,
                   const void *p, size_t len)
{
    urna_buf_reset(out);
    urna_buf_add(out, in->p, from);
    urna_buf_add(out, p, len);
    urna_buf_add(out, in->p + to, in->len - to);
}

static bool tile_at(const struct files *x, size_t file, struct urna_tile *t, bool *needed)
{
    const char *name = x->name.name[file];
    if (strncmp(name, "tile/", 5) != 0 || !urna_tile_parse(t, urna_view_str(name)))
        return false;
    *needed =
        t->width == URNA_TILE_WIDTH || urna_tile_width(t->level, t->index, x->size) == t->width;
    return true;
}

static void flip(struct files *x, size_t file, size_t at, const struct want *w)
{
    struct urna_buf b = {0};
    urna_buf_add(&b, x->content[file].p, x->content[file].len);
    b.p[at] ^= 1;
    files_try(x, file, &b, w);
    urna_buf_free(&b);
}

/* --- hashes -------------------------------------------------------------- */

static void change_hash(struct files *x, size_t file, size_t j, size_t n)
{
    const char *name = x->name.name[file];
    const struct urna_buf *old = &x->content[file];
    struct urna_buf b = {0};
    struct want w = {name, "a hash changed", "invalid", name, NULL};
    flip(x, file, 32 * j, &w);
    flip(x, file, 32 * j + 31, &w);
    w.op = "a hash left out";
    splice(&b, old, 32 * j, 32 * j + 32, NULL, 0);
    if (j + 1 < n) {
        files_try(x, file, &b, &w);
        w.op = "two hashes exchanged";
        uint8_t two[64];
        memcpy(two, old->p + 32 * j + 32, 32);
        memcpy(two + 32, old->p + 32 * j, 32);
        splice(&b, old, 32 * j, 32 * j + 64, two, 64);
        files_try(x, file, &b, &w);
    }
    w.op = "a hash twice";
    splice(&b, old, 32 * j, 32 * j, old->p + 32 * j, 32);
    files_try(x, file, &b, &w);
    urna_buf_free(&b);
}

/* The end of a file: less, more, nothing, all of it twice. short_: what less of it is. */
static void change_end(struct files *x, size_t file, size_t unit, bool needed)
{
    const char *name = x->name.name[file];
    const struct urna_buf *old = &x->content[file];
    const char *shorter = needed ? "incomplete" : "final", *why = needed ? NULL : unneeded;
    struct urna_buf b = {0};
    size_t cut[] = {1, unit, old->len / 2, old->len};
    for (int i = 0; i < 4; i++) {
        if (cut[i] > old->len)
            continue;
        splice(&b, old, old->len - cut[i], old->len, NULL, 0);
        files_try(x, file, &b,
                  &(struct want){name, cut[i] == old->len ? "emptied" : "cut", shorter,
                                 needed ? name : NULL, why});
    }
    splice(&b, old, old->len, old->len, "", 1);
    files_try(x, file, &b, &(struct want){name, "a byte more", "invalid", name, NULL});
    splice(&b, old, old->len, old->len, old->p, old->len);
    files_try(x, file, &b, &(struct want){name, "all of it twice", "invalid", name, NULL});
    urna_buf_free(&b);
}

void files_of_hashes(struct files *x)
{
    struct urna_tile t;
    bool needed;
    for (size_t i = 0; i < x->name.n; i++) {
        if (!tile_at(x, i, &t, &needed) || t.level == URNA_ENTRIES)
            continue;
        report_subject(x->report, needed ? "hash tiles" : "hash tiles that nobody needs");
        for (size_t j = 0; j < t.width; j++)
            change_hash(x, i, j, t.width);
        change_end(x, i, 32, needed);
    }
}

/* --- entries ------------------------------------------------------------- */

static void change_length(struct files *x, size_t file, size_t at, const struct want *w)
{
    const struct urna_buf *old = &x->content[file];
    unsigned len = (unsigned)old->p[at] << 8 | old->p[at + 1];
    unsigned other[] = {len + 1, len - 1, 0, 65535};
    struct urna_buf b = {0};
    for (int i = 0; i < 4; i++) {
        uint8_t two[2] = {(uint8_t)(other[i] >> 8), (uint8_t)other[i]};
        splice(&b, old, at, at + 2, two, 2);
        files_try(x, file, &b, w);
    }
    urna_buf_free(&b);
}

static void change_entry(struct files *x, size_t file, uint64_t index, struct urna_view e,
                         struct urna_view next, bool needed)
{
    const char *name = x->name.name[file];
    const struct urna_buf *old = &x->content[file];
    size_t at = (size_t)(e.p - old->p) - 2, to = at + 2 + e.len;
    struct urna_buf b = {0}, two = {0};
    char entry[40];
    /* The hash tile knows which one; of an earlier partial bundle only the file is known. */
    snprintf(entry, sizeof entry, "entry %llu", (unsigned long long)index);
    struct want w = {name, "an entry changed", "invalid", needed ? entry : name, NULL};
    flip(x, file, at + 2, &w);
    flip(x, file, at + 2 + e.len / 2, &w);
    flip(x, file, to - 1, &w);
    w.answers = "invalid incomplete";
    w.op = "an entry's length changed";
    w.mention = needed ? "tile/" : name;
    change_length(x, file, at, &w);
    w.op = "an entry left out";
    splice(&b, old, at, to, NULL, 0);
    if (next.p || needed)
        files_try(x, file, &b, &w);
    w.answers = "invalid";
    w.op = "an entry twice";
    splice(&b, old, at, at, old->p + at, to - at);
    files_try(x, file, &b, &w);
    if (next.p) {
        w.op = "two entries exchanged";
        w.mention = needed ? entry : name;
        urna_bundle_add(&two, next);
        urna_bundle_add(&two, e);
        splice(&b, old, at, to + 2 + next.len, two.p, two.len);
        files_try(x, file, &b, &w);
    }
    urna_buf_free(&two);
    urna_buf_free(&b);
}

void files_of_entries(struct files *x)
{
    struct urna_tile t;
    struct urna_view e[URNA_TILE_WIDTH];
    bool needed;
    size_t used;
    for (size_t i = 0; i < x->name.n; i++) {
        if (!tile_at(x, i, &t, &needed) || t.level != URNA_ENTRIES)
            continue;
        report_subject(x->report, needed ? "bundles of entries" : "bundles that nobody needs");
        if (urna_bundle_read(e, t.width, urna_buf_view(&x->content[i]), &used) != t.width)
            give_up(x->name.name[i], "is not whole");
        for (size_t j = 0; j < t.width; j++)
            change_entry(x, i, t.index * URNA_TILE_WIDTH + j, e[j],
                         j + 1 < t.width ? e[j + 1] : urna_view(NULL, 0), needed);
        change_end(x, i, 2 + e[t.width - 1].len, needed);
    }
}

/* --- bodies -------------------------------------------------------------- */

/* Missing or not what its name says: the entry is named, the election is not hurt. */
void files_of_bodies(struct files *x)
{
    static const char why[] = "what people say beside the election decides nothing: the entry is "
                              "named, as void or as a finding";
    size_t other = SIZE_MAX;
    report_subject(x->report, "bodies beside the log");
    for (size_t i = 0; i < x->name.n; i++) {
        const char *name = x->name.name[i];
        const struct urna_buf *old = &x->content[i];
        struct urna_buf b = {0};
        if (strncmp(name, "body/", 5) != 0)
            continue;
        bool bytes = old->len < 20; /* attachments are short here */
        struct want w = {bytes ? "body of an attachment" : "body of a text", "changed", "final",
                         bytes ? "the attachment's bytes are not in the record" : "absent", why};
        flip(x, i, 0, &w);
        flip(x, i, old->len / 2, &w);
        flip(x, i, old->len - 1, &w);
        w.op = "cut";
        splice(&b, old, old->len - 1, old->len, NULL, 0);
        files_try(x, i, &b, &w);
        w.op = "a byte more";
        splice(&b, old, old->len, old->len, "", 1);
        files_try(x, i, &b, &w);
        w.op = "emptied";
        urna_buf_reset(&b);
        files_try(x, i, &b, &w);
        w.op = "removed";
        files_try(x, i, NULL, &w);
        w.op = "that of another";
        if (other != SIZE_MAX)
            files_try(x, i, &x->content[other], &w);
        other = i;
        urna_buf_free(&b);
    }
}
