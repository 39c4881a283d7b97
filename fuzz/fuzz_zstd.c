/* Archives of records as they come from outside, zstd and all: opened within the limits, or
 * refused. */
#include "archive.h"

#include "log/files.h"

#define RATIO_MAX 200 /* election.md section 10a */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_archive a;
    struct urna_error err = URNA_ERROR_INIT;
    char path[64];
    int fd = memory_file(path, data, size);
    if (urna_archive_open(&a, path, &err) == URNA_OK) {
        MUST(a.len > 0 && a.len <= RATIO_MAX * size);
        for (size_t i = 0; i < a.tar.n; i++)
            MUST(a.tar.file[i].offset <= a.len &&
                 a.tar.file[i].len <= a.len - a.tar.file[i].offset);
    } else {
        MUST(err.status == URNA_INPUT && a.map == NULL);
    }
    urna_archive_close(&a);
    close(fd);
    return 0;
}
