/* The verdict for a terminal: what is not proved (election.md section 11). */
#include "report/verdict_text.h"

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
                 "The guardians are not those of an official election (at least 3, quorum over "
                 "half, no bloc able to decrypt or to block alone): "
                 "%u guardian%s, %u needed.",
                 P->m.n, P->m.n == 1 ? "" : "s", P->m.k);
        urna_print_wrapped(f, 2, text);
    }
}

void put_not_proved(FILE *f, const struct urna_context *P, uint64_t rows, bool explain)
{
    char text[400];
    fputc('\n', f);
    put_cautions(f, P);
    if (rows > 0 && rows < 200) {
        snprintf(text, sizeof text, "Totals of as few as %llu people may be published.",
                 (unsigned long long)P->m.m_root);
        urna_print_wrapped(f, 2, text);
    }
    snprintf(text, sizeof text,
             "Not proved: that devices encrypted what voters chose; that everyone on the roll "
             "exists; that nobody voted under pressure; that "
             "%u guardian%s did not open single ballots.%s",
             P->m.k, P->m.k == 1 ? "" : "s together",
             explain ? "" : " urna verify --explain says more.");
    urna_print_wrapped(f, 2, text);
    if (!explain)
        return;
    static const char *const more[] = {
        "Proved: nothing that the log signed was altered or removed in this copy; every counted "
        "ballot comes from a credential on the published "
        "roll, and none counts twice; every counted ballot is a choice within the limits of the "
        "manifest; the totals are the sums of exactly these "
        "ballots; the seats follow from the totals by the rule in the manifest.",
        "Devices: the encrypting device always knows the vote. A challenge is a spot check: if 1% "
        "of encryptions are tested, 100 altered votes go "
        "unseen with probability 37%, 300 with 5%. A failed test convinces the voter, and proves "
        "nothing to others.",
        "Eligibility: there is no ballot outside the published roll; the roll itself is only "
        "audited. Who holds the credential can always cast the "
        "last ballot. Nothing technical stops the registrar from giving away names.",
        "Secrecy: fewer than the quorum of guardians learn nothing from the ciphertexts. The "
        "quorum together can decrypt any single ballot, silently, "
        "at any time. A group that votes alike has no secrecy in any system that publishes its "
        "numbers.",
        "Pressure: who keeps the randomness or films the screen can prove a vote. Re-voting helps "
        "only against a coercer who never looks at the log; "
        "superseded ballots stay visible.",
        ("Access: the board can refuse a ballot before it gives a promise, and delay; it sees "
         "network address, time and credential together."),
    };
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        fputc('\n', f);
        urna_print_wrapped(f, 2, more[i]);
    }
}
