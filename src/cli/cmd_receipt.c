/* urna receipt: what became of my ballot? Only "counted" is green. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "protocol/promise.h"

struct request {
    struct urna_cli_record record;
    const char *code, *entry, *promise;
    uint8_t wanted[32]; /* code or entry id */
    bool by_code;
    bool found, good; /* good: the one shown is ok, so a spoiled copy is never shown beside it */
    uint64_t index;
    char rule[10];
    struct urna_promise p;
    bool has_promise;
};

static enum urna_status read_entry_file(struct request *q, struct urna_error *err)
{
    struct urna_buf file = {0};
    struct urna_arena a = {0};
    struct urna_entry e;
    enum urna_status st = urna_cli_read(&file, q->entry, URNA_OUT_MAX, err);
    if (st == URNA_OK)
        st = urna_entry_file_read(&e, urna_buf_view(&file), &a, err);
    if (st == URNA_OK && e.kind != URNA_BALLOT)
        st = urna_fail(err, URNA_INPUT, "not a ballot");
    if (st == URNA_OK)
        memcpy(q->wanted, e.e, 32);
    else
        urna_error_where(err, q->entry);
    urna_arena_free(&a);
    urna_buf_free(&file);
    return st;
}

static enum urna_status read_promise(struct request *q, struct urna_error *err)
{
    struct urna_buf file = {0};
    const struct urna_context *P = q->record.P;
    enum urna_status st = urna_cli_read(&file, q->promise, 4096, err);
    if (st == URNA_OK)
        st = urna_promise_read(&q->p, urna_buf_view(&file), err);
    if (st == URNA_OK && (memcmp(q->p.phi, P->phi, 32) != 0 || q->p.kind != URNA_BALLOT))
        st = urna_fail(err, URNA_FALSE, "a promise about something else");
    if (st == URNA_OK && (q->p.received || !urna_promise_check(&q->p, P->m.log_key)))
        st = urna_fail(err, URNA_FALSE, "not a promise that this election's log signed");
    if (st == URNA_OK && !q->by_code && (q->entry || q->code) && memcmp(q->p.e, q->wanted, 32) != 0)
        st = urna_fail(err, URNA_FALSE, "the promise is about another ballot");
    q->has_promise = st == URNA_OK;
    if (st == URNA_OK && !q->entry && !q->code)
        memcpy(q->wanted, q->p.e, 32);
    if (st != URNA_OK)
        urna_error_where(err, q->promise);
    urna_buf_free(&file);
    return st;
}

/* The code stands at the end of a ballot's body: ,"code":"HEX"} */
static bool has_code(const struct urna_entry *e, const uint8_t code[32])
{
    char tail[80], hex[65];
    urna_hex(hex, code, 32);
    int n = snprintf(tail, sizeof tail, ",\"code\":\"%s\"}", hex);
    return n > 0 && e->body.len > (size_t)n &&
           memcmp(e->body.p + e->body.len - (size_t)n, tail, (size_t)n) == 0;
}

static bool look_at(void *ctx, const struct urna_entry *e, const struct urna_void *v)
{
    struct request *q = ctx;
    if (e->bad_form || e->kind != URNA_BALLOT || q->good)
        return true;
    if (q->by_code ? !has_code(e, q->wanted) : memcmp(e->e, q->wanted, 32) != 0)
        return true;
    bool good = !v || v->cancelled;
    if (q->found && !good)
        return true;
    q->found = true;
    q->good = good;
    q->index = e->index;
    snprintf(q->rule, sizeof q->rule, "%s", v ? v->rule : "");
    return true;
}

static const struct urna_ballot_rec *find_rec(const struct request *q)
{
    size_t n;
    const struct urna_ballot_rec *b = urna_judge_ballots(q->record.J, &n);
    for (size_t i = 0; i < n; i++)
        if (b[i].index == q->index)
            return &b[i];
    return NULL;
}

/* --- the states ---------------------------------------------------------- */

static int say_absent(struct urna_tell *s, const struct request *q)
{
    uint64_t seal, cut;
    if (!q->has_promise) {
        urna_tell_head(s, URNA_SIGN_UNKNOWN, URNA_WAIT, "NOT IN THE LOG");
        urna_tell_str(s, "state", "absent");
        urna_tell_note(s,
                       "This copy of the record holds no such ballot. Get a newer copy; send the "
                       "same file again while voting is open.");
        return URNA_FALSE;
    }
    if (urna_judge_seal(q->record.J, &seal, &cut)) {
        urna_tell_head(s, URNA_SIGN_FAILS, URNA_BAD, "PROMISED, AND NOT KEPT");
        urna_tell_str(s, "state", "broken");
        urna_tell_note(s,
                       "The log promised this ballot and sealed without it. Promise, ballot file "
                       "and this record together are the proof: keep them, give "
                       "copies to a witness. If no witness signed anything in between, the "
                       "network may be why.");
        return URNA_FALSE;
    }
    urna_tell_head(s, URNA_SIGN_OPEN, URNA_WAIT, "PROMISED");
    urna_tell_str(s, "state", "promised");
    urna_tell_time(s, "until", q->p.time);
    urna_tell_note(
        s, "The log has signed that it will stand there by then. It does not stand there yet.");
    return URNA_FALSE;
}

static int say_counted(struct urna_tell *s, const struct request *q)
{
    uint64_t at;
    if (!urna_judge_countset_at(q->record.J, &at) || !urna_cli_quorum_on_countset(&q->record)) {
        urna_tell_head(s, URNA_SIGN_OPEN, URNA_WAIT, "IN THE LOG, in time");
        urna_tell_str(s, "state", "in-log");
        urna_tell_note(s, "It will be counted; but no list of counted ballots is under the quorum "
                          "of your trust file yet. Look again later.");
        return URNA_FALSE;
    }
    urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "COUNTED");
    urna_tell_str(s, "state", "counted");
    if (q->record.trust.quorum < 0)
        urna_tell_note(s, "Your trust file asks for no witnesses: this rests on the board's word.");
    return URNA_OK;
}

/* Why another one counts: the highest serial of the row, and of equal ones the lowest e. */
static int say_superseded(struct urna_tell *s, const struct request *q, uint32_t row)
{
    size_t n;
    const struct urna_ballot_rec *b = urna_judge_ballots(q->record.J, &n), *by = NULL;
    for (size_t i = 0; i < n; i++)
        if (b[i].row == row && b[i].state == URNA_B_COUNTED)
            by = &b[i];
    urna_tell_head(s, URNA_SIGN_VOID, URNA_WAIT, "SUPERSEDED by serial %u",
                   by ? (unsigned)by->serial : 0u);
    urna_tell_str(s, "state", "superseded");
    if (by) {
        urna_tell_u64(s, "by_serial", by->serial);
        urna_tell_u64(s, "by_entry", by->index);
    }
    urna_tell_note(s, "A later ballot of the same credential counts. If that was not you, somebody "
                      "else has your credential: tell the commission and a witness.");
    return URNA_FALSE;
}

static int say_state(struct urna_tell *s, const struct request *q)
{
    if (!q->found)
        return say_absent(s, q);
    const struct urna_ballot_rec *b = find_rec(q);
    int rc = URNA_FALSE;
    switch (b ? (enum urna_ballot_state)b->state : URNA_B_VOID) {
    case URNA_B_COUNTED:
        rc = say_counted(s, q);
        break;
    case URNA_B_SUPERSEDED:
        rc = say_superseded(s, q, b->row);
        break;
    case URNA_B_LATE:
        urna_tell_head(s, URNA_SIGN_VOID, URNA_WAIT,
                       "LATE: it came after what most witnesses had signed in time");
        urna_tell_str(s, "state", "late");
        break;
    case URNA_B_VOID:
        urna_tell_head(s, URNA_SIGN_FAILS, URNA_BAD, "VOID, rule %s (%s)", q->rule,
                       urna_rule_section(q->rule));
        urna_tell_str(s, "state", "void");
        urna_tell_str(s, "rule", q->rule);
        break;
    case URNA_B_IN_LOG:
        urna_tell_head(s, URNA_SIGN_OPEN, URNA_WAIT, "IN THE LOG");
        urna_tell_str(s, "state", "in-log");
        urna_tell_note(s, "In the log is not yet counted: look once after the close.");
        break;
    }
    urna_tell_u64(s, "index", q->index);
    if (b) {
        urna_tell_u64(s, "serial", b->serial);
        urna_tell_hex(s, "entry", b->e, 32);
    }
    return rc;
}

static enum urna_status look(struct request *q, struct urna_error *err)
{
    q->by_code = q->code != NULL;
    if (q->code && q->entry)
        return urna_fail(err, URNA_INPUT, "only one of --code and --entry");
    if (!q->code && !q->entry && !q->promise)
        return urna_fail(err, URNA_INPUT, "give --code, --entry or --promise");
    if (q->code && !urna_unhex_any(q->wanted, 32, q->code, strlen(q->code)))
        return urna_fail(err, URNA_INPUT, "--code: a code has 64 hexadecimal digits");
    enum urna_status st = q->entry ? read_entry_file(q, err) : URNA_OK;
    if (st == URNA_OK)
        st = urna_cli_record_open(&q->record, err);
    if (st == URNA_OK && q->promise)
        st = read_promise(q, err);
    if (st == URNA_OK)
        st = urna_cli_each(&q->record, look_at, q, err);
    return st;
}

static enum urna_status check_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                   struct urna_error *err)
{
    struct request *q = ctx;
    q->record.path = args->arg[0];
    enum urna_status st = look(q, err);
    if (st == URNA_OK)
        s->rc = say_state(s, q);
    urna_cli_record_close(&q->record);
    return st;
}

static int cmd_check(int argc, char **argv)
{
    struct request q = {.record.trust_needed = true};
    const struct urna_option options[] = {
        {"code", "HEX", "the code that was shown before you cast", .string = &q.code},
        {"entry", "FILE", "or the ballot file itself", .string = &q.entry},
        {"promise", "FILE", "what the board signed when it took the ballot", .string = &q.promise},
        URNA_TRUST_OPTIONS(q.record),
        {0},
    };
    const struct urna_command command = {
        .name = "urna receipt check",
        .title = "is my ballot counted?",
        .usage = "urna receipt check RECORD --trust FILE --code HEX",
        .text = "Reads a whole copy of the record, so that nobody learns who asks. Being in the "
                "log is not being counted: look once after the close.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "counted, under the quorum of your trust file",
        .fails = "anything else",
    };
    return urna_cli_run(&command, argc, argv, check_work, &q);
}

int urna_cmd_receipt(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"check", cmd_check, "is my ballot counted?"},
        {0},
    };
    return urna_verbs("urna receipt", "what became of a ballot", verbs, argc, argv);
}
