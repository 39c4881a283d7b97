/* Figures of the evidence report: comet, saw, bell, differences, interval. Each is a whole
 * <figure>; every text comes from the caller, in the language of the page. */
#ifndef URNA_REPORT_FIGURES_H
#define URNA_REPORT_FIGURES_H

#include "evidence/integer.h"
#include "evidence/shape.h"
#include "report/html.h"

struct urna_figure_words {
    const char *label, *aria; /* text */
    const char *caption;      /* markup */
    const char *across, *up;  /* axis titles, text */
    const char *key;          /* comet: "Stations per cell", text */
};

/* Stations by turnout (across) and share (up), cells of half a point, logarithmic steps. */
void urna_figure_comet(struct urna_html *h, const struct urna_shape *p,
                       const struct urna_figure_words *w);

/* Stations per 0.1 point from ${from} percent on, the band expected by chance (3 standard
 * deviations), a dot on whole percents above it. Returns the number of dots. */
unsigned urna_figure_saw(struct urna_html *h, const struct urna_saw *saw, unsigned from,
                         const struct urna_figure_words *w);
/* How many dots it would have, for the caption; and the whole percent from which on half a percent
 * of the stations is left out below. */
unsigned urna_saw_dots(const struct urna_saw *saw, unsigned from);
unsigned urna_saw_from(const struct urna_saw *saw);

/* Stations by turnout in whole points; multiples of five from 65 are dark. */
void urna_figure_bell(struct urna_html *h, const struct urna_shape *p,
                      const struct urna_figure_words *w);
/* Votes by turnout: leader (solid), all others (dashed). key: "leader", key_others: "all others".
 */
void urna_figure_votes(struct urna_html *h, const struct urna_shape *p,
                       const struct urna_figure_words *w, const char *key_leader,
                       const char *key_others);

/* Two numbers each (official, copies): pairs of bars with the numbers at them. */
struct urna_figure_pair {
    const char *name; /* text, from outside too */
    uint64_t a, b;
};
void urna_figure_differences(struct urna_html *h, const struct urna_figure_pair *pair, size_t n,
                             const char *name_a, const char *name_b,
                             const struct urna_figure_words *w);

/* Estimates with intervals (0..1) and a mark for what was announced (negative: none). */
struct urna_figure_interval {
    const char *name;
    double share, low, high, announced;
};
void urna_figure_intervals(struct urna_html *h, const struct urna_figure_interval *i, size_t n,
                           const struct urna_figure_words *w);

#endif
