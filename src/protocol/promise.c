#include "protocol/promise.h"

#include <string.h>

#include "proof/ed25519.h"

#define AHEAD_MAX 7200u /* seconds that a promise may lie ahead */

static void message(struct urna_buf *out, const struct urna_promise *p)
{
    urna_promise_message(out, p->received ? "urna-received-v1" : "urna-promise-v1", p->phi,
                         urna_kind_name(p->kind), p->e, p->time);
}

void urna_promise_sign(struct urna_promise *p, const uint8_t seed[32])
{
    struct urna_buf m = {0};
    message(&m, p);
    urna_ed25519_sign(p->sig, seed, m.p, m.len);
    urna_buf_free(&m);
}

bool urna_promise_check(const struct urna_promise *p, const uint8_t key[32])
{
    if (p->kind >= URNA_KIND_UNKNOWN)
        return false;
    struct urna_buf m = {0};
    message(&m, p);
    bool ok = urna_ed25519_check(key, m.p, m.len, p->sig);
    urna_buf_free(&m);
    return ok;
}

bool urna_promise_timely(const struct urna_promise *p, uint64_t now, uint64_t t_close,
                         uint64_t delta)
{
    /* all below 2^53 where they come from an entry; the clock and the promise are not from there */
    if (now > URNA_INT_MAX || p->time > URNA_INT_MAX || t_close > URNA_INT_MAX ||
        delta > URNA_INT_MAX)
        return false;
    return p->time <= t_close + delta && p->time <= now + AHEAD_MAX;
}

void urna_promise_write(struct urna_buf *out, const struct urna_promise *p)
{
    urna_buf_str(out, p->received ? "urna-received-1\nelection " : "urna-promise-1\nelection ");
    urna_buf_hex(out, p->phi, 32);
    urna_buf_printf(out, "\nkind %s\nentry ", urna_kind_name(p->kind));
    urna_buf_hex(out, p->e, 32);
    urna_buf_printf(out, "\ntime %llu\nsig ", (unsigned long long)p->time);
    urna_buf_hex(out, p->sig, 64);
    urna_buf_char(out, '\n');
}

/* The rest of a line that begins with ${key} and a blank (or is ${key}, if it has no value). */
static bool line(struct urna_view *in, const char *key, struct urna_view *value)
{
    size_t n = strlen(key);
    const uint8_t *end = in->len ? memchr(in->p, '\n', in->len) : NULL;
    if (!end || (size_t)(end - in->p) < n || memcmp(in->p, key, n) != 0)
        return false;
    *value = urna_view(in->p + n, (size_t)(end - in->p) - n);
    in->len -= (size_t)(end - in->p) + 1;
    in->p = end + 1;
    return true;
}

static bool hex_line(struct urna_view *in, const char *key, uint8_t *out, size_t len)
{
    struct urna_view v;
    return line(in, key, &v) && urna_unhex(out, len, (const char *)v.p, v.len);
}

static bool parse(struct urna_promise *p, struct urna_view in)
{
    struct urna_view v;
    char kind[32] = "";
    if (!line(&in, "urna-", &v))
        return false;
    p->received = urna_view_eq_str(v, "received-1");
    if (!p->received && !urna_view_eq_str(v, "promise-1"))
        return false;
    if (!hex_line(&in, "election ", p->phi, 32) || !line(&in, "kind ", &v))
        return false;
    if (v.len < 1 || v.len >= sizeof kind || memchr(v.p, 0, v.len))
        return false;
    memcpy(kind, v.p, v.len);
    p->kind = urna_kind_find(kind);
    if (p->kind == URNA_KIND_UNKNOWN || !hex_line(&in, "entry ", p->e, 32))
        return false;
    if (!line(&in, "time ", &v) ||
        !urna_parse_u64(&p->time, (const char *)v.p, v.len, URNA_INT_MAX))
        return false;
    return hex_line(&in, "sig ", p->sig, 64) && in.len == 0;
}

enum urna_status urna_promise_read(struct urna_promise *out, struct urna_view file,
                                   struct urna_error *err)
{
    memset(out, 0, sizeof *out);
    if (parse(out, file))
        return URNA_OK;
    memset(out, 0, sizeof *out);
    return urna_fail(err, URNA_INPUT, "not a promise: six lines, as docs/record.md describes them");
}
