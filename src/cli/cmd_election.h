/* The verbs of `urna election`, one file or two each. */
#ifndef URNA_CLI_CMD_ELECTION_H
#define URNA_CLI_CMD_ELECTION_H

#include "cli/common.h"

int urna_cmd_election_new(int argc, char **argv);
int urna_cmd_election_sign(int argc, char **argv);
int urna_cmd_election_trust(int argc, char **argv);
int urna_cmd_election_open(int argc, char **argv);
int urna_cmd_election_close(int argc, char **argv);
int urna_cmd_election_redact(int argc, char **argv);
int urna_cmd_election_countset(int argc, char **argv);
int urna_cmd_election_result(int argc, char **argv);
int urna_cmd_election_status(int argc, char **argv);

/* The one possible `open` of a record, appended as a body; URNA_FALSE with what is missing. */
enum urna_status urna_cli_open_body(struct urna_buf *out, const struct urna_cli_record *r,
                                    struct urna_error *err) URNA_MUST_USE;
/* roll.close over the accepted `roll` entries (all, or those listed by hash). */
enum urna_status urna_cli_roll_close_body(struct urna_buf *out, const struct urna_cli_record *r,
                                          const struct urna_strings *rolls,
                                          struct urna_error *err) URNA_MUST_USE;
/* Is there an entry whose body stands beside the log under this hash? Nothing else can be redacted. */
enum urna_status urna_cli_can_redact(const struct urna_cli_record *r, const uint8_t hash[32],
                                     struct urna_error *err) URNA_MUST_USE;

#endif
