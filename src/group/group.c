/* Dispatch, and what is the same for every group. */
#include "group/group_impl.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/ct.h"
#include "base/secret.h"

#define GROUPS (MODP_SETS + 1)

static struct urna_group groups[GROUPS];
static pthread_once_t groups_once = PTHREAD_ONCE_INIT;

static void setup_groups(void)
{
    /* libsodium's start-up chooses its kernels; without it there is no randomness either. */
    if (urna_secret_init(NULL) != URNA_OK)
        abort();
    urna_ristretto255_setup(&groups[0]);
    for (unsigned i = 0; i < MODP_SETS; i++)
        urna_modp_setup(&groups[i + 1], i);
    for (unsigned i = 0; i < GROUPS; i++)
        groups[i].index = i;
}

const struct urna_group *urna_group_find(const char *name, size_t len)
{
    pthread_once(&groups_once, setup_groups);
    for (unsigned i = 0; i < GROUPS; i++)
        if (strlen(groups[i].name) == len && memcmp(groups[i].name, name, len) == 0)
            return &groups[i];
    return NULL;
}

const char *urna_group_name(const struct urna_group *G)
{
    return G->name;
}

bool urna_group_test_only(const struct urna_group *G)
{
    return G->test_only;
}

size_t urna_group_lp(const struct urna_group *G)
{
    return G->lp;
}

size_t urna_group_lq(const struct urna_group *G)
{
    return G->lq;
}

void urna_group_ver(const struct urna_group *G, uint8_t ver[32])
{
    memcpy(ver, G->ver, 32);
}

void urna_h_group(struct urna_h *h, const struct urna_group *G)
{
    G->ops->h_group(h, G);
}

void urna_limbs_from_be(uint64_t *out, size_t n, const uint8_t *in, size_t len)
{
    memset(out, 0, n * sizeof *out);
    for (size_t i = 0; i < len; i++)
        out[i / 8] |= (uint64_t)in[len - 1 - i] << (8 * (i % 8));
}

void urna_limbs_to_be(uint8_t *out, size_t len, const uint64_t *in)
{
    for (size_t i = 0; i < len; i++)
        out[len - 1 - i] = (uint8_t)(in[i / 8] >> (8 * (i % 8)));
}

/* 1 if a < b, without a branch. */
static uint64_t limbs_less(const uint64_t a[4], const uint64_t b[4])
{
    uint64_t borrow = 0;
    for (int i = 0; i < 4; i++) {
        uint64_t d = a[i] - b[i] - borrow;
        borrow = ((~a[i] & b[i]) | (~(a[i] ^ b[i]) & d)) >> 63;
    }
    return borrow;
}

/* --- elements --- */

bool urna_element_decode(const struct urna_group *G, urna_element *out, const uint8_t *in)
{
    bool ok;
    return G->ops->decode_batch(G, out, &ok, &in, 1);
}

bool urna_element_decode_known(const struct urna_group *G, urna_element *out, const uint8_t *in)
{
    return G->ops->decode_known(G, out, in);
}

bool urna_element_decode_batch(const struct urna_group *G, urna_element *out, bool *ok,
                               const uint8_t *const *in, size_t n)
{
    return G->ops->decode_batch(G, out, ok, in, n);
}

void urna_element_encode(const struct urna_group *G, uint8_t *out, const urna_element *x)
{
    G->ops->encode(G, out, x);
}

void urna_element_identity(const struct urna_group *G, urna_element *out)
{
    G->ops->identity(G, out);
}

void urna_element_generator(const struct urna_group *G, urna_element *out)
{
    G->ops->generator(G, out);
}

bool urna_element_is_identity(const struct urna_group *G, const urna_element *x)
{
    urna_element one;
    G->ops->identity(G, &one);
    return G->ops->eq(G, x, &one);
}

bool urna_element_eq(const struct urna_group *G, const urna_element *a, const urna_element *b)
{
    return G->ops->eq(G, a, b);
}

void urna_element_mul(const struct urna_group *G, urna_element *out, const urna_element *a,
                      const urna_element *b)
{
    G->ops->mul(G, out, a, b);
}

void urna_element_div(const struct urna_group *G, urna_element *out, const urna_element *a,
                      const urna_element *b)
{
    G->ops->div(G, out, a, b);
}

void urna_h_element(struct urna_h *h, const struct urna_group *G, const urna_element *x)
{
    uint8_t bytes[URNA_LP_MAX];
    G->ops->encode(G, bytes, x);
    urna_h_bytes(h, bytes, G->lp);
}

/* --- public scalars --- */

bool urna_scalar_decode(const struct urna_group *G, urna_scalar *out, const uint8_t *in)
{
    urna_limbs_from_be(out->v, 4, in, G->lq);
    if (limbs_less(out->v, G->q))
        return true;
    memset(out, 0, sizeof *out);
    return false;
}

void urna_scalar_encode(const struct urna_group *G, uint8_t *out, const urna_scalar *x)
{
    urna_limbs_to_be(out, G->lq, x->v);
}

void urna_scalar_from_u64(const struct urna_group *G, urna_scalar *out, uint64_t x)
{
    uint64_t v[4] = {x, 0, 0, 0};
    G->ops->scalar_reduce(G, out->v, v);
}

void urna_scalar_from_hash(const struct urna_group *G, urna_scalar *out, const uint8_t h[32])
{
    uint64_t v[4];
    urna_limbs_from_be(v, 4, h, 32);
    G->ops->scalar_reduce(G, out->v, v);
}

void urna_scalar_add(const struct urna_group *G, urna_scalar *out, const urna_scalar *a,
                     const urna_scalar *b)
{
    G->ops->scalar_add(G, out->v, a->v, b->v);
}

void urna_scalar_sub(const struct urna_group *G, urna_scalar *out, const urna_scalar *a,
                     const urna_scalar *b)
{
    G->ops->scalar_sub(G, out->v, a->v, b->v);
}

void urna_scalar_mul(const struct urna_group *G, urna_scalar *out, const urna_scalar *a,
                     const urna_scalar *b)
{
    G->ops->scalar_mul(G, out->v, a->v, b->v);
}

void urna_scalar_inv_vartime(const struct urna_group *G, urna_scalar *out, const urna_scalar *a)
{
    /* Fermat: a^(q-2). */
    uint64_t e[4];
    uint64_t borrow = 2;
    for (int i = 0; i < 4; i++) {
        e[i] = G->q[i] - borrow;
        borrow = G->q[i] < borrow;
    }
    const urna_scalar base = *a;
    urna_scalar r;
    urna_scalar_from_u64(G, &r, 1);
    for (int bit = 255; bit >= 0; bit--) {
        urna_scalar_mul(G, &r, &r, &r);
        if (e[bit / 64] >> (bit % 64) & 1)
            urna_scalar_mul(G, &r, &r, &base);
    }
    *out = r;
}

bool urna_scalar_eq(const urna_scalar *a, const urna_scalar *b)
{
    return memcmp(a->v, b->v, sizeof a->v) == 0;
}

bool urna_scalar_is_zero(const urna_scalar *a)
{
    return (a->v[0] | a->v[1] | a->v[2] | a->v[3]) == 0;
}

void urna_h_scalar(struct urna_h *h, const struct urna_group *G, const urna_scalar *x)
{
    uint8_t bytes[URNA_LQ_MAX];
    urna_scalar_encode(G, bytes, x);
    urna_h_bytes(h, bytes, G->lq);
}

void urna_h_end_q(struct urna_h *h, const struct urna_group *G, urna_scalar *out)
{
    uint8_t digest[32];
    urna_h_end(h, digest);
    urna_scalar_from_hash(G, out, digest);
}

void urna_lagrange(const struct urna_group *G, urna_scalar *out, uint32_t i, const uint32_t *U,
                   size_t n)
{
    urna_scalar num, den, si, sl;
    urna_scalar_from_u64(G, &num, 1);
    urna_scalar_from_u64(G, &den, 1);
    urna_scalar_from_u64(G, &si, i);
    for (size_t j = 0; j < n; j++) {
        if (U[j] == i)
            continue;
        urna_scalar_from_u64(G, &sl, U[j]);
        urna_scalar_mul(G, &num, &num, &sl);
        urna_scalar_sub(G, &sl, &sl, &si);
        urna_scalar_mul(G, &den, &den, &sl);
    }
    urna_scalar_inv_vartime(G, &den, &den);
    urna_scalar_mul(G, out, &num, &den);
}

/* --- secret scalars --- */

void urna_secret_random(const struct urna_group *G, urna_secret_scalar *out)
{
    /* Rejection from the bits of q: what is thrown away says nothing about what is kept. */
    int top = 3;
    while (G->q[top] == 0)
        top--;
    uint64_t mask = ~(uint64_t)0 >> __builtin_clzll(G->q[top]);
    bool below;
    do {
        memset(out, 0, sizeof *out);
        urna_random(out->secret, sizeof out->secret[0] * (size_t)(top + 1));
        out->secret[top] &= mask;
        below = limbs_less(out->secret, G->q);
        URNA_PUBLIC(&below, sizeof below);
    } while (!below);
}

void urna_secret_random_nonzero(const struct urna_group *G, urna_secret_scalar *out)
{
    bool zero;
    do {
        urna_secret_random(G, out);
        zero = (out->secret[0] | out->secret[1] | out->secret[2] | out->secret[3]) == 0;
        URNA_PUBLIC(&zero, sizeof zero);
    } while (zero);
}

bool urna_secret_decode(const struct urna_group *G, urna_secret_scalar *out, const uint8_t *in)
{
    urna_limbs_from_be(out->secret, 4, in, G->lq);
    bool below = limbs_less(out->secret, G->q);
    URNA_PUBLIC(&below, sizeof below);
    if (below)
        return true;
    urna_secret_wipe(out);
    return false;
}

void urna_secret_encode(const struct urna_group *G, uint8_t *out, const urna_secret_scalar *x)
{
    urna_limbs_to_be(out, G->lq, x->secret);
}

void urna_secret_from_hash(const struct urna_group *G, urna_secret_scalar *out, const uint8_t h[32])
{
    uint64_t v[4];
    urna_limbs_from_be(v, 4, h, 32);
    G->ops->scalar_reduce(G, out->secret, v);
    urna_wipe(v, sizeof v);
}

void urna_secret_from_public(urna_secret_scalar *out, const urna_scalar *x)
{
    memcpy(out->secret, x->v, sizeof out->secret);
}

void urna_secret_declassify(urna_scalar *out, const urna_secret_scalar *x)
{
    memcpy(out->v, x->secret, sizeof out->v);
    URNA_PUBLIC(out->v, sizeof out->v);
}

void urna_secret_add(const struct urna_group *G, urna_secret_scalar *out,
                     const urna_secret_scalar *a, const urna_secret_scalar *b)
{
    G->ops->scalar_add(G, out->secret, a->secret, b->secret);
}

void urna_secret_sub(const struct urna_group *G, urna_secret_scalar *out,
                     const urna_secret_scalar *a, const urna_secret_scalar *b)
{
    G->ops->scalar_sub(G, out->secret, a->secret, b->secret);
}

void urna_secret_mul(const struct urna_group *G, urna_secret_scalar *out,
                     const urna_secret_scalar *a, const urna_secret_scalar *b)
{
    G->ops->scalar_mul(G, out->secret, a->secret, b->secret);
}

void urna_secret_select(urna_secret_scalar *out, uint64_t flag, const urna_secret_scalar *a,
                        const urna_secret_scalar *b)
{
    uint64_t mask = 0 - flag;
    /* Keep the compiler from turning the mask back into a branch. */
    __asm__("" : "+r"(mask));
    for (int i = 0; i < 4; i++)
        out->secret[i] = (a->secret[i] & mask) | (b->secret[i] & ~mask);
}

void urna_secret_wipe(urna_secret_scalar *x)
{
    urna_wipe(x, sizeof *x);
}

/* --- powers --- */

struct urna_fixed *urna_fixed_new(const struct urna_group *G, const urna_element *base)
{
    struct urna_fixed *F = urna_xmalloc(sizeof *F);
    F->G = G;
    F->base = *base;
    F->table = NULL;
    G->ops->fixed_new(F);
    return F;
}

void urna_fixed_free(struct urna_fixed *F)
{
    if (F == NULL)
        return;
    F->G->ops->fixed_free(F->table);
    free(F);
}

const struct urna_fixed *urna_fixed_generator(const struct urna_group *G)
{
    /* Lives as long as the process, like the groups themselves. */
    static struct urna_fixed *shared[GROUPS];
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct urna_fixed *F = __atomic_load_n(&shared[G->index], __ATOMIC_ACQUIRE);
    if (F != NULL)
        return F;
    pthread_mutex_lock(&lock);
    F = shared[G->index];
    if (F == NULL) {
        urna_element g;
        G->ops->generator(G, &g);
        F = urna_fixed_new(G, &g);
        __atomic_store_n(&shared[G->index], F, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&lock);
    return F;
}

const urna_element *urna_fixed_base(const struct urna_fixed *F)
{
    return &F->base;
}

void urna_exp_vartime(const struct urna_group *G, urna_element *out, const urna_element *base,
                      const urna_scalar *e, size_t n)
{
    G->ops->exp_vartime(G, out, base, e, n);
}

void urna_fixed_exp_vartime(const struct urna_fixed *F, urna_element *out, const urna_scalar *e,
                            size_t n)
{
    F->G->ops->fixed_exp_vartime(F, out, e, n);
}

void urna_dual_exp_vartime(const struct urna_group *G, urna_element *out,
                           const struct urna_fixed *const *F, const urna_scalar *e,
                           const urna_element *base, const urna_scalar *f, size_t n)
{
    G->ops->dual_exp_vartime(G, out, NULL, F, e, base, f, n);
}

bool urna_candidate_decode(const struct urna_group *G, urna_candidate *out, const uint8_t *in)
{
    if (G->ops->decode_known(G, &out->x, in))
        return true;
    G->ops->identity(G, &out->x);
    return false;
}

void urna_candidate_dual_exp_vartime(const struct urna_group *G, urna_element *out, bool *member,
                                     const struct urna_fixed *const *F, const urna_scalar *e,
                                     const urna_candidate *base, const urna_scalar *f, size_t n)
{
    /* A candidate is one element and nothing else. */
    _Static_assert(sizeof(urna_candidate) == sizeof(urna_element), "arrays of one are the other");
    G->ops->dual_exp_vartime(G, out, member, F, e, (const urna_element *)(const void *)base, f, n);
}

void urna_multi_exp_vartime(const struct urna_group *G, urna_element *out, const urna_element *base,
                            const urna_scalar *e, size_t n)
{
    G->ops->multi_exp_vartime(G, out, base, e, n);
}

void urna_exp_secret(const struct urna_group *G, urna_element *out, const urna_element *base,
                     const urna_secret_scalar *e, size_t n)
{
    G->ops->exp_secret(G, out, base, e, n);
}

void urna_fixed_exp_secret(const struct urna_fixed *F, urna_element *out,
                           const urna_secret_scalar *e, size_t n)
{
    F->G->ops->fixed_exp_secret(F, out, e, n);
}
