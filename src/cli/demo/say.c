/* Saying things to the log: the demo's commission, registrar, guardians and witnesses, all in one process. */
#include <stdlib.h>
#include <string.h>

#include "cli/demo/demo.h"

enum urna_status demo_commit(struct demo *d)
{
    return urna_append_commit(d->log_file, d->log.seed, &d->err);
}

enum urna_status demo_say(struct demo *d, enum urna_kind kind, struct urna_view body, const struct urna_role_key *const *r, size_t n)
{
    struct urna_buf file = {0}, more = {0};
    enum urna_status st = urna_entry_make(&file, kind, body, n > 0 ? r[0] : NULL, d->phi, &d->err);
    for (size_t i = 1; st == URNA_OK && i < n; i++) {
        st = urna_entry_cosign(&more, urna_buf_view(&file), r[i], d->phi, &d->err);
        struct urna_buf t = file;
        file = more;
        more = t;
        urna_buf_reset(&more);
    }
    if (st == URNA_OK)
        st = urna_append_entry(d->log_file, urna_buf_view(&file), NULL, &d->err);
    urna_buf_free(&file);
    urna_buf_free(&more);
    return st;
}

enum urna_status demo_say_body(struct demo *d, const struct urna_body *b, const struct urna_role_key *const *r, size_t n)
{
    const struct urna_context *P = urna_judge_context(urna_append_judge(d->log_file));
    struct urna_buf body = {0};
    urna_body_write(&body, b, P ? P->lp : 0, P ? P->lq : 0);
    enum urna_status st = demo_say(d, b->kind, urna_buf_view(&body), r, n);
    urna_buf_free(&body);
    return st;
}

static struct urna_vkey witness_key(const struct urna_role_key *r)
{
    struct urna_vkey k;
    urna_vkey_make(&k, r->name, URNA_KEY_COSIGNATURE, r->public);
    return k;
}

enum urna_status demo_cosign(struct demo *d, const bool *who, bool head, uint64_t time, bool anchor)
{
    enum urna_status st = demo_commit(d);
    if (st != URNA_OK)
        return st;
    struct urna_tree *tree = urna_append_tree(d->log_file);
    struct urna_buf text = {0}, lines = {0};
    struct urna_anchor_sig sig[DEMO_WITNESSES];
    static const char *const id[DEMO_WITNESSES] = {"mission-1", "mission-2", "lists-1", "lists-2", "press-1", "press-2"};
    struct urna_body b = {.kind = URNA_ANCHOR};
    b.anchor.size = urna_tree_size(tree);
    b.anchor.cosigs = sig;
    if (!urna_tree_root(tree, b.anchor.size, b.anchor.root))
        return urna_fail(&d->err, URNA_SYSTEM, "no root");
    urna_checkpoint_text(&text, d->log.name, b.anchor.size, b.anchor.root);
    /* Anchors list witnesses in ascending order of their ids. */
    static const int order[DEMO_WITNESSES] = {2, 3, 0, 1, 4, 5};
    for (int x = 0; x < DEMO_WITNESSES; x++) {
        int w = order[x];
        if (!who[w])
            continue;
        const struct urna_role_key *r = head ? &d->head[w] : &d->full[w];
        struct urna_anchor_sig *s = &sig[b.anchor.n_cosigs++];
        *s = (struct urna_anchor_sig){.as = id[w], .head = head, .time = time + (uint64_t)w};
        urna_cosignature_sign(s->sig, r->seed, s->time, urna_buf_view(&text));
        uint8_t blob[72];
        urna_be64(blob, s->time);
        memcpy(blob + 8, s->sig, 64);
        struct urna_vkey k = witness_key(r);
        urna_note_line(&lines, &k, blob, sizeof blob);
    }
    if (anchor) {
        st = demo_say_body(d, &b, NULL, 0);
        if (st == URNA_OK)
            st = demo_commit(d);
    } else {
        st = urna_append_cosign(d->log_file, urna_buf_view(&lines), &d->err);
    }
    urna_buf_free(&text);
    urna_buf_free(&lines);
    return st;
}
