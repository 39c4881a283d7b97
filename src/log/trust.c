/* The trust file (election.md section 4): lines of words separated by one space.
 *
 *     urna-trust-1
 *     election <64 hex digits>
 *     log <verifier key, type 01>
 *     witness <name> <verifier key, type 04>
 *     group <name> <k|all|any> <name>...
 *     quorum <name|none>
 *     level computed|witnessed|final
 */
#include "log/trust.h"
#include "log/note_internal.h"

#include <stdlib.h>
#include <string.h>

#define NODES_MAX 1024 /* witnesses and groups of one file */
#define LINE_WORDS_MAX (NODES_MAX + 3)

struct words {
    struct urna_view w[LINE_WORDS_MAX];
    size_t n;
};
struct reader {
    struct urna_trust *t;
    bool used[NODES_MAX]; /* is this node a member of a group? */
    bool has_election, has_log, has_quorum, has_level;
    struct words words;
    struct urna_error *err;
};

static enum urna_status refuse(struct reader *r, const char *what)
{
    return urna_fail(r->err, URNA_INPUT, "trust file: %s", what);
}

/* One space between words, none at either end; words have no control characters, no spaces, and are
 * UTF-8. */
static bool split_line(struct words *out, struct urna_view line)
{
    out->n = 0;
    for (;;) {
        size_t n = urna_view_find(line, ' ');
        if (n == 0 || out->n == LINE_WORDS_MAX)
            return false;
        out->w[out->n++] = urna_view(line.p, n);
        if (n == line.len)
            return true;
        line = urna_view_skip(line, n + 1);
    }
}

/* Index of the witness or group of that name, or -1. */
static int64_t find_node(const struct urna_trust *t, struct urna_view name)
{
    for (size_t i = 0; i < t->n_node; i++)
        if (urna_view_eq_str(name, t->node[i].name))
            return (int64_t)i;
    return -1;
}

/* "none" would be read as "no quorum". */
static enum urna_status new_node(struct reader *r, struct urna_view name,
                                 struct urna_trust_node **out)
{
    struct urna_trust *t = r->t;
    if (!urna_note_name_ok(name) || urna_view_eq_str(name, "none"))
        return refuse(r, "this name is not allowed");
    if (find_node(t, name) >= 0)
        return refuse(r, "the name stands twice");
    if (t->n_node == NODES_MAX)
        return refuse(r, "too many witnesses and groups");
    if ((t->n_node & (t->n_node - 1)) == 0)
        t->node = urna_xrealloc(t->node, t->n_node ? 2 * t->n_node : 1, sizeof *t->node);
    struct urna_trust_node *n = &t->node[t->n_node++];
    memset(n, 0, sizeof *n);
    urna_note_name_copy(n->name, name);
    *out = n;
    return URNA_OK;
}

static bool key_is_known(const struct reader *r, const uint8_t pk[32])
{
    const struct urna_trust *t = r->t;
    if (r->has_log && memcmp(t->log.pk, pk, 32) == 0)
        return true;
    for (size_t i = 0; i < t->n_node; i++)
        if (!t->node[i].is_group && memcmp(t->node[i].key.pk, pk, 32) == 0)
            return true;
    return false;
}

static enum urna_status read_key(struct reader *r, struct urna_vkey *k, struct urna_view text,
                                 enum urna_key_type type)
{
    enum urna_status st = urna_vkey_read(k, text, r->err);
    if (st != URNA_OK)
        return st;
    if (k->type != type)
        return refuse(r, type == URNA_KEY_ED25519 ? "the log's key is not of type 01"
                                                  : "the witness's key is not of type 04");
    if (key_is_known(r, k->pk))
        return refuse(r, "the same public key stands twice");
    return URNA_OK;
}

static enum urna_status read_election(struct reader *r, const struct words *w)
{
    if (r->has_election)
        return refuse(r, "a second line 'election'");
    if (w->n != 2 || !urna_unhex_any(r->t->election, 32, (const char *)w->w[1].p, w->w[1].len))
        return refuse(r, "expected: election <64 hex digits>");
    r->has_election = true;
    return URNA_OK;
}

static enum urna_status read_log(struct reader *r, const struct words *w)
{
    if (r->has_log)
        return refuse(r, "a second line 'log'");
    if (w->n != 2)
        return refuse(r, "expected: log <verifier key>");
    enum urna_status st = read_key(r, &r->t->log, w->w[1], URNA_KEY_ED25519);
    r->has_log = st == URNA_OK;
    return st;
}

static enum urna_status read_witness(struct reader *r, const struct words *w)
{
    struct urna_trust_node *n;
    struct urna_vkey key;
    if (w->n != 3)
        return refuse(r, "expected: witness <name> <verifier key>");
    enum urna_status st = read_key(r, &key, w->w[2], URNA_KEY_COSIGNATURE);
    if (st == URNA_OK)
        st = new_node(r, w->w[1], &n);
    if (st == URNA_OK)
        n->key = key;
    return st;
}

/* How many of n members a group needs: "all", "any" or 1..n. */
static bool read_need(uint32_t *need, struct urna_view word, size_t n)
{
    uint64_t k = 0;
    if (urna_view_eq_str(word, "all"))
        k = n;
    else if (urna_view_eq_str(word, "any"))
        k = 1;
    else if (!urna_parse_u64(&k, (const char *)word.p, word.len, n))
        return false;
    *need = (uint32_t)k;
    return k >= 1;
}

static enum urna_status read_group(struct reader *r, const struct words *w)
{
    if (w->n < 4)
        return refuse(r, "expected: group <name> <k|all|any> <witness or group>...");
    size_t n = w->n - 3;
    uint32_t need;
    if (!read_need(&need, w->w[2], n))
        return refuse(r,
                      "a group needs 'all', 'any' or a number from 1 to the number of its members");
    uint32_t *member = urna_xcalloc(n, sizeof *member);
    for (size_t i = 0; i < n; i++) {
        int64_t m = find_node(r->t, w->w[3 + i]);
        if (m < 0 || r->used[m]) {
            free(member);
            return refuse(r, m < 0 ? "a member of the group was not defined before"
                                   : "a name is in two groups, or twice in one");
        }
        r->used[m] = true;
        member[i] = (uint32_t)m;
    }
    struct urna_trust_node *g;
    enum urna_status st = new_node(r, w->w[1], &g);
    if (st != URNA_OK) {
        free(member);
        return st;
    }
    g->is_group = true;
    g->need = need;
    g->member = member;
    g->n_member = (uint32_t)n;
    return URNA_OK;
}

static enum urna_status read_quorum(struct reader *r, const struct words *w)
{
    if (r->has_quorum)
        return refuse(r, "a second line 'quorum'");
    if (w->n != 2)
        return refuse(r, "expected: quorum <witness, group or none>");
    r->t->quorum = find_node(r->t, w->w[1]);
    if (r->t->quorum < 0 && !urna_view_eq_str(w->w[1], "none"))
        return refuse(r, "the quorum was not defined before");
    r->has_quorum = true;
    return URNA_OK;
}

static const char *const level_name[] = {[URNA_LEVEL_COMPUTED] = "computed",
                                         [URNA_LEVEL_WITNESSED] = "witnessed",
                                         [URNA_LEVEL_FINAL] = "final"};

static enum urna_status read_level(struct reader *r, const struct words *w)
{
    if (r->has_level)
        return refuse(r, "a second line 'level'");
    for (int l = URNA_LEVEL_COMPUTED; w->n == 2 && l <= URNA_LEVEL_FINAL; l++) {
        if (urna_view_eq_str(w->w[1], level_name[l])) {
            r->t->level = (enum urna_level)l;
            r->has_level = true;
        }
    }
    return r->has_level ? URNA_OK : refuse(r, "expected: level computed|witnessed|final");
}

static enum urna_status read_statement(struct reader *r)
{
    static const struct {
        const char *word;
        enum urna_status (*read)(struct reader *, const struct words *);
    } statement[] = {{"election", read_election}, {"log", read_log},
                     {"witness", read_witness},   {"group", read_group},
                     {"quorum", read_quorum},     {"level", read_level}};
    for (size_t i = 0; i < sizeof statement / sizeof *statement; i++)
        if (urna_view_eq_str(r->words.w[0], statement[i].word))
            return statement[i].read(r, &r->words);
    return refuse(r, "the line does not begin with election, log, witness, group, quorum or level");
}

static enum urna_status read_lines(struct reader *r, struct urna_view text)
{
    bool begun = false;
    for (int64_t number = 1; text.len > 0; number++) {
        struct urna_view line;
        enum urna_status st = URNA_OK;
        if (!urna_line_next(&line, &text)) {
            st = refuse(r, "the last line does not end in LF");
        } else if (line.len == 0 || line.p[0] == '#') {
            continue;
        } else if (!begun) {
            begun = urna_view_eq_str(line, "urna-trust-1");
            st = begun ? URNA_OK : refuse(r, "the first line is not 'urna-trust-1'");
        } else {
            st = split_line(&r->words, line)
                     ? read_statement(r)
                     : refuse(r, "words are separated by exactly one space");
        }
        if (st != URNA_OK) {
            if (r->err)
                r->err->offset = number;
            return st;
        }
    }
    if (!begun)
        return refuse(r, "it is empty");
    if (!r->has_election || !r->has_log || !r->has_quorum || !r->has_level)
        return refuse(r, "one of the lines election, log, quorum and level is missing");
    return URNA_OK;
}

enum urna_status urna_trust_read(struct urna_trust *t, struct urna_view text,
                                 struct urna_error *err)
{
    memset(t, 0, sizeof *t);
    struct reader *r = urna_xcalloc(1, sizeof *r);
    r->t = t;
    r->err = err;
    enum urna_status st = read_lines(r, text);
    free(r);
    if (st != URNA_OK)
        urna_trust_free(t);
    return st;
}

void urna_trust_free(struct urna_trust *t)
{
    for (size_t i = 0; i < t->n_node; i++)
        free(t->node[i].member);
    free(t->node);
    memset(t, 0, sizeof *t);
}

static void write_node(struct urna_buf *out, const struct urna_trust *t,
                       const struct urna_trust_node *n)
{
    urna_buf_printf(out, "%s %s ", n->is_group ? "group" : "witness", n->name);
    if (!n->is_group) {
        urna_vkey_write(out, &n->key);
    } else {
        if (n->need == n->n_member && n->need > 1)
            urna_buf_str(out, "all");
        else
            urna_buf_printf(out, "%u", n->need);
        for (uint32_t i = 0; i < n->n_member; i++)
            urna_buf_printf(out, " %s", t->node[n->member[i]].name);
    }
    urna_buf_char(out, '\n');
}

void urna_trust_write(struct urna_buf *out, const struct urna_trust *t)
{
    urna_buf_str(out, "urna-trust-1\nelection ");
    urna_buf_hex(out, t->election, 32);
    urna_buf_str(out, "\nlog ");
    urna_vkey_write(out, &t->log);
    urna_buf_char(out, '\n');
    for (size_t i = 0; i < t->n_node; i++)
        write_node(out, t, &t->node[i]);
    urna_buf_printf(out, "quorum %s\nlevel %s\n", t->quorum < 0 ? "none" : t->node[t->quorum].name,
                    level_name[t->level]);
}

/* Members come before their group, so one pass in order decides every node. */
bool urna_trust_satisfied(const struct urna_trust *t, const bool *have)
{
    if (t->quorum < 0)
        return false;
    bool *ok = urna_xcalloc(t->n_node, sizeof *ok);
    for (size_t i = 0; i <= (size_t)t->quorum; i++) {
        const struct urna_trust_node *n = &t->node[i];
        uint32_t count = 0;
        for (uint32_t m = 0; m < n->n_member; m++)
            count += ok[n->member[m]];
        ok[i] = n->is_group ? count >= n->need : have[i];
    }
    bool satisfied = ok[t->quorum];
    free(ok);
    return satisfied;
}
