/* The answer of a verdict in a sentence or two: what holds, what was asked for, who is missing. */
#include <string.h>

#include "report/verdict_text.h"

enum { NAMED = 12 }; /* of those who are missing, in each bloc */

static bool same_bloc(const struct urna_verdict_witness *a, const struct urna_verdict_witness *b)
{
    return a->bloc && b->bloc ? strcmp(a->bloc, b->bloc) == 0 : a->bloc == b->bloc;
}

/* Is ${i} the first of its bloc? */
static bool begins_bloc(const struct urna_verdict *v, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (same_bloc(&v->witness[j], &v->witness[i]))
            return false;
    return true;
}

/* Blocs, if somebody of every bloc signed the result; 0 otherwise. */
static size_t blocs_behind_result(const struct urna_verdict *v)
{
    size_t blocs = 0;
    for (size_t i = 0; i < v->n_witness; i++) {
        if (!v->witness[i].bloc)
            return 0;
        if (!begins_bloc(v, i))
            continue;
        bool one = false;
        for (size_t j = i; j < v->n_witness; j++)
            one |= v->witness[j].result && same_bloc(&v->witness[j], &v->witness[i]);
        if (!one)
            return 0;
        blocs++;
    }
    return blocs;
}

static bool signed_it(const struct urna_verdict_witness *w, enum urna_level asked)
{
    return asked == URNA_LEVEL_FINAL ? w->result : w->countset;
}

/* " Missing in bloc press: press-1, press-3." for every bloc of which somebody has not signed what
 * the level asked for needs. */
static void add_missing(struct urna_buf *out, const struct urna_verdict *v)
{
    for (size_t i = 0; i < v->n_witness; i++) {
        if (!begins_bloc(v, i))
            continue;
        size_t missing = 0;
        for (size_t j = i; j < v->n_witness; j++) {
            const struct urna_verdict_witness *w = &v->witness[j];
            if (signed_it(w, v->asked) || !same_bloc(w, &v->witness[i]))
                continue;
            if (missing == 0 && w->bloc)
                urna_buf_printf(out, " Missing in bloc %s: ", w->bloc);
            else if (missing < NAMED)
                urna_buf_printf(out, missing == 0 ? " Missing: " : ", ");
            if (missing < NAMED)
                urna_buf_printf(out, "%s", w->name);
            missing++;
        }
        if (missing > NAMED)
            urna_buf_printf(out, " and %zu more", missing - NAMED);
        if (missing > 0)
            urna_buf_printf(out, ".");
    }
}

static void add_asked(struct urna_buf *out, const struct urna_verdict *v, bool trusted)
{
    static const char *const level[] = {"computed", "witnessed", "final"};
    urna_buf_printf(out, " %s %s%s.", trusted ? "Your trust file asks for" : "You asked for",
                    level[v->asked], v->reached ? ": reached" : "");
    bool provable = v->answer == URNA_COMPUTED || v->answer == URNA_WITNESSED;
    if (!v->reached && provable)
        add_missing(out, v);
}

static void add_final(struct urna_buf *out, const struct urna_verdict *v)
{
    size_t blocs = blocs_behind_result(v);
    urna_buf_printf(out, "The result follows from the published ballots. ");
    if (blocs > 1)
        urna_buf_printf(out, "Witnesses from all %zu blocs signed it.", blocs);
    else
        urna_buf_printf(out, "The witnesses that your trust file asks for signed it.");
}

void put_answer(FILE *f, const struct urna_verdict *v, const struct urna_fault_view *faults,
                bool trusted)
{
    struct urna_buf text = {0};
    switch (v->answer) {
    case URNA_INVALID:
        urna_buf_printf(&text, "%s\nUse no number from it.",
                        faults->changed ? "This copy of the record was changed after it was signed."
                                        : "This is not a valid record of the election.");
        break;
    case URNA_INCOMPLETE:
        urna_buf_printf(&text,
                        "Bytes are missing. What is here was checked; nothing in it is wrong.");
        break;
    case URNA_CONSISTENT:
        urna_buf_printf(&text, "Nothing is wrong so far. There is no accepted result.");
        break;
    case URNA_COMPUTED:
        urna_buf_printf(
            &text, "The result follows from the published ballots. It was computed again here.");
        break;
    case URNA_WITNESSED:
        urna_buf_printf(&text,
                        "The result follows from the published ballots. Witnesses signed "
                        "the list of counted ballots. Not enough of them signed the result.");
        break;
    case URNA_FINAL:
        add_final(&text, v);
        break;
    }
    if (v->answer >= URNA_CONSISTENT && !v->as_found)
        add_asked(&text, v, trusted);
    urna_print_wrapped(f, 2, urna_buf_cstr(&text));
    urna_buf_free(&text);
}
