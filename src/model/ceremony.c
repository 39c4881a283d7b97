/* The kinds of the setup by which guardians make the election's keys, and the entry that opens
 * voting (election.md sections 2, 9). */
#include "model/describe.h"

static void as_and_attempt(struct urna_codec *c, const char **as, uint64_t *attempt)
{
    urna_field_id(c, "as", as);
    urna_field_positive(c, "attempt", attempt);
}

void urna_describe_accept(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    (void)s;
    urna_codec_open(c);
    urna_field_id(c, "as", &b->accept.as);
    urna_codec_close(c);
}

void urna_describe_guardian_commit(struct urna_codec *c, struct urna_body *b,
                                   const struct urna_sizes *s)
{
    struct urna_guardian_commit *x = &b->guardian_commit;
    (void)s;
    urna_codec_open(c);
    as_and_attempt(c, &x->as, &x->attempt);
    urna_field_hash(c, "hash", x->hash);
    urna_codec_close(c);
}

static void key_proof(struct urna_codec *c, const char *key, struct urna_key_proof *x,
                      const struct urna_sizes *s)
{
    urna_codec_key(c, key);
    urna_codec_open(c);
    urna_field_bytes(c, "c", &x->c, s->lq);
    urna_codec_key(c, "v");
    URNA_CODEC_ARRAY(c, x->v, x->n_v, urna_item_scalar, s);
    urna_codec_close(c);
}

void urna_describe_guardian_keys(struct urna_codec *c, struct urna_body *b,
                                 const struct urna_sizes *s)
{
    struct urna_guardian_keys *x = &b->guardian_keys;
    urna_codec_open(c);
    as_and_attempt(c, &x->as, &x->attempt);
    urna_field_hash(c, "nonce", x->nonce);
    urna_codec_key(c, "k");
    URNA_CODEC_ARRAY(c, x->k, x->n_k, urna_item_element, s);
    urna_codec_key(c, "kh");
    URNA_CODEC_ARRAY(c, x->kh, x->n_kh, urna_item_element, s);
    urna_field_bytes(c, "kappa", &x->kappa, s->lp);
    key_proof(c, "proof", &x->proof, s);
    key_proof(c, "proofh", &x->proofh, s);
    urna_codec_close(c);
}

static void share(struct urna_codec *c, struct urna_share *x, const struct urna_sizes *s)
{
    urna_codec_open(c);
    urna_field_index(c, "i", &x->i);
    urna_field_bytes(c, "c0", &x->c0, s->lp);
    urna_codec_key(c, "c1");
    urna_codec_hex(c, x->c1, sizeof x->c1);
    urna_field_bytes(c, "c", &x->c, s->lq);
    urna_field_bytes(c, "v", &x->v, s->lq);
    urna_codec_close(c);
}

void urna_describe_guardian_shares(struct urna_codec *c, struct urna_body *b,
                                   const struct urna_sizes *s)
{
    struct urna_guardian_shares *x = &b->guardian_shares;
    urna_codec_open(c);
    as_and_attempt(c, &x->as, &x->attempt);
    urna_codec_key(c, "to");
    URNA_CODEC_ARRAY(c, x->to, x->n_to, share, s);
    for (uint32_t i = 1; c->reading && !c->failed && i < x->n_to; i++)
        urna_want(c, x->to[i - 1].i < x->to[i].i, "shares not ascending by guardian");
    urna_codec_close(c);
}

void urna_describe_guardian_complaint(struct urna_codec *c, struct urna_body *b,
                                      const struct urna_sizes *s)
{
    struct urna_guardian_complaint *x = &b->guardian_complaint;
    urna_codec_open(c);
    as_and_attempt(c, &x->as, &x->attempt);
    urna_field_id(c, "against", &x->against);
    if (urna_codec_maybe(c, "zeta", x->zeta != NULL))
        urna_codec_hexp(c, &x->zeta, s->lq);
    urna_codec_close(c);
}

void urna_describe_guardian_confirm(struct urna_codec *c, struct urna_body *b,
                                    const struct urna_sizes *s)
{
    struct urna_guardian_confirm *x = &b->guardian_confirm;
    (void)s;
    urna_codec_open(c);
    as_and_attempt(c, &x->as, &x->attempt);
    urna_field_hash(c, "hg", x->hg);
    urna_field_hash(c, "he", x->he);
    urna_codec_close(c);
}

void urna_describe_open(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_open *x = &b->open;
    urna_codec_open(c);
    urna_field_positive(c, "attempt", &x->attempt);
    urna_field_number(c, "count", &x->count);
    urna_field_hash(c, "root", x->root);
    urna_field_bytes(c, "k", &x->k, s->lp);
    urna_field_bytes(c, "kh", &x->kh, s->lp);
    urna_field_hash(c, "hg", x->hg);
    urna_field_hash(c, "he", x->he);
    urna_codec_close(c);
}
