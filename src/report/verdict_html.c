/* The verdict as one HTML file for everybody: the answer first, then every number. */
#include "report/verdict_page.h"

static void unproved_card(struct page *g)
{
    const struct urna_void *x = urna_unproved_result(g->v);
    if (!x)
        return;
    urna_html_alert(&g->h, URNA_HTML_WAIT, URNA_ICON_WAIT,
                    TF(g, W_UNPROVED, page_num(g, x->index)));
    urna_html_p(&g->h, MF(g, W_F_WHY, page_reason(g, x->reason)));
    urna_html_card_close(&g->h);
}

static void page_rung(struct page *g)
{
    const struct urna_html_entry toc[] = {
        {"result", T(g, W_T_RESULT)},   {"seats", T(g, W_T_SEATS)},
        {"checked", T(g, W_T_CHECKED)}, {"witnesses", T(g, W_T_SIGNED)},
        {"ballots", T(g, W_T_BALLOTS)}, {"findings", T(g, W_T_FINDINGS)},
        {"proves", T(g, W_T_PROVES)},   {"repeat", T(g, W_T_REPEAT)}};
    unproved_card(g);
    page_verdict(g);
    page_ladder(g);
    page_keys(g);
    page_fingerprint(g, false);
    page_contents(g, toc, sizeof toc / sizeof toc[0]);
    page_result(g);
    page_seats(g);
    page_rules(g);
    page_witnesses(g);
    page_ballots(g);
    page_findings(g);
    page_proves(g);
    page_repeat(g);
}

void urna_verdict_html(struct urna_buf *out, const struct urna_verdict *v,
                       const struct urna_verdict_page *p)
{
    struct page g = {.lang = p->lang, .v = v, .p = p};
    g.P = urna_verdict_context(v);
    g.J = v->judged ? urna_follow_judge(v->follow) : NULL;
    urna_verdict_count(&g.n, v);
    urna_fault_view(&g.fault, v);
    page_head(&g);
    if (v->answer == URNA_INVALID)
        page_invalid(&g);
    else if (v->answer == URNA_INCOMPLETE)
        page_incomplete(&g);
    else
        page_rung(&g);
    page_foot(&g);
    urna_buf_add(out, g.h.out.p, g.h.out.len);
    urna_html_free(&g.h);
    urna_arena_free(&g.arena);
}
