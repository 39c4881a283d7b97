/* Words: what the names of columns say in the languages of those who publish. Private to the guess
 * of column maps; everything found here is a guess until the numbers agree. */
#ifndef URNA_EVIDENCE_WORDS_H
#define URNA_EVIDENCE_WORDS_H

#include "base/bytes.h"

enum urna_word {
    URNA_WORD_URL,
    URNA_WORD_STATION,
    URNA_WORD_REGION,
    URNA_WORD_DISTRICT,
    URNA_WORD_REGISTERED, /* from here on: numbers */
    URNA_WORD_INVALID,
    URNA_WORD_VALID,
    URNA_WORD_ISSUED,
    URNA_WORD_BOX,
    URNA_WORD_RECEIVED,
    URNA_WORD_UNUSED,
    URNA_WORD_SPOILED,
    URNA_WORD_LOST,
    URNA_N_WORDS,
    URNA_NO_WORD = URNA_N_WORDS
};
/* The key of a map: "url", "station", ... */
const char *urna_word_key(enum urna_word w);
/* What a column of this name holds. */
enum urna_word urna_word_of(const char *column);
/* Codes, percentages and coordinates are numbers too, but nobody's votes. */
bool urna_word_is_code(const char *column);

/* Columns of tables with a row for each candidate. */
enum urna_long_word {
    URNA_LONG_NAME,
    URNA_LONG_PARTY, /* where no column has candidates */
    URNA_LONG_VOTES,
    URNA_LONG_OFFICE,
    URNA_LONG_PART,
    URNA_LONG_NONE
};
enum urna_long_word urna_long_word_of(const char *column);

/* Does the cell begin with a word like "Total"? Its length in bytes, or 0. */
size_t urna_word_is_total(struct urna_view cell);

#endif
