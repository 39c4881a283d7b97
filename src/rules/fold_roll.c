/* E0: the roll (election.md section 5). */
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "model/roll.h"
#include "proof/credential.h"
#include "rules/judge_internal.h"

static int by_first_key(const void *a, const void *b)
{
    return memcmp(((const struct urna_row *)a)->key[0], ((const struct urna_row *)b)->key[0], 32);
}

static int by_key(const void *a, const void *b)
{
    return memcmp(*(const uint8_t *const *)a, *(const uint8_t *const *)b, 32);
}

/* Rows are copied as they are read, up to the first that cannot be used. */
struct row_reader {
    const struct urna_judge *J;
    struct urna_roll_body *roll;
    struct urna_ruling why; /* of the first fault */
    bool fault;
};

static bool copy_row(const struct urna_judge *J, struct urna_row *out, const struct urna_roll_row *in, struct urna_arena *keys,
                     struct urna_ruling *r)
{
    uint32_t factors = urna_context_factors(J->P);
    int64_t style = urna_context_style(J->P, in->style), leaf = urna_context_leaf(J->P, in->leaf);
    if (in->n_keys != factors)
        return urna_rule(r, "E0", "a row has %u keys, the manifest wants %u", in->n_keys, factors);
    if (style < 0)
        return urna_rule(r, "E0", "a row has the unknown style %s", in->style);
    if (leaf < 0)
        return urna_rule(r, "E0", "a row has %s, which is no leaf cell", in->leaf);
    *out = (struct urna_row){.n_keys = (uint8_t)factors, .style = (uint32_t)style, .weight = in->weight, .leaf = (uint32_t)leaf};
    out->key = (uint8_t(*)[32])urna_arena_alloc(keys, factors, 32);
    memcpy(out->key, in->keys, 32 * (size_t)factors);
    if (in->reg)
        out->reg = urna_arena_copy(keys, in->reg, 32);
    return true;
}

static void take_row(void *ctx, const struct urna_roll_row *in)
{
    struct row_reader *k = ctx;
    struct urna_roll_body *b = k->roll;
    if (k->fault)
        return;
    if (b->n_rows == b->cap_rows) {
        b->cap_rows = b->cap_rows ? 2 * b->cap_rows : 64;
        b->rows = urna_xrealloc(b->rows, b->cap_rows, sizeof *b->rows);
    }
    if (copy_row(k->J, &b->rows[b->n_rows], in, &b->keys, &k->why))
        b->n_rows++;
    else
        k->fault = true;
}

/* Whether the keys of a row are keys: nearly all of the work, so all cores do it. */
struct key_check {
    const struct urna_row *row;
    bool *valid;
};

static void check_keys(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    struct key_check *k = ctx;
    k->valid[i] = true;
    for (uint32_t f = 0; f < k->row[i].n_keys && k->valid[i]; f++)
        k->valid[i] = urna_credential_key_valid(k->row[i].key[f]);
}

static bool keys_valid(const struct urna_judge *J, const struct urna_roll_body *b)
{
    struct key_check k = {b->rows, urna_xcalloc(b->n_rows + 1, sizeof *k.valid)};
    bool all = true;
    urna_parallel(J->threads, b->n_rows, check_keys, &k);
    for (size_t i = 0; i < b->n_rows; i++)
        all = all && k.valid[i];
    free(k.valid);
    return all;
}

static struct urna_hashes roll_hashes(const struct urna_judge *J)
{
    return (struct urna_hashes){J->rolls ? J->rolls->e : NULL, sizeof *J->rolls};
}

static const struct urna_roll_body *find_roll(const struct urna_judge *J, const uint8_t e[32])
{
    uint32_t at;
    return urna_index_find(&J->roll_index, roll_hashes(J), e, &at) ? &J->rolls[at] : NULL;
}

/* A roll that is ok is accepted; what its rows are worth is asked by roll.close. */
bool urna_fold_roll(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r)
{
    if (J->n_rolls == J->cap_rolls) {
        J->cap_rolls = J->cap_rolls ? 2 * J->cap_rolls : 8;
        J->rolls = urna_xrealloc(J->rolls, J->cap_rolls, sizeof *J->rolls);
    }
    struct urna_roll_body *b = &J->rolls[J->n_rolls];
    *b = (struct urna_roll_body){.n_rows = 0};
    memcpy(b->e, e->e, 32);
    urna_index_add(&J->roll_index, roll_hashes(J), J->n_rolls++);
    struct row_reader k = {.J = J, .roll = b};
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_roll_read(e->body, take_row, &k, &err) != URNA_OK)
        abort(); /* phase 1 has read these very bytes */
    /* The rows before the fault come first, and with them their keys. */
    if (!keys_valid(J, b))
        b->fault = "a row has a key that is not canonical or is the identity";
    else if (k.fault)
        b->fault = urna_judge_text(J, "%s", k.why.reason);
    (void)r;
    return true;
}

static void roll_free(struct urna_roll_body *b)
{
    free(b->rows);
    urna_arena_free(&b->keys);
}

void urna_rolls_free(struct urna_judge *J)
{
    for (size_t i = 0; i < J->n_rolls; i++)
        roll_free(&J->rolls[i]);
    free(J->rolls);
    J->rolls = NULL;
    J->n_rolls = J->cap_rolls = 0;
    urna_index_free(&J->roll_index);
}

static bool keys_unique(const struct urna_row *row, size_t n, struct urna_ruling *r)
{
    size_t n_keys = 0;
    const uint8_t **key = urna_xcalloc(2 * n + 1, sizeof *key);
    for (size_t i = 0; i < n; i++)
        for (uint32_t f = 0; f < row[i].n_keys; f++)
            key[n_keys++] = row[i].key[f];
    if (n_keys > 1)
        qsort(key, n_keys, sizeof *key, by_key);
    bool ok = true;
    for (size_t i = 1; ok && i < n_keys; i++)
        if (memcmp(key[i - 1], key[i], 32) == 0)
            ok = urna_rule(r, "E0", "a key stands twice in the roll");
    free(key);
    return ok;
}

/* (leaf, style, weight) and (contest, weight) classes that are too small would show single votes [A9]. */
struct class_key {
    uint32_t weight, style, leaf;
};

static int compare_u32(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int by_class(const void *a, const void *b)
{
    const struct class_key *x = a, *y = b;
    int c = compare_u32(x->weight, y->weight);
    if (c == 0)
        c = compare_u32(x->style, y->style);
    return c ? c : compare_u32(x->leaf, y->leaf);
}

static int by_contest_weight(const void *a, const void *b)
{
    const struct urna_small *x = a, *y = b;
    int c = compare_u32(x->contest, y->contest);
    return c ? c : compare_u32(x->weight, y->weight);
}

/* Rows of each contest among rows of one weight. Invariant: rows[] is zero but for those listed in met[]. */
struct contest_rows {
    const struct urna_manifest *m;
    uint64_t *rows;
    uint32_t *met, n_met;
    struct urna_small *may_be_small; /* sorted */
};

static void add_style(struct contest_rows *k, const struct urna_style *s, uint64_t n)
{
    for (uint32_t i = 0; i < s->n_contests; i++) {
        uint32_t contest = s->contests[i] - 1;
        if (k->rows[contest] == 0)
            k->met[k->n_met++] = contest;
        k->rows[contest] += n;
    }
}

/* Names the first contest that is too small; forgets the rows. */
static bool contests_large(struct contest_rows *k, uint32_t weight, struct urna_ruling *r)
{
    const struct urna_manifest *m = k->m;
    uint32_t first = UINT32_MAX;
    uint64_t rows = 0;
    for (uint32_t i = 0; i < k->n_met; i++) {
        struct urna_small key = {k->met[i] + 1, weight};
        uint64_t n = k->rows[k->met[i]];
        k->rows[k->met[i]] = 0;
        if (n >= 2 * m->m_min || k->met[i] > first ||
            (m->n_secret_if_small > 0 && bsearch(&key, k->may_be_small, m->n_secret_if_small, sizeof key, by_contest_weight)))
            continue;
        first = k->met[i];
        rows = n;
    }
    k->n_met = 0;
    return first == UINT32_MAX || urna_rule(r, "E0", "only %llu rows of contest %s, weight %u: fewer than 2 m_min = %llu",
                                            (unsigned long long)rows, m->contests[first].id, weight, 2 * (unsigned long long)m->m_min);
}

static bool all_contests_large(const struct urna_manifest *m, const struct class_key *c, size_t n, struct urna_ruling *r)
{
    struct contest_rows k = {.m = m};
    k.rows = urna_xcalloc(m->n_contests, sizeof *k.rows);
    k.met = urna_xcalloc(m->n_contests, sizeof *k.met);
    k.may_be_small = urna_xcalloc((size_t)m->n_secret_if_small + 1, sizeof *k.may_be_small);
    if (m->n_secret_if_small > 0) {
        memcpy(k.may_be_small, m->secret_if_small, m->n_secret_if_small * sizeof *k.may_be_small);
        qsort(k.may_be_small, m->n_secret_if_small, sizeof *k.may_be_small, by_contest_weight);
    }
    bool ok = true;
    for (size_t i = 0, j; ok && i < n; i = j) {
        for (j = i; j < n && c[j].weight == c[i].weight && c[j].style == c[i].style;)
            j++;
        add_style(&k, &m->styles[c[i].style], j - i);
        if (j == n || c[j].weight != c[i].weight)
            ok = contests_large(&k, c[i].weight, r);
    }
    free(k.rows);
    free(k.met);
    free(k.may_be_small);
    return ok;
}

static bool classes_large(const struct urna_judge *J, const struct urna_row *row, size_t n, struct urna_ruling *r)
{
    const struct urna_manifest *m = &J->P->m;
    bool ok = true;
    struct class_key *c = urna_xcalloc(n + 1, sizeof *c);
    for (size_t i = 0; i < n; i++)
        c[i] = (struct class_key){row[i].weight, row[i].style, row[i].leaf};
    if (n > 1)
        qsort(c, n, sizeof *c, by_class);
    for (size_t i = 0, j; ok && i < n; i = j) {
        for (j = i; j < n && by_class(&c[i], &c[j]) == 0;)
            j++;
        if (j - i < m->m_roll)
            ok = urna_rule(r, "E0", "only %zu rows of cell %s, style %s, weight %u: fewer than m_roll = %llu", j - i,
                           m->cells[J->P->leaf[c[i].leaf]].id, m->styles[c[i].style].id, c[i].weight,
                           (unsigned long long)m->m_roll);
    }
    ok = ok && all_contests_large(m, c, n, r);
    free(c);
    return ok;
}

static bool minimums_lawful(const struct urna_manifest *m, size_t n, struct urna_ruling *r)
{
    if (m->m_root < 3 || m->m_root > m->m_min)
        return urna_rule(r, "E0", "3 <= m_root <= m_min is required");
    if (n >= 200 && (m->m_min < 20 || m->m_roll < 20 || m->m_root < 5))
        return urna_rule(r, "E0", "with 200 rows or more, m_min and m_roll are at least 20 and m_root 5");
    return true;
}

static void roll_root(uint8_t out[32], const struct urna_row *row, size_t n)
{
    struct urna_merkle tree = {0};
    struct urna_buf leaf = {0};
    for (size_t i = 0; i < n; i++) {
        uint8_t hash[32];
        struct urna_roll_row v = {.keys = row[i].key, .n_keys = row[i].n_keys, .weight = row[i].weight, .reg = row[i].reg};
        urna_buf_reset(&leaf);
        urna_roll_leaf(&leaf, &v, row[i].style + 1, row[i].leaf + 1);
        urna_merkle_leaf(hash, leaf.p, leaf.len);
        urna_merkle_add(&tree, hash);
    }
    urna_merkle_root(&tree, out);
    urna_buf_free(&leaf);
}

static bool counts_equal(const struct urna_judge *J, const struct urna_roll_close *v, const struct urna_row *row, size_t n, struct urna_ruling *r)
{
    const struct urna_context *P = J->P;
    if (v->count != n)
        return urna_rule(r, "E0", "the roll has %zu rows, roll.close says %llu", n, (unsigned long long)v->count);
    if (v->n_cells != P->n_leaves)
        return urna_rule(r, "E0", "roll.close names %u of %u leaf cells", v->n_cells, P->n_leaves);
    uint64_t *in_leaf = urna_xcalloc(P->n_leaves, sizeof *in_leaf);
    for (size_t i = 0; i < n; i++)
        in_leaf[row[i].leaf]++;
    bool ok = true;
    for (uint32_t i = 0; ok && i < P->n_leaves; i++) {
        const char *id = P->m.cells[P->leaf[i]].id;
        if (strcmp(v->cells[i].leaf, id) != 0)
            ok = urna_rule(r, "E0", "roll.close names %s where leaf cell %s belongs", v->cells[i].leaf, id);
        else if (v->cells[i].n != in_leaf[i])
            ok = urna_rule(r, "E0", "cell %s has %llu rows, roll.close says %llu", id, (unsigned long long)in_leaf[i],
                           (unsigned long long)v->cells[i].n);
    }
    free(in_leaf);
    return ok;
}

/* The rows of the roll, with hashes of their own: the rolls that they come from go. Takes row. */
static void keep_rows(struct urna_judge *J, struct urna_row *row, size_t n)
{
    size_t n_keys = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        n_keys += (size_t)row[i].n_keys + (row[i].reg ? 1 : 0);
    uint8_t(*key)[32] = urna_xcalloc(n_keys + 1, sizeof *key);
    for (size_t i = 0; i < n; i++) {
        memcpy(key[at], row[i].key, 32 * (size_t)row[i].n_keys);
        row[i].key = &key[at];
        at += row[i].n_keys;
        if (row[i].reg)
            row[i].reg = memcpy(key[at++], row[i].reg, 32);
    }
    free(J->rows);
    free(J->row_keys);
    J->rows = row;
    J->n_rows = n;
    J->row_keys = key;
}

/* The rows of all rolls named; *row is the caller's to free, also when a roll cannot be used. */
static bool join_rolls(const struct urna_judge *J, const struct urna_roll_close *v, struct urna_row **row, size_t *n, struct urna_ruling *r)
{
    *row = urna_xcalloc(1, sizeof **row);
    for (uint32_t i = 0; i < v->n_rolls; i++) {
        const struct urna_roll_body *roll = find_roll(J, v->rolls[i]);
        if (!roll)
            return urna_rule(r, "E0", "roll.close names a roll that is not accepted");
        if (roll->fault)
            return urna_rule(r, "E0", "%s", roll->fault);
        *row = urna_xrealloc(*row, *n + roll->n_rows + 1, sizeof **row);
        if (roll->n_rows > 0)
            memcpy(*row + *n, roll->rows, roll->n_rows * sizeof **row);
        *n += roll->n_rows;
    }
    return true;
}

bool urna_fold_roll_close(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r)
{
    const struct urna_roll_close *v = &urna_judge_read(J, e)->roll_close;
    struct urna_row *row = NULL;
    size_t n = 0;
    if (!join_rolls(J, v, &row, &n, r)) {
        free(row);
        return false;
    }
    uint8_t root[32];
    if (n > 1)
        qsort(row, n, sizeof *row, by_first_key);
    roll_root(root, row, n);
    bool ok = keys_unique(row, n, r) && minimums_lawful(&J->P->m, n, r) && classes_large(J, row, n, r) && counts_equal(J, v, row, n, r);
    if (ok && memcmp(root, v->root, 32) != 0)
        ok = urna_rule(r, "E0", "the root of the roll is not that of roll.close");
    if (!ok) {
        free(row);
        return false;
    }
    keep_rows(J, row, n);
    J->have_close = true;
    memcpy(J->close_e, e->e, 32);
    memcpy(J->roll_root, root, 32);
    J->roll_count = n;
    return true;
}

int64_t urna_judge_find_row(const struct urna_judge *J, const uint8_t pk_1[32])
{
    size_t lo = 0, hi = J->n_rows;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = memcmp(J->rows[mid].key[0], pk_1, 32);
        if (c == 0)
            return (int64_t)mid;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}
