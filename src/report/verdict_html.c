/* The verdict as one HTML file for everybody: the answer first, then every number. */
#include <stdlib.h>
#include <string.h>

#include "report/verdict_page.h"

/* ---- texts ---- */

static const char *keep(struct page *g, struct urna_buf *b)
{
    const char *s = urna_arena_strndup(&g->arena, (const char *)b->p, b->len);
    urna_buf_free(b);
    return s;
}

const char *page_text(struct page *g, enum urna_verdict_word w, const char *const *arg, size_t n)
{
    struct urna_buf b = {0};
    urna_buf_str(&b, "");
    for (const char *p = T(g, w); *p; p++) {
        if (p[0] == '{' && p[1] >= '1' && p[1] < '1' + (int)n && p[2] == '}') {
            urna_buf_str(&b, arg[p[1] - '1']);
            p += 2;
        } else {
            urna_buf_char(&b, *p);
        }
    }
    return keep(g, &b);
}

const char *page_markup(struct page *g, enum urna_verdict_word w, const char *const *arg, size_t n)
{
    struct urna_html tmp = {.lang = g->lang};
    urna_html_fill(&tmp, T(g, w), arg, n);
    return keep(g, &tmp.out);
}

const char *page_num(struct page *g, uint64_t x)
{
    char buf[URNA_SAY_MAX];
    urna_say_u64(buf, g->lang, x);
    return urna_arena_strndup(&g->arena, buf, strlen(buf));
}

const char *page_hex(struct page *g, const uint8_t digest[32])
{
    char hex[65];
    urna_hex(hex, digest, 32);
    return urna_arena_strndup(&g->arena, hex, 64);
}

const char *page_join(struct page *g, const char *a, const char *b)
{
    if (!a || !b)
        return a ? a : b;
    struct urna_buf s = {0};
    urna_buf_printf(&s, "%s %s", a, b);
    return keep(g, &s);
}

enum urna_html_tone page_good(const struct page *g)
{
    return g->v->as_found ? URNA_HTML_CALM : URNA_HTML_GOOD;
}

const char *page_title(const struct page *g, const struct urna_titles *t, const char *id)
{
    const char *s = urna_title_in(t, urna_lang_name(g->lang));
    return *s ? s : id;
}

const char *page_place(struct page *g, uint64_t index)
{
    char path[URNA_TILE_PATH_MAX];
    uint64_t bundle = index / URNA_TILE_WIDTH;
    urna_tile_path(path, &(struct urna_tile){URNA_ENTRIES, bundle,
                                             urna_tile_width(URNA_ENTRIES, bundle, g->v->size)});
    return MF(g, W_FILE_PLACE, path, page_num(g, index % URNA_TILE_WIDTH));
}

static const char *time_of(struct page *g, uint64_t t)
{
    char buf[URNA_SAY_MAX];
    urna_say_time(buf, g->lang, (int64_t)t);
    return urna_arena_strndup(&g->arena, buf, strlen(buf));
}

/* ---- head ---- */

static enum urna_verdict_word word_of(const struct urna_verdict *v)
{
    static const enum urna_verdict_word word[] = {
        [URNA_INVALID] = W_INVALID,       [URNA_INCOMPLETE] = W_INCOMPLETE,
        [URNA_CONSISTENT] = W_CONSISTENT, [URNA_COMPUTED] = W_COMPUTED,
        [URNA_WITNESSED] = W_WITNESSED,   [URNA_FINAL] = W_FINAL,
    };
    return v->as_found && v->answer >= URNA_CONSISTENT ? W_AS_FOUND : word[v->answer];
}

/* The language of a title, if it is one of ours and not the page's. */
static const char *tag_of(const struct page *g, const char *lang)
{
    enum urna_lang l;
    return urna_lang_parse(&l, lang) && l != g->lang ? urna_lang_name(l) : NULL;
}

/* The title in the other languages, and when. */
static const char *sub_of(struct page *g, const char *shown)
{
    enum { OTHERS = 3 };
    const struct urna_manifest *m = &g->P->m;
    struct urna_html tmp = {.lang = g->lang};
    for (uint32_t i = 0, n = 0; i < m->title.n && n < OTHERS; i++) {
        const struct urna_title *t = &m->title.v[i];
        if (t->text == shown)
            continue;
        urna_html_record(&tmp, t->text, strlen(t->text), tag_of(g, t->lang));
        urna_html_markup(&tmp, "<br>");
        n++;
    }
    urna_html_markup(&tmp, MF(g, W_VOTING_TIMES, time_of(g, m->t_open), time_of(g, m->t_close)));
    return keep(g, &tmp.out);
}

static void head(struct page *g)
{
    const char *heading = TF(g, W_RECORD_AT, g->p->record), *tag = NULL;
    bool named = g->P && g->P->m.title.n > 0;
    if (named) {
        const struct urna_titles *t = &g->P->m.title;
        heading = urna_title_in(t, urna_lang_name(g->lang));
        for (uint32_t i = 0; i < t->n; i++)
            if (t->v[i].text == heading)
                tag = tag_of(g, t->v[i].lang);
    }
    const struct urna_html_head x = {
        .lang = g->lang,
        .title = TF(g, W_WINDOW, T(g, word_of(g->v)), heading),
        .kind = T(g, W_KIND),
        .when = TF(g, W_CHECKED_AT, time_of(g, (uint64_t)g->p->when)),
        .skip = T(g, W_SKIP),
        .test = g->P && g->P->m.test ? T(g, W_TEST) : NULL,
        .heading = heading,
        .heading_lang = tag,
        .sub = g->P ? sub_of(g, heading) : NULL,
    };
    urna_html_begin(&g->h, &x);
}

static void foot(struct page *g)
{
    const char *const p[] = {T(g, W_FOOT)};
    urna_html_end(&g->h, p, 1);
}

/* ---- verdict ---- */

/* The sentences of section 11 that must stand with every verdict. */
static const char *cautions(struct page *g)
{
    const struct urna_manifest *m = &g->P->m;
    const char *s = NULL;
    if (m->credentials == URNA_ONE_REGISTRAR)
        s = page_join(g, s, T(g, W_C_REGISTRAR));
    else if (m->n_registrars == 1)
        s = page_join(g, s, T(g, W_C_ONE_REGISTRAR));
    if (m->n_witnesses == 0)
        s = page_join(g, s, T(g, W_C_NO_WITNESS));
    if (urna_guardians_unofficial(m))
        s = page_join(g, s, MF(g, W_C_GUARDIANS, page_num(g, m->n), page_num(g, m->k)));
    if (g->n.rows > 0 && g->n.rows < 200)
        s = page_join(g, s, MF(g, W_C_SMALL, page_num(g, m->m_root)));
    return s;
}

static const char *level_word(struct page *g, enum urna_level l)
{
    static const enum urna_verdict_word word[] = {W_LEVEL_COMPUTED, W_LEVEL_WITNESSED,
                                                  W_LEVEL_FINAL};
    return T(g, word[l]);
}

/* Who has not signed what is asked for. */
static const char *missing(struct page *g)
{
    const struct urna_verdict *v = g->v;
    struct urna_buf names = {0};
    if (v->reached || v->as_found || v->asked == URNA_LEVEL_COMPUTED || v->answer < URNA_COMPUTED)
        return NULL;
    bool of_result = v->answer == URNA_WITNESSED;
    for (size_t i = 0; i < v->n_witness; i++)
        if (!(of_result ? v->witness[i].result : v->witness[i].countset))
            urna_buf_printf(&names, "%s%s", names.len ? ", " : "", v->witness[i].name);
    const char *s = NULL;
    if (names.len > 0)
        s = MF(g, of_result ? W_S_MISSING_RESULT : W_S_MISSING_COUNTSET, urna_buf_cstr(&names));
    urna_buf_free(&names);
    return s;
}

static const char *asked(struct page *g)
{
    const struct urna_verdict *v = g->v;
    if (v->as_found)
        return MF(g, W_S_RUNG,
                  v->answer == URNA_CONSISTENT ? T(g, W_LEVEL_CONSISTENT) : T(g, W_LEVEL_COMPUTED));
    if (g->p->trust_name)
        return MF(g, v->reached ? W_S_ASKED_TRUST : W_S_ASKED_TRUST_NOT, level_word(g, v->asked));
    return T(g, v->reached ? W_S_ASKED_FP : W_S_ASKED_FP_NOT);
}

static const char *sentence(struct page *g)
{
    const struct urna_verdict *v = g->v;
    if (v->as_found)
        return MF(g, W_S_AS_FOUND, page_hex(g, g->P->phi));
    switch (v->answer) {
    case URNA_CONSISTENT:
        return T(g, urna_unproved_result(v) ? W_S_CONSISTENT_UNPROVED : W_S_CONSISTENT);
    case URNA_COMPUTED:
        return T(g, v->reached ? W_S_COMPUTED : W_S_COMPUTED_LOW);
    case URNA_WITNESSED:
        return T(g, v->reached ? W_S_WITNESSED_ASKED : W_S_WITNESSED);
    default:
        return T(g, W_S_FINAL);
    }
}

static void verdict(struct page *g)
{
    const struct urna_verdict *v = g->v;
    enum urna_html_tone tone = URNA_HTML_WAIT;
    enum urna_icon icon = URNA_ICON_WAIT;
    uint64_t findings = g->n.voids + g->n.findings + g->n.silent;
    if (v->as_found) {
        tone = URNA_HTML_CALM;
        icon = URNA_ICON_ASFOUND;
    } else if (v->reached) {
        tone = URNA_HTML_GOOD;
        icon = URNA_ICON_OK;
    } else if (v->answer == URNA_CONSISTENT && !urna_unproved_result(v)) {
        tone = URNA_HTML_CALM;
        icon = URNA_ICON_OPEN;
    }
    const char *small = page_join(g, asked(g), missing(g));
    if (findings > 0)
        small = page_join(g, small, MF(g, W_S_FINDINGS, page_num(g, findings)));
    if (g->n.voids > 0)
        small = page_join(g, small, T(g, W_S_VOID));
    urna_html_verdict(&g->h, tone, icon, T(g, word_of(v)), sentence(g),
                      page_join(g, small, cautions(g)));
}

static void ladder(struct page *g)
{
    static const enum urna_verdict_word word[] = {W_LEVEL_CONSISTENT, W_LEVEL_COMPUTED,
                                                  W_LEVEL_WITNESSED, W_LEVEL_FINAL};
    static const enum urna_verdict_word text[] = {W_R_CONSISTENT, W_R_COMPUTED, W_R_WITNESSED,
                                                  W_R_FINAL};
    struct urna_html_rung rung[4];
    for (int i = 0; i < 4; i++) {
        bool on = (int)g->v->answer >= (int)URNA_CONSISTENT + i;
        rung[i] = (struct urna_html_rung){on, T(g, word[i]), T(g, on ? text[i] : W_R_NOT)};
    }
    urna_html_ladder(&g->h, rung, 4);
}

static void keys(struct page *g)
{
    const struct urna_verdict *v = g->v;
    const struct urna_checks *c = urna_judge_checks(g->J);
    uint64_t signatures = c->signatures + c->cosignatures + c->credentials;
    struct urna_html_key key[4];
    size_t n = 0;
    if (g->n.sealed)
        key[n++] = (struct urna_html_key){T(g, W_K_COUNTED), page_num(g, g->n.by[URNA_B_COUNTED]),
                                          TF(g, W_K_OF_ROLL, page_num(g, g->n.rows))};
    else
        key[n++] = (struct urna_html_key){T(g, W_K_IN_LOG), page_num(g, g->n.ballots),
                                          TF(g, W_K_ROLL, page_num(g, g->n.rows))};
    key[n++] = (struct urna_html_key){T(g, W_K_PROOFS), page_num(g, g->n.proofs),
                                      TF(g, W_K_SIGNATURES, page_num(g, signatures))};
    if (v->n_witness > 0)
        key[n++] = (struct urna_html_key){
            T(g, W_K_WITNESSES),
            TF(g, W_OF, page_num(g, g->n.result_by), page_num(g, v->n_witness)),
            TF(g, W_K_WITNESSES_COUNTSET, page_num(g, g->n.countset_by))};
    key[n++] = (struct urna_html_key){
        T(g, W_K_FINDINGS), page_num(g, g->n.voids + g->n.findings + g->n.silent),
        TF(g, W_K_FINDINGS_OF, page_num(g, g->n.voids), page_num(g, g->n.silent))};
    urna_html_keys(&g->h, key, n);
}

/* same: the sentence for a record that is of the right election, but no more than that */
static void fingerprint(struct page *g, bool same)
{
    const char *small;
    if (!g->P)
        return;
    if (g->v->as_found)
        small = T(g, W_FP_FOUND);
    else if (g->p->trust_name)
        small = MF(g, W_FP_TRUST, g->p->trust_name);
    else
        small = T(g, W_FP_GIVEN);
    urna_html_fingerprint(&g->h, T(g, same && !g->v->as_found ? W_FP_SAME : W_FP_COMPARE),
                          g->P->phi, small);
}

static void contents(struct page *g, const struct urna_html_entry *e, size_t n)
{
    urna_html_toc(&g->h, T(g, W_CONTENTS), e, n);
}

/* ---- 4: who signed ---- */

static bool same_bloc(const struct urna_verdict_witness *a, const struct urna_verdict_witness *b)
{
    if (!a->bloc || !b->bloc)
        return a->bloc == b->bloc;
    return strcmp(a->bloc, b->bloc) == 0;
}

static void signed_cell(struct page *g, bool yes)
{
    if (yes)
        urna_html_td_status(&g->h, page_good(g), URNA_ICON_OK, T(g, W_SIGNED));
    else
        urna_html_td_status(&g->h, URNA_HTML_WAIT, URNA_ICON_NONE, T(g, W_NOT_SIGNED));
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
            signed_cell(g, w[i].countset);
            signed_cell(g, w[i].result);
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
    when_row(g, W_OPENED, time_of(g, m->t_open), W_ANNOUNCED);
    when_row(g, W_CLOSED, time_of(g, m->t_close), W_ANNOUNCED);
    if (m->n_witnesses > 0)
        when_row(g, W_LAST_MOMENT, time_of(g, m->t_close + m->delta), W_ON_THEIR_WAY);
    if (urna_judge_seal(g->J, &seal, &cut)) {
        when_row(g, W_IN_TIME, TF(g, W_BELOW_INDEX, page_num(g, cut)), how);
        when_row(g, W_SEALED, TF(g, W_ENTRY_N, page_num(g, seal)), how);
    }
    urna_html_table_close(&g->h);
}

static void who_signed(struct page *g)
{
    const struct urna_verdict *v = g->v;
    urna_html_section(&g->h, "witnesses", T(g, W_T_SIGNED));
    if (v->n_witness == 0) {
        urna_html_p(&g->h, T(g, W_C_NO_WITNESS));
    } else {
        const struct urna_html_column col[] = {{T(g, W_COL_WITNESS), URNA_COL_TEXT},
                                               {T(g, W_COL_COUNTSET), URNA_COL_TEXT},
                                               {T(g, W_T_RESULT), URNA_COL_TEXT}};
        urna_html_p(&g->h, page_join(g, T(g, W_SIGNED_INTRO),
                                     g->p->trust_name ? NULL : T(g, W_SIGNED_FOUND)));
        urna_html_table(&g->h, T(g, W_T_SIGNED), col, 3, true);
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

/* ---- 5: ballots ---- */

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

static void ballots(struct page *g)
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

/* ---- 6: findings ---- */

enum { SHOWN = 40 };

static void void_card(struct page *g, const struct urna_void *x)
{
    struct urna_html *h = &g->h;
    const char *rule = page_rule(g, x->rule);
    urna_html_card(h, URNA_HTML_WAIT, URNA_ICON_VOID,
                   TF(g, W_F_VOID, page_num(g, x->index), x->rule));
    if (rule)
        urna_html_p(h, MF(g, W_F_RULE, rule));
    urna_html_p(h, MF(g, W_F_WHY, x->reason));
    urna_html_facts(h, true);
    if (x->kind < URNA_KIND_UNKNOWN)
        urna_html_fact(h, T(g, W_F_KIND), "{1c}", urna_kind_name(x->kind));
    urna_html_fact(h, T(g, W_F_FILE), "{1m}", page_place(g, x->index));
    urna_html_facts_close(h);
    urna_html_card_close(h);
}

static void void_cards(struct page *g)
{
    size_t n, shown = 0;
    const struct urna_void *v = urna_judge_voids(g->J, &n);
    if (g->n.voids == 0)
        return;
    urna_html_h3(&g->h, TF(g, W_F_VOIDS, page_num(g, g->n.voids)));
    urna_html_p(&g->h, T(g, W_F_VOID_EFFECT));
    for (size_t i = 0; i < n && shown < SHOWN; i++)
        if (!v[i].cancelled) {
            void_card(g, &v[i]);
            shown++;
        }
    if (g->n.voids > SHOWN)
        urna_html_p(&g->h, MF(g, W_F_MORE, page_num(g, g->n.voids - SHOWN)));
}

static void other_cards(struct page *g)
{
    size_t n;
    const struct urna_finding *f = urna_judge_findings(g->J, &n);
    if (n == 0)
        return;
    urna_html_h3(&g->h, TF(g, W_F_OTHERS, page_num(g, n)));
    urna_html_p(&g->h, T(g, W_F_EFFECT));
    for (size_t i = 0; i < n && i < SHOWN; i++) {
        urna_html_card(&g->h, URNA_HTML_WAIT, URNA_ICON_WAIT,
                       f[i].index < 0 ? T(g, W_F_ABOUT_RECORD)
                                      : TF(g, W_F_ABOUT_ENTRY, page_num(g, (uint64_t)f[i].index)));
        urna_html_p(&g->h, MF(g, W_F_TEXT, f[i].text));
        urna_html_card_close(&g->h);
    }
    if (n > SHOWN)
        urna_html_p(&g->h, MF(g, W_F_MORE, page_num(g, n - SHOWN)));
}

static void silent_cards(struct page *g)
{
    const struct urna_verdict *v = g->v;
    size_t shown = 0;
    if (g->n.silent == 0)
        return;
    urna_html_h3(&g->h, TF(g, W_F_SILENTS, page_num(g, g->n.silent)));
    urna_html_p(&g->h, T(g, W_F_SILENT_X));
    for (size_t i = 0; i < v->n_witness && shown < SHOWN; i++) {
        if (v->witness[i].result)
            continue;
        urna_html_card(&g->h, URNA_HTML_PLAIN, URNA_ICON_NONE,
                       TF(g, W_F_SILENT, v->witness[i].name));
        urna_html_card_close(&g->h);
        shown++;
    }
    if (g->n.silent > SHOWN)
        urna_html_p(&g->h, MF(g, W_F_MORE, page_num(g, g->n.silent - SHOWN)));
}

static void findings(struct page *g)
{
    urna_html_section(&g->h, "findings", T(g, W_T_FINDINGS));
    if (g->n.voids + g->n.findings + g->n.silent == 0)
        urna_html_p(&g->h, T(g, W_NO_FINDINGS));
    void_cards(g);
    other_cards(g);
    silent_cards(g);
    urna_html_section_close(&g->h);
}

/* ---- 7: what this proves, and what it does not ---- */

static void proved(struct page *g)
{
    const char *item[5];
    size_t n = 0;
    const struct urna_result *r = urna_judge_result(g->J);
    item[n++] = T(g, g->n.head_by > 0 && g->p->trust_name ? W_P_LOG_WITNESS : W_P_LOG);
    if (g->n.sealed) {
        item[n++] = T(g, W_P_ROLL);
        item[n++] = T(g, W_P_LIMITS);
    }
    if (r)
        item[n++] = MF(g, W_P_SUM, page_num(g, g->n.by[URNA_B_COUNTED]));
    if (r && r->has_seats)
        item[n++] = T(g, W_P_SEATS);
    urna_html_list(&g->h, item, n);
}

static void not_proved(struct page *g)
{
    const struct urna_manifest *m = &g->P->m;
    const char *item[7], *registrar = "";
    size_t n = 0;
    if (m->credentials == URNA_ONE_REGISTRAR)
        registrar = page_join(g, "", T(g, W_C_REGISTRAR));
    else if (m->n_registrars == 1)
        registrar = page_join(g, "", T(g, W_C_ONE_REGISTRAR));
    if (g->v->as_found)
        item[n++] = T(g, W_N_FOUND);
    item[n++] = T(g, W_N_DEVICE);
    item[n++] = MF(g, W_N_ROLL, registrar);
    item[n++] = T(g, W_N_PRESSURE);
    item[n++] = m->k == 1 ? T(g, W_N_SECRECY_ONE)
                          : MF(g, W_N_SECRECY, page_num(g, m->k), page_num(g, m->n));
    item[n++] = T(g, W_N_ACCESS);
    if (m->n_witnesses == 0)
        item[n++] = T(g, W_N_TIMES);
    urna_html_list(&g->h, item, n);
}

static void who_row(struct page *g, enum urna_verdict_word what, const char *number,
                    const char *text)
{
    urna_html_row(&g->h, false);
    urna_html_th(&g->h, NULL, T(g, what), false);
    urna_html_td_num(&g->h, number, false);
    urna_html_td(&g->h, text);
}

static void proves(struct page *g)
{
    const struct urna_html_column col[] = {
        {NULL, URNA_COL_TEXT}, {NULL, URNA_COL_NUMBER}, {NULL, URNA_COL_TEXT}};
    urna_html_section(&g->h, "proves", T(g, W_T_PROVES));
    if (!g->v->as_found)
        urna_html_p(&g->h, T(g, g->p->trust_name ? W_P_TRUST : W_P_FP));
    urna_html_two(&g->h, URNA_ICON_OK, T(g, W_PROVED));
    proved(g);
    urna_html_two_next(&g->h, URNA_ICON_NONE, T(g, W_NOT_PROVED));
    not_proved(g);
    urna_html_two_close(&g->h);
    urna_html_h3(&g->h, T(g, W_WHO_CHECKED));
    urna_html_p(&g->h, T(g, W_WHO_CHECKED_X));
    urna_html_table(&g->h, T(g, W_WHO_CHECKED), col, 3, false);
    who_row(g, W_WHO_VERDICTS, page_num(g, urna_judge_accepted(g->J, URNA_VERDICT)), "");
    who_row(g, W_WHO_WITNESSES, page_num(g, g->n.result_by),
            TF(g, W_K_OF, page_num(g, g->v->n_witness)));
    who_row(g, W_WHO_OPENINGS, page_num(g, urna_judge_accepted(g->J, URNA_CHALLENGE)),
            T(g, W_WHO_OPENINGS_X));
    who_row(g, W_WHO_RECEIPTS, T(g, W_UNKNOWN), T(g, W_WHO_RECEIPTS_X));
    urna_html_table_close(&g->h);
    urna_html_section_close(&g->h);
}

/* ---- the last section: repeat it ---- */

/* A word for a shell: as it is, or in single quotes. */
static void shell_word(struct urna_buf *b, const char *s)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./-+:,=@%";
    if (*s && s[strspn(s, plain)] == 0) {
        urna_buf_str(b, s);
        return;
    }
    urna_buf_char(b, '\'');
    for (; *s; s++) {
        if (*s == '\'')
            urna_buf_str(b, "'\\''");
        else
            urna_buf_char(b, *s);
    }
    urna_buf_char(b, '\'');
}

static const char *command(struct page *g)
{
    struct urna_buf b = {0};
    urna_buf_str(&b, "urna verify ");
    shell_word(&b, g->p->record);
    if (g->p->trust_name) {
        urna_buf_str(&b, " --trust ");
        shell_word(&b, g->p->trust_name);
    } else if (g->v->as_found) {
        urna_buf_str(&b, " --as-found");
    } else if (g->P) {
        urna_buf_printf(&b, " --fingerprint %s", page_hex(g, g->P->phi));
    } else {
        urna_buf_str(&b, " --fingerprint HEX");
    }
    urna_buf_str(&b, " --report out.html");
    return keep(g, &b);
}

static void facts_of_election(struct page *g)
{
    struct urna_html *h = &g->h;
    const struct urna_manifest *m = &g->P->m;
    urna_html_fact_hex(h, T(g, W_X_FP), g->P->phi, 32, false);
    urna_html_fact(h, T(g, W_X_LOG), "{1c}", m->origin);
    urna_html_fact(h, T(g, W_X_MATHS), "{1m}",
                   MF(g, W_X_MATHS_X, m->group, page_num(g, m->n), page_num(g, m->k)));
}

static void facts_of_result(struct page *g)
{
    uint64_t at;
    if (urna_judge_countset_hash(g->J))
        urna_html_fact_hex(&g->h, T(g, W_X_COUNTSET), urna_judge_countset_hash(g->J), 32, false);
    if (urna_judge_result_at(g->J, &at))
        urna_html_fact(&g->h, T(g, W_X_RESULT), "{1}", page_num(g, at));
}

static void repeat(struct page *g)
{
    static const char *const code[] = {"0", "1", "2"};
    struct urna_html *h = &g->h;
    const struct urna_checkpoint *c = urna_record_checkpoint(g->v->record);
    bool has_rung = g->v->answer >= URNA_CONSISTENT;
    urna_html_section(h, "repeat", T(g, W_T_REPEAT));
    urna_html_p(h, T(g, W_REPEAT));
    urna_html_pre(h, command(g));
    urna_html_facts(h, false);
    urna_html_fact(h, T(g, W_X_EXIT), "{1}", code[urna_verdict_exit(g->v)]);
    if (g->P)
        facts_of_election(g);
    if (c) {
        urna_html_fact(h, T(g, W_X_ENTRIES), "{1}", page_num(g, c->size));
        urna_html_fact_hex(h, T(g, has_rung ? W_X_ROOT : W_X_ROOT_SIGNED), c->root, 32, false);
    }
    if (has_rung)
        facts_of_result(g);
    if (g->p->trust_sha256)
        urna_html_fact_hex(h, T(g, W_X_TRUST), g->p->trust_sha256, 32, true);
    urna_html_fact(h, T(g, W_X_FORMAT), "{1c}", "urna-election-1");
    urna_html_fact(h, T(g, W_X_PROGRAM), "urna {1}", g->p->version);
    urna_html_facts_close(h);
    urna_html_section_close(h);
}

/* ---- not valid ---- */

static void keys_invalid(struct page *g)
{
    const struct urna_verdict *v = g->v;
    struct urna_html_key key[4];
    size_t n = 0;
    if (g->fault.changed) {
        key[n++] = (struct urna_html_key){T(g, W_K_AS_SIGNED), page_num(g, v->size - 1),
                                          TF(g, W_K_OF, page_num(g, v->size))};
        key[n++] = (struct urna_html_key){T(g, W_K_CHANGED), page_num(g, 1),
                                          TF(g, W_K_NUMBER, page_num(g, g->fault.entry))};
        if (v->n_witness > 0)
            key[n++] = (struct urna_html_key){
                T(g, W_K_TREE_WITNESSES),
                TF(g, W_OF, page_num(g, g->n.head_by), page_num(g, v->n_witness)),
                T(g, W_K_GENUINE)};
    } else if (v->size > 0) {
        key[n++] = (struct urna_html_key){T(g, W_K_ENTRIES), page_num(g, v->size), NULL};
    }
    key[n++] = (struct urna_html_key){T(g, W_K_RESULT), T(g, W_K_NONE), T(g, W_K_NOT_SHOWN)};
    urna_html_keys(&g->h, key, n);
}

static void hashes(struct page *g, const struct urna_record_fault *x)
{
    if (!x->has_hashes)
        return;
    urna_html_fact_hex(&g->h, T(g, W_I_HASH_SIGNED), x->expected, 32, false);
    urna_html_fact_hex(&g->h, T(g, W_I_HASH_FOUND), x->found, 32, false);
}

static void changed_card(struct page *g)
{
    struct urna_html *h = &g->h;
    const struct urna_fault_view *f = &g->fault;
    urna_html_card(h, URNA_HTML_BAD, URNA_ICON_NO, TF(g, W_I_ENTRY, page_num(g, f->entry)));
    urna_html_facts(h, false);
    urna_html_fact(h, T(g, W_I_RULE), "{1}", T(g, W_I_TREE));
    if (f->kind)
        urna_html_fact(h, T(g, W_F_KIND), "{1c}", f->kind);
    urna_html_fact(h, T(g, W_F_FILE), "{1m}", page_place(g, f->entry));
    hashes(g, f->main);
    urna_html_fact_hex(h, T(g, W_X_ROOT_SIGNED), f->root->expected, 32, false);
    urna_html_fact_hex(h, T(g, W_I_ROOT_FOUND), f->root->found, 32, false);
    urna_html_facts_close(h);
    urna_html_p(h, T(g, W_I_HOW));
    urna_html_card_close(h);
}

static const char *range(struct page *g, const struct urna_record_fault *x)
{
    if (x->first > x->last)
        return "\xe2\x80\x93";
    if (x->first == x->last)
        return TF(g, W_ENTRY_N, page_num(g, x->first));
    return TF(g, W_ENTRIES_N, page_num(g, x->first), page_num(g, x->last));
}

static void fault_card(struct page *g, const struct urna_record_fault *x)
{
    struct urna_html *h = &g->h;
    urna_html_card(h, URNA_HTML_BAD, URNA_ICON_NO, T(g, W_I_FILE));
    urna_html_p(h, MF(g, W_F_WHY, x->text));
    urna_html_facts(h, false);
    urna_html_fact(h, T(g, W_F_FILE), "{1c}", x->file);
    if (x->first <= x->last)
        urna_html_fact(h, T(g, W_X_ENTRIES), "{1}", range(g, x));
    hashes(g, x);
    urna_html_facts_close(h);
    urna_html_card_close(h);
}

/* v->why is a whole sentence, and the template ends it. */
static const char *without_dot(struct page *g, const char *s)
{
    size_t len = strlen(s);
    return urna_arena_strndup(&g->arena, s, len > 0 && s[len - 1] == '.' ? len - 1 : len);
}

static void what_is_wrong(struct page *g)
{
    const struct urna_fault_view *f = &g->fault;
    urna_html_section(&g->h, "wrong", T(g, W_T_WRONG));
    if (f->changed) {
        changed_card(g);
    } else if (f->main) {
        fault_card(g, f->main);
        if (f->root)
            fault_card(g, f->root);
        if (f->more > 0)
            urna_html_p(&g->h, MF(g, W_I_MORE, page_num(g, f->more)));
    } else {
        urna_html_card(&g->h, URNA_HTML_BAD, URNA_ICON_NO, T(g, W_I_OTHER));
        urna_html_p(&g->h, MF(g, W_F_WHY, without_dot(g, g->v->why)));
        urna_html_card_close(&g->h);
    }
    urna_html_section_close(&g->h);
}

static void what_it_means(struct page *g)
{
    const struct urna_verdict *v = g->v;
    const char *item[3];
    size_t n = 0;
    bool changed = g->fault.changed;
    urna_html_section(&g->h, "means", T(g, W_T_MEANS));
    urna_html_two(&g->h, URNA_ICON_OK, T(g, W_CERTAIN));
    if (changed)
        item[n++] = T(g, W_M_NOT_SIGNED);
    else
        item[n++] = T(g, v->as_found ? W_M_NOT_VALID_FOUND : W_M_NOT_VALID);
    if (changed && g->n.head_by > 0)
        item[n++] = MF(g, W_M_EXISTS, page_num(g, g->n.head_by));
    if (changed)
        item[n++] = MF(g, W_M_REST, page_num(g, v->size - 1));
    urna_html_list(&g->h, item, n);
    urna_html_two_next(&g->h, URNA_ICON_NONE, T(g, W_OPEN));
    n = 0;
    item[n++] = T(g, W_M_WHO);
    if (changed)
        item[n++] = T(g, W_M_BEFORE);
    item[n++] = T(g, W_M_RESULT);
    urna_html_list(&g->h, item, n);
    urna_html_two_close(&g->h);
    urna_html_section_close(&g->h);
}

static void what_to_do(struct page *g)
{
    const char *const step[] = {T(g, W_D_KEEP), T(g, W_D_OTHER), T(g, W_D_IF_GOOD),
                                T(g, W_D_IF_BOARD)};
    urna_html_section(&g->h, "do", T(g, W_T_DO));
    urna_html_steps(&g->h, step, 4);
    urna_html_section_close(&g->h);
}

static void page_invalid(struct page *g)
{
    const struct urna_html_entry toc[] = {{"wrong", T(g, W_T_WRONG)},
                                          {"means", T(g, W_T_MEANS)},
                                          {"do", T(g, W_T_DO)},
                                          {"checked", T(g, W_T_CHECKED)},
                                          {"repeat", T(g, W_T_REPEAT)}};
    const char *small = NULL;
    if (g->fault.changed)
        small = MF(g, W_S_ONE_ENTRY, page_num(g, g->fault.entry), page_num(g, g->v->size));
    urna_html_verdict(&g->h, URNA_HTML_LOUD, URNA_ICON_NO, T(g, W_INVALID),
                      T(g, g->fault.changed ? W_S_CHANGED : W_S_INVALID), small);
    ladder(g);
    keys_invalid(g);
    fingerprint(g, true);
    contents(g, toc, sizeof toc / sizeof toc[0]);
    what_is_wrong(g);
    what_it_means(g);
    what_to_do(g);
    page_files(g);
    repeat(g);
}

/* ---- incomplete ---- */

static void what_is_missing(struct page *g)
{
    enum { FILES = 200 };
    const struct urna_verdict *v = g->v;
    const struct urna_html_column col[] = {{T(g, W_M_COL_FILE), URNA_COL_TEXT},
                                           {T(g, W_M_COL_ENTRIES), URNA_COL_TEXT}};
    urna_html_section(&g->h, "missing", T(g, W_T_MISSING));
    urna_html_table(&g->h, T(g, W_T_MISSING), col, 2, true);
    for (size_t i = 0; i < v->n_faults && i < FILES; i++) {
        urna_html_row(&g->h, false);
        urna_html_th(&g->h, NULL, v->faults[i].file, false);
        urna_html_td(&g->h, range(g, &v->faults[i]));
    }
    urna_html_table_close(&g->h);
    if (v->n_faults > FILES)
        urna_html_p(&g->h, MF(g, W_M_MORE, page_num(g, v->n_faults - FILES)));
    urna_html_section_close(&g->h);
}

static void page_incomplete(struct page *g)
{
    const struct urna_verdict *v = g->v;
    const struct urna_html_entry toc[] = {{"missing", T(g, W_T_MISSING)},
                                          {"do", T(g, W_T_DO)},
                                          {"checked", T(g, W_T_CHECKED)},
                                          {"repeat", T(g, W_T_REPEAT)}};
    const char *const step[] = {T(g, W_M_GET), T(g, W_M_AGAIN)};
    struct urna_html_key key[4];
    size_t n = 0;
    key[n++] = (struct urna_html_key){T(g, W_K_MISSING), page_num(g, v->n_faults), NULL};
    if (g->J)
        key[n++] =
            (struct urna_html_key){T(g, W_K_READ), page_num(g, urna_judge_entries(g->J)), NULL};
    if (v->size > 0)
        key[n++] = (struct urna_html_key){T(g, W_K_ENTRIES), page_num(g, v->size), NULL};
    key[n++] =
        (struct urna_html_key){T(g, W_K_RESULT), T(g, W_K_NONE), T(g, W_K_NOT_SHOWN_INCOMPLETE)};
    urna_html_verdict(&g->h, URNA_HTML_WAIT, URNA_ICON_WAIT, T(g, W_INCOMPLETE),
                      MF(g, W_S_INCOMPLETE, page_num(g, v->n_faults)), NULL);
    ladder(g);
    urna_html_keys(&g->h, key, n);
    fingerprint(g, true);
    contents(g, toc, sizeof toc / sizeof toc[0]);
    what_is_missing(g);
    urna_html_section(&g->h, "do", T(g, W_T_DO));
    urna_html_steps(&g->h, step, 2);
    urna_html_section_close(&g->h);
    page_files(g);
    repeat(g);
}

/* ---- a rung of the ladder ---- */

static void unproved_card(struct page *g)
{
    const struct urna_void *x = urna_unproved_result(g->v);
    if (!x)
        return;
    urna_html_card(&g->h, URNA_HTML_WAIT, URNA_ICON_WAIT, TF(g, W_UNPROVED, page_num(g, x->index)));
    urna_html_p(&g->h, MF(g, W_F_WHY, x->reason));
    urna_html_card_close(&g->h);
}

static void page_rung(struct page *g)
{
    const struct urna_html_entry toc[] = {
        {"result", T(g, W_T_RESULT)},   {"seats", T(g, W_T_SEATS)},
        {"checked", T(g, W_T_CHECKED)}, {"witnesses", T(g, W_T_SIGNED)},
        {"ballots", T(g, W_T_BALLOTS)}, {"findings", T(g, W_T_FINDINGS)},
        {"proves", T(g, W_T_PROVES)},   {"repeat", T(g, W_T_REPEAT)}};
    unproved_card(g);
    verdict(g);
    ladder(g);
    keys(g);
    fingerprint(g, false);
    contents(g, toc, sizeof toc / sizeof toc[0]);
    page_result(g);
    page_seats(g);
    page_rules(g);
    who_signed(g);
    ballots(g);
    findings(g);
    proves(g);
    repeat(g);
}

void urna_verdict_html(struct urna_buf *out, const struct urna_verdict *v,
                       const struct urna_verdict_page *p)
{
    struct page g = {.lang = p->lang, .v = v, .p = p};
    g.P = urna_verdict_context(v);
    g.J = v->judged ? urna_follow_judge(v->follow) : NULL;
    urna_verdict_count(&g.n, v);
    urna_fault_view(&g.fault, v);
    head(&g);
    if (v->answer == URNA_INVALID)
        page_invalid(&g);
    else if (v->answer == URNA_INCOMPLETE)
        page_incomplete(&g);
    else
        page_rung(&g);
    foot(&g);
    urna_buf_add(out, g.h.out.p, g.h.out.len);
    urna_html_free(&g.h);
    urna_arena_free(&g.arena);
}
