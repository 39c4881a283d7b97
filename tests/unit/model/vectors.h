/* Known answers for the tests of the model: JSON files under tests/data/election. */
#ifndef URNA_TESTS_MODEL_VECTORS_H
#define URNA_TESTS_MODEL_VECTORS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/bytes.h"

static inline json_t *load(const char *name)
{
    char path[512];
    json_error_t e;
    snprintf(path, sizeof path, "%s/election/%s", URNA_TEST_DATA, name);
    json_t *j = json_load_file(path, 0, &e);
    if (j == NULL)
        fail_msg("%s: %s", path, e.text);
    return j;
}

/* Missing members are a fault of the test, so they end it. */
static inline const char *str(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    if (s == NULL)
        fail_msg("no string %s", key);
    return s;
}

static inline uint64_t num(const json_t *o, const char *key)
{
    const json_t *n = json_object_get(o, key);
    if (!json_is_integer(n))
        fail_msg("no integer %s", key);
    return (uint64_t)json_integer_value(n);
}

static inline void add_hex(struct urna_buf *b, const char *hex)
{
    size_t len = strlen(hex) / 2;
    uint8_t *p = urna_xmalloc(len + 1);
    assert_true(urna_unhex_any(p, len, hex, strlen(hex)));
    urna_buf_add(b, p, len);
    free(p);
}

static inline void hash_of(uint8_t out[32], const json_t *o, const char *key)
{
    const char *hex = str(o, key);
    assert_true(urna_unhex_any(out, 32, hex, strlen(hex)));
}

/* A body: text, or {prefix, repeat x times, suffix}; or body_hex beside it. */
static inline void add_body(struct urna_buf *b, const json_t *o, const char *key)
{
    const json_t *body = json_object_get(o, key);
    if (json_is_string(body)) {
        urna_buf_str(b, json_string_value(body));
    } else if (json_is_object(body)) {
        urna_buf_str(b, str(body, "prefix"));
        for (uint64_t n = num(body, "times"); n > 0; n--)
            urna_buf_str(b, str(body, "repeat"));
        urna_buf_str(b, str(body, "suffix"));
    } else {
        add_hex(b, str(o, "body_hex"));
    }
}

#endif
