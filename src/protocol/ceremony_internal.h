/* The parts of a guardian's ceremony (ElectionGuard 2.1 section 3.2), shared by its files. Private
 * to this room.
 *
 * ceremony.c         what the log says, and what to say next
 * ceremony_bodies.c  what is drawn, and the bodies that are said of it
 * ceremony_shares.c  receiving shares: confirm, or complain */
#ifndef URNA_PROTOCOL_CEREMONY_INTERNAL_H
#define URNA_PROTOCOL_CEREMONY_INTERNAL_H

#include "protocol/ceremony.h"
#include "protocol/guardian_internal.h"
#include "protocol/joint.h"

/* --- secrets --- */

/* Draw them into the state; open them as scalars in one guarded block: a[k], ah[k], zeta. */
void ceremony_draw(struct urna_guardian *g);
urna_secret_scalar *ceremony_secrets(const struct urna_guardian *g);
/* P(l) = a_0 + a_1 l + ... by Horner; l is public. */
void polynomial_at(const struct urna_group *G, urna_secret_scalar *out, const urna_secret_scalar *a,
                   uint32_t k, uint32_t l);
/* Everything secret, and everything said, of the attempt so far. */
void ceremony_forget(struct urna_guardian *g);
/* A body that was made, into the state. */
void ceremony_keep(struct urna_secret_bytes *to, const struct urna_buf *b);

/* --- bodies: appended to ${out} --- */

void ceremony_write(const struct urna_guardian *g, struct urna_buf *out, const struct urna_body *b);
void ceremony_make_commit(const struct urna_guardian *g, struct urna_buf *out);
void ceremony_make_keys(struct urna_guardian *g, struct urna_buf *out);
void ceremony_make_shares(struct urna_guardian *g, const struct joint *j, struct urna_buf *out);
void ceremony_make_confirm(const struct urna_guardian *g, struct urna_buf *out);
/* zeta: NULL, or the proof that a share was false. */
void ceremony_make_complaint(const struct urna_guardian *g, uint32_t against,
                             const urna_secret_scalar *zeta, struct urna_buf *out);

/* --- receiving shares --- */

/* One share for every other guardian, in order? */
bool ceremony_shares_shape(const struct urna_guardian *g, uint32_t from,
                           const struct urna_guardian_shares *s) URNA_MUST_USE;
/* All shares are in: confirm, or complain. The polynomials and zeta go with the same replacement of
 * the file. */
enum urna_status ceremony_conclude(struct urna_guardian *g, const struct joint *j,
                                   const struct urna_ceremony *c,
                                   struct urna_error *err) URNA_MUST_USE;
/* Complain: the attempt is over. Saved before anything is said. */
enum urna_status ceremony_end_attempt(struct urna_guardian *g, uint32_t against,
                                      const urna_secret_scalar *zeta,
                                      struct urna_error *err) URNA_MUST_USE;

#endif
