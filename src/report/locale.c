#include "report/locale.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

__extension__ typedef unsigned __int128 u128;

#define NARROW "\xe2\x80\xaf" /* U+202F */
#define NBSP "\xc2\xa0"
#define MINUS "\xe2\x88\x92"
#define DASH "\xe2\x80\x93"

static const char *const names[URNA_N_LANGS] = {"en", "be", "ru", "es"};

bool urna_lang_parse(enum urna_lang *out, const char *name)
{
    for (int i = 0; i < URNA_N_LANGS; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum urna_lang)i;
            return true;
        }
    }
    return false;
}

enum urna_lang urna_lang_from_env(void)
{
    static const char *const vars[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof vars / sizeof vars[0]; i++) {
        const char *v = getenv(vars[i]);
        if (!v || !*v)
            continue;
        char two[3] = {v[0], v[1], 0};
        enum urna_lang lang;
        bool whole = v[1] && (v[2] == 0 || v[2] == '_' || v[2] == '.' || v[2] == '@');
        return whole && urna_lang_parse(&lang, two) ? lang : URNA_EN;
    }
    return URNA_EN;
}

const char *urna_lang_name(enum urna_lang lang)
{
    return names[lang];
}

/* Append what fits; every text below is shorter than the room. */
static const char *put(char buf[URNA_SAY_MAX], const char *s)
{
    size_t at = strlen(buf);
    snprintf(buf + at, URNA_SAY_MAX - at, "%s", s);
    return buf;
}

static const char *begin(char buf[URNA_SAY_MAX], const char *s)
{
    buf[0] = 0;
    return put(buf, s);
}

/* Append a run of digits with separators between groups of three. */
static void group(char buf[URNA_SAY_MAX], enum urna_lang lang, const char *digits)
{
    size_t n = strlen(digits);
    bool grouped = n >= (lang == URNA_ES ? 5 : 4);
    for (size_t i = 0; i < n; i++) {
        const char digit[2] = {digits[i], 0};
        if (grouped && i > 0 && (n - i) % 3 == 0)
            put(buf, lang == URNA_EN ? "," : NARROW);
        put(buf, digit);
    }
}

static const char *point(enum urna_lang lang)
{
    return lang == URNA_EN ? "." : ",";
}

static const char *say(char *buf, enum urna_lang lang, const char *sign, uint64_t x)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)x);
    begin(buf, sign);
    group(buf, lang, digits);
    return buf;
}

static uint64_t magnitude(int64_t x)
{
    return x < 0 ? (uint64_t)0 - (uint64_t)x : (uint64_t)x;
}

const char *urna_say_u64(char buf[URNA_SAY_MAX], enum urna_lang lang, uint64_t x)
{
    return say(buf, lang, "", x);
}

const char *urna_say_i64(char buf[URNA_SAY_MAX], enum urna_lang lang, int64_t x)
{
    return say(buf, lang, x < 0 ? MINUS : "", magnitude(x));
}

const char *urna_say_signed(char buf[URNA_SAY_MAX], enum urna_lang lang, int64_t x)
{
    return say(buf, lang, x < 0 ? MINUS : x > 0 ? "+" : "", magnitude(x));
}

static const char *decimal(char *buf, enum urna_lang lang, double x, unsigned decimals, bool plus)
{
    if (!isfinite(x) || fabs(x) >= 1e18)
        return begin(buf, DASH);
    char text[48];
    snprintf(text, sizeof text, "%.*f", (int)(decimals > 9 ? 9 : decimals), fabs(x));
    bool zero = strspn(text, "0.") == strlen(text); /* no "-0.0" */
    char *dot = strchr(text, '.');
    if (dot)
        *dot = 0;
    begin(buf, zero ? "" : x < 0 ? MINUS : plus ? "+" : "");
    group(buf, lang, text);
    if (dot) {
        put(buf, point(lang));
        put(buf, dot + 1);
    }
    return buf;
}

const char *urna_say_decimal(char buf[URNA_SAY_MAX], enum urna_lang lang, double x,
                             unsigned decimals)
{
    return decimal(buf, lang, x, decimals, false);
}

const char *urna_say_signed_decimal(char buf[URNA_SAY_MAX], enum urna_lang lang, double x,
                                    unsigned decimals)
{
    return decimal(buf, lang, x, decimals, true);
}

static void percent_sign(char *buf, enum urna_lang lang)
{
    put(buf, lang == URNA_EN ? "%" : NBSP "%");
}

const char *urna_say_share(char buf[URNA_SAY_MAX], enum urna_lang lang, uint64_t num, uint64_t den,
                           unsigned decimals)
{
    if (den == 0)
        return begin(buf, DASH);
    if (decimals > 9)
        decimals = 9;
    u128 scale = 100;
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    /* num * scale < 2^64 * 10^11 < 2^101 */
    u128 q = (2 * (u128)num * scale + den) / (2 * (u128)den);
    char digits[48];
    int n = 0;
    do {
        digits[n++] = (char)('0' + (int)(q % 10));
        q /= 10;
    } while ((q > 0 || n <= (int)decimals) && n < 47);
    char whole[48];
    int w = 0;
    for (int i = n - 1; i >= (int)decimals; i--)
        whole[w++] = digits[i];
    whole[w] = 0;
    if (w > 18) /* not a share any more: nothing to print in the room there is */
        return begin(buf, DASH);
    begin(buf, "");
    group(buf, lang, whole);
    if (decimals > 0) {
        char fraction[16] = "";
        for (int i = (int)decimals - 1, at = 0; i >= 0; i--)
            fraction[at++] = digits[i];
        put(buf, point(lang));
        put(buf, fraction);
    }
    percent_sign(buf, lang);
    return buf;
}

const char *urna_say_percent(char buf[URNA_SAY_MAX], enum urna_lang lang, double percent,
                             unsigned decimals)
{
    decimal(buf, lang, percent, decimals, false);
    if (isfinite(percent))
        percent_sign(buf, lang);
    return buf;
}

static const char *const months[URNA_N_LANGS][12] = {
    {"January", "February", "March", "April", "May", "June", "July", "August", "September",
     "October", "November", "December"},
    {"студзеня", "лютага", "сакавіка", "красавіка", "мая", "чэрвеня", "ліпеня", "жніўня", "верасня",
     "кастрычніка", "лістапада", "снежня"},
    {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
     "октября", "ноября", "декабря"},
    {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
     "octubre", "noviembre", "diciembre"},
};

static bool broken_down(struct tm *tm, int64_t unix_seconds)
{
    time_t t = (time_t)unix_seconds;
    return gmtime_r(&t, tm) && tm->tm_year <= 8099 && tm->tm_year >= -1899;
}

const char *urna_say_date(char buf[URNA_SAY_MAX], enum urna_lang lang, int64_t unix_seconds)
{
    struct tm tm;
    char text[URNA_SAY_MAX];
    if (!broken_down(&tm, unix_seconds))
        return begin(buf, DASH);
    const char *of = lang == URNA_ES ? " de " : " ";
    snprintf(text, sizeof text, "%d%s%s%s%d", tm.tm_mday, of, months[lang][tm.tm_mon], of,
             tm.tm_year + 1900);
    return begin(buf, text);
}

const char *urna_say_clock(char buf[URNA_SAY_MAX], int64_t unix_seconds)
{
    struct tm tm;
    char text[URNA_SAY_MAX];
    if (!broken_down(&tm, unix_seconds))
        return begin(buf, DASH);
    snprintf(text, sizeof text, "%02d:%02d", tm.tm_hour, tm.tm_min);
    return begin(buf, text);
}

const char *urna_say_time(char buf[URNA_SAY_MAX], enum urna_lang lang, int64_t unix_seconds)
{
    struct tm tm;
    char date[URNA_SAY_MAX], clock[URNA_SAY_MAX], text[URNA_SAY_MAX];
    if (!broken_down(&tm, unix_seconds))
        return begin(buf, DASH);
    snprintf(text, sizeof text, "%.40s, %.10s UTC", urna_say_date(date, lang, unix_seconds),
             urna_say_clock(clock, unix_seconds));
    return begin(buf, text);
}
