/* urna ballot cast, challenge: what becomes of an encrypted ballot. */
#include <string.h>

#include "cli/cmd_ballot.h"

static enum urna_status unpack_prepared(struct urna_view *openings, struct urna_view *body,
                                        const struct urna_secret_bytes *s, struct urna_error *err)
{
    uint32_t n = s->len >= 5 ? urna_get_be32(s->p + 1) : 0;
    if (s->len < 5 || n > s->len - 5)
        return urna_fail(err, URNA_INPUT, "not a ballot that urna ballot encrypt made");
    *openings = urna_view(s->p + 5, n);
    *body = urna_view(s->p + 5 + n, s->len - 5 - n);
    return URNA_OK;
}

static void pack_said(struct urna_secret_bytes *out, uint8_t what, const struct urna_buf *file)
{
    urna_secret_bytes_new(out, 1 + file->len);
    out->p[0] = what;
    memcpy(out->p + 1, file->p, file->len);
}

struct decide {
    struct urna_cli_booth x;
    const char *ballot, *credential, *out, *pass_file;
    bool cast;
};

/* The highest serial of this credential that the record shows. */
static uint32_t serial_seen(const struct urna_cli_record *r, const uint8_t pk[32])
{
    size_t n;
    uint32_t max = 0;
    int64_t row = urna_judge_find_row(r->J, pk);
    const struct urna_ballot_rec *b = urna_judge_ballots(r->J, &n);
    for (size_t i = 0; i < n; i++)
        if (row >= 0 && b[i].row == (uint32_t)row && b[i].state != URNA_B_VOID && b[i].serial > max)
            max = b[i].serial;
    return max;
}

static enum urna_status make_cast(struct urna_buf *file, struct decide *q, struct urna_openings *o,
                                  struct urna_ballot *b, const struct urna_secret_bytes *pass,
                                  struct urna_error *err)
{
    struct urna_voter v = {0};
    enum urna_status st = urna_cli_booth_voter(&v, q->credential, pass, &q->x, err);
    if (st == URNA_OK && (b->n_keys < 1 || memcmp(b->keys[0], v.pk[0], 32) != 0))
        st = urna_fail(err, URNA_INPUT, "the ballot is for another credential");
    if (st == URNA_OK && urna_judge_phase(q->x.record.J) != URNA_VOTING)
        st = urna_fail(err, URNA_FALSE, "voting has ended (rule E11)");
    if (st == URNA_OK)
        st = urna_voter_serial(&b->serial, q->credential, urna_pass_view(pass),
                               serial_seen(&q->x.record, v.pk[0]), q->x.b.m->revote == 1, err);
    if (st == URNA_OK)
        st = urna_encrypted_cast(file, o, &q->x.b, b, &v, err);
    urna_voter_wipe(&v);
    return st;
}

static enum urna_status make_challenge(struct urna_buf *file, struct decide *q,
                                       struct urna_openings *o, const struct urna_ballot *b,
                                       struct urna_arena *a, struct urna_error *err)
{
    struct urna_body c = {.kind = URNA_CHALLENGE};
    struct urna_buf body = {0};
    enum urna_status st = urna_encrypted_open(&c.challenge, o, &q->x.b, b, a, err);
    if (st == URNA_OK) {
        urna_body_write(&body, &c, q->x.record.P->lp, q->x.record.P->lq);
        st = urna_entry_make(file, URNA_CHALLENGE, urna_buf_view(&body), NULL, q->x.b.phi, err);
    }
    urna_buf_free(&body);
    return st;
}

/* The first time: make the entry, and put it in the place of the openings. */
static enum urna_status decide_now(struct urna_buf *file, struct decide *q,
                                   struct urna_sealer *sealer,
                                   const struct urna_secret_bytes *state,
                                   const struct urna_secret_bytes *pass, struct urna_error *err)
{
    struct urna_arena a = {0};
    struct urna_view packed, body;
    struct urna_body b = {0};
    struct urna_openings *o = NULL;
    struct urna_secret_bytes said = {0};
    const struct urna_context *P = q->x.record.P;
    enum urna_status st = unpack_prepared(&packed, &body, state, err);
    if (st == URNA_OK)
        st = urna_body_read(&b, URNA_BALLOT, body, P->lp, P->lq, &a, err);
    if (st == URNA_OK)
        st = urna_openings_unpack(&o, packed, &q->x.b, err);
    if (st == URNA_OK && q->cast)
        st = make_cast(file, q, o, &b.ballot, pass, err);
    else if (st == URNA_OK)
        st = make_challenge(file, q, o, &b.ballot, &a, err);
    if (st == URNA_OK) {
        pack_said(&said, q->cast ? URNA_BALLOT_CAST : URNA_BALLOT_OPENED, file);
        st = urna_sealer_save(sealer, urna_view(said.p, said.len), err);
    }
    urna_secret_bytes_free(&said);
    urna_openings_free(o);
    urna_arena_free(&a);
    return st;
}

static enum urna_status said_before(struct urna_buf *file, const struct decide *q,
                                    const struct urna_secret_bytes *state, struct urna_error *err)
{
    uint8_t want = q->cast ? URNA_BALLOT_CAST : URNA_BALLOT_OPENED;
    if (state->p[0] != want)
        return urna_fail(
            err, URNA_FALSE,
            q->cast ? "this ballot was opened for a test and can't be cast: encrypt another"
                    : "this ballot was cast and is never opened");
    urna_buf_add(file, state->p + 1, state->len - 1);
    return URNA_OK;
}

static enum urna_status say_entry(struct urna_tell *s, const struct decide *q,
                                  const struct urna_buf *file, struct urna_error *err)
{
    struct urna_arena a = {0};
    struct urna_entry e;
    struct urna_body b;
    enum urna_status st = urna_cli_write(q->out, urna_buf_view(file), 0644, err);
    if (st == URNA_OK)
        st = urna_entry_file_read(&e, urna_buf_view(file), &a, err);
    if (st == URNA_OK)
        st = urna_body_read(&b, e.kind, e.body, q->x.record.P->lp, q->x.record.P->lq, &a, err);
    if (st == URNA_OK && q->cast) {
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "ballot, signed; give it to the board");
        urna_tell_hex(s, "code", b.ballot.code, 32);
        urna_tell_u64(s, "serial", b.ballot.serial);
    } else if (st == URNA_OK) {
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "opened for a test; it will never be cast");
        urna_tell_hex(s, "code", b.challenge.code, 32);
    }
    if (st == URNA_OK) {
        urna_tell_str(s, "file", q->out);
        urna_tell_hex(s, "entry", e.e, 32);
        urna_tell_note(
            s, q->cast
                   ? "Keep the code and this file. Look once after the close: urna receipt check."
                   : "On another device: urna ballot check. It must show the code that you wrote "
                     "down before, and your choice.");
    }
    urna_arena_free(&a);
    return st;
}

/* With the sealed file held, so that of two runs at once one decides. */
static enum urna_status decide_locked(struct urna_buf *file, struct decide *q,
                                      const struct urna_secret_bytes *pass, struct urna_error *err)
{
    struct urna_secret_bytes state = {0};
    struct urna_sealer *sealer = NULL;
    enum urna_status st =
        urna_sealer_open(&sealer, &state, q->ballot, URNA_SEAL_BALLOT, urna_pass_view(pass), err);
    if (st == URNA_OK && state.len < 1)
        st = urna_fail(err, URNA_INPUT, "not a ballot that urna ballot encrypt made");
    if (st == URNA_OK && state.p[0] == URNA_BALLOT_PREPARED)
        st = decide_now(file, q, sealer, &state, pass, err);
    else if (st == URNA_OK)
        st = said_before(file, q, &state, err);
    if (st != URNA_OK)
        urna_error_where(err, q->ballot);
    urna_sealer_free(sealer);
    urna_secret_bytes_free(&state);
    return st;
}

static enum urna_status decide(struct urna_tell *s, struct decide *q, struct urna_error *err)
{
    struct urna_secret_bytes pass = {0};
    struct urna_buf file = {0};
    enum urna_status st = urna_cli_booth_open(&q->x, err);
    if (st == URNA_OK)
        st = urna_cli_pass(&pass, q->pass_file, q->ballot, false, err);
    if (st == URNA_OK)
        st = decide_locked(&file, q, &pass, err);
    if (st == URNA_OK)
        st = say_entry(s, q, &file, err);
    urna_buf_free(&file);
    urna_secret_bytes_free(&pass);
    return st;
}

static int run_decide(const struct urna_command *command, struct decide *q, int argc, char **argv)
{
    struct urna_args args;
    struct urna_tell s;
    int rc = urna_options_read(&args, command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_error err = URNA_ERROR_INIT;
    q->x.record.path = args.arg[0];
    q->ballot = args.arg[1];
    urna_tell_begin(&s, &args);
    if (decide(&s, q, &err) == URNA_OK) {
        rc = urna_tell_end(&s, URNA_OK);
    } else {
        urna_json_free(&s.j);
        rc = urna_report_error(command->name, &err);
    }
    urna_cli_record_close(&q->x.record);
    return rc;
}

int urna_cmd_ballot_cast(int argc, char **argv)
{
    struct decide q = {.cast = true, .x.record.trust_needed = true};
    const struct urna_option options[] = {
        {"credential", "FILE", "your sealed credential", .string = &q.credential, .required = true},
        {"out", "FILE", "the entry for the board", .string = &q.out, .required = true, .new_file = true},
        URNA_TRUST_OPTIONS(q.x.record),
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna ballot cast",
        .title = "sign an encrypted ballot, so that it counts",
        .usage = "urna ballot cast RECORD BALLOT --trust FILE --credential FILE --out FILE",
        .text =
            "The openings are gone before the entry leaves. Asked again, the same bytes come out.",
        .options = options,
        .args_min = 2,
        .args_max = 2,
        .holds = "signed",
        .fails = "it was opened for a test, voting has ended, or this credential has voted",
    };
    return run_decide(&command, &q, argc, argv);
}

int urna_cmd_ballot_challenge(int argc, char **argv)
{
    struct decide q = {.x.record.trust_needed = true};
    const struct urna_option options[] = {
        {"out", "FILE", "the entry: ciphertexts and openings", .string = &q.out, .required = true, .new_file = true},
        URNA_TRUST_OPTIONS(q.x.record),
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna ballot challenge",
        .title = "open an encrypted ballot as a test of the device; it can't be cast any more",
        .usage = "urna ballot challenge RECORD BALLOT --trust FILE --out FILE",
        .options = options,
        .args_min = 2,
        .args_max = 2,
        .holds = "opened",
        .fails = "it was cast",
    };
    return run_decide(&command, &q, argc, argv);
}
