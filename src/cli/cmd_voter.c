/* urna voter: the credential of one voter. */
#include <string.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "protocol/code.h"
#include "protocol/voter.h"

/* One code from the text of a line; says where it is wrong, never what would be right: the letter
 * is at hand. */
static enum urna_status read_code(uint8_t secret[16], const char *text, size_t len, unsigned number,
                                  struct urna_error *err)
{
    struct urna_code_hint h;
    if (urna_code_read(secret, text, len, &h) == URNA_OK)
        return URNA_OK;
    switch (h.fault) {
    case URNA_CODE_LENGTH:
        return urna_fail(err, URNA_INPUT, "code %u has %u characters, not %d", number, h.at,
                         URNA_CODE_LEN);
    case URNA_CODE_CHARACTER:
        return urna_fail(err, URNA_INPUT, "code %u: character %u can't stand in a code", number,
                         h.at);
    case URNA_CODE_CHECK:
    case URNA_CODE_GOOD:
        break;
    }
    if (h.at)
        return urna_fail(err, URNA_INPUT, "code %u is mistyped, perhaps at character %u", number,
                         h.at);
    return urna_fail(err, URNA_INPUT, "code %u is mistyped", number);
}

static enum urna_status from_codes(struct urna_voter *v, const uint8_t phi[32], const char *path,
                                   uint32_t factors, struct urna_error *err)
{
    struct urna_buf file = {0};
    uint8_t secrets[32] = {0};
    enum urna_status st = urna_cli_read(&file, path, 4096, err);
    const char *p = st == URNA_OK ? urna_buf_cstr(&file) : "";
    for (uint32_t i = 0; i < factors && st == URNA_OK; i++) {
        size_t n = strcspn(p, "\n");
        st = read_code(secrets + 16 * i, p, n, i + 1, err);
        p += n + (p[n] == '\n');
    }
    if (st == URNA_OK && p[strspn(p, " \t\r\n")] != '\0')
        st = urna_fail(err, URNA_INPUT, "more than %u code(s)", factors);
    if (st == URNA_OK)
        st = urna_voter_from_codes(v, phi, secrets, factors, err);
    else
        urna_error_where(err, path);
    urna_wipe(secrets, sizeof secrets);
    if (file.p)
        urna_wipe(file.p, file.cap);
    urna_buf_free(&file);
    return st;
}

struct request {
    const char *codes, *out, *pass_file;
    bool key_only;
};

static enum urna_status make(struct urna_voter *v, const struct urna_context *P,
                             const struct request *q, struct urna_error *err)
{
    struct urna_secret_bytes pass = {0};
    enum urna_status st = URNA_OK;
    if (q->codes)
        st = from_codes(v, P->phi, q->codes, urna_context_factors(P), err);
    else if (P->m.credentials == URNA_VOTER_MADE)
        urna_voter_new(v, P->phi, urna_context_factors(P));
    else
        st =
            urna_fail(err, URNA_INPUT, "in this election registrars send codes: give --codes FILE");
    if (st == URNA_OK)
        st = urna_cli_pass(&pass, q->pass_file, q->out, true, err);
    if (st == URNA_OK)
        st = urna_voter_create(v, q->out, urna_pass_view(&pass), NULL, err);
    urna_secret_bytes_free(&pass);
    return st;
}

static void say_voter(struct urna_tell *s, const struct urna_voter *v)
{
    urna_tell_hex(s, "key", v->pk[0], 32);
    if (v->n_keys == 2)
        urna_tell_hex(s, "key2", v->pk[1], 32);
}

static enum urna_status new_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                 struct urna_error *err)
{
    const struct request *q = ctx;
    struct urna_cli_election x;
    struct urna_voter v = {0};
    enum urna_status st = urna_cli_election_open(&x, args->arg[0], err);
    if (st == URNA_OK)
        st = make(&v, x.P, q, err);
    if (st == URNA_OK) {
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "credential for %s",
                       urna_cli_title(&x.P->m.title, "an election"));
        urna_tell_str(s, "file", q->out);
        urna_tell_hex(s, "fingerprint", x.P->phi, 32);
        say_voter(s, &v);
    }
    urna_voter_wipe(&v);
    urna_cli_election_close(&x);
    return st;
}

static int cmd_new(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"out", "FILE", "the sealed credential", .string = &q.out, .required = true, .new_file = true},
        {"codes", "FILE", "the code of the letter, one a line, if there are letters",
         .string = &q.codes},
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna voter new",
        .title = "make a voter's credential and seal it",
        .usage = "urna voter new ELECTION --out FILE [--codes FILE]",
        .text = "ELECTION is the signed manifest or the record. Prints the public key: with "
                "voter-made credentials it goes to the registrar.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "made",
        .fails = "the record is not valid",
    };
    return urna_cli_run(&command, argc, argv, new_work, &q);
}

static void print_keys(const struct urna_voter *v)
{
    char hex[65];
    for (uint32_t i = 0; i < v->n_keys; i++) {
        urna_hex(hex, v->pk[i], 32);
        puts(hex);
    }
}

static enum urna_status show_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                  struct urna_error *err)
{
    const struct request *q = ctx;
    struct urna_secret_bytes pass = {0};
    struct urna_voter v = {0};
    enum urna_status st = urna_cli_pass(&pass, q->pass_file, args->arg[0], false, err);
    if (st == URNA_OK)
        st = urna_voter_load(&v, args->arg[0], urna_pass_view(&pass), err);
    urna_secret_bytes_free(&pass);
    if (st == URNA_OK && q->key_only && !args->json) {
        print_keys(&v);
    } else if (st == URNA_OK) {
        urna_tell_hex(s, "fingerprint", v.phi, 32);
        say_voter(s, &v);
        urna_tell_u64(s, "serial", v.serial);
    }
    urna_voter_wipe(&v);
    return st;
}

static int cmd_show(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"key", NULL, "print only the public key", .flag = &q.key_only},
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna voter show",
        .title = "print the public key and the last serial of a credential",
        .usage = "urna voter show FILE",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "printed",
    };
    return urna_cli_run(&command, argc, argv, show_work, &q);
}

int urna_cmd_voter(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"new", cmd_new, "make a voter's credential and seal it"},
        {"show", cmd_show, "print the public key and the last serial of a credential"},
        {0},
    };
    return urna_verbs("urna voter", "the credential of one voter", verbs, argc, argv);
}
