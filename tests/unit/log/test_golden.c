/* Reading every golden record: which are whole, which are incomplete, which are invalid, and why.
 */
#include "log_testing.h"

#include "log/files.h"
#include "log/record.h"

/* What reading alone must find; all other golden records are whole (their faults are found by
 * judging them, or by the signatures of the checkpoint, which need the reader's keys). */
static const struct {
    const char *name;
    enum urna_record_state state;
    const char *file, *text;
} faulty[] = {
    {"tree.bundle-missing", URNA_RECORD_INCOMPLETE, "tile/entries/000.p/46",
     "missing: entries 0 to 45"},
    {"tree.tile-missing", URNA_RECORD_INCOMPLETE, "tile/0/000.p/46", "missing"},
    {"tree.checkpoint-missing", URNA_RECORD_INCOMPLETE, "checkpoint", "missing"},
    {"tree.truncated", URNA_RECORD_INCOMPLETE, "tile/entries/000.p/46", "ends early"},
    {"tree.surplus", URNA_RECORD_INVALID, "tile/entries/000.p/46", "longer than its width of 46"},
    {"tree.byte", URNA_RECORD_INVALID, "checkpoint",
     "the hash tiles are those that were signed: entry"},
    {"tree.tile-byte", URNA_RECORD_INVALID, "tile/0/000.p/46", "the hash of entry"},
    {"tree.swapped", URNA_RECORD_INVALID, "checkpoint",
     "the hash tiles are those that were signed: entry"},
    {"tree.stale-partial", URNA_RECORD_INVALID, "tile/0/000.p/3", "the hash of entry"},
    {"note.crlf", URNA_RECORD_INVALID, "checkpoint", "the origin is not a name"},
    {"note.root", URNA_RECORD_INVALID, "checkpoint",
     "the root over the entries is not the checkpoint's"},
};
#define N_FAULTY (sizeof faulty / sizeof *faulty)

struct leaves {
    uint64_t n, bytes;
};

static bool count_leaf(void *ctx, uint64_t index, struct urna_view bytes)
{
    struct leaves *l = ctx;
    assert_int_equal(index, l->n);
    l->n++;
    l->bytes += bytes.len;
    return true;
}

static int find_faulty(const char *name)
{
    for (size_t i = 0; i < N_FAULTY; i++)
        if (strcmp(faulty[i].name, name) == 0)
            return (int)i;
    return -1;
}

static void expect_fault(const char *name, int k, const struct urna_record_fault *f, size_t n)
{
    bool found = false, invalid = false;
    for (size_t i = 0; i < n; i++) {
        found = found || (f[i].state == faulty[k].state && strcmp(f[i].file, faulty[k].file) == 0 &&
                          strstr(f[i].text, faulty[k].text) != NULL);
        invalid = invalid || f[i].state == URNA_RECORD_INVALID;
    }
    if (!found)
        fail_msg("%s: %zu faults, not the expected one; the first is %s: %s", name, n,
                 n ? f[0].file : "", n ? f[0].text : "");
    assert_int_equal(invalid, faulty[k].state == URNA_RECORD_INVALID);
}

/* The same answer for a folder and for an archive, with one thread and with several. */
static void check_record(const char *name, const char *path, const json_t *expected)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_record *r;
    struct leaves l = {0};
    size_t n;
    if (urna_record_open(&r, path, &err) != URNA_OK)
        fail_msg("%s: %s", name, err.msg);
    struct urna_tree *t = urna_tree_new();
    assert_int_equal(urna_record_scan(r, t, 1, count_leaf, &l, &err), URNA_OK);
    const struct urna_record_fault *f = urna_record_faults(r, &n);
    const struct urna_checkpoint *c = urna_record_checkpoint(r);
    int k = find_faulty(name);
    if (k >= 0)
        expect_fault(name, k, f, n);
    else if (n > 0)
        fail_msg("%s: %s: %s", name, f[0].file, f[0].text);
    const json_t *size = json_object_get(expected, "size");
    if (json_is_integer(size)) {
        assert_non_null(c);
        assert_int_equal(c->size, json_integer_value(size));
    }
    if (k < 0) {
        uint8_t root[32];
        assert_int_equal(l.n, c->size);
        assert_int_equal(urna_tree_size(t), c->size);
        assert_true(urna_tree_root(t, c->size, root));
        assert_memory_equal(root, c->root, 32);
        struct leaves again = {0};
        assert_int_equal(urna_record_scan(r, NULL, 2, count_leaf, &again, &err), URNA_OK);
        assert_int_equal(again.bytes, l.bytes);
        assert_int_equal(again.n, l.n);
    }
    urna_tree_free(t);
    urna_record_free(r);
}

static void unpack_one(const struct urna_archive *a, const char *inside, const char *folder)
{
    for (size_t i = 0; i < a->tar.n; i++) {
        const struct urna_tar_file *f = &a->tar.file[i];
        if (strncmp(f->name, inside, strlen(inside)) == 0)
            put_file(folder, f->name + strlen(inside), a->map + f->offset, f->len);
    }
}

/* All records that share an archive. */
static size_t check_archive(const char *archive, json_t *records)
{
    struct urna_archive a;
    struct urna_error err = URNA_ERROR_INIT;
    char name[100];
    snprintf(name, sizeof name, "records/%s", archive);
    char *path = data_path(name);
    if (urna_archive_open(&a, path, &err) != URNA_OK)
        fail_msg("%s: %s", archive, err.msg);
    const char *record;
    json_t *expected;
    size_t n = 0;
    json_object_foreach(records, record, expected)
    {
        if (strcmp(json_string_value(json_object_get(expected, "archive")), archive) != 0)
            continue;
        const char *inside = json_string_value(json_object_get(expected, "folder"));
        char *folder = new_folder();
        unpack_one(&a, inside, folder);
        check_record(record, folder, expected);
        if (*inside == '\0')
            check_record(record, path, expected);
        drop_folder(folder);
        n++;
    }
    urna_archive_close(&a);
    free(path);
    return n;
}

static void every_golden_record_reads_as_expected(void **state)
{
    (void)state;
    static const char *const archive[] = {
        "damaged.tar.zst",       "damaged-one.tar.zst",       "eg4096-small.tar.zst",
        "rist-base.tar.zst",     "rist-cells.tar.zst",        "rist-club.tar.zst",
        "rist-e0-200.tar.zst",   "rist-e0-200-mroll.tar.zst", "rist-e0-mmin.tar.zst",
        "rist-e0-mroll.tar.zst", "rist-e0-mroot.tar.zst",     "rist-e0-mroot-high.tar.zst",
        "rist-full.tar.zst",     "rist-one.tar.zst",          "rist-open.tar.zst",
        "rist-small.tar.zst",    "rist-tiles.tar.zst",        "rist-tiles-early.tar.zst",
    };
    json_t *all = load_vectors("records/expected.json");
    json_t *records = json_object_get(all, "records");
    size_t n = 0;
    for (size_t i = 0; i < sizeof archive / sizeof *archive; i++)
        n += check_archive(archive[i], records);
    assert_int_equal(n, json_object_size(records));
    json_decref(all);
}

/* Which entry was changed: the report must name it. */
static void changed_entry_is_named(void **state)
{
    (void)state;
    char *folder = new_folder(), *good = new_folder();
    struct urna_record *r;
    struct urna_buf a = {0}, b = {0};
    size_t n;
    unpack_golden("records/damaged.tar.zst", "tree.byte/", folder);
    unpack_golden("records/rist-base.tar.zst", "", good);
    get_file(&a, folder, "tile/entries/000.p/46");
    get_file(&b, good, "tile/entries/000.p/46");
    size_t at = 0, entry = 0, end;
    assert_int_equal(a.len, b.len);
    while (a.p[at] == b.p[at])
        at++;
    for (end = 0; (end += 2u + ((size_t)b.p[end] << 8 | b.p[end + 1])) <= at;)
        entry++;

    assert_int_equal(urna_record_open(&r, folder, NULL), URNA_OK);
    assert_int_equal(urna_record_scan(r, NULL, 1, NULL, NULL, NULL), URNA_OK);
    const struct urna_record_fault *f = urna_record_faults(r, &n);
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(f[i].first, entry);
        assert_int_equal(f[i].last, entry);
        assert_true(f[i].has_hashes);
        assert_memory_not_equal(f[i].expected, f[i].found, 32);
    }
    assert_memory_equal(f[1].expected, urna_record_checkpoint(r)->root, 32);
    urna_record_free(r);
    drop_folder(folder);
    drop_folder(good);
    urna_buf_free(&a);
    urna_buf_free(&b);
}

struct collected {
    struct urna_buf leaf[400];
    size_t n;
};

static bool collect(void *ctx, uint64_t index, struct urna_view bytes)
{
    struct collected *c = ctx;
    assert_int_equal(index, c->n);
    urna_buf_add(&c->leaf[c->n++], bytes.p, bytes.len);
    return true;
}

static void random_access_equals_scan(void **state)
{
    (void)state;
    static const char *const name[] = {"records/rist-tiles.tar.zst",
                                       "records/rist-tiles-early.tar.zst"};
    for (size_t k = 0; k < 2; k++) {
        char *path = data_path(name[k]);
        struct urna_record *r;
        struct collected *all = urna_xcalloc(1, sizeof *all);
        struct urna_buf one = {0};
        struct urna_error err = URNA_ERROR_INIT;
        assert_int_equal(urna_record_open(&r, path, NULL), URNA_OK);
        assert_int_equal(urna_record_scan(r, NULL, 1, collect, all, NULL), URNA_OK);
        assert_int_equal(all->n, k == 0 ? 319 : 200);
        for (size_t i = 0; i < all->n; i++) {
            size_t j = (i * 201 + 7) % all->n; /* jump between bundles */
            urna_buf_reset(&one);
            assert_int_equal(urna_record_leaf(r, j, &one, &err), URNA_OK);
            assert_true(urna_view_eq(urna_buf_view(&one), urna_buf_view(&all->leaf[j])));
        }
        assert_int_equal(urna_record_leaf(r, all->n, &one, &err), URNA_INPUT);
        assert_int_equal(err.entry, all->n);
        urna_record_free(r);
        for (size_t i = 0; i < all->n; i++)
            urna_buf_free(&all->leaf[i]);
        free(all);
        urna_buf_free(&one);
        free(path);
    }
}

static bool stop_at_seven(void *ctx, uint64_t index, struct urna_view bytes)
{
    (void)bytes;
    ++*(unsigned *)ctx;
    return index < 7;
}

static void leaf_that_refuses_stops_the_scan(void **state)
{
    (void)state;
    char *path = data_path("records/rist-base.tar.zst");
    struct urna_record *r;
    unsigned calls = 0;
    assert_int_equal(urna_record_open(&r, path, NULL), URNA_OK);
    assert_int_equal(urna_record_scan(r, NULL, 1, stop_at_seven, &calls, NULL), URNA_FALSE);
    assert_int_equal(calls, 8);
    urna_record_free(r);
    free(path);
}

static void bodies_are_hashed(void **state)
{
    (void)state;
    char *folder = new_folder();
    struct urna_names names;
    struct urna_record *r;
    struct urna_buf body = {0};
    uint8_t hash[32];
    bool there;
    unpack_golden("records/rist-base.tar.zst", "", folder);
    assert_int_equal(urna_list_files(&names, folder, 100, NULL), URNA_OK);
    size_t n_bodies = 0;
    for (size_t i = 0; i < names.n; i++) {
        if (strncmp(names.name[i], "body/", 5) != 0)
            continue;
        struct urna_buf want = {0};
        n_bodies++;
        get_file(&want, folder, names.name[i]);
        assert_true(urna_unhex(hash, 32, names.name[i] + 5, 64));
        assert_int_equal(urna_record_open(&r, folder, NULL), URNA_OK);
        urna_buf_reset(&body);
        assert_int_equal(urna_record_body(r, hash, want.len, &body, &there, NULL), URNA_OK);
        assert_true(there);
        assert_true(urna_view_eq(urna_buf_view(&body), urna_buf_view(&want)));
        /* Another size, another hash, a damaged file: as if it were missing. */
        assert_int_equal(urna_record_body(r, hash, want.len + 1, &body, &there, NULL), URNA_OK);
        assert_false(there);
        assert_int_equal(urna_record_body(r, hash, want.len - 1, &body, &there, NULL), URNA_OK);
        assert_false(there);
        assert_int_equal(urna_record_body(r, hash, UINT64_MAX, &body, &there, NULL), URNA_OK);
        assert_false(there);
        want.p[0] ^= 1;
        put_file(folder, names.name[i], want.p, want.len);
        assert_int_equal(urna_record_body(r, hash, want.len, &body, &there, NULL), URNA_OK);
        assert_false(there);
        hash[0] ^= 1;
        assert_int_equal(urna_record_body(r, hash, want.len, &body, &there, NULL), URNA_OK);
        assert_false(there);
        urna_record_free(r);
        urna_buf_free(&want);
    }
    assert_int_equal(n_bodies, 2);
    assert_int_equal(body.len > 0, 1);
    urna_buf_free(&body);
    urna_names_free(&names);
    drop_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_golden_record_reads_as_expected),
        cmocka_unit_test(changed_entry_is_named),
        cmocka_unit_test(random_access_equals_scan),
        cmocka_unit_test(leaf_that_refuses_stops_the_scan),
        cmocka_unit_test(bodies_are_hashed),
    };
    return cmocka_run_group_tests_name("golden records", tests, NULL, NULL);
}
