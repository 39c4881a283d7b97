/* The tamper suite: take valid records, change every field of every kind of entry in every way, and
 * require the judge to name the entry by the right rule (expect.c).
 *
 * Each change is tried as damage, under the old signatures, and signed again by the role that could
 * have done it. A refused entry changes nothing: so all of them are put into one log, before the
 * entry that they were made of, and that log, thousands of void entries long, must still end with
 * the same result, and be read so from a disk by the verifier, signed by the log and cosigned by
 * the witnesses. What is rightly accepted gets a log of its own, played to its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "expect.h"
#include "record.h"
#include "report.h"
#include "verify/verify.h"

/* Values to exchange one for: of the same path in other entries of the kind, or elsewhere in it. */
struct donor {
    enum urna_kind kind;
    const char *path;
    struct urna_view value;
};
struct stock {
    struct donor *v;
    size_t n;
    struct urna_arena a;
};
struct tried {
    uint64_t slot[1u << 16];
    size_t n;
};

struct run {
    struct rec rec;
    bool slow, all;
    struct stock stock;
    struct tried *tried;
    struct urna_follow *log; /* with everything that was refused */
    struct disk disk;
    struct noted {
        uint64_t index;
        char rule[12];
    } * noted; /* what must be void in it */
    size_t n_noted;
    bool broken; /* something was accepted that must not be: the log is no longer what it was */
    struct report *report;
    size_t at;           /* the entry that is being changed */
    struct urna_buf own; /* its body */
};

/* --- playing ------------------------------------------------------------- */

struct said {
    bool done, accepted;
    struct urna_ruling r;
    uint64_t index;
};

static void put(struct urna_follow *f, struct disk *d, const struct leaves *l, struct urna_view out,
                const struct urna_alone *known, struct said *s)
{
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < l->n; i++) {
        bool last = i + 1 == l->n;
        s->index = urna_tree_size(urna_follow_tree(f));
        if (d)
            disk_leaf(d, urna_buf_view(&l->leaf[i]));
        urna_follow_add(f, urna_buf_view(&l->leaf[i]), last ? out : urna_view(NULL, 0),
                        last ? known : NULL, &s->done, &s->accepted, &s->r);
    }
    if (d && out.p)
        disk_body(d, out);
}

static struct urna_view out_of_line(enum urna_kind kind, struct urna_view body)
{
    if (!urna_kind_out_of_line(kind))
        return urna_view(NULL, 0);
    return body.p ? body : urna_view("", 0);
}

/* The entry as it was; false if it is refused now. */
static bool play(const struct rec *r, struct urna_follow *f, struct disk *d, size_t i)
{
    const struct ve_entry *e = &r->t->entry[i];
    struct urna_buf body = {0};
    struct leaves l = {0};
    struct said s;
    ve_body_of(r->t, f, i, &body);
    leaves_make(&l, e->kind, urna_buf_view(&body), e->sig, e->n_sigs);
    put(f, d, &l, out_of_line(e->kind, urna_buf_view(&body)),
        e->kind == URNA_ANCHOR || e->kind == URNA_MANIFEST ? NULL : &r->alone[i], &s);
    leaves_free(&l);
    urna_buf_free(&body);
    return s.accepted;
}

static struct urna_follow *fresh(const struct rec *r, size_t before)
{
    struct urna_follow *f = urna_follow_new(NULL, 1, NULL, NULL);
    for (size_t i = 0; i < before; i++)
        if (!play(r, f, NULL, i))
            give_up(r->name, "an honest entry is refused");
    return f;
}

/* What came of it: "same", the rule of the first void entry, "same+RULE", or "other". */
static void outcome(const struct rec *r, struct urna_follow *f, char *out, size_t len)
{
    struct urna_judge *J = urna_follow_judge(f);
    size_t n, i = 0;
    const struct urna_void *v = urna_judge_voids(J, &n);
    uint64_t at;
    const struct urna_buf *b = urna_judge_result_body(J);
    bool same =
        urna_judge_result_at(J, &at) && urna_view_eq(urna_buf_view(b), urna_buf_view(r->result));
    while (i < n && v[i].cancelled)
        i++;
    if (i < n)
        snprintf(out, len, "%s%s", same ? "same+" : "", v[i].rule);
    else
        snprintf(out, len, "%s", same ? "same" : "other");
}

/* --- one case ------------------------------------------------------------ */

enum how { DAMAGED, SIGNED_AGAIN, SIGNED_AS_NAMED, HOW_COUNT };
static const char *const how_name[] = {"as damage", "signed again", "signed by who is named"};

struct change {
    const char *path; /* as in expect.c */
    enum place_op op;
    enum how how;
    const char *rules; /* of which one must name it */
    const struct expect *e;
};

static enum urna_kind kind_now(const struct run *x)
{
    return x->rec.t->entry[x->at].kind;
}

static void fault(struct run *x, const struct change *c, const char *got, const char *want)
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
    put(x->log, &x->disk, &l, urna_view(NULL, 0), NULL, &s);
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
        (void)play(&x->rec, f, NULL, i);
    urna_follow_end(f);
    outcome(&x->rec, f, got, sizeof got);
    /* Nobody named the roll that needs parts. */
    bool unnamed = kind_now(x) == URNA_ROLL && x->own.len > URNA_PART_SIZE;
    const char *then = unnamed ? "same same+E12" : c->e->then;
    if (!expect_has(then, got))
        fault(x, c, got, then);
    report_case(x->report, "harmless", c->how != DAMAGED);
    report_harmless(x->report, c->path, place_op_name[c->op], got, c->e->why);
}

static bool accepted_alone(struct run *x, const struct change *c, const struct leaves *l,
                           struct urna_view out)
{
    struct said s;
    struct urna_follow *f = fresh(&x->rec, x->at);
    put(f, NULL, l, out, NULL, &s);
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
    put(f, NULL, l, urna_view(NULL, 0), NULL, &s);
    struct urna_judge *J = urna_follow_judge(f);
    const struct urna_context *P = urna_judge_context(J);
    const char *rule = !s.done ? "E13"
                       : !P    ? urna_judge_manifest_ruling(J)->rule
                       : memcmp(P->phi, x->rec.t->phi, 32) == 0 ? "accepted"
                                                                : "phi";
    report_case(x->report, rule, c->how != DAMAGED);
    if (!expect_has(c->rules, rule))
        fault(x, c, rule, c->rules);
    urna_follow_free(f);
}

static void try_leaves(struct run *x, const struct change *c, const struct leaves *l,
                       struct urna_view out)
{
    struct said s;
    size_t before;
    if (x->at == 0) {
        try_manifest(x, c, l);
        return;
    }
    if (kind_now(x) == URNA_ANCHOR && expect_has(c->rules, "ok"))
        return; /* over this tree it would be accepted here and nowhere else: change_cosigned */
    if (expect_has(c->rules, "ok") && accepted_alone(x, c, l, out))
        return;
    (void)urna_judge_voids(urna_follow_judge(x->log), &before);
    put(x->log, &x->disk, l, out, NULL, &s);
    if (!s.done)
        settle(x);
    const char *rule = s.accepted ? "accepted" : note_voids(x, before, s.index);
    report_case(x->report, rule, c->how != DAMAGED);
    x->broken |= s.accepted;
    if (!expect_has(c->rules, rule))
        fault(x, c, rule, c->rules);
}

/* --- bodies -------------------------------------------------------------- */

static bool signed_by_role(const struct ve_entry *e)
{
    return e->voter < 0 && e->n_signers > 0;
}

/* Nothing changed, or it became another honest entry, which says nothing. */
static bool is_honest(const struct run *x, struct urna_view body)
{
    if (urna_view_eq(body, urna_buf_view(&x->own)))
        return true;
    for (size_t i = 0; i < x->rec.t->n; i++)
        if (x->rec.t->entry[i].kind == kind_now(x) &&
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

/* What of the table holds: the form is wrong whatever the kind says, or it says. */
static bool rules_of(struct run *x, struct change *c, bool member, char *room, size_t len)
{
    const struct ve_entry *e = &x->rec.t->entry[x->at];
    c->e = expect_of(e->kind, c->path, c->op);
    bool form = c->op == OP_MALFORM || (member && (c->op == OP_DUPLICATE || c->op == OP_SWAP)) ||
                (member && c->op == OP_DELETE && !c->e);
    c->rules = form ? "E12" : c->e ? c->e->rules : NULL;
    if (!c->rules) {
        fault(x, c, "is not in the table", "anything");
        return false;
    }
    if (c->how == DAMAGED && signed_by_role(e))
        c->rules = e->kind == URNA_MANIFEST ? "E12 E13" : "E12";
    if (c->how == DAMAGED && e->voter >= 0 && expect_has(c->rules, "ok")) {
        /* What a voter may change under a new signature others may not under the old one. */
        snprintf(room, len, "E3 %s", c->rules + (strncmp(c->rules, "ok", 2) == 0 ? 2 : 0));
        c->rules = room;
    }
    return true;
}

static void try_signed(struct run *x, struct change *c, bool member, struct urna_view body,
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
    try_leaves(x, c, &l, out_of_line(e->kind, body));
    leaves_free(&l);
}

/* named: what the body says who signs, if that was changed. */
static void try_body(struct run *x, const char *path, enum place_op op, bool member,
                     struct urna_view body, struct urna_view named)
{
    const struct ve_entry *e = &x->rec.t->entry[x->at];
    struct change c = {.path = path, .op = op, .how = DAMAGED};
    if (is_honest(x, body)) {
        report_nothing(x->report);
        return;
    }
    try_signed(x, &c, member, body, NULL, 0);
    if (e->n_signers == 0 && e->voter < 0)
        return;
    c.how = SIGNED_AGAIN;
    try_signed(x, &c, member, body, e->signer, e->n_signers);
    int64_t key = named.len > 0 ? key_of(x->rec.t, named) : -1;
    if (key < 0)
        return;
    uint32_t signer = (uint32_t)key;
    c.how = SIGNED_AS_NAMED;
    c.path = ".as!";
    try_signed(x, &c, false, body, &signer, 1);
}

/* --- every place of a body ----------------------------------------------- */

enum { DONORS = 3 };

static void stock_value(struct stock *s, enum urna_kind kind, const char *prefix, const char *path,
                        struct urna_view value)
{
    unsigned have = 0;
    struct urna_buf full = {0};
    urna_buf_printf(&full, "%s%s", prefix, path);
    const char *name = urna_buf_cstr(&full);
    bool there = false;
    for (size_t i = 0; i < s->n && !there; i++)
        if (s->v[i].kind == kind && strcmp(s->v[i].path, name) == 0)
            there = ++have > DONORS || urna_view_eq(s->v[i].value, value);
    if (!there) {
        struct urna_view own = {urna_arena_copy(&s->a, value.p, value.len), value.len};
        s->v = urna_xrealloc(s->v, s->n + 1, sizeof *s->v);
        s->v[s->n++] = (struct donor){kind, urna_arena_strndup(&s->a, name, full.len), own};
    }
    urna_buf_free(&full);
}

static void stock_text(struct stock *s, enum urna_kind kind, const char *prefix,
                       struct urna_view text)
{
    struct places p;
    if (places_read(&p, text))
        for (size_t k = 1; k < p.n; k++)
            stock_value(s, kind, prefix, p.v[k].path, place_value(&p, k));
    places_free(&p);
}

/* Lawful values that no other entry of the kind need have. */
static void stock_ids(struct stock *s, const struct ve *t)
{
    static const enum urna_kind by_guardian[] = {
        URNA_GUARDIAN_COMMIT,    URNA_GUARDIAN_KEYS,  URNA_GUARDIAN_SHARES, URNA_GUARDIAN_COMPLAINT,
        URNA_GUARDIAN_CONFIRM,   URNA_DECRYPT_COMMIT, URNA_DECRYPT_REVEAL,  URNA_DECRYPT_RESPOND,
        URNA_GUARDIAN_COMPLAINT, URNA_STATEMENT,      URNA_INCIDENT,        URNA_COMPLAINT};
    static const enum urna_kind by_witness[] = {URNA_ACCEPT, URNA_VERDICT};
    char id[16];
    for (uint32_t i = 0; i < t->s.n; i++) {
        snprintf(id, sizeof id, "\"%s\"", t->key[t->guardian[i]].id);
        for (size_t k = 0; k < sizeof by_guardian / sizeof by_guardian[0]; k++)
            stock_value(s, by_guardian[k], "", k == 8 ? ".against" : ".as", urna_view_str(id));
    }
    for (uint32_t i = 0; i < t->s.witnesses; i++) {
        snprintf(id, sizeof id, "\"%s\"", t->key[t->full[i]].id);
        for (size_t k = 0; k < 2; k++)
            stock_value(s, by_witness[k], "", ".as", urna_view_str(id));
    }
    for (size_t i = 0, n = s->n; i < n; i++)
        if (s->v[i].kind == URNA_GUARDIAN_KEYS && strcmp(s->v[i].path, ".k[]") == 0) {
            stock_value(s, URNA_OPEN, "", ".k", s->v[i].value);
            stock_value(s, URNA_OPEN, "", ".kh", s->v[i].value);
        }
    stock_value(s, URNA_REDACT, "", ".reason", urna_view_str("\"unlawful\""));
    stock_value(s, URNA_VERDICT, "", ".answer", urna_view_str("\"final\""));
    stock_value(s, URNA_MANIFEST, "", ".credentials", urna_view_str("\"two-registrars\""));
    stock_value(s, URNA_MANIFEST, "", ".credentials", urna_view_str("\"voter-made\""));
    stock_value(s, URNA_MANIFEST, "", ".seats[].method", urna_view_str("\"hare\""));
    stock_value(s, URNA_MANIFEST, "", ".seats[].base", urna_view_str("\"all\""));
    stock_value(s, URNA_MANIFEST, "", ".seats[].ties", urna_view_str("\"order\""));
}

static void stock_fill(struct stock *s, const struct ve *t)
{
    struct leaves l = {0};
    for (size_t i = 0; i < t->n; i++) {
        const struct ve_entry *e = &t->entry[i];
        if (e->body.len > 60000)
            continue;
        leaves_make(&l, e->kind, urna_buf_view(&e->body), e->sig, e->n_sigs);
        const uint8_t *lf = memchr(l.leaf[0].p, '\n', l.leaf[0].len);
        size_t head = (size_t)(lf - l.leaf[0].p);
        stock_text(s, e->kind, "", urna_buf_view(&e->body));
        stock_text(s, e->kind, "~", urna_view(l.leaf[0].p, head));
        if (urna_kind_out_of_line(e->kind))
            stock_text(s, e->kind, "|", urna_view(lf + 1, l.leaf[0].len - head - 1));
    }
    leaves_free(&l);
    stock_ids(s, t);
    for (int k = 0; k < URNA_KIND_COUNT; k++) {
        static const char *const kind[] = {"\"part\"", "\"ballot\"", "\"statement\"",
                                           "\"guardian.confirm\""};
        for (int i = 0; i < 4; i++)
            stock_value(s, (enum urna_kind)k, "~", ".kind", urna_view_str(kind[i]));
    }
}

static void stock_free(struct stock *s)
{
    free(s->v);
    urna_arena_free(&s->a);
}

/* The way-th value of that place that is another one. */
static struct urna_view stock_other(const struct stock *s, enum urna_kind kind, const char *path,
                                    struct urna_view than, unsigned way)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].kind == kind && strcmp(s->v[i].path, path) == 0 &&
            !urna_view_eq(s->v[i].value, than) && way-- == 0)
            return s->v[i].value;
    return urna_view(NULL, 0);
}

/* --- which of all changes are tried -------------------------------------- */

/* FULL: every change, at the ends and in the middle of arrays. SOME: of an entry whose like had
 * them all, one change a place. NEW: only what was never tried (the 4096-bit group is slow), and
 * one change an entry. */
enum mode { MODE_FULL, MODE_SOME, MODE_NEW };

/* True the first time. */
static bool first_time(struct tried *t, enum urna_kind kind, const char *path, unsigned op,
                       unsigned way)
{
    uint64_t h = 0xCBF29CE484222325u ^ (kind * 64 + op * 8 + way);
    for (const char *s = path; *s; s++)
        h = (h ^ (uint8_t)*s) * 0x100000001B3u;
    h = (h ^ h >> 29) | 1;
    for (size_t i = h & 0xFFFF;; i = (i + 1) & 0xFFFF) {
        if (t->slot[i] == h)
            return false;
        if (t->slot[i] == 0) {
            if (++t->n > 60000)
                give_up("tried", "too many changes");
            t->slot[i] = h;
            return true;
        }
    }
}

static bool worth(const struct place *x)
{
    return x->member || x->of <= 3 || x->nth == 0 || x->nth == x->of / 2 || x->nth + 1 == x->of;
}

static enum mode mode_of(struct run *x, const struct places *p)
{
    bool unseen = false;
    for (size_t i = 0; i < p->n; i++)
        unseen |= first_time(x->tried, kind_now(x), p->v[i].path, OP_COUNT, 0);
    if (x->all)
        return MODE_FULL;
    return x->slow ? MODE_NEW : unseen ? MODE_FULL : MODE_SOME;
}

static bool to_try(struct run *x, enum mode mode, const struct place *p, const char *path,
                   enum place_op op, unsigned way, bool *one)
{
    bool scalar = p->type != '{' && p->type != '[', now;
    bool fresh_one = first_time(x->tried, kind_now(x), path, op, way);
    if (mode == MODE_FULL)
        now = true;
    else if (mode == MODE_SOME)
        now = fresh_one || (way == 0 && op == (scalar ? OP_CHANGE : OP_DELETE));
    else
        now = fresh_one || (!*one && op == OP_CHANGE && scalar);
    *one |= now;
    return now;
}

typedef void edit_fn(struct run *x, const struct place *p, const char *path, enum place_op op,
                     struct urna_view donor, struct urna_view text, void *ctx);

/* Every change that is to be tried of a text. prefix: what stands before its paths in expect.c. */
static void every_change(struct run *x, struct urna_view text, const char *prefix, edit_fn *fn,
                         void *ctx)
{
    struct places p;
    struct urna_buf b = {0};
    char path[100];
    bool one = false;
    if (!places_read(&p, text))
        give_up(urna_kind_name(kind_now(x)), "is not JSON");
    enum mode mode = mode_of(x, &p);
    size_t skip = 0; /* inside of an element that is not worth it */
    for (size_t i = 0; i < p.n; i++) {
        if (p.v[i].from < skip)
            continue;
        if (!worth(&p.v[i])) {
            skip = p.v[i].to;
            continue;
        }
        snprintf(path, sizeof path, "%s%s", prefix, p.v[i].path);
        for (unsigned op = 0; op < OP_COUNT; op++)
            for (unsigned way = 0; way < (op == OP_EXCHANGE ? DONORS : place_ways(&p, i, op));
                 way++) {
                struct urna_view donor = {NULL, 0};
                if (op == OP_EXCHANGE) {
                    donor = stock_other(&x->stock, kind_now(x), path, place_value(&p, i), way);
                    if (donor.len == 0)
                        break;
                }
                if (!to_try(x, mode, &p.v[i], path, op, way, &one))
                    continue;
                place_edit(&b, &p, i, op, way, donor);
                fn(x, &p.v[i], path, op, donor, urna_buf_view(&b), ctx);
            }
    }
    urna_buf_free(&b);
    places_free(&p);
}

static void change_body(struct run *x, const struct place *p, const char *path, enum place_op op,
                        struct urna_view donor, struct urna_view text, void *ctx)
{
    (void)ctx;
    bool as = op == OP_EXCHANGE && strcmp(path, ".as") == 0;
    try_body(x, path, op, p->member, text, as ? donor : urna_view(NULL, 0));
}

/* Other spellings of the same, and less of it. */
static void spellings(struct run *x)
{
    static const char *const front[] = {" ", "\xEF\xBB\xBF", "", "", "[", "{"};
    static const char *const back[] = {"", "", " ", "\n", "]", "}"};
    struct urna_buf b = {0};
    for (int i = 0; i < 6; i++) {
        urna_buf_reset(&b);
        urna_buf_str(&b, front[i]);
        urna_buf_add(&b, x->own.p, x->own.len);
        urna_buf_str(&b, back[i]);
        try_body(x, "", OP_MALFORM, false, urna_buf_view(&b), urna_view(NULL, 0));
    }
    for (size_t len = 0; len < x->own.len; len += 1 + (len + 2 < x->own.len) * (x->own.len - 2))
        try_body(x, "", OP_MALFORM, false, urna_view(x->own.p, len), urna_view(NULL, 0));
    urna_buf_free(&b);
}

/* Bytes without a grammar. */
static void change_bytes(struct run *x)
{
    struct urna_buf b = {0};
    urna_buf_add(&b, x->own.p, x->own.len);
    b.p[0] ^= 1;
    try_body(x, "bytes", OP_CHANGE, false, urna_buf_view(&b), urna_view(NULL, 0));
    b.p[0] ^= 1;
    try_body(x, "bytes", OP_DELETE, false, urna_view(b.p, b.len - 1), urna_view(NULL, 0));
    urna_buf_add(&b, x->own.p, x->own.len);
    try_body(x, "bytes", OP_DUPLICATE, false, urna_buf_view(&b), urna_view(NULL, 0));
    urna_buf_free(&b);
}

/* --- envelopes, stubs, parts --------------------------------------------- */

struct around {
    struct leaves *l;
    size_t leaf;          /* the one that is changed */
    size_t from, to;      /* what is changed of it */
    struct urna_view out; /* the body beside the log */
};

static void try_around(struct run *x, struct change *c, bool member, const struct around *a,
                       struct urna_view text)
{
    struct urna_buf *leaf = &a->l->leaf[a->leaf], old = *leaf;
    c->e = expect_of(kind_now(x), c->path, c->op);
    bool form = c->op == OP_MALFORM || (member && (c->op == OP_DUPLICATE || c->op == OP_SWAP)) ||
                (member && c->op == OP_DELETE && !c->e);
    c->rules = form ? "E12" : c->e ? c->e->rules : NULL;
    if (!c->rules) {
        fault(x, c, "is not in the table", "anything");
        return;
    }
    *leaf = (struct urna_buf){0};
    urna_buf_add(leaf, old.p, a->from);
    urna_buf_add(leaf, text.p, text.len);
    urna_buf_add(leaf, old.p + a->to, old.len - a->to);
    if (urna_view_eq(urna_buf_view(leaf), urna_buf_view(&old)))
        report_nothing(x->report);
    else
        try_leaves(x, c, a->l, a->out);
    urna_buf_free(leaf);
    *leaf = old;
}

static void change_around(struct run *x, const struct place *p, const char *path, enum place_op op,
                          struct urna_view donor, struct urna_view text, void *ctx)
{
    (void)donor;
    struct change c = {.path = path, .op = op};
    try_around(x, &c, p->member, ctx, text);
}

/* The chunk of a part is bytes. */
static void change_chunk(struct run *x, struct around *a)
{
    struct urna_buf b = {0};
    struct change c = {.path = "chunk", .op = OP_CHANGE};
    urna_buf_add(&b, a->l->leaf[a->leaf].p + a->from, a->to - a->from);
    b.p[b.len / 2] ^= 1;
    try_around(x, &c, false, a, urna_buf_view(&b));
    c.op = OP_DELETE;
    try_around(x, &c, false, a, urna_view(b.p, b.len - 1));
    c.op = OP_EMPTY;
    try_around(x, &c, false, a, urna_view(NULL, 0));
    urna_buf_free(&b);
}

/* A part missing, twice, or in another's place. */
static void move_parts(struct run *x, const struct leaves *l)
{
    static const size_t order[][4] = {
        {1, 2, 9, 9}, {0, 2, 9, 9}, {1, 0, 2, 9}, {0, 0, 1, 2}, {2, 0, 1, 9}};
    static const enum place_op op[] = {OP_DELETE, OP_DELETE, OP_SWAP, OP_DUPLICATE, OP_SWAP};
    for (int i = 0; i < 5; i++) {
        struct leaves m = {.n = 0};
        struct change c = {.path = "part", .op = op[i]};
        c.e = expect_of(kind_now(x), "part", c.op);
        c.rules = c.e ? c.e->rules : "in the table";
        for (int k = 0; k < 4 && order[i][k] < l->n; k++)
            m.leaf[m.n++] = l->leaf[order[i][k]];
        try_leaves(x, &c, &m, urna_view(NULL, 0));
    }
}

static void change_envelopes(struct run *x)
{
    const struct ve_entry *e = &x->rec.t->entry[x->at];
    struct leaves l = {0};
    leaves_make(&l, e->kind, urna_buf_view(&x->own), e->sig, e->n_sigs);
    struct around a = {&l, l.n - 1, 0, 0, out_of_line(e->kind, urna_buf_view(&x->own))};
    struct urna_buf *leaf = &l.leaf[a.leaf];
    a.to = (size_t)((uint8_t *)memchr(leaf->p, '\n', leaf->len) - leaf->p);
    /* A copy: the text is read while the leaf is changed. */
    struct urna_buf text = {0};
    urna_buf_add(&text, leaf->p, a.to);
    every_change(x, urna_buf_view(&text), "~", change_around, &a);
    if (l.n > 1 || a.out.p) {
        a.from = a.to + 1;
        a.to = leaf->len;
        urna_buf_reset(&text);
        urna_buf_add(&text, leaf->p + a.from, a.to - a.from);
        every_change(x, urna_buf_view(&text), "|", change_around, &a);
    }
    if (l.n > 1) {
        a.leaf = 0;
        leaf = &l.leaf[0];
        a.from = 0;
        a.to = (size_t)((uint8_t *)memchr(leaf->p, '\n', leaf->len) - leaf->p);
        urna_buf_reset(&text);
        urna_buf_add(&text, leaf->p, a.to);
        every_change(x, urna_buf_view(&text), "#", change_around, &a);
        a.from = a.to + 1;
        a.to = leaf->len;
        change_chunk(x, &a);
        move_parts(x, &l);
    }
    urna_buf_free(&text);
    leaves_free(&l);
}

/* Signed by everybody else: alone in the signers' place, and beside them. */
static void other_signers(struct run *x)
{
    const struct ve *t = x->rec.t;
    const struct ve_entry *e = &t->entry[x->at];
    if (!signed_by_role(e) || x->at == 0)
        return;
    for (uint32_t k = 0; k < t->n_keys; k++)
        for (int beside = 0; beside < 2; beside++) {
            uint32_t signer[VE_SIGNERS] = {k}, n = 1;
            bool own = false;
            for (uint32_t i = 0; i < e->n_signers; i++)
                own |= strcmp(t->key[e->signer[i]].id, t->key[k].id) == 0;
            for (uint32_t i = 0; beside && i < e->n_signers; i++)
                signer[n++] = e->signer[i];
            struct change c = {.path = beside ? "!beside" : "!alone", .how = SIGNED_AS_NAMED};
            if (own || !first_time(x->tried, e->kind, c.path, (unsigned char)t->key[k].id[0],
                                   (unsigned)beside))
                continue;
            try_signed(x, &c, false, urna_buf_view(&x->own), signer, n);
        }
}

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
    if (!cosign_again(x, &body, text) || is_honest(x, urna_buf_view(&body))) {
        report_nothing(x->report);
    } else if (!(c.e = expect_of(URNA_ANCHOR, path, op))) {
        fault(x, &c, "is not in the table", "anything");
    } else {
        struct urna_follow *f = fresh(&x->rec, x->at);
        struct said s;
        char got[24];
        size_t n;
        leaves_make(&l, URNA_ANCHOR, urna_buf_view(&body), NULL, 0);
        put(f, NULL, &l, urna_view(NULL, 0), NULL, &s);
        for (size_t i = x->at; i < x->rec.t->n; i++)
            (void)play(&x->rec, f, NULL, i);
        urna_follow_end(f);
        const struct urna_finding *v = urna_judge_findings(urna_follow_judge(f), &n);
        bool fork = false;
        for (size_t i = 0; i < n; i++)
            fork |= v[i].grave;
        snprintf(got, sizeof got, "%s", fork ? "E16+fork" : s.accepted ? "ok" : s.r.rule);
        report_case(x->report, got, true);
        if (!expect_has(c.e->rules, got))
            fault(x, &c, got, c.e->rules);
        if (s.accepted) {
            outcome(&x->rec, f, got, sizeof got);
            if (!expect_has(c.e->then, got))
                fault(x, &c, got, c.e->then);
            report_harmless(x->report, path, place_op_name[op], got, c.e->why);
        }
        urna_follow_free(f);
        leaves_free(&l);
    }
    urna_buf_free(&body);
}

/* --- whole entries ------------------------------------------------------- */

/* Left out, repeated, exchanged with the next: what comes of the log? */
static void whole(struct run *x)
{
    static const enum place_op op[] = {OP_DELETE, OP_DUPLICATE, OP_SWAP};
    const struct rec *r = &x->rec;
    for (int k = 0; k < 3; k++) {
        struct change c = {.path = "=", .op = op[k]};
        c.e = expect_of(kind_now(x), "=", op[k]);
        if (op[k] == OP_SWAP && x->at + 1 == r->t->n)
            continue;
        struct urna_follow *f = fresh(r, x->at);
        if (op[k] != OP_DELETE)
            (void)play(r, f, NULL, x->at + (op[k] == OP_SWAP));
        if (op[k] != OP_DELETE)
            (void)play(r, f, NULL, x->at);
        for (size_t i = x->at + (op[k] == OP_SWAP ? 2 : 1); i < r->t->n; i++)
            (void)play(r, f, NULL, i);
        urna_follow_end(f);
        char got[24];
        if (urna_judge_context(urna_follow_judge(f)))
            outcome(r, f, got, sizeof got);
        else
            snprintf(got, sizeof got, "E13");
        urna_follow_free(f);
        bool same = strcmp(got, "same") == 0;
        report_case(x->report, same ? "harmless" : got, false);
        if (!c.e || !expect_has(c.e->then, got))
            fault(x, &c, got, c.e ? c.e->then : "in the table");
        if (c.e && same)
            report_harmless(x->report, "=", place_op_name[op[k]], got, c.e->why);
    }
}

/* --- all of it ----------------------------------------------------------- */

static void change_entry(struct run *x)
{
    report_subject(x->report, urna_kind_name(kind_now(x)));
    ve_body_of(x->rec.t, x->log, x->at, &x->own);
    if (kind_now(x) == URNA_ATTACHMENT) {
        change_bytes(x);
    } else {
        every_change(x, urna_buf_view(&x->own), "", change_body, NULL);
        spellings(x);
    }
    change_envelopes(x);
    other_signers(x);
    if (kind_now(x) == URNA_ANCHOR) { /* as it is in the untouched log */
        struct urna_follow *f = fresh(&x->rec, x->at);
        ve_body_of(x->rec.t, f, x->at, &x->own);
        urna_follow_free(f);
        every_change(x, urna_buf_view(&x->own), "+", change_cosigned, NULL);
    }
    if (!x->slow || x->all)
        whole(x);
}

/* The log with all that was refused in it, from the disk: the verifier's answer is that of the
 * untouched one, and every one of them is named again. */
static void verify_all(struct run *x)
{
    struct urna_trust trust;
    struct urna_buf text = {0};
    struct urna_verdict v;
    struct urna_error err = URNA_ERROR_INIT;
    bool witnessed = x->rec.t->s.witnesses > 0;
    rec_trust(x->rec.t, &text);
    if (urna_trust_read(&trust, urna_buf_view(&text), &err) != URNA_OK)
        give_up("trust", err.msg);
    struct urna_verify_options o = {.trust = &trust, .threads = 1};
    if (urna_verify(&v, x->disk.folder, &o, &err) != URNA_OK)
        give_up("verify", err.msg);
    if (v.answer != (witnessed ? URNA_FINAL : URNA_COMPUTED))
        report_fault(x->report, "the verifier says %s: %s", urna_answer_name[v.answer], v.why);
    size_t n, wrong = 0;
    const struct urna_void *w = urna_judge_voids(urna_follow_judge(v.follow), &n);
    for (size_t i = 0; i < n && i < x->n_noted; i++)
        wrong += w[i].index != x->noted[i].index || strcmp(w[i].rule, x->noted[i].rule) != 0;
    if (n != x->n_noted || wrong > 0)
        report_fault(x->report, "the verifier finds %zu void entries of %zu, %zu by another name",
                     n, x->n_noted, wrong);
    report_case(x->report, urna_answer_name[v.answer], true);
    urna_verdict_free(&v);
    urna_trust_free(&trust);
    urna_buf_free(&text);
}

static void tamper(struct report *report, const char *group, enum rec_which which, bool all)
{
    struct run x = {.report = report, .all = all, .slow = strcmp(group, "eg4096") == 0};
    rec_hold(&x.rec, group, which);
    x.log = urna_follow_new(NULL, 1, NULL, NULL);
    x.tried = urna_xcalloc(1, sizeof *x.tried);
    stock_fill(&x.stock, x.rec.t);
    disk_open(&x.disk, x.rec.t);
    for (x.at = 0; x.at < x.rec.t->n; x.at++) {
        change_entry(&x);
        if (!play(&x.rec, x.log, &x.disk, x.at)) {
            report_fault(report, "after all that, entry %zu as it was is refused", x.at);
            break;
        }
    }
    char got[24], subject[64];
    snprintf(subject, sizeof subject, "the %s record with all of it", x.rec.name);
    report_subject(report, subject);
    uint64_t at;
    const struct urna_buf *b = urna_judge_result_body(urna_follow_judge(x.log));
    if (!urna_judge_result_at(urna_follow_judge(x.log), &at) ||
        !urna_view_eq(urna_buf_view(b), urna_buf_view(x.rec.result)))
        report_fault(report, "the result is another one");
    (void)got;
    disk_seal(&x.disk);
    if (!x.broken && (!x.slow || all))
        verify_all(&x);
    disk_remove(&x.disk);
    urna_follow_free(x.log);
    stock_free(&x.stock);
    free(x.tried);
    free(x.noted);
    urna_buf_free(&x.own);
    rec_free(&x.rec);
}

int main(int argc, char **argv)
{
    struct urna_error err = URNA_ERROR_INIT;
    if (argc != 3)
        return 2;
    if (urna_secret_init(&err) != URNA_OK)
        return 3;
    const char *env = getenv("URNA_TAMPER");
    bool all = env && strcmp(env, "all") == 0;
    struct report *r = report_new(argv[1]);
    for (int which = 0; which < REC_COUNT; which++)
        tamper(r, argv[1], (enum rec_which)which, all);
    return report_end(r, (unsigned)atoi(argv[2]));
}
