/* State of the fold, shared by its files; nobody else includes this. */
#ifndef URNA_RULES_JUDGE_INTERNAL_H
#define URNA_RULES_JUDGE_INTERNAL_H

#include "base/index.h"
#include "rules/judge.h"

/* The bodies of one kind that are accepted, by e. Of ballots e stands in their list, and only the index is here. */
struct urna_seen {
    uint8_t (*e)[32];
    size_t n, cap;
    struct urna_index index;
};

struct urna_ceremony_state {
    uint32_t attempt;
    const struct urna_guardian_commit **commit;
    const struct urna_guardian_confirm **confirm;
    const struct urna_guardian_keys **keys;
    const struct urna_guardian_shares **shares;
    /* Of each guardian, once its keys are in, k elements: a manifest may claim any n and k. */
    urna_element **k_ij, **kh_ij;
    urna_element *kappa;
    uint32_t n_commits, n_keys, n_shares, n_confirms;
    uint8_t h_g[32], h_e[32];
    urna_element K, Kh;
    bool joint_ok;
};

/* An accepted roll, until `open`. */
struct urna_roll_body {
    uint8_t e[32];
    struct urna_row *rows; /* owned */
    size_t n_rows, cap_rows;
    struct urna_arena keys;
    const char *fault;     /* why its first row that cannot be used cannot, or NULL: for roll.close to say */
};

/* A valid cosignature over a root that is not (or not yet known to be) that of this log. */
struct urna_other_root {
    uint64_t size;
    uint8_t root[32];
    uint32_t witness;
};

struct urna_session_state {
    uint8_t id[32]; /* SHA-256 over attempt, block and those present */
    uint32_t *present, n_present;
    uint64_t attempt, block;
    const struct urna_decrypt_commit **commit;
    const struct urna_decrypt_reveal **reveal;
    const struct urna_decrypt_respond **respond;
    uint32_t n_commits, n_reveals, n_responds;
};

struct urna_judge {
    const struct urna_tree *tree;
    bool (*body)(void *ctx, uint64_t index, uint32_t parts, struct urna_buf *out);
    void *body_ctx;
    unsigned threads;

    struct urna_arena arena; /* lives as long as the judge */
    struct urna_arena scratch; /* of the entry being folded */
    struct urna_context *P;
    struct urna_ruling manifest_ruling;
    struct urna_checks checks;
    enum urna_phase phase;
    uint64_t entries, accepted[URNA_KIND_COUNT];
    struct urna_seen seen[URNA_KIND_COUNT];

    struct urna_void *voids;
    size_t n_voids, cap_voids;
    struct urna_finding *findings;
    size_t n_findings, cap_findings;

    bool *witness_accepted; /* per witness: `accept` before `open` */
    const char **witness_bloc;
    struct urna_ceremony_state c;
    urna_element *share_key; /* g^(z_i), after open */

    struct urna_roll_body *rolls;
    size_t n_rolls, cap_rolls;
    struct urna_index roll_index;
    bool have_close; /* an accepted roll.close */
    uint8_t close_e[32], roll_root[32];
    uint64_t roll_count;
    struct urna_row *rows; /* of the last accepted roll.close, sorted by key[0] */
    size_t n_rows;
    uint8_t (*row_keys)[32];

    struct urna_ballot_rec *ballots;
    size_t n_ballots, cap_ballots;

    struct urna_cosigned *cosigned; /* of accepted anchors up to the seal */
    size_t n_cosigned, cap_cosigned;
    bool *sealing;                  /* witnesses with time >= T_seal in an anchor accepted after open */
    uint64_t *full_size;            /* largest size cosigned with the full key, any accepted anchor */
    struct urna_other_root *other;
    size_t n_other, cap_other;

    bool sealed;
    uint64_t seal, cut;

    struct urna_buf countset_body;
    uint8_t countset_hash[32];
    bool countset_known, countset_accepted;
    uint64_t countset_index;
    struct urna_tally_group *groups;
    size_t n_groups, n_done;
    struct urna_contest_result *contests;

    struct urna_session_state *sessions;
    size_t n_sessions, cap_sessions;
    struct urna_index session_index;

    struct urna_buf result_body;
    bool result_known;
    const struct urna_result *result;
    uint64_t result_index;
};

/* Has an equal body of this kind been accepted? */
bool urna_judge_seen(const struct urna_judge *J, enum urna_kind k, const uint8_t e[32]) URNA_MUST_USE;
const char *urna_judge_text(struct urna_judge *J, const char *fmt, ...) URNA_PRINTF(2, 3);
void urna_judge_finding(struct urna_judge *J, int64_t index, bool grave, const char *text);
/* The body of the entry being folded, until the next call. Cannot fail: phase 1 has read the same bytes. */
const struct urna_body *urna_judge_read(struct urna_judge *J, const struct urna_entry *e);
/* A body kept for good, for what is accepted and asked for later: void entries must not fill the memory. */
const struct urna_body *urna_judge_keep(struct urna_judge *J, const struct urna_entry *e);

bool urna_fold_ceremony(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r);
void urna_ceremony_reset(struct urna_judge *J, uint32_t attempt);
bool urna_fold_open(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r);
bool urna_fold_roll(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r);
void urna_rolls_free(struct urna_judge *J);
bool urna_fold_roll_close(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r);
bool urna_fold_ballot(struct urna_judge *J, const struct urna_entry *e, const struct urna_alone *a, struct urna_ruling *r);
/* E1 as far as the roll decides it. */
bool urna_ballot_row(const struct urna_judge *J, const struct urna_alone *a, uint32_t *row, struct urna_ruling *r) URNA_MUST_USE;
bool urna_fold_anchor(struct urna_judge *J, const struct urna_entry *e, const struct urna_alone *a, struct urna_ruling *r);
/* Lines of a void anchor of good schema, for forks. */
void urna_note_other_roots(struct urna_judge *J, const struct urna_entry *e, const struct urna_alone *a);
void urna_find_forks(struct urna_judge *J);
/* The election is sealed by the entry at ${index}: decide ballots (selection.c), make the count set (countset.c). */
void urna_seal_now(struct urna_judge *J, uint64_t index, uint64_t cut);
void urna_select_ballots(struct urna_judge *J);
void urna_make_countset(struct urna_judge *J);
bool urna_fold_countset(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r);
bool urna_fold_decrypt(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r);
bool urna_fold_tally(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r);
bool urna_fold_result(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r);
void urna_make_result(struct urna_judge *J);

#endif
