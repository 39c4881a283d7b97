/* The key ceremony of one guardian (ElectionGuard 2.1 section 3.2; election.md section 9). */
#ifndef URNA_PROTOCOL_CEREMONY_H
#define URNA_PROTOCOL_CEREMONY_H

#include "protocol/guardian.h"

/* What the log holds of the current attempt: accepted entries only, in guardian order, n pointers
 * each, NULL where there is none yet. The caller's judge has accepted them; this room still checks
 * everything that its own secrets depend on. */
struct urna_ceremony {
    uint32_t attempt; /* 1 + accepted complaints */
    const struct urna_guardian_commit *const *commit;
    const struct urna_guardian_keys *const *keys;
    const struct urna_guardian_shares *const *shares;
    const struct urna_guardian_confirm *const *confirm;
};

/* What to say next. URNA_OK with *kind = guardian.commit, .keys, .shares, .confirm or .complaint
 * and the exact body (appended to the buffer): give it to the log, signed by the guardian's role
 * key. *kind = URNA_KIND_UNKNOWN: nothing to say now (others are awaited, or all is said);
 * *waiting_for (may be NULL) = index of the first guardian whose entry is missing, 0 if none.
 * URNA_FALSE: an entry given here cannot have been accepted (rule and guardian in err), or the
 * state forbids it. URNA_SYSTEM: not saved. */
enum urna_status urna_ceremony_next(struct urna_guardian *g, const struct urna_ceremony *c,
                                    enum urna_kind *kind, struct urna_buf *body,
                                    uint32_t *waiting_for, struct urna_error *err) URNA_MUST_USE;

/* End the attempt without accusing anybody's share: a lost machine, a silent guardian. against:
 * index of another guardian. */
enum urna_status urna_ceremony_complain(struct urna_guardian *g, uint32_t attempt, uint32_t against,
                                        struct urna_buf *body,
                                        struct urna_error *err) URNA_MUST_USE;

/* `open` was accepted: URNA_FALSE unless it names the attempt, H_G and H_E that this guardian
 * confirmed. */
enum urna_status urna_ceremony_opened(struct urna_guardian *g, const struct urna_open *o,
                                      struct urna_error *err) URNA_MUST_USE;

/* Public values of a complete set of n guardian.keys bodies. k_ij, kh_ij: n*k elements or NULL,
 * guardian by guardian; kappa: n or NULL. URNA_FALSE if a value is not what the law wants (V2, V3).
 */
struct urna_joint_keys {
    urna_element K, Kh;
    uint8_t h_p[32], h_g[32], h_e[32];
};
enum urna_status urna_joint_keys(struct urna_joint_keys *out, const struct urna_group *G,
                                 uint32_t n, uint32_t k, const uint8_t phi[32],
                                 const struct urna_guardian_keys *const *keys,
                                 struct urna_error *err) URNA_MUST_USE;
/* S_l = g^(z_l) for l = 1..n (n elements out), from the same bodies: what partial decryptions are
 * checked with. */
enum urna_status urna_guardian_share_keys(urna_element *S, const struct urna_group *G, uint32_t n,
                                          uint32_t k, const struct urna_guardian_keys *const *keys,
                                          struct urna_error *err) URNA_MUST_USE;

#endif
