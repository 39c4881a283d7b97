/* Status and errors: one enum for the whole house, and one struct that says what, where and why.
 * The value of a status is the exit code of the program (docs/architecture.md). */
#ifndef URNA_BASE_STATUS_H
#define URNA_BASE_STATUS_H

#include <stdint.h>
#include <stdbool.h>
#include <stddef.h>

#define URNA_MUST_USE __attribute__((warn_unused_result))
#define URNA_PRINTF(f, a) __attribute__((format(printf, f, a)))

enum urna_status {
    URNA_OK = 0,     /* it holds */
    URNA_FALSE = 1,  /* it was checked, and it does not hold */
    URNA_INPUT = 2,  /* usage, unreadable or malformed input */
    URNA_SYSTEM = 3, /* the operating system refused something */
};

/* Filled where a fault is first detected; text is for people, rule for programs. */
struct urna_error {
    enum urna_status status;
    char rule[16];   /* "E12", "V6.D", or empty */
    int64_t entry;   /* log index, or -1 */
    int64_t offset;  /* byte (or line) in `where`, or -1 */
    char where[256]; /* file name or other place, or empty; not yet made safe for a terminal */
    char msg[512];
};

#define URNA_ERROR_INIT                                                                            \
    {                                                                                              \
        URNA_OK, "", -1, -1, "", ""                                                                \
    }

/* Set ${err} (which may be NULL) and return ${status}, so that callers can `return urna_fail(...)`.
 * rule, entry, offset and where that are already set stay. */
enum urna_status urna_fail(struct urna_error *err, enum urna_status status, const char *fmt, ...)
    URNA_PRINTF(3, 4);

/* The same with errno's text behind the message; status is URNA_SYSTEM. */
enum urna_status urna_fail_errno(struct urna_error *err, const char *fmt, ...) URNA_PRINTF(2, 3);

/* Add the place, or the rule, to an error (does not overwrite one that is there). */
void urna_error_where(struct urna_error *err, const char *where);
void urna_error_rule(struct urna_error *err, const char *rule);

/* The rule, the text, and URNA_FALSE: what was checked does not hold. */
enum urna_status urna_refuse(struct urna_error *err, const char *rule, const char *fmt, ...)
    URNA_PRINTF(3, 4);

/* Out of memory: one line on stderr and exit code 3. Nothing durable is half-written at any time
 * (base/file.h), so ending the process is safe; returning from every small allocation is not read
 * by anybody. */
void *urna_xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *urna_xcalloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *urna_xrealloc(void *p, size_t n, size_t size) __attribute__((returns_nonnull));
char *urna_xstrdup(const char *s) __attribute__((malloc, returns_nonnull));

#endif
