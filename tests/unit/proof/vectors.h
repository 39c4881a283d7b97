/* Known answers: JSON files whose every leaf must be looked at. A leaf is marked when it is used as
 * an input or compared with a value computed here; vectors_end fails if one of them was never
 * touched. */
#ifndef URNA_TESTS_PROOF_VECTORS_H
#define URNA_TESTS_PROOF_VECTORS_H

#include "../base/test.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <jansson.h>

#include "proof/eg_hash.h"

struct vectors {
    json_t *root;
    const json_t **seen;
    size_t n_seen, cap;
    size_t reproduced, inputs, ignored;
};

static inline bool vectors_load(struct vectors *v, const char *path)
{
    json_error_t e;
    memset(v, 0, sizeof *v);
    v->root = json_load_file(path, 0, &e);
    return v->root != NULL;
}

/* The shared folder with the larger file; false: the caller skips. */
static inline bool vectors_load_shared(struct vectors *v, const char *name)
{
    char path[1024];
    const char *shared = getenv("URNA_SHARED");
    if (shared != NULL)
        snprintf(path, sizeof path, "%s/reference/%s", shared, name);
    else
        snprintf(path, sizeof path, "%s/../../../shared/reference/%s", URNA_TEST_DATA, name);
    return vectors_load(v, path);
}

static inline void mark(struct vectors *v, const json_t *leaf)
{
    if (v->n_seen == v->cap) {
        v->cap = v->cap * 2 + 64;
        v->seen = realloc(v->seen, v->cap * sizeof *v->seen);
        assert_non_null(v->seen);
    }
    v->seen[v->n_seen++] = leaf;
}

static inline int by_address(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t) * (const json_t *const *)a,
              y = (uintptr_t) * (const json_t *const *)b;
    return x < y ? -1 : x > y;
}

static inline size_t untouched(struct vectors *v, const json_t *x, const char *path)
{
    size_t n = 0, i;
    char below[512];
    const char *key;
    json_t *child;
    if (json_is_object(x)) {
        json_object_foreach((json_t *)(uintptr_t)x, key, child)
        {
            snprintf(below, sizeof below, "%.300s.%.100s", path, key);
            n += untouched(v, child, below);
        }
    } else if (json_is_array(x)) {
        json_array_foreach(x, i, child)
        {
            snprintf(below, sizeof below, "%.300s[%zu]", path, i);
            n += untouched(v, child, below);
        }
    } else if (json_is_string(x) || json_is_integer(x)) {
        if (bsearch(&x, v->seen, v->n_seen, sizeof *v->seen, by_address) == NULL) {
            print_message("# never looked at: %s\n", path);
            n++;
        }
    }
    return n;
}

static inline void vectors_end(struct vectors *v, const char *name)
{
    qsort(v->seen, v->n_seen, sizeof *v->seen, by_address);
    size_t left = untouched(v, v->root, name);
    print_message("# %s: %zu values reproduced, %zu used as inputs, %zu remarks\n", name,
                  v->reproduced, v->inputs, v->ignored);
    assert_int_equal(left, 0);
    json_decref(v->root);
    free(v->seen);
    memset(v, 0, sizeof *v);
}

static inline json_t *at(const json_t *o, const char *key)
{
    json_t *x = json_object_get(o, key);
    if (x == NULL)
        fail_msg("no member %s", key);
    return x;
}

static inline void remark(struct vectors *v, const json_t *x)
{
    size_t i;
    const char *key;
    json_t *child;
    if (json_is_object(x)) {
        json_object_foreach((json_t *)(uintptr_t)x, key, child) remark(v, child);
    } else if (json_is_array(x)) {
        json_array_foreach(x, i, child) remark(v, child);
    } else if (json_is_string(x) || json_is_integer(x)) {
        mark(v, x);
        v->ignored++;
    }
}

/* --- inputs --- */
static inline void in_bytes(struct vectors *v, const json_t *leaf, uint8_t *out, size_t len)
{
    const char *hex = json_string_value(leaf);
    assert_non_null(hex);
    assert_true(urna_unhex_any(out, len, hex, strlen(hex)));
    mark(v, leaf);
    v->inputs++;
}

static inline const char *in_text(struct vectors *v, const json_t *leaf)
{
    assert_true(json_is_string(leaf));
    mark(v, leaf);
    v->inputs++;
    return json_string_value(leaf);
}

static inline uint32_t in_int(struct vectors *v, const json_t *leaf)
{
    assert_true(json_is_integer(leaf));
    mark(v, leaf);
    v->inputs++;
    return (uint32_t)json_integer_value(leaf);
}

static inline void in_scalar(struct vectors *v, const struct urna_group *G, const json_t *leaf,
                             urna_scalar *out)
{
    uint8_t b[URNA_LQ_MAX];
    in_bytes(v, leaf, b, urna_group_lq(G));
    assert_true(urna_scalar_decode(G, out, b));
}

static inline void in_secret(struct vectors *v, const struct urna_group *G, const json_t *leaf,
                             urna_secret_scalar *out)
{
    uint8_t b[URNA_LQ_MAX];
    in_bytes(v, leaf, b, urna_group_lq(G));
    assert_true(urna_secret_decode(G, out, b));
}

static inline void in_element(struct vectors *v, const struct urna_group *G, const json_t *leaf,
                              urna_element *out)
{
    uint8_t b[URNA_LP_MAX];
    in_bytes(v, leaf, b, urna_group_lp(G));
    assert_true(urna_element_decode(G, out, b));
}

/* --- comparisons --- */
static inline void eq_text(struct vectors *v, const json_t *leaf, const char *text)
{
    assert_string_equal(json_string_value(leaf), text);
    mark(v, leaf);
    v->reproduced++;
}

static inline void eq_bytes(struct vectors *v, const json_t *leaf, const uint8_t *p, size_t len)
{
    char *text = malloc(2 * len + 1);
    assert_non_null(text);
    urna_hex(text, p, len);
    eq_text(v, leaf, text);
    free(text);
}

static inline void eq_hash(struct vectors *v, const json_t *leaf, const uint8_t h[32])
{
    eq_bytes(v, leaf, h, 32);
}

static inline void eq_int(struct vectors *v, const json_t *leaf, uint64_t x)
{
    assert_true(json_is_integer(leaf));
    assert_int_equal(json_integer_value(leaf), x);
    mark(v, leaf);
    v->reproduced++;
}

static inline void eq_scalar(struct vectors *v, const struct urna_group *G, const json_t *leaf,
                             const urna_scalar *x)
{
    uint8_t b[URNA_LQ_MAX];
    urna_scalar_encode(G, b, x);
    eq_bytes(v, leaf, b, urna_group_lq(G));
}

static inline void eq_secret(struct vectors *v, const struct urna_group *G, const json_t *leaf,
                             const urna_secret_scalar *x)
{
    uint8_t b[URNA_LQ_MAX];
    urna_secret_encode(G, b, x);
    eq_bytes(v, leaf, b, urna_group_lq(G));
}

static inline void eq_element(struct vectors *v, const struct urna_group *G, const json_t *leaf,
                              const urna_element *x)
{
    uint8_t b[URNA_LP_MAX];
    urna_element_encode(G, b, x);
    eq_bytes(v, leaf, b, urna_group_lp(G));
}

static inline const struct urna_group *group_named(const char *name)
{
    const struct urna_group *G = urna_group_find(name, strlen(name));
    assert_non_null(G);
    return G;
}

static inline void secret_u32(const struct urna_group *G, urna_secret_scalar *out, uint32_t x)
{
    urna_scalar s;
    urna_scalar_from_u64(G, &s, x);
    urna_secret_from_public(out, &s);
}

/* P(l) by Horner, as the files of vectors want it; the one of src/protocol is not asked. */
static inline void polynomial_at(const struct urna_group *G, urna_secret_scalar *out,
                                 const urna_secret_scalar *a, uint32_t k, uint32_t l)
{
    urna_secret_scalar x;
    secret_u32(G, &x, l);
    secret_u32(G, out, 0);
    for (uint32_t j = k; j-- > 0;) {
        urna_secret_mul(G, out, out, &x);
        urna_secret_add(G, out, out, &a[j]);
    }
}

#endif
