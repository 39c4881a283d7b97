/* Rows: a text split into rows and cells where it lies. Private to the table reader.
 *
 * Nearly every row has no quotes: its cells are what lies between neighbours in the list of breaks,
 * and nothing is done for them one by one. All other rows (quotes, the last one without a line
 * break, faults) go through a small machine that looks at every cell. When the buffer ends inside a
 * row, its beginning moves to the front, more is read behind it, and splitting goes on where it
 * stopped: no byte is looked at twice.
 *
 * Invariants:
 *   R1  row <= at <= text.end; [row, at) is the part of the current row that is split already.
 *   R2  between rows, used.next is the first break at or behind `at`, and used.line and used.quote
 *       alike.
 *   R3  the machine's cells count from the row's beginning, so that moving the row does not change
 *       them. */
#ifndef URNA_EVIDENCE_ROWS_H
#define URNA_EVIDENCE_ROWS_H

#include "evidence/breaks.h"
#include "evidence/header.h"
#include "evidence/text.h"

/* Where the machine stands. */
enum urna_rows_state { URNA_FIELD_START, URNA_PLAIN, URNA_QUOTED, URNA_QUOTE, URNA_QUOTED_END };

struct urna_table {
    char *name;
    struct urna_table_options options;
    struct urna_text text;
    struct urna_breaks breaks;
    struct urna_breaks_used used;
    size_t row, at;
    bool skip_lf; /* the last row ended in CR: an LF right after it belongs to it */
    uint64_t line, next_line;
    struct urna_cells cells;

    /* of the machine */
    enum urna_rows_state state;
    uint32_t *before, *behind; /* as in struct urna_cells */
    bool *doubled;             /* the cell has "" inside, to be made " */
    size_t cap_cells;
    size_t start;      /* of the cell being split, from the row's beginning */
    size_t quoted_end; /* of a quoted cell */
    bool now_doubled, any_doubled;

    struct urna_header header; /* the names of the columns */
};

/* Rows begin at ${at}; ${skip_lf} says whether that may be an LF which belongs to what came before.
 */
void urna_rows_begin(struct urna_table *t, char separator, size_t at, bool skip_lf);
void urna_rows_free(struct urna_table *t);
/* The next row, empty or not. */
enum urna_status urna_rows_next(struct urna_table *t, bool *end,
                                struct urna_error *err) URNA_MUST_USE;

/* Set err->where to "file:line:field" unless it is set. */
void urna_table_place(const struct urna_table *t, size_t field, struct urna_error *err);

#endif
