/* A guardian's sealed state: one file for one guardian of one election, from the ceremony to the
 * last decryption.
 *
 * Invariants (tests cite the numbers):
 *   1. Whatever is said to the outside was durable in the state before; asked again, the guardian
 * says the same bytes.
 *   2. One attempt of the ceremony has one set of secrets; an older attempt is never answered.
 *   3. After its confirmation only z, z-hat and public values are left; after a complaint nothing
 * secret is left.
 *   4. Once `open` is recorded no ceremony is possible any more.
 *   5. The state names at most one count set, for ever, durably before the first M_i is computed.
 *   6. The nonces of a decryption session are erased in the same replacement of the file that
 * stores its answer.
 *   7. One process holds the file at a time.
 * A copy of an older state file that is put back breaks 5 and 6: a guardian keeps no backup that
 * could be used after decryption began. */
#ifndef URNA_PROTOCOL_GUARDIAN_H
#define URNA_PROTOCOL_GUARDIAN_H

#include "model/kinds.h"
#include "protocol/sealed.h"

struct urna_guardian;

/* m: the manifest whose fingerprint is phi; id: one of its guardians. The manifest must outlive the
 * handle. create refuses a file that exists; open refuses the file of another election or guardian,
 * and one that another process holds. */
enum urna_status urna_guardian_create(struct urna_guardian **out, const char *path,
                                      struct urna_view pass, const struct urna_seal_cost *cost,
                                      const struct urna_manifest *m, const uint8_t phi[32],
                                      const char *id, struct urna_error *err) URNA_MUST_USE;
enum urna_status urna_guardian_open(struct urna_guardian **out, const char *path,
                                    struct urna_view pass, const struct urna_manifest *m,
                                    const uint8_t phi[32], struct urna_error *err) URNA_MUST_USE;
void urna_guardian_close(struct urna_guardian *g); /* wipes; NULL is allowed */

const char *urna_guardian_id(const struct urna_guardian *g);
uint32_t urna_guardian_index(const struct urna_guardian *g); /* 1..n */

enum urna_guardian_stage {
    URNA_GUARDIAN_NEW,        /* nothing said yet */
    URNA_GUARDIAN_CEREMONY,   /* secrets of the current attempt */
    URNA_GUARDIAN_CONFIRMED,  /* z, z-hat; waiting for `open` */
    URNA_GUARDIAN_COMPLAINED, /* this attempt is over for it */
    URNA_GUARDIAN_OPEN        /* `open` recorded */
};
enum urna_guardian_stage urna_guardian_stage(const struct urna_guardian *g);
uint32_t urna_guardian_attempt(const struct urna_guardian *g); /* 0 before the first */
/* The count set that the state names, or NULL. */
const uint8_t *urna_guardian_countset(const struct urna_guardian *g);

#endif
