#include "log_testing.h"

#include "log/files.h"

char *new_folder(void)
{
    const char *tmp = getenv("TMPDIR");
    char *path = urna_path(tmp ? tmp : "/tmp", "urna-test-XXXXXX");
    assert_non_null(mkdtemp(path));
    return path;
}

void drop_folder(char *folder)
{
    assert_int_equal(urna_remove_tree(folder, NULL), URNA_OK);
    free(folder);
}

char *data_path(const char *name)
{
    char *election = urna_path(URNA_TEST_DATA, "election");
    char *path = urna_path(election, name);
    free(election);
    return path;
}

json_t *load_vectors(const char *name)
{
    char *path = data_path(name);
    json_error_t why;
    json_t *j = json_load_file(path, 0, &why);
    if (j == NULL)
        fail_msg("%s: %s", path, why.text);
    free(path);
    return j;
}

void hex_into(struct urna_buf *out, const json_t *hex)
{
    size_t digits = json_string_length(hex);
    uint8_t *raw = urna_xmalloc(digits / 2 + 1);
    assert_true(urna_unhex_any(raw, digits / 2, json_string_value(hex), digits));
    urna_buf_add(out, raw, digits / 2);
    free(raw);
}

void put_file(const char *folder, const char *name, const void *p, size_t len)
{
    char *path = urna_path(folder, name);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    assert_int_equal(urna_mkdirs(path, 0755, NULL), URNA_OK);
    *slash = '/';
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
    free(path);
}

void get_file(struct urna_buf *out, const char *folder, const char *name)
{
    char *path = urna_path(folder, name);
    assert_int_equal(urna_file_read(out, path, SIZE_MAX / 2, NULL, NULL), URNA_OK);
    free(path);
}

void unpack_golden(const char *archive, const char *inside, const char *folder)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_archive a;
    char *path = data_path(archive);
    if (urna_archive_open(&a, path, &err) != URNA_OK)
        fail_msg("%s: %s", archive, err.msg);
    for (size_t i = 0; i < a.tar.n; i++) {
        const struct urna_tar_file *f = &a.tar.file[i];
        if (strncmp(f->name, inside, strlen(inside)) == 0)
            put_file(folder, f->name + strlen(inside), a.map + f->offset, f->len);
    }
    urna_archive_close(&a);
    free(path);
}
