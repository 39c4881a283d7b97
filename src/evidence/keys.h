/* Keys: texts and their numbers 0, 1, 2, ... in order of first appearance. */
#ifndef URNA_EVIDENCE_KEYS_H
#define URNA_EVIDENCE_KEYS_H

#include "base/arena.h"

/* {0} is empty. A salted hash, so that a table of chosen names costs no more than any other. */
struct urna_keys {
    struct urna_arena arena;
    const char **key; /* NUL-terminated, owned */
    size_t n, cap;
    uint32_t *slot; /* index + 1; 0: free */
    uint32_t *tag;  /* upper half of the hash, beside the slot */
    size_t n_slots;
    uint8_t salt[16];
};
#define URNA_KEYS_MAX ((size_t)1 << 31)

/* The number of the key; *is_new (may be NULL) if it was not there. */
size_t urna_keys_add(struct urna_keys *k, const char *s, size_t len, bool *is_new);
/* SIZE_MAX: not there. */
size_t urna_keys_find(const struct urna_keys *k, const char *s, size_t len);
void urna_keys_free(struct urna_keys *k);

#endif
