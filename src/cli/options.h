/* The command line: one table of options a command, one way to read it, one look of --help.
 *
 *     int urna_cmd_seats(int argc, char **argv)
 *     {
 *         const char *votes = NULL;
 *         uint64_t seats = 80;
 *         const struct urna_option options[] = {
 *             {"votes", "FILE", "a list of votes", .string = &votes, .required = true},
 *             {"seats", "N", "seats to give; default 80", .number = &seats, .min = 1, .max = 9999},
 *             {0},
 *         };
 *         const struct urna_command command = {
 *             .name = "urna seats",
 *             .title = "give seats to lists",
 *             .usage = "urna seats --votes FILE [options]",
 *             .options = options,
 *             .holds = "done",
 *         };
 *         struct urna_args args;
 *         int rc = urna_options_read(&args, &command, argc, argv);
 *         if (rc != URNA_GO_ON)
 *             return rc;
 *         ...
 *
 * Every command also has --help (-h), --json (but see no_json), --color WHEN and --ascii; they
 * are never listed.
 * Spelling is strict: no abbreviations, `--name VALUE` or `--name=VALUE`, `--` ends the options,
 * and a value that begins with "--" needs the form with "=". What is given twice is refused, except
 * flags and lists. */
#ifndef URNA_CLI_OPTIONS_H
#define URNA_CLI_OPTIONS_H

#include "base/term.h"

/* What an option given several times leaves: borrowed texts, the array is the caller's to free. */
struct urna_strings {
    const char **s;
    size_t n;
};
void urna_strings_free(struct urna_strings *l);

/* Exactly one of flag, string, number, list is set: it says of which kind the option is. */
struct urna_option {
    const char *name;  /* without the dashes; NULL ends a table */
    const char *value; /* the word for the value in --help; NULL for a flag */
    const char *about; /* one line for --help */
    bool *flag;
    const char **string;
    uint64_t *number; /* decimal, min <= value <= max (max 0: no limit) */
    struct urna_strings *list;
    uint64_t min, max;
    bool required;
    bool new_file; /* the string names a file that this command makes: one that exists is refused
                      before anything is done or asked */
    char letter;   /* a second name of one letter, or 0 */
};

struct urna_command {
    const char *name;  /* "urna verify": begins every message */
    const char *title; /* "check a record of an election, offline, down to the last byte" */
    const char *usage; /* one or more lines */
    const char *text;  /* paragraphs below the usage, or NULL; wrapped at column 80 */
    const struct urna_option *options; /* ends with {0}; may be NULL */
    unsigned args_min, args_max;       /* positional arguments */
    const char *holds, *fails; /* what exit codes 0 and 1 mean; fails is NULL if 1 never occurs */
    bool no_json;              /* nothing for programs, or a file with a form of its own */
};

/* What every command is told. */
struct urna_args {
    bool json;
    size_t n;   /* positional arguments */
    char **arg; /* in argv, whose order is changed */
};

#define URNA_GO_ON (-1)

/* Read the command line into ${out} and the targets of the table, and set up base/term.h. Returns
 * URNA_GO_ON, or an exit code: 0 after --help, 2 after a message that names the one fault. */
int urna_options_read(struct urna_args *out, const struct urna_command *command, int argc,
                      char **argv) URNA_MUST_USE;

/* Print "NAME: message" and where to read on, on stderr; returns 2. For faults that only the
 * command can see ("--from is later than --to"). */
int urna_usage_error(const char *name, const char *fmt, ...) URNA_PRINTF(2, 3);

/* Print an error of the library and return its exit code. */
int urna_report_error(const char *name, const struct urna_error *err);

/* A noun with verbs, or the program with its nouns: argv[1] chooses the row; its function gets argv
 * from there on. */
struct urna_verb {
    const char *name; /* NULL ends a table */
    int (*run)(int argc, char **argv);
    const char *about;
};
/* ${name} is "urna" or "urna guardian". --help lists the table. */
int urna_verbs(const char *name, const char *title, const struct urna_verb *verbs, int argc,
               char **argv);

#endif
