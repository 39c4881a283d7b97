/* Every place of a JSON text (a body, an envelope, a stub), and the texts that a tamperer makes of
 * it there. The edits are of the text itself: what a strict reader must notice (a key twice, keys
 * in another order) never passes through a library that would tidy it up. */
#ifndef TAMPER_PLACES_H
#define TAMPER_PLACES_H

#include "base/arena.h"
#include "base/bytes.h"

struct place {
    const char *path;    /* ".contests[].fields[].c[]": members by name, elements by [] */
    size_t at, from, to; /* the value is [from, to); a member begins with its key at `at` */
    char type;           /* first character: { [ " or a digit */
    bool member;
    uint32_t nth, of; /* which of how many in its object or array */
    int32_t next;     /* the neighbour behind it, or -1 */
};
struct places {
    struct urna_view text;
    struct place *v;
    size_t n;
    struct urna_arena a;
};
/* Place 0 is the whole (path ""). Not JSON: false. */
bool places_read(struct places *p, struct urna_view text);
void places_free(struct places *p);

enum place_op { OP_CHANGE, OP_MALFORM, OP_DELETE, OP_DUPLICATE, OP_SWAP, OP_EXCHANGE, OP_EMPTY };
enum { OP_COUNT = OP_EMPTY + 1 };
extern const char *const place_op_name[];
/* How many ways there are to do that here (EXCHANGE: 1, its value comes from elsewhere). */
unsigned place_ways(const struct places *p, size_t i, enum place_op op);
/* The whole text with that done in that way. donor: the value that EXCHANGE puts there. */
void place_edit(struct urna_buf *out, const struct places *p, size_t i, enum place_op op,
                unsigned way, struct urna_view donor);
struct urna_view place_value(const struct places *p, size_t i);

#endif
