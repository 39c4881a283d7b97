/* The checkpoint and the trust file: every line and every word of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "files.h"

struct lines {
    struct urna_view v[64];
    size_t n;
};

static void cut_lines(struct lines *l, const struct urna_buf *text)
{
    l->n = 0;
    for (size_t at = 0; at < text->len;) {
        const uint8_t *lf = memchr(text->p + at, '\n', text->len - at);
        size_t end = lf ? (size_t)(lf - text->p) + 1 : text->len;
        if (l->n == 64)
            give_up("lines", "too many");
        l->v[l->n++] = urna_view(text->p + at, end - at);
        at = end;
    }
}

static void join(struct urna_buf *out, const struct lines *l, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        urna_buf_add(out, l->v[i].p, l->v[i].len);
}

enum line_op {
    L_LEFT_OUT,
    L_TWICE,
    L_EXCHANGED,
    L_EMPTY,
    L_CRLF,
    L_SPACE,
    L_CUT,
    L_ENDS_BEFORE,
    L_NO_LF,
    L_OPS
};
static const char *const line_op[] = {
    "left out",          "twice",         "exchanged with the next",
    "emptied",           "ends in CR LF", "a space more",
    "cut in the middle", "ends before",   "without its line feed"};

static bool line_edit(struct urna_buf *out, const struct lines *l, size_t i, enum line_op op)
{
    struct urna_view v = l->v[i];
    urna_buf_reset(out);
    join(out, l, 0, i);
    switch (op) {
    case L_LEFT_OUT:
        break;
    case L_TWICE:
        join(out, l, i, i + 1);
        join(out, l, i, i + 1);
        break;
    case L_EXCHANGED:
        if (i + 1 == l->n)
            return false;
        join(out, l, i + 1, i + 2);
        join(out, l, i, i + 1);
        join(out, l, i + 2, l->n);
        return true;
    case L_EMPTY:
        urna_buf_char(out, '\n');
        break;
    case L_CRLF:
        urna_buf_add(out, v.p, v.len - 1);
        urna_buf_str(out, "\r\n");
        break;
    case L_SPACE:
        urna_buf_add(out, v.p, v.len - 1);
        urna_buf_str(out, " \n");
        break;
    case L_CUT:
        urna_buf_add(out, v.p, v.len / 2);
        return true;
    case L_ENDS_BEFORE:
        return true;
    case L_NO_LF:
        urna_buf_add(out, v.p, v.len - 1);
        break;
    case L_OPS:
        return false;
    }
    join(out, l, i + 1, l->n);
    return true;
}

/* Word w of the line: another first, middle or last character; left out; twice. */
enum { WORD_OPS = 5 };
static const char *const word_op[] = {"first character changed", "middle character changed",
                                      "last character changed", "left out", "twice"};

static bool word_edit(struct urna_buf *out, const struct lines *l, size_t i, size_t w, unsigned op)
{
    struct urna_view v = l->v[i];
    size_t from = 0, to;
    for (; w > 0; w--) {
        const uint8_t *space = memchr(v.p + from, ' ', v.len - from);
        if (!space)
            return false;
        from = (size_t)(space - v.p) + 1;
    }
    for (to = from; to < v.len && v.p[to] != ' ' && v.p[to] != '\n';)
        to++;
    if (to == from)
        return false;
    urna_buf_reset(out);
    join(out, l, 0, i);
    size_t start = out->len;
    urna_buf_add(out, v.p, v.len);
    if (op < 3) {
        size_t at = op == 0 ? from : op == 1 ? from + (to - from) / 2 : to - 1;
        uint8_t *c = &out->p[start + at];
        *c = *c == 'A' ? 'B' : *c == '1' ? '2' : *c >= '0' && *c <= '9' ? '1' : 'A';
    } else {
        out->len = start + (op == 3 ? from : to);
        if (op == 4) {
            urna_buf_char(out, ' ');
            urna_buf_add(out, v.p + from, v.len - from);
        } else {
            urna_buf_add(out, v.p + to + (to < v.len && v.p[to] == ' '),
                         v.len - to - (to < v.len && v.p[to] == ' '));
        }
    }
    join(out, l, i + 1, l->n);
    return true;
}

/* --- the checkpoint ------------------------------------------------------ */

enum part { TEXT, LOG, FULL, HEAD };
static const char *const part_name[] = {"checkpoint, the text", "checkpoint, the log's line",
                                        "checkpoint, a full cosigner's line",
                                        "checkpoint, a head cosigner's line"};
static const char order[] = "lines say the same in any order, and nothing more when they stand "
                            "there twice";
static const char unknown[] = "a line of a key that nobody knows is skipped: the trust file names "
                              "no head cosigner, and a cosigner without its name or key is none";
static const char fewer[] = "without this line the witness's word is its last one in the anchors, "
                            "which is enough for some";

static enum part part_of(const struct files *x, const struct lines *l, size_t i)
{
    char *line = strndup((const char *)l->v[i].p, l->v[i].len);
    enum part p = i < 4                              ? TEXT
                  : strstr(line, x->rec.t->m.origin) ? LOG
                  : strstr(line, "/head ")           ? HEAD
                                                     : FULL;
    free(line);
    return p;
}

static struct want malformed(const char *answers)
{
    return (struct want){"checkpoint", "", answers, "heckpoint", NULL};
}

/* A known key's line is gone, or nobody's any more. */
static struct want nobodys(enum part p, const char *why)
{
    if (p == LOG)
        return malformed("invalid");
    return (struct want){"checkpoint", "", p == HEAD ? "final" : "computed witnessed final", NULL,
                         why};
}

static struct want want_of_line(enum part p, enum line_op op)
{
    bool last_words = op == L_CUT || op == L_ENDS_BEFORE || op == L_NO_LF;
    if (p != TEXT && (op == L_TWICE || op == L_EXCHANGED))
        return (struct want){"checkpoint", "", "final", NULL, order};
    if (p != TEXT && op == L_LEFT_OUT)
        return nobodys(p, p == HEAD ? unknown : fewer);
    if ((p == FULL || p == HEAD) && op == L_ENDS_BEFORE)
        return (struct want){"checkpoint", "", "computed witnessed final", NULL, fewer};
    return malformed(last_words ? "incomplete invalid" : "invalid");
}

/* Of a signature line: dash, name, and base64 of key id and signature. */
static struct want want_of_word(enum part p, size_t word, unsigned op)
{
    if (p == TEXT || word == 0 || op >= 3)
        return malformed("invalid");
    if (word == 1 || op == 0)
        return nobodys(p, unknown);
    if (op == 1 && p == HEAD)
        return nobodys(p, unknown);
    return malformed("invalid");
}

static void change_checkpoint(struct files *x)
{
    size_t file = files_find(x, "checkpoint");
    struct lines l;
    struct urna_buf b = {0};
    cut_lines(&l, &x->content[file]);
    for (size_t i = 0; i < l.n; i++) {
        enum part p = part_of(x, &l, i);
        report_subject(x->report, part_name[p]);
        for (unsigned op = 0; op < L_OPS; op++) {
            struct want w = want_of_line(p, op);
            w.op = line_op[op];
            if (line_edit(&b, &l, i, op))
                files_try(x, file, &b, &w);
        }
        for (size_t word = 0; word < 4; word++)
            for (unsigned op = 0; op < WORD_OPS; op++) {
                struct want w = want_of_word(p, word, op);
                w.op = word_op[op];
                if (word_edit(&b, &l, i, word, op))
                    files_try(x, file, &b, &w);
            }
    }
    urna_buf_free(&b);
}

/* --- the trust file ------------------------------------------------------ */

static void try_trust(struct files *x, const struct urna_buf *text, const struct want *w)
{
    struct urna_trust t;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_view_eq(urna_buf_view(text), urna_buf_view(&x->trust_text))) {
        report_nothing(x->report);
        return;
    }
    enum urna_status st = urna_trust_read(&t, urna_buf_view(text), &err);
    if (st == URNA_OK) {
        files_verify(x, x->disk.folder, &t, w);
        urna_trust_free(&t);
        return;
    }
    report_case(x->report, "refused", false);
    if (st != URNA_INPUT || err.msg[0] == '\0')
        report_fault(x->report, "%s %s: refused without a word, or as %d", w->what, w->op, (int)st);
    if (!expect_has(w->answers, "refused"))
        report_fault(x->report, "%s %s: refused: %s", w->what, w->op, err.msg);
}

static const char comment[] = "nobody reads a comment";
static const char own_order[] = "the order is free, as long as names come before their use";
static const char own_group[] = "a reader may ask for fewer witnesses";

static struct want want_of_trust(const char *first, bool line, size_t word, unsigned op)
{
    struct want w = {"trust file", "", "refused invalid", NULL, NULL};
    if (line && op == L_EXCHANGED) {
        w.answers = "refused final";
        w.why = own_order;
    } else if (first[0] == '#') {
        /* But what follows a comment is lost with the end of its line. */
        bool still = line ? op <= L_SPACE : word > 0 || op == 4;
        w.answers = still ? "final" : "refused";
        w.why = still ? comment : NULL;
    } else if (!line && strcmp(first, "group") == 0 && word >= 3 && op == 3) {
        w.answers = "refused final"; /* the last word leaves a space behind */
        w.why = own_group;
    }
    return w;
}

static void change_trust(struct files *x)
{
    struct lines l;
    struct urna_buf b = {0};
    cut_lines(&l, &x->trust_text);
    report_subject(x->report, "trust file");
    for (size_t i = 0; i < l.n; i++) {
        char first[20];
        snprintf(first, sizeof first, "%.*s", (int)strcspn((const char *)l.v[i].p, " \n"),
                 (const char *)l.v[i].p);
        for (unsigned op = 0; op < L_OPS; op++) {
            struct want w = want_of_trust(first, true, 0, op);
            w.op = line_op[op];
            if (line_edit(&b, &l, i, op))
                try_trust(x, &b, &w);
        }
        for (size_t word = 0; word < 8; word++)
            for (unsigned op = 0; op < WORD_OPS; op++) {
                struct want w = want_of_trust(first, false, word, op);
                w.op = word_op[op];
                if (word_edit(&b, &l, i, word, op))
                    try_trust(x, &b, &w);
            }
    }
    urna_buf_free(&b);
}

void files_of_text(struct files *x)
{
    change_checkpoint(x);
    change_trust(x);
}
