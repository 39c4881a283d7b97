#include "report/verdict_view.h"

#include <stdlib.h>

#include <string.h>

/* ---- faults of the files ---- */

static bool is_root(const struct urna_record_fault *f)
{
    return f->has_hashes && strcmp(f->file, "checkpoint") == 0;
}

/* 3: a hash of a single entry; 2: any other hash or file; 1: the root. */
static int weight(const struct urna_record_fault *f)
{
    if (f->state != URNA_RECORD_INVALID)
        return 0;
    if (is_root(f))
        return 1;
    return f->has_hashes && f->first == f->last ? 3 : 2;
}

static bool no_body(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out)
{
    (void)ctx, (void)sha256, (void)size, (void)out;
    return false;
}

/* What the changed entry says it is; nothing that it holds is shown. */
static const char *kind_of(const struct urna_verdict *v, uint64_t index)
{
    struct urna_buf leaf = {0};
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_entry e = {.kind = URNA_KIND_UNKNOWN};
    const struct urna_stray *stray;
    size_t n_stray;
    struct urna_assembler *as = urna_assembler_new(no_body, NULL);
    const char *name = NULL;
    if (urna_record_leaf(v->record, index, &leaf, &err) == URNA_OK &&
        urna_assembler_leaf(as, index, urna_buf_view(&leaf), &e, &stray, &n_stray) &&
        (!e.bad_form || (e.kind_name && e.kind_name[0])) && e.kind < URNA_KIND_UNKNOWN)
        name = urna_kind_name(e.kind);
    urna_assembler_free(as);
    urna_buf_free(&leaf);
    return name;
}

/* Does any other hash of an entry differ? Tiles of several widths may say the same thing again. */
static bool only_one(const struct urna_verdict *v, uint64_t entry)
{
    for (size_t i = 0; i < v->n_faults; i++) {
        const struct urna_record_fault *f = &v->faults[i];
        bool of_entries = f->has_hashes && strncmp(f->file, "tile/0/", 7) == 0;
        if (f->state != URNA_RECORD_INVALID ||
            (of_entries && (f->first != entry || f->last != entry)))
            return false;
        if (!f->has_hashes)
            return false;
    }
    return true;
}

void urna_fault_view(struct urna_fault_view *out, const struct urna_verdict *v)
{
    *out = (struct urna_fault_view){0};
    size_t bad = 0;
    for (size_t i = 0; i < v->n_faults; i++) {
        const struct urna_record_fault *f = &v->faults[i];
        if (weight(f) == 0)
            continue;
        bad++;
        if (is_root(f))
            out->root = f;
        if (!out->main || weight(f) > weight(out->main))
            out->main = f;
    }
    const struct urna_record_fault *m = out->main;
    out->changed = m && out->root && weight(m) == 3 && strncmp(m->file, "tile/0/", 7) == 0 &&
                   out->root->first <= out->root->last && v->signed_tree && only_one(v, m->first);
    if (out->root == m)
        out->root = NULL;
    out->more = bad - (m != NULL) - (out->root != NULL);
    if (!out->changed)
        return;
    out->entry = m->first;
    out->place = (unsigned)(m->first % URNA_TILE_WIDTH);
    uint64_t bundle = m->first / URNA_TILE_WIDTH;
    urna_tile_path(
        out->bundle,
        &(struct urna_tile){URNA_ENTRIES, bundle, urna_tile_width(URNA_ENTRIES, bundle, v->size)});
    out->kind = kind_of(v, m->first);
}

/* ---- counts ---- */

void urna_verdict_count(struct urna_verdict_counts *out, const struct urna_verdict *v)
{
    *out = (struct urna_verdict_counts){0};
    struct urna_judge *J = urna_follow_judge(v->follow);
    for (size_t i = 0; i < v->n_witness; i++) {
        out->countset_by += v->witness[i].countset;
        out->result_by += v->witness[i].result;
        out->head_by += v->witness[i].head;
    }
    if (!v->judged || !urna_judge_context(J))
        return;
    size_t n;
    uint64_t at, cut;
    const struct urna_ballot_rec *b = urna_judge_ballots(J, &n);
    out->ballots = n;
    for (size_t i = 0; i < n; i++)
        out->by[b[i].state]++;
    urna_judge_rows(J, &n);
    out->rows = n;
    out->sealed = urna_judge_seal(J, &at, &cut);
    const struct urna_void *voids = urna_judge_voids(J, &n);
    for (size_t i = 0; i < n; i++)
        out->voids += !voids[i].cancelled;
    urna_judge_findings(J, &n);
    out->findings = n;
    if (urna_judge_result_at(J, &at))
        out->silent = v->n_witness - out->result_by;
    const struct urna_checks *c = urna_judge_checks(J);
    out->proofs = c->range_proofs + c->limit_proofs + c->guardian_proofs + c->share_proofs +
                  c->tally_proofs + c->partial_proofs;
}

bool urna_guardians_unofficial(const struct urna_manifest *m)
{
    uint32_t n = m->n, k = m->k, most = k - 1 < n - k ? k - 1 : n - k;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t same = 0;
        for (uint32_t j = 0; j < n; j++)
            same += strcmp(m->guardians[i].bloc, m->guardians[j].bloc) == 0;
        if (same > most)
            return true;
    }
    return n < 3 || k < n / 2 + 1;
}

const struct urna_result_seats *urna_result_seats_of(const struct urna_result *r, uint32_t contest)
{
    for (uint32_t i = 0; i < r->n_seats; i++)
        if (r->seats[i].contest == contest)
            return &r->seats[i];
    return NULL;
}

const struct urna_void *urna_unproved_result(const struct urna_verdict *v)
{
    uint64_t at;
    size_t n;
    struct urna_judge *J = urna_follow_judge(v->follow);
    if (!v->judged || v->answer == URNA_INVALID || !urna_judge_context(J) ||
        urna_judge_result_at(J, &at))
        return NULL;
    const struct urna_void *voids = urna_judge_voids(J, &n);
    for (size_t i = n; i-- > 0;)
        if (voids[i].kind == URNA_RESULT && strcmp(voids[i].rule, "E12") != 0)
            return &voids[i];
    return NULL;
}

static int by_votes(const void *a, const void *b)
{
    const struct urna_option_votes *x = a, *y = b;
    if (x->votes != y->votes)
        return x->votes > y->votes ? -1 : 1;
    return x->option < y->option ? -1 : x->option > y->option;
}

struct urna_option_votes *urna_options_by_votes(struct urna_arena *a,
                                                const struct urna_result_contest *x)
{
    struct urna_option_votes *p = URNA_NEW(a, struct urna_option_votes, x->n_totals + 1);
    for (uint32_t o = 0; o < x->n_totals; o++)
        p[o] = (struct urna_option_votes){o, x->totals[o]};
    qsort(p, x->n_totals, sizeof *p, by_votes);
    return p;
}
