/* Encodings of tables: recognise, convert to UTF-8, check UTF-8. */
#include "evidence/encoding.h"

#include <string.h>

#include "evidence/lanes_avx2.h"

/* Bytes 0x80-0xFF as Unicode; 0: not assigned (an error in a file). */
static const uint16_t windows_1251[128] = {
    0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x0409, 0x2039,
    0x040A, 0x040C, 0x040B, 0x040F, 0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0,      0x2122, 0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F, 0x00A0, 0x040E, 0x045E, 0x0408,
    0x00A4, 0x0490, 0x00A6, 0x00A7, 0x0401, 0x00A9, 0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407,
    0x00B0, 0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6, 0x00B7, 0x0451, 0x2116, 0x0454, 0x00BB,
    0x0458, 0x0405, 0x0455, 0x0457, 0x0410, 0x0411, 0x0412, 0x0413, 0x0414, 0x0415, 0x0416, 0x0417,
    0x0418, 0x0419, 0x041A, 0x041B, 0x041C, 0x041D, 0x041E, 0x041F, 0x0420, 0x0421, 0x0422, 0x0423,
    0x0424, 0x0425, 0x0426, 0x0427, 0x0428, 0x0429, 0x042A, 0x042B, 0x042C, 0x042D, 0x042E, 0x042F,
    0x0430, 0x0431, 0x0432, 0x0433, 0x0434, 0x0435, 0x0436, 0x0437, 0x0438, 0x0439, 0x043A, 0x043B,
    0x043C, 0x043D, 0x043E, 0x043F, 0x0440, 0x0441, 0x0442, 0x0443, 0x0444, 0x0445, 0x0446, 0x0447,
    0x0448, 0x0449, 0x044A, 0x044B, 0x044C, 0x044D, 0x044E, 0x044F,
};
static const uint16_t windows_1252[128] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178, 0x00A0, 0x00A1, 0x00A2, 0x00A3,
    0x00A4, 0x00A5, 0x00A6, 0x00A7, 0x00A8, 0x00A9, 0x00AA, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x00AF,
    0x00B0, 0x00B1, 0x00B2, 0x00B3, 0x00B4, 0x00B5, 0x00B6, 0x00B7, 0x00B8, 0x00B9, 0x00BA, 0x00BB,
    0x00BC, 0x00BD, 0x00BE, 0x00BF, 0x00C0, 0x00C1, 0x00C2, 0x00C3, 0x00C4, 0x00C5, 0x00C6, 0x00C7,
    0x00C8, 0x00C9, 0x00CA, 0x00CB, 0x00CC, 0x00CD, 0x00CE, 0x00CF, 0x00D0, 0x00D1, 0x00D2, 0x00D3,
    0x00D4, 0x00D5, 0x00D6, 0x00D7, 0x00D8, 0x00D9, 0x00DA, 0x00DB, 0x00DC, 0x00DD, 0x00DE, 0x00DF,
    0x00E0, 0x00E1, 0x00E2, 0x00E3, 0x00E4, 0x00E5, 0x00E6, 0x00E7, 0x00E8, 0x00E9, 0x00EA, 0x00EB,
    0x00EC, 0x00ED, 0x00EE, 0x00EF, 0x00F0, 0x00F1, 0x00F2, 0x00F3, 0x00F4, 0x00F5, 0x00F6, 0x00F7,
    0x00F8, 0x00F9, 0x00FA, 0x00FB, 0x00FC, 0x00FD, 0x00FE, 0x00FF,
};

/* ---- spaces ---- */

static bool is_blank(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || (c >= 0x2000 && c <= 0x200F) ||
           c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202F) || c == 0x205F ||
           c == 0x2060 || c == 0x3000 || c == 0xFEFF;
}

struct urna_view urna_text_trim(struct urna_view v)
{
    uint32_t c;
    for (size_t i = 0; v.len > 0 && urna_utf8_next(v.p, v.len, &i, &c) && is_blank(c); i = 0)
        v = urna_view(v.p + i, v.len - i);
    while (v.len > 0) {
        size_t start = v.len - 1, i;
        while (start > 0 && (v.p[start] & 0xC0) == 0x80)
            start--;
        i = start;
        if (!urna_utf8_next(v.p, v.len, &i, &c) || !is_blank(c))
            break;
        v.len = start;
    }
    return v;
}

/* ---- UTF-8 ---- */

/* One character at p[*i] that is no NUL. */
static bool take_character(const uint8_t *p, size_t len, size_t *i)
{
    uint32_t cp;
    if (p[*i] == 0)
        return false;
    if (p[*i] < 0x80) {
        (*i)++;
        return true;
    }
    return urna_utf8_next(p, len, i, &cp);
}

/* How far the common cases go, 64 bytes at a time. */
static size_t common_prefix(const uint8_t *p, size_t len)
{
    size_t i = 0, n;
    while (len - i >= URNA_LANES && (n = urna_lanes_text(p + i)) > 0)
        i += n;
    return i;
}

#ifdef URNA_LANES_AVX2
URNA_LANES_AVX2 static size_t common_prefix_avx2(const uint8_t *p, size_t len)
{
    size_t i = 0, n;
    while (len - i >= URNA_LANES && (n = urna_lanes_text_avx2(p + i)) > 0)
        i += n;
    return i;
}
#else
#define common_prefix_avx2 common_prefix
#define urna_lanes_have_avx2() false
#endif

/* Everything else goes through the strict decoder. */
size_t urna_utf8_valid_prefix(const uint8_t *p, size_t len, bool *nul)
{
    bool avx2 = urna_lanes_have_avx2();
    size_t i = 0;
    while (i < len) {
        i += avx2 ? common_prefix_avx2(p + i, len - i) : common_prefix(p + i, len - i);
        size_t stop = len - i > URNA_LANES ? i + URNA_LANES : len;
        while (i < stop) {
            if (!take_character(p, len, &i)) {
                *nul = p[i] == 0;
                return i;
            }
        }
    }
    *nul = false;
    return i;
}

bool urna_utf8_is_cut(const uint8_t *p, size_t len)
{
    if (len == 0 || len >= 4)
        return false;
    size_t want = p[0] >= 0xF0 && p[0] < 0xF5   ? 4
                  : p[0] >= 0xE0 && p[0] < 0xF0 ? 3
                  : p[0] >= 0xC2 && p[0] < 0xE0 ? 2
                                                : 0;
    if (len >= want)
        return false;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return false;
    return true;
}

/* ---- recognise ---- */

static bool is_letter(uint8_t c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* Cyrillic words are runs of bytes >= 0xC0; in Latin words such a byte stands among ASCII letters.
 */
static enum urna_encoding recognise_windows(const uint8_t *p, size_t len)
{
    size_t cyrillic = 0, latin = 0;
    for (size_t i = 1; i < len; i++) {
        uint8_t a = p[i - 1], b = p[i];
        if (a >= 0xC0 && b >= 0xC0)
            cyrillic++;
        else if ((a >= 0xC0 && is_letter(b)) || (b >= 0xC0 && is_letter(a)))
            latin++;
    }
    if (cyrillic == latin)
        return URNA_ENCODING_AUTO;
    return cyrillic > latin ? URNA_WINDOWS_1251 : URNA_WINDOWS_1252;
}

enum urna_encoding urna_encoding_recognise(const uint8_t *p, size_t len)
{
    bool nul;
    size_t n = urna_utf8_valid_prefix(p, len, &nul);
    if (n == len || nul || urna_utf8_is_cut(p + n, len - n))
        return URNA_UTF8;
    return recognise_windows(p, len);
}

/* ---- convert ---- */

size_t urna_encoding_to_utf8(uint8_t *out, const uint8_t *p, size_t len, enum urna_encoding from,
                             size_t *bad)
{
    const uint16_t *table = from == URNA_WINDOWS_1251 ? windows_1251 : windows_1252;
    size_t n = 0;
    *bad = len;
    for (size_t i = 0; i < len; i++) {
        uint32_t c = p[i] < 0x80 ? p[i] : table[p[i] - 0x80];
        if (c == 0) {
            *bad = i;
            return n;
        }
        if (c < 0x80) {
            out[n++] = (uint8_t)c;
        } else if (c < 0x800) {
            out[n++] = (uint8_t)(0xC0 | c >> 6);
            out[n++] = (uint8_t)(0x80 | (c & 0x3F));
        } else {
            out[n++] = (uint8_t)(0xE0 | c >> 12);
            out[n++] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
            out[n++] = (uint8_t)(0x80 | (c & 0x3F));
        }
    }
    return n;
}

const char *urna_encoding_name(enum urna_encoding e)
{
    static const char *const names[] = {"auto", "utf-8", "windows-1251", "windows-1252"};
    return names[e];
}

bool urna_encoding_parse(enum urna_encoding *out, struct urna_view word)
{
    for (unsigned i = 0; i <= URNA_WINDOWS_1252; i++) {
        if (urna_view_eq_str(word, urna_encoding_name((enum urna_encoding)i))) {
            *out = (enum urna_encoding)i;
            return true;
        }
    }
    return false;
}
