/* Writing records: what is written reads back, at every size; what a crash leaves is whole; faults
 * made by hand in the tiles are found. */
#include "log_testing.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log/record_internal.h"
#include "proof/ed25519.h"

#define ORIGIN "log.example/writer"

static const uint8_t seed[32] = {42};
static uint8_t log_pk[32];
static struct urna_vkey log_key;

static int set_up(void **state)
{
    (void)state;
    urna_ed25519_public(log_pk, seed);
    urna_vkey_make(&log_key, ORIGIN, URNA_KEY_ED25519, log_pk);
    return 0;
}

/* Leaf i of a test log: its number, and 0 to 40 bytes more. Another `salt` gives another log. */
static size_t make_leaf(uint8_t out[64], uint64_t i, uint8_t salt)
{
    memset(out, 'a' + (int)(i % 26), 64);
    urna_be64(out, i);
    out[8] = salt;
    return 9 + (size_t)(i * 7 % 41);
}

static void add_leaves(struct urna_writer *w, uint64_t to, uint8_t salt)
{
    uint8_t leaf[64];
    while (urna_writer_size(w) < to) {
        size_t len = make_leaf(leaf, urna_writer_size(w), salt);
        assert_int_equal(urna_writer_leaf(w, urna_view(leaf, len), NULL), URNA_OK);
    }
}

static struct urna_writer *open_writer(const char *folder)
{
    struct urna_writer *w;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_writer_open(&w, folder, ORIGIN, log_pk, &err) != URNA_OK)
        fail_msg("%s: %s", err.where, err.msg);
    return w;
}

static void commit(struct urna_writer *w)
{
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_writer_commit(w, seed, &err) != URNA_OK)
        fail_msg("%s: %s", err.where, err.msg);
}

struct expected {
    uint64_t n;
    uint8_t salt[2]; /* below and from `change` on */
    uint64_t change;
};

static bool check_leaf(void *ctx, uint64_t index, struct urna_view bytes)
{
    struct expected *e = ctx;
    uint8_t leaf[64];
    size_t len = make_leaf(leaf, index, e->salt[index >= e->change]);
    assert_int_equal(index, e->n);
    assert_true(urna_view_eq(bytes, urna_view(leaf, len)));
    e->n++;
    return true;
}

/* The record is whole, signed, has these leaves. Returns its size. */
static uint64_t check_whole(const char *path, uint8_t salt, uint64_t change, uint8_t salt2)
{
    struct urna_record *r;
    struct urna_error err = URNA_ERROR_INIT;
    struct expected e = {0, {salt, salt2}, change};
    size_t n;
    if (urna_record_open(&r, path, &err) != URNA_OK)
        fail_msg("%s: %s: %s", path, err.where, err.msg);
    assert_int_equal(urna_record_scan(r, NULL, 2, check_leaf, &e, &err), URNA_OK);
    const struct urna_record_fault *f = urna_record_faults(r, &n);
    if (n > 0)
        fail_msg("%s: %s", f[0].file, f[0].text);
    const struct urna_checkpoint *c = urna_record_checkpoint(r);
    assert_non_null(c);
    assert_int_equal(c->size, e.n);
    assert_true(urna_note_sig_check(&c->sig[0], &log_key, c->text, NULL));
    urna_record_free(r);
    return e.n;
}

static bool has(const char *folder, const char *name)
{
    char *path = urna_path(folder, name);
    bool there = urna_file_exists(path);
    free(path);
    return there;
}

/* ---- round trips ---- */

static void sizes_around_tiles_round_trip(void **state)
{
    (void)state;
    static const struct {
        uint64_t size;
        const char *there[8];
    } v[] = {
        {0, {"checkpoint"}},
        {1, {"tile/0/000.p/1", "tile/entries/000.p/1"}},
        {255, {"tile/0/000.p/255", "tile/entries/000.p/255"}},
        {256, {"tile/0/000", "tile/entries/000", "tile/1/000.p/1"}},
        {257, {"tile/0/000", "tile/0/001.p/1", "tile/entries/001.p/1", "tile/1/000.p/1"}},
        {65536, {"tile/0/255", "tile/entries/255", "tile/1/000", "tile/2/000.p/1"}},
        {70000,
         {"tile/0/272", "tile/0/273.p/112", "tile/entries/273.p/112", "tile/1/000",
          "tile/1/001.p/17", "tile/2/000.p/1"}},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        char *folder = new_folder();
        struct urna_writer *w = open_writer(folder);
        assert_null(urna_writer_checkpoint(w));
        add_leaves(w, v[i].size, 1);
        assert_int_equal(urna_writer_committed(w), 0);
        commit(w);
        assert_int_equal(urna_writer_committed(w), v[i].size);
        assert_int_equal(urna_writer_checkpoint(w)->size, v[i].size);
        for (size_t k = 0; k < 8 && v[i].there[k]; k++)
            assert_true(has(folder, v[i].there[k]));
        size_t places = 1;
        struct urna_names names;
        for (int l = URNA_ENTRIES; l < 3; l++) {
            uint64_t n = v[i].size >> (l == URNA_ENTRIES ? 0 : 8 * l);
            places += (size_t)(n / 256 + (n % 256 != 0));
        }
        assert_int_equal(urna_list_files(&names, folder, SIZE_MAX, NULL), URNA_OK);
        assert_int_equal(names.n, places);
        urna_names_free(&names);
        urna_writer_free(w);
        assert_int_equal(check_whole(folder, 1, UINT64_MAX, 1), v[i].size);
        drop_folder(folder);
    }
}

/* In many steps, closing and opening between them: the same checkpoint, bundle and tiles as in one
 * step. */
static void steps_and_one_commit_agree(void **state)
{
    (void)state;
    char *one = new_folder(), *many = new_folder();
    struct urna_writer *w = open_writer(one);
    add_leaves(w, 600, 1);
    commit(w);
    urna_writer_free(w);
    for (uint64_t size = 0; size <= 600; size += 1 + size % 50) {
        w = open_writer(many);
        assert_int_equal(urna_writer_size(w), urna_writer_committed(w));
        add_leaves(w, size, 1);
        commit(w);
        commit(w); /* nothing pending: nothing happens */
        urna_writer_free(w);
        assert_int_equal(check_whole(many, 1, UINT64_MAX, 1), size);
    }
    w = open_writer(many);
    add_leaves(w, 600, 1);
    commit(w);
    urna_writer_free(w);
    struct urna_names names;
    assert_int_equal(urna_list_files(&names, one, SIZE_MAX, NULL), URNA_OK);
    for (size_t i = 0; i < names.n; i++) {
        struct urna_buf a = {0}, b = {0};
        get_file(&a, one, names.name[i]);
        get_file(&b, many, names.name[i]);
        assert_true(urna_view_eq(urna_buf_view(&a), urna_buf_view(&b)));
        urna_buf_free(&a);
        urna_buf_free(&b);
    }
    /* Partial tiles stay until the full one is there. */
    assert_false(has(many, "tile/entries/000.p"));
    assert_false(has(many, "tile/0/001.p"));
    assert_true(has(many, "tile/1/000.p/1"));
    assert_true(has(many, "tile/1/000.p/2"));
    urna_names_free(&names);
    drop_folder(one);
    drop_folder(many);
}

static void writer_tree_proves_growth(void **state)
{
    (void)state;
    char *folder = new_folder();
    struct urna_writer *w = open_writer(folder);
    struct urna_buf proof = {0};
    uint8_t old[32], new[32];
    add_leaves(w, 300, 1);
    commit(w);
    urna_writer_free(w);
    w = open_writer(folder);
    add_leaves(w, 700, 1);
    assert_true(urna_tree_root(urna_writer_tree(w), 300, old));
    assert_memory_equal(old, urna_writer_checkpoint(w)->root, 32);
    commit(w);
    assert_true(urna_tree_root(urna_writer_tree(w), 700, new));
    assert_memory_equal(new, urna_writer_checkpoint(w)->root, 32);
    assert_true(urna_tree_consistency(urna_writer_tree(w), 300, 700, &proof));
    assert_true(urna_consistency_check(300, 700, proof.p, proof.len / 32, old, new));
    urna_buf_free(&proof);
    urna_writer_free(w);
    drop_folder(folder);
}

static void bodies_are_stored(void **state)
{
    (void)state;
    char *folder = new_folder();
    struct urna_writer *w = open_writer(folder);
    struct urna_record *r;
    struct urna_buf out = {0};
    uint8_t hash[32];
    bool there;
    static const char body[] = "the words of an observer";
    assert_int_equal(urna_writer_body(w, urna_view_str(body), NULL), URNA_OK);
    assert_int_equal(urna_writer_body(w, urna_view_str(body), NULL), URNA_OK);
    add_leaves(w, 3, 1);
    commit(w);
    urna_sha256(hash, body, strlen(body));
    assert_int_equal(urna_record_open(&r, folder, NULL), URNA_OK);
    assert_int_equal(urna_record_body(r, hash, strlen(body), &out, &there, NULL), URNA_OK);
    assert_true(there);
    assert_true(urna_view_eq_str(urna_buf_view(&out), body));
    urna_record_free(r);
    urna_buf_free(&out);
    urna_writer_free(w);
    assert_int_equal(check_whole(folder, 1, UINT64_MAX, 1), 3);
    drop_folder(folder);
}

static void limits_and_wrong_keys_refused(void **state)
{
    (void)state;
    char *folder = new_folder();
    struct urna_writer *w = open_writer(folder), *second;
    uint8_t *big = urna_xcalloc(URNA_LEAF_MAX + 1, 1), other_seed[32] = {43};
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_writer_leaf(w, urna_view(big, URNA_LEAF_MAX + 1), &err), URNA_INPUT);
    assert_int_equal(urna_writer_leaf(w, urna_view(big, URNA_LEAF_MAX), NULL), URNA_OK);
    assert_int_equal(urna_writer_leaf(w, urna_view(big, 0), NULL), URNA_OK);
    /* Not the log's key: nothing is written. */
    assert_int_equal(urna_writer_commit(w, other_seed, NULL), URNA_INPUT);
    assert_false(has(folder, "tile"));
    commit(w);
    /* A second writer, another log. */
    assert_int_equal(urna_writer_open(&second, folder, ORIGIN, log_pk, NULL), URNA_INPUT);
    urna_writer_free(w);
    assert_int_equal(urna_writer_open(&second, folder, "log.example/other", log_pk, NULL),
                     URNA_INPUT);
    assert_int_equal(urna_writer_open(&second, folder, "a name", log_pk, NULL), URNA_INPUT);
    w = open_writer(folder);
    assert_int_equal(urna_writer_size(w), 2);
    urna_writer_free(w);
    free(big);
    drop_folder(folder);
}

/* An older checkpoint over tiles of a longer log whose own partial tiles are gone: to go on would
 * fork the log. A damaged record is not continued either. */
static void older_state_is_not_continued(void **state)
{
    (void)state;
    char *folder = new_folder();
    struct urna_writer *w;
    struct urna_record *r;
    struct urna_error err = URNA_ERROR_INIT;
    unpack_golden("records/rist-tiles-early.tar.zst", "", folder);
    assert_int_equal(urna_record_open(&r, folder, NULL), URNA_OK);
    assert_int_equal(urna_writer_open(&w, folder, urna_record_checkpoint(r)->origin, log_pk, &err),
                     URNA_INPUT);
    assert_non_null(strstr(err.msg, "older state of a longer log"));
    urna_record_free(r);
    drop_folder(folder);
    folder = new_folder();
    w = open_writer(folder);
    add_leaves(w, 300, 1);
    commit(w);
    urna_writer_free(w);
    put_file(folder, "tile/1/000.p/1", "wrong", 5);
    assert_int_equal(urna_writer_open(&w, folder, ORIGIN, log_pk, NULL), URNA_INPUT);
    drop_folder(folder);
}

/* ---- cosignatures ---- */

static void cosign_line(struct urna_buf *out, const char *name, uint8_t seed_byte, uint64_t time,
                        struct urna_view text)
{
    uint8_t s[32] = {seed_byte}, pk[32], blob[72];
    struct urna_vkey k;
    urna_ed25519_public(pk, s);
    urna_vkey_make(&k, name, URNA_KEY_COSIGNATURE, pk);
    urna_be64(blob, time);
    urna_cosignature_sign(blob + 8, s, time, text);
    urna_note_line(out, &k, blob, sizeof blob);
}

static void cosignatures_are_merged(void **state)
{
    (void)state;
    char *folder = new_folder();
    struct urna_writer *w = open_writer(folder);
    struct urna_buf lines = {0}, want = {0}, got = {0};
    assert_int_equal(urna_writer_cosign(w, urna_view_str("x"), NULL),
                     URNA_INPUT); /* no checkpoint yet */
    add_leaves(w, 5, 1);
    commit(w);
    get_file(&want, folder, "checkpoint");
    struct urna_buf text = {0};
    urna_buf_add(&text, urna_writer_checkpoint(w)->text.p, urna_writer_checkpoint(w)->text.len);
    struct urna_view t = urna_buf_view(&text);

    cosign_line(&lines, "a.example", 1, 100, t);
    cosign_line(&lines, "b.example", 2, 100, t);
    assert_int_equal(urna_writer_cosign(w, urna_buf_view(&lines), NULL), URNA_OK);
    urna_buf_add(&want, lines.p, lines.len);
    get_file(&got, folder, "checkpoint");
    assert_true(urna_view_eq(urna_buf_view(&got), urna_buf_view(&want)));

    /* A newer line of a takes the old one's place; c comes behind; a line that stands twice comes
     * once, the last. */
    size_t before = want.len - lines.len;
    urna_buf_reset(&lines);
    cosign_line(&lines, "c.example", 3, 150, t);
    cosign_line(&lines, "a.example", 1, 200, t);
    cosign_line(&lines, "c.example", 3, 250, t);
    urna_writer_free(w);
    w = open_writer(folder);
    assert_int_equal(urna_writer_cosign(w, urna_buf_view(&lines), NULL), URNA_OK);
    want.len = before;
    cosign_line(&want, "a.example", 1, 200, t);
    cosign_line(&want, "b.example", 2, 100, t);
    cosign_line(&want, "c.example", 3, 250, t);
    urna_buf_reset(&got);
    get_file(&got, folder, "checkpoint");
    assert_true(urna_view_eq(urna_buf_view(&got), urna_buf_view(&want)));

    /* Not lines, or a false line of the log's own key: the checkpoint stays. */
    uint8_t zero[64] = {0};
    urna_buf_reset(&lines);
    urna_note_line(&lines, &log_key, zero, sizeof zero);
    assert_int_equal(urna_writer_cosign(w, urna_buf_view(&lines), NULL), URNA_INPUT);
    assert_int_equal(urna_writer_cosign(w, urna_view_str("\n"), NULL), URNA_INPUT);
    assert_int_equal(urna_writer_cosign(w, urna_view_str("no line\n"), NULL), URNA_INPUT);
    assert_int_equal(urna_writer_cosign(w, urna_view_str("\xE2\x80\x94 a AAAAAAE="), NULL),
                     URNA_INPUT);
    assert_int_equal(urna_writer_cosign(w, urna_view(NULL, 0), NULL), URNA_OK);
    urna_buf_reset(&got);
    get_file(&got, folder, "checkpoint");
    assert_true(urna_view_eq(urna_buf_view(&got), urna_buf_view(&want)));
    assert_int_equal(check_whole(folder, 1, UINT64_MAX, 1), 5);

    /* Nothing pending: the lines stay. The next checkpoint begins with the log's line alone. */
    commit(w);
    assert_int_equal(urna_writer_checkpoint(w)->n_sig, 4);
    add_leaves(w, 6, 1);
    commit(w);
    assert_int_equal(urna_writer_checkpoint(w)->n_sig, 1);
    urna_writer_free(w);
    urna_buf_free(&lines);
    urna_buf_free(&want);
    urna_buf_free(&got);
    urna_buf_free(&text);
    drop_folder(folder);
}

/* ---- crashes ---- */

/* Commit `to` leaves in a child that ends before its step number `at`. Did it get through? */
static bool commit_and_crash(const char *folder, uint64_t to, uint8_t salt, long at)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct urna_writer *w;
        uint8_t leaf[64];
        urna_writer_crash_step = at;
        if (urna_writer_open(&w, folder, ORIGIN, log_pk, NULL) != URNA_OK)
            _exit(1);
        while (urna_writer_size(w) < to)
            if (urna_writer_leaf(w, urna_view(leaf, make_leaf(leaf, urna_writer_size(w), salt)),
                                 NULL) != URNA_OK)
                _exit(2);
        _exit(urna_writer_commit(w, seed, NULL) == URNA_OK ? 0 : 3);
    }
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_true(WEXITSTATUS(how) == 0 || WEXITSTATUS(how) == 77);
    return WEXITSTATUS(how) == 0;
}

/* Invariants 1, 2, 3 and 5 of record_write.c: end the process before every single step of a commit.
 * Then the old record is whole (or the new one, if the checkpoint was there already); and the log
 * goes on with other entries, as a board does whose memory was lost. */
static void crash_at_every_step_leaves_a_whole_record(void **state)
{
    (void)state;
    static const uint64_t from_to[][2] = {{0, 3},     {5, 9},     {250, 256},    {250, 258},
                                          {256, 600}, {511, 513}, {65530, 65540}};
    for (size_t i = 0; i < sizeof from_to / sizeof *from_to; i++) {
        uint64_t from = from_to[i][0], to = from_to[i][1];
        bool through = false;
        char *base = new_folder();
        if (from > 0)
            assert_true(commit_and_crash(base, from, 1, -1));
        long steps = 0;
        for (; !through; steps++) {
            char *folder = new_folder();
            assert_int_equal(urna_copy_tree(base, folder, NULL), URNA_OK);
            through = commit_and_crash(folder, to, 1, steps);
            uint64_t size = from;
            if (from > 0 || has(folder, "checkpoint"))
                size = check_whole(folder, 1, UINT64_MAX, 1);
            assert_true(size == to || (size == from && !through));
            assert_true(commit_and_crash(folder, to + 2, 2, -1));
            assert_int_equal(check_whole(folder, 1, size, 2), to + 2);
            drop_folder(folder);
        }
        assert_true(steps > 3);
        drop_folder(base);
    }
}

/* Crash when all but the checkpoint is written, go on differently, crash again at every step (while
 * the leftovers are cleared away, too), go on differently again. */
static void crash_after_crash_leaves_a_whole_record(void **state)
{
    (void)state;
    char *base = new_folder(), *left = NULL;
    assert_true(commit_and_crash(base, 200, 1, -1));
    for (long at = 0; left == NULL || !has(left, "tile/1/000.p/2"); at++) {
        if (left)
            drop_folder(left);
        left = new_folder();
        assert_int_equal(urna_copy_tree(base, left, NULL), URNA_OK);
        assert_false(commit_and_crash(left, 700, 2, at));
    }
    assert_int_equal(check_whole(left, 1, UINT64_MAX, 1), 200);
    assert_true(has(left, "tile/entries/002.p/188"));
    bool through = false;
    long steps = 0;
    for (; !through; steps++) {
        char *folder = new_folder();
        assert_int_equal(urna_copy_tree(left, folder, NULL), URNA_OK);
        through = commit_and_crash(folder, 250, 3, steps);
        uint64_t size = check_whole(folder, 1, 200, 3);
        assert_true(size == 250 || (size == 200 && !through));
        assert_true(commit_and_crash(folder, 260, 4, -1));
        if (size == 200)
            assert_int_equal(check_whole(folder, 1, 200, 4), 260);
        drop_folder(folder);
    }
    assert_true(steps > 10);
    drop_folder(left);
    drop_folder(base);
}

/* kill -9 at random moments, also in the middle of a file. */
static void killed_writer_leaves_a_whole_record(void **state)
{
    (void)state;
    char *folder = new_folder();
    uint64_t size = 0;
    srand(1);
    for (int round = 0; round < 40; round++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct urna_writer *w;
            uint8_t leaf[64];
            if (urna_writer_open(&w, folder, ORIGIN, log_pk, NULL) != URNA_OK)
                _exit(1);
            for (;;) {
                for (int i = 0; i < 30; i++)
                    if (urna_writer_leaf(w,
                                         urna_view(leaf, make_leaf(leaf, urna_writer_size(w), 1)),
                                         NULL) != URNA_OK)
                        _exit(2);
                if (urna_writer_commit(w, seed, NULL) != URNA_OK)
                    _exit(3);
            }
        }
        /* on a machine so busy that nothing is ever committed in time: later and later */
        useconds_t later = size == 0 ? 5000 * (useconds_t)round : 0;
        usleep((useconds_t)(rand() % 20000) + 1000 + later);
        assert_int_equal(kill(child, SIGKILL), 0);
        int how;
        assert_int_equal(waitpid(child, &how, 0), child);
        assert_true(WIFSIGNALED(how));
        struct urna_writer *w =
            open_writer(folder); /* clears what the kill left in the middle of a file */
        assert_true(urna_writer_size(w) >= size);
        size = urna_writer_size(w);
        urna_writer_free(w);
        if (has(folder, "checkpoint"))
            assert_int_equal(check_whole(folder, 1, UINT64_MAX, 1), size);
    }
    assert_true(size > 0);
    drop_folder(folder);
}

/* What a kill leaves in the middle of a file goes, unless somebody is writing; other strangers
 * stay. */
static void leftovers_are_cleared(void **state)
{
    (void)state;
    static const char *const left[] = {".urna-aB3dEf", "tile/0/.urna-000000",
                                       "tile/entries/000.p/.urna-zzzzzz"};
    char *folder = new_folder(), *none = urna_path(folder, "none");
    struct urna_record *r;
    struct urna_writer *w = open_writer(folder);
    add_leaves(w, 5, 1);
    commit(w);
    for (size_t i = 0; i < 3; i++)
        put_file(folder, left[i], "x", 1);
    assert_int_equal(urna_record_open(&r, folder, NULL), URNA_INPUT);
    assert_int_equal(urna_writer_clear(folder, NULL), URNA_OK);
    assert_true(has(folder, left[0]));
    urna_writer_free(w);
    assert_int_equal(urna_writer_clear(folder, NULL), URNA_OK);
    assert_int_equal(check_whole(folder, 1, UINT64_MAX, 1), 5);
    put_file(folder, ".urna-aB3dEf", "x", 1);
    urna_writer_free(open_writer(folder));
    assert_int_equal(check_whole(folder, 1, UINT64_MAX, 1), 5);
    put_file(folder, ".urna-aB3dEfg", "x", 1);
    assert_int_equal(urna_writer_clear(folder, NULL), URNA_OK);
    assert_int_equal(urna_record_open(&r, folder, NULL), URNA_INPUT);
    assert_int_equal(urna_writer_clear(none, NULL), URNA_OK);
    free(none);
    drop_folder(folder);
}

/* ---- faults made by hand ---- */

enum damage { REMOVE, FLIP, CUT, GROW, PUT };

static void damage(const char *folder, enum damage how, const char *name)
{
    struct urna_buf b = {0};
    char *path = urna_path(folder, name);
    if (how == PUT)
        urna_buf_str(&b, "something that has no place here");
    else
        get_file(&b, folder, name);
    if (how == REMOVE)
        assert_int_equal(unlink(path), 0);
    if (how == FLIP)
        b.p[b.len / 2] ^= 0x20;
    if (how == CUT)
        b.len -= 1;
    if (how == GROW)
        urna_buf_u8(&b, 0);
    if (how != REMOVE)
        put_file(folder, name, b.p, b.len);
    free(path);
    urna_buf_free(&b);
}

static void damaged_tiles_are_found(void **state)
{
    (void)state;
    static const struct {
        enum damage how;
        const char *name;
        enum urna_record_state state;
        uint64_t leaves; /* that are delivered */
        uint64_t first, last;
    } v[] = {
        {REMOVE, "tile/entries/001", URNA_RECORD_INCOMPLETE, 256, 256, 511},
        {REMOVE, "tile/entries/000", URNA_RECORD_INCOMPLETE, 0, 0, 255},
        {REMOVE, "tile/entries/003.p/32", URNA_RECORD_INCOMPLETE, 768, 768, 799},
        {REMOVE, "tile/0/002", URNA_RECORD_INCOMPLETE, 800, 1, 0},
        {REMOVE, "tile/0/003.p/32", URNA_RECORD_INCOMPLETE, 800, 1, 0},
        {REMOVE, "tile/1/000.p/3", URNA_RECORD_INCOMPLETE, 800, 1, 0},
        {CUT, "tile/entries/001", URNA_RECORD_INCOMPLETE, 511, 511, 511},
        {CUT, "tile/entries/003.p/32", URNA_RECORD_INCOMPLETE, 799, 799, 799},
        {CUT, "tile/0/000", URNA_RECORD_INCOMPLETE, 800, 1, 0},
        {CUT, "tile/1/000.p/3", URNA_RECORD_INCOMPLETE, 800, 1, 0},
        {GROW, "tile/entries/000", URNA_RECORD_INVALID, 800, 1, 0},
        {GROW, "tile/entries/003.p/32", URNA_RECORD_INVALID, 800, 1, 0},
        {GROW, "tile/0/000", URNA_RECORD_INVALID, 800, 1, 0},
        {GROW, "tile/0/003.p/32", URNA_RECORD_INVALID, 800, 1, 0},
        {GROW, "tile/1/000.p/3", URNA_RECORD_INVALID, 800, 1, 0},
        {FLIP, "tile/0/001", URNA_RECORD_INVALID, 800, 384, 384},
        {FLIP, "tile/1/000.p/3", URNA_RECORD_INVALID, 800, 256, 511},
        {PUT, "tile/0/000.p/77", URNA_RECORD_INVALID, 800, 0, 0},
        {PUT, "tile/1/000.p/2", URNA_RECORD_INVALID, 800, 0, 255},
        {PUT, "tile/entries/000.p/77", URNA_RECORD_INVALID, 800, 1, 0},
        {PUT, "tile/entries/003.p/31", URNA_RECORD_INVALID, 800, 1, 0},
        {REMOVE, "checkpoint", URNA_RECORD_INCOMPLETE, 0, 1, 0},
        {PUT, "checkpoint", URNA_RECORD_INCOMPLETE, 0, 1, 0}, /* no LF: cut off */
    };
    char *base = new_folder();
    struct urna_writer *w = open_writer(base);
    add_leaves(w, 800, 1);
    commit(w);
    urna_writer_free(w);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        char *folder = new_folder();
        struct urna_record *r;
        struct expected e = {0, {1, 1}, 0};
        size_t n;
        assert_int_equal(urna_copy_tree(base, folder, NULL), URNA_OK);
        damage(folder, v[i].how, v[i].name);
        assert_int_equal(urna_record_open(&r, folder, NULL), URNA_OK);
        for (int again = 0; again < 2; again++) { /* a second scan says the same */
            e.n = 0;
            assert_int_equal(urna_record_scan(r, NULL, 2, check_leaf, &e, NULL), URNA_OK);
            const struct urna_record_fault *f = urna_record_faults(r, &n);
            if (n != 1)
                fail_msg("case %zu: %zu faults: %s %s", i, n, n ? f[0].text : "",
                         n > 1 ? f[1].text : "");
            assert_int_equal(f[0].state, v[i].state);
            assert_string_equal(f[0].file, v[i].name);
            assert_int_equal(f[0].first, v[i].first);
            assert_int_equal(f[0].last, v[i].last);
            assert_int_equal(e.n, v[i].leaves);
        }
        urna_record_free(r);
        drop_folder(folder);
    }
    drop_folder(base);
}

/* A bundle that is read twice, since a partial one lies beside it, is reported once. */
static void surplus_is_reported_once(void **state)
{
    (void)state;
    char *folder = new_folder();
    struct urna_record *r;
    size_t n;
    struct urna_writer *w = open_writer(folder);
    add_leaves(w, 1, 1);
    commit(w);
    add_leaves(w, 40, 1);
    commit(w);
    urna_writer_free(w);
    assert_true(has(folder, "tile/entries/000.p/1"));
    damage(folder, GROW, "tile/entries/000.p/40");
    assert_int_equal(urna_record_open(&r, folder, NULL), URNA_OK);
    assert_int_equal(urna_record_scan(r, NULL, 1, NULL, NULL, NULL), URNA_OK);
    assert_string_equal(urna_record_faults(r, &n)->file, "tile/entries/000.p/40");
    assert_int_equal(n, 1);
    urna_record_free(r);
    drop_folder(folder);
}

/* Files beyond the checkpoint: harmless, if they agree with each other and keep to their width. */
static void files_beyond_the_checkpoint_are_compared(void **state)
{
    (void)state;
    static const struct {
        enum damage how;
        const char *name;
        bool fault;
    } v[] = {
        {FLIP, "tile/0/001.p/63", false},      {REMOVE, "tile/0/001.p/63", false},
        {REMOVE, "tile/1/000.p/1", false},     {CUT, "tile/entries/001.p/63", false},
        {GROW, "tile/entries/001.p/63", true}, {GROW, "tile/0/001.p/63", true},
        {GROW, "tile/entries/000", true},      {PUT, "tile/0/001.p/5", true},
        {PUT, "tile/entries/001.p/5", true},   {PUT, "tile/entries/000.p/5", true},
        {PUT, "tile/5/000.p/5", false}, /* nothing to compare it with */
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        char *folder = new_folder();
        struct urna_record *r;
        size_t n;
        unpack_golden("records/rist-tiles-early.tar.zst", "", folder);
        damage(folder, v[i].how, v[i].name);
        assert_int_equal(urna_record_open(&r, folder, NULL), URNA_OK);
        assert_int_equal(urna_record_scan(r, NULL, 1, NULL, NULL, NULL), URNA_OK);
        const struct urna_record_fault *f = urna_record_faults(r, &n);
        if (n != v[i].fault)
            fail_msg("case %zu: %zu faults %s", i, n, n ? f[0].text : "");
        if (n > 0) {
            assert_int_equal(f[0].state, URNA_RECORD_INVALID);
            assert_string_equal(f[0].file, v[i].name);
        }
        urna_record_free(r);
        drop_folder(folder);
    }
}

/* A changed entry in the middle of a long log is named, whatever the checkpoint's root says. */
static void changed_entry_is_named_by_the_tiles(void **state)
{
    (void)state;
    char *folder = new_folder();
    struct urna_writer *w = open_writer(folder);
    struct urna_buf b = {0};
    struct urna_view at[URNA_TILE_WIDTH];
    struct urna_record *r;
    size_t used, n;
    add_leaves(w, 800, 1);
    commit(w);
    urna_writer_free(w);
    get_file(&b, folder, "tile/entries/002");
    assert_int_equal(urna_bundle_read(at, URNA_TILE_WIDTH, urna_buf_view(&b), &used), 256);
    b.p[(size_t)(at[100].p - b.p)] ^= 1;
    put_file(folder, "tile/entries/002", b.p, b.len);
    assert_int_equal(urna_record_open(&r, folder, NULL), URNA_OK);
    assert_int_equal(urna_record_scan(r, NULL, 2, NULL, NULL, NULL), URNA_OK);
    const struct urna_record_fault *f = urna_record_faults(r, &n);
    assert_int_equal(n, 3); /* level 0, level 1, the root */
    assert_int_equal(f[0].first, 612);
    assert_int_equal(f[0].last, 612);
    assert_string_equal(f[2].file, "checkpoint");
    assert_int_equal(f[2].first, 612);
    assert_non_null(strstr(f[2].text, "entry 612 was changed"));
    assert_memory_equal(f[2].expected, urna_record_checkpoint(r)->root, 32);
    urna_record_free(r);
    urna_buf_free(&b);
    drop_folder(folder);
}

/* Whoever reads a record twice must have read the same twice. */
static void record_changed_between_two_scans_is_noticed(void **state)
{
    (void)state;
    char *folder = new_folder();
    struct urna_writer *w = open_writer(folder);
    struct urna_tree *t = urna_tree_new();
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_record *r;
    add_leaves(w, 300, 1);
    commit(w);
    urna_writer_free(w);
    assert_int_equal(urna_record_open(&r, folder, NULL), URNA_OK);
    for (int again = 0; again < 2; again++) {
        struct expected e = {0, {1, 1}, 0};
        assert_int_equal(urna_record_scan(r, t, 2, check_leaf, &e, NULL), URNA_OK);
        assert_int_equal(urna_tree_size(t), 300);
    }
    damage(folder, FLIP, "tile/entries/001.p/44");
    assert_int_equal(urna_record_scan(r, t, 2, NULL, NULL, &err), URNA_SYSTEM);
    assert_non_null(strstr(err.msg, "changed while it was read"));
    assert_int_equal(urna_tree_size(t), 300);
    urna_record_free(r);
    urna_tree_free(t);
    drop_folder(folder);
}

/* A checkpoint may state any size: the work is bounded by the files that are there. */
static void absurd_size_is_incomplete_at_once(void **state)
{
    (void)state;
    char *folder = new_folder();
    struct urna_buf note = {0};
    struct urna_record *r;
    uint8_t root[32] = {0};
    size_t n;
    struct urna_writer *w = open_writer(folder);
    add_leaves(w, 300, 1);
    commit(w);
    urna_writer_free(w);
    urna_checkpoint_text(&note, ORIGIN, INT64_MAX, root);
    urna_buf_str(&note, "\n\xE2\x80\x94 a AAAAAAE=\n");
    put_file(folder, "checkpoint", note.p, note.len);
    struct expected e = {0, {1, 1}, 0};
    assert_int_equal(urna_record_open(&r, folder, NULL), URNA_OK);
    assert_int_equal(urna_record_scan(r, NULL, 2, check_leaf, &e, NULL), URNA_OK);
    const struct urna_record_fault *f = urna_record_faults(r, &n);
    assert_true(n >= 1);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(f[i].state, URNA_RECORD_INCOMPLETE);
    assert_int_equal(f[0].first, 256);
    assert_int_equal(f[0].last, INT64_MAX - 1);
    assert_int_equal(e.n, 256);
    urna_record_free(r);
    urna_buf_free(&note);
    drop_folder(folder);
}

/* An interrupted commit leaves wider tiles; what the checkpoint needs must go into the archive all
 * the same. */
static void export_keeps_what_the_checkpoint_needs(void **state)
{
    (void)state;
    char *folder = new_folder(), *out = new_folder(), *path = urna_path(out, "r.tar.zst");
    struct urna_buf old = {0};
    struct urna_writer *w = open_writer(folder);
    add_leaves(w, 3, 1);
    commit(w);
    add_leaves(w, 5, 1);
    commit(w);
    get_file(&old, folder, "checkpoint");
    add_leaves(w, 9, 1);
    commit(w);
    urna_writer_free(w);
    put_file(folder, "checkpoint", old.p, old.len);
    assert_int_equal(urna_record_export(folder, path, false, NULL), URNA_OK);
    assert_int_equal(check_whole(path, 1, UINT64_MAX, 1), 5);
    urna_buf_free(&old);
    free(path);
    drop_folder(out);
    drop_folder(folder);
}

static void names_without_a_place_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "readme",
        "Checkpoint",
        "checkpoint.old",
        "tile/0/0",
        "tile/0/000.p/256",
        "tile/x",
        "body/00",
        "tiles/0/000",
        "body/0000000000000000000000000000000000000000000000000000000000000000/x",
        "body/aa00000000000000000000000000000000000000000000000000000000000000",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *folder = new_folder();
        struct urna_record *r;
        struct urna_error err = URNA_ERROR_INIT;
        put_file(folder, bad[i], "x", 1);
        assert_int_equal(urna_record_open(&r, folder, &err), URNA_INPUT);
        assert_string_equal(err.where, bad[i]);
        assert_null(r);
        drop_folder(folder);
    }
    char *folder = new_folder(), *link = urna_path(folder, "checkpoint");
    struct urna_record *r;
    assert_int_equal(symlink("/etc/hostname", link), 0);
    assert_int_equal(urna_record_open(&r, folder, NULL), URNA_INPUT);
    free(link);
    drop_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_around_tiles_round_trip),
        cmocka_unit_test(steps_and_one_commit_agree),
        cmocka_unit_test(writer_tree_proves_growth),
        cmocka_unit_test(bodies_are_stored),
        cmocka_unit_test(limits_and_wrong_keys_refused),
        cmocka_unit_test(older_state_is_not_continued),
        cmocka_unit_test(cosignatures_are_merged),
        cmocka_unit_test(crash_at_every_step_leaves_a_whole_record),
        cmocka_unit_test(crash_after_crash_leaves_a_whole_record),
        cmocka_unit_test(killed_writer_leaves_a_whole_record),
        cmocka_unit_test(leftovers_are_cleared),
        cmocka_unit_test(damaged_tiles_are_found),
        cmocka_unit_test(surplus_is_reported_once),
        cmocka_unit_test(files_beyond_the_checkpoint_are_compared),
        cmocka_unit_test(changed_entry_is_named_by_the_tiles),
        cmocka_unit_test(record_changed_between_two_scans_is_noticed),
        cmocka_unit_test(absurd_size_is_incomplete_at_once),
        cmocka_unit_test(export_keeps_what_the_checkpoint_needs),
        cmocka_unit_test(names_without_a_place_refused),
    };
    return cmocka_run_group_tests_name("writer", tests, set_up, NULL);
}
