/* The demo election: the Coordination Council of Belarus, 25-27 May 2024, held again on one machine with real numbers, the real protocol
 * and the real files. Votes by list are the published ones (table in council.c); voters, keys, times and witnesses are made up, and the
 * manifest says `test`. One struct carries it from step to step; each file of this folder is one part of the day. */
#ifndef URNA_CLI_DEMO_DEMO_H
#define URNA_CLI_DEMO_DEMO_H

#include "protocol/ceremony.h"
#include "protocol/encrypt.h"
#include "protocol/role.h"
#include "verify/append.h"

enum {
    DEMO_LISTS = 11,
    DEMO_SEATS = 80,
    DEMO_VOTERS = 8214,   /* credentials on the roll (made up) */
    DEMO_REVOTES = 341,   /* voters who voted twice */
    DEMO_LATE = 19,       /* ballots after the last moment */
    DEMO_OPENED = 112,    /* ballots opened as tests */
    DEMO_GUARDIANS = 5,
    DEMO_QUORUM = 3,
    DEMO_WITNESSES = 6,
    DEMO_CELLS = 6,       /* online "stations": leaf cells */
    DEMO_COMMISSION = 3,
    DEMO_MISSING_GUARDIAN = 2, /* index: not there at the decryption */
    DEMO_SILENT_WITNESS = 5    /* index from 0: does not sign the result */
};

struct demo_list {
    const char *id, *name;
    uint32_t votes;
};
extern const struct demo_list demo_council[DEMO_LISTS];

struct demo {
    const char *folder;
    char *record, *secrets, *trust_path, *page;
    struct urna_arena arena;
    struct urna_role_key log, commission[DEMO_COMMISSION], registrar, guardian[DEMO_GUARDIANS], head[DEMO_WITNESSES], full[DEMO_WITNESSES];
    struct urna_role_key observer;
    uint64_t t_open, t_close, delta, t_seal, now; /* the demo's own clock */
    struct urna_append *log_file;
    uint8_t phi[32];
    struct urna_guardian *state[DEMO_GUARDIANS];
    struct urna_voter *voter; /* in the order of the roll */
    uint32_t *cell;           /* of each voter */
    uint64_t in_time_size;    /* of the log when voting had ended */
    uint64_t ballots;
    struct urna_error err;
};

/* Every step returns URNA_OK or the status of what failed, with d->err. */
typedef enum urna_status demo_step(struct demo *d);
demo_step demo_keys, demo_manifest, demo_accept, demo_ceremony, demo_roll, demo_open, demo_vote, demo_seal, demo_count, demo_decrypt, demo_result;

/* Append one signed entry (r NULL: unsigned kind) and make it durable. */
enum urna_status demo_say(struct demo *d, enum urna_kind kind, struct urna_view body, const struct urna_role_key *const *r, size_t n);
/* Write a body from its struct and say it. */
enum urna_status demo_say_body(struct demo *d, const struct urna_body *b, const struct urna_role_key *const *r, size_t n);
enum urna_status demo_commit(struct demo *d);
/* Witnesses first..last-1 cosign the log as it is: lines into the checkpoint, and an anchor entry if wanted. head: their head keys. */
enum urna_status demo_cosign(struct demo *d, const bool *who, bool head, uint64_t time, bool anchor);

/* --- after the election (cheat.c) ------------------------------------------------------------------------ */
/* Copy the record to ${to} and change one character of a ballot in it. *entry: which. */
enum urna_status demo_change_one_ballot(struct demo *d, const char *to, uint64_t *entry);
/* A second face of the log, signed with the log's own key, in which one ballot never existed. */
enum urna_status demo_make_fork(struct demo *d, const char *to, uint64_t *dropped);
/* What a witness does with it: prints the refusal and keeps the evidence file. */
enum urna_status demo_show_fork(struct demo *d, const char *fork, const char *evidence);

#endif
