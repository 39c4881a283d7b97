/* Column map: which columns of a table mean what. A small text file (docs/evidence.md), so that any
 * table can be read and nobody has to rename columns:
 *
 *   urna-map-1
 *   title      = Venezuela 2024, tally sheets
 *   station    = CENTRO | number, MESA | number       key: parts joined by "/"
 *   region     = EDO
 *   registered = RE
 *   valid      = VOTOS_VALIDOS
 *   candidate Gonzalez = EG
 *   candidates = "Party *", Other                     every column that fits is a candidate
 *   rule       = candidates = valid
 *
 * Names of columns stand bare or in "quotes"; * fits any text. A map is text only: it can name
 * columns, never files or commands. */
#ifndef URNA_EVIDENCE_COLMAP_H
#define URNA_EVIDENCE_COLMAP_H

#include "base/arena.h"
#include "evidence/table.h"

#define URNA_COLMAP_MAX_BYTES ((size_t)1 << 20)

/* What a cell goes through before it is part of a key: "| number" "| digits" "| part . 2" "|
 * lower". */
enum urna_colmap_step_kind {
    URNA_STEP_NUMBER,   /* leading zeros off */
    URNA_STEP_DIGITS,   /* the first run of digits, leading zeros off: "УИК №0592" is 592 */
    URNA_STEP_PART,     /* the arg-th piece between separators `sep`, from 1 */
    URNA_STEP_LOWER,    /* A-Z to a-z (ASCII) */
    URNA_STEP_OPTIONAL, /* may be empty (of a key of several parts, not all of them) */
};
struct urna_colmap_step {
    enum urna_colmap_step_kind kind;
    uint32_t arg;
    char sep;
};
#define URNA_COLMAP_MAX_STEPS 4

/* One column, or all that fit a pattern. */
struct urna_colmap_ref {
    const char *pattern;
    bool glob;
    struct urna_colmap_step step[URNA_COLMAP_MAX_STEPS];
    unsigned n_steps;
    unsigned line; /* of the map */
};
struct urna_colmap_refs {
    struct urna_colmap_ref *ref;
    size_t n;
};

/* A number of the protocol: the sum of its columns. Any name is allowed; tools know
 *   registered received issued box valid invalid unused spoiled lost */
struct urna_colmap_quantity {
    const char *name;
    struct urna_colmap_refs columns;
    unsigned line;
};

/* rule = a + b <= c + 3: quantities, candidates by name, `candidates` (their sum), whole numbers.
 */
enum urna_colmap_relation { URNA_REL_EQ, URNA_REL_LE, URNA_REL_GE };
struct urna_colmap_term {
    const char *name; /* NULL: the constant */
    uint64_t constant;
    bool minus;
    bool right; /* stands right of the relation */
};
struct urna_colmap_rule {
    const char *text;
    enum urna_colmap_relation relation;
    struct urna_colmap_term *term;
    size_t n_terms;
    unsigned line;
};

/* percent turnout = "Turnout %" : issued / registered */
struct urna_colmap_percent {
    const char *name;
    struct urna_colmap_ref column;
    const char *numerator, *denominator; /* quantities or candidates, or `candidates` */
    unsigned line;
};

/* COLUMN : PATTERN, for rows that are totals (total), to leave out (skip) or the only ones (only).
 */
struct urna_colmap_filter {
    struct urna_colmap_ref column;
    const char *pattern;
};

struct urna_colmap {
    struct urna_arena arena; /* owns all texts */
    const char *file;        /* for messages */
    const char *title;
    struct urna_table_options table; /* encoding, separator, header_row, header_rows */
    struct urna_number_style style;
    struct urna_colmap_refs station, region, district; /* region, district: n = 0 if absent */
    struct urna_colmap_refs url;
    struct urna_colmap_quantity *quantity;
    size_t n_quantities;
    struct urna_colmap_quantity *candidate; /* `candidate NAME = columns` */
    size_t n_candidates;
    struct urna_colmap_refs candidates; /* `candidates = patterns`: one each, named by its column */
    const char *leader;                 /* pattern over candidates' names, or NULL */
    struct urna_colmap_rule *rule;
    size_t n_rules;
    struct urna_colmap_percent *percent;
    size_t n_percents;
    struct urna_colmap_filter *total, *skip, *only;
    size_t n_totals, n_skips, n_onlys;
    struct urna_colmap_refs zero, unknown; /* patterns: cells that mean 0, that say nothing */
    /* A row for each station and candidate (evidence/pivot.h). n = 1, or 0: a row for a station. */
    struct urna_colmap_refs pivot_name, pivot_votes;
    struct urna_colmap_refs parts; /* rows that differ in these are parts of one number */
    bool absent_zero;              /* a candidate that a station does not list has no votes */
};

/* Read a map. URNA_INPUT with err->where "file:line". urna_colmap_free also after an error. */
enum urna_status urna_colmap_parse(struct urna_colmap *out, struct urna_view text, const char *name,
                                   struct urna_error *err) URNA_MUST_USE;
/* name: a file, or the name of a ready-made map (urna_colmap_ready). */
enum urna_status urna_colmap_read(struct urna_colmap *out, const char *name,
                                  struct urna_error *err) URNA_MUST_USE;
void urna_colmap_free(struct urna_colmap *m);

/* The maps that are built in (the folder maps/), in order of name. */
struct urna_colmap_file {
    const char *name, *text;
};
extern const struct urna_colmap_file urna_colmap_ready[];
extern const size_t urna_colmap_n_ready;

/* A map for the table ${t}: the ready-made one all whose columns are there (the one that uses most
 * of them), else a guess by the names of the columns and the numbers below them. Reads up to 200
 * rows of ${t}, which must be fresh and is of no other use afterwards. *guessed says which; ${text}
 * (may be NULL) gets the map as text, ${name} (may be NULL) what it is called. URNA_INPUT if no
 * station can be made out. */
enum urna_status urna_colmap_choose(struct urna_colmap *m, struct urna_buf *text, const char **name,
                                    bool *guessed, struct urna_table *t,
                                    struct urna_error *err) URNA_MUST_USE;
/* The same for a file (${member} of a zip, or NULL), which is opened and closed here. */
enum urna_status urna_colmap_choose_file(struct urna_colmap *m, struct urna_buf *text,
                                         const char **name, bool *guessed, const char *path,
                                         const char *member, struct urna_error *err) URNA_MUST_USE;
/* The name of a column as a pattern of a map: in quotes, and with nothing special in it. */
void urna_colmap_quote(struct urna_buf *out, const char *column);

/* Does text fit the pattern? '*' is any text, everything else itself. */
bool urna_colmap_fits(const char *pattern, const char *text, size_t len);

#endif
