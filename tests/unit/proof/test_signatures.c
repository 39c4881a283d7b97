/* Both signature schemes against published vectors and the law's own edge cases. */
#include "vectors.h"

#include "proof/credential.h"
#include "proof/ed25519.h"

static size_t hex_bytes(uint8_t *out, size_t max, const char *hex)
{
    size_t len = strlen(hex) / 2;
    assert_true(len <= max);
    assert_true(urna_unhex_any(out, len, hex, strlen(hex)));
    return len;
}

static const char *text_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    assert_non_null(s);
    return s;
}

/* Every single bit of key, message and signature, and a longer and shorter message, must be
 * refused. */
static void
every_flip_refused(bool (*check)(const uint8_t *, const uint8_t *, size_t, const uint8_t *),
                   const uint8_t pk[32], const uint8_t *msg, size_t len, const uint8_t sig[64])
{
    uint8_t p[32], m[256], s[64];
    assert_true(len < sizeof m);
    memcpy(p, pk, 32);
    memcpy(m, msg, len);
    m[len] = 0;
    memcpy(s, sig, 64);
    for (size_t i = 0; i < 256; i++) {
        p[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_false(check(p, m, len, s));
        p[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    for (size_t i = 0; i < 512; i++) {
        s[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_false(check(p, m, len, s));
        s[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    for (size_t i = 0; i < 8 * len; i++) {
        m[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_false(check(p, m, len, s));
        m[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    assert_false(check(p, m, len + 1, s));
    if (len > 0)
        assert_false(check(p, m, len - 1, s));
    assert_true(check(p, m, len, s));
}

static void credential_vectors(void **state)
{
    (void)state;
    json_error_t e;
    size_t i, n = 0;
    json_t *c;
    json_t *root = json_load_file(URNA_TEST_DATA "/election/election-vectors.json", 0, &e);
    assert_non_null(root);
    json_array_foreach(json_object_get(root, "credential_signatures"), i, c)
    {
        uint8_t sk[32], pk[32], made[32], msg[256], sig[64], own[64];
        assert_int_equal(hex_bytes(sk, 32, text_of(c, "sk")), 32);
        assert_int_equal(hex_bytes(pk, 32, text_of(c, "pk")), 32);
        assert_int_equal(hex_bytes(sig, 64, text_of(c, "sig")), 64);
        size_t len = hex_bytes(msg, sizeof msg, text_of(c, "msg"));
        assert_true(urna_credential_public(made, sk));
        assert_memory_equal(made, pk, 32);
        assert_true(urna_credential_key_valid(pk));
        assert_true(urna_credential_check(pk, msg, len, sig));
        every_flip_refused(urna_credential_check, pk, msg, len, sig);
        assert_true(urna_credential_sign(own, sk, msg, len));
        assert_true(urna_credential_check(pk, msg, len, own));
        n++;
    }
    assert_int_equal(n, 3);
    json_array_foreach(json_object_get(root, "credential_rejects"), i, c)
    {
        uint8_t pk[32], msg[256], sig[80];
        assert_int_equal(hex_bytes(pk, 32, text_of(c, "pk")), 32);
        size_t len = hex_bytes(msg, sizeof msg, text_of(c, "msg"));
        size_t sig_len = hex_bytes(sig, sizeof sig, text_of(c, "sig"));
        /* Wrong lengths are the reader's to refuse: the type here has 64 bytes. */
        if (sig_len != 64)
            assert_true(strcmp(text_of(c, "why"), "short") == 0 ||
                        strcmp(text_of(c, "why"), "long") == 0);
        else if (urna_credential_check(pk, msg, len, sig))
            fail_msg("accepted: %s", text_of(c, "why"));
        n++;
    }
    assert_int_equal(n, 3 + 23);
    json_decref(root);
    print_message("# election-vectors.json: %zu credential cases\n", n);
}

static void credential_vectors_of_another_library(void **state)
{
    (void)state;
    FILE *f = fopen(URNA_TEST_DATA "/election/frost-ristretto255.txt", "r");
    char a[80], b[80], m[200], s[140];
    size_t n = 0;
    assert_non_null(f);
    while (fscanf(f, "%79s %79s %199s %139s", a, b, m, s) == 4) {
        uint8_t sk[32], pk[32], made[32], msg[100], sig[64];
        hex_bytes(sk, 32, a);
        hex_bytes(pk, 32, b);
        size_t len = hex_bytes(msg, sizeof msg, m);
        hex_bytes(sig, 64, s);
        assert_true(urna_credential_public(made, sk));
        assert_memory_equal(made, pk, 32);
        assert_true(urna_credential_check(pk, msg, len, sig));
        n++;
    }
    fclose(f);
    assert_int_equal(n, 3);
}

/* RFC 9591, appendix E: FROST(ristretto255, SHA-512), group key and aggregate signature. */
static void credential_rfc9591(void **state)
{
    (void)state;
    uint8_t sk[32], pk[32], made[32], sig[64];
    hex_bytes(sk, 32, "1b25a55e463cfd15cf14a5d3acc3d15053f08da49c8afcf3ab265f2ebc4f970b");
    hex_bytes(pk, 32, "e2a62f39eede11269e3bd5a7d97554f5ca384f9f6d3dd9c3c0d05083c7254f57");
    hex_bytes(sig, 64,
              "fc45655fbc66bbffad654ea4ce5fdae253a49a64ace25d9adb62010dd9fb2555"
              "2164141787162e5b4cab915b4aa45d94655dbb9ed7c378a53b980a0be220a802");
    assert_true(urna_credential_public(made, sk));
    assert_memory_equal(made, pk, 32);
    assert_true(urna_credential_check(pk, (const uint8_t *)"test", 4, sig));
    every_flip_refused(urna_credential_check, pk, (const uint8_t *)"test", 4, sig);
}

static void credential_secret_keys(void **state)
{
    (void)state;
    static const uint8_t zero[32];
    uint8_t sk[32], pk[32], sig[64], again[64], random[32] = {7};
    assert_false(urna_credential_public(pk, zero));
    assert_false(urna_credential_sign(sig, zero, zero, 0));
    /* l and 2^256 - 1 are no keys; l - 1 is. */
    hex_bytes(sk, 32, "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    assert_false(urna_credential_public(pk, sk));
    assert_false(urna_credential_sign(sig, sk, zero, 0));
    sk[0]--;
    assert_true(urna_credential_public(pk, sk));
    assert_true(urna_credential_sign(sig, sk, zero, 0));
    assert_true(urna_credential_check(pk, zero, 0, sig));
    memset(sk, 0xff, 32);
    assert_false(urna_credential_public(pk, sk));
    assert_false(urna_credential_key_valid(zero));
    /* Given the random bytes, a signature is determined, and another message makes another nonce.
     */
    memset(sk, 3, 31);
    sk[31] = 0;
    assert_true(urna_credential_sign_with(sig, sk, random, zero, 1));
    assert_true(urna_credential_sign_with(again, sk, random, zero, 1));
    assert_memory_equal(sig, again, 64);
    assert_true(urna_credential_sign_with(again, sk, random, zero, 2));
    assert_memory_not_equal(sig, again, 32);
}

static void ed25519_exact_rule(void **state)
{
    (void)state;
    json_error_t e;
    size_t i, n = 0;
    json_t *c;
    json_t *root = json_load_file(URNA_TEST_DATA "/election/law-vectors.json", 0, &e);
    assert_non_null(root);
    json_array_foreach(json_object_get(json_object_get(root, "ed25519"), "cases"), i, c)
    {
        const char *expect = text_of(c, "expect");
        uint8_t pk[32], msg[256], sig[80];
        assert_int_equal(hex_bytes(pk, 32, text_of(c, "pk")), 32);
        size_t len = hex_bytes(msg, sizeof msg, text_of(c, "msg"));
        size_t sig_len = hex_bytes(sig, sizeof sig, text_of(c, "sig"));
        const bool key = urna_ed25519_key_valid(pk);
        if (key != (strncmp(expect, "refuse: key", 11) != 0))
            fail_msg("key, %s", text_of(c, "case"));
        if (sig_len != 64) {
            assert_string_equal(expect, "refuse: length");
        } else {
            const bool good = key && urna_ed25519_check(pk, msg, len, sig);
            if (good != (strcmp(expect, "accept") == 0))
                fail_msg("%s", text_of(c, "case"));
        }
        n++;
    }
    json_decref(root);
    assert_int_equal(n, 24);
    print_message("# law-vectors.json: %zu Ed25519 cases\n", n);
}

static void ed25519_rfc8032(void **state)
{
    (void)state;
    static const char *const vectors[][4] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
         "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
         "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        uint8_t seed[32], pk[32], made[32], msg[8], sig[64], own[64];
        hex_bytes(seed, 32, vectors[i][0]);
        hex_bytes(pk, 32, vectors[i][1]);
        size_t len = hex_bytes(msg, sizeof msg, vectors[i][2]);
        hex_bytes(sig, 64, vectors[i][3]);
        urna_ed25519_public(made, seed);
        assert_memory_equal(made, pk, 32);
        assert_true(urna_ed25519_key_valid(pk));
        urna_ed25519_sign(own, seed, msg, len);
        assert_memory_equal(own, sig, 64);
        every_flip_refused(urna_ed25519_check, pk, msg, len, sig);
    }
}

/* A key whose component of order 2 is not the identity: -A is (x, y) with both signs changed plus
 * (0, -1). libsodium's own subgroup test takes it; ours must not. */
static void ed25519_torsion_in_many_keys(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 64; i++) {
        uint8_t seed[32] = {(uint8_t)i}, pk[32], twisted[32];
        urna_ed25519_public(pk, seed);
        assert_true(urna_ed25519_key_valid(pk));
        /* (x, y) + (0, -1) = (-x, -y): p - y, other sign of x. */
        unsigned borrow = 0;
        for (size_t j = 0; j < 32; j++) {
            unsigned prime = j == 0 ? 0xed : j == 31 ? 0x7f : 0xff;
            unsigned y = j == 31 ? pk[j] & 0x7f : pk[j];
            unsigned d = prime - y - borrow;
            twisted[j] = (uint8_t)d;
            borrow = d >> 31;
        }
        twisted[31] |= (uint8_t)(~pk[31] & 0x80);
        assert_false(urna_ed25519_key_valid(twisted));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credential_vectors),
        cmocka_unit_test(credential_vectors_of_another_library),
        cmocka_unit_test(credential_rfc9591),
        cmocka_unit_test(credential_secret_keys),
        cmocka_unit_test(ed25519_exact_rule),
        cmocka_unit_test(ed25519_rfc8032),
        cmocka_unit_test(ed25519_torsion_in_many_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
