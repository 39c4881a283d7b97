/* All leaf hashes of a log, kept as levels of perfect subtrees, so that every older root and every
 * proof is a matter of O(log n) look-ups and hashes.
 *
 * Invariant 1: level[k] holds the hashes of the n >> 4k perfect subtrees of 2^(4k) leaves, from the
 * left; those of the levels between are made when they are asked for. */
#include "log/merkle.h"

#include <stdlib.h>
#include <string.h>

#define STEP 4 /* levels from one that is kept to the next */
#define LEVELS (64 / STEP)

struct level {
    uint8_t (*hash)[32];
    size_t n, cap;
};
struct urna_tree {
    uint64_t n;
    struct level level[LEVELS]; /* level[k]: of 2^(STEP k) leaves */
};

struct urna_tree *urna_tree_new(void)
{
    return urna_xcalloc(1, sizeof(struct urna_tree));
}

void urna_tree_free(struct urna_tree *t)
{
    if (t == NULL)
        return;
    for (unsigned l = 0; l < LEVELS; l++)
        free(t->level[l].hash);
    free(t);
}

static void push(struct level *v, const uint8_t hash[32])
{
    if (v->n == v->cap) {
        v->cap = v->cap ? v->cap + v->cap / 2 : 16;
        v->hash = urna_xrealloc(v->hash, v->cap, 32);
    }
    memcpy(v->hash[v->n++], hash, 32);
}

void urna_tree_add(struct urna_tree *t, const uint8_t leaf_hash[32])
{
    uint8_t h[32];
    t->n++;
    push(&t->level[0], leaf_hash);
    for (unsigned k = 1; k < LEVELS && t->n % (UINT64_C(1) << (STEP * k)) == 0; k++) {
        const struct level *below = &t->level[k - 1];
        urna_merkle_tree(h, (const uint8_t(*)[32])below->hash + below->n - (1u << STEP),
                         1u << STEP);
        push(&t->level[k], h);
    }
}

uint64_t urna_tree_size(const struct urna_tree *t)
{
    return t->n;
}

const uint8_t *urna_tree_node(const struct urna_tree *t, unsigned level, uint64_t i)
{
    unsigned k = level / STEP;
    return level % STEP == 0 && k < LEVELS && i < t->level[k].n ? t->level[k].hash[i] : NULL;
}

const uint8_t *urna_tree_leaf(const struct urna_tree *t, uint64_t i)
{
    return urna_tree_node(t, 0, i);
}

/* Largest power of two below n; n >= 2. */
static uint64_t split(uint64_t n)
{
    return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

/* Over the 2^l leaves from lo on: from what is kept of it, at most 2^(STEP - 1) hashes. */
static void perfect_root(const struct urna_tree *t, unsigned l, uint64_t lo, uint8_t out[32])
{
    const struct level *v = &t->level[l / STEP];
    urna_merkle_tree(out, (const uint8_t(*)[32])v->hash + (lo >> (l - l % STEP)),
                     (size_t)1 << l % STEP);
}

/* MTH(D[lo:hi)), lo < hi <= t->n, for the ranges that RFC 6962 cuts: the left part of every cut is
 * perfect and aligned, so it is looked up, and the depth is that of the right edge. */
static void range_root(const struct urna_tree *t, uint64_t lo, uint64_t hi, uint8_t out[32])
{
    uint64_t n = hi - lo;
    if ((n & (n - 1)) == 0) {
        perfect_root(t, (unsigned)__builtin_ctzll(n), lo, out);
        return;
    }
    uint64_t k = split(n);
    uint8_t left[32], right[32];
    range_root(t, lo, lo + k, left);
    range_root(t, lo + k, hi, right);
    urna_merkle_node(out, left, right);
}

bool urna_tree_root(const struct urna_tree *t, uint64_t size, uint8_t out[32])
{
    if (size > t->n) {
        memset(out, 0, 32);
        return false;
    }
    if (size == 0)
        urna_sha256(out, "", 0);
    else
        range_root(t, 0, size, out);
    return true;
}

static void add_root(const struct urna_tree *t, uint64_t lo, uint64_t hi, struct urna_buf *proof)
{
    uint8_t h[32];
    range_root(t, lo, hi, h);
    urna_buf_add(proof, h, sizeof h);
}

/* PATH(i, D[lo:hi)) */
static void path(const struct urna_tree *t, uint64_t i, uint64_t lo, uint64_t hi,
                 struct urna_buf *proof)
{
    if (hi - lo == 1)
        return;
    uint64_t mid = lo + split(hi - lo);
    if (i < mid) {
        path(t, i, lo, mid, proof);
        add_root(t, mid, hi, proof);
    } else {
        path(t, i, mid, hi, proof);
        add_root(t, lo, mid, proof);
    }
}

bool urna_tree_inclusion(const struct urna_tree *t, uint64_t i, uint64_t size,
                         struct urna_buf *proof)
{
    if (size > t->n || i >= size)
        return false;
    path(t, i, 0, size, proof);
    return true;
}

/* SUBPROOF(old - lo, D[lo:hi), known): known = the verifier has the root of D[lo:old). */
static void subproof(const struct urna_tree *t, uint64_t old, uint64_t lo, uint64_t hi, bool known,
                     struct urna_buf *proof)
{
    if (old == hi) {
        if (!known)
            add_root(t, lo, hi, proof);
        return;
    }
    uint64_t mid = lo + split(hi - lo);
    if (old <= mid) {
        subproof(t, old, lo, mid, known, proof);
        add_root(t, mid, hi, proof);
    } else {
        subproof(t, old, mid, hi, false, proof);
        add_root(t, lo, mid, proof);
    }
}

bool urna_tree_consistency(const struct urna_tree *t, uint64_t old, uint64_t size,
                           struct urna_buf *proof)
{
    if (size > t->n || old > size)
        return false;
    if (old > 0 && old < size)
        subproof(t, old, 0, size, true, proof);
    return true;
}
