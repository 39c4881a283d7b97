/* Many bytes at once. Of 64 bytes: which of them are what, as one bit for each byte (bit 0 is the
 * first byte), with SSE2 where the compiler has it (all of x86-64), and otherwise, the functions
 * called _portable, eight bytes in a word. The tests compare the two. Private to this room. */
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

static inline uint64_t urna_lanes_breaks_portable(const uint8_t *p, char separator)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < URNA_LANES; i += 8) {
        uint64_t w = urna_lanes_load(p + i);
        bits |= urna_lanes_gather(urna_lanes_zero(w ^ (uint8_t)separator * URNA_LANES_EACH) |
                                  urna_lanes_zero(w ^ '\n' * URNA_LANES_EACH) |
                                  urna_lanes_zero(w ^ '\r' * URNA_LANES_EACH))
                << i;
    }
    return bits;
}

static inline uint64_t urna_lanes_ascii_portable(const uint8_t *p)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < URNA_LANES; i += 8) {
        uint64_t w = urna_lanes_load(p + i);
        bits |= urna_lanes_gather(~(w | urna_lanes_zero(w)) & 0x80 * URNA_LANES_EACH) << i;
    }
    return bits;
}

static inline void urna_lanes_pairs_portable(uint64_t *lead, uint64_t *tail, const uint8_t *p)
{
    *lead = *tail = 0;
    for (unsigned i = 0; i < URNA_LANES; i += 8) {
        uint64_t w = urna_lanes_load(p + i), c0 = 0xC0 * URNA_LANES_EACH;
        uint64_t two = urna_lanes_zero((w & 0xE0 * URNA_LANES_EACH) ^ c0);
        uint64_t overlong = urna_lanes_zero((w & 0xFE * URNA_LANES_EACH) ^ c0);
        *lead |= urna_lanes_gather(two & ~overlong) << i;
        *tail |= urna_lanes_gather(urna_lanes_zero((w & c0) ^ 0x80 * URNA_LANES_EACH)) << i;
    }
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

static inline uint64_t urna_lanes_breaks_sse2(const uint8_t *p, char separator)
{
    const __m128i sep = _mm_set1_epi8(separator), lf = _mm_set1_epi8('\n'),
                  cr = _mm_set1_epi8('\r');
    uint64_t bits = 0;
    for (unsigned i = 0; i < URNA_LANES; i += 16) {
        __m128i x = urna_lanes_load16(p + i);
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(x, sep),
                                   _mm_or_si128(_mm_cmpeq_epi8(x, lf), _mm_cmpeq_epi8(x, cr)));
        bits |= urna_lanes_mask16(hit) << i;
    }
    return bits;
}

/* As signed bytes: 80-BF are -128 to -65, C2-DF are -62 to -33, E0-FF are -32 to -1. */
static inline uint64_t urna_lanes_ascii_sse2(const uint8_t *p)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < URNA_LANES; i += 16)
        bits |= urna_lanes_mask16(_mm_cmpgt_epi8(urna_lanes_load16(p + i), _mm_setzero_si128()))
                << i;
    return bits;
}

static inline void urna_lanes_pairs_sse2(uint64_t *lead, uint64_t *tail, const uint8_t *p)
{
    *lead = *tail = 0;
    for (unsigned i = 0; i < URNA_LANES; i += 16) {
        __m128i x = urna_lanes_load16(p + i);
        __m128i two = _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(-63)),
                                    _mm_cmplt_epi8(x, _mm_set1_epi8(-32)));
        *lead |= urna_lanes_mask16(two) << i;
        *tail |= urna_lanes_mask16(_mm_cmplt_epi8(x, _mm_set1_epi8(-64))) << i;
    }
}
#define urna_lanes_breaks urna_lanes_breaks_sse2
#define urna_lanes_ascii urna_lanes_ascii_sse2
#define urna_lanes_pairs urna_lanes_pairs_sse2
#else
#define urna_lanes_breaks urna_lanes_breaks_portable /* the separator, LF and CR */
#define urna_lanes_ascii urna_lanes_ascii_portable   /* 01-7F */
#define urna_lanes_pairs urna_lanes_pairs_portable   /* C2-DF; 80-BF */
#endif

/* ---- digits ---- */

/* 1 to 8 digits as a number; false for anything else. Reads 8 bytes at p, whatever len is. */
static inline bool urna_lanes_digits(uint64_t *out, const uint8_t *p, size_t len)
{
    if (len - 1 >= 8)
        return false;
    /* bytes 0-9, those that are missing as zeros in front */
    uint64_t x = (urna_lanes_load(p) ^ '0' * URNA_LANES_EACH) << (64 - 8 * len);
    if (((x + 0x76 * URNA_LANES_EACH) | x) & 0x80 * URNA_LANES_EACH)
        return false;
    x = (x * 10 + (x >> 8)) & 0x00FF00FF00FF00FFu;   /* pairs, at most 99 */
    x = (x * 100 + (x >> 16)) & 0x0000FFFF0000FFFFu; /* fours */
    *out = (x * 10000 + (x >> 32)) & 0xFFFFFFFFu;
    return true;
}

#endif
