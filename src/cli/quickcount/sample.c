/* urna quickcount sample: draw stations from a public seed. */
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

static void sample_json(const struct urna_drawing *d, const char *command)
{
    struct urna_json j = {0};
    urna_json_open(&j, NULL, '{');
    urna_json_str(&j, "command", command);
    urna_json_str(&j, "frame", d->frame);
    urna_evidence_json_sha256(&j, "frame_sha256", d->p.sha256);
    urna_json_str(&j, "seed", d->seed);
    urna_json_str(&j, "sampler", urna_drawing_sampler(d->kind));
    urna_json_u64(&j, "stations", d->f.n);
    if (d->earlier) {
        urna_json_str(&j, "earlier", d->earlier);
        urna_evidence_json_sha256(&j, "earlier_sha256", d->earlier_sha256);
        urna_json_str(&j, "earlier_candidate", d->leader);
    }
    urna_json_open(&j, "strata", '[');
    for (size_t h = 0; h < d->drawn.n_strata; h++) {
        urna_json_open(&j, NULL, '{');
        urna_json_str(&j, "name", urna_drawing_stratum(d, h));
        urna_json_u64(&j, "stations", d->drawn.N[h]);
        urna_json_u64(&j, "drawn", d->drawn.take[h]);
        if (d->spread)
            urna_json_u64(&j, "spread", d->spread[h]);
        urna_json_close(&j, '}');
    }
    urna_json_close(&j, ']');
    urna_json_open(&j, "sample", '[');
    for (size_t i = 0; i < d->drawn.n; i++)
        urna_json_str(&j, NULL, d->p.station[d->drawn.station[i]]);
    urna_json_close(&j, ']');
    urna_json_close(&j, '}');
    puts(urna_buf_cstr(&j.out));
    urna_json_free(&j);
}

static void sample_text(const struct urna_drawing *d)
{
    char a[32], b[32];
    size_t at = 0;
    for (size_t h = 0; h < d->drawn.n_strata; h++) {
        if (d->strata) {
            urna_print_safe(stdout, urna_drawing_stratum(d, h), strlen(urna_drawing_stratum(d, h)));
            printf(": %s of %s", urna_number(a, d->drawn.take[h]), urna_number(b, d->drawn.N[h]));
            if (d->spread)
                printf("; earlier the stations differed by %llu.%03llu votes",
                       (unsigned long long)(d->spread[h] / 1000),
                       (unsigned long long)(d->spread[h] % 1000));
            putchar('\n');
        }
        for (size_t i = 0; i < d->drawn.take[h]; i++, at++) {
            const char *name = d->p.station[d->drawn.station[at]];
            fputs(d->strata ? "  " : "", stdout);
            urna_print_safe(stdout, name, strlen(name));
            putchar('\n');
        }
    }
    fprintf(stderr, "\n%s of %s stations, sampler %s.\n", urna_number(a, d->drawn.n),
            urna_number(b, d->f.n), urna_drawing_sampler(d->kind));
    if (d->spread) { /* stations do not all have the same chance: no statement about copies */
        fputs("Sizes by Neyman's rule, from the votes for ", stderr);
        urna_print_safe(stderr, d->leader, strlen(d->leader));
        fputs(" in the earlier election.\n", stderr);
        return;
    }
    fprintf(stderr,
            "If 5%% of the stations were altered, the chance that none of these is: %.2g.\n"
            "If none of these differs, at most %s stations do (95%% confidence).\n",
            urna_miss_chance(d->f.n, d->f.n / 20, d->drawn.n),
            urna_number(a, urna_zero_bound(d->f.n, d->drawn.n, 0.05)));
}

int urna_quickcount_sample_cmd(int argc, char **argv)
{
    struct urna_drawing d = {.sampler = "A"};
    const struct urna_option options[] = {URNA_DRAWING_OPTIONS(d), {0}};
    const struct urna_command command = {
        .name = "urna quickcount sample",
        .title = "draw stations at random from a public seed; anybody can draw them again",
        .usage = "urna quickcount sample LIST --size N --seed TEXT [options]",
        .text =
            "LIST is a table with one row a station. Publish its hash before the seed is thrown.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "drawn",
    };
    struct urna_buf text = {0};
    urna_command_line(&text, command.name, argc, argv);
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc == URNA_GO_ON && (d.size == 0 || !d.seed))
        rc = urna_usage_error(command.name, "--size and --seed are needed");
    if (rc == URNA_GO_ON)
        rc = urna_drawing_usage(&d, command.name);
    if (rc == URNA_GO_ON) {
        d.frame = args.arg[0];
        struct urna_error err = URNA_ERROR_INIT;
        enum urna_status st = urna_drawing_draw(&d, &err);
        rc = st == URNA_OK ? 0 : urna_report_error(command.name, &err);
        if (st != URNA_OK)
            goto end;
        if (args.json)
            sample_json(&d, urna_buf_cstr(&text));
        else
            sample_text(&d);
    }
end:
    urna_drawing_free(&d);
    urna_buf_free(&text);
    return rc;
}
