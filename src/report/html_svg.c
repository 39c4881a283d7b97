/* Figures. Colours come from the style sheet by class, so that they follow light, dark and print.
 */
#include "report/html_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void class_of(struct urna_html *h, const char *class_)
{
    if (class_)
        urna_buf_printf(&h->out, " class=\"%s\"", class_);
}

/* One decimal is a tenth of a pixel; drop it when it is zero. */
static void number(struct urna_html *h, double x)
{
    char text[32];
    snprintf(text, sizeof text, "%.1f", x);
    size_t n = strlen(text);
    if (n > 2 && text[n - 1] == '0')
        text[n - 2] = 0;
    put(h, strcmp(text, "-0") == 0 ? "0" : text);
}

static void attribute(struct urna_html *h, const char *name, double x)
{
    urna_buf_printf(&h->out, " %s=\"", name);
    number(h, x);
    put(h, "\"");
}

void urna_html_figure(struct urna_html *h, bool wide, const char *label, unsigned width,
                      unsigned height, const char *aria)
{
    h->depth++;
    if (wide) {
        put(h, "<figure><div class=\"x wide\" role=\"region\" tabindex=\"0\" aria-label=\"");
        urna_html_text(h, label);
        put(h, "\">");
    } else {
        put(h, "<figure class=\"mid\"><div>");
    }
    urna_buf_printf(&h->out, "<svg viewBox=\"0 0 %u %u\" class=\"fit\" role=\"img\" aria-label=\"",
                    width, height);
    urna_html_text(h, aria);
    put(h, "\">");
}

void urna_html_figure_close(struct urna_html *h, const char *caption_markup)
{
    h->depth--;
    put(h, "</svg></div>");
    if (caption_markup) {
        put(h, "<figcaption>");
        put(h, caption_markup);
        put(h, "</figcaption>");
    }
    put(h, "</figure>\n");
}

void urna_svg_line(struct urna_html *h, const char *class_, double x1, double y1, double x2,
                   double y2)
{
    const double x[2] = {x1, x2}, y[2] = {y1, y2};
    urna_svg_path(h, class_, x, y, 2, false);
}

void urna_svg_rect(struct urna_html *h, const char *class_, double x, double y, double w,
                   double height)
{
    put(h, "<rect");
    class_of(h, class_);
    attribute(h, "x", x);
    attribute(h, "y", y);
    attribute(h, "width", w);
    attribute(h, "height", height);
    put(h, "/>");
}

void urna_svg_circle(struct urna_html *h, const char *class_, double x, double y, double r)
{
    put(h, "<circle");
    class_of(h, class_);
    attribute(h, "cx", x);
    attribute(h, "cy", y);
    attribute(h, "r", r);
    put(h, "/>");
}

void urna_svg_text(struct urna_html *h, const char *class_, double x, double y, const char *anchor,
                   const char *s)
{
    put(h, "<text");
    class_of(h, class_);
    attribute(h, "x", x);
    attribute(h, "y", y);
    urna_buf_printf(&h->out, " text-anchor=\"%s\">", anchor);
    urna_html_text(h, s);
    put(h, "</text>");
}

void urna_svg_text_up(struct urna_html *h, double x, double y, const char *s)
{
    urna_buf_printf(&h->out,
                    "<text transform=\"translate(%.1f %.1f) rotate(-90)\" text-anchor=\"middle\">",
                    x, y);
    urna_html_text(h, s);
    put(h, "</text>");
}

void urna_svg_path(struct urna_html *h, const char *class_, const double *x, const double *y,
                   size_t n, bool closed)
{
    put(h, "<path");
    class_of(h, class_);
    put(h, " d=\"");
    for (size_t i = 0; i < n; i++) {
        urna_buf_char(&h->out, i == 0 ? 'M' : 'L');
        number(h, x[i]);
        urna_buf_char(&h->out, ' ');
        number(h, y[i]);
    }
    put(h, closed ? "Z\"/>" : "\"/>");
}

/* ---- density: a 4-bit palette PNG ---- */

static void chunk(struct urna_buf *png, const char type[4], const uint8_t *data, size_t len)
{
    urna_buf_be32(png, (uint32_t)len);
    size_t from = png->len;
    urna_buf_add(png, type, 4);
    if (len > 0)
        urna_buf_add(png, data, len);
    urna_buf_be32(png, (uint32_t)crc32(0, png->p + from, (uInt)(len + 4)));
}

/* Rows of two levels a byte, each row behind the filter byte 0. */
static void pack_rows(struct urna_buf *raw, const uint8_t *level, unsigned columns, unsigned rows)
{
    for (unsigned r = 0; r < rows; r++) {
        urna_buf_u8(raw, 0);
        const uint8_t *row = level + (size_t)r * columns;
        for (unsigned c = 0; c < columns; c += 2) {
            uint8_t low = c + 1 < columns ? row[c + 1] & 15 : 0;
            urna_buf_u8(raw, (uint8_t)((row[c] & 15) << 4 | low));
        }
    }
}

static void png_write(struct urna_buf *png, const uint8_t *level, unsigned columns, unsigned rows)
{
    urna_buf_add(png, "\x89PNG\r\n\x1a\n", 8);
    uint8_t head[13] = {0};
    urna_be32(head, columns);
    urna_be32(head + 4, rows);
    head[8] = 4; /* bits */
    head[9] = 3; /* palette */
    chunk(png, "IHDR", head, sizeof head);
    /* From a light tint of the mark colour to dark ink; level 0 is transparent. */
    uint8_t palette[48] = {255, 255, 255};
    for (unsigned i = 1; i < 16; i++) {
        palette[3 * i] = (uint8_t)(195 - 13 * i);
        palette[3 * i + 1] = (uint8_t)(214 - 12 * i);
        palette[3 * i + 2] = (uint8_t)(228 - 11 * i);
    }
    chunk(png, "PLTE", palette, sizeof palette);
    chunk(png, "tRNS", (const uint8_t[]){0}, 1);
    struct urna_buf raw = {0};
    pack_rows(&raw, level, columns, rows);
    uLongf packed_len = compressBound((uLong)raw.len);
    uint8_t *packed = urna_xmalloc(packed_len);
    if (compress2(packed, &packed_len, raw.p, (uLong)raw.len, 9) == Z_OK)
        chunk(png, "IDAT", packed, packed_len);
    free(packed);
    urna_buf_free(&raw);
    chunk(png, "IEND", NULL, 0);
}

void urna_svg_density(struct urna_html *h, double x, double y, double w, double height,
                      const uint8_t *level, unsigned columns, unsigned rows)
{
    struct urna_buf png = {0};
    png_write(&png, level, columns, rows);
    put(h, "<image href=\"data:image/png;base64,");
    urna_base64(&h->out, png.p, png.len);
    put(h, "\"");
    attribute(h, "x", x);
    attribute(h, "y", y);
    attribute(h, "width", w);
    attribute(h, "height", height);
    put(h, " preserveAspectRatio=\"none\" image-rendering=\"pixelated\"/>");
    urna_buf_free(&png);
}
