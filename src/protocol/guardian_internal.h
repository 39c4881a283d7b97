/* The state behind protocol/guardian.h, shared by the ceremony and the decryption. */
#ifndef URNA_PROTOCOL_GUARDIAN_INTERNAL_H
#define URNA_PROTOCOL_GUARDIAN_INTERNAL_H

#include "protocol/guardian.h"

#define URNA_SESSIONS_MAX 4096u

enum session_stage { SESSION_COMMITTED = 1, SESSION_REVEALED = 2, SESSION_ANSWERED = 3 };

struct guardian_session {
    uint8_t name[32];                 /* hash of (count set, present, attempt, block) */
    uint8_t input[32];                /* hash of every A, B that it is about */
    uint8_t commits[32];              /* hash of all d, once revealed */
    uint8_t stage;                    /* enum session_stage */
    struct urna_secret_bytes scalars; /* the nonces u; once answered: the public responses v */
};

struct urna_guardian {
    struct urna_sealer *sealer;
    const struct urna_manifest *m;
    const struct urna_group *G;
    size_t lp, lq;
    uint8_t h_p[32];
    bool broken; /* a save failed: what is in memory may not be what is in the file */

    /* what is in the file */
    uint8_t phi[32];
    uint32_t index, attempt;
    uint8_t stage; /* enum urna_guardian_stage */
    uint8_t has_countset, countset[32];
    /* CEREMONY: coefficients a_0..a_(k-1), the same with hats, zeta; empty otherwise */
    struct urna_secret_bytes secrets;
    struct urna_secret_bytes keys_body, shares_body,
        complaint_body;       /* exact bytes said, or empty */
    uint8_t commits_seen[32]; /* hash of all commits when the keys were said; zero before */
    /* CONFIRMED, OPEN: z, z-hat; empty otherwise */
    struct urna_secret_bytes z;
    uint8_t h_g[32], h_e[32];
    uint32_t n_sessions;
    struct guardian_session *sessions;
};

/* Write the state; durable when it returns URNA_OK, else the handle is of no use any more. */
enum urna_status guardian_save(struct urna_guardian *g, struct urna_error *err) URNA_MUST_USE;
enum urna_status guardian_usable(const struct urna_guardian *g,
                                 struct urna_error *err) URNA_MUST_USE;

#endif
