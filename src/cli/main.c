/* urna: the door. Chooses the noun; everything else is in cmd_NOUN.c. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* An answer that did not arrive (a full disk) must not look like one that did. */
static int flush_answer(int rc)
{
    bool failed = ferror(stdout) != 0;
    errno = 0;
    if (fclose(stdout) == 0 && !failed)
        return rc;
    fprintf(stderr, "urna: standard output: write: %s\n", strerror(errno ? errno : EIO));
    return URNA_SYSTEM;
}

int main(int argc, char **argv)
{
    if (!open_standard_streams())
        return URNA_SYSTEM;
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
