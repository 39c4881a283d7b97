/* Reading tables, by CPU time, best of 5: bare read of the file, rows split, rows as numbers, and
 * these kept in memory.
 * usage: bench_tables FILE MAP */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/secret.h"
#include "evidence/protocols.h"

#define ROUNDS 5

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop(const struct urna_error *err)
{
    fprintf(stderr, "bench_tables: %s: %s\n", err->where, err->msg);
    exit(2);
}

static void bare_read(const char *path)
{
    static char buf[1 << 18];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && read(fd, buf, sizeof buf) > 0)
        continue;
    close(fd);
}

static uint64_t split(const char *path, const struct urna_colmap *m)
{
    struct urna_table *t;
    struct urna_error err = URNA_ERROR_INIT;
    uint64_t cells = 0;
    if (urna_table_open(&t, path, &m->table, &err) != URNA_OK)
        stop(&err);
    for (bool end = false; !end;) {
        if (urna_table_next(t, &end, &err) != URNA_OK)
            stop(&err);
        cells += urna_table_n_cells(t);
    }
    urna_table_close(t);
    return cells;
}

static enum urna_status count_row(struct urna_scan *s, const struct urna_station *r,
                                  struct urna_error *err)
{
    (void)r;
    (void)err;
    ++*(uint64_t *)s->ctx;
    return URNA_OK;
}

static uint64_t numbers(const char *path, const struct urna_colmap *m)
{
    struct urna_table *t;
    struct urna_error err = URNA_ERROR_INIT;
    uint64_t rows = 0;
    struct urna_scan s = {.ctx = &rows, .row = count_row};
    if (urna_table_open(&t, path, &m->table, &err) != URNA_OK ||
        urna_protocols_scan(&s, t, m, &err) != URNA_OK)
        stop(&err);
    urna_table_close(t);
    return rows;
}

static void load(const char *path, const struct urna_colmap *m)
{
    struct urna_table *t;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_protocols p = {0};
    if (urna_table_open(&t, path, &m->table, &err) != URNA_OK ||
        urna_protocols_load_table(&p, t, m, &err) != URNA_OK)
        stop(&err);
    urna_protocols_free(&p);
    urna_table_close(t);
}

int main(int argc, char **argv)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_colmap m;
    double best[4] = {1e9, 1e9, 1e9, 1e9};
    uint64_t rows = 0, cells = 0;
    if (argc != 3 || urna_secret_init(&err) != URNA_OK)
        return 2;
    if (urna_colmap_read(&m, argv[2], &err) != URNA_OK)
        stop(&err);
    for (unsigned i = 0; i < ROUNDS; i++) {
        double t[5];
        t[0] = cpu();
        bare_read(argv[1]);
        t[1] = cpu();
        cells = split(argv[1], &m);
        t[2] = cpu();
        rows = numbers(argv[1], &m);
        t[3] = cpu();
        load(argv[1], &m);
        t[4] = cpu();
        for (unsigned k = 0; k < 4; k++)
            if (t[k + 1] - t[k] < best[k])
                best[k] = t[k + 1] - t[k];
    }
    printf("rows %llu cells %llu read %.4f split %.4f numbers %.4f load %.4f\n",
           (unsigned long long)rows, (unsigned long long)cells, best[0], best[1], best[2], best[3]);
    urna_colmap_free(&m);
    return 0;
}
