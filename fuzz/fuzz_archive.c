/* Archives: gzip and zip with sizes that lie. Never more bytes than allowed, and an end that is
 * told only once. */
#include "fuzz.h"

#include "evidence/source.h"

#define ALLOWED (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_source *s;
    struct urna_error err = URNA_ERROR_INIT;
    uint8_t buf[4096];
    uint64_t total = 0;
    size_t n = 1;
    if (urna_source_open(&s, NULL, urna_view(data, size), NULL, ALLOWED, &err) != URNA_OK) {
        MUST(err.status != URNA_OK && err.msg[0]);
        return 0;
    }
    enum urna_status st = URNA_OK;
    while (st == URNA_OK && n > 0) {
        st = urna_source_read(s, buf, sizeof buf, &n, &err);
        if (st == URNA_OK)
            total += n;
        MUST(total <= ALLOWED);
    }
    MUST(st == URNA_OK || (err.status == st && err.msg[0]));
    MUST(st != URNA_OK || s->packing != URNA_ZIP || total == s->member.unpacked);
    urna_source_close(s);
    return 0;
}
