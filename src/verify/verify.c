#include "verify/verify.h"

#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

const char *const urna_answer_name[] = {"invalid", "incomplete", "consistent", "computed", "witnessed", "final"};

static void say(struct urna_verdict *v, const char *fmt, ...) URNA_PRINTF(2, 3);

static void say(struct urna_verdict *v, const char *fmt, ...)
{
    if (v->why[0])
        return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(v->why, sizeof v->why, fmt, ap);
    va_end(ap);
}

/* --- is this the record of the election that the reader means? ------------------------------------------ */

static bool manifest_fits(struct urna_verdict *v, const struct urna_verify_options *o)
{
    struct urna_judge *J = urna_follow_judge(v->follow);
    const struct urna_context *P = urna_judge_context(J);
    const struct urna_ruling *r = urna_judge_manifest_ruling(J);
    if (!P) {
        say(v, "The log does not begin with an acceptable manifest (%s: %s).", r->rule[0] ? r->rule : "E13",
            r->reason[0] ? r->reason : "there is no entry");
        return false;
    }
    const uint8_t *phi = o->trust ? o->trust->election : o->fingerprint;
    if (phi && memcmp(phi, P->phi, 32) != 0) {
        char hex[65];
        urna_hex(hex, P->phi, 32);
        say(v, "This is the record of another election: its fingerprint is %s.", hex);
        return false;
    }
    if (o->trust && (strcmp(o->trust->log.name, P->m.origin) != 0 || memcmp(o->trust->log.pk, P->m.log_key, 32) != 0)) {
        say(v, "The log named in the manifest is not the one of the trust file.");
        return false;
    }
    return true;
}

/* --- the checkpoint's lines ------------------------------------------------------------------------------ */

struct line_key {
    struct urna_vkey key;
    int64_t witness; /* index in v->witness, or -1 */
};

static void note_line(struct urna_verdict_witness *w, uint64_t time)
{
    w->head = true;
    if (w->head_time == 0 || time < w->head_time)
        w->head_time = time;
}

/* Every line by a key that the reader knows must verify; the log's own must be there. */
static bool checkpoint_holds(struct urna_verdict *v, const struct urna_checkpoint *c, const struct urna_vkey *log, const struct line_key *known,
                             size_t n_known)
{
    bool log_signed = false;
    struct urna_checks *checks = urna_judge_checks(urna_follow_judge(v->follow));
    if (strcmp(c->origin, log->name) != 0) {
        say(v, "The checkpoint is of another log.");
        return false;
    }
    for (size_t i = 0; i < c->n_sig; i++) {
        uint64_t time;
        if (urna_note_sig_by(&c->sig[i], log)) {
            if (!urna_note_sig_check(&c->sig[i], log, c->text, &time)) {
                say(v, "The log's signature on the checkpoint does not verify.");
                return false;
            }
            log_signed = true;
        }
        for (size_t k = 0; k < n_known; k++) {
            if (!urna_note_sig_by(&c->sig[i], &known[k].key))
                continue;
            checks->cosignatures++;
            if (!urna_note_sig_check(&c->sig[i], &known[k].key, c->text, &time)) {
                say(v, "A line of the checkpoint by a known witness does not verify.");
                return false;
            }
            if (known[k].witness >= 0)
                note_line(&v->witness[known[k].witness], time);
        }
    }
    if (!log_signed)
        say(v, "The checkpoint is not signed by the log.");
    v->signed_tree = log_signed;
    return log_signed;
}

/* Witnesses whose signatures count: of the trust file, or (as found, or by fingerprint) of the manifest. */
static void list_witnesses(struct urna_verdict *v, const struct urna_verify_options *o, struct line_key **known, size_t *n_known)
{
    *n_known = 0;
    if (o->trust) {
        *known = URNA_NEW(&v->arena, struct line_key, o->trust->n_node + 1);
        v->witness = URNA_NEW(&v->arena, struct urna_verdict_witness, o->trust->n_node + 1);
        for (size_t i = 0; i < o->trust->n_node; i++) {
            const struct urna_trust_node *t = &o->trust->node[i];
            if (t->is_group)
                continue;
            struct urna_verdict_witness *w = &v->witness[v->n_witness];
            w->name = urna_arena_strndup(&v->arena, t->name, strlen(t->name));
            w->own_answer = -1;
            for (size_t g = 0; g < o->trust->n_node; g++)
                for (uint32_t m = 0; o->trust->node[g].is_group && m < o->trust->node[g].n_member; m++)
                    if (o->trust->node[g].member[m] == i)
                        w->bloc = urna_arena_strndup(&v->arena, o->trust->node[g].name, strlen(o->trust->node[g].name));
            (*known)[(*n_known)++] = (struct line_key){t->key, (int64_t)v->n_witness++};
        }
        return;
    }
    const struct urna_manifest *m = &urna_verdict_context(v)->m;
    *known = URNA_NEW(&v->arena, struct line_key, 2 * (size_t)m->n_witnesses + 1);
    v->witness = URNA_NEW(&v->arena, struct urna_verdict_witness, m->n_witnesses + 1);
    for (uint32_t i = 0; i < m->n_witnesses; i++) {
        struct line_key *k = &(*known)[*n_known];
        urna_vkey_make(&k[0].key, m->witnesses[i].full.name, URNA_KEY_COSIGNATURE, m->witnesses[i].full.key);
        urna_vkey_make(&k[1].key, m->witnesses[i].head.name, URNA_KEY_COSIGNATURE, m->witnesses[i].head.key);
        k[0].witness = (int64_t)v->n_witness;
        k[1].witness = -1;
        *n_known += 2;
        v->witness[v->n_witness++] = (struct urna_verdict_witness){
            .name = m->witnesses[i].id, .bloc = m->witnesses[i].bloc, .own_answer = -1};
    }
}

/* The manifest's witness with that key, or -1. */
static int64_t in_manifest(const struct urna_verdict *v, const struct urna_vkey *key)
{
    const struct urna_manifest *m = &urna_judge_context(urna_follow_judge(v->follow))->m;
    for (uint32_t i = 0; i < m->n_witnesses; i++)
        if (memcmp(m->witnesses[i].full.key, key->pk, 32) == 0)
            return i;
    return -1;
}

static uint64_t earlier(uint64_t in_anchor, uint64_t on_checkpoint)
{
    return in_anchor == 0 || (on_checkpoint > 0 && on_checkpoint < in_anchor) ? on_checkpoint : in_anchor;
}

/* Full cosignatures in accepted anchors count as well as those on the checkpoint. */
static void weigh_witness(struct urna_verdict *v, const struct urna_vkey *key, struct urna_verdict_witness *w)
{
    static const struct urna_trace nothing = {.answer = -1};
    struct urna_judge *J = urna_follow_judge(v->follow);
    uint64_t countset, result;
    int64_t at = in_manifest(v, key);
    uint64_t size = at >= 0 ? urna_judge_full_size(J, (uint32_t)at) : 0;
    if (w->head && v->size > size)
        size = v->size;
    w->countset = urna_judge_countset_at(J, &countset) && size > countset;
    w->result = urna_judge_result_at(J, &result) && size > result;
    const struct urna_trace *t = at >= 0 && v->traces.witness ? &v->traces.witness[at] : &nothing;
    w->countset_time = w->countset ? earlier(t->countset_time, w->head_time) : 0;
    w->result_time = w->result ? earlier(t->result_time, w->head_time) : 0;
    w->own_answer = t->answer;
    w->software = t->software;
}

static bool quorum(const struct urna_verdict *v, const struct urna_trust *t, bool of_result)
{
    bool *have = urna_xcalloc(t->n_node + 1, sizeof *have);
    size_t w = 0;
    for (size_t i = 0; i < t->n_node; i++)
        if (!t->node[i].is_group) {
            have[i] = of_result ? v->witness[w].result : v->witness[w].countset;
            w++;
        }
    bool ok = t->quorum >= 0 && urna_trust_satisfied(t, have);
    free(have);
    return ok;
}

static enum urna_answer climb(const struct urna_verdict *v, const struct urna_verify_options *o)
{
    uint64_t index;
    if (!urna_judge_result_at(urna_follow_judge(v->follow), &index))
        return URNA_CONSISTENT;
    if (!o->trust || !quorum(v, o->trust, false))
        return URNA_COMPUTED;
    return quorum(v, o->trust, true) ? URNA_FINAL : URNA_WITNESSED;
}

/* --- what can be said of a record whose tree does not hold ------------------------------------------------- */

static bool no_body(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out)
{
    (void)ctx, (void)sha256, (void)size, (void)out;
    return false;
}

/* The first leaves may be those of the manifest that the reader means: its fingerprint tells. */
static void find_manifest(struct urna_verdict *v, const uint8_t phi[32])
{
    struct urna_assembler *as = urna_assembler_new(no_body, NULL);
    struct urna_buf leaf = {0};
    for (uint64_t i = 0; i < v->size && i <= URNA_PARTS_MAX; i++) {
        struct urna_error err = URNA_ERROR_INIT;
        struct urna_entry e;
        const struct urna_stray *stray;
        size_t n_stray;
        urna_buf_reset(&leaf);
        if (urna_record_leaf(v->record, i, &leaf, &err) != URNA_OK)
            break;
        bool whole = urna_assembler_leaf(as, i, urna_buf_view(&leaf), &e, &stray, &n_stray);
        if (n_stray > 0)
            break;
        if (!whole)
            continue;
        struct urna_ruling r;
        struct urna_checks n = {0};
        v->manifest = urna_context_new(&e, &r, &n);
        break;
    }
    urna_buf_free(&leaf);
    urna_assembler_free(as);
    if (v->manifest && memcmp(v->manifest->phi, phi, 32) != 0) {
        urna_context_free(v->manifest);
        v->manifest = NULL;
    }
}

/* Who signed the tree that this copy should have been? Changes no answer: the record is invalid already. */
static void say_who_signed(struct urna_verdict *v, const struct urna_verify_options *o)
{
    struct line_key *known;
    size_t n_known;
    struct urna_vkey log;
    const uint8_t *phi = o->trust ? o->trust->election : o->fingerprint;
    if (!phi)
        return;
    find_manifest(v, phi);
    if (o->trust)
        log = o->trust->log;
    else if (v->manifest)
        urna_vkey_make(&log, v->manifest->m.origin, URNA_KEY_ED25519, v->manifest->m.log_key);
    else
        return;
    list_witnesses(v, o, &known, &n_known);
    if (!checkpoint_holds(v, urna_record_checkpoint(v->record), &log, known, n_known))
        for (size_t i = 0; i < v->n_witness; i++)
            v->witness[i].head = false;
}

static void judge_trust(struct urna_verdict *v, const struct urna_verify_options *o, bool incomplete)
{
    struct urna_judge *J = urna_follow_judge(v->follow);
    if (!manifest_fits(v, o)) {
        v->judged = false; /* another election's entries are nobody's business here */
        v->answer = incomplete && urna_judge_entries(J) == 0 ? URNA_INCOMPLETE : URNA_INVALID;
        return;
    }
    const struct urna_context *P = urna_judge_context(J);
    struct urna_vkey log;
    struct line_key *known;
    size_t n_known;
    urna_vkey_make(&log, P->m.origin, URNA_KEY_ED25519, P->m.log_key);
    list_witnesses(v, o, &known, &n_known);
    if (!checkpoint_holds(v, urna_record_checkpoint(v->record), &log, known, n_known)) {
        v->answer = URNA_INVALID;
        return;
    }
    size_t n;
    const struct urna_finding *f = urna_judge_findings(J, &n);
    for (size_t i = 0; i < n; i++)
        if (f[i].grave) {
            say(v, "%s", f[i].text);
            v->answer = URNA_INVALID;
            return;
        }
    if (incomplete) {
        v->answer = URNA_INCOMPLETE;
        return;
    }
    for (size_t k = 0; k < n_known; k++)
        if (known[k].witness >= 0)
            weigh_witness(v, &known[k].key, &v->witness[known[k].witness]);
    v->answer = climb(v, o);
}

static enum urna_status verify_once(struct urna_verdict *v, const char *path, const struct urna_verify_options *o, struct urna_error *err)
{
    memset(v, 0, sizeof *v);
    v->asked = o->trust ? o->trust->level : URNA_LEVEL_COMPUTED;
    v->as_found = !o->trust && !o->fingerprint;
    enum urna_status st = urna_record_open(&v->record, path, err);
    if (st != URNA_OK)
        return st;
    const struct urna_checkpoint *c = urna_record_checkpoint(v->record);
    v->follow = urna_follow_new(v->record, o->threads, urna_traces_entry, &v->traces);
    v->traces.follow = v->follow;
    bool invalid = false, incomplete = false;
    if (c) {
        v->size = c->size;
        st = urna_follow_record(v->follow, o->progress, err);
        if (st == URNA_INPUT || st == URNA_SYSTEM)
            return st;
        v->judged = st == URNA_OK;
        if (v->judged)
            urna_follow_end(v->follow);
    }
    size_t n;
    const struct urna_record_fault *f = urna_record_faults(v->record, &n);
    v->faults = urna_arena_copy(&v->arena, f, n * sizeof *f);
    v->n_faults = n;
    for (size_t i = 0; i < n; i++) {
        invalid |= f[i].state == URNA_RECORD_INVALID;
        incomplete |= f[i].state == URNA_RECORD_INCOMPLETE;
        if (f[i].state == URNA_RECORD_INVALID)
            say(v, "%s: %s", f[i].file, f[i].text);
    }
    if (invalid) {
        v->answer = URNA_INVALID;
        if (c && !v->judged)
            say_who_signed(v, o);
    } else if (!c) {
        v->answer = URNA_INCOMPLETE;
    } else {
        judge_trust(v, o, incomplete);
    }
    if (v->answer == URNA_INCOMPLETE)
        for (size_t i = 0; i < n; i++)
            say(v, "%s: %s", f[i].file, f[i].text);
    static const enum urna_answer need[] = {URNA_COMPUTED, URNA_WITNESSED, URNA_FINAL};
    v->reached = v->answer >= need[v->asked];
    return URNA_OK;
}

/* A folder may be written to while it is read. What was read of one state is a verdict about that state;
 * but bytes that are missing or do not fit together may be of two. */
static bool of_two_states(const struct urna_verdict *v, enum urna_status st)
{
    if (v->follow && urna_follow_changed(v->follow))
        return true;
    return v->record && (st != URNA_OK || v->answer <= URNA_INCOMPLETE) && urna_record_changed(v->record);
}

enum urna_status urna_verify(struct urna_verdict *v, const char *path, const struct urna_verify_options *o, struct urna_error *err)
{
    static const unsigned wait_ms[] = {50, 200, 800, 1600};
    enum { TIMES = sizeof wait_ms / sizeof *wait_ms };
    int64_t start = urna_mono_ms();
    for (size_t i = 0;; i++) {
        struct urna_error why = URNA_ERROR_INIT;
        enum urna_status st = verify_once(v, path, o, &why);
        bool again = of_two_states(v, st);
        v->ms = urna_mono_ms() - start;
        if (st == URNA_OK && !again)
            return URNA_OK;
        urna_verdict_free(v);
        if (!again) {
            if (err)
                *err = why;
            return st;
        }
        if (i == TIMES)
            return urna_fail(err, URNA_SYSTEM,
                             "the record changed while it was read, %d times: let whoever writes to it finish, or read a copy", TIMES + 1);
        urna_sleep_ms(wait_ms[i]);
    }
}

const struct urna_context *urna_verdict_context(const struct urna_verdict *v)
{
    return v->judged ? urna_judge_context(urna_follow_judge(v->follow)) : v->manifest;
}

void urna_verdict_free(struct urna_verdict *v)
{
    urna_context_free(v->manifest);
    urna_follow_free(v->follow);
    urna_traces_free(&v->traces);
    urna_record_free(v->record);
    urna_arena_free(&v->arena);
    memset(v, 0, sizeof *v);
}

int urna_verdict_exit(const struct urna_verdict *v)
{
    if (v->answer == URNA_INCOMPLETE)
        return URNA_INPUT;
    return v->reached ? URNA_OK : URNA_FALSE;
}
