/* An attack must be refused, and by the right rule. For tests with cmocka. */
#ifndef TESTS_SUPPORT_REFUSED_H
#define TESTS_SUPPORT_REFUSED_H

#include "rules/ruling.h"

static inline void refused(bool accepted, const struct urna_ruling *r, const char *rule)
{
    if (accepted)
        fail_msg("accepted, where %s should refuse", rule);
    if (strcmp(r->rule, rule) != 0)
        fail_msg("refused by %s (%s) instead of %s", r->rule, r->reason, rule);
}

#endif
