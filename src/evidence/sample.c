#include "evidence/sample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;

/* A 256-bit big-endian number modulo n. */
static uint64_t mod_of(const uint8_t h[URNA_HASH_LEN], uint64_t n)
{
    u128 r = 0;
    for (int i = 0; i < 4; i++)
        r = (r << 64 | urna_get_be64(h + 8 * i)) % n;
    return (uint64_t)r;
}

/* ---- a set of numbers (open addressing; 0 marks an empty place, so x + 1 is stored) ---- */

struct set {
    uint64_t *place;
    size_t mask;
};

static void set_init(struct set *s, size_t n)
{
    size_t size = 16;
    while (size < 2 * n)
        size *= 2;
    s->place = urna_xcalloc(size, sizeof *s->place);
    s->mask = size - 1;
}

/* Is x new? */
static bool set_add(struct set *s, uint64_t x)
{
    uint64_t mix = (x ^ x >> 31) * 0x9e3779b97f4a7c15u;
    size_t i = (size_t)(mix >> 20) & s->mask;
    while (s->place[i] != 0) {
        if (s->place[i] == x + 1)
            return false;
        i = (i + 1) & s->mask;
    }
    s->place[i] = x + 1;
    return true;
}

/* ---- A ---- */

static uint64_t rivest_pick(const struct urna_sha256 *seeded, uint64_t count, uint64_t range)
{
    char text[24];
    int len = snprintf(text, sizeof text, "%llu", (unsigned long long)count);
    struct urna_sha256 s = *seeded;
    uint8_t h[URNA_HASH_LEN];
    urna_sha256_add(&s, text, (size_t)len);
    urna_sha256_end(&s, h);
    return mod_of(h, range);
}

enum urna_status urna_sample_rivest(uint64_t *out, uint64_t *hashes, size_t k, const char *seed,
                                    uint64_t min, uint64_t max, bool replace,
                                    struct urna_error *err)
{
    if (max < min || max == UINT64_MAX)
        return urna_fail(err, URNA_INPUT, "sample: the range of numbers is empty or too large");
    uint64_t range = max - min + 1;
    if (!replace && k > range)
        return urna_fail(err, URNA_INPUT, "sample: %zu asked for, there are only %llu", k,
                         (unsigned long long)range);
    struct urna_sha256 seeded;
    urna_sha256_init(&seeded);
    urna_sha256_add(&seeded, seed, strlen(seed));
    urna_sha256_add(&seeded, ",", 1);
    struct set seen = {0};
    if (!replace)
        set_init(&seen, k);
    uint64_t count = 0;
    for (size_t i = 0; i < k;) {
        uint64_t pick = min + rivest_pick(&seeded, ++count, range);
        if (replace || set_add(&seen, pick - min))
            out[i++] = pick;
    }
    free(seen.place);
    if (hashes)
        *hashes = count;
    return URNA_OK;
}

/* ---- B ---- */

void urna_cryptorandom_init(struct urna_cryptorandom *r, const char *seed)
{
    memset(r, 0, sizeof *r);
    urna_sha256_init(&r->next);
    urna_sha256_add(&r->next, seed, strlen(seed));
    urna_sha256_add(&r->next, ",", 1);
}

void urna_cryptorandom_next(struct urna_cryptorandom *r, uint8_t out[URNA_HASH_LEN])
{
    struct urna_sha256 s = r->next;
    urna_sha256_end(&s, out);
    urna_sha256_add(&r->next, "\0", 1);
}

double urna_cryptorandom_fraction(struct urna_cryptorandom *r)
{
    uint8_t h[URNA_HASH_LEN];
    urna_cryptorandom_next(r, h);
    uint64_t w[4];
    for (int i = 0; i < 4; i++)
        w[i] = urna_get_be64(h + 8 * i);
    int shift = 0;
    while (shift < 192 && w[0] == 0) { /* all of a leading word: once in 2^64 draws */
        memmove(w, w + 1, 3 * sizeof *w);
        w[3] = 0;
        shift += 64;
    }
    if (w[0] == 0)
        return 0;
    int lead = __builtin_clzll(w[0]);
    uint64_t top = lead == 0 ? w[0] : w[0] << lead | w[1] >> (64 - lead);
    uint64_t rest = (lead == 0 ? w[1] : w[1] << lead) | w[2] | w[3];
    /* 64 bits to 53 in one rounding: what is below only matters as "not a tie". */
    top |= rest != 0;
    return ldexp((double)top, -64 - shift - lead);
}

/* Put one more hash above the bits that are left. */
static void refill(struct urna_cryptorandom *r)
{
    uint8_t h[URNA_HASH_LEN];
    urna_cryptorandom_next(r, h);
    unsigned word = r->n_bits / 64, shift = r->n_bits % 64;
    for (int i = 0; i < 4; i++) {
        uint64_t x = urna_get_be64(h + 24 - 8 * i); /* least significant word first */
        r->bits[word + (unsigned)i] |= x << shift;
        if (shift > 0)
            r->bits[word + (unsigned)i + 1] |= x >> (64 - shift);
    }
    r->n_bits += 256;
}

/* k <= 64 low bits */
static uint64_t take_bits(struct urna_cryptorandom *r, unsigned k)
{
    if (k == 0)
        return 0;
    while (r->n_bits < k)
        refill(r);
    uint64_t x = k == 64 ? r->bits[0] : r->bits[0] & (((uint64_t)1 << k) - 1);
    for (int i = 0; i < 8; i++) {
        uint64_t above = i < 7 ? r->bits[i + 1] : 0;
        r->bits[i] = k == 64 ? above : r->bits[i] >> k | above << (64 - k);
    }
    r->n_bits -= k;
    return x;
}

uint64_t urna_cryptorandom_below(struct urna_cryptorandom *r, uint64_t n)
{
    unsigned k = n <= 1 ? 0 : 64 - (unsigned)__builtin_clzll(n - 1);
    uint64_t x;
    do
        x = take_bits(r, k);
    while (x >= n);
    return x;
}

enum urna_status urna_cryptorandom_sample(uint64_t *out, size_t k, uint64_t n,
                                          struct urna_cryptorandom *r, struct urna_error *err)
{
    if (k > n || n > SIZE_MAX / 16)
        return urna_fail(err, URNA_INPUT, "sample: %zu asked for, there are only %llu", k,
                         (unsigned long long)n);
    uint64_t *left = urna_xcalloc((size_t)n + 1, sizeof *left);
    for (uint64_t i = 0; i < n; i++)
        left[i] = i + 1;
    for (size_t i = 0; i < k; i++) {
        uint64_t w = urna_cryptorandom_below(r, n - i);
        out[i] = left[w];
        left[w] = left[n - i - 1];
    }
    free(left);
    return URNA_OK;
}

/* ---- what a sample can tell ---- */

static double log_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

double urna_miss_chance(uint64_t N, uint64_t q, uint64_t k)
{
    if (q > N || k > N || q + k > N)
        return q == 0 || k == 0 ? 1 : 0;
    /* C(N-q, k) / C(N, k) */
    return exp(log_choose((double)(N - q), (double)k) - log_choose((double)N, (double)k));
}

uint64_t urna_zero_bound(uint64_t N, uint64_t k, double risk)
{
    uint64_t low = 0, high = N; /* the chance falls with q; it is > risk at low */
    while (low < high) {
        uint64_t q = low + (high - low + 1) / 2;
        if (urna_miss_chance(N, q, k) > risk)
            low = q;
        else
            high = q - 1;
    }
    return low;
}
