/* Encrypting a ballot (ElectionGuard 2.1 section 3.3; election.md section 5), casting or opening
 * it, and checking an opening on another device. Constant time in the selections and nonces.
 *
 * A ballot is cast or opened, never both: the openings live in an opaque value that allows one of
 * the two, once. The code exists before the voter chooses. */
#ifndef URNA_PROTOCOL_ENCRYPT_H
#define URNA_PROTOCOL_ENCRYPT_H

#include "model/kinds.h"
#include "protocol/voter.h"

/* What a booth knows of an election, all of it public. m, g, K are borrowed. */
struct urna_booth {
    const struct urna_group *G;
    const struct urna_fixed *g, *K; /* tables of g (urna_fixed_generator) and of the joint key K */
    uint8_t phi[32], h_e[32];
    const struct urna_manifest *m;
};

/* What the voter wants. values[c][o]: option o of the c-th contest of the style, all of them.
 * Values over the option limit, or a sum over the contest limit, make the whole contest zero, in
 * the same time (an over-vote: the booth warns before it comes here). */
struct urna_choice {
    const char *style, *device;
    const uint8_t *keys; /* the row's credential keys, n_keys * 32 bytes */
    uint32_t n_keys;
    const uint8_t *rho;   /* 32 bytes from the voter's own device, or NULL: drawn here */
    uint32_t serial;      /* 1..65535 */
    const uint8_t *after; /* code of the voter's previous ballot, or NULL */
    const uint32_t *const *values;
};

/* Secret openings of one encrypted ballot, in guarded memory. */
struct urna_openings;

/* ${b} borrows from ${a}. URNA_INPUT: style or device not in the manifest, no keys, serial out of
 * range. */
enum urna_status urna_ballot_encrypt(struct urna_ballot *b, struct urna_openings **openings,
                                     const struct urna_booth *booth,
                                     const struct urna_choice *choice, struct urna_arena *a,
                                     struct urna_error *err) URNA_MUST_USE;
/* Cast: the openings are wiped first, then the signed entry file is made. URNA_FALSE if they have
 * been used. */
enum urna_status urna_encrypted_cast(struct urna_buf *file, struct urna_openings *o,
                                     const struct urna_booth *booth, const struct urna_ballot *b,
                                     const struct urna_voter *v,
                                     struct urna_error *err) URNA_MUST_USE;
/* Open: the body of a challenge, and the openings are used up. ${c} borrows from ${a} and ${b}.
 * URNA_FALSE if they have been used. */
enum urna_status urna_encrypted_open(struct urna_challenge *c, struct urna_openings *o,
                                     const struct urna_booth *booth, const struct urna_ballot *b,
                                     struct urna_arena *a, struct urna_error *err) URNA_MUST_USE;
void urna_openings_free(struct urna_openings *o); /* wipes; NULL is allowed */

/* The openings at rest, for a booth that encrypts in one run and is told "cast" or "test" in
 * another: to be sealed, and replaced by what was said before it is said. unpack: URNA_INPUT if
 * pack did not make it for this group. */
enum urna_status urna_openings_pack(struct urna_secret_bytes *out, const struct urna_openings *o,
                                    const struct urna_booth *booth,
                                    struct urna_error *err) URNA_MUST_USE;
enum urna_status urna_openings_unpack(struct urna_openings **out, struct urna_view packed,
                                      const struct urna_booth *booth,
                                      struct urna_error *err) URNA_MUST_USE;

/* On another device: recompute every ciphertext and the code from the openings. URNA_OK: they are
 * the challenge's, and ${code} (32 bytes) is what the booth must have shown before; URNA_FALSE:
 * they are not, with the rule. Public data, variable time. */
enum urna_status urna_challenge_recompute(uint8_t code[32], const struct urna_booth *booth,
                                          const struct urna_challenge *c,
                                          struct urna_error *err) URNA_MUST_USE;
/* Does the challenge answer this ballot: same id (from keys[0] and rho), style, device,
 * ciphertexts, code. Public data. */
bool urna_challenge_matches(const struct urna_booth *booth, const struct urna_challenge *c,
                            const struct urna_ballot *b) URNA_MUST_USE;

#endif
