/* The verification report of a record of which bytes are missing. */
#include "report/verdict_page.h"

static void what_is_missing(struct page *g)
{
    enum { FILES = 200 };
    const struct urna_verdict *v = g->v;
    const struct urna_html_column col[] = {{T(g, W_M_COL_FILE), URNA_COL_TEXT},
                                           {T(g, W_M_COL_ENTRIES), URNA_COL_TEXT}};
    urna_html_section(&g->h, "missing", T(g, W_T_MISSING));
    urna_html_table(&g->h, T(g, W_T_MISSING), col, 2, true);
    for (size_t i = 0; i < v->n_faults && i < FILES; i++) {
        urna_html_row(&g->h, false);
        urna_html_th(&g->h, NULL, v->faults[i].file, false);
        urna_html_td(&g->h, page_range(g, &v->faults[i]));
    }
    urna_html_table_close(&g->h);
    if (v->n_faults > FILES)
        urna_html_p(&g->h, MF(g, W_M_MORE, page_num(g, v->n_faults - FILES)));
    urna_html_section_close(&g->h);
}

void page_incomplete(struct page *g)
{
    const struct urna_verdict *v = g->v;
    const struct urna_html_entry toc[] = {{"missing", T(g, W_T_MISSING)},
                                          {"do", T(g, W_T_DO)},
                                          {"checked", T(g, W_T_CHECKED)},
                                          {"repeat", T(g, W_T_REPEAT)}};
    const char *const step[] = {T(g, W_M_GET), T(g, W_M_AGAIN)};
    struct urna_html_key key[4];
    size_t n = 0;
    key[n++] = (struct urna_html_key){T(g, W_K_MISSING), page_num(g, v->n_faults), NULL};
    if (g->J)
        key[n++] =
            (struct urna_html_key){T(g, W_K_READ), page_num(g, urna_judge_entries(g->J)), NULL};
    if (v->size > 0)
        key[n++] = (struct urna_html_key){T(g, W_K_ENTRIES), page_num(g, v->size), NULL};
    key[n++] =
        (struct urna_html_key){T(g, W_K_RESULT), T(g, W_K_NONE), T(g, W_K_NOT_SHOWN_INCOMPLETE)};
    urna_html_verdict(&g->h, URNA_HTML_WAIT, URNA_ICON_WAIT, T(g, W_INCOMPLETE),
                      MF(g, W_S_INCOMPLETE, page_num(g, v->n_faults)), NULL);
    page_ladder(g);
    urna_html_keys(&g->h, key, n);
    page_fingerprint(g, true);
    page_contents(g, toc, sizeof toc / sizeof toc[0]);
    what_is_missing(g);
    urna_html_section(&g->h, "do", T(g, W_T_DO));
    urna_html_steps(&g->h, step, 2);
    urna_html_section_close(&g->h);
    page_files(g);
    page_repeat(g);
}
