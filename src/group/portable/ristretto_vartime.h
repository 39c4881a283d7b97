/* ristretto255 arithmetic of our own, for PUBLIC operands only: variable time, table look-ups by
 * digits of the exponents. Portable C; the twin that libsodium's slower functions are compared
 * with. */
#ifndef URNA_GROUP_PORTABLE_RISTRETTO_VARTIME_H
#define URNA_GROUP_PORTABLE_RISTRETTO_VARTIME_H

#include "group/portable/fe25519.h"

#include <stddef.h>

/* Extended coordinates on -x^2 + y^2 = 1 + d x^2 y^2: x = X/Z, y = Y/Z, xy = T/Z; any point of the
 * coset that an element is. Limbs are tight. */
struct rv_point {
    struct fe X, Y, Z, T;
};

struct rv_table; /* multiples of a fixed base; immutable; 480 KiB */

/* RFC 9496 section 4.3.1; in must already be below 2^255 - 19 and even. */
bool urna_rv_decode(struct rv_point *out, const uint8_t in[32]);
/* Section 4.3.2 */
void urna_rv_encode(uint8_t out[32], const struct rv_point *p);
/* out[i] = the encoding of 2 p[i], with one inversion for all; n <= RV_BATCH. */
#define RV_BATCH 64
void urna_rv_double_and_encode(uint8_t (*out)[32], const struct rv_point *p, size_t n);
void urna_rv_identity(struct rv_point *p);
bool urna_rv_eq(const struct rv_point *p, const struct rv_point *q);
void urna_rv_add(struct rv_point *out, const struct rv_point *p, const struct rv_point *q);
void urna_rv_sub(struct rv_point *out, const struct rv_point *p, const struct rv_point *q);

/* Exponents: four little-endian limbs, below 2^253. */
struct rv_table *urna_rv_table_new(const struct rv_point *base);
void urna_rv_table_free(struct rv_table *t);
void urna_rv_fixed_exp(struct rv_point *out, const struct rv_table *t, const uint64_t e[4]);
/* out = prod base[i]^e[i], by interleaved windows. n = 0: the identity. */
void urna_rv_multi_exp(struct rv_point *out, const struct rv_point *base, const uint64_t (*e)[4],
                       size_t n);
/* out[i] = t^e[i] * base^f[i] for several pairs of exponents of one variable base. */
void urna_rv_dual_exp(struct rv_point *out, const struct rv_table *const *t, const uint64_t (*e)[4],
                      const struct rv_point *base, const uint64_t (*f)[4], size_t n);

#endif
