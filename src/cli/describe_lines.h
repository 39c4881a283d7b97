/* Between the lines of a description and their meanings. Private to urna_describe_read. */
#ifndef URNA_CLI_DESCRIBE_LINES_H
#define URNA_CLI_DESCRIBE_LINES_H

#include "cli/describe.h"

enum { WORDS_MAX = 64 };

struct reader {
    struct urna_manifest *m;
    struct urna_arena *a;
    struct urna_error *err;
    char *word[WORDS_MAX];
    size_t n;
    const char *rest;           /* of a title line: the text behind the language */
    struct urna_titles *titles; /* of the thing that was named last; NULL: none */
    bool election, log, has_times[4], credentials, group, quorum;
};

#define FAULT(r, ...) (urna_fail((r)->err, URNA_INPUT, __VA_ARGS__), false)

/* The meaning of a line by its first word, word[0]. False with the fault in ${err}. */
bool describe_line(struct reader *r) URNA_MUST_USE;

#endif
