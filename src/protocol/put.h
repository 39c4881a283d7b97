/* Values as the bytes of an entry, in the arena of its body. */
#ifndef URNA_PROTOCOL_PUT_H
#define URNA_PROTOCOL_PUT_H

#include "base/arena.h"
#include "group/group.h"

const uint8_t *urna_put_element(const struct urna_group *G, struct urna_arena *a,
                                const urna_element *x);
const uint8_t *urna_put_scalar(const struct urna_group *G, struct urna_arena *a,
                               const urna_scalar *x);
/* n scalars, as a list of them. */
const uint8_t **urna_put_scalars(const struct urna_group *G, struct urna_arena *a,
                                 const urna_scalar *x, uint32_t n);

#endif
