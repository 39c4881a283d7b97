#include "report/evidence_frame.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *word(const struct urna_html *h, enum urna_evidence_word w)
{
    return urna_evidence_word(h->lang, w);
}

const char *urna_plain_fill(struct urna_buf *out, const char *tmpl, const char *const *arg,
                            size_t n)
{
    urna_buf_reset(out);
    for (const char *p = tmpl; *p;) {
        bool kind = p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] && strchr("bchm", p[2]) &&
                    p[3] == '}';
        bool bare = p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}';
        size_t i = kind || bare ? (size_t)(p[1] - '1') : 0;
        if ((kind || bare) && i < n) {
            urna_buf_str(out, arg[i]);
            p += kind ? 4 : 3;
        } else {
            urna_buf_char(out, *p++);
        }
    }
    return urna_buf_cstr(out);
}

const char *urna_markup_fill(struct urna_buf *out, const char *tmpl, const char *const *arg,
                             size_t n)
{
    struct urna_html h = {.out = *out};
    urna_buf_reset(&h.out);
    urna_html_fill(&h, tmpl, arg, n);
    *out = h.out;
    return urna_buf_cstr(out);
}

const char *urna_say_chance(char buf[URNA_SAY_MAX], enum urna_lang lang, double log10_p)
{
    if (!isfinite(log10_p)) {
        snprintf(buf, URNA_SAY_MAX, "%s", "\xe2\x80\x93");
        return buf;
    }
    if (log10_p > -4)
        return urna_say_decimal(buf, lang, pow(10, log10_p), 4);
    double exponent = floor(log10_p), lead = pow(10, log10_p - exponent);
    /* rounded up: it is a bound */
    double digit = ceil(lead * 10 - 1e-9) / 10;
    if (digit >= 10) {
        digit = 1;
        exponent++;
    }
    char number[URNA_SAY_MAX];
    snprintf(buf, URNA_SAY_MAX, "%.32se\xe2\x88\x92%d", urna_say_decimal(number, lang, digit, 1),
             (int)-exponent);
    return buf;
}

void urna_evidence_json_sha256(struct urna_json *j, const char *key, const uint8_t digest[URNA_HASH_LEN])
{
    char hex[2 * URNA_HASH_LEN + 1];
    urna_hex(hex, digest, URNA_HASH_LEN);
    for (char *p = hex; *p; p++)
        *p = *p >= 'A' && *p <= 'F' ? (char)(*p - 'A' + 'a') : *p;
    urna_json_str(j, key, hex);
}

void urna_evidence_begin(struct urna_html *h, const struct urna_evidence_context *c,
                         enum urna_evidence_word title, bool images)
{
    h->lang = c->lang;
    char time[URNA_SAY_MAX];
    struct urna_buf when = {0}, heading = {0}, sub = {0};
    const char *slash = strrchr(c->input->path, '/'), *file = slash ? slash + 1 : c->input->path;
    const char *name = c->input->title[0] ? c->input->title : file;
    const struct urna_html_head head = {
        .lang = c->lang,
        .title = URNA_PLAIN(&heading, word(h, title), name),
        .kind = word(h, W_KIND),
        .when = URNA_PLAIN(&when, word(h, W_COMPUTED), urna_say_time(time, c->lang, c->now)),
        .skip = word(h, W_SKIP),
        .heading = name,
        .sub = URNA_MARKUP(&sub, word(h, W_SUB), file),
        .images = images,
    };
    urna_html_begin(h, &head);
    urna_buf_free(&when);
    urna_buf_free(&heading);
    urna_buf_free(&sub);
}

void urna_evidence_cautions(struct urna_html *h, const char *const *shown, size_t n_shown,
                            const char *const *not_shown, size_t n_not_shown)
{
    urna_html_section(h, "cautions", word(h, W_S_CAUTIONS));
    urna_html_lead(h, word(h, W_CAUTIONS_LEAD));
    const char *const list[] = {word(h, W_C14), word(h, W_C35), word(h, W_C67), word(h, W_C73)};
    urna_html_list(h, list, 4);
    urna_html_two(h, -1, word(h, W_SHOWN));
    urna_html_list(h, shown, n_shown);
    urna_html_two_next(h, -1, word(h, W_NOT_SHOWN));
    urna_html_list(h, not_shown, n_not_shown);
    urna_html_two_close(h);
    urna_html_section_close(h);
}

void urna_evidence_repeat(struct urna_html *h, const struct urna_evidence_context *c)
{
    urna_html_section(h, "repeat", word(h, W_S_REPEAT));
    urna_html_pre(h, c->command);
    urna_html_p(h, word(h, W_REPEAT_TEXT));
    urna_html_facts(h, false);
    urna_html_fact(h, word(h, W_SUB_FILE), "{1c}", c->input->path);
    urna_html_fact_hex(h, word(h, W_FILE), c->input->sha256, URNA_HASH_LEN, true);
    const char *map = c->input->map ? c->input->map : c->input->title;
    if (*map) /* else it was guessed, and the page says so */
        urna_html_fact(h, word(h, W_MAP), "{1b}", map);
    struct urna_buf program = {0};
    urna_buf_printf(&program, "urna %s", c->version);
    urna_html_fact(h, word(h, W_PROGRAM), "{1}", urna_buf_cstr(&program));
    urna_buf_free(&program);
}

void urna_evidence_end(struct urna_html *h)
{
    const char *const foot[] = {word(h, W_FOOT)};
    urna_html_end(h, foot, 1);
}
