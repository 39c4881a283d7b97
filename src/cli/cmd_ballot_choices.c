/* What a voter wants, as it is typed or stands in a file. */
#include <string.h>

#include "cli/cmd_ballot.h"

static enum urna_status find_contest(const struct urna_cli_wish *w, const char *id, uint32_t *c,
                                     struct urna_error *err)
{
    for (*c = 0; *c < w->style->n_contests; (*c)++)
        if (strcmp(w->P->m.contests[w->style->contests[*c] - 1].id, id) == 0)
            return URNA_OK;
    return urna_fail(err, URNA_INPUT, "your ballot has no contest \"%s\"", id);
}

/* CONTEST=OPTION or CONTEST=OPTION:VALUE */
static enum urna_status take_choice_from(struct urna_cli_wish *w, char *copy,
                                         struct urna_error *err)
{
    char *option = strchr(copy, '='), *value;
    uint64_t x = 1;
    uint32_t c;
    if (!option)
        return urna_fail(err, URNA_INPUT, "a choice is CONTEST=OPTION, not \"%s\"", copy);
    *option++ = '\0';
    value = strchr(option, ':');
    if (value)
        *value++ = '\0';
    enum urna_status st = find_contest(w, copy, &c, err);
    if (st != URNA_OK)
        return st;
    const struct urna_contest *k = &w->P->m.contests[w->style->contests[c] - 1];
    if (value && !urna_parse_u64(&x, value, strlen(value), k->option_limit))
        return urna_fail(err, URNA_INPUT, "contest %s: at most %u for one option", k->id,
                         k->option_limit);
    for (uint32_t o = 0; o < k->n_options; o++)
        if (strcmp(k->options[o].id, option) == 0) {
            if (w->values[c][o])
                return urna_fail(err, URNA_INPUT, "contest %s: %s is chosen twice", k->id, option);
            w->values[c][o] = (uint32_t)x;
            w->said[c] = true;
            return URNA_OK;
        }
    return urna_fail(err, URNA_INPUT, "contest %s has no option \"%s\"", k->id, option);
}

static enum urna_status take_choice(struct urna_cli_wish *w, const char *text,
                                    struct urna_error *err)
{
    size_t len = strlen(text);
    char *copy = urna_arena_strndup(&w->a, text, len);
    enum urna_status st = take_choice_from(w, copy, err);
    urna_wipe(copy, len);
    return st;
}

static enum urna_status leave_blank(struct urna_cli_wish *w, const char *id, struct urna_error *err)
{
    uint32_t c;
    enum urna_status st = find_contest(w, id, &c, err);
    if (st == URNA_OK && w->said[c])
        st = urna_fail(err, URNA_INPUT, "contest %s: chosen, and left blank", id);
    if (st == URNA_OK)
        w->said[c] = true;
    return st;
}

/* Nothing is left to chance: a contest that was forgotten, or one with too many, is refused here
 * and not made zero. */
static enum urna_status check_wish(const struct urna_cli_wish *w, struct urna_error *err)
{
    for (uint32_t c = 0; c < w->style->n_contests; c++) {
        const struct urna_contest *k = &w->P->m.contests[w->style->contests[c] - 1];
        uint64_t sum = 0;
        for (uint32_t o = 0; o < k->n_options; o++)
            sum += w->values[c][o];
        if (!w->said[c])
            return urna_fail(err, URNA_INPUT,
                             "contest %s: nothing is chosen; --blank %s leaves it empty", k->id,
                             k->id);
        if (sum > k->limit)
            return urna_fail(err, URNA_INPUT, "contest %s: %llu votes, but only %u are allowed",
                             k->id, (unsigned long long)sum, k->limit);
    }
    return URNA_OK;
}

/* A file of choices, a line each: CONTEST=OPTION, or CONTEST= for a contest that is left empty. It
 * keeps a vote out of the list of processes and of the shell's history. */
static enum urna_status take_lines(struct urna_cli_wish *w, const char *path,
                                   struct urna_error *err)
{
    struct urna_buf file = {0};
    enum urna_status st = urna_cli_read(&file, path, 1 << 16, err);
    if (st == URNA_OK && file.p && memchr(file.p, 0, file.len))
        st = urna_fail(err, URNA_INPUT, "not a text: it holds a zero byte");
    char *text = st == URNA_OK ? urna_arena_strndup(&w->a, urna_buf_cstr(&file), file.len) : NULL;
    int64_t at = 0;
    for (char *line = text, *next; line && st == URNA_OK; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        at++;
        size_t n = strlen(line);
        if (n && line[n - 1] == '\r')
            line[--n] = '\0';
        if (n == 0)
            continue;
        if (line[n - 1] == '=') {
            line[n - 1] = '\0';
            st = leave_blank(w, line, err);
        } else {
            st = take_choice(w, line, err);
        }
        if (st != URNA_OK) {
            err->offset = at;
            urna_error_where(err, path);
        }
    }
    if (text)
        urna_wipe(text, file.len);
    if (file.p)
        urna_wipe(file.p, file.cap);
    urna_buf_free(&file);
    return st;
}

enum urna_status urna_cli_wish_read(struct urna_cli_wish *w, const struct urna_strings *choose,
                                    const struct urna_strings *blank, const char *file,
                                    struct urna_error *err)
{
    enum urna_status st = URNA_OK;
    w->values = URNA_NEW(&w->a, uint32_t *, w->style->n_contests);
    w->said = URNA_NEW(&w->a, bool, w->style->n_contests);
    for (uint32_t c = 0; c < w->style->n_contests; c++)
        w->values[c] =
            URNA_NEW(&w->a, uint32_t, w->P->m.contests[w->style->contests[c] - 1].n_options);
    for (size_t i = 0; i < choose->n && st == URNA_OK; i++)
        st = take_choice(w, choose->s[i], err);
    for (size_t i = 0; i < blank->n && st == URNA_OK; i++)
        st = leave_blank(w, blank->s[i], err);
    if (file && st == URNA_OK)
        st = take_lines(w, file, err);
    return st == URNA_OK ? check_wish(w, err) : st;
}

void urna_cli_wish_forget(struct urna_cli_wish *w)
{
    for (uint32_t c = 0; w->values && c < w->style->n_contests; c++)
        urna_wipe(w->values[c],
                  w->P->m.contests[w->style->contests[c] - 1].n_options * sizeof **w->values);
    urna_arena_free(&w->a);
}
