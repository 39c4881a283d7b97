/* Bytes: borrowed views, growing buffers, big-endian numbers, hex, base64. */
#ifndef URNA_BASE_BYTES_H
#define URNA_BASE_BYTES_H

#include "base/status.h"

/* Borrowed; never freed through the view. */
struct urna_view {
    const uint8_t *p;
    size_t len;
};

static inline struct urna_view urna_view(const void *p, size_t len)
{
    struct urna_view v = {(const uint8_t *)p, len};
    return v;
}
struct urna_view urna_view_str(const char *s);
bool urna_view_eq(struct urna_view a, struct urna_view b);
bool urna_view_eq_str(struct urna_view a, const char *s);

/* Owned and growing. {0} is an empty buffer; urna_buf_free leaves {0}. */
struct urna_buf {
    uint8_t *p;
    size_t len, cap;
};

void urna_buf_free(struct urna_buf *b);
void urna_buf_reset(struct urna_buf *b); /* len = 0, memory kept */
void urna_buf_add(struct urna_buf *b, const void *p, size_t len);
/* Room for ${more} bytes behind the content, to be filled in by the caller, who adds to len. */
uint8_t *urna_buf_room(struct urna_buf *b, size_t more);
void urna_buf_str(struct urna_buf *b, const char *s);
void urna_buf_char(struct urna_buf *b, char c);
void urna_buf_u8(struct urna_buf *b, uint8_t x);
void urna_buf_be16(struct urna_buf *b, uint16_t x);
void urna_buf_be32(struct urna_buf *b, uint32_t x);
void urna_buf_be64(struct urna_buf *b, uint64_t x);
void urna_buf_hex(struct urna_buf *b, const uint8_t *p, size_t len); /* upper case */
void urna_buf_printf(struct urna_buf *b, const char *fmt, ...) URNA_PRINTF(2, 3);
struct urna_view urna_buf_view(const struct urna_buf *b);
/* NUL-terminate (the NUL is not counted) and borrow as text. */
const char *urna_buf_cstr(struct urna_buf *b);

static inline void urna_be32(uint8_t out[4], uint32_t x)
{
    out[0] = (uint8_t)(x >> 24);
    out[1] = (uint8_t)(x >> 16);
    out[2] = (uint8_t)(x >> 8);
    out[3] = (uint8_t)x;
}
static inline void urna_be64(uint8_t out[8], uint64_t x)
{
    urna_be32(out, (uint32_t)(x >> 32));
    urna_be32(out + 4, (uint32_t)x);
}
static inline uint32_t urna_get_be32(const uint8_t p[4])
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static inline uint64_t urna_get_be64(const uint8_t p[8])
{
    return (uint64_t)urna_get_be32(p) << 32 | urna_get_be32(p + 4);
}

/* out gets 2*len upper-case digits and a NUL. */
void urna_hex(char *out, const uint8_t *p, size_t len);
/* Exactly 2*len digits; upper case only (urna_unhex) or either case (urna_unhex_any). */
bool urna_unhex(uint8_t *out, size_t len, const char *hex, size_t hex_len) URNA_MUST_USE;
bool urna_unhex_any(uint8_t *out, size_t len, const char *hex, size_t hex_len) URNA_MUST_USE;

/* RFC 4648 with padding, canonical (unused bits zero, no white space). decode: out is appended to.
 */
void urna_base64(struct urna_buf *out, const uint8_t *p, size_t len);
bool urna_unbase64(struct urna_buf *out, const char *s, size_t len) URNA_MUST_USE;

/* Strict decimal: digits only, no leading zero, <= max. */
bool urna_parse_u64(uint64_t *out, const char *s, size_t len, uint64_t max) URNA_MUST_USE;

/* Strict UTF-8 (no overlong forms, no surrogates, <= 10FFFF). Decode the scalar value at s[*i],
 * advance *i; returns false at a bad sequence. */
bool urna_utf8_next(const uint8_t *s, size_t len, size_t *i, uint32_t *cp) URNA_MUST_USE;

#endif
