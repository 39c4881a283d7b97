/* Choosing a column map: a ready-made one if its columns are there, else a guess. */
#include <string.h>

#include "evidence/binding.h"
#include "evidence/guess_sample.h"

/* How many columns the ready-made map uses here; 0 if it does not fit. */
static size_t fit(const struct urna_colmap_file *f, const struct urna_table *t)
{
    struct urna_colmap m;
    struct urna_binding b = {0};
    size_t used = 0;
    if (urna_colmap_parse(&m, urna_view_str(f->text), f->name, NULL) == URNA_OK &&
        urna_binding_make(&b, &m, t, NULL) == URNA_OK)
        used = b.n_used;
    urna_binding_free(&b);
    urna_colmap_free(&m);
    return used;
}

/* The ready-made map that uses most columns of the table, or NULL. */
static const struct urna_colmap_file *find_ready(const struct urna_table *t)
{
    size_t best = 0;
    const struct urna_colmap_file *ready = NULL;
    for (size_t i = 0; i < urna_colmap_n_ready; i++) {
        size_t used = fit(&urna_colmap_ready[i], t);
        if (used > best) {
            best = used;
            ready = &urna_colmap_ready[i];
        }
    }
    return ready;
}

static enum urna_status choose(struct urna_colmap *m, struct urna_buf *text, const char **name,
                               bool *guessed, const struct urna_colmap_file *ready,
                               const struct urna_table_options *layout, struct urna_table *t,
                               struct urna_error *err)
{
    memset(m, 0, sizeof *m);
    *guessed = !ready;
    if (name)
        *name = ready ? ready->name : "a guess";
    if (ready) {
        if (text)
            urna_buf_str(text, ready->text);
        return urna_colmap_parse(m, urna_view_str(ready->text), ready->name, err);
    }
    struct urna_buf own = {0}, *out = text ? text : &own;
    enum urna_status st = urna_guess_map(out, layout, t, err);
    if (st == URNA_OK)
        st = urna_colmap_parse(m, urna_buf_view(out), "guessed map", err);
    urna_buf_free(&own);
    return st;
}

enum urna_status urna_colmap_choose(struct urna_colmap *m, struct urna_buf *text, const char **name,
                                    bool *guessed, struct urna_table *t, struct urna_error *err)
{
    return choose(m, text, name, guessed, find_ready(t), NULL, t, err);
}

enum urna_status urna_colmap_choose_file(struct urna_colmap *m, struct urna_buf *text,
                                         const char **name, bool *guessed, const char *path,
                                         const char *member, struct urna_error *err)
{
    struct urna_table *t;
    struct urna_table_options options = {.member = member};
    memset(m, 0, sizeof *m);
    enum urna_status st = urna_table_open(&t, path, &options, err);
    const struct urna_colmap_file *ready = st == URNA_OK ? find_ready(t) : NULL;
    if (st == URNA_OK && !ready) {
        urna_table_close(t);
        urna_guess_layout(&options, path);
        st = urna_table_open(&t, path, &options, err);
    }
    if (st == URNA_OK)
        st = choose(m, text, name, guessed, ready, &options, t, err);
    urna_table_close(t);
    if (member)
        m->table.member = member;
    return st;
}
