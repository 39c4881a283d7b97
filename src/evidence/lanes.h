/* Many bytes at once. Of 64 bytes: which of them are what, as one bit for each byte (bit 0 is the
 * first byte), with SSE2 where the compiler has it (all of x86-64), and otherwise, the functions
 * called _portable, eight bytes in a word; lanes_avx2.h is for processors that have AVX2. The tests
 * compare them all. Private to this room. */
#ifndef URNA_EVIDENCE_LANES_H
#define URNA_EVIDENCE_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define URNA_LANES 64u
#define URNA_LANES_EACH 0x0101010101010101u /* times a byte: that byte eight times */

static inline uint64_t urna_lanes_load(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

/* ---- portable ---- */

/* 80 in each byte that is zero, 00 in the others. */
static inline uint64_t urna_lanes_zero(uint64_t w)
{
    const uint64_t low = 0x7F * URNA_LANES_EACH;
    return ~(((w & low) + low) | w | low);
}

/* The high bits of eight bytes as eight bits: byte k has its at 8 k, 2^(56 - 7 k) takes it to
 * 56 + k, and no two bits meet on the way. */
static inline uint64_t urna_lanes_gather(uint64_t high_bits)
{
    return ((high_bits >> 7) * 0x0102040810204080u) >> 56;
}

static inline uint64_t urna_lanes_equal(uint64_t w, uint8_t byte)
{
    return urna_lanes_zero(w ^ byte * URNA_LANES_EACH);
}

static inline uint64_t urna_lanes_breaks_portable(uint64_t *lines, uint64_t *quotes,
                                                  const uint8_t *p, char separator)
{
    uint64_t separators = 0;
    *lines = *quotes = 0;
    for (unsigned i = 0; i < URNA_LANES; i += 8) {
        uint64_t w = urna_lanes_load(p + i);
        separators |= urna_lanes_gather(urna_lanes_equal(w, (uint8_t)separator)) << i;
        *lines |= urna_lanes_gather(urna_lanes_equal(w, '\n') | urna_lanes_equal(w, '\r')) << i;
        *quotes |= urna_lanes_gather(urna_lanes_equal(w, '"')) << i;
    }
    return separators | *lines;
}

/* UTF-8 as most texts have it: ASCII without NUL, also mixed with the two-byte letters of Cyrillic,
 * Greek and accented Latin. From the bits of these, of bytes C2-DF and of bytes 80-BF: how many of
 * the 64 bytes are that (64, or 63 if a pair is cut), or 0 if they must be looked at one by one. */
static inline size_t urna_lanes_letters(uint64_t ascii, uint64_t lead, uint64_t tail)
{
    bool good = (ascii | lead | tail) == UINT64_MAX && tail == lead << 1;
    return good ? URNA_LANES - (lead >> 63) : 0;
}

static inline size_t urna_lanes_text_portable(const uint8_t *p)
{
    const uint64_t c0 = 0xC0 * URNA_LANES_EACH, high = 0x80 * URNA_LANES_EACH;
    uint64_t ascii = 0, lead = 0, tail = 0;
    for (unsigned i = 0; i < URNA_LANES; i += 8) {
        uint64_t w = urna_lanes_load(p + i);
        uint64_t two = urna_lanes_zero((w & 0xE0 * URNA_LANES_EACH) ^ c0);
        uint64_t overlong = urna_lanes_zero((w & 0xFE * URNA_LANES_EACH) ^ c0);
        ascii |= urna_lanes_gather(~(w | urna_lanes_zero(w)) & high) << i;
        lead |= urna_lanes_gather(two & ~overlong) << i;
        tail |= urna_lanes_gather(urna_lanes_zero((w & c0) ^ high)) << i;
    }
    return urna_lanes_letters(ascii, lead, tail);
}

/* ---- SSE2 ---- */

#ifdef __SSE2__
static inline __m128i urna_lanes_load16(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i_u *)p);
}

static inline uint64_t urna_lanes_mask16(__m128i x)
{
    return (unsigned)_mm_movemask_epi8(x);
}

/* Sixteen of the 64 at a time, and four calls written out: gcc -O2 leaves a loop of four a loop. */
static inline void urna_lanes_breaks16(uint64_t *hits, uint64_t *lines, uint64_t *quotes,
                                       const uint8_t *p, char separator, unsigned at)
{
    __m128i x = urna_lanes_load16(p + at);
    __m128i line = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('\n')),
                                _mm_cmpeq_epi8(x, _mm_set1_epi8('\r')));
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8(separator)), line);
    *hits |= urna_lanes_mask16(hit) << at;
    *lines |= urna_lanes_mask16(line) << at;
    *quotes |= urna_lanes_mask16(_mm_cmpeq_epi8(x, _mm_set1_epi8('"'))) << at;
}

static inline uint64_t urna_lanes_breaks_sse2(uint64_t *lines, uint64_t *quotes, const uint8_t *p,
                                              char separator)
{
    uint64_t hits = 0;
    *lines = *quotes = 0;
    urna_lanes_breaks16(&hits, lines, quotes, p, separator, 0);
    urna_lanes_breaks16(&hits, lines, quotes, p, separator, 16);
    urna_lanes_breaks16(&hits, lines, quotes, p, separator, 32);
    urna_lanes_breaks16(&hits, lines, quotes, p, separator, 48);
    return hits;
}

static inline __m128i urna_lanes_ascii16(const uint8_t *p)
{
    return _mm_cmpgt_epi8(urna_lanes_load16(p), _mm_setzero_si128());
}

/* As signed bytes: 80-BF are -128 to -65, C2-DF are -62 to -33, E0-FF are -32 to -1. */
static inline void urna_lanes_pairs16(uint64_t *lead, uint64_t *tail, const uint8_t *p, unsigned at)
{
    __m128i x = urna_lanes_load16(p + at);
    __m128i two =
        _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(-63)), _mm_cmplt_epi8(x, _mm_set1_epi8(-32)));
    *lead |= urna_lanes_mask16(two) << at;
    *tail |= urna_lanes_mask16(_mm_cmplt_epi8(x, _mm_set1_epi8(-64))) << at;
}

static inline size_t urna_lanes_text_sse2(const uint8_t *p)
{
    __m128i a = urna_lanes_ascii16(p), b = urna_lanes_ascii16(p + 16),
            c = urna_lanes_ascii16(p + 32), d = urna_lanes_ascii16(p + 48);
    if (urna_lanes_mask16(_mm_and_si128(_mm_and_si128(a, b), _mm_and_si128(c, d))) == 0xFFFF)
        return URNA_LANES;
    uint64_t lead = 0, tail = 0,
             ascii = urna_lanes_mask16(a) | urna_lanes_mask16(b) << 16 |
                     urna_lanes_mask16(c) << 32 | urna_lanes_mask16(d) << 48;
    urna_lanes_pairs16(&lead, &tail, p, 0);
    urna_lanes_pairs16(&lead, &tail, p, 16);
    urna_lanes_pairs16(&lead, &tail, p, 32);
    urna_lanes_pairs16(&lead, &tail, p, 48);
    return urna_lanes_letters(ascii, lead, tail);
}
#define urna_lanes_breaks urna_lanes_breaks_sse2
#define urna_lanes_text urna_lanes_text_sse2
#else
#define urna_lanes_breaks urna_lanes_breaks_portable /* the separator, LF, CR; LF, CR; quotes */
#define urna_lanes_text urna_lanes_text_portable
#endif

/* ---- digits ---- */

/* In x digits stand as bytes 0-9, the last one in the highest byte, those that are missing as zeros
 * in front. Every step adds ten (a hundred, ten thousand) times a number to its right-hand
 * neighbour, which holds less than that. */
static inline bool urna_lanes_digits4(uint64_t *out, uint32_t x)
{
    if (((x + 0x76767676u) | x) & 0x80808080u)
        return false;
    x = (x * (10u << 8 | 1) >> 8) & 0x00FF00FFu;
    *out = x * (100u << 16 | 1) >> 16;
    return true;
}

static inline bool urna_lanes_digits8(uint64_t *out, uint64_t x)
{
    if (((x + 0x76 * URNA_LANES_EACH) | x) & 0x80 * URNA_LANES_EACH)
        return false;
    x = (x * (10u << 8 | 1) >> 8) & 0x00FF00FF00FF00FFu;
    x = (x * (100u << 16 | 1) >> 16) & 0x0000FFFF0000FFFFu;
    *out = x * ((uint64_t)10000 << 32 | 1) >> 32;
    return true;
}

/* 1 to 8 digits as a number; false for anything else. Reads 8 bytes at p, whatever len is. */
static inline bool urna_lanes_digits(uint64_t *out, const uint8_t *p, size_t len)
{
    uint64_t x = urna_lanes_load(p) ^ '0' * URNA_LANES_EACH;
    if (len - 1 < 4) /* what nearly every number of a polling station is */
        return urna_lanes_digits4(out, (uint32_t)x << (32 - 8 * len));
    return len - 1 < 8 && urna_lanes_digits8(out, x << (64 - 8 * len));
}

#endif
