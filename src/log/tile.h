/* Tiles of C2SP tlog-tiles: names of files, and entry bundles. */
#ifndef URNA_LOG_TILE_H
#define URNA_LOG_TILE_H

#include "base/bytes.h"

#define URNA_TILE_WIDTH 256   /* hashes in a full tile, entries in a full bundle */
#define URNA_TILE_LEVELS 8    /* 256^8 = 2^64: no higher level is ever in use */
#define URNA_ENTRIES (-1)     /* the "level" of entry bundles */
#define URNA_LEAF_MAX 65535   /* bytes of an entry: its length is a u16 */
#define URNA_TILE_PATH_MAX 64 /* bytes of a path with its NUL */

/* tile/<level>/<index>[.p/<width>] or tile/entries/<index>[.p/<width>]; width 256 is the full one,
 * without suffix. */
struct urna_tile {
    int level; /* 0..63, or URNA_ENTRIES */
    uint64_t index;
    unsigned width; /* 1..256 */
};
void urna_tile_path(char out[URNA_TILE_PATH_MAX], const struct urna_tile *t);
/* Only the one spelling that urna_tile_path gives. */
bool urna_tile_parse(struct urna_tile *t, struct urna_view path) URNA_MUST_USE;
/* By level, index, width. */
int urna_tile_compare(const struct urna_tile *a, const struct urna_tile *b);

/* How many hashes (entries) the tile at (level, index) has in a log of that size: 0..256. */
unsigned urna_tile_width(int level, uint64_t index, uint64_t size);

/* A bundle: entries behind u16 lengths. Reads at most max entries; returns how many there are
 * whole, entry i at at[i], and in *used the bytes that they take. */
size_t urna_bundle_read(struct urna_view *at, size_t max, struct urna_view bundle, size_t *used);
/* len <= URNA_LEAF_MAX */
void urna_bundle_add(struct urna_buf *out, struct urna_view entry);

#endif
