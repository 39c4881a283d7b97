/* ballot and challenge: the same ciphertexts, once with proofs and once opened (election.md
 * sections 2, 5). Whether a contest exists, whether contests are all there and in order, and how
 * many pairs a proof has are questions for the rules. */
#include "model/describe.h"

#define SERIAL_MAX 65535

static void range(struct urna_codec *c, struct urna_range *x, const struct urna_sizes *s)
{
    urna_codec_key(c, "c");
    URNA_CODEC_ARRAY(c, x->c, x->n_c, urna_item_scalar, s);
    urna_codec_key(c, "v");
    URNA_CODEC_ARRAY(c, x->v, x->n_v, urna_item_scalar, s);
}

static void ballot_field(struct urna_codec *c, struct urna_ballot_field *x,
                         const struct urna_sizes *s)
{
    urna_codec_open(c);
    urna_field_bytes(c, "a", &x->a, s->lp);
    urna_field_bytes(c, "b", &x->b, s->lp);
    range(c, &x->proof, s);
    urna_codec_close(c);
}

static void ballot_contest(struct urna_codec *c, struct urna_ballot_contest *x,
                           const struct urna_sizes *s)
{
    urna_codec_open(c);
    urna_field_index(c, "i", &x->i);
    urna_codec_key(c, "fields");
    URNA_CODEC_ARRAY(c, x->fields, x->n_fields, ballot_field, s);
    urna_codec_key(c, "limit");
    urna_codec_open(c);
    range(c, &x->limit, s);
    urna_codec_close(c);
    urna_codec_close(c);
}

void urna_describe_ballot(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_ballot *x = &b->ballot;
    urna_codec_open(c);
    urna_codec_key(c, "keys");
    URNA_CODEC_ARRAY(c, x->keys, x->n_keys, urna_item_hash, NULL);
    urna_want(c, x->n_keys > 0, "ballot without a key");
    urna_field_hash(c, "rho", x->rho);
    urna_field_id(c, "style", &x->style);
    urna_field_id(c, "device", &x->device);
    urna_codec_key(c, "serial");
    urna_codec_u32(c, &x->serial, 1, SERIAL_MAX);
    urna_field_hash_maybe(c, "after", &x->after);
    urna_codec_key(c, "contests");
    URNA_CODEC_ARRAY(c, x->contests, x->n_contests, ballot_contest, s);
    urna_field_hash(c, "code", x->code);
    urna_codec_close(c);
}

static void opening(struct urna_codec *c, struct urna_opening *x, const struct urna_sizes *s)
{
    urna_codec_open(c);
    urna_field_bytes(c, "a", &x->a, s->lp);
    urna_field_bytes(c, "b", &x->b, s->lp);
    urna_field_number(c, "value", &x->value);
    urna_field_bytes(c, "xi", &x->xi, s->lq);
    urna_codec_close(c);
}

static void challenge_contest(struct urna_codec *c, struct urna_challenge_contest *x,
                              const struct urna_sizes *s)
{
    urna_codec_open(c);
    urna_field_index(c, "i", &x->i);
    urna_codec_key(c, "fields");
    URNA_CODEC_ARRAY(c, x->fields, x->n_fields, opening, s);
    urna_codec_close(c);
}

void urna_describe_challenge(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_challenge *x = &b->challenge;
    urna_codec_open(c);
    urna_field_hash(c, "id", x->id);
    urna_field_id(c, "style", &x->style);
    urna_field_id(c, "device", &x->device);
    urna_codec_key(c, "contests");
    URNA_CODEC_ARRAY(c, x->contests, x->n_contests, challenge_contest, s);
    urna_field_hash(c, "code", x->code);
    urna_codec_close(c);
}
