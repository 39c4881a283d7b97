/* HTML: sections and what stands in them: paragraphs, lists, notes, cards, facts. */
#include <string.h>

#include "report/html_internal.h"

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

void urna_html_h3_record(struct urna_html *h, const char *title)
{
    put(h, "<h3>");
    urna_html_record(h, title, strlen(title), NULL);
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

/* Options ("--map") are not broken at their hyphens, so that a line can be copied by eye. */
void urna_html_pre(struct urna_html *h, const char *s)
{
    put(h, "<pre><code>");
    while (*s) {
        size_t blank = strspn(s, " \n"), n = strcspn(s + blank, " \n");
        bool option = s[blank] == '-';
        urna_html_textn(h, s, blank);
        put(h, option ? "<span>" : "");
        urna_html_textn(h, s + blank, n);
        put(h, option ? "</span>" : "");
        s += blank + n;
    }
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

static void card(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                 const char *title, const char *open, const char *close)
{
    h->depth++;
    urna_buf_printf(&h->out, "<div class=\"card%s%s\">%s", tone == URNA_HTML_PLAIN ? "" : " ",
                    urna_html_tone_class(tone), open);
    urna_html_icon(h, icon);
    urna_buf_char(&h->out, ' ');
    urna_html_text(h, title);
    put(h, close);
}

void urna_html_card(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                    const char *title)
{
    card(h, tone, icon, title, "<h3>", "</h3>\n");
}

void urna_html_alert(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                     const char *title)
{
    card(h, tone, icon, title, "<p><strong>", "</strong></p>\n");
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
