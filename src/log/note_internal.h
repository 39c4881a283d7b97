/* What the files of the log room share about names and lines of text. */
#ifndef URNA_LOG_NOTE_INTERNAL_H
#define URNA_LOG_NOTE_INTERNAL_H

#include "log/note.h"

/* A key name of C2SP signed-note: 1 to URNA_NAME_MAX bytes of UTF-8 without control characters,
 * Unicode spaces and '+'. */
bool urna_note_name_ok(struct urna_view name) URNA_MUST_USE;

/* Copy a name that was tested into a field of URNA_NAME_MAX + 1 bytes. */
void urna_note_name_copy(char out[URNA_NAME_MAX + 1], struct urna_view name);

/* The line that s was read from. */
void urna_note_sig_write(struct urna_buf *out, const struct urna_note_sig *s);

/* Cut the next line (without its LF) off the front of *rest; false if there is no LF. */
bool urna_line_next(struct urna_view *line, struct urna_view *rest) URNA_MUST_USE;

/* Position of the first byte c in v, or v.len. */
size_t urna_view_find(struct urna_view v, uint8_t c);

/* v without its first n bytes; n <= v.len */
static inline struct urna_view urna_view_skip(struct urna_view v, size_t n)
{
    return urna_view(v.p + n, v.len - n);
}

#endif
