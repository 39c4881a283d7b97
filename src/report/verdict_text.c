/* The verdict on a terminal: the answer first, in one word and one sentence. */
#include <stdlib.h>
#include <string.h>

#include "report/verdict_text.h"

enum { NAME_COLUMN = 44 };

/* 35.07%: two decimals, rounded half up from the exact fraction. */
static void put_share(FILE *f, uint64_t part, uint64_t whole)
{
    /* Long division, so that nothing overflows: one digit of the share at a time. */
    uint64_t hundredths = 0, rest = part;
    for (int digit = 0; whole > 0 && digit < 5; digit++) {
        hundredths = hundredths * 10 + rest / whole;
        rest = rest % whole * 10; /* votes are below 2^54 */
    }
    hundredths += whole > 0 && rest >= whole * 5;
    fprintf(f, "%6llu.%02llu%%", (unsigned long long)(hundredths / 100),
            (unsigned long long)(hundredths % 100));
}

/* --- head
 * ------------------------------------------------------------------------------------------- */

static void put_head(FILE *f, const struct urna_verdict *v)
{
    static const char *const word[] = {"NOT VALID", "INCOMPLETE", "CONSISTENT",
                                       "COMPUTED",  "WITNESSED",  "FINAL"};
    const struct urna_context *P = urna_verdict_context(v);
    if (v->answer == URNA_INVALID) {
        urna_term_tone(f, URNA_LOUD);
        fprintf(f, "%s NOT VALID", urna_term_sign(URNA_SIGN_FAILS));
    } else if (v->as_found && v->answer != URNA_INCOMPLETE) {
        fprintf(f, "%s AS FOUND", urna_term_sign(URNA_SIGN_UNKNOWN));
    } else {
        bool good = v->reached;
        urna_term_tone(f, good ? URNA_GOOD : URNA_WAIT);
        fprintf(f, "%s %s", urna_term_sign(good ? URNA_SIGN_HOLDS : URNA_SIGN_WARN),
                word[v->answer]);
    }
    urna_term_end(f);
    if (P) {
        const char *title = urna_title_in(&P->m.title, "en");
        fputs("  ", f);
        urna_print_safe(f, title, strlen(title));
        if (P->m.test) {
            urna_term_tone(f, URNA_BAD);
            fputs(" (TEST ELECTION)", f);
            urna_term_end(f);
        }
    }
    fputc('\n', f);
}

static void put_ladder(FILE *f, const struct urna_verdict *v)
{
    static const char *const rung[] = {"consistent", "computed", "witnessed", "final"};
    fputs("\n  ", f);
    for (int i = 0; i < 4; i++) {
        bool on = (int)v->answer >= (int)URNA_CONSISTENT + i;
        if (i > 0)
            fprintf(f, "  %s  ", urna_term_sign(URNA_SIGN_STEP));
        text_sign(f, on && !v->as_found ? URNA_GOOD : URNA_PLAIN,
                  on ? URNA_SIGN_HOLDS : URNA_SIGN_OPEN);
        fprintf(f, " %s", rung[i]);
    }
    fputs("\n", f);
}

static void put_fingerprint(FILE *f, const struct urna_context *P)
{
    char hex[65];
    urna_hex(hex, P->phi, 32);
    for (int line = 0; line < 2; line++) {
        fputs(line == 0 ? "\n  fingerprint   " : "                ", f);
        for (int i = 0; i < 8; i++)
            fprintf(f, "%s%.4s", i == 0 ? "" : i == 4 ? "  " : " ", hex + line * 32 + i * 4);
        fputc('\n', f);
    }
}

/* --- result
 * ------------------------------------------------------------------------------------------- */

static void put_contest(FILE *f, const struct urna_manifest *m, const struct urna_result *r,
                        uint32_t c)
{
    const struct urna_result_contest *x = &r->contests[c];
    const struct urna_result_seats *s = urna_result_seats_of(r, c + 1);
    struct urna_arena scratch = {0};
    const struct urna_option_votes *order = urna_options_by_votes(&scratch, x);
    uint64_t sum = 0;
    uint32_t seats = 0;
    char num[40];
    for (uint32_t o = 0; o < x->n_totals; o++) {
        sum += x->totals[o];
        seats += s ? s->seats[o] : 0;
    }
    fputs("\n  ", f);
    const char *title = urna_title_in(&m->contests[c].title, "en");
    unsigned used = text_name(f, *title ? title : m->contests[c].id, NAME_COLUMN);
    text_pad(f, used, NAME_COLUMN);
    fprintf(f, "%11s%10s%s\n", "Votes", "Share", s ? "   Seats" : "");
    for (uint32_t rank = 0; rank < x->n_totals; rank++) {
        uint32_t o = order[rank].option;
        const char *name = urna_title_in(&m->contests[c].options[o].title, "en");
        fputs("  ", f);
        used = text_name(f, *name ? name : m->contests[c].options[o].id, NAME_COLUMN);
        text_pad(f, used, NAME_COLUMN);
        fprintf(f, "%11s", urna_number(num, x->totals[o]));
        put_share(f, x->totals[o], sum);
        if (s && s->seats[o] > 0)
            fprintf(f, "%8u", s->seats[o]);
        else if (s)
            fprintf(f, "%8s", "-");
        fputc('\n', f);
    }
    fputs("  All", f);
    text_pad(f, 3, NAME_COLUMN);
    fprintf(f, "%11s", urna_number(num, sum));
    put_share(f, sum, sum);
    if (s)
        fprintf(f, "%8u", seats);
    fputc('\n', f);
    if (x->secret > 0)
        fprintf(f, "  %s ballots of this contest are in no sum: too few ballots, kept secret.\n",
                urna_number(num, x->secret));
    if (s && s->tie)
        fputs("  A tie decides a seat, or nobody can take it: such seats stay unassigned.\n", f);
    urna_arena_free(&scratch);
}

void urna_verdict_text(FILE *f, const struct urna_verdict *v, const char *trust_name, bool explain)
{
    const struct urna_context *P = urna_verdict_context(v);
    struct urna_verdict_counts n;
    struct urna_fault_view faults;
    urna_verdict_count(&n, v);
    urna_fault_view(&faults, v);
    if (v->as_found && P && v->answer != URNA_INVALID) {
        char hex[65];
        urna_hex(hex, P->phi, 32);
        fprintf(f,
                "A consistent record of an election with fingerprint\n%s. Not checked:\nthat this "
                "is the election you mean.\n\n",
                hex);
    }
    const struct urna_void *unproved = urna_unproved_result(v);
    if (unproved) {
        char num[40], text[400];
        snprintf(text, sizeof text,
                 "The record states a result that it does not prove (entry %s: %s).\n\n",
                 urna_number(num, unproved->index), unproved->reason);
        urna_print_wrapped(f, 0, text);
    }
    put_head(f, v);
    put_answer(f, v, &faults, trust_name != NULL);
    if (v->answer == URNA_INVALID) {
        put_ladder(f, v);
        put_invalid(f, v, &faults, &n);
        return;
    }
    if (v->answer == URNA_INCOMPLETE) {
        put_incomplete(f, v);
        return;
    }
    put_ladder(f, v);
    put_fingerprint(f, P);
    struct urna_judge *J = urna_follow_judge(v->follow);
    const struct urna_result *r = urna_judge_result(J);
    for (uint32_t c = 0; r && c < r->n_contests; c++)
        put_contest(f, &P->m, r, c);
    fputc('\n', f);
    if (trust_name)
        text_label(f, "trust file", trust_name);
    put_ballots(f, J, &n);
    put_checks(f, J, n.proofs);
    put_witnesses(f, v, &n);
    put_findings(f, v, &n);
    put_not_proved(f, P, n.rows, explain);
}
