/* urna guardian decrypt: the law's four conditions first (election.md section 6), then one step of
 * each session. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd_guardian.h"
#include "protocol/decrypt.h"

struct request {
    struct urna_cli_guardian g;
    const char *out, *present;
    uint64_t attempt;
    uint32_t *list; /* indices of those present, ascending */
    uint32_t n_list;
    struct urna_arena a;
    unsigned written;
};

/* (1) the quorum of my own trust file over the count set, (2) my own judge agrees; (3) is in the
 * state, (4) the sums below are this judge's own. */
static enum urna_status check_conditions(struct request *q, struct urna_error *err)
{
    uint64_t at;
    const struct urna_cli_record *r = &q->g.record;
    if (!r->has_trust)
        return urna_fail(
            err, URNA_INPUT,
            "decryption needs a trust file: a fingerprint alone says nothing about witnesses");
    if (!urna_judge_countset_at(r->J, &at))
        return urna_fail(err, URNA_FALSE, "the log holds no count set that your judge accepts");
    if (!urna_cli_quorum_on_countset(r))
        return urna_fail(err, URNA_FALSE,
                         "the count set (entry %llu) is not under the quorum of your trust file: "
                         "without it somebody could show you another one",
                         (unsigned long long)at);
    return urna_cli_guardian_opened(&q->g, err);
}

static enum urna_status read_present(struct request *q, struct urna_error *err)
{
    const struct urna_manifest *m = &q->g.record.P->m;
    bool *in = URNA_NEW(&q->a, bool, m->n + 1);
    for (uint32_t i = 0; i < m->n && !q->present; i++)
        in[i] = true;
    char *text = urna_arena_strndup(&q->a, q->present ? q->present : "",
                                    strlen(q->present ? q->present : ""));
    for (char *p = text, *next; q->present && p; p = next) {
        next = strchr(p, ',');
        if (next)
            *next++ = '\0';
        int64_t i = urna_context_guardian(q->g.record.P, p);
        if (i < 0)
            return urna_fail(err, URNA_INPUT, "--present: this election has no guardian \"%s\"", p);
        in[i] = true;
    }
    q->list = URNA_NEW(&q->a, uint32_t, m->n);
    for (uint32_t i = 0; i < m->n; i++)
        if (in[i])
            q->list[q->n_list++] = i + 1;
    if (q->n_list < m->k)
        return urna_fail(err, URNA_INPUT, "--present: %u guardians, but %u are needed", q->n_list,
                         m->k);
    if (!in[urna_guardian_index(q->g.g) - 1])
        return urna_fail(err, URNA_INPUT, "--present: %s itself must be among them",
                         urna_guardian_id(q->g.g));
    return URNA_OK;
}

static bool find_session(struct request *q, uint64_t block, struct urna_session_view *v)
{
    for (size_t i = urna_judge_sessions(q->g.record.J); i-- > 0;) {
        urna_judge_session(q->g.record.J, i, v);
        if (v->block == block && v->attempt == q->attempt && v->n_present == q->n_list &&
            memcmp(v->present, q->list, q->n_list * sizeof *q->list) == 0)
            return true;
    }
    return false;
}

/* The body that is due, or *kind = URNA_KIND_UNKNOWN. */
static enum urna_status make_step(struct request *q, const struct urna_decrypt_session *s,
                                  const struct urna_session_view *v, bool under_way,
                                  enum urna_kind *kind, struct urna_buf *body,
                                  struct urna_error *err)
{
    uint32_t me = 0;
    while (s->present[me] != urna_guardian_index(q->g.g))
        me++;
    *kind = URNA_KIND_UNKNOWN;
    if (!under_way || !v->commit[me]) {
        *kind = URNA_DECRYPT_COMMIT;
        return urna_decrypt_commit(q->g.g, s, body, err);
    }
    if (!v->reveal[me]) {
        if (v->n_commits < v->n_present)
            return URNA_OK;
        *kind = URNA_DECRYPT_REVEAL;
        return urna_decrypt_reveal(q->g.g, s, v->commit, body, err);
    }
    if (!v->respond[me] && v->n_reveals == v->n_present) {
        *kind = URNA_DECRYPT_RESPOND;
        return urna_decrypt_respond(q->g.g, s, v->reveal, body, err);
    }
    return URNA_OK;
}

static enum urna_status write_step(struct urna_tell *s, struct request *q, uint32_t block,
                                   enum urna_kind kind, const struct urna_buf *body,
                                   struct urna_error *err)
{
    struct urna_buf path = {0};
    urna_buf_printf(&path, "%s/%s-%s-%llu-%u.entry", q->out, urna_kind_name(kind), q->g.role.name,
                    (unsigned long long)q->attempt, block);
    if (s->json)
        urna_json_open(&s->j, NULL, '{');
    enum urna_status st = urna_cli_entry_write(s, urna_buf_cstr(&path), kind, urna_buf_view(body),
                                               &q->g.role, q->g.record.P->phi, err);
    if (s->json)
        urna_json_close(&s->j, '}');
    urna_buf_free(&path);
    q->written += st == URNA_OK;
    return st;
}

static enum urna_status do_block(struct urna_tell *say, struct request *q, uint32_t block,
                                 struct urna_error *err)
{
    const struct urna_context *P = q->g.record.P;
    size_t n;
    const struct urna_tally_group *all = urna_judge_groups(q->g.record.J, &n);
    size_t first = (size_t)(block - 1) * P->m.block,
           count = n - first < P->m.block ? n - first : P->m.block;
    struct urna_sum_group *groups = URNA_NEW(&q->a, struct urna_sum_group, count);
    bool done = true;
    for (size_t i = 0; i < count; i++) {
        const struct urna_tally_group *g = &all[first + i];
        groups[i] = (struct urna_sum_group){g->contest, g->n_fields, g->A, g->B};
        done = done && g->done;
    }
    if (done)
        return URNA_OK;
    struct urna_decrypt_session s = {.present = q->list,
                                     .n_present = q->n_list,
                                     .attempt = (uint32_t)q->attempt,
                                     .block = block,
                                     .groups = groups,
                                     .n_groups = (uint32_t)count};
    memcpy(s.countset, urna_judge_countset_hash(q->g.record.J), 32);
    memcpy(s.h_e, P->h_e, 32);
    struct urna_session_view v = {0};
    struct urna_buf body = {0};
    enum urna_kind kind;
    bool under_way = find_session(q, block, &v);
    enum urna_status st = make_step(q, &s, &v, under_way, &kind, &body, err);
    if (st == URNA_OK && kind != URNA_KIND_UNKNOWN)
        st = write_step(say, q, block, kind, &body, err);
    urna_buf_free(&body);
    return st;
}

static enum urna_status decrypt(struct urna_tell *s, struct request *q, struct urna_error *err)
{
    enum urna_status st = urna_cli_guardian_open(&q->g, false, err);
    if (st == URNA_OK)
        st = check_conditions(q, err);
    if (st == URNA_OK)
        st = read_present(q, err);
    if (st == URNA_OK)
        st = urna_decrypt_seal(q->g.g, urna_judge_countset_hash(q->g.record.J), err);
    if (st == URNA_OK)
        st = urna_mkdirs(q->out, 0755, err);
    if (st == URNA_OK && s->json)
        urna_json_open(&s->j, "entries", '[');
    for (uint32_t b = 1; st == URNA_OK && b <= urna_judge_blocks(q->g.record.J); b++)
        st = do_block(s, q, b, err);
    if (st == URNA_OK && s->json)
        urna_json_close(&s->j, ']');
    if (st == URNA_OK && q->written == 0)
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD,
                       "nothing to say now: others are awaited, or all is done");
    if (st == URNA_OK) {
        urna_tell_hex(s, "countset", urna_judge_countset_hash(q->g.record.J), 32);
        urna_tell_u64(s, "written", q->written);
        if (q->g.record.trust.quorum < 0)
            urna_tell_note(s, "Your trust file asks for no witnesses: nobody but the board says "
                              "that this is the only count set.");
    }
    return st;
}

static enum urna_status decrypt_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                     struct urna_error *err)
{
    struct request *q = ctx;
    q->g.record.path = args->arg[0];
    enum urna_status st = decrypt(s, q, err);
    urna_arena_free(&q->a);
    urna_cli_guardian_close(&q->g);
    return st;
}

int urna_cmd_guardian_decrypt(int argc, char **argv)
{
    struct request q = {.g.record.trust_needed = true, .attempt = 1};
    const struct urna_option options[] = {
        URNA_GUARDIAN_OPTIONS(q.g),
        {"out", "FOLDER", "where the entries go: KIND-ID-ATTEMPT-BLOCK.entry", .string = &q.out,
         .required = true},
        {"present", "ID,ID", "the guardians who take part; default: all", .string = &q.present},
        {"attempt", "N", "of these guardians; default 1", .number = &q.attempt, .min = 1,
         .max = 4096},
        {0},
    };
    const struct urna_command command = {
        .name = "urna guardian decrypt",
        .title = "the next step of decrypting the one count set",
        .usage = "urna guardian decrypt RECORD --trust FILE --key FILE --state FILE --out FOLDER",
        .text = "Three rounds, each after the entries of the round before are in the log: commit, "
                "reveal, respond. It computes nothing unless the "
                "count set lies under the quorum of your own trust file and your own judge agrees; "
                "and after the first answer your state names "
                "that count set for ever.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "said",
        .fails = "a condition does not hold",
    };
    return urna_cli_run(&command, argc, argv, decrypt_work, &q);
}
