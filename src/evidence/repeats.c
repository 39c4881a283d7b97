#include "evidence/repeats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/chance.h"

/* Rows of each group one after another: order[start[g] .. start[g + 1]). */
struct groups {
    size_t *start;
    uint32_t *order;
    size_t n;
};

static struct groups group_rows(const uint32_t *key, size_t rows, size_t n)
{
    struct groups g = {urna_xcalloc(n + 2, sizeof *g.start),
                       urna_xcalloc(rows + 1, sizeof *g.order), n};
    for (size_t i = 0; i < rows; i++)
        g.start[key[i] + 1]++;
    for (size_t k = 0; k < n; k++)
        g.start[k + 1] += g.start[k];
    size_t *at = urna_xcalloc(n + 1, sizeof *at);
    for (size_t i = 0; i < rows; i++)
        g.order[g.start[key[i]] + at[key[i]]++] = (uint32_t)i;
    free(at);
    return g;
}

static void groups_free(struct groups *g)
{
    free(g->start);
    free(g->order);
}

static void shuffle(uint32_t *x, size_t n, struct urna_rng *rng)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)urna_rng_below(rng, i);
        uint32_t swap = x[i - 1];
        x[i - 1] = x[j];
        x[j] = swap;
    }
}

static void judge(struct urna_permutation *p, size_t observed, const size_t *found, size_t shuffles)
{
    size_t as_many = 0;
    double sum = 0;
    for (size_t k = 0; k < shuffles; k++) {
        as_many += found[k] >= observed;
        sum += (double)found[k];
    }
    *p = (struct urna_permutation){observed, shuffles, shuffles > 0 ? sum / (double)shuffles : 0,
                                   (1 + (double)as_many) / (1 + (double)shuffles)};
}

/* ---- duplicates ---- */

struct hashed {
    uint64_t hash;
    uint32_t row;
};

static int by_hash(const void *a, const void *b)
{
    const struct hashed *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* A protocol as columns; place[c][i] is the row that column c of protocol i is taken from. */
struct columns {
    const struct urna_stations *s;
    uint32_t **place; /* NULL: everything at its place */
};

#define FIXED 3 /* voters, given, received; then the candidates */

static uint32_t value(const struct columns *c, unsigned column, uint32_t row)
{
    uint32_t i = c->place ? c->place[column][row] : row;
    switch (column) {
    case 0:
        return c->s->voters[i];
    case 1:
        return c->s->given[i];
    case 2:
        return c->s->received[i];
    default:
        return c->s->votes[(size_t)i * c->s->n_candidates + column - FIXED];
    }
}

static uint64_t hash_row(const struct columns *c, uint32_t row)
{
    uint64_t h = 1469598103934665603u;
    for (unsigned k = 0; k < FIXED + c->s->n_candidates; k++) {
        h = (h ^ value(c, k, row)) * 0x9e3779b97f4a7c15u;
        h ^= h >> 29;
    }
    return h;
}

static bool same_row(const struct columns *c, uint32_t a, uint32_t b)
{
    for (unsigned k = 0; k < FIXED + c->s->n_candidates; k++) {
        if (value(c, k, a) != value(c, k, b))
            return false;
    }
    return true;
}

static size_t count_pairs(const struct columns *c, const uint32_t *row, size_t n,
                          struct hashed *scratch, struct urna_duplicates *keep)
{
    for (size_t i = 0; i < n; i++)
        scratch[i] = (struct hashed){hash_row(c, row[i]), row[i]};
    qsort(scratch, n, sizeof *scratch, by_hash);
    size_t pairs = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n && scratch[j].hash == scratch[i].hash; j++) {
            if (!same_row(c, scratch[i].row, scratch[j].row))
                continue;
            pairs++;
            if (keep && keep->n_pairs < URNA_MAX_PAIRS)
                keep->pair[keep->n_pairs++] = (struct urna_pair){scratch[i].row, scratch[j].row};
        }
    }
    return pairs;
}

static int by_first(const void *a, const void *b)
{
    const struct urna_pair *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

void urna_duplicates_run(struct urna_duplicates *out, const struct urna_stations *s,
                         size_t shuffles, const char *seed)
{
    *out = (struct urna_duplicates){.least = 50};
    out->pair = urna_xcalloc(URNA_MAX_PAIRS, sizeof *out->pair);
    uint32_t *row = urna_xcalloc(s->n + 1, sizeof *row);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->received[i] >= out->least)
            row[n++] = (uint32_t)i;
    }
    struct hashed *scratch = urna_xcalloc(n + 1, sizeof *scratch);
    struct columns c = {s, NULL};
    size_t observed = count_pairs(&c, row, n, scratch, out);
    qsort(out->pair, out->n_pairs, sizeof *out->pair, by_first);

    /* Only rows that are compared are shuffled, so that sizes stay what they are. */
    unsigned columns = FIXED + s->n_candidates;
    uint32_t *key = urna_xcalloc(n + 1, sizeof *key);
    for (size_t i = 0; i < n; i++)
        key[i] = s->region[row[i]];
    struct groups g = group_rows(key, n, s->regions.n);
    c.place = urna_xcalloc(columns, sizeof *c.place);
    for (unsigned k = 0; k < columns; k++)
        c.place[k] = urna_xcalloc(s->n + 1, sizeof **c.place);
    uint32_t *mixed = urna_xcalloc(n + 1, sizeof *mixed);
    size_t *found = urna_xcalloc(shuffles + 1, sizeof *found);
    struct urna_rng rng;
    urna_rng_init(&rng, seed, "duplicates");
    for (size_t k = 0; k < shuffles; k++) {
        for (unsigned col = 0; col < columns; col++) {
            for (size_t r = 0; r < g.n; r++) {
                size_t from = g.start[r], len = g.start[r + 1] - from;
                for (size_t i = 0; i < len; i++)
                    mixed[i] = row[g.order[from + i]];
                shuffle(mixed, len, &rng);
                for (size_t i = 0; i < len; i++)
                    c.place[col][row[g.order[from + i]]] = mixed[i];
            }
        }
        found[k] = count_pairs(&c, row, n, scratch, NULL);
    }
    judge(&out->all, observed, found, shuffles);
    for (unsigned k = 0; k < columns; k++)
        free(c.place[k]);
    free(c.place);
    groups_free(&g);
    free(key);
    free(mixed);
    free(found);
    free(scratch);
    free(row);
}

void urna_duplicates_free(struct urna_duplicates *d)
{
    free(d->pair);
    *d = (struct urna_duplicates){0};
}

/* ---- strings of neighbours ---- */

static size_t equal_neighbours(const struct groups *g, const uint32_t *order, const uint32_t *share)
{
    size_t n = 0;
    for (size_t d = 0; d < g->n; d++) {
        for (size_t i = g->start[d] + 1; i < g->start[d + 1]; i++)
            n += share[order[i]] == share[order[i - 1]];
    }
    return n;
}

void urna_neighbours_run(struct urna_strings_found *out, const struct urna_stations *s,
                         size_t shuffles, const char *seed)
{
    *out = (struct urna_strings_found){0};
    uint32_t *row = urna_xcalloc(s->n + 1, sizeof *row), *key = urna_xcalloc(s->n + 1, sizeof *key);
    uint32_t *share = urna_xcalloc(s->n + 1, sizeof *share);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        uint64_t R = s->received[i], L = s->leader[i];
        if (R < 100)
            continue;
        row[n] = (uint32_t)i;
        share[n] = (uint32_t)((2000 * L + R) / (2 * R)); /* to 0.1 point */
        key[n++] = s->district[i];
    }
    struct groups g = group_rows(key, n, s->districts.n);
    size_t observed = equal_neighbours(&g, g.order, share);
    for (size_t d = 0; d < g.n; d++) {
        size_t run = 1;
        for (size_t i = g.start[d] + 1; i < g.start[d + 1]; i++) {
            run = share[g.order[i]] == share[g.order[i - 1]] ? run + 1 : 1;
            if (run > out->longest) {
                out->longest = run;
                out->at = row[g.order[i - run + 1]];
            }
        }
    }
    size_t *found = urna_xcalloc(shuffles + 1, sizeof *found);
    struct urna_rng rng;
    urna_rng_init(&rng, seed, "neighbours");
    for (size_t k = 0; k < shuffles; k++) {
        for (size_t d = 0; d < g.n; d++)
            shuffle(g.order + g.start[d], g.start[d + 1] - g.start[d], &rng);
        found[k] = equal_neighbours(&g, g.order, share);
    }
    judge(&out->neighbours, observed, found, shuffles);
    free(found);
    groups_free(&g);
    free(row);
    free(key);
    free(share);
}

/* ---- Kireev ---- */

struct few {
    uint32_t none, one, two;
};

static bool is_hit(const struct few *f)
{
    return f->one > 20 && f->two > 20 && f->none < 10;
}

static void count_one(struct few *f, uint32_t votes)
{
    f->none += votes == 0;
    f->one += votes == 1;
    f->two += votes == 2;
}

/* P(at most `none` stations without a vote), stations independent: exact, by convolution. */
static double few_zeros(const struct urna_stations *s, const struct groups *g, uint32_t district,
                        unsigned candidate, size_t none)
{
    double votes = 0, ballots = 0;
    for (size_t i = g->start[district]; i < g->start[district + 1]; i++) {
        votes += s->votes[(size_t)g->order[i] * s->n_candidates + candidate];
        ballots += s->received[g->order[i]];
    }
    double miss = ballots > 0 ? log1p(-votes / ballots) : 0;
    double *p = urna_xcalloc(none + 2, sizeof *p);
    p[0] = 1;
    for (size_t i = g->start[district]; i < g->start[district + 1]; i++) {
        double zero = exp(miss * s->received[g->order[i]]);
        for (size_t k = none + 1; k-- > 0;)
            p[k] = p[k] * (1 - zero) + (k > 0 ? p[k - 1] * zero : 0);
    }
    double sum = 0;
    for (size_t k = 0; k <= none; k++)
        sum += p[k];
    free(p);
    return sum < 1 ? sum : 1;
}

/* Hits after shuffling each party's votes within each region. */
static size_t shuffled_hits(const struct urna_stations *s, const struct groups *regions,
                            uint32_t *votes, struct few *few, struct urna_rng *rng)
{
    size_t hits = 0;
    for (unsigned c = 0; c < s->n_candidates; c++) {
        memset(few, 0, s->districts.n * sizeof *few);
        for (size_t r = 0; r < regions->n; r++) {
            size_t from = regions->start[r], len = regions->start[r + 1] - from;
            for (size_t i = 0; i < len; i++)
                votes[i] = s->votes[(size_t)regions->order[from + i] * s->n_candidates + c];
            shuffle(votes, len, rng);
            for (size_t i = 0; i < len; i++)
                count_one(few + s->district[regions->order[from + i]], votes[i]);
        }
        for (uint32_t d = 0; d < s->districts.n; d++)
            hits += is_hit(few + d);
    }
    return hits;
}

void urna_kireev_run(struct urna_kireev *out, const struct urna_stations *s, size_t shuffles,
                     const char *seed)
{
    *out = (struct urna_kireev){0};
    struct groups districts = group_rows(s->district, s->n, s->districts.n);
    struct groups regions = group_rows(s->region, s->n, s->regions.n);
    struct few *few = urna_xcalloc((size_t)s->districts.n + 1, sizeof *few);
    size_t cap = 0;
    for (unsigned c = 0; c < s->n_candidates; c++) {
        memset(few, 0, s->districts.n * sizeof *few);
        for (size_t i = 0; i < s->n; i++)
            count_one(few + s->district[i], s->votes[i * s->n_candidates + c]);
        for (uint32_t d = 0; d < s->districts.n; d++) {
            if (!is_hit(few + d))
                continue;
            if (out->n == cap) {
                cap = cap == 0 ? 16 : 2 * cap;
                out->hit = urna_xrealloc(out->hit, cap, sizeof *out->hit);
            }
            out->hit[out->n++] = (struct urna_kireev_hit){
                d,          c,          districts.start[d + 1] - districts.start[d], few[d].none,
                few[d].one, few[d].two, few_zeros(s, &districts, d, c, few[d].none),
            };
        }
    }
    uint32_t *votes = urna_xcalloc(s->n + 1, sizeof *votes);
    size_t *found = urna_xcalloc(shuffles + 1, sizeof *found);
    struct urna_rng rng;
    urna_rng_init(&rng, seed, "kireev");
    for (size_t k = 0; k < shuffles; k++)
        found[k] = shuffled_hits(s, &regions, votes, few, &rng);
    judge(&out->hits, out->n, found, shuffles);
    free(votes);
    free(found);
    free(few);
    groups_free(&districts);
    groups_free(&regions);
}

void urna_kireev_free(struct urna_kireev *k)
{
    free(k->hit);
    *k = (struct urna_kireev){0};
}

/* ---- digits ---- */

void urna_digits_run(struct urna_digits *out, const struct urna_stations *s, unsigned candidate)
{
    *out = (struct urna_digits){0};
    double sum = 0, last[10] = {0};
    for (size_t i = 0; i < s->n; i++) {
        uint32_t v = s->votes[i * s->n_candidates + candidate];
        if (v < 100)
            continue;
        last[v % 10]++;
        while (v >= 100)
            v /= 10;
        sum += v % 10;
        out->n++;
    }
    /* Benford: P(second digit = d) = sum over first digits k of log10(1 + 1 / (10 k + d)) */
    double mean = 0, square = 0;
    for (int d = 0; d < 10; d++) {
        double p = 0;
        for (int k = 1; k < 10; k++)
            p += log10(1 + 1.0 / (10 * k + d));
        mean += d * p;
        square += d * d * p;
    }
    out->second_expected = mean;
    if (out->n == 0)
        return;
    double n = (double)out->n;
    out->second_mean = sum / n;
    out->second_z = (out->second_mean - mean) / sqrt((square - mean * mean) / n);
    for (int d = 0; d < 10; d++)
        out->last_chi2 += (last[d] - n / 10) * (last[d] - n / 10) / (n / 10);
    out->last_p = urna_chi2_upper(out->last_chi2, 9);
}
