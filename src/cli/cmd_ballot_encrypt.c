/* urna ballot encrypt */
#include <string.h>

#include "cli/cmd_ballot.h"

static void pack_prepared(struct urna_secret_bytes *out, const struct urna_secret_bytes *openings,
                          const struct urna_buf *body)
{
    urna_secret_bytes_new(out, 5 + openings->len + body->len);
    out->p[0] = URNA_BALLOT_PREPARED;
    urna_be32(out->p + 1, (uint32_t)openings->len);
    memcpy(out->p + 5, openings->p, openings->len);
    memcpy(out->p + 5 + openings->len, body->p, body->len);
}

struct encrypt {
    struct urna_cli_booth x;
    const char *credential, *out, *device, *after, *choices, *pass_file;
    struct urna_strings choose, blank;
    struct urna_voter v;
    struct urna_cli_wish w;
};

static enum urna_status find_row(struct encrypt *q, struct urna_error *err)
{
    size_t n;
    const struct urna_context *P = q->x.record.P;
    const struct urna_row *row = urna_judge_rows(q->x.record.J, &n);
    int64_t at = urna_judge_find_row(q->x.record.J, q->v.pk[0]);
    if (at < 0)
        return urna_fail(err, URNA_FALSE,
                         "this credential is not on the roll of this election (rule E1)");
    if (!q->device && P->m.n_devices == 1)
        q->device = P->m.devices[0].id;
    if (!q->device || urna_context_device(P, q->device) < 0)
        return urna_fail(err, URNA_INPUT, "--device: the manifest has %u devices; \"%s\" is none",
                         P->m.n_devices, q->device ? q->device : "");
    q->w.P = P;
    q->w.style = &P->m.styles[row[at].style];
    return URNA_OK;
}

static enum urna_status encrypt_and_seal(struct urna_tell *s, struct encrypt *q,
                                         const struct urna_secret_bytes *pass,
                                         struct urna_error *err)
{
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_BALLOT};
    struct urna_openings *openings = NULL;
    struct urna_secret_bytes packed = {0}, sealed = {0};
    struct urna_buf body = {0};
    uint8_t keys[64], after[32];
    memcpy(keys, q->v.pk[0], 32);
    memcpy(keys + 32, q->v.pk[1], 32);
    if (q->after && !urna_unhex_any(after, 32, q->after, strlen(q->after)))
        return urna_fail(err, URNA_INPUT, "--after: a code has 64 hexadecimal digits");
    /* the serial is drawn when the ballot is cast: one that is only tested uses none up */
    struct urna_choice c = {.style = q->w.style->id,
                            .device = q->device,
                            .keys = keys,
                            .n_keys = q->v.n_keys,
                            .serial = 1,
                            .after = q->after ? after : NULL,
                            .values = (const uint32_t *const *)q->w.values};
    enum urna_status st = urna_ballot_encrypt(&b.ballot, &openings, &q->x.b, &c, &a, err);
    if (st == URNA_OK)
        st = urna_openings_pack(&packed, openings, &q->x.b, err);
    if (st == URNA_OK) {
        urna_body_write(&body, &b, q->x.record.P->lp, q->x.record.P->lq);
        pack_prepared(&sealed, &packed, &body);
        st = urna_sealed_create(q->out, URNA_SEAL_BALLOT, urna_pass_view(pass), NULL,
                                urna_view(sealed.p, sealed.len), err);
    }
    if (st == URNA_OK) {
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "encrypted; nothing has been sent");
        urna_tell_hex(s, "code", b.ballot.code, 32);
        urna_tell_str(s, "file", q->out);
        urna_tell_note(s, "Write the code down, on paper or another device. Then decide: urna "
                          "ballot cast, or urna ballot challenge to see what is inside.");
    }
    urna_openings_free(openings);
    urna_secret_bytes_free(&packed);
    urna_secret_bytes_free(&sealed);
    urna_buf_free(&body);
    urna_arena_free(&a);
    return st;
}

static enum urna_status encrypt(struct urna_tell *s, struct encrypt *q, struct urna_error *err)
{
    struct urna_secret_bytes pass = {0};
    enum urna_status st = urna_cli_booth_open(&q->x, err);
    if (st == URNA_OK)
        st = urna_cli_pass(&pass, q->pass_file, q->credential, false, err);
    if (st == URNA_OK)
        st = urna_cli_booth_voter(&q->v, q->credential, &pass, &q->x, err);
    if (st == URNA_OK)
        st = find_row(q, err);
    if (st == URNA_OK)
        st = urna_cli_wish_read(&q->w, &q->choose, &q->blank, q->choices, err);
    if (st == URNA_OK)
        st = encrypt_and_seal(s, q, &pass, err);
    urna_secret_bytes_free(&pass);
    urna_voter_wipe(&q->v);
    urna_cli_wish_forget(&q->w);
    return st;
}

int urna_cmd_ballot_encrypt(int argc, char **argv)
{
    struct encrypt q = {.x.record.trust_needed = true};
    const struct urna_option options[] = {
        {"credential", "FILE", "your sealed credential", .string = &q.credential, .required = true},
        {"choose", "CONTEST=OPTION",
         "by id; OPTION:N where more than one vote may go to an option; several times",
         .list = &q.choose},
        {"blank", "CONTEST", "leave it empty; several times", .list = &q.blank},
        {"choices", "FILE",
         "a line each: CONTEST=OPTION, or CONTEST= to leave it empty; keeps your vote out of the "
         "list of processes and the shell's history",
         .string = &q.choices},
        {"device", "ID", "which device of the manifest this is; default: the only one",
         .string = &q.device},
        {"after", "CODE", "code of your previous ballot (evidence only)", .string = &q.after},
        {"out", "FILE", "the ballot, sealed with the passphrase of the credential",
         .string = &q.out, .required = true, .new_file = true},
        URNA_TRUST_OPTIONS(q.x.record),
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna ballot encrypt",
        .title = "encrypt a ballot and show its code",
        .usage = "urna ballot encrypt RECORD --trust FILE --credential FILE --choose "
                 "CONTEST=OPTION... --out FILE",
        .text = "Whoever sees this command line sees your vote: type it where nobody else reads "
                "the list of processes or the shell's history.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "encrypted",
        .fails = "voting is not open, or you are not on the roll",
    };
    struct urna_args args;
    struct urna_tell s;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc == URNA_GO_ON) {
        struct urna_error err = URNA_ERROR_INIT;
        q.x.record.path = args.arg[0];
        urna_tell_begin(&s, &args);
        if (encrypt(&s, &q, &err) == URNA_OK) {
            rc = urna_tell_end(&s, URNA_OK);
        } else {
            urna_json_free(&s.j);
            rc = urna_report_error(command.name, &err);
        }
    }
    urna_cli_record_close(&q.x.record);
    urna_strings_free(&q.choose);
    urna_strings_free(&q.blank);
    return rc;
}
