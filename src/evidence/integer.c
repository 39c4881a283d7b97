#include "evidence/integer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "evidence/chance.h"
#include "evidence/tail.h"

/* ---- what counts as near ---- */

static bool near_compat(uint32_t k, uint32_t n)
{
    double percent = 100.0 * (double)k / (double)n;
    return fabs(percent - rint(percent)) <= 0.1 / 2;
}

static bool near_exact(uint32_t k, uint32_t n)
{
    /* |100k - rn| for the nearest r is min(x, n - x) with x = 100k mod n. */
    uint64_t x = 100 * (uint64_t)k % n;
    return 20 * (x < n - x ? x : n - x) <= n;
}

bool urna_integer_hit(uint32_t k, uint32_t n, bool compat)
{
    return compat ? near_compat(k, n) : near_exact(k, n);
}

/* ---- the chance of one station ---- */

/* log k!, and 2^(i/64) */
struct tables {
    struct urna_logfact lf;
    double two[64];
};

static void tables_init(struct tables *t, uint32_t n)
{
    urna_logfact_init(&t->lf, n);
    for (int i = 0; i < 64; i++)
        t->two[i] = exp2(i / 64.0);
}

/* exp(x) for -690 < x < 1 to 1e-13 of itself: 2^(i/64) from a table times four terms of the series
 * for the rest, |rest| <= ln 2 / 128 (the fifth term is below 4e-14). A third of the time of the
 * library's exp, which rounds better than is needed here. */
static inline double quick_exp(double x, const double *two)
{
    if (x < -690)
        return 0;
    const double to_whole = 0x1.8p52, per = 64 / M_LN2;
    double shifted = x * per + to_whole;
    double whole = shifted - to_whole, rest = x - whole * (M_LN2 / 64);
    int64_t i = (int64_t)whole;
    uint64_t power = (uint64_t)(1023 + (i >> 6)) << 52;
    double scale;
    memcpy(&scale, &power, sizeof scale);
    double series = 1 + rest * (1 + rest * (0.5 + rest * (1 / 6.0 + rest * (1 / 24.0))));
    return scale * two[i & 63] * series;
}

/* A binomial that is asked for single terms; log_* once a station. */
struct binomial {
    const double *lf, *two;
    uint32_t n;
    double top, log_p, log_q, odds;
};

static double term(const struct binomial *b, uint32_t k)
{
    return quick_exp(b->top - b->lf[k] - b->lf[b->n - k] + k * b->log_p + (b->n - k) * b->log_q,
                     b->two);
}

/* Sum of the terms from..to, by the ratio of neighbours. */
static double span(const struct binomial *b, uint32_t from, uint32_t to)
{
    double t = term(b, from), sum = t;
    for (uint32_t k = from; k < to; k++) {
        t *= b->odds * (double)(b->n - k) / (double)(k + 1);
        sum += t;
    }
    return sum;
}

/* Numbers within 0.05 of r percent of n: from..to, those k with 20 r n - n <= 2000 k <= 20 r n + n.
 * The quotients are taken by multiplication: half a unit is added to a whole number, so that they
 * lie at least 1/4000 away from every whole number, and rounding (1e-16 of them) can't matter. */
static bool around(uint32_t n, uint32_t r, bool compat, uint32_t *from, uint32_t *to)
{
    const double centre = 20.0 * r * n;
    int64_t low = r == 0 ? 0 : (int64_t)((centre - n + 1999.5) * (1 / 2000.0));
    int64_t high = (int64_t)((centre + n + 0.5) * (1 / 2000.0));
    if (high > n)
        high = n;
    /* Floating point is off by 1e-14 of a point, exact numbers that are not on the edge by at least
     * 1/(20 n): so it can only leave out a number that lies on the edge. */
    if (compat && 2000.0 * (double)low == centre - n && !near_compat((uint32_t)low, n))
        low++;
    if (compat && 2000.0 * (double)high == centre + n && !near_compat((uint32_t)high, n))
        high--;
    *from = (uint32_t)low;
    *to = (uint32_t)high;
    return low <= high;
}

static double chance(const struct tables *t, uint32_t k, uint32_t n, bool compat)
{
    if (k == 0 || k >= n)
        return 1; /* 0% and 100% are whole */
    double p = (double)k / (double)n, sd = sqrt(k * (1 - p));
    struct binomial b = {t->lf.v, t->two, n, t->lf.v[n], log(p), log1p(-p), p / (1 - p)};
    /* What lies outside has less than 1e-11. */
    double reach = 6.8 * sd + 7, first = (k - reach) * 100 / n, last = (k + reach) * 100 / n + 1;
    uint32_t r = first > 0 ? (uint32_t)first : 0, end = last < 100 ? (uint32_t)last : 100;
    double sum = 0;
    for (; r <= end; r++) {
        uint32_t from, to;
        if (around(n, r, compat, &from, &to))
            sum += span(&b, from, to);
    }
    return sum < 1 ? sum : 1;
}

double urna_integer_chance(uint32_t k, uint32_t n, bool compat)
{
    struct tables t;
    tables_init(&t, n);
    double p = chance(&t, k, n, compat);
    urna_logfact_free(&t.lf);
    return p;
}

/* ---- all stations ---- */

struct run {
    const struct urna_stations *s;
    const struct urna_integer_options *o;
    struct urna_integer *out;
    const struct tables *tables;
    uint32_t *row;            /* rows used */
    double *result, *turnout; /* chances, by place in row */
    uint8_t *hit;             /* bit 0: result is near, bit 1: turnout */
    size_t n;
};

static bool is_used(struct urna_integer *out, const struct urna_stations *s, size_t i)
{
    uint64_t V = s->voters[i], G = s->given[i], R = s->received[i], L = s->leader[i];
    if (R == 0)
        out->without_ballots++;
    else if (V < 100)
        out->small++;
    else if (100 * G > 99 * V)
        out->high_turnout++;
    else if (100 * L > 99 * R)
        out->high_share++;
    else
        return true;
    return false;
}

static double weight_of(const struct urna_stations *s, size_t i, enum urna_integer_weight w)
{
    switch (w) {
    case URNA_BY_VOTERS:
        return s->voters[i];
    case URNA_BY_GIVEN:
        return s->given[i];
    case URNA_BY_LEADER:
        return s->leader[i];
    case URNA_BY_STATIONS:
    case URNA_N_WEIGHTS:
        break;
    }
    return 1;
}

static double chance_of(const struct run *c, size_t k, enum urna_integer_test test)
{
    double a = c->result[k], b = c->turnout[k];
    return test == URNA_RESULT ? a : test == URNA_TURNOUT ? b : a + b - a * b;
}

static bool hit_of(const struct run *c, size_t k, enum urna_integer_test test)
{
    static const uint8_t mask[URNA_N_TESTS] = {3, 1, 2};
    return (c->hit[k] & mask[test]) != 0;
}

#define BLOCK 512

static void block(void *ctx, size_t at, unsigned worker)
{
    (void)worker;
    struct run *c = ctx;
    size_t end = (at + 1) * BLOCK < c->n ? (at + 1) * BLOCK : c->n;
    for (size_t k = at * BLOCK; k < end; k++) {
        size_t i = c->row[k];
        c->result[k] = chance(c->tables, c->s->leader[i], c->s->received[i], c->o->compat);
        c->turnout[k] = chance(c->tables, c->s->given[i], c->s->voters[i], c->o->compat);
        c->hit[k] = urna_integer_hit(c->s->leader[i], c->s->received[i], c->o->compat);
        c->hit[k] |=
            (uint8_t)(urna_integer_hit(c->s->given[i], c->s->voters[i], c->o->compat) << 1);
    }
}

static void moments(const struct run *c)
{
    for (int t = 0; t < URNA_N_TESTS; t++) {
        struct urna_integer_cell *cells = c->out->cell[t];
        for (size_t k = 0; k < c->n; k++) {
            double p = chance_of(c, k, (enum urna_integer_test)t);
            bool hit = hit_of(c, k, (enum urna_integer_test)t);
            for (int w = 0; w < URNA_N_WEIGHTS; w++) {
                double x = weight_of(c->s, c->row[k], (enum urna_integer_weight)w);
                cells[w].mean += x * p;
                cells[w].sd += x * x * p * (1 - p);
                cells[w].observed += hit ? x : 0;
            }
        }
        for (int w = 0; w < URNA_N_WEIGHTS; w++) {
            cells[w].sd = sqrt(cells[w].sd);
            cells[w].d = cells[w].observed - cells[w].mean;
            cells[w].z = cells[w].sd > 0 ? cells[w].d / cells[w].sd : 0;
            cells[w].q999 = cells[w].log10_bound = cells[w].log10_saddle = cells[w].log10_exact =
                NAN;
        }
    }
}

static double *chances(const struct run *c, enum urna_integer_test test)
{
    double *p = urna_xcalloc(c->n + 1, sizeof *p);
    for (size_t k = 0; k < c->n; k++)
        p[k] = chance_of(c, k, test);
    return p;
}

static void tails(const struct run *c)
{
    double adjusted[URNA_N_TESTS], raw[URNA_N_TESTS];
    for (int t = 0; t < URNA_N_TESTS; t++) {
        struct urna_integer_cell *cell = &c->out->cell[t][URNA_BY_STATIONS];
        double *p = chances(c, (enum urna_integer_test)t);
        urna_tail_bound(&cell->log10_bound, &cell->log10_saddle, cell->observed, cell->mean, p,
                        c->n);
        if (c->o->exact_tail) {
            double tail = urna_tail_exact(p, c->n, (size_t)cell->observed);
            cell->log10_exact = tail > 1e-290 ? log10(tail) : (double)NAN;
        }
        free(p);
        raw[t] = pow(10, cell->log10_bound);
    }
    urna_holm(adjusted, raw, URNA_N_TESTS);
    memcpy(c->out->holm, adjusted, sizeof adjusted);
}

/* ---- regions ---- */

struct regions {
    struct run *c;
    size_t *start;   /* by place in out->region */
    uint32_t *place; /* places in c->row, region after region */
};

static void region_block(void *ctx, size_t at, unsigned worker)
{
    (void)worker;
    const struct regions *g = ctx;
    struct urna_integer_region *r = g->c->out->region + at;
    double *p = urna_xcalloc(r->stations + 1, sizeof *p), var = 0;
    for (size_t i = 0; i < r->stations; i++) {
        size_t k = g->place[g->start[at] + i];
        p[i] = chance_of(g->c, k, URNA_EITHER);
        r->mean += p[i];
        var += p[i] * (1 - p[i]);
        r->observed += hit_of(g->c, k, URNA_EITHER);
    }
    r->sd = sqrt(var);
    r->p = urna_tail_exact(p, r->stations, r->observed);
    free(p);
}

static void correct(struct urna_integer *out)
{
    double *p = urna_xcalloc(out->n_regions + 1, sizeof *p);
    double *q = urna_xcalloc(out->n_regions + 1, sizeof *q);
    for (size_t i = 0; i < out->n_regions; i++)
        p[i] = out->region[i].p;
    urna_benjamini_hochberg(q, p, out->n_regions);
    for (size_t i = 0; i < out->n_regions; i++)
        out->region[i].q = q[i];
    free(p);
    free(q);
}

static void regions(struct run *c)
{
    struct urna_integer *out = c->out;
    uint32_t all = c->s->regions.n;
    size_t *count = urna_xcalloc((size_t)all + 1, sizeof *count),
           *next = urna_xcalloc((size_t)all + 1, sizeof *next);
    for (size_t k = 0; k < c->n; k++)
        count[c->s->region[c->row[k]]]++;
    out->region = urna_xcalloc((size_t)all + 1, sizeof *out->region);
    struct regions g = {c, urna_xcalloc((size_t)all + 1, sizeof *g.start),
                        urna_xcalloc(c->n + 1, sizeof *g.place)};
    size_t start = 0;
    for (uint32_t r = 0; r < all; r++) {
        next[r] = start;
        if (count[r] == 0)
            continue;
        g.start[out->n_regions] = start;
        out->region[out->n_regions++] =
            (struct urna_integer_region){.region = r, .stations = count[r]};
        start += count[r];
    }
    for (size_t k = 0; k < c->n; k++)
        g.place[next[c->s->region[c->row[k]]]++] = (uint32_t)k;
    urna_parallel(c->o->threads, out->n_regions, region_block, &g);
    correct(out);
    free(count);
    free(next);
    free(g.start);
    free(g.place);
}

/* ---- the published quantile ---- */

/* In the published simulation a drawn station either comes near a whole percent or not, with just
 * the chances computed above; so drawing those events has the distribution of drawing ballots. */
static void draw(const struct run *c)
{
    size_t draws = c->o->draws;
    double *sum = urna_xcalloc(draws * URNA_N_TESTS * URNA_N_WEIGHTS, sizeof *sum);
    struct urna_rng rng;
    urna_rng_init(&rng, c->o->seed ? c->o->seed : "", "integer");
    for (size_t k = 0; k < c->n; k++) {
        double weight[URNA_N_WEIGHTS];
        for (int w = 0; w < URNA_N_WEIGHTS; w++)
            weight[w] = weight_of(c->s, c->row[k], (enum urna_integer_weight)w);
        uint64_t result = (uint64_t)(c->result[k] * 0x1p32),
                 turnout = (uint64_t)(c->turnout[k] * 0x1p32);
        double *to = sum;
        for (size_t d = 0; d < draws; d++, to += URNA_N_TESTS * URNA_N_WEIGHTS) {
            uint64_t x = urna_rng_next(&rng);
            bool r = (x >> 32) < result, t = (x & 0xffffffff) < turnout;
            if (!r && !t)
                continue;
            for (int w = 0; w < URNA_N_WEIGHTS; w++) {
                to[URNA_EITHER * URNA_N_WEIGHTS + w] += weight[w];
                to[URNA_RESULT * URNA_N_WEIGHTS + w] += r ? weight[w] : 0;
                to[URNA_TURNOUT * URNA_N_WEIGHTS + w] += t ? weight[w] : 0;
            }
        }
    }
    double *one = urna_xcalloc(draws, sizeof *one);
    for (int cell = 0; cell < URNA_N_TESTS * URNA_N_WEIGHTS; cell++) {
        for (size_t d = 0; d < draws; d++)
            one[d] = sum[d * URNA_N_TESTS * URNA_N_WEIGHTS + (size_t)cell];
        struct urna_integer_cell *to = &c->out->cell[cell / URNA_N_WEIGHTS][cell % URNA_N_WEIGHTS];
        to->q999 = urna_quantile(one, draws, 0.999) - to->mean;
    }
    free(one);
    free(sum);
}

/* ---- the saw ---- */

static size_t step_of(uint64_t k, uint64_t n)
{
    return (size_t)((2000 * k + n) / (2 * n));
}

static void add_saw(struct urna_saw *saw, const struct tables *tables, uint32_t k, uint32_t n)
{
    saw->observed[step_of(k, n)]++;
    if (k == 0 || k >= n) {
        saw->mean[step_of(k, n)]++;
        return;
    }
    double p = (double)k / (double)n, reach = 8 * sqrt(k * (1 - p)) + 10;
    struct binomial b = {tables->lf.v, tables->two, n,          tables->lf.v[n],
                         log(p),       log1p(-p),   p / (1 - p)};
    uint32_t j = reach < k ? k - (uint32_t)reach : 0;
    uint32_t end = k + reach < n ? k + (uint32_t)reach : n;
    double t = term(&b, j), sum = 0;
    size_t step = step_of(j, n);
    for (;; j++) {
        /* the first number of the next step: 2000 j + n >= 2n (step + 1) */
        sum += t;
        bool last = j == end;
        if (last || 2000 * ((uint64_t)j + 1) + n >= 2 * (uint64_t)n * (step + 1)) {
            saw->mean[step] += sum;
            saw->var[step] += sum * (1 - sum);
            sum = 0;
            if (last)
                break;
            step = step_of((uint64_t)j + 1, n);
        }
        t *= b.odds * (double)(n - j) / (double)(j + 1);
    }
}

static void make_saw(const struct run *c)
{
    c->out->saw = urna_xcalloc(2, sizeof *c->out->saw);
    for (size_t k = 0; k < c->n; k++) {
        size_t i = c->row[k];
        add_saw(c->out->saw, c->tables, c->s->leader[i], c->s->received[i]);
        add_saw(c->out->saw + 1, c->tables, c->s->given[i], c->s->voters[i]);
    }
}

void urna_integer_run(struct urna_integer *out, const struct urna_stations *s,
                      const struct urna_integer_options *o)
{
    *out = (struct urna_integer){0};
    struct run c = {.s = s, .o = o, .out = out};
    c.row = urna_xcalloc(s->n + 1, sizeof *c.row);
    uint32_t most = 1;
    for (size_t i = 0; i < s->n; i++) {
        if (!is_used(out, s, i))
            continue;
        c.row[c.n++] = (uint32_t)i;
        most = s->voters[i] > most ? s->voters[i] : most;
        most = s->received[i] > most ? s->received[i] : most;
    }
    out->used = c.n;
    c.result = urna_xcalloc(c.n + 1, sizeof *c.result);
    c.turnout = urna_xcalloc(c.n + 1, sizeof *c.turnout);
    c.hit = urna_xcalloc(c.n + 1, sizeof *c.hit);
    struct tables tables;
    tables_init(&tables, most);
    c.tables = &tables;
    urna_parallel(o->threads, (c.n + BLOCK - 1) / BLOCK, block, &c);
    moments(&c);
    tails(&c);
    regions(&c);
    if (o->draws > 0)
        draw(&c);
    if (o->saw)
        make_saw(&c);
    urna_logfact_free(&tables.lf);
    free(c.row);
    free(c.result);
    free(c.turnout);
    free(c.hit);
}

void urna_integer_free(struct urna_integer *r)
{
    free(r->region);
    free(r->saw);
    *r = (struct urna_integer){0};
}
