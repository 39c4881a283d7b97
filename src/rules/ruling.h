/* What a rule says: nothing, or its name and why. */
#ifndef URNA_RULES_RULING_H
#define URNA_RULES_RULING_H

#include "base/bytes.h"

struct urna_ruling {
    char rule[10];    /* "" = ok; else "E0".."E18", "V6.D", "repeated", "absent" */
    char reason[200]; /* for people; holds nothing from the record but checked identifiers and numbers */
};

/* Set and return false, so that a check reads `return urna_rule(r, "E12", "...")`. */
bool urna_rule(struct urna_ruling *r, const char *rule, const char *fmt, ...) URNA_PRINTF(3, 4);

/* The section of the law where a rule stands, for messages. */
const char *urna_rule_section(const char *rule);

/* How many checks of each kind ran; printed with every verdict. */
struct urna_checks {
    uint64_t signatures;        /* Ed25519, role signatures */
    uint64_t cosignatures;      /* Ed25519, witnesses' lines */
    uint64_t credentials;       /* voters' signatures */
    uint64_t range_proofs;      /* V6: selections */
    uint64_t limit_proofs;      /* V7 */
    uint64_t codes;             /* V8 */
    uint64_t guardian_proofs;   /* V2 */
    uint64_t share_proofs;      /* V2 */
    uint64_t openings;          /* V13, V14: fields opened */
    uint64_t tally_proofs;      /* V10 */
    uint64_t partial_proofs;    /* (94), (95) */
    uint64_t memberships;       /* elements decoded */
};
void urna_checks_add(struct urna_checks *a, const struct urna_checks *b);

#endif
