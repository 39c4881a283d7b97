/* Ballots: proofs checked by proof/check.h, values found again with the nonces, cast or opened but
 * never both, openings checked on another device, every changed byte of an opening noticed. */
#include "testing.h"

#include "base/secret.h"
#include "proof/check.h"
#include "proof/credential.h"
#include "protocol/role.h"
#include "protocol/voter.h"

static struct election rist, toy;

static int setup(void **state)
{
    (void)state;
    election_new(&rist, "ristretto255", 1, 1);
    election_open(&rist);
    election_new(&toy, "toy-64-256", 1, 1);
    election_open(&toy);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    election_free(&rist);
    election_free(&toy);
    return 0;
}

static struct urna_ballot encrypt(struct election *e, const struct urna_voter *v,
                                  const uint32_t *first, const uint32_t *second,
                                  struct urna_openings **o)
{
    struct urna_error err = URNA_ERROR_INIT;
    const uint32_t *values[2] = {first, second};
    struct urna_choice c = {.style = second ? "both" : "first",
                            .device = "online",
                            .keys = &v->pk[0][0],
                            .n_keys = v->n_keys,
                            .serial = 1,
                            .values = values};
    struct urna_ballot b;
    assert_ok(urna_ballot_encrypt(&b, o, &e->booth, &c, &e->a, &err), err);
    return b;
}

/* --- the proofs --- */

static void scalars(const struct election *e, urna_scalar *out, const uint8_t *const *in,
                    uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        assert_true(urna_scalar_decode(e->G, &out[i], in[i]));
}

static bool range_holds(struct election *e, const uint8_t h_i[32], uint32_t ind_c, uint32_t ind_o,
                        uint32_t bound, const urna_element *alpha, const urna_element *beta,
                        const struct urna_range *r)
{
    urna_scalar c[8], v[8];
    bool ok;
    assert_int_equal(r->n_c, bound + 1);
    assert_int_equal(r->n_v, bound + 1);
    scalars(e, c, r->c, r->n_c);
    scalars(e, v, r->v, r->n_v);
    struct urna_range_statement s = {ind_c, ind_o, bound, *alpha, *beta, c, v};
    return urna_range_check(e->G, e->booth.g, e->booth.K, h_i, &s, 1, &ok) && ok;
}

/* Verifications 6, 7 and 8 by hand, from the bytes of the ballot. */
static void check_ballot(struct election *e, const struct urna_ballot *b)
{
    uint8_t id[32], h_i[32], h_di[32], b_c[36], chi[CONTESTS][32], code[32];
    urna_hash_ballot_id(id, e->booth.h_e, b->keys[0], b->rho);
    urna_hash_identifier(h_i, e->booth.h_e, id);
    for (uint32_t c = 0; c < b->n_contests; c++) {
        const struct urna_ballot_contest *x = &b->contests[c];
        const struct urna_contest *m = &e->m.contests[x->i - 1];
        urna_element alpha[8], beta[8], al, be;
        assert_int_equal(x->i, c + 1);
        assert_int_equal(x->n_fields, m->n_options);
        urna_element_identity(e->G, &al);
        urna_element_identity(e->G, &be);
        for (uint32_t f = 0; f < x->n_fields; f++) {
            assert_true(urna_element_decode(e->G, &alpha[f], x->fields[f].a));
            assert_true(urna_element_decode(e->G, &beta[f], x->fields[f].b));
            assert_false(urna_element_is_identity(e->G, &alpha[f])); /* T36 */
            assert_true(range_holds(e, h_i, x->i, f + 1, m->option_limit, &alpha[f], &beta[f],
                                    &x->fields[f].proof));
            assert_false(range_holds(e, h_i, x->i, f + 2, m->option_limit, &alpha[f], &beta[f],
                                     &x->fields[f].proof));
            urna_element_mul(e->G, &al, &al, &alpha[f]);
            urna_element_mul(e->G, &be, &be, &beta[f]);
        }
        assert_true(range_holds(e, h_i, x->i, 0, m->limit, &al, &be, &x->limit));
        urna_hash_contest(chi[c], e->G, h_i, x->i, alpha, beta, x->n_fields, urna_view(NULL, 0));
    }
    urna_hash_device(h_di, e->booth.h_e, urna_view_str(b->device));
    urna_chaining_none(b_c, h_di);
    urna_hash_confirmation(code, h_i, (const uint8_t(*)[32])chi, b->n_contests, b_c);
    assert_memory_equal(code, b->code, 32);
}

/* What the openings say, against what was wanted. */
static void check_values(struct election *e, const struct urna_ballot *b, struct urna_openings *o,
                         const uint32_t *first, const uint32_t *second)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_challenge c;
    uint8_t code[32];
    const uint32_t *want[2] = {first, second};
    assert_ok(urna_encrypted_open(&c, o, &e->booth, b, &e->a, &err), err);
    for (uint32_t i = 0; i < c.n_contests; i++)
        for (uint32_t f = 0; f < c.contests[i].n_fields; f++)
            assert_int_equal(c.contests[i].fields[f].value, want[i][f]);
    assert_ok(urna_challenge_recompute(code, &e->booth, &c, &err), err);
    assert_memory_equal(code, b->code, 32);
    assert_true(urna_challenge_matches(&e->booth, &c, b));
}

/* All 8 x 16 ways to mark contests of 3 and 2 options with values 0, 1 (and 0..3): over-votes
 * become zeros. */
static void encrypt_every_choice(void **state)
{
    (void)state;
    struct urna_voter v;
    urna_voter_new(&v, rist.phi, 1);
    for (int which = 0; which < 2; which++) {
        struct election *e = which ? &toy : &rist;
        memcpy(v.phi, e->phi, 32);
        for (uint32_t x = 0; x < 8 * 16; x += 1) {
            uint32_t first[3] = {x & 1, x >> 1 & 1, x >> 2 & 1},
                     second[2] = {x >> 3 & 3, x >> 5 & 3};
            struct urna_openings *o;
            struct urna_ballot b = encrypt(e, &v, first, second, &o);
            check_ballot(e, &b);
            if (first[0] + first[1] + first[2] > 1)
                memset(first, 0, sizeof first);
            if (second[0] > 2 || second[1] > 2 || second[0] + second[1] > 3)
                memset(second, 0, sizeof second);
            check_values(e, &b, o, first, second);
            urna_openings_free(o);
        }
    }
    urna_voter_wipe(&v);
}

static void encrypt_huge_values_are_an_over_vote(void **state)
{
    (void)state;
    struct urna_voter v;
    uint32_t first[3] = {UINT32_MAX, UINT32_MAX, 2}, zero[3] = {0},
             second[2] = {0x80000000u, 0x80000000u};
    struct urna_openings *o;
    urna_voter_new(&v, rist.phi, 1);
    struct urna_ballot b = encrypt(&rist, &v, first, second, &o);
    check_ballot(&rist, &b);
    check_values(&rist, &b, o, zero, zero);
    urna_openings_free(o);
}

static void encrypt_other_style_and_fresh_randomness(void **state)
{
    (void)state;
    struct urna_voter v;
    uint32_t first[3] = {0, 1, 0};
    struct urna_openings *o, *p;
    urna_voter_new(&v, rist.phi, 2);
    struct urna_ballot b = encrypt(&rist, &v, first, NULL, &o),
                       c = encrypt(&rist, &v, first, NULL, &p);
    assert_int_equal(b.n_contests, 1);
    check_ballot(&rist, &b);
    assert_memory_not_equal(b.rho, c.rho, 32);
    assert_memory_not_equal(b.code, c.code, 32);
    assert_memory_not_equal(b.contests[0].fields[0].a, c.contests[0].fields[0].a, 32);
    urna_openings_free(o);
    urna_openings_free(p);
    urna_openings_free(NULL);
}

static void encrypt_voters_rho_is_used(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_voter v;
    uint8_t rho[32] = {5, 6, 7}, after[32] = {1};
    uint32_t first[3] = {0, 1, 0};
    const uint32_t *values[1] = {first};
    urna_voter_new(&v, rist.phi, 2);
    struct urna_choice c = {.style = "first",
                            .device = "booth.2",
                            .keys = &v.pk[0][0],
                            .n_keys = 2,
                            .rho = rho,
                            .serial = 65535,
                            .after = after,
                            .values = values};
    struct urna_ballot b, d;
    struct urna_openings *o;
    assert_ok(urna_ballot_encrypt(&b, &o, &rist.booth, &c, &rist.a, &err), err);
    assert_memory_equal(b.rho, rho, 32);
    assert_memory_equal(b.after, after, 32);
    assert_memory_equal(b.keys[1], v.pk[1], 32);
    assert_string_equal(b.device, "booth.2");
    check_ballot(&rist, &b);
    urna_openings_free(o);
    /* the same rho twice: the nonces are still new */
    assert_ok(urna_ballot_encrypt(&d, &o, &rist.booth, &c, &rist.a, &err), err);
    assert_memory_not_equal(b.contests[0].fields[0].a, d.contests[0].fields[0].a, 32);
    urna_openings_free(o);
    struct urna_choice bad = c;
    bad.style = "none";
    assert_status(URNA_INPUT, urna_ballot_encrypt(&d, &o, &rist.booth, &bad, &rist.a, &err), err);
    bad = c;
    bad.device = "none";
    assert_status(URNA_INPUT, urna_ballot_encrypt(&d, &o, &rist.booth, &bad, &rist.a, &err), err);
    bad = c;
    bad.n_keys = 3;
    assert_status(URNA_INPUT, urna_ballot_encrypt(&d, &o, &rist.booth, &bad, &rist.a, &err), err);
    bad = c;
    bad.serial = 0;
    assert_status(URNA_INPUT, urna_ballot_encrypt(&d, &o, &rist.booth, &bad, &rist.a, &err), err);
    bad = c;
    bad.serial = 65536;
    assert_status(URNA_INPUT, urna_ballot_encrypt(&d, &o, &rist.booth, &bad, &rist.a, &err), err);
    assert_null(o);
}

/* --- cast or open --- */

static void cast_is_signed_and_forgets_the_openings(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_voter v, other;
    uint32_t first[3] = {0, 1, 0}, second[2] = {1, 2};
    struct urna_openings *o;
    struct urna_buf file = {0}, again = {0}, m = {0};
    struct urna_challenge c;
    struct urna_entry entry;
    urna_voter_new(&v, rist.phi, 2);
    urna_voter_new(&other, rist.phi, 2);
    struct urna_ballot b = encrypt(&rist, &v, first, second, &o);
    other.phi[0] ^= 1;
    assert_status(URNA_INPUT, urna_encrypted_cast(&file, o, &rist.booth, &b, &other, &err), err);
    assert_ok(urna_encrypted_cast(&file, o, &rist.booth, &b, &v, &err), err);
    assert_status(URNA_FALSE, urna_encrypted_open(&c, o, &rist.booth, &b, &rist.a, &err), err);
    assert_status(URNA_FALSE, urna_encrypted_cast(&again, o, &rist.booth, &b, &v, &err), err);
    assert_int_equal(again.len, 0);
    assert_ok(urna_entry_file_read(&entry, urna_buf_view(&file), &rist.a, &err), err);
    assert_int_equal(entry.kind, URNA_BALLOT);
    assert_int_equal(entry.n_sigs, 2);
    for (uint32_t i = 0; i < 2; i++) {
        urna_buf_reset(&m);
        urna_signed_message(&m, rist.phi, "ballot", i ? "voter.2" : "voter.1", entry.body_size,
                            entry.e);
        assert_string_equal(entry.sigs[i].by, i ? "voter.2" : "voter.1");
        assert_true(urna_credential_check(v.pk[i], m.p, m.len, entry.sigs[i].sig));
        assert_false(urna_credential_check(v.pk[1 - i], m.p, m.len, entry.sigs[i].sig));
    }
    struct urna_body body;
    assert_ok(urna_body_read(&body, URNA_BALLOT, entry.body, rist.lp, rist.lq, &rist.a, &err), err);
    check_ballot(&rist, &body.ballot);
    /* resending the same ballot is signing it again: the voter's key does that, without openings */
    assert_ok(urna_voter_sign(&again, &v, &b, rist.lp, rist.lq, &err), err);
    other.phi[0] ^= 1;
    assert_status(URNA_INPUT, urna_voter_sign(&again, &other, &b, rist.lp, rist.lq, &err), err);
    urna_openings_free(o);
    urna_buf_free(&file);
    urna_buf_free(&again);
    urna_buf_free(&m);
}

static void open_then_cast_refused(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_voter v;
    uint32_t first[3] = {0, 1, 0};
    struct urna_openings *o, *p;
    struct urna_buf file = {0};
    struct urna_challenge c;
    urna_voter_new(&v, rist.phi, 1);
    struct urna_ballot b = encrypt(&rist, &v, first, NULL, &o),
                       d = encrypt(&rist, &v, first, NULL, &p);
    assert_status(URNA_INPUT, urna_encrypted_open(&c, p, &rist.booth, &b, &rist.a, &err),
                  err); /* another ballot's */
    assert_ok(urna_encrypted_open(&c, o, &rist.booth, &b, &rist.a, &err), err);
    assert_true(urna_challenge_matches(&rist.booth, &c, &b));
    assert_false(urna_challenge_matches(&rist.booth, &c, &d));
    for (int what = 0; what < 5; what++) { /* every part of it counts */
        struct urna_challenge x = body_copy(&rist, URNA_CHALLENGE, &c)->challenge;
        uint8_t other[32] = {0};
        x.id[0] ^= what == 0;
        x.code[0] ^= what == 1;
        x.style = what == 2 ? "both" : x.style;
        x.device = what == 3 ? "booth.2" : x.device;
        x.contests[0].fields[2].b = what == 4 ? other : x.contests[0].fields[2].b;
        assert_false(urna_challenge_matches(&rist.booth, &x, &b));
    }
    assert_status(URNA_FALSE, urna_encrypted_cast(&file, o, &rist.booth, &b, &v, &err), err);
    assert_status(URNA_FALSE, urna_encrypted_open(&c, o, &rist.booth, &b, &rist.a, &err), err);
    assert_int_equal(file.len, 0);
    urna_openings_free(o);
    urna_openings_free(p);
}

/* --- the second device --- */

static struct urna_challenge opened(struct election *e, const uint32_t *first,
                                    const uint32_t *second)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_voter v;
    struct urna_openings *o;
    struct urna_challenge c;
    urna_voter_new(&v, e->phi, 1);
    struct urna_ballot b = encrypt(e, &v, first, second, &o);
    assert_ok(urna_encrypted_open(&c, o, &e->booth, &b, &e->a, &err), err);
    urna_openings_free(o);
    return c;
}

/* Every hex digit of the body changed: refused by the grammar or by the recomputation. */
static void opening_every_byte_changed_noticed(void **state)
{
    (void)state;
    struct election *e = &rist;
    uint32_t first[3] = {1, 0, 0}, second[2] = {1, 2};
    struct urna_challenge c = opened(e, first, second);
    struct urna_body whole = {.kind = URNA_CHALLENGE, .challenge = c}, read;
    struct urna_buf body = {0};
    urna_body_write(&body, &whole, e->lp, e->lq);
    size_t reached = 0, others = 0;
    for (size_t i = 0; i < body.len; i++) {
        uint8_t was = body.p[i], code[32];
        struct urna_arena a = {0};
        body.p[i] = was == '1' ? '0' : was == '0' ? '1' : was == 'A' ? 'B' : 'A';
        if (urna_body_read(&read, URNA_CHALLENGE, urna_buf_view(&body), e->lp, e->lq, &a, NULL) ==
            URNA_OK) {
            struct urna_error err = URNA_ERROR_INIT;
            enum urna_status st = urna_challenge_recompute(code, &e->booth, &read.challenge, &err);
            if (st != URNA_FALSE)
                fail_msg("byte %zu changed and not noticed", i);
            assert_true(err.rule[0] == 'V');
            reached++;
        } else {
            others++;
        }
        urna_arena_free(&a);
        body.p[i] = was;
    }
    assert_true(reached > 64 * 14);
    assert_true(others > 0);
    urna_buf_free(&body);
}

static void opening_shape_and_limits_checked(void **state)
{
    (void)state;
    struct election *e = &toy;
    struct urna_error err = URNA_ERROR_INIT;
    uint32_t first[3] = {1, 0, 0}, second[2] = {1, 2};
    uint8_t code[32];
    struct urna_challenge c = opened(e, first, second), d;
    assert_ok(urna_challenge_recompute(code, &e->booth, &c, &err), err);
    d = c;
    d.style = "first";
    assert_status(URNA_FALSE, urna_challenge_recompute(code, &e->booth, &d, &err), err);
    assert_string_equal(err.rule, "V14.B");
    d = c;
    d.device = "none";
    assert_status(URNA_FALSE, urna_challenge_recompute(code, &e->booth, &d, &err), err);
    d = c;
    d.device = "booth.2"; /* the code is of one device */
    assert_status(URNA_FALSE, urna_challenge_recompute(code, &e->booth, &d, &err), err);
    assert_string_equal(err.rule, "V13.B");
    d = c;
    d.n_contests = 1;
    assert_status(URNA_FALSE, urna_challenge_recompute(code, &e->booth, &d, &err), err);
    struct urna_body *b = body_copy(e, URNA_CHALLENGE, &c);
    b->challenge.contests[1].i = 1;
    assert_status(URNA_FALSE, urna_challenge_recompute(code, &e->booth, &b->challenge, &err), err);
    b = body_copy(e, URNA_CHALLENGE, &c);
    b->challenge.contests[0].n_fields = 2;
    assert_status(URNA_FALSE, urna_challenge_recompute(code, &e->booth, &b->challenge, &err), err);
    assert_string_equal(err.rule, "V14.D");
    b = body_copy(e, URNA_CHALLENGE, &c);
    b->challenge.contests[0].fields[0].value = 2;
    assert_status(URNA_FALSE, urna_challenge_recompute(code, &e->booth, &b->challenge, &err), err);
    assert_string_equal(err.rule, "V14.E");
    b->challenge.contests[0].fields[0].value = 1;
    b->challenge.contests[0].fields[1].value = 1;
    assert_status(URNA_FALSE, urna_challenge_recompute(code, &e->booth, &b->challenge, &err), err);
    assert_string_equal(err.rule, "V14.F");
    b = body_copy(e, URNA_CHALLENGE, &c);
    b->challenge.contests[0].fields[0].xi = (const uint8_t *)"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
    assert_status(URNA_FALSE, urna_challenge_recompute(code, &e->booth, &b->challenge, &err), err);
    assert_string_equal(err.rule, "V13");
    b = body_copy(e, URNA_CHALLENGE, &c);
    b->challenge.contests[1].fields[1].value = UINT64_MAX;
    assert_status(URNA_FALSE, urna_challenge_recompute(code, &e->booth, &b->challenge, &err), err);
}

/* --- the voter's file --- */

static void voter_file_and_serials(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_voter v, w;
    char *path = urna_xstrdup(test_path("voter"));
    uint32_t serial;
    urna_voter_new(&v, rist.phi, 2);
    assert_true(urna_credential_key_valid(v.pk[0]) && urna_credential_key_valid(v.pk[1]));
    assert_memory_not_equal(v.pk[0], v.pk[1], 32);
    assert_ok(urna_voter_create(&v, path, test_pass, &urna_seal_cost_least, &err), err);
    assert_ok(urna_voter_load(&w, path, test_pass, &err), err);
    assert_memory_equal(&v, &w, sizeof v);
    assert_status(URNA_INPUT, urna_voter_load(&w, path, urna_view_str("no"), &err), err);
    assert_ok(urna_voter_serial(&serial, path, test_pass, 0, false, &err), err);
    assert_int_equal(serial, 1);
    assert_ok(urna_voter_load(&w, path, test_pass, &err),
              err); /* durable before it is handed out */
    assert_int_equal(w.serial, 1);
    assert_status(URNA_FALSE, urna_voter_serial(&serial, path, test_pass, 0, false, &err), err);
    assert_int_equal(serial, 0);
    assert_ok(urna_voter_serial(&serial, path, test_pass, 0, true, &err), err);
    assert_int_equal(serial, 2);
    assert_ok(urna_voter_serial(&serial, path, test_pass, 6, true, &err), err);
    assert_int_equal(serial, 7);
    assert_ok(urna_voter_serial(&serial, path, test_pass, 3, true, &err), err);
    assert_int_equal(serial, 8);
    assert_status(URNA_FALSE, urna_voter_serial(&serial, path, test_pass, 65535, true, &err), err);
    assert_ok(urna_voter_serial(&serial, path, test_pass, 65534, true, &err), err);
    assert_int_equal(serial, 65535);
    assert_status(URNA_FALSE, urna_voter_serial(&serial, path, test_pass, 0, true, &err), err);
    /* no second vote where another device has voted */
    urna_voter_new(&v, rist.phi, 1);
    assert_ok(urna_voter_create(&v, test_path("voter2"), test_pass, &urna_seal_cost_least, &err),
              err);
    assert_status(URNA_FALSE,
                  urna_voter_serial(&serial, test_path("voter2"), test_pass, 1, false, &err), err);
    /* codes: one a factor, and factors differ */
    uint8_t secrets[32] = {1};
    secrets[16] = 1;
    assert_ok(urna_voter_from_codes(&w, rist.phi, secrets, 2, &err), err);
    assert_memory_not_equal(w.sk[0], w.sk[1], 32);
    assert_status(URNA_INPUT, urna_voter_from_codes(&w, rist.phi, secrets, 3, &err), err);
    struct urna_voter empty = {0};
    assert_memory_equal(&w, &empty, sizeof w);
    free(path);
}

/* --- at rest --- */

static void openings_at_rest_come_back(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct election *all[] = {&rist, &toy};
    for (size_t i = 0; i < 2; i++) {
        struct election *e = all[i];
        struct urna_voter v;
        uint32_t first[3] = {0, 1, 0}, second[2] = {1, 2};
        struct urna_openings *o, *p, *q;
        struct urna_secret_bytes packed = {0}, none = {0};
        struct urna_challenge c, d;
        urna_voter_new(&v, e->phi, 1);
        struct urna_ballot b = encrypt(e, &v, first, second, &o);
        assert_ok(urna_openings_pack(&packed, o, &e->booth, &err), err);
        assert_ok(urna_openings_unpack(&p, urna_view(packed.p, packed.len), &e->booth, &err), err);
        /* both open the ballot in the same way */
        assert_ok(urna_encrypted_open(&c, o, &e->booth, &b, &e->a, &err), err);
        assert_ok(urna_encrypted_open(&d, p, &e->booth, &b, &e->a, &err), err);
        for (uint32_t x = 0; x < c.n_contests; x++)
            for (uint32_t f = 0; f < c.contests[x].n_fields; f++) {
                assert_int_equal(c.contests[x].fields[f].value, d.contests[x].fields[f].value);
                assert_memory_equal(c.contests[x].fields[f].xi, d.contests[x].fields[f].xi, e->lq);
            }
        /* what is used up is not packed */
        assert_status(URNA_FALSE, urna_openings_pack(&none, p, &e->booth, &err), err);
        assert_null(none.p);
        /* every other length, and a nonce that is no number below q, are refused */
        for (size_t n = 0; n < packed.len; n++)
            assert_status(URNA_INPUT,
                          urna_openings_unpack(&q, urna_view(packed.p, n), &e->booth, &err), err);
        memset(packed.p + 68, 0xFF, e->lq);
        assert_status(URNA_INPUT,
                      urna_openings_unpack(&q, urna_view(packed.p, packed.len), &e->booth, &err),
                      err);
        assert_null(q);
        urna_openings_free(o);
        urna_openings_free(p);
        urna_secret_bytes_free(&packed);
    }
}

/* Openings with fewer fields than the ballot whose code they name are never read past their end. */
static void openings_of_another_shape_are_refused(void **state)
{
    (void)state;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_voter v;
    uint32_t first[3] = {0, 1, 0}, second[2] = {1, 2};
    struct urna_openings *o, *p, *q;
    struct urna_secret_bytes packed = {0};
    struct urna_challenge c;
    struct urna_buf file = {0};
    urna_voter_new(&v, rist.phi, 1);
    struct urna_ballot small = encrypt(&rist, &v, first, NULL, &o),
                       large = encrypt(&rist, &v, first, second, &p);
    assert_ok(urna_openings_pack(&packed, o, &rist.booth, &err), err);
    memcpy(packed.p + 32, large.code, 32);
    assert_ok(urna_openings_unpack(&q, urna_view(packed.p, packed.len), &rist.booth, &err), err);
    assert_status(URNA_INPUT, urna_encrypted_open(&c, q, &rist.booth, &large, &rist.a, &err), err);
    assert_status(URNA_INPUT, urna_encrypted_cast(&file, q, &rist.booth, &large, &v, &err), err);
    assert_status(URNA_INPUT, urna_encrypted_open(&c, q, &rist.booth, &small, &rist.a, &err), err);
    urna_openings_free(o);
    urna_openings_free(p);
    urna_openings_free(q);
    urna_secret_bytes_free(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encrypt_every_choice),
        cmocka_unit_test(encrypt_huge_values_are_an_over_vote),
        cmocka_unit_test(encrypt_other_style_and_fresh_randomness),
        cmocka_unit_test(encrypt_voters_rho_is_used),
        cmocka_unit_test(cast_is_signed_and_forgets_the_openings),
        cmocka_unit_test(open_then_cast_refused),
        cmocka_unit_test(opening_every_byte_changed_noticed),
        cmocka_unit_test(opening_shape_and_limits_checked),
        cmocka_unit_test(voter_file_and_serials),
        cmocka_unit_test(openings_at_rest_come_back),
        cmocka_unit_test(openings_of_another_shape_are_refused),
    };
    int failed = cmocka_run_group_tests(tests, setup, teardown);
    test_folder_remove();
    return failed;
}
