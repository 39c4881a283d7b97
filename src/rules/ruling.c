#include "rules/ruling.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool urna_rule(struct urna_ruling *r, const char *rule, const char *fmt, ...)
{
    snprintf(r->rule, sizeof r->rule, "%s", rule);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(r->reason, sizeof r->reason, fmt, ap);
    va_end(ap);
    return false;
}

const char *urna_rule_section(const char *rule)
{
    static const struct {
        const char *rule, *section;
    } table[] = {
        {"E0", "section 5, roll"},      {"E1", "section 5, ballot"},      {"E2", "section 5, ballot"},
        {"E3", "section 5, credential"}, {"E5", "section 5, serials"},    {"E8", "section 5, challenge"},
        {"E10", "section 6, count set"}, {"E11", "section 2, kinds and phases"},
        {"E12", "sections 1 and 2, form"}, {"E13", "section 2, manifest"}, {"E14", "section 9, ceremony"},
        {"E15", "section 4, open"},      {"E16", "section 7, anchors"},    {"E17", "section 6, decryption"},
        {"E18", "section 6, result"},    {"repeated", "section 2, entry id"}, {"absent", "section 2, out of line"},
    };
    if (rule[0] == 'V')
        return "protocol, verification steps";
    size_t len = strcspn(rule, ".");
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strlen(table[i].rule) == len && strncmp(table[i].rule, rule, len) == 0)
            return table[i].section;
    return "the law of the log";
}

void urna_checks_add(struct urna_checks *a, const struct urna_checks *b)
{
    a->signatures += b->signatures;
    a->cosignatures += b->cosignatures;
    a->credentials += b->credentials;
    a->range_proofs += b->range_proofs;
    a->limit_proofs += b->limit_proofs;
    a->codes += b->codes;
    a->guardian_proofs += b->guardian_proofs;
    a->share_proofs += b->share_proofs;
    a->openings += b->openings;
    a->tally_proofs += b->tally_proofs;
    a->partial_proofs += b->partial_proofs;
    a->memberships += b->memberships;
}
