/* Passphrases: from a file, or typed without echo; never an argument, where every process list
 * would show them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "cli/common.h"

enum { PASS_MAX = 1024 };

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
#define N_SIGNALS (sizeof signals / sizeof *signals)

static volatile sig_atomic_t interrupted;

static void note_signal(int number)
{
    (void)number;
    interrupted = 1;
}

/* The first line of what fd gives; false if it is longer than PASS_MAX or cannot be read. */
static bool read_line(int fd, char *line, size_t *len, const sigset_t *waiting)
{
    size_t n = 0;
    for (;;) {
        char c;
        struct pollfd in = {.fd = fd, .events = POLLIN};
        if (waiting && ppoll(&in, 1, NULL, waiting) < 0 && interrupted)
            return false;
        ssize_t got = read(fd, &c, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || n == PASS_MAX)
            return false;
        if (got == 0 || c == '\n')
            break;
        line[n++] = c;
    }
    *len = n;
    return true;
}

static void keep(struct urna_secret_bytes *out, const char *line, size_t len)
{
    urna_secret_bytes_new(out, len);
    memcpy(out->p, line, len);
}

static enum urna_status from_file(struct urna_secret_bytes *out, const char *path,
                                  struct urna_error *err)
{
    char *line = urna_secret_alloc(PASS_MAX);
    size_t len = 0;
    enum urna_status st = URNA_OK;
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        st = urna_fail(err, URNA_INPUT, "%s", strerror(errno));
    else if (fstat(fd, &info) != 0 || S_ISDIR(info.st_mode) || !read_line(fd, line, &len, NULL))
        st = urna_fail(err, URNA_INPUT,
                       "not a file with a passphrase of at most 1,024 bytes in its first line");
    else if (len == 0)
        st = urna_fail(err, URNA_INPUT, "the first line is empty: no passphrase");
    if (fd >= 0)
        close(fd);
    if (st == URNA_OK)
        keep(out, line, len);
    else
        urna_error_where(err, path);
    urna_secret_free(line);
    return st;
}

static enum urna_status ask(int tty, char *line, size_t *len, const char *question,
                            const char *what, struct urna_error *err)
{
    dprintf(tty, "%s%s: ", question, what);
    sigset_t now;
    sigprocmask(SIG_SETMASK, NULL, &now);
    for (size_t i = 0; i < N_SIGNALS; i++)
        sigdelset(&now, signals[i]);
    bool ok = read_line(tty, line, len, &now);
    dprintf(tty, "\n");
    if (interrupted)
        return urna_fail(err, URNA_INPUT, "interrupted");
    if (!ok)
        return urna_fail(err, URNA_INPUT, "no passphrase of at most 1,024 bytes was typed");
    return *len ? URNA_OK : urna_fail(err, URNA_INPUT, "the passphrase is empty");
}

static enum urna_status ask_twice(int tty, char *line, size_t *len, const char *what, bool fresh,
                                  struct urna_error *err)
{
    enum urna_status st =
        ask(tty, line, len, fresh ? "New passphrase for " : "Passphrase for ", what, err);
    if (st != URNA_OK || !fresh)
        return st;
    char *again = urna_secret_alloc(PASS_MAX);
    size_t n = 0;
    st = ask(tty, again, &n, "The same again for ", what, err);
    if (st == URNA_OK && (n != *len || !urna_ct_equal(line, again, n)))
        st = urna_fail(err, URNA_INPUT, "the two passphrases differ");
    urna_secret_free(again);
    return st;
}

/* A signal while echo is off would leave the terminal mute, so it only ends the question. */
static enum urna_status from_terminal(struct urna_secret_bytes *out, const char *what, bool fresh,
                                      struct urna_error *err)
{
    struct termios before, quiet;
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (tty < 0 || tcgetattr(tty, &before) != 0) {
        if (tty >= 0)
            close(tty);
        return urna_fail(err, URNA_INPUT,
                         "no terminal to ask for the passphrase of %s: give --passphrase-file FILE",
                         what);
    }
    struct sigaction note = {.sa_handler = note_signal}, old[N_SIGNALS];
    sigset_t blocked, before_mask;
    sigemptyset(&note.sa_mask);
    sigemptyset(&blocked);
    interrupted = 0;
    for (size_t i = 0; i < N_SIGNALS; i++) {
        sigaddset(&blocked, signals[i]);
        sigaction(signals[i], &note, &old[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked,
                &before_mask); /* seen while waiting for input, and only there */
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    char *line = urna_secret_alloc(PASS_MAX);
    size_t len = 0;
    enum urna_status st = URNA_OK;
    if (tcsetattr(tty, TCSAFLUSH, &quiet) != 0)
        st = urna_fail_errno(err, "the terminal's echo cannot be turned off");
    else
        st = ask_twice(tty, line, &len, what, fresh, err);
    tcsetattr(tty, TCSAFLUSH, &before);
    sigprocmask(SIG_SETMASK, &before_mask, NULL);
    for (size_t i = 0; i < N_SIGNALS; i++)
        sigaction(signals[i], &old[i], NULL);
    close(tty);
    if (st == URNA_OK)
        keep(out, line, len);
    urna_secret_free(line);
    return st;
}

enum urna_status urna_cli_pass(struct urna_secret_bytes *out, const char *file, const char *what,
                               bool fresh, struct urna_error *err)
{
    const char *env = getenv("URNA_PASSPHRASE_FILE");
    if (!file && env && *env)
        file = env;
    return file ? from_file(out, file, err) : from_terminal(out, what, fresh, err);
}
