/* Header: from the rows above a table to one name for each of its columns. Private to the table
 * reader.
 *
 * Names may stand over two rows or more, as spreadsheets do it with merged cells: a cell of an
 * upper row then speaks for the empty ones right of it, up to where a row above it begins something
 * new; the parts of a name are joined by " / ". Empty cells behind the last name are no columns (a
 * separator at the end of each line). A column without a name is called "column 7"; those that
 * share a name "NAME (1)", "NAME (2)", so that every column can be named and none is taken for
 * another. */
#ifndef URNA_EVIDENCE_HEADER_H
#define URNA_EVIDENCE_HEADER_H

#include "base/bytes.h"

struct urna_header {
    char **name; /* each owned; NULL until end */
    size_t n;
    struct urna_buf *part; /* what the rows so far say */
    bool *begins;          /* a row so far begins something new in this column */
};
/* Rows from top to bottom; ${last}: the one right above the table. */
void urna_header_add(struct urna_header *h, const struct urna_view *cell, size_t n, bool last);
/* Make the names. */
void urna_header_end(struct urna_header *h);
void urna_header_free(struct urna_header *h);

#endif
