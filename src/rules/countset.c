/* E6, E10, V9: the count set and its sums (election.md section 6): one possible value, a function of the entries up to the seal. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "rules/judge_internal.h"

/* --- which groups there are ------------------------------------------------------------------------ */

struct counter {
    struct urna_judge *J;
    uint32_t *weight; /* distinct weights of counted ballots, ascending */
    uint32_t n_weights;
    /* group number of a ballot: [contest][weight class][leaf], -1 = in no group */
    int32_t *group_of;
    const struct urna_ballot_rec **counted; /* in log order */
    size_t n_counted;
    pthread_mutex_t fetch_lock, sum_lock;
    bool failed;
};

static int by_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void find_weights(struct counter *k)
{
    k->weight = urna_xcalloc(k->n_counted + 1, sizeof *k->weight);
    for (size_t i = 0; i < k->n_counted; i++)
        k->weight[i] = k->J->rows[k->counted[i]->row].weight;
    if (k->n_counted > 1)
        qsort(k->weight, k->n_counted, sizeof *k->weight, by_u32);
    for (size_t i = 0; i < k->n_counted; i++)
        if (k->n_weights == 0 || k->weight[k->n_weights - 1] != k->weight[i])
            k->weight[k->n_weights++] = k->weight[i];
}

static uint32_t weight_class(const struct counter *k, uint32_t weight)
{
    uint32_t *at = bsearch(&weight, k->weight, k->n_weights, sizeof weight, by_u32);
    return (uint32_t)(at - k->weight);
}

static size_t place(const struct counter *k, uint32_t contest, uint32_t w, uint32_t leaf)
{
    return ((size_t)contest * k->n_weights + w) * k->J->P->n_leaves + leaf;
}

static bool row_has_contest(const struct urna_judge *J, const struct urna_row *row, uint32_t contest)
{
    const struct urna_style *s = &J->P->m.styles[row->style];
    for (uint32_t i = 0; i < s->n_contests; i++)
        if (s->contests[i] == contest + 1)
            return true;
    return false;
}

static void add_groups(struct counter *k, uint32_t contest, uint32_t w, const struct urna_group_set *set)
{
    struct urna_judge *J = k->J;
    const struct urna_context *P = J->P;
    size_t first = J->n_groups;
    J->groups = urna_xrealloc(J->groups, J->n_groups + set->n_groups + 1, sizeof *J->groups);
    for (uint32_t g = 0; g < set->n_groups; g++) {
        struct urna_tally_group *t = &J->groups[J->n_groups++];
        *t = (struct urna_tally_group){.contest = contest + 1, .weight = k->weight[w], .n = set->size[g]};
        t->n_fields = P->m.contests[contest].n_options;
        t->A = URNA_NEW(&J->arena, urna_element, t->n_fields);
        t->B = URNA_NEW(&J->arena, urna_element, t->n_fields);
        t->t = URNA_NEW(&J->arena, uint64_t, t->n_fields);
        for (uint32_t f = 0; f < t->n_fields; f++) {
            urna_element_identity(P->G, &t->A[f]);
            urna_element_identity(P->G, &t->B[f]);
        }
    }
    /* As many places as each has leaves: groups times leaves would be a product of two large numbers. */
    for (uint32_t l = 0; l < P->n_leaves; l++)
        if (set->group_of_leaf[l] >= 0)
            J->groups[first + (size_t)set->group_of_leaf[l]].n_leaves++;
    for (size_t g = first; g < J->n_groups; g++) {
        J->groups[g].leaves = URNA_NEW(&J->arena, uint32_t, J->groups[g].n_leaves);
        J->groups[g].n_leaves = 0;
    }
    for (uint32_t l = 0; l < P->n_leaves; l++) {
        int32_t g = set->group_of_leaf[l];
        k->group_of[place(k, contest, w, l)] = g < 0 ? -1 : (int32_t)(first + (size_t)g);
        if (g >= 0) {
            struct urna_tally_group *t = &J->groups[first + (size_t)g];
            t->leaves[t->n_leaves++] = l;
        }
    }
}

static void make_groups(struct counter *k)
{
    struct urna_judge *J = k->J;
    const struct urna_context *P = J->P;
    struct urna_arena a = {0};
    uint32_t *up = URNA_NEW(&a, uint32_t, P->m.n_cells);
    for (uint32_t i = 0; i < P->m.n_cells; i++)
        up[i] = P->m.cells[i].up;
    k->group_of = urna_xcalloc((size_t)P->m.n_contests * k->n_weights * P->n_leaves + 1, sizeof *k->group_of);
    uint64_t *n = URNA_NEW(&a, uint64_t, (size_t)k->n_weights * P->n_leaves + 1);
    for (uint32_t c = 0; c < P->m.n_contests; c++) {
        memset(n, 0, ((size_t)k->n_weights * P->n_leaves) * sizeof *n);
        for (size_t i = 0; i < k->n_counted; i++) {
            const struct urna_row *row = &J->rows[k->counted[i]->row];
            if (!row_has_contest(J, row, c))
                continue;
            n[(size_t)weight_class(k, row->weight) * P->n_leaves + row->leaf]++;
            J->contests[c].counted++;
        }
        for (uint32_t w = 0; w < k->n_weights; w++) {
            struct urna_group_set set;
            urna_groups_make(&set, up, P->m.n_cells, P->leaf, P->n_leaves, &n[(size_t)w * P->n_leaves], P->m.m_min, P->m.m_root, &a);
            J->contests[c].secret += set.secret;
            add_groups(k, c, w, &set);
        }
    }
    urna_arena_free(&a);
}

/* --- sums -------------------------------------------------------------------------------------------- */

enum { CHUNK = 128 }; /* ballots a task multiplies before it takes the lock */

struct partial {
    urna_element *A, *B;
};

static void add_ballot(struct counter *k, const struct urna_ballot *b, const struct urna_row *row, struct partial *sum,
                       struct urna_arena *a)
{
    const struct urna_context *P = k->J->P;
    uint32_t w = weight_class(k, row->weight);
    for (uint32_t i = 0; i < b->n_contests; i++) {
        const struct urna_ballot_contest *c = &b->contests[i];
        int32_t g = k->group_of[place(k, c->i - 1, w, row->leaf)];
        if (g < 0)
            continue;
        struct partial *s = &sum[g];
        bool fresh = !s->A;
        if (fresh) {
            s->A = URNA_NEW(a, urna_element, c->n_fields);
            s->B = URNA_NEW(a, urna_element, c->n_fields);
        }
        for (uint32_t f = 0; f < c->n_fields; f++) {
            urna_element x, y;
            if (!urna_element_decode_known(P->G, &x, c->fields[f].a) || !urna_element_decode_known(P->G, &y, c->fields[f].b)) {
                k->failed = true;
                return;
            }
            if (fresh) {
                s->A[f] = x;
                s->B[f] = y;
            } else {
                urna_element_mul(P->G, &s->A[f], &s->A[f], &x);
                urna_element_mul(P->G, &s->B[f], &s->B[f], &y);
            }
        }
    }
}

static void sum_chunk(void *ctx, size_t chunk, unsigned worker)
{
    (void)worker;
    struct counter *k = ctx;
    struct urna_judge *J = k->J;
    struct urna_arena sums = {0}, scratch = {0};
    struct partial *sum = URNA_NEW(&sums, struct partial, J->n_groups + 1);
    struct urna_buf body = {0};
    size_t end = (chunk + 1) * CHUNK < k->n_counted ? (chunk + 1) * CHUNK : k->n_counted;
    for (size_t i = chunk * CHUNK; i < end; i++) {
        const struct urna_ballot_rec *rec = k->counted[i];
        struct urna_body b;
        struct urna_error err = URNA_ERROR_INIT;
        uint8_t e[32];
        urna_buf_reset(&body);
        pthread_mutex_lock(&k->fetch_lock);
        bool there = J->body(J->body_ctx, rec->index, rec->parts, &body);
        pthread_mutex_unlock(&k->fetch_lock);
        urna_sha256(e, body.p, body.len);
        /* The same bytes that phase 1 has judged, or the record changed under our hands. */
        if (!there || memcmp(e, rec->e, 32) != 0 ||
            urna_body_read(&b, URNA_BALLOT, urna_buf_view(&body), J->P->lp, J->P->lq, &scratch, &err) != URNA_OK) {
            k->failed = true;
            break;
        }
        add_ballot(k, &b.ballot, &J->rows[rec->row], sum, &sums);
        urna_arena_reset(&scratch);
    }
    pthread_mutex_lock(&k->sum_lock);
    for (size_t g = 0; g < J->n_groups; g++)
        for (uint32_t f = 0; sum[g].A && f < J->groups[g].n_fields; f++) {
            urna_element_mul(J->P->G, &J->groups[g].A[f], &J->groups[g].A[f], &sum[g].A[f]);
            urna_element_mul(J->P->G, &J->groups[g].B[f], &J->groups[g].B[f], &sum[g].B[f]);
        }
    pthread_mutex_unlock(&k->sum_lock);
    urna_buf_free(&body);
    urna_arena_free(&scratch);
    urna_arena_free(&sums);
}

static void sum_hash(const struct urna_context *P, const struct urna_tally_group *t, uint8_t out[32])
{
    struct urna_sha256 s;
    uint8_t enc[URNA_LP_MAX];
    urna_sha256_init(&s);
    for (uint32_t f = 0; f < t->n_fields; f++) {
        urna_element_encode(P->G, enc, &t->A[f]);
        urna_sha256_add(&s, enc, P->lp);
        urna_element_encode(P->G, enc, &t->B[f]);
        urna_sha256_add(&s, enc, P->lp);
    }
    urna_sha256_end(&s, out);
}

/* --- the body ---------------------------------------------------------------------------------------- */

/* Rows are sorted by pk_1, so one pass over them fills every cell's tree in order. */
static void make_cells(struct counter *k, struct urna_count_cell *cell)
{
    struct urna_judge *J = k->J;
    const struct urna_context *P = J->P;
    struct urna_merkle *tree = urna_xcalloc(P->n_leaves, sizeof *tree);
    const struct urna_ballot_rec **of_row = urna_xcalloc(J->n_rows + 1, sizeof *of_row);
    for (size_t i = 0; i < k->n_counted; i++)
        of_row[k->counted[i]->row] = k->counted[i];
    for (size_t i = 0; i < J->n_rows; i++) {
        if (!of_row[i])
            continue;
        uint8_t leaf[64], hash[32];
        memcpy(leaf, J->rows[i].key[0], 32);
        memcpy(leaf + 32, of_row[i]->e, 32);
        urna_merkle_leaf(hash, leaf, sizeof leaf);
        urna_merkle_add(&tree[J->rows[i].leaf], hash);
    }
    for (uint32_t l = 0; l < P->n_leaves; l++) {
        cell[l].leaf = P->m.cells[P->leaf[l]].id;
        cell[l].n = tree[l].n;
        urna_merkle_root(&tree[l], cell[l].root);
    }
    free(of_row);
    free(tree);
}

static void write_body(struct counter *k)
{
    struct urna_judge *J = k->J;
    const struct urna_context *P = J->P;
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_COUNTSET};
    b.countset.n_cells = P->n_leaves;
    b.countset.cells = URNA_NEW(&a, struct urna_count_cell, P->n_leaves);
    make_cells(k, b.countset.cells);
    b.countset.n_groups = (uint32_t)J->n_groups;
    b.countset.groups = URNA_NEW(&a, struct urna_count_group, J->n_groups);
    for (size_t g = 0; g < J->n_groups; g++) {
        const struct urna_tally_group *t = &J->groups[g];
        struct urna_count_group *o = &b.countset.groups[g];
        *o = (struct urna_count_group){.contest = t->contest, .weight = t->weight, .n_leaves = t->n_leaves, .n = t->n};
        o->leaves = URNA_NEW(&a, const char *, t->n_leaves);
        for (uint32_t l = 0; l < t->n_leaves; l++)
            o->leaves[l] = P->m.cells[P->leaf[t->leaves[l]]].id;
        sum_hash(P, t, o->sum);
    }
    urna_body_write(&J->countset_body, &b, P->lp, P->lq);
    urna_sha256(J->countset_hash, J->countset_body.p, J->countset_body.len);
    urna_arena_free(&a);
}

void urna_make_countset(struct urna_judge *J)
{
    struct counter k = {.J = J};
    pthread_mutex_init(&k.fetch_lock, NULL);
    pthread_mutex_init(&k.sum_lock, NULL);
    J->contests = URNA_NEW(&J->arena, struct urna_contest_result, J->P->m.n_contests);
    for (uint32_t c = 0; c < J->P->m.n_contests; c++)
        J->contests[c].totals = URNA_NEW(&J->arena, uint64_t, J->P->m.contests[c].n_options);
    k.counted = urna_xcalloc(J->n_ballots + 1, sizeof *k.counted);
    for (size_t i = 0; i < J->n_ballots; i++)
        if (J->ballots[i].state == URNA_B_COUNTED)
            k.counted[k.n_counted++] = &J->ballots[i];
    find_weights(&k);
    make_groups(&k);
    urna_parallel(J->threads, (k.n_counted + CHUNK - 1) / CHUNK, sum_chunk, &k);
    if (k.failed)
        urna_judge_finding(J, -1, true, "the record changed while it was read: ballots judged before are not the ballots summed");
    write_body(&k);
    J->countset_known = !k.failed;
    pthread_mutex_destroy(&k.fetch_lock);
    pthread_mutex_destroy(&k.sum_lock);
    free(k.group_of);
    free(k.weight);
    free(k.counted);
}

bool urna_fold_countset(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r)
{
    if (!J->countset_known || memcmp(e->e, J->countset_hash, 32) != 0) {
        char hex[65];
        urna_hex(hex, J->countset_hash, 32);
        return urna_rule(r, "E10", "the count set is not that of the record, which has %s", hex);
    }
    J->countset_accepted = true;
    J->countset_index = e->index;
    J->phase = URNA_COUNTED;
    urna_make_result(J); /* no groups: at once */
    return true;
}
