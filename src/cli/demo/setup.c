/* Before voting: keys, manifest, trust file, acceptances, ceremony, roll, opening. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/pool.h"
#include "base/secret.h"
#include "cli/demo/demo.h"
#include "model/roll.h"

static const char *const witness_id[DEMO_WITNESSES] = {"mission-1", "mission-2", "lists-1", "lists-2", "press-1", "press-2"};
static const char *const witness_bloc[DEMO_WITNESSES] = {"missions", "missions", "lists", "lists", "press", "press"};
static const char *const cell_id[DEMO_CELLS] = {"at-home", "poland", "lithuania", "germany", "georgia", "elsewhere"};
static const char *const cell_name[DEMO_CELLS] = {"Voters in Belarus", "Voters in Poland", "Voters in Lithuania", "Voters in Germany", "Voters in Georgia", "Voters elsewhere"};
/* How the made-up roll is spread over the stations, in percent. */
static const unsigned cell_share[DEMO_CELLS] = {22, 34, 18, 9, 6, 11};

enum urna_status demo_keys(struct demo *d)
{
    char name[80];
    enum urna_status st = urna_role_new(&d->log, "vote.example.org/council-2024", &d->err);
    for (int i = 0; st == URNA_OK && i < DEMO_COMMISSION; i++) {
        snprintf(name, sizeof name, "commission-%d", i + 1);
        st = urna_role_new(&d->commission[i], name, &d->err);
    }
    for (int i = 0; st == URNA_OK && i < DEMO_GUARDIANS; i++) {
        snprintf(name, sizeof name, "guardian-%d", i + 1);
        st = urna_role_new(&d->guardian[i], name, &d->err);
    }
    for (int i = 0; st == URNA_OK && i < DEMO_WITNESSES; i++) {
        snprintf(name, sizeof name, "%s.example.org/head", witness_id[i]);
        st = urna_role_new(&d->head[i], name, &d->err);
        snprintf(name, sizeof name, "%s.example.org/full", witness_id[i]);
        if (st == URNA_OK)
            st = urna_role_new(&d->full[i], name, &d->err);
    }
    if (st == URNA_OK)
        st = urna_role_new(&d->registrar, "registrar", &d->err);
    if (st == URNA_OK)
        st = urna_role_new(&d->observer, "observer-1", &d->err);
    return st;
}

/* --- manifest ---------------------------------------------------------------------------------------------- */

static struct urna_titles titles(struct demo *d, const char *en, const char *be)
{
    struct urna_titles t = {URNA_NEW(&d->arena, struct urna_title, 2), be ? 2 : 1};
    t.v[0] = (struct urna_title){"en", en};
    if (be)
        t.v[1] = (struct urna_title){"be", be};
    return t;
}

static struct urna_role role(const struct urna_role_key *k, const char *bloc)
{
    struct urna_role r = {.id = k->name, .bloc = bloc};
    memcpy(r.key, k->public, 32);
    return r;
}

static void fill_people(struct demo *d, struct urna_manifest *m)
{
    static const char *const commission_bloc[DEMO_COMMISSION] = {"council", "candidates", "council"};
    static const char *const guardian_bloc[DEMO_GUARDIANS] = {"council", "candidates", "civil", "press", "abroad"};
    m->commission = URNA_NEW(&d->arena, struct urna_role, DEMO_COMMISSION);
    for (m->n_commission = 0; m->n_commission < DEMO_COMMISSION; m->n_commission++)
        m->commission[m->n_commission] = role(&d->commission[m->n_commission], commission_bloc[m->n_commission]);
    m->guardians = URNA_NEW(&d->arena, struct urna_role, DEMO_GUARDIANS);
    for (m->n_guardians = 0; m->n_guardians < DEMO_GUARDIANS; m->n_guardians++)
        m->guardians[m->n_guardians] = role(&d->guardian[m->n_guardians], guardian_bloc[m->n_guardians]);
    m->registrars = URNA_NEW(&d->arena, struct urna_role, 1);
    m->registrars[0] = role(&d->registrar, "council");
    m->n_registrars = 1;
    m->observers = URNA_NEW(&d->arena, struct urna_role, 1);
    m->observers[0] = role(&d->observer, "missions");
    m->n_observers = 1;
    m->witnesses = URNA_NEW(&d->arena, struct urna_witness_role, DEMO_WITNESSES);
    for (m->n_witnesses = 0; m->n_witnesses < DEMO_WITNESSES; m->n_witnesses++) {
        uint32_t i = m->n_witnesses;
        struct urna_witness_role *w = &m->witnesses[i];
        w->id = witness_id[i];
        w->bloc = witness_bloc[i];
        w->head.name = d->head[i].name;
        memcpy(w->head.key, d->head[i].public, 32);
        w->full.name = d->full[i].name;
        memcpy(w->full.key, d->full[i].public, 32);
    }
}

static void fill_ballot(struct demo *d, struct urna_manifest *m)
{
    m->devices = URNA_NEW(&d->arena, struct urna_device, 1);
    m->devices[0] = (struct urna_device){"web", titles(d, "Voting page", NULL)};
    m->n_devices = 1;
    struct urna_contest *c = m->contests = URNA_NEW(&d->arena, struct urna_contest, 1);
    m->n_contests = 1;
    *c = (struct urna_contest){.id = "council", .title = titles(d, "List", NULL), .limit = 1, .option_limit = 1, .n_options = DEMO_LISTS};
    c->options = URNA_NEW(&d->arena, struct urna_contest_option, DEMO_LISTS);
    for (uint32_t i = 0; i < DEMO_LISTS; i++)
        c->options[i] = (struct urna_contest_option){demo_council[i].id, titles(d, demo_council[i].name, NULL)};
    m->styles = URNA_NEW(&d->arena, struct urna_style, 1);
    m->styles[0] = (struct urna_style){"all", URNA_NEW(&d->arena, uint32_t, 1), 1};
    m->styles[0].contests[0] = 1;
    m->n_styles = 1;
    m->cells = URNA_NEW(&d->arena, struct urna_cell, DEMO_CELLS + 1);
    m->cells[0] = (struct urna_cell){"everywhere", 0, titles(d, "All voters", NULL)};
    for (uint32_t i = 0; i < DEMO_CELLS; i++)
        m->cells[i + 1] = (struct urna_cell){cell_id[i], 1, titles(d, cell_name[i], NULL)};
    m->n_cells = DEMO_CELLS + 1;
    m->seats = URNA_NEW(&d->arena, struct urna_seats_decl, 1);
    /* Base: all votes. That is the reading that gives the corrected seats of 28 May 2024. */
    m->seats[0] = (struct urna_seats_decl){.contest = 1, .n = DEMO_SEATS, .method = URNA_HARE, .base = 1, .num = 3, .den = 100, .ties = 0};
    m->n_seats = 1;
    m->has_seats = true;
}

static enum urna_status write_trust(struct demo *d)
{
    struct urna_buf t = {0};
    struct urna_vkey k;
    char hex[65];
    urna_hex(hex, d->phi, 32);
    urna_buf_str(&t, "urna-trust-1\n# TEST: keys of the demo election\n");
    urna_buf_printf(&t, "election %s\nlog ", hex);
    urna_vkey_make(&k, d->log.name, URNA_KEY_ED25519, d->log.public);
    urna_vkey_write(&t, &k);
    for (int i = 0; i < DEMO_WITNESSES; i++) {
        urna_buf_printf(&t, "\nwitness %s ", witness_id[i]);
        urna_vkey_make(&k, d->full[i].name, URNA_KEY_COSIGNATURE, d->full[i].public);
        urna_vkey_write(&t, &k);
    }
    urna_buf_str(&t, "\n# both missions, both list observers, and at least one of the press\n"
                     "group missions all mission-1 mission-2\n"
                     "group lists all lists-1 lists-2\n"
                     "group press any press-1 press-2\n"
                     "group blocs all missions lists press\n"
                     "quorum blocs\n"
                     "level final\n");
    enum urna_status st = urna_file_write(d->trust_path, t.p, t.len, 0644, &d->err);
    urna_buf_free(&t);
    return st;
}

enum urna_status demo_manifest(struct demo *d)
{
    struct urna_body b = {.kind = URNA_MANIFEST};
    struct urna_manifest *m = &b.manifest;
    urna_random(m->election, sizeof m->election);
    m->test = 1;
    m->title = titles(d, "Coordination Council of Belarus", "Каардынацыйная рада Беларусі");
    m->zone = "Europe/Minsk";
    m->group = "ristretto255";
    m->n = DEMO_GUARDIANS;
    m->k = DEMO_QUORUM;
    m->origin = d->log.name;
    memcpy(m->log_key, d->log.public, 32);
    m->credentials = URNA_VOTER_MADE;
    m->revote = 1;
    m->m_min = 50;
    m->m_root = 5;
    m->m_roll = 20;
    m->t_open = d->t_open;
    m->t_close = d->t_close;
    m->delta = d->delta;
    m->t_seal = d->t_seal;
    m->ballot_max = 20;
    m->challenge_max = 1000;
    m->block = 100;
    fill_people(d, m);
    fill_ballot(d, m);

    struct urna_buf body = {0};
    struct urna_ruling r;
    urna_body_write(&body, &b, 0, 0);
    struct urna_context *P = urna_context_from_manifest(urna_buf_view(&body), &r);
    enum urna_status st = URNA_OK;
    if (!P)
        st = urna_fail(&d->err, URNA_FALSE, "manifest: %s", r.reason);
    else
        memcpy(d->phi, P->phi, 32);
    urna_context_free(P);
    if (st == URNA_OK)
        st = write_trust(d);
    if (st == URNA_OK)
        st = urna_append_open(&d->log_file, d->record, d->log.name, d->log.public, 0, &d->err);
    const struct urna_role_key *signers[DEMO_COMMISSION] = {&d->commission[0], &d->commission[1], &d->commission[2]};
    if (st == URNA_OK)
        st = demo_say(d, URNA_MANIFEST, urna_buf_view(&body), signers, DEMO_COMMISSION);
    urna_buf_free(&body);
    return st;
}

enum urna_status demo_accept(struct demo *d)
{
    enum urna_status st = URNA_OK;
    for (int i = 0; st == URNA_OK && i < DEMO_WITNESSES; i++) {
        struct urna_role_key as = d->full[i];
        snprintf(as.name, sizeof as.name, "%s", witness_id[i]); /* in entries a witness signs as its id */
        const struct urna_role_key *r[] = {&as};
        struct urna_body b = {.kind = URNA_ACCEPT, .accept = {witness_id[i]}};
        st = demo_say_body(d, &b, r, 1);
        urna_role_wipe(&as);
    }
    return st;
}

/* --- ceremony ------------------------------------------------------------------------------------------------ */

static enum urna_status open_states(struct demo *d, const struct urna_context *P)
{
    enum urna_status st = URNA_OK;
    for (int i = 0; st == URNA_OK && i < DEMO_GUARDIANS; i++) {
        char name[40];
        uint8_t pass[32]; /* nobody needs it again: the state stays open for the whole demo */
        snprintf(name, sizeof name, "guardian-%d.sealed", i + 1);
        char *path = urna_path(d->secrets, name);
        urna_random(pass, sizeof pass);
        st = urna_guardian_create(&d->state[i], path, urna_view(pass, sizeof pass), &urna_seal_cost_least, &P->m, d->phi, d->guardian[i].name, &d->err);
        urna_wipe(pass, sizeof pass);
        free(path);
    }
    return st;
}

/* Guardians take turns until all has been said: commit, keys, shares, confirm. */
enum urna_status demo_ceremony(struct demo *d)
{
    struct urna_judge *J = urna_append_judge(d->log_file);
    enum urna_status st = open_states(d, urna_judge_context(J));
    struct urna_buf body = {0};
    for (bool talked = true; st == URNA_OK && talked;) {
        talked = false;
        for (int i = 0; st == URNA_OK && i < DEMO_GUARDIANS; i++) {
            struct urna_ceremony_view v;
            enum urna_kind kind;
            urna_judge_ceremony(J, &v);
            struct urna_ceremony c = {v.attempt, v.commit, v.keys, v.shares, v.confirm};
            urna_buf_reset(&body);
            st = urna_ceremony_next(d->state[i], &c, &kind, &body, NULL, &d->err);
            if (st != URNA_OK || kind == URNA_KIND_UNKNOWN)
                continue;
            const struct urna_role_key *r[] = {&d->guardian[i]};
            st = demo_say(d, kind, urna_buf_view(&body), r, 1);
            talked = true;
        }
    }
    urna_buf_free(&body);
    return st;
}

/* --- roll ----------------------------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
    return memcmp(((const struct urna_voter *)a)->pk[0], ((const struct urna_voter *)b)->pk[0], 32);
}

static int by_hash(const void *a, const void *b)
{
    return memcmp(a, b, 32);
}

static void make_voter(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    struct demo *d = ctx;
    urna_voter_new(&d->voter[i], d->phi, 1);
}

/* Every voter's own device made its key; the registrar logs them in one go, sorted, one body a station. */
enum urna_status demo_roll(struct demo *d)
{
    enum urna_status st = URNA_OK;
    struct urna_judge *J = urna_append_judge(d->log_file);
    const struct urna_context *P = urna_judge_context(J);
    struct urna_arena a = {0};
    urna_parallel(0, DEMO_VOTERS, make_voter, d);
    qsort(d->voter, DEMO_VOTERS, sizeof *d->voter, by_key);
    for (uint32_t i = 0; i < DEMO_VOTERS; i++) {
        uint32_t x = urna_random_below(100), c = 0;
        while (c + 1 < DEMO_CELLS && x >= cell_share[c])
            x -= cell_share[c++];
        d->cell[i] = c;
    }
    uint8_t e[DEMO_CELLS][32];
    struct urna_buf body = {0};
    const struct urna_role_key *registrar[] = {&d->registrar};
    for (uint32_t c = 0; st == URNA_OK && c < DEMO_CELLS; c++) {
        struct urna_body b = {.kind = URNA_ROLL};
        b.roll.rows = URNA_NEW(&a, struct urna_roll_row, DEMO_VOTERS);
        for (uint32_t i = 0; i < DEMO_VOTERS; i++)
            if (d->cell[i] == c)
                b.roll.rows[b.roll.n_rows++] = (struct urna_roll_row){.keys = d->voter[i].pk, .n_keys = 1, .style = "all", .weight = 1, .leaf = cell_id[c]};
        urna_buf_reset(&body);
        urna_body_write(&body, &b, P->lp, P->lq);
        urna_sha256(e[c], body.p, body.len);
        st = demo_say(d, URNA_ROLL, urna_buf_view(&body), registrar, 1);
    }
    /* What the commission states is what anybody computes from the rows. */
    struct urna_body b = {.kind = URNA_ROLL_CLOSE};
    struct urna_merkle tree = {0};
    uint64_t n[DEMO_CELLS] = {0};
    for (uint32_t i = 0; i < DEMO_VOTERS; i++) {
        uint8_t hash[32];
        struct urna_roll_row row = {.keys = d->voter[i].pk, .n_keys = 1, .weight = 1};
        urna_buf_reset(&body);
        urna_roll_leaf(&body, &row, 1, d->cell[i] + 1);
        urna_merkle_leaf(hash, body.p, body.len);
        urna_merkle_add(&tree, hash);
        n[d->cell[i]]++;
    }
    urna_merkle_root(&tree, b.roll_close.root);
    b.roll_close.count = DEMO_VOTERS;
    qsort(e, DEMO_CELLS, 32, by_hash);
    b.roll_close.rolls = e;
    b.roll_close.n_rolls = DEMO_CELLS;
    b.roll_close.cells = URNA_NEW(&a, struct urna_cell_count, DEMO_CELLS);
    for (b.roll_close.n_cells = 0; b.roll_close.n_cells < DEMO_CELLS; b.roll_close.n_cells++)
        b.roll_close.cells[b.roll_close.n_cells] = (struct urna_cell_count){cell_id[b.roll_close.n_cells], n[b.roll_close.n_cells]};
    const struct urna_role_key *two[] = {&d->commission[0], &d->commission[1]};
    if (st == URNA_OK)
        st = demo_say_body(d, &b, two, 2);
    urna_buf_free(&body);
    urna_arena_free(&a);
    return st;
}

enum urna_status demo_open(struct demo *d)
{
    struct urna_judge *J = urna_append_judge(d->log_file);
    const struct urna_context *P = urna_judge_context(J);
    struct urna_ceremony_view v;
    size_t n;
    uint8_t k[URNA_LP_MAX], kh[URNA_LP_MAX];
    urna_judge_ceremony(J, &v);
    urna_judge_rows(J, &n);
    urna_element_encode(P->G, k, v.K);
    urna_element_encode(P->G, kh, v.Kh);
    struct urna_body b = {.kind = URNA_OPEN, .open = {.attempt = v.attempt, .count = n, .k = k, .kh = kh}};
    memcpy(b.open.root, urna_judge_roll_root(J), 32);
    memcpy(b.open.hg, v.h_g, 32);
    memcpy(b.open.he, v.h_e, 32);
    const struct urna_role_key *two[] = {&d->commission[1], &d->commission[2]};
    enum urna_status st = demo_say_body(d, &b, two, 2);
    for (int i = 0; st == URNA_OK && i < DEMO_GUARDIANS; i++)
        st = urna_ceremony_opened(d->state[i], &b.open, &d->err);
    return st == URNA_OK ? demo_commit(d) : st;
}
