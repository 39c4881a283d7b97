#include "evidence/keys.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

static uint64_t hash(const struct urna_keys *k, const char *s, size_t len)
{
    uint64_t h;
    _Static_assert(crypto_shorthash_BYTES == sizeof h &&
                       crypto_shorthash_KEYBYTES == sizeof k->salt,
                   "SipHash");
    crypto_shorthash((unsigned char *)&h, (const unsigned char *)s, len, k->salt);
    return h;
}

/* The slot of the key, or the free one where it belongs. */
static size_t probe(const struct urna_keys *k, const char *s, size_t len, uint64_t h)
{
    uint32_t tag = (uint32_t)(h >> 32);
    size_t i = (size_t)h & (k->n_slots - 1);
    while (k->slot[i] != 0) {
        const char *o = k->key[k->slot[i] - 1];
        if (k->tag[i] == tag && strncmp(o, s, len) == 0 && o[len] == 0)
            return i;
        i = (i + 1) & (k->n_slots - 1);
    }
    return i;
}

static void grow(struct urna_keys *k)
{
    if (k->n_slots == 0)
        urna_random(k->salt, sizeof k->salt);
    k->n_slots = k->n_slots ? 2 * k->n_slots : 64;
    free(k->slot);
    free(k->tag);
    k->slot = urna_xcalloc(k->n_slots, sizeof *k->slot);
    k->tag = urna_xcalloc(k->n_slots, sizeof *k->tag);
    for (size_t j = 0; j < k->n; j++) {
        size_t len = strlen(k->key[j]);
        uint64_t h = hash(k, k->key[j], len);
        size_t i = probe(k, k->key[j], len, h);
        k->slot[i] = (uint32_t)j + 1;
        k->tag[i] = (uint32_t)(h >> 32);
    }
}

size_t urna_keys_add(struct urna_keys *k, const char *s, size_t len, bool *is_new)
{
    if (4 * (k->n + 1) > 3 * k->n_slots)
        grow(k);
    uint64_t h = hash(k, s, len);
    size_t i = probe(k, s, len, h);
    if (is_new)
        *is_new = k->slot[i] == 0;
    if (k->slot[i] != 0)
        return k->slot[i] - 1;
    if (k->n == k->cap) {
        k->cap = k->cap ? 2 * k->cap : 64;
        k->key = urna_xrealloc(k->key, k->cap, sizeof *k->key);
    }
    k->key[k->n] = urna_arena_strndup(&k->arena, s, len);
    k->slot[i] = (uint32_t)++k->n;
    k->tag[i] = (uint32_t)(h >> 32);
    return k->n - 1;
}

size_t urna_keys_find(const struct urna_keys *k, const char *s, size_t len)
{
    if (k->n_slots == 0)
        return SIZE_MAX;
    size_t i = probe(k, s, len, hash(k, s, len));
    return k->slot[i] ? (size_t)k->slot[i] - 1 : SIZE_MAX;
}

void urna_keys_free(struct urna_keys *k)
{
    urna_arena_free(&k->arena);
    free(k->key);
    free(k->slot);
    free(k->tag);
    memset(k, 0, sizeof *k);
}
