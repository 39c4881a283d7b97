/* Arena: many small allocations, freed at once. Zeroed memory, aligned to 16 bytes. */
#ifndef URNA_BASE_ARENA_H
#define URNA_BASE_ARENA_H

#include "base/status.h"

struct urna_arena {
    struct urna_arena_block *head;
    size_t block_size;
};

/* {0} is a valid empty arena. */
void *urna_arena_alloc(struct urna_arena *a, size_t n, size_t size)
    __attribute__((returns_nonnull));
void *urna_arena_copy(struct urna_arena *a, const void *p, size_t len)
    __attribute__((returns_nonnull));
char *urna_arena_strndup(struct urna_arena *a, const char *s, size_t len)
    __attribute__((returns_nonnull));
void urna_arena_reset(struct urna_arena *a); /* everything handed out is gone; one block is kept */
void urna_arena_free(struct urna_arena *a);

#define URNA_NEW(arena, type, n) ((type *)urna_arena_alloc((arena), (n), sizeof(type)))

#endif
