#include "report/figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void percent_text(struct urna_html *h, const char *class_, double x, double y,
                         const char *anchor, unsigned p)
{
    char text[URNA_SAY_MAX];
    urna_svg_text(h, class_, x, y, anchor, urna_say_percent(text, h->lang, p, 0));
}

/* 1, 2 or 5 times a power of ten, so that at most six lines reach ${most}. */
static double nice_step(double most)
{
    double power = 1;
    while (power * 10 < most)
        power *= 10;
    static const double factor[] = {0.1, 0.2, 0.5, 1, 2, 5};
    for (size_t i = 0; i < 6; i++) {
        double step = power * factor[i];
        if (step >= 1 && most / step <= 5.001)
            return step;
    }
    return power < 1 ? 1 : 5 * power;
}

struct axes {
    double left, top, width, height, most;
};

static double y_of(const struct axes *a, double value)
{
    return a->top + a->height * (1 - value / a->most);
}

/* Horizontal lines with numbers at the left; sets the top value. */
static struct axes draw_axes(struct urna_html *h, double width, double height, double most)
{
    double step = nice_step(most < 1 ? 1 : most);
    struct axes a = {70, 14, width, height, step * ceil((most < 1 ? 1 : most) / step)};
    for (double v = 0; v <= a.most + step / 2; v += step) {
        char text[URNA_SAY_MAX];
        urna_svg_line(h, "l0", a.left, y_of(&a, v), a.left + width, y_of(&a, v));
        urna_svg_text(h, "q", a.left - 8, y_of(&a, v) + 5, "end",
                      urna_say_u64(text, h->lang, (uint64_t)v));
    }
    return a;
}

/* ---- comet ---- */

static unsigned level_of(uint32_t count, uint32_t most)
{
    if (count == 0)
        return 0;
    double x = most > 1 ? log(count) / log(most) : 1;
    return 1 + (unsigned)(x * 11.999);
}

static void comet_key(struct urna_html *h, uint32_t most, const char *title)
{
    uint8_t ramp[12];
    for (unsigned i = 0; i < 12; i++)
        ramp[i] = (uint8_t)(12 - i);
    urna_svg_text(h, NULL, 698, 34, "end", title);
    urna_svg_density(h, 560, 60, 22, 264, ramp, 1, 12);
    char text[URNA_SAY_MAX];
    urna_svg_text(h, NULL, 590, 320, "start", urna_say_u64(text, h->lang, 1));
    urna_svg_text(h, NULL, 590, 198, "start", urna_say_u64(text, h->lang, (uint64_t)lround(sqrt(most))));
    urna_svg_text(h, NULL, 590, 72, "start", urna_say_u64(text, h->lang, most));
}

void urna_figure_comet(struct urna_html *h, const struct urna_shape *p,
                       const struct urna_figure_words *w)
{
    urna_html_figure(h, false, w->label, 700, 536, w->aria);
    const double left = 64, top = 14, side = 470;
    for (unsigned v = 0; v <= 100; v += 20) {
        double x = left + side * v / 100, y = top + side * (100 - v) / 100;
        urna_svg_line(h, "l0", x, top, x, top + side + 5);
        urna_svg_line(h, "l0", left - 5, y, left + side, y);
        percent_text(h, "q", x, top + side + 23, "middle", v);
        percent_text(h, "q", left - 10, y + 5, "end", v);
    }
    uint8_t *level = urna_xcalloc((size_t)URNA_PRINT_SIDE * URNA_PRINT_SIDE, 1);
    for (unsigned row = 0; row < URNA_PRINT_SIDE; row++) {
        for (unsigned col = 0; col < URNA_PRINT_SIDE; col++) {
            uint32_t n = p->cell[(URNA_PRINT_SIDE - 1 - row) * URNA_PRINT_SIDE + col];
            level[row * URNA_PRINT_SIDE + col] = (uint8_t)level_of(n, p->most);
        }
    }
    urna_svg_density(h, left, top, side, side, level, URNA_PRINT_SIDE, URNA_PRINT_SIDE);
    free(level);
    urna_svg_text(h, NULL, left + side / 2, top + side + 46, "middle", w->across);
    urna_svg_text_up(h, 14, top + side / 2, w->up);
    comet_key(h, p->most, w->key);
    urna_html_figure_close(h, w->caption);
}

/* ---- saw ---- */

#define BAND 3

static bool is_dot(const struct urna_saw *saw, unsigned k)
{
    return k % 10 == 0 && saw->observed[k] > saw->mean[k] + BAND * sqrt(saw->var[k]);
}

unsigned urna_saw_dots(const struct urna_saw *saw, unsigned from)
{
    unsigned dots = 0;
    for (unsigned k = 10 * from; k < URNA_SAW_STEPS; k++)
        dots += is_dot(saw, k);
    return dots;
}

unsigned urna_saw_from(const struct urna_saw *saw)
{
    double all = 0, below = 0;
    for (unsigned k = 0; k < URNA_SAW_STEPS; k++)
        all += saw->observed[k];
    for (unsigned k = 0; k < URNA_SAW_STEPS - 200; k++) {
        if (below > 0.005 * all)
            return k / 50 * 5;
        below += saw->observed[k];
    }
    return 80;
}

unsigned urna_figure_saw(struct urna_html *h, const struct urna_saw *saw, unsigned from,
                         const struct urna_figure_words *w)
{
    urna_html_figure(h, true, w->label, 905, 294, w->aria);
    unsigned first = 10 * from, n = URNA_SAW_STEPS - first, dots = 0;
    double most = 0;
    for (unsigned k = first; k < URNA_SAW_STEPS; k++) {
        double band = saw->mean[k] + BAND * sqrt(saw->var[k]);
        most = fmax(most, fmax(saw->observed[k], band));
    }
    struct axes a = draw_axes(h, 804, 250, most);
    double *x = urna_xcalloc(2 * n, sizeof *x), *y = urna_xcalloc(2 * n, sizeof *y);
    for (unsigned k = first; k < URNA_SAW_STEPS; k++) {
        unsigned i = k - first;
        double half = BAND * sqrt(saw->var[k]), low = saw->mean[k] - half;
        x[i] = x[2 * n - 1 - i] = a.left + a.width * i / (n - 1);
        y[i] = y_of(&a, saw->mean[k] + half);
        y[2 * n - 1 - i] = y_of(&a, low > 0 ? low : 0);
        if (k % 100 == 0 || (k % 50 == 0 && from >= 50))
            percent_text(h, "q", x[i], 288, "middle", k / 10);
    }
    urna_svg_path(h, "a2 bd", x, y, 2 * n, true);
    for (unsigned i = 0; i < n; i++)
        y[i] = y_of(&a, saw->observed[first + i]);
    urna_svg_path(h, "l1", x, y, n, false);
    for (unsigned i = 0; i < n; i++) {
        if (is_dot(saw, first + i)) {
            urna_svg_circle(h, "a4", x[i], y[i], 3.4);
            dots++;
        }
    }
    free(x);
    free(y);
    urna_html_figure_close(h, w->caption);
    return dots;
}

/* ---- bell ---- */

/* First point worth drawing: below it lie fewer than one station in 500. */
static unsigned bell_from(const struct urna_shape *p)
{
    uint64_t all = 0, below = 0;
    for (unsigned t = 0; t < URNA_BELL; t++)
        all += p->stations[t];
    for (unsigned t = 0; t < 90; t++) {
        below += p->stations[t];
        if (below * 500 > all)
            return t / 10 * 10;
    }
    return 80;
}

void urna_figure_bell(struct urna_html *h, const struct urna_shape *p,
                      const struct urna_figure_words *w)
{
    urna_html_figure(h, true, w->label, 905, 294, w->aria);
    unsigned from = bell_from(p), n = URNA_BELL - from;
    uint64_t most = 1;
    for (unsigned t = from; t < URNA_BELL; t++)
        most = p->stations[t] > most ? p->stations[t] : most;
    struct axes a = draw_axes(h, 820, 250, (double)most);
    double step = a.width / n;
    for (unsigned t = from; t < URNA_BELL; t++) {
        double y = y_of(&a, (double)p->stations[t]);
        bool dark = t % 5 == 0 && t >= 65;
        urna_svg_rect(h, dark ? "a1" : "a2", a.left + step * (t - from) + 0.8, y, step - 1.6,
                      a.top + a.height - y);
        if (t % 10 == 0)
            percent_text(h, "q", a.left + step * (t - from + 0.5), 288, "middle", t);
    }
    urna_html_figure_close(h, w->caption);
}

void urna_figure_votes(struct urna_html *h, const struct urna_shape *p,
                       const struct urna_figure_words *w, const char *key_leader,
                       const char *key_others)
{
    urna_html_figure(h, true, w->label, 905, 314, w->aria);
    unsigned from = bell_from(p), n = URNA_BELL - from, top_leader = from, top_others = from;
    double x[URNA_BELL], leader[URNA_BELL], others[URNA_BELL], most = 1;
    for (unsigned t = from; t < URNA_BELL; t++) {
        most = fmax(most, fmax((double)p->leader[t], (double)p->others[t]));
        top_leader = p->leader[t] > p->leader[top_leader] ? t : top_leader;
        top_others = p->others[t] > p->others[top_others] ? t : top_others;
    }
    struct axes a = draw_axes(h, 820, 250, most);
    for (unsigned t = from; t < URNA_BELL; t++) {
        unsigned i = t - from;
        x[i] = a.left + a.width * (i + 0.5) / n;
        leader[i] = y_of(&a, (double)p->leader[t]);
        others[i] = y_of(&a, (double)p->others[t]);
        if (t % 10 == 0)
            percent_text(h, "q", x[i], 288, "middle", t);
    }
    urna_svg_path(h, "l1 w2", x, leader, n, false);
    urna_svg_path(h, "l2 dash", x, others, n, false);
    /* The names stand below the axis, each behind a piece of its line. */
    urna_svg_line(h, "l1 w2", a.left, 305, a.left + 40, 305);
    urna_svg_text(h, NULL, a.left + 48, 310, "start", key_leader);
    urna_svg_line(h, "l2 dash", a.left + 420, 305, a.left + 460, 305);
    urna_svg_text(h, NULL, a.left + 468, 310, "start", key_others);
    urna_html_figure_close(h, w->caption);
}

/* ---- differences ---- */

static void one_bar(struct urna_html *h, const char *class_, double y, double width, uint64_t x,
                    const char *name)
{
    struct urna_buf text = {0};
    char number[URNA_SAY_MAX];
    urna_buf_printf(&text, "%s  %s", urna_say_u64(number, h->lang, x), name);
    urna_svg_text(h, "q", 0, y - 8, "start", urna_buf_cstr(&text));
    urna_svg_rect(h, class_, 0, y, width, 20);
    urna_buf_free(&text);
}

void urna_figure_differences(struct urna_html *h, const struct urna_figure_pair *pair, size_t n,
                             const char *name_a, const char *name_b,
                             const struct urna_figure_words *w)
{
    urna_html_figure(h, false, w->label, 560, (unsigned)(n * 172), w->aria);
    uint64_t most = 1;
    for (size_t i = 0; i < n; i++) {
        most = pair[i].a > most ? pair[i].a : most;
        most = pair[i].b > most ? pair[i].b : most;
    }
    for (size_t i = 0; i < n; i++) {
        double y = 172.0 * (double)i;
        urna_svg_text(h, NULL, 0, y + 20, "start", pair[i].name);
        one_bar(h, "a2", y + 56, 556.0 * (double)pair[i].a / (double)most, pair[i].a, name_a);
        one_bar(h, "a1", y + 110, 556.0 * (double)pair[i].b / (double)most, pair[i].b, name_b);
    }
    urna_html_figure_close(h, w->caption);
}

/* ---- intervals ---- */

void urna_figure_intervals(struct urna_html *h, const struct urna_figure_interval *in, size_t n,
                           const struct urna_figure_words *w)
{
    unsigned height = (unsigned)(60 * n + 40);
    urna_html_figure(h, false, w->label, 480, height, w->aria);
    double low = 0, high = 0;
    for (size_t i = 0; i < n; i++) {
        high = fmax(high, fmax(in[i].high, in[i].announced));
        low = fmin(low, in[i].low);
    }
    high = ceil(high * 10) / 10;
    low = floor(low * 10) / 10;
    double scale = high > low ? 424 / (high - low) : 1, zero = 28 - low * scale;
    for (int p = (int)lround(low * 100); p <= (int)lround(high * 100) && p <= 100; p += 10) {
        urna_svg_line(h, "l0", zero + p * scale / 100, 0, zero + p * scale / 100, height - 24);
        if (p >= 0)
            percent_text(h, "q", zero + p * scale / 100, height - 6, "middle", (unsigned)p);
    }
    for (size_t i = 0; i < n; i++) {
        double y = 60.0 * (double)i;
        urna_svg_text(h, NULL, 0, y + 18, "start", in[i].name);
        urna_svg_line(h, "l1 w2", zero + in[i].low * scale, y + 38, zero + in[i].high * scale,
                      y + 38);
        urna_svg_circle(h, "a1", zero + in[i].share * scale, y + 38, 6);
        if (in[i].announced >= 0)
            urna_svg_circle(h, "o1", zero + in[i].announced * scale, y + 38, 7);
    }
    urna_html_figure_close(h, w->caption);
}
