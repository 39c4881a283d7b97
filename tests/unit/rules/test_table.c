/* The table of kinds in docs/record.md, section 2, against the judge: which kinds there are, in
 * which phase each may stand, and who signs it. A reader who writes a verifier from that page must
 * get the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/file.h"
#include "rules/judge_internal.h"

struct row {
    char kind[32], phase[80], signers[80];
};
static struct row rows[URNA_KIND_COUNT + 8];
static size_t n_rows;
static struct urna_buf page;

/* The next cell of a row of the table, without the blanks around it. */
static void cell(const char **p, char *out, size_t size)
{
    const char *end = strchr(*p, '|');
    assert_non_null(end);
    const char *from = *p, *to = end;
    while (from < to && *from == ' ')
        from++;
    while (to > from && to[-1] == ' ')
        to--;
    assert_true((size_t)(to - from) < size);
    memcpy(out, from, (size_t)(to - from));
    out[to - from] = '\0';
    *p = end + 1;
}

/* One row of the page may be about several kinds: a row here is about one. */
static void read_row(const char *line)
{
    struct row r;
    char kinds[80], *save = NULL;
    line++;
    cell(&line, kinds, sizeof kinds);
    cell(&line, r.phase, sizeof r.phase);
    cell(&line, r.signers, sizeof r.signers);
    for (char *k = strtok_r(kinds, "` ", &save); k; k = strtok_r(NULL, "` ", &save)) {
        assert_true(n_rows < sizeof rows / sizeof *rows && strlen(k) < sizeof r.kind);
        strcpy(r.kind, k);
        rows[n_rows++] = r;
    }
}

static int read_page(void **state)
{
    struct urna_error err = URNA_ERROR_INIT;
    (void)state;
    if (urna_file_read(&page, URNA_DOCS "/record.md", 1 << 20, NULL, &err) != URNA_OK)
        return -1;
    const char *p =
        strstr(urna_buf_cstr(&page), "| kind | phase | signed by | body |\n|---|---|---|---|\n");
    if (!p)
        return -1;
    p = strchr(strchr(p, '\n') + 1, '\n') + 1;
    for (; *p == '|'; p = strchr(p, '\n') + 1)
        read_row(p);
    return 0;
}

static int free_page(void **state)
{
    (void)state;
    urna_buf_free(&page);
    return 0;
}

static void kinds_are_all_in_the_table_once(void **state)
{
    (void)state;
    unsigned times[URNA_KIND_COUNT] = {0};
    for (size_t i = 0; i < n_rows; i++) {
        enum urna_kind k = urna_kind_find(rows[i].kind);
        if (k == URNA_KIND_UNKNOWN)
            fail_msg("the page has a kind %s", rows[i].kind);
        times[k]++;
    }
    for (unsigned k = 0; k < URNA_KIND_COUNT; k++)
        if (times[k] != 1)
            fail_msg("%s stands %u times in the table", urna_kind_name((enum urna_kind)k),
                     times[k]);
}

/* "(`incident`, ..., `attachment`: any bytes)" names those that stand out of line. */
static void kinds_out_of_line_are_those_of_the_page(void **state)
{
    (void)state;
    const char *from = strstr(urna_buf_cstr(&page), "*Out of line* stand");
    assert_non_null(from);
    from = strchr(from, '(');
    const char *to = from ? strchr(from, ')') : NULL;
    assert_non_null(to);
    for (unsigned k = 0; k < URNA_KIND_COUNT; k++) {
        char word[40];
        snprintf(word, sizeof word, "`%s`", urna_kind_name((enum urna_kind)k));
        const char *at = strstr(from, word);
        assert_int_equal(at && at < to, urna_kind_out_of_line((enum urna_kind)k));
    }
}

/* Bits of enum urna_phase. */
static unsigned phases_of(const char *text)
{
    static const struct {
        const char *text;
        unsigned phases;
    } words[] = {
        {"the first entry (its parts, if any, begin at index 0)", 0},
        {"setup", 1u << URNA_SETUP},
        {"voting", 1u << URNA_VOTING},
        {"voting, only without witnesses", 1u << URNA_VOTING},
        {"sealed", 1u << URNA_SEALED},
        {"counted", 1u << URNA_COUNTED},
        {"any", 15},
        {"any after the manifest", 15},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].text, text) == 0)
            return words[i].phases;
    fail_msg("not a phase: %s", text);
    return 0;
}

/* Whether phase 2 lets a kind in at this moment; all else about the entry is as it should be. */
static bool phase_lets_in(enum urna_kind kind, enum urna_phase phase, uint32_t witnesses)
{
    struct urna_context P = {.m.n_witnesses = witnesses};
    struct urna_judge J = {.P = &P, .phase = phase};
    struct urna_entry e = {.kind = kind};
    struct urna_alone alone = {.ok = true};
    struct urna_ruling r;
    return urna_judge_would_take(&J, &e, &alone, &r) || strcmp(r.rule, "E11") != 0;
}

static void phases_are_those_of_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_rows; i++) {
        enum urna_kind k = urna_kind_find(rows[i].kind);
        bool lonely = strstr(rows[i].phase, "without witnesses") != NULL;
        for (unsigned phase = URNA_SETUP; phase <= URNA_COUNTED; phase++) {
            bool want = phases_of(rows[i].phase) >> phase & 1;
            if (phase_lets_in(k, (enum urna_phase)phase, 0) != want)
                fail_msg("%s in phase %u", rows[i].kind, phase);
            if (phase_lets_in(k, (enum urna_phase)phase, 3) != (want && !lonely))
                fail_msg("%s in phase %u, with witnesses", rows[i].kind, phase);
        }
    }
}

/* --- who signs ----------------------------------------------------------- */

static const uint8_t some_key[32];
static struct urna_signer people[] = {
    {"anna", "x", some_key, URNA_R_COMMISSION, 0},  {"boris", "y", some_key, URNA_R_COMMISSION, 1},
    {"clara", "x", some_key, URNA_R_COMMISSION, 2}, {"g1", "x", some_key, URNA_R_GUARDIAN, 0},
    {"g2", "y", some_key, URNA_R_GUARDIAN, 1},      {"olga", "x", some_key, URNA_R_OBSERVER, 0},
    {"rita", "x", some_key, URNA_R_REGISTRAR, 0},   {"robert", "y", some_key, URNA_R_REGISTRAR, 1},
    {"w1", "x", some_key, URNA_R_WITNESS, 0},       {"w2", "y", some_key, URNA_R_WITNESS, 1},
};
enum { PEOPLE = sizeof people / sizeof *people, SIGNERS_MAX = 3 };

struct signers {
    uint32_t n, who[SIGNERS_MAX];
};

static uint32_t count(const struct signers *s, enum urna_role_type type)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->n; i++)
        n += people[s->who[i]].type == type;
    return n;
}

static bool two_blocs(const struct signers *s)
{
    for (uint32_t i = 1; i < s->n; i++)
        if (strcmp(people[s->who[i]].bloc, people[s->who[0]].bloc) != 0)
            return true;
    return false;
}

/* What the page says. */
static bool page_allows(const char *text, const struct signers *s, bool two_registrars)
{
    if (strcmp(text, "the witness") == 0)
        return s->n == 1 && count(s, URNA_R_WITNESS) == 1;
    if (strcmp(text, "the guardian") == 0)
        return s->n == 1 && count(s, URNA_R_GUARDIAN) == 1;
    if (strcmp(text, "one registrar (`two-registrars`: both)") == 0)
        return s->n == (two_registrars ? 2 : 1) && count(s, URNA_R_REGISTRAR) == s->n;
    if (strcmp(text, "two") == 0)
        return s->n >= 2 && count(s, URNA_R_COMMISSION) == s->n && two_blocs(s);
    if (strcmp(text, "nobody") == 0)
        return s->n == 0;
    if (strcmp(text, "the one named") == 0 || strcmp(text, "any one id") == 0)
        return s->n == 1;
    fail_msg("not a signer: %s", text);
    return false;
}

/* Whether phase 1 comes as far as the signatures themselves (which here verify for nobody), or for
 * unsigned kinds as far as the body (which here is never there). */
static bool judge_allows(enum urna_kind kind, const struct signers *s, bool two_registrars)
{
    struct urna_context P = {.signer = people, .n_signers = PEOPLE, .commission_two_blocs = true};
    struct urna_sig sig[SIGNERS_MAX];
    struct urna_entry e = {.kind = kind,
                           .kind_name = urna_kind_name(kind),
                           .sigs = sig,
                           .n_sigs = s->n,
                           .absent = true};
    struct urna_alone out;
    struct urna_arena a = {0};
    struct urna_checks n = {0};
    memset(sig, 0, sizeof sig);
    for (uint32_t i = 0; i < s->n; i++)
        sig[i].by = people[s->who[i]].id;
    P.m.n_commission = 3;
    P.m.credentials = two_registrars ? URNA_TWO_REGISTRARS : URNA_ONE_REGISTRAR;
    urna_judge_alone(&P, &e, &out, &a, &n);
    bool ok = s->n ? strstr(out.why.reason, "does not verify") != NULL
                   : strcmp(out.why.rule, "absent") == 0;
    urna_alone_free(&out);
    urna_arena_free(&a);
    return ok;
}

static void compare_signers(const struct row *row, const struct signers *s)
{
    for (int two = 0; two < 2; two++)
        if (judge_allows(urna_kind_find(row->kind), s, two) != page_allows(row->signers, s, two))
            fail_msg("%s: the page says \"%s\"; signed by %u, the first %s", row->kind,
                     row->signers, s->n, s->n ? people[s->who[0]].id : "nobody");
}

/* Nobody, everybody alone, all pairs, all threes. */
static void signers_are_those_of_the_table(void **state)
{
    (void)state;
    size_t checked = 0;
    for (size_t i = 0; i < n_rows; i++) {
        struct signers s = {0};
        /* The manifest's are judged before there is a manifest; voters by E3. */
        if (strcmp(rows[i].kind, "manifest") == 0 || strcmp(rows[i].kind, "ballot") == 0)
            continue;
        compare_signers(&rows[i], &s);
        for (uint32_t a = 0; a < PEOPLE; a++) {
            compare_signers(&rows[i], &(struct signers){1, {a}});
            for (uint32_t b = a + 1; b < PEOPLE; b++) {
                compare_signers(&rows[i], &(struct signers){2, {a, b}});
                for (uint32_t c = b + 1; c < PEOPLE; c++)
                    compare_signers(&rows[i], &(struct signers){3, {a, b, c}});
            }
        }
        checked++;
    }
    assert_int_equal(checked, URNA_KIND_COUNT - 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_all_in_the_table_once),
        cmocka_unit_test(kinds_out_of_line_are_those_of_the_page),
        cmocka_unit_test(phases_are_those_of_the_table),
        cmocka_unit_test(signers_are_those_of_the_table),
    };
    return cmocka_run_group_tests_name("table", tests, read_page, free_page);
}
