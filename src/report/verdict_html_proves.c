/* The verification report: what this proves, and what it does not. */
#include "report/verdict_page.h"

static void proved(struct page *g)
{
    const char *item[5];
    size_t n = 0;
    const struct urna_result *r = urna_judge_result(g->J);
    item[n++] = T(g, g->n.head_by > 0 && g->p->trust_name ? W_P_LOG_WITNESS : W_P_LOG);
    if (g->n.sealed) {
        item[n++] = T(g, W_P_ROLL);
        item[n++] = T(g, W_P_LIMITS);
    }
    if (r)
        item[n++] = MF(g, W_P_SUM, page_num(g, g->n.by[URNA_B_COUNTED]));
    if (r && r->has_seats)
        item[n++] = T(g, W_P_SEATS);
    urna_html_list(&g->h, item, n);
}

static void not_proved(struct page *g)
{
    const struct urna_manifest *m = &g->P->m;
    const char *item[7], *registrar = "";
    size_t n = 0;
    if (m->credentials == URNA_ONE_REGISTRAR)
        registrar = page_join(g, "", T(g, W_C_REGISTRAR));
    else if (m->n_registrars == 1)
        registrar = page_join(g, "", T(g, W_C_ONE_REGISTRAR));
    if (g->v->as_found)
        item[n++] = T(g, W_N_FOUND);
    item[n++] = T(g, W_N_DEVICE);
    item[n++] = MF(g, W_N_ROLL, registrar);
    item[n++] = T(g, W_N_PRESSURE);
    item[n++] = m->k == 1 ? T(g, W_N_SECRECY_ONE)
                          : MF(g, W_N_SECRECY, page_num(g, m->k), page_num(g, m->n));
    item[n++] = T(g, W_N_ACCESS);
    if (m->n_witnesses == 0)
        item[n++] = T(g, W_N_TIMES);
    urna_html_list(&g->h, item, n);
}

static void who_row(struct page *g, enum urna_verdict_word what, const char *number,
                    const char *text)
{
    urna_html_row(&g->h, false);
    urna_html_th(&g->h, NULL, T(g, what), false);
    urna_html_td_num(&g->h, number, false);
    urna_html_td(&g->h, text);
}

void page_proves(struct page *g)
{
    const struct urna_html_column col[] = {
        {NULL, URNA_COL_TEXT}, {NULL, URNA_COL_NUMBER}, {NULL, URNA_COL_TEXT}};
    urna_html_section(&g->h, "proves", T(g, W_T_PROVES));
    if (!g->v->as_found)
        urna_html_p(&g->h, T(g, g->p->trust_name ? W_P_TRUST : W_P_FP));
    urna_html_two(&g->h, URNA_ICON_OK, T(g, W_PROVED));
    proved(g);
    urna_html_two_next(&g->h, URNA_ICON_NONE, T(g, W_NOT_PROVED));
    not_proved(g);
    urna_html_two_close(&g->h);
    urna_html_h3(&g->h, T(g, W_WHO_CHECKED));
    urna_html_p(&g->h, T(g, W_WHO_CHECKED_X));
    urna_html_table(&g->h, T(g, W_WHO_CHECKED), col, 3, false);
    who_row(g, W_WHO_VERDICTS, page_num(g, urna_judge_accepted(g->J, URNA_VERDICT)), "");
    who_row(g, W_WHO_WITNESSES, page_num(g, g->n.result_by),
            TF(g, W_K_OF, page_num(g, g->v->n_witness)));
    who_row(g, W_WHO_OPENINGS, page_num(g, urna_judge_accepted(g->J, URNA_CHALLENGE)),
            T(g, W_WHO_OPENINGS_X));
    who_row(g, W_WHO_RECEIPTS, T(g, W_UNKNOWN), T(g, W_WHO_RECEIPTS_X));
    urna_html_table_close(&g->h);
    urna_html_section_close(&g->h);
}
