#include "evidence/signature.h"

#include <stdio.h>
#include <string.h>

#include "evidence/encoding.h"
#include "proof/ed25519.h"

static const char head[] = "urna-signature-1\n";

static void write_signed_part(struct urna_buf *out, const struct urna_signature *s)
{
    urna_buf_str(out, head);
    urna_buf_str(out, "file ");
    for (size_t i = 0; i < sizeof s->file; i++)
        urna_buf_printf(out, "%02x", s->file[i]);
    urna_buf_str(out, "\nname ");
    urna_buf_str(out, s->name);
    urna_buf_str(out, "\n");
}

static bool name_is_good(const char *s, size_t len)
{
    bool nul;
    if (len == 0 || len > URNA_SIGNATURE_NAME_MAX ||
        urna_utf8_valid_prefix((const uint8_t *)s, len, &nul) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)s[i] < 0x20 || s[i] == 0x7F)
            return false;
    return true;
}

enum urna_status urna_signature_make(struct urna_signature *s, const uint8_t file[32],
                                     const char *name, const uint8_t seed[32],
                                     struct urna_error *err)
{
    memset(s, 0, sizeof *s);
    size_t len = strlen(name);
    if (!name_is_good(name, len))
        return urna_fail(err, URNA_INPUT,
                         "a signer's name has 1 to %d bytes and no control characters",
                         URNA_SIGNATURE_NAME_MAX);
    memcpy(s->file, file, sizeof s->file);
    memcpy(s->name, name, len + 1);
    urna_ed25519_public(s->key, seed);
    struct urna_buf msg = {0};
    write_signed_part(&msg, s);
    urna_ed25519_sign(s->sig, seed, msg.p, msg.len);
    urna_buf_free(&msg);
    return URNA_OK;
}

void urna_signature_write(struct urna_buf *out, const struct urna_signature *s)
{
    write_signed_part(out, s);
    urna_buf_str(out, "key ");
    urna_buf_hex(out, s->key, sizeof s->key);
    urna_buf_str(out, "\nsignature ");
    urna_buf_hex(out, s->sig, sizeof s->sig);
    urna_buf_str(out, "\n");
}

enum urna_status urna_signature_check(const struct urna_signature *s, const uint8_t file[32],
                                      struct urna_error *err)
{
    if (memcmp(s->file, file, sizeof s->file) != 0)
        return urna_fail(err, URNA_FALSE, "the signature is for another file");
    if (!urna_ed25519_key_valid(s->key))
        return urna_fail(err, URNA_FALSE, "the key is no valid key");
    struct urna_buf msg = {0};
    write_signed_part(&msg, s);
    bool ok = urna_ed25519_check(s->key, msg.p, msg.len, s->sig);
    urna_buf_free(&msg);
    return ok ? URNA_OK : urna_fail(err, URNA_FALSE, "the signature was not made with this key");
}

/* The value of the line "KEY value"; one spelling only. */
static bool take_line(struct urna_view *value, struct urna_view *text, const char *key)
{
    size_t n = strlen(key);
    const uint8_t *nl = text->len ? memchr(text->p, '\n', text->len) : NULL;
    if (!nl || (size_t)(nl - text->p) < n || memcmp(text->p, key, n) != 0)
        return false;
    *value = urna_view(text->p + n, (size_t)(nl - text->p) - n);
    *text = urna_view(nl + 1, text->len - (size_t)(nl + 1 - text->p));
    return true;
}

static bool take_hex(uint8_t *out, size_t len, struct urna_view *text, const char *key, bool lower)
{
    struct urna_view v;
    if (!take_line(&v, text, key))
        return false;
    for (size_t i = 0; i < v.len; i++)
        if (lower ? v.p[i] >= 'A' && v.p[i] <= 'F' : v.p[i] >= 'a' && v.p[i] <= 'f')
            return false;
    return urna_unhex_any(out, len, (const char *)v.p, v.len);
}

enum urna_status urna_signature_read(struct urna_signature *s, struct urna_view text,
                                     const char *name, struct urna_error *err)
{
    struct urna_view v;
    memset(s, 0, sizeof *s);
    bool ok = take_line(&v, &text, "urna-signature-1") && v.len == 0 &&
              take_hex(s->file, sizeof s->file, &text, "file ", true) &&
              take_line(&v, &text, "name ") && name_is_good((const char *)v.p, v.len);
    if (ok) {
        memcpy(s->name, v.p, v.len);
        ok = take_hex(s->key, sizeof s->key, &text, "key ", false) &&
             take_hex(s->sig, sizeof s->sig, &text, "signature ", false) && text.len == 0;
    }
    if (ok)
        return URNA_OK;
    urna_error_where(err, name);
    return urna_fail(err, URNA_INPUT,
                     "not a signature file (urna-signature-1: file, name, key, signature)");
}
