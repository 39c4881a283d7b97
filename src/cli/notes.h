/* Cosignatures as files: the checkpoint's three lines, an empty line, the witness's line. */
#ifndef URNA_CLI_NOTES_H
#define URNA_CLI_NOTES_H

#include "cli/common.h"

/* A line of a note that a witness of the manifest made, and that verifies. */
struct urna_cosig {
    uint32_t witness; /* of the manifest, 0-based */
    bool head;
    uint64_t size, time;
    uint8_t root[32], sig[64];
    struct urna_buf line; /* the whole line with its LF */
};
struct urna_cosigs {
    struct urna_cosig *v;
    size_t n;
};
/* Add the witnesses' lines of one note. URNA_FALSE: of another log, or a line that does not verify.
 */
enum urna_status urna_cosigs_read(struct urna_cosigs *out, const struct urna_manifest *m,
                                  const char *path, struct urna_error *err) URNA_MUST_USE;
void urna_cosigs_free(struct urna_cosigs *c);

#endif
