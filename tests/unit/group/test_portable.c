/* Our own curve arithmetic, directly: numbers mod 2^255 - 19 against GMP at the edges of the limbs,
 * points and encodings against libsodium, every representative of an element. */
#include "group_test.h"

#include <gmp.h>
#include <sodium.h>

#include "group/portable/ristretto_vartime.h"

static void fe_to_mpz(mpz_t out, const struct fe *f)
{
    mpz_set_ui(out, 0);
    for (int i = 4; i >= 0; i--) {
        mpz_mul_2exp(out, out, 51);
        mpz_add_ui(out, out, f->v[i]);
    }
}

static void assert_fe(const struct fe *f, mpz_t want, const mpz_t p)
{
    uint8_t b[32], w[32] = {0};
    mpz_mod(want, want, p);
    fe_to_bytes(b, f);
    mpz_export(w, NULL, -1, 1, -1, 0, want);
    assert_memory_equal(b, w, 32);
}

/* Limbs at their allowed bounds: 0, all ones, p and p +- 1, loose ones up to 2^53 and 2^54. */
static size_t edge_numbers(struct fe *x)
{
    static const uint64_t limb[] = {0, 1, 18, 19, FE_MASK - 19, FE_MASK - 18, FE_MASK - 1, FE_MASK};
    size_t n = 0;
    for (size_t i = 0; i < 8; i++)
        for (size_t j = 0; j < 3; j++) {
            const uint64_t rest = j == 0 ? 0 : j == 1 ? FE_MASK : FE_MASK - 1;
            x[n++] = (struct fe){{limb[i], rest, rest, rest, rest}};
        }
    for (int k = 0; k < 16; k++) {
        urna_random(&x[n], sizeof x[n]);
        for (int i = 0; i < 5; i++)
            x[n].v[i] &= FE_MASK;
        n++;
    }
    return n;
}

static void numbers_against_gmp(void **state)
{
    (void)state;
    struct fe x[64];
    const size_t n = edge_numbers(x);
    mpz_t p, a, b, r;
    mpz_inits(p, a, b, r, NULL);
    mpz_ui_pow_ui(p, 2, 255);
    mpz_sub_ui(p, p, 19);
    for (size_t i = 0; i < n; i++) {
        struct fe h;
        uint8_t bytes[32];
        fe_to_mpz(a, &x[i]);
        mpz_set(r, a);
        assert_fe(&x[i], r, p);
        fe_to_bytes(bytes, &x[i]);
        fe_from_bytes(&h, bytes);
        assert_true(fe_eq(&h, &x[i]));
        mpz_mod(r, a, p);
        assert_int_equal(fe_is_negative(&x[i]), mpz_odd_p(r) != 0);
        assert_int_equal(fe_is_zero(&x[i]), mpz_sgn(r) == 0);
        fe_sqr(&h, &x[i]);
        mpz_mul(r, a, a);
        assert_fe(&h, r, p);
        fe_neg(&h, &x[i]);
        mpz_neg(r, a);
        assert_fe(&h, r, p);
        fe_invert(&h, &x[i]);
        if (mpz_invert(r, a, p) == 0)
            mpz_set_ui(r, 0);
        assert_fe(&h, r, p);
        for (size_t j = 0; j < n; j++) {
            struct fe s, d, d8;
            fe_to_mpz(b, &x[j]);
            fe_mul(&h, &x[i], &x[j]);
            mpz_mul(r, a, b);
            assert_fe(&h, r, p);
            fe_add(&s, &x[i], &x[j]);
            mpz_add(r, a, b);
            assert_fe(&s, r, p);
            fe_sub(&d, &x[i], &x[j]);
            mpz_sub(r, a, b);
            assert_fe(&d, r, p);
            fe_sub8(&d8, &s, &d); /* (a + b) - (a - b) = 2b, loose operands */
            mpz_mul_2exp(r, b, 1);
            assert_fe(&d8, r, p);
            fe_mul(&h, &d8, &d); /* the loosest product that is used */
            mpz_sub(a, a, b);
            mpz_mul(r, r, a);
            assert_fe(&h, r, p);
            fe_sqr(&h, &d);
            mpz_mul(r, a, a);
            assert_fe(&h, r, p);
            fe_to_mpz(a, &x[i]);
        }
    }
    mpz_clears(p, a, b, r, NULL);
}

static void random_point(struct rv_point *p, uint8_t bytes[32])
{
    crypto_core_ristretto255_random(bytes);
    assert_true(urna_rv_decode(p, bytes));
}

/* The four points of order dividing 4 in affine form times p: other representatives of the same
 * element. */
static void other_representative(struct rv_point *out, const struct rv_point *p, int which)
{
    static const struct fe i = {
        {0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};
    struct rv_point t;
    struct fe zero, one, minus;
    fe_zero(&zero);
    fe_one(&one);
    urna_rv_identity(&t);
    switch (which) {
    case 0:
        break;
    case 1: /* (0, -1) */
        fe_neg(&minus, &one);
        fe_mul(&t.Y, &minus, &one);
        break;
    case 2: /* (i, 0) */
        t.X = i;
        t.Y = zero;
        break;
    default: /* (-i, 0) */
        fe_neg(&minus, &i);
        fe_mul(&t.X, &minus, &one);
        t.Y = zero;
    }
    urna_rv_add(out, p, &t);
}

static void encodings_of_every_representative(void **state)
{
    (void)state;
    for (int k = 0; k < 200; k++) {
        struct rv_point p, q;
        uint8_t want[32], have[32], twice[32], batch[1][32];
        random_point(&p, want);
        assert_int_equal(crypto_core_ristretto255_add(twice, want, want), 0);
        for (int which = 0; which < 4; which++) {
            other_representative(&q, &p, which);
            urna_rv_encode(have, &q);
            assert_memory_equal(have, want, 32);
            assert_true(urna_rv_eq(&p, &q));
            urna_rv_double_and_encode(batch, &q, 1);
            assert_memory_equal(batch[0], twice, 32);
        }
        random_point(&q, have);
        assert_false(urna_rv_eq(&p, &q));
    }
    /* the identity, in four shapes */
    struct rv_point e, q;
    uint8_t batch[1][32], have[32];
    static const uint8_t zero[32];
    urna_rv_identity(&e);
    for (int which = 0; which < 4; which++) {
        other_representative(&q, &e, which);
        urna_rv_encode(have, &q);
        assert_memory_equal(have, zero, 32);
        urna_rv_double_and_encode(batch, &q, 1);
        assert_memory_equal(batch[0], zero, 32);
        assert_true(urna_rv_eq(&e, &q));
    }
}

static void batches_of_encodings(void **state)
{
    (void)state;
    static struct rv_point p[RV_BATCH];
    uint8_t want[RV_BATCH][32], have[RV_BATCH][32], b[32];
    for (size_t n = 0; n <= RV_BATCH; n += n < 4 ? 1 : 15) {
        for (size_t i = 0; i < n; i++) {
            random_point(&p[i], b);
            if (i % 7 == 3) { /* an identity among them must not spoil the shared inversion */
                urna_rv_identity(&p[i]);
                memset(want[i], 0, 32);
            } else {
                assert_int_equal(crypto_core_ristretto255_add(want[i], b, b), 0);
            }
        }
        urna_rv_double_and_encode(have, p, n);
        for (size_t i = 0; i < n; i++)
            assert_memory_equal(have[i], want[i], 32);
    }
}

static void sums_against_libsodium(void **state)
{
    (void)state;
    for (int k = 0; k < 500; k++) {
        struct rv_point p, q, r;
        uint8_t a[32], b[32], want[32], have[32];
        random_point(&p, a);
        random_point(&q, b);
        if (k % 10 == 0) {
            q = p;
            memcpy(b, a, 32);
        }
        urna_rv_add(&r, &p, &q);
        urna_rv_encode(have, &r);
        assert_int_equal(crypto_core_ristretto255_add(want, a, b), 0);
        assert_memory_equal(have, want, 32);
        urna_rv_sub(&r, &p, &q);
        urna_rv_encode(have, &r);
        assert_int_equal(crypto_core_ristretto255_sub(want, a, b), 0);
        assert_memory_equal(have, want, 32);
    }
}

/* Exponents whose digits carry: runs of ones, single bits, order minus one. */
static void exponents_against_libsodium(void **state)
{
    (void)state;
    struct rv_point base, r;
    uint8_t b[32], k[32], want[32], have[32];
    random_point(&base, b);
    struct rv_table *t = urna_rv_table_new(&base);
    for (unsigned low = 0; low < 253; low += 3)
        for (unsigned high = low + 1; high <= 252; high += 7) {
            uint64_t e[1][4] = {{0}};
            for (unsigned i = low; i < high; i++)
                e[0][i / 64] |= (uint64_t)1 << i % 64;
            for (size_t i = 0; i < 32; i++)
                k[i] = (uint8_t)(e[0][i / 8] >> (8 * (i % 8)));
            assert_int_equal(crypto_scalarmult_ristretto255(want, k, b), 0);
            urna_rv_multi_exp(&r, &base, (const uint64_t(*)[4])e, 1);
            urna_rv_encode(have, &r);
            assert_memory_equal(have, want, 32);
            urna_rv_fixed_exp(&r, t, e[0]);
            urna_rv_encode(have, &r);
            assert_memory_equal(have, want, 32);
        }
    urna_rv_table_free(t);
}

int main(void)
{
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_secret_init(&err) != URNA_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_against_gmp),
        cmocka_unit_test(encodings_of_every_representative),
        cmocka_unit_test(batches_of_encodings),
        cmocka_unit_test(sums_against_libsodium),
        cmocka_unit_test(exponents_against_libsodium),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
