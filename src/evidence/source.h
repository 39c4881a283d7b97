/* Source: the unpacked bytes of a file, one chunk after another. Private to the table reader.
 * Plain files, gzip (all members), zip (one member; stored or deflated). Every size that an archive
 * claims is checked against what is there, and nothing is allocated by a claimed size. Text in
 * UTF-16 (told by its byte order mark) is delivered as UTF-8. */
#ifndef URNA_EVIDENCE_SOURCE_H
#define URNA_EVIDENCE_SOURCE_H

#include <zlib.h>

#include "base/bytes.h"
#include "evidence/utf16.h"

/* The packed file: random access to a file or to memory. */
struct urna_packed {
    int fd; /* -1: memory */
    struct urna_view memory;
    uint64_t size;
};
/* Read exactly len bytes at ${at}; URNA_INPUT beyond the end. */
enum urna_status urna_packed_read(const struct urna_packed *p, void *out, uint64_t at, size_t len,
                                  struct urna_error *err) URNA_MUST_USE;

/* One member of a zip: where its bytes are and what they must give. */
struct urna_zip_member {
    uint64_t at, packed, unpacked;
    uint32_t crc;
    bool deflated;
};
/* Find the member called ${want}, or the only table if it is NULL. */
enum urna_status urna_zip_find(struct urna_zip_member *out, const struct urna_packed *p,
                               const char *want, struct urna_error *err) URNA_MUST_USE;

enum urna_packing { URNA_PLAIN_FILE, URNA_GZIP, URNA_ZIP };

struct urna_source {
    struct urna_packed file;
    enum urna_packing packing;
    uint64_t at, end;      /* packed bytes still to read: [at, end) */
    uint64_t taken, given; /* packed bytes read, unpacked bytes delivered */
    uint64_t max_bytes;
    struct urna_zip_member member;
    uint32_t crc;
    z_stream z;
    bool inflating; /* z is set up */
    bool member_ended;
    uint8_t head[2]; /* the first bytes, read to look for a byte order mark */
    size_t n_head;
    struct urna_utf16 *wide; /* NULL: not UTF-16 */
    uint8_t in[1 << 16];
};

/* Exactly one of path and memory (path NULL) is used. */
enum urna_status urna_source_open(struct urna_source **out, const char *path,
                                  struct urna_view memory, const char *member, uint64_t max_bytes,
                                  struct urna_error *err) URNA_MUST_USE;
/* *n = 0: the end, and checksums and lengths were right. */
enum urna_status urna_source_read(struct urna_source *s, uint8_t *buf, size_t cap, size_t *n,
                                  struct urna_error *err) URNA_MUST_USE;
/* What is delivered was UTF-16: half a surrogate pair comes out as the three bytes that UTF-8
 * forbids for it, so that the reader of the text names its place. */
bool urna_source_is_utf16(const struct urna_source *s);
void urna_source_close(struct urna_source *s);

#endif
