/* The statistics by themselves: against brute force on small numbers, against simulated elections
 * that are honest and ones that are not. Nothing here needs data from outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <stdio.h>
#include <cmocka.h>

#include "evidence/chance.h"
#include "evidence/integer.h"
#include "evidence/quickcount.h"
#include "evidence/repeats.h"
#include "evidence/shape.h"
#include "evidence/simulate.h"

#define assert_near(a, b, eps) assert_true(fabs((a) - (b)) <= (eps))

static void quantiles_known_values(void **state)
{
    (void)state;
    assert_near(urna_normal_quantile(0.975), 1.959963984540054, 1e-12);
    assert_near(urna_normal_upper(1.959963984540054), 0.025, 1e-15);
    assert_near(urna_t_quantile(0.975, 1), 12.706204736432095, 1e-8);
    assert_near(urna_t_quantile(0.975, 10), 2.2281388519649385, 1e-10);
    assert_near(urna_t_quantile(0.975, 199), 1.971956544249395, 1e-10);
    assert_near(urna_t_quantile(0.25, 5), -urna_t_quantile(0.75, 5), 1e-10);
    assert_near(urna_t_two_sided(2.2281388519649385, 10), 0.05, 1e-10);
    assert_near(urna_chi2_upper(16.918977604620448, 9), 0.05, 1e-12);
    assert_near(urna_chi2_upper(0.001, 9), 1, 1e-9);
    double x[] = {4, 1, 3, 2};
    assert_near(urna_quantile(x, 4, 0.5), 2.5, 0);
    assert_near(urna_quantile(x, 4, 1), 4, 0);
}

static void corrections_for_many_tests(void **state)
{
    (void)state;
    const double p[] = {0.01, 0.04, 0.03, 0.005, 0.5};
    double q[5], a[5];
    urna_benjamini_hochberg(q, p, 5);
    const double expected[] = {0.025, 0.05, 0.05, 0.025, 0.5};
    for (int i = 0; i < 5; i++)
        assert_near(q[i], expected[i], 1e-15);
    urna_holm(a, p, 5);
    const double holm[] = {0.04, 0.09, 0.09, 0.025, 0.5};
    for (int i = 0; i < 5; i++)
        assert_near(a[i], holm[i], 1e-15);
}

static void random_numbers_are_fixed(void **state)
{
    (void)state;
    struct urna_rng a, b;
    urna_rng_init(&a, "seed", "one");
    urna_rng_init(&b, "seed", "one");
    assert_true(urna_rng_next(&a) == urna_rng_next(&b));
    urna_rng_init(&b, "seed", "two");
    assert_true(urna_rng_next(&a) != urna_rng_next(&b));
    double sum = 0, square = 0;
    for (int i = 0; i < 20000; i++) {
        uint64_t drawn = urna_rng_binomial(&a, 900, 0.3);
        assert_true(drawn <= 900);
        double x = (double)drawn;
        sum += x;
        square += x * x;
    }
    double mean = sum / 20000, var = square / 20000 - mean * mean;
    assert_near(mean, 270, 0.5);
    assert_near(var, 189, 8);
    assert_int_equal(urna_rng_binomial(&a, 7, 0), 0);
    assert_int_equal(urna_rng_binomial(&a, 7, 1), 7);
    unsigned seen[3] = {0};
    for (int i = 0; i < 3000; i++)
        seen[urna_rng_below(&a, 3)]++;
    for (int i = 0; i < 3; i++)
        assert_true(seen[i] > 900 && seen[i] < 1100);
}

/* The sum over every number, without any window or ratio. */
static double chance_by_force(uint32_t k, uint32_t n, bool compat)
{
    double p = (double)k / n, sum = 0;
    for (uint32_t j = 0; j <= n; j++) {
        if (!urna_integer_hit(j, n, compat))
            continue;
        double t = lgamma(n + 1.0) - lgamma(j + 1.0) - lgamma(n - j + 1.0);
        t += (j > 0 ? j * log(p) : 0) + (j < n ? (n - j) * log1p(-p) : 0);
        sum += exp(t);
    }
    return sum;
}

static void chance_of_whole_percent_by_force(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {100, 101, 119, 200, 317, 400, 999, 1000, 2000, 2417, 5000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint32_t n = sizes[i];
        for (uint32_t k = 1; k < n; k += 1 + n / 23) {
            for (int compat = 0; compat < 2; compat++)
                assert_near(urna_integer_chance(k, n, compat), chance_by_force(k, n, compat),
                            1e-10);
        }
    }
    assert_true(urna_integer_hit(70, 100, false) && urna_integer_hit(1401, 2000, false));
    assert_false(urna_integer_hit(1402, 2000, false));
    assert_near(urna_integer_chance(0, 100, false), 1, 0);
}

/* Computed by tools/integer-exact in integers of two hundred bits; the last two lie on an edge,
 * where the published program's comparison differs from the exact one. */
static void chance_of_whole_percent_to_eleven_digits(void **state)
{
    (void)state;
    static const struct {
        uint32_t k, n;
        double exact, compat;
    } known[] = {
        {347, 812, 0.118631147564872019, 0.118631147564872019},
        {500, 1000, 0.100000000000000000, 0.100000000000000000},
        {777, 1554, 0.096753080093000362, 0.096753080093000362},
        {1, 37, 0.362851380127969732, 0.362851380127969732},
        {1201, 3003, 0.100000025600218615, 0.100000025600218615},
        {2999, 3000, 0.735758885750311515, 0.735758885750311515},
        {1234, 98765, 0.000000003679068140, 0.000000003679068140},
        {700, 701, 0.367688380372721492, 0.367688380372721492},
        {41, 63, 0.068239583033604768, 0.068239583033604768},
        {441, 2000, 0.150000009614586015, 0.050000003312960559},
        {1234, 4000, 0.125002629438876942, 0.078919169395151490},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        double tiny = 1e-11; /* what is left out far from the mean */
        assert_near(urna_integer_chance(known[i].k, known[i].n, false), known[i].exact,
                    tiny + 1e-12 * known[i].exact);
        assert_near(urna_integer_chance(known[i].k, known[i].n, true), known[i].compat,
                    tiny + 1e-12 * known[i].compat);
    }
}

static struct urna_stations simulated(size_t n, const char *seed, double rounded, double stuffed)
{
    struct urna_stations s;
    const struct urna_faults f = {rounded, stuffed};
    urna_simulate_country(&s, n, seed, &f);
    return s;
}

static void integers_honest_election_is_quiet(void **state)
{
    (void)state;
    struct urna_stations s = simulated(8000, "honest", 0, 0);
    struct urna_integer r;
    const struct urna_integer_options o = {
        .exact_tail = true, .saw = true, .draws = 400, .seed = "x"};
    urna_integer_run(&r, &s, &o);
    for (int t = 0; t < URNA_N_TESTS; t++) {
        const struct urna_integer_cell *c = &r.cell[t][URNA_BY_STATIONS];
        assert_true(fabs(c->z) < 3.5);
        /* the rigorous bound is above the exact tail */
        assert_true(c->log10_bound >= c->log10_exact);
        /* the drawn quantile is about where a normal has it */
        assert_true(c->q999 > 2.3 * c->sd && c->q999 < 4.2 * c->sd);
    }
    double observed = 0, mean = 0;
    for (int k = 0; k < URNA_SAW_STEPS; k++) {
        observed += r.saw[0].observed[k];
        mean += r.saw[0].mean[k];
    }
    assert_near(observed, (double)r.used, 0);
    assert_near(mean, (double)r.used, 1e-3);
    size_t flagged = 0;
    for (size_t i = 0; i < r.n_regions; i++) {
        assert_true(r.region[i].q >= r.region[i].p);
        flagged += r.region[i].q < 0.05;
    }
    assert_true(flagged <= 1);
    urna_integer_free(&r);
    urna_stations_free(&s);
}

static void integers_rounded_turnout_is_found(void **state)
{
    (void)state;
    struct urna_stations s = simulated(8000, "rounded", 0.1, 0);
    struct urna_integer r;
    const struct urna_integer_options o = {.exact_tail = true};
    urna_integer_run(&r, &s, &o);
    const struct urna_integer_cell *turnout = &r.cell[URNA_TURNOUT][URNA_BY_STATIONS];
    assert_true(turnout->z > 10);
    assert_true(fabs(r.cell[URNA_RESULT][URNA_BY_STATIONS].z) < 3.5);
    assert_true(turnout->log10_exact < -20);
    assert_true(turnout->log10_bound >= turnout->log10_exact &&
                turnout->log10_bound < turnout->log10_exact + 3);
    assert_near(turnout->log10_saddle, turnout->log10_exact, 0.1);
    assert_true(r.holm[URNA_TURNOUT] < 1e-10 && r.holm[URNA_RESULT] > 0.01);
    urna_integer_free(&r);
    urna_stations_free(&s);
}

/* P(at least x) of a region, by going through all outcomes. */
static void integers_region_by_enumeration(void **state)
{
    (void)state;
    struct urna_stations s;
    const char *const names[] = {"A"};
    urna_stations_init(&s, names, 1, 0);
    static const uint32_t rows[6][3] = {{700, 490, 245}, {523, 301, 107}, {1000, 600, 333},
                                        {812, 415, 166}, {345, 200, 55},  {911, 500, 400}};
    for (int i = 0; i < 6; i++)
        urna_stations_add(&s, rows[i][0], rows[i][1], rows[i][1], &rows[i][2], urna_view_str("R"),
                          urna_view_str(""), urna_view_str(""));
    struct urna_integer r;
    const struct urna_integer_options o = {.compat = false};
    urna_integer_run(&r, &s, &o);
    assert_int_equal(r.n_regions, 1);
    double tail = 0;
    for (unsigned set = 0; set < 64; set++) {
        double p = 1;
        for (int i = 0; i < 6; i++) {
            double a = urna_integer_chance(rows[i][2], rows[i][1], false);
            double b = urna_integer_chance(rows[i][1], rows[i][0], false), hit = a + b - a * b;
            p *= set >> i & 1 ? hit : 1 - hit;
        }
        tail += (size_t)__builtin_popcount(set) >= r.region[0].observed ? p : 0;
    }
    assert_near(r.region[0].p, tail, 1e-12);
    urna_integer_free(&r);
    urna_stations_free(&s);
}

static void control_runs_are_quiet(void **state)
{
    (void)state;
    struct urna_stations s = simulated(3000, "control", 0.2, 0);
    struct urna_control c;
    urna_control_run(&c, &s, 12, "x");
    for (int t = 0; t < 3; t++)
        assert_true(fabs(c.mean_z[t]) < 1.5 && c.flagged[t] <= 1);
    urna_stations_free(&s);
}

static void stuffing_shows_in_slopes_and_shpilkin(void **state)
{
    (void)state;
    struct urna_stations honest = simulated(6000, "s", 0, 0),
                         stuffed = simulated(6000, "s", 0, 0.3);
    struct urna_slope a[4], b[4];
    urna_sobyanin_run(a, &honest);
    urna_sobyanin_run(b, &stuffed);
    assert_near(a[0].within, a[0].share, 0.04);
    assert_true(b[0].within_low > b[0].share + 0.1);
    assert_true(b[1].within < b[1].share);
    double within = 0;
    for (int c = 0; c < 4; c++)
        within += a[c].within;
    assert_true(within > 0.95 && within < 1.0); /* all votes and the invalid: slope 1 */

    struct urna_shape p, q;
    urna_shape_run(&p, &honest);
    urna_shape_run(&q, &stuffed);
    struct urna_shpilkin_band m, n;
    urna_shpilkin_run(&m, &p, 0);
    urna_shpilkin_run(&n, &q, 0);
    /* what was put in */
    double more = (double)(q.votes - p.votes);
    assert_true(m.main.excess < 0.15 * more);
    assert_true(n.main.excess > 0.6 * more && n.main.excess < 1.2 * more);
    assert_true(n.low <= n.main.excess && n.main.excess <= n.high && n.low < n.high);
    assert_true(n.detected);
    urna_shape_free(&p);
    urna_shape_free(&q);
    urna_stations_free(&honest);
    urna_stations_free(&stuffed);
}

static void add(struct urna_stations *s, uint32_t voters, uint32_t a, uint32_t b,
                const char *district)
{
    const uint32_t votes[2] = {a, b};
    urna_stations_add(s, voters, a + b, a + b, votes, urna_view_str("R"), urna_view_str(district),
                      urna_view_str("x"));
}

static void duplicates_are_found(void **state)
{
    (void)state;
    struct urna_stations s = simulated(1500, "dup", 0, 0);
    uint32_t votes[4];
    memcpy(votes, s.votes + 4 * 700, sizeof votes);
    for (int i = 0; i < 3; i++)
        urna_stations_add(&s, s.voters[700], s.given[700], s.received[700], votes,
                          urna_view_str("Region 01"), urna_view_str("District 1"),
                          urna_view_str("copy"));
    struct urna_duplicates d;
    urna_duplicates_run(&d, &s, 39, "x");
    assert_int_equal(d.all.observed, 6); /* four alike: six pairs */
    assert_int_equal(d.n_pairs, 6);
    assert_int_equal(d.pair[0].a, 700);
    assert_true(d.all.mean < 1);
    assert_near(d.all.p, 1.0 / 40, 1e-12);
    urna_duplicates_free(&d);
    urna_stations_free(&s);
}

static void neighbours_in_a_string_are_found(void **state)
{
    (void)state;
    struct urna_stations s = simulated(1500, "string", 0, 0);
    struct urna_strings_found a, b;
    urna_neighbours_run(&a, &s, 99, "x");
    assert_true(a.neighbours.p > 0.01);
    urna_stations_free(&s);

    const char *const two[] = {"A", "B"};
    urna_stations_init(&s, two, 2, 0);
    struct urna_rng r;
    urna_rng_init(&r, "neighbours", "test");
    for (uint32_t i = 0; i < 400; i++) {
        bool string = i >= 100 && i < 112;
        uint32_t leader = string ? 800 : 500 + (uint32_t)urna_rng_below(&r, 400);
        add(&s, 2000, leader, 1000 - leader, "D");
    }
    urna_neighbours_run(&b, &s, 199, "x");
    assert_true(b.longest >= 12 && b.at <= 100 && b.at >= 98);
    assert_near(b.neighbours.p, 1.0 / 200, 1e-12);
    urna_stations_free(&s);
}

static void kireev_district_is_found(void **state)
{
    (void)state;
    struct urna_stations s;
    const char *const two[] = {"A", "B"};
    urna_stations_init(&s, two, 2, 0);
    struct urna_rng r;
    urna_rng_init(&r, "kireev", "test");
    for (uint32_t i = 0; i < 600; i++) {
        char district[16];
        snprintf(district, sizeof district, "D%u", i / 60);
        bool invented = i / 60 == 4;
        uint32_t b = invented ? 1 + i % 2 : (uint32_t)urna_rng_binomial(&r, 800, 0.0012);
        add(&s, 1500, 800 - b, b, district);
    }
    struct urna_kireev k;
    urna_kireev_run(&k, &s, 99, "x");
    assert_int_equal(k.n, 1);
    assert_string_equal(s.districts.name[k.hit[0].district], "R, D4");
    assert_int_equal(k.hit[0].candidate, 1);
    assert_int_equal(k.hit[0].none, 0);
    assert_int_equal(k.hit[0].one + k.hit[0].two, 60);
    /* 60 stations without a zero: (1 - (1 - 90/48000)^800)^60 */
    double zero = pow(1 - 90.0 / 48000, 800);
    assert_near(log(k.hit[0].p), 60 * log1p(-zero), 1e-6);
    assert_true(k.hits.p < 0.02);
    urna_kireev_free(&k);
    urna_stations_free(&s);
}

static void digits_of_uniform_numbers(void **state)
{
    (void)state;
    struct urna_stations s;
    const char *const one[] = {"A"};
    urna_stations_init(&s, one, 1, 0);
    for (uint32_t v = 50; v < 1000; v++)
        urna_stations_add(&s, 1000, v, v, &v, urna_view_str(""), urna_view_str(""),
                          urna_view_str(""));
    struct urna_digits d;
    urna_digits_run(&d, &s, 0);
    assert_int_equal(d.n, 900);
    assert_near(d.second_expected, 4.18739, 1e-5);
    assert_near(d.second_mean, 4.5, 1e-12);
    assert_near(d.last_chi2, 0, 1e-12);
    assert_near(d.last_p, 1, 1e-12);
    urna_stations_free(&s);
}

/* ---- quick count ---- */

static void estimate_by_hand(void **state)
{
    (void)state;
    const struct urna_cluster c[] = {{0, 30, 100}, {0, 50, 100}, {0, 40, 80}, {0, 60, 120}};
    const size_t N = 40;
    struct urna_estimate e;
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_quickcount_estimate(&e, c, 4, &N, 1, 0, 0.95, &err), URNA_OK);
    assert_near(e.share, 0.45, 1e-15);
    /* e: -15, 5, 4, 6; var = (1 - f) / (k m^2) * sum e^2 / (k - 1) */
    double var = 0.9 / (4 * 100.0 * 100.0) * (225 + 25 + 16 + 36) / 3;
    assert_near(e.se, sqrt(var), 1e-15);
    assert_near(e.half, urna_t_quantile(0.975, 3) * sqrt(var), 1e-12);
    struct urna_comparison far = urna_quickcount_compare(&e, 0.9),
                           near = urna_quickcount_compare(&e, 0.46);
    assert_true(!far.inside && far.p < 0.05 && near.inside && near.p > 0.5);
}

static void estimate_strata_and_whole(void **state)
{
    (void)state;
    const struct urna_cluster c[] = {{0, 10, 100}, {0, 20, 100}, {1, 90, 100}, {1, 90, 100}};
    const size_t N[] = {2, 4};
    struct urna_estimate e;
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_quickcount_estimate(&e, c, 4, N, 2, 0, 0.95, &err), URNA_OK);
    assert_near(e.share, (30 + 360) / 600.0, 1e-15);
    assert_near(e.se, 0, 1e-15); /* one stratum complete, the other without variation */
    assert_near(e.df, 2, 0);
    const size_t more[] = {2, 4, 9};
    assert_int_equal(urna_quickcount_estimate(&e, c, 4, more, 3, 0, 0.95, &err), URNA_INPUT);
    const size_t fewer[] = {1, 4};
    assert_int_equal(urna_quickcount_estimate(&e, c, 4, fewer, 2, 0, 0.95, &err), URNA_INPUT);
}

static void draw_is_stratified_and_repeatable(void **state)
{
    (void)state;
    static char names[100][8];
    static const char *station[100];
    static uint32_t stratum[100];
    for (uint32_t i = 0; i < 100; i++) {
        snprintf(names[i], sizeof names[i], "s%02u", (i * 37) % 100);
        station[i] = names[i];
        stratum[i] = i % 10 < 7 ? 0 : i % 10 < 9 ? 1 : 2;
    }
    const char *const strata[] = {"north", "south", "islands"};
    struct urna_frame f = {100, station, stratum, strata, 3, NULL};
    struct urna_error err = URNA_ERROR_INIT;
    for (int sampler = 0; sampler < 3; sampler++) {
        struct urna_drawn d, again;
        assert_int_equal(
            urna_quickcount_draw(&d, &f, 13, "dice 1 6 3", (enum urna_sampler)sampler, &err),
            URNA_OK);
        assert_int_equal(d.take[0] + d.take[1] + d.take[2], 13);
        assert_int_equal(d.take[0], 8);
        assert_int_equal(d.take[1], 3);
        assert_int_equal(d.take[2], 2);
        assert_int_equal(d.N[0], 70);
        bool seen[100] = {false};
        for (size_t i = 0; i < 13; i++) {
            assert_false(seen[d.station[i]]);
            seen[d.station[i]] = true;
            assert_int_equal(stratum[d.station[i]], i < 8 ? 0 : i < 11 ? 1 : 2);
        }
        /* the order of the list does not matter */
        const char *turned[100];
        uint32_t turned_stratum[100];
        for (size_t i = 0; i < 100; i++) {
            turned[i] = station[99 - i];
            turned_stratum[i] = stratum[99 - i];
        }
        struct urna_frame g = {100, turned, turned_stratum, strata, 3, NULL};
        assert_int_equal(
            urna_quickcount_draw(&again, &g, 13, "dice 1 6 3", (enum urna_sampler)sampler, &err),
            URNA_OK);
        for (size_t i = 0; i < 13; i++)
            assert_string_equal(station[d.station[i]], turned[again.station[i]]);
        urna_drawn_free(&d);
        urna_drawn_free(&again);
    }
    struct urna_drawn d;
    assert_int_equal(urna_quickcount_draw(&d, &f, 5, "x", URNA_SAMPLER_RIVEST, &err), URNA_INPUT);
    urna_drawn_free(&d);
    station[1] = station[0];
    assert_int_equal(urna_quickcount_draw(&d, &f, 13, "x", URNA_SAMPLER_RIVEST, &err), URNA_INPUT);
    urna_drawn_free(&d);
}

static void interval_covers_what_it_says(void **state)
{
    (void)state;
    struct urna_stations s = simulated(3000, "coverage", 0, 0);
    double *y = calloc(s.n, sizeof *y), *x = calloc(s.n, sizeof *x);
    for (size_t i = 0; i < s.n; i++) {
        y[i] = s.leader[i];
        x[i] = s.received[i];
    }
    struct urna_coverage c;
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_quickcount_simulate(&c, y, x, s.n, 200, 2000, 0.95, "x", &err), URNA_OK);
    assert_true(c.ratio_coverage > 0.93 && c.ratio_coverage < 0.97);
    assert_true(c.voters_coverage < 0.5);
    assert_true(c.design_effect > 5);
    free(y);
    free(x);
    urna_stations_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_known_values),
        cmocka_unit_test(corrections_for_many_tests),
        cmocka_unit_test(random_numbers_are_fixed),
        cmocka_unit_test(chance_of_whole_percent_by_force),
        cmocka_unit_test(chance_of_whole_percent_to_eleven_digits),
        cmocka_unit_test(integers_honest_election_is_quiet),
        cmocka_unit_test(integers_rounded_turnout_is_found),
        cmocka_unit_test(integers_region_by_enumeration),
        cmocka_unit_test(control_runs_are_quiet),
        cmocka_unit_test(stuffing_shows_in_slopes_and_shpilkin),
        cmocka_unit_test(duplicates_are_found),
        cmocka_unit_test(neighbours_in_a_string_are_found),
        cmocka_unit_test(kireev_district_is_found),
        cmocka_unit_test(digits_of_uniform_numbers),
        cmocka_unit_test(estimate_by_hand),
        cmocka_unit_test(estimate_strata_and_whole),
        cmocka_unit_test(draw_is_stratified_and_repeatable),
        cmocka_unit_test(interval_covers_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
