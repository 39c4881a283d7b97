/* Tree hashes and the checking of proofs: RFC 6962 section 2.1, RFC 9162 sections 2.1.3.2
 * and 2.1.4.2. */
#include "log/merkle.h"

#include <string.h>

void urna_merkle_leaf(uint8_t out[32], const void *leaf, size_t len)
{
    struct urna_sha256 s;
    urna_sha256_init(&s);
    urna_sha256_add(&s, "\x00", 1);
    urna_sha256_add(&s, leaf, len);
    urna_sha256_end(&s, out);
}

void urna_merkle_node(uint8_t out[32], const uint8_t l[32], const uint8_t r[32])
{
    uint8_t both[65] = {0x01};
    memcpy(both + 1, l, 32);
    memcpy(both + 33, r, 32);
    urna_sha256(out, both, sizeof both);
}

/* Each 1 at the low end of n stands for a perfect subtree that the new leaf completes. */
void urna_merkle_add(struct urna_merkle *m, const uint8_t leaf_hash[32])
{
    uint8_t h[32];
    memcpy(h, leaf_hash, 32);
    unsigned top = (unsigned)__builtin_popcountll(m->n);
    for (uint64_t x = m->n; x & 1; x >>= 1)
        urna_merkle_node(h, m->stack[--top], h);
    memcpy(m->stack[top], h, 32);
    m->n++;
}

void urna_merkle_root(const struct urna_merkle *m, uint8_t out[32])
{
    if (m->n == 0) {
        urna_sha256(out, "", 0);
        return;
    }
    unsigned top = (unsigned)__builtin_popcountll(m->n) - 1;
    memcpy(out, m->stack[top], 32);
    while (top > 0)
        urna_merkle_node(out, m->stack[--top], out);
}

void urna_merkle_tree(uint8_t out[32], const uint8_t (*leaf_hash)[32], size_t n)
{
    struct urna_merkle m = {0};
    for (size_t i = 0; i < n; i++)
        urna_merkle_add(&m, leaf_hash[i]);
    urna_merkle_root(&m, out);
}

bool urna_inclusion_check(uint64_t i, uint64_t size, const uint8_t leaf_hash[32],
                          const uint8_t *proof, size_t n_nodes, const uint8_t root[32])
{
    if (i >= size)
        return false;
    uint64_t fn = i, sn = size - 1; /* the node's index and the last index, level by level */
    uint8_t r[32];
    memcpy(r, leaf_hash, 32);
    for (size_t k = 0; k < n_nodes; k++) {
        const uint8_t *p = proof + 32 * k;
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            urna_merkle_node(r, p, r);
            while (!(fn & 1) &&
                   fn != 0) { /* levels where the node is the last, without a sibling */
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            urna_merkle_node(r, r, p);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && memcmp(r, root, 32) == 0;
}

static bool is_empty_root(const uint8_t root[32])
{
    uint8_t empty[32];
    urna_sha256(empty, "", 0);
    return memcmp(root, empty, 32) == 0;
}

bool urna_consistency_check(uint64_t old, uint64_t size, const uint8_t *proof, size_t n_nodes,
                            const uint8_t old_root[32], const uint8_t root[32])
{
    if (old > size)
        return false;
    if (old == 0) /* the empty tree, which every tree extends */
        return n_nodes == 0 && is_empty_root(old_root) && (size > 0 || is_empty_root(root));
    if (old == size)
        return n_nodes == 0 && memcmp(old_root, root, 32) == 0;
    if (n_nodes == 0)
        return false;

    uint64_t fn = old - 1, sn = size - 1;
    while (fn & 1) {
        fn >>= 1;
        sn >>= 1;
    }
    /* A perfect old tree is itself the first node and is left out of the proof. */
    bool perfect = (old & (old - 1)) == 0;
    const uint8_t *first = perfect ? old_root : proof;
    uint8_t fr[32], sr[32];
    memcpy(fr, first, 32);
    memcpy(sr, first, 32);
    for (size_t k = perfect ? 0 : 1; k < n_nodes; k++) {
        const uint8_t *p = proof + 32 * k;
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            urna_merkle_node(fr, p, fr);
            urna_merkle_node(sr, p, sr);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            urna_merkle_node(sr, sr, p);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && memcmp(fr, old_root, 32) == 0 && memcmp(sr, root, 32) == 0;
}
