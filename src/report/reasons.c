#include "report/reasons.h"

#include <string.h>

enum { PLACES = 9, DEEP = 6 };

struct match {
    struct urna_view place[PLACES];
    char kind[PLACES];
};

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* How much of ${s} may a place of this kind take at most? */
static size_t reach(char kind, struct urna_view s)
{
    size_t n = 0;
    if (kind == 'r' || kind == 's')
        return s.len;
    while (n < s.len && (kind == 'n' ? is_digit(s.p[n]) : s.p[n] > ' '))
        n++;
    return n;
}

/* Does the pattern fit all of ${s}? The longest value first: texts are short, and so are patterns.
 */
static bool fits(struct match *m, const char *pattern, struct urna_view s)
{
    while (*pattern && *pattern != '{') {
        if (s.len == 0 || s.p[0] != (uint8_t)*pattern++)
            return false;
        s = urna_view(s.p + 1, s.len - 1);
    }
    if (!*pattern)
        return s.len == 0;
    size_t i = (size_t)(pattern[1] - '1');
    m->kind[i] = pattern[2];
    for (size_t n = reach(pattern[2], s); n > 0; n--) {
        m->place[i] = urna_view(s.p, n);
        if (fits(m, pattern + 4, urna_view(s.p + n, s.len - n)))
            return true;
    }
    return false;
}

static bool say(struct urna_buf *out, enum urna_lang lang, struct urna_view s, int depth);

static bool put_place(struct urna_buf *out, enum urna_lang lang, const struct match *m, size_t i,
                      int depth)
{
    struct urna_view s = m->place[i];
    uint64_t x;
    char number[URNA_SAY_MAX];
    if (m->kind[i] == 'r')
        return say(out, lang, s, depth + 1);
    if (m->kind[i] == 'n' && urna_parse_u64(&x, (const char *)s.p, s.len, UINT64_MAX))
        urna_buf_str(out, urna_say_u64(number, lang, x));
    else
        urna_buf_add(out, s.p, s.len);
    return true;
}

static bool fill(struct urna_buf *out, enum urna_lang lang, const char *p, const struct match *m,
                 int depth)
{
    for (; *p; p++) {
        if (*p != '{') {
            urna_buf_char(out, *p);
            continue;
        }
        if (!put_place(out, lang, m, (size_t)(p[1] - '1'), depth))
            return false;
        p = strchr(p, '}');
    }
    return true;
}

static bool say_from(struct urna_buf *out, const struct urna_reason *row, enum urna_lang lang,
                     struct urna_view s, int depth)
{
    for (; row->text[URNA_EN]; row++) {
        struct match m = {0};
        size_t before = out->len;
        if (fits(&m, row->text[URNA_EN], s)) {
            if (fill(out, lang, row->text[lang], &m, depth))
                return true;
            out->len = before;
        }
    }
    return false;
}

static bool say(struct urna_buf *out, enum urna_lang lang, struct urna_view s, int depth)
{
    return depth < DEEP && (say_from(out, urna_reasons_of_rules, lang, s, depth) ||
                            say_from(out, urna_reasons_of_forms, lang, s, depth) ||
                            say_from(out, urna_reasons_of_tables, lang, s, depth));
}

bool urna_reason_say(struct urna_buf *out, enum urna_lang lang, const char *english)
{
    struct urna_view s = urna_view_str(english);
    if (s.len > 0 && s.p[s.len - 1] == '.')
        s.len--;
    if (say(out, lang, s, 0))
        return true;
    urna_buf_add(out, s.p, s.len);
    return false;
}

void urna_html_reason(struct urna_html *h, const char *english)
{
    struct urna_buf said = {0};
    if (urna_reason_say(&said, h->lang, english))
        urna_html_textn(h, (const char *)said.p, said.len);
    else
        urna_html_record(h, (const char *)said.p, said.len, urna_lang_name(URNA_EN));
    urna_buf_free(&said);
}
