#include "proof/chaining.h"

#include <string.h>

void urna_chaining_simple(uint8_t b_c[36], const uint8_t x[32])
{
    urna_be32(b_c, 1);
    memcpy(b_c + 4, x, 32);
}

void urna_chain_start(uint8_t h_0[32], enum urna_chain kind, const uint8_t h_e[32],
                      const uint8_t b_c0[36])
{
    struct urna_h h;
    urna_h_begin(&h, h_e, kind == URNA_CHAIN_PREENCRYPTED ? 0x42 : 0x29);
    urna_h_bytes(&h, b_c0, 36);
    urna_h_end(&h, h_0);
}

void urna_chain_close(uint8_t b_c_close[36], uint8_t closing[32], enum urna_chain kind,
                      const uint8_t h_e[32], const uint8_t last[32], const uint8_t b_c0[36])
{
    struct urna_h h;
    uint8_t inner[32];
    urna_h_begin(&h, h_e, kind == URNA_CHAIN_PREENCRYPTED ? 0x44 : 0x2B);
    urna_h_bytes(&h, last, 32);
    urna_h_bytes(&h, b_c0, 36);
    urna_h_end(&h, inner);
    urna_chaining_simple(b_c_close, inner);
    urna_chain_start(closing, kind, h_e, b_c_close);
}
