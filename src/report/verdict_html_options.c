/* The verification report: options in the order of votes, and what the rule for seats makes of
 * them. */
#include <stdlib.h>
#include <string.h>

#include "report/verdict_options.h"

const char *page_letter(struct page *g, uint32_t rank)
{
    const char one[2] = {(char)('A' + (int)(rank % 26)), 0};
    return rank < 26 ? urna_arena_strndup(&g->arena, one, 1) : page_num(g, rank + 1);
}

uint64_t page_sum(const struct urna_result_contest *x)
{
    uint64_t sum = 0;
    for (uint32_t o = 0; o < x->n_totals; o++)
        sum += x->totals[o];
    return sum;
}

const struct urna_seats_decl *page_seats_decl(const struct page *g, uint32_t contest)
{
    const struct urna_manifest *m = &g->P->m;
    for (uint32_t i = 0; m->has_seats && i < m->n_seats; i++)
        if (m->seats[i].contest == contest)
            return &m->seats[i];
    return NULL;
}

struct urna_seats_rule page_seats_rule(const struct urna_seats_decl *d)
{
    return (struct urna_seats_rule){.method = (enum urna_seats_method)d->method,
                                    .base = d->base ? URNA_SEATS_ALL : URNA_SEATS_QUALIFIED,
                                    .n = d->n,
                                    .num = d->num,
                                    .den = d->den,
                                    .ties =
                                        d->ties ? URNA_SEATS_TIES_ORDER : URNA_SEATS_TIES_ERROR};
}

const char *page_threshold(struct page *g, const struct urna_seats_decl *d)
{
    char buf[URNA_SAY_MAX];
    bool whole = d->num < UINT64_MAX / 100 && d->num * 100 % d->den == 0;
    urna_say_share(buf, g->lang, d->num, d->den, whole ? 0 : 2);
    return urna_arena_strndup(&g->arena, buf, strlen(buf));
}
