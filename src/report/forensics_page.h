/* Inside the report room: what the files that write the forensics report share. */
#ifndef URNA_REPORT_FORENSICS_PAGE_H
#define URNA_REPORT_FORENSICS_PAGE_H

#include "report/evidence_frame.h"

/* The page being written; numbers are said into a ring of buffers, so that one sentence can hold
 * several. */
struct page {
    struct urna_html *h;
    const struct urna_evidence_context *c;
    const struct urna_stations *s;
    const struct urna_forensics_options *o;
    const struct urna_forensics *f;
    char ring[16][URNA_SAY_MAX];
    unsigned at;
};

static inline const char *word(const struct page *p, enum urna_evidence_word w)
{
    return urna_evidence_word(p->c->lang, w);
}

static inline char *slot(struct page *p)
{
    return p->ring[p->at++ % 16];
}

static inline const char *count(struct page *p, uint64_t x)
{
    return urna_say_u64(slot(p), p->c->lang, x);
}

static inline const char *number(struct page *p, double x, unsigned decimals)
{
    return urna_say_decimal(slot(p), p->c->lang, x, decimals);
}

static inline const char *plus(struct page *p, double x, unsigned decimals)
{
    return urna_say_signed_decimal(slot(p), p->c->lang, x, decimals);
}

static inline const char *percent(struct page *p, double x, unsigned decimals)
{
    return urna_say_percent(slot(p), p->c->lang, x, decimals);
}

static inline const char *share(struct page *p, uint64_t a, uint64_t b)
{
    return urna_say_share(slot(p), p->c->lang, a, b, 2);
}

static inline void other(struct page *p, enum urna_evidence_word w)
{
    urna_html_h3(p->h, word(p, W_OTHER));
    urna_html_p(p->h, word(p, w));
}

/* Sections in their order; each in a file of its kind. */
void forensics_comet(struct page *p);
void forensics_saw(struct page *p);
void forensics_bell(struct page *p);
void forensics_integers(struct page *p);
void forensics_regions(struct page *p);
void forensics_models(struct page *p);
void forensics_repeats(struct page *p);
void forensics_controls(struct page *p);
void forensics_digits(struct page *p);

#endif
