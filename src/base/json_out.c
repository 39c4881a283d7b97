#include "base/json_out.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void quoted(struct urna_buf *out, const char *s, size_t len)
{
    const uint8_t *p = (const uint8_t *)s;
    urna_buf_char(out, '"');
    for (size_t i = 0; i < len;) {
        size_t from = i;
        uint32_t cp;
        if (!urna_utf8_next(p, len, &i, &cp)) {
            urna_buf_str(out, "\xEF\xBF\xBD"); /* U+FFFD for one bad byte */
            i++;
        } else if (cp == '"' || cp == '\\') {
            urna_buf_char(out, '\\');
            urna_buf_char(out, (char)cp);
        } else if (cp == '\n') {
            urna_buf_str(out, "\\n");
        } else if (cp == '\t') {
            urna_buf_str(out, "\\t");
        } else if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0)) { /* DEL and C1: safe to show as text */
            urna_buf_printf(out, "\\u%04X", (unsigned)cp);
        } else {
            urna_buf_add(out, p + from, i - from);
        }
    }
    urna_buf_char(out, '"');
}

/* Comma and key before a value. */
static void lead(struct urna_json *j, const char *key)
{
    if (j->comma)
        urna_buf_char(&j->out, ',');
    j->comma = true;
    if (key) {
        quoted(&j->out, key, strlen(key));
        urna_buf_char(&j->out, ':');
    }
}

void urna_json_open(struct urna_json *j, const char *key, char bracket)
{
    lead(j, key);
    urna_buf_char(&j->out, bracket);
    j->comma = false;
}

void urna_json_close(struct urna_json *j, char bracket)
{
    urna_buf_char(&j->out, bracket);
    j->comma = true;
}

void urna_json_str(struct urna_json *j, const char *key, const char *s)
{
    urna_json_strn(j, key, s, strlen(s));
}

void urna_json_strn(struct urna_json *j, const char *key, const char *s, size_t len)
{
    lead(j, key);
    quoted(&j->out, s, len);
}

void urna_json_hex(struct urna_json *j, const char *key, const uint8_t *p, size_t len)
{
    lead(j, key);
    urna_buf_char(&j->out, '"');
    urna_buf_hex(&j->out, p, len);
    urna_buf_char(&j->out, '"');
}

void urna_json_u64(struct urna_json *j, const char *key, uint64_t x)
{
    lead(j, key);
    urna_buf_printf(&j->out, "%" PRIu64, x);
}

void urna_json_i64(struct urna_json *j, const char *key, int64_t x)
{
    lead(j, key);
    urna_buf_printf(&j->out, "%" PRId64, x);
}

void urna_json_double(struct urna_json *j, const char *key, double x)
{
    if (!isfinite(x)) {
        urna_json_null(j, key);
        return;
    }
    lead(j, key);
    urna_buf_printf(&j->out, "%.17g", x);
}

void urna_json_bool(struct urna_json *j, const char *key, bool x)
{
    lead(j, key);
    urna_buf_str(&j->out, x ? "true" : "false");
}

void urna_json_null(struct urna_json *j, const char *key)
{
    lead(j, key);
    urna_buf_str(&j->out, "null");
}

void urna_json_free(struct urna_json *j)
{
    urna_buf_free(&j->out);
    j->comma = false;
}
