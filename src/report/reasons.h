/* What the judge and the readers say of a record or a table, in the language of a page.
 *
 * They say it in English, once, where the fault is found: in JSON and on terminals it stands as it
 * is, and no floor below knows of languages. Here each such text has a row with its translations.
 * The English one is the text with places for its values:
 *   {1n} a number   {1i} an identifier, file name or hash: no space   {1s} any text
 *   {1r} another text of the table
 * and a translation has {1}, {2}, ... where it wants them. */
#ifndef URNA_REPORT_REASONS_H
#define URNA_REPORT_REASONS_H

#include "base/bytes.h"
#include "report/html.h"

struct urna_reason {
    const char *text[URNA_N_LANGS];
};
/* Each ends with a row of NULL. Earlier rows are tried first. */
extern const struct urna_reason urna_reasons_of_rules[], urna_reasons_of_forms[],
    urna_reasons_of_tables[];

/* Append ${english} in that language, as plain text without a final dot. If the table doesn't know
 * it, append it as it is and return false: the page then says that it is English. */
bool urna_reason_say(struct urna_buf *out, enum urna_lang lang, const char *english);
/* The same as markup in the language of the page; what is not known is marked as English. */
void urna_html_reason(struct urna_html *h, const char *english);

#endif
