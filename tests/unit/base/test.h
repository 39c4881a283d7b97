/* What every cmocka file needs first. */
#ifndef URNA_TEST_H
#define URNA_TEST_H
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#endif
