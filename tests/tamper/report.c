#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RULES = 60, FAULTS = 30, HARMLESS = 400 };

struct counts {
    char rule[RULES][40];
    unsigned n[RULES], rules;
};
struct subject {
    char name[64];
    struct counts by;
    unsigned cases, signed_again, harmless, nothing, faults;
    char fault[FAULTS][300];
};
struct harmless {
    size_t subject;
    char path[80], op[48], then[24], why[200];
    unsigned n;
};
struct report {
    const char *title;
    struct subject subject[REPORT_SUBJECTS];
    size_t n, now;
    struct counts all;
    struct harmless harmless[HARMLESS];
    size_t n_harmless;
};

struct report *report_new(const char *title)
{
    struct report *r = urna_xcalloc(1, sizeof *r);
    r->title = title;
    return r;
}

void report_subject(struct report *r, const char *subject)
{
    for (r->now = 0; r->now < r->n; r->now++)
        if (strcmp(r->subject[r->now].name, subject) == 0)
            return;
    if (r->n == REPORT_SUBJECTS)
        abort();
    snprintf(r->subject[r->n++].name, sizeof r->subject[0].name, "%s", subject);
}

static void count(struct counts *c, const char *rule)
{
    for (unsigned i = 0; i < c->rules; i++)
        if (strcmp(c->rule[i], rule) == 0) {
            c->n[i]++;
            return;
        }
    if (c->rules == RULES)
        abort();
    snprintf(c->rule[c->rules], sizeof c->rule[0], "%s", rule);
    c->n[c->rules++] = 1;
}

void report_case(struct report *r, const char *rule, bool signed_again)
{
    struct subject *s = &r->subject[r->now];
    s->cases++;
    s->signed_again += signed_again;
    count(&s->by, rule);
    count(&r->all, rule);
}

void report_harmless(struct report *r, const char *path, const char *op, const char *then,
                     const char *why)
{
    size_t i = 0;
    r->subject[r->now].harmless++;
    while (i < r->n_harmless &&
           (r->harmless[i].subject != r->now || strcmp(r->harmless[i].path, path) != 0 ||
            strcmp(r->harmless[i].op, op) != 0 || strcmp(r->harmless[i].then, then) != 0))
        i++;
    if (i == HARMLESS)
        abort();
    struct harmless *h = &r->harmless[i];
    if (i == r->n_harmless) {
        r->n_harmless++;
        h->subject = r->now;
        snprintf(h->path, sizeof h->path, "%s", path);
        snprintf(h->op, sizeof h->op, "%s", op);
        snprintf(h->then, sizeof h->then, "%s", then);
        snprintf(h->why, sizeof h->why, "%s", why);
    }
    h->n++;
}

void report_nothing(struct report *r)
{
    r->subject[r->now].nothing++;
}

void report_fault(struct report *r, const char *fmt, ...)
{
    struct subject *s = &r->subject[r->now];
    va_list ap;
    va_start(ap, fmt);
    if (s->faults < FAULTS)
        vsnprintf(s->fault[s->faults], sizeof s->fault[0], fmt, ap);
    s->faults++;
    va_end(ap);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void print_counts(const struct counts *c)
{
    const char *name[RULES];
    for (unsigned i = 0; i < c->rules; i++)
        name[i] = c->rule[i];
    qsort(name, c->rules, sizeof name[0], by_name);
    for (unsigned i = 0; i < c->rules; i++)
        for (unsigned k = 0; k < c->rules; k++)
            if (name[i] == c->rule[k])
                printf("%s %s %u", i ? "," : "#   ", name[i], c->n[k]);
    putchar('\n');
}

static void print_subject(const struct report *r, size_t i)
{
    const struct subject *s = &r->subject[i];
    printf("%s %zu - %s: %u cases (%u signed again), %u rightly harmless, %u that change nothing\n",
           s->faults ? "not ok" : "ok", i + 1, s->name, s->cases, s->signed_again, s->harmless,
           s->nothing);
    print_counts(&s->by);
    for (size_t k = 0; k < r->n_harmless; k++) {
        const struct harmless *h = &r->harmless[k];
        if (h->subject == i)
            printf("#    harmless: %s %s (%u; then: %s): %s\n", h->path[0] ? h->path : "the whole",
                   h->op, h->n, h->then, h->why);
    }
    for (unsigned k = 0; k < s->faults && k < FAULTS; k++)
        printf("#   WRONG: %s\n", s->fault[k]);
    if (s->faults > FAULTS)
        printf("#   WRONG: and %u more\n", s->faults - FAULTS);
}

int report_end(struct report *r, unsigned least)
{
    unsigned cases = 0, faults = 0, harmless = 0;
    printf("1..%zu\n", r->n + 1);
    for (size_t i = 0; i < r->n; i++) {
        print_subject(r, i);
        cases += r->subject[i].cases;
        faults += r->subject[i].faults;
        harmless += r->subject[i].harmless;
    }
    bool few = cases < least;
    printf("%s %zu - %s: %u cases (at least %u wanted), %u rightly harmless, %u wrong\n",
           few ? "not ok" : "ok", r->n + 1, r->title, cases, least, harmless, faults);
    printf("# cases by rule:\n");
    print_counts(&r->all);
    free(r);
    return faults || few ? 1 : 0;
}
