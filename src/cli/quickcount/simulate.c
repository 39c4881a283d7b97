/* urna quickcount simulate: is the interval honest? */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/evidence_cli.h"
#include "cli/quickcount/quickcount.h"
#include "cli/page.h"
#include "evidence/protocols.h"
#include "report/evidence_report.h"

static void print_coverage(const struct urna_coverage *c, const char *leader)
{
    char a[32];
    printf("  %s samples of %zu stations; true share of ", urna_number(a, c->repetitions), c->size);
    urna_print_safe(stdout, leader, strlen(leader));
    printf(" %.2f%%\n\n", 100 * c->true_share);
    printf("                            half width   holds the truth (95%% promised)\n");
    printf("  what is needed            %8.2f pp\n", 100 * c->empirical_half);
    printf("  ratio estimator (urna)    %8.2f pp   %5.1f%%\n", 100 * c->ratio_half,
           100 * c->ratio_coverage);
    printf("  textbook, for voters      %8.2f pp   %5.1f%%\n", 100 * c->voters_half,
           100 * c->voters_coverage);
    printf("\n  design effect %.0f\n", c->design_effect);
}

static void coverage_json(const struct urna_coverage *c, const char *leader)
{
    struct urna_json j = {0};
    urna_json_open(&j, NULL, '{');
    urna_json_str(&j, "candidate", leader);
    urna_json_u64(&j, "size", c->size);
    urna_json_u64(&j, "repetitions", c->repetitions);
    urna_json_double(&j, "true_share", c->true_share);
    urna_json_double(&j, "empirical_half", c->empirical_half);
    urna_json_double(&j, "ratio_half", c->ratio_half);
    urna_json_double(&j, "ratio_coverage", c->ratio_coverage);
    urna_json_double(&j, "voters_half", c->voters_half);
    urna_json_double(&j, "voters_coverage", c->voters_coverage);
    urna_json_double(&j, "design_effect", c->design_effect);
    urna_json_close(&j, '}');
    puts(urna_buf_cstr(&j.out));
    urna_json_free(&j);
}

int urna_quickcount_simulate_cmd(int argc, char **argv)
{
    uint64_t size = 500, repetitions = 1000;
    const char *seed = "1", *map = NULL, *candidate = NULL;
    const struct urna_option options[] = {
        {"size", "N", "stations in a sample; default 500", .number = &size, .min = 2,
         .max = 10000000},
        {"repetitions", "N", "default 1000", .number = &repetitions, .min = 1, .max = 1000000},
        {"seed", "TEXT", "default 1", .string = &seed},
        {"candidate", "NAME", "whose share (* is any text); default: most votes",
         .string = &candidate},
        {"map", "FILE", "column map, or the name of a ready-made one", .string = &map},
        {0},
    };
    const struct urna_command command = {
        .name = "urna quickcount simulate",
        .title = "draw many samples from known results: does the interval hold the truth?",
        .usage = "urna quickcount simulate RESULTS [options]",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "done",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_load l = {.path = args.arg[0], .map = map, .leader = candidate};
    struct urna_stations s;
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status st = urna_stations_load(&s, &l, &err);
    double *y = urna_xcalloc(s.n + 1, sizeof *y), *x = urna_xcalloc(s.n + 1, sizeof *x);
    for (size_t i = 0; i < s.n; i++) {
        y[i] = s.leader[i];
        x[i] = urna_valid_votes(&s, i);
    }
    struct urna_coverage c;
    if (st == URNA_OK)
        st = urna_quickcount_simulate(&c, y, x, s.n, size, repetitions, 0.95, seed, &err);
    if (st != URNA_OK)
        rc = urna_report_error(command.name, &err);
    else if (args.json)
        coverage_json(&c, s.candidate[s.leading]);
    else
        print_coverage(&c, s.candidate[s.leading]);
    free(y);
    free(x);
    urna_stations_free(&s);
    return st != URNA_OK ? rc : 0;
}
