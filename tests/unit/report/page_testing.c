#include "page_testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/bytes.h"

/* ---- is a page well-formed? ---- */

enum { DEEP = 64, IDS = 200, NAME = 24 };

struct reader {
    const char *page, *p;
    char open[DEEP][NAME];
    int depth;
    char id[IDS][NAME], link[IDS][NAME];
    int n_id, n_link;
};

static void wrong(const struct reader *r, const char *what)
{
    fail_msg("%s at byte %td: %.80s", what, r->p - r->page, r->p);
}

static void read_name(struct reader *r, char name[NAME])
{
    size_t n = strspn(r->p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    if (n == 0 || n >= NAME)
        wrong(r, "no name");
    memcpy(name, r->p, n);
    name[n] = 0;
    r->p += n;
}

static void keep_name(struct reader *r, char list[IDS][NAME], int *n, const char *s, size_t len)
{
    if (*n >= IDS || len >= NAME)
        wrong(r, "too many ids, or a long one");
    memcpy(list[*n], s, len);
    list[(*n)++][len] = 0;
}

/* name="value", the value without < or " */
static void read_attribute(struct reader *r)
{
    char name[NAME];
    read_name(r, name);
    if (strcmp(name, "style") == 0 || strncmp(name, "on", 2) == 0 || strcmp(name, "src") == 0)
        wrong(r, "an attribute that must not be there");
    if (*r->p != '=') /* a bare one: none is used */
        wrong(r, "attribute without value");
    if (*++r->p != '"')
        wrong(r, "attribute without quotes");
    const char *value = ++r->p;
    size_t n = strcspn(value, "\"<");
    if (value[n] != '"')
        wrong(r, "attribute does not end");
    if (strcmp(name, "id") == 0)
        keep_name(r, r->id, &r->n_id, value, n);
    static const char picture[] = "data:image/png;base64,"; /* of an SVG image: inside the page */
    if (strcmp(name, "href") == 0 && strncmp(value, picture, sizeof picture - 1) != 0) {
        if (value[0] != '#')
            wrong(r, "a link that leaves the page");
        keep_name(r, r->link, &r->n_link, value + 1, n - 1);
    }
    r->p += n + 1;
}

static bool is_empty(const char *name)
{
    return strcmp(name, "meta") == 0 || strcmp(name, "br") == 0;
}

static void read_open(struct reader *r)
{
    char name[NAME];
    read_name(r, name);
    if (strcmp(name, "script") == 0 || strcmp(name, "link") == 0 || strcmp(name, "img") == 0 ||
        strcmp(name, "iframe") == 0 || strcmp(name, "object") == 0)
        wrong(r, "an element that must not be there");
    while (*r->p == ' ') {
        r->p++;
        read_attribute(r);
    }
    bool closed = *r->p == '/';
    r->p += closed;
    if (*r->p != '>')
        wrong(r, "a tag does not end");
    r->p++;
    if (closed || is_empty(name))
        return;
    if (r->depth >= DEEP)
        wrong(r, "too deep");
    strcpy(r->open[r->depth++], name);
    if (strcmp(name, "style") == 0) { /* its text is no markup */
        r->p = strstr(r->p, "</style>");
        assert_non_null(r->p);
    }
}

static void read_close(struct reader *r)
{
    char name[NAME];
    r->p++;
    read_name(r, name);
    if (r->depth == 0 || strcmp(r->open[r->depth - 1], name) != 0)
        wrong(r, "closes what is not open");
    if (*r->p != '>')
        wrong(r, "a closing tag does not end");
    r->p++;
    r->depth--;
}

static void check_links(const struct reader *r)
{
    for (int i = 0; i < r->n_id; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(r->id[i], r->id[j]);
    for (int i = 0; i < r->n_link; i++) {
        bool found = false;
        for (int j = 0; j < r->n_id; j++)
            found = found || strcmp(r->link[i], r->id[j]) == 0;
        if (!found)
            fail_msg("no element has the id %s", r->link[i]);
    }
}

/* ---- can it be read without eyes? ---- */

static bool tag_has(const char *tag, const char *what)
{
    const char *found = strstr(tag, what), *end = strchr(tag, '>');
    return found && found < end;
}

/* One h1, and no level left out on the way down. */
static void check_headings(const char *page)
{
    int level = 0, n_first = 0;
    for (const char *p = page; (p = strstr(p, "<h")) != NULL; p += 2) {
        int here = p[2] - '0';
        if (here < 1 || here > 6)
            continue;
        if (here > level + 1)
            fail_msg("a heading of level %d under one of level %d", here, level);
        n_first += here == 1;
        level = here;
    }
    assert_int_equal(n_first, 1);
}

/* Regions of a page are told apart by their names. */
static void check_regions(const char *page)
{
    static const char region[] = "role=\"region\" tabindex=\"0\" aria-label=\"";
    for (const char *p = page; (p = strstr(p, region)) != NULL; p++) {
        size_t n = sizeof region + strcspn(p + sizeof region - 1, "\"");
        for (const char *q = p; (q = strstr(q + 1, region)) != NULL;)
            if (strncmp(p, q, n) == 0)
                fail_msg("two regions of one name: %.100s", p);
    }
}

static void check_access(const char *page)
{
    check_headings(page);
    check_regions(page);
    for (const char *p = page; (p = strstr(p, "<th")) != NULL; p++)
        if ((p[3] == ' ' || p[3] == '>') && !tag_has(p, " scope=\""))
            fail_msg("a header of a table without scope: %.60s", p);
    for (const char *p = page; (p = strstr(p, "<svg")) != NULL; p++)
        if (!tag_has(p, " aria-hidden=\"true\"") &&
            !(tag_has(p, " role=\"img\"") && tag_has(p, " aria-label=\"")))
            fail_msg("a picture without a text: %.60s", p);
    assert_non_null(strstr(page, "<main id=\"main\">"));
    assert_non_null(strstr(page, "<a class=\"skip\" href=\"#main\">"));
}

void check_well_formed(const char *page)
{
    static const char doctype[] = "<!DOCTYPE html>\n";
    struct reader *r = urna_xcalloc(1, sizeof *r);
    assert_memory_equal(page, doctype, sizeof doctype - 1);
    r->page = page;
    r->p = page + sizeof doctype - 1;
    while (*r->p) {
        size_t text = strcspn(r->p, "<>");
        r->p += text;
        if (*r->p == '>')
            wrong(r, "a > outside of any tag");
        if (*r->p == 0)
            break;
        r->p++;
        if (*r->p == '/')
            read_close(r);
        else
            read_open(r);
    }
    assert_int_equal(r->depth, 0);
    check_links(r);
    free(r);
    check_access(page);
}

/* ---- which language does a page speak? ---- */

/* Elements whose text is not the page's own: names from a record, commands, hashes, the sheet. What
 * a page itself marks as English is read: it must be a name, too. */
static bool is_foreign(const char *name, const char *tag)
{
    static const char marked[] = "<bdi lang=\"en\"";
    return (strcmp(name, "bdi") == 0 && strncmp(tag, marked, sizeof marked - 1) != 0) ||
           strcmp(name, "code") == 0 || strcmp(name, "pre") == 0 || strcmp(name, "style") == 0 ||
           strcmp(name, "title") == 0;
}

/* Behind the tag at p; what a screen reader would say of it goes to ${text}. */
static const char *skip_tag(struct urna_buf *text, const char *p)
{
    static const char label[] = " aria-label=\"";
    const char *end = strchr(p, '>'), *said = strstr(p, label);
    assert_non_null(end);
    if (said && said < end) {
        said += sizeof label - 1;
        urna_buf_add(text, said, strcspn(said, "\""));
        urna_buf_char(text, '\n');
    }
    return end + 1;
}

static const char *skip_element(const char *p, const char *name)
{
    char close[NAME + 4];
    strcat(strcat(strcpy(close, "</"), name), ">");
    p = strstr(p, close);
    assert_non_null(p);
    return p;
}

static void read_words(struct urna_buf *text, const char *page)
{
    for (const char *p = page; *p;) {
        char name[NAME] = {0};
        size_t n = strcspn(p, "<");
        urna_buf_add(text, p, n);
        p += n;
        if (!*p)
            break;
        n = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz");
        memcpy(name, p + 1, n < NAME - 1 ? n : 0);
        const char *tag = p;
        p = skip_tag(text, p);
        urna_buf_char(text, '\n');
        if (is_foreign(name, tag))
            p = skip_element(p, name);
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

void check_language(const char *page, enum urna_lang lang)
{
    static const char *const english[] = {"the", "The", "of",  "and",  "is",   "are",  "was",
                                          "not", "has", "its", "that", "with", "which"};
    struct urna_buf text = {0};
    char tag[20] = "<html lang=\"";
    strcat(strcat(tag, urna_lang_name(lang)), "\">");
    assert_non_null(strstr(page, tag));
    read_words(&text, page);
    const char *all = urna_buf_cstr(&text);
    for (size_t i = 0; lang != URNA_EN && i < sizeof english / sizeof *english; i++) {
        size_t len = strlen(english[i]);
        for (const char *p = all; (p = strstr(p, english[i])) != NULL; p += len)
            if ((p == all || !is_letter(p[-1])) && !is_letter(p[len]))
                fail_msg("a page in %s speaks English: %.80s", urna_lang_name(lang),
                         p - all > 30 ? p - 30 : all);
    }
    urna_buf_free(&text);
}

void check_no_name_in_attributes(const char *page)
{
    for (const char *p = page; (p = strstr(p, "script&gt;")) != NULL; p++) {
        const char *q = p;
        while (q > page && *q != '<' && *q != '>')
            q--;
        if (*q == '<')
            fail_msg("a foreign name in an attribute: %.120s", q);
    }
}
