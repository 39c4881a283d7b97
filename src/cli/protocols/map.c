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

/* Is the text a map for this table? What is wrong goes to stderr. */
static bool try_map(const struct urna_buf *text, const char *path, const char *member, bool show)
{
    struct urna_colmap m;
    struct urna_table *t = NULL;
    struct urna_protocols p = {0};
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status st = urna_colmap_parse(&m, urna_buf_view(text), "map", &err);
    m.table.member = member;
    if (st == URNA_OK)
        st = urna_table_open(&t, path, &m.table, &err);
    if (st == URNA_OK)
        st = urna_protocols_load_table(&p, t, &m, &err);
    if (st != URNA_OK)
        urna_protocols_error(name, &err, path, NULL);
    for (size_t i = 0; show && st == URNA_OK && i < p.n_series; i++) {
        uint64_t sum;
        fprintf(stderr, "  %s ", p.series[i].is_candidate ? "candidate" : "         ");
        urna_print_safe(stderr, p.series[i].name, strlen(p.series[i].name));
        fprintf(stderr, ": %s\n",
                urna_protocols_sum(&sum, NULL, &p, i) ? urna_count_text(sum) : "too large");
    }
    if (show && st == URNA_OK)
        fprintf(stderr, "  %s stations in %s regions%s\n", urna_count_text(p.n),
                urna_count_text(p.n_regions), p.n_duplicates ? "; some stations stand twice" : "");
    urna_protocols_free(&p);
    urna_table_close(t);
    urna_colmap_free(&m);
    return st == URNA_OK;
}

/* Replace the lines with this key (or this key and name), or add the line at the end. */
static void change_line(struct urna_buf *text, const char *line)
{
    const char *eq = strchr(line, '=');
    size_t n = eq ? (size_t)(eq - line) : strlen(line);
    while (n > 0 && line[n - 1] == ' ')
        n--;
    struct urna_buf out = {0};
    const char *p = urna_buf_cstr(text);
    while (*p) {
        const char *nl = strchr(p, '\n');
        size_t len = nl ? (size_t)(nl - p) + 1 : strlen(p);
        bool same = len > n && strncmp(p, line, n) == 0 && (p[n] == ' ' || p[n] == '=');
        if (!same || strncmp(line, "rule", n) == 0)
            urna_buf_add(&out, p, len);
        p += len;
    }
    if (eq && eq[1 + strspn(eq + 1, " ")]) {
        urna_buf_str(&out, line);
        urna_buf_str(&out, "\n");
    }
    urna_buf_free(text);
    *text = out;
}

/* A conversation on the terminal: stderr asks, stdin answers, stdout stays for the map. */
static bool ask(struct urna_buf *text, const char *path, const char *member)
{
    char line[4096];
    for (;;) {
        fprintf(stderr, "\n%s\n", urna_buf_cstr(text));
        bool good = try_map(text, path, member, true);
        fprintf(
            stderr,
            "Enter %s, a line \"key = value\" to change it (\"key =\" removes it), q to leave:\n> ",
            good ? "to accept" : "is not possible yet");
        if (!fgets(line, sizeof line, stdin))
            return false;
        line[strcspn(line, "\r\n")] = 0;
        if (strcmp(line, "q") == 0)
            return false;
        if (line[0] == 0 && good)
            return true;
        if (line[0])
            change_line(text, line);
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
             !ask(&text, args.arg[0], member))
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
