/* Load: a table of protocols into stations (stations.h), through its column map.
 *
 *   voters    registered
 *   given     issued; without that column, the same as received
 *   received  valid + invalid; without invalid, box; without both, the sum of the candidates
 *
 * A row that lacks one of these numbers, or has one above 4,294,967,294, is left out and counted:
 * never a silent zero. */
#ifndef URNA_EVIDENCE_LOAD_H
#define URNA_EVIDENCE_LOAD_H

#include "evidence/protocols.h"
#include "evidence/stations.h"

struct urna_load {
    const char *path;
    const char *map; /* a file or a ready-made map; NULL: chosen by the columns, and then set */
    const char
        *leader; /* name or pattern of the leading candidate; NULL: the map's, else most votes */
    /* filled: */
    char title[200];               /* of the map that was asked for, or "" */
    uint8_t sha256[URNA_HASH_LEN]; /* of the file as it lies there */
    bool guessed;                  /* no ready-made map fitted; see warn */
    bool has_voters;               /* turnout can be computed */
    bool given_is_received;
    const char *received_from; /* "valid + invalid", "box", "candidates": for the report */
    uint64_t rows, totals, left_out, faults;
    struct urna_error first_fault; /* if faults > 0: where and what */
};
enum urna_status urna_stations_load(struct urna_stations *out, struct urna_load *l,
                                    struct urna_error *err) URNA_MUST_USE;

#endif
