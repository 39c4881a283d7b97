/* urna seats: the lists and their votes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/seats/seats.h"
#include "evidence/words.h"

static void add_list(struct urna_seats_request *q, struct urna_view label, uint64_t votes,
                     uint64_t stated)
{
    struct lists *l = &q->lists;
    if (l->n == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 32;
        l->label = urna_xrealloc(l->label, l->cap, sizeof *l->label);
        l->votes = urna_xrealloc(l->votes, l->cap, sizeof *l->votes);
        l->stated = urna_xrealloc(l->stated, l->cap, sizeof *l->stated);
    }
    char *s = urna_xcalloc(label.len + 1, 1);
    memcpy(s, label.p, label.len);
    l->label[l->n] = s;
    l->votes[l->n] = votes;
    l->stated[l->n++] = stated;
}

static enum urna_status find_column(size_t *out, const struct urna_table *t, const char *want,
                                    const char *what, struct urna_error *err)
{
    for (*out = 0; *out < urna_table_n_columns(t); ++*out)
        if (strcmp(urna_table_column(t, *out), want) == 0)
            return URNA_OK;
    snprintf(err->rule, sizeof err->rule, "columns");
    return urna_table_fail(t, 0, err, URNA_INPUT, "no column \"%.100s\" for %s", want, what);
}

static enum urna_status take_count(uint64_t *out, const struct urna_table *t, size_t column,
                                   struct urna_error *err)
{
    struct urna_number_style seen = {0}, style = {0};
    if (column >= urna_table_n_cells(t))
        return urna_table_fail(t, urna_table_n_cells(t), err, URNA_INPUT,
                               "the row has too few fields");
    enum urna_number_result r = urna_number_count(out, &seen, urna_table_cell(t, column), style);
    if (r == URNA_NUMBER_OK)
        return URNA_OK;
    return urna_table_fail(t, column, err, URNA_INPUT, "%s",
                           r == URNA_NUMBER_EMPTY ? "a number is missing"
                           : r == URNA_NUMBER_UNSURE
                               ? "it cannot be told whether this is a thousand or a one"
                               : "no whole number");
}

/* Without --votes the second column has the votes only if there are no more, or if it says so: in a
 * table of stations it is something else. */
static enum urna_status check_columns(const struct urna_seats_request *q,
                                      const struct urna_table *t, struct urna_error *err)
{
    size_t n = urna_table_n_columns(t);
    if (q->votes_column || n == 2 ||
        (n > 2 && urna_long_word_of(urna_table_column(t, 1)) == URNA_LONG_VOTES))
        return URNA_OK;
    snprintf(err->rule, sizeof err->rule, "columns");
    return urna_table_fail(
        t, 0, err, URNA_INPUT,
        "which column has the votes? Say --votes COLUMN; or, if these are protocols "
        "of stations, --map FILE");
}

/* A line "Total" is no list. */
static enum urna_status check_label(const struct urna_table *t, size_t column,
                                    struct urna_view label, struct urna_error *err)
{
    if (urna_word_is_total(label) != label.len || label.len == 0)
        return URNA_OK;
    return urna_table_fail(t, column, err, URNA_INPUT,
                           "a total among the lists? Take this line out of the file");
}

static enum urna_status read_lists(struct urna_seats_request *q, struct urna_table *t,
                                   struct urna_error *err)
{
    size_t list = 0, votes = 1, stated = 0;
    enum urna_status st = check_columns(q, t, err);
    if (st == URNA_OK && q->list_column)
        st = find_column(&list, t, q->list_column, "the lists", err);
    if (st == URNA_OK && q->votes_column)
        st = find_column(&votes, t, q->votes_column, "the votes", err);
    if (st == URNA_OK && q->stated_column)
        st = find_column(&stated, t, q->stated_column, "the stated seats", err);
    for (;;) {
        bool end;
        uint64_t v, s = 0;
        if (st == URNA_OK)
            st = urna_table_next(t, &end, err);
        if (st != URNA_OK || end)
            return st;
        st = take_count(&v, t, votes, err);
        if (st == URNA_OK && list >= urna_table_n_cells(t))
            st = urna_table_fail(t, list, err, URNA_INPUT, "the row has too few fields");
        if (st == URNA_OK)
            st = check_label(t, list, urna_table_cell(t, list), err);
        if (st == URNA_OK && q->stated_column)
            st = take_count(&s, t, stated, err);
        if (st == URNA_OK && q->lists.n >= URNA_SEATS_MAX_LISTS)
            st = urna_table_fail(t, 0, err, URNA_INPUT, "too many lists");
        if (st == URNA_OK)
            add_list(q, urna_table_cell(t, list), v, s);
    }
}

/* From station protocols: the candidates' sums. */
static int read_protocols(struct urna_seats_request *q, const char *command, const char *path)
{
    struct urna_protocols p;
    int rc = urna_open_protocols(&p, command, q->map, path);
    for (size_t i = p.n_quantities; rc == URNA_GO_ON && i < p.n_series; i++) {
        uint64_t sum;
        if (urna_protocols_sum(&sum, NULL, &p, i))
            add_list(q, urna_view_str(p.series[i].name), sum, 0);
        else
            rc = urna_usage_error(command, "the votes of a list are beyond 2^64");
    }
    urna_protocols_free(&p);
    return rc;
}

int urna_seats_read(struct urna_seats_request *q, const char *command, const char *path)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_table *t;
    if (q->map)
        return read_protocols(q, command, path);
    enum urna_status st = urna_table_open(&t, path, NULL, &err);
    if (st == URNA_OK)
        st = read_lists(q, t, &err);
    urna_table_close(t);
    q->has_stated = q->stated_column != NULL;
    return st == URNA_OK ? URNA_GO_ON : urna_protocols_error(command, &err, path, NULL);
}
