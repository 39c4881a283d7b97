#include "testing.h"

#include <unistd.h>

#include "base/file.h"
#include "base/secret.h"
#include "proof/eg_hash.h"

static char folder[64];
const struct urna_view test_pass = {(const uint8_t *)"correct horse", 13};

const char *test_path(const char *name)
{
    static char path[256];
    if (!folder[0]) {
        strcpy(folder, "/tmp/urna-protocol-XXXXXX");
        if (!mkdtemp(folder))
            fail_msg("mkdtemp");
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

void test_folder_remove(void)
{
    struct urna_error err = URNA_ERROR_INIT;
    if (folder[0] && urna_remove_tree(folder, &err) != URNA_OK)
        print_message("cannot remove %s\n", folder);
    folder[0] = 0;
}

json_t *vectors(const char *name)
{
    char path[512];
    json_error_t e;
    snprintf(path, sizeof path, "%s/election/%s", URNA_TEST_DATA, name);
    json_t *j = json_load_file(path, 0, &e);
    if (!j)
        fail_msg("%s: %s", path, e.text);
    return j;
}

const char *text_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    if (!s)
        fail_msg("no string %s", key);
    return s;
}

uint64_t number_of(const json_t *o, const char *key)
{
    const json_t *n = json_object_get(o, key);
    if (!json_is_integer(n))
        fail_msg("no integer %s", key);
    return (uint64_t)json_integer_value(n);
}

void bytes_of(uint8_t *out, size_t len, const json_t *o, const char *key)
{
    const char *hex = text_of(o, key);
    if (!urna_unhex_any(out, len, hex, strlen(hex)))
        fail_msg("%s is not %zu bytes of hex", key, len);
}

void add_hex(struct urna_buf *b, const char *hex)
{
    size_t len = strlen(hex) / 2;
    uint8_t *p = urna_xmalloc(len + 1);
    assert_true(urna_unhex_any(p, len, hex, strlen(hex)));
    urna_buf_add(b, p, len);
    free(p);
}

/* --- the election --- */

static const char *name_of(struct election *e, const char *kind, uint32_t i)
{
    char s[32];
    int n = snprintf(s, sizeof s, "%s.%u", kind, i);
    return urna_arena_strndup(&e->a, s, (size_t)n);
}

static void add_contest(struct election *e, uint32_t i, uint32_t options, uint32_t R, uint32_t L)
{
    struct urna_contest *c = &e->m.contests[i - 1];
    c->id = name_of(e, "contest", i);
    c->option_limit = R;
    c->limit = L;
    c->n_options = options;
    c->options = URNA_NEW(&e->a, struct urna_contest_option, options);
    for (uint32_t o = 0; o < options; o++)
        c->options[o].id = name_of(e, "option", o + 1);
}

static void add_style(struct election *e, uint32_t i, const char *id, uint32_t n)
{
    struct urna_style *s = &e->m.styles[i];
    s->id = id;
    s->n_contests = n;
    s->contests = URNA_NEW(&e->a, uint32_t, n);
    for (uint32_t c = 0; c < n; c++)
        s->contests[c] = c + 1;
}

static void fill_manifest(struct election *e, const char *group, uint32_t n, uint32_t k)
{
    struct urna_manifest *m = &e->m;
    m->test = 1;
    m->group = group;
    m->n = n;
    m->k = k;
    m->n_guardians = n;
    m->guardians = URNA_NEW(&e->a, struct urna_role, n);
    for (uint32_t i = 0; i < n; i++)
        m->guardians[i].id = name_of(e, "guardian", i + 1);
    m->n_devices = 2;
    m->devices = URNA_NEW(&e->a, struct urna_device, 2);
    m->devices[0].id = "online";
    m->devices[1].id = "booth.2";
    m->n_contests = CONTESTS;
    m->contests = URNA_NEW(&e->a, struct urna_contest, CONTESTS);
    add_contest(e, 1, 3, 1, 1);
    add_contest(e, 2, 2, 2, 3);
    m->n_styles = 2;
    m->styles = URNA_NEW(&e->a, struct urna_style, 2);
    add_style(e, 0, "both", 2);
    add_style(e, 1, "first", 1);
    m->block = 100;
}

void election_new(struct election *e, const char *group, uint32_t n, uint32_t k)
{
    struct urna_error err = URNA_ERROR_INIT;
    static unsigned count;
    memset(e, 0, sizeof *e);
    e->G = urna_group_find(group, strlen(group));
    assert_non_null(e->G);
    assert_true(n <= GUARDIANS_MAX);
    e->lp = urna_group_lp(e->G);
    e->lq = urna_group_lq(e->G);
    e->attempt = 1;
    urna_random(e->phi, 32);
    urna_hash_parameters(e->h_p, e->G, n, k);
    fill_manifest(e, group, n, k);
    count++;
    for (uint32_t i = 0; i < n; i++) {
        char name[64];
        snprintf(name, sizeof name, "election%u.guardian%u", count, i + 1);
        e->path[i] = urna_xstrdup(test_path(name));
        assert_ok(urna_guardian_create(&e->g[i], e->path[i], test_pass, &urna_seal_cost_least,
                                       &e->m, e->phi, e->m.guardians[i].id, &err),
                  err);
    }
}

void election_free(struct election *e)
{
    for (uint32_t i = 0; i < GUARDIANS_MAX; i++) {
        urna_guardian_close(e->g[i]);
        free(e->path[i]);
    }
    urna_fixed_free(e->K);
    urna_arena_free(&e->a);
}

void election_reopen(struct election *e, uint32_t i)
{
    struct urna_error err = URNA_ERROR_INIT;
    urna_guardian_close(e->g[i - 1]);
    e->g[i - 1] = NULL;
    assert_ok(urna_guardian_open(&e->g[i - 1], e->path[i - 1], test_pass, &e->m, e->phi, &err),
              err);
}

struct urna_ceremony election_view(const struct election *e)
{
    return (struct urna_ceremony){e->attempt, e->commit, e->keys, e->shares, e->confirm};
}

void election_read(struct election *e, struct urna_body *out, enum urna_kind kind,
                   struct urna_view body)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf again = {0};
    struct urna_view mine = urna_view(urna_arena_copy(&e->a, body.p, body.len), body.len);
    assert_ok(urna_body_read(out, kind, mine, e->lp, e->lq, &e->a, &err), err);
    urna_body_write(&again, out, e->lp, e->lq);
    assert_true(urna_view_eq(urna_buf_view(&again), body));
    urna_buf_free(&again);
}

struct urna_body *body_copy(struct election *e, enum urna_kind kind, const void *part)
{
    struct urna_body in = {.kind = kind}, *out = URNA_NEW(&e->a, struct urna_body, 1);
    struct urna_buf b = {0};
    switch (kind) {
    case URNA_GUARDIAN_KEYS:
        in.guardian_keys = *(const struct urna_guardian_keys *)part;
        break;
    case URNA_GUARDIAN_SHARES:
        in.guardian_shares = *(const struct urna_guardian_shares *)part;
        break;
    case URNA_DECRYPT_COMMIT:
        in.decrypt_commit = *(const struct urna_decrypt_commit *)part;
        break;
    case URNA_DECRYPT_REVEAL:
        in.decrypt_reveal = *(const struct urna_decrypt_reveal *)part;
        break;
    case URNA_DECRYPT_RESPOND:
        in.decrypt_respond = *(const struct urna_decrypt_respond *)part;
        break;
    case URNA_CHALLENGE:
        in.challenge = *(const struct urna_challenge *)part;
        break;
    default:
        fail_msg("body_copy: kind %d", (int)kind);
    }
    urna_body_write(&b, &in, e->lp, e->lq);
    election_read(e, out, kind, urna_buf_view(&b));
    urna_buf_free(&b);
    return out;
}

enum urna_kind election_ask(struct election *e, uint32_t i)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_ceremony view = election_view(e);
    struct urna_buf body = {0}, again = {0};
    enum urna_kind kind, second;
    assert_ok(urna_ceremony_next(e->g[i - 1], &view, &kind, &body, NULL, &err), err);
    if (kind == URNA_KIND_UNKNOWN)
        return kind;
    /* invariant 1: asked again after a crash, the same */
    election_reopen(e, i);
    assert_ok(urna_ceremony_next(e->g[i - 1], &view, &second, &again, NULL, &err), err);
    assert_int_equal(kind, second);
    assert_true(urna_view_eq(urna_buf_view(&body), urna_buf_view(&again)));
    struct urna_body *b = URNA_NEW(&e->a, struct urna_body, 1);
    election_read(e, b, kind, urna_buf_view(&body));
    if (kind == URNA_GUARDIAN_COMMIT)
        e->commit[i - 1] = &b->guardian_commit;
    else if (kind == URNA_GUARDIAN_KEYS)
        e->keys[i - 1] = &b->guardian_keys;
    else if (kind == URNA_GUARDIAN_SHARES)
        e->shares[i - 1] = &b->guardian_shares;
    else if (kind == URNA_GUARDIAN_CONFIRM)
        e->confirm[i - 1] = &b->guardian_confirm;
    else if (kind == URNA_GUARDIAN_COMPLAINT)
        e->complaint = &b->guardian_complaint;
    urna_buf_free(&body);
    urna_buf_free(&again);
    return kind;
}

void election_run(struct election *e)
{
    bool said = true;
    for (int round = 0; said && !e->complaint; round++) {
        assert_true(round < 100);
        said = false;
        for (uint32_t i = 1; i <= e->m.n && !e->complaint; i++)
            said |= election_ask(e, i) != URNA_KIND_UNKNOWN;
    }
}

static const uint8_t *put(struct election *e, const urna_element *x)
{
    uint8_t *p = urna_arena_alloc(&e->a, 1, e->lp);
    urna_element_encode(e->G, p, x);
    return p;
}

void election_open(struct election *e)
{
    struct urna_error err = URNA_ERROR_INIT;
    election_run(e);
    assert_null(e->complaint);
    assert_ok(urna_joint_keys(&e->joint, e->G, e->m.n, e->m.k, e->phi, e->keys, &err), err);
    e->open.attempt = e->attempt;
    e->open.k = put(e, &e->joint.K);
    e->open.kh = put(e, &e->joint.Kh);
    memcpy(e->open.hg, e->joint.h_g, 32);
    memcpy(e->open.he, e->joint.h_e, 32);
    for (uint32_t i = 0; i < e->m.n; i++) {
        assert_non_null(e->confirm[i]);
        assert_memory_equal(e->confirm[i]->hg, e->joint.h_g, 32);
        assert_memory_equal(e->confirm[i]->he, e->joint.h_e, 32);
        assert_ok(urna_ceremony_opened(e->g[i], &e->open, &err), err);
    }
    e->K = urna_fixed_new(e->G, &e->joint.K);
    e->booth.G = e->G;
    e->booth.g = urna_fixed_generator(e->G);
    e->booth.K = e->K;
    e->booth.m = &e->m;
    memcpy(e->booth.phi, e->phi, 32);
    memcpy(e->booth.h_e, e->joint.h_e, 32);
}
