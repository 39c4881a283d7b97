/* Verifier keys of C2SP signed-note. */
#include "log/note_internal.h"

#include "hash/sha256.h"
#include "proof/ed25519.h"

#include <stdio.h>
#include <string.h>

static void key_id(uint8_t id[4], const char *name, enum urna_key_type type, const uint8_t pk[32])
{
    uint8_t lf_type[2] = {'\n', (uint8_t)type}, h[32];
    struct urna_sha256 s;
    urna_sha256_init(&s);
    urna_sha256_add(&s, name, strlen(name));
    urna_sha256_add(&s, lf_type, 2);
    urna_sha256_add(&s, pk, 32);
    urna_sha256_end(&s, h);
    memcpy(id, h, 4);
}

void urna_vkey_make(struct urna_vkey *k, const char *name, enum urna_key_type type,
                    const uint8_t pk[32])
{
    memset(k, 0, sizeof *k);
    snprintf(k->name, sizeof k->name, "%s", name);
    k->type = type;
    memcpy(k->pk, pk, 32);
    key_id(k->id, k->name, type, pk);
}

/* The key ID in a verifier key: eight lower-case digits. */
static bool read_id(uint8_t id[4], struct urna_view hex)
{
    for (size_t i = 0; i < hex.len; i++)
        if (hex.p[i] >= 'A' && hex.p[i] <= 'F')
            return false;
    return hex.len == 8 && urna_unhex_any(id, 4, (const char *)hex.p, hex.len);
}

/* Cut at the first two '+': the base64 behind them may contain more. */
static enum urna_status read_vkey(struct urna_vkey *k, struct urna_view text, struct urna_buf *raw,
                                  struct urna_error *err)
{
    size_t a = urna_view_find(text, '+');
    if (a == text.len)
        return urna_fail(err, URNA_INPUT, "verifier key: no '+' behind the name");
    struct urna_view name = urna_view(text.p, a), rest = urna_view_skip(text, a + 1);
    size_t b = urna_view_find(rest, '+');
    uint8_t id[4];
    if (!urna_note_name_ok(name))
        return urna_fail(
            err, URNA_INPUT,
            "verifier key: the name is empty, too long or has a character that names cannot have");
    if (b == rest.len || !read_id(id, urna_view(rest.p, b)))
        return urna_fail(
            err, URNA_INPUT,
            "verifier key: the key ID is not eight lower-case hex digits between two '+'");
    rest = urna_view_skip(rest, b + 1);
    if (!urna_unbase64(raw, (const char *)rest.p, rest.len) || raw->len < 1)
        return urna_fail(err, URNA_INPUT, "verifier key: the key is not base64");
    if (raw->p[0] != URNA_KEY_ED25519 && raw->p[0] != URNA_KEY_COSIGNATURE)
        return urna_fail(err, URNA_INPUT,
                         "verifier key: type %02x is not one of 01 (Ed25519) and 04 (cosignature)",
                         raw->p[0]);
    if (raw->len != 33)
        return urna_fail(err, URNA_INPUT, "verifier key: the key has %zu bytes instead of 32",
                         raw->len - 1);

    char copy[URNA_NAME_MAX + 1];
    urna_note_name_copy(copy, name);
    urna_vkey_make(k, copy, (enum urna_key_type)raw->p[0], raw->p + 1);
    if (memcmp(k->id, id, 4) != 0)
        return urna_fail(err, URNA_INPUT,
                         "verifier key: the key ID does not belong to this name and key (a "
                         "mistyped or altered key)");
    if (!urna_ed25519_key_valid(k->pk))
        return urna_fail(err, URNA_INPUT,
                         "verifier key: not a canonical Ed25519 key of prime order");
    return URNA_OK;
}

enum urna_status urna_vkey_read(struct urna_vkey *k, struct urna_view text, struct urna_error *err)
{
    struct urna_buf raw = {0};
    enum urna_status st = read_vkey(k, text, &raw, err);
    urna_buf_free(&raw);
    if (st != URNA_OK)
        memset(k, 0, sizeof *k);
    return st;
}

void urna_vkey_write(struct urna_buf *out, const struct urna_vkey *k)
{
    uint8_t raw[33] = {(uint8_t)k->type};
    memcpy(raw + 1, k->pk, 32);
    urna_buf_printf(out, "%s+%08x+", k->name, (unsigned)urna_get_be32(k->id));
    urna_base64(out, raw, sizeof raw);
}
