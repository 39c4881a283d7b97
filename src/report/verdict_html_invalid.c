/* The verification report of a record that is not valid: what is wrong, and no result. */
#include <string.h>

#include "report/verdict_page.h"

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

const char *page_range(struct page *g, const struct urna_record_fault *x)
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
    urna_html_p(h, MF(g, W_F_WHY, page_reason(g, x->text)));
    urna_html_facts(h, false);
    urna_html_fact(h, T(g, W_F_FILE), "{1c}", x->file);
    if (x->first <= x->last)
        urna_html_fact(h, T(g, W_X_ENTRIES), "{1}", page_range(g, x));
    hashes(g, x);
    urna_html_facts_close(h);
    urna_html_card_close(h);
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
        urna_html_p(&g->h, MF(g, W_F_WHY, page_reason(g, g->v->why)));
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

void page_invalid(struct page *g)
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
    page_ladder(g);
    keys_invalid(g);
    page_fingerprint(g, true);
    page_contents(g, toc, sizeof toc / sizeof toc[0]);
    what_is_wrong(g);
    what_it_means(g);
    what_to_do(g);
    page_files(g);
    page_repeat(g);
}
