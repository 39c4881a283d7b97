/* Every entry of every golden record: what the law calls ok is read, and written again byte for
 * byte; what it calls a fault of form is refused; and no mutation of a body is read as another. */
#include "vectors.h"

#include <stdlib.h>

#include "log/files.h"
#include "model/entry.h"

#define BUNDLE 256
#define KEEP_MAX 6 /* bodies of each kind that are mutated */
#define ARCHIVES_MAX 40

static struct archive {
    char name[64];
    struct urna_files files;
} archives[ARCHIVES_MAX];
static size_t n_archives;
static struct urna_buf kept[URNA_KIND_COUNT][KEEP_MAX];
static size_t kept_lp[URNA_KIND_COUNT][KEEP_MAX];
static unsigned n_kept[URNA_KIND_COUNT];
static size_t n_records, n_entries, n_bodies[URNA_KIND_COUNT];

/* --- one record ------------------------------------------------------------------------------- */

struct record {
    const char *name;
    const json_t *expected;
    const struct urna_files *files; /* of its archive */
    const char *folder;             /* inside the archive, with its slash, or "" */
    size_t lp;                      /* of the manifest's group; 0: not known yet */
    bool judged;                    /* the law says of each entry whether it is void */
    struct urna_arena a;
};

/* The rules that may name entry i as void, or NULL. */
static const char *void_rule(const struct record *r, uint64_t index)
{
    const json_t *list = json_object_get(r->expected, "void");
    size_t i;
    json_t *v;
    json_array_foreach(list, i, v) if ((uint64_t)json_integer_value(json_array_get(v, 0)) ==
                                       index) return json_string_value(json_array_get(v, 1));
    return NULL;
}

static void want_void(const struct record *r, uint64_t index, const char *rule, const char *why)
{
    const char *got = void_rule(r, index);
    if (r->judged && (got == NULL || strstr(got, rule) == NULL))
        fail_msg("%s: entry %llu is %s, but we say %s: %s", r->name, (unsigned long long)index,
                 got == NULL ? "ok" : got, rule, why);
}

static bool read_file(const struct record *r, const char *name, struct urna_buf *out)
{
    struct urna_buf path = {0}, buf = {0};
    struct urna_view content;
    struct urna_error err = URNA_ERROR_INIT;
    bool too_long = false;
    size_t i;
    urna_buf_printf(&path, "%s%s", r->folder, name);
    bool there = urna_files_find(r->files, urna_buf_cstr(&path), &i);
    if (there) {
        if (urna_files_read(r->files, i, URNA_OUT_MAX, &buf, &content, &too_long, &err) != URNA_OK)
            fail_msg("%s", err.msg);
        assert_false(too_long);
        urna_buf_add(out, content.p, content.len);
    }
    urna_buf_free(&path);
    urna_buf_free(&buf);
    return there;
}

static struct record find_record(const char *name, const json_t *expected)
{
    struct record r = {.name = name, .expected = expected, .folder = str(expected, "folder")};
    for (size_t i = 0; i < n_archives; i++)
        if (strcmp(archives[i].name, str(expected, "archive")) == 0)
            r.files = &archives[i].files;
    assert_non_null(r.files);
    return r;
}

static bool fetch(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out)
{
    char hex[65], name[80];
    (void)size;
    urna_hex(hex, sha256, 32);
    snprintf(name, sizeof name, "body/%s", hex);
    return read_file(ctx, name, out);
}

static void keep(enum urna_kind k, struct urna_view body, size_t lp)
{
    if (n_kept[k] == KEEP_MAX || body.len > 5000)
        return;
    for (unsigned i = 0; i < n_kept[k]; i++)
        if (urna_view_eq(urna_buf_view(&kept[k][i]), body))
            return;
    kept_lp[k][n_kept[k]] = lp;
    urna_buf_add(&kept[k][n_kept[k]++], body.p, body.len);
}

/* manifest: remember the group, as later bodies need its sizes. */
static void learn_group(struct record *r, const struct urna_body *b)
{
    r->lp = strcmp(b->manifest.group, "eg4096") == 0 ? 512 : 32;
}

static void check_entry(struct record *r, const struct urna_entry *e)
{
    struct urna_body b;
    struct urna_buf out = {0};
    struct urna_error err = URNA_ERROR_INIT;
    n_entries++;
    if (e->kind == URNA_KIND_UNKNOWN) {
        want_void(r, e->index, "E11", "unknown kind");
        return;
    }
    if (e->bad_form) {
        want_void(r, e->index, "E12", e->reason);
        return;
    }
    if (e->absent || e->kind == URNA_ATTACHMENT)
        return;
    urna_arena_reset(&r->a);
    if (urna_body_read(&b, e->kind, e->body, r->lp, 32, &r->a, &err) != URNA_OK) {
        assert_true(err.offset >= 0 && (uint64_t)err.offset <= e->body.len);
        want_void(r, e->index, "E12", err.msg);
        return;
    }
    urna_body_write(&out, &b, r->lp, 32);
    if (!urna_view_eq(urna_buf_view(&out), e->body))
        fail_msg("%s: entry %llu is not written as it was read", r->name,
                 (unsigned long long)e->index);
    urna_buf_free(&out);
    if (e->kind == URNA_MANIFEST && r->lp == 0)
        learn_group(r, &b);
    n_bodies[e->kind]++;
    keep(e->kind, e->body, r->lp);
}

/* tile/entries/ of bundle n, as far as it is there; false at the end. */
static bool read_bundle(const struct record *r, uint64_t n, uint64_t size, struct urna_buf *out)
{
    char name[64];
    uint64_t width = size - n * BUNDLE < BUNDLE ? size - n * BUNDLE : BUNDLE;
    assert_true(n < 1000);
    if (width == BUNDLE)
        snprintf(name, sizeof name, "tile/entries/%03u", (unsigned)n);
    else
        snprintf(name, sizeof name, "tile/entries/%03u.p/%u", (unsigned)n, (unsigned)width);
    return read_file(r, name, out);
}

static void take_leaf(struct record *r, struct urna_assembler *s, uint64_t index,
                      struct urna_view leaf)
{
    const struct urna_stray *strays;
    size_t n;
    struct urna_entry e;
    bool is_entry = urna_assembler_leaf(s, index, leaf, &e, &strays, &n);
    for (size_t i = 0; i < n; i++)
        want_void(r, strays[i].index, "E12", strays[i].reason);
    if (is_entry)
        check_entry(r, &e);
}

static uint64_t log_size(const struct record *r)
{
    struct urna_buf checkpoint = {0};
    uint64_t size = 0;
    if (read_file(r, "checkpoint", &checkpoint)) {
        const char *line = strchr(urna_buf_cstr(&checkpoint), '\n');
        if (line != NULL)
            size = strtoull(line + 1, NULL, 10);
    }
    urna_buf_free(&checkpoint);
    return size;
}

static void read_leaves(struct record *r, struct urna_assembler *s)
{
    uint64_t size = log_size(r), index = 0;
    for (uint64_t n = 0; n * BUNDLE < size; n++) {
        struct urna_buf bundle = {0};
        bool there = read_bundle(r, n, size, &bundle);
        for (size_t i = 0; there && i + 2 <= bundle.len && index < size; index++) {
            size_t len = (size_t)bundle.p[i] << 8 | bundle.p[i + 1];
            if (len > bundle.len - i - 2)
                break;
            take_leaf(r, s, index, urna_view(bundle.p + i + 2, len));
            i += 2 + len;
        }
        urna_buf_free(&bundle);
        if (!there)
            return;
    }
}

static void check_record(const char *name, const json_t *expected)
{
    struct record r = find_record(name, expected);
    const char *answer = json_string_value(json_object_get(expected, "answer"));
    const struct urna_stray *strays;
    size_t n;
    r.judged = answer != NULL && (strcmp(answer, "consistent") == 0 ||
                                  strcmp(answer, "computed") == 0 || strcmp(answer, "final") == 0);
    struct urna_assembler *s = urna_assembler_new(fetch, &r);
    read_leaves(&r, s);
    urna_assembler_end(s, &strays, &n);
    for (size_t i = 0; i < n; i++)
        want_void(&r, strays[i].index, "E12", strays[i].reason);
    urna_assembler_free(s);
    urna_arena_free(&r.a);
    n_records++;
}

static void golden_bodies_are_written_as_they_were_read(void **state)
{
    (void)state;
    json_t *expected = load("records/expected.json"), *r;
    const char *name;
    json_object_foreach(json_object_get(expected, "records"), name, r) check_record(name, r);
    assert_true(n_records > 430);
    assert_true(n_entries > 15000);
    for (unsigned k = 0; k < URNA_KIND_COUNT; k++)
        if (k != URNA_ATTACHMENT && n_bodies[k] == 0)
            fail_msg("no body of kind %s", urna_kind_name((enum urna_kind)k));
    json_decref(expected);
}

/* --- faults of schema ------------------------------------------------------------------------- */

/* The damage of these records is one of form, and this room is the one to see it. */
static const char *const schema_faults[] = {
    "result.tie0",
    "result.secret0",
    "countset.weight1.extra",
    "roll.weight1",
    "roll.weight-big",
    "roll.same-key-twice",
    "roll.rolls-order",
    "decrypt.present-twice",
    "decrypt.block0",
    "anchor.empty",
    "anchor.time0",
    "redact.reason",
    "verdict.answer",
    "body.grammar",
    "body.bidi",
    "kind.ballot-as-challenge",
    "grammar.space.extra",
    "grammar.dupkey.extra",
    "grammar.order.extra",
    "grammar.lower.extra",
    "grammar.missing.extra",
    "grammar.zero.extra",
    "grammar.float.extra",
    "grammar.exp.extra",
    "grammar.minus.extra",
    "grammar.null.extra",
    "grammar.escape.extra",
    "grammar.bom.extra",
    "grammar.tail.extra",
    "grammar.serial65536.extra",
    "grammar.type.extra",
    "manifest.default",
    "manifest.order",
    "manifest.format",
    "manifest.zone",
    "manifest.limit",
    "manifest.style-order",
    "manifest.style-empty",
    "manifest.options",
    "manifest.m-min",
    "manifest.weight",
    "manifest.secret-weight",
    "manifest.block0",
    "manifest.den0",
};
/* And these are for the rules: the bodies have a good form. */
static const char *const good_forms[] = {
    "proof.extra-pair.extra",
    "proof.uneven.extra",
    "shape.contest-missing.extra",
    "shape.contest-order.extra",
    "shape.field-extra.extra",
    "roll.nkeys.named",
    "roll.dup.named",
    "roll.identity.named",
    "result.order",
    "result.tie",
    "countset.order.extra",
    "decrypt.unknown",
    "decrypt.block-empty",
    "tally.field.extra",
    "manifest.k",
    "manifest.up",
    "manifest.root-up",
    "manifest.group",
};

/* Does the body of the entry that the damage is about have a good form? */
static bool damaged_body_is_read(const char *name, const json_t *expected)
{
    const json_t *must = json_object_get(expected, "must_name");
    uint64_t index = 0, size;
    struct record r = find_record(name, expected);
    struct urna_buf bundle = {0};
    bool read = false, seen = false;
    if (json_array_size(must) > 0)
        index = (uint64_t)json_integer_value(json_array_get(json_array_get(must, 0), 0));
    struct urna_assembler *s = urna_assembler_new(fetch, &r);
    size = log_size(&r);
    assert_true(read_bundle(&r, 0, size, &bundle));
    for (size_t i = 0, at = 0; at <= index && i + 2 <= bundle.len; at++) {
        const struct urna_stray *strays;
        size_t n, len = (size_t)bundle.p[i] << 8 | bundle.p[i + 1];
        struct urna_entry e;
        struct urna_body b;
        bool entry = urna_assembler_leaf(s, at, urna_view(bundle.p + i + 2, len), &e, &strays, &n);
        i += 2 + len;
        if (!entry || at != index)
            continue;
        assert_false(e.bad_form);
        seen = true;
        read = urna_body_read(&b, e.kind, e.body, 32, 32, &r.a, NULL) == URNA_OK;
    }
    assert_true(seen);
    urna_assembler_free(s);
    urna_arena_free(&r.a);
    urna_buf_free(&bundle);
    return read;
}

static void faults_of_schema_are_seen_here(void **state)
{
    (void)state;
    json_t *expected = load("records/expected.json");
    const json_t *records = json_object_get(expected, "records");
    for (size_t i = 0; i < sizeof schema_faults / sizeof schema_faults[0]; i++)
        if (damaged_body_is_read(schema_faults[i], json_object_get(records, schema_faults[i])))
            fail_msg("%s: read", schema_faults[i]);
    for (size_t i = 0; i < sizeof good_forms / sizeof good_forms[0]; i++)
        if (!damaged_body_is_read(good_forms[i], json_object_get(records, good_forms[i])))
            fail_msg("%s: not read", good_forms[i]);
    json_decref(expected);
}

/* --- mutations -------------------------------------------------------------------------------- */

static uint64_t random_state = 0x75726E61;

static size_t below(size_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state % n);
}

static void splice(struct urna_buf *b, size_t at, size_t cut, const char *put, size_t len)
{
    struct urna_buf out = {0};
    urna_buf_add(&out, b->p, at);
    urna_buf_add(&out, put, len);
    urna_buf_add(&out, b->p + at + cut, b->len - at - cut);
    urna_buf_free(b);
    *b = out;
}

static void mutate(struct urna_buf *b)
{
    static const char *const tokens[] = {"0",
                                         "1",
                                         "\"",
                                         ",",
                                         "[",
                                         "]",
                                         "{",
                                         "}",
                                         ":",
                                         "[]",
                                         "{}",
                                         "null",
                                         " ",
                                         "\\",
                                         "\\n",
                                         "00",
                                         "-1",
                                         "1.0",
                                         "1e1",
                                         "\"a\"",
                                         ",1",
                                         "a",
                                         "\x80",
                                         "\xC3\xA9",
                                         "\"test\":0,",
                                         "\"weight\":1,",
                                         "9007199254740993"};
    static const char characters[] = "0123456789ABCDEFabcdef\",:[]{}.-";
    size_t at = below(b->len), cut = below(4) == 0 ? below(b->len - at) % 80 : below(3);
    const char *token = tokens[below(sizeof tokens / sizeof tokens[0])];
    if (cut > b->len - at)
        cut = b->len - at;
    switch (below(4)) {
    case 0:
        b->p[at] ^= (uint8_t)(1u << below(8));
        break;
    case 1:
        b->p[at] = (uint8_t)characters[below(sizeof characters - 1)];
        break;
    case 2:
        splice(b, at, cut, token, strlen(token));
        break;
    default: { /* double or drop a piece */
        char piece[80];
        memcpy(piece, b->p + at, cut);
        splice(b, at, below(2) == 0 ? cut : 0, piece, below(2) == 0 ? cut : 0);
    }
    }
}

/* What is read is written as it stood; returns whether it was read. */
static bool holds(enum urna_kind k, const struct urna_buf *text, size_t lp)
{
    struct urna_arena a = {0};
    struct urna_body b;
    struct urna_buf out = {0};
    uint8_t *exact = urna_xmalloc(text->len + 1); /* + 1: not of size 0 */
    uint8_t *p = exact + 1;                       /* ends where the block ends */
    if (text->len > 0)
        memcpy(p, text->p, text->len);
    bool ok = urna_body_read(&b, k, urna_view(p, text->len), lp, 32, &a, NULL) == URNA_OK;
    if (ok) {
        urna_body_write(&out, &b, lp, 32);
        assert_true(urna_view_eq(urna_buf_view(&out), urna_buf_view(text)));
    }
    free(exact);
    urna_buf_free(&out);
    urna_arena_free(&a);
    return ok;
}

static void mutations_are_refused_or_written_as_they_stand(void **state)
{
    (void)state;
    size_t tried = 0, read = 0;
    for (unsigned k = 0; k < URNA_KIND_COUNT; k++) {
        for (unsigned i = 0; i < n_kept[k]; i++) {
            assert_true(holds((enum urna_kind)k, &kept[k][i], kept_lp[k][i]));
            for (unsigned round = 0; round < 1500; round++) {
                struct urna_buf m = {0};
                urna_buf_add(&m, kept[k][i].p, kept[k][i].len);
                for (size_t n = 1 + below(2); n > 0 && m.len > 0; n--)
                    mutate(&m);
                read += holds((enum urna_kind)k, &m, kept_lp[k][i]);
                tried++;
                urna_buf_free(&m);
            }
        }
    }
    assert_true(tried > 60000);
    assert_true(read > 1000 && read < tried / 2);
}

static void truncations_are_refused(void **state)
{
    (void)state;
    for (unsigned k = 0; k < URNA_KIND_COUNT; k++) {
        if (n_kept[k] == 0 || kept[k][0].len == 0)
            continue;
        struct urna_buf cut = {0};
        size_t len = kept[k][0].len, step = 1 + len / 700;
        for (size_t n = 0; n < len; n += step) {
            urna_buf_reset(&cut);
            urna_buf_add(&cut, kept[k][0].p, n);
            assert_false(holds((enum urna_kind)k, &cut, kept_lp[k][0]));
        }
        urna_buf_free(&cut);
    }
}

static int open_archives(void **state)
{
    struct urna_names names = {0};
    char folder[512];
    struct urna_error err = URNA_ERROR_INIT;
    (void)state;
    snprintf(folder, sizeof folder, "%s/election/records", URNA_TEST_DATA);
    assert_int_equal(urna_list_files(&names, folder, 1000, &err), URNA_OK);
    for (size_t i = 0; i < names.n; i++) {
        if (strstr(names.name[i], ".tar.zst") == NULL)
            continue;
        assert_true(n_archives < ARCHIVES_MAX);
        struct archive *a = &archives[n_archives++];
        char *path = urna_path(folder, names.name[i]);
        snprintf(a->name, sizeof a->name, "%s", names.name[i]);
        if (urna_files_open(&a->files, path, &err) != URNA_OK)
            fail_msg("%s", err.msg);
        free(path);
    }
    urna_names_free(&names);
    return 0;
}

static int close_archives(void **state)
{
    (void)state;
    for (unsigned k = 0; k < URNA_KIND_COUNT; k++)
        for (unsigned i = 0; i < n_kept[k]; i++)
            urna_buf_free(&kept[k][i]);
    for (size_t i = 0; i < n_archives; i++)
        urna_files_close(&archives[i].files);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_bodies_are_written_as_they_were_read),
        cmocka_unit_test(faults_of_schema_are_seen_here),
        cmocka_unit_test(mutations_are_refused_or_written_as_they_stand),
        cmocka_unit_test(truncations_are_refused),
    };
    return cmocka_run_group_tests(tests, open_archives, close_archives);
}
