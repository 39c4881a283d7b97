/* Inside the report room: what the files that write HTML share. */
#ifndef URNA_REPORT_HTML_INTERNAL_H
#define URNA_REPORT_HTML_INTERNAL_H

#include "report/html.h"

/* The class that gives a tone its colour; "" for none. */
const char *urna_html_tone_class(enum urna_html_tone tone);

static inline void put(struct urna_html *h, const char *markup)
{
    urna_buf_str(&h->out, markup);
}

static inline void element(struct urna_html *h, const char *open, const char *markup,
                           const char *close)
{
    put(h, open);
    put(h, markup);
    put(h, close);
}

#endif
