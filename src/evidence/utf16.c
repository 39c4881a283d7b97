#include "evidence/utf16.h"

#include <string.h>

#include "base/status.h"

#define UNITS 16384u

struct urna_utf16 {
    bool big_endian;
    uint16_t high; /* the first half of a pair, or 0 */
    size_t n_in;   /* bytes in `in` that are not used yet: at most one between two chunks */
    size_t at, n_out;
    uint8_t in[2 * UNITS];
    uint8_t out[3 * UNITS + 3]; /* a unit gives at most three bytes, and a half pair may wait */
};

struct urna_utf16 *urna_utf16_new(const uint8_t *head, size_t n)
{
    bool little = n == 2 && head[0] == 0xFF && head[1] == 0xFE,
         big = n == 2 && head[0] == 0xFE && head[1] == 0xFF;
    if (!little && !big)
        return NULL;
    struct urna_utf16 *u = urna_xcalloc(1, sizeof *u);
    u->big_endian = big;
    return u;
}

size_t urna_utf16_take(struct urna_utf16 *u, uint8_t *out, size_t cap)
{
    size_t n = u->n_out - u->at < cap ? u->n_out - u->at : cap;
    memcpy(out, u->out + u->at, n);
    u->at += n;
    return n;
}

uint8_t *urna_utf16_room(struct urna_utf16 *u, size_t *cap)
{
    *cap = sizeof u->in - u->n_in;
    return u->in + u->n_in;
}

static void put(struct urna_utf16 *u, uint32_t c)
{
    uint8_t *p = u->out + u->n_out;
    if (c < 0x80) {
        p[0] = (uint8_t)c;
        u->n_out += 1;
    } else if (c < 0x800) {
        p[0] = (uint8_t)(0xC0 | c >> 6);
        p[1] = (uint8_t)(0x80 | (c & 0x3F));
        u->n_out += 2;
    } else if (c < 0x10000) {
        p[0] = (uint8_t)(0xE0 | c >> 12);
        p[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        p[2] = (uint8_t)(0x80 | (c & 0x3F));
        u->n_out += 3;
    } else {
        p[0] = (uint8_t)(0xF0 | c >> 18);
        p[1] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
        p[2] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        p[3] = (uint8_t)(0x80 | (c & 0x3F));
        u->n_out += 4;
    }
}

static void put_unit(struct urna_utf16 *u, uint16_t unit)
{
    if (u->high && unit >= 0xDC00 && unit <= 0xDFFF) {
        put(u, 0x10000 + ((uint32_t)(u->high - 0xD800) << 10) + (unit - 0xDC00u));
        u->high = 0;
        return;
    }
    if (u->high) { /* alone: not UTF-8, and refused as such with its line and field */
        put(u, u->high);
        u->high = 0;
    }
    if (unit >= 0xD800 && unit <= 0xDBFF)
        u->high = unit;
    else
        put(u, unit);
}

void urna_utf16_add(struct urna_utf16 *u, size_t n)
{
    size_t i = 0;
    u->n_in += n;
    u->at = u->n_out = 0;
    for (; i + 1 < u->n_in; i += 2) {
        unsigned a = u->in[i], b = u->in[i + 1];
        put_unit(u, (uint16_t)(u->big_endian ? a << 8 | b : b << 8 | a));
    }
    u->n_in -= i;
    if (u->n_in)
        u->in[0] = u->in[i];
}

enum urna_status urna_utf16_end(const struct urna_utf16 *u, struct urna_error *err)
{
    if (u->n_in || u->high)
        return urna_fail(err, URNA_INPUT, "UTF-16 that is cut off in the middle of a character");
    return URNA_OK;
}
