/* C2SP signed notes, checkpoints, cosignatures (signed-note, tlog-checkpoint, tlog-cosignature).
 * Text: "origin LF size LF base64(root) LF", an empty line, signature lines "— name base64(id ||
 * sig) LF". */
#ifndef URNA_LOG_NOTE_H
#define URNA_LOG_NOTE_H

#include "base/bytes.h"

#define URNA_NAME_MAX 255
#define URNA_NOTE_MAX 65536 /* bytes of a whole note that are read */
#define URNA_NOTE_MAX_SIGS 100

enum urna_key_type {
    URNA_KEY_ED25519 = 0x01,     /* log signature */
    URNA_KEY_COSIGNATURE = 0x04, /* cosignature/v1, Ed25519 */
};

/* A C2SP verifier key: name+hex id+base64(type || public key). */
struct urna_vkey {
    char name[URNA_NAME_MAX + 1];
    uint8_t id[4];
    enum urna_key_type type;
    uint8_t pk[32];
};
/* Recomputes the key ID: SHA-256(name LF type pk)[0..4]. */
void urna_vkey_make(struct urna_vkey *k, const char *name, enum urna_key_type type,
                    const uint8_t pk[32]);
/* Strict; types other than 01 and 04, wrong IDs, and keys that urna_ed25519_key_valid refuses are
 * URNA_INPUT. */
enum urna_status urna_vkey_read(struct urna_vkey *k, struct urna_view text,
                                struct urna_error *err) URNA_MUST_USE;
void urna_vkey_write(struct urna_buf *out, const struct urna_vkey *k);

struct urna_note_sig {
    char name[URNA_NAME_MAX + 1];
    uint8_t id[4];
    struct urna_view blob; /* behind the id: 64 bytes (01), 8 + 64 bytes (04: time || sig); borrows
                              from the note's arena copy */
};
struct urna_checkpoint {
    char origin[URNA_NAME_MAX + 1];
    uint64_t size;
    uint8_t root[32];
    struct urna_view text; /* the signed text, three lines */
    struct urna_note_sig *sig;
    size_t n_sig;
    struct urna_buf storage; /* owns everything the views borrow */
};
/* Strict: LF only, valid UTF-8 without control characters, exactly three text lines (extension
 * lines: URNA_FALSE, since the law calls such a record invalid; any other fault: URNA_INPUT),
 * canonical base64, decimal size without leading zero. Signature lines of unknown keys are kept.
 * err->offset: the line that is wrong, or note.len if the note ends where more had to come. */
enum urna_status urna_checkpoint_read(struct urna_checkpoint *c, struct urna_view note,
                                      struct urna_error *err) URNA_MUST_USE;
void urna_checkpoint_free(struct urna_checkpoint *c);
/* The three signed lines. */
void urna_checkpoint_text(struct urna_buf *out, const char *origin, uint64_t size,
                          const uint8_t root[32]);

/* Is line s made by key k (name and id equal)? */
bool urna_note_sig_by(const struct urna_note_sig *s, const struct urna_vkey *k) URNA_MUST_USE;
/* Verify line s over text with k (exact Ed25519 rule). For type 04 *time gets the cosignature's
 * time (> 0 required). */
bool urna_note_sig_check(const struct urna_note_sig *s, const struct urna_vkey *k,
                         struct urna_view text, uint64_t *time) URNA_MUST_USE;

/* cosignature/v1: message "cosignature/v1 LF time T LF" || text; check and make. time > 0 and <=
 * 2^63-1 */
bool urna_cosignature_check(const uint8_t pk[32], uint64_t time, struct urna_view text,
                            const uint8_t sig[64]) URNA_MUST_USE;
void urna_cosignature_sign(uint8_t sig[64], const uint8_t seed[32], uint64_t time,
                           struct urna_view text);
/* Append a signature line for k: blob = sig, or time || sig. */
void urna_note_line(struct urna_buf *out, const struct urna_vkey *k, const uint8_t *blob,
                    size_t len);

#endif
