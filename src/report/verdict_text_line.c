/* The verdict for a terminal: signs, names and hanging lines. */
#include <string.h>

#include "report/verdict_text.h"

void text_sign(FILE *f, enum urna_tone tone, enum urna_sign s)
{
    urna_term_tone(f, tone);
    fputs(urna_term_sign(s), f);
    urna_term_end(f);
}

/* A text from the record, cut at ${columns} code points for a table; returns the columns used. */
unsigned text_name(FILE *f, const char *s, unsigned columns)
{
    size_t len = strlen(s), i = 0, cut = len;
    unsigned n = 0;
    uint32_t cp;
    while (i < len) {
        size_t before = i;
        if (!urna_utf8_next((const uint8_t *)s, len, &i, &cp))
            break;
        if (n + 1 == columns)
            cut = before;
        n++;
    }
    if (n <= columns) {
        urna_print_safe(f, s, len);
        return n;
    }
    urna_print_safe(f, s, cut);
    fputs("…", f);
    return columns;
}

void text_pad(FILE *f, unsigned used, unsigned width)
{
    for (; used < width; used++)
        fputc(' ', f);
}

static size_t width_of(const char *s, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)s[i] & 0xc0) != 0x80;
    return n;
}

/* The rest of a line that has reached ${column}, broken at words before column 80; further lines
 * begin there too. A word that does not fit there stays whole, since a hash must be copied, and
 * moves to the left. */
void text_hang(FILE *f, size_t column, const char *text)
{
    size_t at = column;
    for (const char *p = text; *p; p += strspn(p, " ")) {
        size_t len = strcspn(p, " "), width = width_of(p, len);
        size_t indent = column + width > 79 ? 4 : column;
        if (p != text && at + 1 + width <= 79) {
            fputc(' ', f);
            at++;
        } else if (p != text || indent != column) {
            fprintf(f, "\n%*s", (int)indent, "");
            at = indent;
        }
        urna_print_safe(f, p, len);
        at += width;
        p += len;
    }
    fputc('\n', f);
}

void text_label(FILE *f, const char *name, const char *text)
{
    fprintf(f, "  %-12s  ", name);
    text_hang(f, 16, text);
}
