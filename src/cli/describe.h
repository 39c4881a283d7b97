/* A small text that describes an election, made into a manifest (docs/walkthrough.md,
 * urna-election(1)). */
#ifndef URNA_CLI_DESCRIBE_H
#define URNA_CLI_DESCRIBE_H

#include "model/kinds.h"

/* Everything lives in ${a}. URNA_INPUT with the line in err->offset. Whether the manifest is lawful
 * is for the judge to say. */
enum urna_status urna_describe_read(struct urna_manifest *out, struct urna_view text,
                                    struct urna_arena *a, struct urna_error *err) URNA_MUST_USE;

#endif
