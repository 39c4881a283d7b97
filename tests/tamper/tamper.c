/* The tamper suite: take a valid record, change every field of every entry (and drop, repeat and exchange entries), and require the judge to
 * name the entry by the right rule. Each change is tried twice: left as damage under the old signatures, and signed again by the role that could have
 * done it. Prints TAP, one line a kind of entry, and a table of cases by rule. A case that is rightly harmless stands in the list below, with the reason. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "base/pool.h"
#include "base/secret.h"
#include "election.h"

/* Changes that a role may lawfully make when it signs them again: the entry is then another true entry of its own. */
static const struct {
    enum urna_kind kind;
    const char *path; /* prefix of the JSON path */
    const char *why;
} harmless[] = {
    {URNA_STATEMENT, "", "free text of the one who signs it"},
    {URNA_VERDICT, "", "what a witness says it found is its own word"},
    {URNA_REDACT, "", "names a hash and a reason; the commission may redact any"},
    {URNA_ATTACHMENT, "", "any bytes"},
    {URNA_ROLL, ".rows", "a registrar's row is its word; roll.close then does not fit (E0), which is required below"},
    {URNA_BALLOT, ".after", "evidence only"},
    {URNA_BALLOT, ".serial", "a voter may choose a higher serial; without it the form is bad"},
    {URNA_GUARDIAN_COMMIT, ".hash", "a commitment is to anything; the keys then do not match it (E14), which is required below"},
    {URNA_DECRYPT_COMMIT, ".d", "a commitment is to anything; the reveal then does not match it (E17), which is required below"},
    {URNA_DECRYPT_COMMIT, ".attempt", "another session, begun and left"},
    {URNA_DECRYPT_COMMIT, ".present", "another session, begun and left"},
    {URNA_ANCHOR, ".cosigs", "fewer of the same true lines are a true anchor"},
};

enum { RULES = 40, SAMPLES = 24 };

struct tally {
    char rule[RULES][12];
    unsigned n[RULES], rules, cases, harmless, bad, nothing;
    char sample[SAMPLES][200];
    unsigned samples;
};

struct run {
    const struct te *t;
    const uint64_t *index; /* of the untouched log */
    uint8_t result[32];    /* e of the true result */
    unsigned every, at_case; /* try only each every-th change */
    struct tally by_kind[URNA_KIND_COUNT];
};

static void count_rule(struct tally *y, const char *rule)
{
    for (unsigned i = 0; i < y->rules; i++)
        if (strcmp(y->rule[i], rule) == 0) {
            y->n[i]++;
            return;
        }
    if (y->rules < RULES) {
        snprintf(y->rule[y->rules], sizeof y->rule[0], "%s", rule);
        y->n[y->rules++] = 1;
    }
}

static const char *is_harmless(enum urna_kind kind, const char *path)
{
    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
        if (harmless[i].kind == kind && strncmp(path, harmless[i].path, strlen(harmless[i].path)) == 0)
            return harmless[i].why;
    return NULL;
}

/* Rules that may name a change in an entry of this kind. */
static bool right_rule(enum urna_kind kind, enum te_how how, const char *rule)
{
    if (strcmp(rule, "E12") == 0 || strcmp(rule, "E11") == 0 || strcmp(rule, "repeated") == 0)
        return true;
    /* Under the old signature of a role, form and signature come first. */
    bool role = kind != URNA_BALLOT && kind != URNA_CHALLENGE && kind != URNA_ANCHOR && kind != URNA_COUNTSET && kind != URNA_TALLY && kind != URNA_RESULT;
    if (how == TE_DAMAGED && role)
        return strcmp(rule, "absent") == 0;
    switch (kind) {
    case URNA_GUARDIAN_COMMIT:
    case URNA_GUARDIAN_SHARES:
    case URNA_GUARDIAN_CONFIRM:
    case URNA_GUARDIAN_COMPLAINT:
        return strcmp(rule, "E14") == 0;
    case URNA_GUARDIAN_KEYS:
        return strcmp(rule, "E14") == 0 || strncmp(rule, "V2", 2) == 0;
    case URNA_ROLL_CLOSE:
        return strcmp(rule, "E0") == 0;
    case URNA_OPEN:
        return strcmp(rule, "E15") == 0;
    case URNA_BALLOT:
        return strcmp(rule, "E1") == 0 || strcmp(rule, "E3") == 0 || rule[0] == 'V';
    case URNA_CHALLENGE:
        return strcmp(rule, "E8") == 0;
    case URNA_ANCHOR:
        return strcmp(rule, "E16") == 0;
    case URNA_COUNTSET:
        return strcmp(rule, "E10") == 0;
    case URNA_DECRYPT_COMMIT:
    case URNA_DECRYPT_REVEAL:
    case URNA_DECRYPT_RESPOND:
        return strcmp(rule, "E17") == 0 || strcmp(rule, "E10") == 0;
    case URNA_TALLY:
        return strcmp(rule, "E17") == 0 || strcmp(rule, "E10") == 0 || strncmp(rule, "V1", 2) == 0;
    case URNA_RESULT:
        return strcmp(rule, "E18") == 0;
    case URNA_MANIFEST:
    case URNA_ACCEPT:
    case URNA_ROLL:
    case URNA_CLOSE:
    case URNA_VERDICT:
    case URNA_INCIDENT:
    case URNA_COMPLAINT:
    case URNA_STATEMENT:
    case URNA_ATTACHMENT:
    case URNA_REDACT:
    case URNA_KIND_UNKNOWN:
        break;
    }
    return false;
}

static const char *void_rule(struct urna_judge *J, uint64_t index)
{
    size_t n;
    const struct urna_void *v = urna_judge_voids(J, &n);
    for (size_t i = 0; i < n; i++)
        if (v[i].index == index && !v[i].cancelled)
            return v[i].rule;
    return NULL;
}

static void complain(struct tally *y, const char *what, const char *path, enum te_how how, const char *got)
{
    static const char *const word[] = {"as it is", "damaged", "signed again", "left out", "twice", "swapped"};
    y->bad++;
    if (y->samples < SAMPLES)
        snprintf(y->sample[y->samples++], sizeof y->sample[0], "%s of %s, %s: %s", what, path[0] ? path : "the body", word[how], got);
}

/* The outcome that must never come out of a tampered log unnoticed: the same final result over other bytes that matter. */
static bool same_outcome(const struct run *r, struct urna_judge *J)
{
    const struct urna_buf *b = urna_judge_result_body(J);
    uint8_t e[32];
    uint64_t at;
    if (!b || !urna_judge_result_at(J, &at))
        return false;
    urna_sha256(e, b->p, b->len);
    return memcmp(e, r->result, 32) == 0;
}

static void try_body(struct run *r, size_t at, const char *what, const char *path, struct urna_view body, enum te_how how)
{
    const struct te_entry *e = &r->t->entry[at];
    struct tally *y = &r->by_kind[e->kind];
    if (body.len == e->body.len && memcmp(body.p, e->body.p, body.len) == 0) {
        y->nothing++;
        return;
    }
    if (r->at_case++ % r->every != 0)
        return;
    uint64_t *index = urna_xcalloc(r->t->n + 1, sizeof *index);
    struct te_change c = {how, at, body};
    struct urna_follow *f = te_play(r->t, &c, index);
    struct urna_judge *J = urna_follow_judge(f);
    y->cases++;
    if (e->kind == URNA_MANIFEST) {
        /* Another manifest is another election: no manifest at all, or another fingerprint. */
        struct urna_context *P = urna_judge_context(J);
        if (P && memcmp(P->phi, r->t->phi, 32) == 0)
            complain(y, what, path, how, "the same fingerprint");
        else
            count_rule(y, P ? "phi" : urna_judge_manifest_ruling(J)->rule);
    } else {
        bool lawful = how == TE_SIGNED_AGAIN || (e->kind == URNA_ANCHOR && strcmp(what, "delete") == 0);
        const char *rule = void_rule(J, index[at]), *why = lawful ? is_harmless(e->kind, path) : NULL;
        if (rule && right_rule(e->kind, how, rule))
            count_rule(y, rule);
        else if (rule)
            complain(y, what, path, how, rule);
        else if (!why)
            complain(y, what, path, how, "accepted");
        else {
            y->harmless++;
            /* What a role may say, others must still not be able to build a false result on. */
            bool stops = e->kind == URNA_ROLL || e->kind == URNA_GUARDIAN_COMMIT || (e->kind == URNA_DECRYPT_COMMIT && strncmp(path, ".d", 2) == 0);
            size_t n;
            urna_judge_voids(J, &n);
            if (stops && n == 0)
                complain(y, what, path, how, "accepted, and nothing after it is void");
        }
    }
    urna_follow_free(f);
    free(index);
}

static void try_both(struct run *r, size_t at, const char *what, const char *path, const char *text)
{
    struct urna_view body = urna_view_str(text);
    const struct te_entry *e = &r->t->entry[at];
    try_body(r, at, what, path, body, TE_DAMAGED);
    if (e->n_signers > 0 || e->voter >= 0)
        try_body(r, at, what, path, body, TE_SIGNED_AGAIN);
}

/* --- every place of a body ------------------------------------------------------------------------------------- */

static void dump_and_try(struct run *r, size_t at, const char *what, const char *path, json_t *root)
{
    char *text = json_dumps(root, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text)
        try_both(r, at, what, path, text);
    free(text);
}

static json_t *changed(const json_t *v)
{
    if (json_is_integer(v))
        return json_integer(json_integer_value(v) + 1);
    const char *s = json_string_value(v);
    size_t len = strlen(s);
    char *t = urna_xcalloc(len + 2, 1);
    memcpy(t, s, len);
    if (len == 0)
        t[0] = 'x';
    else
        t[len - 1] = t[len - 1] == '1' ? '2' : '1';
    json_t *out = json_string(t);
    free(t);
    return out;
}

/* Long arrays repeat one pattern: ends and one in the middle stand for all. */
static bool worth(size_t i, size_t n)
{
    return n <= 4 || i == 0 || i == n - 1 || i == n / 2;
}

static void walk(struct run *r, size_t at, json_t *root, json_t *v, const char *path);

static void walk_object(struct run *r, size_t at, json_t *root, json_t *v, const char *path)
{
    const char *key;
    json_t *x;
    void *tmp;
    size_t n = json_object_size(v), i = 0;
    char **name = urna_xcalloc(n + 1, sizeof *name);
    json_object_foreach_safe(v, tmp, key, x) name[i++] = urna_xstrdup(key);
    for (i = 0; i < n; i++) {
        char sub[256];
        json_t *old = json_incref(json_object_get(v, name[i]));
        snprintf(sub, sizeof sub, "%s.%s", path, name[i]);
        if (!json_is_object(old) && !json_is_array(old)) {
            json_object_set_new(v, name[i], changed(old));
            dump_and_try(r, at, "change", sub, root);
            json_object_set(v, name[i], old);
        }
        walk(r, at, root, old, sub);
        json_decref(old);
        /* Deleting keeps the order of the other keys only in a copy. */
        json_t *copy = json_object(), *full = json_copy(v);
        for (size_t k = 0; k < n; k++)
            if (k != i)
                json_object_set(copy, name[k], json_object_get(full, name[k]));
        json_object_clear(v);
        json_object_update(v, copy);
        dump_and_try(r, at, "delete", sub, root);
        json_object_clear(v);
        json_object_update(v, full);
        json_decref(copy);
        json_decref(full);
    }
    for (i = 0; i < n; i++)
        free(name[i]);
    free(name);
}

static void walk_array(struct run *r, size_t at, json_t *root, json_t *v, const char *path)
{
    size_t n = json_array_size(v);
    for (size_t i = 0; i < n; i++) {
        if (!worth(i, n))
            continue;
        char sub[256];
        json_t *old = json_incref(json_array_get(v, i));
        snprintf(sub, sizeof sub, "%s[%zu]", path, i);
        if (!json_is_object(old) && !json_is_array(old)) {
            json_array_set_new(v, i, changed(old));
            dump_and_try(r, at, "change", sub, root);
            json_array_set(v, i, old);
        }
        walk(r, at, root, old, sub);
        json_array_remove(v, i);
        dump_and_try(r, at, "delete", sub, root);
        json_array_insert(v, i, old);
        json_t *twin = json_deep_copy(old);
        json_array_insert_new(v, i, twin);
        dump_and_try(r, at, "duplicate", sub, root);
        json_array_remove(v, i);
        if (i + 1 < n) {
            json_t *next = json_incref(json_array_get(v, i + 1));
            json_array_set(v, i, next);
            json_array_set(v, i + 1, old);
            dump_and_try(r, at, "swap", sub, root);
            json_array_set(v, i, old);
            json_array_set(v, i + 1, next);
            json_decref(next);
        }
        json_decref(old);
    }
}

static void walk(struct run *r, size_t at, json_t *root, json_t *v, const char *path)
{
    if (json_is_object(v))
        walk_object(r, at, root, v, path);
    else if (json_is_array(v))
        walk_array(r, at, root, v, path);
}

static void spellings(struct run *r, size_t at)
{
    const struct te_entry *e = &r->t->entry[at];
    struct urna_buf b = {0};
    static const char *const front[] = {" ", "\xEF\xBB\xBF", ""}, *const back[] = {"", "", " "};
    for (int i = 0; i < 3; i++) {
        urna_buf_reset(&b);
        urna_buf_str(&b, front[i]);
        urna_buf_add(&b, e->body.p, e->body.len);
        urna_buf_str(&b, back[i]);
        try_both(r, at, "spelling", "", urna_buf_cstr(&b));
    }
    urna_buf_reset(&b);
    urna_buf_add(&b, e->body.p, e->body.len - 1);
    try_both(r, at, "truncation", "", urna_buf_cstr(&b));
    urna_buf_free(&b);
}

/* --- whole entries -------------------------------------------------------------------------------------------------- */

/* Left out, repeated, exchanged: either the outcome is the same and nothing of it is hidden, or something after it is void or undecided. */
static void whole(struct run *r, size_t at)
{
    const struct te_entry *e = &r->t->entry[at];
    struct tally *y = &r->by_kind[e->kind];
    static const enum te_how how[] = {TE_LEFT_OUT, TE_TWICE, TE_SWAPPED};
    for (int i = 0; i < 3; i++) {
        if (r->at_case++ % r->every != 0)
            continue;
        struct te_change c = {how[i], at, {NULL, 0}};
        struct urna_follow *f = te_play(r->t, &c, NULL);
        struct urna_judge *J = urna_follow_judge(f);
        size_t n;
        const struct urna_void *v = urna_judge_voids(J, &n);
        y->cases++;
        bool same = same_outcome(r, J);
        /* An anchor made again is over a larger tree: another anchor. */
        if (how[i] == TE_TWICE && e->kind == URNA_ANCHOR && (n != 0 || !same))
            complain(y, "the entry", "", how[i], "one more anchor must be harmless");
        else if (how[i] == TE_TWICE && e->kind != URNA_MANIFEST && e->kind != URNA_ANCHOR && (n != 1 || !same))
            complain(y, "the entry", "", how[i], "a repetition must be void and harmless");
        else if (how[i] == TE_LEFT_OUT && (e->kind == URNA_BALLOT || e->kind == URNA_RESULT) && same &&
                 (at == 0 || e->voter < 0))
            complain(y, "the entry", "", how[i], "the same outcome without it");
        else
            count_rule(y, !urna_judge_context(J) ? "E13" : n > 0 ? v[0].rule : same ? "harmless" : "undecided");
        urna_follow_free(f);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_secret_init(&err) != URNA_OK)
        return 3;
    json_object_seed(1);
    struct te *t = te_hold(argv[1]);
    struct run *r = urna_xcalloc(1, sizeof *r);
    uint64_t *index = urna_xcalloc(t->n + 1, sizeof *index);
    struct te_change none = {TE_AS_IT_IS, 0, {NULL, 0}};
    struct urna_follow *f = te_play(t, &none, index);
    size_t n_void;
    urna_judge_voids(urna_follow_judge(f), &n_void);
    r->t = t;
    r->index = index;
    uint64_t at;
    bool fine = n_void == 0 && urna_judge_result_at(urna_follow_judge(f), &at);
    if (fine)
        urna_sha256(r->result, urna_judge_result_body(urna_follow_judge(f))->p, urna_judge_result_body(urna_follow_judge(f))->len);
    urna_follow_free(f);
    /* Of each kind the first entry; of ballots one that counts with all contests, and the one that is voted again (a superseded one is called
     * that whatever its proofs: section 3). */
    bool seen[URNA_KIND_COUNT] = {false};
    r->every = argc > 2 && atoi(argv[2]) > 0 ? (unsigned)atoi(argv[2]) : 1;
    for (size_t i = 0; fine && i < t->n; i++) {
        whole(r, i);
        enum urna_kind kind = t->entry[i].kind;
        bool again = kind == URNA_BALLOT && memmem(t->entry[i].body.p, t->entry[i].body.len, "\"serial\":2", 10);
        if ((seen[kind] && !again) || (kind == URNA_BALLOT && t->entry[i].voter != 2 && !again))
            continue;
        seen[kind] = true;
        if (t->entry[i].kind == URNA_ATTACHMENT) {
            try_both(r, i, "change", "", "photogrQph");
            continue;
        }
        json_t *root = json_loadb((const char *)t->entry[i].body.p, t->entry[i].body.len, 0, NULL);
        if (!root)
            return 3;
        walk(r, i, root, root, "");
        spellings(r, i);
        json_decref(root);
    }
    printf("1..%d\n", URNA_KIND_COUNT + 1);
    printf("%s 1 - the untouched record of %s is whole\n", fine ? "ok" : "not ok", argv[1]);
    unsigned bad = !fine, total = 0;
    for (int k = 0; k < URNA_KIND_COUNT; k++) {
        const struct tally *y = &r->by_kind[k];
        if (y->cases == 0) {
            printf("ok %d - %s # SKIP not in this record\n", k + 2, urna_kind_name((enum urna_kind)k));
            continue;
        }
        printf("%s %d - %s: %u cases, %u rightly harmless\n", y->bad ? "not ok" : "ok", k + 2, urna_kind_name((enum urna_kind)k), y->cases, y->harmless);
        printf("#   ");
        for (unsigned i = 0; i < y->rules; i++)
            printf(" %s %u", y->rule[i], y->n[i]);
        putchar('\n');
        for (unsigned i = 0; i < y->samples; i++)
            printf("#   NOT NAMED: %s\n", y->sample[i]);
        bad += y->bad;
        total += y->cases;
    }
    printf("# %s: %u cases, %u not named\n", argv[1], total, bad);
    free(index);
    free(r);
    te_free(t);
    return bad ? 1 : 0;
}
