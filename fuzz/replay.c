/* Run a fuzz target over every file below the given folders: how `make test` replays the seeds, and
 * how a crash that a fuzzer found is looked at. */
#include "fuzz.h"

#include "base/file.h"

#define FILES_MAX 100000
#define SIZE_MAX_MIB 64

static void replay_file(const char *path)
{
    struct urna_buf b = {0};
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_file_read(&b, path, (size_t)SIZE_MAX_MIB << 20, NULL, &err) != URNA_OK) {
        fprintf(stderr, "%s\n", err.msg);
        exit(URNA_INPUT);
    }
    fprintf(stderr, "%s\n", path); /* the last line before a crash names the file */
    LLVMFuzzerTestOneInput(b.p, b.len);
    urna_buf_free(&b);
}

static size_t replay_folder(const char *folder)
{
    struct urna_names files = {0};
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_list_files(&files, folder, FILES_MAX, &err) != URNA_OK) {
        fprintf(stderr, "%s\n", err.msg);
        exit(URNA_INPUT);
    }
    size_t n = files.n;
    for (size_t i = 0; i < n; i++) {
        char *path = urna_path(folder, files.name[i]);
        replay_file(path);
        free(path);
    }
    urna_names_free(&files);
    return n;
}

int main(int argc, char **argv)
{
    size_t n = 0;
    for (int i = 1; i < argc; i++)
        n += replay_folder(argv[i]);
    printf("%zu inputs\n", n);
    return n > 0 ? 0 : URNA_INPUT;
}
