#include "rules/alone.h"

#include <stdlib.h>
#include <string.h>

#include "log/note.h"
#include "model/roll.h"
#include "proof/ed25519.h"

void urna_alone_free(struct urna_alone *a)
{
    free(a->line_ok);
    a->line_ok = NULL;
}

bool urna_alone_element(struct urna_alone_job *j, urna_element *out, const uint8_t *bytes)
{
    j->n->memberships++;
    if (!urna_element_decode(j->P->G, out, bytes))
        return urna_rule(&j->out->why, "E12", "an element is not the canonical encoding of a member of the group");
    return true;
}

bool urna_alone_scalar(struct urna_alone_job *j, urna_scalar *out, const uint8_t *bytes)
{
    if (!urna_scalar_decode(j->P->G, out, bytes))
        return urna_rule(&j->out->why, "E12", "a scalar is not below the order of the group");
    return true;
}

bool urna_alone_scalars(struct urna_alone_job *j, urna_scalar **out, const uint8_t *const *bytes, uint32_t n)
{
    *out = URNA_NEW(j->a, urna_scalar, n);
    for (uint32_t i = 0; i < n; i++)
        if (!urna_alone_scalar(j, &(*out)[i], bytes[i]))
            return false;
    return true;
}

/* --- who signed ------------------------------------------------------------------------------------ */

static bool may_be(const struct urna_signer *s, enum urna_role_type type)
{
    return s && s->type == type;
}

static bool role_signatures_verify(struct urna_alone_job *j)
{
    static const uint8_t no_election[32]; /* what a manifest is signed for */
    struct urna_buf msg = {0};
    bool ok = true;
    for (uint32_t i = 0; ok && i < j->e->n_sigs; i++) {
        const struct urna_signer *s = urna_context_signer(j->P, j->e->sigs[i].by);
        urna_buf_reset(&msg);
        urna_signed_message(&msg, j->e->kind == URNA_MANIFEST ? no_election : j->P->phi, j->e->kind_name, j->e->sigs[i].by, j->e->body_size, j->e->e);
        j->n->signatures++;
        if (!urna_ed25519_check(s->key, msg.p, msg.len, j->e->sigs[i].sig))
            ok = urna_rule(&j->out->why, "E12", "the signature of %s does not verify", j->e->sigs[i].by);
    }
    urna_buf_free(&msg);
    return ok;
}

/* "two": at least two ids of the commission, of two blocs if it has two (the one id, if it has one), and nobody else. */
static bool signed_by_two(struct urna_alone_job *j)
{
    const struct urna_context *P = j->P;
    const struct urna_entry *e = j->e;
    const char *bloc = NULL;
    bool two_blocs = false;
    for (uint32_t i = 0; i < e->n_sigs; i++) {
        const struct urna_signer *s = urna_context_signer(P, e->sigs[i].by);
        if (!may_be(s, URNA_R_COMMISSION))
            return urna_rule(&j->out->why, "E12", "%s is not of the commission", e->sigs[i].by);
        if (bloc && strcmp(bloc, s->bloc) != 0)
            two_blocs = true;
        bloc = s->bloc;
    }
    uint32_t need = P->m.n_commission == 1 ? 1 : 2;
    if (e->n_sigs < need)
        return urna_rule(&j->out->why, "E12", "signed by fewer than two of the commission");
    if (P->commission_two_blocs && !two_blocs)
        return urna_rule(&j->out->why, "E12", "the signers are all of one bloc");
    return true;
}

/* A second manifest, which is void in any case: but by what name? */
static bool signed_by_all(struct urna_alone_job *j)
{
    for (uint32_t i = 0; i < j->e->n_sigs; i++)
        if (!may_be(urna_context_signer(j->P, j->e->sigs[i].by), URNA_R_COMMISSION))
            return urna_rule(&j->out->why, "E12", "%s is not of the commission", j->e->sigs[i].by);
    return j->e->n_sigs == j->P->m.n_commission ||
           urna_rule(&j->out->why, "E12", "a manifest is signed by every member of the commission");
}

static bool signed_by_registrars(struct urna_alone_job *j)
{
    uint32_t need = j->P->m.credentials == URNA_TWO_REGISTRARS ? 2 : 1;
    if (j->e->n_sigs != need)
        return urna_rule(&j->out->why, "E12", "a roll is signed by %s", need == 2 ? "both registrars" : "one registrar");
    for (uint32_t i = 0; i < need; i++)
        if (!may_be(urna_context_signer(j->P, j->e->sigs[i].by), URNA_R_REGISTRAR))
            return urna_rule(&j->out->why, "E12", "%s is no registrar", j->e->sigs[i].by);
    return true;
}

static bool signed_by_one(struct urna_alone_job *j, bool any, enum urna_role_type type)
{
    if (j->e->n_sigs != 1)
        return urna_rule(&j->out->why, "E12", "this kind is signed by exactly one id");
    const struct urna_signer *s = urna_context_signer(j->P, j->e->sigs[0].by);
    if (!s)
        return urna_rule(&j->out->why, "E12", "%s is not in the manifest", j->e->sigs[0].by);
    if (!any && s->type != type)
        return urna_rule(&j->out->why, "E12", "%s may not sign this kind", s->id);
    return true;
}

static bool signed_by_nobody(struct urna_alone_job *j)
{
    if (j->e->n_sigs != 0)
        return urna_rule(&j->out->why, "E12", "this kind is not signed");
    return true;
}

static bool check_signers(struct urna_alone_job *j)
{
    bool ok = false;
    switch (j->e->kind) {
    case URNA_BALLOT: /* voters: E3 */
        return true;
    case URNA_MANIFEST:
        ok = signed_by_all(j);
        break;
    case URNA_ACCEPT:
    case URNA_VERDICT:
        ok = signed_by_one(j, false, URNA_R_WITNESS);
        break;
    case URNA_GUARDIAN_COMMIT:
    case URNA_GUARDIAN_KEYS:
    case URNA_GUARDIAN_SHARES:
    case URNA_GUARDIAN_COMPLAINT:
    case URNA_GUARDIAN_CONFIRM:
    case URNA_DECRYPT_COMMIT:
    case URNA_DECRYPT_REVEAL:
    case URNA_DECRYPT_RESPOND:
        ok = signed_by_one(j, false, URNA_R_GUARDIAN);
        break;
    case URNA_ROLL:
        ok = signed_by_registrars(j);
        break;
    case URNA_ROLL_CLOSE:
    case URNA_OPEN:
    case URNA_CLOSE:
    case URNA_REDACT:
        ok = signed_by_two(j);
        break;
    case URNA_INCIDENT:
    case URNA_COMPLAINT:
    case URNA_STATEMENT:
    case URNA_ATTACHMENT:
        ok = signed_by_one(j, true, URNA_R_OBSERVER);
        break;
    case URNA_CHALLENGE:
    case URNA_ANCHOR:
    case URNA_COUNTSET:
    case URNA_TALLY:
    case URNA_RESULT:
        return signed_by_nobody(j);
    case URNA_KIND_UNKNOWN:
        return false;
    }
    return ok && role_signatures_verify(j);
}

/* The id that the body names as its signer, or NULL if the kind names none. */
static const char *named_signer(const struct urna_body *b)
{
    switch (b->kind) {
    case URNA_ACCEPT:
        return b->accept.as;
    case URNA_GUARDIAN_COMMIT:
        return b->guardian_commit.as;
    case URNA_GUARDIAN_KEYS:
        return b->guardian_keys.as;
    case URNA_GUARDIAN_SHARES:
        return b->guardian_shares.as;
    case URNA_GUARDIAN_COMPLAINT:
        return b->guardian_complaint.as;
    case URNA_GUARDIAN_CONFIRM:
        return b->guardian_confirm.as;
    case URNA_DECRYPT_COMMIT:
        return b->decrypt_commit.s.as;
    case URNA_DECRYPT_REVEAL:
        return b->decrypt_reveal.s.as;
    case URNA_DECRYPT_RESPOND:
        return b->decrypt_respond.s.as;
    case URNA_VERDICT:
        return b->verdict.as;
    case URNA_INCIDENT:
    case URNA_COMPLAINT:
    case URNA_STATEMENT:
        return b->free_text.as;
    case URNA_MANIFEST:
    case URNA_ROLL:
    case URNA_ROLL_CLOSE:
    case URNA_OPEN:
    case URNA_BALLOT:
    case URNA_CHALLENGE:
    case URNA_ANCHOR:
    case URNA_CLOSE:
    case URNA_COUNTSET:
    case URNA_TALLY:
    case URNA_RESULT:
    case URNA_ATTACHMENT:
    case URNA_REDACT:
    case URNA_KIND_UNKNOWN:
        break;
    }
    return NULL;
}

/* --- elements and scalars of the kinds that are small ---------------------------------------------- */

static bool check_open_elements(struct urna_alone_job *j)
{
    urna_element x;
    return urna_alone_element(j, &x, j->b->open.k) && urna_alone_element(j, &x, j->b->open.kh);
}

static bool check_complaint(struct urna_alone_job *j)
{
    urna_scalar z;
    return !j->b->guardian_complaint.zeta || urna_alone_scalar(j, &z, j->b->guardian_complaint.zeta);
}

static bool check_reveal(struct urna_alone_job *j)
{
    const struct urna_decrypt_reveal *v = &j->b->decrypt_reveal;
    urna_element x;
    for (uint32_t i = 0; i < v->n_shares; i++)
        for (uint32_t f = 0; f < v->shares[i].n; f++) {
            const struct urna_decrypt_share *s = &v->shares[i].v[f];
            if (!urna_alone_element(j, &x, s->m) || !urna_alone_element(j, &x, s->a) || !urna_alone_element(j, &x, s->b))
                return false;
        }
    return true;
}

static bool check_respond(struct urna_alone_job *j)
{
    const struct urna_decrypt_respond *v = &j->b->decrypt_respond;
    urna_scalar x;
    for (uint32_t i = 0; i < v->n_v; i++)
        for (uint32_t f = 0; f < v->v[i].n; f++)
            if (!urna_alone_scalar(j, &x, v->v[i].v[f]))
                return false;
    return true;
}

/* Which lines verify is kept for phase 2 even if some do not: a void anchor can still prove a fork (section 3). */
static bool check_anchor(struct urna_alone_job *j)
{
    const struct urna_anchor *v = &j->b->anchor;
    struct urna_buf text = {0};
    urna_checkpoint_text(&text, j->P->m.origin, v->size, v->root);
    j->out->n_lines = v->n_cosigs;
    j->out->line_ok = urna_xcalloc(v->n_cosigs, sizeof *j->out->line_ok);
    bool ok = true;
    for (uint32_t i = 0; i < v->n_cosigs; i++) {
        const struct urna_anchor_sig *s = &v->cosigs[i];
        int64_t w = urna_context_witness(j->P, s->as);
        if (w < 0) {
            ok = urna_rule(&j->out->why, "E16", "%s is no witness of the manifest", s->as);
            continue;
        }
        const struct urna_witness_role *role = &j->P->m.witnesses[w];
        j->n->cosignatures++;
        j->out->line_ok[i] = urna_cosignature_check(s->head ? role->head.key : role->full.key, s->time,
                                                    urna_buf_view(&text), s->sig);
        if (!j->out->line_ok[i])
            ok = urna_rule(&j->out->why, "E16", "the cosignature of %s does not verify", s->as);
    }
    urna_buf_free(&text);
    return ok;
}

static bool check_kind(struct urna_alone_job *j)
{
    switch (j->e->kind) {
    case URNA_GUARDIAN_KEYS:
        return urna_alone_keys(j);
    case URNA_GUARDIAN_SHARES:
        return urna_alone_shares(j);
    case URNA_GUARDIAN_COMPLAINT:
        return check_complaint(j);
    case URNA_OPEN:
        return check_open_elements(j);
    case URNA_BALLOT:
        return urna_alone_ballot(j);
    case URNA_CHALLENGE:
        return urna_alone_challenge(j);
    case URNA_ANCHOR:
        return check_anchor(j);
    case URNA_DECRYPT_REVEAL:
        return check_reveal(j);
    case URNA_DECRYPT_RESPOND:
        return check_respond(j);
    case URNA_TALLY:
        return urna_alone_tally(j);
    case URNA_MANIFEST:
    case URNA_ACCEPT:
    case URNA_GUARDIAN_COMMIT:
    case URNA_GUARDIAN_CONFIRM:
    case URNA_ROLL:
    case URNA_ROLL_CLOSE:
    case URNA_CLOSE:
    case URNA_COUNTSET:
    case URNA_DECRYPT_COMMIT:
    case URNA_RESULT:
    case URNA_VERDICT:
    case URNA_INCIDENT:
    case URNA_COMPLAINT:
    case URNA_STATEMENT:
    case URNA_ATTACHMENT:
    case URNA_REDACT:
    case URNA_KIND_UNKNOWN:
        break;
    }
    return true;
}

/* A roll may be the largest body there is, and of its rows phase 1 asks nothing but their form. */
static enum urna_status read_body(struct urna_alone_job *j, struct urna_body *body, struct urna_error *err)
{
    const struct urna_entry *e = j->e;
    if (e->kind == URNA_ROLL)
        return urna_roll_read(e->body, NULL, NULL, err);
    return urna_body_read(body, e->kind, e->body, j->P->lp, j->P->lq, j->a, err);
}

static bool judge(struct urna_alone_job *j, struct urna_body *body)
{
    const struct urna_entry *e = j->e;
    struct urna_ruling *why = &j->out->why;
    if (e->kind == URNA_KIND_UNKNOWN)
        return urna_rule(why, "E11", "unknown kind");
    if (e->bad_form)
        return urna_rule(why, "E12", "%.150s", e->reason);
    struct urna_error err = URNA_ERROR_INIT;
    if (!e->absent && read_body(j, body, &err) != URNA_OK)
        return urna_rule(why, "E12", "body, byte %lld: %.150s", (long long)err.offset, err.msg);
    if (!check_signers(j)) {
        /* Void all the same; but its lines can still prove a fork (section 3: void anchors of good schema included). */
        if (e->kind == URNA_ANCHOR) {
            struct urna_ruling first = *why;
            (void)check_anchor(j);
            *why = first;
        }
        return false;
    }
    if (e->kind == URNA_MANIFEST)
        return urna_rule(why, "E11", "a manifest is only the first entry");
    if (e->absent)
        return e->kind == URNA_ATTACHMENT || urna_rule(why, "absent", "the body is not in the record");
    body->kind = e->kind;
    bool ok = check_kind(j);
    if (!ok && strcmp(why->rule, "E12") == 0) /* lengths, elements, scalars: form comes first */
        return false;
    const char *as = named_signer(body);
    if (as && strcmp(as, e->sigs[0].by) != 0)
        return urna_rule(why, "E11", "the body names %s, the signer is %s", as, e->sigs[0].by);
    return ok;
}

void urna_judge_alone(const struct urna_context *P, const struct urna_entry *e, struct urna_alone *out,
                      struct urna_arena *scratch, struct urna_checks *n)
{
    memset(out, 0, sizeof *out);
    struct urna_body body;
    memset(&body, 0, sizeof body);
    struct urna_alone_job j = {P, e, &body, out, scratch, n};
    out->ok = judge(&j, &body);
    urna_arena_reset(scratch);
}
