/* The kinds of the count: what is decrypted, the guardians' three rounds, tallies and the result
 * (election.md sections 2, 6). */
#include "model/describe.h"

static void count_cell(struct urna_codec *c, struct urna_count_cell *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_id(c, "leaf", &x->leaf);
    urna_field_number(c, "n", &x->n);
    urna_field_hash(c, "root", x->root);
    urna_codec_close(c);
}

static void leaf_id(struct urna_codec *c, const char **id, const void *ctx)
{
    (void)ctx;
    urna_codec_id(c, id);
}

static void count_group(struct urna_codec *c, struct urna_count_group *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_index(c, "contest", &x->contest);
    urna_codec_u32_default(c, "weight", &x->weight, 1, URNA_WEIGHT_MAX, 1);
    urna_codec_key(c, "leaves");
    URNA_CODEC_ARRAY(c, x->leaves, x->n_leaves, leaf_id, NULL);
    urna_field_number(c, "n", &x->n);
    urna_field_hash(c, "sum", x->sum);
    urna_codec_close(c);
}

void urna_describe_countset(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_countset *x = &b->countset;
    (void)s;
    urna_codec_open(c);
    urna_codec_key(c, "cells");
    URNA_CODEC_ARRAY(c, x->cells, x->n_cells, count_cell, NULL);
    urna_codec_key(c, "groups");
    URNA_CODEC_ARRAY(c, x->groups, x->n_groups, count_group, NULL);
    urna_codec_close(c);
}

static void session(struct urna_codec *c, struct urna_session *x)
{
    urna_field_id(c, "as", &x->as);
    urna_field_hash(c, "countset", x->countset);
    urna_codec_key(c, "present");
    URNA_CODEC_ARRAY(c, x->present, x->n_present, urna_item_index, NULL);
    urna_want_ascending_u32(c, x->present, x->n_present);
    urna_field_positive(c, "attempt", &x->attempt);
    urna_field_positive(c, "block", &x->block);
}

static void commit_row(struct urna_codec *c, struct urna_commit_row *x, const void *ctx)
{
    URNA_CODEC_ARRAY(c, x->d, x->n, urna_item_hash, ctx);
}

void urna_describe_decrypt_commit(struct urna_codec *c, struct urna_body *b,
                                  const struct urna_sizes *s)
{
    struct urna_decrypt_commit *x = &b->decrypt_commit;
    (void)s;
    urna_codec_open(c);
    session(c, &x->s);
    urna_codec_key(c, "d");
    URNA_CODEC_ARRAY(c, x->d, x->n_d, commit_row, NULL);
    urna_codec_close(c);
}

static void decrypt_share(struct urna_codec *c, struct urna_decrypt_share *x,
                          const struct urna_sizes *s)
{
    urna_codec_open(c);
    urna_field_bytes(c, "m", &x->m, s->lp);
    urna_field_bytes(c, "a", &x->a, s->lp);
    urna_field_bytes(c, "b", &x->b, s->lp);
    urna_codec_close(c);
}

static void share_row(struct urna_codec *c, struct urna_share_row *x, const struct urna_sizes *s)
{
    URNA_CODEC_ARRAY(c, x->v, x->n, decrypt_share, s);
}

void urna_describe_decrypt_reveal(struct urna_codec *c, struct urna_body *b,
                                  const struct urna_sizes *s)
{
    struct urna_decrypt_reveal *x = &b->decrypt_reveal;
    urna_codec_open(c);
    session(c, &x->s);
    urna_codec_key(c, "shares");
    URNA_CODEC_ARRAY(c, x->shares, x->n_shares, share_row, s);
    urna_codec_close(c);
}

static void respond_row(struct urna_codec *c, struct urna_respond_row *x,
                        const struct urna_sizes *s)
{
    URNA_CODEC_ARRAY(c, x->v, x->n, urna_item_scalar, s);
}

void urna_describe_decrypt_respond(struct urna_codec *c, struct urna_body *b,
                                   const struct urna_sizes *s)
{
    struct urna_decrypt_respond *x = &b->decrypt_respond;
    urna_codec_open(c);
    session(c, &x->s);
    urna_codec_key(c, "v");
    URNA_CODEC_ARRAY(c, x->v, x->n_v, respond_row, s);
    urna_codec_close(c);
}

static void tally_field(struct urna_codec *c, struct urna_tally_field *x,
                        const struct urna_sizes *s)
{
    urna_codec_open(c);
    urna_field_bytes(c, "a", &x->a, s->lp);
    urna_field_bytes(c, "b", &x->b, s->lp);
    urna_field_number(c, "t", &x->t);
    urna_field_bytes(c, "c", &x->c, s->lq);
    urna_field_bytes(c, "v", &x->v, s->lq);
    urna_codec_close(c);
}

void urna_describe_tally(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_tally *x = &b->tally;
    urna_codec_open(c);
    urna_field_hash(c, "countset", x->countset);
    urna_field_index(c, "contest", &x->contest);
    urna_field_index(c, "group", &x->group);
    urna_codec_key(c, "fields");
    URNA_CODEC_ARRAY(c, x->fields, x->n_fields, tally_field, s);
    urna_codec_close(c);
}

static void total(struct urna_codec *c, uint64_t *t, const void *ctx)
{
    (void)ctx;
    urna_codec_u64(c, t, 0, URNA_INT_MAX);
}

static void result_contest(struct urna_codec *c, struct urna_result_contest *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_index(c, "i", &x->i);
    urna_field_number(c, "counted", &x->counted);
    urna_codec_u64_default(c, "secret", &x->secret, 0, URNA_INT_MAX, 0);
    urna_codec_key(c, "totals");
    URNA_CODEC_ARRAY(c, x->totals, x->n_totals, total, NULL);
    urna_codec_close(c);
}

static void seat_count(struct urna_codec *c, uint32_t *n, const void *ctx)
{
    (void)ctx;
    urna_codec_u32(c, n, 0, UINT32_MAX);
}

static void result_seats(struct urna_codec *c, struct urna_result_seats *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_index(c, "contest", &x->contest);
    urna_codec_key(c, "seats");
    URNA_CODEC_ARRAY(c, x->seats, x->n_seats, seat_count, NULL);
    urna_codec_u32_default(c, "tie", &x->tie, 0, 1, 0);
    urna_codec_close(c);
}

void urna_describe_result(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_result *x = &b->result;
    (void)s;
    urna_codec_open(c);
    urna_field_hash(c, "countset", x->countset);
    urna_codec_key(c, "contests");
    URNA_CODEC_ARRAY(c, x->contests, x->n_contests, result_contest, NULL);
    x->has_seats = urna_codec_maybe(c, "seats", x->has_seats);
    if (x->has_seats)
        URNA_CODEC_ARRAY(c, x->seats, x->n_seats, result_seats, NULL);
    urna_codec_close(c);
}
