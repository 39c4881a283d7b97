/* urna roll: who may vote; and roll close, check. */
#include "cli/cmd_roll.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cmd_election.h"
#include "cli/commands.h"
#include "model/roll.h"
#include "protocol/voter.h"

/* --- close --------------------------------------------------------------- */

struct roll_row {
    const struct urna_roll_row *row;
    uint32_t style, leaf; /* 1-based */
};

static int by_first_key(const void *a, const void *b)
{
    return memcmp(((const struct roll_row *)a)->row->keys[0],
                  ((const struct roll_row *)b)->row->keys[0], 32);
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, 32);
}

static const struct urna_roll *find_roll(const struct urna_cli_entries *l, const uint8_t e[32])
{
    for (size_t i = 0; i < l->n; i++)
        if (memcmp(l->v[i].e.e, e, 32) == 0)
            return &l->v[i].b.roll;
    return NULL;
}

/* The entries to name: those asked for, or all. */
static enum urna_status choose_rolls(struct urna_roll_close *c, const struct urna_cli_entries *l,
                                     const struct urna_strings *rolls, struct urna_arena *a,
                                     struct urna_error *err)
{
    c->n_rolls = (uint32_t)(rolls->n ? rolls->n : l->n);
    c->rolls = urna_arena_alloc(a, (size_t)c->n_rolls + 1, 32);
    for (uint32_t i = 0; i < c->n_rolls; i++) {
        if (!rolls->n)
            memcpy(c->rolls[i], l->v[i].e.e, 32);
        else if (!urna_unhex_any(c->rolls[i], 32, rolls->s[i], strlen(rolls->s[i])) ||
                 !find_roll(l, c->rolls[i]))
            return urna_fail(err, URNA_FALSE, "no accepted roll with the entry id %s", rolls->s[i]);
    }
    if (c->n_rolls == 0)
        return urna_fail(err, URNA_FALSE, "the log holds no accepted roll");
    qsort(c->rolls, c->n_rolls, 32, by_bytes);
    return URNA_OK;
}

static enum urna_status take_row(struct roll_row *out, const struct urna_context *P,
                                 const struct urna_roll_row *in, struct urna_error *err)
{
    int64_t style = urna_context_style(P, in->style), leaf = urna_context_leaf(P, in->leaf);
    if (style < 0 || leaf < 0)
        return urna_fail(err, URNA_FALSE,
                         "a row has a style or a leaf cell that the manifest has not: leave its "
                         "roll out (--roll)");
    *out = (struct roll_row){in, (uint32_t)style + 1, (uint32_t)leaf + 1};
    return URNA_OK;
}

static void count_rows(struct urna_roll_close *c, struct roll_row *row, size_t n,
                       const struct urna_context *P, struct urna_arena *a)
{
    struct urna_merkle tree = {0};
    struct urna_buf leaf = {0};
    c->count = n;
    c->n_cells = P->n_leaves;
    c->cells = URNA_NEW(a, struct urna_cell_count, P->n_leaves + 1);
    for (uint32_t i = 0; i < P->n_leaves; i++)
        c->cells[i].leaf = P->m.cells[P->leaf[i]].id;
    if (n > 1)
        qsort(row, n, sizeof *row, by_first_key);
    for (size_t i = 0; i < n; i++) {
        uint8_t hash[32];
        c->cells[row[i].leaf - 1].n++;
        urna_buf_reset(&leaf);
        urna_roll_leaf(&leaf, row[i].row, row[i].style, row[i].leaf);
        urna_merkle_leaf(hash, leaf.p, leaf.len);
        urna_merkle_add(&tree, hash);
    }
    urna_merkle_root(&tree, c->root);
    urna_buf_free(&leaf);
}

enum urna_status urna_cli_roll_close_body(struct urna_buf *out, const struct urna_cli_record *r,
                                          const struct urna_strings *rolls, struct urna_error *err)
{
    struct urna_arena a = {0};
    struct urna_cli_entries l;
    struct urna_body b = {.kind = URNA_ROLL_CLOSE};
    struct roll_row *row = NULL;
    size_t n = 0, at = 0;
    enum urna_status st = urna_cli_accepted(&l, r, URNA_KIND_BIT(URNA_ROLL), &a, err);
    if (st == URNA_OK)
        st = choose_rolls(&b.roll_close, &l, rolls, &a, err);
    for (uint32_t i = 0; st == URNA_OK && i < b.roll_close.n_rolls; i++) {
        const struct urna_roll *roll = find_roll(&l, b.roll_close.rolls[i]);
        n += roll ? roll->n_rows : 0;
    }
    row = URNA_NEW(&a, struct roll_row, n + 1);
    for (uint32_t i = 0; st == URNA_OK && i < b.roll_close.n_rolls; i++) {
        const struct urna_roll *roll = find_roll(&l, b.roll_close.rolls[i]);
        for (uint32_t x = 0; roll && st == URNA_OK && x < roll->n_rows; x++)
            st = take_row(&row[at++], r->P, &roll->rows[x], err);
    }
    if (st == URNA_OK) {
        count_rows(&b.roll_close, row, n, r->P, &a);
        urna_body_write(out, &b, r->P->lp, r->P->lq);
    }
    urna_arena_free(&a);
    return st;
}

static enum urna_status close_body(struct urna_buf *out, const struct urna_cli_make *m,
                                   struct urna_error *err)
{
    return urna_cli_roll_close_body(out, &m->record, m->more, err);
}

int urna_cmd_roll_close(int argc, char **argv)
{
    struct urna_strings rolls = {0};
    struct urna_cli_make m = {.kind = URNA_ROLL_CLOSE, .body = close_body, .more = &rolls};
    const struct urna_option options[] = {
        URNA_MAKE_SIGNED(m),
        {"roll", "HEX", "entry id of a roll to count; several times; default: all", .list = &rolls},
        URNA_TRUST_OPTIONS(m.record),
        URNA_PASS_OPTION(m.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna roll close",
        .title = "close the roll: count its rows and fix their root",
        .usage = "urna roll close RECORD --key FILE --out FILE",
        .text = "A second member of the commission signs with urna election sign.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "made",
        .fails = "the rows can't be closed, or the record is not valid",
    };
    m.command = &command;
    int rc = urna_cli_make(&m, argc, argv);
    urna_strings_free(&rolls);
    return rc;
}

/* --- check --------------------------------------------------------------- */

static void say_roll(struct urna_tell *s, const struct urna_cli_record *r)
{
    const struct urna_context *P = r->P;
    uint8_t root[32];
    size_t n;
    const struct urna_row *row = urna_judge_rows(r->J, &n);
    urna_cli_roll_root(root, r);
    urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "the roll is closed");
    urna_tell_u64(s, "rows", n);
    urna_tell_hex(s, "root", root, 32);
    if (s->json)
        urna_json_open(&s->j, "cells", '[');
    for (uint32_t i = 0; i < P->n_leaves; i++) {
        uint64_t in = 0, weight = 0;
        for (size_t x = 0; x < n; x++)
            if (row[x].leaf == i) {
                in++;
                weight += row[x].weight;
            }
        const char *id = P->m.cells[P->leaf[i]].id;
        if (s->json) {
            urna_json_open(&s->j, NULL, '{');
            urna_json_str(&s->j, "leaf", id);
            urna_json_u64(&s->j, "rows", in);
            urna_json_u64(&s->j, "weight", weight);
            urna_json_close(&s->j, '}');
        } else {
            printf("  %-24s %8llu rows, weight %llu\n", id, (unsigned long long)in,
                   (unsigned long long)weight);
        }
    }
    if (s->json)
        urna_json_close(&s->j, ']');
}

/* Exit 1 unless the row is there. */
static int say_row(struct urna_tell *s, const struct urna_cli_record *r, const uint8_t pk[32])
{
    size_t n;
    const struct urna_row *row = urna_judge_rows(r->J, &n);
    int64_t at = urna_judge_find_row(r->J, pk);
    if (at < 0) {
        urna_tell_head(s, URNA_SIGN_FAILS, URNA_BAD, "this key is not on the roll");
        urna_tell_hex(s, "key", pk, 32);
        return URNA_FALSE;
    }
    urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "this key is on the roll");
    urna_tell_hex(s, "key", pk, 32);
    urna_tell_str(s, "style", r->P->m.styles[row[at].style].id);
    urna_tell_str(s, "leaf", r->P->m.cells[r->P->leaf[row[at].leaf]].id);
    urna_tell_u64(s, "weight", row[at].weight);
    if (row[at].reg)
        urna_tell_hex(s, "reg", row[at].reg, 32);
    return URNA_OK;
}

struct check {
    struct urna_cli_record record;
    const char *key;
};

static enum urna_status check_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                   struct urna_error *err)
{
    struct check *q = ctx;
    uint8_t pk[32];
    if (q->key && !urna_unhex_any(pk, 32, q->key, strlen(q->key)))
        return urna_fail(err, URNA_INPUT, "--key: a public key has 64 hexadecimal digits");
    q->record.path = args->arg[0];
    enum urna_status st = urna_cli_record_open(&q->record, err);
    if (st == URNA_OK && urna_judge_accepted(q->record.J, URNA_ROLL_CLOSE) == 0)
        st = urna_fail(err, URNA_FALSE, "the roll is not closed");
    if (st == URNA_OK && q->key)
        s->rc = say_row(s, &q->record, pk);
    else if (st == URNA_OK)
        say_roll(s, &q->record);
    urna_cli_record_close(&q->record);
    return st;
}

int urna_cmd_roll_check(int argc, char **argv)
{
    struct check q = {0};
    const struct urna_option options[] = {
        {"key", "HEX", "a voter's (first) public key: is it on the roll?", .string = &q.key},
        URNA_TRUST_OPTIONS(q.record),
        {0},
    };
    const struct urna_command command = {
        .name = "urna roll check",
        .title = "read the closed roll, or look for one key in it",
        .usage = "urna roll check RECORD [--key HEX]",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "the roll is closed (the key is on it)",
        .fails = "it is not",
    };
    return urna_cli_run(&command, argc, argv, check_work, &q);
}

int urna_cmd_roll(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"letters", urna_cmd_roll_letters,
         "make codes for voters, and the public rows that go with them"},
        {"create", urna_cmd_roll_create, "a registrar makes a roll entry from rows"},
        {"close", urna_cmd_roll_close, "close the roll: count its rows and fix their root"},
        {"check", urna_cmd_roll_check, "read the closed roll, or look for one key in it"},
        {0},
    };
    return urna_verbs("urna roll", "who may vote", verbs, argc, argv);
}
