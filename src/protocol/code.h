/* The code on a voter's letter (election.md section 5): 128 random bits as 26 Crockford base32
 * characters and two Reed-Solomon check characters, and the credential key that it stands for. */
#ifndef URNA_PROTOCOL_CODE_H
#define URNA_PROTOCOL_CODE_H

#include "base/bytes.h"

#define URNA_CODE_LEN 28
#define URNA_CODE_TEXT 35 /* seven groups of four, six hyphens, NUL */

/* "49JG-7AAJ-..."; constant time. */
void urna_code_write(char out[URNA_CODE_TEXT], const uint8_t secret[16]);

enum urna_code_fault {
    URNA_CODE_GOOD,
    URNA_CODE_LENGTH,    /* not 28 characters; at = how many there are, 29 for more */
    URNA_CODE_CHARACTER, /* a character that cannot stand in a code; at = its place */
    URNA_CODE_CHECK,     /* the check characters do not fit */
};
struct urna_code_hint {
    enum urna_code_fault fault;
    uint32_t at; /* 1..28 from the left, hyphens not counted; 0: not known */
    char right;  /* CHECK with at != 0: the one character that would make the code right at that
                    place */
};
/* Read what a person typed: hyphens and white space dropped, case folded, O = 0, I = L = 1. Never
 * corrects: on a fault secret is zero and the hint says what is wrong (hint may be NULL). URNA_OK
 * or URNA_FALSE. */
enum urna_status urna_code_read(uint8_t secret[16], const char *text, size_t len,
                                struct urna_code_hint *hint) URNA_MUST_USE;

/* sk = HKDF-SHA-512(Argon2id(secret, phi[0..15], 19 MiB, t = 2, p = 1), "urna-cred-v1" ||
 * b(factor,1)) mod l, little endian. factor: 1 or 2. URNA_SYSTEM if there is no memory for
 * Argon2id. */
enum urna_status urna_code_key(uint8_t sk[32], const uint8_t secret[16], const uint8_t phi[32],
                               unsigned factor, struct urna_error *err) URNA_MUST_USE;

#endif
