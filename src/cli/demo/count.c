/* After the seal: count set, decryption by those guardians that came, tallies, result, the witnesses' last word. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/demo/demo.h"
#include "protocol/combine.h"

static const bool all_but_silent[DEMO_WITNESSES] = {true, true, true, true, true, false};

enum urna_status demo_count(struct demo *d)
{
    struct urna_judge *J = urna_append_judge(d->log_file);
    enum urna_status st = demo_say(d, URNA_COUNTSET, urna_buf_view(urna_judge_countset_body(J)), NULL, 0);
    d->now += 3600;
    /* Guardians wait for this: the count set under the quorum of their own trust files. */
    return st == URNA_OK ? demo_cosign(d, all_but_silent, false, d->now, true) : st;
}

static struct urna_sum_group *sum_groups(struct demo *d, struct urna_judge *J, size_t *n)
{
    const struct urna_tally_group *g = urna_judge_groups(J, n);
    struct urna_sum_group *s = URNA_NEW(&d->arena, struct urna_sum_group, *n);
    for (size_t i = 0; i < *n; i++)
        s[i] = (struct urna_sum_group){g[i].contest, g[i].n_fields, g[i].A, g[i].B};
    return s;
}

static enum urna_status say_as_guardian(struct demo *d, uint32_t i, enum urna_kind kind, struct urna_buf *body)
{
    const struct urna_role_key *r[] = {&d->guardian[i - 1]};
    enum urna_status st = demo_say(d, kind, urna_buf_view(body), r, 1);
    urna_buf_reset(body);
    return st;
}

static enum urna_status combine(struct demo *d, struct urna_judge *J, const struct urna_decrypt_session *s)
{
    const struct urna_context *P = urna_judge_context(J);
    struct urna_session_view v;
    urna_judge_session(J, urna_judge_sessions(J) - 1, &v);
    struct urna_tally *t = URNA_NEW(&d->arena, struct urna_tally, s->n_groups);
    uint64_t *bound = URNA_NEW(&d->arena, uint64_t, s->n_groups), most = 0;
    urna_element S[DEMO_GUARDIANS];
    size_t n;
    const struct urna_tally_group *g = urna_judge_groups(J, &n);
    for (uint32_t i = 0; i < s->n_groups; i++) {
        bound[i] = g[i].n * P->m.contests[g[i].contest - 1].option_limit;
        most = bound[i] > most ? bound[i] : most;
    }
    for (uint32_t i = 0; i < DEMO_GUARDIANS; i++)
        S[i] = *urna_judge_share_key(J, i + 1);
    struct urna_dlog *dlog = urna_dlog_new(P->G, &P->K, most, (uint64_t)s->n_groups * DEMO_LISTS);
    struct urna_combine c = {.G = P->G, .K = P->fixed_K, .dlog = dlog, .S = S, .n = P->m.n, .session = s, .first_group = 1, .bound = bound,
                             .reveal = v.reveal, .respond = v.respond};
    enum urna_status st = urna_combine_tallies(t, &c, &d->arena, NULL, &d->err);
    urna_dlog_free(dlog);
    for (uint32_t i = 0; st == URNA_OK && i < s->n_groups; i++) {
        struct urna_body b = {.kind = URNA_TALLY, .tally = t[i]};
        st = demo_say_body(d, &b, NULL, 0);
    }
    return st;
}

enum urna_status demo_decrypt(struct demo *d)
{
    struct urna_judge *J = urna_append_judge(d->log_file);
    const struct urna_context *P = urna_judge_context(J);
    uint32_t present[DEMO_GUARDIANS], n = 0;
    for (uint32_t i = 1; i <= DEMO_GUARDIANS; i++)
        if (i != DEMO_MISSING_GUARDIAN)
            present[n++] = i;
    size_t n_groups;
    struct urna_decrypt_session s = {.present = present, .n_present = n, .attempt = 1, .block = 1};
    s.groups = sum_groups(d, J, &n_groups);
    s.n_groups = (uint32_t)n_groups;
    memcpy(s.countset, urna_judge_countset_hash(J), 32);
    memcpy(s.h_e, P->h_e, 32);
    if (n_groups > P->m.block)
        return urna_fail(&d->err, URNA_FALSE, "the demo decrypts one block only");
    enum urna_status st = URNA_OK;
    struct urna_buf body = {0};
    struct urna_session_view v;
    for (uint32_t x = 0; st == URNA_OK && x < n; x++) {
        st = urna_decrypt_commit(d->state[present[x] - 1], &s, &body, &d->err);
        if (st == URNA_OK)
            st = say_as_guardian(d, present[x], URNA_DECRYPT_COMMIT, &body);
    }
    for (uint32_t x = 0; st == URNA_OK && x < n; x++) {
        urna_judge_session(J, 0, &v);
        st = urna_decrypt_reveal(d->state[present[x] - 1], &s, v.commit, &body, &d->err);
        if (st == URNA_OK)
            st = say_as_guardian(d, present[x], URNA_DECRYPT_REVEAL, &body);
    }
    for (uint32_t x = 0; st == URNA_OK && x < n; x++) {
        urna_judge_session(J, 0, &v);
        st = urna_decrypt_respond(d->state[present[x] - 1], &s, v.reveal, &body, &d->err);
        if (st == URNA_OK)
            st = say_as_guardian(d, present[x], URNA_DECRYPT_RESPOND, &body);
    }
    urna_buf_free(&body);
    return st == URNA_OK ? combine(d, J, &s) : st;
}

enum urna_status demo_result(struct demo *d)
{
    struct urna_judge *J = urna_append_judge(d->log_file);
    const struct urna_buf *body = urna_judge_result_body(J);
    if (!body)
        return urna_fail(&d->err, URNA_FALSE, "not every group has a tally");
    enum urna_status st = demo_say(d, URNA_RESULT, urna_buf_view(body), NULL, 0);
    d->now += 3000;
    return st == URNA_OK ? demo_cosign(d, all_but_silent, false, d->now, false) : st;
}
