#include "verify/traces.h"

#include <string.h>

static bool read_body(const struct urna_context *P, const struct urna_entry *e, struct urna_body *b, struct urna_arena *scratch)
{
    struct urna_error err = URNA_ERROR_INIT;
    return !e->absent && urna_body_read(b, e->kind, e->body, P->lp, P->lq, scratch, &err) == URNA_OK;
}

static void note_anchor(struct urna_traces *t, const struct urna_entry *e, const struct urna_anchor *v)
{
    struct urna_judge *J = urna_follow_judge(t->follow);
    const struct urna_context *P = urna_judge_context(J);
    uint64_t countset, result, seal, cut, latest = 0;
    bool has_countset = urna_judge_countset_at(J, &countset) && v->size > countset;
    bool has_result = urna_judge_result_at(J, &result) && v->size > result;
    for (uint32_t i = 0; i < v->n_cosigs; i++) {
        const struct urna_anchor_sig *s = &v->cosigs[i];
        struct urna_trace *w = &t->witness[urna_context_witness(P, s->as)]; /* accepted: each is of a witness */
        latest = s->time > latest ? s->time : latest;
        if (s->head)
            continue;
        if (has_countset && w->countset_time == 0)
            w->countset_time = s->time;
        if (has_result && w->result_time == 0)
            w->result_time = s->time;
    }
    if (urna_judge_seal(J, &seal, &cut) && seal == e->index)
        t->seal_time = latest;
}

/* A verdict about another tree says nothing of this one. */
static void note_verdict(struct urna_traces *t, const struct urna_verdict_body *v)
{
    uint8_t root[32];
    int64_t w = urna_context_witness(urna_judge_context(urna_follow_judge(t->follow)), v->as);
    if (w < 0 || !urna_tree_root(urna_follow_tree(t->follow), v->size, root) || memcmp(root, v->root, 32) != 0)
        return;
    t->witness[w].answer = (int)v->answer;
    t->witness[w].software = urna_arena_strndup(&t->arena, v->software, strlen(v->software));
}

void urna_traces_entry(void *ctx, const struct urna_entry *e, bool accepted, const struct urna_ruling *r)
{
    (void)r;
    struct urna_traces *t = ctx;
    const struct urna_context *P = urna_judge_context(urna_follow_judge(t->follow));
    if (!P || !accepted)
        return;
    if (!t->witness) {
        t->witness = URNA_NEW(&t->arena, struct urna_trace, P->m.n_witnesses + 1);
        for (uint32_t i = 0; i < P->m.n_witnesses; i++)
            t->witness[i].answer = -1;
    }
    if (e->kind != URNA_ANCHOR && e->kind != URNA_VERDICT)
        return;
    struct urna_arena scratch = {0};
    struct urna_body b;
    if (read_body(P, e, &b, &scratch)) {
        if (e->kind == URNA_ANCHOR)
            note_anchor(t, e, &b.anchor);
        else
            note_verdict(t, &b.verdict);
    }
    urna_arena_free(&scratch);
}

void urna_traces_free(struct urna_traces *t)
{
    urna_arena_free(&t->arena);
    *t = (struct urna_traces){0};
}
