/* Ed25519 under the one exact rule of the law (election.md section 2): A and R canonical, R not the identity,
 * S < l, encode([S]B - [k]A) = R, and A of prime order (tested once per key, urna_ed25519_key_valid). */
#ifndef URNA_PROOF_ED25519_H
#define URNA_PROOF_ED25519_H

#include "base/bytes.h"

/* Canonical encoding of a point of prime order l (so neither small order nor torsion). */
bool urna_ed25519_key_valid(const uint8_t pk[32]) URNA_MUST_USE;
/* The caller has tested the key with urna_ed25519_key_valid. */
bool urna_ed25519_check(const uint8_t pk[32], const uint8_t *msg, size_t len, const uint8_t sig[64]) URNA_MUST_USE;
/* seed: 32 secret bytes (RFC 8032). */
void urna_ed25519_public(uint8_t pk[32], const uint8_t seed[32]);
void urna_ed25519_sign(uint8_t sig[64], const uint8_t seed[32], const uint8_t *msg, size_t len);

#endif
