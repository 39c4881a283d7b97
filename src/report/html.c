#include "report/html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/look.h"

static const char symbols[] =
    "<svg width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\"><defs>\n"
    "<symbol id=\"ok\" viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"10\"/>"
    "<path d=\"m7.5 12.5 3 3 6-6.5\"/></symbol>\n"
    "<symbol id=\"no\" viewBox=\"0 0 24 24\"><path d=\"M8 2h8l6 6v8l-6 6H8l-6-6V8z\"/>"
    "<path d=\"m8.5 8.5 7 7m0-7-7 7\"/></symbol>\n"
    "<symbol id=\"wait\" viewBox=\"0 0 24 24\"><path d=\"M12 3 1.8 21h20.4z\"/>"
    "<path d=\"M12 10v5m0 2.8v.1\"/></symbol>\n"
    "<symbol id=\"open\" viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"10\"/>"
    "<path d=\"M12 6.5V12l3.5 2\"/></symbol>\n"
    "<symbol id=\"asfound\" viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"10\" "
    "stroke-dasharray=\"3.2 3.1\"/><path d=\"M9.3 9.3a2.8 2.8 0 1 1 4 2.6c-.9.4-1.3 1-1.3 2m0 "
    "3v.1\"/>"
    "</symbol>\n"
    "<symbol id=\"none\" viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"10\"/></symbol>\n"
    "<symbol id=\"void\" viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"10\"/>"
    "<path d=\"m5 5 14 14\"/></symbol>\n"
    "<symbol id=\"dif\" viewBox=\"0 0 24 24\"><path d=\"M4 8h16M4 16h16M15 3 9 21\"/></symbol>\n"
    "<symbol id=\"eq\" viewBox=\"0 0 24 24\"><path d=\"M4 8.5h16M4 15.5h16\"/></symbol>\n"
    "<symbol id=\"pat\" viewBox=\"0 0 24 24\"><path d=\"M3 21V3m0 18h18M6.5 17c3-12 7-12 9-4s3 4 5 "
    "4\"/>"
    "</symbol>\n</defs></svg>\n";

static const char *const icons[] = {"ok",   "no",   "wait", "open", "asfound",
                                    "none", "void", "dif",  "eq",   "pat"};
static const char *const tones[] = {"", "good", "wait", "calm", "bad", "loud"};

#define REPLACEMENT "\xef\xbf\xbd"

static void put(struct urna_html *h, const char *s)
{
    urna_buf_str(&h->out, s);
}

/* ---- text ---- */

void urna_html_textn(struct urna_html *h, const char *s, size_t len)
{
    const uint8_t *p = (const uint8_t *)s;
    size_t i = 0;
    while (i < len) {
        size_t from = i;
        uint32_t cp;
        if (!urna_utf8_next(p, len, &i, &cp)) {
            put(h, REPLACEMENT);
            i = from + 1;
            continue;
        }
        if (cp == '&')
            put(h, "&amp;");
        else if (cp == '<')
            put(h, "&lt;");
        else if (cp == '>')
            put(h, "&gt;");
        else if (cp == '"')
            put(h, "&quot;");
        else if (cp == '\'')
            put(h, "&#39;");
        else if ((cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7f && cp < 0xa0) ||
                 (cp & 0xfffe) == 0xfffe)
            put(h, REPLACEMENT);
        else
            urna_buf_add(&h->out, p + from, i - from);
    }
}

void urna_html_text(struct urna_html *h, const char *s)
{
    urna_html_textn(h, s, strlen(s));
}

void urna_html_record(struct urna_html *h, const char *s, size_t len, const char *lang)
{
    if (lang)
        urna_buf_printf(&h->out, "<bdi lang=\"%s\">", lang);
    else
        put(h, "<bdi>");
    urna_html_textn(h, s, len);
    put(h, "</bdi>");
}

void urna_html_markup(struct urna_html *h, const char *markup)
{
    put(h, markup);
}

static void put_place(struct urna_html *h, char kind, const char *s)
{
    switch (kind) {
    case 'b':
        urna_html_record(h, s, strlen(s), NULL);
        break;
    case 'c':
        put(h, "<code>");
        urna_html_text(h, s);
        put(h, "</code>");
        break;
    case 'h':
        put(h, "<code class=\"hash\">");
        urna_html_text(h, s);
        put(h, "</code>");
        break;
    case 'm':
        put(h, s);
        break;
    default:
        urna_html_text(h, s);
    }
}

/* Is p at a place: {digit} or {digit kind}? Its length, or 0. */
static size_t place(const char *p, size_t *number, char *kind)
{
    if (p[0] != '{' || p[1] < '1' || p[1] > '9')
        return 0;
    *number = (size_t)(p[1] - '1');
    *kind = 0;
    if (p[2] == '}')
        return 3;
    if (p[2] && strchr("bchm", p[2]) && p[3] == '}') {
        *kind = p[2];
        return 4;
    }
    return 0;
}

void urna_html_fill(struct urna_html *h, const char *tmpl, const char *const *arg, size_t n)
{
    for (const char *p = tmpl; *p;) {
        size_t number;
        char kind;
        size_t len = place(p, &number, &kind);
        if (len == 0) {
            urna_buf_char(&h->out, *p++);
            continue;
        }
        if (number < n && arg[number])
            put_place(h, kind, arg[number]);
        else
            put(h, REPLACEMENT);
        p += len;
    }
}

void urna_html_icon(struct urna_html *h, enum urna_icon icon)
{
    urna_buf_printf(&h->out, "<svg class=\"i\" aria-hidden=\"true\"><use href=\"#%s\"/></svg>",
                    icons[icon]);
}

void urna_html_status(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                      const char *word)
{
    urna_buf_printf(&h->out, "<span class=\"t%s%s\">", tone == URNA_HTML_PLAIN ? "" : " ",
                    tones[tone]);
    urna_html_icon(h, icon);
    urna_html_text(h, word);
    put(h, "</span>");
}

/* ---- the frame ---- */

void urna_html_begin(struct urna_html *h, const struct urna_html_head *head)
{
    h->lang = head->lang;
    urna_buf_printf(&h->out,
                    "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                    urna_lang_name(head->lang));
    urna_buf_printf(&h->out,
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "style-src 'sha256-%s'; "
                    "%sbase-uri 'none'; form-action 'none'\">\n",
                    urna_look_css_sha256, head->images ? "img-src data:; " : "");
    put(h, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n"
           "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    urna_html_text(h, head->title);
    put(h, "</title>\n<style>");
    urna_buf_add(&h->out, urna_look_css, urna_look_css_len);
    put(h, "</style>\n</head>\n<body>\n");
    put(h, symbols);
    put(h, "<a class=\"skip\" href=\"#main\">");
    urna_html_text(h, head->skip);
    put(h, "</a>\n<header class=\"mast\">\n<div class=\"top\"><span><b>urna</b> · ");
    urna_html_text(h, head->kind);
    put(h, "</span><span>");
    urna_html_text(h, head->when);
    put(h, "</span></div>\n");
    if (head->test) {
        put(h, "<p class=\"test\">");
        put(h, head->test);
        put(h, "</p>\n");
    }
    put(h, "<h1>");
    urna_html_record(h, head->heading, strlen(head->heading), head->heading_lang);
    put(h, "</h1>\n");
    if (head->sub) {
        put(h, "<p class=\"sub\">");
        put(h, head->sub);
        put(h, "</p>\n");
    }
    put(h, "</header>\n<main id=\"main\">\n");
}

void urna_html_end(struct urna_html *h, const char *const *foot, size_t n)
{
    if (h->depth != 0) {
        fprintf(stderr, "urna: html: %d blocks left open\n", h->depth);
        abort();
    }
    put(h, "</main>\n<footer class=\"foot\">\n");
    for (size_t i = 0; i < n; i++)
        urna_html_p(h, foot[i]);
    put(h, "</footer>\n</body>\n</html>\n");
}

void urna_html_free(struct urna_html *h)
{
    urna_buf_free(&h->out);
    *h = (struct urna_html){0};
}

/* ---- first screen ---- */

void urna_html_verdict(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                       const char *word, const char *sentence, const char *small)
{
    urna_buf_printf(&h->out, "<section class=\"v %s\" aria-labelledby=\"word\">", tones[tone]);
    urna_html_icon(h, icon);
    urna_buf_printf(&h->out, "<div><p class=\"word %s\" id=\"word\">", tones[tone]);
    urna_html_text(h, word);
    put(h, "</p>\n");
    urna_html_p(h, sentence);
    if (small)
        urna_html_small(h, small);
    put(h, "</div></section>\n");
}

void urna_html_ladder(struct urna_html *h, const struct urna_html_rung *rung, size_t n)
{
    put(h, "<ol class=\"ladder\">");
    for (size_t i = 0; i < n; i++) {
        put(h, rung[i].on ? "<li class=\"on\">" : "<li class=\"off\">");
        urna_html_icon(h, rung[i].on ? URNA_ICON_OK : URNA_ICON_NONE);
        put(h, "<b>");
        urna_html_text(h, rung[i].word);
        put(h, "</b>");
        put(h, rung[i].sentence);
        put(h, "</li>");
    }
    put(h, "</ol>\n");
}

void urna_html_keys(struct urna_html *h, const struct urna_html_key *key, size_t n)
{
    put(h, "<dl class=\"keys\">");
    for (size_t i = 0; i < n; i++) {
        put(h, "<div><dt>");
        urna_html_text(h, key[i].label);
        put(h, "</dt><dd>");
        urna_html_text(h, key[i].number);
        put(h, "</dd>");
        if (key[i].of) {
            put(h, "<dd>");
            urna_html_text(h, key[i].of);
            put(h, "</dd>");
        }
        put(h, "</div>\n");
    }
    put(h, "</dl>\n");
}

void urna_html_fingerprint(struct urna_html *h, const char *label, const uint8_t digest[32],
                           const char *small)
{
    urna_html_note(h, label);
    put(h, "<p><span class=\"fp\">");
    for (size_t i = 0; i < 32; i += 2) {
        put(h, "<span>");
        urna_buf_hex(&h->out, digest + i, 2);
        put(h, "</span>");
    }
    put(h, "</span></p>\n");
    if (small)
        urna_html_small(h, small);
    urna_html_note_close(h);
}

void urna_html_finds(struct urna_html *h, const char *label, const struct urna_html_find *find,
                     size_t n)
{
    put(h, "<section aria-label=\"");
    urna_html_text(h, label);
    put(h, "\"><dl class=\"finds\">");
    for (size_t i = 0; i < n; i++) {
        put(h, "\n<div><dt>");
        urna_html_status(h, URNA_HTML_PLAIN, find[i].icon, find[i].word);
        put(h, "</dt><dd>");
        put(h, find[i].markup);
        put(h, "</dd></div>");
    }
    put(h, "</dl></section>\n");
}

void urna_html_toc(struct urna_html *h, const char *label, const struct urna_html_entry *e,
                   size_t n)
{
    put(h, "<nav class=\"toc\" aria-label=\"");
    urna_html_text(h, label);
    put(h, "\"><ol>");
    for (size_t i = 0; i < n; i++) {
        urna_buf_printf(&h->out, "<li><a href=\"#%s\">%zu ", e[i].id, i + 1);
        urna_html_text(h, e[i].title);
        put(h, "</a></li>");
    }
    put(h, "</ol></nav>\n");
}

/* ---- sections ---- */

void urna_html_section(struct urna_html *h, const char *id, const char *title)
{
    h->section++;
    h->depth++;
    urna_buf_printf(
        &h->out,
        "<section class=\"s\" id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\"><b>%u</b>", id,
        id, id, h->section);
    urna_html_text(h, title);
    put(h, "</h2>\n<div>\n");
}

void urna_html_section_close(struct urna_html *h)
{
    h->depth--;
    put(h, "</div>\n</section>\n");
}

static void element(struct urna_html *h, const char *open, const char *markup, const char *close)
{
    put(h, open);
    put(h, markup);
    put(h, close);
}

void urna_html_lead(struct urna_html *h, const char *markup)
{
    element(h, "<p class=\"lead\">", markup, "</p>\n");
}

void urna_html_p(struct urna_html *h, const char *markup)
{
    element(h, "<p>", markup, "</p>\n");
}

void urna_html_small(struct urna_html *h, const char *markup)
{
    element(h, "<p class=\"small\">", markup, "</p>\n");
}

void urna_html_h3(struct urna_html *h, const char *title)
{
    put(h, "<h3>");
    urna_html_text(h, title);
    put(h, "</h3>\n");
}

static void list(struct urna_html *h, const char *open, const char *close,
                 const char *const *markup, size_t n)
{
    put(h, open);
    for (size_t i = 0; i < n; i++)
        element(h, "\n<li>", markup[i], "</li>");
    put(h, close);
}

void urna_html_list(struct urna_html *h, const char *const *markup, size_t n)
{
    list(h, "<ul>", "</ul>\n", markup, n);
}

void urna_html_steps(struct urna_html *h, const char *const *markup, size_t n)
{
    list(h, "<ol class=\"steps\">", "</ol>\n", markup, n);
}

void urna_html_pre(struct urna_html *h, const char *s)
{
    put(h, "<pre><code>");
    urna_html_text(h, s);
    put(h, "</code></pre>\n");
}

void urna_html_para(struct urna_html *h, const char *class_, const char *tmpl,
                    const char *const *arg, size_t n)
{
    if (class_)
        urna_buf_printf(&h->out, "<p class=\"%s\">", class_);
    else
        put(h, "<p>");
    urna_html_fill(h, tmpl, arg, n);
    put(h, "</p>\n");
}

void urna_html_note(struct urna_html *h, const char *label)
{
    h->depth++;
    put(h, "<div class=\"note\">");
    if (label) {
        put(h, "<p class=\"label\">");
        urna_html_text(h, label);
        put(h, "</p>\n");
    }
}

void urna_html_note_close(struct urna_html *h)
{
    h->depth--;
    put(h, "</div>\n");
}

void urna_html_card(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                    const char *title)
{
    h->depth++;
    urna_buf_printf(&h->out, "<div class=\"card%s%s\"><h3>", tone == URNA_HTML_PLAIN ? "" : " ",
                    tones[tone]);
    urna_html_icon(h, icon);
    urna_buf_char(&h->out, ' ');
    urna_html_text(h, title);
    put(h, "</h3>\n");
}

void urna_html_card_close(struct urna_html *h)
{
    h->depth--;
    put(h, "</div>\n");
}

static void two_title(struct urna_html *h, int icon, const char *title)
{
    put(h, "<div><h3>");
    if (icon >= 0) {
        urna_html_icon(h, (enum urna_icon)icon);
        urna_buf_char(&h->out, ' ');
    }
    urna_html_text(h, title);
    put(h, "</h3>");
}

void urna_html_two(struct urna_html *h, int icon, const char *title)
{
    h->depth++;
    put(h, "<div class=\"two\">");
    two_title(h, icon, title);
}

void urna_html_two_next(struct urna_html *h, int icon, const char *title)
{
    put(h, "</div>\n");
    two_title(h, icon, title);
}

void urna_html_two_close(struct urna_html *h)
{
    h->depth--;
    put(h, "</div></div>\n");
}

void urna_html_facts(struct urna_html *h, bool small)
{
    h->depth++;
    put(h, small ? "<dl class=\"facts small\">" : "<dl class=\"facts\">");
}

static void fact_label(struct urna_html *h, const char *label)
{
    put(h, "<dt>");
    urna_html_text(h, label);
    put(h, "</dt><dd>");
}

void urna_html_fact(struct urna_html *h, const char *label, const char *tmpl, const char *value)
{
    fact_label(h, label);
    urna_html_fill(h, tmpl, &value, 1);
    put(h, "</dd>");
}

void urna_html_fact_hex(struct urna_html *h, const char *label, const uint8_t *p, size_t len,
                        bool lower)
{
    fact_label(h, label);
    put(h, "<code class=\"hash\">");
    size_t from = h->out.len;
    urna_buf_hex(&h->out, p, len);
    for (size_t i = from; lower && i < h->out.len; i++) {
        uint8_t c = h->out.p[i];
        h->out.p[i] = c >= 'A' && c <= 'F' ? (uint8_t)(c - 'A' + 'a') : c;
    }
    put(h, "</code></dd>");
}

void urna_html_facts_close(struct urna_html *h)
{
    h->depth--;
    put(h, "</dl>\n");
}

/* ---- tables ---- */

static void row_end(struct urna_html *h)
{
    if (h->in_row)
        put(h, "</tr>");
    h->in_row = false;
}

static void column_title(struct urna_html *h, const struct urna_html_column *c)
{
    if (!c->title) {
        put(h, c->kind == URNA_COL_BAR ? "<td class=\"b\"></td>" : "<td></td>");
        return;
    }
    put(h, c->kind == URNA_COL_NUMBER ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
    urna_html_text(h, c->title);
    put(h, "</th>");
}

void urna_html_table(struct urna_html *h, const char *caption, const struct urna_html_column *col,
                     unsigned n, bool with_head)
{
    h->depth++;
    h->columns = n;
    urna_buf_printf(&h->out, "<div class=\"x%s\" role=\"region\" tabindex=\"0\" aria-label=\"",
                    n > 4 ? " many" : "");
    urna_html_text(h, caption);
    put(h, "\"><table><caption class=\"vh\">");
    urna_html_text(h, caption);
    put(h, "</caption>");
    if (with_head) {
        put(h, "<thead><tr>");
        for (unsigned i = 0; i < n; i++)
            column_title(h, col + i);
        put(h, "</tr></thead>");
    }
    put(h, "<tbody>");
    h->in_body = 1;
    h->in_row = false;
}

void urna_html_group(struct urna_html *h, const char *title)
{
    bool first = !h->in_row;
    row_end(h);
    if (!first)
        put(h, "</tbody>\n<tbody>");
    urna_buf_printf(&h->out, "<tr><th class=\"g\" colspan=\"%u\" scope=\"rowgroup\">", h->columns);
    urna_html_text(h, title);
    put(h, "</th>");
    h->in_row = true;
}

void urna_html_row(struct urna_html *h, bool dim)
{
    row_end(h);
    put(h, dim ? "\n<tr class=\"dim\">" : "\n<tr>");
    h->in_row = true;
}

void urna_html_total(struct urna_html *h)
{
    row_end(h);
    put(h, "</tbody>\n<tfoot>");
    h->in_body = 2;
}

static void th_open(struct urna_html *h, const char *key, bool hanging)
{
    put(h, hanging ? "<th scope=\"row\" class=\"h\">" : "<th scope=\"row\">");
    if (key) {
        put(h, "<b class=\"k\">");
        urna_html_text(h, key);
        put(h, hanging ? "</b> " : "</b>");
    }
}

void urna_html_th(struct urna_html *h, const char *key, const char *s, bool hanging)
{
    th_open(h, key, hanging);
    urna_html_text(h, s);
    put(h, "</th>");
}

void urna_html_th_record(struct urna_html *h, const char *key, const char *s, size_t len,
                         const char *small)
{
    th_open(h, key, false);
    urna_html_record(h, s, len, NULL);
    if (small) {
        put(h, " <small>");
        urna_html_text(h, small);
        put(h, "</small>");
    }
    put(h, "</th>");
}

void urna_html_td(struct urna_html *h, const char *s)
{
    put(h, "<td>");
    urna_html_text(h, s);
    put(h, "</td>");
}

void urna_html_td_markup(struct urna_html *h, const char *markup)
{
    element(h, "<td>", markup, "</td>");
}

void urna_html_td_num(struct urna_html *h, const char *s, bool bold)
{
    put(h, bold ? "<td class=\"n\"><b>" : "<td class=\"n\">");
    urna_html_text(h, s);
    put(h, bold ? "</b></td>" : "</td>");
}

void urna_html_td_status(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                         const char *word)
{
    put(h, "<td>");
    urna_html_status(h, tone, icon, word);
    put(h, "</td>");
}

void urna_html_td_bar(struct urna_html *h, double percent_of_longest)
{
    double w = percent_of_longest;
    if (!(w > 0))
        w = 0;
    if (w > 100)
        w = 100;
    urna_buf_printf(
        &h->out,
        "<td class=\"b\"><svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
        "aria-hidden=\"true\"><rect width=\"%.2f\" height=\"10\"/></svg></td>",
        w);
}

void urna_html_table_close(struct urna_html *h)
{
    h->depth--;
    row_end(h);
    put(h, h->in_body == 2 ? "</tfoot></table></div>\n" : "</tbody></table></div>\n");
    h->in_body = 0;
}
