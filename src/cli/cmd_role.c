/* urna role: the sealed keys of the people and machines of an election. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "log/note.h"

struct kind {
    const char *word, *purpose;
};
static const struct kind kinds[] = {
    {"commission", URNA_SEAL_ROLE}, {"guardian", URNA_SEAL_ROLE},   {"registrar", URNA_SEAL_ROLE},
    {"observer", URNA_SEAL_ROLE},   {"witness", URNA_SEAL_WITNESS}, {"log", URNA_SEAL_LOG},
};

static const struct kind *find_kind(const char *word)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].word, word) == 0)
            return &kinds[i];
    return NULL;
}

static bool id_valid(const char *s)
{
    size_t n = strlen(s);
    bool ok = n >= 1 && n <= 64 && s[0] != '.' && s[0] != '-';
    for (size_t i = 0; ok && i < n; i++)
        ok = (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9') || s[i] == '.' ||
             s[i] == '-';
    return ok;
}

struct request {
    const char *bloc, *name, *out, *pass_file;
};

static void say_key(const struct urna_args *args, const char *line, const char *file)
{
    if (!args->json) { /* nothing but the line: it goes into a file */
        puts(line);
        return;
    }
    struct urna_tell s;
    urna_tell_begin(&s, args);
    urna_tell_str(&s, "line", line);
    urna_tell_str(&s, "file", file);
    urna_tell_end(&s, 0);
}

static enum urna_status make_one(struct urna_role_key *k, const char *name, const char *path,
                                 const char *purpose, const struct urna_secret_bytes *pass,
                                 struct urna_error *err)
{
    enum urna_status st = urna_role_new(k, name, err);
    if (st == URNA_OK)
        st = urna_role_save(k, path, purpose, urna_pass_view(pass), NULL, err);
    if (st != URNA_OK)
        urna_error_where(err, path);
    return st;
}

static const char *const cosigner[2] = {"head", "full"};

/* The names of the files, before a passphrase is asked for. */
static enum urna_status names_free(const struct kind *kind, const char *out, struct urna_error *err)
{
    if (strcmp(kind->word, "witness") != 0)
        return urna_cli_free_name(out, err);
    enum urna_status st = URNA_OK;
    for (int i = 0; i < 2 && st == URNA_OK; i++) {
        struct urna_buf path = {0};
        urna_buf_printf(&path, "%s.%s", out, cosigner[i]);
        st = urna_cli_free_name(urna_buf_cstr(&path), err);
        urna_buf_free(&path);
    }
    return st;
}

/* Two cosigners, FILE.head and FILE.full, or none. */
static enum urna_status make_witness(const struct urna_args *args, const struct request *q,
                                     const struct urna_secret_bytes *pass, struct urna_error *err)
{
    struct urna_role_key k[2] = {{{0}, {0}, {0}}};
    struct urna_buf line = {0}, name[2] = {{0}}, path[2] = {{0}};
    enum urna_status st = URNA_OK;
    int made = 0;
    urna_buf_printf(&line, "witness %s %s", args->arg[1], q->bloc);
    for (int i = 0; i < 2 && st == URNA_OK; i++) {
        urna_buf_printf(&name[i], "%s/%s", q->name ? q->name : args->arg[1], cosigner[i]);
        urna_buf_printf(&path[i], "%s.%s", q->out, cosigner[i]);
        st = make_one(&k[i], urna_buf_cstr(&name[i]), urna_buf_cstr(&path[i]), URNA_SEAL_WITNESS,
                      pass, err);
        made += st == URNA_OK;
        urna_buf_printf(&line, " %s ", urna_buf_cstr(&name[i]));
        urna_buf_hex(&line, k[i].public, 32);
    }
    if (st == URNA_OK)
        say_key(args, urna_buf_cstr(&line), q->out);
    else if (made == 1)
        remove(urna_buf_cstr(&path[0]));
    for (int i = 0; i < 2; i++) {
        urna_role_wipe(&k[i]);
        urna_buf_free(&name[i]);
        urna_buf_free(&path[i]);
    }
    urna_buf_free(&line);
    return st;
}

static enum urna_status make(const struct urna_args *args, const struct request *q,
                             const struct kind *kind, const struct urna_secret_bytes *pass,
                             struct urna_error *err)
{
    if (strcmp(kind->word, "witness") == 0)
        return make_witness(args, q, pass, err);
    struct urna_role_key k = {{0}, {0}, {0}};
    struct urna_buf line = {0};
    enum urna_status st = make_one(&k, args->arg[1], q->out, kind->purpose, pass, err);
    if (st == URNA_OK) {
        if (strcmp(kind->word, "log") == 0)
            urna_buf_printf(&line, "log %s ", k.name);
        else
            urna_buf_printf(&line, "%s %s %s ", kind->word, k.name, q->bloc);
        urna_buf_hex(&line, k.public, 32);
        say_key(args, urna_buf_cstr(&line), q->out);
    }
    urna_role_wipe(&k);
    urna_buf_free(&line);
    return st;
}

static int check_request(const struct urna_args *args, const struct request *q,
                         const struct kind *kind)
{
    const char *name = "urna role new";
    if (!kind)
        return urna_usage_error(
            name,
            "no such role: %s; there are commission, guardian, registrar, observer, witness, log",
            args->arg[0]);
    bool log = strcmp(kind->word, "log") == 0;
    if (!log && !id_valid(args->arg[1]))
        return urna_usage_error(
            name, "an id is 1 to 64 of a-z 0-9 . - and begins with a letter or digit, not \"%s\"",
            args->arg[1]);
    if (!log && (!q->bloc || !id_valid(q->bloc)))
        return urna_usage_error(name, "--bloc ID is missing: whom does %s belong to?",
                                args->arg[1]);
    if (log && q->bloc)
        return urna_usage_error(name, "a log has no bloc");
    if (q->name && strcmp(kind->word, "witness") != 0)
        return urna_usage_error(name, "--name is for witnesses");
    return URNA_GO_ON;
}

static int cmd_new(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"out", "FILE", "the sealed key; a witness gets FILE.head and FILE.full", .string = &q.out,
         .required = true},
        {"bloc", "ID", "whom the person belongs to (not for a log)", .string = &q.bloc},
        {"name", "NAME", "of a witness's cosigners, NAME/head and NAME/full; default: its id",
         .string = &q.name},
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna role new",
        .title = "make a key and seal it",
        .usage = "urna role new ROLE ID --bloc BLOC --out FILE\n"
                 "urna role new log ORIGIN --out FILE",
        .text = "ROLE: commission, guardian, registrar, observer, witness. Prints the line with "
                "the public key that belongs into the "
                "description of the election; give that line, and never the file, to whoever "
                "writes it.",
        .options = options,
        .args_min = 2,
        .args_max = 2,
        .holds = "made",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    const struct kind *kind = find_kind(args.arg[0]);
    rc = check_request(&args, &q, kind);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_secret_bytes pass = {0};
    enum urna_status st = names_free(kind, q.out, &err);
    if (st == URNA_OK)
        st = urna_cli_pass(&pass, q.pass_file, q.out, true, &err);
    if (st == URNA_OK)
        st = make(&args, &q, kind, &pass, &err);
    urna_secret_bytes_free(&pass);
    return st == URNA_OK ? URNA_OK : urna_report_error(command.name, &err);
}

static int cmd_show(int argc, char **argv)
{
    const char *pass_file = NULL, *role = NULL;
    const struct urna_option options[] = {
        {"role", "ROLE", "commission, guardian, registrar, observer, witness or log",
         .string = &role, .required = true},
        URNA_PASS_OPTION(pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = "urna role show",
        .title = "print the name and the public key of a sealed key",
        .usage = "urna role show FILE --role ROLE",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "printed",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    const struct kind *kind = find_kind(role);
    if (!kind)
        return urna_usage_error(command.name, "no such role: %s", role);
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_secret_bytes pass = {0};
    struct urna_role_key k = {{0}, {0}, {0}};
    enum urna_status st = urna_cli_pass(&pass, pass_file, args.arg[0], false, &err);
    if (st == URNA_OK)
        st = urna_role_load(&k, args.arg[0], kind->purpose, urna_pass_view(&pass), &err);
    urna_secret_bytes_free(&pass);
    if (st != URNA_OK)
        return urna_report_error(command.name, &err);
    struct urna_tell s;
    struct urna_vkey v;
    struct urna_buf text = {0};
    urna_tell_begin(&s, &args);
    urna_tell_str(&s, "name", k.name);
    urna_tell_hex(&s, "key", k.public, 32);
    if (strcmp(role, "log") == 0 || strcmp(role, "witness") == 0) {
        urna_vkey_make(&v, k.name, role[0] == 'l' ? URNA_KEY_ED25519 : URNA_KEY_COSIGNATURE,
                       k.public);
        urna_vkey_write(&text, &v);
        urna_tell_strn(&s, "verifier_key", (const char *)text.p, text.len);
    }
    urna_buf_free(&text);
    urna_role_wipe(&k);
    return urna_tell_end(&s, URNA_OK);
}

int urna_cmd_role(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"new", cmd_new, "make a key and seal it"},
        {"show", cmd_show, "print the name and the public key of a sealed key"},
        {0},
    };
    return urna_verbs("urna role", "the sealed keys of the people and machines of an election",
                      verbs, argc, argv);
}
