/* Names of tiles, widths for sizes around the edges, and the form of bundles. */
#include "log_testing.h"

#include "log/tile.h"

static void path_vectors_match(void **state)
{
    (void)state;
    static const struct {
        struct urna_tile t;
        const char *path;
    } v[] = {
        {{0, 0, 256}, "tile/0/000"},
        {{0, 0, 46}, "tile/0/000.p/46"},
        {{URNA_ENTRIES, 999, 1}, "tile/entries/999.p/1"},
        {{1, 1000, 256}, "tile/1/x001/000"},
        {{0, 1234067, 255}, "tile/0/x001/x234/067.p/255"},
        {{URNA_ENTRIES, 123456789, 256}, "tile/entries/x123/x456/789"},
        {{63, UINT64_MAX, 9}, "tile/63/x018/x446/x744/x073/x709/x551/615.p/9"},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        char path[URNA_TILE_PATH_MAX];
        struct urna_tile t;
        urna_tile_path(path, &v[i].t);
        assert_string_equal(path, v[i].path);
        assert_true(urna_tile_parse(&t, urna_view_str(path)));
        assert_int_equal(urna_tile_compare(&t, &v[i].t), 0);
    }
}

static void other_spellings_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1234",
        "tile/0/000/",
        "tile/0/000/000",
        "tile/0/x000/000",
        "tile/0/x001",
        "tile/0/x001/",
        "tile/0/x001/x000",
        "tile/0/001/000",
        "tile/0/x01/000",
        "tile/0/X001/000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/a/000",
        "tile/Entries/000",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/1/2",
        "tile/0/000.P/1",
        "tile/0/000.p/1 ",
        "tile/0/x001.p/1/000",
        "/tile/0/000",
        "./tile/0/000",
        "tile//0/000",
        "tile/0/../000",
        "tile/0/-01",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/63/x018/x446/x744/x073/x709/x551/616",
        "tile/0/x000/x018/x446/x744/x073/x709/x551/615",
        "body/000",
        "checkpoint",
    };
    struct urna_tile t;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (urna_tile_parse(&t, urna_view_str(bad[i])))
            fail_msg("accepted: %s", bad[i]);
}

/* Every pair of level and index round trips; sorted as (level, index, width). */
static void paths_round_trip(void **state)
{
    (void)state;
    for (int level = URNA_ENTRIES; level < 64; level += 5) {
        for (uint64_t index = 1; index < UINT64_MAX / 8; index = index * 7 + 3) {
            for (unsigned width = 1; width <= 256; width += 85) {
                struct urna_tile a = {level, index, width}, b;
                char path[URNA_TILE_PATH_MAX];
                urna_tile_path(path, &a);
                assert_true(urna_tile_parse(&b, urna_view_str(path)));
                assert_int_equal(urna_tile_compare(&a, &b), 0);
                b.width++;
                assert_true(urna_tile_compare(&a, &b) < 0);
                b.index++;
                assert_true(urna_tile_compare(&b, &a) > 0);
                b = (struct urna_tile){level + 1, 0, 1};
                assert_true(urna_tile_compare(&a, &b) < 0);
            }
        }
    }
}

static void widths_follow_the_size(void **state)
{
    (void)state;
    static const struct {
        uint64_t size;
        int level;
        uint64_t index;
        unsigned width;
    } v[] = {
        {0, 0, 0, 0},
        {1, 0, 0, 1},
        {255, 0, 0, 255},
        {255, 1, 0, 0},
        {256, 0, 0, 256},
        {256, 0, 1, 0},
        {256, 1, 0, 1},
        {257, 0, 1, 1},
        {257, URNA_ENTRIES, 1, 1},
        {65536, 0, 255, 256},
        {65536, 0, 256, 0},
        {65536, 1, 0, 256},
        {65536, 1, 1, 0},
        {65536, 2, 0, 1},
        {70000, 0, 272, 256},
        {70000, 0, 273, 112},
        {70000, 0, 274, 0},
        {70000, 1, 0, 256},
        {70000, 1, 1, 17},
        {70000, 2, 0, 1},
        {70000, 3, 0, 0},
        {UINT64_MAX, 7, 0, 255},
        {UINT64_MAX, 8, 0, 0},
        {UINT64_MAX, 63, 0, 0},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        assert_int_equal(urna_tile_width(v[i].level, v[i].index, v[i].size), v[i].width);
}

static void bundles_are_read_to_the_byte(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    struct urna_view at[URNA_TILE_WIDTH];
    uint8_t *big = urna_xcalloc(URNA_LEAF_MAX, 1);
    size_t used, whole[4], lens[4] = {0, 1, URNA_LEAF_MAX, 300};
    for (size_t i = 0; i < 4; i++) {
        urna_bundle_add(&b, urna_view(big, lens[i]));
        whole[i] = b.len;
    }
    for (size_t len = 0; len <= b.len; len += len < 700 || len > 65000 ? 1 : 97) {
        size_t n = urna_bundle_read(at, URNA_TILE_WIDTH, urna_view(b.p, len), &used), want = 0;
        while (want < 4 && whole[want] <= len)
            want++;
        assert_int_equal(n, want);
        assert_int_equal(used, want ? whole[want - 1] : 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(at[i].len, lens[i]);
    }
    assert_int_equal(urna_bundle_read(at, 2, urna_buf_view(&b), &used), 2);
    assert_int_equal(used, whole[1]);
    free(big);
    urna_buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_vectors_match),
        cmocka_unit_test(other_spellings_refused),
        cmocka_unit_test(paths_round_trip),
        cmocka_unit_test(widths_follow_the_size),
        cmocka_unit_test(bundles_are_read_to_the_byte),
    };
    return cmocka_run_group_tests_name("tile", tests, NULL, NULL);
}
