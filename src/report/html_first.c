/* HTML: the first screen, from the verdict to the contents. */
#include "report/html_internal.h"

void urna_html_verdict(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                       const char *word, const char *sentence, const char *small)
{
    urna_buf_printf(&h->out, "<section class=\"v %s\" aria-labelledby=\"word\">",
                    urna_html_tone_class(tone));
    urna_html_icon(h, icon);
    urna_buf_printf(&h->out, "<div><p class=\"word %s\" id=\"word\">", urna_html_tone_class(tone));
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
