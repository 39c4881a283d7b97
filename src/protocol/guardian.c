#include "protocol/guardian.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "proof/eg_hash.h"
#include "protocol/guardian_internal.h"

#define MAGIC "urna-guardian-1"
#define MAGIC_LEN (sizeof MAGIC - 1)

/* --- one walk for counting, writing and reading --- */

enum mode { COUNT, WRITE, READ };

struct walk {
    enum mode mode;
    uint8_t *p; /* WRITE, READ */
    size_t at, len;
    bool bad;
};

static void take(struct walk *w, void *p, size_t len)
{
    if (w->bad)
        return;
    if (w->mode != COUNT && len > w->len - w->at) {
        w->bad = true;
        return;
    }
    if (w->mode == WRITE && len)
        memcpy(w->p + w->at, p, len);
    if (w->mode == READ && len)
        memcpy(p, w->p + w->at, len);
    w->at += len;
}

static void take_u32(struct walk *w, uint32_t *x)
{
    uint8_t b[4];
    urna_be32(b, *x);
    take(w, b, 4);
    if (w->mode == READ)
        *x = w->bad ? 0 : urna_get_be32(b);
}

static void take_blob(struct walk *w, struct urna_secret_bytes *b)
{
    uint32_t len = (uint32_t)b->len;
    take_u32(w, &len);
    if (w->mode == READ) {
        if (w->bad || len > w->len - w->at) {
            w->bad = true;
            return;
        }
        if (len)
            urna_secret_bytes_new(b, len);
    }
    take(w, b->p, len);
}

/* A fixed text that must be there. */
static void take_text(struct walk *w, const char *s)
{
    uint8_t len = (uint8_t)strlen(s), got = len;
    char text[256];
    memcpy(text, s, len);
    take(w, &got, 1);
    if (got != len)
        w->bad = true;
    take(w, text, len);
    if (memcmp(text, s, len) != 0)
        w->bad = true;
}

static void take_fixed_u32(struct walk *w, uint32_t want)
{
    uint32_t x = want;
    take_u32(w, &x);
    if (x != want)
        w->bad = true;
}

static void take_session(struct walk *w, struct guardian_session *s)
{
    take(w, s->name, 32);
    take(w, s->input, 32);
    take(w, s->commits, 32);
    take(w, &s->stage, 1);
    take_blob(w, &s->scalars);
}

/* Which file this is: told apart from damage, because "the wrong election" is a mistake that people
 * make. */
static void take_identity(struct walk *w, struct urna_guardian *g)
{
    uint8_t phi[32];
    memcpy(phi, g->phi, 32);
    take(w, phi, 32);
    if (memcmp(phi, g->phi, 32) != 0)
        w->bad = true;
    take_text(w, g->m->group);
    take_fixed_u32(w, g->m->n);
    take_fixed_u32(w, g->m->k);
}

static void take_state(struct walk *w, struct urna_guardian *g)
{
    take_u32(w, &g->index);
    if (g->index < 1 || g->index > g->m->n) {
        w->bad = true;
        return;
    }
    take_text(w, g->m->guardians[g->index - 1].id);
    take_u32(w, &g->attempt);
    take(w, &g->stage, 1);
    take(w, &g->has_countset, 1);
    take(w, g->countset, 32);
    take_blob(w, &g->secrets);
    take_blob(w, &g->keys_body);
    take_blob(w, &g->shares_body);
    take_blob(w, &g->complaint_body);
    take(w, g->commits_seen, 32);
    take_blob(w, &g->z);
    take(w, g->h_g, 32);
    take(w, g->h_e, 32);
    take_u32(w, &g->n_sessions);
    if (g->n_sessions > URNA_SESSIONS_MAX) {
        g->n_sessions = 0;
        w->bad = true;
    }
    if (w->mode == READ && g->n_sessions)
        g->sessions = urna_xcalloc(g->n_sessions, sizeof *g->sessions);
    for (uint32_t i = 0; i < g->n_sessions; i++)
        take_session(w, &g->sessions[i]);
}

/* What the later code relies on without looking again. */
static bool state_consistent(const struct urna_guardian *g)
{
    size_t want = g->stage == URNA_GUARDIAN_CEREMONY ? (2 * (size_t)g->m->k + 1) * g->lq : 0;
    size_t z =
        g->stage == URNA_GUARDIAN_CONFIRMED || g->stage == URNA_GUARDIAN_OPEN ? 2 * g->lq : 0;
    if (g->stage > URNA_GUARDIAN_OPEN || g->has_countset > 1 || g->secrets.len != want ||
        g->z.len != z)
        return false;
    if ((g->keys_body.len != 0) != (want != 0) || (g->shares_body.len && !want))
        return false;
    if ((g->complaint_body.len != 0) != (g->stage == URNA_GUARDIAN_COMPLAINED))
        return false;
    for (uint32_t i = 0; i < g->n_sessions; i++) {
        const struct guardian_session *s = &g->sessions[i];
        if (s->stage < SESSION_COMMITTED || s->stage > SESSION_ANSWERED ||
            s->scalars.len % g->lq != 0)
            return false;
    }
    return true;
}

static void pack(struct urna_secret_bytes *s, struct urna_guardian *g)
{
    uint8_t magic[MAGIC_LEN];
    struct walk w = {.mode = COUNT};
    for (int pass = 0; pass < 2; pass++) {
        memcpy(magic, MAGIC, MAGIC_LEN);
        take(&w, magic, MAGIC_LEN);
        take_identity(&w, g);
        take_state(&w, g);
        if (pass == 0) {
            urna_secret_bytes_new(s, w.at);
            w = (struct walk){.mode = WRITE, .p = s->p, .len = s->len};
        }
    }
}

enum urna_status guardian_save(struct urna_guardian *g, struct urna_error *err)
{
    struct urna_secret_bytes s;
    pack(&s, g);
    enum urna_status st = urna_sealer_save(g->sealer, urna_view(s.p, s.len), err);
    urna_secret_bytes_free(&s);
    if (st == URNA_OK)
        return URNA_OK;
    g->broken = true;
    if (err)
        err->status = URNA_SYSTEM; /* whatever the reason: it is not the input's fault */
    return URNA_SYSTEM;
}

enum urna_status guardian_usable(const struct urna_guardian *g, struct urna_error *err)
{
    if (g->broken)
        return urna_fail(err, URNA_SYSTEM,
                         "the guardian's state could not be saved; open its file again");
    return URNA_OK;
}

/* --- create, open, close --- */

static enum urna_status guardian_new(struct urna_guardian **out, const struct urna_manifest *m,
                                     const uint8_t phi[32], struct urna_error *err)
{
    *out = NULL;
    const struct urna_group *G = urna_group_find(m->group, strlen(m->group));
    if (!G)
        return urna_fail(err, URNA_INPUT,
                         "the manifest names a group that this program does not know");
    if (m->k < 1 || m->k > m->n || m->n_guardians != m->n)
        return urna_fail(err, URNA_INPUT, "the manifest's guardians are not as many as it says");
    struct urna_guardian *g = urna_secret_alloc(sizeof *g);
    g->m = m;
    g->G = G;
    g->lp = urna_group_lp(G);
    g->lq = urna_group_lq(G);
    memcpy(g->phi, phi, 32);
    urna_hash_parameters(g->h_p, G, m->n, m->k);
    *out = g;
    return URNA_OK;
}

void urna_guardian_close(struct urna_guardian *g)
{
    if (!g)
        return;
    urna_secret_bytes_free(&g->secrets);
    urna_secret_bytes_free(&g->keys_body);
    urna_secret_bytes_free(&g->shares_body);
    urna_secret_bytes_free(&g->complaint_body);
    urna_secret_bytes_free(&g->z);
    for (uint32_t i = 0; i < g->n_sessions && g->sessions; i++)
        urna_secret_bytes_free(&g->sessions[i].scalars);
    free(g->sessions);
    urna_sealer_free(g->sealer);
    urna_secret_free(g);
}

enum urna_status urna_guardian_create(struct urna_guardian **out, const char *path,
                                      struct urna_view pass, const struct urna_seal_cost *cost,
                                      const struct urna_manifest *m, const uint8_t phi[32],
                                      const char *id, struct urna_error *err)
{
    struct urna_guardian *g;
    enum urna_status st = guardian_new(&g, m, phi, err);
    *out = NULL;
    if (st != URNA_OK)
        return st;
    for (uint32_t i = 0; i < m->n_guardians; i++)
        if (strcmp(m->guardians[i].id, id) == 0)
            g->index = i + 1;
    if (g->index == 0)
        st = urna_fail(err, URNA_INPUT, "the manifest has no guardian of this id");
    if (st == URNA_OK) {
        struct urna_secret_bytes s;
        pack(&s, g);
        st = urna_sealer_create(&g->sealer, path, URNA_SEAL_GUARDIAN, pass, cost,
                                urna_view(s.p, s.len), err);
        urna_secret_bytes_free(&s);
    }
    if (st == URNA_OK)
        *out = g;
    else
        urna_guardian_close(g);
    return st;
}

static enum urna_status guardian_read(struct urna_guardian *g, const struct urna_secret_bytes *s,
                                      const char *path, struct urna_error *err)
{
    struct walk w = {.mode = READ, .p = s->p, .len = s->len};
    uint8_t magic[MAGIC_LEN] = {0};
    take(&w, magic, MAGIC_LEN);
    if (w.bad || memcmp(magic, MAGIC, MAGIC_LEN) != 0) {
        urna_error_where(err, path);
        return urna_fail(err, URNA_INPUT, "the sealed file does not hold a guardian's state");
    }
    take_identity(&w, g);
    if (w.bad) {
        urna_error_where(err, path);
        return urna_fail(err, URNA_INPUT, "this guardian's file belongs to another election");
    }
    g->index = 1; /* so that counting rules hold while the real one is read */
    take_state(&w, g);
    if (w.bad || w.at != w.len || !state_consistent(g)) {
        urna_error_where(err, path);
        return urna_fail(err, URNA_INPUT,
                         "the guardian's state is not one that this program wrote");
    }
    return URNA_OK;
}

enum urna_status urna_guardian_open(struct urna_guardian **out, const char *path,
                                    struct urna_view pass, const struct urna_manifest *m,
                                    const uint8_t phi[32], struct urna_error *err)
{
    struct urna_guardian *g;
    struct urna_secret_bytes s = {0};
    enum urna_status st = guardian_new(&g, m, phi, err);
    *out = NULL;
    if (st != URNA_OK)
        return st;
    st = urna_sealer_open(&g->sealer, &s, path, URNA_SEAL_GUARDIAN, pass, err);
    if (st == URNA_OK)
        st = guardian_read(g, &s, path, err);
    urna_secret_bytes_free(&s);
    if (st == URNA_OK)
        *out = g;
    else
        urna_guardian_close(g);
    return st;
}

const char *urna_guardian_id(const struct urna_guardian *g)
{
    return g->m->guardians[g->index - 1].id;
}

uint32_t urna_guardian_index(const struct urna_guardian *g)
{
    return g->index;
}

enum urna_guardian_stage urna_guardian_stage(const struct urna_guardian *g)
{
    return (enum urna_guardian_stage)g->stage;
}

uint32_t urna_guardian_attempt(const struct urna_guardian *g)
{
    return g->attempt;
}

const uint8_t *urna_guardian_countset(const struct urna_guardian *g)
{
    return g->has_countset ? g->countset : NULL;
}
