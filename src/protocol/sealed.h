/* Sealed files: where a secret rests. Passphrase -> Argon2id -> XChaCha20-Poly1305 (libsodium).
 *
 *   urna-sealed-1 LF
 *   purpose WORD LF
 *   argon2id PASSES KIB SALT LF        salt: 16 bytes, upper-case hex
 *   nonce NONCE LF                     24 bytes, upper-case hex
 *   BASE64 LF                          ciphertext and tag
 *
 * Everything before the last line is authenticated. The purpose is the reader's own word, compared
 * before anything is computed, so that no file can be taken for another. One answer for "wrong
 * passphrase" and "damaged": nobody can tell them apart. Files have mode 0600 and are replaced
 * durably (base/file.h). */
#ifndef URNA_PROTOCOL_SEALED_H
#define URNA_PROTOCOL_SEALED_H

#include "base/bytes.h"

#define URNA_SEALED_MAX (1u << 26) /* longest file and longest secret that is read */

/* The words for ${purpose}; others are [a-z0-9.-]{1,32}. */
#define URNA_SEAL_GUARDIAN "guardian"
#define URNA_SEAL_ROLE "role"
#define URNA_SEAL_LOG "log"
#define URNA_SEAL_WITNESS "witness"
#define URNA_SEAL_CREDENTIAL "credential"
#define URNA_SEAL_COPY "copy" /* who vouches for copies of tables: urna protocols sign */

/* Cost of one try at the passphrase. Read: 1..16 passes, 8 MiB..1 GiB; more or less is refused
 * before it is computed. */
struct urna_seal_cost {
    uint32_t passes, kib;
};
extern const struct urna_seal_cost
    urna_seal_cost_default; /* 2 passes over 64 MiB: libsodium's "interactive" */
extern const struct urna_seal_cost
    urna_seal_cost_least; /* 1 pass over 8 MiB: tests, the demo, random passphrases */

/* Secret bytes in guarded memory. {0} is empty; free wipes and leaves {0}. */
struct urna_secret_bytes {
    uint8_t *p;
    size_t len;
};
void urna_secret_bytes_new(struct urna_secret_bytes *s, size_t len); /* zeroed */
void urna_secret_bytes_free(struct urna_secret_bytes *s);

/* One shot. cost NULL: default. create refuses a file that exists. */
enum urna_status urna_sealed_create(const char *path, const char *purpose, struct urna_view pass,
                                    const struct urna_seal_cost *cost, struct urna_view secret,
                                    struct urna_error *err) URNA_MUST_USE;
enum urna_status urna_sealed_read(struct urna_secret_bytes *out, const char *path,
                                  const char *purpose, struct urna_view pass,
                                  struct urna_error *err) URNA_MUST_USE;

/* The same over bytes. */
enum urna_status urna_seal(struct urna_buf *out, const char *purpose, struct urna_view pass,
                           const struct urna_seal_cost *cost, struct urna_view secret,
                           struct urna_error *err) URNA_MUST_USE;
enum urna_status urna_unseal(struct urna_secret_bytes *out, struct urna_view file,
                             const char *purpose, struct urna_view pass,
                             struct urna_error *err) URNA_MUST_USE;

/* A state that is written again and again: the passphrase is stretched once, the key stays in
 * guarded memory; every write has a fresh nonce. Owner: caller; free(NULL) is a no-op. */
struct urna_sealer;
enum urna_status urna_sealer_create(struct urna_sealer **out, const char *path, const char *purpose,
                                    struct urna_view pass, const struct urna_seal_cost *cost,
                                    struct urna_view secret, struct urna_error *err) URNA_MUST_USE;
enum urna_status urna_sealer_open(struct urna_sealer **out, struct urna_secret_bytes *secret,
                                  const char *path, const char *purpose, struct urna_view pass,
                                  struct urna_error *err) URNA_MUST_USE;
/* Durable before it returns URNA_OK. */
enum urna_status urna_sealer_save(struct urna_sealer *s, struct urna_view secret,
                                  struct urna_error *err) URNA_MUST_USE;
void urna_sealer_free(struct urna_sealer *s);

#endif
