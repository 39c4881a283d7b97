/* Merging cosignatures into the checkpoint that lies there. */
#include "log/writer_internal.h"

#include "log/note_internal.h"

#include <string.h>

static bool same_key(const struct urna_note_sig *a, const struct urna_note_sig *b)
{
    return memcmp(a->id, b->id, 4) == 0 && strcmp(a->name, b->name) == 0;
}

/* The last line of a's key among the new ones, or a itself. */
static const struct urna_note_sig *newest(const struct urna_note_sig *a,
                                          const struct urna_checkpoint *more)
{
    const struct urna_note_sig *s = a;
    for (size_t i = 0; i < more->n_sig; i++)
        if (same_key(&more->sig[i], a))
            s = &more->sig[i];
    return s;
}

static bool is_known(const struct urna_note_sig *s, const struct urna_note_sig *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (same_key(&list[i], s))
            return true;
    return false;
}

static void merge(struct urna_buf *note, const struct urna_checkpoint *old,
                  const struct urna_checkpoint *more)
{
    urna_buf_add(note, old->text.p, old->text.len);
    urna_buf_char(note, '\n');
    for (size_t i = 0; i < old->n_sig; i++)
        if (!is_known(&old->sig[i], old->sig, i))
            urna_note_sig_write(note, newest(&old->sig[i], more));
    for (size_t i = 0; i < more->n_sig; i++)
        if (!is_known(&more->sig[i], old->sig, old->n_sig) &&
            !is_known(&more->sig[i], more->sig, i))
            urna_note_sig_write(note, newest(&more->sig[i], more));
}

enum urna_status urna_writer_cosign(struct urna_writer *w, struct urna_view lines,
                                    struct urna_error *err)
{
    if (!w->has_checkpoint)
        return urna_fail(err, URNA_INPUT, "there is no checkpoint yet");
    if (lines.len == 0)
        return URNA_OK;
    struct urna_buf note = {0};
    struct urna_checkpoint more;
    urna_buf_add(&note, w->checkpoint.text.p, w->checkpoint.text.len);
    urna_buf_char(&note, '\n');
    urna_buf_add(&note, lines.p, lines.len);
    enum urna_status st = urna_checkpoint_read(&more, urna_buf_view(&note), err);
    for (size_t i = 0; st == URNA_OK && i < more.n_sig; i++)
        if (urna_note_sig_by(&more.sig[i], &w->log) &&
            !urna_note_sig_check(&more.sig[i], &w->log, more.text, NULL))
            st = urna_fail(err, URNA_INPUT, "a line of the log's own key does not verify");
    if (st == URNA_OK) {
        urna_buf_reset(&note);
        merge(&note, &w->checkpoint, &more);
        st = urna_writer_put_checkpoint(w, urna_buf_view(&note), err);
    }
    urna_checkpoint_free(&more);
    urna_buf_free(&note);
    return st;
}
