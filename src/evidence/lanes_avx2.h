/* lanes.h for processors that have AVX2, which is asked when the program runs: the functions that
 * loop over a text exist twice, and the second one is marked URNA_LANES_AVX2. Private to this room.
 */
#ifndef URNA_EVIDENCE_LANES_AVX2_H
#define URNA_EVIDENCE_LANES_AVX2_H

#include "evidence/lanes.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define URNA_LANES_AVX2 __attribute__((target("avx2,bmi")))

static inline bool urna_lanes_have_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
}

URNA_LANES_AVX2 static inline __m256i urna_lanes_load32(const uint8_t *p)
{
    return _mm256_loadu_si256((const __m256i_u *)p);
}

URNA_LANES_AVX2 static inline uint64_t urna_lanes_mask64(__m256i a, __m256i b)
{
    return (unsigned)_mm256_movemask_epi8(a) | (uint64_t)(unsigned)_mm256_movemask_epi8(b) << 32;
}

URNA_LANES_AVX2 static inline uint64_t urna_lanes_equal64(__m256i a, __m256i b, char byte)
{
    __m256i x = _mm256_set1_epi8(byte);
    return urna_lanes_mask64(_mm256_cmpeq_epi8(a, x), _mm256_cmpeq_epi8(b, x));
}

URNA_LANES_AVX2 static inline uint64_t urna_lanes_breaks_avx2(uint64_t *lines, uint64_t *quotes,
                                                              const uint8_t *p, char separator)
{
    __m256i a = urna_lanes_load32(p), b = urna_lanes_load32(p + 32);
    *lines = urna_lanes_equal64(a, b, '\n') | urna_lanes_equal64(a, b, '\r');
    *quotes = urna_lanes_equal64(a, b, '"');
    return urna_lanes_equal64(a, b, separator) | *lines;
}

/* lower < byte < upper */
URNA_LANES_AVX2 static inline uint64_t urna_lanes_between64(__m256i a, __m256i b, char lower,
                                                            char upper)
{
    __m256i l = _mm256_set1_epi8(lower), u = _mm256_set1_epi8(upper);
    return urna_lanes_mask64(_mm256_and_si256(_mm256_cmpgt_epi8(a, l), _mm256_cmpgt_epi8(u, a)),
                             _mm256_and_si256(_mm256_cmpgt_epi8(b, l), _mm256_cmpgt_epi8(u, b)));
}

URNA_LANES_AVX2 static inline size_t urna_lanes_text_avx2(const uint8_t *p)
{
    const __m256i zero = _mm256_setzero_si256(), tail_end = _mm256_set1_epi8(-64);
    __m256i a = urna_lanes_load32(p), b = urna_lanes_load32(p + 32);
    uint64_t ascii = urna_lanes_mask64(_mm256_cmpgt_epi8(a, zero), _mm256_cmpgt_epi8(b, zero));
    if (ascii == UINT64_MAX)
        return URNA_LANES;
    return urna_lanes_letters(
        ascii, urna_lanes_between64(a, b, -63, -32),
        urna_lanes_mask64(_mm256_cmpgt_epi8(tail_end, a), _mm256_cmpgt_epi8(tail_end, b)));
}
#endif

#endif
