/* Where secret data become public, for the constant-time check (ct/, `make ct`).
 *
 * The check runs our code under valgrind with every secret marked as undefined; a branch or an
 * index that depends on one is an error. Results that are published (a ciphertext, a proof, "this
 * number is below q") are derived from secrets, and are marked as public with this macro, at the
 * place where that is decided. In an ordinary build it is nothing. */
#ifndef URNA_BASE_CT_H
#define URNA_BASE_CT_H

#ifdef URNA_CT_CHECK
#include <valgrind/memcheck.h>
#define URNA_PUBLIC(p, len) ((void)VALGRIND_MAKE_MEM_DEFINED((p), (len)))
#define URNA_SECRET(p, len) ((void)VALGRIND_MAKE_MEM_UNDEFINED((p), (len)))
#else
#define URNA_PUBLIC(p, len) ((void)(p), (void)(len))
#endif

#endif
