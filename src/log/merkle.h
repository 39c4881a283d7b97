/* The Merkle tree of RFC 6962 / C2SP tlog: leaf SHA-256(00 || leaf), node SHA-256(01 || l || r),
 * empty SHA-256(""). */
#ifndef URNA_LOG_MERKLE_H
#define URNA_LOG_MERKLE_H

#include "hash/sha256.h"

void urna_merkle_leaf(uint8_t out[32], const void *leaf, size_t len);
void urna_merkle_node(uint8_t out[32], const uint8_t l[32], const uint8_t r[32]);

/* Root of a growing list in O(log n) memory. {0} is the empty tree. */
struct urna_merkle {
    uint64_t n;
    uint8_t stack[64][32]; /* perfect subtrees, largest first; popcount(n) of them */
};
void urna_merkle_add(struct urna_merkle *m, const uint8_t leaf_hash[32]);
void urna_merkle_root(const struct urna_merkle *m, uint8_t out[32]);

/* Tree hash over n leaf hashes in memory. */
void urna_merkle_tree(uint8_t out[32], const uint8_t (*leaf_hash)[32], size_t n);

/* All leaf hashes of a log, so that roots of every older size are at hand: every fourth level
 * of perfect subtrees, 32 + 2 bytes a leaf. */
struct urna_tree;
struct urna_tree *urna_tree_new(void);
void urna_tree_free(struct urna_tree *t);
void urna_tree_add(struct urna_tree *t, const uint8_t leaf_hash[32]);
uint64_t urna_tree_size(const struct urna_tree *t);
bool urna_tree_root(const struct urna_tree *t, uint64_t size,
                    uint8_t out[32]) URNA_MUST_USE;                   /* size <= tree's */
const uint8_t *urna_tree_leaf(const struct urna_tree *t, uint64_t i); /* 32 bytes */
/* Root of the perfect subtree number i over 2^level leaves, level a multiple of 4; NULL if the tree
 * has not got that far. */
const uint8_t *urna_tree_node(const struct urna_tree *t, unsigned level, uint64_t i);
/* RFC 6962 section 2.1.1, 2.1.2; proof: nodes of 32 bytes appended. */
bool urna_tree_inclusion(const struct urna_tree *t, uint64_t i, uint64_t size,
                         struct urna_buf *proof) URNA_MUST_USE;
bool urna_tree_consistency(const struct urna_tree *t, uint64_t old, uint64_t size,
                           struct urna_buf *proof) URNA_MUST_USE;

bool urna_inclusion_check(uint64_t i, uint64_t size, const uint8_t leaf_hash[32],
                          const uint8_t *proof, size_t n_nodes,
                          const uint8_t root[32]) URNA_MUST_USE;
/* old = 0 holds for the empty tree's root and an empty proof. */
bool urna_consistency_check(uint64_t old, uint64_t size, const uint8_t *proof, size_t n_nodes,
                            const uint8_t old_root[32], const uint8_t root[32]) URNA_MUST_USE;

#endif
