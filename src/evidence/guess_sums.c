/* What adds up: in a protocol the candidates' votes are the valid votes, and valid and invalid
 * votes what was in the box. That is true in every language, so it is looked for before words are
 * believed; a few rows may be wrong, because finding those is what the map is for. */
#include <stdlib.h>
#include <string.h>

#include "evidence/guess_sample.h"

#define NONE SIZE_MAX
#define MANY 48u /* columns: beyond, only windows near both ends are tried */
#define TRIES 8u /* columns with the word "valid" that are tried */

/* The columns that may be candidates, in the order of the table. */
struct search {
    const struct urna_guess_sample *s;
    size_t *free, n_free;
    uint64_t *target; /* by row, or URNA_UNKNOWN */
};

static uint64_t cell(const struct urna_guess_sample *s, size_t row, size_t column)
{
    return s->v[row * s->n_columns + column];
}

static const char *kind_of(const struct urna_guess_sample *s, size_t column)
{
    const char *name = urna_table_column(s->t, column), *kind = NULL;
    for (const char *p = name; (p = strstr(p, " / ")) != NULL; p += 3)
        kind = p + 3;
    return kind;
}

bool urna_guess_same_kind(const struct urna_guess_sample *s, size_t a, size_t b)
{
    const char *x = a == NONE ? NULL : kind_of(s, a), *y = b == NONE ? NULL : kind_of(s, b);
    return !x || !y || strcmp(x, y) == 0;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    return a == URNA_UNKNOWN || b == URNA_UNKNOWN || a + b > INT64_MAX ? URNA_UNKNOWN : a + b;
}

static uint64_t minus(uint64_t a, uint64_t b)
{
    return a == URNA_UNKNOWN || b == URNA_UNKNOWN || b > a ? URNA_UNKNOWN : a - b;
}

/* The sum of the numeric columns with this word; unknown without any. */
static uint64_t by_word(const struct urna_guess_sample *s, size_t row, enum urna_word w)
{
    uint64_t sum = 0;
    bool any = false;
    for (size_t i = 0; i < s->n_columns; i++)
        if (s->column[i].word == w && s->column[i].numeric) {
            sum = plus(sum, cell(s, row, i));
            any = true;
        }
    return any ? sum : URNA_UNKNOWN;
}

/* Of the rows that have both numbers four of five agree, and those are more than half of all. */
static bool nearly_all(size_t agree, size_t known, size_t rows)
{
    return agree > 0 && 5 * agree >= 4 * known && 2 * known > rows;
}

/* Do the free columns from..to (without ${except}) add up to the target? */
static bool adds_up(const struct search *f, size_t from, size_t to, size_t except)
{
    size_t agree = 0, known = 0;
    for (size_t r = 0; r < f->s->n_rows; r++) {
        uint64_t sum = 0;
        for (size_t i = from; i < to && sum != URNA_UNKNOWN; i++)
            if (f->free[i] != except)
                sum = plus(sum, cell(f->s, r, f->free[i]));
        if (sum == URNA_UNKNOWN || f->target[r] == URNA_UNKNOWN)
            continue;
        known++;
        agree += sum == f->target[r] && sum > 0;
        if (sum != f->target[r] && known > 10 + 5 * agree)
            return false;
    }
    return nearly_all(agree, known, f->s->n_rows);
}

/* The longest window of at least two columns that adds up. */
static bool find_window(const struct search *f, size_t *from, size_t *to, size_t except)
{
    size_t n = f->n_free, most = n <= MANY ? n : 8;
    for (size_t left_out = 0; left_out + 2 <= n && left_out <= 2 * most; left_out++)
        for (size_t a = 0; a <= left_out; a++) {
            size_t b = n - (left_out - a);
            size_t inside = 0;
            for (size_t i = a; i < b && inside < 2; i++)
                inside += f->free[i] != except;
            if (inside < 2 || !adds_up(f, a, b, except))
                continue;
            *from = a;
            *to = b;
            return true;
        }
    return false;
}

static void take_window(struct urna_guess_sums *out, const struct search *f, size_t from, size_t to,
                        size_t except)
{
    out->proven = true;
    for (size_t i = from; i < to; i++)
        if (f->free[i] != except)
            out->candidate[out->n++] = f->free[i];
}

/* Only the free columns of the same kind as ${column}. */
static struct search same_kind(const struct search *f, size_t column)
{
    struct search g = {.s = f->s, .target = f->target};
    g.free = urna_xcalloc(f->n_free + 1, sizeof *g.free);
    for (size_t i = 0; i < f->n_free; i++)
        if (urna_guess_same_kind(f->s, f->free[i], column))
            g.free[g.n_free++] = f->free[i];
    return g;
}

/* A column whose word says that it is the sum. */
static bool by_valid(struct urna_guess_sums *out, const struct search *f)
{
    size_t from, to, tries = 0;
    for (size_t i = 0; i < f->s->n_columns && tries < TRIES; i++) {
        if (f->s->column[i].word != URNA_WORD_VALID || !f->s->column[i].numeric)
            continue;
        for (size_t r = 0; r < f->s->n_rows; r++)
            f->target[r] = cell(f->s, r, i);
        if (out->valid == NONE)
            out->valid = i; /* the first, if none adds up */
        tries++;
        struct search kind = same_kind(f, i);
        bool found = find_window(&kind, &from, &to, NONE);
        if (found) {
            out->valid = i;
            take_window(out, &kind, from, to, NONE);
        }
        free(kind.free);
        if (found)
            return true;
    }
    return false;
}

static bool by_box(struct urna_guess_sums *out, const struct search *f, bool less_invalid)
{
    size_t from, to;
    for (size_t r = 0; r < f->s->n_rows; r++) {
        f->target[r] = by_word(f->s, r, URNA_WORD_BOX);
        if (less_invalid)
            f->target[r] = minus(f->target[r], by_word(f->s, r, URNA_WORD_INVALID));
    }
    if (!find_window(f, &from, &to, NONE))
        return false;
    take_window(out, f, from, to, NONE);
    out->box_less_invalid = less_invalid;
    out->to_box = !less_invalid;
    return true;
}

/* Any column, whatever it is called. */
static bool by_any(struct urna_guess_sums *out, const struct search *f)
{
    size_t from, to;
    for (size_t k = 0; k < f->n_free && f->n_free <= MANY; k++) {
        for (size_t r = 0; r < f->s->n_rows; r++)
            f->target[r] = cell(f->s, r, f->free[k]);
        if (!find_window(f, &from, &to, f->free[k]))
            continue;
        out->valid = f->free[k];
        take_window(out, f, from, to, f->free[k]);
        return true;
    }
    return false;
}

static bool is_candidate(const struct urna_guess_sums *out, size_t column)
{
    for (size_t i = 0; i < out->n; i++)
        if (out->candidate[i] == column)
            return true;
    return false;
}

/* valid + i = b, where the words do not say it. */
static bool box_is(const struct urna_guess_sums *out, const struct urna_guess_sample *s, size_t b,
                   size_t i)
{
    size_t agree = 0, known = 0;
    bool any = false;
    for (size_t r = 0; r < s->n_rows; r++) {
        uint64_t x = i == NONE ? by_word(s, r, URNA_WORD_INVALID) : cell(s, r, i),
                 sum = plus(cell(s, r, out->valid), x), box = cell(s, r, b);
        if (sum == URNA_UNKNOWN || box == URNA_UNKNOWN)
            continue;
        known++;
        agree += sum == box;
        any = any || x > 0;
    }
    return any && nearly_all(agree, known, s->n_rows);
}

static bool has_word(const struct urna_guess_sample *s, enum urna_word w)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (s->column[i].word == w && s->column[i].numeric)
            return true;
    return false;
}

static void find_box(struct urna_guess_sums *out, const struct search *f)
{
    const struct urna_guess_sample *s = f->s;
    if (out->valid == NONE || has_word(s, URNA_WORD_BOX) || f->n_free > MANY)
        return;
    bool invalid = has_word(s, URNA_WORD_INVALID);
    for (size_t k = 0; k < f->n_free; k++) {
        size_t b = f->free[k];
        if (b == out->valid || is_candidate(out, b))
            continue;
        for (size_t j = 0; j < (invalid ? 1 : f->n_free); j++) {
            size_t i = invalid ? NONE : f->free[j];
            if (!invalid && (i == b || i == out->valid || is_candidate(out, i)))
                continue;
            if (!box_is(out, s, b, i))
                continue;
            out->box = b;
            out->invalid = i;
            return;
        }
    }
}

/* Nothing adds up: the last run of neighbours. */
static void last_run(struct urna_guess_sums *out, const struct search *f)
{
    size_t from = f->n_free;
    while (from > 0 && (from == f->n_free || f->free[from - 1] + 1 == f->free[from]))
        from--;
    for (size_t i = from; i < f->n_free; i++)
        out->candidate[out->n++] = f->free[i];
}

void urna_guess_find_sums(struct urna_guess_sums *out, const struct urna_guess_sample *s)
{
    *out = (struct urna_guess_sums){.valid = NONE, .box = NONE, .invalid = NONE};
    struct search f = {.s = s};
    out->candidate = urna_xcalloc(s->n_columns + 1, sizeof *out->candidate);
    f.free = urna_xcalloc(s->n_columns + 1, sizeof *f.free);
    f.target = urna_xcalloc(s->n_rows + 1, sizeof *f.target);
    for (size_t i = 0; i < s->n_columns; i++) {
        const struct urna_guess_column *c = &s->column[i];
        if (c->numeric && c->word == URNA_NO_WORD && !c->code && !c->used)
            f.free[f.n_free++] = i;
    }
    if (!by_valid(out, &f) && !by_box(out, &f, true) && !by_box(out, &f, false) &&
        (out->valid != NONE || !by_any(out, &f)))
        last_run(out, &f);
    find_box(out, &f);
    free(f.free);
    free(f.target);
}
