/* Bodies of every kind. Input: the name of a kind, a line feed, a body. What is read is written
 * again byte for byte, in both groups; a fault names a byte that is there. */
#include "fuzz.h"

#include <string.h>

#include "model/kinds.h"

#define KIND_NAME_MAX 32
#define LQ 32

static void check(enum urna_kind kind, struct urna_view body, size_t lp)
{
    struct urna_arena a = {0};
    struct urna_body b;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_body_read(&b, kind, body, lp, LQ, &a, &err) == URNA_OK) {
        struct urna_buf out = {0};
        urna_body_write(&out, &b, lp, LQ);
        MUST(kind == URNA_ATTACHMENT || urna_view_eq(urna_buf_view(&out), body));
        urna_buf_free(&out);
    } else {
        MUST(err.status == URNA_FALSE);
        MUST(err.offset >= 0 && (uint64_t)err.offset <= body.len);
    }
    urna_arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char name[KIND_NAME_MAX] = "";
    const uint8_t *lf = size > 0 ? memchr(data, '\n', size) : NULL;
    if (lf == NULL || lf - data >= KIND_NAME_MAX)
        return 0;
    size_t head = (size_t)(lf - data);
    memcpy(name, data, head);
    enum urna_kind kind = urna_kind_find(name);
    if (kind == URNA_KIND_UNKNOWN)
        return 0;
    struct urna_view body = urna_view(lf + 1, size - head - 1);
    check(kind, body, 32);
    check(kind, body, URNA_LP_MAX);
    return 0;
}
