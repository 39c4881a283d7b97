/* Every value of eg21-more.json: ceremony with all shares, ballots with supplemental fields and
 * contest data, chains, tallies, pre-encrypted ballots, over ristretto255 and a toy group; and its
 * one signed entry. What is made from nonces that the file states is made again; other proofs are
 * checked. */
#include "vectors.h"

#include "proof/ballot_nonce.h"
#include "proof/chaining.h"
#include "proof/check.h"
#include "proof/contest_data.h"
#include "proof/credential.h"
#include "proof/preencrypted.h"
#include "proof/prove.h"
#include "proof/supplemental.h"

#define MAX_FIELDS 16
#define MAX_N 4

struct field {
    uint32_t bound;
    bool counted; /* enters the limit */
    char kind;    /* 'o' option, 'O', 'U', 'D', 'N', 'W' */
};
struct contest {
    uint32_t index, limit, n, blocks;
    struct field field[MAX_FIELDS];
};
struct record {
    struct vectors *v;
    const struct urna_group *G;
    const struct urna_fixed *g;
    struct urna_fixed *K, *Kh;
    uint8_t h_e[32];
    struct contest contest[8];
    uint32_t n_contests;
    const json_t *devices_spec;
};

static size_t in_scalars(struct vectors *v, const struct urna_group *G, const json_t *array,
                         urna_scalar *out, size_t max)
{
    size_t n = json_array_size(array);
    assert_true(n <= max);
    for (size_t i = 0; i < n; i++)
        in_scalar(v, G, json_array_get(array, i), &out[i]);
    return n;
}

/* A checked proof counts as reproduced: its challenge was computed anew and compared. */
static void reproduced(struct vectors *v, size_t n)
{
    v->inputs -= n;
    v->reproduced += n;
}

static void in_secrets(struct vectors *v, const struct urna_group *G, const json_t *array,
                       urna_secret_scalar *out)
{
    for (size_t i = 0; i < json_array_size(array); i++)
        in_secret(v, G, json_array_get(array, i), &out[i]);
}

static void ceremony(struct vectors *v, const struct urna_group *G, const json_t *j)
{
    const struct urna_fixed *g = urna_fixed_generator(G);
    const uint32_t n = in_int(v, at(j, "n")), k = in_int(v, at(j, "k"));
    assert_true(n <= MAX_N && k <= n);
    uint8_t h_p[32], h_b[32], h[32];
    urna_secret_scalar a[MAX_N][MAX_N], ah[MAX_N][MAX_N], zeta[MAX_N];
    urna_element k_ij[MAX_N * MAX_N], kh_ij[MAX_N * MAX_N], kappa[MAX_N], K, Kh;
    urna_hash_parameters(h_p, G, n, k);
    eq_hash(v, at(j, "H_P"), h_p);
    urna_hash_base(h_b, h_p, urna_view_str(in_text(v, at(j, "manifest"))));
    eq_hash(v, at(j, "H_B"), h_b);
    urna_element_identity(G, &K);
    urna_element_identity(G, &Kh);
    for (uint32_t i = 0; i < n; i++) {
        const json_t *p = json_array_get(at(j, "guardians"), i);
        urna_secret_scalar u[MAX_N + 1], uh[MAX_N + 1];
        urna_scalar c, vv[MAX_N + 1];
        eq_int(v, at(p, "i"), i + 1);
        in_secrets(v, G, at(p, "a"), a[i]);
        in_secrets(v, G, at(p, "a_hat"), ah[i]);
        in_secret(v, G, at(p, "zeta"), &zeta[i]);
        in_secrets(v, G, at(p, "u"), u);
        in_secrets(v, G, at(p, "u_hat"), uh);
        urna_fixed_exp_secret(g, &k_ij[i * k], a[i], k);
        urna_fixed_exp_secret(g, &kh_ij[i * k], ah[i], k);
        urna_fixed_exp_secret(g, &kappa[i], &zeta[i], 1);
        eq_element(v, G, at(p, "kappa"), &kappa[i]);
        urna_guardian_prove(G, h_p, false, i + 1, a[i], &k_ij[i * k], k, &zeta[i], &kappa[i], u, &c,
                            vv);
        eq_scalar(v, G, at(p, "c"), &c);
        for (uint32_t t = 0; t < k; t++)
            eq_element(v, G, json_array_get(at(p, "K"), t), &k_ij[i * k + t]);
        for (uint32_t t = 0; t <= k; t++)
            eq_scalar(v, G, json_array_get(at(p, "v"), t), &vv[t]);
        urna_guardian_prove(G, h_p, true, i + 1, ah[i], &kh_ij[i * k], k, &zeta[i], &kappa[i], uh,
                            &c, vv);
        eq_scalar(v, G, at(p, "c_hat"), &c);
        for (uint32_t t = 0; t < k; t++)
            eq_element(v, G, json_array_get(at(p, "K_hat"), t), &kh_ij[i * k + t]);
        for (uint32_t t = 0; t <= k; t++)
            eq_scalar(v, G, json_array_get(at(p, "v_hat"), t), &vv[t]);
        urna_element_mul(G, &K, &K, &k_ij[i * k]);
        urna_element_mul(G, &Kh, &Kh, &kh_ij[i * k]);
    }
    eq_element(v, G, at(j, "K"), &K);
    eq_element(v, G, at(j, "K_hat"), &Kh);
    urna_hash_extended(h, G, h_b, &K, &Kh);
    eq_hash(v, at(j, "H_E"), h);
    urna_hash_guardian_record(h, G, h_b, &K, &Kh, k_ij, kh_ij, kappa, n, k);
    eq_hash(v, at(j, "H_G"), h);
    size_t s;
    json_t *p;
    json_array_foreach(at(j, "shares"), s, p)
    {
        const uint32_t from = in_int(v, at(p, "from")), to = in_int(v, at(p, "to"));
        urna_secret_scalar xi, u, x, xh, y, yh;
        urna_element c0, beta;
        urna_scalar c, vv;
        uint8_t c1[64], key[32];
        in_secret(v, G, at(p, "xi"), &xi);
        in_secret(v, G, at(p, "u"), &u);
        polynomial_at(G, &x, a[from - 1], k, to);
        polynomial_at(G, &xh, ah[from - 1], k, to);
        urna_share_encrypt(G, h_p, from, to, &kappa[to - 1], &x, &xh, &xi, &u, &c0, c1, &c, &vv);
        urna_exp_secret(G, &beta, &kappa[to - 1], &xi, 1);
        urna_hash_share_key(key, G, h_p, from, to, &kappa[to - 1], &c0, &beta);
        eq_element(v, G, at(p, "C0"), &c0);
        eq_bytes(v, at(p, "C1"), c1, 64);
        eq_scalar(v, G, at(p, "c"), &c);
        eq_scalar(v, G, at(p, "v"), &vv);
        eq_hash(v, at(p, "k"), key);
        assert_true(urna_share_proof_check(G, h_p, from, to, &c0, c1, &c, &vv));
        assert_true(
            urna_share_decrypt(G, h_p, from, to, &kappa[to - 1], &zeta[to - 1], &c0, c1, &y, &yh));
        assert_memory_equal(&x, &y, sizeof x);
        assert_memory_equal(&xh, &yh, sizeof xh);
    }
}

/* Limits as the specification of that file has them: option <= contest <= sum of what can be
 * counted. */
static void manifest(struct record *r, const json_t *contests)
{
    size_t i, f;
    json_t *p, *q;
    json_array_foreach(contests, i, p)
    {
        struct contest *c = &r->contest[i];
        uint32_t limit = in_int(r->v, at(p, "selection_limit")),
                 option = in_int(r->v, at(p, "option_limit")), sum = 0;
        remark(r->v, at(p, "label"));
        c->index = (uint32_t)i + 1;
        c->blocks = in_int(r->v, at(p, "data_blocks"));
        option = option < limit ? option : limit;
        json_array_foreach(at(p, "options"), f, q)
        {
            remark(r->v, q);
            c->field[c->n++] = (struct field){option, true, 'o'};
            sum += option;
        }
        json_array_foreach(at(p, "supplemental"), f, q)
        {
            const char *kind = in_text(r->v, at(q, "kind"));
            remark(r->v, at(q, "label"));
            struct field x = {1, false, 0};
            if (strcmp(kind, "overvote") == 0)
                x.kind = 'O';
            else if (strcmp(kind, "undervote") == 0)
                x.kind = 'U';
            else if (strcmp(kind, "null") == 0)
                x.kind = 'N';
            else if (strcmp(kind, "undervote_difference") == 0)
                x.kind = 'D';
            else
                x = (struct field){in_int(r->v, at(q, "max")), true, 'W'};
            if (x.kind == 'W')
                sum += x.bound;
            c->field[c->n++] = x;
        }
        c->limit = limit < sum ? limit : sum;
        for (f = 0; f < c->n; f++)
            if (c->field[f].kind == 'D')
                c->field[f].bound = c->limit;
        r->n_contests++;
    }
}

static bool range(struct record *r, const uint8_t h_i[32], uint32_t ind_c, uint32_t ind_o,
                  uint32_t bound, const struct urna_pair *x, const json_t *proof)
{
    urna_scalar c[MAX_FIELDS], v[MAX_FIELDS];
    size_t n = in_scalars(r->v, r->G, at(proof, "c"), c, MAX_FIELDS);
    assert_int_equal(n, bound + 1);
    assert_int_equal(in_scalars(r->v, r->G, at(proof, "v"), v, MAX_FIELDS), n);
    const struct urna_range_statement s = {ind_c, ind_o, bound, x->alpha, x->beta, c, v};
    bool ok;
    reproduced(r->v, 2 * n);
    return urna_range_check(r->G, r->g, r->K, h_i, &s, 1, &ok);
}

static void multiply(const struct urna_group *G, struct urna_pair *x, const struct urna_pair *y)
{
    urna_element_mul(G, &x->alpha, &x->alpha, &y->alpha);
    urna_element_mul(G, &x->beta, &x->beta, &y->beta);
}

static struct urna_pair unit(const struct urna_group *G)
{
    struct urna_pair x;
    urna_element_identity(G, &x.alpha);
    urna_element_identity(G, &x.beta);
    return x;
}

static void encrypt(struct record *r, struct urna_pair *x, const urna_secret_scalar *xi,
                    uint32_t value)
{
    urna_secret_scalar t;
    secret_u32(r->G, &t, value);
    urna_secret_add(r->G, &t, &t, xi);
    urna_fixed_exp_secret(r->g, &x->alpha, xi, 1);
    urna_fixed_exp_secret(r->K, &x->beta, &t, 1);
}

static void in_pair(struct record *r, const json_t *p, struct urna_pair *x)
{
    in_element(r->v, r->G, at(p, "alpha"), &x->alpha);
    in_element(r->v, r->G, at(p, "beta"), &x->beta);
}

/* Values of the fields of a contest, found from the nonces, so that every ciphertext is made again.
 */
static void open_fields(struct record *r, const struct contest *c, const uint8_t h_i[32],
                        const uint8_t xi_b[32], const struct urna_pair *x, const json_t *fields,
                        urna_secret_scalar *xi, uint32_t *value)
{
    for (uint32_t f = 0; f < c->n; f++) {
        const json_t *p = json_array_get(fields, f);
        struct urna_pair again;
        urna_hash_selection_nonce(r->G, &xi[f], h_i, c->index, f + 1, xi_b);
        for (value[f] = 0; value[f] <= c->field[f].bound; value[f]++) {
            encrypt(r, &again, &xi[f], value[f]);
            if (urna_element_eq(r->G, &again.beta, &x[f].beta))
                break;
        }
        assert_true(value[f] <= c->field[f].bound);
        eq_element(r->v, r->G, at(p, "alpha"), &again.alpha);
        eq_element(r->v, r->G, at(p, "beta"), &again.beta);
        r->v->inputs -= 2; /* they were read as inputs before */
    }
}

static const enum urna_relation relation_of[] = {0, URNA_RELATION_DIFFERENCE,
                                                 URNA_RELATION_UNDERVOTE, URNA_RELATION_NULL};

/* Section 8.2: limit row and relations, read and checked; then proved again by us, and refused when
 * wrong. */
static void relations(struct record *r, const struct contest *c, const uint8_t h_i[32],
                      const struct urna_pair *x, const urna_secret_scalar *xi,
                      const uint32_t *value, const json_t *p)
{
    const struct urna_group *G = r->G;
    struct urna_pair sum = unit(G), lim;
    const struct urna_pair *over = NULL;
    urna_secret_scalar sum_xi, lim_xi;
    const urna_secret_scalar *over_xi = NULL;
    uint32_t total = 0, over_value = 0;
    secret_u32(G, &sum_xi, 0);
    for (uint32_t f = 0; f < c->n; f++) {
        if (c->field[f].counted) {
            multiply(G, &sum, &x[f]);
            urna_secret_add(G, &sum_xi, &sum_xi, &xi[f]);
            total += value[f];
        }
        if (c->field[f].kind == 'O') {
            over = &x[f];
            over_xi = &xi[f];
            over_value = value[f];
        }
    }
    lim = sum;
    lim_xi = sum_xi;
    if (over != NULL) {
        urna_limit_combine(G, c->limit, &sum, over, &lim);
        urna_limit_nonce(G, c->limit, &sum_xi, over_xi, &lim_xi);
    }
    assert_true(range(r, h_i, c->index, 0, c->limit, &lim, at(p, "limit")));
    struct urna_pair again;
    encrypt(r, &again, &lim_xi, total + c->limit * over_value);
    assert_true(urna_element_eq(G, &again.beta, &lim.beta));

    size_t n_relations = 0;
    for (uint32_t f = 0; f < c->n; f++) {
        const char kind = c->field[f].kind;
        const uint32_t number = kind == 'D' ? 1 : kind == 'U' ? 2 : kind == 'N' ? 3 : 0;
        if (number == 0)
            continue;
        const enum urna_relation rel = relation_of[number];
        char key[4];
        urna_scalar pc[MAX_FIELDS], pv[MAX_FIELDS];
        urna_secret_scalar nonce;
        struct urna_pair X;
        snprintf(key, sizeof key, "%u", number);
        const json_t *q = at(at(p, "relations"), key);
        const uint32_t pairs = urna_relation_pairs(rel, c->limit);
        assert_int_equal(in_scalars(r->v, G, at(q, "c"), pc, MAX_FIELDS), pairs);
        assert_int_equal(in_scalars(r->v, G, at(q, "v"), pv, MAX_FIELDS), pairs);
        reproduced(r->v, 2 * (size_t)pairs);
        urna_relation_combine(G, rel, c->limit, &sum, over, &x[f], &X);
        urna_relation_nonce(G, rel, c->limit, &sum_xi, over_xi, &xi[f], &nonce);
        assert_true(urna_relation_check(G, r->g, r->K, h_i, c->index, rel, c->limit, &X, pc, pv));
        assert_int_equal(urna_relation_value(rel, c->limit, total, over_value), value[f]);
        /* Another relation number, another contest: another challenge. */
        assert_false(
            urna_relation_check(G, r->g, r->K, h_i, c->index + 1, rel, c->limit, &X, pc, pv));
        const uint32_t o = rel == URNA_RELATION_NULL ? c->limit + 1 : c->limit,
                       k = rel == URNA_RELATION_DIFFERENCE ? 1 : c->limit + 1;
        urna_relation_prove(G, r->g, r->K, h_i, c->index, rel, c->limit, &X, &nonce,
                            total + o * over_value + k * value[f], pc, pv);
        assert_true(urna_relation_check(G, r->g, r->K, h_i, c->index, rel, c->limit, &X, pc, pv));
        n_relations++;
    }
    assert_int_equal(json_object_size(at(p, "relations")), n_relations);
}

static void in_data(struct record *r, const json_t *p, struct urna_contest_data *d, uint8_t *c1,
                    uint32_t blocks)
{
    in_element(r->v, r->G, at(p, "C0"), &d->c0);
    in_bytes(r->v, at(p, "C1"), c1, 32 * (size_t)blocks);
    in_scalar(r->v, r->G, at(p, "c"), &d->c);
    in_scalar(r->v, r->G, at(p, "v"), &d->v);
    d->c1 = c1;
    d->blocks = blocks;
}

static void ballot_head(struct record *r, const json_t *p, uint8_t id_b[32], uint8_t h_i[32])
{
    in_bytes(r->v, at(p, "id_B"), id_b, 32);
    urna_hash_identifier(h_i, r->h_e, id_b);
    eq_hash(r->v, at(p, "H_I"), h_i);
    remark(r->v, at(p, "kind"));
    remark(r->v, at(p, "style"));
    remark(r->v, at(p, "weight"));
    remark(r->v, at(p, "position"));
    remark(r->v, at(p, "device"));
    remark(r->v, at(p, "status"));
}

/* The field B_C: mode none: of the device; simple: of the code before. */
static void chaining_field(struct record *r, const json_t *p, const json_t *devices, bool pre,
                           uint8_t b_c[36])
{
    const char *device = json_string_value(at(p, "device"));
    const char *code = json_string_value(at(p, "H_C"));
    size_t i, t;
    json_t *spec, *d, *c;
    json_array_foreach(r->devices_spec, i, spec)
    {
        if (strcmp(json_string_value(at(spec, "id")), device) != 0)
            continue;
        uint8_t h_di[32], last[32];
        (pre ? urna_hash_device_pre : urna_hash_device)(
            h_di, r->h_e, urna_view_str(json_string_value(at(spec, "s_device"))));
        if (json_integer_value(at(spec, "chaining")) == 0) {
            urna_chaining_none(b_c, h_di);
        } else {
            urna_chaining_simple(b_c, h_di);
            urna_chain_start(last, pre ? URNA_CHAIN_PREENCRYPTED : URNA_CHAIN_ORDINARY, r->h_e,
                             b_c);
            json_array_foreach(devices, t, d)
            {
                size_t k;
                if (strcmp(json_string_value(at(d, "id")), device) != 0)
                    continue;
                json_array_foreach(at(d, "order"), k, c)
                {
                    const char *hex = json_string_value(c);
                    if (strcmp(hex, code) == 0)
                        break;
                    assert_true(urna_unhex(last, 32, hex, strlen(hex)));
                }
            }
            urna_chaining_simple(b_c, last);
        }
        eq_bytes(r->v, at(p, "B_C"), b_c, 36);
        return;
    }
    fail_msg("no device %s", device);
}

static void devices(struct record *r, const json_t *array, bool pre)
{
    size_t i, k, t;
    json_t *d, *spec, *c;
    json_array_foreach(r->devices_spec, i, spec)
    {
        const char *id = in_text(r->v, at(spec, "id"));
        const char *s = in_text(r->v, at(spec, "s_device"));
        const uint32_t chaining = in_int(r->v, at(spec, "chaining"));
        remark(r->v, at(spec, "cell"));
        json_array_foreach(array, k, d)
        {
            uint8_t h_di[32], b_c0[36], last[32], closing[32], b_c[36];
            const enum urna_chain kind = pre ? URNA_CHAIN_PREENCRYPTED : URNA_CHAIN_ORDINARY;
            if (strcmp(json_string_value(at(d, "id")), id) != 0)
                continue;
            remark(r->v, at(d, "id"));
            remark(r->v, at(d, "kind"));
            (pre ? urna_hash_device_pre : urna_hash_device)(h_di, r->h_e, urna_view_str(s));
            eq_hash(r->v, at(d, "H_DI"), h_di);
            urna_chaining_simple(b_c0, h_di);
            urna_chain_start(last, kind, r->h_e, b_c0);
            if (chaining != 0)
                eq_hash(r->v, at(d, "H_0"), last);
            json_array_foreach(at(d, "order"), t, c) in_bytes(r->v, c, last, 32);
            if (chaining == 0)
                continue;
            urna_chain_close(b_c, closing, kind, r->h_e, last, b_c0);
            eq_bytes(r->v, at(d, "closing_B_C"), b_c, 36);
            eq_hash(r->v, at(d, "closing_hash"), closing);
        }
    }
}

static void nonce(struct record *r, const uint8_t h_i[32], const json_t *p, const uint8_t xi_b[32],
                  const urna_secret_scalar *secret)
{
    struct urna_ballot_nonce x;
    urna_element beta;
    uint8_t again[32];
    in_element(r->v, r->G, at(p, "C0"), &x.c0);
    in_bytes(r->v, at(p, "C1"), x.c1, 32);
    in_scalar(r->v, r->G, at(p, "c"), &x.c);
    in_scalar(r->v, r->G, at(p, "v"), &x.v);
    assert_true(urna_nonce_proof_check(r->G, h_i, &x));
    reproduced(r->v, 2);
    if (secret == NULL)
        return;
    urna_exp_secret(r->G, &beta, &x.c0, secret, 1);
    urna_nonce_open(r->G, h_i, &x, &beta, again);
    assert_memory_equal(again, xi_b, 32);
}

static const json_t *by_id(const json_t *array, const json_t *ballot)
{
    size_t i;
    json_t *p;
    json_array_foreach(array, i, p) if (json_equal(at(p, "id_B"), at(ballot, "id_B"))) return p;
    return NULL;
}

/* s of K = g^s from two guardians' shares. */
static void secret_from_shares(struct record *r, const json_t *z, urna_secret_scalar *out)
{
    static const uint32_t U[2] = {1, 3};
    urna_scalar w;
    secret_u32(r->G, out, 0);
    for (size_t i = 0; i < 2; i++) {
        char key[4];
        urna_secret_scalar share, t;
        snprintf(key, sizeof key, "%u", U[i]);
        in_secret(r->v, r->G, at(z, key), &share);
        urna_lagrange(r->G, &w, U[i], U, 2);
        urna_secret_from_public(&t, &w);
        urna_secret_mul(r->G, &t, &t, &share);
        urna_secret_add(r->G, out, out, &t);
    }
    /* The third share lies on the same line: s + 2 (z_3 - z_1) / 2 at index 2. */
    urna_secret_scalar z1, z2, z3, twice;
    in_secret(r->v, r->G, at(z, "1"), &z1);
    in_secret(r->v, r->G, at(z, "2"), &z2);
    in_secret(r->v, r->G, at(z, "3"), &z3);
    urna_secret_add(r->G, &twice, &z1, &z3);
    urna_secret_add(r->G, &z2, &z2, &z2);
    assert_memory_equal(&twice, &z2, sizeof z2);
}

static void ordinary(struct vectors *v, const struct urna_group *G, const json_t *j)
{
    struct record r = {.v = v, .G = G, .g = urna_fixed_generator(G)};
    urna_element K, Kh, again;
    urna_secret_scalar s, sh;
    uint8_t h_b[32];
    struct urna_pair sum[3][8][MAX_FIELDS];
    uint32_t counted[3] = {0}, weight[3] = {0};
    in_element(v, G, at(j, "K"), &K);
    in_element(v, G, at(j, "K_hat"), &Kh);
    secret_from_shares(&r, at(j, "z"), &s);
    secret_from_shares(&r, at(j, "z_hat"), &sh);
    urna_fixed_exp_secret(r.g, &again, &s, 1);
    eq_element(v, G, at(j, "K"), &again);
    urna_fixed_exp_secret(r.g, &again, &sh, 1);
    eq_element(v, G, at(j, "K_hat"), &again);
    r.K = urna_fixed_new(G, &K);
    r.Kh = urna_fixed_new(G, &Kh);
    in_bytes(v, at(j, "H_B"), h_b, 32);
    urna_hash_extended(r.h_e, G, h_b, &K, &Kh);
    eq_hash(v, at(j, "H_E"), r.h_e);
    r.devices_spec = at(j, "devices_spec");
    manifest(&r, at(j, "contests"));
    devices(&r, at(j, "devices"), false);
    for (int cell = 0; cell < 3; cell++)
        for (uint32_t i = 0; i < r.n_contests; i++)
            for (int f = 0; f < MAX_FIELDS; f++)
                sum[cell][i][f] = unit(G);

    size_t b, i;
    json_t *p, *q;
    json_array_foreach(at(j, "ballots"), b, p)
    {
        uint8_t id_b[32], h_i[32], xi_b[32], chi[8][32], b_c[36], h_c[32];
        size_t n_chi = 0;
        ballot_head(&r, p, id_b, h_i);
        in_bytes(v, json_array_get(at(j, "xi_B"), b), xi_b, 32);
        const json_t *opening = by_id(at(j, "openings"), p);
        if (opening != NULL) {
            remark(v, at(opening, "id_B"));
        }
        const uint32_t w = (uint32_t)json_integer_value(at(p, "weight"));
        const int cell = strcmp(json_string_value(at(p, "device")), "web") == 0 ? 1 : 2;
        const bool cast = strcmp(json_string_value(at(p, "status")), "cast") == 0;
        if (cast) {
            counted[cell]++;
            weight[cell] += w;
        }
        json_array_foreach(at(p, "contests"), i, q)
        {
            const struct contest *c = &r.contest[in_int(v, at(q, "index")) - 1];
            const json_t *fields = at(q, "fields"), *data = at(q, "data");
            struct urna_pair x[MAX_FIELDS];
            urna_element alpha[MAX_FIELDS], beta[MAX_FIELDS];
            urna_secret_scalar xi[MAX_FIELDS];
            uint32_t value[MAX_FIELDS];
            const json_t *open =
                opening == NULL ? NULL : json_array_get(at(opening, "contests"), i);
            assert_int_equal(json_array_size(fields), c->n);
            for (uint32_t f = 0; f < c->n; f++) {
                const json_t *pf = json_array_get(fields, f);
                eq_int(v, at(pf, "index"), f + 1);
                in_pair(&r, pf, &x[f]);
                alpha[f] = x[f].alpha;
                beta[f] = x[f].beta;
                assert_true(
                    range(&r, h_i, c->index, f + 1, c->field[f].bound, &x[f], at(pf, "proof")));
                for (uint32_t t = 0; cast && t < w; t++)
                    multiply(G, &sum[cell][c->index - 1][f], &x[f]);
            }
            open_fields(&r, c, h_i, xi_b, x, fields, xi, value);
            relations(&r, c, h_i, x, xi, value, q);
            if (open != NULL) {
                remark(v, at(open, "index"));
                remark(v, at(open, "label"));
                for (uint32_t f = 0; f < c->n; f++) {
                    const json_t *pf = json_array_get(at(open, "fields"), f);
                    remark(v, at(pf, "label"));
                    eq_int(v, at(pf, "index"), f + 1);
                    eq_int(v, at(pf, "sigma"), value[f]);
                    eq_secret(v, G, at(pf, "xi"), &xi[f]);
                }
            }
            struct urna_buf encoded = {0};
            if (c->blocks > 0) {
                struct urna_contest_data d;
                uint8_t c1[128], text[128];
                urna_secret_scalar dx;
                urna_element c0, dbeta;
                assert_true(c->blocks <= 4);
                in_data(&r, data, &d, c1, c->blocks);
                urna_hash_data_nonce(G, &dx, h_i, c->index, xi_b);
                urna_fixed_exp_secret(r.g, &c0, &dx, 1);
                eq_element(v, G, at(data, "C0"), &c0);
                v->inputs--;
                assert_true(urna_data_proof_check(G, h_i, c->index, &d));
                reproduced(v, 2);
                urna_data_encode(G, &encoded, &d);
                urna_fixed_exp_secret(r.Kh, &dbeta, &dx, 1);
                urna_data_open(G, h_i, c->index, &d, &dbeta, text);
                if (open != NULL) {
                    eq_secret(v, G, at(at(open, "data"), "xi"), &dx);
                    eq_bytes(v, at(at(open, "data"), "D"), text, 32 * (size_t)c->blocks);
                }
                const json_t *dd = by_id(at(j, "data_decryptions"), p);
                if (dd != NULL && json_integer_value(at(dd, "contest")) == (json_int_t)c->index) {
                    urna_scalar pc, pv;
                    remark(v, at(dd, "id_B"));
                    remark(v, at(dd, "contest"));
                    eq_element(v, G, at(dd, "beta"), &dbeta);
                    urna_exp_secret(G, &again, &d.c0, &sh, 1);
                    assert_true(urna_element_eq(G, &again, &dbeta));
                    in_scalar(v, G, at(dd, "c"), &pc);
                    in_scalar(v, G, at(dd, "v"), &pv);
                    assert_true(
                        urna_data_decryption_check(G, r.Kh, h_i, c->index, &d, &dbeta, &pc, &pv));
                    reproduced(v, 2);
                    eq_bytes(v, at(dd, "D"), text, 32 * (size_t)c->blocks);
                    urna_element_mul(G, &dbeta, &dbeta, &dbeta);
                    assert_false(
                        urna_data_decryption_check(G, r.Kh, h_i, c->index, &d, &dbeta, &pc, &pv));
                }
            } else {
                assert_true(json_is_null(data));
            }
            urna_hash_contest(chi[n_chi], G, h_i, c->index, alpha, beta, c->n,
                              urna_buf_view(&encoded));
            eq_hash(v, at(q, "chi"), chi[n_chi]);
            n_chi++;
            urna_buf_free(&encoded);
        }
        nonce(&r, h_i, at(p, "nonce"), xi_b, &sh);
        chaining_field(&r, p, at(j, "devices"), false, b_c);
        urna_hash_confirmation(h_c, h_i, (const uint8_t(*)[32])chi, n_chi, b_c);
        eq_hash(v, at(p, "H_C"), h_c);
    }

    json_array_foreach(at(j, "tallies"), b, p)
    {
        const uint32_t cell = in_int(v, json_array_get(at(p, "cells"), 0));
        if (cell == 2) { /* all of its ballots are in the file */
            eq_int(v, at(p, "ballots"), counted[cell]);
            eq_int(v, at(p, "weight"), weight[cell]);
        } else {
            assert_true(in_int(v, at(p, "ballots")) >= counted[cell]);
            assert_true(in_int(v, at(p, "weight")) >= weight[cell]);
        }
        json_array_foreach(at(p, "contests"), i, q)
        {
            const uint32_t ind_c = in_int(v, at(q, "index"));
            remark(v, at(q, "label"));
            for (uint32_t f = 0; f < r.contest[ind_c - 1].n; f++) {
                const json_t *o = json_array_get(at(q, "options"), f);
                urna_element A, B, M, T;
                urna_scalar c, vv, t;
                eq_int(v, at(o, "index"), f + 1);
                remark(v, at(o, "label"));
                in_element(v, G, at(o, "A"), &A);
                in_element(v, G, at(o, "B"), &B);
                if (cell == 2) {
                    eq_element(v, G, at(o, "A"), &sum[cell][ind_c - 1][f].alpha);
                    eq_element(v, G, at(o, "B"), &sum[cell][ind_c - 1][f].beta);
                    v->inputs -= 2;
                }
                urna_exp_secret(G, &M, &A, &s, 1);
                urna_element_div(G, &T, &B, &M);
                eq_element(v, G, at(o, "T"), &T);
                const uint32_t value = in_int(v, at(o, "t"));
                urna_scalar_from_u64(G, &t, value);
                urna_fixed_exp_vartime(r.K, &M, &t, 1);
                assert_true(urna_element_eq(G, &M, &T));
                in_scalar(v, G, at(o, "c"), &c);
                in_scalar(v, G, at(o, "v"), &vv);
                assert_true(urna_tally_check(G, r.K, r.h_e, ind_c, f + 1, &A, &B, value, &c, &vv));
                assert_false(
                    urna_tally_check(G, r.K, r.h_e, ind_c, f + 1, &A, &B, value + 1, &c, &vv));
                reproduced(v, 3);
            }
        }
    }
    urna_fixed_free(r.K);
    urna_fixed_free(r.Kh);
}

static void short_code(struct record *r, const json_t *leaf, const uint8_t psi[32])
{
    char code[URNA_SHORT_CODE_MAX];
    assert_true(urna_short_code(code, URNA_OMEGA_TWO_HEX, psi));
    eq_text(r->v, leaf, code);
}

static void pre_contest(struct record *r, const uint8_t h_i[32], const json_t *q, uint8_t chi[32])
{
    const struct urna_group *G = r->G;
    const struct contest *c = &r->contest[in_int(r->v, at(q, "index")) - 1];
    uint8_t psi[16][32];
    const size_t n = json_array_size(at(q, "psis"));
    assert_true(n <= 16);
    assert_int_equal(n, c->n + c->limit);
    for (size_t i = 0; i < n; i++)
        in_bytes(r->v, json_array_get(at(q, "psis"), i), psi[i], 32);
    assert_true(urna_hash_contest_pre(chi, h_i, c->index, (const uint8_t(*)[32])psi, n));
    eq_hash(r->v, at(q, "chi"), chi);
    assert_int_equal(json_object_size(at(q, "relations")), 0);
    assert_true(json_is_null(at(q, "data")));

    if (json_object_get(q, "selected") != NULL) { /* cast */
        struct urna_pair product[MAX_FIELDS], total = unit(G);
        size_t t;
        json_t *chosen;
        for (uint32_t f = 0; f < c->n; f++)
            product[f] = unit(G);
        assert_int_equal(json_array_size(at(q, "selected")), c->limit);
        json_array_foreach(at(q, "selected"), t, chosen)
        {
            struct urna_pair x[MAX_FIELDS];
            urna_element alpha[MAX_FIELDS], beta[MAX_FIELDS];
            uint8_t again[32];
            for (uint32_t f = 0; f < c->n; f++) {
                const json_t *pf = json_array_get(at(chosen, "vector"), f);
                in_pair(r, pf, &x[f]);
                assert_true(range(r, h_i, c->index, f + 1, 1, &x[f], at(pf, "proof")));
                multiply(G, &product[f], &x[f]);
                alpha[f] = x[f].alpha;
                beta[f] = x[f].beta;
            }
            urna_hash_selection(again, G, h_i, alpha, beta, c->n);
            eq_hash(r->v, at(chosen, "psi"), again);
            short_code(r, at(chosen, "code"), again);
        }
        for (uint32_t f = 0; f < c->n; f++) {
            const json_t *pf = json_array_get(at(q, "fields"), f);
            eq_int(r->v, at(pf, "index"), f + 1);
            eq_element(r->v, G, at(pf, "alpha"), &product[f].alpha);
            eq_element(r->v, G, at(pf, "beta"), &product[f].beta);
            assert_true(
                range(r, h_i, c->index, f + 1, c->field[f].bound, &product[f], at(pf, "proof")));
            multiply(G, &total, &product[f]);
        }
        assert_true(range(r, h_i, c->index, 0, c->limit, &total, at(q, "limit")));
        return;
    }
    /* Uncast: every vector follows from its nonces (Verification 18). */
    remark(r->v, at(q, "label"));
    remark(r->v, at(q, "labels"));
    for (size_t vec = 0; vec < n; vec++) {
        urna_element alpha[MAX_FIELDS], beta[MAX_FIELDS];
        uint8_t again[32];
        for (uint32_t f = 0; f < c->n; f++) {
            urna_secret_scalar xi;
            struct urna_pair x;
            const json_t *pair = json_array_get(json_array_get(at(q, "vectors"), vec), f);
            in_secret(r->v, G, json_array_get(json_array_get(at(q, "nonces"), vec), f), &xi);
            encrypt(r, &x, &xi, vec == f);
            eq_element(r->v, G, json_is_array(pair) ? json_array_get(pair, 0) : at(pair, "alpha"),
                       &x.alpha);
            eq_element(r->v, G, json_is_array(pair) ? json_array_get(pair, 1) : at(pair, "beta"),
                       &x.beta);
            alpha[f] = x.alpha;
            beta[f] = x.beta;
        }
        urna_hash_selection(again, G, h_i, alpha, beta, c->n);
        eq_hash(r->v, json_array_get(at(q, "psi_by_vector"), vec), again);
        short_code(r, json_array_get(at(q, "codes"), vec), again);
    }
}

static void preencrypted(struct vectors *v, const struct urna_group *G, const json_t *j)
{
    struct record r = {.v = v, .G = G, .g = urna_fixed_generator(G)};
    urna_element K;
    in_element(v, G, at(j, "K"), &K);
    in_bytes(v, at(j, "H_E"), r.h_e, 32);
    r.K = urna_fixed_new(G, &K);
    r.devices_spec = at(j, "devices_spec");
    manifest(&r, at(j, "contests"));
    devices(&r, at(j, "devices"), true);
    size_t b, i;
    json_t *p, *q;
    json_array_foreach(at(j, "ballots"), b, p)
    {
        uint8_t id_b[32], h_i[32], chi[8][32], b_c[36], h_c[32];
        ballot_head(&r, p, id_b, h_i);
        json_array_foreach(at(p, "contests"), i, q) pre_contest(&r, h_i, q, chi[i]);
        nonce(&r, h_i, at(p, "nonce"), NULL, NULL);
        chaining_field(&r, p, at(j, "devices"), true, b_c);
        urna_hash_confirmation_pre(h_c, h_i, (const uint8_t(*)[32])chi,
                                   json_array_size(at(p, "contests")), b_c);
        eq_hash(v, at(p, "H_C"), h_c);
    }
    urna_fixed_free(r.K);
}

/* The signed entry: signature under a stated nonce, so the equation itself is compared; id_B
 * (domain 51). */
static void law(struct vectors *v, const json_t *j)
{
    const struct urna_group *G = group_named("ristretto255");
    uint8_t h_e[32], rho[32], sk[32], pk[2][32], b[32], sig[64], nonce_le[32], hash[32];
    char *text;
    for (size_t i = 0; i < 2; i++) {
        in_bytes(v, json_array_get(at(j, "sk_le"), i), sk, 32);
        assert_true(urna_credential_public(pk[i], sk));
        eq_hash(v, json_array_get(at(j, "pk"), i), pk[i]);
    }
    in_bytes(v, json_array_get(at(j, "sk_le"), 0), sk, 32);
    in_bytes(v, at(j, "H_E"), h_e, 32);
    in_bytes(v, at(j, "rho"), rho, 32);
    urna_hash_ballot_id(b, h_e, pk[0], rho);
    eq_hash(v, at(j, "id_B"), b);
    size_t len = strlen(json_string_value(at(j, "signed"))) / 2;
    uint8_t *signed_bytes = malloc(len + 1);
    assert_non_null(signed_bytes);
    in_bytes(v, at(j, "signed"), signed_bytes, len);
    in_bytes(v, at(j, "sig"), sig, 64);
    assert_true(urna_credential_check(pk[0], signed_bytes, len, sig));
    assert_false(urna_credential_check(pk[1], signed_bytes, len, sig));
    reproduced(v, 1);
    /* R = nonce * B, in our own group. */
    in_bytes(v, at(j, "nonce_le"), nonce_le, 32);
    for (size_t i = 0; i < 32; i++)
        b[i] = nonce_le[31 - i];
    urna_secret_scalar k;
    urna_element R;
    assert_true(urna_secret_decode(G, &k, b));
    urna_fixed_exp_secret(urna_fixed_generator(G), &R, &k, 1);
    urna_element_encode(G, b, &R);
    assert_memory_equal(b, sig, 32);
    /* Message and leaf as the law writes them. */
    const char *body = in_text(v, at(j, "body")), *kind = in_text(v, at(j, "kind")),
               *by = in_text(v, at(j, "by"));
    struct urna_buf m = {0};
    uint8_t phi[32], body_hash[32];
    in_bytes(v, at(j, "phi"), phi, 32);
    urna_sha256(body_hash, body, strlen(body));
    urna_buf_add(&m, "urna-entry-v1", 14);
    urna_buf_add(&m, phi, 32);
    urna_buf_u8(&m, (uint8_t)strlen(kind));
    urna_buf_str(&m, kind);
    urna_buf_u8(&m, (uint8_t)strlen(by));
    urna_buf_str(&m, by);
    urna_buf_be64(&m, strlen(body));
    urna_buf_add(&m, body_hash, 32);
    assert_int_equal(m.len, len);
    assert_memory_equal(m.p, signed_bytes, len);
    reproduced(v, 1);
    urna_buf_reset(&m);
    urna_buf_printf(&m, "{\"kind\":\"%s\",\"sigs\":[{\"by\":\"%s\",\"sig\":\"", kind, by);
    urna_buf_hex(&m, sig, 64);
    urna_buf_printf(&m, "\"}]}\n%s", body);
    eq_bytes(v, at(j, "leaf"), m.p, m.len);
    text = (char *)malloc(m.len + 1);
    assert_non_null(text);
    text[0] = 0;
    memcpy(text + 1, m.p, m.len);
    urna_sha256(hash, text, m.len + 1);
    eq_hash(v, at(j, "leaf_hash"), hash);
    free(text);
    free(signed_bytes);
    urna_buf_free(&m);
}

static void every_value_of_eg21_more(void **state)
{
    (void)state;
    struct vectors v;
    static const char *const names[] = {"ristretto255", "toy-64-256"};
    assert_true(vectors_load(&v, URNA_TEST_DATA "/election/eg21-more.json"));
    remark(&v, at(v.root, "_about"));
    for (size_t i = 0; i < 2; i++) {
        const struct urna_group *G = group_named(names[i]);
        const json_t *j = at(v.root, names[i]);
        ceremony(&v, G, at(j, "ceremony"));
        ordinary(&v, G, at(j, "ordinary (relations, contest data, nonce, chaining, tally, 0x33)"));
        preencrypted(&v, G, at(j, "pre-encrypted (chain bytes 42 43 44)"));
    }
    law(&v, at(v.root, "law"));
    vectors_end(&v, "eg21-more.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_value_of_eg21_more)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
