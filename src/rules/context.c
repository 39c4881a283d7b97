#include "rules/context.h"

#include <stdlib.h>
#include <string.h>

#include "model/roll.h"
#include "proof/ed25519.h"
#include "proof/eg_hash.h"

/* --- E13: a manifest that section 2 of the law accepts ------------------------------------------ */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_key(const void *a, const void *b)
{
    return memcmp(*(const uint8_t *const *)a, *(const uint8_t *const *)b, 32);
}

static int by_signer(const void *a, const void *b)
{
    return strcmp(((const struct urna_signer *)a)->id, ((const struct urna_signer *)b)->id);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct urna_id_place *)a)->id, ((const struct urna_id_place *)b)->id);
}

static int64_t place_of(const struct urna_id_place *v, uint32_t n, const char *id)
{
    struct urna_id_place key = {id, 0};
    const struct urna_id_place *x = n ? bsearch(&key, v, n, sizeof key, by_id) : NULL;
    return x ? (int64_t)x->index : -1;
}

/* ids: n strings, sorted in place. */
static bool ids_unique(const char **ids, size_t n, const char *what, struct urna_ruling *r)
{
    if (n > 1)
        qsort(ids, n, sizeof *ids, by_text);
    for (size_t i = 1; i < n; i++)
        if (strcmp(ids[i - 1], ids[i]) == 0)
            return urna_rule(r, "E13", "two %s with the id %s", what, ids[i]);
    return true;
}

#define IDS_UNIQUE(P, list, count, what, r)                                                     \
    (collect_ids((P), (const uint8_t *)(list), sizeof *(list), (count), (what), (r)))

/* Every list element begins with its `const char *id`. */
static bool collect_ids(struct urna_context *P, const uint8_t *list, size_t stride, uint32_t n, const char *what,
                        struct urna_ruling *r)
{
    const char **ids = URNA_NEW(&P->arena, const char *, n);
    for (uint32_t i = 0; i < n; i++)
        memcpy(&ids[i], list + (size_t)i * stride, sizeof ids[i]);
    return ids_unique(ids, n, what, r);
}

static void add_roles(struct urna_context *P, const struct urna_role *v, uint32_t n, enum urna_role_type type)
{
    for (uint32_t i = 0; i < n; i++)
        P->signer[P->n_signers++] = (struct urna_signer){v[i].id, v[i].bloc, v[i].key, type, i};
}

static bool check_signers(struct urna_context *P, struct urna_ruling *r)
{
    const struct urna_manifest *m = &P->m;
    size_t n = (size_t)m->n_commission + m->n_guardians + m->n_registrars + m->n_witnesses + m->n_observers;
    P->signer = URNA_NEW(&P->arena, struct urna_signer, n);
    add_roles(P, m->commission, m->n_commission, URNA_R_COMMISSION);
    add_roles(P, m->guardians, m->n_guardians, URNA_R_GUARDIAN);
    add_roles(P, m->registrars, m->n_registrars, URNA_R_REGISTRAR);
    for (uint32_t i = 0; i < m->n_witnesses; i++)
        P->signer[P->n_signers++] = (struct urna_signer){m->witnesses[i].id, m->witnesses[i].bloc,
                                                         m->witnesses[i].full.key, URNA_R_WITNESS, i};
    add_roles(P, m->observers, m->n_observers, URNA_R_OBSERVER);
    qsort(P->signer, P->n_signers, sizeof *P->signer, by_signer);
    for (uint32_t i = 0; i < P->n_signers; i++) {
        if (i > 0 && strcmp(P->signer[i - 1].id, P->signer[i].id) == 0)
            return urna_rule(r, "E13", "two roles with the id %s", P->signer[i].id);
        if (strcmp(P->signer[i].id, "voter.1") == 0 || strcmp(P->signer[i].id, "voter.2") == 0)
            return urna_rule(r, "E13", "%s is nobody's id", P->signer[i].id);
    }

    size_t n_keys = n + m->n_witnesses + 1;
    const uint8_t **key = URNA_NEW(&P->arena, const uint8_t *, n_keys);
    size_t at = 0;
    key[at++] = m->log_key;
    for (uint32_t i = 0; i < P->n_signers; i++)
        key[at++] = P->signer[i].key;
    for (uint32_t i = 0; i < m->n_witnesses; i++)
        key[at++] = m->witnesses[i].head.key;
    qsort(key, n_keys, sizeof *key, by_key);
    for (size_t i = 0; i < n_keys; i++) {
        if (i > 0 && memcmp(key[i - 1], key[i], 32) == 0)
            return urna_rule(r, "E13", "one key stands twice");
        if (!urna_ed25519_key_valid(key[i]))
            return urna_rule(r, "E13", "a key is no canonical point of prime order");
    }
    if (strchr(m->origin, '+'))
        return urna_rule(r, "E13", "the name of the log contains a plus sign");
    for (uint32_t i = 0; i < m->n_witnesses; i++)
        if (strchr(m->witnesses[i].head.name, '+') || strchr(m->witnesses[i].full.name, '+'))
            return urna_rule(r, "E13", "the name of a cosigner contains a plus sign");
    return true;
}

static bool check_cells(struct urna_context *P, struct urna_ruling *r)
{
    const struct urna_manifest *m = &P->m;
    for (uint32_t i = 0; i < m->n_cells; i++) {
        uint32_t up = m->cells[i].up;
        if (i == 0) {
            if (up != 0)
                return urna_rule(r, "E13", "the root cell has a parent");
            continue;
        }
        if (up == 0 || up > i)
            return urna_rule(r, "E13", "cell %u has no parent before it", i + 1);
        /* Depth-first: the parent is the cell before, or one of that cell's ancestors. */
        uint32_t a = i;
        while (a != 0 && a != up)
            a = m->cells[a - 1].up;
        if (a != up)
            return urna_rule(r, "E13", "cells do not stand in depth-first order at cell %u", i + 1);
    }
    bool *inner = URNA_NEW(&P->arena, bool, m->n_cells);
    for (uint32_t i = 0; i < m->n_cells; i++)
        if (m->cells[i].up != 0)
            inner[m->cells[i].up - 1] = true;
    P->leaf = URNA_NEW(&P->arena, uint32_t, m->n_cells);
    for (uint32_t i = 0; i < m->n_cells; i++)
        if (!inner[i])
            P->leaf[P->n_leaves++] = i;
    return true;
}

static bool check_contests(struct urna_context *P, struct urna_ruling *r)
{
    const struct urna_manifest *m = &P->m;
    if (!IDS_UNIQUE(P, m->contests, m->n_contests, "contests", r) || !IDS_UNIQUE(P, m->styles, m->n_styles, "styles", r))
        return false;
    for (uint32_t i = 0; i < m->n_contests; i++) {
        const struct urna_contest *c = &m->contests[i];
        if (c->n_options == 0)
            return urna_rule(r, "E13", "contest %s has no options", c->id);
        if (!IDS_UNIQUE(P, c->options, c->n_options, "options", r))
            return false;
        if (c->option_limit < 1 || c->option_limit > c->limit ||
            c->limit > (uint64_t)c->option_limit * c->n_options)
            return urna_rule(r, "E13", "contest %s: 1 <= option_limit <= limit <= option_limit x options", c->id);
    }
    for (uint32_t i = 0; i < m->n_styles; i++) {
        const struct urna_style *s = &m->styles[i];
        if (s->n_contests == 0)
            return urna_rule(r, "E13", "style %s has no contests", s->id);
        for (uint32_t j = 0; j < s->n_contests; j++)
            if (s->contests[j] < 1 || s->contests[j] > m->n_contests || (j > 0 && s->contests[j - 1] >= s->contests[j]))
                return urna_rule(r, "E13", "style %s: contests must exist and ascend", s->id);
    }
    for (uint32_t i = 0; i < m->n_secret_if_small; i++)
        if (m->secret_if_small[i].contest < 1 || m->secret_if_small[i].contest > m->n_contests ||
            m->secret_if_small[i].weight < 1 || m->secret_if_small[i].weight > 1u << 20)
            return urna_rule(r, "E13", "secret_if_small names a contest or weight that does not exist");
    for (uint32_t i = 0; i < m->n_seats; i++)
        if (m->seats[i].contest < 1 || m->seats[i].contest > m->n_contests || m->seats[i].n < 1 || m->seats[i].den < 1)
            return urna_rule(r, "E13", "seats: contest must exist, n and the denominator be at least 1");
    return true;
}

static bool check_numbers(const struct urna_context *P, struct urna_ruling *r)
{
    const struct urna_manifest *m = &P->m;
    if (m->n_commission < 1 || m->n_commission > 24)
        return urna_rule(r, "E13", "the commission has 1 to 24 members");
    if (m->n_devices == 0 || m->n_contests == 0 || m->n_styles == 0 || m->n_cells == 0)
        return urna_rule(r, "E13", "devices, contests, styles and cells must not be empty");
    if (m->k < 1 || m->k > m->n || m->n != m->n_guardians)
        return urna_rule(r, "E13", "1 <= k <= n, and n is the number of guardians");
    if (urna_group_test_only(P->G) && !m->test)
        return urna_rule(r, "E13", "the group %s is for tests only", m->group);
    if (m->t_open >= m->t_close)
        return urna_rule(r, "E13", "the election closes before it opens");
    if (!m->test && (m->delta < 4800 || m->t_seal < m->t_close + m->delta + 3600))
        return urna_rule(r, "E13", "delta of at least 4,800 s and seal 3,600 s after that are required without test");
    if (m->block < 1 || m->ballot_max < 1 || m->m_min < 1 || m->m_root < 1 || m->m_roll < 1)
        return urna_rule(r, "E13", "block, ballot_max, m_min, m_root and m_roll are at least 1");
    if (m->n_registrars < 1)
        return urna_rule(r, "E13", "there is no registrar");
    if (m->credentials == URNA_TWO_REGISTRARS &&
        (m->n_registrars != 2 || strcmp(m->registrars[0].bloc, m->registrars[1].bloc) == 0))
        return urna_rule(r, "E13", "two-registrars needs exactly two registrars of different blocs");
    return true;
}

static void sort_ids(struct urna_context *P)
{
    const struct urna_manifest *m = &P->m;
    P->leaf_by_id = URNA_NEW(&P->arena, struct urna_id_place, P->n_leaves);
    P->style_by_id = URNA_NEW(&P->arena, struct urna_id_place, m->n_styles);
    P->device_by_id = URNA_NEW(&P->arena, struct urna_id_place, m->n_devices);
    for (uint32_t i = 0; i < P->n_leaves; i++)
        P->leaf_by_id[i] = (struct urna_id_place){m->cells[P->leaf[i]].id, i};
    for (uint32_t i = 0; i < m->n_styles; i++)
        P->style_by_id[i] = (struct urna_id_place){m->styles[i].id, i};
    for (uint32_t i = 0; i < m->n_devices; i++)
        P->device_by_id[i] = (struct urna_id_place){m->devices[i].id, i};
    qsort(P->leaf_by_id, P->n_leaves, sizeof *P->leaf_by_id, by_id);
    qsort(P->style_by_id, m->n_styles, sizeof *P->style_by_id, by_id);
    qsort(P->device_by_id, m->n_devices, sizeof *P->device_by_id, by_id);
}

static bool check_manifest(struct urna_context *P, struct urna_ruling *r)
{
    const struct urna_manifest *m = &P->m;
    P->G = urna_group_find(m->group, strlen(m->group));
    if (!P->G)
        return urna_rule(r, "E13", "unknown group %s", m->group);
    P->lp = urna_group_lp(P->G);
    P->lq = urna_group_lq(P->G);
    if (!check_numbers(P, r) || !check_signers(P, r) || !check_contests(P, r) || !check_cells(P, r))
        return false;
    for (uint32_t i = 1; i < m->n_commission; i++)
        if (strcmp(m->commission[0].bloc, m->commission[i].bloc) != 0)
            P->commission_two_blocs = true;
    return IDS_UNIQUE(P, m->devices, m->n_devices, "devices", r) && IDS_UNIQUE(P, m->cells, m->n_cells, "cells", r) &&
           IDS_UNIQUE(P, m->names, m->n_names, "names", r);
}

struct urna_context *urna_context_from_manifest(struct urna_view body, struct urna_ruling *r)
{
    memset(r, 0, sizeof *r);
    struct urna_context *P = urna_xcalloc(1, sizeof *P);
    struct urna_view own = urna_view(urna_arena_copy(&P->arena, body.p, body.len), body.len);
    struct urna_body b;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_body_read(&b, URNA_MANIFEST, own, 0, 0, &P->arena, &err) != URNA_OK) {
        urna_rule(r, "E12", "manifest: byte %lld: %.150s", (long long)err.offset, err.msg);
        goto fail;
    }
    P->m = b.manifest;
    if (!check_manifest(P, r))
        goto fail;
    sort_ids(P);
    urna_hash_parameters(P->h_p, P->G, P->m.n, P->m.k);
    urna_hash_base(P->phi, P->h_p, body);
    P->g = urna_fixed_generator(P->G);
    return P;
fail:
    urna_context_free(P);
    return NULL;
}

struct urna_context *urna_context_new(const struct urna_entry *first, struct urna_ruling *r, struct urna_checks *n)
{
    memset(r, 0, sizeof *r);
    if (first->bad_form) {
        urna_rule(r, "E12", "%.150s", first->reason);
        return NULL;
    }
    if (first->kind != URNA_MANIFEST) {
        urna_rule(r, "E13", "the first entry is no manifest");
        return NULL;
    }
    struct urna_context *P = urna_context_from_manifest(first->body, r);
    if (!P)
        return NULL;
    static const uint8_t zero[32];
    struct urna_buf msg = {0};
    bool ok = first->n_sigs == P->m.n_commission;
    for (uint32_t i = 0; ok && i < first->n_sigs; i++) {
        const struct urna_signer *s = urna_context_signer(P, first->sigs[i].by);
        urna_buf_reset(&msg);
        urna_signed_message(&msg, zero, "manifest", first->sigs[i].by, first->body_size, first->e);
        n->signatures++;
        ok = s && s->type == URNA_R_COMMISSION && urna_ed25519_check(s->key, msg.p, msg.len, first->sigs[i].sig);
    }
    urna_buf_free(&msg);
    if (!ok) {
        urna_rule(r, "E12", "the manifest is not signed by every member of the commission");
        urna_context_free(P);
        return NULL;
    }
    return P;
}

void urna_context_free(struct urna_context *P)
{
    if (!P)
        return;
    urna_fixed_free(P->fixed_K);
    urna_arena_free(&P->arena);
    free(P);
}

void urna_context_open(struct urna_context *P, const uint8_t h_e[32], const urna_element *K, const urna_element *Kh)
{
    memcpy(P->h_e, h_e, 32);
    P->K = *K;
    P->Kh = *Kh;
    P->fixed_K = urna_fixed_new(P->G, K);
    P->h_di = (uint8_t(*)[32])urna_arena_alloc(&P->arena, P->m.n_devices, 32);
    for (uint32_t i = 0; i < P->m.n_devices; i++)
        urna_hash_device(P->h_di[i], h_e, urna_view_str(P->m.devices[i].id));
    P->opened = true;
}

const struct urna_signer *urna_context_signer(const struct urna_context *P, const char *id)
{
    struct urna_signer key = {.id = id};
    return P->n_signers ? bsearch(&key, P->signer, P->n_signers, sizeof *P->signer, by_signer) : NULL;
}

int64_t urna_context_style(const struct urna_context *P, const char *id)
{
    return place_of(P->style_by_id, P->m.n_styles, id);
}

int64_t urna_context_device(const struct urna_context *P, const char *id)
{
    return place_of(P->device_by_id, P->m.n_devices, id);
}

int64_t urna_context_leaf(const struct urna_context *P, const char *id)
{
    return place_of(P->leaf_by_id, P->n_leaves, id);
}

static int64_t signer_of(const struct urna_context *P, const char *id, enum urna_role_type type)
{
    const struct urna_signer *s = urna_context_signer(P, id);
    return s && s->type == type ? (int64_t)s->index : -1;
}

int64_t urna_context_guardian(const struct urna_context *P, const char *id)
{
    return signer_of(P, id, URNA_R_GUARDIAN);
}

int64_t urna_context_witness(const struct urna_context *P, const char *id)
{
    return signer_of(P, id, URNA_R_WITNESS);
}

uint32_t urna_context_factors(const struct urna_context *P)
{
    return P->m.credentials == URNA_TWO_REGISTRARS ? 2 : 1;
}
