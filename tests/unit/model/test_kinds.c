/* The table of kinds, and the bounds of every schema: one body on each side of each bound. The
 * group here has elements and scalars of one byte, so that bodies stay short. */
#include "model/roll.h"
#include "vectors.h"

#include "model/kinds.h"

#define Z32 "0000000000000000000000000000000000000000000000000000000000000000"
#define A32 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define Z64 Z32 Z32

static void names_and_kinds_are_one_to_one(void **state)
{
    (void)state;
    unsigned out_of_line = 0;
    for (unsigned k = 0; k < URNA_KIND_COUNT; k++) {
        assert_int_equal(urna_kind_find(urna_kind_name((enum urna_kind)k)), k);
        out_of_line += urna_kind_out_of_line((enum urna_kind)k);
    }
    assert_int_equal(out_of_line, 4);
    assert_true(urna_kind_out_of_line(URNA_ATTACHMENT));
    assert_false(urna_kind_out_of_line(URNA_REDACT));
    assert_false(urna_kind_out_of_line(URNA_KIND_UNKNOWN));
    assert_int_equal(urna_kind_find("vote"), URNA_KIND_UNKNOWN);
    assert_int_equal(urna_kind_find(""), URNA_KIND_UNKNOWN);
    assert_int_equal(urna_kind_find("part"), URNA_KIND_UNKNOWN);
    assert_string_equal(urna_kind_name(URNA_KIND_UNKNOWN), "");
}

/* Read with elements and scalars of one byte; what is read is written the same. */
static bool reads(enum urna_kind kind, const char *text)
{
    struct urna_arena a = {0};
    struct urna_body b;
    struct urna_buf out = {0};
    bool ok = urna_body_read(&b, kind, urna_view_str(text), 1, 1, &a, NULL) == URNA_OK;
    if (ok) {
        urna_body_write(&out, &b, 1, 1);
        assert_string_equal(urna_buf_cstr(&out), text);
    }
    urna_buf_free(&out);
    urna_arena_free(&a);
    return ok;
}

struct bound {
    enum urna_kind kind;
    bool good;
    const char *body;
};

static const struct bound bounds[] = {
    {URNA_ACCEPT, true, "{\"as\":\"w\"}"},
    {URNA_ACCEPT, false, "{\"as\":\"W\"}"},
    {URNA_CLOSE, true, "{\"time\":0}"},
    {URNA_CLOSE, true, "{\"time\":9007199254740991}"},
    {URNA_CLOSE, false, "{\"time\":9007199254740992}"},
    {URNA_GUARDIAN_COMMIT, true, "{\"as\":\"g\",\"attempt\":1,\"hash\":\"" Z32 "\"}"},
    {URNA_GUARDIAN_COMMIT, false, "{\"as\":\"g\",\"attempt\":0,\"hash\":\"" Z32 "\"}"},
    {URNA_GUARDIAN_KEYS, true,
     "{\"as\":\"g\",\"attempt\":1,\"nonce\":\"" Z32 "\",\"k\":[\"01\"],\"kh\":[],\"kappa\":\"02\","
     "\"proof\":{\"c\":\"03\",\"v\":[\"04\"]},\"proofh\":{\"c\":\"05\",\"v\":[]}}"},
    {URNA_GUARDIAN_KEYS, false,
     "{\"as\":\"g\",\"attempt\":1,\"nonce\":\"" Z32
     "\",\"k\":[\"0102\"],\"kh\":[],\"kappa\":\"02\","
     "\"proof\":{\"c\":\"03\",\"v\":[\"04\"]},\"proofh\":{\"c\":\"05\",\"v\":[]}}"},
#define SHARE(i) "{\"i\":" i ",\"c0\":\"01\",\"c1\":\"" Z64 "\",\"c\":\"02\",\"v\":\"03\"}"
#define SHARES(to) "{\"as\":\"g\",\"attempt\":1,\"to\":[" to "]}"
    {URNA_GUARDIAN_SHARES, true, SHARES("")},
    {URNA_GUARDIAN_SHARES, true, SHARES(SHARE("1") "," SHARE("3"))},
    {URNA_GUARDIAN_SHARES, false, SHARES(SHARE("3") "," SHARE("1"))},
    {URNA_GUARDIAN_SHARES, false, SHARES(SHARE("1") "," SHARE("1"))},
    {URNA_GUARDIAN_SHARES, false, SHARES(SHARE("0"))},
    {URNA_GUARDIAN_COMPLAINT, true, "{\"as\":\"g\",\"attempt\":1,\"against\":\"h\"}"},
    {URNA_GUARDIAN_COMPLAINT, true,
     "{\"as\":\"g\",\"attempt\":1,\"against\":\"h\",\"zeta\":\"07\"}"},
    {URNA_GUARDIAN_COMPLAINT, false,
     "{\"as\":\"g\",\"attempt\":1,\"against\":\"h\",\"zeta\":\"\"}"},
#define ROW(key, more) "{\"keys\":[\"" key "\"],\"style\":\"s\"" more ",\"leaf\":\"l\"}"
    {URNA_ROLL, true, "{\"rows\":[]}"},
    {URNA_ROLL, true, "{\"rows\":[" ROW(Z32, "") "," ROW(A32, "") "]}"},
    {URNA_ROLL, false, "{\"rows\":[" ROW(A32, "") "," ROW(Z32, "") "]}"},
    {URNA_ROLL, false, "{\"rows\":[" ROW(A32, "") "," ROW(A32, "") "]}"},
    {URNA_ROLL, true, "{\"rows\":[" ROW(Z32, ",\"weight\":2") "]}"},
    {URNA_ROLL, true, "{\"rows\":[" ROW(Z32, ",\"weight\":1048576") "]}"},
    {URNA_ROLL, false, "{\"rows\":[" ROW(Z32, ",\"weight\":1048577") "]}"},
    {URNA_ROLL, false, "{\"rows\":[" ROW(Z32, ",\"weight\":1") "]}"},
    {URNA_ROLL, false, "{\"rows\":[" ROW(Z32, ",\"weight\":0") "]}"},
    {URNA_ROLL, false, "{\"rows\":[{\"keys\":[],\"style\":\"s\",\"leaf\":\"l\"}]}"},
#define ROLL_CLOSE(rolls)                                                                          \
    "{\"rolls\":[" rolls "],\"count\":0,\"root\":\"" Z32 "\",\"cells\":[{\"leaf\":\"l\",\"n\":0}]" \
                                                         "}"
    {URNA_ROLL_CLOSE, true, ROLL_CLOSE("\"" Z32 "\",\"" A32 "\"")},
    {URNA_ROLL_CLOSE, false, ROLL_CLOSE("\"" A32 "\",\"" Z32 "\"")},
    {URNA_ROLL_CLOSE, false, ROLL_CLOSE("\"" A32 "\",\"" A32 "\"")},
    {URNA_ROLL_CLOSE, false, ROLL_CLOSE("")},
#define BALLOT(keys, serial, more)                                                                 \
    "{\"keys\":[" keys "],\"rho\":\"" Z32                                                          \
    "\",\"style\":\"s\",\"device\":\"d\",\"serial\":" serial more                                  \
    ",\"contests\":[{\"i\":1,\"fields\":[{\"a\":\"01\",\"b\":\"02\",\"c\":[\"03\",\"04\"],"        \
    "\"v\":[\"05\"]}],\"limit\":{\"c\":[],\"v\":[]}}],\"code\":\"" Z32 "\"}"
    {URNA_BALLOT, true, BALLOT("\"" Z32 "\"", "1", "")},
    {URNA_BALLOT, true, BALLOT("\"" A32 "\",\"" Z32 "\"", "65535", ",\"after\":\"" A32 "\"")},
    {URNA_BALLOT, false, BALLOT("\"" Z32 "\"", "0", "")},
    {URNA_BALLOT, false, BALLOT("\"" Z32 "\"", "65536", "")},
    {URNA_BALLOT, false, BALLOT("", "1", "")},
#define COSIG(as, key, time)                                                                       \
    "{\"as\":\"" as "\",\"key\":\"" key "\",\"time\":" time ",\"sig\":\"" Z64 "\"}"
#define ANCHOR(size, cosigs) "{\"size\":" size ",\"root\":\"" Z32 "\",\"cosigs\":[" cosigs "]}"
    {URNA_ANCHOR, true, ANCHOR("1", COSIG("a", "full", "1"))},
    {URNA_ANCHOR, true, ANCHOR("1", COSIG("a", "full", "2") "," COSIG("a", "head", "1"))},
    {URNA_ANCHOR, true, ANCHOR("1", COSIG("a", "head", "1") "," COSIG("b", "full", "1"))},
    {URNA_ANCHOR, false, ANCHOR("1", COSIG("a", "head", "1") "," COSIG("a", "full", "1"))},
    {URNA_ANCHOR, false, ANCHOR("1", COSIG("b", "full", "1") "," COSIG("a", "full", "1"))},
    {URNA_ANCHOR, false, ANCHOR("1", COSIG("a", "full", "1") "," COSIG("a", "full", "2"))},
    {URNA_ANCHOR, false, ANCHOR("1", COSIG("a", "full", "0"))},
    {URNA_ANCHOR, false, ANCHOR("1", COSIG("a", "other", "1"))},
    {URNA_ANCHOR, false, ANCHOR("0", COSIG("a", "full", "1"))},
    {URNA_ANCHOR, false, ANCHOR("1", "")},
#define GROUP(weight)                                                                              \
    "{\"cells\":[],\"groups\":[{\"contest\":1" weight ",\"leaves\":[\"l\"],\"n\":5,\"sum\":\"" Z32 \
    "\"}]}"
    {URNA_COUNTSET, true, GROUP("")},
    {URNA_COUNTSET, true, GROUP(",\"weight\":2")},
    {URNA_COUNTSET, false, GROUP(",\"weight\":1")},
#define COMMIT(present, attempt, block, d)                                                         \
    "{\"as\":\"g\",\"countset\":\"" Z32 "\",\"present\":[" present "],\"attempt\":" attempt        \
    ",\"block\":" block ",\"d\":[" d "]}"
    {URNA_DECRYPT_COMMIT, true, COMMIT("1,3", "1", "1", "[\"" Z32 "\"],[]")},
    {URNA_DECRYPT_COMMIT, true, COMMIT("", "9007199254740991", "9007199254740991", "")},
    {URNA_DECRYPT_COMMIT, false, COMMIT("3,1", "1", "1", "")},
    {URNA_DECRYPT_COMMIT, false, COMMIT("1,1", "1", "1", "")},
    {URNA_DECRYPT_COMMIT, false, COMMIT("0", "1", "1", "")},
    {URNA_DECRYPT_COMMIT, false, COMMIT("1", "0", "1", "")},
    {URNA_DECRYPT_COMMIT, false, COMMIT("1", "1", "0", "")},
#define TALLY(contest, group)                                                                      \
    "{\"countset\":\"" Z32 "\",\"contest\":" contest ",\"group\":" group                           \
    ",\"fields\":[{\"a\":\"01\",\"b\":\"02\",\"t\":0,\"c\":\"03\",\"v\":\"04\"}]}"
    {URNA_TALLY, true, TALLY("1", "1")},
    {URNA_TALLY, false, TALLY("0", "1")},
    {URNA_TALLY, false, TALLY("1", "0")},
#define RESULT(secret, more)                                                                       \
    "{\"countset\":\"" Z32 "\",\"contests\":[{\"i\":1,\"counted\":3" secret                        \
    ",\"totals\":[3,0]}]" more "}"
    {URNA_RESULT, true, RESULT("", "")},
    {URNA_RESULT, true, RESULT(",\"secret\":1", ",\"seats\":[]")},
    {URNA_RESULT, false, RESULT(",\"secret\":0", "")},
    {URNA_RESULT, true, RESULT("", ",\"seats\":[{\"contest\":1,\"seats\":[2],\"tie\":1}]")},
    {URNA_RESULT, false, RESULT("", ",\"seats\":[{\"contest\":1,\"seats\":[2],\"tie\":0}]")},
    {URNA_RESULT, false, RESULT("", ",\"seats\":[{\"contest\":1,\"seats\":[2],\"tie\":2}]")},
#define VERDICT(answer)                                                                            \
    "{\"as\":\"w\",\"size\":0,\"root\":\"" Z32 "\",\"answer\":\"" answer "\",\"software\":"        \
                                                                         "\"urna\"}"
    {URNA_VERDICT, true, VERDICT("invalid")},
    {URNA_VERDICT, true, VERDICT("ballot-withheld")},
    {URNA_VERDICT, false, VERDICT("good")},
    {URNA_INCIDENT, true, "{\"as\":\"o\",\"text\":[]}"},
    {URNA_COMPLAINT, true, "{\"as\":\"o\",\"text\":[\"a\",\"\"],\"files\":[]}"},
    {URNA_STATEMENT, true,
     "{\"as\":\"o\",\"text\":[],\"about\":\"" Z32 "\",\"files\":[\"" A32 "\"]}"},
    {URNA_STATEMENT, false, "{\"as\":\"o\",\"text\":[],\"files\":[],\"about\":\"" Z32 "\"}"},
    {URNA_STATEMENT, false, "{\"as\":\"o\"}"},
    {URNA_REDACT, true, "{\"hash\":\"" Z32 "\",\"reason\":\"threat\"}"},
    {URNA_REDACT, false, "{\"hash\":\"" Z32 "\",\"reason\":\"shame\"}"},
};

static void bounds_of_every_schema(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
        if (reads(bounds[i].kind, bounds[i].body) != bounds[i].good)
            fail_msg("%s: expected %s", bounds[i].body, bounds[i].good ? "accept" : "refuse");
}

/* --- rolls, row by row ------------------------------------------------------------------------ */

struct rows {
    const struct urna_roll *whole;
    uint32_t n;
};

static void same_row(void *ctx, const struct urna_roll_row *row)
{
    struct rows *x = ctx;
    if (!x->whole) /* the other reader found a fault, which may come after this row */
        return;
    assert_true(x->n < x->whole->n_rows);
    const struct urna_roll_row *other = &x->whole->rows[x->n++];
    assert_int_equal(row->n_keys, other->n_keys);
    assert_memory_equal(row->keys, other->keys, 32 * row->n_keys);
    assert_string_equal(row->style, other->style);
    assert_string_equal(row->leaf, other->leaf);
    assert_int_equal(row->weight, other->weight);
    assert_int_equal(row->reg != NULL, other->reg != NULL);
    if (row->reg)
        assert_memory_equal(row->reg, other->reg, 32);
}

/* Both readers take the same, and say the same of what they refuse. */
static void both_readers_agree(struct urna_view text)
{
    struct urna_arena a = {0};
    struct urna_body b;
    struct urna_error one = URNA_ERROR_INIT, other = URNA_ERROR_INIT;
    enum urna_status st = urna_body_read(&b, URNA_ROLL, text, 1, 1, &a, &one);
    struct rows rows = {st == URNA_OK ? &b.roll : NULL, 0};
    assert_int_equal(urna_roll_read(text, same_row, &rows, &other), st);
    assert_int_equal(urna_roll_read(text, NULL, NULL, NULL), st);
    if (st == URNA_OK)
        assert_int_equal(rows.n, b.roll.n_rows);
    assert_int_equal(one.offset, other.offset);
    assert_string_equal(one.msg, other.msg);
    urna_arena_free(&a);
}

static void rolls_read_row_by_row_are_the_same(void **state)
{
    (void)state;
    static const char good[] =
        "{\"rows\":[" ROW(Z32, "") ",{\"keys\":[\"" A32 "\",\"" Z32
        "\"],\"style\":\"t\",\"weight\":7,\"leaf\":\"m\",\"reg\":\"" A32 "\"}]}";
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
        if (bounds[i].kind == URNA_ROLL)
            both_readers_agree(urna_view_str(bounds[i].body));
    assert_true(reads(URNA_ROLL, good));
    both_readers_agree(urna_view_str(good));
    both_readers_agree(urna_view_str("{\"rows\":[]}x"));
    for (size_t i = 0; i < sizeof good - 1; i++) {
        char bad[sizeof good];
        both_readers_agree(urna_view(good, i));
        memcpy(bad, good, sizeof good);
        bad[i] = bad[i] == '1' ? '2' : '1';
        both_readers_agree(urna_view_str(bad));
    }
}

/* --- manifest --------------------------------------------------------------------------------- */

/* A manifest in pieces: each case replaces one of them. */
enum piece { TEST, ZONE, N, LISTS, LIMIT, STYLE, CELL, RULES, TIMES, END, PIECES };

static const char *const least[PIECES] = {
    [TEST] = "",
    [ZONE] = "",
    [N] = "\"n\":1,\"k\":1",
    [LISTS] = "\"commission\":[{\"id\":\"a\",\"bloc\":\"b\",\"key\":\"" Z32 "\"}],\"guardians\":[],"
              "\"registrars\":[],\"credentials\":\"voter-made\",\"witnesses\":[],\"observers\":[],"
              "\"devices\":[{\"id\":\"d\",\"title\":[]}]",
    [LIMIT] = "\"limit\":1",
    [STYLE] = "[1]",
    [CELL] = "",
    [RULES] = "",
    [TIMES] = "\"times\":{\"open\":0,\"close\":0,\"delta\":0,\"seal\":0}",
    [END] = "",
};

static void put_together(struct urna_buf *b, enum piece which, const char *text)
{
    const char *p[PIECES];
    memcpy(p, least, sizeof p);
    if (which != PIECES)
        p[which] = text;
    urna_buf_printf(
        b,
        "{\"format\":\"urna-election-1\",\"election\":\"00000000000000000000000000000000"
        "\"%s,\"title\":[]%s,\"group\":\"toy\",%s,\"origin\":\"log.example/1\","
        "\"log_key\":\"" A32 "\",%s,\"contests\":[{\"id\":\"c\",\"title\":[],%s,"
        "\"options\":[{\"id\":\"o\",\"title\":[]}]}],\"styles\":[{\"id\":\"s\","
        "\"contests\":%s}],\"cells\":[{\"id\":\"r\"%s,\"title\":[]}]%s,%s%s}",
        p[TEST], p[ZONE], p[N], p[LISTS], p[LIMIT], p[STYLE], p[CELL], p[RULES], p[TIMES], p[END]);
}

#define SEATS(n, threshold)                                                                        \
    ",\"seats\":[{\"contest\":1,\"n\":" n                                                          \
    ",\"method\":\"droop\",\"base\":\"all\",\"threshold\":" threshold ",\"ties\":\"order\"}]"

static const struct {
    enum piece which;
    bool good;
    const char *text;
} manifests[] = {
    {PIECES, true, ""},
    {TEST, true, ",\"test\":1"},
    {TEST, false, ",\"test\":0"},
    {TEST, false, ",\"test\":2"},
    {ZONE, true, ",\"zone\":\"Europe/Minsk\""},
    {ZONE, false, ",\"zone\":\"UTC\""},
    {N, false, "\"n\":0,\"k\":1"},
    {N, false, "\"n\":1,\"k\":0"},
    {LIMIT, false, "\"limit\":0"},
    {LIMIT, true, "\"limit\":2,\"option_limit\":2"},
    {LIMIT, false, "\"limit\":2,\"option_limit\":1"},
    {LIMIT, false, "\"limit\":2,\"option_limit\":0"},
    {STYLE, true, "[1,2]"},
    {STYLE, false, "[2,1]"},
    {STYLE, false, "[1,1]"},
    {STYLE, false, "[0]"},
    {STYLE, false, "[]"},
    {CELL, true, ",\"up\":1"},
    {CELL, false, ",\"up\":0"},
    {RULES, true, ",\"revote\":1,\"m_min\":49,\"m_root\":4,\"m_roll\":1"},
    {RULES, false, ",\"revote\":0"},
    {RULES, false, ",\"m_min\":50"},
    {RULES, false, ",\"m_min\":0"},
    {RULES, false, ",\"m_root\":5"},
    {RULES, false, ",\"m_root\":0"},
    {RULES, false, ",\"m_roll\":20"},
    {RULES, false, ",\"m_roll\":0"},
    {RULES, true, ",\"m_min\":9007199254740991"},
    {RULES, true, ",\"secret_if_small\":[]"},
    {RULES, true, ",\"secret_if_small\":[{\"contest\":1,\"weight\":1048576}]"},
    {RULES, true, ",\"secret_if_small\":[{\"contest\":1,\"weight\":1}]"},
    {RULES, false, ",\"secret_if_small\":[{\"contest\":1,\"weight\":1048577}]"},
    {RULES, false, ",\"secret_if_small\":[{\"contest\":1,\"weight\":0}]"},
    {END, true, ",\"ballot_max\":19,\"challenge_max\":0,\"block\":99"},
    {END, false, ",\"ballot_max\":20"},
    {END, false, ",\"ballot_max\":0"},
    {END, false, ",\"challenge_max\":1000"},
    {END, false, ",\"block\":100"},
    {END, false, ",\"block\":0"},
    {END, true, ",\"names\":[]"},
    {END, true, SEATS("80", "[3,100]") ",\"names\":[{\"id\":\"b\",\"title\":[]}]"},
    {END, true, SEATS("1", "[0,1]")},
    {END, false, SEATS("0", "[0,1]")},
    {END, false, SEATS("1", "[0,0]")},
    {END, false, SEATS("1", "[1]")},
    {END, false, SEATS("1", "[]")},
    {END, false, SEATS("1", "[1,2,3]")},
};

static void bounds_of_the_manifest(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof manifests / sizeof manifests[0]; i++) {
        struct urna_buf b = {0};
        put_together(&b, manifests[i].which, manifests[i].text);
        if (reads(URNA_MANIFEST, urna_buf_cstr(&b)) != manifests[i].good)
            fail_msg("%s: expected %s", manifests[i].text, manifests[i].good ? "accept" : "refuse");
        urna_buf_free(&b);
    }
}

static void defaults_of_the_manifest(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    struct urna_arena a = {0};
    struct urna_body body;
    const struct urna_manifest *m = &body.manifest;
    put_together(&b, PIECES, "");
    assert_int_equal(urna_body_read(&body, URNA_MANIFEST, urna_buf_view(&b), 0, 0, &a, NULL),
                     URNA_OK);
    assert_int_equal(m->test, 0);
    assert_string_equal(m->zone, "UTC");
    assert_int_equal(m->contests[0].option_limit, 1);
    assert_int_equal(m->cells[0].up, 0);
    assert_int_equal(m->revote, 0);
    assert_int_equal(m->m_min, 50);
    assert_int_equal(m->m_root, 5);
    assert_int_equal(m->m_roll, 20);
    assert_int_equal(m->ballot_max, 20);
    assert_int_equal(m->challenge_max, 1000);
    assert_int_equal(m->block, 100);
    assert_int_equal(m->credentials, URNA_VOTER_MADE);
    assert_false(m->has_secret_if_small);
    assert_false(m->has_seats);
    assert_false(m->has_names);
    urna_arena_free(&a);
    urna_buf_free(&b);
}

static void attachments_are_any_bytes(void **state)
{
    (void)state;
    struct urna_arena a = {0};
    struct urna_body b;
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(urna_body_read(&b, URNA_ATTACHMENT, urna_view("\0{", 2), 1, 1, &a, NULL),
                     URNA_OK);
    assert_int_equal(b.kind, URNA_ATTACHMENT);
    assert_int_equal(urna_body_read(&b, URNA_KIND_UNKNOWN, urna_view_str("{}"), 1, 1, &a, &err),
                     URNA_FALSE);
    assert_string_equal(err.msg, "unknown kind");
    urna_arena_free(&a);
}

/* A fault says where it is, and leaves nothing half-read behind. */
static void faults_leave_nothing_behind(void **state)
{
    (void)state;
    static const struct urna_body none = {.kind = URNA_ACCEPT};
    struct urna_arena a = {0};
    struct urna_body b;
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(
        urna_body_read(&b, URNA_ACCEPT, urna_view_str("{\"as\":\"w\",\"x\":1}"), 1, 1, &a, &err),
        URNA_FALSE);
    assert_int_equal(err.status, URNA_FALSE);
    assert_int_equal(err.offset, 9);
    assert_int_equal(b.kind, none.kind);
    assert_null(b.accept.as);
    urna_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_kinds_are_one_to_one),
        cmocka_unit_test(bounds_of_every_schema),
        cmocka_unit_test(rolls_read_row_by_row_are_the_same),
        cmocka_unit_test(bounds_of_the_manifest),
        cmocka_unit_test(defaults_of_the_manifest),
        cmocka_unit_test(attachments_are_any_bytes),
        cmocka_unit_test(faults_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
