/* Chance: the few distributions and the random numbers that tests and simulations need. Simulations
 * are public and must be repeatable anywhere, so the generator is defined here, not by a library:
 * xoshiro256**, its state filled by SHA-256 of a seed text. */
#ifndef URNA_EVIDENCE_CHANCE_H
#define URNA_EVIDENCE_CHANCE_H

#include "base/status.h"

struct urna_rng {
    uint64_t s[4];
    double spare; /* second value of a pair of normals */
    bool has_spare;
};
/* The state is SHA-256("urna simulation" LF seed LF purpose): two purposes never share numbers. */
void urna_rng_init(struct urna_rng *r, const char *seed, const char *purpose);

static inline uint64_t urna_rng_next(struct urna_rng *r)
{
    uint64_t *s = r->s;
    uint64_t x = s[1] * 5;
    uint64_t out = (x << 7 | x >> 57) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = s[3] << 45 | s[3] >> 19;
    return out;
}
/* [0, 1), multiples of 2^-53 */
static inline double urna_rng_unit(struct urna_rng *r)
{
    return (double)(urna_rng_next(r) >> 11) * 0x1p-53;
}
uint64_t urna_rng_below(struct urna_rng *r, uint64_t n); /* exact, by rejection */
double urna_rng_normal(struct urna_rng *r);
uint64_t urna_rng_binomial(struct urna_rng *r, uint64_t n, double p);

/* log k! for k = 0..n */
struct urna_logfact {
    double *v;
    uint64_t n;
};
void urna_logfact_init(struct urna_logfact *t, uint64_t n);
void urna_logfact_free(struct urna_logfact *t);

double urna_normal_upper(double z);    /* P(Z >= z) */
double urna_normal_quantile(double p); /* inverse of P(Z <= z) */
double urna_t_quantile(double p, double df);
double urna_t_two_sided(double t, double df); /* P(|T| >= |t|) */
double urna_chi2_upper(double x, double df);  /* P(X >= x) */

/* Benjamini-Hochberg: q[i] is the smallest false discovery rate at which p[i] is reported. */
void urna_benjamini_hochberg(double *q, const double *p, size_t n);
/* Holm: adjusted p, for the family-wise error. */
void urna_holm(double *adjusted, const double *p, size_t n);

/* The q-quantile of x[n] by linear interpolation (sorts x). */
double urna_quantile(double *x, size_t n, double q);

#endif
