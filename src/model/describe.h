/* Inside the model room: one function per kind that describes its body to a codec, for both
 * directions. Each takes the whole body, so that a table can name them all. */
#ifndef URNA_MODEL_DESCRIBE_H
#define URNA_MODEL_DESCRIBE_H

#include "model/kinds.h"

/* Lengths of an element and of a scalar of the election's group, in bytes. */
struct urna_sizes {
    size_t lp, lq;
};

typedef void urna_describe_fn(struct urna_codec *c, struct urna_body *b,
                              const struct urna_sizes *s);

urna_describe_fn urna_describe_manifest;
urna_describe_fn urna_describe_accept, urna_describe_guardian_commit, urna_describe_guardian_keys,
    urna_describe_guardian_shares, urna_describe_guardian_complaint, urna_describe_guardian_confirm,
    urna_describe_open;
urna_describe_fn urna_describe_roll, urna_describe_roll_close;
urna_describe_fn urna_describe_ballot, urna_describe_challenge;
urna_describe_fn urna_describe_countset, urna_describe_decrypt_commit, urna_describe_decrypt_reveal,
    urna_describe_decrypt_respond, urna_describe_tally, urna_describe_result;
urna_describe_fn urna_describe_anchor, urna_describe_close, urna_describe_verdict,
    urna_describe_free_text, urna_describe_redact;

/* What reading says when all is read. */
enum urna_status urna_body_read_end(struct urna_codec *c, enum urna_kind kind,
                                    struct urna_error *err) URNA_MUST_USE;

#define URNA_WEIGHT_MAX (1u << 20)

/* Fields that many kinds have. Where an array calls them per element, ctx is the sizes, or unused.
 */
static inline void urna_field_hash(struct urna_codec *c, const char *key, uint8_t h[32])
{
    urna_codec_key(c, key);
    urna_codec_hex(c, h, 32);
}
static inline void urna_field_hash_maybe(struct urna_codec *c, const char *key, const uint8_t **h)
{
    if (urna_codec_maybe(c, key, *h != NULL))
        urna_codec_hexp(c, h, 32);
}
static inline void urna_field_id(struct urna_codec *c, const char *key, const char **id)
{
    urna_codec_key(c, key);
    urna_codec_id(c, id);
}
/* Numbers that count something, or stand for a time: 0 .. 2^53-1. */
static inline void urna_field_number(struct urna_codec *c, const char *key, uint64_t *x)
{
    urna_codec_key(c, key);
    urna_codec_u64(c, x, 0, URNA_INT_MAX);
}
/* Numbers that name something or must be there at all: 1 ... */
static inline void urna_field_positive(struct urna_codec *c, const char *key, uint64_t *x)
{
    urna_codec_key(c, key);
    urna_codec_u64(c, x, 1, URNA_INT_MAX);
}
static inline void urna_field_index(struct urna_codec *c, const char *key, uint32_t *i)
{
    urna_codec_key(c, key);
    urna_codec_u32(c, i, 1, UINT32_MAX);
}
static inline void urna_field_bytes(struct urna_codec *c, const char *key, const uint8_t **p,
                                    size_t len)
{
    urna_codec_key(c, key);
    urna_codec_hexp(c, p, len);
}

static inline void urna_item_hash(struct urna_codec *c, uint8_t (*h)[32], const void *ctx)
{
    (void)ctx;
    urna_codec_hex(c, *h, 32);
}
static inline void urna_item_element(struct urna_codec *c, const uint8_t **x,
                                     const struct urna_sizes *s)
{
    urna_codec_hexp(c, x, s->lp);
}
static inline void urna_item_scalar(struct urna_codec *c, const uint8_t **x,
                                    const struct urna_sizes *s)
{
    urna_codec_hexp(c, x, s->lq);
}
static inline void urna_item_index(struct urna_codec *c, uint32_t *i, const void *ctx)
{
    (void)ctx;
    urna_codec_u32(c, i, 1, UINT32_MAX);
}

/* Faults that are seen only once a list is read. */
void urna_want(struct urna_codec *c, bool holds, const char *reason);
void urna_want_ascending_u32(struct urna_codec *c, const uint32_t *x, uint32_t n);
void urna_want_ascending_hashes(struct urna_codec *c, uint8_t (*const h)[32], uint32_t n);

#endif
