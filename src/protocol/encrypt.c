/* From a choice to a ballot (ElectionGuard 2.1 section 3.3). xi is the nonce and sigma the value of
 * a field, (alpha, beta) = (g^xi, K^(sigma + xi)). */
#include "protocol/encrypt_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/ct.h"
#include "base/secret.h"
#include "proof/eg_hash.h"
#include "proof/prove.h"
#include "protocol/put.h"

/* --- what the ballot is about (public) --- */

const struct urna_style *booth_style(const struct urna_manifest *m, const char *id)
{
    for (uint32_t i = 0; i < m->n_styles; i++)
        if (strcmp(m->styles[i].id, id) == 0)
            return &m->styles[i];
    return NULL;
}

const struct urna_device *booth_device(const struct urna_manifest *m, const char *id)
{
    for (uint32_t i = 0; i < m->n_devices; i++)
        if (strcmp(m->devices[i].id, id) == 0)
            return &m->devices[i];
    return NULL;
}

const struct urna_contest *booth_contest(const struct urna_booth *b, const struct urna_style *s,
                                         uint32_t c)
{
    return &b->m->contests[s->contests[c] - 1];
}

static uint32_t count_fields(const struct urna_booth *b, const struct urna_style *s)
{
    uint32_t n = 0;
    for (uint32_t c = 0; c < s->n_contests; c++)
        n += booth_contest(b, s, c)->n_options;
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
        if (urna_group_lq(booth->G) < 4 && booth_contest(booth, style, i)->option_limit > 100)
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

/* xi_B is drawn, used and gone; what is left are the nonces of the fields. */
static void draw_nonces(struct urna_openings *o, const struct urna_booth *booth,
                        const struct urna_style *style, const uint8_t h_i[32])
{
    uint8_t *xi_b = urna_secret_alloc(32);
    uint32_t at = 0;
    urna_random(xi_b, 32);
    for (uint32_t c = 0; c < style->n_contests; c++)
        for (uint32_t f = 0; f < booth_contest(booth, style, c)->n_options; f++)
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
    out->c = urna_put_scalars(booth->G, a, c, bound + 1);
    out->v = urna_put_scalars(booth->G, a, v, bound + 1);
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
        out->fields[f].a = urna_put_element(booth->G, a, &alpha[f]);
        out->fields[f].b = urna_put_element(booth->G, a, &beta[f]);
        put_range(&out->fields[f].proof, booth, h_i, out->i, f + 1, c->option_limit, &alpha[f],
                  &beta[f], &xi[f], value[f], a);
    }
    put_limit(out, booth, h_i, c, alpha, beta, xi, value, a);
    urna_hash_contest(chi, booth->G, h_i, out->i, alpha, beta, out->n_fields, urna_view(NULL, 0));
}

void booth_code(uint8_t code[32], const struct urna_booth *booth, const uint8_t h_i[32],
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
    booth_code(b->code, booth, h_i, b->device, (const uint8_t(*)[32])chi, b->n_contests);
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
    const struct urna_style *style = booth_style(booth->m, choice->style);
    const struct urna_device *device = booth_device(booth->m, choice->device);
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
        take_values(o->value + at, choice->values[c], booth_contest(booth, style, c));
        at += booth_contest(booth, style, c)->n_options;
    }
    draw_nonces(o, booth, style, h_i);
    put_contests(b, o, booth, style, h_i, a);
    memcpy(o->code, b->code, 32);
    *openings = o;
    return URNA_OK;
}
