/* urna record say, attach: what a person of the election puts into the log in words or as a file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd_record.h"
#include "cli/text.h"

struct request {
    struct urna_cli_record record;
    const char *kind, *key, *text, *about, *out, *pass_file;
    struct urna_strings files;
};

/* Anybody whom the manifest names may speak, and the key says who that is; a witness's file is of
 * another purpose than the others'. */
static enum urna_status load_any(struct urna_role_key *out, const struct request *q,
                                 struct urna_error *err)
{
    const struct urna_context *P = q->record.P;
    struct urna_secret_bytes pass = {0};
    struct urna_error other = URNA_ERROR_INIT;
    enum urna_status st = urna_cli_pass(&pass, q->pass_file, q->key, false, err);
    if (st == URNA_OK) {
        st = urna_role_load(out, q->key, URNA_SEAL_ROLE, urna_pass_view(&pass), err);
        if (st != URNA_OK && urna_role_load(out, q->key, URNA_SEAL_WITNESS, urna_pass_view(&pass),
                                            &other) == URNA_OK)
            st = URNA_OK;
    }
    urna_secret_bytes_free(&pass);
    for (uint32_t i = 0; st == URNA_OK && i < P->n_signers; i++)
        if (memcmp(P->signer[i].key, out->public, 32) == 0) {
            snprintf(out->name, sizeof out->name, "%s", P->signer[i].id);
            return URNA_OK;
        }
    if (st == URNA_OK)
        st = urna_fail(err, URNA_FALSE, "this key signs for nobody in this election's manifest");
    urna_error_where(err, q->key);
    return st;
}

/* The lines of the file; the grammar itself is asked of each, so that the fault has a line. */
static enum urna_status read_text(struct urna_body *b, struct urna_buf *file, const char *path,
                                  struct urna_arena *a, struct urna_error *err)
{
    enum urna_status st = urna_text_read(file, path, URNA_OUT_MAX / 2, err);
    if (st == URNA_OK && file->len == 0) {
        st = urna_fail(err, URNA_INPUT, "no text");
        urna_error_where(err, path);
    }
    if (st != URNA_OK)
        return st;
    urna_buf_cstr(file); /* ends with a zero byte from here on */
    char *at = (char *)file->p, *end = at + file->len;
    size_t n = 0;
    for (const char *p = at; p < end; p++)
        n += *p == '\n';
    b->free_text.text = URNA_NEW(a, const char *, n + 1);
    while (at < end && st == URNA_OK) {
        char *stop = memchr(at, '\n', (size_t)(end - at));
        struct urna_body one = {.kind = b->kind}, back;
        struct urna_buf bytes = {0};
        struct urna_error fault = URNA_ERROR_INIT;
        const char *line = at;
        if (stop)
            *stop = '\0';
        one.free_text = (struct urna_free_text){.as = "x", .text = &line, .n_text = 1};
        urna_body_write(&bytes, &one, 0, 0);
        b->free_text.text[b->free_text.n_text++] = line;
        if (urna_body_read(&back, b->kind, urna_buf_view(&bytes), 0, 0, a, &fault) != URNA_OK) {
            err->offset = b->free_text.n_text;
            st = urna_fail(err, URNA_INPUT, "not a line of text: %s", fault.msg);
            urna_error_where(err, path);
        }
        urna_buf_free(&bytes);
        at = stop ? stop + 1 : end;
    }
    return st;
}

/* ${path} as an entry of its own, and the hash of its bytes. */
static enum urna_status make_attachment(struct urna_buf *entry, uint8_t hash[32], const char *path,
                                        const struct request *q, const struct urna_role_key *role,
                                        struct urna_error *err)
{
    struct urna_buf bytes = {0};
    enum urna_status st = urna_cli_read(&bytes, path, URNA_OUT_MAX, err);
    if (st == URNA_OK) {
        urna_sha256(hash, bytes.p, bytes.len);
        st = urna_entry_make(entry, URNA_ATTACHMENT, urna_buf_view(&bytes), role, q->record.P->phi,
                             err);
    }
    urna_buf_free(&bytes);
    return st;
}

/* The name of the entry of the n-th file. */
static char *beside(const char *out, size_t n)
{
    struct urna_buf name = {0};
    urna_buf_printf(&name, "%s.attachment-%zu", out, n + 1);
    char *copy = urna_xstrdup(urna_buf_cstr(&name));
    urna_buf_free(&name);
    return copy;
}

/* The files' own entries are written first, and what was written goes again if something fails: a
 * statement that names a file never stands there without it. */
static enum urna_status write_attachments(size_t *written, const struct request *q,
                                          struct urna_body *b, const struct urna_role_key *role,
                                          struct urna_error *err)
{
    enum urna_status st = URNA_OK;
    for (size_t i = 0; i < q->files.n && st == URNA_OK; i++) {
        uint8_t *hash = b->free_text.files[i];
        struct urna_buf entry = {0};
        char *name = beside(q->out, i);
        st = make_attachment(&entry, hash, q->files.s[i], q, role, err);
        for (size_t k = 0; k < i && st == URNA_OK; k++)
            if (memcmp(hash, b->free_text.files[k], 32) == 0) {
                st = urna_fail(err, URNA_INPUT, "the same bytes as %s: give each file once",
                               q->files.s[k]);
                urna_error_where(err, q->files.s[i]);
            }
        if (st == URNA_OK)
            st = urna_cli_write(name, urna_buf_view(&entry), 0644, err);
        *written += st == URNA_OK;
        free(name);
        urna_buf_free(&entry);
    }
    return st;
}

static void take_back(const struct request *q, size_t written)
{
    for (size_t i = 0; i < written; i++) {
        char *name = beside(q->out, i);
        remove(name);
        free(name);
    }
}

static enum urna_status say_body(struct urna_tell *s, const struct request *q, struct urna_body *b,
                                 const struct urna_role_key *role, struct urna_arena *a,
                                 struct urna_error *err)
{
    struct urna_buf body = {0};
    size_t written = 0;
    b->free_text.as = role->name;
    b->free_text.has_files = q->files.n > 0;
    b->free_text.n_files = (uint32_t)q->files.n;
    b->free_text.files = urna_arena_alloc(a, q->files.n + 1, 32);
    enum urna_status st = write_attachments(&written, q, b, role, err);
    if (st == URNA_OK) {
        urna_body_write(&body, b, q->record.P->lp, q->record.P->lq);
        if (body.len > URNA_OUT_MAX)
            st = urna_fail(err, URNA_INPUT, "the text is too long");
    }
    if (st == URNA_OK)
        st = urna_cli_entry_write(s, q->out, b->kind, urna_buf_view(&body), role, q->record.P->phi,
                                  err);
    if (st != URNA_OK)
        take_back(q, written);
    else if (written)
        urna_tell_u64(s, "attachments", written);
    urna_buf_free(&body);
    return st;
}

static enum urna_status attach(struct urna_tell *s, const struct request *q, const char *path,
                               const struct urna_role_key *role, struct urna_error *err)
{
    struct urna_buf bytes = {0};
    enum urna_status st = urna_cli_read(&bytes, path, URNA_OUT_MAX, err);
    if (st == URNA_OK)
        st = urna_cli_entry_write(s, q->out, URNA_ATTACHMENT, urna_buf_view(&bytes), role,
                                  q->record.P->phi, err);
    urna_buf_free(&bytes);
    return st;
}

/* Before the passphrase is asked for. */
static enum urna_status names_free(const struct request *q, struct urna_error *err)
{
    enum urna_status st = URNA_OK;
    for (size_t i = 0; i < q->files.n && st == URNA_OK; i++) {
        char *name = beside(q->out, i);
        st = urna_cli_free_name(name, err);
        free(name);
    }
    return st;
}

static enum urna_status say(struct urna_tell *s, struct request *q, const char *attached,
                            struct urna_error *err)
{
    struct urna_role_key role = {{0}, {0}, {0}};
    struct urna_arena a = {0};
    struct urna_buf file = {0};
    uint8_t hash[32];
    struct urna_body b = {.kind = attached ? URNA_ATTACHMENT : urna_kind_find(q->kind)};
    enum urna_status st = names_free(q, err);
    if (st == URNA_OK)
        st = urna_cli_record_open(&q->record, err);
    if (st == URNA_OK && !attached)
        st = read_text(&b, &file, q->text, &a, err);
    if (st == URNA_OK && q->about && !urna_unhex_any(hash, 32, q->about, strlen(q->about)))
        st = urna_fail(err, URNA_INPUT, "--about: 64 hexadecimal digits");
    if (st == URNA_OK)
        st = load_any(&role, q, err);
    if (st == URNA_OK && attached) {
        st = attach(s, q, attached, &role, err);
    } else if (st == URNA_OK) {
        b.free_text.about = q->about ? hash : NULL;
        st = say_body(s, q, &b, &role, &a, err);
    }
    if (st == URNA_OK)
        urna_tell_note(s, "Next: the board appends it (urna record append).");
    urna_role_wipe(&role);
    urna_buf_free(&file);
    urna_arena_free(&a);
    return st;
}

static int run(const struct urna_command *command, struct request *q, int argc, char **argv)
{
    struct urna_args args;
    struct urna_tell s;
    int rc = urna_options_read(&args, command, argc, argv);
    if (rc == URNA_GO_ON && q->kind && strcmp(q->kind, "incident") != 0 &&
        strcmp(q->kind, "complaint") != 0 && strcmp(q->kind, "statement") != 0)
        rc = urna_usage_error(command->name, "--kind: incident, complaint or statement");
    if (rc == URNA_GO_ON) {
        struct urna_error err = URNA_ERROR_INIT;
        q->record.path = args.arg[0];
        urna_tell_begin(&s, &args);
        enum urna_status st = say(&s, q, args.n > 1 ? args.arg[1] : NULL, &err);
        urna_cli_record_close(&q->record);
        if (st == URNA_OK) {
            rc = urna_tell_end(&s, URNA_OK);
        } else {
            urna_json_free(&s.j);
            rc = urna_report_error(command->name, &err);
        }
    }
    urna_strings_free(&q->files);
    return rc;
}

int urna_cmd_record_say(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"kind", "KIND", "incident, complaint or statement", .string = &q.kind, .required = true},
        {"key", "FILE", "your sealed key", .string = &q.key, .required = true},
        {"text", "FILE", "what you say, in UTF-8, line by line", .string = &q.text,
         .required = true},
        {"about", "HASH", "the entry that it is about", .string = &q.about},
        {"file", "FILE", "a file that belongs to it; several", .list = &q.files},
        {"out", "FILE", "the entry", .string = &q.out, .required = true, .new_file = true},
        URNA_TRUST_OPTIONS(q.record),
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna record say",
        .title = "make an incident, a complaint or a statement",
        .usage = "urna record say RECORD --kind KIND --key FILE --text FILE --out FILE",
        .text = "Whoever the manifest names may speak. Everybody will read it, under your name. "
                "For each --file an attachment entry is written beside, as OUT.attachment-N.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "made",
        .fails = "the record is not valid, or the key is nobody's in this election",
    };
    return run(&command, &q, argc, argv);
}

int urna_cmd_record_attach(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"key", "FILE", "your sealed key", .string = &q.key, .required = true},
        {"out", "FILE", "the entry", .string = &q.out, .required = true, .new_file = true},
        URNA_TRUST_OPTIONS(q.record),
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna record attach",
        .title = "make an entry of a file, of at most 64 MiB",
        .usage = "urna record attach RECORD FILE --key FILE --out FILE",
        .options = options,
        .args_min = 2,
        .args_max = 2,
        .holds = "made",
        .fails = "the record is not valid, or the key is nobody's in this election",
    };
    return run(&command, &q, argc, argv);
}
