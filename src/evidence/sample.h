/* Samplers: three published ways to draw a sample from a public seed by SHA-256, byte for byte, so
 * that anybody can draw it again with somebody else's program.
 *
 *   A  Rivest, Stark, Colorado:   SHA-256(seed "," count), count = 1, 2, ...
 *   B  cryptorandom (SHANGRLA):   SHA-256(seed "," 0x00 x k), k = 0, 1, ...
 *   C  Rivest, consistent (Arlo): every item gets a ticket number from seed and name; smallest win
 *
 * A seed is text and public: dice thrown in front of everybody, after the list was fixed. */
#ifndef URNA_EVIDENCE_SAMPLE_H
#define URNA_EVIDENCE_SAMPLE_H

#include "base/bytes.h"
#include "hash/sha256.h"

/* ---- A ---- */

/* Draw ${k} numbers of min..max. Without replacement repeated picks are skipped, and ${hashes} (may
 * be NULL) says how many hashes that took. URNA_INPUT if k is more than there are numbers. */
enum urna_status urna_sample_rivest(uint64_t *out, uint64_t *hashes, size_t k, const char *seed,
                                    uint64_t min, uint64_t max, bool replace,
                                    struct urna_error *err) URNA_MUST_USE;

/* ---- B ---- */

struct urna_cryptorandom {
    struct urna_sha256 next; /* over seed, comma and the zero bytes so far */
    uint64_t bits[8];        /* left over for getrandbits: a little-endian number of n_bits bits */
    unsigned n_bits;
};
void urna_cryptorandom_init(struct urna_cryptorandom *r, const char *seed);
void urna_cryptorandom_next(struct urna_cryptorandom *r, uint8_t out[URNA_HASH_LEN]);
/* next as a fraction in [0, 1), rounded to nearest as Python rounds an integer. */
double urna_cryptorandom_fraction(struct urna_cryptorandom *r);
/* Uniform in [0, n), n >= 1, by rejection. */
uint64_t urna_cryptorandom_below(struct urna_cryptorandom *r, uint64_t n);
/* k of 1..n without replacement (sample_by_index). URNA_INPUT if k > n. */
enum urna_status urna_cryptorandom_sample(uint64_t *out, size_t k, uint64_t n,
                                          struct urna_cryptorandom *r,
                                          struct urna_error *err) URNA_MUST_USE;

/* ---- C ---- */

/* The decimal digits of SHA-256(text), padded to 64, last digit first; out >= 79 bytes with NUL.
 * The ticket number is "0." and these digits. */
#define URNA_TICKET_DIGITS 79
void urna_ticket_digits(char out[URNA_TICKET_DIGITS], const void *text, size_t len);
/* First ticket of an item and the one that follows a ticket; appended to ${out} as "0.…". */
void urna_ticket_first(struct urna_buf *out, const char *seed, const char *id);
void urna_ticket_next(struct urna_buf *out, const char *ticket);

struct urna_ticket {
    size_t item;         /* index into ids */
    unsigned generation; /* 1: first time drawn */
    char *number;        /* "0.000617786129909912": leading nines and `digits` more; owned */
};
/* Draw ${k} tickets in order. ids are the exact texts that are hashed (for Arlo: what Python's repr
 * makes of the tuple, see below). With replacement an item may win several times. */
enum urna_status urna_sample_consistent(struct urna_ticket *out, size_t k, const char *seed,
                                        const char *const *ids, size_t n_ids, bool replace,
                                        unsigned digits, struct urna_error *err) URNA_MUST_USE;
void urna_tickets_free(struct urna_ticket *t, size_t k);

/* What Python's repr() writes for a string (quotes switched where needed, backslash escapes,
 * printable characters kept; code points that no version of Unicode has assigned are taken as
 * printable), and for the tuple ('batch', number). */
void urna_python_repr(struct urna_buf *out, const char *s, size_t len);
void urna_python_pair(struct urna_buf *out, const char *batch, uint64_t number);

/* ---- what a sample can tell ---- */

/* If q of N stations are altered and k are drawn without replacement: chance that none of the k is.
 */
double urna_miss_chance(uint64_t N, uint64_t q, uint64_t k);
/* None of k of N differs: the largest number that may be altered with chance > risk of seeing none.
 */
uint64_t urna_zero_bound(uint64_t N, uint64_t k, double risk);

#endif
