/* Verifier keys: there is one spelling, and it is written again; making the key anew from its parts
 * gives the same key. */
#include "fuzz.h"

#include <string.h>

#include "log/note.h"
#include "proof/ed25519.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_vkey k, again;
    struct urna_buf out = {0};
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_vkey_read(&k, urna_view(data, size), &err) != URNA_OK) {
        MUST(err.status == URNA_INPUT && k.name[0] == '\0');
        return 0;
    }
    MUST(urna_ed25519_key_valid(k.pk));
    urna_vkey_make(&again, k.name, k.type, k.pk);
    MUST(memcmp(again.id, k.id, sizeof k.id) == 0);
    urna_vkey_write(&out, &k);
    MUST(urna_view_eq(urna_buf_view(&out), urna_view(data, size)));
    urna_buf_free(&out);
    return 0;
}
