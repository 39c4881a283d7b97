/* urna ballot: encrypt, then cast or test; and check a test on another device.
 *
 * A ballot between the two lies in a sealed file, which is replaced by the entry before the entry
 * leaves: asked again it gives the same bytes, and a ballot that was cast is never opened. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "protocol/encrypt.h"

#define SEAL_BALLOT "ballot"
enum { PREPARED = 'P', CAST = 'C', OPENED = 'O' };

struct booth {
    struct urna_cli_record record;
    struct urna_booth b;
};

static enum urna_status booth_open(struct booth *x, struct urna_error *err)
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

static enum urna_status load_voter(struct urna_voter *v, const char *path,
                                   const struct urna_secret_bytes *pass, const struct booth *x,
                                   struct urna_error *err)
{
    enum urna_status st = urna_voter_load(v, path, urna_pass_view(pass), err);
    if (st == URNA_OK && memcmp(v->phi, x->b.phi, 32) != 0)
        st = urna_fail(err, URNA_FALSE, "this credential is of another election");
    if (st != URNA_OK)
        urna_error_where(err, path);
    return st;
}

/* --- what the voter wants ------------------------------------------------ */

struct wish {
    const struct urna_context *P;
    const struct urna_style *style;
    uint32_t **values; /* by contest of the style, by option */
    bool *said;        /* by contest of the style */
    struct urna_arena a;
};

static enum urna_status find_contest(const struct wish *w, const char *id, uint32_t *c,
                                     struct urna_error *err)
{
    for (*c = 0; *c < w->style->n_contests; (*c)++)
        if (strcmp(w->P->m.contests[w->style->contests[*c] - 1].id, id) == 0)
            return URNA_OK;
    return urna_fail(err, URNA_INPUT, "your ballot has no contest \"%s\"", id);
}

/* CONTEST=OPTION or CONTEST=OPTION:VALUE */
static enum urna_status take_choice_from(struct wish *w, char *copy, struct urna_error *err)
{
    char *option = strchr(copy, '='), *value;
    uint64_t x = 1;
    uint32_t c;
    if (!option)
        return urna_fail(err, URNA_INPUT, "a choice is CONTEST=OPTION, not \"%s\"", copy);
    *option++ = '\0';
    value = strchr(option, ':');
    if (value)
        *value++ = '\0';
    enum urna_status st = find_contest(w, copy, &c, err);
    if (st != URNA_OK)
        return st;
    const struct urna_contest *k = &w->P->m.contests[w->style->contests[c] - 1];
    if (value && !urna_parse_u64(&x, value, strlen(value), k->option_limit))
        return urna_fail(err, URNA_INPUT, "contest %s: at most %u for one option", k->id,
                         k->option_limit);
    for (uint32_t o = 0; o < k->n_options; o++)
        if (strcmp(k->options[o].id, option) == 0) {
            if (w->values[c][o])
                return urna_fail(err, URNA_INPUT, "contest %s: %s is chosen twice", k->id, option);
            w->values[c][o] = (uint32_t)x;
            w->said[c] = true;
            return URNA_OK;
        }
    return urna_fail(err, URNA_INPUT, "contest %s has no option \"%s\"", k->id, option);
}

static enum urna_status take_choice(struct wish *w, const char *text, struct urna_error *err)
{
    size_t len = strlen(text);
    char *copy = urna_arena_strndup(&w->a, text, len);
    enum urna_status st = take_choice_from(w, copy, err);
    urna_wipe(copy, len);
    return st;
}

static enum urna_status leave_blank(struct wish *w, const char *id, struct urna_error *err)
{
    uint32_t c;
    enum urna_status st = find_contest(w, id, &c, err);
    if (st == URNA_OK && w->said[c])
        st = urna_fail(err, URNA_INPUT, "contest %s: chosen, and left blank", id);
    if (st == URNA_OK)
        w->said[c] = true;
    return st;
}

/* Nothing is left to chance: a contest that was forgotten, or one with too many, is refused here
 * and not made zero. */
static enum urna_status check_wish(const struct wish *w, struct urna_error *err)
{
    for (uint32_t c = 0; c < w->style->n_contests; c++) {
        const struct urna_contest *k = &w->P->m.contests[w->style->contests[c] - 1];
        uint64_t sum = 0;
        for (uint32_t o = 0; o < k->n_options; o++)
            sum += w->values[c][o];
        if (!w->said[c])
            return urna_fail(err, URNA_INPUT,
                             "contest %s: nothing is chosen; --blank %s leaves it empty", k->id,
                             k->id);
        if (sum > k->limit)
            return urna_fail(err, URNA_INPUT, "contest %s: %llu votes, but only %u are allowed",
                             k->id, (unsigned long long)sum, k->limit);
    }
    return URNA_OK;
}

/* A file of choices, a line each: CONTEST=OPTION, or CONTEST= for a contest that is left empty. It
 * keeps a vote out of the list of processes and of the shell's history. */
static enum urna_status take_lines(struct wish *w, const char *path, struct urna_error *err)
{
    struct urna_buf file = {0};
    enum urna_status st = urna_cli_read(&file, path, 1 << 16, err);
    if (st == URNA_OK && file.p && memchr(file.p, 0, file.len))
        st = urna_fail(err, URNA_INPUT, "not a text: it holds a zero byte");
    char *text = st == URNA_OK ? urna_arena_strndup(&w->a, urna_buf_cstr(&file), file.len) : NULL;
    int64_t at = 0;
    for (char *line = text, *next; line && st == URNA_OK; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        at++;
        size_t n = strlen(line);
        if (n && line[n - 1] == '\r')
            line[--n] = '\0';
        if (n == 0)
            continue;
        if (line[n - 1] == '=') {
            line[n - 1] = '\0';
            st = leave_blank(w, line, err);
        } else {
            st = take_choice(w, line, err);
        }
        if (st != URNA_OK) {
            err->offset = at;
            urna_error_where(err, path);
        }
    }
    if (text)
        urna_wipe(text, file.len);
    if (file.p)
        urna_wipe(file.p, file.cap);
    urna_buf_free(&file);
    return st;
}

static enum urna_status read_wish(struct wish *w, const struct urna_strings *choose,
                                  const struct urna_strings *blank, const char *file,
                                  struct urna_error *err)
{
    enum urna_status st = URNA_OK;
    w->values = URNA_NEW(&w->a, uint32_t *, w->style->n_contests);
    w->said = URNA_NEW(&w->a, bool, w->style->n_contests);
    for (uint32_t c = 0; c < w->style->n_contests; c++)
        w->values[c] =
            URNA_NEW(&w->a, uint32_t, w->P->m.contests[w->style->contests[c] - 1].n_options);
    for (size_t i = 0; i < choose->n && st == URNA_OK; i++)
        st = take_choice(w, choose->s[i], err);
    for (size_t i = 0; i < blank->n && st == URNA_OK; i++)
        st = leave_blank(w, blank->s[i], err);
    if (file && st == URNA_OK)
        st = take_lines(w, file, err);
    return st == URNA_OK ? check_wish(w, err) : st;
}

static void wish_forget(struct wish *w)
{
    for (uint32_t c = 0; w->values && c < w->style->n_contests; c++)
        urna_wipe(w->values[c],
                  w->P->m.contests[w->style->contests[c] - 1].n_options * sizeof **w->values);
    urna_arena_free(&w->a);
}

/* --- the sealed file between --------------------------------------------- */

/* PREPARED || b(|openings|,4) || openings || body */
static void pack_prepared(struct urna_secret_bytes *out, const struct urna_secret_bytes *openings,
                          const struct urna_buf *body)
{
    urna_secret_bytes_new(out, 5 + openings->len + body->len);
    out->p[0] = PREPARED;
    urna_be32(out->p + 1, (uint32_t)openings->len);
    memcpy(out->p + 5, openings->p, openings->len);
    memcpy(out->p + 5 + openings->len, body->p, body->len);
}

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

/* --- encrypt ------------------------------------------------------------- */

struct encrypt {
    struct booth x;
    const char *credential, *out, *device, *after, *choices, *pass_file;
    struct urna_strings choose, blank;
    struct urna_voter v;
    struct wish w;
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
        st = urna_sealed_create(q->out, SEAL_BALLOT, urna_pass_view(pass), NULL,
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
    enum urna_status st = booth_open(&q->x, err);
    if (st == URNA_OK)
        st = urna_cli_pass(&pass, q->pass_file, q->credential, false, err);
    if (st == URNA_OK)
        st = load_voter(&q->v, q->credential, &pass, &q->x, err);
    if (st == URNA_OK)
        st = find_row(q, err);
    if (st == URNA_OK)
        st = read_wish(&q->w, &q->choose, &q->blank, q->choices, err);
    if (st == URNA_OK)
        st = encrypt_and_seal(s, q, &pass, err);
    urna_secret_bytes_free(&pass);
    urna_voter_wipe(&q->v);
    wish_forget(&q->w);
    return st;
}

static int cmd_encrypt(int argc, char **argv)
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
         .string = &q.out, .required = true},
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

/* --- cast, challenge ----------------------------------------------------- */

struct decide {
    struct booth x;
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
    enum urna_status st = load_voter(&v, q->credential, pass, &q->x, err);
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
        pack_said(&said, q->cast ? CAST : OPENED, file);
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
    uint8_t want = q->cast ? CAST : OPENED;
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
        urna_sealer_open(&sealer, &state, q->ballot, SEAL_BALLOT, urna_pass_view(pass), err);
    if (st == URNA_OK && state.len < 1)
        st = urna_fail(err, URNA_INPUT, "not a ballot that urna ballot encrypt made");
    if (st == URNA_OK && state.p[0] == PREPARED)
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
    enum urna_status st = booth_open(&q->x, err);
    if (st == URNA_OK && urna_file_exists(q->out)) {
        st = urna_fail(err, URNA_INPUT, "exists already, and is not overwritten");
        urna_error_where(err, q->out);
    }
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

static int cmd_cast(int argc, char **argv)
{
    struct decide q = {.cast = true, .x.record.trust_needed = true};
    const struct urna_option options[] = {
        {"credential", "FILE", "your sealed credential", .string = &q.credential, .required = true},
        {"out", "FILE", "the entry for the board", .string = &q.out, .required = true},
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

static int cmd_challenge(int argc, char **argv)
{
    struct decide q = {.x.record.trust_needed = true};
    const struct urna_option options[] = {
        {"out", "FILE", "the entry: ciphertexts and openings", .string = &q.out, .required = true},
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

/* --- check: on another device -------------------------------------------- */

static enum urna_status read_challenge(struct urna_challenge *out, const struct booth *x,
                                       const char *path, struct urna_buf *file,
                                       struct urna_arena *a, struct urna_error *err)
{
    struct urna_entry e;
    struct urna_body b;
    enum urna_status st = urna_cli_read(file, path, URNA_OUT_MAX, err);
    if (st == URNA_OK)
        st = urna_entry_file_read(&e, urna_buf_view(file), a, err);
    if (st == URNA_OK && e.kind != URNA_CHALLENGE)
        st = urna_fail(err, URNA_INPUT,
                       "an entry of kind %s: only a ballot that was opened can be checked",
                       urna_kind_name(e.kind));
    if (st == URNA_OK) {
        st = urna_body_read(&b, e.kind, e.body, x->record.P->lp, x->record.P->lq, a, err);
        if (st == URNA_FALSE)
            st = err->status = URNA_INPUT;
    }
    if (st == URNA_OK)
        *out = b.challenge;
    else
        urna_error_where(err, path);
    return st;
}

static void say_choices(struct urna_tell *s, const struct urna_manifest *m,
                        const struct urna_challenge *c)
{
    if (s->json)
        urna_json_open(&s->j, "choices", '[');
    for (uint32_t i = 0; i < c->n_contests; i++) {
        const struct urna_contest *k = &m->contests[c->contests[i].i - 1];
        bool any = false;
        for (uint32_t o = 0; o < k->n_options; o++) {
            uint64_t value = c->contests[i].fields[o].value;
            if (value == 0)
                continue;
            any = true;
            if (s->json) {
                urna_json_open(&s->j, NULL, '{');
                urna_json_str(&s->j, "contest", k->id);
                urna_json_str(&s->j, "option", k->options[o].id);
                urna_json_u64(&s->j, "value", value);
                urna_json_close(&s->j, '}');
                continue;
            }
            const char *title = urna_cli_title(&k->options[o].title, k->options[o].id);
            printf("  %-13s ", k->id);
            urna_print_safe(stdout, title, strlen(title));
            if (value > 1)
                printf(" (%llu)", (unsigned long long)value);
            putchar('\n');
        }
        if (!any && !s->json)
            printf("  %-13s (blank)\n", k->id);
    }
    if (s->json)
        urna_json_close(&s->j, ']');
}

static int check(struct urna_tell *s, struct booth *x, const char *path, const char *code_text,
                 struct urna_error *err)
{
    struct urna_buf file = {0};
    struct urna_arena a = {0};
    struct urna_challenge c;
    uint8_t code[32], wanted[32];
    int rc = URNA_OK;
    enum urna_status st = booth_open(x, err);
    if (st == URNA_OK)
        st = read_challenge(&c, x, path, &file, &a, err);
    if (st == URNA_OK) {
        st = urna_challenge_recompute(code, &x->b, &c, err);
        if (st != URNA_OK)
            urna_error_where(err, path);
    }
    if (st != URNA_OK) {
        rc = (int)st;
    } else if (code_text && (!urna_unhex_any(wanted, 32, code_text, strlen(code_text)) ||
                             memcmp(code, wanted, 32) != 0)) {
        urna_tell_head(s, URNA_SIGN_FAILS, URNA_BAD, "the code is not the one that you wrote down");
        urna_tell_hex(s, "code", code, 32);
        urna_tell_str(s, "written_down", code_text);
        urna_tell_note(s, "The device showed the code of another ballot than the one it opened. Do "
                          "not vote with it; tell a witness.");
        rc = urna_tell_end(s, URNA_FALSE);
    } else {
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "the ciphertexts hold exactly this");
        urna_tell_hex(s, "code", code, 32);
        say_choices(s, &x->record.P->m, &c);
        if (!code_text)
            urna_tell_note(
                s, "Compare the code with the one that you wrote down before you chose to test.");
        rc = urna_tell_end(s, URNA_OK);
    }
    urna_arena_free(&a);
    urna_buf_free(&file);
    return rc;
}

static int cmd_check(int argc, char **argv)
{
    struct booth x = {.record.trust_needed = true};
    const char *code = NULL;
    const struct urna_option options[] = {
        {"code", "HEX", "the code that the device had shown before", .string = &code},
        URNA_TRUST_OPTIONS(x.record),
        {0},
    };
    const struct urna_command command = {
        .name = "urna ballot check",
        .title = "on another device: is the opened ballot what the code says, and what you chose?",
        .usage = "urna ballot check RECORD CHALLENGE --trust FILE [--code HEX]",
        .text = "A failed test convinces you, and proves nothing to others.",
        .options = options,
        .args_min = 2,
        .args_max = 2,
        .holds = "it is",
        .fails = "it is not",
    };
    struct urna_args args;
    struct urna_tell s;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_error err = URNA_ERROR_INIT;
    x.record.path = args.arg[0];
    urna_tell_begin(&s, &args);
    rc = check(&s, &x, args.arg[1], code, &err);
    if (err.status != URNA_OK) {
        urna_json_free(&s.j);
        rc = urna_report_error(command.name, &err);
    }
    urna_cli_record_close(&x.record);
    return rc;
}

int urna_cmd_ballot(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"encrypt", cmd_encrypt, "encrypt a ballot and show its code"},
        {"cast", cmd_cast, "sign an encrypted ballot, so that it counts"},
        {"challenge", cmd_challenge, "open an encrypted ballot as a test of the device"},
        {"check", cmd_check, "on another device: is the opened ballot what the code says?"},
        {0},
    };
    return urna_verbs("urna ballot", "vote, or test the device that encrypts", verbs, argc, argv);
}
