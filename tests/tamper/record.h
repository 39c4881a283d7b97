/* The records that are tampered with: small real elections of tests/support in which, between them,
 * every kind of entry and every field stands at least once; and the way to put them on a disk as a
 * log does, under its signed checkpoint, with the witnesses' lines. */
#ifndef TAMPER_RECORD_H
#define TAMPER_RECORD_H

#include "log/record.h"
#include "support/election.h"

struct rec {
    const char *name;
    struct ve *t;
    struct urna_alone *alone; /* what phase 1 says of each entry, so that it is asked once */
    const struct urna_buf *result;
};
/* REC_WITNESSED: a wrong share and a second ceremony, 4 witnesses, two weights, a class too small
 * to publish, a tie, two sessions of decryption, re-vote, late ballot, challenge, free texts, a
 * redaction, a roll that needs parts. REC_CLUB: no witnesses (so `close`), two registrars and two
 * keys a voter, a guardian that is lost and a second ceremony. */
enum rec_which { REC_WITNESSED, REC_CLUB, REC_COUNT };
void rec_hold(struct rec *r, const char *group, enum rec_which which);
void rec_free(struct rec *r);

/* The leaves of one entry. */
struct leaves {
    struct urna_buf leaf[4];
    size_t n;
};
void leaves_make(struct leaves *l, enum urna_kind kind, struct urna_view body,
                 const struct urna_sig *sig, uint32_t n_sigs);
void leaves_free(struct leaves *l);

/* A record on disk. */
struct disk {
    char folder[64];
    struct urna_writer *w;
    const struct ve *t;
};
void disk_open(struct disk *d, const struct ve *t);
void disk_leaf(struct disk *d, struct urna_view leaf);
void disk_body(struct disk *d, struct urna_view body);
void disk_commit(struct disk *d);
/* Sign, have it cosigned by every full witness, and close: the folder stays. */
void disk_seal(struct disk *d);
void disk_remove(struct disk *d);
/* The trust file of a reader who wants all that can be had: final, or without witnesses computed.
 */
void rec_trust(const struct ve *t, struct urna_buf *out);

_Noreturn void give_up(const char *what, const char *why);

#endif
