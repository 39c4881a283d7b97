#include "rules/policy.h"

#include <stdlib.h>
#include <string.h>

bool urna_policy_satisfied(const char *const *bloc, const bool *have, uint32_t n)
{
    uint32_t blocs = 0, good = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool first = true;
        for (uint32_t j = 0; j < i && first; j++)
            first = strcmp(bloc[i], bloc[j]) != 0;
        if (!first)
            continue;
        uint32_t all = 0, there = 0;
        for (uint32_t j = i; j < n; j++)
            if (strcmp(bloc[i], bloc[j]) == 0) {
                all++;
                there += have[j];
            }
        blocs++;
        good += there * 2 > all;
    }
    return blocs > 0 && good >= blocs / 2 + 1;
}

void urna_cosigned_sizes(uint64_t *s, uint32_t n, const struct urna_cosigned *c, size_t n_c, uint64_t T)
{
    memset(s, 0, n * sizeof *s);
    for (size_t i = 0; i < n_c; i++)
        if (c[i].witness < n && c[i].time <= T && c[i].size > s[c[i].witness])
            s[c[i].witness] = c[i].size;
}

uint64_t urna_cut(const char *const *bloc, const bool *accepted, uint32_t n, const struct urna_cosigned *c, size_t n_c, uint64_t T)
{
    uint64_t *s = urna_xcalloc(n + 1, sizeof *s), cut = 0;
    bool *have = urna_xcalloc(n + 1, sizeof *have);
    urna_cosigned_sizes(s, n, c, n_c, T);
    /* The set {w : s_w >= s} only changes at the values of s_w. */
    for (uint32_t i = 0; i < n; i++) {
        if (!accepted[i] || s[i] <= cut)
            continue;
        for (uint32_t j = 0; j < n; j++)
            have[j] = accepted[j] && s[j] >= s[i];
        if (urna_policy_satisfied(bloc, have, n))
            cut = s[i];
    }
    free(have);
    free(s);
    return cut;
}
