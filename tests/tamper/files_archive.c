/* The record as an archive: every member and every field of its header, and the frame around it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "files.h"
#include "log/files.h"

struct archive {
    struct files *x;
    char path[120];
    struct urna_buf tar; /* as exported */
    struct urna_tar dir;
};

static void write_file(const char *path, const void *p, size_t len)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(p, 1, len, f) != len || fclose(f) != 0)
        give_up(path, "cannot be written");
}

static void pack(struct urna_buf *out, const struct urna_buf *tar)
{
    size_t cap = ZSTD_compressBound(tar->len);
    uint8_t *p = urna_xmalloc(cap);
    size_t n = ZSTD_compress(p, cap, tar->p ? tar->p : (const uint8_t *)"", tar->len, 1);
    if (ZSTD_isError(n))
        give_up("zstd", ZSTD_getErrorName(n));
    urna_buf_reset(out);
    urna_buf_add(out, p, n);
    free(p);
}

static void try_bytes(struct archive *a, const struct urna_buf *bytes, const struct want *w)
{
    write_file(a->path, bytes->p ? bytes->p : (const uint8_t *)"", bytes->len);
    files_verify(a->x, a->path, &a->x->trust, w);
}

static void try_tar(struct archive *a, const struct urna_buf *tar, const struct want *w)
{
    struct urna_buf z = {0};
    pack(&z, tar);
    try_bytes(a, &z, w);
    urna_buf_free(&z);
}

static void copy(struct urna_buf *out, const struct archive *a)
{
    urna_buf_reset(out);
    urna_buf_add(out, a->tar.p, a->tar.len);
}

/* The checksum of the header at `at` again. */
static void sum(struct urna_buf *tar, size_t at)
{
    unsigned s = 0;
    char digits[8];
    memset(tar->p + at + 148, ' ', 8);
    for (size_t i = 0; i < 512; i++)
        s += tar->p[at + i];
    snprintf(digits, sizeof digits, "%06o", s & 0777777);
    memcpy(tar->p + at + 148, digits, 7);
}

/* From its header to the next one's. */
static void extent(const struct archive *a, size_t i, size_t *from, size_t *to)
{
    const struct urna_tar_file *f = &a->dir.file[i];
    *from = f->offset - 512;
    *to = f->offset + (f->len + 511) / 512 * 512;
}

/* --- headers ------------------------------------------------------------- */

static void change_name(struct archive *a, size_t i)
{
    static const char *const front[] = {"../", "/", "./", "x/", ""};
    static const char *const op[] = {"its name begins with ..", "its name is absolute",
                                     "its name begins with .", "its name is a stranger's",
                                     "its name is empty"};
    struct urna_buf b = {0};
    size_t at = a->dir.file[i].offset - 512;
    for (int k = 0; k < 5; k++) {
        char name[100];
        snprintf(name, sizeof name, "%s%s", front[k], k == 4 ? "" : a->dir.file[i].name);
        copy(&b, a);
        memset(b.p + at, 0, 100);
        memcpy(b.p + at, name, strlen(name));
        sum(&b, at);
        try_tar(a, &b, &(struct want){a->dir.file[i].name, op[k], "refused", NULL, NULL});
    }
    urna_buf_free(&b);
}

static void change_header(struct archive *a, size_t i)
{
    static const struct {
        size_t at;
        const char *to, *op, *mention;
        bool unsummed;
    } change[] = {
        {124, "77777777777", "its size is larger", "longer than the archive", false},
        {124, "8", "its size is no number", "longer than the archive", false},
        {156, "1", "a hard link", "not a plain regular file", false},
        {156, "2", "a symbolic link", "not a plain regular file", false},
        {156, "5", "a folder", "not a plain regular file", false},
        {156, "x", "an extended header", "not a plain regular file", false},
        {257, "vstar", "another format", "not a tar of the ustar format", false},
        {148, "000000", "another checksum", "wrong checksum", true},
        {0, "X", "another name under the old checksum", "wrong checksum", true},
    };
    static const struct {
        size_t at;
        const char *to, *op;
    } unread[] = {{100, "0000777", "another mode"},
                  {108, "0001750", "another owner"},
                  {116, "0001750", "another group"},
                  {136, "14000000000", "another time"}};
    struct urna_buf b = {0};
    size_t at = a->dir.file[i].offset - 512;
    const char *name = a->dir.file[i].name;
    for (size_t k = 0; k < sizeof change / sizeof change[0]; k++) {
        copy(&b, a);
        memcpy(b.p + at + change[k].at, change[k].to, strlen(change[k].to));
        if (!change[k].unsummed)
            sum(&b, at);
        try_tar(a, &b, &(struct want){name, change[k].op, "refused", change[k].mention, NULL});
    }
    for (size_t k = 0; k < 4 && i < 2; k++) {
        copy(&b, a);
        memcpy(b.p + at + unread[k].at, unread[k].to, strlen(unread[k].to));
        sum(&b, at);
        try_tar(a, &b,
                &(struct want){"a member", unread[k].op, "final", NULL,
                               "who packed it, and when, is not read"});
    }
    urna_buf_free(&b);
}

/* --- members ------------------------------------------------------------- */

static void add(struct urna_buf *out, const struct archive *a, size_t from, size_t to)
{
    urna_buf_add(out, a->tar.p + from, to - from);
}

static void change_member(struct archive *a, size_t i)
{
    struct urna_buf b = {0};
    const struct urna_tar_file *f = &a->dir.file[i];
    size_t from, to;
    extent(a, i, &from, &to);
    add(&b, a, 0, to);
    add(&b, a, from, a->tar.len);
    try_tar(a, &b, &(struct want){f->name, "twice", "refused", "ascending order", NULL});
    if (i + 1 < a->dir.n) {
        size_t next_from, next_to;
        extent(a, i + 1, &next_from, &next_to);
        urna_buf_reset(&b);
        add(&b, a, 0, from);
        add(&b, a, next_from, next_to);
        add(&b, a, from, to);
        add(&b, a, next_to, a->tar.len);
        try_tar(a, &b, &(struct want){f->name, "out of order", "refused", "ascending order", NULL});
    }
    bool body = strncmp(f->name, "body/", 5) == 0;
    struct want w = {body ? "a body" : f->name, "left out", body ? "final" : "incomplete",
                     body ? NULL : f->name,
                     body ? "what people say beside the election decides nothing: the entry is "
                            "named, as void or as a finding"
                          : NULL};
    urna_buf_reset(&b);
    add(&b, a, 0, from);
    add(&b, a, to, a->tar.len);
    try_tar(a, &b, &w);
    w.op = "a byte of it changed";
    w.answers = body ? "final" : "invalid incomplete";
    w.mention = NULL;
    copy(&b, a);
    b.p[f->offset + (f->len < 20000 ? 0 : f->len / 2)] ^= 1;
    try_tar(a, &b, &w);
    urna_buf_free(&b);
}

/* --- the frame ----------------------------------------------------------- */

static void change_frame(struct archive *a)
{
    struct urna_buf z = {0}, b = {0};
    struct want w = {"the archive", "cut", "refused", "archive", NULL};
    pack(&z, &a->tar);
    for (size_t k = 0; k < 16; k++) {
        urna_buf_reset(&b);
        urna_buf_add(&b, z.p, k < 15 ? z.len * k / 15 : z.len - 1);
        try_bytes(a, &b, &w);
    }
    w.op = "bytes behind its end";
    urna_buf_reset(&b);
    urna_buf_add(&b, z.p, z.len);
    urna_buf_str(&b, "x");
    try_bytes(a, &b, &w);
    w.op = "two of them";
    urna_buf_reset(&b);
    urna_buf_add(&b, z.p, z.len);
    urna_buf_add(&b, z.p, z.len);
    try_bytes(a, &b, &w);
    w.op = "not packed";
    try_bytes(a, &a->tar, &w);
    w.op = "another magic number";
    urna_buf_reset(&b);
    urna_buf_add(&b, z.p, z.len);
    b.p[0] ^= 1;
    try_bytes(a, &b, &w);
    /* The tar inside. */
    w.op = "its tar ends early";
    size_t from, end; /* of the last member: two empty blocks must follow */
    extent(a, a->dir.n - 1, &from, &end);
    for (size_t k = 1; k < 9; k++) {
        urna_buf_reset(&b);
        add(&b, a, 0, k < 8 ? end * k / 7 / 512 * 512 : end + 512);
        try_tar(a, &b, &w);
    }
    w.op = "something behind the end of its tar";
    copy(&b, a);
    b.p[b.len - 1] = 1;
    try_tar(a, &b, &w);
    w.op = "a length that is not in blocks";
    copy(&b, a);
    urna_buf_char(&b, '\0');
    try_tar(a, &b, &w);
    urna_buf_free(&z);
    urna_buf_free(&b);
}

static void unpack(struct archive *a)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf z = {0};
    if (urna_record_export(a->x->disk.folder, a->path, false, &err) != URNA_OK ||
        urna_file_read(&z, a->path, 1u << 26, NULL, &err) != URNA_OK)
        give_up("export", err.msg);
    unsigned long long len = ZSTD_getFrameContentSize(z.p, z.len);
    uint8_t *p = urna_xmalloc((size_t)len);
    if (ZSTD_decompress(p, (size_t)len, z.p, z.len) != len)
        give_up("export", "does not unpack");
    urna_buf_add(&a->tar, p, (size_t)len);
    if (urna_tar_read(&a->dir, urna_buf_view(&a->tar), &err) != URNA_OK)
        give_up("export", err.msg);
    free(p);
    urna_buf_free(&z);
}

void files_in_archive(struct files *x)
{
    struct archive a = {.x = x};
    snprintf(a.path, sizeof a.path, "%s/record.tar.zst", x->beside);
    unpack(&a);
    report_subject(x->report, "archive: headers");
    try_tar(&a, &a.tar,
            &(struct want){"the archive", "packed again", "final", NULL,
                           "the same tar in another frame"});
    for (size_t i = 0; i < a.dir.n; i++) {
        change_name(&a, i);
        change_header(&a, i);
    }
    report_subject(x->report, "archive: members");
    for (size_t i = 0; i < a.dir.n; i++)
        change_member(&a, i);
    report_subject(x->report, "archive: frame");
    change_frame(&a);
    urna_tar_free(&a.dir);
    urna_buf_free(&a.tar);
}
