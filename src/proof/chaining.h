/* Simple chaining of confirmation codes (section 3.4.4; domains 29, 2B; for pre-encrypted ballots
 * 42, 44): for vectors and records of other systems. Elections of this program have mode none only.
 */
#ifndef URNA_PROOF_CHAINING_H
#define URNA_PROOF_CHAINING_H

#include "proof/eg_hash.h"

enum urna_chain { URNA_CHAIN_ORDINARY, URNA_CHAIN_PREENCRYPTED };

/* B_C = 00000001 || x: x is H_DI for the start of the chain, the previous code after that. */
void urna_chaining_simple(uint8_t b_c[36], const uint8_t x[32]);
/* H_0 = H(H_E; 29 or 42, B_C0) */
void urna_chain_start(uint8_t h_0[32], enum urna_chain kind, const uint8_t h_e[32],
                      const uint8_t b_c0[36]);
/* The closing field 00000001 || H(H_E; 2B or 44, last, B_C0) and its hash. last: the last code, or
 * H_0. */
void urna_chain_close(uint8_t b_c_close[36], uint8_t closing[32], enum urna_chain kind,
                      const uint8_t h_e[32], const uint8_t last[32], const uint8_t b_c0[36]);

#endif
