/* What the tests of the log room share: temporary folders, golden records, vectors. */
#ifndef LOG_TESTING_H
#define LOG_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "base/file.h"

/* A fresh folder below the system's temporary one; removed by drop_folder, which also frees it. */
char *new_folder(void);
void drop_folder(char *folder);

/* JSON of tests/data/election/NAME. */
json_t *load_vectors(const char *name);
/* Hex of a JSON string into a buffer. */
void hex_into(struct urna_buf *out, const json_t *hex);

/* Path of tests/data/election/NAME; owned by the caller. */
char *data_path(const char *name);
/* Unpack the files below `inside` ("" for all) of an archive of golden records into a folder. */
void unpack_golden(const char *archive, const char *inside, const char *folder);

/* Write a file below folder, making the folders between; read one. */
void put_file(const char *folder, const char *name, const void *p, size_t len);
void get_file(struct urna_buf *out, const char *folder, const char *name);

#endif
