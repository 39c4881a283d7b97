/* The kinds that speak about the log itself or beside the count: anchors, the close of an election
 * without witnesses, verdicts, free text, redactions (election.md sections 2, 7, 8). */
#include "model/describe.h"

#include <string.h>

static const char *const cosigner_keys[] = {"full", "head"};
static const char *const redact_reasons[] = {"personal-data", "unlawful", "threat"};
const char *const urna_verdict_answers[] = {"invalid",         "incomplete",      "consistent",
                                            "computed",        "witnessed",       "final",
                                            "anchor-withheld", "ballot-withheld", NULL};
#define N_ANSWERS 8
_Static_assert(sizeof urna_verdict_answers / sizeof urna_verdict_answers[0] == N_ANSWERS + 1,
               "all but the NULL are answers");

static void cosig(struct urna_codec *c, struct urna_anchor_sig *x, const void *ctx)
{
    (void)ctx;
    urna_codec_open(c);
    urna_field_id(c, "as", &x->as);
    urna_codec_key(c, "key");
    urna_codec_word(c, cosigner_keys, 2, &x->head);
    urna_field_positive(c, "time", &x->time);
    urna_codec_key(c, "sig");
    urna_codec_hex(c, x->sig, sizeof x->sig);
    urna_codec_close(c);
}

/* By (as, key): "full" before "head", as bytes and as numbers. */
static bool is_before(const struct urna_anchor_sig *x, const struct urna_anchor_sig *y)
{
    int order = strcmp(x->as, y->as);
    return order < 0 || (order == 0 && x->head < y->head);
}

void urna_describe_anchor(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_anchor *x = &b->anchor;
    (void)s;
    urna_codec_open(c);
    urna_field_positive(c, "size", &x->size);
    urna_field_hash(c, "root", x->root);
    urna_codec_key(c, "cosigs");
    URNA_CODEC_ARRAY(c, x->cosigs, x->n_cosigs, cosig, NULL);
    urna_want(c, x->n_cosigs > 0, "anchor without cosignatures");
    for (uint32_t i = 1; c->reading && !c->failed && i < x->n_cosigs; i++)
        urna_want(c, is_before(&x->cosigs[i - 1], &x->cosigs[i]),
                  "cosignatures not strictly ascending by witness and key");
    urna_codec_close(c);
}

void urna_describe_close(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    (void)s;
    urna_codec_open(c);
    urna_field_number(c, "time", &b->close.time);
    urna_codec_close(c);
}

void urna_describe_verdict(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_verdict_body *x = &b->verdict;
    (void)s;
    urna_codec_open(c);
    urna_field_id(c, "as", &x->as);
    urna_field_number(c, "size", &x->size);
    urna_field_hash(c, "root", x->root);
    urna_codec_key(c, "answer");
    urna_codec_word(c, urna_verdict_answers, N_ANSWERS, &x->answer);
    urna_codec_key(c, "software");
    urna_codec_name(c, &x->software);
    urna_codec_close(c);
}

static void line(struct urna_codec *c, const char **text, const void *ctx)
{
    (void)ctx;
    urna_codec_text(c, text);
}

void urna_describe_free_text(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_free_text *x = &b->free_text;
    (void)s;
    urna_codec_open(c);
    urna_field_id(c, "as", &x->as);
    urna_codec_key(c, "text");
    URNA_CODEC_ARRAY(c, x->text, x->n_text, line, NULL);
    urna_field_hash_maybe(c, "about", &x->about);
    x->has_files = urna_codec_maybe(c, "files", x->has_files);
    if (x->has_files)
        URNA_CODEC_ARRAY(c, x->files, x->n_files, urna_item_hash, NULL);
    urna_codec_close(c);
}

void urna_describe_redact(struct urna_codec *c, struct urna_body *b, const struct urna_sizes *s)
{
    struct urna_redact *x = &b->redact;
    (void)s;
    urna_codec_open(c);
    urna_field_hash(c, "hash", x->hash);
    urna_codec_key(c, "reason");
    urna_codec_word(c, redact_reasons, 3, &x->reason);
    urna_codec_close(c);
}
