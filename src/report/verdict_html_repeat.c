/* The verification report: how to repeat the check. */
#include <string.h>

#include "report/verdict_page.h"

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
    return page_keep(g, &b);
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

void page_repeat(struct page *g)
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
