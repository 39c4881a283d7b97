#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/evidence_frame.h"
#include "report/figures.h"
#include "report/reasons.h"

struct page {
    struct urna_html *h;
    const struct urna_evidence_context *c;
    const struct urna_quickcount *q;
    char ring[16][URNA_SAY_MAX];
    unsigned at;
};

static const char *word(const struct page *p, enum urna_evidence_word w)
{
    return urna_evidence_word(p->c->lang, w);
}

static const char *count(struct page *p, uint64_t x)
{
    return urna_say_u64(p->ring[p->at++ % 16], p->c->lang, x);
}

static const char *number(struct page *p, double x, unsigned decimals)
{
    return urna_say_decimal(p->ring[p->at++ % 16], p->c->lang, x, decimals);
}

static const char *percent(struct page *p, double x)
{
    return urna_say_percent(p->ring[p->at++ % 16], p->c->lang, 100 * x, 2);
}

static void first_screen(struct page *p)
{
    const struct urna_quickcount *q = p->q;
    size_t n = q->is_random ? (q->n_lines < 4 ? q->n_lines : 4) : 1;
    struct urna_html_find find[4];
    struct urna_buf text[4] = {{0}};
    for (size_t i = 0; i < n; i++) {
        const struct urna_quickcount_line *l = q->line + i;
        find[i].icon = q->is_random ? URNA_ICON_EQ : URNA_ICON_NONE;
        find[i].word = word(p, q->is_random ? W_ESTIMATE : W_REFUSED);
        find[i].markup = q->is_random ? URNA_MARKUP(&text[i], word(p, W_QC_FIND), l->name,
                                                    percent(p, l->e.share), percent(p, l->e.low),
                                                    percent(p, l->e.high), count(p, q->in_hand),
                                                    count(p, q->stations))
                                      : word(p, W_QC_REFUSE_LEAD);
    }
    urna_html_finds(p->h, word(p, W_SHORT), find, n);
    for (size_t i = 0; i < n; i++)
        urna_buf_free(&text[i]);
}

static void figure(struct page *p)
{
    const struct urna_quickcount *q = p->q;
    size_t n = q->n_lines < 12 ? q->n_lines : 12;
    struct urna_figure_interval *in = urna_xcalloc(n + 1, sizeof *in);
    for (size_t i = 0; i < n; i++) {
        const struct urna_quickcount_line *l = q->line + i;
        in[i] =
            (struct urna_figure_interval){l->name, l->e.share, l->e.low, l->e.high, l->announced};
    }
    const struct urna_figure_words w = {
        .label = word(p, W_ESTIMATE), .aria = word(p, W_QC_ARIA), .caption = word(p, W_QC_CAPTION)};
    urna_figure_intervals(p->h, in, n, &w);
    free(in);
}

/* Two numbers a row, each with what belongs to it below: that fits a phone. */
static void estimate_row(struct page *p, const struct urna_quickcount_line *l)
{
    struct urna_html *h = p->h;
    struct urna_buf share = {0}, announced = {0};
    urna_html_row(h, false);
    urna_html_th_record(h, NULL, l->name, strlen(l->name), NULL);
    urna_html_td_number_markup(h, URNA_MARKUP(&share, "<b>{1}</b><br><small>{2}&nbsp;… {3}</small>",
                                              percent(p, l->e.share), percent(p, l->e.low),
                                              percent(p, l->e.high)));
    if (l->announced >= 0)
        urna_html_td_number_markup(
            h, URNA_MARKUP(&announced, word(p, l->compare.inside ? W_INSIDE : W_OUTSIDE),
                           percent(p, l->announced), number(p, fabs(l->compare.t), 1)));
    else
        urna_html_td_num(h, "\xe2\x80\x93", false);
    urna_buf_free(&share);
    urna_buf_free(&announced);
}

static void estimates(struct page *p)
{
    const struct urna_quickcount *q = p->q;
    struct urna_html *h = p->h;
    urna_html_section(h, "estimate", word(p, W_S_ESTIMATE));
    urna_html_lead(h, word(p, W_QC_LEAD));
    figure(p);
    const struct urna_html_column col[] = {{word(p, W_CANDIDATE), URNA_COL_TEXT},
                                           {word(p, W_ESTIMATED), URNA_COL_NUMBER},
                                           {word(p, W_ANNOUNCED), URNA_COL_NUMBER}};
    urna_html_table(h, word(p, W_S_ESTIMATE), col, 3, true);
    for (size_t i = 0; i < q->n_lines; i++)
        estimate_row(p, q->line + i);
    urna_html_table_close(h);
    if (q->n_lines > 0) {
        const struct urna_estimate *e = &q->line[0].e;
        URNA_HTML_PARA(h, NULL, word(p, W_QC_HOW), number(p, e->df, 0));
        URNA_HTML_PARA(h, NULL, word(p, W_QC_DEFF), number(p, e->design_effect, 1),
                       number(p, 100 * e->voters_half, 2));
    }
    if (q->n_missing > 0)
        URNA_HTML_PARA(h, NULL, word(p, W_QC_MISSING), count(p, q->n_missing));
    else
        urna_html_p(h, word(p, W_QC_NONE_MISSING));
    urna_html_section_close(h);
}

static void sample(struct page *p)
{
    const struct urna_quickcount *q = p->q;
    struct urna_html *h = p->h;
    urna_html_section(h, "sample", word(p, W_S_SAMPLE));
    urna_html_lead(h, word(p, W_QC_SAMPLE_LEAD));
    const struct urna_html_column col[] = {{word(p, W_STRATUM), URNA_COL_TEXT},
                                           {word(p, W_OF_STATIONS), URNA_COL_NUMBER},
                                           {word(p, W_DRAWN), URNA_COL_NUMBER},
                                           {word(p, W_IN_HAND), URNA_COL_NUMBER}};
    urna_html_table(h, word(p, W_S_SAMPLE), col, 4, true);
    for (size_t i = 0; i < q->n_strata; i++) {
        const struct urna_quickcount_stratum *s = q->stratum + i;
        const char *name = *s->name ? s->name : "\xe2\x80\x93";
        urna_html_row(h, false);
        urna_html_th_record(h, NULL, name, strlen(name), NULL);
        urna_html_td_num(h, count(p, s->all), false);
        urna_html_td_num(h, count(p, s->drawn), false);
        urna_html_td_num(h, count(p, s->in_hand), false);
    }
    urna_html_table_close(h);
    urna_html_section_close(h);
}

static void bounds(struct page *p)
{
    struct urna_html *h = p->h;
    urna_html_section(h, "bounds", word(p, W_S_BOUNDS));
    urna_html_lead(h, word(p, W_QC_BOUNDS_LEAD));
    const struct urna_html_column col[] = {{word(p, W_CANDIDATE), URNA_COL_TEXT},
                                           {word(p, W_AT_LEAST), URNA_COL_NUMBER}};
    urna_html_table(h, word(p, W_S_BOUNDS), col, 2, true);
    for (size_t i = 0; i < p->q->n_lines; i++) {
        urna_html_row(h, false);
        urna_html_th_record(h, NULL, p->q->line[i].name, strlen(p->q->line[i].name), NULL);
        urna_html_td_num(h, count(p, p->q->line[i].votes), true);
    }
    urna_html_table_close(h);
    urna_html_p(h, word(p, W_QC_REFUSE_WHY));
    urna_html_section_close(h);
}

void urna_quickcount_page(struct urna_html *h, const struct urna_evidence_context *c,
                          const struct urna_quickcount *q)
{
    struct page p = {.h = h, .c = c, .q = q};
    urna_evidence_begin(h, c, W_QC_TITLE, false);
    first_screen(&p);
    if (q->is_random) {
        const struct urna_html_entry e[] = {{"estimate", word(&p, W_S_ESTIMATE)},
                                            {"sample", word(&p, W_S_SAMPLE)},
                                            {"cautions", word(&p, W_S_CAUTIONS)},
                                            {"repeat", word(&p, W_S_REPEAT)}};
        urna_html_toc(h, word(&p, W_CONTENTS), e, 4);
        estimates(&p);
        sample(&p);
    } else {
        const struct urna_html_entry e[] = {{"bounds", word(&p, W_S_BOUNDS)},
                                            {"cautions", word(&p, W_S_CAUTIONS)},
                                            {"repeat", word(&p, W_S_REPEAT)}};
        urna_html_toc(h, word(&p, W_CONTENTS), e, 3);
        bounds(&p);
    }
    const char *const shown[] = {word(&p, q->is_random ? W_QC_SHOWN : W_QC_SHOWN_BOUNDS)};
    const char *const not_shown[] = {word(&p, W_NOT_PAPER), word(&p, W_NOT_STATION),
                                     word(&p, W_NOT_WHO)};
    urna_evidence_cautions(h, shown, 1, not_shown, 3);
    urna_evidence_repeat(h, c);
    if (q->is_random) {
        urna_html_fact_hex(h, word(&p, W_FRAME), q->frame_sha256, URNA_HASH_LEN, true);
        urna_html_fact(h, word(&p, W_SEED), "{1c}", q->seed);
        struct urna_html how = {.lang = c->lang};
        urna_html_reason(&how, q->sampler);
        urna_html_fact(h, word(&p, W_QC_SAMPLER), "{1m}", urna_buf_cstr(&how.out));
        urna_html_free(&how);
    }
    urna_html_facts_close(h);
    urna_html_section_close(h);
    urna_evidence_end(h);
}
