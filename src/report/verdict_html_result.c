/* The verification report: the result. */
#include <string.h>

#include "report/verdict_options.h"

static bool has_weights(const struct page *g)
{
    size_t n;
    const struct urna_row *row = urna_judge_rows(g->J, &n);
    for (size_t i = 0; i < n; i++)
        if (row[i].weight != 1)
            return true;
    return false;
}

static uint64_t groups_of(const struct page *g, uint32_t contest)
{
    size_t n;
    uint64_t found = 0;
    const struct urna_tally_group *t = urna_judge_groups(g->J, &n);
    for (size_t i = 0; i < n; i++)
        found += t[i].contest == contest;
    return found;
}

static void votes_row(struct page *g, const struct urna_option_votes *p, uint32_t rank,
                      uint64_t sum, uint64_t most, const struct urna_contest *c,
                      const struct urna_seats_decl *d)
{
    char buf[URNA_SAY_MAX];
    struct urna_html *h = &g->h;
    struct urna_seats_rule rule;
    bool below = false;
    if (d) {
        rule = page_seats_rule(d);
        below = !urna_seats_is_qualified(&rule, p->votes, sum);
    }
    const char *name = page_title(g, &c->options[p->option].title, c->options[p->option].id);
    urna_html_row(h, below);
    urna_html_th_record(h, page_letter(g, rank), name, strlen(name),
                        below ? TF(g, W_BELOW, page_threshold(g, d)) : NULL);
    urna_html_td_num(h, page_num(g, p->votes), false);
    urna_html_td_num(h, urna_say_share(buf, g->lang, p->votes, sum, 2), false);
    urna_html_td_bar(h, most > 0 ? 100.0 * (double)p->votes / (double)most : 0);
}

static void contest(struct page *g, const struct urna_result *r, uint32_t i)
{
    struct urna_html *h = &g->h;
    const struct urna_contest *c = &g->P->m.contests[i];
    const struct urna_result_contest *x = &r->contests[i];
    const struct urna_option_votes *p = urna_options_by_votes(&g->arena, x);
    uint64_t sum = page_sum(x);
    const char *name = page_title(g, &c->title, c->id);
    if (r->n_contests > 1)
        urna_html_h3_record(h, name);
    urna_html_lead(h, MF(g, W_CONTEST_LEAD, page_num(g, x->counted), page_num(g, x->n_totals),
                         page_num(g, c->limit)));
    /* Each counted ballot gives its votes to one option, or to none. */
    if (c->limit == 1 && !has_weights(g) && x->counted >= x->secret + sum)
        urna_html_p(h, MF(g, W_BLANK, page_num(g, x->counted - x->secret - sum)));
    const struct urna_html_column col[] = {{T(g, W_COL_LIST), URNA_COL_TEXT},
                                           {T(g, W_COL_VOTES), URNA_COL_NUMBER},
                                           {T(g, W_COL_SHARE), URNA_COL_NUMBER},
                                           {NULL, URNA_COL_BAR}};
    urna_html_table(h, r->n_contests > 1 ? TF(g, W_VOTES_N, page_num(g, i + 1)) : T(g, W_COL_VOTES),
                    col, 4, true);
    for (uint32_t o = 0; o < x->n_totals; o++)
        votes_row(g, &p[o], o, sum, p[0].votes, c, page_seats_decl(g, i + 1));
    char buf[URNA_SAY_MAX];
    urna_html_total(h);
    urna_html_row(h, false);
    urna_html_th(h, NULL, T(g, W_ALL), false);
    urna_html_td_num(h, page_num(g, sum), false);
    urna_html_td_num(h, urna_say_share(buf, g->lang, sum, sum, 0), false);
    urna_html_td(h, "");
    urna_html_table_close(h);
    if (x->secret > 0)
        urna_html_p(h, MF(g, W_SECRET, page_num(g, x->secret)));
    urna_html_small(h, MF(g, W_GROUPS, page_num(g, groups_of(g, i + 1))));
}

void page_result(struct page *g)
{
    static const enum urna_verdict_word phase[] = {
        [URNA_SETUP] = W_PHASE_SETUP,
        [URNA_VOTING] = W_PHASE_VOTING,
        [URNA_SEALED] = W_PHASE_SEALED,
        [URNA_COUNTED] = W_PHASE_COUNTED,
    };
    const struct urna_result *r = urna_judge_result(g->J);
    urna_html_section(&g->h, "result", T(g, W_T_RESULT));
    if (!r) {
        urna_html_lead(&g->h, T(g, W_NO_RESULT));
        urna_html_p(&g->h, T(g, phase[urna_judge_phase(g->J)]));
    }
    for (uint32_t i = 0; r && i < r->n_contests; i++)
        contest(g, r, i);
    urna_html_section_close(&g->h);
}
