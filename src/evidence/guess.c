/* Choosing a column map: a ready-made one if its columns are there, else a guess. The guess knows
 * words of the headers in a few languages, and one fact: in a protocol the candidates' votes add up
 * to the valid votes, so the run of columns that does so in every row of the sample is theirs. */
#include "evidence/binding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/encoding.h"

#define SAMPLE_ROWS 200u
#define SAMPLE_COLUMNS 2000u

/* ---- names ---- */

/* Lower case and without accents, for the scripts of the words below. */
static uint32_t fold(uint32_t c)
{
    static const char latin[] =
        "aaaaaaaceeeeiiiidnooooo\0ouuuuy\0saaaaaaaceeeeiiiidnooooo\0ouuuuy\0y";
    if (c >= 'A' && c <= 'Z')
        return c + 32;
    if (c >= 0xC0 && c <= 0xFF)
        return latin[c - 0xC0] ? (uint32_t)(unsigned char)latin[c - 0xC0] : ' ';
    if (c >= 0x410 && c <= 0x42F)
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        c += 0x50;
    return c == 0x451 ? 0x435 : c; /* ё is е */
}

static char *folded(const char *s)
{
    struct urna_buf b = {0};
    const uint8_t *p = (const uint8_t *)s;
    size_t len = strlen(s), i = 0;
    uint32_t c;
    while (i < len && urna_utf8_next(p, len, &i, &c)) {
        c = fold(c);
        if (c < 0x80) {
            urna_buf_u8(&b, (uint8_t)c);
        } else if (c < 0x800) {
            urna_buf_u8(&b, (uint8_t)(0xC0 | c >> 6));
            urna_buf_u8(&b, (uint8_t)(0x80 | (c & 0x3F)));
        } /* others match no word */
    }
    char *out = urna_xstrdup(urna_buf_cstr(&b));
    urna_buf_free(&b);
    return out;
}

/* "=word": the whole name; else the word is somewhere in it. Earlier lines win. */
static const struct {
    const char *key, *words[14];
} dictionary[] = {
    {"url", {"=url", "http", "=link", "=foto", "=photo", 0}},
    {"station",
     {"=station", "polling station", "polling_station", "station_id", "precinct", "=uik", "=уик",
      "=mesa", "=acta", "=участок", "номер уик", "=участак", "№ участка", 0}},
    {"region",
     {"=region", "=регион", "=edo", "=estado", "=state", "=province", "=provincia", "=область",
      "=вобласць", "=departamento", "=county", "=oblast", "=субъект", 0}},
    {"district",
     {"=district", "=район", "=раен", "=municipio", "=mun", "=tik", "=тик", "=oik", "=municipality",
      "=constituency", "=parish", "=city", "=город", 0}},
    {"registered",
     {"registered", "=re", "=electores", "inscritos", "=votantes", "on the list", "=voters",
      "=electorate", "избирателей, внесенных", "избирателей, включенных", "всего избирателей",
      "выбаршчыкау", 0}},
    {"invalid", {"invalid", "nulos", "недействительн", "несапраудн", "null votes", 0}},
    {"valid", {"valid", "действительн", "сапраудн", 0}},
    {"issued",
     {"issued", "выданных избирател", "бюллетеней, выданных", "entregadas", "выдадзен", 0}},
    {"box", {"in the box", "ballots_box", "=box", "ящиках", "urna", "ballots cast", 0}},
    {"received", {"received", "полученных", "recibidas", 0}},
    {"unused", {"unused", "погашенных избирательных", "sobrantes", 0}},
    {"spoiled", {"spoiled", "испорченн", 0}},
    {"lost", {"утраченных избирательных", "lost ballots", 0}},
};
#define N_KEYS (sizeof dictionary / sizeof dictionary[0])
#define NO_KEY N_KEYS

static size_t key_of(const char *name)
{
    char *f = folded(name);
    size_t found = NO_KEY;
    for (size_t k = 0; k < N_KEYS && found == NO_KEY; k++)
        for (const char *const *w = dictionary[k].words; *w && found == NO_KEY; w++)
            if (**w == '=' ? strcmp(f, *w + 1) == 0 : strstr(f, *w) != NULL)
                found = k;
    if (strstr(f, "открепительн")) /* papers for voting elsewhere, not ballots */
        found = NO_KEY;
    free(f);
    return found;
}

/* Codes and coordinates are numbers too, but nobody's votes. */
static bool is_code(const char *name)
{
    static const char *const words[] = {"cod",  "id",  "no",   "nr",    "lat",     "lon",  "lng",
                                        "year", "zip", "code", "номер", "turnout", "явка", "total"};
    char *f = folded(name);
    bool hit = false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i]);
        if (strncmp(f, words[i], n) == 0 && !(f[n] >= 'a' && f[n] <= 'z') &&
            (unsigned char)f[n] < 0x80)
            hit = true;
    }
    free(f);
    return hit;
}

/* ---- the sample ---- */

struct sample {
    size_t n_columns, n_rows;
    uint64_t *v;   /* v[row * n_columns + column] */
    bool *numeric; /* every cell a number or empty, one at least a number */
    size_t *key;   /* of the dictionary */
};

static enum urna_status take_sample(struct sample *s, struct urna_table *t, struct urna_error *err)
{
    size_t all = urna_table_n_columns(t);
    s->n_columns = all < SAMPLE_COLUMNS ? all : SAMPLE_COLUMNS;
    s->v = urna_xcalloc(s->n_columns * SAMPLE_ROWS + 1, sizeof *s->v);
    s->numeric = urna_xcalloc(s->n_columns + 1, sizeof *s->numeric);
    s->key = urna_xcalloc(s->n_columns + 1, sizeof *s->key);
    bool *bad = urna_xcalloc(s->n_columns + 1, sizeof *bad);
    enum urna_status st = URNA_OK;
    while (s->n_rows < SAMPLE_ROWS) {
        bool end;
        st = urna_table_next(t, &end, err);
        if (st != URNA_OK || end)
            break;
        if (urna_table_n_cells(t) < s->n_columns)
            continue;
        uint64_t *row = s->v + s->n_rows++ * s->n_columns;
        for (size_t i = 0; i < s->n_columns; i++) {
            struct urna_number_style seen = {0}, none = {0};
            enum urna_number_result r =
                urna_number_count(&row[i], &seen, urna_table_cell(t, i), none);
            if (r == URNA_NUMBER_OK || r == URNA_NUMBER_UNSURE)
                s->numeric[i] = true;
            else if (r == URNA_NUMBER_EMPTY)
                row[i] = 0;
            else
                bad[i] = true;
        }
    }
    for (size_t i = 0; i < s->n_columns; i++) {
        s->numeric[i] = s->numeric[i] && !bad[i];
        s->key[i] = key_of(urna_table_column(t, i));
    }
    free(bad);
    return st;
}

static bool is_number_key(size_t k)
{
    return k < N_KEYS && k > 3; /* behind url, station, region, district */
}

static bool sums_to(const struct sample *s, size_t from, size_t to, size_t valid)
{
    bool any = false;
    for (size_t r = 0; r < s->n_rows; r++) {
        const uint64_t *row = s->v + r * s->n_columns;
        uint64_t sum = 0;
        for (size_t i = from; i < to; i++)
            if (__builtin_add_overflow(sum, row[i], &sum))
                return false;
        if (sum != row[valid])
            return false;
        any = any || sum > 0;
    }
    return any;
}

static bool may_be_candidate(const struct sample *s, const struct urna_table *t, size_t i)
{
    return s->numeric[i] && s->key[i] == NO_KEY && !is_code(urna_table_column(t, i));
}

/* The longest run of free numeric columns that adds up to the valid votes; else the last run. */
static void find_candidates(size_t *from, size_t *to, const struct sample *s,
                            const struct urna_table *t)
{
    size_t valid = SIZE_MAX;
    *from = *to = 0;
    for (size_t i = 0; i < s->n_columns; i++)
        if (s->key[i] < N_KEYS && strcmp(dictionary[s->key[i]].key, "valid") == 0 && s->numeric[i])
            valid = i;
    for (size_t a = 0; a < s->n_columns; a++) {
        size_t b = a;
        while (b < s->n_columns && may_be_candidate(s, t, b))
            b++;
        if (b == a)
            continue;
        for (size_t x = a; valid != SIZE_MAX && x < b && x < a + 64; x++)
            for (size_t y = b; y > x && y + 64 > b; y--)
                if (y - x > 1 && sums_to(s, x, y, valid)) {
                    *from = x;
                    *to = y;
                    return;
                }
        *from = a;
        *to = b;
        a = b;
    }
}

/* ---- the text ---- */

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

static bool write_key(struct urna_buf *out, const struct sample *s, const struct urna_table *t,
                      size_t k)
{
    bool any = false;
    for (size_t i = 0; i < s->n_columns; i++) {
        if (s->key[i] != k || (is_number_key(k) && !s->numeric[i]))
            continue;
        if (k == 0 && any)
            break;
        urna_buf_str(out, any ? ", " : "");
        if (!any)
            urna_buf_printf(out, "%s = ", dictionary[k].key);
        urna_colmap_quote(out, urna_table_column(t, i));
        any = true;
    }
    urna_buf_str(out, any ? "\n" : "");
    return any;
}

/* Numbers of stations are often unique in a region only: the key is region, district, station. */
static bool write_station(struct urna_buf *out, const struct sample *s, const struct urna_table *t)
{
    bool any = false, station = false;
    static const size_t order[3] = {2, 3, 1}; /* region, district, station in the dictionary */
    urna_buf_str(out, "station = ");
    for (size_t o = 0; o < 3; o++)
        for (size_t i = 0; i < s->n_columns; i++) {
            if (s->key[i] != order[o])
                continue;
            urna_buf_str(out, any ? ", " : "");
            urna_colmap_quote(out, urna_table_column(t, i));
            any = true;
            station = station || o == 2;
        }
    urna_buf_str(out, "\n");
    return station;
}

static const char *separator_word(char c)
{
    return c == ';' ? "semicolon" : c == '\t' ? "tab" : c == '|' ? "bar" : "comma";
}

static enum urna_status write_guess(struct urna_buf *out, const struct sample *s,
                                    const struct urna_table *t, struct urna_error *err)
{
    size_t from, to;
    bool has[N_KEYS] = {false};
    urna_buf_str(
        out,
        "urna-map-1\n# Guessed from the names of the columns and the first rows: look it over.\n");
    urna_buf_printf(out, "encoding = %s\nseparator = %s\n",
                    urna_encoding_name(urna_table_encoding(t)),
                    separator_word(urna_table_separator(t)));
    if (!write_station(out, s, t))
        return urna_table_fail(t, 0, err, URNA_INPUT,
                               "cannot guess which column names the station; write a map");
    for (size_t k = 0; k < N_KEYS; k++)
        if (k != 1)
            has[k] = write_key(out, s, t, k);
    find_candidates(&from, &to, s, t);
    for (size_t i = from; i < to; i++) {
        urna_buf_str(out, "candidates = ");
        urna_colmap_quote(out, urna_table_column(t, i));
        urna_buf_str(out, "\n");
    }
    bool candidates = to > from, valid = has[6], invalid = has[5], box = has[8], issued = has[7],
         reg = has[4];
    if (candidates && valid)
        urna_buf_str(out, "rule = candidates = valid\n");
    if (valid && invalid && box)
        urna_buf_str(out, "rule = valid + invalid = box\n");
    if (box && issued)
        urna_buf_str(out, "rule = box <= issued\n");
    if (issued && reg)
        urna_buf_str(out, "rule = issued <= registered\n");
    else if (valid && invalid && reg)
        urna_buf_str(out, "rule = valid + invalid <= registered\n");
    else if (valid && reg)
        urna_buf_str(out, "rule = valid <= registered\n");
    return URNA_OK;
}

/* ---- the choice ---- */

/* How many columns the ready-made map uses here; 0 if it does not fit. */
static size_t fit(const struct urna_colmap_file *f, const struct urna_table *t)
{
    struct urna_colmap m;
    struct urna_binding b = {0};
    size_t used = 0;
    if (urna_colmap_parse(&m, urna_view_str(f->text), f->name, NULL) == URNA_OK &&
        urna_binding_make(&b, &m, t, NULL) == URNA_OK)
        used = b.n_used;
    urna_binding_free(&b);
    urna_colmap_free(&m);
    return used;
}

enum urna_status urna_colmap_choose(struct urna_colmap *m, struct urna_buf *text, const char **name,
                                    bool *guessed, struct urna_table *t, struct urna_error *err)
{
    size_t best = 0;
    const struct urna_colmap_file *ready = NULL;
    memset(m, 0, sizeof *m);
    for (size_t i = 0; i < urna_colmap_n_ready; i++) {
        size_t used = fit(&urna_colmap_ready[i], t);
        if (used > best) {
            best = used;
            ready = &urna_colmap_ready[i];
        }
    }
    *guessed = !ready;
    if (name)
        *name = ready ? ready->name : "a guess";
    if (ready) {
        if (text)
            urna_buf_str(text, ready->text);
        return urna_colmap_parse(m, urna_view_str(ready->text), ready->name, err);
    }
    struct sample s = {0};
    struct urna_buf own = {0}, *out = text ? text : &own;
    enum urna_status st = take_sample(&s, t, err);
    if (st == URNA_OK)
        st = write_guess(out, &s, t, err);
    if (st == URNA_OK)
        st = urna_colmap_parse(m, urna_buf_view(out), "guessed map", err);
    free(s.v);
    free(s.numeric);
    free(s.key);
    urna_buf_free(&own);
    return st;
}

enum urna_status urna_colmap_choose_file(struct urna_colmap *m, struct urna_buf *text,
                                         const char **name, bool *guessed, const char *path,
                                         const char *member, struct urna_error *err)
{
    struct urna_table *t;
    struct urna_table_options options = {.member = member};
    memset(m, 0, sizeof *m);
    enum urna_status st = urna_table_open(&t, path, &options, err);
    if (st == URNA_OK)
        st = urna_colmap_choose(m, text, name, guessed, t, err);
    urna_table_close(t);
    m->table.member = member;
    return st;
}
