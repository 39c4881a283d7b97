/* Combining the guardians' answers into tallies: public data only. */
#ifndef URNA_PROTOCOL_COMBINE_H
#define URNA_PROTOCOL_COMBINE_H

#include "protocol/decrypt.h"

/* t with K^t = T, 0 <= t <= bound: baby steps and giant steps. Made once, used for many values and
 * by many threads; the table has about sqrt(bound * values) entries, at most 2^20. Public data,
 * variable time. Owner: caller. */
struct urna_dlog;
struct urna_dlog *urna_dlog_new(const struct urna_group *G, const urna_element *K, uint64_t bound,
                                uint64_t values);
bool urna_dlog_find(const struct urna_dlog *d, const urna_element *T, uint64_t bound,
                    uint64_t *t) URNA_MUST_USE;
void urna_dlog_free(struct urna_dlog *d);

/* One complete session. */
struct urna_combine {
    const struct urna_group *G;
    const struct urna_fixed *K;
    const struct urna_dlog *dlog;
    const urna_element *S; /* n elements: urna_guardian_share_keys */
    uint32_t n;
    const struct urna_decrypt_session *session;
    uint32_t first_group;  /* number of the block's first group in the count set, from 1 */
    const uint64_t *bound; /* per group of the block: n * R of its contest */
    const struct urna_decrypt_reveal *const *reveal; /* in the order of `present` */
    const struct urna_decrypt_respond *const *respond;
};
/* ${t}: session->n_groups tallies, borrowing from ${a}. Every answer is checked by (94), (95)
 * first, every tally by its own proof last. URNA_FALSE: *culprit (may be NULL) = index of the
 * guardian whose answer does not hold, or 0 when no t within the bound fits. */
enum urna_status urna_combine_tallies(struct urna_tally *t, const struct urna_combine *c,
                                      struct urna_arena *a, uint32_t *culprit,
                                      struct urna_error *err) URNA_MUST_USE;

#endif
