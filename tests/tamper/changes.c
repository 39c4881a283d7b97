/* Every change of a body, and which of them are tried. */
#include <stdio.h>
#include <string.h>

#include "run.h"

/* FULL: every change, at the ends and in the middle of arrays. SOME: of an entry whose like had
 * them all, one change a place. NEW: only what was never tried (the 4096-bit group is slow), and
 * one change an entry. */
enum mode { MODE_FULL, MODE_SOME, MODE_NEW };

/* True the first time. */
bool tamper_first_time(struct tried *t, enum urna_kind kind, const char *path, unsigned op,
                       unsigned way)
{
    uint64_t h = 0xCBF29CE484222325u ^ (kind * 64 + op * 8 + way);
    for (const char *s = path; *s; s++)
        h = (h ^ (uint8_t)*s) * 0x100000001B3u;
    h = (h ^ h >> 29) | 1;
    for (size_t i = h & 0xFFFF;; i = (i + 1) & 0xFFFF) {
        if (t->slot[i] == h)
            return false;
        if (t->slot[i] == 0) {
            if (++t->n > 60000)
                give_up("tried", "too many changes");
            t->slot[i] = h;
            return true;
        }
    }
}

static bool worth(const struct place *x)
{
    return x->member || x->of <= 3 || x->nth == 0 || x->nth == x->of / 2 || x->nth + 1 == x->of;
}

static enum mode mode_of(struct run *x, const struct places *p)
{
    bool unseen = false;
    for (size_t i = 0; i < p->n; i++)
        unseen |= tamper_first_time(x->tried, tamper_kind(x), p->v[i].path, OP_COUNT, 0);
    if (x->all)
        return MODE_FULL;
    return x->slow ? MODE_NEW : unseen ? MODE_FULL : MODE_SOME;
}

static bool to_try(struct run *x, enum mode mode, const struct place *p, const char *path,
                   enum place_op op, unsigned way, bool *one)
{
    bool scalar = p->type != '{' && p->type != '[', now;
    bool fresh_one = tamper_first_time(x->tried, tamper_kind(x), path, op, way);
    if (mode == MODE_FULL)
        now = true;
    else if (mode == MODE_SOME)
        now = fresh_one || (way == 0 && op == (scalar ? OP_CHANGE : OP_DELETE));
    else
        now = fresh_one || (!*one && op == OP_CHANGE && scalar);
    *one |= now;
    return now;
}

/* Every change that is to be tried of a text. prefix: what stands before its paths in expect.c. */
void tamper_every_change(struct run *x, struct urna_view text, const char *prefix, edit_fn *fn,
                         void *ctx)
{
    struct places p;
    struct urna_buf b = {0};
    char path[100];
    bool one = false;
    if (!places_read(&p, text))
        give_up(urna_kind_name(tamper_kind(x)), "is not JSON");
    enum mode mode = mode_of(x, &p);
    size_t skip = 0; /* inside of an element that is not worth it */
    for (size_t i = 0; i < p.n; i++) {
        if (p.v[i].from < skip)
            continue;
        if (!worth(&p.v[i])) {
            skip = p.v[i].to;
            continue;
        }
        snprintf(path, sizeof path, "%s%s", prefix, p.v[i].path);
        for (unsigned op = 0; op < OP_COUNT; op++)
            for (unsigned way = 0; way < (op == OP_EXCHANGE ? DONORS : place_ways(&p, i, op));
                 way++) {
                struct urna_view donor = {NULL, 0};
                if (op == OP_EXCHANGE) {
                    donor = stock_other(&x->stock, tamper_kind(x), path, place_value(&p, i), way);
                    if (donor.len == 0)
                        break;
                }
                if (!to_try(x, mode, &p.v[i], path, op, way, &one))
                    continue;
                place_edit(&b, &p, i, op, way, donor);
                fn(x, &p.v[i], path, op, donor, urna_buf_view(&b), ctx);
            }
    }
    urna_buf_free(&b);
    places_free(&p);
}

static void change_body(struct run *x, const struct place *p, const char *path, enum place_op op,
                        struct urna_view donor, struct urna_view text, void *ctx)
{
    (void)ctx;
    bool as = op == OP_EXCHANGE && strcmp(path, ".as") == 0;
    tamper_try_body(x, path, op, p->member, text, as ? donor : urna_view(NULL, 0));
}

/* Other spellings of the same, and less of it. */
static void spellings(struct run *x)
{
    static const char *const front[] = {" ", "\xEF\xBB\xBF", "", "", "[", "{"};
    static const char *const back[] = {"", "", " ", "\n", "]", "}"};
    struct urna_buf b = {0};
    for (int i = 0; i < 6; i++) {
        urna_buf_reset(&b);
        urna_buf_str(&b, front[i]);
        urna_buf_add(&b, x->own.p, x->own.len);
        urna_buf_str(&b, back[i]);
        tamper_try_body(x, "", OP_MALFORM, false, urna_buf_view(&b), urna_view(NULL, 0));
    }
    for (size_t len = 0; len < x->own.len; len += 1 + (len + 2 < x->own.len) * (x->own.len - 2))
        tamper_try_body(x, "", OP_MALFORM, false, urna_view(x->own.p, len), urna_view(NULL, 0));
    urna_buf_free(&b);
}

/* Bytes without a grammar. */
static void change_bytes(struct run *x)
{
    struct urna_buf b = {0};
    urna_buf_add(&b, x->own.p, x->own.len);
    b.p[0] ^= 1;
    tamper_try_body(x, "bytes", OP_CHANGE, false, urna_buf_view(&b), urna_view(NULL, 0));
    b.p[0] ^= 1;
    tamper_try_body(x, "bytes", OP_DELETE, false, urna_view(b.p, b.len - 1), urna_view(NULL, 0));
    urna_buf_add(&b, x->own.p, x->own.len);
    tamper_try_body(x, "bytes", OP_DUPLICATE, false, urna_buf_view(&b), urna_view(NULL, 0));
    urna_buf_free(&b);
}

void tamper_bodies(struct run *x)
{
    if (tamper_kind(x) == URNA_ATTACHMENT) {
        change_bytes(x);
        return;
    }
    tamper_every_change(x, urna_buf_view(&x->own), "", change_body, NULL);
    spellings(x);
}
