/* The nouns: one file cmd_NOUN.c each, one row each in the table of main.c. Returns the exit code.
 */
#ifndef URNA_CLI_COMMANDS_H
#define URNA_CLI_COMMANDS_H

int urna_cmd_demo(int argc, char **argv);
int urna_cmd_forensics(int argc, char **argv);
int urna_cmd_quickcount(int argc, char **argv);
int urna_cmd_role(int argc, char **argv);
int urna_cmd_election(int argc, char **argv);
int urna_cmd_roll(int argc, char **argv);
int urna_cmd_voter(int argc, char **argv);
int urna_cmd_guardian(int argc, char **argv);
int urna_cmd_ballot(int argc, char **argv);
int urna_cmd_receipt(int argc, char **argv);
int urna_cmd_tally(int argc, char **argv);
int urna_cmd_record(int argc, char **argv);
int urna_cmd_witness(int argc, char **argv);
int urna_cmd_verify(int argc, char **argv);
int urna_cmd_evidence(int argc, char **argv);
int urna_cmd_protocols(int argc, char **argv);
int urna_cmd_seats(int argc, char **argv);
int urna_demo_evidence(int argc, char **argv);

#endif
