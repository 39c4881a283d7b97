/* One guardian's ceremony. What is said next is a function of the sealed state and of the log. */
#include "protocol/ceremony_internal.h"

#include <string.h>

#include "base/secret.h"
#include "model/entry.h"
#include "proof/eg_hash.h"

static const uint8_t zeros[32];

/* --- what the log says --- */

/* Is the entry of guardian i (from 1) really of this guardian and attempt? */
static bool is_of(const struct urna_guardian *g, uint32_t i, const char *as, uint64_t attempt)
{
    return strcmp(as, g->m->guardians[i - 1].id) == 0 && attempt == g->attempt;
}

static enum urna_status check_places(const struct urna_guardian *g, const struct urna_ceremony *c,
                                     struct urna_error *err)
{
    for (uint32_t i = 1; i <= g->m->n; i++) {
        const struct urna_guardian_commit *o = c->commit[i - 1];
        const struct urna_guardian_keys *y = c->keys[i - 1];
        const struct urna_guardian_shares *s = c->shares ? c->shares[i - 1] : NULL;
        if ((o && !is_of(g, i, o->as, o->attempt)) || (y && !is_of(g, i, y->as, y->attempt)) ||
            (s && !is_of(g, i, s->as, s->attempt)))
            return urna_refuse(err, "E14", "%s: an entry of another guardian or attempt",
                               g->m->guardians[i - 1].id);
    }
    return URNA_OK;
}

/* Index of the first missing one of n pointers, 0 if none. */
static uint32_t missing(const void *const *p, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!p[i])
            return i + 1;
    return 0;
}

static void hash_commits(uint8_t out[32], const struct urna_guardian *g,
                         const struct urna_ceremony *c)
{
    struct urna_sha256 h;
    urna_sha256_init(&h);
    for (uint32_t i = 0; i < g->m->n; i++)
        urna_sha256_add(&h, c->commit[i]->hash, 32);
    urna_sha256_end(&h, out);
}

/* Every keys body against its commitment (which is settled since this guardian said its keys, so
 * the keys are too). The body is written again: write(read(x)) = x. */
static enum urna_status check_committed(const struct urna_guardian *g,
                                        const struct urna_ceremony *c, struct urna_error *err)
{
    struct urna_buf body = {0};
    uint8_t commit[32];
    enum urna_status st = URNA_OK;
    for (uint32_t i = 1; i <= g->m->n && st == URNA_OK; i++) {
        const struct urna_guardian_keys *y = c->keys[i - 1];
        /* the writer goes by these counts; a body with others is refused before it is written */
        if (y->n_k != g->m->k || y->n_kh != g->m->k || y->proof.n_v != g->m->k + 1 ||
            y->proofh.n_v != g->m->k + 1) {
            st = urna_refuse(err, "V2", "%s: not k commitments and k + 1 responses", y->as);
            break;
        }
        struct urna_body b = {.kind = URNA_GUARDIAN_KEYS};
        b.guardian_keys = *y;
        urna_buf_reset(&body);
        ceremony_write(g, &body, &b);
        urna_guardian_commit_hash(commit, g->phi, i, urna_buf_view(&body));
        if (memcmp(commit, c->commit[i - 1]->hash, 32) != 0)
            st = urna_refuse(err, "E14", "%s: the keys are not the ones committed to", y->as);
    }
    urna_buf_free(&body);
    return st;
}

/* Seen once, the same for ever: remember ${now} in ${seen}, or compare. */
static enum urna_status same_as_seen(uint8_t seen[32], const uint8_t now[32], bool *fresh,
                                     struct urna_error *err)
{
    *fresh = memcmp(seen, zeros, 32) == 0;
    if (*fresh)
        memcpy(seen, now, 32);
    else if (memcmp(seen, now, 32) != 0)
        return urna_refuse(err, "E14",
                           "%s: shows other entries of this attempt than before (two faces)",
                           "the log");
    return URNA_OK;
}

/* --- the machine --- */

static enum urna_status begin(struct urna_guardian *g, uint32_t attempt, struct urna_error *err)
{
    struct urna_buf b = {0};
    ceremony_forget(g);
    g->attempt = attempt;
    g->stage = URNA_GUARDIAN_CEREMONY;
    ceremony_draw(g);
    ceremony_make_keys(g, &b);
    ceremony_keep(&g->keys_body, &b);
    urna_buf_free(&b);
    return guardian_save(g, err);
}

/* What the log holds in this guardian's name must be what it said. */
static enum urna_status own_entries(const struct urna_guardian *g, const struct urna_ceremony *c,
                                    struct urna_error *err)
{
    uint8_t commit[32];
    uint32_t at = g->index - 1;
    bool same = true;
    struct urna_buf b = {0};
    urna_guardian_commit_hash(commit, g->phi, g->index,
                              urna_view(g->keys_body.p, g->keys_body.len));
    if (c->commit[at])
        same = memcmp(commit, c->commit[at]->hash, 32) == 0;
    const struct urna_guardian_shares *s = c->shares ? c->shares[at] : NULL;
    if (same && s) {
        struct urna_body whole = {.kind = URNA_GUARDIAN_SHARES};
        whole.guardian_shares = *s;
        ceremony_write(g, &b, &whole);
        same = urna_view_eq(urna_buf_view(&b), urna_view(g->shares_body.p, g->shares_body.len));
    }
    urna_buf_free(&b);
    return same ? URNA_OK
                : urna_refuse(err, "E14", "%s: the log holds another entry in this guardian's name",
                              urna_guardian_id(g));
}

static void say(enum urna_kind *kind, struct urna_buf *body, enum urna_kind k,
                const struct urna_secret_bytes *b)
{
    *kind = k;
    urna_buf_add(body, b->p, b->len);
}

/* From accepted keys on: shares, then the conclusion. */
static enum urna_status after_keys(struct urna_guardian *g, const struct urna_ceremony *c,
                                   enum urna_kind *kind, struct urna_buf *body, uint32_t *wait,
                                   struct urna_error *err)
{
    struct joint j = {0};
    uint32_t n = g->m->n;
    enum urna_status st = check_committed(g, c, err);
    if (st != URNA_OK)
        return st;
    bool none = n > 1 && !c->shares;
    bool made = g->shares_body.len != 0;
    if (n > 1 && made && (none || !c->shares[g->index - 1])) {
        say(kind, body, URNA_GUARDIAN_SHARES, &g->shares_body);
        return URNA_OK;
    }
    if (n > 1 && made && (*wait = missing((const void *const *)c->shares, n)) != 0)
        return URNA_OK;
    for (uint32_t i = 1; made && i <= n; i++)
        if (!ceremony_shares_shape(g, i, c->shares[i - 1]))
            return urna_refuse(err, "E14", "%s: not one share for every other guardian",
                               c->shares[i - 1]->as);
    st = joint_read(&j, g->G, n, g->m->k, g->h_p, c->keys, err);
    if (st != URNA_OK)
        return st;
    if (n > 1 && !made) {
        struct urna_buf b = {0};
        ceremony_make_shares(g, &j, &b);
        ceremony_keep(&g->shares_body, &b);
        urna_buf_free(&b);
        st = guardian_save(g, err);
        if (st == URNA_OK)
            say(kind, body, URNA_GUARDIAN_SHARES, &g->shares_body);
    } else {
        st = ceremony_conclude(g, &j, c, err);
        if (st == URNA_OK && g->stage == URNA_GUARDIAN_COMPLAINED) {
            say(kind, body, URNA_GUARDIAN_COMPLAINT, &g->complaint_body);
        } else if (st == URNA_OK) {
            *kind = URNA_GUARDIAN_CONFIRM;
            ceremony_make_confirm(g, body);
        }
    }
    joint_free(&j);
    return st;
}

static enum urna_status in_ceremony(struct urna_guardian *g, const struct urna_ceremony *c,
                                    enum urna_kind *kind, struct urna_buf *body, uint32_t *wait,
                                    struct urna_error *err)
{
    uint32_t n = g->m->n;
    uint8_t seen[32];
    bool fresh = false;
    enum urna_status st = check_places(g, c, err);
    if (st == URNA_OK)
        st = own_entries(g, c, err);
    if (st != URNA_OK)
        return st;
    if (!c->commit[g->index - 1]) {
        *kind = URNA_GUARDIAN_COMMIT;
        ceremony_make_commit(g, body);
        return URNA_OK;
    }
    if ((*wait = missing((const void *const *)c->commit, n)) != 0)
        return URNA_OK;
    hash_commits(seen, g, c);
    st = same_as_seen(g->commits_seen, seen, &fresh, err);
    if (st == URNA_OK && fresh)
        st = guardian_save(g, err);
    if (st != URNA_OK)
        return st;
    if (!c->keys[g->index - 1]) {
        say(kind, body, URNA_GUARDIAN_KEYS, &g->keys_body);
        return URNA_OK;
    }
    if ((*wait = missing((const void *const *)c->keys, n)) != 0)
        return URNA_OK;
    return after_keys(g, c, kind, body, wait, err);
}

static enum urna_status said_all(struct urna_guardian *g, const struct urna_ceremony *c,
                                 enum urna_kind *kind, struct urna_buf *body, uint32_t *wait,
                                 struct urna_error *err)
{
    const struct urna_guardian_confirm *own = c->confirm ? c->confirm[g->index - 1] : NULL;
    if (!own) {
        *kind = URNA_GUARDIAN_CONFIRM;
        ceremony_make_confirm(g, body);
        return URNA_OK;
    }
    if (!is_of(g, g->index, own->as, own->attempt) || memcmp(own->hg, g->h_g, 32) != 0 ||
        memcmp(own->he, g->h_e, 32) != 0)
        return urna_refuse(err, "E14",
                           "%s: the log holds another confirmation in this guardian's name",
                           urna_guardian_id(g));
    *wait = missing((const void *const *)c->confirm, g->m->n);
    return URNA_OK;
}

enum urna_status urna_ceremony_next(struct urna_guardian *g, const struct urna_ceremony *c,
                                    enum urna_kind *kind, struct urna_buf *body,
                                    uint32_t *waiting_for, struct urna_error *err)
{
    uint32_t wait = 0;
    *kind = URNA_KIND_UNKNOWN;
    if (waiting_for)
        *waiting_for = 0;
    enum urna_status st = guardian_usable(g, err);
    if (st != URNA_OK)
        return st;
    if (c->attempt < 1 || !c->commit || !c->keys)
        return urna_fail(err, URNA_INPUT, "not the state of a ceremony");
    if (g->stage == URNA_GUARDIAN_OPEN)
        return c->attempt == g->attempt
                   ? URNA_OK
                   : urna_fail(err, URNA_FALSE, "voting is open: the ceremony is over for ever");
    if (c->attempt < g->attempt)
        return urna_fail(err, URNA_FALSE, "attempt %u is over; this guardian is in attempt %u",
                         c->attempt, g->attempt);
    if (c->attempt > g->attempt || g->stage == URNA_GUARDIAN_NEW)
        st = begin(g, c->attempt, err);
    if (st != URNA_OK)
        return st;
    if (g->stage == URNA_GUARDIAN_COMPLAINED)
        say(kind, body, URNA_GUARDIAN_COMPLAINT, &g->complaint_body);
    else if (g->stage == URNA_GUARDIAN_CONFIRMED)
        st = said_all(g, c, kind, body, &wait, err);
    else
        st = in_ceremony(g, c, kind, body, &wait, err);
    if (waiting_for)
        *waiting_for = wait;
    return st;
}

enum urna_status urna_ceremony_complain(struct urna_guardian *g, uint32_t attempt, uint32_t against,
                                        struct urna_buf *body, struct urna_error *err)
{
    enum urna_status st = guardian_usable(g, err);
    if (st != URNA_OK)
        return st;
    if (attempt < 1 || against < 1 || against > g->m->n || against == g->index)
        return urna_fail(err, URNA_INPUT,
                         "a complaint is against another guardian, in an attempt from 1 on");
    if (g->stage == URNA_GUARDIAN_OPEN)
        return urna_fail(err, URNA_FALSE, "voting is open: the ceremony is over for ever");
    if (attempt < g->attempt)
        return urna_fail(err, URNA_FALSE, "attempt %u is over; this guardian is in attempt %u",
                         attempt, g->attempt);
    if (attempt > g->attempt || g->stage != URNA_GUARDIAN_COMPLAINED) {
        g->attempt = attempt;
        st = ceremony_end_attempt(g, against, NULL, err);
    }
    if (st == URNA_OK)
        urna_buf_add(body, g->complaint_body.p, g->complaint_body.len);
    return st;
}

enum urna_status urna_ceremony_opened(struct urna_guardian *g, const struct urna_open *o,
                                      struct urna_error *err)
{
    enum urna_status st = guardian_usable(g, err);
    if (st != URNA_OK)
        return st;
    bool confirmed = g->stage == URNA_GUARDIAN_CONFIRMED || g->stage == URNA_GUARDIAN_OPEN;
    if (!confirmed || o->attempt != g->attempt || memcmp(o->hg, g->h_g, 32) != 0 ||
        memcmp(o->he, g->h_e, 32) != 0)
        return urna_refuse(err, "E15",
                           "%s: `open` does not name the keys that this guardian confirmed",
                           urna_guardian_id(g));
    if (g->stage == URNA_GUARDIAN_OPEN)
        return URNA_OK;
    g->stage = URNA_GUARDIAN_OPEN;
    return guardian_save(g, err);
}
