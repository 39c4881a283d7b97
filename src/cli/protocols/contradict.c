/* urna protocols contradict: the fewest stations that exceed an official total, as a proof. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/protocols/common.h"
#include "evidence/contradict.h"

static const char name[] = "urna protocols contradict";
#define PROOF_MAX ((size_t)512 << 20)

static void say(const struct urna_contradiction *c, const char *verdict, bool all_known,
                uint64_t all, size_t stations)
{
    printf("%s ", urna_term_sign(URNA_SIGN_HOLDS));
    urna_term_tone(stdout, URNA_GOOD);
    fputs(verdict, stdout);
    urna_term_end(stdout);
    fputs("  ", stdout);
    urna_print_safe_str(c->title);
    fputs("\n\n  ", stdout);
    urna_print_safe_str(c->number);
    if (c->region) {
        fputs(", ", stdout);
        urna_print_safe_str(c->region);
    }
    printf("\n  %16s  official total", urna_count_text(c->official));
    if (*c->source) {
        fputs(" (", stdout);
        urna_print_safe_str(c->source);
        fputc(')', stdout);
    }
    printf("\n  %16s  on the %s largest protocols alone\n", urna_count_text(c->sum),
           urna_count_text(c->n));
    if (all_known)
        printf("  %16s  on all %s protocols of the table: %s more than the official total\n",
               urna_count_text(all), urna_count_text(stations), urna_count_text(all - c->official));
    puts("\n  No smaller set of these protocols exceeds the total. Both cannot be right:\n"
         "  either protocols of this list are false, or the official total is. Which of\n"
         "  them, arithmetic alone does not say; the papers and their signatures do.");
}

static void print_json(const struct urna_contradiction *c, bool contradicts, uint64_t all)
{
    struct urna_json j = {0};
    urna_json_open(&j, NULL, '{');
    urna_json_str(&j, "format", "urna-contradiction-result-1");
    urna_json_bool(&j, "contradicts", contradicts);
    urna_json_str(&j, "number", c->number);
    if (c->region)
        urna_json_str(&j, "region", c->region);
    urna_json_u64(&j, "official", c->official);
    urna_json_u64(&j, "sum", c->sum);
    urna_json_u64(&j, "protocols", c->n);
    urna_json_u64(&j, "sum_of_all", all);
    urna_json_str(&j, "file", c->file);
    urna_json_sha256(&j, "sha256", c->sha256);
    urna_json_close(&j, '}');
    urna_json_print(&j);
}

/* ---- find ---- */

static void sum_all(uint64_t *sum, size_t *stations, const struct urna_protocols *p, size_t series,
                    const char *region)
{
    *sum = *stations = 0;
    for (size_t i = 0; i < p->n; i++) {
        uint64_t v = p->series[series].v[i];
        if (v == URNA_UNKNOWN || (region && strcmp(p->region_name[p->region[i]], region) != 0))
            continue;
        ++*stations;
        if (__builtin_add_overflow(*sum, v, sum))
            *sum = UINT64_MAX;
    }
}

static int list_numbers(const struct urna_protocols *p, const char *number)
{
    fprintf(stderr, "%s: no number called \"", name);
    urna_print_safe(stderr, number, strlen(number));
    fputs("\" in this table; it has\n", stderr);
    for (size_t i = 0; i < p->n_series; i++) {
        fputs("  ", stderr);
        urna_print_safe(stderr, p->series[i].name, strlen(p->series[i].name));
        fputc('\n', stderr);
    }
    return URNA_INPUT;
}

static int find(const struct urna_args *args, const char *map, const char *number,
                uint64_t official, const char *region, const char *source, const char *out)
{
    struct urna_protocols p;
    struct urna_contradiction c = {0};
    struct urna_error err = URNA_ERROR_INIT;
    uint64_t all;
    size_t stations;
    int rc = urna_open_protocols(&p, name, map, args->arg[0]);
    size_t series = rc == URNA_GO_ON ? urna_protocols_find(&p, number) : URNA_NO_INDEX;
    if (rc == URNA_GO_ON && series == URNA_NO_INDEX)
        rc = list_numbers(&p, number);
    if (rc != URNA_GO_ON) {
        urna_protocols_free(&p);
        return rc;
    }
    enum urna_status st = urna_contradiction_find(&c, &p, series, region, official, &err);
    rc = (int)st;
    if (st == URNA_OK && out) {
        struct urna_buf text = {0};
        c.source = source ? source : "";
        urna_contradiction_write(&text, &c);
        st = urna_file_write(out, text.p, text.len, 0644, &err);
        urna_buf_free(&text);
    }
    sum_all(&all, &stations, &p, series, region);
    c.source = source ? source : "";
    if (st != URNA_OK && st != URNA_FALSE) {
        rc = urna_report_error(name, &err);
    } else if (args->json) {
        print_json(&c, st == URNA_OK, all);
    } else if (st == URNA_OK) {
        say(&c, "CONTRADICTED", true, all, stations);
        if (out) {
            fputs("\n  proof   ", stdout);
            urna_print_safe_str(out);
            fputs("\n  anyone checks it:  urna protocols contradict --check ", stdout);
            urna_print_safe_str(out);
            fputc('\n', stdout);
        }
    } else {
        printf("%s NOT CONTRADICTED\n  All %s protocols have %s together, not more than the "
               "official %s.\n",
               urna_term_sign(URNA_SIGN_OPEN), urna_count_text(stations), urna_count_text(all),
               urna_count_text(official));
    }
    urna_contradiction_free(&c);
    urna_protocols_free(&p);
    return rc;
}

/* ---- check ---- */

static int check(const char *path, const char *table, const char *map, bool json)
{
    struct urna_buf text = {0};
    struct urna_contradiction c = {0};
    struct urna_protocols p = {0};
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status st = urna_file_read(&text, path, PROOF_MAX, NULL, &err);
    if (st == URNA_OK)
        st = urna_contradiction_read(&c, urna_buf_view(&text), path, &err);
    urna_error_where(&err, path);
    if (st == URNA_OK)
        st = urna_contradiction_check(&c, &err);
    int rc = URNA_GO_ON;
    if (st == URNA_OK && table)
        rc = urna_open_protocols(&p, name, map, table);
    if (rc != URNA_GO_ON) {
        st = (enum urna_status)rc;
    } else {
        if (st == URNA_OK && table)
            st = urna_contradiction_check_table(&c, &p, &err);
        rc = (int)st;
        if (st == URNA_INPUT || st == URNA_SYSTEM)
            urna_report_error(name, &err);
        else if (json)
            print_json(&c, st == URNA_OK, c.sum);
        else if (st == URNA_OK)
            say(&c, "HOLDS", false, 0, 0);
        else
            printf("%s DOES NOT HOLD  %s\n", urna_term_sign(URNA_SIGN_FAILS), err.msg);
    }
    if (st == URNA_OK && !json && !table)
        puts("\n  Checked: this file's own arithmetic. That its rows stand in the table:\n"
             "  --table FILE. That the table is what the papers say: look at the papers.");
    urna_protocols_free(&p);
    urna_contradiction_free(&c);
    urna_buf_free(&text);
    return rc;
}

int urna_protocols_contradict(int argc, char **argv)
{
    const char *map = NULL, *number = NULL, *region = NULL, *source = NULL, *out = NULL,
               *proof = NULL, *table = NULL;
    uint64_t official = UINT64_MAX;
    const struct urna_option options[] = {
        {"number", "NAME", "what is counted: a candidate or another number", .string = &number},
        {"official", "N", "the official total", .number = &official},
        {"region", "NAME", "only stations of this region, for a sub-total", .string = &region},
        {"source", "TEXT", "where the official total was published", .string = &source},
        {"out", "FILE", "write the proof, a new file", .string = &out, .new_file = true},
        {"map", "FILE", "column map: a file, or the name of a ready-made one", .string = &map},
        {"check", "PROOF", "check a proof instead", .string = &proof},
        {"table", "FILE", "with --check: the table that the proof names", .string = &table},
        {0},
    };
    const struct urna_command command = {
        .name = name,
        .title = "the fewest stations that exceed an official total",
        .usage = "urna protocols contradict FILE --number NAME --official N [options]\n"
                 "urna protocols contradict --check PROOF [--table FILE]",
        .text = "If the protocols of some stations already have more votes than the official total "
                "of all of them, "
                "both cannot be right. No statistics: an addition that anybody can repeat.",
        .options = options,
        .args_max = 1,
        .holds = "there is a contradiction, or the proof holds",
        .fails = "there is none, or the proof does not hold",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    if (proof) {
        if (args.n > 0 || number || official != UINT64_MAX || region || source || out)
            return urna_usage_error(name, "--check goes with --table and --map only");
        return check(proof, table, map, args.json);
    }
    if (args.n == 0 || !number || official == UINT64_MAX || table)
        return urna_usage_error(name, "wanted: FILE, --number and --official (or --check PROOF)");
    return find(&args, map, number, official, region, source, out);
}
