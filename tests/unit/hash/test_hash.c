/* SHA-256 (FIPS 180-2 examples), HMAC (RFC 4231), H and the three key derivations (values computed
 * with Python's hmac module from protocol.md's table). */
#include "../base/test.h"
#include "hash/eg_h.h"

static void assert_hex(const uint8_t *p, size_t len, const char *hex)
{
    char text[257];
    assert_true(len <= 128);
    urna_hex(text, p, len);
    assert_string_equal(text, hex);
}

struct vector {
    const char *in, *out;
};

static const struct vector fips[] = {
    {"", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"},
    {"abc", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248D6A61D20638B8E5C026930C3E6039A33CE45964FF2167F6ECEDD419DB06C1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnop"
     "q"
     "rsmnopqrstnopqrstu",
     "CF5B16A778AF8380036CE59E7B0492370B249B11E8F07A51AFAC45037AFEE9D1"},
};

static void sha256_fips_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fips / sizeof fips[0]; i++) {
        uint8_t out[URNA_HASH_LEN];
        urna_sha256(out, fips[i].in, strlen(fips[i].in));
        assert_hex(out, 32, fips[i].out);
    }
}

static void sha256_million_a_in_odd_pieces(void **state)
{
    (void)state;
    uint8_t piece[997], out[URNA_HASH_LEN];
    memset(piece, 'a', sizeof piece);
    struct urna_sha256 s;
    urna_sha256_init(&s);
    size_t left = 1000000;
    while (left > 0) {
        size_t n = left < sizeof piece ? left : sizeof piece;
        urna_sha256_add(&s, piece, n);
        left -= n;
    }
    urna_sha256_end(&s, out);
    assert_hex(out, 32, "CDC76E5C9914FB9281A1C7E284D73E67F1809A48A497200E046D39CCC7112CD0");
}

static void sha256_state_copies_and_is_wiped(void **state)
{
    (void)state;
    struct urna_sha256 a, b, zero = {{0}};
    uint8_t out_a[32], out_b[32], empty[32];
    urna_sha256_init(&a);
    urna_sha256_add(&a, "ab", 2);
    urna_sha256_add(&a, NULL, 0);
    b = a;
    urna_sha256_add(&a, "c", 1);
    urna_sha256_add(&b, "c", 1);
    urna_sha256_end(&a, out_a);
    urna_sha256_end(&b, out_b);
    assert_memory_equal(out_a, out_b, 32);
    assert_hex(out_a, 32, fips[1].out);
    assert_memory_equal(&a, &zero, sizeof a);
    urna_sha256(empty, NULL, 0);
    assert_hex(empty, 32, fips[0].out);
}

/* RFC 4231, cases 1-4: their keys are shorter than 32 bytes, and zeros behind a key change nothing.
 */
static void hmac_rfc4231(void **state)
{
    (void)state;
    struct {
        uint8_t key[32];
        uint8_t msg[64];
        size_t len;
        const char *out;
    } v[4] = {
        {{0}, "Hi There", 8, "B0344C61D8DB38535CA8AFCEAF0BF12B881DC200C9833DA726E9376C2E32CFF7"},
        {"Jefe", "what do ya want for nothing?", 28,
         "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"},
        {{0}, "", 50, "773EA91E36800E46854DB8EBD09181A72959098B3EF8C122D9635514CED565FE"},
        {{0}, "", 50, "82558A389A443C0EA4CC819899F2083A85F0FAA3E578F8077A2E3FF46729665B"},
    };
    memset(v[0].key, 0x0B, 20);
    memset(v[2].key, 0xAA, 20);
    memset(v[2].msg, 0xDD, 50);
    for (uint8_t i = 0; i < 25; i++)
        v[3].key[i] = (uint8_t)(i + 1);
    memset(v[3].msg, 0xCD, 50);

    for (size_t i = 0; i < 4; i++) {
        struct urna_hmac h, zero;
        uint8_t out[32];
        memset(&zero, 0, sizeof zero);
        urna_hmac_init(&h, v[i].key);
        urna_hmac_add(&h, v[i].msg, v[i].len);
        urna_hmac_end(&h, out);
        assert_hex(out, 32, v[i].out);
        assert_memory_equal(&h, &zero, sizeof h);
    }
}

static void counting_key(uint8_t key[32])
{
    for (uint8_t i = 0; i < 32; i++)
        key[i] = i;
}

static void h_domain_byte_and_items(void **state)
{
    (void)state;
    uint8_t key[32], out[32];
    counting_key(key);
    struct urna_h h;
    urna_h_begin(&h, key, 0x21);
    urna_h_u32(&h, 0x01020304);
    urna_h_bytes(&h, "\xDE\xAD", 2);
    urna_h_str(&h, "pk_vote");
    urna_h_end(&h, out);
    assert_hex(out, 32, "EE7DC8E619D5566C79A3423227C30A69AE57BF2B5F5938049ACE14F4C99D17A4");
}

static void kdf_share_counter_one_byte_length_two(void **state)
{
    (void)state;
    uint8_t key[32], out[64];
    counting_key(key);
    urna_kdf_share(out, key, 3, 5);
    assert_hex(out, 64,
               "82E405FDB77CDC305B7C674347762BEBAC2FFBEF25377F134F09267B2AA78254"
               "296287A182D83085A80EF26AD058ECF9D8C8D779D4341A4CBFB79BEDB2DD96FB");
}

static void kdf_nonce_counter_one_byte_length_two(void **state)
{
    (void)state;
    uint8_t key[32], out[32];
    counting_key(key);
    urna_kdf_nonce(out, key);
    assert_hex(out, 32, "B30F0AB44A6753860201D4A6F5F5DF45C00FFFF5FA41F153DF6FBB60A249F5BC");
}

static void kdf_data_counter_four_bytes_length_four(void **state)
{
    (void)state;
    uint8_t key[32], out[3 * 32 + 1];
    counting_key(key);
    out[96] = 0x5A;
    urna_kdf_data(out, key, 7, 3);
    assert_hex(out, 96,
               "5C7C55D319AD7A4039316C09FEEFA2FE03122B05714E20A7551BD5523A55FFB1"
               "00473CED3AD42C1156E79A063298609B352BE37D0411BD3510FCBB009BE5227F"
               "9E40460B7BB0E60DDF36935DA0DDA6FECE12BB5A68EEF7E9C36E98F1212D2C06");
    assert_int_equal(out[96], 0x5A);
    urna_kdf_data(out, key, 7, 0);
    assert_int_equal(out[0], 0x5C);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_fips_vectors),
        cmocka_unit_test(sha256_million_a_in_odd_pieces),
        cmocka_unit_test(sha256_state_copies_and_is_wiped),
        cmocka_unit_test(hmac_rfc4231),
        cmocka_unit_test(h_domain_byte_and_items),
        cmocka_unit_test(kdf_share_counter_one_byte_length_two),
        cmocka_unit_test(kdf_nonce_counter_one_byte_length_two),
        cmocka_unit_test(kdf_data_counter_four_bytes_length_four),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
