/* The verification report: seats as a half circle of dots. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/verdict_options.h"

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
    snprintf(text, sizeof text, "%s %s", page_letter(g, rank), page_num(g, seats));
    urna_svg_text(&g->h, "m", x, y, "middle", text);
}

void page_half_circle(struct page *g, const struct urna_option_votes *p, uint32_t n_lists,
                      const struct urna_result_seats *s, unsigned n)
{
    if (n < FEWEST || n > MOST)
        return;
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
