/* Golden records made by another implementation: joint keys and hashes, openings of challenges, and
 * tallies combined again from the guardians' entries, byte for byte. */
#include "testing.h"

#include "log/record.h"
#include "model/entry.h"

#define LIST_MAX 400

/* What is read of one record; entries that the law calls void are kept apart. */
struct reading {
    const char *name;
    const json_t *expected;
    struct urna_arena a;
    struct urna_assembler *s;
    struct urna_manifest *m;
    const struct urna_group *G;
    size_t lp, lq;
    uint8_t phi[32];
    struct urna_body *list[LIST_MAX]; /* accepted, of the kinds that matter here */
    struct urna_view bytes[LIST_MAX];
    uint32_t n;
    struct urna_challenge *bad[LIST_MAX];
    uint32_t n_bad;
};

static bool is_void(const struct reading *r, uint64_t index, const char **rule)
{
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(r->expected, "void"), i, v)
    {
        if ((uint64_t)json_integer_value(json_array_get(v, 0)) == index) {
            *rule = json_string_value(json_array_get(v, 1));
            return true;
        }
    }
    return false;
}

static bool wanted(enum urna_kind k)
{
    return k == URNA_MANIFEST || k == URNA_GUARDIAN_KEYS || k == URNA_OPEN || k == URNA_CHALLENGE ||
           k == URNA_COUNTSET || k == URNA_DECRYPT_REVEAL || k == URNA_DECRYPT_RESPOND ||
           k == URNA_TALLY || k == URNA_BALLOT;
}

static bool no_body(void *ctx, const uint8_t sha256[32], uint64_t size, struct urna_buf *out)
{
    (void)ctx, (void)sha256, (void)size, (void)out;
    return false;
}

static void take(struct reading *r, const struct urna_entry *e)
{
    struct urna_error err = URNA_ERROR_INIT;
    const char *rule = "";
    bool v = is_void(r, e->index, &rule);
    if (e->bad_form || e->kind == URNA_KIND_UNKNOWN || !wanted(e->kind))
        return;
    if (v && !(e->kind == URNA_CHALLENGE && (rule[0] == 'V' || strcmp(rule, "E8") == 0)))
        return;
    struct urna_body *b = URNA_NEW(&r->a, struct urna_body, 1);
    struct urna_view copy = urna_view(urna_arena_copy(&r->a, e->body.p, e->body.len), e->body.len);
    enum urna_status st = urna_body_read(b, e->kind, copy, r->lp, r->lq, &r->a, &err);
    if (v && st != URNA_OK)
        return;
    assert_ok(st, err);
    if (e->kind == URNA_MANIFEST) {
        r->m = &b->manifest;
        r->G = urna_group_find(r->m->group, strlen(r->m->group));
        assert_non_null(r->G);
        r->lp = urna_group_lp(r->G);
        r->lq = urna_group_lq(r->G);
    } else if (v) {
        r->bad[r->n_bad++] = &b->challenge;
    } else {
        assert_true(r->n < LIST_MAX);
        r->bytes[r->n] = copy;
        r->list[r->n++] = b;
    }
}

static bool leaf(void *ctx, uint64_t index, struct urna_view bytes)
{
    struct reading *r = ctx;
    const struct urna_stray *strays;
    size_t n;
    struct urna_entry e;
    if (urna_assembler_leaf(r->s, index, bytes, &e, &strays, &n))
        take(r, &e);
    return true;
}

static void read_record(struct reading *r, const json_t *all, const char *name)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_record *rec;
    char path[512];
    memset(r, 0, sizeof *r);
    r->name = name;
    r->expected = json_object_get(json_object_get(all, "records"), name);
    assert_non_null(r->expected);
    bytes_of(r->phi, 32, r->expected, "phi");
    r->s = urna_assembler_new(no_body, NULL);
    snprintf(path, sizeof path, "%s/election/records/%s", URNA_TEST_DATA,
             text_of(r->expected, "archive"));
    assert_ok(urna_record_open(&rec, path, &err), err);
    assert_ok(urna_record_scan(rec, NULL, 1, leaf, r, &err), err);
    urna_record_free(rec);
    urna_assembler_free(r->s);
    assert_non_null(r->m);
}

static const struct urna_open *find_open(const struct reading *r)
{
    for (uint32_t i = 0; i < r->n; i++)
        if (r->list[i]->kind == URNA_OPEN)
            return &r->list[i]->open;
    fail_msg("%s: no open", r->name);
    return NULL;
}

static uint32_t guardian_index(const struct reading *r, const char *id)
{
    for (uint32_t i = 0; i < r->m->n; i++)
        if (strcmp(r->m->guardians[i].id, id) == 0)
            return i + 1;
    fail_msg("%s: no guardian %s", r->name, id);
    return 0;
}

/* --- the checks --- */

struct made {
    struct urna_joint_keys joint;
    urna_element S[GUARDIANS_MAX];
    struct urna_fixed *K;
    struct urna_booth booth;
};

static void check_keys(const struct reading *r, struct made *x)
{
    struct urna_error err = URNA_ERROR_INIT;
    const struct urna_guardian_keys *keys[GUARDIANS_MAX] = {0};
    const struct urna_open *o = find_open(r);
    uint8_t bytes[URNA_LP_MAX];
    for (uint32_t i = 0; i < r->n; i++)
        if (r->list[i]->kind == URNA_GUARDIAN_KEYS &&
            r->list[i]->guardian_keys.attempt == o->attempt)
            keys[guardian_index(r, r->list[i]->guardian_keys.as) - 1] = &r->list[i]->guardian_keys;
    assert_ok(urna_joint_keys(&x->joint, r->G, r->m->n, r->m->k, r->phi, keys, &err), err);
    urna_element_encode(r->G, bytes, &x->joint.K);
    assert_memory_equal(bytes, o->k, r->lp);
    urna_element_encode(r->G, bytes, &x->joint.Kh);
    assert_memory_equal(bytes, o->kh, r->lp);
    assert_memory_equal(x->joint.h_g, o->hg, 32);
    assert_memory_equal(x->joint.h_e, o->he, 32);
    assert_ok(urna_guardian_share_keys(x->S, r->G, r->m->n, r->m->k, keys, &err), err);
    x->K = urna_fixed_new(r->G, &x->joint.K);
    x->booth =
        (struct urna_booth){.G = r->G, .g = urna_fixed_generator(r->G), .K = x->K, .m = r->m};
    memcpy(x->booth.phi, r->phi, 32);
    memcpy(x->booth.h_e, o->he, 32);
    /* one guardian's keys missing, or two exchanged */
    const struct urna_guardian_keys *was = keys[0];
    keys[0] = NULL;
    assert_status(URNA_FALSE,
                  urna_joint_keys(&x->joint, r->G, r->m->n, r->m->k, r->phi, keys, &err), err);
    if (r->m->n > 1) {
        keys[0] = keys[1];
        keys[1] = was;
        assert_status(URNA_FALSE,
                      urna_joint_keys(&x->joint, r->G, r->m->n, r->m->k, r->phi, keys, &err), err);
        keys[1] = keys[0];
    }
    keys[0] = was;
    assert_ok(urna_joint_keys(&x->joint, r->G, r->m->n, r->m->k, r->phi, keys, &err), err);
}

static uint32_t check_challenges(const struct reading *r, const struct made *x)
{
    uint32_t n = 0;
    uint8_t code[32];
    for (uint32_t i = 0; i < r->n; i++) {
        struct urna_error err = URNA_ERROR_INIT;
        if (r->list[i]->kind != URNA_CHALLENGE)
            continue;
        assert_ok(urna_challenge_recompute(code, &x->booth, &r->list[i]->challenge, &err), err);
        assert_memory_equal(code, r->list[i]->challenge.code, 32);
        n++;
    }
    for (uint32_t i = 0; i < r->n_bad; i++) {
        struct urna_error err = URNA_ERROR_INIT;
        assert_status(URNA_FALSE, urna_challenge_recompute(code, &x->booth, r->bad[i], &err), err);
    }
    return n;
}

static bool same_session(const struct urna_session *a, const struct urna_session *b)
{
    return a->attempt == b->attempt && a->block == b->block && a->n_present == b->n_present &&
           memcmp(a->present, b->present, a->n_present * sizeof *a->present) == 0;
}

static const struct urna_tally *find_tally(const struct reading *r, uint32_t group)
{
    for (uint32_t i = 0; i < r->n; i++)
        if (r->list[i]->kind == URNA_TALLY && r->list[i]->tally.group == group)
            return &r->list[i]->tally;
    return NULL;
}

/* The sums of a group, from the tally that the judge accepted. */
static bool group_sums(struct reading *r, uint32_t group, struct urna_sum_group *g)
{
    const struct urna_tally *t = find_tally(r, group);
    if (!t)
        return false;
    urna_element *A = URNA_NEW(&r->a, urna_element, t->n_fields),
                 *B = URNA_NEW(&r->a, urna_element, t->n_fields);
    for (uint32_t f = 0; f < t->n_fields; f++) {
        assert_true(urna_element_decode(r->G, &A[f], t->fields[f].a));
        assert_true(urna_element_decode(r->G, &B[f], t->fields[f].b));
    }
    *g = (struct urna_sum_group){t->contest, t->n_fields, A, B};
    return true;
}

/* Does the tally that we make stand in the record byte for byte? */
static bool in_record(const struct reading *r, const struct urna_tally *t)
{
    struct urna_body b = {.kind = URNA_TALLY, .tally = *t};
    struct urna_buf bytes = {0};
    bool found = false;
    urna_body_write(&bytes, &b, r->lp, r->lq);
    for (uint32_t i = 0; i < r->n; i++)
        found |= r->list[i]->kind == URNA_TALLY && urna_view_eq(r->bytes[i], urna_buf_view(&bytes));
    urna_buf_free(&bytes);
    return found;
}

/* Combine the session that ${s} stands for, if it is complete. Returns the number of its tallies
 * that stand in the record. */
static uint32_t combine_session(struct reading *r, const struct made *x,
                                const struct urna_countset *cs, const struct urna_session *s)
{
    struct urna_error err = URNA_ERROR_INIT;
    const struct urna_decrypt_reveal *reveal[GUARDIANS_MAX] = {0};
    const struct urna_decrypt_respond *respond[GUARDIANS_MAX] = {0};
    uint32_t first = (uint32_t)((s->block - 1) * r->m->block) + 1, n = 0, found = 0, culprit;
    uint64_t bound[LIST_MAX], most = 0;
    struct urna_sum_group groups[LIST_MAX];
    for (; n < r->m->block && first + n <= cs->n_groups && group_sums(r, first + n, &groups[n]);
         n++) {
        bound[n] = cs->groups[first + n - 1].n * r->m->contests[groups[n].contest - 1].option_limit;
        most = bound[n] > most ? bound[n] : most;
    }
    for (uint32_t i = 0; i < r->n; i++)
        for (uint32_t j = 0; j < s->n_present; j++) {
            const char *id = r->m->guardians[s->present[j] - 1].id;
            const struct urna_body *b = r->list[i];
            if (b->kind == URNA_DECRYPT_REVEAL && same_session(&b->decrypt_reveal.s, s) &&
                strcmp(b->decrypt_reveal.s.as, id) == 0)
                reveal[j] = &b->decrypt_reveal;
            if (b->kind == URNA_DECRYPT_RESPOND && same_session(&b->decrypt_respond.s, s) &&
                strcmp(b->decrypt_respond.s.as, id) == 0)
                respond[j] = &b->decrypt_respond;
        }
    for (uint32_t j = 0; j < s->n_present; j++)
        if (!reveal[j] || !respond[j])
            return 0;
    struct urna_decrypt_session d = {.present = s->present,
                                     .n_present = s->n_present,
                                     .attempt = s->attempt,
                                     .block = s->block,
                                     .groups = groups,
                                     .n_groups = n};
    memcpy(d.countset, s->countset, 32);
    memcpy(d.h_e, x->booth.h_e, 32);
    struct urna_dlog *dlog = urna_dlog_new(r->G, &x->joint.K, most, 4);
    struct urna_tally *t = URNA_NEW(&r->a, struct urna_tally, n);
    struct urna_combine c = {.G = r->G,
                             .K = x->K,
                             .dlog = dlog,
                             .S = x->S,
                             .n = r->m->n,
                             .session = &d,
                             .first_group = first,
                             .bound = bound,
                             .reveal = reveal,
                             .respond = respond};
    assert_ok(urna_combine_tallies(t, &c, &r->a, &culprit, &err), err);
    for (uint32_t i = 0; i < n; i++) {
        const struct urna_tally *want = find_tally(r, first + i);
        for (uint32_t f = 0; f < t[i].n_fields; f++)
            assert_int_equal(t[i].fields[f].t, want->fields[f].t);
        found += in_record(r, &t[i]);
    }
    urna_dlog_free(dlog);
    return found;
}

static uint32_t check_tallies(struct reading *r, const struct made *x)
{
    const struct urna_countset *cs = NULL;
    uint32_t found = 0;
    for (uint32_t i = 0; i < r->n; i++)
        if (r->list[i]->kind == URNA_COUNTSET)
            cs = &r->list[i]->countset;
    for (uint32_t i = 0; i < r->n; i++) {
        const struct urna_body *b = r->list[i];
        /* a session once: by the entry of its first guardian */
        if (b->kind == URNA_DECRYPT_RESPOND &&
            guardian_index(r, b->decrypt_respond.s.as) == b->decrypt_respond.s.present[0])
            found += combine_session(r, x, cs, &b->decrypt_respond.s);
    }
    assert_true(!cs || found >= cs->n_groups);
    return found;
}

static void records_of_another_implementation(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t challenges, bad, tallies; /* at least */
    } list[] = {{"rist-small", 0, 0, 1},  {"rist-club", 1, 0, 2},  {"rist-base", 1, 0, 3},
                {"rist-one", 1, 0, 3},    {"rist-cells", 0, 0, 2}, {"rist-full", 2, 1, 10},
                {"eg4096-small", 1, 0, 1}};
    json_t *all = vectors("records/expected.json");
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        struct reading *r = urna_xcalloc(1, sizeof *r);
        struct made x = {0};
        read_record(r, all, list[i].name);
        check_keys(r, &x);
        uint32_t challenges = check_challenges(r, &x), tallies = check_tallies(r, &x);
        print_message("%s: %u challenges, %u bad ones, %u tallies\n", r->name, challenges, r->n_bad,
                      tallies);
        assert_true(challenges >= list[i].challenges);
        assert_true(tallies >= list[i].tallies);
        assert_true(r->n_bad >= list[i].bad);
        urna_fixed_free(x.K);
        urna_arena_free(&r->a);
        free(r);
    }
    json_decref(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(records_of_another_implementation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
