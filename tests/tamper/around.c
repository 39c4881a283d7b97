/* What stands around a body: envelopes, stubs, parts, signers. */
#include <string.h>

#include "run.h"

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
    if (!tamper_rules(x, c, member))
        return;
    *leaf = (struct urna_buf){0};
    urna_buf_add(leaf, old.p, a->from);
    urna_buf_add(leaf, text.p, text.len);
    urna_buf_add(leaf, old.p + a->to, old.len - a->to);
    if (urna_view_eq(urna_buf_view(leaf), urna_buf_view(&old)))
        report_nothing(x->report);
    else
        tamper_try(x, c, a->l, a->out);
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
        c.e = expect_of(tamper_kind(x), "part", c.op);
        c.rules = c.e ? c.e->rules : "in the table";
        for (int k = 0; k < 4 && order[i][k] < l->n; k++)
            m.leaf[m.n++] = l->leaf[order[i][k]];
        tamper_try(x, &c, &m, urna_view(NULL, 0));
    }
}

void tamper_envelopes(struct run *x)
{
    const struct ve_entry *e = &x->rec.t->entry[x->at];
    struct leaves l = {0};
    leaves_make(&l, e->kind, urna_buf_view(&x->own), e->sig, e->n_sigs);
    struct around a = {&l, l.n - 1, 0, 0, tamper_out(e->kind, urna_buf_view(&x->own))};
    struct urna_buf *leaf = &l.leaf[a.leaf];
    a.to = (size_t)((uint8_t *)memchr(leaf->p, '\n', leaf->len) - leaf->p);
    /* A copy: the text is read while the leaf is changed. */
    struct urna_buf text = {0};
    urna_buf_add(&text, leaf->p, a.to);
    tamper_every_change(x, urna_buf_view(&text), "~", change_around, &a);
    if (l.n > 1 || a.out.p) {
        a.from = a.to + 1;
        a.to = leaf->len;
        urna_buf_reset(&text);
        urna_buf_add(&text, leaf->p + a.from, a.to - a.from);
        tamper_every_change(x, urna_buf_view(&text), "|", change_around, &a);
    }
    if (l.n > 1) {
        a.leaf = 0;
        leaf = &l.leaf[0];
        a.from = 0;
        a.to = (size_t)((uint8_t *)memchr(leaf->p, '\n', leaf->len) - leaf->p);
        urna_buf_reset(&text);
        urna_buf_add(&text, leaf->p, a.to);
        tamper_every_change(x, urna_buf_view(&text), "#", change_around, &a);
        a.from = a.to + 1;
        a.to = leaf->len;
        change_chunk(x, &a);
        move_parts(x, &l);
    }
    urna_buf_free(&text);
    leaves_free(&l);
}

/* Signed by everybody else: alone in the signers' place, and beside them. */
void tamper_signers(struct run *x)
{
    const struct ve *t = x->rec.t;
    const struct ve_entry *e = &t->entry[x->at];
    if (!tamper_by_role(e) || x->at == 0)
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
            if (own || !tamper_first_time(x->tried, e->kind, c.path, (unsigned char)t->key[k].id[0],
                                          (unsigned)beside))
                continue;
            tamper_try_signed(x, &c, false, urna_buf_view(&x->own), signer, n);
        }
}
