/* The verdict on a terminal: the answer first, in one word and one sentence. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/term.h"
#include "report/verdict.h"

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

static const struct urna_context *context_of(const struct urna_verdict *v)
{
    return v->judged ? urna_judge_context(urna_follow_judge(v->follow)) : NULL;
}

static void put_head(FILE *f, const struct urna_verdict *v)
{
    static const char *const word[] = {"NOT VALID", "INCOMPLETE", "CONSISTENT", "COMPUTED", "WITNESSED", "FINAL"};
    const struct urna_context *P = context_of(v);
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

static void put_sentence(FILE *f, const struct urna_verdict *v)
{
    static const char *const level[] = {"computed", "witnessed", "final"};
    char text[700] = "";
    switch (v->answer) {
    case URNA_INVALID:
        urna_print_wrapped(f, 2, "This is not a valid record of the election. Use no number from it.");
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

static const struct urna_result_seats *seats_of(const struct urna_result *r, uint32_t contest)
{
    for (uint32_t i = 0; i < r->n_seats; i++)
        if (r->seats[i].contest == contest)
            return &r->seats[i];
    return NULL;
}

static void put_contest(FILE *f, const struct urna_manifest *m, const struct urna_result *r, uint32_t c)
{
    const struct urna_result_contest *x = &r->contests[c];
    const struct urna_result_seats *s = seats_of(r, c + 1);
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

static void label(FILE *f, const char *name, const char *text)
{
    /* Continuation lines stand under the text. */
    size_t width = 64;
    const char *p = text;
    fprintf(f, "  %-12s  ", name);
    while (strlen(p) > width) {
        size_t cut = width;
        while (cut > 0 && p[cut] != ' ')
            cut--;
        if (cut == 0)
            cut = width;
        fprintf(f, "%.*s\n                ", (int)cut, p);
        p += cut + (p[cut] == ' ');
    }
    fprintf(f, "%s\n", p);
}

static void put_ballots(FILE *f, struct urna_judge *J)
{
    size_t n, n_rows;
    uint64_t by[5] = {0}, seal, cut;
    char a[6][40], text[400];
    const struct urna_ballot_rec *b = urna_judge_ballots(J, &n);
    urna_judge_rows(J, &n_rows);
    for (size_t i = 0; i < n; i++)
        by[b[i].state]++;
    if (!urna_judge_seal(J, &seal, &cut))
        snprintf(text, sizeof text, "%s in the log; not sealed yet, so nothing is decided; %s credentials on the roll",
                 urna_number(a[0], n), urna_number(a[1], n_rows));
    else
        snprintf(text, sizeof text, "%s in the log: %s counted, %s superseded, %s late, %s void; %s credentials on the roll",
                 urna_number(a[0], n), urna_number(a[1], by[URNA_B_COUNTED]), urna_number(a[2], by[URNA_B_SUPERSEDED]),
                 urna_number(a[3], by[URNA_B_LATE]), urna_number(a[4], by[URNA_B_VOID]), urna_number(a[5], n_rows));
    label(f, "ballots", text);
    if (urna_judge_accepted(J, URNA_CHALLENGE) > 0) {
        snprintf(text, sizeof text, "%s published, all fit; anyone can make one, so this is not a number of honest tests",
                 urna_number(a[0], urna_judge_accepted(J, URNA_CHALLENGE)));
        label(f, "openings", text);
    }
}

static void put_checks(FILE *f, struct urna_judge *J)
{
    const struct urna_checks *c = urna_judge_checks(J);
    char a[9][40], text[700];
    uint64_t proofs = c->range_proofs + c->limit_proofs + c->guardian_proofs + c->share_proofs + c->tally_proofs + c->partial_proofs;
    snprintf(text, sizeof text,
             "%s entries; %s proofs (%s selections, %s limits, %s keys and shares, %s decryptions); %s ballot signatures, %s role signatures, "
             "%s witness signatures; none skipped",
             urna_number(a[0], urna_judge_entries(J)), urna_number(a[1], proofs), urna_number(a[2], c->range_proofs),
             urna_number(a[3], c->limit_proofs), urna_number(a[4], c->guardian_proofs + c->share_proofs),
             urna_number(a[5], c->tally_proofs + c->partial_proofs), urna_number(a[6], c->credentials), urna_number(a[7], c->signatures),
             urna_number(a[8], c->cosignatures));
    label(f, "checked", text);
}

static void put_witnesses(FILE *f, const struct urna_verdict *v)
{
    size_t countset = 0, result = 0;
    char text[300];
    if (v->n_witness == 0) {
        label(f, "witnesses", "Not witnessed; opening and closing times are the commission's word.");
        return;
    }
    for (size_t i = 0; i < v->n_witness; i++) {
        countset += v->witness[i].countset;
        result += v->witness[i].result;
    }
    snprintf(text, sizeof text, "%zu of %zu signed the count set, %zu the result", countset, v->n_witness, result);
    label(f, "witnesses", text);
}

static void put_findings(FILE *f, const struct urna_verdict *v)
{
    struct urna_judge *J = urna_follow_judge(v->follow);
    size_t n_void, n_find, live = 0;
    const struct urna_void *voids = urna_judge_voids(J, &n_void);
    const struct urna_finding *find = urna_judge_findings(J, &n_find);
    uint64_t at;
    char num[40], text[800];
    bool has_result = urna_judge_result_at(J, &at);
    for (size_t i = 0; i < n_void; i++)
        live += !voids[i].cancelled;
    size_t silent = 0;
    for (size_t i = 0; has_result && i < v->n_witness; i++)
        silent += !v->witness[i].result;
    snprintf(text, sizeof text, "%s", urna_number(num, live + n_find + silent));
    label(f, "findings", text);
    enum { SHOWN = 12 };
    size_t shown = 0;
    for (size_t i = 0; i < n_void && shown < SHOWN; i++) {
        if (voids[i].cancelled)
            continue;
        fputs("  ", f);
        put_sign(f, URNA_WAIT, URNA_SIGN_VOID);
        snprintf(text, sizeof text, " entry %-10s void, rule %s: ", urna_number(num, voids[i].index), voids[i].rule);
        fputs(text, f);
        urna_print_safe(f, voids[i].reason, strlen(voids[i].reason));
        fputc('\n', f);
        shown++;
    }
    if (live > SHOWN)
        fprintf(f, "    %zu more void entries: see --json\n", live - SHOWN);
    for (size_t i = 0; i < n_find && i < SHOWN; i++) {
        fputs("  ", f);
        put_sign(f, URNA_WAIT, URNA_SIGN_WARN);
        fputc(' ', f);
        urna_print_safe(f, find[i].text, strlen(find[i].text));
        fputc('\n', f);
    }
    if (n_find > SHOWN)
        fprintf(f, "    %zu more findings: see --json\n", n_find - SHOWN);
    for (size_t i = 0; has_result && i < v->n_witness; i++)
        if (!v->witness[i].result) {
            fputs("  ", f);
            put_sign(f, URNA_WAIT, URNA_SIGN_WARN);
            fputc(' ', f);
            urna_print_safe(f, v->witness[i].name, strlen(v->witness[i].name));
            fputs(" has not signed the result\n", f);
        }
}

/* The words of election.md section 11 that every verdict must say. */
static void put_cautions(FILE *f, const struct urna_context *P)
{
    if (P->m.credentials == URNA_ONE_REGISTRAR)
        urna_print_wrapped(f, 2, "The registrar could have voted for anyone.");
    else if (P->m.n_registrars == 1)
        urna_print_wrapped(f, 2, "With a single registrar the commission can add ballots.");
    uint32_t n = P->m.n, k = P->m.k;
    bool held = false;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t same = 0;
        for (uint32_t j = 0; j < n; j++)
            same += strcmp(P->m.guardians[i].bloc, P->m.guardians[j].bloc) == 0;
        uint32_t most = k - 1 < n - k ? k - 1 : n - k;
        held |= same > most;
    }
    if (n < 3 || k < n / 2 + 1 || held) {
        char text[300];
        snprintf(text, sizeof text,
                 "The guardians are not those of an official election (at least 3, quorum over half, no bloc able to decrypt or to block alone): "
                 "%u guardians, %u needed.",
                 n, k);
        urna_print_wrapped(f, 2, text);
    }
}

static void put_not_proved(FILE *f, const struct urna_context *P, struct urna_judge *J, bool explain)
{
    char text[400];
    size_t rows;
    urna_judge_rows(J, &rows);
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

static void put_faults(FILE *f, const struct urna_verdict *v)
{
    char num[2][40];
    fputc('\n', f);
    for (size_t i = 0; i < v->n_faults && i < 20; i++) {
        const struct urna_record_fault *x = &v->faults[i];
        bool bad = x->state == URNA_RECORD_INVALID;
        fputs("  ", f);
        put_sign(f, bad ? URNA_BAD : URNA_WAIT, bad ? URNA_SIGN_FAILS : URNA_SIGN_WARN);
        fputc(' ', f);
        urna_print_safe(f, x->file, strlen(x->file));
        if (x->first == x->last)
            fprintf(f, "    entry %s", urna_number(num[0], x->first));
        else if (x->first < x->last)
            fprintf(f, "    entries %s to %s", urna_number(num[0], x->first), urna_number(num[1], x->last));
        fputs("\n    ", f);
        urna_print_safe(f, x->text, strlen(x->text));
        fputc('\n', f);
        if (x->has_hashes) {
            char hex[65];
            urna_hex(hex, x->expected, 32);
            fprintf(f, "    as signed  %s\n", hex);
            urna_hex(hex, x->found, 32);
            fprintf(f, "    found      %s\n", hex);
        }
    }
    if (v->n_faults == 0 && v->why[0]) {
        fputs("  ", f);
        put_sign(f, URNA_BAD, URNA_SIGN_FAILS);
        fputc(' ', f);
        urna_print_safe(f, v->why, strlen(v->why));
        fputc('\n', f);
    }
    fputc('\n', f);
    if (v->answer == URNA_INVALID)
        urna_print_wrapped(f, 2,
                           "This check can't tell who or what is at fault. Keep this copy as it is, get another from a witness or a mirror, and check "
                           "that. No result is shown.");
    else
        urna_print_wrapped(f, 2, "Get what is missing from any mirror or witness and check again.");
}

void urna_verdict_text(FILE *f, const struct urna_verdict *v, const char *trust_name, bool explain)
{
    const struct urna_context *P = context_of(v);
    struct urna_judge *J = v->judged ? urna_follow_judge(v->follow) : NULL;
    if (v->as_found && P && v->answer != URNA_INVALID) {
        char hex[65];
        urna_hex(hex, P->phi, 32);
        fprintf(f, "A consistent record of an election with fingerprint\n%s. Not checked:\nthat this is the election you mean.\n\n", hex);
    }
    size_t n_void = 0;
    const struct urna_void *voids = J ? urna_judge_voids(J, &n_void) : NULL;
    uint64_t at;
    if (P && !urna_judge_result_at(J, &at) && v->answer != URNA_INVALID)
        for (size_t i = n_void; i-- > 0;)
            if (voids[i].kind == URNA_RESULT && strcmp(voids[i].rule, "E12") != 0) {
                char num[40];
                fprintf(f, "The record states a result that it does not prove (entry %s: ", urna_number(num, voids[i].index));
                urna_print_safe(f, voids[i].reason, strlen(voids[i].reason));
                fputs(").\n\n", f);
                break;
            }
    put_head(f, v);
    put_sentence(f, v);
    if (v->answer == URNA_INVALID || v->answer == URNA_INCOMPLETE) {
        put_faults(f, v);
        return;
    }
    put_ladder(f, v);
    put_fingerprint(f, P);
    const struct urna_result *r = urna_judge_result(J);
    for (uint32_t c = 0; r && c < r->n_contests; c++)
        put_contest(f, &P->m, r, c);
    fputc('\n', f);
    if (trust_name) {
        fputs("  trust file    ", f);
        urna_print_safe(f, trust_name, strlen(trust_name));
        fputc('\n', f);
    }
    put_ballots(f, J);
    put_checks(f, J);
    put_witnesses(f, v);
    put_findings(f, v);
    put_not_proved(f, P, J, explain);
}
