/* RFC 9496 decoding as a test, for code that keeps encodings (credential signatures). */
#ifndef URNA_GROUP_RISTRETTO_DECODE_H
#define URNA_GROUP_RISTRETTO_DECODE_H

#include "base/bytes.h"

/* Below 2^255 - 19, bit 255 clear, even: by our own code, before any library call. */
bool urna_ristretto_canonical(const uint8_t in[32]) URNA_MUST_USE;
/* Canonical and an element (the identity is one). */
bool urna_ristretto_valid(const uint8_t in[32]) URNA_MUST_USE;

#endif
