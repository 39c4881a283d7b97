/* E16: anchors, the seal, forks (election.md sections 3 and 7). */
#include <stdlib.h>
#include <string.h>

#include "rules/judge_internal.h"

static void add_cosigned(struct urna_judge *J, struct urna_cosigned c)
{
    if (J->n_cosigned == J->cap_cosigned) {
        J->cap_cosigned = J->cap_cosigned ? 2 * J->cap_cosigned : 64;
        J->cosigned = urna_xrealloc(J->cosigned, J->cap_cosigned, sizeof *J->cosigned);
    }
    J->cosigned[J->n_cosigned++] = c;
}

void urna_seal_now(struct urna_judge *J, uint64_t index, uint64_t cut)
{
    J->sealed = true;
    J->seal = index;
    J->cut = cut;
    J->phase = URNA_SEALED;
    urna_select_ballots(J);
    urna_make_countset(J);
}

bool urna_fold_anchor(struct urna_judge *J, const struct urna_entry *e, const struct urna_alone *a, struct urna_ruling *r)
{
    (void)a; /* every line verifies, or phase 1 had said E16 */
    const struct urna_manifest *m = &J->P->m;
    const struct urna_anchor *v = &urna_judge_read(J, e)->anchor;
    uint8_t root[32];
    if (v->size > e->index)
        return urna_rule(r, "E16", "the anchor's size is larger than its own index");
    if (!urna_tree_root(J->tree, v->size, root) || memcmp(root, v->root, 32) != 0)
        return urna_rule(r, "E16", "the anchor's root is not that of this log at size %llu", (unsigned long long)v->size);
    bool sealing = false;
    for (uint32_t i = 0; i < v->n_cosigs; i++) {
        uint32_t w = (uint32_t)urna_context_witness(J->P, v->cosigs[i].as);
        if (!J->sealed)
            add_cosigned(J, (struct urna_cosigned){w, v->size, v->cosigs[i].time, e->index});
        if (!v->cosigs[i].head && v->size > J->full_size[w])
            J->full_size[w] = v->size;
        if (J->phase == URNA_VOTING && v->cosigs[i].time >= m->t_seal && J->witness_accepted[w])
            J->sealing[w] = sealing = true;
    }
    if (sealing && urna_policy_satisfied(J->witness_bloc, J->sealing, m->n_witnesses))
        urna_seal_now(J, e->index, urna_judge_cut(J, m->t_close + m->delta));
    return true;
}

void urna_note_other_roots(struct urna_judge *J, const struct urna_entry *e, const struct urna_alone *a)
{
    struct urna_arena scratch = {0};
    struct urna_body b;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_body_read(&b, URNA_ANCHOR, e->body, J->P->lp, J->P->lq, &scratch, &err) == URNA_OK) {
        const struct urna_anchor *v = &b.anchor;
        uint8_t root[32];
        bool known = v->size <= e->index && urna_tree_root(J->tree, v->size, root);
        for (uint32_t i = 0; i < v->n_cosigs && i < a->n_lines; i++) {
            if (!a->line_ok[i] || (known && memcmp(root, v->root, 32) == 0))
                continue;
            if (J->n_other == J->cap_other) {
                J->cap_other = J->cap_other ? 2 * J->cap_other : 16;
                J->other = urna_xrealloc(J->other, J->cap_other, sizeof *J->other);
            }
            struct urna_other_root *o = &J->other[J->n_other++];
            o->size = v->size;
            memcpy(o->root, v->root, 32);
            o->witness = (uint32_t)urna_context_witness(J->P, v->cosigs[i].as);
        }
    }
    urna_arena_free(&scratch);
}

static int by_root(const void *a, const void *b)
{
    const struct urna_other_root *x = a, *y = b;
    return x->size != y->size ? (x->size < y->size ? -1 : 1) : memcmp(x->root, y->root, 32);
}

void urna_find_forks(struct urna_judge *J)
{
    uint32_t n_w = J->P->m.n_witnesses;
    if (J->n_other > 1)
        qsort(J->other, J->n_other, sizeof *J->other, by_root);
    bool *have = urna_xcalloc(n_w + 1, sizeof *have);
    for (size_t i = 0, j; i < J->n_other; i = j) {
        uint8_t root[32];
        memset(have, 0, n_w * sizeof *have);
        for (j = i; j < J->n_other && by_root(&J->other[i], &J->other[j]) == 0; j++)
            have[J->other[j].witness] = J->witness_accepted[J->other[j].witness];
        if (!urna_tree_root(J->tree, J->other[i].size, root) || memcmp(root, J->other[i].root, 32) == 0)
            continue; /* a size this log has not reached, or, in the end, this very log */
        bool fork = urna_policy_satisfied(J->witness_bloc, have, n_w);
        char mine[65], theirs[65];
        urna_hex(mine, root, 32);
        urna_hex(theirs, J->other[i].root, 32);
        urna_judge_finding(J, -1, fork,
                           urna_judge_text(J, "%s at size %llu: this log has root %s, witnesses signed %s",
                                           fork ? "fork: the log showed two faces" : "another root was signed",
                                           (unsigned long long)J->other[i].size, mine, theirs));
    }
    free(have);
}
