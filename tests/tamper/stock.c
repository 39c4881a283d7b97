/* Values to exchange one for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

static void stock_value(struct stock *s, enum urna_kind kind, const char *prefix, const char *path,
                        struct urna_view value)
{
    unsigned have = 0;
    struct urna_buf full = {0};
    urna_buf_printf(&full, "%s%s", prefix, path);
    const char *name = urna_buf_cstr(&full);
    bool there = false;
    for (size_t i = 0; i < s->n && !there; i++)
        if (s->v[i].kind == kind && strcmp(s->v[i].path, name) == 0)
            there = ++have > DONORS || urna_view_eq(s->v[i].value, value);
    if (!there) {
        struct urna_view own = {urna_arena_copy(&s->a, value.p, value.len), value.len};
        s->v = urna_xrealloc(s->v, s->n + 1, sizeof *s->v);
        s->v[s->n++] = (struct donor){kind, urna_arena_strndup(&s->a, name, full.len), own};
    }
    urna_buf_free(&full);
}

static void stock_text(struct stock *s, enum urna_kind kind, const char *prefix,
                       struct urna_view text)
{
    struct places p;
    if (places_read(&p, text))
        for (size_t k = 1; k < p.n; k++)
            stock_value(s, kind, prefix, p.v[k].path, place_value(&p, k));
    places_free(&p);
}

/* Lawful values that no other entry of the kind need have. */
static void stock_ids(struct stock *s, const struct ve *t)
{
    static const enum urna_kind by_guardian[] = {
        URNA_GUARDIAN_COMMIT,    URNA_GUARDIAN_KEYS,  URNA_GUARDIAN_SHARES, URNA_GUARDIAN_COMPLAINT,
        URNA_GUARDIAN_CONFIRM,   URNA_DECRYPT_COMMIT, URNA_DECRYPT_REVEAL,  URNA_DECRYPT_RESPOND,
        URNA_GUARDIAN_COMPLAINT, URNA_STATEMENT,      URNA_INCIDENT,        URNA_COMPLAINT};
    static const enum urna_kind by_witness[] = {URNA_ACCEPT, URNA_VERDICT};
    char id[16];
    for (uint32_t i = 0; i < t->s.n; i++) {
        snprintf(id, sizeof id, "\"%s\"", t->key[t->guardian[i]].id);
        for (size_t k = 0; k < sizeof by_guardian / sizeof by_guardian[0]; k++)
            stock_value(s, by_guardian[k], "", k == 8 ? ".against" : ".as", urna_view_str(id));
    }
    for (uint32_t i = 0; i < t->s.witnesses; i++) {
        snprintf(id, sizeof id, "\"%s\"", t->key[t->full[i]].id);
        for (size_t k = 0; k < 2; k++)
            stock_value(s, by_witness[k], "", ".as", urna_view_str(id));
    }
    for (size_t i = 0, n = s->n; i < n; i++)
        if (s->v[i].kind == URNA_GUARDIAN_KEYS && strcmp(s->v[i].path, ".k[]") == 0) {
            stock_value(s, URNA_OPEN, "", ".k", s->v[i].value);
            stock_value(s, URNA_OPEN, "", ".kh", s->v[i].value);
        }
    stock_value(s, URNA_REDACT, "", ".reason", urna_view_str("\"unlawful\""));
    stock_value(s, URNA_VERDICT, "", ".answer", urna_view_str("\"final\""));
    stock_value(s, URNA_MANIFEST, "", ".credentials", urna_view_str("\"two-registrars\""));
    stock_value(s, URNA_MANIFEST, "", ".credentials", urna_view_str("\"voter-made\""));
    stock_value(s, URNA_MANIFEST, "", ".seats[].method", urna_view_str("\"hare\""));
    stock_value(s, URNA_MANIFEST, "", ".seats[].base", urna_view_str("\"all\""));
    stock_value(s, URNA_MANIFEST, "", ".seats[].ties", urna_view_str("\"order\""));
}

void stock_fill(struct stock *s, const struct ve *t)
{
    struct leaves l = {0};
    for (size_t i = 0; i < t->n; i++) {
        const struct ve_entry *e = &t->entry[i];
        if (e->body.len > 60000)
            continue;
        leaves_make(&l, e->kind, urna_buf_view(&e->body), e->sig, e->n_sigs);
        const uint8_t *lf = memchr(l.leaf[0].p, '\n', l.leaf[0].len);
        size_t head = (size_t)(lf - l.leaf[0].p);
        stock_text(s, e->kind, "", urna_buf_view(&e->body));
        stock_text(s, e->kind, "~", urna_view(l.leaf[0].p, head));
        if (urna_kind_out_of_line(e->kind))
            stock_text(s, e->kind, "|", urna_view(lf + 1, l.leaf[0].len - head - 1));
    }
    leaves_free(&l);
    stock_ids(s, t);
    for (int k = 0; k < URNA_KIND_COUNT; k++) {
        static const char *const kind[] = {"\"part\"", "\"ballot\"", "\"statement\"",
                                           "\"guardian.confirm\""};
        for (int i = 0; i < 4; i++)
            stock_value(s, (enum urna_kind)k, "~", ".kind", urna_view_str(kind[i]));
    }
}

void stock_free(struct stock *s)
{
    free(s->v);
    urna_arena_free(&s->a);
}

/* The way-th value of that place that is another one. */
struct urna_view stock_other(const struct stock *s, enum urna_kind kind, const char *path,
                             struct urna_view than, unsigned way)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].kind == kind && strcmp(s->v[i].path, path) == 0 &&
            !urna_view_eq(s->v[i].value, than) && way-- == 0)
            return s->v[i].value;
    return urna_view(NULL, 0);
}
