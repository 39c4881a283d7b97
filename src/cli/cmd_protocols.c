/* urna protocols: station protocols of elections that others held. */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/protocols/common.h"

static const struct urna_verb verbs[] = {
    {"map", urna_protocols_map, "find out, or guess, which columns of a table mean what"},
    {"check", urna_protocols_check, "check the arithmetic inside a table of protocols"},
    {"compare", urna_protocols_compare, "compare an official table with observers' copies"},
    {"contradict", urna_protocols_contradict, "the fewest stations that exceed an official total"},
    {"sign", urna_protocols_sign, "vouch for a copy with a detached signature"},
    {0},
};

int urna_cmd_protocols(int argc, char **argv)
{
    return urna_verbs("urna protocols", "station protocols of elections that others held", verbs,
                      argc, argv);
}

/* ---- shared ---- */

#define LISTED 200u

static void list_columns(const char *path, const struct urna_table_options *options)
{
    struct urna_table *t;
    if (urna_table_open(&t, path, options, NULL) != URNA_OK)
        return;
    fprintf(stderr, "The columns of ");
    urna_print_safe(stderr, path, strlen(path));
    fprintf(stderr, ":\n");
    for (size_t i = 0; i < urna_table_n_columns(t); i++) {
        if (i == LISTED) {
            fprintf(stderr, "  ... and %zu more\n", urna_table_n_columns(t) - i);
            break;
        }
        fprintf(stderr, "  %zu  ", i + 1);
        urna_print_safe(stderr, urna_table_column(t, i), strlen(urna_table_column(t, i)));
        fputc('\n', stderr);
    }
    urna_table_close(t);
}

int urna_protocols_error(const char *command, const struct urna_error *err, const char *path,
                         const struct urna_table_options *options)
{
    struct urna_error told = *err;
    bool list = strcmp(err->rule, "columns") == 0;
    if (list)
        told.rule[0] = 0; /* says what to do here, nothing to people */
    int rc = urna_report_error(command, &told);
    if (list)
        list_columns(path, options);
    return rc;
}

int urna_open_map(struct urna_colmap *m, const char *command, const char *map, const char *path,
                  const char *member)
{
    struct urna_error err = URNA_ERROR_INIT;
    const char *name = NULL;
    bool guessed = false;
    enum urna_status st =
        map ? urna_colmap_read(m, map, &err)
            : urna_colmap_choose_file(m, NULL, &name, &guessed, path, member, &err);
    if (member)
        m->table.member = member;
    if (st != URNA_OK)
        return urna_protocols_error(command, &err, path, &m->table);
    if (!map && !guessed)
        fprintf(stderr, "%s: read by the ready-made map %s, whose columns are all there\n", command,
                name);
    if (!map && guessed) {
        fprintf(stderr, "%s: the meaning of the columns of ", command);
        urna_print_safe(stderr, path, strlen(path));
        fprintf(stderr, " is guessed.\n  See and keep it: urna protocols map FILE >FILE.map, then "
                        "--map FILE.map\n");
    }
    return URNA_GO_ON;
}

int urna_open_protocols(struct urna_protocols *p, const char *command, const char *map,
                        const char *path)
{
    struct urna_colmap m;
    struct urna_error err = URNA_ERROR_INIT;
    memset(p, 0, sizeof *p);
    int rc = urna_open_map(&m, command, map, path, NULL);
    if (rc == URNA_GO_ON && urna_protocols_load(p, path, &m, &err) != URNA_OK)
        rc = urna_protocols_error(command, &err, path, &m.table);
    urna_colmap_free(&m);
    return rc;
}

const char *urna_count_text(uint64_t x)
{
    static char buf[4][32];
    static unsigned turn;
    return urna_number(buf[turn++ % 4], x);
}

const char *urna_signed_text(int64_t x)
{
    static char buf[4][40];
    static unsigned turn;
    char *b = buf[turn++ % 4], digits[32];
    uint64_t u = x < 0 ? -(uint64_t)x : (uint64_t)x;
    snprintf(b, sizeof buf[0], "%s%s", x < 0 ? "-" : x > 0 ? "+" : "", urna_number(digits, u));
    return b;
}

void urna_print_safe_str(const char *s)
{
    urna_print_safe(stdout, s, strlen(s));
}

void urna_json_print(struct urna_json *j)
{
    fwrite(j->out.p, 1, j->out.len, stdout);
    fputc('\n', stdout);
    urna_json_free(j);
}

void urna_json_sha256(struct urna_json *j, const char *key, const uint8_t hash[32])
{
    char hex[65];
    for (size_t i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    urna_json_str(j, key, hex);
}
