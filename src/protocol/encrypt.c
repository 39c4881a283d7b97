/* Symbols of the specification (3.3): xi the nonce and sigma the value of a field, (alpha, beta) =
 * (g^xi, K^(sigma + xi)). */
#include "protocol/encrypt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ct.h"
#include "base/secret.h"
#include "proof/eg_hash.h"
#include "proof/prove.h"

struct urna_openings {
    bool used; /* cast or opened */
    uint8_t id[32], code[32];
    uint32_t n;             /* fields of the whole ballot */
    urna_secret_scalar *xi; /* n, guarded */
    uint64_t *value;        /* n, guarded */
};

static enum urna_status refuse(struct urna_error *err, const char *rule, const char *what)
{
    if (err && !err->rule[0])
        snprintf(err->rule, sizeof err->rule, "%s", rule);
    return urna_fail(err, URNA_FALSE, "%s", what);
}

/* --- what the ballot is about (public) --- */

static const struct urna_style *find_style(const struct urna_manifest *m, const char *id)
{
    for (uint32_t i = 0; i < m->n_styles; i++)
        if (strcmp(m->styles[i].id, id) == 0)
            return &m->styles[i];
    return NULL;
}

static const struct urna_device *find_device(const struct urna_manifest *m, const char *id)
{
    for (uint32_t i = 0; i < m->n_devices; i++)
        if (strcmp(m->devices[i].id, id) == 0)
            return &m->devices[i];
    return NULL;
}

static const struct urna_contest *contest_of(const struct urna_booth *b, const struct urna_style *s,
                                             uint32_t c)
{
    return &b->m->contests[s->contests[c] - 1];
}

static uint32_t count_fields(const struct urna_booth *b, const struct urna_style *s)
{
    uint32_t n = 0;
    for (uint32_t c = 0; c < s->n_contests; c++)
        n += contest_of(b, s, c)->n_options;
    return n;
}

static enum urna_status check_choice(const struct urna_booth *booth, const struct urna_choice *c,
                                     const struct urna_style *style, struct urna_error *err)
{
    if (c->n_keys < 1 || c->n_keys > 2)
        return urna_fail(err, URNA_INPUT, "a credential has one or two keys");
    if (c->serial < 1 || c->serial > 65535)
        return urna_fail(err, URNA_INPUT, "the serial number is outside 1 to 65535");
    for (uint32_t i = 0; i < style->n_contests; i++)
        if (urna_group_lq(booth->G) < 4 && contest_of(booth, style, i)->option_limit > 100)
            return urna_fail(err, URNA_INPUT,
                             "the group is too small for the limits of this election");
    return URNA_OK;
}

/* --- secret values, constant time --- */

/* All ones if a > b; both below 2^63. */
static uint64_t mask_greater(uint64_t a, uint64_t b)
{
    return urna_ct_mask((b - a) >> 63);
}

/* The values of one contest, or zeros if they are too many: the same work in every case. */
static void take_values(uint64_t *out, const uint32_t *in, const struct urna_contest *c)
{
    uint64_t sum = 0, over = 0;
    for (uint32_t o = 0; o < c->n_options; o++) {
        over |= mask_greater(in[o], c->option_limit);
        sum += in[o];
    }
    over |= mask_greater(sum, c->limit);
    for (uint32_t o = 0; o < c->n_options; o++)
        out[o] = in[o] & ~over;
}

/* A value (<= the option limit, so < q) as a secret scalar. */
static void value_scalar(const struct urna_group *G, urna_secret_scalar *out, uint64_t value)
{
    uint8_t b[URNA_LQ_MAX + 8] = {0};
    size_t lq = urna_group_lq(G);
    urna_be64(b + URNA_LQ_MAX, value);
    if (!urna_secret_decode(G, out, b + URNA_LQ_MAX + 8 - lq))
        urna_wipe(out, sizeof *out); /* cannot be: checked by check_choice */
    urna_wipe(b, sizeof b);
}

static struct urna_openings *openings_new(uint32_t n)
{
    struct urna_openings *o = urna_secret_alloc(sizeof *o);
    o->n = n;
    o->xi = urna_secret_alloc(n * sizeof *o->xi);
    o->value = urna_secret_alloc(n * sizeof *o->value);
    return o;
}

/* Nothing that opens the ballot is left. */
static void openings_forget(struct urna_openings *o)
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

/* xi_B is drawn, used and gone; what is left are the nonces of the fields. */
static void draw_nonces(struct urna_openings *o, const struct urna_booth *booth,
                        const struct urna_style *style, const uint8_t h_i[32])
{
    uint8_t *xi_b = urna_secret_alloc(32);
    uint32_t at = 0;
    urna_random(xi_b, 32);
    for (uint32_t c = 0; c < style->n_contests; c++)
        for (uint32_t f = 0; f < contest_of(booth, style, c)->n_options; f++)
            urna_hash_selection_nonce(booth->G, &o->xi[at++], h_i, style->contests[c], f + 1, xi_b);
    urna_secret_free(xi_b);
}

static void encrypt_fields(urna_element *alpha, urna_element *beta, const struct urna_booth *booth,
                           const struct urna_openings *o)
{
    urna_secret_scalar *s = urna_secret_alloc(o->n * sizeof *s);
    for (uint32_t i = 0; i < o->n; i++) {
        value_scalar(booth->G, &s[i], o->value[i]);
        urna_secret_add(booth->G, &s[i], &s[i], &o->xi[i]);
    }
    urna_fixed_exp_secret(booth->g, alpha, o->xi, o->n);
    urna_fixed_exp_secret(booth->K, beta, s, o->n);
    URNA_PUBLIC(alpha, o->n * sizeof *alpha);
    URNA_PUBLIC(beta, o->n * sizeof *beta);
    urna_secret_free(s);
}

/* --- the ballot --- */

static const uint8_t *put_element(const struct urna_group *G, struct urna_arena *a,
                                  const urna_element *x)
{
    uint8_t *p = urna_arena_alloc(a, 1, urna_group_lp(G));
    urna_element_encode(G, p, x);
    return p;
}

static const uint8_t **put_scalars(const struct urna_group *G, struct urna_arena *a,
                                   const urna_scalar *x, uint32_t n)
{
    const uint8_t **list = URNA_NEW(a, const uint8_t *, n);
    for (uint32_t i = 0; i < n; i++) {
        uint8_t *p = urna_arena_alloc(a, 1, urna_group_lq(G));
        urna_scalar_encode(G, p, &x[i]);
        list[i] = p;
    }
    return list;
}

/* ind_o = 0: the limit proof. */
static void put_range(struct urna_range *out, const struct urna_booth *booth, const uint8_t h_i[32],
                      uint32_t ind_c, uint32_t ind_o, uint32_t bound, const urna_element *alpha,
                      const urna_element *beta, const urna_secret_scalar *xi, uint64_t value,
                      struct urna_arena *a)
{
    urna_scalar *c = urna_xcalloc(bound + 1, sizeof *c), *v = urna_xcalloc(bound + 1, sizeof *v);
    urna_range_prove(booth->G, booth->g, booth->K, h_i, ind_c, ind_o, bound, alpha, beta, xi,
                     (uint32_t)value, c, v);
    out->n_c = out->n_v = bound + 1;
    out->c = put_scalars(booth->G, a, c, bound + 1);
    out->v = put_scalars(booth->G, a, v, bound + 1);
    free(c);
    free(v);
}

static void put_limit(struct urna_ballot_contest *out, const struct urna_booth *booth,
                      const uint8_t h_i[32], const struct urna_contest *c,
                      const urna_element *alpha, const urna_element *beta,
                      const urna_secret_scalar *xi, const uint64_t *value, struct urna_arena *a)
{
    urna_element al, be;
    urna_secret_scalar *sum = urna_secret_alloc(sizeof *sum); /* zeroed */
    uint64_t total = 0;
    urna_scalar zero;
    urna_scalar_from_u64(booth->G, &zero, 0);
    urna_secret_from_public(sum, &zero);
    urna_element_identity(booth->G, &al);
    urna_element_identity(booth->G, &be);
    for (uint32_t f = 0; f < c->n_options; f++) {
        urna_element_mul(booth->G, &al, &al, &alpha[f]);
        urna_element_mul(booth->G, &be, &be, &beta[f]);
        urna_secret_add(booth->G, sum, sum, &xi[f]);
        total += value[f];
    }
    put_range(&out->limit, booth, h_i, out->i, 0, c->limit, &al, &be, sum, total, a);
    urna_wipe(&total, sizeof total);
    urna_secret_free(sum);
}

/* chi of the contest and everything of it that stands on the ballot. */
static void put_contest(struct urna_ballot_contest *out, uint8_t chi[32],
                        const struct urna_booth *booth, const uint8_t h_i[32],
                        const urna_element *alpha, const urna_element *beta,
                        const urna_secret_scalar *xi, const uint64_t *value, struct urna_arena *a)
{
    const struct urna_contest *c = &booth->m->contests[out->i - 1];
    out->n_fields = c->n_options;
    out->fields = URNA_NEW(a, struct urna_ballot_field, out->n_fields);
    for (uint32_t f = 0; f < out->n_fields; f++) {
        out->fields[f].a = put_element(booth->G, a, &alpha[f]);
        out->fields[f].b = put_element(booth->G, a, &beta[f]);
        put_range(&out->fields[f].proof, booth, h_i, out->i, f + 1, c->option_limit, &alpha[f],
                  &beta[f], &xi[f], value[f], a);
    }
    put_limit(out, booth, h_i, c, alpha, beta, xi, value, a);
    urna_hash_contest(chi, booth->G, h_i, out->i, alpha, beta, out->n_fields, urna_view(NULL, 0));
}

static void confirmation(uint8_t code[32], const struct urna_booth *booth, const uint8_t h_i[32],
                         const char *device, const uint8_t (*chi)[32], size_t n)
{
    uint8_t h_di[32], b_c[36];
    urna_hash_device(h_di, booth->h_e, urna_view_str(device));
    urna_chaining_none(b_c, h_di);
    urna_hash_confirmation(code, h_i, chi, n, b_c);
}

static void put_heading(struct urna_ballot *b, const struct urna_choice *choice,
                        const struct urna_style *style, const struct urna_device *device,
                        struct urna_arena *a)
{
    memset(b, 0, sizeof *b);
    b->n_keys = choice->n_keys;
    b->keys = urna_arena_copy(a, choice->keys, (size_t)32 * choice->n_keys);
    if (choice->rho)
        memcpy(b->rho, choice->rho, 32);
    else
        urna_random(b->rho, 32);
    URNA_PUBLIC(b->rho, 32);
    b->style = style->id;
    b->device = device->id;
    b->serial = choice->serial;
    b->after = choice->after ? urna_arena_copy(a, choice->after, 32) : NULL;
}

static void put_contests(struct urna_ballot *b, const struct urna_openings *o,
                         const struct urna_booth *booth, const struct urna_style *style,
                         const uint8_t h_i[32], struct urna_arena *a)
{
    urna_element *alpha = urna_xcalloc(o->n, sizeof *alpha),
                 *beta = urna_xcalloc(o->n, sizeof *beta);
    uint8_t(*chi)[32] = urna_xcalloc(style->n_contests, sizeof *chi);
    uint32_t at = 0;
    encrypt_fields(alpha, beta, booth, o);
    b->n_contests = style->n_contests;
    b->contests = URNA_NEW(a, struct urna_ballot_contest, b->n_contests);
    for (uint32_t c = 0; c < b->n_contests; c++) {
        b->contests[c].i = style->contests[c];
        put_contest(&b->contests[c], chi[c], booth, h_i, alpha + at, beta + at, o->xi + at,
                    o->value + at, a);
        at += b->contests[c].n_fields;
    }
    confirmation(b->code, booth, h_i, b->device, (const uint8_t(*)[32])chi, b->n_contests);
    free(alpha);
    free(beta);
    free(chi);
}

enum urna_status urna_ballot_encrypt(struct urna_ballot *b, struct urna_openings **openings,
                                     const struct urna_booth *booth,
                                     const struct urna_choice *choice, struct urna_arena *a,
                                     struct urna_error *err)
{
    uint8_t h_i[32];
    *openings = NULL;
    const struct urna_style *style = find_style(booth->m, choice->style);
    const struct urna_device *device = find_device(booth->m, choice->device);
    if (!style)
        return urna_fail(err, URNA_INPUT, "the manifest has no such ballot style");
    if (!device)
        return urna_fail(err, URNA_INPUT, "the manifest has no such device");
    enum urna_status st = check_choice(booth, choice, style, err);
    if (st != URNA_OK)
        return st;
    struct urna_openings *o = openings_new(count_fields(booth, style));
    put_heading(b, choice, style, device, a);
    urna_hash_ballot_id(o->id, booth->h_e, b->keys[0], b->rho);
    urna_hash_identifier(h_i, booth->h_e, o->id);
    uint32_t at = 0;
    for (uint32_t c = 0; c < style->n_contests; c++) {
        take_values(o->value + at, choice->values[c], contest_of(booth, style, c));
        at += contest_of(booth, style, c)->n_options;
    }
    draw_nonces(o, booth, style, h_i);
    put_contests(b, o, booth, style, h_i, a);
    memcpy(o->code, b->code, 32);
    *openings = o;
    return URNA_OK;
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

/* --- on another device (public data) --- */

/* Values within the limits, nonces below q, and both ciphertexts the ones that stand there. */
static enum urna_status recompute_contest(uint8_t chi[32], const struct urna_booth *booth,
                                          const uint8_t h_i[32],
                                          const struct urna_challenge_contest *x,
                                          struct urna_error *err)
{
    const struct urna_contest *c = &booth->m->contests[x->i - 1];
    size_t lp = urna_group_lp(booth->G), n = x->n_fields;
    urna_element *e = urna_xcalloc(2 * n, sizeof *e);
    urna_scalar *s = urna_xcalloc(2 * n, sizeof *s);
    enum urna_status st = URNA_OK;
    uint64_t sum = 0;
    for (size_t f = 0; f < n && st == URNA_OK; f++) {
        urna_scalar value;
        if (x->fields[f].value > c->option_limit)
            st = refuse(err, "V14.E", "a value is over the option limit");
        else if (!urna_scalar_decode(booth->G, &s[f], x->fields[f].xi))
            st = refuse(err, "V13", "a nonce is not a number below q");
        sum += x->fields[f].value;
        urna_scalar_from_u64(booth->G, &value, x->fields[f].value);
        urna_scalar_add(booth->G, &s[n + f], &s[f], &value);
    }
    if (st == URNA_OK && sum > c->limit)
        st = refuse(err, "V14.F", "the values are over the contest limit");
    if (st == URNA_OK) {
        urna_fixed_exp_vartime(booth->g, e, s, n);
        urna_fixed_exp_vartime(booth->K, e + n, s + n, n);
    }
    for (size_t f = 0; f < n && st == URNA_OK; f++) {
        uint8_t bytes[2][URNA_LP_MAX];
        urna_element_encode(booth->G, bytes[0], &e[f]);
        urna_element_encode(booth->G, bytes[1], &e[n + f]);
        if (memcmp(bytes[0], x->fields[f].a, lp) != 0 || memcmp(bytes[1], x->fields[f].b, lp) != 0)
            st = refuse(err, "V13", "a ciphertext is not the encryption of the value that is said");
    }
    if (st == URNA_OK)
        urna_hash_contest(chi, booth->G, h_i, x->i, e, e + n, n, urna_view(NULL, 0));
    free(e);
    free(s);
    return st;
}

static enum urna_status check_shape(const struct urna_booth *booth, const struct urna_challenge *c,
                                    struct urna_error *err)
{
    const struct urna_style *style = find_style(booth->m, c->style);
    if (!style || !find_device(booth->m, c->device))
        return refuse(err, "V14.A", "the manifest has no such ballot style or device");
    if (c->n_contests != style->n_contests)
        return refuse(err, "V14.B", "not every contest of the style is opened");
    for (uint32_t i = 0; i < c->n_contests; i++) {
        if (c->contests[i].i != style->contests[i])
            return refuse(err, "V14.B", "not every contest of the style is opened");
        if (c->contests[i].n_fields != contest_of(booth, style, i)->n_options)
            return refuse(err, "V14.D", "not every option is opened");
    }
    return URNA_OK;
}

enum urna_status urna_challenge_recompute(uint8_t code[32], const struct urna_booth *booth,
                                          const struct urna_challenge *c, struct urna_error *err)
{
    uint8_t h_i[32];
    memset(code, 0, 32);
    enum urna_status st = check_shape(booth, c, err);
    if (st != URNA_OK)
        return st;
    uint8_t(*chi)[32] = urna_xcalloc(c->n_contests, sizeof *chi);
    urna_hash_identifier(h_i, booth->h_e, c->id);
    for (uint32_t i = 0; i < c->n_contests && st == URNA_OK; i++)
        st = recompute_contest(chi[i], booth, h_i, &c->contests[i], err);
    if (st == URNA_OK) {
        confirmation(code, booth, h_i, c->device, (const uint8_t(*)[32])chi, c->n_contests);
        if (memcmp(code, c->code, 32) != 0)
            st = refuse(err, "V13.B", "the code is not the one of these ciphertexts");
    }
    free(chi);
    return st;
}

bool urna_challenge_matches(const struct urna_booth *booth, const struct urna_challenge *c,
                            const struct urna_ballot *b)
{
    uint8_t id[32];
    size_t lp = urna_group_lp(booth->G);
    if (b->n_keys < 1)
        return false;
    urna_hash_ballot_id(id, booth->h_e, b->keys[0], b->rho);
    if (memcmp(id, c->id, 32) != 0 || memcmp(b->code, c->code, 32) != 0 ||
        strcmp(b->style, c->style) != 0 || strcmp(b->device, c->device) != 0 ||
        b->n_contests != c->n_contests)
        return false;
    for (uint32_t i = 0; i < c->n_contests; i++) {
        if (b->contests[i].i != c->contests[i].i ||
            b->contests[i].n_fields != c->contests[i].n_fields)
            return false;
        for (uint32_t f = 0; f < c->contests[i].n_fields; f++)
            if (memcmp(b->contests[i].fields[f].a, c->contests[i].fields[f].a, lp) != 0 ||
                memcmp(b->contests[i].fields[f].b, c->contests[i].fields[f].b, lp) != 0)
                return false;
    }
    return true;
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
