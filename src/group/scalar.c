/* Scalars of every group, public and secret: 4 limbs, little-endian, < q. */
#include "group/group_impl.h"

#include <string.h>

#include "base/ct.h"
#include "base/secret.h"

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
