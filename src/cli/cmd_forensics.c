/* urna forensics: patterns in the numbers of polling stations, with what they do not show. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/evidence_cli.h"
#include "cli/page.h"
#include "report/evidence_report.h"

#define NAME "urna forensics"

struct request {
    const char *map, *leader, *compat, *seed, *report, *lang;
    uint64_t draws, shuffles, controls, core, threads;
    bool digits, exact_tail;
};

static void line(enum urna_sign sign, enum urna_tone tone, const char *text)
{
    urna_term_tone(stdout, tone);
    fputs(urna_term_sign(sign), stdout);
    urna_term_end(stdout);
    printf(" %s\n", text);
}

static void print_data(const struct urna_load *l, const struct urna_stations *s,
                       const struct urna_forensics *f)
{
    char a[32], b[32];
    printf("  stations      %s", urna_number(a, s->n));
    if (l->left_out > 0)
        printf(" (%s rows left out)", urna_number(a, l->left_out));
    printf("\n  voters        %s", urna_number(a, f->shape.voters));
    if (f->shape.voters > 0)
        printf(", turnout %.2f%%", 100.0 * (double)f->shape.given / (double)f->shape.voters);
    printf("\n  leader        ");
    urna_print_safe(stdout, s->candidate[s->leading], strlen(s->candidate[s->leading]));
    if (f->shape.received > 0)
        printf(", %s of %s, %.2f%%", urna_number(a, f->shape.votes),
               urna_number(b, f->shape.received),
               100.0 * (double)f->shape.votes / (double)f->shape.received);
    putchar('\n');
}

static void print_integer(const struct urna_integer *r)
{
    static const char *const tests[] = {"share or turnout", "share", "turnout"};
    bool flagged = urna_integer_is_flagged(r);
    putchar('\n');
    if (r->used == 0) {
        line(URNA_SIGN_OPEN, URNA_PLAIN,
             "whole percents: not tested, no station has 100 voters and less than 99%");
        return;
    }
    line(flagged ? URNA_SIGN_WARN : URNA_SIGN_OPEN, flagged ? URNA_WAIT : URNA_PLAIN,
         flagged ? "PATTERN  more whole percents than chance explains"
                 : "no pattern in whole percents (this does not show that numbers are right)");
    printf(
        "  near a whole percent    stations    expected     excess      SD       z  chance <=\n");
    for (int t = 0; t < URNA_N_TESTS; t++) {
        const struct urna_integer_cell *c = &r->cell[t][URNA_BY_STATIONS];
        printf("  %-20s %11.0f %11.1f %+10.1f %7.1f %+7.1f", tests[t], c->observed, c->mean, c->d,
               c->sd, c->z);
        double bound = log10(r->holm[t]);
        if (bound < -4 && isfinite(bound))
            printf("  10^%.1f\n", ceil(bound * 10) / 10);
        else
            printf("  %.4f\n", r->holm[t]);
        if (isfinite(c->q999))
            printf("  %-20s 99.9%% of draws below %+.1f\n", "", c->q999);
        if (isfinite(c->log10_exact))
            printf("  %-20s exact tail 10^%.2f\n", "", c->log10_exact);
    }
    size_t regions = 0;
    for (size_t i = 0; i < r->n_regions; i++)
        regions += r->region[i].q <= 0.05;
    printf("  regions with a pattern  %zu of %zu (false discovery rate 5%%)\n", regions,
           r->n_regions);
}

static void print_permutation(const char *name, const struct urna_permutation *p)
{
    bool flagged = urna_permutation_is_flagged(p);
    char text[200];
    snprintf(text, sizeof text, "%-9s%-22s %6zu, after shuffling %.1f (p %s %.3f)",
             flagged ? "PATTERN" : "", name, p->observed, p->mean, flagged ? "<=" : "=", p->p);
    line(flagged ? URNA_SIGN_WARN : URNA_SIGN_OPEN, flagged ? URNA_WAIT : URNA_PLAIN, text);
}

static void print_rest(const struct urna_stations *s, const struct urna_forensics *f)
{
    putchar('\n');
    print_permutation("equal protocols", &f->duplicates.all);
    print_permutation("neighbours alike", &f->neighbours.neighbours);
    print_permutation("ones and twos", &f->kireev.hits);
    char a[32], b[32], c[32];
    printf("\n  Descriptions, not tests:\n");
    printf("  votes beyond the ratio of the core (%u%%, %s): %s; band %s to %s\n",
           f->shpilkin.main.core, f->shpilkin.detected ? "found" : "given",
           urna_number(a, (uint64_t)llround(f->shpilkin.main.excess)),
           urna_number(b, (uint64_t)llround(f->shpilkin.low)),
           urna_number(c, (uint64_t)llround(f->shpilkin.high)));
    const struct urna_slope *x = f->slope + s->leading;
    printf("  leader's votes grow with turnout by %.3f within districts ", x->within);
    if (isfinite(x->within_low) && isfinite(x->within_high))
        printf("[%.3f, %.3f]", x->within_low, x->within_high);
    else
        fputs("(too few districts for an interval)", stdout);
    printf("; share %.3f\n", x->share);
    if (isfinite(f->klimek.tau) && isfinite(f->klimek.theta))
        printf("  cloud: tau %.3f, nu %.3f, sigma %.6f and %.6f, theta %.6f\n", f->klimek.tau,
               f->klimek.nu, f->klimek.sigma_tau, f->klimek.sigma_nu, f->klimek.theta);
    else
        puts("  cloud: too few stations to describe it");
    if (f->control.runs > 0)
        printf("\n  Control: of %zu simulated honest elections like this one %zu are flagged\n"
               "  (mean z %+.2f, spread %.2f).\n",
               f->control.runs, f->control.flagged[0], f->control.mean_z[0], f->control.sd_z[0]);
    if (f->digits) {
        printf("\n  Digits (no better than the toss of a coin; nothing follows):\n");
        for (unsigned k = 0; k < s->n_candidates; k++) {
            if (f->digits[k].n < 100)
                continue;
            printf("  second %.3f (Benford %.3f), last p %.4f  ", f->digits[k].second_mean,
                   f->digits[k].second_expected, f->digits[k].last_p);
            urna_print_safe(stdout, s->candidate[k], strlen(s->candidate[k]));
            putchar('\n');
        }
    }
    putchar('\n');
    urna_print_wrapped(
        stdout, 2,
        "Not shown: how many votes are false, where and by whom; what the result would have been; "
        "that what is not flagged is correct. A pattern goes with other evidence and is never "
        "direct "
        "proof; towns, villages and habits of rounding make patterns too.");
}

static int write_page(const struct urna_evidence_context *c, const struct urna_stations *s,
                      const struct urna_forensics_options *o, const struct urna_forensics *f,
                      const char *path)
{
    struct urna_html h = {0};
    urna_forensics_page(&h, c, s, o, f);
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status rc = urna_page_write(path, urna_view(h.out.p, h.out.len), &err);
    urna_html_free(&h);
    return rc == URNA_OK ? 0 : urna_report_error(NAME, &err);
}

static int run(const struct urna_args *args, const struct request *q, const char *command)
{
    struct urna_load l = {.path = args->arg[0], .map = q->map, .leader = q->leader};
    struct urna_evidence_context c = {.command = command,
                                      .version = URNA_VERSION,
                                      .now = urna_now(),
                                      .input = &l,
                                      .lang = urna_lang_from_env()};
    if (q->lang && !urna_lang_parse(&c.lang, q->lang))
        return urna_usage_error(NAME, "--lang wants en, be, ru or es");
    if (q->compat && strcmp(q->compat, "kobak") != 0)
        return urna_usage_error(NAME, "--compat wants kobak");
    struct urna_stations s;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_stations_load(&s, &l, &err) != URNA_OK) {
        urna_stations_free(&s);
        return urna_report_error(NAME, &err);
    }
    if (!l.has_voters) {
        urna_stations_free(&s);
        urna_error_where(&err, l.path);
        (void)!urna_fail(
            &err, URNA_INPUT,
            "no column says how many voters are registered (registered = COLUMN in the "
            "map): without it there is no turnout, and these tests need one");
        return urna_report_error(NAME, &err);
    }
    if (l.faults > 0)
        urna_print_error(NAME, &l.first_fault);
    if (l.faults > 1)
        fprintf(stderr, NAME ": and %llu more cells or rows that could not be read\n",
                (unsigned long long)l.faults - 1);
    if (l.guessed)
        fputs(NAME ": the column map was guessed; look at it with: urna protocols map\n", stderr);
    const struct urna_forensics_options o = {
        .integer = {.compat = q->compat != NULL,
                    .draws = (unsigned)(q->compat && q->draws == 0 ? 1000 : q->draws),
                    .seed = q->seed,
                    .exact_tail = q->exact_tail,
                    .saw = q->report != NULL,
                    .threads = (unsigned)q->threads},
        .shuffles = q->shuffles,
        .controls = q->controls,
        .core = (unsigned)q->core,
        .digits = q->digits,
        .seed = q->seed,
    };
    struct urna_forensics f;
    urna_forensics_run(&f, &s, &o);
    int rc = 0;
    if (args->json) {
        struct urna_json j = {0};
        urna_forensics_json(&j, &c, &s, &o, &f);
        puts(urna_buf_cstr(&j.out));
        urna_json_free(&j);
    } else {
        print_data(&l, &s, &f);
        print_integer(&f.integer);
        print_rest(&s, &f);
    }
    if (q->report)
        rc = write_page(&c, &s, &o, &f, q->report);
    urna_forensics_free(&f);
    urna_stations_free(&s);
    return rc;
}

/* ---- simulate ---- */

static bool parse_share(double *out, const char *text)
{
    if (!text)
        return true;
    char *end;
    *out = strtod(text, &end);
    return *text && !*end && *out >= 0 && *out <= 1;
}

static int simulate(int argc, char **argv)
{
    uint64_t n = 5000;
    const char *seed = "1", *rounded = NULL, *stuffed = NULL;
    const struct urna_option options[] = {
        {"stations", "N", "default 5000", .number = &n, .min = 1, .max = 10000000},
        {"seed", "TEXT", "the same seed gives the same election; default 1", .string = &seed},
        {"rounded", "SHARE", "of stations whose turnout is made a whole percent (0 to 1)",
         .string = &rounded},
        {"stuffed", "SHARE", "of stations where ballots for the leader are added (0 to 1)",
         .string = &stuffed},
        {0},
    };
    const struct urna_command command = {
        .name = NAME " simulate",
        .title = "an invented election as CSV: honest, or with a known fault",
        .usage = "urna forensics simulate [options] >FILE",
        .text = "Shows what the tests say where nothing was changed, and whether they find what "
                "was put in.",
        .options = options,
        .holds = "done",
        .no_json = true,
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_faults faults = {0, 0};
    if (!parse_share(&faults.rounded, rounded) || !parse_share(&faults.stuffed, stuffed))
        return urna_usage_error(command.name, "--rounded and --stuffed want a number from 0 to 1");
    struct urna_stations s;
    urna_simulate_country(&s, n, seed, &faults);
    puts("region,district,station,registered,issued,valid,invalid,Leader,Second,Third,Fourth");
    for (size_t i = 0; i < s.n; i++) {
        const uint32_t *v = s.votes + 4 * i;
        uint32_t valid = v[0] + v[1] + v[2] + v[3];
        const char *region = s.regions.name[s.region[i]],
                   *district = s.districts.name[s.district[i]];
        printf("%s,%s,%s,%u,%u,%u,%u,%u,%u,%u,%u\n", region, district + strlen(region) + 2,
               urna_stations_label(&s, i), s.voters[i], s.given[i], valid, s.received[i] - valid,
               v[0], v[1], v[2], v[3]);
    }
    urna_stations_free(&s);
    return 0;
}

int urna_cmd_forensics(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "simulate") == 0)
        return simulate(argc - 1, argv + 1);
    struct request q = {.seed = "1", .shuffles = 99, .controls = 20};
    const struct urna_option options[] = {
        {"map", "FILE", "column map, or the name of a ready-made one; default: by the columns",
         .string = &q.map},
        {"leader", "NAME", "leading candidate (* is any text); default: the map's, or most votes",
         .string = &q.leader},
        {"compat", "kobak", "whole percents as in the published program, with its quantile",
         .string = &q.compat},
        {"draws", "N", "draws for the quantile; default 0, with --compat 1000", .number = &q.draws,
         .max = 100000},
        {"exact-tail", NULL, "the tail of the whole country by convolution, too",
         .flag = &q.exact_tail},
        {"shuffles", "N", "of the permutation tests; default 99", .number = &q.shuffles, .min = 1,
         .max = 100000},
        {"controls", "N", "simulated honest elections; default 20", .number = &q.controls,
         .max = 10000},
        {"core", "PERCENT", "turnout of the untouched part; default: found", .number = &q.core,
         .max = 100},
        {"digits", NULL, "run digit tests too (worth little: see the manual)", .flag = &q.digits},
        {"seed", "TEXT", "of shuffles and simulations; default 1", .string = &q.seed},
        {"report", "FILE", "write the report as one HTML file", .string = &q.report},
        {"lang", "en|be|ru|es", "of the report; default: from the locale", .string = &q.lang},
        {"threads", "N", "default: all cores", .number = &q.threads, .max = 1024},
        {0},
    };
    const struct urna_command command = {
        .name = NAME,
        .title = "patterns in the numbers of polling stations",
        .usage = "urna forensics TABLE [options]\nurna forensics simulate [options] >FILE",
        .text = "TABLE is CSV or TSV, plain, gzip or zip, one row a station. No verdict is given: "
                "a pattern is not "
                "explained by chance under a stated model, and is never direct proof.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "the tests were run",
    };
    struct urna_buf line_ = {0};
    urna_command_line(&line_, NAME, argc, argv);
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc == URNA_GO_ON)
        rc = run(&args, &q, urna_buf_cstr(&line_));
    urna_buf_free(&line_);
    return rc;
}
