/* Tree hashes and proofs against the published roots and a naive reading of RFC 6962. */
#include "log_testing.h"

#include "log/merkle.h"

#define SIZES 70

/* MTH and its proofs written down from the RFC, without any cleverness. */
static void naive_root(uint8_t out[32], uint8_t (*d)[32], size_t n)
{
    uint8_t l[32], r[32];
    size_t k = 1;
    if (n == 0) {
        urna_sha256(out, "", 0);
        return;
    }
    if (n == 1) {
        memcpy(out, d[0], 32);
        return;
    }
    while (2 * k < n)
        k *= 2;
    naive_root(l, d, k);
    naive_root(r, d + k, n - k);
    urna_merkle_node(out, l, r);
}

static void naive_path(struct urna_buf *out, size_t m, uint8_t (*d)[32], size_t n)
{
    uint8_t h[32];
    size_t k = 1;
    if (n == 1)
        return;
    while (2 * k < n)
        k *= 2;
    if (m < k) {
        naive_path(out, m, d, k);
        naive_root(h, d + k, n - k);
    } else {
        naive_path(out, m - k, d + k, n - k);
        naive_root(h, d, k);
    }
    urna_buf_add(out, h, 32);
}

static void naive_subproof(struct urna_buf *out, size_t m, uint8_t (*d)[32], size_t n, bool b)
{
    uint8_t h[32];
    size_t k = 1;
    if (m == n) {
        naive_root(h, d, n);
        if (!b)
            urna_buf_add(out, h, 32);
        return;
    }
    while (2 * k < n)
        k *= 2;
    if (m <= k) {
        naive_subproof(out, m, d, k, b);
        naive_root(h, d + k, n - k);
    } else {
        naive_subproof(out, m - k, d + k, n - k, false);
        naive_root(h, d, k);
    }
    urna_buf_add(out, h, 32);
}

struct logs {
    struct urna_tree *tree;
    uint8_t leaf[SIZES][32], root[SIZES + 1][32];
};

static int make_logs(void **state)
{
    struct logs *l = urna_xcalloc(1, sizeof *l);
    l->tree = urna_tree_new();
    for (uint8_t i = 0; i < SIZES; i++) {
        urna_merkle_leaf(l->leaf[i], &i, 1);
        urna_tree_add(l->tree, l->leaf[i]);
    }
    for (size_t n = 0; n <= SIZES; n++)
        naive_root(l->root[n], l->leaf, n);
    *state = l;
    return 0;
}

static int free_logs(void **state)
{
    struct logs *l = *state;
    urna_tree_free(l->tree);
    free(l);
    return 0;
}

static void root_vectors_match(void **state)
{
    (void)state;
    json_t *all = load_vectors("election-vectors.json"), *one;
    json_t *merkle = json_object_get(all, "merkle");
    size_t i;
    assert_int_equal(json_array_size(merkle), 13);
    json_array_foreach(merkle, i, one)
    {
        struct urna_merkle m = {0};
        struct urna_buf leaf = {0}, want = {0};
        const json_t *leaves = json_object_get(one, "leaves");
        uint8_t hash[64][32], root[32];
        size_t n = json_array_size(leaves);
        for (size_t j = 0; j < n; j++) {
            urna_buf_reset(&leaf);
            hex_into(&leaf, json_array_get(leaves, j));
            urna_merkle_leaf(hash[j], leaf.p, leaf.len);
            urna_merkle_add(&m, hash[j]);
        }
        hex_into(&want, json_object_get(one, "root"));
        urna_merkle_root(&m, root);
        assert_memory_equal(root, want.p, 32);
        urna_merkle_tree(root, (const uint8_t(*)[32])hash, n);
        assert_memory_equal(root, want.p, 32);
        urna_buf_free(&leaf);
        urna_buf_free(&want);
    }
    json_decref(all);
}

/* Published by transparency-dev/merkle: the empty leaf, a leaf, a node. */
static void rfc6962_hashes_match(void **state)
{
    (void)state;
    uint8_t h[32], n123[32] = "N123", n456[32] = "N456", want[4];
    urna_merkle_leaf(h, "", 0);
    assert_true(urna_unhex_any(want, 4, "6e340b9c", 8));
    assert_memory_equal(h, want, 4);
    urna_merkle_leaf(h, "L123456", 7);
    assert_true(urna_unhex_any(want, 4, "395aa064", 8));
    assert_memory_equal(h, want, 4);
    /* There the two halves have four bytes; ours have 32, so only the prefix rule is the same. */
    uint8_t both[65] = {1}, direct[32];
    memcpy(both + 1, n123, 32);
    memcpy(both + 33, n456, 32);
    urna_sha256(direct, both, 65);
    urna_merkle_node(h, n123, n456);
    assert_memory_equal(h, direct, 32);
}

static void roots_of_all_sizes_match_naive(void **state)
{
    struct logs *l = *state;
    struct urna_merkle m = {0};
    uint8_t root[32];
    for (size_t n = 0; n <= SIZES; n++) {
        urna_merkle_root(&m, root);
        assert_memory_equal(root, l->root[n], 32);
        assert_true(urna_tree_root(l->tree, n, root));
        assert_memory_equal(root, l->root[n], 32);
        urna_merkle_tree(root, (const uint8_t(*)[32])l->leaf, n);
        assert_memory_equal(root, l->root[n], 32);
        if (n < SIZES)
            urna_merkle_add(&m, l->leaf[n]);
    }
    assert_false(urna_tree_root(l->tree, SIZES + 1, root));
    assert_int_equal(urna_tree_size(l->tree), SIZES);
    assert_memory_equal(urna_tree_leaf(l->tree, 5), l->leaf[5], 32);
    assert_null(urna_tree_leaf(l->tree, SIZES));
}

/* Every bit that matters: a changed node, leaf, root, index or size, a node more or less. */
static void check_inclusion(struct logs *l, size_t i, size_t n)
{
    struct urna_buf p = {0}, naive = {0};
    assert_true(urna_tree_inclusion(l->tree, i, n, &p));
    naive_path(&naive, i, l->leaf, n);
    assert_int_equal(p.len, naive.len);
    if (p.len > 0)
        assert_memory_equal(p.p, naive.p, p.len);
    size_t k = p.len / 32;
    assert_true(urna_inclusion_check(i, n, l->leaf[i], p.p, k, l->root[n]));
    assert_false(urna_inclusion_check(i, n, l->leaf[(i + 1) % SIZES], p.p, k, l->root[n]));
    assert_false(urna_inclusion_check(i, n, l->leaf[i], p.p, k, l->root[n - 1]));
    assert_false(urna_inclusion_check(n, n, l->leaf[i], p.p, k, l->root[n]));
    if (n > 1) {
        assert_false(urna_inclusion_check((i + 1) % n, n, l->leaf[i], p.p, k, l->root[n]));
        assert_false(urna_inclusion_check(i, n, l->leaf[i], p.p, k - 1, l->root[n]));
        p.p[(7 * i) % p.len] ^= 1;
        assert_false(urna_inclusion_check(i, n, l->leaf[i], p.p, k, l->root[n]));
        p.p[(7 * i) % p.len] ^= 1;
    }
    if (n > 1) /* a proof that ends below the root proves nothing about this size */
        assert_false(urna_inclusion_check(i, n, l->leaf[i], NULL, 0, l->leaf[i]));
    urna_buf_add(&p, l->root[n], 32);
    assert_false(urna_inclusion_check(i, n, l->leaf[i], p.p, k + 1, l->root[n]));
    urna_buf_free(&p);
    urna_buf_free(&naive);
}

static void inclusion_of_all_sizes(void **state)
{
    struct logs *l = *state;
    struct urna_buf p = {0};
    for (size_t n = 1; n <= SIZES; n++)
        for (size_t i = 0; i < n; i++)
            check_inclusion(l, i, n);
    assert_false(urna_tree_inclusion(l->tree, 3, 3, &p));
    assert_false(urna_tree_inclusion(l->tree, 0, 0, &p));
    assert_false(urna_tree_inclusion(l->tree, 0, SIZES + 1, &p));
    assert_int_equal(p.len, 0);
}

static void check_consistency(struct logs *l, size_t m, size_t n)
{
    struct urna_buf p = {0}, naive = {0};
    assert_true(urna_tree_consistency(l->tree, m, n, &p));
    if (m > 0)
        naive_subproof(&naive, m, l->leaf, n, true);
    assert_int_equal(p.len, naive.len);
    if (p.len > 0)
        assert_memory_equal(p.p, naive.p, p.len);
    size_t k = p.len / 32;
    assert_true(urna_consistency_check(m, n, p.p, k, l->root[m], l->root[n]));
    uint8_t other[32];
    memcpy(other, l->root[m], 32);
    other[31] ^= 1;
    assert_false(urna_consistency_check(m, n, p.p, k, other, l->root[n]));
    if (m > 0) {
        memcpy(other, l->root[n], 32);
        other[0] ^= 1;
        assert_false(urna_consistency_check(m, n, p.p, k, l->root[m], other));
    }
    if (m > 0 && m < n) {
        assert_false(urna_consistency_check(m, n, p.p, k - 1, l->root[m], l->root[n]));
        p.p[(5 * m) % p.len] ^= 1;
        assert_false(urna_consistency_check(m, n, p.p, k, l->root[m], l->root[n]));
        p.p[(5 * m) % p.len] ^= 1;
    }
    urna_buf_add(&p, l->root[n], 32);
    assert_false(urna_consistency_check(m, n, p.p, k + 1, l->root[m], l->root[n]));
    urna_buf_free(&p);
    urna_buf_free(&naive);
}

static void consistency_of_all_sizes(void **state)
{
    struct logs *l = *state;
    struct urna_buf p = {0};
    for (size_t n = 0; n <= SIZES; n++)
        for (size_t m = 0; m <= n; m++)
            check_consistency(l, m, n);
    assert_false(urna_tree_consistency(l->tree, 5, 4, &p));
    assert_false(urna_tree_consistency(l->tree, 5, SIZES + 1, &p));
    assert_false(urna_consistency_check(5, 4, NULL, 0, l->root[5], l->root[4]));
}

/* Proofs are hostile input: sizes near 2^64 and proofs that are too long must neither hang nor
 * crash. */
static void extreme_numbers_refused(void **state)
{
    struct logs *l = *state;
    uint8_t nodes[80 * 32] = {0};
    for (size_t k = 0; k <= 80; k++) {
        assert_false(
            urna_inclusion_check(UINT64_MAX - 1, UINT64_MAX, l->leaf[0], nodes, k, l->root[9]));
        assert_false(
            urna_inclusion_check(UINT64_MAX, UINT64_MAX, l->leaf[0], nodes, k, l->root[9]));
        assert_false(urna_consistency_check(UINT64_C(1) << 63, UINT64_MAX, nodes, k, l->root[9],
                                            l->root[9]));
        assert_false(
            urna_consistency_check(UINT64_MAX - 1, UINT64_MAX, nodes, k, l->root[9], l->root[9]));
    }
}

/* 70,000 leaves: levels grow, and the streaming root agrees with the tree at sizes around the
 * tiles. */
static void large_tree_matches_stream(void **state)
{
    (void)state;
    struct urna_tree *t = urna_tree_new();
    struct urna_merkle m = {0};
    for (uint32_t i = 0; i < 70000; i++) {
        uint8_t be[4], h[32], a[32], b[32];
        urna_be32(be, i);
        urna_merkle_leaf(h, be, 4);
        urna_tree_add(t, h);
        urna_merkle_add(&m, h);
        if (i % 997 == 0 || (i & (i + 1)) == 0) {
            assert_true(urna_tree_root(t, i + 1, a));
            urna_merkle_root(&m, b);
            assert_memory_equal(a, b, 32);
        }
    }
    uint8_t root[32], old[32];
    struct urna_buf p = {0};
    assert_true(urna_tree_root(t, 70000, root));
    assert_true(urna_tree_root(t, 65535, old));
    assert_true(urna_tree_consistency(t, 65535, 70000, &p));
    assert_true(urna_consistency_check(65535, 70000, p.p, p.len / 32, old, root));
    urna_buf_free(&p);
    urna_tree_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(root_vectors_match),
        cmocka_unit_test(rfc6962_hashes_match),
        cmocka_unit_test(roots_of_all_sizes_match_naive),
        cmocka_unit_test(inclusion_of_all_sizes),
        cmocka_unit_test(consistency_of_all_sizes),
        cmocka_unit_test(extreme_numbers_refused),
        cmocka_unit_test(large_tree_matches_stream),
    };
    return cmocka_run_group_tests_name("merkle", tests, make_logs, free_logs);
}
