/* The forensics report: descriptions of the cloud, which are no tests. */
#include <math.h>
#include <string.h>

#include "report/forensics_page.h"

static void shpilkin(struct page *p)
{
    const struct urna_shpilkin_band *b = &p->f->shpilkin;
    struct urna_html *h = p->h;
    urna_html_h3(h, word(p, W_SHPILKIN));
    URNA_HTML_PARA(h, NULL, word(p, W_SHPILKIN_TEXT), number(p, b->main.excess, 0),
                   number(p, b->low, 0), number(p, b->high, 0));
    URNA_HTML_PARA(h, NULL, word(p, b->detected ? W_SHPILKIN_FOUND : W_SHPILKIN_GIVEN),
                   percent(p, b->main.core, 0));
    const struct urna_html_column col[] = {{word(p, W_CORE), URNA_COL_TEXT},
                                           {word(p, W_WINDOW_3), URNA_COL_NUMBER},
                                           {word(p, W_WINDOW_5), URNA_COL_NUMBER},
                                           {word(p, W_WINDOW_8), URNA_COL_NUMBER}};
    urna_html_table(h, word(p, W_SHPILKIN), col, 4, true);
    for (size_t i = 0; i < URNA_SHPILKIN_BAND; i++) {
        if (i % 3 == 0) {
            urna_html_row(h, false);
            urna_html_th(h, NULL, percent(p, b->band[i].core, 0), false);
        }
        urna_html_td_num(h, number(p, b->band[i].excess, 0), false);
    }
    urna_html_table_close(h);
    urna_html_p(h, word(p, W_SHPILKIN_OTHER));
}

static void interval_cell(struct page *p, double low, double high)
{
    struct urna_buf text = {0};
    urna_buf_printf(&text, "%s \xe2\x80\xa6 %s", number(p, low, 3), number(p, high, 3));
    urna_html_td_num(p->h, urna_buf_cstr(&text), false);
    urna_buf_free(&text);
}

static void sobyanin(struct page *p)
{
    struct urna_html *h = p->h;
    urna_html_h3(h, word(p, W_SOBYANIN));
    urna_html_p(h, word(p, W_SOBYANIN_TEXT));
    const struct urna_html_column col[] = {
        {word(p, W_CANDIDATE), URNA_COL_TEXT}, {word(p, W_SHARE), URNA_COL_NUMBER},
        {word(p, W_SLOPE), URNA_COL_NUMBER},   {word(p, W_INTERVAL), URNA_COL_NUMBER},
        {word(p, W_WITHIN), URNA_COL_NUMBER},  {word(p, W_INTERVAL), URNA_COL_NUMBER},
    };
    urna_html_table(h, word(p, W_SOBYANIN), col, 6, true);
    for (unsigned c = 0; c < p->s->n_candidates; c++) {
        const struct urna_slope *x = p->f->slope + c;
        const char *name = p->s->candidate[c];
        urna_html_row(h, false);
        urna_html_th_record(h, NULL, name, strlen(name), NULL);
        urna_html_td_num(h, number(p, x->share, 3), false);
        urna_html_td_num(h, number(p, x->slope, 3), false);
        interval_cell(p, x->low, x->high);
        urna_html_td_num(h, number(p, x->within, 3), false);
        interval_cell(p, x->within_low, x->within_high);
    }
    urna_html_table_close(h);
    urna_html_p(h, word(p, W_SOBYANIN_OTHER));
}

void forensics_models(struct page *p)
{
    const struct urna_klimek *k = &p->f->klimek;
    urna_html_section(p->h, "models", word(p, W_S_MODELS));
    urna_html_lead(p->h, word(p, W_MODELS_LEAD));
    shpilkin(p);
    sobyanin(p);
    urna_html_h3(p->h, word(p, W_KLIMEK));
    URNA_HTML_PARA(p->h, NULL, word(p, W_KLIMEK_TEXT), number(p, k->tau, 3), number(p, k->nu, 3),
                   number(p, k->sigma_tau, 6), number(p, k->sigma_nu, 6), number(p, k->theta, 6));
    urna_html_section_close(p->h);
}
