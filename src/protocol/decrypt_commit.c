/* decrypt.commit: nonces are drawn and saved, then their hashes are said. */
#include "protocol/decrypt_internal.h"

#include <string.h>

#include "base/secret.h"

static void session_draw(struct urna_guardian *g, const struct urna_decrypt_session *s)
{
    g->sessions = urna_xrealloc(g->sessions, (size_t)g->n_sessions + 1, sizeof *g->sessions);
    struct guardian_session *n = &g->sessions[g->n_sessions++];
    urna_secret_scalar *u = urna_secret_alloc(sizeof *u);
    size_t fields = session_fields(s);
    memset(n, 0, sizeof *n);
    session_name(n->name, s);
    session_input(n->input, g, s);
    n->stage = SESSION_COMMITTED;
    urna_secret_bytes_new(&n->scalars, fields * g->lq);
    for (size_t f = 0; f < fields; f++) {
        urna_secret_random(g->G, u);
        urna_secret_encode(g->G, n->scalars.p + f * g->lq, u);
    }
    urna_secret_free(u);
}

static void make_commit(const struct urna_guardian *g, const struct urna_decrypt_session *s,
                        const struct partials *p, struct urna_buf *out)
{
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_DECRYPT_COMMIT};
    struct urna_decrypt_commit *c = &b.decrypt_commit;
    size_t at = 0;
    session_fill(&c->s, g, s, &a);
    c->n_d = s->n_groups;
    c->d = URNA_NEW(&a, struct urna_commit_row, c->n_d);
    for (uint32_t i = 0; i < c->n_d; i++) {
        c->d[i].n = s->groups[i].n_fields;
        c->d[i].d = urna_arena_alloc(&a, c->d[i].n, 32);
        for (uint32_t f = 0; f < c->d[i].n; f++, at++)
            session_commit_hash(c->d[i].d[f], g, s, i, f, g->index, &p->M[at], &p->a[at],
                                &p->b[at]);
    }
    urna_body_write(out, &b, g->lp, g->lq);
    urna_arena_free(&a);
}

enum urna_status urna_decrypt_commit(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                     struct urna_buf *body, struct urna_error *err)
{
    struct guardian_session *mine;
    struct partials p = {0};
    bool fresh = false;
    enum urna_status st = session_check(g, s, err);
    if (st == URNA_OK)
        st = session_find(g, s, &mine, err);
    if (st == URNA_OK && mine && mine->stage == SESSION_ANSWERED)
        st = urna_refuse(err, "E17",
                         "this session has been answered; its commitment cannot be made again");
    if (st == URNA_OK && !mine && g->n_sessions >= URNA_SESSIONS_MAX)
        st = urna_refuse(err, "E17", "too many sessions");
    if (st == URNA_OK)
        st = session_countset(g, s->countset, &fresh, err);
    if (st != URNA_OK)
        return st;
    if (!mine) {
        session_draw(g, s);
        mine = &g->sessions[g->n_sessions - 1];
        fresh = true;
    }
    if (fresh && (st = guardian_save(g, err)) != URNA_OK)
        return st;
    partials_make(&p, g, s, mine);
    make_commit(g, s, &p, body);
    partials_free(&p);
    return URNA_OK;
}
