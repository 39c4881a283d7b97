/* Roll, cells and the trees over them, as pure functions (election.md sections 5, 6). */
#ifndef URNA_MODEL_ROLL_H
#define URNA_MODEL_ROLL_H

#include "model/kinds.h"

/* Read a roll row by row, each borrowed during its call (each may be NULL): what urna_body_read takes is taken, and nothing else,
 * without holding all rows at once. */
enum urna_status urna_roll_read(struct urna_view body, void (*each)(void *ctx, const struct urna_roll_row *row), void *ctx,
                                struct urna_error *err) URNA_MUST_USE;

/* Leaf of the roll tree: b(#keys,1) || keys || b(style,4) || b(weight,4) || b(leaf index,4) || (00 | 01 || reg). */
void urna_roll_leaf(struct urna_buf *out, const struct urna_roll_row *row, uint32_t style_index, uint32_t leaf_index);
/* Is cell i (0-based) a leaf: no other names it as up. The cells stand in depth-first order (a condition on manifests), so its
 * first child would be the next cell. */
bool urna_cell_is_leaf(const struct urna_manifest *m, uint32_t i) URNA_MUST_USE;

#endif
