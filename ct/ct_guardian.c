/* A guardian from the ceremony to the last answer: coefficients, zeta, nonces, shares and the state
 * are secret. */
#include "ct.h"

#include <unistd.h>

#include "base/file.h"
#include "protocol/ceremony.h"
#include "protocol/decrypt.h"
#include "protocol/guardian_internal.h"

#define N 2

struct log {
    const struct urna_guardian_commit *commit[N];
    const struct urna_guardian_keys *keys[N];
    const struct urna_guardian_shares *shares[N];
    const struct urna_guardian_confirm *confirm[N];
    const struct urna_decrypt_commit *d_commit[N];
    const struct urna_decrypt_reveal *d_reveal[N];
};

static char folder[] = "/tmp/urna-ct-XXXXXX";
static const struct urna_view pass = {(const uint8_t *)"pass", 4};

static struct urna_body *parse(enum urna_kind kind, const struct urna_buf *b,
                               const struct urna_group *G, struct urna_arena *a)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_body *out = URNA_NEW(a, struct urna_body, 1);
    ct_need(urna_body_read(out, kind, urna_view(urna_arena_copy(a, b->p, b->len), b->len),
                           urna_group_lp(G), urna_group_lq(G), a, &err) == URNA_OK,
            err.msg);
    return out;
}

static void ceremony(struct urna_guardian **g, struct log *l, const struct urna_group *G,
                     struct urna_arena *a)
{
    for (int round = 0; round < 5; round++)
        for (int i = 0; i < N; i++) {
            struct urna_error err = URNA_ERROR_INIT;
            struct urna_ceremony c = {1, l->commit, l->keys, l->shares, l->confirm};
            struct urna_buf b = {0};
            enum urna_kind kind;
            ct_need(urna_ceremony_next(g[i], &c, &kind, &b, NULL, &err) == URNA_OK, err.msg);
            if (kind == URNA_KIND_UNKNOWN)
                continue;
            struct urna_body *body = parse(kind, &b, G, a);
            if (kind == URNA_GUARDIAN_COMMIT)
                l->commit[i] = &body->guardian_commit;
            else if (kind == URNA_GUARDIAN_KEYS)
                l->keys[i] = &body->guardian_keys;
            else if (kind == URNA_GUARDIAN_SHARES)
                l->shares[i] = &body->guardian_shares;
            else if (kind == URNA_GUARDIAN_CONFIRM)
                l->confirm[i] = &body->guardian_confirm;
            urna_buf_free(&b);
        }
    ct_need(l->confirm[0] && l->confirm[1], "both confirm");
}

static void decrypt(struct urna_guardian **g, struct log *l, const struct urna_group *G,
                    struct urna_arena *a)
{
    static const uint32_t present[N] = {1, 2};
    struct urna_joint_keys joint;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf b = {0};
    urna_element A[2];
    ct_need(urna_joint_keys(&joint, G, N, 2, g[0]->phi, l->keys, &err) == URNA_OK, err.msg);
    A[0] = joint.K; /* any element does */
    A[1] = joint.Kh;
    struct urna_sum_group group = {1, 2, A, A};
    struct urna_decrypt_session s = {.present = present,
                                     .n_present = N,
                                     .attempt = 1,
                                     .block = 1,
                                     .groups = &group,
                                     .n_groups = 1};
    memcpy(s.h_e, joint.h_e, 32);
    for (int i = 0; i < N; i++, urna_buf_reset(&b)) {
        struct urna_open o = {.attempt = 1};
        memcpy(o.hg, joint.h_g, 32);
        memcpy(o.he, joint.h_e, 32);
        ct_need(urna_ceremony_opened(g[i], &o, &err) == URNA_OK, err.msg);
        ct_need(urna_decrypt_commit(g[i], &s, &b, &err) == URNA_OK, err.msg);
        l->d_commit[i] = &parse(URNA_DECRYPT_COMMIT, &b, G, a)->decrypt_commit;
    }
    for (int i = 0; i < N; i++, urna_buf_reset(&b)) {
        ct_need(urna_decrypt_reveal(g[i], &s, l->d_commit, &b, &err) == URNA_OK, err.msg);
        l->d_reveal[i] = &parse(URNA_DECRYPT_REVEAL, &b, G, a)->decrypt_reveal;
    }
    for (int i = 0; i < N; i++, urna_buf_reset(&b)) {
        ct_need(urna_decrypt_respond(g[i], &s, l->d_reveal, &b, &err) == URNA_OK, err.msg);
        (void)parse(URNA_DECRYPT_RESPOND, &b, G, a);
    }
    urna_buf_free(&b);
}

static void run(const char *group)
{
    struct urna_role roles[N] = {{.id = "g.1"}, {.id = "g.2"}};
    struct urna_contest_option options[2] = {{.id = "a"}, {.id = "b"}};
    struct urna_contest contest = {
        .id = "one", .limit = 1, .option_limit = 1, .options = options, .n_options = 2};
    struct urna_manifest m = {.group = group,
                              .n = N,
                              .k = 2,
                              .guardians = roles,
                              .n_guardians = N,
                              .contests = &contest,
                              .n_contests = 1};
    struct urna_guardian *g[N];
    struct log l = {0};
    struct urna_arena a = {0};
    uint8_t phi[32] = {1};
    const struct urna_group *G = urna_group_find(group, strlen(group));
    for (int i = 0; i < N; i++) {
        struct urna_error err = URNA_ERROR_INIT;
        char path[100];
        snprintf(path, sizeof path, "%s/%s.%d", folder, group, i);
        ct_need(urna_guardian_create(&g[i], path, pass, &urna_seal_cost_least, &m, phi, roles[i].id,
                                     &err) == URNA_OK,
                err.msg);
    }
    ceremony(g, &l, G, &a);
    decrypt(g, &l, G, &a);
    for (int i = 0; i < N; i++)
        urna_guardian_close(g[i]);
    urna_arena_free(&a);
}

int main(void)
{
    struct urna_error err = URNA_ERROR_INIT;
    ct_random_is_secret();
    ct_need(mkdtemp(folder) != NULL, "mkdtemp");
    run("ristretto255");
    run("toy-64-256");
    run("eg4096");
    ct_need(urna_remove_tree(folder, &err) == URNA_OK, err.msg);
    return 0;
}
