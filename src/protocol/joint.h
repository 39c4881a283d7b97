/* The public keys of a ceremony, decoded and checked: Verifications 2, 3, 4 as the guardians
 * themselves run them. Public data. */
#ifndef URNA_PROTOCOL_JOINT_H
#define URNA_PROTOCOL_JOINT_H

#include "protocol/ceremony.h"

/* Owner: caller (joint_free). K, Kh: n*k elements, guardian by guardian; kappa: n. */
struct joint {
    const struct urna_group *G;
    uint32_t n, k;
    urna_element *K, *Kh, *kappa;
};
/* Decode all n bodies and check the proofs. URNA_FALSE with rule V2 and the guardian's index in the
 * message. */
enum urna_status joint_read(struct joint *j, const struct urna_group *G, uint32_t n, uint32_t k,
                            const uint8_t h_p[32], const struct urna_guardian_keys *const *keys,
                            struct urna_error *err) URNA_MUST_USE;
void joint_free(struct joint *j);
/* Products and hashes; URNA_FALSE with rule V3.C if K or K-hat is the identity or they are equal.
 */
enum urna_status joint_close(struct urna_joint_keys *out, const struct joint *j,
                             const uint8_t h_p[32], const uint8_t phi[32],
                             struct urna_error *err) URNA_MUST_USE;
/* False if any byte string is no scalar of the group. */
bool scalars_decode(const struct urna_group *G, urna_scalar *out, const uint8_t *const *in,
                    uint32_t n) URNA_MUST_USE;

#endif
