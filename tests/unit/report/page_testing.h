/* What the tests of pages share: is a page well-formed, and does it speak its language? */
#ifndef PAGE_TESTING_H
#define PAGE_TESTING_H

#include "report/locale.h"

/* Every tag closed in order, no attribute or element that runs or loads, ids unique, links inside
 * the page only and each to an id; headings in order, a scope for every header of a table, a text
 * for every picture, regions of different names. */
void check_well_formed(const char *page);
/* The language is declared, and no other page than an English one has an English sentence outside
 * of names, commands and hashes. */
void check_language(const char *page, enum urna_lang lang);
/* What the attacks of these tests are called stands in texts only: "<script" in no attribute. */
void check_no_name_in_attributes(const char *page);

#endif
