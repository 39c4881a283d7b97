#ifndef URNA_CLI_CMD_ROLL_H
#define URNA_CLI_CMD_ROLL_H

#include "cli/common.h"

int urna_cmd_roll_create(int argc, char **argv);
int urna_cmd_roll_letters(int argc, char **argv);
int urna_cmd_roll_close(int argc, char **argv);
int urna_cmd_roll_check(int argc, char **argv);

#endif
