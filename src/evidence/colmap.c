/* Reading column maps (the format is in docs/evidence.md). */
#include "evidence/colmap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "evidence/colmap_words.h"
#include "evidence/encoding.h"

static bool is_reserved(const char *name)
{
    return strcmp(name, "candidates") == 0 || name[0] == 0;
}

static enum urna_status read_quantity(struct urna_map_reader *r, const char *name, bool candidate)
{
    struct urna_colmap *m = r->m;
    struct urna_colmap_quantity q = {.name = name, .line = r->line};
    if (is_reserved(name))
        return urna_map_fail(r, "a number cannot be called \"%s\"", name);
    for (size_t i = 0; i < m->n_quantities + m->n_candidates; i++) {
        const struct urna_colmap_quantity *o =
            i < m->n_quantities ? &m->quantity[i] : &m->candidate[i - m->n_quantities];
        if (strcmp(o->name, name) == 0)
            return urna_map_fail(r, "\"%.80s\" is there already, in line %u", name, o->line);
    }
    enum urna_status st = urna_map_read_refs(&q.columns, r);
    if (st != URNA_OK)
        return st;
    if (candidate) {
        URNA_MAP_GROW(r, m->candidate, m->n_candidates);
        m->candidate[m->n_candidates++] = q;
    } else {
        URNA_MAP_GROW(r, m->quantity, m->n_quantities);
        m->quantity[m->n_quantities++] = q;
    }
    return URNA_OK;
}

/* ---- rules, percents, filters ---- */

static enum urna_status read_term(struct urna_map_reader *r, struct urna_colmap_rule *rule,
                                  bool minus, bool right)
{
    struct urna_colmap_term t = {.minus = minus, .right = right};
    const char *name;
    urna_map_skip_spaces(r);
    bool quoted = r->p < r->end && *r->p == '"';
    enum urna_status st = urna_map_read_name(&name, r, " \t+-<>=");
    if (st != URNA_OK)
        return st;
    if (quoted || name[0] < '0' || name[0] > '9')
        t.name = name;
    else if (!urna_parse_u64(&t.constant, name, strlen(name), INT64_MAX))
        return urna_map_fail(r, "no whole number: %.60s", name);
    URNA_MAP_GROW(r, rule->term, rule->n_terms);
    rule->term[rule->n_terms++] = t;
    if (rule->n_terms > 1000)
        return urna_map_fail(r, "more than 1000 terms");
    return URNA_OK;
}

static enum urna_status read_sum(struct urna_map_reader *r, struct urna_colmap_rule *rule,
                                 bool right)
{
    bool minus = urna_map_accept(r, '-');
    for (;;) {
        enum urna_status st = read_term(r, rule, minus, right);
        if (st != URNA_OK)
            return st;
        if (urna_map_accept(r, '+'))
            minus = false;
        else if (urna_map_accept(r, '-'))
            minus = true;
        else
            return URNA_OK;
    }
}

static enum urna_status read_rule(struct urna_map_reader *r)
{
    struct urna_colmap_rule rule = {.line = r->line};
    urna_map_skip_spaces(r);
    rule.text = urna_arena_strndup(&r->m->arena, r->p, (size_t)(r->end - r->p));
    enum urna_status st = read_sum(r, &rule, false);
    if (st != URNA_OK)
        return st;
    if (urna_map_accept(r, '<'))
        rule.relation = URNA_REL_LE;
    else if (urna_map_accept(r, '>'))
        rule.relation = URNA_REL_GE;
    else
        rule.relation = URNA_REL_EQ;
    if (r->p == r->end || *r->p++ != '=')
        return urna_map_fail(r, "a rule is: sum = sum, sum <= sum or sum >= sum");
    st = read_sum(r, &rule, true);
    if (st == URNA_OK)
        st = urna_map_want_end(r);
    if (st != URNA_OK)
        return st;
    URNA_MAP_GROW(r, r->m->rule, r->m->n_rules);
    r->m->rule[r->m->n_rules++] = rule;
    return URNA_OK;
}

static enum urna_status read_percent(struct urna_map_reader *r, const char *name)
{
    struct urna_colmap_percent p = {.name = name, .line = r->line};
    enum urna_status st = urna_map_read_ref(&p.column, r, ":");
    if (st == URNA_OK && !urna_map_accept(r, ':'))
        st = urna_map_fail(r, "a percentage is: percent NAME = COLUMN : NUMERATOR / DENOMINATOR");
    if (st == URNA_OK)
        st = urna_map_read_name(&p.numerator, r, "/");
    if (st == URNA_OK && !urna_map_accept(r, '/'))
        st = urna_map_fail(r, "a percentage is: percent NAME = COLUMN : NUMERATOR / DENOMINATOR");
    if (st == URNA_OK)
        st = urna_map_read_name(&p.denominator, r, "");
    if (st == URNA_OK)
        st = urna_map_want_end(r);
    if (st != URNA_OK)
        return st;
    URNA_MAP_GROW(r, r->m->percent, r->m->n_percents);
    r->m->percent[r->m->n_percents++] = p;
    return URNA_OK;
}

static enum urna_status read_filter(struct urna_map_reader *r, struct urna_colmap_filter **array,
                                    size_t *n)
{
    struct urna_colmap_filter f = {.pattern = ""};
    enum urna_status st = urna_map_read_ref(&f.column, r, ":|");
    if (st == URNA_OK && !urna_map_accept(r, ':'))
        st = urna_map_fail(r, "a filter is: COLUMN : PATTERN (\"\" for an empty cell)");
    if (st == URNA_OK)
        st = urna_map_read_name(&f.pattern, r, "");
    if (st == URNA_OK)
        st = urna_map_want_end(r);
    if (st != URNA_OK)
        return st;
    URNA_MAP_GROW(r, *array, *n);
    (*array)[(*n)++] = f;
    return URNA_OK;
}

/* ---- settings ---- */

static enum urna_status read_mark(char *out, struct urna_map_reader *r)
{
    static const struct {
        const char *word;
        char mark;
    } words[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'},       {"bar", '|'},
                 {"point", '.'}, {"space", ' '},     {"apostrophe", '\''}};
    const char *w;
    enum urna_status st = urna_map_read_name(&w, r, "");
    if (st == URNA_OK)
        st = urna_map_want_end(r);
    if (st != URNA_OK)
        return st;
    *out = strlen(w) == 1 ? w[0] : 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(w, words[i].word) == 0)
            *out = words[i].mark;
    return *out ? URNA_OK
                : urna_map_fail(
                      r,
                      "no such mark: %.40s (comma, semicolon, tab, bar, point, space, apostrophe)",
                      w);
}

static enum urna_status read_separator(struct urna_map_reader *r)
{
    enum urna_status st = read_mark(&r->m->table.separator, r);
    if (st == URNA_OK && !strchr(",;\t|", r->m->table.separator))
        st = urna_map_fail(r, "the separator of a table is comma, semicolon, tab or bar");
    return st;
}

static enum urna_status read_number_mark(struct urna_map_reader *r, char *out, const char *allowed)
{
    enum urna_status st = read_mark(out, r);
    if (st == URNA_OK && !strchr(allowed, *out))
        st = urna_map_fail(r, "this mark cannot stand here");
    if (st == URNA_OK && r->m->style.decimal && r->m->style.decimal == r->m->style.thousands)
        st = urna_map_fail(r, "decimal and thousands are the same mark");
    return st;
}

static enum urna_status read_text(const char **out, struct urna_map_reader *r)
{
    enum urna_status st = urna_map_read_name(out, r, "");
    return st == URNA_OK ? urna_map_want_end(r) : st;
}

static enum urna_status read_encoding(struct urna_map_reader *r)
{
    const char *w;
    enum urna_status st = read_text(&w, r);
    if (st == URNA_OK && !urna_encoding_parse(&r->m->table.encoding, urna_view_str(w)))
        st = urna_map_fail(
            r, "no such encoding: %.40s (utf-8, windows-1250, -1251, -1252, -1254, iso-8859-2)", w);
    return st;
}

/* header = 3, or header = 3-4 */
static enum urna_status read_header_row(struct urna_map_reader *r)
{
    const char *w;
    enum urna_status st = read_text(&w, r);
    if (st != URNA_OK)
        return st;
    size_t n = strcspn(w, "-");
    uint64_t first, last;
    bool ok = urna_parse_u64(&first, w, n, 1000) && first > 0;
    last = first;
    if (ok && w[n])
        ok = urna_parse_u64(&last, w + n + 1, strlen(w + n + 1), 1000) && last >= first &&
             last - first < 10;
    if (!ok)
        return urna_map_fail(
            r, "header is the number of the row with the names, 1 to 1000, or of the first "
               "and the last (3-4)");
    r->m->table.header_row = (uint32_t)first;
    r->m->table.header_rows = (uint32_t)(last - first + 1);
    return URNA_OK;
}

/* pivot = NAMES : VOTES */
static enum urna_status read_pivot(struct urna_map_reader *r)
{
    struct urna_colmap *m = r->m;
    struct urna_colmap_ref name, votes;
    if (m->pivot_name.n > 0)
        return urna_map_fail(r, "pivot stands twice");
    enum urna_status st = urna_map_read_ref(&name, r, ":|");
    if (st == URNA_OK && !urna_map_accept(r, ':'))
        st = urna_map_fail(r, "pivot is: COLUMN WITH NAMES : COLUMN WITH VOTES");
    if (st == URNA_OK)
        st = urna_map_read_ref(&votes, r, "|");
    if (st == URNA_OK)
        st = urna_map_want_end(r);
    if (st != URNA_OK)
        return st;
    URNA_MAP_GROW(r, m->pivot_name.ref, m->pivot_name.n);
    m->pivot_name.ref[m->pivot_name.n++] = name;
    URNA_MAP_GROW(r, m->pivot_votes.ref, m->pivot_votes.n);
    m->pivot_votes.ref[m->pivot_votes.n++] = votes;
    return URNA_OK;
}

static enum urna_status read_absent(struct urna_map_reader *r)
{
    const char *w;
    enum urna_status st = read_text(&w, r);
    if (st == URNA_OK && strcmp(w, "zero") != 0 && strcmp(w, "unknown") != 0)
        st = urna_map_fail(r, "absent is zero or unknown");
    if (st == URNA_OK)
        r->m->absent_zero = strcmp(w, "zero") == 0;
    return st;
}

/* ---- lines ---- */

static const char *const quantities[] = {"registered", "received", "issued",  "box", "valid",
                                         "invalid",    "unused",   "spoiled", "lost"};

static const char *find_quantity(const char *key)
{
    for (size_t i = 0; i < sizeof quantities / sizeof quantities[0]; i++)
        if (strcmp(key, quantities[i]) == 0)
            return quantities[i];
    return NULL;
}

static enum urna_status read_value(struct urna_map_reader *r, const char *key, const char *name)
{
    struct urna_colmap *m = r->m;
    if (name) {
        if (strcmp(key, "candidate") == 0)
            return read_quantity(r, name, true);
        if (strcmp(key, "count") == 0)
            return read_quantity(r, name, false);
        if (strcmp(key, "percent") == 0)
            return read_percent(r, name);
        return urna_map_fail(
            r, "cannot read \"%.40s %.40s\"; a name follows candidate, count and percent only", key,
            name);
    }
    if (strcmp(key, "title") == 0)
        return read_text(&m->title, r);
    if (strcmp(key, "member") == 0)
        return read_text(&m->table.member, r);
    if (strcmp(key, "encoding") == 0)
        return read_encoding(r);
    if (strcmp(key, "separator") == 0)
        return read_separator(r);
    if (strcmp(key, "decimal") == 0)
        return read_number_mark(r, &m->style.decimal, ".,");
    if (strcmp(key, "thousands") == 0)
        return read_number_mark(r, &m->style.thousands, "., '");
    if (strcmp(key, "header") == 0)
        return read_header_row(r);
    if (strcmp(key, "station") == 0)
        return urna_map_read_refs(&m->station, r);
    if (strcmp(key, "region") == 0)
        return urna_map_read_refs(&m->region, r);
    if (strcmp(key, "district") == 0)
        return urna_map_read_refs(&m->district, r);
    if (strcmp(key, "url") == 0)
        return urna_map_read_refs(&m->url, r);
    if (strcmp(key, "candidates") == 0)
        return urna_map_read_refs(&m->candidates, r);
    if (strcmp(key, "leader") == 0)
        return read_text(&m->leader, r);
    if (strcmp(key, "rule") == 0)
        return read_rule(r);
    if (strcmp(key, "total") == 0)
        return read_filter(r, &m->total, &m->n_totals);
    if (strcmp(key, "skip") == 0)
        return read_filter(r, &m->skip, &m->n_skips);
    if (strcmp(key, "only") == 0)
        return read_filter(r, &m->only, &m->n_onlys);
    if (strcmp(key, "zero") == 0)
        return urna_map_read_refs(&m->zero, r);
    if (strcmp(key, "unknown") == 0)
        return urna_map_read_refs(&m->unknown, r);
    if (strcmp(key, "pivot") == 0)
        return read_pivot(r);
    if (strcmp(key, "parts") == 0)
        return urna_map_read_refs(&m->parts, r);
    if (strcmp(key, "absent") == 0)
        return read_absent(r);
    const char *q = find_quantity(key);
    if (q)
        return read_quantity(r, q, false);
    return urna_map_fail(
        r,
        "no key \"%.40s\"; keys are title member encoding separator decimal thousands header "
        "station "
        "region "
        "district url registered received issued box valid invalid unused spoiled lost count "
        "candidate candidates leader rule percent total skip only zero unknown pivot parts absent",
        key);
}

static enum urna_status read_line(struct urna_map_reader *r)
{
    const char *key, *name = NULL;
    if (urna_map_at_end(r) || *r->p == '#')
        return URNA_OK;
    enum urna_status st = urna_map_read_name(&key, r, " \t=");
    if (st == URNA_OK && !urna_map_accept(r, '=')) {
        st = urna_map_read_name(&name, r, "=");
        if (st == URNA_OK && !urna_map_accept(r, '='))
            st = urna_map_fail(r, "a line is: key = value");
    }
    return st == URNA_OK ? read_value(r, key, name) : st;
}

static enum urna_status check_whole(struct urna_map_reader *r)
{
    const struct urna_colmap *m = r->m;
    if (m->station.n == 0)
        return urna_map_fail(r, "the map has no station (station = COLUMN, ...)");
    if (m->pivot_name.n == 0 && (m->parts.n > 0 || m->absent_zero))
        return urna_map_fail(r, "parts and absent go with pivot only");
    if (m->pivot_name.n > 0 && m->n_percents > 0)
        return urna_map_fail(r, "percent does not go with pivot");
    return URNA_OK;
}

enum urna_status urna_colmap_parse(struct urna_colmap *out, struct urna_view text, const char *name,
                                   struct urna_error *err)
{
    memset(out, 0, sizeof *out);
    out->file = urna_arena_strndup(&out->arena, name, strlen(name));
    out->title = "";
    struct urna_error local = URNA_ERROR_INIT;
    struct urna_map_reader r = {.m = out, .err = err ? err : &local, .line = 0};
    bool nul;
    if (text.len > URNA_COLMAP_MAX_BYTES)
        return urna_map_fail(&r, "more than 1 MiB");
    if (urna_utf8_valid_prefix(text.p, text.len, &nul) != text.len)
        return urna_map_fail(&r, "a map is UTF-8 text");
    const char *p = text.len > 0 ? (const char *)text.p : "", *end = p + text.len;
    if (text.len >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        p += 3;
    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        const char *e = nl ? nl : end;
        r.line++;
        r.p = p;
        r.end = e > p && e[-1] == '\r' ? e - 1 : e;
        if (r.line == 1) {
            if ((size_t)(r.end - r.p) != 10 || memcmp(r.p, "urna-map-1", 10) != 0)
                return urna_map_fail(&r, "a column map begins with the line urna-map-1");
        } else {
            enum urna_status st = read_line(&r);
            if (st != URNA_OK)
                return st;
        }
        p = nl ? nl + 1 : end;
    }
    if (r.line == 0)
        return urna_map_fail(&r, "a column map begins with the line urna-map-1");
    return check_whole(&r);
}

enum urna_status urna_colmap_read(struct urna_colmap *out, const char *name, struct urna_error *err)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < urna_colmap_n_ready; i++)
        if (strcmp(urna_colmap_ready[i].name, name) == 0)
            return urna_colmap_parse(out, urna_view_str(urna_colmap_ready[i].text), name, err);
    struct urna_buf text = {0};
    bool missing = false;
    enum urna_status st = urna_file_read(&text, name, URNA_COLMAP_MAX_BYTES, &missing, err);
    if (st == URNA_OK)
        st = urna_colmap_parse(out, urna_buf_view(&text), name, err);
    else if (missing)
        urna_error_where(err, name);
    urna_buf_free(&text);
    return st;
}

void urna_colmap_free(struct urna_colmap *m)
{
    urna_arena_free(&m->arena);
    memset(m, 0, sizeof *m);
}
