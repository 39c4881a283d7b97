/* HTML: one self-contained file in the house look, for the verification and the evidence report.
 *
 * The file has its style sheet inside and a policy that allows nothing but that (and data: images
 * where asked for): no script, no style attribute, no link to the network. Three kinds of text:
 *   text     (const char *) is escaped: & < > " ', control characters and bad UTF-8 become U+FFFD;
 *   record   a text from a record or a foreign file: escaped and put in <bdi>;
 *   markup   the program's own string tables; written as it stands. Never bytes from outside.
 * A template is markup with numbered places that the language may put in any order:
 *   {1} text   {1b} record (<bdi>)   {1c} <code>   {1h} <code class="hash">   {1m} markup
 * Structure is kept by calls: what ..._open opens, ..._close closes; urna_html_end checks it. */
#ifndef URNA_REPORT_HTML_H
#define URNA_REPORT_HTML_H

#include "base/bytes.h"
#include "report/locale.h"

enum urna_icon {
    URNA_ICON_OK,      /* holds */
    URNA_ICON_NO,      /* fails */
    URNA_ICON_WAIT,    /* missing */
    URNA_ICON_OPEN,    /* about time */
    URNA_ICON_ASFOUND, /* as found */
    URNA_ICON_NONE,    /* nothing to say */
    URNA_ICON_VOID,    /* void */
    URNA_ICON_DIF,     /* contradiction, difference */
    URNA_ICON_EQ,      /* agreement */
    URNA_ICON_PAT,     /* pattern */
};
enum urna_html_tone {
    URNA_HTML_PLAIN,
    URNA_HTML_GOOD, /* what was asked for is reached; nothing else is ever green */
    URNA_HTML_WAIT,
    URNA_HTML_CALM,
    URNA_HTML_BAD,
    URNA_HTML_LOUD, /* verdict panel only: not valid */
};

struct urna_html {
    struct urna_buf out;
    enum urna_lang lang;
    unsigned section; /* number of the last one opened */
    unsigned columns; /* of the open table */
    int depth;        /* open blocks */
    int in_body;      /* table: 0 head, 1 body, 2 foot */
    bool in_row;
};

struct urna_html_head {
    enum urna_lang lang;
    const char *title;        /* of the window; begins with the word of the verdict */
    const char *kind;         /* "Verification report" */
    const char *when;         /* "Checked 28 May 2024, 06:12 UTC" */
    const char *skip;         /* "Skip to the answer" */
    const char *test;         /* markup inside the dashed band, or NULL if this is no test */
    const char *heading;      /* h1: a record text */
    const char *heading_lang; /* its language if it isn't the page's, or NULL */
    const char *sub;          /* markup below, or NULL */
    bool images;              /* data: images will be used */
};

void urna_html_begin(struct urna_html *h, const struct urna_html_head *head);
/* foot: n paragraphs of markup. Afterwards h->out is the file. Ends the process if blocks are open:
 * that is a bug of the caller, not of any input. */
void urna_html_end(struct urna_html *h, const char *const *foot, size_t n);
void urna_html_free(struct urna_html *h);

/* ---- text ---- */
void urna_html_text(struct urna_html *h, const char *s);
void urna_html_textn(struct urna_html *h, const char *s, size_t len);
/* <bdi>; lang (a language tag of the program, never of a record) or NULL */
void urna_html_record(struct urna_html *h, const char *s, size_t len, const char *lang);
void urna_html_markup(struct urna_html *h, const char *markup);
/* A place without an argument is written as U+FFFD: visible, and harmless. */
void urna_html_fill(struct urna_html *h, const char *tmpl, const char *const *arg, size_t n);
#define URNA_HTML_FILL(h, tmpl, ...)                                                               \
    urna_html_fill((h), (tmpl), (const char *const[]){__VA_ARGS__},                                \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
void urna_html_icon(struct urna_html *h, enum urna_icon icon);
/* sign and word */
void urna_html_status(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                      const char *word);

/* ---- first screen ---- */
/* word: text; sentence, small: markup (small may be NULL) */
void urna_html_verdict(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                       const char *word, const char *sentence, const char *small);
struct urna_html_rung {
    bool on;
    const char *word;     /* text */
    const char *sentence; /* markup */
};
void urna_html_ladder(struct urna_html *h, const struct urna_html_rung *rung, size_t n);
struct urna_html_key {
    const char *label, *number, *of; /* text; of may be NULL */
};
void urna_html_keys(struct urna_html *h, const struct urna_html_key *key, size_t n);
/* 64 upper-case digits in 16 spans of four; label: text, small: markup or NULL */
void urna_html_fingerprint(struct urna_html *h, const char *label, const uint8_t digest[32],
                           const char *small);
struct urna_html_find {
    enum urna_icon icon;
    const char *word;   /* text */
    const char *markup; /* the statement */
};
void urna_html_finds(struct urna_html *h, const char *label, const struct urna_html_find *find,
                     size_t n);
/* Contents; ids are words of the program ([a-z-]), titles text, in the order of the sections. */
struct urna_html_entry {
    const char *id, *title;
};
void urna_html_toc(struct urna_html *h, const char *label, const struct urna_html_entry *e,
                   size_t n);

/* ---- sections ---- */
void urna_html_section(struct urna_html *h, const char *id, const char *title);
void urna_html_section_close(struct urna_html *h);
void urna_html_lead(struct urna_html *h, const char *markup);
void urna_html_p(struct urna_html *h, const char *markup);
void urna_html_small(struct urna_html *h, const char *markup);
void urna_html_h3(struct urna_html *h, const char *title); /* text */
void urna_html_h3_record(struct urna_html *h, const char *title);
void urna_html_list(struct urna_html *h, const char *const *markup, size_t n);
void urna_html_steps(struct urna_html *h, const char *const *markup, size_t n);
void urna_html_pre(struct urna_html *h, const char *s); /* text: commands to repeat */
/* A paragraph from a template; class NULL, "lead" or "small". */
void urna_html_para(struct urna_html *h, const char *class_, const char *tmpl,
                    const char *const *arg, size_t n);
#define URNA_HTML_PARA(h, class_, tmpl, ...)                                                       \
    urna_html_para((h), (class_), (tmpl), (const char *const[]){__VA_ARGS__},                      \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* label: text or NULL */
void urna_html_note(struct urna_html *h, const char *label);
void urna_html_note_close(struct urna_html *h);
/* tone PLAIN, WAIT or BAD; title: text */
void urna_html_card(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                    const char *title);
/* The same without a heading: for what stands before the first section. */
void urna_html_alert(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                     const char *title);
void urna_html_card_close(struct urna_html *h);
/* two(h, ...) ... two_next(h, ...) ... two_close(h): proved | not proved. icon may be -1 for none.
 */
void urna_html_two(struct urna_html *h, int icon, const char *title);
void urna_html_two_next(struct urna_html *h, int icon, const char *title);
void urna_html_two_close(struct urna_html *h);

void urna_html_facts(struct urna_html *h, bool small);
void urna_html_fact(struct urna_html *h, const char *label, const char *tmpl, const char *value);
void urna_html_fact_hex(struct urna_html *h, const char *label, const uint8_t *p, size_t len,
                        bool lower);
void urna_html_facts_close(struct urna_html *h);

/* ---- tables ---- */
enum urna_html_col { URNA_COL_TEXT, URNA_COL_NUMBER, URNA_COL_BAR };
struct urna_html_column {
    const char *title; /* text, may be NULL */
    enum urna_html_col kind;
};
/* caption (text) names the table and its scroll region. with_head: write the column titles. */
void urna_html_table(struct urna_html *h, const char *caption, const struct urna_html_column *col,
                     unsigned n, bool with_head);
/* The same for rows with a long first cell: on small screens it stands above the others. */
void urna_html_table_stacked(struct urna_html *h, const char *caption,
                             const struct urna_html_column *col, unsigned n);
void urna_html_group(struct urna_html *h, const char *title); /* a row over all columns */
void urna_html_row(struct urna_html *h, bool dim);
void urna_html_total(struct urna_html *h); /* the row that follows is the table's foot */
/* First cell of a row (a header): key is a short letter or rule or NULL; hanging for long texts. */
void urna_html_th(struct urna_html *h, const char *key, const char *s, bool hanging);
void urna_html_th_record(struct urna_html *h, const char *key, const char *s, size_t len,
                         const char *small);
void urna_html_td(struct urna_html *h, const char *s); /* text */
void urna_html_td_markup(struct urna_html *h, const char *markup);
void urna_html_td_num(struct urna_html *h, const char *s, bool bold); /* right-aligned text */
void urna_html_td_number_markup(struct urna_html *h, const char *markup);
void urna_html_td_status(struct urna_html *h, enum urna_html_tone tone, enum urna_icon icon,
                         const char *word);
void urna_html_td_bar(struct urna_html *h, double percent_of_longest);
void urna_html_table_close(struct urna_html *h);

/* ---- figures: SVG with classes, never colours ---- */
/* wide: scrolls on small screens (label names the region). aria: text for who can't see it. */
void urna_html_figure(struct urna_html *h, bool wide, const char *label, unsigned width,
                      unsigned height, const char *aria);
void urna_html_figure_close(struct urna_html *h, const char *caption_markup);
void urna_svg_line(struct urna_html *h, const char *class_, double x1, double y1, double x2,
                   double y2);
void urna_svg_rect(struct urna_html *h, const char *class_, double x, double y, double w,
                   double height);
void urna_svg_circle(struct urna_html *h, const char *class_, double x, double y, double r);
/* anchor: "start", "middle", "end" */
void urna_svg_text(struct urna_html *h, const char *class_, double x, double y, const char *anchor,
                   const char *s);
void urna_svg_text_up(struct urna_html *h, double x, double y, const char *s); /* turned, centred */
/* A polyline through n points; closed makes it an area. */
void urna_svg_path(struct urna_html *h, const char *class_, const double *x, const double *y,
                   size_t n, bool closed);
/* An 8-bit grey image (0 = no ink .. 15 = full ink, row by row from the top) as a PNG. */
void urna_svg_density(struct urna_html *h, double x, double y, double w, double height,
                      const uint8_t *level, unsigned columns, unsigned rows);

#endif
