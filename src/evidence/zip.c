/* The container of zip (PKWARE APPNOTE): end record, directory, one local header. Archives on one
 * disk, with 32-bit or 64-bit (zip64) sizes; encryption and other methods are refused by name.
 * Every place and size is compared with the file before it is used. */
#include "evidence/source.h"

#include <stdlib.h>
#include <string.h>

#define END_LEN 22u
#define ENTRY_LEN 46u
#define LOCAL_LEN 30u
#define END64_LEN 56u
#define LOCATOR_LEN 20u
#define MAX_DIRECTORY ((uint32_t)16 << 20)

static uint32_t le16(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t le32(const uint8_t *p)
{
    return le16(p) | le16(p + 2) << 16;
}

static uint64_t le64(const uint8_t *p)
{
    return (uint64_t)le32(p) | (uint64_t)le32(p + 4) << 32;
}

struct directory {
    uint8_t *p;
    uint64_t len, at, entries;
};

/* The end record of zip64: it says what did not fit into the old one at ${end} of the file. *there:
 * a locator stands right before the old one. */
static enum urna_status read_end64(struct directory *d, bool *there, const struct urna_packed *p,
                                   uint64_t end, struct urna_error *err)
{
    uint8_t locator[LOCATOR_LEN], e[END64_LEN];
    *there = false;
    if (end < LOCATOR_LEN)
        return URNA_OK;
    enum urna_status st = urna_packed_read(p, locator, end - LOCATOR_LEN, sizeof locator, err);
    if (st != URNA_OK || le32(locator) != 0x07064B50)
        return st;
    *there = true;
    uint64_t at = le64(locator + 8);
    if (at > end - LOCATOR_LEN || end - LOCATOR_LEN - at < sizeof e)
        return urna_fail(err, URNA_INPUT, "the zip64 end record has an impossible place");
    st = urna_packed_read(p, e, at, sizeof e, err);
    if (st != URNA_OK)
        return st;
    if (le32(e) != 0x06064B50)
        return urna_fail(err, URNA_INPUT, "the zip64 end record is damaged");
    if (le32(locator + 4) != 0 || le32(locator + 16) > 1 || le32(e + 16) != 0 ||
        le32(e + 20) != 0 || le64(e + 24) != le64(e + 32))
        return urna_fail(err, URNA_INPUT, "a zip archive in several parts: unpack it first");
    d->entries = le64(e + 32);
    d->len = le64(e + 40);
    d->at = le64(e + 48);
    return URNA_OK;
}

/* The old end record at ${e}, which is at ${end} of the file. */
static enum urna_status read_end(struct directory *d, const uint8_t *e, uint64_t end,
                                 const struct urna_packed *p, struct urna_error *err)
{
    bool zip64 = false;
    d->entries = le16(e + 10);
    d->len = le32(e + 12);
    d->at = le32(e + 16);
    if (d->entries == UINT16_MAX || d->len == UINT32_MAX || d->at == UINT32_MAX) {
        enum urna_status st = read_end64(d, &zip64, p, end, err);
        if (st != URNA_OK)
            return st;
    }
    if (!zip64 && (le16(e + 4) != 0 || le16(e + 6) != 0 || le16(e + 8) != d->entries))
        return urna_fail(err, URNA_INPUT, "a zip archive in several parts: unpack it first");
    if (d->len > MAX_DIRECTORY || d->at > end || d->len > end - d->at)
        return urna_fail(err, URNA_INPUT,
                         "the directory of the zip archive has an impossible place or size");
    return URNA_OK;
}

/* The end record: the last one whose comment reaches exactly to the end of the file. */
static enum urna_status read_directory(struct directory *d, const struct urna_packed *p,
                                       struct urna_error *err)
{
    uint8_t tail[END_LEN + 65535];
    size_t n = p->size < sizeof tail ? (size_t)p->size : sizeof tail;
    enum urna_status st = urna_packed_read(p, tail, p->size - n, n, err);
    if (st != URNA_OK)
        return st;
    for (size_t i = n < END_LEN ? 0 : n - END_LEN + 1; i-- > 0;) {
        const uint8_t *e = tail + i;
        if (le32(e) != 0x06054B50 || i + END_LEN + le16(e + 20) != n)
            continue;
        st = read_end(d, e, p->size - n + i, p, err);
        if (st != URNA_OK)
            return st;
        d->p = urna_xmalloc((size_t)d->len + 1);
        return urna_packed_read(p, d->p, d->at, (size_t)d->len, err);
    }
    return urna_fail(err, URNA_INPUT, "a zip archive without its end: cut off?");
}

static bool ends_in(const uint8_t *name, size_t len, const char *tail)
{
    size_t n = strlen(tail);
    if (len < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = name[len - n + i];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != tail[i])
            return false;
    }
    return true;
}

/* What one maker of computers adds to every file of an archive. */
static bool is_resource_fork(const uint8_t *name, size_t len)
{
    return len >= 9 && memcmp(name, "__MACOSX/", 9) == 0;
}

static bool looks_like_table(const uint8_t *name, size_t len)
{
    if (is_resource_fork(name, len))
        return false;
    return ends_in(name, len, ".csv") || ends_in(name, len, ".tsv") || ends_in(name, len, ".txt") ||
           ends_in(name, len, ".tab");
}

/* Add "a.csv, b.csv" to a message, within its size. */
static void add_name(char *list, size_t cap, const uint8_t *name, size_t len)
{
    size_t n = strlen(list);
    if (n + len + 3 < cap) {
        if (n > 0) {
            memcpy(list + n, ", ", 2);
            n += 2;
        }
        memcpy(list + n, name, len);
        list[n + len] = 0;
    }
}

/* The zip64 field of an entry gives, in this order, only what does not fit into the entry itself.
 */
static enum urna_status take_sizes64(struct urna_zip_member *out, const uint8_t *x, size_t len,
                                     struct urna_error *err)
{
    uint64_t *want[3] = {&out->unpacked, &out->packed, &out->at};
    for (size_t i = 0; len - i >= 4;) {
        size_t id = le16(x + i), n = le16(x + i + 2);
        i += 4;
        if (n > len - i)
            break;
        const uint8_t *f = x + i, *end = f + n;
        i += n;
        for (size_t k = 0; id == 1 && k < 3; k++) {
            if (*want[k] != UINT32_MAX)
                continue;
            if (end - f < 8)
                return urna_fail(err, URNA_INPUT, "the zip64 field of the zip member is damaged");
            *want[k] = le64(f);
            f += 8;
        }
        if (id == 1)
            return URNA_OK;
    }
    return urna_fail(err, URNA_INPUT, "the zip member lacks the zip64 field with its sizes");
}

static enum urna_status take_entry(struct urna_zip_member *out, const uint8_t *e,
                                   struct urna_error *err)
{
    uint32_t flags = le16(e + 8), method = le16(e + 10);
    if (flags & 1)
        return urna_fail(err, URNA_INPUT, "the zip member is encrypted");
    if (method != 0 && method != 8)
        return urna_fail(err, URNA_INPUT,
                         "the zip member is packed by method %u; only stored and deflate are read",
                         method);
    out->deflated = method == 8;
    out->crc = le32(e + 16);
    out->packed = le32(e + 20);
    out->unpacked = le32(e + 24);
    out->at = le32(e + 42);
    if (out->packed == UINT32_MAX || out->unpacked == UINT32_MAX || out->at == UINT32_MAX) {
        enum urna_status st = take_sizes64(out, e + ENTRY_LEN + le16(e + 28), le16(e + 30), err);
        if (st != URNA_OK)
            return st;
    }
    if (!out->deflated && out->packed != out->unpacked)
        return urna_fail(err, URNA_INPUT, "a stored zip member with two different sizes");
    return URNA_OK;
}

static enum urna_status search(struct urna_zip_member *out, const struct directory *d,
                               const char *want, struct urna_error *err)
{
    char names[300] = "";
    size_t found = 0;
    size_t at = 0;
    const uint8_t *hit = NULL;
    for (uint64_t k = 0; k < d->entries; k++) {
        const uint8_t *e = d->p + at;
        if (d->len - at < ENTRY_LEN || le32(e) != 0x02014B50)
            return urna_fail(err, URNA_INPUT, "the directory of the zip archive is damaged");
        size_t len = le16(e + 28), rest = (size_t)le16(e + 30) + le16(e + 32);
        if (d->len - at - ENTRY_LEN < len + rest)
            return urna_fail(err, URNA_INPUT, "the directory of the zip archive is damaged");
        const uint8_t *name = e + ENTRY_LEN;
        if (want ? len == strlen(want) && memcmp(name, want, len) == 0
                 : looks_like_table(name, len)) {
            found++;
            hit = e;
        }
        if (!want && ends_in(name, len, "[content_types].xml"))
            return urna_fail(err, URNA_INPUT, "this is a spreadsheet (xlsx): save it as CSV");
        if (!want && len == 11 && memcmp(name, "content.xml", 11) == 0)
            return urna_fail(err, URNA_INPUT, "this is a spreadsheet (ods): save it as CSV");
        if (!is_resource_fork(name, len))
            add_name(names, sizeof names, name, len);
        at += ENTRY_LEN + len + rest;
    }
    if (found == 0)
        return urna_fail(err, URNA_INPUT, "the zip archive has no %s%s; it has: %s",
                         want ? "member " : "table (csv, tsv, txt)", want ? want : "", names);
    if (found > 1)
        return urna_fail(err, URNA_INPUT,
                         "the zip archive has several tables, say which (member = NAME in the map, "
                         "or --member): %s",
                         names);
    return take_entry(out, hit, err);
}

/* The data begins behind the local header, whose name and extra field have their own lengths. */
static enum urna_status locate(struct urna_zip_member *m, const struct urna_packed *p,
                               uint64_t limit, struct urna_error *err)
{
    uint8_t l[LOCAL_LEN];
    if (m->at > limit || limit - m->at < LOCAL_LEN)
        return urna_fail(err, URNA_INPUT, "the zip member has an impossible place");
    enum urna_status st = urna_packed_read(p, l, m->at, sizeof l, err);
    if (st != URNA_OK)
        return st;
    if (le32(l) != 0x04034B50 || le16(l + 8) != (m->deflated ? 8u : 0u) || (le16(l + 6) & 1))
        return urna_fail(err, URNA_INPUT, "the zip member's own header contradicts the directory");
    m->at += LOCAL_LEN + le16(l + 26) + le16(l + 28);
    if (m->at > limit || m->packed > limit - m->at)
        return urna_fail(err, URNA_INPUT, "the zip member has an impossible size");
    return URNA_OK;
}

enum urna_status urna_zip_find(struct urna_zip_member *out, const struct urna_packed *p,
                               const char *want, struct urna_error *err)
{
    struct directory d = {0};
    memset(out, 0, sizeof *out);
    enum urna_status st = read_directory(&d, p, err);
    if (st == URNA_OK)
        st = search(out, &d, want, err);
    if (st == URNA_OK)
        st = locate(out, p, d.at, err);
    free(d.p);
    return st;
}
