/* The verification report: seats, by the rule in the manifest. */
#include <string.h>

#include "report/verdict_options.h"

static enum urna_verdict_word method(const struct urna_seats_decl *d)
{
    switch (d->method) {
    case URNA_HARE:
        return d->base ? W_HARE_ALL : W_HARE_Q;
    case URNA_DROOP:
        return d->base ? W_DROOP_ALL : W_DROOP_Q;
    case URNA_DHONDT:
        return W_DHONDT;
    case URNA_SAINTELAGUE:
        return W_SAINTELAGUE;
    default:
        return W_SAINTELAGUE_MOD;
    }
}

/* Votes that the quota is taken from, or 0 if the method has none. */
static uint64_t quota_base(const struct urna_seats_decl *d, const struct urna_result_contest *x)
{
    struct urna_seats_rule rule = page_seats_rule(d);
    uint64_t sum = page_sum(x), base = 0;
    if (d->method != URNA_HARE && d->method != URNA_DROOP)
        return 0;
    for (uint32_t o = 0; o < x->n_totals; o++)
        if (d->base || urna_seats_is_qualified(&rule, x->totals[o], sum))
            base += x->totals[o];
    return base;
}

static double quota_of(const struct urna_seats_decl *d, uint64_t base)
{
    if (d->method == URNA_DROOP)
        return (double)(base / ((uint64_t)d->n + 1) + 1);
    return (double)base / d->n;
}

static void seats_table(struct page *g, const struct urna_option_votes *p,
                        const struct urna_contest *c, const struct urna_result_seats *s,
                        double quota, const char *caption)
{
    char buf[URNA_SAY_MAX];
    struct urna_html *h = &g->h;
    const struct urna_html_column with[] = {{T(g, W_COL_LIST), URNA_COL_TEXT},
                                            {T(g, W_COL_VOTES), URNA_COL_NUMBER},
                                            {T(g, W_COL_QUOTIENT), URNA_COL_NUMBER},
                                            {T(g, W_COL_SEATS), URNA_COL_NUMBER}};
    const struct urna_html_column without[] = {with[0], with[1], with[3]};
    urna_html_table(h, caption, quota > 0 ? with : without, quota > 0 ? 4 : 3, true);
    uint64_t all = 0;
    for (uint32_t rank = 0; rank < s->n_seats; rank++) {
        const struct urna_contest_option *o = &c->options[p[rank].option];
        const char *name = page_title(g, &o->title, o->id);
        uint32_t seats = s->seats[p[rank].option];
        urna_html_row(h, seats == 0);
        urna_html_th_record(h, page_letter(g, rank), name, strlen(name), NULL);
        urna_html_td_num(h, page_num(g, p[rank].votes), false);
        if (quota > 0)
            urna_html_td_num(h, urna_say_decimal(buf, g->lang, (double)p[rank].votes / quota, 4),
                             false);
        urna_html_td_num(h, page_num(g, seats), true);
        all += seats;
    }
    urna_html_total(h);
    urna_html_row(h, false);
    urna_html_th(h, NULL, T(g, W_ALL), false);
    urna_html_td(h, "");
    if (quota > 0)
        urna_html_td(h, "");
    urna_html_td_num(h, page_num(g, all), false);
    urna_html_table_close(h);
}

static void seats_of_contest(struct page *g, const struct urna_result *r, uint32_t number,
                             const struct urna_result_seats *s)
{
    char buf[URNA_SAY_MAX];
    struct urna_html *h = &g->h;
    const struct urna_seats_decl *d = &g->P->m.seats[number - 1];
    const struct urna_result_contest *x = &r->contests[d->contest - 1];
    const struct urna_contest *c = &g->P->m.contests[d->contest - 1];
    const struct urna_option_votes *p = urna_options_by_votes(&g->arena, x);
    uint64_t base = quota_base(d, x);
    double quota = base > 0 ? quota_of(d, base) : 0;
    unsigned given = 0;
    for (uint32_t o = 0; o < s->n_seats; o++)
        given += s->seats[o];
    if (g->P->m.n_seats > 1)
        urna_html_h3_record(h, page_title(g, &c->title, c->id));
    const char *how = T(g, method(d));
    urna_html_lead(h, d->num > 0 ? MF(g, W_SEATS_RULE, how, page_num(g, d->n), page_threshold(g, d))
                                 : MF(g, W_SEATS_RULE_NO_BAR, how, page_num(g, d->n)));
    if (base > 0 && d->method == URNA_HARE)
        urna_html_p(h, MF(g, W_QUOTA, page_num(g, base), page_num(g, d->n),
                          urna_say_decimal(buf, g->lang, quota, 4)));
    page_half_circle(g, p, x->n_totals, s, given);
    seats_table(g, p, c, s, quota,
                g->P->m.n_seats > 1 ? TF(g, W_SEATS_N, page_num(g, number)) : T(g, W_T_SEATS));
    urna_html_small(h, s->tie ? MF(g, W_TIE, page_num(g, d->n - given)) : T(g, W_NO_TIE));
}

void page_seats(struct page *g)
{
    const struct urna_manifest *m = &g->P->m;
    const struct urna_result *r = urna_judge_result(g->J);
    urna_html_section(&g->h, "seats", T(g, W_T_SEATS));
    if (!m->has_seats || m->n_seats == 0)
        urna_html_p(&g->h, T(g, W_NO_SEATS));
    else if (!r)
        urna_html_p(&g->h, T(g, W_SEATS_LATER));
    for (uint32_t i = 0; r && m->has_seats && i < m->n_seats; i++) {
        const struct urna_result_seats *s = urna_result_seats_of(r, m->seats[i].contest);
        if (s)
            seats_of_contest(g, r, i + 1, s);
    }
    urna_html_section_close(&g->h);
}
