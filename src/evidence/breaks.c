#include "evidence/breaks.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "evidence/lanes_avx2.h"

void urna_breaks_init(struct urna_breaks *b, char separator, size_t from)
{
    b->separator = separator;
    b->open = true;
    b->scanned = from;
    b->n = 1;
    b->n_lines = b->n_quotes = 0;
    b->cap = 64;
    b->at = urna_xcalloc(b->cap, sizeof *b->at);
    b->line = urna_xcalloc(b->cap, sizeof *b->line);
    b->quote = urna_xcalloc(b->cap, sizeof *b->quote);
    b->at[0] = (uint32_t)from - 1;
}

void urna_breaks_free(struct urna_breaks *b)
{
    free(b->at);
    free(b->line);
    free(b->quote);
}

static void make_room(struct urna_breaks *b, size_t n)
{
    size_t need = b->n + n; /* no more lines or quotes than breaks, and one */
    if (need <= b->cap)
        return;
    b->cap = 2 * need;
    b->at = urna_xrealloc(b->at, b->cap, sizeof *b->at);
    b->line = urna_xrealloc(b->line, b->cap, sizeof *b->line);
    b->quote = urna_xrealloc(b->quote, b->cap, sizeof *b->quote);
}

static inline void take_hits(struct urna_breaks *b, uint32_t from, uint64_t hits)
{
    for (; hits; hits &= hits - 1)
        b->at[b->n++] = from + (unsigned)__builtin_ctzll(hits);
}

/* Of 64 bytes that stand at ${from}. */
static inline __attribute__((always_inline)) void
take_lanes(struct urna_breaks *b, uint32_t from, uint64_t hits, uint64_t lines, uint64_t quotes)
{
    for (quotes &= hits << 1 | b->open; quotes; quotes &= quotes - 1)
        b->quote[b->n_quotes++] = from + (unsigned)__builtin_ctzll(quotes);
    b->open = hits >> 63;
    for (; lines; lines &= lines - 1) {
        uint64_t line = lines ^ (lines - 1); /* up to the first of them */
        take_hits(b, from, hits & line);
        hits &= ~line;
        b->line[b->n_lines++] = (uint32_t)b->n - 1;
    }
    take_hits(b, from, hits);
}

/* Whole lanes from ${i}; returns where less than one is left. */
static size_t scan_lanes(struct urna_breaks *b, const uint8_t *text, size_t i, size_t end)
{
    struct urna_breaks c = *b; /* a copy that the compiler may keep in registers */
    uint64_t lines, quotes, hits;
    for (; end - i >= URNA_LANES; i += URNA_LANES) {
        hits = urna_lanes_breaks(&lines, &quotes, text + i, c.separator);
        take_lanes(&c, (uint32_t)i, hits, lines, quotes);
    }
    *b = c;
    return i;
}

#ifdef URNA_LANES_AVX2
URNA_LANES_AVX2 static size_t scan_lanes_avx2(struct urna_breaks *b, const uint8_t *text, size_t i,
                                              size_t end)
{
    struct urna_breaks c = *b;
    uint64_t lines, quotes, hits;
    for (; end - i >= URNA_LANES; i += URNA_LANES) {
        hits = urna_lanes_breaks_avx2(&lines, &quotes, text + i, c.separator);
        take_lanes(&c, (uint32_t)i, hits, lines, quotes);
    }
    *b = c;
    return i;
}
#endif

void urna_breaks_scan(struct urna_breaks *b, const uint8_t *text, size_t end)
{
    size_t i = b->scanned;
    make_room(b, end - i + 1);
#ifdef URNA_LANES_AVX2
    if (urna_lanes_have_avx2())
        i = scan_lanes_avx2(b, text, i, end);
#endif
    i = scan_lanes(b, text, i, end);
    if (i < end) {
        uint8_t rest[URNA_LANES] = {0};
        uint64_t lines, quotes, hits, in = UINT64_MAX >> (URNA_LANES - (end - i));
        memcpy(rest, text + i, end - i);
        hits = urna_lanes_breaks(&lines, &quotes, rest, b->separator);
        take_lanes(b, (uint32_t)i, hits & in, lines & in, quotes & in);
        b->open = b->at[b->n - 1] == (uint32_t)end - 1;
    }
    b->scanned = end;
}

/* The last n - first of the numbers move to the front, less ${by}. */
static size_t move_down(uint32_t *x, size_t n, size_t first, size_t by)
{
    for (size_t i = first; i < n; i++)
        x[i - first] = x[i] - (uint32_t)by;
    return n - first;
}

void urna_breaks_drop(struct urna_breaks *b, const struct urna_breaks_used *used, size_t from)
{
    b->n = move_down(b->at, b->n, used->next - 1, from);
    b->n_lines = move_down(b->line, b->n_lines, used->line, used->next - 1);
    b->n_quotes = move_down(b->quote, b->n_quotes, used->quote, from);
    b->scanned -= from;
}
