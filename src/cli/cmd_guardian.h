/* What the verbs of `urna guardian` share. */
#ifndef URNA_CLI_CMD_GUARDIAN_H
#define URNA_CLI_CMD_GUARDIAN_H

#include "cli/common.h"
#include "protocol/guardian.h"

struct urna_cli_guardian {
    struct urna_cli_record record;
    const char *key, *state, *pass_file;
    struct urna_role_key role;
    struct urna_guardian *g;
};
#define URNA_GUARDIAN_OPTIONS(x)                                                                   \
    {"key", "FILE", "your sealed role key", .string = &(x).key, .required = true},                 \
        {"state", "FILE", "your sealed state", .string = &(x).state, .required = true},            \
        URNA_TRUST_OPTIONS((x).record), URNA_PASS_OPTION((x).pass_file)

/* Record, role key and state, all of one guardian of one election. */
enum urna_status urna_cli_guardian_open(struct urna_cli_guardian *g, bool may_create,
                                        struct urna_error *err) URNA_MUST_USE;
void urna_cli_guardian_close(struct urna_cli_guardian *g);
/* Compare the accepted `open` with what was confirmed, and remember it. */
enum urna_status urna_cli_guardian_opened(struct urna_cli_guardian *g,
                                          struct urna_error *err) URNA_MUST_USE;
int urna_cmd_guardian_decrypt(int argc, char **argv);

#endif
