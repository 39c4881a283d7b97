/* urna seats: turn votes into seats, by every rule side by side (election.md section 10). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/seats/seats.h"

static const char name[] = "urna seats";

const struct urna_seats_choice urna_seats_rules[URNA_SEATS_N_RULES] = {
    {URNA_SEATS_HARE, URNA_SEATS_ALL, "hare, base all", {"Hare", "all"}},
    {URNA_SEATS_HARE, URNA_SEATS_QUALIFIED, "hare, base qualified", {"Hare", "qual."}},
    {URNA_SEATS_DROOP, URNA_SEATS_ALL, "droop, base all", {"Droop", "all"}},
    {URNA_SEATS_DROOP, URNA_SEATS_QUALIFIED, "droop, base qualified", {"Droop", "qual."}},
    {URNA_SEATS_DHONDT, URNA_SEATS_QUALIFIED, "dhondt", {"D'Hondt", ""}},
    {URNA_SEATS_SAINTELAGUE, URNA_SEATS_QUALIFIED, "saintelague", {"Sainte-", "Lague"}},
    {URNA_SEATS_SAINTELAGUE_MOD, URNA_SEATS_QUALIFIED, "saintelague-mod", {"S.-L.", "modif."}},
};

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

static int read_rule(struct urna_seats_request *q, uint64_t n, const char *threshold,
                     const char *method, const char *base, const char *ties)
{
    struct urna_seats_rule *r = &q->rule;
    *r = (struct urna_seats_rule){.n = (uint32_t)n, .den = 1};
    q->declared = URNA_SEATS_N_RULES;
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
    for (size_t i = 0; i < URNA_SEATS_N_RULES; i++)
        if (urna_seats_rules[i].method == r->method &&
            (!quota || urna_seats_rules[i].base == r->base))
            q->declared = i;
    return URNA_GO_ON;
}

static int allocate_all(struct urna_seats_request *q)
{
    size_t n = q->lists.n;
    q->seats = urna_xcalloc(URNA_SEATS_N_RULES * n + 1, sizeof *q->seats);
    for (size_t i = 0; i < URNA_SEATS_N_RULES; i++) {
        struct urna_seats_rule r = q->rule;
        r.method = urna_seats_rules[i].method;
        r.base = urna_seats_rules[i].base;
        if (urna_seats_allocate(&r, q->lists.votes, n, q->seats + i * n, &q->tie[i]) != URNA_OK)
            return urna_usage_error(name,
                                    "a list has 2^53 votes or more, or all lists together 2^64");
    }
    return URNA_GO_ON;
}

/* What the exit code says: the declared rule gives all seats, and the stated ones if there are any.
 */
static int verdict(const struct urna_seats_request *q)
{
    if (q->declared != URNA_SEATS_N_RULES)
        return q->tie[q->declared] || (q->has_stated && urna_seats_moved(q, q->declared) > 0)
                   ? URNA_FALSE
                   : URNA_OK;
    for (size_t r = 0; q->has_stated && r < URNA_SEATS_N_RULES; r++)
        if (urna_seats_moved(q, r) == 0)
            return URNA_OK;
    return q->has_stated ? URNA_FALSE : URNA_OK;
}

int urna_cmd_seats(int argc, char **argv)
{
    struct urna_seats_request q = {.declared = URNA_SEATS_N_RULES};
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
        rc = urna_seats_read(&q, name, args.arg[0]);
    if (rc == URNA_GO_ON && q.lists.n == 0)
        rc = urna_usage_error(name, "the file has no lists");
    if (rc == URNA_GO_ON)
        rc = allocate_all(&q);
    if (rc == URNA_GO_ON) {
        if (args.json)
            urna_seats_print_json(&q);
        else
            urna_seats_print_text(&q);
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
