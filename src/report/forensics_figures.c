/* The forensics report: comet, saw, bell. */
#include <math.h>
#include <stdlib.h>

#include "report/forensics_page.h"
#include "report/figures.h"

void forensics_comet(struct page *p)
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

void forensics_saw(struct page *p)
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

void forensics_bell(struct page *p)
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
