/* Leaves of a log, as they stand in a bundle: length (2 bytes), leaf. So that parts are within
 * reach of small inputs, a leaf that ends in LF "*" stands for 60,000 times "x" after its LF.
 *
 * Every leaf is an entry, a part of one, or void, and is reported exactly once, and no later than
 * at the end; an entry of good form makes, taken apart again, the leaves that it came from. */
#include "fuzz.h"

#include <string.h>

#include "model/entry.h"

#define LEAVES_MAX 64

struct log {
    struct urna_buf leaf[LEAVES_MAX];
    bool reported[LEAVES_MAX];
    size_t n;
};

static void report(struct log *l, uint64_t index)
{
    MUST(index < l->n && !l->reported[index]);
    l->reported[index] = true;
}

static void report_strays(struct log *l, const struct urna_stray *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        MUST(s[i].reason != NULL);
        MUST(i == 0 || s[i - 1].index < s[i].index);
        report(l, s[i].index);
    }
}

/* The next leaf that is made must be the next one of the log. */
struct compare {
    const struct log *l;
    uint64_t next;
};

static bool same_leaf(void *ctx, struct urna_view leaf)
{
    struct compare *c = ctx;
    MUST(c->next < c->l->n && urna_view_eq(leaf, urna_buf_view(&c->l->leaf[c->next])));
    c->next++;
    return true;
}

static void check_entry(struct log *l, const struct urna_entry *e)
{
    struct compare c = {l, e->index - e->parts};
    MUST(e->kind_name != NULL && e->bad_form == (e->reason != NULL));
    report(l, e->index);
    for (uint32_t i = 1; i <= e->parts; i++)
        report(l, e->index - i);
    if (e->bad_form || e->kind == URNA_KIND_UNKNOWN || e->absent)
        return;
    MUST(e->body.len == e->body_size);
    MUST(e->n_sigs <= URNA_SIGS_MAX);
    struct urna_arena a = {0};
    struct urna_entry copy;
    urna_entry_copy(&copy, e, &a);
    MUST(urna_entry_leaves(copy.kind, copy.sigs, copy.n_sigs, copy.body, same_leaf, &c, NULL) ==
         URNA_OK);
    MUST(c.next == e->index + 1);
    urna_arena_free(&a);
}

/* Beside the log lies one body: 3 bytes. */
static bool fetch(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out)
{
    (void)ctx;
    (void)sha256;
    urna_buf_str(out, "abc");
    return size == 3;
}

static void add_leaf(struct log *l, const uint8_t *p, size_t len)
{
    struct urna_buf *leaf = &l->leaf[l->n++];
    bool long_part = len >= 2 && p[len - 2] == '\n' && p[len - 1] == '*';
    static uint8_t xs[URNA_PART_SIZE];
    memset(xs, 'x', sizeof xs);
    urna_buf_add(leaf, p, long_part ? len - 1 : len);
    urna_buf_add(leaf, xs, long_part ? sizeof xs : 0);
}

static void check_log(struct log *l)
{
    struct urna_assembler *s = urna_assembler_new(fetch, NULL);
    const struct urna_stray *strays;
    size_t n;
    for (size_t i = 0; i < l->n; i++) {
        struct urna_entry e;
        bool is_entry = urna_assembler_leaf(s, i, urna_buf_view(&l->leaf[i]), &e, &strays, &n);
        report_strays(l, strays, n);
        if (is_entry)
            check_entry(l, &e);
    }
    urna_assembler_end(s, &strays, &n);
    report_strays(l, strays, n);
    for (size_t i = 0; i < l->n; i++)
        MUST(l->reported[i]);
    urna_assembler_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct log l;
    l = (struct log){0};
    for (size_t i = 0; i + 2 <= size && l.n < LEAVES_MAX;) {
        size_t len = (size_t)data[i] << 8 | data[i + 1];
        if (len > size - i - 2)
            len = size - i - 2;
        add_leaf(&l, data + i + 2, len);
        i += 2 + len;
    }
    check_log(&l);
    for (size_t i = 0; i < l.n; i++)
        urna_buf_free(&l.leaf[i]);
    return 0;
}
