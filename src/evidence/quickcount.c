#include "evidence/quickcount.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool urna_sampler_parse(enum urna_sampler *out, const char *letter)
{
    if (strlen(letter) != 1 || letter[0] < 'A' || letter[0] > 'C')
        return false;
    *out = (enum urna_sampler)(letter[0] - 'A');
    return true;
}

/* ---- drawing ---- */

struct named {
    const char *name;
    size_t row;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/* The rows of one stratum in order of name. */
static struct named *sorted_rows(const struct urna_frame *f, size_t stratum, size_t *n)
{
    struct named *rows = urna_xcalloc(f->n + 1, sizeof *rows);
    *n = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (!f->stratum || f->stratum[i] == stratum)
            rows[(*n)++] = (struct named){f->station[i], i};
    }
    qsort(rows, *n, sizeof *rows, by_name);
    return rows;
}

static enum urna_status draw_stratum(size_t *out, const struct named *rows, size_t n, size_t take,
                                     const char *seed, enum urna_sampler sampler,
                                     struct urna_error *err)
{
    if (sampler == URNA_SAMPLER_CONSISTENT) {
        const char **ids = urna_xcalloc(n + 1, sizeof *ids);
        struct urna_ticket *t = urna_xcalloc(take + 1, sizeof *t);
        for (size_t i = 0; i < n; i++)
            ids[i] = rows[i].name;
        enum urna_status rc = urna_sample_consistent(t, take, seed, ids, n, false, 18, err);
        for (size_t i = 0; rc == URNA_OK && i < take; i++)
            out[i] = rows[t[i].item].row;
        urna_tickets_free(t, take);
        free(t);
        free(ids);
        return rc;
    }
    uint64_t *pick = urna_xcalloc(take + 1, sizeof *pick);
    enum urna_status rc;
    if (sampler == URNA_SAMPLER_RIVEST) {
        rc = urna_sample_rivest(pick, NULL, take, seed, 1, n, false, err);
    } else {
        struct urna_cryptorandom r;
        urna_cryptorandom_init(&r, seed);
        rc = urna_cryptorandom_sample(pick, take, n, &r, err);
    }
    for (size_t i = 0; rc == URNA_OK && i < take; i++)
        out[i] = rows[pick[i] - 1].row;
    free(pick);
    return rc;
}

static enum urna_status check_names(const struct urna_frame *f, struct urna_error *err)
{
    struct urna_frame whole = {.n = f->n, .station = f->station};
    size_t n;
    struct named *rows = sorted_rows(&whole, 0, &n);
    enum urna_status rc = URNA_OK;
    for (size_t i = 1; rc == URNA_OK && i < n; i++) {
        if (strcmp(rows[i - 1].name, rows[i].name) == 0)
            rc =
                urna_fail(err, URNA_INPUT,
                          "quick count: the station \"%.100s\" is twice in the list", rows[i].name);
    }
    free(rows);
    return rc;
}

enum urna_status urna_quickcount_draw(struct urna_drawn *out, const struct urna_frame *f,
                                      size_t size, const char *seed, enum urna_sampler sampler,
                                      struct urna_error *err)
{
    *out = (struct urna_drawn){.n = size, .n_strata = f->stratum ? f->n_strata : 1};
    if (size == 0 || size > f->n || (size < 2 && f->n > 1))
        return urna_fail(err, URNA_INPUT, "quick count: %zu of %zu stations can't be drawn", size,
                         f->n);
    enum urna_status rc = check_names(f, err);
    if (rc != URNA_OK)
        return rc;
    out->station = urna_xcalloc(size, sizeof *out->station);
    out->N = urna_xcalloc(out->n_strata + 1, sizeof *out->N);
    out->take = urna_xcalloc(out->n_strata + 1, sizeof *out->take);
    for (size_t i = 0; i < f->n; i++)
        out->N[f->stratum ? f->stratum[i] : 0]++;
    rc = urna_quickcount_allocate(out->take, out->N, f->spread, out->n_strata, size, err);
    size_t at = 0;
    for (size_t h = 0; rc == URNA_OK && h < out->n_strata; h++) {
        size_t n;
        struct named *rows = sorted_rows(f, h, &n);
        struct urna_buf own = {0};
        urna_buf_str(&own, seed);
        if (f->stratum)
            urna_buf_printf(&own, "/%s", f->stratum_name[h]);
        rc = draw_stratum(out->station + at, rows, n, out->take[h], urna_buf_cstr(&own), sampler,
                          err);
        at += out->take[h];
        urna_buf_free(&own);
        free(rows);
    }
    return rc;
}

void urna_drawn_free(struct urna_drawn *d)
{
    free(d->station);
    free(d->N);
    free(d->take);
    *d = (struct urna_drawn){0};
}

/* ---- estimating ---- */

struct sums {
    size_t n;
    double y, x, ee, e;
};

/* N_h^2 (1 - n_h/N_h) s_e^2 / n_h, summed: the variance of the estimated total of e = y - Rx. */
static double variance(const struct sums *s, const size_t *N, size_t n_strata)
{
    double v = 0;
    for (size_t h = 0; h < n_strata; h++) {
        if (s[h].n < 2)
            continue; /* complete: N = n, no error (checked by the caller) */
        double n = (double)s[h].n, all = (double)N[h];
        double s2 = (s[h].ee - s[h].e * s[h].e / n) / (n - 1);
        v += all * all * (1 - n / all) * (s2 > 0 ? s2 : 0) / n;
    }
    return v;
}

static enum urna_status check_strata(const struct sums *s, const size_t *N, size_t n_strata,
                                     struct urna_error *err)
{
    for (size_t h = 0; h < n_strata; h++) {
        if (s[h].n > N[h])
            return urna_fail(err, URNA_INPUT,
                             "quick count: more stations in stratum %zu than it has", h + 1);
        if (N[h] > s[h].n && s[h].n < 2)
            return urna_fail(err, URNA_INPUT,
                             "quick count: stratum %zu has %zu stations and %zu of them in the "
                             "sample; two are needed",
                             h + 1, N[h], s[h].n);
    }
    return URNA_OK;
}

enum urna_status urna_quickcount_estimate(struct urna_estimate *out, const struct urna_cluster *c,
                                          size_t n, const size_t *N, size_t n_strata, double X,
                                          double level, struct urna_error *err)
{
    *out = (struct urna_estimate){.n = n};
    struct sums *s = urna_xcalloc(n_strata + 1, sizeof *s);
    for (size_t i = 0; i < n; i++) {
        struct sums *h = s + c[i].stratum;
        h->n++;
        h->y += c[i].y;
        h->x += c[i].x;
        out->x += c[i].x;
    }
    double total_y = 0, total_x = 0; /* estimated totals of the whole */
    size_t all = 0;
    for (size_t h = 0; h < n_strata; h++) {
        double blow_up = s[h].n > 0 ? (double)N[h] / (double)s[h].n : 0;
        total_y += blow_up * s[h].y;
        total_x += blow_up * s[h].x;
        all += N[h];
        out->df += s[h].n > 0 ? (double)(s[h].n - 1) : 0;
    }
    enum urna_status rc = check_strata(s, N, n_strata, err);
    if (rc == URNA_OK && !(total_x > 0))
        rc = urna_fail(err, URNA_INPUT, "quick count: the sample holds no votes");
    if (rc == URNA_OK) {
        double R = out->share = total_y / total_x;
        for (size_t i = 0; i < n; i++) {
            double e = c[i].y - R * c[i].x;
            s[c[i].stratum].e += e;
            s[c[i].stratum].ee += e * e;
        }
        out->se = sqrt(variance(s, N, n_strata)) / total_x;
        double t = out->df > 0 ? urna_t_quantile((1 + level) / 2, out->df) : 0;
        out->half = t * out->se;
        out->low = R - out->half;
        out->high = R + out->half;
        /* A simple random sample of as many voters, drawn from all voters. */
        double whole = X > out->x ? X : total_x;
        double voters = n < all && whole > out->x ? 1 / out->x - 1 / whole : 0;
        double pq = fabs(R) * (1 - fabs(R));
        out->voters_half = urna_normal_quantile((1 + level) / 2) * sqrt(0.25 * voters);
        out->design_effect = pq * voters > 0 ? out->se * out->se / (pq * voters) : 0;
    }
    free(s);
    return rc;
}

struct urna_comparison urna_quickcount_compare(const struct urna_estimate *e, double announced)
{
    struct urna_comparison c = {.announced = announced, .difference = announced - e->share};
    c.inside = announced >= e->low && announced <= e->high;
    c.t = e->se > 0 ? c.difference / e->se : 0;
    c.p = e->se > 0 ? urna_t_two_sided(c.t, e->df) : (c.difference == 0 ? 1 : 0);
    return c;
}

/* ---- simulating ---- */

enum urna_status urna_quickcount_simulate(struct urna_coverage *out, const double *y,
                                          const double *x, size_t n, size_t size,
                                          size_t repetitions, double level, const char *seed,
                                          struct urna_error *err)
{
    *out = (struct urna_coverage){.size = size, .repetitions = repetitions};
    if (size < 2 || size > n || repetitions == 0)
        return urna_fail(err, URNA_INPUT, "quick count: can't draw %zu of %zu stations", size, n);
    double sum_y = 0, sum_x = 0;
    for (size_t i = 0; i < n; i++) {
        sum_y += y[i];
        sum_x += x[i];
    }
    out->true_share = sum_x > 0 ? sum_y / sum_x : 0;
    struct urna_rng rng;
    urna_rng_init(&rng, seed, "quickcount");
    size_t *deck = urna_xcalloc(n, sizeof *deck);
    struct urna_cluster *c = urna_xcalloc(size, sizeof *c);
    double *off = urna_xcalloc(repetitions, sizeof *off);
    for (size_t i = 0; i < n; i++)
        deck[i] = i;
    enum urna_status rc = URNA_OK;
    for (size_t k = 0; k < repetitions && rc == URNA_OK; k++) {
        for (size_t i = 0; i < size;
             i++) { /* the first part of a shuffle, going on from any order */
            size_t j = i + (size_t)urna_rng_below(&rng, n - i), swap = deck[i];
            deck[i] = deck[j];
            deck[j] = swap;
            c[i] = (struct urna_cluster){0, y[deck[i]], x[deck[i]]};
        }
        struct urna_estimate e;
        rc = urna_quickcount_estimate(&e, c, size, &n, 1, sum_x, level, err);
        off[k] = fabs(e.share - out->true_share);
        out->ratio_half += e.half;
        out->ratio_coverage += off[k] <= e.half;
        out->voters_half += e.voters_half;
        out->voters_coverage += off[k] <= e.voters_half;
        out->design_effect += e.design_effect;
    }
    double reps = (double)repetitions;
    out->empirical_half = urna_quantile(off, repetitions, level);
    out->ratio_half /= reps;
    out->ratio_coverage /= reps;
    out->voters_half /= reps;
    out->voters_coverage /= reps;
    out->design_effect /= reps;
    free(deck);
    free(c);
    free(off);
    return rc;
}
