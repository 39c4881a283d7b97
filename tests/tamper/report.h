/* What a suite prints: one line of TAP a subject, cases by rule, what was rightly harmless and why,
 * and everything that was not named as it must be. */
#ifndef TAMPER_REPORT_H
#define TAMPER_REPORT_H

#include <stdbool.h>
#include "base/status.h"

enum { REPORT_SUBJECTS = 64 };

struct report;
struct report *report_new(const char *title);
/* A line of the report: a kind of entry, a kind of file. In the order of the first mention. */
void report_subject(struct report *r, const char *subject);
void report_case(struct report *r, const char *rule, bool signed_again);
void report_harmless(struct report *r, const char *path, const char *op, const char *then,
                     const char *why);
void report_nothing(struct report *r); /* an edit that changes nothing is no case */
void report_fault(struct report *r, const char *fmt, ...) URNA_PRINTF(2, 3);
/* Prints and frees; returns the exit code. least: fewer cases than that are a fault too, so that a
 * suite that has stopped trying is found. */
int report_end(struct report *r, unsigned least);

#endif
