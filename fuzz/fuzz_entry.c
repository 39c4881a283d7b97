/* Files of single entries: what is read is written again byte for byte, and makes leaves from which
 * the same entry is put together. */
#include "fuzz.h"

#include <string.h>

#include "model/entry.h"

/* Leaves on their way from the one to the other. */
struct road {
    struct urna_assembler *s;
    const struct urna_entry *e;
    uint64_t n; /* leaves so far */
    bool arrived;
};

static bool fetch(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out)
{
    const struct urna_entry *e = ((struct road *)ctx)->e;
    MUST(memcmp(sha256, e->e, 32) == 0 && size == e->body.len);
    urna_buf_add(out, e->body.p, e->body.len);
    return true;
}

static void check_same(const struct urna_entry *a, const struct urna_entry *b)
{
    MUST(!b->bad_form && !b->absent && a->kind == b->kind && a->n_sigs == b->n_sigs);
    MUST(urna_view_eq(a->body, b->body) && memcmp(a->e, b->e, 32) == 0);
    for (uint32_t i = 0; i < a->n_sigs; i++) {
        MUST(strcmp(a->sigs[i].by, b->sigs[i].by) == 0);
        MUST(memcmp(a->sigs[i].sig, b->sigs[i].sig, 64) == 0);
    }
}

static bool take(void *ctx, struct urna_view leaf)
{
    struct road *r = ctx;
    struct urna_entry e;
    const struct urna_stray *strays;
    size_t n;
    MUST(!r->arrived && leaf.len <= URNA_LEAF_MAX);
    if (urna_assembler_leaf(r->s, r->n++, leaf, &e, &strays, &n)) {
        check_same(r->e, &e);
        r->arrived = true;
    }
    MUST(n == 0);
    return true;
}

static void check_read(const struct urna_entry *e, struct urna_view file)
{
    struct urna_buf out = {0};
    urna_entry_file_write(&out, e->kind, e->sigs, e->n_sigs, e->body);
    MUST(urna_view_eq(urna_buf_view(&out), file));
    urna_buf_free(&out);

    struct road r = {.e = e};
    struct urna_error err = URNA_ERROR_INIT;
    r.s = urna_assembler_new(fetch, &r);
    /* an entry may be too long for a log, or its envelope for a leaf: then that is said */
    if (urna_entry_leaves(e->kind, e->sigs, e->n_sigs, e->body, take, &r, &err) == URNA_OK)
        MUST(r.arrived);
    else
        MUST(err.msg[0] != '\0' && !r.arrived);
    urna_assembler_free(r.s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_arena a = {0};
    struct urna_entry e;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_view file = urna_view(data, size);
    if (urna_entry_file_read(&e, file, &a, &err) == URNA_OK)
        check_read(&e, file);
    else
        MUST(err.status == URNA_INPUT);
    urna_arena_free(&a);
    return 0;
}
