#include "evidence/simulate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "evidence/chance.h"
#include "evidence/integer.h"

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

#define CANDIDATES 4

/* Votes for the leader, and the others' shared among three. */
static void split(uint32_t votes[CANDIDATES], struct urna_rng *r, uint32_t valid, double share,
                  double tilt)
{
    votes[0] = (uint32_t)urna_rng_binomial(r, valid, share);
    uint32_t left = valid - votes[0];
    votes[1] = (uint32_t)urna_rng_binomial(r, left, 0.55 + 0.1 * tilt);
    votes[2] = (uint32_t)urna_rng_binomial(r, left - votes[1], 0.7);
    votes[3] = left - votes[1] - votes[2];
}

/* Add ballots for the leader until turnout is the next whole percent. */
static void round_up(uint32_t voters, uint32_t *given, uint32_t *received,
                     uint32_t votes[CANDIDATES])
{
    uint64_t percent = (100 * (uint64_t)*given + voters - 1) / voters;
    uint64_t wanted = (percent * voters + 50) / 100;
    uint32_t more = wanted > *given && wanted <= voters ? (uint32_t)wanted - *given : 0;
    *given += more;
    *received += more;
    votes[0] += more;
}

void urna_simulate_country(struct urna_stations *out, size_t n, const char *seed,
                           const struct urna_faults *faults)
{
    static const char *const names[CANDIDATES] = {"Leader", "Second", "Third", "Fourth"};
    urna_stations_init(out, names, CANDIDATES, 0);
    struct urna_rng r;
    urna_rng_init(&r, seed, "country");
    size_t per_district = n / 400 + 1, in_region = 10 * per_district;
    double region_t = 0, region_v = 0, district_t = 0, district_v = 0;
    for (size_t i = 0; i < n; i++) {
        if (i % in_region == 0) {
            region_t = 0.25 * urna_rng_normal(&r);
            region_v = 0.3 * urna_rng_normal(&r);
        }
        if (i % per_district == 0) {
            district_t = 0.15 * urna_rng_normal(&r);
            district_v = 0.2 * urna_rng_normal(&r);
        }
        double size = exp(6.8 + 0.6 * urna_rng_normal(&r));
        uint32_t voters = size < 60 ? 60 : size > 3000 ? 3000 : (uint32_t)size;
        double turnout = logistic(0.3 + region_t + district_t + 0.3 * urna_rng_normal(&r));
        double share = logistic(-0.2 + region_v + district_v + 0.35 * urna_rng_normal(&r));
        uint32_t given = (uint32_t)urna_rng_binomial(&r, voters, turnout), received = given;
        uint32_t invalid = (uint32_t)urna_rng_binomial(&r, received, 0.012), votes[CANDIDATES];
        split(votes, &r, received - invalid, share, region_v);
        /* Always drawn, so that a fault changes nothing but the stations it touches. */
        double to_round = urna_rng_unit(&r), to_stuff = urna_rng_unit(&r),
               how_much = urna_rng_unit(&r);
        if (faults && to_stuff < faults->stuffed) {
            uint32_t more = (uint32_t)((0.2 + 0.6 * how_much) * (voters - given));
            given += more;
            received += more;
            votes[0] += more;
        }
        if (faults && to_round < faults->rounded)
            round_up(voters, &given, &received, votes);
        char region[32], district[32], label[32];
        snprintf(region, sizeof region, "Region %02zu", i / in_region + 1);
        snprintf(district, sizeof district, "District %zu", i / per_district % 10 + 1);
        snprintf(label, sizeof label, "Station %zu", i + 1);
        urna_stations_add(out, voters, given, received, votes, urna_view_str(region),
                          urna_view_str(district), urna_view_str(label));
    }
}

static double moved(struct urna_rng *r, uint32_t k, uint32_t n)
{
    double p = n > 0 ? (double)k / n : 0;
    p += 0.02 * urna_rng_normal(r);
    return p < 0 ? -p : p > 1 ? 2 - p : p; /* reflected at the ends */
}

void urna_simulate_like(struct urna_stations *out, const struct urna_stations *like,
                        const char *seed)
{
    static const char *const names[2] = {"Leader", "Others"};
    urna_stations_init(out, names, 2, 0);
    struct urna_rng r;
    urna_rng_init(&r, seed, "like");
    for (size_t i = 0; i < like->n; i++) {
        uint32_t voters = like->voters[i];
        double turnout = moved(&r, like->given[i], voters),
               share = moved(&r, like->leader[i], like->received[i]);
        uint32_t given = (uint32_t)urna_rng_binomial(&r, voters, turnout);
        uint32_t leader = (uint32_t)urna_rng_binomial(&r, given, share);
        const uint32_t votes[2] = {leader, given - leader};
        urna_stations_add(out, voters, given, given, votes,
                          urna_view_str(like->regions.name[like->region[i]]), urna_view_str(""),
                          urna_view_str(""));
    }
}

struct control {
    const struct urna_stations *like;
    const char *seed;
    double (*z)[3], (*bound)[3];
};

static void one_run(void *ctx, size_t k, unsigned worker)
{
    (void)worker;
    struct control *c = ctx;
    struct urna_buf seed = {0};
    urna_buf_printf(&seed, "%s/%zu", c->seed, k);
    struct urna_stations s;
    urna_simulate_like(&s, c->like, urna_buf_cstr(&seed));
    struct urna_integer r;
    const struct urna_integer_options o = {.threads = 1};
    urna_integer_run(&r, &s, &o);
    for (int t = 0; t < URNA_N_TESTS; t++) {
        c->z[k][t] = r.cell[t][URNA_BY_STATIONS].z;
        c->bound[k][t] = r.cell[t][URNA_BY_STATIONS].log10_bound;
    }
    urna_integer_free(&r);
    urna_stations_free(&s);
    urna_buf_free(&seed);
}

void urna_control_run(struct urna_control *out, const struct urna_stations *like, size_t runs,
                      const char *seed)
{
    *out = (struct urna_control){.runs = runs};
    struct control c = {like, seed, urna_xcalloc(runs + 1, sizeof *c.z),
                        urna_xcalloc(runs + 1, sizeof *c.bound)};
    urna_parallel(0, runs, one_run, &c);
    for (int t = 0; t < 3; t++) {
        double sum = 0, square = 0;
        for (size_t k = 0; k < runs; k++) {
            sum += c.z[k][t];
            square += c.z[k][t] * c.z[k][t];
            out->flagged[t] += c.bound[k][t] < -2;
        }
        double n = (double)runs;
        out->mean_z[t] = runs > 0 ? sum / n : 0;
        out->sd_z[t] = runs > 1 ? sqrt((square - sum * sum / n) / (n - 1)) : 0;
    }
    free(c.z);
    free(c.bound);
}
