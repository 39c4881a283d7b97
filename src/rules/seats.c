/* Seats (election.md section 10). Two families:
 *   quota methods    hare, droop: whole quotas first, then at most one seat each by remainder;
 *   divisor methods  dhondt, saintelague, saintelague-mod: the n largest quotients votes/divisor.
 * Everything is compared as fractions in 128 bits; the bounds stand at each product:
 * votes < 2^53, total < 2^64, n < 2^32, num and den < 2^64, divisors (times 5) < 2^36. */
#include "rules/seats.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;

/* One list that may take seats. */
struct party {
    uint64_t votes;
    size_t index;   /* place in the caller's arrays */
    u128 remainder; /* quota methods */
    uint32_t seats;
};

bool urna_seats_is_qualified(const struct urna_seats_rule *r, uint64_t votes, uint64_t total)
{
    /* < 2^128 both */
    return votes > 0 && (u128)votes * r->den >= (u128)r->num * total;
}

static bool rule_is_valid(const struct urna_seats_rule *r)
{
    return r->n >= 1 && r->den >= 1 && r->method < URNA_SEATS_METHODS &&
           r->base <= URNA_SEATS_ALL && r->ties <= URNA_SEATS_TIES_ORDER;
}

static bool sum_votes(uint64_t *total, const uint64_t *votes, size_t n)
{
    *total = 0;
    for (size_t i = 0; i < n; i++)
        if (votes[i] >= URNA_SEATS_MAX_VOTES || __builtin_add_overflow(*total, votes[i], total))
            return false;
    return true;
}

/* ---- quota methods ---- */

static int by_remainder(const void *x, const void *y)
{
    const struct party *a = x, *b = y;
    if (a->remainder != b->remainder)
        return a->remainder > b->remainder ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

/* Whole quotas; returns how many seats are left. Both quotas exceed base/(n+1), and the parties'
 * votes are part of the base, so the whole quotas never exceed n. */
static uint32_t give_whole_quotas(const struct urna_seats_rule *r, struct party *p, size_t n,
                                  uint64_t base)
{
    uint32_t left = r->n;
    for (size_t i = 0; i < n; i++) {
        if (r->method == URNA_SEATS_HARE) {
            u128 x = (u128)p[i].votes * r->n; /* < 2^85; quota base/n, so votes/quota = x/base */
            p[i].seats = (uint32_t)(x / base);
            p[i].remainder = x % base;
        } else {
            u128 quota = base / ((uint64_t)r->n + 1) + 1;
            p[i].seats = (uint32_t)(p[i].votes / quota);
            p[i].remainder = p[i].votes % quota;
        }
        left -= p[i].seats;
    }
    return left;
}

static bool allocate_by_quota(const struct urna_seats_rule *r, struct party *p, size_t n,
                              uint64_t base)
{
    uint32_t left = give_whole_quotas(r, p, n, base);
    if (left >= n) { /* a seat for each; what is still left nobody may take */
        for (size_t i = 0; i < n; i++)
            p[i].seats++;
        return left > n;
    }
    if (left == 0)
        return false;
    qsort(p, n, sizeof *p, by_remainder);
    bool tie = r->ties == URNA_SEATS_TIES_ERROR && p[left - 1].remainder == p[left].remainder;
    u128 edge = p[left - 1].remainder;
    for (uint32_t i = 0; i < left; i++)
        if (!tie || p[i].remainder > edge)
            p[i].seats++;
    return tie;
}

/* ---- divisor methods ---- */

/* The divisor of a list's s-th seat, s >= 1, times 5 (so that 7/5 is an integer too). */
static uint64_t divisor(enum urna_seats_method m, uint64_t s)
{
    if (m == URNA_SEATS_DHONDT)
        return 5 * s;
    if (m == URNA_SEATS_SAINTELAGUE_MOD && s == 1)
        return 7;
    return 5 * (2 * s - 1);
}

/* a/da compared with b/db: < 2^53 * 2^36. */
static int compare_quotients(uint64_t a, uint64_t da, uint64_t b, uint64_t db)
{
    u128 x = (u128)a * db, y = (u128)b * da;
    return x < y ? -1 : x > y;
}

/* Is the next seat of a due before the next seat of b? Equal quotients: list order. */
static bool goes_first(enum urna_seats_method m, const struct party *a, const struct party *b)
{
    int c = compare_quotients(a->votes, divisor(m, (uint64_t)a->seats + 1), b->votes,
                              divisor(m, (uint64_t)b->seats + 1));
    return c > 0 || (c == 0 && a->index < b->index);
}

static void sift_down(enum urna_seats_method m, struct party *heap, size_t n, size_t i)
{
    for (;;) {
        size_t best = i, l = 2 * i + 1;
        for (size_t c = l; c < n && c < l + 2; c++)
            if (goes_first(m, &heap[c], &heap[best]))
                best = c;
        if (best == i)
            return;
        struct party t = heap[i];
        heap[i] = heap[best];
        heap[best] = t;
        i = best;
    }
}

/* Seats that are certain, so that the loop is over lists and not over seats. Let x = n - lists and
 * V = all votes of the parties. For d'Hondt the quotients >= V/x number at most x, for both
 * Sainte-Lague rules the quotients >= V/(2x) at most x + lists/2: at most n either way, so all of
 * them win. The first floor(x * votes / V) quotients of each list are among them (for the first of
 * the modified rule: votes >= V/x gives votes / (7/5) > V/(2x)). At least `lists` seats are left.
 */
static uint32_t give_certain_seats(const struct urna_seats_rule *r, struct party *p, size_t n)
{
    uint32_t left = r->n;
    if (r->n <= n)
        return left;
    u128 sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += p[i].votes;
    for (size_t i = 0; i < n; i++) {
        p[i].seats = (uint32_t)((u128)p[i].votes * (r->n - n) / sum); /* < 2^85 */
        left -= p[i].seats;
    }
    return left;
}

static bool allocate_by_divisor(const struct urna_seats_rule *r, struct party *p, size_t n)
{
    enum urna_seats_method m = r->method;
    uint32_t left = give_certain_seats(r, p, n);
    for (size_t i = n / 2; i-- > 0;)
        sift_down(m, p, n, i);
    uint64_t last_votes = 0, last_div = 1; /* the smallest quotient that got a seat */
    while (left-- > 0) {
        last_votes = p[0].votes;
        last_div = divisor(m, (uint64_t)p[0].seats + 1);
        p[0].seats++;
        sift_down(m, p, n, 0);
    }
    if (r->ties == URNA_SEATS_TIES_ORDER)
        return false;
    uint64_t next_div = divisor(m, (uint64_t)p[0].seats + 1);
    if (compare_quotients(p[0].votes, next_div, last_votes, last_div) != 0)
        return false;
    /* The quotient that decides stands in more lists than seats: none of them keeps that seat. */
    for (size_t i = 0; i < n; i++)
        if (p[i].seats > 0 &&
            compare_quotients(p[i].votes, divisor(m, p[i].seats), last_votes, last_div) == 0)
            p[i].seats--;
    return true;
}

enum urna_status urna_seats_allocate(const struct urna_seats_rule *r, const uint64_t *votes,
                                     size_t n_lists, uint32_t *seats, bool *tie)
{
    *tie = false;
    if (n_lists > 0)
        memset(seats, 0, n_lists * sizeof *seats);
    uint64_t total;
    if (!rule_is_valid(r) || n_lists > URNA_SEATS_MAX_LISTS || !sum_votes(&total, votes, n_lists))
        return URNA_INPUT;

    struct party *p = urna_xcalloc(n_lists + 1, sizeof *p);
    size_t n = 0;
    uint64_t base = r->base == URNA_SEATS_ALL ? total : 0;
    for (size_t i = 0; i < n_lists; i++) {
        if (!urna_seats_is_qualified(r, votes[i], total))
            continue;
        p[n].votes = votes[i];
        p[n++].index = i;
        if (r->base == URNA_SEATS_QUALIFIED)
            base += votes[i];
    }
    if (n == 0)
        *tie = true; /* no list that may take a seat */
    else if (r->method == URNA_SEATS_HARE || r->method == URNA_SEATS_DROOP)
        *tie = allocate_by_quota(r, p, n, base);
    else
        *tie = allocate_by_divisor(r, p, n);
    for (size_t i = 0; i < n; i++)
        seats[p[i].index] = p[i].seats;
    free(p);
    return URNA_OK;
}

/* ---- words ---- */

static const char *const method_names[] = {"hare", "droop", "dhondt", "saintelague",
                                           "saintelague-mod"};
static const char *const base_names[] = {"qualified", "all"};
static const char *const ties_names[] = {"error", "order"};

static bool find_word(unsigned *out, const char *const *words, unsigned n, struct urna_view word)
{
    for (unsigned i = 0; i < n; i++) {
        if (urna_view_eq_str(word, words[i])) {
            *out = i;
            return true;
        }
    }
    return false;
}

const char *urna_seats_method_name(enum urna_seats_method m)
{
    return method_names[m];
}

const char *urna_seats_base_name(enum urna_seats_base b)
{
    return base_names[b];
}

bool urna_seats_method_parse(enum urna_seats_method *out, struct urna_view word)
{
    unsigned i;
    if (!find_word(&i, method_names, URNA_SEATS_METHODS, word))
        return false;
    *out = (enum urna_seats_method)i;
    return true;
}

bool urna_seats_base_parse(enum urna_seats_base *out, struct urna_view word)
{
    unsigned i;
    if (!find_word(&i, base_names, 2, word))
        return false;
    *out = (enum urna_seats_base)i;
    return true;
}

bool urna_seats_ties_parse(enum urna_seats_ties *out, struct urna_view word)
{
    unsigned i;
    if (!find_word(&i, ties_names, 2, word))
        return false;
    *out = (enum urna_seats_ties)i;
    return true;
}
