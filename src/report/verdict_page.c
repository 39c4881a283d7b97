/* The verification report: its texts, its head and its foot. */
#include "report/reasons.h"
#include "report/verdict_page.h"

#include <string.h>

const char *page_keep(struct page *g, struct urna_buf *b)
{
    const char *s = urna_arena_strndup(&g->arena, (const char *)b->p, b->len);
    urna_buf_free(b);
    return s;
}

const char *page_text(struct page *g, enum urna_verdict_word w, const char *const *arg, size_t n)
{
    struct urna_buf b = {0};
    urna_buf_str(&b, "");
    for (const char *p = T(g, w); *p; p++) {
        if (p[0] == '{' && p[1] >= '1' && p[1] < '1' + (int)n && p[2] == '}') {
            urna_buf_str(&b, arg[p[1] - '1']);
            p += 2;
        } else {
            urna_buf_char(&b, *p);
        }
    }
    return page_keep(g, &b);
}

const char *page_markup(struct page *g, enum urna_verdict_word w, const char *const *arg, size_t n)
{
    struct urna_html tmp = {.lang = g->lang};
    urna_html_fill(&tmp, T(g, w), arg, n);
    return page_keep(g, &tmp.out);
}

const char *page_num(struct page *g, uint64_t x)
{
    char buf[URNA_SAY_MAX];
    urna_say_u64(buf, g->lang, x);
    return urna_arena_strndup(&g->arena, buf, strlen(buf));
}

const char *page_hex(struct page *g, const uint8_t digest[32])
{
    char hex[65];
    urna_hex(hex, digest, 32);
    return urna_arena_strndup(&g->arena, hex, 64);
}

const char *page_join(struct page *g, const char *a, const char *b)
{
    if (!a || !b)
        return a ? a : b;
    struct urna_buf s = {0};
    urna_buf_printf(&s, "%s %s", a, b);
    return page_keep(g, &s);
}

enum urna_html_tone page_good(const struct page *g)
{
    return g->v->as_found ? URNA_HTML_CALM : URNA_HTML_GOOD;
}

const char *page_title(const struct page *g, const struct urna_titles *t, const char *id)
{
    const char *s = urna_title_in(t, urna_lang_name(g->lang));
    return *s ? s : id;
}

const char *page_reason(struct page *g, const char *english)
{
    struct urna_html tmp = {.lang = g->lang};
    urna_html_reason(&tmp, english);
    return page_keep(g, &tmp.out);
}

const char *page_place(struct page *g, uint64_t index)
{
    char path[URNA_TILE_PATH_MAX];
    uint64_t bundle = index / URNA_TILE_WIDTH;
    urna_tile_path(path, &(struct urna_tile){URNA_ENTRIES, bundle,
                                             urna_tile_width(URNA_ENTRIES, bundle, g->v->size)});
    return MF(g, W_FILE_PLACE, path, page_num(g, index % URNA_TILE_WIDTH));
}

const char *page_time(struct page *g, uint64_t t)
{
    char buf[URNA_SAY_MAX];
    urna_say_time(buf, g->lang, (int64_t)t);
    return urna_arena_strndup(&g->arena, buf, strlen(buf));
}
/* ---- head ---- */

enum urna_verdict_word page_word(const struct urna_verdict *v)
{
    static const enum urna_verdict_word word[] = {
        [URNA_INVALID] = W_INVALID,       [URNA_INCOMPLETE] = W_INCOMPLETE,
        [URNA_CONSISTENT] = W_CONSISTENT, [URNA_COMPUTED] = W_COMPUTED,
        [URNA_WITNESSED] = W_WITNESSED,   [URNA_FINAL] = W_FINAL,
    };
    return v->as_found && v->answer >= URNA_CONSISTENT ? W_AS_FOUND : word[v->answer];
}

/* The language of a title, if it is one of ours and not the page's. */
static const char *tag_of(const struct page *g, const char *lang)
{
    enum urna_lang l;
    return urna_lang_parse(&l, lang) && l != g->lang ? urna_lang_name(l) : NULL;
}

/* The title in the other languages, and when. */
static const char *sub_of(struct page *g, const char *shown)
{
    enum { OTHERS = 3 };
    const struct urna_manifest *m = &g->P->m;
    struct urna_html tmp = {.lang = g->lang};
    for (uint32_t i = 0, n = 0; i < m->title.n && n < OTHERS; i++) {
        const struct urna_title *t = &m->title.v[i];
        if (t->text == shown)
            continue;
        urna_html_record(&tmp, t->text, strlen(t->text), tag_of(g, t->lang));
        urna_html_markup(&tmp, "<br>");
        n++;
    }
    urna_html_markup(&tmp,
                     MF(g, W_VOTING_TIMES, page_time(g, m->t_open), page_time(g, m->t_close)));
    return page_keep(g, &tmp.out);
}

void page_head(struct page *g)
{
    const char *heading = TF(g, W_RECORD_AT, g->p->record), *tag = NULL;
    bool named = g->P && g->P->m.title.n > 0;
    if (named) {
        const struct urna_titles *t = &g->P->m.title;
        heading = urna_title_in(t, urna_lang_name(g->lang));
        for (uint32_t i = 0; i < t->n; i++)
            if (t->v[i].text == heading)
                tag = tag_of(g, t->v[i].lang);
    }
    const struct urna_html_head x = {
        .lang = g->lang,
        .title = TF(g, W_WINDOW, T(g, page_word(g->v)), heading),
        .kind = T(g, W_KIND),
        .when = TF(g, W_CHECKED_AT, page_time(g, (uint64_t)g->p->when)),
        .skip = T(g, W_SKIP),
        .test = g->P && g->P->m.test ? T(g, W_TEST) : NULL,
        .heading = heading,
        .heading_lang = tag,
        .sub = g->P ? sub_of(g, heading) : NULL,
    };
    urna_html_begin(&g->h, &x);
}

void page_foot(struct page *g)
{
    const char *const p[] = {T(g, W_FOOT)};
    urna_html_end(&g->h, p, 1);
}
