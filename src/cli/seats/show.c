/* urna seats: every rule side by side. */
#include <stdio.h>
#include <string.h>

#include "cli/seats/seats.h"

static uint64_t seats_given(const struct urna_seats_request *q, size_t rule)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < q->lists.n; i++)
        sum += q->seats[rule * q->lists.n + i];
    return sum;
}

/* Seats that sit elsewhere: half the sum of the differences, rounded up. */
uint64_t urna_seats_moved(const struct urna_seats_request *q, size_t rule)
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

static void print_table(const struct urna_seats_request *q)
{
    size_t n = q->lists.n;
    uint64_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += q->lists.votes[i];
    for (unsigned h = 0; h < 2; h++) {
        printf("  %-18s%11s", h ? "List" : "", h ? "Votes" : "");
        for (size_t r = 0; r < URNA_SEATS_N_RULES; r++)
            printf("%c%6s", r == q->declared && h ? '>' : ' ', urna_seats_rules[r].head[h]);
        printf("%s\n", q->has_stated ? h ? "  stated" : "        " : "");
    }
    for (size_t i = 0; i < n; i++) {
        fputs("  ", stdout);
        print_label(q->lists.label[i], 18);
        printf("%11s", urna_count_text(q->lists.votes[i]));
        bool qualified = urna_seats_is_qualified(&q->rule, q->lists.votes[i], total);
        for (size_t r = 0; r < URNA_SEATS_N_RULES; r++) {
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
    for (size_t r = 0; r < URNA_SEATS_N_RULES; r++)
        printf("%7s", urna_count_text(seats_given(q, r)));
    fputs("\n\n", stdout);
    for (size_t r = 0; r < URNA_SEATS_N_RULES; r++)
        if (q->tie[r])
            printf("  %s %s: %s of %s seats stay unassigned; a tie decides them, or nobody may\n   "
                   "   take them\n",
                   urna_term_sign(URNA_SIGN_WARN), urna_seats_rules[r].label,
                   urna_count_text(q->rule.n - seats_given(q, r)), urna_count_text(q->rule.n));
}

static void print_stated(const struct urna_seats_request *q)
{
    uint64_t least = UINT64_MAX;
    for (size_t r = 0; r < URNA_SEATS_N_RULES; r++)
        if (urna_seats_moved(q, r) < least)
            least = urna_seats_moved(q, r);
    puts("  The stated seats");
    for (size_t r = 0; r < URNA_SEATS_N_RULES; r++) {
        uint64_t m = urna_seats_moved(q, r);
        if (m == 0)
            printf("  %s are those of %s\n", urna_term_sign(URNA_SIGN_HOLDS),
                   urna_seats_rules[r].label);
        else if (m == least)
            printf("  %s differ from %s by %s seat%s (no rule is nearer)\n",
                   urna_term_sign(URNA_SIGN_FAILS), urna_seats_rules[r].label, urna_count_text(m),
                   m == 1 ? "" : "s");
    }
}

void urna_seats_print_text(const struct urna_seats_request *q)
{
    bool same = true;
    for (size_t r = 1; r < URNA_SEATS_N_RULES; r++)
        same =
            same && memcmp(q->seats, q->seats + r * q->lists.n, q->lists.n * sizeof *q->seats) == 0;
    printf("%s SEATS  %s seats, threshold %llu/%llu of all list votes\n",
           urna_term_sign(URNA_SIGN_HOLDS), urna_count_text(q->rule.n),
           (unsigned long long)q->rule.num, (unsigned long long)q->rule.den);
    printf("  %s\n\n", same ? "Every rule gives the same seats."
                            : "The rules do not give the same seats: the rule decides, so it must "
                              "be declared\n  before the vote.");
    print_table(q);
    if (q->declared != URNA_SEATS_N_RULES)
        printf("  declared rule: %s (marked >)\n", urna_seats_rules[q->declared].label);
    else
        puts("  no rule declared (--method)");
    if (q->has_stated)
        print_stated(q);
}

void urna_seats_print_json(const struct urna_seats_request *q)
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
    for (size_t r = 0; r < URNA_SEATS_N_RULES; r++) {
        urna_json_open(&j, NULL, '{');
        urna_json_str(&j, "method", urna_seats_method_name(urna_seats_rules[r].method));
        urna_json_str(&j, "base", urna_seats_base_name(urna_seats_rules[r].base));
        urna_json_bool(&j, "declared", r == q->declared);
        urna_json_bool(&j, "tie", q->tie[r]);
        urna_json_open(&j, "seats", '[');
        for (size_t i = 0; i < q->lists.n; i++)
            urna_json_u64(&j, NULL, q->seats[r * q->lists.n + i]);
        urna_json_close(&j, ']');
        if (q->has_stated)
            urna_json_u64(&j, "differs_from_stated_by", urna_seats_moved(q, r));
        urna_json_close(&j, '}');
    }
    urna_json_close(&j, ']');
    urna_json_close(&j, '}');
    urna_json_print(&j);
}
