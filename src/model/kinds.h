/* What an election is made of: the bodies of all kinds of the core, as plain data (election.md section 2).
 * Strings are NUL-terminated, everything lives in the arena of the reader. Elements and scalars are kept as their raw
 * bytes (lp, lq of the election's group) here: deciding whether they are members of the group is for rules/.
 * Optional hashes are pointers, NULL if absent. Indices count from 1, as in the law. */
#ifndef URNA_MODEL_KINDS_H
#define URNA_MODEL_KINDS_H

#include "group/group.h"
#include "model/codec.h"

enum urna_kind {
    URNA_MANIFEST, URNA_ACCEPT, URNA_GUARDIAN_COMMIT, URNA_GUARDIAN_KEYS, URNA_GUARDIAN_SHARES, URNA_GUARDIAN_COMPLAINT,
    URNA_GUARDIAN_CONFIRM, URNA_ROLL, URNA_ROLL_CLOSE, URNA_OPEN, URNA_BALLOT, URNA_CHALLENGE, URNA_ANCHOR, URNA_CLOSE,
    URNA_COUNTSET, URNA_DECRYPT_COMMIT, URNA_DECRYPT_REVEAL, URNA_DECRYPT_RESPOND, URNA_TALLY, URNA_RESULT, URNA_VERDICT,
    URNA_INCIDENT, URNA_COMPLAINT, URNA_STATEMENT, URNA_ATTACHMENT, URNA_REDACT,
    URNA_KIND_COUNT,
    URNA_KIND_UNKNOWN = URNA_KIND_COUNT
};
const char *urna_kind_name(enum urna_kind k);
enum urna_kind urna_kind_find(const char *name);
bool urna_kind_out_of_line(enum urna_kind k); /* incident, complaint, statement, attachment */

struct urna_title { const char *lang, *text; };
struct urna_titles { struct urna_title *v; uint32_t n; };
struct urna_role { const char *id, *bloc; uint8_t key[32]; };
struct urna_cosigner { const char *name; uint8_t key[32]; };
struct urna_witness_role { const char *id, *bloc; struct urna_cosigner head, full; };
struct urna_device { const char *id; struct urna_titles title; };
struct urna_contest_option { const char *id; struct urna_titles title; };
struct urna_contest {
    const char *id;
    struct urna_titles title;
    uint32_t limit, option_limit; /* L, R */
    struct urna_contest_option *options;
    uint32_t n_options;
};
struct urna_style { const char *id; uint32_t *contests; uint32_t n_contests; };
struct urna_cell { const char *id; uint32_t up; /* 0: none */ struct urna_titles title; };
struct urna_small { uint32_t contest, weight; };
enum urna_seat_method { URNA_HARE, URNA_DROOP, URNA_DHONDT, URNA_SAINTELAGUE, URNA_SAINTELAGUE_MOD };
struct urna_seats_decl {
    uint32_t contest, n;
    uint32_t method; /* enum urna_seat_method */
    uint32_t base;   /* 0 qualified, 1 all */
    uint64_t num, den;
    uint32_t ties;   /* 0 error, 1 order */
};
struct urna_named { const char *id; struct urna_titles title; };
enum urna_credentials { URNA_ONE_REGISTRAR, URNA_TWO_REGISTRARS, URNA_VOTER_MADE };

struct urna_manifest {
    uint8_t election[16];
    uint32_t test;
    struct urna_titles title;
    const char *zone;  /* default "UTC" */
    const char *group; /* id */
    uint32_t n, k;
    const char *origin;
    uint8_t log_key[32];
    struct urna_role *commission; uint32_t n_commission;
    struct urna_role *guardians; uint32_t n_guardians;
    struct urna_role *registrars; uint32_t n_registrars;
    uint32_t credentials; /* enum urna_credentials */
    struct urna_witness_role *witnesses; uint32_t n_witnesses;
    struct urna_role *observers; uint32_t n_observers;
    struct urna_device *devices; uint32_t n_devices;
    struct urna_contest *contests; uint32_t n_contests;
    struct urna_style *styles; uint32_t n_styles;
    struct urna_cell *cells; uint32_t n_cells;
    uint32_t revote;
    uint64_t m_min, m_root, m_roll;
    struct urna_small *secret_if_small; uint32_t n_secret_if_small; bool has_secret_if_small;
    uint64_t t_open, t_close, delta, t_seal;
    uint64_t ballot_max, challenge_max, block;
    struct urna_seats_decl *seats; uint32_t n_seats; bool has_seats;
    struct urna_named *names; uint32_t n_names; bool has_names;
};

struct urna_accept { const char *as; };
struct urna_guardian_commit { const char *as; uint64_t attempt; uint8_t hash[32]; };
struct urna_key_proof { const uint8_t *c; const uint8_t **v; uint32_t n_v; };
struct urna_guardian_keys {
    const char *as;
    uint64_t attempt;
    uint8_t nonce[32];
    const uint8_t **k; uint32_t n_k;
    const uint8_t **kh; uint32_t n_kh;
    const uint8_t *kappa;
    struct urna_key_proof proof, proofh;
};
struct urna_share { uint32_t i; const uint8_t *c0; uint8_t c1[64]; const uint8_t *c, *v; };
struct urna_guardian_shares { const char *as; uint64_t attempt; struct urna_share *to; uint32_t n_to; };
struct urna_guardian_complaint { const char *as; uint64_t attempt; const char *against; const uint8_t *zeta; /* or NULL */ };
struct urna_guardian_confirm { const char *as; uint64_t attempt; uint8_t hg[32], he[32]; };
struct urna_roll_row {
    uint8_t (*keys)[32]; uint32_t n_keys;
    const char *style;
    uint32_t weight;
    const char *leaf;
    const uint8_t *reg; /* 32 bytes or NULL */
};
struct urna_roll { struct urna_roll_row *rows; uint32_t n_rows; };
struct urna_cell_count { const char *leaf; uint64_t n; };
struct urna_roll_close {
    uint8_t (*rolls)[32]; uint32_t n_rolls;
    uint64_t count;
    uint8_t root[32];
    struct urna_cell_count *cells; uint32_t n_cells;
};
struct urna_open { uint64_t attempt; uint64_t count; uint8_t root[32]; const uint8_t *k, *kh; uint8_t hg[32], he[32]; };
/* c and v may have different lengths: V6.E is a rule, not grammar. */
struct urna_range { const uint8_t **c; uint32_t n_c; const uint8_t **v; uint32_t n_v; };
struct urna_ballot_field { const uint8_t *a, *b; struct urna_range proof; };
struct urna_ballot_contest { uint32_t i; struct urna_ballot_field *fields; uint32_t n_fields; struct urna_range limit; };
struct urna_ballot {
    uint8_t (*keys)[32]; uint32_t n_keys;
    uint8_t rho[32];
    const char *style, *device;
    uint32_t serial; /* 1..65535 */
    const uint8_t *after;
    struct urna_ballot_contest *contests; uint32_t n_contests;
    uint8_t code[32];
};
struct urna_opening { const uint8_t *a, *b; uint64_t value; const uint8_t *xi; };
struct urna_challenge_contest { uint32_t i; struct urna_opening *fields; uint32_t n_fields; };
struct urna_challenge {
    uint8_t id[32];
    const char *style, *device;
    struct urna_challenge_contest *contests; uint32_t n_contests;
    uint8_t code[32];
};
struct urna_anchor_sig { const char *as; uint32_t head; /* key: 0 "full", 1 "head" */ uint64_t time; uint8_t sig[64]; };
struct urna_anchor { uint64_t size; uint8_t root[32]; struct urna_anchor_sig *cosigs; uint32_t n_cosigs; };
struct urna_close { uint64_t time; };
struct urna_count_cell { const char *leaf; uint64_t n; uint8_t root[32]; };
struct urna_count_group { uint32_t contest, weight; const char **leaves; uint32_t n_leaves; uint64_t n; uint8_t sum[32]; };
struct urna_countset { struct urna_count_cell *cells; uint32_t n_cells; struct urna_count_group *groups; uint32_t n_groups; };
struct urna_session { const char *as; uint8_t countset[32]; uint32_t *present; uint32_t n_present; uint64_t attempt, block; };
struct urna_commit_row { uint8_t (*d)[32]; uint32_t n; };
struct urna_decrypt_commit { struct urna_session s; struct urna_commit_row *d; uint32_t n_d; };
struct urna_decrypt_share { const uint8_t *m, *a, *b; };
struct urna_share_row { struct urna_decrypt_share *v; uint32_t n; };
struct urna_decrypt_reveal { struct urna_session s; struct urna_share_row *shares; uint32_t n_shares; };
struct urna_respond_row { const uint8_t **v; uint32_t n; };
struct urna_decrypt_respond { struct urna_session s; struct urna_respond_row *v; uint32_t n_v; };
struct urna_tally_field { const uint8_t *a, *b; uint64_t t; const uint8_t *c, *v; };
struct urna_tally { uint8_t countset[32]; uint32_t contest, group; struct urna_tally_field *fields; uint32_t n_fields; };
struct urna_result_contest { uint32_t i; uint64_t counted, secret; uint64_t *totals; uint32_t n_totals; };
struct urna_result_seats { uint32_t contest; uint32_t *seats; uint32_t n_seats; uint32_t tie; };
struct urna_result {
    uint8_t countset[32];
    struct urna_result_contest *contests; uint32_t n_contests;
    struct urna_result_seats *seats; uint32_t n_seats; bool has_seats;
};
extern const char *const urna_verdict_answers[]; /* NULL-terminated: invalid, incomplete, consistent, computed, witnessed, final, anchor-withheld, ballot-withheld */
struct urna_verdict_body { const char *as; uint64_t size; uint8_t root[32]; uint32_t answer; const char *software; };
struct urna_free_text { const char *as; const char **text; uint32_t n_text; const uint8_t *about; uint8_t (*files)[32]; uint32_t n_files; bool has_files; };
struct urna_redact { uint8_t hash[32]; uint32_t reason; /* 0 personal-data 1 unlawful 2 threat */ };

struct urna_body {
    enum urna_kind kind;
    union {
        struct urna_manifest manifest;
        struct urna_accept accept;
        struct urna_guardian_commit guardian_commit;
        struct urna_guardian_keys guardian_keys;
        struct urna_guardian_shares guardian_shares;
        struct urna_guardian_complaint guardian_complaint;
        struct urna_guardian_confirm guardian_confirm;
        struct urna_roll roll;
        struct urna_roll_close roll_close;
        struct urna_open open;
        struct urna_ballot ballot;
        struct urna_challenge challenge;
        struct urna_anchor anchor;
        struct urna_close close;
        struct urna_countset countset;
        struct urna_decrypt_commit decrypt_commit;
        struct urna_decrypt_reveal decrypt_reveal;
        struct urna_decrypt_respond decrypt_respond;
        struct urna_tally tally;
        struct urna_result result;
        struct urna_verdict_body verdict;
        struct urna_free_text free_text; /* incident, complaint, statement */
        struct urna_redact redact;
    };
};

/* Grammar and schema only (form of E12). lp, lq: lengths of the election's group (unused for manifest: 0). URNA_FALSE with the
 * byte in err->offset if x is not the exact body of a thing of this kind. Attachments have no grammar: always URNA_OK, nothing read.
 * What the schema itself says is checked here: ranges of integers (serial 1..65535, weight 1..2^20, block >= 1, time > 0 ...), words,
 * "strictly ascending" lists, "not empty", defaults absent. Whatever needs the manifest is not. */
enum urna_status urna_body_read(struct urna_body *out, enum urna_kind kind, struct urna_view body, size_t lp, size_t lq,
                                struct urna_arena *a, struct urna_error *err) URNA_MUST_USE;
void urna_body_write(struct urna_buf *out, const struct urna_body *b, size_t lp, size_t lq);

#endif
