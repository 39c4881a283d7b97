/* urna witness: accept, verdict; cosigning is in cmd_witness_cosign.c. */
#include "cli/cmd_witness.h"

#include <string.h>

#include "cli/commands.h"

enum urna_status urna_cli_witness_load(struct urna_cli_witness *out, const struct urna_context *P,
                                       const char *file, const char *pass_file,
                                       struct urna_error *err)
{
    struct urna_secret_bytes pass = {0};
    memset(out, 0, sizeof *out);
    enum urna_status st = urna_cli_pass(&pass, pass_file, file, false, err);
    if (st == URNA_OK)
        st = urna_role_load(&out->key, file, URNA_SEAL_WITNESS, urna_pass_view(&pass), err);
    urna_secret_bytes_free(&pass);
    for (uint32_t i = 0; st == URNA_OK && i < P->m.n_witnesses; i++) {
        const struct urna_cosigner *both[] = {&P->m.witnesses[i].full, &P->m.witnesses[i].head};
        for (int h = 0; h < 2; h++)
            if (memcmp(both[h]->key, out->key.public, 32) == 0) {
                snprintf(out->key.name, sizeof out->key.name, "%s", both[h]->name);
                out->index = i;
                out->head = h == 1;
                return URNA_OK;
            }
    }
    if (st == URNA_OK)
        st = urna_fail(err, URNA_FALSE, "this key is no witness of this election");
    urna_role_wipe(&out->key);
    urna_error_where(err, file);
    return st;
}

struct request {
    struct urna_cli_record record;
    const char *key, *out, *pass_file, *answer;
};

/* --- accept -------------------------------------------------------------- */

static enum urna_status accept(struct urna_tell *s, struct request *q, struct urna_error *err)
{
    struct urna_role_key role = {{0}, {0}, {0}};
    struct urna_buf body = {0};
    enum urna_status st = urna_cli_record_open(&q->record, err);
    if (st == URNA_OK)
        st = urna_cli_role(&role, q->record.P, q->key, URNA_R_WITNESS, q->pass_file, err);
    if (st == URNA_OK) {
        struct urna_body b = {.kind = URNA_ACCEPT};
        b.accept.as = role.name;
        urna_body_write(&body, &b, q->record.P->lp, q->record.P->lq);
        st = urna_cli_entry_write(s, q->out, URNA_ACCEPT, urna_buf_view(&body), &role,
                                  q->record.P->phi, err);
    }
    urna_role_wipe(&role);
    urna_buf_free(&body);
    return st;
}

/* --- verdict ------------------------------------------------------------- */

/* A record that is not valid still has a manifest that says who its witnesses are: their word about
 * it counts most. */
static enum urna_status open_whatever(struct urna_cli_record *r, struct urna_error *err)
{
    enum urna_status st = urna_cli_record_open(r, err);
    if (st == URNA_OK || !r->open || r->v.answer > URNA_INCOMPLETE)
        return st;
    const struct urna_context *P = urna_judge_context(urna_follow_judge(r->v.follow));
    const uint8_t *phi = r->has_trust ? r->trust.election : r->phi;
    if (!P || memcmp(P->phi, phi, 32) != 0 || !urna_record_checkpoint(r->v.record))
        return st;
    *err = (struct urna_error)URNA_ERROR_INIT;
    r->P = P;
    return URNA_OK;
}

static enum urna_status choose_answer(uint32_t *out, const struct request *q,
                                      struct urna_error *err)
{
    const char *word = q->answer ? q->answer : urna_answer_name[q->record.v.answer];
    if (q->answer && strcmp(word, "anchor-withheld") != 0 && strcmp(word, "ballot-withheld") != 0)
        return urna_fail(
            err, URNA_INPUT,
            "--answer: anchor-withheld or ballot-withheld; every other answer is your judge's");
    for (uint32_t i = 0; urna_verdict_answers[i]; i++)
        if (strcmp(urna_verdict_answers[i], word) == 0) {
            *out = i;
            return URNA_OK;
        }
    return urna_fail(err, URNA_INPUT, "no such answer: %s", word);
}

static enum urna_status verdict(struct urna_tell *s, struct request *q, struct urna_error *err)
{
    struct urna_role_key role = {{0}, {0}, {0}};
    struct urna_buf body = {0};
    struct urna_body b = {.kind = URNA_VERDICT};
    enum urna_status st = open_whatever(&q->record, err);
    if (st == URNA_OK)
        st = urna_cli_role(&role, q->record.P, q->key, URNA_R_WITNESS, q->pass_file, err);
    if (st == URNA_OK)
        st = choose_answer(&b.verdict.answer, q, err);
    if (st == URNA_OK) {
        const struct urna_checkpoint *c = urna_record_checkpoint(q->record.v.record);
        b.verdict.as = role.name;
        b.verdict.size = c->size;
        b.verdict.software = "urna-" URNA_VERSION;
        memcpy(b.verdict.root, c->root, 32);
        urna_body_write(&body, &b, q->record.P->lp, q->record.P->lq);
        st = urna_cli_entry_write(s, q->out, URNA_VERDICT, urna_buf_view(&body), &role,
                                  q->record.P->phi, err);
    }
    if (st == URNA_OK) {
        urna_tell_str(s, "answer", urna_verdict_answers[b.verdict.answer]);
        urna_tell_u64(s, "size", b.verdict.size);
        if (q->record.v.why[0])
            urna_tell_str(s, "why", q->record.v.why);
    }
    urna_role_wipe(&role);
    urna_buf_free(&body);
    return st;
}

/* --- the two commands ---------------------------------------------------- */

static int run(const struct urna_command *command, struct request *q,
               enum urna_status (*work)(struct urna_tell *, struct request *, struct urna_error *),
               int argc, char **argv)
{
    struct urna_args args;
    struct urna_tell s;
    int rc = urna_options_read(&args, command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_error err = URNA_ERROR_INIT;
    q->record.path = args.arg[0];
    q->record.trust_needed = true;
    urna_tell_begin(&s, &args);
    enum urna_status st = work(&s, q, &err);
    urna_cli_record_close(&q->record);
    if (st != URNA_OK) {
        urna_json_free(&s.j);
        return urna_report_error(command->name, &err);
    }
    return urna_tell_end(&s, URNA_OK);
}

static int cmd_accept(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"key", "FILE", "your sealed full key", .string = &q.key, .required = true},
        {"out", "FILE", "the entry", .string = &q.out, .required = true, .new_file = true},
        URNA_TRUST_OPTIONS(q.record),
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna witness accept",
        .title = "take part in an election as a witness",
        .usage = "urna witness accept RECORD --trust FILE --key FILE --out FILE",
        .text = "Before voting is opened; without it your signatures do not count for the "
                "election's clock.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "made",
        .fails = "the record is not valid, or the key is no witness's",
    };
    return run(&command, &q, accept, argc, argv);
}

static int cmd_verdict(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"key", "FILE", "your sealed full key", .string = &q.key, .required = true},
        {"out", "FILE", "the entry", .string = &q.out, .required = true, .new_file = true},
        {"answer", "WORD", "anchor-withheld or ballot-withheld; default: what your judge says",
         .string = &q.answer},
        URNA_TRUST_OPTIONS(q.record),
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna witness verdict",
        .title = "say under your name what your own judge finds",
        .usage = "urna witness verdict RECORD --trust FILE --key FILE --out FILE",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "made, whatever the answer is",
        .fails = "the key is no witness's",
    };
    return run(&command, &q, verdict, argc, argv);
}

int urna_cmd_witness(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"accept", cmd_accept, "take part in an election as a witness"},
        {"cosign", urna_cmd_witness_cosign, "check a record and sign what it is now"},
        {"verdict", cmd_verdict, "say under your name what your own judge finds"},
        {0},
    };
    return urna_verbs("urna witness", "watch an election and sign what you saw", verbs, argc, argv);
}
