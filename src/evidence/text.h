/* Text: the bytes of a file as checked UTF-8, in one buffer that is refilled. Private to the table
 * reader.
 *
 * Invariants:
 *   X1  bytes [0, end) of buf are valid UTF-8 without NUL, up to `bad` (SIZE_MAX if nothing is
 *       wrong); URNA_TABLE_SLACK bytes behind them may be read.
 *   X2  what has been read and is kept back (an unfinished character) lies in `tail`. */
#ifndef URNA_EVIDENCE_TEXT_H
#define URNA_EVIDENCE_TEXT_H

#include "evidence/table.h"

struct urna_text {
    const char *name; /* borrowed; for messages */
    struct urna_source *source;
    enum urna_encoding encoding;
    uint8_t *buf, *raw; /* raw: before conversion */
    size_t cap, end, bad;
    uint8_t tail[4]; /* an unfinished UTF-8 character at the end of what was read */
    size_t tail_len;
    bool bad_is_nul;
    bool at_eof;
    uint64_t bytes; /* unpacked so far */
};

/* Exactly one of path and memory (path NULL) is used. Reads the beginning and decides what the
 * encoding is. Close also after an error. If err->where is empty, the fault is one of the text's
 * bytes, and the caller knows where that is. */
enum urna_status urna_text_open(struct urna_text *t, const char *path, struct urna_view memory,
                                const char *name, const struct urna_table_options *options,
                                struct urna_error *err) URNA_MUST_USE;
void urna_text_close(struct urna_text *t);

/* Forget bytes [0, from), move the others to the front, and read more behind them. */
enum urna_status urna_text_more(struct urna_text *t, size_t from,
                                struct urna_error *err) URNA_MUST_USE;
/* Say what the byte at `bad` is; URNA_INPUT. */
enum urna_status urna_text_fail_bad(const struct urna_text *t, struct urna_error *err);

#endif
