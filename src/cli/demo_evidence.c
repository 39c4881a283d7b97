/* urna demo evidence: a first look. Opens with one real contradiction, then walks through an
 * invented election whose files are part of the program, and a simulated one. */
#include "cli/demo_evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/options.h"

/* Both are the same; it calls itself as it was called. */
static const char *name = "urna demo evidence";
#define MAX_ARGS 16

/* Run with stdout in a file, as the shell does for "> FILE"; file NULL: as it is. */
static int run_into(const char *file, int (*command)(int, char **), int argc, char **argv)
{
    fflush(stdout);
    if (!file)
        return command(argc, argv);
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    int kept = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    int rc = URNA_SYSTEM;
    if (fd >= 0 && kept >= 0 && dup2(fd, STDOUT_FILENO) >= 0) {
        rc = command(argc, argv);
        fflush(stdout);
        dup2(kept, STDOUT_FILENO);
    }
    if (fd >= 0)
        close(fd);
    if (kept >= 0)
        close(kept);
    return rc;
}

static int (*find_command(const char *noun))(int, char **)
{
    return strcmp(noun, "quickcount") == 0  ? urna_cmd_quickcount
           : strcmp(noun, "forensics") == 0 ? urna_cmd_forensics
                                            : urna_cmd_protocols;
}

/* Show a command as a person would type it, run it, and see that it ends as it must. In the words
 * "@" stands for the folder; words[0] is the noun; what stands behind ">" is where output goes. */
static bool run(int want, const char *folder, const char *const *words)
{
    char *owned[MAX_ARGS] = {NULL}, *argv[MAX_ARGS + 1] = {NULL}; /* options.h may reorder argv */
    const char *into = NULL;
    int n = 0, argc = 0;
    printf("\n$ urna");
    for (; n < MAX_ARGS && words[n]; n++) {
        struct urna_buf word = {0};
        for (const char *p = words[n]; *p; p++) {
            if (*p == '@')
                urna_buf_str(&word, folder);
            else
                urna_buf_char(&word, *p);
        }
        owned[n] = urna_xstrdup(urna_buf_cstr(&word));
        urna_buf_free(&word);
        bool quote = strchr(owned[n], ' ') != NULL;
        printf(" %s%s%s", quote ? "\"" : "", owned[n], quote ? "\"" : "");
        if (n > 0 && strcmp(words[n - 1], ">") == 0)
            into = owned[n];
        else if (strcmp(words[n], ">") != 0)
            argv[argc++] = owned[n];
    }
    fputs("\n\n", stdout);
    int rc = run_into(into, find_command(words[0]), argc, argv);
    for (int i = 0; i < n; i++)
        free(owned[i]);
    if (rc != want)
        fprintf(stderr, "%s: this should have ended with %d, not %d\n", name, want, rc);
    return rc == want;
}

/* The demo's own files; the proof of an earlier demo goes, because commands keep what is there. */
static enum urna_status write_files(const char *folder, struct urna_error *err)
{
    enum urna_status st = urna_mkdirs(folder, 0755, err);
    char *proof = urna_path(folder, "proof.txt");
    if (st == URNA_OK && remove(proof) != 0 && errno != ENOENT)
        st = urna_fail(err, URNA_SYSTEM, "%s: %s", proof, strerror(errno));
    free(proof);
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
         "       5,326,104  official total, second bulletin of the electoral council, 2 August,\n"
         "                  with 96.87% of the tally sheets counted\n"
         "       7,156,462  on 24,532 tally sheets published one by one by his campaign\n"
         "       1,830,358  more on these sheets than in the official total\n\n"
         "  Both numbers cannot be right. No statistics is needed: 24,532 numbers are\n"
         "  added up. The sheets that the bulletin did not have yet cannot close the gap:\n"
         "  they are 940 of 30,026, and the 940 largest of the published ones have 459,649\n"
         "  votes for him. Which number is false the sum does not say. The campaign showed\n"
         "  every sheet; the council never published results by polling station, so nobody\n"
         "  can say which rows of its total would differ. Sources: venezuela-2024.csv.\n\n"
         "  The first bulletin, three counts and no rows:");
}

struct step {
    int want;
    const char *words[MAX_ARGS];
};

/* The official number is the one in official-totals.csv. */
static const struct step protocols[] = {
    {1,
     {"protocols", "check", "@/official.csv", "--map", "@/invented.map", "--totals",
      "@/official-totals.csv"}},
    {0, {"protocols", "check", "@/observers.csv", "--map", "@/invented.map"}},
    {1,
     {"protocols", "compare", "@/official.csv", "@/observers.csv", "--map", "@/invented.map",
      "--copy-map", "@/invented.map", "--findings", "6"}},
    {0,
     {"protocols", "contradict", "@/observers.csv", "--map", "@/invented.map", "--number",
      "Anna Baran", "--official", "9122", "--source", "official-totals.csv", "--out",
      "@/proof.txt"}},
    {0,
     {"protocols", "contradict", "--check", "@/proof.txt", "--table", "@/observers.csv", "--map",
      "@/invented.map"}},
};

/* The announced share is the sum of official.csv. */
static const struct step quickcount[] = {
    {0,
     {"quickcount", "sample", "@/official.csv", "--map", "@/invented.map", "--size", "12", "--seed",
      "dice 3 1 6 2 5 4", ">", "@/drawn.txt"}},
    {0,
     {"quickcount", "estimate", "@/observers.csv", "--frame", "@/official.csv", "--map",
      "@/invented.map", "--size", "12", "--seed", "dice 3 1 6 2 5 4", "--announced",
      "Anna Baran=34.04"}},
};

static const struct step forensics[] = {
    {0,
     {"forensics", "simulate", "--stations", "2000", "--rounded", "0.08", ">", "@/simulated.csv"}},
    {0,
     {"forensics", "@/simulated.csv", "--shuffles", "19", "--controls", "5", "--report",
      "@/report.html"}},
};

static bool run_steps(const struct step *s, size_t n, const char *folder)
{
    bool ok = true;
    for (size_t i = 0; i < n; i++)
        ok = run(s[i].want, folder, s[i].words) && ok;
    return ok;
}
#define RUN_STEPS(steps, folder) run_steps(steps, sizeof(steps) / sizeof(steps)[0], folder)

static int demo(const char *folder)
{
    static const char *const shares[] = {"protocols", "check", "--counts", "5150092,4445978,462704",
                                         NULL};
    struct urna_error err = URNA_ERROR_INIT;
    if (write_files(folder, &err) != URNA_OK)
        return urna_report_error(name, &err);
    open_with_facts();
    bool ok = run(URNA_FALSE, folder, shares);
    puts("\nNow an election that never was: 30 stations, official results by station, and\n"
         "observers' copies of 22 of them. The files are yours to change:");
    printf("  %s\n", folder);
    ok = RUN_STEPS(protocols, folder) && ok;
    puts("\nA quick count of it: 12 stations drawn by dice that all could see.");
    ok = RUN_STEPS(quickcount, folder) && ok;
    puts("\nPatterns: 2,000 simulated stations, 8% of them with turnout rounded up to a whole\n"
         "percent. Do the tests find what was put in?");
    ok = RUN_STEPS(forensics, folder) && ok;
    printf("\nChange a number in proof.txt or observers.csv and check again.\n"
           "The report as a page: %s/report.html\n",
           folder);
    return ok ? URNA_OK : URNA_FALSE;
}

int urna_demo_evidence(int argc, char **argv)
{
    const char *folder = "urna-demo/evidence", *usage = "urna demo evidence [--folder FOLDER]";
    if (strcmp(argv[0], "demo") == 0) {
        name = "urna evidence demo";
        usage = "urna evidence demo [--folder FOLDER]";
    }
    const struct urna_option options[] = {
        {"folder", "FOLDER", "where to write the files; default urna-demo/evidence",
         .string = &folder},
        {0},
    };
    const struct urna_command command = {
        .name = name,
        .title = "what protocols in many hands can show",
        .usage = usage,
        .text = "Opens with one real contradiction in published numbers, then checks, compares, "
                "contradicts and counts a sample of an invented election, and looks for patterns "
                "in a simulated one. Nothing leaves this machine.",
        .options = options,
        .holds = "each step ended as it must",
        .no_json = true,
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
