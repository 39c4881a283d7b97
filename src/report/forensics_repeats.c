/* The forensics report: repeated numbers, controls, digits. */
#include <math.h>
#include <string.h>

#include "report/forensics_page.h"

static void permutation_row(struct page *p, enum urna_evidence_word name,
                            const struct urna_permutation *r)
{
    urna_html_row(p->h, false);
    urna_html_th(p->h, NULL, word(p, name), false);
    urna_html_td_num(p->h, count(p, r->observed), true);
    urna_html_td_num(p->h, number(p, r->mean, 1), false);
    urna_html_td_num(p->h, number(p, r->p, 3), false);
}

static void kireev_table(struct page *p)
{
    const struct urna_kireev *k = &p->f->kireev;
    if (k->n == 0)
        return;
    const struct urna_html_column col[] = {
        {word(p, W_DISTRICT), URNA_COL_TEXT},   {word(p, W_CANDIDATE), URNA_COL_TEXT},
        {word(p, W_STATIONS), URNA_COL_NUMBER}, {word(p, W_ZERO), URNA_COL_NUMBER},
        {word(p, W_ONE), URNA_COL_NUMBER},      {word(p, W_TWO), URNA_COL_NUMBER},
        {word(p, W_KIREEV_P), URNA_COL_NUMBER},
    };
    urna_html_h3(p->h, word(p, W_KIREEV));
    urna_html_table(p->h, word(p, W_KIREEV), col, 7, true);
    for (size_t i = 0; i < k->n && i < URNA_MAX_PAIRS; i++) {
        const struct urna_kireev_hit *x = k->hit + i;
        const char *district = p->s->districts.name[x->district];
        struct urna_buf name = {0};
        urna_html_row(p->h, false);
        urna_html_th_record(p->h, NULL, district, strlen(district), NULL);
        urna_html_td_markup(p->h, URNA_MARKUP(&name, "{1b}", p->s->candidate[x->candidate]));
        urna_html_td_num(p->h, count(p, x->stations), false);
        urna_html_td_num(p->h, count(p, x->none), false);
        urna_html_td_num(p->h, count(p, x->one), false);
        urna_html_td_num(p->h, count(p, x->two), false);
        urna_html_td_num(p->h, urna_say_chance(slot(p), p->c->lang, log10(x->p)), false);
        urna_buf_free(&name);
    }
    urna_html_table_close(p->h);
}

#define PAIRS_SHOWN 20

static void place_of(struct urna_buf *out, const struct urna_stations *s, size_t row)
{
    const char *district = s->districts.name[s->district[row]];
    urna_buf_printf(out, "%s%s%s", district, *district ? ", " : "", urna_stations_label(s, row));
}

static void pairs_table(struct page *p)
{
    const struct urna_duplicates *d = &p->f->duplicates;
    if (d->n_pairs == 0)
        return;
    const struct urna_html_column col[] = {{word(p, W_FIRST), URNA_COL_TEXT},
                                           {word(p, W_SECOND), URNA_COL_TEXT},
                                           {word(p, W_RECEIVED), URNA_COL_NUMBER}};
    urna_html_h3(p->h, word(p, W_PAIRS));
    urna_html_table(p->h, word(p, W_PAIRS), col, 3, true);
    size_t shown = d->n_pairs < PAIRS_SHOWN ? d->n_pairs : PAIRS_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        struct urna_buf a = {0}, b = {0}, text = {0};
        place_of(&a, p->s, d->pair[i].a);
        place_of(&b, p->s, d->pair[i].b);
        urna_html_row(p->h, false);
        urna_html_th_record(p->h, NULL, urna_buf_cstr(&a), a.len, NULL);
        urna_html_td_markup(p->h, URNA_MARKUP(&text, "{1b}", urna_buf_cstr(&b)));
        urna_html_td_num(p->h, count(p, p->s->received[d->pair[i].a]), false);
        urna_buf_free(&a);
        urna_buf_free(&b);
        urna_buf_free(&text);
    }
    urna_html_table_close(p->h);
    URNA_HTML_PARA(p->h, "small", word(p, W_MORE_ROWS), count(p, shown), count(p, d->all.observed));
}

void forensics_repeats(struct page *p)
{
    struct urna_html *h = p->h;
    urna_html_section(h, "repeats", word(p, W_S_REPEATS));
    urna_html_lead(h, word(p, W_REPEATS_LEAD));
    const struct urna_html_column col[] = {{word(p, W_TEST), URNA_COL_TEXT},
                                           {word(p, W_OBSERVED), URNA_COL_NUMBER},
                                           {word(p, W_SHUFFLED), URNA_COL_NUMBER},
                                           {word(p, W_P_PERM), URNA_COL_NUMBER}};
    urna_html_table(h, word(p, W_S_REPEATS), col, 4, true);
    permutation_row(p, W_DUPLICATES, &p->f->duplicates.all);
    permutation_row(p, W_NEIGHBOURS, &p->f->neighbours.neighbours);
    permutation_row(p, W_KIREEV, &p->f->kireev.hits);
    urna_html_table_close(h);
    size_t n = p->f->kireev.hits.shuffles;
    URNA_HTML_PARA(h, "small", word(p, W_REPEATS_HOW), count(p, n),
                   number(p, 1 / (1 + (double)n), 3));
    if (p->f->neighbours.longest > 1) {
        struct urna_buf at = {0};
        place_of(&at, p->s, p->f->neighbours.at);
        URNA_HTML_PARA(h, NULL, word(p, W_LONGEST), count(p, p->f->neighbours.longest),
                       urna_buf_cstr(&at));
        urna_buf_free(&at);
    }
    kireev_table(p);
    pairs_table(p);
    other(p, W_REPEATS_OTHER);
    urna_html_section_close(h);
}

/* ---- controls, digits ---- */

void forensics_controls(struct page *p)
{
    static const enum urna_evidence_word tests[] = {W_EITHER, W_SHARE, W_TURNOUT};
    const struct urna_control *k = &p->f->control;
    urna_html_section(p->h, "controls", word(p, W_S_CONTROLS));
    URNA_HTML_PARA(p->h, "lead", word(p, W_CONTROLS_LEAD), count(p, k->runs));
    const struct urna_html_column col[] = {{word(p, W_TEST), URNA_COL_TEXT},
                                           {word(p, W_MEAN_Z), URNA_COL_NUMBER},
                                           {word(p, W_SD_Z), URNA_COL_NUMBER},
                                           {word(p, W_FLAGGED), URNA_COL_NUMBER}};
    urna_html_table(p->h, word(p, W_S_CONTROLS), col, 4, true);
    for (int t = 0; t < 3; t++) {
        urna_html_row(p->h, false);
        urna_html_th(p->h, NULL, word(p, tests[t]), false);
        urna_html_td_num(p->h, number(p, k->mean_z[t], 2), false);
        urna_html_td_num(p->h, number(p, k->sd_z[t], 2), false);
        urna_html_td_num(p->h, count(p, k->flagged[t]), false);
    }
    urna_html_table_close(p->h);
    urna_html_p(p->h, word(p, W_CONTROLS_TEXT));
    urna_html_section_close(p->h);
}

void forensics_digits(struct page *p)
{
    urna_html_section(p->h, "digits", word(p, W_S_DIGITS));
    if (!p->f->digits) {
        urna_html_p(p->h, word(p, W_DIGITS_OFF));
        urna_html_section_close(p->h);
        return;
    }
    urna_html_lead(p->h, word(p, W_DIGITS_LEAD));
    const struct urna_html_column col[] = {{word(p, W_CANDIDATE), URNA_COL_TEXT},
                                           {word(p, W_COUNTS), URNA_COL_NUMBER},
                                           {word(p, W_SECOND_DIGIT), URNA_COL_NUMBER},
                                           {word(p, W_LAST_DIGIT), URNA_COL_NUMBER}};
    urna_html_table(p->h, word(p, W_S_DIGITS), col, 4, true);
    for (unsigned c = 0; c < p->s->n_candidates; c++) {
        const struct urna_digits *d = p->f->digits + c;
        urna_html_row(p->h, d->n < 1000);
        urna_html_th_record(p->h, NULL, p->s->candidate[c], strlen(p->s->candidate[c]), NULL);
        urna_html_td_num(p->h, count(p, d->n), false);
        urna_html_td_num(p->h, d->n > 0 ? number(p, d->second_mean, 2) : "\xe2\x80\x93", false);
        urna_html_td_num(p->h, d->n > 0 ? number(p, d->last_p, 3) : "\xe2\x80\x93", false);
    }
    urna_html_table_close(p->h);
    urna_html_section_close(p->h);
}
