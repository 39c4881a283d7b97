/* Lists of voters as CSV: a heading line names the columns, fields have no quotes and no commas. */
#ifndef URNA_CLI_ROWS_H
#define URNA_CLI_ROWS_H

#include "cli/common.h"

struct urna_csv {
    char *text; /* owns everything */
    size_t text_len;
    char **cell; /* n_rows * n_columns, row by row */
    char **column;
    size_t n_columns, n_rows;
};
enum urna_status urna_csv_read(struct urna_csv *out, const char *path,
                               struct urna_error *err) URNA_MUST_USE;
void urna_csv_free(struct urna_csv *c);
/* NULL if there is no such column. */
const char *urna_csv_at(const struct urna_csv *c, size_t row, const char *column);

#endif
