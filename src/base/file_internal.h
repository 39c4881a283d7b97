/* What file.c and folder.c share. Private to this room. */
#ifndef URNA_BASE_FILE_INTERNAL_H
#define URNA_BASE_FILE_INTERNAL_H

#include "base/file.h"

/* Faults at ${path}: with errno's text, or of what came from outside. */
enum urna_status file_fail(struct urna_error *err, const char *path, const char *call);
enum urna_status file_refuse(struct urna_error *err, const char *path, const char *msg);
/* All of it, however often write() stops short. */
bool file_write_all(int fd, const uint8_t *p, size_t len) URNA_MUST_USE;
/* The folder that ${path} is in, "." if it names none; the caller frees it. */
char *file_folder_of(const char *path);

#endif
