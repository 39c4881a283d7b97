/* urna protocols check: the arithmetic inside one table. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/protocols/common.h"
#include "evidence/check.h"

static const char name[] = "urna protocols check";
static const char *const kind_name[URNA_CHECK_KINDS] = {"cell", "rule", "duplicate", "percentage",
                                                        "total"};

struct output {
    struct urna_json json;
    bool as_json;
    uint64_t shown, limit;
    const char *path;
};

static enum urna_status show(struct urna_check *c, const struct urna_finding *f,
                             struct urna_error *err)
{
    (void)err;
    struct output *o = c->ctx;
    if (o->shown++ >= o->limit)
        return URNA_OK;
    if (o->as_json) {
        urna_json_open(&o->json, NULL, '{');
        urna_json_str(&o->json, "kind", kind_name[f->kind]);
        urna_json_u64(&o->json, "line", f->line);
        if (f->field)
            urna_json_u64(&o->json, "field", f->field);
        urna_json_str(&o->json, "station", f->station);
        urna_json_str(&o->json, "text", f->text);
        urna_json_close(&o->json, '}');
        return URNA_OK;
    }
    printf("  %s ", urna_term_sign(URNA_SIGN_FAILS));
    urna_print_safe_str(o->path);
    printf(":%llu", (unsigned long long)f->line);
    if (f->field)
        printf(":%zu", f->field);
    if (*f->station) {
        fputs("  ", stdout);
        urna_print_safe_str(f->station);
    }
    fputs("\n      ", stdout);
    urna_print_safe_str(f->text);
    fputc('\n', stdout);
    return URNA_OK;
}

/* "1 row lacks", "7 rows lack" */
static const char *rows_lack(uint64_t n)
{
    static char text[48];
    snprintf(text, sizeof text, n == 1 ? "%s row lacks" : "%s rows lack", urna_count_text(n));
    return text;
}

static void print_rules(const struct urna_check *c)
{
    if (c->n_rules == 0)
        puts("  - the map declares no rules: nothing was added up");
    for (size_t i = 0; i < c->n_rules; i++) {
        const struct urna_rule_count *r = &c->rule[i];
        printf("  %s ", urna_term_sign(r->broken    ? URNA_SIGN_FAILS
                                       : r->checked ? URNA_SIGN_HOLDS
                                                    : URNA_SIGN_OPEN));
        urna_print_safe_str(r->text);
        if (r->checked == 0) {
            printf("\n      checked on no row: %s\n",
                   r->unknown ? "every row lacks a number" : "there is none");
            continue;
        }
        printf("\n      checked on %s rows: ", urna_count_text(r->checked));
        if (r->broken)
            printf("%s do not hold; the largest difference is %s, line %llu",
                   urna_count_text(r->broken), urna_signed_text(r->most),
                   (unsigned long long)r->most_line);
        else
            fputs("holds on each", stdout);
        if (r->unknown)
            printf("; %s a number", rows_lack(r->unknown));
        fputc('\n', stdout);
    }
}

static uint64_t all_found(const struct urna_check *c)
{
    uint64_t n = 0;
    for (size_t i = 0; i < URNA_CHECK_KINDS; i++)
        n += c->found[i];
    return n;
}

/* Without a rule, a percentage or a total that could be checked nothing can balance. */
static bool something_checked(const struct urna_check *c)
{
    bool any = c->percents > 0 || c->totals_compared > 0;
    for (size_t i = 0; i < c->n_rules; i++)
        any = any || c->rule[i].checked > 0;
    return any;
}

static void print_text(const struct urna_check *c, const struct output *o)
{
    uint64_t n = all_found(c);
    if (o->shown > o->limit)
        printf("  ... and %s more (--findings N shows more)\n",
               urna_count_text(o->shown - o->limit));
    if (n > 0)
        fputc('\n', stdout);
    bool checked = something_checked(c);
    printf("%s ", urna_term_sign(n ? URNA_SIGN_FAILS : checked ? URNA_SIGN_HOLDS : URNA_SIGN_OPEN));
    urna_term_tone(stdout, n ? URNA_BAD : checked ? URNA_GOOD : URNA_PLAIN);
    fputs(n ? "FINDINGS" : checked ? "BALANCED" : "NOTHING ADDED UP", stdout);
    urna_term_end(stdout);
    printf("  %s stations", urna_count_text(c->rows));
    for (size_t i = 0; i < URNA_CHECK_KINDS; i++)
        if (c->found[i])
            printf(", %s: %s", kind_name[i], urna_count_text(c->found[i]));
    fputs("\n\n", stdout);
    print_rules(c);
    printf("  %s stations that stand twice: %s\n",
           urna_term_sign(c->found[URNA_CHECK_DUPLICATE] ? URNA_SIGN_FAILS : URNA_SIGN_HOLDS),
           urna_count_text(c->found[URNA_CHECK_DUPLICATE]));
    if (c->percents)
        printf("  %s printed percentages compared: %s\n",
               urna_term_sign(c->found[URNA_CHECK_PERCENT] ? URNA_SIGN_FAILS : URNA_SIGN_HOLDS),
               urna_count_text(c->percents));
    if (c->totals_compared)
        printf("  %s stated totals compared: %s\n",
               urna_term_sign(c->found[URNA_CHECK_TOTAL] ? URNA_SIGN_FAILS : URNA_SIGN_HOLDS),
               urna_count_text(c->totals_compared));
    fputs("\n  Sums over the stations\n", stdout);
    for (size_t i = 0; i < c->n_series; i++) {
        uint64_t v = *c->series[i].v;
        printf("  %16s  ", v == URNA_UNKNOWN ? "too large" : urna_count_text(v));
        urna_print_safe_str(c->series[i].name);
        if (c->unknown[i])
            printf(" (%s it)", rows_lack(c->unknown[i]));
        fputc('\n', stdout);
    }
    puts("\n  A protocol that does not balance may be a slip of the pen; one that balances\n"
         "  may be invented. The stations named here are to be checked, not accused.");
}

static void print_json(const struct urna_check *c, struct output *o)
{
    struct urna_json *j = &o->json;
    urna_json_close(j, ']');
    urna_json_u64(j, "findings_total", all_found(c));
    urna_json_u64(j, "stations", c->rows);
    urna_json_open(j, "found", '{');
    for (size_t i = 0; i < URNA_CHECK_KINDS; i++)
        urna_json_u64(j, kind_name[i], c->found[i]);
    urna_json_close(j, '}');
    urna_json_open(j, "rules", '[');
    for (size_t i = 0; i < c->n_rules; i++) {
        urna_json_open(j, NULL, '{');
        urna_json_str(j, "rule", c->rule[i].text);
        urna_json_u64(j, "checked", c->rule[i].checked);
        urna_json_u64(j, "broken", c->rule[i].broken);
        urna_json_u64(j, "unknown", c->rule[i].unknown);
        urna_json_i64(j, "largest_difference", c->rule[i].most);
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
    urna_json_u64(j, "percentages_compared", c->percents);
    urna_json_u64(j, "totals_compared", c->totals_compared);
    urna_json_open(j, "sums", '[');
    for (size_t i = 0; i < c->n_series; i++) {
        urna_json_open(j, NULL, '{');
        urna_json_str(j, "name", c->series[i].name);
        urna_json_bool(j, "candidate", c->series[i].is_candidate);
        if (*c->series[i].v == URNA_UNKNOWN)
            urna_json_null(j, "sum");
        else
            urna_json_u64(j, "sum", *c->series[i].v);
        urna_json_u64(j, "rows_without", c->unknown[i]);
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
    urna_json_close(j, '}');
    urna_json_print(j);
}

static int run(const char *path, const char *map, const char *member, const char *totals,
               struct output *o)
{
    struct urna_colmap m;
    struct urna_table *t = NULL;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_check c = {.ctx = o, .finding = show};
    uint8_t hash[32];
    int rc = urna_open_map(&m, name, map, path, member);
    if (rc != URNA_GO_ON) {
        urna_colmap_free(&m);
        return rc;
    }
    enum urna_status st = urna_table_open(&t, path, &m.table, &err);
    if (st == URNA_OK)
        st = urna_table_hash_file(hash, path, &err);
    if (st == URNA_OK && totals)
        st = urna_table_open(&c.totals, totals, NULL, &err);
    if (o->as_json && st == URNA_OK) {
        urna_json_open(&o->json, NULL, '{');
        urna_json_str(&o->json, "format", "urna-protocols-check-1");
        urna_json_str(&o->json, "file", path);
        urna_json_sha256(&o->json, "sha256", hash);
        urna_json_str(&o->json, "map", m.title);
        urna_json_open(&o->json, "findings", '[');
    }
    if (st == URNA_OK)
        st = urna_check_run(&c, t, &m, &err);
    if (st == URNA_OK || st == URNA_FALSE) {
        rc = (int)st;
        if (o->as_json)
            print_json(&c, o);
        else
            print_text(&c, o);
    } else {
        rc = urna_protocols_error(name, &err, path, &m.table);
        urna_json_free(&o->json);
    }
    urna_check_free(&c);
    urna_table_close(c.totals);
    urna_table_close(t);
    urna_colmap_free(&m);
    return rc;
}

/* ---- --counts: totals that were made from percentages ---- */

#define MAX_COUNTS 100

static int report_shares(const uint64_t *counts, size_t n, bool json)
{
    struct urna_percent_first p;
    bool hit = urna_percent_first(&p, counts, n);
    if (json) {
        struct urna_json j = {0};
        urna_json_open(&j, NULL, '{');
        urna_json_str(&j, "format", "urna-percent-first-1");
        urna_json_bool(&j, "from_percentages", hit);
        if (hit) {
            urna_json_u64(&j, "places", p.places);
            urna_json_u64(&j, "total", p.total);
            urna_json_u64(&j, "free_counts", p.free_counts);
            urna_json_double(&j, "log10_chance", p.log10_chance);
        }
        urna_json_close(&j, '}');
        urna_json_print(&j);
        return hit ? URNA_FALSE : URNA_OK;
    }
    if (!hit) {
        printf("%s NOT FROM PERCENTAGES  no few decimals give all %zu counts\n",
               urna_term_sign(URNA_SIGN_HOLDS), n);
        return URNA_OK;
    }
    printf("%s PERCENT FIRST  each count is a share with %u decimal%s, multiplied out\n",
           urna_term_sign(URNA_SIGN_FAILS), p.places, p.places == 1 ? "" : "s");
    printf("  total %s\n\n", urna_count_text(p.total));
    for (size_t i = 0; i < n; i++) {
        double share = 100 * (double)counts[i] / (double)p.total;
        printf("  %14s  is the whole number nearest to %.*f%% of it (%.8f%%)\n",
               urna_count_text(counts[i]), (int)p.places, share, share);
    }
    printf("\n  If the residues of honest counts are uniform, all %zu free counts are such\n"
           "  numbers with chance about 10^%.1f.\n"
           "  This does not show who did it or what the counts were. Somebody may also have\n"
           "  published rounded shares first and multiplied them out later: ask for the\n"
           "  rows that were added up.\n",
           p.free_counts, p.log10_chance);
    return URNA_FALSE;
}

static int read_counts(const char *s, bool json)
{
    uint64_t counts[MAX_COUNTS];
    size_t n = 0;
    for (;; s++) {
        size_t len = strcspn(s, ",");
        if (n == MAX_COUNTS || !urna_parse_u64(&counts[n], s, len, INT64_MAX))
            return urna_usage_error(name, "--counts wants up to %d whole numbers between commas",
                                    MAX_COUNTS);
        n++;
        s += len;
        if (!*s)
            return report_shares(counts, n, json);
    }
}

int urna_protocols_check(int argc, char **argv)
{
    const char *map = NULL, *member = NULL, *totals = NULL, *counts = NULL;
    uint64_t limit = 20;
    const struct urna_option options[] = {
        {"map", "FILE", "column map: a file, or the name of a ready-made one", .string = &map},
        {"member", "NAME", "the table inside a zip archive", .string = &member},
        {"totals", "FILE", "stated totals (first column: region, or *) to compare",
         .string = &totals},
        {"findings", "N", "show at most N findings; default 20", .number = &limit},
        {"counts", "N,N,..", "only: were these totals made from percentages?", .string = &counts},
        {0},
    };
    const struct urna_command command = {
        .name = name,
        .title = "check the arithmetic inside a table of protocols",
        .usage = "urna protocols check FILE [options]\nurna protocols check --counts N,N,...",
        .text = "Checks on every row the rules that the column map declares, printed percentages, "
                "stations that "
                "stand twice, cells that are no numbers; and stated totals against the sum of "
                "their stations.",
        .options = options,
        .args_max = 1,
        .holds = "everything balances",
        .fails = "there are findings",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    if (counts && args.n == 0)
        return read_counts(counts, args.json);
    if (counts || args.n == 0)
        return urna_usage_error(name, counts ? "--counts stands alone" : "which table?");
    struct output o = {.as_json = args.json, .limit = limit, .path = args.arg[0]};
    return run(args.arg[0], map, member, totals, &o);
}
