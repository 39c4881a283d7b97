/* Anchors that their witnesses sign again, and entries that are left out, repeated, exchanged. */
#include <stdio.h>
#include <string.h>

#include "log/note.h"
#include "run.h"

/* --- anchors that the witnesses sign again ------------------------------- */

static bool cosign_again(const struct run *x, struct urna_buf *out, struct urna_view body)
{
    const struct ve *t = x->rec.t;
    struct urna_arena a = {0};
    struct urna_body b;
    struct urna_buf text = {0};
    struct urna_error err = URNA_ERROR_INIT;
    bool ok = urna_body_read(&b, URNA_ANCHOR, body, t->P->lp, t->P->lq, &a, &err) == URNA_OK;
    b.kind = URNA_ANCHOR;
    if (ok)
        urna_checkpoint_text(&text, t->m.origin, b.anchor.size, b.anchor.root);
    for (uint32_t i = 0; ok && i < b.anchor.n_cosigs; i++) {
        struct urna_anchor_sig *s = &b.anchor.cosigs[i];
        int64_t w = urna_context_witness(t->P, s->as);
        if (w >= 0)
            urna_cosignature_sign(s->sig, t->key[s->head ? t->head[w] : t->full[w]].seed, s->time,
                                  urna_buf_view(&text));
    }
    urna_buf_reset(out);
    if (ok)
        urna_body_write(out, &b, t->P->lp, t->P->lq);
    urna_buf_free(&text);
    urna_arena_free(&a);
    return ok;
}

/* Fork or not: a log of its own, since two roots that the witnesses signed end the matter. */
static void change_cosigned(struct run *x, const struct place *p, const char *path,
                            enum place_op op, struct urna_view donor, struct urna_view text,
                            void *ctx)
{
    struct urna_buf body = {0};
    struct leaves l = {0};
    struct change c = {.path = path, .op = op, .how = SIGNED_AGAIN};
    (void)donor, (void)ctx, (void)p;
    if (!cosign_again(x, &body, text) || tamper_is_honest(x, urna_buf_view(&body))) {
        report_nothing(x->report);
    } else if (!(c.e = expect_of(URNA_ANCHOR, path, op))) {
        tamper_fault(x, &c, "is not in the table", "anything");
    } else {
        struct urna_follow *f = tamper_fresh(&x->rec, x->at);
        struct said s;
        char got[24];
        size_t n;
        leaves_make(&l, URNA_ANCHOR, urna_buf_view(&body), NULL, 0);
        tamper_put(f, NULL, &l, urna_view(NULL, 0), NULL, &s);
        for (size_t i = x->at; i < x->rec.t->n; i++)
            (void)tamper_play(&x->rec, f, NULL, i);
        urna_follow_end(f);
        const struct urna_finding *v = urna_judge_findings(urna_follow_judge(f), &n);
        bool fork = false;
        for (size_t i = 0; i < n; i++)
            fork |= v[i].grave;
        snprintf(got, sizeof got, "%s", fork ? "E16+fork" : s.accepted ? "ok" : s.r.rule);
        report_case(x->report, got, true);
        if (!expect_has(c.e->rules, got))
            tamper_fault(x, &c, got, c.e->rules);
        if (s.accepted) {
            tamper_outcome(&x->rec, f, got, sizeof got);
            if (!expect_has(c.e->then, got))
                tamper_fault(x, &c, got, c.e->then);
            report_harmless(x->report, path, place_op_name[op], got, c.e->why);
        }
        urna_follow_free(f);
        leaves_free(&l);
    }
    urna_buf_free(&body);
}

void tamper_anchor(struct run *x)
{
    struct urna_follow *f = tamper_fresh(&x->rec, x->at);
    ve_body_of(x->rec.t, f, x->at, &x->own);
    urna_follow_free(f);
    tamper_every_change(x, urna_buf_view(&x->own), "+", change_cosigned, NULL);
}

/* --- whole entries ------------------------------------------------------- */

/* Left out, repeated, exchanged with the next: what comes of the log? */
void tamper_whole(struct run *x)
{
    static const enum place_op op[] = {OP_DELETE, OP_DUPLICATE, OP_SWAP};
    const struct rec *r = &x->rec;
    for (int k = 0; k < 3; k++) {
        struct change c = {.path = "=", .op = op[k]};
        c.e = expect_of(tamper_kind(x), "=", op[k]);
        if (op[k] == OP_SWAP && x->at + 1 == r->t->n)
            continue;
        struct urna_follow *f = tamper_fresh(r, x->at);
        if (op[k] != OP_DELETE)
            (void)tamper_play(r, f, NULL, x->at + (op[k] == OP_SWAP));
        if (op[k] != OP_DELETE)
            (void)tamper_play(r, f, NULL, x->at);
        for (size_t i = x->at + (op[k] == OP_SWAP ? 2 : 1); i < r->t->n; i++)
            (void)tamper_play(r, f, NULL, i);
        urna_follow_end(f);
        char got[24];
        if (urna_judge_context(urna_follow_judge(f)))
            tamper_outcome(r, f, got, sizeof got);
        else
            snprintf(got, sizeof got, "E13");
        urna_follow_free(f);
        bool same = strcmp(got, "same") == 0;
        report_case(x->report, same ? "harmless" : got, false);
        if (!c.e || !expect_has(c.e->then, got))
            tamper_fault(x, &c, got, c.e ? c.e->then : "in the table");
        if (c.e && same)
            report_harmless(x->report, "=", place_op_name[op[k]], got, c.e->why);
    }
}
