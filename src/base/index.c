/* Invariant: at least a quarter of the slots is free, so that every search ends. */
#include "base/index.h"

#include <stdlib.h>
#include <string.h>

void urna_index_free(struct urna_index *x)
{
    free(x->slot);
    *x = (struct urna_index){0};
}

static const uint8_t *hash_of(struct urna_hashes h, uint32_t slot)
{
    return h.first + (size_t)(slot - 1) * h.stride;
}

static size_t home(const struct urna_index *x, const uint8_t hash[32])
{
    uint64_t v;
    memcpy(&v, hash, sizeof v);
    return (size_t)v & (x->cap - 1);
}

bool urna_index_find(const struct urna_index *x, struct urna_hashes h, const uint8_t hash[32],
                     uint32_t *item)
{
    *item = 0;
    if (x->n == 0)
        return false;
    for (size_t i = home(x, hash); x->slot[i] != 0; i = (i + 1) & (x->cap - 1))
        if (memcmp(hash_of(h, x->slot[i]), hash, 32) == 0) {
            *item = x->slot[i] - 1;
            return true;
        }
    return false;
}

static void put(struct urna_index *x, const uint8_t hash[32], uint32_t slot)
{
    size_t i = home(x, hash);
    while (x->slot[i] != 0)
        i = (i + 1) & (x->cap - 1);
    x->slot[i] = slot;
    x->n++;
}

static void grow(struct urna_index *x, struct urna_hashes h)
{
    struct urna_index bigger = {.cap = x->cap ? 2 * x->cap : 64};
    bigger.slot = urna_xcalloc(bigger.cap, sizeof *bigger.slot);
    for (size_t i = 0; i < x->cap; i++)
        if (x->slot[i] != 0)
            put(&bigger, hash_of(h, x->slot[i]), x->slot[i]);
    free(x->slot);
    *x = bigger;
}

void urna_index_add(struct urna_index *x, struct urna_hashes h, size_t item)
{
    if (item >= UINT32_MAX - 1)
        abort(); /* so many items, of 32 bytes at least, are in no memory */
    if (4 * (x->n + 1) > 3 * x->cap)
        grow(x, h);
    put(x, h.first + item * h.stride, (uint32_t)item + 1);
}
