/* Signature lines: those of the log (Ed25519 over the text) and cosignature/v1 (C2SP
 * tlog-cosignature). */
#include "log/note.h"

#include "proof/ed25519.h"

#include <string.h>

#define SIG_LEN 64
#define TIME_LEN 8

bool urna_note_sig_by(const struct urna_note_sig *s, const struct urna_vkey *k)
{
    return memcmp(s->id, k->id, 4) == 0 && strcmp(s->name, k->name) == 0;
}

static void cosigned_message(struct urna_buf *out, uint64_t time, struct urna_view text)
{
    urna_buf_printf(out, "cosignature/v1\ntime %llu\n", (unsigned long long)time);
    urna_buf_add(out, text.p, text.len);
}

bool urna_cosignature_check(const uint8_t pk[32], uint64_t time, struct urna_view text,
                            const uint8_t sig[64])
{
    if (time == 0 || time > INT64_MAX)
        return false;
    struct urna_buf msg = {0};
    cosigned_message(&msg, time, text);
    bool ok = urna_ed25519_check(pk, msg.p, msg.len, sig);
    urna_buf_free(&msg);
    return ok;
}

void urna_cosignature_sign(uint8_t sig[64], const uint8_t seed[32], uint64_t time,
                           struct urna_view text)
{
    struct urna_buf msg = {0};
    cosigned_message(&msg, time, text);
    urna_ed25519_sign(sig, seed, msg.p, msg.len);
    urna_buf_free(&msg);
}

bool urna_note_sig_check(const struct urna_note_sig *s, const struct urna_vkey *k,
                         struct urna_view text, uint64_t *time)
{
    if (time)
        *time = 0;
    if (!urna_note_sig_by(s, k))
        return false;
    if (k->type == URNA_KEY_ED25519)
        return s->blob.len == SIG_LEN && urna_ed25519_check(k->pk, text.p, text.len, s->blob.p);
    if (k->type != URNA_KEY_COSIGNATURE || s->blob.len != TIME_LEN + SIG_LEN)
        return false;
    uint64_t t = urna_get_be64(s->blob.p);
    if (!urna_cosignature_check(k->pk, t, text, s->blob.p + TIME_LEN))
        return false;
    if (time)
        *time = t;
    return true;
}
