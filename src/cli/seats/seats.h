/* What the parts of urna seats share. */
#ifndef URNA_CLI_SEATS_SEATS_H
#define URNA_CLI_SEATS_SEATS_H

#include "cli/protocols/common.h"
#include "rules/seats.h"

/* Every rule there is. base matters for the quotas only. */
struct urna_seats_choice {
    enum urna_seats_method method;
    enum urna_seats_base base;
    const char *label, *head[2];
};
#define URNA_SEATS_N_RULES 7
extern const struct urna_seats_choice urna_seats_rules[URNA_SEATS_N_RULES];

struct urna_seats_request {
    struct urna_seats_rule rule; /* n, threshold, ties; method and base from the rules above */
    size_t declared;             /* among them; URNA_SEATS_N_RULES: none */
    const char *list_column, *votes_column, *stated_column, *map;
    struct lists {
        char **label;
        uint64_t *votes, *stated;
        size_t n, cap;
    } lists;
    bool has_stated;
    uint32_t *seats; /* [rule * n + list] */
    bool tie[URNA_SEATS_N_RULES];
};

/* Fill the lists from a table of lists, or of stations through a map. Exit code or URNA_GO_ON. */
int urna_seats_read(struct urna_seats_request *q, const char *command, const char *path);

void urna_seats_print_text(const struct urna_seats_request *q);
void urna_seats_print_json(const struct urna_seats_request *q);
/* Seats that the rule gives to others than the stated ones do. */
uint64_t urna_seats_moved(const struct urna_seats_request *q, size_t rule);

#endif
