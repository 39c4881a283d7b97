/* decrypt.reveal: all commitments are in the log, so the values behind them are said. */
#include "protocol/decrypt_internal.h"

#include <string.h>

#include "protocol/put.h"

static enum urna_status check_commits(const struct urna_guardian *g,
                                      const struct urna_decrypt_session *s,
                                      const struct urna_decrypt_commit *const *others,
                                      struct urna_error *err)
{
    for (uint32_t j = 0; j < s->n_present; j++) {
        const struct urna_decrypt_commit *o = others[j];
        if (!o)
            return urna_refuse(err, "E17", "not all commitments of the session are there");
        bool ok = session_is(g, s, s->present[j], &o->s) && o->n_d == s->n_groups;
        for (uint32_t i = 0; ok && i < s->n_groups; i++)
            ok = o->d[i].n == s->groups[i].n_fields;
        if (!ok)
            return urna_refuse(err, "E17", "a commitment is of another session or shape");
    }
    return URNA_OK;
}

/* All d of the session in order; ${mine} is checked against this guardian's own values. */
static bool hash_commits(uint8_t out[32], const struct urna_guardian *g,
                         const struct urna_decrypt_session *s,
                         const struct urna_decrypt_commit *const *others, const struct partials *p)
{
    struct urna_sha256 h;
    bool own = true;
    urna_sha256_init(&h);
    for (uint32_t j = 0; j < s->n_present; j++) {
        size_t at = 0;
        for (uint32_t i = 0; i < s->n_groups; i++)
            for (uint32_t f = 0; f < s->groups[i].n_fields; f++, at++) {
                uint8_t d[32];
                urna_sha256_add(&h, others[j]->d[i].d[f], 32);
                if (s->present[j] != g->index)
                    continue;
                session_commit_hash(d, g, s, i, f, g->index, &p->M[at], &p->a[at], &p->b[at]);
                own = own && memcmp(d, others[j]->d[i].d[f], 32) == 0;
            }
    }
    urna_sha256_end(&h, out);
    return own;
}

static void make_reveal(const struct urna_guardian *g, const struct urna_decrypt_session *s,
                        const struct partials *p, struct urna_buf *out)
{
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_DECRYPT_REVEAL};
    struct urna_decrypt_reveal *r = &b.decrypt_reveal;
    size_t at = 0;
    session_fill(&r->s, g, s, &a);
    r->n_shares = s->n_groups;
    r->shares = URNA_NEW(&a, struct urna_share_row, r->n_shares);
    for (uint32_t i = 0; i < r->n_shares; i++) {
        r->shares[i].n = s->groups[i].n_fields;
        r->shares[i].v = URNA_NEW(&a, struct urna_decrypt_share, r->shares[i].n);
        for (uint32_t f = 0; f < r->shares[i].n; f++, at++) {
            r->shares[i].v[f].m = urna_put_element(g->G, &a, &p->M[at]);
            r->shares[i].v[f].a = urna_put_element(g->G, &a, &p->a[at]);
            r->shares[i].v[f].b = urna_put_element(g->G, &a, &p->b[at]);
        }
    }
    urna_body_write(out, &b, g->lp, g->lq);
    urna_arena_free(&a);
}

enum urna_status urna_decrypt_reveal(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                     const struct urna_decrypt_commit *const *others,
                                     struct urna_buf *body, struct urna_error *err)
{
    struct guardian_session *mine;
    struct partials p = {0};
    uint8_t all[32];
    enum urna_status st = session_under_way(g, s, false, &mine, err);
    if (st == URNA_OK)
        st = check_commits(g, s, others, err);
    if (st != URNA_OK)
        return st;
    partials_make(&p, g, s, mine);
    if (!hash_commits(all, g, s, others, &p)) {
        st = urna_refuse(err, "E17", "the log holds another commitment in this guardian's name");
    } else if (mine->stage == SESSION_REVEALED) {
        if (memcmp(mine->commits, all, 32) != 0)
            st = urna_refuse(
                err, "E17",
                "the log shows other commitments of this session than before (two faces)");
    } else {
        memcpy(mine->commits, all, 32);
        mine->stage = SESSION_REVEALED;
        st = guardian_save(g, err);
    }
    if (st == URNA_OK)
        make_reveal(g, s, &p, body);
    partials_free(&p);
    return st;
}
