/* urna protocols map: show the column map that fits a table, or guess one and ask. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/protocols/common.h"

static const char name[] = "urna protocols map";

static void list_ready(void)
{
    for (size_t i = 0; i < urna_colmap_n_ready; i++) {
        struct urna_colmap m;
        if (urna_colmap_parse(&m, urna_view_str(urna_colmap_ready[i].text),
                              urna_colmap_ready[i].name, NULL) == URNA_OK)
            printf("  %-24s %s\n", urna_colmap_ready[i].name, m.title);
        urna_colmap_free(&m);
    }
}

int urna_protocols_map(int argc, char **argv)
{
    bool list = false, yes = false;
    const char *member = NULL;
    const struct urna_option options[] = {
        {"list", NULL, "list the ready-made maps", .flag = &list},
        {"yes", NULL, "do not ask, also on a terminal", .flag = &yes},
        {"member", "NAME", "the table inside a zip archive", .string = &member},
        {0},
    };
    const struct urna_command command = {
        .name = name,
        .title = "find out, or guess, which columns of a table mean what",
        .usage = "urna protocols map FILE [options] >FILE.map\nurna protocols map --list\nurna "
                 "protocols map NAME",
        .text = "Prints a column map for the table: a ready-made one if its columns are there, "
                "else a guess from "
                "the names of the columns and the first rows. On a terminal the guess is shown, "
                "with the sums that "
                "it gives, and can be changed before it is printed. With the name of a ready-made "
                "map, prints it.",
        .options = options,
        .args_max = 1,
        .holds = "a map is printed",
        .no_json = true,
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    if (list || args.n == 0) {
        if (!list)
            return urna_usage_error(name, "which table?");
        list_ready();
        return URNA_OK;
    }
    for (size_t i = 0; i < urna_colmap_n_ready; i++) {
        if (strcmp(urna_colmap_ready[i].name, args.arg[0]) == 0) {
            fputs(urna_colmap_ready[i].text, stdout);
            return URNA_OK;
        }
    }
    struct urna_colmap m;
    struct urna_buf text = {0};
    struct urna_error err = URNA_ERROR_INIT;
    bool guessed;
    const char *which;
    enum urna_status st =
        urna_colmap_choose_file(&m, &text, &which, &guessed, args.arg[0], member, &err);
    urna_colmap_free(&m);
    if (st != URNA_OK)
        rc = urna_protocols_error(name, &err, args.arg[0], &m.table);
    else if (guessed && !yes && isatty(STDIN_FILENO) && isatty(STDERR_FILENO) &&
             !urna_protocols_map_ask(&text, args.arg[0], member))
        rc = URNA_INPUT;
    else
        rc = URNA_OK;
    if (rc == URNA_OK) {
        fprintf(stderr, "%s: %s%s\n", name,
                guessed ? "guessed; look it over" : "ready-made: ", guessed ? "" : which);
        fwrite(text.p, 1, text.len, stdout);
    }
    urna_buf_free(&text);
    return rc;
}
