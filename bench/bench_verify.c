/* How verification scales: make a record with many ballots, then let the program verify it with one thread and with two, and measure time and
 * memory of that process.
 *
 *   bench_verify URNA GROUP BALLOTS OPTIONS [FOLDER]
 *
 * The record is made in FOLDER and stays there, to be measured again by the next run; without one it goes when all is done. TEST keys, drawn in every run. Prints: bytes a ballot in the log, seconds with 1 and 2 threads, their ratio, peak memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fcntl.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/pool.h"
#include "base/secret.h"
#include "model/roll.h"
#include "protocol/ceremony.h"
#include "protocol/encrypt.h"
#include "protocol/role.h"
#include "verify/append.h"

struct bench {
    struct urna_role_key log, commission, guardian, registrar;
    struct urna_append *a;
    struct urna_arena arena;
    uint8_t phi[32];
    struct urna_voter *voter;
    uint32_t n, options;
    struct urna_buf *file;
    uint64_t bytes; /* of all ballots' entries */
    const struct urna_context *P;
};

static void must(enum urna_status st, const struct urna_error *err)
{
    if (st == URNA_OK)
        return;
    fprintf(stderr, "bench_verify: %s\n", err->msg);
    exit(3);
}

static void say(struct bench *b, enum urna_kind kind, struct urna_view body, const struct urna_role_key *r)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf file = {0};
    must(urna_entry_make(&file, kind, body, r, b->phi, &err), &err);
    must(urna_append_entry(b->a, urna_buf_view(&file), NULL, &err), &err);
    urna_buf_free(&file);
}

static void say_body(struct bench *b, const struct urna_body *x, const struct urna_role_key *r)
{
    struct urna_buf body = {0};
    const struct urna_context *P = urna_judge_context(urna_append_judge(b->a));
    urna_body_write(&body, x, P ? P->lp : 0, P ? P->lq : 0);
    say(b, x->kind, urna_buf_view(&body), r);
    urna_buf_free(&body);
}

static struct urna_titles title(struct bench *b, const char *text)
{
    struct urna_titles t = {URNA_NEW(&b->arena, struct urna_title, 1), 1};
    t.v[0] = (struct urna_title){"en", text};
    return t;
}

static struct urna_role *role(struct bench *b, const struct urna_role_key *k)
{
    struct urna_role *r = URNA_NEW(&b->arena, struct urna_role, 1);
    r->id = k->name;
    r->bloc = "x";
    memcpy(r->key, k->public, 32);
    return r;
}

static void begin(struct bench *b, const char *group, const char *folder)
{
    struct urna_error err = URNA_ERROR_INIT;
    must(urna_role_new(&b->log, "bench.example/log", &err), &err);
    must(urna_role_new(&b->commission, "c1", &err), &err);
    must(urna_role_new(&b->guardian, "g1", &err), &err);
    must(urna_role_new(&b->registrar, "r1", &err), &err);
    struct urna_body x = {.kind = URNA_MANIFEST};
    struct urna_manifest *m = &x.manifest;
    *m = (struct urna_manifest){.test = 1, .title = title(b, "TEST bench"), .zone = "UTC", .group = group, .n = 1, .k = 1, .origin = "bench.example/log",
                                .commission = role(b, &b->commission), .n_commission = 1, .guardians = role(b, &b->guardian), .n_guardians = 1,
                                .registrars = role(b, &b->registrar), .n_registrars = 1, .credentials = URNA_VOTER_MADE, .m_min = 20, .m_root = 5,
                                .m_roll = 20, .t_open = 1000, .t_close = 2000, .delta = 600, .t_seal = 3000, .ballot_max = 20, .challenge_max = 1000,
                                .block = 100};
    urna_random(m->election, 16);
    memcpy(m->log_key, b->log.public, 32);
    struct urna_device device = {"web", title(b, "Web")};
    struct urna_contest contest = {.id = "q", .title = title(b, "Question"), .limit = 1, .option_limit = 1, .n_options = b->options};
    contest.options = URNA_NEW(&b->arena, struct urna_contest_option, b->options);
    for (uint32_t i = 0; i < b->options; i++) {
        char id[16];
        snprintf(id, sizeof id, "o%u", i + 1);
        contest.options[i] = (struct urna_contest_option){urna_arena_strndup(&b->arena, id, strlen(id)), title(b, "Option")};
    }
    uint32_t one = 1;
    struct urna_style style = {"all", &one, 1};
    struct urna_cell cell = {"all", 0, title(b, "All")};
    m->devices = &device;
    m->contests = &contest;
    m->styles = &style;
    m->cells = &cell;
    m->n_devices = m->n_contests = m->n_styles = m->n_cells = 1;
    struct urna_buf body = {0};
    struct urna_ruling r;
    urna_body_write(&body, &x, 0, 0);
    struct urna_context *P = urna_context_from_manifest(urna_buf_view(&body), &r);
    if (!P) {
        fprintf(stderr, "bench_verify: manifest: %s\n", r.reason);
        exit(3);
    }
    memcpy(b->phi, P->phi, 32);
    urna_context_free(P);
    must(urna_append_open(&b->a, folder, b->log.name, b->log.public, 0, &err), &err);
    say(b, URNA_MANIFEST, urna_buf_view(&body), &b->commission);
    urna_buf_free(&body);
}

static int by_key(const void *a, const void *b)
{
    return memcmp(((const struct urna_voter *)a)->pk[0], ((const struct urna_voter *)b)->pk[0], 32);
}

static void make_voter(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    struct bench *b = ctx;
    urna_voter_new(&b->voter[i], b->phi, 1);
}

static void ceremony_and_roll(struct bench *b, const char *folder)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_judge *J = urna_append_judge(b->a);
    struct urna_guardian *g;
    char path[400];
    snprintf(path, sizeof path, "%s/guardian", folder);
    must(urna_guardian_create(&g, path, urna_view("bench", 5), &urna_seal_cost_least, &urna_judge_context(J)->m, b->phi, "g1", &err), &err);
    for (;;) {
        struct urna_ceremony_view v;
        enum urna_kind kind;
        struct urna_buf body = {0};
        urna_judge_ceremony(J, &v);
        struct urna_ceremony c = {v.attempt, v.commit, v.keys, v.shares, v.confirm};
        must(urna_ceremony_next(g, &c, &kind, &body, NULL, &err), &err);
        if (kind != URNA_KIND_UNKNOWN)
            say(b, kind, urna_buf_view(&body), &b->guardian);
        urna_buf_free(&body);
        if (kind == URNA_KIND_UNKNOWN)
            break;
    }
    urna_guardian_close(g);
    remove(path);
    snprintf(path, sizeof path, "%s/guardian.lock", folder);
    remove(path);
    b->voter = urna_xcalloc(b->n, sizeof *b->voter);
    urna_parallel(0, b->n, make_voter, b);
    qsort(b->voter, b->n, sizeof *b->voter, by_key);
    struct urna_body x = {.kind = URNA_ROLL};
    struct urna_merkle tree = {0};
    struct urna_buf leaf = {0};
    uint8_t h[32], e[1][32];
    x.roll.rows = urna_xcalloc(b->n, sizeof *x.roll.rows);
    for (x.roll.n_rows = 0; x.roll.n_rows < b->n; x.roll.n_rows++) {
        struct urna_roll_row *row = &x.roll.rows[x.roll.n_rows];
        *row = (struct urna_roll_row){.keys = b->voter[x.roll.n_rows].pk, .n_keys = 1, .style = "all", .weight = 1, .leaf = "all"};
        urna_buf_reset(&leaf);
        urna_roll_leaf(&leaf, row, 1, 1);
        urna_merkle_leaf(h, leaf.p, leaf.len);
        urna_merkle_add(&tree, h);
    }
    struct urna_buf body = {0};
    urna_body_write(&body, &x, 32, 32);
    urna_sha256(e[0], body.p, body.len);
    say(b, URNA_ROLL, urna_buf_view(&body), &b->registrar);
    struct urna_cell_count cell = {"all", b->n};
    struct urna_body close = {.kind = URNA_ROLL_CLOSE, .roll_close = {.rolls = e, .n_rolls = 1, .count = b->n, .cells = &cell, .n_cells = 1}};
    urna_merkle_root(&tree, close.roll_close.root);
    say_body(b, &close, &b->commission);
    struct urna_ceremony_view v;
    uint8_t k[URNA_LP_MAX], kh[URNA_LP_MAX];
    urna_judge_ceremony(J, &v);
    urna_element_encode(urna_judge_context(J)->G, k, v.K);
    urna_element_encode(urna_judge_context(J)->G, kh, v.Kh);
    struct urna_body open = {.kind = URNA_OPEN, .open = {.attempt = 1, .count = b->n, .k = k, .kh = kh}};
    memcpy(open.open.root, close.roll_close.root, 32);
    memcpy(open.open.hg, v.h_g, 32);
    memcpy(open.open.he, v.h_e, 32);
    say_body(b, &open, &b->commission);
    free(x.roll.rows);
    urna_buf_free(&body);
    urna_buf_free(&leaf);
}

static void vote_one(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    struct bench *b = ctx;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_arena a = {0};
    struct urna_booth booth = {.G = b->P->G, .g = b->P->g, .K = b->P->fixed_K, .m = &b->P->m};
    memcpy(booth.phi, b->P->phi, 32);
    memcpy(booth.h_e, b->P->h_e, 32);
    uint32_t *value = URNA_NEW(&a, uint32_t, b->options);
    const uint32_t *const values[] = {value};
    value[urna_random_below(b->options)] = 1;
    struct urna_choice c = {.style = "all", .device = "web", .keys = b->voter[i].pk[0], .n_keys = 1, .serial = 1, .values = values};
    struct urna_ballot ballot;
    struct urna_openings *o = NULL;
    must(urna_ballot_encrypt(&ballot, &o, &booth, &c, &a, &err), &err);
    must(urna_encrypted_cast(&b->file[i], o, &booth, &ballot, &b->voter[i], &err), &err);
    urna_openings_free(o);
    urna_arena_free(&a);
}

static void vote(struct bench *b)
{
    enum { BATCH = 4096 };
    struct urna_error err = URNA_ERROR_INIT;
    b->P = urna_judge_context(urna_append_judge(b->a));
    struct urna_voter *all = b->voter;
    b->file = urna_xcalloc(BATCH, sizeof *b->file);
    struct urna_view *view = urna_xcalloc(BATCH, sizeof *view);
    bool *taken = urna_xcalloc(BATCH, sizeof *taken);
    for (uint32_t from = 0; from < b->n; from += BATCH) {
        size_t n = b->n - from < BATCH ? b->n - from : BATCH;
        b->voter = all + from;
        urna_parallel(0, n, vote_one, b);
        for (size_t i = 0; i < n; i++) {
            view[i] = urna_buf_view(&b->file[i]);
            b->bytes += view[i].len + 2; /* and its length in the bundle */
        }
        must(urna_append_many(b->a, view, n, taken, &err), &err);
        must(urna_append_commit(b->a, b->log.seed, &err), &err);
        for (size_t i = 0; i < n; i++)
            urna_buf_free(&b->file[i]);
        fprintf(stderr, "\r%u of %u ballots made", (unsigned)(from + n), b->n);
    }
    fputs("\r                              \r", stderr);
    b->voter = all;
    free(taken);
    free(view);
    free(b->file);
    struct urna_body close = {.kind = URNA_CLOSE, .close = {2000}};
    say_body(b, &close, &b->commission);
    must(urna_append_commit(b->a, b->log.seed, &err), &err);
}

/* Wall seconds and peak memory (KiB) of `urna verify` with so many threads. */
static double run_verify(const char *urna, const char *folder, const char *threads, long *kib)
{
    int64_t start = urna_mono_ms();
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 1);
        dup2(null, 2);
        execl(urna, urna, "verify", folder, "--as-found", "--threads", threads, (char *)NULL);
        _exit(3);
    }
    struct rusage u;
    int status;
    if (pid < 0 || wait4(pid, &status, 0, &u) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 1) {
        fprintf(stderr, "bench_verify: verify did not answer \"consistent\"\n"); /* no result in this record: exit 1 */
        exit(1);
    }
    *kib = u.ru_maxrss;
    return (double)(urna_mono_ms() - start) / 1000;
}

/* Made in a child, so that the process that measures stays small: Linux counts the parent's memory before exec to the child. */
struct made {
    double seconds;
    uint64_t bytes; /* a ballot */
};

static void make_record(struct made *m, const char *folder, const char *record, const char *group, uint32_t n, uint32_t options)
{
    struct urna_error err = URNA_ERROR_INIT;
    must(urna_secret_init(&err), &err);
    struct bench b = {.n = n, .options = options};
    int64_t start = urna_mono_ms();
    begin(&b, group, record);
    ceremony_and_roll(&b, folder);
    must(urna_append_commit(b.a, b.log.seed, &err), &err);
    vote(&b);
    m->seconds = (double)(urna_mono_ms() - start) / 1000;
    m->bytes = b.bytes / b.n;
    urna_append_free(b.a);
}

static bool make_in_child(struct made *m, const char *folder, const char *record, const char *group, uint32_t n, uint32_t options)
{
    int pipe_fd[2], status;
    if (pipe(pipe_fd) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        make_record(m, folder, record, group, n, options);
        _exit(write(pipe_fd[1], m, sizeof *m) == sizeof *m ? 0 : 3);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 && read(pipe_fd[0], m, sizeof *m) == sizeof *m;
}

int main(int argc, char **argv)
{
    if (argc != 5 && argc != 6) {
        fprintf(stderr, "usage: bench_verify URNA GROUP BALLOTS OPTIONS [FOLDER]\n");
        return 2;
    }
    char temporary[] = "/tmp/urna-bench-XXXXXX";
    const char *folder = argc == 6 ? argv[5] : mkdtemp(temporary);
    if (!folder)
        return 3;
    uint32_t n = (uint32_t)strtoul(argv[3], NULL, 10), options = (uint32_t)strtoul(argv[4], NULL, 10);
    char *record = urna_path(folder, "record");
    struct made m = {0};
    if (!urna_file_exists(record) && !make_in_child(&m, folder, record, argv[2], n, options)) {
        fprintf(stderr, "bench_verify: no record was made\n");
        return 3;
    }
    long kib[2];
    double s[2] = {0};
    for (int round = 0; round < (n > 50000 ? 1 : 3); round++)
        for (int t = 0; t < 2; t++) {
            double x = run_verify(argv[1], record, t ? "2" : "1", &kib[t]);
            s[t] = round == 0 || x < s[t] ? x : s[t];
        }
    printf("%s, %u ballots of %u options: ", argv[2], n, options);
    if (m.bytes > 0)
        printf("made in %.1f s (encrypted, judged, appended, all cores); %llu bytes a ballot in the log; ", m.seconds, (unsigned long long)m.bytes);
    printf("verified in %.2f s with 1 thread, %.2f s with 2: ratio %.2f; peak memory %ld KiB and %ld KiB\n", s[0], s[1], s[0] / s[1], kib[0], kib[1]);
    struct urna_error err = URNA_ERROR_INIT;
    if (argc == 5)
        must(urna_remove_tree(folder, &err), &err);
    free(record);
    return 0;
}
