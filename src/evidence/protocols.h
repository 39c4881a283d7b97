/* Protocols: the rows of a table as typed numbers, through a column map. Two ways to read them:
 * scan (one row at a time, memory does not grow) and load (all rows as columns of integers). */
#ifndef URNA_EVIDENCE_PROTOCOLS_H
#define URNA_EVIDENCE_PROTOCOLS_H

#include "evidence/colmap.h"

/* An empty cell: the number is not known. Never a silent zero. All known numbers are < 2^63. */
#define URNA_UNKNOWN UINT64_MAX
#define URNA_NO_INDEX SIZE_MAX

/* A column of numbers: first the quantities of the map, then the candidates, in the map's order
 * (candidates by pattern: in the table's order). */
struct urna_series {
    const char *name;
    bool is_candidate;
    uint64_t *v; /* load only: v[row], URNA_UNKNOWN if empty */
};

/* ---- scan ---- */

enum urna_fault_kind {
    URNA_FAULT_FIELDS,    /* too few or too many fields: the row is left out */
    URNA_FAULT_NUMBER,    /* a cell that is no count: URNA_UNKNOWN in the row */
    URNA_FAULT_TOO_LARGE, /* a number or a sum beyond 2^63 - 1: URNA_UNKNOWN in the row */
    URNA_FAULT_KEY,       /* no station: the row is left out */
    URNA_FAULT_TOTAL,     /* a row that looks like a total of others: it is left out */
};
struct urna_fault {
    enum urna_fault_kind kind;
    uint64_t line;
    size_t field;       /* from 1; 0 if none */
    const char *column; /* or NULL */
    const char *text;   /* what and why, one sentence */
};

struct urna_station {
    struct urna_view station, region, district, url; /* empty if the map has none; until the next
                                                        row */
    uint64_t line;
    bool is_total;     /* a total of its region, or of everything if the region has no stations */
    const uint64_t *v; /* one per series */
    const struct urna_decimal *percent; /* one per percent of the map; places = 99: empty cell */
    struct urna_view name, part; /* inside a pivot only: whose number this is, which part of it */
};
#define URNA_PERCENT_EMPTY 99u

struct urna_scan {
    const struct urna_colmap *map;
    const struct urna_series *series; /* known before the first row */
    size_t n_series, n_quantities;    /* series[n_quantities..] are candidates */
    const struct urna_table *table;
    void *ctx;
    /* Called once before the first row (may be NULL), for every row, and for every fault. A fault
     * callback of NULL makes the first fault an error. Anything but URNA_OK ends the scan. */
    enum urna_status (*begin)(struct urna_scan *s, struct urna_error *err);
    enum urna_status (*row)(struct urna_scan *s, const struct urna_station *r,
                            struct urna_error *err);
    enum urna_status (*fault)(struct urna_scan *s, const struct urna_fault *f,
                              struct urna_error *err);
    uint64_t rows; /* handed to row() so far */
};
/* A map that names a missing column: URNA_INPUT, and the message lists the columns that exist. */
enum urna_status urna_protocols_scan(struct urna_scan *s, struct urna_table *t,
                                     const struct urna_colmap *map,
                                     struct urna_error *err) URNA_MUST_USE;

/* ---- load ---- */

struct urna_protocols {
    struct urna_arena arena, stations; /* own the texts */
    const char *file;
    uint8_t sha256[URNA_HASH_LEN]; /* of the file as it lies there */
    const char *title;             /* of the map, or "" */
    size_t n;                      /* rows (totals are left out) */
    const char **station;          /* key; may repeat: see n_duplicates */
    uint32_t *region, *district;   /* index into the names below */
    const char **url;              /* "" if none */
    uint64_t *line;
    const char **region_name,
        **district_name; /* in order of appearance; [0] = "" if the map has none */
    size_t n_regions, n_districts;
    struct urna_series *series;
    size_t n_series, n_quantities;
    size_t leader;       /* series index by the map's `leader`, or URNA_NO_INDEX */
    size_t n_duplicates; /* rows whose key was there before */
    size_t n_totals;
};

/* Load all rows of ${path}. map NULL: urna_colmap_choose. Faults are errors. Free also after an
 * error (urna_protocols_free on {0} is a no-op). */
enum urna_status urna_protocols_load(struct urna_protocols *out, const char *path,
                                     const struct urna_colmap *map,
                                     struct urna_error *err) URNA_MUST_USE;
/* The same from an open table; map is not NULL, sha256 stays zero. */
enum urna_status urna_protocols_load_table(struct urna_protocols *out, struct urna_table *t,
                                           const struct urna_colmap *map,
                                           struct urna_error *err) URNA_MUST_USE;
void urna_protocols_free(struct urna_protocols *p);

/* The series of that name ("registered", "issued", a candidate), or URNA_NO_INDEX. */
size_t urna_protocols_find(const struct urna_protocols *p, const char *name);
/* All candidates of a row together; URNA_UNKNOWN if one of them is. */
uint64_t urna_protocols_candidates(const struct urna_protocols *p, size_t row);
/* Sum of a series over all rows; rows without the number are counted in *unknown (may be NULL).
 * false: beyond 2^64 - 1. */
bool urna_protocols_sum(uint64_t *sum, size_t *unknown, const struct urna_protocols *p,
                        size_t series);

#endif
