/* E18: the one possible result (election.md sections 6 and 10). */
#include <string.h>

#include "rules/judge_internal.h"
#include "rules/seats.h"

static void add_seats(struct urna_judge *J, struct urna_body *b, struct urna_arena *a)
{
    const struct urna_manifest *m = &J->P->m;
    b->result.has_seats = true;
    b->result.n_seats = m->n_seats;
    b->result.seats = URNA_NEW(a, struct urna_result_seats, m->n_seats);
    for (uint32_t i = 0; i < m->n_seats; i++) {
        const struct urna_seats_decl *d = &m->seats[i];
        struct urna_result_seats *o = &b->result.seats[i];
        uint32_t lists = m->contests[d->contest - 1].n_options;
        struct urna_seats_rule rule = {.method = (enum urna_seats_method)d->method, .base = (enum urna_seats_base)d->base, .n = d->n,
                                       .num = d->num, .den = d->den, .ties = (enum urna_seats_ties)d->ties};
        bool tie = false;
        o->contest = d->contest;
        o->n_seats = lists;
        o->seats = URNA_NEW(a, uint32_t, lists);
        if (urna_seats_allocate(&rule, J->contests[d->contest - 1].totals, lists, o->seats, &tie) != URNA_OK)
            urna_judge_finding(J, -1, false, urna_judge_text(J, "seats of contest %u could not be computed", d->contest));
        o->tie = tie;
    }
}

void urna_make_result(struct urna_judge *J)
{
    if (J->n_done < J->n_groups || J->result_known)
        return;
    const struct urna_manifest *m = &J->P->m;
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_RESULT};
    for (size_t g = 0; g < J->n_groups; g++)
        for (uint32_t f = 0; f < J->groups[g].n_fields; f++)
            J->contests[J->groups[g].contest - 1].totals[f] += J->groups[g].weight * J->groups[g].t[f];
    memcpy(b.result.countset, J->countset_hash, 32);
    b.result.n_contests = m->n_contests;
    b.result.contests = URNA_NEW(&a, struct urna_result_contest, m->n_contests);
    for (uint32_t c = 0; c < m->n_contests; c++)
        b.result.contests[c] = (struct urna_result_contest){.i = c + 1, .counted = J->contests[c].counted, .secret = J->contests[c].secret,
                                                            .totals = J->contests[c].totals, .n_totals = m->contests[c].n_options};
    if (m->has_seats)
        add_seats(J, &b, &a);
    urna_body_write(&J->result_body, &b, J->P->lp, J->P->lq);
    J->result_known = true;
    urna_arena_free(&a);
}

/* What differs first, in words, for the report's first line. */
static bool say_difference(const struct urna_judge *J, const struct urna_result *v, struct urna_ruling *r)
{
    const struct urna_manifest *m = &J->P->m;
    if (memcmp(v->countset, J->countset_hash, 32) != 0)
        return urna_rule(r, "E18", "the count set named is not the accepted one");
    if (v->n_contests != m->n_contests)
        return urna_rule(r, "E18", "%u contests instead of %u", v->n_contests, m->n_contests);
    for (uint32_t c = 0; c < v->n_contests; c++) {
        const struct urna_result_contest *x = &v->contests[c];
        if (x->i != c + 1 || x->n_totals != m->contests[c].n_options)
            return urna_rule(r, "E18", "contest %u is not as in the manifest", c + 1);
        if (x->counted != J->contests[c].counted || x->secret != J->contests[c].secret)
            return urna_rule(r, "E18", "contest %s: %llu ballots counted, %llu kept secret; the record has %llu and %llu", m->contests[c].id,
                             (unsigned long long)x->counted, (unsigned long long)x->secret, (unsigned long long)J->contests[c].counted,
                             (unsigned long long)J->contests[c].secret);
        for (uint32_t o = 0; o < x->n_totals; o++)
            if (x->totals[o] != J->contests[c].totals[o])
                return urna_rule(r, "E18", "contest %s, option %s: %llu votes are stated, the record proves %llu", m->contests[c].id,
                                 m->contests[c].options[o].id, (unsigned long long)x->totals[o], (unsigned long long)J->contests[c].totals[o]);
    }
    return urna_rule(r, "E18", "the seats are not those that the totals give");
}

bool urna_fold_result(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r)
{
    if (!J->result_known)
        return urna_rule(r, "E18", "%zu of %zu groups have a tally", J->n_done, J->n_groups);
    if (e->body.len != J->result_body.len || memcmp(e->body.p, J->result_body.p, e->body.len) != 0)
        return say_difference(J, &urna_judge_read(J, e)->result, r);
    J->result = &urna_judge_keep(J, e)->result;
    J->result_index = e->index;
    return true;
}
