/* urna roll letters, create: what registrars do. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd_roll.h"
#include "cli/rows.h"
#include "proof/credential.h"
#include "protocol/code.h"
#include "protocol/voter.h"

/* --- letters ------------------------------------------------------------- */

struct letters {
    const struct urna_context *P;
    const char *folder;
    unsigned factor;
};

/* One code: the letter goes to the voter, the key into the rows; the code itself is kept nowhere.
 */
static enum urna_status write_letter(const struct letters *l, const char *id, struct urna_buf *rows,
                                     struct urna_error *err)
{
    uint8_t secret[16], sk[32], pk[32];
    char code[URNA_CODE_TEXT], hex[65], phi[65];
    struct urna_buf text = {0}, name = {0};
    urna_random(secret, sizeof secret);
    urna_code_write(code, secret);
    enum urna_status st = urna_code_key(sk, secret, l->P->phi, l->factor, err);
    if (st == URNA_OK && !urna_credential_public(pk, sk))
        st =
            urna_fail(err, URNA_SYSTEM, "a code without a key was drawn: once in 2^252; run again");
    if (st == URNA_OK) {
        urna_hex(hex, pk, 32);
        urna_hex(phi, l->P->phi, 32);
        urna_buf_printf(&name, "%s/%s.txt", l->folder, id);
        urna_buf_printf(&text,
                        "%s\n\nYour voting code%s:\n\n    %s\n\nIt is yours alone: who has it can "
                        "vote for you. Type it into the voting program; hyphens "
                        "and\ncapitals do not matter. The program must show this fingerprint of "
                        "the election:\n\n    %.32s\n    %s\n",
                        urna_cli_title(&l->P->m.title, "Election"),
                        l->P->m.credentials == URNA_TWO_REGISTRARS
                            ? (l->factor == 1 ? " (first of two)" : " (second of two)")
                            : "",
                        code, phi, phi + 32);
        st = urna_cli_write(urna_buf_cstr(&name), urna_buf_view(&text), 0600, err);
        urna_buf_printf(rows, "%s,%s", id, hex);
    }
    urna_wipe(secret, sizeof secret);
    urna_wipe(sk, sizeof sk);
    urna_wipe(code, sizeof code);
    if (text.p)
        urna_wipe(text.p, text.cap);
    urna_buf_free(&text);
    urna_buf_free(&name);
    return st;
}

static bool file_name_ok(const char *id)
{
    size_t n = strlen(id);
    if (n < 1 || n > 64 || id[0] == '.')
        return false;
    for (size_t i = 0; i < n; i++)
        if (!((id[i] >= 'a' && id[i] <= 'z') || (id[i] >= 'A' && id[i] <= 'Z') ||
              (id[i] >= '0' && id[i] <= '9') || id[i] == '.' || id[i] == '-' || id[i] == '_'))
            return false;
    return true;
}

/* Columns that the rows keep: what the roll is about, and never a name. */
static const char *const kept[] = {"style", "leaf", "weight", "reg"};

static enum urna_status make_letters(const struct letters *l, const struct urna_csv *voters,
                                     const char *rows_path, struct urna_error *err)
{
    struct urna_buf rows = {0};
    urna_buf_str(&rows, l->factor == 1 ? "id,key" : "id,key2");
    for (size_t k = 0; k < 4; k++)
        if (voters->n_rows && urna_csv_at(voters, 0, kept[k]))
            urna_buf_printf(&rows, ",%s", kept[k]);
    urna_buf_char(&rows, '\n');
    enum urna_status st = urna_mkdirs(l->folder, 0700, err);
    for (size_t i = 0; i < voters->n_rows && st == URNA_OK; i++) {
        const char *id = urna_csv_at(voters, i, "id");
        if (!id || !file_name_ok(id))
            st = urna_fail(err, URNA_INPUT,
                           "row %zu: the column id must hold 1 to 64 letters, digits, - _ . (a "
                           "number of a letter, not a name)",
                           i + 1);
        else
            st = write_letter(l, id, &rows, err);
        for (size_t k = 0; k < 4 && st == URNA_OK; k++)
            if (urna_csv_at(voters, i, kept[k]))
                urna_buf_printf(&rows, ",%s", urna_csv_at(voters, i, kept[k]));
        urna_buf_char(&rows, '\n');
    }
    if (st == URNA_OK)
        st = urna_cli_write(rows_path, urna_buf_view(&rows), 0600, err);
    urna_buf_free(&rows);
    return st;
}

int urna_cmd_roll_letters(int argc, char **argv)
{
    const char *voters_path = NULL, *folder = NULL, *rows = NULL;
    uint64_t factor = 1;
    const struct urna_option options[] = {
        {"voters", "CSV", "with a heading: id, and style, leaf, weight, reg as far as needed",
         .string = &voters_path, .required = true},
        {"out", "FOLDER", "one letter a voter, ID.txt, readable by you alone", .string = &folder,
         .required = true},
        {"rows", "CSV", "the public rows, for urna roll create", .string = &rows, .required = true},
        {"factor", "1|2", "which of two registrars you are; default 1", .number = &factor, .min = 1,
         .max = 2},
        {0},
    };
    const struct urna_command command = {
        .name = "urna roll letters",
        .title = "make codes for voters, and the public rows that go with them",
        .usage = "urna roll letters ELECTION --voters CSV --out FOLDER --rows CSV",
        .text = "ELECTION is the signed manifest or the record. The codes stand in the letters and "
                "nowhere else: print them, give them out, and "
                "destroy the folder. With two-registrars each registrar does this alone.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "made",
        .fails = "the record is not valid",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_cli_election x;
    struct urna_csv voters = {0};
    enum urna_status st = urna_cli_election_open(&x, args.arg[0], &err);
    if (st == URNA_OK && x.P->m.credentials == URNA_VOTER_MADE)
        st = urna_fail(&err, URNA_INPUT,
                       "in this election the voters make their own keys: urna voter new");
    if (st == URNA_OK && factor == 2 && x.P->m.credentials != URNA_TWO_REGISTRARS)
        st = urna_fail(&err, URNA_INPUT, "--factor 2 is for two-registrars");
    if (st == URNA_OK)
        st = urna_csv_read(&voters, voters_path, &err);
    if (st == URNA_OK) {
        struct letters l = {x.P, folder, (unsigned)factor};
        st = make_letters(&l, &voters, rows, &err);
    }
    if (st == URNA_OK) {
        struct urna_tell s;
        urna_tell_begin(&s, &args);
        urna_tell_head(&s, URNA_SIGN_HOLDS, URNA_GOOD, "%zu letters", voters.n_rows);
        urna_tell_u64(&s, "letters", voters.n_rows);
        urna_tell_str(&s, "folder", folder);
        urna_tell_str(&s, "rows", rows);
        rc = urna_tell_end(&s, URNA_OK);
    } else {
        rc = urna_report_error(command.name, &err);
    }
    urna_csv_free(&voters);
    urna_cli_election_close(&x);
    return rc;
}

/* --- create -------------------------------------------------------------- */

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

int urna_cmd_roll_create(int argc, char **argv)
{
    const char *rows = NULL, *rows2 = NULL, *key = NULL, *out = NULL, *pass_file = NULL;
    const struct urna_option options[] = {
        {"rows", "CSV",
         "with a heading: key; style, leaf, weight, reg as far as needed; id with --rows2",
         .string = &rows, .required = true},
        {"rows2", "CSV", "the second registrar's rows (two-registrars): id, key2",
         .string = &rows2},
        {"key", "FILE", "sealed key of a registrar", .string = &key, .required = true},
        {"out", "FILE", "the entry, with one signature", .string = &out, .required = true},
        URNA_PASS_OPTION(pass_file),
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
    struct urna_args args;
    struct urna_tell s;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_cli_election x;
    struct create c = {0};
    struct urna_role_key role = {{0}, {0}, {0}};
    struct urna_buf body = {0};
    urna_tell_begin(&s, &args);
    enum urna_status st = urna_cli_election_open(&x, args.arg[0], &err);
    c.P = x.P;
    c.two = x.P && urna_context_factors(x.P) == 2;
    if (st == URNA_OK && c.two != (rows2 != NULL))
        st = urna_fail(&err, URNA_INPUT,
                       c.two ? "--rows2 is missing: this election has two registrars"
                             : "--rows2 is for two-registrars");
    if (st == URNA_OK)
        st = urna_csv_read(&c.first, rows, &err);
    if (st == URNA_OK && c.two)
        st = urna_csv_read(&c.second, rows2, &err);
    if (st == URNA_OK) {
        st = roll_body(&body, &c, &err);
        if (st != URNA_OK)
            urna_error_where(&err, rows);
    }
    if (st == URNA_OK)
        st = urna_cli_role(&role, x.P, key, URNA_R_REGISTRAR, pass_file, &err);
    if (st == URNA_OK)
        st = urna_cli_entry_write(&s, out, URNA_ROLL, urna_buf_view(&body), &role, x.P->phi, &err);
    if (st == URNA_OK)
        urna_tell_u64(&s, "rows", c.first.n_rows);
    urna_role_wipe(&role);
    urna_buf_free(&body);
    urna_csv_free(&c.first);
    urna_csv_free(&c.second);
    urna_arena_free(&c.a);
    urna_cli_election_close(&x);
    if (st != URNA_OK) {
        urna_json_free(&s.j);
        return urna_report_error(command.name, &err);
    }
    return urna_tell_end(&s, URNA_OK);
}
