/* The groups mod p against GMP's mpz, and the smallest one exhaustively. */
#include "group_test.h"

#include <gmp.h>

#include "group/modp_params.h"

struct oracle {
    const struct urna_group *G;
    mpz_t p, q, g;
};

static void oracle_init(struct oracle *o, size_t set)
{
    const struct modp_params *m = &urna_modp_params[set];
    o->G = group_named(m->name);
    assert_int_equal(mpz_init_set_str(o->p, m->p, 16), 0);
    assert_int_equal(mpz_init_set_str(o->q, m->q, 16), 0);
    assert_int_equal(mpz_init_set_str(o->g, m->g, 16), 0);
}

static void oracle_free(struct oracle *o)
{
    mpz_clears(o->p, o->q, o->g, NULL);
}

static void to_bytes(const mpz_t x, uint8_t *out, size_t len)
{
    size_t used = (mpz_sizeinbase(x, 2) + 7) / 8;
    memset(out, 0, len);
    if (mpz_sgn(x) != 0)
        mpz_export(out + len - used, NULL, 1, 1, 1, 0, x);
}

static void element_of(const struct oracle *o, const mpz_t x, urna_element *out)
{
    uint8_t b[URNA_LP_MAX];
    to_bytes(x, b, urna_group_lp(o->G));
    assert_true(urna_element_decode(o->G, out, b));
}

static void assert_is(const struct oracle *o, const urna_element *x, const mpz_t want)
{
    uint8_t have[URNA_LP_MAX], b[URNA_LP_MAX];
    urna_element_encode(o->G, have, x);
    to_bytes(want, b, urna_group_lp(o->G));
    assert_memory_equal(have, b, urna_group_lp(o->G));
}

static void scalar_to_mpz(const struct oracle *o, const urna_scalar *s, mpz_t out)
{
    uint8_t b[URNA_LQ_MAX];
    urna_scalar_encode(o->G, b, s);
    mpz_import(out, urna_group_lq(o->G), 1, 1, 1, 0, b);
}

static void assert_scalar(const struct oracle *o, const urna_scalar *s, const mpz_t want)
{
    mpz_t x;
    mpz_init(x);
    scalar_to_mpz(o, s, x);
    assert_int_equal(mpz_cmp(x, want), 0);
    mpz_clear(x);
}

static void scalars_against_gmp(void **state)
{
    (void)state;
    for (size_t set = 0; set < MODP_SETS; set++) {
        struct oracle o;
        mpz_t a, b, r;
        urna_scalar edge[48];
        mpz_inits(a, b, r, NULL);
        oracle_init(&o, set);
        const size_t n = edge_scalars(o.G, edge, 40);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                urna_scalar s;
                scalar_to_mpz(&o, &edge[i], a);
                scalar_to_mpz(&o, &edge[j], b);
                urna_scalar_add(o.G, &s, &edge[i], &edge[j]);
                mpz_add(r, a, b);
                mpz_mod(r, r, o.q);
                assert_scalar(&o, &s, r);
                urna_scalar_sub(o.G, &s, &edge[i], &edge[j]);
                mpz_sub(r, a, b);
                mpz_mod(r, r, o.q);
                assert_scalar(&o, &s, r);
                urna_scalar_mul(o.G, &s, &edge[i], &edge[j]);
                mpz_mul(r, a, b);
                mpz_mod(r, r, o.q);
                assert_scalar(&o, &s, r);
            }
        for (int k = 0; k < 200; k++) {
            uint8_t h[32];
            urna_scalar s;
            urna_random(h, sizeof h);
            if (k == 0)
                memset(h, 0xff, sizeof h);
            if (k == 1)
                memset(h, 0, sizeof h);
            urna_scalar_from_hash(o.G, &s, h);
            mpz_import(r, 32, 1, 1, 1, 0, h);
            mpz_mod(r, r, o.q);
            assert_scalar(&o, &s, r);
            uint64_t x;
            memcpy(&x, h, sizeof x);
            urna_scalar_from_u64(o.G, &s, x);
            mpz_import(r, 1, -1, sizeof x, 0, 0, &x);
            mpz_mod(r, r, o.q);
            assert_scalar(&o, &s, r);
        }
        mpz_clears(a, b, r, NULL);
        oracle_free(&o);
    }
}

static void elements_against_gmp(void **state)
{
    (void)state;
    for (size_t set = 0; set < MODP_SETS; set++) {
        struct oracle o;
        mpz_t a, b, e, r;
        mpz_inits(a, b, e, r, NULL);
        oracle_init(&o, set);
        for (int k = 0; k < 12; k++) {
            urna_scalar s, t;
            urna_secret_scalar ss;
            urna_element x, y, z;
            random_scalar(o.G, &s);
            random_scalar(o.G, &t);
            if (k == 0)
                urna_scalar_from_u64(o.G, &t, 0);
            if (k == 1) {
                urna_scalar_from_u64(o.G, &t, 1);
                urna_scalar zero = {{0}};
                urna_scalar_sub(o.G, &t, &zero, &t);
            }
            scalar_to_mpz(&o, &s, e);
            mpz_powm(a, o.g, e, o.p);
            urna_fixed_exp_vartime(urna_fixed_generator(o.G), &x, &s, 1);
            assert_is(&o, &x, a);
            urna_secret_from_public(&ss, &s);
            urna_fixed_exp_secret(urna_fixed_generator(o.G), &x, &ss, 1);
            assert_is(&o, &x, a);
            element_of(&o, a, &x);
            assert_is(&o, &x, a);
            scalar_to_mpz(&o, &t, e);
            mpz_powm(b, a, e, o.p);
            urna_exp_vartime(o.G, &y, &x, &t, 1);
            assert_is(&o, &y, b);
            urna_secret_from_public(&ss, &t);
            urna_exp_secret(o.G, &y, &x, &ss, 1);
            assert_is(&o, &y, b);
            urna_element_mul(o.G, &z, &x, &y);
            mpz_mul(r, a, b);
            mpz_mod(r, r, o.p);
            assert_is(&o, &z, r);
            urna_element_div(o.G, &z, &x, &y);
            assert_int_not_equal(mpz_invert(r, b, o.p), 0);
            mpz_mul(r, r, a);
            mpz_mod(r, r, o.p);
            assert_is(&o, &z, r);
        }
        mpz_clears(a, b, e, r, NULL);
        oracle_free(&o);
    }
}

/* x, 0, p, p + x, p - x, a random residue: exactly what GMP says is a member is decoded. */
static void membership_against_gmp(void **state)
{
    (void)state;
    for (size_t set = 0; set < MODP_SETS; set++) {
        struct oracle o;
        mpz_t x, r;
        uint8_t b[URNA_LP_MAX];
        const uint8_t *in = b;
        urna_element out;
        size_t members = 0;
        mpz_inits(x, r, NULL);
        oracle_init(&o, set);
        const size_t lp = urna_group_lp(o.G);
        for (int k = 0; k < 40; k++) {
            urna_element m;
            random_element(o.G, &m);
            urna_element_encode(o.G, b, &m);
            mpz_import(x, lp, 1, 1, 1, 0, b);
            if (k % 4 == 1)
                mpz_sub(x, o.p, x); /* -x: the sign bit of T1 */
            if (k % 4 == 2) {
                urna_random(b, lp);
                mpz_import(x, lp, 1, 1, 1, 0, b);
                mpz_mod(x, x, o.p);
            }
            if (k % 4 == 3) { /* order r/2 or r: a power q of something */
                urna_random(b, lp);
                mpz_import(x, lp, 1, 1, 1, 0, b);
                mpz_powm(x, x, o.q, o.p);
            }
            if (k == 38)
                mpz_sub_ui(x, o.p, 1);
            if (k == 37)
                mpz_set_ui(x, 1);
            if (k == 36)
                mpz_set_ui(x, 2);
            to_bytes(x, b, lp);
            mpz_powm(r, x, o.q, o.p);
            const bool member = mpz_sgn(x) > 0 && mpz_cmp_ui(r, 1) == 0;
            members += member;
            assert_int_equal(urna_element_decode(o.G, &out, b), member);
            bool ok;
            assert_int_equal(urna_element_decode_batch(o.G, &out, &ok, &in, 1), member);
            assert_int_equal(ok, member);
            mpz_add(x, x, o.p); /* the same residue, not reduced */
            if (mpz_sizeinbase(x, 2) <= 8 * lp) {
                to_bytes(x, b, lp);
                assert_false(urna_element_decode(o.G, &out, b));
            }
        }
        assert_true(members >= 10 && members < 40);
        memset(b, 0, lp);
        assert_false(urna_element_decode(o.G, &out, b)); /* 0^q = 0, but 0 is no member */
        to_bytes(o.p, b, lp);
        assert_false(urna_element_decode(o.G, &out, b));
        mpz_clears(x, r, NULL);
        oracle_free(&o);
    }
}

/* toy-7-16: all 65,536 strings, all 127 members, all pairs, all exponents, both paths. */
static void smallest_group_exhaustively(void **state)
{
    (void)state;
    const struct urna_group *G = group_named("toy-7-16");
    const uint32_t p = 0xE72F, q = 127;
    static uint32_t power[127]; /* g^i */
    static urna_element el[127];
    uint32_t members = 0, x = 1;
    for (uint32_t i = 0; i < q; i++) {
        power[i] = x;
        uint8_t b[2] = {(uint8_t)(x >> 8), (uint8_t)x};
        assert_true(urna_element_decode(G, &el[i], b));
        x = x * 0x7F68 % p;
    }
    assert_int_equal(x, 1);
    for (uint32_t v = 0; v < 65536; v++) {
        uint8_t b[2] = {(uint8_t)(v >> 8), (uint8_t)v};
        bool in_list = false;
        urna_element out;
        for (uint32_t i = 0; i < q; i++)
            in_list = in_list || power[i] == v;
        assert_int_equal(urna_element_decode(G, &out, b), in_list);
        members += in_list;
    }
    assert_int_equal(members, 127);
    for (uint32_t i = 0; i < q; i++) {
        struct urna_fixed *F = urna_fixed_new(G, &el[i]);
        for (uint32_t j = 0; j < q; j++) {
            urna_element r;
            urna_scalar e;
            urna_secret_scalar s;
            urna_scalar_from_u64(G, &e, j);
            urna_secret_from_public(&s, &e);
            urna_element_mul(G, &r, &el[i], &el[j]);
            assert_true(urna_element_eq(G, &r, &el[(i + j) % q]));
            urna_element_div(G, &r, &el[i], &el[j]);
            assert_true(urna_element_eq(G, &r, &el[(i + q - j) % q]));
            assert_int_equal(urna_element_eq(G, &el[i], &el[j]), i == j);
            const urna_element *want = &el[i * j % q];
            urna_exp_vartime(G, &r, &el[i], &e, 1);
            assert_true(urna_element_eq(G, &r, want));
            urna_exp_secret(G, &r, &el[i], &s, 1);
            assert_true(urna_element_eq(G, &r, want));
            urna_fixed_exp_vartime(F, &r, &e, 1);
            assert_true(urna_element_eq(G, &r, want));
            urna_fixed_exp_secret(F, &r, &s, 1);
            assert_true(urna_element_eq(G, &r, want));
        }
        urna_fixed_free(F);
    }
    for (uint32_t i = 0; i < q; i++)
        for (uint32_t j = 0; j < q; j++) {
            urna_scalar a, b, r;
            urna_scalar_from_u64(G, &a, i + q); /* reduced on the way in */
            urna_scalar_from_u64(G, &b, j);
            urna_scalar_mul(G, &r, &a, &b);
            assert_int_equal(r.v[0], i * j % q);
            urna_scalar_add(G, &r, &a, &b);
            assert_int_equal(r.v[0], (i + j) % q);
            urna_scalar_sub(G, &r, &a, &b);
            assert_int_equal(r.v[0], (i + q - j) % q);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_against_gmp),
        cmocka_unit_test(elements_against_gmp),
        cmocka_unit_test(membership_against_gmp),
        cmocka_unit_test(smallest_group_exhaustively),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
