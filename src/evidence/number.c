/* Numbers as spreadsheets and people write them (table.h). Whole numbers only: a vote is never a
 * fraction, so "1,234" can only be one thousand two hundred and thirty-four, and "12.0" only
 * twelve. The one doubtful form is "1,000"; it is accepted only if the same file shows elsewhere
 * what it means. */
#include "evidence/table.h"

#include <string.h>

#include "evidence/encoding.h"

#define MAX_DIGITS 19 /* 2^63 has 19 */

/* A separator at p: its length in bytes and its kind: ' ', '\'', '.', ','; 0 if there is none. */
static size_t separator_at(const uint8_t *p, size_t len, char *kind)
{
    static const struct {
        const char *bytes;
        size_t len;
        char kind;
    } known[] = {
        {" ", 1, ' '},
        {".", 1, '.'},
        {",", 1, ','},
        {"'", 1, '\''},
        {"\xC2\xA0", 2, ' '},      /* no-break space */
        {"\xE2\x80\xAF", 3, ' '},  /* narrow no-break space */
        {"\xE2\x80\x89", 3, ' '},  /* thin space */
        {"\xE2\x80\x99", 3, '\''}, /* typographic apostrophe */
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (len >= known[i].len && memcmp(p, known[i].bytes, known[i].len) == 0) {
            *kind = known[i].kind;
            return known[i].len;
        }
    }
    return 0;
}

/* The cell as groups of digits: "12 345,00" has 3 groups and the separators ' ' and ','. */
struct groups {
    uint64_t value; /* of all groups but the last, as if they had three digits */
    uint64_t twos;  /* the same, as if they had two ("12,34,567") */
    uint64_t last;  /* value of the last group */
    unsigned n, first_len, last_len;
    char sep;         /* between all groups but the last; 0 if n < 3 */
    char last_sep;    /* before the last; 0 if n = 1 */
    bool inner_three; /* groups 2 .. n-1 have three digits */
    bool inner_two;   /* they have two */
    bool first_zero;  /* the first group begins with 0 */
    bool too_large;
};

static bool add_digit(uint64_t *x, uint8_t c)
{
    return !__builtin_mul_overflow(*x, 10u, x) &&
           !__builtin_add_overflow(*x, (uint64_t)(c - '0'), x);
}

static bool split_groups(struct groups *g, struct urna_view c)
{
    size_t i = 0;
    memset(g, 0, sizeof *g);
    g->inner_three = g->inner_two = true;
    for (;;) {
        unsigned len = 0;
        uint64_t v = 0;
        for (; i < c.len && c.p[i] >= '0' && c.p[i] <= '9'; i++, len++)
            if (!add_digit(&v, c.p[i]))
                g->too_large = true;
        if (len == 0)
            return false;
        if (++g->n == 1) {
            g->first_len = len;
            g->first_zero = c.p[0] == '0';
        }
        g->last = v;
        g->last_len = len;
        if (i == c.len)
            return true;
        char kind;
        size_t n = separator_at(c.p + i, c.len - i, &kind);
        if (n == 0)
            return false;
        if (g->n > 1) { /* what was the last group is an inner one */
            if (len != 3)
                g->inner_three = false;
            if (len != 2)
                g->inner_two = false;
            if (g->n > 2 && g->sep != g->last_sep)
                return false;
            g->sep = g->last_sep;
        }
        if (__builtin_mul_overflow(g->value, g->n == 1 ? 1u : 1000u, &g->value) ||
            __builtin_add_overflow(g->value, v, &g->value))
            g->too_large = true;
        if (__builtin_mul_overflow(g->twos, g->n == 1 ? 1u : 100u, &g->twos) ||
            __builtin_add_overflow(g->twos, v, &g->twos))
            g->inner_two = false;
        g->last_sep = kind;
        i += n;
    }
}

static enum urna_number_result whole(uint64_t *out, uint64_t v, bool too_large)
{
    if (too_large || v > INT64_MAX)
        return URNA_NUMBER_TOO_LARGE;
    *out = v;
    return URNA_NUMBER_OK;
}

static enum urna_number_result join_groups(uint64_t *out, const struct groups *g)
{
    uint64_t v;
    bool over =
        __builtin_mul_overflow(g->value, 1000u, &v) || __builtin_add_overflow(v, g->last, &v);
    return whole(out, v, over || g->too_large);
}

/* 12,34,567: lakhs and crores, as South Asia groups them. Nothing else looks like it. */
static bool is_indian(const struct groups *g, struct urna_number_style style)
{
    return g->n >= 3 && g->inner_two && g->sep == ',' && g->last_sep == ',' && g->last_len == 3 &&
           g->first_len <= 2 && !g->first_zero && style.decimal != ',' &&
           (!style.thousands || style.thousands == ',');
}

static bool is_mark(char c)
{
    return c == '.' || c == ',';
}

/* The last group is a decimal part; the ones before may be grouped. */
static enum urna_number_result as_decimal(uint64_t *out, struct urna_number_style *seen,
                                          const struct groups *g, struct urna_number_style style)
{
    bool grouped = g->n > 2;
    if (g->last != 0 || (style.decimal && style.decimal != g->last_sep) ||
        style.thousands == g->last_sep)
        return URNA_NUMBER_BAD;
    if (grouped && (g->sep == g->last_sep || !g->inner_three || g->first_len > 3 || g->first_zero ||
                    (style.thousands && style.thousands != g->sep)))
        return URNA_NUMBER_BAD;
    seen->decimal = g->last_sep;
    if (grouped && is_mark(g->sep))
        seen->thousands = g->sep;
    return whole(out, g->value, g->too_large);
}

/* Digits and marks of other scripts as ASCII, in ${buf}; the same cell if there are none. */
static struct urna_view with_ascii_digits(struct urna_view cell, uint8_t *buf, size_t cap)
{
    static const uint32_t zero[] = {0x660, 0x6F0, 0x966, 0x9E6, 0xFF10}; /* Arabic, Persian, Hindi,
                                                                            Bengali, wide */
    size_t n = 0;
    bool any = false;
    if (cell.len > cap)
        return cell;
    for (size_t i = 0; i < cell.len;) {
        size_t from = i;
        uint32_t c;
        if (!urna_utf8_next(cell.p, cell.len, &i, &c))
            return cell;
        uint8_t ascii = c == 0x66C ? ',' : c == 0x66B ? '.' : 0;
        for (size_t k = 0; k < sizeof zero / sizeof zero[0]; k++)
            if (c >= zero[k] && c < zero[k] + 10)
                ascii = (uint8_t)('0' + (c - zero[k]));
        any = any || ascii;
        if (ascii) {
            buf[n++] = ascii;
        } else {
            memcpy(buf + n, cell.p + from, i - from);
            n += i - from;
        }
    }
    return any ? urna_view(buf, n) : cell;
}

enum urna_number_result urna_number_count(uint64_t *out, struct urna_number_style *seen,
                                          struct urna_view cell, struct urna_number_style style)
{
    struct groups g;
    uint64_t v = 0;
    size_t i = 0;
    for (; i < cell.len && i < 18 && cell.p[i] >= '0' && cell.p[i] <= '9'; i++)
        v = v * 10 + (uint64_t)(cell.p[i] - '0');
    if (i > 0 && i == cell.len) { /* what nearly every cell is */
        *out = v;
        return URNA_NUMBER_OK;
    }
    uint8_t ascii[128];
    cell = with_ascii_digits(urna_text_trim(cell), ascii, sizeof ascii);
    if (cell.len == 0)
        return URNA_NUMBER_EMPTY;
    if (!split_groups(&g, cell))
        return URNA_NUMBER_BAD;
    if (g.n == 1)
        return whole(out, g.last, g.too_large);

    if (is_indian(&g, style)) {
        seen->thousands = ',';
        g.value = g.twos;
        return join_groups(out, &g);
    }
    bool threes = g.inner_three && g.last_len == 3 && g.first_len <= 3 && !g.first_zero &&
                  (g.n == 2 || g.sep == g.last_sep);
    bool may_group = threes && (!style.thousands || style.thousands == g.last_sep) &&
                     style.decimal != g.last_sep;
    if (!is_mark(g.last_sep))
        return may_group ? join_groups(out, &g) : URNA_NUMBER_BAD;
    if (!may_group)
        return as_decimal(out, seen, &g, style);
    bool sure = g.n > 2 || g.last != 0 || style.thousands == g.last_sep;
    if (sure)
        seen->thousands = g.last_sep;
    enum urna_number_result r = join_groups(out, &g);
    return r == URNA_NUMBER_OK && !sure ? URNA_NUMBER_UNSURE : r;
}

enum urna_number_result urna_number_decimal(struct urna_decimal *out, struct urna_view cell,
                                            struct urna_number_style style)
{
    uint8_t ascii[128];
    cell = with_ascii_digits(urna_text_trim(cell), ascii, sizeof ascii);
    if (cell.len > 0 && cell.p[cell.len - 1] == '%') {
        cell.len--;
        cell = urna_text_trim(cell);
        if (cell.len == 0)
            return URNA_NUMBER_BAD;
    }
    if (cell.len == 0)
        return URNA_NUMBER_EMPTY;
    bool point = false;
    size_t n_digits = 0;
    out->digits = 0;
    out->places = 0;
    for (size_t i = 0; i < cell.len; i++) {
        uint8_t c = cell.p[i];
        if (is_mark((char)c) && !point && n_digits > 0 && i + 1 < cell.len &&
            (!style.decimal || style.decimal == (char)c)) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9')
            return URNA_NUMBER_BAD;
        if (++n_digits >= MAX_DIGITS - 1)
            return URNA_NUMBER_TOO_LARGE;
        out->digits = out->digits * 10 + (uint64_t)(c - '0');
        out->places += point;
        if (out->places > 12)
            return URNA_NUMBER_TOO_LARGE;
    }
    return URNA_NUMBER_OK;
}
