/* Guessing a column map: from the words of the header (words.h), from what adds up (guess_sums.c),
 * and from what tells rows apart. A guess is text for people: what is not certain stands in it as a
 * comment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/encoding.h"
#include "evidence/guess_sample.h"

#define NONE SIZE_MAX
#define KEY_MAX 16u /* columns that name a station */

struct guess {
    struct urna_buf *out;
    const struct urna_table *t;
    struct urna_table_options layout;
    struct urna_guess_sample s;
    struct urna_guess_sums sums;
    size_t *key, n_key;
    size_t name, votes, office, part; /* of a table with a row for each candidate; else NONE */
};

/* ---- names ---- */

void urna_colmap_quote(struct urna_buf *out, const char *column)
{
    urna_buf_char(out, '"');
    for (; *column; column++) {
        if (*column == '*' || *column == '\\')
            urna_buf_char(out, '\\');
        if (*column == '"')
            urna_buf_char(out, '"');
        urna_buf_char(out, *column == '\n' || *column == '\r' ? '*' : *column);
    }
    urna_buf_char(out, '"');
}

static void put_column(struct guess *g, size_t column)
{
    urna_colmap_quote(g->out, urna_table_column(g->t, column));
}

static void put_line(struct guess *g, const char *key, size_t column)
{
    urna_buf_printf(g->out, "%s = ", key);
    put_column(g, column);
    urna_buf_str(g->out, "\n");
}

/* ---- the station ---- */

static void add_key(struct guess *g, size_t column)
{
    g->key[g->n_key++] = column;
}

static bool in_key(const struct guess *g, size_t column)
{
    for (size_t i = 0; i < g->n_key; i++)
        if (g->key[i] == column)
            return true;
    return false;
}

/* May the column be a part of a name? */
static bool may_name(const struct guess *g, size_t column)
{
    const struct urna_guess_column *c = &g->s.column[column];
    bool number = c->word >= URNA_WORD_REGISTERED && c->word < URNA_N_WORDS;
    return !number && !c->used && c->word != URNA_WORD_URL && c->empty < g->s.n_rows &&
           column != g->name && column != g->votes && column != g->office && column != g->part &&
           !in_key(g, column);
}

/* Rows that differ, of a station and, in long tables, of what else makes a row. */
static size_t distinct_with(struct guess *g, size_t extra)
{
    size_t more[5] = {extra, g->name, g->office, g->part}, n = g->n_key;
    for (size_t i = 0; i < 4; i++)
        if (more[i] != NONE)
            g->key[n++] = more[i];
    return urna_guess_distinct(&g->s, g->key, n);
}

/* Add columns until (nearly) every row has a name of its own: one that does it alone, else from the
 * left whatever tells more rows apart. */
static void complete_key(struct guess *g)
{
    size_t rows = g->s.n_rows, want = rows - rows / 10, have = distinct_with(g, NONE);
    bool station = false;
    for (size_t i = 0; i < g->n_key; i++)
        station = station || g->s.column[g->key[i]].word == URNA_WORD_STATION;
    if (station && have >= want)
        return;
    for (size_t i = 0; i < g->s.n_columns; i++)
        if (may_name(g, i) && distinct_with(g, i) >= want && (g->n_key == 0 || have < want)) {
            add_key(g, i);
            return;
        }
    for (size_t i = 0; i < g->s.n_columns && have < want && g->n_key < KEY_MAX; i++) {
        size_t with = may_name(g, i) ? distinct_with(g, i) : 0;
        if (with <= have)
            continue;
        add_key(g, i);
        have = with;
    }
}

static enum urna_status fail_guess(const struct guess *g, struct urna_error *err, const char *why)
{
    if (err) {
        if (g->s.n_columns > 1)
            snprintf(err->rule, sizeof err->rule, "columns");
        snprintf(err->where, sizeof err->where, "%.200s", urna_table_name(g->t));
    }
    return urna_fail(err, URNA_INPUT, "%s", why);
}

static enum urna_status find_key(struct guess *g, struct urna_error *err)
{
    /* Numbers of stations are often unique in a region only: region, district, station. */
    static const enum urna_word order[] = {URNA_WORD_REGION, URNA_WORD_DISTRICT, URNA_WORD_STATION};
    g->key = urna_xcalloc(g->s.n_columns + 8, sizeof *g->key);
    for (size_t o = 0; o < 3; o++)
        for (size_t i = 0; i < g->s.n_columns; i++)
            if (g->s.column[i].word == order[o] && g->n_key < KEY_MAX && may_name(g, i))
                add_key(g, i);
    complete_key(g);
    return g->n_key > 0
               ? URNA_OK
               : fail_guess(g, err,
                            "cannot guess which columns name the station; write a map that "
                            "says it (station = COLUMN, ...; docs/evidence.md)");
}

static void write_station(struct guess *g)
{
    urna_buf_str(g->out, "station = ");
    for (size_t i = 0; i < g->n_key; i++) {
        urna_buf_str(g->out, i ? ", " : "");
        put_column(g, g->key[i]);
        if (g->s.column[g->key[i]].empty > 0 && g->n_key > 1)
            urna_buf_str(g->out, " | optional");
    }
    urna_buf_str(g->out, "\n");
    for (enum urna_word w = URNA_WORD_REGION; w <= URNA_WORD_DISTRICT; w++) {
        size_t n = 0;
        for (size_t i = 0; i < g->s.n_columns; i++) {
            if (g->s.column[i].word != w || g->s.column[i].empty == g->s.n_rows)
                continue;
            urna_buf_printf(g->out, n++ ? ", " : "%s = ", urna_word_key(w));
            put_column(g, i);
        }
        urna_buf_str(g->out, n ? "\n" : "");
    }
    for (size_t i = 0; i < g->s.n_columns; i++)
        if (g->s.column[i].word == URNA_WORD_URL) {
            put_line(g, "url", i);
            break;
        }
}

/* ---- numbers ---- */

/* Of several columns with one word, one may be the sum of the others. */
static size_t sum_of_others(const struct urna_guess_sample *s, enum urna_word w)
{
    size_t alike = 0;
    for (size_t c = 0; c < s->n_columns; c++)
        alike += s->column[c].word == w;
    if (alike > 32)
        return NONE;
    for (size_t c = 0; c < s->n_columns; c++) {
        size_t others = 0, agree = 0;
        if (s->column[c].word != w || !s->column[c].numeric)
            continue;
        for (size_t r = 0; r < s->n_rows; r++) {
            const uint64_t *v = s->v + r * s->n_columns;
            uint64_t sum = 0;
            others = 0;
            for (size_t i = 0; i < s->n_columns; i++)
                if (i != c && s->column[i].word == w && s->column[i].numeric) {
                    sum = v[i] == URNA_UNKNOWN || sum > INT64_MAX ? URNA_UNKNOWN : sum + v[i];
                    others++;
                }
            agree += v[c] != URNA_UNKNOWN && v[c] == sum && sum > 0;
        }
        if (others > 0 && 5 * agree >= 4 * s->n_rows)
            return c;
    }
    return NONE;
}

/* One number of the map; false: the table has none. */
static bool write_number(struct guess *g, enum urna_word w)
{
    const char *key = urna_word_key(w);
    size_t found = w == URNA_WORD_VALID     ? g->sums.valid
                   : w == URNA_WORD_BOX     ? g->sums.box
                   : w == URNA_WORD_INVALID ? g->sums.invalid
                                            : NONE,
           n = 0;
    if (found == NONE)
        found = sum_of_others(&g->s, w);
    if (found != NONE) {
        put_line(g, key, found);
        return true;
    }
    for (size_t i = 0; i < g->s.n_columns; i++) {
        if (g->s.column[i].word != w || !g->s.column[i].numeric || i == g->votes ||
            !urna_guess_same_kind(&g->s, i, g->sums.valid))
            continue;
        urna_buf_printf(g->out, n++ ? ", " : "%s = ", key);
        put_column(g, i);
    }
    urna_buf_str(g->out, n ? "\n" : "");
    return n > 0;
}

static void write_candidates(struct guess *g)
{
    if (g->sums.n > 0 && !g->sums.proven)
        urna_buf_str(g->out, "# No sum of columns shows which are the candidates: look closely.\n");
    for (size_t i = 0; i < g->sums.n; i++)
        put_line(g, "candidates", g->sums.candidate[i]);
}

static void write_rules(struct guess *g, const bool *has)
{
    bool candidates = g->sums.n > 0, valid = has[URNA_WORD_VALID], invalid = has[URNA_WORD_INVALID],
         box = has[URNA_WORD_BOX], issued = has[URNA_WORD_ISSUED], reg = has[URNA_WORD_REGISTERED];
    if (candidates && valid)
        urna_buf_str(g->out, "rule = candidates = valid\n");
    else if (g->sums.box_less_invalid)
        urna_buf_str(g->out, "rule = candidates + invalid = box\n");
    else if (g->sums.to_box)
        urna_buf_str(g->out, "rule = candidates = box\n");
    if (valid && invalid && box)
        urna_buf_str(g->out, "rule = valid + invalid = box\n");
    if (box && issued)
        urna_buf_str(g->out, "rule = box <= issued\n");
    if (issued && reg)
        urna_buf_str(g->out, "rule = issued <= registered\n");
    else if (box && reg)
        urna_buf_str(g->out, "rule = box <= registered\n");
    else if (valid && invalid && reg)
        urna_buf_str(g->out, "rule = valid + invalid <= registered\n");
    else if (valid && reg)
        urna_buf_str(g->out, "rule = valid <= registered\n");
}

/* ---- a row for each candidate ---- */

/* The only column with the word, or NONE. */
static size_t the_one(const struct urna_guess_sample *s, enum urna_long_word w, bool numeric)
{
    size_t found = NONE;
    for (size_t i = 0; i < s->n_columns; i++) {
        if (s->column[i].long_word != w || s->column[i].numeric != numeric ||
            s->column[i].empty == s->n_rows)
            continue;
        if (found != NONE && w == URNA_LONG_VOTES)
            return NONE;
        if (found == NONE)
            found = i;
    }
    return found;
}

static void find_long(struct guess *g)
{
    g->name = g->votes = g->office = g->part = NONE;
    size_t name = the_one(&g->s, URNA_LONG_NAME, false);
    if (name == NONE)
        name = the_one(&g->s, URNA_LONG_PARTY, false);
    size_t votes = the_one(&g->s, URNA_LONG_VOTES, true);
    if (name == NONE || votes == NONE || 2 * urna_guess_distinct(&g->s, &name, 1) > g->s.n_rows)
        return;
    g->name = name;
    g->votes = votes;
    g->office = the_one(&g->s, URNA_LONG_OFFICE, false);
    g->part = the_one(&g->s, URNA_LONG_PART, false);
}

/* Names that are no candidates but votes that count for nobody. */
static bool is_invalid_name(const char *name)
{
    static const char *const words[] = {"VOTO NULO", "VOTO BRANCO", "Nulo",    "Branco",  "NULO",
                                        "BRANCO",    "Invalid",     "invalid", "INVALID", "Void",
                                        "Blank",     "Nulos",       "Blancos"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(name, words[i]) == 0)
            return true;
    return false;
}

static void write_long(struct guess *g)
{
    const struct urna_keys *names = &g->s.column[g->name].values;
    size_t n = 0;
    urna_buf_str(g->out, "pivot = ");
    put_column(g, g->name);
    urna_buf_str(g->out, " : ");
    put_column(g, g->votes);
    urna_buf_str(g->out, "\n");
    if (g->part != NONE)
        put_line(g, "parts", g->part);
    if (g->office != NONE && g->s.column[g->office].values.n > 0) {
        const struct urna_keys *offices = &g->s.column[g->office].values;
        if (offices->n > 1)
            urna_buf_str(g->out, "# Several elections in one table: this takes the first.\n");
        urna_buf_str(g->out, "only = ");
        put_column(g, g->office);
        urna_buf_str(g->out, " : ");
        urna_colmap_quote(g->out, offices->key[0]);
        urna_buf_str(g->out, "\n");
    }
    for (size_t i = 0; i < names->n; i++)
        if (is_invalid_name(names->key[i])) {
            urna_buf_str(g->out, n++ ? ", " : "invalid = ");
            urna_colmap_quote(g->out, names->key[i]);
        }
    urna_buf_str(g->out, n ? "\ncandidates = *\n" : "candidates = *\n");
    urna_buf_str(g->out, "# If who is not listed at a station has no votes: absent = zero\n");
}

/* ---- the whole ---- */

static const char *separator_word(char c)
{
    return c == ';' ? "semicolon" : c == '\t' ? "tab" : c == '|' ? "bar" : "comma";
}

static void write_layout(struct guess *g)
{
    uint32_t first = g->layout.header_row, rows = g->layout.header_rows;
    urna_buf_str(
        g->out,
        "urna-map-1\n# Guessed from the names of the columns and the first rows: look it over.\n");
    if (g->layout.member) {
        urna_buf_str(g->out, "member = ");
        urna_colmap_quote(g->out, g->layout.member);
        urna_buf_str(g->out, "\n");
    }
    urna_buf_printf(g->out, "encoding = %s\nseparator = %s\n",
                    urna_encoding_name(urna_table_encoding(g->t)),
                    separator_word(urna_table_separator(g->t)));
    if (rows > 1)
        urna_buf_printf(g->out, "header = %u-%u\n", first, first + rows - 1);
    else if (first > 1)
        urna_buf_printf(g->out, "header = %u\n", first);
}

/* Totals of regions can be compared only where the stations have regions. */
static void write_totals(struct guess *g)
{
    bool region = false;
    for (size_t i = 0; i < g->s.n_columns; i++)
        region = region || g->s.column[i].word == URNA_WORD_REGION;
    const char *key = region || g->s.total_rows == 1 ? "total" : "skip";
    for (size_t i = 0; i < g->s.n_totals; i++) {
        struct urna_buf words = {0};
        urna_colmap_quote(&words, g->s.total[i].begins);
        words.len--; /* the star goes inside the quotes */
        urna_buf_str(&words, "*\"");
        urna_buf_printf(g->out, "%s = ", key);
        put_column(g, g->s.total[i].column);
        urna_buf_printf(g->out, " : %s\n", urna_buf_cstr(&words));
        urna_buf_free(&words);
    }
}

/* Data where names should stand. */
static bool names_are_numbers(const struct urna_table *t)
{
    size_t numbers = 0, n = urna_table_n_columns(t);
    for (size_t i = 0; i < n; i++) {
        struct urna_number_style seen = {0}, none = {0};
        uint64_t x;
        numbers += urna_number_count(&x, &seen, urna_view_str(urna_table_column(t, i)), none) ==
                   URNA_NUMBER_OK;
    }
    return numbers > 2 && 2 * numbers > n;
}

static bool any_number(const struct guess *g)
{
    for (size_t i = 0; i < g->s.n_columns; i++) {
        const struct urna_guess_column *c = &g->s.column[i];
        if (c->numeric && c->word >= URNA_WORD_REGISTERED && c->word < URNA_N_WORDS)
            return true;
    }
    return false;
}

static enum urna_status write_guess(struct guess *g, struct urna_error *err)
{
    bool has[URNA_N_WORDS] = {false};
    if (names_are_numbers(g->t))
        return urna_table_fail(g->t, 0, err, URNA_INPUT,
                               "numbers where the names of the columns should stand: add a first "
                               "row with names");
    if (g->s.n_columns < 2)
        return fail_guess(
            g, err,
            "only one column: no comma, semicolon, TAB or | between the fields. Is it "
            "a table of fixed width? Save it as CSV first");
    if (g->s.n_rows == 0)
        return fail_guess(g, err, "no rows below the names of the columns");
    find_long(g);
    if (g->name == NONE) {
        urna_guess_find_sums(&g->sums, &g->s);
        for (size_t i = 0; i < g->sums.n; i++)
            g->s.column[g->sums.candidate[i]].used = true;
    }
    size_t found[3] = {g->sums.valid, g->sums.box, g->sums.invalid};
    for (size_t i = 0; i < 3 && g->name == NONE; i++)
        if (found[i] != NONE)
            g->s.column[found[i]].used = true;
    enum urna_status st = find_key(g, err);
    if (st != URNA_OK)
        return st;
    write_layout(g);
    write_station(g);
    if (g->name != NONE)
        write_long(g);
    for (enum urna_word w = URNA_WORD_REGISTERED; w < URNA_N_WORDS; w++)
        if (g->name == NONE || w != URNA_WORD_INVALID)
            has[w] = write_number(g, w);
    if (g->name == NONE)
        write_candidates(g);
    write_totals(g);
    if (g->name == NONE)
        write_rules(g, has);
    if (g->name == NONE && g->sums.n == 0 && !any_number(g))
        urna_buf_str(g->out, "# No numbers were made out: this is good for a list to draw a sample "
                             "from only.\n");
    return URNA_OK;
}

enum urna_status urna_guess_map(struct urna_buf *out, const struct urna_table_options *layout,
                                struct urna_table *t, struct urna_error *err)
{
    struct guess g = {.out = out, .t = t, .sums = {.valid = NONE, .box = NONE, .invalid = NONE}};
    if (layout)
        g.layout = *layout;
    enum urna_status st = urna_guess_take(&g.s, t, err);
    if (st == URNA_OK)
        st = write_guess(&g, err);
    urna_guess_free(&g.s);
    free(g.sums.candidate);
    free(g.key);
    return st;
}
