#include "base/term.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define COLUMNS 79u /* lines end before column 80 */
#define BAR 29u

static enum urna_color_when color_when = URNA_COLOR_AUTO;
static bool ascii_signs;

/* The words of the environment decide, not setlocale(): a machine that has not generated the
 * reader's locale still has a UTF-8 terminal, and the C library's locale stays "C" for numbers. */
static bool utf8_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < 3; i++) {
        const char *s = getenv(names[i]);
        if (s && *s)
            return strcasestr(s, "UTF-8") != NULL || strcasestr(s, "UTF8") != NULL;
    }
    return false;
}

void urna_term_setup(enum urna_color_when when, bool ascii)
{
    color_when = when;
    ascii_signs = ascii;
}

bool urna_term_color(FILE *f)
{
    if (color_when != URNA_COLOR_AUTO)
        return color_when == URNA_COLOR_ALWAYS;
    const char *term = getenv("TERM"), *no = getenv("NO_COLOR");
    return isatty(fileno(f)) && term && strcmp(term, "dumb") != 0 && !(no && *no);
}

const char *urna_term_sign(enum urna_sign s)
{
    static const char *const plain[] = {"+", "x", "!", "o", "?", "-", "--"};
    static const char *const fine[] = {"✓", "✗", "!", "○", "?", "-", "──"};
    return ascii_signs || !utf8_locale() ? plain[s] : fine[s];
}

void urna_term_tone(FILE *f, enum urna_tone t)
{
    static const char *const sgr[] = {"", "1;32", "1;7;31", "1;31", "33", "2"};
    if (t != URNA_PLAIN && urna_term_color(f))
        fprintf(f, "\033[%sm", sgr[t]);
}

void urna_term_end(FILE *f)
{
    if (urna_term_color(f))
        fputs("\033[0m", f);
}

/* ---- text from outside ---- */

/* Controls, and the format characters that reorder, join or hide text on a screen. */
static bool moves_the_cursor(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xE0000 && c <= 0xE0FFF);
}

/* A terminal that does not read UTF-8 may take the bytes 80..9F inside a character for controls:
 * there, and only there, letters outside ASCII are spelled out as well. */
void urna_print_safe(FILE *f, const char *s, size_t len)
{
    const uint8_t *p = (const uint8_t *)s;
    bool only_ascii = isatty(fileno(f)) && !utf8_locale();
    for (size_t i = 0; i < len;) {
        size_t from = i;
        uint32_t c;
        if (!urna_utf8_next(p, len, &i, &c))
            fprintf(f, "\\x{%02X}", (unsigned)p[i++]);
        else if (moves_the_cursor(c) || (only_ascii && c > 0x7E))
            fprintf(f, "\\u{%X}", (unsigned)c);
        else
            fwrite(p + from, 1, i - from, f);
    }
}

/* Columns of a word: one a character, none for combining accents. */
static size_t columns(const char *s, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        uint32_t c;
        if (!urna_utf8_next((const uint8_t *)s, len, &i, &c))
            i++;
        else if (c >= 0x300 && c <= 0x36F)
            continue;
        n++;
    }
    return n;
}

static void print_line(FILE *f, unsigned indent, const char *s, size_t len)
{
    size_t at = 0;
    for (size_t i = 0; i < len;) {
        size_t gap = strspn(s + i, " ");
        i += gap;
        size_t n = 0;
        while (i + n < len && s[i + n] != ' ')
            n++;
        if (n == 0)
            break;
        size_t wide = columns(s + i, n);
        if (at > 0 && at + 1 + wide > COLUMNS) {
            fputc('\n', f);
            at = 0;
        }
        if (at == 0) {
            fprintf(f, "%*s", (int)indent, "");
            at = indent;
        } else {
            fputc(' ', f);
            at++;
        }
        urna_print_safe(f, s + i, n);
        at += wide;
        i += n;
    }
    fputc('\n', f);
}

void urna_print_wrapped(FILE *f, unsigned indent, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        print_line(f, indent, text, n);
        text += n + (text[n] == '\n');
    }
}

/* ---- numbers and times ---- */

const char *urna_number(char *buf, uint64_t x)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, x);
    char *out = buf;
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            *out++ = ',';
        *out++ = digits[i];
    }
    *out = '\0';
    return buf;
}

const char *urna_time_text(char *buf, int64_t unix_seconds)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    time_t t = (time_t)unix_seconds;
    struct tm tm;
    if (!gmtime_r(&t, &tm) || tm.tm_year > INT32_MAX - 1900)
        snprintf(buf, 40, "%" PRId64 " (Unix seconds)", unix_seconds);
    else
        snprintf(buf, 40, "%d %s %d, %02d:%02d UTC", tm.tm_mday, months[tm.tm_mon],
                 tm.tm_year + 1900, tm.tm_hour, tm.tm_min);
    return buf;
}

/* ---- progress ---- */

void urna_progress_start(struct urna_progress *p, const char *what, uint64_t total)
{
    int64_t now = urna_mono_ms();
    *p = (struct urna_progress){.what = what, .total = total, .start_ms = now, .last_ms = now};
}

static void erase(void)
{
    fprintf(stderr, "\r%*s\r", (int)COLUMNS, "");
}

/* "2 s left", or nothing when it cannot be known. */
static void time_left(char *buf, size_t size, const struct urna_progress *p, int64_t now)
{
    buf[0] = '\0';
    if (p->done == 0 || p->done >= p->total)
        return;
    double left =
        (double)(now - p->start_ms) / 1000 * (double)(p->total - p->done) / (double)p->done;
    if (left < 100)
        snprintf(buf, size, "   %.0f s left", left);
    else if (left < 6000)
        snprintf(buf, size, "   %.0f min left", left / 60);
    else if (left < 360000)
        snprintf(buf, size, "   %.0f h left", left / 3600);
}

static void draw(const struct urna_progress *p, int64_t now)
{
    char done[28], total[28], left[32], line[160];
    bool plain = ascii_signs || !utf8_locale();
    double part = p->total ? (double)p->done / (double)p->total : 1;
    unsigned full = (unsigned)(part * BAR);
    urna_number(done, p->done);
    urna_number(total, p->total);
    time_left(left, sizeof left, p, now);
    int n = snprintf(line, sizeof line, "  %3.0f%%   %s of %s%s", part * 100, done, total, left);
    /* What does not fit on the line is left out from the left: the bar first. */
    bool bar = n >= 0 && strlen(p->what) + 2 + BAR + (size_t)n <= COLUMNS;
    erase();
    fprintf(stderr, "%.20s", p->what);
    if (bar)
        fputs("  ", stderr);
    for (unsigned i = 0; bar && i < BAR; i++)
        fputs(i < full ? (plain ? "#" : "█") : (plain ? "." : "░"), stderr);
    fputs(line, stderr);
    fflush(stderr);
}

/* Called by one thread; times are looked at every call, the screen at most ten times a second. */
void urna_progress_at(struct urna_progress *p, uint64_t done)
{
    p->done = p->total && done > p->total ? p->total : done;
    int64_t now = urna_mono_ms();
    if (isatty(STDERR_FILENO)) {
        if (now - p->start_ms < 1000 || (p->shown && now - p->last_ms < 100))
            return;
        draw(p, now);
        p->shown = true;
    } else {
        if (now - p->last_ms < 60000)
            return;
        char a[28], b[28];
        double part = p->total ? (double)p->done / (double)p->total : 1;
        fprintf(stderr, "%s %.0f%% (%s of %s)\n", p->what, part * 100, urna_number(a, p->done),
                urna_number(b, p->total));
    }
    p->last_ms = now;
}

void urna_progress_end(struct urna_progress *p)
{
    if (p->shown) {
        erase();
        fflush(stderr);
    }
    p->shown = false;
}

void urna_print_error(const char *command, const struct urna_error *err)
{
    fprintf(stderr, "%s: ", command);
    if (err->where[0]) {
        urna_print_safe(stderr, err->where, strlen(err->where));
        if (err->offset >= 0)
            fprintf(stderr, ":%" PRId64, err->offset);
        fputs(": ", stderr);
    }
    if (err->entry >= 0) {
        char n[28];
        fprintf(stderr, "entry %s: ", urna_number(n, (uint64_t)err->entry));
    }
    urna_print_safe(stderr, err->msg, strlen(err->msg));
    if (err->rule[0]) {
        fputs(" (rule ", stderr);
        urna_print_safe(stderr, err->rule, strlen(err->rule));
        fputc(')', stderr);
    }
    fputc('\n', stderr);
}
