#include "cli/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/file.h"

/* libutf8proc takes what has no meaning in UTF-8 too kindly, and cannot say where it stood. */
static enum urna_status check_utf8(struct urna_view in, struct urna_error *err)
{
    int64_t line = 1;
    uint32_t cp = 0;
    for (size_t i = 0; i < in.len; line += cp == '\n') {
        bool utf8 = urna_utf8_next(in.p, in.len, &i, &cp);
        if (utf8 && cp != 0)
            continue;
        err->offset = line;
        return urna_fail(err, URNA_INPUT, "not a text: %s",
                         utf8 ? "it holds a zero byte" : "not UTF-8");
    }
    return URNA_OK;
}

static void add_lines(struct urna_buf *out, struct urna_view in)
{
    const uint8_t *at = in.p, *end = in.p + in.len;
    while (at < end) {
        const uint8_t *cr = memchr(at, '\r', (size_t)(end - at));
        const uint8_t *stop = cr ? cr : end;
        urna_buf_add(out, at, (size_t)(stop - at));
        if (cr && !(cr + 1 < end && cr[1] == '\n'))
            urna_buf_char(out, '\r');
        at = cr ? cr + 1 : end;
    }
}

/* STABLE: the answer is the same in every later version of Unicode. */
enum urna_status urna_text_nfc(struct urna_buf *out, struct urna_view in, struct urna_error *err)
{
    static const uint8_t bom[3] = {0xEF, 0xBB, 0xBF};
    enum urna_status st = check_utf8(in, err);
    if (st != URNA_OK || in.len == 0)
        return st;
    if (in.len >= 3 && memcmp(in.p, bom, 3) == 0)
        in = urna_view(in.p + 3, in.len - 3);
    uint8_t *nfc = NULL;
    utf8proc_ssize_t n =
        utf8proc_map(in.p, (utf8proc_ssize_t)in.len, &nfc, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (n < 0)
        return urna_fail(err, n == UTF8PROC_ERROR_NOMEM ? URNA_SYSTEM : URNA_INPUT,
                         "not a text: %s", utf8proc_errmsg(n));
    add_lines(out, urna_view(nfc, (size_t)n));
    free(nfc);
    return URNA_OK;
}

enum urna_status urna_text_read(struct urna_buf *out, const char *path, size_t max,
                                struct urna_error *err)
{
    struct urna_buf file = {0};
    enum urna_status st = urna_file_read(&file, path, max, NULL, err);
    if (st == URNA_OK)
        st = urna_text_nfc(out, urna_buf_view(&file), err);
    if (st != URNA_OK)
        urna_error_where(err, path);
    urna_buf_free(&file);
    return st;
}
