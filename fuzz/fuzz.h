/* What a fuzz target is: one function that takes any bytes and ends the process if a promise does
 * not hold. libFuzzer calls it with what it invents, replay.c with the files of a folder. */
#ifndef URNA_FUZZ_H
#define URNA_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An assertion that no build option takes away. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif
