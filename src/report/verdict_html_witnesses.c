/* The verification report: who signed, and when. */
#include <string.h>

#include "report/verdict_page.h"

static bool same_bloc(const struct urna_verdict_witness *a, const struct urna_verdict_witness *b)
{
    if (!a->bloc || !b->bloc)
        return a->bloc == b->bloc;
    return strcmp(a->bloc, b->bloc) == 0;
}

/* Do all times of the table fall on one day? Then it stands above the table. */
static bool one_day(const struct urna_verdict *v, uint64_t *day)
{
    *day = 0;
    for (size_t i = 0; i < v->n_witness; i++) {
        const uint64_t time[] = {v->witness[i].countset_time, v->witness[i].result_time};
        for (int k = 0; k < 2; k++) {
            if (time[k] > 0 && *day > 0 && time[k] / 86400 != *day / 86400)
                return false;
            *day = time[k] > 0 ? time[k] : *day;
        }
    }
    return *day > 0;
}

static const char *moment(struct page *g, uint64_t time)
{
    char clock[URNA_SAY_MAX], date[URNA_SAY_MAX];
    uint64_t day;
    if (time == 0)
        return T(g, W_SIGNED);
    urna_say_clock(clock, (int64_t)time);
    if (one_day(g->v, &day))
        return urna_arena_strndup(&g->arena, clock, strlen(clock));
    return TF(g, W_DAY_CLOCK, urna_say_date(date, g->lang, (int64_t)time), clock);
}

static void signed_cell(struct page *g, bool yes, uint64_t time)
{
    if (yes)
        urna_html_td_status(&g->h, page_good(g), URNA_ICON_OK, moment(g, time));
    else
        urna_html_td_status(&g->h, URNA_HTML_WAIT, URNA_ICON_NONE, T(g, W_NOT_SIGNED));
}

/* What its own program found, as it says itself. */
static void own_cell(struct page *g, const struct urna_verdict_witness *w)
{
    static const enum urna_verdict_word answer[] = {
        W_OWN_INVALID,     W_OWN_INCOMPLETE, W_LEVEL_CONSISTENT, W_LEVEL_COMPUTED,
        W_LEVEL_WITNESSED, W_LEVEL_FINAL,    W_OWN_ANCHOR,       W_OWN_BALLOT};
    enum { ANSWERS = sizeof answer / sizeof *answer };
    if (w->own_answer < 0 || w->own_answer >= ANSWERS) {
        urna_html_td(&g->h, T(g, W_OWN_NONE));
        return;
    }
    enum urna_verdict_word word = answer[w->own_answer];
    struct urna_html tmp = {.lang = g->lang};
    if (word == W_OWN_INVALID || word == W_OWN_ANCHOR || word == W_OWN_BALLOT)
        urna_html_status(&tmp, URNA_HTML_WAIT, URNA_ICON_WAIT, T(g, word));
    else
        urna_html_text(&tmp, T(g, word));
    const char *found = page_keep(g, &tmp.out);
    urna_html_td_markup(&g->h, MF(g, W_OWN, found, w->software));
}

static void bloc(struct page *g, size_t first)
{
    const struct urna_verdict *v = g->v;
    const struct urna_verdict_witness *w = v->witness;
    uint64_t all = 0, countset = 0, result = 0;
    for (size_t i = first; i < v->n_witness; i++)
        if (same_bloc(&w[i], &w[first])) {
            all++;
            countset += w[i].countset;
            result += w[i].result;
        }
    urna_html_group(&g->h,
                    TF(g, w[first].bloc ? W_GROUP : W_NO_GROUP, w[first].bloc ? w[first].bloc : "",
                       page_num(g, countset), page_num(g, result), page_num(g, all)));
    for (size_t i = first; i < v->n_witness; i++)
        if (same_bloc(&w[i], &w[first])) {
            urna_html_row(&g->h, false);
            urna_html_th_record(&g->h, NULL, w[i].name, strlen(w[i].name), NULL);
            signed_cell(g, w[i].countset, w[i].countset_time);
            signed_cell(g, w[i].result, w[i].result_time);
            own_cell(g, &w[i]);
        }
}

static void when_row(struct page *g, enum urna_verdict_word what, const char *when,
                     enum urna_verdict_word how)
{
    urna_html_row(&g->h, false);
    urna_html_th(&g->h, NULL, T(g, what), false);
    urna_html_td(&g->h, when);
    urna_html_td(&g->h, T(g, how));
}

static void when(struct page *g)
{
    const struct urna_manifest *m = &g->P->m;
    uint64_t seal, cut;
    enum urna_verdict_word how = m->n_witnesses > 0 ? W_BY_ANCHORS : W_BY_COMMISSION;
    const struct urna_html_column col[] = {
        {NULL, URNA_COL_TEXT}, {NULL, URNA_COL_TEXT}, {NULL, URNA_COL_TEXT}};
    urna_html_h3(&g->h, T(g, W_WHEN));
    urna_html_table(&g->h, T(g, W_WHEN), col, 3, false);
    when_row(g, W_OPENED, page_time(g, m->t_open), W_ANNOUNCED);
    when_row(g, W_CLOSED, page_time(g, m->t_close), W_ANNOUNCED);
    if (m->n_witnesses > 0)
        when_row(g, W_LAST_MOMENT, page_time(g, m->t_close + m->delta), W_ON_THEIR_WAY);
    if (urna_judge_seal(g->J, &seal, &cut)) {
        when_row(g, W_IN_TIME, TF(g, W_BELOW_INDEX, page_num(g, cut)), how);
        when_row(g, W_SEALED,
                 g->v->traces.seal_time > 0
                     ? TF(g, W_SEALED_AT, page_time(g, g->v->traces.seal_time), page_num(g, seal))
                     : TF(g, W_ENTRY_N, page_num(g, seal)),
                 how);
    }
    urna_html_table_close(&g->h);
}

static void intro(struct page *g)
{
    uint64_t day;
    char date[URNA_SAY_MAX];
    const char *s = T(g, W_SIGNED_INTRO);
    bool same = one_day(g->v, &day);
    if (!g->p->trust_name)
        s = page_join(g, s, T(g, W_SIGNED_FOUND));
    if (same)
        s = page_join(g, s, MF(g, W_TIMES_OF_DAY, urna_say_date(date, g->lang, (int64_t)day)));
    else if (day > 0)
        s = page_join(g, s, T(g, W_TIMES));
    urna_html_p(&g->h, s);
}

void page_witnesses(struct page *g)
{
    const struct urna_verdict *v = g->v;
    urna_html_section(&g->h, "witnesses", T(g, W_T_SIGNED));
    if (v->n_witness == 0) {
        urna_html_p(&g->h, T(g, W_C_NO_WITNESS));
    } else {
        const struct urna_html_column col[] = {{T(g, W_COL_WITNESS), URNA_COL_TEXT},
                                               {T(g, W_COL_COUNTSET), URNA_COL_TEXT},
                                               {T(g, W_T_RESULT), URNA_COL_TEXT},
                                               {T(g, W_COL_OWN), URNA_COL_TEXT}};
        intro(g);
        urna_html_table_stacked(&g->h, T(g, W_T_SIGNED), col, 4);
        for (size_t i = 0; i < v->n_witness; i++) {
            bool first = true;
            for (size_t j = 0; j < i; j++)
                first &= !same_bloc(&v->witness[j], &v->witness[i]);
            if (first)
                bloc(g, i);
        }
        urna_html_table_close(&g->h);
    }
    when(g);
    urna_html_section_close(&g->h);
}
