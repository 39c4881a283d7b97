#include "cli/describe_lines.h"

#include <string.h>

#define MAGIC "urna-description-1"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Cut the line into words; behind "title LANG" the rest stays whole. */
static bool cut(struct reader *r, char *p)
{
    r->n = 0;
    r->rest = "";
    for (;;) {
        while (is_blank(*p))
            p++;
        if (*p == '\0' || (*p == '#' && r->n == 0))
            return true;
        if (r->n == 2 && strcmp(r->word[0], "title") == 0) {
            size_t n = strlen(p);
            while (n && is_blank(p[n - 1]))
                p[--n] = '\0';
            r->rest = p;
            return true;
        }
        if (r->n == WORDS_MAX)
            return FAULT(r, "too many words in one line");
        r->word[r->n++] = p;
        while (*p && !is_blank(*p))
            p++;
        if (*p)
            *p++ = '\0';
    }
}

static bool read_line(struct reader *r, char *line)
{
    if (!cut(r, line))
        return false;
    return r->n == 0 || describe_line(r);
}

static bool complete(struct reader *r)
{
    static const char *const times[] = {"open", "close", "delta", "seal"};
    if (!r->election)
        return FAULT(r, "no line: election");
    if (!r->group)
        return FAULT(r, "no line: group");
    if (!r->quorum)
        return FAULT(r, "no line: quorum");
    if (!r->log)
        return FAULT(r, "no line: log");
    if (!r->credentials)
        return FAULT(r, "no line: credentials");
    for (int i = 0; i < 4; i++)
        if (!r->has_times[i])
            return FAULT(r, "no line: %s", times[i]);
    r->m->n = r->m->n_guardians;
    return true;
}

enum urna_status urna_describe_read(struct urna_manifest *out, struct urna_view text,
                                    struct urna_arena *a, struct urna_error *err)
{
    struct reader r = {.m = out, .a = a, .err = err};
    *out = (struct urna_manifest){.zone = "UTC",
                                  .m_min = 50,
                                  .m_root = 5,
                                  .m_roll = 20,
                                  .ballot_max = 20,
                                  .challenge_max = 1000,
                                  .block = 100};
    char *all = urna_arena_strndup(a, (const char *)text.p, text.len), *next;
    if (strlen(all) != text.len)
        return urna_fail(err, URNA_INPUT, "not a text: it holds a zero byte");
    int64_t at = 0;
    for (char *line = all; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        bool first = at++ == 0;
        if (first ? strcmp(line, MAGIC) == 0 || FAULT(&r, "the first line is " MAGIC)
                  : read_line(&r, line))
            continue;
        err->offset = at;
        return URNA_INPUT;
    }
    return complete(&r) ? URNA_OK : URNA_INPUT;
}
