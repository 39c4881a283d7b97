/* A record that this program's own judge has read, and the election that an argument names. */
#ifndef URNA_CLI_JUDGED_H
#define URNA_CLI_JUDGED_H

#include "verify/verify.h"

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
/* Root of the tree over the rows of the roll that the judge holds. */
void urna_cli_roll_root(uint8_t out[32], const struct urna_cli_record *r);

#endif
