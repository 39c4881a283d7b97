/* What the evidence pages share: words, the head, the cautions, how to repeat. Private to the
 * report room. */
#ifndef URNA_REPORT_EVIDENCE_FRAME_H
#define URNA_REPORT_EVIDENCE_FRAME_H

#include "report/evidence_report.h"
#include "report/evidence_words.h"

/* A template filled as plain text; the caller frees ${out}. */
const char *urna_plain_fill(struct urna_buf *out, const char *tmpl, const char *const *arg,
                            size_t n);
#define URNA_PLAIN(out, tmpl, ...)                                                                 \
    urna_plain_fill((out), (tmpl), (const char *const[]){__VA_ARGS__},                             \
                    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
/* A template filled as markup (arguments escaped). */
const char *urna_markup_fill(struct urna_buf *out, const char *tmpl, const char *const *arg,
                             size_t n);
#define URNA_MARKUP(out, tmpl, ...)                                                                \
    urna_markup_fill((out), (tmpl), (const char *const[]){__VA_ARGS__},                            \
                     sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* "2 × 10⁻¹⁵" is written 2e-15: six characters that every reader can copy. From log10. */
const char *urna_say_chance(char buf[URNA_SAY_MAX], enum urna_lang lang, double log10_p);

void urna_evidence_begin(struct urna_html *h, const struct urna_evidence_context *c,
                         enum urna_evidence_word title, bool images);
void urna_evidence_cautions(struct urna_html *h, const char *const *shown, size_t n_shown,
                            const char *const *not_shown, size_t n_not_shown);
/* Opens the section and its facts; the caller adds its own facts and closes both. */
void urna_evidence_repeat(struct urna_html *h, const struct urna_evidence_context *c);
void urna_evidence_end(struct urna_html *h);

#endif
