/* One guardian's part of the decryption of the count set (ElectionGuard 2.1 section 3.6;
 * election.md section 6).
 *
 * The caller has done (1), (2) and (4) of the law's list: its own judge read the record up to the
 * count set under the guardian's own quorum, and (A, B) are that judge's own sums. This room does
 * (3) and everything about nonces. */
#ifndef URNA_PROTOCOL_DECRYPT_H
#define URNA_PROTOCOL_DECRYPT_H

#include "protocol/guardian.h"

/* One tally group, with the sums of every field of its contest in order. */
struct urna_sum_group {
    uint32_t contest;
    uint32_t n_fields;
    const urna_element *A, *B;
};
struct urna_decrypt_session {
    uint8_t countset[32]; /* SHA-256 of the count set's body */
    uint8_t h_e[32];
    const uint32_t *present; /* strictly ascending, at least k of 1..n, this guardian among them */
    uint32_t n_present;
    uint64_t attempt, block;             /* from 1 */
    const struct urna_sum_group *groups; /* the groups of this block */
    uint32_t n_groups;
};

/* Name the count set for ever. URNA_OK also when the state names the same one already; URNA_FALSE
 * (rule E10) if it names another. The three calls below do it too; this one is for a guardian who
 * wants to see the refusal before anything is computed. */
enum urna_status urna_decrypt_seal(struct urna_guardian *g, const uint8_t countset[32],
                                   struct urna_error *err) URNA_MUST_USE;

/* The three bodies of a session, appended to ${body}. Asked again with the same input they come out
 * the same; once the answer is given, only the answer can be repeated (the nonces that the other
 * two are made of are gone). others: the accepted entries of the session in the order of `present`,
 * n_present pointers, this guardian's own included. URNA_INPUT: the session is malformed.
 * URNA_FALSE: refused (another count set, another input for a session that is under way, commits or
 * reveals missing or not matching, another answer than the one given). URNA_SYSTEM: not saved, so
 * nothing is said. */
enum urna_status urna_decrypt_commit(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                     struct urna_buf *body, struct urna_error *err) URNA_MUST_USE;
enum urna_status urna_decrypt_reveal(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                     const struct urna_decrypt_commit *const *others,
                                     struct urna_buf *body, struct urna_error *err) URNA_MUST_USE;
enum urna_status urna_decrypt_respond(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                      const struct urna_decrypt_reveal *const *others,
                                      struct urna_buf *body, struct urna_error *err) URNA_MUST_USE;

#endif
