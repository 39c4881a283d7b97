/* A manifest and a log may be long in every direction. What the judge does then must follow the
 * length of what it reads: each case here would take minutes or gigabytes if it followed a product
 * of two lists, and so run into the time limit of the tests. The cases are one election's, in
 * order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "model/roll.h"
#include "proof/ed25519.h"
#include "rules/judge_internal.h"

enum { MANY = 150000, LEAVES = 3000, ROWS = 126, WEIGHTS = 3, STYLES = 6 };

static struct urna_judge *J;
static struct urna_buf ballot[ROWS];

static const char *numbered(struct urna_arena *a, const char *prefix, uint32_t i)
{
    char id[24];
    snprintf(id, sizeof id, "%s%u", prefix, i);
    return urna_arena_strndup(a, id, strlen(id));
}

static void set_key(uint8_t key[32], const char *name)
{
    uint8_t seed[32] = "TEST ";
    snprintf((char *)seed, sizeof seed, "TEST %s", name);
    urna_ed25519_public(key, seed);
}

static struct urna_role *role(struct urna_arena *a, const char *id)
{
    struct urna_role *r = URNA_NEW(a, struct urna_role, 1);
    r->id = r->bloc = id;
    set_key(r->key, id);
    return r;
}

static bool read_ballot(void *ctx, uint64_t index, uint32_t parts, struct urna_buf *out)
{
    (void)ctx;
    assert_int_equal(parts, 0);
    assert_true(index < ROWS);
    urna_buf_add(out, ballot[index].p, ballot[index].len);
    return true;
}

/* As many contests, styles (one contest each) and devices as there is room for in a sensible test.
 */
static void long_lists(struct urna_manifest *m, struct urna_arena *a)
{
    m->contests = URNA_NEW(a, struct urna_contest, m->n_contests = MANY);
    m->styles = URNA_NEW(a, struct urna_style, m->n_styles = MANY);
    m->devices = URNA_NEW(a, struct urna_device, m->n_devices = MANY);
    m->cells = URNA_NEW(a, struct urna_cell, m->n_cells = LEAVES + 1);
    m->cells[0].id = "land";
    for (uint32_t i = 1; i <= LEAVES; i++)
        m->cells[i] = (struct urna_cell){.id = numbered(a, "cell", i), .up = 1};
    for (uint32_t i = 0; i < MANY; i++) {
        struct urna_contest *c = &m->contests[i];
        *c = (struct urna_contest){
            .id = numbered(a, "c", i), .limit = 1, .option_limit = 1, .n_options = 1};
        c->options = URNA_NEW(a, struct urna_contest_option, 1);
        c->options->id = "yes";
        m->styles[i] = (struct urna_style){numbered(a, "s", i), URNA_NEW(a, uint32_t, 1), 1};
        m->styles[i].contests[0] = i + 1;
        m->devices[i].id = numbered(a, "d", i);
    }
}

static int begin(void **state)
{
    (void)state;
    struct urna_arena a = {0};
    struct urna_buf bytes = {0};
    struct urna_ruling r;
    struct urna_body b = {.kind = URNA_MANIFEST};
    b.manifest = (struct urna_manifest){.test = 1,
                                        .zone = "UTC",
                                        .group = "ristretto255",
                                        .n = 1,
                                        .k = 1,
                                        .origin = "urna.example/large",
                                        .commission = role(&a, "co"),
                                        .n_commission = 1,
                                        .guardians = role(&a, "g1"),
                                        .n_guardians = 1,
                                        .registrars = role(&a, "re"),
                                        .n_registrars = 1,
                                        .credentials = URNA_VOTER_MADE,
                                        .m_min = 3,
                                        .m_root = 3,
                                        .m_roll = 1,
                                        .t_open = 1,
                                        .t_close = 2,
                                        .delta = 1,
                                        .t_seal = 4,
                                        .ballot_max = 20,
                                        .challenge_max = 1000,
                                        .block = 1};
    set_key(b.manifest.log_key, "log");
    long_lists(&b.manifest, &a);
    urna_body_write(&bytes, &b, 0, 0);
    J = urna_judge_new(NULL, read_ballot, NULL, 2);
    J->P = urna_context_from_manifest(urna_buf_view(&bytes), &r);
    if (!J->P)
        fail_msg("manifest: %s %s", r.rule, r.reason);
    J->entries = 1;
    urna_buf_free(&bytes);
    urna_arena_free(&a);
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        urna_buf_free(&ballot[i]);
    urna_judge_free(J);
    return 0;
}

static void every_name_of_a_long_list_is_found(void **state)
{
    (void)state;
    struct urna_arena a = {0};
    for (uint32_t i = 0; i < MANY; i++) {
        assert_int_equal(urna_context_style(J->P, numbered(&a, "s", i)), i);
        assert_int_equal(urna_context_device(J->P, numbered(&a, "d", i)), i);
        if (i < LEAVES)
            assert_int_equal(urna_context_leaf(J->P, numbered(&a, "cell", i + 1)), i);
        urna_arena_reset(&a);
    }
    assert_int_equal(urna_context_style(J->P, "d1"), -1);
    assert_int_equal(urna_context_device(J->P, "s1"), -1);
    assert_int_equal(urna_context_leaf(J->P, "land"), -1);
    urna_arena_free(&a);
}

static struct urna_entry entry_of(enum urna_kind kind, const struct urna_buf *body)
{
    struct urna_entry e = {.kind = kind,
                           .kind_name = urna_kind_name(kind),
                           .body = urna_buf_view(body),
                           .body_size = body->len};
    urna_sha256(e.e, body->p, body->len);
    return e;
}

/* The i-th key: g^(i+1), which is a key without anybody's secret. */
static void voter_key(uint8_t out[32], uint32_t i)
{
    urna_scalar x;
    urna_element y;
    urna_scalar_from_u64(J->P->G, &x, (uint64_t)i + 1);
    urna_fixed_exp_vartime(urna_fixed_generator(J->P->G), &y, &x, 1);
    urna_element_encode(J->P->G, out, &y);
}

/* Every (style, weight) has ROWS / STYLES / WEIGHTS = 7 rows, in cells far apart. */
static uint32_t style_of(uint32_t i)
{
    return (i % STYLES) * (MANY / STYLES);
}
static uint32_t weight_of(uint32_t i)
{
    return 1 + i / STYLES % WEIGHTS;
}

static int by_key(const void *a, const void *b)
{
    const struct urna_roll_row *x = a, *y = b;
    return memcmp(x->keys[0], y->keys[0], 32);
}

static void make_roll(struct urna_body *b, struct urna_arena *a)
{
    *b = (struct urna_body){.kind = URNA_ROLL};
    b->roll.rows = URNA_NEW(a, struct urna_roll_row, b->roll.n_rows = ROWS);
    for (uint32_t i = 0; i < ROWS; i++) {
        struct urna_roll_row *row = &b->roll.rows[i];
        row->keys = (uint8_t(*)[32])urna_arena_alloc(a, 1, 32);
        row->n_keys = 1;
        voter_key(row->keys[0], i);
        row->style = numbered(a, "s", style_of(i));
        row->weight = weight_of(i);
        row->leaf = numbered(a, "cell", 1 + i * 20);
    }
    qsort(b->roll.rows, ROWS, sizeof *b->roll.rows, by_key);
}

/* Many rolls of which one is named: it is found, and its classes are counted. */
static void roll_closes_among_many_rolls_styles_and_contests(void **state)
{
    (void)state;
    struct urna_arena a = {0};
    struct urna_buf empty = {0}, roll = {0}, close = {0};
    struct urna_ruling r = {"", ""};
    struct urna_body b;
    urna_buf_str(&empty, "{\"rows\":[]}");
    for (uint32_t i = 0; i < MANY; i++) {
        struct urna_entry e = entry_of(URNA_ROLL, &empty);
        urna_sha256(e.e, &i, sizeof i);
        assert_true(urna_fold_roll(J, &e, &r));
    }
    make_roll(&b, &a);
    urna_body_write(&roll, &b, 32, 32);
    struct urna_entry e = entry_of(URNA_ROLL, &roll);
    assert_true(urna_fold_roll(J, &e, &r));

    struct urna_body c = {.kind = URNA_ROLL_CLOSE};
    c.roll_close.rolls = &e.e;
    c.roll_close.n_rolls = 1;
    c.roll_close.count = ROWS;
    c.roll_close.cells = URNA_NEW(&a, struct urna_cell_count, c.roll_close.n_cells = LEAVES);
    for (uint32_t i = 0; i < LEAVES; i++)
        c.roll_close.cells[i] =
            (struct urna_cell_count){numbered(&a, "cell", i + 1), i % 20 == 0 && i / 20 < ROWS};
    struct urna_merkle tree = {0};
    for (uint32_t i = 0; i < ROWS; i++) {
        const struct urna_roll_row *row = &b.roll.rows[i];
        struct urna_buf leaf = {0};
        uint8_t h[32];
        urna_roll_leaf(&leaf, row, (uint32_t)urna_context_style(J->P, row->style) + 1,
                       (uint32_t)urna_context_leaf(J->P, row->leaf) + 1);
        urna_merkle_leaf(h, leaf.p, leaf.len);
        urna_merkle_add(&tree, h);
        urna_buf_free(&leaf);
    }
    urna_merkle_root(&tree, c.roll_close.root);
    urna_body_write(&close, &c, 32, 32);
    struct urna_entry ce = entry_of(URNA_ROLL_CLOSE, &close);
    if (!urna_fold_roll_close(J, &ce, &r))
        fail_msg("roll.close: %s", r.reason);
    assert_int_equal(J->n_rows, ROWS);
    urna_buf_free(&empty);
    urna_buf_free(&roll);
    urna_buf_free(&close);
    urna_arena_free(&a);
}

static void cast(uint32_t i, const uint8_t *one)
{
    struct urna_ballot_field field = {.a = one, .b = one};
    const struct urna_row *row = &J->rows[i];
    const struct urna_style *style = &J->P->m.styles[row->style];
    struct urna_ballot_contest c = {.i = style->contests[0], .fields = &field, .n_fields = 1};
    struct urna_body b = {.kind = URNA_BALLOT};
    struct urna_ruling r;
    b.ballot = (struct urna_ballot){.keys = row->key,
                                    .n_keys = 1,
                                    .style = style->id,
                                    .device = "d0",
                                    .serial = 1,
                                    .contests = &c,
                                    .n_contests = 1};
    urna_body_write(&ballot[i], &b, 32, 32);
    struct urna_entry e = entry_of(URNA_BALLOT, &ballot[i]);
    struct urna_alone alone = {.ok = true,
                               .ballot_read = true,
                               .ballot_signed = true,
                               .n_keys = 1,
                               .style = row->style,
                               .serial = 1};
    memcpy(alone.keys[0], row->key[0], 32);
    e.index = i;
    if (!urna_judge_fold(J, &e, &alone, &r))
        fail_msg("ballot %u: %s %s", i, r.rule, r.reason);
}

static void count_follows_the_ballots(void **state)
{
    (void)state;
    uint8_t one[32];
    voter_key(one, 0);
    J->phase = URNA_VOTING;
    for (uint32_t i = 0; i < ROWS; i++)
        cast(i, one);
    urna_seal_now(J, ROWS, ROWS);
    assert_true(J->countset_known);
    /* The seven of each contest and weight are alone in their cells and together at the root. */
    assert_int_equal(J->n_groups, STYLES * WEIGHTS);
    for (size_t g = 0; g < J->n_groups; g++) {
        urna_element sum;
        urna_scalar n;
        const struct urna_tally_group *t = &J->groups[g];
        assert_int_equal(t->contest, style_of((uint32_t)g / WEIGHTS) + 1);
        assert_int_equal(t->weight, 1 + g % WEIGHTS);
        assert_int_equal(t->n, ROWS / STYLES / WEIGHTS);
        assert_int_equal(t->n_leaves, t->n);
        for (uint32_t l = 1; l < t->n_leaves; l++)
            assert_true(t->leaves[l - 1] < t->leaves[l]);
        urna_scalar_from_u64(J->P->G, &n, t->n);
        urna_fixed_exp_vartime(urna_fixed_generator(J->P->G), &sum, &n, 1);
        assert_true(urna_element_eq(J->P->G, &t->A[0], &sum));
        assert_true(urna_element_eq(J->P->G, &t->B[0], &sum));
    }
    for (uint32_t c = 0; c < MANY; c++)
        assert_int_equal(J->contests[c].counted, c % (MANY / STYLES) == 0 ? ROWS / STYLES : 0);
}

/* One guardian alone may begin as many sessions as there are numbers of attempts. */
static void sessions_are_found_among_many(void **state)
{
    (void)state;
    uint8_t d[1][32] = {{0}};
    uint32_t present = 1;
    struct urna_commit_row row = {d, 1};
    struct urna_sig sig = {.by = "g1"};
    struct urna_body b = {.kind = URNA_DECRYPT_COMMIT};
    struct urna_buf body = {0};
    b.decrypt_commit.s = (struct urna_session){
        .as = "g1", .present = &present, .n_present = 1, .attempt = 1, .block = 1};
    memcpy(b.decrypt_commit.s.countset, J->countset_hash, 32);
    b.decrypt_commit.d = &row;
    b.decrypt_commit.n_d = 1;
    for (uint32_t i = 0; i < MANY + 2; i++) {
        struct urna_ruling r = {"", ""};
        b.decrypt_commit.s.attempt = i < MANY ? URNA_INT_MAX - i : URNA_INT_MAX;
        b.decrypt_commit.s.block = i < MANY ? 1 : i - MANY + 1;
        urna_buf_reset(&body);
        urna_body_write(&body, &b, 32, 32);
        struct urna_entry e = entry_of(URNA_DECRYPT_COMMIT, &body);
        e.sigs = &sig;
        e.n_sigs = 1;
        bool ok = urna_fold_decrypt(J, &e, &r);
        assert_int_equal(ok,
                         i != MANY); /* the first once more; then its attempt in another block */
        if (!ok)
            assert_non_null(strstr(r.reason, "has committed already in this session"));
    }
    assert_int_equal(urna_judge_sessions(J), MANY + 1);
    struct urna_session_view s;
    urna_judge_session(J, MANY, &s);
    assert_int_equal(s.attempt, URNA_INT_MAX);
    assert_int_equal(s.block, 2);
    urna_buf_free(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_of_a_long_list_is_found),
        cmocka_unit_test(roll_closes_among_many_rolls_styles_and_contests),
        cmocka_unit_test(count_follows_the_ballots),
        cmocka_unit_test(sessions_are_found_among_many),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
