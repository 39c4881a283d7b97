/* What the targets about archives share. */
#ifndef URNA_FUZZ_ARCHIVE_H
#define URNA_FUZZ_ARCHIVE_H

#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bytes.h"

enum { TAR_BLOCK = 512, TAR_SUM = 148, TAR_SUM_LEN = 8 };

/* Copy a tar. A block whose field of the checksum is blank gets the right one: a fuzzer that
 * changes a byte of a header would hardly ever hit it. */
static inline void tar_with_sums(struct urna_buf *out, const uint8_t *data, size_t size)
{
    urna_buf_add(out, data, size);
    for (size_t at = 0; at + TAR_BLOCK <= out->len; at += TAR_BLOCK) {
        uint8_t *block = out->p + at;
        if (memcmp(block + TAR_SUM, "        ", TAR_SUM_LEN) != 0)
            continue;
        unsigned sum = 0;
        for (size_t i = 0; i < TAR_BLOCK; i++)
            sum += block[i];
        char digits[TAR_SUM_LEN];
        snprintf(digits, sizeof digits, "%06o", sum);
        memcpy(block + TAR_SUM, digits, TAR_SUM_LEN - 1);
    }
}

/* A file in memory with these bytes; ${path} is a name for it as long as it is open. */
static inline int memory_file(char path[64], const uint8_t *p, size_t len)
{
    int fd = memfd_create("urna-fuzz", MFD_CLOEXEC);
    MUST(fd >= 0);
    for (size_t done = 0; done < len;) {
        ssize_t n = write(fd, p + done, len - done);
        MUST(n > 0);
        done += (size_t)n;
    }
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

#endif
