/* bench_integer TABLE [RUNS]: processor time and memory of the exact whole-percent test, as one line of JSON.
 * Reading the table is timed apart. bench/forensics.py runs it beside a numpy loop. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "evidence/integer.h"
#include "evidence/load.h"

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: bench_integer TABLE [RUNS]\n");
        return URNA_INPUT;
    }
    long runs = argc > 2 ? strtol(argv[2], NULL, 10) : 5;
    struct urna_load l = {.path = argv[1]};
    struct urna_stations s;
    struct urna_error err = URNA_ERROR_INIT;
    double start = seconds();
    if (urna_stations_load(&s, &l, &err) != URNA_OK) {
        fprintf(stderr, "%s: %s\n", err.where, err.msg);
        return (int)err.status;
    }
    double read = seconds() - start, best = 1e9, d = 0, sd = 0;
    const struct urna_integer_options o = {.compat = true, .threads = 1};
    for (long i = 0; i < runs; i++) {
        struct urna_integer r;
        start = seconds();
        urna_integer_run(&r, &s, &o);
        double took = seconds() - start;
        best = took < best ? took : best;
        d = r.cell[URNA_EITHER][URNA_BY_STATIONS].d;
        sd = r.cell[URNA_EITHER][URNA_BY_STATIONS].sd;
        urna_integer_free(&r);
    }
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    printf("{\"stations\":%zu,\"read_s\":%.4f,\"test_s\":%.5f,\"d\":%.3f,\"sd\":%.3f,\"maxrss_kib\":%ld}\n", s.n,
           read, best, d, sd, use.ru_maxrss);
    urna_stations_free(&s);
    return 0;
}
