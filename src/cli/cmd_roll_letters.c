/* urna roll letters: codes for voters, and the public rows that go with them. */
#include <string.h>

#include "cli/cmd_roll.h"
#include "cli/rows.h"
#include "proof/credential.h"
#include "protocol/code.h"

struct letters {
    const char *voters, *folder, *rows;
    uint64_t factor;
};

/* One code: the letter goes to the voter, the key into the rows; the code itself is kept nowhere.
 */
static enum urna_status write_letter(const struct letters *l, const struct urna_context *P,
                                     const char *id, struct urna_buf *rows, struct urna_error *err)
{
    uint8_t secret[16], sk[32], pk[32];
    char code[URNA_CODE_TEXT], hex[65], phi[65];
    struct urna_buf text = {0}, name = {0};
    urna_random(secret, sizeof secret);
    urna_code_write(code, secret);
    enum urna_status st = urna_code_key(sk, secret, P->phi, (unsigned)l->factor, err);
    if (st == URNA_OK && !urna_credential_public(pk, sk))
        st =
            urna_fail(err, URNA_SYSTEM, "a code without a key was drawn: once in 2^252; run again");
    if (st == URNA_OK) {
        urna_hex(hex, pk, 32);
        urna_hex(phi, P->phi, 32);
        urna_buf_printf(&name, "%s/%s.txt", l->folder, id);
        urna_buf_printf(&text,
                        "%s\n\nYour voting code%s:\n\n    %s\n\nIt is yours alone: who has it can "
                        "vote for you. Type it into the voting program; hyphens "
                        "and\ncapitals do not matter. The program must show this fingerprint of "
                        "the election:\n\n    %.32s\n    %s\n",
                        urna_cli_title(&P->m.title, "Election"),
                        P->m.credentials == URNA_TWO_REGISTRARS
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

static enum urna_status make_letters(const struct letters *l, const struct urna_context *P,
                                     const struct urna_csv *voters, struct urna_error *err)
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
            st = write_letter(l, P, id, &rows, err);
        for (size_t k = 0; k < 4 && st == URNA_OK; k++)
            if (urna_csv_at(voters, i, kept[k]))
                urna_buf_printf(&rows, ",%s", urna_csv_at(voters, i, kept[k]));
        urna_buf_char(&rows, '\n');
    }
    if (st == URNA_OK)
        st = urna_cli_write(l->rows, urna_buf_view(&rows), 0600, err);
    urna_buf_free(&rows);
    return st;
}

static enum urna_status check_factor(const struct letters *q, const struct urna_context *P,
                                     struct urna_error *err)
{
    if (P->m.credentials == URNA_VOTER_MADE)
        return urna_fail(err, URNA_INPUT,
                         "in this election the voters make their own keys: urna voter new");
    if (q->factor == 2 && P->m.credentials != URNA_TWO_REGISTRARS)
        return urna_fail(err, URNA_INPUT, "--factor 2 is for two-registrars");
    return URNA_OK;
}

static enum urna_status letters_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                     struct urna_error *err)
{
    const struct letters *q = ctx;
    struct urna_cli_election x;
    struct urna_csv voters = {0};
    enum urna_status st = urna_cli_election_open(&x, args->arg[0], err);
    if (st == URNA_OK)
        st = check_factor(q, x.P, err);
    if (st == URNA_OK)
        st = urna_csv_read(&voters, q->voters, err);
    if (st == URNA_OK)
        st = make_letters(q, x.P, &voters, err);
    if (st == URNA_OK) {
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "%zu letters", voters.n_rows);
        urna_tell_u64(s, "letters", voters.n_rows);
        urna_tell_str(s, "folder", q->folder);
        urna_tell_str(s, "rows", q->rows);
    }
    urna_csv_free(&voters);
    urna_cli_election_close(&x);
    return st;
}

int urna_cmd_roll_letters(int argc, char **argv)
{
    struct letters q = {.factor = 1};
    const struct urna_option options[] = {
        {"voters", "CSV", "with a heading: id, and style, leaf, weight, reg as far as needed",
         .string = &q.voters, .required = true},
        {"out", "FOLDER", "one letter a voter, ID.txt, readable by you alone", .string = &q.folder,
         .required = true},
        {"rows", "CSV", "the public rows, for urna roll create", .string = &q.rows,
         .required = true},
        {"factor", "1|2", "which of two registrars you are; default 1", .number = &q.factor,
         .min = 1, .max = 2},
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
    return urna_cli_run(&command, argc, argv, letters_work, &q);
}
