/* Index: which item of an array holds this hash? Open addressing over the numbers of the items,
 * four bytes each, so that the hashes stand once, in the items. */
#ifndef URNA_BASE_INDEX_H
#define URNA_BASE_INDEX_H

#include "base/status.h"

/* {0} is empty; never shrinks. */
struct urna_index {
    uint32_t *slot; /* 1 + number of an item; 0: free */
    size_t n, cap;
};

/* Where the items' hashes are, 32 bytes each and as good as random (SHA-256): the one of item 0,
 * and bytes from one to the next. The array may move between two calls. */
struct urna_hashes {
    const uint8_t *first;
    size_t stride;
};

void urna_index_free(struct urna_index *x);
/* *item: an item that was added and holds this hash; false if there is none. */
bool urna_index_find(const struct urna_index *x, struct urna_hashes h, const uint8_t hash[32],
                     uint32_t *item) URNA_MUST_USE;
/* Of several items with one hash any may be found. */
void urna_index_add(struct urna_index *x, struct urna_hashes h, size_t item);

#endif
