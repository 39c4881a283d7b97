/* The tamper suite: take valid records, change every field of every kind of entry in every way, and
 * require the judge to name the entry by the right rule (expect.c).
 *
 * Each change is tried as damage, under the old signatures, and signed again by the role that could
 * have done it. A refused entry changes nothing: so all of them are put into one log, before the
 * entry that they were made of, and that log, thousands of void entries long, must still end with
 * the same result, and be read so from a disk by the verifier, signed by the log and cosigned by
 * the witnesses. What is rightly accepted gets a log of its own, played to its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "run.h"
#include "verify/verify.h"

static void change_entry(struct run *x)
{
    report_subject(x->report, urna_kind_name(tamper_kind(x)));
    ve_body_of(x->rec.t, x->log, x->at, &x->own);
    tamper_bodies(x);
    tamper_envelopes(x);
    tamper_signers(x);
    if (tamper_kind(x) == URNA_ANCHOR)
        tamper_anchor(x);
    if (!x->slow || x->all)
        tamper_whole(x);
}

/* The log with all that was refused in it, from the disk: the verifier's answer is that of the
 * untouched one, and every one of them is named again. */
static void verify_all(struct run *x)
{
    struct urna_trust trust;
    struct urna_buf text = {0};
    struct urna_verdict v;
    struct urna_error err = URNA_ERROR_INIT;
    bool witnessed = x->rec.t->s.witnesses > 0;
    rec_trust(x->rec.t, &text);
    if (urna_trust_read(&trust, urna_buf_view(&text), &err) != URNA_OK)
        give_up("trust", err.msg);
    struct urna_verify_options o = {.trust = &trust, .threads = 1};
    if (urna_verify(&v, x->disk.folder, &o, &err) != URNA_OK)
        give_up("verify", err.msg);
    if (v.answer != (witnessed ? URNA_FINAL : URNA_COMPUTED))
        report_fault(x->report, "the verifier says %s: %s", urna_answer_name[v.answer], v.why);
    size_t n, wrong = 0;
    const struct urna_void *w = urna_judge_voids(urna_follow_judge(v.follow), &n);
    for (size_t i = 0; i < n && i < x->n_noted; i++)
        wrong += w[i].index != x->noted[i].index || strcmp(w[i].rule, x->noted[i].rule) != 0;
    if (n != x->n_noted || wrong > 0)
        report_fault(x->report, "the verifier finds %zu void entries of %zu, %zu by another name",
                     n, x->n_noted, wrong);
    report_case(x->report, urna_answer_name[v.answer], true);
    urna_verdict_free(&v);
    urna_trust_free(&trust);
    urna_buf_free(&text);
}

static void tamper(struct report *report, const char *group, enum rec_which which, bool all)
{
    struct run x = {.report = report, .all = all, .slow = strcmp(group, "eg4096") == 0};
    rec_hold(&x.rec, group, which);
    x.log = urna_follow_new(NULL, 1, NULL, NULL);
    x.tried = urna_xcalloc(1, sizeof *x.tried);
    stock_fill(&x.stock, x.rec.t);
    disk_open(&x.disk, x.rec.t);
    for (x.at = 0; x.at < x.rec.t->n; x.at++) {
        change_entry(&x);
        if (!tamper_play(&x.rec, x.log, &x.disk, x.at)) {
            report_fault(report, "after all that, entry %zu as it was is refused", x.at);
            break;
        }
    }
    char got[24], subject[64];
    snprintf(subject, sizeof subject, "the %s record with all of it", x.rec.name);
    report_subject(report, subject);
    uint64_t at;
    const struct urna_buf *b = urna_judge_result_body(urna_follow_judge(x.log));
    if (!urna_judge_result_at(urna_follow_judge(x.log), &at) ||
        !urna_view_eq(urna_buf_view(b), urna_buf_view(x.rec.result)))
        report_fault(report, "the result is another one");
    (void)got;
    disk_seal(&x.disk);
    if (!x.broken && (!x.slow || all))
        verify_all(&x);
    disk_remove(&x.disk);
    urna_follow_free(x.log);
    stock_free(&x.stock);
    free(x.tried);
    free(x.noted);
    urna_buf_free(&x.own);
    rec_free(&x.rec);
}

int main(int argc, char **argv)
{
    struct urna_error err = URNA_ERROR_INIT;
    if (argc != 3)
        return 2;
    if (urna_secret_init(&err) != URNA_OK)
        return 3;
    const char *env = getenv("URNA_TAMPER");
    bool all = env && strcmp(env, "all") == 0;
    struct report *r = report_new(argv[1]);
    for (int which = 0; which < REC_COUNT; which++)
        tamper(r, argv[1], (enum rec_which)which, all);
    return report_end(r, (unsigned)atoi(argv[2]));
}
