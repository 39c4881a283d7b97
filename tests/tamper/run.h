/* What the parts of the tamper suite share: one record, and the log that grows while it is changed.
 */
#ifndef TAMPER_RUN_H
#define TAMPER_RUN_H

#include "expect.h"
#include "record.h"
#include "report.h"

/* Values to exchange one for: of the same path in other entries of the kind, or elsewhere in it. */
struct donor {
    enum urna_kind kind;
    const char *path;
    struct urna_view value;
};
struct stock {
    struct donor *v;
    size_t n;
    struct urna_arena a;
};
struct tried {
    uint64_t slot[1u << 16];
    size_t n;
};

struct run {
    struct rec rec;
    bool slow, all;
    struct stock stock;
    struct tried *tried;
    struct urna_follow *log; /* with everything that was refused */
    struct disk disk;
    struct noted {
        uint64_t index;
        char rule[12];
    } * noted; /* what must be void in it */
    size_t n_noted;
    bool broken; /* something was accepted that must not be: the log is no longer what it was */
    struct report *report;
    size_t at;           /* the entry that is being changed */
    struct urna_buf own; /* its body */
};

/* --- stock.c ------------------------------------------------------------- */

enum { DONORS = 3 };

void stock_fill(struct stock *s, const struct ve *t);
void stock_free(struct stock *s);
/* The way-th value of that place that is another one; empty: there is none. */
struct urna_view stock_other(const struct stock *s, enum urna_kind kind, const char *path,
                             struct urna_view than, unsigned way);

/* --- play.c -------------------------------------------------------------- */

struct said {
    bool done, accepted;
    struct urna_ruling r;
    uint64_t index;
};
/* Before the judge, and (d not NULL) onto the disk. known: phase 1 of it, or NULL. */
void tamper_put(struct urna_follow *f, struct disk *d, const struct leaves *l, struct urna_view out,
                const struct urna_alone *known, struct said *s);
/* The body, if it stands beside the log. */
struct urna_view tamper_out(enum urna_kind kind, struct urna_view body);
/* Entry i as it was; false if it is refused now. */
bool tamper_play(const struct rec *r, struct urna_follow *f, struct disk *d, size_t i);
/* The untouched log up to an entry. */
struct urna_follow *tamper_fresh(const struct rec *r, size_t before);
/* What came of it: "same", the rule of the first void entry, "same+RULE", or "other". */
void tamper_outcome(const struct rec *r, struct urna_follow *f, char *out, size_t len);

/* --- cases.c ------------------------------------------------------------- */

enum how { DAMAGED, SIGNED_AGAIN, SIGNED_AS_NAMED, HOW_COUNT };
struct change {
    const char *path; /* as in expect.c */
    enum place_op op;
    enum how how;
    const char *rules; /* of which one must name it */
    const struct expect *e;
};
enum urna_kind tamper_kind(const struct run *x);
void tamper_fault(struct run *x, const struct change *c, const char *got, const char *want);
/* Fill c->rules and c->e; false (and a fault) if the table has no place for it. */
bool tamper_rules(struct run *x, struct change *c, bool member);
/* Put the changed leaves before the judge, and require one of c->rules. */
void tamper_try(struct run *x, const struct change *c, const struct leaves *l,
                struct urna_view out);
bool tamper_by_role(const struct ve_entry *e);
/* Nothing changed, or it became another honest entry, which says nothing. */
bool tamper_is_honest(const struct run *x, struct urna_view body);
void tamper_try_signed(struct run *x, struct change *c, bool member, struct urna_view body,
                       const uint32_t *signer, uint32_t n);
/* As damage and signed again. named: what the body says who signs, if that was changed. */
void tamper_try_body(struct run *x, const char *path, enum place_op op, bool member,
                     struct urna_view body, struct urna_view named);

/* --- changes.c, around.c, whole.c ---------------------------------------- */

typedef void edit_fn(struct run *x, const struct place *p, const char *path, enum place_op op,
                     struct urna_view donor, struct urna_view text, void *ctx);
/* Every change that is to be tried of a text. prefix: what stands before its paths in the tables.
 */
void tamper_every_change(struct run *x, struct urna_view text, const char *prefix, edit_fn *fn,
                         void *ctx);
bool tamper_first_time(struct tried *t, enum urna_kind kind, const char *path, unsigned op,
                       unsigned way);
void tamper_bodies(struct run *x);
void tamper_envelopes(struct run *x);
void tamper_signers(struct run *x);
/* Made over the untouched log. */
void tamper_anchor(struct run *x);
void tamper_whole(struct run *x);

#endif
