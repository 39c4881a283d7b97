/* How ristretto255.c (elements; powers of public exponents, our own arithmetic) and
 * ristretto255_secret.c (scalars; powers of secret ones, libsodium) keep an element. Private to
 * this room.
 *
 * An element is kept as its encoding, as a point, or as both; what is missing is made when it is
 * needed and not kept, because elements are shared between threads. All zeros is the identity. */
#ifndef URNA_GROUP_RISTRETTO_IMPL_H
#define URNA_GROUP_RISTRETTO_IMPL_H

#include "group/group_impl.h"
#include "group/portable/ristretto_vartime.h"

#include <string.h>

extern const uint8_t urna_ristretto_generator[32];

/* What stands in urna_element. */
struct member {
    uint8_t bytes[32];
    uint64_t parts;
    struct rv_point point;
};
#define NO_BYTES 1  /* parts: bytes are not there */
#define HAS_POINT 2 /* parts: point is there */

_Static_assert(sizeof(struct member) <= sizeof(urna_element), "an element holds both forms");

static inline struct member *member_of(urna_element *x)
{
    return (struct member *)(void *)x->v;
}

static inline const struct member *const_member_of(const urna_element *x)
{
    return (const struct member *)(const void *)x->v;
}

static inline void set_bytes(urna_element *out, const uint8_t in[32])
{
    struct member *m = member_of(out);
    memcpy(m->bytes, in, 32);
    m->parts = 0;
}

static inline void set_point(urna_element *out, const struct rv_point *p)
{
    struct member *m = member_of(out);
    m->point = *p;
    m->parts = HAS_POINT | NO_BYTES;
}

static inline void set_both(urna_element *out, const uint8_t in[32], const struct rv_point *p)
{
    struct member *m = member_of(out);
    memcpy(m->bytes, in, 32);
    m->point = *p;
    m->parts = HAS_POINT;
}

/* The encoding of x, in x itself or in room. */
static inline const uint8_t *bytes_of(const urna_element *x, uint8_t room[32])
{
    const struct member *m = const_member_of(x);
    if ((m->parts & NO_BYTES) == 0)
        return m->bytes;
    urna_rv_encode(room, &m->point);
    return room;
}

static inline const struct rv_point *point_of(const urna_element *x, struct rv_point *room)
{
    const struct member *m = const_member_of(x);
    if ((m->parts & HAS_POINT) != 0)
        return &m->point;
    /* Encodings of members decode: they were tested, or libsodium wrote them. */
    (void)urna_rv_decode(room, m->bytes);
    return room;
}

/* ristretto255_secret.c: rows of the table of functions (group_impl.h). */
void ristretto_scalar_add(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                          const uint64_t *b);
void ristretto_scalar_sub(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                          const uint64_t *b);
void ristretto_scalar_mul(const struct urna_group *G, uint64_t *out, const uint64_t *a,
                          const uint64_t *b);
void ristretto_scalar_reduce(const struct urna_group *G, uint64_t *out, const uint64_t in[4]);
void ristretto_exp_secret(const struct urna_group *G, urna_element *out, const urna_element *base,
                          const urna_secret_scalar *e, size_t n);
void ristretto_fixed_exp_secret(const struct urna_fixed *F, urna_element *out,
                                const urna_secret_scalar *e, size_t n);

#endif
