/* The upper tail of a sum of independent 0/1 numbers with different chances: how likely is it that
 * so many happen? Bounds and exact sums, no simulation. */
#ifndef URNA_EVIDENCE_TAIL_H
#define URNA_EVIDENCE_TAIL_H

#include <stddef.h>

/* log10 of bounds of P(sum of the n chances >= observed); 0 if observed is not above the mean.
 * bound: Chernoff, rigorous, with what rounding may add; saddle: lattice saddlepoint, an
 * approximation. */
void urna_tail_bound(double *bound, double *saddle, double observed, double mean, const double *p,
                     size_t n);
/* P(sum >= x) by convolution: an upper bound close to 1e-12 of itself. */
double urna_tail_exact(const double *p, size_t n, size_t x);

#endif
