/* Encodings of tables: UTF-8 checked, Windows-1251 and Windows-1252 recognised and converted. */
#ifndef URNA_EVIDENCE_ENCODING_H
#define URNA_EVIDENCE_ENCODING_H

#include "evidence/table.h"

/* Without what surrounds it: spaces, TABs, line breaks, no-break spaces, and marks that cannot be
 * seen (a byte order mark where files were put together, zero-width spaces, directions of writing).
 */
struct urna_view urna_text_trim(struct urna_view v);
/* The same, faster for valid UTF-8 that begins and ends with a letter of the first 2048, which is
 * what nearly all cells do. */
static inline struct urna_view urna_text_trim_cell(struct urna_view v)
{
    if (v.len == 0)
        return v;
    uint8_t first = v.p[0], last = v.p[v.len - 1], before = v.len > 1 ? v.p[v.len - 2] : 0;
    bool begins = first > ' ' && first <= 0xDF && first != 0xC2,
         ends = (last > ' ' && last < 0x80) || (before >= 0xC3 && before <= 0xDF);
    return begins && ends ? v : urna_text_trim(v);
}

/* Length of the longest valid prefix without a NUL byte; *nul: a NUL byte ended it. */
size_t urna_utf8_valid_prefix(const uint8_t *p, size_t len, bool *nul);
/* Could these (1 to 3) bytes be the beginning of one more character? */
bool urna_utf8_is_cut(const uint8_t *p, size_t len);

/* From the beginning of a file. URNA_ENCODING_AUTO: not UTF-8, and not to be told. */
enum urna_encoding urna_encoding_recognise(const uint8_t *p, size_t len);

/* out: at least 3 * len bytes. *bad = len, or the first byte that means nothing in ${from} (a NUL
 * byte included); what is before it is converted. Returns the length. */
size_t urna_encoding_to_utf8(uint8_t *out, const uint8_t *p, size_t len, enum urna_encoding from,
                             size_t *bad);

const char *urna_encoding_name(enum urna_encoding e);
bool urna_encoding_parse(enum urna_encoding *out, struct urna_view word) URNA_MUST_USE;

#endif
