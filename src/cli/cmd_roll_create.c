/* urna roll create: a registrar's rows as an entry. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd_roll.h"
#include "cli/rows.h"
#include "proof/credential.h"

struct create {
    const struct urna_context *P;
    struct urna_csv first, second;
    bool two;
    struct urna_arena a;
};

static enum urna_status take_key(uint8_t out[32], const char *hex, size_t row,
                                 struct urna_error *err)
{
    if (!hex || !urna_unhex_any(out, 32, hex, strlen(hex)) || !urna_credential_key_valid(out))
        return urna_fail(err, URNA_INPUT,
                         "row %zu: the key is not 64 digits of a valid credential key", row + 1);
    return URNA_OK;
}

/* The key of the other registrar's row with the same id. */
static const char *second_key(const struct create *c, size_t row)
{
    const char *id = urna_csv_at(&c->first, row, "id");
    for (size_t i = 0; id && i < c->second.n_rows; i++) {
        const char *other = urna_csv_at(&c->second, i, "id");
        if (other && strcmp(other, id) == 0)
            return urna_csv_at(&c->second, i, "key2");
    }
    return NULL;
}

static enum urna_status take_row(struct urna_roll_row *out, struct create *c, size_t i,
                                 struct urna_error *err)
{
    const char *weight = urna_csv_at(&c->first, i, "weight"),
               *reg = urna_csv_at(&c->first, i, "reg");
    uint64_t w = 1;
    out->style = urna_csv_at(&c->first, i, "style");
    out->leaf = urna_csv_at(&c->first, i, "leaf");
    if (!out->style && c->P->m.n_styles == 1)
        out->style = c->P->m.styles[0].id;
    if (!out->leaf && c->P->n_leaves == 1)
        out->leaf = c->P->m.cells[c->P->leaf[0]].id;
    if (!out->style || urna_context_style(c->P, out->style) < 0)
        return urna_fail(err, URNA_INPUT, "row %zu: the manifest has no style \"%s\"", i + 1,
                         out->style ? out->style : "");
    if (!out->leaf || urna_context_leaf(c->P, out->leaf) < 0)
        return urna_fail(err, URNA_INPUT, "row %zu: the manifest has no leaf cell \"%s\"", i + 1,
                         out->leaf ? out->leaf : "");
    if (weight && *weight && (!urna_parse_u64(&w, weight, strlen(weight), 1u << 20) || w < 1))
        return urna_fail(err, URNA_INPUT, "row %zu: a weight is 1 to 1,048,576", i + 1);
    out->weight = (uint32_t)w;
    if (reg && *reg) {
        uint8_t *h = urna_arena_alloc(&c->a, 1, 32);
        if (!urna_unhex_any(h, 32, reg, strlen(reg)))
            return urna_fail(err, URNA_INPUT, "row %zu: reg is a hash of 64 hexadecimal digits",
                             i + 1);
        out->reg = h;
    }
    out->n_keys = c->two ? 2 : 1;
    out->keys = urna_arena_alloc(&c->a, out->n_keys, 32);
    enum urna_status st = take_key(out->keys[0], urna_csv_at(&c->first, i, "key"), i, err);
    if (st == URNA_OK && c->two)
        st = take_key(out->keys[1], second_key(c, i), i, err);
    return st;
}

static int by_key(const void *a, const void *b)
{
    return memcmp(((const struct urna_roll_row *)a)->keys[0],
                  ((const struct urna_roll_row *)b)->keys[0], 32);
}

static enum urna_status roll_body(struct urna_buf *out, struct create *c, struct urna_error *err)
{
    struct urna_body b = {.kind = URNA_ROLL};
    size_t n = c->first.n_rows;
    struct urna_roll_row *row = URNA_NEW(&c->a, struct urna_roll_row, n + 1);
    if (n == 0)
        return urna_fail(err, URNA_INPUT, "there are no rows");
    if (c->two && c->second.n_rows != n)
        return urna_fail(err, URNA_INPUT, "the two lists have %zu and %zu rows", n,
                         c->second.n_rows);
    for (size_t i = 0; i < n; i++) {
        enum urna_status st = take_row(&row[i], c, i, err);
        if (st != URNA_OK)
            return st;
    }
    qsort(row, n, sizeof *row, by_key);
    for (size_t i = 1; i < n; i++)
        if (memcmp(row[i - 1].keys[0], row[i].keys[0], 32) == 0)
            return urna_fail(err, URNA_INPUT, "a key stands twice");
    b.roll = (struct urna_roll){row, (uint32_t)n};
    urna_body_write(out, &b, c->P->lp, c->P->lq);
    return URNA_OK;
}

struct request {
    const char *rows, *rows2, *key, *out, *pass_file;
};

/* The rows of one registrar or two, as the body of an entry. */
static enum urna_status read_rows(struct urna_buf *body, struct create *c, const struct request *q,
                                  struct urna_error *err)
{
    if (c->two != (q->rows2 != NULL))
        return urna_fail(err, URNA_INPUT,
                         c->two ? "--rows2 is missing: this election has two registrars"
                                : "--rows2 is for two-registrars");
    enum urna_status st = urna_csv_read(&c->first, q->rows, err);
    if (st == URNA_OK && c->two)
        st = urna_csv_read(&c->second, q->rows2, err);
    if (st == URNA_OK && (st = roll_body(body, c, err)) != URNA_OK)
        urna_error_where(err, q->rows);
    return st;
}

static enum urna_status create_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                    struct urna_error *err)
{
    const struct request *q = ctx;
    struct urna_cli_election x;
    struct create c = {0};
    struct urna_role_key role = {{0}, {0}, {0}};
    struct urna_buf body = {0};
    enum urna_status st = urna_cli_election_open(&x, args->arg[0], err);
    if (st == URNA_OK) {
        c.P = x.P;
        c.two = urna_context_factors(x.P) == 2;
        st = read_rows(&body, &c, q, err);
    }
    if (st == URNA_OK)
        st = urna_cli_role(&role, x.P, q->key, URNA_R_REGISTRAR, q->pass_file, err);
    if (st == URNA_OK)
        st = urna_cli_entry_write(s, q->out, URNA_ROLL, urna_buf_view(&body), &role, x.P->phi, err);
    if (st == URNA_OK)
        urna_tell_u64(s, "rows", c.first.n_rows);
    urna_role_wipe(&role);
    urna_buf_free(&body);
    urna_csv_free(&c.first);
    urna_csv_free(&c.second);
    urna_arena_free(&c.a);
    urna_cli_election_close(&x);
    return st;
}

int urna_cmd_roll_create(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"rows", "CSV",
         "with a heading: key; style, leaf, weight, reg as far as needed; id with --rows2",
         .string = &q.rows, .required = true},
        {"rows2", "CSV", "the second registrar's rows (two-registrars): id, key2",
         .string = &q.rows2},
        {"key", "FILE", "sealed key of a registrar", .string = &q.key, .required = true},
        {"out", "FILE", "the entry, with one signature", .string = &q.out, .required = true, .new_file = true},
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna roll create",
        .title = "a registrar makes a roll entry from rows",
        .usage = "urna roll create ELECTION --rows CSV --key FILE --out FILE",
        .text = "The rows are sorted by key, so their order says nothing. With two-registrars the "
                "second one signs with urna election sign.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "made",
        .fails = "the record is not valid, or the key is no registrar's",
    };
    return urna_cli_run(&command, argc, argv, create_work, &q);
}
