/* urna guardian: the key ceremony and the decryption of one guardian, by files. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd_guardian.h"
#include "cli/commands.h"
#include "protocol/ceremony.h"

enum urna_status urna_cli_guardian_open(struct urna_cli_guardian *g, bool may_create,
                                        struct urna_error *err)
{
    struct urna_secret_bytes pass = {0};
    enum urna_status st = urna_cli_record_open(&g->record, err);
    if (st == URNA_OK)
        st = urna_cli_role(&g->role, g->record.P, g->key, URNA_R_GUARDIAN, g->pass_file, err);
    if (st == URNA_OK)
        st = urna_cli_pass(&pass, g->pass_file, g->state, may_create && !urna_file_exists(g->state),
                           err);
    const struct urna_context *P = g->record.P;
    if (st == URNA_OK) {
        bool fresh = may_create && !urna_file_exists(g->state);
        st = fresh ? urna_guardian_create(&g->g, g->state, urna_pass_view(&pass), NULL, &P->m,
                                          P->phi, g->role.name, err)
                   : urna_guardian_open(&g->g, g->state, urna_pass_view(&pass), &P->m, P->phi, err);
        if (st != URNA_OK)
            urna_error_where(err, g->state);
    }
    urna_secret_bytes_free(&pass);
    if (st == URNA_OK && strcmp(urna_guardian_id(g->g), g->role.name) != 0)
        st = urna_fail(err, URNA_FALSE, "the state is of guardian %s, the key of %s",
                       urna_guardian_id(g->g), g->role.name);
    return st;
}

void urna_cli_guardian_close(struct urna_cli_guardian *g)
{
    urna_guardian_close(g->g);
    g->g = NULL;
    urna_role_wipe(&g->role);
    urna_cli_record_close(&g->record);
}

enum urna_status urna_cli_guardian_opened(struct urna_cli_guardian *g, struct urna_error *err)
{
    struct urna_arena a = {0};
    struct urna_cli_entries l;
    enum urna_status st = urna_cli_accepted(&l, &g->record, URNA_KIND_BIT(URNA_OPEN), &a, err);
    if (st == URNA_OK && l.n == 1)
        st = urna_ceremony_opened(g->g, &l.v[0].b.open, err);
    urna_arena_free(&a);
    return st;
}

/* --- the ceremony -------------------------------------------------------- */

/* What the judge holds of the current attempt. */
static struct urna_ceremony ceremony_of(const struct urna_cli_record *r)
{
    struct urna_ceremony_view v;
    urna_judge_ceremony(r->J, &v);
    return (struct urna_ceremony){v.attempt, v.commit, v.keys, v.shares, v.confirm};
}

static const char *verb_of(enum urna_kind kind)
{
    if (kind == URNA_GUARDIAN_COMMIT || kind == URNA_GUARDIAN_KEYS)
        return "keygen";
    return kind == URNA_GUARDIAN_SHARES ? "share" : "check";
}

/* Say what is due, if ${verb} is the verb for it. */
static enum urna_status next_step(struct urna_tell *s, struct urna_cli_guardian *g,
                                  const char *verb, const char *out, struct urna_error *err)
{
    struct urna_buf body = {0};
    enum urna_kind kind;
    uint32_t wait = 0;
    enum urna_status st = URNA_OK;
    if (urna_judge_phase(g->record.J) != URNA_SETUP) {
        st = urna_cli_guardian_opened(g, err);
        if (st == URNA_OK)
            urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD,
                           "voting is open under the keys that %s confirmed: the ceremony is over",
                           g->role.name);
        return st;
    }
    struct urna_ceremony c = ceremony_of(&g->record);
    st = urna_ceremony_next(g->g, &c, &kind, &body, &wait, err);
    if (st == URNA_OK && kind == URNA_KIND_UNKNOWN && wait)
        st = urna_fail(err, URNA_FALSE, "nothing to say now: guardian %s is awaited",
                       g->record.P->m.guardians[wait - 1].id);
    else if (st == URNA_OK && kind == URNA_KIND_UNKNOWN)
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD,
                       "attempt %u: everything is said, and all have confirmed", c.attempt);
    else if (st == URNA_OK && strcmp(verb, verb_of(kind)) != 0)
        st = urna_fail(err, URNA_FALSE, "the next step of %s is urna guardian %s", g->role.name,
                       verb_of(kind));
    else if (st == URNA_OK)
        st = urna_cli_entry_write(s, out, kind, urna_buf_view(&body), &g->role, g->record.P->phi,
                                  err);
    if (st == URNA_OK)
        urna_tell_u64(s, "attempt", c.attempt);
    if (st == URNA_OK && kind == URNA_GUARDIAN_COMPLAINT)
        urna_tell_note(s, "A share does not fit the keys it belongs to. This complaint proves it "
                          "and ends the attempt.");
    urna_buf_free(&body);
    return st;
}

struct request {
    struct urna_cli_guardian g;
    const char *verb, *out, *against;
};

static enum urna_status ceremony_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                      struct urna_error *err)
{
    struct request *q = ctx;
    q->g.record.path = args->arg[0];
    enum urna_status st = urna_cli_guardian_open(&q->g, strcmp(q->verb, "keygen") == 0, err);
    if (st == URNA_OK)
        st = next_step(s, &q->g, q->verb, q->out, err);
    urna_cli_guardian_close(&q->g);
    return st;
}

static int ceremony_command(int argc, char **argv, const char *verb, const char *title,
                            const char *text)
{
    struct request q = {.g.record.trust_needed = true, .verb = verb};
    char name[64], usage[160];
    const struct urna_option options[] = {
        URNA_GUARDIAN_OPTIONS(q.g),
        {"out", "FILE", "the entry", .string = &q.out, .required = true, .new_file = true},
        {0},
    };
    snprintf(name, sizeof name, "urna guardian %s", verb);
    snprintf(usage, sizeof usage,
             "urna guardian %s RECORD --trust FILE --key FILE --state FILE --out FILE", verb);
    const struct urna_command command = {
        .name = name,
        .title = title,
        .usage = usage,
        .text = text,
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "said",
        .fails = "it is not your turn, or something does not hold",
    };
    return urna_cli_run(&command, argc, argv, ceremony_work, &q);
}

static int cmd_keygen(int argc, char **argv)
{
    return ceremony_command(argc, argv, "keygen",
                            "draw this guardian's secrets, commit to the keys, then publish them",
                            "Run twice: the first entry is the commitment; once all commitments "
                            "are in the log, the second is the keys. The state "
                            "file holds the secrets: one copy, on one machine, no backup that "
                            "could be used after decryption began.");
}

static int cmd_share(int argc, char **argv)
{
    return ceremony_command(argc, argv, "share", "encrypt a share for every other guardian",
                            "Once all keys are in the log.");
}

static int cmd_check(int argc, char **argv)
{
    return ceremony_command(argc, argv, "check",
                            "check the shares of the others, then confirm, or complain with proof",
                            "Once all shares are in the log. After voting is opened run it once "
                            "more: it compares what was opened with what you "
                            "confirmed.");
}

/* --- complain ------------------------------------------------------------ */

static enum urna_status complain(struct urna_tell *s, struct urna_cli_guardian *g,
                                 const char *against, const char *out, struct urna_error *err)
{
    struct urna_ceremony_view now;
    struct urna_buf body = {0};
    int64_t i = urna_context_guardian(g->record.P, against);
    if (i < 0)
        return urna_fail(err, URNA_INPUT, "this election has no guardian %s", against);
    urna_judge_ceremony(g->record.J, &now);
    enum urna_status st = urna_ceremony_complain(g->g, now.attempt, (uint32_t)i + 1, &body, err);
    if (st == URNA_OK)
        st = urna_cli_entry_write(s, out, URNA_GUARDIAN_COMPLAINT, urna_buf_view(&body), &g->role,
                                  g->record.P->phi, err);
    urna_buf_free(&body);
    return st;
}

static enum urna_status complain_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                      struct urna_error *err)
{
    struct request *q = ctx;
    q->g.record.path = args->arg[0];
    enum urna_status st = urna_cli_guardian_open(&q->g, true, err);
    if (st == URNA_OK)
        st = complain(s, &q->g, q->against, q->out, err);
    urna_cli_guardian_close(&q->g);
    return st;
}

static int cmd_complain(int argc, char **argv)
{
    struct request q = {.g.record.trust_needed = true};
    const struct urna_option options[] = {
        URNA_GUARDIAN_OPTIONS(q.g),
        {"against", "ID", "the guardian who is silent or lost its machine", .string = &q.against,
         .required = true},
        {"out", "FILE", "the entry", .string = &q.out, .required = true, .new_file = true},
        {0},
    };
    const struct urna_command command = {
        .name = "urna guardian complain",
        .title = "end this attempt of the ceremony: a guardian is silent or lost its machine",
        .usage = "urna guardian complain RECORD --against ID --trust FILE --key FILE --state FILE "
                 "--out FILE",
        .text = "Everybody then begins anew with fresh secrets (urna guardian keygen). The entry "
                "says who ended the attempt.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "said",
        .fails = "it can't be said now",
    };
    return urna_cli_run(&command, argc, argv, complain_work, &q);
}

int urna_cmd_guardian(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"keygen", cmd_keygen, "draw secrets, commit to the keys, then publish them"},
        {"share", cmd_share, "encrypt a share for every other guardian"},
        {"check", cmd_check,
         "check the shares of the others, then confirm, or complain with proof"},
        {"complain", cmd_complain, "end an attempt: a guardian is silent or lost its machine"},
        {"decrypt", urna_cmd_guardian_decrypt, "the next step of decrypting the one count set"},
        {0},
    };
    return urna_verbs("urna guardian", "hold a share of the key", verbs, argc, argv);
}
