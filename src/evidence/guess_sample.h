/* The first rows of a table as the guess sees them: which cells are numbers, which texts are alike,
 * which rows are totals. Private to guess*.c. */
#ifndef URNA_EVIDENCE_GUESS_SAMPLE_H
#define URNA_EVIDENCE_GUESS_SAMPLE_H

#include "evidence/keys.h"
#include "evidence/protocols.h"
#include "evidence/words.h"

struct urna_guess_column {
    enum urna_word word;
    enum urna_long_word long_word;
    bool code;
    size_t numbers, empty, texts; /* cells */
    bool numeric;                 /* far more numbers than texts */
    bool used;                    /* means something already */
    struct urna_keys values;      /* the different texts, up to GUESS_VALUES; of long words only */
};
#define URNA_GUESS_VALUES 64u

/* A row that is a total by the words of a cell. */
struct urna_guess_total {
    size_t column;
    char *begins; /* the words, as they stand there */
};
#define URNA_GUESS_TOTALS 8u

struct urna_guess_sample {
    const struct urna_table *t;
    size_t n_columns, n_rows;
    uint64_t *v;    /* v[row * n_columns + column], URNA_UNKNOWN if it is no number */
    uint64_t *text; /* alike if the cells are */
    struct urna_guess_column *column;
    struct urna_guess_total total[URNA_GUESS_TOTALS];
    size_t n_totals, total_rows;
};
/* ${t} is fresh and of no other use afterwards. Free also after an error. */
enum urna_status urna_guess_take(struct urna_guess_sample *s, struct urna_table *t,
                                 struct urna_error *err) URNA_MUST_USE;
void urna_guess_free(struct urna_guess_sample *s);

/* How many of the rows differ in these columns taken together? */
size_t urna_guess_distinct(const struct urna_guess_sample *s, const size_t *column, size_t n);

/* ---- what adds up (guess_sums.c) ---- */

struct urna_guess_sums {
    size_t *candidate; /* columns; owned */
    size_t n;
    size_t valid;        /* the column they add up to, or SIZE_MAX */
    size_t box, invalid; /* found because valid + invalid = box in nearly every row, or SIZE_MAX */
    bool box_less_invalid; /* they add up to box - invalid (columns with these words) */
    bool to_box;           /* they add up to box: there are no invalid votes in this table */
    bool proven;           /* nearly every row adds up */
};
/* Names over two rows often end in a kind of vote ("CDU / First votes"): do two columns share it?
 * Also true if one of them has no such ending, or does not exist (SIZE_MAX). */
bool urna_guess_same_kind(const struct urna_guess_sample *s, size_t a, size_t b);
void urna_guess_find_sums(struct urna_guess_sums *out, const struct urna_guess_sample *s);

/* ---- the map (guess.c) ---- */

/* Write a map for the fresh table ${t}; ${layout} (may be NULL): how it was opened. */
enum urna_status urna_guess_map(struct urna_buf *out, const struct urna_table_options *layout,
                                struct urna_table *t, struct urna_error *err) URNA_MUST_USE;

/* ---- where the table begins (guess_layout.c) ---- */

/* Set separator and header rows of ${o} by the first rows of the file: tables may have a title
 * above them, or names in several rows. */
void urna_guess_layout(struct urna_table_options *o, const char *path);

#endif
