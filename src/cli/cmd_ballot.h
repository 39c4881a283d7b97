/* The verbs of `urna ballot`, and what they share.
 *
 * A ballot between encrypting and deciding lies in a sealed file, which is replaced by the entry
 * before the entry leaves: asked again it gives the same bytes, and a ballot that was cast is never
 * opened. */
#ifndef URNA_CLI_CMD_BALLOT_H
#define URNA_CLI_CMD_BALLOT_H

#include "cli/common.h"
#include "protocol/encrypt.h"

int urna_cmd_ballot_encrypt(int argc, char **argv);
int urna_cmd_ballot_cast(int argc, char **argv);
int urna_cmd_ballot_challenge(int argc, char **argv);
int urna_cmd_ballot_check(int argc, char **argv);

/* The sealed file begins with one of these. PREPARED || b(|openings|,4) || openings || body; the
 * other two are followed by the entry that was made. */
#define URNA_SEAL_BALLOT "ballot"
enum { URNA_BALLOT_PREPARED = 'P', URNA_BALLOT_CAST = 'C', URNA_BALLOT_OPENED = 'O' };

/* A judged record and what it says about encrypting. */
struct urna_cli_booth {
    struct urna_cli_record record;
    struct urna_booth b;
};
/* URNA_FALSE: voting is not open. */
enum urna_status urna_cli_booth_open(struct urna_cli_booth *x,
                                     struct urna_error *err) URNA_MUST_USE;
/* The sealed credential; URNA_FALSE: of another election. */
enum urna_status urna_cli_booth_voter(struct urna_voter *v, const char *path,
                                      const struct urna_secret_bytes *pass,
                                      const struct urna_cli_booth *x,
                                      struct urna_error *err) URNA_MUST_USE;

/* What the voter wants; P and style are set before reading. */
struct urna_cli_wish {
    const struct urna_context *P;
    const struct urna_style *style;
    uint32_t **values; /* by contest of the style, by option */
    bool *said;        /* by contest of the style */
    struct urna_arena a;
};
/* CONTEST=OPTION[:N] each of ${choose}, contests in ${blank}, and the lines of ${file} (or NULL).
 * URNA_INPUT: a contest that is not on this ballot, or was forgotten, or has too many votes. */
enum urna_status urna_cli_wish_read(struct urna_cli_wish *w, const struct urna_strings *choose,
                                    const struct urna_strings *blank, const char *file,
                                    struct urna_error *err) URNA_MUST_USE;
void urna_cli_wish_forget(struct urna_cli_wish *w);

#endif
