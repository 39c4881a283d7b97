/* What the evidence commands share. */
#ifndef URNA_CLI_EVIDENCE_CLI_H
#define URNA_CLI_EVIDENCE_CLI_H

#include "cli/options.h"

/* The command as a shell would read it again: NAME and argv[1..], quoted where needed. Call before
 * urna_options_read, which changes the order. */
void urna_command_line(struct urna_buf *out, const char *name, int argc, char **argv);

#endif
