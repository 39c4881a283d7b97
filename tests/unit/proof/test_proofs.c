/* Honest proofs pass in every group; every single field changed makes them fail; attacks T1-T4 and
 * the limits of encodings. (T5, an extra pair, is the reader's to refuse: a statement has bound + 1
 * pairs by type.) */
#include "vectors.h"

#include "group/modp_params.h"
#include "proof/ballot_nonce.h"
#include "proof/chaining.h"
#include "proof/check.h"
#include "proof/contest_data.h"
#include "proof/preencrypted.h"
#include "proof/prove.h"
#include "proof/range_impl.h"
#include "proof/supplemental.h"

/* Groups in which a forgery by chance has probability below 2^-45. */
static const char *const big_groups[] = {"ristretto255", "eg4096", "eg3072", "toy-64-256",
                                         "toy-48-192"};
#define BIG (sizeof big_groups / sizeof big_groups[0])

struct keys {
    const struct urna_group *G;
    const struct urna_fixed *g;
    struct urna_fixed *K;
    urna_secret_scalar s;
    uint8_t h[32];
};

static void make_keys(struct keys *k, const char *group)
{
    urna_element x;
    memset(k, 0, sizeof *k);
    k->G = group_named(group);
    k->g = urna_fixed_generator(k->G);
    urna_secret_random_nonzero(k->G, &k->s);
    urna_fixed_exp_secret(k->g, &x, &k->s, 1);
    k->K = urna_fixed_new(k->G, &x);
    for (uint8_t i = 0; i < 32; i++)
        k->h[i] = (uint8_t)(i * 7 + 1);
}

static void encrypt(const struct keys *k, uint32_t value, urna_secret_scalar *xi,
                    urna_element *alpha, urna_element *beta)
{
    urna_secret_scalar t;
    urna_secret_random(k->G, xi);
    secret_u32(k->G, &t, value);
    urna_secret_add(k->G, &t, &t, xi);
    urna_fixed_exp_secret(k->g, alpha, xi, 1);
    urna_fixed_exp_secret(k->K, beta, &t, 1);
}

static void add_one(const struct urna_group *G, urna_scalar *x)
{
    urna_scalar one;
    urna_scalar_from_u64(G, &one, 1);
    urna_scalar_add(G, x, x, &one);
}

static void times_g(const struct urna_group *G, urna_element *x)
{
    urna_element gen;
    urna_element_generator(G, &gen);
    urna_element_mul(G, x, x, &gen);
}

static bool one_range(const struct keys *k, const uint8_t h[32],
                      const struct urna_range_statement *s)
{
    bool ok = true;
    bool all = urna_range_check(k->G, k->g, k->K, h, s, 1, &ok);
    assert_int_equal(all, ok);
    return ok;
}

static void range_in_every_group(void **state)
{
    (void)state;
    for (size_t i = 0; i < BIG; i++) {
        struct keys k;
        make_keys(&k, big_groups[i]);
        for (uint32_t bound = 0; bound <= 3; bound++) {
            for (uint32_t value = 0; value <= bound + 1; value++) {
                urna_scalar c[4], v[4];
                urna_secret_scalar xi;
                struct urna_range_statement s = {2, 3, bound, {{0}}, {{0}}, c, v};
                encrypt(&k, value, &xi, &s.alpha, &s.beta);
                urna_range_prove(k.G, k.g, k.K, k.h, 2, 3, bound, &s.alpha, &s.beta, &xi, value, c,
                                 v);
                /* A value outside has no real branch, so its "proof" fails. */
                assert_int_equal(one_range(&k, k.h, &s), value <= bound);
                if (value != bound)
                    continue;
                for (uint32_t j = 0; j <= bound; j++) {
                    const urna_scalar kept_c = c[j], kept_v = v[j];
                    add_one(k.G, &c[j]);
                    assert_false(one_range(&k, k.h, &s));
                    c[j] = kept_c;
                    add_one(k.G, &v[j]);
                    assert_false(one_range(&k, k.h, &s));
                    v[j] = kept_v;
                }
                if (bound >= 1) { /* sum kept, two challenges moved */
                    const urna_scalar c0 = c[0], c1 = c[1];
                    urna_scalar one;
                    urna_scalar_from_u64(k.G, &one, 1);
                    urna_scalar_add(k.G, &c[0], &c[0], &one);
                    urna_scalar_sub(k.G, &c[1], &c[1], &one);
                    assert_false(one_range(&k, k.h, &s));
                    c[0] = c1;
                    c[1] = c0;
                    assert_false(one_range(&k, k.h, &s));
                    c[0] = c0;
                    c[1] = c1;
                }
                struct urna_range_statement w = s;
                w.ind_c++;
                assert_false(one_range(&k, k.h, &w));
                w = s;
                w.ind_o++;
                assert_false(one_range(&k, k.h, &w));
                w.ind_o = 0; /* a limit proof has another challenge */
                assert_false(one_range(&k, k.h, &w));
                w = s;
                times_g(k.G, &w.alpha);
                assert_false(one_range(&k, k.h, &w));
                w = s;
                times_g(k.G, &w.beta);
                assert_false(one_range(&k, k.h, &w));
                if (bound > 0) {
                    w = s;
                    w.bound--;
                    assert_false(one_range(&k, k.h, &w));
                }
                uint8_t other[32];
                memcpy(other, k.h, 32);
                other[31] ^= 1;
                assert_false(one_range(&k, other, &s));
                assert_true(one_range(&k, k.h, &s));
            }
        }
        urna_fixed_free(k.K);
    }
}

/* More powers than one batch has, statements of different bounds, bad ones among them. */
static void range_batches(void **state)
{
    (void)state;
    enum { N = 60, MOST = 40 };
    static urna_scalar c[N][MOST + 1], v[N][MOST + 1];
    static struct urna_range_statement s[N];
    static const char *const names[] = {"ristretto255", "toy-64-256"};
    for (size_t g = 0; g < 2; g++) {
        struct keys k;
        bool ok[N];
        make_keys(&k, names[g]);
        for (uint32_t i = 0; i < N; i++) {
            const uint32_t bound = i % 20 == 7 ? MOST : i % 4, value = bound / 2;
            urna_secret_scalar xi;
            s[i] = (struct urna_range_statement){i + 1, i % 3, bound, {{0}}, {{0}}, c[i], v[i]};
            encrypt(&k, value, &xi, &s[i].alpha, &s[i].beta);
            urna_range_prove(k.G, k.g, k.K, k.h, i + 1, i % 3, bound, &s[i].alpha, &s[i].beta, &xi,
                             value, c[i], v[i]);
        }
        assert_true(urna_range_check(k.G, k.g, k.K, k.h, s, 0, ok));
        assert_true(urna_range_check(k.G, k.g, k.K, k.h, s, N, ok));
        for (uint32_t i = 0; i < N; i++)
            assert_true(ok[i]);
        add_one(k.G, &v[0][0]);
        add_one(k.G, &v[27][MOST]);
        add_one(k.G, &c[N - 1][0]);
        assert_false(urna_range_check(k.G, k.g, k.K, k.h, s, N, ok));
        for (uint32_t i = 0; i < N; i++)
            assert_int_equal(ok[i], i != 0 && i != 27 && i != N - 1);
        urna_fixed_free(k.K);
    }
}

/* p of a group as limbs. */
static void prime_of(const char *name, size_t lp, uint64_t p[64])
{
    uint8_t b[URNA_LP_MAX];
    for (size_t j = 0; j < MODP_SETS; j++)
        if (strcmp(urna_modp_params[j].name, name) == 0) {
            assert_true(urna_unhex(b, lp, urna_modp_params[j].p, 2 * lp));
            urna_limbs_from_be(p, 64, b, lp);
            return;
        }
    fail();
}

/* p - x in the group's own representation, whatever factor that carries. */
static void negate(urna_element *x, const uint64_t p[64])
{
    uint64_t borrow = 0;
    for (size_t j = 0; j < 64; j++) {
        const uint64_t d = p[j] - x->v[j] - borrow;
        borrow = ((~p[j] & x->v[j]) | (~(p[j] ^ x->v[j]) & d)) >> 63;
        x->v[j] = d;
    }
}

/* T1: with beta = -K^(xi+value) every equation holds as soon as all challenges are even. So the
 * equations cannot notice it, and decoding must: -1 is no member. */
static void minus_one_is_never_decoded(void **state)
{
    (void)state;
    static const char *const names[] = {"eg4096", "eg3072", "toy-64-256", "toy-48-192"};
    for (size_t i = 0; i < 4; i++) {
        struct keys k;
        make_keys(&k, names[i]);
        uint64_t p[64];
        uint8_t b[URNA_LP_MAX];
        urna_element x;
        bool fooled = false;
        prime_of(names[i], urna_group_lp(k.G), p);
        for (int t = 0; t < 200 && !fooled; t++) {
            urna_secret_scalar xi;
            urna_scalar c[2], v[2];
            struct urna_range_statement s = {1, 1, 1, {{0}}, {{0}}, c, v};
            encrypt(&k, 1, &xi, &s.alpha, &s.beta);
            urna_element_encode(k.G, b, &s.beta);
            assert_true(urna_element_decode(k.G, &x, b));
            negate(&s.beta, p);
            urna_element_encode(k.G, b, &s.beta);
            assert_false(urna_element_decode(k.G, &x, b));
            assert_true(urna_element_is_identity(k.G, &x));
            urna_range_prove(k.G, k.g, k.K, k.h, 1, 1, 1, &s.alpha, &s.beta, &xi, 1, c, v);
            fooled = one_range(&k, k.h, &s);
            assert_int_equal(fooled, (c[0].v[0] & 1) == 0 && (c[1].v[0] & 1) == 0);
        }
        assert_true(fooled);
        urna_fixed_free(k.K);
    }
}

/* Membership and proof in one pass: the same answers as one after the other, bad members among good
 * ones. */
static void range_candidates(void **state)
{
    (void)state;
    enum { N = 40, MOST = 36 };
    static urna_scalar c[N][MOST + 1], v[N][MOST + 1];
    static struct urna_range_candidate s[N];
    static const char *const names[] = {"ristretto255", "eg4096", "toy-64-256", "toy-48-192"};
    for (size_t g = 0; g < 4; g++) {
        struct keys k;
        bool ok[N], member[N];
        uint64_t p[64];
        const bool modp = g > 0;
        const uint32_t n = strcmp(names[g], "eg4096") == 0 ? 6 : N;
        make_keys(&k, names[g]);
        if (modp)
            prime_of(names[g], urna_group_lp(k.G), p);
        for (uint32_t i = 0; i < n; i++) {
            const uint32_t bound = n == N && i % 20 == 7 ? MOST : i % 3;
            urna_secret_scalar xi;
            urna_element alpha, beta;
            uint8_t b[URNA_LP_MAX];
            s[i] = (struct urna_range_candidate){i + 1, i % 2, bound, {{{0}}}, {{{0}}}, c[i], v[i]};
            encrypt(&k, bound / 2, &xi, &alpha, &beta);
            urna_range_prove(k.G, k.g, k.K, k.h, i + 1, i % 2, bound, &alpha, &beta, &xi, bound / 2,
                             c[i], v[i]);
            urna_element_encode(k.G, b, &alpha);
            assert_true(urna_candidate_decode(k.G, &s[i].alpha, b));
            urna_element_encode(k.G, b, &beta);
            assert_true(urna_candidate_decode(k.G, &s[i].beta, b));
        }
        assert_true(urna_range_check_candidates(k.G, k.g, k.K, k.h, s, n, member, ok));
        for (uint32_t i = 0; i < n; i++)
            assert_true(ok[i] && member[i]);
        add_one(k.G, &v[1][0]);
        if (modp) {
            negate(&s[2].alpha.x, p);
            negate(&s[n - 1].beta.x, p);
        }
        assert_false(urna_range_check_candidates(k.G, k.g, k.K, k.h, s, n, member, ok));
        for (uint32_t i = 0; i < n; i++) {
            const bool bad = modp && (i == 2 || i == n - 1);
            assert_int_equal(member[i], !bad);
            assert_int_equal(ok[i], !bad && i != 1);
        }
        urna_candidate x;
        uint8_t b[URNA_LP_MAX];
        memset(b, 0xff, sizeof b);
        assert_false(urna_candidate_decode(k.G, &x, b));
        assert_true(urna_element_is_identity(k.G, &x.x));
        memset(b, 0, sizeof b);
        assert_int_equal(urna_candidate_decode(k.G, &x, b),
                         !modp); /* zero is no number of the group */
        urna_fixed_free(k.K);
    }
}

/* T1 again, with even challenges: every equation holds, and membership alone refuses. */
static void minus_one_is_no_candidate(void **state)
{
    (void)state;
    static const char *const names[] = {"eg3072", "toy-64-256"};
    for (size_t i = 0; i < 2; i++) {
        struct keys k;
        uint64_t p[64];
        bool fooled = false;
        make_keys(&k, names[i]);
        prime_of(names[i], urna_group_lp(k.G), p);
        for (int t = 0; t < 200 && !fooled; t++) {
            urna_secret_scalar xi;
            urna_scalar c[2], v[2];
            struct urna_range_candidate s = {1, 1, 1, {{{0}}}, {{{0}}}, c, v};
            bool member, ok;
            encrypt(&k, 0, &xi, &s.alpha.x, &s.beta.x);
            negate(&s.beta.x, p);
            urna_range_prove(k.G, k.g, k.K, k.h, 1, 1, 1, &s.alpha.x, &s.beta.x, &xi, 0, c, v);
            const struct urna_range_statement trusting = {1, 1, 1, s.alpha.x, s.beta.x, c, v};
            fooled = one_range(&k, k.h, &trusting);
            assert_false(urna_range_check_candidates(k.G, k.g, k.K, k.h, &s, 1, &member, &ok));
            assert_false(member || ok);
        }
        assert_true(fooled);
        urna_fixed_free(k.K);
    }
}

static void guardian_proofs(void **state)
{
    (void)state;
    for (size_t i = 0; i < BIG; i++) {
        struct keys k;
        make_keys(&k, big_groups[i]);
        for (uint32_t q = 1; q <= 3; q += 2) {
            urna_secret_scalar a[3], zeta;
            urna_element K[3], kappa;
            urna_scalar c, v[4];
            for (uint32_t j = 0; j < q; j++)
                urna_secret_random_nonzero(k.G, &a[j]);
            urna_secret_random_nonzero(k.G, &zeta);
            urna_fixed_exp_secret(k.g, K, a, q);
            urna_fixed_exp_secret(k.g, &kappa, &zeta, 1);
            for (int data = 0; data < 2; data++) {
                const bool d = data == 1;
                urna_guardian_prove(k.G, k.h, d, 4, a, K, q, &zeta, &kappa, NULL, &c, v);
                assert_true(urna_guardian_proof_check(k.G, k.h, d, 4, K, q, &kappa, &c, v));
                assert_false(urna_guardian_proof_check(k.G, k.h, !d, 4, K, q, &kappa, &c, v));
                assert_false(urna_guardian_proof_check(k.G, k.h, d, 5, K, q, &kappa, &c, v));
                uint8_t other[32];
                memcpy(other, k.h, 32);
                other[0] ^= 1;
                assert_false(urna_guardian_proof_check(k.G, other, d, 4, K, q, &kappa, &c, v));
                urna_scalar kept = c;
                add_one(k.G, &c);
                assert_false(urna_guardian_proof_check(k.G, k.h, d, 4, K, q, &kappa, &c, v));
                c = kept;
                for (uint32_t j = 0; j <= q; j++) {
                    kept = v[j];
                    add_one(k.G, &v[j]);
                    assert_false(urna_guardian_proof_check(k.G, k.h, d, 4, K, q, &kappa, &c, v));
                    v[j] = kept;
                }
                for (uint32_t j = 0; j < q; j++) {
                    const urna_element x = K[j];
                    times_g(k.G, &K[j]);
                    assert_false(urna_guardian_proof_check(k.G, k.h, d, 4, K, q, &kappa, &c, v));
                    K[j] = x;
                }
                const urna_element x = kappa;
                times_g(k.G, &kappa);
                assert_false(urna_guardian_proof_check(k.G, k.h, d, 4, K, q, &kappa, &c, v));
                kappa = x;
            }
        }
        urna_fixed_free(k.K);
    }
}

static void share_proofs(void **state)
{
    (void)state;
    for (size_t i = 0; i < BIG; i++) {
        struct keys k;
        make_keys(&k, big_groups[i]);
        const urna_element *kappa = urna_fixed_base(k.K);
        urna_secret_scalar p, ph, p2, ph2;
        urna_element c0, w;
        urna_scalar c, v, kept;
        uint8_t c1[64];
        urna_secret_random(k.G, &p);
        urna_secret_random(k.G, &ph);
        urna_share_encrypt(k.G, k.h, 1, 2, kappa, &p, &ph, NULL, NULL, &c0, c1, &c, &v);
        assert_true(urna_share_proof_check(k.G, k.h, 1, 2, &c0, c1, &c, &v));
        assert_false(urna_share_proof_check(k.G, k.h, 2, 2, &c0, c1, &c, &v));
        assert_false(urna_share_proof_check(k.G, k.h, 1, 3, &c0, c1, &c, &v));
        for (size_t j = 0; j < 64; j++) {
            c1[j] ^= 0x80;
            assert_false(urna_share_proof_check(k.G, k.h, 1, 2, &c0, c1, &c, &v));
            c1[j] ^= 0x80;
        }
        w = c0;
        times_g(k.G, &w);
        assert_false(urna_share_proof_check(k.G, k.h, 1, 2, &w, c1, &c, &v));
        kept = c;
        add_one(k.G, &c);
        assert_false(urna_share_proof_check(k.G, k.h, 1, 2, &c0, c1, &c, &v));
        c = kept;
        add_one(k.G, &v);
        assert_false(urna_share_proof_check(k.G, k.h, 1, 2, &c0, c1, &c, &v));

        assert_true(urna_share_decrypt(k.G, k.h, 1, 2, kappa, &k.s, &c0, c1, &p2, &ph2));
        assert_memory_equal(&p, &p2, sizeof p);
        assert_memory_equal(&ph, &ph2, sizeof ph);
        /* A value >= q: the first byte of 32 is changed until it is beyond q. */
        uint8_t plain[32] = {0};
        urna_secret_encode(k.G, plain + 32 - urna_group_lq(k.G), &p);
        for (int half = 0; half < 2; half++) {
            uint8_t bad[64];
            memcpy(bad, c1, 64);
            urna_secret_encode(k.G, plain + 32 - urna_group_lq(k.G), half == 0 ? &p : &ph);
            for (size_t j = 0; j < 32; j++) /* plain becomes 2^256 - 1 */
                bad[32 * half + (int)j] ^= (uint8_t)(plain[j] ^ 0xff);
            assert_false(urna_share_decrypt(k.G, k.h, 1, 2, kappa, &k.s, &c0, bad, &p2, &ph2));
            static const urna_secret_scalar zero;
            assert_memory_equal(&p2, &zero, sizeof zero);
            assert_memory_equal(&ph2, &zero, sizeof zero);
        }
        urna_fixed_free(k.K);
    }
}

/* sum of w_i z_i = P(0), for every quorum of 3 out of 5, and for one alone (w = 1). */
static void lagrange_recovers(void **state)
{
    (void)state;
    static const char *const names[] = {"ristretto255", "eg4096", "toy-7-16", "toy-64-256"};
    for (size_t i = 0; i < 4; i++) {
        const struct urna_group *G = group_named(names[i]);
        urna_scalar a[3], z[6], w, t, sum, x;
        for (int j = 0; j < 3; j++) {
            urna_secret_scalar s;
            urna_secret_random(G, &s);
            urna_secret_declassify(&a[j], &s);
        }
        for (uint32_t l = 1; l <= 5; l++) {
            urna_scalar_from_u64(G, &x, l);
            urna_scalar_mul(G, &z[l], &a[2], &x);
            urna_scalar_add(G, &z[l], &z[l], &a[1]);
            urna_scalar_mul(G, &z[l], &z[l], &x);
            urna_scalar_add(G, &z[l], &z[l], &a[0]);
        }
        for (uint32_t p = 1; p <= 3; p++)
            for (uint32_t q = p + 1; q <= 4; q++)
                for (uint32_t r = q + 1; r <= 5; r++) {
                    const uint32_t U[3] = {p, q, r};
                    urna_scalar_from_u64(G, &sum, 0);
                    for (size_t j = 0; j < 3; j++) {
                        urna_lagrange(G, &w, U[j], U, 3);
                        urna_scalar_mul(G, &t, &w, &z[U[j]]);
                        urna_scalar_add(G, &sum, &sum, &t);
                    }
                    assert_true(urna_scalar_eq(&sum, &a[0]));
                }
        for (uint32_t l = 1; l <= 5; l++) {
            urna_lagrange(G, &w, l, &l, 1);
            urna_scalar_from_u64(G, &x, 1);
            assert_true(urna_scalar_eq(&w, &x));
        }
    }
}

/* The ordinary decryption proof, also of the empty product (1, 1), also with c or v = 0 by the
 * equations only. */
static void tally_proofs(void **state)
{
    (void)state;
    for (size_t i = 0; i < BIG; i++) {
        struct keys k;
        make_keys(&k, big_groups[i]);
        for (uint32_t t = 0; t < 3; t++) {
            urna_secret_scalar xi, u, cs;
            urna_element A, B, M, a, b, w;
            urna_scalar c, v, kept;
            if (t == 2) { /* nobody voted */
                urna_element_identity(k.G, &A);
                urna_element_identity(k.G, &B);
            } else {
                encrypt(&k, t, &xi, &A, &B);
            }
            const uint64_t tally = t == 2 ? 0 : t;
            urna_exp_secret(k.G, &M, &A, &k.s, 1);
            urna_secret_random(k.G, &u);
            urna_fixed_exp_secret(k.g, &a, &u, 1);
            urna_exp_secret(k.G, &b, &A, &u, 1);
            urna_hash_decrypt_challenge(k.G, &c, k.h, 1, 2, &A, &B, &a, &b, &M);
            urna_secret_from_public(&cs, &c);
            urna_secret_mul(k.G, &cs, &cs, &k.s);
            urna_secret_sub(k.G, &u, &u, &cs);
            urna_secret_declassify(&v, &u);
            assert_true(urna_tally_check(k.G, k.K, k.h, 1, 2, &A, &B, tally, &c, &v));
            assert_false(urna_tally_check(k.G, k.K, k.h, 1, 2, &A, &B, tally + 1, &c, &v));
            assert_false(urna_tally_check(k.G, k.K, k.h, 2, 2, &A, &B, tally, &c, &v));
            assert_false(urna_tally_check(k.G, k.K, k.h, 1, 1, &A, &B, tally, &c, &v));
            w = A;
            times_g(k.G, &w);
            assert_false(urna_tally_check(k.G, k.K, k.h, 1, 2, &w, &B, tally, &c, &v));
            w = B;
            times_g(k.G, &w);
            assert_false(urna_tally_check(k.G, k.K, k.h, 1, 2, &A, &w, tally, &c, &v));
            kept = c;
            add_one(k.G, &c);
            assert_false(urna_tally_check(k.G, k.K, k.h, 1, 2, &A, &B, tally, &c, &v));
            c = kept;
            kept = v;
            add_one(k.G, &v);
            assert_false(urna_tally_check(k.G, k.K, k.h, 1, 2, &A, &B, tally, &c, &v));
            v = kept;
            /* One guardian with c_i = c: the same equations, all parts named. */
            const urna_element *S = urna_fixed_base(k.K);
            assert_true(urna_partial_check(k.G, S, &A, &M, &a, &b, &c, &v));
            w = a;
            times_g(k.G, &w);
            assert_false(urna_partial_check(k.G, S, &A, &M, &w, &b, &c, &v));
            w = b;
            times_g(k.G, &w);
            assert_false(urna_partial_check(k.G, S, &A, &M, &a, &w, &c, &v));
            w = M;
            times_g(k.G, &w);
            assert_false(urna_partial_check(k.G, S, &A, &w, &a, &b, &c, &v));
            w = *S;
            times_g(k.G, &w);
            assert_false(urna_partial_check(k.G, &w, &A, &M, &a, &b, &c, &v));
        }
        urna_fixed_free(k.K);
    }
}

/* T30a: a challenge or a response of 0 is as good as any other. In a group of 127 elements they
 * turn up. */
static void zero_challenges_and_responses(void **state)
{
    (void)state;
    struct keys k;
    make_keys(&k, "toy-7-16");
    const urna_element *S = urna_fixed_base(k.K);
    size_t zero_c = 0, zero_v = 0;
    for (uint32_t i = 0; i < 3000; i++) {
        urna_secret_scalar u;
        urna_scalar c, v[2];
        urna_guardian_prove(k.G, k.h, i % 2 == 1, i + 1, &k.s, S, 1, &k.s, S, NULL, &c, v);
        assert_true(urna_guardian_proof_check(k.G, k.h, i % 2 == 1, i + 1, S, 1, S, &c, v));
        zero_c += urna_scalar_is_zero(&c);
        zero_v += urna_scalar_is_zero(&v[0]);

        urna_element alpha, beta;
        urna_scalar rc[2], rv[2];
        encrypt(&k, i % 2, &u, &alpha, &beta);
        urna_range_prove(k.G, k.g, k.K, k.h, i + 1, 1, 1, &alpha, &beta, &u, i % 2, rc, rv);
        const struct urna_range_statement s = {i + 1, 1, 1, alpha, beta, rc, rv};
        assert_true(one_range(&k, k.h, &s));
        zero_c += urna_scalar_is_zero(&rc[0]) || urna_scalar_is_zero(&rc[1]);
        zero_v += urna_scalar_is_zero(&rv[0]) || urna_scalar_is_zero(&rv[1]);
    }
    assert_true(zero_c > 10 && zero_v > 10);
    urna_fixed_free(k.K);
}

static void hashed_elgamal(void **state)
{
    (void)state;
    for (size_t i = 0; i < BIG; i++) {
        struct keys k;
        make_keys(&k, big_groups[i]);
        uint8_t text[96], c1[96], again[96], xi_b[32] = {9}, got[32];
        memset(text, 0x41, sizeof text);
        urna_secret_scalar xi;
        struct urna_contest_data d;
        struct urna_ballot_nonce n;
        urna_element beta, kept;
        urna_secret_random(k.G, &xi);
        urna_data_encrypt(k.G, k.K, k.h, 3, &xi, NULL, text, 3, &d, c1);
        assert_true(urna_data_proof_check(k.G, k.h, 3, &d));
        assert_false(urna_data_proof_check(k.G, k.h, 4, &d));
        urna_exp_secret(k.G, &beta, &d.c0, &k.s, 1);
        urna_data_open(k.G, k.h, 3, &d, &beta, again);
        assert_memory_equal(again, text, sizeof text);
        for (size_t j = 0; j < sizeof c1; j += 5) {
            c1[j] ^= 1;
            assert_false(urna_data_proof_check(k.G, k.h, 3, &d));
            c1[j] ^= 1;
        }
        kept = d.c0;
        times_g(k.G, &d.c0);
        assert_false(urna_data_proof_check(k.G, k.h, 3, &d));
        d.c0 = kept;
        add_one(k.G, &d.v);
        assert_false(urna_data_proof_check(k.G, k.h, 3, &d));

        urna_nonce_encrypt(k.G, k.K, k.h, xi_b, NULL, NULL, &n);
        assert_true(urna_nonce_proof_check(k.G, k.h, &n));
        urna_exp_secret(k.G, &beta, &n.c0, &k.s, 1);
        urna_nonce_open(k.G, k.h, &n, &beta, got);
        assert_memory_equal(got, xi_b, 32);
        n.c1[31] ^= 1;
        assert_false(urna_nonce_proof_check(k.G, k.h, &n));
        n.c1[31] ^= 1;
        add_one(k.G, &n.c);
        assert_false(urna_nonce_proof_check(k.G, k.h, &n));
        urna_fixed_free(k.K);
    }
}

/* Section 8.2 exhaustively in plain numbers for L = 1..5: the proved sets hold exactly the honest
 * values. */
static void relation_sets(void **state)
{
    (void)state;
    size_t tuples = 0;
    for (uint64_t L = 1; L <= 5; L++)
        for (uint64_t S = 0; S <= 2 * L + 2; S++)
            for (uint64_t O = 0; O <= 1; O++) {
                if (S + L * O > L)
                    continue; /* the limit row refuses */
                for (uint64_t x = 0; x <= L; x++) {
                    const uint64_t D = S + x + L * O, U = S + (L + 1) * x + L * O,
                                   N = S + (L + 1) * (x + O);
                    tuples += 3;
                    assert_int_equal(D == L,
                                     x == urna_relation_value(URNA_RELATION_DIFFERENCE, L, S, O));
                    if (x > 1)
                        continue; /* the indicator's own 0/1 proof refuses */
                    assert_int_equal(U >= L && U <= 2 * L,
                                     x == urna_relation_value(URNA_RELATION_UNDERVOTE, L, S, O));
                    assert_int_equal(N >= 1 && N <= L + 1,
                                     x == urna_relation_value(URNA_RELATION_NULL, L, S, O));
                }
            }
    assert_true(tuples > 200);
    assert_int_equal(urna_relation_pairs(URNA_RELATION_DIFFERENCE, 4), 1);
    assert_int_equal(urna_relation_pairs(URNA_RELATION_UNDERVOTE, 4), 5);
    assert_int_equal(urna_relation_pairs(URNA_RELATION_NULL, 4), 5);
}

static void false_relations_are_refused(void **state)
{
    (void)state;
    struct keys k;
    make_keys(&k, "ristretto255");
    const uint32_t L = 2;
    static const enum urna_relation rels[] = {URNA_RELATION_DIFFERENCE, URNA_RELATION_UNDERVOTE,
                                              URNA_RELATION_NULL};
    for (size_t r = 0; r < 3; r++)
        for (uint32_t S = 0; S <= L; S++)
            for (uint32_t x = 0; x <= L; x++) {
                urna_secret_scalar a, b, n;
                struct urna_pair sum, field, X;
                urna_scalar c[3], v[3];
                const uint32_t times = rels[r] == URNA_RELATION_DIFFERENCE ? 1 : L + 1;
                encrypt(&k, S, &a, &sum.alpha, &sum.beta);
                encrypt(&k, x, &b, &field.alpha, &field.beta);
                urna_relation_combine(k.G, rels[r], L, &sum, NULL, &field, &X);
                urna_relation_nonce(k.G, rels[r], L, &a, NULL, &b, &n);
                urna_relation_prove(k.G, k.g, k.K, k.h, 1, rels[r], L, &X, &n, S + times * x, c, v);
                assert_int_equal(urna_relation_check(k.G, k.g, k.K, k.h, 1, rels[r], L, &X, c, v),
                                 x == urna_relation_value(rels[r], L, S, 0));
            }
    urna_fixed_free(k.K);
}

static void short_codes(void **state)
{
    (void)state;
    static const struct {
        enum urna_trimming omega;
        const char *lowest, *highest, *some; /* last byte 00, FF, 1A after a byte 0B */
    } expect[] = {
        {URNA_OMEGA_TWO_HEX, "00", "FF", "1A"},      {URNA_OMEGA_FOUR_HEX, "0B00", "0BFF", "0B1A"},
        {URNA_OMEGA_LETTER_DIGIT, "A0", "Z5", "C6"}, {URNA_OMEGA_DIGIT_LETTER, "0A", "9V", "1A"},
        {URNA_OMEGA_0_255, "0", "255", "26"},        {URNA_OMEGA_1_256, "1", "256", "27"},
        {URNA_OMEGA_100_355, "100", "355", "126"},   {URNA_OMEGA_101_356, "101", "356", "127"},
    };
    char code[URNA_SHORT_CODE_MAX], other[URNA_SHORT_CODE_MAX];
    for (size_t i = 0; i < 8; i++) {
        uint8_t psi[32] = {0};
        psi[30] = 0x0b;
        assert_true(urna_short_code(code, expect[i].omega, psi));
        assert_string_equal(code, expect[i].lowest);
        psi[31] = 0xff;
        assert_true(urna_short_code(code, expect[i].omega, psi));
        assert_string_equal(code, expect[i].highest);
        psi[31] = 0x1a;
        assert_true(urna_short_code(code, expect[i].omega, psi));
        assert_string_equal(code, expect[i].some);
        /* 256 last bytes, 256 codes */
        for (unsigned a = 0; a < 256; a++)
            for (unsigned b = 0; b < a; b++) {
                psi[31] = (uint8_t)a;
                assert_true(urna_short_code(code, expect[i].omega, psi));
                psi[31] = (uint8_t)b;
                assert_true(urna_short_code(other, expect[i].omega, psi));
                assert_string_not_equal(code, other);
            }
    }
    uint8_t psi[2][32] = {{1}, {1}}, chi[32], h[32] = {0};
    assert_false(urna_short_code(code, (enum urna_trimming)9, psi[0]));
    assert_false(urna_short_code(code, (enum urna_trimming)0, psi[0]));
    assert_false(urna_hash_contest_pre(chi, h, 1, (const uint8_t(*)[32])psi, 2));
    uint8_t chi2[32];
    psi[1][0] = 2;
    assert_true(urna_hash_contest_pre(chi, h, 1, (const uint8_t(*)[32])psi, 2));
    psi[0][0] = 2;
    psi[1][0] = 1;
    assert_true(urna_hash_contest_pre(chi2, h, 1, (const uint8_t(*)[32])psi, 2));
    assert_memory_equal(chi, chi2, 32); /* order of the list does not matter */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(range_in_every_group),
        cmocka_unit_test(range_batches),
        cmocka_unit_test(minus_one_is_never_decoded),
        cmocka_unit_test(range_candidates),
        cmocka_unit_test(minus_one_is_no_candidate),
        cmocka_unit_test(guardian_proofs),
        cmocka_unit_test(share_proofs),
        cmocka_unit_test(lagrange_recovers),
        cmocka_unit_test(tally_proofs),
        cmocka_unit_test(zero_challenges_and_responses),
        cmocka_unit_test(hashed_elgamal),
        cmocka_unit_test(relation_sets),
        cmocka_unit_test(false_relations_are_refused),
        cmocka_unit_test(short_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
