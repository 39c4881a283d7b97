#ifndef URNA_CLI_CMD_WITNESS_H
#define URNA_CLI_CMD_WITNESS_H

#include "cli/common.h"
#include "cli/notes.h"

int urna_cmd_witness_cosign(int argc, char **argv);

/* A witness's key, either of its two. */
struct urna_cli_witness {
    struct urna_role_key key; /* name: the cosigner's */
    uint32_t index;           /* in the manifest, 0-based */
    bool head;
};
enum urna_status urna_cli_witness_load(struct urna_cli_witness *out, const struct urna_context *P,
                                       const char *file, const char *pass_file,
                                       struct urna_error *err) URNA_MUST_USE;

#endif
