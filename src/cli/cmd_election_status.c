/* urna election status: where an election stands, and who is awaited. */
#include <string.h>

#include "cli/cmd_election.h"

static void add_id(struct urna_buf *b, const char *id)
{
    if (b->len)
        urna_buf_str(b, ", ");
    urna_buf_str(b, id);
}

static void say_list(struct urna_tell *s, const char *key, struct urna_buf *b)
{
    if (b->len)
        urna_tell_str(s, key, urna_buf_cstr(b));
    urna_buf_free(b);
}

/* What the ceremony waits for, by the first step that is not complete. */
static void say_ceremony(struct urna_tell *s, const struct urna_cli_record *r)
{
    const struct urna_manifest *m = &r->P->m;
    struct urna_ceremony_view c;
    struct urna_buf wait = {0};
    const char *step = "confirmed by all";
    urna_judge_ceremony(r->J, &c);
    urna_tell_u64(s, "attempt", c.attempt);
    for (uint32_t i = 0; i < m->n; i++) {
        bool missing = false;
        if (c.n_commits < m->n) {
            step = "commit";
            missing = !c.commit[i];
        } else if (c.n_keys < m->n) {
            step = "keys";
            missing = !c.keys[i];
        } else if (m->n > 1 && c.n_shares < m->n) {
            step = "shares";
            missing = !c.shares[i];
        } else if (c.n_confirms < m->n) {
            step = "confirm";
            missing = !c.confirm[i];
        }
        if (missing)
            add_id(&wait, m->guardians[i].id);
    }
    urna_tell_str(s, "ceremony", step);
    say_list(s, "awaited", &wait);
}

static void say_setup(struct urna_tell *s, const struct urna_cli_record *r)
{
    const struct urna_manifest *m = &r->P->m;
    struct urna_buf wait = {0};
    size_t rows;
    say_ceremony(s, r);
    urna_judge_rows(r->J, &rows);
    urna_tell_u64(s, "rolls", urna_judge_accepted(r->J, URNA_ROLL));
    urna_tell_str(s, "roll", urna_judge_accepted(r->J, URNA_ROLL_CLOSE) ? "closed" : "not closed");
    urna_tell_u64(s, "rows", rows);
    for (uint32_t i = 0; i < m->n_witnesses; i++)
        if (!urna_judge_witnesses(r->J)[i])
            add_id(&wait, m->witnesses[i].id);
    say_list(s, "no_accept_of", &wait);
}

static void say_counted(struct urna_tell *s, const struct urna_cli_record *r)
{
    const struct urna_manifest *m = &r->P->m;
    size_t n, done = 0, sessions = urna_judge_sessions(r->J);
    uint64_t index;
    const struct urna_tally_group *g = urna_judge_groups(r->J, &n);
    for (size_t i = 0; i < n; i++)
        done += g[i].done;
    urna_tell_hex(s, "countset", urna_judge_countset_hash(r->J), 32);
    urna_tell_u64(s, "groups", n);
    urna_tell_u64(s, "tallies", done);
    for (size_t i = 0; i < sessions && done < n; i++) {
        struct urna_session_view v;
        struct urna_buf wait = {0};
        const char *step = "complete: urna tally";
        urna_judge_session(r->J, i, &v);
        for (uint32_t x = 0; x < v.n_present; x++) {
            bool missing = false;
            if (v.n_commits < v.n_present) {
                step = "commit";
                missing = !v.commit[x];
            } else if (v.n_reveals < v.n_present) {
                step = "reveal";
                missing = !v.reveal[x];
            } else if (v.n_responds < v.n_present) {
                step = "respond";
                missing = !v.respond[x];
            }
            if (missing)
                add_id(&wait, m->guardians[v.present[x] - 1].id);
        }
        if (!s->json) {
            printf("  session       block %llu, attempt %llu: %s%s%s\n",
                   (unsigned long long)v.block, (unsigned long long)v.attempt, step,
                   wait.len ? ", awaited: " : "", wait.len ? urna_buf_cstr(&wait) : "");
        }
        urna_buf_free(&wait);
    }
    if (urna_judge_result_at(r->J, &index))
        urna_tell_u64(s, "result_at", index);
}

static const char *next_step(const struct urna_cli_record *r)
{
    struct urna_ceremony_view c;
    uint64_t index;
    size_t n, done = 0;
    const struct urna_tally_group *g = urna_judge_groups(r->J, &n);
    for (size_t i = 0; i < n; i++)
        done += g[i].done;
    urna_judge_ceremony(r->J, &c);
    switch (urna_judge_phase(r->J)) {
    case URNA_SETUP:
        if (!c.ready)
            return "guardians: urna guardian keygen, share, check";
        if (urna_judge_accepted(r->J, URNA_ROLL_CLOSE) == 0)
            return "registrars: urna roll create; commission: urna roll close";
        return "commission: urna election open";
    case URNA_VOTING:
        return r->P->m.n_witnesses ? "voters vote; witnesses cosign; anchors with a time at or "
                                     "after the seal's end voting"
                                   : "voters vote; the commission closes: urna election close";
    case URNA_SEALED:
        return "anybody: urna election countset";
    case URNA_COUNTED:
        if (done < n)
            return "guardians: urna guardian decrypt; anybody: urna tally";
        return urna_judge_result_at(r->J, &index)
                   ? "witnesses sign the result; everybody: urna verify"
                   : "anybody: urna election result";
    }
    return "";
}

static void say_status(struct urna_tell *s, const struct urna_cli_record *r)
{
    static const char *const phase[] = {"setup", "voting", "sealed", "counted"};
    const struct urna_manifest *m = &r->P->m;
    size_t n;
    uint64_t seal, cut;
    urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "%s%s", urna_cli_title(&m->title, "an election"),
                   m->test ? " (TEST ELECTION)" : "");
    urna_tell_hex(s, "fingerprint", r->P->phi, 32);
    urna_tell_str(s, "phase", phase[urna_judge_phase(r->J)]);
    urna_tell_u64(s, "size", r->v.size);
    urna_tell_time(s, "open", m->t_open);
    urna_tell_time(s, "close", m->t_close);
    urna_tell_time(s, "seal", m->t_seal);
    if (urna_judge_phase(r->J) == URNA_SETUP)
        say_setup(s, r);
    urna_judge_ballots(r->J, &n);
    if (urna_judge_phase(r->J) != URNA_SETUP) {
        urna_tell_u64(s, "ballots", n);
        urna_tell_u64(s, "challenges", urna_judge_accepted(r->J, URNA_CHALLENGE));
        urna_tell_u64(s, "anchors", urna_judge_accepted(r->J, URNA_ANCHOR));
    }
    if (urna_judge_seal(r->J, &seal, &cut)) {
        urna_tell_u64(s, "sealed_at", seal);
        urna_tell_u64(s, "cut", cut);
    }
    if (urna_judge_phase(r->J) == URNA_COUNTED)
        say_counted(s, r);
    urna_judge_voids(r->J, &n);
    if (n)
        urna_tell_u64(s, "void", n);
    urna_tell_str(s, "next", next_step(r));
}

static enum urna_status status_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                    struct urna_error *err)
{
    struct urna_cli_record *r = ctx;
    r->path = args->arg[0];
    enum urna_status st = urna_cli_record_open(r, err);
    if (st == URNA_OK)
        say_status(s, r);
    urna_cli_record_close(r);
    return st;
}

int urna_cmd_election_status(int argc, char **argv)
{
    struct urna_cli_record r = {0};
    const struct urna_option options[] = {URNA_TRUST_OPTIONS(r), {0}};
    const struct urna_command command = {
        .name = "urna election status",
        .title = "where an election stands, and who is awaited",
        .usage = "urna election status RECORD",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "printed",
        .fails = "the record is not valid",
    };
    return urna_cli_run(&command, argc, argv, status_work, &r);
}
