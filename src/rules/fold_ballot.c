/* E1, E5, E7: which ballots count (election.md section 5). */
#include <stdlib.h>
#include <string.h>

#include "rules/judge_internal.h"

bool urna_ballot_row(const struct urna_judge *J, const struct urna_alone *a, uint32_t *row, struct urna_ruling *r)
{
    int64_t at = urna_judge_find_row(J, a->keys[0]);
    if (at < 0)
        return urna_rule(r, "E1", "the credential is not in the roll");
    const struct urna_row *v = &J->rows[at];
    if (a->n_keys != v->n_keys || (v->n_keys == 2 && memcmp(a->keys[1], v->key[1], 32) != 0))
        return urna_rule(r, "E1", "the keys are not those of the row");
    if (a->style != v->style)
        return urna_rule(r, "E1", "the style is not that of the row");
    *row = (uint32_t)at;
    return true;
}

static struct urna_ballot_rec *add_ballot(struct urna_judge *J, const struct urna_entry *e)
{
    if (J->n_ballots == J->cap_ballots) {
        J->cap_ballots = J->cap_ballots ? 2 * J->cap_ballots : 1024;
        J->ballots = urna_xrealloc(J->ballots, J->cap_ballots, sizeof *J->ballots);
    }
    struct urna_ballot_rec *b = &J->ballots[J->n_ballots++];
    *b = (struct urna_ballot_rec){.index = e->index, .parts = e->parts, .row = UINT32_MAX, .state = URNA_B_VOID, .void_at = -1};
    memcpy(b->e, e->e, 32);
    return b;
}

bool urna_fold_ballot(struct urna_judge *J, const struct urna_entry *e, const struct urna_alone *a, struct urna_ruling *r)
{
    struct urna_ballot_rec *b = add_ballot(J, e);
    uint32_t row = UINT32_MAX;
    struct urna_ruling e1 = {"", ""};
    bool of_row = a->ballot_read && urna_ballot_row(J, a, &row, &e1);
    if (J->phase != URNA_VOTING) {
        /* Phase 1 comes before the phase, but proofs of a ballot of no row change no name: it may be that nobody looked at them. */
        if (!a->ok && (of_row || !a->ballot_read))
            *r = a->why;
        else
            urna_rule(r, "E11", "a ballot is only allowed in phase voting");
        return false;
    }
    if (!a->ok) {
        *r = a->why;
        /* A ballot that fails E1 is void E1, whatever its proofs (section 3). */
        if (a->ballot_read && !of_row)
            *r = e1;
        if (of_row && a->ballot_signed) {
            b->row = row;
            b->serial = (uint16_t)a->serial;
            b->signed_ok = 1;
        }
        return false;
    }
    if (urna_judge_seen(J, URNA_BALLOT, e->e))
        return urna_rule(r, "repeated", "an equal ballot has been accepted before");
    if (!of_row) {
        *r = e1;
        return false;
    }
    b->row = row;
    b->serial = (uint16_t)a->serial;
    memcpy(b->rho, a->rho, 32);
    b->state = URNA_B_IN_LOG;
    return true;
}

/* a outranks b: higher serial, or the lower e at equal serials. */
static bool outranks(const struct urna_ballot_rec *a, const struct urna_ballot_rec *b)
{
    return a->serial != b->serial ? a->serial > b->serial : memcmp(a->e, b->e, 32) < 0;
}

static int by_row_serial(const void *a, const void *b)
{
    const struct urna_ballot_rec *x = *(const struct urna_ballot_rec *const *)a, *y = *(const struct urna_ballot_rec *const *)b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->serial != y->serial)
        return x->serial > y->serial ? -1 : 1;
    return memcmp(x->e, y->e, 32);
}

static int by_rho(const void *a, const void *b)
{
    const struct urna_ballot_rec *x = *(const struct urna_ballot_rec *const *)a, *y = *(const struct urna_ballot_rec *const *)b;
    int c = memcmp(x->rho, y->rho, 32);
    return c != 0 ? c : (x->index > y->index) - (x->index < y->index);
}

static void report_doubles(struct urna_judge *J, const struct urna_ballot_rec *const *v, size_t n)
{
    char key[65];
    urna_hex(key, J->rows[v[0]->row].key[0], 32);
    for (size_t i = 1; i < n; i++)
        if (v[i]->serial == v[i - 1]->serial)
            urna_judge_finding(J, (int64_t)v[i]->index, false,
                               urna_judge_text(J, "credential %s: serial %u stands on two different ballots", key, v[i]->serial));
    if (n < 2)
        return;
    const struct urna_ballot_rec **w = urna_xcalloc(n, sizeof *w);
    memcpy(w, v, n * sizeof *w);
    qsort(w, n, sizeof *w, by_rho);
    for (size_t i = 1; i < n; i++)
        if (memcmp(w[i]->rho, w[i - 1]->rho, 32) == 0)
            urna_judge_finding(J, (int64_t)w[i]->index, false,
                               urna_judge_text(J, "credential %s: two ballots have one identifier (rho)", key));
    free(w);
}

void urna_select_ballots(struct urna_judge *J)
{
    const struct urna_ballot_rec **in_time = urna_xcalloc(J->n_ballots + 1, sizeof *in_time);
    size_t n = 0;
    for (size_t i = 0; i < J->n_ballots; i++) {
        struct urna_ballot_rec *b = &J->ballots[i];
        if (b->state != URNA_B_IN_LOG)
            continue;
        if (b->index >= J->cut) {
            b->state = URNA_B_LATE;
            continue;
        }
        b->state = URNA_B_SUPERSEDED;
        in_time[n++] = b;
    }
    if (n > 1)
        qsort(in_time, n, sizeof *in_time, by_row_serial);
    const struct urna_ballot_rec **of_row = urna_xcalloc(J->n_rows + 1, sizeof *of_row);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && in_time[j]->row == in_time[i]->row;)
            j++;
        J->ballots[in_time[i] - J->ballots].state = URNA_B_COUNTED;
        of_row[in_time[i]->row] = in_time[i];
        report_doubles(J, &in_time[i], j - i);
    }
    /* Whose proofs were bad but whose signatures hold, outranked by the counted ballot: superseded, whatever the proofs. */
    for (size_t i = 0; i < J->n_ballots; i++) {
        struct urna_ballot_rec *b = &J->ballots[i];
        if (b->state != URNA_B_VOID || !b->signed_ok || b->index >= J->cut || !of_row[b->row] || !outranks(of_row[b->row], b))
            continue;
        b->state = URNA_B_SUPERSEDED;
        if (b->void_at >= 0)
            J->voids[b->void_at].cancelled = true;
    }
    free(of_row);
    free(in_time);
}
