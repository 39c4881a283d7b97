/* Entries: leaves of the log and back (election.md section 2). One signing format for every role. */
#ifndef URNA_MODEL_ENTRY_H
#define URNA_MODEL_ENTRY_H

#include "hash/sha256.h"
#include "model/kinds.h"

#define URNA_LEAF_MAX 65535
#define URNA_PART_SIZE 60000
#define URNA_PARTS_MAX 4096
#define URNA_OUT_MAX (1ULL << 26)
#define URNA_SIGS_MAX 24

struct urna_sig {
    const char *by;
    uint8_t sig[64];
};
/* One entry, put together from its own leaf, the parts before it or the body beside the log. */
struct urna_entry {
    uint64_t index;       /* of its own leaf */
    uint32_t parts;       /* leaves before it that belong to it */
    bool bad_form;        /* E12, unless the kind is unknown: then only index, reason and kind_name mean anything, and kind too unless
                           * kind_name is empty (no readable envelope, and so no kind: never URNA_KIND_UNKNOWN) */
    const char *reason;   /* why the form is bad */
    enum urna_kind kind;  /* URNA_KIND_UNKNOWN: void by E11 whatever its form */
    const char *kind_name;
    struct urna_sig *sigs;
    uint32_t n_sigs;
    bool out;             /* out of line */
    bool absent;          /* out of line and the bytes are not there: body is empty, e and size from the stub */
    struct urna_view body;
    uint64_t body_size;
    uint8_t e[32];        /* SHA-256(body) */
};

/* A leaf that is void by itself: a part that is not followed as the law wants. */
struct urna_stray {
    uint64_t index;
    const char *reason;
};

/* Leaves in, entries out. Parts are held until their leaf comes (at most 4,096 x 60,000 bytes); where a leaf settles that earlier
 * parts are void, they are reported first, in order. fetch() gives out-of-line bodies; false = absent.
 * The entry borrows from the assembler's arena until the next call. */
struct urna_assembler;
struct urna_assembler *urna_assembler_new(bool (*fetch)(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out), void *ctx);
void urna_assembler_free(struct urna_assembler *s);
/* Returns true if the leaf completes an entry (*entry filled); false if it is a part that waits, or a stray. strays: array owned by
 * the assembler, valid until the next call. */
bool urna_assembler_leaf(struct urna_assembler *s, uint64_t index, struct urna_view leaf, struct urna_entry *entry,
                         const struct urna_stray **strays, size_t *n_strays) URNA_MUST_USE;
/* At the end of the log: parts that nothing follows. */
void urna_assembler_end(struct urna_assembler *s, const struct urna_stray **strays, size_t *n_strays);

/* Deep copy into an arena. */
void urna_entry_copy(struct urna_entry *out, const struct urna_entry *in, struct urna_arena *a);

/* "urna-entry-v1" || 00 || phi || b(|K|,1)||K || b(|B|,1)||B || b(|body|,8) || SHA-256(body). phi: 32 zero bytes for the manifest. */
void urna_signed_message(struct urna_buf *out, const uint8_t phi[32], const char *kind, const char *by, uint64_t body_size, const uint8_t e[32]);
/* "urna-promise-v1" / "urna-received-v1" (election.md section 8) */
void urna_promise_message(struct urna_buf *out, const char *label, const uint8_t phi[32], const char *kind, const uint8_t e[32], uint64_t time);
/* "urna-commit-v1" (section 9) */
void urna_guardian_commit_hash(uint8_t out[32], const uint8_t phi[32], uint32_t i, struct urna_view keys_body);

/* Make the leaves of an entry: sigs sorted by `by` here. emit() is called for parts, then the entry's own leaf. Kinds that stand out
 * of line get their stub; storing the body is the caller's. */
enum urna_status urna_entry_leaves(enum urna_kind kind, const struct urna_sig *sigs, uint32_t n_sigs, struct urna_view body,
                                   bool (*emit)(void *ctx, struct urna_view leaf), void *ctx, struct urna_error *err) URNA_MUST_USE;

/* An entry on its way to the log, as a file between people: envelope LF body, whole, whatever the length (docs/record.md).
 * Read: strict; the same grammar. */
enum urna_status urna_entry_file_read(struct urna_entry *out, struct urna_view file, struct urna_arena *a, struct urna_error *err) URNA_MUST_USE;
void urna_entry_file_write(struct urna_buf *out, enum urna_kind kind, const struct urna_sig *sigs, uint32_t n_sigs, struct urna_view body);

#endif
