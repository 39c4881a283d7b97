/* Playing a log, honest or not, and what came of it. */
#include <stdio.h>
#include <string.h>

#include "run.h"

void tamper_put(struct urna_follow *f, struct disk *d, const struct leaves *l, struct urna_view out,
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

struct urna_view tamper_out(enum urna_kind kind, struct urna_view body)
{
    if (!urna_kind_out_of_line(kind))
        return urna_view(NULL, 0);
    return body.p ? body : urna_view("", 0);
}

/* The entry as it was; false if it is refused now. */
bool tamper_play(const struct rec *r, struct urna_follow *f, struct disk *d, size_t i)
{
    const struct ve_entry *e = &r->t->entry[i];
    struct urna_buf body = {0};
    struct leaves l = {0};
    struct said s;
    ve_body_of(r->t, f, i, &body);
    leaves_make(&l, e->kind, urna_buf_view(&body), e->sig, e->n_sigs);
    tamper_put(f, d, &l, tamper_out(e->kind, urna_buf_view(&body)),
               e->kind == URNA_ANCHOR || e->kind == URNA_MANIFEST ? NULL : &r->alone[i], &s);
    leaves_free(&l);
    urna_buf_free(&body);
    return s.accepted;
}

struct urna_follow *tamper_fresh(const struct rec *r, size_t before)
{
    struct urna_follow *f = urna_follow_new(NULL, 1, NULL, NULL);
    for (size_t i = 0; i < before; i++)
        if (!tamper_play(r, f, NULL, i))
            give_up(r->name, "an honest entry is refused");
    return f;
}

/* What came of it: "same", the rule of the first void entry, "same+RULE", or "other". */
void tamper_outcome(const struct rec *r, struct urna_follow *f, char *out, size_t len)
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
