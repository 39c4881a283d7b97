/* One ballot (11 options, choose one) made and checked, against the same powers computed one by one
 * with the libraries: libsodium's scalar multiplications for ristretto255; for eg4096 OpenSSL's
 * BN_mod_exp_mont_consttime where exponents are secret and GMP's mpz_powm where they are public.
 *
 * Every round times each way once, in turn, and the smallest time of each is kept: what is printed
 * are ratios of work, not promises about a machine.
 *
 *   bench_proofs [ROUNDS]        default 20 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gmp.h>
#include <openssl/bn.h>
#include <sodium.h>

#include "base/secret.h"
#include "proof/check.h"
#include "proof/prove.h"

#define OPTIONS 11
#define PROOFS (OPTIONS + 1)
/* alpha, beta, and (a, b) of two branches for each option; (a, b) of two branches for the limit */
#define SECRET_POWERS (OPTIONS * 6 + 4)

struct ballot {
    const struct urna_group *G;
    const struct urna_fixed *g;
    struct urna_fixed *K;
    uint8_t h_i[32], xi_b[32];
    uint8_t alpha[OPTIONS][URNA_LP_MAX], beta[OPTIONS][URNA_LP_MAX];
    urna_scalar c[PROOFS][2], v[PROOFS][2];
};

struct timing {
    const char *what;
    double best;
};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void take(struct timing *t, double start)
{
    double d = seconds() - start;
    if (t->best == 0 || d < t->best)
        t->best = d;
}

static void require(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "bench_proofs: %s\n", what);
        exit(3);
    }
}

static void make(struct ballot *b)
{
    const struct urna_group *G = b->G;
    urna_element alphas, betas, alpha, beta;
    urna_secret_scalar sum, xi, t;
    memset(&sum, 0, sizeof sum);
    urna_element_identity(G, &alphas);
    urna_element_identity(G, &betas);
    for (uint32_t j = 0; j < OPTIONS; j++) {
        const uint32_t value = j == 4;
        urna_scalar plain;
        urna_hash_selection_nonce(G, &xi, b->h_i, 1, j + 1, b->xi_b);
        urna_scalar_from_u64(G, &plain, value);
        urna_secret_from_public(&t, &plain);
        urna_secret_add(G, &t, &t, &xi);
        urna_fixed_exp_secret(b->g, &alpha, &xi, 1);
        urna_fixed_exp_secret(b->K, &beta, &t, 1);
        urna_range_prove(G, b->g, b->K, b->h_i, 1, j + 1, 1, &alpha, &beta, &xi, value, b->c[j],
                         b->v[j]);
        urna_element_encode(G, b->alpha[j], &alpha);
        urna_element_encode(G, b->beta[j], &beta);
        urna_element_mul(G, &alphas, &alphas, &alpha);
        urna_element_mul(G, &betas, &betas, &beta);
        urna_secret_add(G, &sum, &sum, &xi);
    }
    urna_range_prove(G, b->g, b->K, b->h_i, 1, 0, 1, &alphas, &betas, &sum, 1, b->c[OPTIONS],
                     b->v[OPTIONS]);
}

/* Membership and proofs of all options, then the limit. one: stop after the first option. */
static bool check(const struct ballot *b, bool one)
{
    const struct urna_group *G = b->G;
    static struct urna_range_candidate s[OPTIONS];
    const size_t n = one ? 1 : OPTIONS;
    bool member[OPTIONS], ok[OPTIONS];
    for (uint32_t j = 0; j < n; j++) {
        s[j] = (struct urna_range_candidate){
            .ind_c = 1, .ind_o = j + 1, .bound = 1, .c = b->c[j], .v = b->v[j]};
        if (!urna_candidate_decode(G, &s[j].alpha, b->alpha[j]) ||
            !urna_candidate_decode(G, &s[j].beta, b->beta[j]))
            return false;
    }
    if (!urna_range_check_candidates(G, b->g, b->K, b->h_i, s, n, member, ok))
        return false;
    if (one)
        return true;
    struct urna_range_statement limit = {
        .ind_c = 1, .bound = 1, .c = b->c[OPTIONS], .v = b->v[OPTIONS]};
    urna_element_identity(G, &limit.alpha);
    urna_element_identity(G, &limit.beta);
    for (size_t j = 0; j < OPTIONS; j++) {
        urna_element_mul(G, &limit.alpha, &limit.alpha, &s[j].alpha.x);
        urna_element_mul(G, &limit.beta, &limit.beta, &s[j].beta.x);
    }
    return urna_range_check(G, b->g, b->K, b->h_i, &limit, 1, ok);
}

/* The powers of n proofs of two branches with libsodium: a = g^v alpha^c, b = K^w beta^c. */
static void sodium_checks(const struct ballot *b, const uint8_t K[32], size_t n, size_t decodes)
{
    uint8_t x[32], y[32], z[32], k[32];
    bool good = true;
    memcpy(k, b->h_i, 32);
    k[31] &= 0x0f;
    for (size_t j = 0; j < decodes; j++)
        good = good && crypto_core_ristretto255_is_valid_point(b->alpha[j % OPTIONS]) == 1;
    for (size_t j = 0; j < n; j++) {
        for (int branch = 0; branch < 2; branch++) {
            good = good && crypto_scalarmult_ristretto255_base(x, k) == 0 &&
                   crypto_scalarmult_ristretto255(y, k, b->alpha[j % OPTIONS]) == 0 &&
                   crypto_core_ristretto255_add(z, x, y) == 0 &&
                   crypto_scalarmult_ristretto255(x, k, K) == 0 &&
                   crypto_scalarmult_ristretto255(y, k, b->beta[j % OPTIONS]) == 0 &&
                   crypto_core_ristretto255_add(z, x, y) == 0;
            k[0] ^= z[0];
        }
    }
    require(good, "libsodium refused");
}

static void sodium_secret_powers(const struct ballot *b, const uint8_t K[32])
{
    uint8_t x[32], k[32];
    bool good = true;
    memcpy(k, b->h_i, 32);
    k[31] &= 0x0f;
    for (int i = 0; i < SECRET_POWERS / 2; i++) {
        good = good && crypto_scalarmult_ristretto255_base(x, k) == 0;
        k[0] ^= x[0];
        good = good && crypto_scalarmult_ristretto255(x, k, K) == 0;
        k[0] ^= x[0];
    }
    require(good, "libsodium refused");
}

struct modp_reference {
    mpz_t p, base, e, r;
    BIGNUM *bp, *bbase, *be, *br;
    BN_MONT_CTX *mont;
    BN_CTX *ctx;
};

/* Any odd modulus of the same size costs the libraries the same: ones outside, like p, and some
 * other digits in the middle. */
static void modp_reference_init(struct modp_reference *m, const struct ballot *b)
{
    const size_t lp = urna_group_lp(b->G);
    uint8_t p[URNA_LP_MAX];
    memset(p, 0xff, lp);
    memcpy(p + lp / 4, b->alpha[0], lp / 2);
    mpz_inits(m->p, m->base, m->e, m->r, NULL);
    mpz_import(m->p, lp, 1, 1, 1, 0, p);
    mpz_import(m->base, lp, 1, 1, 1, 0, b->alpha[1]);
    mpz_import(m->e, 32, 1, 1, 1, 0, b->h_i);
    m->ctx = BN_CTX_new();
    m->bp = BN_bin2bn(p, (int)lp, NULL);
    m->bbase = BN_bin2bn(b->alpha[1], (int)lp, NULL);
    m->be = BN_bin2bn(b->h_i, 32, NULL);
    m->br = BN_new();
    m->mont = BN_MONT_CTX_new();
    require(m->ctx != NULL && m->bp != NULL && m->bbase != NULL && m->be != NULL && m->br != NULL &&
                m->mont != NULL && BN_MONT_CTX_set(m->mont, m->bp, m->ctx) == 1,
            "OpenSSL refused");
    BN_set_flags(m->be, BN_FLG_CONSTTIME);
}

static void modp_reference_free(struct modp_reference *m)
{
    mpz_clears(m->p, m->base, m->e, m->r, NULL);
    BN_free(m->bp);
    BN_free(m->bbase);
    BN_free(m->be);
    BN_free(m->br);
    BN_MONT_CTX_free(m->mont);
    BN_CTX_free(m->ctx);
}

static void gmp_powers(struct modp_reference *m, int n)
{
    for (int i = 0; i < n; i++)
        mpz_powm(m->r, m->base, m->e, m->p);
}

static void openssl_powers(struct modp_reference *m, int n)
{
    for (int i = 0; i < n; i++)
        require(BN_mod_exp_mont_consttime(m->br, m->bbase, m->be, m->bp, m->ctx, m->mont) == 1,
                "OpenSSL refused");
}

static void ballot_init(struct ballot *b, const char *group)
{
    urna_secret_scalar s;
    urna_element K;
    memset(b, 0, sizeof *b);
    b->G = urna_group_find(group, strlen(group));
    require(b->G != NULL, "no such group");
    b->g = urna_fixed_generator(b->G);
    urna_secret_random_nonzero(b->G, &s);
    urna_fixed_exp_secret(b->g, &K, &s, 1);
    b->K = urna_fixed_new(b->G, &K);
    urna_random(b->h_i, sizeof b->h_i);
    urna_random(b->xi_b, sizeof b->xi_b);
    b->h_i[0] |= 0x80;
    b->h_i[31] |= 0x08;
}

static void print_pair(const char *group, const char *what, const struct timing *ours,
                       const struct timing *theirs)
{
    printf("%-13s %-26s %10.1f us   %-30s %10.1f us   ratio %.3f\n", group, what, 1e6 * ours->best,
           theirs->what, 1e6 * theirs->best, ours->best / theirs->best);
}

static void bench_ristretto(int rounds)
{
    static struct ballot b;
    uint8_t K[32];
    struct timing made = {"", 0}, checked = {"", 0}, single = {"", 0},
                  sodium_made = {"libsodium, 70 powers", 0},
                  sodium_checked = {"libsodium, 96 powers", 0},
                  sodium_single = {"libsodium, 8 powers", 0};
    ballot_init(&b, "ristretto255");
    urna_element_encode(b.G, K, urna_fixed_base(b.K));
    for (int i = 0; i < rounds; i++) {
        double t = seconds();
        make(&b);
        take(&made, t);
        t = seconds();
        sodium_secret_powers(&b, K);
        take(&sodium_made, t);
        t = seconds();
        require(check(&b, false), "the ballot does not hold");
        take(&checked, t);
        t = seconds();
        sodium_checks(&b, K, PROOFS, 2 * OPTIONS);
        take(&sodium_checked, t);
        t = seconds();
        require(check(&b, true), "the proof does not hold");
        take(&single, t);
        t = seconds();
        sodium_checks(&b, K, 1, 2);
        take(&sodium_single, t);
    }
    print_pair("ristretto255", "encrypt and prove", &made, &sodium_made);
    print_pair("ristretto255", "check a ballot", &checked, &sodium_checked);
    print_pair("ristretto255", "check one range proof", &single, &sodium_single);
    urna_fixed_free(b.K);
}

static void bench_modp(const char *group, int rounds)
{
    static struct ballot b;
    struct modp_reference m;
    struct timing made = {"", 0}, checked = {"", 0}, single = {"", 0},
                  openssl_made = {"OpenSSL consttime, 70 powers", 0},
                  gmp_checked = {"GMP powm, 118 powers", 0},
                  gmp_single = {"GMP powm, 10 powers", 0};
    ballot_init(&b, group);
    make(&b);
    modp_reference_init(&m, &b);
    for (int i = 0; i < rounds; i++) {
        double t = seconds();
        make(&b);
        take(&made, t);
        t = seconds();
        openssl_powers(&m, SECRET_POWERS);
        take(&openssl_made, t);
        t = seconds();
        require(check(&b, false), "the ballot does not hold");
        take(&checked, t);
        t = seconds();
        gmp_powers(&m, PROOFS * 8 + 2 * OPTIONS); /* with one power for each membership */
        take(&gmp_checked, t);
        t = seconds();
        require(check(&b, true), "the proof does not hold");
        take(&single, t);
        t = seconds();
        gmp_powers(&m, 10);
        take(&gmp_single, t);
    }
    print_pair(group, "encrypt and prove", &made, &openssl_made);
    print_pair(group, "check a ballot", &checked, &gmp_checked);
    print_pair(group, "check one range proof", &single, &gmp_single);
    modp_reference_free(&m);
    urna_fixed_free(b.K);
}

int main(int argc, char **argv)
{
    struct urna_error err = URNA_ERROR_INIT;
    uint64_t rounds = 20;
    if (argc > 2 || (argc == 2 && !urna_parse_u64(&rounds, argv[1], strlen(argv[1]), 100000)) ||
        rounds == 0) {
        fprintf(stderr, "usage: bench_proofs [ROUNDS]\n");
        return 2;
    }
    if (urna_secret_init(&err) != URNA_OK) {
        fprintf(stderr, "bench_proofs: %s\n", err.msg);
        return 3;
    }
    printf("%d options, one proof each and one for the limit; smallest of %llu rounds\n", OPTIONS,
           (unsigned long long)rounds);
    bench_ristretto((int)rounds);
    bench_modp("eg4096", (int)rounds);
    return 0;
}
