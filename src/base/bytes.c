/* Views, growing buffers, hex, base64, decimal, UTF-8. Nothing here is for secrets: a buffer that
 * grows leaves its old bytes behind, and the decoders branch on what they read. */
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct urna_view urna_view_str(const char *s)
{
    return urna_view(s, strlen(s));
}

bool urna_view_eq(struct urna_view a, struct urna_view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool urna_view_eq_str(struct urna_view a, const char *s)
{
    return urna_view_eq(a, urna_view_str(s));
}

/* ---- growing buffers ---- */

uint8_t *urna_buf_room(struct urna_buf *b, size_t more)
{
    size_t need;
    if (__builtin_add_overflow(b->len, more, &need))
        need = SIZE_MAX; /* cannot be had: ends in urna_xrealloc */
    if (need > b->cap) {
        size_t cap = b->cap < 64 ? 64 : b->cap;
        while (cap < need)
            cap = cap > SIZE_MAX / 2 ? need : cap * 2;
        b->p = urna_xrealloc(b->p, cap, 1);
        b->cap = cap;
    }
    return b->p + b->len;
}

void urna_buf_free(struct urna_buf *b)
{
    free(b->p);
    *b = (struct urna_buf){0};
}

void urna_buf_reset(struct urna_buf *b)
{
    b->len = 0;
}

void urna_buf_add(struct urna_buf *b, const void *p, size_t len)
{
    if (len == 0)
        return;
    memcpy(urna_buf_room(b, len), p, len);
    b->len += len;
}

void urna_buf_str(struct urna_buf *b, const char *s)
{
    urna_buf_add(b, s, strlen(s));
}

void urna_buf_char(struct urna_buf *b, char c)
{
    urna_buf_add(b, &c, 1);
}

void urna_buf_u8(struct urna_buf *b, uint8_t x)
{
    urna_buf_add(b, &x, 1);
}

void urna_buf_be16(struct urna_buf *b, uint16_t x)
{
    uint8_t out[2] = {(uint8_t)(x >> 8), (uint8_t)x};
    urna_buf_add(b, out, sizeof out);
}

void urna_buf_be32(struct urna_buf *b, uint32_t x)
{
    uint8_t out[4];
    urna_be32(out, x);
    urna_buf_add(b, out, sizeof out);
}

void urna_buf_be64(struct urna_buf *b, uint64_t x)
{
    uint8_t out[8];
    urna_be64(out, x);
    urna_buf_add(b, out, sizeof out);
}

static const char hex_digits[] = "0123456789ABCDEF";

static void hex_into(char *out, const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = hex_digits[p[i] >> 4];
        out[2 * i + 1] = hex_digits[p[i] & 15];
    }
}

void urna_buf_hex(struct urna_buf *b, const uint8_t *p, size_t len)
{
    size_t digits = len > SIZE_MAX / 2 ? SIZE_MAX : 2 * len;
    hex_into((char *)urna_buf_room(b, digits), p, len);
    b->len += digits;
}

void urna_buf_printf(struct urna_buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n > 0) {
        char *at = (char *)urna_buf_room(b, (size_t)n + 1); /* vsnprintf writes a NUL behind */
        vsnprintf(at, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

struct urna_view urna_buf_view(const struct urna_buf *b)
{
    return urna_view(b->p, b->len);
}

const char *urna_buf_cstr(struct urna_buf *b)
{
    *urna_buf_room(b, 1) = 0;
    return (const char *)b->p;
}

/* ---- hex ---- */

void urna_hex(char *out, const uint8_t *p, size_t len)
{
    hex_into(out, p, len);
    out[2 * len] = '\0';
}

/* The value of a digit, or 16. */
static unsigned hex_value(char c, bool lower)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    if (lower && c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    return 16;
}

static bool unhex(uint8_t *out, size_t len, const char *hex, size_t hex_len, bool lower)
{
    if (hex_len % 2 != 0 || hex_len / 2 != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned hi = hex_value(hex[2 * i], lower), lo = hex_value(hex[2 * i + 1], lower);
        if (hi > 15 || lo > 15)
            return false;
        out[i] = (uint8_t)(hi << 4 | lo);
    }
    return true;
}

bool urna_unhex(uint8_t *out, size_t len, const char *hex, size_t hex_len)
{
    return unhex(out, len, hex, hex_len, false);
}

bool urna_unhex_any(uint8_t *out, size_t len, const char *hex, size_t hex_len)
{
    return unhex(out, len, hex, hex_len, true);
}

/* ---- base64 ---- */

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void urna_base64(struct urna_buf *out, const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        uint32_t x = (uint32_t)p[i] << 16;
        if (n > 1)
            x |= (uint32_t)p[i + 1] << 8;
        if (n > 2)
            x |= p[i + 2];
        char quad[4] = {base64_digits[x >> 18], base64_digits[x >> 12 & 63],
                        n > 1 ? base64_digits[x >> 6 & 63] : '=',
                        n > 2 ? base64_digits[x & 63] : '='};
        urna_buf_add(out, quad, sizeof quad);
    }
}

/* The value of a digit, or 64. */
static uint32_t base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (uint32_t)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (uint32_t)(c - 'a') + 26;
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0') + 52;
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

/* One group of four: 1..3 bytes into out, or 0 if it is malformed. ${last}: padding is allowed. */
static size_t unbase64_quad(uint8_t out[3], const char *s, bool last)
{
    size_t pad = last && s[3] == '=' ? (s[2] == '=' ? 2 : 1) : 0;
    uint32_t x = 0;
    for (size_t i = 0; i < 4; i++) {
        uint32_t v = i < 4 - pad ? base64_value(s[i]) : 0;
        if (v > 63)
            return 0;
        x = x << 6 | v;
    }
    /* One spelling only: the bits that no byte uses must be zero. */
    if ((pad == 1 && (x & 0xFF) != 0) || (pad == 2 && (x & 0xFFFF) != 0))
        return 0;
    out[0] = (uint8_t)(x >> 16);
    out[1] = (uint8_t)(x >> 8);
    out[2] = (uint8_t)x;
    return 3 - pad;
}

bool urna_unbase64(struct urna_buf *out, const char *s, size_t len)
{
    size_t before = out->len;
    if (len % 4 != 0)
        return false;
    for (size_t i = 0; i < len; i += 4) {
        uint8_t bytes[3];
        size_t n = unbase64_quad(bytes, s + i, i + 4 == len);
        if (n == 0) {
            out->len = before;
            return false;
        }
        urna_buf_add(out, bytes, n);
    }
    return true;
}

/* ---- numbers and text ---- */

bool urna_parse_u64(uint64_t *out, const char *s, size_t len, uint64_t max)
{
    if (len == 0 || len > 20 || (len > 1 && s[0] == '0'))
        return false;
    uint64_t x = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        if (__builtin_mul_overflow(x, 10, &x) ||
            __builtin_add_overflow(x, (uint64_t)(s[i] - '0'), &x))
            return false;
    }
    if (x > max)
        return false;
    *out = x;
    return true;
}

/* The first byte fixes the length and the range of the second byte (Unicode 15, table 3-7): that
 * range alone shuts out overlong forms, surrogates and everything above 10FFFF. */
bool urna_utf8_next(const uint8_t *s, size_t len, size_t *i, uint32_t *cp)
{
    if (*i >= len)
        return false;
    const uint8_t *p = s + *i;
    size_t left = len - *i, n;
    uint8_t low = 0x80, high = 0xBF;
    uint32_t x;
    if (p[0] < 0x80) {
        *cp = p[0];
        *i += 1;
        return true;
    }
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        n = 2;
        x = p[0] & 0x1Fu;
    } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        n = 3;
        x = p[0] & 0x0Fu;
        low = p[0] == 0xE0 ? 0xA0 : low;
        high = p[0] == 0xED ? 0x9F : high;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        n = 4;
        x = p[0] & 0x07u;
        low = p[0] == 0xF0 ? 0x90 : low;
        high = p[0] == 0xF4 ? 0x8F : high;
    } else {
        return false;
    }
    if (left < n)
        return false;
    for (size_t k = 1; k < n; k++) {
        if (p[k] < low || p[k] > high)
            return false;
        x = x << 6 | (p[k] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    *cp = x;
    *i += n;
    return true;
}
