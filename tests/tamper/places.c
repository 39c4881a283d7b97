#include "places.h"

#include <stdlib.h>
#include <string.h>

const char *const place_op_name[] = {"changed", "malformed", "deleted", "twice",
                                     "swapped", "exchanged", "emptied"};

/* --- reading ------------------------------------------------------------- */

struct reader {
    struct places *p;
    const char *s;
    size_t at, len;
};

static bool value(struct reader *r, const char *path, size_t key, bool member, size_t *made);

static bool skip_string(struct reader *r)
{
    for (r->at++; r->at < r->len && r->s[r->at] != '"'; r->at++)
        if (r->s[r->at] == '\\')
            r->at++;
    return r->at++ < r->len;
}

static const char *longer(struct reader *r, const char *path, const char *more, size_t n)
{
    size_t len = strlen(path);
    char *s = urna_arena_alloc(&r->p->a, 1, len + n + 2);
    memcpy(s, path, len);
    memcpy(s + len, more, n);
    s[len + n] = '\0';
    return s;
}

/* The children of an object or array, up to its closing bracket. */
static bool children(struct reader *r, const char *path, bool object)
{
    size_t first = SIZE_MAX, last = SIZE_MAX;
    uint32_t n = 0;
    char close = object ? '}' : ']';
    r->at++;
    while (r->at < r->len && r->s[r->at] != close) {
        size_t key = r->at, made;
        const char *sub = object ? NULL : longer(r, path, "[]", 2);
        if (object) {
            if (!skip_string(r) || r->s[r->at] != ':')
                return false;
            char *dotted = urna_arena_strndup(&r->p->a, r->s + key, r->at - key - 1);
            dotted[0] = '.';
            sub = longer(r, path, dotted, strlen(dotted));
            r->at++;
        }
        if (!value(r, sub, key, object, &made))
            return false;
        if (last != SIZE_MAX)
            r->p->v[last].next = (int32_t)made;
        else
            first = made;
        r->p->v[made].nth = n++;
        last = made;
        if (r->at < r->len && r->s[r->at] == ',')
            r->at++;
    }
    for (int32_t i = first == SIZE_MAX ? -1 : (int32_t)first; i >= 0; i = r->p->v[i].next)
        r->p->v[i].of = n;
    return r->at++ < r->len;
}

static bool value(struct reader *r, const char *path, size_t key, bool member, size_t *made)
{
    if (r->at >= r->len)
        return false;
    *made = r->p->n;
    r->p->v = urna_xrealloc(r->p->v, r->p->n + 1, sizeof *r->p->v);
    r->p->v[r->p->n++] = (struct place){.path = path,
                                        .at = key,
                                        .from = r->at,
                                        .type = r->s[r->at],
                                        .member = member,
                                        .of = 1,
                                        .next = -1};
    bool ok = true;
    switch (r->s[r->at]) {
    case '{':
    case '[':
        ok = children(r, path, r->s[r->at] == '{');
        break;
    case '"':
        ok = skip_string(r);
        break;
    default:
        while (r->at < r->len && r->s[r->at] >= '0' && r->s[r->at] <= '9')
            r->at++;
        ok = r->at > r->p->v[*made].from;
    }
    r->p->v[*made].to = r->at;
    return ok;
}

bool places_read(struct places *p, struct urna_view text)
{
    *p = (struct places){.text = text};
    struct reader r = {p, (const char *)text.p, 0, text.len};
    size_t made;
    return value(&r, "", 0, false, &made) && r.at == text.len;
}

void places_free(struct places *p)
{
    free(p->v);
    urna_arena_free(&p->a);
    *p = (struct places){0};
}

struct urna_view place_value(const struct places *p, size_t i)
{
    return urna_view(p->text.p + p->v[i].from, p->v[i].to - p->v[i].from);
}

/* --- what to put there --------------------------------------------------- */

static bool is_hex(struct urna_view v)
{
    if (v.len < 2 + 16)
        return false;
    for (size_t i = 1; i + 1 < v.len; i++)
        if (!((v.p[i] >= '0' && v.p[i] <= '9') || (v.p[i] >= 'A' && v.p[i] <= 'F')))
            return false;
    return true;
}

/* Well-formed other values: another last character, another first one; one more, nothing. */
static bool changed(struct urna_buf *out, struct urna_view v, char type, unsigned way)
{
    if (type == '"') {
        size_t at = way == 0 ? v.len - 2 : 1;
        if (v.len < 3 || way > 1 || (way == 1 && v.len == 3))
            return false;
        urna_buf_add(out, v.p, v.len);
        out->p[out->len - v.len + at] = v.p[at] == '1' ? '2' : '1';
        return true;
    }
    if (type == '{' || type == '[' || way > 1 || (way == 1 && v.len == 1 && v.p[0] == '0'))
        return false;
    uint64_t x;
    if (!urna_parse_u64(&x, (const char *)v.p, v.len, UINT64_MAX - 1))
        return false;
    urna_buf_printf(out, "%llu", way == 0 ? (unsigned long long)x + 1 : 0ULL);
    return true;
}

/* What the grammar has no place for, whatever the kind says. */
static bool malformed(struct urna_buf *out, struct urna_view v, char type, unsigned way)
{
    static const char *const always[] = {"null", "true", "-1", "1.5", "9007199254740992"};
    if (way < 5) {
        urna_buf_str(out, always[way]);
        return true;
    }
    size_t start = out->len;
    if (type == '"' && is_hex(v) && way < 8) { /* shorter, longer, in small letters */
        urna_buf_add(out, v.p, way == 5 ? v.len - 3 : v.len - 1);
        urna_buf_str(out, way == 6 ? "00\"" : "\"");
        for (size_t k = start; way == 7 && k < out->len; k++)
            if (out->p[k] >= 'A' && out->p[k] <= 'F')
                out->p[k] = (uint8_t)(out->p[k] + 'a' - 'A');
        return true;
    }
    if (type == '"' && !is_hex(v) && way == 5) { /* a control character in spite of everything */
        urna_buf_add(out, v.p, v.len - 1);
        urna_buf_str(out, "\t\"");
        return true;
    }
    if (type >= '0' && type <= '9' && way < 7) { /* a leading zero; a string */
        urna_buf_printf(out, way == 5 ? "0%.*s" : "\"%.*s\"", (int)v.len, (const char *)v.p);
        return true;
    }
    return false;
}

static bool new_value(struct urna_buf *out, const struct places *p, size_t i, enum place_op op,
                      unsigned way)
{
    struct urna_view v = place_value(p, i);
    char type = p->v[i].type;
    if (op == OP_CHANGE)
        return changed(out, v, type, way);
    if (op == OP_MALFORM)
        return malformed(out, v, type, way);
    if (op != OP_EMPTY || way > 0 || v.len <= 2 || (type != '[' && type != '{' && type != '"'))
        return false;
    urna_buf_str(out, type == '[' ? "[]" : type == '{' ? "{}" : "\"\"");
    return true;
}

unsigned place_ways(const struct places *p, size_t i, enum place_op op)
{
    const struct place *x = &p->v[i];
    bool inner = i > 0;
    if (op == OP_DELETE || op == OP_DUPLICATE || op == OP_EXCHANGE)
        return inner;
    if (op == OP_SWAP)
        return inner && x->next >= 0;
    struct urna_buf b = {0};
    unsigned n = 0;
    while (new_value(&b, p, i, op, n))
        n++;
    urna_buf_free(&b);
    return n;
}

/* --- editing ------------------------------------------------------------- */

static void add(struct urna_buf *out, const struct places *p, size_t from, size_t to)
{
    urna_buf_add(out, p->text.p + from, to - from);
}

static void delete_it(struct urna_buf *out, const struct places *p, const struct place *x)
{
    /* One comma goes with it. */
    bool behind = x->next >= 0, before = !behind && x->nth > 0;
    add(out, p, 0, x->at - before);
    add(out, p, x->to + behind, p->text.len);
}

void place_edit(struct urna_buf *out, const struct places *p, size_t i, enum place_op op,
                unsigned way, struct urna_view donor)
{
    const struct place *x = &p->v[i];
    urna_buf_reset(out);
    switch (op) {
    case OP_CHANGE:
    case OP_MALFORM:
    case OP_EMPTY:
        add(out, p, 0, x->from);
        (void)new_value(out, p, i, op, way);
        add(out, p, x->to, p->text.len);
        break;
    case OP_DELETE:
        delete_it(out, p, x);
        break;
    case OP_DUPLICATE:
        add(out, p, 0, x->to);
        urna_buf_char(out, ',');
        add(out, p, x->at, p->text.len);
        break;
    case OP_SWAP: {
        const struct place *y = &p->v[x->next];
        add(out, p, 0, x->at);
        add(out, p, y->at, y->to);
        urna_buf_char(out, ',');
        add(out, p, x->at, x->to);
        add(out, p, y->to, p->text.len);
        break;
    }
    case OP_EXCHANGE:
        add(out, p, 0, x->from);
        urna_buf_add(out, donor.p, donor.len);
        add(out, p, x->to, p->text.len);
        break;
    }
}
