/* HTML: tables. */
#include "report/html_internal.h"

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

static void table(struct urna_html *h, const char *class_, const char *caption,
                  const struct urna_html_column *col, unsigned n, bool with_head)
{
    h->depth++;
    h->columns = n;
    urna_buf_printf(&h->out, "<div class=\"x%s\" role=\"region\" tabindex=\"0\" aria-label=\"",
                    class_);
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

void urna_html_table(struct urna_html *h, const char *caption, const struct urna_html_column *col,
                     unsigned n, bool with_head)
{
    table(h, n > 4 ? " many" : "", caption, col, n, with_head);
}

void urna_html_table_stacked(struct urna_html *h, const char *caption,
                             const struct urna_html_column *col, unsigned n)
{
    table(h, " st", caption, col, n, true);
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
        put(h, hanging ? "&nbsp;</b>" : "</b>"); /* inside: what follows stands in one line */
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

void urna_html_td_number_markup(struct urna_html *h, const char *markup)
{
    element(h, "<td class=\"n\">", markup, "</td>");
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
