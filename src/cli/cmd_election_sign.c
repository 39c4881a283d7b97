/* urna election sign: nobody signs what their own judge would not have written. */
#include <string.h>

#include "cli/cmd_election.h"

struct request {
    const char *key, *out, *pass_file;
    struct urna_cli_record record;
};

/* Does the body say what this record says? ${want}: what it should be. */
static enum urna_status must_be(struct urna_view have, const struct urna_buf *want,
                                struct urna_error *err)
{
    return urna_view_eq(have, urna_buf_view(want))
               ? URNA_OK
               : urna_fail(
                     err, URNA_FALSE,
                     "the entry is not what your own reading of the record gives: do not sign it");
}

static enum urna_status check_roll_close(const struct request *q, const struct urna_entry *e,
                                         struct urna_arena *a, struct urna_error *err)
{
    struct urna_body b;
    struct urna_buf want = {0};
    enum urna_status st =
        urna_body_read(&b, e->kind, e->body, q->record.P->lp, q->record.P->lq, a, err);
    if (st != URNA_OK)
        return st;
    struct urna_strings rolls = {0};
    for (uint32_t i = 0; i < b.roll_close.n_rolls; i++) {
        char *hex = URNA_NEW(a, char, 65);
        urna_hex(hex, b.roll_close.rolls[i], 32);
        rolls.s = urna_xrealloc(rolls.s, rolls.n + 1, sizeof *rolls.s);
        rolls.s[rolls.n++] = hex;
    }
    st = urna_cli_roll_close_body(&want, &q->record, &rolls, err);
    if (st == URNA_OK)
        st = must_be(e->body, &want, err);
    urna_strings_free(&rolls);
    urna_buf_free(&want);
    return st;
}

static enum urna_status check_open(const struct request *q, const struct urna_entry *e,
                                   struct urna_error *err)
{
    struct urna_buf want = {0};
    enum urna_status st = urna_cli_open_body(&want, &q->record, err);
    if (st == URNA_OK)
        st = must_be(e->body, &want, err);
    urna_buf_free(&want);
    return st;
}

static void say_body(struct urna_tell *s, const struct request *q, const struct urna_entry *e,
                     struct urna_arena *a)
{
    struct urna_body b;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_body_read(&b, e->kind, e->body, q->record.P->lp, q->record.P->lq, a, &err) != URNA_OK)
        return;
    if (e->kind == URNA_OPEN || e->kind == URNA_ROLL_CLOSE)
        urna_tell_str(s, "checked", "equal to what your own reading of the record gives");
    if (e->kind == URNA_CLOSE)
        urna_tell_time(s, "time", b.close.time);
    if (e->kind == URNA_REDACT)
        urna_tell_hex(s, "hash", b.redact.hash, 32);
    if (e->kind == URNA_ROLL)
        urna_tell_u64(s, "rows", b.roll.n_rows);
}

static enum urna_status write_signed(struct urna_tell *s, const struct request *q,
                                     const struct urna_context *P, struct urna_view file,
                                     const struct urna_entry *e, enum urna_role_type type,
                                     struct urna_error *err)
{
    struct urna_role_key role;
    struct urna_buf out = {0};
    enum urna_status st = urna_cli_role(&role, P, q->key, type, q->pass_file, err);
    if (st == URNA_OK)
        st = urna_entry_cosign(&out, file, &role, P->phi, err);
    if (st == URNA_OK)
        st = urna_cli_write(q->out, urna_buf_view(&out), 0644, err);
    if (st == URNA_OK) {
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "%s, signed by %s", urna_kind_name(e->kind),
                       role.name);
        urna_tell_str(s, "file", q->out);
        urna_tell_u64(s, "signatures", e->n_sigs + 1);
    }
    urna_role_wipe(&role);
    urna_buf_free(&out);
    return st;
}

static enum urna_status sign_manifest(struct urna_tell *s, const struct request *q,
                                      struct urna_view file, const struct urna_entry *e,
                                      struct urna_error *err)
{
    struct urna_ruling r;
    struct urna_context *P = urna_context_from_manifest(e->body, &r);
    if (!P)
        return urna_fail(err, URNA_INPUT, "not an acceptable manifest: rule %s: %s", r.rule,
                         r.reason);
    enum urna_status st = write_signed(s, q, P, file, e, URNA_R_COMMISSION, err);
    if (st == URNA_OK) {
        urna_tell_str(s, "election", urna_cli_title(&P->m.title, "without a title"));
        urna_tell_hex(s, "fingerprint", P->phi, 32);
        urna_tell_u64(s, "of", P->m.n_commission);
        if (e->n_sigs + 1 == P->m.n_commission)
            urna_tell_note(
                s, "All have signed. Next: the board begins the record with it (urna record new).");
    }
    urna_context_free(P);
    return st;
}

static enum urna_status sign_entry(struct urna_tell *s, struct request *q, struct urna_view file,
                                   const struct urna_entry *e, struct urna_arena *a,
                                   struct urna_error *err)
{
    if (!q->record.path)
        return urna_fail(err, URNA_INPUT, "--record RECORD is needed to see whether a %s is right",
                         urna_kind_name(e->kind));
    enum urna_status st = urna_cli_record_open(&q->record, err);
    if (st == URNA_OK && e->kind == URNA_OPEN)
        st = check_open(q, e, err);
    if (st == URNA_OK && e->kind == URNA_ROLL_CLOSE)
        st = check_roll_close(q, e, a, err);
    if (st == URNA_OK && e->kind == URNA_REDACT) {
        struct urna_body b;
        st = urna_body_read(&b, e->kind, e->body, q->record.P->lp, q->record.P->lq, a, err);
        if (st == URNA_OK)
            st = urna_cli_can_redact(&q->record, b.redact.hash, err);
    }
    if (st != URNA_OK)
        return st;
    st = write_signed(s, q, q->record.P, file, e,
                      e->kind == URNA_ROLL ? URNA_R_REGISTRAR : URNA_R_COMMISSION, err);
    if (st == URNA_OK)
        say_body(s, q, e, a);
    return st;
}

/* The argument is an entry file, or the bare body of a manifest that nobody has signed yet. */
static enum urna_status sign(struct urna_tell *s, struct request *q, const char *path,
                             struct urna_error *err)
{
    struct urna_buf in = {0}, file = {0};
    struct urna_arena a = {0};
    struct urna_entry e = {0};
    static const char bare[] = "{\"format\":";
    enum urna_status st = urna_cli_read(&in, path, URNA_OUT_MAX, err);
    if (st == URNA_OK && in.len > sizeof bare && memcmp(in.p, bare, sizeof bare - 1) == 0)
        urna_entry_file_write(&file, URNA_MANIFEST, NULL, 0, urna_buf_view(&in));
    else
        urna_buf_add(&file, in.p, in.len);
    if (st == URNA_OK) {
        st = urna_entry_file_read(&e, urna_buf_view(&file), &a, err);
        if (st != URNA_OK)
            urna_error_where(err, path);
    }
    if (st == URNA_OK && e.kind == URNA_MANIFEST)
        st = sign_manifest(s, q, urna_buf_view(&file), &e, err);
    else if (st == URNA_OK)
        st = sign_entry(s, q, urna_buf_view(&file), &e, &a, err);
    urna_arena_free(&a);
    urna_buf_free(&file);
    urna_buf_free(&in);
    return st;
}

static enum urna_status sign_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                  struct urna_error *err)
{
    struct request *q = ctx;
    enum urna_status st = sign(s, q, args->arg[0], err);
    urna_cli_record_close(&q->record);
    return st;
}

int urna_cmd_election_sign(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"key", "FILE", "your sealed key", .string = &q.key, .required = true},
        {"out", "FILE", "the entry with your signature added", .string = &q.out, .required = true, .new_file = true},
        {"record", "RECORD", "to compare with; for every kind but the manifest",
         .string = &q.record.path},
        URNA_TRUST_OPTIONS(q.record),
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna election sign",
        .title = "a member of the commission (or a registrar) signs an entry",
        .usage = "urna election sign MANIFEST --key FILE --out FILE\n"
                 "urna election sign ENTRY --record RECORD --key FILE --out FILE",
        .text = "roll.close and open are signed only if your own judge, reading the record, would "
                "have written the same bytes.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "signed",
        .fails = "the entry is not what the record gives",
    };
    return urna_cli_run(&command, argc, argv, sign_work, &q);
}
