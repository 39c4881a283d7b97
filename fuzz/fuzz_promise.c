/* Files of promises: strict, so what is read is written again byte for byte; and anything that was
 * read can be asked about its signature and its time. */
#include "fuzz.h"

#include "proof/ed25519.h"
#include "protocol/promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t seed[32] = {1};
    struct urna_promise p;
    struct urna_buf out = {0};
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_promise_read(&p, urna_view(data, size), &err) != URNA_OK) {
        MUST(err.status == URNA_INPUT);
        return 0;
    }
    urna_promise_write(&out, &p);
    MUST(urna_view_eq(urna_buf_view(&out), urna_view(data, size)));
    urna_buf_free(&out);
    MUST(!urna_promise_timely(&p, 0, URNA_INT_MAX, 0) || p.time <= 7200);

    uint8_t pk[32];
    urna_ed25519_public(pk, seed);
    urna_promise_sign(&p, seed);
    MUST(urna_promise_check(&p, pk));
    p.time ^= 1;
    MUST(!urna_promise_check(&p, pk));
    return 0;
}
