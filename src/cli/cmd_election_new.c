/* urna election new, trust: the manifest, and a trust file that goes with it. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd_election.h"
#include "cli/describe.h"
#include "cli/text.h"

static enum urna_status make_manifest(struct urna_buf *body, struct urna_context **P,
                                      const char *path, struct urna_error *err)
{
    struct urna_buf text = {0};
    struct urna_arena a = {0};
    struct urna_body b = {.kind = URNA_MANIFEST};
    struct urna_ruling r;
    *P = NULL;
    enum urna_status st = urna_text_read(&text, path, 1 << 24, err);
    if (st == URNA_OK)
        st = urna_describe_read(&b.manifest, urna_buf_view(&text), &a, err);
    if (st == URNA_OK) {
        urna_body_write(body, &b, 0, 0);
        *P = urna_context_from_manifest(urna_buf_view(body), &r);
        if (!*P) {
            urna_error_rule(err, r.rule);
            st = urna_fail(err, URNA_INPUT, "rule %s (%s): %s", r.rule, urna_rule_section(r.rule),
                           r.reason);
        }
    }
    if (st != URNA_OK)
        urna_error_where(err, path);
    urna_arena_free(&a);
    urna_buf_free(&text);
    return st;
}

static void say_manifest(struct urna_tell *s, const struct urna_context *P, const char *out)
{
    const struct urna_manifest *m = &P->m;
    urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "manifest of %s%s",
                   urna_cli_title(&m->title, "an election"), m->test ? " (TEST ELECTION)" : "");
    urna_tell_str(s, "file", out);
    urna_tell_hex(s, "fingerprint", P->phi, 32);
    urna_tell_str(s, "group", m->group);
    urna_tell_u64(s, "guardians", m->n);
    urna_tell_u64(s, "quorum", m->k);
    urna_tell_u64(s, "commission", m->n_commission);
    urna_tell_u64(s, "witnesses", m->n_witnesses);
    urna_tell_time(s, "open", m->t_open);
    urna_tell_time(s, "close", m->t_close);
    urna_tell_time(s, "seal", m->t_seal);
    if (m->credentials == URNA_ONE_REGISTRAR)
        urna_tell_note(s, "With one-registrar every verdict will say: the registrar could have "
                          "voted for anyone.");
    if (m->n_witnesses == 0)
        urna_tell_note(s, "Without witnesses every verdict will say: not witnessed; opening and "
                          "closing times are the commission's word.");
}

static enum urna_status new_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                 struct urna_error *err)
{
    const char *const *out = ctx;
    struct urna_buf body = {0};
    struct urna_context *P = NULL;
    enum urna_status st = make_manifest(&body, &P, args->arg[0], err);
    if (st == URNA_OK)
        st = urna_cli_write(*out, urna_buf_view(&body), 0644, err);
    if (st == URNA_OK)
        say_manifest(s, P, *out);
    urna_context_free(P);
    urna_buf_free(&body);
    return st;
}

int urna_cmd_election_new(int argc, char **argv)
{
    const char *out = NULL;
    const struct urna_option options[] = {
        {"out", "FILE", "the manifest's body, not yet signed", .string = &out, .required = true, .new_file = true},
        {0},
    };
    const struct urna_command command = {
        .name = "urna election new",
        .title = "make a manifest from a description",
        .usage = "urna election new DESCRIPTION --out FILE",
        .text = "The description is a text of short lines; urna-election(1) lists them. Every "
                "member of the commission then signs: urna "
                "election sign.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "made",
    };
    return urna_cli_run(&command, argc, argv, new_work, &out);
}

/* --- trust --------------------------------------------------------------- */

/* A local name is one word; a witness's id is one already. */
static void add_witnesses(struct urna_buf *out, const struct urna_manifest *m)
{
    for (uint32_t i = 0; i < m->n_witnesses; i++) {
        struct urna_vkey k;
        urna_vkey_make(&k, m->witnesses[i].full.name, URNA_KEY_COSIGNATURE,
                       m->witnesses[i].full.key);
        urna_buf_printf(out, "witness %s ", m->witnesses[i].id);
        urna_vkey_write(out, &k);
        urna_buf_char(out, '\n');
    }
}

static bool first_of_bloc(const struct urna_manifest *m, uint32_t i)
{
    for (uint32_t j = 0; j < i; j++)
        if (strcmp(m->witnesses[j].bloc, m->witnesses[i].bloc) == 0)
            return false;
    return true;
}

/* The anchor policy of the law as groups: a majority in each bloc, a majority of the blocs. */
static void add_quorum(struct urna_buf *out, const struct urna_manifest *m)
{
    uint32_t blocs = 0;
    for (uint32_t i = 0; i < m->n_witnesses; i++) {
        if (!first_of_bloc(m, i))
            continue;
        uint32_t n = 0;
        for (uint32_t j = i; j < m->n_witnesses; j++)
            n += strcmp(m->witnesses[j].bloc, m->witnesses[i].bloc) == 0;
        urna_buf_printf(out, "group bloc:%s %u", m->witnesses[i].bloc, n / 2 + 1);
        for (uint32_t j = i; j < m->n_witnesses; j++)
            if (strcmp(m->witnesses[j].bloc, m->witnesses[i].bloc) == 0)
                urna_buf_printf(out, " %s", m->witnesses[j].id);
        urna_buf_char(out, '\n');
        blocs++;
    }
    if (blocs == 0) {
        urna_buf_str(out, "quorum none\n");
        return;
    }
    urna_buf_printf(out, "group most-blocs %u", blocs / 2 + 1);
    for (uint32_t i = 0; i < m->n_witnesses; i++)
        if (first_of_bloc(m, i))
            urna_buf_printf(out, " bloc:%s", m->witnesses[i].bloc);
    urna_buf_str(out, "\nquorum most-blocs\n");
}

static void trust_text(struct urna_buf *out, const struct urna_context *P, const char *level)
{
    struct urna_vkey log;
    urna_buf_str(out, "urna-trust-1\n# A majority of the witnesses in most blocs. Change it to "
                      "whom you trust.\nelection ");
    char hex[65];
    urna_hex(hex, P->phi, 32);
    for (char *c = hex; *c; c++)
        if (*c >= 'A')
            *c = (char)(*c - 'A' + 'a');
    urna_buf_printf(out, "%s\nlog ", hex);
    urna_vkey_make(&log, P->m.origin, URNA_KEY_ED25519, P->m.log_key);
    urna_vkey_write(out, &log);
    urna_buf_char(out, '\n');
    add_witnesses(out, &P->m);
    add_quorum(out, &P->m);
    urna_buf_printf(out, "level %s\n", level);
}

static enum urna_status make_trust(const char *path, const struct urna_context *P,
                                   const char *level, struct urna_error *err)
{
    struct urna_buf text = {0};
    struct urna_trust t;
    trust_text(&text, P, level);
    enum urna_status st = urna_trust_read(&t, urna_buf_view(&text), err);
    if (st == URNA_OK) {
        urna_trust_free(&t);
        st = urna_cli_write(path, urna_buf_view(&text), 0644, err);
    }
    urna_buf_free(&text);
    return st;
}

struct trust_file {
    const char *out, *level;
};

static enum urna_status trust_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                   struct urna_error *err)
{
    const struct trust_file *q = ctx;
    const char *level = q->level;
    struct urna_cli_election x;
    enum urna_status st = urna_cli_election_open(&x, args->arg[0], err);
    if (st == URNA_OK && !level)
        level = x.P->m.n_witnesses ? "final" : "computed";
    if (st == URNA_OK)
        st = make_trust(q->out, x.P, level, err);
    if (st == URNA_OK) {
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "trust file for %s",
                       urna_cli_title(&x.P->m.title, "an election"));
        urna_tell_str(s, "file", q->out);
        urna_tell_hex(s, "fingerprint", x.P->phi, 32);
        urna_tell_str(s, "level", level);
    }
    urna_cli_election_close(&x);
    return st;
}

int urna_cmd_election_trust(int argc, char **argv)
{
    struct trust_file q = {0};
    const struct urna_option options[] = {
        {"out", "FILE", "the trust file", .string = &q.out, .required = true, .new_file = true},
        {"level", "LEVEL",
         "computed, witnessed or final; default: final, without witnesses computed",
         .string = &q.level},
        {0},
    };
    const struct urna_command command = {
        .name = "urna election trust",
        .title = "write a trust file for a manifest",
        .usage = "urna election trust ELECTION --out FILE",
        .text = "ELECTION is the manifest as you got it from someone you trust. A trust file made "
                "from a record says only what that record "
                "says of itself: compare its fingerprint with a letter, a newspaper, a mission.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "made",
        .fails = "the record given is not valid",
    };
    return urna_cli_run(&command, argc, argv, trust_work, &q);
}
