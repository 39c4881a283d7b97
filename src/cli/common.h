/* What the commands share: passphrases, records that were judged, role keys, and how an answer is
 * printed. */
#ifndef URNA_CLI_COMMON_H
#define URNA_CLI_COMMON_H

#include "base/file.h"
#include "base/json_out.h"
#include "base/secret.h"
#include "cli/options.h"
#include "protocol/role.h"
#include "verify/verify.h"

/* --- the answer: the same fields as text or as one JSON object ----------- */
struct urna_tell {
    bool json;
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

/* --- small things -------------------------------------------------------- */
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

/* --- a record that was judged -------------------------------------------- */
struct urna_cli_record {
    const char *path, *trust_path, *fingerprint; /* the options; set before opening */
    bool trust_needed;                           /* refuse to go on without one of the two */
    struct urna_trust trust;
    bool has_trust, open;
    uint8_t phi[32];
    struct urna_verdict v;
    struct urna_judge *J;
    const struct urna_context *P;
};
#define URNA_TRUST_OPTIONS(r)                                                                      \
    {"trust", "FILE", "election, log and witnesses, from outside the record",                      \
     .string = &(r).trust_path},                                                                   \
    {                                                                                              \
        "fingerprint", "HEX", "instead of a trust file: all 64 digits", .string = &(r).fingerprint \
    }
/* Read and judge it. URNA_FALSE: it is invalid; URNA_INPUT: incomplete, no manifest, or no trust
 * given. */
enum urna_status urna_cli_record_open(struct urna_cli_record *r,
                                      struct urna_error *err) URNA_MUST_USE;
void urna_cli_record_close(struct urna_cli_record *r);
/* Does the reader's quorum stand over the count set (true also for `quorum none`)? */
bool urna_cli_quorum_on_countset(const struct urna_cli_record *r) URNA_MUST_USE;

/* Accepted entries of the kinds in ${mask} (bit = kind), in order, with their bodies read.
 * Everything lives in ${a}. */
struct urna_cli_entry {
    struct urna_entry e;
    struct urna_body b;
};
struct urna_cli_entries {
    struct urna_cli_entry *v;
    size_t n, cap;
};
#define URNA_KIND_BIT(kind) (1ULL << (kind))
enum urna_status urna_cli_accepted(struct urna_cli_entries *out, const struct urna_cli_record *r,
                                   uint64_t mask, struct urna_arena *a,
                                   struct urna_error *err) URNA_MUST_USE;
/* Every entry with what became of it: fn(ctx, entry, rule); rule NULL = accepted. */
enum urna_status urna_cli_each(const struct urna_cli_record *r,
                               bool (*fn)(void *ctx, const struct urna_entry *e,
                                          const struct urna_void *v),
                               void *ctx, struct urna_error *err) URNA_MUST_USE;

/* The election that an argument names: a record, or the manifest's entry file, or its bare body.
 * Either P is borrowed from r, or owned here. */
struct urna_cli_election {
    struct urna_cli_record record;
    struct urna_context *own;
    const struct urna_context *P;
};
enum urna_status urna_cli_election_open(struct urna_cli_election *x, const char *path,
                                        struct urna_error *err) URNA_MUST_USE;
void urna_cli_election_close(struct urna_cli_election *x);

/* --- roles --------------------------------------------------------------- */
/* Load a role's key and find out who that is in this election: the key's name becomes the role's
 * id. */
enum urna_status urna_cli_role(struct urna_role_key *out, const struct urna_context *P,
                               const char *key_file, enum urna_role_type type,
                               const char *pass_file, struct urna_error *err) URNA_MUST_USE;
/* Make the entry of a body, write it to ${path}, and say so. role NULL: an unsigned kind. */
enum urna_status urna_cli_entry_write(struct urna_tell *s, const char *path, enum urna_kind kind,
                                      struct urna_view body, const struct urna_role_key *role,
                                      const uint8_t phi[32], struct urna_error *err) URNA_MUST_USE;
/* Root of the tree over the rows of the roll that the judge holds. */
void urna_cli_roll_root(uint8_t out[32], const struct urna_cli_record *r);

#endif
