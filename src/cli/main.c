/* urna: the door. Chooses the noun; everything else is in cmd_NOUN.c. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/secret.h"
#include "cli/commands.h"
#include "cli/options.h"

/* A row for every noun that exists, in the order of an election. */
static const struct urna_verb nouns[] = {
    {"demo", urna_cmd_demo, "a whole election on this machine, then check it"},
    {"role", urna_cmd_role, "the sealed keys of the people and machines of an election"},
    {"election", urna_cmd_election, "hold an election: manifest, opening, count, result, status"},
    {"roll", urna_cmd_roll, "who may vote"},
    {"voter", urna_cmd_voter, "the credential of one voter"},
    {"guardian", urna_cmd_guardian, "hold a share of the key"},
    {"ballot", urna_cmd_ballot, "encrypt, then cast or test; check a test on another device"},
    {"receipt", urna_cmd_receipt, "is my ballot counted?"},
    {"tally", urna_cmd_tally, "combine the guardians' answers into tallies"},
    {"record", urna_cmd_record, "the log of an election, in a folder"},
    {"witness", urna_cmd_witness, "watch an election and sign what you saw"},
    {"verify", urna_cmd_verify, "check a record of an election, offline, down to the last byte"},
    {"protocols", urna_cmd_protocols, "station protocols of elections that others held"},
    {"seats", urna_cmd_seats, "turn votes into seats, by every rule"},
    {"evidence", urna_cmd_evidence, "a first look at evidence, on this machine (demo)"},
    {"quickcount", urna_cmd_quickcount, "count a random sample of polling stations"},
    {"forensics", urna_cmd_forensics, "patterns in the numbers of polling stations"},
    {0},
};

/* A file opened later must not become "stdout" because the caller closed it. */
static bool open_standard_streams(void)
{
    int fd;
    do {
        fd = open("/dev/null", O_RDWR);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd < 0)
        return false;
    close(fd);
    return true;
}

/* No core dump, and no other program of this user looks into the memory of this one. The leak
 * checker of the sanitizers is such a program. */
static void keep_memory_private(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
#ifndef URNA_SANITIZED
    (void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

static void end_now(int number)
{
    urna_file_remove_unfinished();
    raise(number); /* SA_RESETHAND: now it ends the program, as whoever sent it expects */
}

/* A reader of the answer that goes away is a fault of writing (flush_answer), not a silent end; and
 * who interrupts a command finds no half-written file. What was to be ignored stays so (nohup). */
static void take_signals(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU};
    struct sigaction old, end = {.sa_handler = end_now, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&end.sa_mask);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(ends[i], &end, NULL);
}

/* An answer that did not arrive (a full disk) must not look like one that did. */
static int flush_answer(int rc)
{
    bool failed = ferror(stdout) != 0;
    errno = 0;
    if (fclose(stdout) == 0 && !failed)
        return rc;
    if (errno)
        fprintf(stderr, "urna: standard output: write: %s\n", strerror(errno));
    else
        fputs("urna: standard output: a part of the answer could not be written\n", stderr);
    return URNA_SYSTEM;
}

int main(int argc, char **argv)
{
    if (!open_standard_streams())
        return URNA_SYSTEM;
    keep_memory_private();
    take_signals();
    setvbuf(stderr, NULL, _IOLBF, 0); /* a line at once, also beside other programs */
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_secret_init(&err) != URNA_OK)
        return urna_report_error("urna", &err);
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("urna " URNA_VERSION);
        return flush_answer(URNA_OK);
    }
    return flush_answer(
        urna_verbs("urna", "elections that nobody has to take on trust", nouns, argc, argv));
}
