/* Contradict: the smallest set of stations whose protocols alone give more votes than an official
 * total. For numbers that are not negative, taking the largest first is optimal: any set of k
 * stations has at most the sum of the k largest. So the proof needs no statistics and no trust in
 * who computed it: a list of stations, an addition, a comparison.
 *
 * The proof file (docs/evidence.md) is text that stands alone:
 *
 *   urna-contradiction-1
 *   title TEXT
 *   number NAME                what is counted, e.g. a candidate
 *   scope all | region NAME
 *   official N
 *   source TEXT                where the official total was published
 *   input SHA256 FILE          the table the rows come from
 *   rows K
 *   row VOTES LINE STATION     K lines, largest first
 *   sum N
 *
 * Bytes below 0x20, 0x7F and "%" are written %XX. */
#ifndef URNA_EVIDENCE_CONTRADICT_H
#define URNA_EVIDENCE_CONTRADICT_H

#include "evidence/protocols.h"

struct urna_contradiction_row {
    const char *station;
    uint64_t votes, line;
};
struct urna_contradiction {
    struct urna_arena arena; /* owns the texts */
    const char *title, *number, *region /* NULL: all */, *source, *file;
    uint8_t sha256[URNA_HASH_LEN];
    uint64_t official, sum;
    struct urna_contradiction_row *row;
    size_t n;
};

/* Search in ${p}. URNA_FALSE: all stations together do not exceed the total (c->sum is their sum,
 * n = 0). URNA_INPUT: no such series or region, or a station stands twice with this number. */
enum urna_status urna_contradiction_find(struct urna_contradiction *c,
                                         const struct urna_protocols *p, size_t series,
                                         const char *region, uint64_t official,
                                         struct urna_error *err) URNA_MUST_USE;
void urna_contradiction_write(struct urna_buf *out, const struct urna_contradiction *c);
/* Strict reader: URNA_INPUT with err->offset the line. Does not check the arithmetic. */
enum urna_status urna_contradiction_read(struct urna_contradiction *c, struct urna_view text,
                                         const char *name, struct urna_error *err) URNA_MUST_USE;
/* Does the proof hold by itself? Rows in order, no station twice, the sum right, and greater than
 * the official total; and no row too many. URNA_FALSE with the reason otherwise. */
enum urna_status urna_contradiction_check(const struct urna_contradiction *c,
                                          struct urna_error *err) URNA_MUST_USE;
/* And does it follow from this table: the same file, each row in it, and no smaller set? */
enum urna_status urna_contradiction_check_table(const struct urna_contradiction *c,
                                                const struct urna_protocols *p,
                                                struct urna_error *err) URNA_MUST_USE;
void urna_contradiction_free(struct urna_contradiction *c);

#endif
