/* Which groups there are; elements and powers: dispatch, and what is the same for every group. */
#include "group/group_impl.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

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
