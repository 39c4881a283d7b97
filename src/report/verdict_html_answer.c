/* The verification report: the first screen. Whoever reads for five seconds leaves with the right
 * idea. */
#include "report/verdict_page.h"

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

void page_verdict(struct page *g)
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
    urna_html_verdict(&g->h, tone, icon, T(g, page_word(v)), sentence(g),
                      page_join(g, small, cautions(g)));
}

void page_ladder(struct page *g)
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

void page_keys(struct page *g)
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
void page_fingerprint(struct page *g, bool same)
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

void page_contents(struct page *g, const struct urna_html_entry *e, size_t n)
{
    urna_html_toc(&g->h, T(g, W_CONTENTS), e, n);
}
