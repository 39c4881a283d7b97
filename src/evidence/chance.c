#include "evidence/chance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "hash/sha256.h"

void urna_rng_init(struct urna_rng *r, const char *seed, const char *purpose)
{
    struct urna_sha256 s;
    urna_sha256_init(&s);
    urna_sha256_add(&s, "urna simulation\n", 16);
    urna_sha256_add(&s, seed, strlen(seed));
    urna_sha256_add(&s, "\n", 1);
    urna_sha256_add(&s, purpose, strlen(purpose));
    uint8_t h[URNA_HASH_LEN];
    urna_sha256_end(&s, h);
    *r = (struct urna_rng){0};
    for (int i = 0; i < 4; i++)
        r->s[i] = urna_get_be64(h + 8 * i);
    r->s[0] |= r->s[0] == 0; /* all zero is the one forbidden state */
}

uint64_t urna_rng_below(struct urna_rng *r, uint64_t n)
{
    uint64_t limit = UINT64_MAX - (UINT64_MAX % n + 1) % n, x; /* a multiple of n, less 1 */
    do
        x = urna_rng_next(r);
    while (x > limit);
    return x % n;
}

/* Marsaglia's polar method */
double urna_rng_normal(struct urna_rng *r)
{
    if (r->has_spare) {
        r->has_spare = false;
        return r->spare;
    }
    double x, y, s;
    do {
        x = 2 * urna_rng_unit(r) - 1;
        y = 2 * urna_rng_unit(r) - 1;
        s = x * x + y * y;
    } while (s >= 1 || s == 0);
    double f = sqrt(-2 * log(s) / s);
    r->spare = y * f;
    r->has_spare = true;
    return x * f;
}

/* Inversion from the mode outwards: exact up to rounding, about one step for each unit of the
 * standard deviation. */
uint64_t urna_rng_binomial(struct urna_rng *r, uint64_t n, double p)
{
    if (n == 0 || p <= 0)
        return 0;
    if (p >= 1)
        return n;
    double dn = (double)n, odds = p / (1 - p);
    double mode = floor((dn + 1) * p);
    double at_mode = exp(lgamma(dn + 1) - lgamma(mode + 1) - lgamma(dn - mode + 1) + mode * log(p) +
                         (dn - mode) * log1p(-p));
    double u = urna_rng_unit(r) - at_mode;
    double low = mode, high = mode, at_low = at_mode, at_high = at_mode;
    if (u < 0)
        return (uint64_t)mode;
    while (low > 0 || high < dn) {
        if (high < dn) {
            at_high *= odds * (dn - high) / (high + 1);
            high++;
            if ((u -= at_high) < 0)
                return (uint64_t)high;
        }
        if (low > 0) {
            at_low *= low / (odds * (dn - low + 1));
            low--;
            if ((u -= at_low) < 0)
                return (uint64_t)low;
        }
        if (at_high < 1e-18 && at_low < 1e-18) /* what is left is rounding */
            break;
    }
    return (uint64_t)mode;
}

void urna_logfact_init(struct urna_logfact *t, uint64_t n)
{
    t->n = n;
    t->v = urna_xcalloc((size_t)n + 1, sizeof *t->v);
    long double sum = 0;
    for (uint64_t k = 2; k <= n; k++) {
        sum += logl((long double)k);
        t->v[k] = (double)sum;
    }
}

void urna_logfact_free(struct urna_logfact *t)
{
    free(t->v);
    *t = (struct urna_logfact){0};
}

double urna_normal_upper(double z)
{
    return 0.5 * erfc(z * M_SQRT1_2);
}

/* Bisection on the exact tail: slow (100 steps) and short; called a few times a report. */
double urna_normal_quantile(double p)
{
    double low = -40, high = 40;
    for (int i = 0; i < 200 && high - low > 1e-14; i++) {
        double mid = (low + high) / 2;
        /* P(Z <= mid) = P(Z >= -mid) */
        if (urna_normal_upper(-mid) < p)
            low = mid;
        else
            high = mid;
    }
    return (low + high) / 2;
}

/* Continued fraction of the incomplete beta function (Lentz). */
static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < 1e-300 ? 1e-300 : d);
    double f = d;
    for (int m = 1; m < 500; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double step = 1;
        for (int half = 0; half < 2; half++) {
            double k = half == 0 ? even : odd;
            d = 1 + k * d;
            d = 1 / (fabs(d) < 1e-300 ? 1e-300 : d);
            c = 1 + k / c;
            c = fabs(c) < 1e-300 ? 1e-300 : c;
            step *= c * d;
        }
        f *= step;
        if (fabs(step - 1) < 1e-15)
            break;
    }
    return f;
}

static double beta_lower(double a, double b, double x)
{
    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

static double t_below(double t, double df)
{
    double tail = 0.5 * beta_lower(df / 2, 0.5, df / (df + t * t));
    return t > 0 ? 1 - tail : tail;
}

double urna_t_quantile(double p, double df)
{
    double low = -1e6, high = 1e6;
    for (int i = 0; i < 200 && high - low > 1e-12 * (1 + fabs(low)); i++) {
        double mid = (low + high) / 2;
        if (t_below(mid, df) < p)
            low = mid;
        else
            high = mid;
    }
    return (low + high) / 2;
}

double urna_t_two_sided(double t, double df)
{
    return beta_lower(df / 2, 0.5, df / (df + t * t));
}

/* Upper incomplete gamma, regularised: series below the mean, continued fraction above. */
double urna_chi2_upper(double x, double df)
{
    if (!(x > 0))
        return 1;
    double a = df / 2, y = x / 2;
    double front = exp(-y + a * log(y) - lgamma(a));
    if (y < a + 1) {
        double term = 1 / a, sum = term;
        for (double k = a + 1; term > sum * 1e-16; k++)
            sum += term *= y / k;
        return 1 - front * sum;
    }
    double b = y + 1 - a, c = 1e300, d = 1 / b, f = d;
    for (int i = 1; i < 10000; i++) {
        double k = -i * (i - a);
        b += 2;
        d = 1 / (k * d + b);
        c = b + k / c;
        f *= c * d;
        if (fabs(c * d - 1) < 1e-15)
            break;
    }
    return front * f;
}

/* ---- many tests at once ---- */

struct ranked {
    double p;
    size_t i;
};

static int by_p(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return (x->i > y->i) - (x->i < y->i);
}

static struct ranked *rank_all(const double *p, size_t n)
{
    struct ranked *r = urna_xcalloc(n + 1, sizeof *r);
    for (size_t i = 0; i < n; i++)
        r[i] = (struct ranked){p[i], i};
    qsort(r, n, sizeof *r, by_p);
    return r;
}

void urna_benjamini_hochberg(double *q, const double *p, size_t n)
{
    struct ranked *r = rank_all(p, n);
    double least = 1;
    for (size_t k = n; k-- > 0;) {
        double x = r[k].p * (double)n / (double)(k + 1);
        least = x < least ? x : least;
        q[r[k].i] = least;
    }
    free(r);
}

void urna_holm(double *adjusted, const double *p, size_t n)
{
    struct ranked *r = rank_all(p, n);
    double most = 0;
    for (size_t k = 0; k < n; k++) {
        double x = r[k].p * (double)(n - k);
        most = x > most ? x : most;
        adjusted[r[k].i] = most < 1 ? most : 1;
    }
    free(r);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double urna_quantile(double *x, size_t n, double q)
{
    if (n == 0)
        return NAN;
    qsort(x, n, sizeof *x, by_value);
    double at = q * (double)(n - 1);
    size_t low = (size_t)at;
    return low + 1 < n ? x[low] + (at - (double)low) * (x[low + 1] - x[low]) : x[n - 1];
}
