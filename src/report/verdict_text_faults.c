/* The verdict for a terminal: a record that is not valid, or of which bytes are missing. */
#include <string.h>

#include "report/verdict_text.h"

static void put_hashes(FILE *f, const struct urna_record_fault *x)
{
    char hex[65];
    if (!x->has_hashes)
        return;
    urna_hex(hex, x->expected, 32);
    fprintf(f, "    as signed  %s\n", hex);
    urna_hex(hex, x->found, 32);
    fprintf(f, "    found      %s\n", hex);
}

static void put_range(FILE *f, const struct urna_record_fault *x)
{
    char num[2][40];
    if (x->first == x->last)
        fprintf(f, "    entry %s", urna_number(num[0], x->first));
    else if (x->first < x->last)
        fprintf(f, "    entries %s to %s", urna_number(num[0], x->first),
                urna_number(num[1], x->last));
}

static void put_fault(FILE *f, const struct urna_record_fault *x)
{
    bool bad = x->state == URNA_RECORD_INVALID;
    fputs("  ", f);
    text_sign(f, bad ? URNA_BAD : URNA_WAIT, bad ? URNA_SIGN_FAILS : URNA_SIGN_WARN);
    fputc(' ', f);
    urna_print_safe(f, x->file, strlen(x->file));
    put_range(f, x);
    if (!bad && x->first <= x->last) { /* what is missing is said already */
        fputc('\n', f);
        return;
    }
    fputs("\n    ", f);
    text_hang(f, 4, x->text);
    put_hashes(f, x);
}

/* One entry, and everything else as it was signed. */
static void put_changed(FILE *f, const struct urna_fault_view *x)
{
    char num[40];
    fputs("  ", f);
    text_sign(f, URNA_BAD, URNA_SIGN_FAILS);
    fprintf(f, " entry %-12s", urna_number(num, x->entry));
    if (x->kind)
        fprintf(f, "%s %s; ", strchr("aeiou", x->kind[0]) ? "an" : "a", x->kind);
    fprintf(f, "%s, place %u\n", x->bundle, x->place);
    fputs("    rule       Tree: the entries must give the root that the log signed\n", f);
    put_hashes(f, x->main);
}

void put_invalid(FILE *f, const struct urna_verdict *v, const struct urna_fault_view *x,
                 const struct urna_verdict_counts *n)
{
    char num[40], text[600];
    fputc('\n', f);
    if (!x->main) {
        fputs("  ", f);
        text_sign(f, URNA_BAD, URNA_SIGN_FAILS);
        fputc(' ', f);
        text_hang(f, 4, v->why);
        fputc('\n', f);
    } else if (x->changed) {
        put_changed(f, x);
        fputc('\n', f);
    } else {
        put_fault(f, x->main);
        if (x->root)
            put_fault(f, x->root);
        if (x->more > 0)
            fprintf(f, "    %s more file%s disagree%s, perhaps for the same reason: see --json\n",
                    urna_number(num, x->more), x->more == 1 ? "" : "s", x->more == 1 ? "s" : "");
        fputc('\n', f);
    }
    if (x->changed && v->n_witness > 0)
        snprintf(text, sizeof text,
                 "The other %s entries are as signed by the log and %llu of %zu witnesses. This "
                 "check can't tell who or what changed this one.",
                 urna_number(num, v->size - 1), (unsigned long long)n->head_by, v->n_witness);
    else if (x->changed)
        snprintf(text, sizeof text,
                 "The other %s entries are as the log signed them. This check can't tell who or "
                 "what changed this one.",
                 urna_number(num, v->size - 1));
    else
        snprintf(text, sizeof text, "This check can't tell who or what is at fault.");
    size_t len = strlen(text);
    snprintf(text + len, sizeof text - len,
             " Keep this copy as it is, get another from a witness or a mirror, and check that. No "
             "result is shown.");
    urna_print_wrapped(f, 2, text);
}

void put_incomplete(FILE *f, const struct urna_verdict *v)
{
    enum { FILES = 20 };
    char num[40];
    fputc('\n', f);
    for (size_t i = 0; i < v->n_faults && i < FILES; i++)
        put_fault(f, &v->faults[i]);
    if (v->n_faults > FILES)
        fprintf(f, "    %s more: see --json\n", urna_number(num, v->n_faults - FILES));
    fputc('\n', f);
    urna_print_wrapped(f, 2, "Get what is missing from any mirror or witness and check again.");
}
