/* Writing JSON for programs (--json, reports). Not the record's own grammar: that is model/codec.h.
 */
#ifndef URNA_BASE_JSON_OUT_H
#define URNA_BASE_JSON_OUT_H

#include "base/bytes.h"

/* Commas are kept by the writer. Keys are given only inside objects; NULL inside arrays. Strings
 * are escaped; bytes that are not UTF-8 become U+FFFD. One object on one line. */
struct urna_json {
    struct urna_buf out;
    bool comma;
};
void urna_json_open(struct urna_json *j, const char *key, char bracket); /* '{' or '[' */
void urna_json_close(struct urna_json *j, char bracket);                 /* '}' or ']' */
void urna_json_str(struct urna_json *j, const char *key, const char *s);
void urna_json_strn(struct urna_json *j, const char *key, const char *s, size_t len);
void urna_json_hex(struct urna_json *j, const char *key, const uint8_t *p, size_t len);
void urna_json_u64(struct urna_json *j, const char *key, uint64_t x);
void urna_json_i64(struct urna_json *j, const char *key, int64_t x);
void urna_json_double(struct urna_json *j, const char *key, double x); /* %.17g; not finite: null */
void urna_json_bool(struct urna_json *j, const char *key, bool x);
void urna_json_null(struct urna_json *j, const char *key);
void urna_json_free(struct urna_json *j);

#endif
