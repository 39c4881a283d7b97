/* What each line of a description says. */
#include "cli/describe_lines.h"

#include <string.h>

#include "base/secret.h"
#include "cli/common.h"

/* One more element at the end of an array that is in the arena. */
#define GROW(r, array, count)                                                                      \
    ((array) = grow((r)->a, (array), (count), sizeof *(array)), &(array)[(count)++])

static void *grow(struct urna_arena *a, const void *array, uint32_t n, size_t size)
{
    if (n & (n - 1)) /* capacities are powers of two */
        return (void *)(uintptr_t)array;
    void *bigger = urna_arena_alloc(a, n ? 2 * (size_t)n : 1, size);
    if (n)
        memcpy(bigger, array, n * size);
    return bigger;
}

static bool count(struct reader *r, size_t n, const char *shape)
{
    return r->n == n + 1 || FAULT(r, "expected: %s", shape);
}

static bool key(struct reader *r, uint8_t out[32], const char *hex)
{
    return urna_unhex_any(out, 32, hex, strlen(hex)) ||
           FAULT(r, "a public key has 64 hexadecimal digits");
}

static bool number(struct reader *r, uint64_t *out, const char *text, uint64_t min, uint64_t max)
{
    return (urna_parse_u64(out, text, strlen(text), max) && *out >= min) ||
           FAULT(r, "expected a whole number from %llu to %llu, not \"%s\"",
                 (unsigned long long)min, (unsigned long long)max, text);
}

static bool number32(struct reader *r, uint32_t *out, const char *text, uint32_t min)
{
    uint64_t x;
    if (!number(r, &x, text, min, UINT32_MAX))
        return false;
    *out = (uint32_t)x;
    return true;
}

static bool word_of(struct reader *r, uint32_t *out, const char *text, const char *const *words)
{
    for (uint32_t i = 0; words[i]; i++)
        if (strcmp(words[i], text) == 0) {
            *out = i;
            return true;
        }
    return FAULT(r, "unknown word \"%s\"", text);
}

static bool contest_number(struct reader *r, uint32_t *out, const char *id)
{
    for (uint32_t i = 0; i < r->m->n_contests; i++)
        if (strcmp(r->m->contests[i].id, id) == 0) {
            *out = i + 1;
            return true;
        }
    return FAULT(r, "no contest \"%s\" above this line", id);
}

/* --- lines --------------------------------------------------------------- */

static bool line_election(struct reader *r)
{
    if (!count(r, 1, "election ID (32 hexadecimal digits, or new)"))
        return false;
    r->titles = &r->m->title;
    r->election = true;
    if (strcmp(r->word[1], "new") == 0) {
        urna_random(r->m->election, sizeof r->m->election);
        return true;
    }
    return urna_unhex_any(r->m->election, 16, r->word[1], strlen(r->word[1])) ||
           FAULT(r, "an election's id has 32 hexadecimal digits");
}

static bool line_title(struct reader *r)
{
    if (!r->titles)
        return FAULT(r, "there is nothing above this line that takes a title");
    if (r->n < 2 || *r->rest == '\0')
        return FAULT(r, "expected: title LANGUAGE TEXT");
    struct urna_title *t = GROW(r, r->titles->v, r->titles->n);
    t->lang = r->word[1];
    t->text = r->rest;
    return true;
}

static bool line_test(struct reader *r)
{
    r->m->test = 1;
    return count(r, 0, "test");
}

static bool line_zone(struct reader *r)
{
    return count(r, 1, "zone NAME") && (r->m->zone = r->word[1]);
}

static bool line_group(struct reader *r)
{
    r->group = true;
    return count(r, 1, "group ristretto255 | eg4096") && (r->m->group = r->word[1]);
}

static bool line_quorum(struct reader *r)
{
    r->quorum = true;
    return count(r, 1, "quorum K") && number32(r, &r->m->k, r->word[1], 1);
}

static bool line_log(struct reader *r)
{
    r->log = true;
    return count(r, 2, "log ORIGIN KEY") && (r->m->origin = r->word[1]) &&
           key(r, r->m->log_key, r->word[2]);
}

static bool role(struct reader *r, struct urna_role *x)
{
    x->id = r->word[1];
    x->bloc = r->word[2];
    return key(r, x->key, r->word[3]);
}

static bool line_commission(struct reader *r)
{
    return count(r, 3, "commission ID BLOC KEY") &&
           role(r, GROW(r, r->m->commission, r->m->n_commission));
}

static bool line_guardian(struct reader *r)
{
    return count(r, 3, "guardian ID BLOC KEY") &&
           role(r, GROW(r, r->m->guardians, r->m->n_guardians));
}

static bool line_registrar(struct reader *r)
{
    return count(r, 3, "registrar ID BLOC KEY") &&
           role(r, GROW(r, r->m->registrars, r->m->n_registrars));
}

static bool line_observer(struct reader *r)
{
    return count(r, 3, "observer ID BLOC KEY") &&
           role(r, GROW(r, r->m->observers, r->m->n_observers));
}

static bool line_witness(struct reader *r)
{
    if (!count(r, 6, "witness ID BLOC HEADNAME HEADKEY FULLNAME FULLKEY"))
        return false;
    struct urna_witness_role *w = GROW(r, r->m->witnesses, r->m->n_witnesses);
    w->id = r->word[1];
    w->bloc = r->word[2];
    w->head.name = r->word[3];
    w->full.name = r->word[5];
    return key(r, w->head.key, r->word[4]) && key(r, w->full.key, r->word[6]);
}

static bool line_credentials(struct reader *r)
{
    static const char *const words[] = {"one-registrar", "two-registrars", "voter-made", NULL};
    r->credentials = true;
    return count(r, 1, "credentials one-registrar | two-registrars | voter-made") &&
           word_of(r, &r->m->credentials, r->word[1], words);
}

static bool line_device(struct reader *r)
{
    if (!count(r, 1, "device ID"))
        return false;
    struct urna_device *d = GROW(r, r->m->devices, r->m->n_devices);
    d->id = r->word[1];
    r->titles = &d->title;
    return true;
}

static bool line_contest(struct reader *r)
{
    if (r->n != 3 && r->n != 4)
        return FAULT(r, "expected: contest ID LIMIT [OPTION-LIMIT]");
    struct urna_contest *c = GROW(r, r->m->contests, r->m->n_contests);
    c->id = r->word[1];
    c->option_limit = 1;
    r->titles = &c->title;
    return number32(r, &c->limit, r->word[2], 1) &&
           (r->n == 3 || number32(r, &c->option_limit, r->word[3], 1));
}

static bool line_option(struct reader *r)
{
    if (!count(r, 1, "option ID"))
        return false;
    if (r->m->n_contests == 0)
        return FAULT(r, "an option stands below its contest");
    struct urna_contest *c = &r->m->contests[r->m->n_contests - 1];
    struct urna_contest_option *o = GROW(r, c->options, c->n_options);
    o->id = r->word[1];
    r->titles = &o->title;
    return true;
}

static bool line_style(struct reader *r)
{
    if (r->n < 3)
        return FAULT(r, "expected: style ID CONTEST...");
    struct urna_style *s = GROW(r, r->m->styles, r->m->n_styles);
    s->id = r->word[1];
    for (size_t i = 2; i < r->n; i++)
        if (!contest_number(r, GROW(r, s->contests, s->n_contests), r->word[i]))
            return false;
    return true;
}

static bool line_cell(struct reader *r)
{
    if (r->n != 2 && r->n != 4)
        return FAULT(r, "expected: cell ID [in PARENT]");
    struct urna_manifest *m = r->m;
    uint32_t up = 0;
    if (r->n == 4) {
        for (uint32_t i = 0; strcmp(r->word[2], "in") == 0 && i < m->n_cells; i++)
            if (strcmp(m->cells[i].id, r->word[3]) == 0)
                up = i + 1;
        if (up == 0)
            return FAULT(r, "expected: cell ID in PARENT, and the parent above this line");
    }
    struct urna_cell *c = GROW(r, m->cells, m->n_cells);
    c->id = r->word[1];
    c->up = up;
    r->titles = &c->title;
    return true;
}

static bool line_revote(struct reader *r)
{
    r->m->revote = 1;
    return count(r, 0, "revote");
}

static bool line_number(struct reader *r)
{
    static const char *const words[] = {"m_min",      "m_root",        "m_roll",
                                        "ballot_max", "challenge_max", "block"};
    uint64_t *const at[] = {&r->m->m_min,      &r->m->m_root,        &r->m->m_roll,
                            &r->m->ballot_max, &r->m->challenge_max, &r->m->block};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], r->word[0]) == 0)
            return count(r, 1, "NAME NUMBER") &&
                   number(r, at[i], r->word[1], i == 4 ? 0 : 1, URNA_INT_MAX);
    return FAULT(r, "unknown word \"%s\"", r->word[0]);
}

static bool line_secret_if_small(struct reader *r)
{
    if (!count(r, 2, "secret_if_small CONTEST WEIGHT"))
        return false;
    r->m->has_secret_if_small = true;
    struct urna_small *s = GROW(r, r->m->secret_if_small, r->m->n_secret_if_small);
    return contest_number(r, &s->contest, r->word[1]) && number32(r, &s->weight, r->word[2], 1);
}

static bool line_time(struct reader *r)
{
    static const char *const words[] = {"open", "close", "delta", "seal"};
    uint64_t *const at[] = {&r->m->t_open, &r->m->t_close, &r->m->delta, &r->m->t_seal};
    if (!count(r, 1, "open|close|seal TIME, delta SECONDS"))
        return false;
    for (size_t i = 0; i < 4; i++)
        if (strcmp(words[i], r->word[0]) == 0) {
            r->has_times[i] = true;
            if (i == 2)
                return number(r, at[i], r->word[1], 0, URNA_INT_MAX);
            return urna_cli_time(at[i], r->word[1]) ||
                   FAULT(r, "a time is 2026-05-01T08:00:00Z or a number of Unix seconds");
        }
    return false;
}

static bool line_seats(struct reader *r)
{
    static const char *const methods[] = {"hare",        "droop",           "dhondt",
                                          "saintelague", "saintelague-mod", NULL};
    static const char *const bases[] = {"qualified", "all", NULL};
    static const char *const ties[] = {"error", "order", NULL};
    if (!count(r, 7, "seats CONTEST N METHOD BASE NUM DEN TIES"))
        return false;
    r->m->has_seats = true;
    struct urna_seats_decl *s = GROW(r, r->m->seats, r->m->n_seats);
    return contest_number(r, &s->contest, r->word[1]) && number32(r, &s->n, r->word[2], 1) &&
           word_of(r, &s->method, r->word[3], methods) && word_of(r, &s->base, r->word[4], bases) &&
           number(r, &s->num, r->word[5], 0, URNA_INT_MAX) &&
           number(r, &s->den, r->word[6], 1, URNA_INT_MAX) &&
           word_of(r, &s->ties, r->word[7], ties);
}

static bool line_name(struct reader *r)
{
    if (!count(r, 1, "name ID"))
        return false;
    r->m->has_names = true;
    struct urna_named *x = GROW(r, r->m->names, r->m->n_names);
    x->id = r->word[1];
    r->titles = &x->title;
    return true;
}

static const struct {
    const char *word;
    bool (*read)(struct reader *r);
} lines[] = {
    {"election", line_election},
    {"title", line_title},
    {"test", line_test},
    {"zone", line_zone},
    {"group", line_group},
    {"quorum", line_quorum},
    {"log", line_log},
    {"commission", line_commission},
    {"guardian", line_guardian},
    {"registrar", line_registrar},
    {"observer", line_observer},
    {"witness", line_witness},
    {"credentials", line_credentials},
    {"device", line_device},
    {"contest", line_contest},
    {"option", line_option},
    {"style", line_style},
    {"cell", line_cell},
    {"revote", line_revote},
    {"m_min", line_number},
    {"m_root", line_number},
    {"m_roll", line_number},
    {"ballot_max", line_number},
    {"challenge_max", line_number},
    {"block", line_number},
    {"secret_if_small", line_secret_if_small},
    {"open", line_time},
    {"close", line_time},
    {"delta", line_time},
    {"seal", line_time},
    {"seats", line_seats},
    {"name", line_name},
};

bool describe_line(struct reader *r)
{
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strcmp(lines[i].word, r->word[0]) == 0)
            return lines[i].read(r);
    return FAULT(r, "unknown word \"%s\"", r->word[0]);
}
