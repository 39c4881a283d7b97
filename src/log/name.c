/* Key names of C2SP signed-note, and the cutting of text into lines. */
#include "log/note_internal.h"

#include <string.h>

size_t urna_view_find(struct urna_view v, uint8_t c)
{
    const uint8_t *p = v.len ? memchr(v.p, c, v.len) : NULL;
    return p ? (size_t)(p - v.p) : v.len;
}

bool urna_line_next(struct urna_view *line, struct urna_view *rest)
{
    size_t n = urna_view_find(*rest, '\n');
    if (n == rest->len)
        return false;
    *line = urna_view(rest->p, n);
    *rest = urna_view_skip(*rest, n + 1);
    return true;
}

/* White_Space of Unicode: the list is closed since version 6.3. */
static bool is_unicode_space(uint32_t cp)
{
    return (cp >= 0x09 && cp <= 0x0D) || cp == 0x20 || cp == 0x85 || cp == 0xA0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 || cp == 0x2029 || cp == 0x202F ||
           cp == 0x205F || cp == 0x3000;
}

bool urna_note_name_ok(struct urna_view name)
{
    if (name.len == 0 || name.len > URNA_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.len;) {
        uint32_t cp;
        if (!urna_utf8_next(name.p, name.len, &i, &cp) || cp < 0x20 || cp == '+' ||
            is_unicode_space(cp))
            return false;
    }
    return true;
}

void urna_note_name_copy(char out[URNA_NAME_MAX + 1], struct urna_view name)
{
    memset(out, 0, URNA_NAME_MAX + 1);
    memcpy(out, name.p, name.len);
}
