/* Source: plain, gzip and zip bytes. */
#include "evidence/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence/table.h"

#define RATIO_FREE ((uint64_t)64 << 20) /* a small file of zeros may shrink as it likes */

/* ---- the packed file ---- */

static enum urna_status open_path(struct urna_packed *p, const char *path, struct urna_error *err)
{
    struct stat st;
    p->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (p->fd < 0) {
        if (errno == ENOENT || errno == ENOTDIR || errno == EACCES)
            return urna_fail(err, URNA_INPUT, "%s",
                             errno == EACCES ? "no permission to read it" : "no such file");
        return urna_fail_errno(err, "open");
    }
    if (fstat(p->fd, &st) != 0)
        return urna_fail_errno(err, "fstat");
    if (!S_ISREG(st.st_mode))
        return urna_fail(err, URNA_INPUT, "not a regular file");
    p->size = (uint64_t)st.st_size;
    return URNA_OK;
}

enum urna_status urna_packed_read(const struct urna_packed *p, void *out, uint64_t at, size_t len,
                                  struct urna_error *err)
{
    if (at > p->size || len > p->size - at)
        return urna_fail(err, URNA_INPUT, "the file is cut off");
    if (p->fd < 0) {
        if (len > 0)
            memcpy(out, p->memory.p + at, len);
        return URNA_OK;
    }
    for (size_t done = 0; done < len;) {
        ssize_t k = pread(p->fd, (uint8_t *)out + done, len - done, (off_t)(at + done));
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return urna_fail_errno(err, "read");
        if (k == 0)
            return urna_fail(err, URNA_INPUT, "the file became shorter while it was read");
        done += (size_t)k;
    }
    return URNA_OK;
}

/* ---- what is it? ---- */

static enum urna_status refuse_known_formats(const uint8_t *m, size_t n, struct urna_error *err)
{
    static const struct {
        const char *magic;
        size_t len;
        const char *what;
    } known[] = {
        {"\xD0\xCF\x11\xE0", 4, "an old spreadsheet (xls): save it as CSV"},
        {"\x28\xB5\x2F\xFD", 4, "packed with zstd: unpack it first"},
        {"\xFD"
         "7zXZ",
         5, "packed with xz: unpack it first"},
        {"BZh", 3, "packed with bzip2: unpack it first"},
        {"7z\xBC\xAF", 4, "a 7z archive: unpack it first"},
        {"Rar!", 4, "a rar archive: unpack it first"},
        {"%PDF", 4, "a PDF file, not a table"},
        {"SQLite format 3", 15, "a database, not a table: export it as CSV"},
        {"<!DOCTYPE", 9, "a web page, not a table: open it in a spreadsheet and save it as CSV"},
        {"<html", 5, "a web page, not a table: open it in a spreadsheet and save it as CSV"},
        {"<?xml", 5, "XML, not a table: open it in a spreadsheet and save it as CSV"},
        {"{\"", 2, "JSON, not a table: convert it to CSV"},
        {"[{", 2, "JSON, not a table: convert it to CSV"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (n >= known[i].len && memcmp(m, known[i].magic, known[i].len) == 0)
            return urna_fail(err, URNA_INPUT, "this is %s", known[i].what);
    return URNA_OK;
}

static enum urna_status start_inflate(struct urna_source *s, int window_bits,
                                      struct urna_error *err)
{
    memset(&s->z, 0, sizeof s->z);
    if (inflateInit2(&s->z, window_bits) != Z_OK)
        return urna_fail(err, URNA_SYSTEM, "zlib does not start");
    s->inflating = true;
    return URNA_OK;
}

static enum urna_status recognise(struct urna_source *s, const char *member, struct urna_error *err)
{
    uint8_t m[16] = {0};
    size_t n = s->file.size < sizeof m ? (size_t)s->file.size : sizeof m;
    enum urna_status st = urna_packed_read(&s->file, m, 0, n, err);
    if (st != URNA_OK)
        return st;
    s->end = s->file.size;
    if (n >= 4 && m[0] == 'P' && m[1] == 'K' &&
        ((m[2] == 3 && m[3] == 4) || (m[2] == 5 && m[3] == 6))) {
        s->packing = URNA_ZIP;
        st = urna_zip_find(&s->member, &s->file, member, err);
        if (st != URNA_OK)
            return st;
        s->at = s->member.at;
        s->end = s->member.at + s->member.packed;
        return s->member.deflated ? start_inflate(s, -MAX_WBITS, err) : URNA_OK;
    }
    if (member)
        return urna_fail(err, URNA_INPUT, "a member was asked for, but this is no zip archive");
    if (n >= 2 && m[0] == 0x1F && m[1] == 0x8B) {
        s->packing = URNA_GZIP;
        return start_inflate(s, MAX_WBITS + 16, err);
    }
    return refuse_known_formats(m, n, err);
}

static enum urna_status read_bytes(struct urna_source *s, uint8_t *buf, size_t cap, size_t *n,
                                   struct urna_error *err);

static enum urna_status look_for_utf16(struct urna_source *s, struct urna_error *err)
{
    size_t n = 1;
    while (s->n_head < sizeof s->head && n > 0) {
        enum urna_status st =
            read_bytes(s, s->head + s->n_head, sizeof s->head - s->n_head, &n, err);
        if (st != URNA_OK)
            return st;
        s->n_head += n;
    }
    s->wide = urna_utf16_new(s->head, s->n_head);
    if (s->wide)
        s->n_head = 0;
    return URNA_OK;
}

enum urna_status urna_source_open(struct urna_source **out, const char *path,
                                  struct urna_view memory, const char *member, uint64_t max_bytes,
                                  struct urna_error *err)
{
    struct urna_source *s = urna_xcalloc(1, sizeof *s);
    s->file.fd = -1;
    s->max_bytes = max_bytes ? max_bytes : URNA_TABLE_MAX_BYTES;
    enum urna_status st = URNA_OK;
    if (path) {
        st = open_path(&s->file, path, err);
    } else {
        s->file.memory = memory;
        s->file.size = memory.len;
    }
    if (st == URNA_OK)
        st = recognise(s, member, err);
    if (st == URNA_OK)
        st = look_for_utf16(s, err);
    if (st != URNA_OK) {
        urna_source_close(s);
        s = NULL;
    }
    *out = s;
    return st;
}

void urna_source_close(struct urna_source *s)
{
    if (!s)
        return;
    if (s->inflating)
        inflateEnd(&s->z);
    if (s->file.fd >= 0)
        close(s->file.fd);
    free(s->wide);
    free(s);
}

/* ---- reading ---- */

static enum urna_status read_raw(struct urna_source *s, uint8_t *buf, size_t cap, size_t *n,
                                 struct urna_error *err)
{
    uint64_t left = s->end - s->at;
    *n = left < cap ? (size_t)left : cap;
    enum urna_status st = urna_packed_read(&s->file, buf, s->at, *n, err);
    if (st != URNA_OK)
        return st;
    s->at += *n;
    s->taken += *n;
    return URNA_OK;
}

static enum urna_status refill_inflate(struct urna_source *s, struct urna_error *err)
{
    size_t n;
    enum urna_status st = read_raw(s, s->in, sizeof s->in, &n, err);
    if (st != URNA_OK)
        return st;
    s->z.next_in = s->in;
    s->z.avail_in = (uInt)n;
    return URNA_OK;
}

/* After one gzip member: another one, zero padding (tapes and block devices), or the end. */
static enum urna_status next_gzip_member(struct urna_source *s, bool *end, struct urna_error *err)
{
    for (;;) {
        if (s->z.avail_in == 0) {
            enum urna_status st = refill_inflate(s, err);
            if (st != URNA_OK)
                return st;
            if (s->z.avail_in == 0) {
                *end = true;
                return URNA_OK;
            }
        }
        if (*s->z.next_in != 0)
            break;
        s->z.next_in++;
        s->z.avail_in--;
    }
    *end = false;
    s->member_ended = false;
    if (inflateReset(&s->z) != Z_OK)
        return urna_fail(err, URNA_SYSTEM, "zlib does not start");
    return URNA_OK;
}

static enum urna_status read_inflated(struct urna_source *s, uint8_t *buf, size_t cap, size_t *n,
                                      struct urna_error *err)
{
    *n = 0;
    while (*n == 0) {
        enum urna_status st = URNA_OK;
        if (s->member_ended) {
            bool end = s->packing == URNA_ZIP;
            if (!end)
                st = next_gzip_member(s, &end, err);
            if (st != URNA_OK || end)
                return st;
        }
        if (s->z.avail_in == 0) {
            st = refill_inflate(s, err);
            if (st != URNA_OK)
                return st;
            if (s->z.avail_in == 0)
                return urna_fail(err, URNA_INPUT, "the packed data is cut off");
        }
        s->z.next_out = buf;
        s->z.avail_out = (uInt)(cap < (1u << 30) ? cap : (1u << 30));
        uInt room = s->z.avail_out;
        int r = inflate(&s->z, Z_NO_FLUSH);
        *n = room - s->z.avail_out;
        if (r == Z_STREAM_END)
            s->member_ended = true;
        else if (r == Z_MEM_ERROR)
            return urna_fail(err, URNA_SYSTEM, "out of memory");
        else if (r != Z_OK && r != Z_BUF_ERROR)
            return urna_fail(err, URNA_INPUT, "the packed data is damaged (%s)",
                             s->z.msg ? s->z.msg : "zlib");
    }
    return URNA_OK;
}

static enum urna_status check_zip_end(const struct urna_source *s, struct urna_error *err)
{
    if (s->member.deflated && (s->z.avail_in != 0 || s->at != s->end))
        return urna_fail(err, URNA_INPUT, "the zip member has bytes behind its end");
    if (s->given != s->member.unpacked || s->crc != s->member.crc)
        return urna_fail(
            err, URNA_INPUT,
            "the zip member does not have the length or the checksum that the archive states");
    return URNA_OK;
}

/* Unpacked, and checked against what the archive says. */
static enum urna_status read_bytes(struct urna_source *s, uint8_t *buf, size_t cap, size_t *n,
                                   struct urna_error *err)
{
    enum urna_status st =
        s->inflating ? read_inflated(s, buf, cap, n, err) : read_raw(s, buf, cap, n, err);
    if (st != URNA_OK)
        return st;
    s->given += *n;
    if (s->given > s->max_bytes)
        return urna_fail(err, URNA_INPUT, "more than %llu bytes", (unsigned long long)s->max_bytes);
    if (s->inflating && s->given > RATIO_FREE && s->given / URNA_TABLE_MAX_RATIO > s->taken)
        return urna_fail(err, URNA_INPUT, "unpacks to more than %u times its size",
                         URNA_TABLE_MAX_RATIO);
    if (s->packing == URNA_ZIP) {
        if (s->given > s->member.unpacked)
            return urna_fail(err, URNA_INPUT, "the zip member is longer than the archive states");
        s->crc = (uint32_t)crc32_z(s->crc, buf, *n);
        if (*n == 0)
            return check_zip_end(s, err);
    }
    return URNA_OK;
}

enum urna_status urna_source_read(struct urna_source *s, uint8_t *buf, size_t cap, size_t *n,
                                  struct urna_error *err)
{
    if (s->n_head > 0) {
        *n = s->n_head < cap ? s->n_head : cap;
        memcpy(buf, s->head, *n);
        s->n_head -= *n;
        memmove(s->head, s->head + *n, s->n_head);
        return URNA_OK;
    }
    if (!s->wide)
        return read_bytes(s, buf, cap, n, err);
    for (;;) {
        *n = urna_utf16_take(s->wide, buf, cap);
        if (*n > 0)
            return URNA_OK;
        size_t room, got;
        uint8_t *to = urna_utf16_room(s->wide, &room);
        enum urna_status st = read_bytes(s, to, room, &got, err);
        if (st != URNA_OK)
            return st;
        if (got == 0)
            return urna_utf16_end(s->wide, err);
        urna_utf16_add(s->wide, got);
    }
}

bool urna_source_is_utf16(const struct urna_source *s)
{
    return s->wide != NULL;
}
