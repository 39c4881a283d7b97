/* What a verdict looks like: text for a terminal, one JSON object for programs, one HTML file for everybody. */
#ifndef URNA_REPORT_VERDICT_H
#define URNA_REPORT_VERDICT_H

#include <stdio.h>

#include "base/json_out.h"
#include "report/locale.h"
#include "verify/verify.h"

/* The name of an election in the language wanted, else the first; never NULL. */
const char *urna_title_in(const struct urna_titles *t, const char *lang);

/* docs/verify-json.md describes every field. */
void urna_verdict_json(struct urna_json *j, const struct urna_verdict *v);
/* trust_name: name of the trust file for the text, or NULL. explain: what is proved and what is not. */
void urna_verdict_text(FILE *f, const struct urna_verdict *v, const char *trust_name, bool explain);

/* What the page says of the check itself. */
struct urna_verdict_page {
    enum urna_lang lang;
    const char *record;          /* path as typed */
    const char *trust_name;      /* trust file as typed; NULL without one */
    const uint8_t *trust_sha256; /* 32 bytes, of its bytes; NULL without one */
    const char *version;         /* of the program: "0.1.0" */
    int64_t when;                /* of the check, Unix seconds */
};
/* Append one self-contained HTML file. An invalid or incomplete record shows no result; one taken as found is never green. */
void urna_verdict_html(struct urna_buf *out, const struct urna_verdict *v, const struct urna_verdict_page *p);

#endif
