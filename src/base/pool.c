/* Pool: threads live for one call; the work is always much longer than starting them. */
#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"

#define MAX_THREADS 256u

unsigned urna_cores(void)
{
    const char *s = getenv("URNA_THREADS");
    uint64_t asked;
    if (s && urna_parse_u64(&asked, s, strlen(s), MAX_THREADS) && asked > 0)
        return (unsigned)asked;
    cpu_set_t set;
    long n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set)
                                                         : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > (long)MAX_THREADS ? MAX_THREADS : (unsigned)n;
}

struct job {
    atomic_size_t next;
    size_t n;
    void (*fn)(void *ctx, size_t i, unsigned worker);
    void *ctx;
};

struct worker {
    struct job *job;
    unsigned number;
    pthread_t thread;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    struct job *job = w->job;
    for (;;) {
        size_t i = atomic_fetch_add_explicit(&job->next, 1, memory_order_relaxed);
        if (i >= job->n)
            return NULL;
        job->fn(job->ctx, i, w->number);
    }
}

/* The caller is worker 0. If the system refuses a thread, those that are there do the work. */
void urna_parallel(unsigned threads, size_t n, void (*fn)(void *ctx, size_t i, unsigned worker),
                   void *ctx)
{
    if (threads == 0)
        threads = urna_cores();
    if (threads > MAX_THREADS)
        threads = MAX_THREADS;
    if (threads > n)
        threads = n > 0 ? (unsigned)n : 1;

    struct job job = {.n = n, .fn = fn, .ctx = ctx};
    atomic_init(&job.next, 0);
    struct worker workers[MAX_THREADS];
    unsigned started = 1;
    workers[0] = (struct worker){.job = &job};
    while (started < threads) {
        workers[started] = (struct worker){.job = &job, .number = started};
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0)
            break;
        started++;
    }
    work(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
}
