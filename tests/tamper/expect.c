#include "expect.h"

#include <string.h>

char expect_letter(enum place_op op)
{
    static const char letter[] = "cmdusxe";
    return letter[op];
}

bool expect_has(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' '))
            return true;
    return false;
}

static bool fits(const struct expect *e, enum urna_kind kind, const char *path, char op)
{
    size_t n = strlen(e->path);
    if (e->kind != URNA_KIND_UNKNOWN && e->kind != kind)
        return false;
    if (strcmp(e->ops, "*") != 0 && !strchr(e->ops, op))
        return false;
    if (n > 0 && e->path[n - 1] == '*')
        return strncmp(e->path, path, n - 1) == 0;
    return strcmp(e->path, path) == 0;
}

static const struct expect *find(const struct expect *e, enum urna_kind kind, const char *path,
                                 char op)
{
    while (e->path && !fits(e, kind, path, op))
        e++;
    return e->path ? e : NULL;
}

const struct expect *expect_of(enum urna_kind kind, const char *path, enum place_op op)
{
    char letter = expect_letter(op);
    const struct expect *e = NULL;
    if (kind == URNA_MANIFEST)
        e = find(expect_manifest, kind, path, letter);
    return e ? e : find(expect_kinds, kind, path, letter);
}
