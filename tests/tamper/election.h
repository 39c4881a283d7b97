/* A small real election held in memory, with every key at hand, so that a test can change anything in it and sign it again as the role
 * that could have done it. TEST keys: drawn anew in every run, never written anywhere. */
#ifndef TAMPER_ELECTION_H
#define TAMPER_ELECTION_H

#include "verify/follow.h"

enum { TE_SIGNERS_MAX = 4, TE_KEYS = 32, TE_VOTERS = 7, TE_WITNESSES = 4 };

struct te_key {
    const char *id;
    uint8_t seed[32], pk[32];
};
struct te_entry {
    enum urna_kind kind;
    struct urna_buf body;
    int signer[TE_SIGNERS_MAX]; /* index in key[] */
    uint32_t n_signers;
    int voter;                  /* ballots: index of the voter, else -1 */
    uint64_t anchor_time;       /* anchors: cosigned at this time by every witness over the tree as it is then; 0: no anchor */
    struct urna_sig sig[TE_SIGNERS_MAX]; /* as first signed */
};
struct te {
    struct urna_arena arena;
    struct te_key key[TE_KEYS];
    int n_keys, commission[3], guardian[3], registrar, head[TE_WITNESSES], full[TE_WITNESSES], observer, log;
    uint8_t voter_sk[TE_VOTERS][32], voter_pk[TE_VOTERS][32];
    uint8_t phi[32];
    struct te_entry *entry;
    size_t n;
};
/* Hold it: 3 guardians (k = 2, the second missing at the count), 4 witnesses in 3 blocs, 7 voters, two contests, re-vote, late ballot,
 * challenge, free texts, seats. Ends the process (with a message) if any step is refused: that would be a bug of the house. */
struct te *te_hold(const char *group);
void te_free(struct te *t);

/* One change to play the log with. */
enum te_how { TE_AS_IT_IS, TE_DAMAGED, TE_SIGNED_AGAIN, TE_LEFT_OUT, TE_TWICE, TE_SWAPPED };
struct te_change {
    enum te_how how;
    size_t at;              /* entry; SWAPPED: with the next one */
    struct urna_view body;  /* DAMAGED, SIGNED_AGAIN: instead of the entry's own */
};
/* Put the log before a fresh judge: anchors are made over the tree as it then is, so that a change is never found merely because later
 * cosignatures are stale. index[i] (n + 1 places, may be NULL): log index of entry i. With the manifest changed and signed again, everything is signed for
 * the new fingerprint. */
struct urna_follow *te_play(const struct te *t, const struct te_change *c, uint64_t *index);

#endif
