/* Column maps, and tables read through them. Input: a map, a line "===", a table. A map that is
 * accepted can be checked over any table: faults are told or the rows add up. */
#include "fuzz.h"

#include <string.h>

#include "base/secret.h"
#include "evidence/check.h"

struct seen {
    uint64_t findings;
};

static enum urna_status note(struct urna_check *c, const struct urna_finding *f,
                             struct urna_error *err)
{
    (void)err;
    MUST(f->kind < URNA_CHECK_KINDS && f->line > 0 && f->text[0]);
    ((struct seen *)c->ctx)->findings++;
    return URNA_OK;
}

static void check(const struct urna_colmap *m, struct urna_view csv)
{
    struct urna_table *t;
    struct urna_error err = URNA_ERROR_INIT;
    struct seen seen = {0};
    struct urna_check c = {.ctx = &seen, .finding = note};
    struct urna_table_options o = m->table;
    o.max_bytes = 1u << 22;
    if (urna_table_open_memory(&t, csv, "fuzz", &o, &err) != URNA_OK)
        return;
    enum urna_status st = urna_check_run(&c, t, m, &err);
    MUST(st != URNA_OK || seen.findings == 0);
    MUST(st != URNA_FALSE || seen.findings > 0);
    MUST(st == URNA_OK || st == URNA_FALSE || err.msg[0]);
    for (size_t i = 0; i < c.n_rules; i++)
        MUST(c.rule[i].broken <= c.rule[i].checked);
    urna_check_free(&c);
    urna_table_close(t);
}

static void choose(struct urna_view csv)
{
    struct urna_table *t;
    struct urna_colmap m;
    struct urna_buf text = {0};
    bool guessed;
    struct urna_table_options o = {.max_bytes = 1u << 22};
    if (urna_table_open_memory(&t, csv, "fuzz", &o, NULL) != URNA_OK)
        return;
    if (urna_colmap_choose(&m, &text, NULL, &guessed, t, NULL) == URNA_OK)
        check(&m, csv);
    urna_colmap_free(&m);
    urna_buf_free(&text);
    urna_table_close(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char mark[] = "\n===\n";
    struct urna_colmap m;
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_secret_init(NULL) != URNA_OK)
        return 0;
    const uint8_t *cut = size > 0 ? memmem(data, size, mark, 5) : NULL;
    struct urna_view map = urna_view(data, cut ? (size_t)(cut - data) + 1 : size);
    struct urna_view csv = cut ? urna_view(cut + 5, size - map.len - 4) : urna_view(data, 0);
    if (urna_colmap_parse(&m, map, "map", &err) == URNA_OK)
        check(&m, csv);
    else
        MUST(err.status == URNA_INPUT && err.where[0] && err.msg[0]);
    urna_colmap_free(&m);
    choose(csv);
    return 0;
}
