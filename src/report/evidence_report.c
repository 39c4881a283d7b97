/* The forensics report: first screen, data, and the order of its sections. */
#include "report/forensics_page.h"
#include "report/reasons.h"

#include <stdlib.h>
#include <string.h>

bool urna_integer_is_flagged(const struct urna_integer *r)
{
    return r->holm[URNA_EITHER] < 0.01 || r->holm[URNA_RESULT] < 0.01 ||
           r->holm[URNA_TURNOUT] < 0.01;
}

bool urna_permutation_is_flagged(const struct urna_permutation *p)
{
    return p->shuffles > 0 && p->p <= 0.05 && (double)p->observed > p->mean;
}

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

static void first_fault(struct page *p)
{
    const struct urna_load *l = p->c->input;
    struct urna_html what = {.lang = p->c->lang};
    urna_html_reason(&what, l->first_fault.msg);
    URNA_HTML_PARA(p->h, NULL, word(p, W_FAULTS), count(p, l->faults), l->first_fault.where,
                   urna_buf_cstr(&what.out));
    urna_html_free(&what);
}

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
        first_fault(p);
    if (l->guessed)
        urna_html_p(h, word(p, W_MAP_GUESSED));
    urna_html_section_close(h);
    urna_buf_free(&text);
}

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
    forensics_comet(&p);
    forensics_saw(&p);
    forensics_bell(&p);
    forensics_integers(&p);
    forensics_regions(&p);
    forensics_models(&p);
    forensics_repeats(&p);
    forensics_controls(&p);
    forensics_digits(&p);
    cautions(&p);
    repeat(&p);
    urna_evidence_end(h);
}
