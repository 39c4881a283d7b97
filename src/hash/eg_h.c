#include "hash/eg_h.h"

#include <assert.h>
#include <string.h>

void urna_h_begin(struct urna_h *h, const uint8_t key[32], uint8_t domain)
{
    urna_hmac_init(&h->mac, key);
    urna_hmac_add(&h->mac, &domain, 1);
}

void urna_h_u32(struct urna_h *h, uint32_t x)
{
    uint8_t be[4];
    urna_be32(be, x);
    urna_hmac_add(&h->mac, be, sizeof be);
}

void urna_h_bytes(struct urna_h *h, const void *p, size_t len)
{
    urna_hmac_add(&h->mac, p, len);
}

void urna_h_str(struct urna_h *h, const char *s)
{
    urna_hmac_add(&h->mac, s, strlen(s));
}

void urna_h_end(struct urna_h *h, uint8_t out[32])
{
    urna_hmac_end(&h->mac, out);
}

/* ---- key derivation: counter ‖ label ‖ 00 ‖ context ‖ length in bits ---- */

/* A literal without its closing NUL; NULs inside count. */
#define ADD_LITERAL(mac, literal) urna_hmac_add((mac), (literal), sizeof(literal) - 1)

static void add_u32(struct urna_hmac *mac, uint32_t x)
{
    uint8_t be[4];
    urna_be32(be, x);
    urna_hmac_add(mac, be, sizeof be);
}

void urna_kdf_share(uint8_t out[64], const uint8_t key[32], uint32_t i, uint32_t l)
{
    for (uint8_t b = 1; b <= 2; b++) {
        struct urna_hmac mac;
        urna_hmac_init(&mac, key);
        urna_hmac_add(&mac, &b, 1);
        ADD_LITERAL(&mac, "share_enc_keys\0share_encrypt");
        add_u32(&mac, i);
        add_u32(&mac, l);
        ADD_LITERAL(&mac, "\x02\x00"); /* 512 bits */
        urna_hmac_end(&mac, out + 32 * (b - 1));
    }
}

void urna_kdf_nonce(uint8_t out[32], const uint8_t key[32])
{
    struct urna_hmac mac;
    urna_hmac_init(&mac, key);
    ADD_LITERAL(&mac, "\x01"
                      "ballot_nonce\0ballot_nonce_encrypt"
                      "\x01\x00"); /* 256 bits */
    urna_hmac_end(&mac, out);
}

void urna_kdf_data(uint8_t *out, const uint8_t key[32], uint32_t ind_c, uint32_t blocks)
{
    assert(blocks <= UINT32_MAX / 256); /* the length in bits has four bytes */
    for (uint32_t i = 1; i <= blocks; i++) {
        struct urna_hmac mac;
        urna_hmac_init(&mac, key);
        add_u32(&mac, i);
        ADD_LITERAL(&mac, "data_enc_keys\0contest_data");
        add_u32(&mac, ind_c);
        add_u32(&mac, 256 * blocks);
        urna_hmac_end(&mac, out + 32 * (size_t)(i - 1));
    }
}
