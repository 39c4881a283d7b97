#include "report/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *urna_title_in(const struct urna_titles *t, const char *lang)
{
    for (uint32_t i = 0; i < t->n; i++)
        if (strcmp(t->v[i].lang, lang) == 0)
            return t->v[i].text;
    return t->n ? t->v[0].text : "";
}

static void write_faults(struct urna_json *j, const struct urna_verdict *v)
{
    urna_json_open(j, "faults", '[');
    for (size_t i = 0; i < v->n_faults; i++) {
        const struct urna_record_fault *f = &v->faults[i];
        urna_json_open(j, NULL, '{');
        urna_json_str(j, "state", f->state == URNA_RECORD_INVALID ? "invalid" : "incomplete");
        urna_json_str(j, "file", f->file);
        urna_json_str(j, "text", f->text);
        if (f->first <= f->last) {
            urna_json_u64(j, "first", f->first);
            urna_json_u64(j, "last", f->last);
        }
        if (f->has_hashes) {
            urna_json_hex(j, "expected", f->expected, 32);
            urna_json_hex(j, "found", f->found, 32);
        }
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
}

static void write_voids(struct urna_json *j, const struct urna_judge *J)
{
    size_t n;
    const struct urna_void *v = urna_judge_voids(J, &n);
    urna_json_open(j, "void", '[');
    for (size_t i = 0; i < n; i++) {
        if (v[i].cancelled)
            continue;
        urna_json_open(j, NULL, '{');
        urna_json_u64(j, "index", v[i].index);
        if (v[i].kind != URNA_KIND_UNKNOWN)
            urna_json_str(j, "kind", urna_kind_name(v[i].kind));
        urna_json_str(j, "rule", v[i].rule);
        urna_json_str(j, "section", urna_rule_section(v[i].rule));
        urna_json_str(j, "reason", v[i].reason);
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
}

/* State of one ballot entry; copies of one body: the best state of any of them. */
struct state {
    uint8_t e[32];
    const char *text;
    int rank;
};

static int by_e(const void *a, const void *b)
{
    const struct state *x = a, *y = b;
    int c = memcmp(x->e, y->e, 32);
    return c != 0 ? c : x->rank - y->rank;
}

static void write_ballots(struct urna_json *j, struct urna_arena *a, const struct urna_judge *J)
{
    size_t n, n_voids;
    const struct urna_ballot_rec *b = urna_judge_ballots(J, &n);
    const struct urna_void *voids = urna_judge_voids(J, &n_voids);
    struct state *s = URNA_NEW(a, struct state, n + 1);
    for (size_t i = 0; i < n; i++) {
        static const char *const word[] = {"in log", "counted", "superseded", "late", "void"};
        static const int rank[] = {0, 0, 0, 0, 1};
        memcpy(s[i].e, b[i].e, 32);
        s[i].text = word[b[i].state];
        s[i].rank = rank[b[i].state];
        if (b[i].state == URNA_B_VOID && b[i].void_at >= 0) {
            char text[32];
            snprintf(text, sizeof text, "void %s", voids[b[i].void_at].rule);
            s[i].text = urna_arena_strndup(a, text, strlen(text));
        }
    }
    if (n > 1)
        qsort(s, n, sizeof *s, by_e);
    urna_json_open(j, "ballots", '{');
    for (size_t i = 0; i < n; i++) {
        char hex[65];
        if (i > 0 && memcmp(s[i - 1].e, s[i].e, 32) == 0)
            continue;
        urna_hex(hex, s[i].e, 32);
        urna_json_str(j, hex, s[i].text);
    }
    urna_json_close(j, '}');
}

static void write_findings(struct urna_json *j, const struct urna_judge *J)
{
    size_t n;
    const struct urna_finding *f = urna_judge_findings(J, &n);
    urna_json_open(j, "findings", '[');
    for (size_t i = 0; i < n; i++) {
        urna_json_open(j, NULL, '{');
        if (f[i].index >= 0)
            urna_json_i64(j, "index", f[i].index);
        else
            urna_json_null(j, "index");
        urna_json_str(j, "text", f[i].text);
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
}

static void write_checks(struct urna_json *j, const struct urna_checks *c)
{
    urna_json_open(j, "checks", '{');
    urna_json_u64(j, "signatures", c->signatures);
    urna_json_u64(j, "cosignatures", c->cosignatures);
    urna_json_u64(j, "credentials", c->credentials);
    urna_json_u64(j, "range_proofs", c->range_proofs);
    urna_json_u64(j, "limit_proofs", c->limit_proofs);
    urna_json_u64(j, "codes", c->codes);
    urna_json_u64(j, "guardian_proofs", c->guardian_proofs);
    urna_json_u64(j, "share_proofs", c->share_proofs);
    urna_json_u64(j, "openings", c->openings);
    urna_json_u64(j, "tally_proofs", c->tally_proofs);
    urna_json_u64(j, "partial_proofs", c->partial_proofs);
    urna_json_u64(j, "memberships", c->memberships);
    urna_json_close(j, '}');
}

static void write_result(struct urna_json *j, const struct urna_judge *J)
{
    const struct urna_result *r = urna_judge_result(J);
    if (!r)
        return;
    urna_json_open(j, "counted", '[');
    for (uint32_t i = 0; i < r->n_contests; i++)
        urna_json_u64(j, NULL, r->contests[i].counted);
    urna_json_close(j, ']');
    urna_json_open(j, "secret", '[');
    for (uint32_t i = 0; i < r->n_contests; i++)
        urna_json_u64(j, NULL, r->contests[i].secret);
    urna_json_close(j, ']');
    urna_json_open(j, "totals", '[');
    for (uint32_t i = 0; i < r->n_contests; i++) {
        urna_json_open(j, NULL, '[');
        for (uint32_t o = 0; o < r->contests[i].n_totals; o++)
            urna_json_u64(j, NULL, r->contests[i].totals[o]);
        urna_json_close(j, ']');
    }
    urna_json_close(j, ']');
    if (!r->has_seats)
        return;
    urna_json_open(j, "seats", '[');
    for (uint32_t i = 0; i < r->n_seats; i++) {
        urna_json_open(j, NULL, '[');
        urna_json_open(j, NULL, '[');
        for (uint32_t o = 0; o < r->seats[i].n_seats; o++)
            urna_json_u64(j, NULL, r->seats[i].seats[o]);
        urna_json_close(j, ']');
        urna_json_u64(j, NULL, r->seats[i].tie);
        urna_json_close(j, ']');
    }
    urna_json_close(j, ']');
}

/* Only what is there. */
static void write_trace(struct urna_json *j, const struct urna_verdict_witness *w)
{
    if (w->countset_time > 0)
        urna_json_u64(j, "countset_time", w->countset_time);
    if (w->result_time > 0)
        urna_json_u64(j, "result_time", w->result_time);
    if (w->own_answer < 0)
        return;
    urna_json_str(j, "own_answer", urna_verdict_answers[w->own_answer]);
    urna_json_str(j, "software", w->software);
}

static void write_witnesses(struct urna_json *j, const struct urna_verdict *v)
{
    urna_json_open(j, "witnesses", '[');
    for (size_t i = 0; i < v->n_witness; i++) {
        urna_json_open(j, NULL, '{');
        urna_json_str(j, "name", v->witness[i].name);
        if (v->witness[i].bloc)
            urna_json_str(j, "group", v->witness[i].bloc);
        urna_json_bool(j, "countset", v->witness[i].countset);
        urna_json_bool(j, "result", v->witness[i].result);
        write_trace(j, &v->witness[i]);
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
}

static void write_judged(struct urna_json *j, struct urna_arena *a, const struct urna_verdict *v)
{
    struct urna_judge *J = urna_follow_judge(v->follow);
    const struct urna_context *P = urna_judge_context(J);
    uint64_t seal, cut;
    if (!P)
        return;
    urna_json_hex(j, "phi", P->phi, 32);
    urna_json_str(j, "title", urna_title_in(&P->m.title, "en"));
    urna_json_str(j, "group", P->m.group);
    urna_json_bool(j, "test", P->m.test != 0);
    urna_json_u64(j, "entries", urna_judge_entries(J));
    if (urna_judge_seal(J, &seal, &cut)) {
        urna_json_u64(j, "seal", seal);
        urna_json_u64(j, "cut", cut);
    }
    if (urna_judge_countset_hash(J))
        urna_json_hex(j, "countset", urna_judge_countset_hash(J), 32);
    write_voids(j, J);
    /* Where bytes are missing nothing is decided about any ballot. */
    if (v->answer != URNA_INCOMPLETE) {
        write_result(j, J);
        write_ballots(j, a, J);
    }
    write_findings(j, J);
    write_witnesses(j, v);
    write_checks(j, urna_judge_checks(J));
}

void urna_verdict_json(struct urna_json *j, const struct urna_verdict *v)
{
    static const char *const level[] = {"computed", "witnessed", "final"};
    struct urna_arena a = {0};
    urna_json_open(j, NULL, '{');
    urna_json_str(j, "answer", urna_answer_name[v->answer]);
    urna_json_str(j, "asked", level[v->asked]);
    urna_json_bool(j, "reached", v->reached);
    urna_json_bool(j, "as_found", v->as_found);
    if (v->as_found)
        urna_json_str(j, "caution", "Not checked: that this is the election you mean.");
    if (v->why[0])
        urna_json_str(j, "why", v->why);
    urna_json_u64(j, "size", v->size);
    write_faults(j, v);
    /* An invalid record has no result that a program might use by mistake. */
    if (v->judged && v->answer != URNA_INVALID)
        write_judged(j, &a, v);
    else if (v->judged) {
        struct urna_judge *J = urna_follow_judge(v->follow);
        write_voids(j, J);
        write_findings(j, J);
        write_checks(j, urna_judge_checks(J));
    }
    urna_json_close(j, '}');
    urna_arena_free(&a);
}
