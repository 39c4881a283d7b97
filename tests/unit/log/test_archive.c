/* Archives: the golden ones come out byte for byte, hostile ones are refused, export is
 * deterministic. */
#include "log_testing.h"

#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "log/files.h"
#include "log/record.h"

/* ---- making archives by hand ---- */

/* A tar in the making: files with any header. */
static size_t tar_file(struct urna_buf *tar, const char *name, const void *p, size_t len)
{
    uint8_t block[512], zero[512] = {0};
    size_t at = tar->len;
    assert_true(urna_tar_header(block, name, len));
    urna_buf_add(tar, block, 512);
    urna_buf_add(tar, p, len);
    urna_buf_add(tar, zero, (512 - len % 512) % 512);
    return at;
}

static void tar_end(struct urna_buf *tar)
{
    uint8_t zero[1024] = {0};
    urna_buf_add(tar, zero, sizeof zero);
}

/* Write the checksum of the header at `at` again. */
static void tar_sum(struct urna_buf *tar, size_t at)
{
    char digits[8];
    unsigned sum = 0;
    memset(tar->p + at + 148, ' ', 8);
    for (size_t i = 0; i < 512; i++)
        sum += tar->p[at + i];
    snprintf(digits, sizeof digits, "%06o", sum & 0777777);
    memcpy(tar->p + at + 148, digits, 7);
}

static void compress(struct urna_buf *out, struct urna_view in, int level, int window, bool sized)
{
    ZSTD_CCtx *z = ZSTD_createCCtx();
    size_t cap = ZSTD_compressBound(in.len);
    uint8_t *p = urna_xmalloc(cap);
    assert_false(ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, level)));
    assert_false(ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_contentSizeFlag, sized)));
    if (window)
        assert_false(ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, window)));
    if (sized)
        assert_false(ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(z, in.len)));
    /* Streaming, so that the window is the one asked for. */
    ZSTD_outBuffer o = {p, cap, 0};
    ZSTD_inBuffer i = {in.p, in.len, 0};
    while (i.pos < i.size)
        assert_false(ZSTD_isError(ZSTD_compressStream2(z, &o, &i, ZSTD_e_continue)));
    assert_int_equal(ZSTD_compressStream2(z, &o, &i, ZSTD_e_end), 0);
    urna_buf_add(out, p, o.pos);
    free(p);
    ZSTD_freeCCtx(z);
}

static enum urna_status open_bytes(struct urna_view archive, struct urna_error *err)
{
    char *folder = new_folder(), *path = urna_path(folder, "a.tar.zst");
    struct urna_record *r;
    put_file(folder, "a.tar.zst", archive.p, archive.len);
    enum urna_status st = urna_record_open(&r, path, err);
    urna_record_free(r);
    free(path);
    drop_folder(folder);
    return st;
}

static void expect_refused(const struct urna_buf *archive, const char *why)
{
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(open_bytes(urna_buf_view(archive), &err), URNA_INPUT);
    if (strstr(err.msg, why) == NULL)
        fail_msg("refused as \"%s\", not as \"%s\"", err.msg, why);
}

/* 20 kB that do not compress well. */
static void noise(struct urna_buf *out, size_t len)
{
    uint32_t x = 1;
    for (size_t i = 0; i < len; i++) {
        x = x * 1664525 + 1013904223;
        urna_buf_u8(out, (uint8_t)(x >> 24));
    }
}

/* ---- tar ---- */

static void expect_tar(const struct urna_buf *tar, const char *why)
{
    struct urna_tar t;
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status st = urna_tar_read(&t, urna_buf_view(tar), &err);
    if (why == NULL && st != URNA_OK)
        fail_msg("%s", err.msg);
    if (why && (st != URNA_INPUT || strstr(err.msg, why) == NULL))
        fail_msg("\"%s\", not \"%s\"", err.msg, why);
    urna_tar_free(&t);
}

static void good_tars_read(void **state)
{
    (void)state;
    struct urna_buf tar = {0};
    struct urna_tar t;
    tar_file(&tar, "a", "", 0);
    size_t gnu = tar_file(&tar, "b", "xyz", 3);
    size_t with_prefix = tar_file(&tar, "c", "0123", 4);
    size_t old = tar_file(&tar, "d", "", 0);
    memcpy(tar.p + gnu + 257, "ustar  ", 8); /* GNU */
    tar_sum(&tar, gnu);
    memcpy(tar.p + with_prefix, "e", 2);
    memcpy(tar.p + with_prefix + 345, "c/d", 4);
    tar_sum(&tar, with_prefix);
    tar.p[old + 156] = '\0';
    tar_sum(&tar, old);
    tar_end(&tar);
    tar_end(&tar);
    assert_int_equal(urna_tar_read(&t, urna_buf_view(&tar), NULL), URNA_OK);
    assert_int_equal(t.n, 4);
    assert_string_equal(t.file[0].name, "a");
    assert_string_equal(t.file[1].name, "b");
    assert_string_equal(t.file[2].name, "c/d/e");
    assert_int_equal(t.file[2].len, 4);
    assert_memory_equal(tar.p + t.file[2].offset, "0123", 4);
    urna_tar_free(&t);
    urna_buf_free(&tar);
}

static void bad_tars_refused(void **state)
{
    (void)state;
    struct urna_buf tar = {0};
    static const char type[] = "1234567xgLKNV";
    for (const char *p = type; *p; p++) {
        urna_buf_reset(&tar);
        size_t at = tar_file(&tar, "checkpoint", "", 0);
        tar.p[at + 156] = (uint8_t)*p;
        tar_sum(&tar, at);
        tar_end(&tar);
        expect_tar(&tar, "not a plain regular file");
    }
    static const struct {
        size_t offset;
        const char *bytes;
        bool sum;
        const char *why;
    } v[] = {
        {0, "C", false, "checksum"},
        {148, "0x", false, "checksum"},
        {257, "xstar", true, "ustar"},
        {124, "77777777777", true, "longer than the archive"},
        {124, "00000001001", true, "longer than the archive"},
        {124, "-0000000001", true, "longer than the archive"},
        {124, "0000000000x", true, "longer than the archive"},
        {124, "\x80\x01\x01", true, "longer than the archive"}, /* base 256 */
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        urna_buf_reset(&tar);
        size_t at = tar_file(&tar, "checkpoint", "1234", 4);
        memcpy(tar.p + at + v[i].offset, v[i].bytes, strlen(v[i].bytes));
        if (v[i].sum)
            tar_sum(&tar, at);
        expect_tar(&tar, v[i].why);
    }
    static const char *const order[][2] = {
        {"b", "a"}, {"a", "a"}, {"tile/0/000.p/2", "tile/0/000"}};
    for (size_t i = 0; i < 3; i++) {
        urna_buf_reset(&tar);
        tar_file(&tar, order[i][0], "", 0);
        tar_file(&tar, order[i][1], "", 0);
        tar_end(&tar);
        expect_tar(&tar, "ascending order");
    }
    urna_buf_reset(&tar);
    tar_file(&tar, "a", "", 0);
    expect_tar(&tar, "two empty blocks");
    urna_buf_reset(&tar);
    expect_tar(&tar, "two empty blocks");
    tar_end(&tar);
    expect_tar(&tar, NULL);
    tar_file(&tar, "a", "", 0);
    expect_tar(&tar, "two empty blocks"); /* a file behind the end */
    urna_buf_add(&tar, "x", 1);
    expect_tar(&tar, "multiple of 512");
    urna_buf_free(&tar);
}

static void headers_have_limits(void **state)
{
    (void)state;
    uint8_t block[512];
    char name[102];
    memset(name, 'n', sizeof name);
    name[100] = '\0';
    assert_true(urna_tar_header(block, name, UINT64_C(0x1FFFFFFFF)));
    assert_false(urna_tar_header(block, name, UINT64_C(0x200000000)));
    name[100] = 'n';
    name[101] = '\0';
    assert_false(urna_tar_header(block, name, 1));
}

/* ---- zstd ---- */

static void hostile_archives_refused(void **state)
{
    (void)state;
    struct urna_buf tar = {0}, bytes = {0}, a = {0};
    struct urna_error err = URNA_ERROR_INIT;
    noise(&bytes, 20000);
    tar_file(&tar, "checkpoint", bytes.p, bytes.len);
    tar_end(&tar);
    compress(&a, urna_buf_view(&tar), 3, 0, true);
    assert_int_equal(open_bytes(urna_buf_view(&a), &err), URNA_OK);

    /* Cut anywhere; followed by anything; altered. */
    for (size_t len = 0; len < a.len; len += 1 + a.len / 50)
        assert_int_equal(open_bytes(urna_view(a.p, len), NULL), URNA_INPUT);
    assert_int_equal(open_bytes(urna_view(a.p, a.len - 1), NULL), URNA_INPUT);
    struct urna_buf more = {0};
    urna_buf_add(&more, a.p, a.len);
    urna_buf_u8(&more, 0);
    expect_refused(&more, "bytes behind the end");
    more.len = a.len;
    urna_buf_add(&more, a.p, a.len);
    assert_int_equal(open_bytes(urna_buf_view(&more), NULL), URNA_INPUT);
    urna_buf_reset(&more);
    urna_buf_add(&more, "\x50\x2A\x4D\x18\x01\x00\x00\x00x", 9); /* a skippable frame first */
    urna_buf_add(&more, a.p, a.len);
    expect_refused(&more, "neither a folder nor a zstd archive");
    expect_refused(&tar, "neither a folder nor a zstd archive");

    urna_buf_reset(&a);
    compress(&a, urna_buf_view(&tar), 3, 0, false);
    expect_refused(&a, "does not state its size");

    /* The name must have a place, whatever its path tries. */
    static const char *const name[] = {"/checkpoint",        "../checkpoint", "./checkpoint",
                                       "tile/../checkpoint", "body/x",        ""};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        urna_buf_reset(&tar);
        tar_file(&tar, name[i], bytes.p, bytes.len);
        tar_end(&tar);
        urna_buf_reset(&a);
        compress(&a, urna_buf_view(&tar), 3, 0, true);
        expect_refused(&a, "no place in a record");
    }
    urna_buf_free(&more);
    urna_buf_free(&tar);
    urna_buf_free(&bytes);
    urna_buf_free(&a);
}

static void ratio_of_200_is_the_limit(void **state)
{
    (void)state;
    struct urna_buf tar = {0}, zeros = {0}, a = {0};
    uint8_t block[4096] = {0};
    for (size_t i = 0; i < 2560; i++) /* 10 MiB */
        urna_buf_add(&zeros, block, sizeof block);
    tar_file(&tar, "checkpoint", zeros.p, zeros.len);
    tar_end(&tar);
    compress(&a, urna_buf_view(&tar), 3, 0, true);
    assert_true(tar.len / a.len > 200);
    expect_refused(&a, "200 times");
    urna_buf_free(&tar);
    urna_buf_free(&zeros);
    urna_buf_free(&a);
}

static void window_of_8_mib_is_the_limit(void **state)
{
    (void)state;
    struct urna_buf tar = {0}, bytes = {0}, a = {0};
    struct urna_error err = URNA_ERROR_INIT;
    noise(&bytes, 20u << 20);
    tar_file(&tar, "checkpoint", bytes.p, bytes.len);
    tar_end(&tar);
    compress(&a, urna_buf_view(&tar), 1, 23, true);
    assert_int_equal(open_bytes(urna_buf_view(&a), &err), URNA_OK);
    urna_buf_reset(&a);
    compress(&a, urna_buf_view(&tar), 1, 24, true);
    expect_refused(&a, "memory");
    urna_buf_free(&tar);
    urna_buf_free(&bytes);
    urna_buf_free(&a);
}

static void other_files_refused(void **state)
{
    (void)state;
    char *folder = new_folder(), *fifo = urna_path(folder, "fifo"),
         *none = urna_path(folder, "none");
    struct urna_record *r;
    struct urna_error err = URNA_ERROR_INIT;
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(urna_record_open(&r, fifo, NULL), URNA_INPUT);
    assert_int_equal(urna_record_open(&r, "/dev/zero", NULL), URNA_INPUT);
    assert_int_equal(urna_record_open(&r, none, &err), URNA_INPUT);
    assert_non_null(strstr(err.msg, "no such record"));
    free(fifo);
    free(none);
    drop_folder(folder);
}

/* ---- export ---- */

static void read_tar_of(struct urna_buf *out, const char *archive)
{
    struct urna_archive a;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_archive_open(&a, archive, &err) != URNA_OK)
        fail_msg("%s", err.msg);
    urna_buf_add(out, a.map, a.len);
    urna_archive_close(&a);
}

/* Unpack a golden archive, pack it again: the same tar to the byte; pack twice: the same archive to
 * the byte. */
static void golden_archives_come_out_as_they_went_in(void **state)
{
    (void)state;
    static const char *const name[] = {
        "records/rist-base.tar.zst",        "records/rist-tiles.tar.zst",
        "records/rist-tiles-early.tar.zst", "records/rist-full.tar.zst",
        "records/rist-cells.tar.zst",       "records/eg4096-small.tar.zst"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        char *folder = new_folder(), *out = new_folder(), *golden = data_path(name[i]);
        char *one = urna_path(out, "one.tar.zst"), *two = urna_path(out, "two.tar.zst");
        struct urna_buf a = {0}, b = {0}, x = {0}, y = {0};
        unpack_golden(name[i], "", folder);
        assert_int_equal(urna_record_export(folder, one, false, NULL), URNA_OK);
        assert_int_equal(urna_record_export(folder, two, false, NULL), URNA_OK);
        assert_int_equal(urna_record_export(folder, two, false, NULL), URNA_INPUT); /* is there already */
        read_tar_of(&a, golden);
        read_tar_of(&b, one);
        assert_true(urna_view_eq(urna_buf_view(&a), urna_buf_view(&b)));
        get_file(&x, out, "one.tar.zst");
        get_file(&y, out, "two.tar.zst");
        assert_true(urna_view_eq(urna_buf_view(&x), urna_buf_view(&y)));
        struct urna_names left;
        assert_int_equal(urna_list_files(&left, out, 10, NULL), URNA_OK);
        assert_int_equal(left.n, 2);
        urna_names_free(&left);
        urna_buf_free(&a);
        urna_buf_free(&b);
        urna_buf_free(&x);
        urna_buf_free(&y);
        free(one);
        free(two);
        free(golden);
        drop_folder(out);
        drop_folder(folder);
    }
}

/* Partial tiles of older sizes that the wider ones repeat stay out; one that says something else
 * goes in, as evidence. */
static void export_leaves_out_only_repetitions(void **state)
{
    (void)state;
    static const struct {
        const char *inside;
        const char *out, *in;
    } v[] = {{"tree.old-partial/", "tile/0/000.p/", NULL},
             {"tree.stale-partial/", NULL, "tile/0/000.p/3"}};
    for (size_t i = 0; i < 2; i++) {
        char *folder = new_folder(), *out = new_folder(), *path = urna_path(out, "r.tar.zst");
        struct urna_archive a;
        struct urna_names all;
        size_t partials = 0;
        bool in = false;
        unpack_golden("records/damaged.tar.zst", v[i].inside, folder);
        assert_int_equal(urna_list_files(&all, folder, 100, NULL), URNA_OK);
        assert_int_equal(urna_record_export(folder, path, false, NULL), URNA_OK);
        assert_int_equal(urna_archive_open(&a, path, NULL), URNA_OK);
        for (size_t k = 0; k < a.tar.n; k++) {
            partials += v[i].out && strncmp(a.tar.file[k].name, v[i].out, strlen(v[i].out)) == 0;
            in = in || (v[i].in && strcmp(a.tar.file[k].name, v[i].in) == 0);
        }
        assert_int_equal(partials, v[i].out ? 1 : 0); /* the one that is needed */
        assert_int_equal(in, v[i].in != NULL);
        assert_int_equal(a.tar.n, v[i].out ? all.n - 2 : all.n);
        urna_archive_close(&a);
        urna_names_free(&all);
        free(path);
        drop_folder(out);
        drop_folder(folder);
    }
}

static void export_refuses_what_readers_would(void **state)
{
    (void)state;
    char *folder = new_folder(), *out = new_folder(), *path = urna_path(out, "r.tar.zst"),
         name[5 + 65] = "body/";
    struct urna_buf zeros = {0};
    struct urna_error err = URNA_ERROR_INIT;
    uint8_t block[4096] = {0}, hash[32];
    for (size_t i = 0; i < 2560; i++)
        urna_buf_add(&zeros, block, sizeof block);
    urna_sha256(hash, zeros.p, zeros.len);
    urna_hex(name + 5, hash, 32);
    put_file(folder, name, zeros.p, zeros.len);
    assert_int_equal(urna_record_export(folder, path, false, &err), URNA_INPUT);
    assert_non_null(strstr(err.msg, "200:1"));
    assert_false(urna_file_exists(path));
    put_file(folder, "stranger", "x", 1);
    assert_int_equal(urna_record_export(folder, path, false, NULL), URNA_INPUT);
    assert_int_equal(urna_record_export(path, path, false, NULL), URNA_INPUT);
    struct urna_names left;
    assert_int_equal(urna_list_files(&left, out, 10, NULL), URNA_OK);
    assert_int_equal(left.n, 0);
    urna_names_free(&left);
    urna_buf_free(&zeros);
    free(path);
    drop_folder(out);
    drop_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_tars_read),
        cmocka_unit_test(bad_tars_refused),
        cmocka_unit_test(headers_have_limits),
        cmocka_unit_test(hostile_archives_refused),
        cmocka_unit_test(ratio_of_200_is_the_limit),
        cmocka_unit_test(window_of_8_mib_is_the_limit),
        cmocka_unit_test(other_files_refused),
        cmocka_unit_test(golden_archives_come_out_as_they_went_in),
        cmocka_unit_test(export_leaves_out_only_repetitions),
        cmocka_unit_test(export_refuses_what_readers_would),
    };
    return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
