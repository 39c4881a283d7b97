/* Role keys and entries signed with them; promises. */
#include "testing.h"

#include "base/secret.h"
#include "proof/ed25519.h"
#include "protocol/promise.h"
#include "protocol/role.h"

static uint8_t phi[32] = {1, 2, 3};

static struct urna_role_key role(const char *name)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_role_key r;
    assert_ok(urna_role_new(&r, name, &err), err);
    return r;
}

static void role_saved_and_loaded(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_role_key a = role("commission.a"), b;
    char *path = urna_xstrdup(test_path("role"));
    assert_true(urna_ed25519_key_valid(a.public));
    assert_ok(urna_role_save(&a, path, URNA_SEAL_ROLE, test_pass, &urna_seal_cost_least, &err),
              err);
    assert_ok(urna_role_load(&b, path, URNA_SEAL_ROLE, test_pass, &err), err);
    assert_memory_equal(&a, &b, sizeof a);
    assert_status(URNA_INPUT, urna_role_load(&b, path, URNA_SEAL_LOG, test_pass, &err), err);
    assert_status(URNA_INPUT, urna_role_load(&b, path, URNA_SEAL_ROLE, urna_view_str("no"), &err),
                  err);
    struct urna_role_key empty = {0};
    assert_memory_equal(&b, &empty, sizeof b);
    urna_role_wipe(&a);
    assert_memory_equal(&a, &empty, sizeof a);
    /* another secret under the same purpose is no role */
    assert_ok(urna_sealed_create(test_path("odd"), URNA_SEAL_ROLE, test_pass, &urna_seal_cost_least,
                                 urna_view_str("urna-role-1 x"), &err),
              err);
    assert_status(URNA_INPUT, urna_role_load(&b, test_path("odd"), URNA_SEAL_ROLE, test_pass, &err),
                  err);
    free(path);
}

static void role_names_have_a_form(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    static const char *const bad[] = {"", "a b", "a+b", "a\"", "a\\", "\xC3\xA9", "a\n"};
    struct urna_role_key r;
    char longest[257];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_status(URNA_INPUT, urna_role_new(&r, bad[i], &err), err);
    memset(longest, 'a', 256);
    longest[256] = 0;
    assert_status(URNA_INPUT, urna_role_new(&r, longest, &err), err);
    longest[255] = 0;
    assert_ok(urna_role_new(&r, longest, &err), err);
}

/* Text, bytes, or {prefix, repeat x times, suffix}. */
static void body_of(struct urna_buf *b, const json_t *v)
{
    const json_t *o = json_object_get(v, "body");
    if (!o) {
        add_hex(b, text_of(v, "body_hex"));
    } else if (json_is_string(o)) {
        urna_buf_str(b, json_string_value(o));
    } else {
        urna_buf_str(b, text_of(o, "prefix"));
        for (uint64_t i = number_of(o, "times"); i > 0; i--)
            urna_buf_str(b, text_of(o, "repeat"));
        urna_buf_str(b, text_of(o, "suffix"));
    }
    assert_int_equal(b->len, number_of(v, "size"));
}

/* The 13 entries of the law: signatures of roles made by another implementation verify, and ours
 * are the same. */
static void entries_of_the_law_signed_the_same(void **state)
{
    (void)state;
    json_t *j = vectors("election-vectors.json"), *v, *s;
    size_t i, k, checked = 0;
    uint8_t law_phi[32];
    bytes_of(law_phi, 32, json_object_get(j, "entries_election"), "phi");
    json_array_foreach(json_object_get(j, "entries"), i, v)
    {
        struct urna_buf b = {0};
        body_of(&b, v);
        struct urna_view body = urna_buf_view(&b);
        enum urna_kind kind = urna_kind_find(text_of(v, "kind"));
        const json_t *sigs = json_object_get(v, "signers");
        json_array_foreach(sigs, k, s)
        {
            uint8_t seed[32], sig[64], mine[64], pk[32];
            if (!json_object_get(s, "ed25519_seed"))
                continue;
            bytes_of(seed, 32, s, "ed25519_seed");
            bytes_of(sig, 64, s, "sig");
            urna_ed25519_public(pk, seed);
            urna_role_sign(mine, seed, law_phi, kind, text_of(s, "by"), body);
            assert_memory_equal(mine, sig, 64);
            assert_true(urna_role_check(pk, sig, law_phi, kind, text_of(s, "by"), body));
            checked++;
        }
        urna_buf_free(&b);
    }
    assert_true(checked >= 13);
    json_decref(j);
}

static void entry_made_and_cosigned(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_role_key a = role("commission.a"), b = role("commission.b"), c = role("aaa");
    struct urna_buf one = {0}, two = {0}, three = {0}, none = {0};
    struct urna_arena arena = {0};
    struct urna_entry e;
    struct urna_view body = urna_view_str("{\"time\":1716640300}");
    assert_ok(urna_entry_make(&one, URNA_CLOSE, body, &b, phi, &err), err);
    assert_ok(urna_entry_cosign(&two, urna_buf_view(&one), &a, phi, &err), err);
    assert_ok(urna_entry_cosign(&three, urna_buf_view(&two), &c, phi, &err), err);
    assert_ok(urna_entry_file_read(&e, urna_buf_view(&three), &arena, &err), err);
    assert_int_equal(e.n_sigs, 3);
    const struct urna_role_key *order[3] = {&c, &a, &b};
    for (uint32_t i = 0; i < 3; i++) {
        assert_string_equal(e.sigs[i].by, order[i]->name);
        assert_true(urna_role_check(order[i]->public, e.sigs[i].sig, phi, URNA_CLOSE, e.sigs[i].by,
                                    e.body));
        assert_false(urna_role_check(order[i]->public, e.sigs[i].sig, phi, URNA_REDACT,
                                     e.sigs[i].by, e.body));
        assert_false(
            urna_role_check(order[i]->public, e.sigs[i].sig, phi, URNA_CLOSE, "other", e.body));
        uint8_t other_phi[32] = {9};
        assert_false(urna_role_check(order[i]->public, e.sigs[i].sig, other_phi, URNA_CLOSE,
                                     e.sigs[i].by, e.body));
    }
    assert_status(URNA_INPUT, urna_entry_cosign(&none, urna_buf_view(&two), &a, phi, &err), err);
    /* one signer only; unsigned; voters' */
    assert_ok(urna_entry_make(&none, URNA_ACCEPT, urna_view_str("{\"as\":\"w\"}"), &a, phi, &err),
              err);
    urna_buf_reset(&two);
    assert_status(URNA_INPUT, urna_entry_cosign(&two, urna_buf_view(&none), &b, phi, &err), err);
    assert_status(URNA_INPUT, urna_entry_make(&two, URNA_RESULT, body, &a, phi, &err), err);
    assert_status(URNA_INPUT, urna_entry_make(&two, URNA_BALLOT, body, &a, phi, &err), err);
    assert_status(URNA_INPUT, urna_entry_make(&two, URNA_CLOSE, body, NULL, phi, &err), err);
    assert_status(URNA_INPUT, urna_entry_cosign(&two, urna_view_str("nonsense"), &a, phi, &err),
                  err);
    assert_int_equal(two.len, 0);
    urna_arena_free(&arena);
    urna_buf_free(&one);
    urna_buf_free(&two);
    urna_buf_free(&three);
    urna_buf_free(&none);
}

static void entry_takes_24_signatures_and_no_more(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf file = {0}, next = {0};
    struct urna_role_key r = role("c.00");
    assert_ok(urna_entry_make(&file, URNA_CLOSE, urna_view_str("{\"time\":1}"), &r, phi, &err),
              err);
    for (int i = 1; i <= 24; i++) {
        char name[8];
        snprintf(name, sizeof name, "c.%02d", (i * 7) % 25);
        r = role(name);
        urna_buf_reset(&next);
        if (i == 24)
            assert_status(URNA_INPUT, urna_entry_cosign(&next, urna_buf_view(&file), &r, phi, &err),
                          err);
        else
            assert_ok(urna_entry_cosign(&next, urna_buf_view(&file), &r, phi, &err), err);
        struct urna_buf t = file;
        file = next;
        next = t;
    }
    urna_buf_free(&file);
    urna_buf_free(&next);
}

static void promise_vectors_of_the_law(void **state)
{
    (void)state;
    json_t *j = vectors("law-vectors.json"), *v;
    json_t *list = json_object_get(json_object_get(j, "promise_and_received"), "cases");
    size_t i, unknown = 0;
    assert_int_equal(json_array_size(list), 12);
    json_array_foreach(list, i, v)
    {
        const json_t *want = json_object_get(v, "expect");
        struct urna_promise p = {0}, q;
        uint8_t pk[32], seed[32], sig[64];
        p.received = strcmp(text_of(v, "what"), "received") == 0;
        bytes_of(p.phi, 32, v, "phi");
        bytes_of(p.e, 32, v, "e");
        bytes_of(pk, 32, v, "ed25519_pk");
        p.kind = urna_kind_find(text_of(v, "kind"));
        p.time = number_of(v, "t");
        if (p.kind == URNA_KIND_UNKNOWN) { /* the message of a kind that this program does not know
                                              is model/'s to test */
            assert_false(urna_promise_check(&p, pk));
            unknown++;
            continue;
        }
        if (json_object_get(v, "ed25519_seed")) {
            bytes_of(seed, 32, v, "ed25519_seed");
            bytes_of(sig, 64, want, "sig");
            urna_promise_sign(&p, seed);
            assert_memory_equal(p.sig, sig, 64);
            assert_true(urna_promise_check(&p, pk));
        } else {
            bytes_of(p.sig, 64, v, "sig");
            assert_int_equal(urna_promise_check(&p, pk), number_of(want, "verifies"));
        }
        struct urna_error err = URNA_ERROR_INIT;
        struct urna_buf file = {0};
        urna_promise_write(&file, &p);
        assert_ok(urna_promise_read(&q, urna_buf_view(&file), &err), err);
        assert_memory_equal(&p, &q, sizeof p);
        urna_buf_free(&file);
    }
    assert_int_equal(unknown, 1);
    json_decref(j);
}

static void promise_file_is_strict(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_promise p = {.kind = URNA_BALLOT, .time = 1716640300}, q;
    struct urna_role_key log = role("log");
    struct urna_buf file = {0}, again = {0};
    urna_promise_sign(&p, log.seed);
    urna_promise_write(&file, &p);
    for (size_t i = 0; i < file.len; i++) {
        assert_status(URNA_INPUT, urna_promise_read(&q, urna_view(file.p, i), &err), err);
        for (unsigned c = 0; c < 256;
             c++) { /* changed bytes: refused, or another promise that does not verify */
            uint8_t was = file.p[i];
            if (c == was)
                continue;
            file.p[i] = (uint8_t)c;
            if (urna_promise_read(&q, urna_buf_view(&file), NULL) == URNA_OK) {
                urna_buf_reset(&again);
                urna_promise_write(&again, &q);
                assert_true(urna_view_eq(urna_buf_view(&file), urna_buf_view(&again)));
                assert_false(urna_promise_check(&q, log.public));
            }
            file.p[i] = was;
        }
    }
    urna_buf_char(&file, '\n');
    assert_status(URNA_INPUT, urna_promise_read(&q, urna_buf_view(&file), &err), err);
    urna_buf_free(&file);
    urna_buf_free(&again);
}

static void promise_times_a_client_takes(void **state)
{
    (void)state;
    struct urna_promise p = {.time = 10000};
    assert_true(urna_promise_timely(&p, 10000, 9000, 1000));
    assert_false(urna_promise_timely(&p, 10000, 8999, 1000)); /* after T_close + delta */
    assert_true(urna_promise_timely(&p, 2800, 9000, 1000));
    assert_false(urna_promise_timely(&p, 2799, 9000, 1000)); /* more than 2 h ahead */
    p.time = UINT64_MAX;
    assert_false(urna_promise_timely(&p, UINT64_MAX - 1, UINT64_MAX, UINT64_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(role_saved_and_loaded),
        cmocka_unit_test(role_names_have_a_form),
        cmocka_unit_test(entries_of_the_law_signed_the_same),
        cmocka_unit_test(entry_made_and_cosigned),
        cmocka_unit_test(entry_takes_24_signatures_and_no_more),
        cmocka_unit_test(promise_vectors_of_the_law),
        cmocka_unit_test(promise_file_is_strict),
        cmocka_unit_test(promise_times_a_client_takes),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    test_folder_remove();
    return failed;
}
