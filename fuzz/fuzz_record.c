/* The files of a record, as a tar (archive.h) that is packed here. Entries come in order and
 * without a gap, the same ones again when they are asked for singly; a record without a fault has
 * the root that its checkpoint says. */
#include "archive.h"

#include <zstd.h>

#include "log/record.h"

struct seen {
    struct urna_record *r;
    uint64_t n;
};

static bool take(void *ctx, uint64_t index, struct urna_view bytes)
{
    struct seen *s = ctx;
    struct urna_buf again = {0};
    struct urna_error err = URNA_ERROR_INIT;
    MUST(index == s->n++);
    MUST(urna_record_leaf(s->r, index, &again, &err) == URNA_OK);
    MUST(urna_view_eq(urna_buf_view(&again), bytes));
    urna_buf_free(&again);
    return true;
}

static void check_faults(const struct urna_record *r, const struct urna_tree *t, uint64_t n)
{
    const struct urna_checkpoint *c = urna_record_checkpoint(r);
    size_t n_faults;
    const struct urna_record_fault *f = urna_record_faults(r, &n_faults);
    for (size_t i = 0; i < n_faults; i++)
        MUST(f[i].state != URNA_RECORD_WHOLE && f[i].text[0] != '\0');
    MUST(c != NULL || n_faults > 0);
    MUST(c == NULL || n <= c->size);
    if (n_faults == 0) {
        uint8_t root[32];
        MUST(n == c->size && urna_tree_root(t, n, root) && memcmp(root, c->root, 32) == 0);
    }
}

static void check_record(struct urna_record *r)
{
    static const uint8_t no_hash[32];
    struct seen s = {r, 0};
    struct urna_tree *t = urna_tree_new();
    struct urna_buf out = {0};
    struct urna_error err = URNA_ERROR_INIT;
    bool there = true;
    MUST(urna_record_scan(r, t, 1, take, &s, &err) == URNA_OK);
    MUST(urna_tree_size(t) == s.n);
    check_faults(r, t, s.n);
    MUST(urna_record_body(r, no_hash, 1, &out, &there, &err) == URNA_OK && !there);
    urna_buf_free(&out);
    urna_tree_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_buf tar = {0};
    tar_with_sums(&tar, data, size);
    size_t cap = ZSTD_compressBound(size);
    uint8_t *packed = urna_xmalloc(cap);
    size_t len = ZSTD_compress(packed, cap, tar.p, tar.len, 1);
    MUST(!ZSTD_isError(len));
    char path[64];
    int fd = memory_file(path, packed, len);

    struct urna_record *r = NULL;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_record_open(&r, path, &err) == URNA_OK)
        check_record(r);
    else
        MUST(err.status == URNA_INPUT && r == NULL);
    urna_record_free(r);
    close(fd);
    free(packed);
    urna_buf_free(&tar);
    return 0;
}
