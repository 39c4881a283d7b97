/* urna election: what the commission does, and where an election stands. */
#include "cli/cmd_election.h"

#include "cli/commands.h"

int urna_cmd_election(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"new", urna_cmd_election_new, "make a manifest from a description"},
        {"sign", urna_cmd_election_sign,
         "a member of the commission (or a registrar) signs an entry"},
        {"trust", urna_cmd_election_trust, "write a trust file for a manifest"},
        {"open", urna_cmd_election_open, "make the entry that opens voting"},
        {"close", urna_cmd_election_close, "end voting in an election without witnesses"},
        {"redact", urna_cmd_election_redact, "take a text or a file out of the record"},
        {"countset", urna_cmd_election_countset,
         "make the list of what is counted, after the seal"},
        {"result", urna_cmd_election_result, "make the result, after the last tally"},
        {"status", urna_cmd_election_status, "where it stands, and who is awaited"},
        {0},
    };
    return urna_verbs("urna election", "hold an election", verbs, argc, argv);
}
