#include "ct.h"

#include <sodium.h>
#include <sys/random.h>

static const char *name(void)
{
    return "secret";
}

static void fill(void *const p, const size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = getrandom((uint8_t *)p + at, len - at, 0);
        ct_need(n > 0, "getrandom");
        at += (size_t)n;
    }
    URNA_SECRET(p, len);
}

static uint32_t number(void)
{
    uint32_t x;
    fill(&x, sizeof x);
    return x;
}

void ct_random_is_secret(void)
{
    static randombytes_implementation ours = {
        .implementation_name = name, .random = number, .buf = fill};
    ct_need(urna_secret_init(NULL) == URNA_OK, "libsodium");
    randombytes_set_implementation(&ours);
}

void ct_need(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "ct: failed: %s\n", what);
    exit(3);
}
