#include "report/evidence_report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/evidence_frame.h"
#include "report/figures.h"

bool urna_integer_is_flagged(const struct urna_integer *r)
{
    return r->holm[URNA_EITHER] < 0.01 || r->holm[URNA_RESULT] < 0.01 ||
           r->holm[URNA_TURNOUT] < 0.01;
}

bool urna_permutation_is_flagged(const struct urna_permutation *p)
{
    return p->shuffles > 0 && p->p <= 0.05 && (double)p->observed > p->mean;
}

/* The page being written; numbers are said into a ring of buffers, so that one sentence can hold
 * several. */
struct page {
    struct urna_html *h;
    const struct urna_evidence_context *c;
    const struct urna_stations *s;
    const struct urna_forensics_options *o;
    const struct urna_forensics *f;
    char ring[16][URNA_SAY_MAX];
    unsigned at;
};

static const char *word(const struct page *p, enum urna_evidence_word w)
{
    return urna_evidence_word(p->c->lang, w);
}

static char *slot(struct page *p)
{
    return p->ring[p->at++ % 16];
}

static const char *count(struct page *p, uint64_t x)
{
    return urna_say_u64(slot(p), p->c->lang, x);
}

static const char *number(struct page *p, double x, unsigned decimals)
{
    return urna_say_decimal(slot(p), p->c->lang, x, decimals);
}

static const char *plus(struct page *p, double x, unsigned decimals)
{
    return urna_say_signed_decimal(slot(p), p->c->lang, x, decimals);
}

static const char *percent(struct page *p, double x, unsigned decimals)
{
    return urna_say_percent(slot(p), p->c->lang, x, decimals);
}

static const char *share(struct page *p, uint64_t a, uint64_t b)
{
    return urna_say_share(slot(p), p->c->lang, a, b, 2);
}

/* ---- first screen ---- */

static void add_find(struct urna_html_find *find, size_t *n, struct urna_buf *text,
                     enum urna_icon icon, const char *title, const char *tmpl, const char *a,
                     const char *b)
{
    find[*n] = (struct urna_html_find){icon, title, URNA_MARKUP(&text[*n], tmpl, a, b)};
    (*n)++;
}

static void first_screen(struct page *p)
{
    struct urna_html_find find[6];
    struct urna_buf text[6] = {{0}};
    size_t n = 0;
    const struct urna_integer_cell *cell = &p->f->integer.cell[URNA_EITHER][URNA_BY_STATIONS];
    bool flagged = urna_integer_is_flagged(&p->f->integer);
    add_find(find, &n, text, flagged ? URNA_ICON_PAT : URNA_ICON_NONE,
             word(p, flagged ? W_PATTERN : W_NO_PATTERN),
             word(p, flagged ? W_FIND_INTEGER : W_FIND_INTEGER_NONE),
             flagged ? number(p, cell->d, 0) : plus(p, cell->d, 1), number(p, cell->sd, 0));
    const struct {
        const struct urna_permutation *r;
        enum urna_evidence_word w;
    } repeats[] = {{&p->f->duplicates.all, W_FIND_DUPLICATES},
                   {&p->f->neighbours.neighbours, W_FIND_NEIGHBOURS},
                   {&p->f->kireev.hits, W_FIND_KIREEV}};
    bool any = false;
    for (size_t i = 0; i < 3; i++) {
        if (!urna_permutation_is_flagged(repeats[i].r))
            continue;
        any = true;
        add_find(find, &n, text, URNA_ICON_PAT, word(p, W_PATTERN), word(p, repeats[i].w),
                 count(p, repeats[i].r->observed), number(p, repeats[i].r->mean, 1));
    }
    if (!any)
        add_find(find, &n, text, URNA_ICON_NONE, word(p, W_NO_PATTERN),
                 word(p, W_FIND_REPEATS_NONE), "", "");
    if (p->f->control.runs > 0)
        add_find(find, &n, text, URNA_ICON_EQ, word(p, W_CONTROL), word(p, W_FIND_CONTROL),
                 count(p, p->f->control.runs), count(p, p->f->control.flagged[0]));
    urna_html_finds(p->h, word(p, W_SHORT), find, n);
    for (size_t i = 0; i < n; i++)
        urna_buf_free(&text[i]);
    urna_html_note(p->h, word(p, W_STRONG));
    urna_html_p(p->h, word(p, W_STRONG_TEXT));
    urna_html_note_close(p->h);
}

static void contents(struct page *p)
{
    const struct urna_html_entry e[] = {
        {"data", word(p, W_S_DATA)},         {"comet", word(p, W_S_COMET)},
        {"saw", word(p, W_S_SAW)},           {"bell", word(p, W_S_BELL)},
        {"integers", word(p, W_S_INTEGERS)}, {"regions", word(p, W_S_REGIONS)},
        {"models", word(p, W_S_MODELS)},     {"repeats", word(p, W_S_REPEATS)},
        {"controls", word(p, W_S_CONTROLS)}, {"digits", word(p, W_S_DIGITS)},
        {"cautions", word(p, W_S_CAUTIONS)}, {"repeat", word(p, W_S_REPEAT)},
    };
    urna_html_toc(p->h, word(p, W_CONTENTS), e, sizeof e / sizeof e[0]);
}

/* ---- data ---- */

static void data(struct page *p)
{
    struct urna_html *h = p->h;
    const struct urna_shape *x = &p->f->shape;
    const struct urna_load *l = p->c->input;
    urna_html_section(h, "data", word(p, W_S_DATA));
    URNA_HTML_PARA(h, "lead", word(p, W_DATA_LEAD), count(p, p->s->n));
    struct urna_buf text = {0};
    urna_html_facts(h, false);
    urna_html_fact(h, word(p, W_VOTERS), "{1}", count(p, x->voters));
    urna_html_fact(h, word(p, W_GIVEN), "{1m}",
                   URNA_MARKUP(&text, word(p, W_GIVEN_VALUE), count(p, x->given),
                               share(p, x->given, x->voters)));
    urna_html_fact(h, word(p, W_RECEIVED), "{1}", count(p, x->received));
    urna_html_fact(h, word(p, W_LEADER), "{1m}",
                   URNA_MARKUP(&text, word(p, W_LEADER_VALUE), p->s->candidate[p->s->leading],
                               count(p, x->votes), share(p, x->votes, x->received)));
    urna_html_fact(h, word(p, W_DEF_RECEIVED), "{1c}", l->received_from);
    urna_html_facts_close(h);
    urna_html_p(h, word(p, W_DEFINITIONS));
    if (l->given_is_received)
        urna_html_p(h, word(p, W_GIVEN_IS_RECEIVED));
    if (l->left_out > 0 || l->totals > 0)
        URNA_HTML_PARA(h, NULL, word(p, W_LEFT_OUT), count(p, l->left_out), count(p, l->totals));
    if (l->faults > 0)
        URNA_HTML_PARA(h, NULL, word(p, W_FAULTS), count(p, l->faults), l->first_fault.where,
                       l->first_fault.msg);
    if (l->guessed)
        urna_html_p(h, word(p, W_MAP_GUESSED));
    urna_html_section_close(h);
    urna_buf_free(&text);
}

/* ---- figures ---- */

static void other(struct page *p, enum urna_evidence_word w)
{
    urna_html_h3(p->h, word(p, W_OTHER));
    urna_html_p(p->h, word(p, w));
}

static void comet(struct page *p)
{
    const struct urna_shape *x = &p->f->shape;
    urna_html_section(p->h, "comet", word(p, W_S_COMET));
    urna_html_lead(p->h, word(p, W_COMET_LEAD));
    struct urna_buf aria = {0}, caption = {0};
    const char *n = count(p, x->used), *t = percent(p, x->median_turnout, 1),
               *v = percent(p, x->median_share, 1);
    const struct urna_figure_words w = {
        .label = word(p, W_COMET_LABEL),
        .aria = URNA_PLAIN(&aria, word(p, W_COMET_ARIA), n, t, v),
        .caption = URNA_MARKUP(&caption, word(p, W_COMET_CAPTION), n, t, v),
        .across = word(p, W_TURNOUT_AXIS),
        .up = word(p, W_SHARE_AXIS),
        .key = word(p, W_PER_CELL),
    };
    urna_figure_comet(p->h, x, &w);
    URNA_HTML_PARA(p->h, NULL, word(p, W_COMET_HIGH), count(p, x->both_high),
                   count(p, x->both_high_voters));
    other(p, W_COMET_OTHER);
    urna_html_section_close(p->h);
    urna_buf_free(&aria);
    urna_buf_free(&caption);
}

static void peaks(struct page *p, const struct urna_saw *saw, unsigned from,
                  enum urna_evidence_word name)
{
    urna_html_group(p->h, word(p, name));
    for (unsigned k = from; k <= 95; k += 5) {
        double sd = sqrt(saw->var[10 * k]), d = saw->observed[10 * k] - saw->mean[10 * k];
        if (saw->mean[10 * k] < 1)
            continue;
        urna_html_row(p->h, false);
        urna_html_th(p->h, NULL, percent(p, k, 0), false);
        urna_html_td_num(p->h, count(p, (uint64_t)saw->observed[10 * k]), false);
        urna_html_td_num(p->h, number(p, saw->mean[10 * k], 1), false);
        urna_html_td_num(p->h, plus(p, d, 1), false);
        urna_html_td_num(p->h, number(p, sd, 1), false);
        urna_html_td_num(p->h, sd > 0 ? plus(p, d / sd, 1) : "\xe2\x80\x93", false);
    }
}

static void one_saw(struct page *p, const struct urna_saw *saw, enum urna_evidence_word name)
{
    unsigned from = urna_saw_from(saw);
    const char *dots = count(p, urna_saw_dots(saw, from));
    struct urna_buf aria = {0}, caption = {0};
    const struct urna_figure_words w = {
        .label = word(p, name),
        .aria = URNA_PLAIN(&aria, word(p, W_SAW_ARIA), dots),
        .caption = URNA_MARKUP(&caption, word(p, W_SAW_CAPTION), word(p, name), dots),
    };
    urna_figure_saw(p->h, saw, from, &w);
    urna_buf_free(&aria);
    urna_buf_free(&caption);
}

static void saw(struct page *p)
{
    const struct urna_saw *x = p->f->integer.saw;
    urna_html_section(p->h, "saw", word(p, W_S_SAW));
    urna_html_lead(p->h, word(p, W_SAW_LEAD));
    if (x) {
        one_saw(p, x, W_SHARE);
        one_saw(p, x + 1, W_TURNOUT);
        const struct urna_html_column col[] = {
            {word(p, W_EXACTLY), URNA_COL_TEXT},    {word(p, W_STATIONS), URNA_COL_NUMBER},
            {word(p, W_EXPECTED), URNA_COL_NUMBER}, {word(p, W_DIFFERENCE), URNA_COL_NUMBER},
            {word(p, W_SD), URNA_COL_NUMBER},       {word(p, W_IN_SD), URNA_COL_NUMBER},
        };
        urna_html_table(p->h, word(p, W_PEAKS), col, 6, true);
        peaks(p, x, 50, W_SHARE);
        peaks(p, x + 1, 50, W_TURNOUT);
        urna_html_table_close(p->h);
    }
    urna_html_h3(p->h, word(p, W_BAND));
    urna_html_p(p->h, word(p, W_BAND_TEXT));
    other(p, W_SAW_OTHER);
    urna_html_section_close(p->h);
}

static void bell(struct page *p)
{
    const struct urna_shape *x = &p->f->shape;
    urna_html_section(p->h, "bell", word(p, W_S_BELL));
    urna_html_lead(p->h, word(p, W_BELL_LEAD));
    struct urna_buf aria = {0}, caption = {0};
    const char *full = count(p, x->stations[100]);
    struct urna_figure_words w = {
        .label = word(p, W_S_BELL),
        .aria = URNA_PLAIN(&aria, word(p, W_BELL_ARIA), full),
        .caption = URNA_MARKUP(&caption, word(p, W_BELL_CAPTION), full),
    };
    urna_figure_bell(p->h, x, &w);
    w = (struct urna_figure_words){.label = word(p, W_VOTES_LABEL),
                                   .aria = word(p, W_VOTES_ARIA),
                                   .caption = word(p, W_VOTES_CAPTION)};
    urna_figure_votes(p->h, x, &w, word(p, W_KEY_LEADER), word(p, W_KEY_OTHERS));
    other(p, W_BELL_OTHER);
    urna_html_section_close(p->h);
    urna_buf_free(&aria);
    urna_buf_free(&caption);
}

/* ---- whole percents ---- */

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

static void integers(struct page *p)
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

static void regions(struct page *p)
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

/* ---- descriptions ---- */

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

static void models(struct page *p)
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

/* ---- repeats ---- */

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

static void repeats(struct page *p)
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

static void controls(struct page *p)
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

static void digits(struct page *p)
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

/* ---- the page ---- */

static void cautions(struct page *p)
{
    const char *const shown[] = {
        word(p, urna_integer_is_flagged(&p->f->integer) ? W_SHOWN_PATTERN : W_SHOWN_NONE),
        word(p, W_SHOWN_CONTROL)};
    const char *const not_shown[] = {word(p, W_NOT_HOW_MANY), word(p, W_NOT_WHO),
                                     word(p, W_NOT_RESULT), word(p, W_NOT_CLEAN)};
    urna_evidence_cautions(p->h, shown, p->f->control.runs > 0 ? 2 : 1, not_shown, 4);
}

static void repeat(struct page *p)
{
    urna_evidence_repeat(p->h, p->c);
    urna_html_fact(p->h, word(p, W_SEED), "{1c}", p->o->seed);
    urna_html_fact(p->h, word(p, W_TESTS_RUN), "{1}", word(p, W_TESTS_LIST));
    urna_html_facts_close(p->h);
    urna_html_section_close(p->h);
}

void urna_forensics_page(struct urna_html *h, const struct urna_evidence_context *c,
                         const struct urna_stations *s, const struct urna_forensics_options *o,
                         const struct urna_forensics *f)
{
    struct page p = {.h = h, .c = c, .s = s, .o = o, .f = f};
    urna_evidence_begin(h, c, W_TITLE, true);
    first_screen(&p);
    contents(&p);
    data(&p);
    comet(&p);
    saw(&p);
    bell(&p);
    integers(&p);
    regions(&p);
    models(&p);
    repeats(&p);
    controls(&p);
    digits(&p);
    cautions(&p);
    repeat(&p);
    urna_evidence_end(h);
}
