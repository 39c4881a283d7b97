/* manifest: everything that is fixed before an election (election.md section 2). */
#include "model/describe.h"

#include <string.h>

#define UTC "UTC"

static const char *const formats[] = {"urna-election-1"};
static const char *const credential_words[] = {"one-registrar", "two-registrars", "voter-made"};
static const char *const methods[] = {"hare", "droop", "dhondt", "saintelague", "saintelague-mod"};
static const char *const bases[] = {"qualified", "all"};
static const char *const tie_words[] = {"error", "order"};

static void title_item(struct urna_codec *c, struct urna_title *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_id(c, "lang", &x->lang);
    urna_codec_key(c, "text");
    urna_codec_text(c, &x->text);
    urna_codec_close(c);
}

static void titles(struct urna_codec *c, struct urna_titles *x)
{
    urna_codec_key(c, "title");
    URNA_CODEC_ARRAY(c, x->v, x->n, title_item, NULL);
}

static void role(struct urna_codec *c, struct urna_role *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_id(c, "id", &x->id);
    urna_field_id(c, "bloc", &x->bloc);
    urna_field_hash(c, "key", x->key);
    urna_codec_close(c);
}

static void cosigner(struct urna_codec *c, const char *key, struct urna_cosigner *x)
{
    urna_codec_key(c, key);
    urna_codec_open(c);
    urna_codec_key(c, "name");
    urna_codec_name(c, &x->name);
    urna_field_hash(c, "key", x->key);
    urna_codec_close(c);
}

static void witness(struct urna_codec *c, struct urna_witness_role *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_id(c, "id", &x->id);
    urna_field_id(c, "bloc", &x->bloc);
    cosigner(c, "head", &x->head);
    cosigner(c, "full", &x->full);
    urna_codec_close(c);
}

/* Devices, options and names have the same shape and each a type of its own. */
static void id_and_title(struct urna_codec *c, const char **id, struct urna_titles *title)
{
    urna_codec_open(c);
    urna_field_id(c, "id", id);
    titles(c, title);
    urna_codec_close(c);
}

static void device(struct urna_codec *c, struct urna_device *x, const void *ctx)
{
    (void)ctx;
    id_and_title(c, &x->id, &x->title);
}

static void option(struct urna_codec *c, struct urna_contest_option *x, const void *ctx)
{
    (void)ctx;
    id_and_title(c, &x->id, &x->title);
}

static void named(struct urna_codec *c, struct urna_named *x, const void *ctx)
{
    (void)ctx;
    id_and_title(c, &x->id, &x->title);
}

static void contest(struct urna_codec *c, struct urna_contest *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_id(c, "id", &x->id);
    titles(c, &x->title);
    urna_field_index(c, "limit", &x->limit);
    urna_codec_u32_default(c, "option_limit", &x->option_limit, 1, UINT32_MAX, 1);
    urna_codec_key(c, "options");
    URNA_CODEC_ARRAY(c, x->options, x->n_options, option, NULL);
    urna_want(c, x->n_options > 0, "contest without options");
    urna_codec_close(c);
}

static void style(struct urna_codec *c, struct urna_style *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_id(c, "id", &x->id);
    urna_codec_key(c, "contests");
    URNA_CODEC_ARRAY(c, x->contests, x->n_contests, urna_item_index, NULL);
    urna_want(c, x->n_contests > 0, "style without contests");
    urna_want_ascending_u32(c, x->contests, x->n_contests);
    urna_codec_close(c);
}

static void cell(struct urna_codec *c, struct urna_cell *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_id(c, "id", &x->id);
    if (urna_codec_maybe(c, "up", x->up != 0))
        urna_codec_u32(c, &x->up, 1, UINT32_MAX);
    titles(c, &x->title);
    urna_codec_close(c);
}

static void small(struct urna_codec *c, struct urna_small *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_index(c, "contest", &x->contest);
    urna_codec_key(c, "weight");
    urna_codec_u32(c, &x->weight, 1, URNA_WEIGHT_MAX);
    urna_codec_close(c);
}

static void times(struct urna_codec *c, struct urna_manifest *m)
{
    urna_codec_key(c, "times");
    urna_codec_open(c);
    urna_field_number(c, "open", &m->t_open);
    urna_field_number(c, "close", &m->t_close);
    urna_field_number(c, "delta", &m->delta);
    urna_field_number(c, "seal", &m->t_seal);
    urna_codec_close(c);
}

static void word(struct urna_codec *c, const char *key, const char *const *words, uint32_t n,
                 uint32_t *which)
{
    urna_codec_key(c, key);
    urna_codec_word(c, words, n, which);
}

/* [num, den]: a pair, not a list. */
static void threshold(struct urna_codec *c, struct urna_seats_decl *x)
{
    uint32_t i = 0;
    urna_codec_key(c, "threshold");
    for (urna_codec_begin(c); urna_codec_more(c, &i, 2); i++) {
        if (i == 0)
            urna_codec_u64(c, &x->num, 0, URNA_INT_MAX);
        else if (i == 1)
            urna_codec_u64(c, &x->den, 1, URNA_INT_MAX);
        else
            urna_codec_fault(c, "threshold of more than two numbers");
    }
    urna_want(c, i == 2, "threshold of fewer than two numbers");
}

static void seats(struct urna_codec *c, struct urna_seats_decl *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_index(c, "contest", &x->contest);
    urna_field_index(c, "n", &x->n);
    word(c, "method", methods, 5, &x->method);
    word(c, "base", bases, 2, &x->base);
    threshold(c, x);
    word(c, "ties", tie_words, 2, &x->ties);
    urna_codec_close(c);
}

/* zone? NAME ("UTC") */
static void zone(struct urna_codec *c, struct urna_manifest *m)
{
    bool present = !c->reading && strcmp(m->zone, UTC) != 0;
    if (!urna_codec_maybe(c, "zone", present)) {
        if (c->reading)
            m->zone = UTC;
        return;
    }
    urna_codec_name(c, &m->zone);
    if (c->reading && !c->failed)
        urna_want(c, strcmp(m->zone, UTC) != 0, "default written out");
}

static void who(struct urna_codec *c, struct urna_manifest *m)
{
    urna_codec_key(c, "commission");
    URNA_CODEC_ARRAY(c, m->commission, m->n_commission, role, NULL);
    urna_want(c, m->n_commission > 0, "no commission");
    urna_codec_key(c, "guardians");
    URNA_CODEC_ARRAY(c, m->guardians, m->n_guardians, role, NULL);
    urna_codec_key(c, "registrars");
    URNA_CODEC_ARRAY(c, m->registrars, m->n_registrars, role, NULL);
    word(c, "credentials", credential_words, 3, &m->credentials);
    urna_codec_key(c, "witnesses");
    URNA_CODEC_ARRAY(c, m->witnesses, m->n_witnesses, witness, NULL);
    urna_codec_key(c, "observers");
    URNA_CODEC_ARRAY(c, m->observers, m->n_observers, role, NULL);
    urna_codec_key(c, "devices");
    URNA_CODEC_ARRAY(c, m->devices, m->n_devices, device, NULL);
    urna_want(c, m->n_devices > 0, "no devices");
}

static void what(struct urna_codec *c, struct urna_manifest *m)
{
    urna_codec_key(c, "contests");
    URNA_CODEC_ARRAY(c, m->contests, m->n_contests, contest, NULL);
    urna_want(c, m->n_contests > 0, "no contests");
    urna_codec_key(c, "styles");
    URNA_CODEC_ARRAY(c, m->styles, m->n_styles, style, NULL);
    urna_want(c, m->n_styles > 0, "no styles");
    urna_codec_key(c, "cells");
    URNA_CODEC_ARRAY(c, m->cells, m->n_cells, cell, NULL);
    urna_want(c, m->n_cells > 0, "no cells");
}

static void how(struct urna_codec *c, struct urna_manifest *m)
{
    urna_codec_u32_default(c, "revote", &m->revote, 0, 1, 0);
    urna_codec_u64_default(c, "m_min", &m->m_min, 1, URNA_INT_MAX, 50);
    urna_codec_u64_default(c, "m_root", &m->m_root, 1, URNA_INT_MAX, 5);
    urna_codec_u64_default(c, "m_roll", &m->m_roll, 1, URNA_INT_MAX, 20);
    m->has_secret_if_small = urna_codec_maybe(c, "secret_if_small", m->has_secret_if_small);
    if (m->has_secret_if_small)
        URNA_CODEC_ARRAY(c, m->secret_if_small, m->n_secret_if_small, small, NULL);
    times(c, m);
    urna_codec_u64_default(c, "ballot_max", &m->ballot_max, 1, URNA_INT_MAX, 20);
    urna_codec_u64_default(c, "challenge_max", &m->challenge_max, 0, URNA_INT_MAX, 1000);
    urna_codec_u64_default(c, "block", &m->block, 1, URNA_INT_MAX, 100);
    m->has_seats = urna_codec_maybe(c, "seats", m->has_seats);
    if (m->has_seats)
        URNA_CODEC_ARRAY(c, m->seats, m->n_seats, seats, NULL);
    m->has_names = urna_codec_maybe(c, "names", m->has_names);
    if (m->has_names)
        URNA_CODEC_ARRAY(c, m->names, m->n_names, named, NULL);
}

void urna_describe_manifest(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_manifest *m = &b->manifest;
    uint32_t format = 0;
    (void)s;
    urna_codec_open(c);
    word(c, "format", formats, 1, &format);
    urna_codec_key(c, "election");
    urna_codec_hex(c, m->election, sizeof m->election);
    urna_codec_u32_default(c, "test", &m->test, 0, 1, 0);
    titles(c, &m->title);
    zone(c, m);
    urna_field_id(c, "group", &m->group);
    urna_field_index(c, "n", &m->n);
    urna_field_index(c, "k", &m->k);
    urna_codec_key(c, "origin");
    urna_codec_name(c, &m->origin);
    urna_field_hash(c, "log_key", m->log_key);
    who(c, m);
    what(c, m);
    how(c, m);
    urna_codec_close(c);
}
