/* Totals that were made from percentages (check.h). */
#include <math.h>
#include <string.h>

#include "evidence/check.h"

__extension__ typedef unsigned __int128 u128;

/* Is x the nearest integer to some k / 10^(places+2) of total? */
static bool is_rounded_share(uint64_t x, uint64_t total, uint64_t scale)
{
    u128 k = ((u128)x * scale + total / 2) / total; /* the nearest share */
    for (u128 j = k > 0 ? k - 1 : 0; j <= k + 1; j++) {
        u128 lower = j * total / scale, rest = j * total % scale;
        if (x == lower + (2 * rest >= scale) || (2 * rest == scale && x == lower))
            return true;
    }
    return false;
}

bool urna_percent_first(struct urna_percent_first *out, const uint64_t *counts, size_t n)
{
    uint64_t total = 0;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < n; i++)
        if (counts[i] > INT64_MAX || __builtin_add_overflow(total, counts[i], &total))
            return false;
    if (n < 2 || total == 0)
        return false;
    uint64_t scale = 100;
    for (unsigned places = 0; places <= 2; places++, scale *= 10) {
        bool all = true;
        for (size_t i = 0; i < n && all; i++)
            all = is_rounded_share(counts[i], total, scale);
        if (!all)
            continue;
        double each = log10((double)scale / (double)total);
        *out = (struct urna_percent_first){places, n - 1, each < 0 ? each * (double)(n - 1) : 0,
                                           total};
        return out->log10_chance <= -3;
    }
    return false;
}
