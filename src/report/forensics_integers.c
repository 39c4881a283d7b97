/* The forensics report: whole percents, in the whole country and by region. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/forensics_page.h"

static void integer_row(struct page *p, const struct urna_integer_cell *cell,
                        enum urna_evidence_word weight, double bound, bool draws)
{
    struct urna_html *h = p->h;
    urna_html_row(h, false);
    urna_html_th(h, NULL, word(p, weight), false);
    urna_html_td_num(h, number(p, cell->observed, 0), false);
    urna_html_td_num(h, number(p, cell->mean, 1), false);
    urna_html_td_num(h, plus(p, cell->d, 1), true);
    urna_html_td_num(h, number(p, cell->sd, 1), false);
    urna_html_td_num(h, plus(p, cell->z, 1), false);
    if (draws)
        urna_html_td_num(h, plus(p, cell->q999, 1), false);
    urna_html_td_num(
        h, weight == W_BY_STATIONS ? urna_say_chance(slot(p), p->c->lang, bound) : "\xe2\x80\x93",
        false);
}

void forensics_integers(struct page *p)
{
    static const enum urna_evidence_word tests[] = {W_EITHER, W_SHARE, W_TURNOUT};
    static const enum urna_evidence_word weights[] = {W_BY_STATIONS, W_BY_VOTERS, W_BY_GIVEN,
                                                      W_BY_LEADER};
    const struct urna_integer *r = &p->f->integer;
    const struct urna_integer_cell *first = &r->cell[URNA_EITHER][URNA_BY_STATIONS];
    bool draws = p->o->integer.draws > 0;
    struct urna_html *h = p->h;
    urna_html_section(h, "integers", word(p, W_S_INTEGERS));
    URNA_HTML_PARA(h, "lead", word(p, W_INTEGERS_LEAD), number(p, first->observed, 0),
                   number(p, first->mean, 1), plus(p, first->d, 1), number(p, first->sd, 1),
                   number(p, first->z, 1));
    const struct urna_html_column col[] = {
        {word(p, W_WEIGHT), URNA_COL_TEXT},
        {word(p, W_OBSERVED), URNA_COL_NUMBER},
        {word(p, W_EXPECTED), URNA_COL_NUMBER},
        {word(p, W_EXCESS), URNA_COL_NUMBER},
        {word(p, W_SD), URNA_COL_NUMBER},
        {"z", URNA_COL_NUMBER},
        {word(p, draws ? W_Q999 : W_BOUND), URNA_COL_NUMBER},
        {word(p, W_BOUND), URNA_COL_NUMBER},
    };
    urna_html_table(h, word(p, W_S_INTEGERS), col, draws ? 8 : 7, true);
    for (int t = 0; t < URNA_N_TESTS; t++) {
        urna_html_group(h, word(p, tests[t]));
        for (int w = 0; w < URNA_N_WEIGHTS; w++)
            integer_row(p, &r->cell[t][w], weights[w], log10(r->holm[t]), draws);
    }
    urna_html_table_close(h);
    urna_html_small(h, word(p, W_INTEGERS_HOW));
    if (p->o->integer.compat)
        urna_html_small(h, word(p, W_INTEGERS_COMPAT));
    URNA_HTML_PARA(h, NULL, word(p, W_INTEGERS_USED), count(p, r->used),
                   count(p, r->without_ballots), count(p, r->small), count(p, r->high_turnout),
                   count(p, r->high_share));
    urna_html_p(h, word(p, W_EXCESS_IS_NOT));
    urna_html_section_close(h);
}

static int by_q(const void *a, const void *b)
{
    const struct urna_integer_region *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return (x->region > y->region) - (x->region < y->region);
}

#define REGIONS_SHOWN 20

void forensics_regions(struct page *p)
{
    const struct urna_integer *r = &p->f->integer;
    struct urna_html *h = p->h;
    struct urna_integer_region *sorted = urna_xcalloc(r->n_regions + 1, sizeof *sorted);
    size_t flagged = 0;
    for (size_t i = 0; i < r->n_regions; i++) {
        sorted[i] = r->region[i];
        flagged += sorted[i].q <= 0.05;
    }
    qsort(sorted, r->n_regions, sizeof *sorted, by_q);
    urna_html_section(h, "regions", word(p, W_S_REGIONS));
    URNA_HTML_PARA(h, "lead", word(p, W_REGIONS_LEAD), count(p, r->n_regions), count(p, flagged));
    const struct urna_html_column col[] = {
        {word(p, W_REGION), URNA_COL_TEXT},     {word(p, W_STATIONS), URNA_COL_NUMBER},
        {word(p, W_OBSERVED), URNA_COL_NUMBER}, {word(p, W_EXPECTED), URNA_COL_NUMBER},
        {word(p, W_EXCESS), URNA_COL_NUMBER},   {word(p, W_CHANCE_P), URNA_COL_NUMBER},
        {word(p, W_Q), URNA_COL_NUMBER},
    };
    urna_html_table(h, word(p, W_S_REGIONS), col, 7, true);
    for (size_t i = 0; i < r->n_regions && i < REGIONS_SHOWN; i++) {
        const char *name = p->s->regions.name[sorted[i].region];
        urna_html_row(h, sorted[i].q > 0.05);
        urna_html_th_record(h, NULL, *name ? name : "\xe2\x80\x93",
                            strlen(*name ? name : "\xe2\x80\x93"), NULL);
        urna_html_td_num(h, count(p, sorted[i].stations), false);
        urna_html_td_num(h, count(p, sorted[i].observed), false);
        urna_html_td_num(h, number(p, sorted[i].mean, 1), false);
        urna_html_td_num(h, plus(p, (double)sorted[i].observed - sorted[i].mean, 1), false);
        urna_html_td_num(h, urna_say_chance(slot(p), p->c->lang, log10(sorted[i].p)), false);
        urna_html_td_num(h, urna_say_chance(slot(p), p->c->lang, log10(sorted[i].q)), false);
    }
    urna_html_table_close(h);
    urna_html_small(h, word(p, W_REGIONS_HOW));
    urna_html_section_close(h);
    free(sorted);
}
