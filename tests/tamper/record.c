#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "log/trust.h"

enum { BIG_ROWS = 400 }; /* a roll of more than 60,000 bytes */

void give_up(const char *what, const char *why)
{
    fprintf(stderr, "tamper: %s: %s\n", what, why);
    exit(3);
}

/* --- leaves -------------------------------------------------------------- */

static bool take(void *ctx, struct urna_view leaf)
{
    struct leaves *l = ctx;
    if (l->n == sizeof l->leaf / sizeof l->leaf[0])
        give_up("leaves", "too many");
    urna_buf_reset(&l->leaf[l->n]);
    urna_buf_add(&l->leaf[l->n++], leaf.p, leaf.len);
    return true;
}

void leaves_make(struct leaves *l, enum urna_kind kind, struct urna_view body,
                 const struct urna_sig *sig, uint32_t n_sigs)
{
    struct urna_error err = URNA_ERROR_INIT;
    l->n = 0;
    if (urna_entry_leaves(kind, sig, n_sigs, body, take, l, &err) != URNA_OK)
        give_up(urna_kind_name(kind), err.msg);
}

void leaves_free(struct leaves *l)
{
    for (size_t i = 0; i < sizeof l->leaf / sizeof l->leaf[0]; i++)
        urna_buf_free(&l->leaf[i]);
}

/* --- elections ----------------------------------------------------------- */

static void shape_of(struct ve_shape *s, const char *group, enum rec_which which)
{
    bool slow = strcmp(group, "eg4096") == 0;
    ve_small_shape(s, group, 2);
    s->rich = s->all_may_be_small = true;
    s->block = 2;
    if (which == REC_CLUB) {
        s->witnesses = 0;
        s->n = 2;
        s->k = 1;
        s->contests = s->cells = 1;
        s->style_has[0] = 1;
        s->two_keys = true;
        s->revote = false;
        s->voters = 4;
        return;
    }
    s->witnesses = 4;
    s->witness_bloc[3] = 2;
    s->styles = 2;
    s->style_has[1] = 1;
    s->weights = 2;
    s->weight[1] = 5;
    s->seats = true;
    s->voters = slow ? 9 : 12;
}

/* What people can write and show: every kind of it, and every field. */
static void say_words(struct ve *t)
{
    static const char *const line[] = {"Opened on time.", "Two observers present."};
    const char *text[] = {line[0], line[1]};
    uint8_t photo[2][32];
    (void)ve_say(t, URNA_ATTACHMENT, urna_view("photograph", 10), -1, &t->observer, 1);
    urna_sha256(photo[0], "photograph", 10);
    (void)ve_say(t, URNA_ATTACHMENT, urna_view("the same side", 13), -1, &t->observer, 1);
    urna_sha256(photo[1], "the same side", 13);
    struct urna_body b = {.free_text = {.as = t->key[t->observer].id,
                                        .text = text,
                                        .n_text = 2,
                                        .about = photo[0],
                                        .files = photo,
                                        .n_files = 2,
                                        .has_files = true}};
    static const enum urna_kind kind[] = {URNA_STATEMENT, URNA_INCIDENT, URNA_COMPLAINT};
    for (int i = 0; i < 3; i++) {
        b.kind = kind[i];
        text[0] = urna_kind_name(kind[i]); /* three bodies beside the log */
        (void)ve_say_body(t, &b, &t->observer, 1);
    }
    struct urna_body v = {
        .kind = URNA_VERDICT,
        .verdict = {.as = t->key[t->full[0]].id, .size = 5, .answer = 2, .software = "urna-0.1.0"}};
    memcpy(v.verdict.root, photo[1], 32);
    (void)ve_say_body(t, &v, &t->full[0], 1);
    struct urna_body r = {.kind = URNA_REDACT, .redact = {.reason = 2}};
    memcpy(r.redact.hash, photo[0], 32);
    (void)ve_say_body(t, &r, t->commission, 2);
}

/* A roll that roll.close will not name: its rows need not be anybody. */
static void say_big_roll(struct ve *t)
{
    struct urna_body b = {.kind = URNA_ROLL};
    uint8_t(*key)[32] = urna_xcalloc(BIG_ROWS, 32);
    b.roll.rows = URNA_NEW(&t->a, struct urna_roll_row, BIG_ROWS);
    for (uint32_t i = 0; i < BIG_ROWS; i++) {
        urna_be32(key[i], i + 1);
        b.roll.rows[b.roll.n_rows++] = (struct urna_roll_row){
            .keys = &key[i], .n_keys = 1, .style = "s0", .weight = 5, .leaf = "c1", .reg = key[i]};
    }
    (void)ve_say_body(t, &b, t->registrar, 1);
    free(key);
}

/* The last voter is late, the two before have a weight of their own; equally many votes for each of
 * the three lists, so that seats are tied. */
static void place_voters(struct ve *t)
{
    for (uint32_t i = 0; i < t->s.voters; i++) {
        t->voter[i].style = i == 1;
        t->voter[i].weight = i + 3 >= t->s.voters && i + 1 < t->s.voters ? 5 : 1;
        t->voter[i].leaf = i % t->n_leaves;
    }
}

static void vote(struct ve *t, uint32_t i, uint32_t serial)
{
    uint32_t value[VE_CONTESTS][VE_OPTIONS] = {{0}};
    value[0][i % 3] = 1;
    value[1][0] = i % 2;
    value[1][1] = 1;
    (void)ve_vote(t, i, serial, (const uint32_t(*)[VE_OPTIONS])value);
}

static void hold_witnessed(struct ve *t)
{
    static const uint32_t present[] = {1, 3};
    uint32_t last = t->s.voters - 1;
    place_voters(t);
    ve_ceremony(t, VE_WRONG_SHARE);
    if (strcmp(t->s.group, "eg4096") != 0) /* parts are the same in every group */
        say_big_roll(t);
    ve_roll(t);
    ve_open(t);
    say_words(t);
    for (uint32_t i = 0; i < last; i++) {
        vote(t, i, 1);
        if (i == 2)
            ve_anchor(t, 1003000);
    }
    ve_challenge(t, 0);
    vote(t, 0, 2); /* again: this one counts */
    ve_close(t);
    vote(t, last, 1);
    t->cast[t->n_cast - 1].in_time = false;
    ve_seal(t);
    ve_decrypt(t, present, 2, 1);
    ve_result(t);
}

static void hold_club(struct ve *t)
{
    static const uint32_t present[] = {2};
    ve_ceremony(t, VE_LOST);
    ve_roll(t);
    ve_open(t);
    for (uint32_t i = 0; i < t->s.voters; i++)
        vote(t, i, 1);
    ve_challenge(t, 0);
    ve_close(t);
    ve_seal(t);
    ve_decrypt(t, present, 1, 1);
    ve_result(t);
}

struct pieces {
    const struct ve *t;
    size_t i;
};

static bool fetch(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out)
{
    const struct pieces *p = ctx;
    const struct urna_buf *body = &p->t->entry[p->i].body;
    (void)sha256, (void)size;
    urna_buf_add(out, body->p, body->len);
    return true;
}

static void ask_phase_1(struct rec *r)
{
    struct pieces p = {r->t, 0};
    struct urna_assembler *as = urna_assembler_new(fetch, &p);
    struct leaves l = {0};
    struct urna_arena scratch = {0};
    struct urna_checks n = {0};
    uint64_t index = 0;
    r->alone = urna_xcalloc(r->t->n + 1, sizeof *r->alone);
    for (p.i = 0; p.i < r->t->n; p.i++) {
        const struct ve_entry *e = &r->t->entry[p.i];
        leaves_make(&l, e->kind, urna_buf_view(&e->body), e->sig, e->n_sigs);
        for (size_t k = 0; k < l.n; k++) {
            struct urna_entry x;
            const struct urna_stray *s;
            size_t n_stray;
            if (urna_assembler_leaf(as, index++, urna_buf_view(&l.leaf[k]), &x, &s, &n_stray) &&
                e->kind != URNA_ANCHOR)
                urna_judge_alone(r->t->P, &x, &r->alone[p.i], &scratch, &n);
        }
    }
    urna_assembler_free(as);
    urna_arena_free(&scratch);
    leaves_free(&l);
}

void rec_hold(struct rec *r, const char *group, enum rec_which which)
{
    struct ve_shape s;
    shape_of(&s, group, which);
    *r = (struct rec){which == REC_CLUB ? "club" : "witnessed", ve_begin(&s), NULL, NULL};
    (which == REC_CLUB ? hold_club : hold_witnessed)(r->t);
    ask_phase_1(r);
    r->result = urna_judge_result_body(r->t->J);
}

void rec_free(struct rec *r)
{
    for (size_t i = 0; i < r->t->n; i++)
        urna_alone_free(&r->alone[i]);
    free(r->alone);
    ve_free(r->t);
}

/* --- on a disk ----------------------------------------------------------- */

static const char *temporary(void)
{
    struct stat s;
    return stat("/dev/shm", &s) == 0 ? "/dev/shm" : "/tmp";
}

void disk_open(struct disk *d, const struct ve *t)
{
    struct urna_error err = URNA_ERROR_INIT;
    d->t = t;
    snprintf(d->folder, sizeof d->folder, "%s/urna-tamper-XXXXXX", temporary());
    if (!mkdtemp(d->folder) ||
        urna_writer_open(&d->w, d->folder, t->m.origin, t->m.log_key, &err) != URNA_OK)
        give_up("folder", err.msg);
}

void disk_leaf(struct disk *d, struct urna_view leaf)
{
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_writer_leaf(d->w, leaf, &err) != URNA_OK)
        give_up("leaf", err.msg);
}

void disk_body(struct disk *d, struct urna_view body)
{
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_writer_body(d->w, body, &err) != URNA_OK)
        give_up("body", err.msg);
}

void disk_commit(struct disk *d)
{
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_writer_commit(d->w, d->t->key[d->t->log].seed, &err) != URNA_OK)
        give_up("commit", err.msg);
}

void disk_seal(struct disk *d)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf line = {0};
    disk_commit(d);
    for (uint32_t w = 0; w < d->t->s.witnesses; w++)
        for (int head = 0; head < 2; head++) {
            const struct urna_witness_role *role = &d->t->m.witnesses[w];
            const struct urna_cosigner *c = head ? &role->head : &role->full;
            struct urna_vkey key;
            uint8_t blob[8 + 64];
            urna_vkey_make(&key, c->name, URNA_KEY_COSIGNATURE, c->key);
            urna_be64(blob, 1020000 + w);
            urna_cosignature_sign(blob + 8, d->t->key[head ? d->t->head[w] : d->t->full[w]].seed,
                                  1020000 + w, urna_writer_checkpoint(d->w)->text);
            urna_note_line(&line, &key, blob, sizeof blob);
        }
    if (line.len > 0 && urna_writer_cosign(d->w, urna_buf_view(&line), &err) != URNA_OK)
        give_up("cosign", err.msg);
    urna_buf_free(&line);
    urna_writer_free(d->w);
    d->w = NULL;
}

void disk_remove(struct disk *d)
{
    struct urna_error err = URNA_ERROR_INIT;
    urna_writer_free(d->w);
    if (urna_remove_tree(d->folder, &err) != URNA_OK)
        give_up("folder", err.msg);
}

void rec_trust(const struct ve *t, struct urna_buf *out)
{
    struct urna_vkey key;
    char phi[65];
    urna_hex(phi, t->phi, 32);
    urna_buf_printf(out, "urna-trust-1\n# the tampered record\nelection %s\nlog ", phi);
    urna_vkey_make(&key, t->m.origin, URNA_KEY_ED25519, t->m.log_key);
    urna_vkey_write(out, &key);
    for (uint32_t w = 0; w < t->s.witnesses; w++) {
        const struct urna_witness_role *role = &t->m.witnesses[w];
        urna_buf_printf(out, "\nwitness %s ", role->id);
        urna_vkey_make(&key, role->full.name, URNA_KEY_COSIGNATURE, role->full.key);
        urna_vkey_write(out, &key);
    }
    urna_buf_str(out, "\n");
    if (t->s.witnesses > 0) {
        urna_buf_str(out, "group everybody all");
        for (uint32_t w = 0; w < t->s.witnesses; w++)
            urna_buf_printf(out, " %s", t->m.witnesses[w].id);
        urna_buf_str(out, "\n");
    }
    urna_buf_printf(out, "quorum %s\nlevel %s\n", t->s.witnesses > 0 ? "everybody" : "none",
                    t->s.witnesses > 0 ? "final" : "computed");
}
