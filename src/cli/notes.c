#include "cli/notes.h"

#include <stdlib.h>
#include <string.h>

void urna_cosigs_free(struct urna_cosigs *c)
{
    for (size_t i = 0; i < c->n; i++)
        urna_buf_free(&c->v[i].line);
    free(c->v);
    *c = (struct urna_cosigs){0};
}

static enum urna_status take_line(struct urna_cosigs *out, const struct urna_checkpoint *c,
                                  const struct urna_note_sig *s, const struct urna_manifest *m,
                                  struct urna_error *err)
{
    for (uint32_t w = 0; w < m->n_witnesses; w++)
        for (int head = 0; head < 2; head++) {
            const struct urna_cosigner *who = head ? &m->witnesses[w].head : &m->witnesses[w].full;
            struct urna_vkey k;
            uint64_t time;
            urna_vkey_make(&k, who->name, URNA_KEY_COSIGNATURE, who->key);
            if (!urna_note_sig_by(s, &k))
                continue;
            if (!urna_note_sig_check(s, &k, c->text, &time))
                return urna_fail(err, URNA_FALSE, "the line of %s does not verify", who->name);
            out->v = urna_xrealloc(out->v, out->n + 1, sizeof *out->v);
            struct urna_cosig *x = &out->v[out->n++];
            *x =
                (struct urna_cosig){.witness = w, .head = head != 0, .size = c->size, .time = time};
            memcpy(x->root, c->root, 32);
            memcpy(x->sig, s->blob.p + 8, 64);
            urna_note_line(&x->line, &k, s->blob.p, s->blob.len);
        }
    return URNA_OK;
}

enum urna_status urna_cosigs_read(struct urna_cosigs *out, const struct urna_manifest *m,
                                  const char *path, struct urna_error *err)
{
    struct urna_buf note = {0};
    struct urna_checkpoint c = {0};
    size_t before = out->n;
    enum urna_status st = urna_cli_read(&note, path, URNA_NOTE_MAX, err);
    if (st == URNA_OK)
        st = urna_checkpoint_read(&c, urna_buf_view(&note), err);
    if (st == URNA_OK && strcmp(c.origin, m->origin) != 0)
        st = urna_fail(err, URNA_FALSE, "a note of another log");
    for (size_t i = 0; st == URNA_OK && i < c.n_sig; i++)
        st = take_line(out, &c, &c.sig[i], m, err);
    if (st == URNA_OK && out->n == before)
        st = urna_fail(err, URNA_FALSE, "no line of a witness of this election");
    if (st != URNA_OK)
        urna_error_where(err, path);
    urna_checkpoint_free(&c);
    urna_buf_free(&note);
    return st;
}
