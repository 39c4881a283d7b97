/* Codes on voters' letters as people type them: what is accepted is written again as the same code;
 * of what is not, nothing is left, and a correction that is offered leads to a code. */
#include "fuzz.h"

#include <string.h>

#include "protocol/code.h"

/* The symbols of ${text} in their one spelling, as the law reads them (election.md section 5).
 * Returns how many; at most ${max} are kept. */
static size_t spell(char *out, size_t max, const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '-' || c == ' ' || (c >= '\t' && c <= '\r'))
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (n < max)
            out[n] = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
        n++;
    }
    return n;
}

static void check_good(const uint8_t secret[16], const char symbols[URNA_CODE_LEN])
{
    char text[URNA_CODE_TEXT], again[URNA_CODE_LEN];
    urna_code_write(text, secret);
    MUST(spell(again, URNA_CODE_LEN, text, strlen(text)) == URNA_CODE_LEN);
    MUST(memcmp(again, symbols, URNA_CODE_LEN) == 0);
}

static void check_fault(const struct urna_code_hint *h, char symbols[URNA_CODE_LEN], size_t n)
{
    uint8_t secret[16];
    switch (h->fault) {
    case URNA_CODE_LENGTH:
        MUST(n != URNA_CODE_LEN && h->at == (n > URNA_CODE_LEN ? URNA_CODE_LEN + 1 : n));
        return;
    case URNA_CODE_CHARACTER:
        MUST(h->at >= 1 && h->at <= n);
        return;
    case URNA_CODE_CHECK:
        MUST(n == URNA_CODE_LEN && h->at <= URNA_CODE_LEN);
        if (h->at > 0) {
            MUST(symbols[h->at - 1] != h->right);
            symbols[h->at - 1] = h->right;
            MUST(urna_code_read(secret, symbols, URNA_CODE_LEN, NULL) == URNA_OK);
        }
        return;
    case URNA_CODE_GOOD:
        MUST(h->fault != URNA_CODE_GOOD); /* a fault has its reason */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t none[16];
    uint8_t secret[16];
    char symbols[URNA_CODE_LEN] = {0};
    struct urna_code_hint h;
    enum urna_status st = urna_code_read(secret, (const char *)data, size, &h);
    size_t n = spell(symbols, URNA_CODE_LEN, (const char *)data, size);
    if (st == URNA_OK) {
        MUST(h.fault == URNA_CODE_GOOD && n == URNA_CODE_LEN);
        check_good(secret, symbols);
    } else {
        MUST(st == URNA_FALSE && memcmp(secret, none, 16) == 0);
        check_fault(&h, symbols, n);
    }
    return 0;
}
