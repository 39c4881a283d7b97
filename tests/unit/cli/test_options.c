#include "../base/test.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/options.h"

/* One command with an option of every kind; run() reads a line into these. */
static bool quick, verbose;
static const char *trust, *needed;
static uint64_t threads, big;
static struct urna_strings from;
static struct urna_args args;
static char printed[4000]; /* stdout and stderr of the last run */

static int run(bool required, int argc, const char *const *words)
{
    const struct urna_option options[] = {
        {"trust", "FILE", "log key, witnesses, quorum and level to reach", .string = &trust},
        {"threads", "N", "default: all cores", .number = &threads, .min = 1, .max = 256},
        {"big", "N", "any number", .number = &big},
        {"from", "URL", "a mirror; may be given several times", .list = &from, .letter = 'f'},
        {"quick", NULL, "a flag", .flag = &quick},
        {"verbose", NULL,
         "print a line per finished stage, with as many words as are needed to break this line",
         .flag = &verbose, .letter = 'v'},
        {"needed", "WORD", "must be there", .string = &needed, .required = required},
        {0},
    };
    const struct urna_command command = {
        .name = "urna test",
        .title = "what it is",
        .usage = "urna test RECORD [FILE]",
        .text = "A paragraph.",
        .options = options,
        .args_min = 1,
        .args_max = 2,
        .holds = "it holds",
        .fails = "it does not",
    };
    quick = verbose = false;
    trust = needed = NULL;
    threads = big = 0;
    urna_strings_free(&from);
    char *argv[20] = {0};
    assert_true(argc < 19);
    for (int i = 0; i < argc; i++)
        argv[i + 1] = urna_xstrdup(words[i]);
    argv[0] = urna_xstrdup("test");
    static char *kept[20]; /* the texts outlive this call */
    for (size_t i = 0; i < 20; i++) {
        free(kept[i]);
        kept[i] = argv[i];
    }
    static char *line[20];
    memcpy(line, argv, sizeof line);

    FILE *f = tmpfile();
    assert_non_null(f);
    fflush(stdout);
    fflush(stderr);
    int out = dup(STDOUT_FILENO), errs = dup(STDERR_FILENO);
    assert_true(out >= 0 && errs >= 0);
    dup2(fileno(f), STDOUT_FILENO);
    dup2(fileno(f), STDERR_FILENO);
    int rc = urna_options_read(&args, &command, argc + 1, line);
    fflush(stdout);
    fflush(stderr);
    dup2(out, STDOUT_FILENO);
    dup2(errs, STDERR_FILENO);
    close(out);
    close(errs);
    rewind(f);
    size_t n = fread(printed, 1, sizeof printed - 1, f);
    printed[n] = '\0';
    fclose(f);
    return rc;
}

#define RUN(...)                                                                                   \
    run(false, (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)),                      \
        (const char *[]){__VA_ARGS__})

static void every_kind_is_read(void **state)
{
    (void)state;
    assert_int_equal(RUN("rec", "--trust", "t.trust", "--threads=7", "--big",
                         "18446744073709551615", "--from", "a", "-f", "b", "--quick", "-v",
                         "--json", "--from=--c", "file"),
                     URNA_GO_ON);
    assert_string_equal(printed, "");
    assert_string_equal(trust, "t.trust");
    assert_int_equal(threads, 7);
    assert_true(big == UINT64_MAX);
    assert_int_equal(from.n, 3);
    assert_string_equal(from.s[0], "a");
    assert_string_equal(from.s[1], "b");
    assert_string_equal(from.s[2], "--c");
    assert_true(quick && verbose && args.json);
    assert_int_equal(args.n, 2);
    assert_string_equal(args.arg[0], "rec");
    assert_string_equal(args.arg[1], "file");
}

static void double_dash_ends_options_single_dash_is_a_name(void **state)
{
    (void)state;
    assert_int_equal(RUN("-", "--", "--quick"), URNA_GO_ON);
    assert_false(quick);
    assert_string_equal(args.arg[0], "-");
    assert_string_equal(args.arg[1], "--quick");
    assert_false(args.json);
}

static void assert_refused(int rc, const char *message)
{
    char expected[600];
    snprintf(expected, sizeof expected, "urna test: %s\n  urna test --help says more\n", message);
    assert_int_equal(rc, URNA_INPUT);
    assert_string_equal(printed, expected);
}

static void faults_are_named_one_at_a_time(void **state)
{
    (void)state;
    assert_refused(RUN("rec", "--nothing", "--threads", "x"), "unknown option --nothing");
    assert_refused(RUN("rec", "--nothing=5"), "unknown option --nothing");
    assert_refused(RUN("rec", "--trus", "f"), "unknown option --trus"); /* no abbreviations */
    assert_refused(RUN("rec", "-x"), "unknown option -x");
    assert_refused(RUN("rec", "-vf"), "unknown option -vf");
    assert_refused(RUN("rec", "--trust"), "--trust needs a value: FILE");
    assert_refused(RUN("rec", "--trust", "--json"), "--trust needs a value: FILE");
    assert_refused(RUN("rec", "--trust="), "--trust: the value is empty");
    assert_refused(RUN("rec", "--quick=yes"), "--quick takes no value");
    assert_refused(RUN("rec", "--trust", "a", "--trust", "a"), "--trust is given twice");
    assert_refused(RUN("rec", "--threads", "1", "--threads", "2"), "--threads is given twice");
    assert_refused(RUN("a", "b", "c\x1B[2J"), "one argument too many: c\\u{1B}[2J");
    assert_refused(RUN("--quick"), "an argument is missing; usage: urna test RECORD [FILE]");
    assert_refused(RUN("rec", "--color", "red"),
                   "--color: expected auto, always or never, not \"red\"");
    assert_refused(RUN("rec", "--color=auto", "--color=auto"), "--color is given twice");
    assert_refused(run(true, 1, (const char *[]){"rec"}), "--needed WORD is missing");
    assert_int_equal(run(true, 2, (const char *[]){"rec", "--needed=x"}), URNA_GO_ON);
}

static void numbers_outside_their_limits_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "0", "257", "-1", "1.5", "07", "1e2", " 1", "many", "18446744073709551617"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char message[200];
        snprintf(message, sizeof message,
                 "--threads: expected a whole number from 1 to 256, not \"%s\"", bad[i]);
        assert_refused(RUN("rec", "--threads", bad[i]), message);
        assert_int_equal(threads, 0);
    }
    assert_int_equal(RUN("rec", "--threads", "256"), URNA_GO_ON);
    assert_refused(RUN("rec", "--big", "x"), "--big: expected a whole number from 0, not \"x\"");
}

static void color_and_ascii_reach_the_terminal(void **state)
{
    (void)state;
    setenv("LC_ALL", "C.UTF-8", 1);
    assert_int_equal(RUN("rec", "--color", "always", "--ascii"), URNA_GO_ON);
    assert_true(urna_term_color(stdout));
    assert_string_equal(urna_term_sign(URNA_SIGN_HOLDS), "+");
    assert_int_equal(RUN("rec", "--color=never"), URNA_GO_ON);
    assert_false(urna_term_color(stdout));
    assert_string_equal(urna_term_sign(URNA_SIGN_HOLDS), "✓");
}

static void help_shows_the_table_and_ends_with_exit_codes(void **state)
{
    (void)state;
    static const char expected[] =
        "urna test: what it is\n"
        "\n"
        "  urna test RECORD [FILE]\n"
        "\n"
        "A paragraph.\n"
        "\n"
        "  --trust FILE         log key, witnesses, quorum and level to reach\n"
        "  --threads N          default: all cores\n"
        "  --big N              any number\n"
        "  -f, --from URL       a mirror; may be given several times\n"
        "  --quick              a flag\n"
        "  -v, --verbose        print a line per finished stage, with as many words as\n"
        "                       are needed to break this line\n"
        "  --needed WORD        must be there\n"
        "  --json               print one JSON object instead of text\n"
        "  --color WHEN         auto, always, never\n"
        "  --ascii              no signs outside ASCII\n"
        "\n"
        "exit: 0 it holds  1 it does not  2 usage, input  3 system\n";
    assert_int_equal(run(true, 1, (const char *[]){"--help"}), URNA_OK); /* nothing else needed */
    assert_string_equal(printed, expected);
    assert_int_equal(RUN("rec", "-h"), URNA_OK);
    assert_string_equal(printed, expected);
    assert_refused(RUN("--help", "--nothing"), "unknown option --nothing");
}

static int seen_argc;

static int one_verb(int argc, char **argv)
{
    seen_argc = argc;
    return strcmp(argv[0], "share") == 0 ? 42 : 43;
}

static void verbs_get_their_own_arguments(void **state)
{
    (void)state;
    static const struct urna_verb verbs[] = {
        {"keygen", one_verb, "make a key"}, {"share", one_verb, "share it"}, {0}};
    char guardian[] = "guardian", share[] = "share", other[] = "other", x[] = "x";
    char *good[] = {guardian, share, x, x, NULL}, *bad[] = {guardian, other, NULL};
    assert_int_equal(urna_verbs("urna guardian", "keys", verbs, 4, good), 42);
    assert_int_equal(seen_argc, 3);
    assert_int_equal(urna_verbs("urna guardian", "keys", verbs, 2, bad), URNA_INPUT);
    assert_int_equal(urna_verbs("urna guardian", "keys", verbs, 1, good), URNA_INPUT);
    urna_strings_free(&from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read),
        cmocka_unit_test(double_dash_ends_options_single_dash_is_a_name),
        cmocka_unit_test(faults_are_named_one_at_a_time),
        cmocka_unit_test(numbers_outside_their_limits_are_refused),
        cmocka_unit_test(color_and_ascii_reach_the_terminal),
        cmocka_unit_test(help_shows_the_table_and_ends_with_exit_codes),
        cmocka_unit_test(verbs_get_their_own_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
