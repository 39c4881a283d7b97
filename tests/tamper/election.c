#include "election.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "log/note.h"
#include "model/roll.h"
#include "proof/credential.h"
#include "proof/ed25519.h"
#include "protocol/ceremony.h"
#include "protocol/combine.h"
#include "protocol/encrypt.h"

static const char *const witness_id[TE_WITNESSES] = {"w1", "w2", "w3", "w4"};
static const char *const witness_bloc[TE_WITNESSES] = {"civil", "party", "mission", "mission"};

static void die(const char *what, const char *why)
{
    fprintf(stderr, "test election: %s: %s\n", what, why);
    exit(3);
}

static int add_key(struct te *t, const char *id)
{
    struct te_key *k = &t->key[t->n_keys];
    k->id = id;
    urna_random(k->seed, 32);
    urna_ed25519_public(k->pk, k->seed);
    return t->n_keys++;
}

/* --- saying things --------------------------------------------------------------------------------------- */

static struct te_entry *add(struct te *t, enum urna_kind kind, struct urna_view body)
{
    t->entry = urna_xrealloc(t->entry, t->n + 1, sizeof *t->entry);
    struct te_entry *e = &t->entry[t->n++];
    *e = (struct te_entry){.kind = kind, .voter = -1};
    urna_buf_add(&e->body, body.p, body.len);
    return e;
}

static uint32_t sign(const struct te *t, const struct te_entry *e, struct urna_view body, const uint8_t phi[32], struct urna_sig *out)
{
    struct urna_buf msg = {0};
    uint8_t hash[32];
    static const uint8_t zero[32];
    urna_sha256(hash, body.p, body.len);
    uint32_t n = e->voter >= 0 ? 1 : e->n_signers;
    for (uint32_t i = 0; i < n; i++) {
        const struct te_key *k = e->voter >= 0 ? NULL : &t->key[e->signer[i]];
        out[i].by = k ? k->id : "voter.1";
        urna_buf_reset(&msg);
        urna_signed_message(&msg, e->kind == URNA_MANIFEST ? zero : phi, urna_kind_name(e->kind), out[i].by, body.len, hash);
        if (k)
            urna_ed25519_sign(out[i].sig, k->seed, msg.p, msg.len);
        else if (!urna_credential_sign(out[i].sig, t->voter_sk[e->voter], msg.p, msg.len))
            die("voter", "cannot sign");
    }
    urna_buf_free(&msg);
    return n;
}

static void make_anchor(const struct te *t, const struct te_entry *e, const struct urna_tree *tree, struct urna_buf *body)
{
    struct urna_anchor_sig sig[TE_WITNESSES + 1];
    struct urna_body b = {.kind = URNA_ANCHOR, .anchor = {.size = urna_tree_size(tree), .cosigs = sig}};
    struct urna_buf text = {0};
    if (!urna_tree_root(tree, b.anchor.size, b.anchor.root))
        die("anchor", "no root");
    urna_checkpoint_text(&text, "urna.example/tamper", b.anchor.size, b.anchor.root);
    for (int w = 0; w < TE_WITNESSES; w++)
        for (int head = 0; head < (w == 2 ? 2 : 1); head++) {
            struct urna_anchor_sig *s = &sig[b.anchor.n_cosigs++];
            *s = (struct urna_anchor_sig){.as = witness_id[w], .head = (uint32_t)head, .time = e->anchor_time + (uint64_t)w};
            urna_cosignature_sign(s->sig, t->key[head ? t->head[w] : t->full[w]].seed, s->time, urna_buf_view(&text));
        }
    urna_buf_reset(body);
    urna_body_write(body, &b, 32, 32);
    urna_buf_free(&text);
}

struct leaf_sink {
    struct urna_follow *f;
    struct urna_view out;
    bool done, accepted;
    struct urna_ruling r;
};

static bool take(void *ctx, struct urna_view leaf)
{
    struct leaf_sink *s = ctx;
    urna_follow_add(s->f, leaf, s->out, NULL, &s->done, &s->accepted, &s->r);
    return true;
}

static bool put(struct urna_follow *f, const struct te_entry *e, struct urna_view body, const struct urna_sig *sig, uint32_t n, struct urna_ruling *r)
{
    struct leaf_sink s = {.f = f, .out = urna_kind_out_of_line(e->kind) ? body : urna_view(NULL, 0)};
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_entry_leaves(e->kind, sig, n, body, take, &s, &err) != URNA_OK)
        die(urna_kind_name(e->kind), err.msg);
    *r = s.r;
    return s.done && s.accepted;
}

/* While the election is held every entry must be accepted. */
static void say(struct te *t, struct urna_follow *f, struct te_entry *e)
{
    struct urna_ruling r;
    if (e->anchor_time)
        make_anchor(t, e, urna_follow_tree(f), &e->body);
    uint32_t n = sign(t, e, urna_buf_view(&e->body), t->phi, e->sig);
    if (!put(f, e, urna_buf_view(&e->body), e->sig, n, &r))
        die(urna_kind_name(e->kind), r.reason[0] ? r.reason : "refused");
}

static void say_body(struct te *t, struct urna_follow *f, const struct urna_body *b, const int *signer, uint32_t n)
{
    const struct urna_context *P = urna_judge_context(urna_follow_judge(f));
    struct urna_buf body = {0};
    urna_body_write(&body, b, P ? P->lp : 0, P ? P->lq : 0);
    struct te_entry *e = add(t, b->kind, urna_buf_view(&body));
    for (e->n_signers = 0; e->n_signers < n; e->n_signers++)
        e->signer[e->n_signers] = signer[e->n_signers];
    urna_buf_free(&body);
    say(t, f, e);
}

static void say_anchor(struct te *t, struct urna_follow *f, uint64_t time)
{
    struct te_entry *e = add(t, URNA_ANCHOR, urna_view(NULL, 0));
    e->anchor_time = time;
    say(t, f, e);
}

/* --- setup ------------------------------------------------------------------------------------------------- */

static struct urna_titles title(struct te *t, const char *text)
{
    struct urna_titles v = {URNA_NEW(&t->arena, struct urna_title, 1), 1};
    v.v[0] = (struct urna_title){"en", text};
    return v;
}

static struct urna_role *roles(struct te *t, const int *key, uint32_t n, const char *const *bloc)
{
    struct urna_role *r = URNA_NEW(&t->arena, struct urna_role, n);
    for (uint32_t i = 0; i < n; i++) {
        r[i] = (struct urna_role){.id = t->key[key[i]].id, .bloc = bloc[i]};
        memcpy(r[i].key, t->key[key[i]].pk, 32);
    }
    return r;
}

static struct urna_contest_option *options(struct te *t, const char *const *id, uint32_t n)
{
    struct urna_contest_option *o = URNA_NEW(&t->arena, struct urna_contest_option, n);
    for (uint32_t i = 0; i < n; i++)
        o[i] = (struct urna_contest_option){id[i], title(t, id[i])};
    return o;
}

static void make_manifest(struct te *t, struct urna_manifest *m, const char *group)
{
    static const char *const blocs[] = {"state", "opposition", "state"}, *const guards[] = {"state", "party", "civil"};
    static const char *const lists[] = {"a", "b", "c"}, *const answers[] = {"x", "y"};
    *m = (struct urna_manifest){.test = 1, .title = title(t, "TEST tamper"), .zone = "UTC", .group = group, .n = 3, .k = 2,
                                .origin = "urna.example/tamper", .credentials = URNA_VOTER_MADE, .revote = 1, .m_min = 3, .m_root = 3, .m_roll = 1,
                                .t_open = 1000000, .t_close = 1010000, .delta = 600, .t_seal = 1011000, .ballot_max = 20, .challenge_max = 1000,
                                .block = 100};
    urna_random(m->election, 16);
    memcpy(m->log_key, t->key[t->log].pk, 32);
    m->commission = roles(t, t->commission, m->n_commission = 3, blocs);
    m->guardians = roles(t, t->guardian, m->n_guardians = 3, guards);
    m->registrars = roles(t, &t->registrar, m->n_registrars = 1, blocs);
    m->observers = roles(t, &t->observer, m->n_observers = 1, blocs);
    m->witnesses = URNA_NEW(&t->arena, struct urna_witness_role, m->n_witnesses = TE_WITNESSES);
    for (int i = 0; i < TE_WITNESSES; i++) {
        struct urna_witness_role *w = &m->witnesses[i];
        *w = (struct urna_witness_role){.id = witness_id[i], .bloc = witness_bloc[i]};
        char name[40];
        snprintf(name, sizeof name, "%s.example/head", witness_id[i]);
        w->head.name = urna_arena_strndup(&t->arena, name, strlen(name));
        snprintf(name, sizeof name, "%s.example/full", witness_id[i]);
        w->full.name = urna_arena_strndup(&t->arena, name, strlen(name));
        memcpy(w->head.key, t->key[t->head[i]].pk, 32);
        memcpy(w->full.key, t->key[t->full[i]].pk, 32);
    }
    m->devices = URNA_NEW(&t->arena, struct urna_device, m->n_devices = 1);
    m->devices[0] = (struct urna_device){"web", title(t, "Web")};
    m->contests = URNA_NEW(&t->arena, struct urna_contest, m->n_contests = 2);
    m->contests[0] = (struct urna_contest){.id = "lists", .title = title(t, "Lists"), .limit = 1, .option_limit = 1, .options = options(t, lists, 3), .n_options = 3};
    m->contests[1] = (struct urna_contest){.id = "points", .title = title(t, "Points"), .limit = 3, .option_limit = 2, .options = options(t, answers, 2), .n_options = 2};
    m->styles = URNA_NEW(&t->arena, struct urna_style, m->n_styles = 2);
    m->styles[0] = (struct urna_style){"all", URNA_NEW(&t->arena, uint32_t, 2), 2};
    m->styles[0].contests[0] = 1;
    m->styles[0].contests[1] = 2;
    m->styles[1] = (struct urna_style){"short", URNA_NEW(&t->arena, uint32_t, 1), 1};
    m->styles[1].contests[0] = 1;
    m->cells = URNA_NEW(&t->arena, struct urna_cell, m->n_cells = 3);
    m->cells[0] = (struct urna_cell){"land", 0, title(t, "Land")};
    m->cells[1] = (struct urna_cell){"north", 1, title(t, "North")};
    m->cells[2] = (struct urna_cell){"south", 1, title(t, "South")};
    m->seats = URNA_NEW(&t->arena, struct urna_seats_decl, m->n_seats = 1);
    m->seats[0] = (struct urna_seats_decl){.contest = 1, .n = 5, .method = URNA_HARE, .base = 1, .num = 0, .den = 1, .ties = 0};
    m->has_seats = true;
}

static void ceremony(struct te *t, struct urna_follow *f, struct urna_guardian **g, const char *folder)
{
    struct urna_judge *J = urna_follow_judge(f);
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf body = {0};
    for (int i = 0; i < 3; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s/g%d", folder, i);
        if (urna_guardian_create(&g[i], path, urna_view("test", 4), &urna_seal_cost_least, &urna_judge_context(J)->m, t->phi, t->key[t->guardian[i]].id, &err) != URNA_OK)
            die("guardian", err.msg);
    }
    for (bool talked = true; talked;) {
        talked = false;
        for (int i = 0; i < 3; i++) {
            struct urna_ceremony_view v;
            enum urna_kind kind;
            urna_judge_ceremony(J, &v);
            struct urna_ceremony c = {v.attempt, v.commit, v.keys, v.shares, v.confirm};
            urna_buf_reset(&body);
            if (urna_ceremony_next(g[i], &c, &kind, &body, NULL, &err) != URNA_OK)
                die("ceremony", err.msg);
            if (kind == URNA_KIND_UNKNOWN)
                continue;
            struct te_entry *e = add(t, kind, urna_buf_view(&body));
            e->signer[e->n_signers++] = t->guardian[i];
            say(t, f, e);
            talked = true;
        }
    }
    urna_buf_free(&body);
}

static int by_hash(const void *a, const void *b)
{
    return memcmp(a, b, 32);
}

static void roll(struct te *t, struct urna_follow *f)
{
    struct urna_arena a = {0};
    uint8_t e[2][32];
    struct urna_merkle tree = {0};
    struct urna_buf leaf = {0};
    /* Voters are sorted by key; 0-2 live in the north, 3-6 in the south; voter 1 has the short style. */
    for (int cell = 0; cell < 2; cell++) {
        struct urna_body b = {.kind = URNA_ROLL};
        b.roll.rows = URNA_NEW(&a, struct urna_roll_row, TE_VOTERS);
        for (int i = cell ? 3 : 0; i < (cell ? TE_VOTERS : 3); i++)
            b.roll.rows[b.roll.n_rows++] = (struct urna_roll_row){.keys = &t->voter_pk[i], .n_keys = 1, .style = i == 1 ? "short" : "all", .weight = 1,
                                                                  .leaf = cell ? "south" : "north", .reg = i == 4 ? t->phi : NULL};
        say_body(t, f, &b, &t->registrar, 1);
        urna_sha256(e[cell], t->entry[t->n - 1].body.p, t->entry[t->n - 1].body.len);
        for (uint32_t i = 0; i < b.roll.n_rows; i++) {
            uint8_t h[32];
            urna_buf_reset(&leaf);
            urna_roll_leaf(&leaf, &b.roll.rows[i], strcmp(b.roll.rows[i].style, "short") == 0 ? 2 : 1, (uint32_t)cell + 1);
            urna_merkle_leaf(h, leaf.p, leaf.len);
            urna_merkle_add(&tree, h);
        }
    }
    struct urna_cell_count cells[] = {{"north", 3}, {"south", TE_VOTERS - 3}};
    qsort(e, 2, 32, by_hash);
    struct urna_body b = {.kind = URNA_ROLL_CLOSE, .roll_close = {.rolls = e, .n_rolls = 2, .count = TE_VOTERS, .cells = cells, .n_cells = 2}};
    urna_merkle_root(&tree, b.roll_close.root);
    say_body(t, f, &b, t->commission, 2);
    urna_buf_free(&leaf);
    urna_arena_free(&a);
}

static void open_voting(struct te *t, struct urna_follow *f, struct urna_guardian **g)
{
    struct urna_judge *J = urna_follow_judge(f);
    struct urna_ceremony_view v;
    struct urna_error err = URNA_ERROR_INIT;
    uint8_t k[URNA_LP_MAX], kh[URNA_LP_MAX];
    const struct urna_context *P = urna_judge_context(J);
    urna_judge_ceremony(J, &v);
    urna_element_encode(P->G, k, v.K);
    urna_element_encode(P->G, kh, v.Kh);
    struct urna_body b = {.kind = URNA_OPEN, .open = {.attempt = v.attempt, .count = TE_VOTERS, .k = k, .kh = kh}};
    memcpy(b.open.root, urna_judge_roll_root(J), 32);
    memcpy(b.open.hg, v.h_g, 32);
    memcpy(b.open.he, v.h_e, 32);
    say_body(t, f, &b, t->commission, 2);
    for (int i = 0; i < 3; i++)
        if (urna_ceremony_opened(g[i], &b.open, &err) != URNA_OK)
            die("open", err.msg);
}

/* --- voting, count ------------------------------------------------------------------------------------------ */

static void vote(struct te *t, struct urna_follow *f, int voter, uint32_t serial, uint32_t list, uint32_t x, uint32_t y, bool open)
{
    const struct urna_context *P = urna_judge_context(urna_follow_judge(f));
    struct urna_arena a = {0};
    struct urna_booth booth = {.G = P->G, .g = P->g, .K = P->fixed_K, .m = &P->m};
    memcpy(booth.phi, P->phi, 32);
    memcpy(booth.h_e, P->h_e, 32);
    uint32_t lists[3] = {0}, points[2] = {x, y};
    const uint32_t *const values[] = {lists, points};
    lists[list] = 1;
    struct urna_choice c = {.style = voter == 1 ? "short" : "all", .device = "web", .keys = t->voter_pk[voter], .n_keys = 1, .serial = serial,
                            .after = serial > 1 ? t->phi : NULL, .values = values};
    struct urna_body b = {.kind = URNA_BALLOT};
    struct urna_openings *o;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf body = {0};
    if (urna_ballot_encrypt(&b.ballot, &o, &booth, &c, &a, &err) != URNA_OK)
        die("ballot", err.msg);
    struct urna_body ch = {.kind = URNA_CHALLENGE};
    if (open && urna_encrypted_open(&ch.challenge, o, &booth, &b.ballot, &a, &err) != URNA_OK)
        die("challenge", err.msg);
    urna_body_write(&body, open ? &ch : &b, P->lp, P->lq);
    struct te_entry *e = add(t, open ? URNA_CHALLENGE : URNA_BALLOT, urna_buf_view(&body));
    e->voter = open ? -1 : voter;
    say(t, f, e);
    urna_openings_free(o);
    urna_buf_free(&body);
    urna_arena_free(&a);
}

static void free_texts(struct te *t, struct urna_follow *f)
{
    static const char *const lines[] = {"Opened on time.", "Two observers present."};
    uint8_t files[1][32];
    struct te_entry *e = add(t, URNA_ATTACHMENT, urna_view("photograph", 10));
    e->signer[e->n_signers++] = t->observer;
    say(t, f, e);
    urna_sha256(files[0], "photograph", 10);
    const char *text[] = {lines[0], lines[1]};
    struct urna_body b = {.kind = URNA_STATEMENT, .free_text = {.as = "o1", .text = text, .n_text = 2, .about = files[0], .files = files, .n_files = 1, .has_files = true}};
    say_body(t, f, &b, &t->observer, 1);
    struct urna_body v = {.kind = URNA_VERDICT, .verdict = {.as = "w1", .size = 5, .answer = 2, .software = "urna-0.1.0"}};
    say_body(t, f, &v, &t->full[0], 1);
    struct urna_body r = {.kind = URNA_REDACT, .redact = {.reason = 2}};
    memcpy(r.redact.hash, files[0], 32);
    say_body(t, f, &r, t->commission, 2);
}

static void decrypt(struct te *t, struct urna_follow *f, struct urna_guardian **g)
{
    struct urna_judge *J = urna_follow_judge(f);
    const struct urna_context *P = urna_judge_context(J);
    static const uint32_t present[] = {1, 3};
    size_t n;
    const struct urna_tally_group *grp = urna_judge_groups(J, &n);
    struct urna_sum_group *sums = URNA_NEW(&t->arena, struct urna_sum_group, n);
    uint64_t *bound = URNA_NEW(&t->arena, uint64_t, n);
    struct urna_error err = URNA_ERROR_INIT;
    for (size_t i = 0; i < n; i++) {
        sums[i] = (struct urna_sum_group){grp[i].contest, grp[i].n_fields, grp[i].A, grp[i].B};
        bound[i] = grp[i].n * P->m.contests[grp[i].contest - 1].option_limit;
    }
    struct urna_decrypt_session s = {.present = present, .n_present = 2, .attempt = 1, .block = 1, .groups = sums, .n_groups = (uint32_t)n};
    memcpy(s.countset, urna_judge_countset_hash(J), 32);
    memcpy(s.h_e, P->h_e, 32);
    struct urna_buf body = {0};
    struct urna_session_view v;
    for (int round = 0; round < 3; round++)
        for (int x = 0; x < 2; x++) {
            struct urna_guardian *me = g[present[x] - 1];
            enum urna_status st;
            enum urna_kind kind = round == 0 ? URNA_DECRYPT_COMMIT : round == 1 ? URNA_DECRYPT_REVEAL : URNA_DECRYPT_RESPOND;
            urna_buf_reset(&body);
            if (round > 0)
                urna_judge_session(J, 0, &v);
            st = round == 0 ? urna_decrypt_commit(me, &s, &body, &err) : round == 1 ? urna_decrypt_reveal(me, &s, v.commit, &body, &err) : urna_decrypt_respond(me, &s, v.reveal, &body, &err);
            if (st != URNA_OK)
                die("decrypt", err.msg);
            struct te_entry *e = add(t, kind, urna_buf_view(&body));
            e->signer[e->n_signers++] = t->guardian[present[x] - 1];
            say(t, f, e);
        }
    urna_judge_session(J, 0, &v);
    urna_element S[3];
    for (uint32_t i = 0; i < 3; i++)
        S[i] = *urna_judge_share_key(J, i + 1);
    struct urna_tally *tally = URNA_NEW(&t->arena, struct urna_tally, n);
    struct urna_dlog *dlog = urna_dlog_new(P->G, &P->K, 64, 64);
    struct urna_combine c = {.G = P->G, .K = P->fixed_K, .dlog = dlog, .S = S, .n = 3, .session = &s, .first_group = 1, .bound = bound, .reveal = v.reveal, .respond = v.respond};
    if (urna_combine_tallies(tally, &c, &t->arena, NULL, &err) != URNA_OK)
        die("combine", err.msg);
    urna_dlog_free(dlog);
    for (size_t i = 0; i < n; i++) {
        struct urna_body b = {.kind = URNA_TALLY, .tally = tally[i]};
        say_body(t, f, &b, NULL, 0);
    }
    urna_buf_free(&body);
}

static int by_key(const void *a, const void *b)
{
    return memcmp((const uint8_t *)a + 32, (const uint8_t *)b + 32, 32);
}

static void make_keys(struct te *t)
{
    static const char *const c[] = {"c1", "c2", "c3"}, *const g[] = {"g1", "g2", "g3"};
    for (int i = 0; i < 3; i++) {
        t->commission[i] = add_key(t, c[i]);
        t->guardian[i] = add_key(t, g[i]);
    }
    t->registrar = add_key(t, "r1");
    t->observer = add_key(t, "o1");
    t->log = add_key(t, "log");
    for (int i = 0; i < TE_WITNESSES; i++) {
        t->full[i] = add_key(t, witness_id[i]);
        t->head[i] = add_key(t, witness_id[i]);
    }
    uint8_t pair[TE_VOTERS][2][32];
    for (int i = 0; i < TE_VOTERS; i++)
        do {
            urna_random(pair[i][0], 32);
            pair[i][0][31] &= 0x0f;
        } while (!urna_credential_public(pair[i][1], pair[i][0]));
    qsort(pair, TE_VOTERS, 64, by_key);
    for (int i = 0; i < TE_VOTERS; i++) {
        memcpy(t->voter_sk[i], pair[i][0], 32);
        memcpy(t->voter_pk[i], pair[i][1], 32);
    }
}

struct te *te_hold(const char *group)
{
    struct te *t = urna_xcalloc(1, sizeof *t);
    struct urna_follow *f = urna_follow_new(NULL, 1, NULL, NULL);
    struct urna_judge *J = urna_follow_judge(f);
    struct urna_guardian *g[3];
    struct urna_body b = {.kind = URNA_MANIFEST};
    struct urna_ruling r;
    char folder[] = "/tmp/urna-tamper-XXXXXX";
    if (!mkdtemp(folder))
        die("folder", "cannot make a temporary one");
    make_keys(t);
    make_manifest(t, &b.manifest, group);
    struct urna_buf body = {0};
    urna_body_write(&body, &b, 0, 0);
    struct urna_context *P = urna_context_from_manifest(urna_buf_view(&body), &r);
    if (!P)
        die("manifest", r.reason);
    memcpy(t->phi, P->phi, 32);
    urna_context_free(P);
    urna_buf_free(&body);
    say_body(t, f, &b, t->commission, 3);
    for (int i = 0; i < TE_WITNESSES; i++) {
        struct urna_body a = {.kind = URNA_ACCEPT, .accept = {witness_id[i]}};
        say_body(t, f, &a, &t->full[i], 1);
    }
    ceremony(t, f, g, folder);
    roll(t, f);
    open_voting(t, f, g);
    free_texts(t, f);
    vote(t, f, 0, 1, 0, 1, 2, false);
    vote(t, f, 1, 1, 1, 0, 0, false);
    vote(t, f, 2, 1, 0, 0, 0, false);
    say_anchor(t, f, 1003000);
    vote(t, f, 0, 1, 2, 2, 0, true);
    vote(t, f, 3, 1, 2, 2, 1, false);
    vote(t, f, 4, 1, 1, 1, 1, false);
    vote(t, f, 5, 1, 1, 0, 2, false);
    vote(t, f, 0, 2, 2, 2, 0, false); /* again: this one counts */
    say_anchor(t, f, 1010300);
    vote(t, f, 6, 1, 0, 1, 0, false); /* late */
    say_anchor(t, f, 1011010);
    const struct urna_buf *cs = urna_judge_countset_body(J);
    if (!cs)
        die("seal", "not sealed");
    say(t, f, add(t, URNA_COUNTSET, urna_buf_view(cs)));
    say_anchor(t, f, 1012000);
    decrypt(t, f, g);
    const struct urna_buf *res = urna_judge_result_body(J);
    if (!res)
        die("result", "not known");
    say(t, f, add(t, URNA_RESULT, urna_buf_view(res)));
    say_anchor(t, f, 1013000);
    for (int i = 0; i < 3; i++) {
        char path[300];
        urna_guardian_close(g[i]);
        snprintf(path, sizeof path, "%s/g%d", folder, i);
        remove(path);
    }
    remove(folder);
    urna_follow_free(f);
    return t;
}

void te_free(struct te *t)
{
    for (size_t i = 0; i < t->n; i++)
        urna_buf_free(&t->entry[i].body);
    free(t->entry);
    urna_arena_free(&t->arena);
    urna_wipe(t, sizeof *t);
    free(t);
}

/* --- playing it again ------------------------------------------------------------------------------------------ */

static void play(const struct te *t, struct urna_follow *f, size_t i, const struct te_change *c, const uint8_t phi[32], uint64_t *index)
{
    const struct te_entry *e = &t->entry[i];
    bool mine = c->at == i && (c->how == TE_DAMAGED || c->how == TE_SIGNED_AGAIN);
    bool new_phi = memcmp(phi, t->phi, 32) != 0;
    struct urna_view body = mine ? c->body : urna_buf_view(&e->body);
    struct urna_buf anchor = {0};
    struct urna_sig sig[TE_SIGNERS_MAX];
    struct urna_ruling r;
    if (e->anchor_time && !mine) {
        make_anchor(t, e, urna_follow_tree(f), &anchor);
        body = urna_buf_view(&anchor);
    }
    uint32_t n = e->voter >= 0 ? 1 : e->n_signers;
    if ((mine && c->how == TE_SIGNED_AGAIN) || new_phi)
        n = sign(t, e, body, phi, sig);
    else
        memcpy(sig, e->sig, sizeof sig);
    (void)put(f, e, body, sig, n, &r);
    if (index)
        index[i] = urna_tree_size(urna_follow_tree(f)) - 1;
    urna_buf_free(&anchor);
}

struct urna_follow *te_play(const struct te *t, const struct te_change *c, uint64_t *index)
{
    struct urna_follow *f = urna_follow_new(NULL, 1, NULL, NULL);
    uint8_t phi[32];
    memcpy(phi, t->phi, 32);
    if (c->how == TE_SIGNED_AGAIN && c->at == 0) {
        struct urna_ruling r;
        struct urna_context *P = urna_context_from_manifest(c->body, &r);
        if (P)
            memcpy(phi, P->phi, 32);
        urna_context_free(P);
    }
    for (size_t i = 0; i < t->n; i++) {
        if (c->how == TE_LEFT_OUT && c->at == i)
            continue;
        if (c->how == TE_SWAPPED && c->at == i && i + 1 < t->n) {
            play(t, f, i + 1, c, phi, index);
            play(t, f, i, c, phi, index);
            i++;
            continue;
        }
        play(t, f, i, c, phi, index);
        if (c->how == TE_TWICE && c->at == i)
            play(t, f, i, c, phi, NULL);
    }
    urna_follow_end(f);
    return f;
}
