/* The verification report: who signed, and when. */
#include <string.h>

#include "report/verdict_page.h"

static bool same_bloc(const struct urna_verdict_witness *a, const struct urna_verdict_witness *b)
{
    if (!a->bloc || !b->bloc)
        return a->bloc == b->bloc;
    return strcmp(a->bloc, b->bloc) == 0;
}

static void signed_cell(struct page *g, bool yes)
{
    if (yes)
        urna_html_td_status(&g->h, page_good(g), URNA_ICON_OK, T(g, W_SIGNED));
    else
        urna_html_td_status(&g->h, URNA_HTML_WAIT, URNA_ICON_NONE, T(g, W_NOT_SIGNED));
}

static void bloc(struct page *g, size_t first)
{
    const struct urna_verdict *v = g->v;
    const struct urna_verdict_witness *w = v->witness;
    uint64_t all = 0, countset = 0, result = 0;
    for (size_t i = first; i < v->n_witness; i++)
        if (same_bloc(&w[i], &w[first])) {
            all++;
            countset += w[i].countset;
            result += w[i].result;
        }
    urna_html_group(&g->h,
                    TF(g, w[first].bloc ? W_GROUP : W_NO_GROUP, w[first].bloc ? w[first].bloc : "",
                       page_num(g, countset), page_num(g, result), page_num(g, all)));
    for (size_t i = first; i < v->n_witness; i++)
        if (same_bloc(&w[i], &w[first])) {
            urna_html_row(&g->h, false);
            urna_html_th_record(&g->h, NULL, w[i].name, strlen(w[i].name), NULL);
            signed_cell(g, w[i].countset);
            signed_cell(g, w[i].result);
        }
}

static void when_row(struct page *g, enum urna_verdict_word what, const char *when,
                     enum urna_verdict_word how)
{
    urna_html_row(&g->h, false);
    urna_html_th(&g->h, NULL, T(g, what), false);
    urna_html_td(&g->h, when);
    urna_html_td(&g->h, T(g, how));
}

static void when(struct page *g)
{
    const struct urna_manifest *m = &g->P->m;
    uint64_t seal, cut;
    enum urna_verdict_word how = m->n_witnesses > 0 ? W_BY_ANCHORS : W_BY_COMMISSION;
    const struct urna_html_column col[] = {
        {NULL, URNA_COL_TEXT}, {NULL, URNA_COL_TEXT}, {NULL, URNA_COL_TEXT}};
    urna_html_h3(&g->h, T(g, W_WHEN));
    urna_html_table(&g->h, T(g, W_WHEN), col, 3, false);
    when_row(g, W_OPENED, page_time(g, m->t_open), W_ANNOUNCED);
    when_row(g, W_CLOSED, page_time(g, m->t_close), W_ANNOUNCED);
    if (m->n_witnesses > 0)
        when_row(g, W_LAST_MOMENT, page_time(g, m->t_close + m->delta), W_ON_THEIR_WAY);
    if (urna_judge_seal(g->J, &seal, &cut)) {
        when_row(g, W_IN_TIME, TF(g, W_BELOW_INDEX, page_num(g, cut)), how);
        when_row(g, W_SEALED, TF(g, W_ENTRY_N, page_num(g, seal)), how);
    }
    urna_html_table_close(&g->h);
}

void page_witnesses(struct page *g)
{
    const struct urna_verdict *v = g->v;
    urna_html_section(&g->h, "witnesses", T(g, W_T_SIGNED));
    if (v->n_witness == 0) {
        urna_html_p(&g->h, T(g, W_C_NO_WITNESS));
    } else {
        const struct urna_html_column col[] = {{T(g, W_COL_WITNESS), URNA_COL_TEXT},
                                               {T(g, W_COL_COUNTSET), URNA_COL_TEXT},
                                               {T(g, W_T_RESULT), URNA_COL_TEXT}};
        urna_html_p(&g->h, page_join(g, T(g, W_SIGNED_INTRO),
                                     g->p->trust_name ? NULL : T(g, W_SIGNED_FOUND)));
        urna_html_table(&g->h, T(g, W_T_SIGNED), col, 3, true);
        for (size_t i = 0; i < v->n_witness; i++) {
            bool first = true;
            for (size_t j = 0; j < i; j++)
                first &= !same_bloc(&v->witness[j], &v->witness[i]);
            if (first)
                bloc(g, i);
        }
        urna_html_table_close(&g->h);
    }
    when(g);
    urna_html_section_close(&g->h);
}
