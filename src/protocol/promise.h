/* Promises of the board and `received` of witnesses (election.md section 8): signed, checked, and
 * kept as small files.
 *
 *   urna-promise-1 | urna-received-1 LF
 *   election PHI LF      64 upper-case hex digits
 *   kind WORD LF
 *   entry E LF           SHA-256 of the body
 *   time T LF
 *   sig SIG LF           128 digits */
#ifndef URNA_PROTOCOL_PROMISE_H
#define URNA_PROTOCOL_PROMISE_H

#include "model/entry.h"

struct urna_promise {
    bool received; /* by a witness's full key; else promised by the log key */
    uint8_t phi[32];
    enum urna_kind kind;
    uint8_t e[32];
    uint64_t time; /* promise: T; received: now */
    uint8_t sig[64];
};
/* Fills sig from the other fields. */
void urna_promise_sign(struct urna_promise *p, const uint8_t seed[32]);
/* key: has been tested with urna_ed25519_key_valid. */
bool urna_promise_check(const struct urna_promise *p, const uint8_t key[32]) URNA_MUST_USE;
/* May a client take it: T <= t_close + delta and at most 2 h ahead. */
bool urna_promise_timely(const struct urna_promise *p, uint64_t now, uint64_t t_close,
                         uint64_t delta) URNA_MUST_USE;
void urna_promise_write(struct urna_buf *out, const struct urna_promise *p);
/* Strict: exactly what write makes. */
enum urna_status urna_promise_read(struct urna_promise *out, struct urna_view file,
                                   struct urna_error *err) URNA_MUST_USE;

#endif
