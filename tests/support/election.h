/* A real election held in memory, of any shape, with every key at hand: what each role says is made
 * by src/protocol, put before a live judge, and counted plainly on the side. Attacks are tried in
 * the middle of it; the election then goes on and must end with the plain count. TEST keys: drawn
 * anew in every run, never written anywhere but into a temporary folder that ve_free removes. */
#ifndef SUPPORT_ELECTION_H
#define SUPPORT_ELECTION_H

#include "proof/check.h"
#include "protocol/ceremony.h"
#include "protocol/encrypt.h"
#include "verify/follow.h"

enum {
    VE_GUARDIANS = 5,
    VE_WITNESSES = 5,
    VE_CONTESTS = 3,
    VE_OPTIONS = 4,
    VE_STYLES = 3,
    VE_CELLS = 8,
    VE_VOTERS = 40,
    VE_SIGNERS = 4
};

struct ve_shape {
    const char *group;
    uint64_t seed;
    uint32_t n, k;
    uint32_t witnesses, witness_bloc[VE_WITNESSES],
        commission; /* no witnesses: the commission closes */
    uint32_t contests, options[VE_CONTESTS], limit[VE_CONTESTS], option_limit[VE_CONTESTS];
    uint32_t styles, style_has[VE_STYLES]; /* bits of contests */
    uint32_t cells, up[VE_CELLS];
    uint32_t voters, weights, weight[3]; /* voters draw style, weight and leaf */
    bool two_keys, revote, seats, all_may_be_small;
    bool rich; /* a manifest without defaults; the last witness signs anchors with both keys */
    uint64_t m_min, m_root, block;
};
/* 3 guardians (k = 2), 3 witnesses of 3 blocs, two contests (3 options, L = R = 1; 2 options, R =
 * 2, L = 3), one style, two leaf cells, 8 voters of weight 1, re-votes. */
void ve_small_shape(struct ve_shape *s, const char *group, uint64_t seed);
void ve_random_shape(struct ve_shape *s, const char *group, uint64_t seed);

struct ve_key {
    char id[8];
    uint8_t seed[32], pk[32];
};
struct ve_voter {
    uint8_t pk[2][32], sk[2][32];
    uint32_t style, weight, leaf; /* leaf: 0-based among the leaves */
};
struct ve_cast {
    uint32_t voter, serial, value[VE_CONTESTS][VE_OPTIONS];
    uint8_t e[32];
    bool in_time;
};
struct ve_entry {
    enum urna_kind kind;
    struct urna_buf body;
    int voter; /* index, or -1 */
    uint32_t signer[VE_SIGNERS], n_signers;
    uint64_t anchor_time;            /* 0: no anchor */
    uint32_t anchor_by, anchor_head; /* bits of witnesses */
    struct urna_sig sig[VE_SIGNERS];
    uint32_t n_sigs;
};
struct ve {
    struct ve_shape s;
    uint64_t rng;
    struct urna_arena a;
    struct ve_key key[40];
    uint32_t n_keys, commission[3], guardian[VE_GUARDIANS], registrar[2], full[VE_WITNESSES],
        head[VE_WITNESSES], observer, log;
    const char *bloc[VE_WITNESSES];
    bool accepts[VE_WITNESSES];
    struct ve_voter voter[VE_VOTERS];
    uint32_t leaf_cell[VE_CELLS], n_leaves;
    struct urna_manifest m;
    uint8_t phi[32];
    char folder[64];
    struct urna_guardian *g[VE_GUARDIANS];
    struct urna_follow *f;
    struct urna_judge *J;
    const struct urna_context *P;
    struct ve_entry *entry; /* the accepted ones, in order */
    size_t n;
    struct ve_cast *cast;
    size_t n_cast;
    const uint8_t *rho; /* of ballots made from now on; NULL: drawn */
};

uint32_t ve_random(struct ve *t, uint32_t below);

/* Any honest entry that no step below says. Returns its place. */
size_t ve_say(struct ve *t, enum urna_kind kind, struct urna_view body, int voter,
              const uint32_t *signer, uint32_t n_signers);
size_t ve_say_body(struct ve *t, const struct urna_body *b, const uint32_t *signer, uint32_t n);

/* Steps; each ends the process with a message if an honest entry is refused. */
struct ve *ve_begin(const struct ve_shape *s); /* manifest, accepts */
/* The same people with the same keys in another election. */
struct ve *ve_begin_with(const struct ve_shape *s, const struct ve *people);
/* How attempt 1 of the ceremony goes; all but VE_GOOD need n > 1 and make a second attempt. */
enum ve_ceremony { VE_GOOD, VE_LOST, VE_WRONG_SHARE, VE_FALSE_COMPLAINT };
void ve_ceremony(struct ve *t, enum ve_ceremony how);
/* Parts of it: the guardians' programs; everybody but one (from 1) says one thing, if there is
 * something to say. */
void ve_guardians(struct ve *t);
bool ve_ask(struct ve *t, uint32_t except);
void ve_roll(struct ve *t);
bool ve_roll_try(struct ve *t, struct urna_ruling *r); /* whether roll.close is accepted */
void ve_open(struct ve *t);
/* One valid ballot or challenge; value NULL: drawn. Returns the entry's place. */
size_t ve_vote(struct ve *t, uint32_t voter, uint32_t serial,
               const uint32_t value[VE_CONTESTS][VE_OPTIONS]);
void ve_challenge(struct ve *t, uint32_t voter);
void ve_anchor(struct ve *t, uint64_t time);
void ve_close(struct ve *t); /* the last moment in time */
void ve_seal(struct ve *t);  /* and the count set */
void ve_decrypt(struct ve *t, const uint32_t *present, uint32_t n_present, uint64_t attempt);
void ve_result(struct ve *t);
/* As far as voting: a good ceremony, the roll, `open`. */
struct ve *ve_voting(const struct ve_shape *s);
/* All of it: everybody votes, some again, some late. */
struct ve *ve_hold(const struct ve_shape *s, enum ve_ceremony how);
void ve_free(struct ve *t);

/* The plain count: false (and a message on stderr) if the judge's accepted result is another. */
bool ve_counts_agree(const struct ve *t, struct urna_judge *J);

/* --- attacks ------------------------------------------------------------- */
/* A ballot as ve_vote makes it, not yet said; booth as a device has it. */
void ve_booth(const struct ve *t, struct urna_booth *b);
void ve_ballot(struct ve *t, struct urna_ballot *b, uint32_t voter, uint32_t serial,
               const uint32_t value[VE_CONTESTS][VE_OPTIONS], const struct urna_booth *booth,
               struct urna_openings **o);
/* Put before the live judge, signed anew by these roles (voter >= 0: by that voter). Returns
 * whether it was accepted. */
bool ve_try(struct ve *t, enum urna_kind kind, struct urna_view body, int voter,
            const uint32_t *signer, uint32_t n_signers, struct urna_ruling *r);
bool ve_try_body(struct ve *t, const struct urna_body *b, int voter, const uint32_t *signer,
                 uint32_t n_signers, struct urna_ruling *r);
/* The same with signatures given, before any judge. */
bool ve_put(struct urna_follow *f, enum urna_kind kind, struct urna_view body,
            const struct urna_sig *sig, uint32_t n, struct urna_ruling *r);
uint32_t ve_sign(const struct ve *t, enum urna_kind kind, struct urna_view body, int voter,
                 const uint32_t *signer, uint32_t n_signers, const uint8_t phi[32],
                 struct urna_sig *out);
/* Entry i before another judge, with its old signatures; an anchor is made over the tree as it then
 * is. */
bool ve_replay(const struct ve *t, struct urna_follow *f, size_t i, struct urna_ruling *r);
/* Its body as ve_replay would put it now. */
void ve_body_of(const struct ve *t, struct urna_follow *f, size_t i, struct urna_buf *out);

/* A guardian whose secrets the test knows. */
struct ve_evil {
    uint32_t i;
    urna_secret_scalar a[VE_GUARDIANS], ah[VE_GUARDIANS], zeta;
    urna_element K[VE_GUARDIANS], Kh[VE_GUARDIANS], kappa;
    struct urna_body keys, shares;
};
void ve_evil_keys(struct ve *t, struct ve_evil *x, uint32_t i, uint32_t attempt);
/* wrong: index of the guardian whose share is off by one; 0: none. */
void ve_evil_shares(struct ve *t, struct ve_evil *x, uint32_t wrong);

#endif
