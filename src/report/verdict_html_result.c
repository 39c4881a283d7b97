/* The verification report: result and seats. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/verdict_page.h"
#include "rules/seats.h"

/* An option in the order of votes; equal ones stay in the order of the manifest. */
struct place {
    uint32_t option;
    uint64_t votes;
};

static int by_votes(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->votes != y->votes)
        return x->votes > y->votes ? -1 : 1;
    return x->option < y->option ? -1 : x->option > y->option;
}

static struct place *in_order(struct page *g, const struct urna_result_contest *x)
{
    struct place *p = URNA_NEW(&g->arena, struct place, x->n_totals + 1);
    for (uint32_t o = 0; o < x->n_totals; o++)
        p[o] = (struct place){o, x->totals[o]};
    qsort(p, x->n_totals, sizeof *p, by_votes);
    return p;
}

/* A, B, ... Z, then numbers: one sign for table and picture. */
static const char *letter(struct page *g, uint32_t rank)
{
    const char one[2] = {(char)('A' + (int)(rank % 26)), 0};
    return rank < 26 ? urna_arena_strndup(&g->arena, one, 1) : page_num(g, rank + 1);
}

static uint64_t sum_of(const struct urna_result_contest *x)
{
    uint64_t sum = 0;
    for (uint32_t o = 0; o < x->n_totals; o++)
        sum += x->totals[o];
    return sum;
}

static const struct urna_seats_decl *rule_of(const struct page *g, uint32_t contest)
{
    const struct urna_manifest *m = &g->P->m;
    for (uint32_t i = 0; m->has_seats && i < m->n_seats; i++)
        if (m->seats[i].contest == contest)
            return &m->seats[i];
    return NULL;
}

static struct urna_seats_rule seats_rule(const struct urna_seats_decl *d)
{
    return (struct urna_seats_rule){.method = (enum urna_seats_method)d->method,
                                    .base = d->base ? URNA_SEATS_ALL : URNA_SEATS_QUALIFIED,
                                    .n = d->n,
                                    .num = d->num,
                                    .den = d->den,
                                    .ties =
                                        d->ties ? URNA_SEATS_TIES_ORDER : URNA_SEATS_TIES_ERROR};
}

/* num/den as a percentage: whole where it is. */
static const char *threshold(struct page *g, const struct urna_seats_decl *d)
{
    char buf[URNA_SAY_MAX];
    bool whole = d->num < UINT64_MAX / 100 && d->num * 100 % d->den == 0;
    urna_say_share(buf, g->lang, d->num, d->den, whole ? 0 : 2);
    return urna_arena_strndup(&g->arena, buf, strlen(buf));
}

static bool has_weights(const struct page *g)
{
    size_t n;
    const struct urna_row *row = urna_judge_rows(g->J, &n);
    for (size_t i = 0; i < n; i++)
        if (row[i].weight != 1)
            return true;
    return false;
}

static uint64_t groups_of(const struct page *g, uint32_t contest)
{
    size_t n;
    uint64_t found = 0;
    const struct urna_tally_group *t = urna_judge_groups(g->J, &n);
    for (size_t i = 0; i < n; i++)
        found += t[i].contest == contest;
    return found;
}

static void votes_row(struct page *g, const struct place *p, uint32_t rank, uint64_t sum,
                      uint64_t most, const struct urna_contest *c, const struct urna_seats_decl *d)
{
    char buf[URNA_SAY_MAX];
    struct urna_html *h = &g->h;
    struct urna_seats_rule rule;
    bool below = false;
    if (d) {
        rule = seats_rule(d);
        below = !urna_seats_is_qualified(&rule, p->votes, sum);
    }
    const char *name = page_title(g, &c->options[p->option].title, c->options[p->option].id);
    urna_html_row(h, below);
    urna_html_th_record(h, letter(g, rank), name, strlen(name),
                        below ? TF(g, W_BELOW, threshold(g, d)) : NULL);
    urna_html_td_num(h, page_num(g, p->votes), false);
    urna_html_td_num(h, urna_say_share(buf, g->lang, p->votes, sum, 2), false);
    urna_html_td_bar(h, most > 0 ? 100.0 * (double)p->votes / (double)most : 0);
}

static void contest(struct page *g, const struct urna_result *r, uint32_t i)
{
    struct urna_html *h = &g->h;
    const struct urna_contest *c = &g->P->m.contests[i];
    const struct urna_result_contest *x = &r->contests[i];
    const struct place *p = in_order(g, x);
    uint64_t sum = sum_of(x);
    const char *name = page_title(g, &c->title, c->id);
    if (r->n_contests > 1)
        urna_html_h3(h, name);
    urna_html_lead(h, MF(g, W_CONTEST_LEAD, page_num(g, x->counted), page_num(g, x->n_totals),
                         page_num(g, c->limit)));
    /* Each counted ballot gives its votes to one option, or to none. */
    if (c->limit == 1 && !has_weights(g) && x->counted >= x->secret + sum)
        urna_html_p(h, MF(g, W_BLANK, page_num(g, x->counted - x->secret - sum)));
    const struct urna_html_column col[] = {{T(g, W_COL_LIST), URNA_COL_TEXT},
                                           {T(g, W_COL_VOTES), URNA_COL_NUMBER},
                                           {T(g, W_COL_SHARE), URNA_COL_NUMBER},
                                           {NULL, URNA_COL_BAR}};
    urna_html_table(h, TF(g, W_VOTES_OF, name), col, 4, true);
    for (uint32_t o = 0; o < x->n_totals; o++)
        votes_row(g, &p[o], o, sum, p[0].votes, c, rule_of(g, i + 1));
    char buf[URNA_SAY_MAX];
    urna_html_total(h);
    urna_html_row(h, false);
    urna_html_th(h, NULL, T(g, W_ALL), false);
    urna_html_td_num(h, page_num(g, sum), false);
    urna_html_td_num(h, urna_say_share(buf, g->lang, sum, sum, 0), false);
    urna_html_td(h, "");
    urna_html_table_close(h);
    if (x->secret > 0)
        urna_html_p(h, MF(g, W_SECRET, page_num(g, x->secret)));
    urna_html_small(h, MF(g, W_GROUPS, page_num(g, groups_of(g, i + 1))));
}

void page_result(struct page *g)
{
    static const enum urna_verdict_word phase[] = {
        [URNA_SETUP] = W_PHASE_SETUP,
        [URNA_VOTING] = W_PHASE_VOTING,
        [URNA_SEALED] = W_PHASE_SEALED,
        [URNA_COUNTED] = W_PHASE_COUNTED,
    };
    const struct urna_result *r = urna_judge_result(g->J);
    urna_html_section(&g->h, "result", T(g, W_T_RESULT));
    if (!r) {
        urna_html_lead(&g->h, T(g, W_NO_RESULT));
        urna_html_p(&g->h, T(g, phase[urna_judge_phase(g->J)]));
    }
    for (uint32_t i = 0; r && i < r->n_contests; i++)
        contest(g, r, i);
    urna_html_section_close(&g->h);
}

/* ---- seats ---- */

enum {
    WIDTH = 560,
    CENTRE = 280,
    FLOOR = 257,
    OUTER = 200,
    INNER = 75,
    WIDEST = 60,
    FEWEST = 10,
    MOST = 1200
};

struct dot {
    double angle, radius; /* the angle from the left, 0 .. pi */
};

static int by_angle(const void *a, const void *b)
{
    const struct dot *x = a, *y = b;
    if (fabs(x->angle - y->angle) > 1e-9)
        return x->angle < y->angle ? -1 : 1;
    return x->radius > y->radius ? -1 : x->radius < y->radius;
}

/* How many dots of a half circle of that radius stand apart by at least ${apart}? */
static unsigned room(double radius, double apart)
{
    return (unsigned)(M_PI * radius / apart) + 1;
}

static unsigned room_all(unsigned rows, double apart)
{
    unsigned all = 0;
    for (unsigned i = 0; i < rows; i++)
        all += room(OUTER - i * apart, apart);
    return all;
}

/* The number of half circles with which n dots stand farthest apart; *apart: how far. */
static unsigned choose_rows(unsigned n, double *apart)
{
    unsigned best = 1;
    *apart = 0;
    for (unsigned rows = 1; rows <= 40; rows++) {
        double a = rows > 1 ? (double)(OUTER - INNER) / (rows - 1) : WIDEST;
        for (a = a < WIDEST ? a : WIDEST; a > *apart && room_all(rows, a) < n;)
            a *= 0.99;
        if (a > *apart) {
            *apart = a;
            best = rows;
        }
    }
    return best;
}

/* Put n dots on half circles; returns how far they stand apart. */
static double place_dots(struct dot *dot, unsigned n)
{
    double apart;
    unsigned rows = choose_rows(n, &apart), all = room_all(rows, apart), used = 0, seen = 0;
    for (unsigned k = 0; k < rows; k++) {
        double r = OUTER - k * apart;
        seen += room(r, apart);
        /* each circle gets its share of the n, so that all are filled alike */
        unsigned till = (unsigned)((2ull * seen * n + all) / (2ull * all));
        unsigned here = till - used;
        for (unsigned i = 0; i < here; i++)
            dot[used + i] = (struct dot){here > 1 ? M_PI * i / (here - 1) : M_PI / 2, r};
        used = till;
    }
    qsort(dot, n, sizeof *dot, by_angle);
    return apart;
}

static double x_at(double angle, double radius)
{
    return CENTRE - radius * cos(angle);
}

static double y_at(double angle, double radius)
{
    return FLOOR - radius * sin(angle);
}

/* Where the last label stands; a list whose label would cover it has its number in the table only.
 */
struct label {
    double x, y;
};

static void label_list(struct page *g, double angle, struct label *last, uint32_t rank,
                       uint32_t seats)
{
    char text[64];
    double x = x_at(angle, OUTER + 36), y = y_at(angle, OUTER + 30) + 4;
    if (fabs(x - last->x) < 54 && fabs(y - last->y) < 20)
        return;
    *last = (struct label){x, y};
    snprintf(text, sizeof text, "%s %s", letter(g, rank), page_num(g, seats));
    urna_svg_text(&g->h, "m", x, y, "middle", text);
}

static void half_circle(struct page *g, const struct place *p, uint32_t n_lists,
                        const struct urna_result_seats *s, unsigned n)
{
    struct dot *dot = URNA_NEW(&g->arena, struct dot, n + 1);
    double radius = 0.38 * place_dots(dot, n);
    struct label last = {-WIDTH, 0};
    unsigned at = 0, taken = 0;
    radius = radius < 14 ? radius : 14;
    urna_html_figure(&g->h, false, NULL, WIDTH, 292, TF(g, W_SEATS_ARIA, page_num(g, n)));
    for (uint32_t rank = 0; rank < n_lists; rank++) {
        uint32_t seats = s->seats[p[rank].option];
        if (seats == 0)
            continue;
        for (uint32_t i = 0; i < seats; i++)
            urna_svg_circle(&g->h, taken % 2 ? "o1" : "a1",
                            x_at(dot[at + i].angle, dot[at + i].radius),
                            y_at(dot[at + i].angle, dot[at + i].radius), radius);
        label_list(g, (dot[at].angle + dot[at + seats - 1].angle) / 2, &last, rank, seats);
        at += seats;
        taken++;
    }
    urna_svg_text(&g->h, "big", CENTRE, 254, "middle", page_num(g, n));
    urna_svg_text(&g->h, "m q", CENTRE, 280, "middle", T(g, W_SEATS_WORD));
    urna_html_figure_close(&g->h, T(g, W_SEATS_CAPTION));
}

static enum urna_verdict_word method(const struct urna_seats_decl *d)
{
    switch (d->method) {
    case URNA_HARE:
        return d->base ? W_HARE_ALL : W_HARE_Q;
    case URNA_DROOP:
        return d->base ? W_DROOP_ALL : W_DROOP_Q;
    case URNA_DHONDT:
        return W_DHONDT;
    case URNA_SAINTELAGUE:
        return W_SAINTELAGUE;
    default:
        return W_SAINTELAGUE_MOD;
    }
}

/* Votes that the quota is taken from, or 0 if the method has none. */
static uint64_t quota_base(const struct urna_seats_decl *d, const struct urna_result_contest *x)
{
    struct urna_seats_rule rule = seats_rule(d);
    uint64_t sum = sum_of(x), base = 0;
    if (d->method != URNA_HARE && d->method != URNA_DROOP)
        return 0;
    for (uint32_t o = 0; o < x->n_totals; o++)
        if (d->base || urna_seats_is_qualified(&rule, x->totals[o], sum))
            base += x->totals[o];
    return base;
}

static double quota_of(const struct urna_seats_decl *d, uint64_t base)
{
    if (d->method == URNA_DROOP)
        return (double)(base / ((uint64_t)d->n + 1) + 1);
    return (double)base / d->n;
}

static void seats_table(struct page *g, const struct place *p, const struct urna_contest *c,
                        const struct urna_result_seats *s, double quota)
{
    char buf[URNA_SAY_MAX];
    struct urna_html *h = &g->h;
    const struct urna_html_column with[] = {{T(g, W_COL_LIST), URNA_COL_TEXT},
                                            {T(g, W_COL_VOTES), URNA_COL_NUMBER},
                                            {T(g, W_COL_QUOTIENT), URNA_COL_NUMBER},
                                            {T(g, W_COL_SEATS), URNA_COL_NUMBER}};
    const struct urna_html_column without[] = {with[0], with[1], with[3]};
    urna_html_table(h, T(g, W_T_SEATS), quota > 0 ? with : without, quota > 0 ? 4 : 3, true);
    uint64_t all = 0;
    for (uint32_t rank = 0; rank < s->n_seats; rank++) {
        const struct urna_contest_option *o = &c->options[p[rank].option];
        const char *name = page_title(g, &o->title, o->id);
        uint32_t seats = s->seats[p[rank].option];
        urna_html_row(h, seats == 0);
        urna_html_th_record(h, letter(g, rank), name, strlen(name), NULL);
        urna_html_td_num(h, page_num(g, p[rank].votes), false);
        if (quota > 0)
            urna_html_td_num(h, urna_say_decimal(buf, g->lang, (double)p[rank].votes / quota, 4),
                             false);
        urna_html_td_num(h, page_num(g, seats), true);
        all += seats;
    }
    urna_html_total(h);
    urna_html_row(h, false);
    urna_html_th(h, NULL, T(g, W_ALL), false);
    urna_html_td(h, "");
    if (quota > 0)
        urna_html_td(h, "");
    urna_html_td_num(h, page_num(g, all), false);
    urna_html_table_close(h);
}

static void seats_of_contest(struct page *g, const struct urna_result *r,
                             const struct urna_seats_decl *d, const struct urna_result_seats *s)
{
    char buf[URNA_SAY_MAX];
    struct urna_html *h = &g->h;
    const struct urna_result_contest *x = &r->contests[d->contest - 1];
    const struct urna_contest *c = &g->P->m.contests[d->contest - 1];
    const struct place *p = in_order(g, x);
    uint64_t base = quota_base(d, x);
    double quota = base > 0 ? quota_of(d, base) : 0;
    unsigned given = 0;
    for (uint32_t o = 0; o < s->n_seats; o++)
        given += s->seats[o];
    if (g->P->m.n_seats > 1)
        urna_html_h3(h, page_title(g, &c->title, c->id));
    const char *how = T(g, method(d));
    urna_html_lead(h, d->num > 0 ? MF(g, W_SEATS_RULE, how, page_num(g, d->n), threshold(g, d))
                                 : MF(g, W_SEATS_RULE_NO_BAR, how, page_num(g, d->n)));
    if (base > 0 && d->method == URNA_HARE)
        urna_html_p(h, MF(g, W_QUOTA, page_num(g, base), page_num(g, d->n),
                          urna_say_decimal(buf, g->lang, quota, 4)));
    if (given >= FEWEST && given <= MOST) /* fewer make no half circle */
        half_circle(g, p, x->n_totals, s, given);
    seats_table(g, p, c, s, quota);
    urna_html_small(h, s->tie ? MF(g, W_TIE, page_num(g, d->n - given)) : T(g, W_NO_TIE));
}

void page_seats(struct page *g)
{
    const struct urna_manifest *m = &g->P->m;
    const struct urna_result *r = urna_judge_result(g->J);
    urna_html_section(&g->h, "seats", T(g, W_T_SEATS));
    if (!m->has_seats || m->n_seats == 0)
        urna_html_p(&g->h, T(g, W_NO_SEATS));
    else if (!r)
        urna_html_p(&g->h, T(g, W_SEATS_LATER));
    for (uint32_t i = 0; r && m->has_seats && i < m->n_seats; i++) {
        const struct urna_result_seats *s = urna_result_seats_of(r, m->seats[i].contest);
        if (s)
            seats_of_contest(g, r, &m->seats[i], s);
    }
    urna_html_section_close(&g->h);
}
