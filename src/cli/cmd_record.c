/* urna record: the board's work by files, and reading a record. */
#include "cli/cmd_record.h"

#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "verify/append.h"

/* --- new, append --------------------------------------------------------- */

/* An entry that stands in the log now. */
struct taken {
    enum urna_kind kind;
    uint64_t index;
    uint8_t e[32];
};

struct request {
    const char *log_key, *pass_file;
    struct taken *taken;
    size_t n_taken;
    bool told; /* of some that were taken */
    struct urna_role_key log;
    struct urna_append *a;
};

static enum urna_status load_log(struct request *q, struct urna_error *err)
{
    struct urna_secret_bytes pass = {0};
    enum urna_status st = urna_cli_pass(&pass, q->pass_file, q->log_key, false, err);
    if (st == URNA_OK)
        st = urna_role_load(&q->log, q->log_key, URNA_SEAL_LOG, urna_pass_view(&pass), err);
    urna_secret_bytes_free(&pass);
    if (st != URNA_OK)
        urna_error_where(err, q->log_key);
    return st;
}

/* One file; the ones before it stay whatever becomes of it. */
static enum urna_status append_one(struct request *q, const char *path, struct urna_error *err)
{
    struct urna_buf file = {0};
    struct urna_arena arena = {0};
    struct urna_entry e;
    uint64_t index = 0;
    enum urna_status st = urna_cli_read(&file, path, URNA_OUT_MAX + (1u << 20), err);
    if (st == URNA_OK)
        st = urna_append_entry(q->a, urna_buf_view(&file), &index, err);
    if (st == URNA_OK)
        st = urna_entry_file_read(&e, urna_buf_view(&file), &arena, err);
    if (st != URNA_OK) {
        urna_error_where(err, path);
        if (strstr(err->msg, err->rule))
            err->rule[0] = '\0'; /* named once is enough */
    } else {
        struct taken *t = &q->taken[q->n_taken++];
        *t = (struct taken){.kind = e.kind, .index = index};
        memcpy(t->e, e.e, 32);
    }
    urna_arena_free(&arena);
    urna_buf_free(&file);
    return st;
}

static void say_taken(struct urna_tell *s, const struct taken *t)
{
    if (s->json) {
        urna_json_open(&s->j, NULL, '{');
        urna_json_str(&s->j, "kind", urna_kind_name(t->kind));
        urna_json_u64(&s->j, "index", t->index);
        urna_json_hex(&s->j, "entry", t->e, 32);
        urna_json_close(&s->j, '}');
        return;
    }
    char number[28], hex[65];
    urna_hex(hex, t->e, 32);
    urna_term_tone(stdout, URNA_GOOD);
    fputs(urna_term_sign(URNA_SIGN_HOLDS), stdout);
    urna_term_end(stdout);
    printf(" entry %s  %s\n  %s\n", urna_number(number, t->index), urna_kind_name(t->kind), hex);
}

/* What was taken is told once it is durable, also if one behind it was refused. */
static enum urna_status append_all(struct urna_tell *s, struct request *q,
                                   const struct urna_args *args, struct urna_error *err)
{
    struct urna_error late = URNA_ERROR_INIT;
    enum urna_status st = URNA_OK;
    q->taken = urna_xcalloc(args->n, sizeof *q->taken);
    for (size_t i = 1; i < args->n && st == URNA_OK; i++)
        st = append_one(q, args->arg[i], err);
    enum urna_status done = q->n_taken ? urna_append_commit(q->a, q->log.seed, &late) : URNA_OK;
    if (done != URNA_OK) {
        *err = late;
        return done;
    }
    if (s->json)
        urna_json_open(&s->j, "appended", '[');
    for (size_t i = 0; i < q->n_taken; i++)
        say_taken(s, &q->taken[i]);
    if (s->json)
        urna_json_close(&s->j, ']');
    q->told = q->n_taken > 0;
    return st;
}

static void say_size(struct urna_tell *s, struct request *q)
{
    uint8_t root[32];
    uint64_t size = urna_tree_size(urna_append_tree(q->a));
    if (!urna_tree_root(urna_append_tree(q->a), size, root))
        return;
    urna_tell_u64(s, "size", size);
    urna_tell_hex(s, "root", root, 32);
}

static int run_append(const struct urna_command *command, struct request *q, int argc, char **argv,
                      bool fresh)
{
    struct urna_args args;
    struct urna_tell s;
    int rc = urna_options_read(&args, command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf checkpoint = {0};
    urna_buf_printf(&checkpoint, "%s/checkpoint", args.arg[0]);
    bool there = urna_file_exists(urna_buf_cstr(&checkpoint));
    urna_buf_free(&checkpoint);
    enum urna_status st = load_log(q, &err);
    if (st == URNA_OK && there == fresh) {
        st = urna_fail(&err, URNA_INPUT,
                       fresh ? "a record is there already"
                             : "there is no record: urna record new begins one");
        urna_error_where(&err, args.arg[0]);
    }
    if (st == URNA_OK)
        st = urna_append_open(&q->a, args.arg[0], q->log.name, q->log.public, 0, &err);
    urna_tell_begin(&s, &args);
    if (st == URNA_OK)
        st = append_all(&s, q, &args, &err);
    if (st == URNA_OK) {
        say_size(&s, q);
        rc = urna_tell_end(&s, URNA_OK);
    } else {
        if (q->told)
            (void)urna_tell_end(&s, URNA_OK);
        else
            urna_json_free(&s.j);
        rc = urna_report_error(command->name, &err);
    }
    free(q->taken);
    urna_append_free(q->a);
    urna_role_wipe(&q->log);
    return rc;
}

int urna_cmd_record_new(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"log-key", "FILE", "the sealed key of the log", .string = &q.log_key, .required = true},
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna record new",
        .title = "begin a record with its manifest",
        .usage = "urna record new FOLDER MANIFEST.entry --log-key FILE",
        .options = options,
        .args_min = 2,
        .args_max = 2,
        .holds = "begun",
        .fails = "refused by a rule",
    };
    return run_append(&command, &q, argc, argv, true);
}

int urna_cmd_record_append(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"log-key", "FILE", "the sealed key of the log", .string = &q.log_key, .required = true},
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna record append",
        .title = "judge entries, append them, sign the new checkpoint",
        .usage = "urna record append RECORD --log-key FILE ENTRY...",
        .text = "In the order given. An entry that the judge refuses is not appended and ends the "
                "run; the ones before it are committed and stay in the log.",
        .options = options,
        .args_min = 2,
        .args_max = 1000000,
        .holds = "all are appended",
        .fails = "one was refused by a rule, which is named",
    };
    return run_append(&command, &q, argc, argv, false);
}

/* --- ls, cat ------------------------------------------------------------- */

struct lister {
    const struct urna_cli_record *r;
    bool json, cat;
    enum urna_kind only; /* URNA_KIND_COUNT: all */
    uint64_t index;      /* UINT64_MAX: all */
};

static const char *became(const struct urna_void *v)
{
    if (!v)
        return "accepted";
    return v->cancelled ? "superseded" : v->rule;
}

static void json_heading(struct urna_json *j, const struct urna_entry *e, const struct urna_void *v)
{
    urna_json_open(j, NULL, '{');
    urna_json_u64(j, "index", e->index);
    urna_json_str(j, "kind", e->kind_name ? e->kind_name : "");
    urna_json_bool(j, "accepted", !v);
    if (v) {
        urna_json_str(j, "rule", v->rule);
        urna_json_str(j, "reason", v->reason);
    }
    if (e->bad_form)
        return;
    urna_json_hex(j, "entry", e->e, 32);
    urna_json_open(j, "by", '[');
    for (uint32_t i = 0; i < e->n_sigs; i++)
        urna_json_str(j, NULL, e->sigs[i].by);
    urna_json_close(j, ']');
}

/* The body as it stands if it is one of its kind, so that a line stays JSON whatever the log holds;
 * else as a text. */
static void json_body(struct urna_json *j, const struct lister *l, const struct urna_entry *e)
{
    struct urna_arena a = {0};
    struct urna_body b;
    struct urna_error err = URNA_ERROR_INIT;
    if (!e->bad_form && !e->absent && e->kind != URNA_ATTACHMENT && e->kind < URNA_KIND_COUNT &&
        urna_body_read(&b, e->kind, e->body, l->r->P->lp, l->r->P->lq, &a, &err) == URNA_OK) {
        urna_buf_str(&j->out, ",\"body\":");
        urna_buf_add(&j->out, e->body.p, e->body.len);
    } else if (!e->bad_form && !e->absent && e->kind != URNA_ATTACHMENT) {
        urna_json_strn(j, "raw", (const char *)e->body.p, e->body.len);
    } else if (!e->bad_form) {
        urna_json_u64(j, "size", e->body_size);
    }
    urna_arena_free(&a);
}

static bool list_one(void *ctx, const struct urna_entry *e, const struct urna_void *v)
{
    const struct lister *l = ctx;
    if ((l->only != URNA_KIND_COUNT && (e->bad_form || e->kind != l->only)) ||
        (l->index != UINT64_MAX && e->index != l->index))
        return true;
    if (l->json || l->cat) {
        struct urna_json j = {0};
        json_heading(&j, e, v);
        if (l->cat)
            json_body(&j, l, e);
        urna_json_close(&j, '}');
        fwrite(j.out.p, 1, j.out.len, stdout);
        putchar('\n');
        urna_json_free(&j);
        return !ferror(stdout); /* nobody reads on: why go on? */
    }
    printf("%8llu  ", (unsigned long long)e->index);
    const char *kind = e->kind_name && *e->kind_name ? e->kind_name : "(unreadable)";
    urna_term_tone(stdout, v ? URNA_WAIT : URNA_PLAIN);
    fputs(urna_term_sign(v ? URNA_SIGN_VOID : URNA_SIGN_HOLDS), stdout);
    urna_term_end(stdout);
    printf(" %-10s ", became(v));
    urna_print_safe(stdout, kind, strlen(kind));
    for (uint32_t i = 0; !e->bad_form && i < e->n_sigs; i++) {
        fputs(i ? ", " : "  by ", stdout);
        urna_print_safe(stdout, e->sigs[i].by, strlen(e->sigs[i].by));
    }
    if (v)
        printf("\n            %s", v->reason);
    putchar('\n');
    return !ferror(stdout);
}

static int run_list(const struct urna_command *command, struct lister *l, struct urna_cli_record *r,
                    const char *const *kind, int argc, char **argv)
{
    struct urna_args args;
    int rc = urna_options_read(&args, command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    l->only = *kind ? urna_kind_find(*kind) : URNA_KIND_COUNT;
    if (*kind && l->only == URNA_KIND_UNKNOWN)
        return urna_usage_error(command->name, "no such kind of entry: %s", *kind);
    struct urna_error err = URNA_ERROR_INIT;
    l->json = args.json;
    l->r = r;
    r->path = args.arg[0];
    enum urna_status st = urna_cli_record_open(r, &err);
    if (st == URNA_OK)
        st = urna_cli_each(r, list_one, l, &err);
    urna_cli_record_close(r);
    return st == URNA_OK ? URNA_OK : urna_report_error(command->name, &err);
}

int urna_cmd_record_ls(int argc, char **argv)
{
    struct lister l = {.index = UINT64_MAX};
    struct urna_cli_record r = {0};
    const char *kind = NULL;
    const struct urna_option options[] = {
        {"kind", "KIND", "only entries of this kind", .string = &kind},
        URNA_TRUST_OPTIONS(r),
        {0},
    };
    const struct urna_command command = {
        .name = "urna record ls",
        .title = "list the entries of a record, and what the judge says of each",
        .usage = "urna record ls RECORD [--kind KIND]",
        .text = "With --json one object a line.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "listed",
        .fails = "the record is not valid",
    };
    return run_list(&command, &l, &r, &kind, argc, argv);
}

int urna_cmd_record_cat(int argc, char **argv)
{
    struct lister l = {.index = UINT64_MAX, .cat = true};
    struct urna_cli_record r = {0};
    const char *kind = NULL;
    const struct urna_option options[] = {
        {"kind", "KIND", "only entries of this kind", .string = &kind},
        {"index", "N", "only this entry", .number = &l.index},
        URNA_TRUST_OPTIONS(r),
        {0},
    };
    const struct urna_command command = {
        .name = "urna record cat",
        .title = "print the entries with their bodies, one JSON object a line",
        .usage = "urna record cat RECORD [--kind KIND] [--index N]",
        .text = "Each line has index, kind, accepted, rule and reason if void, entry (the id), by "
                "(signers) and body.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "printed",
        .fails = "the record is not valid",
    };
    return run_list(&command, &l, &r, &kind, argc, argv);
}

int urna_cmd_record(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"new", urna_cmd_record_new, "begin a record with its manifest"},
        {"append", urna_cmd_record_append, "judge entries, append them, sign the new checkpoint"},
        {"say", urna_cmd_record_say, "make an incident, a complaint or a statement"},
        {"attach", urna_cmd_record_attach, "make an entry of a file"},
        {"cosign", urna_cmd_record_cosign, "put witnesses' signatures on the checkpoint"},
        {"anchor", urna_cmd_record_anchor, "make an anchor entry from witnesses' signatures"},
        {"ls", urna_cmd_record_ls, "list the entries, and what the judge says of each"},
        {"cat", urna_cmd_record_cat, "print the entries, one JSON object a line"},
        {"export", urna_cmd_record_export, "pack a record into one archive"},
        {"pull", urna_cmd_record_pull, "take over a newer copy of a record"},
        {0},
    };
    return urna_verbs("urna record", "the log of an election, in a folder", verbs, argc, argv);
}
