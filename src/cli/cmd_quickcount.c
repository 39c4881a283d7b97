/* urna quickcount: draw a sample of stations from a public seed, estimate from it, and see whether
 * the interval is honest. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/evidence_cli.h"
#include "cli/page.h"
#include "evidence/protocols.h"
#include "report/evidence_report.h"

/* ---- the list and its sample ---- */

struct drawing {
    const char *frame, *map, *strata, *seed, *sampler;
    uint64_t size;
    struct urna_protocols p;
    struct urna_frame f;
    struct urna_drawn drawn;
    enum urna_sampler kind;
};

static void drawing_free(struct drawing *d)
{
    urna_drawn_free(&d->drawn);
    urna_protocols_free(&d->p);
}

static int usage(const struct drawing *d, const char *name)
{
    enum urna_sampler kind;
    if (!urna_sampler_parse(&kind, d->sampler))
        return urna_usage_error(name, "--sampler wants A, B or C");
    if (d->strata && strcmp(d->strata, "region") != 0 && strcmp(d->strata, "district") != 0)
        return urna_usage_error(name, "--strata wants region or district");
    return URNA_GO_ON;
}

static enum urna_status read_frame(struct drawing *d, struct urna_error *err)
{
    struct urna_colmap map = {0};
    enum urna_status rc = d->map ? urna_colmap_read(&map, d->map, err) : URNA_OK;
    if (rc == URNA_OK)
        rc = urna_protocols_load(&d->p, d->frame, d->map ? &map : NULL, err);
    urna_colmap_free(&map);
    return rc;
}

/* Read the list and draw; everything about the sample follows from the list and the options. */
static enum urna_status draw(struct drawing *d, struct urna_error *err)
{
    if (!urna_sampler_parse(&d->kind, d->sampler))
        return urna_fail(err, URNA_INPUT, "no such sampler");
    enum urna_status rc = read_frame(d, err);
    if (rc != URNA_OK)
        return rc;
    d->f = (struct urna_frame){.n = d->p.n, .station = d->p.station};
    if (d->strata) {
        bool region = strcmp(d->strata, "region") == 0;
        d->f.stratum = region ? d->p.region : d->p.district;
        d->f.stratum_name = region ? d->p.region_name : d->p.district_name;
        d->f.n_strata = region ? d->p.n_regions : d->p.n_districts;
    }
    rc = urna_quickcount_draw(&d->drawn, &d->f, d->size, d->seed, d->kind, err);
    urna_error_where(err, d->frame);
    return rc;
}

static const char *stratum_name(const struct drawing *d, size_t h)
{
    return d->strata ? d->f.stratum_name[h] : "";
}

static const char *sampler_name(enum urna_sampler kind)
{
    static const char *const names[] = {"A: SHA-256(seed, count), Rivest, Colorado",
                                        "B: SHA-256, cryptorandom",
                                        "C: consistent sampler, Rivest"};
    return names[kind];
}

/* ---- sample ---- */

static void sample_json(const struct drawing *d, const char *command)
{
    struct urna_json j = {0};
    urna_json_open(&j, NULL, '{');
    urna_json_str(&j, "command", command);
    urna_json_str(&j, "frame", d->frame);
    urna_evidence_json_sha256(&j, "frame_sha256", d->p.sha256);
    urna_json_str(&j, "seed", d->seed);
    urna_json_str(&j, "sampler", sampler_name(d->kind));
    urna_json_u64(&j, "stations", d->f.n);
    urna_json_open(&j, "strata", '[');
    for (size_t h = 0; h < d->drawn.n_strata; h++) {
        urna_json_open(&j, NULL, '{');
        urna_json_str(&j, "name", stratum_name(d, h));
        urna_json_u64(&j, "stations", d->drawn.N[h]);
        urna_json_u64(&j, "drawn", d->drawn.take[h]);
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

static void sample_text(const struct drawing *d)
{
    char a[32], b[32];
    size_t at = 0;
    for (size_t h = 0; h < d->drawn.n_strata; h++) {
        if (d->strata) {
            urna_print_safe(stdout, stratum_name(d, h), strlen(stratum_name(d, h)));
            printf(": %s of %s\n", urna_number(a, d->drawn.take[h]), urna_number(b, d->drawn.N[h]));
        }
        for (size_t i = 0; i < d->drawn.take[h]; i++, at++) {
            const char *name = d->p.station[d->drawn.station[at]];
            fputs(d->strata ? "  " : "", stdout);
            urna_print_safe(stdout, name, strlen(name));
            putchar('\n');
        }
    }
    fprintf(stderr, "\n%s of %s stations, sampler %s.\n", urna_number(a, d->drawn.n),
            urna_number(b, d->f.n), sampler_name(d->kind));
    fprintf(stderr,
            "If 5%% of the stations were altered, the chance that none of these is: %.2g.\n"
            "If none of these differs, at most %s stations do (95%% confidence).\n",
            urna_miss_chance(d->f.n, d->f.n / 20, d->drawn.n),
            urna_number(a, urna_zero_bound(d->f.n, d->drawn.n, 0.05)));
}

#define DRAWING_OPTIONS(d)                                                                         \
    {"size", "N", "stations to draw", .number = &(d).size, .min = 2, .max = 10000000},             \
        {"seed", "TEXT", "public: dice thrown after the list was fixed", .string = &(d).seed},     \
        {"sampler", "A|B|C", "way of drawing; default A", .string = &(d).sampler},                 \
        {"strata", "region|district", "draw within each; default: no strata",                      \
         .string = &(d).strata},                                                                   \
    {                                                                                              \
        "map", "FILE", "column map, or the name of a ready-made one", .string = &(d).map           \
    }

static int cmd_sample(int argc, char **argv)
{
    struct drawing d = {.sampler = "A"};
    const struct urna_option options[] = {DRAWING_OPTIONS(d), {0}};
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
        rc = usage(&d, command.name);
    if (rc == URNA_GO_ON) {
        d.frame = args.arg[0];
        struct urna_error err = URNA_ERROR_INIT;
        enum urna_status st = draw(&d, &err);
        rc = st == URNA_OK ? 0 : urna_report_error(command.name, &err);
        if (st != URNA_OK)
            goto end;
        if (args.json)
            sample_json(&d, urna_buf_cstr(&text));
        else
            sample_text(&d);
    }
end:
    drawing_free(&d);
    urna_buf_free(&text);
    return rc;
}

/* ---- estimate ---- */

struct estimating {
    struct drawing d;
    const char *report, *lang, *results_map;
    struct urna_strings announced; /* NAME=PERCENT */
    struct urna_stations s;
    struct urna_load l;
    size_t *drawn_row; /* for each drawn station: row of the results, or SIZE_MAX */
    struct urna_quickcount q;
    const char **missing;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct label {
    const char *name; /* first: compared as text */
    size_t row;
};

/* Find the drawn stations among the results. A station that has two rows is refused. */
static enum urna_status match(struct estimating *e, struct urna_error *err)
{
    size_t n = e->s.n;
    struct label *labels = urna_xcalloc(n + 1, sizeof *labels);
    for (size_t i = 0; i < n; i++)
        labels[i] = (struct label){urna_stations_label(&e->s, i), i};
    qsort(labels, n, sizeof *labels, by_text);
    enum urna_status rc = URNA_OK;
    for (size_t i = 1; i < n && rc == URNA_OK; i++) {
        if (strcmp(labels[i - 1].name, labels[i].name) == 0)
            rc = urna_fail(err, URNA_INPUT, "the station \"%.100s\" has two rows", labels[i].name);
    }
    const struct urna_drawn *d = &e->d.drawn;
    e->drawn_row = urna_xcalloc(d->n + 1, sizeof *e->drawn_row);
    e->missing = urna_xcalloc(d->n + 1, sizeof *e->missing);
    for (size_t i = 0; i < d->n && rc == URNA_OK; i++) {
        const char *name = e->d.p.station[d->station[i]];
        const struct label key = {name, 0},
                           *found = bsearch(&key, labels, n, sizeof *labels, by_text);
        e->drawn_row[i] = found ? found->row : SIZE_MAX;
        if (!found)
            e->missing[e->q.n_missing++] = name;
    }
    e->q.missing = e->missing;
    e->q.in_hand = d->n - e->q.n_missing;
    e->q.outside = n - e->q.in_hand;
    free(labels);
    return rc;
}

static double announced(const struct estimating *e, const char *name)
{
    for (size_t i = 0; i < e->announced.n; i++) {
        const char *eq = strrchr(e->announced.s[i], '=');
        if (!eq || strlen(name) != (size_t)(eq - e->announced.s[i]) ||
            strncmp(name, e->announced.s[i], strlen(name)) != 0)
            continue;
        return strtod(eq + 1, NULL) / 100;
    }
    return -1;
}

static int check_announced(const struct estimating *e, const char *name)
{
    for (size_t i = 0; i < e->announced.n; i++) {
        const char *eq = strrchr(e->announced.s[i], '=');
        char *end;
        double x = eq ? strtod(eq + 1, &end) : -1;
        if (!eq || !eq[1] || *end || !(x >= 0 && x <= 100))
            return urna_usage_error(name, "--announced wants NAME=PERCENT");
        bool known = false;
        for (unsigned c = 0; c < e->s.n_candidates; c++)
            known |= announced(e, e->s.candidate[c]) >= 0 &&
                     strncmp(e->s.candidate[c], e->announced.s[i],
                             (size_t)(eq - e->announced.s[i])) == 0;
        if (!known)
            return urna_usage_error(name, "--announced: no candidate is called \"%.*s\"",
                                    (int)(eq - e->announced.s[i]), e->announced.s[i]);
    }
    return URNA_GO_ON;
}

/* Shares are of the votes for all candidates: what is announced as a share nearly always is. */
static double valid_votes(const struct urna_stations *s, size_t row)
{
    double sum = 0;
    for (unsigned c = 0; c < s->n_candidates; c++)
        sum += s->votes[row * s->n_candidates + c];
    return sum;
}

static void strata_of(struct estimating *e)
{
    const struct urna_drawn *d = &e->d.drawn;
    e->q.n_strata = d->n_strata;
    e->q.stratum = urna_xcalloc(d->n_strata + 1, sizeof *e->q.stratum);
    size_t at = 0;
    for (size_t h = 0; h < d->n_strata; h++) {
        struct urna_quickcount_stratum *s = e->q.stratum + h;
        *s = (struct urna_quickcount_stratum){stratum_name(&e->d, h), d->N[h], d->take[h], 0};
        for (size_t i = 0; i < d->take[h]; i++, at++)
            s->in_hand += e->drawn_row[at] != SIZE_MAX;
    }
}

static enum urna_status estimate_one(struct estimating *e, unsigned candidate,
                                     struct urna_quickcount_line *line, struct urna_error *err)
{
    const struct urna_drawn *d = &e->d.drawn;
    struct urna_cluster *c = urna_xcalloc(d->n + 1, sizeof *c);
    size_t n = 0, at = 0;
    for (size_t h = 0; h < d->n_strata; h++) {
        for (size_t i = 0; i < d->take[h]; i++, at++) {
            size_t row = e->drawn_row[at];
            if (row == SIZE_MAX)
                continue;
            uint32_t y = e->s.votes[row * e->s.n_candidates + candidate];
            c[n++] = (struct urna_cluster){(uint32_t)h, y, valid_votes(&e->s, row)};
            line->votes += y;
        }
    }
    enum urna_status rc =
        urna_quickcount_estimate(&line->e, c, n, d->N, d->n_strata, 0, e->q.level, err);
    line->announced = announced(e, line->name);
    if (rc == URNA_OK && line->announced >= 0)
        line->compare = urna_quickcount_compare(&line->e, line->announced);
    free(c);
    return rc;
}

static int by_votes(const void *a, const void *b)
{
    const struct urna_quickcount_line *x = a, *y = b;
    if (x->votes != y->votes)
        return x->votes > y->votes ? -1 : 1;
    return strcmp(x->name, y->name);
}

static enum urna_status estimate_all(struct estimating *e, struct urna_error *err)
{
    e->q.n_lines = e->s.n_candidates;
    e->q.line = urna_xcalloc(e->q.n_lines + 1, sizeof *e->q.line);
    enum urna_status rc = URNA_OK;
    for (unsigned c = 0; c < e->s.n_candidates && rc == URNA_OK; c++) {
        struct urna_quickcount_line *line = e->q.line + c;
        line->name = e->s.candidate[c];
        line->announced = -1;
        if (e->q.is_random) {
            rc = estimate_one(e, c, line, err);
            continue;
        }
        for (size_t i = 0; i < e->s.n; i++)
            line->votes += e->s.votes[i * e->s.n_candidates + c];
    }
    qsort(e->q.line, e->q.n_lines, sizeof *e->q.line, by_votes);
    return rc;
}

static void print_estimate(const struct urna_quickcount *q)
{
    char a[32], b[32], c[32];
    printf("%s stations of %s drawn from %s have a result.\n\n", urna_number(a, q->in_hand),
           urna_number(b, q->drawn), urna_number(c, q->stations));
    printf("  share      95%% interval          announced\n");
    for (size_t i = 0; i < q->n_lines; i++) {
        const struct urna_quickcount_line *l = q->line + i;
        printf("%6.2f%%  %6.2f%% to %6.2f%%  ", 100 * l->e.share, 100 * l->e.low, 100 * l->e.high);
        if (l->announced >= 0)
            printf("%s %6.2f%% %s",
                   urna_term_sign(l->compare.inside ? URNA_SIGN_OPEN : URNA_SIGN_WARN),
                   100 * l->announced, l->compare.inside ? "inside " : "OUTSIDE");
        else
            printf("%18s", "");
        fputs("  ", stdout);
        urna_print_safe(stdout, l->name, strlen(l->name));
        putchar('\n');
        if (l->announced >= 0 && !l->compare.inside)
            printf("          %.1f standard errors apart, chance %.2g if the announced share were "
                   "right\n",
                   fabs(l->compare.t), l->compare.p);
    }
    if (q->n_lines > 0)
        printf(
            "\n  design effect %.1f: people of one station resemble each other. The formula for\n"
            "  voters would claim +-%.2f points instead of +-%.2f, and be wrong most of the "
            "time.\n",
            q->line[0].e.design_effect, 100 * q->line[0].e.voters_half, 100 * q->line[0].e.half);
    if (q->n_missing > 0)
        printf(
            "%s %zu drawn stations have no result. The interval does not cover what they hide.\n",
            urna_term_sign(URNA_SIGN_WARN), q->n_missing);
    if (q->outside > 0)
        printf("%s %zu stations were not drawn; they are left out.\n",
               urna_term_sign(URNA_SIGN_OPEN), q->outside);
}

static void print_refusal(const struct urna_quickcount *q)
{
    char a[32];
    urna_term_tone(stdout, URNA_WAIT);
    printf("%s NO ESTIMATE", urna_term_sign(URNA_SIGN_WARN));
    urna_term_end(stdout);
    printf("\n");
    urna_print_wrapped(stdout, 2,
                       "These stations were not drawn at random, so they say nothing about the "
                       "others, however many "
                       "they are. What follows are lower bounds: the true totals can't be smaller, "
                       "if the sheets are "
                       "true.");
    printf("\n  stations  %s\n", urna_number(a, q->in_hand));
    for (size_t i = 0; i < q->n_lines; i++) {
        printf("  at least %14s  ", urna_number(a, q->line[i].votes));
        urna_print_safe(stdout, q->line[i].name, strlen(q->line[i].name));
        putchar('\n');
    }
    putchar('\n');
    urna_print_wrapped(stdout, 2,
                       "To estimate, give the list, the seed and the size of the draw: --frame, "
                       "--seed, --size. To "
                       "compare station by station: urna protocols compare.");
}

static int write_report(const struct estimating *e, const struct urna_evidence_context *c,
                        const char *name)
{
    struct urna_html h = {0};
    urna_quickcount_page(&h, c, &e->q);
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status rc = urna_page_write(e->report, urna_view(h.out.p, h.out.len), &err);
    urna_html_free(&h);
    return rc == URNA_OK ? 0 : urna_report_error(name, &err);
}

static int estimate(struct estimating *e, const struct urna_args *args, const char *name,
                    const char *command)
{
    struct urna_evidence_context c = {.command = command,
                                      .version = URNA_VERSION,
                                      .now = urna_now(),
                                      .input = &e->l,
                                      .lang = urna_lang_from_env()};
    if (e->lang && !urna_lang_parse(&c.lang, e->lang))
        return urna_usage_error(name, "--lang wants en, be, ru or es");
    e->l =
        (struct urna_load){.path = args->arg[0], .map = e->results_map ? e->results_map : e->d.map};
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status rc = urna_stations_load(&e->s, &e->l, &err);
    if (rc != URNA_OK)
        return urna_report_error(name, &err);
    if (e->l.faults > 0)
        urna_print_error(name, &e->l.first_fault);
    int bad = check_announced(e, name);
    if (bad != URNA_GO_ON)
        return bad;
    e->q =
        (struct urna_quickcount){.is_random = e->d.frame != NULL, .in_hand = e->s.n, .level = 0.95};
    if (e->q.is_random) {
        rc = draw(&e->d, &err);
        if (rc == URNA_OK)
            rc = match(e, &err);
        if (rc != URNA_OK)
            return urna_report_error(name, &err);
        e->q.frame = e->d.frame;
        memcpy(e->q.frame_sha256, e->d.p.sha256, URNA_HASH_LEN);
        e->q.seed = e->d.seed;
        e->q.sampler = sampler_name(e->d.kind);
        e->q.stations = e->d.f.n;
        e->q.drawn = e->d.drawn.n;
        strata_of(e);
    }
    rc = estimate_all(e, &err);
    if (rc != URNA_OK)
        return urna_report_error(name, &err);
    if (args->json) {
        struct urna_json j = {0};
        urna_quickcount_json(&j, &c, &e->q);
        puts(urna_buf_cstr(&j.out));
        urna_json_free(&j);
    } else if (e->q.is_random) {
        print_estimate(&e->q);
    } else {
        print_refusal(&e->q);
    }
    int written = e->report ? write_report(e, &c, name) : 0;
    return written != 0 ? written : e->q.is_random ? URNA_OK : URNA_FALSE;
}

static int cmd_estimate(int argc, char **argv)
{
    struct estimating e = {.d = {.sampler = "A"}};
    const struct urna_option options[] = {
        {"frame", "LIST", "the list the sample was drawn from", .string = &e.d.frame},
        DRAWING_OPTIONS(e.d),
        {"results-map", "FILE", "column map of RESULTS, if it isn't that of LIST",
         .string = &e.results_map},
        {"announced", "NAME=PERCENT",
         "announced share of a candidate, of all votes for candidates; may be repeated",
         .list = &e.announced},
        {"report", "FILE", "write the report as one HTML file", .string = &e.report},
        {"lang", "en|be|ru|es", "of the report; default: from the locale", .string = &e.lang},
        {0},
    };
    const struct urna_command command = {
        .name = "urna quickcount estimate",
        .title = "what a random sample of stations says about all of them",
        .usage = "urna quickcount estimate RESULTS --frame LIST --size N --seed TEXT [options]\n"
                 "urna quickcount estimate RESULTS",
        .text = "The sample is drawn again from LIST and seed; results of stations that were not "
                "drawn are left out. "
                "Without --frame, --size and --seed there is no estimate, only lower bounds.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "estimated",
        .fails = "no random sample: lower bounds only",
    };
    struct urna_buf text = {0};
    urna_command_line(&text, command.name, argc, argv);
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    bool any = e.d.frame || e.d.seed || e.d.size != 0, all = e.d.frame && e.d.seed && e.d.size != 0;
    if (rc == URNA_GO_ON && any && !all)
        rc = urna_usage_error(command.name, "--frame, --size and --seed go together");
    if (rc == URNA_GO_ON)
        rc = usage(&e.d, command.name);
    if (rc == URNA_GO_ON)
        rc = estimate(&e, &args, command.name, urna_buf_cstr(&text));
    drawing_free(&e.d);
    urna_stations_free(&e.s);
    urna_strings_free(&e.announced);
    free(e.drawn_row);
    free(e.missing);
    free(e.q.line);
    free(e.q.stratum);
    urna_buf_free(&text);
    return rc;
}

/* ---- simulate ---- */

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

static int cmd_simulate(int argc, char **argv)
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
        x[i] = valid_votes(&s, i);
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

int urna_cmd_quickcount(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"sample", cmd_sample, "draw stations at random from a public seed"},
        {"estimate", cmd_estimate, "what the sample says about all stations"},
        {"simulate", cmd_simulate, "does the interval hold the truth?"},
        {0},
    };
    return urna_verbs("urna quickcount", "count a random sample of polling stations", verbs, argc,
                      argv);
}
