/* Known answers of the law (law-vectors.json): policy, cut and seal, groups. Computed by an
 * executable model and again by a second path. */
#include "law_vectors.h"

#include "rules/groups.h"
#include "rules/policy.h"

enum { MOST = 64 };

struct witnesses {
    const char *id[MOST], *bloc[MOST];
    uint32_t n;
};

static struct witnesses read_witnesses(const json_t *a)
{
    struct witnesses w = {.n = (uint32_t)json_array_size(a)};
    assert_true(w.n <= MOST);
    for (uint32_t i = 0; i < w.n; i++) {
        w.id[i] = str(json_array_get(a, i), "id");
        w.bloc[i] = str(json_array_get(a, i), "bloc");
    }
    return w;
}

static uint32_t find(const struct witnesses *w, const char *id)
{
    for (uint32_t i = 0; i < w->n; i++)
        if (strcmp(w->id[i], id) == 0)
            return i;
    fail_msg("no witness %s", id);
    return 0;
}

static void mark(const struct witnesses *w, const json_t *ids, bool *have)
{
    size_t i;
    json_t *v;
    memset(have, 0, MOST * sizeof *have);
    json_array_foreach(ids, i, v) have[find(w, json_string_value(v))] = true;
}

static void policy_all_cases_agree(void **state)
{
    (void)state;
    size_t i;
    json_t *c;
    json_array_foreach(cases("policy"), i, c)
    {
        struct witnesses w = read_witnesses(json_object_get(c, "witnesses"));
        bool have[MOST];
        mark(&w, json_object_get(c, "have"), have);
        if (urna_policy_satisfied(w.bloc, have, w.n) != (num(c, "expect") == 1))
            fail_msg("%s", str(c, "case"));
    }
    assert_int_equal(i, 40);
}

/* The rule of the seal, entry by entry, over the functions that the judge uses. */
struct history {
    struct urna_cosigned c[4096];
    size_t n;
    bool sealed;
    uint64_t seal;
};

static void replay(struct history *h, const struct witnesses *w, const bool *accepted,
                   const json_t *c)
{
    bool opened = false, sealing[MOST] = {false};
    size_t i, x;
    json_t *e, *s;
    json_array_foreach(json_object_get(c, "log"), i, e)
    {
        if (json_object_get(e, "open")) {
            opened = true;
            continue;
        }
        if (num(e, "size") > num(e, "index"))
            continue; /* void: E16 */
        bool later = false;
        json_array_foreach(json_object_get(e, "cosigs"), x, s)
        {
            uint32_t at = find(w, str(s, "as"));
            assert_true(h->n < 4096);
            if (!h->sealed)
                h->c[h->n++] =
                    (struct urna_cosigned){at, num(e, "size"), num(s, "time"), num(e, "index")};
            if (opened && !h->sealed && num(s, "time") >= num(c, "t_seal") && accepted[at])
                sealing[at] = later = true;
        }
        if (later && !h->sealed && urna_policy_satisfied(w->bloc, sealing, w->n)) {
            h->sealed = true;
            h->seal = num(e, "index");
        }
    }
}

static void cut_and_seal_all_cases_agree(void **state)
{
    (void)state;
    size_t i, x;
    json_t *c, *v;
    static struct history h;
    json_array_foreach(cases("cut_and_seal"), i, c)
    {
        struct witnesses w = read_witnesses(json_object_get(c, "witnesses"));
        json_t *expect = json_object_get(c, "expect");
        bool accepted[MOST];
        uint64_t T = num(c, "t_close") + num(c, "delta"), s[MOST] = {0};
        const char *id;
        memset(&h, 0, sizeof h);
        mark(&w, json_object_get(c, "accepted"), accepted);
        replay(&h, &w, accepted, c);
        json_t *seal = json_object_get(expect, "seal");
        if (h.sealed != json_is_integer(seal) || (h.sealed && h.seal != num(expect, "seal")))
            fail_msg("%s: seal", str(c, "case"));
        if (!h.sealed)
            continue;
        if (urna_cut(w.bloc, accepted, w.n, h.c, h.n, T) != num(expect, "cut"))
            fail_msg("%s: cut", str(c, "case"));
        urna_cosigned_sizes(s, w.n, h.c, h.n, T);
        json_object_foreach(json_object_get(expect, "s"), id,
                            v) if (s[find(&w, id)] != (uint64_t)json_integer_value(v))
            fail_msg("%s: s of %s", str(c, "case"), id);
        json_array_foreach(json_object_get(expect, "cut_at"), x, v)
        {
            uint64_t at = (uint64_t)json_integer_value(json_array_get(v, 0)),
                     want = (uint64_t)json_integer_value(json_array_get(v, 1));
            if (urna_cut(w.bloc, accepted, w.n, h.c, h.n, at) != want)
                fail_msg("%s: cut(%llu)", str(c, "case"), (unsigned long long)at);
        }
    }
    assert_int_equal(i, 57);
}

struct tree {
    uint32_t up[1024], leaf[1024], n_cells, n_leaves;
    const char *id[1024];
    uint64_t n[1024];
};

static void read_tree(struct tree *t, const json_t *c)
{
    const json_t *cells = json_object_get(c, "cells"), *counts = json_object_get(c, "n");
    memset(t, 0, sizeof *t);
    t->n_cells = (uint32_t)json_array_size(cells);
    assert_true(t->n_cells <= 1024);
    bool inner[1024] = {false};
    for (uint32_t i = 0; i < t->n_cells; i++) {
        t->id[i] = str(json_array_get(cells, i), "id");
        t->up[i] = (uint32_t)num(json_array_get(cells, i), "up");
        if (t->up[i] > 0)
            inner[t->up[i] - 1] = true;
    }
    for (uint32_t i = 0; i < t->n_cells; i++)
        if (!inner[i]) {
            t->n[t->n_leaves] = (uint64_t)json_integer_value(json_object_get(counts, t->id[i]));
            t->leaf[t->n_leaves++] = i;
        }
}

static void check_group(const struct tree *t, const struct urna_group_set *set, uint32_t g,
                        const json_t *want, const char *name)
{
    const json_t *leaves = json_object_get(want, "leaves");
    size_t at = 0;
    if (set->size[g] != num(want, "n"))
        fail_msg("%s: size of group %u", name, g);
    for (uint32_t l = 0; l < t->n_leaves; l++) {
        if (set->group_of_leaf[l] != (int32_t)g)
            continue;
        const char *id = json_string_value(json_array_get(leaves, at++));
        if (!id || strcmp(id, t->id[t->leaf[l]]) != 0)
            fail_msg("%s: leaves of group %u", name, g);
    }
    assert_int_equal(at, json_array_size(leaves));
}

static void groups_all_cases_agree(void **state)
{
    (void)state;
    size_t i;
    json_t *c;
    static struct tree t;
    json_array_foreach(cases("groups"), i, c)
    {
        struct urna_arena a = {0};
        struct urna_group_set set;
        json_t *expect = json_object_get(c, "expect"), *groups = json_object_get(expect, "groups");
        json_t *secret = json_object_get(expect, "secret");
        read_tree(&t, c);
        urna_groups_make(&set, t.up, t.n_cells, t.leaf, t.n_leaves, t.n, num(c, "m_min"),
                         num(c, "m_root"), &a);
        if (set.n_groups != json_array_size(groups))
            fail_msg("%s: %u groups", str(c, "case"), set.n_groups);
        for (uint32_t g = 0; g < set.n_groups; g++)
            check_group(&t, &set, g, json_array_get(groups, g), str(c, "case"));
        if ((set.secret > 0) != (json_array_size(secret) > 0))
            fail_msg("%s: secret", str(c, "case"));
        urna_arena_free(&a);
    }
    assert_int_equal(i, 50);
}

/* Groups partition the leaves that have ballots, none is smaller than m_root, and nothing is lost.
 */
static void groups_random_trees_partition(void **state)
{
    (void)state;
    uint64_t seed = 0x75726e61;
    static struct tree t;
    for (int round = 0; round < 2000; round++) {
        struct urna_arena a = {0};
        struct urna_group_set set;
        bool inner[1024] = {false};
        memset(&t, 0, sizeof t);
#define NEXT (seed = seed * 6364136223846793005ULL + 1442695040888963407ULL, (uint32_t)(seed >> 33))
        t.n_cells = 1 + NEXT % 60;
        for (uint32_t i = 1; i < t.n_cells; i++) {
            uint32_t up = i; /* the cell before, or one of its ancestors */
            for (uint32_t climb = NEXT % 4; climb > 0 && t.up[up - 1] > 0; climb--)
                up = t.up[up - 1];
            t.up[i] = up;
            inner[up - 1] = true;
        }
        uint64_t total = 0, m_root = 3 + NEXT % 5, m_min = m_root + NEXT % 40, sum = 0;
        for (uint32_t i = 0; i < t.n_cells; i++)
            if (!inner[i]) {
                t.n[t.n_leaves] = NEXT % 3 == 0 ? 0 : NEXT % (2 * (uint32_t)m_min);
                total += t.n[t.n_leaves];
                t.leaf[t.n_leaves++] = i;
            }
        urna_groups_make(&set, t.up, t.n_cells, t.leaf, t.n_leaves, t.n, m_min, m_root, &a);
        for (uint32_t g = 0; g < set.n_groups; g++) {
            uint64_t own = 0;
            for (uint32_t l = 0; l < t.n_leaves; l++)
                own += set.group_of_leaf[l] == (int32_t)g ? t.n[l] : 0;
            assert_int_equal(own, set.size[g]);
            assert_true(own >= m_min || (set.n_groups == 1 && own >= m_root));
            sum += own;
        }
        for (uint32_t l = 0; l < t.n_leaves; l++)
            assert_true(t.n[l] == 0 ? set.group_of_leaf[l] == -1
                                    : set.group_of_leaf[l] >= 0 || set.secret > 0);
        assert_int_equal(sum + set.secret, total);
        assert_true(set.secret < m_root);
        urna_arena_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy_all_cases_agree),
        cmocka_unit_test(cut_and_seal_all_cases_agree),
        cmocka_unit_test(groups_all_cases_agree),
        cmocka_unit_test(groups_random_trees_partition),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
