/* urna record export, pull: whole copies. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd_record.h"
#include "log/files.h"

int urna_cmd_record_export(int argc, char **argv)
{
    const struct urna_command command = {
        .name = "urna record export",
        .title = "pack a record into one archive",
        .usage = "urna record export RECORD ARCHIVE.tar.zst",
        .text = "The same record always gives the same bytes.",
        .args_min = 2,
        .args_max = 2,
        .holds = "packed",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status st = urna_cli_free_name(args.arg[1], &err);
    if (st == URNA_OK)
        st = urna_record_export(args.arg[0], args.arg[1], &err);
    if (st != URNA_OK) {
        urna_error_where(&err, args.arg[0]);
        return urna_report_error(command.name, &err);
    }
    struct urna_tell s;
    urna_tell_begin(&s, &args);
    urna_tell_head(&s, URNA_SIGN_HOLDS, URNA_GOOD, "packed");
    urna_tell_str(&s, "file", args.arg[1]);
    return urna_tell_end(&s, URNA_OK);
}

/* --- pull ---------------------------------------------------------------- */

/* A copy may only grow: the tree that is here must be the beginning of the one that comes. */
static enum urna_status must_continue(struct urna_cli_record *here,
                                      const struct urna_cli_record *there, struct urna_error *err)
{
    uint8_t mine[32], theirs[32];
    enum urna_status st = urna_cli_record_open(here, err);
    if (st != URNA_OK)
        return st;
    if (here->v.size > there->v.size)
        return urna_fail(err, URNA_FALSE,
                         "your copy has %llu leaves, the other only %llu: nothing to take over",
                         (unsigned long long)here->v.size, (unsigned long long)there->v.size);
    if (!urna_tree_root(urna_follow_tree(here->v.follow), here->v.size, mine) ||
        !urna_tree_root(urna_follow_tree(there->v.follow), here->v.size, theirs) ||
        memcmp(mine, theirs, 32) != 0) {
        char a[65], b[65];
        urna_hex(a, mine, 32);
        urna_hex(b, theirs, 32);
        return urna_fail(err, URNA_FALSE,
                         "FORK: at size %llu your copy has root %s, the other one %s. Keep both "
                         "copies: they are evidence",
                         (unsigned long long)here->v.size, a, b);
    }
    return URNA_OK;
}

static enum urna_status copy_file(const struct urna_files *f, size_t i, const char *to,
                                  struct urna_error *err)
{
    struct urna_buf buf = {0}, folder = {0};
    struct urna_view bytes;
    bool too_long = false;
    char *path = urna_path(to, urna_files_name(f, i));
    char *slash = strrchr(path, '/');
    urna_buf_add(&folder, path, (size_t)(slash - path));
    enum urna_status st = urna_files_read(f, i, URNA_OUT_MAX, &buf, &bytes, &too_long, err);
    if (st == URNA_OK && too_long)
        st = urna_fail(err, URNA_INPUT, "%s is too long for a record", urna_files_name(f, i));
    if (st == URNA_OK)
        st = urna_mkdirs(urna_buf_cstr(&folder), 0755, err);
    if (st == URNA_OK)
        st = urna_file_write(path, bytes.p, bytes.len, 0644, err);
    free(path);
    urna_buf_free(&folder);
    urna_buf_free(&buf);
    return st;
}

/* Everything it points to first, the checkpoint last: whatever happens, the copy here stays whole.
 */
static enum urna_status copy_all(const char *from, const char *to, struct urna_error *err)
{
    struct urna_files f = {0};
    size_t checkpoint;
    enum urna_status st = urna_files_open(&f, from, err);
    if (st != URNA_OK)
        return st;
    bool has = urna_files_find(&f, "checkpoint", &checkpoint);
    for (size_t i = 0; i < urna_files_count(&f) && st == URNA_OK; i++)
        if (!has || i != checkpoint)
            st = copy_file(&f, i, to, err);
    if (st == URNA_OK && has)
        st = copy_file(&f, checkpoint, to, err);
    urna_files_close(&f);
    return st;
}

int urna_cmd_record_pull(int argc, char **argv)
{
    struct urna_cli_record there = {.trust_needed = true}, here = {0};
    const struct urna_option options[] = {URNA_TRUST_OPTIONS(there), {0}};
    const struct urna_command command = {
        .name = "urna record pull",
        .title = "take over a newer copy of a record",
        .usage = "urna record pull FROM FOLDER --trust FILE",
        .text = "FROM is a folder (a USB stick, a mirror that is mounted) or a .tar.zst; it does "
                "not fetch from a URL. It is judged first, and taken "
                "only if it continues the copy in FOLDER, if there is one: two copies that do not "
                "continue each other are a fork, and stay as they "
                "are.",
        .options = options,
        .args_min = 2,
        .args_max = 2,
        .holds = "taken over",
        .fails = "it is not valid, older, or a fork",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_error err = URNA_ERROR_INIT;
    there.path = args.arg[0];
    here.path = args.arg[1];
    if (strstr(there.path, "://"))
        return urna_usage_error(command.name,
                                "a URL can't be fetched from here: mount or copy the record first");
    enum urna_status st = urna_cli_record_open(&there, &err);
    char *checkpoint = urna_path(here.path, "checkpoint");
    if (st == URNA_OK && urna_file_exists(checkpoint))
        st = must_continue(&here, &there, &err);
    free(checkpoint);
    uint64_t size = there.v.size;
    urna_cli_record_close(&here);
    urna_cli_record_close(&there);
    if (st == URNA_OK)
        st = copy_all(args.arg[0], args.arg[1], &err);
    if (st != URNA_OK)
        return urna_report_error(command.name, &err);
    struct urna_tell s;
    urna_tell_begin(&s, &args);
    urna_tell_head(&s, URNA_SIGN_HOLDS, URNA_GOOD, "the copy has %llu leaves",
                   (unsigned long long)size);
    urna_tell_u64(&s, "size", size);
    urna_tell_str(&s, "folder", args.arg[1]);
    return urna_tell_end(&s, URNA_OK);
}
