/* urna tally: combine the guardians' answers. Public data only: anybody may do it. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "protocol/combine.h"

struct tally {
    struct urna_cli_record record;
    const char *out;
    struct urna_arena a;
    struct urna_combine c;
    unsigned written;
};

static enum urna_status write_tally(struct urna_tell *s, struct tally *q,
                                    const struct urna_tally *t, struct urna_error *err)
{
    struct urna_buf body = {0}, path = {0};
    struct urna_body b = {.kind = URNA_TALLY};
    b.tally = *t;
    urna_body_write(&body, &b, q->record.P->lp, q->record.P->lq);
    urna_buf_printf(&path, "%s/tally-%u.entry", q->out, t->group);
    if (s->json)
        urna_json_open(&s->j, NULL, '{');
    enum urna_status st = urna_cli_entry_write(s, urna_buf_cstr(&path), URNA_TALLY,
                                               urna_buf_view(&body), NULL, q->record.P->phi, err);
    if (s->json)
        urna_json_close(&s->j, '}');
    q->written += st == URNA_OK;
    urna_buf_free(&body);
    urna_buf_free(&path);
    return st;
}

static enum urna_status combine(struct urna_tell *s, struct tally *q,
                                const struct urna_session_view *v, struct urna_error *err)
{
    const struct urna_context *P = q->record.P;
    size_t n;
    uint32_t culprit = 0;
    const struct urna_tally_group *all = urna_judge_groups(q->record.J, &n);
    size_t first = (size_t)(v->block - 1) * P->m.block,
           count = n - first < P->m.block ? n - first : P->m.block;
    struct urna_sum_group *groups = URNA_NEW(&q->a, struct urna_sum_group, count);
    uint64_t *bound = URNA_NEW(&q->a, uint64_t, count);
    struct urna_tally *t = URNA_NEW(&q->a, struct urna_tally, count);
    for (size_t i = 0; i < count; i++) {
        const struct urna_tally_group *g = &all[first + i];
        groups[i] = (struct urna_sum_group){g->contest, g->n_fields, g->A, g->B};
        bound[i] = g->n * P->m.contests[g->contest - 1].option_limit;
    }
    struct urna_decrypt_session session = {.present = v->present,
                                           .n_present = v->n_present,
                                           .attempt = v->attempt,
                                           .block = v->block,
                                           .groups = groups,
                                           .n_groups = (uint32_t)count};
    memcpy(session.countset, urna_judge_countset_hash(q->record.J), 32);
    memcpy(session.h_e, P->h_e, 32);
    q->c.session = &session;
    q->c.first_group = (uint32_t)first + 1;
    q->c.bound = bound;
    q->c.reveal = v->reveal;
    q->c.respond = v->respond;
    enum urna_status st = urna_combine_tallies(t, &q->c, &q->a, &culprit, err);
    for (size_t i = 0; i < count && st == URNA_OK; i++)
        if (!all[first + i].done)
            st = write_tally(s, q, &t[i], err);
    return st;
}

/* Tables for the whole run: shares' public keys, and the discrete logarithm up to the largest sum.
 */
static struct urna_dlog *prepare(struct tally *q)
{
    const struct urna_context *P = q->record.P;
    size_t n;
    uint64_t bound = 1, values = 0;
    const struct urna_tally_group *g = urna_judge_groups(q->record.J, &n);
    for (size_t i = 0; i < n; i++) {
        uint64_t b = g[i].n * P->m.contests[g[i].contest - 1].option_limit;
        bound = b > bound ? b : bound;
        values += g[i].n_fields;
    }
    urna_element *S = URNA_NEW(&q->a, urna_element, P->m.n);
    for (uint32_t i = 1; i <= P->m.n; i++)
        S[i - 1] = *urna_judge_share_key(q->record.J, i);
    struct urna_dlog *d = urna_dlog_new(P->G, &P->K, bound, values ? values : 1);
    q->c = (struct urna_combine){.G = P->G, .K = P->fixed_K, .dlog = d, .S = S, .n = P->m.n};
    return d;
}

static bool find_complete(const struct urna_cli_record *r, uint32_t block,
                          struct urna_session_view *v)
{
    for (size_t i = 0; i < urna_judge_sessions(r->J); i++) {
        urna_judge_session(r->J, i, v);
        if (v->block == block && v->n_responds == v->n_present)
            return true;
    }
    return false;
}

static bool block_done(const struct urna_cli_record *r, uint32_t block)
{
    size_t n;
    const struct urna_tally_group *g = urna_judge_groups(r->J, &n);
    for (size_t i = (size_t)(block - 1) * r->P->m.block; i < n && i < (size_t)block * r->P->m.block;
         i++)
        if (!g[i].done)
            return false;
    return true;
}

static enum urna_status tally(struct urna_tell *s, struct tally *q, struct urna_error *err)
{
    uint64_t at;
    unsigned waiting = 0;
    struct urna_dlog *d = NULL;
    enum urna_status st = urna_cli_record_open(&q->record, err);
    if (st == URNA_OK && !urna_judge_countset_at(q->record.J, &at))
        st = urna_fail(err, URNA_FALSE, "the log holds no accepted count set yet");
    if (st == URNA_OK)
        st = urna_mkdirs(q->out, 0755, err);
    if (st == URNA_OK)
        d = prepare(q);
    if (st == URNA_OK && s->json)
        urna_json_open(&s->j, "entries", '[');
    uint32_t blocks = st == URNA_OK ? urna_judge_blocks(q->record.J) : 0;
    for (uint32_t b = 1; b <= blocks && st == URNA_OK; b++) {
        struct urna_session_view v;
        if (block_done(&q->record, b))
            continue;
        if (find_complete(&q->record, b, &v))
            st = combine(s, q, &v, err);
        else
            waiting++;
    }
    urna_dlog_free(d);
    if (st != URNA_OK)
        return st;
    if (s->json)
        urna_json_close(&s->j, ']');
    if (q->written == 0 && waiting)
        return urna_fail(
            err, URNA_FALSE,
            "no session of decryption is complete: urna election status says who is awaited");
    urna_tell_u64(s, "written", q->written);
    urna_tell_u64(s, "blocks_waiting", waiting);
    return URNA_OK;
}

static enum urna_status tally_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                   struct urna_error *err)
{
    struct tally *q = ctx;
    q->record.path = args->arg[0];
    enum urna_status st = tally(s, q, err);
    urna_arena_free(&q->a);
    urna_cli_record_close(&q->record);
    return st;
}

int urna_cmd_tally(int argc, char **argv)
{
    struct tally q = {0};
    const struct urna_option options[] = {
        {"out", "FOLDER", "where the entries go: tally-GROUP.entry", .string = &q.out,
         .required = true},
        URNA_TRUST_OPTIONS(q.record),
        {0},
    };
    const struct urna_command command = {
        .name = "urna tally",
        .title = "combine the guardians' answers into tallies",
        .usage = "urna tally RECORD --out FOLDER",
        .text = "Every answer is checked first, every tally by its own proof last. It needs no "
                "secret, so anybody may do it.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "combined",
        .fails = "answers are missing, or the record is not valid",
    };
    return urna_cli_run(&command, argc, argv, tally_work, &q);
}
