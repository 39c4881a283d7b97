#include "election.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "log/note.h"
#include "model/roll.h"
#include "proof/credential.h"
#include "proof/ed25519.h"
#include "proof/prove.h"
#include "protocol/combine.h"

enum { T_CLOSE = 1010000, DELTA = 600, T_SEAL = 1011000 };

static const char *const cell_name[VE_CELLS] = {"land", "c1", "c2", "c3", "c4", "c5", "c6", "c7"};
static const char *const style_name[VE_STYLES] = {"s0", "s1", "s2"};
static const char *const contest_name[VE_CONTESTS] = {"x0", "x1", "x2"};
static const char *const option_name[VE_OPTIONS] = {"o0", "o1", "o2", "o3"};
static const char *const bloc_name[] = {"state", "party", "civil"};
static const char *const witness_id[VE_WITNESSES] = {"w0", "w1", "w2", "w3", "w4"};

static void remove_folder(const struct ve *t)
{
    for (uint32_t i = 0; i < t->s.n; i++) {
        char path[100];
        snprintf(path, sizeof path, "%s/g%u", t->folder, i);
        (void)unlink(path);
        snprintf(path, sizeof path, "%s/g%u.lock", t->folder, i);
        (void)unlink(path);
    }
    (void)rmdir(t->folder);
}

static void die(const struct ve *t, const char *what, const char *why)
{
    fprintf(stderr, "test election, group %s, seed %llu: %s: %s\n", t->s.group,
            (unsigned long long)t->s.seed, what, why);
    remove_folder(t);
    abort();
}

static uint32_t draw(uint64_t *rng, uint32_t below)
{
    *rng += 0x9E3779B97F4A7C15ULL; /* splitmix64 */
    uint64_t z = *rng;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    z ^= z >> 31;
    return (uint32_t)(z >> 33) % below;
}

uint32_t ve_random(struct ve *t, uint32_t below)
{
    return draw(&t->rng, below);
}

/* --- shapes -------------------------------------------------------------- */

void ve_small_shape(struct ve_shape *s, const char *group, uint64_t seed)
{
    *s = (struct ve_shape){.group = group,
                           .seed = seed,
                           .n = 3,
                           .k = 2,
                           .witnesses = 3,
                           .witness_bloc = {0, 1, 2},
                           .commission = 3,
                           .contests = 2,
                           .options = {3, 2},
                           .limit = {1, 3},
                           .option_limit = {1, 2},
                           .styles = 1,
                           .style_has = {3},
                           .cells = 3,
                           .up = {0, 1, 1},
                           .voters = 8,
                           .weights = 1,
                           .weight = {1},
                           .revote = true,
                           .m_min = 3,
                           .m_root = 3,
                           .block = 100};
}

void ve_random_shape(struct ve_shape *s, const char *group, uint64_t seed)
{
    uint64_t r = seed;
    bool slow = strcmp(group, "eg4096") == 0;
    *s = (struct ve_shape){
        .group = group, .seed = seed, .m_root = 3, .m_min = 3, .all_may_be_small = true};
    s->n = 1 + draw(&r, slow ? 2 : 4);
    s->k = 1 + draw(&r, s->n);
    s->witnesses = draw(&r, VE_WITNESSES + 1);
    for (uint32_t i = 0; i < s->witnesses; i++)
        s->witness_bloc[i] = draw(&r, 3);
    s->commission = draw(&r, 2) ? 3 : 1;
    s->contests = 1 + draw(&r, slow ? 1 : VE_CONTESTS);
    for (uint32_t c = 0; c < s->contests; c++) {
        s->options[c] = 1 + draw(&r, slow ? 2 : VE_OPTIONS);
        s->option_limit[c] = 1 + draw(&r, 3);
        s->limit[c] = s->option_limit[c] + draw(&r, s->option_limit[c] * (s->options[c] - 1) + 1);
    }
    s->styles = 1 + draw(&r, VE_STYLES);
    for (uint32_t i = 0; i < s->styles; i++)
        s->style_has[i] = 1 + draw(&r, (1u << s->contests) - 1);
    s->cells = 1 + draw(&r, VE_CELLS);
    for (uint32_t i = 1; i < s->cells; i++) { /* the cell before, or one of its ancestors */
        uint32_t up = i;
        for (uint32_t climb = draw(&r, 4); climb > 0 && s->up[up - 1] > 0; climb--)
            up = s->up[up - 1];
        s->up[i] = up;
    }
    s->voters = slow ? 4 + draw(&r, 3) : 3 + draw(&r, 20);
    s->weights = 1 + draw(&r, 3);
    s->weight[0] = 1;
    s->weight[1] = 2 + draw(&r, 5);
    s->weight[2] = 1000 + draw(&r, 1u << 19);
    s->two_keys = draw(&r, 3) == 0;
    s->revote = draw(&r, 3) != 0;
    s->seats = draw(&r, 2);
    s->m_min = 3 + draw(&r, 4);
    s->block = 1 + draw(&r, 5);
}

/* --- saying things ------------------------------------------------------- */

static uint32_t add_key(struct ve *t, const char *id, uint32_t number)
{
    struct ve_key *k = &t->key[t->n_keys];
    snprintf(k->id, sizeof k->id, "%s%u", id, number);
    urna_random(k->seed, 32);
    urna_ed25519_public(k->pk, k->seed);
    return t->n_keys++;
}

uint32_t ve_sign(const struct ve *t, enum urna_kind kind, struct urna_view body, int voter,
                 const uint32_t *signer, uint32_t n_signers, const uint8_t phi[32],
                 struct urna_sig *out)
{
    static const uint8_t zero[32];
    static const char *const voter_id[] = {"voter.1", "voter.2"};
    struct urna_buf msg = {0};
    uint8_t hash[32];
    urna_sha256(hash, body.p, body.len);
    uint32_t n = voter >= 0 ? (t->s.two_keys ? 2 : 1) : n_signers;
    for (uint32_t i = 0; i < n; i++) {
        out[i].by = voter >= 0 ? voter_id[i] : t->key[signer[i]].id;
        urna_buf_reset(&msg);
        urna_signed_message(&msg, kind == URNA_MANIFEST ? zero : phi, urna_kind_name(kind),
                            out[i].by, body.len, hash);
        if (voter < 0)
            urna_ed25519_sign(out[i].sig, t->key[signer[i]].seed, msg.p, msg.len);
        else if (!urna_credential_sign(out[i].sig, t->voter[voter].sk[i], msg.p, msg.len))
            die(t, "voter", "cannot sign");
    }
    urna_buf_free(&msg);
    return n;
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

bool ve_put(struct urna_follow *f, enum urna_kind kind, struct urna_view body,
            const struct urna_sig *sig, uint32_t n, struct urna_ruling *r)
{
    struct leaf_sink s = {.f = f, .out = urna_kind_out_of_line(kind) ? body : urna_view(NULL, 0)};
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_entry_leaves(kind, sig, n, body, take, &s, &err) != URNA_OK) {
        urna_rule(r, "E12", "%.150s", err.msg);
        return false;
    }
    *r = s.r;
    return s.done && s.accepted;
}

bool ve_try(struct ve *t, enum urna_kind kind, struct urna_view body, int voter,
            const uint32_t *signer, uint32_t n_signers, struct urna_ruling *r)
{
    struct urna_sig sig[VE_SIGNERS];
    uint32_t n = ve_sign(t, kind, body, voter, signer, n_signers, t->phi, sig);
    return ve_put(t->f, kind, body, sig, n, r);
}

bool ve_try_body(struct ve *t, const struct urna_body *b, int voter, const uint32_t *signer,
                 uint32_t n_signers, struct urna_ruling *r)
{
    struct urna_buf body = {0};
    urna_body_write(&body, b, t->P->lp, t->P->lq);
    bool ok = ve_try(t, b->kind, urna_buf_view(&body), voter, signer, n_signers, r);
    urna_buf_free(&body);
    return ok;
}

static void make_anchor(const struct ve *t, const struct ve_entry *e, const struct urna_tree *tree,
                        struct urna_buf *body)
{
    struct urna_anchor_sig sig[2 * VE_WITNESSES];
    struct urna_body b = {.kind = URNA_ANCHOR,
                          .anchor = {.size = urna_tree_size(tree), .cosigs = sig}};
    struct urna_buf text = {0};
    if (!urna_tree_root(tree, b.anchor.size, b.anchor.root))
        die(t, "anchor", "no root");
    urna_checkpoint_text(&text, t->m.origin, b.anchor.size, b.anchor.root);
    for (uint32_t w = 0; w < t->s.witnesses; w++) {
        if (!(e->anchor_by >> w & 1))
            continue;
        uint32_t only = e->anchor_head >> w & 1;
        bool both = t->s.rich && w + 1 == t->s.witnesses;
        for (uint32_t head = both ? 0 : only; head <= (both ? 1 : only); head++) {
            struct urna_anchor_sig *s = &sig[b.anchor.n_cosigs++];
            *s = (struct urna_anchor_sig){
                .as = witness_id[w], .head = head, .time = e->anchor_time + w};
            urna_cosignature_sign(s->sig, t->key[head ? t->head[w] : t->full[w]].seed, s->time,
                                  urna_buf_view(&text));
        }
    }
    urna_buf_reset(body);
    urna_body_write(body, &b, 32, 32);
    urna_buf_free(&text);
}

void ve_body_of(const struct ve *t, struct urna_follow *f, size_t i, struct urna_buf *out)
{
    const struct ve_entry *e = &t->entry[i];
    urna_buf_reset(out);
    if (e->anchor_time)
        make_anchor(t, e, urna_follow_tree(f), out);
    else
        urna_buf_add(out, e->body.p, e->body.len);
}

bool ve_replay(const struct ve *t, struct urna_follow *f, size_t i, struct urna_ruling *r)
{
    const struct ve_entry *e = &t->entry[i];
    struct urna_buf body = {0};
    ve_body_of(t, f, i, &body);
    bool ok = ve_put(f, e->kind, urna_buf_view(&body), e->sig, e->n_sigs, r);
    urna_buf_free(&body);
    return ok;
}

/* Every honest entry must be accepted. */
size_t ve_say(struct ve *t, enum urna_kind kind, struct urna_view body, int voter,
              const uint32_t *signer, uint32_t n_signers)
{
    t->entry = urna_xrealloc(t->entry, t->n + 1, sizeof *t->entry);
    struct ve_entry *e = &t->entry[t->n];
    *e = (struct ve_entry){.kind = kind, .voter = voter, .n_signers = n_signers};
    urna_buf_add(&e->body, body.p, body.len);
    for (uint32_t i = 0; i < n_signers; i++)
        e->signer[i] = signer[i];
    e->n_sigs = ve_sign(t, kind, body, voter, signer, n_signers, t->phi, e->sig);
    struct urna_ruling r;
    if (!ve_put(t->f, kind, body, e->sig, e->n_sigs, &r))
        die(t, urna_kind_name(kind), r.reason[0] ? r.reason : "refused");
    return t->n++;
}

size_t ve_say_body(struct ve *t, const struct urna_body *b, const uint32_t *signer, uint32_t n)
{
    struct urna_buf body = {0};
    urna_body_write(&body, b, t->P ? t->P->lp : 0, t->P ? t->P->lq : 0);
    size_t at = ve_say(t, b->kind, urna_buf_view(&body), -1, signer, n);
    urna_buf_free(&body);
    return at;
}

/* --- manifest ------------------------------------------------------------ */

static struct urna_titles title(struct ve *t, const char *text)
{
    struct urna_titles v = {URNA_NEW(&t->a, struct urna_title, 1), 1};
    v.v[0] = (struct urna_title){"en", text};
    return v;
}

static struct urna_role *roles(struct ve *t, const uint32_t *key, uint32_t n)
{
    struct urna_role *r = URNA_NEW(&t->a, struct urna_role, n);
    for (uint32_t i = 0; i < n; i++) {
        r[i] = (struct urna_role){.id = t->key[key[i]].id, .bloc = bloc_name[i % 2]};
        memcpy(r[i].key, t->key[key[i]].pk, 32);
    }
    return r;
}

static void make_contests(struct ve *t, struct urna_manifest *m)
{
    const struct ve_shape *s = &t->s;
    m->contests = URNA_NEW(&t->a, struct urna_contest, m->n_contests = s->contests);
    for (uint32_t c = 0; c < s->contests; c++) {
        struct urna_contest *x = &m->contests[c];
        *x = (struct urna_contest){.id = contest_name[c],
                                   .title = title(t, contest_name[c]),
                                   .limit = s->limit[c],
                                   .option_limit = s->option_limit[c],
                                   .n_options = s->options[c]};
        x->options = URNA_NEW(&t->a, struct urna_contest_option, x->n_options);
        for (uint32_t o = 0; o < x->n_options; o++)
            x->options[o] = (struct urna_contest_option){option_name[o], title(t, option_name[o])};
    }
    m->styles = URNA_NEW(&t->a, struct urna_style, m->n_styles = s->styles);
    for (uint32_t i = 0; i < s->styles; i++) {
        m->styles[i] =
            (struct urna_style){style_name[i], URNA_NEW(&t->a, uint32_t, s->contests), 0};
        for (uint32_t c = 0; c < s->contests; c++)
            if (s->style_has[i] >> c & 1)
                m->styles[i].contests[m->styles[i].n_contests++] = c + 1;
    }
    m->secret_if_small = URNA_NEW(&t->a, struct urna_small, (size_t)s->contests * s->weights);
    for (uint32_t c = 0; s->all_may_be_small && c < s->contests; c++)
        for (uint32_t w = 0; w < s->weights; w++)
            m->secret_if_small[m->n_secret_if_small++] = (struct urna_small){c + 1, s->weight[w]};
    m->has_secret_if_small = m->n_secret_if_small > 0;
    if (s->seats) {
        m->has_seats = true;
        m->seats = URNA_NEW(&t->a, struct urna_seats_decl, m->n_seats = 1);
        m->seats[0] = (struct urna_seats_decl){
            .contest = 1, .n = 7, .method = URNA_DHONDT, .num = 1, .den = 20};
    }
}

/* Every field that is usually left out because it has its default. */
static void enrich(struct ve *t, struct urna_manifest *m)
{
    m->zone = "Europe/Minsk";
    m->ballot_max = 30;
    m->challenge_max = 900;
    m->has_names = true;
    m->names = URNA_NEW(&t->a, struct urna_named, m->n_names = 2);
    m->names[0] = (struct urna_named){bloc_name[0], title(t, "The state")};
    m->names[1] = (struct urna_named){bloc_name[1], title(t, "The party")};
}

static void make_manifest(struct ve *t)
{
    const struct ve_shape *s = &t->s;
    struct urna_manifest *m = &t->m;
    *m = (struct urna_manifest){.test = 1,
                                .title = title(t, "TEST"),
                                .zone = "UTC",
                                .group = s->group,
                                .n = s->n,
                                .k = s->k,
                                .origin = "urna.example/test",
                                .credentials = s->two_keys ? URNA_TWO_REGISTRARS : URNA_VOTER_MADE,
                                .revote = s->revote,
                                .m_min = s->m_min,
                                .m_root = s->m_root,
                                .m_roll = 1,
                                .t_open = 1000000,
                                .t_close = T_CLOSE,
                                .delta = DELTA,
                                .t_seal = T_SEAL,
                                .ballot_max = 20,
                                .challenge_max = 1000,
                                .block = s->block};
    urna_random(m->election, 16);
    memcpy(m->log_key, t->key[t->log].pk, 32);
    m->commission = roles(t, t->commission, m->n_commission = s->commission);
    m->guardians = roles(t, t->guardian, m->n_guardians = s->n);
    m->registrars = roles(t, t->registrar, m->n_registrars = s->two_keys ? 2 : 1);
    m->observers = roles(t, &t->observer, m->n_observers = 1);
    m->witnesses = URNA_NEW(&t->a, struct urna_witness_role, m->n_witnesses = s->witnesses);
    for (uint32_t i = 0; i < s->witnesses; i++) {
        struct urna_witness_role *w = &m->witnesses[i];
        char *names = urna_arena_alloc(&t->a, 2, 32);
        snprintf(names, 32, "%s.example/head", witness_id[i]);
        snprintf(names + 32, 32, "%s.example/full", witness_id[i]);
        *w = (struct urna_witness_role){.id = witness_id[i],
                                        .bloc = t->bloc[i],
                                        .head = {names, {0}},
                                        .full = {names + 32, {0}}};
        memcpy(w->head.key, t->key[t->head[i]].pk, 32);
        memcpy(w->full.key, t->key[t->full[i]].pk, 32);
    }
    m->devices = URNA_NEW(&t->a, struct urna_device, m->n_devices = 1);
    m->devices[0] = (struct urna_device){"web", title(t, "Web")};
    make_contests(t, m);
    if (s->rich)
        enrich(t, m);
    m->cells = URNA_NEW(&t->a, struct urna_cell, m->n_cells = s->cells);
    for (uint32_t i = 0; i < s->cells; i++)
        m->cells[i] = (struct urna_cell){cell_name[i], s->up[i], title(t, cell_name[i])};
    for (uint32_t i = 0; i < s->cells; i++)
        if (urna_cell_is_leaf(m, i))
            t->leaf_cell[t->n_leaves++] = i;
}

static int by_pk(const void *a, const void *b)
{
    return memcmp(((const struct ve_voter *)a)->pk[0], ((const struct ve_voter *)b)->pk[0], 32);
}

static void make_people(struct ve *t)
{
    const struct ve_shape *s = &t->s;
    for (uint32_t i = 0; i < 3; i++)
        t->commission[i] = add_key(t, "c", i);
    for (uint32_t i = 0; i < s->n; i++)
        t->guardian[i] = add_key(t, "g", i);
    for (uint32_t i = 0; i < 2; i++)
        t->registrar[i] = add_key(t, "r", i);
    for (uint32_t i = 0; i < s->witnesses; i++) {
        t->full[i] = add_key(t, "w", i);
        t->head[i] = add_key(t, "h", i);
        t->bloc[i] = bloc_name[s->witness_bloc[i]];
        t->accepts[i] = true;
    }
    /* One of them may never accept, if the others are enough. */
    if (s->witnesses > 0) {
        uint32_t w = ve_random(t, s->witnesses);
        t->accepts[w] = false;
        if (!urna_policy_satisfied(t->bloc, t->accepts, s->witnesses))
            t->accepts[w] = true;
    }
    t->observer = add_key(t, "o", 0);
    t->log = add_key(t, "log", 0);
    for (uint32_t i = 0; i < s->voters; i++) {
        struct ve_voter *v = &t->voter[i];
        for (int f = 0; f < 2; f++)
            do {
                urna_random(v->sk[f], 32);
                v->sk[f][31] &= 0x0f;
            } while (!urna_credential_public(v->pk[f], v->sk[f]));
    }
    qsort(t->voter, s->voters, sizeof t->voter[0], by_pk);
}

struct ve *ve_begin(const struct ve_shape *s)
{
    return ve_begin_with(s, NULL);
}

struct ve *ve_begin_with(const struct ve_shape *s, const struct ve *people)
{
    struct ve *t = urna_xcalloc(1, sizeof *t);
    t->s = *s;
    t->rng = s->seed ^ 0x766572696679;
    /* Guardians save at every step: in memory where the system has a place for that. */
    snprintf(t->folder, sizeof t->folder, "/dev/shm/urna-test-XXXXXX");
    if (!mkdtemp(t->folder)) {
        snprintf(t->folder, sizeof t->folder, "/tmp/urna-test-XXXXXX");
        if (!mkdtemp(t->folder))
            die(t, "folder", "cannot make a temporary one");
    }
    make_people(t);
    if (people) { /* made in the same order */
        memcpy(t->key, people->key, sizeof t->key);
        memcpy(t->voter, people->voter, sizeof t->voter);
    }
    make_manifest(t);
    for (uint32_t i = 0; i < s->voters; i++) {
        t->voter[i].style = ve_random(t, s->styles);
        t->voter[i].weight = s->weight[ve_random(t, s->weights)];
        t->voter[i].leaf = ve_random(t, t->n_leaves);
    }
    t->f = urna_follow_new(NULL, 1, NULL, NULL);
    t->J = urna_follow_judge(t->f);
    struct urna_body b = {.kind = URNA_MANIFEST, .manifest = t->m};
    ve_say_body(t, &b, t->commission, s->commission);
    t->P = urna_judge_context(t->J);
    memcpy(t->phi, t->P->phi, 32);
    for (uint32_t i = 0; i < s->witnesses; i++)
        if (t->accepts[i]) {
            struct urna_body x = {.kind = URNA_ACCEPT, .accept = {witness_id[i]}};
            ve_say_body(t, &x, &t->full[i], 1);
        }
    return t;
}

/* --- ceremony ------------------------------------------------------------ */

static const uint8_t *encoded(struct ve *t, const urna_element *x)
{
    uint8_t *p = urna_arena_alloc(&t->a, 1, t->P->lp);
    urna_element_encode(t->P->G, p, x);
    return p;
}

static const uint8_t *encoded_scalar(struct ve *t, const urna_scalar *x)
{
    uint8_t *p = urna_arena_alloc(&t->a, 1, t->P->lq);
    urna_scalar_encode(t->P->G, p, x);
    return p;
}

static struct urna_key_proof key_proof(struct ve *t, const struct ve_evil *x, bool data)
{
    urna_scalar c, v[VE_GUARDIANS + 1];
    uint32_t k = t->s.k;
    urna_guardian_prove(t->P->G, t->P->h_p, data, x->i, data ? x->ah : x->a, data ? x->Kh : x->K, k,
                        &x->zeta, &x->kappa, NULL, &c, v);
    struct urna_key_proof p = {encoded_scalar(t, &c), URNA_NEW(&t->a, const uint8_t *, k + 1),
                               k + 1};
    for (uint32_t j = 0; j <= k; j++)
        p.v[j] = encoded_scalar(t, &v[j]);
    return p;
}

void ve_evil_keys(struct ve *t, struct ve_evil *x, uint32_t i, uint32_t attempt)
{
    uint32_t k = t->s.k;
    x->i = i;
    for (uint32_t j = 0; j < k; j++) {
        urna_secret_random_nonzero(t->P->G, &x->a[j]);
        urna_secret_random_nonzero(t->P->G, &x->ah[j]);
    }
    urna_secret_random_nonzero(t->P->G, &x->zeta);
    urna_fixed_exp_secret(t->P->g, x->K, x->a, k);
    urna_fixed_exp_secret(t->P->g, x->Kh, x->ah, k);
    urna_fixed_exp_secret(t->P->g, &x->kappa, &x->zeta, 1);
    x->keys = (struct urna_body){.kind = URNA_GUARDIAN_KEYS};
    struct urna_guardian_keys *b = &x->keys.guardian_keys;
    *b = (struct urna_guardian_keys){.as = t->key[t->guardian[i - 1]].id,
                                     .attempt = attempt,
                                     .n_k = k,
                                     .n_kh = k,
                                     .kappa = encoded(t, &x->kappa)};
    urna_random(b->nonce, 32);
    b->k = URNA_NEW(&t->a, const uint8_t *, k);
    b->kh = URNA_NEW(&t->a, const uint8_t *, k);
    for (uint32_t j = 0; j < k; j++) {
        b->k[j] = encoded(t, &x->K[j]);
        b->kh[j] = encoded(t, &x->Kh[j]);
    }
    b->proof = key_proof(t, x, false);
    b->proofh = key_proof(t, x, true);
}

static void polynomial_at(const struct ve *t, const urna_secret_scalar *a, uint32_t at,
                          urna_secret_scalar *out)
{
    urna_scalar x;
    urna_secret_scalar s;
    urna_scalar_from_u64(t->P->G, &x, at);
    urna_secret_from_public(&s, &x);
    *out = a[t->s.k - 1];
    for (uint32_t j = t->s.k - 1; j > 0; j--) {
        urna_secret_mul(t->P->G, out, out, &s);
        urna_secret_add(t->P->G, out, out, &a[j - 1]);
    }
}

void ve_evil_shares(struct ve *t, struct ve_evil *x, uint32_t wrong)
{
    struct urna_ceremony_view v;
    urna_judge_ceremony(t->J, &v);
    x->shares = (struct urna_body){.kind = URNA_GUARDIAN_SHARES};
    struct urna_guardian_shares *b = &x->shares.guardian_shares;
    *b = (struct urna_guardian_shares){.as = t->key[t->guardian[x->i - 1]].id,
                                       .attempt = x->keys.guardian_keys.attempt,
                                       .to = URNA_NEW(&t->a, struct urna_share, t->s.n)};
    for (uint32_t l = 1; l <= t->s.n; l++) {
        if (l == x->i)
            continue;
        urna_secret_scalar p, ph;
        urna_element kappa, c0;
        urna_scalar c, r, one;
        polynomial_at(t, x->a, l, &p);
        polynomial_at(t, x->ah, l, &ph);
        if (l == wrong) {
            urna_secret_scalar d;
            urna_scalar_from_u64(t->P->G, &one, 1);
            urna_secret_from_public(&d, &one);
            /* Half a lie is a lie: either of the two shares. */
            urna_secret_scalar *half = t->s.seed % 2 ? &p : &ph;
            urna_secret_add(t->P->G, half, half, &d);
        }
        if (!urna_element_decode(t->P->G, &kappa, v.keys[l - 1]->kappa))
            die(t, "kappa", "is no element");
        struct urna_share *to = &b->to[b->n_to++];
        to->i = l;
        urna_share_encrypt(t->P->G, t->P->h_p, x->i, l, &kappa, &p, &ph, NULL, NULL, &c0, to->c1,
                           &c, &r);
        to->c0 = encoded(t, &c0);
        to->c = encoded_scalar(t, &c);
        to->v = encoded_scalar(t, &r);
    }
}

static void evil_commit(struct ve *t, const struct ve_evil *x)
{
    struct urna_buf body = {0};
    struct urna_body b = {.kind = URNA_GUARDIAN_COMMIT};
    b.guardian_commit = (struct urna_guardian_commit){.as = x->keys.guardian_keys.as,
                                                      .attempt = x->keys.guardian_keys.attempt};
    urna_body_write(&body, &x->keys, t->P->lp, t->P->lq);
    urna_guardian_commit_hash(b.guardian_commit.hash, t->phi, x->i, urna_buf_view(&body));
    ve_say_body(t, &b, &t->guardian[x->i - 1], 1);
    urna_buf_free(&body);
}

/* Everybody but ${except} (from 1; 0: nobody) says one thing, if there is something to say. */
bool ve_ask(struct ve *t, uint32_t except)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf body = {0};
    bool talked = false;
    for (uint32_t i = 0; i < t->s.n; i++) {
        struct urna_ceremony_view v;
        enum urna_kind kind;
        if (i + 1 == except)
            continue;
        urna_judge_ceremony(t->J, &v);
        struct urna_ceremony c = {v.attempt, v.commit, v.keys, v.shares, v.confirm};
        urna_buf_reset(&body);
        if (urna_ceremony_next(t->g[i], &c, &kind, &body, NULL, &err) != URNA_OK)
            die(t, "ceremony", err.msg);
        if (kind == URNA_KIND_UNKNOWN)
            continue;
        ve_say(t, kind, urna_buf_view(&body), -1, &t->guardian[i], 1);
        talked = true;
        if (kind == URNA_GUARDIAN_COMPLAINT)
            break; /* the attempt is over */
    }
    urna_buf_free(&body);
    return talked;
}

static void first_attempt_fails(struct ve *t, enum ve_ceremony how)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_ceremony_view v;
    if (how == VE_LOST) {
        struct urna_buf body = {0};
        for (uint32_t steps = ve_random(t, 3) + 1; steps > 0; steps--)
            ve_ask(t, 0);
        if (urna_ceremony_complain(t->g[0], 1, 2, &body, &err) != URNA_OK)
            die(t, "complaint", err.msg);
        ve_say(t, URNA_GUARDIAN_COMPLAINT, urna_buf_view(&body), -1, &t->guardian[0], 1);
        urna_buf_free(&body);
        return;
    }
    /* Guardian 1 is the test; its program joins in the second attempt. */
    struct ve_evil x;
    ve_evil_keys(t, &x, 1, 1);
    evil_commit(t, &x);
    ve_ask(t, 1);
    ve_say_body(t, &x.keys, t->guardian, 1);
    ve_ask(t, 1);
    ve_evil_shares(t, &x, how == VE_WRONG_SHARE ? 2 : 0);
    ve_say_body(t, &x.shares, t->guardian, 1);
    if (how == VE_FALSE_COMPLAINT) {
        urna_scalar zeta;
        ve_ask(t, 1);
        urna_secret_declassify(&zeta, &x.zeta);
        struct urna_body b = {.kind = URNA_GUARDIAN_COMPLAINT};
        b.guardian_complaint =
            (struct urna_guardian_complaint){.as = x.keys.guardian_keys.as,
                                             .attempt = 1,
                                             .against = t->key[t->guardian[1]].id,
                                             .zeta = encoded_scalar(t, &zeta)};
        ve_say_body(t, &b, t->guardian, 1);
    } else {
        do
            urna_judge_ceremony(t->J, &v);
        while (v.attempt == 1 && ve_ask(t, 1));
    }
    urna_judge_ceremony(t->J, &v);
    if (v.attempt != 2)
        die(t, "ceremony", "the first attempt goes on");
    size_t n;
    const struct urna_finding *f = urna_judge_findings(t->J, &n);
    const char *want = how == VE_WRONG_SHARE ? "g0 sent g1 a wrong share" : "g0 accused g1 falsely";
    if (n != 1 || !strstr(f[0].text, want))
        die(t, "complaint", n ? f[0].text : "no finding");
}

void ve_guardians(struct ve *t)
{
    struct urna_error err = URNA_ERROR_INIT;
    for (uint32_t i = 0; i < t->s.n; i++) {
        char path[100];
        snprintf(path, sizeof path, "%s/g%u", t->folder, i);
        if (urna_guardian_create(&t->g[i], path, urna_view("test", 4), &urna_seal_cost_least, &t->m,
                                 t->phi, t->key[t->guardian[i]].id, &err) != URNA_OK)
            die(t, "guardian", err.msg);
    }
}

void ve_ceremony(struct ve *t, enum ve_ceremony how)
{
    ve_guardians(t);
    if (how != VE_GOOD && t->s.n > 1)
        first_attempt_fails(t, how);
    while (ve_ask(t, 0))
        continue;
}

/* --- roll, opening ------------------------------------------------------- */

static int by_hash(const void *a, const void *b)
{
    return memcmp(a, b, 32);
}

/* A plain look at E0: classes of fewer rows are refused. */
static bool large_enough(const struct ve *t)
{
    for (uint32_t c = 0; c < t->s.contests; c++)
        for (uint32_t w = 0; w < t->s.weights; w++) {
            uint32_t rows = 0;
            for (uint32_t i = 0; i < t->s.voters; i++)
                rows += t->voter[i].weight == t->s.weight[w] &&
                        (t->s.style_has[t->voter[i].style] >> c & 1);
            if (rows > 0 && rows < 2 * t->s.m_min)
                return false;
        }
    return true;
}

bool ve_roll_try(struct ve *t, struct urna_ruling *r)
{
    struct urna_arena a = {0};
    struct urna_merkle tree = {0};
    struct urna_buf leaf = {0};
    uint8_t e[3][32];
    uint32_t keys = t->s.two_keys ? 2 : 1, bodies = 0;
    struct urna_roll_row *row = URNA_NEW(&a, struct urna_roll_row, t->s.voters);
    struct urna_cell_count *cells = URNA_NEW(&a, struct urna_cell_count, t->n_leaves);
    for (uint32_t l = 0; l < t->n_leaves; l++)
        cells[l].leaf = cell_name[t->leaf_cell[l]];
    for (uint32_t i = 0; i < t->s.voters; i++) {
        struct ve_voter *v = &t->voter[i];
        row[i] = (struct urna_roll_row){.keys = v->pk,
                                        .n_keys = keys,
                                        .style = style_name[v->style],
                                        .weight = v->weight,
                                        .leaf = cell_name[t->leaf_cell[v->leaf]],
                                        .reg = i % 3 == 1 ? t->phi : NULL};
        uint8_t h[32];
        urna_buf_reset(&leaf);
        urna_roll_leaf(&leaf, &row[i], v->style + 1, v->leaf + 1);
        urna_merkle_leaf(h, leaf.p, leaf.len);
        urna_merkle_add(&tree, h);
        cells[v->leaf].n++;
    }
    /* Every third row in another body: the roll is one, whatever the bodies. */
    for (uint32_t part = 0; part < 3 && part < t->s.voters; part++) {
        struct urna_body b = {.kind = URNA_ROLL};
        b.roll.rows = URNA_NEW(&a, struct urna_roll_row, t->s.voters);
        for (uint32_t i = part; i < t->s.voters; i += 3)
            b.roll.rows[b.roll.n_rows++] = row[i];
        size_t at = ve_say_body(t, &b, t->registrar, keys);
        urna_sha256(e[bodies++], t->entry[at].body.p, t->entry[at].body.len);
    }
    qsort(e, bodies, 32, by_hash);
    struct urna_body b = {.kind = URNA_ROLL_CLOSE,
                          .roll_close = {.rolls = e,
                                         .n_rolls = bodies,
                                         .count = t->s.voters,
                                         .cells = cells,
                                         .n_cells = t->n_leaves}};
    urna_merkle_root(&tree, b.roll_close.root);
    uint32_t signers = t->s.commission > 1 ? 2 : 1;
    bool ok = true;
    *r = (struct urna_ruling){"", ""};
    if (t->s.all_may_be_small || large_enough(t))
        ve_say_body(t, &b, t->commission, signers);
    else
        ok = ve_try_body(t, &b, -1, t->commission, signers, r);
    urna_buf_free(&leaf);
    urna_arena_free(&a);
    return ok;
}

void ve_roll(struct ve *t)
{
    struct urna_ruling r;
    if (!ve_roll_try(t, &r))
        die(t, "roll.close", r.reason);
}

void ve_open(struct ve *t)
{
    struct urna_ceremony_view v;
    struct urna_error err = URNA_ERROR_INIT;
    urna_judge_ceremony(t->J, &v);
    struct urna_body b = {.kind = URNA_OPEN,
                          .open = {.attempt = v.attempt,
                                   .count = t->s.voters,
                                   .k = encoded(t, v.K),
                                   .kh = encoded(t, v.Kh)}};
    memcpy(b.open.root, urna_judge_roll_root(t->J), 32);
    memcpy(b.open.hg, v.h_g, 32);
    memcpy(b.open.he, v.h_e, 32);
    ve_say_body(t, &b, t->commission, t->s.commission > 1 ? 2 : 1);
    for (uint32_t i = 0; i < t->s.n; i++)
        if (urna_ceremony_opened(t->g[i], &b.open, &err) != URNA_OK)
            die(t, "open", err.msg);
}

/* --- voting -------------------------------------------------------------- */

void ve_booth(const struct ve *t, struct urna_booth *b)
{
    *b = (struct urna_booth){.G = t->P->G, .g = t->P->g, .K = t->P->fixed_K, .m = &t->P->m};
    memcpy(b->phi, t->phi, 32);
    memcpy(b->h_e, t->P->h_e, 32);
}

void ve_ballot(struct ve *t, struct urna_ballot *b, uint32_t voter, uint32_t serial,
               const uint32_t value[VE_CONTESTS][VE_OPTIONS], const struct urna_booth *booth,
               struct urna_openings **o)
{
    const struct ve_voter *v = &t->voter[voter];
    const uint32_t *values[VE_CONTESTS];
    uint32_t n = 0;
    struct urna_error err = URNA_ERROR_INIT;
    for (uint32_t c = 0; c < t->s.contests; c++)
        if (t->s.style_has[v->style] >> c & 1)
            values[n++] = value[c];
    struct urna_choice choice = {.style = style_name[v->style],
                                 .device = "web",
                                 .keys = v->pk[0],
                                 .n_keys = t->s.two_keys ? 2 : 1,
                                 .serial = serial,
                                 .rho = t->rho,
                                 .after = serial > 1 ? t->phi : NULL,
                                 .values = values};
    if (urna_ballot_encrypt(b, o, booth, &choice, &t->a, &err) != URNA_OK)
        die(t, "ballot", err.msg);
}

static void draw_values(struct ve *t, uint32_t value[VE_CONTESTS][VE_OPTIONS])
{
    for (uint32_t c = 0; c < t->s.contests; c++) {
        uint32_t left = ve_random(t, t->s.limit[c] + 1), first = ve_random(t, t->s.options[c]);
        for (uint32_t o = 0; o < t->s.options[c]; o++) {
            uint32_t most = left < t->s.option_limit[c] ? left : t->s.option_limit[c],
                     x = ve_random(t, most + 1);
            value[c][(first + o) % t->s.options[c]] = x;
            left -= x;
        }
        if (ve_random(t, 12) == 0) /* an over-vote: the device makes it a blank */
            value[c][first] = t->s.option_limit[c] + 1;
    }
}

static void cast_values(const struct ve *t, struct ve_cast *v)
{
    for (uint32_t c = 0; c < t->s.contests; c++) {
        uint32_t sum = 0;
        bool over = false;
        for (uint32_t o = 0; o < t->s.options[c]; o++) {
            over |= v->value[c][o] > t->s.option_limit[c];
            sum += v->value[c][o];
        }
        if (over || sum > t->s.limit[c])
            memset(v->value[c], 0, sizeof v->value[c]);
    }
}

size_t ve_vote(struct ve *t, uint32_t voter, uint32_t serial,
               const uint32_t value[VE_CONTESTS][VE_OPTIONS])
{
    struct urna_booth booth;
    struct urna_body b = {.kind = URNA_BALLOT};
    struct urna_openings *o;
    struct urna_buf body = {0};
    t->cast = urna_xrealloc(t->cast, t->n_cast + 1, sizeof *t->cast);
    struct ve_cast *v = &t->cast[t->n_cast++];
    uint64_t seal, cut = UINT64_MAX;
    *v = (struct ve_cast){
        .voter = voter, .serial = serial, .in_time = !urna_judge_seal(t->J, &seal, &cut)};
    if (value)
        memcpy(v->value, value, sizeof v->value);
    else
        draw_values(t, v->value);
    ve_booth(t, &booth);
    ve_ballot(t, &b.ballot, voter, serial, (const uint32_t(*)[VE_OPTIONS])v->value, &booth, &o);
    urna_openings_free(o);
    cast_values(t, v);
    urna_body_write(&body, &b, t->P->lp, t->P->lq);
    urna_sha256(v->e, body.p, body.len);
    size_t at = ve_say(t, URNA_BALLOT, urna_buf_view(&body), (int)voter, NULL, 0);
    urna_buf_free(&body);
    return at;
}

void ve_challenge(struct ve *t, uint32_t voter)
{
    struct urna_booth booth;
    struct urna_ballot b;
    struct urna_openings *o;
    struct urna_body c = {.kind = URNA_CHALLENGE};
    struct urna_error err = URNA_ERROR_INIT;
    uint32_t value[VE_CONTESTS][VE_OPTIONS] = {{0}};
    draw_values(t, value);
    ve_booth(t, &booth);
    ve_ballot(t, &b, voter, 1, (const uint32_t(*)[VE_OPTIONS])value, &booth, &o);
    if (urna_encrypted_open(&c.challenge, o, &booth, &b, &t->a, &err) != URNA_OK)
        die(t, "challenge", err.msg);
    ve_say_body(t, &c, NULL, 0);
    urna_openings_free(o);
}

void ve_anchor(struct ve *t, uint64_t time)
{
    if (t->s.witnesses == 0)
        return;
    t->entry = urna_xrealloc(t->entry, t->n + 1, sizeof *t->entry);
    struct ve_entry *e = &t->entry[t->n];
    *e = (struct ve_entry){.kind = URNA_ANCHOR, .voter = -1, .anchor_time = time};
    for (uint32_t w = 0; w < t->s.witnesses; w++)
        if (t->accepts[w])
            e->anchor_by |= 1u << w;
    e->anchor_head = ve_random(t, 1u << t->s.witnesses);
    make_anchor(t, e, urna_follow_tree(t->f), &e->body);
    struct urna_ruling r;
    if (!ve_put(t->f, URNA_ANCHOR, urna_buf_view(&e->body), NULL, 0, &r))
        die(t, "anchor", r.reason);
    t->n++;
}

/* The ballots up to here are in time; with witnesses later ones are taken, and late. */
void ve_close(struct ve *t)
{
    if (t->s.witnesses > 0) {
        ve_anchor(t, T_CLOSE + DELTA - VE_WITNESSES);
        return;
    }
    struct urna_body b = {.kind = URNA_CLOSE, .close = {T_CLOSE}};
    ve_say_body(t, &b, t->commission, t->s.commission > 1 ? 2 : 1);
}

void ve_seal(struct ve *t)
{
    ve_anchor(t, T_SEAL);
    const struct urna_buf *cs = urna_judge_countset_body(t->J);
    if (!cs)
        die(t, "seal", "not sealed");
    ve_say(t, URNA_COUNTSET, urna_buf_view(cs), -1, NULL, 0);
}

/* --- counting ------------------------------------------------------------ */

static void session(struct ve *t, const struct urna_decrypt_session *s, uint32_t round,
                    struct urna_session_view *v)
{
    static const enum urna_kind kind[] = {URNA_DECRYPT_COMMIT, URNA_DECRYPT_REVEAL,
                                          URNA_DECRYPT_RESPOND};
    struct urna_buf body = {0};
    struct urna_error err = URNA_ERROR_INIT;
    for (uint32_t x = 0; x < s->n_present; x++) {
        struct urna_guardian *me = t->g[s->present[x] - 1];
        urna_buf_reset(&body);
        if (round > 0)
            urna_judge_session(t->J, urna_judge_sessions(t->J) - 1, v);
        enum urna_status st = round == 0   ? urna_decrypt_commit(me, s, &body, &err)
                              : round == 1 ? urna_decrypt_reveal(me, s, v->commit, &body, &err)
                                           : urna_decrypt_respond(me, s, v->reveal, &body, &err);
        if (st != URNA_OK)
            die(t, "decrypt", err.msg);
        ve_say(t, kind[round], urna_buf_view(&body), -1, &t->guardian[s->present[x] - 1], 1);
    }
    urna_buf_free(&body);
}

void ve_decrypt(struct ve *t, const uint32_t *present, uint32_t n_present, uint64_t attempt)
{
    size_t n;
    const struct urna_tally_group *grp = urna_judge_groups(t->J, &n);
    struct urna_sum_group *sums = URNA_NEW(&t->a, struct urna_sum_group, n + 1);
    uint64_t *bound = URNA_NEW(&t->a, uint64_t, n + 1);
    urna_element S[VE_GUARDIANS];
    struct urna_error err = URNA_ERROR_INIT;
    for (size_t i = 0; i < n; i++) {
        sums[i] = (struct urna_sum_group){grp[i].contest, grp[i].n_fields, grp[i].A, grp[i].B};
        bound[i] = grp[i].n * t->m.contests[grp[i].contest - 1].option_limit;
    }
    for (uint32_t i = 0; i < t->s.n; i++)
        S[i] = *urna_judge_share_key(t->J, i + 1);
    struct urna_dlog *dlog = urna_dlog_new(t->P->G, &t->P->K, 200, 64);
    for (uint64_t block = 1; block <= urna_judge_blocks(t->J); block++) {
        size_t first = (size_t)((block - 1) * t->s.block),
               in_block = n - first < t->s.block ? n - first : (size_t)t->s.block;
        struct urna_decrypt_session s = {.present = present,
                                         .n_present = n_present,
                                         .attempt = attempt,
                                         .block = block,
                                         .groups = sums + first,
                                         .n_groups = (uint32_t)in_block};
        memcpy(s.countset, urna_judge_countset_hash(t->J), 32);
        memcpy(s.h_e, t->P->h_e, 32);
        struct urna_session_view v;
        for (uint32_t round = 0; round < 3; round++)
            session(t, &s, round, &v);
        urna_judge_session(t->J, urna_judge_sessions(t->J) - 1, &v);
        struct urna_tally *tally = URNA_NEW(&t->a, struct urna_tally, in_block);
        struct urna_combine c = {.G = t->P->G,
                                 .K = t->P->fixed_K,
                                 .dlog = dlog,
                                 .S = S,
                                 .n = t->s.n,
                                 .session = &s,
                                 .first_group = (uint32_t)first + 1,
                                 .bound = bound + first,
                                 .reveal = v.reveal,
                                 .respond = v.respond};
        if (urna_combine_tallies(tally, &c, &t->a, NULL, &err) != URNA_OK)
            die(t, "combine", err.msg);
        for (size_t i = 0; i < in_block; i++) {
            struct urna_body b = {.kind = URNA_TALLY, .tally = tally[i]};
            ve_say_body(t, &b, NULL, 0);
        }
    }
    urna_dlog_free(dlog);
}

void ve_result(struct ve *t)
{
    const struct urna_buf *res = urna_judge_result_body(t->J);
    if (!res)
        die(t, "result", "not known");
    ve_say(t, URNA_RESULT, urna_buf_view(res), -1, NULL, 0);
    ve_anchor(t, T_SEAL + 5000);
}

/* --- all of it ----------------------------------------------------------- */

static void everybody_votes(struct ve *t)
{
    uint32_t most = t->s.revote ? 3 : 1;
    for (uint32_t i = 0; i < t->s.voters; i++) {
        if (ve_random(t, 6) == 0)
            continue; /* stays at home */
        for (uint32_t times = 1 + ve_random(t, most); times > 0;
             times--) /* in any order, with gaps, equal ones among them */
            ve_vote(t, i, t->s.revote ? 1 + ve_random(t, 5) : 1, NULL);
        if (ve_random(t, 5) == 0)
            ve_challenge(t, i);
        if (ve_random(t, 6) == 0)
            ve_anchor(t, 1001000 + i);
    }
    ve_close(t);
    size_t in_time = t->n_cast;
    for (uint32_t late = t->s.witnesses > 0 ? ve_random(t, 3) : 0; late > 0; late--)
        ve_vote(t, ve_random(t, t->s.voters), t->s.revote ? 65535 : 1, NULL);
    for (size_t i = in_time; i < t->n_cast; i++)
        t->cast[i].in_time = false;
}

struct ve *ve_voting(const struct ve_shape *s)
{
    struct ve *t = ve_begin(s);
    ve_ceremony(t, VE_GOOD);
    ve_roll(t);
    ve_open(t);
    return t;
}

struct ve *ve_hold(const struct ve_shape *s, enum ve_ceremony how)
{
    struct ve *t = ve_begin(s);
    ve_ceremony(t, how);
    ve_roll(t);
    ve_open(t);
    everybody_votes(t);
    ve_seal(t);
    /* Any quorum; the others are missing. */
    uint32_t present[VE_GUARDIANS], n_present = 0, need = s->k + ve_random(t, s->n - s->k + 1);
    for (uint32_t i = 1; i <= s->n; i++)
        if (ve_random(t, s->n - i + 1) < need - n_present)
            present[n_present++] = i;
    ve_decrypt(t, present, n_present, 1 + ve_random(t, 3));
    ve_result(t);
    return t;
}

void ve_free(struct ve *t)
{
    for (uint32_t i = 0; i < t->s.n; i++)
        urna_guardian_close(t->g[i]);
    remove_folder(t);
    urna_follow_free(t->f);
    for (size_t i = 0; i < t->n; i++)
        urna_buf_free(&t->entry[i].body);
    free(t->entry);
    free(t->cast);
    urna_arena_free(&t->a);
    urna_wipe(t, sizeof *t);
    free(t);
}

/* --- the plain count ----------------------------------------------------- */

static const struct ve_cast *that_counts(const struct ve *t, uint32_t voter)
{
    const struct ve_cast *best = NULL;
    for (size_t i = 0; i < t->n_cast; i++) {
        const struct ve_cast *c = &t->cast[i];
        if (c->voter == voter && c->in_time &&
            (!best || c->serial > best->serial ||
             (c->serial == best->serial && memcmp(c->e, best->e, 32) < 0)))
            best = c;
    }
    return best;
}

bool ve_counts_agree(const struct ve *t, struct urna_judge *J)
{
    const struct urna_result *r = urna_judge_result(J);
    if (!r || r->n_contests != t->s.contests) {
        fprintf(stderr, "seed %llu: no result\n", (unsigned long long)t->s.seed);
        return false;
    }
    for (uint32_t c = 0; c < t->s.contests; c++) {
        uint64_t total[VE_OPTIONS] = {0}, counted = 0, secret = 0;
        for (uint32_t w = 0; w < t->s.weights; w++) {
            uint64_t n = 0, votes[VE_OPTIONS] = {0};
            for (uint32_t i = 0; i < t->s.voters; i++) {
                const struct ve_cast *v = that_counts(t, i);
                if (!v || t->voter[i].weight != t->s.weight[w] ||
                    !(t->s.style_has[t->voter[i].style] >> c & 1))
                    continue;
                n++;
                for (uint32_t o = 0; o < t->s.options[c]; o++)
                    votes[o] += v->value[c][o];
            }
            counted += n;
            /* Whatever the tree of cells: a class of fewer than m_root ballots is kept secret, any
             * other is published whole. */
            if (n < t->s.m_root)
                secret += n;
            else
                for (uint32_t o = 0; o < t->s.options[c]; o++)
                    total[o] += votes[o] * t->s.weight[w];
        }
        const struct urna_result_contest *x = &r->contests[c];
        bool same = x->counted == counted && x->secret == secret && x->n_totals == t->s.options[c];
        for (uint32_t o = 0; same && o < t->s.options[c]; o++)
            same = x->totals[o] == total[o];
        if (!same) {
            fprintf(stderr,
                    "group %s, seed %llu, contest %u: counted %llu (%llu), secret %llu (%llu)\n",
                    t->s.group, (unsigned long long)t->s.seed, c + 1,
                    (unsigned long long)x->counted, (unsigned long long)counted,
                    (unsigned long long)x->secret, (unsigned long long)secret);
            return false;
        }
    }
    return true;
}
