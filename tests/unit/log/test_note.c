/* Notes, verifier keys and cosignatures: published vectors, and every way of writing them wrongly.
 */
#include "log_testing.h"

#include "log/note.h"
#include "proof/ed25519.h"

#define ORIGIN "log.example/test"
#define ROOT "Vg2dbeFlhW9xCjyTrcO5mDJVKHinfbk+g8eFKglYPg0="
#define TEXT ORIGIN "\n15\n" ROOT "\n"
#define DASH "\xE2\x80\x94"
#define LINE DASH " a.example AAAAAAE=\n" /* key ID 0, one byte */

static enum urna_status read_str(struct urna_checkpoint *c, const char *s, struct urna_error *err)
{
    return urna_checkpoint_read(c, urna_view_str(s), err);
}

static struct urna_view json_view(const json_t *j)
{
    return urna_view(json_string_value(j), json_string_length(j));
}

/* Published cosignature vector: read the note, check the Ed25519 line, keep the ML-DSA line, make
 * the same line again. */
static void cosignature_vector_matches(void **state)
{
    (void)state;
    json_t *v = load_vectors("cosignature.json");
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_checkpoint c;
    struct urna_vkey k;
    struct urna_buf seed = {0}, out = {0};
    uint64_t time;
    uint8_t blob[72], pk[32];

    assert_int_equal(urna_vkey_read(&k, json_view(json_object_get(v, "ed25519_vkey")), &err),
                     URNA_OK);
    assert_int_equal(k.type, URNA_KEY_COSIGNATURE);
    urna_vkey_write(&out, &k);
    assert_string_equal(urna_buf_cstr(&out), json_string_value(json_object_get(v, "ed25519_vkey")));
    assert_int_equal(urna_vkey_read(&k, json_view(json_object_get(v, "mldsa_vkey")), &err),
                     URNA_INPUT);
    assert_int_equal(urna_vkey_read(&k, json_view(json_object_get(v, "ed25519_vkey")), &err),
                     URNA_OK);

    struct urna_view note = json_view(json_object_get(v, "note"));
    assert_int_equal(urna_checkpoint_read(&c, note, &err), URNA_OK);
    assert_true(urna_view_eq(c.text, json_view(json_object_get(v, "text"))));
    assert_string_equal(c.origin, "log.example/vector");
    assert_int_equal(c.size, 15);
    assert_int_equal(c.n_sig, 2);
    assert_true(urna_note_sig_by(&c.sig[0], &k));
    assert_false(urna_note_sig_by(&c.sig[1], &k));
    assert_true(urna_note_sig_check(&c.sig[0], &k, c.text, &time));
    assert_false(urna_note_sig_check(&c.sig[1], &k, c.text, NULL));
    assert_int_equal(c.sig[1].blob.len, 8 + 2420);

    hex_into(&seed, json_object_get(v, "seed_hex"));
    urna_ed25519_public(pk, seed.p);
    assert_memory_equal(pk, k.pk, 32);
    urna_be64(blob, time);
    urna_cosignature_sign(blob + 8, seed.p, time, c.text);
    urna_buf_reset(&out);
    urna_note_line(&out, &k, blob, sizeof blob);
    struct urna_view rest = urna_view(note.p + c.text.len + 1, out.len);
    assert_true(urna_view_eq(urna_buf_view(&out), rest));

    /* Every bit of the blob counts, and the text. */
    for (size_t bit = 0; bit < 8 * sizeof blob; bit += 5) {
        uint8_t changed[72];
        struct urna_note_sig s = c.sig[0];
        memcpy(changed, blob, sizeof blob);
        changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        s.blob = urna_view(changed, sizeof changed);
        assert_false(urna_note_sig_check(&s, &k, c.text, &time));
        assert_int_equal(time, 0);
    }
    assert_false(urna_note_sig_check(&c.sig[0], &k, urna_view(c.text.p, c.text.len - 1), NULL));
    urna_checkpoint_free(&c);
    urna_buf_free(&seed);
    urna_buf_free(&out);
    json_decref(v);
}

/* Made with the public test key of a foreign log over its own checkpoint (platform notes of the
 * project). */
static void foreign_cosignature_verifies(void **state)
{
    (void)state;
    static const char note[] =
        "example.com/log/testdata\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n\n" DASH
        " Wit1 "
        "mz+y1QAAAABkGFDLi4zi/+2kU/5P/"
        "4hpCkNoBjvoRHwqkmsDuocW+0ObiIxdYaW7bwTBaMLGHYwvM5lh63uUblihMBNM"
        "SJQRd2V3AQ==\n";
    struct urna_vkey k;
    struct urna_checkpoint c;
    uint64_t time;
    assert_int_equal(
        urna_vkey_read(
            &k, urna_view_str("Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk"), NULL),
        URNA_OK);
    assert_int_equal(read_str(&c, note, NULL), URNA_OK);
    assert_true(urna_note_sig_check(&c.sig[0], &k, c.text, &time));
    assert_int_equal(time, 1679315147);
    urna_checkpoint_free(&c);
}

static void log_signature_round_trip(void **state)
{
    (void)state;
    uint8_t seed[32] = {7}, pk[32], sig[64], root[32] = {1, 2, 3};
    struct urna_vkey k, other;
    struct urna_buf note = {0}, again = {0};
    struct urna_checkpoint c;
    uint64_t time = 5;
    urna_ed25519_public(pk, seed);
    urna_vkey_make(&k, ORIGIN, URNA_KEY_ED25519, pk);
    urna_vkey_make(&other, ORIGIN "2", URNA_KEY_ED25519, pk);
    urna_checkpoint_text(&note, ORIGIN, 1234567, root);
    urna_ed25519_sign(sig, seed, note.p, note.len);
    urna_buf_char(&note, '\n');
    urna_note_line(&note, &k, sig, sizeof sig);
    assert_int_equal(urna_checkpoint_read(&c, urna_buf_view(&note), NULL), URNA_OK);
    assert_int_equal(c.size, 1234567);
    assert_memory_equal(c.root, root, 32);
    assert_true(urna_note_sig_check(&c.sig[0], &k, c.text, &time));
    assert_int_equal(time, 0);
    assert_false(urna_note_sig_check(&c.sig[0], &other, c.text, NULL));
    /* A byte less or more is no signature. */
    uint8_t longer[65] = {0};
    struct urna_note_sig odd = c.sig[0];
    memcpy(longer, sig, 64);
    odd.blob = urna_view(longer, 65);
    assert_false(urna_note_sig_check(&odd, &k, c.text, NULL));
    odd.blob.len = 63;
    assert_false(urna_note_sig_check(&odd, &k, c.text, NULL));
    odd.blob.len = 64;
    assert_true(urna_note_sig_check(&odd, &k, c.text, NULL));
    /* The same key as a cosigner has another ID, and a line of 64 bytes is no cosignature. */
    urna_vkey_make(&other, ORIGIN, URNA_KEY_COSIGNATURE, pk);
    assert_memory_not_equal(k.id, other.id, 4);
    memcpy(c.sig[0].id, other.id, 4);
    assert_false(urna_note_sig_check(&c.sig[0], &other, c.text, NULL));
    urna_vkey_write(&again, &k);
    assert_int_equal(urna_vkey_read(&other, urna_buf_view(&again), NULL), URNA_OK);
    assert_memory_equal(&other, &k, sizeof k);
    urna_checkpoint_free(&c);
    urna_buf_free(&note);
    urna_buf_free(&again);
}

static void cosignature_times_are_bounded(void **state)
{
    (void)state;
    uint8_t seed[32] = {9}, pk[32], sig[64];
    struct urna_view text = urna_view_str(TEXT);
    urna_ed25519_public(pk, seed);
    static const struct {
        uint64_t time;
        bool ok;
    } t[] = {
        {0, false}, {1, true}, {INT64_MAX, true}, {UINT64_C(1) << 63, false}, {UINT64_MAX, false}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        urna_cosignature_sign(sig, seed, t[i].time, text);
        assert_int_equal(urna_cosignature_check(pk, t[i].time, text, sig), t[i].ok);
        assert_false(urna_cosignature_check(pk, 77, text, sig));
    }
}

static void good_notes_accepted(void **state)
{
    (void)state;
    static const char *const good[] = {
        TEXT "\n" LINE,
        TEXT "\n" LINE LINE DASH " b AAAAAAE=\n",
        ORIGIN "\n0\n" ROOT "\n\n" LINE,
        ORIGIN "\n9223372036854775807\n" ROOT "\n\n" LINE,
        "\xD0\xB2\xD1\x8B\xD0\xB1\xD0\xB0\xD1\x80\xD1\x8B\n1\n" ROOT "\n\n" DASH
        " \xF0\x9F\x97\xB3 AAAAAAE=\n",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct urna_checkpoint c;
        struct urna_error err = URNA_ERROR_INIT;
        if (read_str(&c, good[i], &err) != URNA_OK)
            fail_msg("note %zu: %s", i, err.msg);
        urna_checkpoint_free(&c);
    }
}

static void malformed_notes_refused(void **state)
{
    (void)state;
    static const struct {
        enum urna_status status;
        const char *note;
    } bad[] = {
        {URNA_INPUT, ORIGIN "\r\n15\r\n" ROOT "\r\n\r\n" LINE},
        {URNA_INPUT, ORIGIN "\n15\r\n" ROOT "\n\n" LINE},
        {URNA_INPUT, ORIGIN "\n15\n" ROOT "\r\n\n" LINE},
        {URNA_INPUT, TEXT "\r\n" LINE},
        {URNA_FALSE, TEXT "extension\n\n" LINE},
        {URNA_FALSE, TEXT "one\ntwo\n\n" LINE},
        {URNA_FALSE, TEXT " \n\n" LINE},
        {URNA_FALSE, TEXT LINE},
        {URNA_INPUT, TEXT "ext\x01"
                          "ension\n\n" LINE},
        {URNA_INPUT, TEXT "\n\n" LINE},         /* the text would end in an empty line */
        {URNA_INPUT, TEXT "\n" LINE "\n" LINE}, /* ... or have signatures in it */
        {URNA_INPUT, TEXT "\n" LINE "\n"},
        {URNA_INPUT, "\n15\n" ROOT "\n\n" LINE}, /* no origin */
        {URNA_INPUT, "log example\n15\n" ROOT "\n\n" LINE},
        {URNA_INPUT, "log+example\n15\n" ROOT "\n\n" LINE},
        {URNA_INPUT, "log\xC2\xA0"
                     "example\n15\n" ROOT "\n\n" LINE}, /* no-break space */
        {URNA_INPUT, "log\xE2\x80\xA8"
                     "example\n15\n" ROOT "\n\n" LINE},
        {URNA_INPUT, "log\xFF\n15\n" ROOT "\n\n" LINE},
        {URNA_INPUT, "log\xC0\xAF\n15\n" ROOT "\n\n" LINE}, /* overlong */
        {URNA_INPUT, ORIGIN "\n015\n" ROOT "\n\n" LINE},
        {URNA_INPUT, ORIGIN "\n00\n" ROOT "\n\n" LINE},
        {URNA_INPUT, ORIGIN "\n+15\n" ROOT "\n\n" LINE},
        {URNA_INPUT, ORIGIN "\n-1\n" ROOT "\n\n" LINE},
        {URNA_INPUT, ORIGIN "\n15 \n" ROOT "\n\n" LINE},
        {URNA_INPUT, ORIGIN "\n 15\n" ROOT "\n\n" LINE},
        {URNA_INPUT, ORIGIN "\n0x15\n" ROOT "\n\n" LINE},
        {URNA_INPUT, ORIGIN "\n1e3\n" ROOT "\n\n" LINE},
        {URNA_INPUT, ORIGIN "\n\n" ROOT "\n\n" LINE},
        {URNA_INPUT, ORIGIN "\n9223372036854775808\n" ROOT "\n\n" LINE},
        {URNA_INPUT, ORIGIN "\n99999999999999999999999\n" ROOT "\n\n" LINE},
        {URNA_INPUT,
         ORIGIN "\n15\nVg2dbeFlhW9xCjyTrcO5mDJVKHinfbk+g8eFKglYPg0\n\n" LINE}, /* no padding */
        {URNA_INPUT, ORIGIN
         "\n15\nVg2dbeFlhW9xCjyTrcO5mDJVKHinfbk+g8eFKglYPg1=\n\n" LINE}, /* bits behind the end */
        {URNA_INPUT,
         ORIGIN "\n15\nVg2dbeFlhW9xCjyTrcO5mDJVKHinfbk-g8eFKglYPg0=\n\n" LINE}, /* URL alphabet */
        {URNA_INPUT, ORIGIN "\n15\nVg2dbeFlhW9xCjyTrcO5mDJVKHinfbk+g8eFKglYPg0= \n\n" LINE},
        {URNA_INPUT,
         ORIGIN "\n15\nVg2dbeFlhW9xCjyTrcO5mDJVKHinfbk+g8eFKglYPg==\n\n" LINE}, /* 31 bytes */
        {URNA_INPUT,
         ORIGIN "\n15\nVg2dbeFlhW9xCjyTrcO5mDJVKHinfbk+g8eFKglYPg0A\n\n" LINE}, /* 33 bytes */
        {URNA_INPUT, TEXT "\n- a.example AAAAAAE=\n"},
        {URNA_INPUT, TEXT "\n" DASH "a.example AAAAAAE=\n"},
        {URNA_INPUT, TEXT "\n" DASH "  AAAAAAE=\n"},
        {URNA_INPUT, TEXT "\n" DASH " a.example\n"},
        {URNA_INPUT, TEXT "\n" DASH " a.example \n"},
        {URNA_INPUT, TEXT "\n" DASH " a+b AAAAAAE=\n"},
        {URNA_INPUT, TEXT "\n" DASH " a.example  AAAAAAE=\n"},
        {URNA_INPUT, TEXT "\n" DASH " a.example AAAAAAE= \n"},
        {URNA_INPUT, TEXT "\n" DASH " a.example AAAAAAE\n"},
        {URNA_INPUT, TEXT "\n" DASH " a.example AAAAAAF=\n"},
        {URNA_INPUT, TEXT "\n" DASH " a.example AAAAAA==\n"}, /* the key ID alone */
        {URNA_INPUT, TEXT "\n" DASH " a.example AAAAAAE=\r\n"},
        {URNA_INPUT, TEXT "\n" LINE "\x1B[2J\n"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct urna_checkpoint c;
        struct urna_error err = URNA_ERROR_INIT;
        if (read_str(&c, bad[i].note, &err) != bad[i].status)
            fail_msg("note %zu: %s", i, err.msg);
        assert_int_equal(err.status, bad[i].status);
        if (err.offset == (int64_t)strlen(bad[i].note))
            fail_msg("note %zu is called cut off: %s", i, err.msg);
        assert_null(c.sig);
        assert_null(c.storage.p);
    }
}

/* A note that was cut off anywhere is told from one that is wrong: the offset is its length. */
static void every_prefix_is_cut_off(void **state)
{
    (void)state;
    static const char note[] = TEXT "\n" LINE LINE;
    size_t len = strlen(note), first_line = strlen(TEXT "\n" LINE);
    for (size_t n = 0; n < len; n++) {
        struct urna_checkpoint c;
        struct urna_error err = URNA_ERROR_INIT;
        enum urna_status st = urna_checkpoint_read(&c, urna_view(note, n), &err);
        if (n == first_line) { /* a whole note with one line less */
            assert_int_equal(st, URNA_OK);
            urna_checkpoint_free(&c);
            continue;
        }
        assert_int_equal(st, URNA_INPUT);
        assert_int_equal(err.offset, n);
    }
}

/* Change, remove, insert each byte: no crash, and whatever is accepted says the same when written
 * again. */
static void mutated_notes_never_crash(void **state)
{
    (void)state;
    static const char note[] = TEXT "\n" LINE DASH " witness.example/vector AAAAAAECAwQ=\n";
    size_t len = strlen(note), accepted = 0;
    static const uint8_t with[] = {0, '\n', '\r', ' ', '+', '0', '=', 'A', 0x7F, 0x80, 0xE2, 0xFF};
    for (size_t at = 0; at < len; at++) {
        for (size_t k = 0; k < 3 * sizeof with; k++) {
            struct urna_buf b = {0}, again = {0};
            struct urna_checkpoint c;
            size_t how = k % 3; /* replace, insert, remove */
            urna_buf_add(&b, note, at);
            if (how < 2)
                urna_buf_u8(&b, with[k / 3]);
            urna_buf_add(&b, note + at + (how != 1), len - at - (how != 1));
            if (urna_checkpoint_read(&c, urna_buf_view(&b), NULL) == URNA_OK) {
                urna_checkpoint_text(&again, c.origin, c.size, c.root);
                assert_true(urna_view_eq(urna_buf_view(&again), c.text));
                assert_true(c.n_sig >= 1);
                accepted++;
                urna_checkpoint_free(&c);
            }
            urna_buf_free(&b);
            urna_buf_free(&again);
        }
    }
    assert_true(accepted > 0);
}

static void limits_hold(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    struct urna_checkpoint c;
    urna_buf_str(&b, TEXT "\n");
    for (int i = 0; i < URNA_NOTE_MAX_SIGS; i++)
        urna_buf_str(&b, LINE);
    assert_int_equal(urna_checkpoint_read(&c, urna_buf_view(&b), NULL), URNA_OK);
    assert_int_equal(c.n_sig, URNA_NOTE_MAX_SIGS);
    urna_checkpoint_free(&c);
    urna_buf_str(&b, LINE);
    assert_int_equal(urna_checkpoint_read(&c, urna_buf_view(&b), NULL), URNA_INPUT);
    urna_buf_reset(&b);
    urna_buf_str(&b, TEXT "\n" DASH " a ");
    while (b.len < URNA_NOTE_MAX)
        urna_buf_str(&b, "AAAA");
    urna_buf_char(&b, '\n');
    assert_int_equal(urna_checkpoint_read(&c, urna_buf_view(&b), NULL), URNA_INPUT);
    /* Names: 255 bytes are read, 256 are not. */
    for (int n = 255; n <= 256; n++) {
        urna_buf_reset(&b);
        urna_buf_str(&b, TEXT "\n" DASH " ");
        for (int i = 0; i < n; i++)
            urna_buf_char(&b, 'n');
        urna_buf_str(&b, " AAAAAAE=\n");
        assert_int_equal(urna_checkpoint_read(&c, urna_buf_view(&b), NULL),
                         n == 255 ? URNA_OK : URNA_INPUT);
        urna_checkpoint_free(&c);
    }
    urna_buf_free(&b);
}

static void bad_verifier_keys_refused(void **state)
{
    (void)state;
    static const char good[] = "Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk";
    static const char *const bad[] = {
        "",
        "Wit1",
        "Wit1+9b3fb2d5",
        "+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk",
        "Wit2+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk", /* the ID of another name */
        "Wit1+9b3fb2d6+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk",
        "Wit1+9B3FB2D5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk", /* upper case */
        "Wit1+09b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk",
        "Wit1+9b3fb2d+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk",
        "Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSCll", /* another key */
        "Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSC",   /* too short */
        "Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClkAAAA",
        "Wit1+9b3fb2d5+BFhZSmQj9-SoL-p_nN0Hh76xXmF7QcHfytUrI1XfSClk",
        "Wit1+9b3fb2d5+",
        "Wit 1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk",
        "Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk\n",
        " Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk",
    };
    struct urna_vkey k, zero = {0};
    assert_int_equal(urna_vkey_read(&k, urna_view_str(good), NULL), URNA_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (urna_vkey_read(&k, urna_view_str(bad[i]), NULL) != URNA_INPUT)
            fail_msg("accepted: %s", bad[i]);
        assert_memory_equal(&k, &zero, sizeof k);
    }
}

/* Right IDs, but types that are none of ours, and keys that are no points of prime order. */
static void weak_keys_refused(void **state)
{
    (void)state;
    uint8_t seed[32] = {3}, pk[32], identity[32] = {1}, small[32] = {0};
    struct urna_vkey k, read;
    struct urna_buf b = {0};
    urna_ed25519_public(pk, seed);
    static const enum urna_key_type type[] = {URNA_KEY_ED25519,      URNA_KEY_COSIGNATURE,
                                              (enum urna_key_type)2, (enum urna_key_type)5,
                                              (enum urna_key_type)6, (enum urna_key_type)0xFF};
    for (size_t i = 0; i < sizeof type / sizeof *type; i++) {
        urna_vkey_make(&k, "a", type[i], pk);
        urna_buf_reset(&b);
        urna_vkey_write(&b, &k);
        assert_int_equal(urna_vkey_read(&read, urna_buf_view(&b), NULL),
                         i < 2 ? URNA_OK : URNA_INPUT);
    }
    const uint8_t *weak[] = {identity, small};
    for (size_t i = 0; i < 2; i++) {
        urna_vkey_make(&k, "a", URNA_KEY_ED25519, weak[i]);
        urna_buf_reset(&b);
        urna_vkey_write(&b, &k);
        assert_int_equal(urna_vkey_read(&read, urna_buf_view(&b), NULL), URNA_INPUT);
    }
    urna_buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cosignature_vector_matches),
        cmocka_unit_test(foreign_cosignature_verifies),
        cmocka_unit_test(log_signature_round_trip),
        cmocka_unit_test(cosignature_times_are_bounded),
        cmocka_unit_test(good_notes_accepted),
        cmocka_unit_test(malformed_notes_refused),
        cmocka_unit_test(every_prefix_is_cut_off),
        cmocka_unit_test(mutated_notes_never_crash),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(bad_verifier_keys_refused),
        cmocka_unit_test(weak_keys_refused),
    };
    return cmocka_run_group_tests_name("note", tests, NULL, NULL);
}
