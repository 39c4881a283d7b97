/* Where secret data become public, for the constant-time check (ct/, `make ct`).
 *
 * The check runs our code under valgrind with every secret marked as undefined; a branch or an
 * index that depends on one is an error. Results that are published (a ciphertext, a proof, "this
 * number is below q") are derived from secrets, and are marked as public with this macro, at the
 * place where that is decided. In an ordinary build it is nothing. */
#ifndef URNA_BASE_CT_H
#define URNA_BASE_CT_H

#include <stdint.h>

/* flag (0 or 1) as a mask of all zeros or all ones, which the compiler cannot turn back into a
 * branch (clang does so with plain 0 - flag). */
static inline uint64_t urna_ct_mask(uint64_t flag)
{
    uint64_t mask = 0 - flag;
    __asm__("" : "+r"(mask));
    return mask;
}

#ifdef URNA_CT_CHECK
#include <valgrind/memcheck.h>
#define URNA_PUBLIC(p, len) ((void)VALGRIND_MAKE_MEM_DEFINED((p), (len)))
#define URNA_SECRET(p, len) ((void)VALGRIND_MAKE_MEM_UNDEFINED((p), (len)))
#else
#define URNA_PUBLIC(p, len) ((void)(p), (void)(len))
#endif

#endif
