/* Credential signatures: Schnorr over ristretto255 exactly as RFC 9591 section 6.2, ciphersuite
 * FROST(ristretto255, SHA-512), one signer. Signature = R(32) || z(32, little endian).
 * Used with both election groups (election.md section 5). */
#ifndef URNA_PROOF_CREDENTIAL_H
#define URNA_PROOF_CREDENTIAL_H

#include "base/bytes.h"

/* Canonical RFC 9496 encoding (tested by our own code before any library call) and not the identity. */
bool urna_credential_key_valid(const uint8_t pk[32]) URNA_MUST_USE;
bool urna_credential_check(const uint8_t pk[32], const uint8_t *msg, size_t len, const uint8_t sig[64]) URNA_MUST_USE;

/* Secret side, constant time. sk: 32 bytes little endian, < l, not 0. */
bool urna_credential_public(uint8_t pk[32], const uint8_t sk[32]) URNA_MUST_USE;
/* nonce = SHA-512("urna-cred-nonce-v1" || sk || 32 random bytes || msg) mod l */
bool urna_credential_sign(uint8_t sig[64], const uint8_t sk[32], const uint8_t *msg, size_t len) URNA_MUST_USE;
/* The same with the 32 random bytes given (known answers only). */
bool urna_credential_sign_with(uint8_t sig[64], const uint8_t sk[32], const uint8_t random[32],
                               const uint8_t *msg, size_t len) URNA_MUST_USE;

#endif
