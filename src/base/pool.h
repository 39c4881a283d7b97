/* Pool: the same function over 0..n-1 on several threads. */
#ifndef URNA_BASE_POOL_H
#define URNA_BASE_POOL_H

#include "base/status.h"

/* Cores this process may use; URNA_THREADS in the environment wins. */
unsigned urna_cores(void);

/* Call fn(ctx, i, worker) once for every i in 0..n-1, worker in 0..threads-1, in any order; returns
 * when all are done. threads = 0 means urna_cores(). Work is handed out one index at a time. */
void urna_parallel(unsigned threads, size_t n, void (*fn)(void *ctx, size_t i, unsigned worker),
                   void *ctx);

#endif
