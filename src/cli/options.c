#include "cli/options.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define ABOUT_COLUMN 23 /* where the explanations begin */
#define LINE_END 79

void urna_strings_free(struct urna_strings *l)
{
    free(l->s);
    *l = (struct urna_strings){0};
}

/* ---- messages ---- */

static int usage_error(const char *name, const char *msg)
{
    fprintf(stderr, "%s: ", name);
    urna_print_safe(stderr, msg, strlen(msg));
    fprintf(stderr, "\n  %s --help says more\n", name);
    return URNA_INPUT;
}

int urna_usage_error(const char *name, const char *fmt, ...)
{
    char msg[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    return usage_error(name, msg);
}

int urna_report_error(const char *name, const struct urna_error *err)
{
    urna_print_error(name, err);
    return (int)err->status;
}

/* ---- help ---- */

/* "  lead                 about", the about broken at words and kept in its column. */
static void print_hanging(FILE *f, int column, const char *lead, const char *about)
{
    int at = fprintf(f, "  %s", lead);
    if (at > column - 1) {
        fputc('\n', f);
        at = 0;
    }
    for (bool first = true; *about; first = false) {
        int n = (int)strcspn(about, " ");
        if (!first && at + 1 + n > LINE_END) {
            fputc('\n', f);
            at = 0;
        }
        if (at < column)
            at += fprintf(f, "%*s", column - at, "");
        else
            at += fprintf(f, " ");
        at += fprintf(f, "%.*s", n, about);
        about += n;
        about += strspn(about, " ");
    }
    fputc('\n', f);
}

static void print_option(const struct urna_option *o)
{
    char lead[80];
    int n = 0;
    if (o->letter)
        n = snprintf(lead, sizeof lead, "-%c, ", o->letter);
    snprintf(lead + n, sizeof lead - (size_t)n, "--%s%s%s", o->name, o->value ? " " : "",
             o->value ? o->value : "");
    print_hanging(stdout, ABOUT_COLUMN, lead, o->about);
}

/* Each line indented; one that is too long goes on below, further in. Blanks that make columns
 * stay. */
static void print_indented(const char *lines)
{
    while (*lines) {
        int end = (int)strcspn(lines, "\n"), at = printf("  ");
        for (int i = 0; i < end;) {
            int blanks = (int)strspn(lines + i, " "),
                word = (int)strcspn(lines + i + blanks, " \n");
            if (i > 0 && at + blanks + word > LINE_END)
                at = printf("\n      ") - 1;
            else
                at += printf("%*s", blanks, "");
            at += printf("%.*s", word, lines + i + blanks);
            i += blanks + word;
        }
        putchar('\n');
        lines += end;
        lines += *lines == '\n';
    }
}

static void print_help(const struct urna_command *c)
{
    char heading[200];
    snprintf(heading, sizeof heading, "%s: %s", c->name, c->title);
    urna_print_wrapped(stdout, 0, heading);
    putchar('\n');
    print_indented(c->usage);
    putchar('\n');
    if (c->text) {
        urna_print_wrapped(stdout, 0, c->text);
        putchar('\n');
    }
    for (const struct urna_option *o = c->options; o && o->name; o++)
        print_option(o);
    if (!c->no_json)
        print_hanging(stdout, ABOUT_COLUMN, "--json", "print one JSON object instead of text");
    print_hanging(stdout, ABOUT_COLUMN, "--color WHEN", "auto, always, never");
    print_hanging(stdout, ABOUT_COLUMN, "--ascii", "no signs outside ASCII");
    /* in one line if there is room for it */
    const char *between = strlen(c->holds) + (c->fails ? strlen(c->fails) + 4 : 0) + 36 > LINE_END
                              ? "\n      "
                              : "  ";
    printf("\nexit: 0 %s%s", c->holds, between);
    if (c->fails)
        printf("1 %s%s", c->fails, between);
    puts("2 usage, input  3 system");
}

/* ---- reading ---- */

struct reader {
    const struct urna_command *command;
    const struct urna_option *common;
    const char *color;
    bool *seen; /* one an option of the command's table */
    int argc, at;
    char **argv;
    char msg[512];
};

static bool fault(struct reader *r, const char *fmt, ...) URNA_PRINTF(2, 3);
static bool fault(struct reader *r, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(r->msg, sizeof r->msg, fmt, ap);
    va_end(ap);
    return false;
}

static const struct urna_option *find_in(const struct urna_option *table, const char *name,
                                         size_t len)
{
    for (; table && table->name; table++)
        if (strlen(table->name) == len && memcmp(table->name, name, len) == 0)
            return table;
    return NULL;
}

static const struct urna_option *find_letter(const struct urna_option *table, char letter)
{
    for (; table && table->name; table++)
        if (table->letter == letter)
            return table;
    return NULL;
}

static bool store_number(struct reader *r, const struct urna_option *o, const char *value)
{
    uint64_t max = o->max ? o->max : UINT64_MAX, x;
    if (urna_parse_u64(&x, value, strlen(value), max) && x >= o->min) {
        *o->number = x;
        return true;
    }
    if (o->max)
        return fault(r, "--%s: expected a whole number from %" PRIu64 " to %" PRIu64 ", not \"%s\"",
                     o->name, o->min, o->max, value);
    return fault(r, "--%s: expected a whole number from %" PRIu64 ", not \"%s\"", o->name, o->min,
                 value);
}

static bool store(struct reader *r, const struct urna_option *o, const char *value, bool again)
{
    assert(!!o->flag + !!o->string + !!o->number + !!o->list == 1);
    if (o->flag) {
        *o->flag = true;
        return true;
    }
    if (o->list) {
        o->list->s = urna_xrealloc(o->list->s, o->list->n + 1, sizeof *o->list->s);
        o->list->s[o->list->n++] = value;
        return true;
    }
    if (again)
        return fault(r, "--%s is given twice", o->name);
    if (o->number)
        return store_number(r, o, value);
    *o->string = value;
    return true;
}

/* argv[at] is an option: read it, and its value. */
static bool read_option(struct reader *r)
{
    const char *word = r->argv[r->at++];
    bool is_long = word[1] == '-';
    const char *equals = is_long ? strchr(word, '=') : NULL, *value = NULL;
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    const struct urna_option *own = NULL, *o = NULL;
    if (is_long) {
        own = find_in(r->command->options, word + 2, len - 2);
        o = own ? own : find_in(r->common, word + 2, len - 2);
    } else if (len == 2) {
        own = find_letter(r->command->options, word[1]);
        o = own ? own : find_letter(r->common, word[1]);
    }
    if (!o)
        return fault(r, "unknown option %.*s", (int)len, word);
    if (o->flag && equals)
        return fault(r, "--%s takes no value", o->name);
    if (!o->flag) {
        bool next = r->at < r->argc && strncmp(r->argv[r->at], "--", 2) != 0;
        if (!equals && !next)
            return fault(r, "--%s needs a value: %s", o->name, o->value);
        value = equals ? equals + 1 : r->argv[r->at++];
        if (*value == '\0')
            return fault(r, "--%s: the value is empty", o->name);
    }
    bool again = own ? r->seen[own - r->command->options] : r->color != NULL;
    if (own)
        r->seen[own - r->command->options] = true;
    return store(r, o, value, again);
}

static bool read_words(struct reader *r, struct urna_args *out)
{
    bool options = true;
    out->arg = r->argv + 1;
    while (r->at < r->argc) {
        char *word = r->argv[r->at];
        if (options && strcmp(word, "--") == 0) {
            options = false;
            r->at++;
        } else if (options && word[0] == '-' && word[1] != '\0') { /* a lone "-" is a name */
            if (!read_option(r))
                return false;
        } else {
            out->arg[out->n++] = word; /* n < at: never before a word that is still to be read */
            r->at++;
        }
    }
    return true;
}

static bool check_complete(struct reader *r, const struct urna_args *args)
{
    const struct urna_command *c = r->command;
    for (size_t i = 0; c->options && c->options[i].name; i++)
        if (c->options[i].required && !r->seen[i])
            return fault(r, "--%s %s is missing", c->options[i].name,
                         c->options[i].value ? c->options[i].value : "");
    for (size_t i = 0; c->options && c->options[i].name; i++)
        if (c->options[i].new_file && r->seen[i] && urna_file_exists(*c->options[i].string))
            return fault(r, "--%s: %s exists already, and is not overwritten", c->options[i].name,
                         *c->options[i].string);
    for (size_t i = 0; i < args->n; i++)
        if (args->arg[i][0] == '\0')
            return fault(r, "an argument is empty");
    if (args->n > c->args_max)
        return fault(r, "one argument too many: %s", args->arg[c->args_max]);
    if (args->n < c->args_min)
        return fault(r, "an argument is missing; usage: %.*s", (int)strcspn(c->usage, "\n"),
                     c->usage);
    return true;
}

static bool parse_color(struct reader *r, enum urna_color_when *when)
{
    static const char *const words[] = {"auto", "always", "never"};
    *when = URNA_COLOR_AUTO;
    if (!r->color)
        return true;
    for (int i = 0; i < 3; i++) {
        if (strcmp(r->color, words[i]) == 0) {
            *when = (enum urna_color_when)i;
            return true;
        }
    }
    return fault(r, "--color: expected auto, always or never, not \"%s\"", r->color);
}

int urna_options_read(struct urna_args *out, const struct urna_command *command, int argc,
                      char **argv)
{
    bool help = false, ascii = false;
    struct reader r = {.command = command, .argc = argc, .at = 1, .argv = argv};
    struct urna_option common[] = {
        {.name = "help", .letter = 'h', .flag = &help},
        {.name = "ascii", .flag = &ascii},
        {.name = "color", .value = "WHEN", .string = &r.color},
        {.name = "json", .flag = &out->json},
        {0},
    };
    if (command->no_json)
        common[3] = (struct urna_option){0};
    size_t n = 0;
    while (command->options && command->options[n].name)
        n++;
    r.common = common;
    r.seen = urna_xcalloc(n + 1, sizeof *r.seen);
    *out = (struct urna_args){0};

    enum urna_color_when when = URNA_COLOR_AUTO;
    bool ok = read_words(&r, out) && parse_color(&r, &when);
    if (ok) {
        urna_term_setup(when, ascii);
        if (!help)
            ok = check_complete(&r, out);
    }
    free(r.seen);
    if (!ok)
        return usage_error(command->name, r.msg);
    if (help) {
        print_help(command);
        return URNA_OK;
    }
    return URNA_GO_ON;
}

/* ---- nouns and verbs ---- */

static void print_verbs(FILE *f, const char *name, const char *title, const struct urna_verb *verbs)
{
    fprintf(f, "%s: %s\n\n", name, title);
    for (const struct urna_verb *v = verbs; v->name; v++) {
        char lead[80];
        snprintf(lead, sizeof lead, "%s %s", name, v->name);
        print_hanging(f, (int)strlen(name) + 16, lead, v->about);
    }
    fprintf(f, "%s%s COMMAND --help says more about one command%s\n", verbs->name ? "\n" : "", name,
            strcmp(name, "urna") == 0 ? "; urna --version" : "");
    fputs("\nexit: 0 it holds  1 it was checked and does not hold  2 usage, input  3 system\n", f);
}

int urna_verbs(const char *name, const char *title, const struct urna_verb *verbs, int argc,
               char **argv)
{
    if (argc < 2) {
        print_verbs(stderr, name, title, verbs);
        return URNA_INPUT;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_verbs(stdout, name, title, verbs);
        return URNA_OK;
    }
    for (const struct urna_verb *v = verbs; v->name; v++)
        if (strcmp(argv[1], v->name) == 0)
            return v->run(argc - 1, argv + 1);
    return urna_usage_error(name, "unknown %s \"%s\"", argv[1][0] == '-' ? "option" : "command",
                            argv[1]);
}
