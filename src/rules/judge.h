/* The judge: an ordered fold over the entries of one log (election.md section 3, phase 2). Everything that writes and everything
 * that checks calls it. One thread folds; phase 1 (alone.h) of the entries ahead may run anywhere.
 *
 *   J = urna_judge_new(tree, body, ctx)
 *   for each entry in order: urna_judge_alone(...) unless it is the first; urna_judge_fold(J, entry, alone, &ruling)
 *   urna_judge_end(J): what only the whole log can say (forks).
 *
 * Invariants: (1) a void entry changes nothing but findings; (2) the state is a function of the ok entries in order; (3) nothing from an
 * entry is believed that can be recomputed. */
#ifndef URNA_RULES_JUDGE_H
#define URNA_RULES_JUDGE_H

#include "log/merkle.h"
#include "rules/alone.h"
#include "rules/groups.h"
#include "rules/policy.h"

enum urna_phase { URNA_SETUP, URNA_VOTING, URNA_SEALED, URNA_COUNTED };

enum urna_ballot_state { URNA_B_IN_LOG, URNA_B_COUNTED, URNA_B_SUPERSEDED, URNA_B_LATE, URNA_B_VOID };

/* One ballot entry of good form, 88 bytes: what set-level rules need of it. */
struct urna_ballot_rec {
    uint8_t e[32];
    uint8_t rho[32];
    uint64_t index;
    uint32_t row;      /* of the roll, 0-based; UINT32_MAX: none */
    uint32_t parts;
    uint16_t serial;
    uint8_t state;     /* enum urna_ballot_state */
    uint8_t signed_ok; /* a void one whose voters' signatures hold, of a row: may turn out superseded */
    int32_t void_at;   /* its place in the list of void entries, or -1 */
};

struct urna_void {
    uint64_t index;
    enum urna_kind kind;
    char rule[10];
    bool cancelled; /* a ballot with bad proofs that a counted one outranks: superseded, not void */
    const char *reason;
};

struct urna_finding {
    int64_t index; /* -1: about the whole record */
    bool grave;    /* makes the record invalid (fork) */
    const char *text;
};

/* One row of the roll: 32 bytes, and 32 for each hash that it has. */
struct urna_row {
    uint8_t (*key)[32]; /* n_keys; reg behind them */
    const uint8_t *reg; /* or NULL */
    uint32_t style, weight, leaf;
    uint8_t n_keys;
};

/* A tally group of the count set, in order. */
struct urna_tally_group {
    uint32_t contest; /* 1-based */
    uint32_t weight;
    uint64_t n;
    uint32_t *leaves, n_leaves; /* 0-based */
    uint32_t n_fields;
    urna_element *A, *B;
    bool done;          /* an accepted tally */
    uint64_t *t;
};

struct urna_contest_result {
    uint64_t counted, secret;
    uint64_t *totals;
};

struct urna_judge; /* opaque; read through the functions below */

/* tree: the leaves of the log up to (at least) the entry being folded. body(): the exact body of the entry whose own leaf is `index`
 * with `parts` part leaves before it; called during the count, from several threads one at a time. threads: 0 = all cores. */
struct urna_judge *urna_judge_new(const struct urna_tree *tree,
                                  bool (*body)(void *ctx, uint64_t index, uint32_t parts, struct urna_buf *out), void *ctx,
                                  unsigned threads);
void urna_judge_free(struct urna_judge *J);

/* Returns true if accepted. Otherwise the ruling says which rule; the entry is in the list of void ones. The first entry has no alone
 * (NULL): if it is not an acceptable manifest, urna_judge_context stays NULL and the record is invalid. */
bool urna_judge_fold(struct urna_judge *J, const struct urna_entry *e, struct urna_alone *alone, struct urna_ruling *r);
/* A part leaf that is void by itself. */
void urna_judge_stray(struct urna_judge *J, const struct urna_stray *s);
void urna_judge_end(struct urna_judge *J);

/* What phase 2 can say without changing anything: the phase, repetition, and for ballots E1. For ballots and challenges that is all there
 * is; other kinds may still be refused by the fold. */
bool urna_judge_would_take(const struct urna_judge *J, const struct urna_entry *e, const struct urna_alone *alone, struct urna_ruling *r) URNA_MUST_USE;

/* --- reading the state ----------------------------------------------------------------------------- */
struct urna_context *urna_judge_context(struct urna_judge *J); /* NULL before a manifest */
const struct urna_ruling *urna_judge_manifest_ruling(const struct urna_judge *J);
struct urna_checks *urna_judge_checks(struct urna_judge *J);
enum urna_phase urna_judge_phase(const struct urna_judge *J);
uint64_t urna_judge_entries(const struct urna_judge *J);
/* Accepted entries by kind. */
uint64_t urna_judge_accepted(const struct urna_judge *J, enum urna_kind k);
const struct urna_void *urna_judge_voids(const struct urna_judge *J, size_t *n);
const struct urna_finding *urna_judge_findings(const struct urna_judge *J, size_t *n);
const struct urna_ballot_rec *urna_judge_ballots(const struct urna_judge *J, size_t *n);
const struct urna_row *urna_judge_rows(const struct urna_judge *J, size_t *n);
/* Root of the last accepted roll.close; NULL before. */
const uint8_t *urna_judge_roll_root(const struct urna_judge *J);
int64_t urna_judge_find_row(const struct urna_judge *J, const uint8_t pk_1[32]);
/* The attempt that runs now, and what of it is accepted (arrays of n, NULL where missing; borrowed). */
struct urna_ceremony_view {
    uint32_t attempt;
    uint32_t n_commits, n_keys, n_shares, n_confirms;
    const struct urna_guardian_commit *const *commit;
    const struct urna_guardian_keys *const *keys;
    const struct urna_guardian_shares *const *shares;
    const struct urna_guardian_confirm *const *confirm;
    uint8_t h_g[32], h_e[32]; /* valid once all keys are in */
    const urna_element *K, *Kh;
    bool ready;               /* all confirmed */
};
void urna_judge_ceremony(const struct urna_judge *J, struct urna_ceremony_view *out);
/* g^(z_i) of guardian i (1-based), once opened. */
const urna_element *urna_judge_share_key(const struct urna_judge *J, uint32_t i);
/* Index of the sealing entry, cut; false before the seal. */
bool urna_judge_seal(const struct urna_judge *J, uint64_t *seal, uint64_t *cut) URNA_MUST_USE;
/* cut(T) from the accepted anchors so far (up to the seal). */
uint64_t urna_judge_cut(const struct urna_judge *J, uint64_t T);
const bool *urna_judge_witnesses(const struct urna_judge *J); /* accepted before open */
/* The largest size that witness w cosigned with its full key in an accepted anchor. */
uint64_t urna_judge_full_size(const struct urna_judge *J, uint32_t w);
/* After the seal: the one possible body of the count set and its hash. NULL before. */
const struct urna_buf *urna_judge_countset_body(const struct urna_judge *J);
const uint8_t *urna_judge_countset_hash(const struct urna_judge *J);
bool urna_judge_countset_at(const struct urna_judge *J, uint64_t *index) URNA_MUST_USE; /* accepted */
const struct urna_tally_group *urna_judge_groups(const struct urna_judge *J, size_t *n);
const struct urna_contest_result *urna_judge_contests(const struct urna_judge *J); /* counted and secret after the seal */
/* All groups have a tally: the one possible body of the result. NULL before. */
const struct urna_buf *urna_judge_result_body(const struct urna_judge *J);
bool urna_judge_result_at(const struct urna_judge *J, uint64_t *index) URNA_MUST_USE; /* accepted */
const struct urna_result *urna_judge_result(const struct urna_judge *J);              /* accepted, or NULL */
/* Sessions of decryption (borrowed; index from 0). */
struct urna_session_view {
    const uint32_t *present;
    uint32_t n_present;
    uint64_t attempt, block;
    uint32_t n_commits, n_reveals, n_responds;
    const struct urna_decrypt_commit *const *commit;   /* n_present each, by place in present */
    const struct urna_decrypt_reveal *const *reveal;
    const struct urna_decrypt_respond *const *respond;
};
size_t urna_judge_sessions(const struct urna_judge *J);
void urna_judge_session(const struct urna_judge *J, size_t i, struct urna_session_view *out);
uint32_t urna_judge_blocks(const struct urna_judge *J);

#endif
