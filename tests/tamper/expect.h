/* What must come of each change: the law as a table. A change that stands nowhere in it fails the
 * suite, and so does one that is named by another rule than those that stand there. */
#ifndef TAMPER_EXPECT_H
#define TAMPER_EXPECT_H

#include "model/kinds.h"
#include "places.h"

struct expect {
    enum urna_kind kind; /* URNA_KIND_UNKNOWN: of every kind */
    const char *path;    /* as of struct place; a * at its end stands for anything */
    const char *ops;     /* letters of expect_letter, or "*" */
    const char *rules;   /* of which one must name it; "ok": accepted */
    const char *then;    /* if it is accepted: what must come of the rest of the log */
    const char *why;     /* if it is accepted: why that is right */
};
/* The tables; each ends with a path of NULL, and the first line that fits holds. */
extern const struct expect expect_manifest[], expect_kinds[];
/* One letter an operation: change, malform, delete, twice (u), swap, exchange, empty. */
char expect_letter(enum place_op op);
/* NULL: the table has no place for it. */
const struct expect *expect_of(enum urna_kind kind, const char *path, enum place_op op);
/* Is word one of the words of list? */
bool expect_has(const char *list, const char *word);

#endif
