/* Proof files and signature files. What is read is written again byte for byte (hexadecimal digits
 * of a hash may be in either case in a proof). */
#include "fuzz.h"

#include <string.h>

#include "base/secret.h"
#include "evidence/contradict.h"
#include "evidence/signature.h"

static void proof(struct urna_view in)
{
    struct urna_contradiction c, again;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf out = {0}, out2 = {0};
    if (urna_contradiction_read(&c, in, "fuzz", &err) == URNA_OK) {
        urna_contradiction_write(&out, &c);
        MUST(urna_contradiction_read(&again, urna_buf_view(&out), "again", &err) == URNA_OK);
        urna_contradiction_write(&out2, &again);
        MUST(urna_view_eq(urna_buf_view(&out), urna_buf_view(&out2)));
        enum urna_status st = urna_contradiction_check(&c, &err);
        MUST(st == URNA_OK || st == URNA_FALSE);
        MUST(st != URNA_OK || c.sum > c.official);
        urna_contradiction_free(&again);
    } else {
        MUST(err.status == URNA_INPUT && err.offset > 0);
    }
    urna_contradiction_free(&c);
    urna_buf_free(&out);
    urna_buf_free(&out2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_view in = urna_view(data, size);
    struct urna_signature s;
    if (urna_secret_init(NULL) != URNA_OK)
        return 0;
    proof(in);
    if (urna_signature_read(&s, in, "fuzz", NULL) == URNA_OK) {
        struct urna_buf out = {0};
        urna_signature_write(&out, &s);
        MUST(urna_view_eq(urna_buf_view(&out), in));
        urna_buf_free(&out);
    }
    return 0;
}
