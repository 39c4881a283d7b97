/* Secrets: wiping, guarded memory, randomness. The one door to the system's random numbers. */
#ifndef URNA_BASE_SECRET_H
#define URNA_BASE_SECRET_H

#include "base/status.h"

/* Call once at start (idempotent, thread-safe): libsodium's start-up. URNA_SYSTEM if it fails. */
enum urna_status urna_secret_init(struct urna_error *err) URNA_MUST_USE;

void urna_wipe(void *p, size_t len);
void urna_random(void *p, size_t len);
/* Uniform in [0, n), n >= 1. */
uint32_t urna_random_below(uint32_t n);
bool urna_ct_equal(const void *a, const void *b, size_t len) URNA_MUST_USE;

/* Guarded, locked where the system allows it, zeroed; wiped when freed. free(NULL) is a no-op. */
void *urna_secret_alloc(size_t size) __attribute__((returns_nonnull));
void urna_secret_free(void *p);

#endif
