/* The grammar of bodies: the law's known answers, and what the codec promises besides. */
#include "vectors.h"

#include <stdlib.h>

#include "model/codec.h"

/* --- the three schemas of law-vectors.json ---------------------------------------------------- */

struct acts {
    const char *as, *url;
    uint64_t n;
    const uint8_t *about;
    const char **text;
    uint32_t n_text;
    bool has_text;
};
struct rows {
    struct row {
        uint8_t (*keys)[32];
        uint32_t n_keys;
        const char *style, *leaf;
        uint64_t weight;
        const uint8_t *reg;
    } * v;
    uint32_t n;
};

static void text_item(struct urna_codec *c, const char **s, const void *ctx)
{
    (void)ctx;
    urna_codec_text(c, s);
}

static void key_item(struct urna_codec *c, uint8_t (*h)[32], const void *ctx)
{
    (void)ctx;
    urna_codec_hex(c, *h, 32);
}

static void acts(struct urna_codec *c, struct acts *x)
{
    urna_codec_open(c);
    urna_codec_key(c, "as");
    urna_codec_id(c, &x->as);
    urna_codec_u64_default(c, "n", &x->n, 0, URNA_INT_MAX, 1);
    if (urna_codec_maybe(c, "url", x->url != NULL))
        urna_codec_name(c, &x->url);
    if (urna_codec_maybe(c, "about", x->about != NULL))
        urna_codec_hexp(c, &x->about, 32);
    x->has_text = urna_codec_maybe(c, "text", x->has_text);
    if (x->has_text)
        URNA_CODEC_ARRAY(c, x->text, x->n_text, text_item, NULL);
    urna_codec_close(c);
}

static void row(struct urna_codec *c, struct row *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_codec_key(c, "keys");
    URNA_CODEC_ARRAY(c, x->keys, x->n_keys, key_item, NULL);
    urna_codec_key(c, "style");
    urna_codec_id(c, &x->style);
    urna_codec_u64_default(c, "weight", &x->weight, 0, URNA_INT_MAX, 1);
    urna_codec_key(c, "leaf");
    urna_codec_id(c, &x->leaf);
    if (urna_codec_maybe(c, "reg", x->reg != NULL))
        urna_codec_hexp(c, &x->reg, 32);
    urna_codec_close(c);
}

static void rows(struct urna_codec *c, struct rows *x)
{
    urna_codec_open(c);
    urna_codec_key(c, "rows");
    URNA_CODEC_ARRAY(c, x->v, x->n, row, NULL);
    urna_codec_close(c);
}

/* No schema: any value. Reading only; the recursion ends because the codec refuses depth 9. */
static void any_value(struct urna_codec *c);

/* The key that stands next, decoded, or NULL. */
static const char *peek_key(struct urna_codec *c)
{
    struct urna_codec ahead = *c;
    const char *key = NULL;
    if (!c->first)
        ahead.at++;
    urna_codec_text(&ahead, &key);
    return ahead.failed ? NULL : key;
}

static void any_object(struct urna_codec *c)
{
    const char *seen[64];
    size_t n = 0;
    urna_codec_open(c);
    while (!c->failed && c->at < c->in.len && c->in.p[c->at] != '}') {
        const char *key = peek_key(c);
        urna_codec_key(c, key != NULL ? key : "");
        for (size_t i = 0; !c->failed && i < n; i++)
            if (strcmp(seen[i], key) == 0)
                urna_codec_fault(c, "key twice");
        if (n < 64)
            seen[n++] = key;
        any_value(c);
    }
    urna_codec_close(c);
}

static void any_value(struct urna_codec *c)
{
    uint32_t i = 0;
    uint64_t number;
    const char *text;
    if (c->failed)
        return;
    switch (c->at < c->in.len ? c->in.p[c->at] : 0) {
    case '{':
        any_object(c);
        break;
    case '[':
        for (urna_codec_begin(c); urna_codec_more(c, &i, 0); i++)
            any_value(c);
        break;
    case '"':
        urna_codec_text(c, &text);
        break;
    default:
        urna_codec_u64(c, &number, 0, URNA_INT_MAX);
    }
}

/* Read by the schema's name; out: what the writer makes of it, if the schema can be written. */
static bool read_line(const char *schema, struct urna_view in, struct urna_buf *out)
{
    struct urna_arena a = {0};
    struct urna_codec r = urna_codec_reader(in, &a), w = urna_codec_writer(out);
    bool ok;
    if (strcmp(schema, "acts") == 0) {
        struct acts x = {0};
        acts(&r, &x);
        ok = urna_codec_done(&r);
        if (ok)
            acts(&w, &x);
    } else if (strcmp(schema, "rows") == 0) {
        struct rows x = {0};
        rows(&r, &x);
        ok = urna_codec_done(&r);
        if (ok)
            rows(&w, &x);
    } else {
        assert_string_equal(schema, "any");
        any_object(&r);
        ok = urna_codec_done(&r);
        urna_buf_add(out, in.p, in.len);
    }
    assert_true(ok == (r.reason == NULL));
    assert_true(urna_codec_done(&w));
    urna_arena_free(&a);
    return ok;
}

static void law_grammar_lines(void **state)
{
    (void)state;
    json_t *law = load("law-vectors.json");
    const json_t *cases = json_object_get(json_object_get(law, "grammar"), "cases");
    size_t i, accepted = 0;
    json_t *t;
    assert_int_equal(json_array_size(cases), 232);
    json_array_foreach(cases, i, t)
    {
        struct urna_buf in = {0}, out = {0};
        add_hex(&in, str(t, "hex"));
        /* exactly as long as the line, so that a read beyond it is seen by the sanitizer */
        uint8_t *line = urna_xmalloc(in.len > 0 ? in.len : 1);
        if (in.len > 0)
            memcpy(line, in.p, in.len);
        bool ok = read_line(str(t, "schema"), urna_view(line, in.len), &out);
        if (ok != (strcmp(str(t, "expect"), "accept") == 0))
            fail_msg("%s: expected %s", str(t, "case"), str(t, "expect"));
        if (ok)
            assert_true(urna_view_eq(urna_buf_view(&out), urna_view(line, in.len)));
        accepted += ok;
        free(line);
        urna_buf_free(&in);
        urna_buf_free(&out);
    }
    assert_true(accepted > 50 && accepted < 200);
    json_decref(law);
}

/* --- what the codec promises besides ---------------------------------------------------------- */

static const char full[] =
    "{\"as\":\"observer.x\",\"n\":2,\"url\":\"log.example/1\",\"about\":\"01234567"
    "89ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF\",\"text\":["
    "\"a\\\"b\\\\c\",\"\",\"Сход\"]}";

static void prefixes_are_refused(void **state)
{
    (void)state;
    struct urna_buf out = {0};
    for (size_t len = 0; len < sizeof full - 1; len++) {
        uint8_t *p = urna_xmalloc(len > 0 ? len : 1);
        memcpy(p, full, len);
        assert_false(read_line("acts", urna_view(p, len), &out));
        free(p);
    }
    assert_true(read_line("acts", urna_view_str(full), &out));
    assert_true(urna_view_eq_str(urna_buf_view(&out), full));
    urna_buf_free(&out);
}

static void values_are_decoded(void **state)
{
    (void)state;
    struct urna_arena a = {0};
    struct urna_codec c = urna_codec_reader(urna_view_str(full), &a);
    struct acts x = {0};
    acts(&c, &x);
    assert_true(urna_codec_done(&c));
    assert_string_equal(x.as, "observer.x");
    assert_int_equal(x.n, 2);
    assert_string_equal(x.url, "log.example/1");
    assert_int_equal(x.about[31], 0xEF);
    assert_int_equal(x.n_text, 3);
    assert_string_equal(x.text[0], "a\"b\\c");
    assert_string_equal(x.text[1], "");
    assert_string_equal(x.text[2], "Сход");
    urna_arena_free(&a);
}

static void defaults_are_filled_in(void **state)
{
    (void)state;
    struct urna_arena a = {0};
    struct urna_codec c = urna_codec_reader(urna_view_str("{\"as\":\"a\"}"), &a);
    struct acts x = {0};
    acts(&c, &x);
    assert_true(urna_codec_done(&c));
    assert_int_equal(x.n, 1);
    assert_null(x.url);
    assert_null(x.about);
    assert_false(x.has_text);
    urna_arena_free(&a);
}

static void faults_name_byte_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        size_t at;
        const char *reason;
    } t[] = {
        {"[\"as\"]", 0, "not an object"},
        {"{\"as\":\"a\",\"n\":1}", 14, "default written out"},
        {"{\"as\":\"a\",\"n\":02}", 14, "number with a leading zero"},
        {"{\"as\":\"a\",\"text\":[\"ok\",\"\\n\"]}", 24, "an escape that is none of the two"},
        {"{\"as\":\"a\",\"text\":[\"x\xE2\x80\xA8\"]}", 20, "a character that no text may hold"},
        {"{\"as\":\"a\"} ", 10, "bytes after the end"},
        {"{\"n\":2}", 1, "not the key that stands here"},
        {"{\"as\":\"a\",\"more\":1}", 9, "not the end of the object: a key that has no place here"},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct urna_arena a = {0};
        struct urna_codec c = urna_codec_reader(urna_view_str(t[i].line), &a);
        struct acts x = {0};
        acts(&c, &x);
        assert_false(urna_codec_done(&c));
        assert_string_equal(c.reason, t[i].reason);
        assert_int_equal(c.at, t[i].at);
        urna_arena_free(&a);
    }
}

static void ranges_hold_for_both_widths(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t min, max;
        bool ok;
    } t[] = {
        {"5", 5, 7, true},
        {"4", 5, 7, false},
        {"7", 5, 7, true},
        {"8", 5, 7, false},
        {"4294967295", 0, UINT32_MAX, true},
        {"4294967296", 0, UINT32_MAX, false},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        uint64_t x = 99;
        uint32_t y = 99;
        struct urna_codec c = urna_codec_reader(urna_view_str(t[i].text), NULL), d = c;
        urna_codec_u64(&c, &x, t[i].min, t[i].max);
        urna_codec_u32(&d, &y, (uint32_t)t[i].min, (uint32_t)t[i].max);
        assert_int_equal(urna_codec_done(&c), t[i].ok);
        assert_int_equal(urna_codec_done(&d), t[i].ok);
        assert_int_equal(x, t[i].ok ? strtoull(t[i].text, NULL, 10) : 0);
        assert_int_equal(y, x);
    }
}

static void long_arrays_keep_every_element(void **state)
{
    (void)state;
    enum { N = 5000 };
    struct urna_buf in = {0}, out = {0};
    struct urna_arena a = {0};
    struct acts x = {0};
    urna_buf_str(&in, "{\"as\":\"a\",\"text\":[");
    for (unsigned i = 0; i < N; i++)
        urna_buf_printf(&in, "%s\"%u\"", i > 0 ? "," : "", i);
    urna_buf_str(&in, "]}");
    struct urna_codec r = urna_codec_reader(urna_buf_view(&in), &a);
    acts(&r, &x);
    assert_true(urna_codec_done(&r));
    assert_int_equal(x.n_text, N);
    for (unsigned i = 0; i < N; i++)
        assert_int_equal(strtoul(x.text[i], NULL, 10), i);
    struct urna_codec w = urna_codec_writer(&out);
    acts(&w, &x);
    assert_true(urna_view_eq(urna_buf_view(&in), urna_buf_view(&out)));
    urna_arena_free(&a);
    urna_buf_free(&in);
    urna_buf_free(&out);
}

static void nothing_happens_after_a_fault(void **state)
{
    (void)state;
    struct urna_arena a = {0};
    struct urna_codec c = urna_codec_reader(urna_view_str("{\"as\":\"a\"}"), &a);
    uint32_t i = 0, which = 7;
    uint64_t n = 7;
    const char *s = "kept";
    const uint8_t *p = NULL;
    static const char *const words[] = {"a"};
    urna_codec_fault(&c, "first");
    urna_codec_fault(&c, "second");
    urna_codec_open(&c);
    urna_codec_begin(&c);
    assert_false(urna_codec_more(&c, &i, 1));
    assert_false(urna_codec_maybe(&c, "as", true));
    urna_codec_key(&c, "as");
    urna_codec_id(&c, &s);
    urna_codec_text(&c, &s);
    urna_codec_u64(&c, &n, 0, 1);
    urna_codec_word(&c, words, 1, &which);
    urna_codec_hexp(&c, &p, 32);
    urna_codec_close(&c);
    assert_false(urna_codec_done(&c));
    assert_string_equal(c.reason, "first");
    assert_string_equal(s, "kept");
    assert_int_equal(c.at, 0);
    assert_int_equal(n, 7);
    assert_int_equal(which, 7);
    assert_null(p);
    assert_null(a.head); /* nothing was allocated */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(law_grammar_lines),
        cmocka_unit_test(prefixes_are_refused),
        cmocka_unit_test(values_are_decoded),
        cmocka_unit_test(defaults_are_filled_in),
        cmocka_unit_test(faults_name_byte_and_reason),
        cmocka_unit_test(ranges_hold_for_both_widths),
        cmocka_unit_test(long_arrays_keep_every_element),
        cmocka_unit_test(nothing_happens_after_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
