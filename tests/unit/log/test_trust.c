/* The trust file: the golden ones, and every rule of the grammar broken once. */
#include "log_testing.h"

#include "log/trust.h"
#include "proof/ed25519.h"

static struct urna_vkey test_key(const char *name, enum urna_key_type type, uint8_t seed_byte)
{
    uint8_t seed[32] = {seed_byte}, pk[32];
    struct urna_vkey k;
    urna_ed25519_public(pk, seed);
    urna_vkey_make(&k, name, type, pk);
    return k;
}

/* In a template: $L = the log's key, $1..$9 = keys of witnesses, $E = an election. */
static void expand(struct urna_buf *out, const char *template)
{
    for (const char *p = template; *p; p++) {
        if (*p != '$') {
            urna_buf_char(out, *p);
            continue;
        }
        p++;
        if (*p == 'E') {
            urna_buf_str(out, "0E0B4A45979B3F3E27B84EB6A80AD199FF193C8FD76095B3F6581567BA6A119D");
        } else {
            char name[8] = {*p, '.', 'e', 'x'};
            struct urna_vkey k =
                test_key(name, *p == 'L' ? URNA_KEY_ED25519 : URNA_KEY_COSIGNATURE, (uint8_t)*p);
            urna_vkey_write(out, &k);
        }
    }
}

static enum urna_status read_template(struct urna_trust *t, const char *template,
                                      struct urna_error *err)
{
    struct urna_buf b = {0};
    expand(&b, template);
    enum urna_status st = urna_trust_read(t, urna_buf_view(&b), err);
    urna_buf_free(&b);
    return st;
}

#define HEAD "urna-trust-1\nelection $E\nlog $L\n"
#define TAIL "quorum none\nlevel computed\n"

static void good_files_accepted(void **state)
{
    (void)state;
    static const char *const good[] = {
        HEAD TAIL,
        "# note\n\nurna-trust-1\n# \t anything \xFF\n\nelection $E\nlog $L\n" TAIL "#\n\n",
        "urna-trust-1\nlevel final\nquorum none\nlog $L\nelection $E\n",
        HEAD "witness a $1\nquorum a\nlevel final\n",
        HEAD "witness a $1\nwitness b $2\ngroup g any a b\nquorum g\nlevel witnessed\n",
        HEAD "witness a $1\nwitness b $2\ngroup g 2 a b\ngroup h all g\nquorum h\nlevel final\n",
        HEAD "witness a $1\nquorum a\nwitness b $2\nlevel final\n", /* more behind the quorum */
        HEAD "witness all $1\nwitness 1 $2\ngroup any 2 all 1\nquorum any\nlevel final\n",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct urna_trust t;
        struct urna_error err = URNA_ERROR_INIT;
        if (read_template(&t, good[i], &err) != URNA_OK)
            fail_msg("file %zu: %s", i, err.msg);
        urna_trust_free(&t);
    }
}

static void every_broken_rule_refused(void **state)
{
    (void)state;
    static const struct {
        int line; /* -1: something is missing in the whole */
        const char *text;
    } bad[] = {
        {-1, ""},
        {-1, "# only a comment\n"},
        {1, "urna-trust-2\nelection $E\nlog $L\n" TAIL},
        {1, "urna-trust-1 \nelection $E\nlog $L\n" TAIL},
        {1, "election $E\nurna-trust-1\nlog $L\n" TAIL},
        {1, "urna-trust-1\r\nelection $E\r\nlog $L\r\n"},
        {1, "\xEF\xBB\xBFurna-trust-1\nelection $E\nlog $L\n" TAIL},
        {4, HEAD "urna-trust-1\n" TAIL},
        {-1, "urna-trust-1\nlog $L\n" TAIL},
        {-1, "urna-trust-1\nelection $E\n" TAIL},
        {-1, HEAD "level computed\n"},
        {-1, HEAD "quorum none\n"},
        {4, HEAD "election $E\n" TAIL},
        {4, HEAD "log $L\n" TAIL},
        {4, HEAD "log $1\n" TAIL},
        {5, HEAD "quorum none\nquorum none\nlevel computed\n"},
        {6, HEAD "quorum none\nlevel computed\nlevel computed\n"},
        {5, HEAD "quorum none\nlevel computed"}, /* no LF at the end */
        {5, HEAD "quorum none\nlevel Computed\n"},
        {5, HEAD "quorum none\nlevel\n"},
        {5, HEAD "quorum none\nlevel final now\n"},
        {4, HEAD "quorum\nlevel computed\n"},
        {4, HEAD "quorum nobody\nlevel computed\n"},
        {4, HEAD "quorum none none\nlevel computed\n"},
        {4, HEAD "quorum a\nwitness a $1\nlevel computed\n"}, /* defined later */
        {2, "urna-trust-1\nelection 0E0B\nlog $L\n" TAIL},
        {2, "urna-trust-1\nelection $E$E\nlog $L\n" TAIL},
        {2, "urna-trust-1\nelection  $E\nlog $L\n" TAIL},
        {2, "urna-trust-1\nelection $E \nlog $L\n" TAIL},
        {2, "urna-trust-1\nelection\t$E\nlog $L\n" TAIL},
        {2, "urna-trust-1\nelection G$E\nlog $L\n" TAIL},
        {2, "urna-trust-1\n election $E\nlog $L\n" TAIL},
        {3, "urna-trust-1\nelection $E\nlog $L $L\n" TAIL},
        {3, "urna-trust-1\nelection $E\nlog L $L\n" TAIL},
        {3, "urna-trust-1\nelection $E\nlog $1\n" TAIL}, /* the key of a cosigner */
        {4, HEAD "witness a $L\n" TAIL},
        {4, HEAD "witness a\n" TAIL},
        {4, HEAD "witness $1\n" TAIL},
        {4, HEAD "witness a $1 $2\n" TAIL},
        {5, HEAD "witness a $1\nwitness a $2\n" TAIL},
        {5, HEAD "witness a $1\nwitness b $1\n" TAIL}, /* one key, two names */
        {4, HEAD "witness none $1\n" TAIL},
        {4, HEAD "witness a+b $1\n" TAIL},
        {4, HEAD "witness a\xC2\xA0"
                 "b $1\n" TAIL},
        {4, HEAD "witness a\xFF $1\n" TAIL},
        {4, HEAD "witness a\x01 $1\n" TAIL},
        {4, HEAD "Witness a $1\n" TAIL},
        {4, HEAD "mirror a $1\n" TAIL},
        {4, HEAD " \n" TAIL},
        {4, HEAD "group g 1\n" TAIL},
        {4, HEAD "group g any a\n" TAIL},
        {5, HEAD "witness a $1\ngroup g 0 a\n" TAIL},
        {5, HEAD "witness a $1\ngroup g 2 a\n" TAIL},
        {5, HEAD "witness a $1\ngroup g 01 a\n" TAIL},
        {5, HEAD "witness a $1\ngroup g +1 a\n" TAIL},
        {5, HEAD "witness a $1\ngroup g most a\n" TAIL},
        {5, HEAD "witness a $1\ngroup g 4294967297 a\n" TAIL},
        {5, HEAD "witness a $1\ngroup a 1 a\n" TAIL},
        {5, HEAD "witness a $1\ngroup g 1 a a\n" TAIL},
        {5, HEAD "witness a $1\ngroup g 1 g\n" TAIL},
        {6, HEAD "witness a $1\ngroup g 1 a\ngroup h 1 a\n" TAIL}, /* a name in two groups */
        {6, HEAD "witness a $1\ngroup g 1 a\ngroup g 1 a\n" TAIL},
        {5, HEAD "witness a $1\ngroup g 1 a none\n" TAIL},
        {5, HEAD "witness a $1\ngroup none 1 a\n" TAIL},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct urna_trust t;
        struct urna_error err = URNA_ERROR_INIT;
        if (read_template(&t, bad[i].text, &err) != URNA_INPUT)
            fail_msg("accepted: %s", bad[i].text);
        if (err.offset != bad[i].line)
            fail_msg("line %d instead of %d: %s: %s", (int)err.offset, bad[i].line, bad[i].text,
                     err.msg);
        assert_null(t.node);
    }
}

static void assert_same(const struct urna_trust *a, const struct urna_trust *b)
{
    assert_memory_equal(a->election, b->election, 32);
    assert_memory_equal(&a->log, &b->log, sizeof a->log);
    assert_int_equal(a->quorum, b->quorum);
    assert_int_equal(a->level, b->level);
    assert_int_equal(a->n_node, b->n_node);
    for (size_t i = 0; i < a->n_node; i++) {
        const struct urna_trust_node *x = &a->node[i], *y = &b->node[i];
        assert_string_equal(x->name, y->name);
        assert_int_equal(x->is_group, y->is_group);
        assert_memory_equal(&x->key, &y->key, sizeof x->key);
        assert_int_equal(x->need, y->need);
        assert_int_equal(x->n_member, y->n_member);
        for (uint32_t m = 0; m < x->n_member; m++)
            assert_int_equal(x->member[m], y->member[m]);
    }
}

/* Every golden trust file: two must be refused, the others say the same when written and read
 * again. */
static void golden_files_read(void **state)
{
    (void)state;
    char *folder = data_path("records/trust");
    struct urna_names names;
    size_t refused = 0;
    assert_int_equal(urna_list_files(&names, folder, 1000, NULL), URNA_OK);
    for (size_t i = 0; i < names.n; i++) {
        struct urna_buf text = {0}, written = {0};
        struct urna_trust t, again;
        get_file(&text, folder, names.name[i]);
        bool bad = strcmp(names.name[i], "trust.lines.trust") == 0 ||
                   strcmp(names.name[i], "trust.keyid.trust") == 0;
        assert_int_equal(urna_trust_read(&t, urna_buf_view(&text), NULL),
                         bad ? URNA_INPUT : URNA_OK);
        refused += bad;
        if (!bad) {
            urna_trust_write(&written, &t);
            assert_int_equal(urna_trust_read(&again, urna_buf_view(&written), NULL), URNA_OK);
            assert_same(&t, &again);
            urna_trust_free(&again);
        }
        urna_trust_free(&t);
        urna_buf_free(&text);
        urna_buf_free(&written);
    }
    assert_int_equal(refused, 2);
    assert_true(names.n > 60);
    urna_names_free(&names);
    free(folder);
}

/* The golden file of an election with witnesses, node by node, and written back byte for byte. */
static void golden_base_file_means_what_it_says(void **state)
{
    (void)state;
    char *folder = data_path("records/trust");
    struct urna_buf text = {0}, written = {0};
    struct urna_trust t;
    get_file(&text, folder, "rist-base.trust");
    assert_int_equal(urna_trust_read(&t, urna_buf_view(&text), NULL), URNA_OK);
    assert_int_equal(t.n_node, 9);
    assert_string_equal(t.log.name, "urna.example/urna-test-base");
    assert_string_equal(t.node[4].name, "w5");
    assert_string_equal(t.node[4].key.name, "w5.example/full");
    assert_string_equal(t.node[7].name, "b-mission");
    assert_int_equal(t.node[7].need, 2);
    assert_int_equal(t.node[7].n_member, 3);
    assert_int_equal(t.node[8].need, 3);
    assert_int_equal(t.quorum, 8);
    assert_int_equal(t.level, URNA_LEVEL_FINAL);
    urna_trust_write(&written, &t);
    static const char comment[] = "urna-trust-1\n# TEST\n";
    assert_memory_equal(written.p, comment, 13);
    assert_int_equal(written.len, text.len - 7);
    assert_memory_equal(written.p + 13, text.p + 20, written.len - 13);
    urna_trust_free(&t);
    urna_buf_free(&text);
    urna_buf_free(&written);
    free(folder);
}

static void lower_case_election_is_the_same(void **state)
{
    (void)state;
    struct urna_trust a, b;
    assert_int_equal(read_template(&a, HEAD TAIL, NULL), URNA_OK);
    assert_int_equal(
        read_template(&b,
                      "urna-trust-1\nelection "
                      "0e0b4a45979b3f3e27b84eb6a80ad199ff193c8fd76095b3f6581567ba6a119d\n"
                      "log $L\n" TAIL,
                      NULL),
        URNA_OK);
    assert_memory_equal(a.election, b.election, 32);
    urna_trust_free(&a);
    urna_trust_free(&b);
}

/* All 32 sets of five witnesses against the rule written out. */
static void quorum_is_what_the_file_says(void **state)
{
    (void)state;
    struct urna_trust t;
    assert_int_equal(
        read_template(&t,
                      HEAD
                      "witness a $1\nwitness b $2\nwitness c $3\nwitness d $4\nwitness e $5\n"
                      "group x any a b\ngroup y 2 c d e\ngroup q all x y\nquorum q\nlevel final\n",
                      NULL),
        URNA_OK);
    assert_int_equal(t.n_node, 8);
    for (unsigned set = 0; set < 32; set++) {
        bool have[8] = {false};
        for (unsigned i = 0; i < 5; i++)
            have[i] = set >> i & 1;
        bool x = have[0] || have[1], y = have[2] + have[3] + have[4] >= 2;
        assert_int_equal(urna_trust_satisfied(&t, have), x && y);
    }
    urna_trust_free(&t);

    assert_int_equal(
        read_template(&t, HEAD "witness a $1\nwitness b $2\nquorum b\nlevel final\n", NULL),
        URNA_OK);
    assert_true(urna_trust_satisfied(&t, (bool[]){false, true}));
    assert_false(urna_trust_satisfied(&t, (bool[]){true, false}));
    urna_trust_free(&t);

    assert_int_equal(read_template(&t, HEAD "witness a $1\nquorum none\nlevel final\n", NULL),
                     URNA_OK);
    assert_false(urna_trust_satisfied(&t, (bool[]){true}));
    urna_trust_free(&t);
}

static void mutated_files_never_crash(void **state)
{
    (void)state;
    struct urna_buf good = {0}, b = {0};
    expand(&good, HEAD "witness a $1\nwitness b $2\ngroup g any a b\nquorum g\nlevel final\n");
    static const char with[] = "\n #+a0\xFF";
    for (size_t at = 0; at < good.len; at++) {
        for (size_t k = 0; k <= sizeof with; k++) {
            struct urna_trust t;
            urna_buf_reset(&b);
            urna_buf_add(&b, good.p, at);
            if (k < sizeof with)
                urna_buf_char(&b, with[k]);
            if (k > 0)
                urna_buf_add(&b, good.p + at + 1, good.len - at - 1);
            if (urna_trust_read(&t, urna_buf_view(&b), NULL) == URNA_OK)
                urna_trust_free(&t);
        }
    }
    urna_buf_free(&good);
    urna_buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_files_accepted),
        cmocka_unit_test(every_broken_rule_refused),
        cmocka_unit_test(golden_files_read),
        cmocka_unit_test(golden_base_file_means_what_it_says),
        cmocka_unit_test(lower_case_election_is_the_same),
        cmocka_unit_test(quorum_is_what_the_file_says),
        cmocka_unit_test(mutated_files_never_crash),
    };
    return cmocka_run_group_tests_name("trust", tests, NULL, NULL);
}
