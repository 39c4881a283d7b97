/* Names of tiles and the form of entry bundles (C2SP tlog-tiles). */
#include "log/tile.h"

#include "log/note_internal.h"

#include <stdio.h>
#include <string.h>

/* An index in groups of three digits, all but the last behind an 'x': 1234067 is x001/x234/067. */
static void index_path(char *out, size_t cap, uint64_t index)
{
    unsigned group[7], n = 0; /* 7 * 3 digits hold 2^64 */
    do {
        group[n++] = (unsigned)(index % 1000);
        index /= 1000;
    } while (index > 0);
    size_t len = 0;
    while (n-- > 0)
        len += (size_t)snprintf(out + len, cap - len, n > 0 ? "x%03u/" : "%03u", group[n]);
}

void urna_tile_path(char out[URNA_TILE_PATH_MAX], const struct urna_tile *t)
{
    char level[12] = "entries", index[36], part[8] = "";
    if (t->level != URNA_ENTRIES)
        snprintf(level, sizeof level, "%d", t->level);
    index_path(index, sizeof index, t->index);
    if (t->width < URNA_TILE_WIDTH)
        snprintf(part, sizeof part, ".p/%u", t->width);
    snprintf(out, URNA_TILE_PATH_MAX, "tile/%s/%s%s", level, index, part);
}

/* Cut the word up to the next '/' (or the end) off the front. */
static struct urna_view next_word(struct urna_view *rest)
{
    size_t n = urna_view_find(*rest, '/');
    struct urna_view word = urna_view(rest->p, n);
    *rest = urna_view_skip(*rest, n < rest->len ? n + 1 : n);
    return word;
}

/* Reads generously; the caller compares with what the tile's path would be. */
static bool read_path(struct urna_tile *t, struct urna_view rest)
{
    uint64_t n;
    if (!urna_view_eq_str(next_word(&rest), "tile"))
        return false;
    struct urna_view word = next_word(&rest);
    t->level = URNA_ENTRIES;
    if (!urna_view_eq_str(word, "entries")) {
        if (!urna_parse_u64(&n, (const char *)word.p, word.len, 63))
            return false;
        t->level = (int)n;
    }
    t->index = 0;
    t->width = URNA_TILE_WIDTH;
    bool more = true;
    while (more) {
        word = next_word(&rest);
        more = word.len > 0 && word.p[0] == 'x';
        struct urna_view digits = more ? urna_view_skip(word, 1) : word;
        if (digits.len < 3)
            return false;
        uint64_t group = 0;
        for (size_t i = 0; i < 3; i++) {
            if (digits.p[i] < '0' || digits.p[i] > '9')
                return false;
            group = 10 * group + (uint64_t)(digits.p[i] - '0');
        }
        if (t->index > (UINT64_MAX - group) / 1000)
            return false;
        t->index = 1000 * t->index + group;
        if (digits.len > 3) {
            word = next_word(&rest);
            if (!urna_parse_u64(&n, (const char *)word.p, word.len, URNA_TILE_WIDTH - 1) || n == 0)
                return false;
            t->width = (unsigned)n;
            more = false;
        }
    }
    return true;
}

bool urna_tile_parse(struct urna_tile *t, struct urna_view path)
{
    char again[URNA_TILE_PATH_MAX];
    if (path.len >= URNA_TILE_PATH_MAX || !read_path(t, path))
        return false;
    urna_tile_path(again, t);
    return urna_view_eq_str(path, again);
}

int urna_tile_compare(const struct urna_tile *a, const struct urna_tile *b)
{
    if (a->level != b->level)
        return a->level < b->level ? -1 : 1;
    if (a->index != b->index)
        return a->index < b->index ? -1 : 1;
    return a->width < b->width ? -1 : a->width > b->width;
}

unsigned urna_tile_width(int level, uint64_t index, uint64_t size)
{
    unsigned shift = level == URNA_ENTRIES ? 0 : 8 * (unsigned)level;
    uint64_t n = shift < 64 ? size >> shift : 0;
    if (n / URNA_TILE_WIDTH > index)
        return URNA_TILE_WIDTH;
    return n / URNA_TILE_WIDTH == index ? (unsigned)(n % URNA_TILE_WIDTH) : 0;
}

size_t urna_bundle_read(struct urna_view *at, size_t max, struct urna_view bundle, size_t *used)
{
    size_t n = 0;
    *used = 0;
    while (n < max && bundle.len - *used >= 2) {
        const uint8_t *p = bundle.p + *used;
        size_t len = (size_t)p[0] << 8 | p[1];
        if (bundle.len - *used - 2 < len)
            break;
        at[n++] = urna_view(p + 2, len);
        *used += 2 + len;
    }
    return n;
}

void urna_bundle_add(struct urna_buf *out, struct urna_view entry)
{
    urna_buf_be16(out, (uint16_t)entry.len);
    urna_buf_add(out, entry.p, entry.len);
}
