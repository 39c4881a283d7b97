/* Shared by encrypt.c (ElectionGuard 2.1 section 3.3), openings.c (3.3, 3.6.7: cast or open) and
 * challenge.c (3.6.7 on another device). Private to this room. */
#ifndef URNA_PROTOCOL_ENCRYPT_INTERNAL_H
#define URNA_PROTOCOL_ENCRYPT_INTERNAL_H

#include "protocol/encrypt.h"

struct urna_openings {
    bool used; /* cast or opened */
    uint8_t id[32], code[32];
    uint32_t n;             /* fields of the whole ballot */
    urna_secret_scalar *xi; /* n, guarded */
    uint64_t *value;        /* n, guarded */
};

struct urna_openings *openings_new(uint32_t n);
/* Nothing that opens the ballot is left. */
void openings_forget(struct urna_openings *o);

/* What the manifest says; NULL if it has no such style, no such device. */
const struct urna_style *booth_style(const struct urna_manifest *m, const char *id);
const struct urna_device *booth_device(const struct urna_manifest *m, const char *id);
/* The c-th contest of the style, from 0. */
const struct urna_contest *booth_contest(const struct urna_booth *b, const struct urna_style *s,
                                         uint32_t c);
/* The confirmation code (3.4) from the hashes of the contests. */
void booth_code(uint8_t code[32], const struct urna_booth *booth, const uint8_t h_i[32],
                const char *device, const uint8_t (*chi)[32], size_t n);

#endif
