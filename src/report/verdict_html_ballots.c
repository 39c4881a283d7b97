/* The verification report: what became of the ballots. */
#include "report/verdict_page.h"

static void ballots_row(struct page *g, enum urna_verdict_word what, uint64_t x,
                        enum urna_verdict_word text)
{
    char buf[URNA_SAY_MAX];
    urna_html_row(&g->h, false);
    urna_html_th(&g->h, NULL, T(g, what), false);
    urna_html_td_num(&g->h, page_num(g, x), false);
    urna_html_td_num(&g->h, urna_say_share(buf, g->lang, x, g->n.ballots, 2), false);
    urna_html_td(&g->h, T(g, text));
}

/* One bar in three tints; the table below has the numbers. */
static void ballots_bar(struct page *g)
{
    const uint64_t *by = g->n.by;
    const uint64_t part[] = {by[URNA_B_COUNTED], by[URNA_B_SUPERSEDED],
                             by[URNA_B_LATE] + by[URNA_B_VOID]};
    static const char *const class_[] = {"a1", "a2", "a4"};
    double x = 0;
    urna_html_markup(&g->h, "<figure><svg viewBox=\"0 0 800 26\" preserveAspectRatio=\"none\" "
                            "aria-hidden=\"true\">");
    for (int i = 0; i < 3; i++) {
        double w = 800.0 * (double)part[i] / (double)g->n.ballots;
        if (part[i] > 0)
            urna_svg_rect(&g->h, class_[i], x, 0, w > 4 ? w - 2 : w, 26);
        x += w;
    }
    urna_html_markup(&g->h, "</svg></figure>\n");
}

void page_ballots(struct page *g)
{
    uint64_t opened = urna_judge_accepted(g->J, URNA_CHALLENGE);
    urna_html_section(&g->h, "ballots", T(g, W_T_BALLOTS));
    urna_html_p(&g->h, T(g, g->P->m.revote ? W_REVOTE : W_NO_REVOTE));
    if (!g->n.sealed) {
        urna_html_p(&g->h, MF(g, W_B_UNSEALED, page_num(g, g->n.ballots)));
    } else {
        const struct urna_html_column col[] = {{NULL, URNA_COL_TEXT},
                                               {NULL, URNA_COL_NUMBER},
                                               {NULL, URNA_COL_NUMBER},
                                               {NULL, URNA_COL_TEXT}};
        if (g->n.ballots > 0)
            ballots_bar(g);
        urna_html_table(&g->h, T(g, W_B_CAPTION), col, 4, false);
        ballots_row(g, W_B_COUNTED, g->n.by[URNA_B_COUNTED], W_B_COUNTED_X);
        ballots_row(g, W_B_SUPERSEDED, g->n.by[URNA_B_SUPERSEDED], W_B_SUPERSEDED_X);
        ballots_row(g, W_B_LATE, g->n.by[URNA_B_LATE], W_B_LATE_X);
        ballots_row(g, W_B_VOID, g->n.by[URNA_B_VOID], W_B_VOID_X);
        urna_html_total(&g->h);
        urna_html_row(&g->h, false);
        urna_html_th(&g->h, NULL, T(g, W_B_IN_LOG), false);
        urna_html_td_num(&g->h, page_num(g, g->n.ballots), false);
        urna_html_td(&g->h, "");
        urna_html_td(&g->h, "");
        urna_html_table_close(&g->h);
    }
    if (opened > 0) {
        urna_html_h3(&g->h, T(g, W_CHALLENGES));
        urna_html_p(&g->h, MF(g, W_CHALLENGES_X, page_num(g, opened)));
    }
    urna_html_section_close(&g->h);
}
