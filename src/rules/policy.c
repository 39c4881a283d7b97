#include "rules/policy.h"

#include <stdlib.h>
#include <string.h>

struct seat {
    const char *bloc;
    bool have;
};

static int by_bloc(const void *a, const void *b)
{
    return strcmp(((const struct seat *)a)->bloc, ((const struct seat *)b)->bloc);
}

bool urna_policy_satisfied(const char *const *bloc, const bool *have, uint32_t n)
{
    struct seat *w = urna_xcalloc((size_t)n + 1, sizeof *w);
    uint32_t blocs = 0, good = 0;
    for (uint32_t i = 0; i < n; i++)
        w[i] = (struct seat){bloc[i], have[i]};
    if (n > 1)
        qsort(w, n, sizeof *w, by_bloc);
    for (uint32_t i = 0, j; i < n; i = j) {
        uint32_t there = 0;
        for (j = i; j < n && strcmp(w[i].bloc, w[j].bloc) == 0; j++)
            there += w[j].have;
        blocs++;
        good += 2 * there > j - i;
    }
    free(w);
    return blocs > 0 && good >= blocs / 2 + 1;
}

void urna_cosigned_sizes(uint64_t *s, uint32_t n, const struct urna_cosigned *c, size_t n_c, uint64_t T)
{
    memset(s, 0, n * sizeof *s);
    for (size_t i = 0; i < n_c; i++)
        if (c[i].witness < n && c[i].time <= T && c[i].size > s[c[i].witness])
            s[c[i].witness] = c[i].size;
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

uint64_t urna_cut(const char *const *bloc, const bool *accepted, uint32_t n, const struct urna_cosigned *c, size_t n_c, uint64_t T)
{
    uint64_t *s = urna_xcalloc((size_t)n + 1, sizeof *s), *at = urna_xcalloc((size_t)n + 1, sizeof *at);
    bool *have = urna_xcalloc((size_t)n + 1, sizeof *have);
    uint32_t lo = 0, hi = 0;
    urna_cosigned_sizes(s, n, c, n_c, T);
    for (uint32_t i = 0; i < n; i++)
        if (accepted[i] && s[i] > 0)
            at[hi++] = s[i];
    if (hi > 1)
        qsort(at, hi, sizeof *at, by_size);
    /* The set {w : s_w >= s} only changes at the values of s_w, and only shrinks as s grows: below at[lo] it satisfies. */
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        for (uint32_t i = 0; i < n; i++)
            have[i] = accepted[i] && s[i] >= at[mid];
        if (urna_policy_satisfied(bloc, have, n))
            lo = mid + 1;
        else
            hi = mid;
    }
    uint64_t cut = lo > 0 ? at[lo - 1] : 0;
    free(have);
    free(at);
    free(s);
    return cut;
}
