/* Errors, and memory that is there or ends the process. */
#include "base/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The text is made aside first: callers may wrap err->msg in a longer message. */
static void set_error(struct urna_error *err, enum urna_status status, const char *msg)
{
    if (!err)
        return;
    err->status = status;
    size_t len = strlen(msg);
    if (len >= sizeof err->msg)
        len = sizeof err->msg - 1;
    memcpy(err->msg, msg, len);
    err->msg[len] = '\0';
}

enum urna_status urna_fail(struct urna_error *err, enum urna_status status, const char *fmt, ...)
{
    char msg[sizeof err->msg];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    set_error(err, status, msg);
    return status;
}

void urna_error_rule(struct urna_error *err, const char *rule)
{
    if (err && err->rule[0] == '\0')
        snprintf(err->rule, sizeof err->rule, "%s", rule);
}

enum urna_status urna_refuse(struct urna_error *err, const char *rule, const char *fmt, ...)
{
    char msg[sizeof err->msg];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    urna_error_rule(err, rule);
    set_error(err, URNA_FALSE, msg);
    return URNA_FALSE;
}

enum urna_status urna_fail_errno(struct urna_error *err, const char *fmt, ...)
{
    int saved = errno;
    char msg[sizeof err->msg], text[128];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < sizeof msg)
        snprintf(msg + n, sizeof msg - (size_t)n, ": %s", strerror_r(saved, text, sizeof text));
    set_error(err, URNA_SYSTEM, msg);
    errno = saved;
    return URNA_SYSTEM;
}

/* Of a place too long for the field the end is kept: that is where two paths differ. */
void urna_error_where(struct urna_error *err, const char *where)
{
    if (!err || err->where[0] != '\0')
        return;
    size_t len = strlen(where), room = sizeof err->where - 1;
    if (len <= room) {
        memcpy(err->where, where, len + 1);
        return;
    }
    memcpy(err->where, "...", 3);
    memcpy(err->where + 3, where + len - (room - 3), room - 3 + 1);
}

/* _exit: other threads may be running, and nothing that matters waits in a buffer. */
static void out_of_memory(void) __attribute__((noreturn));
static void out_of_memory(void)
{
    static const char line[] = "urna: out of memory\n";
    ssize_t n = write(STDERR_FILENO, line, sizeof line - 1);
    (void)n;
    _exit(URNA_SYSTEM);
}

void *urna_xmalloc(size_t size)
{
    void *p = malloc(size ? size : 1);
    if (!p)
        out_of_memory();
    return p;
}

void *urna_xcalloc(size_t n, size_t size)
{
    void *p = n && size ? calloc(n, size) : calloc(1, 1);
    if (!p)
        out_of_memory();
    return p;
}

void *urna_xrealloc(void *p, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes))
        out_of_memory();
    void *q = realloc(p, bytes ? bytes : 1);
    if (!q)
        out_of_memory();
    return q;
}

char *urna_xstrdup(const char *s)
{
    size_t len = strlen(s) + 1;
    return memcpy(urna_xmalloc(len), s, len);
}
