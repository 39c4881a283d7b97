/* Checkpoints: what is read is written again byte for byte, text and signature lines; a fault names
 * a byte that is there, or the end. */
#include "fuzz.h"

#include "log/note_internal.h"
#include "proof/ed25519.h"

#define CHECKED_MAX 4 /* signature lines that are verified: they cost more than all the rest */

/* Line ${s} against a key that it names itself, so that every path of the check is reached. */
static void check_line(const struct urna_note_sig *s, struct urna_view text)
{
    static const uint8_t seed[32] = {1};
    struct urna_vkey k;
    uint8_t pk[32];
    uint64_t time = 0;
    urna_ed25519_public(pk, seed);
    urna_vkey_make(&k, s->name, s->blob.len == 64 ? URNA_KEY_ED25519 : URNA_KEY_COSIGNATURE, pk);
    bool holds = urna_note_sig_check(s, &k, text, &time);
    MUST(!holds || urna_note_sig_by(s, &k));
    for (size_t i = 0; i < sizeof k.id; i++)
        k.id[i] = s->id[i];
    MUST(urna_note_sig_by(s, &k));
    holds = urna_note_sig_check(s, &k, text, &time);
    MUST(!holds || k.type == URNA_KEY_ED25519 || time > 0);
}

static void check_read(const struct urna_checkpoint *c, struct urna_view note)
{
    struct urna_buf out = {0};
    urna_checkpoint_text(&out, c->origin, c->size, c->root);
    MUST(urna_view_eq(urna_buf_view(&out), c->text));
    urna_buf_char(&out, '\n');
    MUST(c->n_sig <= URNA_NOTE_MAX_SIGS);
    for (size_t i = 0; i < c->n_sig; i++) {
        urna_note_sig_write(&out, &c->sig[i]);
        if (i < CHECKED_MAX)
            check_line(&c->sig[i], c->text);
    }
    MUST(urna_view_eq(urna_buf_view(&out), note));
    urna_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_checkpoint c;
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status st = urna_checkpoint_read(&c, urna_view(data, size), &err);
    if (st == URNA_OK)
        check_read(&c, urna_view(data, size));
    else
        MUST(st != URNA_SYSTEM && err.status == st &&
             (size > URNA_NOTE_MAX || (err.offset >= 0 && (uint64_t)err.offset <= size)));
    urna_checkpoint_free(&c);
    return 0;
}
