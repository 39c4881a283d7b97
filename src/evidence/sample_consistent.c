/* Sampler C. A ticket number is a text "0.ddd…", and tickets are compared as texts. */
#include "evidence/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;

static const uint64_t e19 = 10000000000000000000u;

/* Divide the 256-bit number in w (most significant word first) by 10^19; returns the remainder. */
static uint64_t divide_e19(uint64_t w[4])
{
    u128 r = 0;
    for (int i = 0; i < 4; i++) {
        u128 x = r << 64 | w[i];
        w[i] = (uint64_t)(x / e19);
        r = x % e19;
    }
    return (uint64_t)r;
}

static void words_of(uint64_t w[4], const uint8_t h[URNA_HASH_LEN])
{
    for (int i = 0; i < 4; i++)
        w[i] = urna_get_be64(h + 8 * i);
}

void urna_ticket_digits(char out[URNA_TICKET_DIGITS], const void *text, size_t len)
{
    uint8_t h[URNA_HASH_LEN];
    urna_sha256(h, text, len);
    uint64_t w[4];
    words_of(w, h);
    /* 2^256 < 10^78: five remainders hold every digit, lowest first as wanted. */
    size_t n = 0, last = 0;
    for (int part = 0; part < 5 && n < 78; part++) {
        uint64_t r = divide_e19(w);
        for (int i = 0; i < 19 && n < 78; i++, r /= 10) {
            out[n++] = (char)('0' + (int)(r % 10));
            if (r % 10 != 0)
                last = n;
        }
    }
    out[last < 64 ? 64 : last] = 0;
}

void urna_ticket_first(struct urna_buf *out, const char *seed, const char *id)
{
    uint8_t h[URNA_HASH_LEN];
    urna_sha256(h, seed, strlen(seed));
    struct urna_buf text = {0};
    urna_buf_hex(&text, h, sizeof h);
    for (size_t i = 0; i < text.len; i++)
        text.p[i] = text.p[i] >= 'A' ? (uint8_t)(text.p[i] + 32) : text.p[i];
    urna_buf_str(&text, id);
    char digits[URNA_TICKET_DIGITS];
    urna_ticket_digits(digits, text.p, text.len);
    urna_buf_str(out, "0.");
    urna_buf_str(out, digits);
    urna_buf_free(&text);
}

/* Length of "0." and the nines that follow. */
static size_t nines(const char *ticket)
{
    size_t i = 2;
    while (ticket[i] == '9')
        i++;
    return i;
}

void urna_ticket_next(struct urna_buf *out, const char *ticket)
{
    size_t from = out->len, keep = nines(ticket);
    struct urna_buf text = {0};
    for (uint64_t i = 1;; i++) {
        urna_buf_reset(&text);
        urna_buf_printf(&text, "%s:%llu", ticket, (unsigned long long)i);
        char digits[URNA_TICKET_DIGITS];
        urna_ticket_digits(digits, text.p, text.len);
        out->len = from;
        urna_buf_add(out, ticket, keep);
        urna_buf_str(out, digits);
        if (strcmp(urna_buf_cstr(out) + from, ticket) > 0)
            break;
    }
    urna_buf_free(&text);
}

static char *trimmed(const char *ticket, unsigned digits)
{
    size_t len = nines(ticket) + digits;
    return strndup(ticket, len);
}

/* ---- drawing: a heap of candidates ---- */

struct candidate {
    char *number;
    size_t item;
    unsigned generation;
};

/* Equal numbers never happen by chance; the item decides so that the order is always defined. */
static bool before(const struct candidate *a, const struct candidate *b)
{
    int c = strcmp(a->number, b->number);
    return c < 0 || (c == 0 && a->item < b->item);
}

static void sift_down(struct candidate *heap, size_t n, size_t i)
{
    for (;;) {
        size_t least = i, l = 2 * i + 1, r = l + 1;
        if (l < n && before(heap + l, heap + least))
            least = l;
        if (r < n && before(heap + r, heap + least))
            least = r;
        if (least == i)
            return;
        struct candidate t = heap[i];
        heap[i] = heap[least];
        heap[least] = t;
        i = least;
    }
}

/* The first 19 digits of a ticket as a number: they order nearly everything, and cost one division
 * of the hash instead of 78 digits. */
static uint64_t key_of(const uint8_t h[URNA_HASH_LEN])
{
    uint64_t w[4];
    words_of(w, h);
    uint64_t r = divide_e19(w), key = 0;
    for (int i = 0; i < 19; i++, r /= 10)
        key = key * 10 + r % 10;
    return key;
}

struct key {
    uint64_t key;
    size_t item;
};

static int by_key(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

/* All items, sorted by the beginning of their first ticket. */
static struct key *sorted_keys(const char *seed, const char *const *ids, size_t n)
{
    struct key *keys = urna_xcalloc(n + 1, sizeof *keys);
    uint8_t h[URNA_HASH_LEN];
    urna_sha256(h, seed, strlen(seed));
    char hex[2 * URNA_HASH_LEN + 1];
    urna_hex(hex, h, sizeof h);
    for (char *p = hex; *p; p++)
        *p = *p >= 'A' ? (char)(*p + 32) : *p;
    struct urna_sha256 seeded;
    urna_sha256_init(&seeded);
    urna_sha256_add(&seeded, hex, 2 * URNA_HASH_LEN);
    for (size_t i = 0; i < n; i++) {
        struct urna_sha256 s = seeded;
        urna_sha256_add(&s, ids[i], strlen(ids[i]));
        urna_sha256_end(&s, h);
        keys[i].key = key_of(h);
        keys[i].item = i;
    }
    qsort(keys, n, sizeof *keys, by_key);
    return keys;
}

enum urna_status urna_sample_consistent(struct urna_ticket *out, size_t k, const char *seed,
                                        const char *const *ids, size_t n_ids, bool replace,
                                        unsigned digits, struct urna_error *err)
{
    if (k > 0 && (n_ids == 0 || (!replace && k > n_ids)))
        return urna_fail(err, URNA_INPUT, "sample: %zu asked for, there are only %zu", k, n_ids);
    struct key *keys = sorted_keys(seed, ids, n_ids);
    /* The k smallest tickets of all generations are among the items whose first ticket is among the
     * k smallest first tickets; equal beginnings at the edge are taken along. */
    size_t n = k < n_ids ? k : n_ids;
    while (n > 0 && n < n_ids && keys[n].key == keys[n - 1].key)
        n++;
    struct candidate *heap = urna_xcalloc(n + 1, sizeof *heap);
    struct urna_buf text = {0};
    for (size_t i = 0; i < n; i++) {
        urna_buf_reset(&text);
        urna_ticket_first(&text, seed, ids[keys[i].item]);
        heap[i] = (struct candidate){urna_xstrdup(urna_buf_cstr(&text)), keys[i].item, 1};
    }
    free(keys);
    for (size_t i = n; i-- > 0;)
        sift_down(heap, n, i);
    for (size_t i = 0; i < k; i++) {
        struct candidate *top = heap;
        out[i] = (struct urna_ticket){top->item, top->generation, trimmed(top->number, digits)};
        urna_buf_reset(&text);
        if (replace)
            urna_ticket_next(&text, top->number);
        free(top->number);
        if (replace) {
            top->number = urna_xstrdup(urna_buf_cstr(&text));
            top->generation++;
        } else {
            heap[0] = heap[--n];
        }
        sift_down(heap, n, 0);
    }
    for (size_t i = 0; i < n; i++)
        free(heap[i].number);
    free(heap);
    urna_buf_free(&text);
    return URNA_OK;
}

void urna_tickets_free(struct urna_ticket *t, size_t k)
{
    for (size_t i = 0; i < k; i++)
        free(t[i].number);
}

/* ---- Python's repr ---- */

/* Code points that Python escapes: controls, formats, separators other than the space, surrogates,
 * private use, and the noncharacters at the ends of planes. */
static const struct {
    uint32_t from, to;
} escaped[] = {
    {0x0000, 0x001f},   {0x007f, 0x00a0},    {0x00ad, 0x00ad},   {0x0600, 0x0605},
    {0x061c, 0x061c},   {0x06dd, 0x06dd},    {0x070f, 0x070f},   {0x0890, 0x0891},
    {0x08e2, 0x08e2},   {0x1680, 0x1680},    {0x180e, 0x180e},   {0x2000, 0x200f},
    {0x2028, 0x202f},   {0x205f, 0x206f},    {0x3000, 0x3000},   {0xd800, 0xf8ff},
    {0xfeff, 0xfeff},   {0xfff0, 0xfffb},    {0xfffe, 0xffff},   {0x110bd, 0x110bd},
    {0x110cd, 0x110cd}, {0x13430, 0x1343f},  {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
    {0xe0000, 0xe007f}, {0xf0000, 0x10ffff},
};

static bool is_printable(uint32_t cp)
{
    for (size_t i = 0; i < sizeof escaped / sizeof escaped[0]; i++) {
        if (cp >= escaped[i].from && cp <= escaped[i].to)
            return false;
    }
    return true;
}

static void repr_char(struct urna_buf *out, uint32_t cp, const uint8_t *utf8, size_t len,
                      char quote)
{
    if (cp == (uint32_t)(uint8_t)quote || cp == '\\')
        urna_buf_printf(out, "\\%c", (int)cp);
    else if (cp == '\n')
        urna_buf_str(out, "\\n");
    else if (cp == '\r')
        urna_buf_str(out, "\\r");
    else if (cp == '\t')
        urna_buf_str(out, "\\t");
    else if (is_printable(cp))
        urna_buf_add(out, utf8, len);
    else if (cp < 0x100)
        urna_buf_printf(out, "\\x%02x", cp);
    else if (cp < 0x10000)
        urna_buf_printf(out, "\\u%04x", cp);
    else
        urna_buf_printf(out, "\\U%08x", cp);
}

void urna_python_repr(struct urna_buf *out, const char *s, size_t len)
{
    bool single = len > 0 && memchr(s, '\'', len), both = single && memchr(s, '"', len);
    char quote = single && !both ? '"' : '\'';
    urna_buf_char(out, quote);
    const uint8_t *p = (const uint8_t *)s;
    for (size_t i = 0; i < len;) {
        size_t from = i;
        uint32_t cp;
        if (!urna_utf8_next(p, len, &i, &cp)) {
            /* not text: as Python's surrogateescape would show it */
            urna_buf_printf(out, "\\udc%02x", p[from]);
            i = from + 1;
            continue;
        }
        repr_char(out, cp, p + from, i - from, quote);
    }
    urna_buf_char(out, quote);
}

void urna_python_pair(struct urna_buf *out, const char *batch, uint64_t number)
{
    urna_buf_char(out, '(');
    urna_python_repr(out, batch, strlen(batch));
    urna_buf_printf(out, ", %llu)", (unsigned long long)number);
}
