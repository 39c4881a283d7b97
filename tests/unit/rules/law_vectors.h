/* The law's known answers (law-vectors.json): setup and teardown of a group of tests, and how they
 * are read. */
#ifndef RULES_LAW_VECTORS_H
#define RULES_LAW_VECTORS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

static json_t *vectors;

static int load(void **state)
{
    (void)state;
    json_error_t e;
    vectors = json_load_file(URNA_TEST_DATA "/election/law-vectors.json", 0, &e);
    return vectors ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    json_decref(vectors);
    return 0;
}

static json_t *cases(const char *section)
{
    return json_object_get(json_object_get(vectors, section), "cases");
}

static const char *str(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static uint64_t num(const json_t *o, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(o, key));
}

#endif
