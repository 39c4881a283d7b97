/* A whole election appended to a folder as a board does, in steps and batches, refused entries
 * among them; then verified. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/election.h"
#include "verify/append.h"
#include "verify/verify.h"

static struct ve *held;
static char folder[64];

static int hold(void **state)
{
    (void)state;
    struct ve_shape s;
    ve_small_shape(&s, "ristretto255", 20);
    held = ve_begin(&s);
    ve_ceremony(held, VE_GOOD);
    ve_roll(held);
    ve_open(held);
    for (uint32_t i = 0; i < s.voters; i++) {
        ve_vote(held, i, 1, NULL);
        if (i % 3 == 0)
            ve_challenge(held, i);
        if (i % 2 == 0)
            ve_vote(held, i / 2, 2, NULL);
    }
    static const uint32_t present[] = {2, 3};
    ve_close(held);
    ve_seal(held);
    ve_decrypt(held, present, 2, 1);
    ve_result(held);
    return 0;
}

static int let_go(void **state)
{
    (void)state;
    ve_free(held);
    return 0;
}

static void remove_tree(const char *path)
{
    DIR *d = opendir(path);
    if (!d) {
        (void)unlink(path);
        return;
    }
    for (struct dirent *e; (e = readdir(d));) {
        char sub[600];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(sub, sizeof sub, "%s/%s", path, e->d_name);
        remove_tree(sub);
    }
    closedir(d);
    (void)rmdir(path);
}

static int new_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/dev/shm/urna-append-XXXXXX");
    if (mkdtemp(folder))
        return 0;
    snprintf(folder, sizeof folder, "/tmp/urna-append-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    remove_tree(folder);
    return 0;
}

#define assert_st(want, x, err)                                                                    \
    do {                                                                                           \
        (err) = (struct urna_error)URNA_ERROR_INIT;                                                \
        enum urna_status st_ = (x);                                                                \
        if (st_ != (want))                                                                         \
            fail_msg("%s: %d instead of %d: %s %s", #x, (int)st_, (int)(want), (err).rule,         \
                     (err).msg);                                                                   \
    } while (0)

static void file_of(struct urna_buf *out, size_t i)
{
    const struct ve_entry *e = &held->entry[i];
    urna_buf_reset(out);
    urna_entry_file_write(out, e->kind, e->sig, e->n_sigs, urna_buf_view(&e->body));
}

static struct urna_append *open_board(void)
{
    struct urna_append *a;
    struct urna_error err;
    assert_st(URNA_OK,
              urna_append_open(&a, folder, held->m.origin, held->key[held->log].pk, 1, &err), err);
    return a;
}

static void commit(struct urna_append *a)
{
    struct urna_error err;
    assert_st(URNA_OK, urna_append_commit(a, held->key[held->log].seed, &err), err);
}

static size_t size_of(struct urna_append *a)
{
    return (size_t)urna_tree_size(urna_append_tree(a));
}

/* Entries from.. until: one by one, a commit after each every-th. */
static void append_some(struct urna_append *a, size_t from, size_t until, size_t every)
{
    struct urna_buf file = {0};
    struct urna_error err;
    for (size_t i = from; i < until; i++) {
        uint64_t index;
        file_of(&file, i);
        assert_st(URNA_OK, urna_append_entry(a, urna_buf_view(&file), &index, &err), err);
        assert_int_equal(index, i);
        if (i % every == every - 1)
            commit(a);
    }
    commit(a);
    urna_buf_free(&file);
}

static size_t first_of(enum urna_kind kind)
{
    size_t i = 0;
    while (i < held->n && held->entry[i].kind != kind)
        i++;
    return i;
}

static void verify_as(const struct urna_verify_options *o, enum urna_answer want, const char *why)
{
    struct urna_verdict v;
    struct urna_error err;
    assert_st(URNA_OK, urna_verify(&v, folder, o, &err), err);
    if (v.answer != want)
        fail_msg("%s instead of %s: %s", urna_answer_name[v.answer], urna_answer_name[want], v.why);
    if (why)
        assert_non_null(strstr(v.why, why));
    if (want >= URNA_COMPUTED)
        assert_true(ve_counts_agree(held, urna_follow_judge(v.follow)));
    assert_int_equal(urna_verdict_exit(&v), want >= URNA_COMPUTED ? 0 : 1);
    urna_verdict_free(&v);
}

static void appended_election_is_verified(void **state)
{
    (void)state;
    struct urna_append *a = open_board();
    append_some(a, 0, held->n, 7);
    urna_append_free(a);
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        struct urna_verify_options o = {.threads = threads};
        verify_as(&o, URNA_COMPUTED, NULL);
        o.fingerprint = held->phi;
        verify_as(&o, URNA_COMPUTED, NULL);
    }
    uint8_t other[32];
    memcpy(other, held->phi, 32);
    other[31] ^= 1;
    struct urna_verify_options o = {.fingerprint = other, .threads = 1};
    verify_as(&o, URNA_INVALID, "another election");
}

/* The board is closed and opened again after every entry, and in the middle of nothing else. */
static void reopened_after_every_entry(void **state)
{
    (void)state;
    struct urna_error err;
    for (size_t i = 0; i < held->n; i++) {
        struct urna_append *a;
        if (i == 0)
            a = open_board();
        else
            assert_st(URNA_OK, urna_append_reopen(&a, folder, 1, &err), err);
        assert_int_equal(size_of(a), i);
        append_some(a, i, i + 1, 1);
        urna_append_free(a);
    }
    struct urna_verify_options o = {.threads = 1};
    verify_as(&o, URNA_COMPUTED, NULL);
}

/* What the board refuses leaves no trace; ballots come in batches with bad, repeated and foreign
 * ones among them. */
static void batches_take_the_good_ones(void **state)
{
    (void)state;
    enum { MOST = 64 };
    struct urna_append *a = open_board();
    struct urna_error err;
    size_t from = first_of(URNA_OPEN) + 1, n = 0;
    append_some(a, 0, from, 100);
    size_t size = size_of(a);
    struct urna_buf file[MOST] = {{0}};
    struct urna_view view[MOST];
    bool good[MOST], taken[MOST];
    /* Up to the first anchor: each once; each third again; each fourth before it with a spoiled
     * signature. */
    size_t until = from;
    while (held->entry[until].kind != URNA_ANCHOR && n + 3 < MOST) {
        const struct ve_entry *e = &held->entry[until];
        if (e->kind == URNA_BALLOT && until % 4 == 0) {
            struct urna_sig sig = e->sig[0];
            sig.sig[40] ^= 1;
            urna_entry_file_write(&file[n], e->kind, &sig, 1, urna_buf_view(&e->body));
            good[n++] = false;
        }
        file_of(&file[n], until);
        good[n++] = true;
        if (until % 3 == 0) {
            file_of(&file[n], until);
            good[n++] = false;
        }
        until++;
    }
    assert_true(until > from + 2);
    file_of(&file[n], first_of(URNA_ACCEPT)); /* no ballot */
    good[n++] = false;
    urna_buf_str(&file[n], "no entry");
    good[n++] = false;
    size_t want = 0;
    for (size_t i = 0; i < n; i++) {
        view[i] = urna_buf_view(&file[i]);
        want += good[i];
    }
    assert_st(URNA_OK, urna_append_many(a, view, n, taken, &err), err);
    assert_memory_equal(taken, good, n * sizeof *taken);
    assert_int_equal(size_of(a), size + want);
    commit(a);
    /* One by one: refused before anything is pending. */
    for (size_t i = 0; i < n; i++)
        if (!good[i])
            assert_int_not_equal(urna_append_entry(a, view[i], NULL, &err), URNA_OK);
    assert_int_equal(size_of(a), size + want);
    for (size_t i = 0; i < n; i++)
        urna_buf_free(&file[i]);
    append_some(a, until, held->n, 9);
    urna_append_free(a);
    struct urna_verify_options o = {.threads = 2};
    verify_as(&o, URNA_COMPUTED, NULL);
}

/* What only the fold can refuse (a false count set) spoils the open board and not the record. */
static void refused_by_the_fold(void **state)
{
    (void)state;
    struct urna_append *a = open_board();
    struct urna_error err;
    struct urna_buf file = {0}, body = {0};
    size_t at = first_of(URNA_COUNTSET);
    append_some(a, 0, at, 100);
    urna_buf_add(&body, held->entry[at].body.p, held->entry[at].body.len);
    uint8_t *digit = (uint8_t *)strstr(urna_buf_cstr(&body), "\"root\":\"") + 8;
    *digit = *digit == '0' ? '1' : '0';
    urna_entry_file_write(&file, URNA_COUNTSET, NULL, 0, urna_buf_view(&body));
    assert_st(URNA_FALSE, urna_append_entry(a, urna_buf_view(&file), NULL, &err), err);
    assert_string_equal(err.rule, "E10");
    file_of(&file, at);
    assert_st(URNA_FALSE, urna_append_entry(a, urna_buf_view(&file), NULL, &err), err);
    urna_append_free(a);
    assert_st(URNA_OK, urna_append_reopen(&a, folder, 1, &err), err);
    append_some(a, at, held->n, 100);
    urna_append_free(a);
    urna_buf_free(&file);
    urna_buf_free(&body);
    struct urna_verify_options o = {.threads = 1};
    verify_as(&o, URNA_COMPUTED, NULL);
}

static void a_new_log_begins_with_its_own_manifest(void **state)
{
    (void)state;
    struct urna_append *a = open_board();
    struct urna_error err;
    struct urna_buf file = {0};
    bool taken = true;
    file_of(&file, first_of(URNA_BALLOT));
    struct urna_view v = urna_buf_view(&file);
    assert_st(URNA_FALSE, urna_append_entry(a, v, NULL, &err), err);
    assert_st(URNA_FALSE, urna_append_many(a, &v, 1, &taken, &err), err);
    assert_int_equal(size_of(a), 0);
    urna_append_free(a);
    /* Another log key than the manifest's; nothing there to go on with. */
    assert_st(URNA_OK,
              urna_append_open(&a, folder, held->m.origin, held->key[held->observer].pk, 1, &err),
              err);
    file_of(&file, 0);
    assert_st(URNA_FALSE, urna_append_entry(a, urna_buf_view(&file), NULL, &err), err);
    urna_append_free(a);
    assert_st(URNA_INPUT, urna_append_reopen(&a, folder, 1, &err), err);
    urna_buf_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(appended_election_is_verified, new_folder, drop_folder),
        cmocka_unit_test_setup_teardown(reopened_after_every_entry, new_folder, drop_folder),
        cmocka_unit_test_setup_teardown(batches_take_the_good_ones, new_folder, drop_folder),
        cmocka_unit_test_setup_teardown(refused_by_the_fold, new_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_new_log_begins_with_its_own_manifest, new_folder,
                                        drop_folder),
    };
    return cmocka_run_group_tests(tests, hold, let_go);
}
