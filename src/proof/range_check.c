/* Checking range proofs: a_j = g^v_j alpha^c_j, b_j = K^(v_j - j c_j) beta^c_j, c = sum of the c_j.
 * Powers go to the group in batches; within a batch all powers of one base stand together, which a
 * kernel may use. */
#include "proof/check.h"
#include "proof/range_impl.h"

#include <stdlib.h>

#define BATCH 64 /* powers; two for each branch */

struct batch {
    size_t n;
    const struct urna_fixed *fixed[BATCH];
    urna_scalar e[BATCH], f[BATCH];
    urna_candidate base[BATCH];
    urna_element out[BATCH];
    bool member[BATCH];
};

struct cursor {
    size_t task;
    uint32_t j; /* branches of this task that are done */
};

/* Branches of the task at the cursor that fit into what is left of a batch. */
static uint32_t step_of(const struct range_task *task, const struct cursor *at, size_t used)
{
    uint32_t rest = task[at->task].count - at->j;
    size_t room = (BATCH - used) / 2;
    return rest < room ? rest : (uint32_t)room;
}

static void advance(const struct range_task *task, struct cursor *at, uint32_t step)
{
    at->j += step;
    if (at->j == task[at->task].count) {
        at->task++;
        at->j = 0;
    }
}

static void add_branches(const struct urna_group *G, struct batch *b, const struct urna_fixed *g,
                         const struct urna_fixed *K, const struct range_task *t, uint32_t first,
                         uint32_t step)
{
    for (uint32_t i = 0; i < step; i++) {
        size_t at = b->n + i, bt = b->n + step + i;
        const urna_scalar *c = &t->c[first + i], *v = &t->v[first + i];
        urna_scalar value;
        b->fixed[at] = g;
        b->e[at] = *v;
        b->f[at] = *c;
        b->base[at].x = *t->alpha;
        urna_scalar_from_u64(G, &value, (uint64_t)t->low + first + i);
        urna_scalar_mul(G, &value, &value, c);
        b->fixed[bt] = K;
        urna_scalar_sub(G, &b->e[bt], v, &value);
        b->f[bt] = *c;
        b->base[bt].x = *t->beta;
    }
    b->n += 2 * (size_t)step;
}

static void begin(struct urna_h *h, const struct urna_group *G, const uint8_t h_i[32],
                  const struct range_task *t)
{
    urna_h_begin(h, h_i, t->head.domain);
    for (unsigned i = 0; i < t->head.n; i++)
        urna_h_u32(h, t->head.prefix[i]);
    urna_h_element(h, G, t->alpha);
    urna_h_element(h, G, t->beta);
}

static bool sum_is(const struct urna_group *G, const struct range_task *t, const urna_scalar *c)
{
    urna_scalar sum = t->c[0];
    for (uint32_t j = 1; j < t->count; j++)
        urna_scalar_add(G, &sum, &sum, &t->c[j]);
    return urna_scalar_eq(&sum, c);
}

bool urna_range_tasks_check(const struct urna_group *G, const struct urna_fixed *g,
                            const struct urna_fixed *K, const uint8_t h_i[32],
                            const struct range_task *task, size_t n, bool *ok)
{
    struct batch *b = urna_xmalloc(sizeof *b);
    struct cursor fill = {0, 0}, drain = {0, 0};
    struct urna_h h;
    bool all = true, test = false;
    for (size_t i = 0; i < n; i++)
        test = test || task[i].member != NULL;
    while (drain.task < n) {
        b->n = 0;
        while (fill.task < n && b->n < BATCH) {
            uint32_t step = step_of(task, &fill, b->n);
            add_branches(G, b, g, K, &task[fill.task], fill.j, step);
            advance(task, &fill, step);
        }
        if (test)
            urna_candidate_dual_exp_vartime(G, b->out, b->member, b->fixed, b->e, b->base, b->f,
                                            b->n);
        else
            urna_dual_exp_vartime(G, b->out, b->fixed, b->e, &b->base[0].x, b->f, b->n);
        for (size_t used = 0; used < b->n;) {
            const struct range_task *t = &task[drain.task];
            size_t which = drain.task;
            uint32_t step = step_of(task, &drain, used);
            if (drain.j == 0) {
                begin(&h, G, h_i, t);
                if (t->member != NULL)
                    *t->member = b->member[used] && b->member[used + step];
            }
            for (uint32_t i = 0; i < step; i++) {
                urna_h_element(&h, G, &b->out[used + i]);
                urna_h_element(&h, G, &b->out[used + step + i]);
            }
            used += 2 * (size_t)step;
            advance(task, &drain, step);
            if (drain.task != which) {
                urna_scalar c;
                urna_h_end_q(&h, G, &c);
                ok[which] = sum_is(G, t, &c) && (t->member == NULL || *t->member);
                all = all && ok[which];
            }
        }
    }
    free(b);
    return all;
}

struct range_head urna_range_head(uint32_t ind_c, uint32_t ind_o)
{
    struct range_head head = {0x24, ind_o == 0 ? 1 : 2, {ind_c, ind_o}};
    return head;
}

bool urna_range_check(const struct urna_group *G, const struct urna_fixed *g,
                      const struct urna_fixed *K, const uint8_t h_i[32],
                      const struct urna_range_statement *s, size_t n, bool *ok)
{
    struct range_task *task = urna_xcalloc(n + 1, sizeof *task);
    for (size_t i = 0; i < n; i++) {
        task[i].head = urna_range_head(s[i].ind_c, s[i].ind_o);
        task[i].low = 0;
        task[i].count = s[i].bound + 1;
        task[i].alpha = &s[i].alpha;
        task[i].beta = &s[i].beta;
        task[i].c = s[i].c;
        task[i].v = s[i].v;
    }
    bool all = urna_range_tasks_check(G, g, K, h_i, task, n, ok);
    free(task);
    return all;
}

bool urna_range_check_candidates(const struct urna_group *G, const struct urna_fixed *g,
                                 const struct urna_fixed *K, const uint8_t h_i[32],
                                 const struct urna_range_candidate *s, size_t n, bool *member,
                                 bool *ok)
{
    struct range_task *task = urna_xcalloc(n + 1, sizeof *task);
    for (size_t i = 0; i < n; i++)
        task[i] = (struct range_task){urna_range_head(s[i].ind_c, s[i].ind_o),
                                      0,
                                      s[i].bound + 1,
                                      &s[i].alpha.x,
                                      &s[i].beta.x,
                                      s[i].c,
                                      s[i].v,
                                      &member[i]};
    bool all = urna_range_tasks_check(G, g, K, h_i, task, n, ok);
    free(task);
    return all;
}
