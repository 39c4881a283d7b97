/* Voting: encrypt on all cores, hand in, release in batches, anchors on the way; then the close and the seal. */
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "base/secret.h"
#include "base/term.h"
#include "cli/demo/demo.h"

/* One ballot that will be cast or opened. */
struct act {
    uint32_t voter, list, serial;
    bool open;
    struct urna_buf file;
    uint8_t code[32];
    enum urna_status st;
};

struct voting {
    struct demo *d;
    const struct urna_context *P;
    struct act *act;
    size_t n;
};

static enum urna_status do_act(struct voting *v, struct act *x, struct urna_error *err)
{
    struct urna_arena a = {0};
    const struct urna_booth booth = {.G = v->P->G, .g = v->P->g, .K = v->P->fixed_K, .m = &v->P->m};
    struct urna_booth b = booth;
    memcpy(b.phi, v->P->phi, 32);
    memcpy(b.h_e, v->P->h_e, 32);
    uint32_t values[DEMO_LISTS] = {0};
    const uint32_t *const contests[] = {values};
    values[x->list] = 1;
    const struct urna_voter *voter = &v->d->voter[x->voter];
    struct urna_choice choice = {.style = "all", .device = "web", .keys = voter->pk[0], .n_keys = 1, .serial = x->serial, .values = contests};
    struct urna_ballot ballot;
    struct urna_openings *o = NULL;
    enum urna_status st = urna_ballot_encrypt(&ballot, &o, &b, &choice, &a, err);
    if (st == URNA_OK) {
        memcpy(x->code, ballot.code, 32);
        if (x->open) {
            struct urna_body body = {.kind = URNA_CHALLENGE};
            st = urna_encrypted_open(&body.challenge, o, &b, &ballot, &a, err);
            struct urna_buf bytes = {0};
            if (st == URNA_OK) {
                urna_body_write(&bytes, &body, v->P->lp, v->P->lq);
                urna_entry_file_write(&x->file, URNA_CHALLENGE, NULL, 0, urna_buf_view(&bytes));
            }
            urna_buf_free(&bytes);
        } else {
            st = urna_encrypted_cast(&x->file, o, &b, &ballot, voter, err);
        }
    }
    urna_openings_free(o);
    urna_wipe(values, sizeof values);
    urna_arena_free(&a);
    return st;
}

static void act_one(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    struct voting *v = ctx;
    struct urna_error err = URNA_ERROR_INIT;
    v->act[i].st = do_act(v, &v->act[i], &err);
}

/* A release: sorted by code, so that the log tells no order of voting. */
static int by_code(const void *a, const void *b)
{
    return memcmp(((const struct act *)a)->code, ((const struct act *)b)->code, 32);
}

static enum urna_status release(struct voting *v, size_t from, size_t n)
{
    struct demo *d = v->d;
    qsort(v->act + from, n, sizeof *v->act, by_code);
    struct urna_view *file = urna_xcalloc(n + 1, sizeof *file);
    bool *taken = urna_xcalloc(n + 1, sizeof *taken);
    for (size_t i = 0; i < n; i++)
        file[i] = urna_buf_view(&v->act[from + i].file);
    enum urna_status st = urna_append_many(d->log_file, file, n, taken, &d->err);
    for (size_t i = 0; st == URNA_OK && i < n; i++)
        if (!taken[i])
            st = urna_fail(&d->err, URNA_FALSE, "the board refused a ballot of the demo");
    free(taken);
    free(file);
    return st;
}

static void shuffle(uint32_t *x, uint32_t n)
{
    for (uint32_t i = n; i > 1; i--) {
        uint32_t j = urna_random_below(i), t = x[i - 1];
        x[i - 1] = x[j];
        x[j] = t;
    }
}

/* Who does what: 6,723 voters whose last ballots are the published votes; some of them voted before; some ballots come too late;
 * some encryptions are opened. */
static size_t plan(struct voting *v, uint32_t total, size_t *late_from)
{
    uint32_t *voter = urna_xcalloc(DEMO_VOTERS, sizeof *voter);
    for (uint32_t i = 0; i < DEMO_VOTERS; i++)
        voter[i] = i;
    shuffle(voter, DEMO_VOTERS);
    size_t n = 0;
    uint32_t at = 0;
    for (uint32_t l = 0; l < DEMO_LISTS; l++)
        for (uint32_t x = 0; x < demo_council[l].votes; x++) {
            uint32_t who = voter[at++];
            bool again = at <= DEMO_REVOTES;
            if (again)
                v->act[n++] = (struct act){.voter = who, .list = urna_random_below(DEMO_LISTS), .serial = 1};
            v->act[n++] = (struct act){.voter = who, .list = l, .serial = again ? 2 : 1};
        }
    for (uint32_t i = 0; i < DEMO_OPENED; i++)
        v->act[n++] = (struct act){.voter = voter[urna_random_below(total)], .list = urna_random_below(DEMO_LISTS), .serial = 1, .open = true};
    /* Any order of arrival gives the same count: that is what serials are for. */
    for (size_t i = n; i > 1; i--) {
        size_t j = urna_random_below((uint32_t)i);
        struct act t = v->act[i - 1];
        v->act[i - 1] = v->act[j];
        v->act[j] = t;
    }
    *late_from = n;
    for (uint32_t i = 0; i < DEMO_LATE; i++)
        v->act[n++] = (struct act){.voter = voter[at++], .list = urna_random_below(DEMO_LISTS), .serial = 1};
    free(voter);
    return n;
}

static const bool everybody[DEMO_WITNESSES] = {true, true, true, true, true, true};

enum urna_status demo_vote(struct demo *d)
{
    enum { BATCH = 400 };
    uint32_t total = 0;
    for (uint32_t l = 0; l < DEMO_LISTS; l++)
        total += demo_council[l].votes;
    struct voting v = {.d = d, .P = urna_judge_context(urna_append_judge(d->log_file))};
    v.act = urna_xcalloc(total + DEMO_REVOTES + DEMO_OPENED + DEMO_LATE, sizeof *v.act);
    size_t late_from;
    v.n = plan(&v, total, &late_from);
    struct urna_progress p;
    urna_progress_start(&p, "ballots", v.n);
    enum urna_status st = URNA_OK;
    uint64_t batches = late_from / BATCH + 1, step = (d->t_close - d->t_open) / (batches + 1);
    for (size_t from = 0; st == URNA_OK && from < late_from; from += BATCH) {
        size_t n = late_from - from < BATCH ? late_from - from : BATCH;
        struct voting part = {.d = d, .P = v.P, .act = v.act + from, .n = n};
        urna_parallel(0, n, act_one, &part);
        for (size_t i = 0; st == URNA_OK && i < n; i++)
            st = v.act[from + i].st;
        if (st == URNA_OK)
            st = release(&v, from, n);
        d->now += step;
        if (st == URNA_OK)
            st = demo_cosign(d, everybody, false, d->now, true);
        urna_progress_at(&p, from + n);
    }
    /* Voting ends; within delta the witnesses have seen all of it. */
    d->now = d->t_close + 600;
    if (st == URNA_OK)
        st = demo_cosign(d, everybody, false, d->now, true);
    d->in_time_size = urna_tree_size(urna_append_tree(d->log_file)) - 1;
    struct voting late = {.d = d, .P = v.P, .act = v.act + late_from, .n = v.n - late_from};
    urna_parallel(0, late.n, act_one, &late);
    if (st == URNA_OK)
        st = release(&v, late_from, late.n);
    urna_progress_end(&p);
    d->ballots = v.n - DEMO_OPENED;
    for (size_t i = 0; i < v.n; i++)
        urna_buf_free(&v.act[i].file);
    free(v.act);
    return st;
}

enum urna_status demo_seal(struct demo *d)
{
    d->now = d->t_seal + 240;
    enum urna_status st = demo_cosign(d, everybody, false, d->now, true);
    uint64_t seal, cut;
    if (st == URNA_OK && !urna_judge_seal(urna_append_judge(d->log_file), &seal, &cut))
        st = urna_fail(&d->err, URNA_FALSE, "the election is not sealed");
    return st;
}
