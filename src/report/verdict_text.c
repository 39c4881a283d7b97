/* The verdict on a terminal: the answer first, in one word and one sentence. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/term.h"
#include "report/verdict.h"
#include "report/verdict_view.h"

enum { NAME_COLUMN = 44 };

static void put_sign(FILE *f, enum urna_tone tone, enum urna_sign s)
{
    urna_term_tone(f, tone);
    fputs(urna_term_sign(s), f);
    urna_term_end(f);
}

/* A text from the record, cut at ${columns} code points for a table; returns the columns used. */
static unsigned put_name(FILE *f, const char *s, unsigned columns)
{
    size_t len = strlen(s), i = 0, cut = len;
    unsigned n = 0;
    uint32_t cp;
    while (i < len) {
        size_t before = i;
        if (!urna_utf8_next((const uint8_t *)s, len, &i, &cp))
            break;
        if (n + 1 == columns)
            cut = before;
        n++;
    }
    if (n <= columns) {
        urna_print_safe(f, s, len);
        return n;
    }
    urna_print_safe(f, s, cut);
    fputs("…", f);
    return columns;
}

static void pad(FILE *f, unsigned used, unsigned width)
{
    for (; used < width; used++)
        fputc(' ', f);
}

/* 35.07%: two decimals, rounded half up from the exact fraction. */
static void put_share(FILE *f, uint64_t part, uint64_t whole)
{
    /* Long division, so that nothing overflows: one digit of the share at a time. */
    uint64_t hundredths = 0, rest = part;
    for (int digit = 0; whole > 0 && digit < 5; digit++) {
        hundredths = hundredths * 10 + rest / whole;
        rest = rest % whole * 10; /* votes are below 2^54 */
    }
    hundredths += whole > 0 && rest >= whole * 5;
    fprintf(f, "%6llu.%02llu%%", (unsigned long long)(hundredths / 100), (unsigned long long)(hundredths % 100));
}

/* --- head ------------------------------------------------------------------------------------------- */

static void put_head(FILE *f, const struct urna_verdict *v)
{
    static const char *const word[] = {"NOT VALID", "INCOMPLETE", "CONSISTENT", "COMPUTED", "WITNESSED", "FINAL"};
    const struct urna_context *P = urna_verdict_context(v);
    if (v->answer == URNA_INVALID) {
        urna_term_tone(f, URNA_LOUD);
        fprintf(f, "%s NOT VALID", urna_term_sign(URNA_SIGN_FAILS));
    } else if (v->as_found && v->answer != URNA_INCOMPLETE) {
        fprintf(f, "%s AS FOUND", urna_term_sign(URNA_SIGN_UNKNOWN));
    } else {
        bool good = v->reached;
        urna_term_tone(f, good ? URNA_GOOD : URNA_WAIT);
        fprintf(f, "%s %s", urna_term_sign(good ? URNA_SIGN_HOLDS : URNA_SIGN_WARN), word[v->answer]);
    }
    urna_term_end(f);
    if (P) {
        const char *title = urna_title_in(&P->m.title, "en");
        fputs("  ", f);
        urna_print_safe(f, title, strlen(title));
        if (P->m.test) {
            urna_term_tone(f, URNA_BAD);
            fputs(" (TEST ELECTION)", f);
            urna_term_end(f);
        }
    }
    fputc('\n', f);
}

static void put_sentence(FILE *f, const struct urna_verdict *v, const struct urna_fault_view *faults)
{
    static const char *const level[] = {"computed", "witnessed", "final"};
    char text[700] = "";
    switch (v->answer) {
    case URNA_INVALID:
        urna_print_wrapped(f, 2,
                           faults->changed ? "This copy of the record was changed after it was signed.\nUse no number from it."
                                           : "This is not a valid record of the election. Use no number from it.");
        return;
    case URNA_INCOMPLETE:
        urna_print_wrapped(f, 2, "Bytes are missing. What is here was checked; nothing in it is wrong.");
        return;
    case URNA_CONSISTENT:
        snprintf(text, sizeof text, "Nothing is wrong so far. There is no accepted result.");
        break;
    case URNA_COMPUTED:
        snprintf(text, sizeof text, "The result follows from the published ballots. It was computed again here.");
        break;
    case URNA_WITNESSED:
        snprintf(text, sizeof text,
                 "The result follows from the published ballots. Witnesses signed the list of counted ballots. Not enough of them signed the result.");
        break;
    case URNA_FINAL:
        snprintf(text, sizeof text, "The result follows from the published ballots. The witnesses that your trust file asks for signed it.");
        break;
    }
    if (!v->as_found) {
        size_t len = strlen(text);
        snprintf(text + len, sizeof text - len, " You asked for %s: %s.", level[v->asked], v->reached ? "reached" : "not reached");
    }
    urna_print_wrapped(f, 2, text);
}

static void put_ladder(FILE *f, const struct urna_verdict *v)
{
    static const char *const rung[] = {"consistent", "computed", "witnessed", "final"};
    fputs("\n  ", f);
    for (int i = 0; i < 4; i++) {
        bool on = (int)v->answer >= (int)URNA_CONSISTENT + i;
        if (i > 0)
            fputs("  --  ", f);
        put_sign(f, on && !v->as_found ? URNA_GOOD : URNA_PLAIN, on ? URNA_SIGN_HOLDS : URNA_SIGN_OPEN);
        fprintf(f, " %s", rung[i]);
    }
    fputs("\n", f);
}

static void put_fingerprint(FILE *f, const struct urna_context *P)
{
    char hex[65];
    urna_hex(hex, P->phi, 32);
    for (int line = 0; line < 2; line++) {
        fputs(line == 0 ? "\n  fingerprint   " : "                ", f);
        for (int i = 0; i < 8; i++)
            fprintf(f, "%s%.4s", i == 0 ? "" : i == 4 ? "  " : " ", hex + line * 32 + i * 4);
        fputc('\n', f);
    }
}

/* --- result ------------------------------------------------------------------------------------------- */

static void put_contest(FILE *f, const struct urna_manifest *m, const struct urna_result *r, uint32_t c)
{
    const struct urna_result_contest *x = &r->contests[c];
    const struct urna_result_seats *s = urna_result_seats_of(r, c + 1);
    uint64_t sum = 0;
    uint32_t seats = 0;
    char num[40];
    for (uint32_t o = 0; o < x->n_totals; o++) {
        sum += x->totals[o];
        seats += s ? s->seats[o] : 0;
    }
    fputs("\n  ", f);
    const char *title = urna_title_in(&m->contests[c].title, "en");
    unsigned used = put_name(f, *title ? title : m->contests[c].id, NAME_COLUMN);
    pad(f, used, NAME_COLUMN);
    fprintf(f, "%11s%10s%s\n", "Votes", "Share", s ? "   Seats" : "");
    for (uint32_t o = 0; o < x->n_totals; o++) {
        const char *name = urna_title_in(&m->contests[c].options[o].title, "en");
        fputs("  ", f);
        used = put_name(f, *name ? name : m->contests[c].options[o].id, NAME_COLUMN);
        pad(f, used, NAME_COLUMN);
        fprintf(f, "%11s", urna_number(num, x->totals[o]));
        put_share(f, x->totals[o], sum);
        if (s && s->seats[o] > 0)
            fprintf(f, "%8u", s->seats[o]);
        else if (s)
            fprintf(f, "%8s", "-");
        fputc('\n', f);
    }
    fputs("  All", f);
    pad(f, 3, NAME_COLUMN);
    fprintf(f, "%11s", urna_number(num, sum));
    put_share(f, sum, sum);
    if (s)
        fprintf(f, "%8u", seats);
    fputc('\n', f);
    if (x->secret > 0)
        fprintf(f, "  %s ballots of this contest are in no sum: too few ballots, kept secret.\n", urna_number(num, x->secret));
    if (s && s->tie)
        fputs("  A tie decides a seat, or nobody can take it: such seats stay unassigned.\n", f);
}

/* --- what was done --------------------------------------------------------------------------------------- */

static size_t width_of(const char *s, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)s[i] & 0xc0) != 0x80;
    return n;
}

/* The rest of a line that has reached ${column}, broken at words before column 80; further lines begin there too. A word that does not
 * fit there stays whole, since a hash must be copied, and moves to the left. */
static void hang(FILE *f, size_t column, const char *text)
{
    size_t at = column;
    for (const char *p = text; *p; p += strspn(p, " ")) {
        size_t len = strcspn(p, " "), width = width_of(p, len);
        size_t indent = column + width > 79 ? 4 : column;
        if (p != text && at + 1 + width <= 79) {
            fputc(' ', f);
            at++;
        } else if (p != text || indent != column) {
            fprintf(f, "\n%*s", (int)indent, "");
            at = indent;
        }
        urna_print_safe(f, p, len);
        at += width;
        p += len;
    }
    fputc('\n', f);
}

static void label(FILE *f, const char *name, const char *text)
{
    fprintf(f, "  %-12s  ", name);
    hang(f, 16, text);
}

static void put_ballots(FILE *f, struct urna_judge *J, const struct urna_verdict_counts *n)
{
    char a[6][40], text[400];
    if (!n->sealed)
        snprintf(text, sizeof text, "%s in the log; not sealed yet, so nothing is decided; %s credentials on the roll",
                 urna_number(a[0], n->ballots), urna_number(a[1], n->rows));
    else
        snprintf(text, sizeof text, "%s in the log: %s counted, %s superseded, %s late, %s void; %s credentials on the roll",
                 urna_number(a[0], n->ballots), urna_number(a[1], n->by[URNA_B_COUNTED]), urna_number(a[2], n->by[URNA_B_SUPERSEDED]),
                 urna_number(a[3], n->by[URNA_B_LATE]), urna_number(a[4], n->by[URNA_B_VOID]), urna_number(a[5], n->rows));
    label(f, "ballots", text);
    if (urna_judge_accepted(J, URNA_CHALLENGE) > 0) {
        snprintf(text, sizeof text, "%s published, all fit; anyone can make one, so this is not a number of honest tests",
                 urna_number(a[0], urna_judge_accepted(J, URNA_CHALLENGE)));
        label(f, "openings", text);
    }
}

static void put_checks(FILE *f, struct urna_judge *J, uint64_t proofs)
{
    const struct urna_checks *c = urna_judge_checks(J);
    char a[9][40], text[700];
    snprintf(text, sizeof text,
             "%s entries; %s proofs (%s selections, %s limits, %s keys and shares, %s decryptions); %s ballot signatures, %s role signatures, "
             "%s witness signatures; none skipped",
             urna_number(a[0], urna_judge_entries(J)), urna_number(a[1], proofs), urna_number(a[2], c->range_proofs),
             urna_number(a[3], c->limit_proofs), urna_number(a[4], c->guardian_proofs + c->share_proofs),
             urna_number(a[5], c->tally_proofs + c->partial_proofs), urna_number(a[6], c->credentials), urna_number(a[7], c->signatures),
             urna_number(a[8], c->cosignatures));
    label(f, "checked", text);
}

/* The groups of the trust file (or blocs), in the order in which they first appear, with how many of each signed. */
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

static void put_witnesses(FILE *f, const struct urna_verdict *v, const struct urna_verdict_counts *n)
{
    if (v->n_witness == 0) {
        label(f, "witnesses", "Not witnessed; opening and closing times are the commission's word.");
        return;
    }
    struct urna_buf text = {0}, groups = {0};
    list_groups(&groups, v);
    urna_buf_printf(&text, "%llu of %zu signed the count set, %llu the result%s", (unsigned long long)n->countset_by, v->n_witness,
                    (unsigned long long)n->result_by, urna_buf_cstr(&groups));
    label(f, "witnesses", urna_buf_cstr(&text));
    urna_buf_free(&text);
    urna_buf_free(&groups);
}

enum { SHOWN = 12 };

/* "  - entry 4,906    void, rule E3: ..." with everything behind the name in one column. */
static void put_finding(FILE *f, enum urna_sign sign, const char *what, const char *text)
{
    fputs("  ", f);
    put_sign(f, URNA_WAIT, sign);
    fputc(' ', f);
    unsigned used = put_name(f, what, 30);
    if (used <= 13) {
        pad(f, used, 14);
    } else {
        fputs("\n", f);
        pad(f, 0, 18);
    }
    hang(f, 18, text);
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

static void put_findings(FILE *f, const struct urna_verdict *v, const struct urna_verdict_counts *n)
{
    struct urna_judge *J = urna_follow_judge(v->follow);
    size_t n_void, n_find, shown = 0;
    const struct urna_void *voids = urna_judge_voids(J, &n_void);
    const struct urna_finding *find = urna_judge_findings(J, &n_find);
    char num[40];
    label(f, "findings", urna_number(num, n->voids + n->findings + n->silent));
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

/* The words of election.md section 11 that every verdict must say. */
static void put_cautions(FILE *f, const struct urna_context *P)
{
    if (P->m.credentials == URNA_ONE_REGISTRAR)
        urna_print_wrapped(f, 2, "The registrar could have voted for anyone.");
    else if (P->m.n_registrars == 1)
        urna_print_wrapped(f, 2, "With a single registrar the commission can add ballots.");
    if (urna_guardians_unofficial(&P->m)) {
        char text[300];
        snprintf(text, sizeof text,
                 "The guardians are not those of an official election (at least 3, quorum over half, no bloc able to decrypt or to block alone): "
                 "%u guardian%s, %u needed.",
                 P->m.n, P->m.n == 1 ? "" : "s", P->m.k);
        urna_print_wrapped(f, 2, text);
    }
}

static void put_not_proved(FILE *f, const struct urna_context *P, uint64_t rows, bool explain)
{
    char text[400];
    fputc('\n', f);
    put_cautions(f, P);
    if (rows > 0 && rows < 200) {
        snprintf(text, sizeof text, "Totals of as few as %llu people may be published.", (unsigned long long)P->m.m_root);
        urna_print_wrapped(f, 2, text);
    }
    snprintf(text, sizeof text,
             "Not proved: that devices encrypted what voters chose; that everyone on the roll exists; that nobody voted under pressure; that "
             "%u guardian%s did not open single ballots.%s",
             P->m.k, P->m.k == 1 ? "" : "s together", explain ? "" : " urna verify --explain says more.");
    urna_print_wrapped(f, 2, text);
    if (!explain)
        return;
    static const char *const more[] = {
        "Proved: nothing that the log signed was altered or removed in this copy; every counted ballot comes from a credential on the published "
        "roll, and none counts twice; every counted ballot is a choice within the limits of the manifest; the totals are the sums of exactly these "
        "ballots; the seats follow from the totals by the rule in the manifest.",
        "Devices: the encrypting device always knows the vote. A challenge is a spot check: if 1% of encryptions are tested, 100 altered votes go "
        "unseen with probability 37%, 300 with 5%. A failed test convinces the voter, and proves nothing to others.",
        "Eligibility: there is no ballot outside the published roll; the roll itself is only audited. Who holds the credential can always cast the "
        "last ballot. Nothing technical stops the registrar from giving away names.",
        "Secrecy: fewer than the quorum of guardians learn nothing from the ciphertexts. The quorum together can decrypt any single ballot, silently, "
        "at any time. A group that votes alike has no secrecy in any system that publishes its numbers.",
        "Pressure: who keeps the randomness or films the screen can prove a vote. Re-voting helps only against a coercer who never looks at the log; "
        "superseded ballots stay visible.",
        "Access: the board can refuse a ballot before it gives a promise, and delay; it sees network address, time and credential together.",
    };
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        fputc('\n', f);
        urna_print_wrapped(f, 2, more[i]);
    }
}

/* --- invalid, incomplete --------------------------------------------------------------------------------- */

static void put_hashes(FILE *f, const struct urna_record_fault *x)
{
    char hex[65];
    if (!x->has_hashes)
        return;
    urna_hex(hex, x->expected, 32);
    fprintf(f, "    as signed  %s\n", hex);
    urna_hex(hex, x->found, 32);
    fprintf(f, "    found      %s\n", hex);
}

static void put_range(FILE *f, const struct urna_record_fault *x)
{
    char num[2][40];
    if (x->first == x->last)
        fprintf(f, "    entry %s", urna_number(num[0], x->first));
    else if (x->first < x->last)
        fprintf(f, "    entries %s to %s", urna_number(num[0], x->first), urna_number(num[1], x->last));
}

static void put_fault(FILE *f, const struct urna_record_fault *x)
{
    bool bad = x->state == URNA_RECORD_INVALID;
    fputs("  ", f);
    put_sign(f, bad ? URNA_BAD : URNA_WAIT, bad ? URNA_SIGN_FAILS : URNA_SIGN_WARN);
    fputc(' ', f);
    urna_print_safe(f, x->file, strlen(x->file));
    put_range(f, x);
    if (!bad && x->first <= x->last) { /* what is missing is said already */
        fputc('\n', f);
        return;
    }
    fputs("\n    ", f);
    hang(f, 4, x->text);
    put_hashes(f, x);
}

/* One entry, and everything else as it was signed. */
static void put_changed(FILE *f, const struct urna_fault_view *x)
{
    char num[40];
    fputs("  ", f);
    put_sign(f, URNA_BAD, URNA_SIGN_FAILS);
    fprintf(f, " entry %-12s", urna_number(num, x->entry));
    if (x->kind)
        fprintf(f, "%s %s; ", strchr("aeiou", x->kind[0]) ? "an" : "a", x->kind);
    fprintf(f, "%s, place %u\n", x->bundle, x->place);
    fputs("    rule       Tree: the entries must give the root that the log signed\n", f);
    put_hashes(f, x->main);
}

static void put_invalid(FILE *f, const struct urna_verdict *v, const struct urna_fault_view *x, const struct urna_verdict_counts *n)
{
    char num[40], text[600];
    fputc('\n', f);
    if (!x->main) {
        fputs("  ", f);
        put_sign(f, URNA_BAD, URNA_SIGN_FAILS);
        fputc(' ', f);
        hang(f, 4, v->why);
        fputc('\n', f);
    } else if (x->changed) {
        put_changed(f, x);
        fputc('\n', f);
    } else {
        put_fault(f, x->main);
        if (x->root)
            put_fault(f, x->root);
        if (x->more > 0)
            fprintf(f, "    %s more file%s disagree%s, perhaps for the same reason: see --json\n", urna_number(num, x->more), x->more == 1 ? "" : "s",
                    x->more == 1 ? "s" : "");
        fputc('\n', f);
    }
    if (x->changed && v->n_witness > 0)
        snprintf(text, sizeof text, "The other %s entries are as signed by the log and %llu of %zu witnesses. This check can't tell who or what changed this one.",
                 urna_number(num, v->size - 1), (unsigned long long)n->head_by, v->n_witness);
    else if (x->changed)
        snprintf(text, sizeof text, "The other %s entries are as the log signed them. This check can't tell who or what changed this one.",
                 urna_number(num, v->size - 1));
    else
        snprintf(text, sizeof text, "This check can't tell who or what is at fault.");
    size_t len = strlen(text);
    snprintf(text + len, sizeof text - len, " Keep this copy as it is, get another from a witness or a mirror, and check that. No result is shown.");
    urna_print_wrapped(f, 2, text);
}

static void put_incomplete(FILE *f, const struct urna_verdict *v)
{
    enum { FILES = 20 };
    char num[40];
    fputc('\n', f);
    for (size_t i = 0; i < v->n_faults && i < FILES; i++)
        put_fault(f, &v->faults[i]);
    if (v->n_faults > FILES)
        fprintf(f, "    %s more: see --json\n", urna_number(num, v->n_faults - FILES));
    fputc('\n', f);
    urna_print_wrapped(f, 2, "Get what is missing from any mirror or witness and check again.");
}

void urna_verdict_text(FILE *f, const struct urna_verdict *v, const char *trust_name, bool explain)
{
    const struct urna_context *P = urna_verdict_context(v);
    struct urna_verdict_counts n;
    struct urna_fault_view faults;
    urna_verdict_count(&n, v);
    urna_fault_view(&faults, v);
    if (v->as_found && P && v->answer != URNA_INVALID) {
        char hex[65];
        urna_hex(hex, P->phi, 32);
        fprintf(f, "A consistent record of an election with fingerprint\n%s. Not checked:\nthat this is the election you mean.\n\n", hex);
    }
    const struct urna_void *unproved = urna_unproved_result(v);
    if (unproved) {
        char num[40], text[400];
        snprintf(text, sizeof text, "The record states a result that it does not prove (entry %s: %s).\n\n", urna_number(num, unproved->index),
                 unproved->reason);
        urna_print_wrapped(f, 0, text);
    }
    put_head(f, v);
    put_sentence(f, v, &faults);
    if (v->answer == URNA_INVALID) {
        put_ladder(f, v);
        put_invalid(f, v, &faults, &n);
        return;
    }
    if (v->answer == URNA_INCOMPLETE) {
        put_incomplete(f, v);
        return;
    }
    put_ladder(f, v);
    put_fingerprint(f, P);
    struct urna_judge *J = urna_follow_judge(v->follow);
    const struct urna_result *r = urna_judge_result(J);
    for (uint32_t c = 0; r && c < r->n_contests; c++)
        put_contest(f, &P->m, r, c);
    fputc('\n', f);
    if (trust_name)
        label(f, "trust file", trust_name);
    put_ballots(f, J, &n);
    put_checks(f, J, n.proofs);
    put_witnesses(f, v, &n);
    put_findings(f, v, &n);
    put_not_proved(f, P, n.rows, explain);
}
