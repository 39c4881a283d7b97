/* Phase 1 of ballots, challenges and tallies: verifications 6', 6, 7, 8, 10, 11, 13, 14 (protocol.md section 15). */
#include <string.h>

#include "proof/check.h"
#include "proof/credential.h"
#include "rules/alone.h"

/* --- ballots --------------------------------------------------------------------------------------- */

struct decoded_range {
    urna_scalar *c, *v;
    uint32_t n_c, n_v;
};
struct decoded_field {
    urna_element alpha, beta;
    struct decoded_range proof;
};
struct decoded_contest {
    struct decoded_field *field;
    uint32_t n;
    struct decoded_range limit;
};

static bool decode_range(struct urna_alone_job *j, struct decoded_range *out, const struct urna_range *in)
{
    out->n_c = in->n_c;
    out->n_v = in->n_v;
    return urna_alone_scalars(j, &out->c, in->c, in->n_c) && urna_alone_scalars(j, &out->v, in->v, in->n_v);
}

/* tested: each element for itself, here; otherwise with the proofs, before anything else is done with it. */
static bool decode_element(struct urna_alone_job *j, bool tested, urna_element *out, const uint8_t *bytes)
{
    urna_candidate x;
    if (tested)
        return urna_alone_element(j, out, bytes);
    j->n->memberships++;
    bool ok = urna_candidate_decode(j->P->G, &x, bytes);
    *out = x.x;
    return ok;
}

static bool decode_ballot(struct urna_alone_job *j, bool tested, struct decoded_contest **out)
{
    const struct urna_ballot *b = &j->b->ballot;
    *out = URNA_NEW(j->a, struct decoded_contest, b->n_contests);
    for (uint32_t i = 0; i < b->n_contests; i++) {
        const struct urna_ballot_contest *c = &b->contests[i];
        struct decoded_contest *d = &(*out)[i];
        d->n = c->n_fields;
        d->field = URNA_NEW(j->a, struct decoded_field, c->n_fields);
        for (uint32_t f = 0; f < c->n_fields; f++)
            if (!decode_element(j, tested, &d->field[f].alpha, c->fields[f].a) ||
                !decode_element(j, tested, &d->field[f].beta, c->fields[f].b) ||
                !decode_range(j, &d->field[f].proof, &c->fields[f].proof))
                return false;
        if (!decode_range(j, &d->limit, &c->limit))
            return false;
    }
    return true;
}

/* 6': the contests of the style, each once, in order, each with the manifest's fields. */
static bool check_shape(struct urna_alone_job *j, const struct urna_style *style)
{
    const struct urna_ballot *b = &j->b->ballot;
    struct urna_ruling *why = &j->out->why;
    if (b->n_contests != style->n_contests)
        return urna_rule(why, "V6'", "the ballot has %u contests, its style has %u", b->n_contests, style->n_contests);
    for (uint32_t i = 0; i < b->n_contests; i++) {
        if (b->contests[i].i != style->contests[i])
            return urna_rule(why, "V6'", "contest %u stands where the style has contest %u", b->contests[i].i, style->contests[i]);
        uint32_t fields = j->P->m.contests[style->contests[i] - 1].n_options;
        if (b->contests[i].n_fields != fields)
            return urna_rule(why, "V6'", "contest %u has %u fields instead of %u", b->contests[i].i, b->contests[i].n_fields, fields);
    }
    return true;
}

/* 6.E, 7.E: exactly bound + 1 pairs, the bound from the manifest (T5, T6). */
static bool check_pairs(struct urna_alone_job *j, const struct decoded_range *d, uint32_t bound, const char *rule, uint32_t contest)
{
    uint64_t pairs = (uint64_t)bound + 1; /* the largest bound has one more pair than 32 bits can say */
    if (d->n_c != pairs || d->n_v != pairs)
        return urna_rule(&j->out->why, rule, "contest %u: a proof has %u and %u values instead of %llu", contest, d->n_c, d->n_v,
                         (unsigned long long)pairs);
    return true;
}

static bool check_proofs(struct urna_alone_job *j, const uint8_t h_i[32], const struct decoded_contest *d)
{
    const struct urna_context *P = j->P;
    const struct urna_ballot *b = &j->b->ballot;
    uint32_t total = 0;
    for (uint32_t i = 0; i < b->n_contests; i++) {
        const struct urna_contest *c = &P->m.contests[b->contests[i].i - 1];
        for (uint32_t f = 0; f < d[i].n; f++)
            if (!check_pairs(j, &d[i].field[f].proof, c->option_limit, "V6.E", b->contests[i].i))
                return false;
        total += d[i].n + 1;
    }
    /* All selections first, then all limits: a ballot is named by the first rule that fails. */
    uint32_t selections = total - b->n_contests, at = 0;
    struct urna_range_candidate *s = URNA_NEW(j->a, struct urna_range_candidate, selections);
    struct urna_range_statement *limit = URNA_NEW(j->a, struct urna_range_statement, b->n_contests);
    bool *ok = URNA_NEW(j->a, bool, total), *member = URNA_NEW(j->a, bool, total);
    for (uint32_t i = 0; i < b->n_contests; i++)
        for (uint32_t f = 0; f < d[i].n; f++)
            s[at++] = (struct urna_range_candidate){b->contests[i].i, f + 1, P->m.contests[b->contests[i].i - 1].option_limit,
                                                    {d[i].field[f].alpha}, {d[i].field[f].beta},
                                                    d[i].field[f].proof.c, d[i].field[f].proof.v};
    j->n->range_proofs += selections;
    if (!urna_range_check_candidates(P->G, P->g, P->fixed_K, h_i, s, selections, member, ok))
        for (uint32_t x = 0; x < selections; x++)
            if (!ok[x])
                return urna_rule(&j->out->why, "V6.D", "contest %u, option %u: the proof does not hold", s[x].ind_c, s[x].ind_o);
    for (uint32_t i = 0; i < b->n_contests; i++) {
        uint32_t bound = P->m.contests[b->contests[i].i - 1].limit;
        if (!check_pairs(j, &d[i].limit, bound, "V7.E", b->contests[i].i))
            return false;
        struct urna_range_statement *t = &limit[i];
        *t = (struct urna_range_statement){.ind_c = b->contests[i].i, .bound = bound, .c = d[i].limit.c, .v = d[i].limit.v};
        urna_element_identity(P->G, &t->alpha);
        urna_element_identity(P->G, &t->beta);
        for (uint32_t f = 0; f < d[i].n; f++) {
            urna_element_mul(P->G, &t->alpha, &t->alpha, &d[i].field[f].alpha);
            urna_element_mul(P->G, &t->beta, &t->beta, &d[i].field[f].beta);
        }
    }
    j->n->limit_proofs += b->n_contests;
    if (!urna_range_check(P->G, P->g, P->fixed_K, h_i, limit, b->n_contests, ok))
        for (uint32_t x = 0; x < b->n_contests; x++)
            if (!ok[x])
                return urna_rule(&j->out->why, "V7.D", "contest %u: the limit proof does not hold", b->contests[x].i);
    return true;
}

static bool check_code(struct urna_alone_job *j, const uint8_t h_i[32], const struct decoded_contest *d, int64_t device)
{
    const struct urna_context *P = j->P;
    const struct urna_ballot *b = &j->b->ballot;
    uint8_t(*chi)[32] = (uint8_t(*)[32])urna_arena_alloc(j->a, b->n_contests, 32);
    for (uint32_t i = 0; i < b->n_contests; i++) {
        urna_element *alpha = URNA_NEW(j->a, urna_element, d[i].n), *beta = URNA_NEW(j->a, urna_element, d[i].n);
        for (uint32_t f = 0; f < d[i].n; f++) {
            alpha[f] = d[i].field[f].alpha;
            beta[f] = d[i].field[f].beta;
        }
        urna_hash_contest(chi[i], P->G, h_i, b->contests[i].i, alpha, beta, d[i].n, urna_view(NULL, 0));
    }
    uint8_t b_c[36], code[32];
    urna_chaining_none(b_c, P->h_di[device]);
    urna_hash_confirmation(code, h_i, (const uint8_t(*)[32])chi, b->n_contests, b_c);
    j->n->codes++;
    if (memcmp(code, b->code, 32) != 0)
        return urna_rule(&j->out->why, "V8.B", "the confirmation code is not that of the ciphertexts");
    return true;
}

/* E3: a signature under every key of the ballot, by voter.1 (and voter.2), and nobody else. */
static bool check_voters(struct urna_alone_job *j, struct urna_ruling *why)
{
    const struct urna_ballot *b = &j->b->ballot;
    const struct urna_entry *e = j->e;
    if (e->n_sigs != b->n_keys)
        return urna_rule(why, "E3", "%u signatures for %u keys", e->n_sigs, b->n_keys);
    struct urna_buf msg = {0};
    bool ok = true;
    for (uint32_t i = 0; ok && i < b->n_keys; i++) {
        static const char *const name[] = {"voter.1", "voter.2"};
        if (strcmp(e->sigs[i].by, name[i]) != 0) {
            ok = urna_rule(why, "E3", "signed by %s instead of %s", e->sigs[i].by, name[i]);
            break;
        }
        urna_buf_reset(&msg);
        urna_signed_message(&msg, j->P->phi, e->kind_name, name[i], e->body_size, e->e);
        j->n->credentials++;
        if (!urna_credential_check(b->keys[i], msg.p, msg.len, e->sigs[i].sig))
            ok = urna_rule(why, "E3", "the signature of %s does not verify", name[i]);
    }
    urna_buf_free(&msg);
    return ok;
}

static bool judge_ballot(struct urna_alone_job *j, bool tested)
{
    const struct urna_context *P = j->P;
    const struct urna_ballot *b = &j->b->ballot;
    struct urna_alone *out = j->out;
    struct decoded_contest *d;
    if (!decode_ballot(j, tested, &d))
        return false;
    if (!P->opened)
        return true; /* phase 2 says E11, whatever the ballot holds */

    out->n_keys = b->n_keys;
    out->serial = b->serial;
    memcpy(out->rho, b->rho, 32);
    for (uint32_t i = 0; i < b->n_keys && i < 2; i++)
        memcpy(out->keys[i], b->keys[i], 32);

    int64_t device = urna_context_device(P, b->device), style = urna_context_style(P, b->style);
    if (device < 0)
        return urna_rule(&out->why, "E1", "the device is not in the manifest");
    if (b->serial != 1 && !P->m.revote)
        return urna_rule(&out->why, "E1", "serial %u in an election without re-votes", b->serial);
    if (b->n_keys > 2)
        return urna_rule(&out->why, "E1", "a ballot with %u keys is of no row", b->n_keys);
    if (style < 0)
        return urna_rule(&out->why, "V6'", "the style is not in the manifest");
    out->style = (uint32_t)style;
    struct urna_ruling voters = {"", ""};
    bool signed_ok = check_voters(j, &voters);
    out->ballot_read = true;
    out->ballot_signed = signed_ok;

    uint8_t id_b[32], h_i[32];
    urna_hash_ballot_id(id_b, P->h_e, b->keys[0], b->rho);
    urna_hash_identifier(h_i, P->h_e, id_b);
    if (!check_shape(j, &P->m.styles[style]) || !check_proofs(j, h_i, d) || !check_code(j, h_i, d, device))
        return false;
    if (!signed_ok)
        out->why = voters;
    return signed_ok;
}

/* Mod p, testing the elements together with their proofs costs little more than the proofs. A ballot that does not pass so is judged
 * again in the order of the rules, every element first: it is named by the first rule that fails. */
bool urna_alone_ballot(struct urna_alone_job *j)
{
    struct urna_checks before = *j->n;
    if (j->P->opened && judge_ballot(j, false))
        return true;
    *j->n = before;
    memset(j->out, 0, sizeof *j->out);
    return judge_ballot(j, true);
}

/* --- challenges ------------------------------------------------------------------------------------- */

static bool check_openings(struct urna_alone_job *j, const struct urna_challenge_contest *c, const uint8_t h_i[32],
                           const urna_element *alpha, const urna_element *beta, const urna_scalar *xi, uint8_t chi[32])
{
    const struct urna_context *P = j->P;
    const struct urna_contest *decl = &P->m.contests[c->i - 1];
    uint32_t n = c->n_fields;
    uint64_t sum = 0;
    urna_scalar *e = URNA_NEW(j->a, urna_scalar, n);
    for (uint32_t f = 0; f < n; f++) {
        if (c->fields[f].value > decl->option_limit)
            return urna_rule(&j->out->why, "E8", "contest %u, option %u: a value above the limit (V14.E)", c->i, f + 1);
        sum += c->fields[f].value;
        urna_scalar value;
        urna_scalar_from_u64(P->G, &value, c->fields[f].value);
        urna_scalar_add(P->G, &e[f], &xi[f], &value);
    }
    if (sum > decl->limit)
        return urna_rule(&j->out->why, "E8", "contest %u: more selections than the limit (V14.F)", c->i);
    urna_element *a = URNA_NEW(j->a, urna_element, n), *b = URNA_NEW(j->a, urna_element, n);
    urna_fixed_exp_vartime(P->g, a, xi, n);
    urna_fixed_exp_vartime(P->fixed_K, b, e, n);
    j->n->openings += n;
    for (uint32_t f = 0; f < n; f++)
        if (!urna_element_eq(P->G, &a[f], &alpha[f]) || !urna_element_eq(P->G, &b[f], &beta[f]))
            return urna_rule(&j->out->why, "E8", "contest %u, option %u: the opening does not give the ciphertext (V13)", c->i, f + 1);
    urna_hash_contest(chi, P->G, h_i, c->i, a, b, n, urna_view(NULL, 0));
    return true;
}

bool urna_alone_challenge(struct urna_alone_job *j)
{
    const struct urna_context *P = j->P;
    const struct urna_challenge *v = &j->b->challenge;
    struct urna_ruling *why = &j->out->why;
    urna_element **alpha = URNA_NEW(j->a, urna_element *, v->n_contests), **beta = URNA_NEW(j->a, urna_element *, v->n_contests);
    urna_scalar **xi = URNA_NEW(j->a, urna_scalar *, v->n_contests);
    for (uint32_t i = 0; i < v->n_contests; i++) {
        const struct urna_challenge_contest *c = &v->contests[i];
        alpha[i] = URNA_NEW(j->a, urna_element, c->n_fields);
        beta[i] = URNA_NEW(j->a, urna_element, c->n_fields);
        xi[i] = URNA_NEW(j->a, urna_scalar, c->n_fields);
        for (uint32_t f = 0; f < c->n_fields; f++)
            if (!urna_alone_element(j, &alpha[i][f], c->fields[f].a) || !urna_alone_element(j, &beta[i][f], c->fields[f].b) ||
                !urna_alone_scalar(j, &xi[i][f], c->fields[f].xi))
                return false;
    }
    if (!P->opened)
        return true; /* E11 in phase 2 */
    int64_t style = urna_context_style(P, v->style), device = urna_context_device(P, v->device);
    if (style < 0 || device < 0)
        return urna_rule(why, "E8", "the style or the device is not in the manifest");
    const struct urna_style *s = &P->m.styles[style];
    if (v->n_contests != s->n_contests)
        return urna_rule(why, "E8", "every contest of the style must be opened, and no other (V14.B)");
    uint8_t h_i[32];
    urna_hash_identifier(h_i, P->h_e, v->id);
    uint8_t(*chi)[32] = (uint8_t(*)[32])urna_arena_alloc(j->a, v->n_contests, 32);
    for (uint32_t i = 0; i < v->n_contests; i++) {
        const struct urna_challenge_contest *c = &v->contests[i];
        if (c->i != s->contests[i] || c->n_fields != P->m.contests[c->i - 1].n_options)
            return urna_rule(why, "E8", "the contests and options opened are not those of the style (V14)");
        if (!check_openings(j, c, h_i, alpha[i], beta[i], xi[i], chi[i]))
            return false;
    }
    uint8_t b_c[36], code[32];
    urna_chaining_none(b_c, P->h_di[device]);
    urna_hash_confirmation(code, h_i, (const uint8_t(*)[32])chi, v->n_contests, b_c);
    if (memcmp(code, v->code, 32) != 0)
        return urna_rule(why, "E8", "the code is not that of the openings (V13.B)");
    return true;
}

/* --- tallies ---------------------------------------------------------------------------------------- */

bool urna_alone_tally(struct urna_alone_job *j)
{
    const struct urna_context *P = j->P;
    const struct urna_tally *v = &j->b->tally;
    struct urna_ruling *why = &j->out->why;
    urna_element *A = URNA_NEW(j->a, urna_element, v->n_fields), *B = URNA_NEW(j->a, urna_element, v->n_fields);
    urna_scalar *c = URNA_NEW(j->a, urna_scalar, v->n_fields), *r = URNA_NEW(j->a, urna_scalar, v->n_fields);
    for (uint32_t f = 0; f < v->n_fields; f++)
        if (!urna_alone_element(j, &A[f], v->fields[f].a) || !urna_alone_element(j, &B[f], v->fields[f].b) ||
            !urna_alone_scalar(j, &c[f], v->fields[f].c) || !urna_alone_scalar(j, &r[f], v->fields[f].v))
            return false;
    if (!P->opened)
        return true; /* E11 in phase 2 */
    if (v->contest < 1 || v->contest > P->m.n_contests)
        return urna_rule(why, "V11", "contest %u does not exist", v->contest);
    if (v->n_fields != P->m.contests[v->contest - 1].n_options)
        return urna_rule(why, "V11", "contest %u has %u options, the tally %u", v->contest,
                         P->m.contests[v->contest - 1].n_options, v->n_fields);
    for (uint32_t f = 0; f < v->n_fields; f++) {
        j->n->tally_proofs++;
        if (!urna_tally_check(P->G, P->fixed_K, P->h_e, v->contest, f + 1, &A[f], &B[f], v->fields[f].t, &c[f], &r[f]))
            return urna_rule(why, "V10", "contest %u, option %u: the decryption proof does not hold", v->contest, f + 1);
    }
    return true;
}
