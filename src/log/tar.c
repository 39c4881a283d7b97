/* Just enough of ustar (POSIX.1-1988) for a record: regular files with short names, one order, one
 * way to write them. */
#include "log/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 512

/* Offsets in a header block. */
enum {
    NAME = 0,
    MODE = 100,
    UID = 108,
    GID = 116,
    SIZE = 124,
    MTIME = 136,
    SUM = 148,
    TYPE = 156,
    MAGIC = 257,
    PREFIX = 345
};
enum { NAME_LEN = 100, SIZE_LEN = 12, SUM_LEN = 8, PREFIX_LEN = 155 };

/* The sum of all bytes, with the field of the sum itself as spaces. */
static uint32_t checksum(const uint8_t block[BLOCK])
{
    uint32_t sum = 0;
    for (size_t i = 0; i < BLOCK; i++)
        sum += i >= SUM && i < SUM + SUM_LEN ? ' ' : block[i];
    return sum;
}

/* Octal digits, ended by NUL or space (or by the end of the field). */
static bool read_octal(uint64_t *out, const uint8_t *p, size_t len)
{
    size_t i = 0;
    *out = 0;
    for (; i < len && p[i] >= '0' && p[i] <= '7'; i++)
        *out = *out << 3 | (uint64_t)(p[i] - '0');
    if (i == 0)
        return false;
    for (; i < len; i++)
        if (p[i] != ' ' && p[i] != '\0')
            return false;
    return true;
}

static size_t field_len(const uint8_t *p, size_t max)
{
    const uint8_t *nul = memchr(p, '\0', max);
    return nul ? (size_t)(nul - p) : max;
}

static char *read_name(const uint8_t block[BLOCK])
{
    size_t name = field_len(block + NAME, NAME_LEN), prefix = field_len(block + PREFIX, PREFIX_LEN);
    /* GNU's magic says that other things stand where ustar has its prefix. */
    if (memcmp(block + MAGIC, "ustar ", 6) == 0)
        prefix = 0;
    char *out = urna_xmalloc(prefix + name + 2);
    snprintf(out, prefix + name + 2, "%.*s%s%.*s", (int)prefix, (const char *)block + PREFIX,
             prefix ? "/" : "", (int)name, (const char *)block + NAME);
    return out;
}

static bool is_zero(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (p[i] != 0)
            return false;
    return true;
}

static enum urna_status fault(struct urna_error *err, size_t offset, const char *what)
{
    if (err)
        err->offset = (int64_t)offset;
    return urna_fail(err, URNA_INPUT, "archive: %s", what);
}

static enum urna_status read_file(struct urna_tar *out, struct urna_view tar, size_t *at,
                                  struct urna_error *err)
{
    const uint8_t *block = tar.p + *at;
    uint64_t sum, len;
    if (!read_octal(&sum, block + SUM, SUM_LEN) || sum != checksum(block))
        return fault(err, *at, "a header has a wrong checksum");
    if (memcmp(block + MAGIC, "ustar", 5) != 0)
        return fault(err, *at, "not a tar of the ustar format");
    if (block[TYPE] != '0' && block[TYPE] != '\0')
        return fault(err, *at, "something that is not a plain regular file");
    if (!read_octal(&len, block + SIZE, SIZE_LEN) || len > tar.len - *at - BLOCK)
        return fault(err, *at, "a file is longer than the archive");
    if (out->n == URNA_FILES_MAX)
        return fault(err, *at, "too many files");
    if (out->n == out->cap) {
        out->cap = out->cap ? 2 * out->cap : 16;
        out->file = urna_xrealloc(out->file, out->cap, sizeof *out->file);
    }
    struct urna_tar_file *f = &out->file[out->n++];
    *f = (struct urna_tar_file){read_name(block), *at + BLOCK, (size_t)len};
    if (out->n > 1 && strcmp(f[-1].name, f->name) >= 0)
        return fault(err, *at, "the names are not in ascending order");
    *at += BLOCK + (size_t)((len + BLOCK - 1) / BLOCK * BLOCK);
    return URNA_OK;
}

enum urna_status urna_tar_read(struct urna_tar *out, struct urna_view tar, struct urna_error *err)
{
    memset(out, 0, sizeof *out);
    enum urna_status st = URNA_OK;
    size_t at = 0;
    if (tar.len % BLOCK != 0)
        st = fault(err, tar.len, "its length is not a multiple of 512");
    while (st == URNA_OK && tar.len - at >= BLOCK && !is_zero(tar.p + at, BLOCK))
        st = read_file(out, tar, &at, err);
    if (st == URNA_OK && (tar.len - at < 2 * BLOCK || !is_zero(tar.p + at, tar.len - at)))
        st = fault(err, at, "it does not end in two empty blocks and zeros");
    if (st != URNA_OK)
        urna_tar_free(out);
    return st;
}

void urna_tar_free(struct urna_tar *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->file[i].name);
    free(t->file);
    memset(t, 0, sizeof *t);
}

bool urna_tar_header(uint8_t block[BLOCK], const char *name, uint64_t len)
{
    size_t name_len = strlen(name);
    memset(block, 0, BLOCK);
    if (name_len > NAME_LEN || len >> 33 != 0)
        return false;
    char *text = (char *)block;
    memcpy(text + NAME, name, name_len);
    memcpy(text + MODE, "0000644", 8);
    memcpy(text + UID, "0000000", 8);
    memcpy(text + GID, "0000000", 8);
    snprintf(text + SIZE, SIZE_LEN, "%011llo", (unsigned long long)len);
    memcpy(text + MTIME, "00000000000", 12);
    text[TYPE] = '0';
    memcpy(text + MAGIC,
           "ustar\0"
           "00",
           8);
    snprintf(text + SUM, SUM_LEN - 1, "%06o", checksum(block));
    text[SUM + 7] = ' ';
    return true;
}
