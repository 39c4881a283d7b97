/* urna record export: a record in one file. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd_record.h"
#include "log/files.h"

/* It would make the record one that nobody can read. */
static enum urna_status not_inside(const char *record, const char *archive, struct urna_error *err)
{
    char *copy = urna_xstrdup(archive);
    char *slash = strrchr(copy, '/');
    if (slash)
        *(slash == copy ? slash + 1 : slash) = '\0';
    char *in = realpath(slash ? copy : ".", NULL), *of = realpath(record, NULL);
    size_t n = of ? strlen(of) : 0;
    bool inside = in && of && strncmp(in, of, n) == 0 && (in[n] == '/' || in[n] == '\0');
    free(of);
    free(in);
    free(copy);
    if (!inside)
        return URNA_OK;
    urna_error_where(err, archive);
    return urna_fail(err, URNA_INPUT, "an archive has no place inside the record that it packs");
}

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
        st = not_inside(args.arg[0], args.arg[1], &err);
    if (st == URNA_OK)
        st = urna_record_export(args.arg[0], args.arg[1], true, &err);
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
