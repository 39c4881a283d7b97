/* Inside the report room: options of a contest in the order of votes, for the result and the seats.
 */
#ifndef URNA_REPORT_VERDICT_OPTIONS_H
#define URNA_REPORT_VERDICT_OPTIONS_H

#include "report/verdict_page.h"
#include "rules/seats.h"

/* A, B, ... Z, then numbers: one sign for table and picture. */
const char *page_letter(struct page *g, uint32_t rank);
uint64_t page_sum(const struct urna_result_contest *x);
/* The manifest's rule for the seats of a contest (1-based), or NULL. */
const struct urna_seats_decl *page_seats_decl(const struct page *g, uint32_t contest);
struct urna_seats_rule page_seats_rule(const struct urna_seats_decl *d);
/* num/den as a percentage: whole where it is. */
const char *page_threshold(struct page *g, const struct urna_seats_decl *d);

/* n seats as a half circle of dots, list after list; nothing where so few or so many make none. */
void page_half_circle(struct page *g, const struct urna_option_votes *p, uint32_t n_lists,
                      const struct urna_result_seats *s, unsigned n);

#endif
