/* The whole judge. A small election is judged from the manifest to the result, with one leaf more
 * (or one leaf replaced) that comes from the input:
 *
 *   byte 0    the place: an index of the log; with 80 (hex) added, the leaf there is replaced
 *   the rest  the leaf
 *
 * Where it can be read, what only a key could make is made here, since no fuzzer would: a signature
 * of 64 zero bytes becomes the right one, and an anchor whose root is zero is cosigned for the tree
 * as it stands. Anchors of the election itself are made again, so that they stay true.
 *
 * Whatever the leaf says, the judge answers; and if it is not accepted, every other entry is
 * accepted as before, and the result is the same. */
#include "fuzz.h"

#include <string.h>

#include "proof/ed25519.h"
#include "verify/follow.h"

#define RECORD URNA_TEST_DATA "/election/records/rist-small.tar.zst"
#define LEAVES_MAX 32
#define REPLACE 0x80

/* TEST keys of that record (expected.json, TEST_ed25519_seeds). */
static const struct {
    const char *id, *seed;
} key[] = {
    {"c1", "277F70AE786134E3E6F5D2D73AA600BD5BB93043EAED7E8BF90265A63CB2D33C"},
    {"g1", "F118F3FE510467764F2484E01B06962C3F72702CE2DD034007D6949A713F1C11"},
    {"r1", "66E82FAB14817A62DD8B964483F3A71AA34F527F0B77DE0252B053BC4181EBCD"},
    {"w1", "45EF556B2B2F41E1F3D01AD9BB45680625A194E196C07DFF673207B9341FEF98"},
    {"w1/head", "036FD91C3984BC33BD80DA3043A890B5798A297C3E5A3E7E1673EBF297A3589C"},
};

static struct urna_buf election[LEAVES_MAX];
static uint64_t n_election;

static bool keep_leaf(void *ctx, uint64_t index, struct urna_view bytes)
{
    (void)ctx;
    MUST(index < LEAVES_MAX);
    urna_buf_add(&election[index], bytes.p, bytes.len);
    n_election = index + 1;
    return true;
}

static void read_election(void)
{
    struct urna_record *r;
    struct urna_error err = URNA_ERROR_INIT;
    MUST(urna_record_open(&r, RECORD, &err) == URNA_OK);
    MUST(urna_record_scan(r, NULL, 1, keep_leaf, NULL, &err) == URNA_OK);
    urna_record_free(r);
}

static bool find_seed(uint8_t seed[32], const char *id)
{
    for (size_t i = 0; i < sizeof key / sizeof *key; i++)
        if (strcmp(key[i].id, id) == 0)
            return urna_unhex(seed, 32, key[i].seed, strlen(key[i].seed));
    return false;
}

static bool is_zero(const uint8_t *p, size_t len)
{
    uint8_t any = 0;
    for (size_t i = 0; i < len; i++)
        any |= p[i];
    return any == 0;
}

static void sign(struct urna_sig *s, const struct urna_entry *e, const uint8_t phi[32])
{
    static const uint8_t none[32];
    uint8_t seed[32];
    struct urna_buf m = {0};
    if (!is_zero(s->sig, 64) || !find_seed(seed, s->by))
        return;
    urna_signed_message(&m, e->kind == URNA_MANIFEST ? none : phi, e->kind_name, s->by,
                        e->body_size, e->e);
    urna_ed25519_sign(s->sig, seed, m.p, m.len);
    urna_buf_free(&m);
}

/* The root and the cosignatures of an anchor for its size, if the log is as long as that. */
static void cosign(struct urna_anchor *v, struct urna_follow *f)
{
    const struct urna_context *P = urna_judge_context(urna_follow_judge(f));
    struct urna_buf text = {0};
    if (P == NULL || v->size > urna_tree_size(urna_follow_tree(f)) ||
        !urna_tree_root(urna_follow_tree(f), v->size, v->root))
        return;
    urna_checkpoint_text(&text, P->m.origin, v->size, v->root);
    for (uint32_t i = 0; i < v->n_cosigs; i++) {
        struct urna_anchor_sig *s = &v->cosigs[i];
        uint8_t seed[32];
        if (strcmp(s->as, "w1") == 0 && find_seed(seed, s->head ? "w1/head" : "w1"))
            urna_cosignature_sign(s->sig, seed, s->time, urna_buf_view(&text));
    }
    urna_buf_free(&text);
}

/* The body of the anchor ${e}, made true. shift: by how many leaves the log before it has grown. */
static void renew_anchor(struct urna_buf *out, const struct urna_entry *e, struct urna_follow *f,
                         uint64_t shift, bool any_root)
{
    struct urna_arena a = {0};
    struct urna_body b;
    struct urna_error err = URNA_ERROR_INIT;
    bool made = urna_body_read(&b, e->kind, e->body, 32, 32, &a, &err) == URNA_OK &&
                (any_root || is_zero(b.anchor.root, 32));
    if (made) {
        b.anchor.size += shift;
        cosign(&b.anchor, f);
        urna_body_write(out, &b, 32, 32);
    } else {
        urna_buf_add(out, e->body.p, e->body.len);
    }
    urna_arena_free(&a);
}

/* ${leaf} as it goes to the judge. own: it is one of the election. */
static void finish(struct urna_buf *out, struct urna_view leaf, struct urna_follow *f, bool own,
                   uint64_t shift)
{
    const struct urna_context *P = urna_judge_context(urna_follow_judge(f));
    struct urna_arena a = {0};
    struct urna_entry e;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf body = {0};
    if (urna_entry_file_read(&e, leaf, &a, &err) != URNA_OK || (own && e.kind != URNA_ANCHOR)) {
        urna_buf_add(out, leaf.p, leaf.len);
        urna_arena_free(&a);
        return;
    }
    if (e.kind == URNA_ANCHOR)
        renew_anchor(&body, &e, f, shift, own);
    else
        urna_buf_add(&body, e.body.p, e.body.len);
    for (uint32_t i = 0; i < e.n_sigs && P != NULL; i++)
        sign(&e.sigs[i], &e, P->phi);
    urna_entry_file_write(out, e.kind, e.sigs, e.n_sigs, urna_buf_view(&body));
    urna_buf_free(&body);
    urna_arena_free(&a);
}

/* Returns true if it is an entry that is accepted. */
static bool give(struct urna_follow *f, struct urna_view leaf, bool own, uint64_t shift)
{
    struct urna_buf bytes = {0};
    struct urna_ruling r;
    bool done, accepted;
    finish(&bytes, leaf, f, own, shift);
    if (bytes.len > URNA_LEAF_MAX)
        bytes.len = URNA_LEAF_MAX;
    urna_follow_add(f, urna_buf_view(&bytes), urna_view(NULL, 0), NULL, &done, &accepted, &r);
    MUST(done || !accepted);
    urna_buf_free(&bytes);
    return accepted;
}

/* expected: where the result stands if all is as before, or -1. */
static void check_result(struct urna_follow *f, int64_t expected)
{
    const struct urna_judge *J = urna_follow_judge(f);
    uint64_t at = 0;
    urna_follow_end(f);
    bool there = urna_judge_result_at(J, &at);
    MUST(there == (urna_judge_result(J) != NULL));
    MUST(!there || urna_judge_phase(J) == URNA_COUNTED);
    MUST(expected < 0 || (there && at == (uint64_t)expected));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (n_election == 0)
        read_election();
    if (size == 0)
        return 0;
    bool replace = (data[0] & REPLACE) != 0;
    uint64_t place = (data[0] & ~(unsigned)REPLACE) % (n_election + 1);
    struct urna_follow *f = urna_follow_new(NULL, 1, NULL, NULL);
    /* Without its manifest there is no election. */
    bool same = !replace && place > 0;
    for (uint64_t i = 0; i <= n_election; i++) {
        if (i == place && give(f, urna_view(data + 1, size - 1), false, 0))
            same = false;
        if (i == n_election || (i == place && replace))
            continue;
        bool accepted = give(f, urna_buf_view(&election[i]), true, !replace && i >= place);
        MUST(!same || accepted);
    }
    uint64_t last = place < n_election ? n_election : n_election - 1;
    check_result(f, same ? (int64_t)last : -1);
    urna_follow_free(f);
    return 0;
}
