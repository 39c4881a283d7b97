/* Inside the report room: what the files that write the verdict on a terminal share. */
#ifndef URNA_REPORT_VERDICT_TEXT_H
#define URNA_REPORT_VERDICT_TEXT_H

#include <stdio.h>

#include "base/term.h"
#include "report/verdict.h"
#include "report/verdict_view.h"

void text_sign(FILE *f, enum urna_tone tone, enum urna_sign s);
/* A text from the record, cut at ${columns} code points for a table; returns the columns used. */
unsigned text_name(FILE *f, const char *s, unsigned columns);
void text_pad(FILE *f, unsigned used, unsigned width);
/* Text from ${column} on, broken at words before column 80; what is too long hangs at column 4. */
void text_hang(FILE *f, size_t column, const char *text);
/* "  ballots       7,084 in the log: ..." */
void text_label(FILE *f, const char *name, const char *text);

/* trusted: by a trust file, not by a fingerprint alone. */
void put_answer(FILE *f, const struct urna_verdict *v, const struct urna_fault_view *faults,
                bool trusted);
void put_ballots(FILE *f, struct urna_judge *J, const struct urna_verdict_counts *n);
void put_checks(FILE *f, struct urna_judge *J, uint64_t proofs);
void put_witnesses(FILE *f, const struct urna_verdict *v, const struct urna_verdict_counts *n);
void put_findings(FILE *f, const struct urna_verdict *v, const struct urna_verdict_counts *n);
/* The words of election.md section 11. */
void put_not_proved(FILE *f, const struct urna_context *P, uint64_t rows, bool explain);
void put_invalid(FILE *f, const struct urna_verdict *v, const struct urna_fault_view *x,
                 const struct urna_verdict_counts *n);
void put_incomplete(FILE *f, const struct urna_verdict *v);

#endif
