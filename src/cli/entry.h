/* Entries as files: who signs them, and how one is made from a record. */
#ifndef URNA_CLI_ENTRY_H
#define URNA_CLI_ENTRY_H

#include "cli/judged.h"
#include "cli/tell.h"
#include "protocol/role.h"

/* Load a role's key and find out who that is in this election: the key's name becomes the role's
 * id. */
enum urna_status urna_cli_role(struct urna_role_key *out, const struct urna_context *P,
                               const char *key_file, enum urna_role_type type,
                               const char *pass_file, struct urna_error *err) URNA_MUST_USE;
/* Make the entry of a body, write it to ${path}, and say so. role NULL: an unsigned kind. */
enum urna_status urna_cli_entry_write(struct urna_tell *s, const char *path, enum urna_kind kind,
                                      struct urna_view body, const struct urna_role_key *role,
                                      const uint8_t phi[32], struct urna_error *err) URNA_MUST_USE;

/* The frame of the commands that make an entry from what the record says: open and judge it, sign
 * as a member of the commission if ${key} is set, write ${out}. The options point into the struct.
 * ${next} is told to people at the end. */
struct urna_cli_make {
    const struct urna_command *command;
    enum urna_kind kind;
    enum urna_status (*body)(struct urna_buf *out, const struct urna_cli_make *m,
                             struct urna_error *err);
    const void *more; /* what only ${body} knows */
    const char *next;
    struct urna_cli_record record;
    const char *out, *key, *pass_file;
};
int urna_cli_make(struct urna_cli_make *m, int argc, char **argv);

/* The options of a make that is signed. */
#define URNA_MAKE_SIGNED(m)                                                                        \
    {"key", "FILE", "sealed key of a member of the commission", .string = &(m).key,                \
     .required = true},                                                                            \
    {                                                                                              \
        "out", "FILE", "the entry, with one signature", .string = &(m).out, .required = true, .new_file = true       \
    }

#endif
