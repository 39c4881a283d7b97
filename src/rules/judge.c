#include "rules/judge_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- small tools ----------------------------------------------------------------------------------- */

static struct urna_hashes seen_hashes(const struct urna_judge *J, enum urna_kind k)
{
    if (k == URNA_BALLOT)
        return (struct urna_hashes){J->ballots ? J->ballots->e : NULL, sizeof *J->ballots};
    return (struct urna_hashes){J->seen[k].e ? J->seen[k].e[0] : NULL, 32};
}

bool urna_judge_seen(const struct urna_judge *J, enum urna_kind k, const uint8_t e[32])
{
    uint32_t item;
    return urna_index_find(&J->seen[k].index, seen_hashes(J, k), e, &item);
}

/* e is accepted: of a ballot, the last one of the list. */
static void remember(struct urna_judge *J, enum urna_kind k, const uint8_t e[32])
{
    struct urna_seen *s = &J->seen[k];
    if (k == URNA_BALLOT) {
        urna_index_add(&s->index, seen_hashes(J, k), J->n_ballots - 1);
        return;
    }
    if (s->n == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 8;
        s->e = urna_xrealloc(s->e, s->cap, sizeof *s->e);
    }
    memcpy(s->e[s->n], e, 32);
    urna_index_add(&s->index, seen_hashes(J, k), s->n++);
}

const char *urna_judge_text(struct urna_judge *J, const char *fmt, ...)
{
    char buf[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(buf, sizeof buf, fmt, ap);
    va_end(ap);
    return urna_arena_strndup(&J->arena, buf, strlen(buf));
}

void urna_judge_finding(struct urna_judge *J, int64_t index, bool grave, const char *text)
{
    if (J->n_findings == J->cap_findings) {
        J->cap_findings = J->cap_findings ? 2 * J->cap_findings : 16;
        J->findings = urna_xrealloc(J->findings, J->cap_findings, sizeof *J->findings);
    }
    J->findings[J->n_findings++] = (struct urna_finding){index, grave, text};
}

static size_t add_void(struct urna_judge *J, uint64_t index, enum urna_kind kind, const char *rule, const char *reason)
{
    if (J->n_voids == J->cap_voids) {
        J->cap_voids = J->cap_voids ? 2 * J->cap_voids : 16;
        J->voids = urna_xrealloc(J->voids, J->cap_voids, sizeof *J->voids);
    }
    struct urna_void *v = &J->voids[J->n_voids];
    *v = (struct urna_void){.index = index, .kind = kind, .reason = urna_judge_text(J, "%s", reason)};
    snprintf(v->rule, sizeof v->rule, "%s", rule);
    return J->n_voids++;
}

/* What is read is a copy: nothing in it points into the entry. */
static const struct urna_body *read_again(struct urna_judge *J, const struct urna_entry *e, struct urna_arena *a)
{
    struct urna_body *b = URNA_NEW(a, struct urna_body, 1);
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_body_read(b, e->kind, e->body, J->P->lp, J->P->lq, a, &err) != URNA_OK)
        abort(); /* phase 1 has read these very bytes */
    b->kind = e->kind;
    return b;
}

const struct urna_body *urna_judge_read(struct urna_judge *J, const struct urna_entry *e)
{
    urna_arena_reset(&J->scratch);
    return read_again(J, e, &J->scratch);
}

const struct urna_body *urna_judge_keep(struct urna_judge *J, const struct urna_entry *e)
{
    return read_again(J, e, &J->arena);
}

/* --- life ------------------------------------------------------------------------------------------- */

struct urna_judge *urna_judge_new(const struct urna_tree *tree,
                                  bool (*body)(void *ctx, uint64_t index, uint32_t parts, struct urna_buf *out), void *ctx,
                                  unsigned threads)
{
    struct urna_judge *J = urna_xcalloc(1, sizeof *J);
    J->tree = tree;
    J->body = body;
    J->body_ctx = ctx;
    J->threads = threads;
    return J;
}

void urna_judge_free(struct urna_judge *J)
{
    if (!J)
        return;
    urna_context_free(J->P);
    urna_arena_free(&J->arena);
    urna_arena_free(&J->scratch);
    urna_rolls_free(J);
    for (unsigned k = 0; k < URNA_KIND_COUNT; k++) {
        free(J->seen[k].e);
        urna_index_free(&J->seen[k].index);
    }
    free(J->voids);
    free(J->findings);
    free(J->rows);
    free(J->row_keys);
    free(J->ballots);
    free(J->groups);
    free(J->cosigned);
    free(J->other);
    free(J->sessions);
    urna_index_free(&J->session_index);
    urna_buf_free(&J->countset_body);
    urna_buf_free(&J->result_body);
    free(J);
}

static void begin(struct urna_judge *J)
{
    const struct urna_manifest *m = &J->P->m;
    J->witness_accepted = URNA_NEW(&J->arena, bool, m->n_witnesses + 1);
    J->sealing = URNA_NEW(&J->arena, bool, m->n_witnesses + 1);
    J->full_size = URNA_NEW(&J->arena, uint64_t, m->n_witnesses + 1);
    J->witness_bloc = URNA_NEW(&J->arena, const char *, m->n_witnesses + 1);
    for (uint32_t i = 0; i < m->n_witnesses; i++)
        J->witness_bloc[i] = m->witnesses[i].bloc;
    urna_ceremony_reset(J, 1);
}

/* --- phases (the table of kinds in section 2) --------------------------------------------------------- */

static bool phase_allows(const struct urna_judge *J, enum urna_kind k, struct urna_ruling *r)
{
    static const char *const phase_name[] = {"setup", "voting", "sealed", "counted"};
    enum { SETUP = 1, VOTING = 2, SEALED = 4, COUNTED = 8, ANY = 15 };
    static const uint8_t allowed[URNA_KIND_COUNT] = {
        [URNA_MANIFEST] = 0,
        [URNA_ACCEPT] = SETUP,
        [URNA_GUARDIAN_COMMIT] = SETUP,
        [URNA_GUARDIAN_KEYS] = SETUP,
        [URNA_GUARDIAN_SHARES] = SETUP,
        [URNA_GUARDIAN_COMPLAINT] = SETUP,
        [URNA_GUARDIAN_CONFIRM] = SETUP,
        [URNA_ROLL] = SETUP,
        [URNA_ROLL_CLOSE] = SETUP,
        [URNA_OPEN] = SETUP,
        [URNA_BALLOT] = VOTING,
        [URNA_CHALLENGE] = VOTING,
        [URNA_ANCHOR] = ANY,
        [URNA_CLOSE] = VOTING,
        [URNA_COUNTSET] = SEALED,
        [URNA_DECRYPT_COMMIT] = COUNTED,
        [URNA_DECRYPT_REVEAL] = COUNTED,
        [URNA_DECRYPT_RESPOND] = COUNTED,
        [URNA_TALLY] = COUNTED,
        [URNA_RESULT] = COUNTED,
        [URNA_VERDICT] = ANY,
        [URNA_INCIDENT] = ANY,
        [URNA_COMPLAINT] = ANY,
        [URNA_STATEMENT] = ANY,
        [URNA_ATTACHMENT] = ANY,
        [URNA_REDACT] = ANY,
    };
    if (!(allowed[k] >> J->phase & 1))
        return urna_rule(r, "E11", "%s is not allowed in phase %s", urna_kind_name(k), phase_name[J->phase]);
    if (k == URNA_CLOSE && J->P->m.n_witnesses > 0)
        return urna_rule(r, "E11", "close has no place in an election with witnesses");
    return true;
}

static bool is_new(const struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r)
{
    /* roll.close may go back to an earlier one: only the last accepted is a repetition. */
    bool repeated = e->kind == URNA_ROLL_CLOSE ? J->have_close && memcmp(J->close_e, e->e, 32) == 0
                                               : urna_judge_seen(J, e->kind, e->e);
    return !repeated || urna_rule(r, "repeated", "an equal entry has been accepted before");
}

static bool fold_close(struct urna_judge *J, const struct urna_entry *e)
{
    urna_seal_now(J, e->index, e->index);
    return true;
}

static bool fold_redact(struct urna_judge *J, const struct urna_entry *e)
{
    static const char *const reason[] = {"personal data", "unlawful", "threat"};
    const struct urna_redact *v = &urna_judge_read(J, e)->redact;
    char hex[65];
    urna_hex(hex, v->hash, 32);
    urna_judge_finding(J, (int64_t)e->index, false, urna_judge_text(J, "redacted (%s): %s", reason[v->reason], hex));
    return true;
}

static bool dispatch(struct urna_judge *J, const struct urna_entry *e, const struct urna_alone *a, struct urna_ruling *r)
{
    switch (e->kind) {
    case URNA_ACCEPT:
        J->witness_accepted[urna_context_witness(J->P, e->sigs[0].by)] = true;
        return true;
    case URNA_GUARDIAN_COMMIT:
    case URNA_GUARDIAN_KEYS:
    case URNA_GUARDIAN_SHARES:
    case URNA_GUARDIAN_COMPLAINT:
    case URNA_GUARDIAN_CONFIRM:
        return urna_fold_ceremony(J, e, r);
    case URNA_ROLL:
        return urna_fold_roll(J, e, r);
    case URNA_ROLL_CLOSE:
        return urna_fold_roll_close(J, e, r);
    case URNA_OPEN:
        return urna_fold_open(J, e, r);
    case URNA_ANCHOR:
        return urna_fold_anchor(J, e, a, r);
    case URNA_CLOSE:
        return fold_close(J, e);
    case URNA_COUNTSET:
        return urna_fold_countset(J, e, r);
    case URNA_DECRYPT_COMMIT:
    case URNA_DECRYPT_REVEAL:
    case URNA_DECRYPT_RESPOND:
        return urna_fold_decrypt(J, e, r);
    case URNA_TALLY:
        return urna_fold_tally(J, e, r);
    case URNA_RESULT:
        return urna_fold_result(J, e, r);
    case URNA_REDACT:
        return fold_redact(J, e);
    case URNA_CHALLENGE:
    case URNA_VERDICT:
    case URNA_INCIDENT:
    case URNA_COMPLAINT:
    case URNA_STATEMENT:
        return true;
    case URNA_ATTACHMENT:
        if (e->absent) { /* others are void "absent", and so named; a redaction is a finding of its own */
            char hex[65];
            urna_hex(hex, e->e, 32);
            urna_judge_finding(J, (int64_t)e->index, false, urna_judge_text(J, "the attachment's bytes are not in the record: %s", hex));
        }
        return true;
    case URNA_MANIFEST:
    case URNA_BALLOT: /* urna_fold_ballot */
    case URNA_KIND_UNKNOWN:
        break;
    }
    return urna_rule(r, "E11", "unexpected kind");
}

static bool decide(struct urna_judge *J, const struct urna_entry *e, struct urna_alone *a, struct urna_ruling *r)
{
    if (e->kind == URNA_BALLOT && !e->bad_form)
        return urna_fold_ballot(J, e, a, r);
    if (!a->ok) {
        *r = a->why;
        return false;
    }
    return phase_allows(J, e->kind, r) && is_new(J, e, r) && dispatch(J, e, a, r);
}

bool urna_judge_would_take(const struct urna_judge *J, const struct urna_entry *e, const struct urna_alone *alone, struct urna_ruling *r)
{
    memset(r, 0, sizeof *r);
    if (!alone->ok) {
        *r = alone->why;
        return false;
    }
    uint32_t row;
    return phase_allows(J, e->kind, r) && is_new(J, e, r) && (e->kind != URNA_BALLOT || urna_ballot_row(J, alone, &row, r));
}

bool urna_judge_fold(struct urna_judge *J, const struct urna_entry *e, struct urna_alone *alone, struct urna_ruling *r)
{
    memset(r, 0, sizeof *r);
    J->entries++;
    if (J->entries == 1) {
        bool at_start = e->index == e->parts;
        if (at_start)
            J->P = urna_context_new(e, r, &J->checks);
        else
            urna_rule(r, "E13", "the first entry does not begin at index 0");
        J->manifest_ruling = *r;
        if (!J->P)
            return false;
        begin(J);
        J->accepted[URNA_MANIFEST]++;
        remember(J, URNA_MANIFEST, e->e);
        return true;
    }
    if (!J->P)
        return urna_rule(r, "E13", "there is no manifest");
    bool ok = decide(J, e, alone, r);
    if (e->kind == URNA_ANCHOR && alone->line_ok)
        urna_note_other_roots(J, e, alone);
    if (ok) {
        J->accepted[e->kind]++;
        remember(J, e->kind, e->e);
    } else {
        size_t v = add_void(J, e->index, e->kind, r->rule, r->reason);
        if (e->kind == URNA_BALLOT && !e->bad_form && J->n_ballots > 0 && J->ballots[J->n_ballots - 1].index == e->index)
            J->ballots[J->n_ballots - 1].void_at = (int32_t)v;
        if (e->kind == URNA_RESULT)
            urna_judge_finding(J, (int64_t)e->index, false,
                               urna_judge_text(J, "a result that the record does not prove (%s): %s", r->rule, r->reason));
    }
    return ok;
}

void urna_judge_stray(struct urna_judge *J, const struct urna_stray *s)
{
    add_void(J, s->index, URNA_KIND_UNKNOWN, "E12", s->reason);
}

void urna_judge_end(struct urna_judge *J)
{
    if (J->P)
        urna_find_forks(J);
}

/* --- reading ------------------------------------------------------------------------------------------ */

struct urna_context *urna_judge_context(struct urna_judge *J) { return J->P; }
const struct urna_ruling *urna_judge_manifest_ruling(const struct urna_judge *J) { return &J->manifest_ruling; }
struct urna_checks *urna_judge_checks(struct urna_judge *J) { return &J->checks; }
enum urna_phase urna_judge_phase(const struct urna_judge *J) { return J->phase; }
uint64_t urna_judge_entries(const struct urna_judge *J) { return J->entries; }
uint64_t urna_judge_accepted(const struct urna_judge *J, enum urna_kind k) { return J->accepted[k]; }

const struct urna_void *urna_judge_voids(const struct urna_judge *J, size_t *n)
{
    *n = J->n_voids;
    return J->voids;
}

const struct urna_finding *urna_judge_findings(const struct urna_judge *J, size_t *n)
{
    *n = J->n_findings;
    return J->findings;
}

const struct urna_ballot_rec *urna_judge_ballots(const struct urna_judge *J, size_t *n)
{
    *n = J->n_ballots;
    return J->ballots;
}

const struct urna_row *urna_judge_rows(const struct urna_judge *J, size_t *n)
{
    *n = J->n_rows;
    return J->rows;
}

const uint8_t *urna_judge_roll_root(const struct urna_judge *J)
{
    return J->have_close ? J->roll_root : NULL;
}

void urna_judge_ceremony(const struct urna_judge *J, struct urna_ceremony_view *out)
{
    const struct urna_ceremony_state *c = &J->c;
    *out = (struct urna_ceremony_view){.attempt = c->attempt,
                                       .n_commits = c->n_commits,
                                       .n_keys = c->n_keys,
                                       .n_shares = c->n_shares,
                                       .n_confirms = c->n_confirms,
                                       .commit = c->commit,
                                       .keys = c->keys,
                                       .shares = c->shares,
                                       .confirm = c->confirm,
                                       .K = &c->K,
                                       .Kh = &c->Kh,
                                       .ready = J->P && c->n_confirms == J->P->m.n};
    memcpy(out->h_g, c->h_g, 32);
    memcpy(out->h_e, c->h_e, 32);
}

const urna_element *urna_judge_share_key(const struct urna_judge *J, uint32_t i)
{
    return J->share_key && i >= 1 && i <= J->P->m.n ? &J->share_key[i - 1] : NULL;
}

bool urna_judge_seal(const struct urna_judge *J, uint64_t *seal, uint64_t *cut)
{
    *seal = J->seal;
    *cut = J->cut;
    return J->sealed;
}

uint64_t urna_judge_cut(const struct urna_judge *J, uint64_t T)
{
    return urna_cut(J->witness_bloc, J->witness_accepted, J->P->m.n_witnesses, J->cosigned, J->n_cosigned, T);
}

const bool *urna_judge_witnesses(const struct urna_judge *J) { return J->witness_accepted; }
uint64_t urna_judge_full_size(const struct urna_judge *J, uint32_t w) { return J->full_size[w]; }

const struct urna_buf *urna_judge_countset_body(const struct urna_judge *J)
{
    return J->countset_known ? &J->countset_body : NULL;
}

const uint8_t *urna_judge_countset_hash(const struct urna_judge *J)
{
    return J->countset_known ? J->countset_hash : NULL;
}

bool urna_judge_countset_at(const struct urna_judge *J, uint64_t *index)
{
    *index = J->countset_index;
    return J->countset_accepted;
}

const struct urna_tally_group *urna_judge_groups(const struct urna_judge *J, size_t *n)
{
    *n = J->n_groups;
    return J->groups;
}

const struct urna_contest_result *urna_judge_contests(const struct urna_judge *J) { return J->contests; }

const struct urna_buf *urna_judge_result_body(const struct urna_judge *J)
{
    return J->result_known ? &J->result_body : NULL;
}

bool urna_judge_result_at(const struct urna_judge *J, uint64_t *index)
{
    *index = J->result_index;
    return J->result != NULL;
}

const struct urna_result *urna_judge_result(const struct urna_judge *J) { return J->result; }
size_t urna_judge_sessions(const struct urna_judge *J) { return J->n_sessions; }

void urna_judge_session(const struct urna_judge *J, size_t i, struct urna_session_view *out)
{
    const struct urna_session_state *s = &J->sessions[i];
    *out = (struct urna_session_view){s->present, s->n_present, s->attempt, s->block, s->n_commits, s->n_reveals, s->n_responds,
                                      s->commit, s->reveal, s->respond};
}

uint32_t urna_judge_blocks(const struct urna_judge *J)
{
    return J->P ? (uint32_t)((J->n_groups + J->P->m.block - 1) / J->P->m.block) : 0;
}
