/* ristretto255 against RFC 9496 and libsodium. */
#include "group_test.h"

#include <sodium.h>

#include "group/ristretto_decode.h"

/* RFC 9496, A.1: 0·B .. 15·B */
static const char *const multiples[16] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
    "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
    "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259",
    "da80862773358b466ffadfe0b3293ab3d9fd53c5ea6c955358f568322daf6a57",
    "e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e",
    "f64746d3c92b13050ed8d80236a7f0007c3b3f962f5ba793d19a601ebb1df403",
    "44f53520926ec81fbd5a387845beb7df85a96a24ece18738bdcfa6a7822a176d",
    "903293d8f2287ebe10e2374dc1a53e0bc887e592699f02d077d5263cdd55601c",
    "02622ace8f7303a31cafc63f8fc48fdc16e1c8c8d234b2f0d6685282a9076031",
    "20706fd788b2720a1ed2a5dad4952b01f413bcf0e7564de8cdc816689e2db95f",
    "bce83f8ba5dd2fa572864c24ba1810f9522bc6004afe95877ac73241cafdab42",
    "e4549ee16b9aa03099ca208c67adafcafa4c3f3e4e5303de6026e3ca8ff84460",
    "aa52e000df2e16f55fb1032fc33bc42742dad6bd5a8fc0be0167436c5948501f",
    "46376b80f409b29dc2b5f6f0c52591990896e5716f41477cd30085ab7f10301e",
    "e0c418f7c8d9c4cdd7395b93ea124f3ad99021bb681dfc3302a9d99a2e53e64e"};

/* RFC 9496, A.2: encodings that must be refused. */
static const char *const bad[] = {
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
    "c34c4e1826e5d403b78e246e88aa051c36ccf0aafebffe137d148a2bf9104562",
    "c940e5a4404157cfb1628b108db051a8d439e1a421394ec4ebccb9ec92a8ac78",
    "47cfc5497c53dc8e61c91d17fd626ffb1c49e2bca94eed052281b510b1117a24",
    "f1c6165d33367351b0da8f6e4511010c68174a03b6581212c71c0e1d026c3c72",
    "87260f7a2f12495118360f02c26a470f450dadf34a413d21042b43b9d93e1309",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
    "de6a7b00deadc788eb6b6c8d20c0ae96c2f2019078fa604fee5b87d6e989ad7b",
    "bcab477be20861e01e4a0e295284146a510150d9817763caf1a6f4b422d67042",
    "2a292df7e32cababbd9de088d1d1abec9fc0440f637ed2fba145094dc14bea08",
    "f4a9e534fc0d216c44b218fa0c42d99635a0127ee2e53c712f70609649fdff22",
    "8268436f8c4126196cf64b3c7ddbda90746a378625f9813dd9b8457077256731",
    "2810e5cbc2cc4d4eece54f61c6f69758e289aa7ab440b3cbeaa21995c2f4232b",
    "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
    "a45fdc55c76448c049a1ab33f17023edfb2be3581e9c7aade8a6125215e04220",
    "d483fe813c6ba647ebbfd3ec41adca1c6130c2beeee9d9bf065c8d151c5f396e",
    "8a2e1d30050198c65a54483123960ccc38aef6848e1ec8f5f780e8523769ba32",
    "32888462f8b486c68ad7dd9610be5192bbeaf3b443951ac1a8118419d9fa097b",
    "227142501b9d4355ccba290404bde41575b037693cef1f438c47f8fbf35d1165",
    "5c37cc491da847cfeb9281d407efc41e15144c876e0170b499a96a22ed31e01e",
    "445425117cb8c90edcbc7c1cc0e74f747f2c1efa5630a967c64f287792a48a4b",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};

static void from_hex(uint8_t out[32], const char *hex)
{
    assert_true(urna_unhex_any(out, 32, hex, strlen(hex)));
}

static void base_multiples(void **state)
{
    (void)state;
    const struct urna_group *G = group_named("ristretto255");
    urna_element acc, g, x;
    urna_element_identity(G, &acc);
    urna_element_generator(G, &g);
    for (uint64_t i = 0; i < 16; i++) {
        uint8_t want[32], have[32];
        urna_scalar e;
        urna_secret_scalar s;
        from_hex(want, multiples[i]);
        urna_element_encode(G, have, &acc);
        assert_memory_equal(have, want, 32);
        assert_true(urna_element_decode(G, &x, want));
        assert_true(urna_element_eq(G, &x, &acc));
        urna_scalar_from_u64(G, &e, i);
        urna_secret_from_public(&s, &e);
        urna_exp_vartime(G, &x, &g, &e, 1);
        assert_true(urna_element_eq(G, &x, &acc));
        urna_exp_secret(G, &x, &g, &s, 1);
        assert_true(urna_element_eq(G, &x, &acc));
        urna_fixed_exp_secret(urna_fixed_generator(G), &x, &s, 1);
        assert_true(urna_element_eq(G, &x, &acc));
        urna_element_mul(G, &acc, &acc, &g);
    }
}

static void bad_encodings(void **state)
{
    (void)state;
    const struct urna_group *G = group_named("ristretto255");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint8_t b[32];
        urna_element x;
        from_hex(b, bad[i]);
        if (urna_element_decode(G, &x, b) || urna_ristretto_valid(b))
            fail_msg("accepted: %s", bad[i]);
        assert_true(urna_element_is_identity(G, &x));
    }
}

/* libsodium 1.0.18 takes these; we must not. */
static void bit_255_is_refused(void **state)
{
    (void)state;
    const struct urna_group *G = group_named("ristretto255");
    size_t taken = 0;
    for (int i = 0; i < 64; i++) {
        urna_element x;
        uint8_t b[32];
        random_element(G, &x);
        urna_element_encode(G, b, &x);
        assert_true(urna_ristretto_valid(b));
        b[31] |= 0x80;
        taken += (size_t)crypto_core_ristretto255_is_valid_point(b);
        assert_false(urna_element_decode(G, &x, b));
        assert_false(urna_ristretto_canonical(b));
        assert_false(urna_ristretto_valid(b));
    }
    print_message("# libsodium took %zu of 64 with bit 255 set, we took none\n", taken);
}

/* Any 32 bytes: we accept exactly what libsodium accepts among the canonical ones. */
static void random_strings_against_libsodium(void **state)
{
    (void)state;
    const struct urna_group *G = group_named("ristretto255");
    size_t good = 0;
    for (int i = 0; i < 20000; i++) {
        uint8_t b[32], again[32];
        urna_element x;
        urna_random(b, sizeof b);
        b[31] &= 0x7f;
        b[0] &= (uint8_t)(i % 8 == 0 ? 0xff : 0xfe);
        const bool ok = urna_element_decode(G, &x, b);
        assert_int_equal(ok, (b[0] & 1) == 0 && crypto_core_ristretto255_is_valid_point(b) == 1);
        if (ok) {
            urna_element_encode(G, again, &x);
            assert_memory_equal(again, b, 32);
        }
        good += ok;
    }
    assert_true(good > 3000 && good < 7000); /* one in four of the even ones */
}

static void scalars_against_libsodium(void **state)
{
    (void)state;
    const struct urna_group *G = group_named("ristretto255");
    urna_scalar e[48];
    const size_t n = edge_scalars(G, e, 40);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            uint8_t a[32], b[32], c[32], be[32];
            urna_scalar r;
            urna_scalar_encode(G, be, &e[i]);
            for (size_t k = 0; k < 32; k++)
                a[k] = be[31 - k];
            urna_scalar_encode(G, be, &e[j]);
            for (size_t k = 0; k < 32; k++)
                b[k] = be[31 - k];
            crypto_core_ristretto255_scalar_mul(c, a, b);
            urna_scalar_mul(G, &r, &e[i], &e[j]);
            urna_scalar_encode(G, be, &r);
            for (size_t k = 0; k < 32; k++)
                assert_int_equal(c[k], be[31 - k]);
            crypto_core_ristretto255_scalar_add(c, a, b);
            urna_scalar_add(G, &r, &e[i], &e[j]);
            urna_scalar_encode(G, be, &r);
            for (size_t k = 0; k < 32; k++)
                assert_int_equal(c[k], be[31 - k]);
        }
}

/* Public powers (our own arithmetic) against libsodium's scalar multiplication. */
static void powers_against_libsodium(void **state)
{
    (void)state;
    const struct urna_group *G = group_named("ristretto255");
    urna_scalar e[80];
    size_t n = edge_scalars(G, e, 40);
    while (n < 80)
        random_scalar(G, &e[n++]);
    for (size_t i = 0; i < n; i++) {
        uint8_t base[32], k[32], want[32] = {0}, have[32], be[32];
        urna_element b, x;
        random_element(G, &b);
        if (i % 16 == 5)
            from_hex(base, multiples[i % 15 + 1]);
        else
            urna_element_encode(G, base, &b);
        assert_true(urna_element_decode(G, &b, base));
        urna_scalar_encode(G, be, &e[i]);
        for (size_t j = 0; j < 32; j++)
            k[j] = be[31 - j];
        int identity = crypto_scalarmult_ristretto255(want, k, base);
        assert_int_equal(identity != 0, sodium_is_zero(want, 32));
        urna_exp_vartime(G, &x, &b, &e[i], 1);
        urna_element_encode(G, have, &x);
        assert_memory_equal(have, want, 32);
        struct urna_fixed *F = urna_fixed_new(G, &b);
        urna_fixed_exp_vartime(F, &x, &e[i], 1);
        urna_element_encode(G, have, &x);
        assert_memory_equal(have, want, 32);
        urna_secret_scalar s;
        urna_secret_from_public(&s, &e[i]);
        urna_fixed_exp_secret(F, &x, &s, 1);
        urna_element_encode(G, have, &x);
        assert_memory_equal(have, want, 32);
        urna_fixed_free(F);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_multiples),
        cmocka_unit_test(bad_encodings),
        cmocka_unit_test(bit_255_is_refused),
        cmocka_unit_test(random_strings_against_libsodium),
        cmocka_unit_test(scalars_against_libsodium),
        cmocka_unit_test(powers_against_libsodium),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
