#include "evidence/shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool has_both(const struct urna_stations *s, size_t i)
{
    return s->voters[i] > 0 && s->received[i] > 0;
}

/* ---- fingerprint and bell ---- */

static size_t half_points(uint64_t k, uint64_t n)
{
    uint64_t cell = (400 * k + n) / (2 * n); /* nearest half point */
    return cell < URNA_PRINT_SIDE ? (size_t)cell : URNA_PRINT_SIDE - 1;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, size_t n)
{
    if (n == 0)
        return 0;
    qsort(x, n, sizeof *x, by_value);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

void urna_shape_run(struct urna_shape *out, const struct urna_stations *s)
{
    *out = (struct urna_shape){0};
    out->cell = urna_xcalloc((size_t)URNA_PRINT_SIDE * URNA_PRINT_SIDE, sizeof *out->cell);
    double *turnout = urna_xcalloc(s->n + 1, sizeof *turnout),
           *share = urna_xcalloc(s->n + 1, sizeof *share);
    for (size_t i = 0; i < s->n; i++) {
        uint64_t V = s->voters[i], G = s->given[i], R = s->received[i], L = s->leader[i];
        out->voters += V;
        out->given += G;
        out->received += R;
        out->votes += L;
        if (!has_both(s, i))
            continue;
        turnout[out->used] = 100.0 * (double)G / (double)V;
        share[out->used++] = 100.0 * (double)L / (double)R;
        uint32_t *cell = &out->cell[half_points(L, R) * URNA_PRINT_SIDE + half_points(G, V)];
        if (++*cell > out->most)
            out->most = *cell;
        size_t point = 100 * G / V < 100 ? (size_t)(100 * G / V) : 100;
        out->stations[point]++;
        out->leader[point] += L;
        out->others[point] += R > L ? R - L : 0;
        if (10 * G >= 9 * V && 10 * L >= 9 * R) {
            out->both_high++;
            out->both_high_voters += V;
        }
    }
    out->median_turnout = median(turnout, out->used);
    out->median_share = median(share, out->used);
    free(turnout);
    free(share);
}

void urna_shape_free(struct urna_shape *p)
{
    free(p->cell);
    *p = (struct urna_shape){0};
}

/* ---- Klimek ---- */

#define GRID 1001

/* Beyond eight widths a kernel adds less than 1e-14 of its top. */
static double first_maximum(const double *x, size_t n)
{
    double mean = 0, var = 0, density[GRID] = {0};
    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        var += (x[i] - mean) * (x[i] - mean);
    double h = n > 1 ? sqrt(var / (double)(n - 1)) * pow((double)n, -0.2) : 0;
    if (!(h > 0))
        return (double)NAN;
    for (size_t i = 0; i < n; i++) {
        double first = ceil((x[i] - 8 * h) * (GRID - 1)), last = floor((x[i] + 8 * h) * (GRID - 1));
        size_t from = first > 0 ? (size_t)first : 0,
               to = last < GRID - 1 ? (last > 0 ? (size_t)last : 0) : GRID - 1;
        for (size_t g = from; g <= to && g < GRID; g++) {
            double u = ((double)g / (GRID - 1) - x[i]) / h;
            density[g] += exp(-0.5 * u * u);
        }
    }
    for (size_t g = 301; g + 1 < GRID; g++) {
        if (density[g] > density[g - 1] && density[g] > density[g + 1])
            return (double)g / (GRID - 1);
    }
    return (double)NAN;
}

struct square {
    double sum;
    size_t n;
};

static void add_square(struct square *q, double x)
{
    q->sum += x * x;
    q->n++;
}

static double rms(const struct square *q)
{
    return q->n > 0 ? sqrt(q->sum / (double)q->n) : (double)NAN;
}

void urna_klimek_run(struct urna_klimek *out, const struct urna_stations *s)
{
    double *t = urna_xcalloc(s->n + 1, sizeof *t), *v = urna_xcalloc(s->n + 1, sizeof *v);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (!has_both(s, i))
            continue;
        t[n] = (double)s->given[i] / (double)s->voters[i];
        v[n++] = (double)s->leader[i] / (double)s->received[i];
    }
    out->tau = first_maximum(t, n);
    out->nu = first_maximum(v, n);
    struct square tau = {0}, below = {0}, above = {0};
    for (size_t i = 0; i < n; i++) {
        if (t[i] < out->tau && v[i] < out->nu)
            add_square(&tau, t[i] - out->tau);
        if (v[i] < out->nu)
            add_square(&below, v[i] - out->nu);
        if (v[i] > out->nu)
            add_square(&above, v[i] - out->nu);
    }
    out->sigma_tau = rms(&tau);
    out->sigma_nu = rms(&below);
    out->theta = sqrt(rms(&above));
    free(t);
    free(v);
}

/* ---- Shpilkin ---- */

static struct urna_shpilkin shpilkin(const struct urna_shape *p, unsigned core, unsigned window)
{
    struct urna_shpilkin out = {.core = core, .window = window};
    double L = 0, O = 0;
    for (unsigned t = core > window ? core - window : 0; t <= core; t++) {
        L += (double)p->leader[t];
        O += (double)p->others[t];
    }
    out.ratio = O > 0 ? L / O : 0;
    for (unsigned t = core + 1; O > 0 && t < URNA_BELL; t++) {
        double more = (double)p->leader[t] - out.ratio * (double)p->others[t];
        out.excess += more > 0 ? more : 0;
    }
    return out;
}

static unsigned find_core(const struct urna_shape *p)
{
    unsigned core = 1;
    uint64_t best = 0;
    for (unsigned t = 1; t + 1 < URNA_BELL; t++) {
        uint64_t three = p->others[t - 1] + p->others[t] + p->others[t + 1];
        if (three > best) {
            best = three;
            core = t;
        }
    }
    return core;
}

void urna_shpilkin_run(struct urna_shpilkin_band *out, const struct urna_shape *p, unsigned core)
{
    static const unsigned windows[] = {3, 5, 8};
    *out = (struct urna_shpilkin_band){.detected = core == 0};
    if (core == 0)
        core = find_core(p);
    if (core > URNA_BELL - 1)
        core = URNA_BELL - 1;
    out->main = shpilkin(p, core, 5);
    out->low = out->high = out->main.excess;
    size_t n = 0;
    for (int shift = -3; shift <= 3; shift++) {
        int at = (int)core + shift;
        at = at < 0 ? 0 : at > URNA_BELL - 1 ? URNA_BELL - 1 : at;
        for (size_t w = 0; w < 3; w++) {
            struct urna_shpilkin one = shpilkin(p, (unsigned)at, windows[w]);
            out->band[n++] = one;
            out->low = one.excess < out->low ? one.excess : out->low;
            out->high = one.excess > out->high ? one.excess : out->high;
        }
    }
    double left = (double)p->received - out->main.excess;
    out->turnout = p->voters > 0 ? left / (double)p->voters : 0;
    out->share = left > 0 ? ((double)p->votes - out->main.excess) / left : 0;
}

/* ---- Sobyanin ---- */

struct group {
    double w, wx, wy, score;
};

struct fit {
    double slope, se;
};

/* Weighted slope of y on x after removing the weighted mean of each group (of everything, if
 * n_groups is 1), with a standard error from the sums of scores by cluster. */
static struct fit slope_of(const double *x, const double *y, const double *w, size_t n,
                           const uint32_t *group, size_t n_groups, const uint32_t *cluster,
                           size_t n_clusters)
{
    struct group *g = urna_xcalloc(n_groups + 1, sizeof *g),
                 *c = urna_xcalloc(n_clusters + 1, sizeof *c);
    for (size_t i = 0; i < n; i++) {
        struct group *at = g + (group ? group[i] : 0);
        at->w += w[i];
        at->wx += w[i] * x[i];
        at->wy += w[i] * y[i];
    }
    double xx = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        const struct group *at = g + (group ? group[i] : 0);
        double dx = x[i] - at->wx / at->w, dy = y[i] - at->wy / at->w;
        xx += w[i] * dx * dx;
        xy += w[i] * dx * dy;
    }
    struct fit out = {xx > 0 ? xy / xx : (double)NAN, (double)NAN};
    double meat = 0, used = 0;
    for (size_t i = 0; xx > 0 && i < n; i++) {
        const struct group *at = g + (group ? group[i] : 0);
        double dx = x[i] - at->wx / at->w, dy = y[i] - at->wy / at->w;
        c[cluster[i]].score += w[i] * dx * (dy - out.slope * dx);
        c[cluster[i]].w += 1;
    }
    for (size_t k = 0; k < n_clusters; k++) {
        meat += c[k].score * c[k].score;
        used += c[k].w > 0;
    }
    if (used > 1 && xx > 0)
        out.se = sqrt(meat * used / (used - 1)) / xx;
    free(g);
    free(c);
    return out;
}

void urna_sobyanin_run(struct urna_slope *out, const struct urna_stations *s)
{
    double *x = urna_xcalloc(s->n + 1, sizeof *x), *y = urna_xcalloc(s->n + 1, sizeof *y);
    double *w = urna_xcalloc(s->n + 1, sizeof *w);
    uint32_t *district = urna_xcalloc(s->n + 1, sizeof *district),
             *region = urna_xcalloc(s->n + 1, sizeof *region);
    size_t n = 0;
    double received = 0;
    for (size_t i = 0; i < s->n; i++) {
        received += s->received[i];
        if (!has_both(s, i))
            continue;
        x[n] = (double)s->given[i] / s->voters[i];
        w[n] = s->voters[i];
        district[n] = s->district[i];
        region[n++] = s->region[i];
    }
    bool by_region = s->districts.n < 10;
    const uint32_t *cluster = by_region ? region : district;
    size_t n_clusters = by_region ? s->regions.n : s->districts.n;
    for (unsigned c = 0; c < s->n_candidates; c++) {
        double votes = 0;
        size_t k = 0;
        for (size_t i = 0; i < s->n; i++) {
            double v = s->votes[i * s->n_candidates + c];
            votes += v;
            if (has_both(s, i))
                y[k++] = v / s->voters[i];
        }
        struct fit all = slope_of(x, y, w, n, NULL, 1, cluster, n_clusters);
        struct fit in = slope_of(x, y, w, n, district, s->districts.n, cluster, n_clusters);
        out[c] = (struct urna_slope){
            .share = received > 0 ? votes / received : 0,
            .slope = all.slope,
            .low = all.slope - 1.96 * all.se,
            .high = all.slope + 1.96 * all.se,
            .within = in.slope,
            .within_low = in.slope - 1.96 * in.se,
            .within_high = in.slope + 1.96 * in.se,
        };
    }
    free(x);
    free(y);
    free(w);
    free(district);
    free(region);
}
