/* The table of kinds, and what reading and writing a body of any kind have in common. */
#include "model/describe.h"

#include <string.h>

static const struct {
    const char *name;
    bool out_of_line;
    urna_describe_fn *describe; /* NULL: any bytes */
} kinds[URNA_KIND_COUNT] = {
    [URNA_MANIFEST] = {"manifest", false, urna_describe_manifest},
    [URNA_ACCEPT] = {"accept", false, urna_describe_accept},
    [URNA_GUARDIAN_COMMIT] = {"guardian.commit", false, urna_describe_guardian_commit},
    [URNA_GUARDIAN_KEYS] = {"guardian.keys", false, urna_describe_guardian_keys},
    [URNA_GUARDIAN_SHARES] = {"guardian.shares", false, urna_describe_guardian_shares},
    [URNA_GUARDIAN_COMPLAINT] = {"guardian.complaint", false, urna_describe_guardian_complaint},
    [URNA_GUARDIAN_CONFIRM] = {"guardian.confirm", false, urna_describe_guardian_confirm},
    [URNA_ROLL] = {"roll", false, urna_describe_roll},
    [URNA_ROLL_CLOSE] = {"roll.close", false, urna_describe_roll_close},
    [URNA_OPEN] = {"open", false, urna_describe_open},
    [URNA_BALLOT] = {"ballot", false, urna_describe_ballot},
    [URNA_CHALLENGE] = {"challenge", false, urna_describe_challenge},
    [URNA_ANCHOR] = {"anchor", false, urna_describe_anchor},
    [URNA_CLOSE] = {"close", false, urna_describe_close},
    [URNA_COUNTSET] = {"countset", false, urna_describe_countset},
    [URNA_DECRYPT_COMMIT] = {"decrypt.commit", false, urna_describe_decrypt_commit},
    [URNA_DECRYPT_REVEAL] = {"decrypt.reveal", false, urna_describe_decrypt_reveal},
    [URNA_DECRYPT_RESPOND] = {"decrypt.respond", false, urna_describe_decrypt_respond},
    [URNA_TALLY] = {"tally", false, urna_describe_tally},
    [URNA_RESULT] = {"result", false, urna_describe_result},
    [URNA_VERDICT] = {"verdict", false, urna_describe_verdict},
    [URNA_INCIDENT] = {"incident", true, urna_describe_free_text},
    [URNA_COMPLAINT] = {"complaint", true, urna_describe_free_text},
    [URNA_STATEMENT] = {"statement", true, urna_describe_free_text},
    [URNA_ATTACHMENT] = {"attachment", true, NULL},
    [URNA_REDACT] = {"redact", false, urna_describe_redact},
};

const char *urna_kind_name(enum urna_kind k)
{
    return k < URNA_KIND_COUNT ? kinds[k].name : "";
}

enum urna_kind urna_kind_find(const char *name)
{
    for (unsigned k = 0; k < URNA_KIND_COUNT; k++)
        if (strcmp(name, kinds[k].name) == 0)
            return (enum urna_kind)k;
    return URNA_KIND_UNKNOWN;
}

bool urna_kind_out_of_line(enum urna_kind k)
{
    return k < URNA_KIND_COUNT && kinds[k].out_of_line;
}

void urna_want(struct urna_codec *c, bool holds, const char *reason)
{
    if (c->reading && !holds)
        urna_codec_fault(c, reason);
}

void urna_want_ascending_u32(struct urna_codec *c, const uint32_t *x, uint32_t n)
{
    for (uint32_t i = 1; c->reading && !c->failed && i < n; i++)
        urna_want(c, x[i - 1] < x[i], "list not strictly ascending");
}

void urna_want_ascending_hashes(struct urna_codec *c, uint8_t (*const h)[32], uint32_t n)
{
    for (uint32_t i = 1; c->reading && !c->failed && i < n; i++)
        urna_want(c, memcmp(h[i - 1], h[i], 32) < 0, "list not strictly ascending");
}

enum urna_status urna_body_read_end(struct urna_codec *c, enum urna_kind kind,
                                    struct urna_error *err)
{
    if (urna_codec_done(c))
        return URNA_OK;
    if (err != NULL && err->offset < 0)
        err->offset = (int64_t)c->at;
    return urna_fail(err, URNA_FALSE, "%s at byte %zu: %s", kinds[kind].name, c->at, c->reason);
}

enum urna_status urna_body_read(struct urna_body *out, enum urna_kind kind, struct urna_view body,
                                size_t lp, size_t lq, struct urna_arena *a, struct urna_error *err)
{
    struct urna_sizes s = {lp, lq};
    *out = (struct urna_body){.kind = kind};
    if (kind >= URNA_KIND_COUNT)
        return urna_fail(err, URNA_FALSE, "unknown kind");
    if (kinds[kind].describe == NULL)
        return URNA_OK;
    struct urna_codec c = urna_codec_reader(body, a);
    kinds[kind].describe(&c, out, &s);
    enum urna_status st = urna_body_read_end(&c, kind, err);
    if (st != URNA_OK)
        *out = (struct urna_body){.kind = kind};
    return st;
}

void urna_body_write(struct urna_buf *out, const struct urna_body *b, size_t lp, size_t lq)
{
    struct urna_sizes s = {lp, lq};
    struct urna_codec c = urna_codec_writer(out);
    struct urna_body copy = *b; /* the descriptions serve both ways and take no const */
    if (b->kind < URNA_KIND_COUNT && kinds[b->kind].describe != NULL)
        kinds[b->kind].describe(&c, &copy, &s);
}
