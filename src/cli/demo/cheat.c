/* Two ways to cheat, tried on copies: a changed ballot, and a log with two faces. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/demo/demo.h"

/* The first ballot in the log that counts. */
static bool find_ballot(struct demo *d, uint64_t *index)
{
    size_t n;
    const struct urna_ballot_rec *b = urna_judge_ballots(urna_append_judge(d->log_file), &n);
    for (size_t i = n / 2; i < n; i++)
        if (b[i].state == URNA_B_COUNTED) {
            *index = b[i].index;
            return true;
        }
    return false;
}

/* Place of leaf i in its bundle: entries are two bytes of length, then the leaf. */
static enum urna_status change_leaf(const char *path, uint64_t place, struct urna_error *err)
{
    struct urna_buf b = {0};
    enum urna_status st = urna_file_read(&b, path, 1 << 25, NULL, err);
    size_t at = 0;
    for (uint64_t i = 0; st == URNA_OK && i < place && at + 2 <= b.len; i++)
        at += 2 + ((size_t)b.p[at] << 8 | b.p[at + 1]);
    if (st == URNA_OK) {
        uint8_t *key = memmem(b.p + at, b.len - at, "\"a\":\"", 5);
        if (!key)
            st = urna_fail(err, URNA_FALSE, "no ballot at this place");
        else
            key[5] = key[5] == 'A' ? 'B' : 'A'; /* one digit of one ciphertext */
    }
    if (st == URNA_OK)
        st = urna_file_write(path, b.p, b.len, 0644, err);
    urna_buf_free(&b);
    return st;
}

enum urna_status demo_change_one_ballot(struct demo *d, const char *to, uint64_t *entry)
{
    char name[64];
    if (!find_ballot(d, entry))
        return urna_fail(&d->err, URNA_FALSE, "there is no counted ballot");
    enum urna_status st = urna_copy_tree(d->record, to, &d->err);
    uint64_t bundle = *entry / 256, size = urna_tree_size(urna_append_tree(d->log_file));
    if (bundle < size / 256)
        snprintf(name, sizeof name, "tile/entries/%03llu", (unsigned long long)bundle);
    else
        snprintf(name, sizeof name, "tile/entries/%03llu.p/%llu", (unsigned long long)bundle, (unsigned long long)(size % 256));
    char *path = urna_path(to, name);
    if (st == URNA_OK)
        st = change_leaf(path, *entry % 256, &d->err);
    free(path);
    return st;
}

struct copier {
    struct urna_writer *w;
    uint64_t without;
    enum urna_status st;
    struct urna_error *err;
};

static bool copy_leaf(void *ctx, uint64_t index, struct urna_view bytes)
{
    struct copier *c = ctx;
    if (index != c->without)
        c->st = urna_writer_leaf(c->w, bytes, c->err);
    return c->st == URNA_OK;
}

enum urna_status demo_make_fork(struct demo *d, const char *to, uint64_t *dropped)
{
    struct urna_record *r = NULL;
    struct copier c = {.err = &d->err};
    if (!find_ballot(d, dropped))
        return urna_fail(&d->err, URNA_FALSE, "there is no counted ballot");
    c.without = *dropped;
    enum urna_status st = urna_mkdirs(to, 0755, &d->err);
    if (st == URNA_OK)
        st = urna_record_open(&r, d->record, &d->err);
    if (st == URNA_OK)
        st = urna_writer_open(&c.w, to, d->log.name, d->log.public, &d->err);
    if (st == URNA_OK)
        st = urna_record_scan(r, NULL, 1, copy_leaf, &c, &d->err);
    if (st == URNA_OK)
        st = c.st;
    if (st == URNA_OK)
        st = urna_writer_commit(c.w, d->log.seed, &d->err);
    urna_writer_free(c.w);
    urna_record_free(r);
    return st;
}

enum urna_status demo_show_fork(struct demo *d, const char *fork, const char *evidence)
{
    /* What mission-1 remembers: the size and root that it signed last. What it is shown now: the other face. */
    struct urna_tree *mine = urna_append_tree(d->log_file), *theirs = urna_tree_new();
    struct urna_record *r = NULL;
    struct urna_buf note[2] = {{0}, {0}}, proof = {0}, out = {0};
    uint64_t size = d->in_time_size;
    uint8_t root[32], other[32];
    char a[65], b[65];
    enum urna_status st = urna_record_open(&r, fork, &d->err);
    if (st == URNA_OK)
        st = urna_record_scan(r, theirs, 1, NULL, NULL, &d->err);
    if (st == URNA_OK && (!urna_tree_root(mine, size, root) || !urna_tree_root(theirs, size, other)))
        st = urna_fail(&d->err, URNA_FALSE, "the fork is too short");
    if (st == URNA_OK && (!urna_tree_consistency(theirs, size, urna_tree_size(theirs), &proof) ||
                          urna_consistency_check(size, urna_tree_size(theirs), proof.p, proof.len / 32, root, urna_record_checkpoint(r)->root)))
        st = urna_fail(&d->err, URNA_FALSE, "the fork is consistent, which cannot be");
    const char *folder[2] = {d->record, fork};
    for (int i = 0; st == URNA_OK && i < 2; i++) {
        char *path = urna_path(folder[i], "checkpoint");
        st = urna_file_read(&note[i], path, URNA_NOTE_MAX, NULL, &d->err);
        free(path);
    }
    if (st == URNA_OK) {
        urna_hex(a, root, 32);
        urna_hex(b, other, 32);
        printf("  mission-1 signed this log at size %llu. The log now shows it another past:\n"
               "    signed then  %s\n    shown now    %s\n"
               "  mission-1 does not sign. Both checkpoints bear the log's own signature:\n"
               "  whoever has the two has the proof.\n    %s\n",
               (unsigned long long)size, a, b, evidence);
        urna_buf_str(&out, "Two checkpoints of one log, both signed with its key, that cannot both be true.\n\n");
        urna_buf_add(&out, note[0].p, note[0].len);
        urna_buf_str(&out, "\n----------------\n\n");
        urna_buf_add(&out, note[1].p, note[1].len);
        st = urna_file_write(evidence, out.p, out.len, 0644, &d->err);
    }
    urna_buf_free(&note[0]);
    urna_buf_free(&note[1]);
    urna_buf_free(&proof);
    urna_buf_free(&out);
    urna_tree_free(theirs);
    urna_record_free(r);
    return st;
}
