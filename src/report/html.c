#include "report/html_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/look.h"

static const char symbols[] =
    "<svg width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\n"
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

const char *urna_html_tone_class(enum urna_html_tone tone)
{
    return tones[tone];
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
                    urna_html_tone_class(tone));
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
