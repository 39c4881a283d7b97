/* A detached signature of a file: who vouches for this copy (docs/evidence.md).
 *
 *   urna-signature-1
 *   file SHA256            64 digits, lower case
 *   name TEXT              what the signer calls themselves; not proved by anything
 *   key HEX                64 digits, upper case: Ed25519
 *   signature HEX          128 digits over "urna-signature-1" LF and the two lines above key
 */
#ifndef URNA_EVIDENCE_SIGNATURE_H
#define URNA_EVIDENCE_SIGNATURE_H

#include "base/bytes.h"

#define URNA_SIGNATURE_NAME_MAX 200

struct urna_signature {
    uint8_t file[32], key[32], sig[64];
    char name[URNA_SIGNATURE_NAME_MAX + 1];
};
/* name: UTF-8, 1 to 200 bytes, no control characters. */
enum urna_status urna_signature_make(struct urna_signature *s, const uint8_t file[32],
                                     const char *name, const uint8_t seed[32],
                                     struct urna_error *err) URNA_MUST_USE;
void urna_signature_write(struct urna_buf *out, const struct urna_signature *s);
/* Strict reader; URNA_INPUT. */
enum urna_status urna_signature_read(struct urna_signature *s, struct urna_view text,
                                     const char *name, struct urna_error *err) URNA_MUST_USE;
/* URNA_FALSE: for another file, or not made with this key. */
enum urna_status urna_signature_check(const struct urna_signature *s, const uint8_t file[32],
                                      struct urna_error *err) URNA_MUST_USE;

#endif
