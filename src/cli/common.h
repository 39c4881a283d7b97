/* What the commands share. The big pieces have their own headers, which this one includes: answers
 * (tell.h), judged records (judged.h), entries (entry.h). */
#ifndef URNA_CLI_COMMON_H
#define URNA_CLI_COMMON_H

#include "base/file.h"
#include "base/secret.h"
#include "cli/entry.h"

/* A whole file of at most ${max} bytes; the error names it. */
enum urna_status urna_cli_read(struct urna_buf *out, const char *path, size_t max,
                               struct urna_error *err) URNA_MUST_USE;
/* A new file; one that exists is refused. */
enum urna_status urna_cli_write(const char *path, struct urna_view bytes, unsigned mode,
                                struct urna_error *err) URNA_MUST_USE;
/* URNA_INPUT if something has this name: said before a passphrase is asked for or a minute of work
 * is done (urna_cli_write refuses it in any case). */
enum urna_status urna_cli_free_name(const char *path, struct urna_error *err) URNA_MUST_USE;
/* Unix seconds, or 2026-05-01T08:00:00Z. */
bool urna_cli_time(uint64_t *out, const char *text) URNA_MUST_USE;
/* A fingerprint as pages, letters and reports print it: 64 hexadecimal digits, in groups or not. */
bool urna_cli_fingerprint(uint8_t out[32], const char *text) URNA_MUST_USE;
/* Cut ${text} at ${sep} into at most ${max} pieces, in place; returns how many there are (max + 1:
 * more). */
size_t urna_cli_split(char *text, char sep, char **piece, size_t max);
/* A title in English if there is one, else the first. */
const char *urna_cli_title(const struct urna_titles *t, const char *otherwise);

/* --- passphrases --------------------------------------------------------- */
#define URNA_PASS_OPTION(target)                                                                   \
    {                                                                                              \
        "passphrase-file", "FILE",                                                                 \
            "first line: the passphrase; else $URNA_PASSPHRASE_FILE names such a file, else the "  \
            "terminal asks",                                                                       \
            .string = &(target)                                                                    \
    }
/* ${file}: the option's value or NULL. ${fresh}: for a new file, so the terminal asks twice. */
enum urna_status urna_cli_pass(struct urna_secret_bytes *out, const char *file, const char *what,
                               bool fresh, struct urna_error *err) URNA_MUST_USE;
static inline struct urna_view urna_pass_view(const struct urna_secret_bytes *s)
{
    return urna_view(s->p, s->len);
}

#endif
