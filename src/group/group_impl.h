/* What a group is made of: the table of functions that group.c calls. Private to this room.
 * Pointers to limbs are scalars of 4 limbs, little-endian, < q. Functions named scalar_* and
 * *_secret are constant time in their operands. */
#ifndef URNA_GROUP_GROUP_IMPL_H
#define URNA_GROUP_GROUP_IMPL_H

#include "group/group.h"

struct modp; /* modp.c */

struct group_ops {
    bool (*decode_batch)(const struct urna_group *G, urna_element *out, bool *ok,
                         const uint8_t *const *in, size_t n);
    bool (*decode_known)(const struct urna_group *G, urna_element *out, const uint8_t *in);
    void (*encode)(const struct urna_group *G, uint8_t *out, const urna_element *x);
    void (*identity)(const struct urna_group *G, urna_element *out);
    void (*generator)(const struct urna_group *G, urna_element *out);
    bool (*eq)(const struct urna_group *G, const urna_element *a, const urna_element *b);
    void (*mul)(const struct urna_group *G, urna_element *out, const urna_element *a,
                const urna_element *b);
    void (*div)(const struct urna_group *G, urna_element *out, const urna_element *a,
                const urna_element *b);
    void (*h_group)(struct urna_h *h, const struct urna_group *G);

    void (*scalar_add)(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                       const uint64_t *b);
    void (*scalar_sub)(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                       const uint64_t *b);
    void (*scalar_mul)(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                       const uint64_t *b);
    /* Any number of 256 bits, mod q. */
    void (*scalar_reduce)(const struct urna_group *G, uint64_t *out, const uint64_t in[4]);

    /* Fill F->table, which is the group's own; F->base may be given another representation. */
    void (*fixed_new)(struct urna_fixed *F);
    void (*fixed_free)(void *table);
    void (*exp_vartime)(const struct urna_group *G, urna_element *out, const urna_element *base,
                        const urna_scalar *e, size_t n);
    void (*fixed_exp_vartime)(const struct urna_fixed *F, urna_element *out, const urna_scalar *e,
                              size_t n);
    /* member may be NULL; else base need not hold members, and member[i] says whether base[i] is
     * one. */
    void (*dual_exp_vartime)(const struct urna_group *G, urna_element *out, bool *member,
                             const struct urna_fixed *const *F, const urna_scalar *e,
                             const urna_element *base, const urna_scalar *f, size_t n);
    void (*multi_exp_vartime)(const struct urna_group *G, urna_element *out,
                              const urna_element *base, const urna_scalar *e, size_t n);
    void (*exp_secret)(const struct urna_group *G, urna_element *out, const urna_element *base,
                       const urna_secret_scalar *e, size_t n);
    void (*fixed_exp_secret)(const struct urna_fixed *F, urna_element *out,
                             const urna_secret_scalar *e, size_t n);
};

/* The table of a group whose functions are called NAME_decode_batch and so on: none is forgotten.
 */
#define GROUP_OPS(name)                                                                            \
    {                                                                                              \
        .decode_batch = name##_decode_batch, .decode_known = name##_decode_known,                  \
        .encode = name##_encode, .identity = name##_identity, .generator = name##_generator,       \
        .eq = name##_eq, .mul = name##_mul, .div = name##_div, .h_group = name##_h_group,          \
        .scalar_add = name##_scalar_add, .scalar_sub = name##_scalar_sub,                          \
        .scalar_mul = name##_scalar_mul, .scalar_reduce = name##_scalar_reduce,                    \
        .fixed_new = name##_fixed_new, .fixed_free = name##_fixed_free,                            \
        .exp_vartime = name##_exp_vartime, .fixed_exp_vartime = name##_fixed_exp_vartime,          \
        .dual_exp_vartime = name##_dual_exp_vartime,                                               \
        .multi_exp_vartime = name##_multi_exp_vartime, .exp_secret = name##_exp_secret,            \
        .fixed_exp_secret = name##_fixed_exp_secret,                                               \
    }

struct urna_group {
    const char *name;
    const struct group_ops *ops;
    bool test_only;
    size_t lp, lq;  /* bytes of an element, of a scalar */
    unsigned index; /* position in group.c's list */
    uint8_t ver[32];
    uint64_t q[4];
    const struct modp *modp; /* NULL for ristretto255 */
};

struct urna_fixed {
    const struct urna_group *G;
    urna_element base;
    void *table;
};

extern const struct group_ops urna_ristretto255_ops;
extern const struct group_ops urna_modp_ops;

/* modp.c: fill G (all but index) from the parameters of this number. */
#define MODP_SETS 10
void urna_modp_setup(struct urna_group *G, unsigned set);
/* ristretto255.c */
void urna_ristretto255_setup(struct urna_group *G);

/* Bytes big endian <-> limbs; len <= 8 * n, higher limbs zero. */
void urna_limbs_from_be(uint64_t *out, size_t n, const uint8_t *in, size_t len);
void urna_limbs_to_be(uint8_t *out, size_t len, const uint64_t *in);

#endif
