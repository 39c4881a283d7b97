/* Human text on its way into an entry: the one place where it is made NFC.
 *
 * The law wants texts that people read to be NFC, and wants readers not to test that: a verdict
 * must not depend on a version of Unicode. So only the command line program knows Unicode's tables,
 * and only where it reads what a person wrote. */
#ifndef URNA_CLI_TEXT_H
#define URNA_CLI_TEXT_H

#include "base/bytes.h"

/* Append ${in} to ${out} in NFC. A byte order mark at the beginning goes, and line ends of Windows
 * (CR LF) become LF. URNA_INPUT with the line in err->offset: not UTF-8, or a zero byte. */
enum urna_status urna_text_nfc(struct urna_buf *out, struct urna_view in,
                               struct urna_error *err) URNA_MUST_USE;

/* The file ${path}, of at most ${max} bytes, in the same way; the error names it. */
enum urna_status urna_text_read(struct urna_buf *out, const char *path, size_t max,
                                struct urna_error *err) URNA_MUST_USE;

#endif
