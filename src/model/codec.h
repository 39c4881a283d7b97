/* The one grammar of bodies and envelopes (election.md section 1): strict canonical JSON on one line.
 * A codec walks a description of a kind either reading or writing, so that there is one place for every schema and
 * write(read(x)) = x holds by construction: the reader accepts exactly the spelling that the writer makes.
 *
 *   struct urna_codec c = urna_codec_reader(view, arena)  |  urna_codec_writer(buf)
 *   urna_codec_open(&c); urna_codec_key(&c, "as"); urna_codec_id(&c, &x->as); ... urna_codec_close(&c);
 *
 * After the first fault every call is a no-op and c->failed is set with the byte and the reason. Counts are bounded by the length
 * of the input, so nothing is allocated by an unchecked number. */
#ifndef URNA_MODEL_CODEC_H
#define URNA_MODEL_CODEC_H

#include "base/arena.h"
#include "base/bytes.h"

#define URNA_INT_MAX ((1ULL << 53) - 1)

struct urna_codec {
    bool reading, failed;
    struct urna_view in;
    size_t at;                /* byte reached */
    struct urna_arena *arena; /* reading: strings and arrays */
    struct urna_buf *out;     /* writing */
    bool first;               /* no comma before the next key or element */
    unsigned depth;
    const char *reason;       /* static text of the first fault */
};

struct urna_codec urna_codec_reader(struct urna_view in, struct urna_arena *a);
struct urna_codec urna_codec_writer(struct urna_buf *out);
/* Reading: true if all input was used and nothing failed. Writing: always true. */
bool urna_codec_done(struct urna_codec *c) URNA_MUST_USE;
void urna_codec_fault(struct urna_codec *c, const char *reason);

void urna_codec_open(struct urna_codec *c);  /* { */
void urna_codec_close(struct urna_codec *c); /* } */
void urna_codec_key(struct urna_codec *c, const char *key);
/* Optional key: when reading, is it next? when writing, write it if ${present}. */
bool urna_codec_maybe(struct urna_codec *c, const char *key, bool present);
/* Integers 0..max (<= 2^53-1), at least min. */
void urna_codec_u64(struct urna_codec *c, uint64_t *x, uint64_t min, uint64_t max);
void urna_codec_u32(struct urna_codec *c, uint32_t *x, uint32_t min, uint32_t max);
/* Optional integer with default: absent = def; written out equal to def = fault. */
void urna_codec_u32_default(struct urna_codec *c, const char *key, uint32_t *x, uint32_t min, uint32_t max, uint32_t def);
void urna_codec_u64_default(struct urna_codec *c, const char *key, uint64_t *x, uint64_t min, uint64_t max, uint64_t def);
/* Strings by class, NUL-terminated in the arena. */
void urna_codec_id(struct urna_codec *c, const char **s);
void urna_codec_name(struct urna_codec *c, const char **s);
void urna_codec_text(struct urna_codec *c, const char **s);
/* Exactly one of the words; *which = its place. */
void urna_codec_word(struct urna_codec *c, const char *const *words, uint32_t n, uint32_t *which);
/* Fixed-length upper-case hex, into caller memory or the arena. */
void urna_codec_hex(struct urna_codec *c, uint8_t *p, size_t len);
void urna_codec_hexp(struct urna_codec *c, const uint8_t **p, size_t len);

/* Arrays: for (urna_codec_begin(&c); urna_codec_more(&c, &i, n);) { grow if reading; element } -- see URNA_CODEC_ARRAY. */
void urna_codec_begin(struct urna_codec *c);                                          /* [ */
bool urna_codec_more(struct urna_codec *c, uint32_t *i, uint32_t n);                  /* ] when it ends */
void *urna_codec_grow(struct urna_codec *c, void *array, uint32_t n, size_t size);    /* room for element n */

/* array: pointer field; count: uint32_t field; fn(c, &array[i], ctx) handles one element. */
#define URNA_CODEC_ARRAY(c, array, count, fn, ctx)                                                          \
    do {                                                                                                    \
        uint32_t i_ = 0;                                                                                    \
        for (urna_codec_begin(c); urna_codec_more((c), &i_, (count)); i_++) {                               \
            if ((c)->reading) {                                                                             \
                (array) = urna_codec_grow((c), (array), i_, sizeof *(array));                               \
                (count) = i_ + 1;                                                                           \
            }                                                                                               \
            fn((c), &(array)[i_], (ctx));                                                                   \
        }                                                                                                   \
    } while (0)

#endif
