/* A column map bound to the header of one table: names have become numbers of columns. Private to
 * the protocol reader and the guess. */
#ifndef URNA_EVIDENCE_BINDING_H
#define URNA_EVIDENCE_BINDING_H

#include "evidence/protocols.h"

struct urna_bound_part {
    size_t column;
    const struct urna_colmap_ref *ref;
    bool optional, lower; /* has the step of that name */
};
struct urna_bound_key {
    struct urna_bound_part *part;
    size_t n;
};
/* A cell that is counted: part of the sum series[series]. */
struct urna_bound_cell {
    uint32_t column, series;
};
struct urna_bound_filter {
    struct urna_bound_part part;
    const char *pattern;
};

struct urna_binding {
    struct urna_arena arena;
    struct urna_series *series; /* v = NULL */
    size_t n_series, n_quantities;
    size_t **columns; /* columns[series], n_columns[series] of them */
    size_t *n_columns;
    struct urna_bound_cell *cell; /* the same, one after another */
    size_t n_cells;
    struct urna_bound_key station, region, district, url;
    struct urna_bound_key name, parts; /* n > 0 only inside a pivot */
    struct urna_bound_part *percent;
    struct urna_bound_filter *total, *skip, *only;
    size_t n_used; /* columns that mean something */
};

/* URNA_INPUT, err->rule "columns": a column that the map names is not there, or stands twice. */
enum urna_status urna_binding_make(struct urna_binding *b, const struct urna_colmap *m,
                                   const struct urna_table *t,
                                   struct urna_error *err) URNA_MUST_USE;
/* Are all names in the rules and percentages of ${m} among the series? */
enum urna_status urna_binding_check_names(const struct urna_series *series, size_t n,
                                          const struct urna_colmap *m,
                                          struct urna_error *err) URNA_MUST_USE;
void urna_binding_free(struct urna_binding *b);

#endif
