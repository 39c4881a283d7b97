/* What must hold in every group: laws, encodings, batches, aliasing, and that secret and public
 * paths agree. */
#include "group_test.h"

#define N 24

static void names(void **state)
{
    (void)state;
    assert_null(urna_group_find("p256", 4));
    assert_null(urna_group_find("eg4096x", 7));
    assert_null(urna_group_find("eg409", 5));
    assert_null(urna_group_find("", 0));
    for (size_t i = 0; i < N_GROUPS; i++) {
        const struct urna_group *G = group_named(all_groups[i]);
        assert_string_equal(urna_group_name(G), all_groups[i]);
        assert_int_equal(urna_group_test_only(G), i >= 2);
    }
}

static void laws(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_GROUPS; i++) {
        const struct urna_group *G = group_named(all_groups[i]);
        urna_element one, g, a, b, c, x, y;
        urna_scalar s, t, st, zero;
        urna_element_identity(G, &one);
        urna_element_generator(G, &g);
        assert_true(urna_element_is_identity(G, &one));
        assert_false(urna_element_is_identity(G, &g));
        assert_true(urna_element_eq(G, urna_fixed_base(urna_fixed_generator(G)), &g));
        for (int k = 0; k < 8; k++) {
            random_element(G, &a);
            random_element(G, &b);
            random_element(G, &c);
            urna_element_mul(G, &x, &a, &b);
            urna_element_mul(G, &x, &x, &c);
            urna_element_mul(G, &y, &b, &c);
            urna_element_mul(G, &y, &y, &a);
            assert_true(urna_element_eq(G, &x, &y));
            urna_element_div(G, &x, &x, &y);
            assert_true(urna_element_is_identity(G, &x));
            urna_element_div(G, &x, &one, &a);
            urna_element_mul(G, &x, &x, &a);
            assert_true(urna_element_is_identity(G, &x));
            urna_element_div(G, &x, &a, &one);
            assert_true(urna_element_eq(G, &x, &a));
            random_scalar(G, &s);
            random_scalar(G, &t);
            urna_scalar_mul(G, &st, &s, &t);
            urna_exp_vartime(G, &x, &a, &s, 1);
            urna_exp_vartime(G, &x, &x, &t, 1);
            urna_exp_vartime(G, &y, &a, &st, 1);
            assert_true(urna_element_eq(G, &x, &y));
            urna_scalar_from_u64(G, &zero, 0);
            urna_exp_vartime(G, &x, &a, &zero, 1);
            assert_true(urna_element_is_identity(G, &x));
            urna_exp_vartime(G, &x, &one, &s, 1);
            assert_true(urna_element_is_identity(G, &x));
            /* the group has order q: a^(q-1) * a = 1 */
            urna_scalar_from_u64(G, &s, 1);
            urna_scalar_sub(G, &s, &zero, &s);
            urna_exp_vartime(G, &x, &a, &s, 1);
            urna_element_mul(G, &x, &x, &a);
            assert_true(urna_element_is_identity(G, &x));
        }
    }
}

static void encodings(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_GROUPS; i++) {
        const struct urna_group *G = group_named(all_groups[i]);
        const size_t lp = urna_group_lp(G);
        uint8_t bytes[N][URNA_LP_MAX], again[URNA_LP_MAX];
        const uint8_t *in[N];
        static urna_element x[N], y[N];
        bool ok[N];
        for (size_t k = 0; k < N; k++) {
            random_element(G, &x[k]);
            if (k == 3)
                urna_element_identity(G, &x[k]);
            urna_element_encode(G, bytes[k], &x[k]);
            in[k] = bytes[k];
        }
        assert_true(urna_element_decode_batch(G, y, ok, in, 0));
        assert_true(urna_element_decode_batch(G, y, ok, in, N));
        for (size_t k = 0; k < N; k++) {
            assert_true(ok[k]);
            assert_true(urna_element_eq(G, &x[k], &y[k]));
            urna_element_encode(G, again, &y[k]);
            assert_memory_equal(again, bytes[k], lp);
            /* The same value made another way is the same bytes. */
            urna_element_mul(G, &y[k], &y[k], &x[0]);
            urna_element_div(G, &y[k], &y[k], &x[0]);
            urna_element_encode(G, again, &y[k]);
            assert_memory_equal(again, bytes[k], lp);
        }
        memset(bytes[5], 0xff, lp);
        assert_false(urna_element_decode_batch(G, y, ok, in, N));
        for (size_t k = 0; k < N; k++)
            assert_int_equal(ok[k], k != 5);
        assert_true(urna_element_is_identity(G, &y[5]));
        /* A changed bit is another member, or none; never the same one. */
        for (size_t bit = 0; bit < 8 * lp; bit += 1 + lp / 8) {
            memcpy(again, bytes[0], lp);
            again[bit / 8] ^= (uint8_t)(1 << bit % 8);
            if (urna_element_decode(G, &y[0], again))
                assert_false(urna_element_eq(G, &y[0], &x[0]));
            else
                assert_true(urna_element_is_identity(G, &y[0]));
        }
    }
}

static void scalar_encodings(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_GROUPS; i++) {
        const struct urna_group *G = group_named(all_groups[i]);
        const size_t lq = urna_group_lq(G);
        uint8_t q[URNA_LQ_MAX], b[URNA_LQ_MAX];
        urna_scalar s, zero, one;
        urna_secret_scalar t;
        urna_scalar_from_u64(G, &zero, 0);
        urna_scalar_from_u64(G, &one, 1);
        urna_limbs_to_be(q, lq, G->q);
        assert_false(urna_scalar_decode(G, &s, q));
        assert_true(urna_scalar_is_zero(&s));
        assert_false(urna_secret_decode(G, &t, q));
        static const urna_secret_scalar none;
        assert_memory_equal(&t, &none, sizeof t);
        memset(b, 0xff, lq);
        assert_false(urna_scalar_decode(G, &s, b));
        assert_false(urna_secret_decode(G, &t, b));
        q[lq - 1]--; /* q is odd, so this is q - 1 */
        assert_true(urna_scalar_decode(G, &s, q));
        urna_scalar_encode(G, b, &s);
        assert_memory_equal(b, q, lq);
        urna_scalar_add(G, &s, &s, &one);
        assert_true(urna_scalar_is_zero(&s));
        assert_true(urna_secret_decode(G, &t, q));
        urna_secret_encode(G, b, &t);
        assert_memory_equal(b, q, lq);
        memset(b, 0, lq);
        assert_true(urna_scalar_decode(G, &s, b));
        assert_true(urna_scalar_eq(&s, &zero));
        for (int k = 0; k < 50; k++) {
            random_scalar(G, &s);
            if (urna_scalar_is_zero(&s))
                continue;
            urna_scalar inverse;
            urna_scalar_inv_vartime(G, &inverse, &s);
            urna_scalar_mul(G, &inverse, &inverse, &s);
            assert_true(urna_scalar_eq(&inverse, &one));
        }
    }
}

static void secret_arithmetic_agrees(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_GROUPS; i++) {
        const struct urna_group *G = group_named(all_groups[i]);
        for (int k = 0; k < 100; k++) {
            urna_secret_scalar a, b, c, zero;
            urna_scalar pa, pb, pc, back;
            uint8_t h[32];
            urna_secret_random(G, &a);
            urna_secret_random_nonzero(G, &b);
            urna_secret_declassify(&pa, &a);
            urna_secret_declassify(&pb, &b);
            urna_secret_add(G, &c, &a, &b);
            urna_scalar_add(G, &pc, &pa, &pb);
            urna_secret_declassify(&back, &c);
            assert_true(urna_scalar_eq(&pc, &back));
            urna_secret_sub(G, &c, &a, &b);
            urna_scalar_sub(G, &pc, &pa, &pb);
            urna_secret_declassify(&back, &c);
            assert_true(urna_scalar_eq(&pc, &back));
            urna_secret_mul(G, &c, &a, &b);
            urna_scalar_mul(G, &pc, &pa, &pb);
            urna_secret_declassify(&back, &c);
            assert_true(urna_scalar_eq(&pc, &back));
            urna_random(h, sizeof h);
            urna_secret_from_hash(G, &c, h);
            urna_scalar_from_hash(G, &pc, h);
            urna_secret_declassify(&back, &c);
            assert_true(urna_scalar_eq(&pc, &back));
            urna_secret_select(&c, 1, &a, &b);
            assert_memory_equal(&c, &a, sizeof c);
            urna_secret_select(&c, 0, &a, &b);
            assert_memory_equal(&c, &b, sizeof c);
            urna_secret_from_public(&c, &pa);
            assert_memory_equal(&c, &a, sizeof c);
            urna_secret_wipe(&c);
            memset(&zero, 0, sizeof zero);
            assert_memory_equal(&c, &zero, sizeof c);
        }
    }
}

/* All ways to a power, on random and edge scalars, one by one and in batches. */
static void powers_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_GROUPS; i++) {
        const struct urna_group *G = group_named(all_groups[i]);
        static urna_scalar e[48], f[48];
        static urna_secret_scalar se[48];
        static urna_element base[48], fixed[48], x[48], y[48], want;
        const struct urna_fixed *F[48];
        const size_t n_edge = edge_scalars(G, e, 40), n = n_edge + 6;
        urna_element fb;
        random_element(G, &fb);
        struct urna_fixed *FB = urna_fixed_new(G, &fb);
        const struct urna_fixed *g = urna_fixed_generator(G);
        for (size_t k = n_edge; k < n; k++)
            random_scalar(G, &e[k]);
        for (size_t k = 0; k < n; k++) {
            f[k] = e[(k * 7 + 3) % n];
            urna_secret_from_public(&se[k], &e[k]);
            random_element(G, &base[k]);
            if (k == 7)
                urna_element_identity(G, &base[k]);
            if (k == 9)
                base[k] = fb; /* the same base in both roles */
            if (k % 5 > 1)
                base[k] = base[k - 1]; /* runs of one base */
            F[k] = k % 2 == 0 ? g : FB;
            fixed[k] = *urna_fixed_base(F[k]);
        }
        urna_exp_vartime(G, x, base, e, n);
        urna_exp_secret(G, y, base, se, n);
        for (size_t k = 0; k < n; k++) {
            assert_true(urna_element_eq(G, &x[k], &y[k]));
            urna_exp_vartime(G, &want, &base[k], &e[k], 1);
            assert_true(urna_element_eq(G, &x[k], &want));
        }
        urna_fixed_exp_vartime(FB, x, e, n);
        urna_fixed_exp_secret(FB, y, se, n);
        for (size_t k = 0; k < n; k++) {
            urna_exp_vartime(G, &want, &fb, &e[k], 1);
            assert_true(urna_element_eq(G, &x[k], &want));
            assert_true(urna_element_eq(G, &y[k], &want));
        }
        urna_fixed_exp_vartime(g, x, e, n);
        urna_fixed_exp_secret(g, y, se, n);
        for (size_t k = 0; k < n; k++) {
            urna_exp_vartime(G, &want, urna_fixed_base(g), &e[k], 1);
            assert_true(urna_element_eq(G, &x[k], &want));
            assert_true(urna_element_eq(G, &y[k], &want));
        }
        urna_dual_exp_vartime(G, x, F, e, base, f, n);
        urna_exp_vartime(G, fixed, fixed, e, n); /* outputs may alias inputs */
        urna_exp_vartime(G, y, base, f, n);
        for (size_t k = 0; k < n; k++) {
            urna_element_mul(G, &want, &fixed[k], &y[k]);
            if (!urna_element_eq(G, &x[k], &want))
                fail_msg("%s, pair %zu", all_groups[i], k);
        }
        for (size_t m = 0; m <= n; m += m < 6 ? 1 : 9) {
            urna_multi_exp_vartime(G, &x[0], base, f, m);
            urna_element_identity(G, &want);
            for (size_t k = 0; k < m; k++)
                urna_element_mul(G, &want, &want, &y[k]);
            assert_true(urna_element_eq(G, &x[0], &want));
        }
        urna_dual_exp_vartime(G, base, F, e, base, f, n);
        for (size_t k = 0; k < n; k++) {
            urna_element_mul(G, &want, &fixed[k], &y[k]);
            assert_true(urna_element_eq(G, &base[k], &want));
        }
        urna_fixed_free(FB);
        urna_fixed_free(NULL);
    }
}

/* Long products: 300 terms, where bucket methods take over. */
static void long_products(void **state)
{
    (void)state;
    enum { M = 300 };
    static urna_element base[M];
    static urna_scalar e[M];
    static const char *const which[] = {"ristretto255", "toy-64-256", "toy-7-16"};
    for (size_t i = 0; i < 3; i++) {
        const struct urna_group *G = group_named(which[i]);
        urna_element want, x;
        urna_element_identity(G, &want);
        for (size_t k = 0; k < M; k++) {
            random_element(G, &base[k]);
            random_scalar(G, &e[k]);
            if (k % 50 == 0)
                urna_scalar_from_u64(G, &e[k], k % 3);
            urna_exp_vartime(G, &x, &base[k], &e[k], 1);
            urna_element_mul(G, &want, &want, &x);
        }
        urna_multi_exp_vartime(G, &x, base, e, M);
        assert_true(urna_element_eq(G, &x, &want));
    }
}

static void secrets_are_spread(void **state)
{
    (void)state;
    /* In the group of 127 scalars, 127 * 200 draws hit every value, none of them absurdly often. */
    const struct urna_group *G = group_named("toy-7-16");
    unsigned count[127] = {0};
    for (int i = 0; i < 127 * 200; i++) {
        urna_secret_scalar s;
        urna_secret_random(G, &s);
        assert_true(s.secret[0] < 127 && (s.secret[1] | s.secret[2] | s.secret[3]) == 0);
        count[s.secret[0]]++;
    }
    for (int i = 0; i < 127; i++)
        assert_true(count[i] > 100 && count[i] < 320); /* 7 standard deviations */
    for (int i = 0; i < 2000; i++) {
        urna_secret_scalar s;
        urna_secret_random_nonzero(G, &s);
        assert_true(s.secret[0] != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(laws),
        cmocka_unit_test(encodings),
        cmocka_unit_test(scalar_encodings),
        cmocka_unit_test(secret_arithmetic_agrees),
        cmocka_unit_test(powers_agree),
        cmocka_unit_test(long_products),
        cmocka_unit_test(secrets_are_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
