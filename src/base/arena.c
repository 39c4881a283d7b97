/* Arena: blocks of block_size, the newest first; what is larger gets a block of its own. */
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_BLOCK 65536u
#define ALIGN 16u

struct urna_arena_block {
    struct urna_arena_block *next;
    size_t used, size;
    size_t pad; /* keeps data at a multiple of 16 */
    uint8_t data[];
};
_Static_assert(offsetof(struct urna_arena_block, data) % ALIGN == 0, "data is aligned");

static struct urna_arena_block *new_block(size_t size)
{
    size_t bytes;
    if (__builtin_add_overflow(size, sizeof(struct urna_arena_block), &bytes))
        bytes = SIZE_MAX; /* cannot be had: ends in urna_xmalloc */
    struct urna_arena_block *b = urna_xmalloc(bytes);
    *b = (struct urna_arena_block){.size = size};
    return b;
}

/* The block that ${bytes} go into. A large one is put behind the head, so that the room left in the
 * head is still used. */
static struct urna_arena_block *block_for(struct urna_arena *a, size_t bytes)
{
    if (a->head && a->head->size - a->head->used >= bytes)
        return a->head;
    size_t standard = a->block_size ? a->block_size : DEFAULT_BLOCK;
    struct urna_arena_block *b = new_block(bytes > standard ? bytes : standard);
    if (a->head && bytes > standard / 4) {
        b->next = a->head->next;
        a->head->next = b;
    } else {
        b->next = a->head;
        a->head = b;
    }
    return b;
}

void *urna_arena_alloc(struct urna_arena *a, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX - ALIGN)
        bytes = SIZE_MAX / ALIGN * ALIGN;
    else
        bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    if (bytes == 0)
        bytes = ALIGN; /* every answer is a different address */
    struct urna_arena_block *b = block_for(a, bytes);
    uint8_t *p = b->data + b->used;
    b->used += bytes;
    return memset(p, 0, bytes);
}

void *urna_arena_copy(struct urna_arena *a, const void *p, size_t len)
{
    void *out = urna_arena_alloc(a, len, 1);
    if (len)
        memcpy(out, p, len);
    return out;
}

char *urna_arena_strndup(struct urna_arena *a, const char *s, size_t len)
{
    char *out = urna_arena_alloc(a, len < SIZE_MAX ? len + 1 : len, 1);
    if (len)
        memcpy(out, s, len);
    return out;
}

static void free_chain(struct urna_arena_block *b)
{
    while (b) {
        struct urna_arena_block *next = b->next;
        free(b);
        b = next;
    }
}

void urna_arena_reset(struct urna_arena *a)
{
    if (!a->head)
        return;
    free_chain(a->head->next);
    a->head->next = NULL;
    a->head->used = 0;
}

void urna_arena_free(struct urna_arena *a)
{
    free_chain(a->head);
    a->head = NULL;
}
