/* The two groups of urna behind one interface: values, batches, and secrets that have a type of
 * their own.
 *
 * Groups:  "ristretto255" (RFC 9496; protocol.md-style definition in docs/protocol.md) and "eg4096"
 * (the standard parameters of ElectionGuard 2.1, section 3.1.1); "eg3072" and "toy-Q-P" for tests
 * only. Written multiplicatively throughout. Element: always a member of the prime-order group. The
 * only way to get one from bytes is urna_element_decode, which is the membership test (x^q = 1, or
 * canonical RFC 9496 decoding). Scalar:  a number mod q that is public. Secret scalars are another
 * type; there is no cast, only urna_secret_declassify. Whatever takes a secret is constant-time
 * (libsodium, OpenSSL or GMP's mpn_sec_* functions); whatever is called _vartime takes public
 * operands only. Batches: functions over n operands take arrays and may use all lanes of a backend;
 * n = 0 is allowed. Outputs may alias inputs of the same index. Nothing here allocates except
 * urna_fixed_new. All functions are thread-safe. */
#ifndef URNA_GROUP_GROUP_H
#define URNA_GROUP_GROUP_H

#include "base/bytes.h"
#include "hash/eg_h.h"

#define URNA_LP_MAX 512 /* longest encoding of an element, bytes */
#define URNA_LQ_MAX 32  /* longest encoding of a scalar, bytes */

struct urna_group; /* opaque, static, immutable */

/* Big enough for every group; which representation is the group's own business. */
typedef struct urna_element {
    uint64_t v[64];
} urna_element;
typedef struct urna_scalar {
    uint64_t v[4]; /* little-endian limbs, < q */
} urna_scalar;
typedef struct urna_secret_scalar {
    uint64_t secret[4];
} urna_secret_scalar;

/* By the name used in manifests; NULL if unknown. */
const struct urna_group *urna_group_find(const char *name, size_t len);
const char *urna_group_name(const struct urna_group *G);
bool urna_group_test_only(const struct urna_group *G);
size_t urna_group_lp(const struct urna_group *G); /* bytes of an element */
size_t urna_group_lq(const struct urna_group *G); /* bytes of a scalar */
/* Feed the items of H_P that describe the group: for modp p, q, g; for ristretto255 the name,
 * 2^255-19, l, g. */
void urna_group_ver(const struct urna_group *G, uint8_t ver[32]);
void urna_h_group(struct urna_h *h, const struct urna_group *G);

/* --- elements ----------------------------------------------------------------------------------
 */
/* in: exactly lp bytes. False if it is not the canonical encoding of a member; out is then the
 * identity. */
bool urna_element_decode(const struct urna_group *G, urna_element *out,
                         const uint8_t *in) URNA_MUST_USE;
/* ok[i] for each; returns true if all are members. */
bool urna_element_decode_batch(const struct urna_group *G, urna_element *out, bool *ok,
                               const uint8_t *const *in, size_t n) URNA_MUST_USE;
/* For bytes that urna_element_decode has accepted before, bound to that moment by a hash that the
 * caller has compared: the costly part of the membership test is not repeated. False if the bytes
 * cannot have been accepted. */
bool urna_element_decode_known(const struct urna_group *G, urna_element *out,
                               const uint8_t *in) URNA_MUST_USE;
void urna_element_encode(const struct urna_group *G, uint8_t *out, const urna_element *x);
void urna_element_identity(const struct urna_group *G, urna_element *out);
void urna_element_generator(const struct urna_group *G, urna_element *out);
bool urna_element_is_identity(const struct urna_group *G, const urna_element *x) URNA_MUST_USE;
bool urna_element_eq(const struct urna_group *G, const urna_element *a,
                     const urna_element *b) URNA_MUST_USE;
void urna_element_mul(const struct urna_group *G, urna_element *out, const urna_element *a,
                      const urna_element *b);
void urna_element_div(const struct urna_group *G, urna_element *out, const urna_element *a,
                      const urna_element *b);
void urna_h_element(struct urna_h *h, const struct urna_group *G, const urna_element *x);

/* --- public scalars ----------------------------------------------------------------------------
 */
/* in: lq bytes big endian; false (and zero) if >= q. */
bool urna_scalar_decode(const struct urna_group *G, urna_scalar *out,
                        const uint8_t *in) URNA_MUST_USE;
void urna_scalar_encode(const struct urna_group *G, uint8_t *out, const urna_scalar *x);
void urna_scalar_from_u64(const struct urna_group *G, urna_scalar *out, uint64_t x); /* x mod q */
void urna_scalar_from_hash(const struct urna_group *G, urna_scalar *out,
                           const uint8_t h[32]); /* big endian, mod q */
void urna_scalar_add(const struct urna_group *G, urna_scalar *out, const urna_scalar *a,
                     const urna_scalar *b);
void urna_scalar_sub(const struct urna_group *G, urna_scalar *out, const urna_scalar *a,
                     const urna_scalar *b);
void urna_scalar_mul(const struct urna_group *G, urna_scalar *out, const urna_scalar *a,
                     const urna_scalar *b);
/* a != 0 */
void urna_scalar_inv_vartime(const struct urna_group *G, urna_scalar *out, const urna_scalar *a);
bool urna_scalar_eq(const urna_scalar *a, const urna_scalar *b) URNA_MUST_USE;
bool urna_scalar_is_zero(const urna_scalar *a) URNA_MUST_USE;
void urna_h_scalar(struct urna_h *h, const struct urna_group *G, const urna_scalar *x);
/* End h and reduce: H_q. */
void urna_h_end_q(struct urna_h *h, const struct urna_group *G, urna_scalar *out);
/* Lagrange coefficient at 0 of index i in U (ascending, distinct, 1..n; i is one of them), mod q.
 */
void urna_lagrange(const struct urna_group *G, urna_scalar *out, uint32_t i, const uint32_t *U,
                   size_t n);

/* --- secret scalars (constant time) --------------------------------------------------------------
 */
void urna_secret_random(const struct urna_group *G, urna_secret_scalar *out); /* uniform */
void urna_secret_random_nonzero(const struct urna_group *G, urna_secret_scalar *out);
/* lq bytes big endian, < q (false and zero otherwise; whether it is < q is not secret). */
bool urna_secret_decode(const struct urna_group *G, urna_secret_scalar *out,
                        const uint8_t *in) URNA_MUST_USE;
void urna_secret_encode(const struct urna_group *G, uint8_t *out, const urna_secret_scalar *x);
void urna_secret_from_hash(const struct urna_group *G, urna_secret_scalar *out,
                           const uint8_t h[32]);
void urna_secret_from_public(urna_secret_scalar *out, const urna_scalar *x);
void urna_secret_declassify(urna_scalar *out, const urna_secret_scalar *x);
void urna_secret_add(const struct urna_group *G, urna_secret_scalar *out,
                     const urna_secret_scalar *a, const urna_secret_scalar *b);
void urna_secret_sub(const struct urna_group *G, urna_secret_scalar *out,
                     const urna_secret_scalar *a, const urna_secret_scalar *b);
void urna_secret_mul(const struct urna_group *G, urna_secret_scalar *out,
                     const urna_secret_scalar *a, const urna_secret_scalar *b);
/* out = flag ? a : b with flag 0 or 1, without a branch. */
void urna_secret_select(urna_secret_scalar *out, uint64_t flag, const urna_secret_scalar *a,
                        const urna_secret_scalar *b);
void urna_secret_wipe(urna_secret_scalar *x);

/* --- powers -------------------------------------------------------------- */
/* Table for a base that is used often. Owner: caller; free(NULL) is a no-op. Immutable, shareable.
 */
struct urna_fixed;
struct urna_fixed *urna_fixed_new(const struct urna_group *G, const urna_element *base);
void urna_fixed_free(struct urna_fixed *F);
const struct urna_fixed *
urna_fixed_generator(const struct urna_group *G); /* shared, made at first use */
const urna_element *urna_fixed_base(const struct urna_fixed *F);

void urna_exp_vartime(const struct urna_group *G, urna_element *out, const urna_element *base,
                      const urna_scalar *e, size_t n);
void urna_fixed_exp_vartime(const struct urna_fixed *F, urna_element *out, const urna_scalar *e,
                            size_t n);
/* out[i] = F[i]^e[i] * base[i]^f[i]: what checking a proof is made of. */
void urna_dual_exp_vartime(const struct urna_group *G, urna_element *out,
                           const struct urna_fixed *const *F, const urna_scalar *e,
                           const urna_element *base, const urna_scalar *f, size_t n);
/* A number in the right range whose membership is still to be tested, together with the powers that
 * a proof needs anyway (mod p that test is then nearly free). Nothing else takes a candidate; x may
 * be used as an element only after its membership was confirmed. */
typedef struct urna_candidate {
    urna_element x;
} urna_candidate;
/* False (and the identity) if the bytes cannot be a member's canonical encoding. */
bool urna_candidate_decode(const struct urna_group *G, urna_candidate *out,
                           const uint8_t *in) URNA_MUST_USE;
/* As urna_dual_exp_vartime, with member[i]: is base[i] a member? If not, out[i] means nothing. */
void urna_candidate_dual_exp_vartime(const struct urna_group *G, urna_element *out, bool *member,
                                     const struct urna_fixed *const *F, const urna_scalar *e,
                                     const urna_candidate *base, const urna_scalar *f, size_t n);
/* out = prod base[i]^e[i]; n = 0 gives the identity. */
void urna_multi_exp_vartime(const struct urna_group *G, urna_element *out, const urna_element *base,
                            const urna_scalar *e, size_t n);

void urna_exp_secret(const struct urna_group *G, urna_element *out, const urna_element *base,
                     const urna_secret_scalar *e, size_t n);
void urna_fixed_exp_secret(const struct urna_fixed *F, urna_element *out,
                           const urna_secret_scalar *e, size_t n);

#endif
