/* Breaks: where the cells of a text may end. One pass over the bytes notes every separator, every
 * line break, and every quote that stands where a cell may begin; which of them lie inside quotes
 * is for the reader of rows to tell. Private to the table reader.
 *
 * Invariants (positions count from the beginning of the text's buffer):
 *   B1  at[1..n) are the places of all separators, LF and CR in [from, scanned), in order, where
 *       from is the first byte that was not dropped.
 *   B2  at[0] is the place before them: with the row that begins at `from` it is from - 1 (mod
 *       2^32), so that every cell lies between two neighbours in at.
 *   B3  line[..] are those i for which at[i] is LF or CR; quote[..] the places of the quotes that
 *       follow a break or nothing. */
#ifndef URNA_EVIDENCE_BREAKS_H
#define URNA_EVIDENCE_BREAKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct urna_breaks {
    char separator;
    bool open; /* the last byte that was looked at is a break, or there was none */
    size_t scanned;
    uint32_t *at, *line, *quote;
    size_t n, n_lines, n_quotes;
    size_t cap;
};

/* from: where the first row begins. */
void urna_breaks_init(struct urna_breaks *b, char separator, size_t from);
void urna_breaks_free(struct urna_breaks *b);
/* Look at bytes [scanned, end) of ${text}. */
void urna_breaks_scan(struct urna_breaks *b, const uint8_t *text, size_t end);
/* What a reader has used: at[1..next), line[0..line), quote[0..quote). */
struct urna_breaks_used {
    size_t next, line, quote;
};
/* Forget what was used and the bytes [0, from). */
void urna_breaks_drop(struct urna_breaks *b, const struct urna_breaks_used *used, size_t from);

#endif
