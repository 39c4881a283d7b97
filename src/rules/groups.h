/* Tally groups: which leaves are summed together before anything is decrypted (election.md section 6). Pure. */
#ifndef URNA_RULES_GROUPS_H
#define URNA_RULES_GROUPS_H

#include "model/kinds.h"

struct urna_group_set {
    uint32_t n_groups;
    int32_t *group_of_leaf; /* for each leaf: 0-based group, or -1 (no ballots, or kept secret) */
    uint64_t *size;         /* ballots of each group */
    uint64_t secret;        /* ballots in no group: too few, kept secret */
};
/* up: for each of n_cells cells the 1-based index of its parent (0: root), depth-first order; leaf: 0-based cell of each leaf;
 * n: counted ballots of each leaf. Groups come out ascending by their first leaf. Memory from the arena. */
void urna_groups_make(struct urna_group_set *out, const uint32_t *up, uint32_t n_cells, const uint32_t *leaf,
                      uint32_t n_leaves, const uint64_t *n, uint64_t m_min, uint64_t m_root, struct urna_arena *a);

#endif
