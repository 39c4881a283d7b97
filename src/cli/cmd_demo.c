/* urna demo: a whole election on this machine, real numbers, then verify it and say so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/secret.h"
#include "cli/commands.h"
#include "cli/demo/demo.h"
#include "cli/options.h"
#include "hash/sha256.h"
#include "report/verdict.h"
#include "rules/seats.h"

static const char marker_text[] = "Made by urna demo; it replaces this folder when it is run again.\n";

/* An old demo is replaced; anything else in the way is left alone. */
static enum urna_status prepare(struct demo *d)
{
    char *marker = urna_path(d->folder, "MADE-BY-URNA-DEMO");
    enum urna_status st = URNA_OK;
    if (urna_file_exists(d->folder) || urna_is_folder(d->folder)) {
        if (!urna_file_exists(marker))
            st = urna_fail(&d->err, URNA_INPUT, "%s exists and was not made by urna demo", d->folder);
        else
            st = urna_remove_tree(d->folder, &d->err);
    }
    if (st == URNA_OK)
        st = urna_mkdirs(d->folder, 0755, &d->err);
    if (st == URNA_OK)
        st = urna_file_create(marker, marker_text, sizeof marker_text - 1, 0644, &d->err);
    if (st == URNA_OK)
        st = urna_mkdirs(d->secrets, 0700, &d->err);
    free(marker);
    return st;
}

static void done(const char *what, const char *text)
{
    fputs("  ", stdout);
    urna_term_tone(stdout, URNA_GOOD);
    fputs(urna_term_sign(URNA_SIGN_HOLDS), stdout);
    urna_term_end(stdout);
    printf(" %-12s %s\n", what, text);
    fflush(stdout);
}

/* One line for each part of the day, with the numbers that the judge has, not those that were planned. */
static void tell(struct demo *d, const char *what)
{
    struct urna_judge *J = urna_append_judge(d->log_file);
    const struct urna_checks *c = urna_judge_checks(J);
    char text[200] = "", n[6][40];
    size_t k;
    if (strcmp(what, "manifest") == 0) {
        snprintf(text, sizeof text, "11 lists, %d guardians (%d needed), %d witnesses in 3 blocs", DEMO_GUARDIANS, DEMO_QUORUM, DEMO_WITNESSES);
    } else if (strcmp(what, "ceremony") == 0) {
        snprintf(text, sizeof text, "%s proofs, one joint key, nobody holds it", urna_number(n[0], c->guardian_proofs + c->share_proofs));
    } else if (strcmp(what, "roll") == 0) {
        urna_judge_rows(J, &k);
        snprintf(text, sizeof text, "%s credentials made by the voters themselves, closed", urna_number(n[0], k));
    } else if (strcmp(what, "voting") == 0) {
        snprintf(text, sizeof text, "%s ballots cast, %s opened as tests", urna_number(n[0], urna_judge_accepted(J, URNA_BALLOT)),
                 urna_number(n[1], urna_judge_accepted(J, URNA_CHALLENGE)));
    } else if (strcmp(what, "seal") == 0) {
        char t[40];
        snprintf(text, sizeof text, "%s (clock of the demo)", urna_time_text(t, (int64_t)d->now));
    } else if (strcmp(what, "count set") == 0) {
        uint64_t by[5] = {0};
        const struct urna_ballot_rec *b = urna_judge_ballots(J, &k);
        for (size_t i = 0; i < k; i++)
            by[b[i].state]++;
        snprintf(text, sizeof text, "%s ballots; %s superseded, %s late, %s void", urna_number(n[0], by[URNA_B_COUNTED]),
                 urna_number(n[1], by[URNA_B_SUPERSEDED]), urna_number(n[2], by[URNA_B_LATE]), urna_number(n[3], by[URNA_B_VOID]));
    } else if (strcmp(what, "decryption") == 0) {
        urna_judge_groups(J, &k);
        snprintf(text, sizeof text, "%d of %d guardians, %zu sums, no other number", DEMO_GUARDIANS - 1, DEMO_GUARDIANS, k * DEMO_LISTS);
    } else if (strcmp(what, "result") == 0) {
        snprintf(text, sizeof text, "%d seats; %d of %d witnesses signed it", DEMO_SEATS, DEMO_WITNESSES - 1, DEMO_WITNESSES);
    }
    done(what, text);
}

static enum urna_status hold(struct demo *d)
{
    static const struct {
        const char *what;
        demo_step *step[2];
    } day[] = {
        {"manifest", {demo_keys, demo_manifest}}, {"ceremony", {demo_accept, demo_ceremony}}, {"roll", {demo_roll, demo_open}},
        {"voting", {demo_vote, NULL}},            {"seal", {demo_seal, NULL}},                {"count set", {demo_count, NULL}},
        {"decryption", {demo_decrypt, NULL}},     {"result", {demo_result, NULL}},
    };
    for (size_t i = 0; i < sizeof day / sizeof day[0]; i++) {
        for (int s = 0; s < 2 && day[i].step[s]; s++) {
            enum urna_status st = day[i].step[s](d);
            if (st != URNA_OK)
                return st;
        }
        tell(d, day[i].what);
    }
    return URNA_OK;
}

/* The guardians' part is over and the voters have cast: what was secret goes. */
static enum urna_status forget(struct demo *d)
{
    for (int i = 0; i < DEMO_GUARDIANS; i++) {
        urna_guardian_close(d->state[i]);
        d->state[i] = NULL;
    }
    for (uint32_t i = 0; i < DEMO_VOTERS; i++)
        urna_voter_wipe(&d->voter[i]);
    return urna_remove_tree(d->secrets, &d->err);
}

static void show_seats(void)
{
    uint64_t votes[DEMO_LISTS];
    uint32_t seats[2][DEMO_LISTS];
    bool tie;
    struct urna_seats_rule rule = {.method = URNA_SEATS_HARE, .n = DEMO_SEATS, .num = 3, .den = 100};
    for (uint32_t l = 0; l < DEMO_LISTS; l++)
        votes[l] = demo_council[l].votes;
    for (int base = 0; base < 2; base++) {
        rule.base = base ? URNA_SEATS_QUALIFIED : URNA_SEATS_ALL;
        if (urna_seats_allocate(&rule, votes, DEMO_LISTS, seats[base], &tie) != URNA_OK)
            return;
    }
    puts("\nThe same votes, two readings of one rule. In 2024 a spreadsheet gave \"Our Cause\" 7\n"
         "seats and the commission corrected that to 6 the next morning. The manifest says\n"
         "which reading is meant, and the verifier computes the seats again.\n");
    printf("  %-44s%14s%18s\n", "Hare quota, largest remainders, 3%", "of all votes", "of lists over 3%");
    for (uint32_t l = 0; l < DEMO_LISTS; l++)
        printf("  %-44s%14u%18u%s\n", demo_council[l].name, seats[0][l], seats[1][l], seats[0][l] != seats[1][l] ? "  <" : "");
}

/* The page for people who do not read terminals, in the language of the locale. */
static enum urna_status write_page(struct demo *d, const char *folder, const char *page, struct urna_view trust, const struct urna_verdict *v)
{
    uint8_t digest[32];
    struct urna_buf out = {0};
    urna_sha256(digest, trust.p, trust.len);
    const struct urna_verdict_page p = {
        .lang = urna_lang_from_env(),
        .record = folder,
        .trust_name = d->trust_path,
        .trust_sha256 = digest,
        .version = URNA_VERSION,
        .when = urna_now(),
    };
    urna_verdict_html(&out, v, &p);
    enum urna_status st = urna_file_write(page, out.p, out.len, 0644, &d->err);
    urna_buf_free(&out);
    return st;
}

/* Verify, say what came out, and write the page. */
static enum urna_status check(struct demo *d, const char *folder, const char *page, bool full, struct urna_verdict *v)
{
    struct urna_trust trust = {0};
    struct urna_buf text = {0};
    enum urna_status st = urna_file_read(&text, d->trust_path, 1 << 20, NULL, &d->err);
    if (st == URNA_OK)
        st = urna_trust_read(&trust, urna_buf_view(&text), &d->err);
    struct urna_verify_options o = {.trust = &trust, .progress = true};
    if (st == URNA_OK)
        st = urna_verify(v, folder, &o, &d->err);
    if (st == URNA_OK) {
        printf("\n$ urna verify %s --trust %s --report %s\n", folder, d->trust_path, page);
        urna_verdict_text(stdout, v, full ? d->trust_path : NULL, false);
        st = write_page(d, folder, page, urna_buf_view(&text), v);
        if (st != URNA_OK)
            urna_verdict_free(v);
    }
    urna_trust_free(&trust);
    urna_buf_free(&text);
    return st;
}

/* Back to the published table: does the decrypted result equal it, list by list? */
static bool equals_published(const struct urna_verdict *v)
{
    const struct urna_result *r = urna_judge_result(urna_follow_judge(v->follow));
    for (uint32_t l = 0; r && l < DEMO_LISTS; l++)
        if (r->contests[0].totals[l] != demo_council[l].votes)
            return false;
    return r != NULL;
}

static enum urna_status prove(struct demo *d, int *rc)
{
    struct urna_verdict v;
    char *copy = urna_path(d->folder, "copy"), *changed = urna_path(d->folder, "changed"), *fork = urna_path(d->folder, "fork");
    char *evidence = urna_path(d->folder, "fork-evidence.txt"), *page_changed = urna_path(d->folder, "report-changed.html");
    uint64_t entry, dropped;
    puts("\nNow the part that matters: check it, from a copy of the files alone.");
    enum urna_status st = urna_copy_tree(d->record, copy, &d->err);
    if (st == URNA_OK)
        st = check(d, copy, d->page, true, &v);
    if (st == URNA_OK) {
        if (v.answer != URNA_FINAL || !equals_published(&v))
            *rc = URNA_FALSE;
        printf("\n  The decrypted totals %s the published ones, list by list.\n", equals_published(&v) ? "equal" : "DIFFER FROM");
        urna_verdict_free(&v);
        show_seats();
        st = demo_change_one_ballot(d, changed, &entry);
    }
    if (st == URNA_OK) {
        printf("\nCheating, first try: change one digit of one ballot (entry %llu) in another copy.\n", (unsigned long long)entry);
        st = check(d, changed, page_changed, false, &v);
    }
    if (st == URNA_OK) {
        if (v.answer != URNA_INVALID)
            *rc = URNA_FALSE;
        urna_verdict_free(&v);
        st = demo_make_fork(d, fork, &dropped);
    }
    if (st == URNA_OK) {
        printf("\nCheating, second try: the log itself makes one ballot (entry %llu) disappear and\nsigns the new past with its own key.\n\n",
               (unsigned long long)dropped);
        st = demo_show_fork(d, fork, evidence);
    }
    free(copy);
    free(changed);
    free(fork);
    free(evidence);
    free(page_changed);
    return st;
}

static void say_what_it_means(const struct demo *d)
{
    printf("\nProved: the result follows from the published ballots, one for each credential at\n"
           "most, each a choice of at most one list; nothing signed was altered; the witnesses\n"
           "of the trust file signed it. Nobody had to be trusted for that.\n"
           "Not proved: that devices encrypted what voters chose; that everyone on the roll\n"
           "exists; that nobody voted under pressure; that %d guardians together did not open\n"
           "single ballots. In this demo one machine played all the parts, and its witnesses and\n"
           "guardians shared one run of the judge; in an election each of them has its own.\n"
           "\n  record         %s\n  trust file     %s\n"
           "\nTry to cheat: change any byte under %s and check again.\n"
           "\nThe same as a page, for people: open %s in a browser\n"
           "(%s/report-changed.html is the one about the changed copy).\n",
           DEMO_QUORUM, d->record, d->trust_path, d->record, d->page, d->folder);
}

static void wipe(struct demo *d)
{
    urna_append_free(d->log_file);
    for (int i = 0; i < DEMO_GUARDIANS; i++)
        urna_guardian_close(d->state[i]);
    urna_wipe(d->voter, DEMO_VOTERS * sizeof *d->voter);
    free(d->voter);
    free(d->cell);
    free(d->record);
    free(d->secrets);
    free(d->trust_path);
    free(d->page);
    urna_arena_free(&d->arena);
    urna_wipe(d, sizeof *d);
}

int urna_cmd_demo(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "evidence") == 0)
        return urna_demo_evidence(argc - 1, argv + 1);
    const char *folder = "urna-demo";
    const struct urna_option options[] = {
        {"folder", "DIR", "where to put it; default urna-demo", .string = &folder},
        {0},
    };
    const struct urna_command command = {
        .name = "urna demo",
        .title = "hold a whole election on this machine, then check it",
        .usage = "urna demo [--folder DIR]\nurna demo evidence",
        .text = "Holds the election of the Coordination Council of Belarus of May 2024 again, with the published votes by list and invented voters, "
                "and verifies the record from a copy. A folder that an earlier demo made is replaced.",
        .options = options,
        .holds = "the record proves the published result",
        .no_json = true,
        .fails = "it does not",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct demo d = {.folder = folder, .t_open = 1716584400, .t_close = 1716843600, .delta = 7200, .t_seal = 1716854400,
                     .err = URNA_ERROR_INIT};
    d.now = d.t_open;
    d.record = urna_path(folder, "record");
    d.secrets = urna_path(folder, "secrets");
    d.trust_path = urna_path(folder, "demo.trust");
    d.page = urna_path(folder, "report.html");
    d.voter = urna_xcalloc(DEMO_VOTERS, sizeof *d.voter);
    d.cell = urna_xcalloc(DEMO_VOTERS, sizeof *d.cell);
    puts("A whole election on this machine. Nothing leaves it.\n"
         "TEST ELECTION: published votes, invented voters, keys, times.\n\n"
         "  Coordination Council of Belarus, 25-27 May 2024\n"
         "  11 lists, 6,723 votes, 80 seats\n");
    rc = URNA_OK;
    enum urna_status st = prepare(&d);
    if (st == URNA_OK)
        st = hold(&d);
    if (st == URNA_OK)
        st = forget(&d);
    if (st == URNA_OK)
        st = prove(&d, &rc);
    if (st == URNA_OK)
        say_what_it_means(&d);
    else
        rc = urna_report_error("urna demo", &d.err);
    wipe(&d);
    return rc;
}
