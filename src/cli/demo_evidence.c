/* urna evidence demo: a first look. Opens with one real contradiction, then walks through an
 * invented election whose files are part of the program. */
#include "cli/demo_evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/options.h"

static const char name[] = "urna evidence demo";
#define MAX_ARGS 16

/* Show a command as a person would type it, run it, and see that it ends as it must. In the words
 * "@" stands for the folder. */
static bool run(int want, const char *folder, const char *const *words)
{
    char *owned[MAX_ARGS] = {NULL}, *argv[MAX_ARGS + 2] = {NULL}; /* options.h may reorder argv */
    char noun[] = "protocols";
    int n = 0;
    argv[0] = noun;
    printf("\n$ urna %s", noun);
    for (; n < MAX_ARGS && words[n]; n++) {
        struct urna_buf word = {0};
        for (const char *p = words[n]; *p; p++) {
            if (*p == '@')
                urna_buf_str(&word, folder);
            else
                urna_buf_char(&word, *p);
        }
        owned[n] = argv[n + 1] = urna_xstrdup(urna_buf_cstr(&word));
        urna_buf_free(&word);
        bool quote = strchr(owned[n], ' ') != NULL;
        printf(" %s%s%s", quote ? "\"" : "", owned[n], quote ? "\"" : "");
    }
    fputs("\n\n", stdout);
    int rc = urna_cmd_protocols(n + 1, argv);
    for (int i = 0; i < n; i++)
        free(owned[i]);
    if (rc != want)
        fprintf(stderr, "%s: this should have ended with %d, not %d\n", name, want, rc);
    return rc == want;
}

static enum urna_status write_files(const char *folder, struct urna_error *err)
{
    enum urna_status st = urna_mkdirs(folder, 0755, err);
    for (size_t i = 0; i < urna_demo_n_files && st == URNA_OK; i++) {
        char *path = urna_path(folder, urna_demo_files[i].name);
        st = urna_file_write(path, urna_demo_files[i].text, strlen(urna_demo_files[i].text), 0644,
                             err);
        free(path);
    }
    return st;
}

static void open_with_facts(void)
{
    puts("Venezuela, 28 July 2024, votes for Edmundo Gonzalez\n\n"
         "       5,326,104  official total, second bulletin of the electoral council, 2 August\n"
         "       7,156,462  on 24,532 tally sheets published one by one by his campaign\n"
         "       1,830,358  more on these sheets than in the whole country\n\n"
         "  Both numbers cannot be right. No statistics is needed: 24,532 numbers are\n"
         "  added up. The council never published its results by polling station, so\n"
         "  nobody can say which rows of it would differ. Sources: venezuela-2024.csv.\n\n"
         "  The first bulletin, three counts and no rows:");
}

static int demo(const char *folder)
{
    /* The official number is the one in official-totals.csv. */
    static const struct {
        int want;
        const char *words[MAX_ARGS];
    } steps[] = {
        {1,
         {"check", "@/official.csv", "--map", "@/invented.map", "--totals",
          "@/official-totals.csv"}},
        {0, {"check", "@/observers.csv", "--map", "@/invented.map"}},
        {1,
         {"compare", "@/official.csv", "@/observers.csv", "--map", "@/invented.map", "--copy-map",
          "@/invented.map", "--findings", "6"}},
        {0,
         {"contradict", "@/observers.csv", "--map", "@/invented.map", "--number", "Anna Baran",
          "--official", "9122", "--source", "official-totals.csv", "--out", "@/proof.txt"}},
        {0,
         {"contradict", "--check", "@/proof.txt", "--table", "@/observers.csv", "--map",
          "@/invented.map"}},
    };
    static const char *const shares[] = {"check", "--counts", "5150092,4445978,462704", NULL};
    struct urna_error err = URNA_ERROR_INIT;
    if (write_files(folder, &err) != URNA_OK)
        return urna_report_error(name, &err);
    open_with_facts();
    bool ok = run(URNA_FALSE, folder, shares);
    puts("\nNow an election that never was: 30 stations, official results by station, and\n"
         "observers' copies of 22 of them. The files are yours to change:");
    printf("  %s\n", folder);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        ok = run(steps[i].want, folder, steps[i].words) && ok;
    puts("\nChange a number in proof.txt or observers.csv and check again.");
    return ok ? URNA_OK : URNA_FALSE;
}

int urna_demo_evidence(int argc, char **argv)
{
    const char *folder = "urna-demo/evidence";
    const struct urna_option options[] = {
        {"folder", "FOLDER", "where to write the files; default urna-demo/evidence",
         .string = &folder},
        {0},
    };
    const struct urna_command command = {
        .name = name,
        .title = "what protocols in many hands can show",
        .usage = "urna evidence demo [--folder FOLDER]",
        .text = "Opens with one real contradiction in published numbers, then checks, compares and "
                "contradicts the "
                "results of an invented election. Nothing leaves this machine.",
        .options = options,
        .holds = "each step ended as it must",
        .fails = "one did not",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    return demo(folder);
}

int urna_cmd_evidence(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"demo", urna_demo_evidence, "what protocols in many hands can show"},
        {0},
    };
    return urna_verbs("urna evidence", "a first look at evidence about elections that others held",
                      verbs, argc, argv);
}
