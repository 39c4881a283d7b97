/* Secrets, through libsodium. */
#include "base/secret.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool ready;

static void start(void)
{
    ready = sodium_init() >= 0;
}

enum urna_status urna_secret_init(struct urna_error *err)
{
    pthread_once(&once, start);
    if (!ready)
        return urna_fail(err, URNA_SYSTEM, "libsodium cannot start: no source of random numbers");
    return URNA_OK;
}

/* For callers that have no way to hear of it: without random numbers nothing may go on. */
static void need_ready(void)
{
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_secret_init(&err) != URNA_OK) {
        fprintf(stderr, "urna: %s\n", err.msg);
        exit(URNA_SYSTEM);
    }
}

void urna_wipe(void *p, size_t len)
{
    sodium_memzero(p, len);
}

void urna_random(void *p, size_t len)
{
    need_ready();
    randombytes_buf(p, len);
}

uint32_t urna_random_below(uint32_t n)
{
    need_ready();
    return randombytes_uniform(n);
}

bool urna_ct_equal(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

/* sodium_malloc puts the end of the allocation at the end of a page, so only a rounded size gives
 * an aligned address. */
void *urna_secret_alloc(size_t size)
{
    need_ready();
    size_t rounded = size > SIZE_MAX - 16 ? SIZE_MAX : size ? (size + 15) / 16 * 16 : 16;
    void *p = sodium_malloc(rounded);
    if (!p) {
        fputs("urna: out of memory\n", stderr);
        exit(URNA_SYSTEM);
    }
    return memset(p, 0, rounded);
}

void urna_secret_free(void *p)
{
    if (p)
        sodium_free(p);
}
