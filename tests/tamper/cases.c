/* One case: an entry that was changed, put before the judge. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

static const char *const how_name[] = {"as damage", "signed again", "signed by who is named"};

enum urna_kind tamper_kind(const struct run *x)
{
    return x->rec.t->entry[x->at].kind;
}

void tamper_fault(struct run *x, const struct change *c, const char *got, const char *want)
{
    report_fault(x->report, "%s of entry %zu %s (%s): %s, not %s",
                 c->path[0] ? c->path : "the whole", x->at, place_op_name[c->op], how_name[c->how],
                 got, want);
}

/* A part waits for what follows it; nothing of the kind comes. */
static void settle(struct run *x)
{
    struct leaves l = {.n = 1};
    struct said s;
    urna_buf_str(&l.leaf[0], "{\"kind\":\"nobody\",\"sigs\":[]}\n{}");
    tamper_put(x->log, &x->disk, &l, urna_view(NULL, 0), NULL, &s);
    leaves_free(&l);
}

/* Every new void entry must be void again when the verifier reads it all. The rule of the one at
 * index; "nothing" if there is none. */
static const char *note_voids(struct run *x, size_t from, uint64_t index)
{
    size_t n;
    const struct urna_void *v = urna_judge_voids(urna_follow_judge(x->log), &n);
    const char *rule = "nothing";
    x->noted = urna_xrealloc(x->noted, x->n_noted + n - from, sizeof *x->noted);
    for (size_t i = from; i < n; i++) {
        struct noted *k = &x->noted[x->n_noted++];
        k->index = v[i].index;
        snprintf(k->rule, sizeof k->rule, "%s", v[i].rule);
        if (v[i].index == index)
            rule = k->rule;
    }
    return rule;
}

/* Accepted, which the table allows: what comes of the rest? */
static void play_on(struct run *x, struct urna_follow *f, const struct change *c)
{
    char got[24];
    for (size_t i = x->at + 1; i < x->rec.t->n; i++)
        (void)tamper_play(&x->rec, f, NULL, i);
    urna_follow_end(f);
    tamper_outcome(&x->rec, f, got, sizeof got);
    /* Nobody named the roll that needs parts. */
    bool unnamed = tamper_kind(x) == URNA_ROLL && x->own.len > URNA_PART_SIZE;
    const char *then = unnamed ? "same same+E12" : c->e->then;
    if (!expect_has(then, got))
        tamper_fault(x, c, got, then);
    report_case(x->report, "harmless", c->how != DAMAGED);
    report_harmless(x->report, c->path, place_op_name[c->op], got, c->e->why);
}

static bool accepted_alone(struct run *x, const struct change *c, const struct leaves *l,
                           struct urna_view out)
{
    struct said s;
    struct urna_follow *f = tamper_fresh(&x->rec, x->at);
    tamper_put(f, NULL, l, out, NULL, &s);
    if (s.accepted)
        play_on(x, f, c);
    urna_follow_free(f);
    return s.accepted;
}

/* Another manifest is none, or that of another election: then nothing that was signed for this one
 * holds under it. */
static void try_manifest(struct run *x, const struct change *c, const struct leaves *l)
{
    struct said s;
    struct urna_follow *f = urna_follow_new(NULL, 1, NULL, NULL);
    tamper_put(f, NULL, l, urna_view(NULL, 0), NULL, &s);
    struct urna_judge *J = urna_follow_judge(f);
    const struct urna_context *P = urna_judge_context(J);
    const char *rule = !s.done ? "E13"
                       : !P    ? urna_judge_manifest_ruling(J)->rule
                       : memcmp(P->phi, x->rec.t->phi, 32) == 0 ? "accepted"
                                                                : "phi";
    report_case(x->report, rule, c->how != DAMAGED);
    if (!expect_has(c->rules, rule))
        tamper_fault(x, c, rule, c->rules);
    urna_follow_free(f);
}

void tamper_try(struct run *x, const struct change *c, const struct leaves *l, struct urna_view out)
{
    struct said s;
    size_t before;
    if (x->at == 0) {
        try_manifest(x, c, l);
        return;
    }
    if (tamper_kind(x) == URNA_ANCHOR && expect_has(c->rules, "ok"))
        return; /* over this tree it would be accepted here and nowhere else: change_cosigned */
    if (expect_has(c->rules, "ok") && accepted_alone(x, c, l, out))
        return;
    (void)urna_judge_voids(urna_follow_judge(x->log), &before);
    tamper_put(x->log, &x->disk, l, out, NULL, &s);
    if (!s.done)
        settle(x);
    const char *rule = s.accepted ? "accepted" : note_voids(x, before, s.index);
    report_case(x->report, rule, c->how != DAMAGED);
    x->broken |= s.accepted;
    if (!expect_has(c->rules, rule))
        tamper_fault(x, c, rule, c->rules);
}

/* --- bodies -------------------------------------------------------------- */

bool tamper_by_role(const struct ve_entry *e)
{
    return e->voter < 0 && e->n_signers > 0;
}

/* Nothing changed, or it became another honest entry, which says nothing. */
bool tamper_is_honest(const struct run *x, struct urna_view body)
{
    if (urna_view_eq(body, urna_buf_view(&x->own)))
        return true;
    for (size_t i = 0; i < x->rec.t->n; i++)
        if (x->rec.t->entry[i].kind == tamper_kind(x) &&
            urna_view_eq(body, urna_buf_view(&x->rec.t->entry[i].body)))
            return true;
    return false;
}

static int64_t key_of(const struct ve *t, struct urna_view quoted)
{
    for (uint32_t i = 0; i < t->n_keys; i++)
        if (quoted.len == strlen(t->key[i].id) + 2 &&
            memcmp(quoted.p + 1, t->key[i].id, quoted.len - 2) == 0)
            return i;
    return -1;
}

/* What the table says: the form is wrong whatever the kind, or the kind's own lines hold. */
bool tamper_rules(struct run *x, struct change *c, bool member)
{
    bool twice = c->op == OP_DUPLICATE || c->op == OP_SWAP;
    c->e = expect_of(tamper_kind(x), c->path, c->op);
    c->rules = c->op == OP_MALFORM || (member && twice) ? "E12" : c->e ? c->e->rules : NULL;
    if (!c->rules)
        tamper_fault(x, c, "is not in the table", "anything");
    return c->rules;
}

static bool rules_of(struct run *x, struct change *c, bool member, char *room, size_t len)
{
    const struct ve_entry *e = &x->rec.t->entry[x->at];
    if (!tamper_rules(x, c, member))
        return false;
    if (c->how == DAMAGED && tamper_by_role(e))
        c->rules = e->kind == URNA_MANIFEST ? "E12 E13" : "E12";
    if (c->how == DAMAGED && e->voter >= 0 && expect_has(c->rules, "ok")) {
        /* What a voter may change under a new signature others may not under the old one. */
        snprintf(room, len, "E3 %s", c->rules + (strncmp(c->rules, "ok", 2) == 0 ? 2 : 0));
        c->rules = room;
    }
    return true;
}

void tamper_try_signed(struct run *x, struct change *c, bool member, struct urna_view body,
                       const uint32_t *signer, uint32_t n)
{
    const struct ve_entry *e = &x->rec.t->entry[x->at];
    struct urna_sig sig[VE_SIGNERS];
    struct leaves l = {0};
    char room[80];
    if (!rules_of(x, c, member, room, sizeof room))
        return;
    if (c->how == DAMAGED) {
        n = e->n_sigs;
        memcpy(sig, e->sig, sizeof sig);
    } else {
        n = ve_sign(x->rec.t, e->kind, body, e->voter, signer, n, x->rec.t->phi, sig);
    }
    leaves_make(&l, e->kind, body, sig, n);
    tamper_try(x, c, &l, tamper_out(e->kind, body));
    leaves_free(&l);
}

/* named: what the body says who signs, if that was changed. */
void tamper_try_body(struct run *x, const char *path, enum place_op op, bool member,
                     struct urna_view body, struct urna_view named)
{
    const struct ve_entry *e = &x->rec.t->entry[x->at];
    struct change c = {.path = path, .op = op, .how = DAMAGED};
    if (tamper_is_honest(x, body)) {
        report_nothing(x->report);
        return;
    }
    tamper_try_signed(x, &c, member, body, NULL, 0);
    if (e->n_signers == 0 && e->voter < 0)
        return;
    c.how = SIGNED_AGAIN;
    tamper_try_signed(x, &c, member, body, e->signer, e->n_signers);
    int64_t key = named.len > 0 ? key_of(x->rec.t, named) : -1;
    if (key < 0)
        return;
    uint32_t signer = (uint32_t)key;
    c.how = SIGNED_AS_NAMED;
    c.path = ".as!";
    tamper_try_signed(x, &c, false, body, &signer, 1);
}
