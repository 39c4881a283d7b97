/* urna quickcount estimate: what the sample says about all stations. */
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

struct estimating {
    struct urna_drawing d;
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

static void strata_of(struct estimating *e)
{
    const struct urna_drawn *d = &e->d.drawn;
    e->q.n_strata = d->n_strata;
    e->q.stratum = urna_xcalloc(d->n_strata + 1, sizeof *e->q.stratum);
    size_t at = 0;
    for (size_t h = 0; h < d->n_strata; h++) {
        struct urna_quickcount_stratum *s = e->q.stratum + h;
        *s = (struct urna_quickcount_stratum){urna_drawing_stratum(&e->d, h), d->N[h], d->take[h],
                                              0};
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
            c[n++] = (struct urna_cluster){(uint32_t)h, y, urna_valid_votes(&e->s, row)};
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
        rc = urna_drawing_draw(&e->d, &err);
        if (rc == URNA_OK)
            rc = match(e, &err);
        if (rc != URNA_OK)
            return urna_report_error(name, &err);
        e->q.frame = e->d.frame;
        memcpy(e->q.frame_sha256, e->d.p.sha256, URNA_HASH_LEN);
        e->q.seed = e->d.seed;
        e->q.sampler = urna_drawing_sampler(e->d.kind);
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

int urna_quickcount_estimate_cmd(int argc, char **argv)
{
    struct estimating e = {.d = {.sampler = "A"}};
    const struct urna_option options[] = {
        {"frame", "LIST", "the list the sample was drawn from", .string = &e.d.frame},
        URNA_DRAWING_OPTIONS(e.d),
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
        rc = urna_drawing_usage(&e.d, command.name);
    if (rc == URNA_GO_ON)
        rc = estimate(&e, &args, command.name, urna_buf_cstr(&text));
    urna_drawing_free(&e.d);
    urna_stations_free(&e.s);
    urna_strings_free(&e.announced);
    free(e.drawn_row);
    free(e.missing);
    free(e.q.line);
    free(e.q.stratum);
    urna_buf_free(&text);
    return rc;
}
