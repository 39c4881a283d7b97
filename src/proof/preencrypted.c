#include "proof/preencrypted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proof/hash_impl.h"

void urna_hash_vector_nonce(const struct urna_group *G, urna_secret_scalar *xi,
                            const uint8_t h_i[32], uint32_t i, uint32_t j, uint32_t k,
                            const uint8_t xi_b[32])
{
    const uint32_t index[3] = {i, j, k};
    urna_hash_secret_nonce(G, xi, h_i, 0x45, index, 3, xi_b);
}

void urna_hash_selection(uint8_t psi[32], const struct urna_group *G, const uint8_t h_i[32],
                         const urna_element *alpha, const urna_element *beta, size_t m)
{
    struct urna_h h;
    urna_h_begin(&h, h_i, 0x40);
    for (size_t k = 0; k < m; k++) {
        urna_h_element(&h, G, &alpha[k]);
        urna_h_element(&h, G, &beta[k]);
    }
    urna_h_end(&h, psi);
}

static int compare_hashes(const void *a, const void *b)
{
    return memcmp(a, b, 32);
}

bool urna_hash_contest_pre(uint8_t chi[32], const uint8_t h_i[32], uint32_t ind_c,
                           const uint8_t (*psi)[32], size_t n)
{
    uint8_t(*sorted)[32] = urna_xcalloc(n + 1, sizeof *sorted);
    if (n > 0)
        memcpy(sorted, psi, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_hashes);
    bool distinct = true;
    for (size_t j = 1; j < n; j++)
        distinct = distinct && memcmp(sorted[j - 1], sorted[j], 32) != 0;
    memset(chi, 0, 32);
    if (distinct) {
        struct urna_h h;
        urna_h_begin(&h, h_i, 0x41);
        urna_h_u32(&h, ind_c);
        urna_h_bytes(&h, sorted, n * sizeof *sorted);
        urna_h_end(&h, chi);
    }
    free(sorted);
    return distinct;
}

void urna_hash_confirmation_pre(uint8_t h_c[32], const uint8_t h_i[32], const uint8_t (*chi)[32],
                                size_t n, const uint8_t b_c[36])
{
    urna_hash_code(h_c, 0x42, h_i, chi, n, b_c);
}

void urna_hash_device_pre(uint8_t h_di[32], const uint8_t h_e[32], struct urna_view s_device)
{
    urna_hash_device_in(h_di, 0x43, h_e, s_device);
}

bool urna_short_code(char out[URNA_SHORT_CODE_MAX], enum urna_trimming omega, const uint8_t psi[32])
{
    const unsigned last = psi[31];
    switch (omega) {
    case URNA_OMEGA_TWO_HEX:
        snprintf(out, URNA_SHORT_CODE_MAX, "%02X", last);
        return true;
    case URNA_OMEGA_FOUR_HEX:
        snprintf(out, URNA_SHORT_CODE_MAX, "%02X%02X", (unsigned)psi[30], last);
        return true;
    case URNA_OMEGA_LETTER_DIGIT:
        snprintf(out, URNA_SHORT_CODE_MAX, "%c%u", (char)('A' + last / 10), last % 10);
        return true;
    case URNA_OMEGA_DIGIT_LETTER:
        snprintf(out, URNA_SHORT_CODE_MAX, "%u%c", last / 26, (char)('A' + last % 26));
        return true;
    case URNA_OMEGA_0_255:
        snprintf(out, URNA_SHORT_CODE_MAX, "%u", last);
        return true;
    case URNA_OMEGA_1_256:
        snprintf(out, URNA_SHORT_CODE_MAX, "%u", last + 1);
        return true;
    case URNA_OMEGA_100_355:
        snprintf(out, URNA_SHORT_CODE_MAX, "%u", last + 100);
        return true;
    case URNA_OMEGA_101_356:
        snprintf(out, URNA_SHORT_CODE_MAX, "%u", last + 101);
        return true;
    }
    return false;
}
