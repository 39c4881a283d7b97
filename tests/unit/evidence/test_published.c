/* Published numbers about real elections, reproduced from the files they were computed from. The
 * files are never part of the source tree: without them every test here is skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>

#include "evidence/forensics.h"
#include "evidence/load.h"
#include "evidence/quickcount.h"
#include "shared.h"

static const int years[] = {2004, 2007, 2008, 2011, 2012, 2016, 2018, 2021};
#define N_YEARS (sizeof years / sizeof years[0])
static struct urna_stations russia[N_YEARS];
static struct urna_integer integer[N_YEARS];
static bool have_data;

static const char *const tests[] = {"either", "result", "turnout"};

static int load_all(void **state)
{
    (void)state;
    char path[4096], name[64];
    have_data = true;
    for (size_t i = 0; i < N_YEARS && have_data; i++) {
        snprintf(name, sizeof name, "data/russia/%d.csv.zip", years[i]);
        have_data = access(urna_shared_path(path, sizeof path, name), R_OK) == 0;
        if (!have_data) {
            fprintf(stderr, "# skipped: no %s\n", path);
            break;
        }
        struct urna_load l = {.path = path};
        struct urna_error err = URNA_ERROR_INIT;
        if (urna_stations_load(&russia[i], &l, &err) != URNA_OK) {
            fprintf(stderr, "# %s: %s: %s\n", name, err.where, err.msg);
            return -1;
        }
        const struct urna_integer_options o = {.compat = true};
        urna_integer_run(&integer[i], &russia[i], &o);
    }
    return 0;
}

static int free_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_YEARS; i++) {
        urna_integer_free(&integer[i]);
        urna_stations_free(&russia[i]);
    }
    return 0;
}

static json_t *year_of(json_t *file, int year)
{
    char name[16];
    snprintf(name, sizeof name, "%d", year);
    json_t *y = json_object_get(json_object_get(file, "years"), name);
    assert_non_null(y);
    return y;
}

static double real(json_t *object, const char *key)
{
    json_t *x = json_object_get(object, key);
    assert_true(json_is_number(x));
    return json_number_value(x);
}

/* d and sd of 2021 as tools/integer-exact computes them, in integers of two hundred bits. Two of the
 * 288 numbers of the file below are one unit of their last digit away from these (either, by given:
 * printed 1471702.24; result, by voters: printed 203686.477), less than 1e-8 of the sums they come
 * from. What is tested here is that ours are right in the digits printed there and beyond. */
static const double exact_2021[URNA_N_TESTS][URNA_N_WEIGHTS][2] = {
    {
        {1311.992195471818, 117.242782870476},
        {2036244.622618870390, 233553.274081990229},
        {1471702.245803811037, 180249.268169683735},
        {1081795.356769266716, 87516.389300494399},
    },
    {
        {824.822367664236, 89.608810290927},
        {1248161.810577708924, 203686.476267248106},
        {863989.828636831380, 167158.359571901869},
        {625413.737054237145, 78670.248095139345},
    },
    {
        {784.313598970951, 89.828406049178},
        {1228118.146143367515, 140966.308838746740},
        {950134.978867828955, 88223.098436699933},
        {707600.940518647750, 48122.689689036122},
    },
};

static void exact_values_to_nine_digits(void **state)
{
    (void)state;
    if (!have_data)
        skip();
    double worst = 0;
    for (int t = 0; t < URNA_N_TESTS; t++)
        for (int w = 0; w < URNA_N_WEIGHTS; w++) {
            const struct urna_integer_cell *c = &integer[N_YEARS - 1].cell[t][w];
            const double *want = exact_2021[t][w];
            double d = fabs(c->d / want[0] - 1), sd = fabs(c->sd / want[1] - 1);
            worst = d > worst ? d : worst;
            worst = sd > worst ? sd : worst;
        }
    fprintf(stderr, "# 24 numbers of 2021: off by at most %.1e of themselves\n", worst);
    assert_true(worst < 1e-9);
    /* to the printed digits, where the file differs */
    char text[32];
    snprintf(text, sizeof text, "%.2f", integer[N_YEARS - 1].cell[URNA_EITHER][URNA_BY_GIVEN].d);
    assert_string_equal(text, "1471702.25");
    snprintf(text, sizeof text, "%.3f", integer[N_YEARS - 1].cell[URNA_RESULT][URNA_BY_VOTERS].sd);
    assert_string_equal(text, "203686.476");
}

/* To one unit of the last printed digit (d 0.01, sd 0.001, z 0.01). */
static void exact_values_to_the_printed_digits(void **state)
{
    (void)state;
    json_t *file = urna_shared_json("data/audit-vectors/integer-anomaly-exact.json");
    if (!file || !have_data)
        skip();
    size_t n = 0;
    for (size_t i = 0; i < N_YEARS; i++) {
        for (int t = 0; t < URNA_N_TESTS; t++) {
            for (int w = 0; w < URNA_N_WEIGHTS; w++) {
                json_t *v =
                    json_array_get(json_object_get(year_of(file, years[i]), tests[t]), (size_t)w);
                const struct urna_integer_cell *c = &integer[i].cell[t][w];
                assert_true(fabs(c->d - real(v, "d")) <= 0.01);
                assert_true(fabs(c->sd - real(v, "sd")) <= 0.001);
                assert_true(fabs(c->z - real(v, "z")) <= 0.01);
                n++;
            }
        }
    }
    assert_int_equal(n, 96);
    json_decref(file);
}

static void published_cells_within_their_error(void **state)
{
    (void)state;
    static const char *const weights[] = {"stations", "voters", "given", "leader"};
    json_t *file = urna_shared_json("data/audit-vectors/integer-anomaly-published.json");
    if (!file || !have_data)
        skip();
    double worst = 0, square = 0;
    size_t n = 0;
    for (size_t i = 0; i < N_YEARS; i++) {
        for (int t = 0; t < URNA_N_TESTS; t++) {
            for (int w = 0; w < URNA_N_WEIGHTS; w++) {
                json_t *v =
                    json_object_get(json_object_get(year_of(file, years[i]), tests[t]), weights[w]);
                /* the mean of 1,000 draws has this standard error */
                double error = real(v, "s") / sqrt(1000),
                       off = (integer[i].cell[t][w].d - real(v, "d")) / error;
                worst = fabs(off) > worst ? fabs(off) : worst;
                square += off * off;
                n++;
            }
        }
    }
    fprintf(
        stderr,
        "# 96 published cells: root mean square %.2f, largest %.2f Monte Carlo standard errors\n",
        sqrt(square / (double)n), worst);
    assert_int_equal(n, 96);
    assert_true(worst <= 4);
    json_decref(file);
}

/* --compat draws: s and the 99.9 % point of the published simulation, within its own noise. */
static void published_quantile_by_drawing(void **state)
{
    (void)state;
    json_t *file = urna_shared_json("data/audit-vectors/integer-anomaly-published.json");
    if (!file || !have_data)
        skip();
    size_t i = 6; /* 2018 */
    struct urna_integer r;
    const struct urna_integer_options o = {.compat = true, .draws = 1000, .seed = "1"};
    urna_integer_run(&r, &russia[i], &o);
    for (int t = 0; t < URNA_N_TESTS; t++) {
        json_t *v = json_object_get(json_object_get(year_of(file, years[i]), tests[t]), "stations");
        const struct urna_integer_cell *c = &r.cell[t][URNA_BY_STATIONS];
        assert_true(fabs(c->sd / real(v, "s") - 1) < 0.08);
        assert_true(fabs(c->q999 - real(v, "q999")) < c->sd);
    }
    urna_integer_free(&r);
    json_decref(file);
}

static void tail_of_2018(void **state)
{
    (void)state;
    if (!have_data)
        skip();
    const struct urna_integer_cell *c = &integer[6].cell[URNA_EITHER][URNA_BY_STATIONS];
    assert_true(fabs(c->log10_bound + 44.93) < 0.01);
    assert_true(fabs(c->log10_saddle + 46.46) < 0.01);
}

static void klimek_to_the_printed_digits(void **state)
{
    (void)state;
    static const struct {
        size_t year;
        struct urna_klimek k;
    } expected[] = {{1, {.561, .610, .069873, .098875, .425573}},
                    {3, {.529, .324, .081381, .069723, .559001}},
                    {4, {.605, .600, .069407, .091970, .418900}}};
    if (!have_data)
        skip();
    for (size_t i = 0; i < 3; i++) {
        struct urna_klimek k;
        urna_klimek_run(&k, &russia[expected[i].year]);
        assert_true(fabs(k.tau - expected[i].k.tau) < 1e-9);
        assert_true(fabs(k.nu - expected[i].k.nu) < 1e-9);
        assert_true(fabs(k.sigma_tau - expected[i].k.sigma_tau) <= 5.1e-7);
        assert_true(fabs(k.sigma_nu - expected[i].k.sigma_nu) <= 5.1e-7);
        assert_true(fabs(k.theta - expected[i].k.theta) <= 5.1e-7);
    }
}

static void kireev_eleven_of_eleven(void **state)
{
    (void)state;
    if (!have_data)
        skip();
    struct urna_kireev k;
    urna_kireev_run(&k, &russia[7], 9, "1");
    assert_int_equal(k.n, 11);
    for (size_t i = 0; i < k.n; i++)
        assert_true(k.hit[i].one > 20 && k.hit[i].two > 20 && k.hit[i].none < 10);
    urna_kireev_free(&k);
}

static void shpilkin_by_the_published_cores(void **state)
{
    (void)state;
    static const struct {
        size_t year;
        unsigned core;
        double millions;
    } expected[] = {{3, 51, 15.28}, {4, 60, 11.53}, {5, 36, 12.98}, {6, 62, 10.70}, {7, 35, 15.39}};
    if (!have_data)
        skip();
    for (size_t i = 0; i < 5; i++) {
        struct urna_shape p;
        struct urna_shpilkin_band b;
        urna_shape_run(&p, &russia[expected[i].year]);
        urna_shpilkin_run(&b, &p, expected[i].core);
        assert_true(fabs(b.main.excess / 1e6 - expected[i].millions) <= 0.0051);
        assert_true(b.low < b.main.excess && b.main.excess < b.high && !b.detected);
        urna_shape_free(&p);
    }
}

static void coverage_on_venezuela(void **state)
{
    (void)state;
    char path[4096];
    struct urna_load l = {
        .path = urna_shared_path(path, sizeof path, "data/venezuela-2024/actas_comando.csv.gz")};
    if (access(path, R_OK) != 0)
        skip();
    struct urna_stations s;
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_stations_load(&s, &l, &err), URNA_OK);
    assert_int_equal(s.n, 24532);
    double *y = calloc(s.n, sizeof *y), *x = calloc(s.n, sizeof *x), all = 0;
    for (size_t i = 0; i < s.n; i++) {
        y[i] = s.leader[i];
        all += y[i];
        for (unsigned c = 0; c < s.n_candidates; c++)
            x[i] += s.votes[i * s.n_candidates + c];
    }
    assert_true(all == 7156462);
    static const struct {
        size_t size;
        double half, voters;
    } expected[] = {{200, 1.89, 0.33}, {500, 1.18, 0.21}, {1000, 0.83, 0.15}};
    for (size_t i = 0; i < 3; i++) {
        struct urna_coverage c;
        assert_int_equal(
            urna_quickcount_simulate(&c, y, x, s.n, expected[i].size, 1000, 0.95, "20241128", &err),
            URNA_OK);
        assert_true(c.ratio_coverage > 0.935 && c.ratio_coverage < 0.97);
        assert_true(c.voters_coverage > 0.23 && c.voters_coverage < 0.32);
        assert_true(fabs(100 * c.ratio_half - expected[i].half) < 0.03);
        assert_true(fabs(100 * c.voters_half - expected[i].voters) < 0.006);
        assert_true(c.design_effect > 33 && c.design_effect < 40);
    }
    free(y);
    free(x);
    urna_stations_free(&s);
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(exact_values_to_nine_digits),
        cmocka_unit_test(exact_values_to_the_printed_digits),
        cmocka_unit_test(published_cells_within_their_error),
        cmocka_unit_test(published_quantile_by_drawing),
        cmocka_unit_test(tail_of_2018),
        cmocka_unit_test(klimek_to_the_printed_digits),
        cmocka_unit_test(kireev_eleven_of_eleven),
        cmocka_unit_test(shpilkin_by_the_published_cores),
        cmocka_unit_test(coverage_on_venezuela),
    };
    return cmocka_run_group_tests(all, load_all, free_all);
}
