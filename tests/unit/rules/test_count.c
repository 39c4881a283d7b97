/* Which ballots count, what the roll is and what the count set says: known answers of the law,
 * through the judge's own fold; and that nothing of it depends on the order, the batches or the
 * repetitions in which ballots arrive [A2]. */
#include "law_vectors.h"

#include "proof/ed25519.h"
#include "rules/judge_internal.h"

static void unhex(uint8_t *out, size_t len, const char *hex)
{
    assert_non_null(hex);
    assert_true(urna_unhex_any(out, len, hex, strlen(hex)));
}

/* The vectors say what a ballot's entry id is, and not all of the body that hashes to it. Linked
 * with --wrap: bodies made here have the id that the vector gives. */
struct known {
    struct urna_buf body;
    uint8_t e[32];
};
static struct known *known;
static size_t n_known;

void __real_urna_sha256(uint8_t out[32], const void *p, size_t len);
void __wrap_urna_sha256(uint8_t out[32], const void *p, size_t len);
void __wrap_urna_sha256(uint8_t out[32], const void *p, size_t len)
{
    for (size_t i = 0; i < n_known; i++)
        if (known[i].body.len == len && len > 0 && memcmp(known[i].body.p, p, len) == 0) {
            memcpy(out, known[i].e, 32);
            return;
        }
    __real_urna_sha256(out, p, len);
}

static bool known_body(void *ctx, uint64_t index, uint32_t parts, struct urna_buf *out)
{
    (void)parts;
    const size_t *of_index = ctx;
    const struct known *k = &known[of_index ? of_index[index] : index];
    urna_buf_add(out, k->body.p, k->body.len);
    return true;
}

static void forget_known(size_t n)
{
    for (size_t i = 0; i < n; i++)
        urna_buf_free(&known[i].body);
    free(known);
    known = NULL;
    n_known = 0;
}

/* --- a judge in the middle of an election, over a real manifest ---------- */

static struct urna_titles titles(struct urna_arena *a)
{
    struct urna_titles t = {URNA_NEW(a, struct urna_title, 1), 1};
    t.v[0] = (struct urna_title){"en", "TEST"};
    return t;
}

static struct urna_role *role(struct urna_arena *a, const char *const *id, uint32_t n)
{
    struct urna_role *r = URNA_NEW(a, struct urna_role, n);
    for (uint32_t i = 0; i < n; i++) {
        uint8_t seed[32] = {0};
        r[i] = (struct urna_role){.id = id[i], .bloc = id[i]};
        snprintf((char *)seed, sizeof seed, "TEST %s", id[i]);
        urna_ed25519_public(r[i].key, seed);
    }
    return r;
}

struct shape {
    const char *group;
    const json_t *cells;  /* of the vectors, or NULL: one cell "land" */
    const char *style[4]; /* NULL-terminated */
    uint32_t contests_of_style[4], fields[3], n_contests;
    uint32_t factors, revote;
    uint64_t m_min, m_root;
    struct urna_small small[8];
    uint32_t n_small;
};

static struct urna_judge *judge_of(const struct shape *s,
                                   bool (*body)(void *, uint64_t, uint32_t, struct urna_buf *),
                                   void *ctx, unsigned threads)
{
    static const char *const c[] = {"c1"}, *const g[] = {"g1"}, *const reg[] = {"r1", "r2"};
    static const char *const option[] = {"a", "b", "c", "d"};
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_MANIFEST};
    struct urna_manifest *m = &b.manifest;
    *m = (struct urna_manifest){.test = 1,
                                .title = titles(&a),
                                .zone = "UTC",
                                .group = s->group,
                                .n = 1,
                                .k = 1,
                                .origin = "urna.example/count",
                                .revote = s->revote,
                                .credentials =
                                    s->factors == 2 ? URNA_TWO_REGISTRARS : URNA_VOTER_MADE,
                                .m_min = s->m_min,
                                .m_root = s->m_root,
                                .m_roll = 1,
                                .t_open = 1,
                                .t_close = 2,
                                .delta = 1,
                                .t_seal = 4,
                                .ballot_max = 20,
                                .challenge_max = 1000,
                                .block = 100};
    uint8_t seed[32] = "TEST log";
    urna_ed25519_public(m->log_key, seed);
    m->commission = role(&a, c, m->n_commission = 1);
    m->guardians = role(&a, g, m->n_guardians = 1);
    m->registrars = role(&a, reg, m->n_registrars = s->factors);
    m->devices = URNA_NEW(&a, struct urna_device, m->n_devices = 1);
    m->devices[0] = (struct urna_device){"online", titles(&a)};
    m->contests = URNA_NEW(&a, struct urna_contest, m->n_contests = s->n_contests);
    for (uint32_t i = 0; i < s->n_contests; i++) {
        struct urna_contest *x = &m->contests[i];
        *x = (struct urna_contest){.id = option[i],
                                   .title = titles(&a),
                                   .limit = 1,
                                   .option_limit = 1,
                                   .n_options = s->fields[i]};
        x->options = URNA_NEW(&a, struct urna_contest_option, x->n_options);
        for (uint32_t o = 0; o < x->n_options; o++)
            x->options[o] = (struct urna_contest_option){option[o], titles(&a)};
    }
    m->styles = URNA_NEW(&a, struct urna_style, 4);
    for (; s->style[m->n_styles]; m->n_styles++) {
        struct urna_style *x = &m->styles[m->n_styles];
        *x = (struct urna_style){s->style[m->n_styles], URNA_NEW(&a, uint32_t, 3),
                                 s->contests_of_style[m->n_styles]};
        for (uint32_t i = 0; i < x->n_contests; i++)
            x->contests[i] = i + 1;
    }
    m->n_cells = s->cells ? (uint32_t)json_array_size(s->cells) : 1;
    m->cells = URNA_NEW(&a, struct urna_cell, m->n_cells);
    m->cells[0] = (struct urna_cell){"land", 0, titles(&a)};
    for (uint32_t i = 0; s->cells && i < m->n_cells; i++)
        m->cells[i] =
            (struct urna_cell){str(json_array_get(s->cells, i), "id"),
                               (uint32_t)num(json_array_get(s->cells, i), "up"), titles(&a)};
    m->secret_if_small = URNA_NEW(&a, struct urna_small, s->n_small + 1);
    memcpy(m->secret_if_small, s->small, s->n_small * sizeof s->small[0]);
    m->n_secret_if_small = s->n_small;
    m->has_secret_if_small = s->n_small > 0;

    struct urna_buf bytes = {0};
    struct urna_ruling r;
    urna_body_write(&bytes, &b, 0, 0);
    struct urna_judge *J = urna_judge_new(NULL, body, ctx, threads);
    J->P = urna_context_from_manifest(urna_buf_view(&bytes), &r);
    if (!J->P)
        fail_msg("manifest: %s %s", r.rule, r.reason);
    J->entries = 1;
    urna_buf_free(&bytes);
    urna_arena_free(&a);
    return J;
}

static struct urna_row row_of(struct urna_judge *J, const json_t *v)
{
    struct urna_row r = {.weight = 1};
    json_t *keys = json_object_get(v, "keys");
    r.n_keys = (uint8_t)json_array_size(keys);
    r.key = (uint8_t(*)[32])urna_arena_alloc(&J->arena, r.n_keys, 32);
    for (uint32_t i = 0; i < r.n_keys; i++)
        unhex(r.key[i], 32, json_string_value(json_array_get(keys, i)));
    r.style = (uint32_t)urna_context_style(J->P, str(v, "style"));
    if (json_object_get(v, "weight"))
        r.weight = (uint32_t)num(v, "weight");
    if (json_object_get(v, "leaf"))
        r.leaf = (uint32_t)urna_context_leaf(J->P, str(v, "leaf"));
    return r;
}

static int by_key(const void *a, const void *b)
{
    return memcmp(((const struct urna_row *)a)->key[0], ((const struct urna_row *)b)->key[0], 32);
}

static void give_rows(struct urna_judge *J, const json_t *rows)
{
    J->n_rows = json_array_size(rows);
    J->rows = urna_xcalloc(J->n_rows + 1, sizeof *J->rows);
    for (size_t i = 0; i < J->n_rows; i++)
        J->rows[i] = row_of(J, json_array_get(rows, i));
    qsort(J->rows, J->n_rows, sizeof *J->rows, by_key);
}

/* --- the roll ------------------------------------------------------------ */

static struct urna_entry entry_of(enum urna_kind kind, const char *body)
{
    struct urna_entry e = {.kind = kind,
                           .kind_name = urna_kind_name(kind),
                           .body = urna_view(body, strlen(body)),
                           .body_size = strlen(body)};
    urna_sha256(e.e, body, strlen(body));
    return e;
}

static void roll_close_all_cases_agree(void **state)
{
    (void)state;
    size_t i, x;
    json_t *c, *v;
    json_array_foreach(cases("roll_root"), i, c)
    {
        struct shape s = {.group = "ristretto255",
                          .cells = json_object_get(c, "cells"),
                          .fields = {2},
                          .n_contests = 1,
                          .factors = 1,
                          .m_min = 3,
                          .m_root = 3,
                          .small = {{1, 1}, {1, 3}, {1, 7}, {1, 1 << 20}},
                          .n_small = 4};
        json_array_foreach(json_object_get(c, "styles"), x, v)
        {
            s.style[x] = json_string_value(v);
            s.contests_of_style[x] = 1;
        }
        json_t *bodies = json_object_get(c, "roll_bodies"), *expect = json_object_get(c, "expect");
        /* The first byte of a row's leaf is its number of keys. */
        const char *leaf = json_string_value(json_array_get(json_object_get(expect, "leaves"), 0));
        if (leaf && strncmp(leaf, "02", 2) == 0)
            s.factors = 2;
        struct urna_judge *J = judge_of(&s, NULL, NULL, 1);
        struct urna_ruling r = {"", ""};
        struct urna_entry e;
        json_array_foreach(bodies, x, v)
        {
            e = entry_of(URNA_ROLL, json_string_value(v));
            assert_true(urna_fold_roll(J, &e, &r));
        }
        uint8_t root[32];
        unhex(root, 32, str(expect, "root"));
        e = entry_of(URNA_ROLL_CLOSE, str(expect, "roll_close"));
        if (json_array_size(bodies) == 0) {
            /* A roll.close over no rolls has no place in the grammar. */
            struct urna_arena a = {0};
            struct urna_body b;
            struct urna_error err = URNA_ERROR_INIT;
            uint8_t empty[32];
            assert_int_equal(urna_body_read(&b, URNA_ROLL_CLOSE, e.body, 32, 32, &a, &err),
                             URNA_FALSE);
            urna_sha256(empty, NULL, 0);
            assert_memory_equal(empty, root, 32);
            urna_arena_free(&a);
        } else {
            if (!urna_fold_roll_close(J, &e, &r))
                fail_msg("%s: %s %s", str(c, "case"), r.rule, r.reason);
            assert_memory_equal(urna_judge_roll_root(J), root, 32);
            size_t n;
            (void)urna_judge_rows(J, &n);
            assert_int_equal(n, num(expect, "count"));
            /* One digit of the root changed: no longer accepted. */
            char *bad = strdup(str(expect, "roll_close"));
            char *digit = strstr(bad, "\"root\":\"") + 8;
            *digit = *digit == '0' ? '1' : '0';
            e = entry_of(URNA_ROLL_CLOSE, bad);
            assert_false(urna_fold_roll_close(J, &e, &r));
            assert_string_equal(r.rule, "E0");
            free(bad);
        }
        urna_judge_free(J);
    }
    assert_int_equal(i, 11);
}

/* --- which ballots count ------------------------------------------------- */

static void alone_of(const struct urna_judge *J, const json_t *v, struct urna_alone *a)
{
    json_t *keys = json_object_get(v, "keys");
    *a = (struct urna_alone){.ok = true,
                             .ballot_read = true,
                             .serial = (uint32_t)num(v, "serial"),
                             .n_keys = (uint32_t)json_array_size(keys)};
    for (uint32_t i = 0; i < a->n_keys; i++)
        unhex(a->keys[i], 32, json_string_value(json_array_get(keys, i)));
    int64_t style = urna_context_style(J->P, str(v, "style"));
    assert_true(style >= 0);
    a->style = (uint32_t)style;
    unhex(a->rho, 32, str(v, "e")); /* any that differs */
    if (strcmp(str(v, "phase1"), "ok") != 0)
        a->ok = urna_rule(&a->why, "V6.D", "bad");
    else if (!J->P->m.revote &&
             a->serial != 1) /* what phase 1 says of E1; the golden record one.serial.norevote */
        a->ok = urna_rule(&a->why, "E1", "serial");
}

static const char *state_of(const struct urna_judge *J, size_t i)
{
    static const char *const word[] = {"in log", "counted", "superseded", "late"};
    const struct urna_ballot_rec *b = &J->ballots[i];
    if (b->state != URNA_B_VOID)
        return word[b->state];
    return J->voids[b->void_at].rule;
}

static bool state_fits(const char *want, const char *got)
{
    if (strncmp(want, "void: ", 6) != 0)
        return strcmp(want, got) == 0;
    if (strcmp(want, "void: bad") == 0)
        return got[0] == 'V';
    if (strcmp(want, "void: E11 repeated") == 0)
        return strcmp(got, "repeated") == 0;
    return strncmp(want + 6, "E1 ", 3) == 0 && strcmp(got, "E1") == 0;
}

static void selection_all_cases_agree(void **state)
{
    (void)state;
    size_t i, x;
    json_t *c, *v;
    json_array_foreach(cases("selection"), i, c)
    {
        struct shape s = {.group = "ristretto255",
                          .style = {"all", "short"},
                          .contests_of_style = {2, 1},
                          .fields = {2, 2},
                          .n_contests = 2,
                          .factors = 1,
                          .revote = (uint32_t)num(c, "revote"),
                          .m_min = 3,
                          .m_root = 3};
        struct urna_judge *J = judge_of(&s, NULL, NULL, 1);
        json_t *ballots = json_object_get(c, "ballots"),
               *states = json_object_get(json_object_get(c, "expect"), "states");
        json_t *doubles = json_object_get(json_object_get(c, "expect"), "one_serial_two_bodies");
        J->phase = URNA_VOTING;
        give_rows(J, json_object_get(c, "rows"));
        json_array_foreach(ballots, x, v)
        {
            struct urna_alone a;
            struct urna_ruling r;
            struct urna_entry e = {
                .index = num(v, "index"), .kind = URNA_BALLOT, .kind_name = "ballot"};
            unhex(e.e, 32, str(v, "e"));
            alone_of(J, v, &a);
            (void)urna_judge_fold(J, &e, &a, &r);
        }
        assert_int_equal(J->n_ballots, json_array_size(states));
        J->cut = num(c, "cut");
        urna_select_ballots(J);
        json_array_foreach(states, x, v) if (!state_fits(json_string_value(v), state_of(J, x)))
            fail_msg("%s: ballot %zu is %s instead of %s", str(c, "case"), x, state_of(J, x),
                     json_string_value(v));
        json_array_foreach(doubles, x, v)
        {
            bool said = false;
            char key[65];
            uint8_t pk[32];
            unhex(pk, 32, json_string_value(v));
            urna_hex(key, pk, 32);
            for (size_t f = 0; f < J->n_findings; f++)
                said |= strstr(J->findings[f].text, key) &&
                        strstr(J->findings[f].text, "two different ballots");
            if (!said)
                fail_msg("%s: the double serial is no finding", str(c, "case"));
        }
        urna_judge_free(J);
    }
    assert_int_equal(i, 28);
}

/* --- the count set ------------------------------------------------------- */

static const uint8_t *raw_hex(struct urna_arena *a, const json_t *o, const char *key, size_t len)
{
    uint8_t *p = urna_arena_alloc(a, 1, len);
    unhex(p, len, str(o, key));
    return p;
}

/* A ballot of good form with these ciphertexts; its proofs have been judged elsewhere. */
static void ballot_body(struct urna_buf *out, const struct urna_context *P, const uint8_t pk[32],
                        const char *style, uint32_t serial, struct urna_ballot_contest *contest,
                        uint32_t n)
{
    static const uint8_t zero[32];
    static const uint8_t *const zeros[] = {zero, zero};
    struct urna_body b = {.kind = URNA_BALLOT};
    uint8_t keys[1][32];
    memcpy(keys[0], pk, 32);
    b.ballot = (struct urna_ballot){.keys = keys,
                                    .n_keys = 1,
                                    .style = style,
                                    .device = "online",
                                    .serial = serial,
                                    .contests = contest,
                                    .n_contests = n};
    for (uint32_t i = 0; i < n; i++) {
        struct urna_range range = {.c = (const uint8_t **)(uintptr_t)zeros,
                                   .n_c = 2,
                                   .v = (const uint8_t **)(uintptr_t)zeros,
                                   .n_v = 2};
        contest[i].limit = range;
        for (uint32_t f = 0; f < contest[i].n_fields; f++)
            contest[i].fields[f].proof = range;
    }
    urna_body_write(out, &b, P->lp, P->lq);
}

static void know_counted(const struct urna_context *P, const json_t *v, const char *style,
                         struct known *k)
{
    struct urna_arena a = {0};
    json_t *contests = json_object_get(v, "contests"), *x, *f;
    size_t i, j;
    struct urna_ballot_contest *c =
        URNA_NEW(&a, struct urna_ballot_contest, json_array_size(contests) + 1);
    json_array_foreach(contests, i, x)
    {
        json_t *fields = json_object_get(x, "fields");
        c[i].i = (uint32_t)num(x, "i");
        c[i].n_fields = (uint32_t)json_array_size(fields);
        c[i].fields = URNA_NEW(&a, struct urna_ballot_field, c[i].n_fields);
        json_array_foreach(fields, j, f)
        {
            c[i].fields[j].a = raw_hex(&a, f, "a", P->lp);
            c[i].fields[j].b = raw_hex(&a, f, "b", P->lp);
        }
    }
    uint8_t pk[32];
    unhex(pk, 32, str(v, "pk_1"));
    unhex(k->e, 32, str(v, "e"));
    ballot_body(&k->body, P, pk, style, 1, c, (uint32_t)json_array_size(contests));
    urna_arena_free(&a);
}

static void countset_all_cases_agree(void **state)
{
    (void)state;
    size_t i, x;
    json_t *c, *v;
    json_array_foreach(cases("countset"), i, c)
    {
        struct shape s = {.group = str(c, "group"),
                          .cells = json_object_get(c, "cells"),
                          .factors = 1,
                          .m_min = num(c, "m_min"),
                          .m_root = num(c, "m_root")};
        json_array_foreach(json_object_get(c, "styles"), x, v)
        {
            s.style[x] = str(v, "id");
            s.contests_of_style[x] = (uint32_t)json_array_size(json_object_get(v, "contests"));
        }
        json_array_foreach(json_object_get(c, "fields_of_contest"), x, v) s.fields[s.n_contests++] =
            (uint32_t)json_integer_value(v);
        json_t *counted = json_object_get(c, "counted"), *expect = json_object_get(c, "expect");
        size_t n = json_array_size(counted);
        /* Forwards, backwards, and from the middle; one thread and several. */
        for (int round = 0; round < 3; round++) {
            struct urna_judge *J = judge_of(&s, known_body, NULL, round == 2 ? 3 : 1);
            give_rows(J, json_object_get(c, "rows"));
            known = urna_xcalloc(n + 1, sizeof *known);
            J->ballots = urna_xcalloc(n + 1, sizeof *J->ballots);
            J->n_ballots = n_known = n;
            for (size_t b = 0; b < n; b++) {
                size_t from = round == 0 ? b : round == 1 ? n - 1 - b : (b + n / 2) % n;
                v = json_array_get(counted, from);
                uint8_t pk[32];
                unhex(pk, 32, str(v, "pk_1"));
                int64_t row = urna_judge_find_row(J, pk);
                assert_true(row >= 0);
                know_counted(J->P, v, J->P->m.styles[J->rows[row].style].id, &known[b]);
                J->ballots[b] = (struct urna_ballot_rec){.index = b,
                                                         .row = (uint32_t)row,
                                                         .serial = 1,
                                                         .state = URNA_B_COUNTED,
                                                         .void_at = -1};
                memcpy(J->ballots[b].e, known[b].e, 32);
            }
            urna_make_countset(J);
            const struct urna_buf *body = urna_judge_countset_body(J);
            assert_non_null(body);
            uint8_t e[32];
            unhex(e, 32, str(expect, "e"));
            if (!urna_view_eq_str(urna_buf_view(body), str(expect, "body")))
                fail_msg("%s, order %d: another body", str(c, "case"), round);
            assert_memory_equal(urna_judge_countset_hash(J), e, 32);
            urna_judge_free(J);
            forget_known(n);
        }
    }
    assert_int_equal(i, 4);
}

/* --- any order ----------------------------------------------------------- */

static uint64_t random_state;

static uint32_t next_random(uint32_t below)
{
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(random_state >> 33) % below;
}

enum { CREDENTIALS = 40, BALLOTS = 150, LOG = 400 };

static void same_ballots_in_any_order_give_one_countset(void **state)
{
    (void)state;
    struct shape s = {.group = "ristretto255",
                      .style = {"all"},
                      .contests_of_style = {1},
                      .fields = {2},
                      .n_contests = 1,
                      .factors = 1,
                      .revote = 1,
                      .m_min = 3,
                      .m_root = 3};
    static const char *const cells_text = "[{\"id\":\"land\"},{\"id\":\"a\",\"up\":1},{\"id\":"
                                          "\"b\",\"up\":1},{\"id\":\"c\",\"up\":1}]";
    json_t *cells = json_loads(cells_text, 0, NULL);
    s.cells = cells;
    struct {
        uint32_t row, serial;
        bool bad;
    } ballot[BALLOTS];
    uint8_t first[32] = {0};
    random_state = 0x6f72646572;
    known = urna_xcalloc(BALLOTS, sizeof *known);
    size_t of_index[LOG];
    for (int round = 0; round < 25; round++) {
        struct urna_judge *J = judge_of(&s, known_body, of_index, round % 2 ? 3 : 1);
        J->phase = URNA_VOTING;
        J->n_rows = CREDENTIALS;
        J->rows = urna_xcalloc(CREDENTIALS, sizeof *J->rows);
        for (uint32_t i = 0; i < CREDENTIALS; i++) {
            J->rows[i] = (struct urna_row){.n_keys = 1, .weight = 1 + i % 2, .leaf = i % 3};
            J->rows[i].key = (uint8_t(*)[32])urna_arena_alloc(&J->arena, 1, 32);
            J->rows[i].key[0][0] = (uint8_t)i;
        }
        if (round == 0) {
            const struct urna_fixed *g = urna_fixed_generator(J->P->G);
            for (uint32_t b = 0; b < BALLOTS; b++) {
                uint8_t enc[4][32];
                struct urna_ballot_field field[2];
                struct urna_ballot_contest contest = {.i = 1, .fields = field, .n_fields = 2};
                for (int f = 0; f < 4; f++) {
                    urna_scalar x;
                    urna_element y;
                    urna_scalar_from_u64(J->P->G, &x, 1 + next_random(1000000));
                    urna_fixed_exp_vartime(g, &y, &x, 1);
                    urna_element_encode(J->P->G, enc[f], &y);
                }
                for (int f = 0; f < 2; f++)
                    field[f] = (struct urna_ballot_field){.a = enc[2 * f], .b = enc[2 * f + 1]};
                ballot[b].row = next_random(CREDENTIALS);
                ballot[b].serial = 1 + next_random(4); /* so that equal serials are common */
                ballot[b].bad = next_random(8) == 0;
                ballot_body(&known[b].body, J->P, J->rows[ballot[b].row].key[0], "all",
                            ballot[b].serial, &contest, 1);
                urna_sha256(known[b].e, known[b].body.p, known[b].body.len);
            }
        }
        /* Every ballot once, in a random order, repetitions among them. */
        uint32_t order[BALLOTS];
        for (uint32_t b = 0; b < BALLOTS; b++)
            order[b] = b;
        for (uint32_t b = BALLOTS - 1; b > 0; b--) {
            uint32_t other = next_random(b + 1), x = order[b];
            order[b] = order[other];
            order[other] = x;
        }
        uint64_t at = 0;
        for (uint32_t b = 0; b < BALLOTS;) {
            uint32_t which = b > 0 && at < LOG - BALLOTS && next_random(3) == 0
                                 ? order[next_random(b)]
                                 : order[b++];
            struct urna_alone a = {.ok = !ballot[which].bad,
                                   .ballot_read = true,
                                   .ballot_signed = true,
                                   .n_keys = 1,
                                   .serial = ballot[which].serial};
            struct urna_entry e = {.index = at, .kind = URNA_BALLOT, .kind_name = "ballot"};
            struct urna_ruling r;
            memcpy(a.keys[0], J->rows[ballot[which].row].key[0], 32);
            memcpy(a.rho, known[which].e, 32);
            memcpy(e.e, known[which].e, 32);
            if (ballot[which].bad)
                urna_rule(&a.why, "V6.D", "bad");
            of_index[at++] = which;
            (void)urna_judge_fold(J, &e, &a, &r);
        }
        urna_seal_now(J, at, at);
        assert_non_null(urna_judge_countset_hash(J));
        if (round == 0)
            memcpy(first, urna_judge_countset_hash(J), 32);
        assert_memory_equal(urna_judge_countset_hash(J), first, 32);
        /* A plain look at what counts: the highest serial of the good ones, the lower e at equal
         * serials. */
        for (uint32_t c = 0; c < CREDENTIALS; c++) {
            int best = -1;
            for (int b = 0; b < BALLOTS; b++)
                if (ballot[b].row == c && !ballot[b].bad &&
                    (best < 0 || ballot[b].serial > ballot[best].serial ||
                     (ballot[b].serial == ballot[best].serial &&
                      memcmp(known[b].e, known[best].e, 32) < 0)))
                    best = b;
            unsigned counted = 0;
            for (size_t i = 0; i < J->n_ballots; i++)
                if (J->ballots[i].state == URNA_B_COUNTED && J->ballots[i].row == c) {
                    counted++;
                    assert_memory_equal(J->ballots[i].e, known[best].e, 32);
                }
            assert_int_equal(counted, best >= 0);
        }
        urna_judge_free(J);
    }
    forget_known(BALLOTS);
    json_decref(cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roll_close_all_cases_agree),
        cmocka_unit_test(selection_all_cases_agree),
        cmocka_unit_test(countset_all_cases_agree),
        cmocka_unit_test(same_ballots_in_any_order_give_one_countset),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
