/* What a voter holds: one or two credential keys, the highest serial used, and the ballots that
 * were sent. Kept in a sealed file ("credential"); the serial is durable before a ballot leaves
 * (election.md section 5). */
#ifndef URNA_PROTOCOL_VOTER_H
#define URNA_PROTOCOL_VOTER_H

#include "model/entry.h"
#include "protocol/sealed.h"

struct urna_voter {
    uint8_t phi[32];
    uint32_t n_keys; /* 1 or 2 */
    uint32_t serial; /* highest one used; 0: none yet */
    uint8_t pk[2][32];
    uint8_t sk[2][32]; /* secret */
};
/* Keys made on the voter's own device. */
void urna_voter_new(struct urna_voter *out, const uint8_t phi[32], uint32_t n_keys);
/* Keys from codes, one a factor (n_keys * 16 bytes, each read by urna_code_read). */
enum urna_status urna_voter_from_codes(struct urna_voter *out, const uint8_t phi[32],
                                       const uint8_t *secrets, uint32_t n_keys,
                                       struct urna_error *err) URNA_MUST_USE;
void urna_voter_wipe(struct urna_voter *v);

/* The sealed file. Opened for as long as serials may be drawn; one process at a time. */
enum urna_status urna_voter_create(const struct urna_voter *v, const char *path,
                                   struct urna_view pass, const struct urna_seal_cost *cost,
                                   struct urna_error *err) URNA_MUST_USE;
enum urna_status urna_voter_load(struct urna_voter *out, const char *path, struct urna_view pass,
                                 struct urna_error *err) URNA_MUST_USE;
/* serial = 1 + max(own durable one, seen), written before it is handed out. URNA_FALSE when 65535
 * is used up, or when revote is false and it would not be 1. */
enum urna_status urna_voter_serial(uint32_t *serial, const char *path, struct urna_view pass,
                                   uint32_t seen, bool revote,
                                   struct urna_error *err) URNA_MUST_USE;

/* The entry file of a ballot: body signed by every factor as voter.1, voter.2. The ballot's keys
 * must be the voter's (URNA_INPUT). Ballots made by protocol/encrypt.h are cast through
 * urna_encrypted_cast, which also forgets the openings. */
enum urna_status urna_voter_sign(struct urna_buf *file, const struct urna_voter *v,
                                 const struct urna_ballot *b, size_t lp, size_t lq,
                                 struct urna_error *err) URNA_MUST_USE;

#endif
