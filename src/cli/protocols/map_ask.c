/* The conversation of urna protocols map on a terminal: stderr asks, stdin answers, stdout stays
 * for the map. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/protocols/common.h"
#include "evidence/check.h"

#define SHOWN 45 /* lines of a map; beyond, its middle is left out unless asked for */

static const char name[] = "urna protocols map";

static const char help[] =
    "\n"
    "  key = value   change the map, or add to it: station = \"No\"   valid = \"Votes\"\n"
    "                candidates, rule, total, skip, only are added; other keys replaced\n"
    "  -7            take line 7 out\n"
    "  columns       the names of the columns\n"
    "  map           the whole map\n"
    "  Enter         accept        q   leave without a map\n"
    "  All keys: docs/evidence.md, or man urna-protocols\n";

struct dialogue {
    struct urna_buf *text;
    const char *path, *member;
};

/* ---- what the map makes of the table ---- */

struct trial {
    struct urna_finding first; /* that is no rule */
    char text[400];
};

static enum urna_status note(struct urna_check *c, const struct urna_finding *f,
                             struct urna_error *err)
{
    (void)err;
    struct trial *t = c->ctx;
    if (f->kind == URNA_CHECK_CELL && t->first.line == 0) {
        t->first = *f;
        snprintf(t->text, sizeof t->text, "%.390s", f->text);
    }
    return URNA_OK;
}

static void show_sums(const struct urna_check *c)
{
    size_t left_out = c->n_series > SHOWN ? c->n_series - SHOWN : 0;
    for (size_t i = 0; i < c->n_series; i++) {
        if (left_out && i == SHOWN) {
            fprintf(stderr, "  %16s  ... and %zu more candidates\n", "", left_out);
            break;
        }
        uint64_t v = *c->series[i].v;
        fprintf(stderr, "  %16s  %s", v == URNA_UNKNOWN ? "too large" : urna_count_text(v),
                c->series[i].is_candidate ? "candidate " : "");
        urna_print_safe(stderr, c->series[i].name, strlen(c->series[i].name));
        if (c->unknown[i])
            fprintf(stderr, " (%s of the rows lack it)", urna_count_text(c->unknown[i]));
        fputc('\n', stderr);
    }
}

static void show_trial(const struct dialogue *d, const struct urna_check *c, const struct trial *t)
{
    fprintf(stderr, "\nWith this map: %s stations%s\n", urna_count_text(c->rows),
            c->found[URNA_CHECK_DUPLICATE]
                ? ", and some stand twice: does the station need more columns?"
                : "");
    show_sums(c);
    for (size_t i = 0; i < c->n_rules; i++) {
        const struct urna_rule_count *r = &c->rule[i];
        fputs("  rule ", stderr);
        urna_print_safe(stderr, r->text, strlen(r->text));
        fprintf(stderr, ": holds on %s of %s rows\n", urna_count_text(r->checked - r->broken),
                urna_count_text(r->checked));
    }
    if (c->found[URNA_CHECK_CELL] > 0) {
        fprintf(stderr, "  %s cells or rows cannot be read; the first, ",
                urna_count_text(c->found[URNA_CHECK_CELL]));
        urna_print_safe(stderr, d->path, strlen(d->path));
        fprintf(stderr, ":%llu:%zu:\n    ", (unsigned long long)t->first.line, t->first.field);
        urna_print_safe(stderr, t->text, strlen(t->text));
        fputc('\n', stderr);
    }
}

/* Can the table be read through the map? Faults of single cells are the table's, not the map's. */
static bool try_map(const struct dialogue *d)
{
    struct urna_colmap m;
    struct urna_table *t = NULL;
    struct trial trial = {0};
    struct urna_check c = {.ctx = &trial, .finding = note};
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status st = urna_colmap_parse(&m, urna_buf_view(d->text), "map", &err);
    if (d->member)
        m.table.member = d->member;
    if (st == URNA_OK)
        st = urna_table_open(&t, d->path, &m.table, &err);
    if (st == URNA_OK)
        st = urna_check_run(&c, t, &m, &err);
    bool good = st == URNA_OK || st == URNA_FALSE;
    if (good)
        show_trial(d, &c, &trial);
    else
        urna_protocols_error(name, &err, d->path, &m.table);
    urna_check_free(&c);
    urna_table_close(t);
    urna_colmap_free(&m);
    return good;
}

/* ---- changing the map ---- */

static size_t key_length(const char *line)
{
    size_t n = strcspn(line, "=");
    while (n > 0 && line[n - 1] == ' ')
        n--;
    return n;
}

/* Keys that may stand on several lines. */
static bool is_added(const char *line, size_t n)
{
    static const char *const keys[] = {"candidates", "rule", "total", "skip", "only"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (n == strlen(keys[i]) && strncmp(line, keys[i], n) == 0)
            return true;
    return false;
}

/* The text with ${line} in the place of the line of its key, or at the end; or without line
 * ${number}. */
static void changed(struct urna_buf *out, struct urna_buf *text, const char *line, size_t number)
{
    size_t n = line ? key_length(line) : 0, at = 1;
    bool done = !line;
    for (const char *p = urna_buf_cstr(text); *p; at++) {
        const char *nl = strchr(p, '\n');
        size_t len = nl ? (size_t)(nl - p) + 1 : strlen(p);
        bool same = line && !is_added(line, n) && key_length(p) == n && strncmp(p, line, n) == 0;
        if (same && !done) {
            urna_buf_printf(out, "%s\n", line);
            done = true;
        } else if (!same && at != number) {
            urna_buf_add(out, p, len);
        }
        p += len;
    }
    if (!done)
        urna_buf_printf(out, "%s\n", line);
}

static void change(struct dialogue *d, const char *line, size_t number)
{
    struct urna_buf out = {0};
    struct urna_colmap m;
    struct urna_error err = URNA_ERROR_INIT;
    changed(&out, d->text, line, number);
    if (urna_colmap_parse(&m, urna_buf_view(&out), "map", &err) == URNA_OK) {
        urna_buf_free(d->text);
        *d->text = out;
    } else {
        fprintf(stderr, "Not taken: %s\n", err.msg);
        urna_buf_free(&out);
    }
    urna_colmap_free(&m);
}

/* ---- the conversation ---- */

static void show_map(const struct dialogue *d, bool whole)
{
    size_t lines = 0, at = 1;
    for (const char *p = urna_buf_cstr(d->text); *p; p++)
        lines += *p == '\n';
    fputc('\n', stderr);
    for (const char *p = urna_buf_cstr(d->text); *p; at++) {
        size_t len = strcspn(p, "\n");
        bool hidden = !whole && lines > SHOWN && at > SHOWN - 15 && at + 10 <= lines;
        if (!hidden) {
            fprintf(stderr, "%4zu  ", at);
            urna_print_safe(stderr, p, len);
            fputc('\n', stderr);
        } else if (at == SHOWN - 14) {
            fprintf(stderr, "      ... (\"map\" shows all %zu lines)\n", lines);
        }
        p += len + (p[len] == '\n');
    }
}

static void show_columns(const struct dialogue *d)
{
    struct urna_colmap m;
    struct urna_table *t;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_colmap_parse(&m, urna_buf_view(d->text), "map", &err) == URNA_OK) {
        if (d->member)
            m.table.member = d->member;
        if (urna_table_open(&t, d->path, &m.table, &err) == URNA_OK) {
            for (size_t i = 0; i < urna_table_n_columns(t); i++) {
                fprintf(stderr, "%6zu  ", i + 1);
                urna_print_safe(stderr, urna_table_column(t, i), strlen(urna_table_column(t, i)));
                fputc('\n', stderr);
            }
            urna_table_close(t);
        }
    }
    urna_colmap_free(&m);
}

/* A line number behind "-", or 0. */
static size_t line_to_remove(const char *answer)
{
    uint64_t n;
    if (answer[0] != '-' || !urna_parse_u64(&n, answer + 1, strlen(answer + 1), 100000))
        return 0;
    return (size_t)n;
}

/* true: the map changed, and is to be shown and tried again. */
static bool act(struct dialogue *d, const char *answer)
{
    size_t number = line_to_remove(answer);
    if (strcmp(answer, "columns") == 0) {
        show_columns(d);
    } else if (strcmp(answer, "map") == 0) {
        show_map(d, true);
    } else if (number > 1 || strchr(answer, '=')) {
        change(d, number > 1 ? NULL : answer, number);
        return true;
    } else {
        fputs(strcmp(answer, "?") == 0 || strcmp(answer, "help") == 0
                  ? help
                  : "Not understood. ? shows what can be typed here.\n",
              stderr);
    }
    return false;
}

bool urna_protocols_map_ask(struct urna_buf *text, const char *path, const char *member)
{
    struct dialogue d = {text, path, member};
    char line[4096];
    bool again = true, good = false;
    for (;;) {
        if (again) {
            show_map(&d, false);
            good = try_map(&d);
        }
        fprintf(stderr, "\n%s. A line \"key = value\" changes it, ? helps, q leaves\n> ",
                good ? "Enter accepts this map" : "The table cannot be read with this map");
        fflush(stderr); /* kept until the line is whole, else */
        if (!fgets(line, sizeof line, stdin)) {
            fputc('\n', stderr);
            return false;
        }
        line[strcspn(line, "\r\n")] = 0;
        const char *answer = line + strspn(line, " \t");
        if (strcmp(answer, "q") == 0)
            return false;
        if (*answer == 0 && good)
            return true;
        again = *answer != 0 && act(&d, answer);
    }
}
