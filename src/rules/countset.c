/* E6, E10, V9: the count set and its sums (election.md section 6): one possible value, a function of the entries up to the seal. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "rules/judge_internal.h"

/* --- which groups there are ------------------------------------------------------------------------ */

/* Where counted ballots are. */
struct place {
    uint32_t contest; /* 0-based */
    uint32_t weight, leaf;
    int32_t group; /* -1: too few, kept secret */
    uint64_t n;
};

/* The products over the ballots that one thread has read. */
struct partial {
    urna_element *A, *B; /* NULL before the first ballot of the group */
};
struct sums {
    struct partial *group; /* NULL before the first ballot */
    struct urna_arena arena, scratch;
    struct urna_buf body;
    bool failed;
};

struct counter {
    struct urna_judge *J;
    const struct urna_ballot_rec **counted; /* in log order */
    size_t n_counted;
    struct place *place; /* ascending by contest, weight, leaf */
    size_t n_places;
    pthread_mutex_t fetch_lock;
    struct sums *sums; /* one a thread */
    unsigned n_sums;
};

static int compare_u32(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int by_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int c = compare_u32(x->contest, y->contest);
    if (c == 0)
        c = compare_u32(x->weight, y->weight);
    return c ? c : compare_u32(x->leaf, y->leaf);
}

static int by_class(const void *a, const void *b)
{
    const struct urna_row *x = *(const struct urna_row *const *)a, *y = *(const struct urna_row *const *)b;
    int c = compare_u32(x->style, y->style);
    if (c == 0)
        c = compare_u32(x->weight, y->weight);
    return c ? c : compare_u32(x->leaf, y->leaf);
}

/* Equal places become one. */
static void merge_places(struct counter *k)
{
    size_t n = 0;
    if (k->n_places > 1)
        qsort(k->place, k->n_places, sizeof *k->place, by_place);
    for (size_t i = 0; i < k->n_places; i++) {
        if (n > 0 && by_place(&k->place[n - 1], &k->place[i]) == 0)
            k->place[n - 1].n += k->place[i].n;
        else
            k->place[n++] = k->place[i];
    }
    k->n_places = n;
}

/* No more places than the counted ballots have contests: nothing here grows with a product of two lists of the manifest. */
static void find_places(struct counter *k)
{
    const struct urna_judge *J = k->J;
    const struct urna_row **row = urna_xcalloc(k->n_counted + 1, sizeof *row);
    size_t cap = 0;
    for (size_t i = 0; i < k->n_counted; i++)
        row[i] = &J->rows[k->counted[i]->row];
    if (k->n_counted > 1)
        qsort(row, k->n_counted, sizeof *row, by_class);
    for (size_t i = 0, j; i < k->n_counted; i = j) {
        const struct urna_style *s = &J->P->m.styles[row[i]->style];
        for (j = i; j < k->n_counted && by_class(&row[i], &row[j]) == 0;)
            j++;
        if (k->n_places + s->n_contests > cap) {
            cap = 2 * (k->n_places + s->n_contests);
            k->place = urna_xrealloc(k->place, cap, sizeof *k->place);
        }
        for (uint32_t c = 0; c < s->n_contests; c++)
            k->place[k->n_places++] =
                (struct place){.contest = s->contests[c] - 1, .weight = row[i]->weight, .leaf = row[i]->leaf, .group = -1, .n = j - i};
    }
    free(row);
    merge_places(k);
}

static void init_group(struct urna_judge *J, struct urna_tally_group *t, uint32_t contest, uint32_t weight, uint64_t n)
{
    const struct urna_context *P = J->P;
    *t = (struct urna_tally_group){.contest = contest + 1, .weight = weight, .n = n, .n_fields = P->m.contests[contest].n_options};
    t->A = URNA_NEW(&J->arena, urna_element, t->n_fields);
    t->B = URNA_NEW(&J->arena, urna_element, t->n_fields);
    t->t = URNA_NEW(&J->arena, uint64_t, t->n_fields);
    for (uint32_t f = 0; f < t->n_fields; f++) {
        urna_element_identity(P->G, &t->A[f]);
        urna_element_identity(P->G, &t->B[f]);
    }
}

/* The groups of one contest and weight; the n places are all that it has. */
static void add_groups(struct urna_judge *J, struct place *place, size_t n, const struct urna_group_set *set)
{
    size_t first = J->n_groups;
    J->groups = urna_xrealloc(J->groups, J->n_groups + set->n_groups + 1, sizeof *J->groups);
    for (uint32_t g = 0; g < set->n_groups; g++)
        init_group(J, &J->groups[J->n_groups++], place->contest, place->weight, set->size[g]);
    for (size_t i = 0; i < n; i++) {
        int32_t g = set->group_of_leaf[place[i].leaf];
        place[i].group = g < 0 ? -1 : (int32_t)(first + (size_t)g);
        if (g >= 0)
            J->groups[place[i].group].n_leaves++;
    }
    for (size_t g = first; g < J->n_groups; g++) {
        J->groups[g].leaves = URNA_NEW(&J->arena, uint32_t, J->groups[g].n_leaves);
        J->groups[g].n_leaves = 0;
    }
    for (size_t i = 0; i < n; i++)
        if (place[i].group >= 0) {
            struct urna_tally_group *t = &J->groups[place[i].group];
            t->leaves[t->n_leaves++] = place[i].leaf;
        }
}

static void make_groups(struct counter *k)
{
    struct urna_judge *J = k->J;
    const struct urna_context *P = J->P;
    struct urna_arena a = {0};
    uint32_t *up = urna_xcalloc(P->m.n_cells, sizeof *up);
    uint64_t *n = urna_xcalloc(P->n_leaves, sizeof *n);
    for (uint32_t i = 0; i < P->m.n_cells; i++)
        up[i] = P->m.cells[i].up;
    for (size_t i = 0, j; i < k->n_places; i = j) {
        struct place *p = &k->place[i];
        struct urna_group_set set;
        for (j = i; j < k->n_places && k->place[j].contest == p->contest && k->place[j].weight == p->weight; j++)
            n[k->place[j].leaf] = k->place[j].n;
        urna_groups_make(&set, up, P->m.n_cells, P->leaf, P->n_leaves, n, P->m.m_min, P->m.m_root, &a);
        add_groups(J, p, j - i, &set);
        J->contests[p->contest].secret += set.secret;
        for (size_t x = i; x < j; x++) {
            J->contests[p->contest].counted += k->place[x].n;
            n[k->place[x].leaf] = 0;
        }
        urna_arena_reset(&a);
    }
    urna_arena_free(&a);
    free(up);
    free(n);
}

/* --- sums -------------------------------------------------------------------------------------------- */

static int32_t group_of(const struct counter *k, uint32_t contest, const struct urna_row *row)
{
    struct place key = {.contest = contest, .weight = row->weight, .leaf = row->leaf};
    const struct place *p = k->n_places ? bsearch(&key, k->place, k->n_places, sizeof key, by_place) : NULL;
    return p ? p->group : -1;
}

static bool add_ballot(const struct counter *k, struct sums *sums, const struct urna_ballot *b, const struct urna_row *row)
{
    const struct urna_context *P = k->J->P;
    for (uint32_t i = 0; i < b->n_contests; i++) {
        const struct urna_ballot_contest *c = &b->contests[i];
        int32_t g = group_of(k, c->i - 1, row);
        if (g < 0)
            continue;
        struct partial *s = &sums->group[g];
        bool fresh = !s->A;
        if (fresh) {
            s->A = URNA_NEW(&sums->arena, urna_element, c->n_fields);
            s->B = URNA_NEW(&sums->arena, urna_element, c->n_fields);
        }
        for (uint32_t f = 0; f < c->n_fields; f++) {
            urna_element x, y;
            if (!urna_element_decode_known(P->G, &x, c->fields[f].a) || !urna_element_decode_known(P->G, &y, c->fields[f].b))
                return false;
            if (fresh) {
                s->A[f] = x;
                s->B[f] = y;
            } else {
                urna_element_mul(P->G, &s->A[f], &s->A[f], &x);
                urna_element_mul(P->G, &s->B[f], &s->B[f], &y);
            }
        }
    }
    return true;
}

static void sum_ballot(void *ctx, size_t i, unsigned worker)
{
    struct counter *k = ctx;
    struct urna_judge *J = k->J;
    struct sums *s = &k->sums[worker];
    const struct urna_ballot_rec *rec = k->counted[i];
    struct urna_body b;
    struct urna_error err = URNA_ERROR_INIT;
    uint8_t e[32];
    if (s->failed)
        return;
    if (!s->group)
        s->group = URNA_NEW(&s->arena, struct partial, J->n_groups);
    urna_buf_reset(&s->body);
    pthread_mutex_lock(&k->fetch_lock);
    bool there = J->body(J->body_ctx, rec->index, rec->parts, &s->body);
    pthread_mutex_unlock(&k->fetch_lock);
    urna_sha256(e, s->body.p, s->body.len);
    /* The same bytes that phase 1 has judged, or the record changed under our hands. */
    s->failed = !there || memcmp(e, rec->e, 32) != 0 ||
                urna_body_read(&b, URNA_BALLOT, urna_buf_view(&s->body), J->P->lp, J->P->lq, &s->scratch, &err) != URNA_OK ||
                !add_ballot(k, s, &b.ballot, &J->rows[rec->row]);
    urna_arena_reset(&s->scratch);
}

/* False if a ballot could not be read again. Products commute, so that it does not matter which thread read which ballot. */
static bool sum_all(struct counter *k)
{
    struct urna_judge *J = k->J;
    bool ok = true;
    k->n_sums = J->threads ? J->threads : urna_cores();
    k->sums = urna_xcalloc(k->n_sums, sizeof *k->sums);
    urna_parallel(k->n_sums, k->n_counted, sum_ballot, k);
    for (unsigned w = 0; w < k->n_sums; w++) {
        struct sums *s = &k->sums[w];
        for (size_t g = 0; s->group && g < J->n_groups; g++)
            for (uint32_t f = 0; s->group[g].A && f < J->groups[g].n_fields; f++) {
                urna_element_mul(J->P->G, &J->groups[g].A[f], &J->groups[g].A[f], &s->group[g].A[f]);
                urna_element_mul(J->P->G, &J->groups[g].B[f], &J->groups[g].B[f], &s->group[g].B[f]);
            }
        ok = ok && !s->failed;
        urna_buf_free(&s->body);
        urna_arena_free(&s->scratch);
        urna_arena_free(&s->arena);
    }
    free(k->sums);
    return ok;
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
    J->contests = URNA_NEW(&J->arena, struct urna_contest_result, J->P->m.n_contests);
    for (uint32_t c = 0; c < J->P->m.n_contests; c++)
        J->contests[c].totals = URNA_NEW(&J->arena, uint64_t, J->P->m.contests[c].n_options);
    k.counted = urna_xcalloc(J->n_ballots + 1, sizeof *k.counted);
    for (size_t i = 0; i < J->n_ballots; i++)
        if (J->ballots[i].state == URNA_B_COUNTED)
            k.counted[k.n_counted++] = &J->ballots[i];
    find_places(&k);
    make_groups(&k);
    J->countset_known = sum_all(&k);
    if (!J->countset_known)
        urna_judge_finding(J, -1, true, "the record changed while it was read: ballots judged before are not the ballots summed");
    write_body(&k);
    pthread_mutex_destroy(&k.fetch_lock);
    free(k.place);
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
