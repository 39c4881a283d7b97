/* UTF-16 to UTF-8, one chunk after another: what spreadsheets call "Unicode text". */
#ifndef URNA_EVIDENCE_UTF16_H
#define URNA_EVIDENCE_UTF16_H

#include "base/bytes.h"

struct urna_utf16;

/* A converter if the ${n} first bytes are a byte order mark, which is then used up; else NULL. One
 * block: free() is enough. */
struct urna_utf16 *urna_utf16_new(const uint8_t *head, size_t n);
/* Move up to ${cap} converted bytes to ${out}. 0: more has to be added. */
size_t urna_utf16_take(struct urna_utf16 *u, uint8_t *out, size_t cap);
/* When take gave 0: where *cap more bytes go, and then how many came. */
uint8_t *urna_utf16_room(struct urna_utf16 *u, size_t *cap);
void urna_utf16_add(struct urna_utf16 *u, size_t n);
/* Nothing more comes: URNA_INPUT if that is in the middle of a character. */
enum urna_status urna_utf16_end(const struct urna_utf16 *u, struct urna_error *err) URNA_MUST_USE;

#endif
