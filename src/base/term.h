/* Terminal: signs, colour, progress, and printing bytes that come from outside.
 * The rules are those of the house style for the command line: stdout is the answer, stderr is
 * everything else; a sign and a word, never colour alone. */
#ifndef URNA_BASE_TERM_H
#define URNA_BASE_TERM_H

#include <stdio.h>
#include "base/bytes.h"

enum urna_color_when { URNA_COLOR_AUTO, URNA_COLOR_ALWAYS, URNA_COLOR_NEVER };
enum urna_tone { URNA_PLAIN, URNA_GOOD, URNA_LOUD, URNA_BAD, URNA_WAIT, URNA_SOFT };
enum urna_sign {
    URNA_SIGN_HOLDS,
    URNA_SIGN_FAILS,
    URNA_SIGN_WARN,
    URNA_SIGN_OPEN,
    URNA_SIGN_UNKNOWN,
    URNA_SIGN_VOID,
    URNA_SIGN_STEP /* two columns, between the rungs of a ladder */
};

/* Process-wide, set once by the CLI before anything is printed. */
void urna_term_setup(enum urna_color_when when, bool ascii);
bool urna_term_color(FILE *f);
const char *urna_term_sign(enum urna_sign s);   /* one column: ✓ ✗ ! ○ ? - ── or + x ! o ? - -- */
void urna_term_tone(FILE *f, enum urna_tone t); /* start a colour (nothing without colour) */
void urna_term_end(FILE *f);                    /* back to default */
void urna_print_safe(FILE *f, const char *s, size_t len); /* control characters as \u{..} */
/* Print at 80 columns, breaking at spaces, each line behind indent spaces. */
void urna_print_wrapped(FILE *f, unsigned indent, const char *text);
/* 6,723 -- thousands separated by commas; buf >= 28. */
const char *urna_number(char *buf, uint64_t x);
/* "28 May 2024, 06:12 UTC"; buf >= 40. */
const char *urna_time_text(char *buf, int64_t unix_seconds);

/* Progress on stderr: one line, only on a terminal, only after one second; else one line a minute.
 */
struct urna_progress {
    const char *what;
    uint64_t done, total;
    int64_t start_ms, last_ms;
    bool shown;
};
void urna_progress_start(struct urna_progress *p, const char *what, uint64_t total);
void urna_progress_at(struct urna_progress *p, uint64_t done);
void urna_progress_end(struct urna_progress *p);

/* Print "COMMAND: where:offset: msg" with everything from outside made safe. */
void urna_print_error(const char *command, const struct urna_error *err);

#endif
