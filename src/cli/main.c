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
