/* What a command answers: the same fields as text or as one JSON object, and the frame around it.
 */
#ifndef URNA_CLI_TELL_H
#define URNA_CLI_TELL_H

#include "base/json_out.h"
#include "cli/options.h"

struct urna_tell {
    bool json;
    int rc; /* the exit code of the answer; URNA_OK until the command says otherwise */
    struct urna_json j;
};
void urna_tell_begin(struct urna_tell *s, const struct urna_args *args);
/* "✓ text"; in JSON the key "says". */
void urna_tell_head(struct urna_tell *s, enum urna_sign sign, enum urna_tone tone, const char *fmt,
                    ...) URNA_PRINTF(4, 5);
/* "  key           value". The key is a word of [a-z_]. */
void urna_tell_str(struct urna_tell *s, const char *key, const char *value);
void urna_tell_strn(struct urna_tell *s, const char *key, const char *value, size_t len);
void urna_tell_u64(struct urna_tell *s, const char *key, uint64_t value);
void urna_tell_hex(struct urna_tell *s, const char *key, const uint8_t *p, size_t len);
void urna_tell_time(struct urna_tell *s, const char *key, uint64_t unix_seconds);
/* A paragraph for people; not in JSON. */
void urna_tell_note(const struct urna_tell *s, const char *fmt, ...) URNA_PRINTF(2, 3);
/* Ends the answer; returns rc. */
int urna_tell_end(struct urna_tell *s, int rc);

/* The frame of a command that tells something: read the options, do the work, end the answer.
 * ${work} returns URNA_OK, or an error that is in ${err} and takes the place of the answer. Returns
 * the exit code. */
typedef enum urna_status urna_cli_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                       struct urna_error *err);
int urna_cli_run(const struct urna_command *command, int argc, char **argv, urna_cli_work *work,
                 void *ctx);

#endif
