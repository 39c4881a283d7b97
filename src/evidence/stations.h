/* Stations: one election as the forensic tests read it: exact whole numbers, one row per polling
 * station, columns apart (each test touches few of them). */
#ifndef URNA_EVIDENCE_STATIONS_H
#define URNA_EVIDENCE_STATIONS_H

#include "base/bytes.h"

/* Texts that repeat (regions, districts) get a small number each. */
struct urna_interned {
    char **name;
    uint32_t n, cap;
    uint32_t *bucket; /* index + 1, or 0 */
    uint32_t mask;
};
uint32_t urna_intern(struct urna_interned *t, const char *s, size_t len);

/* What is not in the file is not guessed: has_* says which columns are there. Rows with a count
 * that is not a whole number of at most 4,294,967,294 are refused before they get here. */
struct urna_stations {
    size_t n, cap;
    uint32_t *voters;   /* on the list */
    uint32_t *given;    /* ballots issued (turnout = given / voters) */
    uint32_t *received; /* ballots counted, valid and invalid (share = leader / received) */
    uint32_t *leader;   /* votes for the leading candidate */
    uint32_t *region;   /* into regions */
    uint32_t *district; /* into districts: the smallest group of stations the file names */
    uint32_t *label;    /* into labels: where the name of the station begins */
    struct urna_interned regions, districts;
    struct urna_buf labels; /* texts, each with its NUL */
    unsigned n_candidates, leading;
    char **candidate;
    uint32_t *votes; /* n rows of n_candidates */
};

/* names are copied; leading is the index of the leading candidate. */
void urna_stations_init(struct urna_stations *s, const char *const *candidate, unsigned n,
                        unsigned leading);
/* region and district may be empty views; votes has one number a candidate. The leader's votes are
 * votes[leading]. */
void urna_stations_add(struct urna_stations *s, uint32_t voters, uint32_t given, uint32_t received,
                       const uint32_t *votes, struct urna_view region, struct urna_view district,
                       struct urna_view label);
/* The candidate with most votes becomes the leader (of equals the first). */
void urna_stations_find_leader(struct urna_stations *s);
void urna_stations_set_leader(struct urna_stations *s, unsigned leading);
const char *urna_stations_label(const struct urna_stations *s, size_t row);
void urna_stations_free(struct urna_stations *s);

#endif
