/* How many stations of each stratum: proportional or by Neyman's rule (quickcount.h). Whole numbers
 * only: a sample that cannot be computed again from its list is worth nothing. */
#include <stdlib.h>
#include <string.h>

#include "evidence/quickcount.h"

__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 i128;

/* ---- spread ---- */

static u128 root(u128 x)
{
    u128 low = 0, high = (u128)1 << 64;
    while (high - low > 1) {
        u128 mid = low + (high - low) / 2;
        if (mid <= x / mid)
            low = mid;
        else
            high = mid;
    }
    return x == 0 ? 0 : low;
}

static bool add_square(u128 *sum, i128 d)
{
    u128 u = d < 0 ? -(u128)d : (u128)d, square;
    return !__builtin_mul_overflow(u, u, &square) && !__builtin_add_overflow(*sum, square, sum);
}

/* One stratum; false: beyond 128 bits. */
static bool spread_of(uint64_t *out, const uint32_t *y, const uint32_t *x, const uint32_t *stratum,
                      size_t n, size_t h, uint64_t X, uint64_t Y, size_t *stations)
{
    u128 squares = 0, all, of_sum;
    i128 sum = 0;
    *stations = 0;
    for (size_t i = 0; i < n; i++) {
        if (stratum && stratum[i] != h)
            continue;
        i128 d = (i128)X * y[i] - (i128)Y * x[i];
        if (!add_square(&squares, d) || __builtin_add_overflow(sum, d, &sum))
            return false;
        ++*stations;
    }
    if (*stations < 2)
        return true;
    u128 s = sum < 0 ? -(u128)sum : (u128)sum, k = *stations;
    if (__builtin_mul_overflow(k, squares, &all) || __builtin_mul_overflow(s, s, &of_sum))
        return false;
    u128 variance = (all - of_sum) / (k * (k - 1)), scaled;
    if (__builtin_mul_overflow(variance, (u128)1000000, &scaled))
        return false;
    *out = (uint64_t)root(scaled / ((u128)X * X));
    return true;
}

enum urna_status urna_quickcount_spread(uint64_t *out, size_t *bad, const uint32_t *y,
                                        const uint32_t *x, const uint32_t *stratum, size_t n,
                                        size_t n_strata, struct urna_error *err)
{
    uint64_t X = 0, Y = 0;
    if (bad)
        *bad = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        X += x[i];
        Y += y[i];
    }
    if (X == 0)
        return urna_fail(err, URNA_INPUT, "there are no votes in the earlier election");
    for (size_t h = 0; h < n_strata; h++) {
        size_t stations;
        if (!spread_of(&out[h], y, x, stratum, n, h, X, Y, &stations))
            return urna_fail(err, URNA_INPUT, "the earlier election has too large numbers");
        if (stations >= 2)
            continue;
        if (bad)
            *bad = h;
        return urna_fail(err, URNA_INPUT,
                         "the earlier election has fewer than two stations in a stratum");
    }
    return URNA_OK;
}

/* ---- sizes ---- */

struct remainder {
    u128 rest;
    size_t stratum;
};

static int by_rest(const void *a, const void *b)
{
    const struct remainder *x = a, *y = b;
    if (x->rest != y->rest)
        return x->rest > y->rest ? -1 : 1;
    return (x->stratum > y->stratum) - (x->stratum < y->stratum);
}

/* Share out ${size} among the strata that are not full, by weight. */
static void share_out(size_t *take, const u128 *weight, const bool *full, size_t n, size_t size)
{
    struct remainder *rest = urna_xcalloc(n + 1, sizeof *rest);
    size_t given = 0, k = 0;
    u128 total = 0;
    for (size_t h = 0; h < n; h++)
        total += full[h] ? 0 : weight[h];
    for (size_t h = 0; h < n; h++) {
        if (full[h])
            continue;
        u128 share = (u128)size * weight[h];
        take[h] = (size_t)(share / total);
        rest[k++] = (struct remainder){share % total, h};
        given += take[h];
    }
    qsort(rest, k, sizeof *rest, by_rest);
    for (size_t i = 0; given < size && i < k; i++, given++)
        take[rest[i].stratum]++;
    free(rest);
}

/* Strata that would need more than they have are taken whole, until none is left of them. */
static void share_within(size_t *take, const size_t *N, u128 *weight, size_t n, size_t size)
{
    bool *full = urna_xcalloc(n + 1, sizeof *full);
    for (size_t h = 0; h < n; h++)
        full[h] = N[h] == 0;
    for (bool again = true; again;) {
        u128 total = 0;
        for (size_t h = 0; h < n; h++)
            total += full[h] ? 0 : weight[h];
        for (size_t h = 0; h < n && total == 0; h++)
            weight[h] = N[h]; /* nobody differs there: as if all differed alike */
        share_out(take, weight, full, n, size);
        again = false;
        for (size_t h = 0; h < n; h++) {
            if (full[h] || take[h] <= N[h])
                continue;
            full[h] = again = true;
            take[h] = N[h];
            size -= N[h];
        }
    }
    free(full);
}

enum urna_status urna_quickcount_allocate(size_t *take, const size_t *N, const uint64_t *spread,
                                          size_t n_strata, size_t size, struct urna_error *err)
{
    u128 *weight = urna_xcalloc(n_strata + 1, sizeof *weight);
    for (size_t h = 0; h < n_strata; h++)
        weight[h] = (u128)N[h] * (spread ? spread[h] : 1);
    share_within(take, N, weight, n_strata, size);
    free(weight);
    /* At least two of each: taken from the strata that have most to spare. */
    for (size_t h = 0; h < n_strata; h++) {
        while (take[h] < 2 && take[h] < N[h]) {
            size_t most = 0;
            for (size_t g = 1; g < n_strata; g++)
                most = take[g] > take[most] ? g : most;
            if (take[most] <= 2)
                return urna_fail(
                    err, URNA_INPUT,
                    "quick count: %zu stations are too few for %zu strata: two of each are needed",
                    size, n_strata);
            take[most]--;
            take[h]++;
        }
    }
    return URNA_OK;
}
