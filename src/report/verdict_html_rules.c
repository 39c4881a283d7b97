/* The verification report: what was checked, rule by rule. */
#include <string.h>

#include "report/verdict_page.h"

/* Which void entries belong to which row of the table: rules by their first letters. */
struct row {
    const char *key;
    enum urna_verdict_word text;
    const char *rules[6];
};

enum {
    E12,
    E11,
    E16,
    E13,
    E14,
    E0,
    E15,
    E1,
    E2,
    E3,
    E4,
    E5,
    E6,
    E7,
    E8,
    E9,
    E10,
    E17,
    E18,
    N_ROWS
};

static const struct row rows[N_ROWS] = {
    [E12] = {"E12", W_RULE_E12, {"E12", "absent"}},
    [E11] = {"E11", W_RULE_E11, {"E11", "repeated"}},
    [E16] = {"E16", W_RULE_E16, {"E16"}},
    [E13] = {"E13", W_RULE_E13, {"E13"}},
    [E14] = {"E14", W_RULE_E14, {"E14", "V2", "V3"}},
    [E0] = {"E0", W_RULE_E0, {"E0"}},
    [E15] = {"E15", W_RULE_E15, {"E15"}},
    [E1] = {"E1", W_RULE_E1, {"E1"}},
    [E2] = {"E2", W_RULE_E2, {"E2"}},
    [E3] = {"E3", W_RULE_E3, {"E3"}},
    [E4] = {"E4", W_RULE_E4, {"E4", "V5", "V6", "V7", "V8"}},
    [E5] = {"E5", W_RULE_E5, {"E5"}},
    [E6] = {"E6", W_RULE_E6, {"E6"}},
    [E7] = {"E7", W_RULE_E7, {"E7"}},
    [E8] = {"E8", W_RULE_E8, {"E8", "V13", "V14"}},
    [E9] = {"E9", W_RULE_E9, {"E9"}},
    [E10] = {"E10", W_RULE_E10, {"E10"}},
    [E17] = {"E17", W_RULE_E17, {"E17", "V9", "V10", "V11"}},
    [E18] = {"E18", W_RULE_E18, {"E18"}},
};

/* "V6.D" belongs to "V6", "E10" not to "E1". */
static bool is_of(const struct row *row, const char *rule)
{
    size_t len = strcspn(rule, ".");
    for (size_t i = 0; i < 6 && row->rules[i]; i++)
        if (strlen(row->rules[i]) == len && memcmp(row->rules[i], rule, len) == 0)
            return true;
    return false;
}

const char *page_rule(const struct page *g, const char *rule)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (is_of(&rows[i], rule))
            return T(g, rows[i].text);
    return NULL;
}

static uint64_t voids_of(const struct page *g, const struct row *row)
{
    size_t n;
    uint64_t found = 0;
    const struct urna_void *v = urna_judge_voids(g->J, &n);
    for (size_t i = 0; i < n; i++)
        found += !v[i].cancelled && is_of(row, v[i].rule);
    return found;
}

static void begin(struct page *g)
{
    const struct urna_html_column col[] = {{T(g, W_COL_RULE), URNA_COL_TEXT},
                                           {T(g, W_COL_CHECKED), URNA_COL_NUMBER},
                                           {T(g, W_COL_ANSWER), URNA_COL_TEXT}};
    urna_html_table_stacked(&g->h, T(g, W_T_CHECKED), col, 3);
}

/* number: NULL where there is nothing to count */
static void row(struct page *g, const char *key, enum urna_verdict_word text, const char *number,
                enum urna_html_tone tone, enum urna_icon icon, const char *word)
{
    urna_html_row(&g->h, false);
    urna_html_th(&g->h, key, T(g, text), true);
    urna_html_td_num(&g->h, number ? number : "\xe2\x80\x93", false);
    urna_html_td_status(&g->h, tone, icon, word);
}

/* happened: there was anything to check */
static void rule(struct page *g, int which, uint64_t number, bool happened)
{
    const struct row *x = &rows[which];
    uint64_t voids = voids_of(g, x);
    if (voids > 0)
        row(g, x->key, x->text, page_num(g, number), URNA_HTML_WAIT, URNA_ICON_VOID,
            TF(g, W_A_VOID, page_num(g, voids)));
    else if (!happened)
        row(g, x->key, x->text, NULL, URNA_HTML_CALM, URNA_ICON_NONE, T(g, W_A_NOT_YET));
    else
        row(g, x->key, x->text, page_num(g, number), page_good(g), URNA_ICON_OK, T(g, W_A_HOLDS));
}

void page_rules(struct page *g)
{
    struct urna_judge *J = g->J;
    const struct urna_checks *c = urna_judge_checks(J);
    const struct urna_verdict_counts *n = &g->n;
    uint64_t at, entries = urna_judge_entries(J), counted = n->by[URNA_B_COUNTED];
    bool open = urna_judge_accepted(J, URNA_OPEN) > 0;
    bool has_set = urna_judge_countset_at(J, &at), has_result = urna_judge_result_at(J, &at);
    urna_html_section(&g->h, "checked", T(g, W_T_CHECKED));
    urna_html_p(&g->h, T(g, W_CHECKED_INTRO));
    begin(g);
    urna_html_group(&g->h, T(g, W_G_LOG));
    row(g, T(g, W_N_TREE), W_RULE_TREE, page_num(g, g->v->size), page_good(g), URNA_ICON_OK,
        T(g, W_A_HOLDS));
    rule(g, E12, entries, true);
    rule(g, E11, entries, true);
    rule(g, E16, c->cosignatures, g->P->m.n_witnesses > 0);
    urna_html_group(&g->h, T(g, W_G_BEFORE));
    rule(g, E13, 1, true);
    rule(g, E14, c->guardian_proofs + c->share_proofs,
         urna_judge_accepted(J, URNA_GUARDIAN_KEYS) > 0);
    rule(g, E0, n->rows, urna_judge_accepted(J, URNA_ROLL_CLOSE) > 0);
    rule(g, E15, 1, open);
    urna_html_group(&g->h, T(g, W_G_BALLOTS));
    rule(g, E1, n->ballots, open);
    rule(g, E2, n->ballots, open);
    rule(g, E3, c->credentials, open);
    rule(g, E4, c->range_proofs + c->limit_proofs, open);
    rule(g, E5, n->ballots, n->sealed);
    rule(g, E6, counted, n->sealed);
    if (n->by[URNA_B_LATE] > 0)
        row(g, "E7", W_RULE_E7, page_num(g, n->ballots), URNA_HTML_CALM, URNA_ICON_OPEN,
            TF(g, W_A_LATE, page_num(g, n->by[URNA_B_LATE])));
    else
        rule(g, E7, n->ballots, n->sealed);
    rule(g, E8, urna_judge_accepted(J, URNA_CHALLENGE), open);
    urna_html_group(&g->h, T(g, W_G_COUNTING));
    rule(g, E9, entries, true);
    rule(g, E10, counted, has_set);
    rule(g, E17, c->tally_proofs + c->partial_proofs, urna_judge_accepted(J, URNA_TALLY) > 0);
    rule(g, E18, 1, has_result);
    urna_html_table_close(&g->h);
    urna_html_section_close(&g->h);
}

/* ---- a record that does not hold, or of which bytes are missing ---- */

static void holds(struct page *g, enum urna_verdict_word key, enum urna_verdict_word text,
                  const char *number)
{
    row(g, T(g, key), text, number, page_good(g), URNA_ICON_OK, T(g, W_A_HOLDS));
}

static void fails(struct page *g, enum urna_verdict_word key, enum urna_verdict_word text,
                  const char *number, const char *word)
{
    row(g, T(g, key), text, number, URNA_HTML_BAD, URNA_ICON_NO, word);
}

static void not_shown(struct page *g, enum urna_verdict_word key, enum urna_verdict_word text)
{
    row(g, T(g, key), text, NULL, URNA_HTML_CALM, URNA_ICON_NONE, T(g, W_A_NOT_SHOWN));
}

static size_t faults_of(const struct page *g, enum urna_record_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < g->v->n_faults; i++)
        n += g->v->faults[i].state == state;
    return n;
}

static void tree_row(struct page *g)
{
    const struct urna_verdict *v = g->v;
    size_t bad = faults_of(g, URNA_RECORD_INVALID), missing = faults_of(g, URNA_RECORD_INCOMPLETE);
    const char *size = v->size > 0 ? page_num(g, v->size) : NULL;
    enum urna_verdict_word text = v->signed_tree ? W_RULE_TREE : W_RULE_TREE_UNSIGNED;
    if (g->fault.changed)
        fails(g, W_N_TREE, text, size, TF(g, W_A_DIFFERS, page_num(g, 1)));
    else if (bad > 0)
        fails(g, W_N_TREE, text, size, T(g, W_A_FAILS));
    else if (missing > 0)
        row(g, T(g, W_N_TREE), text, size, URNA_HTML_WAIT, URNA_ICON_WAIT,
            TF(g, W_A_MISSING, page_num(g, missing)));
    else
        holds(g, W_N_TREE, text, size);
}

void page_files(struct page *g)
{
    const struct urna_verdict *v = g->v;
    bool bad_files = faults_of(g, URNA_RECORD_INVALID) > 0;
    bool other_election = v->answer == URNA_INVALID && !bad_files && !v->judged;
    /* Without a key from outside, or with another election's, nobody looked at the checkpoint. */
    bool knew = bad_files ? g->p->trust_name || (g->P && !v->as_found) : g->P != NULL;
    bool looked = v->size > 0 && !other_election && knew;
    bool forked = v->answer == URNA_INVALID && !bad_files && v->judged && v->signed_tree;
    urna_html_section(&g->h, "checked", T(g, W_T_CHECKED));
    begin(g);
    if (other_election)
        fails(g, W_N_ELECTION, W_RULE_ELECTION, NULL, T(g, W_A_FAILS));
    if (v->signed_tree)
        holds(g, W_N_CHECKPOINT, W_RULE_CHECKPOINT, page_num(g, 1));
    else if (looked)
        fails(g, W_N_CHECKPOINT, W_RULE_CHECKPOINT, page_num(g, 1), T(g, W_A_FAILS));
    else
        not_shown(g, W_N_CHECKPOINT, W_RULE_CHECKPOINT);
    if (v->signed_tree && g->n.head_by > 0)
        holds(g, W_N_COSIGNATURES, W_RULE_COSIGNATURES, page_num(g, g->n.head_by));
    else
        not_shown(g, W_N_COSIGNATURES, W_RULE_COSIGNATURES);
    tree_row(g);
    if (forked)
        fails(g, W_N_FORK, W_RULE_FORK, NULL, T(g, W_A_FAILS));
    not_shown(g, W_N_OTHERS, v->answer == URNA_INVALID ? W_RULE_OTHERS : W_RULE_OTHERS_LATER);
    urna_html_table_close(&g->h);
    urna_html_section_close(&g->h);
}
