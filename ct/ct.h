/* What every constant-time check needs: all random numbers are secret. Run under valgrind by
 * tools/ct-check. */
#ifndef URNA_CT_H
#define URNA_CT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ct.h"
#include "base/secret.h"

/* From here on every number that libsodium draws is marked as secret. */
void ct_random_is_secret(void);
/* For tests that need the result: end with a message if it is false. */
void ct_need(bool ok, const char *what);

#endif
