/* Data of elections held by others is never part of the source tree: tests look for it beside the
 * tree (or where URNA_SHARED points) and are skipped where it is absent. */
#ifndef URNA_TESTS_SHARED_H
#define URNA_TESTS_SHARED_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef URNA_SOURCE_ROOT
#define URNA_SOURCE_ROOT "."
#endif

static inline const char *urna_shared_path(char *buf, size_t size, const char *name)
{
    const char *root = getenv("URNA_SHARED");
    if (root && *root)
        snprintf(buf, size, "%s/%s", root, name);
    else
        snprintf(buf, size, "%s/../shared/%s", URNA_SOURCE_ROOT, name);
    return buf;
}

/* NULL if the file is absent; a file that is there and bad ends the test. */
static inline json_t *urna_shared_json(const char *name)
{
    char path[4096];
    FILE *f = fopen(urna_shared_path(path, sizeof path, name), "r");
    if (!f) {
        fprintf(stderr, "# skipped where needed: no %s\n", name);
        return NULL;
    }
    json_error_t e;
    json_t *j = json_loadf(f, JSON_REJECT_DUPLICATES, &e);
    fclose(f);
    if (!j) {
        fprintf(stderr, "# %s:%d: %s\n", name, e.line, e.text);
        abort();
    }
    return j;
}

#endif
