/* Sealed files. The input begins with the file as it came from outside. Nobody can seal without the
 * passphrase, so of all inputs only one opens: no byte of a sealed file is without effect.
 *
 * Argon2 at a higher cost than the least would only take time: such inputs are not tried. */
#include "fuzz.h"

#include <string.h>

#include "protocol/sealed.h"

#define PASS "fuzz"
#define SECRET "of no use"

static const char good[] = "urna-sealed-1\n"
                           "purpose role\n"
                           "argon2id 1 8192 640B041BF24024237A6E914D28562EEB\n"
                           "nonce 6022851E27E567D3E44B7B89F36723338841FAEFCB090B45\n"
                           "92/h+8WLTf4BMYv522puBcgUjgNyQmXXuA==\n";

static bool is_dear(struct urna_view file)
{
    static const char word[] = "\nargon2id ";
    char cost[24] = "";
    unsigned long passes, kib;
    const uint8_t *at = memmem(file.p, file.len, word, sizeof word - 1);
    if (at == NULL)
        return false;
    size_t left = file.len - (size_t)(at - file.p) - (sizeof word - 1);
    memcpy(cost, at + sizeof word - 1, left < sizeof cost - 1 ? left : sizeof cost - 1);
    if (sscanf(cost, "%10lu %10lu", &passes, &kib) != 2)
        return false;
    bool allowed = passes >= 1 && passes <= 16 && kib >= 8192 && kib <= 1u << 20;
    return allowed && (passes > 1 || kib > 8192);
}

static void check(struct urna_view file, const char *purpose)
{
    struct urna_secret_bytes s;
    struct urna_error err = URNA_ERROR_INIT;
    bool right = urna_view_eq_str(file, good) && strcmp(purpose, URNA_SEAL_ROLE) == 0;
    enum urna_status st = urna_unseal(&s, file, purpose, urna_view_str(PASS), &err);
    MUST(st == (right ? URNA_OK : URNA_INPUT));
    MUST(!right || urna_view_eq_str(urna_view(s.p, s.len), SECRET));
    MUST(right || s.p == NULL);
    urna_secret_bytes_free(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_view file = urna_view(data, size);
    if (is_dear(file))
        return 0;
    check(file, URNA_SEAL_ROLE);
    check(file, URNA_SEAL_LOG);
    return 0;
}
