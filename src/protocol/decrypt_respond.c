/* decrypt.respond: all values are in the log and fit their commitments, so the one answer is
 * given, and the nonces are gone with it. */
#include "protocol/decrypt_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "proof/eg_hash.h"

/* All reveals decoded: present[j]'s field f at [j * n + f]. */
struct revealed {
    size_t n;
    urna_element *M, *a, *b;
};

static void revealed_free(struct revealed *r)
{
    free(r->M);
    free(r->a);
    free(r->b);
}

static enum urna_status revealed_read(struct revealed *r, const struct urna_guardian *g,
                                      const struct urna_decrypt_session *s,
                                      const struct urna_decrypt_reveal *const *others,
                                      struct urna_error *err)
{
    r->n = session_fields(s);
    r->M = urna_xcalloc(r->n * s->n_present, sizeof *r->M);
    r->a = urna_xcalloc(r->n * s->n_present, sizeof *r->a);
    r->b = urna_xcalloc(r->n * s->n_present, sizeof *r->b);
    size_t at = 0;
    for (uint32_t j = 0; j < s->n_present; j++) {
        const struct urna_decrypt_reveal *o = others[j];
        if (!o)
            return urna_refuse(err, "E17", "not all shares of the session are there");
        if (!session_is(g, s, s->present[j], &o->s) || o->n_shares != s->n_groups)
            return urna_refuse(err, "E17", "a share is of another session or shape");
        for (uint32_t i = 0; i < s->n_groups; i++) {
            if (o->shares[i].n != s->groups[i].n_fields)
                return urna_refuse(err, "E17", "a share is of another session or shape");
            for (uint32_t f = 0; f < s->groups[i].n_fields; f++, at++) {
                const struct urna_decrypt_share *x = &o->shares[i].v[f];
                if (!urna_element_decode(g->G, &r->M[at], x->m) ||
                    !urna_element_decode(g->G, &r->a[at], x->a) ||
                    !urna_element_decode(g->G, &r->b[at], x->b))
                    return urna_refuse(err, "E12", "a share is not an element of the group");
            }
        }
    }
    return URNA_OK;
}

/* The commitments that these reveals open, hashed as check_commits hashed the ones of the log. */
static void hash_reveals(uint8_t out[32], const struct urna_guardian *g,
                         const struct urna_decrypt_session *s, const struct revealed *r)
{
    struct urna_sha256 h;
    size_t at = 0;
    urna_sha256_init(&h);
    for (uint32_t j = 0; j < s->n_present; j++)
        for (uint32_t i = 0; i < s->n_groups; i++)
            for (uint32_t f = 0; f < s->groups[i].n_fields; f++, at++) {
                uint8_t d[32];
                session_commit_hash(d, g, s, i, f, s->present[j], &r->M[at], &r->a[at], &r->b[at]);
                urna_sha256_add(&h, d, 32);
            }
    urna_sha256_end(&h, out);
}

/* c of one field from everybody's values: made here, never taken from anybody. */
static void challenge(urna_scalar *c, const struct urna_guardian *g,
                      const struct urna_decrypt_session *s, uint32_t group, uint32_t field,
                      size_t at, const struct revealed *r, const urna_scalar *w)
{
    const struct urna_sum_group *x = &s->groups[group];
    urna_element M, a, b, *Ms = urna_xcalloc(s->n_present, sizeof *Ms);
    urna_element_identity(g->G, &a);
    urna_element_identity(g->G, &b);
    for (uint32_t j = 0; j < s->n_present; j++) {
        Ms[j] = r->M[j * r->n + at];
        urna_element_mul(g->G, &a, &a, &r->a[j * r->n + at]);
        urna_element_mul(g->G, &b, &b, &r->b[j * r->n + at]);
    }
    urna_multi_exp_vartime(g->G, &M, Ms, w, s->n_present);
    urna_hash_decrypt_challenge(g->G, c, g->h_e, x->contest, field + 1, &x->A[field], &x->B[field],
                                &a, &b, &M);
    free(Ms);
}

/* v = u - c w z of every field, as public bytes. */
static void answer(struct urna_secret_bytes *out, const struct urna_guardian *g,
                   const struct urna_decrypt_session *s, const struct guardian_session *mine,
                   const struct revealed *r)
{
    urna_scalar *w = urna_xcalloc(s->n_present, sizeof *w), own = {{0}}, c, pub;
    urna_secret_scalar *x = urna_secret_alloc(3 * sizeof *x);
    size_t at = 0;
    for (uint32_t j = 0; j < s->n_present; j++) {
        urna_lagrange(g->G, &w[j], s->present[j], s->present, s->n_present);
        if (s->present[j] == g->index)
            own = w[j];
    }
    session_scalar(g, &x[0], g->z.p);
    urna_secret_bytes_new(out, r->n * g->lq);
    for (uint32_t i = 0; i < s->n_groups; i++)
        for (uint32_t f = 0; f < s->groups[i].n_fields; f++, at++) {
            challenge(&c, g, s, i, f, at, r, w);
            urna_scalar_mul(g->G, &c, &c, &own);
            urna_secret_from_public(&x[1], &c);
            urna_secret_mul(g->G, &x[1], &x[1], &x[0]);
            session_scalar(g, &x[2], mine->scalars.p + at * g->lq);
            urna_secret_sub(g->G, &x[2], &x[2], &x[1]);
            urna_secret_declassify(&pub, &x[2]);
            urna_scalar_encode(g->G, out->p + at * g->lq, &pub);
        }
    urna_secret_free(x);
    free(w);
}

static void make_respond(const struct urna_guardian *g, const struct urna_decrypt_session *s,
                         const struct guardian_session *mine, struct urna_buf *out)
{
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_DECRYPT_RESPOND};
    struct urna_decrypt_respond *r = &b.decrypt_respond;
    size_t at = 0;
    session_fill(&r->s, g, s, &a);
    r->n_v = s->n_groups;
    r->v = URNA_NEW(&a, struct urna_respond_row, r->n_v);
    for (uint32_t i = 0; i < r->n_v; i++) {
        r->v[i].n = s->groups[i].n_fields;
        r->v[i].v = URNA_NEW(&a, const uint8_t *, r->v[i].n);
        for (uint32_t f = 0; f < r->v[i].n; f++, at++)
            r->v[i].v[f] = mine->scalars.p + at * g->lq;
    }
    urna_body_write(out, &b, g->lp, g->lq);
    urna_arena_free(&a);
}

/* Own values among the reveals are compared too: they stand in the hash of commitments, and the own
 * commitment was compared. */
static enum urna_status answer_once(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                    struct guardian_session *mine, const struct revealed *r,
                                    struct urna_error *err)
{
    struct urna_secret_bytes v;
    uint8_t all[32];
    hash_reveals(all, g, s, r);
    if (memcmp(all, mine->commits, 32) != 0)
        return urna_refuse(err, "E17", "a share does not match its commitment");
    if (mine->stage == SESSION_ANSWERED)
        return URNA_OK;
    answer(&v, g, s, mine, r);
    urna_secret_bytes_free(&mine->scalars); /* the nonces */
    mine->scalars = v;
    mine->stage = SESSION_ANSWERED;
    return guardian_save(g, err);
}

enum urna_status urna_decrypt_respond(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                      const struct urna_decrypt_reveal *const *others,
                                      struct urna_buf *body, struct urna_error *err)
{
    struct guardian_session *mine;
    struct revealed r = {0};
    enum urna_status st = session_under_way(g, s, true, &mine, err);
    if (st == URNA_OK && mine->stage == SESSION_COMMITTED)
        st = urna_refuse(err, "E17", "this guardian has not revealed its shares of this session");
    if (st != URNA_OK)
        return st;
    st = revealed_read(&r, g, s, others, err);
    if (st == URNA_OK)
        st = answer_once(g, s, mine, &r, err);
    if (st == URNA_OK)
        make_respond(g, s, mine, body);
    revealed_free(&r);
    return st;
}
