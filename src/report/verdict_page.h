/* Inside the report room: what the files that write the verification report share. */
#ifndef URNA_REPORT_VERDICT_PAGE_H
#define URNA_REPORT_VERDICT_PAGE_H

#include "report/html.h"
#include "report/verdict.h"
#include "report/verdict_view.h"
#include "report/verdict_words.h"

struct page {
    struct urna_html h;
    struct urna_arena arena; /* texts that were put together */
    enum urna_lang lang;
    const struct urna_verdict *v;
    const struct urna_verdict_page *p;
    const struct urna_context *P; /* NULL: not known which election */
    struct urna_judge *J;         /* NULL: nothing was judged */
    struct urna_verdict_counts n;
    struct urna_fault_view fault;
};

/* Plain text, for the functions of html.h that escape: places are filled as they stand. */
const char *page_text(struct page *g, enum urna_verdict_word w, const char *const *arg, size_t n);
/* Markup: places are filled as urna_html_fill does. */
const char *page_markup(struct page *g, enum urna_verdict_word w, const char *const *arg, size_t n);
#define PAGE_ARGS(...)                                                                             \
    (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)
#define T(g, w) urna_verdict_word((g)->lang, (w))
#define TF(g, w, ...) page_text((g), (w), PAGE_ARGS(__VA_ARGS__))
#define MF(g, w, ...) page_markup((g), (w), PAGE_ARGS(__VA_ARGS__))
/* A number as the language writes it. */
const char *page_num(struct page *g, uint64_t x);
const char *page_hex(struct page *g, const uint8_t digest[32]);
/* Two pieces of markup with a space between them; either may be NULL. */
const char *page_join(struct page *g, const char *a, const char *b);
/* Green, but never for a record taken as found. */
enum urna_html_tone page_good(const struct page *g);
/* Name of an option or a contest in the language of the page; never empty. */
const char *page_title(const struct page *g, const struct urna_titles *t, const char *id);
/* What the judge or a reader says, as markup in the language of the page, without a final dot. */
const char *page_reason(struct page *g, const char *english);
/* The file and the place where an entry lies. */
const char *page_place(struct page *g, uint64_t index);

/* What was put together in b, in the page's arena; b is empty afterwards. */
const char *page_keep(struct page *g, struct urna_buf *b);
const char *page_time(struct page *g, uint64_t t);
/* "entry 7", "entries 7 to 9", or an en dash. */
const char *page_range(struct page *g, const struct urna_record_fault *x);

/* ---- pieces of the page, each in a file of its name ---- */
void page_head(struct page *g);
void page_foot(struct page *g);
/* The word of the verdict. */
enum urna_verdict_word page_word(const struct urna_verdict *v);

/* The first screen. */
void page_verdict(struct page *g);
void page_ladder(struct page *g);
void page_keys(struct page *g);
/* same: the record is of the right election, but proves no result */
void page_fingerprint(struct page *g, bool same);
void page_contents(struct page *g, const struct urna_html_entry *e, size_t n);

/* Sections 1 to 8 of a record that is neither invalid nor incomplete. */
void page_result(struct page *g);
void page_seats(struct page *g);
void page_rules(struct page *g);
void page_witnesses(struct page *g);
void page_ballots(struct page *g);
void page_findings(struct page *g);
void page_proves(struct page *g);
void page_repeat(struct page *g); /* of the other two as well */

/* "What was checked" of a record whose files do not hold. */
void page_files(struct page *g);
/* The sentence that says what a rule of the law wants, or NULL. */
const char *page_rule(const struct page *g, const char *rule);

/* From the verdict to the last section. */
void page_invalid(struct page *g);
void page_incomplete(struct page *g);

#endif
