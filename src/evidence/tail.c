#include "evidence/tail.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "evidence/chance.h"

/* K(t) = sum log(1 + P (e^t - 1)) and its derivatives. */
static void cumulant(const double *p, size_t n, double t, double *k1, double *k2)
{
    double e = exp(t);
    *k1 = *k2 = 0;
    for (size_t i = 0; i < n; i++) {
        double a = p[i] * e / (1 + p[i] * (e - 1));
        *k1 += a;
        *k2 += a * (1 - a);
    }
}

/* exp(K(t) - t x) bounds the tail for every t >= 0, so a t that is only nearly the best gives a
 * bound that is only nearly the smallest, and still one. What is added covers rounding: each P is
 * known to 1e-9 of itself, the sums to n 2^-53. */
void urna_tail_bound(double *bound, double *saddle, double observed, double mean, const double *p,
                     size_t n)
{
    double x = observed;
    if (!(x > mean)) {
        *bound = *saddle = 0;
        return;
    }
    double t = 0, k1, k2 = 0;
    for (int i = 0; i < 60; i++) {
        cumulant(p, n, t, &k1, &k2);
        double step = k2 > 0 ? (x - k1) / k2 : 0;
        t += step > 1 ? 1 : step < -1 ? -1 : step;
        t = t < 0 ? 0 : t > 10 ? 10 : t;
        if (fabs(step) < 1e-12)
            break;
    }
    /* log of products of 64: t is small, so they stay far from overflow */
    double K = 0, e = expm1(t < 10 ? t : 10), product = 1;
    for (size_t i = 0; i < n; i++) {
        product *= 1 + p[i] * e;
        if (i % 64 == 63 || i + 1 == n) {
            K += log(product);
            product = 1;
        }
    }
    double slack = 1e-6 + 1e-8 * (fabs(K) + t * x), top = K - t * x + slack;
    *bound = (top < 0 ? top : 0) / M_LN10;
    /* Lattice correction for whole numbers. */
    double point = K - t * x - log(-expm1(-t) * sqrt(2 * M_PI * k2));
    *saddle = (point < 0 && t > 0 ? point : 0) / M_LN10;
}

/* By convolution: cell[j] = P(sum = j) for j < x, and what ever reaches x stays there. Cells at the
 * lower end that are tiny beside the tail to be expected are dropped; what they could have added is
 * added to the answer, so that it stays an upper bound, close to 1e-12 of itself. */
double urna_tail_exact(const double *p, size_t n, size_t x)
{
    if (x == 0)
        return 1;
    double *now = urna_xcalloc(x + 1, sizeof *now), *next = urna_xcalloc(x + 1, sizeof *next);
    double reached = 0, dropped = 0, mean = 0, var = 0;
    for (size_t i = 0; i < n; i++) {
        mean += p[i];
        var += p[i] * (1 - p[i]);
    }
    double z = var > 0 ? ((double)x - mean) / sqrt(var) : 0;
    double least = 1e-20 * (z < 20 ? urna_normal_upper(z) : 1e-90);
    size_t low = 0, high = 0; /* cells that can be positive */
    now[0] = 1;
    for (size_t i = 0; i < n; i++) {
        double a = p[i], b = 1 - a;
        if (high + 1 == x)
            reached += now[high] * a;
        size_t top = high + 1 < x ? high + 1 : x - 1;
        next[low] = now[low] * b;
        for (size_t j = low + 1; j <= top; j++)
            next[j] = now[j] * b + now[j - 1] * a;
        high = top;
        while (low < high && next[low] < least) {
            dropped += next[low];
            now[low] = next[low] = 0;
            low++;
        }
        double *swap = now;
        now = next;
        next = swap;
        if (high + 1 < x)
            now[high + 1] = next[high + 1] = 0;
    }
    free(now);
    free(next);
    double tail = reached + dropped;
    return tail < 1 ? tail : 1;
}
