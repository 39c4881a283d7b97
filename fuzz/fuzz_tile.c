/* Names of tiles and bundles of entries, both from the same bytes: a name that is read is the one
 * that is written; a bundle is cut without a gap, and only a torn entry is left over. */
#include "fuzz.h"

#include "log/tile.h"

static void check_name(struct urna_view path)
{
    struct urna_tile t;
    char again[URNA_TILE_PATH_MAX];
    if (!urna_tile_parse(&t, path))
        return;
    MUST(t.level >= URNA_ENTRIES && t.level < 64);
    MUST(t.width >= 1 && t.width <= URNA_TILE_WIDTH);
    urna_tile_path(again, &t);
    MUST(urna_view_eq_str(path, again));
    MUST(urna_tile_compare(&t, &t) == 0);
}

static void check_bundle(struct urna_view bundle, size_t max)
{
    static struct urna_view at[URNA_TILE_WIDTH];
    struct urna_buf out = {0};
    size_t used, n = urna_bundle_read(at, max, bundle, &used);
    MUST(n <= max && used <= bundle.len);
    for (size_t i = 0; i < n; i++)
        urna_bundle_add(&out, at[i]);
    MUST(urna_view_eq(urna_buf_view(&out), urna_view(bundle.p, used)));
    size_t left = bundle.len - used;
    if (n < max && left >= 2)
        MUST(((size_t)bundle.p[used] << 8 | bundle.p[used + 1]) > left - 2);
    urna_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_view v = urna_view(data, size);
    check_name(v);
    check_bundle(v, URNA_TILE_WIDTH);
    check_bundle(v, size % 8);
    return 0;
}
