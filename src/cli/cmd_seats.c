/* urna seats: turn votes into seats, by every rule side by side (election.md section 10). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/protocols/common.h"
#include "rules/seats.h"

static const char name[] = "urna seats";

/* Every rule there is. base matters for the quotas only. */
static const struct {
    enum urna_seats_method method;
    enum urna_seats_base base;
    const char *label, *head[2];
} rules[] = {
    {URNA_SEATS_HARE, URNA_SEATS_ALL, "hare, base all", {"Hare", "all"}},
    {URNA_SEATS_HARE, URNA_SEATS_QUALIFIED, "hare, base qualified", {"Hare", "qual."}},
    {URNA_SEATS_DROOP, URNA_SEATS_ALL, "droop, base all", {"Droop", "all"}},
    {URNA_SEATS_DROOP, URNA_SEATS_QUALIFIED, "droop, base qualified", {"Droop", "qual."}},
    {URNA_SEATS_DHONDT, URNA_SEATS_QUALIFIED, "dhondt", {"D'Hondt", ""}},
    {URNA_SEATS_SAINTELAGUE, URNA_SEATS_QUALIFIED, "saintelague", {"Sainte-", "Lague"}},
    {URNA_SEATS_SAINTELAGUE_MOD, URNA_SEATS_QUALIFIED, "saintelague-mod", {"S.-L.", "modif."}},
};
#define N_RULES (sizeof rules / sizeof rules[0])
#define NO_RULE N_RULES

struct request {
    struct urna_seats_rule rule; /* n, threshold, ties; method and base from the tables above */
    size_t declared;
    const char *list_column, *votes_column, *stated_column, *map;
    struct lists {
        char **label;
        uint64_t *votes, *stated;
        size_t n, cap;
    } lists;
    bool has_stated;
    uint32_t *seats; /* [rule * n + list] */
    bool tie[N_RULES];
};

/* ---- reading ---- */

static void add_list(struct request *q, struct urna_view label, uint64_t votes, uint64_t stated)
{
    struct lists *l = &q->lists;
    if (l->n == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 32;
        l->label = urna_xrealloc(l->label, l->cap, sizeof *l->label);
        l->votes = urna_xrealloc(l->votes, l->cap, sizeof *l->votes);
        l->stated = urna_xrealloc(l->stated, l->cap, sizeof *l->stated);
    }
    char *s = urna_xcalloc(label.len + 1, 1);
    memcpy(s, label.p, label.len);
    l->label[l->n] = s;
    l->votes[l->n] = votes;
    l->stated[l->n++] = stated;
}

static enum urna_status find_column(size_t *out, const struct urna_table *t, const char *want,
                                    const char *what, struct urna_error *err)
{
    for (*out = 0; *out < urna_table_n_columns(t); ++*out)
        if (strcmp(urna_table_column(t, *out), want) == 0)
            return URNA_OK;
    snprintf(err->rule, sizeof err->rule, "columns");
    return urna_table_fail(t, 0, err, URNA_INPUT, "no column \"%.100s\" for %s", want, what);
}

static enum urna_status take_count(uint64_t *out, const struct urna_table *t, size_t column,
                                   struct urna_error *err)
{
    struct urna_number_style seen = {0}, style = {0};
    if (column >= urna_table_n_cells(t))
        return urna_table_fail(t, urna_table_n_cells(t), err, URNA_INPUT,
                               "the row has too few fields");
    enum urna_number_result r = urna_number_count(out, &seen, urna_table_cell(t, column), style);
    if (r == URNA_NUMBER_OK)
        return URNA_OK;
    return urna_table_fail(t, column, err, URNA_INPUT, "%s",
                           r == URNA_NUMBER_EMPTY ? "a number is missing"
                           : r == URNA_NUMBER_UNSURE
                               ? "it cannot be told whether this is a thousand or a one"
                               : "no whole number");
}

static enum urna_status read_lists(struct request *q, struct urna_table *t, struct urna_error *err)
{
    size_t list = 0, votes = 1, stated = 0;
    enum urna_status st = URNA_OK;
    if (q->list_column)
        st = find_column(&list, t, q->list_column, "the lists", err);
    if (st == URNA_OK && q->votes_column)
        st = find_column(&votes, t, q->votes_column, "the votes", err);
    if (st == URNA_OK && q->stated_column)
        st = find_column(&stated, t, q->stated_column, "the stated seats", err);
    for (;;) {
        bool end;
        uint64_t v, s = 0;
        if (st == URNA_OK)
            st = urna_table_next(t, &end, err);
        if (st != URNA_OK || end)
            return st;
        st = take_count(&v, t, votes, err);
        if (st == URNA_OK && q->stated_column)
            st = take_count(&s, t, stated, err);
        if (st == URNA_OK && q->lists.n >= URNA_SEATS_MAX_LISTS)
            st = urna_table_fail(t, 0, err, URNA_INPUT, "too many lists");
        if (st == URNA_OK)
            add_list(q, urna_table_cell(t, list), v, s);
    }
}

/* From station protocols: the candidates' sums. */
static int read_protocols(struct request *q, const char *path)
{
    struct urna_protocols p;
    int rc = urna_open_protocols(&p, name, q->map, path);
    for (size_t i = p.n_quantities; rc == URNA_GO_ON && i < p.n_series; i++) {
        uint64_t sum;
        if (urna_protocols_sum(&sum, NULL, &p, i))
            add_list(q, urna_view_str(p.series[i].name), sum, 0);
        else
            rc = urna_usage_error(name, "the votes of a list are beyond 2^64");
    }
    urna_protocols_free(&p);
    return rc;
}

static int read_votes(struct request *q, const char *path)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_table *t;
    if (q->map)
        return read_protocols(q, path);
    enum urna_status st = urna_table_open(&t, path, NULL, &err);
    if (st == URNA_OK)
        st = read_lists(q, t, &err);
    urna_table_close(t);
    q->has_stated = q->stated_column != NULL;
    return st == URNA_OK ? URNA_GO_ON : urna_protocols_error(name, &err, path, NULL);
}

/* ---- rules on the command line ---- */

/* "3/100", "3%", "2.5%" */
static bool read_threshold(struct urna_seats_rule *r, const char *s)
{
    const char *slash = strchr(s, '/');
    if (slash)
        return urna_parse_u64(&r->num, s, (size_t)(slash - s), UINT64_MAX) &&
               urna_parse_u64(&r->den, slash + 1, strlen(slash + 1), UINT64_MAX) && r->den >= 1 &&
               r->num <= r->den;
    struct urna_decimal d;
    size_t len = strlen(s);
    struct urna_number_style style = {0};
    if (len < 2 || s[len - 1] != '%' ||
        urna_number_decimal(&d, urna_view_str(s), style) != URNA_NUMBER_OK)
        return false;
    r->num = d.digits;
    r->den = 100;
    for (unsigned i = 0; i < d.places; i++)
        r->den *= 10;
    return r->num <= r->den;
}

static int read_rule(struct request *q, uint64_t n, const char *threshold, const char *method,
                     const char *base, const char *ties)
{
    struct urna_seats_rule *r = &q->rule;
    *r = (struct urna_seats_rule){.n = (uint32_t)n, .den = 1};
    q->declared = NO_RULE;
    if (threshold && !read_threshold(r, threshold))
        return urna_usage_error(name, "--threshold is a share such as 3%% or 3/100");
    if (ties && !urna_seats_ties_parse(&r->ties, urna_view_str(ties)))
        return urna_usage_error(name, "--ties is error or order");
    if (base && !urna_seats_base_parse(&r->base, urna_view_str(base)))
        return urna_usage_error(name, "--base is qualified or all");
    if (base && !method)
        return urna_usage_error(name, "--base belongs to --method hare or droop");
    if (!method)
        return URNA_GO_ON;
    if (!urna_seats_method_parse(&r->method, urna_view_str(method)))
        return urna_usage_error(name,
                                "--method is hare, droop, dhondt, saintelague or saintelague-mod");
    bool quota = r->method == URNA_SEATS_HARE || r->method == URNA_SEATS_DROOP;
    if (quota && !base)
        return urna_usage_error(name, "%s has two readings: say --base qualified or --base all",
                                method);
    for (size_t i = 0; i < N_RULES; i++)
        if (rules[i].method == r->method && (!quota || rules[i].base == r->base))
            q->declared = i;
    return URNA_GO_ON;
}

/* ---- answers ---- */

static int allocate_all(struct request *q)
{
    size_t n = q->lists.n;
    q->seats = urna_xcalloc(N_RULES * n + 1, sizeof *q->seats);
    for (size_t i = 0; i < N_RULES; i++) {
        struct urna_seats_rule r = q->rule;
        r.method = rules[i].method;
        r.base = rules[i].base;
        if (urna_seats_allocate(&r, q->lists.votes, n, q->seats + i * n, &q->tie[i]) != URNA_OK)
            return urna_usage_error(name,
                                    "a list has 2^53 votes or more, or all lists together 2^64");
    }
    return URNA_GO_ON;
}

static uint64_t seats_given(const struct request *q, size_t rule)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < q->lists.n; i++)
        sum += q->seats[rule * q->lists.n + i];
    return sum;
}

/* Seats that sit elsewhere: half the sum of the differences, rounded up. */
static uint64_t moved(const struct request *q, size_t rule)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < q->lists.n; i++) {
        uint64_t a = q->seats[rule * q->lists.n + i], b = q->lists.stated[i];
        sum += a > b ? a - b : b - a;
    }
    return (sum + 1) / 2;
}

/* Columns of the terminal, roughly: one per character. */
static void print_label(const char *s, size_t width)
{
    size_t len = strlen(s), i = 0, columns = 0, last = 0;
    uint32_t cp;
    while (i < len && columns < width && urna_utf8_next((const uint8_t *)s, len, &i, &cp)) {
        columns++;
        last = i;
    }
    urna_print_safe(stdout, s, last);
    for (; columns < width; columns++)
        fputc(' ', stdout);
}

static void print_table(const struct request *q)
{
    size_t n = q->lists.n;
    uint64_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += q->lists.votes[i];
    for (unsigned h = 0; h < 2; h++) {
        printf("  %-18s%11s", h ? "List" : "", h ? "Votes" : "");
        for (size_t r = 0; r < N_RULES; r++)
            printf("%c%6s", r == q->declared && h ? '>' : ' ', rules[r].head[h]);
        printf("%s\n", q->has_stated ? h ? "  stated" : "        " : "");
    }
    for (size_t i = 0; i < n; i++) {
        fputs("  ", stdout);
        print_label(q->lists.label[i], 18);
        printf("%11s", urna_count_text(q->lists.votes[i]));
        bool qualified = urna_seats_is_qualified(&q->rule, q->lists.votes[i], total);
        for (size_t r = 0; r < N_RULES; r++) {
            if (qualified)
                printf("%7s", urna_count_text(q->seats[r * n + i]));
            else
                printf("%7s", "-");
        }
        if (q->has_stated)
            printf("%8s", urna_count_text(q->lists.stated[i]));
        fputc('\n', stdout);
    }
    printf("  %-18s%11s", "All lists", urna_count_text(total));
    for (size_t r = 0; r < N_RULES; r++)
        printf("%7s", urna_count_text(seats_given(q, r)));
    fputs("\n\n", stdout);
    for (size_t r = 0; r < N_RULES; r++)
        if (q->tie[r])
            printf("  %s %s: %s of %s seats stay unassigned; a tie decides them, or nobody may\n   "
                   "   take them\n",
                   urna_term_sign(URNA_SIGN_WARN), rules[r].label,
                   urna_count_text(q->rule.n - seats_given(q, r)), urna_count_text(q->rule.n));
}

static void print_stated(const struct request *q)
{
    uint64_t least = UINT64_MAX;
    for (size_t r = 0; r < N_RULES; r++)
        if (moved(q, r) < least)
            least = moved(q, r);
    puts("  The stated seats");
    for (size_t r = 0; r < N_RULES; r++) {
        uint64_t m = moved(q, r);
        if (m == 0)
            printf("  %s are those of %s\n", urna_term_sign(URNA_SIGN_HOLDS), rules[r].label);
        else if (m == least)
            printf("  %s differ from %s by %s seat%s (no rule is nearer)\n",
                   urna_term_sign(URNA_SIGN_FAILS), rules[r].label, urna_count_text(m),
                   m == 1 ? "" : "s");
    }
}

static void print_text(const struct request *q)
{
    bool same = true;
    for (size_t r = 1; r < N_RULES; r++)
        same =
            same && memcmp(q->seats, q->seats + r * q->lists.n, q->lists.n * sizeof *q->seats) == 0;
    printf("%s SEATS  %s seats, threshold %llu/%llu of all list votes\n",
           urna_term_sign(URNA_SIGN_HOLDS), urna_count_text(q->rule.n),
           (unsigned long long)q->rule.num, (unsigned long long)q->rule.den);
    printf("  %s\n\n", same ? "Every rule gives the same seats."
                            : "The rules do not give the same seats: the rule decides, so it must "
                              "be declared\n  before the vote.");
    print_table(q);
    if (q->declared != NO_RULE)
        printf("  declared rule: %s (marked >)\n", rules[q->declared].label);
    else
        puts("  no rule declared (--method)");
    if (q->has_stated)
        print_stated(q);
}

static void print_json(const struct request *q)
{
    struct urna_json j = {0};
    urna_json_open(&j, NULL, '{');
    urna_json_str(&j, "format", "urna-seats-1");
    urna_json_u64(&j, "seats", q->rule.n);
    urna_json_open(&j, "threshold", '[');
    urna_json_u64(&j, NULL, q->rule.num);
    urna_json_u64(&j, NULL, q->rule.den);
    urna_json_close(&j, ']');
    urna_json_open(&j, "lists", '[');
    for (size_t i = 0; i < q->lists.n; i++) {
        urna_json_open(&j, NULL, '{');
        urna_json_str(&j, "name", q->lists.label[i]);
        urna_json_u64(&j, "votes", q->lists.votes[i]);
        if (q->has_stated)
            urna_json_u64(&j, "stated", q->lists.stated[i]);
        urna_json_close(&j, '}');
    }
    urna_json_close(&j, ']');
    urna_json_open(&j, "rules", '[');
    for (size_t r = 0; r < N_RULES; r++) {
        urna_json_open(&j, NULL, '{');
        urna_json_str(&j, "method", urna_seats_method_name(rules[r].method));
        urna_json_str(&j, "base", urna_seats_base_name(rules[r].base));
        urna_json_bool(&j, "declared", r == q->declared);
        urna_json_bool(&j, "tie", q->tie[r]);
        urna_json_open(&j, "seats", '[');
        for (size_t i = 0; i < q->lists.n; i++)
            urna_json_u64(&j, NULL, q->seats[r * q->lists.n + i]);
        urna_json_close(&j, ']');
        if (q->has_stated)
            urna_json_u64(&j, "differs_from_stated_by", moved(q, r));
        urna_json_close(&j, '}');
    }
    urna_json_close(&j, ']');
    urna_json_close(&j, '}');
    urna_json_print(&j);
}

/* What the exit code says: the declared rule gives all seats, and the stated ones if there are any.
 */
static int verdict(const struct request *q)
{
    if (q->declared != NO_RULE)
        return q->tie[q->declared] || (q->has_stated && moved(q, q->declared) > 0) ? URNA_FALSE
                                                                                   : URNA_OK;
    for (size_t r = 0; q->has_stated && r < N_RULES; r++)
        if (moved(q, r) == 0)
            return URNA_OK;
    return q->has_stated ? URNA_FALSE : URNA_OK;
}

int urna_cmd_seats(int argc, char **argv)
{
    struct request q = {.declared = NO_RULE};
    const char *threshold = NULL, *method = NULL, *base = NULL, *ties = NULL;
    uint64_t n = 0;
    const struct urna_option options[] = {
        {"seats", "N", "how many seats", .number = &n, .min = 1, .max = UINT32_MAX,
         .required = true},
        {"threshold", "SHARE", "of all list votes, 3% or 3/100; default none",
         .string = &threshold},
        {"method", "NAME", "the declared rule: hare, droop, dhondt, saintelague, saintelague-mod",
         .string = &method},
        {"base", "BASE", "votes that the quotas are of: qualified or all", .string = &base},
        {"ties", "RULE", "error: seats stay unassigned (default); order: list order",
         .string = &ties},
        {"list", "COLUMN", "names of the lists; default the first column",
         .string = &q.list_column},
        {"votes", "COLUMN", "their votes; default the second column", .string = &q.votes_column},
        {"stated", "COLUMN", "seats that somebody announced, to compare",
         .string = &q.stated_column},
        {"map", "FILE", "the file has station protocols: add up the candidates", .string = &q.map},
        {0},
    };
    const struct urna_command command = {
        .name = name,
        .title = "turn votes into seats, by every rule",
        .usage = "urna seats FILE --seats N [options]",
        .text = "Shows the outcome of every rule side by side, in exact integers, and which of "
                "them the declared "
                "rule is. An announced allocation (--stated) is compared with each.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "the declared rule gives all seats (and the stated ones)",
        .fails = "a tie leaves seats, or the stated seats are others",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc == URNA_GO_ON && q.map && (q.list_column || q.votes_column || q.stated_column))
        rc = urna_usage_error(name, "--map goes without --list, --votes and --stated");
    if (rc == URNA_GO_ON)
        rc = read_rule(&q, n, threshold, method, base, ties);
    if (rc == URNA_GO_ON)
        rc = read_votes(&q, args.arg[0]);
    if (rc == URNA_GO_ON && q.lists.n == 0)
        rc = urna_usage_error(name, "the file has no lists");
    if (rc == URNA_GO_ON)
        rc = allocate_all(&q);
    if (rc == URNA_GO_ON) {
        if (args.json)
            print_json(&q);
        else
            print_text(&q);
        rc = verdict(&q);
    }
    for (size_t i = 0; i < q.lists.n; i++)
        free(q.lists.label[i]);
    free(q.lists.label);
    free(q.lists.votes);
    free(q.lists.stated);
    free(q.seats);
    return rc;
}
