/* Entries: the law's known answers for leaves, parts, signed messages, promises and the roll. */
#include "vectors.h"

#include <stdlib.h>

#include "model/entry.h"
#include "model/roll.h"

static const uint8_t zero[32];

static void assert_hash(const uint8_t got[32], const json_t *o, const char *key)
{
    uint8_t want[32];
    hash_of(want, o, key);
    assert_memory_equal(got, want, 32);
}

static void leaf_hash(uint8_t out[32], struct urna_view leaf)
{
    struct urna_sha256 s;
    urna_sha256_init(&s);
    urna_sha256_add(&s, "", 1);
    urna_sha256_add(&s, leaf.p, leaf.len);
    urna_sha256_end(&s, out);
}

/* --- parts: 51 runs of leaves ----------------------------------------------------------------- */

static void add_leaf(struct urna_buf *out, const json_t *l, const struct urna_buf *body)
{
    const char *head = json_string_value(json_object_get(l, "head"));
    const char *text = json_string_value(json_object_get(l, "text"));
    uint8_t hash[32];
    if (head != NULL) {
        urna_buf_str(out, head);
        urna_buf_char(out, '\n');
    }
    if (text != NULL) {
        urna_buf_str(out, text);
    } else {
        uint64_t from = num(l, "from"), to = num(l, "to");
        if (to > body->len)
            to = body->len; /* a cut that reaches beyond the end takes what is there */
        assert_true(from <= to);
        urna_buf_add(out, body->p + from, to - from);
    }
    assert_int_equal(out->len, num(l, "leaf_size"));
    leaf_hash(hash, urna_buf_view(out));
    assert_hash(hash, l, "leaf_hash");
}

/* One letter per leaf: o ok, v void, p a part of an entry, ? not yet said. */
struct verdicts {
    char of[16];
    size_t n;
};

static void note_strays(struct verdicts *v, const struct urna_stray *s, size_t n)
{
    uint64_t last = 0;
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || s[i].index > last);
        last = s[i].index;
        assert_true(last < v->n && v->of[last] == '?');
        assert_non_null(s[i].reason);
        v->of[last] = 'v';
    }
}

static void note_entry(struct verdicts *v, const struct urna_entry *e, const json_t *body_case,
                       const struct urna_buf *body)
{
    assert_true(v->of[e->index] == '?');
    v->of[e->index] = e->bad_form ? 'v' : 'o';
    assert_true(e->bad_form == (e->reason != NULL));
    assert_true(e->kind != URNA_KIND_UNKNOWN);
    for (uint32_t i = 1; i <= e->parts; i++) {
        assert_true(v->of[e->index - i] == '?');
        v->of[e->index - i] = 'p';
    }
    if (e->bad_form || e->out || e->kind != URNA_MANIFEST)
        return;
    assert_string_equal(e->kind_name, str(body_case, "kind"));
    assert_true(urna_view_eq(e->body, urna_buf_view(body)));
    assert_int_equal(e->body_size, body->len);
    assert_hash(e->e, body_case, "sha256");
}

static void run_parts_case(const json_t *t, const json_t *bodies)
{
    const json_t *leaves = json_object_get(t, "leaves"), *expect = json_object_get(t, "expect");
    const json_t *body_case = json_object_get(bodies, str(t, "body"));
    struct urna_assembler *s = urna_assembler_new(NULL, NULL);
    struct verdicts v = {.n = json_array_size(leaves)};
    struct urna_buf body = {0};
    const struct urna_stray *strays;
    size_t i, n;
    json_t *l;
    urna_buf_str(&body, str(body_case, "prefix"));
    for (uint64_t k = num(body_case, "times"); k > 0; k--)
        urna_buf_str(&body, str(body_case, "repeat"));
    urna_buf_str(&body, str(body_case, "suffix"));
    assert_int_equal(body.len, num(body_case, "size"));
    assert_true(v.n < sizeof v.of && json_array_size(expect) == v.n);
    memset(v.of, '?', v.n);
    json_array_foreach(leaves, i, l)
    {
        struct urna_buf leaf = {0};
        struct urna_entry e;
        add_leaf(&leaf, l, &body);
        bool is_entry = urna_assembler_leaf(s, i, urna_buf_view(&leaf), &e, &strays, &n);
        note_strays(&v, strays, n);
        if (is_entry)
            note_entry(&v, &e, body_case, &body);
        urna_buf_free(&leaf);
    }
    urna_assembler_end(s, &strays, &n);
    note_strays(&v, strays, n);
    for (i = 0; i < v.n; i++)
        if (v.of[i] != json_string_value(json_array_get(expect, i))[0])
            fail_msg("%s: leaf %zu: %c", str(t, "case"), i, v.of[i]);
    urna_assembler_free(s);
    urna_buf_free(&body);
}

static void law_parts(void **state)
{
    (void)state;
    json_t *law = load("law-vectors.json"), *t;
    const json_t *parts = json_object_get(law, "parts");
    const json_t *cases = json_object_get(parts, "cases");
    size_t i;
    assert_int_equal(json_array_size(cases), 51);
    json_array_foreach(cases, i, t) run_parts_case(t, json_object_get(parts, "bodies"));
    json_decref(law);
}

/* --- election-vectors.json: 13 entries -------------------------------------------------------- */

struct leaf_list {
    struct urna_buf leaf[8];
    size_t n;
};

static bool keep_leaf(void *ctx, struct urna_view leaf)
{
    struct leaf_list *l = ctx;
    assert_true(l->n < 8);
    urna_buf_add(&l->leaf[l->n++], leaf.p, leaf.len);
    return true;
}

static void free_leaves(struct leaf_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        urna_buf_free(&l->leaf[i]);
}

static bool give_body(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out)
{
    const struct urna_buf *body = ctx;
    (void)sha256;
    (void)size;
    urna_buf_add(out, body->p, body->len);
    return true;
}

/* The signers of a case, last first: urna_entry_leaves sorts them. */
static uint32_t read_signers(struct urna_sig *sigs, const json_t *signers)
{
    uint32_t n = (uint32_t)json_array_size(signers);
    assert_true(n <= 4);
    for (uint32_t i = 0; i < n; i++) {
        const json_t *s = json_array_get(signers, n - 1 - i);
        const char *hex = str(s, "sig");
        sigs[i].by = str(s, "by");
        assert_true(urna_unhex_any(sigs[i].sig, 64, hex, strlen(hex)));
    }
    return n;
}

static void check_messages(const json_t *t, const uint8_t phi[32], const struct urna_buf *body)
{
    const json_t *signers = json_object_get(t, "signers");
    bool manifest = strcmp(str(t, "kind"), "manifest") == 0;
    uint8_t e[32];
    size_t i;
    json_t *s;
    hash_of(e, t, "e");
    json_array_foreach(signers, i, s)
    {
        struct urna_buf got = {0}, want = {0};
        urna_signed_message(&got, manifest ? zero : phi, str(t, "kind"), str(s, "by"), body->len,
                            e);
        add_hex(&want, str(s, "message"));
        assert_true(urna_view_eq(urna_buf_view(&got), urna_buf_view(&want)));
        urna_buf_free(&got);
        urna_buf_free(&want);
    }
}

static void check_leaves(const json_t *t, const struct leaf_list *l)
{
    const json_t *parts = json_object_get(t, "part_leaf_hashes");
    uint8_t hash[32];
    assert_int_equal(l->n, json_array_size(parts) + 1);
    for (size_t i = 0; i + 1 < l->n; i++) {
        char hex[65];
        leaf_hash(hash, urna_buf_view(&l->leaf[i]));
        urna_hex(hex, hash, 32);
        for (char *p = hex; *p != '\0'; p++)
            if (*p >= 'A')
                *p = (char)(*p + 32);
        assert_string_equal(hex, json_string_value(json_array_get(parts, i)));
    }
    leaf_hash(hash, urna_buf_view(&l->leaf[l->n - 1]));
    assert_hash(hash, t, "leaf_hash");
}

static void check_assembled(const json_t *t, const struct leaf_list *l, struct urna_buf *body)
{
    struct urna_assembler *s = urna_assembler_new(give_body, body);
    const struct urna_stray *strays;
    size_t n;
    struct urna_entry e;
    for (size_t i = 0; i < l->n; i++) {
        bool last = i + 1 == l->n;
        assert_true(urna_assembler_leaf(s, 100 + i, urna_buf_view(&l->leaf[i]), &e, &strays, &n) ==
                    last);
        assert_int_equal(n, 0);
    }
    assert_false(e.bad_form);
    assert_false(e.absent);
    assert_int_equal(e.index, 100 + l->n - 1);
    assert_int_equal(e.parts, l->n - 1);
    assert_string_equal(urna_kind_name(e.kind), str(t, "kind"));
    assert_true(e.out == (strcmp(str(t, "form"), "out of line") == 0));
    assert_true(urna_view_eq(e.body, urna_buf_view(body)));
    assert_hash(e.e, t, "e");
    assert_int_equal(e.n_sigs, json_array_size(json_object_get(t, "signers")));
    urna_assembler_end(s, &strays, &n);
    assert_int_equal(n, 0);
    urna_assembler_free(s);
}

/* The body as the grammar of its kind. */
static void check_body(enum urna_kind kind, const struct urna_buf *body)
{
    struct urna_arena a = {0};
    struct urna_body b;
    struct urna_buf out = {0};
    struct urna_error err = URNA_ERROR_INIT;
    if (kind == URNA_ATTACHMENT)
        return;
    if (urna_body_read(&b, kind, urna_buf_view(body), 32, 32, &a, &err) != URNA_OK)
        fail_msg("%s", err.msg);
    urna_body_write(&out, &b, 32, 32);
    assert_true(urna_view_eq(urna_buf_view(&out), urna_buf_view(body)));
    urna_buf_free(&out);
    urna_arena_free(&a);
}

static void check_file(enum urna_kind kind, const struct urna_sig *sigs, uint32_t n_sigs,
                       const struct urna_buf *body)
{
    struct urna_arena a = {0};
    struct urna_buf file = {0}, again = {0};
    struct urna_entry e;
    struct urna_error err = URNA_ERROR_INIT;
    urna_entry_file_write(&file, kind, sigs, n_sigs, urna_buf_view(body));
    if (urna_entry_file_read(&e, urna_buf_view(&file), &a, &err) != URNA_OK)
        fail_msg("%s", err.msg);
    assert_int_equal(e.kind, kind);
    assert_true(urna_view_eq(e.body, urna_buf_view(body)));
    assert_true(e.out == urna_kind_out_of_line(kind));
    urna_entry_file_write(&again, e.kind, e.sigs, e.n_sigs, e.body);
    assert_true(urna_view_eq(urna_buf_view(&file), urna_buf_view(&again)));
    urna_buf_free(&file);
    urna_buf_free(&again);
    urna_arena_free(&a);
}

static void law_entries(void **state)
{
    (void)state;
    json_t *v = load("election-vectors.json"), *t;
    const json_t *entries = json_object_get(v, "entries");
    uint8_t phi[32];
    size_t i;
    hash_of(phi, json_object_get(v, "entries_election"), "phi");
    assert_int_equal(json_array_size(entries), 13);
    json_array_foreach(entries, i, t)
    {
        struct urna_buf body = {0};
        struct urna_sig sigs[4];
        struct leaf_list l = {0};
        uint8_t e[32];
        enum urna_kind kind = urna_kind_find(str(t, "kind"));
        add_body(&body, t, "body");
        assert_int_equal(body.len, num(t, "size"));
        urna_sha256(e, body.p, body.len);
        assert_hash(e, t, "e");
        check_messages(t, phi, &body);
        uint32_t n = read_signers(sigs, json_object_get(t, "signers"));
        assert_int_equal(
            urna_entry_leaves(kind, sigs, n, urna_buf_view(&body), keep_leaf, &l, NULL), URNA_OK);
        check_leaves(t, &l);
        check_assembled(t, &l, &body);
        check_body(kind, &body);
        check_file(kind, sigs, n, &body);
        free_leaves(&l);
        urna_buf_free(&body);
    }
    json_decref(v);
}

/* --- messages --------------------------------------------------------------------------------- */

static void law_promises(void **state)
{
    (void)state;
    json_t *law = load("law-vectors.json"), *t;
    const json_t *cases = json_object_get(json_object_get(law, "promise_and_received"), "cases");
    size_t i;
    assert_int_equal(json_array_size(cases), 12);
    json_array_foreach(cases, i, t)
    {
        struct urna_buf got = {0}, want = {0};
        uint8_t phi[32], e[32];
        bool promise = strcmp(str(t, "what"), "promise") == 0;
        hash_of(phi, t, "phi");
        hash_of(e, t, "e");
        urna_promise_message(&got, promise ? "urna-promise-v1" : "urna-received-v1", phi,
                             str(t, "kind"), e, num(t, "t"));
        add_hex(&want, str(json_object_get(t, "expect"), "message"));
        assert_true(urna_view_eq(urna_buf_view(&got), urna_buf_view(&want)));
        urna_buf_free(&got);
        urna_buf_free(&want);
    }
    json_decref(law);
}

static void law_guardian_commits(void **state)
{
    (void)state;
    json_t *law = load("law-vectors.json"), *t;
    const json_t *cases = json_object_get(json_object_get(law, "guardian_commit"), "cases");
    size_t i;
    assert_int_equal(json_array_size(cases), 2);
    json_array_foreach(cases, i, t)
    {
        uint8_t phi[32], hash[32];
        struct urna_buf body = {0};
        hash_of(phi, t, "phi");
        urna_buf_str(&body, str(t, "body"));
        urna_guardian_commit_hash(hash, phi, (uint32_t)num(t, "i"), urna_buf_view(&body));
        assert_hash(hash, json_object_get(t, "expect"), "hash");
        check_body(URNA_GUARDIAN_KEYS, &body);
        urna_buf_free(&body);
    }
    json_decref(law);
}

/* --- roll: leaves of 11 rolls ----------------------------------------------------------------- */

static int by_key(const void *x, const void *y)
{
    return memcmp(((const struct urna_roll_row *)x)->keys[0],
                  ((const struct urna_roll_row *)y)->keys[0], 32);
}

static uint32_t place_of_style(const json_t *styles, const char *id)
{
    for (uint32_t i = 0; i < json_array_size(styles); i++)
        if (strcmp(json_string_value(json_array_get(styles, i)), id) == 0)
            return i + 1;
    fail_msg("no style %s", id);
    return 0;
}

/* The cells of a case as a manifest's, and the place of a leaf among the leaves. */
static void read_cells(struct urna_manifest *m, const json_t *cells, struct urna_arena *a)
{
    size_t i;
    json_t *c;
    m->n_cells = (uint32_t)json_array_size(cells);
    m->cells = URNA_NEW(a, struct urna_cell, m->n_cells);
    json_array_foreach(cells, i, c)
    {
        m->cells[i].id = str(c, "id");
        m->cells[i].up = (uint32_t)json_integer_value(json_object_get(c, "up"));
    }
}

static uint32_t place_of_leaf(const struct urna_manifest *m, const char *id)
{
    uint32_t place = 0;
    for (uint32_t i = 0; i < m->n_cells; i++) {
        place += urna_cell_is_leaf(m, i);
        if (strcmp(m->cells[i].id, id) == 0)
            return urna_cell_is_leaf(m, i) ? place : 0;
    }
    return 0;
}

static uint32_t read_rows(struct urna_roll_row *out, uint32_t max, const json_t *bodies,
                          struct urna_arena *a)
{
    uint32_t n = 0;
    size_t i;
    json_t *text;
    json_array_foreach(bodies, i, text)
    {
        struct urna_body b;
        struct urna_view v = urna_view_str(json_string_value(text));
        assert_int_equal(urna_body_read(&b, URNA_ROLL, v, 32, 32, a, NULL), URNA_OK);
        for (uint32_t k = 0; k < b.roll.n_rows; k++) {
            assert_true(n < max);
            out[n++] = b.roll.rows[k];
        }
    }
    qsort(out, n, sizeof *out, by_key);
    return n;
}

static void law_roll_leaves(void **state)
{
    (void)state;
    json_t *law = load("law-vectors.json"), *t;
    const json_t *cases = json_object_get(json_object_get(law, "roll_root"), "cases");
    size_t i;
    assert_int_equal(json_array_size(cases), 11);
    json_array_foreach(cases, i, t)
    {
        struct urna_arena a = {0};
        struct urna_roll_row rows[16];
        struct urna_manifest m = {0};
        struct urna_buf close = {0};
        const json_t *expect = json_object_get(t, "expect");
        const json_t *leaves = json_object_get(expect, "leaves");
        uint32_t n = read_rows(rows, 16, json_object_get(t, "roll_bodies"), &a);
        read_cells(&m, json_object_get(t, "cells"), &a);
        assert_int_equal(n, num(expect, "count"));
        assert_int_equal(n, json_array_size(leaves));
        for (uint32_t k = 0; k < n; k++) {
            struct urna_buf got = {0}, want = {0};
            urna_roll_leaf(&got, &rows[k],
                           place_of_style(json_object_get(t, "styles"), rows[k].style),
                           place_of_leaf(&m, rows[k].leaf));
            add_hex(&want, json_string_value(json_array_get(leaves, k)));
            assert_true(urna_view_eq(urna_buf_view(&got), urna_buf_view(&want)));
            urna_buf_free(&got);
            urna_buf_free(&want);
        }
        if (json_array_size(json_object_get(t, "roll_bodies")) > 0) {
            urna_buf_str(&close, str(expect, "roll_close"));
            check_body(URNA_ROLL_CLOSE, &close);
        }
        urna_buf_free(&close);
        urna_arena_free(&a);
    }
    json_decref(law);
}

/* --- what the vectors leave out --------------------------------------------------------------- */

static struct urna_sig signer(const char *by)
{
    struct urna_sig s = {.by = by};
    memset(s.sig, 7, sizeof s.sig);
    return s;
}

static void leaves_that_no_reader_takes_are_not_made(void **state)
{
    (void)state;
    struct leaf_list l = {0};
    struct urna_view body = urna_view_str("{\"as\":\"w\"}");
    struct urna_sig twice[2] = {signer("w"), signer("w")}, bad = signer("W"), many[25];
    char ids[25][8];
    struct urna_error err = URNA_ERROR_INIT;
    for (unsigned i = 0; i < 25; i++) {
        snprintf(ids[i], sizeof ids[i], "id-%u", i);
        many[i] = signer(ids[i]);
    }
    assert_int_equal(urna_entry_leaves(URNA_ACCEPT, twice, 2, body, keep_leaf, &l, &err),
                     URNA_INPUT);
    assert_int_equal(urna_entry_leaves(URNA_ACCEPT, &bad, 1, body, keep_leaf, &l, NULL),
                     URNA_INPUT);
    assert_int_equal(urna_entry_leaves(URNA_ACCEPT, many, 25, body, keep_leaf, &l, NULL),
                     URNA_INPUT);
    assert_int_equal(l.n, 0);
    assert_int_equal(urna_entry_leaves(URNA_ACCEPT, many, 24, body, keep_leaf, &l, NULL), URNA_OK);
    assert_int_equal(l.n, 1);
    free_leaves(&l);
}

/* Only the length is looked at, so that the bytes need not be there. */
static void bodies_beyond_all_bounds_have_no_leaves(void **state)
{
    (void)state;
    struct leaf_list l = {0};
    struct urna_view out = urna_view("", (size_t)URNA_OUT_MAX + 1);
    struct urna_view parts = urna_view("", (size_t)URNA_PART_SIZE * URNA_PARTS_MAX + 1);
    assert_int_equal(urna_entry_leaves(URNA_STATEMENT, NULL, 0, out, keep_leaf, &l, NULL),
                     URNA_INPUT);
    assert_int_equal(urna_entry_leaves(URNA_ROLL, NULL, 0, parts, keep_leaf, &l, NULL), URNA_INPUT);
    assert_int_equal(l.n, 0);
}

/* The longest envelope and the longest body in line still make a leaf. */
static void the_longest_leaf_is_a_leaf(void **state)
{
    (void)state;
    struct urna_sig sigs[URNA_SIGS_MAX];
    char ids[URNA_SIGS_MAX][65];
    struct leaf_list l = {0};
    struct urna_buf body = {0};
    for (unsigned i = 0; i < URNA_SIGS_MAX; i++) {
        memset(ids[i], 'a', 64);
        ids[i][63] = (char)('a' + i);
        ids[i][64] = '\0';
        sigs[i] = signer(ids[i]);
    }
    for (int i = 0; i < URNA_PART_SIZE; i++)
        urna_buf_char(&body, 'x');
    assert_int_equal(urna_entry_leaves(URNA_GUARDIAN_COMPLAINT, sigs, URNA_SIGS_MAX,
                                       urna_buf_view(&body), keep_leaf, &l, NULL),
                     URNA_OK);
    assert_int_equal(l.n, 1);
    assert_true(l.leaf[0].len > URNA_PART_SIZE + 5000 && l.leaf[0].len <= URNA_LEAF_MAX);
    free_leaves(&l);
    urna_buf_free(&body);
}

static bool refuse_leaf(void *ctx, struct urna_view leaf)
{
    (void)leaf;
    return ++*(int *)ctx < 2;
}

static void leaves_stop_where_they_are_refused(void **state)
{
    (void)state;
    struct urna_buf body = {0};
    int calls = 0;
    for (int i = 0; i < 150000; i++)
        urna_buf_char(&body, 'x');
    assert_int_equal(
        urna_entry_leaves(URNA_ROLL, NULL, 0, urna_buf_view(&body), refuse_leaf, &calls, NULL),
        URNA_FALSE);
    assert_int_equal(calls, 2);
    urna_buf_free(&body);
}

static struct urna_entry one_leaf(struct urna_assembler *s, const char *text)
{
    const struct urna_stray *strays;
    size_t n;
    struct urna_entry e;
    assert_true(urna_assembler_leaf(s, 5, urna_view_str(text), &e, &strays, &n));
    assert_int_equal(n, 0);
    return e;
}

/* The leaves of a body of 120,000 bytes; `of` is what the parts say of their number. */
static void two_full_parts(struct leaf_list *l, unsigned of)
{
    struct urna_buf body = {0};
    for (int i = 0; i < 2 * URNA_PART_SIZE; i++)
        urna_buf_char(&body, 'x');
    assert_int_equal(
        urna_entry_leaves(URNA_ROLL, NULL, 0, urna_buf_view(&body), keep_leaf, l, NULL), URNA_OK);
    assert_int_equal(l->n, 3);
    for (int i = 0; i < 2; i++)
        l->leaf[i].p[strlen("{\"kind\":\"part\",\"i\":1,\"n\":")] = (uint8_t)('0' + of);
    urna_buf_free(&body);
}

/* The three leaves at these places: how many strays come before the entry, and is it good? */
static bool assembles(const struct leaf_list *l, const uint64_t at[3], size_t *strays_in_all)
{
    struct urna_assembler *s = urna_assembler_new(NULL, NULL);
    const struct urna_stray *strays;
    size_t n;
    struct urna_entry e = {0};
    *strays_in_all = 0;
    for (size_t i = 0; i < 3; i++) {
        assert_true(urna_assembler_leaf(s, at[i], urna_buf_view(&l->leaf[i]), &e, &strays, &n) ==
                    (i == 2));
        for (size_t k = 0; k < n; k++)
            assert_int_equal(strays[k].index, at[(*strays_in_all)++]);
    }
    urna_assembler_end(s, &strays, &n);
    *strays_in_all += n;
    urna_assembler_free(s);
    return !e.bad_form;
}

static void parts_with_a_gap_between_are_void(void **state)
{
    (void)state;
    static const uint64_t places[][3] = {{7, 8, 9}, {6, 8, 9}, {7, 8, 10}};
    struct leaf_list l = {0};
    size_t strays;
    two_full_parts(&l, 2);
    assert_true(assembles(&l, places[0], &strays));
    assert_int_equal(strays, 0);
    for (size_t i = 1; i < 3; i++) {
        assert_false(assembles(&l, places[i], &strays));
        assert_int_equal(strays, 2);
    }
    free_leaves(&l);
}

static void parts_of_a_longer_body_are_void(void **state)
{
    (void)state;
    static const uint64_t places[3] = {0, 1, 2};
    struct leaf_list l = {0};
    size_t strays;
    two_full_parts(&l, 3);
    assert_false(assembles(&l, places, &strays));
    assert_int_equal(strays, 2);
    free_leaves(&l);
}

#define ZERO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

static void unknown_kinds_are_unknown_in_every_form(void **state)
{
    (void)state;
    static const struct {
        const char *leaf;
        bool bad_form;
    } t[] = {
        {"{\"kind\":\"vote\",\"sigs\":[]}\nanything", false},
        {"{\"kind\":\"vote\",\"out\":1,\"sigs\":[]}\n{\"sha256\":\"" ZERO_HASH "\",\"size\":7}",
         false},
        {"{\"kind\":\"vote\",\"out\":1,\"sigs\":[]}\nno stub", true},
        {"{\"kind\":\"vote\",\"parts\":2,\"sigs\":[]}\n{\"sha256\":\"" ZERO_HASH
         "\",\"size\":60001}",
         true},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct urna_assembler *s = urna_assembler_new(NULL, NULL);
        struct urna_entry e = one_leaf(s, t[i].leaf);
        assert_int_equal(e.kind, URNA_KIND_UNKNOWN);
        assert_string_equal(e.kind_name, "vote");
        assert_int_equal(e.bad_form, t[i].bad_form);
        urna_assembler_free(s);
    }
}

static void leaves_without_an_envelope_have_no_kind(void **state)
{
    (void)state;
    static const char *const t[] = {"", "\n", "x", "{\"kind\":\"vote\"}\nx",
                                    "{\"kind\":\"Vote\",\"sigs\":[]}\nx"};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct urna_assembler *s = urna_assembler_new(NULL, NULL);
        struct urna_entry e = one_leaf(s, t[i]);
        assert_true(e.bad_form);
        assert_string_equal(e.kind_name, "");
        assert_true(e.kind != URNA_KIND_UNKNOWN);
        assert_int_equal(e.index, 5);
        urna_assembler_free(s);
    }
}

static bool give_wrong(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out)
{
    (void)sha256;
    (void)size;
    urna_buf_str(out, ctx);
    return true;
}

static void other_bytes_than_the_stub_says_are_absent(void **state)
{
    (void)state;
    /* SHA-256("abc"), size 3 */
    static const char leaf[] = "{\"kind\":\"attachment\",\"out\":1,\"sigs\":[]}\n{\"sha256\":\""
                               "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
                               "\",\"size\":3}";
    static const struct {
        char beside[8];
        bool absent;
    } t[] = {{"abc", false}, {"abd", true}, {"abcd", true}, {"", true}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char bytes[8];
        memcpy(bytes, t[i].beside, sizeof bytes);
        struct urna_assembler *s = urna_assembler_new(give_wrong, bytes);
        struct urna_entry e = one_leaf(s, leaf);
        assert_false(e.bad_form);
        assert_true(e.out);
        assert_int_equal(e.absent, t[i].absent);
        assert_int_equal(e.body.len, t[i].absent ? 0 : 3);
        assert_int_equal(e.body_size, 3);
        assert_int_equal(e.e[0], 0xBA);
        urna_assembler_free(s);
    }
}

static void copies_outlive_the_assembler(void **state)
{
    (void)state;
    struct urna_arena a = {0};
    struct urna_assembler *s = urna_assembler_new(NULL, NULL);
    struct urna_sig sig = signer("w");
    struct leaf_list l = {0};
    struct urna_entry e, copy;
    const struct urna_stray *strays;
    size_t n;
    assert_int_equal(urna_entry_leaves(URNA_ACCEPT, &sig, 1, urna_view_str("{\"as\":\"w\"}"),
                                       keep_leaf, &l, NULL),
                     URNA_OK);
    assert_true(urna_assembler_leaf(s, 1, urna_buf_view(&l.leaf[0]), &e, &strays, &n));
    free_leaves(&l);
    urna_entry_copy(&copy, &e, &a);
    urna_assembler_free(s);
    assert_int_equal(copy.kind, URNA_ACCEPT);
    assert_string_equal(copy.kind_name, "accept");
    assert_int_equal(copy.n_sigs, 1);
    assert_string_equal(copy.sigs[0].by, "w");
    assert_memory_equal(copy.sigs[0].sig, sig.sig, 64);
    assert_true(urna_view_eq_str(copy.body, "{\"as\":\"w\"}"));
    urna_arena_free(&a);
}

static void files_that_are_no_entries_are_refused(void **state)
{
    (void)state;
    static const char *const t[] = {
        "",
        "{\"kind\":\"accept\",\"sigs\":[]}",
        "{\"kind\":\"accept\",\"sigs\":[] }\n{\"as\":\"w\"}",
        "{\"kind\":\"vote\",\"sigs\":[]}\nx",
        "{\"kind\":\"part\",\"i\":1,\"n\":2,\"sigs\":[]}\nx",
        "{\"kind\":\"roll\",\"parts\":2,\"sigs\":[]}\n{\"sha256\":\"" ZERO_HASH
        "\",\"size\":60001}",
        "{\"kind\":\"statement\",\"out\":1,\"sigs\":[]}\n{\"sha256\":\"" ZERO_HASH "\",\"size\":7}",
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct urna_arena a = {0};
        struct urna_entry e;
        struct urna_error err = URNA_ERROR_INIT;
        assert_int_equal(urna_entry_file_read(&e, urna_view_str(t[i]), &a, &err), URNA_INPUT);
        assert_true(err.msg[0] != '\0');
        urna_arena_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(law_parts),
        cmocka_unit_test(law_entries),
        cmocka_unit_test(law_promises),
        cmocka_unit_test(law_guardian_commits),
        cmocka_unit_test(law_roll_leaves),
        cmocka_unit_test(leaves_that_no_reader_takes_are_not_made),
        cmocka_unit_test(bodies_beyond_all_bounds_have_no_leaves),
        cmocka_unit_test(the_longest_leaf_is_a_leaf),
        cmocka_unit_test(leaves_stop_where_they_are_refused),
        cmocka_unit_test(parts_with_a_gap_between_are_void),
        cmocka_unit_test(parts_of_a_longer_body_are_void),
        cmocka_unit_test(unknown_kinds_are_unknown_in_every_form),
        cmocka_unit_test(leaves_without_an_envelope_have_no_kind),
        cmocka_unit_test(other_bytes_than_the_stub_says_are_absent),
        cmocka_unit_test(copies_outlive_the_assembler),
        cmocka_unit_test(files_that_are_no_entries_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
