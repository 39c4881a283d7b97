/* liburna: checking records of elections from other programs.
 *
 *     #include <urna/urna.h>              cc check.c $(pkg-config --cflags --libs urna)
 *
 *     urna_verdict_t *v;
 *     char why[256];
 *     int rc = urna_check(&v, "council-2024", URNA_TRUST_FILE, "council-2024.trust", 0, why, sizeof why);
 *     if (rc == URNA_CHECK_OK) {
 *         puts(urna_verdict_word(v));
 *         urna_verdict_release(v);
 *     }
 *
 * Opaque types, no global state to set up, no output of its own. Functions may be called from several threads; one verdict belongs to one
 * thread at a time. Memory that runs out ends the process with a line on stderr and exit code 3 (docs/architecture.md). */
#ifndef URNA_URNA_H
#define URNA_URNA_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct urna_api_verdict urna_verdict_t;

/* Where trust comes from: never from the record itself. */
enum urna_trust_kind {
    URNA_TRUST_FILE,        /* trust: path of a trust file */
    URNA_TRUST_FINGERPRINT, /* trust: 64 hexadecimal digits; level computed */
    URNA_TRUST_NONE         /* trust: NULL. Only: does the record agree with itself? */
};

enum urna_check_status {
    URNA_CHECK_OK = 0,     /* there is a verdict, whatever it says */
    URNA_CHECK_INPUT = 2,  /* the record or the trust file cannot be read; why says so */
    URNA_CHECK_SYSTEM = 3
};

/* Check the record at ${record} (a folder or a .tar.zst) down to the last byte. threads = 0: all cores. why (may be NULL): a sentence when the
 * answer is not URNA_CHECK_OK. *out is the caller's, NULL on failure. */
int urna_check(urna_verdict_t **out, const char *record, enum urna_trust_kind kind, const char *trust, unsigned threads, char *why,
               size_t why_size);
void urna_verdict_release(urna_verdict_t *v); /* NULL is allowed */

/* "invalid", "incomplete", "consistent", "computed", "witnessed", "final" */
const char *urna_verdict_word(const urna_verdict_t *v);
/* As the program's exit code: 0 the level asked for is reached, 1 it is not, 2 bytes are missing. */
int urna_verdict_code(const urna_verdict_t *v);
/* One JSON object, NUL-terminated (docs/verify-json.md). Borrowed from the verdict. */
const char *urna_verdict_json_text(urna_verdict_t *v, size_t *len);

/* Version of the library, "0.1.0". */
const char *urna_library_version(void);

#ifdef __cplusplus
}
#endif

#endif
