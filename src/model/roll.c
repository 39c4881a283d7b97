/* The voter roll: its two kinds, and the leaf of its tree (election.md sections 2, 5). */
#include "model/roll.h"

#include "model/describe.h"

#include <string.h>

static void row(struct urna_codec *c, struct urna_roll_row *x)
{
    urna_codec_open(c);
    urna_codec_key(c, "keys");
    URNA_CODEC_ARRAY(c, x->keys, x->n_keys, urna_item_hash, NULL);
    urna_want(c, x->n_keys > 0, "row without a key");
    urna_field_id(c, "style", &x->style);
    urna_codec_u32_default(c, "weight", &x->weight, 1, URNA_WEIGHT_MAX, 1);
    urna_field_id(c, "leaf", &x->leaf);
    urna_field_hash_maybe(c, "reg", &x->reg);
    urna_codec_close(c);
}

static void want_after(struct urna_codec *c, const uint8_t before[32], const uint8_t key[32])
{
    urna_want(c, memcmp(before, key, 32) < 0, "rows not strictly ascending by their first key");
}

void urna_describe_roll(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_roll *x = &b->roll;
    uint32_t i = 0;
    (void)s;
    urna_codec_open(c);
    urna_codec_key(c, "rows");
    for (urna_codec_begin(c); urna_codec_more(c, &i, x->n_rows); i++) {
        if (c->reading) {
            x->rows = urna_codec_grow(c, x->rows, i, sizeof *x->rows);
            x->n_rows = i + 1;
        }
        row(c, &x->rows[i]);
        if (i > 0 && !c->failed)
            want_after(c, x->rows[i - 1].keys[0], x->rows[i].keys[0]);
    }
    urna_codec_close(c);
}

enum urna_status urna_roll_read(struct urna_view body,
                                void (*each)(void *ctx, const struct urna_roll_row *row), void *ctx,
                                struct urna_error *err)
{
    struct urna_arena a = {0};
    struct urna_codec c = urna_codec_reader(body, &a);
    uint8_t before[32];
    uint32_t i = 0;
    urna_codec_open(&c);
    urna_codec_key(&c, "rows");
    for (urna_codec_begin(&c); urna_codec_more(&c, &i, 0); i++) {
        struct urna_roll_row x = {0};
        urna_arena_reset(&a);
        row(&c, &x);
        if (i > 0 && !c.failed)
            want_after(&c, before, x.keys[0]);
        if (c.failed)
            break;
        memcpy(before, x.keys[0], 32);
        if (each)
            each(ctx, &x);
    }
    urna_codec_close(&c);
    urna_arena_free(&a);
    return urna_body_read_end(&c, URNA_ROLL, err);
}

static void cell_count(struct urna_codec *c, struct urna_cell_count *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_id(c, "leaf", &x->leaf);
    urna_field_number(c, "n", &x->n);
    urna_codec_close(c);
}

void urna_describe_roll_close(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_roll_close *x = &b->roll_close;
    (void)s;
    urna_codec_open(c);
    urna_codec_key(c, "rolls");
    URNA_CODEC_ARRAY(c, x->rolls, x->n_rolls, urna_item_hash, NULL);
    urna_want(c, x->n_rolls > 0, "no roll is named");
    urna_want_ascending_hashes(c, x->rolls, x->n_rolls);
    urna_field_number(c, "count", &x->count);
    urna_field_hash(c, "root", x->root);
    urna_codec_key(c, "cells");
    URNA_CODEC_ARRAY(c, x->cells, x->n_cells, cell_count, NULL);
    urna_codec_close(c);
}

void urna_roll_leaf(struct urna_buf *out, const struct urna_roll_row *row, uint32_t style_index,
                    uint32_t leaf_index)
{
    urna_buf_u8(out, (uint8_t)row->n_keys);
    for (uint32_t i = 0; i < row->n_keys; i++)
        urna_buf_add(out, row->keys[i], 32);
    urna_buf_be32(out, style_index);
    urna_buf_be32(out, row->weight);
    urna_buf_be32(out, leaf_index);
    urna_buf_u8(out, row->reg != NULL);
    if (row->reg != NULL)
        urna_buf_add(out, row->reg, 32);
}

bool urna_cell_is_leaf(const struct urna_manifest *m, uint32_t i)
{
    return i + 1 >= m->n_cells || m->cells[i + 1].up != i + 1;
}
