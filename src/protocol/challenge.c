/* A challenged ballot on another device (ElectionGuard 2.1 section 3.6.7): public data, variable
 * time. */
#include "protocol/encrypt_internal.h"

#include <stdlib.h>
#include <string.h>

#include "proof/eg_hash.h"

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
            st = urna_refuse(err, "V14.E", "a value is over the option limit");
        else if (!urna_scalar_decode(booth->G, &s[f], x->fields[f].xi))
            st = urna_refuse(err, "V13", "a nonce is not a number below q");
        sum += x->fields[f].value;
        urna_scalar_from_u64(booth->G, &value, x->fields[f].value);
        urna_scalar_add(booth->G, &s[n + f], &s[f], &value);
    }
    if (st == URNA_OK && sum > c->limit)
        st = urna_refuse(err, "V14.F", "the values are over the contest limit");
    if (st == URNA_OK) {
        urna_fixed_exp_vartime(booth->g, e, s, n);
        urna_fixed_exp_vartime(booth->K, e + n, s + n, n);
    }
    for (size_t f = 0; f < n && st == URNA_OK; f++) {
        uint8_t bytes[2][URNA_LP_MAX];
        urna_element_encode(booth->G, bytes[0], &e[f]);
        urna_element_encode(booth->G, bytes[1], &e[n + f]);
        if (memcmp(bytes[0], x->fields[f].a, lp) != 0 || memcmp(bytes[1], x->fields[f].b, lp) != 0)
            st = urna_refuse(err, "V13",
                             "a ciphertext is not the encryption of the value that is said");
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
    const struct urna_style *style = booth_style(booth->m, c->style);
    if (!style || !booth_device(booth->m, c->device))
        return urna_refuse(err, "V14.A", "the manifest has no such ballot style or device");
    if (c->n_contests != style->n_contests)
        return urna_refuse(err, "V14.B", "not every contest of the style is opened");
    for (uint32_t i = 0; i < c->n_contests; i++) {
        if (c->contests[i].i != style->contests[i])
            return urna_refuse(err, "V14.B", "not every contest of the style is opened");
        if (c->contests[i].n_fields != booth_contest(booth, style, i)->n_options)
            return urna_refuse(err, "V14.D", "not every option is opened");
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
        booth_code(code, booth, h_i, c->device, (const uint8_t(*)[32])chi, c->n_contests);
        if (memcmp(code, c->code, 32) != 0)
            st = urna_refuse(err, "V13.B", "the code is not the one of these ciphertexts");
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
