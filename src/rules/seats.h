/* Seats: the allocation of election.md section 10, in exact integers. No other part of the house
 * turns votes into seats. */
#ifndef URNA_RULES_SEATS_H
#define URNA_RULES_SEATS_H

#include "base/bytes.h"

enum urna_seats_method {
    URNA_SEATS_HARE,
    URNA_SEATS_DROOP,
    URNA_SEATS_DHONDT,
    URNA_SEATS_SAINTELAGUE,
    URNA_SEATS_SAINTELAGUE_MOD,
    URNA_SEATS_METHODS, /* how many there are */
};
/* Which votes the Hare and Droop quotas (and nothing else) are taken from. */
enum urna_seats_base { URNA_SEATS_QUALIFIED, URNA_SEATS_ALL };
enum urna_seats_ties { URNA_SEATS_TIES_ERROR, URNA_SEATS_TIES_ORDER };

struct urna_seats_rule {
    enum urna_seats_method method;
    enum urna_seats_base base;
    uint32_t n;        /* seats, >= 1 */
    uint64_t num, den; /* threshold num/den of all valid list votes, den >= 1 */
    enum urna_seats_ties ties;
};

#define URNA_SEATS_MAX_VOTES ((uint64_t)1 << 53) /* one list: below this */
#define URNA_SEATS_MAX_LISTS ((size_t)1 << 20)

/* Set seats[i] for each of the n_lists lists, and *tie if seats stay unassigned: because a tie
 * decides them (ties error), because no list may take them, or because nothing was cast.
 * Time: O(n_lists log n_lists), whatever n is.
 * URNA_INPUT if the rule or the votes are outside their bounds (all votes together below 2^64);
 * seats are then zero and *tie is false. */
enum urna_status urna_seats_allocate(const struct urna_seats_rule *r, const uint64_t *votes,
                                     size_t n_lists, uint32_t *seats, bool *tie) URNA_MUST_USE;

/* Does list i reach the threshold? (votes, and votes * den >= num * total) */
bool urna_seats_is_qualified(const struct urna_seats_rule *r, uint64_t votes, uint64_t total);

/* The words of the manifest: hare, droop, dhondt, saintelague, saintelague-mod; qualified, all;
 * error, order. The readers return false for any other word. */
const char *urna_seats_method_name(enum urna_seats_method m);
const char *urna_seats_base_name(enum urna_seats_base b);
bool urna_seats_method_parse(enum urna_seats_method *out, struct urna_view word) URNA_MUST_USE;
bool urna_seats_base_parse(enum urna_seats_base *out, struct urna_view word) URNA_MUST_USE;
bool urna_seats_ties_parse(enum urna_seats_ties *out, struct urna_view word) URNA_MUST_USE;

#endif
