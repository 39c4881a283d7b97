#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/term.h"

/* Run a block with f as a stream into memory; text and size hold what it printed. */
static char *text;
static size_t size;

static FILE *begin(void)
{
    FILE *f = open_memstream(&text, &size);
    assert_non_null(f);
    return f;
}

static void assert_printed(FILE *f, const char *expected)
{
    fclose(f);
    assert_string_equal(text, expected);
    free(text);
    text = NULL;
}

static int reset(void **state)
{
    (void)state;
    setenv("LC_ALL", "be_BY.UTF-8", 1);
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    urna_term_setup(URNA_COLOR_AUTO, false);
    return 0;
}

/* The two ends of a pseudo-terminal. */
static void open_terminal(int *master, int *slave)
{
    *master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(*master >= 0);
    assert_int_equal(grantpt(*master), 0);
    assert_int_equal(unlockpt(*master), 0);
    *slave = open(ptsname(*master), O_RDWR | O_NOCTTY);
    assert_true(*slave >= 0);
}

static void safe_controls_are_spelled_out(void **state)
{
    (void)state;
    static const char *const v[][2] = {
        {"plain, Беларусь, “quotes”", "plain, Беларусь, “quotes”"},
        {"\x1B[2J\x07\r\n\t\x7F", "\\u{1B}[2J\\u{7}\\u{D}\\u{A}\\u{9}\\u{7F}"},
        {"\xC2\x9B"
         "31m",
         "\\u{9B}31m"}, /* CSI in one character */
        {"\u202Eabc\u2066\u200B", "\\u{202E}abc\\u{2066}\\u{200B}"},
        {"\xFF\xC3(\x9B", "\\x{FF}\\x{C3}(\\x{9B}"}, /* not UTF-8 */
        {"", ""},
    };
    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++) {
        FILE *f = begin();
        urna_print_safe(f, v[i][0], strlen(v[i][0]));
        assert_printed(f, v[i][1]);
    }
    FILE *f = begin();
    urna_print_safe(f, "a\0b", 3);
    assert_printed(f, "a\\u{0}b");
}

/* No byte below 20, no 7F, and no C1 character comes out, whatever goes in. */
static void safe_no_control_survives_random_bytes(void **state)
{
    (void)state;
    uint32_t x = 12345;
    char in[64];
    for (int round = 0; round < 5000; round++) {
        for (size_t i = 0; i < sizeof in; i++) {
            x = x * 1664525u + 1013904223u;
            in[i] = (char)(x >> 24);
        }
        FILE *f = begin();
        urna_print_safe(f, in, sizeof in);
        fclose(f);
        for (size_t i = 0; i < size;) {
            uint32_t c;
            assert_true(urna_utf8_next((const uint8_t *)text, size, &i, &c));
            assert_true(c >= 0x20 && (c < 0x7F || c >= 0xA0));
        }
        free(text);
    }
}

/* "Л" is D0 9B: on a terminal that reads single bytes, 9B would start a control sequence. */
static void safe_spells_letters_on_a_terminal_without_utf8(void **state)
{
    (void)state;
    int master, slave;
    char got[64] = {0};
    open_terminal(&master, &slave);
    setenv("LC_ALL", "C", 1);
    FILE *f = fdopen(slave, "w");
    assert_non_null(f);
    urna_print_safe(f, "a Л", 4);
    fflush(f);
    assert_true(read(master, got, sizeof got - 1) > 0);
    assert_string_equal(got, "a \\u{41B}");
    fclose(f);
    close(master);
    f = begin(); /* a file keeps its letters */
    urna_print_safe(f, "Л", 2);
    assert_printed(f, "Л");
}

static void signs_follow_locale_and_option(void **state)
{
    (void)state;
    assert_string_equal(urna_term_sign(URNA_SIGN_HOLDS), "✓");
    assert_string_equal(urna_term_sign(URNA_SIGN_FAILS), "✗");
    assert_string_equal(urna_term_sign(URNA_SIGN_OPEN), "○");
    urna_term_setup(URNA_COLOR_AUTO, true);
    static const char *const ascii[] = {"+", "x", "!", "o", "?", "-"};
    for (int i = 0; i < 6; i++)
        assert_string_equal(urna_term_sign((enum urna_sign)i), ascii[i]);
    urna_term_setup(URNA_COLOR_AUTO, false);
    setenv("LC_ALL", "C", 1);
    assert_string_equal(urna_term_sign(URNA_SIGN_HOLDS), "+");
    setenv("LC_ALL", "", 1);
    setenv("LC_CTYPE", "C.utf8", 1);
    assert_string_equal(urna_term_sign(URNA_SIGN_HOLDS), "✓");
}

static void tones_are_the_sgr_of_the_table(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "x\033[0m",           "\033[1;32mx\033[0m", "\033[1;7;31mx\033[0m",
        "\033[1;31mx\033[0m", "\033[33mx\033[0m",   "\033[2mx\033[0m"};
    urna_term_setup(URNA_COLOR_ALWAYS, false);
    for (int i = 0; i < 6; i++) {
        FILE *f = begin();
        urna_term_tone(f, (enum urna_tone)i);
        fputc('x', f);
        urna_term_end(f);
        assert_printed(f, expected[i]);
    }
    urna_term_setup(URNA_COLOR_NEVER, false);
    FILE *f = begin();
    urna_term_tone(f, URNA_LOUD);
    urna_term_end(f);
    assert_printed(f, "");
}

static void color_auto_needs_a_willing_terminal(void **state)
{
    (void)state;
    int master, slave;
    open_terminal(&master, &slave);
    FILE *tty = fdopen(slave, "w");
    assert_non_null(tty);
    FILE *mem = begin();
    assert_true(urna_term_color(tty));
    assert_false(urna_term_color(mem));
    setenv("NO_COLOR", "1", 1);
    assert_false(urna_term_color(tty));
    setenv("NO_COLOR", "", 1);
    assert_true(urna_term_color(tty));
    setenv("TERM", "dumb", 1);
    assert_false(urna_term_color(tty));
    unsetenv("TERM");
    assert_false(urna_term_color(tty));
    urna_term_setup(URNA_COLOR_ALWAYS, false);
    assert_true(urna_term_color(tty) && urna_term_color(mem));
    assert_printed(mem, "");
    fclose(tty);
    close(master);
}

static void wrapped_before_column_80(void **state)
{
    (void)state;
    FILE *f = begin();
    urna_print_wrapped(f, 2,
                       "The result follows from the published ballots. Witnesses from all 3 blocs "
                       "signed it.  Your trust file asks for final: reached.\n\nSecond paragraph.");
    assert_printed(f,
                   "  The result follows from the published ballots. Witnesses from all 3 blocs\n"
                   "  signed it. Your trust file asks for final: reached.\n"
                   "\n"
                   "  Second paragraph.\n");
    /* letters count, not bytes: 39 + 1 + 39 columns fit, one more does not */
    char word[80], line[200], broken[200];
    word[0] = '\0';
    for (int i = 0; i < 39; i++)
        memcpy(word + 2 * i, "ж", 3);
    snprintf(line, sizeof line, "%s %s", word, word);
    f = begin();
    urna_print_wrapped(f, 0, line);
    snprintf(broken, sizeof broken, "%s %s\n", word, word);
    assert_printed(f, broken);
    snprintf(line, sizeof line, "%sж %s", word, word);
    snprintf(broken, sizeof broken, "%sж\n%s\n", word, word);
    f = begin();
    urna_print_wrapped(f, 0, line);
    assert_printed(f, broken);
    f = begin();
    urna_print_wrapped(f, 0, "evil\x1B[1A");
    assert_printed(f, "evil\\u{1B}[1A\n");
}

static void numbers_have_commas(void **state)
{
    (void)state;
    char buf[28];
    assert_string_equal(urna_number(buf, 0), "0");
    assert_string_equal(urna_number(buf, 999), "999");
    assert_string_equal(urna_number(buf, 1000), "1,000");
    assert_string_equal(urna_number(buf, 6723), "6,723");
    assert_string_equal(urna_number(buf, 123456), "123,456");
    assert_string_equal(urna_number(buf, UINT64_MAX), "18,446,744,073,709,551,615");
}

static void times_are_utc_in_words(void **state)
{
    (void)state;
    char buf[40];
    assert_string_equal(urna_time_text(buf, 1716876720), "28 May 2024, 06:12 UTC");
    assert_string_equal(urna_time_text(buf, 0), "1 January 1970, 00:00 UTC");
    assert_string_equal(urna_time_text(buf, -1), "31 December 1969, 23:59 UTC");
    assert_string_equal(urna_time_text(buf, 1709164800), "29 February 2024, 00:00 UTC");
    assert_string_equal(urna_time_text(buf, INT64_MAX), "9223372036854775807 (Unix seconds)");
    assert_string_equal(urna_time_text(buf, INT64_MIN), "-9223372036854775808 (Unix seconds)");
}

/* Run fn with stderr going to ${fd}. */
static void with_stderr(int fd, void (*fn)(void))
{
    fflush(stderr);
    int saved = dup(STDERR_FILENO);
    assert_true(saved >= 0);
    dup2(fd, STDERR_FILENO);
    fn();
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
}

static void run_progress(void)
{
    struct urna_progress p;
    urna_progress_start(&p, "proofs", 80904);
    urna_progress_at(&p, 1); /* within the first second: nothing */
    p.start_ms -= 2000;
    urna_progress_at(&p, 41984);
    urna_progress_at(&p, 41985); /* within a tenth of a second: nothing */
    urna_progress_end(&p);
}

static void run_slow_progress(void)
{
    struct urna_progress p;
    urna_progress_start(&p, "proofs", 80904);
    p.start_ms -= 50000;
    p.last_ms -= 50000;
    urna_progress_at(&p, 40000);
    p.last_ms -= 10001;
    urna_progress_at(&p, 41984);
    urna_progress_at(&p, 41985);
    urna_progress_end(&p);
}

static void progress_one_line_erased_at_the_end(void **state)
{
    (void)state;
    int master, slave;
    char got[2000] = {0}, blank[82];
    open_terminal(&master, &slave);
    with_stderr(slave, run_progress);
    size_t n = 0;
    fcntl(master, F_SETFL, O_NONBLOCK);
    for (;;) {
        ssize_t k = read(master, got + n, sizeof got - 1 - n);
        if (k <= 0)
            break;
        n += (size_t)k;
    }
    snprintf(blank, sizeof blank, "\r%79s\r", "");
    char expected[500];
    snprintf(expected, sizeof expected,
             "%sproofs  ███████████████░░░░░░░░░░░░░░   52%%   41,984 of 80,904   2 s left%s",
             blank, blank);
    assert_string_equal(got, expected);
    close(slave);
    close(master);
}

static void progress_in_a_file_is_a_line_a_minute(void **state)
{
    (void)state;
    FILE *f = tmpfile();
    assert_non_null(f);
    with_stderr(fileno(f), run_progress);
    assert_int_equal(lseek(fileno(f), 0, SEEK_CUR), 0);
    with_stderr(fileno(f), run_slow_progress);
    char got[200] = {0};
    rewind(f);
    assert_true(fread(got, 1, sizeof got - 1, f) > 0);
    assert_string_equal(got, "proofs 52% (41,984 of 80,904)\n");
    fclose(f);
}

static void print_three_errors(void)
{
    struct urna_error e = URNA_ERROR_INIT;
    (void)urna_fail(&e, URNA_INPUT, "not a verifier key");
    urna_print_error("urna verify", &e);
    urna_error_where(&e, "a\nb.trust");
    e.offset = 4;
    urna_print_error("urna verify", &e);
    e.entry = 5312;
    memcpy(e.rule, "E11", 4);
    (void)urna_fail(&e, URNA_INPUT, "bad \x1B[2J");
    urna_print_error("urna", &e);
}

static void errors_are_one_safe_line(void **state)
{
    (void)state;
    FILE *f = tmpfile();
    assert_non_null(f);
    with_stderr(fileno(f), print_three_errors);
    char got[500] = {0};
    rewind(f);
    assert_true(fread(got, 1, sizeof got - 1, f) > 0);
    assert_string_equal(got, "urna verify: not a verifier key\n"
                             "urna verify: a\\u{A}b.trust:4: not a verifier key\n"
                             "urna: a\\u{A}b.trust:4: entry 5,312: bad \\u{1B}[2J (rule E11)\n");
    fclose(f);
}

#define T(f) cmocka_unit_test_setup(f, reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(safe_controls_are_spelled_out),
        T(safe_no_control_survives_random_bytes),
        T(safe_spells_letters_on_a_terminal_without_utf8),
        T(signs_follow_locale_and_option),
        T(tones_are_the_sgr_of_the_table),
        T(color_auto_needs_a_willing_terminal),
        T(wrapped_before_column_80),
        T(numbers_have_commas),
        T(times_are_utc_in_words),
        T(progress_one_line_erased_at_the_end),
        T(progress_in_a_file_is_a_line_a_minute),
        T(errors_are_one_safe_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
