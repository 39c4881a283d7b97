/* What opens a ballot: kept until it is cast or opened, and used once. */
#include "protocol/encrypt_internal.h"

#include <string.h>

#include "base/ct.h"
#include "base/secret.h"

struct urna_openings *openings_new(uint32_t n)
{
    struct urna_openings *o = urna_secret_alloc(sizeof *o);
    o->n = n;
    o->xi = urna_secret_alloc(n * sizeof *o->xi);
    o->value = urna_secret_alloc(n * sizeof *o->value);
    return o;
}

void openings_forget(struct urna_openings *o)
{
    urna_secret_free(o->xi);
    urna_secret_free(o->value);
    o->xi = NULL;
    o->value = NULL;
    o->used = true;
}

void urna_openings_free(struct urna_openings *o)
{
    if (!o)
        return;
    openings_forget(o);
    urna_secret_free(o);
}

/* --- cast or open --- */

static enum urna_status check_unused(const struct urna_openings *o, const struct urna_ballot *b,
                                     struct urna_error *err)
{
    if (o->used)
        return urna_fail(err, URNA_FALSE, "this ballot has been cast or opened already");
    uint32_t n = 0;
    for (uint32_t c = 0; c < b->n_contests; c++)
        n += b->contests[c].n_fields;
    if (memcmp(o->code, b->code, 32) != 0 || n != o->n)
        return urna_fail(err, URNA_INPUT, "these openings are of another ballot");
    return URNA_OK;
}

enum urna_status urna_encrypted_cast(struct urna_buf *file, struct urna_openings *o,
                                     const struct urna_booth *booth, const struct urna_ballot *b,
                                     const struct urna_voter *v, struct urna_error *err)
{
    enum urna_status st = check_unused(o, b, err);
    if (st != URNA_OK)
        return st;
    if (memcmp(v->phi, booth->phi, 32) != 0)
        return urna_fail(err, URNA_INPUT, "the credential is of another election");
    openings_forget(o);
    return urna_voter_sign(file, v, b, urna_group_lp(booth->G), urna_group_lq(booth->G), err);
}

enum urna_status urna_encrypted_open(struct urna_challenge *c, struct urna_openings *o,
                                     const struct urna_booth *booth, const struct urna_ballot *b,
                                     struct urna_arena *a, struct urna_error *err)
{
    memset(c, 0, sizeof *c);
    enum urna_status st = check_unused(o, b, err);
    if (st != URNA_OK)
        return st;
    uint32_t at = 0;
    memcpy(c->id, o->id, 32);
    memcpy(c->code, b->code, 32);
    c->style = b->style;
    c->device = b->device;
    c->n_contests = b->n_contests;
    c->contests = URNA_NEW(a, struct urna_challenge_contest, c->n_contests);
    for (uint32_t i = 0; i < c->n_contests; i++) {
        struct urna_challenge_contest *x = &c->contests[i];
        x->i = b->contests[i].i;
        x->n_fields = b->contests[i].n_fields;
        x->fields = URNA_NEW(a, struct urna_opening, x->n_fields);
        for (uint32_t f = 0; f < x->n_fields; f++, at++) {
            uint8_t *xi = urna_arena_alloc(a, 1, urna_group_lq(booth->G));
            urna_secret_encode(booth->G, xi, &o->xi[at]);
            URNA_PUBLIC(xi, urna_group_lq(booth->G)); /* that is what a challenge is */
            URNA_PUBLIC(&o->value[at], sizeof o->value[at]);
            x->fields[f] = (struct urna_opening){b->contests[i].fields[f].a,
                                                 b->contests[i].fields[f].b, o->value[at], xi};
        }
    }
    openings_forget(o);
    return URNA_OK;
}

/* --- at rest ------------------------------------------------------------- */

#define PACK_HEADING (32 + 32 + 4)

/* id || code || b(n,4) || (xi || b(value,8)) for each field */
enum urna_status urna_openings_pack(struct urna_secret_bytes *out, const struct urna_openings *o,
                                    const struct urna_booth *booth, struct urna_error *err)
{
    size_t lq = urna_group_lq(booth->G);
    if (o->used)
        return urna_fail(err, URNA_FALSE, "this ballot has been cast or opened already");
    urna_secret_bytes_new(out, PACK_HEADING + o->n * (lq + 8));
    memcpy(out->p, o->id, 32);
    memcpy(out->p + 32, o->code, 32);
    urna_be32(out->p + 64, o->n);
    for (uint32_t i = 0; i < o->n; i++) {
        uint8_t *p = out->p + PACK_HEADING + i * (lq + 8);
        urna_secret_encode(booth->G, p, &o->xi[i]);
        urna_be64(p + lq, o->value[i]);
    }
    return URNA_OK;
}

enum urna_status urna_openings_unpack(struct urna_openings **out, struct urna_view packed,
                                      const struct urna_booth *booth, struct urna_error *err)
{
    size_t lq = urna_group_lq(booth->G);
    *out = NULL;
    uint32_t n = packed.len >= PACK_HEADING ? urna_get_be32(packed.p + 64) : 0;
    if (n == 0 || packed.len != PACK_HEADING + n * (lq + 8))
        return urna_fail(err, URNA_INPUT, "not the openings of a ballot");
    struct urna_openings *o = openings_new(n);
    memcpy(o->id, packed.p, 32);
    memcpy(o->code, packed.p + 32, 32);
    bool good = true;
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t *p = packed.p + PACK_HEADING + i * (lq + 8);
        good = urna_secret_decode(booth->G, &o->xi[i], p) && good;
        o->value[i] = urna_get_be64(p + lq);
    }
    if (!good) {
        urna_openings_free(o);
        return urna_fail(err, URNA_INPUT, "not the openings of a ballot");
    }
    *out = o;
    return URNA_OK;
}
