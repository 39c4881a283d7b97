/* Roll, cells and the trees over them, as pure functions (election.md sections 5, 6). */
#ifndef URNA_MODEL_ROLL_H
#define URNA_MODEL_ROLL_H

#include "model/kinds.h"

/* Leaf of the roll tree: b(#keys,1) || keys || b(style,4) || b(weight,4) || b(leaf index,4) || (00 | 01 || reg). */
void urna_roll_leaf(struct urna_buf *out, const struct urna_roll_row *row, uint32_t style_index, uint32_t leaf_index);
/* Is cell i (0-based) a leaf: no other names it as up. The cells stand in depth-first order (a condition on manifests), so its
 * first child would be the next cell. */
bool urna_cell_is_leaf(const struct urna_manifest *m, uint32_t i) URNA_MUST_USE;

#endif
