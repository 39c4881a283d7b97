/* urna ballot: encrypt, then cast or test; and check a test on another device. */
#include "cli/cmd_ballot.h"

#include <string.h>

#include "cli/commands.h"

enum urna_status urna_cli_booth_open(struct urna_cli_booth *x, struct urna_error *err)
{
    enum urna_status st = urna_cli_record_open(&x->record, err);
    if (st != URNA_OK)
        return st;
    const struct urna_context *P = x->record.P;
    if (!P->opened)
        return urna_fail(err, URNA_FALSE,
                         "voting is not open yet: there is no key to encrypt with");
    x->b = (struct urna_booth){.G = P->G, .g = P->g, .K = P->fixed_K, .m = &P->m};
    memcpy(x->b.phi, P->phi, 32);
    memcpy(x->b.h_e, P->h_e, 32);
    return URNA_OK;
}

enum urna_status urna_cli_booth_voter(struct urna_voter *v, const char *path,
                                      const struct urna_secret_bytes *pass,
                                      const struct urna_cli_booth *x, struct urna_error *err)
{
    enum urna_status st = urna_voter_load(v, path, urna_pass_view(pass), err);
    if (st == URNA_OK && memcmp(v->phi, x->b.phi, 32) != 0)
        st = urna_fail(err, URNA_FALSE, "this credential is of another election");
    if (st != URNA_OK)
        urna_error_where(err, path);
    return st;
}

int urna_cmd_ballot(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"encrypt", urna_cmd_ballot_encrypt, "encrypt a ballot and show its code"},
        {"cast", urna_cmd_ballot_cast, "sign an encrypted ballot, so that it counts"},
        {"challenge", urna_cmd_ballot_challenge,
         "open an encrypted ballot as a test of the device"},
        {"check", urna_cmd_ballot_check,
         "on another device: is the opened ballot what the code says?"},
        {0},
    };
    return urna_verbs("urna ballot", "vote, or test the device that encrypts", verbs, argc, argv);
}
