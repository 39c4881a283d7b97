/* The verification report: void entries, other findings, silent witnesses. */
#include "report/verdict_page.h"

enum { SHOWN = 40 };

static void void_card(struct page *g, const struct urna_void *x)
{
    struct urna_html *h = &g->h;
    const char *rule = page_rule(g, x->rule);
    urna_html_card(h, URNA_HTML_WAIT, URNA_ICON_VOID,
                   TF(g, W_F_VOID, page_num(g, x->index), x->rule));
    if (rule)
        urna_html_p(h, MF(g, W_F_RULE, rule));
    urna_html_p(h, MF(g, W_F_WHY, page_reason(g, x->reason)));
    urna_html_facts(h, true);
    if (x->kind < URNA_KIND_UNKNOWN)
        urna_html_fact(h, T(g, W_F_KIND), "{1c}", urna_kind_name(x->kind));
    urna_html_fact(h, T(g, W_F_FILE), "{1m}", page_place(g, x->index));
    urna_html_facts_close(h);
    urna_html_card_close(h);
}

static void void_cards(struct page *g)
{
    size_t n, shown = 0;
    const struct urna_void *v = urna_judge_voids(g->J, &n);
    if (g->n.voids == 0)
        return;
    urna_html_h3(&g->h, TF(g, W_F_VOIDS, page_num(g, g->n.voids)));
    urna_html_p(&g->h, T(g, W_F_VOID_EFFECT));
    for (size_t i = 0; i < n && shown < SHOWN; i++)
        if (!v[i].cancelled) {
            void_card(g, &v[i]);
            shown++;
        }
    if (g->n.voids > SHOWN)
        urna_html_p(&g->h, MF(g, W_F_MORE, page_num(g, g->n.voids - SHOWN)));
}

static void other_cards(struct page *g)
{
    size_t n;
    const struct urna_finding *f = urna_judge_findings(g->J, &n);
    if (n == 0)
        return;
    urna_html_h3(&g->h, TF(g, W_F_OTHERS, page_num(g, n)));
    urna_html_p(&g->h, T(g, W_F_EFFECT));
    for (size_t i = 0; i < n && i < SHOWN; i++) {
        urna_html_card(&g->h, URNA_HTML_WAIT, URNA_ICON_WAIT,
                       f[i].index < 0 ? T(g, W_F_ABOUT_RECORD)
                                      : TF(g, W_F_ABOUT_ENTRY, page_num(g, (uint64_t)f[i].index)));
        urna_html_p(&g->h, MF(g, W_F_TEXT, page_reason(g, f[i].text)));
        urna_html_card_close(&g->h);
    }
    if (n > SHOWN)
        urna_html_p(&g->h, MF(g, W_F_MORE, page_num(g, n - SHOWN)));
}

static void silent_cards(struct page *g)
{
    const struct urna_verdict *v = g->v;
    size_t shown = 0;
    if (g->n.silent == 0)
        return;
    urna_html_h3(&g->h, TF(g, W_F_SILENTS, page_num(g, g->n.silent)));
    urna_html_p(&g->h, T(g, W_F_SILENT_X));
    for (size_t i = 0; i < v->n_witness && shown < SHOWN; i++) {
        if (v->witness[i].result)
            continue;
        urna_html_card(&g->h, URNA_HTML_PLAIN, URNA_ICON_NONE,
                       TF(g, W_F_SILENT, v->witness[i].name));
        if (v->witness[i].countset_time > 0)
            urna_html_p(&g->h, MF(g, W_F_SILENT_AFTER, page_time(g, v->witness[i].countset_time)));
        urna_html_card_close(&g->h);
        shown++;
    }
    if (g->n.silent > SHOWN)
        urna_html_p(&g->h, MF(g, W_F_MORE, page_num(g, g->n.silent - SHOWN)));
}

void page_findings(struct page *g)
{
    urna_html_section(&g->h, "findings", T(g, W_T_FINDINGS));
    if (g->n.voids + g->n.findings + g->n.silent == 0)
        urna_html_p(&g->h, T(g, W_NO_FINDINGS));
    void_cards(g);
    other_cards(g);
    silent_cards(g);
    urna_html_section_close(&g->h);
}
