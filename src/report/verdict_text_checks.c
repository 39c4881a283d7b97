/* The verdict for a terminal: ballots, checks, witnesses, findings. */
#include <string.h>

#include "report/verdict_text.h"

void put_ballots(FILE *f, struct urna_judge *J, const struct urna_verdict_counts *n)
{
    char a[6][40], text[400];
    if (!n->sealed)
        snprintf(text, sizeof text,
                 "%s in the log; not sealed yet, so nothing is decided; %s credentials on the roll",
                 urna_number(a[0], n->ballots), urna_number(a[1], n->rows));
    else
        snprintf(text, sizeof text,
                 "%s in the log: %s counted, %s superseded, %s late, %s void; %s credentials on "
                 "the roll",
                 urna_number(a[0], n->ballots), urna_number(a[1], n->by[URNA_B_COUNTED]),
                 urna_number(a[2], n->by[URNA_B_SUPERSEDED]), urna_number(a[3], n->by[URNA_B_LATE]),
                 urna_number(a[4], n->by[URNA_B_VOID]), urna_number(a[5], n->rows));
    text_label(f, "ballots", text);
    if (urna_judge_accepted(J, URNA_CHALLENGE) > 0) {
        snprintf(
            text, sizeof text,
            "%s published, all fit; anyone can make one, so this is not a number of honest tests",
            urna_number(a[0], urna_judge_accepted(J, URNA_CHALLENGE)));
        text_label(f, "openings", text);
    }
}

void put_checks(FILE *f, struct urna_judge *J, uint64_t proofs)
{
    const struct urna_checks *c = urna_judge_checks(J);
    char a[9][40], text[700];
    snprintf(text, sizeof text,
             "%s entries; %s proofs (%s selections, %s limits, %s keys and shares, %s "
             "decryptions); %s ballot signatures, %s role signatures, "
             "%s witness signatures; none skipped",
             urna_number(a[0], urna_judge_entries(J)), urna_number(a[1], proofs),
             urna_number(a[2], c->range_proofs), urna_number(a[3], c->limit_proofs),
             urna_number(a[4], c->guardian_proofs + c->share_proofs),
             urna_number(a[5], c->tally_proofs + c->partial_proofs),
             urna_number(a[6], c->credentials), urna_number(a[7], c->signatures),
             urna_number(a[8], c->cosignatures));
    text_label(f, "checked", text);
}

/* The groups of the trust file (or blocs), in the order in which they first appear, with how many
 * of each signed. */
static void list_groups(struct urna_buf *out, const struct urna_verdict *v)
{
    for (size_t i = 0; i < v->n_witness; i++) {
        const char *bloc = v->witness[i].bloc;
        size_t all = 0, have = 0;
        bool first = bloc != NULL;
        for (size_t j = 0; bloc && j < v->n_witness; j++) {
            if (!v->witness[j].bloc || strcmp(v->witness[j].bloc, bloc) != 0)
                continue;
            first &= j >= i;
            all++;
            have += v->witness[j].result;
        }
        if (first)
            urna_buf_printf(out, "%s%s %zu of %zu", out->len ? ", " : ": ", bloc, have, all);
    }
}

void put_witnesses(FILE *f, const struct urna_verdict *v, const struct urna_verdict_counts *n)
{
    if (v->n_witness == 0) {
        text_label(f, "witnesses",
                   "Not witnessed; opening and closing times are the commission's word.");
        return;
    }
    struct urna_buf text = {0}, groups = {0};
    list_groups(&groups, v);
    urna_buf_printf(&text, "%llu of %zu signed the count set, %llu the result%s",
                    (unsigned long long)n->countset_by, v->n_witness,
                    (unsigned long long)n->result_by, urna_buf_cstr(&groups));
    text_label(f, "witnesses", urna_buf_cstr(&text));
    urna_buf_free(&text);
    urna_buf_free(&groups);
}

enum { SHOWN = 12 };

/* "  - entry 4,906    void, rule E3: ..." with everything behind the name in one column. */
static void put_finding(FILE *f, enum urna_sign sign, const char *what, const char *text)
{
    fputs("  ", f);
    text_sign(f, URNA_WAIT, sign);
    fputc(' ', f);
    unsigned used = text_name(f, what, 30);
    if (used <= 13) {
        text_pad(f, used, 14);
    } else {
        fputs("\n", f);
        text_pad(f, 0, 18);
    }
    text_hang(f, 18, text);
}

static void put_void(FILE *f, const struct urna_void *x)
{
    char num[40], what[60], text[400];
    snprintf(what, sizeof what, "entry %s", urna_number(num, x->index));
    snprintf(text, sizeof text, "void, rule %s: %s", x->rule, x->reason);
    put_finding(f, URNA_SIGN_VOID, what, text);
}

static void put_judge_finding(FILE *f, const struct urna_finding *x)
{
    char num[40], what[60] = "the record";
    if (x->index >= 0)
        snprintf(what, sizeof what, "entry %s", urna_number(num, (uint64_t)x->index));
    put_finding(f, URNA_SIGN_WARN, what, x->text);
}

void put_findings(FILE *f, const struct urna_verdict *v, const struct urna_verdict_counts *n)
{
    struct urna_judge *J = urna_follow_judge(v->follow);
    size_t n_void, n_find, shown = 0;
    const struct urna_void *voids = urna_judge_voids(J, &n_void);
    const struct urna_finding *find = urna_judge_findings(J, &n_find);
    char num[40];
    text_label(f, "findings", urna_number(num, n->voids + n->findings + n->silent));
    for (size_t i = 0; i < n_void && shown < SHOWN; i++)
        if (!voids[i].cancelled) {
            put_void(f, &voids[i]);
            shown++;
        }
    if (n->voids > SHOWN)
        fprintf(f, "    %s more void entries: see --json\n", urna_number(num, n->voids - SHOWN));
    for (size_t i = 0; i < n_find && i < SHOWN; i++)
        put_judge_finding(f, &find[i]);
    if (n_find > SHOWN)
        fprintf(f, "    %s more findings: see --json\n", urna_number(num, n_find - SHOWN));
    for (size_t i = 0; n->silent > 0 && i < v->n_witness; i++)
        if (!v->witness[i].result)
            put_finding(f, URNA_SIGN_WARN, v->witness[i].name, "has not signed the result");
}
