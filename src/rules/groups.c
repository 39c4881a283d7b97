#include "rules/groups.h"

#include <stdlib.h>
#include <string.h>

/* While the tree is folded bottom-up, a set of leaves is a linked list in leaf order of joining; a cell owns the residue that its
 * children left over and knows the groups of its subtree, which are those numbered from first_group on (depth-first order). */
struct leaf_set {
    int32_t head, tail; /* leaves, linked by next[]; -1: empty */
    uint64_t n;
};
struct group {
    struct leaf_set set;
    uint32_t first_leaf; /* smallest leaf index */
};
struct maker {
    int32_t *next;
    struct group *group;
    uint32_t n_groups;
    uint64_t m_min;
};

static void join(struct maker *k, struct leaf_set *a, const struct leaf_set *b)
{
    if (b->head < 0)
        return;
    if (a->head < 0)
        a->head = b->head;
    else
        k->next[a->tail] = b->head;
    a->tail = b->tail;
    a->n += b->n;
}

static uint32_t smallest_leaf(const struct maker *k, const struct leaf_set *s)
{
    uint32_t m = UINT32_MAX;
    for (int32_t l = s->head; l >= 0; l = k->next[l])
        if ((uint32_t)l < m)
            m = (uint32_t)l;
    return m;
}

/* A residue joins the group of the subtree (groups from..) with the smallest (n, first leaf). */
static void join_smallest(struct maker *k, uint32_t from, const struct leaf_set *residue)
{
    uint32_t best = from;
    for (uint32_t g = from + 1; g < k->n_groups; g++)
        if (k->group[g].set.n < k->group[best].set.n ||
            (k->group[g].set.n == k->group[best].set.n && k->group[g].first_leaf < k->group[best].first_leaf))
            best = g;
    struct group *t = &k->group[best];
    uint32_t m = smallest_leaf(k, residue);
    join(k, &t->set, residue);
    if (m < t->first_leaf)
        t->first_leaf = m;
}

static void add_group(struct maker *k, const struct leaf_set *s)
{
    k->group[k->n_groups] = (struct group){*s, smallest_leaf(k, s)};
    k->n_groups++;
}

/* What a cell does with the residue its children (or itself, a leaf) left: become a group, join one, or pass it up. */
static void settle(struct maker *k, uint32_t first_group, struct leaf_set *residue)
{
    if (residue->n == 0)
        return;
    if (residue->n >= k->m_min)
        add_group(k, residue);
    else if (k->n_groups > first_group)
        join_smallest(k, first_group, residue);
    else
        return;
    *residue = (struct leaf_set){-1, -1, 0};
}

static int by_first_leaf(const void *a, const void *b)
{
    uint32_t x = ((const struct group *)a)->first_leaf, y = ((const struct group *)b)->first_leaf;
    return x < y ? -1 : x > y;
}

void urna_groups_make(struct urna_group_set *out, const uint32_t *up, uint32_t n_cells, const uint32_t *leaf,
                      uint32_t n_leaves, const uint64_t *n, uint64_t m_min, uint64_t m_root, struct urna_arena *a)
{
    memset(out, 0, sizeof *out);
    out->group_of_leaf = URNA_NEW(a, int32_t, n_leaves);
    struct maker k = {.m_min = m_min};
    k.next = URNA_NEW(a, int32_t, n_leaves);
    k.group = URNA_NEW(a, struct group, n_leaves + 1);
    struct leaf_set *residue = URNA_NEW(a, struct leaf_set, n_cells);
    uint32_t *first_group = URNA_NEW(a, uint32_t, n_cells), *stack = URNA_NEW(a, uint32_t, n_cells);
    uint32_t depth = 0, at = 0;
    for (uint32_t l = 0; l < n_leaves; l++)
        k.next[l] = out->group_of_leaf[l] = -1;

    /* One pass in depth-first order; a cell is settled when the next cell is not below it. */
    for (uint32_t c = 0; c <= n_cells; c++) {
        while (depth > 0 && (c == n_cells || stack[depth - 1] + 1 != up[c])) {
            uint32_t done = stack[--depth];
            settle(&k, first_group[done], &residue[done]);
            if (depth > 0)
                join(&k, &residue[stack[depth - 1]], &residue[done]);
        }
        if (c == n_cells)
            break;
        residue[c] = (struct leaf_set){-1, -1, 0};
        first_group[c] = k.n_groups;
        stack[depth++] = c;
        if (at < n_leaves && leaf[at] == c) {
            if (n[at] > 0)
                residue[c] = (struct leaf_set){(int32_t)at, (int32_t)at, n[at]};
            at++;
        }
    }
    struct leaf_set *rest = &residue[0];
    if (n_cells > 0 && rest->n > 0) {
        /* Only when there is no group at all can something be left at the root. */
        if (rest->n >= m_root)
            add_group(&k, rest);
        else
            out->secret = rest->n;
    }
    if (k.n_groups > 1)
        qsort(k.group, k.n_groups, sizeof *k.group, by_first_leaf);
    out->n_groups = k.n_groups;
    out->size = URNA_NEW(a, uint64_t, k.n_groups);
    for (uint32_t g = 0; g < k.n_groups; g++) {
        out->size[g] = k.group[g].set.n;
        for (int32_t l = k.group[g].set.head; l >= 0; l = k.next[l])
            out->group_of_leaf[l] = (int32_t)g;
    }
}
