/* urna election open, close, countset, result: entries that follow from the record. */
#include <string.h>

#include "base/clock.h"
#include "cli/cmd_election.h"

enum urna_status urna_cli_open_body(struct urna_buf *out, const struct urna_cli_record *r,
                                    struct urna_error *err)
{
    struct urna_ceremony_view c;
    size_t n;
    urna_judge_rows(r->J, &n);
    urna_judge_ceremony(r->J, &c);
    if (urna_judge_phase(r->J) != URNA_SETUP)
        return urna_fail(err, URNA_FALSE, "this election is open already");
    if (urna_judge_accepted(r->J, URNA_ROLL_CLOSE) == 0)
        return urna_fail(err, URNA_FALSE, "the roll is not closed yet: urna roll close");
    if (!c.ready)
        return urna_fail(err, URNA_FALSE,
                         "only %u of %u guardians have confirmed the keys: urna election status "
                         "says who is awaited",
                         c.n_confirms, r->P->m.n);
    uint8_t K[URNA_LP_MAX], Kh[URNA_LP_MAX];
    struct urna_body b = {.kind = URNA_OPEN};
    b.open = (struct urna_open){.attempt = c.attempt, .count = n, .k = K, .kh = Kh};
    urna_element_encode(r->P->G, K, c.K);
    urna_element_encode(r->P->G, Kh, c.Kh);
    memcpy(b.open.hg, c.h_g, 32);
    memcpy(b.open.he, c.h_e, 32);
    urna_cli_roll_root(b.open.root, r);
    urna_body_write(out, &b, r->P->lp, r->P->lq);
    return URNA_OK;
}

static const char second_signature[] =
    "Next: a second member of the commission signs it (urna election sign).";

/* --- open ---------------------------------------------------------------- */

static enum urna_status open_body(struct urna_buf *out, const struct urna_cli_make *m,
                                  struct urna_error *err)
{
    return urna_cli_open_body(out, &m->record, err);
}

int urna_cmd_election_open(int argc, char **argv)
{
    struct urna_cli_make m = {.kind = URNA_OPEN, .body = open_body, .next = second_signature};
    const struct urna_option options[] = {
        URNA_MAKE_SIGNED(m),
        URNA_TRUST_OPTIONS(m.record),
        URNA_PASS_OPTION(m.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna election open",
        .title = "make the entry that opens voting",
        .usage = "urna election open RECORD --key FILE --out FILE",
        .text =
            "Roll and keys are taken from the record as your own judge reads it. A second "
            "member of the commission signs with urna election sign, which reads the record again.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "made",
        .fails = "the record is not ready to be opened, or not valid",
    };
    m.command = &command;
    return urna_cli_make(&m, argc, argv);
}

/* --- close: clubs without witnesses -------------------------------------- */

static enum urna_status close_body(struct urna_buf *out, const struct urna_cli_make *m,
                                   struct urna_error *err)
{
    const char *const *time = m->more;
    struct urna_body b = {.kind = URNA_CLOSE};
    b.close.time = (uint64_t)urna_now();
    if (m->record.P->m.n_witnesses > 0)
        return urna_fail(
            err, URNA_FALSE,
            "an election with witnesses has no close: their cosignatures decide what was in time");
    if (urna_judge_phase(m->record.J) != URNA_VOTING)
        return urna_fail(err, URNA_FALSE, "there is no voting to close");
    if (*time && !m->record.P->m.test)
        return urna_fail(err, URNA_INPUT, "--time is for test elections only");
    if (*time && !urna_cli_time(&b.close.time, *time))
        return urna_fail(err, URNA_INPUT,
                         "--time: a time is 2026-05-01T08:00:00Z or a number of Unix seconds");
    if (b.close.time < m->record.P->m.t_close)
        return urna_fail(err, URNA_FALSE, "the manifest promises voting until a later time");
    urna_body_write(out, &b, m->record.P->lp, m->record.P->lq);
    return URNA_OK;
}

int urna_cmd_election_close(int argc, char **argv)
{
    const char *time = NULL;
    struct urna_cli_make m = {
        .kind = URNA_CLOSE, .body = close_body, .more = &time, .next = second_signature};
    const struct urna_option options[] = {
        URNA_MAKE_SIGNED(m),
        {"time", "TIME", "instead of now (test elections)", .string = &time},
        URNA_TRUST_OPTIONS(m.record),
        URNA_PASS_OPTION(m.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna election close",
        .title = "end voting in an election without witnesses",
        .usage = "urna election close RECORD --key FILE --out FILE",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "made",
        .fails = "it can't be closed now, or the record is not valid",
    };
    m.command = &command;
    return urna_cli_make(&m, argc, argv);
}

/* --- redact -------------------------------------------------------------- */

struct redaction {
    const char *hash, *reason;
};

struct search {
    const uint8_t *hash;
    bool found;
};

static bool look(void *ctx, const struct urna_entry *e, const struct urna_void *v)
{
    struct search *x = ctx;
    (void)v; /* the bytes of a void entry are as public as any */
    if (!e->bad_form && e->out && memcmp(e->e, x->hash, 32) == 0)
        x->found = true;
    return true;
}

enum urna_status urna_cli_can_redact(const struct urna_cli_record *r, const uint8_t hash[32],
                                     struct urna_error *err)
{
    struct search x = {.hash = hash};
    enum urna_status st = urna_cli_each(r, look, &x, err);
    if (st == URNA_OK && !x.found)
        st = urna_fail(err, URNA_FALSE,
                       "no incident, complaint, statement or attachment here has this hash");
    return st;
}

static enum urna_status redact_body(struct urna_buf *out, const struct urna_cli_make *m,
                                    struct urna_error *err)
{
    static const char *const reason[] = {"personal-data", "unlawful", "threat"};
    const struct redaction *q = m->more;
    struct urna_body b = {.kind = URNA_REDACT};
    while (b.redact.reason < 3 && strcmp(reason[b.redact.reason], q->reason) != 0)
        b.redact.reason++;
    if (b.redact.reason == 3)
        return urna_fail(err, URNA_INPUT, "--reason: personal-data, unlawful or threat");
    if (!urna_unhex_any(b.redact.hash, 32, q->hash, strlen(q->hash)))
        return urna_fail(err, URNA_INPUT, "--hash: 64 hexadecimal digits");
    enum urna_status st = urna_cli_can_redact(&m->record, b.redact.hash, err);
    if (st == URNA_OK)
        urna_body_write(out, &b, m->record.P->lp, m->record.P->lq);
    return st;
}

int urna_cmd_election_redact(int argc, char **argv)
{
    struct redaction q = {0};
    struct urna_cli_make m = {
        .kind = URNA_REDACT, .body = redact_body, .more = &q, .next = second_signature};
    const struct urna_option options[] = {
        {"hash", "HEX", "SHA-256 of the body: the entry's id", .string = &q.hash, .required = true},
        {"reason", "WORD", "personal-data, unlawful or threat", .string = &q.reason,
         .required = true},
        URNA_MAKE_SIGNED(m),
        URNA_TRUST_OPTIONS(m.record),
        URNA_PASS_OPTION(m.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna election redact",
        .title = "allow the bytes of a text or a file to be taken out of the record",
        .usage = "urna election redact RECORD --hash HEX --reason WORD --key FILE --out FILE",
        .text = "The hash stays in the log, and every reader is told who redacted it and why.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "made",
        .fails = "nothing in the record has this hash, or the record is not valid",
    };
    m.command = &command;
    return urna_cli_make(&m, argc, argv);
}

/* --- countset, result ---------------------------------------------------- */

static enum urna_status countset_body(struct urna_buf *out, const struct urna_cli_make *m,
                                      struct urna_error *err)
{
    const struct urna_buf *body = urna_judge_countset_body(m->record.J);
    uint64_t at;
    if (!body)
        return urna_fail(err, URNA_FALSE,
                         "the election is not sealed yet, so nobody can say what is counted");
    if (urna_judge_countset_at(m->record.J, &at))
        return urna_fail(err, URNA_FALSE, "the count set is in the log already, entry %llu",
                         (unsigned long long)at);
    urna_buf_add(out, body->p, body->len);
    return URNA_OK;
}

static enum urna_status result_body(struct urna_buf *out, const struct urna_cli_make *m,
                                    struct urna_error *err)
{
    const struct urna_buf *body = urna_judge_result_body(m->record.J);
    uint64_t at;
    if (!body)
        return urna_fail(err, URNA_FALSE, "not every group has an accepted tally yet");
    if (urna_judge_result_at(m->record.J, &at))
        return urna_fail(err, URNA_FALSE, "the result is in the log already, entry %llu",
                         (unsigned long long)at);
    urna_buf_add(out, body->p, body->len);
    return URNA_OK;
}

/* The two kinds that nobody signs: they have one possible content, so anybody may make them. */
static int make_unsigned(struct urna_command *command, struct urna_cli_make *m, int argc,
                         char **argv)
{
    const struct urna_option options[] = {
        {"out", "FILE", "the entry", .string = &m->out, .required = true, .new_file = true},
        URNA_TRUST_OPTIONS(m->record),
        {0},
    };
    command->text = "It has one possible content, so anybody may make it.";
    command->options = options;
    command->args_min = command->args_max = 1;
    command->holds = "made";
    m->command = command;
    m->next = "Next: the board appends it, and the witnesses sign.";
    return urna_cli_make(m, argc, argv);
}

int urna_cmd_election_countset(int argc, char **argv)
{
    struct urna_cli_make m = {.kind = URNA_COUNTSET, .body = countset_body};
    struct urna_command command = {
        .name = "urna election countset",
        .title = "make the list of what is counted, after the seal",
        .usage = "urna election countset RECORD --out FILE",
        .fails = "not sealed yet, or the record is not valid",
    };
    return make_unsigned(&command, &m, argc, argv);
}

int urna_cmd_election_result(int argc, char **argv)
{
    struct urna_cli_make m = {.kind = URNA_RESULT, .body = result_body};
    struct urna_command command = {
        .name = "urna election result",
        .title = "make the result, after the last tally",
        .usage = "urna election result RECORD --out FILE",
        .fails = "a tally is missing, or the record is not valid",
    };
    return make_unsigned(&command, &m, argc, argv);
}
