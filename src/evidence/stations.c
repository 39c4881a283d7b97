#include "evidence/stations.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a: the keys are names of places, and a slow table harms nobody but its author. */
static uint32_t hash_of(const char *s, size_t len)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (uint8_t)s[i]) * 16777619u;
    return h;
}

static void rebuild(struct urna_interned *t, uint32_t size)
{
    free(t->bucket);
    t->bucket = urna_xcalloc(size, sizeof *t->bucket);
    t->mask = size - 1;
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t b = hash_of(t->name[i], strlen(t->name[i])) & t->mask;
        while (t->bucket[b] != 0)
            b = (b + 1) & t->mask;
        t->bucket[b] = i + 1;
    }
}

uint32_t urna_intern(struct urna_interned *t, const char *s, size_t len)
{
    if (t->n >= t->mask / 2)
        rebuild(t, t->mask == 0 ? 64 : 4 * (t->mask + 1));
    uint32_t b = hash_of(s, len) & t->mask;
    for (; t->bucket[b] != 0; b = (b + 1) & t->mask) {
        const char *name = t->name[t->bucket[b] - 1];
        if ((len == 0 || strncmp(name, s, len) == 0) && name[len] == 0)
            return t->bucket[b] - 1;
    }
    if (t->n == t->cap) {
        t->cap = t->cap == 0 ? 32 : 2 * t->cap;
        t->name = urna_xrealloc(t->name, t->cap, sizeof *t->name);
    }
    char *copy = urna_xmalloc(len + 1);
    if (len > 0)
        memcpy(copy, s, len);
    copy[len] = 0;
    t->name[t->n] = copy;
    t->bucket[b] = t->n + 1;
    return t->n++;
}

static void interned_free(struct urna_interned *t)
{
    for (uint32_t i = 0; i < t->n; i++)
        free(t->name[i]);
    free(t->name);
    free(t->bucket);
    *t = (struct urna_interned){0};
}

void urna_stations_init(struct urna_stations *s, const char *const *candidate, unsigned n,
                        unsigned leading)
{
    *s = (struct urna_stations){.n_candidates = n, .leading = leading};
    s->candidate = urna_xcalloc(n + 1, sizeof *s->candidate);
    for (unsigned i = 0; i < n; i++)
        s->candidate[i] = urna_xstrdup(candidate[i]);
}

static void grow(struct urna_stations *s)
{
    s->cap = s->cap == 0 ? 1024 : s->cap + s->cap / 2;
    uint32_t **column[] = {&s->voters, &s->given,    &s->received, &s->leader,
                           &s->region, &s->district, &s->label};
    for (size_t i = 0; i < sizeof column / sizeof column[0]; i++)
        *column[i] = urna_xrealloc(*column[i], s->cap, sizeof **column[i]);
    if (s->n_candidates > 0)
        s->votes = urna_xrealloc(s->votes, s->cap, s->n_candidates * sizeof *s->votes);
}

void urna_stations_add(struct urna_stations *s, uint32_t voters, uint32_t given, uint32_t received,
                       const uint32_t *votes, struct urna_view region, struct urna_view district,
                       struct urna_view label)
{
    if (s->n == s->cap)
        grow(s);
    size_t i = s->n++;
    s->voters[i] = voters;
    s->given[i] = given;
    s->received[i] = received;
    s->leader[i] = s->leading < s->n_candidates ? votes[s->leading] : 0;
    s->region[i] = urna_intern(&s->regions, (const char *)region.p, region.len);
    /* Districts of the same name in two regions are two districts. */
    struct urna_buf whole = {0};
    urna_buf_add(&whole, region.p, region.len);
    urna_buf_str(&whole, district.len > 0 && region.len > 0 ? ", " : "");
    urna_buf_add(&whole, district.p, district.len);
    s->district[i] = urna_intern(&s->districts, (const char *)whole.p, whole.len);
    urna_buf_free(&whole);
    s->label[i] = (uint32_t)s->labels.len;
    urna_buf_add(&s->labels, label.p, label.len);
    urna_buf_char(&s->labels, 0);
    if (s->n_candidates > 0)
        memcpy(s->votes + i * s->n_candidates, votes, s->n_candidates * sizeof *votes);
}

void urna_stations_set_leader(struct urna_stations *s, unsigned leading)
{
    s->leading = leading;
    for (size_t i = 0; i < s->n; i++)
        s->leader[i] = s->votes[i * s->n_candidates + leading];
}

void urna_stations_find_leader(struct urna_stations *s)
{
    uint64_t best = 0;
    unsigned leading = 0;
    for (unsigned c = 0; c < s->n_candidates; c++) {
        uint64_t sum = 0;
        for (size_t i = 0; i < s->n; i++)
            sum += s->votes[i * s->n_candidates + c];
        if (sum > best) {
            best = sum;
            leading = c;
        }
    }
    if (s->n_candidates > 0)
        urna_stations_set_leader(s, leading);
}

const char *urna_stations_label(const struct urna_stations *s, size_t row)
{
    return (const char *)s->labels.p + s->label[row];
}

void urna_stations_free(struct urna_stations *s)
{
    for (unsigned i = 0; i < s->n_candidates; i++)
        free(s->candidate[i]);
    free(s->candidate);
    uint32_t *column[] = {s->voters, s->given,    s->received, s->leader,
                          s->region, s->district, s->label,    s->votes};
    for (size_t i = 0; i < sizeof column / sizeof column[0]; i++)
        free(column[i]);
    interned_free(&s->regions);
    interned_free(&s->districts);
    urna_buf_free(&s->labels);
    *s = (struct urna_stations){0};
}
