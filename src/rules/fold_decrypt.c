/* E17, V9, V10: sessions of decryption and tallies (election.md section 6, protocol.md section 12). */
#include <stdlib.h>
#include <string.h>

#include "proof/check.h"
#include "rules/judge_internal.h"

/* --- sessions ----------------------------------------------------------------------------------------- */

static const struct urna_session *session_of(const struct urna_body *b)
{
    if (b->kind == URNA_DECRYPT_COMMIT)
        return &b->decrypt_commit.s;
    if (b->kind == URNA_DECRYPT_REVEAL)
        return &b->decrypt_reveal.s;
    return &b->decrypt_respond.s;
}

static bool session_lawful(const struct urna_judge *J, const struct urna_session *s, uint32_t i, uint32_t *at, struct urna_ruling *r)
{
    const struct urna_manifest *m = &J->P->m;
    if (memcmp(s->countset, J->countset_hash, 32) != 0)
        return urna_rule(r, "E10", "the count set named is not the accepted one");
    if (s->n_present < m->k)
        return urna_rule(r, "E17", "%u guardians are present, k = %u are needed", s->n_present, m->k);
    *at = UINT32_MAX;
    for (uint32_t x = 0; x < s->n_present; x++) {
        if (s->present[x] < 1 || s->present[x] > m->n)
            return urna_rule(r, "E17", "guardian %u does not exist", s->present[x]);
        if (s->present[x] == i)
            *at = x;
    }
    if (*at == UINT32_MAX)
        return urna_rule(r, "E17", "guardian %u is not among those present", i);
    if (s->block < 1 || s->block > urna_judge_blocks(J))
        return urna_rule(r, "E17", "block %llu does not exist", (unsigned long long)s->block);
    return true;
}

static struct urna_hashes session_ids(const struct urna_judge *J)
{
    return (struct urna_hashes){J->sessions ? J->sessions->id : NULL, sizeof *J->sessions};
}

static void session_id(uint8_t out[32], const struct urna_session *s)
{
    struct urna_sha256 h;
    uint8_t number[8];
    urna_sha256_init(&h);
    urna_be64(number, s->attempt);
    urna_sha256_add(&h, number, 8);
    urna_be64(number, s->block);
    urna_sha256_add(&h, number, 8);
    for (uint32_t x = 0; x < s->n_present; x++) {
        urna_be32(number, s->present[x]);
        urna_sha256_add(&h, number, 4);
    }
    urna_sha256_end(&h, out);
}

static struct urna_session_state *find_session(struct urna_judge *J, const struct urna_session *s)
{
    uint8_t id[32];
    uint32_t at;
    session_id(id, s);
    return urna_index_find(&J->session_index, session_ids(J), id, &at) ? &J->sessions[at] : NULL;
}

static struct urna_session_state *new_session(struct urna_judge *J, const struct urna_session *s)
{
    if (J->n_sessions == J->cap_sessions) {
        J->cap_sessions = J->cap_sessions ? 2 * J->cap_sessions : 8;
        J->sessions = urna_xrealloc(J->sessions, J->cap_sessions, sizeof *J->sessions);
    }
    struct urna_session_state *t = &J->sessions[J->n_sessions];
    *t = (struct urna_session_state){.n_present = s->n_present, .attempt = s->attempt, .block = s->block};
    session_id(t->id, s);
    urna_index_add(&J->session_index, session_ids(J), J->n_sessions++);
    t->present = urna_arena_copy(&J->arena, s->present, s->n_present * sizeof *s->present);
    t->commit = URNA_NEW(&J->arena, const struct urna_decrypt_commit *, s->n_present);
    t->reveal = URNA_NEW(&J->arena, const struct urna_decrypt_reveal *, s->n_present);
    t->respond = URNA_NEW(&J->arena, const struct urna_decrypt_respond *, s->n_present);
    return t;
}

/* The groups of block j: first and number. */
static uint32_t block_groups(const struct urna_judge *J, uint64_t block, size_t *first)
{
    *first = (size_t)(block - 1) * J->P->m.block;
    size_t rest = J->n_groups - *first;
    return (uint32_t)(rest < J->P->m.block ? rest : J->P->m.block);
}

static bool shape(struct urna_ruling *r, bool good)
{
    return good || urna_rule(r, "E17", "an array per group of the block and an element per field are required");
}

static bool fold_commit(struct urna_judge *J, const struct urna_entry *e, const struct urna_decrypt_commit *v, uint32_t at, struct urna_ruling *r)
{
    size_t first;
    uint32_t n = block_groups(J, v->s.block, &first);
    bool good = v->n_d == n;
    for (uint32_t g = 0; good && g < n; g++)
        good = v->d[g].n == J->groups[first + g].n_fields;
    if (!shape(r, good))
        return false;
    struct urna_session_state *t = find_session(J, &v->s);
    if (t && t->commit[at])
        return urna_rule(r, "E17", "%s has committed already in this session", v->s.as);
    if (!t)
        t = new_session(J, &v->s);
    t->commit[at] = &urna_judge_keep(J, e)->decrypt_commit;
    t->n_commits++;
    return true;
}

static bool decode3(const struct urna_group *G, const struct urna_decrypt_share *s, urna_element *M, urna_element *a, urna_element *b)
{
    return urna_element_decode(G, M, s->m) && urna_element_decode(G, a, s->a) && urna_element_decode(G, b, s->b);
}

static bool fold_reveal(struct urna_judge *J, const struct urna_entry *e, const struct urna_decrypt_reveal *v, uint32_t i, uint32_t at,
                        struct urna_ruling *r)
{
    const struct urna_context *P = J->P;
    size_t first;
    uint32_t n = block_groups(J, v->s.block, &first);
    struct urna_session_state *t = find_session(J, &v->s);
    if (!t || t->n_commits < t->n_present)
        return urna_rule(r, "E17", "not all commitments of this session are in");
    if (t->reveal[at])
        return urna_rule(r, "E17", "%s has revealed already in this session", v->s.as);
    bool good = v->n_shares == n;
    for (uint32_t g = 0; good && g < n; g++)
        good = v->shares[g].n == J->groups[first + g].n_fields;
    if (!shape(r, good))
        return false;
    for (uint32_t g = 0; g < n; g++) {
        const struct urna_tally_group *tg = &J->groups[first + g];
        for (uint32_t f = 0; f < tg->n_fields; f++) {
            urna_element M, a, b;
            uint8_t d[32];
            if (!decode3(P->G, &v->shares[g].v[f], &M, &a, &b))
                return urna_rule(r, "E12", "a share is no element");
            urna_hash_decrypt_commit(d, P->G, P->h_e, tg->contest, f + 1, i, &tg->A[f], &tg->B[f], &a, &b, &M, t->present, t->n_present);
            if (memcmp(d, t->commit[at]->d[g].d[f], 32) != 0)
                return urna_rule(r, "E17", "the shares of %s are not those that it committed to", v->s.as);
        }
    }
    t->reveal[at] = &urna_judge_keep(J, e)->decrypt_reveal;
    t->n_reveals++;
    return true;
}

/* (94), (95) for one field. w: the coefficients of those present. */
static bool answer_holds(struct urna_judge *J, const struct urna_session_state *t, const struct urna_tally_group *tg, uint32_t g, uint32_t f,
                         uint32_t at, const urna_scalar *w, const uint8_t *response)
{
    const struct urna_context *P = J->P;
    urna_element a, b, M, *Mi = urna_xcalloc(t->n_present, sizeof *Mi), own_a, own_b;
    urna_scalar c, c_i, v;
    urna_element_identity(P->G, &a);
    urna_element_identity(P->G, &b);
    urna_element_identity(P->G, &own_a);
    urna_element_identity(P->G, &own_b);
    bool ok = urna_scalar_decode(P->G, &v, response);
    for (uint32_t x = 0; ok && x < t->n_present; x++) {
        urna_element ax, bx;
        ok = decode3(P->G, &t->reveal[x]->shares[g].v[f], &Mi[x], &ax, &bx);
        urna_element_mul(P->G, &a, &a, &ax);
        urna_element_mul(P->G, &b, &b, &bx);
        if (x == at) {
            own_a = ax;
            own_b = bx;
        }
    }
    if (ok) {
        urna_multi_exp_vartime(P->G, &M, Mi, w, t->n_present);
        urna_hash_decrypt_challenge(P->G, &c, P->h_e, tg->contest, f + 1, &tg->A[f], &tg->B[f], &a, &b, &M);
        urna_scalar_mul(P->G, &c_i, &c, &w[at]);
        J->checks.partial_proofs++;
        ok = urna_partial_check(P->G, &J->share_key[t->present[at] - 1], &tg->A[f], &Mi[at], &own_a, &own_b, &c_i, &v);
    }
    free(Mi);
    return ok;
}

static bool fold_respond(struct urna_judge *J, const struct urna_entry *e, const struct urna_decrypt_respond *v, uint32_t at, struct urna_ruling *r)
{
    size_t first;
    uint32_t n = block_groups(J, v->s.block, &first);
    struct urna_session_state *t = find_session(J, &v->s);
    if (!t || t->n_reveals < t->n_present)
        return urna_rule(r, "E17", "not all shares of this session are in");
    if (t->respond[at])
        return urna_rule(r, "E17", "%s has answered already in this session", v->s.as);
    bool good = v->n_v == n;
    for (uint32_t g = 0; good && g < n; g++)
        good = v->v[g].n == J->groups[first + g].n_fields;
    if (!shape(r, good))
        return false;
    urna_scalar *w = urna_xcalloc(t->n_present, sizeof *w);
    for (uint32_t x = 0; x < t->n_present; x++)
        urna_lagrange(J->P->G, &w[x], t->present[x], t->present, t->n_present);
    for (uint32_t g = 0; good && g < n; g++)
        for (uint32_t f = 0; good && f < J->groups[first + g].n_fields; f++)
            if (!answer_holds(J, t, &J->groups[first + g], g, f, at, w, v->v[g].v[f])) {
                urna_judge_finding(J, (int64_t)e->index, false,
                                   urna_judge_text(J, "guardian %s: its share or answer for group %zu, option %u is wrong", v->s.as, first + g + 1, f + 1));
                good = urna_rule(r, "E17", "group %zu, option %u: equations (94), (95) do not hold", first + g + 1, f + 1);
            }
    free(w);
    if (!good)
        return false;
    t->respond[at] = &urna_judge_keep(J, e)->decrypt_respond;
    t->n_responds++;
    return true;
}

bool urna_fold_decrypt(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r)
{
    const struct urna_body *b = urna_judge_read(J, e);
    uint32_t i = (uint32_t)urna_context_guardian(J->P, e->sigs[0].by) + 1, at = 0;
    if (!session_lawful(J, session_of(b), i, &at, r))
        return false;
    if (e->kind == URNA_DECRYPT_COMMIT)
        return fold_commit(J, e, &b->decrypt_commit, at, r);
    if (e->kind == URNA_DECRYPT_REVEAL)
        return fold_reveal(J, e, &b->decrypt_reveal, i, at, r);
    return fold_respond(J, e, &b->decrypt_respond, at, r);
}

/* --- tallies ------------------------------------------------------------------------------------------ */

bool urna_fold_tally(struct urna_judge *J, const struct urna_entry *e, struct urna_ruling *r)
{
    const struct urna_context *P = J->P;
    const struct urna_tally *v = &urna_judge_read(J, e)->tally;
    if (memcmp(v->countset, J->countset_hash, 32) != 0)
        return urna_rule(r, "E10", "the count set named is not the accepted one");
    if (v->group < 1 || v->group > J->n_groups)
        return urna_rule(r, "E17", "group %u does not exist", v->group);
    struct urna_tally_group *t = &J->groups[v->group - 1];
    if (t->contest != v->contest)
        return urna_rule(r, "E17", "group %u is of contest %u", v->group, t->contest);
    uint64_t bound = t->n * P->m.contests[t->contest - 1].option_limit;
    for (uint32_t f = 0; f < v->n_fields; f++) {
        uint8_t A[URNA_LP_MAX], B[URNA_LP_MAX];
        urna_element_encode(P->G, A, &t->A[f]);
        urna_element_encode(P->G, B, &t->B[f]);
        if (memcmp(A, v->fields[f].a, P->lp) != 0 || memcmp(B, v->fields[f].b, P->lp) != 0)
            return urna_rule(r, "E17", "option %u: A, B are not the sums of group %u (V9)", f + 1, v->group);
    }
    for (uint32_t f = 0; f < v->n_fields; f++)
        if (v->fields[f].t > bound)
            return urna_rule(r, "V10", "option %u: more votes than the group can have", f + 1);
    if (!t->done) {
        for (uint32_t f = 0; f < v->n_fields; f++)
            t->t[f] = v->fields[f].t;
        t->done = true;
        J->n_done++;
        urna_make_result(J);
    }
    return true;
}
